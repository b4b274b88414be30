"""Tables from CSV files, and what their columns mean: as the csv module and NumPy have it."""

import csv
import gzip
import io
import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import complaint

from purenet import PureNetError
from purenet.tables.columns import (
    MOST_TEXTS,
    Column,
    columns_of,
    encode,
    is_of_classes,
    numbers_of,
    texts_of,
)
from purenet.tables.csv_table import LONGEST_LINE, Table, is_number, read


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


def test_comments_before_the_table_are_skipped_and_count_as_lines(written):
    table = read(written("# a comment, with a comma\n# another\na,b\n# 1,2\n3,4\n"))
    assert (table.names, table.rows) == (["a", "b"], [["# 1", "2"], ["3", "4"]])
    assert table.lines == [4, 5]
    assert read(written("#id,b\n1,2\n")).names == ["#id", "b"]


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
        (b"\n \n,,\n", "expected a table, got an empty file"),
        (b"a,b\n", "expected rows after the header, got none"),
        (b"a,b\n1,2\n3\n", "line 3 has 1 value, but line 1 has 2"),
        (b"a,b\n1,2\n1,2,3\n", "line 3 has 3 values, but line 1 has 2"),
        (b"a,\n1,2\n", "column 2 has no name in the header"),
        (b"a,b,a\n1,2,3\n", "columns 1 and 3 have the same name, 'a'"),
        (b"a,b\n1,\x00\n", "line 2 has a NUL byte: is it a binary file?"),
        (b"\x7fELF\x02\x01\x01\x00", "line 1 has a NUL byte: is it a binary file?"),
        (b"a,b\n1,\xff\n", "line 2 is not text in UTF-8"),
        ("a,b\n1,2\n".encode("utf-16"), "line 1 has a NUL byte: is it a binary file?"),
        pytest.param(
            b"a,b\n" + b"1" * (LONGEST_LINE + 1),
            f"line 2 has more than {LONGEST_LINE:,} bytes",
            id="a long line",
        ),
        pytest.param(
            b"a,b\n" + b"1" * 200_000,
            "line 2: field larger than field limit (131072)",
            id="a long cell",
        ),
        (gzip.compress(b"a,b\n1,2\n")[:-9], "the gzip file is damaged or cut off"),
        (b"\x1f\x8bnonsense", "the gzip file is damaged or cut off"),
    ],
)
def test_what_is_no_table_is_refused_in_one_sentence_with_the_file(written, content, message):
    name = written(content)
    said = complaint(read, name)
    assert said.startswith(f"{name}: {message}")
    assert "\n" not in said


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
    assert complaint(wide.column, "y").endswith("'pixel3', 'pixel4', ...")


# -- meaning -------------------------------------------------------------------------------------


def test_numbers_are_one_input_and_texts_one_each():
    table = table_of("1 red\n2.5 blue\n-3e2 red")
    columns = columns_of(table, ["a", "b"])
    assert [column.texts for column in columns] == [(), ("blue", "red")]
    assert [name for column in columns for name in column.inputs] == ["a", "b=blue", "b=red"]
    assert encode(columns, table) == [[1.0, 0.0, 1.0], [2.5, 1.0, 0.0], [-300.0, 0.0, 1.0]]


@given(st.lists(st.none() | st.floats(-1e6, 1e6), min_size=1, max_size=20))
def test_a_missing_number_gets_the_mean_as_numpy_finds_it(values):
    there = [value for value in values if value is not None]
    table = table_of("\n".join(f"{'NA' if v is None else repr(v)} x" for v in values))
    if not there:
        message = "data.csv: column 'a': every cell is missing; leave it out: drop=\"a\""
        assert complaint(columns_of, table, ["a"]) == message
        return
    columns = columns_of(table, ["a"])
    # The mean of parts: each of the n roundings of size 2**-53 in value / n and in the sums.
    bound = 2 * len(there) * 2.0**-53 * max(map(abs, there)) + 5e-324 * len(there)
    assert abs(columns[0].mean - np.mean(there)) <= bound
    filled = [columns[0].mean if value is None else value for value in values]
    assert encode(columns, table) == [[value] for value in filled]


