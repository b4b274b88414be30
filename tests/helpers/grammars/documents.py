"""Documents, which JSON has, with faults at any level: values that are odd, and texts that are.

A document is a Python value. It may have two things that JSON has not, and `text_of` writes: a
`Raw`, which is literal text, and an `Again` as a key, which lets a member occur twice.
"""

import copy
import json
import math


class Raw(str):
    """Text that is written without quotes."""

    __slots__ = ()


class Again:
    """A key of an object that may be there already."""

    def __init__(self, name):
        self.name = str(name)

    def __str__(self):
        return self.name

    def __deepcopy__(self, memo):
        return self


# What may stand where a finite number is expected, and is one.
NUMBERS = [0, 1, -1, 2, 0.0, -0.0, 0.5, 1e-300, 1e300, 5e-324, -2.2e-308, 2**53 + 1, 10**30]
LARGE = [1.7976931348623157e308, -1e308, 10**99, 2**1023, Raw("1E+2"), Raw("-0"), Raw("1e-999")]
COUNTS = [-1, 0, 1, 2, 3, 5, 255, 2**16, 2**31 - 1, 2**31, 2**32 - 1, 2**32, 2**53, 2**63, 2**64]
COUNTS += [10**12, 10**30, -(2**63), 1.0, 2.5, True, False]
NO_JSON = [Raw("NaN"), Raw("-Infinity"), Raw("1e999"), Raw("01"), Raw("1."), Raw(".5"), Raw("+1")]
NO_JSON += [Raw("0x10"), Raw("1_0"), Raw("9" * 101), Raw("7" * 5000), Raw("True"), Raw("'a'")]
NO_JSON += [Raw(""), Raw('"\t"'), Raw('"\\x"'), Raw('"\\ud8"'), Raw("[1,]"), Raw('{"a"}')]
NO_JSON += [Raw("/**/1")]
TEXTS = ["", "a", "b", "no", "purenet", "relu", "tanh", "softmax", "linear", "sgd", "auto"]
TEXTS += ["x" * 41, "\ud800", "\udc80x", "\U0001f600", "\0", "\n", "\x1b[31m", '"', "\\", "é"]
TEXTS += ["e\u0301", "1", "__class__", "constructor", "\u2028", "x" * 5000, "{0}", "%s", "../a"]
TEXTS += ["'''", "</script>"]
OTHERS = [None, True, False, [], {}, [[]], [None], [0], [[1.0]], [[[1.0]]], {"a": 1}]
OTHERS += [[[1], [2, 3]]]


def number(chance):
    """Return a finite number, of any size."""
    kind = chance.randrange(12)
    if kind < 9:
        return chance.uniform(-2.0, 2.0)
    return chance.choice(NUMBERS if kind < 11 else LARGE[:2])


def matrix(chance, rows, columns):
    return [row(chance, columns) for _ in range(rows)]


def row(chance, length):
    return [number(chance) for _ in range(length)]


