"""Chance that can be repeated: the Mersenne Twister, seeded as NumPy's legacy seed() does it.

`MT19937(n)` draws the same bits as `numpy.random.RandomState(n)`, so a network here starts from
the weights that the article's `np.random.seed(1)` gives it. Nothing else shares the generator:
Python's global `random` is never touched. Everything is done in integers below 2**64, without
`random.setstate`, so MicroPython draws the same numbers.

Source: M. Matsumoto and T. Nishimura, "Mersenne Twister", ACM TOMACS 8 (1998), with the
initialization of 2002.
"""

import math

from . import ENTROPY
from .checks import PureNetError, number_within, whole_number

try:
    from array import array
except ImportError:  # some boards and sandboxes have none
    array = None  # type: ignore[assignment, misc]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Any, Callable, Iterable, Iterator, MutableSequence, State

LENGTH = 624  # the words of the state
MIDDLE = 397  # how far ahead the word is that is mixed in
UPPER_BIT, LOWER_BITS = 0x80000000, 0x7FFFFFFF
ALL_BITS = 0xFFFFFFFF


class MT19937:
    """One stream of numbers, from a seed between 0 and 2**32 - 1.

    >>> generator = MT19937(1)
    >>> generator.random()
    0.417022004702574
    """

    def __init__(self, seed: int) -> None:
        self._words = _packed(_seeded(whole_number(seed, "seed", 0, ALL_BITS)))
        self._used = LENGTH
        self._spare: "float | None" = None

    def random(self) -> float:
        """Return the next float of [0, 1), with 53 random bits.

        >>> 0.0 <= MT19937(0).random() < 1.0
        True
        """
        high, low = self._next() >> 5, self._next() >> 6
        return (high * 67108864.0 + low) / 9007199254740992.0  # 2**26 and 2**53

    def uniform(self, low: float, high: float) -> float:
        """Return the next float of [low, high).

        >>> MT19937(1).uniform(-1.0, 1.0)
        -0.165955990594852
        """
        return low + (high - low) * self.random()

    def normal(self) -> float:
        """Return the next float of the normal distribution with mean 0 and deviation 1.

        Marsaglia's polar method makes two at a time; the second waits for the next call.

        >>> generator = MT19937(0)
        >>> round(generator.normal(), 12), round(generator.normal(), 12)
        (1.764052345968, 0.400157208367)
        """
        if self._spare is not None:
            number, self._spare = self._spare, None
            return number
        square = 0.0
        while square >= 1.0 or square == 0.0:
            x, y = 2.0 * self.random() - 1.0, 2.0 * self.random() - 1.0
            square = x * x + y * y
        factor = math.sqrt(-2.0 * math.log(square) / square)
        self._spare = factor * x
        return factor * y

    def below(self, n: int) -> int:
        """Return a random integer from 0 to n - 1, none likelier than another; n is at most 2**64.

        Drawn under the smallest mask of ones that covers n - 1, and again where it is too large.

        >>> generator = MT19937(1)
        >>> [generator.below(10) for _ in range(5)]
        [5, 8, 9, 5, 0]
        """
        mask = 0
        while mask < n - 1:
            mask = mask << 1 | 1
        number = n if mask else 0  # of one number, none is drawn
        while number >= n:
            word = self._next()
            number = (word << 32 | self._next() if mask > ALL_BITS else word) & mask
        return number

    def permutation(self, n: int) -> "list[int]":
        """Return the numbers from 0 to n - 1 in a random order.

        >>> MT19937(1).permutation(5)
        [2, 1, 4, 0, 3]
        """
        return mixed(range(n), self.below)

    def get_state(self) -> "State":
        """Return the state as NumPy's `get_state` does: a tuple that `set_state` takes back.

        >>> MT19937(7).get_state()[1][0]
        7
        """
        waiting = self._spare is not None
        return "MT19937", list(self._words), self._used, int(waiting), self._spare or 0.0

    def set_state(self, state: "State") -> None:
        """Go on from a state that `get_state` gave, here or in NumPy.

        Raises PureNetError, and stays as it was, where it is not a state.

        >>> one, other = MT19937(1), MT19937(2)
        >>> other.set_state(one.get_state())
        >>> one.random() == other.random()
        True
        """
        try:
            name, words, used, waiting, spare = state
            words = [whole_number(word, "state", 0, ALL_BITS) for word in words]
            used = whole_number(used, "state", 0, LENGTH)
            spare = number_within(spare, "state", lambda _: True, "of any size")
            waiting = bool(waiting)
        except (TypeError, ValueError):
            raise PureNetError("state: expected what get_state() returns") from None
        # Of nothing but zeros the twister makes zeros for ever.
        if name != "MT19937" or len(words) != LENGTH or not any(words):
            raise PureNetError(f'state: expected "MT19937" and {LENGTH} words that are not all 0')
        self._words, self._used = _packed(words), used
        self._spare = spare if waiting else None

    def _next(self) -> int:
        """Return the next 32 random bits."""
        if self._used == LENGTH:
            self._twist()
        word = self._words[self._used]
        self._used += 1
        word ^= word >> 11
        word ^= word << 7 & 0x9D2C5680
        word ^= word << 15 & 0xEFC60000
        return word ^ word >> 18

    def _twist(self) -> None:
        """Make the next 624 words of the last 624."""
        words = self._words
        for i in range(LENGTH):
            y = words[i] & UPPER_BIT | words[(i + 1) % LENGTH] & LOWER_BITS
            mixed = words[(i + MIDDLE) % LENGTH] ^ y >> 1
            words[i] = mixed ^ 0x9908B0DF if y & 1 else mixed
        self._used = 0


def _seeded(word: int) -> "Iterator[int]":
    """Go through the words of the state that a seed begins with."""
    for i in range(1, LENGTH + 1):
        yield word
        word = (1812433253 * (word ^ word >> 30) + i) & ALL_BITS


def _packed(words: "Iterable[int]") -> "MutableSequence[int]":
    """Return the words as an array, if there is one: on a 32-bit board a list takes 19 KiB."""
    return list(words) if array is None else array("I", words)


def mixed(values: "Iterable[Any]", below: "Callable[[int], int]", first: int = 1) -> "list[Any]":
    """Return values in a random order (Fisher and Yates), swapped from the end down to `first`.

    >>> mixed("abcd", lambda n: 0)
    ['b', 'c', 'd', 'a']
    """
    items = list(values)
    for i in range(len(items) - 1, first - 1, -1):
        j = below(i + 1)
        items[i], items[j] = items[j], items[i]
    return items


_networks = 0


def fresh_seed() -> int:
    """Return another seed at each call, also in a forked process, a thread or on a board.

    `core` imports no clock and no operating system: `ENTROPY` has its random bytes. Where that is
    empty, there are only the hashes of strings, which CPython and PyPy salt with random bits at
    every start (unless PYTHONHASHSEED forbids it). A board then gives the same seeds at every
    start: pass one of your own.

    >>> fresh_seed() != fresh_seed()
    True
    """
    global _networks
    _networks += 1
    seed = hash("purenet") + id(MT19937) // 16 + 2654435769 * _networks
    for random_bytes in ENTROPY.values():
        seed += int.from_bytes(random_bytes(4), "big")
    return seed & ALL_BITS
