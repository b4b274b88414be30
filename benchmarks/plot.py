"""Measured values as charts: lines over a size, and bars for things that have no order.

A curve of a training may have a gap where the loss was NaN. But no measurement may be missing: a
value that an axis cannot show is refused. Each line has its name at its end and each bar its value
in numbers, so that a chart can be read without its colors.
"""

import math

from purenet import PureNetError
from purenet.core.checks import number_within
from purenet.pictures import svg
from purenet.pictures.axes import PLAIN, Axis, Scale, drawable, extent, frame, horizontal
from purenet.pictures.curves import WIDTH, Series, description, plotted
from purenet.pictures.svg import EDGE
from purenet.pictures.words import SMALL_SIZE, clean, closer, fitted, number, width_of

from . import harness
from .timing import median

BAR, ROW, HEADING = 14, 21, 24  # how high a bar is, what is between two, and a group's name
TOP = 44.0  # where the first group begins
LONGEST = 230  # how wide the names of bars may be
LONGEST_END, APART = 150, 15  # the widest name at a line's end, and the space from name to name
LOG = "from 1e-300 to 1e300, as the axis is a log axis"
FROM_ZERO = "from 0 to 1e300, as bars begin at 0"
# Of contenders, for people.
NAMES = {"numpy": "NumPy", "np tuned": "NumPy, tuned", "pass": "an interpreter alone"}


def medians(amounts):
    """Return the median of each contender, by a name for people.

    >>> medians({"numpy": [1.0, 2.0, 4.0]})
    {'NumPy': 2.0}
    """
    return {NAMES.get(who, who): median(values) for who, values in amounts.items()}


def times(title, cases, notes, label="seconds"):
    """Draw the median seconds of the contenders of each case, in groups."""
    groups = {name: medians(case["seconds"]) for name, case in cases.items()}
    return bars(title, groups, label, harness.in_words, notes, log=True)


def memory(title, peaks, notes):
    """Draw the mebibytes that each had at most."""
    return bars(title, {"": peaks}, "peak, MiB", "{:.1f}".format, notes)


def lines(title, series, x_label, y_label, notes=()):
    """Draw points (x, y) joined by a line for each name, which stands at the line's end too.

    Both axes are log axes, on which a power of x is a straight line. Raises PureNetError if a
    series has no points, or a point has a number that a log axis cannot show.

    >>> picture = lines("Time", {"lists": [(1, 2), (10, 20)]}, "rows", "seconds")
    >>> "lists, 2 points from 2 to 20" in picture.svg
    True
    >>> lines("Time", {"lists": [(0, 2)]}, "rows", "seconds")
    Traceback (most recent call last):
    purenet.core.checks.PureNetError: lists, x of point 0: expected a number from 1e-300 to 1e300, \
as the axis is a log axis, got 0
    """
    numbers = {name: coordinates(points) for name, points in series.items()}
    check(numbers, "series", "point", log=True)
    drawn = [Series(name, points) for name, points in series.items()]
    x, y = Axis(x_label, log=True), Axis(y_label, log=True)
    body, along, up = plotted(drawn, x, y)
    named, width = named_at_their_ends(drawn, along, up)
    about = description(drawn, x, y)
    return svg.page((width, up.start + 62), title, about, [*body, *named], notes)


def named_at_their_ends(series, x, y):
    """Return the names at the right of the frame, and the width of page that they need."""
    names = [fitted(one.name, LONGEST_END, SMALL_SIZE) for one in series]
    heights = apart([y(one.points[-1][1]) for one in series], APART, y.end, y.start)
    parts = [svg.text(x.end + 10, at + 4, name, "small ink") for name, at in zip(names, heights)]
    return parts, x.end + 10 + max(width_of(name, SMALL_SIZE) for name in names) + EDGE


def apart(places, least, low, high):
    """Return places moved so that no two are nearer than `least`.

    They stay in order, and between low and high if there is room for all.

    >>> apart([10.0, 12.0, 50.0], 14.0, 0.0, 60.0), apart([59.0, 58.0], 14.0, 0.0, 60.0)
    ([10.0, 24.0, 50.0], [60.0, 46.0])
    """
    order = sorted(range(len(places)), key=places.__getitem__)
    moved, free = list(places), low
    for k in order:
        moved[k] = free = max(moved[k], free)
        free += least
    free = high
    for k in reversed(order):
        moved[k] = free = min(moved[k], free)
        free -= least
    return moved


