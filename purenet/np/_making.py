"""Arrays from numbers and from other arrays: making, shaping, joining, choosing."""

from __future__ import annotations

import math as _math
from collections import Counter as _Counter

from ..core.checks import PureNetError as _PureNetError
from ..core.checks import whole_number as _whole_number
from . import _array, _numbers, _shapes
from ._array import array as array
from ._array import ndarray as ndarray
from ._array import operand as _operand
from ._array import outward as _outward
from ._array import reshape as reshape

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# -- from nothing --------------------------------------------------------------------------------


def full(shape: Any, fill_value: Any, dtype: Any = None) -> ndarray:
    """Return one number everywhere in the shape n, (n,) or (m, n); or a row, in each row.

    >>> full((2, 3), 0.5)
    array([[0.5, 0.5, 0.5],
           [0.5, 0.5, 0.5]])
    """
    value, lengths = _operand(fill_value, "full"), _numbers.lengths(shape)
    kind = value.dtype if dtype is None else _numbers.kind_of(dtype)
    if _shapes.common("full", value._shape, lengths) != lengths:
        raise _PureNetError(f"full: {_shapes.words(value._shape)} does not fit into {shape}")
    values = list(_shapes.stretched(value._as(kind), value._shape, lengths))
    return _array.made(values, lengths, kind)


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


def empty(shape: Any, dtype: Any = float) -> ndarray:
    """Return an array to be filled, which here has zeros.

    >>> empty((2, 3)).shape
    (2, 3)
    """
    return zeros(shape, dtype)


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


empty_like = zeros_like


def eye(N: int, M: int | None = None, k: int = 0, dtype: Any = float) -> ndarray:
    """Return (N x M) zeros, or (N x N), with ones on the diagonal, or k places right of it.

    >>> eye(2)
    array([[1., 0.],
           [0., 1.]])
    """
    lengths = _numbers.lengths((N, N if M is None else M))
    places = [j - i == k for i in range(lengths[0]) for j in range(lengths[1])]
    kind = _numbers.kind_of(dtype)
    return _array.made(list(map(kind, places)), lengths, kind)


def identity(n: int, dtype: Any = float) -> ndarray:
    """Return (n x n) zeros with ones on the diagonal.

    >>> identity(1)
    array([[1.]])
    """
    return eye(n, dtype=dtype)


def arange(start: Any, stop: Any = None, step: Any = 1, dtype: Any = None) -> ndarray:
    """Return the numbers from start, or 0, to below stop.

    >>> arange(3), arange(0.0, 1.0, 0.25)
    (array([0, 1, 2]), array([0.  , 0.25, 0.5 , 0.75]))
    """
    ends = (0, start, step) if stop is None else (start, stop, step)
    start, stop, step = (_numbers.number(end, "arange") for end in ends)
    n = _math.ceil((stop - start) / step) if step else 0
    if n < 1:
        raise _PureNetError(f"arange: there is no number from {start} to {stop} by steps of {step}")
    step = start + step - start  # as NumPy does
    return array([start + i * step for i in range(n)], dtype)  # type: ignore[no-any-return]


def linspace(start: Any, stop: Any, num: int = 50, endpoint: bool = True) -> ndarray:
    """Return evenly spaced numbers from start to stop, which is the last unless not `endpoint`.

    >>> linspace(0, 1, 5)
    array([0.  , 0.25, 0.5 , 0.75, 1.  ])
    """
    start, stop = (float(_numbers.number(end, "linspace")) for end in (start, stop))
    parts = _whole_number(num, "linspace: num", 1) - bool(endpoint)
    step = (stop - start) / parts if parts else 0.0
    values = [i * step + start for i in range(num)]
    if endpoint and num > 1:
        values[-1] = stop
    return array(values)  # type: ignore[no-any-return]


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
    return _operand(a, "copy").copy()


# -- of another shape ----------------------------------------------------------------------------


def shape(a: Any) -> _numbers.Shape:
    """Return the lengths of the axes.

    >>> shape([[1, 2]]), shape(5)
    ((1, 2), ())
    """
    return _operand(a, "shape").shape


def ndim(a: Any) -> int:
    """Return the number of axes.

    >>> ndim([[1, 2]])
    2
    """
    return len(shape(a))


def size(a: Any, axis: int | None = None) -> int:
    """Return the number of elements, or the length of an axis.

    >>> size([[1, 2]]), size([[1, 2]], 0)
    (2, 1)
    """
    lengths = shape(a)
    return _math.prod(lengths) if axis is None else lengths[_shapes.axis_of(axis, lengths)]


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
        raise _PureNetError(f"transpose: axes: expected (1, 0), got {order}")
    return _operand(a, "transpose").T


def squeeze(a: Any, axis: int | None = None) -> Any:
    """Return the elements without the axes of length 1, or without one of them.

    >>> squeeze([[1], [2]]), squeeze([[5]])
    (array([1, 2]), 5)
    """
    lengths = shape(a)
    place = axis if axis is None else _shapes.axis_of(axis, lengths)
    if place is not None and lengths[place : place + 1] != (1,):
        raise _PureNetError(f"squeeze: axis {axis} of {_shapes.words(lengths)} is not of length 1")
    kept = (n for i, n in enumerate(lengths) if n != 1 or place not in (None, i))
    return reshape(a, tuple(kept))


def expand_dims(a: Any, axis: int) -> Any:
    """Return the elements with a new axis of length 1 at this place.

    >>> expand_dims([1, 2], 1).shape
    (2, 1)
    """
    lengths = list(shape(a))
    n = len(lengths)
    lengths.insert(_whole_number(axis, "axis", -n - 1, n) % (n + 1), 1)
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


