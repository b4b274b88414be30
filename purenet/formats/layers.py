"""Dense layers, made of steps that act on a row one after another.

A step is a matrix, an activation, a selection of columns, or a scaling: a number for each column,
to add, to subtract, to multiply by or to divide by. BatchNorm is four scalings. A Network has none,
so each is folded into the matrix beside it. With f the factors and c the offsets of the scalings in
a row, x * f + c,

    after a matrix       (x·W + b) * f + c = x·(W * f) + (b * f + c)
    before a matrix      (x * f + c)·W + b = x·(fᵀ * W) + (c·W + b)

An estimator keeps the scalings before its first layer and those after its last, if they are as a
Standardizer computes them. Folding rounds in another order, which changes last digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import add, mul, sub, truediv
from typing import Any

from ..core._types import Matrix, Row
from ..core.checks import PureNetError
from ..core.matrix import all_finite, dot
from ..core.network import Network
from ..estimators.preparation import Standardizer
from .arrays import root_of
from .model import Model, classifier_from, network_from, regressor_from
from .readers import expect

Scaling = tuple[str, Row]  # the name of an operation, and a number for each column

OPERATIONS = {"add": add, "subtract": sub, "multiply": mul, "divide": truediv}
INVERSE = {"add": "subtract", "subtract": "add", "multiply": "divide", "divide": "multiply"}
FACTORS = ("multiply", "divide")
NOTHING = -0.0  # the float that changes nothing when added; 0.0 would turn -0.0 into 0.0

OF_BATCH_NORM = ("running_mean", "running_var", "weight", "bias")  # PyTorch's names

# No model has more of them in a row; each costs as much time as a small layer.
MOST_SCALINGS = 12


class Layers:
    """The layers so far, to which `take` adds a step: weights, biases or None, activations.

    `close` ends them. `inputs` and `outputs` are the scalings that it kept for an estimator.
    If `merges` is true, two matrices with only scalings between them become their product, if that
    has no more numbers than both.

    >>> layers = Layers()
    >>> layers.take("matrix", [[1.0], [2.0]])
    >>> layers.take("add", [3.0])
    >>> layers.take("multiply", [10.0])
    >>> layers.close(for_estimator=False)
    >>> layers.weights, layers.biases, layers.activations
    ([[[10.0], [20.0]]], [[30.0]], ['linear'])
    """

    def __init__(self, merges: bool = False) -> None:
        self.merges = merges
        self.weights: list[Matrix] = []
        self.biases: list[Row | None] = []
        self.activations: list[str] = []  # "" if none has followed yet
        self.before: list[Scaling] = []  # the first layer
        self.scalings: list[Scaling] = []  # the last ones, not yet folded
        self.inputs: Standardizer | None = None
        self.outputs: Standardizer | None = None
        self.selected: tuple[Sequence[int], int] | None = None  # columns, and the number before
        self.last = ""

    @property
    def is_open(self) -> bool:
        """Tell whether nothing but scalings has followed the last layer's matrix yet."""
        return self.activations[-1:] in ([""], ["linear"])

    def take(self, operation: str, value: Any) -> None:
        """Add a step.

        The value of "matrix" is the weights (m x n) of a new layer, that of "select" a pair: the
        columns to keep and the number of columns before. The value of "add", "subtract",
        "multiply" and "divide" is a number for each column. Any other operation is an activation.
        """
        if operation == "matrix":
            self._matrix(value)
        elif operation == "select":
            self._select(*value)
        elif operation in OPERATIONS:
            self._scale(operation, value)
        else:
            self._activate(operation)
        self.last = operation

    def _matrix(self, W: Matrix) -> None:
        bias = None
        if self.selected:  # an input that is not used has weights of 0
            (columns, count), self.selected = self.selected, None
            rows = dict(zip(columns, W))
            W = [rows.get(j) or [0.0] * len(W[0]) for j in range(count)]
        if self.is_open:
            self._fold()
            if self.merges and not self.activations[-1] and self._is_smaller_merged(W):
                self.activations.pop()
                b = self.biases.pop()
                bias = b and _finite(dot([b], W))[0]
                W = _finite(dot(self.weights.pop(), W))
        elif not self.weights:
            self.before, self.scalings = self.scalings, []
        elif self.scalings:
            W, bias = _before(self.scalings, W, None)
            self.scalings = []
        self.weights.append(W)
        self.biases.append(bias)
        self.activations.append("")

    def _is_smaller_merged(self, W: Matrix) -> bool:
        before, between, after = len(self.weights[-1]), len(W), len(W[0])
        return before * after <= before * between + between * after

    def _scale(self, operation: str, numbers: Row) -> None:
        if self.selected:
            columns, count = self.selected
            rows, neutral = dict(zip(columns, numbers)), float(operation in FACTORS)
            numbers = [rows.get(j, neutral) for j in range(count)]
        if operation == "add" and self.last == "matrix":  # the biases themselves
            before = self.biases[-1] or [NOTHING] * len(self.weights[-1][0])
            self.biases[-1] = _each(add, before, numbers)
        else:
            self.scalings.append((operation, numbers))
        expect(len(self.scalings) <= MOST_SCALINGS, f"at most {MOST_SCALINGS} scalings in a row")

    def _select(self, columns: list[int], count: int) -> None:
        kept, count = self.selected or (range(count), count)
        self.selected = [kept[j] for j in columns], count

    def _activate(self, activation: str) -> None:
        is_open = self.is_open and not self.selected
        expect(is_open, f"a layer's weights or biases before {activation}")
        self._fold()
        self.activations[-1] = activation

    def _fold(self) -> None:
        """Fold scalings into the matrix before them."""
        if self.scalings:
            factors, offsets = _line(self.scalings, len(self.weights[-1][0]))
            self.weights[-1] = [_each(mul, row, factors) for row in self.weights[-1]]
            b = self.biases[-1] or [0.0] * len(factors)
            self.biases[-1] = _each(add, _each(mul, b, factors), offsets)
            self.scalings = []

    def close(self, for_estimator: bool) -> None:
        """Fold the outer scalings into the layers, at least one, or keep them for an estimator."""
        is_whole = not self.selected and (self.is_open or not self.scalings)
        expect(is_whole, "a layer after the last scaling or selection of columns")
        if for_estimator:
            self.inputs = _standardizer(self.before, len(self.weights[0]))
            self.outputs = _standardizer(inverse(self.scalings), len(self.weights[-1][0]))
        if self.before and self.inputs is None:
            W, b = self.weights[0], self.biases[0]
            self.weights[0], self.biases[0] = _before(self.before, W, b)
        if self.outputs is None:
            self._fold()
        self.activations = [name or "linear" for name in self.activations]

    def network(self) -> Network:
        """Return the network of the layers, without the scalings of an estimator."""
        *hidden, last = self.activations
        return network_from(self.weights, self.biases, hidden, last)

    def model(self, classes: Sequence[Any] | None, is_regressor: bool = False) -> Model:
        """Close the layers, and return a classifier of classes, a regressor, or else a network."""
        self.close(for_estimator=is_regressor or classes is not None)
        if classes is not None:
            return classifier_from(self.network(), list(classes), self.inputs)
        if is_regressor:
            return regressor_from(self.network(), self.outputs, self.inputs)
        return Model(self.network())


