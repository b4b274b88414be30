"""Shapes: which fit together, and where in an array an index leads.

Places are counted row by row: element (i, j) of an (m x n) array has the place i * n + j.
"""

from __future__ import annotations

import math
import operator
from array import array
from functools import lru_cache

from ..core._types import Any, Sequence
from ..core.checks import PureNetError, shown, whole_number
from ._numbers import PlaceError, Shape, Values, limit


def words(shape: Shape) -> str:
    """Return a shape as messages show it.

    >>> words((2, 3)), words(())
    ('(2 x 3)', 'a number')
    """
    return f"({' x '.join(map(str, shape))})" if shape else "a number"


def axis_of(axis: Any, shape: Shape) -> int:
    """Return a caller's axis, which may count from the end; a number counts as a vector."""
    ndim = len(shape) or 1
    return whole_number(axis, "axis", -ndim, ndim - 1) % ndim


def common(name: str, *shapes: Shape) -> Shape:
    """Return the shape that all can be stretched to; only an axis of length 1 stretches.

    >>> common("+", (4, 1), (3,))
    (4, 3)
    """
    ndim = max(map(len, shapes))
    wide = [(1,) * (ndim - len(shape)) + shape for shape in shapes]
    found = tuple(0 if 0 in lengths else max(lengths) for lengths in zip(*wide))
    if any(n not in (1, most) for shape in wide for n, most in zip(shape, found)):
        raise PureNetError(f"{name}: shapes do not fit: {' and '.join(map(words, shapes))}")
    return found


def stretched(values: Values, shape: Shape, target: Shape) -> Values:
    """Return the elements of an array that is stretched to a shape: NumPy's broadcasting.

    >>> stretched([1, 2], (2, 1), (2, 3)), stretched([1, 2], (2,), (2, 2))
    ([1, 1, 1, 2, 2, 2], [1, 2, 1, 2])
    """
    size = math.prod(target)
    if len(values) == size:
        return values
    if not shape or shape[-1] < target[-1]:
        values = [value for value in values for _ in range(target[-1])]
    return values * (size // (len(values) or 1))


def reshaped(size: int, shape: Any) -> Shape:
    """Return the shape that a caller wants for the elements; one -1 stands for the rest.

    >>> reshaped(6, (2, -1))
    (2, 3)
    """
    axes = [operator.index(n) for n in (shape if isinstance(shape, (list, tuple)) else (shape,))]
    limit("reshape", axes)
    known = math.prod(n for n in axes if n != -1)
    rest = size // known if axes.count(-1) == 1 and known > 0 else -1
    found = tuple(rest if n == -1 else n for n in axes)
    if math.prod(found) != size or any(n < 0 for n in found):
        raise PureNetError(f"reshape: {size} elements do not fit into the shape {shown(shape)}")
    return found


@lru_cache(maxsize=16)
def turned(m: int, n: int) -> Sequence[int]:
    """Return the places of an (m x n) array column by column.

    >>> list(turned(2, 3))
    [0, 3, 1, 4, 2, 5]
    """
    return array("q", (place for j in range(n) for place in range(j, m * n, n)))


# -- indices -------------------------------------------------------------------------------------


def selection(shape: Shape, keys: Sequence[Any]) -> tuple[Shape, Sequence[int], bool]:
    """Return the shape of what an index selects, its places, and whether that is a view.

    A key is a whole number, a slice, None, `...`, or an array: of bools, as a mask, or of places.

    >>> selection((4, 3), [1, slice(None)])
    ((3,), [3, 4, 5], True)
    >>> selection((4, 3), [slice(2), 0, None])
    ((2, 1), [0, 3], True)
    """
    # The elements and rows that loops go through.
    first = 0
    if len(keys) <= len(shape) and {*map(type, keys)} == {int}:
        for key, n, step in zip(keys, shape, (math.prod(shape[1:]), 1)):
            first += _inside(key, n) * step
        rest = shape[len(keys) :]
        return rest, range(first, first + math.prod(rest)), True
    groups: list[tuple[Shape, Any]] = []
    at, together = 0, None
    axes = iter(zip(shape, [*shape[1:], 1]))
    for key in _completed(shape, keys):
        n, step = (1, 1) if key is None else next(axes, (0, 0))
        if key is None or isinstance(key, slice):
            r = range(n)[key or slice(None)]
            groups.append(((len(r),), [i * step for i in r]))
        elif not isinstance(key, tuple):
            first += _inside(key, n) * step
        else:  # the arrays of two axes select pairs
            at = len(groups) if together is None else at
            pair = (together or ((), [0]), (key[0], [_inside(i, n) * step for i in key[1]]))
            both = common("index", *(size for size, _ in pair))
            sums = map(operator.add, *(stretched(values, size, both) for size, values in pair))
            together = (both, list(sums))
    groups[at:at] = [together] if together else []
    found = tuple(n for lengths, _ in groups for n in lengths)
    limit("index", found)
    places = [first]
    for _, offsets in groups:
        places = [place + offset for place in places for offset in offsets]
    return found, places, together is None


def _completed(shape: Shape, keys: Sequence[Any]) -> list[Any]:
    """Return the keys with one for each axis, and arrays as their shapes and places."""
    found: list[Any] = []
    for key in keys:
        given = sum(key is not None and key is not ... for key in found)
        found += places_of(key, shape[given:]) if hasattr(key, "dtype") else [key]
    given = sum(key is not None and key is not ... for key in found)
    if given > len(shape):
        wanted = f"at most {len(shape)} for the shape {words(shape)}"
        raise PlaceError(f"index: expected {wanted}, got {given}")
    dots = [*found, ...].index(...)
    return [*found[:dots], *[slice(None)] * (len(shape) - given), *found[dots + 1 :]]


def places_of(key: Any, shape: Shape) -> list[Any]:
    """Return an array of places, or a mask as those where it is true, one list for each axis."""
    if key.dtype is int:
        return [(key.shape, key.flat.tolist())]
    if key.dtype is not bool:
        raise PlaceError("index: expected whole numbers or bools in an array, got floats")
    if key.shape != shape[: key.ndim]:
        raise PlaceError(f"index: a mask of {words(key.shape)} does not fit to {words(shape)}")
    true = [divmod(i, key.shape[-1]) for i, value in enumerate(key.flat.tolist()) if value]
    return [((len(true),), [place[i] for place in true]) for i in range(2 - key.ndim, 2)]


def _inside(key: Any, length: int) -> int:
    """Return one place along an axis, counted from its beginning."""
    if isinstance(key, bool) or not hasattr(key, "__index__"):
        wanted = "whole numbers, slices, masks, lists of places, None or ..."
        raise PlaceError(f"index: expected {wanted}, got {shown(key)}")
    i = operator.index(key)
    if not -length <= i < length:
        raise PlaceError(f"index: expected a number from {-length} to {length - 1}, got {i}")
    return i % length
