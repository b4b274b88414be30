"""The layers of a dense network, and the scalings around them, from the steps of an ONNX graph.

`formats.layers` makes layers of matrices, scalings, selections of columns and activations. Here is
what only a graph has: labels, and sizes that are checked before any number is read.
"""

from __future__ import annotations

from typing import Any

from ...core._types import Row
from ...core.checks import PureNetError, counted, shown
from ..arrays import Array, check_layers
from ..layers import OPERATIONS, Layers
from ..readers import named
from .messages import FLOATING, values_of
from .operators import LABELS, NO_ROWS, Step, dimensions, outputs_of

# Any file may have this many weights, however many layers share them.
MOST_SHARED = 2**16


def content_of(graph: dict[str, Any], length: int) -> tuple[Layers, list[Any] | None]:
    """Return a graph's layers, and its classes or None.

    `length` is that of the file. Raises PureNetError, with the first obstacle, if the graph is not
    a dense network.
    """
    last, labels = _last_step(outputs_of(graph))
    steps = []
    step: Step | None = last
    while step is not None:
        steps.append(step)
        step = step.before
    steps.reverse()
    _check(steps, length)
    layers = _layers(steps)
    if labels is not None:
        return layers, _classes(layers, last, labels)
    if last.operation in ("pair", "zipmap"):
        raise PureNetError("expected the labels as an output beside the probabilities of classes")
    return layers, None


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


def _check(steps: list[Step], length: int) -> None:
    """Raise PureNetError for the wrong input and too many weights.

    Layers may share a tensor, but each gets its own copy of the numbers. A short file could so take
    much memory. Therefore a file with many weights may have at most one per byte.
    """
    weights = [
        step.value._replace(shape=(step.before.among or step.value.shape[0], step.width))
        for step in steps
        if step.before is not None and step.operation == "matrix"
    ]
    check_layers(weights, [None] * len(weights))  # `layers` checks the biases
    count = sum(W.size for W in weights)
    count += sum(step.value.size for step in steps if step.operation == "select")
    if count > max(length, MOST_SHARED):
        came = f"{counted(count, 'weight')} in a file of {counted(length, 'byte')}"
        raise PureNetError(f"{came}: expected layers that share no tensor")
    if steps[0].operation == "input" and len(steps[0].value) != 2:  # images have to be flattened
        expected, came = f"rows of {counted(steps[0].width, 'number')}", dimensions(steps[0].value)
        raise PureNetError(f"the input: expected {expected}, got {came}")


def _layers(steps: list[Step]) -> Layers:
    """Return the layers; after `_check`, their numbers are within a model's limits."""
    layers = Layers()
    width = next(step.value.shape[0] for step in steps if step.operation == "matrix")
    for step in steps[1:]:
        value = step.value
        if step.operation == "matrix":
            value = _floats(value).matrix()
        elif step.operation in OPERATIONS:
            value = _vector(value, step.width or width)
        elif step.operation == "select":
            value = _columns(step, width), step.among
        elif step.operation == "complement":
            raise PureNetError(f"{step.place}: expected a layer or a scaling, got 1 - x")
        if step.operation not in NO_ROWS:
            with named(step.place):
                layers.take(step.operation, value)
    return layers


def _classes(layers: Layers, last: Step, labels: Step) -> list[Any]:
    """Return the classes in a step to labels, or numbers from 0 on if it has none.

    Raises PureNetError if the outputs are not a probability for each class.
    """
    pairs = last if last.operation == "pair" else last.before
    pair = pairs is not None and pairs.operation == "pair"
    # A sigmoid gives the probability of one class. It needs the pair 1 - p and p, and nothing else
    # may have that pair.
    if (layers.activations[-1] == "sigmoid") != pair or (pair and last.width != 1):
        raise PureNetError("labels: expected softmax outputs, or 1 - p and p from a sigmoid")
    count = 2 if pair else last.width
    classes: list[Any] = list(range(count))
    if labels.operation == "classes":
        if labels.value.size != count:  # compared before anything is unpacked
            came = counted(labels.value.size, "label")
            raise PureNetError(f"classes: {came}, but the network has {counted(count, 'output')}")
        classes = values_of(labels.value)
    if last.operation == "zipmap" and last.value != classes:
        raise PureNetError(f"ZipMap: expected labels {shown(classes)}, got {shown(last.value)}")
    return classes


def _floats(tensor: Array) -> Array:
    if tensor.code not in FLOATING:
        raise PureNetError(f"{tensor.name}: expected floats, got integers or text")
    return tensor


def _columns(step: Step, inputs: int) -> list[int]:
    """Return the different indexes of the columns that a step selects."""
    columns: list[int] = values_of(step.value)
    width = step.before.width if step.before else inputs
    if min(columns) < 0 or max(columns) >= width or len(set(columns)) < len(columns):
        raise PureNetError(f"{step.place}: expected different columns, got {shown(columns)}")
    return columns


def _vector(tensor: Array, width: int) -> Row:
    """Return a number for each column, from a tensor of `width` numbers or of one for all."""
    # ONNX broadcasts, so a row may also be written as one number or as a (1 x n) matrix.
    one_row = len(tensor.shape) == 2 and tensor.shape[0] == 1
    shape = tensor.shape[1:] if one_row else tensor.shape
    if shape not in ((), (1,), (width,)):
        came = dimensions(tensor.shape)
        raise PureNetError(f"{tensor.name}: expected one number or {width:,}, got {came}")
    numbers = _floats(tensor).numbers()
    return numbers if shape == (width,) else numbers * width
