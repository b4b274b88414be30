"""Sentences that name the option which helps, as Python and as the command line spell it."""

from __future__ import annotations

from shlex import quote


class Note(str):
    """A sentence with an option in it, spelled as in Python; `flagged` spells it as a flag.

    >>> note = Note("60 rows (", "task", "regression", " would read it otherwise)")
    >>> note
    '60 rows (task="regression" would read it otherwise)'
    >>> note.flagged
    '60 rows (--task regression would read it otherwise)'
    """

    flagged: str

    def __new__(cls, before: str, option: str = "", value: str = "", after: str = "") -> Note:
        """Join the parts; a copy or a pickle gives the whole sentence as `before`."""
        note = super().__new__(cls, before + (f'{option}="{value}"' if option else "") + after)
        flag = f"--{option.replace('_', '-')} {quote(value)}" if option else ""
        note.flagged = before + flag + after
        return note


def flagged(sentence: str) -> str:
    """Return a sentence as the command line spells it, whether it names an option or not.

    >>> flagged("3 rows"), flagged(Note("try ", "missing", "mean"))
    ('3 rows', 'try --missing mean')
    """
    return sentence.flagged if isinstance(sentence, Note) else sentence
