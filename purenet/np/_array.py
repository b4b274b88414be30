"""The array of `purenet.np`: a vector or a matrix with NumPy's operators, indices and methods.

A vector is stored as the only row of a matrix, which is also how NumPy broadcasts it, and a number
is an array without axes (`ndim` 0) that never leaves this package. So each rule is written only
once, for matrices, and `core.matrix` does the rest.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NoReturn

from ..core import matrix
from ..core._types import Matrix, Row
from ..core.checks import PureNetError, shape, shown, whole_number
from ._numbers import (
    CONVERSIONS,
    Kind,
    KindError,
    PlaceError,
    as_list,
    kind_of,
    larger,
    number,
    power,
    quotient,
    span,
    widest,
)
from ._printing import as_repr, as_str

SEQUENCES = (list, tuple, range)
EVERYTHING = slice(None)


class ndarray:  # noqa: N801 (NumPy's name)
    """A vector or a matrix: made by `array`, `zeros` and the others, not by its own name.

    >>> a = array([[1, 2], [3, 4]])
    >>> a.shape, a.ndim, a.size, a.dtype
    ((2, 2), 2, 4, <class 'int'>)
    >>> print(a.T / 2)
    [[0.5 1.5]
     [1.  2. ]]
    >>> a[1] *= 10
    >>> a
    array([[ 1,  2],
           [30, 40]])
    """

    __slots__ = ("_kind", "_ndim", "_rows")
    __hash__ = None  # type: ignore[assignment]

    def __init__(self, rows: Matrix, ndim: int, kind: Kind) -> None:
        self._rows, self._ndim, self._kind = rows, ndim, kind

    def _read(self) -> Matrix:
        return self._rows

    def _write(self, rows: Matrix) -> None:
        self._rows = rows

    # Its properties.

    @property
    def ndim(self) -> int:
        """The number of axes: 1 or 2."""
        return self._ndim

    @property
    def shape(self) -> tuple[int, ...]:
        """The length of each axis: (n,) or (m, n)."""
        return _sizes(self)[2 - self._ndim :]

    @property
    def size(self) -> int:
        """The number of elements."""
        return math.prod(self.shape)

    @property
    def dtype(self) -> Kind:
        """The kind of the elements: `float`, `int` or `bool` itself."""
        return self._kind

    @property
    def T(self) -> ndarray:  # noqa: N802 (NumPy's name)
        """The rows as columns, in a view; a vector is its own transpose."""
        return _View(self, EVERYTHING, EVERYTHING, True, 2) if self._ndim == 2 else self

    def tolist(self) -> list[Any]:
        """Return the elements as a new list of numbers, or of lists of numbers."""
        rows = [list(row) for row in self._read()]
        return rows if self._ndim == 2 else rows[0]

    def copy(self) -> ndarray:
        """Return a new array with the same elements."""
        return converted(self, self._kind)

    def __repr__(self) -> str:
        return as_repr(self._read(), self._ndim)

    def __str__(self) -> str:
        return as_str(self._read(), self._ndim)

    def __bool__(self) -> bool:
        if self.size > 1:
            raise PureNetError(f"bool: an array of {self.size} elements is neither true nor false")
        return bool(self._read()[0][0])

    def __reduce__(self) -> tuple[Any, ...]:
        return array, (self.tolist(), self._kind)

    def __getattr__(self, name: str) -> NoReturn:
        raise lacking("an array of purenet.np", name)

    # Its elements.

    def __len__(self) -> int:
        return self.shape[0]

    def __iter__(self) -> Iterator[Any]:
        return (self[i] for i in range(len(self)))

    def __contains__(self, value: Any) -> bool:
        return any(True in row for row in binary("==", self, value)._read())

    def __getitem__(self, key: Any) -> Any:
        return outward(self._view(key))

    def __setitem__(self, key: Any, value: Any) -> None:
        target, value = self._view(key), operand(value, "=")
        # A vector accepts a matrix of one row, but a place for one number accepts no array.
        if _common_sizes("=", target, value) != _sizes(target) or value._ndim > target._ndim == 0:
            raise PureNetError(f"=: {_shown_shape(value)} does not fit into {_shown_shape(target)}")
        target._write(_stretched(converted(value, self._kind), *_sizes(target)))

    def _view(self, key: Any) -> ndarray:
        """Return the part that an index selects."""
        keys = key if isinstance(key, tuple) else (key,)
        if len(keys) > self._ndim:
            wanted = f"at most {self._ndim} for the shape {_shown_shape(self)}"
            raise PlaceError(f"index: expected {wanted}, got {len(keys)}")
        in_front = (0,) if self._ndim == 1 else ()
        keys = (*in_front, *keys, EVERYTHING, EVERYTHING)[:2]
        rows, columns = map(span, keys, _sizes(self))
        kept = [isinstance(key, slice) for key in keys]
        # A column becomes a vector, which is stored as a row, so its block is transposed.
        return _View(self, rows, columns, kept == [True, False], sum(kept))

    # Along an axis.

    def sum(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """Return the sum of all elements, or along an axis; see `purenet.np.sum`."""
        return _reduced(_sums, self, axis, keepdims, widest(int, self._kind))

    def mean(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """Return the mean of all elements, or along an axis; see `purenet.np.mean`."""
        return _reduced(_means, converted(self, float), axis, keepdims, float)

    def max(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """Return the largest of all elements, or along an axis; see `purenet.np.max`."""
        return _reduced(partial(_extremes, max), self, axis, keepdims, self._kind)

    def min(self, axis: int | None = None, *, keepdims: bool = False) -> Any:
        """Return the smallest of all elements, or along an axis; see `purenet.np.min`."""
        return _reduced(partial(_extremes, min), self, axis, keepdims, self._kind)

    def argmax(self, axis: int | None = None) -> Any:
        """Return the index of the largest element, or along an axis; see `purenet.np.argmax`."""
        return _reduced(_places_of_largest, self, axis, False, int)

    # Products.

    def dot(self, other: Any) -> Any:
        """Return the product with another array; see `purenet.np.dot`."""
        return product("dot", self, other)

    def __matmul__(self, other: Any) -> Any:
        return product("@", self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return product("@", other, self)

    def __imatmul__(self, other: Any) -> ndarray:
        return self._become(operand(self @ other, "@"))

    # Element by element.

    def _become(self, result: ndarray) -> ndarray:
        """Take over the elements of a result, for += and its siblings."""
        if result._kind is not self._kind:
            kinds = f"{result._kind.__name__} does not fit into {self._kind.__name__}"
            raise KindError(f"in place: {kinds}; write a = a + b")
        if result.shape != self.shape:
            shapes = f"{_shown_shape(result)} does not fit into {_shown_shape(self)}"
            raise PureNetError(f"in place: {shapes}")
        self._write(result._read())
        return self

    def __neg__(self) -> ndarray:
        if self._kind is bool:
            raise KindError("-: not for bools; make them integers first: array(x, dtype=int)")
        return each(operator.neg, self)

    def __abs__(self) -> ndarray:
        return each(abs, self)

    def __add__(self, other: Any) -> ndarray:
        return binary("+", self, other)

    def __radd__(self, other: Any) -> ndarray:
        return binary("+", other, self)

    def __iadd__(self, other: Any) -> ndarray:
        return self._become(binary("+", self, other))

    def __sub__(self, other: Any) -> ndarray:
        return binary("-", self, other)

    def __rsub__(self, other: Any) -> ndarray:
        return binary("-", other, self)

    def __isub__(self, other: Any) -> ndarray:
        return self._become(binary("-", self, other))

    def __mul__(self, other: Any) -> ndarray:
        return binary("*", self, other)

    def __rmul__(self, other: Any) -> ndarray:
        return binary("*", other, self)

    def __imul__(self, other: Any) -> ndarray:
        return self._become(binary("*", self, other))

    def __truediv__(self, other: Any) -> ndarray:
        return binary("/", self, other)

    def __rtruediv__(self, other: Any) -> ndarray:
        return binary("/", other, self)

    def __itruediv__(self, other: Any) -> ndarray:
        return self._become(binary("/", self, other))

    def __pow__(self, other: Any) -> ndarray:
        return binary("**", self, other)

    def __rpow__(self, other: Any) -> ndarray:
        return binary("**", other, self)

    def __ipow__(self, other: Any) -> ndarray:
        return self._become(binary("**", self, other))

    def __lt__(self, other: Any) -> ndarray:
        return binary("<", self, other)

    def __le__(self, other: Any) -> ndarray:
        return binary("<=", self, other)

    def __gt__(self, other: Any) -> ndarray:
        return binary(">", self, other)

    def __ge__(self, other: Any) -> ndarray:
        return binary(">=", self, other)

    def __eq__(self, other: Any) -> ndarray:  # type: ignore[override]
        return binary("==", self, other)

    def __ne__(self, other: Any) -> ndarray:  # type: ignore[override]
        return binary("!=", self, other)


class _View(ndarray):
    """A block of another array, perhaps transposed, which reads and writes that array."""

    __slots__ = ("_base", "_block", "_turned")

    def __init__(self, base: ndarray, rows: slice, columns: slice, turned: bool, ndim: int) -> None:
        self._base, self._block, self._turned = base, (rows, columns), turned
        self._ndim, self._kind = ndim, base._kind

    def _read(self) -> Matrix:
        rows, columns = self._block
        block = [row[columns] for row in self._base._read()[rows]]
        return matrix.transpose(block) if self._turned else block

    def _write(self, rows: Matrix) -> None:
        block = matrix.transpose(rows) if self._turned else rows
        base = self._base._read()
        for row, values in zip(base[self._block[0]], block):
            row[self._block[1]] = values
        self._base._write(base)


# -- what comes in, and what goes out ------------------------------------------------------------


def array(values: Any, dtype: Any = None) -> ndarray:
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
    values = as_list(values)
    if not isinstance(values, SEQUENCES) or not values:
        raise PureNetError(f"array: expected a list of numbers or of rows, got {shown(values)}")
    items = [as_list(value) for value in values]
    are_rows = [isinstance(item, SEQUENCES) for item in items]
    if any(are_rows) and not all(are_rows):
        row, other = are_rows.index(True), are_rows.index(False)
        raise PureNetError(f"array: element {row} is a row, but element {other} is not")
    ndim = 2 if any(are_rows) else 1
    rows = [
        [number(value, f"array: row {i}, column {j}") for j, value in enumerate(row)]
        for i, row in enumerate(items if ndim == 2 else [items])
    ]
    shape(rows, "array")
    kind = widest(*{type(value) for row in rows for value in row})
    return converted(ndarray(rows, ndim, kind), kind if dtype is None else kind_of(dtype))


def operand(value: Any, name: str) -> ndarray:
    """Return an operand or an argument as an array; a number gets no axes."""
    if isinstance(value, ndarray):
        return value
    value = as_list(value)
    if isinstance(value, SEQUENCES):
        return array(value)
    value = number(value, name)
    return ndarray([[value]], 0, type(value))


def outward(a: ndarray) -> Any:
    """Return an array for the caller: a number if it has no axes."""
    return a if a._ndim else a._read()[0][0]


def converted(a: ndarray, kind: Kind) -> ndarray:
    """Return a new array with the elements converted to a kind."""
    return ndarray(matrix.apply(CONVERSIONS[kind], a._read()), a._ndim, kind)


def lacking(owner: str, name: str) -> AttributeError:
    """Return the error for a name that does not exist."""
    # Python itself asks for names with underscores, to see what an object can do.
    if name.startswith("__"):
        return AttributeError(name)
    names = "it has the names of the article's programs; help(purenet.np) lists them"
    return AttributeError(f"{owner} has no {name!r}: {names}")


# -- element by element --------------------------------------------------------------------------

_COMPARISONS = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}
_OPERATIONS: dict[str, Callable[[Matrix, Matrix], Matrix]] = {
    "+": matrix.add,  # for bools: or
    "-": matrix.subtract,
    "*": matrix.multiply,  # for bools: and
    "/": partial(matrix.apply, quotient),
    "**": partial(matrix.apply, power),
    "maximum": partial(matrix.apply, larger),
    **{sign: partial(matrix.apply, function) for sign, function in _COMPARISONS.items()},
}


def binary(sign: str, a: Any, b: Any) -> ndarray:
    """Return the result of an operator, after bringing both operands to one kind and one shape."""
    a, b = operand(a, sign), operand(b, sign)
    kind = float if sign == "/" else widest(a._kind, b._kind)
    if (sign == "-" and kind is bool) or (sign == "**" and a._kind is bool):
        raise KindError(f"{sign}: not for bools; make them integers first: array(x, dtype=int)")
    rows = _OPERATIONS[sign](*side_by_side(sign, a, b, kind))
    return _made(rows, max(a._ndim, b._ndim), bool if sign in _COMPARISONS else kind)


def each(function: Callable[[float], float], a: ndarray) -> ndarray:
    """Return an array of the function's value for each element, of the same kind."""
    return _made(matrix.apply(function, a._read()), a._ndim, a._kind)


