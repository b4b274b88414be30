"""A learner's own program against a lesson: the numbers that they print, one after the other."""

from __future__ import annotations

import re
from decimal import Decimal

from ..core.checks import counted
from .questions.example import told

_NUMBER = r"-?\d*\.\d+(?:[eE][-+]?\d+)?"  # a whole number may count anything


def prints_of(lesson: str) -> str:
    """Return the output of a lesson.

    >>> prints_of("two-layer").splitlines()[1]
    '[[0.00966449]'
    """
    return told(f"prints of {lesson}") + "\n"


def difference(printed: str, lesson: str) -> str:
    r"""Return a sentence about the first line without the lesson's number, empty if all have it.

    Numbers are compared in as many digits as both are printed with.

    >>> difference("[[0.0097], [0.0079], [0.9936], [0.9921]]", "two-layer")
    ''
    >>> difference("Output:\n[[0.5]]", "two-layer")
    "line 2, '[[0.5]]': expected 0.00966449, got 0.5"
    """
    got = [
        (f"line {place}, {line[:60]!r}", number)
        for place, line in enumerate(printed.splitlines(), 1)
        for number in re.findall(_NUMBER, line)
    ]
    for k, expected in enumerate(re.findall(_NUMBER, prints_of(lesson))):
        if k == len(got):
            return f"expected {expected} after {counted(k, 'number')} with a point, got no more"
        where, number = got[k]
        if not _agree(Decimal(number), Decimal(expected)):
            return f"{where}: expected {expected}, got {number}"
    return ""


def _agree(a: Decimal, b: Decimal) -> bool:
    """Tell whether two numbers are the same, rounded to the digits that both have."""
    last = max(int(number.as_tuple().exponent) for number in (a, b))
    return abs(a - b) <= Decimal("0.51").scaleb(last)  # each may be rounded itself
