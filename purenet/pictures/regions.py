"""A map of classes: the borders between regions, and the best place for each region's number."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from .svg import Point
from .words import number

Cell = tuple[int, int]
Kinds = Sequence[Sequence["int | None"]]  # of the cells, from the top row down


def runs(kinds: Kinds) -> dict[int, list[tuple[int, int, int]]]:
    """Return the runs of each kind in each row: (row, first column, length).

    >>> runs([[7, 7, None, 8]])
    {7: [(0, 0, 2)], 8: [(0, 3, 1)]}
    """
    found: dict[int, list[tuple[int, int, int]]] = {}
    for i, row in enumerate(kinds):
        start = 0
        for kind, cells in groupby(row):
            many = len(list(cells))
            if kind is not None:
                found.setdefault(kind, []).append((i, start, many))
            start += many
    return found


def borders(kinds: Kinds, size: float, left: float, top: float) -> str:
    """Return the path along the sides between cells of different kinds.

    >>> borders([[0, 1], [0, 1]], 10, 0, 0)
    'M10 0v20'
    """
    across = [(i, j, "h", many) for i, j, many in _differences(kinds)]
    upright = [(i, j, "v", many) for j, i, many in _differences(list(zip(*kinds)))]
    return "".join(
        f"M{number(left + j * size)} {number(top + i * size)}{way}{number(many * size)}"
        for i, j, way, many in across + upright
    )


def _differences(kinds: Kinds) -> list[tuple[int, int, int]]:
    """Return the runs of cells that differ from the cell above: (row, first column, length)."""
    differ = [[1 if a != b else None for a, b in zip(*rows)] for rows in zip(kinds, kinds[1:])]
    return [(i + 1, j, many) for i, j, many in runs(differ).get(1, [])]


def patches(kinds: Kinds) -> list[tuple[int, list[Cell]]]:
    """Return each connected region: its kind, and its cells as (row, column).

    >>> patches([[0, 0, 1]])
    [(0, [(0, 0), (0, 1)]), (1, [(0, 2)])]
    """
    left = {
        (i, j): kind
        for i, row in enumerate(kinds)
        for j, kind in enumerate(row)
        if kind is not None
    }
    found = []
    while left:
        start = next(iter(left))
        kind, queue = left.pop(start), [start]
        for i, j in queue:
            for near in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1)):
                if left.get(near) == kind:
                    del left[near]
                    queue.append(near)
        found.append((kind, queue))
    return found


def rim(cells: Sequence[Cell], kinds: Kinds) -> list[Cell]:
    """Return the cells with a neighbor of another kind.

    >>> rim([(0, 0), (0, 1)], [[0, 0, 1]])
    [(0, 1)]
    """
    inside = set(cells)
    rows, columns = len(kinds), len(kinds[0])
    return [
        (i, j)
        for i, j in cells
        for a, b in ((i - 1, j), (i + 1, j), (i, j - 1), (i, j + 1))
        if (a, b) not in inside and 0 <= a < rows and 0 <= b < columns
    ]


def clearest(
    places: Iterable[Point], others: Sequence[Point], low: Point, high: Point
) -> tuple[Point, float]:
    """Return the place that is farthest from other points and the frame, and its distance.

    >>> clearest([(5.0, 5.0), (50.0, 50.0)], [(50.0, 52.0)], (0.0, 0.0), (100.0, 100.0))
    ((5.0, 5.0), 5.0)
    """

    def free(place: Point) -> float:
        x, y = place
        sides = min(x - low[0], y - low[1], high[0] - x, high[1] - y)
        return min([sides, *[math.hypot(x - a, y - b) for a, b in others]])

    best = max(places, key=free)
    return best, free(best)
