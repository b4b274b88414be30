"""A network's body for a Python file, as loops over lists of weights: the style to read."""

from __future__ import annotations

from ..core._types import Row
from .folded import Folded
from .python_activations import functions_of, imported
from .python_text import OUTPUTS, filled, listed

HOW = "WEIGHTS[k][j] are the weights of neuron j in layer k + 1, where layer 0 is the row."


def body(folded: Folded) -> tuple[str, str, list[str]]:
    """Return the body, what is to be seen in it, and the functions that it takes from `math`.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> source, _, functions = body(fold(Network([2, 1], activation="tanh", init="zeros")))
    >>> print(source[-82:])
        layer_1 = [tanh(z) for z in weighted_sums(row, WEIGHTS[0])]
        return layer_1
    >>> functions
    ['tanh']
    """
    activations = {folded.activation_of(k) for k in range(len(folded.weights))}
    parts = [constants(folded), sums(folded), *functions_of(activations), outputs(folded)]
    return "\n\n\n".join(parts), HOW, imported(activations)


def outputs(folded: Folded) -> str:
    """Return the function that takes a row through the layers.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> print(outputs(fold(Network([2, 1])))[:17])
    def outputs(row):
    """
    lines = [
        *OUTPUTS,
        *forward(folded),
        f"    return layer_{len(folded.weights)}",
    ]
    return "\n".join(lines)


def sums(folded: Folded) -> str:
    """Return the function that adds up what goes into each neuron of a layer.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> print(sums(fold(Network([2, 1])))[:34])
    def weighted_sums(inputs, weights)
    """
    return _BIASED_SUMS if folded.biases else _SUMS


def constants(folded: Folded) -> str:
    """Return the weights, a tuple for each neuron, and the biases, where there are any.

    To read tuples of numbers takes MicroPython a fifth less memory than lists, and no instructions.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> print(constants(fold(Network([1, 2], bias=True, init="zeros"))))
    WEIGHTS = [
        (
            (0.0,),
            (0.0,),
        ),
    ]
    BIASES = [
        (0.0, 0.0),
    ]
    """
    lines = ["WEIGHTS = ["]
    for matrix in folded.weights:
        lines.append("    (")
        for column in zip(*matrix):
            lines += _row(list(column), 8)
        lines.append("    ),")
    return "\n".join([*lines, "]", *biases(folded)])


def biases(folded: Folded) -> list[str]:
    """Return the lines with the biases, a tuple for each layer, where there are any.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> biases(fold(Network([1, 2], bias=True, init="zeros")))
    ['BIASES = [', '    (0.0, 0.0),', ']']
    """
    if not folded.biases:
        return []
    return ["BIASES = [", *(line for row in folded.biases for line in _row(row, 4)), "]"]


def _row(numbers: Row, depth: int) -> list[str]:
    lines = filled(
        listed([repr(number) for number in numbers]), " " * depth + "(", " " * depth + " "
    )
    lines[-1] += ",)," if len(numbers) == 1 else "),"
    return lines


def forward(folded: Folded) -> list[str]:
    r"""Return the lines that compute layer_1, layer_2, ... from a row.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> print("\n".join(forward(fold(Network([1, 2, 1], output_activation="softmax")))))
        layer_1 = [sigmoid(z) for z in weighted_sums(row, WEIGHTS[0])]
        layer_2 = softmax(weighted_sums(layer_1, WEIGHTS[1]))
    """
    lines = []
    for k in range(len(folded.weights)):
        name, inputs = folded.activation_of(k), f"layer_{k}" if k else "row"
        biases = f", BIASES[{k}]" if folded.biases else ""
        values = f"weighted_sums({inputs}, WEIGHTS[{k}]{biases})"
        if name == "softmax":
            values = f"softmax({values})"
        elif name != "linear":
            values = f"[{name}(z) for z in {values}]"
        lines.append(f"    layer_{k + 1} = {values}")
    return lines


_SUMS = '''\
def weighted_sums(inputs, weights):
    """Return, for each neuron of a layer, the sum of the inputs times its weights."""
    sums = []
    for own in weights:
        total = -0.0  # adding to it changes nothing, not even the sign of a zero
        for i in range(len(own)):
            total = total + inputs[i] * own[i]
        sums.append(total)
    return sums'''

_BIASED_SUMS = '''\
def weighted_sums(inputs, weights, biases):
    """Return, for each neuron of a layer, the sum of the inputs times its weights, and its bias."""
    sums = []
    for j in range(len(weights)):
        own = weights[j]
        total = -0.0  # adding to it changes nothing, not even the sign of a zero
        for i in range(len(own)):
            total = total + inputs[i] * own[i]
        sums.append(total + biases[j])
    return sums'''
