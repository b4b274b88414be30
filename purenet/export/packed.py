"""A network's weights as bytes in a Python file, for boards where memory is scarce.

A list of floats takes MicroPython forty bytes a weight, and more while it reads the file. Here a
weight takes four bytes, as a float32 (IEEE 754, the lowest byte first), or one, a whole number of
steps (see `quantized`). A prediction reads each where it needs it and expands nothing.

What holds little must also say little: to compile a line, MicroPython needs a hundred bytes and
more. So an int8's scale and bias stand between the bytes as text, which `float` reads. A float32 is
taken apart by arithmetic, because not every Python has `struct`: a prediction takes three times as
long as with lists on MicroPython, and fifteen times on CPython. With int8 it takes as long as with
lists, and four times.

The bytes of a layer are cut after whole neurons into literals of a kilobyte or so: to read one
takes two or three times its length, and each that is kept costs 48 bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterable, Sequence

from ..core._types import Matrix, Row
from ..core.checks import PureNetError
from .folded import Folded
from .python_activations import functions_of, imported
from .python_text import OUTPUTS, WIDTH
from .quantized import Quantized, quantize, weights_of

Body = tuple[str, str, list[str]]

LITERAL = 1500  # bytes
ZERO = 128  # the byte of the weight 0
TEXT = "%+14.6e"  # seven digits, more than three times as many as a byte has


def float32_body(folded: Folded) -> tuple[Folded, Body]:
    """Return the network with float32 weights, and what `python_module` wants of its body.

    The sums are those of `Network.predict`, term by term, and so are the bits.

    Raises PureNetError for a weight beyond the float32s.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> network = Network([1, 1])
    >>> network.weights = [[[0.1]]]
    >>> float32_body(fold(network))[0].weights
    [[[0.10000000149011612]]]
    """
    weights = [_float32(matrix) for matrix in folded.weights]
    biases = _float32(folded.biases)
    neurons = [[_bytes(column) for column in zip(*matrix)] for matrix in weights]
    for layer, row in zip(neurons, biases):
        layer[:] = [_bytes([bias]) + data for bias, data in zip(row, layer)]
    first = "its bias and " if biases else ""
    how = f"WEIGHTS[k] are layer k + 1: for each neuron, {first}its weights, four bytes each."
    parts = [_NUMBER, _FLOAT32_SUMS]
    return _body(folded._replace(weights=weights, biases=biases), neurons, parts, how, ["ldexp"])


def int8_body(folded: Folded) -> tuple[Folded, Body]:
    """Return the network with weights of one byte, and what `python_module` wants of its body.

    Scales and biases are rounded to seven digits. A neuron adds up its inputs times its whole
    numbers, from left to right, multiplies the sum by its scale once, and adds its bias.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> network = Network([2, 1])
    >>> network.weights = [[[1.27], [-0.5049]]]
    >>> int8_body(fold(network))[0].weights
    [[[1.27], [-0.5]]]
    """
    layers = [quantize(matrix) for matrix in folded.weights]
    layers = [Quantized(numbers, _seven_digits(scales)) for numbers, scales in layers]
    biases = [_seven_digits(row) for row in folded.biases]
    neurons = [
        [(TEXT % scale).encode() + bytes(ZERO + q for q in column) for scale, column in pairs]
        for pairs in (zip(scales, zip(*numbers)) for numbers, scales in layers)
    ]
    for layer, row in zip(neurons, biases):
        layer[:] = [(TEXT % bias).encode() + data for bias, data in zip(row, layer)]
    first = "its bias and its scale" if biases else "its scale"
    how = (
        f"WEIGHTS[k] are layer k + 1: for each neuron, {first} as text, then its weights as"
        f" whole numbers of that scale, a byte each, in which {ZERO} is 0."
    )
    weights = list(map(weights_of, layers))
    return _body(folded._replace(weights=weights, biases=biases), neurons, [_INT8_SUMS], how)


PACKINGS: dict[str, Callable[[Folded], tuple[Folded, Body]]] = {
    "float32": float32_body,
    "int8": int8_body,
}


def _float32(matrix: Matrix) -> Matrix:
    try:
        return [list(struct.unpack(f"<{len(row)}f", _bytes(row))) for row in matrix]
    except OverflowError:
        raise PureNetError("float32: a weight is larger than any float32, 3.4e38") from None


def _bytes(numbers: Sequence[float]) -> bytes:
    return struct.pack(f"<{len(numbers)}f", *numbers)


def _seven_digits(row: Row) -> Row:
    return [float(TEXT % number) for number in row]


def _body(
    folded: Folded,
    neurons: list[list[bytes]],
    functions: list[str],
    how: str,
    from_math: Iterable[str] = (),
) -> tuple[Folded, Body]:
    activations = {folded.activation_of(k) for k in range(len(folded.weights))}
    if not folded.biases:
        functions = [_without_biases(function) for function in functions]
    parts = [
        _constants(neurons),
        *functions,
        *functions_of(activations),
        _outputs(folded),
    ]
    return folded, ("\n\n\n".join(parts), how, [*imported(activations), *from_math])


def _outputs(folded: Folded) -> str:
    lines = list(OUTPUTS)
    for k in range(len(folded.weights)):
        name = folded.activation_of(k)
        inputs = f"layer_{k}" if k else "row"
        function = "float" if name in ("linear", "softmax") else name  # a float it leaves alone
        values = f"layer({inputs}, WEIGHTS[{k}], {function})"
        lines.append(
            f"    layer_{k + 1} = " + (f"softmax({values})" if name == "softmax" else values)
        )
    return "\n".join([*lines, f"    return layer_{len(folded.weights)}"])


def _without_biases(source: str) -> str:
    for there, here in _WITHOUT_BIASES.items():
        source = source.replace(there, here)
    return source


def _constants(neurons: list[list[bytes]]) -> str:
    lines = ["WEIGHTS = ("]
    for layer in neurons:
        lines.append("    (")
        together = max(1, LITERAL // len(layer[0]))
        for j in range(0, len(layer), together):
            lines += _literal(b"".join(layer[j : j + together]))
        lines.append("    ),")
    return "\n".join([*lines, ")", _FOR_PYTHON_2])


def _literal(data: bytes) -> list[str]:
    """Return a literal, a tuple's, in lines of one width; Python puts neighbors together."""
    lines, line = [], ""
    for byte in data:
        piece = chr(byte) if chr(byte) in _PLAIN else f"\\x{byte:02x}"
        if len(line) + len(piece) > WIDTH - len('        b"",'):
            lines.append(line)
            line = ""
        line += piece
    lines = [f'        b"{line}"' for line in [*lines, line]]
    return [*lines[:-1], lines[-1] + ","]


