"""A network or an estimator as a .npz file, NumPy's own: a zip archive of arrays.

The arrays have scikit-learn's names, each with .npy behind it in the archive:

    "coefs_0"       the weights from the inputs to the first layer (n₀ x n₁), "coefs_1", ...
    "intercepts_0"  the biases of the first layer (n₁), "intercepts_1", ...; a layer may have none
    "purenet"       a JSON text: the other members that `json_model` describes

`numpy.load(path)["coefs_0"]` reads them. The same model is always the same bytes. A file that
another program wrote has no "purenet". Then the caller gives the activations, or the file gives
them in two more texts:

    "activation"       of the hidden layers, in scikit-learn's words, "identity", "logistic",
                       "tanh", "relu", or in PureNet's
    "out_activation_"  of the last layer; here also "softmax"

as `numpy.savez(path, coefs_0=..., intercepts_0=..., out_activation_="logistic")` writes them.
Numbers may be floats of 8, 4 or 2 bytes, integers or booleans, in either byte order, row by row or
column by column. The archive may be compressed.

NPY, versions 1.0 to 3.0: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html. An
array of Python objects is a pickle, which is a program, so it is refused, like anything else that
is not as above. The sizes that the archive gives are checked before anything is unpacked, and no
more than that is unpacked.
"""

from __future__ import annotations

import contextlib
import io
import re
import struct
import zipfile
from collections.abc import Iterator

from ..core.checks import PureNetError, check_that, counted, shown
from .arrays import Array, about, check_layers, model_from, pack
from .model import Asked, Model

MAGIC = b"\x93NUMPY"
ALIGNMENT = 64  # of the data after a header

# The entries of a header, in any order, as Python's repr() writes them, without most blanks.
_LENGTH = rb"(?:0|[1-9][0-9]{0,18})"
_SHAPE = rb"\((?:(?:%s,)+%s?)?\)" % (_LENGTH, _LENGTH)
_ITEM = rb"(?:'descr':'[^']*'|'fortran_order':(?:True|False)|'shape':%s)" % _SHAPE
HEADER = re.compile(rb"\{ ?%s,?\}" % b",".join([_ITEM] * 3))
ITEM = re.compile(rb"'(\w+)':('[^']*'|\w+|\([^)]*\))")
EXAMPLE = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)}"

# NumPy's kinds of numbers, and the letters that `struct` has for them.
CODES = {"f8": "d", "f4": "f", "f2": "e", "i8": "q", "i4": "i", "i2": "h", "i1": "b"}
CODES.update({"u8": "Q", "u4": "I", "u2": "H", "u1": "B", "b1": "?"})

SHAPES = {"coefs": ("inputs", "outputs"), "intercepts": ("outputs",)}

NAME = re.compile(r"(coefs_|intercepts_)(0|[1-9][0-9]{0,4})|purenet|activation|out_activation_")
TEXTS = ("purenet", "activation", "out_activation_")

# An archive that NumPy wrote ends with this record, and no comment after it.
END = struct.Struct("<4s 8x L 4x H")
END_MARK = b"PK\x05\x06"
# It comes before that record if the archive has more than four gigabytes or 65,535 members.
END_MARK_64 = b"PK\x06\x07"
LENGTH_64 = 20

# The size of a directory of four thousand layers. A longer one may have extra fields, which NumPy
# does not write; the time `zipfile` takes for these grows with the square of their length.
MOST_DIRECTORY = 2**19

# A compressed byte can unpack to a thousand. Real weights do not compress like that, so this is the
# limit on unpacked bytes, with at most one number for every eight of them. A number may take one
# byte or less in the file, but it takes forty in memory.
MOST_UNPACKED = 2**20
MOST_TIMES = 32
NUMBER = 8

LONGEST_HEADER = 10_000  # as in NumPy

CHUNK = 2**16  # bytes that are unpacked at once


