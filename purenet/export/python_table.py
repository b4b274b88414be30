"""A table's columns in an exported Python file, which encodes their cells as `tables` does.

The file lists the columns, and has the functions of `template.py` that they need.
"""

from __future__ import annotations

from typing import Any

from ..tables.columns import Column
from ..tables.csv_table import MISSING
from ..tables.styles import DATES, number_in
from .layout import bracketed, listed

SIGNS = "\u2212\u2013\u2019\xa0\u202f\u2009"  # for - - ' and blanks, in the order of the template


def table_source(columns: list[Column], parts: dict[str, str], text: Any) -> list[str]:
    r"""Return the functions that encode a row, and their constants; `text` writes a literal.

    >>> table_source([Column("size", mean=2.5)], {}, repr)[-1]
    "COLUMNS = [\n    ['size', number_of, MISSING, 2.5, plain],\n]"
    """
    rows = [_column(column, text) for column in columns]
    used = {"encode", "number_or_text", *(piece for row in rows for piece in row)}
    lines = [line for row in rows for line in bracketed("[", listed(row), "],", "    ", "    ")]
    words = bracketed("MISSING = [", listed(list(map(text, sorted(MISSING)))), "]", "", "    ")
    functions = [part for name, part in parts.items() if name in used]
    return ["\n".join(words), *functions, "\n".join(["COLUMNS = [", *lines, "]"])]


def _column(column: Column, text: Any) -> list[str]:
    """Return the items of a column's list, which its function in the template takes."""
    words = "MISSING" + "".join(f" + [{text(word)}]" for word in column.missing)
    head = [text(column.name), "indicators" if column.texts else "number_of", words]
    style, u, mean = column.style, column.unit, repr(column.mean)
    if column.texts:
        return [*head, str(int(column.has_other)), *map(text, column.texts)]
    if style in DATES or not style:
        return [*head, mean, *(["days", *map(str, DATES[style])] if style else ["plain"])]
    ways = [(u[:k], u[k:]) for k in range(len(u) + 1) if number_in(f"{u[:k]}1{u[k:]}", style, u)]
    ways += [(f"({before}", f"{after})") for before, after in ways]
    around = [text(each) for way in ways for each in way]
    return [*head, mean, "styled", text(style[1]), text(style[5]), text(SIGNS), "plain", *around]
