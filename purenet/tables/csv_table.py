"""A table of text cells from a file: where its cells, its header and its rows are.

The delimiter is the one of `,`, `;`, tab, `|` and runs of spaces that cuts the lines into the same
number of cells, most of them numbers. Cells may be quoted as in RFC 4180. Comments ("# ..."), title
lines above the header, trailing delimiters and the numbering of rows that R and pandas write are
left out; `Table.notes` says so.
"""

from __future__ import annotations

import contextlib
import csv
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from copy import copy
from difflib import get_close_matches
from itertools import chain, compress, islice, tee
from os import PathLike, fspath
from typing import Any

from ..core.checks import PureNetError, check_flag, counted, short, shown, whole_number
from .files import BYTES_A_CELL, lines_of
from .notes import Note, joined, shortened
from .styles import is_value

DELIMITERS = (";", "\t", "|", ",", " ")  # the first if tied
SAMPLE_LINES = 100
MOST_CELLS = 2_500_000  # about 250 MB of texts
LONGEST_CELL = 10  # lines in quotes, unless it is said: a quote may be stray
MOST_LISTED = 10  # names in a message

# Texts that stand for a missing cell, by pandas' list. The first ones always do.
ALWAYS_MISSING = frozenset(["", "?", "#N/A"])
MISSING = ALWAYS_MISSING.union(
    ["NA", "N/A", "n/a", "nan", "NaN", "NAN", "-nan", "-NaN", "<NA>", "#NA", "NaT", "null", "Null"],
    ["NULL", "none", "None", "NONE", "-", "--", ".", "..", "\\N", "#N/A N/A", "1.#IND", "-1.#IND"],
    ["1.#QNAN", "-1.#QNAN"],
)
# What R and pandas call the numbering of the rows, where it has a name at all.
INDEX_NAMES = ("", "unnamed: 0", "rownames", "row.names")


class Table:
    """Rows of text cells: the `names` of the columns, the `rows`, and `lines`, their line numbers.

    `source` is the file's name, for messages, and `notes` says what was guessed and left out. The
    `delimiter` is what stood between the cells; `read` describes the other attributes.
    """

    delimiter = ","
    decimal: str | None = None
    missing_values: frozenset[str] = frozenset()  # with "" if they are told
    text: Collection[str] = ()
    ignore_case = False

    def __init__(
        self, source: str, names: Sequence[str], rows: Sequence[Sequence[str]], lines: list[int]
    ) -> None:
        self.source, self.lines = source, lines
        self.columns = _columns(names, rows)
        self.notes: list[str] = []

    @property
    def names(self) -> list[str]:
        """The names of the columns."""
        return list(self.columns)

    @property
    def rows(self) -> list[list[str]]:
        """The cells of each row."""
        return [list(row) for row in zip(*self.columns.values())]

    def say(self, found: str, *advice: Any) -> None:
        """Add a note; the advice is an option that helps, its value, and how it does."""
        self.notes.append(Note(shortened(found), *advice))

    def error(self, said: str, *advice: Any, more: Sequence[str] = ()) -> PureNetError:
        """Return the error that says so of this table, with some advice, and more sentences."""
        return PureNetError(joined(f"{self.source}: ", [Note(said, *advice), *more]))

    def column(self, name: str) -> list[str]:
        """Return the cells of one column; for an unknown name, suggest the nearest or list all.

        >>> table = Table("data.csv", ["sepal", "petal"], [["1", "x"]], [2])
        >>> table.column("petal")
        ['x']
        >>> table.column("peta")
        Traceback (most recent call last):
            ...
        purenet.core.checks.PureNetError: data.csv: no column is called 'peta'; is it 'petal'?
        """
        if name in self.columns:
            return self.columns[name]
        near = get_close_matches(name, self.columns, 1, 0.7)
        known = f"is it {short(near[0])}?" if near else f"the columns are {listed(self.names)}"
        raise self.error(f"no column is called {short(name)}; {known}")

    def place(self, name: str, text: str) -> str:
        """Return the place of the first cell with a text, for the beginning of a message.

        >>> Table("data.csv", ["a"], [["1"]], [2]).place("a", "1")
        "line 2, column 'a'"
        """
        return f"line {self.lines[self.column(name).index(text)]}, column {short(name)}"

    def without_rows(self, left_out: Collection[int] = ()) -> Table:
        """Return a copy of the table, without some of its rows.

        >>> Table("data.csv", ["a"], [["1"], ["2"]], [2, 3]).without_rows([0]).rows
        [['2']]
        """
        apart = {*left_out}
        table = copy(self)
        if apart:
            kept = [i not in apart for i in range(len(self.lines))]
            table.lines = list(compress(self.lines, kept))
            table.columns = {n: list(compress(cells, kept)) for n, cells in self.columns.items()}
        table.notes = [*self.notes]
        return table