def coordinates(points):
    """Return the numbers of points by the words for them."""
    return {f"{axis} of point {i}": v for i, xy in enumerate(points) for axis, v in zip("xy", xy)}


def check(groups, called, each, log):
    """Raise PureNetError if there is nothing to draw, or an axis cannot show a number."""
    if not groups:
        raise PureNetError(f"{called}: expected at least one, got none")
    for group, values in groups.items():
        name = fitted(group, 300)
        if not values:
            raise PureNetError(f"{name or 'bars'}: expected at least one {each}, got none")
        for which, value in values.items():
            where = f"{name}, {fitted(which, 300)}" if name else fitted(which, 300)
            limits = LOG if log else FROM_ZERO
            number_within(value, where, lambda v: drawable(v, log) and v >= 0.0, limits)


def bars(title, groups, label, words=closer, notes=(), log=False):
    """Draw a bar for each value by name, in groups with a heading; the group "" has none.

    `words` writes a value at the end of its bar. On a log axis a bar begins at a power of ten below
    the smallest value, and equal distances are equal ratios. Raises PureNetError if a group is
    empty, or a value is negative, not finite, or 0 on a log axis.

    >>> picture = bars("Start", {"": {"lists": 2.0, "NumPy": 30.0}}, "milliseconds", log=True)
    >>> "lists 2; NumPy 30" in picture.svg
    True
    """
    check(groups, "groups", "value", log)
    every = [value for values in groups.values() for value in values.values()]
    names = [fitted(name, LONGEST, SMALL_SIZE) for values in groups.values() for name in values]
    left = EDGE + 8 + max(width_of(name, SMALL_SIZE) for name in names)
    right = WIDTH - EDGE - 8 - max(width_of(clean(words(value)), SMALL_SIZE) for value in every)
    x = horizontal(Axis(label, log), span(every, log), left, right)
    body, y = [], TOP
    for name, values in groups.items():
        drawn, y = drawn_group(name, values, x, y, words)
        body += drawn
    upright = Scale(PLAIN, (0.0, 1.0), y + 4, TOP + HEADING if next(iter(groups)) else TOP - 4)
    upright.ticks, upright.labels = [], []
    about = f"{label}: " + " ".join(in_words(*group, words) for group in groups.items())
    return svg.page((WIDTH, y + 62), title, about, [frame(x, upright), *body], notes)


def span(values, log):
    """Return the coordinates of the bars' start, and of the end of the longest.

    >>> span([3.0, 400.0], True), span([3.0, 400.0], False)
    ((1.0, 400.0), (0.0, 400.0))
    """
    if log:
        return 10.0 ** math.floor(math.log10(min(values) / 2.0)), max(values)
    return extent(values, Axis(zero=True))


def drawn_group(name, values, x, y, words):
    """Return a group's heading and bars from y down, and where the next group may begin."""
    parts = []
    if name:
        # On top of the lines of the axes, which would cross the words.
        wide = WIDTH - 2 * EDGE
        cover = svg.element("rect", class_="panel", x=EDGE, y=y, width=wide, height=HEADING)
        parts += [cover, svg.text(EDGE, y + 16, fitted(name, wide))]
        y += HEADING
    for each, value in values.items():
        end, middle = x(value), y + 4 + ROW / 2
        shown = fitted(each, LONGEST, SMALL_SIZE)
        way = f"M{number(x.start)} {number(y + 3)}H{number(end)}v{BAR}H{number(x.start)}z"
        parts.append(svg.text(x.start - 8, middle, shown, "small ink", text_anchor="end"))
        parts.append(svg.element("path", class_="bar", d=way))
        parts.append(svg.text(end + 6, middle, words(value), "small ink under"))
        y += ROW
    return parts, y + 6


def in_words(group, values, words):
    """Return a group in a sentence, for those who cannot see the chart."""
    listed = "; ".join(f"{name} {words(value)}" for name, value in values.items())
    return f"{group}: {listed}." if group else f"{listed}."
