"""A header in C99: constant weights, and functions that allocate nothing.

A compiler reads the numbers unchanged, and every sum runs from left to right as in `core`. So with
the same C library, a header in doubles gives the same bits as PureNet. `template.h` has the fixed
parts of every header.
"""

from __future__ import annotations

import re
from typing import Any

from ..activation_table import TABLE
from ..core.checks import PureNetError, counted, shown
from ..estimators.preparation import Standardizer
from ..formats.model import Model, check_texts
from .folded import Layer
from .layout import filled, in_comment, listed, number_text
from .quantized import float32, quantize
from .target import Target, ranges

# C99 tells names apart by their first 63 characters; this leaves room for what follows the name.
NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,39}")

# The longest string that every C99 compiler has to accept, in bytes.
LONGEST_STRING = 4095

LARGEST_FLOAT = 2.0**128 - 2.0**104

# A float has 24 bits. If a column's mean is further than this many deviations from 0, fewer than
# eight bits are left for the differences between rows.
FAR = 2.0**16

# Names and numbers of the template in double precision. In single precision an f follows.
NUMBER = re.compile(r"(?<![\w.])(\d+\.\d+(?:e-?\d+)?)(?![\w.])")
FUNCTION = re.compile(r"\b(exp|tanh|fabs)\(")


