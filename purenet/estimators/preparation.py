"""Columns on one scale: each less its mean, divided by its standard deviation.

Gradient descent takes steps of one length in every direction, so it works best if a change of 1
means as much in one input as in any other. Indicators, which are 0 or 1, are left unchanged.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Iterable

from ..core._types import Matrix, Row
from ..core.checks import PureNetError
from ..core.matrix import all_finite, column_sums, inner_product, transpose
from ..core.mt19937 import MT19937


class Standardizer:
    """The mean and the standard deviation of each column; 1 for a column that is constant.

    `rows` counts the rows of a stream seen so far; it is None after a `fit`, which has seen all.

    >>> standardizer = Standardizer.of([[1.0, 5.0], [3.0, 5.0]])
    >>> standardizer.means, standardizer.deviations
    ([2.0, 5.0], [1.0, 1.0])
    >>> standardizer.apply([[1.0, 5.0]]), standardizer.undo([[-1.0, 0.0]])
    ([[-1.0, 0.0]], [[1.0, 5.0]])
    """

    def __init__(self, means: Row, deviations: Row, rows: int | None = None) -> None:
        self.means, self.rows = means, rows
        self.spreads = deviations  # 0.0 for a column that has been constant so far
        self.deviations = [deviation or 1.0 for deviation in deviations]

    @staticmethod
    def of(rows: Matrix, weights: Row | None = None, name: str = "X") -> Standardizer:
        """Return the standardizer of these rows (m x n), each of which may have a weight.

        Raises PureNetError for numbers further apart than the largest float.
        """
        parts = parts_of(weights, len(rows))
        columns = [_mean_and_deviation(column, parts) for column in transpose(rows)]
        return _finite(columns, None, name)

    def leaving(self, columns: Iterable[int]) -> Standardizer:
        """Return a standardizer that leaves these columns unchanged.

        >>> standardizer = Standardizer([2.0, 5.0], [3.0, 3.0]).leaving([1])
        >>> standardizer.means, standardizer.deviations
        ([2.0, 0.0], [3.0, 1.0])
        """
        means, deviations = list(self.means), list(self.spreads)
        for j in columns:
            means[j], deviations[j] = 0.0, 1.0
        return Standardizer(means, deviations, self.rows)

    def joined(self, more: Standardizer, rows: int, name: str = "X") -> Standardizer:
        """Return the standardizer of the rows seen so far and of more rows, which have their own.

        So means and deviations follow a stream and need no row twice: B. P. Welford (1962), and
        for a batch at a time T. F. Chan and others (1979). The first rows of a stream are joined
        with themselves, which changes nothing but the count.

        Raises PureNetError for numbers further apart than the largest float.

        >>> one, other = Standardizer([1.0], [0.0], 1), Standardizer([3.0], [0.0])
        >>> both = one.joined(other, 1)
        >>> both.means, both.deviations, both.rows
        ([2.0], [1.0], 2)
        """
        before = self.rows or 0
        total = before + rows
        kept, new = before / total, rows / total
        columns = [
            _joined_column(one, other, kept, new)
            for one, other in zip(zip(self.means, self.spreads), zip(more.means, more.spreads))
        ]
        return _finite(columns, total, name)

    def apply(self, rows: Matrix) -> Matrix:
        """Return rows (m x n) on the common scale."""
        pairs = list(zip(self.means, self.deviations))
        return [[(x - mean) / scale for x, (mean, scale) in zip(row, pairs)] for row in rows]

    def undo(self, rows: Matrix) -> Matrix:
        """Return rows (m x n) on their original scale."""
        pairs = list(zip(self.means, self.deviations))
        return [[x * scale + mean for x, (mean, scale) in zip(row, pairs)] for row in rows]


def constant_columns(rows: Matrix) -> list[int]:
    """Return the indexes of the columns (of m x n) that have one value only.

    >>> constant_columns([[0.0, 5.0], [1.0, 5.0]])
    [1]
    """
    return [j for j, column in enumerate(transpose(rows)) if min(column) == max(column)]


def indicators(rows: Matrix) -> list[int]:
    """Return the indexes of the columns (of m x n) that hold only 0 and 1.

    A rare text would become a huge input if its column were standardized.

    >>> indicators([[0.0, 5.0, 1.0], [1.0, 0.0, 1.0]])
    [0, 2]
    """
    return [j for j, column in enumerate(zip(*rows)) if all(x in (0.0, 1.0) for x in column)]


def _joined_column(
    one: tuple[float, float], other: tuple[float, float], kept: float, new: float
) -> Row:
    """Return the mean and the deviation of a column from those of two parts of it."""
    if one == other:  # a constant, or the same rows again: both might miss by a rounding
        return [*one]
    (mean, spread), (new_mean, new_spread) = one, other
    half = new_mean / 2.0 - mean / 2.0  # as the whole may be more than the largest float
    between = 2.0 * math.sqrt(kept * new) * half
    parts = [math.sqrt(kept) * spread, math.sqrt(new) * new_spread, between]
    # Not `math.hypot`, whose last bit depends on Python.
    return [mean + 2.0 * new * half, _length(parts, [1.0] * 3)]


def _finite(columns: Matrix, rows: int | None, name: str) -> Standardizer:
    """Return the standardizer of each column's mean and deviation, unless one has overflowed."""
    for j, pair in enumerate(columns):
        if not all_finite([pair]):
            raise PureNetError(f"{name}: column {j} has numbers too large to be standardized")
    means, deviations = transpose(columns)
    return Standardizer(means, deviations, rows)


