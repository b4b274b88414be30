"""SVG as text: elements with attributes, on a page with a background, a title and notes.

All text from a caller goes through `text` or `page`, which escape it. All pictures share one style
sheet and no element has an id, so that one HTML page can have any number of them.
"""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from html import escape
from pathlib import Path

from ..core.checks import PureNetError
from ..export.layout import text_of
from ..formats.writing import FileName, replace_file
from .words import LINE, TITLE_SIZE, clean, fitted, number, wrapped

Size = tuple[float, float]  # width and height
Point = tuple[float, float]  # x and y

EDGE = 16  # the free margin at the left and right of a page

# The looks, and then the colors on a light and on a dark page. Nearly all color-blind people can
# tell blue and orange apart, in light and dark shades. The orange is the lighter of the two, so
# that they also differ in gray, because a jagged line hides its dashes.
STYLE = text_of("pictures/style.css")


def element(name: str, *inside: str, **attributes: str | float) -> str:
    """Return an element around markup; `class_` is written class, `stroke_width` stroke-width.

    >>> element("path", d="M0 0", stroke_width=1.5)
    '<path d="M0 0" stroke-width="1.5"/>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{_plain(value)}"'
        for key, value in attributes.items()
    )
    return f"<{name}{written}>{''.join(inside)}</{name}>" if inside else f"<{name}{written}/>"


def _plain(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else number(value)


def text(x: float, y: float, words: object, look: str = "ink", **attributes: str | float) -> str:
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


def path_through(points: Sequence[Point]) -> str:
    """Return the path along straight lines from point to point.

    >>> path_through([(1, 2), (3, 4)])
    'M1 2L3 4'
    """
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


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
    size: Size, title: object, description: str, body: Sequence[str], notes: Sequence[str] = ()
) -> Picture:
    """Return a Picture: a background of this width and height, a title, a body, and notes under it.

    `description` is for readers who cannot see the picture. The notes add to the height.

    >>> page((300, 100), "A title", "A description.", []).svg.count("A title")
    2
    """
    width, height = math.ceil(size[0]), size[1]
    lines = wrapped(clean(" ".join(notes)), width - 2 * EDGE)
    bottom = math.ceil(height) + len(lines) * LINE + (10 if lines else 0)
    box = f'viewBox="0 0 {width} {bottom}" width="{width}" height="{bottom}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" class="purenet" role="img" {box}>',
        hint(title),
        element("desc", escape(clean(" ".join([description, *notes])))),
        element("style", STYLE),
        element("rect", class_="panel", width=width, height=bottom, rx=6.0),
        text(EDGE, 27, fitted(title, width - 2 * EDGE, TITLE_SIZE * 1.08), "title ink"),
        *body,
        *(text(EDGE, height + 5 + k * LINE, line, "small quiet") for k, line in enumerate(lines)),
        "</svg>\n",
    ]
    return Picture("\n".join(parts), clean(title))
