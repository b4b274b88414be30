"""A table comes back as the same values, whatever style, dialect and encoding it was written in."""

import bz2
import csv
import datetime
import gzip
import io
import lzma

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purenet.tables import learn
from purenet.tables.columns import encode
from purenet.tables.csv_table import Table, read
from purenet.tables.problem import problem_of
from purenet.tables.styles import (
    DATES,
    NUMBERS,
    days_in,
    is_value,
    number_in,
    read_dates,
    read_numbers,
)

UNITS = ["", "$", "€", "CHF", "%", "cm", "km/h", "°C", "kWh"]
ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"]
EPOCH = datetime.datetime(1970, 1, 1)


def written(number, style, unit="", before=False):
    """Write a number with two digits behind the point as a person does."""
    thousands, point = style[1], style[5]
    text = f"{abs(number):,.2f}".replace(",", "T").replace(".", point).replace("T", thousands)
    sign = "-" if number < 0 else ""
    return f"{sign}{unit}{text}" if before else f"{sign}{text}{unit}"


hundredths = st.integers(-(10**11), 10**11).map(lambda n: n / 100)


@given(hundredths, st.sampled_from(NUMBERS), st.sampled_from(UNITS))
def test_a_number_in_a_style_is_the_number(number, style, unit):
    text = written(number, style, unit, before=unit in ("$", "€", "CHF"))
    assert number_in(text, style, unit) == number
    assert is_value(text)
    if number < 0:
        assert number_in(f"({text[1:]})", style, unit) == number


@given(st.lists(hundredths, min_size=1, max_size=9), st.sampled_from(NUMBERS))
def test_the_style_of_numbers_is_found_where_one_of_them_shows_it(numbers, style):
    numbers.append(1234567.25)  # shows both separators
    texts = {written(number, style): 1 for number in numbers}
    reading = read_numbers(texts)
    assert sorted(reading.numbers.values()) == sorted({*numbers})
    assert (reading.odd, reading.other) == ([], "")


@pytest.mark.parametrize("minus", ["-", "\u2212", "\u2013"])
def test_a_minus_may_be_typographic(minus):
    assert number_in(f"{minus}1,234.5", "1,234.5", "") == -1234.5
    assert read_numbers({f"{minus}0.5": 1}).numbers == {f"{minus}0.5": -0.5}


@pytest.mark.parametrize(
    "text",
    ["", " ", "one", "1,23,4", "1.234.5", "1 2", "5-a", "10-20", "12:30", "1..2", "(5", "5)", "$"],
)
def test_what_is_no_number_in_any_style_is_none(text):
    assert [number_in(text, style, "") for style in NUMBERS] == [None] * len(NUMBERS)
    assert not is_value(text)


moments = st.datetimes(datetime.datetime(1000, 1, 1), datetime.datetime(9999, 12, 31))


@given(moments, st.sampled_from(["T", " ", None]))
def test_a_date_is_its_days_since_1970(moment, between):
    moment = moment.replace(microsecond=0)
    if between is None:
        moment = moment.replace(hour=0, minute=0, second=0)
    days = (moment - EPOCH).total_seconds() / 86_400
    text = moment.isoformat(between) if between else moment.date().isoformat()
    # One rounding in the part of a day, one in the sum.
    assert days_in(text, "year-month-day") == pytest.approx(days, rel=2.0**-51, abs=2.0**-30)
    clock = moment.strftime(" %H:%M:%S") if between else ""
    day_first = f"{moment.day}.{moment.month:02}.{moment.year}{clock}"
    month_first = f"{moment.month}/{moment.day}/{moment.year}{clock}"
    assert days_in(day_first, "day/month/year") == days_in(text, "year-month-day")
    assert days_in(month_first, "month/day/year") == days_in(text, "year-month-day")


@pytest.mark.parametrize(
    ("text", "order", "days"),
    [
        ("1970-01-02T00:00Z", "year-month-day", 1.0),
        ("1970-01-02T02:00+02:00", "year-month-day", 1.0),
        ("1970-01-01 22:00:00-0200", "year-month-day", 1.0),
        ("1970-02", "year-month-day", 31.0),
        ("1970/01/02", "year-month-day", 1.0),
        ("2.1.70", "day/month/year", 1.0),
        ("1/2/70 6:00 PM", "month/day/year", 1.75),
        ("1/2/70 12:00 am", "month/day/year", 1.0),
        ("01-01-2000", "day/month/year", 10957.0),
        ("1970-02-30", "year-month-day", None),
        ("1970-13-01", "year-month-day", None),
        ("1970-01-01T25:00", "year-month-day", None),
        ("1.2", "day/month/year", None),
        ("5/1970", "month/day/year", None),
        ("31/12/1970", "month/day/year", None),
        ("1.2.3", "day/month/year", None),
        ("555-1234", "year-month-day", None),
        ("192.168.1.1", "day/month/year", None),
    ],
)
def test_dates_are_read_as_the_calendar_has_them(text, order, days):
    assert days_in(text, order) == days