def _made(rows: Matrix, ndim: int, kind: Kind) -> ndarray:
    """Return an array of results: integers checked to have 64 bits, and bools made bools again."""
    made = ndarray(rows, ndim, kind)
    return made if kind is float else converted(made, kind)


def side_by_side(name: str, a: ndarray, b: ndarray, kind: Kind) -> tuple[Matrix, Matrix]:
    """Return two operands as matrices of one kind and one size: NumPy's broadcasting."""
    sizes = _common_sizes(name, a, b)
    a, b = (x if x._kind is kind else converted(x, kind) for x in (a, b))
    return _stretched(a, *sizes), _stretched(b, *sizes)


def _common_sizes(name: str, a: ndarray, b: ndarray) -> tuple[int, int]:
    """Return the size that both can be stretched to; only an axis of length 1 stretches."""
    (m, n), (p, q) = _sizes(a), _sizes(b)
    if (m != p and 1 not in (m, p)) or (n != q and 1 not in (n, q)):
        shapes = f"{_shown_shape(a)} and {_shown_shape(b)}"
        raise PureNetError(f"{name}: shapes do not fit: {shapes}")
    return max(m, p), max(n, q)


def _stretched(a: ndarray, m: int, n: int) -> Matrix:
    rows = a._read()
    wide = rows if len(rows[0]) == n else [row * n for row in rows]
    return wide if len(wide) == m else wide * m


