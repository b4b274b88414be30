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
from itertools import chain, islice
from os import PathLike, fspath
from typing import Any

from ..core.checks import PureNetError, check_flag, counted, short, shown, whole_number
from .files import BYTES_A_CELL, lines_of
from .notes import Note
from .styles import is_value

DELIMITERS = (";", "\t", "|", ",", " ")  # the first if tied
SAMPLE_LINES = 100
MOST_CELLS = 2_500_000  # about 250 MB of texts
LONGEST_CELL = 10  # lines in quotes, unless it is said: a quote may be stray
MOST_LISTED = 5  # names in a message

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
    missing_values: frozenset[str] | None = None
    text: Collection[str] = ()
    ignore_case = False

    def __init__(
        self, source: str, names: list[str], rows: list[list[str]], lines: list[int]
    ) -> None:
        self.source, self.names, self.rows, self.lines = source, names, rows, lines
        self.notes: list[str] = []
        self._places: dict[str, int] = {}

    def say(self, before: str, option: str = "", value: Any = "", after: str = "") -> None:
        """Add a note, which may name an option that helps."""
        self.notes.append(Note(before, option, value, after))

    @property
    def words(self) -> frozenset[str]:
        """The words that mean a missing cell among numbers."""
        return MISSING | (self.missing_values or frozenset())

    def column(self, name: str) -> list[str]:
        """Return the cells of one column.

        >>> Table("data.csv", ["a", "b"], [["1", "x"]], [2]).column("b")
        ['x']
        """
        j = self.index(name)
        return [row[j] for row in self.rows]

    def index(self, name: str) -> int:
        """Return the index of a column; for an unknown name, suggest the nearest or list all.

        >>> Table("data.csv", ["sepal", "petal"], [], []).index("peta")
        Traceback (most recent call last):
            ...
        purenet.core.checks.PureNetError: data.csv: no column is called 'peta'; is it 'petal'?
        """
        j = self._places.get(name, 0)
        if self.names[j : j + 1] == [name]:
            return j
        if name in self.names:  # the names have changed: a search for each column would take long
            self._places = {each: j for j, each in reversed([*enumerate(self.names)])}
            return self._places[name]
        near = get_close_matches(name, self.names, 1, 0.7)
        known = f"is it {short(near[0])}?" if near else f"the columns are {listed(self.names)}"
        raise PureNetError(f"{self.source}: no column is called {short(name)}; {known}")

    def place(self, i: int, name: str) -> str:
        """Return the place of a cell, for the beginning of a message.

        >>> Table("data.csv", ["a"], [["1"]], [2]).place(0, "a")
        "data.csv: line 2, column 'a'"
        """
        return f"{self.source}: line {self.lines[i]}, column {short(name)}"

    def without_rows(self, left_out: Collection[int] = ()) -> Table:
        """Return a copy of the table, without some of its rows.

        >>> Table("data.csv", ["a"], [["1"], ["2"]], [2, 3]).without_rows([0]).rows
        [['2']]
        """
        apart = {*left_out}
        kept = [i for i in range(len(self.rows)) if i not in apart]
        table = copy(self)
        table.rows, table.lines = [self.rows[i] for i in kept], [self.lines[i] for i in kept]
        table.notes = [*self.notes]
        return table


