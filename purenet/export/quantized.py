"""Models with rounded weights: fewer digits, float32, or whole numbers of steps.

A column of a layer's weights belongs to one neuron. With a byte a weight, the largest weight of the
column becomes ±127, and the others are rounded in proportion: w ≈ q · scale, with an error of at
most half a scale. With more room than a byte for each weight, there are more steps. Biases stay
unchanged, because there are few of them.

All weights of a neuron share one scale, so inputs need to be of similar size. If standardization
were folded into the weights, those of large columns would be so small that they round to 0.
Therefore it stays a separate step.
"""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable

from ..core._types import Matrix, Row
from ..core.checks import PureNetError
from ..core.matrix import all_finite, transpose
from ..formats.model import Model
from .folded import with_parameters

LARGEST = 127

MOST_DIGITS = 17  # enough to tell any two floats apart
EXACT = "every digit"


def quantize(weights: Matrix, largest: int = LARGEST) -> tuple[list[list[int]], Row]:
    """Return whole numbers (nₖ x nₖ₊₁) that replace the weights, and a scale for each column.

    A scale is a column's largest weight / `largest`.

    >>> quantize([[1.0, 0.0], [-2.54, 0.0]])
    ([[50, 0], [-127, 0]], [0.02, 0.0])
    """
    scales = [max(map(abs, column)) / largest for column in zip(*weights)]
    columns = [
        [0 if not scale else max(-largest, min(largest, round(w / scale))) for w in column]
        for scale, column in zip(scales, transpose(weights))
    ]
    return [list(row) for row in zip(*columns)], scales


def float32(number: float, place: str) -> float:
    """Return the float32 nearest to a number; `place` names it in messages.

    >>> float32(0.1, "weights[0]")
    0.10000000149011612
    """
    single = nearest_float32(number)
    if math.isinf(single) and math.isfinite(number):
        raise PureNetError(f"{place}: {number!r} is more than a float32 holds, 3.4e38")
    return single


def nearest_float32(number: float) -> float:
    """Return the float32 nearest to a number, or an infinity.

    >>> nearest_float32(1e39)
    inf
    """
    return array("f", [number])[0]


def with_float32(model: Model) -> Model:
    """Return a model whose weights and biases are rounded to float32.

    >>> from ..core.network import Network
    >>> with_float32(Model(Network.of([[[0.1]]]))).network.weights
    [[[0.10000000149011612]]]
    """
    return with_rounded(model, float32)


def with_digits(model: Model, digits: int) -> Model:
    """Return a model whose weights and biases are rounded to a number of significant digits.

    >>> from ..core.network import Network
    >>> with_digits(Model(Network.of([[[12.3456], [-0.00078]]])), 3).network.weights
    [[[12.3], [-0.00078]]]
    """
    if digits == MOST_DIGITS:
        return model
    return with_rounded(model, lambda number, _: float(f"{number:.{digits}g}"))


def is_finite(model: Model) -> bool:
    """Tell whether all weights and biases are finite: rounding the largest floats up may overflow.

    >>> from ..core.network import Network
    >>> is_finite(with_digits(Model(Network.of([[[1.79e308]]])), 1))
    False
    """
    return all(map(all_finite, [*model.network.weights, model.network.biases]))


def with_rounded(model: Model, rounded: Callable[[float, str], float]) -> Model:
    """Return a model whose weights and biases are rounded by a function of value and place."""
    network, weights = model.network, []
    for k, W in enumerate(network.weights):
        weights.append([[rounded(w, f"weights[{k}]") for w in row] for row in W])
    biases = [[rounded(b, f"biases[{k}]") for b in row] for k, row in enumerate(network.biases)]
    return with_parameters(model, weights, biases)


def with_steps(
    model: Model, largest: int = LARGEST, of_scale: Callable[[float], float] = float
) -> Model:
    """Return a model whose weights are multiples of a scale per neuron.

    >>> from ..core.network import Network
    >>> with_steps(Model(Network.of([[[1.27], [-0.5049]]]))).network.weights
    [[[1.27], [-0.5]]]
    """
    weights = []
    for numbers, scales in (quantize(W, largest) for W in model.network.weights):
        row = list(map(of_scale, scales))
        weights.append([[q * scale for q, scale in zip(own, row)] for own in numbers])
    return with_parameters(model, weights, model.network.biases)
