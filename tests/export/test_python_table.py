"""An exported file encodes a table's rows as `tables` does, and reads the table's own CSV."""

import csv
import sys

import pytest
from command_line import purenet, said
from exported import (
    TABLE,
    assert_a_table_is_read,
    executed,
    exported_to,
    model_of_table,
    of_table,
    run,
)
from hypothesis import given
from hypothesis import strategies as st
from support import finite_float

from purenet.core.checks import PureNetError
from purenet.export import c_source, javascript_source, python_source
from purenet.export.python_compact import PACKINGS, compact_source
from purenet.tables.columns import Column
from purenet.tables.csv_table import MISSING
from purenet.tables.styles import DATES, NUMBERS

WORDS = [*sorted(MISSING), "low", "-9", "x", "1_0", "inf", "1e400", "1e", "--", "12:30", "\u2212"]
UNITS = {
    "": ("{}",),
    "$": ("${}", "{}$", "-${}", "$ -{}", "{} $", "($ {})"),
    "USD": ("USD {}", "{} USD", "-USD{}"),
    "cm": ("{}cm", "{} cm", "- {} cm", "({} cm)"),
    "%": ("{}%", "{} %", "\u2212{}%"),
    "\u20ac/m": ("{} \u20ac/m", "\u20ac{}/m"),
}


@st.composite
def written(draw, style, unit):
    """Draw a number as people write it, or almost."""
    mark, point = style[1], style[5]
    digits = draw(st.sampled_from(["1", "12", "123", f"1{mark}234", f"12{mark}345{mark}678"]))
    digits = draw(st.sampled_from([digits, f"1{mark}23", f"1234{mark}567", f"{mark}1"]))
    digits += draw(st.sampled_from(["", point, f"{point}5", f"{point}125e-3", f"{point}5{point}"]))
    shapes = ["{}", "-{}", "({})", "- {}", "+{}", "({}", "{})", "-({})", *UNITS[unit], *UNITS["cm"]]
    return draw(st.sampled_from(shapes)).format(digits)


@st.composite
def dates(draw):
    when = draw(st.datetimes())
    mark = draw(st.sampled_from("-./"))
    year = draw(st.sampled_from([f"{when.year:04}", f"{when.year % 100:02}"]))
    month, day = draw(st.sampled_from([("%02d", "%02d"), ("%d", "%d")]))
    parts = [year, month % when.month, day % draw(st.sampled_from([when.day, 29, 30, 31, 32]))]
    order = draw(st.sampled_from([(0, 1, 2), (2, 1, 0), (1, 2, 0), (0, 1)]))
    date = mark.join(parts[place] for place in order)
    clock = draw(
        st.sampled_from(["", "T%H:%M", " %H:%M:%S", " %I:%M %p", "  %H:%M:%S.%f", " 7:05am"])
    )
    zone = draw(st.sampled_from(["", "Z", "+02:00", " -0330"])) if clock else ""
    return date + when.strftime(clock) + zone


@st.composite
def columns_and_cells(draw):
    """Draw a column, and a cell of it or of another one."""
    missing = tuple(draw(st.sets(st.sampled_from(["low", "-9"]))))
    mean = draw(st.none() | finite_float)
    style = draw(st.sampled_from(["", *NUMBERS, *DATES, "texts"]))
    cells = st.sampled_from(WORDS) | st.none() | finite_float | st.integers(-99, 99) | st.booleans()
    unit = draw(st.sampled_from(list(UNITS))) if style in NUMBERS else ""
    if style == "texts":
        texts = draw(
            st.sets(st.sampled_from(["a", "A", "b", "na", "NA", "\xc9t\xe9", "1", ""]), min_size=1)
        )
        column = Column("c", tuple(sorted(texts)), None, "", "", draw(st.booleans()), missing)
        return column, draw(cells | st.sampled_from(["a", "B", " b ", "\xe9T\xc9", "Na", "1", ""]))
    column = Column("c", (), mean, style, unit, missing=missing)
    numbers = written(style, unit) if unit or style in NUMBERS else written("1,234.5", "cm")
    return column, draw(cells | (dates() if style in DATES else numbers))


