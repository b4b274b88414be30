"""The functions of `purenet.np`, each by one of a few mechanisms.

- `_each` and `_pair`: a function of each element, or an operator by its name.
- `_along` and `_of_lines`: a number, or another line, of each line of an array. The axis None
  stands for all elements as one line, 0 for the columns, 1 for the rows.
- `full` makes arrays, `reshape` and indices give them another shape, and `_joined` joins them.
"""

from __future__ import annotations

# Imports have names with underscores; else np.math would exist.
import builtins as _b
import functools as _fn
import itertools as _it
import math as _math
import operator as _operator
from collections import Counter as _Counter

from ..core import checks as _checks
from . import _array, _numbers, _shapes
from ._array import array as array
from ._array import ndarray as ndarray
from ._array import operand as _operand
from ._array import outward as _outward
from ._array import reshape as reshape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Any, Callable

    _Function = Callable[..., Any]


# -- of each element ---------------------------------------------------------------------------


def _into(out: Any, result: Any) -> Any:
    """Return a result, or `out` with the result in it."""
    return _outward(result) if out is None else out._become(result)


def _named(function: _Function, name: str, words: str) -> _Function:
    """Return a function with its name and its docstring."""
    function.__name__ = function.__qualname__ = name
    function.__doc__ = f"Return {words}."
    return function


def _each(name: str, function: _Function, kind: Any, words: str) -> _Function:
    """Return the function of an array that applies a function to each element.

    The kind is that of the results: `float` takes floats, None stands for the kind of the elements.
    """

    def of_each(x: Any, out: Any = None) -> Any:
        return _into(out, _array.each(name, function, kind, x))

    return _named(of_each, name, f"{words} of each element")


def _pair(name: str, sign: str, words: str) -> _Function:
    """Return the function of two arrays that does what an operator does."""

    def of_pairs(x1: Any, x2: Any, out: Any = None) -> Any:
        return _into(out, _array.binary(sign, x1, x2))

    return _named(of_pairs, name, f"{words} of each pair of elements, after broadcasting")


def _rounding(function: _Function) -> _Function:
    """Return a function that rounds a finite float to a whole one, with its sign; as NumPy does."""

    def rounded(x: Any) -> Any:
        finite = isinstance(x, float) and _math.isfinite(x)
        return _math.copysign(float(function(x)), x) if finite else x

    return rounded


_whole = _rounding(_b.round)


def _sign(x: Any) -> Any:
    return x if x != x else type(x)((x > 0) - (x < 0))


exp = _each("exp", _math.exp, float, "e to the power (inf if that is too large for a float)")
expm1 = _each("expm1", _math.expm1, float, "e to the power, minus 1")
log = _each("log", _math.log, float, "the natural logarithm (-inf of 0, nan of negative numbers)")
log2 = _each("log2", _math.log2, float, "the logarithm to base 2")
log1p = _each("log1p", _math.log1p, float, "the natural logarithm of 1 plus the value")
sqrt = _each("sqrt", _math.sqrt, float, "the square root (nan of negative numbers)")
sin = _each("sin", _math.sin, float, "the sine")
cos = _each("cos", _math.cos, float, "the cosine")
tanh = _each("tanh", _math.tanh, float, "the hyperbolic tangent")
square = _each("square", lambda x: x * x, None, "the square")
negative = _each("negative", _operator.neg, None, "the value with the other sign")
sign = _each("sign", _sign, None, "the sign: -1, 0 or 1")
floor = _each("floor", _rounding(_math.floor), None, "the next whole number below")
ceil = _each("ceil", _rounding(_math.ceil), None, "the next whole number above")
isnan = _each("isnan", lambda x: x != x, bool, "whether it is NaN")
logical_not = _each("logical_not", _operator.not_, bool, "whether it is 0 or False")

