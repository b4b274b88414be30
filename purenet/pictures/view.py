"""The view of a decision surface: two inputs over a range, a grid of cells, and the data."""

from __future__ import annotations

from typing import TypeVar

from ..core._types import Matrix, Rows
from ..core.backpropagation import forward
from ..core.checks import PureNetError, check_parameters, shown, whole_number
from ..core.matrix import column_sums
from ..core.network import Network
from .axes import PLAIN, Scale, Span, drawable, extent, left_margin
from .graph import Names, checked_names
from .words import digits

T = TypeVar("T")

CELLS, CELL = 40, 10  # the number of cells in a row, and the width of each
MARGIN = 0.1  # how far the axes extend beyond the data, as a fraction of its range


class View:
    """The checked arguments of a surface: data, names, and which inputs and output to draw."""

    def __init__(self, network: Network, X: Rows, y: Rows, output: int | None) -> None:
        check_parameters(network)
        self.network = network
        self.X: Matrix = []
        self.y: Matrix = []
        if y is not None:
            self.X, self.y = network.check_data(X, y)
        elif X is not None:
            self.X = network.check_inputs(X)
        n, m = network.sizes[0], network.sizes[-1]
        self.output = None if output is None else whole_number(output, "output", 0, m - 1)
        if output is None and m == 1 and n > 1:
            raise PureNetError("output: None compares outputs, but the network has 1 output")

    def name(self, inputs: Names, outputs: Names) -> None:
        """Name the inputs and outputs, by their numbers where the caller has no names."""
        n, m = self.network.sizes[0], self.network.sizes[-1]
        given = checked_names(inputs, "input_names", n, "input")
        self.input_names = given or [f"input {j}" for j in range(n)]
        given = checked_names(outputs, "output_names", m, "output")
        self.output_names = given or [f"output {j}" for j in range(m)]
        self.class_names = given or [f"class {j}" for j in range(m)]

    def choose(self, inputs: tuple[int, int]) -> None:
        """Choose the two inputs that vary, and the values at which the others are fixed."""
        try:
            first, second = inputs
        except (TypeError, ValueError):
            raise PureNetError(f"inputs: expected two indexes, got {shown(inputs)}") from None
        last = self.network.sizes[0] - 1
        self.across = whole_number(first, "inputs[0]", 0, last)
        self.up = whole_number(second, "inputs[1]", 0, last)
        if self.across == self.up:
            raise PureNetError(f"inputs: expected two different indexes, got {shown(inputs)}")
        self.rest = [1.0] * (last + 1)
        if self.X:
            parts = [[value / len(self.X) for value in row] for row in self.X]
            self.rest = column_sums(parts)

    def span(self, j: int) -> Span:
        """Return the range in which input j is drawn."""
        if not self.X:
            return 0.0, 1.0
        column = [row[j] for row in self.X]
        if not all(map(drawable, column)):
            raise PureNetError(f"X: column {j} has a number beyond 1e300, which no axis can show")
        return extent(column, margin=MARGIN)

    def fixed(self) -> list[str]:
        """Return a sentence about the inputs that do not vary, if there are any."""
        others = [j for j in range(len(self.rest)) if j not in (self.across, self.up)]
        which = ", ".join(f"{self.input_names[j]} = {digits(self.rest[j])}" for j in others)
        if len(others) > 3:
            which = f"the other {len(others):,} inputs"
        where = "the mean in X" if self.X else "1"
        return [f"Fixed at {where}: {which}."] if others else []


class Grid:
    """The network's outputs at the middle of each cell, and on the frame around them."""

    def __init__(self, view: View) -> None:
        self.x_span, self.y_span = view.span(view.across), view.span(view.up)
        self.left = left_margin(Scale(PLAIN, self.y_span, 0.0, 1.0))
        # Positions in cells, from the left and from the top: the frame's sides, and the middles.
        self.at = [0.0, *[k + 0.5 for k in range(CELLS)], float(CELLS)]
        self.outputs: list[Matrix] = []
        for down in self.at:
            rows = [list(view.rest) for _ in self.at]
            for row, along in zip(rows, self.at):
                row[view.across] = between(*self.x_span, along / CELLS)
                row[view.up] = between(*self.y_span[::-1], down / CELLS)
            self.outputs.append(forward(view.network, rows)[-1])


def middles(grid: list[list[T]]) -> list[list[T]]:
    """Return the lines of a grid without what is on the frame.

    >>> middles([[1, 2, 3], [4, 5, 6], [7, 8, 9]])
    [[5]]
    """
    return [line[1:-1] for line in grid[1:-1]]


def between(low: float, high: float, part: float) -> float:
    """Return the number at this fraction of the way from low to high.

    >>> between(10.0, 20.0, 0.25)
    12.5
    """
    return low * (1.0 - part) + high * part
