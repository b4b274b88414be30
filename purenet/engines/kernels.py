"""The matrix products of a larger network: loops over rows and columns, with each sum spelled out.

Source that spells out thousands of weights would be slow to compile and to run. Most of the plain
loop's time goes into the innermost loop, `for a, b in zip(row, column)`. So only that loop is
spelled out here. For rows of three it becomes

    for [a_0, a_1, a_2] in rows:
        for [b_0, b_1, b_2] in columns:
            ... a_0 * b_0 + a_1 * b_1 + a_2 * b_2 ...

which adds in the same order. Each of the three products of backpropagation has such a function for
each length of row. The rest is done as in `core.backpropagation`.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from ..core._types import AnyNetwork, Matrix, Parameters
from ..core.activations import softmax
from ..core.backpropagation import parameters, set_parameters
from ..core.losses import loss_function
from ..core.matrix import column_sums
from ..core.work import Work
from .compiling import kernel_of
from .expressions import ACTIVATIONS, added, delta, indented, listed, names, products
from .steps import step

Exp = Callable[[float], float]

# The most terms in one expression, because compilers recurse over a sum.
TERMS_A_LINE = 50

# Rows of data in one block of the product; the last block may be shorter.
ROWS_A_BLOCK = 50


def forward_source(inputs: int, activation: str, biased: bool) -> str:
    """Return the source of forward(rows, columns, biases): the outputs of one layer.

    `rows` is (m x inputs), `columns` holds the columns of the weights, and the answer is (m x
    outputs).

    >>> print(forward_source(2, "sigmoid", True))
    def forward(rows, columns, biases, exp, tanh, softmax):
        outputs = []
        for [a_0, a_1] in rows:
            row = []
            for [b_0, b_1], bias in zip(columns, biases):
                z = a_0 * b_0 + a_1 * b_1 + bias
                row.append(1.0 / (1.0 + exp(-z)))
            outputs.append(row)
        return outputs
    """
    lefts, rights = names("a", count=inputs), names("b", count=inputs)
    columns = ", bias in zip(columns, biases)" if biased else " in columns"
    return _function(
        "def forward(rows, columns, biases, exp, tanh, softmax):",
        "    outputs = []",
        f"    for {listed(lefts)} in rows:",
        "        row = []",
        f"        for {listed(rights)}{columns}:",
        *_sum("z", products(lefts, rights) + ["bias"] * biased),
        f"            row.append({ACTIVATIONS[activation].format(z='z')})",
        f"        outputs.append({'softmax(row)' if activation == 'softmax' else 'row'})",
        "    return outputs",
    )


def backward_source(outputs: int, activation: str) -> str:
    """Return the source of backward(deltas, weights, activations): the deltas of the layer before.

    `deltas` is (m x outputs), `weights` (n x outputs), `activations` (m x n). The answer is (m x
    n).

    >>> print(backward_source(2, "sigmoid"))
    def backward(deltas, weights, activations):
        answer = []
        for [a_0, a_1], outputs in zip(deltas, activations):
            row = []
            for [b_0, b_1], output in zip(weights, outputs):
                error = a_0 * b_0 + a_1 * b_1
                row.append(error * (output * (1.0 - output)))
            answer.append(row)
        return answer
    """
    lefts, rights = names("a", count=outputs), names("b", count=outputs)
    return _function(
        "def backward(deltas, weights, activations):",
        "    answer = []",
        f"    for {listed(lefts)}, outputs in zip(deltas, activations):",
        "        row = []",
        f"        for {listed(rights)}, output in zip(weights, outputs):",
        *_sum("error", products(lefts, rights)),
        f"            row.append({delta(activation, 'error', 'output')})",
        "        answer.append(row)",
        "    return answer",
    )


def negative_gradients_source(rows: int) -> str:
    """Return the source of negative_gradients(before, activations, deltas), for one layer.

    `activations` (n x rows) and `deltas` (outputs x rows) are transposed; their product (n x
    outputs) is added to the gradients of the rows `before`.

    >>> print(negative_gradients_source(2))
    def negative_gradients(before, activations, deltas):
        answer = []
        for [a_0, a_1], totals in zip(activations, before):
            row = []
            for [b_0, b_1], total in zip(deltas, totals):
                total = total + a_0 * b_0 + a_1 * b_1
                row.append(total)
            answer.append(row)
        return answer
    """
    lefts, rights = names("a", count=rows), names("b", count=rows)
    return _function(
        "def negative_gradients(before, activations, deltas):",
        "    answer = []",
        f"    for {listed(lefts)}, totals in zip(activations, before):",
        "        row = []",
        f"        for {listed(rights)}, total in zip(deltas, totals):",
        *_sum("total", ["total", *products(lefts, rights)]),
        "            row.append(total)",
        "        answer.append(row)",
        "    return answer",
    )


def _function(*lines: str) -> str:
    return "\n".join(lines)


def _sum(total: str, terms: list[str]) -> list[str]:
    """Return the lines that assign a sum in the inner loop, some terms to a line."""
    pieces = [terms[k : k + TERMS_A_LINE] for k in range(0, len(terms), TERMS_A_LINE)]
    more = [f"{total} = {total} + {added(piece)}" for piece in pieces[1:]]
    return indented([f"{total} = {added(pieces[0])}", *more], 3)


def learn(work: Work, X: Matrix, y: Matrix, exp: Exp) -> float:
    """Update a network once, as `core.training.learn` does; return the sum of the rows' losses."""
    network = work.network
    activations = forward(network, X, exp)
    loss = loss_function(network).total(y, activations[-1])
    deltas = find_deltas(network, activations, y)
    negative_gradients = find_negative_gradients(network, activations, deltas)
    share = 1.0 / len(y) if work.reduction == "mean" else 1.0
    set_parameters(network, step(work.optimizer, parameters(network), negative_gradients, share))
    return loss


