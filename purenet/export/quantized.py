"""Weights in one byte each: whole numbers from -127 to 127, and a scale for each neuron.

A column of a layer's weights belongs to one neuron. Its largest weight becomes ±127, the others as
much of that as they are of it, rounded: w ≈ q · scale, off by at most half a scale. Biases stay as
they are, as there are few of them. Where there is more room than a byte, the largest may be more.
"""

from __future__ import annotations

from typing import NamedTuple

from ..core._types import Matrix, Row
from ..core.matrix import transpose

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
