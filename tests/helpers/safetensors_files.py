"""Files of safetensors: made by hand, hostile, and as large as files can be."""

import json
import math
import struct

import numpy as np
from both_ways import both_ways
from hypothesis import strategies as st

from purenet import Network
from purenet.formats.arrays import MOST_ROWS

encode, _ = both_ways("safetensors")

ENDING = ".safetensors"


# -- made by hand ------------------------------------------------------------------------

KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def numbers_of(kind, data):
    """Return the numbers stored in bytes; a bfloat16 is the first half of a float32."""
    if kind == "BF16":
        kind, data = "F32", (np.frombuffer(data, "<u2").astype("<u4") << 16).tobytes()
    with np.errstate(invalid="ignore"):  # some NaNs are signals
        return np.frombuffer(data, KINDS[kind]).astype(float)


def written(tensors, length=None, **changes):
    """Return a file of tensors, each a kind, a shape and bytes; `changes` are of its header."""
    header, start = {}, 0
    for name, (kind, shape, data) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [start, start + len(data)]}
        start += len(data)
    content = b"".join(data for _, _, data in tensors.values())
    return with_header(json.dumps({**header, **changes}), content, length)


def with_header(header, content, length=None):
    header = header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + content


@st.composite
def foreign_tensors(draw):
    """Draw tensors of a network of any kinds, and any bits in them that are finite numbers."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    tensors = {}
    for k, (m, n) in enumerate(zip(sizes, sizes[1:])):
        for name, shape in ((f"{k}.weight", [n, m]), (f"{k}.bias", [n])):
            kind = draw(st.sampled_from([*KINDS]))
            size = math.prod(shape) * np.dtype(KINDS[kind]).itemsize
            data = draw(st.binary(min_size=size, max_size=size))
            numbers = np.frombuffer(data, KINDS[kind])
            data = np.where(np.isfinite(numbers_of(kind, data)), numbers, numbers.dtype.type(1))
            if name.endswith("weight") or draw(st.booleans()):
                tensors[name] = (kind, shape, data.tobytes())
    return sizes, tensors


SAYS = {"activation": "tanh", "output_activation": "linear"}


def doubles(*numbers):
    return struct.pack(f"<{len(numbers)}d", *numbers)


GOOD = {
    "a.weight": ("F64", [2, 2], doubles(1, 3, 2, 4)),
    "b.weight": ("F64", [1, 2], doubles(5, 6)),
    "b.bias": ("F64", [1], doubles(7)),
}


def place(start, end, kind="F64", shape=(2, 2)):
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


def literally(old, new, data=None):
    """Return a file whose header has another text in one place."""
    data = written(GOOD) if data is None else data
    end = 8 + int.from_bytes(data[:8], "little")
    header = data[8:end].decode()
    assert header.count(old) == 1
    return with_header(header.replace(old, new), data[end:])


def own(**changes):
    """Return one of PureNet's files with its description changed."""
    data = encode(Network([2, 2, 1], seed=1, **SAYS))
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    about = json.loads(header["__metadata__"]["purenet"])
    header["__metadata__"]["purenet"] = json.dumps({**about, **changes})
    return with_header(json.dumps(header), data[end:])


# -- hostile files -----------------------------------------------------------------------------


def refused_late(kind, shape, size):
    """Return a network of one layer whose last number is NaN."""
    return written({"a.weight": (kind, shape, bytes(size - 2) + b"\xff\x7f")})


def many(count):
    """Return a file of many layers; the weight of the last one is NaN."""
    tensors = {f"{k}.weight": ("F16", [1, 1], b"\0\0") for k in range(count)}
    return written({**tensors, f"{count}.weight": ("F16", [1, 1], b"\xff\x7f")})


HOSTILE = {
    "a column": lambda n: refused_late("F64", [1, n // 8], n),
    "a column of halves": lambda n: refused_late("BF16", [1, n // 2], n),
    "a row of halves": lambda n: refused_late("F16", [n // 2, 1], n),
    "layers": lambda n: many(n // 100),
    "names": lambda n: written({}, **{f"{k}.weight": [] for k in range(n // 20)}),
    "lengths": lambda n: written(GOOD, **{"a.weight": place(0, 32, shape=[1] * (n // 3))}),
    "lists": lambda n: with_header(f'{{"a.weight":[{"[]," * (n // 3)}1]}}', b""),
    "metadata": lambda n: written({}, __metadata__={**{f"{k}": "" for k in range(n // 20)}, "": 0}),
    "a description": lambda n: written(
        GOOD, __metadata__={"purenet": "[" + "[]," * (n // 3) + "1]"}
    ),
    "a description of escapes": lambda n: written(GOOD, __metadata__={"purenet": "\n" * (n // 2)}),
    "blanks": lambda n: with_header(f"{{{' ' * n}", b""),
    "digits": lambda n: literally("[2, 2]", f"[{'9' * n}]"),
}


def hostile(name, part=1.0):
    """Return a file that asks for as much memory as it can, or a part of that."""
    return HOSTILE[name](round(200_000 * part))


def most_memory(data):
    """Return the memory that refusing a file may take.

    A column of halves is the most that a byte can ask for: a list of one number each.
    """
    return 2**18 + 60 * len(data)


SECONDS_A_MEBIBYTE, MOST_SECONDS = 1.0, 15.0  # numbers of two bytes take longest

LARGEST = {
    "halves": lambda: refused_late("BF16", [63, MOST_ROWS - 1], 63 * (MOST_ROWS - 1) * 2),
    "too many halves": lambda: refused_late("F16", [2**13, 2**12], 2**26),
    "layers": lambda: many(50_000),
    "lengths": lambda: HOSTILE["lengths"](2**22),
    "names": lambda: HOSTILE["names"](2**22),
    "metadata": lambda: HOSTILE["metadata"](2**21),
    "a description": lambda: HOSTILE["a description"](2**18 * 3 - 100),
    "blanks": lambda: HOSTILE["blanks"](2**25 - 10),
    "digits": lambda: HOSTILE["digits"](2**25 - 1000),
}
