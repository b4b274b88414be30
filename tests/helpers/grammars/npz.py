"""Archives of NumPy's: a zip archive, in it arrays, and in one of these a document.

The archive is written by hand, so that any of its fields may be wrong: sizes, sums, offsets that
lie behind the end or where another member lies, methods, flags, names, extra fields, comments.
"""

import binascii
import bz2
import lzma
import re
import struct
import zlib

from npz_files import SECONDS_A_MEBIBYTE

from grammars.documents import COUNTS, TEXTS, bytes_of, damaged, with_faults
from grammars.models import HIDDEN, biases, document, sizes, weights
from purenet.formats.npz import MOST_UNPACKED, NUMBER

ENDING = ".npz"

KINDS = {"f8": "d", "f4": "f", "f2": "e", "i8": "q", "i4": "i", "i2": "h", "i1": "b", "b1": "?"}
KINDS.update({"u8": "Q", "u4": "I", "u2": "H", "u1": "B"})
ODD_KINDS = ["'|O'", "'<c16'", "'<f16'", "'|S4'", "'<U0'", "'<U4'", "'<M8[s]'", "'=f8'", "'f8'"]
ODD_KINDS += ["8", "[('a', '<f8')]", "'|V8'", "None", "''", "'<U999999999'", "'<U1000000000'"]
ODD_KINDS += ["'<f8\\n'"]
ODD_SHAPES = ["()", "(2)", "(0,)", "(0, 3)", "(-1, 3)", "(1L, 2)", "(01, 2)", "[2, 2]", "2"]
ODD_SHAPES += ["None", "(1, 1, 1)", "(9999999999999999999,)", "(99999999999, 99999999999)"]
ODD_SHAPES += ["(2, 2,,)", "(,)", "(" + "1, " * 40 + ")", "(" * 300, "(4294967296, 4294967296)"]
ODD_SHAPES += ["(2.0, 2)", "(True, 2)"]
ODD_WORDS = ["True", "False", "true", "0", "None", "__import__('os')", "'True'"]
ODD_NAMES = ["coefs_00", "coefs_1e0", "coefs_99999", "coefs_100000", "coefs_-1", "Coefs_0"]
ODD_NAMES += ["coefs_0/", "../coefs_0", "intercepts_7", "purenet", "activation", "", "a" * 3000]
ODD_NAMES += ["coefs_٣", "\\"]

DEFLATED, BZIP2, LZMA = 8, 12, 14
PACK = {0: bytes, BZIP2: bz2.compress, LZMA: lzma.compress}


PACKED = re.compile(rb"PK\x03\x04....\x08\0|PK\x01\x02......\x08\0", re.DOTALL)


