"""The loop: epochs, batches, and what is written down on the way.

One epoch shows the network every row once, in batches: forward, backward, update. By default a
batch is everything, which is the article's loop.
"""

import math

from . import ENGINES
from .backpropagation import backward, check_reduction, forward, loss_of, parameters, set_parameters
from .checks import (
    PureNetError,
    check_flag,
    counted,
    refuse_unknown,
    shown,
    whole_number,
)
from .losses import row_loss, total_loss
from .matrix import all_finite
from .optimizers import RProp, choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import (
        Advance,
        Any,
        Callable,
        Callback,
        EngineChoice,
        Iterator,
        Matrix,
        Network,
        Optimizer,
        OptimizerChoice,
        Rows,
    )
    from .mt19937 import MT19937

# Beyond this, an entry in the history for every epoch is more than anyone reads, and more than a
# small board can hold.
MANY_EPOCHS = 1000


class History:
    """What a training wrote down: lists of the same length, and why it ended.

    `epochs` counts from 0. `loss` is the mean over the rows, each as the network saw it in that
    epoch, before it learned from it. `validation_loss` is measured after the epoch; without
    validation data that list stays empty. `stopped` says in words why the training ended, and
    `engine` which engine was chosen.

    >>> History()
    History(epochs=[], loss=[], validation_loss=[], stopped='', engine='lists')
    """

    def __init__(self) -> None:
        self.epochs: "list[int]" = []
        self.loss: "list[float]" = []
        self.validation_loss: "list[float]" = []
        self.stopped = ""
        self.engine = "lists"

    def __repr__(self) -> str:
        return (
            f"History(epochs={self.epochs}, loss={self.loss}, "
            f"validation_loss={self.validation_loss}, stopped={self.stopped!r}, "
            f"engine={self.engine!r})"
        )


class Diverged(PureNetError):
    """Training reached NaN or infinity; the message says in which epoch, and what to try.

    `history` is what was written down until then. The network has the last finite weights.

    >>> issubclass(Diverged, PureNetError)
    True
    """

    def __init__(self, message: str, history: "History") -> None:
        super().__init__(message)
        self.history = history

    def __reduce__(self) -> "tuple[type[Diverged], tuple[str, History]]":
        return Diverged, (str(self), self.history)


