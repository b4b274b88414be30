"""The network: its sizes, its weights, and what can be done with them.

The mathematics is in `backpropagation`; here it gets its weights and its checked data.
"""

import math

from .activations import ACTIVATIONS
from .backpropagation import find_gradients, forward, loss_of
from .checks import (
    REDUCTIONS,
    PureNetError,
    as_matrix,
    check_flag,
    check_parameters,
    check_targets,
    counted,
    elements,
    one_of,
    refuse_unknown,
    shape,
    shown,
    whole_number,
)
from .losses import find_loss
from .matrix import apply, zeros
from .mt19937 import MT19937, fresh_seed

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Callback, EngineChoice, Matrix, Names, OptimizerChoice, Rows, Sizes
    from .history import History

# The attributes that are options of `Network` and of `Network.of`.
OPTIONS = ("activation", "output_activation", "loss", "init", "seed")

INITS = ("uniform", "glorot", "he", "zeros")


class Network:
    """A feed-forward network. Its defaults are the article's, for any number of layers.

    - `sizes`: the number of neurons in each layer, inputs first.
    - `activation`: of the hidden layers, "sigmoid", "tanh", "relu", "leaky_relu" or "linear", or
      a list with one name for each.
    - `output_activation`: of the last layer, one of these or "softmax"; by default that of the
      last hidden layer.
    - `loss`: "squared_error", or "cross_entropy" after a sigmoid or softmax output layer.
    - `bias`: True gives each neuron a bias, 0 at first.
    - `init`: how the weights are drawn: "uniform" from [-1, 1) as in the article, "glorot" from
      ±sqrt(6 / (inputs + outputs)), "he" from a normal distribution of variance 2 / inputs;
      "zeros" draws none.
    - `seed`: from 0 to 2**32 - 1, as in NumPy. Without one, `seed` is set to the one that was
      drawn.

    `sizes`, `weights` and `biases` are plain lists that may be read and set: `weights[k]` is
    (nₖ x nₖ₊₁), `biases[k]` a list of nₖ₊₁, and `biases` is empty without `bias=True`.
    `generator` draws all random numbers, those for the weights and then those for shuffling.

    Raises PureNetError for an option that is not one of these.

    >>> network = Network([3, 4, 1], seed=1)
    >>> network.weights[0][0][0]
    -0.165955990594852
    """

    def __init__(
        self,
        sizes: "Sizes",
        *,
        activation: "Names" = "sigmoid",
        output_activation: "str | None" = None,
        loss: str = "squared_error",
        bias: bool = False,
        init: str = "uniform",
        seed: "int | None" = None,
    ) -> None:
        self._configure(sizes, activation, output_activation, loss, init, seed)
        pairs = zip(self.sizes, self.sizes[1:])
        self.weights = [draw_weights(init, m, n, self.generator) for m, n in pairs]
        biased = check_flag(bias, "bias")
        self.biases = [[0.0] * n for n in self.sizes[1:]] if biased else []

    @classmethod
    def of(
        cls,
        weights: "list[Matrix]",
        biases: "Matrix | None" = None,
        *,
        sizes: "Sizes | None" = None,
        activation: "Names" = "sigmoid",
        output_activation: "str | None" = None,
        loss: str = "squared_error",
        init: str = "zeros",
        seed: "int | None" = None,
    ) -> "Network":
        """Return a network of these weights and biases, which it keeps without copying them.

        `weights[k]` is (nₖ x nₖ₊₁), `biases[k]` a list of nₖ₊₁. The options are those of
        `Network`; `sizes` follow from the weights by default, and `init` records how these were
        drawn. Raises PureNetError if the shapes do not fit.

        >>> Network.of([[[0.0], [0.0]]]).sizes
        [2, 1]
        """
        if sizes is None:
            shapes = [shape(W, f"weights[{k}]") for k, W in enumerate(weights)]
            if not shapes:
                raise PureNetError("weights: expected at least one matrix, got none")
            for k, ((_, n), (m, _)) in enumerate(zip(shapes, shapes[1:])):
                if m != n:
                    of_last = f"weights[{k}] has {counted(n, 'column')}"
                    raise PureNetError(f"weights[{k + 1}]: {counted(m, 'row')}, but {of_last}")
            sizes = [m for m, _ in shapes] + [shapes[-1][1]]
        network = object.__new__(cls)  # MicroPython's classes have no __new__ of their own
        network._configure(sizes, activation, output_activation, loss, init, seed)
        network.weights, network.biases = weights, biases or []
        check_parameters(network)
        return network

    def _configure(
        self,
        sizes: "Sizes",
        activation: "Names",
        output_activation: "str | None",
        loss: str,
        init: str,
        seed: "int | None",
    ) -> None:
        self.sizes = _check_sizes(sizes)
        hidden, last = _check_activations(activation, output_activation, len(self.sizes) - 2)
        self.activation, self.output_activation = hidden, last
        self.loss = loss
        find_loss(loss, last)  # refuses what does not go together
        self.init = one_of(init, "init", INITS)
        self.seed = fresh_seed() if seed is None else whole_number(seed, "seed", 0, 2**32 - 1)
        self.generator = MT19937(self.seed)

    @property
    def layer_activations(self) -> "list[str]":
        """Return the name of each layer's activation, the last layer's too.

        >>> Network([2, 3, 1], activation="tanh", output_activation="linear").layer_activations
        ['tanh', 'linear']
        """
        hidden = self.activation
        names = [hidden] * (len(self.sizes) - 2) if isinstance(hidden, str) else hidden
        return list(names) + [self.output_activation]

    def __repr__(self) -> str:
        return (
            f"Network({self.sizes}, activation={self.activation!r}, "
            f"output_activation={self.output_activation!r}, loss={self.loss!r}, "
            f"bias={bool(self.biases)}, init={self.init!r}, seed={self.seed})"
        )

    def forward(self, X: "Rows") -> "list[Matrix]":
        """Return the outputs of every layer for the inputs X (m x n₀), X itself first.

        >>> Network([2, 1], init="zeros").forward([[1, 2]])
        [[[1.0, 2.0]], [[0.5]]]
        """
        return forward(self, self.check_inputs(X))

    def predict(self, X: "Rows") -> "Matrix":
        """Return the outputs of the last layer (m x n_L) for the inputs X (m x n₀).

        >>> Network([2, 1], init="zeros").predict([[1, 2], [3, 4]])
        [[0.5], [0.5]]
        """
        return self.forward(X)[-1]

    def loss_on(self, X: "Rows", y: "Rows") -> float:
        """Return the loss for inputs X (m x n₀) and targets y (m x n_L), the mean over the rows.

        >>> Network([2, 1], init="zeros").loss_on([[1, 2]], [[1]])
        0.125
        """
        X, y = self.check_data(X, y)
        return loss_of(self, X, y)

    def gradients(self, X: "Rows", y: "Rows", reduction: str = "sum") -> "list[Matrix]":
        """Return the slope of the loss by each parameter; to learn, subtract some of it.

        First come the gradients of the weights, each of the shape of `weights[k]`, then, with
        `bias=True`, those of the biases, each a matrix of one row. They are summed over the rows
        as in the article; `reduction="mean"` divides by their number, and then each gradient is
        the slope of `loss_on`.

        >>> Network([2, 1], init="zeros").gradients([[1, 2]], [[1]])
        [[[-0.125], [-0.25]]]
        """
        X, y = self.check_data(X, y)
        one_of(reduction, "reduction", REDUCTIONS)
        gradients = find_gradients(self, forward(self, X), y, reduction)
        return [apply(lambda slope: slope + 0.0, G) for G in gradients]  # 0.0 instead of -0.0

    def train(
        self,
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
        """Learn the targets y (m x n_L) of the inputs X (m x n₀); return the History of the loss.

        `help(purenet.core.work.Work)` describes the options. Raises PureNetError before anything
        changes if the data or an option is wrong, and Diverged if the loss or a weight is no
        longer finite; the network then has the last finite weights.

        >>> Network([2, 1], init="zeros").train([[0, 1], [1, 0]], [[0], [1]], epochs=1).loss
        [0.125]
        """
        from .training import train  # on a board, a network that only predicts has no room for
        from .work import Work  #      these

        refuse_unknown(unknown, {"validation": "validation_data"})
        work = Work(
            self,
            X,
            y,
            epochs=epochs,
            learning_rate=learning_rate,
            momentum=momentum,
            batch_size=batch_size,
            reduction=reduction,
            shuffle=shuffle,
            validation_data=validation_data,
            callback=callback,
            every=every,
            optimizer=optimizer,
            engine=engine,
        )
        return train(work)

    def copy(self) -> "Network":
        """Return an equal network that shares nothing with this one.

        >>> network = Network([2, 1], seed=1)
        >>> network.copy().weights == network.weights
        True
        """
        weights = [[list(row) for row in W] for W in self.weights]
        biases = [list(row) for row in self.biases]
        twin = Network.of(weights, biases, **{name: getattr(self, name) for name in OPTIONS})
        twin.generator.set_state(self.generator.get_state())
        return twin

    def check_inputs(self, X: "Rows", name: str = "X") -> "Matrix":
        """Return a caller's inputs as new lists of floats, or say what is wrong with them.

        >>> Network([2, 1]).check_inputs([[1, 2, 3]])
        Traceback (most recent call last):
            ...
        purenet.core.checks.PureNetError: X: row 0 has 3 values, but the network has 2 inputs
        """
        check_parameters(self)
        inputs = self.sizes[0]
        return as_matrix(X, name, inputs, f"the network has {counted(inputs, 'input')}")

    def check_data(self, X: "Rows", y: "Rows", of: str = "") -> "tuple[Matrix, Matrix]":
        """Return a caller's inputs and targets as new lists of floats, or say what is wrong.

        `of` is put before the names X and y in messages, to tell which data they are.

        >>> Network([1, 1]).check_data([[1], [2]], [[1]])
        Traceback (most recent call last):
            ...
        purenet.core.checks.PureNetError: y: 1 row, but X has 2 rows
        """
        X = self.check_inputs(X, of + "X")
        last = self.sizes[-1]
        y = as_matrix(y, of + "y", last, f"the network has {counted(last, 'output')}")
        if len(X) != len(y):
            rows, inputs = counted(len(y), "row"), counted(len(X), "row")
            raise PureNetError(f"{of}y: {rows}, but {of}X has {inputs}")
        check_targets(self.loss, self.output_activation, y, of + "y")
        return X, y


def draw_weights(init: str, inputs: int, outputs: int, generator: MT19937) -> "Matrix":
    """Return the first weights between two layers (inputs x outputs), drawn row by row.

    Sources: "uniform" is the article's 2·random() - 1; X. Glorot and Y. Bengio (2010), equation
    16; K. He and others, "Delving deep into rectifiers" (2015), equation 10.

    >>> draw_weights("zeros", 1, 2, MT19937(1))
    [[0.0, 0.0]]
    """
    if init == "zeros":
        return zeros(inputs, outputs)
    if init == "he":
        deviation = math.sqrt(2.0 / inputs)
        return [[deviation * generator.normal() for _ in range(outputs)] for _ in range(inputs)]
    limit = math.sqrt(6.0 / (inputs + outputs)) if init == "glorot" else 1.0
    return [[generator.uniform(-limit, limit) for _ in range(outputs)] for _ in range(inputs)]


def _check_sizes(sizes: "Sizes") -> "list[int]":
    layers = list(elements(sizes, "sizes", "a list such as [3, 4, 1]"))
    if len(layers) < 2:
        raise PureNetError(f"sizes: expected at least two layers, got {shown(sizes)}")
    return [whole_number(size, f"sizes[{k}]", 1) for k, size in enumerate(layers)]


def _check_activations(
    activation: "Names", output_activation: "str | None", hidden_layers: int
) -> "tuple[Names, str]":
    """Return the hidden layers' activation, one name where they agree, and the last layer's."""
    names = [activation] if isinstance(activation, str) else activation
    if not isinstance(names, (list, tuple)):
        raise PureNetError(f"activation: expected a name or a list of names, got {shown(names)}")
    if not isinstance(activation, str) and len(names) != hidden_layers:
        wanted = f"{counted(hidden_layers, 'name')}, one for each hidden layer"
        raise PureNetError(f"activation: expected {wanted}, got {shown(activation)}")
    if output_activation is None:
        output_activation = names[-1] if names else "sigmoid"
    known = sorted(ACTIVATIONS)  # a list: names that cannot be hashed are refused, too
    hidden = [name for name in known if not hidden_layers or name != "softmax"]
    if "softmax" in names and "softmax" not in hidden:
        raise PureNetError("activation: softmax is only for the output layer (output_activation)")
    for name in names:
        one_of(name, "activation", hidden)
    one_of(output_activation, "output_activation", known)
    same = all(name == names[0] for name in names)
    return ((names[0] if names else "sigmoid") if same else list(names)), output_activation
