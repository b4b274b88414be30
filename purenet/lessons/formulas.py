"""The equations of one training step, for whole matrices and for each of their numbers.

A `Formula` describes how one matrix is computed, and which terms are added up for its number (i,
j). A term is a list of pieces: text, and the numbers (`Cell`) in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from ..activation_table import TABLE
from ..core._types import Matrix
from ..core.network import Network

Term = list["str | Cell"]


class Cell(NamedTuple):
    """One number: the name of its matrix, its row and its column.

    >>> str(Cell("weights[0]", 0, 2)), str(Cell("biases[0]", 0, 2))
    ('weights[0][0][2]', 'biases[0][2]')
    """

    name: str
    i: int
    j: int

    def __str__(self) -> str:
        if "bias" in self.name:  # a layer's biases are a list, here a matrix of one row
            return f"{self.name}[{self.j}]"
        return f"{self.name}[{self.i}][{self.j}]"

    def value_in(self, matrices: dict[str, Matrix]) -> float:
        """Return the number itself."""
        return matrices[self.name][self.i][self.j]


def cell_of(operand: str, i: int, j: int) -> Cell:
    """Return the cell in row i and column j of an operand.

    >>> str(cell_of("weights[1]", 0, 2)), str(cell_of("weights[1]ᵀ", 0, 2))
    ('weights[1][0][2]', 'weights[1][2][0]')
    """
    name = operand.rstrip("ᵀ")
    return Cell(name, i, j) if name == operand else Cell(name, j, i)


class Formula(NamedTuple):
    """How one matrix is computed.

    `operands` are the names of the matrices on both sides of the `sign`, with ᵀ where one is
    transposed. The number (i, j) is the `activation` of the sum of `terms(i, j, matrices)`. A given
    matrix, which is not computed, has no equation.
    """

    name: str
    equation: str = ""
    operands: tuple[str, ...] = ()
    sign: str = ""
    terms: Callable[[int, int, dict[str, Matrix]], list[Term]] | None = None
    activation: str = ""


def formulas_of(network: Network, learning_rate: float) -> list[Formula]:
    """Return the formulas of one step, in the order of computation.

    >>> from purenet import Network
    >>> for formula in formulas_of(Network([3, 4, 1]), 1.0)[4:]:
    ...     print(formula.name, "=", formula.equation)
    l1 = sigmoid(X · weights[0])
    l2 = sigmoid(l1 · weights[1])
    l2_error = y - l2
    l2_delta = l2_error * (l2 * (1 - l2))
    l1_error = l2_delta · weights[1]ᵀ
    l1_delta = l1_error * (l1 * (1 - l1))
    negative_gradients[1] = l1ᵀ · l2_delta
    negative_gradients[0] = Xᵀ · l1_delta
    new_weights[1] = weights[1] + negative_gradients[1]
    new_weights[0] = weights[0] + negative_gradients[0]
    """
    layers = len(network.weights)
    biased = bool(network.biases)
    rate = "" if learning_rate == 1.0 else f"{in_full(learning_rate)} * "
    kinds = ("weights", "biases") if biased else ("weights",)
    formulas = [Formula("X"), Formula("y")]
    formulas += [Formula(f"{kind}[{k}]") for k in range(layers) for kind in kinds]
    for k, activation in enumerate(network.layer_activations):
        bias = f"biases[{k}]" * biased
        formulas.append(_product(f"l{k + 1}", layer(k), f"weights[{k}]", bias, activation))
    formulas.append(_elementwise(f"l{layers}_error", "{0} - {1}", "y", f"l{layers}"))
    for k in range(layers, 0, -1):
        if k < layers:
            formulas.append(_product(f"l{k}_error", f"l{k + 1}_delta", f"weights[{k}]ᵀ"))
        formulas.append(_delta(network, k))
    for k in range(layers - 1, -1, -1):
        formulas.append(_product(f"negative_gradients[{k}]", f"{layer(k)}ᵀ", f"l{k + 1}_delta"))
        formulas += [_negative_bias_gradient(k)] * biased
    changes = {"weights": "negative_gradients", "biases": "negative_bias_gradients"}
    for k in range(layers - 1, -1, -1):
        for kind in kinds:
            old, change = f"{kind}[{k}]", f"{changes[kind]}[{k}]"
            formulas.append(_elementwise(f"new_{old}", f"{{0}} + {rate}{{1}}", old, change))
    return formulas


def layer(k: int) -> str:
    """Return the name of layer k's outputs.

    >>> layer(0), layer(1)
    ('X', 'l1')
    """
    return f"l{k}" if k else "X"


def in_full(learning_rate: float) -> str:
    """Return a learning rate with all its digits, as people write it.

    >>> in_full(0.1), in_full(10.0)
    ('0.1', '10')
    """
    return str(learning_rate).removesuffix(".0")


def _product(name: str, left: str, right: str, bias: str = "", activation: str = "") -> Formula:
    """Return the formula of a matrix product: rows on the left times columns on the right."""

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        matrix = matrices[right.rstrip("ᵀ")]
        shared = range(len(matrix if right in matrices else matrix[0]))
        products: list[Term] = [[cell_of(left, i, t), " * ", cell_of(right, t, j)] for t in shared]
        return [*products, [Cell(bias, 0, j)]] if bias else products

    total = f"{left} · {right} + {bias}" if bias else f"{left} · {right}"
    equation = total if activation in ("", "linear") else f"{activation}({total})"
    return Formula(name, equation, (left, right), "·", terms, activation)


def _elementwise(name: str, pattern: str, *operands: str) -> Formula:
    """Return the formula of a matrix whose numbers come from the same place in its operands.

    The pattern is the equation, with {0} for the first operand and {1} for the second.
    """
    # Text and the numbers of operands, in turn.
    pieces = re.split(r"{(\d)}", pattern)

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        cells = [Cell(operand, i, j) for operand in operands]
        return [[cells[int(piece)] if k % 2 else piece for k, piece in enumerate(pieces)]]

    equation = pattern.format(*operands)
    if len(operands) == 1:
        return Formula(name, equation, terms=terms)
    return Formula(name, equation, operands, pattern.split()[1], terms)


def _delta(network: Network, k: int) -> Formula:
    activation, last = network.layer_activations[k - 1], k == len(network.weights)
    output, error, name = f"l{k}", f"l{k}_error", f"l{k}_delta"
    if activation == "linear" or (last and network.loss == "cross_entropy"):
        return _elementwise(name, "{0}", error)
    if activation == "softmax":
        return _softmax_delta(name, error, output)
    slope = re.sub(r"\.0\b", "", f"({TABLE[activation].slope})")  # with 1 for 1.0
    return _elementwise(name, "{0} * " + slope.replace("{a}", "{1}"), error, output)


def _softmax_delta(name: str, error: str, output: str) -> Formula:
    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        pieces: Term = [Cell(output, i, j), " * (", Cell(error, i, j), " - ("]
        for t in range(len(matrices[output][0])):
            pieces += [" + "] * (t > 0) + [Cell(error, i, t), " * ", Cell(output, i, t)]
        return [[*pieces, "))"]]

    equation = f"{output} * ({error} - row sums of {error} * {output})"
    return Formula(name, equation, (error, output), "*", terms)


def _negative_bias_gradient(k: int) -> Formula:
    delta = f"l{k + 1}_delta"

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        return [[Cell(delta, row, j)] for row in range(len(matrices[delta]))]

    return Formula(f"negative_bias_gradients[{k}]", f"column sums of {delta}", terms=terms)
