"""The array of `purenet.np`: a vector or a matrix with NumPy's operators, indices and methods.

The elements stand in one flat list, row by row, so an operation on two arrays of one shape is a
single `map`. A view has the list of another array, and the places in it that are its own. A number
is an array without axes (shape `()`) that never leaves this package: `outward` makes it a
`float64`, an `int64` or a bool, which are Python's own numbers with the attributes of an array.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial, reduce
from itertools import repeat
from typing import Any, NoReturn

from ..core.checks import PureNetError, shape
from . import _numbers, _printing, _shapes
from ._numbers import CONVERSIONS, OPERATIONS, SEQUENCES, Kind, Places, Shape, Values, applied


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

    # The list of elements, their kind, the lengths of the axes, and None or the places of a view.
    __slots__ = ("_data", "_kind", "_places", "_shape")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, values: Values, shape: Shape, kind: Kind, places: Places = None) -> None:
        self._data = values
        self._shape = shape
        self._kind = kind
        self._places = places

    def _flat(self) -> Values:
        """Return the elements row by row: the list itself, or for a view a new one."""
        places = self._places
        return self._data if places is None else list(map(self._data.__getitem__, places))

    def _as(self, kind: Kind) -> Values:
        """Return the elements row by row, of a kind."""
        values = self._flat()
        return values if kind is self._kind else list(map(CONVERSIONS[kind], values))

    def _rows(self, kind: Kind) -> list[Values]:
        """Return the rows, of a kind; a vector is one row."""
        values = self._flat() if kind is self._kind else self._as(kind)
        m, n = self._shape if len(self._shape) == 2 else (1, len(values))
        return [values[i * n : (i + 1) * n] for i in range(m)]

    def _columns(self, kind: Kind) -> list[Values]:
        """Return the columns of a matrix, of a kind; a vector is one column."""
        values = self._flat() if kind is self._kind else self._as(kind)
        n = self._shape[1] if len(self._shape) == 2 else 1
        return [values[j::n] for j in range(n)]

    def _write(self, values: Values) -> None:
        """Put elements, row by row, in the place of all."""
        if self._places is None:
            self._data[:] = values
        else:
            for place, value in zip(self._places, values):
                self._data[place] = value

    def _view(self, shape: Shape, places: Sequence[int]) -> ndarray:
        """Return the elements at these places, which count within this array, as a view."""
        if self._places is not None:
            places = [self._places[place] for place in places]
        return ndarray(self._data, shape, self._kind, places)

    # Its properties.

    shape = property(lambda a: a._shape, doc="The length of each axis: (n,) or (m, n).")
    ndim = property(lambda a: len(a._shape), doc="The number of axes: 1 or 2.")
    size = property(lambda a: math.prod(a._shape), doc="The number of elements.")
    dtype = property(lambda a: a._kind, doc="The kind of the elements: float, int or bool itself.")

    @property
    def T(self) -> Any:  # noqa: N802 (NumPy's name)
        """The rows as columns, in a view; a vector is its own transpose."""
        if len(self._shape) < 2:
            return outward(self)
        return self._view(self._shape[::-1], _shapes.turned(*self._shape))

    @property
    def flat(self) -> Any:
        """The elements row by row as a vector: a view, or of a part with gaps a copy."""
        return reshape(self, (-1,))

    def tolist(self) -> Any:
        """Return the elements as a new list of numbers, or of lists of numbers."""
        rows = self._rows(self._kind)
        return rows if len(self._shape) == 2 else rows[0] if self._shape else rows[0][0]

    def astype(self, dtype: Any) -> Any:
        """Return a new array with the elements converted to a kind."""
        kind = _numbers.kind_of(dtype)
        return outward(ndarray(list(self._as(kind)), self._shape, kind))

    def flatten(self) -> Any:
        """Return a new vector of the elements, row by row."""
        return ndarray(list(self._flat()), (self.size,), self._kind)

    def item(self, *key: Any) -> Any:
        """Return one element as Python's own number: the only one, or that of an index."""
        return CONVERSIONS[self._kind](self[key] if key else self._only("item"))

    def __repr__(self) -> str:
        if not self.size:
            shape = f"shape={self._shape}, " if len(self._shape) == 2 else ""
            name = self._kind.__name__ + "64" * (self._kind is not bool)
            return f"array([], {shape}dtype={name})"
        return _printing.as_repr(self._rows(self._kind), self.ndim)

    def __str__(self) -> str:
        return _printing.as_str(self._rows(self._kind), self.ndim) if self.size else "[]"

    def _only(self, name: str) -> Any:
        if self.size != 1:
            raise PureNetError(f"{name}: expected one element, got {self.size}")
        return self._flat()[0]

    def __reduce__(self) -> tuple[Any, ...]:
        return array, (self.tolist(), self._kind)

    def __getattr__(self, name: str) -> Any:
        refuse("ndarray", public(dir(ndarray)), name)

    # Its elements.

    def __len__(self) -> int:
        return self._shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return True in binary("==", self, value)._data

    def __getitem__(self, key: Any) -> Any:
        shape, places, is_view = _shapes.selection(self._shape, _keys(key))
        part = self._view(shape, places)
        return outward(part if is_view else ndarray(part._flat(), shape, self._kind))

    def __setitem__(self, key: Any, value: Any) -> None:
        target, places, _ = _shapes.selection(self._shape, _keys(key))
        self._view(target, places)._write(fitted("=", value, target, self._kind))

    def _become(self, result: ndarray) -> ndarray:
        """Take over the elements of a result, for += and its siblings."""
        if result._kind is not self._kind:
            kinds = f"{result._kind.__name__} does not fit into {self._kind.__name__}"
            raise _numbers.KindError(f"in place: {kinds}; write a = a + b")
        if result._shape != self._shape:
            misfit("in place", result._shape, self._shape)
        self._write(result._flat())
        return self

    # Its operators; those of two operands stand below.

    def __pos__(self) -> Any:
        return self.astype(self._kind)

    def __neg__(self) -> Any:
        return outward(each("-", operator.neg, None, self))

    def __abs__(self) -> Any:
        return outward(each("abs", abs, self._kind, self))

    def __invert__(self) -> Any:
        return each("~", operator.not_ if self._kind is bool else operator.inv, self._kind, self)