def listed(names: Sequence[str]) -> str:
    """Return names in quotes, not too many.

    >>> listed("abc"), listed("abcdefghijkl")
    ("'a', 'b', 'c'", "'a', 'b', 'c', 'd', 'e', ...")
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
    source = "standard input" if path == "-" else path
    lines = lines_of(source, path, encoding, max_cells * BYTES_A_CELL)
    with contextlib.closing(lines):  # type: ignore[type-var]
        lost = len(list(islice(lines, skip)))
        sample, rows = [], 0
        for line in lines:
            sample.append(line)
            rows += line[:1] != "#"  # comments may be many
            if rows == SAMPLE_LINES:
                break
        told = re.fullmatch("sep=(.)\\s*", sample[0], re.IGNORECASE) if sample else None
        if told:  # Excel's first line
            sample[0] = "\n"
        delimiter = delimiter or (told[1] if told else _sniffed(sample))
        whole, notes = chain(sample, lines), list[str]()
        table = Table(source, [], *_rows(source, whole, delimiter, max_cells, lost, notes))
    table.notes = notes
    _leave_out_comments(table, wanted)
    table.text = names_in(text, "text")
    _lay_out(table, header, wanted)
    table.delimiter, table.decimal = delimiter, decimal
    table.ignore_case = check_flag(ignore_case, "ignore_case")
    if missing_values is not None:
        if isinstance(missing_values, str):
            missing_values = missing_values.split(",")
        table.missing_values = frozenset(names_in(missing_values, "missing_values", "a text"))
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
        try:
            cut = [row for row in _cells(iter(sample), delimiter) if row and row[0][:1] != "#"]
        except csv.Error:
            cut = []
        usual = Counter(map(len, cut)).most_common(1)[0][0] if cut else 0
        rows = [row for row in cut if len(row) == usual]
        if usual < 2:
            return 0.0, 0.0, 0
        values = len([cell for row in rows for cell in row if is_value(cell.strip())])
        return len(rows) / len(cut), values / (len(rows) * usual), usual

    return max(DELIMITERS, key=fitness)


def _rows(
    source: str,
    lines: Iterator[str],
    delimiter: str,
    max_cells: int,
    lost: int,
    notes: list[str],
) -> tuple[list[list[str]], list[int]]:
    """Return the cells of each line that is not blank, and its number."""
    rows: list[list[str]] = []
    places: list[int] = []
    size = 0
    reader = _cells(lines, delimiter)
    end = 0
    try:
        for row in reader:
            begin, end = end + 1, reader.line_num
            if end - begin > LONGEST_CELL:
                notes.append(f"a quoted cell goes from line {begin + lost} to line {end + lost}")
            cells = [cell.strip() for cell in row]
            if cells:
                rows.append(cells)
                places.append(end + lost)
                size += len(cells)
            if size > max_cells:
                found = f"{source}: more than {max_cells:,} cells by line {places[-1]:,}; "
                raise PureNetError(Note(found, "max_cells", 4 * max_cells, " allows more"))
    except csv.Error as error:
        where = f"the row that begins in line {end + 1 + lost}"
        raise PureNetError(f"{source}: {where}: {error}; is a quote left open?") from None
    if rows and _usual_width(rows) > 1:  # then lines of blanks are not rows
        kept = [i for i, cells in enumerate(rows) if cells != [""]]
        rows, places = [rows[i] for i in kept], [places[i] for i in kept]
    return rows, places


def _leave_out_comments(table: Table, wanted: Sequence[str]) -> None:
    """Remove the lines that begin with "#", unless they look like rows."""
    others = [i for i, cells in enumerate(table.rows) if not cells[0].startswith("#")]
    if not others or len(others) == len(table.rows):
        return
    usual = _usual_width([table.rows[i] for i in others])
    kept = {*others}
    for i in range(others[0]):  # a header may stand behind the sign
        first = table.rows[i][0].lstrip("# ")
        if len(table.rows[i]) == usual and {first, *table.rows[i][1:]} & {*wanted}:
            table.rows[i][0] = first
            kept.add(i)
    for i in range(others[0], len(table.rows)):
        cells = table.rows[i]
        if cells[0][1:2] != " " and len(cells) == usual:
            kept.add(i)
    between = len(table.rows) - others[0] - len([i for i in kept if i >= others[0]])
    if between:
        table.say(f"{counted(between, 'comment line')} left out below the first row")
    order = sorted(kept)
    table.rows, table.lines = [table.rows[i] for i in order], [table.lines[i] for i in order]


def _usual_width(rows: list[list[str]]) -> int:
    return Counter(map(len, rows[:SAMPLE_LINES])).most_common(1)[0][0]


def _lay_out(table: Table, header: bool | None, wanted: Sequence[str]) -> None:
    """Find a title and the header among the rows, name the columns, and remove the numbering."""
    titles = 0 if header is False else _titles(table.rows, wanted)
    if titles:
        which = "line" if titles == 1 else f"lines {table.lines[0]} to"
        table.say(f"title above the table left out: {which} {table.lines[titles - 1]}")
    del table.rows[:titles], table.lines[:titles]
    if not any(map(any, table.rows)):
        raise PureNetError(f"{table.source}: expected a table, got an empty file")
    width, is_short = _even_out(table, header is not False)
    names = [""] * width
    if header or (header is None and (is_short or _has_header(table.rows, wanted))):
        names = table.rows[0]
        del table.rows[0], table.lines[0]
        if not table.rows:
            raise PureNetError(f"{table.source}: expected rows after the header, got none")
    _name(table, names)
    if any(names):
        _leave_out_index(table, names, wanted)


def _titles(rows: list[list[str]], wanted: Sequence[str]) -> int:
    """Return how many rows above the table are a title: they have fewer cells, or one alone.

    >>> _titles([["Yields"], ["a", "b", "c"], ["1", "2", "3"], ["4", "5", "6"]], [])
    1
    """
    usual = _usual_width(rows) if rows else 0
    names = {name for name in wanted if not is_value(name)}
    for i, row in enumerate(rows[:SAMPLE_LINES]):
        if names & {*row} and len(row) in (usual - 1, usual):
            return i
    for i, row in enumerate(rows[:SAMPLE_LINES]):
        below = rows[i + 1] if i + 1 < len(rows) else []
        # R's header has no name for the numbering, and rows may end with one more delimiter.
        is_row = below and (any(map(is_value, below)) or not below[-1])
        is_alone = len([cell for cell in row if cell]) <= (usual > 2)
        fits = (len(row) == usual - 1 and is_row) or (len(row) >= usual and not is_alone)
        if fits:
            return i
    return 0


def _even_out(table: Table, may_be_short: bool) -> tuple[int, bool]:
    """Cut off trailing cells that are empty in all rows; return how many columns are left.

    R writes a header without a name for the first column: it gets one, and that is told, too.
    """
    rows = table.rows
    width = _usual_width(rows[1:] or rows)
    while width > 1 and not any(any(row[width - 1 :]) for row in rows):
        width -= 1
    names_rows = len({row[0] for row in rows[1:]}) == len(rows) - 1
    is_short = may_be_short and len(rows[0]) == width - 1 and names_rows
    if is_short:
        rows[0].insert(0, "")
    for i, row in enumerate(rows):
        if len(row) > width and not any(row[width:]):
            del row[width:]
        if len(row) != width:
            came = counted(len(row), "value")
            found = f"{table.source}: line {table.lines[i]} has {came}, but most lines have {width}"
            hint = Note(f"{found}; ", "skip", table.lines[i], " leaves it out")
            raise PureNetError(found if i else hint)
    return width, is_short


def _has_header(rows: list[list[str]], wanted: Sequence[str]) -> bool:
    """Tell whether the first row names the columns.

    It does if it has a name that is wanted, or a text above numbers, or no value at all, or years
    or other numbers that count upward, beside a text.

    >>> _has_header([["0", "label"], ["5", "x"]], ["label"])
    True
    >>> _has_header([["a", "b"], ["1", "x"]], []), _has_header([["1", "2"], ["3", "4"]], [])
    (True, False)
    """
    first, below = rows[0], rows[1:SAMPLE_LINES]
    named = first[1:] if first[0] in INDEX_NAMES else first
    counts_up = named in ([str(j + k) for j in range(len(named))] for k in (0, 1))
    are_numbers = bool(wanted) and all(name.isdecimal() for name in wanted)
    is_new = all(
        cell.isdecimal() or not (is_value(cell) or cell in {row[j] for row in below})
        for j, cell in enumerate(first)
    )
    if {*wanted} & {*first} and (counts_up or not are_numbers or (len(wanted) == 1 and is_new)):
        return counts_up or not all(map(is_value, filter(None, first)))
    for j, cell in enumerate(first):
        filled = [row[j] for row in below if row[j] not in MISSING]
        values = [other for other in filled if is_value(other)]
        if cell not in MISSING and not is_value(cell) and 2 * len(values) > len(filled):
            return True
    if any(name.isdecimal() and 1 <= int(name) <= len(first) for name in wanted):
        return False
    has_value = any(map(is_value, first))
    return not has_value or (_counts_up(first) and not _counts_up(rows[-1]))


def _counts_up(cells: list[str]) -> bool:
    """Tell whether cells are a text, or none, and three whole numbers or more that count upward.

    >>> _counts_up(["country", "1960", "1961", "1962"]), _counts_up(["x", "1", "3", "2"])
    (True, False)
    """
    numbers = [int(cell) for cell in cells if cell.isdecimal()]
    steps = {b - a for a, b in zip(numbers, numbers[1:])}
    return steps == {1} and 3 <= len(numbers) < len(cells)


def _leave_out_index(table: Table, names: list[str], wanted: Sequence[str]) -> None:
    """Remove columns that only number or name the rows, as R and pandas write them."""
    for j in reversed(range(len(names))):
        is_unnamed = names[j].lower() in INDEX_NAMES and table.names[j] not in wanted
        if not is_unnamed or len(table.names) == 1 or table.names[j] in table.text:
            continue
        cells = [row[j] for row in table.rows]
        numbers = [int(cell) for cell in cells if cell.isdecimal()]
        ascend = len(numbers) == len(cells) and numbers == sorted(numbers)
        if len({*cells}) == len(cells) and (ascend or not any(map(is_value, cells))):
            name = table.names.pop(j)
            said = f"column {name} left out: it numbers or names the rows ("
            table.say(said, "text", name, " keeps it)")
            for row in table.rows:
                del row[j]


def _name(table: Table, names: list[str]) -> None:
    """Name the columns, by their numbers where they have no name.

    >>> table = Table("data.csv", [], [], [])
    >>> _name(table, ["a", "", "a"])
    >>> table.names, table.notes
    (['a', '2', 'a.2'], ['column a occurs twice: the other is called a.2'])
    """
    taken, seen, times = {*names}, set[str](), Counter[str]()
    for j, given in enumerate(names):
        name = other = given or str(j + 1)
        while other in seen or (other != given and other in taken):
            times[name] += 1
            other = f"{name}.{times[name] + 1}"
        if given and other != given:
            table.say(f"column {name} occurs twice: the other is called {other}")
        seen.add(other)
        table.names.append(other)
