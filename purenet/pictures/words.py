"""Numbers and words in a picture: how they are written, and how much room they take.

There is no font to measure with, so widths are approximate.
"""

from __future__ import annotations

import math
import re

TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 16, 13, 12
LETTER = 0.58  # the width of a small Latin letter, as a fraction of the size
CAPITAL = 0.72  # and of a capital; a Chinese character is as wide as the size
LINE = 17  # the distance between lines of small text

# Characters that XML 1.0 forbids, and the control characters that it discourages.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(words: object) -> str:
    r"""Return words on one line, with U+FFFD for each character that XML forbids.

    >>> clean("two\nlines"), clean("a\x00b") == "a\ufffdb"
    ('two lines', True)
    """
    return " ".join(_FORBIDDEN.sub("\ufffd", str(words)).split())


def number(value: float) -> str:
    """Return a coordinate with two decimals at most.

    >>> number(3.0), number(-0.001), number(2.346)
    ('3', '0', '2.35')
    """
    written = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written


def digits(value: float) -> str:
    """Return a value for a node or a note: about three digits, in seven characters.

    Zeros at the end show that a value is rounded: a sigmoid of 0.9999 is not 1.

    >>> digits(0.99358898), digits(0.9999), digits(1.0), digits(-2.3018)
    ('0.994', '1.000', '1', '\u22122.30')
    >>> digits(1234.5), digits(123456.0), digits(0.0), digits(-0.00001)
    ('1234', '1.2e5', '0', '\u22121e-5')
    """
    size = abs(value)
    if value == 0.0 or not math.isfinite(value):
        form = "g"
    elif size < 0.001 or size >= 1e6:
        form = ".0e"
    elif size >= 99_999.5:
        form = ".1e"
    elif size >= 999.5:
        form = ".0f"
    else:
        form = ".3f" if size < 1.0 else "#.3g"
        form = "g" if float(f"{value:{form}}") == value else form
    return tidy(f"{value + 0.0:{form}}")  # + 0.0 removes the sign of -0.0


def closer(value: float) -> str:
    """Return a value with four digits, for places with more room.

    >>> closer(0.99358898), closer(-7012345.0), closer(0.5)
    ('0.9936', '\u22127.012e6', '0.5')
    """
    return tidy(f"{value + 0.0:.4g}")


def tidy(written: str) -> str:
    """Return a number with a minus sign for the hyphen, a short exponent, and no point at the end.

    >>> tidy("1e-05"), tidy("1.0e+04"), tidy("-123.")
    ('1e-5', '1e4', '\u2212123')
    """
    mantissa, e, exponent = written.partition("e")
    if e and "." in mantissa:
        mantissa = mantissa.rstrip("0")
    mantissa = mantissa.rstrip(".").replace("-", "\u2212")
    return f"{mantissa}e{int(exponent)}" if e else mantissa


def width_of(words: str, size: float = TEXT_SIZE) -> float:
    """Return the approximate width of words, because there is no font to measure with.

    >>> round(width_of("epoch", 10), 1)
    29.0
    """
    capitals = len([c for c in words if c.isupper()])
    large = len([c for c in words if c >= "\u1100"])
    small = len(words) - capitals - large
    return size * (LETTER * small + CAPITAL * capitals + large)


def fitted(words: object, width: float, size: float = TEXT_SIZE) -> str:
    """Return a text, or as much of it as fits and an ellipsis.

    >>> fitted("a long title", 50, 10)
    'a long\u2026'
    """
    whole = clean(words)
    part = whole[: int(width / (LETTER * size)) + 1]  # more characters cannot fit
    while part and width_of(part + "\u2026" * (part != whole), size) > width:
        part = part[:-1]
    return whole if part == whole else part.rstrip() + "\u2026"


def wrapped(words: str, width: float, size: float = SMALL_SIZE) -> list[str]:
    """Return words as lines that fit.

    >>> wrapped("one two three", 55, 10)
    ['one two', 'three']
    """
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(fitted(word, width, size))
    return lines