def _sizes(a: ndarray) -> tuple[int, int]:
    rows = a._read()
    return len(rows), len(rows[0])


def _shown_shape(a: ndarray) -> str:
    return f"({' x '.join(map(str, a.shape))})" if a._ndim else "a number"


# -- products ------------------------------------------------------------------------------------


def product(name: str, a: Any, b: Any) -> Any:
    """Return dot(a, b), or a @ b, which does not take numbers."""
    a, b = operand(a, name), operand(b, name)
    if not a._ndim or not b._ndim:
        if name == "@":
            raise PureNetError("@: expected two arrays; a number multiplies with *")
        return outward(binary("*", a, b))
    A, B = a._read(), b._read() if b._ndim == 2 else matrix.transpose(b._read())
    if len(A[0]) != len(B):
        shapes = f"{_shown_shape(a)} · {_shown_shape(b)}"
        raise PureNetError(f"{name}: inner sizes differ: {shapes}")
    kind = widest(a._kind, b._kind)
    C = matrix.dot(A, B) if kind is float else _whole_dot(A, B)
    C = matrix.transpose(C) if b._ndim == 1 else C
    return outward(_made(C, a._ndim + b._ndim - 2, kind))


def _whole_dot(A: Matrix, B: Matrix) -> Matrix:
    """Return A · B of integers, exactly: the sums of matrix.dot begin with a float."""
    columns = list(zip(*B))
    return [[sum(map(operator.mul, row, column)) for column in columns] for row in A]


