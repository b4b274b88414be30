"""Columns on one scale: each less its mean, divided by its standard deviation.

Gradient descent takes steps of one length in every direction, so it does best where every input
says as much with a change of 1 as any other.
"""

from __future__ import annotations

import math

from ..core.matrix import PureNetError, column_sums, transpose

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

        Raises PureNetError where numbers are so large that their squares overflow.
        """
        weights = [1.0] * len(rows) if weights is None else weights
        total = column_sums([[weight] for weight in weights])[0]
        parts = [weight / total for weight in weights]
        means = column_sums([[part * x for x in row] for part, row in zip(parts, rows)])
        spread = [
            [part * (x - mean) * (x - mean) for x, mean in zip(row, means)]
            for part, row in zip(parts, rows)
        ]
        deviations = [math.sqrt(variance) for variance in column_sums(spread)]
        for j, (mean, deviation) in enumerate(zip(means, deviations)):
            if not math.isfinite(mean) or not math.isfinite(deviation):
                raise PureNetError(f"{name}: column {j} has numbers too large to be standardised")
        # A constant column may miss its own mean by a rounding.
        varies = [min(column) < max(column) for column in transpose(rows)]
        return cls(means, [d if v and d > 0.0 else 1.0 for d, v in zip(deviations, varies)])

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
