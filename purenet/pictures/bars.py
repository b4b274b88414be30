"""Bars for numbers that are not exact: how large each is, and how far it varies.

A bar begins at 0. The line across its end reaches as far as the spread, to both sides. The numbers
stand at the right, so that nobody has to measure.
"""

from __future__ import annotations

from collections.abc import Sequence

from ..core.checks import PureNetError, counted
from .axes import Scale, drawable, extent, horizontal
from .curves import WIDTH, left_out
from .svg import (
    EDGE,
    SMALL_SIZE,
    Picture,
    digits,
    element,
    fitted,
    hint,
    number,
    page,
    text,
    width_of,
)

MOST_BARS = 30
TOP, ROW, THICK = 44, 24, 14  # where the first row begins, the height of a row, and of a bar
LONGEST = 180  # the largest width of a name


def bar_chart(
    title: object, bars: Sequence[tuple[str, float, float]], label: str, notes: Sequence[str] = ()
) -> Picture:
    """Draw a bar for each (name, value, spread), the first at the top.

    `label` says what the values are. A bar that is NaN or infinite is left out, as are all after
    the thirtieth, and a note says how many are. Raises PureNetError if no bar is left.

    >>> picture = bar_chart("Apples", [("red", 4, 1), ("green", 2, 0.5)], "number in a basket")
    >>> "red: 4 ± 1" in picture.svg
    True
    """
    there = [(name, float(v), abs(float(s))) for name, v, s in bars if drawable(v) and drawable(s)]
    shown = there[:MOST_BARS]
    if not shown:
        raise PureNetError(f"bars: expected at least one to draw, got {counted(len(bars), 'bar')}")
    names = [fitted(name, LONGEST, SMALL_SIZE) for name, _, _ in shown]
    values = [f"{digits(value)} ± {digits(spread)}" for _, value, spread in shown]
    left, right = (max(width_of(w, SMALL_SIZE) for w in words) + 10 for words in (names, values))
    reached = [value + side for _, value, spread in shown for side in (-spread, spread)]
    x = horizontal(extent([0.0, *reached], margin=0.02), EDGE + left, WIDTH - EDGE - right)
    bottom = TOP + ROW * len(shown)
    body = [_axis(x, bottom, label)]
    for k, (name, value, spread) in enumerate(shown):
        y = TOP + ROW * (k + 0.5)
        body.append(text(x.start - 10, y + 4, names[k], "small ink", text_anchor="end"))
        body.append(element("g", hint(f"{name}: {values[k]}"), _bar(x, y, value, spread)))
        body.append(text(WIDTH - EDGE, y + 4, values[k], "small ink", text_anchor="end"))
    about = "; ".join(f"{bar[0]}: {value}" for bar, value in zip(shown, values))
    gone = left_out(len(bars) - len(there), "bar", "NaN or infinite")
    gone += left_out(len(there) - len(shown), "bar", f"after the first {MOST_BARS}")
    return page((WIDTH, bottom + 56), title, f"{label}. {about}.", body, [*notes, *gone])


def _bar(x: Scale, y: float, value: float, spread: float) -> str:
    """Return a bar from 0 to the value, and a line with ends for the spread."""
    low, high = sorted((x(0.0), x(value)))
    bar = element("rect", class_="bar", x=low, y=y - THICK / 2, width=high - low, height=THICK)
    start, end = x(value - spread), x(value + spread)
    line = f"M{number(start)} {number(y - 4)}v8m0-4H{number(end)}m0-4v8"
    # The wider line, of the page's color, tells it from the bar.
    return bar + "".join(element("path", class_=look, d=line) for look in ("under open", "axis"))


def _axis(x: Scale, bottom: float, label: str) -> str:
    """Return the lines and the numbers of the horizontal axis, a line at 0, and its name."""
    grid = "".join(f"M{number(x(tick))} {TOP}V{number(bottom)}" for tick in x.ticks)
    zero = f"M{number(x.start)} {number(bottom)}H{number(x.end)}M{number(x(0.0))} {TOP}"
    parts = [element("path", class_="grid", d=grid)]
    parts.append(element("path", class_="axis", d=f"{zero}V{number(bottom)}"))
    for tick, written in zip(x.ticks, x.labels):
        look = "small ink tick-x"
        parts.append(text(x(tick), bottom + 16, written, look, text_anchor="middle"))
    label = fitted(label, WIDTH - 2 * EDGE)
    return "".join([*parts, text(WIDTH / 2, bottom + 38, label, text_anchor="middle")])