def _add_conversion(kind: Kind) -> None:
    """Give arrays the method for bool(a), int(a) or float(a)."""
    setattr(ndarray, f"__{kind.__name__}__", lambda a: kind(a._only(kind.__name__)))


for _kind in _numbers.KINDS:
    _add_conversion(_kind)


def checked(values: Values, shape: Shape, kind: Kind) -> ndarray:
    """Return an array of results: integers checked to have 64 bits, and bools made bools again."""
    return ndarray(values if kind is float else list(map(CONVERSIONS[kind], values)), shape, kind)


def misfit(name: str, *shapes: Shape) -> NoReturn:
    raise PureNetError(f"{name}: {' does not fit into '.join(map(_shapes.words, shapes))}")


def fitted(name: str, value: Any, target: Shape, kind: Kind) -> Values:
    """Return new elements of a kind for all places of a shape, from what stretches to it."""
    a = operand(value, name)
    # A vector accepts a matrix of one row, but a place for one number accepts no array.
    given = a._shape[1:] if len(a._shape) > len(target) > 0 and a._shape[0] == 1 else a._shape
    if (given and not target) or _shapes.common(name, target, given) != target:
        misfit(name, a._shape, target)
    return _shapes.stretched(list(a._as(kind)), given, target)


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
    a = operand(object, "array")
    kind = a._kind if dtype is None else _numbers.kind_of(dtype)
    if kind is not a._kind or (a is object and copy):
        a = ndarray(list(a._as(kind)), a._shape, kind)
    missing = ndmin - len(a._shape)
    return reshape(a, (1,) * missing + a._shape) if missing > 0 else outward(a)


def operand(value: Any, name: str) -> ndarray:
    """Return an argument as an array: a list of numbers, a list of rows, a number without axes."""
    if isinstance(value, ndarray):
        return value
    value = _numbers.as_list(value)
    if not isinstance(value, SEQUENCES):
        value = _numbers.number(value, name)
        return ndarray([value], (), type(value))
    items = [*map(_numbers.as_list, value)]
    if not items:
        return ndarray([], (0,), float)
    are_rows = [isinstance(item, SEQUENCES) for item in items]
    if len({*are_rows}) > 1:
        raise PureNetError(f"{name}: expected a list of numbers or of rows, got both")
    rows = items if are_rows[0] else [items]
    m, n = shape(rows, name)
    flat = [value for row in rows for value in row]
    if len({*map(type, flat)}) > 1 or type(flat[0]) not in CONVERSIONS:
        where = [f"{name}: row {i}, column {j}" for i in range(m) for j in range(n)]
        flat = list(map(_numbers.number, flat, where))
    kind = _numbers.widest(*{*map(type, flat)})
    values = list(map(CONVERSIONS[kind], flat))
    return ndarray(values, (m, n) if are_rows[0] else (n,), kind)


def _keys(key: Any) -> tuple[Any, ...]:
    """Return the keys of an index, with lists as arrays."""
    keys = key if isinstance(key, tuple) else (key,)
    found = (k if isinstance(k, ndarray) else _numbers.as_list(k) for k in keys)
    return tuple(operand(k, "index") if isinstance(k, (*SEQUENCES, ndarray)) else k for k in found)


