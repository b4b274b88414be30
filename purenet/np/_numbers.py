"""One number in `purenet.np`: its kind, and NumPy's answers where Python raises.

A kind is `bool`, `int` or `float`, and NumPy widens them in this order. If an operation on floats
has no result, Python raises; NumPy, and so this module, gives an infinity or NaN.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, Union

from ..core.checks import PureNetError, shown, whole_number

Kind = Union[type[float], type[int], type[bool]]

KINDS: tuple[Kind, ...] = (bool, int, float)
DTYPES = {"bool": bool, "int": int, "int64": int, "float": float, "float64": float}


class KindError(PureNetError, TypeError):
    """The error of a value of the wrong kind: what was expected, and what came."""


class PlaceError(PureNetError, IndexError):
    """The error of an index that does not exist."""


# -- what comes in -------------------------------------------------------------------------------


def as_list(value: Any) -> Any:
    """Return `value.tolist()` for an array of any library, and anything else unchanged."""
    return value.tolist() if hasattr(value, "tolist") else value


def number(value: Any, place: str) -> float:
    """Return a caller's number as a plain float, int or bool.

    >>> number(True, "array"), number(2, "array"), number(0.5, "array")
    (True, 2, 0.5)
    """
    value = as_list(value)
    for kind in KINDS:
        if isinstance(value, kind):
            return CONVERSIONS[kind](value)
    raise KindError(f"{place}: expected a float, an integer or a bool, got {shown(value)}")


def lengths(shape: Any) -> tuple[int, ...]:
    """Return the lengths of the axes that a caller's shape names.

    >>> lengths(3), lengths((2, 3))
    ((3,), (2, 3))
    """
    axes = shape if isinstance(shape, (list, tuple)) else (shape,)
    if len(axes) not in (1, 2):
        raise PureNetError(f"shape: expected n, (n,) or (m, n), got {shown(shape)}")
    return tuple(whole_number(length, "shape", 1) for length in axes)


def span(key: Any, length: int) -> slice:
    """Return one index of `A[i]` or `A[a:b]` as a slice.

    >>> span(-1, 3)
    slice(2, 3, None)
    """
    if isinstance(key, slice):
        if not range(*key.indices(length)):
            raise PlaceError(f"index: {shown(key)} selects none of {length}")
        return key
    if isinstance(key, bool) or not hasattr(key, "__index__"):
        raise PlaceError(f"index: expected whole numbers and slices, got {shown(key)}")
    i = operator.index(key)
    if not -length <= i < length:
        raise PlaceError(f"index: expected a number from {-length} to {length - 1}, got {i}")
    return slice(i % length, i % length + 1)


# -- kinds ---------------------------------------------------------------------------------------


def kind_of(dtype: Any) -> Kind:
    """Return the kind that a caller's dtype names.

    >>> kind_of("float64"), kind_of(bool)
    (<class 'float'>, <class 'bool'>)
    """
    name = dtype.__name__ if dtype in KINDS else dtype
    if not isinstance(name, str) or name not in DTYPES:
        raise KindError(f"dtype: expected float, int or bool, got {shown(dtype)}")
    return DTYPES[name]


def widest(*kinds: Kind) -> Kind:
    """Return the kind that can hold all of these.

    >>> widest(bool, float, int)
    <class 'float'>
    """
    return max(kinds, key=KINDS.index)


def as_integer(value: float) -> int:
    """Return a number without its fraction, in 64 bits.

    >>> as_integer(-1.5)
    -1
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise PureNetError(f"int: expected a finite number, got {value}")
    whole = int(value)
    if not -(2**63) <= whole < 2**63:
        raise PureNetError(f"int: {shown(whole)} does not fit into 64 bits")
    return whole


CONVERSIONS: dict[Kind, Callable[[Any], float]] = {float: float, int: as_integer, bool: bool}


def closeness(rtol: float, atol: float, equal_nan: bool) -> Callable[[float, float], bool]:
    """Return the test whether |a - b| <= atol + rtol * |b|.

    >>> closeness(0.0, 0.5, False)(1.0, 1.5)
    True
    """

    def close(a: float, b: float) -> bool:
        if math.isfinite(b):
            return abs(a - b) <= atol + rtol * abs(b)
        return a == b or (equal_nan and a != a and b != b)

    return close


# -- what Python raises for ----------------------------------------------------------------------


def quotient(a: float, b: float) -> float:
    """Return a / b, where b may be zero.

    >>> quotient(-1.0, 0.0), quotient(0.0, 0.0)
    (-inf, nan)
    """
    try:
        return a / b
    except ZeroDivisionError:
        if a == 0.0 or a != a:
            return math.nan
        return math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """Return a ** b of two floats or two integers, which must have a result in 64 bits.

    >>> power(-8.0, 1.5), power(0.0, -1.0), power(-2, 63)
    (nan, inf, -9223372036854775808)
    """
    if isinstance(a, int):
        return _whole_power(a, int(b))
    # As in NumPy. These two round once on every machine, while pow() may round differently.
    if b == 2.0:
        return a * a
    if b == 0.5:
        return sqrt(a)
    try:
        return math.pow(a, b)
    except ValueError:
        if a != 0.0:
            return math.nan  # of a negative number with a fractional power
    except OverflowError:
        pass
    return math.copysign(math.inf, a) if b % 2.0 == 1.0 else math.inf


def _whole_power(a: int, b: int) -> int:
    if b < 0:
        raise PureNetError(
            "**: integers have no negative powers; make them floats first: array(x, dtype=float)"
        )
    # All other powers are too large. 2**64 is returned for them, and the caller refuses it.
    return a**b if b < 64 or -2 < a < 2 else 2**64


def larger(a: float, b: float) -> float:
    """Return the larger of two numbers, or NaN if one is NaN.

    >>> larger(2, 3), larger(2.0, float("nan"))
    (3, nan)
    """
    return a if a >= b or a != a else b


def exp(x: float) -> float:
    """Return e to the power of x.

    >>> exp(0.0), exp(1000.0)
    (1.0, inf)
    """
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def log(x: float) -> float:
    """Return the natural logarithm of x.

    >>> log(1.0), log(0.0), log(-1.0)
    (0.0, -inf, nan)
    """
    if x == 0.0:
        return -math.inf
    return math.nan if x < 0.0 else math.log(x)


def sqrt(x: float) -> float:
    """Return the square root of x.

    >>> sqrt(4.0), sqrt(-1.0)
    (2.0, nan)
    """
    return math.nan if x < 0.0 else math.sqrt(x)
