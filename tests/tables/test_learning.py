"""`purenet.tables.learn`: what the command `train` does, for Python callers."""

import csv
import json
import pickle
import random
import warnings
from pathlib import Path

import pytest
from command_line import IRIS, IRIS_ROWS
from command_line import purenet as command
from support import complaint

import purenet
from purenet import Classifier, NotLearnedWarning, Regressor, load, save, tables
from purenet.tables import Learned, Table, learn, read
from purenet.tables.notes import Note, flagged


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Write some tables down, in the folder where the test then runs."""
    draw = random.Random(1)
    houses = []
    for _ in range(120):
        area, town = draw.uniform(50, 200), draw.choice(["York", "Bath"])
        price = 3 * area + (100 if town == "Bath" else 0) + draw.gauss(0, 5)
        houses.append(["" if draw.random() < 0.1 else f"{area:.1f}", town, price])
    points = [[draw.random(), draw.random()] for _ in range(100)]
    written = {
        "houses": [["area", "town", "price"], *houses],
        "noise": [["x", "z", "y"], *[[*point, draw.choice("ab")] for point in points]],
        "numbers": [["x", "z", "y"], *[[*point, draw.gauss(0, 1)] for point in points]],
        "rare": [["x", "z", "y"], *[[*p, "ny"[i % 20 == 0]] for i, p in enumerate(points)]],
        "digits": [["x", "y"], *[[i % 7, i % 2] for i in range(60)]],
        "bare": [[*point, draw.choice("ab")] for point in points],
        "ids": [["x", "y"], *[[i, 12 + i] for i in range(60)]],
    }
    for name, rows in written.items():
        with (tmp_path / f"{name}.csv").open("w", newline="") as file:
            csv.writer(file).writerows(rows)
    monkeypatch.chdir(tmp_path)


def quietly(*arguments, **options):
    """Learn, whether the model comes to much or not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotLearnedWarning)
        return learn(*arguments, **options)


SAME = [
    (IRIS, "species", {}, []),
    (
        IRIS,
        "species",
        {"hidden": [5, 3], "epochs": 7, "random_state": 3, "activation": "relu", "test": 0.3},
        ["--hidden", "5,3", "--epochs", "7", "--seed", "3", "--activation", "relu", "--test", ".3"],
    ),
    (
        IRIS,
        "species",
        {"drop": ["sepal_length", "sepal_width"], "weight_decay": 0.0, "epochs": 9},
        ["--drop", "sepal_length", "--drop", "sepal_width", "--weight-decay", "0", "--epochs", "9"],
    ),
    (
        IRIS,
        "species",
        {"optimizer": "rprop", "validation": IRIS, "epochs": 9, "refit": True},
        ["--optimizer", "rprop", "--validation", IRIS, "--epochs", "9", "--refit"],
    ),
    (
        "houses.csv",
        "price",
        {"refit": True, "restarts": 2, "epochs": 20, "validation_fraction": 0.3},
        ["--refit", "--restarts", "2", "--epochs", "20", "--validation-fraction", "0.3"],
    ),
    (
        "rare.csv",
        "y",
        {"class_weight": "balanced", "epochs": 5},
        ["--balanced", "--epochs", "5"],
    ),
    (
        "digits.csv",
        "y",
        {"task": "regression", "epochs": 3, "test": 0},
        ["--task", "regression", "--epochs", "3", "--test", "0"],
    ),
    (
        "bare.csv",
        "3",
        {"header": False, "delimiter": ",", "epochs": 1, "patience": 1},
        ["--no-header", "--delimiter", ",", "--epochs", "1", "--patience", "1"],
    ),
]


@pytest.mark.parametrize(("table", "target", "options", "flags"), SAME)
def test_learn_finds_the_numbers_and_the_model_of_the_command(
    capsys, table, target, options, flags
):
    learned = quietly(table, target, **options)
    save(learned.estimator, "ours.json")
    assert capsys.readouterr() == ("", "")
    done = command("train", table, "--target", target, *flags, "-o", "theirs.json", "--json")
    document = json.loads(done.stdout)
    assert document.pop("written") == "theirs.json"
    assert document.pop("refit") == options.get("refit", False)
    assert document.pop("importance") is None
    assert document == json.loads(json.dumps(learned.as_data()))
    assert document["held_out"] == (learned.scores or None)
    assert document["warning"] == (learned.warning and learned.warning.finding)
    assert Path("ours.json").read_bytes() == Path("theirs.json").read_bytes()


