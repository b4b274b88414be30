"""How wrong an output is, as one number, and the first step back from it.

For one row, with targets y and outputs o:

    squared error     ½ Σ (y - o)²
    cross-entropy     -Σ (y·log(o) + (1 - y)·log(1 - o))      of sigmoid outputs
                      -Σ y·log(o)                             of softmax outputs

The loss of several rows is the mean over the rows. The half is there so that minus the slope of
the squared error is plainly the article's error, y - o.

Cross-entropy is made for its activation. Of one sigmoid output, minus its slope is
y/o - (1 - y)/(1 - o) = (y - o) / (o·(1 - o)), and the sigmoid's slope multiplies that by
o·(1 - o): they cancel, and the delta is y - o. Of softmax outputs, minus the slope is y_i/o_i;
softmax passes back o_j · (y_j/o_j - Σ y_i/o_i · o_i) = y_j - o_j · Σ y_i, and as the targets add up
to 1, the delta is y - o again. So a network that is sure and wrong still learns.
"""

import math

from .activations import ACTIVATIONS
from .checks import PureNetError, check_same_shape, shown
from .matrix import subtract

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import AnyNetwork, Layerwise, Matrix, Row, RowLoss

# An output that was rounded to 0.0 or 1.0 would make the loss infinite, so each logarithm takes at
# least the smallest value that its argument can have without being 0.0.
SMALLEST_OUTPUT = 2.0**-1074
SMALLEST_REST = 2.0**-53


def squared_error(targets: "Row", outputs: "Row") -> float:
    """Return half the sum of squared errors of one row.

    >>> squared_error([1.0, 0.0], [0.0, 2.0])
    2.5
    """
    total = 0.0
    for target, output in zip(targets, outputs):
        error = target - output
        total += error * error
    return 0.5 * total


def binary_cross_entropy(targets: "Row", outputs: "Row") -> float:
    """Return the cross-entropy of one row of sigmoid outputs, each a yes or no of its own.

    >>> binary_cross_entropy([1.0], [0.5]) == math.log(2.0)
    True
    """
    total = 0.0
    for target, output in zip(targets, outputs):
        log_rest = math.log(max(1.0 - output, SMALLEST_REST))
        total -= target * _log(output) + (1.0 - target) * log_rest
    return total


def categorical_cross_entropy(targets: "Row", outputs: "Row") -> float:
    """Return the cross-entropy of one row of softmax outputs, one class among several.

    >>> categorical_cross_entropy([0.0, 1.0], [0.5, 0.5]) == math.log(2.0)
    True
    """
    total = 0.0
    for target, output in zip(targets, outputs):
        total -= target * _log(output)
    return total


def _log(probability: float) -> float:
    return math.log(max(probability, SMALLEST_OUTPUT))


class Loss:
    """A loss function: its value over all rows, and the deltas of the output layer.

    `of_row(targets, outputs)` is the loss of one row. `activation` is the output layer's; it is
    None where its slope cancels the loss's, so that the delta is y - o. Minus the slope of the
    squared error is y - o, too, and then the activation's slope multiplies it.

    >>> LOSSES["squared_error"]["sigmoid"].total([[1.0]], [[0.5]])
    0.125
    >>> LOSSES["squared_error"]["sigmoid"].backward([[1.0]], [[0.5]])
    [[0.125]]
    """

    def __init__(self, of_row: "RowLoss", activation: "Layerwise | None" = None) -> None:
        self.of_row = of_row
        self.activation = activation

    def total(self, y: "Matrix", outputs: "Matrix") -> float:
        """Return the sum of the rows' losses; y and outputs both (m x n)."""
        check_same_shape("loss", "and", y, outputs)
        total = 0.0
        for targets, row in zip(y, outputs):
            total += self.of_row(targets, row)
        return total

    def backward(self, y: "Matrix", outputs: "Matrix") -> "Matrix":
        """Return the deltas of the output layer; all (m x n)."""
        errors = subtract(y, outputs)                                   # (m x n)
        if self.activation is None:
            return errors                                               # (m x n)
        return self.activation.backward(errors, outputs)                # (m x n)


# Each loss, by the activation of the output layer that it is for.
LOSSES = {
    "squared_error": {name: Loss(squared_error, ACTIVATIONS[name]) for name in ACTIVATIONS},
    "cross_entropy": {
        "sigmoid": Loss(binary_cross_entropy),
        "softmax": Loss(categorical_cross_entropy),
    },
}


def find_loss(name: str, output_activation: str) -> Loss:
    """Return the loss of this name for an output layer of this activation.

    Raises PureNetError for an unknown name, and for cross-entropy of outputs that are not
    probabilities.

    >>> find_loss("cross_entropy", "sigmoid").backward([[1.0]], [[0.5]])
    [[0.5]]
    """
    if name not in list(LOSSES):  # a list: names that cannot be hashed are refused, too
        raise PureNetError(f'loss: expected "squared_error" or "cross_entropy", got {shown(name)}')
    if output_activation not in LOSSES[name]:
        needed = "needs a sigmoid or softmax output layer"
        raise PureNetError(f'loss: "{name}" {needed}, not {output_activation}')
    return LOSSES[name][output_activation]


def loss_function(network: "AnyNetwork") -> Loss:
    """Return the loss of a network.

    >>> from .network import Network
    >>> loss_function(Network([2, 1])).of_row is squared_error
    True
    """
    return find_loss(network.loss, network.output_activation)
