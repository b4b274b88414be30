"""A model as one ES module that imports nothing, for a browser, Node.js or a worker.

JavaScript's numbers are Python's floats, and every sum runs from left to right as in `core`. Only
Math.exp and Math.tanh may differ from those of a C library in their last bits. `template.js` has
the fixed parts of every module.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from ..activation_table import TABLE
from ..core._types import Row
from ..core.checks import counted
from .folded import Layer, gives_a_number
from .layout import bracketed, filled, listed, number_text, parts_of
from .quantized import quantize
from .target import Parts, Target, example_lines, is_packed, ranges, source_of

# Number.MAX_SAFE_INTEGER: beyond it, JavaScript's numbers cannot tell all whole numbers apart.
LARGEST_EXACT = 2**53 - 1


def javascript_source(model: Any, *, pack: str | None = None) -> str:
    r"""Return an ES module, in ASCII, that predicts as the model does.

    It exports `predict(row)`, which returns the list of outputs for one row of numbers, or one
    number if the model is a regressor. A classifier's module also exports `classes`,
    `predictProba(row)`, which is `predict` by another name, and `predictClass(row)`, which returns
    one of the classes. A row that is not one finite number for each input throws an Error. Labels
    are strings, numbers or booleans, or BigInts for whole numbers that are too large to be exact.
    `selfTest()` compares the answer for a row with the model's own, and so does `node net.mjs
    --self-test`. `pack="int8"` stores each weight in a byte.

    Raises PureNetError for an unknown pack, and for a label that is neither text nor a number.

    >>> from purenet import Network
    >>> source = javascript_source(Network([2, 1], init="zeros"))
    >>> print(source[source.index("const layers") :].split("\n\n")[0])
    const layers = [
      {
        weights: [
          [0],
          [0],
        ],
        biases: [-0],
        activation: sigmoid,
      },
    ];
    """
    return source_of(JavaScript(model, pack=pack))


class JavaScript(Target):
    """An ES module."""

    language = "JavaScript (an ES module)"
    classes = "the probability of each of `classes`, in their order, or one of these"

    def __init__(self, model: Any, *, pack: str | None = None) -> None:
        self.packed = is_packed(pack)
        self.bytes_of_weight = 1 if self.packed else 8
        self.parts = parts_of("template.js")
        super().__init__(model)

    # -- how JavaScript writes it ------------------------------------------------------------------

    def comment(self, lines: list[str]) -> str:
        """Return lines as a comment that describes the module."""
        return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n"

    def number(self, value: float) -> str:
        """Return a number in its shortest digits."""
        return float.__repr__(float(value)).removesuffix(".0")

    def text(self, label: Any) -> str:
        """Return a label as a string, a number, a boolean or a BigInt."""
        if isinstance(label, str):
            return json.dumps(label).replace("<", "\\u003c")  # in a page, </script> would end it
        if isinstance(label, bool):
            return "true" if label else "false"
        text = number_text(label)
        if isinstance(label, int):
            return text if abs(label) <= LARGEST_EXACT else f"{text}n"
        return self.number(label)

    def array(self, name: str, row: Row) -> str:
        """Return a constant array of numbers."""
        return "\n".join(self._row(row, "", f"const {name} = [", "];")) + "\n"

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return a layer as an object; `predict` loops over them, so there is no step."""
        rows: Sequence[Sequence[float]] = layer.weights
        head, tail, scales = "[", "],", list[str]()
        if self.packed:
            rows, steps = quantize(layer.weights)
            head, tail, scales = "Int8Array.of(", "),", self._row(steps, "    ", "scales: [")
        lines = [line for row in rows for line in self._row(row, " " * 6, head, tail)]
        lines = ["  {", "    weights: [", *lines, "    ],", *scales]
        lines += self._row(layer.biases, "    ", "biases: [")
        return "\n".join([*lines, f"    activation: {_function(layer.activation)},", "  },"]), ""

    def _row(self, row: Sequence[float], indent: str, head: str, tail: str = "],") -> list[str]:
        return bracketed(head, listed(list(map(self.number, row))), tail, indent, "  ")

    def activation(self, name: str) -> str:
        """Return the function for an activation, which takes a layer's numbers."""
        if name in ("linear", "softmax"):
            return "\n" + self.parts[name]
        part = self.parts["activation"].replace("activate", _function(name))
        return "\n" + part.replace("FORMULA(x)", _bracketed(str(TABLE[name].javascript)))

    # -- the module --------------------------------------------------------------------------------

    def notes(self) -> list[str]:
        """Return lines on how to import it, and an example."""
        names = "classes, predict, predictClass" if self.model.classes else "predict"
        lines = [f'    import {{ {names} }} from "./net.mjs";', ""]
        if self.packed:
            lines += [self.about_bytes, ""]
        lines += example_lines(self)
        if self.example:
            lines.append("selfTest() checks it, and so does: node net.mjs --self-test")
        return lines

    def module(self, parts: Parts) -> str:
        """Return the module."""
        labels = [f"{self.text(label)}," for label in self.model.classes or []]
        classes = ["export const classes = [", *filled(labels, "  ", "  "), "];"]
        pieces = [
            parts.comment,
            "\n".join(classes) + "\n" if labels else "",
            self._predict() + ("\n" + self.parts["classifier"] if labels else ""),
            self._standardization(),
            "\n".join(["const layers = [", *parts.constants, "];"]) + "\n",
            self._forward(),
            *(part.lstrip("\n") for part in parts.activations),
            self._self_test(),
        ]
        return "\n".join(filter(None, pieces))

    def _predict(self) -> str:
        part = self.parts["network"]
        if self.model.classes:
            part = part.replace("the outputs for", "the probability of each class for")
            return part.replace("numbers. */", "numbers, in the order of `classes`. */")
        if gives_a_number(self.model):
            part = part.replace("the outputs for", "the prediction for")
            return part.replace("outputsFor(row)", "outputsFor(row)[0]")
        return part

    def _standardization(self) -> str:
        if self.model.inputs is None:
            return ""
        means, deviations = map(list, zip(*ranges(self.model)))
        arrays = self.array("means", means) + self.array("deviations", deviations)
        return arrays + "\n" + self.parts["standardize"]

    def _forward(self) -> str:
        inputs = self.model.network.sizes[0]
        part = self.parts["forward"].replace("NUMBERS", counted(inputs, "number"))
        part = part.replace("COUNT", str(inputs))
        if self.model.inputs:
            part = part.replace("Array.from(row)", "standardize(Array.from(row))")
        if not self.packed:
            return part + "\n" + self.parts["weighted sums"]
        part = part.replace("weightedSums", "weightedSumsOfBytes")
        return part + "\n" + self.parts["weighted sums of bytes"]

    def _self_test(self) -> str:
        if self.example is None:
            return ""
        row, outputs = self.example
        arrays = self.array("example", row) + self.array("exampleOutputs", outputs)
        return arrays + "\n" + self.parts["self-test"].replace("TOLERANCE", "1e-9")


def _function(activation: str) -> str:
    return "leakyRelu" if activation == "leaky_relu" else activation


def _bracketed(formula: str) -> str:
    """Return a formula of x; a conditional one is in brackets, for readers of an arrow function."""
    return f"({formula.format(z='x')})" if "?" in formula else formula.format(z="x")
