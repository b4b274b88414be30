"""Functions of each element, or of each pair of elements: one line each, all by one mechanism."""

from __future__ import annotations

import builtins as _builtins
import math as _math
import operator as _operator
import sys as _sys
from collections.abc import Callable as _Callable

from . import _array, _numbers, _shapes
from ._array import operand as _operand
from ._array import outward as _outward

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_Function = _Callable[..., "Any"]


def _into(out: Any, result: Any) -> Any:
    """Return a result, or `out` with the result in it."""
    if out is None:
        return _outward(result)
    return out._become(result)


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
        result = _array.each(name, function, kind, x)
        return result if out is None and result._shape else _into(out, result)

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


_whole = _rounding(_builtins.round)


def _sign(x: Any) -> Any:
    return x if x != x else type(x)((x > 0) - (x < 0))


exp = _each("exp", _math.exp, float, "e to the power (inf if that is too large for a float)")
expm1 = _each("expm1", _math.expm1, float, "e to the power, minus 1")
log = _each("log", _math.log, float, "the natural logarithm (-inf of 0, nan of negative numbers)")
log2 = _each("log2", _math.log2, float, "the logarithm to base 2")
log10 = _each("log10", _math.log10, float, "the logarithm to base 10")
log1p = _each("log1p", _math.log1p, float, "the natural logarithm of 1 plus the value")
sqrt = _each("sqrt", _math.sqrt, float, "the square root (nan of negative numbers)")
sin = _each("sin", _math.sin, float, "the sine")
cos = _each("cos", _math.cos, float, "the cosine")
tan = _each("tan", _math.tan, float, "the tangent")
arctan = _each("arctan", _math.atan, float, "the arc whose tangent it is")
tanh = _each("tanh", _math.tanh, float, "the hyperbolic tangent")
square = _each("square", lambda x: x * x, None, "the square")
negative = _each("negative", _operator.neg, None, "the value with the other sign")
sign = _each("sign", _sign, None, "the sign: -1, 0 or 1")
floor = _each("floor", _rounding(_math.floor), None, "the next whole number below")
ceil = _each("ceil", _rounding(_math.ceil), None, "the next whole number above")
isnan = _each("isnan", lambda x: x != x, bool, "whether it is NaN")
isinf = _each("isinf", _math.isinf, bool, "whether it is an infinity")
isfinite = _each("isfinite", _math.isfinite, bool, "whether it is neither NaN nor an infinity")
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
logical_xor = _pair("logical_xor", "logical_xor", "whether only one is true")


def abs(x: Any, out: Any = None) -> Any:  # noqa: A001
    """Return each element without its sign; also by the name `absolute`.

    >>> abs([-2, 3])
    array([2, 3])
    """
    return _into(out, _operand(x, "abs").__abs__())


absolute = abs


def clip(a: Any, a_min: Any, a_max: Any, out: Any = None) -> Any:
    """Return each element, or the nearest end of the range from a_min to a_max; None is no end.

    >>> clip([1, 5, 9], 2, 8)
    array([2, 5, 8])
    """
    for sign, end in (("at least", a_min), ("at most", a_max)):
        a = a if end is None else _array.binary(sign, a, end)
    return _into(out, _operand(a, "clip"))


def round(a: Any, decimals: int = 0, out: Any = None) -> Any:  # noqa: A001
    """Return each element rounded to decimals, and of two that are as near, to the even one.

    >>> round([0.125, 2.5], 2), round(2.5)
    (array([0.12, 2.5 ]), 2.0)
    """
    factor = 10.0 ** _math.fabs(decimals)

    def rounded(x: Any) -> Any:
        if isinstance(x, int):
            return x if decimals >= 0 else int(factor) * _whole(x / factor)
        scaled = x * factor if decimals >= 0 else x / factor
        if not _math.isfinite(scaled):
            return scaled
        return _whole(scaled) / factor if decimals >= 0 else _whole(scaled) * factor

    return _into(out, _array.each("round", rounded, None, a))


def nan_to_num(x: Any) -> Any:
    """Return 0.0 for each NaN, the largest floats for infinities, and other elements unchanged.

    >>> nan_to_num([float("nan"), 0.5])
    array([0. , 0.5])
    """
    x = _operand(x, "nan_to_num")
    numbers = _array.each("nan_to_num", lambda a: 0.0 if a != a else a, None, x)
    largest = _sys.float_info.max
    return _outward(clip(numbers, -largest, largest) if x.dtype is float else numbers)


def isclose(
    a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> Any:
    """Tell of each pair of elements whether |a - b| <= atol + rtol * |b|, after broadcasting.

    An infinity is close only to itself. NaN is close to nothing, or with `equal_nan` to NaN.

    >>> isclose([1.0, 2.0], [1.0, 2.1])
    array([ True, False])
    """
    a, b = _operand(a, "isclose"), _operand(b, "isclose")
    both = _shapes.common("isclose", a._shape, b._shape)
    pair = (_shapes.stretched(x._as(float), x._shape, both) for x in (a, b))
    close = map(_numbers.closeness(rtol, atol, equal_nan), *pair)
    return _outward(_array.made(list(close), both, bool))


def allclose(
    a: Any, b: Any, rtol: float = 1e-05, atol: float = 1e-08, equal_nan: bool = False
) -> bool:
    """Tell whether all pairs of elements are close, as `isclose` tells of each.

    >>> allclose([1.0, 2.0], [1.0, 2.00001]), allclose(1.0, 1.001)
    (True, False)
    """
    return False not in _operand(isclose(a, b, rtol, atol, equal_nan), "")._flat()


def array_equal(a1: Any, a2: Any) -> bool:
    """Tell whether two arrays have one shape and equal elements.

    >>> array_equal([1, 2], [1.0, 2.0]), array_equal([1, 2], [1])
    (True, False)
    """
    a1, a2 = _operand(a1, "array_equal"), _operand(a2, "array_equal")
    return a1.shape == a2.shape and False not in _array.binary("==", a1, a2)._flat()


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
    column = _array.reshape(a, (-1, 1))
    return column * _array.reshape(b, (1, -1))
