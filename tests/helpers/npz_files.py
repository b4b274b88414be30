"""Archives of NumPy's: made by hand, hostile, and as large as files can be."""

import io
import json
import math
import struct
import warnings
import zipfile

import numpy as np
from both_ways import both_ways
from support import bits

from purenet import Network
from purenet.formats.npz import MOST_UNPACKED, NUMBER

encode, _ = both_ways("npz")

ENDING = ".npz"


def arrays_of(data):
    """Return the arrays that NumPy reads from a file's bytes."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays}


# -- made by hand -----------------------------------------------------------------------------


def npy(array, **changes):
    """Return an array in NumPy's format, with its header changed."""
    file = io.BytesIO()
    np.save(file, array)
    data = file.getvalue()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    header = {
        "descr": repr(array.dtype.str),
        "fortran_order": "False",
        "shape": repr(array.shape),
        **changes,
    }
    header = ", ".join(f"{name!r}: {value}" for name, value in header.items() if value)
    return with_header(f"{{{header}}}\n", data[start:])


def with_header(header, content, version=b"\1\0"):
    header = header.encode("latin-1")
    length = struct.pack("<H" if version == b"\1\0" else "<I", len(header))
    return b"\x93NUMPY" + version + length + header + content


W0, W1 = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0], [6.0]])


