"""What one training is asked to do, checked before it begins, and the engine that does it."""

from . import ENGINES
from .backpropagation import parameters
from .checks import REDUCTIONS, PureNetError, check_flag, one_of, shown, whole_number
from .matrix import all_finite
from .optimizers import RProp, choose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Advance, AnyNetwork, Callback, EngineChoice, Matrix, OptimizerChoice, Rows

ENGINE_NAMES = ("auto", "lists", "unrolled", "packed")

# Beyond this, an entry in the history for every epoch is more than anyone reads, and more than a
# small board can hold.
MANY_EPOCHS = 1000


class Work:
    """One training: the network, the inputs X (m x n₀), the targets y (m x n_L), and the options.

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
      training stops when it returns something true.
    - `every`: how many epochs apart the history's entries are; by default 1, and a hundredth of
      the epochs if there are more than 1,000 and no callback. The last epoch always has an entry.
    - `optimizer`: "sgd", "rprop" (which needs the full batch) or "adam"; or an object with their
      `step`, which continues with what it remembers. (A `step` returns new lists, and replaces
      what it remembers instead of changing it.)
    - `engine`: "lists" is the loop in `training`. "unrolled" runs source that is generated for
      this network (see `purenet.engines`), and leaves to "lists" what it does not know. "auto"
      takes it where it pays. The bits are the same. "packed" is faster on large networks, and
      rounds differently. Or a function from the Work to `advance`, where advance(n) trains for up
      to n epochs and returns how many it did and the last loss: NaN if that epoch diverged and was
      undone. What it leaves, the loop does.

    Raises PureNetError if the data or an option is wrong.

    >>> from .network import Network
    >>> work = Work(Network([1, 1]), [[1]], [[2]], epochs=3)
    >>> work.X, work.y, work.batch_size, work.shuffle
    ([[1.0]], [[2.0]], 1, False)
    """

    def __init__(
        self,
        network: "AnyNetwork",
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
    ) -> None:
        if callback is not None and not callable(callback):
            raise PureNetError(f"callback: expected a function, got {shown(callback)}")
        if not callable(engine):
            one_of(engine, "engine", ENGINE_NAMES)
        self.network, self.callback, self.engine = network, callback, engine
        self.X, self.y = network.check_data(X, y)
        self.validation_data = _check_validation(network, validation_data)
        self.epochs = whole_number(epochs, "epochs", 0)
        one_by_one = self.epochs <= MANY_EPOCHS or callback is not None
        by_default = 1 if one_by_one else self.epochs // 100
        self.every = by_default if every is None else whole_number(every, "every", 1)
        self.reduction = one_of(reduction, "reduction", REDUCTIONS)
        self.optimizer = choose(optimizer, learning_rate, momentum)
        rows = len(self.X)
        size = rows if batch_size is None else whole_number(batch_size, "batch_size", 1)
        self.batch_size = min(size, rows)
        smaller = self.batch_size < rows
        if smaller and isinstance(self.optimizer, RProp):
            raise PureNetError(f"batch_size: rprop needs the full batch, {rows} rows, not {size}")
        self.shuffle = smaller if shuffle is None else check_flag(shuffle, "shuffle")
        if not all(all_finite(W) for W in parameters(network)):
            raise PureNetError("weights: one is NaN or infinite before the training has begun")


def choose_engine(work: Work) -> "tuple[str, Advance]":
    """Return the name of the engine that will run, and its `advance`.

    >>> from .network import Network
    >>> choose_engine(Work(Network([1, 1]), [[1]], [[2]], epochs=1, engine="lists"))[0]
    'lists'
    """
    engine, plain = work.engine, ("lists", lambda epochs: (0, 0.0))
    if callable(engine):
        return getattr(engine, "__name__", "own"), engine(work)
    name = "unrolled" if engine == "auto" else engine
    try:
        module = __import__(ENGINES[name], None, None, (name,))
    except Exception:  # it is the loop, it has been left out, or a sandbox refuses to load it
        if engine == "packed":  # no other engine has its bits
            raise PureNetError('engine: "packed" cannot be loaded here; take "auto"') from None
        return plain
    advance = getattr(module, name)(work)
    return plain if advance is None else (name, advance)


def _check_validation(
    network: "AnyNetwork", data: "tuple[Rows, Rows] | None"
) -> "tuple[Matrix, Matrix] | None":
    if data is None:
        return None
    if not isinstance(data, (tuple, list)) or len(data) != 2:
        raise PureNetError(f"validation_data: expected a pair (X, y), got {shown(data)}")
    return network.check_data(*data, of="validation_data ")
