"""The one name of `numpy.linalg` that programs of the kind use: `norm`."""

from __future__ import annotations

from ..core.checks import PureNetError as _PureNetError
from ..core.checks import shown as _shown
from . import _array, _functions

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def norm(x: Any, ord: Any = None, axis: int | None = None, *, keepdims: bool = False) -> Any:  # noqa: A002
    """Return the root of the sum of the squares, of all elements or along an axis.

    For vectors, `ord` may also be 1: the sum of the sizes.

    >>> norm([3.0, 4.0]), norm([[3.0, 4.0], [6.0, 8.0]], axis=1)
    (5.0, array([ 5., 10.]))
    """
    sizes = _functions.abs(x) * 1.0
    if ord is None or (ord == 2 and (axis is not None or sizes.ndim == 1)):
        return _functions.sqrt(_functions.sum(sizes * sizes, axis, keepdims=keepdims))
    if ord != 1 or (axis is None and sizes.ndim == 2):
        raise _PureNetError(f"norm: ord: expected None, or 1 or 2 of vectors, got {_shown(ord)}")
    return _functions.sum(sizes, axis, keepdims=keepdims)


__all__, __getattr__, __dir__ = _array.surface(__name__, vars())