@pytest.mark.parametrize(("table", "target", "options", "flags"), SAME)
def test_the_command_prints_what_learn_has_to_say(table, target, options, flags):
    learned = quietly(table, target, **options)
    printed = command("train", table, "--target", target, *flags).stdout.splitlines()
    said_by_both = [*map(flagged, learned.notes)]
    said_by_both += map(flagged, learned.results)
    assert sorted(set(said_by_both) - set(printed)) == []
    assert len(printed) - len(said_by_both) == (3 if learned.judgement else 4)


def test_a_result_reads_as_a_report():
    learned = learn(IRIS, "species", epochs=40)
    lines = str(learned).splitlines()
    assert lines[0] == f"{IRIS}: 150 rows, 5 columns; species: classification, 3 classes"
    assert lines[1].startswith("rows: 102 learned (68% of the table), 18 held back")
    assert lines[2].startswith(f"accuracy: {learned.scores['accuracy']:.2%}, ")
    assert "; balanced accuracy: " in lines[2]
    assert lines[3].startswith("a linear model: ")
    assert lines[5].endswith("<- predicted")
    assert lines[10].split() == ["precision", "recall", "F1", "rows"]


def test_a_saved_model_knows_its_table():
    learned = learn("houses.csv", target="price", epochs=30)
    save(learned.estimator, "m.json")
    model = load("m.json")
    assert isinstance(model, Regressor)
    assert model.target_ == "price"
    assert [column.name for column in model.columns_] == ["area", "town"]
    assert command("evaluate", "m.json", "houses.csv").stdout.startswith("R²: 0.9")
    assert learned.scores["r2"] == learned.judgement.score
    assert list(learned.scores) == ["r2", "baseline", "linear", "rmse", "mae"]


def test_a_table_may_have_been_read_before_and_is_left_unchanged():
    table = read(Path(IRIS))
    rows = [list(row) for row in table.rows]
    learned = learn(table, "species", epochs=3, validation=table)
    again = learn(IRIS, "species", epochs=3, validation=Path(IRIS))
    assert table.rows == rows
    assert learned.as_data() == again.as_data()
    assert learned.notes == again.notes


def test_rows_made_in_python_are_a_table_too():
    names = list(IRIS_ROWS[0])
    table = Table("flowers", names, [list(row.values()) for row in IRIS_ROWS], [*range(150)])
    learned = learn(table, "species", epochs=3)
    assert learned.as_data() == learn(IRIS, "species", epochs=3).as_data()
    assert learned.notes[0].startswith("flowers: 150 rows, 5 columns; ")


def test_one_column_to_drop_needs_no_list():
    learned = quietly(IRIS, "species", drop="sepal_width", epochs=1)
    assert "sepal_width" not in learned.as_data()["inputs"]
    assert len(learned.as_data()["inputs"]) == 3


def test_without_a_seed_each_time_is_another_and_the_model_knows_which():
    one, other = (quietly(IRIS, "species", random_state=None, epochs=1) for _ in range(2))
    assert one.estimator.random_state != other.estimator.random_state
    again = quietly(IRIS, "species", random_state=one.estimator.random_state, epochs=1)
    assert again.estimator.network_.weights == one.estimator.network_.weights
    assert again.held_out == one.held_out


# -- what is said --------------------------------------------------------------------------------


def test_notes_say_what_was_guessed_and_filled_in():
    notes = quietly("houses.csv", "price", epochs=1).notes
    missing = Path("houses.csv").read_text().count("\n,")
    first = "houses.csv: 120 rows, 3 columns; price: regression"
    assert notes[0] == f'{first} (task="classification" would read it otherwise)'
    assert sorted(notes[1:3])[1] == "column town: 2 texts, each an input"
    assert sorted(notes[1:3])[0].startswith(f"column area: {missing} missing, filled with ")
    assert notes[3].startswith("rows: ")
    assert quietly("houses.csv", "price", task="regression", epochs=1).notes[0] == first