add = _pair("add", "+", "the sum")
subtract = _pair("subtract", "-", "the difference")
multiply = _pair("multiply", "*", "the product")
divide = _pair("divide", "/", "the quotient")
floor_divide = _pair("floor_divide", "//", "the quotient, rounded down,")
mod = _pair("mod", "%", "the remainder, with the sign of the second,")
power = _pair("power", "**", "the power")
maximum = _pair("maximum", "maximum", "the larger (NaN if one is NaN)")
minimum = _pair("minimum", "minimum", "the smaller (NaN if one is NaN)")
equal = _pair("equal", "==", "whether they are equal")
not_equal = _pair("not_equal", "!=", "whether they differ")
less = _pair("less", "<", "whether the first is smaller")
less_equal = _pair("less_equal", "<=", "whether the first is not larger")
greater = _pair("greater", ">", "whether the first is larger")
greater_equal = _pair("greater_equal", ">=", "whether the first is not smaller")
logical_and = _pair("logical_and", "logical_and", "whether both are true")
logical_or = _pair("logical_or", "logical_or", "whether one is true")


def abs(x: Any, out: Any = None) -> Any:  # noqa: A001
    """Return each element without its sign; also by the name `absolute`.

    >>> abs([-2, 3])
    array([2, 3])
    """
    x = _operand(x, "abs")
    return _into(out, _array.each("abs", _b.abs, x._kind, x))


absolute = abs


def clip(a: Any, a_min: Any, a_max: Any, out: Any = None) -> Any:
    """Return each element, or the nearer end of the range; an end that is None is open.

    >>> clip([1, 5, 9], 2, 8)
    array([2, 5, 8])
    """
    for sign, end in (("maximum", a_min), ("minimum", a_max)):
        if end is None:
            a = copy(a)
        else:
            _shapes.common("clip", _operand(a, "clip")._shape, _operand(end, "clip")._shape)
            a = _array.binary(sign, end, a)
    return _into(out, _operand(a, "clip"))


def round(a: Any, decimals: int = 0, out: Any = None) -> Any:  # noqa: A001
    """Return each element rounded to decimals, and of two that are as near, to the even one.

    >>> round([0.125, 2.5], 2), round(2.5)
    (array([0.12, 2.5 ]), 2.0)
    """
    up, down = 10.0 ** _b.max(decimals, 0), 10.0 ** _b.max(-decimals, 0)

    def rounded(x: Any) -> Any:
        return _whole(x * up / down) * down / up if decimals < 0 or isinstance(x, float) else x

    return _into(out, _array.each("round", rounded, None, a))


def nan_to_num(x: Any) -> Any:
    """Return 0.0 for each NaN, the largest floats for infinities, and other elements unchanged.

    >>> nan_to_num([float("nan"), 0.5])
    array([0. , 0.5])
    """
    x, largest = asarray(x), _math.nextafter(_math.inf, 0.0)
    return clip(where(isnan(x), 0.0, x), -largest, largest) if x.dtype is float else copy(x)


def isclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> Any:
    """Tell of each pair of elements whether |a - b| <= atol + rtol * |b|, after broadcasting.

    An infinity is close only to itself. NaN is close to nothing, or with `equal_nan` to NaN.

    >>> isclose([1.0, 2.0], [1.0, 2.1])
    array([ True, False])
    """
    a, b = (_operand(x, "isclose").astype(float) for x in (a, b))
    near = abs(a - b) <= atol + rtol * abs(b)
    same = logical_or(a == b, logical_and(equal_nan, logical_and(isnan(a), isnan(b))))
    return where(less(abs(b), _math.inf), near, same)


def allclose(a: Any, b: Any, rtol: Any = 1e-5, atol: Any = 1e-8, equal_nan: bool = False) -> bool:
    """Tell whether all pairs of elements are close, as `isclose` tells of each.

    >>> allclose([1.0, 2.0], [1.0, 2.00001]), allclose(1.0, 1.001)
    (True, False)
    """
    return bool(all(isclose(a, b, rtol, atol, equal_nan)))


