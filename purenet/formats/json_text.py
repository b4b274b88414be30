"""JSON in and out of files: written for people to read, and read as if an enemy had written it.

Before anything is made of a file's text, its bytes are counted, and the marks in it that call for
memory: a byte can ask for 25 times its size, but only so often. Then each value is taken by a
function that says what it has to be, or in one sentence what came instead.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from typing import Any

from ..core._types import Matrix, Names
from ..core.checks import PureNetError, shown

# One and a half million weights, with all their digits. It is also an end to what has none, such
# as /dev/zero.
MOST_BYTES = 2**25

# More of these marks are in no model of that length that a person would make: a quarter of a
# million neurons, two million numbers, a hundred thousand names. Without these limits, a file of
# "[],[],[]," takes a gigabyte of memory and three seconds.
MOST_MARKS = {b"[": 2**18, b"{": 2**16, b",": 2**21, b'"': 2**18, b"\\": 2**20}

# A whole number of more digits than this is no size, no seed and no weight; and Python before
# 3.11 takes minutes for one of a million digits.
MOST_DIGITS = 100

NUMBERS = {float, int}  # and not bool: true and false are no numbers here

LONGEST_NAME = 40


# -- text ----------------------------------------------------------------------------------------


def layout(value: Any, indent: str = "") -> str:
    """Return JSON in which each list of numbers, and each object in a list, has its own line.

    NaN is written as no JSON, and is for `parse` to refuse.

    >>> print(layout({"sizes": [2, 1], "weights": [[0.5], [1.5]]}))
    {
     "sizes": [2, 1],
     "weights": [
      [0.5],
      [1.5]
     ]
    }
    """
    deeper = indent + " "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {layout(of, deeper)}" for key, of in value.items()]
    elif isinstance(value, list) and value and isinstance(value[0], (list, dict)):
        items = [layout(of, deeper) if isinstance(of, list) else in_a_line(of) for of in value]
    else:
        return in_a_line(value)
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return f",\n{deeper}".join(items).join((f"{begin}\n{deeper}", f"\n{indent}{end}"))


def in_a_line(value: Any) -> str:
    """Return JSON in one line of ASCII; integers may be of any kind.

    >>> in_a_line({"a": [1, 2]})
    '{"a": [1, 2]}'
    """
    return json.dumps(value, default=_as_integer)


def _as_integer(value: Any) -> int:
    """Return what is an integer of another kind, as NumPy's are, as one of Python's."""
    try:
        return int(value.__index__())
    except AttributeError:
        raise PureNetError(f"expected what JSON can hold, got {shown(value)}") from None


def parse(
    data: bytes | bytearray, integer: Callable[[str], int] | None = None, models: int = 1
) -> Any:
    """Return the value that bytes say in JSON; `integer` makes its integers from their digits.

    `models` tells how many models' numbers there may be.

    Raises PureNetError for all else, and for what JSON leaves open: NaN and Infinity, members of
    the same name, numbers without measure, lists within lists within lists.

    >>> parse(b'{"sizes": [2, 1]}')
    {'sizes': [2, 1]}
    >>> parse(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: the member 'a' (str) is there twice
    """
    if not data:
        raise PureNetError("an empty file")
    if data[:2] == b"\x1f\x8b":
        raise PureNetError("compressed with gzip: unpack it first")
    if len(data) > models * MOST_BYTES:
        raise PureNetError(f"more than {models * MOST_BYTES:,} bytes, which is the most")
    for mark, most in MOST_MARKS.items():
        if data.count(mark) > models * most:
            times = f"{models * most:,} times"
            raise PureNetError(f"{mark.decode()} more than {times}: too many for a model")
    try:
        text = data.decode("utf-8-sig")  # some editors put a mark before the text
        return json.loads(
            text,
            parse_int=integer or _integer,
            parse_constant=_no_number,
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise PureNetError("lists within lists, too deep for a network") from None
    except UnicodeDecodeError as error:
        raise PureNetError(f"not text in UTF-8, from byte {error.start} on") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise PureNetError(f"not JSON: {error.msg}, {place}") from None


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise PureNetError(f"not a number of a model: {digits[:20]}... has {len(digits):,} digits")
    return int(digits)


def _no_number(name: str) -> None:
    raise PureNetError(f"{name}: expected finite numbers")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise PureNetError(f"the member {shown(name)} is there twice")
        members[name] = value
    return members


# -- one value at a time -------------------------------------------------------------------------

# A reader returns a value, if it is what its name says, or says in one sentence what came instead.
Reader = Callable[[Any, str], Any]


def members_of(
    value: Any,
    of: str,
    readers: dict[str, Reader],
    optional: Sequence[str] = (),
    inside: str | None = None,
) -> dict[str, Any]:
    """Return the members of an object, each as its reader returns it.

    `of` is the object's name in messages, `inside` what stands before those of its members.

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
    """Return a value that is checked elsewhere.

    >>> anything(3, "best_epoch")
    3
    """
    return value


def or_none(read: Reader) -> Reader:
    """Return a reader that lets null stand.

    >>> or_none(finite)(None, "best_loss") is None
    True
    """
    return lambda value, name: None if value is None else read(value, name)


def list_of(read: Reader) -> Reader:
    """Return a reader of lists, each item of which another reads.

    >>> list_of(finite)([1, 2.5], "means")
    [1.0, 2.5]
    """

    def read_list(value: Any, name: str) -> list[Any]:
        if not isinstance(value, list):
            raise PureNetError(f"{name}: expected a list, got {shown(value)}")
        return value if read is anything else [read(item, name) for item in value]

    return read_list


def lists_of(value: Any, name: str) -> list[list[Any]]:
    """Return a list of lists.

    >>> lists_of([[1], []], "biases")
    [[1], []]
    """
    items = list_of(anything)(value, name)
    return [list_of(anything)(item, f"{name}[{k}]") for k, item in enumerate(items)]


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


def names_of(value: Any, name: str) -> Names:
    """Return the name of an activation, or a list of such names.

    >>> names_of(["tanh", "relu"], "activation")
    ['tanh', 'relu']
    """
    names: Names = (list_of(short_name) if isinstance(value, list) else short_name)(value, name)
    return names


def finite(value: Any, name: str) -> float:
    """Return a number as a float.

    >>> finite(2, "mean")
    2.0
    """
    if type(value) not in NUMBERS or not math.isfinite(value):
        raise PureNetError(f"{name}: expected a finite number, got {shown(value)}")
    return float(value)


def matrix_of(value: Any, name: str) -> Matrix:
    """Return rows whose numbers are made floats where they are: so there is no second matrix.

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
    return [matrix_of(matrix, f"{name}[{k}]") for k, matrix in enumerate(lists_of(value, name))]