def broadcast_to(a: Any, shape: Any) -> ndarray:
    """Return the elements stretched to a shape, in a new array.

    >>> broadcast_to([1, 2], (2, 2))
    array([[1, 2],
           [1, 2]])
    """
    return full(shape, a)


def tile(A: Any, reps: Any) -> Any:
    """Return an array several times side by side, or with (m, n) below each other too.

    >>> tile([1, 2], 2), tile([1, 2], (2, 1))
    (array([1, 2, 1, 2]), array([[1, 2],
           [1, 2]]))
    """
    times = _numbers.lengths(reps)
    A = array(A, ndmin=len(times))
    m, n = (1, *times)[-2:]
    rows = [row * n for row in A._rows()] * m
    return ndarray(rows, A.ndim, A.dtype)


def repeat(a: Any, repeats: int, axis: int | None = None) -> Any:
    """Return each element, or each row (axis 0) or column (axis 1), several times.

    >>> repeat([1, 2], 2)
    array([1, 1, 2, 2])
    """
    a = ravel(a) if axis is None else _operand(a, "repeat")
    place = _shapes.axis_of(axis or 0, a.shape)
    times = _whole_number(repeats, "repeats", 1)
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
        n = len(v) + abs(k)
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
    if not parts:
        raise _PureNetError(f"{name}: expected at least one array, got none")
    parts = [ravel(part) for part in parts] if axis is None else parts
    place = _shapes.axis_of(axis or 0, parts[0].shape)
    rest = {(part.ndim, part.shape[:place] + part.shape[place + 1 :]) for part in parts}
    if len(rest) > 1 or not parts[0].shape:
        shapes = " and ".join(_shapes.words(part.shape) for part in parts)
        raise _PureNetError(f"{name}: shapes do not fit along axis {place}: {shapes}")
    kind = _numbers.widest(*(part.dtype for part in parts))
    # Rows lie below each other; columns, and vectors, are rows of the transposes.
    below = place == 0 and parts[0].ndim == 2
    blocks = [part.astype(kind)._rows() for part in parts]
    rows = _chained(blocks) if below else [_chained(rows) for rows in zip(*blocks)]
    return ndarray(rows, parts[0].ndim, kind)


def _chained(lists: Any) -> list[Any]:
    return [value for values in lists for value in values]


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
    parts = [atleast_1d(a) for a in tup]
    return _joined("hstack", parts, parts[0].ndim - 1 if parts else 0)


def column_stack(tup: Any) -> ndarray:
    """Return arrays side by side; a vector counts as a column.

    >>> column_stack([[1, 2], [3, 4]])
    array([[1, 3],
           [2, 4]])
    """
    parts = [atleast_1d(a) for a in tup]
    return _joined("column_stack", [p if p.ndim == 2 else p[:, None] for p in parts], 1)


def stack(arrays: Any, axis: int = 0) -> ndarray:
    """Return vectors as the rows (axis 0) or columns (axis 1) of a matrix.

    >>> stack([[1, 2], [3, 4]], axis=1)
    array([[1, 3],
           [2, 4]])
    """
    return _joined("stack", [expand_dims(a, axis) for a in arrays], axis)


def append(arr: Any, values: Any, axis: int | None = None) -> ndarray:
    """Return an array with values joined to its end, as a vector or along an axis.

    >>> append([1, 2], 3)
    array([1, 2, 3])
    """
    return _joined("append", [_operand(arr, "append"), _operand(values, "append")], axis)


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
    return _outward(_array.made([a if yes else b for yes, a, b in zip(*triples)], both, kind))


def nonzero(a: Any) -> tuple[ndarray, ...]:
    """Return the places of what is not 0 or False, a vector for each axis.

    >>> nonzero([0, 2, 3])
    (array([1, 2]),)
    """
    a = _operand(a, "nonzero")
    places = [divmod(k, a._axes()[1]) for k, value in enumerate(a._flat()) if value]
    if not places:
        raise _PureNetError("nonzero: there is none, and an array here has at least one element")
    return tuple(array(axis) for axis in [*zip(*places)][2 - max(a.ndim, 1) :])


def argwhere(a: Any) -> ndarray:
    """Return the places of what is not 0 or False, one in each row.

    >>> argwhere([0, 2, 3])
    array([[1],
           [2]])
    """
    return column_stack(nonzero(a))


def unique(ar: Any, return_inverse: bool = False, return_counts: bool = False) -> Any:
    """Return the different elements in order; their places, and how often each occurs, if asked.

    >>> unique([3, 1, 3]), unique([3, 1, 3], return_counts=True)
    (array([1, 3]), (array([1, 3]), array([1, 2])))
    """
    a = _operand(ar, "unique")
    counts = _Counter(a._flat())
    found = sorted(counts)
    places = {value: i for i, value in enumerate(found)}
    answers = [array(found)]
    if return_inverse:
        answers.append(reshape([places[value] for value in a._flat()], a.shape or (1,)))
    if return_counts:
        answers.append(array([counts[value] for value in found]))
    return answers[0] if len(answers) == 1 else tuple(answers)


def bincount(x: Any, minlength: int = 0) -> ndarray:
    """Return how often each whole number from 0 to the largest occurs.

    >>> bincount([0, 2, 2])
    array([1, 0, 2])
    """
    counts = _Counter(_whole_number(value, "bincount", 0) for value in _operand(x, "bincount"))
    return array([counts[i] for i in range(max(max(counts) + 1, minlength))])  # type: ignore[no-any-return]
