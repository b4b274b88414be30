"""The loop: show the network every row, learn a little from each batch, and begin again.

An epoch shows the network every row once, in batches: forward, backward, update. By default a
batch is all rows, which is the article's loop.
"""

import math

from .backpropagation import find_gradients, forward, loss_of, parameters, set_parameters
from .checks import all_done
from .history import Diverged, History
from .losses import loss_function
from .undo import finish_or_undo
from .work import Work, choose_engine

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Callable, Iterator, Matrix


def train(work: Work) -> History:
    """Train a network as the work says; return the History of the loss.

    The plain loop here does the epochs that an engine leaves. Raises Diverged if the loss or a
    weight is no longer finite. Whatever ends an epoch early, also Ctrl-C, leaves the network, its
    generator and the optimizer as they were before that epoch (or before a fraction of a second,
    with another engine), so that the training can be continued to the same bits.

    >>> from .network import Network
    >>> network = Network([3, 4, 1], seed=1)
    >>> X, y = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], [[0], [1], [1], [0]]
    >>> train(Work(network, X, y, epochs=500)).stopped
    'all 500 epochs done'
    """
    network, history = work.network, History()
    # advance(n) trains for up to n epochs, and returns how many it did and the last one's loss.
    history.engine, advance = choose_engine(work)
    for first, end in _between_entries(work.epochs, work.every):
        done, loss = advance(end - first)
        while first + done < end and math.isfinite(loss):
            loss = finish_or_undo(work, lambda: run_epoch(work, learn))
            done += 1
            history.engine += "" if "lists" in history.engine else " and lists"
        if not math.isfinite(loss):
            raise Diverged.after(first + done - 1, history)
        data = work.validation_data
        history.record(end - 1, loss, loss_of(network, *data) if data else None)
        if work.callback is not None and work.callback(network, history):
            history.stopped = f"the callback stopped it after epoch {end - 1}"
            return history
    history.stopped = all_done(work.epochs)
    return history


def run_epoch(work: Work, learn_batch: "Callable[[Work, Matrix, Matrix], float]") -> float:
    """Call learn_batch(work, X, y) on each batch of one epoch; return the mean loss of the rows.

    `learn_batch` returns the sum of the losses of its rows.

    >>> from .network import Network
    >>> work = Work(Network([1, 1]), [[3], [5]], [[1], [2]], epochs=1, batch_size=1, shuffle=False)
    >>> run_epoch(work, lambda work, X, y: X[0][0])
    4.0
    """
    X, y, size, total = work.X, work.y, work.batch_size, 0.0
    if work.shuffle:
        order = work.network.generator.permutation(len(X))
        X, y = [X[i] for i in order], [y[i] for i in order]
    for start in range(0, len(X), size):
        total += learn_batch(work, X[start : start + size], y[start : start + size])
    return total / len(X)


def learn(work: Work, X: "Matrix", y: "Matrix") -> float:
    """Update a network once, from some rows; return the sum of their losses before that.

    >>> from .network import Network
    >>> network = Network([1, 1], init="zeros")
    >>> learn(Work(network, [[3]], [[1]], epochs=1), [[3.0]], [[1.0]])
    0.125
    >>> network.weights
    [[[0.375]]]
    """
    network = work.network
    activations = forward(network, X)
    loss = loss_function(network).total(y, activations[-1])
    gradients = find_gradients(network, activations, y, work.reduction)
    set_parameters(network, work.optimizer.step(parameters(network), gradients))
    return loss


def _between_entries(epochs: int, every: int) -> "Iterator[tuple[int, int]]":
    """Go through the epochs from one entry of the history to the next: each first and end.

    >>> list(_between_entries(8, 3))  # entries after the epochs 0, 3, 6, and after the last, 7
    [(0, 1), (1, 4), (4, 7), (7, 8)]
    """
    first = 0
    while first < epochs:
        end = min(first + -first % every + 1, epochs)
        yield first, end
        first = end
