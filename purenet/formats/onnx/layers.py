"""The layers of a dense network, and the scalings around them, from the steps of an ONNX graph.

`formats.layers` makes layers of matrices, scalings, selections of columns and activations. Here is
what only a graph has: new shapes of the rows, labels, and sizes that are checked before any number
is read.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

from ...core._types import Row
from ...core.activations import ACTIVATIONS
from ...core.checks import PureNetError, counted, shown
from ..arrays import Array, check_layers
from ..layers import OPERATIONS, Layers
from ..readers import named
from .messages import FLOATING, MOST_DIMENSIONS, values_of
from .operators import LABELS, Step, outputs_of

# Any file may have this many weights, however many layers share them.
MOST_SHARED = 2**16


class DenseGraph(NamedTuple):
    """The content of a graph: its layers, and the classes of a classifier or None.

    `single` is true if the numbers have four bytes.
    """

    layers: Layers
    classes: list[Any] | None
    single: bool


def dense_graph_of(graph: dict[str, Any], operator_set: int, length: int) -> DenseGraph:
    """Return the dense network in a graph, from a file of this length.

    Raises PureNetError, with the first obstacle, if the graph is not a dense network.
    """
    value, outputs = outputs_of(graph, operator_set)
    last, labels = _last_step(outputs)
    columns = _Columns(value)
    steps = []
    while last.before is not None:
        steps.append(last)
        last = last.before
    for step in reversed(steps):
        columns.follow(step)
    columns.check(length)
    layers = columns.layers()
    single = columns.weights[0].code == "<f"
    if labels is not None:
        return DenseGraph(layers, _classes(layers, columns, labels), single)
    if columns.ending in ("pair", "zipmap"):
        raise PureNetError("expected the labels as an output beside the probabilities of classes")
    return DenseGraph(layers, None, single)


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


def _classes(layers: Layers, columns: _Columns, labels: Step) -> list[Any]:
    """Return the classes in a step to labels, or numbers from 0 on if it has none.

    Raises PureNetError if the outputs are not a probability for each class.
    """
    # A sigmoid gives the probability of one class. It needs the pair 1 - p and p, and nothing else
    # may have that pair.
    pair = columns.is_pair
    if (layers.activations[-1] == "sigmoid") != pair or (pair and columns.width != 1):
        raise PureNetError("labels: expected softmax outputs, or 1 - p and p from a sigmoid")
    count = 2 if pair else columns.width
    classes: list[Any] = list(range(count))
    if labels.operation == "classes":
        if labels.value.size != count:  # compared before anything is unpacked
            came = counted(labels.value.size, "label")
            raise PureNetError(f"classes: {came}, but the network has {counted(count, 'output')}")
        classes = values_of(labels.value)
    if columns.labels and columns.labels != classes:
        raise PureNetError(f"ZipMap: expected labels {shown(classes)}, got {shown(columns.labels)}")
    return classes


class _Columns:
    """What the steps of a graph do to the columns of its input, before numbers are read.

    `width` is the number of columns, 0 if it is not known yet. `weights` are the matrices, with a
    row for each column before a selection. `ending` is the last operation if no layer may follow.
    """

    def __init__(self, value: dict[str, Any]) -> None:
        shape = value.get("type", {}).get("tensor_type", {}).get("shape", {})
        # A length of 0 is one that the file leaves open.
        self.lengths = [each.get("dim_value", 0) for each in shape.get("dim", [])]
        if len(self.lengths) > MOST_DIMENSIONS:
            needed = f"at most {MOST_DIMENSIONS} dimensions"
            raise PureNetError(f"the input: expected {needed}, got more")
        self.width = max(0, math.prod(self.lengths[1:])) if self.lengths[1:] else 0
        self.before = 0  # the number of columns before a selection
        self.weights: list[Array] = []
        self.reads: list[tuple[Step, Callable[[], Any]]] = []
        self.is_flat = not shape
        self.ending = ""
        self.is_pair = False
        self.labels: list[Any] = []

    def follow(self, step: Step) -> None:
        """Follow a step, or raise PureNetError if it cannot follow the ones before."""
        operation = step.operation
        # After these the outputs are no longer rows of numbers that a layer could take.
        if self.ending and operation != "zipmap":
            raise PureNetError(f"{step.place}: expected the graph to end before this node")
        if operation == "matrix":
            self._matrix(step)
        elif operation == "select":
            self._select(step)
        elif operation in OPERATIONS:
            width = self.width
            self.reads.append((step, lambda: _vector(step.value, width or self.inputs)))
        elif operation in ACTIVATIONS:
            self.reads.append((step, lambda: None))
        elif operation in ("flatten", "reshape"):
            self._shape(step)
        elif operation in ("pair", "zipmap"):
            self.is_pair = self.is_pair or operation == "pair"
            self.labels, self.ending = step.value or [], operation
        else:
            raise PureNetError(f"{step.place}: expected a layer or a scaling, got {operation}")

    @property
    def inputs(self) -> int:
        """The number of the network's inputs."""
        return self.weights[0].shape[0]

    def _matrix(self, step: Step) -> None:
        W = step.value
        if len(W.shape) != 2:
            raise PureNetError(f"{step.place}: expected a matrix, got {_shown(W.shape)}")
        if self.width and W.shape[0] != self.width:
            came, needed = counted(W.shape[0], "row"), counted(self.width, "column")
            raise PureNetError(f"{step.place}: a matrix of {came}, but its input has {needed}")
        self.reads.append((step, lambda: _floats(W).matrix()))
        self.weights.append(W._replace(shape=(self.before or W.shape[0], W.shape[1])))
        self.width, self.before = W.shape[1], 0

    def _select(self, step: Step) -> None:
        count = self.before = self.before or self.width
        width, self.width = self.width, step.value.size
        if not 0 < self.width <= width:
            came = counted(self.width, "column")
            raise PureNetError(f"{step.place}: expected some of {width:,} columns, got {came}")
        columns = values_of(step.value)
        if not set(columns) <= set(range(width)) or len(set(columns)) < len(columns):
            raise PureNetError(f"{step.place}: expected different columns, got {shown(columns)}")
        self.reads.append((step, lambda: (columns, count)))

    def _shape(self, step: Step) -> None:
        """Accept a new shape of the rows, if it is (rows x columns)."""
        self.is_flat = self.is_flat or not self.weights
        if step.operation == "flatten":
            return
        lengths = step.value
        if lengths == [-1, 1] and self.width > 1 and self.reads[-1][0].operation not in ACTIVATIONS:
            # skl2onnx writes a regressor's outputs as one column, even if there are several. The
            # numbers are the same.
            self.ending = "rows"
            return
        # In a Reshape, 0 keeps a length and -1 stands for the rest.
        rows, columns = lengths if len(lengths) == 2 else (1, 1)
        if (rows, columns) != (0, -1) and not (rows in (0, -1) and columns > 0):
            raise PureNetError(f"{step.place}: expected (rows x columns), got {_shown(lengths)}")
        if columns > 0 and self.width and columns != self.width:
            came = counted(self.width, "column")
            raise PureNetError(f"{step.place}: expected {came}, got {_shown(lengths)}")
        self.width = self.width or max(columns, 0)

    def check(self, length: int) -> None:
        """Raise PureNetError if layers do not fit one another, the graph's input, or the file.

        Layers may share a tensor, but each gets its own copy of the numbers. A short file could so
        take much memory. Therefore a file with many weights may have at most one per byte.
        """
        if not self.weights:
            raise PureNetError("expected at least one layer with weights, got none")
        check_layers(self.weights, [None] * len(self.weights))  # `layers` checks the biases
        count = sum(W.size for W in self.weights)
        if count > max(length, MOST_SHARED):
            came = f"{counted(count, 'weight')} in a file of {counted(length, 'byte')}"
            raise PureNetError(f"{came}: expected layers that share no tensor")
        # Images are allowed if they are flattened first.
        if len(self.lengths) != 2 and not self.is_flat:
            expected = f"rows of {counted(self.inputs, 'number')}"
            raise PureNetError(f"the input: expected {expected}, got {_shown(self.lengths)}")

    def layers(self) -> Layers:
        """Return the layers; after `check`, their numbers are within a model's limits."""
        layers = Layers()
        for step, read in self.reads:
            value = read()
            with named(step.place):
                layers.take(step.operation, value)
        return layers


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