def outward(a: ndarray) -> Any:
    """Return an array for the caller: a number if it has no axes."""
    return a if a._shape else NUMBERS[a._kind](a._flat()[0])


def reshape(a: Any, *shape: Any) -> Any:
    """Return the elements in another shape; -1 stands for the length that remains.

    It is a view, but of a view with gaps, such as `a.T`, it is a copy unless only axes of length 1
    come or go.

    >>> reshape(range(6), (2, -1))
    array([[0, 1, 2],
           [3, 4, 5]])
    """
    a = operand(a, "reshape")
    new = _shapes.reshaped(a.size, shape[0] if len(shape) == 1 else shape)
    places = a._places
    whole = places is None or all(j - i == 1 for i, j in zip(places, places[1:]))
    if whole or [n for n in new if n > 1] == [n for n in a._shape if n > 1]:
        return outward(ndarray(a._data, new, a._kind, places))
    return outward(ndarray(a._flat(), new, a._kind))


NOT_PUBLIC = ("TYPE_CHECKING", "annotations")  # what a module needs for its types

# What to take for names that no name here looks like.
INSTEAD = {"einsum": "dot", "inner": "dot", "nditer": "a.flat", "sigmoid": "1 / (1 + exp(-x))"}
INSTEAD.update({"float32": "float64", "vectorize": "a loop", "array_split": "a slice"})


def refuse(owner: str, names: list[str], name: str) -> NoReturn:
    """Raise the error for a name that does not exist, with the nearest that does."""
    # Python itself asks for names with underscores, to see what an object can do.
    if name.startswith("__"):
        raise _numbers.MissingError(name)
    from difflib import get_close_matches

    near = INSTEAD.get(name) or " or ".join(get_close_matches(name, names, 2, 0.5))
    hint = f"the nearest is {near}" if near else "the guide of purenet.np lists the names"
    error = _numbers.MissingError(f"{owner} has no {name!r}: {hint}")
    # Otherwise Python adds its own suggestion, which it takes for a misspelling.
    error.name, error.obj = "", None
    raise error


def public(names: Iterable[str]) -> list[str]:
    """Return those of a module's names that are for the caller."""
    return sorted(name for name in names if name[0] != "_" and name not in NOT_PUBLIC)


def surface(module: str, names: Iterable[str]) -> tuple[list[str], Any, Any]:
    """Return a module's `__all__`, its `__getattr__` and its `__dir__`, from all its names."""
    listed = public(names)
    return listed, partial(refuse, module, listed), lambda: listed


# -- operators -----------------------------------------------------------------------------------


def binary(sign: str, a: Any, b: Any) -> ndarray:
    """Return the result of an operator, after bringing both operands to one kind and one shape."""
    function, result = OPERATIONS[sign], _numbers.RESULTS.get(sign)
    b = math.nan if b is None and sign in ("==", "!=") else b  # what no element is equal to
    # What programs do most, floats beside an array of the same shape or a number, needs no checks.
    if type(a) is ndarray and type(b) is ndarray:
        one = a._kind is float or b._kind is float  # Python makes a float of the other for + - * /
        if one and a._shape == b._shape and (a._kind is b._kind or sign in "+-*/"):
            return ndarray(applied(function, a._flat(), b._flat()), a._shape, result or float)
    elif type(a) is ndarray and a._kind is float and (type(b) is float or type(b) is int):
        return ndarray(applied(function, a._flat(), repeat(float(b))), a._shape, result or float)
    elif type(b) is ndarray and b._kind is float and (type(a) is float or type(a) is int):
        return ndarray(applied(function, repeat(float(a)), b._flat()), b._shape, result or float)
    a, b = operand(a, sign), operand(b, sign)
    kind = float if result is float else _numbers.widest(a._kind, b._kind)
    if sign in _numbers.NOT_FOR_BOOLS and (kind is bool or (sign == "**" and a._kind is bool)):
        raise _numbers.KindError(f"{sign}: not for bools; {_numbers.made_first('int')}")
    both = _shapes.common(sign, a._shape, b._shape)
    pair = (_shapes.stretched(x._as(kind), x._shape, both) for x in (a, b))
    return checked(applied(function, *pair), both, result or kind)


def _add_operators(sign: str, name: str, apply: Callable[..., Any] = binary) -> None:
    """Give arrays the methods for a + b, for b + a with an array on the right, and for a += b."""
    setattr(ndarray, f"__{name}__", lambda a, b: apply(sign, a, b))
    if sign not in _numbers.COMPARISONS:
        setattr(ndarray, f"__r{name}__", lambda a, b: apply(sign, b, a))
        setattr(ndarray, f"__i{name}__", lambda a, b: a._become(operand(apply(sign, a, b), sign)))


