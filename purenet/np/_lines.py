"""Functions of the lines of an array: of all its elements, of each column, or of each row.

A reduction makes a number of each line, and the others make another line. All take an axis: None
stands for all elements as one line, 0 for the columns, 1 for the rows.
"""

from __future__ import annotations

import math as _math
import operator as _operator
from collections.abc import Callable as _Callable
from functools import partial as _partial
from functools import reduce as _reduce
from itertools import accumulate as _accumulate

from ..core.checks import number_within as _number_within
from . import _array, _numbers, _shapes
from ._array import operand as _operand
from ._array import outward as _outward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_Line = list["Any"]
_Function = _Callable[..., "Any"]


def _lines(a: Any, axis: int | None) -> tuple[list[_Line], int]:
    """Return the lines along an axis, and the axis counted from the first."""
    place = _shapes.axis_of(0 if axis is None else axis, a._shape)
    if axis is None or a.ndim < 2:
        return [a._flat()], place
    return (a if place else a.T)._rows(), place


def _along(name: str, function: _Function, kind: Any, words: str) -> _Function:
    """Return the reduction that makes a number of each line.

    The kind is that of the results: `float` takes floats, None stands for the kind of the
    elements, and "sum" for an integer if these are bools.
    """

    def reduction(
        a: Any, axis: int | None = None, *, keepdims: bool = False, **options: Any
    ) -> Any:
        a = _operand(a, name)
        found = (
            a._kind if kind is None else _numbers.widest(int, a._kind) if kind == "sum" else kind
        )
        if kind is float and a._kind is not float:
            a = a.astype(float) if a._shape else _array.made(a._as(float), (), float)
        lines, place = _lines(a, axis)
        values = [function(line, **options) for line in lines]
        lengths = list(a._shape)
        kept = slice(None) if axis is None else slice(place, place + 1)
        lengths[kept] = [1] * len(lengths[kept]) if keepdims else []
        return _outward(_array.checked(values, tuple(lengths), found))

    reduction.__name__ = reduction.__qualname__ = name
    reduction.__doc__ = (
        f"Return {words} of all elements, or of each column (axis 0) or row (axis 1)."
    )
    return reduction


def _total(line: _Line) -> Any:
    return _reduce(_operator.add, line, 0)


def _mean(line: _Line) -> Any:
    return _total(line) / len(line)


def _variance(line: _Line, ddof: int = 0) -> Any:
    mean = _mean(line)
    total = _total([(x - mean) * (x - mean) for x in line])
    free = float(len(line) - ddof)
    return _numbers.quotient(total, free if free > 0.0 else 0.0)


def _deviation(line: _Line, ddof: int = 0) -> Any:
    return _math.sqrt(_variance(line, ddof))


def _extreme(choose: _Function, line: _Line) -> Any:
    return _math.nan if _has_nan(line) else choose(line)


def _has_nan(line: _Line) -> bool:
    return True in map(_operator.ne, line, line)


def _place(choose: _Function, line: _Line) -> int:
    if _has_nan(line):
        return list(map(_operator.ne, line, line)).index(True)
    return line.index(choose(line))


def _percentile(line: _Line, part: float = 0.5) -> Any:
    """Return the value below which a part of the sorted line lies; between two, on a line."""
    if _has_nan(line):
        return _math.nan
    ordered, place = sorted(line), (len(line) - 1) * part
    i = _math.floor(place)
    a, b, t = ordered[i], ordered[_min(i + 1, len(line) - 1)], place - i
    return b - (b - a) * (1 - t) if t >= 0.5 else a + (b - a) * t


def _median(line: _Line) -> Any:
    half = len(line) // 2
    ordered = sorted(line)
    return _mean(ordered[half - 1 + len(line) % 2 : half + 1]) if not _has_nan(line) else _math.nan


_min, _max, _any, _all = min, max, any, all

