"""The equations of one training step, for whole matrices and for each of their numbers.

A `Formula` describes how one matrix is computed, and which terms are added up for its number (i,
j). A term is a list of pieces: text, and the numbers (`Cell`) in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import NamedTuple

from ..activation_table import TABLE
from ..core._types import Matrix
from ..core.network import Network

Term = list["str | Cell"]
Terms = Callable[[int, int, dict[str, Matrix]], list[Term]]


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


class Formula(NamedTuple):
    """How one matrix is computed.

    `operands` are the names of the matrices on both sides of the `sign`, and whether each is
    transposed. The number (i, j) is the `activation` of the sum of `terms(i, j, matrices)`. A given
    matrix, which is not computed, has no equation.
    """

    name: str
    equation: str = ""
    operands: tuple[tuple[str, bool], ...] = ()
    sign: str = ""
    terms: Terms | None = None
    activation: str = ""


# The slope of each activation as a formula of its output: the pieces of text around the output's
# name, with 1 for 1.0.
_SLOPES = {
    name: re.sub(r"\.0\b", "", f"({row.slope})").split("{a}")
    for name, row in TABLE.items()
    if row.slope is not None
}


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
    formulas = [Formula("X"), Formula("y")]
    for k in range(layers):
        formulas.append(Formula(f"weights[{k}]"))
        formulas += [Formula(f"biases[{k}]")] * biased
    formulas += [_forward(network, k) for k in range(layers)]
    formulas.append(_output_error(layers))
    for k in range(layers, 0, -1):
        if k < layers:
            formulas.append(_hidden_error(k))
        formulas.append(_delta(network, k))
    for k in range(layers - 1, -1, -1):
        formulas.append(_negative_gradient(k))
        formulas += [_negative_bias_gradient(k)] * biased
    for k in range(layers - 1, -1, -1):
        formulas.append(_update("weights", "negative_gradients", k, learning_rate))
        formulas += [_update("biases", "negative_bias_gradients", k, learning_rate)] * biased
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


def _forward(network: Network, k: int) -> Formula:
    before, weights, biases = layer(k), f"weights[{k}]", f"biases[{k}]"
    activation = network.layer_activations[k]

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        products: list[Term] = [
            [Cell(before, i, t), " * ", Cell(weights, t, j)] for t in range(len(matrices[weights]))
        ]
        return products + [[Cell(biases, 0, j)]] * bool(network.biases)

    total = f"{before} · {weights}" + (f" + {biases}" if network.biases else "")
    equation = total if activation == "linear" else f"{activation}({total})"
    operands = (before, False), (weights, False)
    return Formula(layer(k + 1), equation, operands, "·", terms, activation)


def _output_error(last: int) -> Formula:
    output = layer(last)

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        return [[Cell("y", i, j), " - ", Cell(output, i, j)]]

    operands = ("y", False), (output, False)
    return Formula(f"{output}_error", f"y - {output}", operands, "-", terms)


def _hidden_error(k: int) -> Formula:
    delta, weights = f"{layer(k + 1)}_delta", f"weights[{k}]"

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        columns = range(len(matrices[weights][0]))
        return [[Cell(delta, i, t), " * ", Cell(weights, j, t)] for t in columns]

    operands = (delta, False), (weights, True)
    return Formula(f"{layer(k)}_error", f"{delta} · {weights}ᵀ", operands, "·", terms)


def _delta(network: Network, k: int) -> Formula:
    last = k == len(network.weights)
    activation = network.layer_activations[k - 1]
    output, error = layer(k), f"{layer(k)}_error"
    name = f"{output}_delta"
    if activation == "linear" or (last and network.loss == "cross_entropy"):
        return Formula(name, error, terms=lambda i, j, matrices: [[Cell(error, i, j)]])
    operands = (error, False), (output, False)
    if activation == "softmax":
        equation = f"{output} * ({error} - row sums of {error} * {output})"
        return Formula(name, equation, operands, "*", _softmax_terms(error, output))
    slope = _SLOPES[activation]

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        pieces: Term = [Cell(error, i, j), " * "]
        return [pieces + _around(slope, Cell(output, i, j))]

    return Formula(name, f"{error} * {output.join(slope)}", operands, "*", terms)


def _softmax_terms(error: str, output: str) -> Terms:
    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        pieces: Term = [Cell(output, i, j), " * (", Cell(error, i, j), " - ("]
        for t in range(len(matrices[output][0])):
            pieces += [" + "] * (t > 0) + [Cell(error, i, t), " * ", Cell(output, i, t)]
        return [[*pieces, "))"]]

    return terms


def _around(texts: Sequence[str], cell: Cell) -> Term:
    """Return texts with a cell between every two of them."""
    pieces: Term = [texts[0]]
    for text in texts[1:]:
        pieces += [cell, text]
    return pieces


def _negative_gradient(k: int) -> Formula:
    before, delta = layer(k), f"{layer(k + 1)}_delta"

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        rows = range(len(matrices[before]))
        return [[Cell(before, row, i), " * ", Cell(delta, row, j)] for row in rows]

    operands = (before, True), (delta, False)
    return Formula(f"negative_gradients[{k}]", f"{before}ᵀ · {delta}", operands, "·", terms)


def _negative_bias_gradient(k: int) -> Formula:
    delta = f"{layer(k + 1)}_delta"

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        return [[Cell(delta, row, j)] for row in range(len(matrices[delta]))]

    return Formula(f"negative_bias_gradients[{k}]", f"column sums of {delta}", terms=terms)


def _update(kind: str, gradients: str, k: int, learning_rate: float) -> Formula:
    old, change = f"{kind}[{k}]", f"{gradients}[{k}]"
    rate = "" if learning_rate == 1.0 else f"{in_full(learning_rate)} * "

    def terms(i: int, j: int, matrices: dict[str, Matrix]) -> list[Term]:
        return [[Cell(old, i, j), f" + {rate}", Cell(change, i, j)]]

    operands = (old, False), (change, False)
    return Formula(f"new_{old}", f"{old} + {rate}{change}", operands, "+", terms)