def test_the_order_of_a_date_is_the_one_that_fits_all_rows():
    assert read_dates({"01/02/2000": 1, "31/02/2000": 1, "31/01/2000": 1}).odd == ["31/02/2000"]
    assert read_dates({"01/02/2000": 1, "31/01/2000": 1}).style == "day/month/year"
    assert read_dates({"01/02/2000": 1, "01/31/2000": 1}).style == "month/day/year"
    either = read_dates({"01/02/2000": 1})
    assert (either.style, either.other) == ("month/day/year", "day/month/year")
    assert read_dates({"01.02.2000": 1}).style == "day/month/year"
    assert {read_dates({"2000-01-02": 1}).style} <= {*DATES}


PACKS = {"": bytes, "gzip": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}


@st.composite
def tables(draw):
    """Draw a table: numbers, days, texts, and a target, each a row's."""
    size = draw(st.integers(4, 12))
    column = lambda values: draw(st.lists(values, min_size=size, max_size=size))  # noqa: E731
    return list(
        zip(
            [1234567.25, *column(hundredths)],
            [datetime.date(1970, 1, 31), *column(st.dates(datetime.date(1000, 1, 1)))],
            ["grün", *column(st.sampled_from(["red", "grün", "blau, hell", 'a "b"', "x\ny"]))],
            [0.5, *column(hundredths)],
        )
    )


def as_file(rows, style, date, delimiter, quoting, end, encoding, pack, order=(0, 1, 2, 3)):
    """Write a table as a file's bytes, in a dialect and a style."""
    text = io.StringIO()
    if end == "\r":  # where csv does not quote a newline, though readers of CR end a line there
        quoting = csv.QUOTE_ALL
    writer = csv.writer(text, delimiter=delimiter, quoting=quoting, lineterminator=end)
    names = ["amount", "day", "color", "y"]
    writer.writerow([names[j] for j in order])
    for amount, day, color, y in rows:
        cells = [written(amount, style), day.strftime(date).zfill(10), color, written(y, style)]
        writer.writerow([cells[j] for j in order])
    return PACKS[pack](text.getvalue().encode(encoding))


dialects = st.fixed_dictionaries(
    {
        "style": st.sampled_from(NUMBERS),
        "date": st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y"]),
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
        "end": st.sampled_from(["\n", "\r\n", "\r"]),
        "encoding": st.sampled_from(ENCODINGS),
        "pack": st.sampled_from(sorted(PACKS)),
    }
)


def read_bytes(folder, content, encoding):
    path = folder / "data.csv"
    path.write_bytes(content)
    told = {"encoding": encoding} if encoding == "cp1252" else {}
    return read(path, wanted=["y"], **told)


@given(tables(), dialects)
def test_a_table_comes_back_as_the_same_values(tmp_path_factory, rows, dialect):
    content = as_file(rows, **dialect)
    table = read_bytes(tmp_path_factory.getbasetemp(), content, dialect["encoding"])
    table.text = ["color"]  # whatever it is
    problem = problem_of(table, "y", "regression", [], "mean")
    assert [column.name for column in problem.columns] == ["amount", "day", "color"]
    colors = problem.columns[2].texts
    for inputs, y, row in zip(problem.X, problem.y, rows):
        amount, day, *one_hot = inputs
        assert (amount, y) == (row[0], row[3])
        assert day == (row[1] - EPOCH.date()).days
        if row[2] in colors:
            assert one_hot[colors.index(row[2])] == 1.0


@given(tables(), dialects, dialects, st.permutations(range(4)))
def test_predictions_are_the_same_for_shuffled_columns_and_another_style(
    tmp_path_factory, rows, one, other, order
):
    folder = tmp_path_factory.getbasetemp()
    table = read_bytes(folder, as_file(rows, **one), one["encoding"])
    table.text = ["color"]
    problem = problem_of(table, "y", "regression", [], "mean")
    again = read_bytes(folder, as_file(rows, **other, order=order), other["encoding"])
    assert encode(problem.columns, again) == problem.X


def test_a_model_learns_the_same_from_another_style(tmp_path):
    rows = [(i * 1000.25, datetime.date(1970, 1, 1 + i), "ab"[i % 2], i / 2) for i in range(20)]
    dialect = {"delimiter": ";", "quoting": csv.QUOTE_MINIMAL, "end": "\n", "pack": ""}
    losses = []
    for style, date in [("1,234.5", "%Y-%m-%d"), ("1.234,5", "%d.%m.%Y")]:
        path = tmp_path / "data.csv"
        path.write_bytes(as_file(rows, style, date, encoding="utf-8", **dialect))
        learned = learn(path, "y", epochs=5, test=0)
        losses.append(learned.estimator.loss_curve_)
    assert losses[0] == losses[1]


def test_a_table_made_in_python_may_be_read_by_options_too():
    table = Table("t", ["a"], [["1.234"]], [1])
    table.decimal = ","
    assert read_numbers({"1.234": 1}, table.decimal).numbers == {"1.234": 1234.0}
