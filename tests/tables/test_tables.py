"""Tables from CSV files, and what their columns mean: as the csv module and NumPy have it."""

import bz2
import codecs
import csv
import gzip
import io
import lzma
import math
import sys
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import complaint

from purenet import PureNetError
from purenet.tables.columns import Column, answers_in, columns_of, encode, known_rows
from purenet.tables.csv_table import Table, read
from purenet.tables.files import LONGEST_LINE, NOT_TABLES
from purenet.tables.kinds import kinds_of
from purenet.tables.problem import problem_of
from purenet.tables.styles import is_value


@pytest.fixture
def written(tmp_path):
    """Write bytes or text to a file, and return its name."""

    def write(content):
        path = tmp_path / "data.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


def table_of(text, names=("a", "b")):
    """Return a table of cells that stand between blanks, a row a line, after a header."""
    rows = [line.split(" ") for line in text.splitlines()]
    return Table("data.csv", list(names), rows, list(range(2, 2 + len(rows))))


def columns_in(table, fill=True):
    """Return the inputs of a table."""
    return columns_of(table, kinds_of(table, table.names), fill)


# -- reading -------------------------------------------------------------------------------------


def test_a_table_has_names_rows_and_the_lines_on_which_they_stood(written):
    table = read(written("a,b\n1,x\n\n2,y\n"))
    assert (table.names, table.rows, table.lines) == (["a", "b"], [["1", "x"], ["2", "y"]], [2, 4])
    assert table.column("b") == ["x", "y"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_delimiter_line_ends_byte_order_mark_and_gzip_are_recognized(
    written, delimiter, end, mark, pack
):
    rows = [["a", "b,c;d"], ["1.5", "x"], ["2.5", "y z"]]
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=end).writerows(rows)
    table = read(written(pack((mark + text.getvalue()).encode())))
    assert [table.names, *table.rows] == rows


cell = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp", "Zs"]), min_size=1, max_size=6
)


@given(
    st.integers(1, 4).flatmap(
        lambda n: st.lists(st.lists(cell, min_size=n, max_size=n), min_size=1, max_size=6)
    ),
    st.sampled_from([",", ";", "\t", "|"]),
)
def test_what_the_csv_module_writes_is_read_as_it_was(tmp_path_factory, rows, delimiter):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(text.getvalue().encode())
    assert read(str(path), delimiter, header=False).rows == rows


def test_a_first_line_without_a_number_is_a_header_unless_told_otherwise(written):
    text = "a,b\nc,d\n"
    assert read(written(text)).names == ["a", "b"]
    assert read(written(text), header=False).names == ["1", "2"]
    assert read(written("1,x\n2,y\n")).names == ["1", "2"]
    assert read(written("1,x\n2,y\n"), header=True).names == ["1", "x"]


def test_a_decimal_comma_is_no_delimiter_where_a_semicolon_is_one(written):
    assert read(written("a;b\n1,5;2\n2,5;3\n")).rows == [["1,5", "2"], ["2,5", "3"]]


@pytest.mark.parametrize("rows", [19, 20, 21, 1000])
def test_every_row_is_there_however_many(written, rows):
    table = read(written("a,b\n" + "".join(f"{i},x\n" for i in range(rows))))
    assert table.column("a") == [str(i) for i in range(rows)]


def test_comments_count_as_lines(written):
    table = read(written("# a comment, with a comma\n#another\na,b\n# 1,2\n3,4\n"))
    assert (table.names, table.rows, table.lines) == (["a", "b"], [["3", "4"]], [5])
    assert table.notes == ["1 comment line left out below the first row"]


def test_lines_that_are_skipped_count_as_lines(written):
    table = read(written("a,b\nc,d\n1,2\n"), skip=1)
    assert (table.names, table.lines) == (["c", "d"], [3])
    assert complaint(read, written("a,b\nc,d\n1\n3,4\n5,6"), skip=1).endswith(
        "line 3 has 1 value, but most lines have 2"
    )


def test_a_row_of_delimiters_alone_is_a_row_without_any_cell(written):
    table = read(written("a,b\n1,2\n,\n\n3,4\n"))
    assert (table.rows, table.lines) == ([["1", "2"], ["", ""], ["3", "4"]], [2, 3, 5])


