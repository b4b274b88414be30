"""A table's columns in an exported Python file, which encodes their cells as `tables` does.

The file lists the columns, and has the functions of `template.py` that they need.
"""

from __future__ import annotations

from typing import Any

from ..tables.columns import Column
from ..tables.csv_table import MISSING
from ..tables.styles import DATES, number_in
from .layout import bracketed, listed

SIGNS = "\u2212\u2019\xa0\u202f\u2009"  # for - ' and blanks, in the order of the template


def table_source(columns: list[Column], parts: dict[str, str], text: Any) -> list[str]:
    r"""Return the functions that encode a row, and their constants; `text` writes a literal.

    >>> table_source([Column("size", mean=2.5)], {"table": ""}, repr)[-2]
    "COLUMNS = [\n    ['size', number_of, MISSING, 2.5, plain],\n]"
    """
    rows = [_column(column, text) for column in columns]
    used = {piece for row in rows for piece in row} | {"encode"}
    used |= {"plain"} if "styled" in used else set()
    lines = [line for row in rows for line in bracketed("[", listed(row), "],", "    ", "    ")]
    words = bracketed("MISSING = [", listed(list(map(text, sorted(MISSING)))), "]", "", "    ")
    functions = [part for name, part in parts.items() if name in used]
    return ["\n".join(words), *functions, "\n".join(["COLUMNS = [", *lines, "]"]), parts["table"]]


def _column(column: Column, text: Any) -> list[str]:
    """Return the items of a column's list, which its function in the template takes."""
    words = "MISSING" + "".join(f" + [{text(word)}]" for word in column.missing)
    texts, style, u = list(map(text, column.texts)), column.style, column.unit
    if texts:
        texts = [*texts[:-1], texts[-1] + "]"]  # in pieces, which fit on more lines than one
        texts[0] = "[" + texts[0]
        return [text(column.name), "indicators", words, *texts, str(int(column.has_other))]
    items = [text(column.name), "number_of", words, repr(column.mean)]
    if style in DATES or not style:
        return [*items, *(["days", *map(str, DATES[style])] if style else ["plain"])]
    ways = [(u[:k], u[k:]) for k in range(len(u) + 1) if number_in(f"{u[:k]}1{u[k:]}", style, u)]
    ways += [(f"({before}", f"{after})") for before, after in ways]
    around = [each for way in ways for each in way]
    return [*items, "styled", *map(text, [style[1], style[5], SIGNS, *around])]
