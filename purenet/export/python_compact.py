"""A model as a small Python file: fewer digits, weights in bytes, or a limit of characters.

In a list of floats, MicroPython needs forty bytes for a weight, and more while it reads the file. A
packed weight needs four bytes as a float32 (IEEE 754, the lowest byte first), or one byte as a
whole number of steps (see `quantized`). A prediction decodes each weight when it needs it, and
never all of them at once. The bytes of a layer are cut after whole neurons into literals of about a
kilobyte. To read a literal, MicroPython needs two or three times its length, so long ones cost more
memory. Each literal takes 48 bytes besides, and short ones cost it too.

The code that decodes them has to be short too, because MicroPython needs at least a hundred bytes
to compile a line. So an int8 neuron's scale and bias are text between the bytes, which `float`
reads. A float32 is decoded by arithmetic, because not every Python has `struct`. Compared with
lists, a prediction from float32 takes three times as long on MicroPython and fifteen times as long
on CPython. From int8 it takes the same time on MicroPython, and four times as long on CPython.

In base 92, a weight is a whole number of steps, written in characters from # to ~. One character
divides the largest weight of a neuron into 45 steps. Each further character divides a step into 92,
and eight characters are as exact as a float. The file turns the text into lists of weights once,
when it is loaded. So it is as fast as the style "lists", but a board would need room for both.
"""

from __future__ import annotations

import struct
from abc import abstractmethod
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..core.checks import PureNetError, counted, shown, whole_number
from ..formats.model import Model, describe
from .folded import Layer, with_parameters
from .python import style_for
from .python_frame import Python, literal
from .python_lists import Lists
from .quantized import LARGEST, MOST_DIGITS, is_finite, quantize, with_steps
from .target import source_of

FOR_IMPORT, NO_TABLE = "for import only (no --self-test)", ", takes encoded numbers, not the table"

LITERAL = 1500  # bytes
ZERO = 128  # the byte of the weight 0
TEXT = "%+14.6e"  # seven digits, while a byte has fewer than three

BASE = 92
FIRST = ord("#")  # after the space, ! and the quotation mark; the last is ~
MOST_CHARACTERS = 8  # enough to tell almost any two floats apart


class Compact(NamedTuple):
    """A file's source, the target that wrote it, and a description of its use and its numbers."""

    source: str
    target: Python
    what: str

    @property
    def model(self) -> Model:
        """The model with the file's numbers."""
        return self.target.rounded()


def compact_source(
    model: Any,
    *,
    digits: int | None = None,
    pack: str | None = None,
    limit: int | None = None,
    style: str = "auto",
    module: bool = False,
) -> Compact:
    """Return a model as the source of a small Python module, in one of three ways.

    `digits`, from 1 to 17, is the number of digits of each weight, in a file of the `style`,
    which with `module` is for import alone. `pack`, "float32" or "int8", puts the weights into
    bytes. `limit` is the number of characters the file may have: it gets the most exact encoding
    that fits. With `pack` or `limit`, the file is for import alone, and checks only a row's length.

    Raises PureNetError unless exactly one of the three is given; for an invalid value; for a weight
    that is too large for float32 or becomes infinite; and if nothing fits the limit.

    >>> from purenet import Network
    >>> network = Network([3, 4, 1], seed=1)
    >>> small = compact_source(network, digits=2)
    >>> small.what, small.model.network.weights[1][0], "-0.17" in small.source
    ('2 digits', [-0.59], True)
    >>> compact_source(network, limit=2000).what
    'for import only (no --self-test), every digit'
    """
    given = 3 - [digits, pack, limit].count(None)
    if given != 1:
        raise PureNetError(f"expected one of digits, pack and limit, got {given}")
    model = describe(model)
    if digits is not None:
        whole_number(digits, "digits", 1, MOST_DIGITS)
        if style == "bigint":
            raise PureNetError('digits: the style "bigint" keeps bits; leave out digits')
        frame = "module" if module else "program"
        return _written(style_for(model, style)(model, frame, digits))
    if limit is not None:
        small = _fitting(model, whole_number(limit, "limit", 1))
    elif pack in list(PACKINGS):
        small = _written(PACKINGS[pack](model))
    else:
        raise PureNetError(f"pack: expected one of {', '.join(PACKINGS)}, got {shown(pack)}")
    return small._replace(what=f"{FOR_IMPORT}{NO_TABLE * bool(model.table)}, {small.what}")


