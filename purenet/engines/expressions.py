"""Arithmetic as text: names, sums of products, and each activation and slope spelled out.

Every generator of this package uses these functions. They execute nothing, so any code that writes
a network as source can use them.

Indexes in brackets become parts of a name: weights[0][2][1] is weights_0_2_1. A text contains only
such names, numbers as `repr` writes them, and the formulas below; names from a caller or a file
never get into it. The formulas are those of `core.activations`, operation by operation, so the bits
are the same.
"""

from __future__ import annotations

from math import exp, log, sqrt, tanh

from ..activation_table import TABLE
from ..core.losses import SMALLEST_OUTPUT, SMALLEST_REST

# The functions that the formulas call, by their names in a text.
FUNCTIONS = {function.__name__: function for function in (exp, log, max, min, sqrt, tanh)}

# A layer's output from its weighted input {z}, and its slope from that output {a}. The linear slope
# is 1.0, which is left out, because a factor of 1.0 changes nothing. Softmax takes a row, and its
# weighted inputs are left unchanged until then. A negated sigmoid takes minus its weighted input.
ACTIVATIONS = {name: row.python or "{z}" for name, row in TABLE.items()}
ACTIVATIONS["negated_sigmoid"] = "1.0 / (1.0 + exp({z}))"
SLOPES = {name: row.slope for name, row in TABLE.items() if row.slope is not None}


def name(what: str, *place: int) -> str:
    """Return the name of one number of a matrix.

    >>> name("weights", 0, 2, 1)
    'weights_0_2_1'
    """
    return "_".join([what, *map(str, place)])


def names(what: str, *place: int, count: int) -> list[str]:
    """Return the names of a row of numbers.

    >>> names("weights", 0, 2, count=2)
    ['weights_0_2_0', 'weights_0_2_1']
    """
    return [name(what, *place, j) for j in range(count)]


def listed(row: list[str]) -> str:
    """Return the text of a list with these items, for either side of an equals sign.

    >>> listed(["a", "b"])
    '[a, b]'
    """
    return f"[{', '.join(row)}]"


def indented(lines: list[str], depth: int = 1) -> list[str]:
    """Return lines indented by this number of blocks.

    >>> indented(["a = b"])
    ['    a = b']
    """
    return ["    " * depth + line if line else "" for line in lines]


def products(lefts: list[str], rights: list[str], without_zeros: bool = False) -> list[str]:
    """Return the products of two rows of factors, pair by pair; a factor of 1.0 is left out.

    `without_zeros` also leaves out the products with 0.0. Adding those can change only the sign of
    a zero, and the caller has to know that the sign does not matter.

    >>> products(["0.0", "1.0", "c"], ["x", "y", "z"], without_zeros=True)
    ['y', 'c * z']
    """
    pairs = [(a, b) for a, b in zip(lefts, rights) if not without_zeros or "0.0" not in (a, b)]
    return [b if a == "1.0" else a if b == "1.0" else f"{a} * {b}" for a, b in pairs]


def added(terms: list[str]) -> str:
    """Return the sum of some terms; Python adds from left to right.

    >>> added(["a", "b * c", "d"])
    'a + b * c + d'
    """
    return " + ".join(terms)


def factor(terms: list[str], *, signed: bool = False) -> str:
    """Return a sum as a factor; with `signed`, as text that a minus sign may precede.

    >>> factor(["a", "b"]), factor(["a * b"]), factor(["a * b"], signed=True)
    ('(a + b)', 'a * b', '(a * b)')
    """
    bare = len(terms) == 1 and not (signed and "*" in terms[0])
    return terms[0] if bare else f"({added(terms)})"


def activate(activation: str, outputs: list[str], sums: list[list[str]]) -> list[str]:
    """Return the lines that assign a layer's outputs from the terms of its weighted inputs.

    >>> activate("sigmoid", ["a"], [["x * u", "y * v"]])
    ['a = 1.0 / (1.0 + exp(-(x * u + y * v)))']
    >>> activate("relu", ["a"], [["x * u", "y * v"]])
    ['a = x * u + y * v', 'a = 0.0 if a < 0.0 else a']
    """
    if activation == "softmax":
        return _softmax(outputs, sums)
    formula = ACTIVATIONS[activation]
    lines = []
    for output, terms in zip(outputs, sums):
        if formula.count("{z}") > 1:
            lines.append(f"{output} = {added(terms)}")
            lines.append(f"{output} = {formula.format(z=output)}")
        else:
            signed = "-{z}" in formula
            z = factor(terms, signed=True) if signed else added(terms)
            lines.append(f"{output} = {formula.format(z=z)}")
    return lines


def _softmax(outputs: list[str], sums: list[list[str]]) -> list[str]:
    lines = [f"{output} = {added(terms)}" for output, terms in zip(outputs, sums)]
    largest = f"max({', '.join(outputs)})" if len(outputs) > 1 else outputs[0]
    lines.append(f"largest = {largest}")
    lines += [f"{output} = exp({output} - largest)" for output in outputs]
    lines.append(f"total = {added(outputs)}")
    return lines + [f"{output} = {output} / total" for output in outputs]


def delta(activation: str, error: str, output: str) -> str:
    """Return error * slope, for an error that is already a factor.

    >>> delta("sigmoid", "e", "a")
    'e * (a * (1.0 - a))'
    """
    if activation == "linear":
        return error
    return f"{error} * ({SLOPES[activation].format(a=output)})"


def softmax_deltas(deltas: list[str], errors: list[str], outputs: list[str]) -> list[str]:
    """Return the lines that assign the deltas of a softmax layer.

    >>> softmax_deltas(["d"], ["e"], ["a"])
    ['mean = e * a', 'd = a * (e - mean)']
    """
    lines = [f"mean = {added(products(errors, outputs))}"]
    return lines + [f"{d} = {o} * ({e} - mean)" for d, e, o in zip(deltas, errors, outputs)]


def row_loss(loss: str, activation: str, targets: list[str], outputs: list[str]) -> str:
    """Return the formula of one row's loss: squared error, or else cross-entropy.

    >>> row_loss("squared_error", "sigmoid", ["y"], ["a"])
    '0.5 * ((y - a) * (y - a))'
    """
    if loss == "squared_error":
        squares = [f"({t} - {o}) * ({t} - {o})" for t, o in zip(targets, outputs)]
        return f"0.5 * ({added(squares)})"
    losses = []
    for target, output in zip(targets, outputs):
        log = f"{target} * log(max({output}, {SMALLEST_OUTPUT!r}))"
        if activation == "sigmoid":
            log_rest = f"log(max(1.0 - {output}, {SMALLEST_REST!r}))"
            log = f"({log} + (1.0 - {target}) * {log_rest})"
        losses.append(log)
    return f"({' - '.join(['0.0', *losses])})"