# Printable, and neither the end of a literal, an escape, nor the beginning of a tag in HTML.
_PLAIN = {chr(code) for code in range(ord(" "), ord("~") + 1)} - set('"\\<')

_FOR_PYTHON_2 = """\
if b"0"[0] != 48:  # Python 2
    WEIGHTS = [map(bytearray, layer) for layer in WEIGHTS]"""


_NUMBER = '''\
def number(data, i):
    """Return the float32 in the four bytes from i on: a sign, an exponent and a fraction."""
    high = data[i + 3] * 256 + data[i + 2]
    exponent = high // 128 % 256
    fraction = high % 128 * 65536 + data[i + 1] * 256 + data[i]
    if exponent:
        fraction = fraction + 8388608
    else:
        exponent = 1
    value = ldexp(fraction, exponent - 150)
    return -value if high > 32767 else value'''

_FLOAT32_SUMS = '''\
def layer(inputs, blocks, activation):
    """Return what each neuron makes of the sum of the inputs times its weights, and its bias."""
    outputs = []
    for data in blocks:
        i = 0
        while i < len(data):
            bias = number(data, i)
            i = i + 4
            total = -0.0
            for x in inputs:
                total = total + x * number(data, i)
                i = i + 4
            outputs.append(activation(total + bias))
    return outputs'''

_INT8_SUMS = '''\
def layer(inputs, blocks, activation):
    """Return what each neuron makes of the sum of the inputs times its weights, and its bias."""
    outputs = []
    for data in blocks:
        i = 0
        while i < len(data):
            text = data[i:i + 28].decode()
            i = i + 28
            total = -0.0
            for x in inputs:
                total = total + x * (data[i] - 128)
                i = i + 1
            z = total * float(text[14:]) + float(text[:14])
            outputs.append(activation(z))
    return outputs'''

# What is different where there are no biases.
_WITHOUT_BIASES = {
    ", and its bias": "",
    "            bias = number(data, i)\n            i = i + 4\n": "",
    "total + bias": "total",
    "i + 28": "i + 14",
    "float(text[14:]) + float(text[:14])": "float(text)",
}
