"""What formats of arrays share: numbers as bytes, the limits on them, and layers made of them.

A file's header says of which kind and shape its arrays are. All of that is checked first, and
numbers are read when it is known that they are there, that layers fit one another, and that the
whole is no more than a model can be.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..core._types import Matrix, Names, Row
from ..core.checks import PureNetError, counted
from .document import document_of, model_of
from .json_text import MOST_MARKS, in_a_line, names_of, parse, short_name
from .model import Model, network_from

# scikit-learn's words for activations, where they are others than ours.
OF_SKLEARN = {"identity": "linear", "logistic": "sigmoid"}

# Sixteen million numbers, each of which takes forty bytes of memory. A row of them takes a hundred
# more, so there are as many rows as JSON may have: a quarter of a million neurons.
MOST_NUMBERS = 2**24
MOST_ROWS = MOST_MARKS[b"["]

BFLOAT16 = "bfloat16"  # the first two bytes of a float32, which `struct` does not know


class Array(NamedTuple):
    """What a file calls an array, and its shape: (inputs, outputs), or (outputs,) of biases."""

    name: str
    shape: tuple[int, ...]


# -- numbers as bytes ----------------------------------------------------------------------------


def pack(rows: Iterable[Iterable[float]], float32: bool, name: str) -> bytes:
    """Return the bytes of rows of numbers, one after another, smallest byte first.

    Raises PureNetError, with the name, where `float32` cannot hold a number.

    >>> pack([[1.0, -2.0]], True, "weights[0]").hex()
    '0000803f000000c0'
    """
    code, data = "f" if float32 else "d", bytearray()
    for row in rows:
        numbers = list(row)
        try:
            data += struct.pack(f"<{len(numbers)}{code}", *numbers)
        except OverflowError:
            largest = max(numbers, key=abs)
            raise PureNetError(f"{name}: {largest} is too large for a float32") from None
    return bytes(data)


def unpack(data: bytes | memoryview, code: str, name: str) -> Row:
    """Return the numbers that bytes stand for, as floats, if all of them are finite.

    `code` is one of the letters of the module `struct` behind "<" or ">", or BFLOAT16.

    >>> unpack(bytes.fromhex("3f800000c0000000"), ">f", "weights[0]")
    [1.0, -2.0]
    >>> unpack(bytes.fromhex("803f00c0"), BFLOAT16, "weights[0]")
    [1.0, -2.0]
    """
    if code == BFLOAT16:
        wide = bytearray(2 * len(data))
        wide[2::4], wide[3::4] = data[::2], data[1::2]
        data, code = memoryview(wide), "<f"
    count = len(data) // struct.calcsize(code)
    numbers = list(map(float, struct.unpack(f"{code[0]}{count}{code[1]}", data)))
    if not all(map(math.isfinite, numbers)):
        i = [math.isfinite(number) for number in numbers].index(False)
        raise PureNetError(f"{name}: number {i:,}: expected a finite one, got {numbers[i]}")
    return numbers


def rows_of(numbers: Row, rows: int, columns: int, by_columns: bool) -> Matrix:
    """Return the matrix (rows x columns) whose numbers are row by row, or column by column.

    >>> rows_of([1.0, 2.0, 3.0, 4.0], 2, 2, False), rows_of([1.0, 2.0, 3.0, 4.0], 2, 2, True)
    ([[1.0, 2.0], [3.0, 4.0]], [[1.0, 3.0], [2.0, 4.0]])
    """
    if by_columns:
        return [numbers[i::rows] for i in range(rows)]
    return [numbers[i : i + columns] for i in range(0, rows * columns, columns)]


# -- layers --------------------------------------------------------------------------------------


def check_layers(weights: list[Array], biases: list[Array | None]) -> None:
    """Raise PureNetError where arrays of these shapes do not make a network, or too large a one.

    >>> check_layers([Array("coefs_0", (2, 3)), Array("coefs_1", (4, 1))], [None, None])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: coefs_1: it has 4 inputs, but the layer before has 3 outputs
    """
    numbers = rows = outputs = 0
    for matrix, bias in zip(weights, biases):
        m, n = matrix.shape
        if m < 1 or n < 1:
            raise PureNetError(f"{matrix.name}: expected at least one input and output, got 0")
        if outputs and m != outputs:
            came, needed = counted(m, "input"), counted(outputs, "output")
            raise PureNetError(f"{matrix.name}: it has {came}, but the layer before has {needed}")
        if bias is not None and bias.shape != (n,):
            came, needed = counted(bias.shape[0], "number"), counted(n, "output")
            raise PureNetError(f"{bias.name}: {came}, but {matrix.name} has {needed}")
        numbers, rows, outputs = numbers + m * n + n, rows + m, n
    for count, most, of in ((numbers, MOST_NUMBERS, "number"), (rows, MOST_ROWS, "neuron")):
        if count > most:
            raise PureNetError(f"{counted(count, of)}, but a model has at most {most:,}")


# -- models --------------------------------------------------------------------------------------


def about(model: Model) -> str:
    """Return all that a file says of a model beside its arrays, as a text in ASCII.

    >>> from purenet.core.network import Network
    >>> about(Model(Network([2, 1], init="zeros", seed=1)))[:52]
    '{"format": "purenet", "version": 2, "sizes": [2, 1],'
    """
    return in_a_line(document_of(model))


def model_from(
    said: str | None,
    weights: list[Matrix],
    biases: list[Row | None],
    activation: Names | None,
    output_activation: str | None,
) -> Model:
    """Return the model of which a file has these parts.

    `said` is the text of `about`, None in the files of others. Then the activations are the
    caller's; of one of PureNet's own models they may be said, but not wrongly.

    Raises PureNetError where the parts make no model.

    >>> model_from(None, [[[1.0], [2.0]]], [[3.0]], None, "linear").network.predict([[1, 1]])
    [[6.0]]
    """
    if said is None:
        network = network_from(weights, biases, activation, output_activation)
        return Model(network)
    model = model_of(parse(said.encode()), (weights, [row for row in biases if row is not None]))
    *hidden, last = model.network.layer_activations
    if hidden:
        settled("activation", hidden, activation)
    settled("output_activation", last, output_activation)
    return model


def settled(name: str, said: Names | None, asked: Names | None) -> Any:
    """Return the activation that a file says, or that the caller asks for, in PureNet's words.

    It may be a list, one for each hidden layer. Raises PureNetError where they differ.

    >>> settled("activation", "logistic", None), settled("activation", None, "relu")
    ('sigmoid', 'relu')
    >>> settled("activation", "tanh", "relu")
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: activation: the file says 'tanh', not 'relu'
    """
    said, asked = (names and _in_our_words(name, names) for names in (said, asked))
    if said is None or asked is None:
        return asked if said is None else said
    if _spread(said, asked) != _spread(asked, said):
        if isinstance(said, list) and said == said[:1] * len(said):
            said = said[0]
        raise PureNetError(f"{name}: the file says {said!r}, not {asked!r}")
    return said


def _spread(names: Any, like: Any) -> Any:
    """Return a name as a list of as many as another has, all else unchanged."""
    return [names] * len(like) if isinstance(names, str) and isinstance(like, list) else names


def _in_our_words(name: str, names: Names) -> Names:
    """Return the name of an activation, or a list of those of layers that differ."""
    if isinstance(names, str) or name == "output_activation":
        word = short_name(names, name)
        return OF_SKLEARN.get(word, word)
    checked = names_of(list(names) if isinstance(names, tuple) else names, name)
    return [OF_SKLEARN.get(each, each) for each in checked]
