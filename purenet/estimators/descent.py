"""One training: in epochs of mini-batches, until the rows that are held back get no better.

A network that goes on learning ends up knowing its rows by heart, and does worse on others. So some
rows are held back; after each epoch the loss on them is measured, the weights that did best are
kept, and where no epoch has improved on them for a while, the training ends.
"""

from __future__ import annotations

import math
from typing import NamedTuple

from ..core.losses import row_loss
from ..core.matrix import counted, inner_product
from ..core.network import Network, forward, loss_of
from ..core.optimizers import choose
from .preparation import parts_of
from .sharding import engine_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from typing import Any

    from ..core._types import Matrix, Row
    from ..core.training import History

# A loss counts as better where it is lower by this part of itself: else the last digits of a loss
# that has long settled would keep a training going.
BETTER = 1e-4


class Data(NamedTuple):
    """The rows to learn, their weights if they have any, and the rows that are held back."""

    X: Matrix
    y: Matrix
    weights: Row | None = None
    held_back: Data | None = None


class Plan(NamedTuple):
    """How to train: the options that say how long, and in which portions."""

    epochs: int
    batch_size: int | None
    patience: int
    shards: int = 1


class Descent:
    """One network on its way down, with all that it takes to go on from here.

    `losses` and `validation_losses` have a number for each epoch. `best_loss` is the lowest so far
    of the rows that are held back or, where there are none, of those that are learned;
    `best_weights` and `best_biases` are those that had it. `stopped` says why the training ended.
    """

    def __init__(
        self, network: Network, optimizer: str, learning_rate: float | None, l2: float
    ) -> None:
        self.network, self.l2 = network, l2
        self.optimizer: Any = choose(optimizer, learning_rate, 0.0)
        self.losses: Row = []
        self.validation_losses: Row = []
        self.best_loss, self.best_epoch = math.inf, -1
        self.best_weights, self.best_biases = network.weights, network.biases
        self.stopped = ""

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
        if self.stopped and not self.stopped.startswith("the callback"):
            return self
        self.stopped = ""
        rows = len(data.X)
        size = rows if plan.batch_size is None else min(plan.batch_size, rows)

        def after_epoch(network: Network, history: History) -> bool:
            self._look(history.loss[-1], data, plan)
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
    ) -> Descent:
        """Train for one more epoch, and forget what did best on other rows; return self.

        >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
        >>> len(descent.show_once(Data([[1.0]], [[1.0]]), Plan(3, None, 2)).losses)
        1
        """
        self.stopped, self.best_loss = "", math.inf
        self.run(data, plan._replace(epochs=len(self.losses) + 1), callback, executor)
        self.best_weights, self.best_biases = self.network.weights, self.network.biases
        return self

    def take_best(self) -> Network:
        """Give the network the weights that did best, and return it."""
        self.network.weights, self.network.biases = self.best_weights, self.best_biases
        return self.network

    def _look(self, loss: float, data: Data, plan: Plan) -> None:
        """Write down an epoch's losses, whether it is the best so far, and whether to stop."""
        epoch = len(self.losses)
        self.losses.append(loss)
        if data.held_back is not None:
            loss = mean_loss_on(self.network, data.held_back)
            self.validation_losses.append(loss)
        if loss < self.best_loss * (1.0 - BETTER):
            self.best_loss, self.best_epoch = loss, epoch
            self.best_weights, self.best_biases = self.network.weights, self.network.biases
        if epoch - self.best_epoch >= plan.patience:
            rows = "the rows" if data.held_back is None else "the rows held back"
            self.stopped = f"the loss on {rows} has not improved since epoch {self.best_epoch}"
        elif len(self.losses) == plan.epochs:
            self.stopped = f"all {counted(plan.epochs, 'epoch')} done"

    def _shrink(self, steps: int) -> None:
        """Pull each weight towards 0, but no bias, as far as so many steps would.

        This is weight decay apart from the gradient, which suits adam better than a term in the
        loss: I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
        """
        if self.l2:
            kept = (1.0 - min(self.optimizer.learning_rate * self.l2, 1.0)) ** steps
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
    loss_of_row = row_loss(network.loss, network.output_activation)
    outputs = forward(network, data.X)[-1]
    losses = [loss_of_row(*pair) for pair in zip(data.y, outputs)]
    return inner_product(parts_of(data.weights), losses)


def train_one(work: tuple[Descent, Data, Plan]) -> Descent:
    """Run one descent: what a worker does for one restart."""
    descent, data, plan = work
    return descent.run(data, plan)