def array_equal(a1: Any, a2: Any) -> bool:
    """Tell whether two arrays have one shape and equal elements.

    >>> array_equal([1, 2], [1.0, 2.0]), array_equal([1, 2], [1])
    (True, False)
    """
    return shape(a1) == shape(a2) and bool(all(equal(a1, a2)))


def dot(a: Any, b: Any) -> Any:
    """Return the product of two arrays, each inner product added from left to right.

    (m x k) · (k x n) = (m x n); (m x k) · (k) = (m); (k) · (k x n) = (n); (k) · (k) is a number. If
    one is a number, each element is multiplied by it. Raises PureNetError if the inner sizes
    differ.

    >>> dot([[1, 2], [3, 4]], [10, 1])
    array([12, 34])
    >>> dot([[1, 2, 3]], [[1, 2, 3]])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: dot: inner sizes differ: (1 x 3) · (1 x 3)
    """
    return _array.product("dot", a, b)


def matmul(x1: Any, x2: Any) -> Any:
    """Return the product of two arrays, neither of which is a number: `x1 @ x2`.

    >>> matmul([[1, 2], [3, 4]], [10, 1])
    array([12, 34])
    """
    return _array.product("@", x1, x2)


def outer(a: Any, b: Any) -> Any:
    """Return each element of one vector times each of the other.

    >>> outer([1, 2], [3, 4])
    array([[3, 4],
           [6, 8]])
    """
    return reshape(a, (-1, 1)) * reshape(b, (1, -1))


# -- along an axis -------------------------------------------------------------------------------


def _lines(a: Any, axis: int | None, kind: Any) -> tuple[list[_numbers.Values], int]:
    """Return the lines along an axis, of a kind, and the axis counted from the first."""
    place = _shapes.axis_of(0 if axis is None else axis, a._shape)
    if axis is None or a.ndim < 2:
        return [a._as(kind)], place
    if not a.size:
        raise _checks.PureNetError("axis: the array has no rows")
    return a._rows(kind) if place else a._columns(kind), place


def _of_rows(rows: list[_numbers.Values], ndim: int, kind: Any) -> ndarray:
    """Return an array of rows; a vector (ndim 1) comes as its only row."""
    lengths = (len(rows), len(rows[0]))[2 - ndim :]
    return ndarray([value for row in rows for value in row], lengths, kind)


def _along(name: str, function: _Function, kind: Any, words: str, option: str = "") -> _Function:
    """Return the reduction that makes a number of each line.

    The kind is that of the results: `float` takes floats, None stands for the kind of the
    elements, and "sum" for an integer if these are bools.
    """

    def reduction(a: Any, axis: Any = None, *, keepdims: bool = False, **options: Any) -> Any:
        if {*options} - {option}:
            raise _numbers.KindError(f"{name}: there is no option {', '.join(options)} here")
        a = _operand(a, name)
        found = _numbers.widest(int, a._kind) if kind == "sum" else kind or a._kind
        lines, place = _lines(a, axis, float if kind is float else a._kind)
        values = [function(line, **options) for line in lines]
        lengths = list(a._shape)
        kept = slice(None) if axis is None else slice(place, place + 1)
        lengths[kept] = [1] * len(lengths[kept]) if keepdims else []
        return _outward(_array.checked(values, tuple(lengths), found))

    return _named(reduction, name, f"{words} of all elements, or of each column or row")


def _total(line: _numbers.Values) -> Any:
    return _fn.reduce(_operator.add, line, 0)


def _mean(line: _numbers.Values) -> Any:
    return _numbers.quotient(_total(line), len(line))


def _variance(line: _numbers.Values, ddof: int = 0) -> Any:
    mean = _mean(line)
    total = _total([(x - mean) * (x - mean) for x in line])
    return _numbers.quotient(total, _b.max(len(line) - ddof, 0.0))