def inverse(scalings: Iterable[Scaling]) -> list[Scaling]:
    """Return the scalings that undo these.

    >>> inverse([("subtract", [1.0]), ("divide", [2.0])])
    [('multiply', [2.0]), ('add', [1.0])]
    """
    undone = [(INVERSE.get(operation, ""), numbers) for operation, numbers in scalings]
    are_scalings = all(operation for operation, _ in undone)
    expect(are_scalings, "scalers of the targets", "a projection or a selection")
    return undone[::-1]


def batch_norm(rows: dict[str, Row], epsilon: float) -> Iterator[Scaling]:
    """Yield the scalings of a BatchNorm as it predicts.

    `rows` are its numbers by their names, of which "weight" and "bias" may be missing.

    >>> list(batch_norm({"running_mean": [1.0], "running_var": [3.0], "bias": [0.5]}, 1.0))
    [('subtract', [1.0]), ('divide', [2.0]), ('add', [0.5])]
    """
    yield "subtract", rows["running_mean"]
    yield "divide", [root_of(v, epsilon, "running_var") for v in rows["running_var"]]
    for operation, name in (("multiply", "weight"), ("add", "bias")):
        if name in rows:
            yield operation, rows[name]


def _line(scalings: list[Scaling], width: int) -> tuple[Row, Row]:
    """Return the factors f and the offsets c for which the scalings equal x * f + c."""
    factors, offsets = [1.0] * width, [0.0] * width
    for operation, numbers in scalings:
        offsets = _each(OPERATIONS[operation], offsets, numbers)
        if operation in FACTORS:
            factors = _each(OPERATIONS[operation], factors, numbers)
    return factors, offsets


def _each(operation: Callable[[float, float], float], one: Row, other: Row) -> Row:
    """Return the results of an operation on each column's two numbers."""
    needed = f"a number for each of {len(one):,} columns"
    expect(len(other) == len(one), needed, f"{len(other):,}")
    try:
        return _finite([list(map(operation, one, other))])[0]
    except ZeroDivisionError:
        raise PureNetError("scalings: expected a divisor other than 0") from None


def _finite(A: Matrix) -> Matrix:
    if not all_finite(A):
        raise PureNetError("scalings: expected finite numbers when combined, got infinity")
    return A


def _before(scalings: list[Scaling], W: Matrix, b: Row | None) -> tuple[Matrix, Row]:
    """Return weights and biases that have the scalings before them in them."""
    factors, offsets = _line(scalings, len(W))
    [row] = _finite(dot([offsets], W))
    scaled = [[factor * w for w in weights] for factor, weights in zip(factors, W)]
    return _finite(scaled), _each(add, row, b or [NOTHING] * len(row))


def _standardizer(scalings: list[Scaling], width: int) -> Standardizer | None:
    """Return the Standardizer that is equal to the scalings, or None if none is."""
    if not scalings:
        return None
    try:
        deviations, means = _line(inverse(scalings), width)
    except PureNetError:  # some number cannot be a divisor
        return None
    return Standardizer(means, deviations) if min(deviations) > 0.0 else None