def _written(target: Python) -> Compact:
    target.check()
    return Compact(source_of(target), target, target.numbers())


# -- the most exact that fits ----------------------------------------------------------------------


def _fitting(model: Model, limit: int) -> Compact:
    lengths = []
    # The most exact come first, so the first that fits is the best.
    for small in encodings(model):
        if len(small.source) <= limit:
            return small
        lengths.append(len(small.source))
    raise PureNetError(
        f"limit: the smallest file there is has {min(lengths):,} characters, more than {limit:,}"
    )


def encodings(model: Any) -> Iterator[Compact]:
    """Yield a file for each encoding of the weights as text, the most exact first.

    With n digits, the error is at most half a unit of the last digit, or 5 · 10⁻ⁿ of the weight.
    With characters, it is at most half a step, and a neuron's largest weight is `most_steps` steps.

    >>> from purenet import Network
    >>> ways = [small.what for small in encodings(Network([2, 1]))]
    >>> ways[0], ways[-1]
    ('every digit', '1 digit')
    """
    model = describe(model)
    # A way is its largest error, its digits and its characters: the most exact sorts first.
    ways = [(5.0 * 10.0**-n, n, 0) for n in range(1, MOST_DIGITS + 1)]
    ways += [(0.5 / most_steps(n), 0, n) for n in range(1, MOST_CHARACTERS + 1)]
    for _, digits, characters in sorted(ways):
        # The faster style comes first, but where it is too long, lists may still fit.
        forms: dict[type[Python], None] = dict.fromkeys([style_for(model, "auto"), Lists])
        texts = [form(model, "compact", digits) for form in forms] if digits else []
        targets: list[Python] = texts or [Base92(model, characters)]
        yield from (_written(target) for target in targets if is_finite(target.rounded()))


def most_steps(characters: int) -> int:
    """Return the number of steps of the largest weight, with this number of characters a weight.

    >>> most_steps(1), most_steps(2)
    (45, 4231)
    """
    # One code is for zero, and half of the others are for each sign.
    return (int(BASE**characters) - 1) // 2


class Base92(Lists):
    """Weights as text, a few characters each, for bots with a limit.

    >>> from purenet import Network
    >>> target = Base92(Network.of([[[4.5], [-0.2]]]), 1)
    >>> target.rounded().network.weights
    [[[4.5], [-0.2]]]
    >>> "        weights_of('}N', 0.1)," in source_of(target)
    True
    """

    def __init__(self, model: Any, characters: int) -> None:
        self.characters = characters
        super().__init__(model)

    def numbers(self) -> str:
        """Return the kind of the file's numbers in words."""
        return f"{counted(self.characters, 'character')} a weight"

    def rounded(self) -> Model:
        """Return the model that the file's numbers make."""
        return with_steps(self.model, most_steps(self.characters))

    def words(self) -> dict[str, str]:
        """Return numbers instead of names, which would cost characters."""
        count = {"COUNT characters": counted(self.characters, "character")}
        zero = str(most_steps(self.characters))
        return {**super().words(), **count, "COUNT": str(self.characters), "ZERO": zero}

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return the texts of a layer's neurons, and the line that computes it."""
        numbers, scales = quantize(layer.weights, most_steps(self.characters))
        lines = []
        for column, scale in zip(zip(*numbers), scales):
            text = _tame("".join(_digits(q, self.characters) for q in column))
            lines.append(f"        weights_of({text}, {scale!r}),")
        return "\n".join(["    [", *lines, "    ],"]), self.step(layer)


