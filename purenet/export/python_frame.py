"""The frame of every exported Python file, and the parts of a model written in Python.

Each style is a class that writes the layers in its own way. The frame is the same for all: the
description on top and `predict`. A compact file has no more, and checks only the length of a row. A
module also checks its numbers, and can test itself. A program can read rows besides, and print
their answers. The fixed parts of every file are in `template.py`, which says which features of
Python it uses, and why.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from ..core._types import Row
from ..core.activations import LEAK
from .folded import Layer
from .layout import WIDTH, filled, listed, number_text
from .python_table import items_of, table_words
from .quantized import MOST_DIGITS
from .target import Target

FROM_MATH = re.compile(r"\b(exp|frexp|ldexp|tanh)\b")

# Where a tag of HTML would begin, because people put Python between <script> and </script>.
TAG = re.compile(r"<(?=[/!?a-zA-Z])")


# Printable characters, except those that end a literal, or begin an escape or a tag in HTML.
_PLAIN = {chr(code) for code in range(ord(" "), ord("~") + 1)} - set('"\\<')


class Python(Target):
    """A module of Python; its subclasses, the styles, write the layers.

    `style` is the condition of its parts in the template. `frame` is "compact", "module" or
    "program".
    """

    language, template = "plain Python", "template.py"
    classes = "predict_class(row) is one of these classes, predict(row) the probability of each"
    style, characters = "", 0  # of a weight, if they are text

    def __init__(self, model: Any, frame: str = "compact", digits: int = MOST_DIGITS) -> None:
        self.frame, self.compact, self.digits = frame, frame == "compact", digits
        super().__init__(model)
        self.columns = self.model.table[0] if self.model.table and not self.compact else []
        self.items = [items_of(column, self.text) for column in self.columns]

    def body(self) -> list[str]:
        """Return the lines of predict(row) that take a row through the layers."""
        return [*self.steps, f"    return layer_{len(self.layers)}"]

    def weights(self) -> str:
        """Return the constants of the layers; by default, all numbers are in the steps."""
        return ""

    # -- how Python writes it ----------------------------------------------------------------------

    def comment(self, lines: list[str]) -> str:
        """Return lines as comments, because a docstring takes memory on a board.

        The first two lines contain no name, because a name there could declare the file's encoding.
        """
        return "\n".join(f"# {line}".rstrip() for line in lines)

    def text(self, label: Any) -> str:
        r"""Return a label in ASCII that every Python reads; Python 2 knows \u only after a u."""
        if not isinstance(label, str):
            return number_text(label)
        prefix = "" if label.isascii() else "u"
        text = label.encode("unicode_escape").decode().replace('"', r"\"")
        return prefix + TAG.sub(r"\\x3c", f'"{text}"')

    def inputs_of(self, layer: Layer) -> str:
        """Return the name of a layer's inputs."""
        return f"layer_{layer.k}" if layer.k else "row"

    def activation(self, name: str) -> str:
        """Return the function for an activation; `math` has tanh, and linear does not need one."""
        return self.parts.get(name, "").replace("LEAK", repr(LEAK))

    # -- the module --------------------------------------------------------------------------------

    def holds(self) -> dict[str, Any]:
        """Return the conditions of the template's parts and lines, and whether they hold."""
        is_program, has_table = self.frame == "program", bool(self.columns)
        return {
            **super().holds(),
            **dict.fromkeys([self.style, *(item for row in self.items for item in row)], True),
            "characters": self.characters,
            "a compact file": self.compact,
            "encoded inputs": self.model.table and not has_table,
            "a table": has_table,
            "a program": is_program,
            "rows of text": is_program or has_table,
            "a self-test": self.example and not self.compact,
        }

    def module(self, comment: str, words: dict[str, str]) -> str:
        """Return the source with this comment on top, and these words."""
        body = _with_comments("\n\n".join(self.used("code", words)))
        head, math = [comment], sorted(set(FROM_MATH.findall(body)))
        head += [f"from math import {', '.join(math)}"] if math else []
        head += [self._classes()] if self.model.kind == "classifier" else []
        return "\n\n".join([*head, "\n" + body])

    def words(self) -> dict[str, str]:
        """Return the model's own words and parts for those of the template."""
        if self.model.inputs:
            self.steps.insert(0, "    row = standardized(row, MEANS, DEVIATIONS)")
        words = {
            **super().words(),
            "code of weights": self.weights(),
            "code of scales": self._scales(),
            "code of activations": "\n\n".join(self.activations),
            "    return STEPS": "\n".join(self.body()) + "[0]" * (self.answer == "a number"),
        }
        words.update(table_words(self.items, self.text) if self.columns else {})
        return {**words, **(self._tested(*self.example) if self.example else {})}

    def _scales(self) -> str:
        """Return the means and deviations of what the file standardizes, if any."""
        # Without its last character, a comma: `in_tuple` writes a tuple inside another.
        tuples = {name: "\n".join(in_tuple(row, 0))[:-1] for name, row in self.scales().items()}
        return "".join(f"{name.upper()} = {text}\n" for name, text in tuples.items())

    def _classes(self) -> str:
        labels = listed(list(map(self.text, self.model.classes or [])))
        return "\n".join(filled(labels, "CLASSES = [", "    ")) + "]"

    def _tested(self, row: Row, outputs: Row) -> dict[str, str]:
        """Return the words of the self-test."""
        call = f"predict({_numbers(row)})"
        return {
            "predict(ROW)": f"[{call}]" if self.answer == "a number" else call,
            "ANSWER": _numbers(outputs),
            "LIMIT": f"{1e-3 * (1.0 + max(map(abs, outputs))):.1g}",
        }


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


def in_tuple(numbers: Sequence[float], depth: int) -> list[str]:
    """Return the lines of a tuple inside a list or a tuple.

    >>> in_tuple([0.5], 0), in_tuple([0.5, 1.0], 4)
    (['(0.5,),'], ['    (0.5, 1.0),'])
    """
    lines = filled(listed(list(map(repr, numbers))), " " * depth + "(", " " * depth + " ")
    lines[-1] += ",)," if len(numbers) == 1 else "),"
    return lines


def literal(data: bytes) -> list[str]:
    """Return the lines of a literal in a tuple; Python joins neighboring literals."""
    # An escape takes four bytes of the file, so plain characters stay unescaped.
    pieces = [chr(byte) if chr(byte) in _PLAIN else f"\\x{byte:02x}" for byte in data]
    start = '        b"'
    lines = [f'{line}"' for line in filled(pieces, start, start, WIDTH - 2, between="")]
    # The comma after the last line ends the literal, and makes even a single one a tuple.
    return [*lines[:-1], lines[-1] + ","]
