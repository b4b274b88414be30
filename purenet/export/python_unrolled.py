"""A Python file of straight-line arithmetic: every weight where it is used.

The sums have the terms and the order of `python_lists`, so the bits are the same.
"""

from __future__ import annotations

from ..engines.expressions import names, products
from .folded import Layer
from .layout import bracketed, listed
from .python_frame import Python


class Unrolled(Python):
    """Every weight where it is used, unless a sum is too long to compile.

    >>> from purenet import Network
    >>> from .target import source_of
    >>> network = Network.of([[[0.5], [-1.5]]], activation="linear")
    >>> print(source_of(Unrolled(network)).partition("length 2")[2])
    ")
        row_0 = row[0]
        row_1 = row[1]
        layer_1_0 = row_0 * 0.5 + row_1 * -1.5
        return [layer_1_0]
    <BLANKLINE>
    """

    style = "unrolled"

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return the lines that compute a layer's neurons, without biases of -0.0."""
        inputs = _names(layer.k, len(layer.weights))
        lines = []
        outputs = _names(layer.k + 1, len(layer.biases))
        for name, column, bias in zip(outputs, zip(*layer.weights), layer.biases):
            terms = products(inputs, list(map(repr, column)))
            if repr(bias) != "-0.0":
                terms.append(repr(bias))
            lines += _assignment(name, layer.activation, terms)
        return "", "\n".join(lines)

    def body(self) -> list[str]:
        """Return the lines of predict(row)."""
        names = _names(0, self.model.network.sizes[0])
        rows = [f"    {name} = row[{i}]" for i, name in enumerate(names)]
        last = self.layers[-1]
        head, tail = ("softmax([", "])") if last.activation == "softmax" else ("[", "]")
        outputs = listed(_names(last.k + 1, len(last.biases)))
        return [*rows, *self.steps, *bracketed("return " + head, outputs, tail, " " * 4, " " * 4)]


def _names(k: int, count: int) -> list[str]:
    return names("layer", k, count=count) if k else names("row", count=count)


def _assignment(name: str, activation: str, terms: list[str]) -> list[str]:
    """Return the lines that assign an activation, or the sum, which softmax uses later."""
    pieces = [*terms[:1], *("+ " + term for term in terms[1:])]
    if activation not in ("linear", "softmax"):
        return bracketed(f"{name} = {activation}(", pieces, ")", " " * 4, " " * 4)
    lines = bracketed(f"{name} = ", pieces, "", " " * 4, " " * 4)
    return lines if len(lines) == 1 else bracketed(f"{name} = (", pieces, ")", " " * 4, " " * 4)
