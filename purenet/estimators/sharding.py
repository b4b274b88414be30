"""The gradient of a batch in parts: from rows of different weight, and from several workers.

A batch is cut into shards. Each worker sums the gradients of its rows, and the sums are added in
the order of the shards. So the bits depend on the number of shards, and not on which worker is
first. Without an executor the same shards are computed one after the other.

Backpropagation treats each row by itself and only then adds them up, so a row's weight multiplies
the row's deltas right before the sum.
"""

from __future__ import annotations

import copy
import math
import os
import pickle
from collections.abc import Callable, Iterable
from functools import reduce
from itertools import starmap
from types import ModuleType
from typing import Any, Protocol, TypeVar

from ..core import backpropagation
from ..core._types import Advance, AnyNetwork, Matrix, Parameters, Row
from ..core.backpropagation import gradients_from, parameters, set_parameters
from ..core.checks import PureNetError
from ..core.losses import loss_function
from ..core.matrix import add, inner_product
from ..core.training import run_epoch
from ..core.undo import finish_or_undo
from ..core.work import Work
from .preparation import mean_of, row_weights

Answer = TypeVar("Answer")


class Executor(Protocol):
    """What is used of a `concurrent.futures.Executor`, and of `result` and `cancel` its futures."""

    def submit(self, function: Callable[..., Any], /, *pieces: Any) -> Any:
        """Return the future of function(*pieces)."""


def by_kernels(compute: Callable[[ModuleType], Answer]) -> Answer:
    """Return compute(kernels), or compute(core.backpropagation), which has the same functions.

    >>> by_kernels(lambda products: products.__name__)
    'purenet.engines.kernels'
    """
    try:
        from ..engines import kernels  # the same bits, in about half the time

        return compute(kernels)
    except Exception:  # a sandbox may refuse to load or to compile with any
        return compute(backpropagation)


def weighted_negative_gradients(
    network: AnyNetwork, X: Matrix, y: Matrix, weights: Row
) -> tuple[float, Parameters]:
    """Return the weighted sums of the rows' losses and of their negative gradients.

    >>> from ..core.network import Network
    >>> network = Network([1, 1], init="zeros")
    >>> weighted_negative_gradients(network, [[3.0], [3.0]], [[1.0], [0.0]], [2.0, 0.0])
    (0.25, [[[0.75]]])
    """

    def sums(products: ModuleType) -> tuple[float, Parameters]:
        activations = products.forward(network, X)
        loss = weighted_loss(network, y, activations[-1], weights)
        deltas = weighted_deltas(products.find_deltas(network, activations, y), weights)
        return loss, products.find_negative_gradients(network, activations, deltas)

    return by_kernels(sums)


def weighted_loss(network: AnyNetwork, y: Matrix, outputs: Matrix, weights: Row) -> float:
    """Return the sum of the rows' losses, each times its weight.

    >>> from ..core.network import Network
    >>> weighted_loss(Network([1, 1]), [[1.0], [0.0]], [[0.0], [2.0]], [1.0, 3.0])
    6.5
    """
    loss = loss_function(network).of_row
    return inner_product(weights, [loss(*pair) for pair in zip(y, outputs)])


def weighted_deltas(deltas: dict[int, Matrix], weights: Row) -> dict[int, Matrix]:
    """Return deltas of which each row is multiplied by its weight.

    >>> weighted_deltas({1: [[0.5], [0.5]]}, [1.0, 3.0])
    {1: [[0.5], [1.5]]}
    """
    return {k: [[w * delta for delta in row] for w, row in zip(weights, deltas[k])] for k in deltas}


def _added(
    one: tuple[float, Parameters], other: tuple[float, Parameters]
) -> tuple[float, Parameters]:
    """Return the sums of two shards' losses and negative gradients."""
    return one[0] + other[0], list(map(add, one[1], other[1]))


def engine_of(
    weights: Row | None = None, shards: int = 1, executor: Executor | None = None
) -> Callable[..., Advance]:
    """Return an engine for `train` whose rows have weights, and whose batches are cut into shards.

    Weights count by their ratios: they are scaled so that their mean is 1.
    """

    def learn(work: Work, X: Matrix, y: Matrix) -> float:
        bare = copy.copy(work.network)
        bare.generator = None  # workers do not need it, and it may be larger than the rest
        targets, by_row = [row[:-1] for row in y], [row[-1] for row in y]
        pieces = [(bare, X[a:b], targets[a:b], by_row[a:b]) for a, b in cuts(len(X), shards)]
        # Shard by shard, so that not all of their gradients are kept.
        answers = run_all(executor, weighted_negative_gradients, pieces)
        loss, negative_gradients = reduce(_added, answers)
        gradients = gradients_from(negative_gradients, len(y), work.reduction)
        set_parameters(work.network, work.optimizer.step(parameters(work.network), gradients))
        return loss

    def sharded(work: Work) -> Advance:
        # A row's weight is appended to its targets, so that shuffling moves both together.
        weighted = copy.copy(work)
        scaled = _scaled(row_weights(weights, len(work.y)))
        weighted.y = [[*row, w] for row, w in zip(work.y, scaled)]

        def advance(epochs: int) -> tuple[int, float]:
            done, loss = 0, 0.0
            while done < epochs and math.isfinite(loss):
                loss = finish_or_undo(work, lambda: run_epoch(weighted, learn))
                done += 1
            return done, loss

        return advance

    return sharded


def _scaled(weights: Row) -> Row:
    largest = max(weights)  # divided by it first: nothing overflows, and equal ones become 1.0
    parts = [weight / largest for weight in weights]
    mean = mean_of(parts)
    return [part / mean for part in parts]


def cuts(rows: int, shards: int) -> list[tuple[int, int]]:
    """Return where each shard begins and ends: shards of nearly equal size, none of them empty.

    >>> cuts(10, 3), cuts(2, 3)
    ([(0, 3), (3, 6), (6, 10)], [(0, 1), (1, 2)])
    """
    shards = min(shards, rows)
    ends = [rows * k // shards for k in range(shards + 1)]
    return list(zip(ends, ends[1:]))


def run_all(
    executor: Executor | None, function: Callable[..., Answer], work: list[Any]
) -> Iterable[Answer]:
    """Return function(*each) for each piece of work, in order, computed by the executor's workers.

    Workers get each piece as bytes. So no executor looks through its lists, and one that repeats a
    piece because a worker has died starts from what was sent. A token makes each call different:
    Dask takes equal calls for one, even if the first has failed.

    Raises PureNetError if the work fails, and a worker's own PureNetError unchanged. Whatever ends
    the waiting, even Ctrl-C, cancels the pieces that have not begun.

    >>> list(run_all(None, pow, [(2, 3), (5, 2)]))
    [8, 25]
    """
    if executor is None:
        return starmap(function, work)
    futures: list[Any] = []
    try:
        for each in work:
            piece = pickle.dumps(each), os.urandom(16)
            futures.append(executor.submit(_unpacked, function, *piece))
        return [future.result() for future in futures]
    except PureNetError:
        raise
    except Exception as error:  # it has been shut down, a worker has died, an engine's own errors
        reason = f"{type(error).__name__}: {error}".rstrip(": ")  # some have no message
        raise PureNetError(f"executor: it could not do the work: {reason}") from error
    finally:
        for future in futures:
            future.cancel()


def _unpacked(function: Callable[..., Any], piece: bytes, token: bytes) -> Any:
    return function(*pickle.loads(piece))
