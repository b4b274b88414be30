"""What there is to learn in a table: the target, classes or numbers, and the inputs."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core._types import Matrix
from ..core.checks import PureNetError, counted, shown
from ..core.mt19937 import MT19937
from .columns import MISSING, Column, columns_of, encode, is_of_classes, numbers_of, texts_of
from .csv_table import Table, is_number
from .notes import Note

TASKS = ("classification", "regression")
MOST_CLASSES = 100  # more different labels are names, numbers or dates


class Problem(NamedTuple):
    """A table's rows as inputs X and targets y, and what they mean."""

    table: Table
    target: str
    is_classes: bool
    columns: list[Column]
    X: Matrix
    y: list[Any]

    @property
    def classes(self) -> list[Any]:
        """The labels in sorted order; empty for a regression."""
        return sorted(set(self.y)) if self.is_classes else []


def problem_of(table: Table, target: str, task: str, drop: list[str], missing: str) -> Problem:
    """Describe the problem of predicting one column of a table from the others.

    `task` is "classification", "regression" or "auto". Raises PureNetError, with the line and the
    column, for a table that cannot be learned from, and for a wrong option.
    """
    _check_choice(task, "task", ("auto", *TASKS))
    _check_choice(missing, "missing", ("mean", "refuse"))
    for option, name in [("target", target), *[("drop", name) for name in drop]]:
        if not isinstance(name, str):
            raise PureNetError(f"{option}: expected the name of a column, got {shown(name)}")
        table.index(name)
    cells = table.column(target)
    names = [name for name in table.names if name != target and name not in drop]
    if not names:
        raise PureNetError(
            f"{table.source}: expected columns to learn from besides the target, got none"
        )
    is_classes = is_of_classes(cells) if task == "auto" else task == "classification"
    y: list[Any] = texts_of(table, target) if is_classes else list(numbers_of(table, target))
    if is_classes:
        _check_classes(table, target, cells)
    columns = columns_of(table, names, fill=missing == "mean")
    return Problem(table, target, is_classes, columns, encode(columns, table), y)


def _check_choice(value: Any, name: str, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise PureNetError(f"{name}: expected one of {', '.join(choices)}, got {shown(value)}")


def _check_classes(table: Table, target: str, labels: list[str]) -> None:
    classes = sorted(set(labels))
    where = f"{table.source}: column {target!r}"
    if len(classes) == 1:
        only = f"one class only, {classes[0]!r}"
        raise PureNetError(f"{where} has {only}: there is nothing to tell apart")
    if len(classes) > MOST_CLASSES or len(classes) * 2 > len(labels):
        many = f"{len(classes):,} classes in {counted(len(labels), 'row')}"
        found = f"{where} has {many}: too few rows of each to learn from"
        hint = Note(f"{found} (", "task", "regression", ", if they are numbers)")
        raise PureNetError(found if any(map(str.isalpha, labels)) else hint)


def split(problem: Problem, part: float, seed: int) -> tuple[list[int], list[int]]:
    """Split the rows into those to learn and those to hold out: a part of each class, or of all.

    At least one row of each class, and of all, is learned.
    """
    chance = MT19937(seed)
    strata: dict[Any, list[int]] = {}
    for i, label in enumerate(problem.y):
        strata.setdefault(label if problem.is_classes else None, []).append(i)
    held_out = []
    for stratum in strata.values():
        order = chance.permutation(len(stratum))
        held_out += [stratum[i] for i in order[: min(round(part * len(order)), len(order) - 1)]]
    apart = set(held_out)
    return [i for i in range(len(problem.y)) if i not in apart], sorted(held_out)


def about(problem: Problem, was_told: bool) -> list[str]:
    """Return the sentences that say how a table was understood."""
    table = problem.table
    rows, columns = counted(len(table.rows), "row"), counted(len(table.names), "column")
    classes = f"classification, {len(problem.classes)} classes"
    kind = classes if problem.is_classes else "regression"
    lines = [f"{table.source}: {rows}, {columns}; {problem.target}: {kind}"]
    other = "regression" if problem.is_classes else "classification"
    if not was_told and all(map(is_number, table.column(problem.target))):
        lines[0] = Note(f"{lines[0]} (", "task", other, " would read it otherwise)")
    texts = [column for column in problem.columns if column.texts]
    for column in texts:
        gaps = f", {_missing(column, table):,} missing" if _missing(column, table) else ""
        values = counted(len(column.texts), "text")
        lines.append(f"column {column.name}: {values}, each an input{gaps}")
    return lines + filled_lines([column for column in problem.columns if not column.texts], table)


def filled_lines(columns: list[Column], table: Table) -> list[str]:
    """Return a line for each column with missing cells: how many, and what fills them."""
    lines = []
    for column in columns:
        missing = _missing(column, table)
        fill = "all inputs 0" if column.texts else f"filled with {column.mean or 0.0:.6g}"
        if missing:
            lines.append(f"column {column.name}: {missing:,} missing, {fill}")
    return lines


def _missing(column: Column, table: Table) -> int:
    return len([cell for cell in table.column(column.name) if cell in MISSING])
