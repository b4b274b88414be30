"""A model that was learned from a table predicts for dicts, as from the table's own file."""

import datetime

import pytest
from support import complaint

from purenet import Classifier, load, save
from purenet.tables import learn
from purenet.tables.columns import encode
from purenet.tables.csv_table import read

LINES = "size,color,day,fit\n" + "".join(
    f"{i % 9 + 0.5},{'red' if i % 2 else 'blue'},{i % 28 + 1}/{i % 12 + 1}/1999,{'yn'[i % 2]}\n"
    for i in range(60)
)


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("rows")
    (folder / "t.csv").write_text(LINES)
    save(learn(folder / "t.csv", "fit", epochs=20, test=0).estimator, folder / "m.json")
    return load(folder / "m.json"), read(folder / "t.csv")


def test_dicts_are_answered_as_the_rows_of_the_table_are(model):
    model, table = model
    rows = [dict(zip(table.names, row)) for row in table.rows]
    assert model.predict_rows(rows) == model.predict(encode(model.columns_, table))
    numbers = [{**row, "size": float(row["size"])} for row in rows]
    assert model.predict_rows(numbers) == model.predict_rows(rows)


def test_cells_may_be_missing_and_written_otherwise_than_in_training(model):
    model, _ = model
    row = {"size": 2.5, "color": "red", "day": "13/01/1999"}
    others = [{**row, "day": datetime.date(1999, 1, 13)}, {**row, "size": "2,5"}]
    assert model.predict_rows(others) == model.predict_rows([row] * 2)
    assert len(model.predict_rows([{**row, "size": None, "color": ""}])) == 1
    assert model.predict_rows([]) == []


def test_a_text_that_did_not_occur_in_training_is_a_warning(model):
    model, _ = model
    row = {"size": 2.5, "color": "pink", "day": "13/01/1999"}
    said = "rows: row 0, column 'color': 'pink' did not occur in training; it counts as missing"
    with pytest.warns(UserWarning, match=said):
        assert len(model.predict_rows([row])) == 1


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{"size": 1}], "rows: row 0 has no 'color'; it has 'size'"),
        ({"size": 1}, "rows: expected a dict for row 0, got 'size'"),
        (
            [{"size": "big", "color": "red", "day": None}],
            "rows: row 0, column 'size': expected a number, got 'big'",
        ),
        (
            [{"size": 10**400, "color": "red", "day": None}],
            "rows: row 0, column 'size': expected a number, got ",
        ),
    ],
)
def test_what_is_no_row_is_refused_with_its_place(model, rows, message):
    assert complaint(model[0].predict_rows, rows).startswith(message)


def test_a_model_without_a_table_says_which_has_one():
    model = Classifier(epochs=1).fit([[0.0], [1.0]], ["a", "b"])
    message = "predict_rows: this model does not know the columns of a table; "
    assert complaint(model.predict_rows, [{}]).startswith(message)
