"""Measured values as charts: lines over a size, and bars for things that have no order.

A curve of a training may have a gap where the loss was NaN. Of what was measured nothing may be
missing: a value for which an axis has no place is refused. Each line has its name at its end and
each bar its value in numbers, so that a chart can be read without its colors.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Callable

from ..core.checks import PureNetError, number_within
from .axes import Scale, drawable, extent, frame, horizontal
from .curves import WIDTH, Series, line_chart
from .svg import (
    EDGE,
    SMALL_SIZE,
    Picture,
    clean,
    closer,
    element,
    fitted,
    number,
    page,
    text,
    width_of,
)

BAR, ROW, HEADING = 14, 21, 24  # how high a bar is, what is between two, and a group's name
TOP = 44.0  # where the first group begins
LONGEST = 230  # how wide the names of bars may be
BELOW_ZERO = "from 0 to 1e300, as bars begin at 0"
LIMITS = {
    True: "from 1e-300 to 1e300, as the axis is a log axis",
    False: "from -1e300 to 1e300",
}


def lines(
    title: str,
    series: Mapping[str, Iterable[tuple[float, float]]],
    x_label: str,
    y_label: str,
    *,
    log_x: bool = False,
    log_y: bool = False,
    notes: Sequence[str] = (),
) -> Picture:
    """Draw points (x, y) joined by a line for each name, which stands at the line's end too.

    On two log axes a power of x is a straight line. Raises PureNetError where a series has no
    points, or a point a number that its axis has no place for.

    >>> picture = lines("Time", {"lists": [(1, 2), (10, 20)]}, "rows", "seconds", log_x=True)
    >>> "lists, 2 points from 2 to 20" in picture.svg
    True
    >>> lines("Time", {"lists": [(0, 2)]}, "rows", "seconds", log_x=True)
    Traceback (most recent call last):
    purenet.core.checks.PureNetError: lists: x of point 0: expected a number from 1e-300 to 1e300, \
as the axis is a log axis, got 0
    """
    checked = [Series(name, _points(name, points, log_x, log_y)) for name, points in series.items()]
    if not checked:
        raise PureNetError("series: expected at least one, got none")
    log = {"log_x": log_x, "log_y": log_y}
    return line_chart(title, checked, x_label, y_label, **log, ends=True, notes=notes)


def _points(
    name: object, points: Iterable[tuple[float, float]], log_x: bool, log_y: bool
) -> list[tuple[float, float]]:
    name = fitted(name, 300)
    found = [
        (_placed(x, f"{name}: x of point {i}", log_x), _placed(y, f"{name}: y of point {i}", log_y))
        for i, (x, y) in enumerate(points)
    ]
    if not found:
        raise PureNetError(f"{name}: expected at least one point, got none")
    return found


def _placed(value: float, name: str, log: bool) -> float:
    return number_within(value, name, lambda number: drawable(number, log), LIMITS[log])


def bars(
    title: str,
    groups: Mapping[str, Mapping[str, float]],
    label: str,
    *,
    log: bool = False,
    words: Callable[[float], str] = closer,
    notes: Sequence[str] = (),
) -> Picture:
    """Draw a bar for each value by name, in groups with a heading; the group "" has none.

    `words` writes a value at the end of its bar. On a log axis a bar begins at a power of ten
    below the smallest value, and equal ways are equal ratios. Raises PureNetError where a group
    is empty, or a value negative, not finite, or on a log axis 0.

    >>> picture = bars("Start", {"": {"lists": 2.0, "NumPy": 30.0}}, "milliseconds", log=True)
    >>> "lists 2; NumPy 30" in picture.svg
    True
    """
    checked = {group: _values(group, those, log) for group, those in groups.items()}
    if not checked:
        raise PureNetError("groups: expected at least one, got none")
    every = [value for those in checked.values() for value in those.values()]
    names = [fitted(name, LONGEST, SMALL_SIZE) for those in checked.values() for name in those]
    left = EDGE + 8 + max(width_of(name, SMALL_SIZE) for name in names)
    right = WIDTH - EDGE - 8 - max(width_of(clean(words(value)), SMALL_SIZE) for value in every)
    x = horizontal(_span(every, log), left, right, log)
    body, y = [], TOP
    for group, those in checked.items():
        drawn, y = _group(group, those, x, y, words)
        body += drawn
    upright = Scale(0.0, 1.0, y + 4, TOP + HEADING if next(iter(checked)) else TOP - 4)
    upright.ticks, upright.labels = [], []
    axes = frame(x, upright, label + ", log scale" * log, "")
    about = f"{label}: " + " ".join(_in_words(*each, words) for each in checked.items())
    return page((WIDTH, y + 62), title, about, [axes, *body], notes)


def _values(group: object, values: Mapping[str, float], log: bool) -> dict[str, float]:
    where = f"{fitted(group, 300)}, " if group else ""
    limits = LIMITS[True] if log else BELOW_ZERO
    found = {
        name: number_within(
            value, f"{where}{fitted(name, 300)}", lambda v: drawable(v, log) and v >= 0.0, limits
        )
        for name, value in values.items()
    }
    if not found:
        name = fitted(group, 300) or "bars"
        raise PureNetError(f"{name}: expected at least one value, got none")
    return found


def _span(values: Sequence[float], log: bool) -> tuple[float, float]:
    """Return where bars begin, and where the longest of them ends.

    >>> _span([3.0, 400.0], True), _span([3.0, 400.0], False)
    ((1.0, 400.0), (0.0, 400.0))
    """
    if log:
        return 10.0 ** math.floor(math.log10(min(values) / 2.0)), max(values)
    return extent(values, zero=True)


def _group(
    name: str, values: Mapping[str, float], x: Scale, y: float, words: Callable[[float], str]
) -> tuple[list[str], float]:
    """Return a group's heading and bars from y down, and where the next group may begin."""
    parts = []
    if name:
        # Over the lines of the axes, which would run through the words.
        cover = element("rect", class_="panel", x=EDGE, y=y, width=WIDTH - 2 * EDGE, height=HEADING)
        parts += [cover, text(EDGE, y + 16, fitted(name, WIDTH - 2 * EDGE))]
        y += HEADING
    for each, value in values.items():
        end, middle = x(value), y + 4 + ROW / 2
        shown = fitted(each, LONGEST, SMALL_SIZE)
        way = f"M{number(x.start)} {number(y + 3)}H{number(end)}v{BAR}H{number(x.start)}z"
        parts.append(text(x.start - 8, middle, shown, "small ink", text_anchor="end"))
        parts.append(element("path", class_="bar", d=way))
        parts.append(text(end + 6, middle, words(value), "small ink under"))
        y += ROW
    return parts, y + 6


def _in_words(group: str, values: Mapping[str, float], words: Callable[[float], str]) -> str:
    listed = "; ".join(f"{name} {words(value)}" for name, value in values.items())
    return f"{group}: {listed}." if group else f"{listed}."
