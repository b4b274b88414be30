"""How wrong an output is, as one number, and the first step back from it.

For one row, with targets y and outputs o:

    squared error     ½ Σ (y - o)²
    cross-entropy     -Σ (y·log(o) + (1 - y)·log(1 - o))      of sigmoid outputs
                      -Σ y·log(o)                             of softmax outputs

The loss of several rows is the mean over the rows. The half is there so that minus the slope of
the squared error is plainly the article's error, y - o.

Cross-entropy is made for its activation. Of one sigmoid output, minus its slope is
y/o - (1 - y)/(1 - o) = (y - o) / (o·(1 - o)), and the sigmoid's slope multiplies that with
o·(1 - o): they cancel, and the delta is y - o. Of softmax outputs, minus the slope is y_i/o_i;
softmax hands on o_j · (y_j/o_j - Σ y_i/o_i · o_i) = y_j - o_j · Σ y_i, and as the targets add up
to 1, the delta is y - o again. So a network that is sure and wrong still learns.
"""

import math

from .activations import ACTIVATIONS
from .checks import PureNetError, shown
from .matrix import check_same_shape, subtract

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Labels, Matrix, Row, RowLoss

# A probability that was rounded to 0.0 would make the loss infinite. It counts as the smallest
# that an output can be, or as the smallest that one minus an output can be, without being 0.0.
SMALLEST_OUTPUT = 2.0**-1074
SMALLEST_REST = 2.0**-53

# Rows of probabilities that were rounded (to six digits in a file, say) still count as whole.
SUM_TOLERANCE = 1e-6


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


def row_loss(loss: str, output_activation: str) -> "RowLoss":
    """Return the loss function of one row that goes by this name with this output layer.

    Raises PureNetError for an unknown name, and for cross-entropy of outputs that are no
    probabilities.

    >>> row_loss("squared_error", "sigmoid") is squared_error
    True
    """
    if loss == "squared_error":
        return squared_error
    if loss != "cross_entropy":
        raise PureNetError(f'loss: expected "squared_error" or "cross_entropy", got {loss!r}')
    if output_activation == "sigmoid":
        return binary_cross_entropy
    if output_activation == "softmax":
        return categorical_cross_entropy
    raise PureNetError(
        f'loss: "cross_entropy" needs a sigmoid or softmax output layer, not {output_activation}'
    )


def mean_loss(loss: "RowLoss", y: "Matrix", outputs: "Matrix") -> float:
    """Return the mean over the rows of a row's loss; y and outputs both (m x n).

    >>> mean_loss(squared_error, [[1.0], [0.0]], [[0.0], [0.0]])
    0.25
    """
    return total_loss(loss, y, outputs) / len(y)


def total_loss(loss: "RowLoss", y: "Matrix", outputs: "Matrix") -> float:
    """Return the sum over the rows of a row's loss; y and outputs both (m x n).

    >>> total_loss(squared_error, [[1.0], [0.0]], [[0.0], [0.0]])
    0.5
    """
    check_same_shape("loss", "and", y, outputs)
    total = 0.0
    for targets, output in zip(y, outputs):
        total += loss(targets, output)
    return total


def output_deltas(loss: str, activation: str, y: "Matrix", outputs: "Matrix") -> "Matrix":
    """Return the deltas of the output layer, where backpropagation begins; all (m x n).

    >>> output_deltas("squared_error", "sigmoid", [[1.0]], [[0.5]])
    [[0.125]]
    >>> output_deltas("cross_entropy", "sigmoid", [[1.0]], [[0.5]])
    [[0.5]]
    """
    errors = subtract(y, outputs)
    if loss == "cross_entropy":
        return errors  # the slopes of loss and activation have canceled
    return ACTIVATIONS[activation].backward(errors, outputs)


def check_targets(loss: str, activation: str, y: "Matrix", name: str = "y") -> None:
    """Raise PureNetError where cross-entropy is asked for targets that are no probabilities.

    >>> check_targets("cross_entropy", "sigmoid", [[1.0], [2.0]])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: y: row 1 has 2.0, but cross_entropy needs values from 0 to 1
    """
    if loss != "cross_entropy":
        return
    for i, row in enumerate(y):
        total = 0.0
        for value in row:
            total += value
            if not 0.0 <= value <= 1.0:
                raise PureNetError(
                    f"{name}: row {i} has {value}, but cross_entropy needs values from 0 to 1"
                )
        if activation == "softmax" and abs(total - 1.0) > SUM_TOLERANCE:
            raise PureNetError(
                f"{name}: row {i} adds up to {total}, but softmax needs rows that add up to 1"
            )


def one_hot(labels: "Labels", classes: "Labels" = ()) -> "Matrix":
    """Return targets for a list of labels: a row each, 1.0 in the column of its class, else 0.0.

    The columns stand for `classes`, in their order; by default for all labels that occur, sorted.
    Raises PureNetError for no labels, for one that is not among the classes, and for a class
    that occurs twice.

    >>> one_hot(["pear", "apple", "pear"])
    [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    >>> one_hot([2], classes=[1, 2, 3])
    [[0.0, 1.0, 0.0]]
    """
    labels, columns = list(labels), list(classes)
    try:
        columns = columns or sorted(set(labels))
        unequal = len(set(columns))
    except TypeError:
        raise PureNetError("labels: expected text or numbers that can be sorted") from None
    if not labels or unequal < len(columns):
        raise PureNetError("labels: expected at least one label, and no class twice")
    for i, label in enumerate(labels):
        if not any(label == column for column in columns):
            raise PureNetError(f"labels: row {i} is {shown(label)}, which is not among the classes")
    return [[1.0 if label == column else 0.0 for column in columns] for label in labels]
