"""Sentences that name the option which helps, as Python and as the command line spell it."""

from __future__ import annotations

from collections.abc import Sequence
from shlex import quote
from typing import Any

from ..core.checks import cut

LONGEST = 250  # letters of a sentence without its option, and of the option's value


class Note(str):
    """A sentence, with an option that helps, and how, in parentheses behind it.

    The option is spelled as in Python; `flagged` spells it as a flag.

    >>> note = Note("60 rows", "task", "regression", " would read it otherwise")
    >>> note
    '60 rows (task="regression" would read it otherwise)'
    >>> note.flagged
    '60 rows (--task regression would read it otherwise)'
    """

    flagged: str

    def __new__(
        cls, said: str, option: str = "", value: Any = "", hint: str = "", flagged: str = ""
    ) -> Note:
        """Join the parts; a copy or a pickle gives the whole sentence as `said`.

        The value None is that of a switch, and a very long one is not advised. `flagged` is the
        whole sentence with flags, where it has another form.
        """
        given = "True" if value is None else value if isinstance(value, int) else f'"{value}"'
        text = "" if value is None else quote(str(value))
        # A value that begins as a flag does is joined to its own.
        flag = f"--{option.replace('_', '-')}{'=' if text[:1] == '-' else ' ' * bool(text)}{text}"
        is_advised = bool(option) and len(str(value)) <= LONGEST
        note = super().__new__(cls, printable(said + f" ({option}={given}{hint})" * is_advised))
        note.flagged = printable(flagged or said + f" ({flag}{hint})" * is_advised)
        return note


def printable(text: str) -> str:
    r"""Return a text in which a name's control characters, which a terminal obeys, are escaped.

    >>> printable("column a\x1b[2J"), printable("größe")
    ('column a\\x1b[2J', 'größe')
    """
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def shortened(sentence: str) -> str:
    """Return a sentence, without its middle if a name in it is very long.

    >>> len(shortened("column " + "x" * 1000 + " left out"))
    203
    """
    return sentence if len(sentence) <= LONGEST else f"{sentence[:100]}...{sentence[-100:]}"


def can_be_typed(text: str) -> bool:
    """Tell whether a note can advise to give a text as an option, where commas stand between them.

    >>> can_be_typed("n/a"), can_be_typed("1,5"), can_be_typed("x" * 100)
    (True, False, False)
    """
    return text.isprintable() and "," not in text and cut(text) == text


def flagged(sentence: str) -> str:
    """Return a sentence as the command line spells it, whether it names an option or not.

    >>> flagged("3 rows"), flagged(Note("a gap", "missing", "mean", " fills it"))
    ('3 rows', 'a gap (--missing mean fills it)')
    """
    return sentence.flagged if isinstance(sentence, Note) else sentence


def joined(before: str, sentences: Sequence[str]) -> Note:
    """Return sentences as one, which is also spelled as the command line does.

    >>> joined("a: ", [Note("left out", "text", "b", " keeps it"), "empty"]).flagged
    'a: left out (--text b keeps it); empty'
    """
    with_flags = before + "; ".join(map(flagged, sentences))
    return Note(before + "; ".join(sentences), flagged=with_flags)
