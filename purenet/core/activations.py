"""What a neuron does with its weighted input, and the slope of that, taken from the output.

The question most asked about the article is why the slope is `output * (1 - output)` and not
a function of the input. They are the same slope: for s = sigmoid(x), ds/dx = s · (1 - s), and s
is what the forward pass has just computed, so nobody needs x again. Each slope below therefore
takes an output. Passing it an input is the classic mistake: the article's `nonlin(l1, True)` is
right because `l1` is already an output.
"""

import math

from .checks import check_same_shape, shape
from .matrix import apply, inner_product, multiply

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Function, Layerwise, Matrix, Row


def sigmoid(x: float) -> float:
    """Return 1 / (1 + exp(-x)), which lies between 0 and 1.

    Where exp overflows (x below about -709.78) the answer is 0.0, as NumPy's formula gives it.
    From about x = 36.74 on, 1 + exp(-x) rounds to 1, so the answer is exactly 1.0.

    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    try:
        return 1.0 / (1.0 + math.exp(-x))
    except (OverflowError, ValueError):  # MicroPython's exp raises ValueError
        return 0.0


def sigmoid_slope(output: float) -> float:
    """Return the sigmoid's slope at the input that gave this output: at most 0.25, at 0.5.

    With e = exp(-x) and s = 1 / (1 + e): ds/dx = e / (1 + e)² = s · e / (1 + e) = s · (1 - s).

    >>> sigmoid_slope(0.5), sigmoid_slope(1.0)
    (0.25, 0.0)
    """
    return output * (1.0 - output)


def tanh_slope(output: float) -> float:
    """Return tanh's slope at the input that gave this output: d tanh/dx = 1 - tanh².

    >>> tanh_slope(0.5)
    0.75
    """
    return 1.0 - output * output


def relu(x: float) -> float:
    """Return x, or 0.0 where x is negative. NaN stays NaN, so that trouble is seen.

    >>> relu(2.0), relu(-2.0)
    (2.0, 0.0)
    """
    return 0.0 if x < 0.0 else x


def relu_slope(output: float) -> float:
    """Return relu's slope at the input that gave this output: 1 if that is above 0, else 0.

    >>> relu_slope(2.0), relu_slope(0.0)
    (1.0, 0.0)
    """
    return 1.0 if output > 0.0 else 0.0


LEAK = 0.01  # as Maas, Hannun and Ng (2013) chose it, and PyTorch after them


def leaky_relu(x: float) -> float:
    """Return x, or a hundredth of it where x is negative.

    >>> leaky_relu(2.0), leaky_relu(-2.0)
    (2.0, -0.02)
    """
    return LEAK * x if x < 0.0 else x


def leaky_relu_slope(output: float) -> float:
    """Return leaky_relu's slope at the input that gave this output; both have the same sign.

    >>> leaky_relu_slope(2.0), leaky_relu_slope(-0.02)
    (1.0, 0.01)
    """
    return 1.0 if output > 0.0 else LEAK


def linear(x: float) -> float:
    """Return x unchanged.

    >>> linear(2.0)
    2.0
    """
    return x


def linear_slope(output: float) -> float:
    """Return 1.0, the slope of a straight line at any output.

    >>> linear_slope(2.0)
    1.0
    """
    return 1.0


def softmax(row: "Row") -> "Row":
    """Return exp(x) / Σ exp(x) for each x: positive numbers that add up to 1.

    The largest input is subtracted first, so that exp cannot overflow; it cancels in the quotient.

    >>> softmax([0.0, 0.0, -1000.0])
    [0.5, 0.5, 0.0]
    """
    largest = max(row)
    powers = [math.exp(x - largest) for x in row]
    total = 0.0
    for power in powers:
        total += power
    return [power / total for power in powers]


def softmax_deltas(errors: "Row", outputs: "Row") -> "Row":
    """Return the deltas of one row of a softmax layer, from the errors at its outputs.

    Each output depends on every input: do_i/dx_j = o_i · ([i = j] - o_j). Summed over the outputs
    that comes to delta_j = o_j · (error_j - Σ error_i · o_i).

    >>> softmax_deltas([1.0, 0.0], [0.5, 0.5])
    [0.25, -0.25]
    """
    mean = inner_product(errors, outputs)
    return [output * (error - mean) for error, output in zip(errors, outputs)]


class Activation:
    """A function of one number and its slope, applied to a whole layer.

    >>> ACTIVATIONS["sigmoid"].forward([[0.0]])
    [[0.5]]
    >>> ACTIVATIONS["sigmoid"].backward([[2.0]], [[0.5]])
    [[0.5]]
    """

    def __init__(self, function: "Function", slope: "Function") -> None:
        self.function = function
        self.slope = slope

    def forward(self, Z: "Matrix") -> "Matrix":
        """Return the layer's outputs from its weighted inputs; both (m x n)."""
        return apply(self.function, Z)                                  # (m x n)

    def backward(self, errors: "Matrix", outputs: "Matrix") -> "Matrix":
        """Return the layer's deltas, errors * slope(outputs); all (m x n)."""
        return multiply(errors, apply(self.slope, outputs))             # (m x n) * (m x n)


class Softmax:
    """Softmax of a whole layer: row by row, because its outputs depend on one another."""

    def forward(self, Z: "Matrix") -> "Matrix":
        """Return the layer's outputs from its weighted inputs; both (m x n)."""
        shape(Z, "softmax")
        return [softmax(row) for row in Z]                              # (m x n)

    def backward(self, errors: "Matrix", outputs: "Matrix") -> "Matrix":
        """Return the layer's deltas from the errors at its outputs; all (m x n)."""
        check_same_shape("softmax", "and", errors, outputs)
        pairs = zip(errors, outputs)
        return [softmax_deltas(row, output) for row, output in pairs]   # (m x n)


ACTIVATIONS: "dict[str, Layerwise]" = {
    "sigmoid": Activation(sigmoid, sigmoid_slope),
    "tanh": Activation(math.tanh, tanh_slope),
    "relu": Activation(relu, relu_slope),
    "leaky_relu": Activation(leaky_relu, leaky_relu_slope),
    "linear": Activation(linear, linear_slope),
    "softmax": Softmax(),
}
