"""The layers of a dense network, from the steps of an ONNX graph, and what stands around them.

In order the steps are: perhaps a scaling of the inputs; for each layer a matrix, perhaps biases,
perhaps an activation; perhaps a scaling of outputs that have none; perhaps the likeliest class. A
scaling is any few sums, differences, products and quotients with constants. Of inputs, they come to
(x - mean) / deviation, and of outputs to x * deviation + mean.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ...core._types import Matrix, Row
from ...core.activations import ACTIVATIONS
from ...core.checks import PureNetError, counted, shown
from ...estimators.preparation import Standardizer
from ..arrays import Array, check_layers
from .messages import FLOATING, MOST_LENGTHS, values_of
from .operators import LABELS, Step, outputs_of

# A Scaler is two steps, and so is (x - mean) / deviation. Each may have as many numbers as a layer.
MOST_SCALINGS = 4

# So many weights there may be in any file, however many layers share them.
MOST_SHARED = 2**16

SCALINGS = ("add", "multiply", "divide")


class Dense(NamedTuple):
    """What a graph says: for each layer weights, biases or None, and an activation; and the rest.

    `inputs` and `outputs` standardize, or are None. `classes` are those of a classifier,
    else None. `single` is true where the numbers are of four bytes.
    """

    weights: list[Matrix]
    biases: list[Row | None]
    activations: list[str]
    inputs: Standardizer | None
    outputs: Standardizer | None
    classes: list[Any] | None
    single: bool


def dense_of(graph: dict[str, Any], operator_set: int, length: int) -> Dense:
    """Return the dense network that a graph is, in a file of this length.

    Raises PureNetError where it is none, and says what is in the way.
    """
    value, outputs = outputs_of(graph, operator_set)
    last, labels = _last_step(outputs)
    parts = _Parts()
    for step in _steps_to(last):
        parts.take(step)
    parts.check(value, length)
    if labels is not None:
        return parts.dense(_classes(parts, labels))
    if parts.last in ("pair", "zipmap"):
        raise PureNetError("probabilities of classes: expected the classes as an output, too")
    return parts.dense(None)


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
        raise PureNetError(
            f"expected one output, or a classifier's labels and probabilities, got {len(outputs):,}"
        )
    if not labels:
        return numbers[0], None
    step: Any = labels[0]
    step = step.before.before if step.operation == "classes" else step.before
    likely = numbers[0] if numbers else step
    if step is not (likely.before if likely.operation == "zipmap" else likely):
        raise PureNetError(f"{labels[0].place}: expected the labels to be those of the outputs")
    return likely, labels[0]


def _classes(parts: _Parts, labels: Step) -> list[Any]:
    """Return the classes of a step to labels: those that it says, or numbers from 0 on.

    Raises PureNetError where outputs are not the probabilities of so many.
    """
    if (parts.activations[-1] == "sigmoid") != parts.pair or (parts.pair and parts.width != 1):
        raise PureNetError("labels: expected the probabilities 1 - p and p, or softmax")
    count = 2 if parts.pair else parts.width
    classes: list[Any] = list(range(count))
    if labels.operation == "classes":
        if labels.value.size != count:  # only now, and only once, is it unpacked
            came = counted(labels.value.size, "label")
            raise PureNetError(f"classes: {came}, but there are {counted(count, 'output')}")
        classes = values_of(labels.value)
    if parts.labels and parts.labels != classes:
        raise PureNetError(f"ZipMap: expected the labels {shown(classes)}")
    return classes


class _Parts:
    """The parts of a network, of which steps add one after another."""

    def __init__(self) -> None:
        self.weights: list[Array] = []
        self.biases: list[Array | None] = []
        self.activations: list[str] = []
        self.before: list[Step] = []
        self.after: list[Step] = []
        self.last = "input"
        self.width = 0  # 0 where it is not known yet
        self.flat = False
        self.pair = False
        self.labels: list[Any] = []

    def take(self, step: Step) -> None:
        """Add what a step does, or say why it cannot be done here."""
        operation = step.operation
        if self.last in ("pair", "zipmap", "rows") and operation != "zipmap":
            raise PureNetError(f"{step.place}: a dense network ends before it")
        if operation == "matrix":
            self._matrix(step)
        elif operation in SCALINGS:
            self._scaling(step)
        elif operation in ACTIVATIONS:
            self._activation(step)
        elif operation in ("flatten", "reshape"):
            self._shape(step)
            return
        elif operation == "pair":
            self.pair = True
        elif operation == "zipmap":
            self.labels = step.value
        else:
            raise PureNetError(f"{step.place}: {operation}: a dense network does not end like this")
        self.last = operation

    def _matrix(self, step: Step) -> None:
        lengths = step.value.shape
        if len(lengths) != 2:
            raise PureNetError(f"{step.place}: expected a matrix, got {_shown(lengths)}")
        if self.after:
            raise PureNetError(f"{self.after[0].place}: between layers, it is no dense network's")
        if self.width and lengths[0] != self.width:
            came, needed = counted(lengths[0], "row"), counted(self.width, "value")
            raise PureNetError(f"{step.place}: a matrix of {came}, but {needed} go in")
        self.width = lengths[1]
        self.weights.append(step.value)
        self.biases.append(None)
        self.activations.append("linear")

    def _scaling(self, step: Step) -> None:
        if step.operation == "add" and self.last == "matrix":
            self.biases[-1] = step.value
            return
        if self.weights and self.last not in ("matrix", *SCALINGS):
            raise PureNetError(f"{step.place}: after an activation, it is no dense network's")
        steps = self.after if self.weights else self.before
        steps.append(step)
        if len(steps) > MOST_SCALINGS:
            raise PureNetError(f"{step.place}: more than {MOST_SCALINGS} scalings in a row")

    def _activation(self, step: Step) -> None:
        if self.last not in ("matrix", "add") or self.after or not self.weights:
            raise PureNetError(f"{step.place}: {step.operation} does not follow a layer's weights")
        self.activations[-1] = step.operation

    def _shape(self, step: Step) -> None:
        """Take a new shape of the rows, if it is (rows x columns)."""
        self.flat = self.flat or not self.weights
        if step.operation == "flatten":
            return
        lengths = step.value
        if lengths == [-1, 1] and self.width > 1 and self.activations[-1:] == ["linear"]:
            # So skl2onnx writes a regressor, even if it has several outputs: as one column. They
            # are the same numbers.
            self.last = "rows"
            return
        rows, columns = lengths if len(lengths) == 2 else (1, 1)
        if (rows, columns) != (0, -1) and not (rows in (0, -1) and columns > 0):
            raise PureNetError(f"{step.place}: expected (rows x columns), got {_shown(lengths)}")
        if columns > 0 and self.width and columns != self.width:
            came = counted(self.width, "column")
            raise PureNetError(f"{step.place}: expected {came}, got {_shown(lengths)}")
        self.width = self.width or max(columns, 0)

    def check(self, value: dict[str, Any], length: int) -> None:
        """Raise PureNetError where layers do not fit one another, the graph's input, or the file.

        Layers may share a tensor. Each has its own copy of the numbers, and so that these grow
        with the file, there are no more of them than bytes in it, if there are many.
        """
        if not self.weights:
            raise PureNetError("no layer with weights")
        check_layers(self.weights, [None] * len(self.weights))
        count = sum(W.size for W in self.weights)
        if count > max(length, MOST_SHARED):
            came = f"{counted(count, 'weight')} in a file of {counted(length, 'byte')}"
            raise PureNetError(f"{came}: expected a tensor for each layer")
        shape = value.get("type", {}).get("tensor_type", {}).get("shape")
        if shape is not None:
            lengths = [each.get("dim_value", 0) for each in shape.get("dim", [])]
            self._check_columns(lengths)

    def _check_columns(self, lengths: list[int]) -> None:
        """Raise PureNetError where the graph says of its input that rows have another length."""
        inputs = self.weights[0].shape[0]
        if len(lengths) > MOST_LENGTHS:
            raise PureNetError(f"the input: {counted(len(lengths), 'length')}")
        known = min(lengths[1:], default=1) > 0
        if (len(lengths) != 2 and not self.flat) or (known and math.prod(lengths[1:]) != inputs):
            expected = f"rows of {counted(inputs, 'number')}"
            raise PureNetError(f"the input: expected {expected}, got {_shown(lengths)}")

    def dense(self, classes: list[Any] | None) -> Dense:
        """Return the numbers, which are known to be no more than a model can have."""
        inputs = self.weights[0].shape[0]
        widths = [W.shape[1] for W in self.weights]
        return Dense(
            [_floats(W).matrix() for W in self.weights],
            [b if b is None else _vector(b, n) for b, n in zip(self.biases, widths)],
            self.activations,
            _of_inputs(self.before, inputs),
            _of_outputs(self.after, widths[-1]),
            classes,
            self.weights[0].code == "<f",
        )


def _shown(lengths: Any) -> str:
    return f"({' x '.join(map(str, lengths))})"[:60]


def _floats(tensor: Array) -> Array:
    if tensor.code not in FLOATING:
        raise PureNetError(f"{tensor.name}: expected numbers with a point")
    return tensor


def _vector(tensor: Array, width: int) -> Row:
    """Return a number for each column, of a tensor that has so many, or one for all."""
    one_row = len(tensor.shape) == 2 and tensor.shape[0] == 1
    shape = tensor.shape[1:] if one_row else tensor.shape
    if shape not in ((), (1,), (width,)):
        needed = counted(width, "column")
        raise PureNetError(f"{tensor.name}: {_shown(tensor.shape)}, but there are {needed}")
    numbers = _floats(tensor).numbers()
    return numbers if shape == (width,) else numbers * width


def _of_inputs(steps: list[Step], width: int) -> Standardizer | None:
    """Return means m and deviations d, for which the steps come to (x - m) / d."""
    if not steps:
        return None
    means, deviations = [0.0] * width, [1.0] * width
    for step in steps:
        numbers = _vector(step.value, width)
        if step.operation == "add":
            means = [m - c * d for m, c, d in zip(means, numbers, deviations)]
        else:
            deviations = _scaled(deviations, numbers, step, step.operation == "multiply")
    return _finite(means, deviations)


def _of_outputs(steps: list[Step], width: int) -> Standardizer | None:
    """Return means m and deviations d, for which the steps come to x * d + m."""
    if not steps:
        return None
    means, deviations = [0.0] * width, [1.0] * width
    for step in steps:
        numbers = _vector(step.value, width)
        if step.operation == "add":
            means = [m + c for m, c in zip(means, numbers)]
        else:
            means = _scaled(means, numbers, step, step.operation == "divide")
            deviations = _scaled(deviations, numbers, step, step.operation == "divide")
    return _finite(means, deviations)


def _scaled(row: Row, numbers: Row, step: Step, divide: bool) -> Row:
    if not divide:
        return [a * c for a, c in zip(row, numbers)]
    if 0.0 in numbers:
        raise PureNetError(f"{step.place}: a scale is 0")
    return [a / c for a, c in zip(row, numbers)]


def _finite(means: Row, deviations: Row) -> Standardizer:
    if not all(map(math.isfinite, means + deviations)):
        raise PureNetError("scalings: together they are too large for a float")
    return Standardizer(means, deviations)
