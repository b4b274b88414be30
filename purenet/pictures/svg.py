"""SVG as text: elements with attributes, on a page with a background, a title and notes.

All text from a caller goes through `text` or `page`, which escape it. All pictures share one style
sheet and no element has an id, so that one HTML page can have any number of them.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path
from pkgutil import get_data
from typing import Any, Union

from ..core.checks import PureNetError
from ..formats.writing import FileName, replace_file

Value = Union[str, float]

EDGE = 16  # the free margin at the left and right of a page
TITLE_SIZE, TEXT_SIZE, SMALL_SIZE = 16, 13, 12
LETTER = 0.58  # the width of a small Latin letter, as a fraction of the size
CAPITAL = 0.72  # and of a capital; a Chinese character is as wide as the size
LINE = 17  # the distance between lines of small text

# The looks, and then the colors on a light and on a dark page. Nearly all color-blind people can
# tell blue and orange apart, in light and dark shades. The orange is the lighter of the two, so
# that they also differ in gray, because a jagged line hides its dashes.
_CSS: Any = get_data(__package__, "style.css")
STYLE = _CSS.decode().replace("\r\n", "\n")

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
        written = f"{value + 0.0:g}"  # + 0.0 removes the sign of -0.0
    elif size < 0.001 or size >= 1e6:
        written = without_zeros(f"{value:.0e}")
    elif size >= 99_999.5:
        written = without_zeros(f"{value:.1e}")
    elif size >= 999.5:
        written = f"{value:.0f}"
    else:
        written = f"{value:.3f}" if size < 1.0 else f"{value:#.3g}".rstrip(".")
        written = f"{value:g}" if float(written) == value else written
    return written.replace("-", "\u2212", 1) if value < 0.0 else written


def closer(value: float) -> str:
    """Return a value with four digits, for places with more room.

    >>> closer(0.99358898), closer(-7012345.0), closer(0.5)
    ('0.9936', '\u22127.012e6', '0.5')
    """
    written = f"{value + 0.0:.4g}"
    written = without_zeros(written) if "e" in written else written
    return written.replace("-", "\u2212", 1) if value < 0.0 else written


def without_zeros(written: str) -> str:
    """Return a number such as 1e-05 or 1e+04 with a short exponent.

    >>> without_zeros("1e-05"), without_zeros("1.0e+04")
    ('1e-5', '1e4')
    """
    mantissa, exponent = written.split("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    return f"{mantissa}e{int(exponent)}"


def element(name: str, *inside: str, **attributes: Value) -> str:
    """Return an element around markup; `class_` is written class, `stroke_width` stroke-width.

    >>> element("path", d="M0 0", stroke_width=1.5)
    '<path d="M0 0" stroke-width="1.5"/>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_plain(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def _plain(value: Value) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def text(x: float, y: float, words: object, look: str = "ink", **attributes: Value) -> str:
    """Return escaped text at a position; `look` names classes of the style sheet.

    >>> text(1, 2, "a < b")
    '<text x="1" y="2" class="ink">a &lt; b</text>'
    """
    return element("text", escape(clean(words)), x=x, y=y, class_=look, **attributes)


def hint(words: object) -> str:
    """Return a tooltip for the enclosing element.

    >>> hint("a < b")
    '<title>a &lt; b</title>'
    """
    return element("title", escape(clean(words)))


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


class Picture:
    """An SVG picture: `svg` is its text, and a notebook shows the picture.

    >>> picture = Picture("<svg/>", "nothing")
    >>> picture
    Picture('nothing', 6 characters)
    >>> picture._repr_svg_()
    '<svg/>'
    """

    def __init__(self, svg: str, title: str) -> None:
        self.svg = svg
        self.title = title

    def __repr__(self) -> str:
        return f"Picture({fitted(self.title, 300)!r}, {len(self.svg):,} characters)"

    def _repr_svg_(self) -> str:
        return self.svg

    def save(self, path: FileName) -> None:
        """Write the picture to a file whose name ends in .svg, replacing an existing one.

        Raises PureNetError for a name with another ending, and OSError if the file cannot be
        written; then an existing file stays unchanged. A name without an ending is accepted.

        >>> import pathlib, tempfile
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     Picture("<svg/>", "nothing").save(folder + "/net.svg")
        ...     (pathlib.Path(folder) / "net.svg").read_text(encoding="utf-8")
        '<svg/>'
        """
        name = os.fsdecode(path)
        ending = Path(name).suffix
        if ending.lower() not in ("", ".svg"):
            raise PureNetError(f"{name}: a picture's file ends in .svg, not {ending}")
        replace_file(name, self.svg.encode())


def page(
    size: tuple[float, float],
    title: object,
    description: str,
    body: Sequence[str],
    notes: Sequence[str] = (),
) -> Picture:
    """Return a Picture: a background of this width and height, a title, a body, and notes under it.

    `description` is for readers who cannot see the picture. The notes add to the height.

    >>> page((300, 100), "A title", "A description.", []).svg.count("A title")
    2
    """
    width, height = size
    width = math.ceil(width)
    lines = wrapped(clean(" ".join(notes)), width - 2 * EDGE)
    bottom = math.ceil(height) + len(lines) * LINE + (10 if lines else 0)
    parts = [
        hint(title),
        element("desc", escape(clean(" ".join([description, *notes])))),
        element("style", STYLE),
        element("rect", class_="panel", width=width, height=bottom, rx=6.0),
        text(EDGE, 27, fitted(title, width - 2 * EDGE, TITLE_SIZE * 1.08), "title ink"),
        *body,
    ]
    parts += [
        text(EDGE, height + 5 + k * LINE, line, "small quiet") for k, line in enumerate(lines)
    ]
    svg = element(
        "svg",
        "\n",
        *[part + "\n" for part in parts],
        xmlns="http://www.w3.org/2000/svg",
        class_="purenet",
        role="img",
        viewBox=f"0 0 {width} {bottom}",
        width=width,
        height=bottom,
    )
    return Picture(svg + "\n", clean(title))
