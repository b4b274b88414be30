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
from types import ModuleType
from typing import Any

from ..core import backpropagation
from ..core._types import Advance, AnyNetwork, Matrix, Parameters, Row
from ..core.backpropagation import gradients_from, parameters, set_parameters
from ..core.checks import PureNetError
from ..core.losses import loss_function
from ..core.matrix import add, inner_product
from ..core.training import run_epoch
from ..core.undo import finish_or_undo
from ..core.work import Work
from .preparation import mean_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Executor, Future  # it loads much


def weighted_negative_gradients(
    network: AnyNetwork, X: Matrix, y: Matrix, weights: Row
) -> tuple[float, Parameters]:
    """Return the weighted sums of the rows' losses and of their negative gradients.

    >>> from ..core.network import Network
    >>> network = Network([1, 1], init="zeros")
    >>> weighted_negative_gradients(network, [[3.0], [3.0]], [[1.0], [0.0]], [2.0, 0.0])
    (0.25, [[[0.75]]])
    """
    try:
        from ..engines import kernels  # the same bits, in about half the time

        return _weighted(kernels, network, X, y, weights)
    except Exception:  # a sandbox may refuse to load or to compile with any
        return _weighted(backpropagation, network, X, y, weights)


def _weighted(
    products: ModuleType, network: AnyNetwork, X: Matrix, y: Matrix, weights: Row
) -> tuple[float, Parameters]:
    """Return `weighted_negative_gradients`, by `core.backpropagation` or by `kernels`."""
    activations = products.forward(network, X)
    loss = weighted_loss(network, y, activations[-1], weights)
    deltas = products.find_deltas(network, activations, y)
    weighted = weighted_deltas(deltas, weights)
    return loss, products.find_negative_gradients(network, activations, weighted)


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


def engine_of(
    weights: Row | None = None, shards: int = 1, executor: Executor | None = None
) -> Callable[..., Advance]:
    """Return an engine for `train` whose rows have weights, and whose batches are cut into shards.

    Weights count by their ratios: they are scaled so that their mean is 1.
    """

    def learn(work: Work, X: Matrix, y: Matrix) -> float:
        loss, negative_gradients = _summed(work.network, X, y, shards, executor)
        gradients = gradients_from(negative_gradients, len(y), work.reduction)
        set_parameters(work.network, work.optimizer.step(parameters(work.network), gradients))
        return loss

    def sharded(work: Work) -> Advance:
        # A row's weight is appended to its targets, so that shuffling moves both together.
        weighted = copy.copy(work)
        weighted.y = [[*row, w] for row, w in zip(work.y, _scaled(weights, len(work.y)))]

        def advance(epochs: int) -> tuple[int, float]:
            done, loss = 0, 0.0
            while done < epochs and math.isfinite(loss):
                loss = finish_or_undo(work, lambda: run_epoch(weighted, learn))
                done += 1
            return done, loss

        return advance

    return sharded


def _scaled(weights: Row | None, rows: int) -> Row:
    if weights is None:
        return [1.0] * rows
    largest = max(weights)  # divided by it first: nothing overflows, and equal ones become 1.0
    parts = [weight / largest for weight in weights]
    mean = mean_of(parts)
    return [part / mean for part in parts]


def _summed(
    network: AnyNetwork, X: Matrix, y: Matrix, shards: int, executor: Executor | None
) -> tuple[float, Parameters]:
    """Return the sums over a batch, shard by shard in order."""
    work = [(_bare(network), X[a:b], y[a:b]) for a, b in cuts(len(X), shards)]
    loss, sums = 0.0, None
    for part, more in run_all(executor, _shard, work):
        loss += part
        sums = more if sums is None else [add(G, M) for G, M in zip(sums, more)]
    return loss, sums or []


def _bare(network: AnyNetwork) -> AnyNetwork:
    """Return a network for workers: without its generator, which may be larger than the rest."""
    bare = copy.copy(network)
    bare.generator = None
    return bare


def _shard(work: tuple[AnyNetwork, Matrix, Matrix]) -> tuple[float, Parameters]:
    network, X, y = work
    return weighted_negative_gradients(network, X, [row[:-1] for row in y], [row[-1] for row in y])


def cuts(rows: int, shards: int) -> list[tuple[int, int]]:
    """Return where each shard begins and ends: shards of nearly equal size, none of them empty.

    >>> cuts(10, 3), cuts(2, 3)
    ([(0, 3), (3, 6), (6, 10)], [(0, 1), (1, 2)])
    """
    shards = min(shards, rows)
    ends = [rows * k // shards for k in range(shards + 1)]
    return list(zip(ends, ends[1:]))


def run_all(
    executor: Executor | None, function: Callable[[Any], Any], work: list[Any]
) -> Iterable[Any]:
    """Return function(each) for each piece of work, in order, computed by the executor's workers.

    Workers get each piece as bytes. So no executor looks through its lists, and one that repeats a
    piece because a worker has died starts from what was sent. A token makes each call different:
    Dask takes equal calls for one, even if the first has failed.

    Only executor.submit is used, and result and cancel of its futures. Raises PureNetError if the
    work fails, and a worker's own PureNetError unchanged. Whatever ends the waiting, even Ctrl-C,
    cancels the pieces that have not begun.

    >>> list(run_all(None, abs, [-1, 2]))
    [1, 2]
    """
    if executor is None:
        return map(function, work)
    futures: list[Future[Any]] = []
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


def _unpacked(function: Callable[[Any], Any], piece: bytes, token: bytes) -> Any:
    return function(pickle.loads(piece))
