"""The wire format of Protocol Buffers, which ONNX files use: fields, one after another.

A message is a sequence of fields. Each begins with a varint, its number * 8 + its wire type:

    0  a varint: seven bits a byte, the lowest first, and an eighth bit where more bytes follow. So
       300 = 44 + 2 * 128 is AC 02. A negative number is written as its 64 bits, in ten bytes
    1  eight bytes: a double, its lowest byte first
    2  a varint, and as many bytes as it says: text in UTF-8, bytes, a message, or packed numbers,
       one after another
    5  four bytes: a float, its lowest byte first

(3 and 4 were the ends of groups, which nobody writes any more.) The bytes contain neither names nor
types: for each kind of message, a schema says what the numbers mean. A field may occur several
times if the schema says that it is repeated. A field that the schema does not know is skipped, as
the format requires, so that new fields can be added.

Source: https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple, Union

from ...core.checks import PureNetError, counted

Bytes = Union[bytes, bytearray, memoryview]
Schema = dict[int, "Field"]

VARINT, EIGHT_BYTES, RUN, FOUR_BYTES = 0, 1, 2, 5
WIRE_TYPES = {"int": VARINT, "double": EIGHT_BYTES, "float": FOUR_BYTES}  # of others, RUN
LENGTHS = {EIGHT_BYTES: 8, FOUR_BYTES: 4}
CODES = {"double": "<d", "float": "<f"}

LONGEST_VARINT = 10

# A field takes up to two hundred bytes of memory, a packed number forty. These limits are higher
# than a model with packed weights needs, and keep a short file from taking much memory.
MOST_FIELDS = 2**18
MOST_PACKED = 2**21


class Field(NamedTuple):
    """A schema's entry for a field.

    `kind` is "int", "float", "double", "text", "bytes" or the schema of a message. Repeated floats
    and doubles are bytes, because there may be many. Other repeated fields are lists.
    """

    name: str
    kind: Any
    repeated: bool = False

    @property
    def is_run(self) -> bool:
        """Tell whether the value is bytes that hold one number after another."""
        return self.repeated and not isinstance(self.kind, dict) and self.kind in CODES


def schemas(**texts: str) -> dict[str, Schema]:
    """Return the schemas of messages whose fields are a number, a name and a kind each.

    The kind may be the name of a schema before. After it, * means that the field is repeated.

    >>> schemas(point="1 x int", shape="1 name text, 2 points point*")["shape"][1]
    Field(name='name', kind='text', repeated=False)
    """
    known: dict[str, Schema] = {}
    for message, text in texts.items():
        fields = known[message] = {}
        for field in text.split(", "):
            number, name, kind = field.split()
            plain = kind.rstrip("*")
            fields[int(number)] = Field(name, known.get(plain, plain), kind != plain)
    return known


# -- writing -------------------------------------------------------------------------------------


def write(message: dict[str, Any], schema: Schema) -> bytes:
    """Return the bytes of a message, given its fields by name.

    >>> schema = {1: Field("a", "int"), 2: Field("b", "text", True)}
    >>> write({"a": 150, "b": ["x", "yz"]}, schema).hex()
    '0896011201781202797a'
    """
    data = bytearray()
    for number, field in schema.items():
        value = message.get(field.name)
        if value is None:
            continue
        for each in value if field.repeated and not field.is_run else [value]:
            data += _written(number, field, each)
    return bytes(data)


def _written(number: int, field: Field, value: Any) -> bytes:
    if isinstance(field.kind, dict):
        value = write(value, field.kind)
    elif field.kind == "text":
        value = value.encode()
    elif field.kind == "int":
        return varint(number * 8 + VARINT) + varint(value)
    elif field.kind in CODES and not field.repeated:
        return varint(number * 8 + WIRE_TYPES[field.kind]) + struct.pack(CODES[field.kind], value)
    return b"".join((varint(number * 8 + RUN), varint(len(value)), value))


def varint(number: int) -> bytes:
    """Return a signed or unsigned number of 64 bits as a varint.

    >>> varint(300).hex(), varint(-1).hex()
    ('ac02', 'ffffffffffffffffff01')
    """
    number %= 2**64
    data = bytearray()
    while number >= 128:
        data.append(number % 128 + 128)
        number //= 128
    data.append(number)
    return bytes(data)


# -- reading -------------------------------------------------------------------------------------


def read(data: Bytes, schema: Schema) -> dict[str, Any]:
    """Return the fields of a message by name; bytes are views of the data.

    Raises PureNetError if the data is not a message of this schema, if a field occurs twice and is
    not repeated, and if there are more fields than a model has.

    >>> read(bytes.fromhex("0896011201781202797a"), {1: Field("a", "int")})
    {'a': 150}
    """
    return _Reader().message(memoryview(data), schema, "")


class _Reader:
    """A reader that counts the fields and numbers it may still read."""

    def __init__(self) -> None:
        self.fields_left, self.packed_left = MOST_FIELDS, MOST_PACKED

    def message(self, data: memoryview, schema: Schema, place: str) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for number, wire_type, value in fields(data, place):
            # One count for all nested messages, because each field takes memory wherever it is.
            self.fields_left -= 1
            if self.fields_left < 0:
                raise PureNetError(f"expected at most {MOST_FIELDS:,} fields, got more")
            field = schema.get(number)
            if field is not None:
                several = values.setdefault(field.name, [])
                if several and not field.repeated:
                    raise PureNetError(f"{place}{field.name}: occurs twice")
                several.extend(self._values(field, wire_type, value, f"{place}{field.name}"))
        for field in schema.values():
            if field.name in values and field.is_run:
                values[field.name] = b"".join(values[field.name])
            elif field.name in values and not field.repeated:
                [values[field.name]] = values[field.name]
        return values

    def _values(self, field: Field, wire_type: int, value: Any, place: str) -> Iterable[Any]:
        """Return the value of one field, or its packed integers."""
        expected = RUN if isinstance(field.kind, dict) else WIRE_TYPES.get(field.kind, RUN)
        # Repeated numbers may be packed or not, and a reader has to accept both.
        if field.kind == "int" and field.repeated and wire_type == RUN:
            return self._packed(value, place)
        if wire_type != expected and not (field.is_run and wire_type == RUN):
            raise PureNetError(f"{place}: expected wire type {expected}, got {wire_type}")
        if isinstance(field.kind, dict):
            return [self.message(value, field.kind, f"{place}: ")]
        if field.kind == "int":
            return [_signed(value)]
        if field.kind == "text":
            return [_text(value, place)]
        if field.kind in CODES and not field.repeated:
            return struct.unpack(CODES[field.kind], value)
        return [value]

    def _packed(self, data: memoryview, place: str) -> Iterator[int]:
        at = 0
        while at < len(data):
            self.packed_left -= 1
            if self.packed_left < 0:
                raise PureNetError(f"{place}: expected at most {MOST_PACKED:,} integers, got more")
            number, at = read_varint(data, at, place)
            yield _signed(number)


def fields(data: memoryview, place: str) -> Iterator[tuple[int, int, Any]]:
    """Yield each field's number, its wire type, and its value: an integer, or a view.

    `place` begins each error message.

    >>> list(fields(memoryview(bytes.fromhex("089601")), ""))
    [(1, 0, 150)]
    """
    at = 0
    while at < len(data):
        key, at = read_varint(data, at, place)
        number, wire_type = divmod(key, 8)
        if not 1 <= number < 2**29:
            raise PureNetError(f"{place}not ONNX: a field has the number {number}")
        if wire_type == VARINT:
            value, at = read_varint(data, at, place)
            yield number, wire_type, value
            continue
        length = LENGTHS.get(wire_type, 0)
        if wire_type == RUN:
            length, at = read_varint(data, at, place)
        elif not length:
            raise PureNetError(f"{place}not ONNX: field {number} has wire type {wire_type}")
        # A slice beyond the end would not fail, but be too short.
        if length > len(data) - at:
            came = f"{counted(length, 'byte')}, but {len(data) - at:,} follow"
            raise PureNetError(f"{place}not ONNX: field {number} has a length of {came}")
        yield number, wire_type, data[at : at + length]
        at += length


def read_varint(data: memoryview, start: int, place: str = "") -> tuple[int, int]:
    """Return the varint that begins at a position, as 64 bits, and the position after it.

    >>> read_varint(memoryview(bytes.fromhex("ac02")), 0)
    (300, 2)
    """
    number = 0
    for k, byte in enumerate(data[start : start + LONGEST_VARINT]):
        number += (byte % 128) << (7 * k)
        if byte < 128:
            return number % 2**64, start + k + 1
    raise PureNetError(f"{place}not ONNX: a number does not end")


def _signed(number: int) -> int:
    # Negative integers are written in two's complement.
    return number - 2**64 if number >= 2**63 else number


def _text(data: memoryview, place: str) -> str:
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError:
        raise PureNetError(f"{place}: not text in UTF-8") from None
