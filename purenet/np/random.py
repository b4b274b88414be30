"""The names of `numpy.random`, with its bits: from one seed, the numbers that NumPy draws.

The functions share one `RandomState`, NumPy's legacy generator: MT19937, seeded as its legacy
seed() does it. `default_rng` makes the newer `Generator`. A `size` is None for a single number, or
the shape n, (n,) or (m, n) of an array.

>>> import purenet.np as np
>>> np.random.seed(1)
>>> np.random.random()
0.417022004702574
>>> np.random.default_rng(1).random()
0.5118216247002567
"""

from __future__ import annotations

# Imports have names with underscores; else np.random.checks would exist.
import bisect as _bisect
import itertools as _itertools
import math as _math

from ..core import checks as _checks
from ..core import mt19937 as _mt19937
from . import _array, _numbers
from ._generator import PCG64

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Any, Callable


class _Draws:
    """What both generators draw, each from the bits of its own `_bits`."""

    _bits: Any
    _below: Callable[[int], int]  # a random integer from 0 to n - 1, none likelier than another

    def random(self, size: Any = None) -> Any:
        """Return a float of [0, 1), or an array of them.

        >>> RandomState(1).random((2, 2))
        array([[4.17022005e-01, 7.20324493e-01],
               [1.14374817e-04, 3.02332573e-01]])
        """
        return _drawn(self._bits.random, size)

    def uniform(self, low: float = 0.0, high: float = 1.0, size: Any = None) -> Any:
        """Return a float of [low, high), or an array of them.

        >>> RandomState(1).uniform(-1, 1, 2)
        array([-0.16595599,  0.44064899])
        """
        low, high = _finite("uniform: low", low), _finite("uniform: high", high)
        width = _finite("uniform: high - low", high - low)
        return _drawn(lambda: low + width * self._bits.random(), size)

    def standard_normal(self, size: Any = None) -> Any:
        """Return a normally distributed float of mean 0 and deviation 1, or an array of them.

        >>> RandomState(1).standard_normal(2)
        array([ 1.62434536, -0.61175641])
        """
        return _drawn(self._bits.normal, size)

    def normal(self, loc: float = 0.0, scale: float = 1.0, size: Any = None) -> Any:
        """Return a normally distributed float of mean `loc` and deviation `scale`, or an array.

        >>> RandomState(1).normal(10, 2, size=2)
        array([13.24869073,  8.77648717])
        """
        loc = _finite("normal: loc", loc)
        scale = _checks.number_within(scale, "normal: scale", lambda s: s >= 0.0, "of at least 0")
        return _drawn(lambda: loc + scale * self._bits.normal(), size)

    def binomial(self, n: Any, p: float, size: Any = None) -> Any:
        """Return how many of n trials succeed, each with the chance p, or an array of such numbers.

        A list or an array `n` gives an array, and a list of matrices a list of matrices: of
        `binomial([ones((m, n))], p)`, NumPy makes three axes, but the same `[0]`. Refused if n * p
        and n * (1 - p) are both above 30, where NumPy draws by another method.

        >>> RandomState(1).binomial(1, 0.5, size=(2, 3))
        array([[0, 1, 0],
               [0, 0, 0]])
        """
        if size is None and isinstance(n, (*_numbers.SEQUENCES, _array.ndarray)):
            parts = [self.binomial(part, p) for part in _numbers.as_list(n)]
            are_matrices = any(getattr(part, "ndim", 0) == 2 for part in parts)
            return parts if are_matrices else _array.array(parts)
        n = _whole(n, "binomial: n", 0, 2**63 - 1)
        p = _checks.number_within(p, "binomial: p", lambda p: 0.0 <= p <= 1.0, "from 0 to 1")
        return _drawn(lambda: self._successes(n, p), size)

    def _successes(self, n: int, p: float) -> int:
        """Return how many of n trials succeed: where a random share falls in the distribution."""
        # The newer generator draws nothing here, and takes a more exact logarithm below.
        legacy = isinstance(self._bits, _mt19937.MT19937)
        if not legacy and (n == 0 or p == 0.0):
            return 0
        rare, q = min(p, 1.0 - p), max(p, 1.0 - p)
        if n * rare > 30.0:
            limit = "expected n * p or n * (1 - p) of at most 30"
            raise _checks.PureNetError(f"binomial: {limit}, got {n * p} and {n * (1.0 - p)}")
        most = int(min(n, n * rare + 10.0 * _math.sqrt(n * rare * q + 1.0)))
        none = _math.exp(n * (_math.log(q) if legacy else _math.log1p(-rare)))
        while True:
            chance, share = none, self._bits.random()
            for k in range(most + 1):
                if share <= chance:
                    return k if p <= 0.5 else n - k
                share -= chance
                chance = (n - k) * rare * chance / ((k + 1) * q)

    def shuffle(self, x: Any) -> None:
        """Put the elements of a list or of a vector, or the rows of a matrix, in a random order.

        >>> x = [1, 2, 3, 4]
        >>> RandomState(1).shuffle(x)
        >>> x
        [4, 3, 1, 2]
        """
        if not isinstance(x, (list, _array.ndarray)):
            shown = _checks.shown(x)
            raise _numbers.KindError(f"shuffle: expected a list or an array, got {shown}")
        x[:] = _mt19937.mixed(_numbers.as_list(x), self._bits.below)

    def permutation(self, x: Any) -> Any:
        """Return the numbers from 0 to x - 1, or the elements or rows of an array, shuffled.

        >>> RandomState(1).permutation(5)
        array([2, 1, 4, 0, 3])
        """
        return _array.array(_mt19937.mixed(_many(x, "permutation"), self._bits.below))

    def choice(self, a: Any, size: Any = None, replace: bool = True, p: Any = None) -> Any:
        """Return a random element of a vector or of range(a), or an array of them.

        Without `replace`, none is drawn twice. `p` holds the chance of each element. Of a list of
        text, one element can be drawn.

        >>> RandomState(1).choice(5, 3)
        array([3, 4, 0])
        >>> RandomState(1).choice([10, 20, 30], 2, replace=False, p=[0.1, 0.3, 0.6])
        array([30, 10])
        """
        items = _population(a, size)
        n = len(items)
        if replace and p is None:
            return _drawn(lambda: items[self._below(n)], size)
        count = 1 if size is None else _math.prod(_numbers.lengths(size))
        chances = [1.0] * n if p is None else _chances(p, n)
        most = n - chances.count(0.0)
        if not replace and count > most:
            wanted = f"expected at most {most} without replacement"
            raise _checks.PureNetError(f"choice: size: {wanted}, got {count}")
        places = self._sample(n, count) if p is None else []
        while len(places) < count:
            sums = list(_itertools.accumulate(chances))
            shares = [total / sums[-1] for total in sums]
            drawn = [_bisect.bisect(shares, self._bits.random()) for _ in range(len(places), count)]
            places += drawn if replace else dict.fromkeys(drawn)
            for place in drawn:
                chances[place] = 0.0
        chosen = (items[place] for place in places)
        return _drawn(lambda: next(chosen), size)

    def _sample(self, n: int, count: int) -> list[int]:
        """Return different numbers from 0 to n - 1, none likelier than another."""
        return _mt19937.mixed(range(n), self._bits.below)[:count]

    def _integers(self, low: Any, high: Any, size: Any, dtype: Any, endpoint: bool = False) -> Any:
        """Return integers from low to below high, or to high, or from 0 to below low alone."""
        if dtype not in (int, "int", "int64"):
            raise _numbers.KindError(f"dtype: expected int, got {_checks.shown(dtype)}")
        low, high = (0, low) if high is None else (low, high)
        first = _whole(low, "low", -(2**63), 2**63 - 1)
        count = _whole(high, "high", first + 1 - endpoint, 2**63 - endpoint) + endpoint - first
        return _drawn(lambda: first + self._below(count), size)