# -- along an axis -------------------------------------------------------------------------------


def _reduced(
    function: Callable[[Matrix], Row], a: ndarray, axis: int | None, keepdims: bool, kind: Kind
) -> Any:
    """Return the function's value for each line along an axis."""
    rows = a._read()
    if axis is not None:
        ndim = max(a._ndim, 1)  # NumPy counts a number as a vector here
        axis = whole_number(axis, "axis", -ndim, ndim - 1) % ndim
    if axis is None or a._ndim < 2:
        values = function([[value for row in rows for value in row]])
        return outward(_made([values], a._ndim if keepdims else 0, kind))
    values = function(rows if axis else matrix.transpose(rows))
    if keepdims:
        return _made(matrix.transpose([values]) if axis else [values], 2, kind)
    return _made([values], 1, kind)


def _sums(lines: Matrix) -> Row:
    return matrix.column_sums(matrix.transpose(lines))


def _means(lines: Matrix) -> Row:
    return [total / len(lines[0]) for total in _sums(lines)]


def _extremes(choose: Callable[[Row], float], lines: Matrix) -> Row:
    return [math.nan if _where_nan(line) else choose(line) for line in lines]


def _places_of_largest(lines: Matrix) -> Row:
    return [*matrix.argmax([_where_nan(line) or line for line in lines])]


def _where_nan(line: Row) -> Row:
    """Return 1.0 for each NaN of a line and 0.0 for the rest; an empty list without NaN."""
    places = [float(a != a) for a in line]
    return places if any(places) else []
