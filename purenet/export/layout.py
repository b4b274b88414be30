"""Text in sources: lines of limited width, names that never become code, parts of templates.

A model's names and labels may be any text. In a comment they are ASCII, in quotes, on one line, and
a backslash breaks each pair of characters that could end the comment.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pkgutil import get_data
from typing import Any

from ..core.checks import PureNetError, shown

WIDTH = 96

# The first of each two characters that begin or end a comment, a trigraph of C, or a tag of HTML.
FIRST_OF_PAIR = re.compile(r"\*(?=/)|/(?=\*)|\?(?=\?)|<(?=[/!])")

# The line above a part of a template: a comment in C, JavaScript or Python.
PART = re.compile(r"^(?:/\*|//|#) -- ([\w -]+) --(?: \*/)?\n", re.MULTILINE)

# What begins a line of a comment.
MARK = re.compile("^(?:#|//) ?", re.MULTILINE)

# The end of a line of a template that only some files have.
CONDITION = re.compile(r" +(?://|#) for ([\w -]+)$")


def in_comment(text: str) -> str:
    r"""Return a text in quotes and printable ASCII that is safe in a comment.

    >>> print(in_comment("m*/s"))
    "m*\/s"
    """
    return FIRST_OF_PAIR.sub(r"\g<0>\\", json.dumps(text))


def number_text(label: Any) -> str:
    """Return a label that is not text as Python writes it; raise PureNetError if not a number.

    >>> number_text(2), number_text(2.0), number_text(True)
    ('2', '2.0', 'True')
    """
    for kind in (bool, int, float):  # not the repr of a subclass, which may write code
        if isinstance(label, kind):
            try:
                return kind.__repr__(label)
            except ValueError:  # Python 3.11 and newer print no integer of more than 4,300 digits
                break
    raise PureNetError(f"classes: expected text or numbers that can be printed, got {shown(label)}")


def listed(texts: list[str]) -> list[str]:
    """Return texts with commas between them, as pieces for `filled`.

    >>> listed(["a", "b"])
    ['a,', 'b']
    """
    return [text + "," for text in texts[:-1]] + texts[-1:]


def filled(
    pieces: list[str], first: str = "", rest: str = "", width: int = WIDTH, between: str = " "
) -> list[str]:
    """Return lines of as many pieces as fit, joined by spaces, each begun by `first` or `rest`.

    >>> filled(["1,", "22,", "333"], "[", " ", width=7)
    ['[1, 22,', ' 333']
    """
    lines = []
    line, begun = first, False
    for piece in pieces:
        if begun and len(line) + len(between) + len(piece) > width:
            lines.append(line)
            line, begun = rest, False
        line += between + piece if begun else piece
        begun = True
    return [*lines, line]


def bracketed(
    head: str, pieces: list[str], tail: str, indent: str = "", step: str = ""
) -> list[str]:
    """Return one line if it fits, else a block of lines between two brackets.

    Every line begins with `indent`, and those of the block also with `step`.

    >>> bracketed("f(", ["a,", "b"], ")")
    ['f(a, b)']
    >>> [line[:8] for line in bracketed("f(", ["a" * 50 + ",", "b" * 50], ")", "", "    ")]
    ['f(', '    aaaa', '    bbbb', ')']
    """
    line = indent + head + " ".join(pieces) + tail
    if len(line) <= WIDTH:
        return [line]
    return [indent + head, *filled(pieces, indent + step, indent + step), indent + tail]


def text_of(path: str) -> str:
    """Return the text of a file of purenet.

    >>> text_of("core/matrix.py").splitlines()[2][:30]
    'Every function returns new lis'
    """
    data: Any = get_data(__package__.rpartition(".")[0], path)
    return str(data.decode()).replace("\r\n", "\n")


def parts_of(template: str) -> dict[str, str]:
    """Return the parts of a template file in this folder, by name.

    >>> parts_of("template.py")["python2"][:29]
    'if b"0"[0] != 48:  # Python 2'
    """
    pieces = PART.split(text_of(f"export/{template}"))
    return {name: part.strip("\n") + "\n" for name, part in zip(pieces[1::2], pieces[2::2])}


def chosen(part: str, facts: Collection[str]) -> str:
    r"""Return a part without the lines that end in a condition which is not among the facts.

    >>> chosen("a = 1  # for biases\nb = 2\nc = 3  # for no biases", {"biases"})
    'a = 1\nb = 2'
    """
    lines = [(CONDITION.search(line), line) for line in part.split("\n")]
    kept = [line for found, line in lines if not found or is_met(found[1], facts)]
    return "\n".join(CONDITION.sub("", line) for line in kept)


def is_met(condition: str, facts: Collection[str]) -> bool:
    """Tell whether each fact of a condition is among the facts.

    >>> is_met("training and no biases", {"no biases"})
    False
    """
    return all(fact in facts for fact in condition.split(" and "))


def unmarked(part: str) -> str:
    """Return the text of a part that is a comment.

    >>> unmarked("# a")
    'a'
    """
    return MARK.sub("", part)


def filled_in(part: str, words: dict[str, str]) -> str:
    """Return a part with other words in the places of its own; what these contain stays.

    >>> filled_in("FEW + FEWER", {"FEW": "FEWER", "FEWER": "b"})
    'FEWER + b'
    """
    places = "|".join(map(re.escape, words)) or "(?!)"  # which nothing matches
    return re.sub(rf"(?<!\w)(?:{places})(?!\w)", lambda place: words[place[0]], part)
