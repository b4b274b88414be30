"""The parts of a picture, found again in its SVG."""

from __future__ import annotations

import math
import re
from xml.etree import ElementTree

from purenet.pictures import Picture

SVG = "{http://www.w3.org/2000/svg}"
KINDS = {"svg", "title", "desc", "style", "rect", "text", "path", "g", "circle"}
HOSTILE = [
    "</svg><script>alert(1)</script>",
    "\"'><img src=x onerror=alert(1)>&amp;&#0;",
    "]]><!--",
    "\x00\x01\x0b\x1b\x85\ufffe\uffff\ud800",
    "two\nlines\tand a tab",
    "</title></desc></style>" * 40,
    "",
    "中文" * 100,
]


def parsed(picture):
    """Return the root of a picture that is well-formed and made of the few kinds of elements."""
    assert isinstance(picture, Picture)
    root = ElementTree.fromstring(picture.svg.encode("utf-8"))
    assert {each.tag.replace(SVG, "") for each in root.iter()} <= KINDS
    for each in root.iter():
        assert not [key for key in each.attrib if key.startswith("on") or "href" in key]
        for key, value in each.attrib.items():
            assert not re.search(r"\b(nan|inf)", value) or key == "class", (key, value)
    assert "url(" not in picture.svg and "@import" not in picture.svg
    return root


def found(root, kind, look=""):
    """Return the elements of a kind whose class has all these words."""
    every = root.iter(SVG + kind)
    return [e for e in every if set(look.split()) <= set(e.get("class", "").split())]


def words_of(root):
    return " ".join(e.text or "" for e in root.iter(SVG + "text"))


def ticks(root, side):
    """Return pairs (coordinate, number) of an axis, read from the picture."""
    along = "x" if side == "tick-x" else "y"
    nudge = 0.0 if side == "tick-x" else 4.0  # a number stands a little under its line
    return [
        (float(e.get(along)) - nudge, float(e.text.replace(",", "").replace("\u2212", "-")))
        for e in found(root, "text", side)
    ]


def reader(pairs, log=False):
    """Return a function from a coordinate to the number that the ticks say stands there."""
    (a, low), (b, high) = pairs[0], pairs[-1]
    if log:
        low, high = math.log10(low), math.log10(high)
    line = lambda place: low + (place - a) / (b - a) * (high - low)  # noqa: E731
    return (lambda place: 10.0 ** line(place)) if log else line


def points_of(path):
    pairs = re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.get("d"))
    return [(float(x), float(y)) for x, y in pairs]