class RandomState(_Draws):
    """NumPy's legacy generator, from a seed below 2**32 or from an unpredictable one.

    >>> RandomState(1).random()
    0.417022004702574
    """

    def seed(self, seed: int | None = None) -> None:
        """Start anew: from a whole number below 2**32, or from an unpredictable one.

        >>> RandomState().seed(1)
        """
        self._bits = _mt19937.MT19937(_mt19937.fresh_seed() if seed is None else seed)
        self._below = self._bits.below

    __init__ = seed

    random_sample = _Draws.random

    def rand(self, *size: int) -> Any:
        """Return the same as `random`, with the lengths of the axes as arguments.

        >>> RandomState(1).rand(2)
        array([0.417022  , 0.72032449])
        """
        return self.random(size or None)

    def randn(self, *size: int) -> Any:
        """Return the same as `standard_normal`, with the lengths of the axes as arguments.

        >>> RandomState(1).randn(2)
        array([ 1.62434536, -0.61175641])
        """
        return self.standard_normal(size or None)

    def randint(self, low: int, high: int | None = None, size: Any = None, dtype: Any = int) -> Any:
        """Return an integer from low to high - 1, or from 0 to low - 1, or an array of them.

        >>> RandomState(1).randint(10, size=5)
        array([5, 8, 9, 5, 0])
        """
        return self._integers(low, high, size, dtype)

    def get_state(self) -> tuple[Any, ...]:
        """Return the state as NumPy does: "MT19937", 624 words, and three numbers more.

        >>> RandomState(7).get_state()[1][0]
        7
        """
        name, words, *rest = self._bits.get_state()
        return (name, _array.array(words), *rest)

    def set_state(self, state: Any) -> None:
        """Go on from a state that `get_state` gave, here or in NumPy.

        >>> one, other = RandomState(1), RandomState(2)
        >>> other.set_state(one.get_state())
        >>> one.random() == other.random()
        True
        """
        self._bits.set_state(state)


