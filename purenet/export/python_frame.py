"""The frame of every exported Python file, and how Python writes the parts of a model.

Each style is a class that writes the layers in its own way, in a frame that is the same for all:
what the file is for, the check of a row, `predict`, and what makes the file a program. A compact
file, for another program, is none itself, and has no more of the frame than `predict`. What is the
same in every file stands in `template.py`, which says what of Python it keeps to, and why.
"""

from __future__ import annotations

import re
from typing import Any

from ..core._types import Row
from ..formats.model import Model
from .folding import Layer, gives_a_number
from .layout import WIDTH, filled, listed, parts_of
from .quantized import with_digits
from .target import Parts, Target, example_lines

MOST_DIGITS = 17  # which tell any two floats apart

FROM_MATH = re.compile(r"\b(exp|ldexp|tanh)\b")

# What is not printable ASCII, quotes and backslashes; and "<" where HTML would see a tag begin, as
# people put Python between <script> and </script>.
TO_ESCAPE = re.compile(r"""[^ -~]|["\\]|<(?=[/!?a-zA-Z])""")


class Python(Target):
    """A module of Python; the styles say how layers are written in it.

    `how` says on top what is to be seen in the layers, and `uses` names the parts of the template
    that they need.
    """

    language = "plain Python"
    classes = "predict_class(row) is one of these classes, predict(row) the probability of each"
    how = ""
    uses: tuple[str, ...] = ()

    def __init__(self, model: Any, compact: bool = True, digits: int = MOST_DIGITS) -> None:
        self.compact, self.digits = compact, digits
        self.parts = parts_of("template.py")
        super().__init__(model)

    def rounded(self) -> Model:
        """Return the model that the file's numbers make."""
        exact = self.digits == MOST_DIGITS
        return self.model if exact else with_digits(self.model, self.digits)

    def body(self, steps: list[str]) -> list[str]:
        """Return the lines of outputs(row), which takes a row through the layers."""
        raise NotImplementedError

    def constants(self, layers: list[str]) -> list[str]:
        """Return the weights and biases, if they do not stand in the steps."""
        raise NotImplementedError

    # -- how Python writes it ----------------------------------------------------------------------

    def comment(self, lines: list[str]) -> str:
        """Return lines as a docstring; a board has no room for more than comments."""
        if self.compact:
            return "\n".join(f"# {line}".rstrip() for line in lines)
        text = "\n".join(lines).replace("\\", "\\\\")
        return f'"""{text}\n"""'

    def number(self, value: float, place: str = "") -> str:
        """Return a float with as many digits as the file is to have."""
        return repr(value if self.digits == MOST_DIGITS else float(f"{value:.{self.digits}g}"))

    def text(self, label: Any) -> str:
        r"""Return a label as every Python reads it, in ASCII; Python 2 knows \u only after a u."""
        if not isinstance(label, str):
            return repr(label)
        prefix = "" if label.isascii() else "u"
        return f'{prefix}"{TO_ESCAPE.sub(_escaped, label)}"'

    def array(self, name: str, rows: list[list[str]]) -> str:
        """Return a list of rows as tuples.

        To read tuples of numbers takes MicroPython a fifth less memory than lists.
        """
        return "\n".join([f"{name} = [", *(line for row in rows for line in in_tuple(row, 4)), "]"])

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return the weights, a tuple for each neuron, and the line that computes the layer."""
        rows = [in_tuple(list(map(self.number, column)), 8) for column in zip(*layer.weights)]
        weights = "\n".join(["    (", *(line for row in rows for line in row), "    ),"])
        values = f"weighted_sums({self.inputs_of(layer)}, WEIGHTS[{layer.k}], BIASES[{layer.k}])"
        if layer.activation == "softmax":
            values = f"softmax({values})"
        elif layer.activation != "linear":
            values = f"[{layer.activation}(z) for z in {values}]"
        return weights, f"    layer_{layer.k + 1} = {values}"

    def inputs_of(self, layer: Layer) -> str:
        """Return what a layer's inputs are called."""
        if layer.k:
            return f"layer_{layer.k}"
        return "standardized(row)" if self.model.inputs else "row"

    def activation(self, name: str) -> str:
        """Return the function for an activation; tanh is in `math`, and linear needs none."""
        return self.parts.get(name, "").replace("LEAK", "0.01").rstrip("\n")

    # -- the module --------------------------------------------------------------------------------

    def notes(self) -> list[str]:
        """Return what is to be seen in the file, an example, and how it is a program."""
        lines = [line for text in self.how.split("\n\n") for line in [*filled(text.split()), ""]]
        if self.compact:
            return [*lines, *example_lines(self), "It checks of a row only how long it is."]
        return [
            *lines,
            "As a program, it takes rows from its input, a row a line, and prints an answer for each:",
            "",
            "    python3 this_file.py < rows.csv",
            *(["    python3 this_file.py --self-test"] if self.example else []),
        ]

    def module(self, parts: Parts) -> str:
        """Return the module; a compact one has comments in place of docstrings.

        MicroPython needs 150 bytes to drop a docstring.
        """
        functions = [self.parts[name].rstrip("\n") for name in self.uses]
        functions += [*filter(None, parts.activations), *self.functions(parts.steps)]
        if self.model.kind == "classifier":
            functions.append(self.parts["classifying"].rstrip("\n"))
        if self.compact:
            functions = [
                re.sub(r'\n    """([^\n]*)"""\n', r"\n    # \1\n", part) for part in functions
            ]
        else:
            functions += self._program()
        math = sorted({name for part in functions for name in FROM_MATH.findall(part)})
        head = [parts.comment]
        head += [f"from math import {', '.join(math)}"] if math else []
        head += [self._classes()] if self.model.kind == "classifier" else []
        body = [*self.constants(parts.constants), *functions]
        return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(body) + "\n"

    def functions(self, steps: list[str]) -> list[str]:
        """Return the functions from `outputs`, or where there is one function, `predict`, on."""
        row, number = self.model.network.sizes[0], "[0]" * gives_a_number(self.model)
        predict = ["def predict(row):", f'    """Return {self._answer()}."""']
        lines = self.body(steps)
        if self.compact:
            check = [
                f"    if len(row) != {row}:",
                f'        raise ValueError("row: expected a list of length {row}")',
            ]
            return ["\n".join([*predict, *check, *lines]) + number]
        outputs = ["def outputs(row):", f'    """Return what the last layer puts out."""', *lines]
        predict.append(f'    return outputs(checked(row, {row}, "row")){number}')
        return ["\n".join(outputs), self.parts["checked"].rstrip("\n"), "\n".join(predict)]

    def _answer(self) -> str:
        if self.model.kind == "classifier":
            return "the probability of each class, in the order of CLASSES"
        return "the predicted number" if gives_a_number(self.model) else "the list of outputs"

    def _classes(self) -> str:
        labels = listed(list(map(self.text, self.model.classes or [])))
        return "\n".join(filled(labels, "CLASSES = [", "    ")) + "]"

    def _program(self) -> list[str]:
        cells = "[repr(output) for output in predict(row)]"
        if self.model.kind == "classifier":
            cells = f'["%s" % predict_class(row)] + {cells}'
        elif gives_a_number(self.model):
            cells = "[repr(predict(row))]"
        program = self.parts["program"].rstrip("\n").replace("CELLS", cells)
        if self.example is None:
            test = re.compile(r"    from sys.*?        return\n", re.DOTALL)
            return [test.sub("", program, count=1)]
        return [self._self_test(), program]

    def _self_test(self) -> str:
        source = self.parts["self_test"].rstrip("\n")
        for name, numbers in zip(("row = ROW", "expected = ANSWER"), self.example or ()):
            source = source.replace(f"    {name}", "\n".join(_words(name.split()[0], numbers)))
        return source


def _words(name: str, numbers: Row) -> list[str]:
    """Return the lines that assign numbers as a text, as a board has no room for a list twice."""
    first, *more = filled(list(map(repr, numbers)), width=WIDTH - 20)
    if not more:
        return [f'    {name} = "{first}"']
    lines = [f'        "{line} "' for line in [first, *more]]
    return [f"    {name} = (", *lines, "    )"]


def in_tuple(numbers: list[str], depth: int) -> list[str]:
    """Return the lines of a tuple that stands in a list or a tuple.

    >>> in_tuple(["0.5"], 0), in_tuple(["0.5", "1.0"], 4)
    (['(0.5,),'], ['    (0.5, 1.0),'])
    """
    lines = filled(listed(numbers), " " * depth + "(", " " * depth + " ")
    lines[-1] += ",)," if len(numbers) == 1 else "),"
    return lines


def _escaped(match: re.Match[str]) -> str:
    character = match.group()
    if character in '"\\':
        return "\\" + character
    if character == "\n":
        return "\\n"
    number = ord(character)
    if number > 0xFFFF:
        return f"\\U{number:08x}"
    return f"\\u{number:04x}" if number > 0x7F else f"\\x{number:02x}"
