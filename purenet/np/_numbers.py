"""One number in `purenet.np`: its kind, and NumPy's answers where Python raises.

A kind is `bool`, `int` or `float`, and NumPy widens them in this order. If an operation on floats
has no result, Python raises; NumPy, and so this module, gives an infinity or NaN.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Union

from ..core.checks import PureNetError, shown, whole_number

Kind = Union[type[float], type[int], type[bool]]
Values = list[Any]  # of one kind
Shape = tuple[int, ...]
Places = Union[Sequence[int], None]  # of a view

KINDS: tuple[Kind, ...] = (bool, int, float)
DTYPES: dict[str, Kind] = {"bool": bool, "bool_": bool, "float": float, "float64": float}
DTYPES.update(dict.fromkeys(["int", "int_", "int32", "int64", "uint8"], int))
SEQUENCES = (list, tuple, range)
TWO = "purenet.np has no arrays of three dimensions"


class KindError(PureNetError, TypeError):
    """The error of a value of the wrong kind: what was expected, and what came."""


class PlaceError(PureNetError, IndexError):
    """The error of an index that does not exist."""


class MissingError(PureNetError, AttributeError):
    """The error of a name that is not there: which names are."""


# -- what comes in -------------------------------------------------------------------------------


def as_list(value: Any) -> Any:
    """Return `value.tolist()` for an array of any library, and anything else unchanged."""
    is_plain = isinstance(value, (float, int)) or not hasattr(value, "tolist")
    return value if is_plain else value.tolist()


def number(value: Any, place: str) -> Any:
    """Return a caller's number as a plain float, int or bool.

    >>> number(True, "array"), number(2, "array"), number(0.5, "array")
    (True, 2, 0.5)
    """
    value = as_list(value)
    for kind in KINDS:
        if isinstance(value, kind):
            return CONVERSIONS[kind](value)
    if isinstance(value, SEQUENCES):
        raise PureNetError(f"{place}: a list in a list in a list: {TWO}")
    raise KindError(f"{place}: expected a float, an integer or a bool, got {shown(value)}")


def lengths(shape: Any) -> Shape:
    """Return the lengths of the axes that a caller's shape names.

    >>> lengths(3), lengths((2, 3))
    ((3,), (2, 3))
    """
    axes = shape if isinstance(shape, (list, tuple)) else (shape,)
    if not axes:
        raise PureNetError(f"shape: expected n, (n,) or (m, n), got {shown(shape)}")
    limit("shape", axes)
    return tuple(whole_number(length, "shape", 1) for length in axes)


def limit(name: str, shape: Sequence[int]) -> None:
    """Raise PureNetError if a shape has more than two axes."""
    if len(shape) > 2:
        raise PureNetError(f"{name}: expected at most two axes, got {shown(tuple(shape))}: {TWO}")


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


def made_first(kind: str) -> str:
    """Return the advice where an operation is not for the kind of its operands."""
    wanted = "floats" if kind == "float" else "integers"
    return f"make them {wanted} first: array(x, dtype={kind})"


# -- what Python raises for ----------------------------------------------------------------------

POLES = {math.log: 0.0, math.log2: 0.0, math.log10: 0.0, math.log1p: -1.0}


def applied(function: Callable[..., Any], *values: Iterable[Any]) -> Values:
    """Return a function's value for each number, or for each pair.

    >>> import math
    >>> applied(math.log, [1.0, 0.0, -1.0])
    [0.0, -inf, nan]
    """
    try:
        return list(map(function, *values))
    except PureNetError:
        raise
    except TypeError:
        raise KindError("&, |, ^ and ~: only for integers and bools") from None
    except (ArithmeticError, ValueError):
        return [outcome(function, *numbers) for numbers in zip(*values)]


def outcome(function: Callable[..., Any], *numbers: Any) -> Any:
    """Return a function's value, or NumPy's where Python raises.

    >>> import math, operator
    >>> outcome(math.exp, 1000.0), outcome(operator.mod, 1.0, 0.0), outcome(operator.mod, 1, 0)
    (inf, nan, 0)
    """
    try:
        return function(*numbers)
    except ZeroDivisionError:
        if function is not operator.truediv and isinstance(numbers[0], int):
            return 0
        return math.nan if function is operator.mod else quotient(*numbers)
    except OverflowError:
        return math.inf  # of exp and expm1
    except ValueError:
        return -math.inf if numbers[0] == POLES.get(function) else math.nan


def quotient(a: float, b: float) -> float:
    """Return a / b of floats, where b may be zero.

    >>> quotient(-1.0, 0.0), quotient(0.0, 0.0)
    (-inf, nan)
    """
    if b:
        return a / b
    return math.nan if a == 0.0 or a != a else math.copysign(math.inf, a) * math.copysign(1.0, b)


def power(a: float, b: float) -> float:
    """Return a ** b of two floats or two integers, which must have a result in 64 bits.

    >>> power(-8.0, 1.5), power(0.0, -1.0), power(-2, 63)
    (nan, inf, -9223372036854775808)
    """
    if isinstance(a, int):
        if b < 0:
            raise PureNetError(f"**: integers have no negative powers; {made_first('float')}")
        # All other powers are too large. 2**64 is returned for them, and the caller refuses it.
        return a ** int(b) if b < 64 or -2 < a < 2 else 2**64
    # As in NumPy. These two round once on every machine, while pow() may round differently.
    if b == 2.0:
        return a * a
    if b == 0.5:
        return math.nan if a < 0.0 else math.sqrt(a)
    try:
        return math.pow(a, b)
    except (ValueError, OverflowError):
        if a < 0.0 and b % 1.0:
            return math.nan
    return math.copysign(math.inf, a) if b % 2.0 == 1.0 else math.inf


# The operators, each with the name of its function, which is also that of the method behind it.
ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod"}
ARITHMETIC["**"] = "pow"
COMPARISONS = {"<": "lt", "<=": "le", ">": "gt", ">=": "ge", "==": "eq", "!=": "ne"}
OPERATORS = {**ARITHMETIC, "&": "and_", "|": "or_", "^": "xor", **COMPARISONS}

# What each operation does with two numbers of one kind.
OPERATIONS: dict[str, Callable[[Any, Any], Any]] = {
    **{sign: getattr(operator, name) for sign, name in OPERATORS.items()},
    "**": power,
    # The second if tied, and NaN if one is NaN.
    "maximum": lambda a, b: a if a > b or a != a else b,
    "minimum": lambda a, b: a if a < b or a != a else b,
    "logical_and": lambda a, b: bool(a) and bool(b),
    "logical_or": lambda a, b: bool(a) or bool(b),
}
RESULTS: dict[str, Kind] = dict.fromkeys([*COMPARISONS, "logical_and", "logical_or"], bool)
RESULTS["/"] = float
NOT_FOR_BOOLS = {"-", "//", "%", "**"}
