"""Numbers as squares in small images: what a digit looks like, and which pixels a unit looks at.

A square's area is the size of its number beside the largest of the image; negative ones are open.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core.checks import counted
from .svg import EDGE, Picture, element, page, text
from .words import SMALL_SIZE, fitted, number

SIDE, APART, ABREAST = 12, 24, 6  # of a pixel; between images; images in a row
TOP, LEAST = 48, 0.5  # where the images begin; the smallest square that is drawn


def image_tiles(
    title: str, images: Sequence[tuple[str, Sequence[float]]], width: int = 8
) -> Picture:
    """Draw each (name, numbers) as an image with this number of squares in a row.

    >>> image_tiles("Two pixels", [("a", [1.0, -0.25])], width=2).svg.count("<path")
    2
    """
    high = max((-(-len(numbers) // width) for _, numbers in images), default=0)
    across, down = width * SIDE + APART, high * SIDE + APART + 10
    body = []
    for k, (name, numbers) in enumerate(images):
        x, y = EDGE + k % ABREAST * across, TOP + k // ABREAST * down
        body.append(text(x, y + 10, fitted(name, across - 8, SMALL_SIZE), "small ink"))
        body += _squares(numbers, x, y + 18, width)
    size = EDGE + ABREAST * across, TOP + -(-len(images) // ABREAST) * down
    return page(size, title, f"{counted(len(images), 'image')}.", body)


def _squares(numbers: Sequence[float], left: float, top: float, width: int) -> list[str]:
    """Return the squares of an image: a path for those above 0, and one for those below."""
    largest = max(map(abs, numbers)) or 1.0
    ways = {"bar": "", "open mark s1": ""}
    for i, value in enumerate(numbers):
        side = (SIDE - 1) * math.sqrt(abs(value) / largest)
        x, y = left + (i % width + 0.5) * SIDE, top + (i // width + 0.5) * SIDE
        square = f"M{number(x - side / 2)} {number(y - side / 2)}h{number(side)}v{number(side)}"
        if side > LEAST:
            ways["bar" if value > 0.0 else "open mark s1"] += f"{square}h-{number(side)}z"
    return [element("path", class_=look, d=way) for look, way in ways.items() if way]
