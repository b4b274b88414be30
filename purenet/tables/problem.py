"""What there is to learn in a table: the target, classes or numbers, and the inputs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from ..core._types import Matrix
from ..core.checks import PureNetError, counted, short, shown
from ..core.mt19937 import MT19937
from ..estimators.preparation import grouped, split
from .columns import Column, column_of, columns_of, encode, label_of, spelled_alike, with_targets
from .csv_table import Table, counts_from, names_in
from .kinds import Kind, kinds_of
from .notes import Note, joined, shortened
from .styles import DATES, plain

TASKS = ("classification", "regression")
MOST_CLASSES = 100  # more different labels are names, numbers or dates


class Problem(NamedTuple):
    """A table's rows as inputs X and targets y, and what they mean.

    With several targets, y has a list of numbers for each row.
    """

    table: Table
    targets: list[Column]
    is_classes: bool
    columns: list[Column]
    X: Matrix
    y: list[Any]

    @property
    def target(self) -> str | list[str]:
        """The name of the column to predict, or a list of names."""
        names = [column.name for column in self.targets]
        return names[0] if len(names) == 1 else names

    @property
    def classes(self) -> list[Any]:
        """The labels in sorted order; empty for a regression."""
        return sorted(set(self.y)) if self.is_classes else []


def problem_of(
    table: Table, target: str | Sequence[str], task: str, drop: str | Iterable[str], missing: str
) -> Problem:
    """Describe the problem of predicting one column of a table, or more, from the others.

    `task` is "classification", "regression" or "auto". Raises PureNetError, with the line and the
    column, for a table that cannot be learned from, and for a wrong option.
    """
    _check_choice(task, "task", ("auto", *TASKS))
    _check_choice(missing, "missing", ("mean", "refuse"))
    targets, left_out = names_in(target, "target"), names_in(drop, "drop")
    if not targets:
        raise PureNetError("target: expected the name of a column, got []")
    for name in [*targets, *left_out, *table.text]:
        table.column(name)
    inputs = [name for name in table.names if name not in {*targets, *left_out}]
    if not inputs:
        raise table.error("expected columns to learn from besides the target, got none")
    whole, table = table, table.without_rows()
    kinds = kinds_of(table, [*targets, *inputs])
    is_classes = len(targets) == 1 and _is_classes(kinds[targets[0]], task)
    found = [_meaning(table, name, kinds[name], is_classes) for name in targets]
    meanings, classes = [column for column, _ in found], found[0][1]
    y, kept = with_targets(table, meanings, classes)
    if is_classes:
        y = [each if isinstance(each, str) else label_of(each) for each in y]
    if len(y) < len(table.lines):  # what the others are is told without these rows
        words = frozenset[str]().union(*(kind.missing for kind in kinds.values()))
        about = tuple(Note(f"column {name}: ") for name in targets)
        *others, without = kept.notes
        ours = [note for note in others if note in whole.notes or note.startswith(about)]
        kept.notes = [*ours, without]
        table, kinds = kept, kinds_of(kept, inputs, elsewhere=words)
    columns = columns_of(table, {name: kinds[name] for name in inputs}, missing == "mean")
    if not columns:
        notes = [note for note in table.notes if note.startswith("column ")]
        more = [f"and {len(notes) - 3:,} more"] if len(notes) > 3 else []
        if not notes:
            raise table.error("no column can be learned from")
        before = f"{table.source}: no column can be learned from: "
        raise PureNetError(joined(before, [*notes[:3], *more]))
    _note_counting(table, columns)
    table.notes.insert(0, _first_note(whole, targets, is_classes, y, task))
    X = encode(columns, table.without_rows())  # a copy, whose notes would repeat the others
    return Problem(table, meanings, is_classes, columns, X, y)


def _meaning(table: Table, name: str, kind: Kind, is_classes: bool) -> tuple[Column, list[str]]:
    """Return a target as a column, and the classes if they are texts."""
    _check_target(table, name, kind, is_classes)
    column = column_of(name, kind)
    if not is_classes or (kind.style is not None and kind.style not in DATES):
        return column, []
    counts = Counter(text for text in table.column(name) if text not in kind.missing)
    return column._replace(style="", unit=""), sorted(spelled_alike(table, name, counts))


def _check_choice(value: Any, name: str, choices: tuple[str, ...]) -> None:
    if not isinstance(value, str) or value not in choices:
        raise PureNetError(f"{name}: expected one of {', '.join(choices)}, got {shown(value)}")


def _is_classes(kind: Kind, task: str) -> bool:
    """Tell whether targets are classes: by default text, or few different whole numbers."""
    if task != "auto":
        return task == "classification"
    few = kind.distinct <= max(2, min(20, kind.cells // 3))
    return kind.style is None or (kind.are_whole and few and kind.style not in DATES)


def _check_target(table: Table, name: str, kind: Kind, is_classes: bool) -> None:
    column = f"column {short(name)} has"
    odd = [n for n in table.notes if kind.style is None and n.startswith(f"column {name}: line")]
    if not kind.cells:
        raise table.error(f"no row has a value of {short(name)}")
    if not is_classes and kind.style is None:
        text = next((text for text in kind.counts if plain(text) is None), kind.first)
        place = table.place(name, text)
        raise table.error(f"{place}: expected a number, got {short(text)}", more=odd)
    if is_classes and kind.distinct == 1:
        only = f"one class only, {short(kind.first)}"
        raise table.error(f"{column} {only}: there is nothing to tell apart")
    if is_classes and (kind.distinct > MOST_CLASSES or kind.distinct * 2 > kind.cells):
        many = f"{kind.distinct:,} classes in {counted(kind.cells, 'row')}"
        advice = ["task", "regression", " reads them as numbers"] * (kind.style is not None)
        found = f"{column} {many}: too few rows of each to learn from"
        raise table.error(found, *advice, more=odd)


def _note_counting(table: Table, columns: list[Column]) -> None:
    """Name each column that counts the rows: it may be a year, or tell rows apart."""
    for column in columns:
        cells = table.column(column.name)
        if not column.texts and len(cells) > 2 and counts_from(cells) is not None:
            found = f"column {column.name}: counts upward by one"
            table.say(found, "drop", column.name, " if it numbers the rows")


def _first_note(table: Table, targets: list[str], is_classes: bool, y: list[Any], task: str) -> str:
    """Return the sentence that says how big the table is and what there is to learn."""
    size = f"{counted(len(table.lines), 'row')}, {counted(len(table.names), 'column')}"
    kind = f"classification, {len(set(y))} classes" if is_classes else "regression"
    line = shortened(f"{table.source}: {size}; {', '.join(targets)}: {kind}")
    other = "regression" if is_classes else "classification"
    if task != "auto" or len(targets) > 1 or isinstance(y[0], str):
        return Note(line)
    return Note(line, "task", other, " would read it otherwise")


def split_of(problem: Problem, part: float, seed: int) -> tuple[list[int], list[int]]:
    """Split the rows into those to learn and those to hold out: a part of each class, or of all.

    At least one row of each class, and of all, is learned.
    """
    keys = problem.y if problem.is_classes else [None] * len(problem.y)
    return split(grouped(keys), part, MT19937(seed))