def guarded_exp(x: float) -> float:
    """Return exp(x), or infinity if that overflows: 1 / (1 + infinity) is the sigmoid's 0.0.

    >>> guarded_exp(0.0), guarded_exp(1000.0)
    (1.0, inf)
    """
    try:
        return math.exp(x)
    except OverflowError:
        return math.inf


def forward(
    network: AnyNetwork, X: Matrix, exp: Exp = guarded_exp
) -> list[Matrix]:
    """Return every layer's activations, as `core.backpropagation.forward` does."""
    activations = [X]                                                           # (m x n₀)
    for k, name in enumerate(network.layer_activations):
        kernel = kernel_of(forward_source, network.sizes[k], name, bool(network.biases))
        columns = list(zip(*network.weights[k]))                                # (nₖ₊₁ x nₖ)
        biases = network.biases[k] if network.biases else []                    # (nₖ₊₁)
        outputs = kernel(activations[k], columns, biases, exp, math.tanh, softmax)
        activations.append(outputs)                                             # (m x nₖ₊₁)
    return activations


def find_deltas(network: AnyNetwork, activations: list[Matrix], y: Matrix) -> dict[int, Matrix]:
    """Return the deltas of each layer by its number, as `core.backpropagation.find_deltas` does."""
    layers, last = network.layer_activations, len(network.weights)
    deltas = {last: loss_function(network).backward(y, activations[last])}      # (m x n_L)
    for k in range(last - 1, 0, -1):
        backward = kernel_of(backward_source, network.sizes[k + 1], layers[k - 1])
        deltas[k] = backward(deltas[k + 1], network.weights[k], activations[k]) # (m x nₖ)
    return deltas


def find_negative_gradients(
    network: AnyNetwork, activations: list[Matrix], deltas: dict[int, Matrix]
) -> Parameters:
    """Return the negative gradients, as `core.backpropagation.find_negative_gradients` does."""
    negative_gradients: Parameters = []
    negative_bias_gradients: Parameters = []
    for k in range(len(network.weights)):
        negative_gradients.append(_product(activations[k], deltas[k + 1]))      # (nₖ x nₖ₊₁)
        if network.biases:
            negative_bias_gradients.append([column_sums(deltas[k + 1])])        # (1 x nₖ₊₁)
    return negative_gradients + negative_bias_gradients


def _product(activations: Matrix, deltas: Matrix) -> Matrix:
    """Return activationsᵀ · deltas, adding the products of the rows from the first row on."""
    answer = [[-0.0] * len(deltas[0])] * len(activations[0])  # -0.0 + x is x for every x
    for start in range(0, len(deltas), ROWS_A_BLOCK):
        rows = slice(start, start + ROWS_A_BLOCK)
        kernel = kernel_of(negative_gradients_source, len(deltas[rows]))
        answer = kernel(answer, list(zip(*activations[rows])), list(zip(*deltas[rows])))
    return answer
