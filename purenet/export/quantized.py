"""Weights of fewer digits or bytes, and what they stand for.

A column of a layer's weights belongs to one neuron. In a byte each, its largest weight becomes
±127, the others the same part of that as they are of it, rounded: w ≈ q · scale, off by at most
half a scale. Where there is more room than a byte, the largest may be more. Biases stay unchanged,
as there are few of them.

One scale has to do for all weights of a neuron, so inputs have to be of one size: standardization
folded into weights makes those of large columns small, and they would become 0. It is kept apart.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..core._types import Matrix, Row
from ..core.checks import PureNetError
from ..core.matrix import transpose
from ..formats.model import Model
from .folded import with_parameters

LARGEST = 127


class Quantized(NamedTuple):
    """Whole numbers (nₖ x nₖ₊₁) in place of weights, and a scale for each column."""

    numbers: list[list[int]]
    scales: Row


def quantize(weights: Matrix, largest: int = LARGEST) -> Quantized:
    """Return weights (n x m) in steps of a 127th of each column's largest, or as `largest` says.

    >>> quantize([[1.0, 0.0], [-2.54, 0.0]])
    Quantized(numbers=[[50, 0], [-127, 0]], scales=[0.02, 0.0])
    """
    scales = [max(map(abs, column)) / largest for column in zip(*weights)]
    columns = [
        [0 if not scale else max(-largest, min(largest, round(w / scale))) for w in column]
        for scale, column in zip(scales, transpose(weights))
    ]
    return Quantized([list(row) for row in zip(*columns)], scales)


def weights_of(quantized: Quantized) -> Matrix:
    """Return the weights that these numbers stand for.

    >>> weights_of(Quantized([[50, 0]], [0.02, 0.0]))
    [[1.0, 0.0]]
    """
    return [[q * scale for q, scale in zip(row, quantized.scales)] for row in quantized.numbers]


def float32(number: float, place: str) -> float:
    """Return the float32 that is nearest to a number; `place` is where a message finds it.

    >>> float32(0.1, "weights[0]")
    0.10000000149011612
    """
    try:
        return float(struct.unpack("<f", struct.pack("<f", number))[0])
    except OverflowError:
        raise PureNetError(f"{place}: {number!r} is larger than any float32, 3.4e38") from None


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
    return with_rounded(model, lambda number, _: float(f"{number:.{digits}g}"))


def with_rounded(model: Model, rounded: Callable[[float, str], float]) -> Model:
    """Return a model with each weight and bias rounded by a function of it and of its place."""
    weights = [_rounded(W, f"weights[{k}]", rounded) for k, W in enumerate(model.network.weights)]
    biases = [_rounded([b], f"biases[{k}]", rounded)[0] for k, b in enumerate(model.network.biases)]
    return with_parameters(model, weights, biases)


def _rounded(rows: Sequence[Row], place: str, rounded: Callable[[float, str], float]) -> Matrix:
    return [[rounded(number, place) for number in row] for row in rows]


def with_steps(
    model: Model, largest: int = LARGEST, of_scale: Callable[[float], float] = float
) -> Model:
    """Return a model whose weights are whole numbers of a scale that each neuron has.

    >>> from ..core.network import Network
    >>> with_steps(Model(Network.of([[[1.27], [-0.5049]]]))).network.weights
    [[[1.27], [-0.5]]]
    """
    layers = [quantize(W, largest) for W in model.network.weights]
    weights = [weights_of(Quantized(q, [*map(of_scale, scales)])) for q, scales in layers]
    return with_parameters(model, weights, model.network.biases)
