"""The loop: epochs, batches, and what is written down on the way.

One epoch shows the network every row once, in batches: forward, backward, update. By default a
batch is everything, which is the article's loop.
"""

import math

from .losses import mean_loss, row_loss
from .matrix import PureNetError, all_finite, check_flag, counted, shown, whole_number
from .network import (
    backward,
    check_reduction,
    forward,
    loss_of,
    parameters,
    set_parameters,
)
from .optimizers import RProp, choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import (
        Callable,
        Callback,
        Matrix,
        Network,
        Optimizer,
        OptimizerChoice,
        Rows,
    )

# Beyond this, an entry in the history for every epoch is more than anyone reads, and more than a
# small board can hold.
MANY_EPOCHS = 1000


class History:
    """What a training wrote down: lists of the same length, and why it ended.

    `epochs` counts from 0. `loss` is the mean over the rows, each as the network saw it in that
    epoch, before it learned from it. `validation_loss` is measured after the epoch; without
    validation data that list stays empty. `stopped` says in words why the training ended.

    >>> History()
    History(epochs=[], loss=[], validation_loss=[], stopped='')
    """

    def __init__(self) -> None:
        self.epochs: "list[int]" = []
        self.loss: "list[float]" = []
        self.validation_loss: "list[float]" = []
        self.stopped = ""

    def __repr__(self) -> str:
        return (
            f"History(epochs={self.epochs}, loss={self.loss}, "
            f"validation_loss={self.validation_loss}, stopped={self.stopped!r})"
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
    validation: "tuple[Rows, Rows] | None" = None,
    callback: "Callback | None" = None,
    every: "int | None" = None,
    optimizer: "OptimizerChoice" = "sgd",
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
    - `validation`: a pair (X, y) to measure, but not to learn from.
    - `callback`: called as callback(network, history) after each entry of the history; the
      training stops where it returns something true.
    - `every`: how many epochs apart the history's entries are; by default 1, and a hundredth of
      the epochs where there are more than 1,000 and no callback. The last epoch has an entry in
      any case.
    - `optimizer`: "sgd", "rprop" (which needs the full batch) or "adam"; or an object with their
      `step`, which goes on with what it remembers. (A `step` returns new lists, and replaces
      what it remembers instead of changing it.)

    Raises PureNetError before it changes anything where the data or an option is wrong, and
    Diverged where the loss or a weight is no longer finite. Whatever ends an epoch early, also
    Ctrl-C, leaves the network, its generator and the optimizer as they were before that epoch,
    so that training goes on from there to the same bits.

    >>> from .network import Network
    >>> network = Network([3, 4, 1], seed=1)
    >>> X, y = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], [[0], [1], [1], [0]]
    >>> train(network, X, y, epochs=500).stopped
    'all 500 epochs done'
    """
    X, y = network.check_data(X, y)
    if validation is not None:
        validation = _check_validation(network, validation)
    epochs = whole_number(epochs, "epochs", 0)
    every = _check_every(every, epochs, callback)
    check_reduction(reduction)
    optimizer = choose(optimizer, learning_rate, momentum)
    size = _check_batch_size(batch_size, len(X), optimizer)
    shuffle = size < len(X) if shuffle is None else check_flag(shuffle, "shuffle")
    if not all(all_finite(W) for W in parameters(network)):
        raise PureNetError("weights: one is NaN or infinite before the training has begun")

    history = History()
    for epoch in range(epochs):
        undo = _undoing(network, optimizer, shuffle)
        try:
            loss = run_epoch(network, X, y, size, shuffle, reduction, optimizer)
            if not (math.isfinite(loss) and all(all_finite(W) for W in parameters(network))):
                raise _diverged(epoch, history)
        except BaseException:
            undo()
            raise
        if epoch % every == 0 or epoch == epochs - 1:
            _write_down(history, network, epoch, loss, validation)
            if callback is not None and callback(network, history):
                history.stopped = f"the callback stopped it after epoch {epoch}"
                return history
    history.stopped = f"all {counted(epochs, 'epoch')} done"
    return history


def run_epoch(
    network: "Network",
    X: "Matrix",
    y: "Matrix",
    batch_size: int,
    shuffle: bool,
    reduction: str,
    optimizer: "Optimizer",
) -> float:
    """Show the network every row once; return the mean of the losses that it had on the way.

    >>> from .network import Network
    >>> from .optimizers import SGD
    >>> network = Network([1, 1], init="zeros")
    >>> run_epoch(network, [[3.0]], [[1.0]], 1, False, "sum", SGD())
    0.125
    >>> network.weights
    [[[0.375]]]
    """
    if shuffle:
        order = network.generator.permutation(len(X))
        X, y = [X[i] for i in order], [y[i] for i in order]
    loss = row_loss(network.loss, network.output_activation)
    total = 0.0
    for start in range(0, len(X), batch_size):
        X_batch, y_batch = X[start : start + batch_size], y[start : start + batch_size]
        activations = forward(network, X_batch)
        total += mean_loss(loss, y_batch, activations[-1]) * len(X_batch)
        gradients = backward(network, activations, y_batch, reduction)
        set_parameters(network, optimizer.step(parameters(network), gradients))
    return total / len(X)


def _write_down(
    history: "History",
    network: "Network",
    epoch: int,
    loss: float,
    validation: "tuple[Matrix, Matrix] | None",
) -> None:
    history.epochs.append(epoch)
    history.loss.append(loss)
    if validation is not None:
        history.validation_loss.append(loss_of(network, *validation))


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
    network: "Network", validation: "tuple[Rows, Rows]"
) -> "tuple[Matrix, Matrix]":
    if not isinstance(validation, (tuple, list)) or len(validation) != 2:
        raise PureNetError(f"validation: expected a pair (X, y), got {shown(validation)}")
    return network.check_data(*validation, of="validation ")


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
