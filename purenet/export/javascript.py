"""A model as one file in JavaScript that imports nothing: an ES module, or a script in ES5.

JavaScript's numbers are Python's floats, and every sum runs from left to right as in `core`. Only
exp and tanh may differ from those of a C library in their last bits. `template.js` has the fixed
parts of every file, in the words that modules and ES5 share.
"""

from __future__ import annotations

import binascii
import json
import re
import struct
from collections.abc import Sequence
from textwrap import indent
from typing import Any

from ..activation_table import TABLE
from ..core._types import Row
from ..core.checks import PureNetError, shown, whole_number
from .folded import Layer
from .layout import bracketed, filled, filled_in, in_comment, listed, number_text
from .quantized import MOST_DIGITS, quantize
from .target import Target, source_of

# Number.MAX_SAFE_INTEGER: beyond it, JavaScript's numbers cannot tell all whole numbers apart.
LARGEST_EXACT = 2**53 - 1

CHARACTERS = 80  # of base64 in a line

# A target in words, by the kind of answer.
TARGETS = {"a class": "one of `classes`", "numbers": "a list of numbers"}

EXPORT = re.compile(r"^export (?=(?:function|const) (\w+))", re.MULTILINE)
DECLARATION = re.compile(r"^( *(?:for \()?)(?:const|let) ", re.MULTILINE)


