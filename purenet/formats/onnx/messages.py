"""The fields of ONNX's messages, and a tensor's numbers as bytes.

A file is a model. Its graph has nodes, each an operator with the names of its inputs and outputs;
initializers, which are tensors with names; and inputs and outputs. This module has only the fields
that a dense network uses, and those by which other graphs are recognized.

A tensor has a type of number, lengths, and numbers row by row: "raw_data", with the lowest byte of
each first, or a list for the type, such as "float_data". Numbers of two bytes and truth values are
in "int32_data", the two bytes as an integer.

Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
"""

from __future__ import annotations

import struct
from typing import Any

from ...core.checks import PureNetError, shown
from ..arrays import BFLOAT16, TEXT, Array
from ..readers import expect, named
from .protobuf import schemas

SCHEMAS = schemas(
    entry="1 key text, 2 value text",
    tensor="1 dims int*, 2 data_type int, 3 segment bytes*, 4 float_data float*, "
    "5 int32_data int*, 6 string_data text*, 7 int64_data int*, 8 name text, 9 raw_data bytes, "
    "10 double_data double*, 13 external_data bytes*, 14 data_location int",
    attribute="1 name text, 2 f float, 3 i int, 5 t tensor, 7 floats float*, 8 ints int*, "
    "9 strings text*, 20 type int",
    node="1 input text*, 2 output text*, 3 name text, 4 op_type text, 5 attribute attribute*, "
    "7 domain text",
    dimension="1 dim_value int, 2 dim_param text",
    shape="1 dim dimension*",
    tensor_type="1 elem_type int, 2 shape shape",
    kind="1 tensor_type tensor_type",
    value="1 name text, 2 type kind",
    graph="1 node node*, 2 name text, 5 initializer tensor*, 11 input value*, 12 output value*, "
    "14 quantization_annotation bytes*, 15 sparse_initializer bytes*",
    operator_set="1 domain text, 2 version int",
    model="1 ir_version int, 2 producer_name text, 7 graph graph, 8 opset_import operator_set*, "
    "14 metadata_props entry*, 20 training_info bytes*, 25 functions bytes*",
)
MODEL = SCHEMAS["model"]

DOMAINS = ("", "ai.onnx")  # two names of the domain of ONNX's own operators

# An attribute's "type".
OF_FLOAT, OF_INT = 1, 2

# A tensor's types. Each has a code of `arrays`, a field for numbers that are not raw data, and, if
# that field has integers, the format by which they become bytes.
FLOAT, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE, BFLOAT = 1, 6, 7, 8, 9, 10, 11, 16
TYPES = {
    FLOAT: ("<f", "float_data", ""),
    DOUBLE: ("<d", "double_data", ""),
    FLOAT16: ("<e", "int32_data", "H"),
    BFLOAT: (BFLOAT16, "int32_data", "H"),
    INT32: ("<i", "int32_data", "i"),
    INT64: ("<q", "int64_data", "q"),
    BOOL: ("<?", "int32_data", "?"),
    STRING: (TEXT, "string_data", ""),
}
FLOATING = ("<f", "<d", "<e", BFLOAT16)
INTEGERS = ("<i", "<q")

MOST_DIMENSIONS = 8  # of a tensor; a matrix has two, images have four


def values_of(tensor: Array) -> list[Any]:
    r"""Return a tensor's integers, truth values, texts or finite floats.

    >>> values_of(Array("classes", (2,), "<?", b"\0\1"))
    [False, True]
    """
    if tensor.code == TEXT:
        return list(tensor.data)
    if tensor.code in FLOATING:
        return tensor.numbers()
    return list(struct.unpack(f"<{tensor.size}{tensor.code[1]}", tensor.data))


def tensor_of(message: dict[str, Any], name: str) -> Array:
    """Return the tensor in a message, or raise PureNetError.

    >>> message = {"dims": [2], "data_type": INT64, "int64_data": [1, 2]}
    >>> values_of(tensor_of(message, "classes"))
    [1, 2]
    >>> tensor_of({"dims": [1000], "data_type": FLOAT, "raw_data": b""}, "weights")
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: weights: expected 4,000 bytes for its shape, got 0
    """
    with named(name):
        is_here = message.get("data_location", 0) == 0 and "external_data" not in message
        expect(is_here, "numbers in this file", "those of another")
        expect("segment" not in message, "a whole tensor", "a segment")
        kind, lengths = message.get("data_type", 0), tuple(message.get("dims", []))
        if kind not in TYPES:
            raise PureNetError(f"data type {shown(kind)} is not supported")
        are_few = len(lengths) <= MOST_DIMENSIONS and min(lengths, default=0) >= 0
        expect(are_few, f"at most {MOST_DIMENSIONS} dimensions from 0 on", shown(list(lengths)))
        data = _data(message, kind)
    return Array(name, lengths, TYPES[kind][0], data).with_checked_length()


def _data(message: dict[str, Any], kind: int) -> Any:
    """Return a tensor's bytes or texts from the one field that has them."""
    _, field, packed = TYPES[kind]
    fields = {"raw_data", *(place for _, place, _ in TYPES.values())}
    places = sorted(place for place in fields if place in message)
    allowed = [field] if kind == STRING else [field, "raw_data"]
    is_one = len(places) < 2 and set(places) <= set(allowed)
    expect(is_one, " or ".join(allowed), " and ".join(places))
    data = message[places[0]] if places else b""
    if kind == STRING or not isinstance(data, list):
        return data
    try:
        return struct.pack(f"<{len(data)}{packed}", *data)
    except struct.error:
        raise PureNetError(f"an integer in {field} is too large") from None