for _sign, _name in _numbers.OPERATORS.items():
    _add_operators(_sign, _name.rstrip("_"))


# -- numbers -------------------------------------------------------------------------------------


class _Number:
    """What a number that comes out of an array has beside Python's own."""

    __slots__ = ()

    __neg__, __abs__ = ndarray.__neg__, ndarray.__abs__

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(operand(self, name), name)


class float64(_Number, float):  # noqa: N801 (NumPy's name)
    """A float that comes out of an array: with its attributes and methods, and NumPy's division.

    >>> x = array([1.0, 2.0])[1]
    >>> x, x / 0, (x + 1).shape, isinstance(x, float)
    (2.0, inf, (), True)
    """

    __slots__ = ()


class int64(_Number, int):  # noqa: N801 (NumPy's name)
    """An integer that comes out of an array: with its attributes and methods."""

    __slots__ = ()


def _of_number(base: Any, sign: str, method: str) -> Callable[[Any, Any], Any]:
    """Return the method of a number that comes out of an array, for one operator."""
    plain, turned = getattr(base, method), method[2] == "r"
    fast = base is float and sign in "+-*/"

    def of_number(a: Any, b: Any) -> Any:
        if fast and isinstance(b, (float, int)) and (sign != "/" or (a if turned else b)):
            return float64(plain(a, b))
        if not isinstance(b, (float, int, *SEQUENCES)):
            return NotImplemented
        return outward(binary(sign, b, a) if turned else binary(sign, a, b))

    return of_number


NUMBERS: dict[Kind, Callable[[Any], Any]] = {float: float64, int: int64, bool: bool}
for _kind in (float, int):
    for _sign, _name in _numbers.ARITHMETIC.items():
        for _method in (f"__{_name}__", f"__r{_name}__"):
            setattr(NUMBERS[_kind], _method, _of_number(_kind, _sign, _method))


# -- element by element, and products ------------------------------------------------------------


def each(name: str, function: Callable[[Any], Any], kind: Kind | None, x: Any) -> ndarray:
    """Return an array of the function's value for each element, of a kind or of the element's."""
    x = operand(x, name)
    if x._kind is float and kind is not bool:
        return ndarray(applied(function, x._flat()), x._shape, float)
    if x._kind is bool and (kind is float or kind is None):
        wanted = _numbers.made_first("int" if kind is None else "float")
        raise _numbers.KindError(f"{name}: not for bools; {wanted}")
    values = x._as(float) if kind is float else x._flat()
    return checked(applied(function, values), x._shape, kind or x._kind)


def product(name: str, a: Any, b: Any) -> Any:
    """Return dot(a, b), or a @ b, which does not take numbers."""
    a, b = operand(a, name), operand(b, name)
    if not a._shape or not b._shape:
        if name == "@":
            raise PureNetError("@: expected two arrays; a number multiplies with *")
        return outward(binary("*", a, b))
    if a._shape[-1] != b._shape[0]:
        shapes = f"{_shapes.words(a._shape)} · {_shapes.words(b._shape)}"
        raise PureNetError(f"{name}: inner sizes differ: {shapes}")
    kind = a._kind if a._kind is b._kind else _numbers.widest(a._kind, b._kind)
    values = _products(a._shape[-1], kind is float)(a._rows(kind), b._columns(kind))
    return outward(checked(values, a._shape[:-1] + b._shape[1:], kind))


_add_operators("@", "matmul", product)

MOST_TERMS = 256  # of a product that is written out


@lru_cache(maxsize=None)  # noqa: UP033 (Python 3.9 has cache too, but no doctest finds it)
def _products(k: int, floats: bool) -> Callable[[list[Values], list[Values]], Values]:
    """Return a function of rows and columns of k numbers: each row's product with each column.

    It is written out for k, with the sum from left to right, as a loop takes twice as long. (As in
    NumPy, the sum begins with 0.0, so that it is never -0.0.)

    >>> _products(2, False)([[1, 2]], [[3, 4], [5, 6]])
    [11, 17]
    """
    if k > MOST_TERMS or not k:
        add, mul = operator.add, operator.mul
        return lambda A, B: [reduce(add, map(mul, row, column), 0) for row in A for column in B]
    left, right = ("".join(f"{name}{i}, " for i in range(k)) for name in "ab")
    terms = " + ".join(["0.0" if floats else "0", *(f"a{i} * b{i}" for i in range(k))])
    source = f"lambda rows, columns: [{terms} for {left} in rows for {right} in columns]"
    return eval(source)  # type: ignore[no-any-return]
