"""NumPy's notation without NumPy: `import purenet.np as np`, and the article's programs run.

Vectors and matrices of floats, integers or bools, with the operators, functions and methods of
`__all__`: a notation for the operations of `core.matrix`, and so with their order of summation.

>>> import purenet.np as np
>>> np.random.seed(1)
>>> print(2 * np.random.random((3, 1)) - 1)
[[-0.16595599]
 [ 0.44064899]
 [-0.99977125]]

`A[i]`, `A[a:b]`, `A[:, j]` and `A.T` are views, as in NumPy: `row = A[0]; row += 1` changes A. The
differences from NumPy:

- A single number as a result (`np.mean(A)`, `A[0, 0]`, `np.exp(1.0)`) is Python's own float,
  int or bool: it has no methods, and divided by zero it raises. There are no arrays without axes.
- Sums, also those of `dot` and `mean`, are added from left to right: NumPy adds in pairs or
  blocks, and may differ in the last digits.
- Overflow, 0/0 and log(0) give inf, nan and -inf, as in NumPy, but without its RuntimeWarning:
  a warning would mean checking each result of + and *.
- Integers have 64 bits; a result that would wrap around in NumPy is refused.
- `dtype` is `float`, `int` or `bool` itself; `"float64"`, `"int64"` and `"bool"` name them too.
  Results of another type are refused: complex numbers, text, `np.exp` and `**` of bools.
- Empty arrays, more than two dimensions, masks and lists as indices are refused.
- `keepdims` is given by name. There is no `out`, `where` or `order`.
"""

from __future__ import annotations

# Imports have names with underscores; else np.math would exist.
import math as _math

from ..core import matrix as _matrix
from . import _array, _numbers, random
from ._array import array, ndarray
from ._numbers import KindError, PlaceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

    from ..core._types import Function

__all__ = [
    "KindError",
    "PlaceError",
    "abs",
    "absolute",
    "allclose",
    "argmax",
    "array",
    "asarray",
    "dot",
    "exp",
    "eye",
    "log",
    "max",
    "maximum",
    "mean",
    "min",
    "ndarray",
    "ones",
    "random",
    "sqrt",
    "sum",
    "tanh",
    "zeros",
]


# -- arrays from lists, and from nothing ---------------------------------------------------------


def asarray(values: Any, dtype: Any = None) -> ndarray:
    """Return an array unchanged, and anything else as a new `array`.

    >>> a = array([1, 2])
    >>> asarray(a) is a, asarray(a, dtype=float) is a
    (True, False)
    """
    if not isinstance(values, ndarray):
        return array(values, dtype)
    kind = values.dtype if dtype is None else _numbers.kind_of(dtype)
    return values if kind is values.dtype else array(values, kind)


def zeros(shape: Any, dtype: Any = float) -> ndarray:
    """Return zeros in the shape n, (n,) or (m, n).

    >>> zeros((2, 3))
    array([[0., 0., 0.],
           [0., 0., 0.]])
    """
    lengths = _numbers.lengths(shape)
    blank = ndarray(_matrix.zeros(*(1, *lengths)[-2:]), len(lengths), float)
    return _array.converted(blank, _numbers.kind_of(dtype))


def ones(shape: Any, dtype: Any = float) -> ndarray:
    """Return ones in the shape n, (n,) or (m, n).

    >>> ones(3, dtype=int)
    array([1, 1, 1])
    """
    blank = zeros(shape, dtype)
    blank[:] = 1
    return blank


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = float) -> ndarray:
    """Return (N x M) zeros, or (N x N), with ones on the diagonal, or k places right of it.

    >>> eye(2)
    array([[1., 0.],
           [0., 1.]])
    """
    blank = zeros((N, N if M is None else M), dtype)
    for i, row in enumerate(blank):
        for j in range(len(row)):
            row[j] = j - i == k
    return blank


# -- element by element --------------------------------------------------------------------------


def exp(x: Any) -> Any:
    """Return e to the power of each element; inf if that is too large for a float.

    >>> exp([0, 1, 1000])
    array([1.        , 2.71828183,        inf])
    """
    return _of_floats("exp", _numbers.exp, x)


def log(x: Any) -> Any:
    """Return the natural logarithm of each element; -inf of 0, nan of negative numbers.

    >>> log([1, 0, -1])
    array([  0., -inf,  nan])
    """
    return _of_floats("log", _numbers.log, x)


def sqrt(x: Any) -> Any:
    """Return the square root of each element; nan of negative numbers.

    >>> sqrt([4, 2, -1])
    array([2.        , 1.41421356,        nan])
    """
    return _of_floats("sqrt", _numbers.sqrt, x)


