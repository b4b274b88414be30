"""The layers of a dense network, and the scalings around them, from the steps of an ONNX graph.

`formats.layers` makes layers of matrices, scalings, selections of columns and activations. Here is
what only a graph has: labels, and sizes that are checked before any number is read.
"""

from __future__ import annotations

from typing import Any

from ...core._types import Matrix, Row
from ...core.checks import PureNetError, counted, shown
from ..arrays import Array, check_layers
from ..layers import Layers
from ..readers import expect, named
from .messages import FLOATING, values_of
from .operators import NO_ROWS, Step, dimensions, outputs_of

# Any file may have this many weights, however many layers share them.
MOST_SHARED = 2**16


def content_of(graph: dict[str, Any], length: int) -> tuple[Layers, list[Any] | None]:
    """Return a graph's layers, and its classes or None.

    `length` is that of the file. Raises PureNetError, with the first obstacle, if the graph is not
    a dense network.
    """
    last, likely, labels = _ends(outputs_of(graph))
    steps = [likely]
    while steps[-1].before is not None:
        steps.append(steps[-1].before)
    steps.reverse()
    _check(steps, length)
    layers = _layers(steps)
    if labels is None:
        return layers, None
    classes = _classes(layers, likely, labels)
    if last.operation == "zipmap" and last.value != classes:
        raise PureNetError(f"ZipMap: expected labels {shown(classes)}, got {shown(last.value)}")
    return layers, classes


def _ends(outputs: list[Step]) -> tuple[Step, Step, Step | None]:
    """Return the last step, the one to a network's outputs, and the one to labels, if any."""
    labels: list[Any] = [step for step in outputs if step.operation == "labels"]
    numbers: list[Any] = [step for step in outputs if step.operation != "labels"]
    if len(labels) > 1 or len(numbers) > 1 or not outputs:
        came = counted(len(outputs), "output")
        raise PureNetError(f"expected one output, or labels and probabilities, got {came}")
    # A file may have only labels as an output. Then the step before them gives the probabilities.
    last = numbers[0] if numbers else labels[0].before
    # ZipMap only pairs probabilities with labels.
    likely = last.before if last.operation == "zipmap" else last
    if not labels:
        needed = "the labels as an output beside the probabilities of classes"
        expect(last.operation not in ("pair", "zipmap"), needed)
        return last, likely, None
    if likely is not labels[0].before:
        raise PureNetError(f"{labels[0].place}: expected labels made from the probabilities")
    return last, likely, labels[0]


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
    came = f"{counted(count, 'weight')} in a file of {counted(length, 'byte')}"
    expect(count <= max(length, MOST_SHARED), "layers that share no tensor", came)
    start = steps[0]
    with named("the input"):  # images have to be flattened
        needed = f"rows of {counted(start.width, 'number')}"
        expect(len(start.value) == 2, needed, dimensions(start.value))


def _layers(steps: list[Step]) -> Layers:
    """Return the layers; after `_check`, their numbers are within a model's limits."""
    layers = Layers()
    width = next(step.value.shape[0] for step in steps if step.operation == "matrix")
    for step in steps[1:]:
        value = step.value
        if value is not None and step.operation != "select":
            value = _numbers(value, step.width or width, step.operation == "matrix")
        with named(step.place):
            expect(step.operation != "complement", "a layer or a scaling", "1 - x")
            if step.operation == "select":
                value = _columns(step), step.among
            if step.operation not in NO_ROWS:
                layers.take(step.operation, value)
    return layers


def _columns(step: Any) -> list[int]:
    """Return the different indexes of the columns that a step selects."""
    columns, width = values_of(step.value), step.before.width
    expect(width > 0, "an input of known width", "one without")
    inside = len(columns) > 0 and 0 <= min(columns) and max(columns) < width
    are_different = inside and len(set(columns)) == len(columns)
    expect(are_different, f"different columns from 0 to below {width:,}", shown(columns))
    return columns


def _numbers(tensor: Array, width: int, is_matrix: bool) -> Matrix | Row:
    """Return the rows of a matrix, or a number for each column, from a tensor of one for all."""
    # ONNX broadcasts, so a row may also be written as one number or as a (1 x n) matrix.
    if not is_matrix and tensor.shape not in ((), (1,), (1, 1), (width,), (1, width)):
        came = dimensions(tensor.shape)
        raise PureNetError(f"{tensor.name}: expected one number or {width:,}, got {came}")
    if tensor.code not in FLOATING:
        raise PureNetError(f"{tensor.name}: expected floats, got integers or text")
    if is_matrix:
        return tensor.matrix()
    numbers = tensor.numbers()
    return numbers if len(numbers) == width else numbers * width


def _classes(layers: Layers, likely: Step, labels: Step) -> list[Any]:
    """Return the classes in a step to labels, or numbers from 0 on if it has none.

    Raises PureNetError if the outputs are not a probability for each class.
    """
    # A sigmoid gives the probability of one class. It needs the pair 1 - p and p, and nothing else
    # may have that pair.
    is_pair = likely.operation == "pair"
    if (layers.activations[-1] == "sigmoid") != is_pair or (is_pair and likely.width != 1):
        raise PureNetError("labels: expected softmax outputs, or 1 - p and p from a sigmoid")
    count = 2 if is_pair else likely.width
    if labels.value is None:
        return list(range(count))
    if labels.value.size != count:  # compared before anything is unpacked
        came = counted(labels.value.size, "label")
        raise PureNetError(f"classes: {came}, but the network has {counted(count, 'output')}")
    return values_of(labels.value)
