"""The lines of a text file: what it is packed with, and how its letters are encoded.

gzip, bz2, xz and a zip of one file are told by their first bytes, and so are UTF-8, UTF-16 and
UTF-32 with a byte order mark. Any other text is UTF-8 unless `encoding` names another.
"""

from __future__ import annotations

import codecs
import io
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from errno import EINVAL
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from ..core.checks import PureNetError, counted, cut

# Makes the error that says a sentence of a file, with an option that helps: see `Table.error`.
Refusal = Callable[..., PureNetError]

# A longer line is not part of a table. This also bounds the memory that one line takes.
LONGEST_LINE = 2**20
BYTES_A_CELL = 32  # a file may have this many, on average, for each cell that is allowed

# Files that people take for tables, by their first bytes, and what helps.
_SAVE = "open it in a spreadsheet and save the sheet as CSV"
_WRITE = "write it as CSV first, for example with pandas: read_{} and to_csv"
NOT_TABLES = {
    b"\xd0\xcf\x11\xe0": ("an Excel workbook (.xls)", _SAVE),
    b"PAR1": ("a Parquet file", _WRITE.format("parquet")),
    b"ARROW1": ("a Feather file", _WRITE.format("feather")),
    b"\x89HDF": ("an HDF5 file", _WRITE.format("hdf")),
    b"SQLite format 3": ("an SQLite database", _WRITE.format("sql")),
    b"%PDF": ("a PDF document", "copy its table into a spreadsheet and save that as CSV"),
    b"<!doctype html": ("a web page (HTML)", _WRITE.format("html")),
    b"<html": ("a web page (HTML)", _WRITE.format("html")),
    b"[{": ("JSON", _WRITE.format("json")),
}
# Zip files that hold these are spreadsheets.
SPREADSHEETS = {"xl": "an Excel workbook (.xlsx)", "mimetype": "an OpenDocument file"}
# What unpacks a file with this beginning; each is loaded where it is needed.
PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bz2", b"\xfd7zXZ\0": "lzma"}
_MARKS = {
    "utf-8-sig": codecs.BOM_UTF8,
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),  # UTF-32's begin so, and come before
}
_UNDECODED = re.compile("[\udc80-\udcff]")  # where "surrogateescape" met a wrong byte


def lines_of(refuse: Refusal, path: str, encoding: str | None, most_bytes: int) -> Iterator[str]:
    """Go through the lines of a file, or of standard input if the path is "-".

    CR, LF and CRLF all end a line. Raises the error that `refuse` makes of a sentence for what is
    not text, and for more than `most_bytes` after unpacking, before they take memory.
    """
    with nullcontext(sys.stdin.buffer) if path == "-" else Path(path).open("rb") as raw:
        try:
            text = _decoded(_unpacked(refuse, raw), encoding)
            yield from _checked(refuse, text, most_bytes)
            text.detach()  # so that standard input stays open
        except PureNetError:
            raise
        except Exception as error:  # each way of packing has its own
            if isinstance(error, OSError) and error.errno not in (None, EINVAL):
                raise  # it is the disk's; a damaged zip has members before its beginning
            raise refuse(f"the compressed file is damaged or cut off: {error}") from None


def _unpacked(refuse: Refusal, raw: Any) -> Any:
    """Return a binary file that unpacks what this one holds."""
    head = bytes(raw.peek(64)[:64])
    for beginning, (what, help_) in NOT_TABLES.items():
        if head.lstrip().lower().startswith(beginning.lower()):
            raise refuse(f"expected a table of text, got {what}; {help_}")
    for beginning, module in PACKED.items():
        if head.startswith(beginning):
            return import_module(module).open(raw)
    return _only_member(refuse, raw) if head.startswith(b"PK\3\4") else raw


def _only_member(refuse: Refusal, raw: Any) -> Any:
    """Return the one file in a zip file."""
    import zipfile

    packed = zipfile.ZipFile(raw if raw.seekable() else io.BytesIO(raw.read()))
    # What a Mac adds is not a member.
    names = [n for n in packed.namelist() if n[-1:] != "/" and not n.startswith("__MACOSX/")]
    for part, what in SPREADSHEETS.items():
        if part in {name.split("/")[0] for name in names}:
            raise refuse(f"expected a table of text, got {what}; {_SAVE}")
    if len(names) != 1:
        came = counted(len(names), "file")
        raise refuse(f"expected a zip of one file, got {came}; unpack it first")
    return packed.open(names[0])


def _decoded(unpacked: Any, encoding: str | None) -> io.TextIOWrapper:
    """Return the text of a binary file, with a newline at the end of each line."""
    head = unpacked.peek(4)[:4]
    found = next((name for name, mark in _MARKS.items() if head.startswith(mark)), "utf-8")
    if encoding and found == "utf-8-sig" and encoding.lower().replace("-", "") == "utf8":
        encoding = found
    try:
        return io.TextIOWrapper(unpacked, encoding or found, "surrogateescape", newline=None)
    except (LookupError, ValueError):
        wanted = "expected a text encoding such as cp1252"
        raise PureNetError(f"encoding: {wanted}, got {cut(repr(encoding))}") from None


def _checked(refuse: Refusal, text: io.TextIOWrapper, most_bytes: int) -> Iterator[str]:
    size = 0
    for number in count(1):
        try:
            line = text.readline(LONGEST_LINE + 1)
        except UnicodeError:
            line = "\udc80"  # as "surrogateescape" has a wrong byte
        if not line:
            return
        size += max(len(line), BYTES_A_CELL // 4)  # a blank line takes time, too
        if len(line) > LONGEST_LINE:
            raise refuse(f"line {number} has more than {LONGEST_LINE:,} letters")
        if size > most_bytes:
            found = f"more than {most_bytes:,} bytes of text by line {number:,}"
            raise refuse(found, "max_cells", most_bytes // BYTES_A_CELL * 4, " allows more")
        if "\0" in line:
            found = f"line {number} has a NUL byte: is it a binary file?"
            raise refuse(found, "encoding", "utf-16-le", " may be it")
        if not line.isascii() and _UNDECODED.search(line):
            tried = codecs.lookup(text.encoding).name.upper().replace("-SIG", "")
            other = "cp1252" if tried == "UTF-8" else "utf-8"
            raise refuse(f"line {number} is not text in {tried}", "encoding", other, " may be it")
        yield line
