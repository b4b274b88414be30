"""A map of a network's predictions over two of its inputs, as colored cells.

The plane is cut into cells, and each has the color of the prediction at its middle. Contour lines
with numbers, or borders and the numbers of classes, show the same without color. The colors run
from dark to light, so their order is kept in a gray copy.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from ..activation_table import TABLE
from ..core._types import Matrix, Rows
from ..core.backpropagation import forward
from ..core.checks import counted
from ..core.matrix import all_finite, argmax
from ..core.network import Network
from .axes import PLAIN, Axis, Scale, Span, drawable, extent, frame, horizontal, left_margin
from .contours import contour
from .curves import Series, line_chart
from .graph import Names
from .marks import legend, mark
from .regions import Kinds, borders, clearest, patches, rim, runs
from .svg import EDGE, Picture, Point, element, page, path_through, text
from .view import AT, CELL, CELLS, View, between
from .words import SMALL_SIZE, closer, digits, fitted, number, width_of

Levels = list[tuple[float, str]]  # each level and its label
Groups = list[tuple[str, list[int]]]  # a name for each target, and the indexes of its rows

PLOT = CELLS * CELL
SHADES = 20  # the number of colors from the lowest output to the highest
MOST_MARKS = 300  # of more rows, only some have a mark
KINDS = 6  # the most different targets that each get a mark of their own
SAMPLES = 200  # points on the curve of a network with one input
MOST_KEYS = 17  # the most classes in the key
ROOM = 12  # the least distance of a contour's number from marks, other numbers and the frame

# From dark to light, through hues that people with any kind of color vision tell apart: five colors
# of "cividis" (Nuñez, Anderton and Renslow, 2018).
_RAMP = [(0, 34, 78), (67, 78, 108), (125, 124, 120), (188, 175, 111), (254, 232, 56)]
# The colors of classes, light enough for black numbers.
_CLASSES = (
    *("#a9cdf0", "#ffc68a", "#b9e0c3", "#e6bfe0", "#fff0a6"),
    *("#d0d0d0", "#8fd0cf", "#f3aaa2", "#c4c0f2", "#d9c49b"),
)


def decision_surface(
    network: Network,
    X: Rows = None,
    y: Rows = None,
    inputs: tuple[int, int] = (0, 1),
    output: int | None = 0,
    *,
    title: object = None,
    input_names: Names = None,
    output_names: Names = None,
) -> Picture:
    """Draw one output over two inputs, with the rows of the data as marks.

    `inputs` are the two that vary: over the range of X, extended by a tenth at each end, or from 0
    to 1 without X. The others are fixed at their mean in X, or at 1. `output=None` shows which
    output is the largest. A mark's shape shows the row's target. A network with one input is drawn
    as a curve.

    Raises PureNetError if X or y does not fit the network, or an index is out of range.

    >>> from ..core.network import Network
    >>> surface = decision_surface(Network([3, 1], init="zeros"))
    >>> surface.title, "Fixed at 1: input 2 = 1." in surface.svg
    ('Output 0 over input 0 and input 1', True)
    """
    view = View(network, X, y, output)
    view.name(input_names, output_names)
    if network.sizes[0] == 1:
        return _curve(view, title)
    view.choose(inputs)
    return _class_map(view, title) if output is None else _surface(view, output, title)


class _Plot:
    """Where the cells are; the key above them, the axes around them, and the marks on them."""

    def __init__(self, view: View, groups: Groups) -> None:
        names = [fitted(name, 200) for name, _ in groups]
        marks = [element("path", class_="node", d=mark(k, 14, 0)) for k in range(len(groups))]
        self.key, bottom = legend(list(zip(marks, names)), EDGE, 38, PLOT + 100)
        across, up = (Axis(view.input_names[j]) for j in (view.across, view.up))
        y = Scale(up, view.y_span, bottom + 12 + PLOT, bottom + 12)
        self.left, self.top = left_margin(y), bottom + 12
        # The corners of the cells, and where the key to their colors begins.
        self.low, self.high = (self.left, self.top), (self.left + PLOT, self.top + PLOT)
        self.beside = self.left + PLOT + 22
        x = horizontal(across, view.x_span, self.left, self.left + PLOT)
        self.axes = frame(x, y, grid=False)
        self.marks, self.places, self.thinned = _marks(groups, view, x, y)


def _cells(plot: _Plot, kinds: Kinds, fills: Sequence[str]) -> str:
    """Return the cells: one path for each color, of the runs of cells in each row."""
    parts = []
    for kind, found in sorted(runs(kinds).items()):
        way = "".join(
            f"M{number(plot.left + j * CELL)} {number(plot.top + i * CELL)}"
            f"h{many * CELL}v{CELL}h-{many * CELL}z"
            for i, j, many in found
        )
        fill = fills[kind % len(fills)]
        # Without smoothing, because the background would show between two smoothed cells.
        parts.append(element("path", fill=fill, d=way, shape_rendering="crispEdges"))
    return "\n".join(parts)


# -- one output ----------------------------------------------------------------------------------


def _surface(view: View, output: int, title: object) -> Picture:
    lines = [[row[output] for row in line] for line in view.outputs()]
    values = [value for line in lines for value in line]
    low, high = _range(view.network, values)
    bar = Scale(PLAIN, (low, high), PLOT, 0)
    if (low, high) == (0.0, 1.0):
        bar.ticks, bar.labels = [0.0, 0.25, 0.5, 0.75, 1.0], ["0", "0.25", "0.5", "0.75", "1"]
    levels = [pair for pair in zip(bar.ticks, bar.labels) if low < pair[0] < high]
    bold = 0.5 if (low, high) == (0.0, 1.0) else 0.0
    kinds = [[_shade(value, low, high) for value in line[1:-1]] for line in lines[1:-1]]
    plot, name = _Plot(view, _groups(view, output, (low + high) / 2)), view.output_names[output]
    contours, numbers = _contours(plot, lines, levels, bold)
    body = [plot.key, _cells(plot, kinds, _SHADES), plot.axes, contours, plot.marks, numbers]
    body.append(_bar(plot, bar, levels, bold, name))
    notes = [*view.fixed(), *_reached(values), *plot.thinned, *_empty(kinds)]
    about = f"{name} over {view.two}, in colors from {digits(low)} to {digits(high)}."
    heading = f"{_capitalized(name, output)} over {view.two}" if title is None else title
    size = (plot.beside + max(76, 34 + bar.room()), plot.top + PLOT + 58)
    return page(size, heading, about, body, notes)


def _capitalized(name: str, output: int) -> str:
    """Return an output's name capitalized for a heading; a caller's name stays unchanged.

    >>> _capitalized("output 0", 0), _capitalized("pH", 0)
    ('Output 0', 'pH')
    """
    return name.capitalize() if name == f"output {output}" else name


def _reached(values: Sequence[float]) -> list[str]:
    """Return a sentence about the range of the outputs, as the range of the colors may be larger.

    >>> _reached([0.25, 0.125, math.nan]), _reached([0.5, 0.5])
    (['Outputs here: from 0.125 to 0.25.'], ['The output is 0.5 everywhere here.'])
    """
    found = [value for value in values if drawable(value)]
    if not found:
        return []
    low, high = closer(min(found)), closer(max(found))
    if low == high:
        return [f"The output is {low} everywhere here."]
    return [f"Outputs here: from {low} to {high}."]


def _range(network: Network, values: Sequence[float]) -> Span:
    """Return the range of the colors: that of the activation, if it is bounded."""
    bounds = TABLE[network.output_activation].range
    return bounds if all(map(math.isfinite, bounds)) else extent(values)


def _shade(value: float, low: float, high: float) -> int | None:
    if not drawable(value):
        return None
    return min(max(int(SHADES * ((value - low) / (high - low))), 0), SHADES - 1)


def _color(part: float) -> str:
    """Return the color at a fraction from 0 to 1 of the range.

    >>> _color(0.0), _color(0.625), _color(1.0)
    ('#00224e', '#9c9674', '#fee838')
    """
    place = part * (len(_RAMP) - 1)
    k = min(int(place), len(_RAMP) - 2)
    mixed = [round(between(a, b, place - k)) for a, b in zip(_RAMP[k], _RAMP[k + 1])]
    return "#{:02x}{:02x}{:02x}".format(*mixed)


_SHADES = [_color((k + 0.5) / SHADES) for k in range(SHADES)]


def _empty(kinds: Kinds) -> list[str]:
    empty = [kind for row in kinds for kind in row].count(None)
    return [f"Left empty: {counted(empty, 'cell')} without a finite output."] * bool(empty)


def _contours(plot: _Plot, values: Matrix, levels: Levels, bold: float) -> tuple[str, str]:
    """Return the contour lines, and their numbers if marks and other numbers leave room."""
    xs, ys = ([start + k * CELL for k in AT] for start in plot.low)
    lines, words, taken = [], [], list(plot.places)
    for level, label in levels:
        found = contour(xs, ys, values, level)
        way = "".join(map(path_through, found))
        if way:
            lines += _contour_line(way, level == bold)
            longest = max(found, key=len)
            spot, free = clearest(longest, taken, plot.low, plot.high)
            if free >= max(ROOM, width_of(label, SMALL_SIZE) / 2):
                taken.append(spot)
                words.append(text(spot[0], spot[1] + 4, label, "tiny on", text_anchor="middle"))
    return "\n".join(lines), "\n".join(words)


def _contour_line(way: str, is_bold: bool) -> list[str]:
    style = f"stroke-width:{2.6 if is_bold else 1.3}"
    over = element("path", class_="over", d=way, style=style)
    return [element("path", class_="halo", d=way), over]


def _bar(plot: _Plot, scale: Scale, levels: Levels, bold: float, name: str) -> str:
    """Return the scale of the colors with its numbers, and the contours as lines across it."""
    left, top = plot.beside, plot.top
    high = PLOT / SHADES
    crisp: dict[str, str | float] = {"width": 18.0, "height": high, "shape_rendering": "crispEdges"}
    ys = [top + PLOT - (k + 1) * high for k in range(SHADES)]
    parts = [element("rect", x=left, y=y, fill=f, **crisp) for y, f in zip(ys, _SHADES)]
    for tick, label in zip(scale.ticks, scale.labels):
        y = top + scale(tick)
        if (tick, label) in levels:
            parts += _contour_line(f"M{number(left)} {number(y)}h18", tick == bold)
        parts.append(text(left + 23, y + 4, label, "small ink tick-bar"))
    words = fitted(name, 100, SMALL_SIZE)
    parts.append(text(left + 62, top - 10, words, "small ink", text_anchor="end"))
    return "\n".join(parts)


# -- which output is the largest -----------------------------------------------------------------


def _class_map(view: View, title: object) -> Picture:
    cells = [line[1:-1] for line in view.outputs()[1:-1]]
    kinds = [
        [best if all_finite([row]) else None for best, row in zip(argmax(line), line)]
        for line in cells
    ]
    plot = _Plot(view, _groups(view, None, 0.5))
    way = borders(kinds, CELL, *plot.low)
    body = [plot.key, _cells(plot, kinds, _CLASSES), plot.axes]
    body += [element("path", class_="over", d=way)] if way else []
    body += [plot.marks, _numbers(plot, kinds), _class_key(plot, view.class_names, kinds)]
    notes = ["The number in a region is the class with the largest output.", *view.fixed()]
    notes += [*plot.thinned, *_tied(cells), *_empty(kinds)]
    heading = f"Largest output over {view.two}" if title is None else title
    about = f"Which of {len(view.class_names)} outputs is the largest, over {view.two}."
    return page((plot.beside + 136, plot.top + PLOT + 58), heading, about, body, notes)


def _tied(cells: list[Matrix]) -> list[str]:
    rows = [row for line in cells for row in line]
    tied = [row for row in rows if all_finite([row]) and row.count(max(row)) > 1]
    return [f"Outputs tie in {counted(len(tied), 'cell')}: the first is shown."] if tied else []


def _numbers(plot: _Plot, kinds: Kinds) -> str:
    """Return the number of its class for each region that has room for it."""

    def middle(cell: tuple[int, int]) -> Point:
        return plot.left + (cell[1] + 0.5) * CELL, plot.top + (cell[0] + 0.5) * CELL

    parts = []
    for kind, cells in patches(kinds):
        if len(cells) >= 6:
            others = [*plot.places, *map(middle, rim(cells, kinds))]
            spot, _ = clearest(map(middle, cells), others, plot.low, plot.high)
            parts.append(text(spot[0], spot[1] + 6, kind, "title on", text_anchor="middle"))
    return "\n".join(parts)


def _class_key(plot: _Plot, names: Sequence[str], kinds: Kinds) -> str:
    """Return the key to the classes on the map: color, number and name."""
    left, top = plot.beside, plot.top
    seen = sorted({kind for row in kinds for kind in row if kind is not None})
    parts = []
    if len(seen) > MOST_KEYS:
        words = f"and {len(seen) - MOST_KEYS:,} more"
        parts.append(text(left, top + 13 + MOST_KEYS * 22, words, "small ink"))
    for k, kind in enumerate(seen[:MOST_KEYS]):
        y = top + k * 22
        fill = f"fill:{_CLASSES[kind % len(_CLASSES)]}"
        box = element("rect", class_="axis", x=left, y=y, width=20.0, height=16.0, style=fill)
        label = text(left + 10, y + 12, kind, "tiny on", text_anchor="middle")
        name = text(left + 26, y + 13, fitted(names[kind], 100, SMALL_SIZE), "small ink")
        parts.append(box + label + name)
    return "\n".join(parts)


# -- the data ------------------------------------------------------------------------------------


def _groups(view: View, output: int | None, middle: float) -> Groups:
    """Return the rows by their target: its name in the legend, and their indexes."""
    rows: list[tuple[float, str]]  # what orders the targets, and the target's name
    if not view.y:
        rows = [(0, "row of X")] * len(view.X)
    elif output is None:
        rows = [(k, f"target {view.class_names[k]}") for k in argmax(view.y)]
    else:
        rows = [(row[output], f"target {closer(row[output])}") for row in view.y]
        if len(set(rows)) > KINDS:
            names = f"target below {closer(middle)}", f"target {closer(middle)} or more"
            rows = [(target >= middle, names[target >= middle]) for target, _ in rows]
    return [
        (row[1], [i for i, each in enumerate(rows) if each == row]) for row in sorted(set(rows))
    ]


def _marks(groups: Groups, view: View, x: Scale, y: Scale) -> tuple[str, list[Point], list[str]]:
    """Return the marks of the rows, their places, and a note if not every row has one."""
    every, note = _thinning(len(view.X))
    parts, places = [], []
    for k, (_, indexes) in enumerate(groups):
        spots = [(x(view.X[i][view.across]), y(view.X[i][view.up])) for i in indexes[::every]]
        places += spots
        way = "".join(dict.fromkeys(mark(k, a, b) for a, b in spots))
        parts.append(element("path", class_="halo", d=way))
        parts.append(element("path", class_="over filled", d=way))
    return "\n".join(parts), places, note


def _thinning(rows: int) -> tuple[int, list[str]]:
    """Return the number of rows per mark, and a note if it is more than one.

    >>> _thinning(300), _thinning(301)
    ((1, []), (2, ['Of 301 rows, one in 2 has a mark.']))
    """
    every = max(1, -(-rows // MOST_MARKS))
    return every, [f"Of {rows:,} rows, one in {every} has a mark."] if every > 1 else []


# -- one input -----------------------------------------------------------------------------------


def _curve(view: View, title: object) -> Picture:
    """Draw the outputs of a network with one input, against that input."""
    low, high = view.span(0)
    xs = [between(low, high, k / SAMPLES) for k in range(SAMPLES + 1)]
    ys = forward(view.network, [[x] for x in xs])[-1]
    wanted = range(len(ys[0])) if view.output is None else [view.output]
    series = [Series(view.output_names[k], [(x, y[k]) for x, y in zip(xs, ys)]) for k in wanted]
    every, notes = _thinning(len(view.y))
    for k in wanted if view.y else []:
        points = [(row[0], target[k]) for row, target in list(zip(view.X, view.y))[::every]]
        series.append(Series(f"target of {view.output_names[k]}", points, line=False))
    name = view.output_names[wanted[0]] if len(wanted) == 1 else "output"
    begun = _capitalized(name, wanted[0]) if len(wanted) == 1 else "Outputs"
    heading = f"{begun} over {view.input_names[0]}" if title is None else title
    return line_chart(str(heading), series, Axis(view.input_names[0]), Axis(name), notes=notes)