def train(
    network: "Network",
    X: "Rows",
    y: "Rows",
    *,
    epochs: int,
    learning_rate: "float | None" = None,
    momentum: float = 0.0,
    batch_size: "int | None" = None,
    reduction: str = "sum",
    shuffle: "bool | None" = None,
    validation_data: "tuple[Rows, Rows] | None" = None,
    callback: "Callback | None" = None,
    every: "int | None" = None,
    optimizer: "OptimizerChoice" = "sgd",
    engine: "EngineChoice" = "auto",
    **unknown: "Rows",
) -> "History":
    """Train a network on the inputs X (m x n₀) and targets y (m x n_L); return the History.

    - `epochs`: how often every row is shown.
    - `learning_rate`: by default the optimizer's own: 1.0 for "sgd", as in the article, 0.001 for
      "adam", and 0.1 for "rprop", where it is the size of the first step.
    - `momentum`: for "sgd", which part of a step the next one keeps, from 0 to below 1.
    - `batch_size`: after how many rows the weights change; by default after all.
    - `reduction`: "sum" adds the rows' gradients, as in the article; "mean" divides by their
      number, so that the learning rate need not change with the batch.
    - `shuffle`: whether each epoch takes the rows in another order, drawn from
      `network.generator`; by default where batches are smaller than the data.
    - `validation_data`: a pair (X, y) to measure, but not to learn from.
    - `callback`: called as callback(network, history) after each entry of the history; the
      training stops where it returns something true.
    - `every`: how many epochs apart the history's entries are; by default 1, and a hundredth of
      the epochs where there are more than 1,000 and no callback. The last epoch has an entry in
      any case.
    - `optimizer`: "sgd", "rprop" (which needs the full batch) or "adam"; or an object with their
      `step`, which goes on with what it remembers. (A `step` returns new lists, and replaces
      what it remembers instead of changing it.)
    - `engine`: "lists" is the loop in this module. "unrolled" runs source that is generated for
      this network (see `purenet.engines`), and leaves to "lists" what it does not know. "auto"
      takes it where it pays. The bits are the same. (Or a function that takes what an engine
      takes, and does all the epochs that it is asked for.)

    Raises PureNetError before it changes anything where the data or an option is wrong, and
    Diverged where the loss or a weight is no longer finite. Whatever ends an epoch early, also
    Ctrl-C, leaves the network, its generator and the optimizer as they were before that epoch
    (or, unrolled, a fraction of a second earlier), so that training goes on from there to the
    same bits.

    >>> from .network import Network
    >>> network = Network([3, 4, 1], seed=1)
    >>> X, y = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], [[0], [1], [1], [0]]
    >>> train(network, X, y, epochs=500).stopped
    'all 500 epochs done'
    """
    refuse_unknown(unknown, {"validation": "validation_data"})
    X, y = network.check_data(X, y)
    if validation_data is not None:
        validation_data = _check_validation(network, validation_data)
    epochs = whole_number(epochs, "epochs", 0)
    every = _check_every(every, epochs, callback)
    check_reduction(reduction)
    optimizer = choose(optimizer, learning_rate, momentum)
    size = _check_batch_size(batch_size, len(X), optimizer)
    shuffle = size < len(X) if shuffle is None else check_flag(shuffle, "shuffle")
    if not all(all_finite(W) for W in parameters(network)):
        raise PureNetError("weights: one is NaN or infinite before the training has begun")

    def learn_rows(X: "Matrix", y: "Matrix") -> float:
        return learn(network, X, y, reduction, optimizer)

    chance = network.generator if shuffle else None
    history = History()
    work = (network, X, y, epochs, size, shuffle, reduction, optimizer)
    history.engine, advance = _choose_engine(engine, work)
    for first, end in _stretches(epochs, every):
        done, loss = advance(end - first)
        for epoch in range(first + done, end):
            loss = finish_or_undo(
                network, optimizer, shuffle, lambda: run_epoch(X, y, size, chance, learn_rows)
            )
            if not math.isfinite(loss):
                raise _diverged(epoch, history)
        if not math.isfinite(loss):  # an engine of the caller's own has done them all
            raise _diverged(end - 1, history)
        _write_down(history, network, end - 1, loss, validation_data)
        if callback is not None and callback(network, history):
            history.stopped = f"the callback stopped it after epoch {end - 1}"
            return history
    history.stopped = f"all {counted(epochs, 'epoch')} done"
    return history


def run_epoch(
    X: "Matrix",
    y: "Matrix",
    batch_size: int,
    chance: "MT19937 | None",
    learn: "Callable[[Matrix, Matrix], float]",
) -> float:
    """Hand every row to learn(X, y) once, in batches; return the mean of the losses on the way.

    `learn` returns the sum of the losses of its rows. With a generator as `chance`, the rows come
    in an order that it draws.

    >>> run_epoch([[3.0], [5.0]], [[1.0], [2.0]], 1, None, lambda X, y: X[0][0])
    4.0
    """
    if chance is not None:
        order = chance.permutation(len(X))
        X, y = [X[i] for i in order], [y[i] for i in order]
    total = 0.0
    for start in range(0, len(X), batch_size):
        X_batch, y_batch = X[start : start + batch_size], y[start : start + batch_size]
        total += learn(X_batch, y_batch)
    return total / len(X)


def learn(
    network: "Network", X: "Matrix", y: "Matrix", reduction: str, optimizer: "Optimizer"
) -> float:
    """Update a network once, from some rows; return the sum of their losses before that.

    >>> from .network import Network
    >>> from .optimizers import SGD
    >>> network = Network([1, 1], init="zeros")
    >>> learn(network, [[3.0]], [[1.0]], "sum", SGD())
    0.125
    >>> network.weights
    [[[0.375]]]
    """
    activations = forward(network, X)
    loss = total_loss(row_loss(network.loss, network.output_activation), y, activations[-1])
    gradients = backward(network, activations, y, reduction)
    set_parameters(network, optimizer.step(parameters(network), gradients))
    return loss


