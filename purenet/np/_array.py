"""The array of `purenet.np`: a vector or a matrix with NumPy's operators, indices and methods.

The elements stand in one flat list, row by row, which all views of an array share (see `_shapes`).
So an operation on two arrays of one shape is a single `map`, whatever their shape is. A number is
an array without axes (shape `()`) that never leaves this package: `outward` makes it a `float64`,
an `int64` or a bool, which are Python's own numbers with the attributes of an array.
"""

from __future__ import annotations

import math
import operator
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache, reduce
from itertools import repeat
from typing import Any, Optional

from ..core.checks import PureNetError, shape, shown
from . import _shapes
from ._numbers import (
    CONVERSIONS,
    NOT_FOR_BOOLS,
    NOT_FOR_FLOATS,
    OPERATIONS,
    Kind,
    KindError,
    MissingError,
    PlaceError,
    Shape,
    Values,
    applied,
    as_list,
    kind_of,
    number,
    refuse_bools,
    widest,
)
from ._printing import as_repr, as_str
from ._shapes import Steps, common, stretched

SEQUENCES = (list, tuple, range)


# -- operators -----------------------------------------------------------------------------------


def binary(sign: str, a: Any, b: Any) -> ndarray:
    """Return the result of an operator, after bringing both operands to one kind and one shape."""
    function, kind = OPERATIONS[sign]
    a, b = operand(a, sign), operand(b, sign)
    wide = float if kind is float else widest(a._kind, b._kind)
    if sign in NOT_FOR_BOOLS and (wide is bool or (sign == "**" and a._kind is bool)):
        refuse_bools(sign, "int")
    if sign in NOT_FOR_FLOATS and wide is float:
        raise KindError(f"{sign}: only for integers and bools; floats compare with < and =")
    both = common(sign, a._shape, b._shape)
    pair = (stretched(x._as(wide), x._shape, both) for x in (a, b))
    return checked(applied(function, *pair), both, kind or wide)


def _operators(sign: str) -> tuple[Any, Any, Any]:
    """Return the methods for a + b, for b + a with an array on the right, and for a += b."""
    function, kind = OPERATIONS[sign]

    mixes = sign in "+-*/"  # Python makes a float of the other operand itself

    # What programs do most, floats beside an array of the same shape or a number, needs no checks.
    def forward(a: ndarray, b: Any) -> ndarray:
        if type(b) is ndarray:
            if a._shape == b._shape and (
                a._kind is b._kind is float or (mixes and (a._kind is float or b._kind is float))
            ):
                return made(applied(function, a._flat(), b._flat()), a._shape, kind or float)
        elif a._kind is float and (type(b) is float or type(b) is int):
            return made(applied(function, a._flat(), repeat(float(b))), a._shape, kind or float)
        return binary(sign, a, b)

    def backward(a: ndarray, b: Any) -> ndarray:
        if a._kind is float and (type(b) is float or type(b) is int):
            return made(applied(function, repeat(float(b)), a._flat()), a._shape, kind or float)
        return binary(sign, b, a)

    def in_place(a: ndarray, b: Any) -> ndarray:
        return a._become(forward(a, b))

    return forward, backward, in_place


# -- the array -----------------------------------------------------------------------------------