def test_a_number_is_no_column_of_a_table_with_a_header(written):
    table = read(written("a,b,\n0,0,1\n2,1,5\n"), wanted=["3"])
    assert table.names == ["a", "b", "3"]


def test_a_numbering_with_gaps_is_left_out_too_by_any_name_that_r_gives_it(written):
    for name in ("", '""', "Row.names", "rownames", "Unnamed: 0"):
        assert read(written(f"{name},a,b\n1,2,x\n7,4,y\n")).names == ["a", "b"]
    assert read(written("id,a,b\n1,2,x\n7,4,y\n")).names == ["id", "a", "b"]
    assert read(written(",a,b\n1,2,x\n1,4,y\n")).names == ["1", "a", "b"]


def test_quoted_cells_may_have_line_ends(written):
    table = read(written('a,b\n"1\n2",x\n3,y\n'))
    assert table.rows == [["1\n2", "x"], ["3", "y"]]
    assert table.lines == [3, 4]


def test_standard_input_is_called_minus(monkeypatch):
    class Input:
        buffer = io.BufferedReader(io.BytesIO(b"a,b\n1,2\n3,x,y\n"))

    monkeypatch.setattr(sys, "stdin", Input())
    assert complaint(read, "-").startswith("standard input: line 3 has 3 values")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "expected a table, got an empty file"),
        (b"\n \n,,\n", "expected rows after the header, got none"),
        (b"a,b\n", "expected rows after the header, got none"),
        (b"a,b\n1,2\n3\n", "line 3 has 1 value, but most lines have 2"),
        (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 values, but most lines have 2"),
        (b"a,b,c\n1,2\n3,4\n", "line 1 has 3 values, but most lines have 2 (skip=1 leaves it out)"),
        (b"a,b\n1,\x00\n", "line 2 has a NUL byte: is it a binary file? (encoding"),
        (b"\x7fELF\x02\x01\x01\x00", "line 1 has a NUL byte: is it a binary file? (encoding"),
        (b"a,b\n1,\xff\n", 'line 2 is not text in UTF-8 (encoding="cp1252" may be it)'),
        (
            "a,b\n1,2\n".encode("utf-16-le"),
            'line 1 has a NUL byte: is it a binary file? (encoding="utf-16-le" ',
        ),
        (codecs.BOM_UTF16_LE + b"\x00\xd8\x0a\x00", "line 1 is not text in UTF-16"),
        pytest.param(
            b"a,b\n" + b"1" * (LONGEST_LINE + 1),
            f"line 2 has more than {LONGEST_LINE:,} letters",
            id="a long line",
        ),
        pytest.param(
            b"a,b\n" + b"1" * 200_000,
            "the row that begins in line 2: field larger than field limit (131072)",
            id="a long cell",
        ),
        (gzip.compress(b"a,b\n1,2\n")[:-9], "the compressed file is damaged or cut off"),
        (b"\x1f\x8bnonsense", "the compressed file is damaged or cut off"),
        (b"BZhnonsense", "the compressed file is damaged or cut off"),
        (b"\xfd7zXZ\0nonsense", "the compressed file is damaged or cut off"),
        (lzma.compress(b"a,b\n1,2\n")[:-9], "the compressed file is damaged or cut off"),
        (bz2.compress(b"a,b\n1,2\n")[:-9], "the compressed file is damaged or cut off"),
        (b"PK\3\4nonsense", "the compressed file is damaged or cut off"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence_with_the_file(written, content, message):
    name = written(content)
    said = complaint(read, name)
    assert said.startswith(f"{name}: {message}")
    assert "\n" not in said


def test_what_people_take_for_a_table_is_called_what_it_is(written):
    for beginning, (what, advice) in NOT_TABLES.items():
        name = written(beginning + b" and more\n1,2\n")
        assert complaint(read, name) == f"{name}: expected a table of text, got {what}; {advice}"


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (
            ["xl/workbook.xml", "[Content_Types].xml"],
            "expected a table of text, got an Excel workbook (.xlsx); open it",
        ),
        (
            ["mimetype", "content.xml"],
            "expected a table of text, got an OpenDocument file; open it",
        ),
        (["a.csv", "b.csv"], "expected a zip of one file, got 2 files; unpack it first"),
        ([], "the compressed file is damaged or cut off"),
    ],
)
def test_a_zip_of_anything_but_one_file_is_called_what_it_is(written, names, message):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for each in names:
            archive.writestr(each, "a,b\n1,2\n")
    assert message in complaint(read, written(packed.getvalue() if names else b"PK\3\4"))


