"""Files of safetensors: a header, which is a document, and the bytes of the tensors behind it."""

import struct

from safetensors_files import SECONDS_A_MEBIBYTE, most_memory

from grammars.documents import COUNTS, TEXTS, bytes_of, damaged, text_of, with_faults
from grammars.models import HIDDEN, LAST, biases, document, sizes, weights

ENDING = ".safetensors"

CODES = {"F64": "d", "F32": "f", "F16": "e", "BF16": "H", "I64": "q"}
DTYPES = [*CODES, "F8_E4M3", "BOOL", "U8", "I16", "f64", "", None, 1, ["F64"]]
PREFIXES = ["{}", "layers.{}", "fc{}", "fc{}.x", "0{}", "net.{}.linear", "m{}a1"]
NAMED = ["input_layer", "hidden", "output_layer", "last"]
ODD_NAMES = ["weight", ".weight", "bias", "x.weight", "0.bias.weight", "0.gamma"]
ODD_NAMES += ["x" * 101 + ".bias", "\n.weight", "\ud800.bias", "__metadata__", "9.running_mean"]
ODD_NAMES += ["9.running_var", "é.bias"]


def draw(chance):
    """Return the bytes of a file, and the options that its caller gives."""
    own = chance.random() < 0.4
    about = document(chance)
    tensors, options = tensors_of(chance, about["sizes"] if own else sizes(chance), own)
    header, content = laid_out(chance, tensors)
    if own:
        if chance.random() < 0.3:
            about = with_faults(chance, about)
        said = bytes_of(chance, about).decode("utf-8", "replace")
        header["__metadata__"] = {"purenet": said}
    else:
        options.update(activation=chance.choice(HIDDEN), output_activation=chance.choice(LAST))
        header["__metadata__"] = chance.choice([{"format": "pt"}, {}, None])
    if chance.random() < 0.3:
        _fault(chance, header)
    if chance.random() < 0.25:
        header = with_faults(chance, header)
    if chance.random() < 0.05:
        content += chance.choice([b"\0", b"\0" * 10**5])
    data = with_length(chance, header, content)
    return damaged(chance, data) if chance.random() < 0.06 else data, options


def tensors_of(chance, widths, own):
    """Return tensors by name, each a type, a shape and its numbers; and the options."""
    pattern, start = ("{}", 0) if own else (chance.choice(PREFIXES), chance.choice([0, 1, 9]))
    step = 2 if own else chance.choice([1, 2])
    prefixes = [pattern.format(start + step * k) for k in range(len(widths) - 1)]
    options = {}
    if not own and chance.random() < 0.2:
        prefixes = chance.sample(NAMED, len(prefixes))
        options = {"layers": list(prefixes)} if chance.random() < 0.5 else {}
    tensors, rows = {}, biases(chance, widths)
    for k, (prefix, W) in enumerate(zip(prefixes, weights(chance, widths))):
        numbers = [value for column in zip(*W) for value in column]
        tensors[f"{prefix}.weight"] = (kind_of(chance), [widths[k + 1], widths[k]], numbers)
        if rows and (own or chance.random() < 0.8):
            tensors[f"{prefix}.bias"] = (kind_of(chance), [widths[k + 1]], rows[k])
    if not own and not options and chance.random() < 0.2:
        tensors.update(batch_norm(chance, widths))
    return tensors, options


def batch_norm(chance, widths):
    k = chance.randrange(len(widths))
    prefix, width = f"{chance.choice([1, 3, 100])}", widths[k]
    parts = ["running_mean", "running_var", *chance.choice([(), ("weight", "bias")])]
    norm = {
        f"{prefix}.{part}": ("F32", [width], [abs(chance.gauss(1, 1))] * width) for part in parts
    }
    if chance.random() < 0.5:
        norm[f"{prefix}.num_batches_tracked"] = ("I64", [], [5])
    return norm


def kind_of(chance):
    return chance.choice(["F64", "F64", "F32", "F16", "BF16"])


def laid_out(chance, tensors):
    """Return a header, and the tensors one after another in any order."""
    header, content, items = {}, bytearray(), list(tensors.items())
    if chance.random() < 0.3:
        chance.shuffle(items)
    for name, (kind, shape, numbers) in items:
        data = packed(kind, numbers)
        offsets = [len(content), len(content) + len(data)]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": offsets}
        content += data
    if chance.random() < 0.3:
        chance.shuffle(items)
        header = {name: header[name] for name, _ in items}
    return header, bytes(content)


def packed(kind, numbers):
    """Return numbers as bytes, as large as the type lets them be."""
    if kind == "I64":
        return struct.pack(f"<{len(numbers)}q", *numbers)
    most = {"F64": 1e308, "F16": 65000.0}.get(kind, 3e38)
    numbers = [min(max(float(number), -most), most) for number in numbers]
    if kind == "BF16":
        return b"".join(struct.pack("<f", number)[2:] for number in numbers)
    return struct.pack(f"<{len(numbers)}{CODES[kind]}", *numbers)


def _fault(chance, header):
    """Change the header as one who knows what it means."""
    names = [name for name in header if name != "__metadata__"]
    if not names:
        return
    name, other, kind = chance.choice(names), chance.choice(names), chance.randrange(11)
    tensor = header[name]
    if kind == 0:
        tensor["shape"] = tensor["shape"][::-1]
    elif kind == 1:
        tensor["dtype"] = chance.choice(DTYPES)
    elif kind == 2:
        header[name], header[other] = header[other], header[name]
    elif kind == 3:
        header[chance.choice(ODD_NAMES)] = header.pop(name)
    elif kind == 4:
        tensor["data_offsets"][chance.randrange(2)] += chance.choice([-8, -1, 1, 8])
    elif kind == 5:
        tensor["data_offsets"] = list(header[other]["data_offsets"])  # both in one place
    elif kind == 6:
        tensor["data_offsets"][chance.randrange(2)] = chance.choice(COUNTS)
    elif kind == 7:
        tensor["shape"].insert(0, chance.choice([0, 1, 2]))
    elif kind == 8:
        tensor["shape"] = chance.choice([[0], [0, 0], [2**32, 2**32], [1] * 50, [-1, -1], [10**18]])
    elif kind == 9:
        header["__metadata__"] = chance.choice(
            [{"purenet": chance.choice(TEXTS)}, "x", [1], {"a": 1}]
        )
    else:
        more = {
            f"{k}.bias": {"dtype": "F64", "shape": [0], "data_offsets": [0, 0]} for k in range(200)
        }
        header.update(more)


def with_length(chance, header, content):
    """Return a file: the length of its header, the header, and what follows."""
    text = text_of(header, chance.choice(["", "", " ", "\n"]))
    start = text.encode("utf-8", "surrogatepass")
    if chance.random() < 0.02:
        start = chance.choice([b"[", b" ", b"\xef\xbb\xbf", b"{}", b""]) + start
    start += b" " * (-len(start) % 8) * chance.choice([0, 1])
    length = len(start)
    if chance.random() < 0.03:
        length = chance.choice([0, 1, length - 1, length + 1, 10**8, 2**63, 2**64 - 1])
    return length.to_bytes(8, "little") + start + content


__all__ = ["ENDING", "SECONDS_A_MEBIBYTE", "draw", "most_memory"]