def encoded(encode, column, cell):
    try:
        return list(map(repr, encode(cell)))
    except (PureNetError, ValueError):
        return None


def as_in_training(column, cell):
    """Return the inputs for a cell that is a number, or written as in training."""
    if column.texts or isinstance(cell, (int, float)):
        return column.inputs_for(cell, "")[0]
    values = column.values("" if cell is None else str(cell).strip())
    if values is None:
        raise ValueError(cell)
    return values


@given(columns_and_cells())
def test_a_cell_is_encoded_with_the_same_bits_or_refused(drawn):
    column, cell = drawn
    names = executed(of_table([column]))
    expected = encoded(lambda cell: as_in_training(column, cell), column, cell)

    def checked(cell):
        return [names["finite"](x, "") for x in names["encode"]({"c": cell})]

    assert encoded(checked, column, cell) == expected


# -- rows, and the file as a program ---------------------------------------------------------------


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return exported_to(tmp_path_factory.mktemp("exported"))


def test_as_a_program_it_reads_the_table(folder):
    assert_a_table_is_read([sys.executable], folder)


def test_a_dict_and_its_encoded_numbers_get_the_same_answer():
    names = executed(of_table())
    row = {"age": 22, "sex": "male", "fare": "$7", "when": "1/1/1970", "port": None, "more": "x"}
    numbers = [22.0, 0.0, 1.0, 7.0, 0.0, 0.0, 0.0, 0.0, 0.0]
    assert names["encode"](row) == numbers
    assert names["predict"](row) == names["predict_proba"](row) == names["predict"](numbers)
    assert names["predict_class"](row) == names["predict_class"](numbers)


@pytest.mark.parametrize(
    "row, message",
    [
        ({"age": "old"}, "column 'age': expected finite numbers, got 'old'"),
        ({"age": 1, "fare": 2}, "row: it has no column 'sex'"),
        ([1], "row: expected a list of length 9, got [1]"),
        (None, "row: expected a list of length 9, got None"),
    ],
)
def test_a_wrong_row_of_a_table_gets_one_sentence(row, message):
    with pytest.raises(ValueError) as caught:
        executed(of_table())["predict"](row)
    assert str(caught.value) == message


@pytest.mark.parametrize(
    "table, message",
    [
        ("age,sex,fare,when\n1,male,$2,3/3/03\n", "line 2: row: it has no column 'port'"),
        ("age,sex,fare,when,port\n1,male,$2,3/3/03,C,9\n", "line 2: row: expected 5 cells, got 6"),
        ("age,sex,fare,when,port\n1,male,$2\n", "line 2: row: expected 5 cells, got 3"),
        ('age,sex,fare,when,port\n1,"male\n', "line 2: row: the line ends within quotes"),
        (
            "1,male,$2,3/3/03,C\n",
            "line 1: row: expected a list of length 9, got [1.0, 'male', '$2', ",
        ),
    ],
)
def test_a_wrong_line_of_a_table_is_named(table, message, folder):
    code, printed, complaints = run([sys.executable, "table.py"], folder, table)
    assert (code, printed) == (1, "")
    assert complaints.startswith(message)


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_the_delimiter_is_told_and_encoded_numbers_need_no_header(mark, folder):
    names = executed((folder / "table.py").read_text())
    row = {"age": 1, "sex": "male", "fare": "$2", "when": "3/3/03", "port": "C"}
    lines = [mark.join([*row, ""]), mark.join([*map(str, row.values()), ""])]
    answer = [names["predict_class"](row), *map(repr, names["predict"](row))]
    assert run([sys.executable, "table.py"], folder, "\n".join(lines))[1].split() == [
        ",".join(answer)
    ]
    if mark != "|":  # never was one
        numbers = mark.join(map(str, names["encode"](row)))
        assert run([sys.executable, "table.py"], folder, numbers)[1].split() == [",".join(answer)]


