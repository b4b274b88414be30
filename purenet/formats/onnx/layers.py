"""The layers of a dense network, and the scalings around them, from the steps of an ONNX graph.

The steps come in this order: perhaps a scaling of the inputs; for each layer a matrix, perhaps
biases, perhaps an activation; perhaps a scaling of linear outputs; perhaps the likeliest class. A
scaling is a few sums, differences, products and quotients with constants. A scaling of inputs is
reduced to (x - mean) / deviation, one of outputs to x * deviation + mean.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ...core._types import Matrix, Row
from ...core.activations import ACTIVATIONS
from ...core.checks import PureNetError, counted, shown
from ...estimators.preparation import Standardizer
from ..arrays import Array, check_layers
from .messages import FLOATING, MOST_DIMENSIONS, values_of
from .operators import LABELS, Step, outputs_of

# A Scaler is two steps, and so is (x - mean) / deviation. The limit matters because each step may
# have as many numbers as a layer.
MOST_SCALINGS = 4

# Any file may have this many weights, however many layers share them.
MOST_SHARED = 2**16

SCALINGS = ("add", "multiply", "divide")


class DenseNetwork(NamedTuple):
    """The content of a graph: each layer's weights, biases or None, and activation; and the rest.

    `inputs` and `outputs` standardize, or are None. `classes` are those of a classifier, else None.
    `single` is true if the numbers have four bytes.
    """

    weights: list[Matrix]
    biases: list[Row | None]
    activations: list[str]
    inputs: Standardizer | None
    outputs: Standardizer | None
    classes: list[Any] | None
    single: bool


def dense_network_of(graph: dict[str, Any], operator_set: int, length: int) -> DenseNetwork:
    """Return the dense network in a graph, from a file of this length.

    Raises PureNetError, with the first obstacle, if the graph is not a dense network.
    """
    value, outputs = outputs_of(graph, operator_set)
    last, labels = _last_step(outputs)
    layers = _Layers(_steps_to(last))
    layers.check(value, length)
    if labels is not None:
        return layers.dense(_classes(layers, labels))
    if layers.last in ("pair", "zipmap"):
        raise PureNetError("expected the labels as an output beside the probabilities of classes")
    return layers.dense(None)


def _steps_to(last: Step) -> list[Step]:
    steps = []
    step: Step | None = last
    while step is not None and step.before is not None:
        steps.append(step)
        step = step.before
    return steps[::-1]


def _last_step(outputs: list[Step]) -> tuple[Step, Step | None]:
    """Return the step to a network's outputs, and the one to labels, if there are any."""
    labels = [step for step in outputs if step.operation in LABELS]
    numbers = [step for step in outputs if step.operation not in LABELS]
    if len(labels) > 1 or len(numbers) > 1 or not outputs:
        came = counted(len(outputs), "output")
        raise PureNetError(f"expected one output, or labels and probabilities, got {came}")
    if not labels:
        return numbers[0], None
    step: Any = labels[0]
    # Labels are the indexes from an ArgMax, or the classes that a further step looks up by them.
    step = step.before.before if step.operation == "classes" else step.before
    # A file may have only labels as an output. Then the step before them gives the probabilities.
    likely = numbers[0] if numbers else step
    # Labels and probabilities must come from the same step. ZipMap, which only pairs probabilities
    # with labels, may be between.
    if step is not (likely.before if likely.operation == "zipmap" else likely):
        raise PureNetError(f"{labels[0].place}: expected labels made from the probabilities")
    return likely, labels[0]


def _classes(layers: _Layers, labels: Step) -> list[Any]:
    """Return the classes in a step to labels, or numbers from 0 on if it has none.

    Raises PureNetError if the outputs are not a probability for each class.
    """
    # A sigmoid gives the probability of one class. It needs the pair 1 - p and p, and nothing else
    # may have that pair.
    if (layers.activations[-1] == "sigmoid") != layers.pair or (layers.pair and layers.width != 1):
        raise PureNetError("labels: expected softmax outputs, or 1 - p and p from a sigmoid")
    count = 2 if layers.pair else layers.width
    classes: list[Any] = list(range(count))
    if labels.operation == "classes":
        if labels.value.size != count:  # compared before anything is unpacked
            came = counted(labels.value.size, "label")
            raise PureNetError(f"classes: {came}, but the network has {counted(count, 'output')}")
        classes = values_of(labels.value)
    if layers.labels and layers.labels != classes:
        raise PureNetError(f"ZipMap: expected labels {shown(classes)}, got {shown(layers.labels)}")
    return classes


