"""From cells of text to numbers: what each column of a table means to a network.

A column of numbers or dates is one input, and its missing cells get the column's mean. A column of
texts is one input for each of its frequent texts: 1 in the rows with this text, 0 in the others
(one-hot). If there are rare texts too, they have one input together. A missing cell is 0 in all.
A column that is empty, constant, or a different text in most rows is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple
from unicodedata import normalize

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, counted, short, shown
from ..core.matrix import transpose
from ..estimators.preparation import grouped
from .csv_table import ALWAYS_MISSING, MISSING, Table, listed
from .kinds import Kind, are_few
from .notes import can_be_typed
from .styles import DATES, Counts, as_shown, in_style, plain, plain_numbers, read_like

MOST_TEXTS = 30  # of a column that are inputs; the others are "other"
OTHER = "(other)"


class Column(NamedTuple):
    """One column: its name, and what its cells mean.

    - `texts`: the texts that are inputs; empty for numbers and dates.
    - `mean`: fills missing numbers; None if they are refused.
    - `style`, `unit`: how its numbers or dates were written in training: see `styles`.
    - `has_other`: whether all other texts have an input, too.
    - `missing`: words that meant a missing cell in training, besides the usual ones.
    """

    name: str
    texts: tuple[str, ...] = ()
    mean: float | None = None
    style: str = ""
    unit: str = ""
    has_other: bool = False
    missing: tuple[str, ...] = ()

    @property
    def inputs(self) -> list[str]:
        """The names of the inputs that it becomes.

        >>> Column("color", ("blue", "red"), has_other=True).inputs
        ['color=blue', 'color=red', 'color=(other)']
        """
        texts = [*self.texts, *[OTHER] * self.has_other]
        return [f"{self.name}={text}" for text in texts] or [self.name]

    def values(self, text: str) -> Row | None:
        """Return the inputs for one cell as it was written in training; None if it is unknown.

        >>> column = Column("color", ("blue", "red"))
        >>> column.values("red"), column.values(""), column.values("pink")
        ([0.0, 1.0], [0.0, 0.0], None)
        >>> Column("size", mean=2.5).values("4"), Column("size", mean=2.5).values("NA")
        ([4.0], [2.5])
        """
        if not self.texts:
            number = None if text in self.missing else in_style(text, self.style, self.unit)
            if number is not None:
                return [number]
            return [self.mean] if self.is_missing(text) and self.mean is not None else None
        known = only_equal(text, self.texts)
        is_other = known is None and not self.is_missing(text)
        if is_other and not self.has_other:
            return None
        return [float(each == known) for each in self.texts] + [float(is_other)] * self.has_other

    def inputs_for(self, cell: Any, place: str) -> tuple[Row, bool]:
        """Return the inputs for a number, a text or None, and whether training had such a cell.

        Raises PureNetError, with the place, for a text among numbers, and for a missing cell if
        these are refused.

        >>> Column("size", mean=2.5).inputs_for(4, ""), Column("b", ("x",)).inputs_for("y", "")
        (([4.0], True), ([0.0], False))
        """
        text = "" if cell is None else str(cell).strip()
        number = plain(str(+cell)) if isinstance(cell, (int, float)) else None
        if number is not None and not self.texts:
            return [number], True
        values = self.values(text)
        if values is None and not self.texts:
            found = read_like(self.style, {text: 1})
            if found.odd or found.unit not in ("", self.unit):
                raise PureNetError(f"{place}: expected a number, got {shown(cell)}")
            values = [found.numbers[text]]
        return values or [0.0] * len(self.inputs), values is not None

    def is_missing(self, text: str) -> bool:
        """Tell whether a cell is missing, by the words that meant so in training."""
        return text in self.missing or (text in MISSING and text not in self.texts)


Columns = Sequence[Column]


@lru_cache(1024)  # the known texts, with which each unknown one is compared
def folded(text: str) -> str:
    """Return a text without upper case, accents composed: texts equal to a person are equal so.

    >>> folded("Yes") == folded("yes"), folded("STRASSE") == folded("straße")
    (True, True)
    """
    return normalize("NFC", normalize("NFC", text).casefold())


def only_equal(text: str, known: Sequence[str]) -> str | None:
    """Return the one of some texts that is equal, or else the only one equal to a person, or None.

    >>> only_equal("yes", ("No", "Yes")), only_equal("yes", ("YES", "Yes"))
    ('Yes', None)
    """
    if text in known:
        return text
    own = folded(text)
    equal = [each for each in known if folded(each) == own]
    return equal[0] if len(equal) == 1 else None


def columns_of(table: Table, kinds: Mapping[str, Kind], fill: bool = True) -> list[Column]:
    """Return the columns that are inputs; the table's notes get a sentence for each other one.

    With `fill` off, a missing cell is refused.

    >>> from .kinds import kinds_of
    >>> cells = [["1", "x"], ["3", "y"], ["", "x"], ["2", "y"]]
    >>> table = Table("data.csv", ["a", "b"], cells, [2, 3, 4, 5])
    >>> for column in columns_of(table, kinds_of(table, ["a", "b"])):
    ...     print(column.name, column.texts, column.mean)
    a () 2.0
    b ('x', 'y') None
    """
    found = [_column(table, name, kinds[name], fill) for name in table.names if name in kinds]
    return [column for column in found if column]


def _column(table: Table, name: str, kind: Kind, fill: bool) -> Column | None:
    left_out, keep = f"column {name} left out: ", ("text", name, " keeps it")
    distinct = len({*map(folded, kind.counts)}) if table.ignore_case else kind.distinct
    are_names = kind.style is None and 2 * distinct > kind.cells
    if kind.gaps and not fill:
        place = table.place(name, next(c for c in table.column(name) if c in kind.missing))
        raise table.error(f"{place}: the cell is missing", "missing", "mean", " allows it")
    if not kind.cells:
        table.say(f"{left_out}every cell is missing")
    elif kind.distinct == 1 and name not in table.text:
        table.say(f"{left_out}always {short(kind.first)}", *keep)
    elif are_names and name not in table.text:
        table.say(f"{left_out}{distinct:,} different texts in {counted(kind.cells, 'cell')}", *keep)
    elif kind.style is None:
        return _texts(table, column_of(name, kind), kind)
    else:
        if kind.gaps:
            mean = as_shown(kind.mean, kind.style, 6)
            table.say(f"column {name}: {kind.gaps:,} missing, filled with {mean}")
        return column_of(name, kind)._replace(mean=kind.mean if fill else None)
    return None


def column_of(name: str, kind: Kind) -> Column:
    """Return a column of numbers or dates, or the beginning of one of texts.

    >>> column_of("size", Kind("", "cm", {}, frozenset(["NA", "-9"]), 2, 8, 5, "1 cm"))
    Column(name='size', texts=(), mean=None, style='', unit='cm', has_other=False, missing=('-9',))
    """
    words = tuple(sorted(kind.missing - MISSING))
    return Column(name, style=kind.style or "", unit=kind.unit, missing=words)


def _texts(table: Table, column: Column, kind: Kind) -> Column:
    counts = spelled_alike(table, column.name, kind.counts)
    frequent = sorted(counts, key=lambda text: (-counts[text], text))[:MOST_TEXTS]
    known = [text for text in frequent if counts[text] > 1 or text in MISSING] or frequent
    known += [text for text in counts if text in MISSING and text not in known]
    has_other = len(known) < len(counts)
    note = f"column {column.name}: {counted(len(counts), 'text')}, "
    note += f"the {len(known):,} most frequent ones " if has_other else ""
    note += "each an input" + ", the others together one" * has_other
    table.say(note + (f", {kind.gaps:,} missing" if kind.gaps else ""))
    return column._replace(texts=tuple(sorted(known)), has_other=has_other)


def spelled_alike(table: Table, name: str, counts: Counts) -> Counts:
    """Return the counts with texts that are equal to a person merged, or say that they differ.

    >>> table = Table("data.csv", ["a"], [], [])
    >>> table.ignore_case = True
    >>> spelled_alike(table, "a", {"Yes": 3, "yes": 1, "no": 2})
    {'Yes': 4, 'no': 2}
    """
    ordered = sorted(counts, key=lambda text: (-counts[text], text))
    spellings = [[ordered[i] for i in group] for group in grouped(map(folded, ordered))]
    for alike in spellings:
        if len(alike) > 1:
            is_hidden = len({normalize("NFC", text) for text in alike}) < len(alike)
            found = f"column {name}: {' and '.join(map(ascii if is_hidden else repr, alike))} are "
            if table.ignore_case:
                table.say(f"{found}taken as one text")
            else:
                table.say(f"{found}different texts", "ignore_case", None, " merges them")
    if not table.ignore_case:
        return counts
    return {alike[0]: sum(counts[text] for text in alike) for alike in spellings}


def encode(columns: Columns, table: Table, strict: bool = False) -> Matrix:
    """Turn a table's rows into inputs; its columns are found by name, in any order.

    The table's notes get a sentence for each column with cells that are missing, written otherwise
    than in training, or unknown. With `strict`, unknown ones are refused. Raises PureNetError, with
    the line and the column, for a column that is not there, for texts among numbers, and for a
    missing cell if training refused these.

    >>> columns = [Column("a", mean=2.0), Column("b", ("x", "y"))]
    >>> encode(columns, Table("data.csv", ["b", "a"], [["y", "5"], ["x", ""]], [2, 3]))
    [[5.0, 0.0, 1.0], [2.0, 1.0, 0.0]]
    """
    _check_names(table, columns)
    inputs: Matrix = []
    empty = {*range(len(table.lines))}  # the rows without any cell
    for column in columns:
        cells = table.column(column.name)
        told = table.missing_values
        is_usual = not (column.texts or column.style or column.missing)
        is_plain = is_usual and not (told and not told.isdisjoint(cells))
        numbers = plain_numbers(cells) if is_plain else None  # it is quick
        if numbers:
            inputs.append(numbers)
            empty.clear()
        else:
            values = _values(column, table, Counter(cells), strict)
            inputs += [[values[cell][k] for cell in cells] for k in range(len(column.inputs))]
            empty = {i for i in empty if column.is_missing(cells[i])}
    if empty:
        rows, first = counted(len(empty), "row"), table.lines[min(empty)]
        table.say(f"every cell is missing in {rows}, from line {first} on")
    return transpose(inputs)


def _check_names(table: Table, columns: Columns) -> None:
    """Raise PureNetError if a table lacks one of these columns."""
    lacking = [column.name for column in columns if column.name not in table.columns]
    if lacking:
        are = f"{counted(len(lacking), 'column')} {'is' if len(lacking) == 1 else 'are'} missing"
        raise table.error(f"{are}: {listed(lacking)}; it has {listed(table.names)}")


def _values(column: Column, table: Table, counts: Counts, strict: bool) -> dict[str, Row]:
    """Return the inputs for each text of a column."""
    told = table.missing_values
    values = {text: column.values("" if text in told else text) for text in counts}
    filled = {t: n for t, n in counts.items() if t not in told and not column.is_missing(t)}
    if not column.texts and None in values.values():
        values.update(_read_otherwise(column, table, filled))
    unknown = [text for text, inputs in values.items() if inputs is None]
    if unknown:
        is_missing = unknown[0] not in filled
        can_fill = column.texts or (column.mean is not None and are_few(unknown, filled))
        if is_missing or strict or not can_fill:
            raise _refusal(column, table, unknown[0], is_missing)
        cells = counted(sum(counts[text] for text in unknown), "cell")
        more = f", and {len(unknown) - 1:,} more" if len(unknown) > 1 else ""
        found = f"{cells} unknown in training taken as missing: {short(unknown[0])}{more}"
        table.say(f"column {column.name}: {found}")
    rare = sum(n for text, n in filled.items() if column.has_other and (values[text] or [0])[-1])
    if rare:
        table.say(f"column {column.name}: {counted(rare, 'cell')} of other texts taken as {OTHER}")
    gaps = sum(counts.values()) - sum(filled.values())
    if gaps:
        mean = as_shown(column.mean or 0.0, column.style, 6)
        fill = "all inputs 0" if column.texts else f"filled with {mean}"
        table.say(f"column {column.name}: {gaps:,} missing, {fill}")
    missing = column.values("") or []
    return {text: inputs or missing for text, inputs in values.items()}


def _refusal(column: Column, table: Table, text: str, is_missing: bool) -> PureNetError:
    """Return the error for a cell that is missing or unknown."""
    place = table.place(column.name, text)
    if is_missing:
        return table.error(f"{place}: expected a value, got {short(text)}, a missing cell")
    if column.texts:
        only = f"only {listed(column.texts)}"
        return table.error(f"{place}: {short(text)} did not occur in training, {only}")
    what = "a date" if column.style in DATES else f"a number {column.unit}".strip()
    advice = ["missing_values", text, " takes it as missing"] * can_be_typed(text)
    return table.error(f"{place}: expected {what}, got {short(text)}", *advice)


def _read_otherwise(column: Column, table: Table, filled: Counts) -> dict[str, Row | None]:
    """Read numbers or dates that are not written as in training, and say so."""
    reading = read_like(column.style, filled, table.decimal)
    is_other_unit = bool(reading.unit and column.unit) and reading.unit != column.unit
    sample = next((text for text in reading.numbers if column.values(text) is None), "")
    if is_other_unit or not sample or not are_few(reading.odd, filled):
        return {}
    number = as_shown(reading.numbers[sample], reading.style)
    found = f"column {column.name}: {short(sample)} is read as {number}"
    table.say(f"{found}; in training, it was written otherwise")
    numbers = {text: [number] for text, number in reading.numbers.items()}
    return {text: numbers.get(text) for text in filled}


def label_of(number: float) -> int | float:
    """Return a number as a label: 1.0 and 1 are one class.

    >>> label_of(1.0), label_of(0.5)
    (1, 0.5)
    """
    return int(number) if number == number // 1 and abs(number) < 2**53 else number


def answers_in(table: Table, target: Column, classes: Sequence[Any] = ()) -> list[Any]:
    """Return a column of targets: numbers, or labels that are all among some classes.

    Where a row has none, the target is None.

    >>> table = Table("data.csv", ["a"], [["1.0"], [""]], [2, 3])
    >>> answers_in(table, Column("a")), answers_in(table, Column("a"), [1, 2])
    ([1.0, None], [1, None])
    """
    cells, told = table.column(target.name), table.missing_values
    known = {each: each for each in classes}
    texts = tuple(each for each in classes if isinstance(each, str))
    target = target._replace(texts=texts)
    alike = {text: only_equal(text, texts) if texts else None for text in {*cells}}
    gaps = {t for t in alike if alike[t] is None and (t in told or target.is_missing(t))}
    counts = Counter(text for text in cells if text not in gaps)
    found: dict[str, Any] = alike
    if not texts:
        values = _values(target, table, counts, strict=True)
        found = {t: known.get(*values[t]) if known else values[t][0] for t in counts}
    for text in counts:
        if found[text] is None:
            wanted = f"expected one of {listed([*map(str, classes)])}, got {short(text)}"
            raise table.error(f"{table.place(target.name, text)}: {wanted}")
    return [found.get(cell) for cell in cells]


def known_rows(
    columns: Columns, targets: Columns, classes: Sequence[Any], table: Table, strict: bool = False
) -> tuple[Matrix, list[Any], Table]:
    """Return the inputs and targets of the rows that have a target, and the table of these rows.

    >>> table = Table("data.csv", ["a", "b"], [["1", "x"], ["2", ""]], [2, 3])
    >>> known_rows([Column("a")], [Column("b")], ["x", "y"], table)[:2]
    ([[1.0]], ['x'])
    """
    _check_names(table, [*columns, *targets])
    y, kept = with_targets(table, targets, classes)
    return encode(columns, kept, strict), y, kept


def with_targets(table: Table, targets: Columns, classes: Sequence[Any]) -> tuple[list[Any], Table]:
    """Return the targets, a list of them for each row if they are several, without the gaps."""
    answers = [answers_in(table, target, classes) for target in targets]
    gaps = [i for i, row in enumerate(zip(*answers)) if None in row]
    kept = table.without_rows(gaps)
    if gaps:
        first = gaps[0]
        target = next(t for t, each in zip(targets, answers) if each[first] is None)
        cell = table.column(target.name)[first]
        found = f"{counted(len(gaps), 'row')} without a target left out"
        is_word = cell in MISSING - ALWAYS_MISSING
        advice = ["missing_values", "", " takes it as a text"] * is_word
        kept.say(f"{found}: line {table.lines[first]} has {short(cell)}", *advice)
    y = [list(row) for row in zip(*answers) if None not in row]
    return [row[0] for row in y] if len(targets) == 1 else y, kept