def write(model: Model, float32: bool = False) -> bytes:
    """Return the bytes of a .npz file with a model.

    With `float32`, its weights and biases are rounded to that. Raises PureNetError for numbers
    that are too large for it.

    >>> from purenet.core.network import Network
    >>> data = write(Model(Network([2, 1], init="zeros", seed=1)))
    >>> zipfile.ZipFile(io.BytesIO(data)).namelist()
    ['coefs_0.npy', 'purenet.npy']
    """
    kind, file, text = "<f4" if float32 else "<f8", io.BytesIO(), about(model)
    with zipfile.ZipFile(file, "w") as archive:
        for k, W in enumerate(model.network.weights):
            content = pack(W, float32, f"weights[{k}]")
            _write(archive, f"coefs_{k}", kind, (len(W), len(W[0])), content)
        for k, b in enumerate(model.network.biases):
            content = pack([b], float32, f"biases[{k}]")
            _write(archive, f"intercepts_{k}", kind, (len(b),), content)
        _write(archive, "purenet", f"<U{len(text)}", (), text.encode("utf-32-le"))
    return file.getvalue()


def _write(
    archive: zipfile.ZipFile, name: str, kind: str, shape: tuple[int, ...], content: bytes
) -> None:
    header = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}".encode()
    before = len(MAGIC) + 4  # the version, and the header's length in two bytes
    header += b" " * (-(before + len(header) + 1) % ALIGNMENT) + b"\n"
    info = zipfile.ZipInfo(f"{name}.npy")  # dated 1980, the first year of zip
    info.create_system = 3  # Unix on every system, for equal bytes
    start = MAGIC + b"\x01\x00" + struct.pack("<H", len(header)) + header
    archive.writestr(info, start + content)


def read(data: bytes | bytearray, asked: Asked) -> Model:
    """Return the model in the bytes of a .npz file.

    Raises PureNetError if they are not as this module describes, if neither the file nor the caller
    gives an activation that is needed, or if the two differ.

    >>> from purenet.core.network import Network
    >>> read(write(Model(Network([2, 1], init="zeros", seed=1))), Asked()).network.weights
    [[[0.0], [0.0]]]
    """
    most = max(MOST_UNPACKED, MOST_TIMES * len(data))
    with _opened(data) as archive:
        infos = _members(archive, most)
        arrays = {name: _array(name, _content(archive, infos[name])) for name in infos}
    said = {name: _text(arrays.pop(name)) for name in TEXTS if name in arrays}
    count, most = sum(array.size for array in arrays.values()), most // NUMBER
    if count > most:
        raise PureNetError(f"expected at most {most:,} numbers when unpacked, got {count:,}")
    told = Asked(said.get("activation"), said.get("out_activation_"))
    weights, biases = _layers(arrays)
    check_layers(weights, biases)
    rows = [row if row is None else row.numbers() for row in biases]
    return model_from(said.get("purenet"), [W.matrix() for W in weights], rows, asked, told)


# -- the archive ---------------------------------------------------------------------------------


def _opened(data: bytes | bytearray) -> zipfile.ZipFile:
    if data[:2] != b"PK":
        raise PureNetError("expected a .npz file, which is a zip archive, got something else")
    end = data[-END.size :]
    mark, size, comment = END.unpack(end) if len(end) == END.size else (b"", 0, 0)
    of_64 = data[-END.size - LENGTH_64 :].startswith(END_MARK_64)
    if mark != END_MARK or comment or of_64:
        raise PureNetError("zip archive: the end is missing, or is not as NumPy writes it")
    if size > MOST_DIRECTORY:
        most = counted(MOST_DIRECTORY, "byte")
        raise PureNetError(f"zip archive: expected a directory of at most {most}, got {size:,}")
    with _damage_told("zip archive"):
        return zipfile.ZipFile(io.BytesIO(data))


@contextlib.contextmanager
def _damage_told(name: str) -> Iterator[None]:
    """Turn errors of `zipfile`, which raises ten kinds for a damaged archive, into one sentence."""
    try:
        yield
    except MemoryError:
        raise
    except Exception as error:
        raise PureNetError(f"{name}: damaged: {error!s:.60}") from None