def _mean_and_deviation(column: Row, parts: Row) -> Row:
    if min(column) == max(column):  # its mean and its deviation might miss by a rounding
        return [column[0], 0.0]
    mean = inner_product(parts, column)
    return [mean, _length([x - mean for x in column], parts)]


def _length(values: Row, weights: Row) -> float:
    """Return the root of the weighted sum of squares, without overflow."""
    unit = unit_of(values)
    squares = [(value / unit) * (value / unit) for value in values]
    return unit * math.sqrt(inner_product(weights, squares))


def row_weights(weights: Row | None, rows: int) -> Row:
    """Return the weight of each row, 1 by default.

    >>> row_weights(None, 2)
    [1.0, 1.0]
    """
    return [1.0] * rows if weights is None else weights


def parts_of(weights: Row | None, rows: int) -> Row:
    """Return the weight of each row as a fraction of their sum.

    >>> parts_of([1.0, 3.0], 2), parts_of(None, 2)
    ([0.25, 0.75], [0.5, 0.5])
    """
    weights = row_weights(weights, rows)
    total = total_of(weights)
    return [weight / total for weight in weights]


def total_of(values: Iterable[float]) -> float:
    """Return the sum of numbers, added from left to right.

    >>> total_of([1.0, 3.0])
    4.0
    """
    return column_sums([[value] for value in values])[0]


def mean_of(values: Collection[float]) -> float:
    """Return the mean of numbers, added from left to right.

    >>> mean_of([1.0, 3.0])
    2.0
    """
    return total_of(values) / len(values)


def grouped(keys: Iterable[Hashable]) -> list[list[int]]:
    """Return the indexes of each key that occurs, in the order in which the keys first occur.

    >>> grouped(["b", "a", "b"])
    [[0, 2], [1]]
    """
    groups: dict[Hashable, list[int]] = {}
    for i, key in enumerate(keys):
        groups.setdefault(key, []).append(i)
    return list(groups.values())


def split(groups: list[list[int]], part: float, chance: MT19937) -> tuple[list[int], list[int]]:
    """Split grouped indexes into those to keep and those to hold back: a random part of each group.

    Both are sorted, and at least one of each group is kept.

    >>> split([[0, 2, 4], [1, 3]], 0.5, MT19937(1))
    ([1, 2], [0, 3, 4])
    """
    apart: set[int] = set()
    for group in groups:
        order = chance.permutation(len(group))
        apart.update(group[i] for i in order[: min(round(part * len(group)), len(group) - 1)])
    return sorted(i for group in groups for i in group if i not in apart), sorted(apart)


def unit_of(values: Row) -> float:
    """Return the power of two by which to divide, so that the largest value is from 1 to below 2.

    Then no square of a value overflows, those that matter do not underflow, and the division
    rounds nothing.

    >>> unit_of([3.0, -5.0]), unit_of([0.0])
    (4.0, 0.5)
    """
    largest = max(map(abs, values))
    return math.ldexp(1.0, math.frexp(largest)[1] - 1)
