"""An optimizer's step in one pass: a weight, its gradient and its memory go by together.

`core.optimizers` makes a pass over all matrices for every operation, because that reads like the
formulas. Here a row goes through all of them at once, in the same order, so the bits are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..core._types import Matrix, Parameters, Row
from ..core.optimizers import SGD, Adam, RProp, check_pairs, state_like
from .choice import is_own, kind_of

# A product of matrices as it leaves the slots of `packed`: rows of doubles d, and the rounder r in
# all of them. The numbers are d - r, which is exact. Whoever uses them computes that on the way.
Raw = tuple[Any, float]


def step(optimizer: Any, parameters: Parameters, gradients: Parameters) -> Parameters:
    """Return the parameters after `optimizer.step`, and leave the same memory.

    >>> step(SGD(learning_rate=0.5), [[[1.0]]], [[[4.0]]])
    [[[-1.0]]]
    """
    if not is_own(optimizer):
        new: Parameters = optimizer.step(parameters, gradients)
        return new
    check_pairs(parameters, gradients)
    take: Callable[..., Parameters] = STEPS[type(optimizer)]
    return take(optimizer, parameters, gradients)


def step_along(optimizer: Any, parameters: Parameters, raw: list[Raw], share: float) -> Parameters:
    """Return the parameters after a step along raw negative gradients, each times a share.

    The factors of plain steps and of Adam's are multiplied first, because here no bit has to be
    that of `optimizer.step`.

    >>> step_along(SGD(learning_rate=0.5), [[[1.0]]], [([[6.0]], 2.0)], 1.0)
    [[[3.0]]]
    """
    kind = kind_of(optimizer) if is_own(optimizer) else ""
    if kind == "adam":
        return _adapt_along(optimizer, parameters, raw, share)
    if kind == "sgd":
        rate = optimizer.learning_rate * share
        return [
            [[w + (d - rounder) * rate for w, d in zip(*pair)] for pair in zip(W, rows)]
            for W, (rows, rounder) in zip(parameters, raw)
        ]
    return step(optimizer, parameters, [numbers_in(each, -share) for each in raw])


def numbers_in(raw: Raw, factor: float = 1.0) -> Matrix:
    """Return the numbers of a product, times a factor."""
    rows, rounder = raw
    return [[(d - rounder) * factor for d in row] for row in rows]


def _adapt_along(
    optimizer: Adam, parameters: Parameters, raw: list[Raw], share: float
) -> Parameters:
    keep, keep_square, sqrt = optimizer.MEAN_DECAY, optimizer.SQUARE_DECAY, math.sqrt
    optimizer.steps += 1
    # The mean of squares is divided by this, and the mean is multiplied by its root.
    begun = math.sqrt(1.0 - keep_square**optimizer.steps)
    rate = optimizer.learning_rate / (1.0 - keep**optimizer.steps) * begun
    epsilon, take = optimizer.EPSILON * begun, share * (keep - 1.0)
    take_square = (1.0 - keep_square) / (1.0 - keep) ** 2

    def of_rows(rows: Any, rounder: float) -> Matrix:
        row: Row = []
        means: Row = []
        squares: Row = []
        for w, d, mean, square in zip(*rows):
            taken = (d - rounder) * take
            mean = keep * mean + taken
            square = keep_square * square + take_square * (taken * taken)
            means.append(mean)
            squares.append(square)
            row.append(w - rate * mean / (sqrt(square) + epsilon))
        return [row, means, squares]

    means = state_like(parameters, optimizer.means, -0.0)
    squares = state_like(parameters, optimizer.squares)
    matrices = zip(parameters, raw, means, squares)
    new, optimizer.means, optimizer.squares = _apart(
        [[of_rows(r, rounder) for r in zip(W, rows, M, S)] for W, (rows, rounder), M, S in matrices]
    )
    return new


def _descend(optimizer: SGD, parameters: Parameters, gradients: Parameters) -> Parameters:
    rate, momentum = optimizer.learning_rate, optimizer.momentum
    if not momentum:
        return [
            [[w - g * rate for w, g in zip(*rows)] for rows in zip(W, G)]
            for W, G in zip(parameters, gradients)
        ]
    velocities = state_like(gradients, optimizer.velocities)
    optimizer.velocities = [
        [[v * momentum - g * rate for v, g in zip(*rows)] for rows in zip(V, G)]
        for V, G in zip(velocities, gradients)
    ]
    return [
        [[w + v for w, v in zip(*rows)] for rows in zip(W, V)]
        for W, V in zip(parameters, optimizer.velocities)
    ]


def _adapt(optimizer: Adam, parameters: Parameters, gradients: Parameters) -> Parameters:
    rate, epsilon, sqrt = optimizer.learning_rate, optimizer.EPSILON, math.sqrt
    keep, take = optimizer.MEAN_DECAY, 1.0 - optimizer.MEAN_DECAY
    keep_square, take_square = optimizer.SQUARE_DECAY, 1.0 - optimizer.SQUARE_DECAY
    means = state_like(gradients, optimizer.means, -0.0)
    squares = state_like(gradients, optimizer.squares)
    optimizer.steps += 1
    mean_begun = 1.0 - optimizer.MEAN_DECAY**optimizer.steps
    square_begun = 1.0 - optimizer.SQUARE_DECAY**optimizer.steps

    def of_rows(rows: Any) -> Matrix:
        weights, slopes, means, squares = rows
        means = [keep * m + take * g for m, g in zip(means, slopes)]
        squares = [keep_square * s + take_square * (g * g) for s, g in zip(squares, slopes)]
        weights = [
            w - rate * (m / mean_begun) / (sqrt(s / square_begun) + epsilon)
            for w, m, s in zip(weights, means, squares)
        ]
        return [weights, means, squares]

    new, optimizer.means, optimizer.squares = _row_by_row(
        of_rows, parameters, gradients, means, squares
    )
    return new


def _resile(optimizer: RProp, parameters: Parameters, gradients: Parameters) -> Parameters:
    grow, shrink = optimizer.GROW, optimizer.SHRINK
    largest, smallest = optimizer.LARGEST, optimizer.SMALLEST
    signs = state_like(gradients, optimizer.signs)
    sizes = state_like(gradients, optimizer.sizes, optimizer.learning_rate)

    def of_rows(rows: Any) -> Matrix:
        weights, slopes, signs, sizes = rows
        new_signs, new_sizes = [], []
        for g, sign, size in zip(slopes, signs, sizes):
            turn = -sign if g > 0.0 else sign if g < 0.0 else 0.0
            if turn < 0.0:
                new_signs.append(0.0)
                new_sizes.append(max(size * shrink, smallest))
            else:
                new_signs.append(-1.0 if g > 0.0 else 1.0 if g < 0.0 else -g)
                new_sizes.append(min(size * grow, largest) if turn > 0.0 else size)
        moves = zip(weights, new_signs, new_sizes)
        return [[w + sign * size for w, sign, size in moves], new_signs, new_sizes]

    new, optimizer.signs, optimizer.sizes = _row_by_row(
        of_rows, parameters, gradients, signs, sizes
    )
    return new


def _row_by_row(function: Any, *given: Parameters) -> list[Parameters]:
    """Call a function with a row from each; return the rows it answers in the matrices' shapes."""
    return _apart([[function(rows) for rows in zip(*matrices)] for matrices in zip(*given)])


def _apart(answers: list[list[Matrix]]) -> list[Parameters]:
    return [[[rows[k] for rows in matrix] for matrix in answers] for k in range(3)]


STEPS: dict[type, Any] = {SGD: _descend, Adam: _adapt, RProp: _resile}
