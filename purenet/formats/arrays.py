"""What the array formats share: numbers as bytes, limits on their size, and layers made of them.

A file's header gives the type and shape of each array. The header is checked first. Numbers are
read only after it is known that the bytes are there, that the layers fit one another, and that the
model is within the limits on size.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable
from typing import Any, NamedTuple

from ..activation_table import name_of
from ..core._types import Matrix, Names, Row
from ..core.checks import PureNetError, counted, cut
from ..estimators.conventions import MOST_NUMBERS
from .json_model import document_of, in_a_line, model_of
from .model import Asked, Model, network_from
from .readers import MOST_MARKS, expect, named, names_of, parse, short_name

# A row takes a hundred bytes besides its numbers, so the limit on rows is that of JSON: a quarter
# of a million neurons.
MOST_ROWS = MOST_MARKS[b"["]

# Codes for what `struct` has no letter for, with the right size.
BFLOAT16 = "<2s"  # the first two bytes of a float32
TEXT = "<1s"  # a text, which is one item of a list


class Array(NamedTuple):
    """An array in a file: its name, its shape, and how its numbers are stored.

    The shape is (inputs, outputs), or (outputs,) for biases. `code` is "<" or ">" and a format of
    `struct`, or BFLOAT16, or TEXT. `data` holds the numbers row by row or column by column. When
    they are read, `root` is added to each and its square root taken, if `root` is not None; then it
    is multiplied by `factor`.
    """

    name: str
    shape: tuple[int, ...]
    code: str = "<d"
    data: Any = b""
    by_columns: bool = False
    root: float | None = None
    factor: float = 1.0

    @property
    def size(self) -> int:
        """Return the number of numbers or texts."""
        return math.prod(self.shape)

    def with_checked_length(self) -> Array:
        """Return the array if it has the number of bytes or texts that its shape needs."""
        count, came = self.size * struct.calcsize(self.code), len(self.data)
        if came != count:
            needed = counted(count, "text" if self.code == TEXT else "byte")
            raise PureNetError(f"{self.name}: expected {needed} for its shape, got {came:,}")
        return self

    def turned(self) -> Array:
        """Return the transposed matrix."""
        return self._replace(shape=self.shape[::-1], by_columns=not self.by_columns)

    def under_root(self, more: float = 0.0) -> Array:
        """Return the array of the square roots of the numbers and something more."""
        if self.root is not None:
            raise PureNetError(f"{self.name}: expected one square root, got two")
        return self._replace(root=more)

    def numbers(self) -> Row:
        """Return the numbers as floats, if all of them are finite."""
        numbers = unpack(self.data, self.code, self.name)
        if self.root is not None:
            numbers = [root_of(number, self.root, self.name) for number in numbers]
        if self.factor == 1.0:
            return numbers
        return check_finite([number * self.factor for number in numbers], self.name)

    def matrix(self) -> Matrix:
        """Return the rows of a matrix."""
        numbers, (rows, columns) = self.numbers(), self.shape
        if self.by_columns:
            return [numbers[i::rows] for i in range(rows)]
        return [numbers[i : i + columns] for i in range(0, rows * columns, columns)]


# -- numbers as bytes ----------------------------------------------------------------------------


def pack(rows: Iterable[Iterable[float]], float32: bool, name: str) -> bytes:
    """Return the bytes of rows of numbers, one after another, smallest byte first.

    Raises PureNetError, with the name, if a number is too large for `float32`.

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
            raise PureNetError(f"{name}: {largest} needs 64 bits: leave out float32") from None
    return bytes(data)


