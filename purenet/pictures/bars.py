"""Bars for numbers, such as correlations: how large each is, and how far it varies.

A bar begins at 0. The line across its end reaches as far as the spread, to both sides. The numbers
stand at the right, so that nobody has to measure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..core._types import Rows
from ..core.backpropagation import forward
from ..core.checks import PureNetError, counted, whole_number
from ..core.matrix import inner_product
from ..core.network import Network
from .axes import PLAIN, Axis, Scale, drawable, extent, frame, horizontal
from .curves import WIDTH, left_out
from .svg import EDGE, Picture, element, hint, page, text
from .words import SMALL_SIZE, digits, fitted, number, width_of

MOST_BARS = 30
TOP, ROW, THICK = 44, 24, 14  # where the first row begins, the height of a row, and of a bar
LONGEST = 180  # the largest width of a name


def bar_chart(
    title: object, bars: Sequence[tuple[str, float, float]], label: str, notes: Sequence[str] = ()
) -> Picture:
    """Draw a bar for each (name, value, spread), the first at the top.

    If every spread is 0, none is shown. `label` says what the values are. A bar that is NaN or
    infinite is left out, as are all after the thirtieth, and a note says how many are. Raises
    PureNetError if no bar is left.

    >>> picture = bar_chart("Apples", [("red", 4, 1), ("green", 2, 0.5)], "number in a basket")
    >>> "red: 4 ± 1" in picture.svg
    True
    """
    there = [(name, float(v), abs(float(s))) for name, v, s in bars if drawable(v) and drawable(s)]
    shown = there[:MOST_BARS]
    if not shown:
        raise PureNetError(f"bars: expected at least one to draw, got {counted(len(bars), 'bar')}")
    names = [fitted(name, LONGEST, SMALL_SIZE) for name, _, _ in shown]
    varied = any(spread for _, _, spread in shown)
    values = [digits(value) + f" ± {digits(spread)}" * varied for _, value, spread in shown]
    left, right = (max(width_of(w, SMALL_SIZE) for w in words) + 10 for words in (names, values))
    reached = [value + side for _, value, spread in shown for side in (-spread, spread)]
    span = extent([0.0, *reached], margin=0.02)
    x = horizontal(Axis(label), span, EDGE + left, WIDTH - EDGE - right)
    bottom, rows = TOP + ROW * len(shown), len(shown)
    y = Scale(PLAIN, (0, rows), bottom, TOP)
    y.ticks, y.labels = [rows - k - 0.5 for k in range(rows)], names
    zero = f"M{number(x(0.0))} {TOP}V{number(bottom)}"
    body = [frame(x, y), element("path", class_="axis", d=zero)]
    for tick, (name, value, spread), written in zip(y.ticks, shown, values):
        middle = y(tick)
        body.append(element("g", hint(f"{name}: {written}"), _bar(x, middle, value, spread)))
        body.append(text(WIDTH - EDGE, middle + 4, written, "small ink", text_anchor="end"))
    about = "; ".join(f"{bar[0]}: {value}" for bar, value in zip(shown, values))
    gone = left_out(len(bars) - len(there), "bar", "NaN or infinite")
    gone += left_out(len(there) - len(shown), "bar", f"after the first {MOST_BARS}")
    return page((WIDTH, bottom + 62), title, f"{label}. {about}.", body, [*notes, *gone])


def _bar(x: Scale, y: float, value: float, spread: float) -> str:
    """Return a bar from 0 to the value, and a line with ends for the spread."""
    low, high = sorted((x(0.0), x(value)))
    bar = element("rect", class_="bar", x=low, y=y - THICK / 2, width=high - low, height=THICK)
    if not spread:
        return bar
    start, end = x(value - spread), x(value + spread)
    line = f"M{number(start)} {number(y - 4)}v8m0-4H{number(end)}m0-4v8"
    # The wider line, of the page's color, tells it from the bar.
    return bar + "".join(element("path", class_=look, d=line) for look in ("under open", "axis"))


def correlation_chart(network: Network, X: Rows, y: Rows, output: int = 0) -> Picture:
    """Draw the correlation of each input and each hidden unit with one column of y.

    It is from -1 to 1, and 0 where a column says nothing about y that a straight line can use. A
    column that never changes has none. Raises PureNetError for data that does not fit.

    >>> from ..core.network import Network
    >>> chart = correlation_chart(Network([2, 1]), [[0, 1], [1, 1], [1, 1]], [[0], [1], [1]])
    >>> "input 0: 1" in chart.svg, "1 bar left out" in chart.svg
    (True, True)
    """
    X, y = network.check_data(X, y)
    output = whole_number(output, "output", 0, network.sizes[-1] - 1)
    target = [row[output] for row in y]
    bars = [
        (f"unit {j} of layer {k}" if k else f"input {j}", _correlation(column, target), 0.0)
        for k, layer in enumerate(forward(network, X)[:-1])
        for j, column in enumerate(zip(*layer))
    ]
    notes = ["A column that never changes has no correlation."]
    return bar_chart(f"Correlation with target {output}", bars, "correlation", notes)


def _correlation(a: Sequence[float], b: Sequence[float]) -> float:
    """Return Pearson's correlation of two columns, NaN if one of them never changes.

    >>> _correlation([1.0, 2.0], [3.0, 1.0]), _correlation([1.0, 1.0], [3.0, 1.0])
    (-1.0, nan)
    """
    a, b = ([value - math.fsum(each) / len(each) for value in each] for each in (a, b))
    spread = math.sqrt(inner_product(a, a) * inner_product(b, b))
    return inner_product(a, b) / spread if spread else math.nan
