"""One number's course, and a weight's story: which examples pull it up, and which down.

The article tells the story of a weight of 9.5 and its next update. A row whose input agrees with
the answer pulls the weight up, a row whose input does not pulls it down, and the sum moves it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from ..core.checks import counted
from ..estimators.preparation import total_of
from .cells import Typed, number, product_of, worked_out
from .formulas import Cell, Term, in_full

Step = Any  # a Trace, whose module imports this one
SHOWN_ROWS = 12  # if there are more, the rows with the strongest pulls are shown


class Moment(NamedTuple):
    """The effect of one iteration on a weight: the sum of the pulls up, and of the pulls down."""

    iteration: int
    weight: float
    up: float
    down: float


class Course(Typed):
    """The arithmetic of one number, and its later values: pairs (iteration, number)."""

    def __init__(self, cell: Cell, step: Step, values: list[tuple[int, float]]) -> None:
        self.cell, self.step, self.values = cell, step, values

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self.cell} from iteration {self.step.iteration}>"

    def __str__(self) -> str:
        lines = [f"In iteration {self.step.iteration:,}:", str(self.step.cell(str(self.cell))), ""]
        rows = [f"{iteration:>12,}{number(value):>16}" for iteration, value in self.values]
        return "\n".join([*lines, f"{'iteration':>12}{'value':>16}", *rows])

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON values, every number in full."""
        values = [{"iteration": iteration, "value": value} for iteration, value in self.values]
        return {"cell": str(self.cell), "iteration": self.step.iteration, "values": values}


class Story(Course):
    """Each row's pull on one weight in one iteration, and the weight's later values.

    `pulls` has a number for each row, whose product is in `terms`, and `moments` a Moment for each
    iteration in the table.
    """

    def __init__(self, cell: Cell, step: Step, terms: list[Term], moments: list[Moment]) -> None:
        super().__init__(cell, step, [moment[:2] for moment in moments])
        self.terms, self.moments = terms, moments
        self.pulls = [product_of(term, step.matrices) for term in terms]

    def __str__(self) -> str:
        lines = [self._title(), *self._rows(), self._outcome()]
        if len(self.moments) > 1:
            lines += ["", *self._later()]
        return "\n".join(lines)

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON values, every number in full."""
        moments = [moment._asdict() for moment in self.moments]
        place = {"cell": str(self.cell), "iteration": self.step.iteration}
        return {**place, "pulls": self.pulls, "moments": moments}

    def _title(self) -> str:
        """Return a description of the weight or bias."""
        k = int(self.cell.name.split("[")[1].rstrip("]"))
        to = self._unit(k + 1, self.cell.j)
        which = f"from {self._unit(k, self.cell.i)} to {to}"
        if self.cell.name.startswith("biases"):
            which = f"the bias of {to}"
        return f"{self.cell}, {which}, in iteration {self.step.iteration:,}:"

    def _unit(self, k: int, number: int) -> str:
        if k == 0:
            return f"input {number}"
        last = k == len(self.step.network.weights)
        return f"output {number}" if last else f"unit {number} of layer {k}"

    def _rows(self) -> list[str]:
        """Return a line for each row that pulls, or for the strongest pulls."""
        order = sorted(range(len(self.pulls)), key=lambda row: -abs(self.pulls[row]))[:SHOWN_ROWS]
        lines = [self._row(row) for row in sorted(order)]
        if len(order) < len(self.pulls):
            rest = counted(len(self.pulls) - len(order), "more row")
            lines.append(f"  and {rest} with weaker or equal pulls")
        return lines

    def _row(self, row: int) -> str:
        pull = self.pulls[row]
        direction = "pulls it up" if pull > 0.0 else "pulls it down" if pull < 0.0 else "leaves it"
        return f"  row {row} {direction}: {worked_out(self.terms[row], self.step.matrices)}"

    def _outcome(self) -> str:
        rate, after = self.step.learning_rate, self.cell._replace(name=f"new_{self.cell.name}")
        numbers = [number(cell.value_in(self.step.matrices)) for cell in (self.cell, after)]
        times = "" if rate == 1.0 else f", times the learning rate {in_full(rate)}"
        return f"  together {number(total_of(self.pulls))}{times}: {' becomes '.join(numbers)}"

    def _later(self) -> list[str]:
        """Return a table of the moments."""
        lines = [f"{'iteration':>12}{'weight':>16}{'up':>16}{'down':>16}{'together':>16}"]
        for moment in self.moments:
            numbers = (moment.weight, moment.up, moment.down, moment.up + moment.down)
            cells = "".join(f"{number(value):>16}" for value in numbers)
            lines.append(f"{moment.iteration:>12,}{cells}")
        return lines


def course_of(step: Step, cell: Cell, until: int) -> Course:
    """Return the course of any number from a step to the iteration `until`.

    >>> from purenet import Network
    >>> from .tracing import trace
    >>> step = trace(Network([1, 1], init="zeros"), [[3]], [[1]])
    >>> print(course_of(step, Cell("l1_error", 0, 0), 1))
    In iteration 0:
    l1_error[0][0] = y[0][0] - l1[0][0]
                   = 1 - 0.5
                   = 0.5
    <BLANKLINE>
       iteration           value
               0             0.5
               1      0.24508501
    """
    now = _from(step, until)
    return Course(cell, step, [(each.iteration, cell.value_in(each.matrices)) for each in now])


def story_of(step: Step, cell: Cell, until: int) -> Story:
    """Return the story of one weight or bias from a step to the iteration `until`.

    >>> from purenet import Network
    >>> from .tracing import trace
    >>> step = trace(Network([1, 1], init="zeros"), [[3], [1]], [[1], [0]])
    >>> print(story_of(step, Cell("weights[0]", 0, 0), 0))
    weights[0][0][0], from input 0 to output 0, in iteration 0:
      row 0 pulls it up: X[0][0] * l1_delta[0][0] = 3 * 0.125 = 0.375
      row 1 pulls it down: X[1][0] * l1_delta[1][0] = 1 * -0.125 = -0.125
      together 0.25: 0 becomes 0.25
    """
    moments, terms = [], _pulls(cell, step)
    for now in _from(step, until):
        pulls = [product_of(term, now.matrices) for term in terms]
        up = total_of([0.0, *(pull for pull in pulls if pull > 0.0)])
        down = total_of([0.0, *(pull for pull in pulls if pull < 0.0)])
        moments.append(Moment(now.iteration, cell.value_in(now.matrices), up, down))
    return Story(cell, step, terms, moments)


def _from(step: Step, until: int) -> Iterator[Step]:
    """Go through a step and those at the later checkpoints."""
    for iteration in [step.iteration, *_checkpoints(step.iteration, until)]:
        step = step.after(iteration - step.iteration)
        yield step


def _checkpoints(first: int, until: int) -> list[int]:
    """Return the powers of ten between two iterations, and the last."""
    powers = [10**n for n in range(len(str(until)))]
    return [n for n in powers if first < n < until] + [until] * (until > first)


def _pulls(cell: Cell, step: Step) -> list[Term]:
    """Return each row's pull on a weight: the terms of the number that the update adds to it."""
    formulas = {formula.name: formula for formula in step.formulas}
    _, change = formulas[f"new_{cell.name}"].operands
    terms: list[Term] = formulas[change].terms(cell.i, cell.j, step.matrices)
    return terms