sum = _along("sum", _total, "sum", "the sum, from left to right or from the first row down,")
prod = _along("prod", lambda line: _reduce(_operator.mul, line), "sum", "the product")
mean = _along("mean", _mean, float, "the mean")
var = _along("var", _variance, float, "the variance (divided by n - ddof)")
std = _along("std", _deviation, float, "the standard deviation (divided by n - ddof)")
max = _along("max", _partial(_extreme, _max), None, "the largest (NaN if there is one)")
min = _along("min", _partial(_extreme, _min), None, "the smallest (NaN if there is one)")
argmax = _along(
    "argmax", _partial(_place, _max), int, "the index of the largest, the first if tied,"
)
argmin = _along(
    "argmin", _partial(_place, _min), int, "the index of the smallest, the first if tied,"
)
any = _along("any", _any, bool, "whether one is true,")
all = _along("all", _all, bool, "whether all are true,")
median = _along("median", _median, float, "the middle value")
count_nonzero = _along(
    "count_nonzero", lambda line: len(line) - line.count(0), int, "how many are not 0"
)
_quantile = _along("percentile", _percentile, float, "the percentile")
amax, amin = max, min


def percentile(a: Any, q: float, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return the value below which q percent of a line lie.

    >>> percentile([1, 2, 3, 4], 25)
    1.75
    """
    part = _number_within(q, "percentile: q", lambda q: 0.0 <= q <= 100.0, "from 0 to 100") / 100.0
    return _quantile(a, axis, keepdims=keepdims, part=part)


def trace(a: Any) -> Any:
    """Return the sum of the diagonal of a matrix.

    >>> trace([[1, 2], [3, 4]])
    5
    """
    a = _operand(a, "trace")
    return sum([row[i] for i, row in enumerate(a._rows()) if i < len(row)])


# -- a line of each line -------------------------------------------------------------------------


def _of_lines(name: str, function: _Function, kind: Any, a: Any, axis: int | None) -> Any:
    """Return the array of a line of each line."""
    a = _operand(a, name)
    lines, place = _lines(a, axis)
    found = a._kind if kind is None else kind(a._kind)
    flat = [value for line in lines for value in function(line)]
    if axis is None or a.ndim < 2:
        return _array.checked(flat, (len(flat),), found)
    made = _array.checked(flat, (len(lines), len(flat) // len(lines)), found)
    return made if place else made.T.copy()


def cumsum(a: Any, axis: int | None = None) -> Any:
    """Return the running sums of a line.

    >>> cumsum([[1, 2], [3, 4]])
    array([ 1,  3,  6, 10])
    """
    return _of_lines("cumsum", _accumulate, _partial(_numbers.widest, int), a, axis)


def _in_order(line: _Line) -> list[int]:
    """Return the places of a line's elements in order, NaNs at the end."""
    return sorted(range(len(line)), key=lambda i: (line[i] != line[i], line[i]))


def sort(a: Any, axis: int | None = -1) -> Any:
    """Return the elements in order, along the last axis by default; NaNs come last.

    >>> sort([[3, 1], [2, 4]])
    array([[1, 3],
           [2, 4]])
    """
    return _of_lines("sort", lambda line: [line[i] for i in _in_order(line)], None, a, axis)


def argsort(a: Any, axis: int | None = -1) -> Any:
    """Return the places of the elements in order; of equal ones, the first is first.

    >>> argsort([3, 1, 2])
    array([1, 2, 0])
    """
    return _of_lines("argsort", _in_order, lambda _: int, a, axis)


def diff(a: Any, axis: int | None = -1) -> Any:
    """Return how much each element is larger than the one before it.

    >>> diff([1, 4, 9])
    array([3, 5])
    """
    return _of_lines("diff", lambda line: map(_operator.sub, line[1:], line), None, a, axis)


def apply_along_axis(func1d: _Function, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """Return the array of a function's value, a number or a vector, for each column or row.

    >>> apply_along_axis(max, 1, [[1, 5], [3, 4]])
    array([5, 4])
    """
    arr = _operand(arr, "apply_along_axis")
    lines, place = _lines(arr, axis)
    vectors = [_array.made(line, (len(line),), arr._kind) for line in lines]
    found = _array.array([func1d(vector, *args, **kwargs) for vector in vectors])
    if arr.ndim < 2:
        return found[0]
    return found if place or found.ndim < 2 else found.T