class C(Target):
    """A header in C99."""

    language, template, code = "C99", "template.h", "code"

    def __init__(
        self, model: Any, *, number: str | None = None, pack: str | None = None, name: str = "net"
    ) -> None:
        if not isinstance(name, str) or not NAME.fullmatch(name):
            wanted = "a letter and at most 39 letters, digits and underscores after it"
            raise PureNetError(f"name: expected {wanted}, got {shown(name)}")
        if number not in (None, "double", "float"):
            raise PureNetError(f'number: expected "double" or "float", got {shown(number)}')
        self.name, self.packed = name, pack == "int8"
        self.real = number or ("float" if self.packed else "double")
        self.is_single = self.real == "float"
        self.pack = pack or ("float32" if self.is_single else None)
        self.largest = LARGEST_FLOAT if self.is_single else self.largest
        self.classes = f"the probability of each class, in the order of {name}_classes"
        self.bytes_of_number = real = 4 if self.is_single else 8
        super().__init__(model)
        self.values = self.real  # the type of a layer's outputs
        self.copies_inputs = self.model.inputs is not None
        self.bytes_of_input = real + (8 if self.far_columns() else real)
        self.rename(self.parts)

    def rename(self, parts: dict[str, str]) -> None:
        """Put parts into the header's own names and precision."""
        self.parts.update((part, self.precise(self.named(text))) for part, text in parts.items())

    def keeps_inputs(self) -> bool:
        """Tell whether the header standardizes its inputs, as bytes and coarse floats require."""
        return super().keeps_inputs() or bool(self.far_columns())

    def far_columns(self) -> list[str]:
        """Return the names of the inputs for which a float is too coarse to tell rows apart."""
        return [name for name, _ in far_columns(self.described)] if self.is_single else []

    # -- how C writes it ---------------------------------------------------------------------------

    def named(self, source: str) -> str:
        """Return a text of the template with the header's own names and type of numbers."""
        kinds = {"real": self.real, "input": self.kind_of_inputs()}
        source = re.sub(r"\bnet_(real|input)\b", lambda match: kinds[match[1]], source)
        source = re.sub(r"\bNET_", self.name.upper() + "_", source)
        return re.sub(r"\bnet_", self.name + "_", source)

    def precise(self, source: str) -> str:
        """Return a text in the header's precision."""
        return FUNCTION.sub(r"\1f(", NUMBER.sub(r"\1f", source)) if self.is_single else source

    def kind_of_inputs(self) -> str:
        """Return the type of inputs: double if a float could not tell rows apart."""
        return "double" if self.far_columns() else self.real

    def _input(self, value: float) -> str:
        return repr(value) if self.far_columns() else self.number(value)

    def comment(self, lines: list[str]) -> str:
        """Return lines as a comment."""
        return "/* " + "\n".join(f" * {line}".rstrip() for line in lines)[3:] + "\n */\n"

    def number(self, value: float, place: str = "") -> str:
        """Return a double in its shortest digits, a float in nine, which tell floats apart."""
        if not self.is_single:
            return repr(value)
        text = f"{float32(value, place):.9g}"
        return f"{text}f" if "." in text or "e" in text else f"{text}.0f"

    def text(self, label: Any) -> str:
        """Return a label as a C string, with octal escapes for characters that are not plain.

        A hexadecimal escape would also swallow hexadecimal digits after it.
        """
        text = label if isinstance(label, str) else number_text(label)
        if "\0" in text:
            raise PureNetError(f"classes: {shown(text)} contains a NUL, which ends a C string")
        check_texts(text)
        data = text.encode()
        if len(data) > LONGEST_STRING:
            size = f"{shown(text)} has {counted(len(data), 'byte')}"
            raise PureNetError(f"classes: {size}, but C99 guarantees only {LONGEST_STRING:,}")
        return f'"{"".join(map(_character, data))}"'

    def array(self, name: str, rows: list[list[str]], kind: str = "", size: str = "") -> str:
        """Return a constant array, in flash, with one or a few lines for each row."""
        lines = [line for row in rows for line in filled([f"{n}," for n in row], " " * 4, " " * 8)]
        kind, size = kind or self.real, size or str(len(rows[0]))
        head = f"static const {kind} {self.name}_{name}[{size}] {self.name.upper()}_FLASH = {{"
        return "\n".join([head, *lines, "};\n"])

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return a layer's arrays and the call that computes it.

        Outputs of successive layers alternate between two buffers.
        """
        k, (m, n) = layer.k, (len(layer.weights), len(layer.biases))
        title = f"/* Layer {k + 1}, {m} x {n}: rows are of inputs, columns of neurons. */\n"
        tables = self._tables(layer)
        source = ("even" if self.model.inputs else "inputs") if k == 0 else ("even", "odd")[k % 2]
        target = "outputs" if layer.is_last else ("odd", "even")[k % 2]
        function = f"{self.name}_layer" + "_of_bytes" * self.packed
        names = ", ".join(f"{self.name}_{name}" for name, *_ in tables)
        steps = [f"{function}({source}, {m}, {target}, {n}, {names});"]
        if layer.activation != "linear":
            steps.append(f"{self.name}_{layer.activation}({target}, {n});")
        return title + "".join(self.array(*table) for table in tables), "\n    ".join(steps)

    def _tables(self, layer: Layer) -> list[tuple[Any, ...]]:
        """Return the arguments of `array` for a layer's numbers."""
        k, place = layer.k, f"weights[{layer.k}]"
        size = f"{len(layer.weights)} * {len(layer.biases)}"
        biases = (f"biases_{k}", [[self.number(b, f"biases[{k}]") for b in layer.biases]])
        if not self.packed:
            rows = [[self.number(w, place) for w in row] for row in layer.weights]
            return [(f"weights_{k}", rows, self.real, size), biases]
        numbers, scales = quantize(layer.weights)
        rows = [list(map(str, row)) for row in numbers]
        row = [self.number(scale, f"{place}: the scale") for scale in scales]
        return [(f"weights_{k}", rows, "int8_t", size), (f"scales_{k}", [row]), biases]

    def activation(self, name: str) -> str:
        """Return the functions for an activation; linear does not need one."""
        formula = self.precise(TABLE[name].c.format(z="values[j]"))
        slope = self.precise(TABLE[name].slope_in_c.format(a="outputs[j]"))
        words = {"FORMULA(values[j])": formula, "SLOPE(outputs[j])": slope}
        part = "softmax" if name == "softmax" else "activation"
        parts = [] if name == "linear" else [part, *[f"{part} slope"] * self.trainable]
        text = "\n".join(self.fitted(self.parts[each], words) for each in parts)
        return text.replace(f"{self.name}_activation", f"{self.name}_{name}")

    # -- the header --------------------------------------------------------------------------------

    def holds(self) -> dict[str, Any]:
        """Return the conditions of the template's parts and lines, and whether they hold."""
        of_columns = {"single precision": self.is_single, "far columns": self.far_columns()}
        return {**super().holds(), **of_columns, "whole numbers": False, "whole inputs": False}

    def module(self, comment: str, words: dict[str, str]) -> str:
        """Return the header, with this comment on top, and these words."""
        pieces = [piece for kind in ("head", self.code, "tail") for piece in self.used(kind, words)]
        return "\n".join([comment, *pieces])

    def words(self) -> dict[str, str]:
        """Return the model's own words and parts for those of the template."""
        sizes, rooms = self.model.network.sizes, self._buffers().items()
        return {
            **super().words(),
            "head of labels": self._labels(),
            "code of input scales": self._scale("input", self.model.inputs),
            "code of target scales": self._scale("target", self.model.outputs),
            f"{self.code} of layers": "\n".join(self.constants),
            f"{self.code} of activations": "\n".join(self.activations),
            "tail of example": self._example(),
            self.named("NET_INPUTS 2"): self.named(f"NET_INPUTS {sizes[0]}"),
            self.named("NET_OUTPUTS 2"): self.named(f"NET_OUTPUTS {sizes[-1]}"),
            "FAR": "\n".join(filled(listed(self.far_columns()))),
            "    BUFFERS;\n": "".join(f"    {self.values} {room}[{n}];\n" for room, n in rooms),
            "STEPS;": "\n    ".join(self.steps),
        }

    def _labels(self) -> str:
        """Return the labels, on an AVR in memory, where puts finds them."""
        labels = list(map(self.text, self.model.classes or [""]))
        array = self.array("classes", [labels], "char *const").removeprefix("static ")
        return self.parts["static"] + array.replace(f"] {self.name.upper()}_FLASH", "]", 1)

    def _scale(self, what: str, scale: Standardizer | None) -> str:
        """Return the arrays that standardize inputs or targets."""
        if scale is None:
            return ""
        means = list(map(self._input if what == "input" else self.number, scale.means))
        kind = self.kind_of_inputs() if what == "input" else self.real
        row = [self.number(x, f"the deviations of {what}s") for x in scale.deviations]
        arrays = self.array(f"{what}_means", [means], kind), self.array(f"{what}_deviations", [row])
        return f"/* The mean and the standard deviation of each {what}. */\n" + "".join(arrays)

    def _buffers(self) -> dict[str, int]:
        """Return the buffers between layers, with the number of values in each."""
        sizes = self.model.network.sizes
        rooms = {"odd": sizes[1:-1:2], "even": sizes[0 if self.copies_inputs else 2 : -1 : 2]}
        return {place: max(counts) for place, counts in rooms.items() if counts}

    def _example(self) -> str:
        row, outputs = self.example or ([], [])
        example = self.array("example", [list(map(self._input, row))], self.kind_of_inputs())
        example += self.array("example_outputs", [list(map(self.number, outputs))])
        example = example.replace(self.named(" NET_FLASH"), "")  # net_predict takes it
        return f"#ifdef {self.name.upper()}_SELFTEST\n{example}"

    # -- what it takes -----------------------------------------------------------------------------

    def ram_bytes(self) -> int:
        """Return the bytes of numbers on the stack of net_predict, with its outputs."""
        numbers = sum(self._buffers().values()) + self.model.network.sizes[-1]
        return numbers * self.bytes_of_number


