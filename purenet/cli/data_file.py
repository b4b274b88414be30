"""Rows of numbers from a CSV file, for a network that says how many it needs."""

from __future__ import annotations

from ..core.matrix import PureNetError, counted, transpose
from ..formats.columns import numbers_of
from ..formats.csv_table import read_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Matrix, Network


def read_rows(path: str, network: Network) -> tuple[Matrix, Matrix]:
    """Return the inputs X and targets y in a CSV file, which may be "-", standard input.

    Each line has the inputs and then the targets. Raises PureNetError, with the line, for what is
    no number, and for too many columns or too few.
    """
    table = read_table(path)
    n, m = network.sizes[0], network.sizes[-1]
    if len(table.names) != n + m:
        has = counted(len(table.names), "column")
        needs = f"{counted(n, 'input')} and {counted(m, 'output')}"
        raise PureNetError(f"{table.source}: {has}, but the network has {needs}")
    rows = transpose([numbers_of(table, name) for name in table.names])
    return [row[:n] for row in rows], [row[n:] for row in rows]
