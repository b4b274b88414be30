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
from .layout import WIDTH, filled, listed, number_text, parts_of
from .python_table import table_source
from .quantized import MOST_DIGITS
from .target import Parts, Target, example_lines

FROM_MATH = re.compile(r"\b(exp|ldexp|tanh)\b")

# Where a tag of HTML would begin, because people put Python between <script> and </script>.
TAG = re.compile(r"<(?=[/!?a-zA-Z])")


class Python(Target):
    """A module of Python; its subclasses, the styles, write the layers.

    `how` is the line on top that explains the layers, and `uses` names the parts of the template
    that they need. `frame` is "compact", "module" or "program".
    """

    language = "plain Python"
    classes = "predict_class(row) is one of these classes, predict(row) the probability of each"
    how = ""
    uses: tuple[str, ...] = ()

    def __init__(self, model: Any, frame: str = "compact", digits: int = MOST_DIGITS) -> None:
        self.frame, self.compact, self.digits = frame, frame == "compact", digits
        self.parts = {k: part.rstrip("\n") for k, part in parts_of("template.py").items()}
        super().__init__(model)
        self.columns = self.model.table[0] if self.model.table and not self.compact else []
        self.encoded = "encode(row)" if self.columns else "row"

    def body(self, steps: list[str]) -> list[str]:
        """Return the lines of predict(row) that take a row through the layers."""
        return [*steps, f"    return layer_{len(self.layers)}"]

    def constants(self, layers: list[str]) -> list[str]:
        """Return the constants before the functions; by default, all numbers are in the steps."""
        return []

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

    def notes(self) -> list[str]:
        """Return lines that explain the layers, give an example, and show how to run the file."""
        lines = [line for text in self.how.split("\n\n") for line in [*filled(text.split()), ""]]
        if self.compact:
            encoded = "It takes these numbers, not rows of the table. " if self.model.table else ""
            return [*lines, *example_lines(self), f"{encoded}Of a row, it checks only the length."]
        is_program = self.frame == "program"
        uses = {
            "use of a table": self.columns,
            "use as a program that reads a table": self.columns and is_program,
            "use as a program": is_program,
            "self-test of a program": is_program and self.example,
            "self-test of a module": self.example and not is_program,
        }
        lines += [] if self.example else [*example_lines(self), ""]
        used = [self.parts[use].split("\n") for use, is_used in uses.items() if is_used]
        return [*lines, *(line[2:] for part in used for line in part)]

    def module(self, parts: Parts) -> str:
        """Return the module."""
        steps, scales = parts.steps, self._scales()
        if self.model.inputs:
            steps = ["    row = standardized(row, MEANS, DEVIATIONS)", *steps]
        functions = [self.parts["standardized"]] * bool(scales)
        functions += [self.parts[name] for name in self.uses]
        functions += [*filter(None, parts.activations), *self.functions(steps)]
        if self.model.kind == "classifier":
            functions.append(self.parts["classifying"])
        if self.example and not self.compact:
            functions.append(self._self_test(*self.example))
        if self.frame == "program":
            functions += self._program()
        functions = [_with_comments(part) for part in functions]
        math = sorted({name for part in functions for name in FROM_MATH.findall(part)})
        head = [parts.comment]
        head += [f"from math import {', '.join(math)}"] if math else []
        head += [self._classes()] if self.model.kind == "classifier" else []
        body = [*self.constants(parts.constants), *scales, *functions]
        return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(body) + "\n"

    def _scales(self) -> list[str]:
        """Return the means and deviations of what the file standardizes, in one text, if any."""
        rows = {}
        for of, scale in (("", self.model.inputs), ("TARGET_", self.model.outputs)):
            if scale:
                rows[f"{of}MEANS"], rows[f"{of}DEVIATIONS"] = scale.means, scale.deviations
        # Without its last character, a comma: `in_tuple` writes a tuple inside another.
        lines = [f"{name} = " + "\n".join(in_tuple(row, 0))[:-1] for name, row in rows.items()]
        return ["\n".join(lines)] * bool(lines)

    def functions(self, steps: list[str]) -> list[str]:
        """Return the function `predict`, and the checks it calls."""
        body = "\n".join(self.body(steps)) + "[0]" * (self.answer == "a number")
        predict = self.write(self.parts["predict"], {"    return STEPS": body})
        table = table_source(self.columns, self.parts, self.text) if self.columns else []
        return [predict] if self.compact else [*table, self.parts["checked"], predict]

    def holds(self) -> dict[str, Any]:
        """Return the conditions of the template's lines, and whether they hold."""
        return {**super().holds(), "a compact file": self.compact, "a table": self.columns}

    def write(self, source: str, words: dict[str, str]) -> str:
        """Return a part of the template for this file, with words of its own."""
        first, *_, last = map(str, self.model.network.sizes)
        common = {"INPUTS": first, "OUTPUTS": last, "checked(row": f"checked({self.encoded}"}
        return self.fitted(source, {**common, **words})

    def _classes(self) -> str:
        labels = listed(list(map(self.text, self.model.classes or [])))
        return "\n".join(filled(labels, "CLASSES = [", "    ")) + "]"

    def _program(self) -> list[str]:
        words = {"a class": {"[repr(output)": '["%s" % predict_class(row)] + [repr(output)'}}
        words["a number"] = {"predict(row)])": "[predict(row)]])"}
        program = self.write(self.parts["program"], words.get(self.answer, {}))
        return [self.parts["table" if self.columns else "number_or_text"], program]

    def _self_test(self, row: Row, outputs: Row) -> str:
        call = f"predict({_numbers(row)})"
        words = {
            "predict(ROW)": f"[{call}]" if self.answer == "a number" else call,
            "ANSWER": _numbers(outputs),
            "LIMIT": f"{1e-3 * (1.0 + max(map(abs, outputs))):.1g}",
        }
        return self.write(self.parts["self_test"], words)


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