def zipped(compression=zipfile.ZIP_STORED, **members):
    """Return an archive of a network with two layers, with some members changed, or left out."""
    members = {
        "coefs_0": npy(W0),
        "coefs_1": npy(W1),
        "activation": npy(np.array("tanh")),
        "out_activation_": npy(np.array("linear")),
        **members,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            if data is not None:
                archive.writestr(f"{name}.npy", data)
    return file.getvalue()


def numpys(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


DESCRIPTION = arrays_of(encode(Network([2, 2, 1], seed=1)))["purenet"]
NO_TEXTS = {"activation": None, "out_activation_": None}


def own(**changes):
    """Return one of PureNet's files with its description changed."""
    text = json.dumps({**json.loads(DESCRIPTION.item()), **changes})
    return zipped(purenet=npy(np.array(text)), **NO_TEXTS)


def in_directory(data, offset, value):
    """Return an archive whose first entry in the directory has other bytes there."""
    start = data.index(b"PK\1\2") + offset
    return data[:start] + value + data[start + len(value) :]


# -- hostile files -----------------------------------------------------------------------------


def refused_late(W, compression=zipfile.ZIP_STORED):
    """Return a network of one layer whose last word is wrong, so all else is read first."""
    return zipped(
        compression,
        coefs_0=npy(W),
        coefs_1=None,
        activation=None,
        out_activation_=npy(np.array("step")),
    )


def layers(count):
    bad = npy(np.array([[math.nan]]))
    good = {f"coefs_{k}": npy(np.ones((1, 1))) for k in range(count - 1)}
    return zipped(**good, **{f"coefs_{count - 1}": bad})


def same_header(count, header):
    """Return an archive of many arrays with the same header."""
    data = with_header(header, b"")
    return zipped(**{f"coefs_{k}": data for k in range(count)})


def extras(length):
    """Return an archive whose directory has little but empty extras."""
    entry = bytearray(zipped()[zipped().index(b"PK\1\2") :][:57])
    entry[30:32] = b"\xfc\xff"
    directory = bytes(entry + b"xx\0\0" * (0xFFFC // 4)) * (length // 65_600)
    return b"PK" + directory + struct.pack("<4s8xLLH", b"PK\5\6", len(directory), 2, 0)


def mostly_zeros(shape):
    """Return an array that packs to a twentieth."""
    chance = np.random.RandomState(1)
    return chance.random_sample(shape) * (chance.random_sample(shape) < 0.03)


def description(text):
    return zipped(purenet=npy(np.array(text)), **NO_TEXTS)


LONG_HEADER = f"{{'descr': '<f8',{' ' * 9_900} 'fortran_order': False, 'shape': (0, 1)}}"

HOSTILE = {
    "a column": lambda many: refused_late(np.ones((many, 1))),
    "a column of halves": lambda many: refused_late(np.ones((many, 1), "f2")),
    "a column of booleans": lambda many: refused_late(np.ones((many, 1), "?")),
    "a row of bytes": lambda many: refused_late(np.ones((1, 10 * many), "i1")),
    "by columns": lambda many: refused_late(np.ones((500, many // 200), "f4", "F")),
    "a text": lambda many: zipped(activation=npy(np.array("x" * many))),
    "a description": lambda many: description("[" + "[]," * many + "1]"),
    "layers": lambda many: layers(many // 100),
    "names": lambda many: same_header(many * 2 // 25, ""),
    "extras": lambda many: extras(many * 5),
    "headers": lambda many: same_header(many // 125, LONG_HEADER),
    "zeros": lambda many: refused_late(np.zeros((1, 10 * many)), zipfile.ZIP_DEFLATED),
    "fewer zeros": lambda many: refused_late(
        np.zeros((many // 100, 1000), "?"), zipfile.ZIP_DEFLATED
    ),
    "a text of zeros": lambda many: zipped(
        zipfile.ZIP_DEFLATED, activation=npy(np.array("x" * many))
    ),
    "a lie": lambda many: in_directory(zipped(), 24, struct.pack("<I", MOST_UNPACKED - 2000)),
}


def hostile(name, part=1.0):
    """Return a file that asks for as much memory as it can, or a part of that."""
    return HOSTILE[name](round(100_000 * part))


def most_memory(data):
    """Return the memory that refusing a file may take.

    A row of one boolean is the most that a byte can ask for, 120 bytes. A byte that is compressed
    can stand for four numbers. These are in rows, of which there are few, and take forty bytes
    each; small files may have more of them.
    """
    if data[8:10] == b"\0\0":
        return 2**18 + 120 * len(data)
    return 2**18 + max(120 * MOST_UNPACKED // NUMBER, 240 * len(data))


SECONDS_A_MEBIBYTE, MOST_SECONDS = 2.0, 15.0  # headers that take long are short


# As large as files can be, each in its way.
LARGEST = {
    "numbers": lambda: refused_late(np.ones((4095, 4096))),
    "too many bytes": lambda: refused_late(np.ones((2**13, 2**14 - 1), "u1")),
    "headers": lambda: same_header(8_000, LONG_HEADER),
    "directory": lambda: b"PK" + b"PK\1\2" * 2**25,
    "extras": lambda: HOSTILE["extras"](100_000),
    "packed booleans": lambda: refused_late(np.ones((2000, 1000), "?"), zipfile.ZIP_DEFLATED),
    "packed numbers of one bit": lambda: refused_late(
        np.random.RandomState(1).random_sample((2000, 1000)) < 0.5, zipfile.ZIP_DEFLATED
    ),
    "packed numbers": lambda: refused_late(mostly_zeros((1500, 1000)), zipfile.ZIP_DEFLATED),
    "packed zeros": lambda: refused_late(np.zeros((1000, 1000)), zipfile.ZIP_DEFLATED),
    "description": lambda: description("[" + "[]," * 2**22 + "1]"),
}


# -- as NumPy reads them -----------------------------------------------------------------------


def as_numpy_reads_it(data, model):
    """Fail if NumPy does not read the numbers of a model."""
    if model is not None:
        network = getattr(model, "network_", model)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of blanks at odd places
            arrays = arrays_of(data)
        for k, W in enumerate(network.weights):
            assert bits(arrays[f"coefs_{k}"].astype(float).tolist()) == bits(W)
            if f"intercepts_{k}" in arrays:
                row = arrays[f"intercepts_{k}"].astype(float).tolist()
                assert bits([row]) == bits([network.biases[k]])