class _Layers:
    """The layers of a network, which are collected step by step, and what is around them.

    `before` and `after` are the scalings. `last` is the operation of the last step, and `width` the
    number of columns after it. `flat` is true if images were flattened, `pair` if the outputs are
    1 - p and p. `labels` are those of a ZipMap.
    """

    def __init__(self, steps: list[Step]) -> None:
        self.weights: list[Array] = []
        self.biases: list[Array | None] = []
        self.activations: list[str] = []
        self.before: list[Step] = []
        self.after: list[Step] = []
        self.last = "input"
        self.width = 0  # 0 until it is known
        self.flat = False
        self.pair = False
        self.labels: list[Any] = []
        for step in steps:
            self._take(step)

    def _take(self, step: Step) -> None:
        """Add a step, or raise PureNetError if it cannot follow the ones before."""
        operation = step.operation
        # After these the outputs are no longer rows of numbers that a layer could take.
        if self.last in ("pair", "zipmap", "rows") and operation != "zipmap":
            raise PureNetError(f"{step.place}: expected the graph to end before this node")
        if operation == "matrix":
            self._matrix(step)
        elif operation in SCALINGS:
            self._scaling(step)
        elif operation in ACTIVATIONS:
            self._activation(step)
        elif operation in ("flatten", "reshape"):
            # A shape leaves self.last unchanged, so that biases or an activation may follow it.
            self._shape(step)
            return
        elif operation == "pair":
            self.pair = True
        elif operation == "zipmap":
            self.labels = step.value
        else:
            raise PureNetError(f"{step.place}: expected a layer or a scaling, got {operation}")
        self.last = operation

    def _matrix(self, step: Step) -> None:
        lengths = step.value.shape
        if len(lengths) != 2:
            raise PureNetError(f"{step.place}: expected a matrix, got {_shown(lengths)}")
        # A Network has no scaling between layers, and folding one into weights would round
        # differently.
        if self.after:
            raise PureNetError(f"{self.after[0].place}: expected no scaling between layers")
        if self.width and lengths[0] != self.width:
            came, needed = counted(lengths[0], "row"), counted(self.width, "column")
            raise PureNetError(f"{step.place}: a matrix of {came}, but its input has {needed}")
        self.width = lengths[1]
        self.weights.append(step.value)
        # Later steps replace these if the layer has biases or an activation.
        self.biases.append(None)
        self.activations.append("linear")

    def _scaling(self, step: Step) -> None:
        # Only an addition directly after a matrix is the layer's biases. Later ones are scalings.
        if step.operation == "add" and self.last == "matrix":
            self.biases[-1] = step.value
            return
        if self.weights and self.last not in ("matrix", *SCALINGS):
            raise PureNetError(f"{step.place}: expected no scaling after an activation")
        steps = self.after if self.weights else self.before
        steps.append(step)
        if len(steps) > MOST_SCALINGS:
            raise PureNetError(f"{step.place}: expected at most {MOST_SCALINGS} scalings in a row")

    def _activation(self, step: Step) -> None:
        # A Network has one activation per layer, directly after the weights and biases.
        if self.last not in ("matrix", "add") or self.after or not self.weights:
            raise PureNetError(f"{step.place}: expected weights or biases before {step.operation}")
        self.activations[-1] = step.operation

    def _shape(self, step: Step) -> None:
        """Accept a new shape of the rows, if it is (rows x columns)."""
        self.flat = self.flat or not self.weights
        if step.operation == "flatten":
            return
        lengths = step.value
        if lengths == [-1, 1] and self.width > 1 and self.activations[-1:] == ["linear"]:
            # skl2onnx writes a regressor's outputs as one column, even if there are several. The
            # numbers are the same.
            self.last = "rows"
            return
        # In a Reshape, 0 keeps a length and -1 stands for the rest.
        rows, columns = lengths if len(lengths) == 2 else (1, 1)
        if (rows, columns) != (0, -1) and not (rows in (0, -1) and columns > 0):
            raise PureNetError(f"{step.place}: expected (rows x columns), got {_shown(lengths)}")
        if columns > 0 and self.width and columns != self.width:
            came = counted(self.width, "column")
            raise PureNetError(f"{step.place}: expected {came}, got {_shown(lengths)}")
        self.width = self.width or max(columns, 0)

    def check(self, value: dict[str, Any], length: int) -> None:
        """Raise PureNetError if layers do not fit one another, the graph's input, or the file.

        Layers may share a tensor, but each gets its own copy of the numbers. A short file could so
        take much memory. Therefore a file with many weights may have at most one per byte.
        """
        if not self.weights:
            raise PureNetError("expected at least one layer with weights, got none")
        # `dense` checks the lengths of biases.
        check_layers(self.weights, [None] * len(self.weights))
        count = sum(W.size for W in self.weights)
        if count > max(length, MOST_SHARED):
            came = f"{counted(count, 'weight')} in a file of {counted(length, 'byte')}"
            raise PureNetError(f"{came}: expected layers that share no tensor")
        shape = value.get("type", {}).get("tensor_type", {}).get("shape")
        if shape is not None:
            lengths = [each.get("dim_value", 0) for each in shape.get("dim", [])]
            self._check_columns(lengths)

    def _check_columns(self, lengths: list[int]) -> None:
        """Raise PureNetError if the graph's input has rows of another length."""
        inputs = self.weights[0].shape[0]
        if len(lengths) > MOST_DIMENSIONS:
            raise PureNetError(
                f"the input: expected at most {MOST_DIMENSIONS} dimensions, got more"
            )
        # A length of 0 is one that the file leaves open. Images are allowed if they are flattened
        # first.
        known = min(lengths[1:], default=1) > 0
        if (len(lengths) != 2 and not self.flat) or (known and math.prod(lengths[1:]) != inputs):
            expected = f"rows of {counted(inputs, 'number')}"
            raise PureNetError(f"the input: expected {expected}, got {_shown(lengths)}")

    def dense(self, classes: list[Any] | None) -> DenseNetwork:
        """Return the network; after `check`, its numbers are within a model's limits."""
        inputs = self.weights[0].shape[0]
        widths = [W.shape[1] for W in self.weights]
        return DenseNetwork(
            [_floats(W).matrix() for W in self.weights],
            [b if b is None else _vector(b, n) for b, n in zip(self.biases, widths)],
            self.activations,
            _standardizer(self.before, inputs, of_outputs=False),
            _standardizer(self.after, widths[-1], of_outputs=True),
            classes,
            self.weights[0].code == "<f",
        )