def _columns(names: Sequence[str], rows: Sequence[Sequence[str]]) -> dict[str, list[str]]:
    return {name: [row[j] for row in rows] for j, name in enumerate(names)}


class Line(list[str]):
    """The cells of a row, and the number of the line in the file where they end."""

    __slots__ = ("number",)
    number: int


def listed(names: Sequence[str]) -> str:
    """Return names in quotes, not too many.

    >>> listed("abc"), listed("abcdefghijkl")
    ("'a', 'b', 'c'", "'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', ...")
    """
    return ", ".join(map(short, names[:MOST_LISTED])) + ", ..." * (len(names) > MOST_LISTED)


def names_in(given: Any, option: str, what: str = "the name of a column") -> list[str]:
    """Return an option's texts: a list of them, or only one.

    >>> names_in("a,b", "drop"), names_in(["a", "b"], "drop")
    (['a,b'], ['a', 'b'])
    """
    names = list(given) if isinstance(given, Iterable) and not isinstance(given, str) else [given]
    for name in names:
        if not isinstance(name, str):
            raise PureNetError(f"{option}: expected {what}, got {shown(name)}")
    return names


def read(
    path: str | PathLike[str],
    delimiter: str | None = None,
    header: bool | None = None,
    *,
    skip: int = 0,
    encoding: str | None = None,
    decimal: str | None = None,
    missing_values: str | Collection[str] | None = None,
    text: str | Collection[str] = (),
    ignore_case: bool = False,
    max_cells: int = MOST_CELLS,
    wanted: Sequence[str] = (),
) -> Table:
    """Read a table from a CSV file, or from standard input if the path is "-".

    - `delimiter` is the character between cells (a space stands for a run of spaces), and `header`
      says whether the first line names the columns; by default both are told from the first lines.
      Without a header, the columns are called "1", "2" and so on.
    - `skip` is the number of lines above the table that are left out.
    - `encoding` is Python's name of the encoding, if it is not a Unicode one.
    - `decimal` is "." or ",", and `missing_values` are the texts that mean a missing cell (a list,
      or one text with commas), where the cells do not tell.
    - `text` are names of columns to keep as texts, and `ignore_case` says whether texts that differ
      by case alone, or by composed accents, are one.
    - `max_cells` is the largest number of cells to read.
    - `wanted` are names of columns that the caller expects: where one is in the first line, that
      line is the header.

    Raises PureNetError, with the file and the line, if it is not a table, and OSError if it cannot
    be read.

    >>> import purenet
    >>> table = read(purenet.__file__.replace("__init__.py", "datasets/iris.csv"))
    >>> table.names[-1], len(table.rows)
    ('species', 150)
    """
    _check_reading(delimiter, header, decimal)
    skip = whole_number(skip, "skip", 0)
    max_cells = whole_number(max_cells, "max_cells", 1)
    path = fspath(path)
    table = Table("standard input" if path == "-" else path, [], [], [])
    lines = lines_of(table.error, path, encoding, max_cells * BYTES_A_CELL)
    with contextlib.closing(lines):  # type: ignore[type-var]
        skipped = ["\n" for _ in islice(lines, skip)]
        first = next(lines, "")
        told = re.fullmatch("sep=(.)\\s*", first, re.IGNORECASE)  # Excel's first line
        kept, ahead = tee(chain(["\n" if told else first], lines))
        sample = [*islice((line for line in ahead if line[:1] != "#"), SAMPLE_LINES)]
        del ahead  # which would keep all lines
        delimiter = delimiter or (told[1] if told else _sniffed(sample))
        found = list(_rows(table, chain(skipped, kept), delimiter, max_cells))
    table.text = names_in(text, "text")
    _lay_out(table, _without_comments(table, found, wanted), header, wanted)
    table.delimiter, table.decimal = delimiter, decimal
    table.ignore_case = check_flag(ignore_case, "ignore_case")
    if missing_values is not None:
        words = missing_values.split(",") if isinstance(missing_values, str) else missing_values
        table.missing_values = frozenset(["", *names_in(words, "missing_values", "a text")])
    return table


