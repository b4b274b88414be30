"""One number of a training step, expanded into its arithmetic."""

from __future__ import annotations

import math
import re
from html import escape
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, shown
from ..estimators.conventions import nearest
from ..estimators.preparation import total_of
from .formulas import Cell, Formula, Term

# The names of the article, and of `core`, for matrices that a step calls otherwise.
_OTHER_NAMES = {
    r"syn(\d+)": r"weights[\1]",
    r"(activations\[0\]|l0)": "X",
    r"activations\[(\d+)\]": r"l\1",
    r"deltas\[(\d+)\]": r"l\1_delta",
}


def known_as(name: str) -> str:
    """Return an address with the name that a step has for its matrix.

    >>> known_as("syn0[2][1]"), known_as("l0[2][1]"), known_as("deltas[2]")
    ('weights[0][2][1]', 'X[2][1]', 'l2_delta')
    """
    for other, ours in _OTHER_NAMES.items():
        name = re.sub(rf"^{other}(?!\w)", ours, name)
    return name


def find_cell(address: str, matrices: dict[str, Matrix]) -> Cell:
    """Return the cell that an address such as "l1_delta[2][1]" or "syn0[2][1]" names.

    Raises PureNetError if there is no such matrix, or if it has no such row or column.

    >>> find_cell("weights[0][1][0]", {"weights[0]": [[0.5], [0.25]]})
    Cell(name='weights[0]', i=1, j=0)
    >>> find_cell("biases[0][1]", {"biases[0]": [[0.5, 0.25]]})
    Cell(name='biases[0]', i=0, j=1)
    """
    text = known_as(address.replace(" ", "")) if isinstance(address, str) else shown(address)
    place = re.fullmatch(r"(\w+)((?:\[\d{1,9}\])+)", text)
    if place is None:
        raise PureNetError(f'cell: expected an address such as "l1[0][0]", got {shown(address)}')
    name, indices = place[1], place[2][1:-1].split("][")
    if f"{name}[0]" in matrices:  # the layer in weights[0][1][2] belongs to the name
        name += f"[{indices.pop(0)}]"
    if name not in matrices:
        hint = nearest(name, matrices) or f"; the matrices are {', '.join(matrices)}"
        raise PureNetError(f"cell: no matrix is called {name:.40}{hint}")
    if "bias" in name:
        indices.insert(0, "0")
    first = Cell(name, 0, 0)
    last = Cell(name, len(matrices[name]) - 1, len(matrices[name][0]) - 1)
    if len(indices) != 2 or int(indices[0]) > last.i or int(indices[1]) > last.j:
        raise PureNetError(f"cell: {address}: expected a number from {first} to {last}")
    return Cell(name, *map(int, indices))


class Typed:
    """What a notebook shows as `print` does; its own style would break and center the lines."""

    def _repr_html_(self) -> str:
        style = "white-space:pre;overflow-wrap:normal;word-break:normal;text-align:left"
        return f'<pre style="{style}">{escape(str(self))}</pre>'


class Expansion(Typed):
    """One number and the lines of arithmetic that lead to it, which `print` shows."""

    def __init__(self, cell: Cell, value: float, lines: list[str]) -> None:
        self.cell, self.value, self.lines = cell, value, lines

    def __str__(self) -> str:
        return "\n".join(self.lines)

    def __repr__(self) -> str:
        return f"<Expansion of {self.cell}, {self.value!r}>"

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {"cell": str(self.cell), "value": self.value, "lines": self.lines}


def expand(cell: Cell, formulas: list[Formula], matrices: dict[str, Matrix]) -> Expansion:
    """Return the arithmetic behind one number, with symbols and with numbers.

    >>> from .formulas import Formula
    >>> print(expand(Cell("X", 0, 0), [Formula("X")], {"X": [[3.0]]}))
    X[0][0] = 3 is given
    """
    formula = next(formula for formula in formulas if formula.name == cell.name)
    value = cell.value_in(matrices)
    if formula.terms is None:
        return Expansion(cell, value, [f"{cell} = {number(value)} is given"])
    terms = formula.terms(cell.i, cell.j, matrices)
    if len(terms) == 1 and not formula.activation:
        lines = [f"{cell} = {_symbols(terms[0])}"]
        steps = [_numbers(terms[0], matrices)]
    else:
        total = total_of(product_of(term, matrices) for term in terms)
        steps = _activated(formula.activation, total)
        of = f"{formula.activation} of " if steps else ""
        lines = [f"{cell} = {of}the sum of", *(f"    {worked_out(t, matrices)}" for t in terms)]
    start = " " * len(str(cell))
    # A number that copies another would give the same line twice.
    lines += [f"{start} = {step}" for step in dict.fromkeys([*steps, number(value)])]
    return Expansion(cell, value, lines)


def worked_out(term: Term, matrices: dict[str, Matrix]) -> str:
    """Return a term in symbols and in numbers, and its product if it has several factors.

    >>> worked_out([Cell("X", 0, 0), " * ", Cell("X", 0, 1)], {"X": [[2.0, 3.0]]})
    'X[0][0] * X[0][1] = 2 * 3 = 6'
    """
    product = [number(product_of(term, matrices))] if len(term) > 1 else []
    return " = ".join([_symbols(term), _numbers(term, matrices), *product])


def number(value: float) -> str:
    """Return a number with eight digits, as the lessons print it, and zero without a sign.

    >>> number(0.1 + 0.2), number(-0.0)
    ('0.3', '0')
    """
    return f"{value + 0.0:.8g}"


def _symbols(term: Term) -> str:
    return "".join(map(str, term))


def _numbers(term: Term, matrices: dict[str, Matrix]) -> str:
    return "".join(
        number(piece.value_in(matrices)) if isinstance(piece, Cell) else piece for piece in term
    )


def product_of(term: Term, matrices: dict[str, Matrix]) -> float:
    """Return the product of the cells in a term.

    >>> product_of([Cell("X", 0, 0), " * ", Cell("X", 0, 1)], {"X": [[2.0, 3.0]]})
    6.0
    """
    return math.prod(piece.value_in(matrices) for piece in term if isinstance(piece, Cell))


def _activated(activation: str, total: float) -> list[str]:
    """Return the steps from a sum to the activation's output, if it has a name."""
    if activation in ("", "linear"):
        return []
    z = number(total)
    if activation == "sigmoid":
        return [f"sigmoid({z})", f"1 / (1 + exp({number(-total)}))"]
    if activation == "softmax":
        return [f"exp({z}) / the sum of these powers over the row"]
    return [f"{activation}({z})"]
