"""Shapes: what a caller may ask for, what fits together, and where an index leads.

An array is a flat list with a shape and, for each axis, a step: how far apart in the list two
neighbors along that axis are. `A.T` swaps the steps, and `A[1:, ::-1]` begins elsewhere and turns
one of them round, so both are views of the same list.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from typing import Any

from ..core.checks import PureNetError, shown, whole_number
from ._numbers import PlaceError, Shape, Values, limit

Steps = tuple[int, int, int]  # the place of the first element, and the steps down and to the right

EVERYTHING = slice(None)


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
    found = tuple(map(max, *wide))
    if any(n not in (1, most) for shape in wide for n, most in zip(shape, found)):
        raise PureNetError(f"{name}: shapes do not fit: {' and '.join(map(words, shapes))}")
    return found


def stretched(values: Values, shape: Shape, target: Shape) -> Values:
    """Return the elements of an array that is stretched to a shape: NumPy's broadcasting.

    >>> stretched([1, 2], (2, 1), (2, 3)), stretched([1, 2], (2,), (2, 2))
    ([1, 1, 1, 2, 2, 2], [1, 2, 1, 2])
    """
    if len(values) == math.prod(target):
        return values
    columns = target[-1]
    if not shape or shape[-1] < columns:
        values = [value for value in values for _ in range(columns)]
    return values * (math.prod(target) // len(values))


def reshaped(size: int, shape: Any) -> Shape:
    """Return the shape that a caller wants for so many elements; one -1 stands for the rest.

    >>> reshaped(6, (2, -1))
    (2, 3)
    """
    axes = [operator.index(n) for n in (shape if isinstance(shape, (list, tuple)) else (shape,))]
    limit("reshape", axes)
    known = math.prod(n for n in axes if n != -1)
    rest = size // known if axes.count(-1) == 1 and known > 0 else -1
    found = tuple(rest if n == -1 else n for n in axes)
    if math.prod(found) != size or any(n < 1 for n in found):
        raise PureNetError(f"reshape: {size} elements do not fit into the shape {shown(shape)}")
    return found


def contiguous(shape: Shape, steps: Steps) -> bool:
    """Tell whether the elements stand in the list one after another, row by row."""
    m, n = (1, 1, *shape)[-2:]
    return (n == 1 or steps[2] == 1) and (m == 1 or steps[1] == n)


def line(start: int, n: int, step: int) -> slice:
    """Return the slice of n elements from a start.

    >>> line(4, 3, -2)
    slice(4, None, -2)
    """
    end = start + n * step
    return slice(start, end if end >= 0 else None, step)


def strips(values: Values, start: int, m: int, between: int, n: int, step: int) -> list[Values]:
    """Return m slices of n elements each, which begin some places from each other.

    >>> strips([1, 2, 3, 4, 5, 6], 0, 3, 1, 2, 3)
    [[1, 4], [2, 5], [3, 6]]
    """
    starts = range(start, start + m * between, between)
    if step < 0:
        return [values[line(first, n, step)] for first in starts]
    span = n * step
    return [values[first : first + span : step] for first in starts]


# -- indices -------------------------------------------------------------------------------------


def selection(
    axes: list[tuple[int, int]], keys: Sequence[Any], start: int = 0
) -> tuple[Shape, Any, list[int]]:
    """Return the shape of what an index selects, its steps if it is a view, or else its places.

    `axes` are the length and the step of each axis, `start` is the first place. A key is a whole
    number, a slice, None, `...`, or an array: of bools, as a mask, or of places.

    >>> selection([(4, 3), (3, 1)], [1, slice(None)])
    ((3,), (3, 1, 1), [])
    >>> selection([(4, 3), (3, 1)], [slice(2), 0, None])
    ((2, 1), (0, 3, 1), [])
    """
    groups: list[tuple[Shape, Any]] = []
    together: Any = None  # the shape and the offsets of the arrays among the keys
    rest = iter(axes)
    for key in _completed(axes, keys):
        if key is None:
            groups.append(((1,), range(1)))
            continue
        n, step = next(rest)
        if isinstance(key, slice):
            r = range(n)[key]
            groups.append(((len(r),), range(r.start * step, r.stop * step, r.step * step)))
        elif isinstance(key, tuple):
            shape, offsets = key[0], [_inside(i, n) * step for i in key[1]]
            if together is None:
                at, together = len(groups), (shape, offsets)
            else:  # the arrays of two axes select pairs
                both = common("index", together[0], shape)
                pair = (together, (shape, offsets))
                sums = map(operator.add, *(stretched(values, size, both) for size, values in pair))
                together = both, list(sums)
        else:
            start += _inside(key, n) * step
    if together is not None:
        groups.insert(at, together)
    shape = tuple(n for lengths, _ in groups for n in lengths)
    limit("index", shape)
    if together is None and 0 not in shape:
        ranges = [offsets for _, offsets in groups]
        steps = (1, 1, *(each.step for each in ranges))[-2:]
        return shape, (start + sum(each.start for each in ranges), *steps), []
    places = [start]
    for _, offsets in groups:
        places = [place + offset for place in places for offset in offsets]
    return shape, None, places


def _completed(axes: list[tuple[int, int]], keys: Sequence[Any]) -> list[Any]:
    """Return the keys with one for each axis, and arrays as their shapes and places."""
    shape, found = tuple(n for n, _ in axes), list[Any]()
    for key in keys:
        given = sum(key is not None and key is not ... for key in found)
        found += _places(key, shape[given:]) if hasattr(key, "dtype") else [key]
    given = sum(key is not None and key is not ... for key in found)
    if given > len(axes):
        raise PlaceError(
            f"index: expected at most {len(axes)} for the shape {words(shape)}, got {given}"
        )
    dots = [i for i, key in enumerate(found) if key is ...] or [len(found)]
    if len(dots) > 1:
        raise PlaceError(f"index: expected ... once at most, got it {len(dots)} times")
    return [*found[: dots[0]], *[EVERYTHING] * (len(axes) - given), *found[dots[0] + 1 :]]


def _places(key: Any, shape: Shape) -> list[Any]:
    """Return an array of places, or a mask as those where it is true, one list for each axis."""
    if key.dtype is int:
        return [(key.shape, key.flat.tolist())]
    if key.dtype is not bool:
        raise PlaceError("index: expected whole numbers or bools in an array, got floats")
    if key.shape != shape[: key.ndim]:
        raise PlaceError(f"index: a mask of {words(key.shape)} does not fit to {words(shape)}")
    true = [i for i, value in enumerate(key.flat.tolist()) if value]
    columns = key.shape[-1]
    axes = [[i // columns for i in true], [i % columns for i in true]][2 - key.ndim :]
    return [((len(true),), places) for places in axes]


def _inside(key: Any, length: int) -> int:
    """Return one place along an axis, counted from its beginning."""
    if isinstance(key, bool) or not hasattr(key, "__index__"):
        wanted = "whole numbers, slices, masks, lists of places, None or ..."
        raise PlaceError(f"index: expected {wanted}, got {shown(key)}")
    i = operator.index(key)
    if not -length <= i < length:
        raise PlaceError(f"index: expected a number from {-length} to {length - 1}, got {i}")
    return i % length