def unpack(data: bytes | memoryview, code: str, name: str) -> Row:
    """Return the numbers stored in bytes, as floats, if all of them are finite.

    `code` is "<" or ">" followed by a format letter of `struct`, or BFLOAT16.

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
    return check_finite(list(map(float, struct.unpack(f"{code[0]}{count}{code[1]}", data))), name)


def check_finite(numbers: Row, name: str) -> Row:
    """Return numbers, if all of them are finite.

    >>> check_finite([1.0, 2.0], "weights[0]")
    [1.0, 2.0]
    """
    if not all(map(math.isfinite, numbers)):
        i = [math.isfinite(number) for number in numbers].index(False)
        raise PureNetError(f"{name}: value {i:,}: expected a finite number, got {numbers[i]}")
    return numbers


def root_of(number: float, more: float, name: str) -> float:
    """Return a deviation, from a variance and what is added to it.

    >>> root_of(3.0, 1.0, "running_var")
    2.0
    """
    if number + more < 0.0:
        raise PureNetError(f"{name}: expected numbers with a square root, got {number}")
    return math.sqrt(number + more)


# -- layers --------------------------------------------------------------------------------------


def check_layers(weights: list[Array], biases: list[Array | None]) -> None:
    """Raise PureNetError if arrays of these shapes do not make a network, or too large a one.

    >>> check_layers([Array("coefs_0", (2, 3)), Array("coefs_1", (4, 1))], [None, None])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: coefs_1: expected 3 inputs, one for each output before, got 4
    """
    expect(len(weights) > 0, "at least one layer with weights", "none")
    numbers = rows = outputs = 0
    for matrix, bias in zip(weights, biases):
        m, n = matrix.shape
        with named(matrix.name):
            expect(m > 0 and n > 0, "inputs and outputs", f"({m} x {n})")
            needed = f"{counted(outputs, 'input')}, one for each output before"
            expect(outputs in (0, m), needed, f"{m:,}")
        if bias is not None and bias.shape != (n,):
            came, needed = counted(bias.shape[0], "number"), counted(n, "output")
            raise PureNetError(f"{bias.name}: {came}, but {matrix.name} has {needed}")
        numbers, rows, outputs = numbers + m * n + n, rows + m, n
    for count, most, of in ((numbers, MOST_NUMBERS, "number"), (rows, MOST_ROWS, "neuron")):
        expect(count <= most, f"at most {counted(most, of)}", f"{count:,}")


# -- models --------------------------------------------------------------------------------------


def about(model: Model) -> str:
    """Return the description of a model without its arrays, as ASCII text.

    >>> from purenet.core.network import Network
    >>> about(Model(Network([2, 1], init="zeros", seed=1)))[:52]
    '{"format": "purenet", "version": 2, "sizes": [2, 1],'
    """
    return in_a_line(document_of(model))


def model_from(
    said: str | None,
    weights: list[Matrix],
    biases: list[Row | None],
    asked: Asked,
    told: Asked = Asked(),  # noqa: B008
) -> Model:
    """Return the model made of these parts of a file.

    `said` is the text of `about`, or None if another program wrote the file. Then the activations
    are those `told` in the file, or the caller's. Where both give them, they must match.

    Raises PureNetError if the parts do not make a model.

    >>> asked = Asked(output_activation="linear")
    >>> model_from(None, [[[1.0], [2.0]]], [[3.0]], asked).network.predict([[1, 1]])
    [[6.0]]
    """
    if said is None:
        hidden, last = (
            in_our_words(name, getattr(told, name) or getattr(asked, name))
            for name in ("activation", "output_activation")
        )
        model = Model(network_from(weights, biases, hidden, last))
    else:
        rows = [row for row in biases if row is not None]
        model = model_of(parse(said.encode()), (weights, rows))
    for given in (told, asked):
        check_asked(model.network.layer_activations, given)
    return model


def check_asked(activations: list[str], asked: Asked) -> None:
    """Raise PureNetError if the caller's activations differ from the file's.

    >>> check_asked(["tanh", "linear"], Asked("tanh", "identity"))
    >>> check_asked(["tanh", "linear"], Asked("relu"))
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: activation: expected 'tanh', as the file says, got 'relu'
    """
    *hidden, last = activations
    same = hidden[0] if hidden[:1] * len(hidden) == hidden and hidden else hidden
    for name, said in (("activation", same), ("output_activation", last)):
        given = in_our_words(name, getattr(asked, name))
        if said and given not in (None, said, hidden):
            needed = f"{cut(repr(said))}, as the file says"
            raise PureNetError(f"{name}: expected {needed}, got {cut(repr(given))}")


def in_our_words(name: str, names: Names | None) -> Any:
    """Return the name of an activation, or a list of names if the layers' differ, as ours.

    >>> in_our_words("activation", ["logistic", "tanh"])
    ['sigmoid', 'tanh']
    """
    if names is None:
        return None
    if isinstance(names, str) or name == "output_activation":
        return name_of(short_name(names, name), "sklearn")
    checked = names_of(list(names) if isinstance(names, tuple) else names, name)
    return [name_of(each, "sklearn") for each in checked]
