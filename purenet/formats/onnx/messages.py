"""The fields of ONNX's messages, and a tensor's numbers as bytes.

A file is a MODEL. Its GRAPH has NODEs, each an operator with the names of its inputs and outputs;
initializers, which are TENSORs with names; and inputs and outputs. This module has only the fields
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
from ..arrays import BFLOAT16, MOST_NUMBERS, TEXT, Array
from .protobuf import Field, Schema

ENTRY: Schema = {1: Field("key", "text"), 2: Field("value", "text")}

TENSOR: Schema = {
    1: Field("dims", "int", True),
    2: Field("data_type", "int"),
    3: Field("segment", "present", True),
    4: Field("float_data", "float", True),
    5: Field("int32_data", "int", True),
    6: Field("string_data", "text", True),
    7: Field("int64_data", "int", True),
    8: Field("name", "text"),
    9: Field("raw_data", "bytes"),
    10: Field("double_data", "double", True),
    13: Field("external_data", "present", True),
    14: Field("data_location", "int"),
}

ATTRIBUTE: Schema = {
    1: Field("name", "text"),
    2: Field("f", "float"),
    3: Field("i", "int"),
    5: Field("t", TENSOR),
    7: Field("floats", "float", True),
    8: Field("ints", "int", True),
    9: Field("strings", "text", True),
    20: Field("type", "int"),
}

NODE: Schema = {
    1: Field("input", "text", True),
    2: Field("output", "text", True),
    3: Field("name", "text"),
    4: Field("op_type", "text"),
    5: Field("attribute", ATTRIBUTE, True),
    7: Field("domain", "text"),
}

DIMENSION: Schema = {1: Field("dim_value", "int"), 2: Field("dim_param", "text")}
SHAPE: Schema = {1: Field("dim", DIMENSION, True)}
TENSOR_TYPE: Schema = {1: Field("elem_type", "int"), 2: Field("shape", SHAPE)}
TYPE: Schema = {1: Field("tensor_type", TENSOR_TYPE)}
VALUE: Schema = {1: Field("name", "text"), 2: Field("type", TYPE)}

GRAPH: Schema = {
    1: Field("node", NODE, True),
    2: Field("name", "text"),
    5: Field("initializer", TENSOR, True),
    11: Field("input", VALUE, True),
    12: Field("output", VALUE, True),
    14: Field("quantization_annotation", "present", True),
    15: Field("sparse_initializer", "present", True),
}

OPERATOR_SET: Schema = {1: Field("domain", "text"), 2: Field("version", "int")}

MODEL: Schema = {
    1: Field("ir_version", "int"),
    2: Field("producer_name", "text"),
    7: Field("graph", GRAPH),
    8: Field("opset_import", OPERATOR_SET, True),
    14: Field("metadata_props", ENTRY, True),
    20: Field("training_info", "present", True),
    25: Field("functions", "present", True),
}

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
CODES = {kind: code for kind, (code, _, _) in TYPES.items()}
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
    if message.get("data_location", 0) != 0 or "external_data" in message:
        raise PureNetError(f"{name}: expected numbers in this file, got those of another")
    if "segment" in message:
        raise PureNetError(f"{name}: expected a whole tensor, got a segment")
    kind, lengths = message.get("data_type", 0), tuple(message.get("dims", []))
    if kind not in CODES:
        raise PureNetError(f"{name}: data type {shown(kind)} is not supported")
    if len(lengths) > MOST_DIMENSIONS or min(lengths, default=0) < 0:
        needed = f"at most {MOST_DIMENSIONS} dimensions from 0 on"
        raise PureNetError(f"{name}: expected {needed}, got {shown(list(lengths))}")
    tensor = Array(name, lengths, CODES[kind], _data(message, kind, name))
    if tensor.size > MOST_NUMBERS:
        most = f"at most {MOST_NUMBERS:,} numbers"
        raise PureNetError(f"{name}: expected {most}, got {tensor.size:,}")
    return tensor.with_checked_length()


def _data(message: dict[str, Any], kind: int, name: str) -> Any:
    """Return a tensor's bytes or texts from the one field that has them."""
    _, field, packed = TYPES[kind]
    fields = {"raw_data", *(place for _, place, _ in TYPES.values())}
    places = [place for place in fields if place in message]
    allowed = [field] if kind == STRING else [field, "raw_data"]
    if len(places) > 1 or not set(places) <= set(allowed):
        came = " and ".join(sorted(places))
        raise PureNetError(f"{name}: expected {' or '.join(allowed)}, got {came}")
    data = message[places[0]] if places else b""
    if kind == STRING or not isinstance(data, list):
        return data
    try:
        return struct.pack(f"<{len(data)}{packed}", *data)
    except struct.error:
        raise PureNetError(f"{name}: an integer in {places[0]} is too large") from None