def _extreme(choose: _Function, line: _numbers.Values) -> Any:
    if not line:
        raise _checks.PureNetError("max and min: expected at least one element, got none")
    return _math.nan if _has_nan(line) else choose(line)


def _has_nan(line: _numbers.Values) -> bool:
    return True in map(_operator.ne, line, line)


def _place(choose: _Function, line: _numbers.Values) -> int:
    return [a != a for a in line].index(True) if _has_nan(line) else line.index(choose(line))


def _percentile(line: _numbers.Values, part: float = 0.5) -> Any:
    """Return the value below which a part of the sorted line lies; between two, on a line."""
    if _has_nan(line):
        return _math.nan
    ordered, place = sorted(line), (len(line) - 1) * part
    i = _math.floor(place)
    a, b, t = ordered[i], ordered[_b.min(i + 1, len(line) - 1)], place - i
    return b - (b - a) * (1 - t) if t >= 0.5 else a + (b - a) * t


def _median(line: _numbers.Values) -> Any:
    ordered, half = sorted(line), len(line) // 2
    return _mean(ordered[half - 1 + len(line) % 2 : half + 1]) if not _has_nan(line) else _math.nan


sum = _along("sum", _total, "sum", "the sum, from left to right or from the first row down,")  # noqa: A001
prod = _along("prod", lambda line: _fn.reduce(_operator.mul, line, 1), "sum", "the product")
mean = _along("mean", _mean, float, "the mean")
var = _along("var", _variance, float, "the variance", "ddof")
_root = lambda a, ddof=0: _math.sqrt(_variance(a, ddof))  # noqa: E731
std = _along("std", _root, float, "the standard deviation", "ddof")
max = _along("max", _fn.partial(_extreme, _b.max), None, "the largest (NaN if there is one)")  # noqa: A001
min = _along("min", _fn.partial(_extreme, _b.min), None, "the smallest (NaN if there is one)")  # noqa: A001
argmax = _along("argmax", _fn.partial(_place, _b.max), int, "the index of the largest")
argmin = _along("argmin", _fn.partial(_place, _b.min), int, "the index of the smallest")
any = _along("any", _b.any, bool, "whether one is true,")  # noqa: A001
all = _along("all", _b.all, bool, "whether all are true,")  # noqa: A001
median = _along("median", _median, float, "the middle value")
count_nonzero = _along("count_nonzero", lambda a: len(a) - a.count(0), int, "how many are not 0")
_quantile = _along("percentile", _percentile, float, "", "part")
amax, amin = max, min


