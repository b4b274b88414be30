"""One training: in epochs of mini-batches, until the rows that are held back get no better.

A network that goes on learning ends up knowing its rows by heart, and does worse on others. So some
rows are held back; after each epoch the loss on them is measured, the weights that did best are
kept, and where no epoch has improved on them for a while, the training ends.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from typing import Any, NamedTuple

from ..core._types import Matrix, Row
from ..core.backpropagation import forward, loss_of
from ..core.checks import counted
from ..core.history import History
from ..core.losses import find_loss
from ..core.matrix import dot, inner_product
from ..core.network import Network
from ..core.optimizers import choose
from .defaults import PROGRESS
from .preparation import parts_of
from .sharding import engine_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Executor  # it loads much


class Data(NamedTuple):
    """The rows to learn, their weights if they have any, and the rows that are held back."""

    X: Matrix
    y: Matrix
    weights: Row | None = None
    held_back: Data | None = None

    def at(self, indexes: list[int]) -> Data:
        """Return some of the rows."""
        weights = None if self.weights is None else [self.weights[i] for i in indexes]
        return Data([self.X[i] for i in indexes], [self.y[i] for i in indexes], weights)

    def joined(self, other: Data) -> Data:
        """Return these rows and those of another, which have weights where these have."""
        weights = None if self.weights is None else self.weights + other.row_weights()
        return Data(self.X + other.X, self.y + other.y, weights)

    def row_weights(self) -> Row:
        """Return the weight of each row, 1 where none has any."""
        return [1.0] * len(self.y) if self.weights is None else self.weights


class Plan(NamedTuple):
    """How to train: the options that say how long, and in which portions."""

    epochs: int
    batch_size: int | None
    patience: int
    shards: int = 1


class Watch:
    """The last epoch of progress: where the loss fell by more than a margin, and since when not.

    >>> Watch(0.1, [1.0, 0.95, 0.85, 0.8]).epoch
    2
    """

    def __init__(self, margin: float, losses: Row) -> None:
        self.margin, self.loss, self.epoch = margin, math.inf, -1
        for epoch, loss in enumerate(losses):
            self.see(loss, epoch)

    def see(self, loss: float, epoch: int) -> None:
        """Note an epoch if it has made progress."""
        if loss < self.loss - self.margin:
            self.loss, self.epoch = loss, epoch


class Descent:
    """One network on its way down, with all that it takes to go on from here.

    `losses` and `validation_losses` have a number for each epoch. `best_loss` is the lowest so far
    of the rows that are held back or, where there are none, of those that are learned;
    `best_weights` and `best_biases` are those that had it. `stopped` says why the training ended,
    `plan` how long it may go on, and `n_held_back` how many rows were held back.
    """

    def __init__(
        self, network: Network, optimizer: str, learning_rate: float | None, weight_decay: float
    ) -> None:
        self.network, self.weight_decay = network, weight_decay
        self.optimizer: Any = choose(optimizer, learning_rate, 0.0)
        self.losses: Row = []
        self.validation_losses: Row = []
        self.best_loss, self.best_epoch = math.inf, -1
        self.best_weights, self.best_biases = network.weights, network.biases
        self.stopped = ""
        self.plan = Plan(0, None, 0)
        self.n_held_back = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> Descent:
        """Return a descent that shares nothing with this one.

        The losses are copied as a whole: a stream of single rows soon has many of them.
        """
        twin = copy.copy(self)
        for name, value in vars(self).items():
            is_losses = name in ("losses", "validation_losses")
            vars(twin)[name] = list(value) if is_losses else copy.deepcopy(value, memo)
        return twin

    def run(
        self,
        data: Data,
        plan: Plan,
        callback: Callable[[Descent], Any] | None = None,
        executor: Executor | None = None,
    ) -> Descent:
        """Train until the plan's epochs are done in all, or its patience is at an end; return self.

        `callback` is called after each epoch, and ends the training where it returns something
        true. A descent that has stopped before goes on only where it was stopped by that.

        >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
        >>> descent.run(Data([[1.0]], [[1.0]]), Plan(3, None, 2)).stopped
        'all 3 epochs done'
        """
        self.plan, self.n_held_back = plan, 0 if data.held_back is None else len(data.held_back.X)
        if self.stopped and not self.stopped.startswith("the callback"):
            return self
        self.stopped = ""
        margin = PROGRESS * (trivial_loss_on(self.network, data, data) or 1.0)
        is_watched = plan.patience < plan.epochs  # a stream has no need to look back
        watch = Watch(margin, (self.validation_losses or self.losses) if is_watched else [])
        rows = len(data.X)
        size = rows if plan.batch_size is None else min(plan.batch_size, rows)

        def after_epoch(network: Network, history: History) -> bool:
            self._look(history.loss[-1], data, watch)
            self._shrink(-(-rows // size))
            if callback is not None and callback(self) and not self.stopped:
                self.stopped = f"the callback stopped it after epoch {len(self.losses) - 1}"
            return bool(self.stopped)

        self.network.train(
            data.X,
            data.y,
            epochs=plan.epochs - len(self.losses),
            batch_size=size,
            reduction="mean",
            optimizer=self.optimizer,
            callback=after_epoch,
            every=1,
            engine="auto"
            if plan.shards == 1 and data.weights is None
            else engine_of(data.weights, plan.shards, executor),
        )
        return self

    def show_once(
        self,
        data: Data,
        plan: Plan,
        callback: Callable[[Descent], Any] | None = None,
        executor: Executor | None = None,
        importance: float = 1.0,
    ) -> Descent:
        """Train for one more epoch, and forget what did best on other rows; return self.

        The gradient of a few rows is noisier than that of a batch, by the root of how many fewer
        they are. So a step from fewer rows than a batch is smaller by as much. `importance` is how
        much these rows count beside those of other calls.

        >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
        >>> len(descent.show_once(Data([[1.0]], [[1.0]]), Plan(3, None, 2)).losses)
        1
        """
        self.stopped, self.best_loss = "", math.inf
        epochs = len(self.losses) + 1
        once = plan._replace(epochs=epochs, patience=epochs + 1)
        rows, rate = len(data.X), self.optimizer.learning_rate
        fewer = math.sqrt(min(1.0, rows / (plan.batch_size or rows)))
        self.optimizer.learning_rate *= fewer * importance
        try:
            self.run(data, once, callback, executor)
        finally:
            self.optimizer.learning_rate = rate
        self.best_weights, self.best_biases = self.network.weights, self.network.biases
        self.best_epoch = -1  # a stream has none
        return self

    def take_best(self) -> Network:
        """Give the network the weights that did best, and return it."""
        self.network.weights, self.network.biases = self.best_weights, self.best_biases
        return self.network

    def best_network(self) -> Network:
        """Return a network with the weights that did best; the descent's own goes on unchanged."""
        network = copy.copy(self.network)
        network.weights, network.biases = self.best_weights, self.best_biases
        return network

    def _look(self, loss: float, data: Data, watch: Watch) -> None:
        """Record an epoch's losses, whether it is the best so far, and whether to stop."""
        epoch = len(self.losses)
        self.losses.append(loss)
        if data.held_back is not None:
            loss = mean_loss_on(self.network, data.held_back)
            self.validation_losses.append(loss)
        if loss < self.best_loss:
            self.best_loss, self.best_epoch = loss, epoch
            self.best_weights, self.best_biases = self.network.weights, self.network.biases
        watch.see(loss, epoch)
        if epoch - watch.epoch >= self.plan.patience:
            which = "training" if data.held_back is None else "validation"
            self.stopped = f"the {which} loss has hardly improved since epoch {watch.epoch}"
        elif len(self.losses) == self.plan.epochs:
            self.stopped = f"all {counted(self.plan.epochs, 'epoch')} done"

    def _shrink(self, steps: int) -> None:
        """Pull each weight towards 0, but no bias, as far as so many steps would.

        This is weight decay apart from the gradient, which suits adam better than a term in the
        loss: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
        """
        if self.weight_decay:
            kept = (1.0 - min(self.optimizer.learning_rate * self.weight_decay, 1.0)) ** steps
            weights = self.network.weights
            self.network.weights = [[[w * kept for w in row] for row in W] for W in weights]


