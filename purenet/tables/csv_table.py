"""A table of text from a CSV file, with the line of each row.

The delimiter is the one of `,`, `;`, tab and `|` that cuts most of the first lines into the same
number of cells. Cells may be quoted as in RFC 4180. A first line without a number is a header.
Files may be compressed with gzip, and begin with a byte order mark or with comments ("# ...").
"""

from __future__ import annotations

import contextlib
import csv
import gzip
import sys
import zlib
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from itertools import chain, islice
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from ..core.checks import PureNetError, check_flag, counted, shown

DELIMITERS = (",", ";", "\t", "|")

# A longer line is not part of a table. This also bounds the memory that one line takes.
LONGEST_LINE = 2**20
SAMPLE_LINES = 20
MOST_LISTED = 5  # names in a message


class Table:
    """Rows of text cells: the `names` of the columns, the `rows`, and `lines`, their line numbers.

    `source` is the file's name, for messages.
    """

    def __init__(
        self, source: str, names: list[str], rows: list[list[str]], lines: list[int]
    ) -> None:
        self.source, self.names, self.rows, self.lines = source, names, rows, lines

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
        if name in self.names:
            return self.names.index(name)
        nearest = get_close_matches(name, self.names, 1)
        known = (
            f"is it {short(nearest[0])}?" if nearest else f"the columns are {listed(self.names)}"
        )
        raise PureNetError(f"{self.source}: no column is called {short(name)}; {known}")

    def place(self, i: int, name: str) -> str:
        """Return the place of a cell, for the beginning of a message.

        >>> Table("data.csv", ["a"], [["1"]], [2]).place(0, "a")
        "data.csv: line 2, column 'a'"
        """
        return f"{self.source}: line {self.lines[i]}, column {short(name)}"


def short(text: str) -> str:
    """Return a text in quotes, shortened if it is long.

    >>> short("petal"), len(short("petal" * 100))
    ("'petal'", 42)
    """
    return repr(text if len(text) <= 40 else text[:37] + "...")


def listed(names: Sequence[str]) -> str:
    """Return names in quotes, not too many.

    >>> listed("abc"), listed("abcdefghijkl")
    ("'a', 'b', 'c'", "'a', 'b', 'c', 'd', 'e', ...")
    """
    return ", ".join(map(short, names[:MOST_LISTED])) + ", ..." * (len(names) > MOST_LISTED)


def read(
    path: str | PathLike[str], delimiter: str | None = None, header: bool | None = None
) -> Table:
    """Read a table from a CSV file, or from standard input if the path is "-".

    `delimiter` is the character between cells, and `header` says whether the first line names the
    columns; by default both are told from the first lines. Without a header, the columns are called
    "1", "2" and so on. Raises PureNetError, with the file and the line, if it is not a table, and
    OSError if it cannot be read.

    >>> import purenet
    >>> table = read(purenet.__file__.replace("__init__.py", "datasets/iris.csv"))
    >>> table.names[-1], len(table.rows)
    ('species', 150)
    """
    _check_reading(delimiter, header)
    path = fspath(path)
    source = "standard input" if path == "-" else path
    with contextlib.ExitStack() as stack:
        raw: Any = sys.stdin.buffer if path == "-" else stack.enter_context(Path(path).open("rb"))
        packed = raw.peek(2)[:2] == b"\x1f\x8b"
        lines = _checked_lines(source, gzip.GzipFile(fileobj=raw) if packed else raw)
        try:
            return _table(source, lines, delimiter, header)
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise PureNetError(f"{source}: the gzip file is damaged or cut off: {error}") from None


def _check_reading(delimiter: Any, header: Any) -> None:
    is_mark = isinstance(delimiter, str) and len(delimiter) == 1 and delimiter not in '"\r\n'
    if delimiter is not None and not is_mark:
        raise PureNetError(f"delimiter: expected one character, got {shown(delimiter)}")
    if header is not None:
        check_flag(header, "header")


def _checked_lines(source: str, file: Any) -> Iterator[str]:
    """Yield the lines as text, and refuse binary data before it takes much memory.

    Comments at the beginning, lines that begin with "# ", become blank lines.
    """
    number, begun = 0, False
    while True:
        line = file.readline(LONGEST_LINE + 1)
        if not line:
            return
        number += 1
        if len(line) > LONGEST_LINE:
            raise PureNetError(f"{source}: line {number} has more than {LONGEST_LINE:,} bytes")
        if b"\0" in line:
            raise PureNetError(f"{source}: line {number} has a NUL byte: is it a binary file?")
        begun = begun or not line.startswith(b"# ")
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise PureNetError(f"{source}: line {number} is not text in UTF-8") from None
        yield text if begun else "\n"


def _table(source: str, lines: Iterator[str], delimiter: str | None, header: bool | None) -> Table:
    sample = list(islice(lines, SAMPLE_LINES))
    mark = delimiter or _sniffed(sample)
    rows, places = _rows(source, chain(sample, lines), mark)
    if not rows:
        raise PureNetError(f"{source}: expected a table, got an empty file")
    if not (_looks_like_a_header(rows) if header is None else header):
        return Table(source, [str(j + 1) for j in range(len(rows[0]))], rows, places)
    names = _checked_names(source, rows[0])
    if len(rows) == 1:
        raise PureNetError(f"{source}: expected rows after the header, got none")
    return Table(source, names, rows[1:], places[1:])


def _rows(source: str, lines: Iterable[str], delimiter: str) -> tuple[list[list[str]], list[int]]:
    """Return the cells of each line that is not blank, and its number."""
    rows: list[list[str]] = []
    places: list[int] = []
    reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                rows.append(cells)
                places.append(reader.line_num)
            if any(cells) and len(cells) != len(rows[0]):
                came, place = counted(len(cells), "value"), f"line {reader.line_num}"
                first = f"line {places[0]} has {len(rows[0]):,}"
                raise PureNetError(f"{source}: {place} has {came}, but {first}")
    except csv.Error as error:
        raise PureNetError(f"{source}: line {reader.line_num}: {error}") from None
    return rows, places


def _sniffed(sample: list[str]) -> str:
    """Return the delimiter that cuts most lines into the same number of cells, two or more.

    >>> _sniffed(["a;b;c", "1,5;2,5;3"])
    ';'
    """

    def fitness(delimiter: str) -> tuple[float, int]:
        with contextlib.suppress(csv.Error):
            counts = [len(row) for row in csv.reader(sample, delimiter=delimiter) if row]
            usual = max(counts, key=lambda count: (counts.count(count), count), default=1)
            if usual > 1:
                return counts.count(usual) / len(counts), usual
        return 0.0, 0

    return max(DELIMITERS, key=fitness)


def _looks_like_a_header(rows: list[list[str]]) -> bool:
    """Tell whether the first row names columns, that is, has no number in it.

    >>> _looks_like_a_header([["a", "b"], ["1", "x"]]), _looks_like_a_header([["1", "2"]])
    (True, False)
    """
    return not any(map(is_number, rows[0]))


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number, even one that is refused later, such as nan.

    >>> is_number("1e3"), is_number("nan"), is_number("1_000"), is_number("one")
    (True, True, False, False)
    """
    try:
        float(cell)
    except ValueError:
        return False
    return "_" not in cell


def _checked_names(source: str, names: list[str]) -> list[str]:
    for j, name in enumerate(names):
        if not name:
            raise PureNetError(f"{source}: column {j + 1} has no name in the header")
        if names.index(name) != j:
            first = names.index(name) + 1
            raise PureNetError(
                f"{source}: columns {first} and {j + 1} have the same name, {short(name)}"
            )
    return names
