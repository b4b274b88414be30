"""Signs that tell series apart without color: shapes of marks, dashes of lines, a legend."""

from __future__ import annotations

from collections.abc import Sequence

from .svg import element, text
from .words import SMALL_SIZE, number, width_of

STYLES = 6  # series s0 to s5 in the style sheet; later series start over at s0

# Each shape, 8 wide: the start of its path, relative to the middle, and the rest of the path.
_SHAPES = [
    (-4.0, 0.0, "a4 4 0 1 0 8 0a4 4 0 1 0-8 0z"),  # circle
    (-4.0, -4.0, "l8 8m0-8l-8 8"),  # cross
    (-4.0, -4.0, "h8v8h-8z"),  # square
    (0.0, -5.0, "l5 8h-10z"),  # triangle
    (-5.0, 0.0, "h10m-5-5v10"),  # plus
    (0.0, -5.0, "l5 5l-5 5l-5-5z"),  # diamond
    (0.0, 5.0, "l5-8h-10z"),  # triangle, upside down
    (-5.0, 0.0, "h10m-8-4l6 8m0-8l-6 8"),  # star
    (-5.0, -4.0, "h10l-10 8h10z"),  # hourglass
    (-4.0, -5.0, "v10l8-10v10z"),  # bow tie
]


def mark(kind: int, x: float, y: float) -> str:
    """Return the path of one mark, of the shape with this number, around (x, y).

    >>> mark(2, 10, 10)
    'M6 6h8v8h-8z'
    """
    right, down, way = _SHAPES[kind % len(_SHAPES)]
    return f"M{number(x + right)} {number(y + down)}{way}"


def sample(style: int, line: bool, marks: bool) -> str:
    """Return the sample of a series in a legend: a piece of its line, its mark, or both.

    >>> sample(0, True, False)
    '<path class="line s0" d="M0 0h28"/>'
    """
    look = f"s{style % STYLES}"
    parts = [element("path", class_=f"line {look}", d="M0 0h28")] if line else []
    if marks:
        fill = "panel" if line else "open"
        parts.append(element("path", class_=f"{fill} mark {look}", d=mark(style, 14, 0)))
    return "".join(parts)


def legend(
    entries: Sequence[tuple[str, str]], left: float, top: float, width: float
) -> tuple[str, float]:
    """Return a legend of pairs (sample, words), in as many lines as it needs, and its bottom.

    >>> legend([], 0, 10, 100)
    ('', 10)
    """
    parts, x, y = [], left, top
    for picture, words in entries:
        wide = 28 + 6 + width_of(words, SMALL_SIZE) + 16
        if x > left and x + wide > left + width:
            x, y = left, y + 20
        shown = picture + text(34, 4, words, "small ink")
        parts.append(element("g", shown, transform=f"translate({number(x)} {number(y + 10)})"))
        x += wide
    return "".join(parts), y + 20 if entries else top
