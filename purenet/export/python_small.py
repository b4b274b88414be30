"""A model as a Python file of little text or for little memory: fewer digits, bytes, characters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ..core.checks import PureNetError, counted, shown, whole_number
from ..core.matrix import all_finite
from .folded import Folded
from .lettered import lettered_body, most_steps
from .packed import PACKINGS
from .python import python_module, python_source

MOST_DIGITS = 17  # which tell any two floats apart
EXACT = "every digit"
MOST_CHARACTERS = 8  # which very nearly do


class Small(NamedTuple):
    """A file's source, the network that its numbers make, and in words what they are.

    Where every digit is there, that is the very network that was given.
    """

    source: str
    folded: Folded
    what: str


def small_source(
    folded: Folded,
    *,
    digits: int | None = None,
    pack: str | None = None,
    limit: int | None = None,
    style: str = "auto",
) -> Small:
    """Return a model as the source of a small Python module, in one of three ways.

    `digits`, from 1 to 17, is how many each weight has, in a file of the `style`. `pack`, "float32"
    or "int8", puts the weights into bytes. `limit` is how many characters the file may have: it
    gets the most exact encoding that fits. The files of the last two are for another program: they
    are none themselves, and check of a row only its length.

    Raises PureNetError where not one of the three is given, or one that there is not; for a weight
    beyond float32 or that becomes infinite; and where nothing fits the limit.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> folded = fold(Network([3, 4, 1], seed=1))
    >>> small = small_source(folded, digits=2)
    >>> small.what, small.folded.weights[1][0], "-0.17" in small.source
    ('2 digits', [-0.59], True)
    >>> small_source(folded, limit=2000).what
    'every digit'
    """
    if [digits, pack, limit].count(None) != 2:
        raise PureNetError("expected one of digits, pack and limit")
    if limit is not None:
        return _fitting(folded, whole_number(limit, "limit", 1))
    small = _packed(folded, pack) if digits is None else _rounded(folded, digits, style)
    if not _is_finite(small.folded):
        raise PureNetError(f"{small.what}: a weight becomes infinite")
    return small


def _is_finite(folded: Folded) -> bool:
    return all(map(all_finite, [*folded.weights, folded.biases]))


def _packed(folded: Folded, pack: str | None) -> Small:
    if pack not in list(PACKINGS):
        raise PureNetError(f"pack: expected one of {', '.join(PACKINGS)}, got {shown(pack)}")
    small, body = PACKINGS[pack](folded)
    return Small(python_module(folded, *body, little=True), small, pack)


def _rounded(folded: Folded, digits: int, style: str) -> Small:
    few = rounded(folded, whole_number(digits, "digits", 1, MOST_DIGITS))
    return Small(python_source(few, style=style), few, _in_words(digits))


def _in_words(digits: int) -> str:
    return EXACT if digits == MOST_DIGITS else counted(digits, "digit")


def rounded(folded: Folded, digits: int) -> Folded:
    """Return a network whose weights and biases have so many digits; of 17, the very same.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> network = Network([2, 1])
    >>> network.weights = [[[12.3456], [-0.00078]]]
    >>> rounded(fold(network), 3).weights
    [[[12.3], [-0.00078]]]
    """
    if digits == MOST_DIGITS:
        return folded
    weights, biases = (
        [[[float(f"{number:.{digits}g}") for number in row] for row in matrix] for matrix in each]
        for each in (folded.weights, [folded.biases])
    )
    return folded._replace(weights=weights, biases=biases[0])


# -- the most exact that fits ----------------------------------------------------------------------


def _fitting(folded: Folded, limit: int) -> Small:
    lengths = []
    for small in encodings(folded):
        if len(small.source) <= limit:
            return small
        lengths.append(len(small.source))
    raise PureNetError(
        f"limit: the smallest file there is has {min(lengths):,} characters, more than {limit:,}"
    )


_OF_DIGITS = [(5.0 * 10.0**-n, n, 0) for n in range(1, MOST_DIGITS + 1)]
_OF_CHARACTERS = [(0.5 / most_steps(n), 0, n) for n in range(1, MOST_CHARACTERS + 1)]


def encodings(folded: Folded) -> Iterator[Small]:
    """Yield files with the weights as text in every way there is, the most exact first.

    Digits are off by at most half a unit of the last, which is 5 · 10^-digits of a weight or less.
    Characters are off by half a step at most, and the largest weight of a neuron has `most_steps`.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> ways = [small.what for small in encodings(fold(Network([2, 1])))]
    >>> ways[0], ways[-1]
    ('every digit', '1 digit')
    """
    for _, digits, characters in sorted(_OF_DIGITS + _OF_CHARACTERS):
        smalls = _lettered(folded, characters) if characters else _styled(folded, digits)
        yield from (small for small in smalls if _is_finite(small.folded))


def _lettered(folded: Folded, characters: int) -> Iterator[Small]:
    small, body = lettered_body(folded, characters)
    what = f"{counted(characters, 'character')} a weight"
    yield Small(python_module(folded, *body, little=True), small, what)


def _styled(folded: Folded, digits: int) -> Iterator[Small]:
    few = rounded(folded, digits)
    # The faster style first; where that is not lists, lists may be shorter.
    sources = [python_source(few, style=style, little=True) for style in ("auto", "lists")]
    yield from (Small(source, few, _in_words(digits)) for source in dict.fromkeys(sources))