class Generator(_Draws):
    """NumPy's newer generator, as `default_rng` makes it.

    >>> Generator(PCG64(1)).random()
    0.5118216247002567
    """

    def __init__(self, bit_generator: PCG64) -> None:
        self._bits, self._below = bit_generator, bit_generator.bounded

    def integers(
        self, low: Any, high: Any = None, size: Any = None, dtype: Any = int, endpoint: bool = False
    ) -> Any:
        """Return an integer as `RandomState.randint` does, with `endpoint` also `high` itself.

        >>> default_rng(1).integers(1, 6, size=5, endpoint=True)
        array([3, 4, 5, 6, 1])
        """
        return self._integers(low, high, size, dtype, endpoint)

    def _sample(self, n: int, count: int) -> list[int]:
        if n > 10_000 and count > n // 50:  # many: the end of a shuffle
            return _mt19937.mixed(range(n), self._below, max(n - count, 1))[n - count :]
        places: dict[int, None] = {}  # few: R. Floyd's algorithm
        for last in range(n - count, n):
            place = self._below(last + 1)
            places[last if place in places else place] = None
        return _mt19937.mixed(places, self._below)


def default_rng(seed: int | None = None) -> Generator:
    """Return a new `Generator`, from a seed of at least 0 or from an unpredictable one.

    >>> default_rng(1).standard_normal(2)
    array([0.34558419, 0.82161814])
    """
    return Generator(PCG64(seed))


def _drawn(draw: Callable[[], Any], size: Any) -> Any:
    """Return a number that is drawn, or an array of them in the shape `size`."""
    lengths = () if size is None else _numbers.lengths(size)
    values = [draw() for _ in range(_math.prod(lengths))]
    return values[0] if size is None else _array.ndarray(values, lengths, type(values[0]))


def _finite(name: str, value: float) -> float:
    return _checks.number_within(value, name, lambda _: True, "that is finite")


def _whole(value: Any, name: str, lowest: int, highest: int | None = None) -> int:
    """Return a whole number; as in NumPy, a float loses its fraction."""
    is_float = isinstance(value, float) and _math.isfinite(value)
    return _checks.whole_number(int(value) if is_float else value, name, lowest, highest)


def _many(values: Any, name: str) -> Any:
    """Return many values as they come, or of a number n those from 0 to n - 1."""
    values = _numbers.as_list(values)
    is_many = isinstance(values, _numbers.SEQUENCES)
    return values if is_many else range(_checks.whole_number(values, name, 1))


def _population(a: Any, size: Any) -> Any:
    """Return the elements to choose from."""
    a = _many(a, "choice: a")
    if isinstance(a, range) or (size is None and {*map(type, a)} == {str}):
        return a
    values: Any = _array.array(a)
    if values.ndim != 1:
        raise _checks.PureNetError(f"choice: a: expected a vector, got {_checks.shown(a)}")
    return values.tolist()


def _chances(p: Any, n: int) -> list[float]:
    """Return the chances of n elements."""
    values = _array.array(p, float)
    chances: list[Any] = values.tolist()
    are_chances = values.shape == (n,) and 0.0 <= min(chances) <= max(chances) < 2.0
    if are_chances and abs(_math.fsum(chances) - 1.0) <= 2.0**-26:  # NumPy's tolerance
        return chances
    wanted = f"expected {_checks.counted(n, 'number')} of at least 0 that add up to 1"
    raise _checks.PureNetError(f"choice: p: {wanted}, got {_checks.shown(chances)}")


_shared = RandomState()
vars().update({name: getattr(_shared, name) for name in _array.public(dir(_shared))})
ranf = sample = _shared.random

__all__, __getattr__, __dir__ = _array.surface(__name__, vars())
