"""What sources in C and JavaScript have in common: names that never become code, lines that fit.

A model's names and labels may hold anything. In a comment they are ASCII, in quotes, on one line,
and the pairs of characters that could end it are broken by a backslash.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from textwrap import wrap
from typing import Any

from .._version import __version__
from ..core.checks import PureNetError, counted, shown
from . import python_text
from .folded import Folded

WIDTH = 100

# The first of two characters that begin or end a comment, a trigraph of C, or a tag of HTML.
FIRST_OF_PAIR = re.compile(r"\*(?=/)|/(?=\*)|\?(?=\?)|<(?=[/!])")


def in_comment(text: str) -> str:
    r"""Return a text in quotes, in printable ASCII, as it may stand in a comment.

    >>> print(in_comment("m*/s"))
    "m*\/s"
    """
    return FIRST_OF_PAIR.sub(r"\g<0>\\", json.dumps(text))


def number_text(label: Any) -> str:
    """Return a label that is no text as Python writes it, or say that it is no number either.

    >>> number_text(2), number_text(2.0), number_text(True)
    ('2', '2.0', 'True')
    """
    for kind in (bool, int, float):  # by its own repr: a subclass, such as an enum, may write code
        if isinstance(label, kind):
            try:
                return kind.__repr__(label)
            except ValueError:  # Python 3.11 and newer print no integer of more than 4,300 digits
                break
    raise PureNetError(f"classes: expected text or numbers that can be printed, got {shown(label)}")


def filled(items: Iterable[str], indent: str, hanging: str = "") -> list[str]:
    """Return lines of items, each with a comma after it, as many on a line as fit.

    All lines begin with `indent`, and all but the first with `hanging` too.

    >>> filled(["1", "2"], "  ")
    ['  1, 2,']
    >>> filled(["1" * 60, "2" * 60], "  ", "  ") == ["  " + "1" * 60 + ",", "    " + "2" * 60 + ","]
    True
    """
    return python_text.filled([f"{item}," for item in items], indent, indent + hanging, WIDTH)


def introduction(folded: Folded, language: str, of_classes: str) -> list[str]:
    """Return lines that say what this is, what goes in, and what comes out.

    `of_classes` is what comes out of a classifier, in words.

    >>> from ..core.network import Network
    >>> from .folded import fold
    >>> print(*introduction(fold(Network([3, 4, 1])), "C99", ""), sep=chr(10))
    A network, 3-4-1 (sigmoid, then sigmoid), in C99, made by PureNet 0.1.0.
    <BLANKLINE>
    In:   3 numbers
    Out:  1 number
    """
    sizes = "-".join(map(str, folded.sizes))
    hidden = f"{folded.activation}, then " if len(folded.weights) > 1 else ""
    functions = f"({hidden}{folded.output_activation})"
    what = f"A {folded.kind}, {sizes} {functions}, in {language}, made by PureNet {__version__}."
    return [
        *wrap(what, WIDTH - len(" * ")),
        "",
        f"In:   {counted(folded.sizes[0], 'number')}{', in this order:' if folded.inputs else ''}",
        *_names(folded.inputs),
        *_means(folded.means),
        f"Out:  {_outputs(folded, of_classes)}",
    ]


def _names(inputs: list[str]) -> list[str]:
    if not inputs:
        return []
    lines = filled(map(in_comment, inputs), " " * 10)
    lines[-1] = lines[-1].rstrip(",")
    if any("=" in name for name in inputs):
        lines.append("      (For a column of texts, column=text is 1 for that text, and else 0.)")
    return lines


def _means(means: dict[str, float]) -> list[str]:
    if not means:
        return []
    items = [f"{in_comment(name)}: {mean!r}" for name, mean in means.items()]
    lines = filled(items, " " * 10)
    lines[-1] = lines[-1].rstrip(",")
    return ["      For a missing number, the mean of its column:", *lines]


def _outputs(folded: Folded, of_classes: str) -> str:
    outputs = of_classes if folded.classes else counted(folded.sizes[-1], "number")
    return f"{in_comment(folded.target)}: {outputs}" if folded.target else outputs