def percentile(a: Any, q: float, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return the value below which q percent of a line lie.

    >>> percentile([1, 2, 3, 4], 25)
    1.75
    """
    q = _checks.number_within(q, "percentile: q", lambda q: 0.0 <= q <= 100.0, "from 0 to 100")
    return _quantile(a, axis, keepdims=keepdims, part=q / 100.0)


def trace(a: Any) -> Any:
    """Return the sum of the diagonal of a matrix.

    >>> trace([[1, 2], [3, 4]])
    5
    """
    a = _operand(a, "trace")
    return sum(a[equal(eye(*a.shape), 1)])


# -- a line of each line -------------------------------------------------------------------------


def _of_lines(name: str, function: _Function, kind: Any, a: Any, axis: int | None) -> Any:
    """Return the array of a line of each line."""
    a = _operand(a, name)
    lines, place = _lines(a, axis, a._kind)
    found = a._kind if kind is None else kind(a._kind)
    rows = [[*map(_numbers.CONVERSIONS[found], function(line))] for line in lines]
    made = _of_rows(rows, 1 if axis is None else a.ndim or 1, found)
    return made if place or made.ndim < 2 else made.T.copy()


def cumsum(a: Any, axis: int | None = None) -> Any:
    """Return the running sums of a line.

    >>> cumsum([[1, 2], [3, 4]])
    array([ 1,  3,  6, 10])
    """
    return _of_lines("cumsum", _it.accumulate, _fn.partial(_numbers.widest, int), a, axis)


def _in_order(line: _numbers.Values) -> list[int]:
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


def apply_along_axis(func1d: _Function, axis: int, arr: Any, *args: Any, **kwargs: Any) -> Any:
    """Return the array of a function's value, a number or a vector, for each column or row.

    >>> apply_along_axis(max, 1, [[1, 5], [3, 4]])
    array([5, 4])
    """
    arr = _operand(arr, "apply_along_axis")
    lines, place = _lines(arr, axis, arr._kind)
    vectors = [ndarray(line, (len(line),), arr._kind) for line in lines]
    found = _array.array([func1d(vector, *args, **kwargs) for vector in vectors])
    if arr.ndim < 2:
        return found[0]
    return found if place or found.ndim < 2 else found.T


# -- from nothing --------------------------------------------------------------------------------


def full(shape: Any, fill_value: Any, dtype: Any = None) -> ndarray:
    """Return one number everywhere in the shape n, (n,) or (m, n); or a row, in each row.

    >>> full((2, 3), 0.5)
    array([[0.5, 0.5, 0.5],
           [0.5, 0.5, 0.5]])
    """
    value, lengths = _operand(fill_value, "full"), _numbers.lengths(shape)
    kind = value.dtype if dtype is None else _numbers.kind_of(dtype)
    return ndarray(_array.fitted("full", value, lengths, kind), lengths, kind)


def zeros(shape: Any, dtype: Any = float) -> ndarray:
    """Return zeros in the shape n, (n,) or (m, n).

    >>> zeros((2, 3))
    array([[0., 0., 0.],
           [0., 0., 0.]])
    """
    return full(shape, 0, _numbers.kind_of(dtype))


def ones(shape: Any, dtype: Any = float) -> ndarray:
    """Return ones in the shape n, (n,) or (m, n).

    >>> ones(3, dtype=int)
    array([1, 1, 1])
    """
    return full(shape, 1, _numbers.kind_of(dtype))


def full_like(a: Any, fill_value: Any, dtype: Any = None) -> Any:
    """Return one number everywhere in the shape and the kind of another array.

    >>> full_like([1, 2], 7)
    array([7, 7])
    """
    a = _operand(a, "full_like")
    kind = a.dtype if dtype is None else dtype
    return full(a.shape, fill_value, kind) if a.shape else _operand(fill_value, "").astype(kind)


def zeros_like(a: Any, dtype: Any = None) -> Any:
    """Return zeros in the shape and the kind of another array.

    >>> zeros_like([[1, 2], [3, 4]])
    array([[0, 0],
           [0, 0]])
    """
    return full_like(a, 0, dtype)


def ones_like(a: Any, dtype: Any = None) -> Any:
    """Return ones in the shape and the kind of another array.

    >>> ones_like([0.5, 2.0])
    array([1., 1.])
    """
    return full_like(a, 1, dtype)


def empty(shape: Any, dtype: Any = float) -> ndarray:
    """Return an array to be filled, which here has zeros.

    >>> empty((2, 3)).shape
    (2, 3)
    """
    return zeros(shape, dtype)


empty_like = zeros_like


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = float) -> ndarray:
    """Return (N x M) zeros, or (N x N), with ones on the diagonal, or k places right of it.

    >>> eye(2)
    array([[1., 0.],
           [0., 1.]])
    """
    lengths = _numbers.lengths((N, N if M is None else M))
    places = [j - i == k for i in range(lengths[0]) for j in range(lengths[1])]
    return ndarray(places, lengths, bool).astype(dtype)  # type: ignore[no-any-return]


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> ndarray:
    """Return the numbers from start, or 0, to below stop.

    >>> arange(3), arange(0.0, 1.0, 0.25)
    (array([0, 1, 2]), array([0.  , 0.25, 0.5 , 0.75]))
    """
    ends = (0, start, step) if stop is None else (start, stop, step)
    start, stop, step = (_numbers.number(end, "arange") for end in ends)
    n = _math.ceil((stop - start) / step) if step else 0
    kind = _numbers.widest(*map(type, (start, stop, step)))
    step = start + step - start  # as NumPy does
    return array([start + i * step for i in range(n)], dtype or kind)  # type: ignore[no-any-return]


def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True) -> ndarray:
    """Return evenly spaced numbers from start to stop, which is the last unless not `endpoint`.

    >>> linspace(0, 1, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    start, stop = (float(_numbers.number(end, "linspace")) for end in (start, stop))
    parts = _checks.whole_number(num, "linspace: num", 1) - bool(endpoint)
    step = (stop - start) / parts if parts else 0.0
    ends = [stop] if endpoint and num > 1 else []
    values = [i * step + start for i in range(num - len(ends))]
    return array(values + ends)  # type: ignore[no-any-return]


def asarray(a: Any, dtype: Any = None) -> Any:
    """Return an array unchanged, and anything else as a new `array`.

    >>> a = array([1, 2])
    >>> asarray(a) is a, asarray(a, dtype=float) is a
    (True, False)
    """
    return array(a, dtype, copy=None)


def copy(a: Any) -> Any:
    """Return a new array with the same elements.

    >>> copy([1, 2])
    array([1, 2])
    """
    return +_operand(a, "copy")


# -- of another shape ----------------------------------------------------------------------------


def shape(a: Any) -> _numbers.Shape:
    """Return the lengths of the axes.

    >>> shape([[1, 2]]), shape(5)
    ((1, 2), ())
    """
    return _operand(a, "shape")._shape


def ndim(a: Any) -> int:
    """Return the number of axes.

    >>> ndim([[1, 2]])
    2
    """
    return len(shape(a))


def size(a: Any) -> int:
    """Return the number of elements.

    >>> size([[1, 2]])
    2
    """
    return _math.prod(shape(a))


def ravel(a: Any) -> Any:
    """Return the elements row by row as a vector.

    >>> ravel([[1, 2], [3, 4]])
    array([1, 2, 3, 4])
    """
    return reshape(a, -1)


def transpose(a: Any, *axes: Any) -> Any:
    """Return the rows as columns, as `A.T` does.

    >>> transpose([[1, 2]])
    array([[1],
           [2]])
    """
    order = axes[0] if len(axes) == 1 else axes or None
    if order is not None and tuple(order) != (1, 0):
        raise _checks.PureNetError(f"transpose: axes: expected (1, 0), got {order}")
    return _operand(a, "transpose").T


def squeeze(a: Any, axis: int | None = None) -> Any:
    """Return the elements without the axes of length 1, or without one of them.

    >>> squeeze([[1], [2]]), squeeze([[5]])
    (array([1, 2]), 5)
    """
    lengths = shape(a)
    place = -1 if axis is None else _shapes.axis_of(axis, lengths)
    kept = (n for i, n in enumerate(lengths) if i != place and (place >= 0 or n != 1))
    return reshape(a, tuple(kept))


def expand_dims(a: Any, axis: int) -> Any:
    """Return the elements with a new axis of length 1 at this place.

    >>> expand_dims([1, 2], 1).shape
    (2, 1)
    """
    lengths = list(shape(a))
    lengths.insert(_shapes.axis_of(axis, (1, *lengths)), 1)
    return reshape(a, lengths)


def atleast_1d(a: Any) -> Any:
    """Return a number as a vector, and an array unchanged.

    >>> atleast_1d(5)
    array([5])
    """
    return array(a, copy=None, ndmin=1)


def atleast_2d(a: Any) -> Any:
    """Return a number or a vector as a matrix of one row, and a matrix unchanged.

    >>> atleast_2d([1, 2])
    array([[1, 2]])
    """
    return array(a, copy=None, ndmin=2)


def flip(m: Any, axis: int | None = None) -> Any:
    """Return the elements in reverse, along an axis or along both.

    >>> flip([[1, 2], [3, 4]], axis=1)
    array([[2, 1],
           [4, 3]])
    """
    m = _operand(m, "flip")
    place = axis if axis is None else _shapes.axis_of(axis, m.shape)
    return m[tuple(slice(None, None, -1 if place in (None, i) else 1) for i in range(m.ndim))]


def tile(A: Any, reps: Any) -> Any:
    """Return an array several times side by side, or with (m, n) below each other too.

    >>> tile([1, 2], 2), tile([1, 2], (2, 1))
    (array([1, 2, 1, 2]), array([[1, 2],
           [1, 2]]))
    """
    times = _numbers.lengths(reps)
    A = array(A, ndmin=len(times))
    m, n = (1, *times)[-2:]
    return _of_rows([row * n for row in A._rows(A._kind)] * m, A.ndim, A._kind)


def repeat(a: Any, repeats: int, axis: int | None = None) -> Any:
    """Return each element, or each row (axis 0) or column (axis 1), several times.

    >>> repeat([1, 2], 2)
    array([1, 1, 2, 2])
    """
    a = ravel(a) if axis is None else _operand(a, "repeat")
    place = _shapes.axis_of(axis or 0, a.shape)
    times = _checks.whole_number(repeats, "repeats", 1)
    return take(a, [i for i in range(a.shape[place]) for _ in range(times)], place)


def take(a: Any, indices: Any, axis: int | None = None) -> Any:
    """Return the elements at these places, or the rows (axis 0) or columns (axis 1).

    >>> take([[1, 2], [3, 4]], [1, 0], axis=1)
    array([[2, 1],
           [4, 3]])
    """
    a = ravel(a) if axis is None else _operand(a, "take")
    return a[(slice(None),) * _shapes.axis_of(axis or 0, a.shape) + (indices,)]


def diag(v: Any, k: int = 0) -> ndarray:
    """Return a matrix with a vector as its diagonal, or the diagonal of a matrix.

    >>> diag([1, 2]), diag([[1, 2], [3, 4]])
    (array([[1, 0],
           [0, 2]]), array([1, 4]))
    """
    v = _operand(v, "diag")
    if v.ndim == 1:
        n = len(v) + _b.abs(k)
        square = zeros((n, n), v.dtype)
        square[eye(n, k=k, dtype=bool)] = v
        return square
    m, n = v.shape
    return v[eye(m, n, k, bool)]  # type: ignore[no-any-return]


# -- joined --------------------------------------------------------------------------------------


def concatenate(arrays: Any, axis: int | None = 0) -> ndarray:
    """Return arrays joined below each other (axis 0) or side by side (axis 1).

    >>> concatenate([[1, 2], [3]]), concatenate([[[1], [2]], [[3], [4]]], axis=1)
    (array([1, 2, 3]), array([[1, 3],
           [2, 4]]))
    """
    return _joined("concatenate", [_operand(a, "concatenate") for a in arrays], axis)


def _joined(name: str, parts: list[ndarray], axis: int | None) -> ndarray:
    """Return arrays joined along an axis; they have as many axes, and the others' lengths agree."""
    parts = [ravel(part) for part in parts] if axis is None else parts
    place = _shapes.axis_of(axis or 0, parts[0].shape if parts else ())
    rest = {(part.ndim, part.shape[:place] + part.shape[place + 1 :]) for part in parts}
    if len(rest) != 1 or not parts[0].shape:
        shapes = " and ".join(_shapes.words(part.shape) for part in parts)
        raise _checks.PureNetError(f"{name}: shapes do not fit along axis {place}: {shapes}")
    kind = _numbers.widest(*(part.dtype for part in parts))
    # Rows lie below each other; columns, and vectors, are rows of the transposes.
    below = place == 0 and parts[0].ndim == 2
    blocks = [part._rows(kind) for part in parts]
    chain = _it.chain.from_iterable
    rows = list(chain(blocks)) if below else [list(chain(rows)) for rows in zip(*blocks)]
    return _of_rows(rows, parts[0].ndim, kind)


def vstack(tup: Any) -> ndarray:
    """Return arrays below each other; a vector counts as a row.

    >>> vstack([[1, 2], [3, 4]])
    array([[1, 2],
           [3, 4]])
    """
    return _joined("vstack", [atleast_2d(a) for a in tup], 0)


def hstack(tup: Any) -> ndarray:
    """Return arrays side by side; vectors end to end.

    >>> hstack([[1, 2], [3]])
    array([1, 2, 3])
    """
    return _joined("hstack", [atleast_1d(a) for a in tup], -1)


def column_stack(tup: Any) -> ndarray:
    """Return arrays side by side; a vector counts as a column.

    >>> column_stack([[1, 2], [3, 4]])
    array([[1, 3],
           [2, 4]])
    """
    columns = [a if a.ndim == 2 else a[:, None] for a in map(atleast_1d, tup)]
    return _joined("column_stack", columns, 1)


def stack(arrays: Any, axis: int = 0) -> ndarray:
    """Return vectors as the rows (axis 0) or columns (axis 1) of a matrix.

    >>> stack([[1, 2], [3, 4]], axis=1)
    array([[1, 3],
           [2, 4]])
    """
    return _joined("stack", [expand_dims(a, axis) for a in arrays], axis)


class _Columns:
    """`c_[a, b]`: arrays side by side."""

    def __getitem__(self, key: Any) -> ndarray:
        return column_stack(key if isinstance(key, tuple) else (key,))


c_ = _Columns()


# -- chosen --------------------------------------------------------------------------------------


def where(condition: Any, x: Any = None, y: Any = None) -> Any:
    """Return x where a condition is true and y elsewhere; without them, as `nonzero` does.

    >>> where([True, False], 1, 0.5)
    array([1. , 0.5])
    """
    if x is None or y is None:
        return nonzero(condition)
    parts = [_operand(part, "where") for part in (condition, x, y)]
    both = _shapes.common("where", *(part._shape for part in parts))
    kind = _numbers.widest(parts[1].dtype, parts[2].dtype)
    kinds = (bool, kind, kind)
    triples = (_shapes.stretched(p._as(k), p._shape, both) for p, k in zip(parts, kinds))
    return _outward(ndarray([a if yes else b for yes, a, b in zip(*triples)], both, kind))


def nonzero(a: Any) -> tuple[ndarray, ...]:
    """Return the places of what is not 0 or False, a vector for each axis.

    >>> nonzero([0, 2, 3])
    (array([1, 2]),)
    """
    mask = atleast_1d(_operand(a, "nonzero")).astype(bool)
    return tuple(array(places, int) for _, places in _shapes.places_of(mask, mask.shape))


def unique(ar: Any, *, return_inverse: bool = False, return_counts: bool = False) -> Any:
    """Return the different elements in order; their places, and how often each occurs, if asked.

    >>> unique([3, 1, 3]), unique([3, 1, 3], return_counts=True)
    (array([1, 3]), (array([1, 3]), array([1, 2])))
    """
    a = _operand(ar, "unique")
    counts = _Counter(a._flat())
    found = sorted(counts)
    places = {value: i for i, value in enumerate(found)}
    inverse = reshape([places[value] for value in a._flat()], a.shape or (1,))
    answers = (array(found), inverse, array([counts[value] for value in found]))
    kept = [answer for answer, want in zip(answers, (True, return_inverse, return_counts)) if want]
    return tuple(kept) if len(kept) > 1 else kept[0]
