"""Tables as text, plain and compressed: columns of every kind, and lines that do not fit them."""

import bz2
import gzip
import io
import lzma
import struct
import warnings
import zipfile

from fuzzing import LONGEST_MESSAGE, check_message

from grammars.documents import damaged
from purenet import PureNetError, load, save
from purenet.tables import learn
from purenet.tables import read as read_table
from purenet.tables.files import BYTES_A_CELL
from purenet.tables.notes import flagged

ENDING = ".csv"
SECONDS_A_MEBIBYTE = 4.0

MOST_CELLS = 20_000  # of those that are read; else a gigabyte could hide in a megabyte

NAMES = ["a", "b", "size", "Größe", "", "x y", "1", "Unnamed: 0", "rownames", "a", "B", "'q'"]
NAMES += ['"q"', "\x1b[2J", "a\nb", "n" * 3000]
ODD_CELLS = ["", "?", "NA", "nan", "inf", "-inf", "1e400", "1e-400", "9" * 400, "-", "#", "# x"]
ODD_CELLS += ["=1+1", "1_000", "0x1F", "\uff11\uff12", "٣", "½", "²", "1,5", "1.234,5", "1'234.5"]
ODD_CELLS += ["(5)", "5 %", "€3", "2021-02-30", "0000-00-00", "99/99/9999", "1/2/3", "12:30"]
ODD_CELLS += ["2021-01-01T25:00", "True", "\ud800", "\0", "\x1b[2J", "\ufeff", "\u2028", "a\nb"]
ODD_CELLS += ['a"b', '"', '""', "x" * 3000, "'", "\x85", "\x1c", "\xa0", "\u200b", "e\u0301", "İ"]
ODD_CELLS += ["ß", "1\xa0000", "\u22125", "Infinity", "1e5"]
ODD_CELLS += ["1 " * 9000, "1" * 9000, "1-" * 9000, "1.000." * 3000, "$" * 9000, "(1" * 4000]
ODD_LINES = ["", "   ", "# comment", "#a,b,c", "sep=;", "Title", ",,,,,,,,", '"', "\0", "\t"]
ODD_LINES += ["---|---", "," * 3000, "x" * 70000, '"' * 999, " " * 5000, "\ufeff", "\x1a"]
ODD_LINES += ["PK\3\4", "<html>"]
DELIMITERS = [",", ",", ",", ";", "\t", "|", " "]
ENCODINGS = ["utf-8-sig", "utf-16", "utf-32", "latin-1", "utf-16-le", "cp1252", "utf-7"]
NEWLINES = ["\n", "\n", "\n", "\r\n", "\r", "\n\n"]
OPTIONS = {
    "delimiter": [",", ";", " ", "\t", "a", "\u20ac", "\0"],
    "header": [True, False],
    "skip": [0, 1, 2, 10**6],
    "encoding": ["utf-8", "cp1252", "utf-16", "utf-8-sig", "ascii", "zip", "rot13", "idna"],
    "decimal": [".", ","],
    "missing_values": [["-9"], [], "NA,x", [""]],
    "text": [["a"], "b", ["1"]],
    "ignore_case": [True],
    "max_cells": [1, 10, 300],
}


def most_memory(data):
    """Return the memory that reading may take.

    An empty cell in a list is the most that a byte can ask for: two bytes, in a list of one cell.
    """
    return 2**19 + 250 * bytes_read(data)


def bytes_read(data):
    """Return the bytes of text in a file, or the most that is unpacked: it depends on the cells."""
    is_packed = data[:2] in (b"\x1f\x8b", b"BZ", b"\xfd7", b"PK")
    return max(len(data), BYTES_A_CELL * MOST_CELLS * is_packed)


def draw(chance):
    """Return the bytes of a file, and options, of which one is the target to learn."""
    delimiter = chance.choice(DELIMITERS)
    rows, names = rows_of(chance)
    lines = [delimiter.join([quoted(chance, cell, delimiter) for cell in row]) for row in rows]
    if chance.random() < 0.35:
        _fault(chance, lines)
    newline = chance.choice(NEWLINES)
    text = newline.join(lines) + chance.choice([newline, ""])
    options = {"max_cells": MOST_CELLS, "target": chance.choice([*names, "a"])}
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        name = chance.choice(list(OPTIONS))
        options[name] = chance.choice(OPTIONS[name])
    data = packed(chance, encoded(chance, text))
    return damaged(chance, data) if chance.random() < 0.08 else data, options


def encoded(chance, text):
    if chance.random() < 0.9:
        return text.encode("utf-8", "surrogatepass")
    return text.encode(chance.choice(ENCODINGS), "replace")


# -- rows ----------------------------------------------------------------------------------------


def rows_of(chance):
    """Return rows of cells, the header first, and the names of the columns."""
    width = chance.choice([1, 2, 3, 4, 6])
    height = chance.choice([0, 1, 2, 5, 12, 12, 30, 30])
    if chance.random() < 0.01:
        width, height = chance.choice([(2, 3000), (500, 10)])
    names = [chance.choice(NAMES) if chance.random() < 0.4 else f"c{j}" for j in range(width)]
    kinds = [chance.choice(KINDS) for _ in names]
    columns = [[kind(chance, i) for i in range(height)] for kind in kinds]
    rows = [list(row) for row in zip(*columns)]
    for _ in range(chance.choice([0, 0, 0, 1, 1, 3, 9]) if rows else 0):
        chance.choice(rows)[chance.randrange(width)] = chance.choice(ODD_CELLS)
    return [names, *rows] if chance.random() < 0.9 else rows, names