def test_an_option_is_named_as_whoever_reads_it_gives_it():
    note = quietly("digits.csv", "y", epochs=1).notes[0]
    assert note.endswith(' (task="regression" would read it otherwise)')
    assert flagged(note).endswith(" (--task regression would read it otherwise)")
    trouble = "ids.csv: column 'y' has 60 classes in 60 rows: too few rows of each to learn from"
    assert complaint(learn, "ids.csv", "y", task="classification") == (
        f'{trouble} (task="regression" reads them as numbers)'
    )
    said = command("train", "ids.csv", "--target", "y", "--task", "classification").stderr
    assert said == f"purenet: {trouble} (--task regression reads them as numbers)\n"


def test_a_note_survives_a_pickle():
    note = Note("stuck", "weight_decay", "0", " is next")
    again = pickle.loads(pickle.dumps(note))
    assert (again, again.flagged) == (
        'stuck (weight_decay="0" is next)',
        "stuck (--weight-decay 0 is next)",
    )


def test_a_model_that_came_to_nothing_is_a_warning_at_the_callers_line():
    with pytest.warns(NotLearnedWarning, match="try more epochs=") as caught:
        learned = learn("numbers.csv", "y", epochs=1)
    assert [Path(each.filename).name for each in caught] == [Path(__file__).name]
    assert learned.warning is caught[0].message


def test_a_model_no_better_on_the_rows_held_out_is_one_too():
    options = {"epochs": 60, "hidden": 30, "weight_decay": 0, "validation_fraction": 0}
    seeds = [quietly("noise.csv", "y", random_state=seed, **options) for seed in range(4)]
    worse = [learned for learned in seeds if learned.judgement.is_trivial]
    assert worse
    for learned in worse:
        assert str(learned.warning).startswith("on the rows held out, the model is no better than")
        assert str(learned.warning).endswith("or another activation=")


def test_balanced_classes_are_not_judged_by_the_share_of_right_answers():
    learned = quietly("rare.csv", "y", class_weight="balanced", epochs=3)
    assert learned.scores["accuracy"] <= learned.scores["baseline"]
    assert learned.warning is None or "rows held out" not in learned.warning.finding


def test_where_warnings_are_errors_nothing_is_returned():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NotLearnedWarning):
            learn("numbers.csv", "y", epochs=1)


def test_without_rows_held_out_there_is_no_score():
    learned = quietly(IRIS, "species", test=0, epochs=1)
    assert (learned.judgement, learned.scores, learned.held_out) == (None, {}, [])
    assert len(learned.rows) == 150


# -- hooks ---------------------------------------------------------------------------------------


def test_a_callback_sees_each_epoch_and_may_end_the_training():
    seen = []

    def callback(descent):
        seen.append(len(descent.losses))
        return len(seen) == 3

    learned = quietly(IRIS, "species", callback=callback)
    assert seen == [1, 2, 3]
    assert learned.estimator.stopped_.startswith("the callback stopped it")


def test_a_training_may_be_stopped_and_resumed_to_the_same_bits():
    whole = quietly(IRIS, "species", epochs=8)
    kept = []

    def begin(learned):
        learned.estimator.set_params(callback=lambda d: kept.append(d) or len(d.losses) == 3)
        learned.fit()
        learned.estimator.set_params(callback=None)

    quietly(IRIS, "species", epochs=8, train=begin)
    resumed = quietly(IRIS, "species", epochs=8, train=lambda learned: learned.fit(kept[-1]))
    assert resumed.estimator.network_.weights == whole.estimator.network_.weights
    assert resumed.as_data() == whole.as_data()


