"""The view of a decision surface: two inputs over a range, a grid of cells, and the data."""

from __future__ import annotations

from ..core._types import Matrix, Rows
from ..core.backpropagation import forward
from ..core.checks import PureNetError, check_parameters, shown, whole_number
from ..core.matrix import column_sums
from ..core.network import Network
from .axes import Span, drawable, extent
from .graph import Names, checked_names
from .words import digits

CELLS, CELL = 40, 10  # the number of cells in a row, and the width of each
MARGIN = 0.1  # how far the axes extend beyond the data, as a fraction of its range
# Positions in cells, from the left and from the top: the frame's sides, and the middles of cells.
AT = [0.0, *[k + 0.5 for k in range(CELLS)], float(CELLS)]


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
        self.input_names = checked_names(inputs, "input", n) or [f"input {j}" for j in range(n)]
        given = checked_names(outputs, "output", m)
        self.output_names = given or [f"output {j}" for j in range(m)]
        self.class_names = given or [f"class {j}" for j in range(m)]

    def choose(self, inputs: tuple[int, int]) -> None:
        """Choose the `two` inputs that vary, and the values at which the others are fixed."""
        try:
            first, second = inputs
        except (TypeError, ValueError):
            raise PureNetError(f"inputs: expected two indexes, got {shown(inputs)}") from None
        last = self.network.sizes[0] - 1
        self.across = whole_number(first, "inputs[0]", 0, last)
        self.up = whole_number(second, "inputs[1]", 0, last)
        if self.across == self.up:
            raise PureNetError(f"inputs: expected two different indexes, got {shown(inputs)}")
        self.two = f"{self.input_names[self.across]} and {self.input_names[self.up]}"
        rows = self.X or [[1.0] * (last + 1)]
        self.rest = column_sums([[value / len(rows) for value in row] for row in rows])
        self.x_span, self.y_span = self.span(self.across), self.span(self.up)

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

    def outputs(self) -> list[Matrix]:
        """Return the network's outputs on a grid: at the middle of each cell, and on the frame."""
        found = []
        for down in AT:
            rows = [list(self.rest) for _ in AT]
            for row, along in zip(rows, AT):
                row[self.across] = between(*self.x_span, along / CELLS)
                row[self.up] = between(*self.y_span[::-1], down / CELLS)
            found.append(forward(self.network, rows)[-1])
        return found


def between(low: float, high: float, part: float) -> float:
    """Return the number at this fraction of the way from low to high.

    >>> between(10.0, 20.0, 0.25)
    12.5
    """
    return low * (1.0 - part) + high * part
