"""The bits of NumPy's `default_rng`: PCG64, seeded as NumPy's SeedSequence does it.

Sources: M. O'Neill, "PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms
for Random Number Generation" (2014), and "Developing a seed_seq Alternative" (2015); D. Lemire,
"Fast Random Integer Generation in an Interval" (2019); J. Doornik, "An Improved Ziggurat Method
to Generate Normal Random Samples" (2005).
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterator

from ..core.checks import whole_number
from ..core.mt19937 import MT19937, fresh_seed

BITS32, BITS64, BITS128 = 2**32 - 1, 2**64 - 1, 2**128 - 1
MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
TAIL = 3.6541528853610088  # where the lowest layer of the ziggurat ends and the tail begins
AREA = 0.0049286732339746519  # of each layer


class PCG64:
    """One stream of bits, from a seed of at least 0, or from an unpredictable one.

    >>> PCG64(1).random()
    0.5118216247002567
    """

    def __init__(self, seed: int | None = None) -> None:
        entropy = fresh_seed() if seed is None else whole_number(seed, "seed", 0)
        words = list(_spread(entropy))
        a, b, c, d = (low | high << 32 for low, high in zip(words[::2], words[1::2]))
        self._step = step = (c << 65 | d << 1 | 1) & BITS128
        self._state = ((a << 64 | b) + step) * MULTIPLIER + step & BITS128
        self._halves: list[int] = []

    def random(self) -> float:
        """Return the next float of [0, 1), with 53 random bits.

        >>> 0.0 <= PCG64(0).random() < 1.0
        True
        """
        return (self._next_64() >> 11) / 2.0**53

    below = MT19937.below  # of 32 random bits, like its own

    def bounded(self, n: int) -> int:
        """Return a random integer from 0 to n - 1, none likelier than another.

        The high half of n times a random word (Lemire), drawn again for the low halves that some
        numbers have more often than others.

        >>> PCG64(1).bounded(10)
        4
        """
        if n == 1:
            return 0
        words, draw = (2**32, self._next) if n <= 2**32 else (2**64, self._next_64)
        while True:
            product = draw() * n
            if product % words >= words % n:
                return product // words

    def normal(self) -> float:
        """Return the next float of the normal distribution with mean 0 and deviation 1.

        The ziggurat covers the bell by 256 layers of equal area: a point of a random layer mostly
        lies below the curve.

        >>> PCG64(1).normal()
        0.345584192064786
        """
        layers = _layers()
        while True:
            bits = self._next_64()
            layer, sign, place = bits & 255, 1 - (bits >> 7 & 2), bits >> 9 & 2**52 - 1
            inside, scale, height = layers[layer]
            x = place * scale
            if place < inside:
                return sign * x
            if layer == 0:
                return self._tail() * (1 - (place >> 7 & 2))
            y = (layers[layer - 1][2] - height) * self.random() + height
            if y < math.exp(-0.5 * x * x):
                return sign * x

    def _tail(self) -> float:
        """Return a number beyond the layers (Marsaglia's method)."""
        while True:
            x = -1.0 / TAIL * math.log1p(-self.random())
            y = -math.log1p(-self.random())
            if y + y > x * x:
                return TAIL + x

    def _next_64(self) -> int:
        """Return the next 64 random bits."""
        self._state = state = self._state * MULTIPLIER + self._step & BITS128
        word, turn = state >> 64 ^ state & BITS64, state >> 122
        return (word >> turn | word << 64 - turn) & BITS64

    def _next(self) -> int:
        """Return the next 32 random bits: the low half of a word, and the high half after it."""
        if not self._halves:
            word = self._next_64()
            self._halves = [word >> 32, word & BITS32]
        return self._halves.pop()


def _spread(entropy: int) -> Iterator[int]:
    """Go through eight words of 32 bits that a seed of any length is spread over."""
    words = [entropy >> i & BITS32 for i in range(0, max(entropy.bit_length(), 128), 32)]
    hashed = _hasher(0x43B0D7E5, 0x931E8875)
    pool = [hashed(word) for word in words[:4]]
    for source in range(len(words)):
        for i in range(4):
            if i != source:
                word = hashed(pool[source] if source < 4 else words[source])
                mixed = 0xCA01F9DD * pool[i] - 0x4973F715 * word & BITS32
                pool[i] = mixed ^ mixed >> 16
    return map(_hasher(0x8B51F9DD, 0x58F38DED), pool * 2)


def _hasher(constant: int, multiplier: int) -> Callable[[int], int]:
    """Return a function that hashes a word, by another constant at each call."""

    def hashed(word: int) -> int:
        nonlocal constant
        word ^= constant
        constant = constant * multiplier & BITS32
        word = word * constant & BITS32
        return word ^ word >> 16

    return hashed


@functools.cache
def _layers() -> list[tuple[int, float, float]]:
    """Return the ziggurat, from the tail's layer and the top of the bell down.

    A layer is the number of its 2**52 places that are certainly below the curve, the width of
    a place, and the height of the curve at its right end. The logarithms are rounded correctly, as
    those of NumPy's tables are, whatever the C library does.
    """
    import decimal  # only when a normal number is drawn

    exact = decimal.Context(prec=40)
    x = TAIL
    layers: list[tuple[int, float, float]] = []
    for layer in range(255, 0, -1):
        height = float(decimal.Decimal(-0.5 * x * x).exp(exact))
        if layer == 38:
            height = math.nextafter(height, 1.0)  # in NumPy's tables, one last bit is off
        above = math.sqrt(-2.0 * float(decimal.Decimal(min(height + AREA / x, 1.0)).ln(exact)))
        layers.append((round(above / x * 2**52), x / 2**52, height))
        x = above
    lowest = AREA / layers[0][2]
    return [(round(TAIL / lowest * 2**52), lowest / 2**52, 1.0), *reversed(layers)]
