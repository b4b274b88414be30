"""The frame of every exported Python file, and the parts of a model written in Python.

Each style is a class that writes the layers in its own way. The frame is the same for all: the
description on top, the check of a row, `predict`, and the code that makes the file a program that
can test itself. A compact file is meant for import: its frame is the description and `predict`. The
fixed parts of every file are in `template.py`, which says which features of Python it uses, and
why.
"""

from __future__ import annotations

import re
from typing import Any

from ..core._types import Row
from ..core.activations import LEAK
from ..formats.model import Model
from .folded import Layer, gives_a_number
from .layout import WIDTH, filled, listed, parts_of
from .python_table import table_source
from .quantized import MOST_DIGITS, with_digits
from .target import Parts, Target, example_lines

READ_ROW = "row_of(line, words)\n                if not row:\n                    continue"

FROM_MATH = re.compile(r"\b(exp|ldexp|tanh)\b")

# Characters to escape: all but printable ASCII, quotes and backslashes, and "<" if it would begin a
# tag in HTML, because people put Python between <script> and </script>.
TO_ESCAPE = re.compile(r"""[^ -~]|["\\]|<(?=[/!?a-zA-Z])""")


class Python(Target):
    """A module of Python; its subclasses, the styles, write the layers.

    `how` is the line on top that explains the layers, and `uses` names the parts of the template
    that they need.
    """

    language = "plain Python"
    classes = "predict_class(row) is one of these classes, predict(row) the probability of each"
    how = ""
    uses: tuple[str, ...] = ()

    def __init__(self, model: Any, compact: bool = True, digits: int = MOST_DIGITS) -> None:
        self.compact, self.digits = compact, digits
        self.parts = {k: part.rstrip("\n") for k, part in parts_of("template.py").items()}
        super().__init__(model)
        self.columns = self.model.table[0] if self.model.table and not compact else []

    def rounded(self) -> Model:
        """Return the model with the file's numbers."""
        exact = self.digits == MOST_DIGITS
        return self.model if exact else with_digits(self.model, self.digits)

    def body(self, steps: list[str]) -> list[str]:
        """Return the lines of predict(row) that take a row through the layers."""
        return [*steps, f"    return layer_{len(steps)}"]

    def constants(self, layers: list[str]) -> list[str]:
        """Return the constants before the functions; by default, all numbers are in the steps."""
        return []

    # -- how Python writes it ----------------------------------------------------------------------

    def comment(self, lines: list[str]) -> str:
        """Return lines as comments, because a docstring takes memory on a board.

        The first two lines contain no name, because a name there could declare the file's encoding.
        """
        return "\n".join(f"# {line}".rstrip() for line in lines)

    def number(self, value: float) -> str:
        """Return a float with the file's number of digits."""
        return repr(value if self.digits == MOST_DIGITS else float(f"{value:.{self.digits}g}"))

    def text(self, label: Any) -> str:
        r"""Return a label in ASCII that every Python reads; Python 2 knows \u only after a u."""
        if not isinstance(label, str):
            return repr(label)
        prefix = "" if label.isascii() else "u"
        return f'{prefix}"{TO_ESCAPE.sub(_escaped, label)}"'

    def inputs_of(self, layer: Layer) -> str:
        """Return the name of a layer's inputs."""
        if layer.k:
            return f"layer_{layer.k}"
        return "standardized(row)" if self.model.inputs else "row"

    def activation(self, name: str) -> str:
        """Return the function for an activation; `math` has tanh, and linear does not need one."""
        return self.parts.get(name, "").replace("LEAK", repr(LEAK))

    # -- the module --------------------------------------------------------------------------------

    def notes(self) -> list[str]:
        """Return lines that explain the layers, give an example, and show how to run the file."""
        lines = [line for text in self.how.split("\n\n") for line in [*filled(text.split()), ""]]
        if self.compact:
            encoded = "It takes these numbers, not rows of the table. " if self.model.table else ""
            return [*lines, *example_lines(self), f"{encoded}Of a row, it checks only the length."]
        return [
            *lines,
            *([] if self.example else [*example_lines(self), ""]),
            *(line[2:] for line in self.parts["use of a table"].split("\n") if self.columns),
            "As a program, it takes rows from its input, a row a line, and prints their answers:",
            "",
            "    python3 this_file.py < rows.csv",
            *(["    python3 this_file.py --self-test"] if self.example else []),
        ]

    def module(self, parts: Parts) -> str:
        """Return the module."""
        functions = [self.parts[name] for name in self.uses]
        functions += [*filter(None, parts.activations), *self.functions(parts.steps)]
        if self.model.kind == "classifier":
            functions.append(self.parts["classifying"])
        if not self.compact:
            functions += self._program()
        functions = [_with_comments(part) for part in functions]
        math = sorted({name for part in functions for name in FROM_MATH.findall(part)})
        head = [parts.comment]
        head += [f"from math import {', '.join(math)}"] if math else []
        head += [self._classes()] if self.model.kind == "classifier" else []
        body = [*self.constants(parts.constants), *functions]
        return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(body) + "\n"

    def functions(self, steps: list[str]) -> list[str]:
        """Return the function `predict`, and the checks it calls."""
        count = self.model.network.sizes[0]
        check = [f'    row = checked({"encode(row)" if self.columns else "row"}, {count}, "row")']
        if self.compact:
            check = [
                f"    if len(row) != {count}:",
                f'        raise ValueError("row: expected a list of length {count}")',
            ]
        lines = [
            "def predict(row):",
            f'    """Return {self._answer()}."""',
            *check,
            *self.body(steps),
        ]
        predict = "\n".join(lines) + "[0]" * gives_a_number(self.model)
        table = table_source(self.columns, self.parts, self.text) if self.columns else []
        return [predict] if self.compact else [*table, self.parts["checked"], predict]

    def _answer(self) -> str:
        if self.model.kind == "classifier":
            return "the probability of each class, in the order of CLASSES"
        return "the predicted number" if gives_a_number(self.model) else "the list of outputs"

    def _classes(self) -> str:
        labels = listed(list(map(self.text, self.model.classes or [])))
        return "\n".join(filled(labels, "CLASSES = [", "    ")) + "]"

    def _program(self) -> list[str]:
        program = self.parts["program"]
        if self.columns:
            program = program.replace("open(0)", 'open(0, encoding="utf-8")')
            program = program.replace("[number_or_text(word) for word in words]", READ_ROW)
        if self.model.kind == "classifier":
            program = program.replace("[repr(", '["%s" % predict_class(row)] + [repr(')
        elif gives_a_number(self.model):
            program = program.replace("predict(row)])", "[predict(row)]])")
        if self.example is None:
            return [
                re.sub(r"    if argv\[1:\] ==.*?return\n", "", program, count=1, flags=re.DOTALL)
            ]
        return [self._self_test(*self.example), program]

    def _self_test(self, row: Row, outputs: Row) -> str:
        source = self.parts["self_test"]
        if gives_a_number(self.model):
            source = source.replace("predict(ROW)", "[predict(ROW)]")
        source = source.replace("LIMIT", f"{1e-3 * (1.0 + max(map(abs, outputs))):.1g}")
        return source.replace("ROW", _numbers(row)).replace("ANSWER", _numbers(outputs))


def _numbers(row: Row) -> str:
    """Return a list of numbers; a long one is text, which takes less memory on a board."""
    words = list(map(repr, row))
    if len(" ".join(words)) <= 60:
        return f"[{', '.join(words)}]"
    lines = [f'        "{line} "' for line in filled(words, width=WIDTH - 20)]
    return "\n".join(["[float(x) for x in (", *lines, "    ).split()]"])


def _with_comments(source: str) -> str:
    """Return functions with comments for docstrings, which cost MicroPython 150 bytes each."""
    return re.sub(r'\n    """([^\n]*)"""\n', r"\n    # \1\n", source)


def in_tuple(numbers: list[str], depth: int) -> list[str]:
    """Return the lines of a tuple inside a list or a tuple.

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