def _members(archive: zipfile.ZipFile, most: int) -> dict[str, zipfile.ZipInfo]:
    """Return the arrays of an archive by name, if they unpack to at most `most` bytes."""
    members: dict[str, zipfile.ZipInfo] = {}
    for info in archive.infolist():
        name, ending = info.filename[:-4], info.filename[-4:]
        if ending != ".npy" or not NAME.fullmatch(name):
            raise PureNetError(f"expected arrays such as coefs_0, got {shown(info.filename)}")
        if name in members:
            raise PureNetError(f"{name}: occurs twice")
        if info.flag_bits & 1:
            raise PureNetError(f"{name}: expected an array that is not encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise PureNetError(f"{name}: compressed by a method that NumPy does not use")
        members[name] = info
    size = sum(info.file_size for info in members.values())
    if size > most:
        raise PureNetError(f"expected at most {most:,} bytes when unpacked, got {size:,}")
    return members


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> memoryview:
    """Return a member, unpacked in pieces up to its stated size, which may be wrong."""
    with _damage_told(info.filename[:-4]), archive.open(info) as file:
        content = bytearray()
        while piece := file.read(min(CHUNK, info.file_size - len(content))):
            content += piece
        if len(content) < info.file_size:
            raise EOFError(f"it ends after {len(content):,} bytes")
    return memoryview(content)


# -- an array ------------------------------------------------------------------------------------


def _array(name: str, data: memoryview) -> Array:
    """Return the array in a member, if it is as long as its header says."""
    start, members = _header(name, bytes(data[:LONGEST_HEADER]))
    shape = tuple(map(int, re.findall(rb"\d+", members[b"shape"])))
    needed = SHAPES.get(name.partition("_")[0], ())
    check_that(len(shape) == len(needed), name, f"the shape ({', '.join(needed)})", shape)
    code = _code(name, members[b"descr"].decode("latin-1").strip("'"))
    by_columns = members[b"fortran_order"] == b"True"
    return Array(name, shape, code, data[start:], by_columns).with_checked_length()


def _header(name: str, data: bytes) -> tuple[int, dict[bytes, bytes]]:
    """Return the position where an array's header ends, and the header's entries by name."""
    if not data.startswith(tuple(MAGIC + bytes([version, 0]) for version in (1, 2, 3))):
        raise PureNetError(f"{name}: expected NumPy's format for an array, version 1.0 to 3.0")
    start = 10 if data[6] == 1 else 12
    end = start + int.from_bytes(data[8:start], "little")
    if end > len(data):
        most = f"expected at most {len(data):,}"
        raise PureNetError(f"{name}: the header ends at byte {end:,}, but {most}")
    return end, _header_members(name, data[start:end])


def _header_members(name: str, header: bytes) -> dict[bytes, bytes]:
    """Return a header's entries by name; nothing in it is run."""
    blanks_as_one = re.sub(rb"[ \n]+", b" ", header)  # keeps the next line's time linear
    plain = re.sub(rb" ?([}():,]) ?", rb"\1", blanks_as_one)
    members = dict(ITEM.findall(plain)) if HEADER.fullmatch(plain) else {}
    check_that(len(members) == 3, name, f"a header such as {EXAMPLE}", header)
    return members


def _code(name: str, kind: str) -> str:
    """Return the letter of `struct` for a NumPy type: of numbers, or of a text and its length."""
    if name in TEXTS:
        match = re.fullmatch(r"([<>])U([0-9]{1,9})", kind)
        if not match:
            raise PureNetError(f"{name}: expected text, such as '<U4', got {shown(kind)}")
        return f"{match[1]}{4 * int(match[2])}s"
    code = CODES.get(kind[1:], "")
    if not code or kind[0] not in ("<>|" if kind.endswith("1") else "<>"):
        raise PureNetError(f"{name}: expected numbers, such as '<f8', got {shown(kind)}")
    return f"{'>' if kind[0] == '>' else '<'}{code}"


def _layers(arrays: dict[str, Array]) -> tuple[list[Array], list[Array | None]]:
    """Return the weights and the biases of the layers in order, None for a layer without biases."""
    count = next(k for k in range(len(arrays) + 1) if f"coefs_{k}" not in arrays)
    for name in arrays:
        if int(name.partition("_")[2]) >= count:
            raise PureNetError(f"coefs_{count} is missing, but there is {name}")
    biases = [arrays.get(f"intercepts_{k}") for k in range(count)]
    return [arrays[f"coefs_{k}"] for k in range(count)], biases


def _text(array: Array) -> str:
    try:
        return str(array.data, "utf-32-le" if array.code[0] == "<" else "utf-32-be").rstrip("\0")
    except UnicodeDecodeError:
        raise PureNetError(f"{array.name}: not text in UTF-32") from None
