"""From cells of text to numbers: what each column of a table means to a network.

A column of numbers is one input, and its missing cells get the column's mean. A column of text is
one input for each text that occurs in it: 1 in the rows with this text, 0 in the others (one-hot).
A missing cell is 0 in all of them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, counted
from ..core.matrix import column_sums
from .csv_table import Table, is_number, listed, short
from .notes import Note

MISSING = ("", "NA", "N/A", "?")

# A column is one of numbers if more than this part of its cells are numbers.
MOSTLY = 0.5

# A column with more different texts than this tells rows apart, and nothing can be learned from it.
MOST_TEXTS = 100


class Column(NamedTuple):
    """One column: its name, the texts that occur in it, or the mean of its numbers.

    `texts` is empty for numbers; `mean` fills missing cells, and is None if these are refused.
    """

    name: str
    texts: tuple[str, ...] = ()
    mean: float | None = None

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs that it becomes.

        >>> Column("color", ("blue", "red")).inputs
        ['color=blue', 'color=red']
        """
        return [f"{self.name}={text}" for text in self.texts] or [self.name]


def columns_of(table: Table, names: Sequence[str], fill: bool = True) -> list[Column]:
    """Find out what these columns of a table mean.

    With `fill` off, a missing cell is refused. Raises PureNetError, with the line, for a text among
    numbers, and for a column that is all missing or all different texts.

    >>> from .csv_table import Table
    >>> table = Table("data.csv", ["a", "b"], [["1", "x"], ["3", "y"], ["", "x"]], [2, 3, 4])
    >>> columns_of(table, ["a", "b"])
    [Column(name='a', texts=(), mean=2.0), Column(name='b', texts=('x', 'y'), mean=None)]
    """
    return [_column(table, name, fill) for name in names]


def _column(table: Table, name: str, fill: bool) -> Column:
    cells = table.column(name)
    there = [cell for cell in cells if cell not in MISSING]
    if not fill and len(there) < len(cells):
        i = next(i for i, cell in enumerate(cells) if cell in MISSING)
        place = table.place(i, name)
        raise PureNetError(Note(f"{place}: the cell is missing; ", "missing", "mean", " allows it"))
    if not there:
        found = f"{table.source}: column {name!r}: every cell is missing; leave it out: "
        raise PureNetError(Note(found, "drop", name))
    if len([cell for cell in there if is_number(cell)]) > MOSTLY * len(there):
        numbers = [_number(table, i, name, c) for i, c in enumerate(cells) if c not in MISSING]
        parts = [[number / len(numbers)] for number in numbers]
        return Column(name, mean=column_sums(parts)[0] if fill else None)
    texts = tuple(sorted(set(there)))
    if len(texts) > MOST_TEXTS:
        found = f"{table.source}: column {name!r} has {len(texts):,} different texts, too many to "
        raise PureNetError(Note(f"{found}learn from; leave it out: ", "drop", name))
    return Column(name, texts)


def encode(columns: Sequence[Column], table: Table) -> Matrix:
    """Turn a table's rows into inputs; its columns are found by name, in any order.

    Raises PureNetError, with the line and the column, for a column that is not there, a text in a
    column of numbers, a text that did not occur in training, and a missing cell if these are
    refused.

    >>> from .csv_table import Table
    >>> columns = [Column("a", mean=2.0), Column("b", ("x", "y"))]
    >>> encode(columns, Table("data.csv", ["b", "a"], [["y", "5"], ["x", ""]], [2, 3]))
    [[5.0, 0.0, 1.0], [2.0, 1.0, 0.0]]
    """
    lacking = [column.name for column in columns if column.name not in table.names]
    if lacking:
        missing = counted(len(lacking), "column")
        are = "is" if len(lacking) == 1 else "are"
        raise PureNetError(
            f"{table.source}: {missing} {are} missing: {listed(lacking)}; "
            f"it has {listed(table.names)}"
        )
    rows: Matrix = [[] for _ in table.rows]
    for column in columns:
        for i, cell in enumerate(table.column(column.name)):
            rows[i] += _inputs(column, table, i, cell)
    return rows


def _inputs(column: Column, table: Table, i: int, cell: str) -> Row:
    if column.texts:
        if cell not in column.texts and cell not in MISSING:
            raise PureNetError(
                f"{table.place(i, column.name)}: {short(cell)} did not occur in training, only "
                f"{listed(column.texts)}"
            )
        return [float(text == cell) for text in column.texts]
    if cell not in MISSING:
        return [_number(table, i, column.name, cell)]
    if column.mean is None:
        raise PureNetError(
            f"{table.place(i, column.name)}: the cell is missing, which training did not allow"
        )
    return [column.mean]


def numbers_of(table: Table, name: str) -> Row:
    """Return a column of numbers without missing cells: the targets of a regression.

    >>> from .csv_table import Table
    >>> numbers_of(Table("data.csv", ["a"], [["1"], ["2.5"]], [2, 3]), "a")
    [1.0, 2.5]
    """
    return [_number(table, i, name, cell) for i, cell in enumerate(table.column(name))]


def _number(table: Table, i: int, name: str, cell: str) -> float:
    if not is_number(cell):
        raise PureNetError(f"{table.place(i, name)}: expected a number, got {short(cell)}")
    number = float(cell)
    if not math.isfinite(number):
        raise PureNetError(f"{table.place(i, name)}: expected a finite number, got {cell}")
    return number


def texts_of(table: Table, name: str) -> list[str]:
    """Return a column of labels without missing cells: the targets of a classification."""
    cells = table.column(name)
    for i, cell in enumerate(cells):
        if cell in MISSING:
            raise PureNetError(f"{table.place(i, name)}: the label is missing")
    return cells


def targets_of(
    table: Table, name: str, classes: Sequence[Any] | None = None, of: str = "the model"
) -> list[Any]:
    """Return a column of targets: numbers, or labels that are all among these classes.

    `of` names the owner of the classes in the message.

    >>> from .csv_table import Table
    >>> targets_of(Table("data.csv", ["a"], [["1"], ["2"]], [2, 3]), "a", ["1"])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: data.csv: line 3, column 'a': '2' is not among the classes \
of the model
    """
    if classes is None:
        return list(numbers_of(table, name))
    labels = texts_of(table, name)
    for i, label in enumerate(labels):
        if label not in classes:
            where = table.place(i, name)
            raise PureNetError(f"{where}: {label!r} is not among the classes of {of}")
    return labels


def is_of_classes(cells: Sequence[str]) -> bool:
    """Tell whether targets look like classes: text, or few different whole numbers.

    >>> is_of_classes(["yes", "no"]), is_of_classes(["0", "1", "1"]), is_of_classes(["0.5", "1"])
    (True, True, False)
    """
    there = [cell for cell in cells if cell not in MISSING]
    if not all(map(is_number, there)):
        return True
    values: Any = {float(cell) for cell in there}
    whole = all(value == value // 1 for value in values)
    return whole and len(values) <= max(2, min(20, len(there) // 3))