def test_a_zip_whose_beginning_is_cut_off_is_damaged(written):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.csv", "a,b\n1,2\n")
    data = packed.getvalue()
    said = complaint(read, written(data[:4] + data[5:]))
    assert "the compressed file is damaged or cut off" in said


def test_a_zip_may_hold_what_a_mac_adds(written):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("data/data.csv", "a,b\n1,2\n")
        archive.writestr("__MACOSX/data/._data.csv", "\0")
    assert read(written(packed.getvalue())).rows == [["1", "2"]]


def test_a_table_has_a_limit_of_cells_that_may_be_raised(written):
    name = written("a,b\n" + "1,2\n" * 100)
    message = f"{name}: more than 50 cells by line 26 (max_cells=200 allows more)"
    assert complaint(read, name, max_cells=50) == message
    assert len(read(name, max_cells=202).rows) == 100


def test_what_unpacks_to_much_more_is_refused_before_it_takes_memory(written):
    name = written(gzip.compress(b"a,b\n" + (b"1" * 1000 + b",2\n") * 10_000))
    assert complaint(read, name, max_cells=30_000) == (
        f"{name}: more than 960,000 bytes of text by line 959 (max_cells=120000 allows more)"
    )


def test_many_columns_are_read_in_a_time_that_grows_with_their_number(written):
    wide = [f"c{j}" for j in range(40_000)]
    table = read(written(",".join(wide) + "\n" + ",".join(["1"] * 40_000) + "\n"))
    assert table.names == wide
    assert [table.column(name) for name in wide] == [["1"]] * 40_000


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"delimiter": "::"}, "delimiter: expected one character, got '::'"),
        ({"decimal": ";"}, 'decimal: expected "." or ",", got \';\''),
        ({"encoding": "latin-99"}, "encoding: expected a text encoding such as cp1252, got"),
        ({"encoding": "hex"}, "encoding: expected a text encoding such as cp1252, got 'hex'"),
        ({"skip": -1}, "skip: expected"),
        ({"max_cells": 0}, "max_cells: expected"),
        ({"missing_values": [1]}, "missing_values: expected a text, got 1"),
        ({"text": [None]}, "text: expected the name of a column, got None"),
        ({"header": "yes"}, "header: expected"),
        ({"ignore_case": 2}, "ignore_case: expected"),
    ],
)
def test_wrong_options_of_reading_are_refused(written, options, message):
    assert message in complaint(read, written("a,b\n1,2\n"), **options)


def test_a_line_of_two_gigabytes_is_refused_after_its_first_megabyte():
    class Endless(io.RawIOBase):
        asked = 0

        def readable(self):
            return True

        def readinto(self, buffer):
            Endless.asked += len(buffer)
            buffer[:] = b"1" * len(buffer)
            return len(buffer)

    class Input:
        buffer = io.BufferedReader(Endless())

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", Input())
        assert "line 1 has more than" in complaint(read, "-")
    assert Endless.asked < 2 * LONGEST_LINE


def test_a_column_that_is_not_there_is_refused_with_the_nearest():
    message = "data.csv: no column is called 'petal_lenght'; is it 'petal_length'?"
    table = table_of("1 2", ["petal_length", "petal_width"])
    assert complaint(table.column, "petal_lenght") == message
    assert len(complaint(table.column, "x" * 1000)) < 150


def test_where_no_name_is_near_the_columns_are_listed():
    message = "data.csv: no column is called 'price'; the columns are 'x', 'y'"
    assert complaint(table_of("1 2", ["x", "y"]).column, "price") == message
    wide = Table("data.csv", [f"pixel{i}" for i in range(1000)], [], [])
    assert complaint(wide.column, "y").endswith("'pixel8', 'pixel9', ...")


# -- meaning -------------------------------------------------------------------------------------


