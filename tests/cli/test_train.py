"""The report of `train` on its result: on which rows, for how long, and if nothing was learned."""

import json
import math
import random
from pathlib import Path

import pytest

from purenet import Classifier, load
from purenet.cli import main
from purenet.datasets import iris

HEADER = "sepal_length,sepal_width,petal_length,petal_width,species"


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """Write some tables down, in the folder where the test then runs."""
    draw = random.Random(3)
    points = [(draw.random(), draw.random()) for _ in range(300)]
    flowers = [",".join(map(str, [*row, name])) for row, name in zip(*iris())]
    written = {
        "xor": ["a,b,y", "0,0,no", "0,1,yes", "1,0,yes", "1,1,no"],
        "iris": [HEADER, *flowers],
        "halves": [HEADER, *flowers[::2]],
        "noise": ["x,z,y", *[f"{x},{z},{draw.choice('ab')}" for x, z in points]],
        "numbers": ["x,z,y", *[f"{x},{z},{draw.gauss(0.0, 1.0)}" for x, z in points]],
        "constant": ["x,z,y", *[f"{x},{z},7.5" for x, z in points]],
        "rare": ["x,z,y", *[f"{x},{z},{'yes' if i % 25 == 0 else 'no'}"
                            for i, (x, z) in enumerate(points)]],
        "town": ["town,size,y", *[f"{draw.choice(('Bath', 'York'))},{x},{z}" for x, z in points]],
    }  # fmt: skip
    for name, lines in written.items():
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def train(tables, capsys):
    """Return a function that trains on a table, and returns what was printed where."""

    def run(name, *options):
        target = "species" if name in ("iris", "halves") else "y"
        main(["train", f"{name}.csv", "--target", target, *options])
        return capsys.readouterr()

    return run


@pytest.fixture
def refused(tables, capsys):
    """Return a function that trains in vain, and returns the last sentence of standard error."""

    def run(name, *options):
        try:
            assert main(["train", f"{name}.csv", "--target", "y", *options]) != 0
        except SystemExit as ended:  # argparse's way out
            assert ended.code != 0
        said = capsys.readouterr().err.splitlines()
        return [line for line in said if "` lists the options" not in line][-1]

    return run


