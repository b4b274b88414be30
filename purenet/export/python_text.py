r"""What a model calls things, as text that no Python can take for code.

The text is ASCII and reads the same everywhere: what is not ASCII stands behind escapes, in a
literal that begins with `u`, because Python 2 knows `\u` in no other.
"""

from __future__ import annotations

import re
from typing import Any

WIDTH = 96

# How the function begins that is the last of every body.
OUTPUTS = [
    "def outputs(row):",
    '    """Return what the last layer puts out for a list of floats."""',
]

_TAME = re.compile(r"""[ !#-&(-;=?-\[\]-~]+""")  # printable ASCII without " ' < > \
# What is not printable ASCII, quotes and backslashes; and "<" where HTML would see a tag begin, as
# people put Python between <script> and </script>.
_TO_ESCAPE = re.compile(r"""[^ -~]|["\\]|<(?=[/!?a-zA-Z])""")


def literal(value: Any) -> str:
    r"""Return a class, a text or a number, as every Python reads it.

    >>> print(literal("say \"n\u00e9e\""), literal("a\n"), literal(True), literal(2))
    u"say \"n\u00e9e\"" "a\n" True 2
    """
    if not isinstance(value, str):
        return repr(value)
    prefix = "" if value.isascii() else "u"
    return f'{prefix}"{_TO_ESCAPE.sub(_escaped, value)}"'


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


def quoted(name: str) -> str:
    r"""Return a name as it may stand in a docstring: as it is, or as a literal.

    >>> print(quoted("petal width"), quoted("a\\b"), quoted("\u00e9"))
    petal width \"a\\\\b\" u\"\\u00e9\"
    """
    if _TAME.fullmatch(name):
        return name
    return literal(name).replace("\\", "\\\\").replace('"', '\\"')


def filled(pieces: list[str], first: str = "", rest: str = "", width: int = WIDTH) -> list[str]:
    """Return lines of so many pieces as fit, with a space between; a line may begin with spaces.

    >>> filled(["1,", "22,", "333"], "[", " ", width=7)
    ['[1, 22,', ' 333']
    """
    lines = []
    line, begun = first, False
    for piece in pieces:
        if begun and len(line) + 1 + len(piece) > width:
            lines.append(line)
            line, begun = rest, False
        line += " " + piece if begun else piece
        begun = True
    return [*lines, line]


def fitted(head: str, pieces: list[str], tail: str) -> list[str]:
    """Return one line inside a function where it fits, else one with a block between two brackets.

    >>> fitted("f(", ["a,", "b"], ")")
    ['    f(a, b)']
    >>> [line[:12] for line in fitted("f(", ["a" * 50 + ",", "b" * 50], ")")]
    ['    f(', '        aaaa', '        bbbb', '    )']
    """
    line = "    " + head + " ".join(pieces) + tail
    if len(line) <= WIDTH:
        return [line]
    return ["    " + head, *filled(pieces, " " * 8, " " * 8), "    " + tail]


def listed(texts: list[str]) -> list[str]:
    """Return texts with commas between them, as pieces for `filled`.

    >>> listed(["a", "b"])
    ['a,', 'b']
    """
    return [text + "," for text in texts[:-1]] + texts[-1:]
