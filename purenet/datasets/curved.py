"""Small problems that no straight line solves, drawn row by row from a seed.

`CURVED` has them by name. Each is a function that makes one row, the inputs and the target, from a
generator of random numbers and the row's position. A float is the target of a regression, the
integers 0 and 1 are classes.

Moons and circles are scikit-learn's `make_moons(noise=0.2)` and `make_circles(noise=0.1,
factor=0.5)`, except that the points are drawn at random along the curves, while scikit-learn spaces
them evenly. The two spirals make half a turn each, with noise of 0.03. Noise is the standard
deviation of what is added to each coordinate. Nothing else here is noisy.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..core.checks import PureNetError, shown, whole_number
from ..core.mt19937 import MT19937

Pair = tuple[list[float], float]  # the inputs and the target of one row
Maker = Callable[[MT19937, int], Pair]


def curved(name: str, rows: int = 200, seed: int = 0) -> tuple[list[list[float]], list[float]]:
    """Return X (rows x inputs) and y (rows) of one of the problems in `CURVED`.

    The same name, rows and seed give the same numbers, and a smaller number of rows gives the first
    of them. XOR and parity draw nothing: their 4 or 8 rows are repeated in order. Raises
    PureNetError if the name is unknown, or rows or seed is out of range.

    >>> curved("xor", rows=4)
    ([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1, 0])
    >>> curved("absolute", rows=2, seed=1)
    ([[-0.165955990594852], [0.4406489868843162]], [0.165955990594852, 0.4406489868843162])
    """
    if name not in list(CURVED):
        raise PureNetError(f"curved: expected one of {', '.join(CURVED)}; got {shown(name)}")
    generator = MT19937(seed)
    pairs = [CURVED[name](generator, i) for i in range(whole_number(rows, "rows", 1))]
    return [inputs for inputs, _ in pairs], [target for _, target in pairs]


def _bits(n: int) -> Maker:
    """Return a problem whose inputs are the last n bits of the position, in order.

    The target is 1 if an odd number of them is 1. For two bits, that is XOR.

    >>> _bits(3)(MT19937(0), 6)
    ([1.0, 1.0, 0.0], 0)
    """

    def row(generator: MT19937, i: int) -> Pair:
        bits = [i >> place & 1 for place in reversed(range(n))]
        return [float(bit) for bit in bits], bits.count(1) % 2

    return row


def _function(n: int, of: Callable[..., float]) -> Maker:
    """Return a problem whose target is a function of n inputs, each uniform in [-1, 1).

    >>> _function(1, abs)(MT19937(1), 0)
    ([-0.165955990594852], 0.165955990594852)
    """

    def row(generator: MT19937, i: int) -> Pair:
        inputs = [generator.uniform(-1.0, 1.0) for _ in range(n)]
        return inputs, of(*inputs)

    return row


def _moons(generator: MT19937, i: int) -> Pair:
    angle = math.pi * generator.random()
    x1, x2 = math.cos(angle), math.sin(angle)
    if i % 2:  # the other moon is upside down, with a tip inside the first
        x1, x2 = 1.0 - x1, 0.5 - x2
    return _noisy([x1, x2], 0.2, generator), i % 2


def _circles(generator: MT19937, i: int) -> Pair:
    radius = 0.5 if i % 2 else 1.0
    return _noisy(_point(radius, 2.0 * math.pi * generator.random()), 0.1, generator), i % 2


def _spirals(generator: MT19937, i: int) -> Pair:
    part = generator.random()
    radius = 0.1 + 0.9 * part  # from 0 the arms would touch
    return _noisy(_point(radius, math.pi * (part + i % 2)), 0.03, generator), i % 2


def _point(radius: float, angle: float) -> list[float]:
    return [radius * math.cos(angle), radius * math.sin(angle)]


def _noisy(point: list[float], noise: float, generator: MT19937) -> list[float]:
    return [x + noise * generator.normal() for x in point]


CURVED: dict[str, Maker] = {
    "xor": _bits(2),
    "square": _function(1, lambda x: x * x),
    # Not math.hypot, whose last bits depend on the version of Python.
    "hypot": _function(2, lambda x1, x2: math.sqrt(x1 * x1 + x2 * x2)),
    "product": _function(2, lambda x1, x2: x1 * x2),
    "sine": _function(1, lambda x: math.sin(3.0 * x)),
    "absolute": _function(1, abs),
    "step": _function(1, lambda x: 1.0 if x > 0.0 else 0.0),
    "moons": _moons,
    "circles": _circles,
    "checkerboard": _function(2, lambda x1, x2: int((x1 > 0.0) != (x2 > 0.0))),  # 2 x 2 fields
    "spirals": _spirals,
    "parity": _bits(3),
}