class Trainable(C):
    """A header that can continue the training: a row in a step, and no allocation.

    It is plain gradient descent, with sums in the order of `core`. So in doubles the bits are those
    of `Network.train([row], [targets], epochs=1, learning_rate=learning_rate)`. The header of an
    estimator standardizes as the estimator does, so row and targets are then standardized ones.

    >>> from purenet import Network
    >>> from .target import source_of
    >>> "static double net_weights_0[2 * 1] = {" in source_of(Trainable(Network([2, 1])))
    True
    """

    trainable = True

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return a layer's arrays, which are not constant, and the call that computes it."""
        arrays, step = super().layer(layer)
        return arrays.replace("static const", "static").replace(self.named(" NET_FLASH"), ""), step

    def words(self) -> dict[str, str]:
        """Return the model's own words for those of the template."""
        return {
            **super().words(),
            "ROWS": "\n    ".join(map(self._row, self.layers)),
            "DEPTH": str(len(self.layers)),
            "COUNT": str(sum(self.model.network.sizes[1:])),
            "BIASED": str(len(self.model.network.biases[:1])),
        }

    def _row(self, layer: Layer) -> str:
        """Return a layer's row of the table."""
        k, m, n = layer.k, len(layer.weights), len(layer.biases)
        names = f"net_weights_{k}, net_biases_{k}, net_{layer.activation}, net_{layer.back}_slope"
        return self.named(f"{{{m}, {n}, {names}}},")


def _character(byte: int) -> str:
    # A question mark is escaped, because two of them begin a trigraph.
    plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
    return chr(byte) if plain else f"\\{byte:03o}"


def far_columns(model: Model) -> list[tuple[str, float]]:
    """Return the inputs for which a float is too coarse to tell rows apart, with their means.

    >>> from ..core.network import Network
    >>> from ..estimators.preparation import Standardizer
    >>> far_columns(Model(Network([2, 1]), inputs=Standardizer([1.7e9, 5.0], [3600.0, 1.0])))
    [('input 0', 1700000000.0)]
    """
    names = list(map(in_comment, model.input_names))
    names = names or [f"input {i}" for i in range(model.network.sizes[0])]
    columns = zip(names, ranges(model))
    return [(name, mean) for name, (mean, deviation) in columns if abs(mean) > FAR * deviation]
