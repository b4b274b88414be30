"""One member of a JSON document at a time: what it has to be, or a sentence that says what came.

Nothing here makes more of a value than is already there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, counted, shown

NUMBERS = {float, int}  # and not bool: true and false are no numbers here

LONGEST_NAME = 40


def members_of(
    value: Any, of: str, needed: Sequence[str], optional: Sequence[str] = ()
) -> dict[str, Any]:
    """Return an object that has these members, or say which is missing or unknown.

    >>> members_of({"a": 1}, "table", ["a", "b"])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: table: b is missing
    """
    place = f"{of}: " if of else ""
    if not isinstance(value, dict):
        raise PureNetError(f"{place}expected an object, got {shown(value)}")
    for name in needed:
        if name not in value:
            raise PureNetError(f"{place}{name} is missing")
    for name in value:
        if name not in needed and name not in optional:
            raise PureNetError(f"{place}unknown member {shown(name)}")
    return value


def text(value: Any, name: str) -> str:
    """Return a text, of whatever length and characters.

    >>> text("x", "target")
    'x'
    """
    if not isinstance(value, str):
        raise PureNetError(f"{name}: expected text, got {shown(value)}")
    return value


def short_name(value: Any, name: str) -> str:
    """Return the name of an activation and the like: text that is short enough for a message.

    >>> short_name("sigmoid", "activation")
    'sigmoid'
    """
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise PureNetError(f"{name}: expected a name, got {shown(value)}")
    return value


def list_of(value: Any, name: str, count: int | None = None, because: str = "") -> list[Any]:
    """Return a list, if it is one and has so many values; `because` says why so many.

    >>> list_of([1, 2], "means", 3, "there are 3 inputs")
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: means: 2 values, but there are 3 inputs
    """
    if not isinstance(value, list):
        raise PureNetError(f"{name}: expected a list, got {shown(value)}")
    if count is not None and len(value) != count:
        raise PureNetError(f"{name}: {counted(len(value), 'value')}, but {because}")
    return value


def lists_of(value: Any, name: str) -> list[Any]:
    """Return a list of lists.

    >>> lists_of([[1], []], "biases")
    [[1], []]
    """
    items = list_of(value, name)
    for k, item in enumerate(items):
        if not isinstance(item, list):
            raise PureNetError(f"{name}[{k}]: expected a list, got {shown(item)}")
    return items


def texts_of(value: Any, name: str, count: int | None = None, because: str = "") -> list[str]:
    """Return a list of texts.

    >>> texts_of(["a", "b"], "names")
    ['a', 'b']
    """
    return [text(item, name) for item in list_of(value, name, count, because)]


def finite(value: Any, name: str) -> float:
    """Return a number as a float.

    >>> finite(2, "mean")
    2.0
    """
    if type(value) not in NUMBERS or not math.isfinite(value):
        raise PureNetError(f"{name}: expected a finite number, got {shown(value)}")
    return float(value)


def row_of(value: Any, name: str, count: int, because: str) -> Row:
    """Return a list of so many numbers as floats.

    >>> row_of([1, 2.5], "means", 2, "there are 2 inputs")
    [1.0, 2.5]
    """
    return [finite(item, name) for item in list_of(value, name, count, because)]


def losses_of(value: Any, name: str) -> Row:
    """Return a list of losses: null stands for one that was no finite number.

    >>> losses_of([0.5, None], "loss")
    [0.5, nan]
    """
    for item in list_of(value, name):
        if item is not None and (type(item) not in NUMBERS or not math.isfinite(item)):
            raise PureNetError(f"{name}: expected finite numbers, got {shown(item)}")
    return [math.nan if item is None else float(item) for item in value]


def make_floats(matrix: Matrix, name: str) -> None:
    """Turn the numbers of a matrix into floats where it is, which is no second one in memory.

    >>> matrix = [[1, 2.5]]
    >>> make_floats(matrix, "weights[0]")
    >>> matrix
    [[1.0, 2.5]]
    """
    for i, row in enumerate(matrix):
        if not isinstance(row, list):
            raise PureNetError(f"{name}: row {i}: expected a list, got {shown(row)}")
        kinds = {*map(type, row)}
        if not kinds <= NUMBERS:
            j = [type(value) in NUMBERS for value in row].index(False)
            raise PureNetError(
                f"{name}: row {i}, column {j}: expected a number, got {shown(row[j])}"
            )
        if int in kinds:
            row[:] = map(float, row)
        if not all(map(math.isfinite, row)):
            j = [math.isfinite(value) for value in row].index(False)
            what = "NaN" if math.isnan(row[j]) else "too large for a float"
            raise PureNetError(f"{name}: row {i}, column {j}: {what}")
