"""The one name of `numpy.linalg` that programs of the kind use: `norm`."""

from __future__ import annotations

from ..core.checks import PureNetError as _PureNetError
from . import _array, _elementwise, _lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, NoReturn

__all__ = ["norm"]


def norm(x: Any, ord: Any = None, axis: int | None = None, *, keepdims: bool = False) -> Any:  # noqa: A002
    """Return the root of the sum of the squares, of all elements or along an axis.

    For vectors, `ord` may also be 1 (the sum of the sizes) or infinity (the largest size).

    >>> norm([3.0, 4.0]), norm([[3.0, 4.0], [6.0, 8.0]], axis=1)
    (5.0, array([ 5., 10.]))
    """
    x = _array.operand(x, "norm")
    sizes = _elementwise.abs(x) * 1.0
    vector = axis is not None or x.ndim < 2
    if ord is None or (ord == 2 and vector) or (ord == "fro" and not vector):
        return _elementwise.sqrt(_lines.sum(sizes * sizes, axis, keepdims=keepdims))
    if vector and ord in (1, float("inf")):
        reduction = _lines.sum if ord == 1 else _lines.max
        return reduction(sizes, axis, keepdims=keepdims)
    raise _PureNetError(f"norm: ord: expected None, or 1, 2 or inf of vectors, got {ord!r}")


def __getattr__(name: str) -> NoReturn:
    raise _array.lacking(__name__, name)


def __dir__() -> list[str]:
    return __all__