def finish_or_undo(
    network: "Network", optimizer: "Optimizer", shuffle: bool, run: "Callable[[], float]"
) -> float:
    """Return the loss that run() comes to; undo what it did where it fails.

    It also fails, and the answer is NaN, where that loss or a weight is not finite.

    >>> from .network import Network
    >>> from .optimizers import SGD
    >>> network = Network([1, 1], init="zeros")
    >>> def run():
    ...     network.weights = [[[float("inf")]]]
    ...     return 0.125
    >>> finish_or_undo(network, SGD(), False, run), network.weights
    (nan, [[[0.0]]])
    """
    undo = _undoing(network, optimizer, shuffle)
    try:
        loss = run()
        finite = math.isfinite(loss) and all(all_finite(W) for W in parameters(network))
    except BaseException:
        undo()
        raise
    if not finite:
        undo()
        return math.nan
    return loss


def _stretches(epochs: int, every: int) -> "Iterator[tuple[int, int]]":
    """Go through the epochs from one entry of the history to the next: each first and end."""
    first = 0
    while first < epochs:
        end = min(first + -first % every + 1, epochs)
        yield first, end
        first = end


def _choose_engine(engine: "EngineChoice", work: "tuple[Any, ...]") -> "tuple[str, Advance]":
    """Return the name of the engine that will run, and its function.

    advance(n) trains for up to n epochs, and returns how many it did and the last one's loss. The
    loop above does the rest: with "lists", all.
    """
    if callable(engine):
        return getattr(engine, "__name__", "own"), engine(*work)
    if engine not in ("auto", "lists", "unrolled"):
        raise PureNetError(f'engine: expected "auto", "lists" or "unrolled", got {engine!r}')
    for name in ENGINES:
        if engine in ("auto", name):
            try:
                module = __import__(ENGINES[name], None, None, (name,))
            except Exception:  # it has been left out, or a sandbox refuses to load it
                continue
            advance = getattr(module, name)(*work, engine == name)
            if advance is not None:
                return name, advance
    return "lists", lambda epochs: (0, math.nan)


def _write_down(
    history: "History",
    network: "Network",
    epoch: int,
    loss: float,
    validation_data: "tuple[Matrix, Matrix] | None",
) -> None:
    history.epochs.append(epoch)
    history.loss.append(loss)
    if validation_data is not None:
        history.validation_loss.append(loss_of(network, *validation_data))


def _check_every(every: "int | None", epochs: int, callback: "Callback | None") -> int:
    if callback is not None and not callable(callback):
        raise PureNetError(f"callback: expected a function, got {shown(callback)}")
    if every is None:
        return 1 if epochs <= MANY_EPOCHS or callback is not None else epochs // 100
    return whole_number(every, "every", 1)


def _check_batch_size(batch_size: "int | None", rows: int, optimizer: "Optimizer") -> int:
    size = rows if batch_size is None else min(whole_number(batch_size, "batch_size", 1), rows)
    if isinstance(optimizer, RProp) and size < rows:
        raise PureNetError(f"batch_size: rprop needs the full batch, {rows} rows, not {size}")
    return size


def _check_validation(
    network: "Network", validation_data: "tuple[Rows, Rows]"
) -> "tuple[Matrix, Matrix]":
    if not isinstance(validation_data, (tuple, list)) or len(validation_data) != 2:
        raise PureNetError(f"validation_data: expected a pair (X, y), got {shown(validation_data)}")
    return network.check_data(*validation_data, of="validation_data ")


def _undoing(network: "Network", optimizer: "Optimizer", shuffle: bool) -> "Callable[[], None]":
    """Return a function that takes back whatever an epoch does from here on.

    Keeping references is enough: an update makes new lists and leaves the old as they are.
    """
    weights, biases = network.weights, network.biases
    chance = network.generator.get_state() if shuffle else None
    memory = dict(getattr(optimizer, "__dict__", ()))

    def undo() -> None:
        network.weights, network.biases = weights, biases
        if chance is not None:
            network.generator.set_state(chance)
        for name in memory:
            setattr(optimizer, name, memory[name])

    return undo


def _diverged(epoch: int, history: "History") -> "Diverged":
    history.stopped = (
        f"diverged in epoch {epoch}: the loss or a weight is no longer a finite number; try a "
        'smaller learning_rate, reduction="mean", or inputs scaled to about 1'
    )
    return Diverged(history.stopped, history)