def _check_reading(delimiter: Any, header: Any, decimal: Any) -> None:
    is_mark = isinstance(delimiter, str) and len(delimiter) == 1 and delimiter not in '"\r\n'
    if delimiter is not None and not is_mark:
        raise PureNetError(f"delimiter: expected one character, got {shown(delimiter)}")
    if decimal not in (None, ".", ","):
        raise PureNetError(f'decimal: expected "." or ",", got {shown(decimal)}')
    if header is not None:
        check_flag(header, "header")


def _cells(lines: Iterator[str], delimiter: str) -> Any:
    """Return a reader of the csv module; where spaces delimit, runs of them count as one."""
    if delimiter == " ":
        lines = (line.replace("\t", " ").strip(" \n") + "\n" for line in lines)
    return csv.reader(lines, delimiter=delimiter, skipinitialspace=True)


def _sniffed(sample: list[str]) -> str:
    """Return the delimiter that cuts the lines alike, into the most numbers.

    >>> _sniffed(["a;b;c", "1,5;2,5;deep", "3,5;2,5;flat"]), _sniffed(["a b  c", "1 2 3"])
    (';', ' ')
    """

    def fitness(delimiter: str) -> tuple[float, float, int]:
        rows = []
        with contextlib.suppress(csv.Error):
            rows = [row for row in _cells(iter(sample), delimiter) if row and row[0][:1] != "#"]
        usual = _usual_width(rows)
        if usual < 2:
            return 0.0, 0.0, 0
        cells = [cell.strip() for row in rows if len(row) == usual for cell in row]
        values = sum(map(is_value, filter(None, cells)))
        return len(cells) / (len(rows) * usual), values / len(cells), usual

    return max(DELIMITERS, key=fitness)


def _rows(table: Table, lines: Iterator[str], delimiter: str, max_cells: int) -> Iterator[Line]:
    """Go through the rows: the cells of each line that is not blank."""
    size = end = 0
    reader = _cells(lines, delimiter)
    try:
        for cells in reader:
            begin, end = end + 1, reader.line_num
            if end - begin > LONGEST_CELL:
                table.say(f"a quoted cell goes from line {begin} to line {end}")
            size += len(cells)
            if size > max_cells:
                found = f"more than {max_cells:,} cells by line {end:,}"
                raise table.error(found, "max_cells", 4 * max_cells, " allows more")
            if cells:
                row = Line([cell.strip() for cell in cells])
                row.number = end
                yield row
    except csv.Error as error:
        where = f"the row that begins in line {end + 1}"
        raise table.error(f"{where}: {error}; is a quote left open?") from None


def _without_comments(table: Table, rows: list[Line], wanted: Sequence[str]) -> list[Line]:
    """Return the rows but for lines of blanks, and those behind "#" that do not look like rows."""
    if _usual_width(rows) > 1:
        rows = [row for row in rows if row != [""]]
    others = [row for row in rows if row[0][:1] != "#"]
    if len(others) in (0, len(rows)):
        return rows
    usual, first = _usual_width(others), rows.index(others[0])
    above, below = rows[:first], rows[first:]
    for row in above:  # a header may stand behind the sign
        row[0] = row[0].lstrip("# ")
    above = [row for row in above if len(row) == usual and {*row} & {*wanted}]
    kept = [row for row in below if row[0][:1] != "#" or (row[0][1:2] != " " and len(row) == usual)]
    if len(kept) < len(below):
        table.say(f"{counted(len(below) - len(kept), 'comment line')} left out below the first row")
    return above + kept