def _tame(text: str) -> str:
    r"""Return a literal that neither ends a tag nor begins a comment in HTML.

    >>> print(_tame("<</<!"))
    '<\x3c/\x3c!'
    """
    # People put Python into web pages, where these would end the script or hide the rest of it.
    return repr(text).replace("</", r"\x3c/").replace("<!", r"\x3c!")


def _digits(number: int, characters: int) -> str:
    """Return a whole number in base 92, plus the largest one, so that none is negative."""
    rest, text = number + most_steps(characters), ""
    for _ in range(characters):
        # The remainder is the lowest digit left, so each digit goes before the last one.
        rest, digit = divmod(rest, BASE)
        text = chr(FIRST + digit) + text
    return text


# -- weights as bytes ------------------------------------------------------------------------------


class Packed(Python):
    """Weights as bytes, which the template's function `layer` decodes."""

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return a layer's bytes in literals, and the line that computes it."""
        neurons = self.neurons(layer)
        # A neuron is never split, so that the function finds all its bytes in one literal.
        together = max(1, LITERAL // len(neurons[0]))
        blocks = [b"".join(neurons[j : j + together]) for j in range(0, len(neurons), together)]
        lines = [line for block in blocks for line in literal(block)]
        name = layer.activation
        # The function calls an activation, and `float` leaves a sum unchanged.
        function = "float" if name in ("linear", "softmax") else name
        values = f"layer({self.inputs_of(layer)}, WEIGHTS[{layer.k}], {function})"
        # Softmax needs all sums of a layer, so it cannot be called for each neuron.
        values = f"softmax({values})" if name == "softmax" else values
        return "\n".join(["    (", *lines, "    ),"]), f"    layer_{layer.k + 1} = {values}"

    @abstractmethod
    def neurons(self, layer: Layer) -> list[bytes]:
        """Return the bytes of each neuron of a layer, its bias first."""

    def weights(self) -> str:
        """Return WEIGHTS."""
        return "\n".join(["WEIGHTS = (", *self.constants, ")", self.parts["python2"]])


class Float32(Packed):
    """Weights and biases of four bytes.

    The sums have the terms and the order of `Network.predict`, so the bits are the same.
    """

    pack, bytes_of_number = "float32", 4

    def neurons(self, layer: Layer) -> list[bytes]:
        """Return the bytes of each neuron of a layer: its bias and its weights."""
        # A column of the weights belongs to one neuron, and becomes one run of bytes.
        columns = zip(layer.biases, *layer.weights)
        return [struct.pack(f"<{len(column)}f", *column) for column in columns]


class Int8(Packed):
    """Weights of one byte, in a file that standardizes its inputs first; see `quantized`.

    Scales and biases are rounded to seven digits. A neuron adds up its inputs times its whole
    numbers, from left to right, multiplies the sum by its scale once, and adds its bias.
    """

    pack, bytes_of_number = "int8", len(TEXT % 0)

    def rounded(self) -> Model:
        """Return the model that the file's numbers make."""
        # Scales and biases are text in the file, so they have no more digits than it.
        model = with_steps(self.model, LARGEST, _seven_digits)
        biases = [list(map(_seven_digits, row)) for row in self.model.network.biases]
        return with_parameters(model, model.network.weights, biases)

    def neurons(self, layer: Layer) -> list[bytes]:
        """Return the bytes of each neuron of a layer: its bias, its scale and its weights."""
        numbers, scales = quantize(layer.weights)
        # Either text has 14 characters, so that the bytes begin at the same place in each neuron.
        return [
            (TEXT % bias + TEXT % scale).encode() + bytes(ZERO + q for q in column)
            for bias, scale, column in zip(layer.biases, scales, zip(*numbers))
        ]


PACKINGS: dict[str, type[Packed]] = {"float32": Float32, "int8": Int8}


def _seven_digits(number: float) -> float:
    return float(TEXT % number)
