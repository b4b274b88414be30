"""One training: epochs of mini-batches, until the loss on the rows held back stops falling.

A network that trains for too long learns its rows by heart and does worse on others. So some rows
are held back. After each epoch the loss on them is measured, and the best weights are kept. Once
no epoch has improved on them for a while, the training ends.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

from ..core._types import EngineChoice, Matrix, Row
from ..core.checks import all_done
from ..core.history import History
from ..core.losses import loss_function
from ..core.matrix import dot
from ..core.network import Network
from ..core.optimizers import choose
from ..engines.choice import packed_pays
from ..engines.telling import warn_caller
from .defaults import BATCH_SIZE, PROGRESS
from .preparation import mean_of, parts_of, row_weights
from .sharding import Executor, by_kernels, engine_of, weighted_loss

# The weight of a row of each class: the option `class_weight`, on top of `sample_weight`.
ClassWeights = dict[Any, float]

# Between the reason and the epoch in `stopped`, if the callback ended the training.
BY_CALLBACK = " after epoch "


class Data(NamedTuple):
    """The rows to learn, their weights if they have any, and the rows held back.

    `y` are a caller's targets or labels, until they are turned into what the network should answer.
    """

    X: Matrix
    y: list[Any]
    weights: Row | None = None
    held_back: Data | None = None

    @property
    def widths(self) -> tuple[int, int]:
        """The numbers of inputs and outputs."""
        return len(self.X[0]), len(self.y[0])

    def at(self, indexes: list[int]) -> Data:
        """Return some of the rows."""
        weights = None if self.weights is None else [self.weights[i] for i in indexes]
        return Data([self.X[i] for i in indexes], [self.y[i] for i in indexes], weights)

    def joined(self, other: Data) -> Data:
        """Return these rows and those of another, both with weights or both without."""
        weights = None if self.weights is None else self.weights + (other.weights or [])
        return Data(self.X + other.X, self.y + other.y, weights)

    def weighted(self, by_class: ClassWeights | None) -> Data:
        """Return these rows, whose `y` are labels, weighted by their classes too.

        A label that is not among the classes is refused later, when it becomes a target.

        >>> Data([], ["b", "a"], [2.0, 2.0]).weighted({"a": 0.5, "b": 1.5}).weights
        [3.0, 1.0]
        """
        if by_class is None:
            return self
        pairs = zip(self.y, row_weights(self.weights, len(self.y)))
        return self._replace(weights=[weight * by_class.get(label, 1.0) for label, weight in pairs])

    def importance(self, by_class: ClassWeights | None) -> float:
        """Return how much these rows count on average, compared with rows of other calls.

        It is 1 if the classes of these rows have several weights: then their ratios count.

        >>> [Data([], list(y)).importance({"a": 0.5, "b": 1.5}) for y in ("bb", "ab")]
        [1.5, 1.0]
        """
        if by_class is None or len({by_class[label] for label in self.y}) > 1:
            return 1.0
        return by_class[self.y[0]] / mean_of(by_class.values())

    def parts(self) -> Row:
        """Return the weight of each row, 1 by default, as a fraction of their sum."""
        return parts_of(self.weights, len(self.y))


class Schedule(NamedTuple):
    """How long to train, in batches of which size, in how many shards, with which engine."""

    epochs: int
    batch_size: int | None
    patience: int
    shards: int = 1
    engine: str = "auto"


class Watch:
    """The last epoch that made progress: one whose loss is lower than before by a margin.

    >>> Watch(0.1, [1.0, 0.95, 0.85, 0.8]).epoch
    2
    """

    def __init__(self, margin: float, losses: Row) -> None:
        self.margin, self.loss, self.epoch = margin, math.inf, -1
        for epoch, loss in enumerate(losses):
            self.see(loss, epoch)

    def see(self, loss: float, epoch: int) -> None:
        """Record an epoch if it has made progress."""
        if loss < self.loss - self.margin:
            self.loss, self.epoch = loss, epoch


class Descent:
    """The training of one network, with everything needed to resume it.

    `losses` and `validation_losses` have a number for each epoch. `best_loss` is the lowest so far
    on the rows held back or, without any, on those that are learned; `best_weights` and
    `best_biases` are the ones that reached it. `stopped` says why the training ended, `schedule`
    how long it may go on, and `n_held_back` how many rows were held back.
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
        self.schedule = Schedule(0, None, 0)
        self.n_held_back = 0

    def __deepcopy__(self, memo: dict[int, Any]) -> Descent:
        """Return a descent that shares nothing with this one.

        The losses are copied as a whole, as there is one for each call of `partial_fit`.
        """
        for losses in (self.losses, self.validation_losses):
            memo[id(losses)] = list(losses)
        twin = copy.copy(self)
        twin.__dict__ = copy.deepcopy(vars(self), memo)
        return twin

    def run(
        self,
        data: Data,
        schedule: Schedule,
        callback: Callable[[Descent], Any] | None = None,
        executor: Executor | None = None,
    ) -> Descent:
        """Train until all epochs of the schedule are done or its patience ends; return self.

        `callback` is called after each epoch, and ends the training if it returns a true value; a
        text is the reason. A descent that has stopped continues only if the callback stopped it.

        >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
        >>> descent.run(Data([[1.0]], [[1.0]]), Schedule(3, None, 2)).stopped
        'all 3 epochs done'
        """
        self.schedule, held_back = schedule, data.held_back
        self.n_held_back = 0 if held_back is None else len(held_back.X)
        if self.stopped and BY_CALLBACK not in self.stopped:
            return self
        self.stopped = ""
        watch = Watch(0.0, [])
        if schedule.patience < schedule.epochs:  # a stream has no need to look back
            margin = PROGRESS * (trivial_loss_on(self.network, data, data) or 1.0)
            watch = Watch(margin, self.validation_losses or self.losses)
        rows = len(data.X)
        size = rows if schedule.batch_size is None else min(schedule.batch_size, rows)
        engine = self._engine(data.weights, executor)
        measure = None if held_back is None else measure_of(self.network, held_back, engine)

        def after_epoch(network: Network, history: History) -> bool:
            self._record(history.loss[-1], measure, watch)
            self._decay(-(-rows // size))
            reason = callback is not None and callback(self)
            if reason and not self.stopped:
                reason = reason if isinstance(reason, str) else "the callback stopped it"
                self.stopped = f"{reason}{BY_CALLBACK}{len(self.losses) - 1}"
            return bool(self.stopped)

        self.network.train(
            data.X,
            data.y,
            epochs=schedule.epochs - len(self.losses),
            batch_size=size,
            reduction="mean",
            optimizer=self.optimizer,
            callback=after_epoch,
            engine=engine,
        )
        return self

    def show_once(
        self,
        data: Data,
        schedule: Schedule,
        callback: Callable[[Descent], Any] | None = None,
        executor: Executor | None = None,
        importance: float = 1.0,
    ) -> Descent:
        """Train for one more epoch, and forget the best weights for other rows; return self.

        With n times fewer rows than a batch, the gradient is noisier by the square root of n, and
        so the step is smaller by it. `importance` multiplies the step too: it says how much these
        rows count, compared with those of other calls.

        >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
        >>> len(descent.show_once(Data([[1.0]], [[1.0]]), Schedule(3, None, 2)).losses)
        1
        """
        self.stopped, self.best_loss = "", math.inf
        epochs = len(self.losses) + 1
        once = schedule._replace(epochs=epochs, patience=epochs + 1)
        rows, rate = len(data.X), self.optimizer.learning_rate
        fewer = math.sqrt(min(1.0, rows / (schedule.batch_size or rows)))
        self.optimizer.learning_rate *= fewer * importance
        try:
            self.run(data, once, callback, executor)
        finally:
            self.optimizer.learning_rate = rate
        self.best_weights, self.best_biases = self.network.weights, self.network.biases
        self.best_epoch = -1  # a stream has none
        return self

    def take_best(self) -> Network:
        """Set the network's weights to the best ones, and return it."""
        self.network.weights, self.network.biases = self.best_weights, self.best_biases
        return self.network

    def _engine(self, weights: Row | None, executor: Executor | None) -> EngineChoice:
        """Return the engine: by name, by the network's shape, or the one for weights and shards."""
        schedule = self.schedule
        if schedule.shards > 1 or weights is not None:
            if schedule.engine in ("packed", "unrolled"):
                what = "row weights" if schedule.shards == 1 else "shards"
                warn_caller(f'engine: "{schedule.engine}" cannot use {what}; their own loop trains')
            return engine_of(weights, schedule.shards, executor)
        size = schedule.batch_size or BATCH_SIZE  # the number of rows must not change the bits
        pays = packed_pays(self.network.sizes, size)
        return "packed" if schedule.engine == "auto" and pays else schedule.engine

    def _record(self, loss: float, measure: Callable[[], float] | None, watch: Watch) -> None:
        """Record an epoch's losses, whether it is the best so far, and whether to stop."""
        epoch = len(self.losses)
        self.losses.append(loss)
        if measure is not None:
            loss = measure()
            self.validation_losses.append(loss)
        if loss < self.best_loss:
            self.best_loss, self.best_epoch = loss, epoch
            self.best_weights, self.best_biases = self.network.weights, self.network.biases
        watch.see(loss, epoch)
        if epoch - watch.epoch >= self.schedule.patience:
            which = "training" if measure is None else "validation"
            self.stopped = f"the {which} loss has hardly improved since epoch {watch.epoch}"
        elif len(self.losses) == self.schedule.epochs:
            self.stopped = all_done(self.schedule.epochs)

    def _decay(self, steps: int) -> None:
        """Apply weight decay to each weight, but to no bias, as much as this number of steps would.

        The decay is apart from the gradient, which suits adam better than a term in the loss:
        I. Loshchilov and F. Hutter, "Decoupled weight decay regularization", ICLR 2019.
        """
        if self.weight_decay:
            kept = (1.0 - min(self.optimizer.learning_rate * self.weight_decay, 1.0)) ** steps
            weights = self.network.weights
            self.network.weights = [[[w * kept for w in row] for row in W] for W in weights]


def measure_of(network: Network, data: Data, engine: EngineChoice) -> Callable[[], float]:
    """Return a function that measures the network's loss on these rows."""
    if engine != "packed":
        return partial(mean_loss_on, network, data)
    from ..engines.packed import measurer

    y, outputs, loss = data.y, measurer(network, data.X), loss_function(network)
    return lambda: loss.total(y, outputs()) / len(y)


def outputs_of(network: Network, X: Matrix) -> Matrix:
    """Return the network's outputs for rows that have been checked, with the bits of `forward`."""
    outputs: Matrix = by_kernels(lambda products: products.forward(network, X)[-1])
    return outputs


def mean_loss_on(network: Network, data: Data) -> float:
    """Return the mean of the rows' losses, weighted if the rows have weights.

    >>> network = Network([1, 1], init="zeros")
    >>> mean_loss_on(network, Data([[0.0], [0.0]], [[1.5], [0.5]], [1.0, 3.0]))
    0.125
    """
    outputs = outputs_of(network, data.X)
    if data.weights is None:
        return loss_function(network).total(data.y, outputs) / len(data.y)
    return weighted_loss(network, data.y, outputs, data.parts())


def trivial_loss_on(network: Network, learned: Data, data: Data) -> float:
    """Return the loss of the trivial answer: for every row the mean of the learned targets.

    >>> data = Data([[0.0], [0.0]], [[1.0], [3.0]])
    >>> trivial_loss_on(Network([1, 1]), data, data)
    0.5
    """
    mean = dot([learned.parts()], learned.y)[0]
    return weighted_loss(network, data.y, [mean] * len(data.y), data.parts())