def _usual_width(rows: Sequence[list[str]]) -> int:
    return Counter(map(len, rows[:SAMPLE_LINES])).most_common(1)[0][0] if rows else 0


def _lay_out(table: Table, rows: list[Line], header: bool | None, wanted: Sequence[str]) -> None:
    """Find a title and the header among the rows, name the columns, and remove the numbering."""
    titles = 0 if header is False else _titles(rows, wanted)
    if titles:
        which = "line" if titles == 1 else f"lines {rows[0].number} to"
        table.say(f"title above the table left out: {which} {rows[titles - 1].number}")
    rows = rows[titles:]
    if not any(map(any, rows)):
        raise table.error("expected a table, got an empty file")
    is_short = _even_out(table, rows, header is not False)
    given = [""] * len(rows[0])
    if header or (header is None and (is_short or _has_header(rows, wanted))):
        given = rows.pop(0)
        if not rows:
            raise table.error("expected rows after the header, got none")
    table.columns = _columns(_names(table, given), rows)
    table.lines = [row.number for row in rows]
    if any(given):
        _leave_out_index(table, given, wanted)


def _titles(rows: list[Line], wanted: Sequence[str]) -> int:
    """Return how many rows above the table are a title: they have fewer cells, or one alone.

    >>> _titles([["Yields"], ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]], [])
    1
    """
    usual = _usual_width(rows)
    names = {name for name in wanted if not is_value(name)}
    sample = list(enumerate(rows[:SAMPLE_LINES]))
    named = (i for i, row in sample if names & {*row} and len(row) in (usual - 1, usual))
    fitting = (i for i, row in sample if _may_be_first(row, rows[i + 1 : i + 2], usual))
    return next(chain(named, fitting), 0)


def _may_be_first(row: Line, below: list[Line], usual: int) -> bool:
    """Tell whether the table may begin with a row, by the row below it and the usual width."""
    if len(row) == usual - 1:
        # R's header has no name for the numbering, and rows may end with one more delimiter.
        return any(any(map(is_value, cells)) or not cells[-1] for cells in below)
    return len(row) >= usual and len([cell for cell in row if cell]) > (usual > 2)


def _even_out(table: Table, rows: list[Line], may_be_short: bool) -> bool:
    """Cut off trailing cells that are empty in all rows; all rows must then be of one width.

    R writes a header without a name for the first column: it gets one, and that is returned.
    """
    width = max(1, min(_usual_width(rows[1:] or rows), max(map(_filled_width, rows))))
    names_rows = len({row[0] for row in rows[1:]}) == len(rows) - 1
    is_short = may_be_short and len(rows[0]) == width - 1 and names_rows
    if is_short:
        rows[0].insert(0, "")
    for row in rows:
        if len(row) > width and not any(row[width:]):
            del row[width:]
        if len(row) != width:
            came = counted(len(row), "value")
            found = f"line {row.number} has {came}, but most lines have {width}"
            advice = ["skip", row.number, " leaves it out"] * (row is rows[0])
            raise table.error(found, *advice)
    return is_short


def _filled_width(row: list[str]) -> int:
    """Return the number of cells up to the last one that is not empty.

    >>> _filled_width(["a", "", "b", ""])
    3
    """
    return next((j for j in range(len(row), 0, -1) if row[j - 1]), 0)


