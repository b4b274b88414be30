"""A network's weights as text in a Python file: a few characters each, for bots with a limit.

A weight becomes a whole number of steps (see `quantized`), which is written in base 92, with the
characters from # to ~ as digits. One character makes 45 steps of the largest weight of a neuron,
each further one 92 times as many; eight are as good as a float. The file turns the text into lists
of weights once, when it is loaded, and goes on like the style "lists": it is as fast as that, and
nothing for a board, which needs room for both.
"""

from __future__ import annotations

from .folded import Folded
from .packed import Body
from .python_activations import functions_of, imported
from .python_lists import biases, outputs, sums
from .quantized import Quantized, quantize, weights_of

BASE = 92
FIRST = ord("#")  # after the space, ! and the quotation mark; the last is ~


def most_steps(characters: int) -> int:
    """Return how many steps the largest weight has, when each has so many characters.

    >>> most_steps(1), most_steps(2)
    (45, 4231)
    """
    return (int(BASE**characters) - 1) // 2


def lettered_body(folded: Folded, characters: int) -> tuple[Folded, Body]:
    """Return the network with weights of so many characters, and `python_module`'s body of it.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> network = Network([2, 1])
    >>> network.weights = [[[4.5], [-0.2]]]
    >>> small, (body, _, _) = lettered_body(fold(network), 1)
    >>> small.weights
    [[[4.5], [-0.2]]]
    >>> "        weights_of('}N', 0.1)," in body
    True
    """
    layers = [quantize(matrix, most_steps(characters)) for matrix in folded.weights]
    small = folded._replace(weights=list(map(weights_of, layers)))
    activations = {folded.activation_of(k) for k in range(len(folded.weights))}
    parts = [
        _WEIGHTS_OF.replace("COUNT", str(characters)).replace("ZERO", str(most_steps(characters))),
        _constants(folded, layers, characters),
        sums(folded),
        *functions_of(activations),
        outputs(folded),
    ]
    how = f"WEIGHTS[k][j] are the weights of neuron j in layer k + 1, {_in_words(characters)} each."
    return small, ("\n\n\n".join(parts), how, imported(activations))


def _in_words(characters: int) -> str:
    return "a character" if characters == 1 else f"{characters} characters"


def _constants(folded: Folded, layers: list[Quantized], characters: int) -> str:
    lines = ["WEIGHTS = ["]
    for numbers, scales in layers:
        lines.append("    [")
        for column, scale in zip(zip(*numbers), scales):
            text = _literal("".join(_digits(q, characters) for q in column))
            lines.append(f"        weights_of({text}, {scale!r}),")
        lines.append("    ],")
    return "\n".join([*lines, "]", *biases(folded)])


def _literal(text: str) -> str:
    r"""Return a literal in which HTML sees no tag end and no comment begin.

    >>> print(_literal("<</<!"))
    '<\x3c/\x3c!'
    """
    return repr(text).replace("</", r"\x3c/").replace("<!", r"\x3c!")


def _digits(number: int, characters: int) -> str:
    """Return a whole number and ZERO, which makes it positive, in base 92."""
    rest, text = number + most_steps(characters), ""
    for _ in range(characters):
        rest, digit = divmod(rest, BASE)
        text = chr(FIRST + digit) + text
    return text


_WEIGHTS_OF = '''\
def weights_of(text, scale):
    """Return a neuron's weights, whole numbers of scales in base 92; ZERO is 0."""
    weights = []
    for i in range(0, len(text), COUNT):
        number = 0
        for digit in text[i:i + COUNT]:
            number = number * 92 + ord(digit) - 35
        weights.append((number - ZERO) * scale)
    return weights'''
