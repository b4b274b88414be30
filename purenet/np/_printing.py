"""How NumPy prints a vector or a matrix of floats, integers or bools, in its default settings.

Floats get the fewest digits that tell them apart, at most eight after the point. All have one
layout: with exponents if the largest is 1e8 or more, the smallest below 1e-4, or the two more than
1000 times apart; else without. Points are aligned. Lines end before column 75. With more than 1000
elements, only the first and last three of each axis are shown.

The rules: https://numpy.org/doc/stable/reference/generated/numpy.set_printoptions.html
"""

from __future__ import annotations

import math

from ._numbers import Values

DIGITS = 8  # after the point
WIDTH = 75  # of a line
THRESHOLD = 1000  # elements; a larger array shows only its edges
EDGE = 3  # rows, and numbers of a row, at each end


def as_str(rows: list[Values], ndim: int) -> str:
    """Return the text that print() shows for an array; a vector (ndim 1) comes as its only row.

    >>> print(as_str([[1.0, 0.5], [-10.0, 0.25]], 2))
    [[  1.     0.5 ]
     [-10.     0.25]]
    """
    return _array_text(rows, ndim, " ", " ", WIDTH)


def as_repr(rows: list[Values], ndim: int) -> str:
    """Return an array as `array(...)`, with its shape if its middle is left out.

    >>> print(as_repr([[True, False]], 1))
    array([ True, False])
    """
    start = "array("
    text = start + _array_text(rows, ndim, ", ", " " * (len(start) + 1), WIDTH - 1)
    if not _too_many(rows):
        return text + ")"
    shape = f"shape={(len(rows), len(rows[0]))[2 - ndim :]})"
    fits = len(text.rpartition("\n")[2]) + len(", ") + len(shape) <= WIDTH
    return f"{text}, {shape}" if fits else f"{text},\n{' ' * len(start)}{shape}"


def _array_text(rows: list[Values], ndim: int, separator: str, indent: str, width: int) -> str:
    words = _words(rows)
    if ndim == 1:
        return _row_text(words[0], separator, indent, width - 1)
    indent += " "  # the second bracket
    lines = [_row_text(row, separator, indent, width - 2) if row else "..." for row in words]
    return "[" + (separator.rstrip() + "\n" + indent[1:]).join(lines) + "]"


def _too_many(rows: list[Values]) -> bool:
    return len(rows) * len(rows[0]) > THRESHOLD


def _words(rows: list[Values]) -> list[list[str]]:
    """Return each number as text, all equally wide, with an empty row for rows left out."""
    short = [_edges(row, []) for row in _edges(rows, [])] if _too_many(rows) else rows
    words = iter(_aligned([value for row in short for value in row if value != []]))
    return [["..." if value == [] else next(words) for value in row] for row in short]


def _edges(values: Values, gap: Values) -> Values:
    """Return the values; if they are many, their edges with a gap between."""
    many = len(values) > 2 * EDGE
    return [*values[:EDGE], gap, *values[-EDGE:]] if many else values


def _row_text(words: list[str], separator: str, indent: str, width: int) -> str:
    """Return words in brackets, broken into lines of at most the width."""
    lines = [indent]
    for word in words:
        if len(lines[-1]) + len(word) > width and len(lines[-1]) > len(indent):
            lines[-1] = lines[-1].rstrip()
            lines.append(indent)
        lines[-1] += word + separator
    text = "\n".join(lines)
    return "[" + text[len(indent) : -len(separator)] + "]"


def _aligned(values: Values) -> list[str]:
    kind = type(values[0])
    words = _float_words(values) if kind is float else list(map(str, values))
    # NumPy leaves room for "False" even if all are True.
    width = 5 if kind is bool else max(map(len, words))
    return [word.rjust(width) for word in words]


def _float_words(values: Values) -> list[str]:
    finite = [value for value in values if math.isfinite(value)]
    words = iter(_with_exponents(finite) if _needs_exponents(finite) else _with_points(finite))
    return [next(words) if math.isfinite(value) else str(value) for value in values]


def _needs_exponents(finite: list[float]) -> bool:
    sizes = [abs(value) for value in finite if value] or [1.0]
    largest, smallest = max(sizes), min(sizes)
    return largest >= 1e8 or smallest < 1e-4 or largest / smallest > 1000.0


def _with_points(finite: Values) -> list[str]:
    """Return floats with blanks after each, up to the last digit of the longest fraction."""
    words = [_shortest(value, "f").rstrip("0") for value in finite]
    places = max([_places(word) for word in words], default=0)
    return [word + " " * (places - _places(word)) for word in words]


def _with_exponents(finite: Values) -> list[str]:
    """Return floats with as many digits as the longest fraction and the longest exponent have."""
    shortest = [_shortest(value, "e").partition("e")[0].rstrip("0") for value in finite]
    places = max(map(_places, shortest))
    split = [f"{value:#.{places}e}".partition("e") for value in finite]
    digits = max(len(exponent) for _, _, exponent in split) - 1
    return [f"{head}e{exponent[0]}{exponent[1:].zfill(digits)}" for head, _, exponent in split]


def _places(word: str) -> int:
    return len(word) - word.index(".") - 1


def _shortest(value: float, form: str) -> str:
    """Return the fewest digits that give the float back, or eight after the point."""
    for digits in range(DIGITS + 1):
        text = f"{value:#.{digits}{form}}"  # the # keeps the point even if nothing follows it
        if float(text) == value:
            break
    return text
