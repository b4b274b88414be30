"""Columns on one scale: each less its mean, divided by its standard deviation.

Gradient descent takes steps of one length in every direction, so it does best where every input
says as much with a change of 1 as any other.
"""

from __future__ import annotations

import math

from ..core.matrix import PureNetError, all_finite, column_sums, inner_product, transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Matrix, Row


class Standardiser:
    """The mean and the standard deviation of each column; 1 for a column that is constant.

    >>> standardiser = Standardiser.of([[1.0, 5.0], [3.0, 5.0]])
    >>> standardiser.means, standardiser.deviations
    ([2.0, 5.0], [1.0, 1.0])
    >>> standardiser.apply([[1.0, 5.0]]), standardiser.undo([[-1.0, 0.0]])
    ([[-1.0, 0.0]], [[1.0, 5.0]])
    """

    def __init__(self, means: Row, deviations: Row) -> None:
        self.means, self.deviations = means, deviations

    @classmethod
    def of(cls, rows: Matrix, weights: Row | None = None, name: str = "X") -> Standardiser:
        """Return the standardiser of these rows (m x n), each of which may have a weight.

        Raises PureNetError where numbers lie further apart than the largest float.
        """
        parts = parts_of([1.0] * len(rows) if weights is None else weights)
        scales = [_mean_and_deviation(column, parts) for column in transpose(rows)]
        for j, scale in enumerate(scales):
            if not all_finite([scale]):
                raise PureNetError(f"{name}: column {j} has numbers too large to be standardised")
        means, deviations = transpose(scales)
        return cls(means, deviations)

    def apply(self, rows: Matrix) -> Matrix:
        """Return rows (m x n) on the common scale."""
        pairs = list(zip(self.means, self.deviations))
        return [
            [(x - mean) / deviation for x, (mean, deviation) in zip(row, pairs)] for row in rows
        ]

    def undo(self, rows: Matrix) -> Matrix:
        """Return rows (m x n) on the scale that they had."""
        pairs = list(zip(self.means, self.deviations))
        return [[x * deviation + mean for x, (mean, deviation) in zip(row, pairs)] for row in rows]


def _mean_and_deviation(column: Row, parts: Row) -> Row:
    if min(column) == max(column):  # its mean and its deviation might miss by a rounding
        return [column[0], 1.0]
    mean = inner_product(parts, column)
    apart = [x - mean for x in column]
    unit = unit_of(apart)
    variance = inner_product(parts, [(a / unit) * (a / unit) for a in apart])
    return [mean, unit * math.sqrt(variance) or 1.0]


def parts_of(weights: Row) -> Row:
    """Return which part of all weights each is.

    >>> parts_of([1.0, 3.0])
    [0.25, 0.75]
    """
    total = column_sums([[weight] for weight in weights])[0]
    return [weight / total for weight in weights]


def unit_of(values: Row) -> float:
    """Return a power of two from which no value is far: the largest is from 1 to below 2 of it.

    So the squares of value / unit do not overflow, those that matter do not underflow, and
    nothing is rounded.

    >>> unit_of([3.0, -5.0]), unit_of([0.0])
    (4.0, 0.5)
    """
    largest = max(map(abs, values))
    return math.ldexp(1.0, math.frexp(largest)[1] - 1)
