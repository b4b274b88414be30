"""The view of a decision surface: two inputs over a range, a grid of cells, and the data."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from ..core._types import Matrix, Rows
from ..core.backpropagation import forward
from ..core.checks import PureNetError, shown, whole_number
from ..core.matrix import column_sums
from ..core.network import Network, check_parameters
from .axes import PLAIN, Scale, Span, drawable, extent, left_margin
from .graph import Names, checked_names
from .words import digits

T = TypeVar("T")

CELLS, CELL = 40, 10  # the number of cells in a row, and the width of each
MARGIN = 0.1  # how far the axes extend beyond the data, as a fraction of its range


class View:
    """The checked arguments of a surface: the data, and which inputs and which output to draw."""

    def __init__(
        self,
        network: Network,
        X: Rows,
        y: Rows,
        output: int | None,
        input_names: Names,
        output_names: Names,
    ) -> None:
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
        given = checked_names(input_names, "input_names", n, "input")
        self.input_names = given or [f"input {j}" for j in range(n)]
        given = checked_names(output_names, "output_names", m, "output")
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
        """Return a sentence about the inputs that do not vary."""
        others = [j for j in range(len(self.rest)) if j not in (self.across, self.up)]
        if not others:
            return []
        where = "at their mean in X" if self.X else "at 1"
        if len(others) > 3:
            return [f"The other {len(others):,} inputs are fixed {where}."]
        if len(others) == 1:
            where = where.replace("their", "its")
        values = ", ".join(f"{self.input_names[j]} = {digits(self.rest[j])}" for j in others)
        which = "The other inputs are" if len(others) > 1 else "The other input is"
        return [f"{which} fixed {where}: {values}."]


class Grid:
    """The network's outputs at the middle of each cell, and on the frame around them."""

    def __init__(self, view: View) -> None:
        self.x_span, self.y_span = view.span(view.across), view.span(view.up)
        self.left = left_margin(Scale(PLAIN, self.y_span, 0.0, 1.0))
        # Positions in cells, from the left and from the top: the frame's sides, and the middles.
        self.at = [0.0, *[k + 0.5 for k in range(CELLS)], float(CELLS)]
        rows = []
        for down in self.at:
            for along in self.at:
                row = list(view.rest)
                row[view.across] = between(*self.x_span, along / CELLS)
                row[view.up] = between(*self.y_span[::-1], down / CELLS)
                rows.append(row)
        self.outputs = forward(view.network, rows)[-1]

    def lines(self, values: Sequence[T]) -> list[list[T]]:
        """Return the values at the middles and on the frame, row by row from the top."""
        wide = len(self.at)
        return [list(values[i * wide : (i + 1) * wide]) for i in range(wide)]

    def middles(self, values: Sequence[T]) -> list[list[T]]:
        """Return a value for each cell, without those on the frame."""
        return [line[1:-1] for line in self.lines(values)[1:-1]]


def between(low: float, high: float, part: float) -> float:
    """Return the number at this fraction of the way from low to high.

    >>> between(10.0, 20.0, 0.25)
    12.5
    """
    return low * (1.0 - part) + high * part