def test_the_default_learns_the_articles_own_problem(train):
    assert train("xor", "-o", "xor.json").err == ""
    rows = [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert load("xor.json").predict(rows) == ["no", "yes", "yes", "no"]


def test_train_says_how_many_rows_were_learned_held_back_and_held_out(train):
    assert (
        "rows: 102 learned (68% of the table), 18 held back to tell when to stop, 30 held out"
        in (train("iris").out)
    )
    lines = train("iris", "--test", "0.4", "--validation-fraction", "0", "--epochs", "2").out
    assert "rows: 90 learned (60% of the table), 0 held back" in lines
    assert ", 60 held out to judge by" in lines


def test_refit_learns_all_rows_for_the_best_number_of_epochs_and_keeps_the_report(train):
    honest = train("iris", "-o", "honest.json").out.splitlines()
    again = train("iris", "-o", "again.json", "--refit").out.splitlines()
    descent = load("honest.json").fitted_state()[1]
    assert f"trained once more on all 150 rows, for {descent.best_epoch + 1} epochs" in again
    assert honest[2:9] == again[2:9]
    one, other = load("honest.json"), load("again.json")
    assert one.validation_loss_curve_ == other.validation_loss_curve_
    assert one.network_.weights != other.network_.weights
    flowers, _ = iris()
    means = [sum(column) / 150 for column in zip(*flowers)]
    for mean, seen in zip(means, other.fitted_state()[0]["_inputs"].means):
        assert math.isclose(mean, seen, rel_tol=1e-12)  # the sums differ in their order


def test_a_table_of_its_own_tells_when_to_stop(train):
    lines = train("iris", "--validation", "halves.csv", "--epochs", "20").out
    assert (
        "rows: 120 learned (80% of the table), 75 of another table tell when to stop, 30" in lines
    )


def test_a_table_to_validate_by_has_the_columns_and_labels_of_the_other(refused):
    refusal = "'yes' is not among the classes of the table to learn"
    assert refused("noise", "--validation", "rare.csv") == (
        f"purenet: rare.csv: line 2, column 'y': {refusal}"
    )
    assert "2 columns are missing: 'x', 'z'" in refused("noise", "--validation", "xor.csv")


def test_a_checkpoint_of_another_validation_table_is_refused(train, refused):
    options = ["--epochs", "2", "--validation", "noise.csv", "--checkpoint", "c"]
    train("noise", *options)
    assert "other data or other options" in refused("noise", "--epochs", "2", "--resume", "c")


@pytest.mark.parametrize("options", [["--epochs", "1"], ["--epochs", "1", "--test", "0"]])
def test_a_regression_that_learned_nothing_says_so_on_standard_error(train, options):
    first, *rest = train("numbers", *options).err.splitlines()
    assert first.startswith("purenet: the fit is ")
    assert "than the mean of y: its loss on all " in first
    assert rest[-1].startswith("purenet: try other columns, more rows, more --epochs or --patience")


def test_one_class_for_every_row_names_balanced(train):
    first, *rest = train("rare").err.splitlines()
    assert first.startswith(
        "purenet: the fit answers 'no' for every row; its cross-entropy on all "
    )
    assert rest[-1].startswith(
        "purenet: try --balanced if the other classes are rare; try other columns"
    )


def test_balanced_lets_the_rare_class_count(train):
    train("rare", "--balanced", "-o", "rare.json")
    model = load("rare.json")
    assert model.get_params()["class_weight"] == "balanced"
    draw = random.Random(3)
    assert set(model.predict([[draw.random(), draw.random()] for _ in range(300)])) == {"no", "yes"}


def test_a_constant_target_says_only_that(train):
    assert train("constant", "--task", "regression").err == (
        "purenet: column 'y' has one value only\n"
    )


def test_what_was_learned_gives_no_warning(train):
    assert train("iris").err == ""
    assert train("iris", "--optimizer", "rprop").err == ""


def test_the_warning_is_in_the_document_too(train):
    document = json.loads(train("numbers", "--epochs", "1", "--json").out)
    assert document["warning"].startswith("the fit is ")
    rows = [document[f"rows_{what}"] for what in ("learned", "to_validate_by", "held_out")]
    assert rows == [204, 36, 60]
    assert json.loads(train("iris", "--json").out)["warning"] is None


def test_texts_become_inputs_that_stay_0_and_1(train):
    train("town", "--epochs", "1", "-o", "town.json")
    scale = load("town.json").fitted_state()[0]["_inputs"]
    assert scale.means[:2] == [0.0, 0.0]
    assert scale.deviations[:2] == [1.0, 1.0]
    assert scale.deviations[2] != 1.0


def test_rprop_takes_all_rows_and_can_be_resumed_to_the_same_bits(train):
    options = ["--optimizer", "rprop", "--epochs", "12"]
    train("iris", *options, "-o", "whole.json")
    train("iris", *options, "--checkpoint", "c", "-o", "one.json")
    train("iris", *options, "--resume", "c", "-o", "two.json")
    assert load("one.json").network_.weights == load("whole.json").network_.weights
    assert load("two.json").network_.weights == load("whole.json").network_.weights


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        (
            "numbers",
            ["--balanced"],
            "--balanced: only for classification, but the target is a number",
        ),
        ("iris", ["--weight-decay", "-1"], "--weight-decay: expected a number of at least 0"),
        ("iris", ["--weight-decay", "inf"], "--weight-decay: expected a number of at least 0"),
        ("iris", ["--weight-decay", "x"], "--weight-decay: expected a number of at least 0"),
        (
            "iris",
            ["--validation-fraction", "0.6"],
            "--validation-fraction: expected a number from 0",
        ),
        ("iris", ["--batch-size", "x"], "--batch-size: expected a whole number of at least 1"),
        ("iris", ["--optimizer", "rprop", "--batch-size", "8"], "rprop takes all rows at once"),
        ("noise", ["--validation", "none.csv"], "none.csv"),
        (
            "noise",
            ["--validation", "noise.csv", "--validation-fraction", "0.3"],
            "--validation-fraction: --validation brings its own rows",
        ),
        (
            "noise",
            ["--validation", "noise.csv", "--validation-fraction", "0.15"],
            "--validation-fraction: --validation brings its own rows",
        ),
    ],
)
def test_wrong_options_are_refused_with_the_one_that_helps(refused, name, options, message):
    assert message in refused(name, *options)


def test_help_names_the_default_of_an_option_that_is_the_estimators_own(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert f"to tell when to stop (default: {Classifier().validation_fraction})" in said


def test_processes_and_weights_and_a_refit_go_together(train):
    options = ["--balanced", "--restarts", "2", "--jobs", "2", "--refit", "--epochs", "3"]
    assert "trained once more on all 300 rows, for " in train("rare", *options).out


def test_what_is_missing_in_a_table_to_validate_by_is_said(train):
    lines = Path("numbers.csv").read_text().splitlines()
    Path("gaps.csv").write_text("\n".join([lines[0], ",0.5,1.0", *lines[2:50]]))
    printed = train("numbers", "--epochs", "1", "--validation", "gaps.csv").out
    assert "gaps.csv: 49 rows to tell when to stop\ncolumn x: 1 missing, filled with 0." in printed


def test_a_failure_on_the_rows_held_out_is_in_the_document(train):
    found = train("noise", "--epochs", "1", "--hidden", "1", "--json", "--seed", "5")
    document = json.loads(found.out)
    if document["held_out"]["accuracy"] <= document["held_out"]["baseline"]:
        assert document["warning"] is not None
    assert (document["warning"] is None) == (found.err == "")


def test_a_finished_training_that_is_resumed_says_the_same_numbers_of_rows(train):
    whole = train("iris", "--epochs", "3", "--checkpoint", "c").out.splitlines()
    again = train("iris", "--epochs", "3", "--resume", "c").out.splitlines()
    assert "18 held back" in whole[2]
    assert whole[2:] == again[2:]
