"""Rows of numbers from a CSV file, for a network that says how many it needs."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from ..core.matrix import PureNetError, counted, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Matrix, Network

DELIMITERS = ",;\t "


def read_rows(path: str, network: Network) -> tuple[Matrix, Matrix]:
    """Return the inputs X and targets y in a CSV file, which may be "-", standard input.

    Each line has the inputs and then the targets. A first line that is no numbers is a header.
    Raises PureNetError, with the line, for what is no number and for too many or too few.
    """
    n, m = network.sizes[0], network.sizes[-1]
    name = "standard input" if path == "-" else path
    rows = []
    for line, cells in _lines(name, _text(path, name)):
        row = [_number(cell) for cell in cells]
        if None in row and line == 1:
            continue
        if len(row) != n + m:
            has = counted(len(row), "value")
            needs = f"{counted(n, 'input')} and {counted(m, 'output')}"
            raise PureNetError(f"{name}: line {line} has {has}, but the network has {needs}")
        numbers = [value for value in row if value is not None]
        if len(numbers) != len(row):
            cell = cells[row.index(None)]
            raise PureNetError(f"{name}: line {line}: expected a number, got {shown(cell)}")
        rows.append(numbers)
    if not rows:
        raise PureNetError(f"{name}: expected rows of numbers, got none")
    return [row[:n] for row in rows], [row[n:] for row in rows]


def _text(path: str, name: str) -> str:
    data = sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PureNetError(f"{name}: not text in UTF-8, from byte {error.start} on") from None


def _lines(name: str, text: str) -> list[tuple[int, list[str]]]:
    """Return the cells of each line that has any, and its number."""
    first = text.partition("\n")[0]
    delimiter = next((each for each in DELIMITERS if each in first.strip()), ",")
    reader = csv.reader(text.splitlines(), delimiter=delimiter, skipinitialspace=True)
    try:
        return [(reader.line_num, cells) for cells in reader if cells]
    except csv.Error as error:
        raise PureNetError(f"{name}: line {reader.line_num}: {error}") from None


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
