"""The one reader of JSON that an attacker may have written: first the text, then each value.

Before a text is parsed, its bytes are counted, and so are the characters that cost memory. A byte
of JSON can take 25 times its size, so the number of such characters is limited.

A reader of a value is called with the value and with its name for messages. It returns the value,
or raises PureNetError saying what came. Matrices, which may be large, are changed in place. Other
lists are copied, which takes no more memory than their text allows.
"""

from __future__ import annotations

import contextlib
import json
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, shown, whole_number

# One and a half million weights with all their digits. The limit also ends endless files, such as
# /dev/zero.
MOST_BYTES = 2**25

# No realistic model of that length has more of these characters: they allow a quarter of a million
# neurons, two million numbers, a hundred thousand names. Without these limits, a file of
# "[],[],[]," takes a gigabyte of memory and three seconds.
MOST_MARKS = {b"[": 2**18, b"{": 2**16, b",": 2**21, b'"': 2**18, b"\\": 2**20}

# No size, seed or weight is a whole number of more digits than this, and Python before 3.11 takes
# minutes to read one of a million digits.
MOST_DIGITS = 100

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


def expect(is_met: bool, wanted: str, came: Any = None) -> None:
    """Raise PureNetError unless a condition is met, saying what was wanted and what came.

    >>> expect(3 == 2, "2 columns", 3)
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: expected 2 columns, got 3
    """
    if not is_met:
        got = "" if came is None else f", got {came}"
        raise PureNetError(f"expected {wanted}{got}")


# -- a text ---------------------------------------------------------------------------------------


def parse(
    data: bytes | bytearray, integer: Callable[[str], int] | None = None, models: int = 1
) -> Any:
    """Return the value of JSON in bytes; `integer` makes an integer from its digits.

    `models` is the number of models whose numbers the text may hold.

    Raises PureNetError for bytes that are not JSON, and for what JSON leaves open: NaN and
    Infinity, members of the same name, numbers of too many digits, lists that are nested too
    deeply.

    >>> parse(b'{"sizes": [2, 1]}')
    {'sizes': [2, 1]}
    >>> parse(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: the member 'a' (str) occurs twice
    """
    expect(len(data) > 0, "JSON", "an empty file")
    expect(data[:2] != b"\x1f\x8b", "JSON", "a gzip file: unpack it first")
    expect(len(data) <= models * MOST_BYTES, f"at most {models * MOST_BYTES:,} bytes", "more")
    for mark, most in MOST_MARKS.items():
        allowed = models * most
        expect(data.count(mark) <= allowed, f"{mark.decode()} at most {allowed:,} times")
    try:
        text = data.decode("utf-8-sig")  # some editors put a byte order mark before the text
        return json.loads(
            text,
            parse_int=integer or _integer,
            parse_constant=lambda name: _refuse_number(name, text),
            object_pairs_hook=_object,
        )
    except RecursionError:
        raise PureNetError("expected a model, got lists that are nested too deeply") from None
    except UnicodeDecodeError as error:
        raise PureNetError(f"expected UTF-8, got something else at byte {error.start:,}") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise PureNetError(f"not JSON: {error.msg}: {place}") from None


def _integer(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        came = f"{digits[:20]}... with {len(digits):,}"
        raise PureNetError(f"expected integers of at most {MOST_DIGITS} digits, got {came}")
    return int(digits)


def _refuse_number(name: str, text: str) -> None:
    """Raise an error with the place of the first NaN or infinity in a text, outside of quotes."""
    words = re.finditer(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity', text)
    place = next(word.start() for word in words if word[0] == name)
    raise json.JSONDecodeError(f"expected a finite number, got {name}", text, place)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise PureNetError(f"the member {shown(name)} occurs twice")
        members[name] = value
    return members


# -- a value --------------------------------------------------------------------------------------


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


def one_of(*known: str) -> Reader:
    """Return a reader of a text that has to be one of some known ones.

    >>> one_of("tanh", "relu")("tanh", "activation")
    'tanh'
    """

    def read_known(value: Any, name: str) -> Any:
        if value not in known:
            raise PureNetError(f"{name}: expected one of {', '.join(known)}, got {shown(value)}")
        return value

    return read_known


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
    if type(value) not in NUMBERS or math.isnan(value):
        raise PureNetError(f"{name}: expected a number, got {shown(value)}")
    if math.isinf(value):
        raise PureNetError(f"{name}: too large for a float")
    return float(value)


def matrix_of(value: Any, name: str) -> Matrix:
    """Return rows whose numbers are made floats in place, so that there is no second matrix.

    >>> matrix_of([[1, 2.5]], "weights[0]")
    [[1.0, 2.5]]
    """
    matrix: Matrix = list_of(anything)(value, name)
    for i, row in enumerate(matrix):
        kinds = {*map(type, list_of(anything)(row, f"{name}: row {i}"))}
        if not kinds <= NUMBERS or not all(map(math.isfinite, row)):
            for j, number in enumerate(row):
                finite(number, f"{name}: row {i}, column {j}")
        row[:] = map(float, row)
    return matrix


def matrices_of(value: Any, name: str) -> list[Matrix]:
    """Return a list of matrices.

    >>> matrices_of([[[1]], [[2]]], "weights")
    [[[1.0]], [[2.0]]]
    """
    matrices = list_of(anything)(value, name)
    return [matrix_of(matrix, f"{name}[{k}]") for k, matrix in enumerate(matrices)]