def _has_header(rows: list[Line], wanted: Sequence[str]) -> bool:
    """Tell whether the first row names the columns.

    It does if it has a name that is wanted, or a text above numbers, or no value at all, or years
    or other numbers that count upward, beside a text.

    >>> _has_header([["0", "label"], ["5", "x"]], ["label"])
    True
    >>> _has_header([["a", "b"], ["1", "x"]], []), _has_header([["1", "2"], ["3", "4"]], [])
    (True, False)
    """
    first, values = rows[0], [is_value(cell) for cell in rows[0]]
    columns = [*zip(values, zip(*rows[:SAMPLE_LINES]))]
    counts_up = counts_from(first[1:] if first[0] in INDEX_NAMES else first) in (0, 1)
    are_new = all(c.isdecimal() or not (value or c in below) for value, (c, *below) in columns)
    is_name = not all(map(str.isdecimal, wanted)) or (len(wanted) == 1 and are_new)
    if {*wanted} & {*first} and (counts_up or is_name):
        return counts_up or not all(map(is_value, filter(None, first)))
    if any(not v and c not in MISSING and _are_numbers(below) for v, (c, *below) in columns):
        return True
    if {*wanted} & {str(j + 1) for j in range(len(first))}:
        return False
    return not any(values) or (_has_years(first) and not _has_years(rows[-1]))


def _are_numbers(cells: Sequence[str]) -> bool:
    """Tell whether most cells are values, but for those that are missing.

    >>> _are_numbers(["1", "NA", "2", "x"]), _are_numbers(["x", "1"])
    (True, False)
    """
    filled = [cell for cell in cells if cell not in MISSING]
    return 2 * len([*filter(is_value, filled)]) > len(filled)


def _has_years(cells: Sequence[str]) -> bool:
    """Tell whether cells are a text, or none, and three whole numbers or more that count upward.

    >>> _has_years(["country", "1960", "1961", "1962"]), _has_years(["x", "1", "3", "2"])
    (True, False)
    """
    numbers = [cell for cell in cells if cell.isdecimal()]
    return 3 <= len(numbers) < len(cells) and counts_from(numbers) is not None


def counts_from(cells: Sequence[str]) -> float | None:
    """Return the first of whole numbers that count upward by one; None for all other cells.

    >>> counts_from(["7", "8", "9"]), counts_from(["7", "9"])
    (7.0, None)
    """
    if not cells or not all(map(str.isdecimal, cells)):
        return None
    first, *others = map(float, cells)
    return first if others == [first + i + 1 for i in range(len(others))] else None


def _leave_out_index(table: Table, given: Sequence[str], wanted: Sequence[str]) -> None:
    """Remove columns that only number or name the rows, as R and pandas write them."""
    for name, own in reversed([*zip(table.names, given)]):
        is_kept = name in wanted or name in table.text or len(table.columns) == 1
        if own.lower() in INDEX_NAMES and not is_kept and _tells_rows(table.columns[name]):
            del table.columns[name]
            table.say(f"column {name} left out: it numbers or names the rows")


def _tells_rows(cells: list[str]) -> bool:
    """Tell whether all cells differ, and are whole numbers that ascend, or no numbers at all.

    >>> _tells_rows(["1", "2", "7"]), _tells_rows(["2", "1"]), _tells_rows(["x", "y"])
    (True, False, True)
    """
    if len({*cells}) < len(cells):
        return False
    if all(map(str.isdecimal, cells)):
        return cells == sorted(cells, key=float)
    return not any(map(is_value, cells))


def _names(table: Table, given: Sequence[str]) -> list[str]:
    """Return the names of the columns: their numbers where they have no name.

    >>> table = Table("data.csv", [], [], [])
    >>> _names(table, ["a", "", "a"]), table.notes
    (['a', '2', 'a.2'], ['column a occurs twice: the other is called a.2'])
    """
    taken, names, times = {*given}, dict[str, None](), Counter[str]()
    for j, own in enumerate(given):
        name = other = own or str(j + 1)
        while other in names or (other != own and other in taken):
            times[name] += 1
            other = f"{name}.{times[name] + 1}"
        if own and other != own:
            table.say(f"column {name} occurs twice: the other is called {other}")
        names[other] = None
    return list(names)