def test_numbers_are_one_input_and_texts_one_each():
    table = table_of("1 red\n2.5 blue\n-3e2 red\n5 blue")
    columns = columns_in(table)
    assert [column.texts for column in columns] == [(), ("blue", "red")]
    assert [name for column in columns for name in column.inputs] == ["a", "b=blue", "b=red"]
    assert encode(columns, table) == [
        *([1.0, 0.0, 1.0], [2.5, 1.0, 0.0], [-300.0, 0.0, 1.0], [5.0, 1.0, 0.0])
    ]


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_a_missing_number_gets_the_mean_as_numpy_finds_it(values):
    there = [value for value in values if value is not None]
    table = table_of("\n".join(f"{'NA' if v is None else repr(v)} x" for v in values))
    kinds = kinds_of(table, ["a"])
    columns = columns_of(table, kinds)
    if len({*there}) < 2:  # empty, or constant
        assert columns == []
        return
    # The mean of parts: each of the n roundings of size 2**-53 in value / n and in the sums.
    bound = 2 * len(there) * 2.0**-53 * max(map(abs, there)) + 5e-324 * len(there)
    assert abs(columns[0].mean - np.mean(there)) <= bound
    filled = [columns[0].mean if value is None else value for value in values]
    assert encode(columns, table) == [[value] for value in filled]


@pytest.mark.parametrize("missing", ["", "NA", "N/A", "?"])
def test_a_missing_text_is_all_zeros_and_may_be_refused(missing):
    cells = [["x"], [missing], ["y"], ["x"], ["y"]]
    table = Table("data.csv", ["b"], cells, [2, 3, 4, 5, 6])
    assert encode(columns_in(table), table)[:3] == [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]
    message = "data.csv: line 3, column 'b': the cell is missing (missing=\"mean\" allows it)"
    assert complaint(columns_in, table, fill=False) == message


def test_a_missing_number_is_refused_later_if_it_was_refused_in_training():
    columns = columns_in(table_of("1 x\n2 y\n3 x\n4 y"), fill=False)
    gap = Table("new.csv", ["a", "b"], [["", "x"]], [7])
    message = "new.csv: line 7, column 'a': expected a value, got '', a missing cell"
    assert complaint(encode, columns, gap) == message
    rows = [[str(i), "x"] for i in range(99)]
    odd = Table("new.csv", ["a", "b"], [*rows, ["low", "x"]], [*range(2, 102)])
    message = "new.csv: line 101, column 'a': expected a number, got 'low'"
    assert complaint(encode, columns, odd).startswith(message)


def test_columns_are_found_by_their_names_in_any_order_among_others():
    columns = columns_in(table_of("1 2\n3 4"))
    other = Table("new.csv", ["c", "b", "a"], [["9", "2", "1"]], [2])
    assert encode(columns, other) == [[1.0, 2.0]]


def test_columns_that_lack_are_named():
    columns = [Column("a", mean=0.0), Column("b", mean=0.0), Column("c", mean=0.0)]
    table = Table("new.csv", ["b"], [["1"]], [2])
    assert (
        complaint(encode, columns, table) == "new.csv: 2 columns are missing: 'a', 'c'; it has 'b'"
    )
    assert complaint(encode, columns[:2], table) == "new.csv: 1 column is missing: 'a'; it has 'b'"


@pytest.mark.parametrize("cell", ["five", "nan", "-inf", "1e999", "1_000", "x" * 50, ""])
def test_what_is_no_finite_number_among_numbers_is_refused_with_its_place(cell):
    table = table_of(f"1 x\n{cell} y\n3 z")
    said = complaint(encode, [Column("a")], table, strict=True)
    assert said.startswith("data.csv: line 3, column 'a': ")
    what = "a value" if cell in ("", "nan") else "a number"
    assert f"expected {what}, got '{cell[:37]}" in said
    assert complaint(encode, [Column("a")], table, strict=True) == said


def test_few_odd_words_among_numbers_to_predict_by_count_as_missing():
    cells = [[str(i)] for i in range(99)]
    table = Table("new.csv", ["a"], [*cells, ["low"]], [*range(2, 102)])
    assert encode([Column("a", mean=2.5)], table)[-1] == [2.5]
    assert table.notes == ["column a: 1 cell unknown in training taken as missing: 'low'"]
    message = "new.csv: line 101, column 'a': expected a number, got 'low' "
    hint = '(missing_values="low" takes it as missing)'
    assert complaint(encode, [Column("a", mean=2.5)], table, strict=True) == message + hint