class ndarray:  # noqa: N801 (NumPy's name)
    """A vector or a matrix: made by `array`, `zeros` and the others, not by its own name.

    >>> a = array([[1, 2], [3, 4]])
    >>> a.shape, a.ndim, a.size, a.dtype
    ((2, 2), 2, 4, <class 'int'>)
    >>> print(a.T / 2)
    [[0.5 1.5]
     [1.  2. ]]
    >>> a[1] *= 10
    >>> a[:, [1, 0]]
    array([[ 2,  1],
           [40, 30]])
    """

    # The list of elements; their kind; the lengths of the axes; None, or the steps of a view.
    __slots__ = ("_data", "_kind", "_shape", "_steps")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, rows: list[Values], ndim: int, kind: Kind) -> None:
        self._data = [value for row in rows for value in row]
        self._shape = (len(rows), len(rows[0]))[2 - ndim :]
        self._kind, self._steps = kind, None

    _data: Values
    _shape: Shape
    _steps: Optional[Steps]

    def _axes(self) -> tuple[int, int, Steps]:
        """Return how many rows and columns there are, and the steps."""
        m, n = self._shape if len(self._shape) == 2 else (1, *(self._shape or (1,)))
        return m, n, self._steps or (0, n, 1)

    def _lines(self) -> list[slice]:
        """Return where each row stands in the list."""
        m, n, (start, down, right) = self._axes()
        return [_shapes.line(first, n, right) for first in range(start, start + m * down, down)]

    def _rows(self) -> list[Values]:
        """Return the rows; a vector is one row."""
        m, n, (start, down, right) = self._axes()
        return _shapes.strips(self._data, start, m, down, n, right)

    def _columns(self) -> list[Values]:
        """Return the columns; those of a transpose are rows of what it is a view of."""
        m, n, (start, down, right) = self._axes()
        return _shapes.strips(self._data, start, n, right, m, down)

    def _flat(self) -> Values:
        """Return the elements row by row: the list itself, or for a view a new one."""
        if self._steps is None:
            return self._data
        return [value for row in self._rows() for value in row]

    def _as(self, kind: Kind) -> Values:
        """Return the elements row by row, of a kind."""
        values = self._flat()
        return values if kind is self._kind else list(map(CONVERSIONS[kind], values))

    def _write(self, values: Values) -> None:
        """Put elements, row by row, in the place of all."""
        if self._steps is None:
            self._data[:] = values
            return
        n = self._axes()[1]
        for i, line in enumerate(self._lines()):
            self._data[line] = values[i * n : i * n + n]

    # Its properties.

    @property
    def ndim(self) -> int:
        """The number of axes: 1 or 2."""
        return len(self._shape)

    @property
    def shape(self) -> Shape:
        """The length of each axis: (n,) or (m, n)."""
        return self._shape

    @shape.setter
    def shape(self, shape: Any) -> None:
        a = reshape(self, shape)
        if a._data is not self._data:
            raise PureNetError("shape: not of a view with gaps; write a = a.reshape(...)")
        self._shape, self._steps = a._shape, a._steps

    @property
    def size(self) -> int:
        """The number of elements."""
        return self._axes()[0] * self._axes()[1]

    @property
    def dtype(self) -> Kind:
        """The kind of the elements: `float`, `int` or `bool` itself."""
        return self._kind

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The rows as columns, in a view; a vector is its own transpose."""
        if len(self._shape) < 2:
            return outward(self)
        m, n, (start, down, right) = self._axes()
        return made(self._data, (n, m), self._kind, (start, right, down))

    @property
    def flat(self) -> ndarray:
        """The elements row by row as a vector: a view, or of a part with gaps a copy."""
        return reshape(self, -1)  # type: ignore[no-any-return]

    def tolist(self) -> Any:
        """Return the elements as a new list of numbers, or of lists of numbers."""
        rows = self._rows()
        return rows if len(self._shape) == 2 else rows[0] if self._shape else rows[0][0]

    def copy(self) -> Any:
        """Return a new array with the same elements."""
        return self.astype(self._kind)

    def flatten(self) -> ndarray:
        """Return a new vector of the elements, row by row."""
        return made(list(self._flat()), (self.size,), self._kind)

    def sort(self, axis: int = -1) -> None:
        """Put the elements in order, along the last axis or another; see `purenet.np.sort`."""
        self._write(self[self.argsort(axis)]._flat())

    def astype(self, dtype: Any) -> Any:
        """Return a new array with the elements converted to a kind."""
        kind = kind_of(dtype)
        return outward(made(list(self._as(kind)), self._shape, kind))

    def item(self, *key: Any) -> Any:
        """Return one element as Python's own number: the only one, or that of an index."""
        value = self[key[0] if len(key) == 1 else key] if key else self._only("item")
        return CONVERSIONS[self._kind](value)

    def fill(self, value: Any) -> None:
        """Put one number in the place of all elements."""
        self[...] = number(value, "fill")

    def __repr__(self) -> str:
        return as_repr(self._rows(), len(self._shape))

    def __str__(self) -> str:
        return as_str(self._rows(), len(self._shape))

    def __format__(self, spec: str) -> str:
        return format(self._only("format") if spec else str(self), spec)

    def _only(self, name: str) -> Any:
        if self.size > 1:
            raise PureNetError(f"{name}: expected one element, got {self.size}")
        return self._flat()[0]

    def __bool__(self) -> bool:
        if self.size > 1:
            raise PureNetError(f"bool: an array of {self.size} elements is neither true nor false")
        return bool(self._only("bool"))

    def __float__(self) -> float:
        return float(self._only("float"))

    def __int__(self) -> int:
        return int(self._only("int"))

    def __reduce__(self) -> tuple[Any, ...]:
        return array, (self.tolist(), self._kind)

    def __getattr__(self, name: str) -> Any:
        raise lacking("ndarray", name, (name for name in dir(ndarray) if name[0] != "_"))

    # Its elements.

    def __len__(self) -> int:
        return self._shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return True in binary("==", self, value)._data

    def _selected(self, key: Any) -> tuple[Shape, Any, list[int]]:
        m, n, (_, *steps) = self._axes()
        axes = [*zip((m, n), steps)][2 - len(self._shape) :]
        keys = [*map(_key, key if isinstance(key, tuple) else (key,))]
        return _shapes.selection(axes, keys, (self._steps or (0,))[0])

    def _place(self, keys: Any) -> int:
        """Return the place that whole numbers, as most indices are, lead to; -1 for others."""
        shape = self._shape
        place, *steps = self._steps or (0, shape[-1] if shape else 1, 1)
        if len(keys) > len(shape):
            return -1
        for key, n, step in zip(keys, shape, steps[2 - len(shape) :]):
            if not isinstance(key, int) or isinstance(key, bool) or not -n <= key < n:
                return -1
            place += key % n * step
        return place

    def __getitem__(self, key: Any) -> Any:
        keys = key if type(key) is tuple else (key,)
        place = self._place(keys)
        if place >= 0 and len(keys) == len(self._shape):
            return NUMBERS[self._kind](self._data[place])
        if place >= 0 and keys:
            return made(self._data, self._shape[1:], self._kind, (place, 1, self._axes()[2][2]))
        shape, steps, places = self._selected(key)
        if steps:
            return outward(view(self, shape, steps))
        if not places:
            raise PlaceError(f"index: {shown(key)} selects none of {_shapes.words(self._shape)}")
        return outward(made([self._data[k] for k in places], shape, self._kind))

    def __setitem__(self, key: Any, value: Any) -> None:
        if isinstance(value, (float, int)):
            keys = key if type(key) is tuple else (key,)
            place = self._place(keys) if len(keys) == len(self._shape) else -1
            if place >= 0:
                self._data[place] = CONVERSIONS[self._kind](value)
                return
        target, steps, places = self._selected(key)
        value = operand(value, "=")
        if not steps and not places:
            return
        # A vector accepts a matrix of one row, but a place for one number accepts no array.
        stripped = len(value._shape) > len(target) > 0 and value._shape[0] == 1
        given = value._shape[1:] if stripped else value._shape
        if (given and not target) or common("=", target, given) != target:
            words = map(_shapes.words, (value._shape, target))
            raise PureNetError(f"=: {' does not fit into '.join(words)}")
        values = stretched(list(value._as(self._kind)), given, target)
        if steps:
            view(self, target, steps)._write(values)
        for place, each in zip(places, values):
            self._data[place] = each

    def _become(self, result: ndarray) -> ndarray:
        """Take over the elements of a result, for += and its siblings."""
        if result._kind is not self._kind:
            kinds = f"{result._kind.__name__} does not fit into {self._kind.__name__}"
            raise KindError(f"in place: {kinds}; write a = a + b")
        if result._shape != self._shape:
            words = map(_shapes.words, (result._shape, self._shape))
            raise PureNetError(f"in place: {' does not fit into '.join(words)}")
        self._write(result._flat())
        return self

    # Its operators.

    __add__, __radd__, __iadd__ = _operators("+")
    __sub__, __rsub__, __isub__ = _operators("-")
    __mul__, __rmul__, __imul__ = _operators("*")
    __truediv__, __rtruediv__, __itruediv__ = _operators("/")
    __floordiv__, __rfloordiv__, __ifloordiv__ = _operators("//")
    __mod__, __rmod__, __imod__ = _operators("%")
    __pow__, __rpow__, __ipow__ = _operators("**")
    __and__, __rand__, __iand__ = _operators("&")
    __or__, __ror__, __ior__ = _operators("|")
    __xor__, __rxor__, __ixor__ = _operators("^")
    __lt__, __gt__ = _operators("<")[0], _operators(">")[0]
    __le__, __ge__ = _operators("<=")[0], _operators(">=")[0]

    def __eq__(self, other: Any) -> Any:
        return self._equals(other, "==")

    def __ne__(self, other: Any) -> Any:
        return self._equals(other, "!=")

    def _equals(self, other: Any, sign: str) -> ndarray:
        if other is None:
            return made([sign == "!="] * self.size, self._shape, bool)
        return binary(sign, self, other)

    def __matmul__(self, other: Any) -> Any:
        return product("@", self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return product("@", other, self)

    def __imatmul__(self, other: Any) -> ndarray:
        return self._become(operand(self @ other, "@"))

    def __neg__(self) -> ndarray:
        return each("-", operator.neg, None, self)

    def __pos__(self) -> ndarray:
        return each("+", operator.pos, None, self)

    def __abs__(self) -> ndarray:
        return each("abs", abs, self._kind, self)

    def __invert__(self) -> ndarray:
        if self._kind is float:
            raise KindError("~: only for integers and bools")
        return each("~", operator.not_ if self._kind is bool else operator.inv, self._kind, self)

    def dot(self, b: Any) -> Any:
        """Return the product with another array; see `purenet.np.dot`."""
        return product("dot", self, b)


_new = object.__new__


def made(values: Values, shape: Shape, kind: Kind, steps: Optional[Steps] = None) -> ndarray:
    """Return an array that has a list, which is not copied."""
    a = _new(ndarray)
    a._data = values
    a._shape = shape
    a._kind = kind
    a._steps = steps
    return a


def checked(values: Values, shape: Shape, kind: Kind) -> ndarray:
    """Return an array of results: integers checked to have 64 bits, and bools made bools again."""
    return made(values if kind is float else list(map(CONVERSIONS[kind], values)), shape, kind)


def view(a: ndarray, shape: Shape, steps: Steps) -> ndarray:
    """Return an array that shares the elements of another."""
    whole = not steps[0] and size_of(shape) == len(a._data) and _shapes.contiguous(shape, steps)
    return made(a._data, shape, a._kind, None if whole else steps)


# -- what comes in, and what goes out ------------------------------------------------------------


def array(object: Any, dtype: Any = None, *, copy: Any = True, ndmin: int = 0) -> Any:  # noqa: A002
    """Return a new array of a list of numbers, or of a list of rows; tuples and ranges too.

    An object with a `.tolist()`, such as NumPy's arrays, counts as its list. The array's kind is
    the widest that occurs, or `dtype`. Raises PureNetError for ragged rows, for an empty array, for
    three dimensions, and for elements other than floats, integers and bools.

    >>> array([[0, 0.5], (1, True)])
    array([[0. , 0.5],
           [1. , 1. ]])
    >>> array(range(3), dtype=float)
    array([0., 1., 2.])
    >>> array([[1, 2], [3]])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: array: row 1 has 1 value, but row 0 has 2
    """
    a = object if isinstance(object, ndarray) else _of_list(as_list(object))
    kind = a._kind if dtype is None else kind_of(dtype)
    if a is not object or copy or kind is not a._kind:
        a = made(list(a._as(kind)), a._shape, kind)
    missing = ndmin - len(a._shape)
    return reshape(a, (1,) * missing + a._shape) if missing > 0 else outward(a)


def _of_list(values: Any) -> ndarray:
    """Return an array of a list, of a list of rows, or of a number."""
    if isinstance(values, (float, int)):
        value = number(values, "array")
        return made([value], (), type(value))
    if not isinstance(values, SEQUENCES) or not values:
        raise PureNetError(f"array: expected a list of numbers or of rows, got {shown(values)}")
    items = [as_list(value) for value in values]
    are_rows = [isinstance(item, SEQUENCES) for item in items]
    if any(are_rows) and not all(are_rows):
        row, other = are_rows.index(True), are_rows.index(False)
        raise PureNetError(f"array: element {row} is a row, but element {other} is not")
    rows = items if are_rows[0] else [items]
    sizes = shape(rows, "array")
    flat = [value for row in rows for value in row]
    kinds = {*map(type, flat)}
    if not kinds <= CONVERSIONS.keys():
        if any(isinstance(as_list(value), SEQUENCES) for value in flat):
            raise PureNetError(
                "array: expected at most two axes (purenet.np has no more), got three"
            )
        n = sizes[1]
        where = [f"array: row {k // n}, column {k % n}" for k in range(len(flat))]
        flat = list(map(number, flat, where))
        kinds = {*map(type, flat)}
    kind = widest(*kinds)
    return checked(list(map(kind, flat)), sizes if are_rows[0] else sizes[1:], kind)


def operand(value: Any, name: str) -> ndarray:
    """Return an operand or an argument as an array; a number gets no axes."""
    if type(value) is ndarray:
        return value
    value = as_list(value)
    if isinstance(value, SEQUENCES):
        return _of_list(value)
    value = number(value, name)
    return made([value], (), type(value))


def _key(key: Any) -> Any:
    """Return one index as it is, but a list as an array."""
    if isinstance(key, (int, slice, ndarray)):
        return key
    key = as_list(key)
    return _of_list(key) if isinstance(key, SEQUENCES) else key


def outward(a: ndarray) -> Any:
    """Return an array for the caller: a number if it has no axes."""
    return a if a._shape else NUMBERS[a._kind](a._flat()[0])


def size_of(shape: Shape) -> int:
    """Return how many elements a shape has."""
    return math.prod(shape)


# What to take for names that look like others.
INSTEAD = {
    "float32": "float64",
    "float16": "float64",
    "einsum": "dot",
    "tensordot": "dot",
    "inner": "dot",
    "vdot": "dot",
    "nditer": "a loop over range(a.size) with a.flat[i]",
    "ndenumerate": "enumerate(a.flat)",
    "vectorize": "a list of the function's values",
    "sigmoid": "1 / (1 + exp(-x))",
    "swapaxes": "transpose",
    "split": "slices",
    "array_split": "slices",
    "savetxt": "tolist",
    "loadtxt": "array",
    "genfromtxt": "array",
    "default_rng": "RandomState",
}


def lacking(owner: str, name: str, names: Iterable[str] = ()) -> MissingError:
    """Return the error for a name that does not exist, with the nearest that does."""
    # Python itself asks for names with underscores, to see what an object can do.
    if name.startswith("__"):
        return MissingError(name)
    from difflib import get_close_matches

    names = [*names] or getattr(sys.modules.get(owner), "__all__", [])
    near = INSTEAD.get(name) or " or ".join(get_close_matches(name, names, 2, 0.5))
    hint = f"the nearest is {near}" if near else "the guide of purenet.np lists the names"
    error = MissingError(f"{owner} has no {name!r}: {hint}")
    # Otherwise Python adds its own suggestion, which it takes for a misspelling.
    error.name, error.obj = "", None
    return error


# -- numbers -------------------------------------------------------------------------------------


class float64(float):  # noqa: N801 (NumPy's name)
    """A float that comes out of an array: with its attributes and methods, and NumPy's division.

    >>> x = array([1.0, 2.0]).sum()
    >>> x, x / 0, (x + 1).shape, isinstance(x, float)
    (3.0, inf, (), True)
    """

    __slots__ = ()

    def __neg__(self) -> Any:
        return outward(-operand(self, "-"))

    def __abs__(self) -> Any:
        return outward(abs(operand(self, "abs")))

    def __getattr__(self, name: str) -> Any:
        return _attribute(self, name)


class int64(int):  # noqa: N801 (NumPy's name)
    """An integer that comes out of an array: with its attributes and methods."""

    __slots__ = ()

    def __neg__(self) -> Any:
        return outward(-operand(self, "-"))

    def __abs__(self) -> Any:
        return outward(abs(operand(self, "abs")))

    def __getattr__(self, name: str) -> Any:
        return _attribute(self, name)


def _attribute(value: Any, name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    return getattr(operand(value, name), name)


def _of_number(base: Any, sign: str, name: str, turned: bool) -> Callable[[Any, Any], Any]:
    """Return the method of a number that comes out of an array, for one operator."""
    plain = getattr(base, name)
    fast = (sign in "+-*" and 1) or (sign == "/" and 2) if base is float else 0

    def method(a: Any, b: Any) -> Any:
        if fast and isinstance(b, (float, int)) and (fast == 1 or (a if turned else b)):
            return float64(plain(a, b))
        if not isinstance(b, (float, int, *SEQUENCES)):
            return NotImplemented
        return outward(binary(sign, b, a) if turned else binary(sign, a, b))

    return method


NUMBERS: dict[Kind, Callable[[Any], Any]] = {float: float64, int: int64, bool: bool}
ARITHMETIC = {"+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod"}
for _base, _class in ((float, float64), (int, int64)):
    for _sign, _name in {**ARITHMETIC, "**": "pow"}.items():
        for _r in ("", "r"):
            _method = f"__{_r}{_name}__"
            setattr(_class, _method, _of_number(_base, _sign, _method, bool(_r)))


# -- element by element, and products ------------------------------------------------------------


def each(name: str, function: Callable[[Any], Any], kind: Optional[Kind], x: Any) -> ndarray:
    """Return an array of the function's value for each element, of a kind or of the element's."""
    if type(x) is not ndarray:
        x = operand(x, name)
    if x._kind is float and kind is not bool:
        return made(applied(function, x._flat()), x._shape, float)
    if x._kind is bool and (kind is float or kind is None):
        refuse_bools(name, "int" if kind is None else "float")
    values = x._as(float) if kind is float else x._flat()
    return checked(applied(function, values), x._shape, kind or x._kind)


MOST_TERMS = 256  # of a product that is written out


def product(name: str, a: Any, b: Any) -> Any:
    """Return dot(a, b), or a @ b, which does not take numbers."""
    if type(a) is not ndarray or type(b) is not ndarray:
        a, b = operand(a, name), operand(b, name)
    if not a._shape or not b._shape:
        if name == "@":
            raise PureNetError("@: expected two arrays; a number multiplies with *")
        return outward(binary("*", a, b))
    if a._shape[-1] != b._shape[0]:
        shapes = f"{_shapes.words(a._shape)} · {_shapes.words(b._shape)}"
        raise PureNetError(f"{name}: inner sizes differ: {shapes}")
    kind = a._kind
    if kind is not b._kind:
        kind = widest(kind, b._kind)
        a, b = (made(x._as(kind), x._shape, kind) if x._kind is not kind else x for x in (a, b))
    columns = b._columns() if len(b._shape) == 2 else [b._flat()]
    values = _products(a._shape[-1], "0.0" if kind is float else "0")(a._rows(), columns)
    return outward(checked(values, a._shape[:-1] + b._shape[1:], kind))


@lru_cache(maxsize=None)
def _products(k: int, zero: str) -> Callable[[list[Values], list[Values]], Values]:
    """Return a function of rows and columns of k numbers: each row's product with each column.

    It is written out for k, with the sum from left to right, as a loop takes twice as long. (As in
    NumPy, the sum begins with 0.0, so that it is never -0.0.)

    >>> _products(2, "0")([[1, 2]], [[3, 4], [5, 6]])
    [11, 17]
    """
    if k > MOST_TERMS:
        start = float(zero) if "." in zero else 0
        return lambda rows, columns: [
            reduce(operator.add, map(operator.mul, row, column), start)
            for row in rows
            for column in columns
        ]
    left, right = ("".join(f"{name}{i}, " for i in range(k)) for name in "ab")
    terms = " + ".join([zero, *(f"a{i} * b{i}" for i in range(k))])
    source = f"lambda rows, columns: [{terms} for {left} in rows for {right} in columns]"
    return eval(source)  # type: ignore[no-any-return]


def reshape(a: Any, *shape: Any) -> Any:
    """Return the elements in another shape; -1 stands for the length that remains.

    It is a view where NumPy's is one, but for some views of views.

    >>> reshape(range(6), (2, -1))
    array([[0, 1, 2],
           [3, 4, 5]])
    """
    a = operand(a, "reshape")
    new = _shapes.reshaped(a.size, shape[0] if len(shape) == 1 else shape)
    m, n, steps = a._axes()
    if _shapes.contiguous(a._shape, steps):
        return outward(view(a, new, (steps[0], new[-1] if new else 1, 1)))
    if [k for k in new if k > 1] == [k for k in a._shape if k > 1]:
        long = iter([step for length, step in zip((m, n), steps[1:]) if length > 1])
        down, right = [1, 1, *(next(long) if k > 1 else 1 for k in new)][-2:]
        return outward(view(a, new, (steps[0], down, right)))
    return outward(made(a._flat(), new, a._kind))