def _shown(lengths: Any) -> str:
    return f"({' x '.join(map(str, lengths))})"[:60]


def _floats(tensor: Array) -> Array:
    if tensor.code not in FLOATING:
        raise PureNetError(f"{tensor.name}: expected floats, got integers or text")
    return tensor


def _vector(tensor: Array, width: int) -> Row:
    """Return a number for each column, from a tensor of `width` numbers or of one for all."""
    # ONNX broadcasts, so a row may also be written as one number or as a (1 x n) matrix.
    one_row = len(tensor.shape) == 2 and tensor.shape[0] == 1
    shape = tensor.shape[1:] if one_row else tensor.shape
    if shape not in ((), (1,), (width,)):
        came = _shown(tensor.shape)
        raise PureNetError(f"{tensor.name}: expected one number or {width:,}, got {came}")
    numbers = _floats(tensor).numbers()
    return numbers if shape == (width,) else numbers * width


def _standardizer(steps: list[Step], width: int, of_outputs: bool) -> Standardizer | None:
    """Return means m and deviations d for which the steps equal (x - m) / d, or x * d + m."""
    if not steps:
        return None
    means, deviations = [0.0] * width, [1.0] * width
    for step in steps:
        numbers = _vector(step.value, width)
        if step.operation != "add":
            divide = (step.operation == "divide") == of_outputs
            deviations = _scaled(deviations, numbers, step, divide)
            means = _scaled(means, numbers, step, divide) if of_outputs else means
        elif of_outputs:
            means = [m + c for m, c in zip(means, numbers)]
        else:
            # (x - m) / d + c = (x - (m - c·d)) / d
            means = [m - c * d for m, c, d in zip(means, numbers, deviations)]
    if not all(map(math.isfinite, means + deviations)):
        raise PureNetError("scalings: expected finite numbers when combined, got infinity")
    return Standardizer(means, deviations)


def _scaled(row: Row, numbers: Row, step: Step, divide: bool) -> Row:
    if not divide:
        return [a * c for a, c in zip(row, numbers)]
    if 0.0 in numbers:
        raise PureNetError(f"{step.place}: expected a divisor other than 0")
    return [a / c for a, c in zip(row, numbers)]
