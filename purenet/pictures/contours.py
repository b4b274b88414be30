"""Contours join the points of a grid where a value passes a level, by marching squares.

Each square of the grid is treated by itself. If a level is between the values at the two ends of a
side, the contour crosses that side, at a point found by linear interpolation. Two crossings make a
piece of the line; four are joined according to the value in the middle of the square. Pieces that
share a side are then joined.
"""

from __future__ import annotations

from ..core._types import Matrix, Row
from .axes import drawable
from .svg import Point

Side = tuple[int, int, bool]  # the grid point where it begins, and whether it goes down


def contour(xs: Row, ys: Row, values: Matrix, level: float) -> list[list[Point]]:
    """Return the lines along which values[i][j], found at (xs[j], ys[i]), are at the level.

    A closed line ends with its first point. Squares with a value that cannot be drawn have no line.

    >>> contour([0.0, 1.0], [0.0, 1.0], [[0.0, 1.0], [0.0, 1.0]], 0.25)
    [[(0.25, 0.0), (0.25, 1.0)]]
    """
    joined: dict[Side, list[Side]] = {}
    for i in range(len(ys) - 1):
        for j in range(len(xs) - 1):
            for a, b in _pieces(values, i, j, level):
                joined.setdefault(a, []).append(b)
                joined.setdefault(b, []).append(a)
    return [[_crossing(xs, ys, values, level, side) for side in line] for line in _strung(joined)]


def _pieces(values: Matrix, i: int, j: int, level: float) -> list[tuple[Side, Side]]:
    """Return the pieces of the line in one square, as pairs of the sides that they join."""
    corners = [values[i][j], values[i][j + 1], values[i + 1][j + 1], values[i + 1][j]]
    if not all(map(drawable, corners)):
        return []
    sides: list[Side] = [(i, j, False), (i, j + 1, True), (i + 1, j, False), (i, j, True)]
    above = [corner >= level for corner in corners]
    crossed = [side for k, side in enumerate(sides) if above[k] != above[(k + 1) % 4]]
    if len(crossed) < 4:
        return [(crossed[0], crossed[1])] if crossed else []
    # A saddle: if the middle is on the same side of the level as the first corner, the line cuts
    # off the other two corners.
    a, b, c, d = (corner / 4.0 for corner in corners)
    middle = a + b + c + d >= level
    top, right, bottom, left = crossed
    return [(top, right), (bottom, left)] if middle == above[0] else [(left, top), (right, bottom)]


def _crossing(xs: Row, ys: Row, values: Matrix, level: float, side: Side) -> Point:
    i, j, down = side
    i_too, j_too = (i + 1, j) if down else (i, j + 1)
    start, end = values[i][j], values[i_too][j_too]
    part = (level - start) / (end - start)
    return xs[j] + part * (xs[j_too] - xs[j]), ys[i] + part * (ys[i_too] - ys[i])


def _strung(joined: dict[Side, list[Side]]) -> list[list[Side]]:
    """Return the lines made of these pieces; an open one begins at one of its ends.

    A side belongs to two squares at most, so at most two pieces meet there.
    """
    lines: list[list[Side]] = []
    ends = [side for side, others in joined.items() if len(others) == 1]
    for begin in [*ends, *joined]:
        line = [begin]
        while joined[line[-1]]:
            onward = joined[line[-1]].pop(0)
            joined[onward].remove(line[-1])
            line.append(onward)
        if len(line) > 1:
            lines.append(line)
    return lines