def odd_value(chance):
    """Return a value that is seldom the right one."""
    kind = chance.randrange(40)
    some = (NUMBERS, LARGE, COUNTS, TEXTS, OTHERS, TEXTS, COUNTS, OTHERS, NO_JSON)
    if kind < 36:
        return copy.deepcopy(chance.choice(some[kind // 4]))
    if kind == 36:
        return [chance.choice(chance.choice(some))] * chance.choice([2, 3, 50, 3000])
    if kind == 37:
        depth = chance.choice([3, 60, 990, 5000])
        opening, closing = chance.choice([("[", "]"), ('{"a":', "}")])
        return Raw(opening * depth + chance.choice(["", "1", "[]"]) + closing * depth)
    if kind == 38:
        return {str(i): i for i in range(chance.choice([2, 20, 2000]))}
    return chance.choice([math.nan, math.inf, -math.inf])


def with_faults(chance, document, most=2):
    """Return a document with some values changed, each at any level."""
    for _ in range(chance.choice([1, 1, 1, *range(1, most + 1)])):
        _fault(chance, document)
    return document


def places(value):
    """Return the keys of an object or a list."""
    return list(value) if isinstance(value, dict) else range(len(value))


def _walk(chance, document):
    """Return a part of a document, and one of its keys; mostly far below the surface."""
    part = document
    while True:
        inner = [key for key in places(part) if part[key] and isinstance(part[key], (dict, list))]
        if not inner or chance.random() < 0.25:
            return part, chance.choice(places(part))
        part = part[chance.choice(inner)]


def _fault(chance, document):
    if not document:
        return
    part, key = _walk(chance, document)
    kind = chance.randrange(12)
    if kind < 5:
        part[key] = odd_value(chance)
    elif kind < 7:
        del part[key]
    elif kind == 7:
        other, place = _walk(chance, document)
        part[key] = copy.deepcopy(other[place])
    elif kind == 8 and isinstance(part, list):
        part.insert(key, copy.deepcopy(chance.choice(part)))
    elif kind == 8:
        part[Again(key)] = chance.choice([copy.deepcopy(part[key]), odd_value(chance)])
    elif kind == 9 and isinstance(part, dict):
        part[chance.choice([*part, *TEXTS])] = part.pop(key)
    elif kind == 10:
        part[key] = [part[key]]
    elif isinstance(part[key], list) and part[key]:
        chance.shuffle(part[key])
    else:
        part[key] = _neighbor(chance, part[key])


def _neighbor(chance, value):
    """Return a value of the same kind that is another."""
    if isinstance(value, bool) or value is None:
        return chance.choice([None, True, False])
    if isinstance(value, (int, float)):
        return chance.choice([value + 1, value - 1, -value, float(value), *COUNTS])
    return chance.choice(TEXTS)


def text_of(value, gap=""):
    """Return the JSON of a value, with blanks between its words."""
    if isinstance(value, Raw):
        return str(value)
    if isinstance(value, dict):
        items = [f"{json.dumps(str(key))}:{gap}{text_of(of, gap)}" for key, of in value.items()]
        return f"{{{gap}{f',{gap}'.join(items)}{gap}}}"
    if isinstance(value, (list, tuple)) and not {*map(type, value)} <= {int, float}:
        return f"[{gap}{f',{gap}'.join([text_of(each, gap) for each in value])}{gap}]"
    return json.dumps(value)


GAPS = ["", "", " ", " ", "\n", "\t\r\n ", "\v", "\xa0", "//\n"]
ENCODINGS = ["utf-8-sig", "utf-16", "utf-32", "latin-1", "cp1252"]


def bytes_of(chance, document):
    """Return a document as a file, now and then in a text that JSON does not allow."""
    text = text_of(document, chance.choice(GAPS[: 6 if chance.random() < 0.97 else 9]))
    kind = chance.randrange(60)
    if kind == 0:
        return text.encode(chance.choice(ENCODINGS), "replace")
    if kind == 1:
        text += chance.choice([",", "}", "\0", " 1", "\n" * 1000, "\x1a", text])
    if kind == 2:
        text = text.replace('"', chance.choice(["'", "”", '\\"']), chance.choice([1, -1]))
    if kind == 3:
        text = chance.choice([" ", "\ufeff", "\n", "var a = "]) + text
    return text.encode("utf-8", "surrogatepass")


def damaged(chance, data):
    """Return bytes that are damaged, as by a bad disk or a transfer that was cut off."""
    data, kind = bytearray(data), chance.randrange(5)
    start = chance.randrange(len(data) or 1)
    if kind == 0:
        return bytes(data[:start])
    if kind == 1 and data:
        data[start] ^= 1 << chance.randrange(8)
    elif kind == 2:
        del data[start : start + chance.randint(1, 9)]
    elif kind == 3:
        data[start:start] = chance.choice([b"\0" * 64, data[start : start + 16], b"\xff", b"1"])
    else:
        data[start : start + 4] = chance.choice([b"\xff" * 4, b"\0" * 4, b"\0\0\0\x80", b"PK\3\4"])
    return bytes(data)


def often_faulty(chance, part, faulty):
    """Return a part, and as often with faults as without."""
    return faulty(chance, part) if chance.random() < 0.5 else part