@pytest.mark.parametrize("missing", ["", "NA", "N/A", "?"])
def test_a_missing_text_is_all_zeros_and_may_be_refused(missing):
    table = Table("data.csv", ["b"], [["x"], [missing], ["y"]], [2, 3, 4])
    assert encode(columns_of(table, ["b"]), table) == [[1.0, 0.0], [0.0, 0.0], [0.0, 1.0]]
    message = "data.csv: line 3, column 'b': the cell is missing; missing=\"mean\" allows it"
    assert complaint(columns_of, table, ["b"], fill=False) == message


def test_a_missing_number_is_refused_later_if_it_was_refused_in_training():
    full = table_of("1 x\n2 y")
    columns = columns_of(full, ["a", "b"], fill=False)
    gap = Table("new.csv", ["a", "b"], [["", "x"]], [7])
    message = "new.csv: line 7, column 'a': the cell is missing, which training did not allow"
    assert complaint(encode, columns, gap) == message


def test_columns_are_found_by_their_names_in_any_order_among_others():
    columns = columns_of(table_of("1 2\n3 4"), ["a", "b"])
    other = Table("new.csv", ["c", "b", "a"], [["9", "2", "1"]], [2])
    assert encode(columns, other) == [[1.0, 2.0]]


def test_columns_that_lack_are_named():
    columns = [Column("a", mean=0.0), Column("b", mean=0.0), Column("c", mean=0.0)]
    table = Table("new.csv", ["b"], [["1"]], [2])
    assert (
        complaint(encode, columns, table) == "new.csv: 2 columns are missing: 'a', 'c'; it has 'b'"
    )
    assert complaint(encode, columns[:2], table) == "new.csv: 1 column is missing: 'a'; it has 'b'"


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ("five", "expected a number, got 'five'"),
        ("nan", "expected a finite number, got nan"),
        ("-inf", "expected a finite number, got -inf"),
        ("1e999", "expected a finite number, got 1e999"),
        ("1_000", "expected a number, got '1_000'"),
        ("x" * 50, "expected a number, got '" + "x" * 37 + "...'"),
    ],
)
def test_what_is_no_finite_number_among_numbers_is_refused_with_its_place(cell, message):
    table = table_of(f"1 x\n{cell} y\n3 z")
    assert complaint(columns_of, table, ["a"]) == f"data.csv: line 3, column 'a': {message}"
    columns = [Column("a", mean=0.0)]
    assert complaint(encode, columns, table) == f"data.csv: line 3, column 'a': {message}"
    assert complaint(numbers_of, table, "a") == f"data.csv: line 3, column 'a': {message}"


def test_a_text_that_was_not_there_in_training_is_refused():
    columns = [Column("b", ("blue", "red"))]
    table = Table("new.csv", ["b"], [["red"], ["green"]], [2, 3])
    message = "line 3, column 'b': 'green' did not occur in training, only 'blue', 'red'"
    assert complaint(encode, columns, table) == f"new.csv: {message}"


def test_a_column_of_names_is_refused():
    table = Table("data.csv", ["n"], [[f"name{i}"] for i in range(MOST_TEXTS + 1)], [*range(101)])
    said = complaint(columns_of, table, ["n"])
    found = "data.csv: column 'n' has 101 different texts, too many to learn from"
    assert said == f'{found}; leave it out: drop="n"'


def test_labels_are_texts_as_they_stand_and_none_may_be_missing():
    table = table_of("1 yes\n2 no")
    assert texts_of(table, "a") == ["1", "2"]
    table = table_of("1 yes\n2 NA")
    assert complaint(texts_of, table, "b") == "data.csv: line 3, column 'b': the label is missing"


@pytest.mark.parametrize(
    ("cells", "classes"),
    [
        (["a", "b", "a"], True),
        (["0", "1", "0", "1"], True),
        (["1.0", "2.0", "3.0"] * 4, True),
        (["1", "2", "3", "4", "5"], False),
        (["0.5", "1.5"] * 10, False),
        ([str(i) for i in range(30)] * 10, False),
        (["1", "x", "3"], True),
        (["NA", "1.5", "2.25"], False),
    ],
)
def test_few_whole_numbers_and_all_texts_are_classes(cells, classes):
    assert is_of_classes(cells) == classes


@given(st.text(max_size=8) | st.floats().map(repr) | st.integers().map(str))
def test_a_cell_is_a_number_where_python_reads_one_without_underscores(text):
    try:
        value = float(text)
    except ValueError:
        value = None
    assert is_number(text) == (value is not None and "_" not in text)
    if value is not None and "_" not in text and math.isfinite(value):
        assert numbers_of(Table("t", ["a"], [[text]], [1]), "a") == [value]


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