def test_columns_called_by_numbers_are_a_header_only_beside_a_text():
    columns = [Column("1", mean=0.0), Column("2", mean=0.0)]
    for lines, rows in ([["2,1"], [[2, 1]]], [["2,1,label", "5,4,x"], [[4, 5]]]):
        names = executed(of_table(columns))
        words = [names["row_of"](line, line.split(",")) for line in lines]
        assert [names["encode"](row) for row in words if row] == rows


def test_a_packed_file_takes_encoded_numbers_and_says_so():
    row = [0.5] * 9
    for small in [{"pack": pack} for pack in PACKINGS] + [{"limit": 9000}, {"digits": 3}]:
        written = compact_source(model_of_table(), **small)
        has_table = small == {"digits": 3}
        assert ("takes encoded numbers, not the table" in written.what) == (not has_table)
        assert ("It takes these numbers, not rows" in written.source) == (not has_table)
        names = executed(written.source)
        assert ("encode" in names) == has_table and len(names["predict"](row)) == 2


def test_only_what_the_columns_need_is_in_the_file():
    functions = {"plain", "styled", "days", "number_of", "indicators"}
    needed = {
        TABLE[0]: {"number_of", "plain"},
        TABLE[1]: {"indicators"},
        TABLE[2]: {"number_of", "plain", "styled"},
        TABLE[3]: {"number_of", "days"},
    }
    for column, names in needed.items():
        assert functions & set(executed(of_table([column]))) == names


@pytest.mark.parametrize("source_of", [c_source, javascript_source, python_source])
def test_the_comment_lists_the_inputs_and_how_they_are_encoded(source_of):
    text = " ".join(source_of(model_of_table()).replace("\n *", "\n").replace("\n#", "\n").split())
    assert 'In: 9 numbers, in this order: "age", "sex=female", "sex=male", "fare", "when", ' in text
    assert "(column=text is 1 for that text, otherwise 0; column=(other) for all others.)" in text
    assert 'mean of its column: "age": 27.5, "fare": 8.25, "when": 15000.5 In a unit: ' in text
    assert 'In a unit: "fare": "$" In days since 1970-01-01: "when"' in text


# -- from a table to its answers -------------------------------------------------------------------

RED = "color,size,born,price"
COLORS = ["red", "green", "Blue", "red", "green"]


@pytest.mark.parametrize("target", ["color", "price"])
def test_a_table_that_was_trained_on_is_answered_as_predict_does(target, tmp_path):
    lines = [
        [COLORS[i % 5], "" if i == 7 else f"{i},5 cm", f"{i % 28 + 1}.{i % 12 + 1}.1999", 1000 + i]
        for i in range(40)
    ]
    with (tmp_path / "t.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=";").writerows([RED.split(","), *lines])
    options = ["--target", target, "--epochs", "3", "--test", "0", "-q", "-o", "m.json"]
    purenet("train", "t.csv", *options, cwd=tmp_path)
    said("export", "m.json", "-o", "m.py", cwd=tmp_path)
    more = ["--probabilities", "--exact"] if target == "color" else []
    expected = purenet("predict", "m.json", "t.csv", *more, cwd=tmp_path).stdout.split()[1:]
    printed = run([sys.executable, "m.py"], tmp_path, (tmp_path / "t.csv").read_text())[1].split()
    for line, wanted in zip(printed, expected):
        [*label, _], numbers = line.split(",")[:2], line.split(",")[-1:]
        assert label[: len(more) // 2] == wanted.split(",")[: len(more) // 2]
        assert float(numbers[0]) == pytest.approx(float(wanted.split(",")[-1]))
    assert len(printed) == len(expected) == 40
