"""An optimizer's step in one pass: a weight, its gradient and its memory go by together.

`core.optimizers` makes a pass over all matrices for every operation, because that reads like the
formulas. Here a row goes through all of them at once, in the same order, so the bits are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from ..core._types import Matrix, Parameters
from ..core.optimizers import SGD, Adam, RProp, check_pairs, state_like
from .choice import is_own


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
    answers = [[function(rows) for rows in zip(*matrices)] for matrices in zip(*given)]
    return [[[rows[k] for rows in matrix] for matrix in answers] for k in range(3)]


STEPS: dict[type, Any] = {SGD: _descend, Adam: _adapt, RProp: _resile}
