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


def table_words(rows: list[list[str]], text: Any) -> dict[str, str]:
    r"""Return a table's own words and parts for those of the template; `text` writes a literal.

    >>> table_words([items_of(Column("size", mean=2.5), repr)], repr)["code of columns"]
    "COLUMNS = [\n    ['size', number_of, MISSING, 2.5, plain],\n]\n"
    """
    lines = [line for row in rows for line in bracketed("[", listed(row), "],", "    ", "    ")]
    words = bracketed("MISSING = [", listed(list(map(text, sorted(MISSING)))), "]", "", "    ")
    return {
        "code of missing": "\n".join([*words, ""]),
        "code of columns": "\n".join(["COLUMNS = [", *lines, "]", ""]),
        "checked(row": "checked(encode(row)",
    }


def items_of(column: Column, text: Any) -> list[str]:
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