def most_memory(data):
    """Return the memory that reading may take.

    A row of one boolean is the most that a byte can ask for, 120 bytes. If it is compressed, there
    are as many numbers as `MOST_UNPACKED` allows, or four for each byte of a larger file.
    """
    if PACKED.search(data):
        return 2**18 + max(120 * MOST_UNPACKED // NUMBER, 240 * len(data))
    return 2**18 + 120 * len(data)


def draw(chance):
    """Return the bytes of a file, and the activations that its caller gives."""
    arrays, options = contents(chance)
    members = [[f"{name}.npy", array_bytes(chance, *array)] for name, array in arrays.items()]
    if chance.random() < 0.2:
        _fault(chance, members)
    if chance.random() < 0.2:
        chance.shuffle(members)
    data = archive(chance, members)
    return damaged(chance, data) if chance.random() < 0.06 else data, options


def contents(chance):
    """Return arrays by name, each a kind, a shape and its numbers or text; and the options."""
    own = chance.random() < 0.4
    about = document(chance)
    widths = about["sizes"] if own else sizes(chance)
    arrays, options = {}, {}
    rows = biases(chance, widths)
    for k, W in enumerate(weights(chance, widths)):
        arrays[f"coefs_{k}"] = (
            kind_of(chance, own),
            (len(W), len(W[0])),
            [x for each in W for x in each],
        )
        if rows and (own or chance.random() < 0.8):
            arrays[f"intercepts_{k}"] = (kind_of(chance, own), (len(rows[k]),), rows[k])
    if own:
        if chance.random() < 0.4:
            about = with_faults(chance, about)
        text = bytes_of(chance, about).decode("utf-8", "replace")
        arrays["purenet"] = (f"{chance.choice('<<<>')}U", (), text)
        return arrays, options
    says = {"activation": chance.choice(HIDDEN), "out_activation_": chance.choice(HIDDEN)}
    for name, said in says.items():
        if chance.random() < 0.5:
            said = said if chance.random() < 0.9 else chance.choice(TEXTS)
            arrays[name] = (f"{chance.choice('<<>')}U", (), said)
        else:
            options[name.replace("out_", "output_").rstrip("_")] = said
    return arrays, options


def kind_of(chance, own):
    return chance.choice("<<<>") + chance.choice(["f8", "f8", "f8", "f4"] if own else [*KINDS])


# -- an array ------------------------------------------------------------------------------------


def array_bytes(chance, kind, shape, values):
    """Return an array in NumPy's format; its header may contradict what follows it."""
    if kind.endswith("U"):
        values = values.rstrip("\0")
        content = values.encode("utf-32-le" if kind[0] == "<" else "utf-32-be", "surrogatepass")
        kind += str(len(content) // 4)
    else:
        content = struct.pack(
            f"{kind[0]}{len(values)}{KINDS[kind[1:]]}", *fitting(kind[1:], values)
        )
    header = {"descr": f"'{kind}'", "fortran_order": chance.choice(["True", "False"])}
    header["shape"] = str(shape)
    if chance.random() < 0.025:
        name, others = chance.choice(
            [("descr", ODD_KINDS), ("fortran_order", ODD_WORDS), ("shape", ODD_SHAPES)]
        )
        header[name] = chance.choice(others)
    items = [f"'{name}': {value}" for name, value in header.items()]
    if chance.random() < 0.01:
        items += [chance.choice([*items, "'more': 1", "'descr': '<f8'", ""])]
    if chance.random() < 0.006:
        del items[chance.randrange(3)]
    chance.shuffle(items)
    text = "{" + ", ".join(items) + chance.choice([", }", "}", ",}", ", }   ", "}"])
    if chance.random() < 0.04:
        blank = chance.choice(["", " ", "  ", "\n", " " * 5000, "\t", "\0"])
        text = text.replace(" ", blank)
    if chance.random() < 0.02:
        content = chance.choice([content[:-1], content + b"\0", b"", content * 2])
    return with_header(chance, text, content)


def fitting(kind, values):
    """Return numbers that fit a kind."""
    if kind == "b1":
        return [bool(value) for value in values]
    if kind[0] == "f":
        most = {"f8": 1e308, "f4": 3e38, "f2": 65000.0}[kind]
        return [min(max(float(value), -most), most) for value in values]
    return [int(min(abs(value), 100)) for value in values]


def with_header(chance, text, content):
    version = chance.choice([1, 1, 1, 2, 3])
    header = text.encode("utf-8", "surrogateescape")
    header += b" " * (-(len(header) + 11) % chance.choice([1, 16, 64])) + b"\n"
    mark, length, extra = b"\x93NUMPY", len(header), bytes([version, 0])
    if chance.random() < 0.01:
        length = chance.choice([0, 1, length - 1, length + 1, 0xFFFF, 2 * length])
    if chance.random() < 0.008:
        extra = chance.choice([b"\0\0", b"\1\1", b"\4\0", b"\xff\xff"])
    if chance.random() < 0.004:
        mark = chance.choice([b"\x93NUMPX", b"", b"NUMPY", b"\x80\4N."])
    return mark + extra + struct.pack("<H" if version == 1 else "<I", length) + header + content


# -- the archive ---------------------------------------------------------------------------------


def _fault(chance, members):
    """Change the members of an archive as wholes."""
    i, kind = chance.randrange(len(members)), chance.randrange(6)
    other = chance.choice(members)
    if kind == 0:
        members.append(list(other))
    elif kind == 1:
        del members[i]
    elif kind == 2:
        members[i][0] = chance.choice([f"{chance.choice(ODD_NAMES)}.npy", "coefs_0", other[0]])
    elif kind == 3:
        members[i][1] = other[1]
    elif kind == 4:
        members[i][1] = chance.choice([b"", b"\0" * 10**5, members[i][1] + b"\0" * 10**5])
    else:
        members += [[f"intercepts_{k}.npy", members[i][1]] for k in range(chance.choice([1, 300]))]


def archive(chance, members):
    """Return a zip archive of members, each a name and its bytes."""
    method = chance.choice([0, 0, 8])
    faulty = chance.random() < 0.25
    data, directory, places = bytearray(), bytearray(), []
    for name, content in members:
        entry = entry_of(chance, name, content, method)
        entry["offset"] = len(data)
        if faulty and chance.random() < 0.4:
            entry_fault(chance, entry, places, len(content))
        places.append(entry["offset"])
        local = dict(entry)
        if faulty and chance.random() < 0.2:
            entry_fault(chance, local, places, len(content))
        data += local_header(local) + entry["packed"]
        directory += directory_entry(entry)
    start, extra = len(data), b""
    count, length, comment = len(members), len(directory), b""
    if faulty and chance.random() < 0.3:
        kind = chance.randrange(7)
        count = chance.choice([0, count + 1, 65535]) if kind == 0 else count
        length = chance.choice([0, length - 1, length + 1, 2**32 - 1]) if kind == 1 else length
        start = chance.choice([0, start + 1, 2**31, 2**32 - 1]) if kind == 2 else start
        comment = b"PK\5\6" + bytes(18) if kind == 3 else b""
        extra = struct.pack("<4sIQI", b"PK\6\7", 0, chance.choice([0, start, 2**63]), 1)
        extra = extra if kind == 4 else b""
        directory = directory * 2 if kind == 5 else directory
        data = bytearray(b"PK\3\4" + bytes(30)) + data if kind == 6 else data
    end = struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, count, count, length, start, len(comment))
    return bytes(data + directory + extra + end + comment)


def entry_of(chance, name, content, method):
    """Return the fields of an entry, and its bytes packed."""
    if method == DEFLATED:
        packer = zlib.compressobj(chance.choice([1, 6, 9]), zlib.DEFLATED, -15)
        packed = packer.compress(content) + packer.flush()
    else:
        packed = content
    sizes = {"crc": binascii.crc32(content), "packed_size": len(packed), "size": len(content)}
    name = name.encode("utf-8", "surrogatepass")
    return {"name": name, "method": method, "flags": 0, "extra": b"", "packed": packed, **sizes}


def entry_fault(chance, entry, places, length):
    """Make one field of an entry wrong."""
    kind = chance.randrange(10)
    if kind == 0:
        entry["crc"] ^= chance.choice([1, 2**31])
    elif kind == 1:
        field = chance.choice(["size", "packed_size"])
        wrong = [0, entry[field] - 1, entry[field] + 1, 2**31, 2**32 - 1, 10**6, length * 1000]
        entry[field] = max(0, min(chance.choice(wrong), 2**32 - 1))
    elif kind == 2:
        entry["method"] = chance.choice([0, 1, 6, 8, 9, 12, 14, 93, 95, 99, 65535])
    elif kind == 3:
        entry["flags"] = chance.choice([1, 8, 32, 64, 0x800, 0x2000, 0xFFFF])
    elif kind == 4:  # where another one lies, so that both are the same bytes
        entry["offset"] = chance.choice([0, *places, 2**32 - 1, entry["offset"] + 1, 10**6])
    elif kind == 5:
        sizes = struct.pack(
            "<HHQQQ", 1, 24, *(chance.choice([0, 100, 2**40, 2**63]) for _ in "abc")
        )
        entry["extra"] = chance.choice([sizes, sizes[:9], b"\1\0\0\0" * 50, b"\xff" * 40, b"u"])
    elif kind == 6:
        name = entry["name"]
        wrong = [name + b"\0", name[:-1], b"\xff" + name, name.upper(), b"", name * 9, b"/" + name]
        entry["name"] = chance.choice(wrong)
    elif kind == 7:
        packing = PACK[chance.choice([0, BZIP2, LZMA])]
        entry["packed"] = chance.choice(
            [packing(entry["packed"]), b"", entry["packed"][:-3], b"\0"]
        )
    elif kind == 8:
        bomb = chance.choice([10**4, 10**6]) * b"\0"
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        entry["packed"] = packer.compress(bomb) + packer.flush()
        entry.update(method=DEFLATED, packed_size=len(entry["packed"]))
        entry["size"] = chance.choice([entry["size"], len(bomb), 2**31])
    else:
        field = chance.choice(["crc", "size", "packed_size", "flags", "method"])
        wrong = chance.choice([n for n in COUNTS if isinstance(n, int) and n >= 0])
        entry[field] = wrong % 2 ** (16 if field in ("flags", "method") else 32)


def fields(entry):
    """Return the fields that an entry has in both places."""
    lengths = len(entry["name"]), len(entry["extra"])
    sizes = entry["crc"], entry["packed_size"], entry["size"]
    return struct.pack("<HHHHIIIHH", entry["flags"], entry["method"], 0, 33, *sizes, *lengths)


def local_header(entry):
    return b"PK\3\4" + struct.pack("<H", 20) + fields(entry) + entry["name"] + entry["extra"]


def directory_entry(entry):
    start = b"PK\1\2" + struct.pack("<HH", 788, 20) + fields(entry)
    rest = struct.pack("<HHHII", 0, 0, 0, 0, entry["offset"])
    return start + rest + entry["name"] + entry["extra"]


__all__ = ["ENDING", "SECONDS_A_MEBIBYTE", "draw", "most_memory"]