def mean_loss_on(network: Network, data: Data) -> float:
    """Return the mean of the rows' losses, in which each counts as much as its weight says.

    >>> network = Network([1, 1], init="zeros")
    >>> mean_loss_on(network, Data([[0.0], [0.0]], [[1.5], [0.5]], [1.0, 3.0]))
    0.125
    """
    if data.weights is None:
        return loss_of(network, data.X, data.y)
    return _mean_loss(network, data, forward(network, data.X)[-1])


def trivial_loss_on(network: Network, learned: Data, data: Data) -> float:
    """Return the loss of always answering the mean of the targets that were learned.

    >>> data = Data([[0.0], [0.0]], [[1.0], [3.0]])
    >>> trivial_loss_on(Network([1, 1]), data, data)
    0.5
    """
    mean = dot([_parts(learned)], learned.y)[0]
    return _mean_loss(network, data, [mean] * len(data.y))


def _mean_loss(network: Network, data: Data, outputs: Matrix) -> float:
    loss_of_row = find_loss(network.loss, network.output_activation).of_row
    losses = [loss_of_row(*pair) for pair in zip(data.y, outputs)]
    return inner_product(_parts(data), losses)


def _parts(data: Data) -> Row:
    return parts_of(data.row_weights())


def train_one(work: tuple[Descent, Data, Plan]) -> Descent:
    """Run one descent: what a worker does for one restart."""
    descent, data, plan = work
    return descent.run(data, plan)