def javascript_source(
    model: Any,
    *,
    pack: str | None = None,
    digits: int | None = None,
    trainable: bool = False,
    script: str | None = None,
) -> str:
    r"""Return a model in JavaScript, in ASCII: an ES module, or with `script` a script in ES5.

    It exports `predict(row)`, which returns the list of outputs for one row of numbers, or one
    number if the model is a regressor. A classifier also exports `classes`, `predictProba(row)`,
    which is `predict` by another name, and `predictClass(row)`, which returns one of the classes. A
    row that is not one finite number for each input throws an Error. Labels are strings, numbers or
    booleans; in a module, whole numbers that are too large to be exact are BigInts. `selfTest()`
    compares the answer for a row with the model's own, and so does --self-test in Node.js.

    `script` is the name of the file without its ending. The script sets `module.exports`, and also
    a global of this name, with _ for each character that names in JavaScript lack; the global is
    `net` if that is not a free name.

    `digits`, from 1 to 17, is the number of digits of each weight. `pack="float32"` stores each
    weight and bias in four bytes, and `pack="int8"` each weight in one, as text in base64. The file
    decodes them when it is loaded, and computes in doubles all the same.

    `trainable` adds `train(rows, targets, iterations, learningRate)` and `trainRow(row, target,
    learningRate)`, which continue the training by plain gradient descent and change `layers`. A
    target is what an estimator's `fit` takes for a row, and for a Network a list of its outputs.

    Raises PureNetError for both digits and pack, for an invalid value, for a weight that a rounding
    makes infinite, for a label that is neither text nor a number, and for a label that needs a
    BigInt in a script.

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
    return source_of(JavaScript(model, pack, digits, trainable, script))


class JavaScript(Target):
    """An ES module, or a script in ES5."""

    template = "template.js"
    classes = "the probability of each of `classes`, in their order, or one of these"

    def __init__(
        self,
        model: Any,
        pack: str | None = None,
        digits: int | None = None,
        trainable: bool = False,
        script: str | None = None,
    ) -> None:
        if pack not in (None, "float32", "int8"):
            raise PureNetError(f'pack: expected None, "float32" or "int8", got {shown(pack)}')
        if pack is not None and digits is not None:
            raise PureNetError("digits and pack: expected one of them, got both")
        digits = MOST_DIGITS if digits is None else digits
        self.pack, self.digits = pack, whole_number(digits, "digits", 1, MOST_DIGITS)
        self.trainable, self.script = trainable, script
        self.language = f"JavaScript ({'an ES module' if script is None else 'ES5'})"
        self.bytes_of_number = 4 if pack == "float32" else 8
        super().__init__(model)
        self.check()

    @property
    def name(self) -> str:
        """The name of a script's global; "net" if no free name is like the file's.

        >>> from purenet import Network
        >>> [JavaScript(Network([1, 1]), script=name).name for name in ("my-net", "2nd", "class")]
        ['my_net', 'net', 'net']
        """
        name = re.sub(r"\W", "_", str(self.script), flags=re.ASCII)
        taken = self.parts["taken"].partition("\n")[2].split()
        return name if name not in taken and re.match("[A-Za-z]", name) else "net"

    # -- how JavaScript writes it ------------------------------------------------------------------

    def comment(self, lines: list[str]) -> str:
        """Return lines as a comment that describes the file."""
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
        if not isinstance(label, int):
            return self.number(label)
        if abs(label) <= LARGEST_EXACT:
            return text
        if self.script is not None:
            raise PureNetError(f"classes: {text} needs a BigInt, which ES5 lacks: write a .mjs")
        return f"{text}n"

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return a layer as an object; `predict` loops over them, so there is no step."""
        lines = [*self._weights(layer), f"    activation: {self.spelled(layer.activation)},"]
        if self.trainable:
            lines.append(f"    deltas: {self._deltas(layer)[0]},")
        return "\n".join(["  {", *lines, "  },"]), ""

    def _weights(self, layer: Layer) -> list[str]:
        biases = self._row(layer.biases, "    ", "biases: [")
        if self.pack == "int8":
            numbers, scales = quantize(layer.weights)
            last = self._row(scales, " " * 6, "[", "]")
            return [*_encoded("weights: int8s", numbers, "b", last, "),"), *biases]
        if self.pack:
            last = [f"      {len(layer.biases)}"]
            weights = _encoded("weights: float32s", layer.weights, "f", last, "),")
            return weights + _encoded("biases: float32s", [layer.biases], "f", last, ")[0],")
        rows = [line for row in layer.weights for line in self._row(row, " " * 6, "[")]
        return ["    weights: [", *rows, "    ],", *biases]

    def _row(self, row: Sequence[float], indent: str, head: str, tail: str = "],") -> list[str]:
        return bracketed(head, listed(list(map(self.number, row))), tail, indent, "  ")

    def activation(self, name: str) -> str:
        """Return the function for an activation, which takes a layer's numbers."""
        if name in ("linear", "softmax"):
            return self.parts[name]
        es5 = name == "tanh" and self.script is not None
        formula = "tanhOf(x)" if es5 else str(TABLE[name].javascript).format(z="x")
        words = {"activate": self.spelled(name), "FORMULA": formula}
        return filled_in(self.parts["activation"], words) + f"\n{self.parts['tanh in ES5']}" * es5

    # -- the file ----------------------------------------------------------------------------------

    def holds(self) -> dict[str, Any]:
        """Return the conditions of the template's parts and lines, and whether they hold."""
        return {**super().holds(), "a module": self.script is None}

    def module(self, comment: str, words: dict[str, str]) -> str:
        """Return the module or the script, with this comment on top, and these words."""
        body, program = "\n".join(self.used("code", words)), self.used("tail", words)
        if self.script is None:
            return "\n".join([comment, body, *program])
        frame = self._in_script("\n".join([self.parts["script"], *program]), body)
        return DECLARATION.sub(r"\1var ", f"{comment}\n{frame}")

    def _in_script(self, frame: str, body: str) -> str:
        """Return the body of a module in the frame of a script."""
        names = listed([f"{name}: {name}" for name in EXPORT.findall(body)])
        exports = "\n".join(bracketed("return {", names, "};", "  ", "  "))
        body = indent(EXPORT.sub("", body), "  ")
        words = {"NAME": self.name, "  return EXPORTS;": exports, "  BODY;\n": body}
        return filled_in(frame, words)

    def words(self) -> dict[str, str]:
        """Return the model's own words for those of the template."""
        labels = [f"{self.text(label)}," for label in self.model.classes or []]
        example = dict(zip(["example", "example_outputs"], self.example or ()))
        layers = "export const layers = [" if self.trainable else "const layers = ["
        return {
            **super().words(),
            "CLASSES;": "\n".join(["export const classes = [", *filled(labels, "  ", "  "), "];"]),
            "SCALES;": self._arrays(self.scales()),
            "LAYERS;": "\n".join([layers, *self.constants, "];"]),
            "ACTIVATIONS;\n": "\n".join(self.activations),
            "DELTAS;\n": "\n".join(dict.fromkeys(self._deltas(each)[1] for each in self.layers)),
            "EXAMPLE;": self._arrays(example),
            "RATE": self.number(self.rate),
            "NAME": self.name,
            "PATH": in_comment(f"./{self.script}.js"),
            "TARGET": TARGETS.get(self.answer, self.answer),
        }

    def _arrays(self, rows: dict[str, Row]) -> str:
        """Return constant arrays of numbers."""
        named = [(f"const {self.spelled(name)} = [", row) for name, row in rows.items()]
        return "\n".join(line for head, row in named for line in self._row(row, "", head, "];"))

    def _deltas(self, layer: Layer) -> tuple[str, str]:
        return self.back(layer, TABLE[layer.back].slope_in_c.format(a="output"))

    def spelled(self, name: str) -> str:
        """Return a name as JavaScript spells it.

        >>> from purenet import Network
        >>> JavaScript(Network([1, 1])).spelled("leaky_relu")
        'leakyRelu'
        """
        return re.sub("_(.)", lambda match: match[1].upper(), name)


def _encoded(
    head: str, rows: Sequence[Sequence[float]], kind: str, last: list[str], tail: str
) -> list[str]:
    """Return the lines of a call that decodes rows of numbers, which are bytes in base64."""
    data = b"".join(struct.pack(f"<{len(row)}{kind}", *row) for row in rows)
    text = binascii.b2a_base64(data, newline=False).decode().rstrip("=")
    texts = [f'"{text[i : i + CHARACTERS]}"' for i in range(0, len(text), CHARACTERS)]
    lines = bracketed("[", listed(texts), "],", " " * 6, "  ")
    return [f"    {head}(", *lines, *last, f"    {tail}"]
