"""Weights in one byte each: whole numbers from -127 to 127, and a scale for each neuron.

A column of a layer's weights belongs to one neuron. Its largest weight becomes ±127, the others as
much of that as they are of it, rounded: w ≈ q · scale, off by at most half a scale. Biases stay as
they are, as there are few of them. Where there is more room than a byte, the largest may be more.
"""

from __future__ import annotations

from typing import NamedTuple

from ..core.matrix import transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Matrix, Row

LARGEST = 127


class Quantised(NamedTuple):
    """Whole numbers (nₖ x nₖ₊₁) in place of weights, and a scale for each column."""

    numbers: list[list[int]]
    scales: Row


def quantise(weights: Matrix, largest: int = LARGEST) -> Quantised:
    """Return weights (n x m) in steps of a 127th of each column's largest, or as `largest` says.

    >>> quantise([[1.0, 0.0], [-2.54, 0.0]])
    Quantised(numbers=[[50, 0], [-127, 0]], scales=[0.02, 0.0])
    """
    scales = [max(map(abs, column)) / largest for column in zip(*weights)]
    columns = [
        [0 if not scale else max(-largest, min(largest, round(w / scale))) for w in column]
        for scale, column in zip(scales, transpose(weights))
    ]
    return Quantised([list(row) for row in zip(*columns)], scales)


def weights_of(quantised: Quantised) -> Matrix:
    """Return the weights that these numbers stand for.

    >>> weights_of(Quantised([[50, 0]], [0.02, 0.0]))
    [[1.0, 0.0]]
    """
    return [[q * scale for q, scale in zip(row, quantised.scales)] for row in quantised.numbers]
