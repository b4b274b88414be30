"""Lines and dots on axes; the loss over the epochs is one such chart.

A curve of many thousand points has more points than the picture has columns. In each column of
pixels only the first, the lowest, the highest and the last are kept, which looks the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from ..core.activations import ACTIVATIONS, Activation
from ..core.checks import PureNetError, counted, shown
from ..core.history import History
from .axes import Axis, Scale, drawable, extent, frame, horizontal, left_margin
from .marks import STYLES, legend, mark, sample
from .svg import EDGE, Picture, Point, element, page, path_through
from .words import closer, digits, fitted

WIDTH, PLOT_HEIGHT = 560, 260
MANY = 250  # a line with more points is thin, so that its turns stay visible
FEW = 25  # a line with at most this many points has a mark at each
DECADES = 100.0  # a log axis is used if the largest loss is this many times the smallest


class Series:
    """Points (x, y) under one name; `line` joins them, else each is a mark.

    >>> Series("training", [(0, 0.5), (1, 0.25)]).points
    [(0.0, 0.5), (1.0, 0.25)]
    """

    def __init__(self, name: str, points: Iterable[Point], line: bool = True) -> None:
        self.name, self.line = name, line
        self.points = [(float(x), float(y)) for x, y in points]
        self.marks = not line or len(self.points) <= FEW


def loss_curve(history: History, title: str = "Loss") -> Picture:
    """Draw the loss over the epochs, and the validation loss if it was measured.

    The axis of the loss is a log axis if the largest entry is more than 100 times the smallest, and
    that of the epochs, then counted from 1, if the last is more than 100 times the second. NaN and
    infinity are left out, as is zero on a log axis, and the picture says how many entries are
    left out. Raises PureNetError if the history has no entries.

    >>> from ..core.history import History
    >>> history = History()
    >>> history.epochs, history.loss = [0, 1, 2], [0.5, 0.25, 0.125]
    >>> "Last entry: epoch 2, loss 0.125." in loss_curve(history).svg
    True
    """
    if not history.epochs:
        raise PureNetError("history: expected at least one entry, got none")
    losses = {"training loss": history.loss, "validation loss": history.validation_loss}
    for name, values in losses.items():
        if len(values) != len(history.epochs) and (values or name == "training loss"):
            wanted = f"one {name} for each of {counted(len(history.epochs), 'epoch')}"
            raise PureNetError(f"history: expected {wanted}, got {len(values):,}")
    log_x = _spans_decades([epoch + 1.0 for epoch in history.epochs[1:]])
    epochs = [epoch + log_x for epoch in history.epochs]  # a log axis has no place for 0
    series = [Series(name, zip(epochs, v)) for name, v in losses.items() if v]
    log = _spans_decades([*history.loss, *history.validation_loss])
    x = Axis("epoch, from 1" if log_x else "epoch", log_x, whole=True)
    y = Axis("loss (mean over the rows)", log, zero=not log)
    return line_chart(title, series, x, y, notes=[_ending(history)])


def slope_curve(activation: str = "sigmoid", at: Sequence[float] = (-3.0, 0.0, 2.0)) -> Picture:
    """Draw an activation, and its slope at some weighted inputs as a piece of each tangent.

    Raises PureNetError for a name that is not that of an activation of single numbers.

    >>> "slope 0.25 where the output is 0.5" in slope_curve().svg
    True
    """
    row = ACTIVATIONS.get(activation)
    if not isinstance(row, Activation):
        raise PureNetError(f"activation: expected one with a curve, got {shown(activation)}")
    function, places = row.function, [(x, row.function(x)) for x in at]
    series = [Series(activation, [(k / 20, function(k / 20)) for k in range(-120, 121)])]
    for x, y in places:
        slope = row.slope(y)
        name = f"slope {digits(slope)} where the output is {digits(y)}"
        series.append(Series(name, [(x + d, y + slope * d) for d in (-2, 2)]))
        series[-1].marks = False
    series.append(Series("where the slope is taken", places, line=False))
    return line_chart(f"The slope of {activation}", series, Axis("weighted input"), Axis("output"))


def _spans_decades(values: Sequence[float]) -> bool:
    above = [value for value in values if drawable(value, log=True)]
    below = [value for value in values if drawable(value) and value < 0.0]
    return bool(above) and not below and max(above) / min(above) > DECADES


def _ending(history: History) -> str:
    last = f"Last entry: epoch {history.epochs[-1]:,}, loss {closer(history.loss[-1])}"
    if history.validation_loss:
        last += f", validation loss {closer(history.validation_loss[-1])}"
    return f"{last}; {history.stopped}." if history.stopped else f"{last}."


def line_chart(
    title: str, series: Sequence[Series], x: Axis, y: Axis, *, notes: Sequence[str] = ()
) -> Picture:
    """Draw several series on common axes, with a legend if there is more than one.

    Points that the axes cannot show are left out, and a note says how many.

    >>> rows, time = Axis("rows"), Axis("time (s)")
    >>> chart = line_chart("Time", [Series("lists", [(1, 2), (2, 4)])], rows, time)
    >>> "lists, 2 points from 2 to 4" in chart.svg
    True
    """
    body, _, up = plotted(series, x, y)
    gone = [point for one in series for point in one.points if not _has_place(point, x, y)]
    why = "NaN, infinite, or not above 0" if x.log or y.log else "NaN or infinite"
    notes = [*notes, *left_out(len(gone), "point", why)]
    return page((WIDTH, up.start + 62), title, description(series, x, y), body, notes)


def plotted(series: Sequence[Series], x: Axis, y: Axis) -> tuple[list[str], Scale, Scale]:
    """Return the legend, the axes and the series, and the scales of the two axes."""
    points = [point for one in series for point in one.points]
    key, top = legend(_entries(series), EDGE, 40, WIDTH - 2 * EDGE)
    heights = extent([b for a, b in points if _has_place((a, b), x, y)], y, 0.05)
    up = Scale(y, heights, top + 10 + PLOT_HEIGHT, top + 10)
    span = extent([a for a, _ in points], x, 0.02)  # also of points that are left out
    along = horizontal(x, span, left_margin(up), WIDTH - 2 * EDGE)
    drawn = [_drawn(one, k, along, up) for k, one in enumerate(series)]
    return [key, frame(along, up), *drawn], along, up


def description(series: Sequence[Series], x: Axis, y: Axis) -> str:
    """Return a text alternative for a chart, for readers who are blind.

    >>> description([Series("lists", [(1, 2), (2, 4)])], Axis("rows"), Axis("time"))
    'time over rows: lists, 2 points from 2 to 4.'
    """
    return f"{y.title} over {x.title}: " + "; ".join(map(_summary, series)) + "."


def _entries(series: Sequence[Series]) -> list[tuple[str, str]]:
    entries = [
        (sample(k, one.line, one.marks), fitted(one.name, WIDTH - 100))
        for k, one in enumerate(series)
    ]
    return entries if len(entries) > 1 else []


def _summary(series: Series) -> str:
    ys = [y for _, y in series.points if drawable(y)]
    span = f" from {digits(min(ys))} to {digits(max(ys))}" if ys else ""
    return f"{series.name}, {counted(len(series.points), 'point')}{span}"


def left_out(count: int, thing: str, why: str) -> list[str]:
    """Return a note on things that are not drawn, if there are any.

    >>> left_out(1, "point", "NaN or infinite"), left_out(0, "point", "NaN or infinite")
    (['1 point left out (NaN or infinite).'], [])
    """
    return [f"{counted(count, thing)} left out ({why})."] if count else []


def _drawn(series: Series, k: int, x: Scale, y: Scale) -> str:
    """Return a series: a path through each stretch without gaps, and the marks."""
    look = f"s{k % STYLES}"
    stretches = [
        [(x(a), y(b)) for a, b in stretch] for stretch in _stretches(series.points, x.axis, y.axis)
    ]
    parts = []
    if series.line:
        way = "".join(path_through(_thinned(stretch)) for stretch in stretches if len(stretch) > 1)
        fine = " fine" if len(series.points) > MANY else ""
        parts.append(element("path", class_=f"line {look}{fine}", d=way))
    # A point between two gaps needs a mark, because it has no line.
    marked = [s for s in stretches if series.marks or len(s) == 1]
    way = "".join(dict.fromkeys(mark(k, a, b) for stretch in marked for a, b in stretch))
    if way:
        # Marks may overlap, so they are not filled.
        fill = "panel" if series.line else "open"
        parts.append(element("path", class_=f"{fill} mark {look}", d=way))
    return "\n".join(parts)


def _has_place(point: Point, x: Axis, y: Axis) -> bool:
    return drawable(point[0], x.log) and drawable(point[1], y.log)


def _stretches(points: Sequence[Point], x: Axis, y: Axis) -> list[list[Point]]:
    """Return the points in stretches, with a gap at each point that cannot be drawn.

    >>> _stretches([(0.0, 1.0), (1.0, 0.0), (2.0, 3.0)], Axis(), Axis(log=True))
    [[(0.0, 1.0)], [(2.0, 3.0)]]
    """
    groups = groupby(points, lambda point: _has_place(point, x, y))
    return [list(stretch) for is_there, stretch in groups if is_there]


def _thinned(points: Sequence[Point]) -> list[Point]:
    """Return, for each column of pixels, the first, lowest, highest and last point in order.

    >>> _thinned([(0.1, 5.0), (0.2, 9.0), (0.3, 7.0), (0.4, 1.0), (0.5, 6.0), (1.0, 2.0)])
    [(0.1, 5.0), (0.2, 9.0), (0.4, 1.0), (0.5, 6.0), (1.0, 2.0)]
    """
    kept: list[Point] = []
    for _, together in groupby(range(len(points)), key=lambda i: int(points[i][0])):
        column = list(together)
        lowest = min(column, key=lambda i: points[i][1])
        highest = max(column, key=lambda i: points[i][1])
        kept += [points[i] for i in sorted({column[0], lowest, highest, column[-1]})]
    return kept