def test_a_number_that_is_told_to_mean_a_missing_cell_is_none_to_predict_by(written):
    table = read(written("a,b\n1,2\n-9999,3\n"), missing_values="-9999")
    assert encode([Column("a", mean=2.5), Column("b")], table) == [[1.0, 2.0], [2.5, 3.0]]
    assert table.notes == ["column a: 1 missing, filled with 2.5"]


@pytest.mark.parametrize("word", ["x" * 3000, "1,2,3 cows", "\x1b[2J", "a\nb", "\u200b"])
def test_a_word_that_nobody_can_type_is_not_advised_as_an_option(word):
    cells = [*"1234", word]
    table = Table("new.csv", ["a"], [[cell] for cell in cells], [2, 3, 4, 5, 6])
    kinds_of(table, ["a"])
    shown = repr(word if len(word) < 40 else word[:37] + "...")
    found = f"column a: line 6: {shown} among 4 numbers: all are taken as texts"
    assert table.notes == [found]
    message = f"new.csv: line 6, column 'a': expected a number, got {shown}"
    assert complaint(encode, [Column("a")], table, strict=True) == message


def test_a_note_has_no_control_characters_of_a_name():
    table = table_of("1 x\n2 x", ["a\x1b[2J", "b\n"])
    table.say("column a\x1b[2J: always 'x'", "text", "b\n", " keeps it")
    [note] = table.notes
    assert note == "column a\\x1b[2J: always 'x' (text=\"b\\n\" keeps it)"
    assert note.flagged == "column a\\x1b[2J: always 'x' (--text 'b\\n' keeps it)"


def test_a_note_about_a_very_long_name_has_its_beginning_and_its_end_and_no_option(written):
    table = read(written(f"a,{'n' * 3000},c\n1,x,0\n2,x,1\n3,x,0\n4,x,1\n"))
    notes = problem_of(table, ["c"], "auto", (), "mean").table.notes
    assert f"column {'n' * 93}...{'n' * 79} left out: always 'x'" in notes


@pytest.mark.parametrize("task", ["auto", "classification"])
def test_the_first_note_is_one_line_whatever_the_target_is_called(written, task):
    table = read(written('a,"b\nc"\n1,x\n2,y\n1,x\n2,y\n'))
    first, *_ = problem_of(table, "b\nc", task, (), "mean").table.notes
    assert first == f"{table.source}: 4 rows, 2 columns; b\\nc: classification, 2 classes"


def test_a_number_of_very_many_digits_that_repeats_is_named_by_its_first_ones():
    cells = [*"12345678", "9" * 100, "9" * 100]
    table = Table("new.csv", ["a"], [[cell] for cell in cells], [*range(2, 12)])
    kinds_of(table, ["a"])
    [note] = [note for note in table.notes if "occurs" in note]
    assert note == f"column a: {'9' * 37}... occurs 2 times, far outside the rest"


# Each would take hours if the time grew with the square of the length.
def test_very_many_empty_cells_behind_the_last_column_are_left_out_at_once(written):
    table = read(written("a,b" + "," * 200_000 + "\n1,2" + "," * 200_000 + "\n"))
    assert (table.names, table.rows) == (["a", "b"], [["1", "2"]])


def test_very_many_blanks_in_a_cell_are_no_number_at_once():
    assert not is_value("(" + " " * 2**20 + ")")