def test_the_hook_has_the_model_before_it_is_judged_and_learned_anew():
    def train(learned):
        assert learned.judgement is None
        assert [note.split(":")[0] for note in learned.notes] == [IRIS]
        learned.fit()
        save(learned.estimator, "honest.json")

    learned = learn(IRIS, "species", epochs=20, refit=True, train=train)
    honest = load("honest.json").network_.weights
    assert honest == learn(IRIS, "species", epochs=20).estimator.network_.weights
    assert honest != learned.estimator.network_.weights
    assert learned.notes[-1].startswith("trained once more on all 150 rows, for ")


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": 5}, "target: expected the name of a column, got 5"),
        ({"target": "speces"}, "no column is called 'speces'; is it 'species'?"),
        ({"task": "guess"}, "task: expected one of auto, classification, regression, got 'guess'"),
        ({"task": ["auto"]}, "task: expected one of "),
        ({"missing": "zero"}, "missing: expected one of mean, refuse, got 'zero'"),
        ({"drop": [5]}, "drop: expected the name of a column, got 5"),
        ({"drop": "sepals"}, "no column is called 'sepals'"),
        ({"test": 1}, "test: expected a number from 0 to below 1, or a file's name, got 1"),
        ({"test": None}, "test: expected a number from 0 to below 1, or a file's name, got None"),
        (
            {"test": "noise.csv"},
            "noise.csv: 5 columns are missing: 'sepal_length', ",
        ),
        ({"cv": 1}, "cv: expected a whole number of at least 2, got 1"),
        ({"cv": 2.5}, "cv: expected a whole number of at least 2, got 2.5"),
        ({"cv": 151}, "cv: expected at most 150 folds, as each needs a row, got 151"),
        ({"max_seconds": 0}, "max_seconds: expected a number above 0, got 0"),
        ({"max_seconds": "x"}, "max_seconds: expected a number above 0, got 'x'"),
        ({"target": []}, "target: expected the name of a column, got []"),
        ({"refit": 1}, "refit: expected True or False, got 1"),
        ({"random_state": -1}, "random_state: expected a whole number"),
        ({"delimiter": "ab"}, "delimiter: expected one character, got 'ab'"),
        ({"delimiter": "\n"}, "delimiter: expected one character, got '\\n'"),
        ({"header": 1}, "header: expected True or False, got 1"),
        ({"table": [[1, 2]]}, "table: expected a file's name or a Table, got "),
        ({"validation": 3}, "validation: expected a file's name or a Table, got 3"),
        (
            {"validation": "noise.csv"},
            "noise.csv: 5 columns are missing: 'sepal_length', ",
        ),
        (
            {"validation": IRIS, "validation_fraction": 0.15},
            "validation_fraction: validation= brings its own rows; leave out one",
        ),
        ({"epochs": 0}, "epochs: expected a whole number"),
        ({"class_weight": "fair"}, 'class_weight: expected "balanced" or a dict, got '),
        ({"l2": 0.5}, "l2: this option is now called weight_decay"),
        (
            {"table": "houses.csv", "target": "price", "class_weight": "balanced"},
            "class_weight: only for classification, but the target is a number",
        ),
    ],
)
def test_wrong_input_is_one_sentence_that_names_the_option(capsys, options, message):
    said_of_it = complaint(learn, **{"table": IRIS, "target": "species", "epochs": 1, **options})
    assert message in said_of_it
    assert "\n" not in said_of_it
    assert capsys.readouterr() == ("", "")


def test_labels_to_validate_by_are_those_to_learn():
    Path("roses.csv").write_text(f"{','.join(IRIS_ROWS[0])}\n1,2,3,4,rose\n")
    assert complaint(learn, IRIS, "species", validation="roses.csv") == (
        "roses.csv: line 2, column 'species': "
        "expected one of 'setosa', 'versicolor', 'virginica', got 'rose'"
    )


def test_an_option_that_does_not_exist_is_refused_before_anything_is_read():
    with pytest.raises(TypeError, match="epoch: there is no such option"):
        learn("none.csv", "y", epoch=3)
    with pytest.raises(FileNotFoundError):
        learn("none.csv", "y", epochs=3)


def test_a_regression_takes_class_weight_none_which_is_the_default():
    assert isinstance(quietly("numbers.csv", "y", class_weight=None, epochs=1).estimator, Regressor)


# -- the room ------------------------------------------------------------------------------------


def test_the_room_opens_from_the_package():
    assert purenet.tables is tables
    assert set(tables.__all__) == {"Learned", "Table", "learn", "read"}
    assert {getattr(tables, name).__name__ for name in tables.__all__} == set(tables.__all__)
    assert isinstance(learn(IRIS, "species", epochs=30), Learned)
    assert isinstance(learn(IRIS, "species", epochs=30).estimator, Classifier)
