"""JSON in and out of files: written for people to read, and read as if an attacker had written it.

Before a file's text is parsed, its bytes are counted, and so are the characters that cost memory. A
byte of JSON can take 25 times its size, so the number of such characters is limited.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from ..core.checks import PureNetError, shown

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


# -- text ----------------------------------------------------------------------------------------


def layout(value: Any, indent: str = "") -> str:
    """Return JSON in which each list of numbers, and each object in a list, has its own line.

    NaN is written as NaN, which is not JSON, and `parse` refuses it.

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
    """Return JSON in one line of ASCII; integers may be of any type.

    >>> in_a_line({"a": [1, 2]})
    '{"a": [1, 2]}'
    """
    return json.dumps(value, default=_as_integer)


def _as_integer(value: Any) -> int:
    """Return an integer of another type, such as NumPy's, as a Python int."""
    try:
        return int(value.__index__())
    except AttributeError:
        raise PureNetError(f"expected a value that JSON can hold, got {shown(value)}") from None


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
    if not data:
        raise PureNetError("expected JSON, got an empty file")
    if data[:2] == b"\x1f\x8b":
        raise PureNetError("expected JSON, got a gzip file: unpack it first")
    if len(data) > models * MOST_BYTES:
        raise PureNetError(f"expected at most {models * MOST_BYTES:,} bytes, got more")
    for mark, most in MOST_MARKS.items():
        if data.count(mark) > models * most:
            raise PureNetError(f"expected {mark.decode()} at most {models * most:,} times")
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
