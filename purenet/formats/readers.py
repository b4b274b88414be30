"""Readers of a document's values: each returns the value, or raises PureNetError saying what came.

A reader is called with a value and with its name for messages. Matrices, which may be large, are
changed in place. Other lists are copied, which takes no more memory than their text allows.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, shown, whole_number

NUMBERS = {float, int}  # and not bool: true and false are not numbers here

LONGEST_NAME = 40

Reader = Callable[[Any, str], Any]
Readers = dict[str, Reader]  # of the members of an object


@contextlib.contextmanager
def named(name: str) -> Iterator[None]:
    """Put a name at the start of error messages.

    >>> with named("net.json"):
    ...     raise PureNetError("an empty file")
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: net.json: an empty file
    """
    try:
        yield
    except PureNetError as error:
        raise PureNetError(f"{name}: {error}") from None


def members_of(
    value: Any,
    of: str,
    readers: Readers,
    optional: Sequence[str] = (),
    inside: str | None = None,
) -> dict[str, Any]:
    """Return the members of an object, each as its reader returns it.

    `of` is the object's name in messages, and `inside` the prefix of its members' names.

    >>> members_of({"a": 1}, "table", {"a": finite, "b": text})
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: table: b is missing
    """
    place = f"{of}: " if of else ""
    if not isinstance(value, dict):
        raise PureNetError(f"{place}expected an object, got {shown(value)}")
    for name in readers:
        if name not in value and name not in optional:
            raise PureNetError(f"{place}{name} is missing")
    for name in value:
        if name not in readers:
            raise PureNetError(f"{place}unknown member {shown(name)}")
    inside = place if inside is None else inside
    there = [name for name in readers if name in value]
    return {name: readers[name](value[name], f"{inside}{name}") for name in there}


def anything(value: Any, name: str) -> Any:
    """Return a value unchecked; it is checked elsewhere.

    >>> anything(3, "best_epoch")
    3
    """
    return value


def or_none(read: Reader) -> Reader:
    """Return a reader that accepts null.

    >>> or_none(finite)(None, "best_loss") is None
    True
    """
    return lambda value, name: None if value is None else read(value, name)


def list_of(read: Reader) -> Reader:
    """Return a reader of lists whose items are read by another reader.

    >>> list_of(finite)([1, 2.5], "means")
    [1.0, 2.5]
    """

    def read_list(value: Any, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise PureNetError(f"{name}: expected a list, got {shown(value)}")
        return value if read is anything else [read(item, name) for item in value]

    return read_list


def one_or_list(read: Reader) -> Reader:
    """Return a reader of one value, or of a list of such values.

    >>> one_or_list(finite)(1, "mean"), one_or_list(finite)([1, 2], "mean")
    (1.0, [1.0, 2.0])
    """
    return lambda value, name: (list_of(read) if isinstance(value, list) else read)(value, name)


def whole(lowest: int, highest: int | None = None) -> Reader:
    """Return a reader of whole numbers within limits.

    >>> whole(0)(3, "epoch")
    3
    """
    return lambda value, name: whole_number(value, name, lowest, highest)


def text(value: Any, name: str) -> str:
    """Return a text of any length.

    >>> text("x", "target")
    'x'
    """
    if not isinstance(value, str):
        raise PureNetError(f"{name}: expected text, got {shown(value)}")
    return value


def short_name(value: Any, name: str) -> str:
    """Return a short text, such as the name of an activation, that fits into a message.

    >>> short_name("sigmoid", "activation")
    'sigmoid'
    """
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise PureNetError(f"{name}: expected a name, got {shown(value)}")
    return value


names_of = one_or_list(short_name)  # the name of an activation, or a list of such names


def finite(value: Any, name: str) -> float:
    """Return a number as a float.

    >>> finite(2, "mean")
    2.0
    """
    if type(value) not in NUMBERS or not math.isfinite(value):
        raise PureNetError(f"{name}: expected a finite number, got {shown(value)}")
    return float(value)


def matrix_of(value: Any, name: str) -> Matrix:
    """Return rows whose numbers are made floats in place, so that there is no second matrix.

    >>> matrix_of([[1, 2.5]], "weights[0]")
    [[1.0, 2.5]]
    """
    matrix: Matrix = list_of(anything)(value, name)
    for i, row in enumerate(matrix):
        kinds = {*map(type, list_of(anything)(row, f"{name}: row {i}"))}
        if not kinds <= NUMBERS:
            j = [type(value) in NUMBERS for value in row].index(False)
            came = shown(row[j])
            raise PureNetError(f"{name}: row {i}, column {j}: expected a number, got {came}")
        row[:] = map(float, row)
        if not all(map(math.isfinite, row)):
            j = [math.isfinite(value) for value in row].index(False)
            raise PureNetError(f"{name}: row {i}, column {j}: too large for a float")
    return matrix


def matrices_of(value: Any, name: str) -> list[Matrix]:
    """Return a list of matrices.

    >>> matrices_of([[[1]], [[2]]], "weights")
    [[[1.0]], [[2.0]]]
    """
    matrices = list_of(anything)(value, name)
    return [matrix_of(matrix, f"{name}[{k}]") for k, matrix in enumerate(matrices)]
