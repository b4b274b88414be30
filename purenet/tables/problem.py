"""What there is to learn in a table: the target, classes or numbers, and the inputs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

from ..core._types import Matrix
from ..core.checks import PureNetError, counted, shown
from ..core.mt19937 import MT19937
from ..estimators.preparation import grouped, split
from .columns import (
    Column,
    columns_of,
    encode,
    label_of,
    only_equal,
    spelled_alike,
    without_target,
)
from .csv_table import Table, listed, names_in
from .kinds import Kind, kinds_of
from .notes import Note
from .styles import DATES, plain

TASKS = ("classification", "regression")
MOST_CLASSES = 100  # more different labels are names, numbers or dates


class Problem(NamedTuple):
    """A table's rows as inputs X and targets y, and what they mean.

    `target` is the name of a column, or a list of names; then y has a list of numbers for each row.
    """

    table: Table
    target: Any
    is_classes: bool
    columns: list[Column]
    X: Matrix
    y: list[Any]

    @property
    def classes(self) -> list[Any]:
        """The labels in sorted order; empty for a regression."""
        return sorted(set(self.y)) if self.is_classes else []


def problem_of(
    table: Table,
    target: str | Sequence[str],
    task: str,
    drop: Collection[str],
    missing: str,
) -> Problem:
    """Describe the problem of predicting one column of a table, or more, from the others.

    `task` is "classification", "regression" or "auto". Raises PureNetError, with the line and the
    column, for a table that cannot be learned from, and for a wrong option.
    """
    _check_choice(task, "task", ("auto", *TASKS))
    _check_choice(missing, "missing", ("mean", "refuse"))
    targets = names_in(target, "target")
    if not targets:
        raise PureNetError("target: expected the name of a column, got []")
    for name in [*targets, *names_in(drop, "drop"), *table.text]:
        table.index(name)
    inputs = [name for name in table.names if name not in {*targets, *drop}]
    if not inputs:
        raise PureNetError(
            f"{table.source}: expected columns to learn from besides the target, got none"
        )
    whole, table = table, table.without_rows()
    kinds = kinds_of(table, [*targets, *inputs], targets)
    gaps = _rows_without(table, targets, kinds)
    if gaps:
        table = whole.without_rows(gaps)
        table.say(without_target(whole, gaps))
        kinds = kinds_of(table, [*targets, *inputs], targets)
    is_classes = len(targets) == 1 and _is_classes(kinds[targets[0]], task)
    _check_targets(table, targets, kinds, is_classes)
    if is_classes:
        y = _labels(table, targets[0], kinds[targets[0]])
    else:
        y = _numbers(table, targets, kinds)
    columns = columns_of(table, {name: kinds[name] for name in inputs}, missing == "mean")
    if not columns:
        notes = [note for note in table.notes if note.startswith("column ")]
        more = f"; and {len(notes) - 3:,} more" if len(notes) > 3 else ""
        why = f"{'; '.join(notes[:3])}{more}"
        raise PureNetError(f"{table.source}: no column can be learned from: {why}")
    _note_counting(table, columns)
    table.notes.insert(0, _first_note(whole, targets, is_classes, y, task))
    X = encode(columns, table.without_rows())  # a copy, whose notes would repeat the others
    return Problem(table, targets[0] if len(targets) == 1 else targets, is_classes, columns, X, y)


def _check_choice(value: Any, name: str, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise PureNetError(f"{name}: expected one of {', '.join(choices)}, got {shown(value)}")


def _is_classes(kind: Kind, task: str) -> bool:
    """Tell whether targets are classes: by default text, or few different whole numbers."""
    if task != "auto":
        return task == "classification"
    if kind.reading is None:
        return True
    numbers = {*kind.reading.numbers.values()}
    whole = all(number == number // 1 for number in numbers)
    few = len(numbers) <= max(2, min(20, kind.cells // 3))
    return whole and few and kind.reading.style not in DATES


def _rows_without(table: Table, targets: list[str], kinds: dict[str, Kind]) -> dict[int, str]:
    """Return the cell for each row without a target."""
    return {
        i: cell
        for name in targets
        for i, cell in enumerate(table.column(name))
        if cell in kinds[name].missing
    }


def _check_targets(
    table: Table, targets: list[str], kinds: dict[str, Kind], is_classes: bool
) -> None:
    if not table.rows:
        raise PureNetError(f"{table.source}: no row has a value of {listed(targets)}")
    for name in targets:
        kind, where = kinds[name], f"{table.source}: column {name!r}"
        odd = "".join(
            f"; {note}" for note in table.notes if note.startswith(f"column {name}: line")
        )
        if not is_classes and kind.reading is None:
            text = next((text for text in kind.counts if plain(text) is None), kind.first)
            place = table.place(table.column(name).index(text), name)
            raise PureNetError(f"{place}: expected a number, got {text!r}{odd}")
        if is_classes and kind.distinct == 1:
            only = f"one class only, {kind.first!r}"
            raise PureNetError(f"{where} has {only}: there is nothing to tell apart")
        if is_classes and (kind.distinct > MOST_CLASSES or kind.distinct * 2 > kind.cells):
            many = f"{kind.distinct:,} classes in {counted(kind.cells, 'row')}"
            found = f"{where} has {many}: too few rows of each to learn from"
            hint = Note(f"{found} (", "task", "regression", " reads them as numbers)")
            raise PureNetError(found + odd if kind.reading is None else hint)


def _labels(table: Table, name: str, kind: Kind) -> list[Any]:
    if kind.reading and kind.reading.style not in DATES:
        labels: dict[str, Any] = {text: label_of(n) for text, n in kind.reading.numbers.items()}
    else:
        merged = spelled_alike(table, name, kind.counts)
        labels = {
            text: text if text in merged else only_equal(text, [*merged]) for text in kind.counts
        }
    return [labels[cell] for cell in table.column(name)]


def _numbers(table: Table, targets: list[str], kinds: dict[str, Kind]) -> list[Any]:
    """Return the numbers to learn: one for each row, or a list of them for several targets."""
    columns = []
    for name in targets:
        reading = kinds[name].reading
        columns.append([reading.numbers[cell] for cell in table.column(name)] if reading else [])
    return columns[0] if len(columns) == 1 else [list(row) for row in zip(*columns)]


def _note_counting(table: Table, columns: list[Column]) -> None:
    """Name each column that counts the rows: it may be a year, or tell rows apart."""
    for column in columns:
        if not column.texts and len(table.rows) > 2:
            cells = table.column(column.name)
            start = int(cells[0]) if cells[0].isdecimal() else 0
            if cells == [str(start + i) for i in range(len(cells))]:
                found = f"column {column.name}: counts upward by one ("
                table.say(found, "drop", column.name, " if it numbers the rows)")


def _first_note(table: Table, targets: list[str], is_classes: bool, y: list[Any], task: str) -> str:
    """Return the sentence that says how big the table is and what there is to learn."""
    size = f"{counted(len(table.rows), 'row')}, {counted(len(table.names), 'column')}"
    kind = f"classification, {len(set(y))} classes" if is_classes else "regression"
    line = f"{table.source}: {size}; {', '.join(targets)}: {kind}"
    other = "regression" if is_classes else "classification"
    if task != "auto" or len(targets) > 1 or isinstance(y[0], str):
        return line
    return Note(f"{line} (", "task", other, " would read it otherwise)")


def split_of(problem: Problem, part: float, seed: int) -> tuple[list[int], list[int]]:
    """Split the rows into those to learn and those to hold out: a part of each class, or of all.

    At least one row of each class, and of all, is learned.
    """
    keys = problem.y if problem.is_classes else [None] * len(problem.y)
    return split(grouped(keys), part, MT19937(seed))
