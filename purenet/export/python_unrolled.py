"""A network's body for a Python file, as straight-line arithmetic: every weight where it is used.

The sums are those of `python_lists`, term by term, so the bits are the same.
"""

from __future__ import annotations

from ..core.checks import PureNetError
from ..engines.choice import LONGEST_SUM
from ..engines.expressions import names, products
from .folded import Folded
from .python_activations import functions_of, imported
from .python_text import OUTPUTS, fitted, listed

HOW = "Every weight stands where it is used. layer_1_0 is what neuron 0 of layer 1 puts out."


def body(folded: Folded) -> tuple[str, str, list[str]]:
    r"""Return the body, what is to be seen in it, and the functions that it takes from `math`.

    Raises PureNetError where sums are so long that compilers, which go down into them, give up.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> network = Network([2, 1], activation="linear")
    >>> network.weights = [[[0.5], [-1.5]]]
    >>> print(body(fold(network))[0].partition('"\n')[2])
        row_0 = row[0]
        row_1 = row[1]
        layer_1_0 = row_0 * 0.5 + row_1 * -1.5
        return [layer_1_0]
    """
    longest = max(folded.sizes[:-1])  # nothing is summed over the last layer
    if longest > LONGEST_SUM:
        raise PureNetError(
            f"style: unrolled is for layers of up to {LONGEST_SUM} neurons, not {longest}"
        )
    activations = {folded.activation_of(k) for k in range(len(folded.weights))}
    inputs = names("row", count=folded.sizes[0])
    lines = [f"    {name} = row[{i}]" for i, name in enumerate(inputs)]
    for k, matrix in enumerate(folded.weights):
        here = names("layer", k + 1, count=folded.sizes[k + 1])
        for j, column in enumerate(zip(*matrix)):
            terms = products(inputs, [repr(weight) for weight in column])
            if folded.biases:
                terms.append(repr(folded.biases[k][j]))
            lines += _assignment(here[j], folded.activation_of(k), terms)
        inputs = here
    head, tail = ("softmax([", "])") if folded.output_activation == "softmax" else ("[", "]")
    outputs = [
        *OUTPUTS,
        *lines,
        *fitted("return " + head, listed(inputs), tail),
    ]
    parts = [*functions_of(activations), "\n".join(outputs)]
    return "\n\n\n".join(parts), HOW, imported(activations)


def _assignment(name: str, activation: str, terms: list[str]) -> list[str]:
    """Return the lines that assign an activation, or for softmax the sum, which it takes later."""
    pieces = [*terms[:1], *("+ " + term for term in terms[1:])]
    if activation not in ("linear", "softmax"):
        return fitted(f"{name} = {activation}(", pieces, ")")
    lines = fitted(f"{name} = ", pieces, "")
    return lines if len(lines) == 1 else fitted(f"{name} = (", pieces, ")")