def test_a_text_that_was_not_there_in_training_is_counted_or_refused():
    columns = [Column("b", ("blue", "red"))]
    table = Table("new.csv", ["b"], [["red"], ["green"], ["pink"], ["green"]], [2, 3, 4, 5])
    assert encode(columns, table) == [[0.0, 1.0], [0.0, 0.0], [0.0, 0.0], [0.0, 0.0]]
    found = "column b: 3 cells unknown in training taken as missing: 'green', and 1 more"
    assert table.notes == [found]
    message = "line 3, column 'b': 'green' did not occur in training, only 'blue', 'red'"
    assert complaint(encode, columns, table, strict=True) == f"new.csv: {message}"
    rare = [Column("b", ("blue", "red"), has_other=True)]
    table = table.without_rows()
    table.notes = []
    assert encode(rare, table)[:2] == [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    assert table.notes == ["column b: 3 cells of other texts taken as (other)"]


def test_a_text_that_is_equal_to_a_person_is_the_one_of_training():
    columns = [Column("b", ("caf\xe9", "Red"))]
    table = Table("new.csv", ["b"], [["red"], ["cafe\u0301"]], [2, 3])
    assert encode(columns, table, strict=True) == [[0.0, 1.0], [1.0, 0.0]]


def test_numbers_to_predict_by_may_be_written_otherwise_than_in_training():
    table = Table("new.csv", ["a"], [["1.234,5"], ["7"]], [2, 3])
    assert encode([Column("a")], table) == [[1234.5], [7.0]]
    found = "column a: '1.234,5' is read as 1234.5; in training, it was written otherwise"
    assert table.notes == [found]
    # Where both readings fit, it is read as in training.
    table = Table("new.csv", ["a"], [["1.234"]], [2])
    assert encode([Column("a", style="1.234,5")], table) == [[1234.0]]
    assert encode([Column("a")], table) == [[1.234]]


def test_another_unit_than_in_training_is_refused():
    table = Table("new.csv", ["a"], [["5in"]], [2])
    column = Column("a", style="1,234.5", unit="cm")
    message = "new.csv: line 2, column 'a': expected a number cm, got '5in' "
    assert complaint(encode, [column], table).startswith(message)
    assert encode([column], Table("new.csv", ["a"], [["5"]], [2])) == [[5.0]]


def test_labels_are_the_classes_of_the_model_and_may_be_missing():
    table = table_of("1.0 Yes\n2 NA\n01 no")
    assert answers_in(table, Column("a"), [1, 2]) == [1, 2, 1]
    assert answers_in(table, Column("b"), ["yes", "no"]) == ["yes", None, "no"]
    assert answers_in(table, Column("b"), ["yes", "no", "NA"]) == ["yes", "NA", "no"]
    assert answers_in(table, Column("b", missing=("Yes",)), ["no"]) == [None, None, "no"]
    for classes, listed in (([2, 3], "'2', '3'"), (["2", "01"], "'2', '01'")):
        message = f"data.csv: line 2, column 'a': expected one of {listed}, got '1.0'"
        assert complaint(answers_in, table, Column("a"), classes) == message
    table = table_of("1.0 Yes\n2 ?\n01 no")
    X, y, kept = known_rows([Column("a")], [Column("b")], ["yes", "no"], table)
    assert (X, y) == ([[1.0], [1.0]], ["yes", "no"])
    assert kept.notes == ["1 row without a target left out: line 3 has '?'"]


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["a", "b", "a", "b"], True),
        (["0", "1", "0", "1"], True),
        (["1.0", "2.0", "3.0"] * 4, True),
        (["1", "2", "3", "4", "5"], False),
        (["0.5", "1.5"] * 10, False),
        ([str(i) for i in range(30)] * 10, False),
        (["1", "x", "3", "1", "x", "3"], True),
        (["NA", "1.5", "2.25"], False),
        (["1970-01-01", "1970-01-03"] * 9, False),
    ],
)
def test_few_whole_numbers_and_all_texts_are_classes(cells, classes):
    rows = [[str(i % 7), cell] for i, cell in enumerate(cells)]
    table = Table("data.csv", ["x", "y"], rows, [*range(2, 2 + len(rows))])
    assert problem_of(table, "y", "auto", [], "mean").is_classes == classes


@given(st.text(max_size=8) | st.floats().map(repr) | st.integers().map(str))
def test_a_cell_that_python_reads_as_a_number_is_read_so(text):
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if math.isfinite(value) and "_" not in text:
        assert is_value(text)
        assert encode([Column("a")], Table("t", ["a"], [[text]], [1]), strict=True) == [[value]]


@given(st.binary(max_size=200))
def test_whatever_the_bytes_are_they_are_a_table_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "bytes.csv"
    path.write_bytes(content)
    try:
        table = read(str(path))
    except PureNetError as error:
        assert "\n" not in str(error)
    else:
        assert {len(row) for row in table.rows} == {len(table.names)}


def test_a_header_may_look_like_a_number_to_python_alone(written):
    assert read(written("2019_20,2020_21,grew\n1,2,yes\n")).names == ["2019_20", "2020_21", "grew"]
