"""A network as a graph: a column of nodes for each layer, a line for each weight.

A line's width shows the size of its weight, compared with the largest in the network. Lines of
negative weights are dashed as well as orange. A large layer shows only its first neurons and the
number of the others, so that the picture stays legible and small.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Optional

from ..core._types import Row, Rows
from ..core.backpropagation import forward
from ..core.checks import PureNetError, check_parameters, counted
from ..core.network import Network
from .marks import legend
from .svg import EDGE, Picture, element, hint, page, path_through, text
from .words import LINE, digits, fitted, width_of

# What a caller calls the inputs or the outputs.
Names = Optional[Sequence[object]]

MOST, FIRST = 16, 12  # a layer of more than MOST neurons shows only the first FIRST
ALL_NODES = 96  # roughly the most nodes; with many layers, each shows fewer
WRITTEN = 12  # with at most this number of lines between two layers, each has its weight on it
HINTS = 400  # with at most this number of lines, each shows its weight under the mouse
RADIUS, STEP, WIDE_STEP = 22, 52, 62  # wide for biases under nodes, or weights on lines
THICKEST, THINNEST = 7.0, 0.5
THINNER = 36.0  # the widest line, times the root of the number of lines between two layers


def network_graph(
    network: Network,
    row: Rows = None,
    *,
    title: object = None,
    input_names: Names = None,
    output_names: Names = None,
) -> Picture:
    """Draw the layers as columns of nodes, and each weight as a line between two of them.

    Width is |weight|; positive weights are solid, negative ones dashed. Between two layers with at
    most 12 lines, each has its weight on it. With `row`, one row of
    inputs, each node shows its activation. Without it, each node shows its name: x0 is input 0, h0
    the first hidden neuron of its layer, y0 output 0. Biases are below the nodes. A layer with more
    than 16 neurons shows the first 12.

    Raises PureNetError if the weights, the row or the names do not fit the network.

    >>> from ..core.network import Network
    >>> network_graph(Network([3, 4, 1], seed=1)).svg.count("weights[")
    16
    """
    check_parameters(network)
    layers = [] if row is None else forward(network, network.check_inputs([row], "row"))
    values = [outputs for [outputs] in layers]
    inputs = checked_names(input_names, "input", network.sizes[0])
    outputs = checked_names(output_names, "output", network.sizes[-1])
    layout = _Layout(network, inputs, outputs)
    key, top = legend(_legend(layout), EDGE, 38, layout.width - 2 * EDGE)
    layout.top = top + 54
    columns = [_column(network, layout, k, values) for k in range(len(network.sizes))]
    body = [key, _edges(network, layout), *columns, _outer_names(layout, inputs, outputs)]
    size = "-".join(map(str, network.sizes))
    about = f"A network of {counted(len(network.sizes), 'layer')}, {size} neurons."
    whole = (layout.width, layout.top + layout.height + 8)
    heading = f"Network {size}" if title is None else title
    return page(whole, heading, about, body, _notes(network, layout, values))


def checked_names(names: Names, thing: str, count: int) -> list[str]:
    """Return a caller's names as text, if any; raise PureNetError for too few or too many.

    >>> checked_names(["length", "width"], "input", 2)
    ['length', 'width']
    """
    if names is None:
        return []
    words = [str(each) for each in names]
    if len(words) != count:
        wanted = f"{counted(count, 'name')}, one for each {thing}"
        raise PureNetError(f"{thing}_names: expected {wanted}, got {len(words)}")
    return words


class _Layout:
    """Which neurons of each layer are shown, where, and how wide the lines between them are."""

    def __init__(self, network: Network, inputs: list[str], outputs: list[str]):
        sizes = network.sizes
        most = min(MOST, max(4, ALL_NODES // len(sizes)))
        first = min(FIRST, most - 2)
        self.sizes = sizes
        self.shown = [n if n <= most else first for n in sizes]
        # An ellipsis takes the place of one node.
        self.places = [shown + (shown < n) for shown, n in zip(self.shown, sizes)]
        lines = max(m * n for m, n in zip(self.shown, self.shown[1:]))
        self.step = WIDE_STEP if network.biases or lines <= WRITTEN else STEP
        tallest = max(self.places)
        self.height = tallest * self.step
        self.gap = 140 + 8 * tallest + 60 * (lines <= WRITTEN)
        self.left = _room(inputs)
        self.width = max(self.left + self.gap * (len(sizes) - 1) + _room(outputs), 360)
        self.top = 0.0
        self.weights = [w for W in network.weights for row in W for w in row if math.isfinite(w)]
        self.largest = max(map(abs, self.weights), default=0.0) or 1.0
        self.thickest = min(THICKEST, THINNER / math.sqrt(lines))

    def width_of_line(self, weight: float) -> float:
        return max(THINNEST, self.thickest * (abs(weight) / self.largest))

    def x(self, k: int) -> float:
        return self.left + k * self.gap

    def y(self, k: int, j: int) -> float:
        free = max(self.places) - self.places[k]
        return self.top + (j + 0.5 + free / 2) * self.step - (self.step - STEP) / 2


def _room(names: list[str]) -> float:
    """Return how far the picture goes beyond the middles of its first or last nodes."""
    return max(70, RADIUS + 24 + min(140.0, max(map(width_of, names), default=0.0)))


def _legend(layout: _Layout) -> list[tuple[str, str]]:
    entries = []
    ends = {"positive": max([0.0, *layout.weights]), "negative": min([0.0, *layout.weights])}
    for k, (sign, end) in enumerate(ends.items()):
        if end:
            wide = layout.width_of_line(end)
            line = element("path", class_=f"edge s{k}", d="M0 0h28", stroke_width=wide)
            entries.append((line, f"{sign} weight to {digits(end)}"))
    return entries


def _edges(network: Network, layout: _Layout) -> str:
    """Return the lines, the thinnest first, so that the thickest are on top."""
    found = [
        (abs(weight), k, i, j, weight)
        for k, W in enumerate(network.weights)
        for i, row in enumerate(W[: layout.shown[k]])
        for j, weight in enumerate(row[: layout.shown[k + 1]])
        if math.isfinite(weight)
    ]
    hints = len(found) <= HINTS
    lines = [_edge(layout, k, i, j, w, hints) for _, k, i, j, w in sorted(found)]
    return "\n".join(lines + [_written(layout, k, i, j, w) for _, k, i, j, w in found])


def _written(layout: _Layout, k: int, i: int, j: int, weight: float) -> str:
    """Return the number on a line, where those on the other lines are evenly above and below."""
    m, n = layout.shown[k : k + 2]
    if m * n > WRITTEN:
        return ""
    part = 1 / (n + 1) if n <= m else m / (m + 1)  # of the way to the next layer
    x, y = layout.x(k) + part * layout.gap, layout.y(k, i) * (1 - part) + layout.y(k + 1, j) * part
    return text(x, y + 4, digits(weight), "tiny ink under", text_anchor="middle")


def _edge(layout: _Layout, k: int, i: int, j: int, weight: float, hints: bool) -> str:
    way = path_through([(layout.x(k), layout.y(k, i)), (layout.x(k + 1), layout.y(k + 1, j))])
    inside = [hint(f"weights[{k}][{i}][{j}] = {weight:.6g}")] if hints else []
    look = "edge s1" if weight < 0.0 else "edge s0"
    return element("path", *inside, class_=look, d=way, stroke_width=layout.width_of_line(weight))


def _column(network: Network, layout: _Layout, k: int, values: list[Row]) -> str:
    """Return a layer: its name, size and activation, its nodes, and how many more there are."""
    x, size, shown, last = layout.x(k), layout.sizes[k], layout.shown[k], len(layout.sizes) - 1
    kind = "x" if k == 0 else "y" if k == last else "h"
    name = "inputs" if k == 0 else "outputs" if k == last else f"hidden layer {k}"
    activation = network.layer_activations[k - 1]
    below = f"{size:,}" if k == 0 else f"{size:,} × {activation}"  # noqa: RUF001
    parts = [text(x, layout.top - 2 * LINE - 5, name, text_anchor="middle")]
    parts.append(text(x, layout.top - LINE - 5, below, "small quiet", text_anchor="middle"))
    for j in range(shown):
        parts.append(_node(x, layout.y(k, j), f"{kind}{j}", values[k][j] if values else None))
        if k and network.biases:
            bias, y = f"b {digits(network.biases[k - 1][j])}", layout.y(k, j) + RADIUS + 11
            parts.append(text(x, y, bias, "tiny quiet under", text_anchor="middle"))
    if shown < size:
        parts.append(_ellipsis(x, layout.y(k, shown), size - shown))
    return "\n".join(parts)


def _node(x: float, y: float, name: str, value: float | None) -> str:
    circle = element("circle", class_="node", cx=x, cy=y, r=float(RADIUS))
    word = name if value is None else digits(value)
    node = circle + text(x, y + 4, word, "tiny ink", text_anchor="middle")
    return node if value is None else element("g", hint(f"{name} = {value:.6g}"), node)


def _ellipsis(x: float, y: float, more: int) -> str:
    dots = [element("circle", class_="ink", cx=x, cy=y + d, r=2.0) for d in (-18, -11, -4)]
    words = text(x, y + 14, f"{more:,} more", "small ink", text_anchor="middle")
    return "".join(dots) + words


def _outer_names(layout: _Layout, inputs: list[str], outputs: list[str]) -> str:
    """Return a caller's names, left of the inputs and right of the outputs."""
    sides = (0, inputs, -RADIUS - 8, "end"), (len(layout.sizes) - 1, outputs, RADIUS + 8, "start")
    return "\n".join(
        text(layout.x(k) + away, layout.y(k, j) + 4, fitted(name, 140), text_anchor=anchor)
        for k, names, away, anchor in sides
        for j, name in enumerate(names[: layout.shown[k]])
    )


def _notes(network: Network, layout: _Layout, values: list[Row]) -> list[str]:
    count, lines = (
        sum(m * n for m, n in zip(sizes, sizes[1:])) for sizes in (layout.sizes, layout.shown)
    )
    notes = ["The nodes show activations." if values else ""]
    notes.append("Width is |weight|; b is a bias." if network.biases else "Width is |weight|.")
    if layout.shown != layout.sizes:
        notes.append(f"{lines:,} of {count:,} weights are drawn: ")
        notes.append("large layers show their first neurons only.")
    missing = count - len(layout.weights)
    if not missing and not any(layout.weights):
        notes.append("Every weight is 0.")
    if missing:
        notes.append(f"Not drawn because not finite: {counted(missing, 'weight')}.")
    return notes
