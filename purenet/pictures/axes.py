"""An axis maps numbers to positions, and has ticks at round numbers.

A step between ticks is 1, 2 or 5 times a power of ten, in which people count easily. On a log axis
equal distances are equal ratios, and the ticks are powers of ten if there are enough.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple

from .svg import element, text
from .words import LINE, SMALL_SIZE, digits, fitted, number, tidy, width_of

LARGEST = 1e300  # beyond this, the differences between numbers may overflow
SMALLEST = 1e-300  # below this, floats lose precision
BEYOND = 20  # how far the name of a vertical axis may go beyond each end of it

Span = tuple[float, float]  # the numbers at the two ends


class Axis(NamedTuple):
    """What an axis says of its numbers, and how it shows them.

    On a `log` axis equal distances are equal ratios, `whole` allows ticks at whole numbers only,
    and `zero` begins the axis at 0 unless a number is below it.

    >>> Axis("loss", log=True).title
    'loss, log scale'
    """

    name: str = ""
    log: bool = False
    whole: bool = False
    zero: bool = False

    @property
    def title(self) -> str:
        """The name, and that it is a log axis if it is one."""
        return self.name + ", log scale" * self.log


PLAIN = Axis()


def drawable(value: float, log: bool = False) -> bool:
    """Tell whether an axis can show a number.

    >>> drawable(0.0), drawable(0.0, log=True), drawable(math.nan)
    (True, False, False)
    """
    return abs(value) <= LARGEST and (not log or value >= SMALLEST)  # false for NaN


def extent(values: Iterable[float], axis: Axis = PLAIN, margin: float = 0.0) -> Span:
    """Return the lowest and the highest number of an axis for these values.

    `margin` is added at both ends, as a fraction of the whole, but not below an axis that begins
    at 0. Values that the axis cannot show are ignored.

    >>> extent([1.0, 3.0, math.nan], margin=0.1)
    (0.8, 3.2)
    >>> extent([2.0]), extent([0.0]), extent([], Axis(log=True))
    ((1.0, 3.0), (-0.5, 0.5), (0.1, 10.0))
    """
    found = [value for value in values if drawable(value, axis.log)]
    if axis.log:
        return _log_extent(found, margin)
    low, high = (min(found), max(found)) if found else (0.0, 1.0)
    if axis.zero and low >= 0.0:
        high = high if high > SMALLEST else 1.0
        return 0.0, high + margin * high
    if high - low <= max(1e-9 * max(abs(low), abs(high)), SMALLEST):
        around = 0.5 * abs(low) if abs(low) > SMALLEST else 0.5
        low, high = low - around, low + around
    more = margin * (high - low)
    return low - more, high + more


def _log_extent(found: list[float], margin: float) -> Span:
    low, high = (math.log10(min(found)), math.log10(max(found))) if found else (0.0, 0.0)
    if high - low < 1e-6:
        low, high = low - 1.0, high + 1.0
    more = margin * (high - low)
    # Stay within the range in which floats have full precision.
    return 10.0 ** max(low - more, -304.0), 10.0 ** min(high + more, 304.0)


class Scale:
    """The map from an axis's numbers to coordinates.

    The span begins at the coordinate `start` and ends at `end`; `most` is roughly the largest
    number of ticks.

    >>> scale = Scale(PLAIN, (0.0, 10.0), 100, 200)
    >>> scale(5.0)
    150.0
    >>> scale.ticks
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    >>> scale = Scale(Axis(log=True), (0.001, 10.0), 0, 400)
    >>> round(scale(1.0))
    300
    >>> scale.labels
    ['0.001', '0.01', '0.1', '1', '10']
    """

    def __init__(self, axis: Axis, span: Span, start: float, end: float, most: int = 6) -> None:
        self.axis, self.span, self.start, self.end = axis, span, start, end
        ticks = _log_ticks(*span, most) if axis.log else _linear_ticks(*span, most, axis.whole)
        self.ticks, self.labels = ticks

    def __call__(self, value: float) -> float:
        """Return the coordinate of a value."""
        low, high = self.span
        if self.axis.log:
            low, value, high = math.log10(low), math.log10(value), math.log10(high)
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def room(self) -> float:
        """Return the width of the widest label."""
        return max(width_of(label, SMALL_SIZE) for label in ["", *self.labels])


def horizontal(axis: Axis, span: Span, start: float, end: float) -> Scale:
    """Return a Scale with as many ticks as have room for their labels side by side.

    >>> horizontal(Axis(whole=True), (0.0, 60_000.0), 0, 400).labels
    ['0', '10,000', '20,000', '30,000', '40,000', '50,000', '60,000']
    """
    for most in (7, 5, 4, 3, 2):
        scale = Scale(axis, span, start, end, most)
        if scale.room() * len(scale.labels) <= 0.9 * (end - start):
            break
    return scale


def _linear_ticks(low: float, high: float, most: int, whole: bool) -> tuple[list[float], list[str]]:
    """Return the ticks from low to high, and their labels."""
    multiple, power = _step((high - low) / most)
    if whole and power < 0:
        multiple, power = 1, 0
    # Whole numbers divided once: 3 * 0.1 would be 0.30000000000000004.
    up, down = multiple * 10 ** max(power, 0), 10 ** max(-power, 0)
    numbers = range(math.floor(low * down / up), math.ceil(high * down / up) + 1)
    ticks = [tick for tick in (i * up / down for i in numbers) if low <= tick <= high]
    return ticks, [_label(tick, power, max(abs(low), abs(high))) for tick in ticks]


def _step(rough: float) -> tuple[int, int]:
    """Return (m, e) where m · 10ᵉ is the first step of 1, 2 or 5 times a power not below this.

    >>> _step(0.03), _step(7.0)
    ((5, -2), (1, 1))
    """
    power = math.floor(math.log10(rough))
    for multiple in (1, 2, 5):
        if multiple * 10.0**power >= rough * (1.0 - 1e-9):
            return multiple, power
    return 1, power + 1


def _label(tick: float, power: int, largest: float) -> str:
    """Return a tick with enough digits to tell it from its neighbors."""
    if tick == 0.0:
        return "0"
    if 0.001 <= largest < 1e7:
        return tidy(f"{tick:,.{max(0, -power)}f}")
    after_point = math.floor(math.log10(abs(tick))) - power
    return tidy(f"{tick:.{min(max(after_point, 0), 16)}e}")


def _log_ticks(low: float, high: float, most: int) -> tuple[list[float], list[str]]:
    """Return powers of ten; if they are too few, also 2 and 5 times them, or else even steps.

    >>> _log_ticks(1e-5, 1e5, 3), _log_ticks(10.0, 50.0, 6)[1]
    (([1e-05, 0.1, 1000.0], ['1e-5', '0.1', '1,000']), ['10', '20', '50'])
    """
    powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
    ticks = [float(f"1e{power}") for power in powers if low <= float(f"1e{power}") <= high]
    every = -(-len(ticks) // most)
    if len(ticks) < 3:
        each = [float(f"{step}e{power}") for power in powers for step in (1, 2, 5)]
        ticks, every = [tick for tick in each if low <= tick <= high], 1
    if len(ticks) < 3:
        return _linear_ticks(low, high, 4, whole=False)
    shown = ticks[::every]
    return shown, [f"{tick:,g}" if 0.001 <= tick < 1e6 else digits(tick) for tick in shown]


def left_margin(scale: Scale) -> float:
    """Return the width that the labels and the name of a vertical axis need.

    >>> left_margin(Scale(PLAIN, (0, 1), 100, 0)) < left_margin(Scale(PLAIN, (0, 1e6), 100, 0))
    True
    """
    return 44 + scale.room()


def frame(x: Scale, y: Scale, grid: bool = True) -> str:
    """Return the axes around a plot: lines, ticks, their numbers, and the axes' names.

    >>> "epoch" in frame(Scale(Axis("epoch"), (0, 1), 0, 100), Scale(Axis("loss"), (0, 1), 100, 0))
    True
    """
    across = "".join(f"M{number(x.start)} {number(y(t))}H{number(x.end)}" for t in y.ticks)
    upright = "".join(f"M{number(x(t))} {number(y.start)}V{number(y.end)}" for t in x.ticks)
    parts = [element("path", class_="grid", d=across + upright)] if grid else []
    ends = f"M{number(x.start)} {number(y.end)}V{number(y.start)}H{number(x.end)}"
    nudges = "".join(f"M{number(x.start)} {number(y(t))}h-5" for t in y.ticks)
    nudges += "".join(f"M{number(x(t))} {number(y.start)}v5" for t in x.ticks)
    parts.append(element("path", class_="axis", d=ends + nudges))
    for t, label in zip(x.ticks, x.labels):
        parts.append(text(x(t), y.start + 19, label, "small ink tick-x", text_anchor="middle"))
    for t, label in zip(y.ticks, y.labels):
        parts.append(text(x.start - 9, y(t) + 4, label, "small ink tick-y", text_anchor="end"))
    if x.axis.name:
        name = fitted(x.axis.title, x.end - x.start)
        parts.append(text((x.start + x.end) / 2, y.start + 40, name, text_anchor="middle"))
    if y.axis.name:
        name = fitted(y.axis.title, y.start - y.end + 2 * BEYOND)
        middle = (y.start + y.end) / 2
        turned = f"rotate(-90 {LINE + 5} {number(middle)})"
        parts.append(text(LINE + 5, middle, name, text_anchor="middle", transform=turned))
    return "\n".join(parts)