# What the cells of a column are, by their row.
KINDS = [
    lambda chance, i: f"{chance.uniform(-3, 3):.3f}",
    lambda chance, i: str(chance.randint(0, 9)),
    lambda chance, i: chance.choice(["no", "yes"]),
    lambda chance, i: chance.choice(["red", "green", "blue", "Red", "é"]),
    lambda chance, i: str(i + 1),
    lambda chance, i: f"{chance.randint(1, 9)}.{chance.randint(100, 999)},5",
    lambda chance, i: f"20{chance.randint(10, 24)}-0{chance.randint(1, 9)}-15",
    lambda chance, i: f"{chance.randint(1, 28)}/{chance.randint(1, 12)}/2020",
    lambda chance, i: f"€{chance.randint(1, 99)}",
    lambda chance, i: chance.choice(["1", "2", "NA", ""]),
    lambda chance, i: chance.choice(["true", "false"]),
    lambda chance, i: "5",
]


def quoted(chance, cell, delimiter):
    needed = delimiter in cell or '"' in cell or "\n" in cell
    if (needed and chance.random() < 0.9) or chance.random() < 0.03:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _fault(chance, lines):
    """Change lines as wholes."""
    for _ in range(chance.choice([1, 1, 2])):
        i, kind = chance.randrange(len(lines) + 1), chance.randrange(8)
        line = lines[i] if i < len(lines) else ""
        if kind < 3:
            lines.insert(i, chance.choice(ODD_LINES))
        elif kind == 3:
            lines[i : i + 1] = [line + chance.choice([",1", ",", ";;", '"', "\t", " x", "\r"])]
        elif kind == 4:
            lines[i : i + 1] = [line[: len(line) // 2]]
        elif kind == 5:
            lines[i:i] = ["#" + line] * chance.choice([1, 200])
        elif kind == 6:
            lines[i:i] = [line] * chance.choice([1, 300])
        else:
            more = "," * chance.choice([1, 1, 1, 3000])
            lines[:] = [each + more for each in lines]


# -- what a file is packed with ------------------------------------------------------------------


def packed(chance, data):
    """Return data plain or compressed; what is compressed may be wrong or very long."""
    kind = chance.randrange(16)
    if kind < 9:
        return data
    if chance.random() < 0.06:
        data += chance.choice([b"1,2\n" * 10**5, b"\n" * 10**6, b"x" * 3 * 10**6, b"," * 10**6])
    if kind < 13:
        packed = gzip.compress(data, mtime=0)
        if chance.random() < 0.2:
            packed = _odd_gzip(chance, packed)
        return packed
    if kind < 15:
        return chance.choice([bz2.compress, lzma.compress, lzma_alone])(data)
    return zipped(chance, data)


def lzma_alone(data):
    return lzma.compress(data, lzma.FORMAT_ALONE)


def _odd_gzip(chance, packed):
    end = struct.unpack("<II", packed[-8:])
    wrong = chance.choice([(end[0] ^ 1, end[1]), (end[0], end[1] + 1)])
    head = bytearray(packed[:10])
    head[3] = chance.choice([2, 4, 8, 16, 31, 255])
    others = [packed * 2, packed + b"\0" * 100, packed + b"x", packed[:-8], packed[:-9], packed[:5]]
    others += [packed[:-8] + struct.pack("<II", *wrong), bytes(head) + packed[10:]]
    return chance.choice([*others, gzip.compress(packed), packed[:10] + b"\xff" * 30])


def zipped(chance, data):
    file, names = io.BytesIO(), [["a.csv"], ["a.csv"], ["a.csv", "b.csv"], ["d/", "d/a.csv"], []]
    names += [["__MACOSX/a", "a.csv"], ["xl/a.xml"], ["a.csv", "a.csv"], ["../a"]]
    method = chance.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
    with zipfile.ZipFile(file, "w", method) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        for name in chance.choice(names):
            archive.writestr(zipfile.ZipInfo(name), b"" if name.endswith("/") else data, method)
    return file.getvalue()


# -- what is read --------------------------------------------------------------------------------


LONGEST_NOTE = 600  # a sentence and an option of at most 250 letters each, and what joins them


def check_notes(notes):
    """Fail if a note is not a line to read, in Python's spelling or in the command line's."""
    for note in notes:
        for spelled in (note, flagged(note)):
            assert spelled.isprintable(), spelled
            assert len(spelled) < LONGEST_NOTE, spelled


def read(path, target, **options):
    return read_table(path, **options)


def check(table, path, options):
    """Fail if a table is not one, or if what is learned from it is another when it is loaded."""
    assert table.columns
    assert {len(cells) for cells in table.columns.values()} == {len(table.lines)}
    assert all(type(cell) is str for cells in table.columns.values() for cell in cells)
    check_notes(table.notes)
    if len(table.columns) * len(table.lines) > 300:
        return
    target = options["target"]
    try:
        learned = learn(table, target, epochs=2, hidden=2, test=0.2, validation_fraction=0)
    except PureNetError as error:
        check_message(str(error), (table.source, *OPTIONS), LONGEST_MESSAGE + 3 * LONGEST_NOTE)
        return
    model = path.with_name("learned.json")
    try:
        save(learned.estimator, model)
    except PureNetError as error:
        check_message(str(error), (str(model),))
        return
    check_notes(learned.notes)
    X = learned.problem.X[:3]
    assert repr(load(model).predict(X)) == repr(learned.estimator.predict(X))
    first = model.read_bytes()
    save(load(model), model)
    assert model.read_bytes() == first
