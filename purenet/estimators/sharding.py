"""The gradient of a batch in parts: by rows of different weight, and by several workers.

A batch is cut into so many shards, each worker sums the gradients of its rows, and the sums are
added up in the order of the shards. So the bits depend on how many shards there are, and not on
who was there first; without an executor the same shards are done one after the other.

Backpropagation treats each row by itself and only then adds them up, so a row's weight has its say
right before: it multiplies the row's deltas.
"""

from __future__ import annotations

import copy
import math

from ..core.losses import row_loss
from ..core.matrix import PureNetError, add, column_sums, dot, scale, shown, transpose
from ..core.network import find_deltas, forward, parameters, set_parameters
from ..core.training import finish_or_undo, run_epoch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Executor
    from typing import Any

    from ..core._types import Advance, Matrix, Network, Optimizer, Parameters, Row


def weighted_gradients(
    network: Network, X: Matrix, y: Matrix, weights: Row
) -> tuple[float, Parameters]:
    """Return the weighted sums of the rows' losses and of their gradients.

    >>> from ..core.network import Network
    >>> network = Network([1, 1], init="zeros")
    >>> weighted_gradients(network, [[3.0], [3.0]], [[1.0], [0.0]], [2.0, 0.0])
    (0.25, [[[0.75]]])
    """
    activations = forward(network, X)
    loss_of_row = row_loss(network.loss, network.output_activation)
    loss = 0.0
    for targets, outputs, weight in zip(y, activations[-1], weights):
        loss += weight * loss_of_row(targets, outputs)
    deltas = find_deltas(network, activations, y)
    layers = range(len(network.weights))
    weighted = {
        k: [[weight * delta for delta in row] for weight, row in zip(weights, deltas[k])]
        for k in deltas
    }
    gradients = [dot(transpose(activations[k]), weighted[k + 1]) for k in layers]
    if network.biases:
        gradients += [[column_sums(weighted[k + 1])] for k in layers]
    return loss, gradients


def engine_of(
    weights: Row | None = None, shards: int = 1, executor: Executor | None = None
) -> Callable[..., Advance]:
    """Return an engine for `train` whose rows have weights, and whose batches are cut into shards.

    Weights count by their ratios: they are scaled so that their mean is 1.
    """

    def sharded(
        network: Network,
        X: Matrix,
        y: Matrix,
        epochs: int,
        batch_size: int,
        shuffle: bool,
        reduction: str,
        optimizer: Optimizer,
    ) -> Advance:
        chance = network.generator if shuffle else None
        # A row's weight stands behind its targets, so that it goes where its row goes.
        weighted_y = [[*row, weight] for row, weight in zip(y, _scaled(weights, len(y)))]

        def learn(X: Matrix, y: Matrix) -> float:
            loss, gradients = _summed(network, X, y, shards, executor)
            if reduction == "mean":
                gradients = [scale(G, 1.0 / len(y)) for G in gradients]
            set_parameters(network, optimizer.step(parameters(network), gradients))
            return loss

        def run() -> float:
            return run_epoch(X, weighted_y, batch_size, chance, learn)

        def advance(epochs: int) -> tuple[int, float]:
            loss = math.nan
            for _ in range(epochs):
                loss = finish_or_undo(network, optimizer, shuffle, run)
                if not math.isfinite(loss):
                    break
            return epochs, loss

        return advance

    return sharded


def _scaled(weights: Row | None, rows: int) -> Row:
    if weights is None:
        return [1.0] * rows
    mean = column_sums([[weight / rows] for weight in weights])[0]
    return [weight / mean for weight in weights]


def _summed(
    network: Network, X: Matrix, y: Matrix, shards: int, executor: Executor | None
) -> tuple[float, Parameters]:
    """Return the sums over a batch, shard by shard in their order."""
    work = [(_bare(network), X[a:b], y[a:b]) for a, b in cuts(len(X), shards)]
    loss, gradients = 0.0, None
    for part, more in run_all(executor, _shard, work):
        loss += part
        gradients = more if gradients is None else [add(G, M) for G, M in zip(gradients, more)]
    return loss, gradients or []


def _bare(network: Network) -> Network:
    """Return what workers need of a network: without its generator, which is as large as it."""
    bare = copy.copy(network)
    bare.generator = None  # type: ignore[assignment]
    return bare


def _shard(work: tuple[Network, Matrix, Matrix]) -> tuple[float, Parameters]:
    network, X, y = work
    return weighted_gradients(network, X, [row[:-1] for row in y], [row[-1] for row in y])


def cuts(rows: int, shards: int) -> list[tuple[int, int]]:
    """Return where each of at most so many shards of nearly one size begins and ends.

    >>> cuts(10, 3), cuts(2, 3)
    ([(0, 3), (3, 6), (6, 10)], [(0, 1), (1, 2)])
    """
    shards = min(shards, rows)
    ends = [rows * k // shards for k in range(shards + 1)]
    return list(zip(ends, ends[1:]))


def run_all(
    executor: Executor | None, function: Callable[[Any], Any], work: list[Any]
) -> Iterator[Any]:
    """Return function(each) for each piece of work, in order, by the executor's workers.

    Raises PureNetError where a worker died or could not be reached.

    >>> list(run_all(None, abs, [-1, 2]))
    [1, 2]
    """
    if executor is None:
        yield from map(function, work)
        return
    try:
        futures = [executor.submit(function, each) for each in work]
    except RuntimeError as error:  # it has been shut down, or its workers have died
        raise PureNetError(f"executor: it takes no work: {shown(error)}") from error
    try:
        for future in futures:
            yield future.result()
    except PureNetError:
        raise
    except Exception as error:
        name = type(error).__name__
        raise PureNetError(f"executor: a worker failed: {name}: {error}") from error
    finally:
        for future in futures:
            future.cancel()