def tanh(x: Any) -> Any:
    """Return the hyperbolic tangent of each element.

    >>> tanh([0, 1])
    array([0.        , 0.76159416])
    """
    return _of_floats("tanh", _math.tanh, x)


def abs(x: Any) -> Any:  # noqa: A001
    """Return each element without its sign; also by the name `absolute`.

    >>> abs([-2, 3])
    array([2, 3])
    """
    return _array.outward(_array.operand(x, "abs").__abs__())


absolute = abs


def maximum(a: Any, b: Any) -> Any:
    """Return the larger of each pair of elements, after broadcasting; NaN if one is NaN.

    >>> maximum([-1.0, 2.0], 0)
    array([0., 2.])
    """
    return _array.outward(_array.binary("maximum", a, b))


def allclose(
    a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """Tell whether |a - b| <= atol + rtol * |b| everywhere, after broadcasting.

    An infinity is close only to itself. NaN is close to nothing, or with `equal_nan` to NaN.

    >>> allclose([1.0, 2.0], [1.0, 2.00001]), allclose(1.0, 1.001)
    (True, False)
    """
    a, b = _array.operand(a, "allclose"), _array.operand(b, "allclose")
    pair = _array.side_by_side("allclose", a, b, float)
    close = _numbers.closeness(rtol, atol, equal_nan)
    return all(all(row) for row in _matrix.apply(close, *pair))


def _of_floats(name: str, function: Function, x: Any) -> Any:
    """Return an array of the function's value for each element, taken as a float."""
    x = _array.operand(x, name)
    if x.dtype is bool:
        raise KindError(f"{name}: not for bools; make them floats first: array(x, dtype=float)")
    return _array.outward(_array.each(function, _array.converted(x, float)))


# -- products ------------------------------------------------------------------------------------


def dot(a: Any, b: Any) -> Any:
    """Return the product of two arrays, each inner product added from left to right.

    (m x k) · (k x n) = (m x n); (m x k) · (k) = (m); (k) · (k x n) = (n); (k) · (k) is a number. If
    one is a number, each element is multiplied by it. Raises PureNetError if the inner sizes
    differ.

    >>> dot([[1, 2], [3, 4]], [10, 1])
    array([12, 34])
    >>> dot(ones((4, 3)), ones((4, 1)))
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: dot: inner sizes differ: (4 x 3) · (4 x 1)
    """
    return _array.product("dot", a, b)


# -- along an axis -------------------------------------------------------------------------------


def sum(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:  # noqa: A001
    """Return the sum of all elements, or of each column (axis 0) or row (axis 1).

    It is added from left to right or from the first row down. With `keepdims`, the axis stays,
    with length 1, so that the result broadcasts against `a`.

    >>> sum([[1, 2], [3, 4]]), sum([[1, 2], [3, 4]], axis=0)
    (10, array([4, 6]))
    >>> sum([[1, 2], [3, 4]], axis=1, keepdims=True)
    array([[3],
           [7]])
    """
    return _array.operand(a, "sum").sum(axis, keepdims=keepdims)


def mean(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:
    """Return the mean of all elements, or of each column (axis 0) or row (axis 1), as floats.

    >>> mean([[1, 2], [3, 4]]), mean([[1, 2], [3, 4]], axis=1)
    (2.5, array([1.5, 3.5]))
    """
    return _array.operand(a, "mean").mean(axis, keepdims=keepdims)


def max(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:  # noqa: A001
    """Return the largest of all elements, or of each column (axis 0) or row (axis 1).

    A NaN counts as the largest, and as the smallest.

    >>> max([[1, 5], [3, 4]]), max([[1, 5], [3, 4]], axis=0)
    (5, array([3, 5]))
    """
    return _array.operand(a, "max").max(axis, keepdims=keepdims)


def min(a: Any, axis: int | None = None, *, keepdims: bool = False) -> Any:  # noqa: A001
    """Return the smallest of all elements, or of each column (axis 0) or row (axis 1).

    >>> min([[1, 5], [3, 4]]), min([[1, 5], [3, 4]], axis=1)
    (1, array([1, 3]))
    """
    return _array.operand(a, "min").min(axis, keepdims=keepdims)


def argmax(a: Any, axis: int | None = None) -> Any:
    """Return the index of the largest element, the first if tied; of the first NaN, if any.

    Without an axis the elements are counted row by row; axis 0 counts down each column, and
    axis 1 along each row.

    >>> argmax([[1, 5], [3, 4]]), argmax([[1, 5], [3, 4]], axis=1)
    (1, array([1, 1]))
    """
    return _array.operand(a, "argmax").argmax(axis)


def __getattr__(name: str) -> NoReturn:
    raise _array.lacking(__name__, name)


def __dir__() -> list[str]:
    return [*__all__, "_array", "_numbers", "_printing"]
