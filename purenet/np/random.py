"""The names of `numpy.random`, with its bits: MT19937, seeded as NumPy's legacy seed() does it.

>>> import purenet.np as np
>>> np.random.seed(1)
>>> np.random.random()
0.417022004702574
"""

from __future__ import annotations

# Imports have names with underscores; else np.random.checks would exist.
from ..core import checks as _checks
from ..core import mt19937 as _mt19937
from . import _array, _numbers

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, NoReturn

__all__ = ["rand", "randn", "random", "seed", "uniform"]

# Its state has 624 words, which are made at the first draw and not with the import.
_generator: _mt19937.MT19937 | None = None


def seed(seed: int | None = None) -> None:
    """Start anew: from a whole number below 2**32, or from an unpredictable one.

    >>> seed(1)
    """
    global _generator
    _generator = _mt19937.MT19937(_mt19937.fresh_seed() if seed is None else seed)


def random(size: Any = None) -> Any:
    """Return a float of [0, 1), or an array of them in the shape n, (n,) or (m, n).

    >>> seed(1)
    >>> random((2, 2))
    array([[4.17022005e-01, 7.20324493e-01],
           [1.14374817e-04, 3.02332573e-01]])
    """
    return uniform(size=size)


def rand(*size: int) -> Any:
    """Return the same as `random`, with the lengths of the axes as arguments.

    >>> seed(1)
    >>> rand(2)
    array([0.417022  , 0.72032449])
    """
    return uniform(size=size or None)


def randn(*size: int) -> Any:
    """Return normally distributed numbers of mean 0 and deviation 1, as `rand` returns its own.

    >>> seed(1)
    >>> randn(2)
    array([ 1.62434536, -0.61175641])
    """
    return _drawn(lambda generator: generator.normal(), size or None)


def uniform(low: float = 0.0, high: float = 1.0, size: Any = None) -> Any:
    """Return a float of [low, high), or an array of them in the shape n, (n,) or (m, n).

    >>> seed(1)
    >>> uniform(-1, 1, 2)
    array([-0.16595599,  0.44064899])
    """
    low, high = _finite("low", low), _finite("high", high)
    _finite("high - low", high - low)
    return _drawn(lambda generator: generator.uniform(low, high), size)


def _drawn(draw: Callable[[_mt19937.MT19937], float], size: Any) -> Any:
    """Return a number that is drawn, or an array of them in the shape `size`."""
    global _generator
    _generator = generator = _generator or _mt19937.MT19937(_mt19937.fresh_seed())
    lengths = () if size is None else _numbers.lengths(size)
    m, n = (1, 1, *lengths)[-2:]
    rows = [[draw(generator) for _ in range(n)] for _ in range(m)]
    return _array.outward(_array.ndarray(rows, len(lengths), float))


def _finite(name: str, value: float) -> float:
    return _checks.number_within(value, f"uniform: {name}", lambda _: True, "that is finite")


def __getattr__(name: str) -> NoReturn:
    raise _array.lacking(__name__, name)


def __dir__() -> list[str]:
    return __all__
