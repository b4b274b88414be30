"""The report of `train` on its result: on which rows, for how long, and if nothing was learned."""

import json
import math
import random
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from purenet import Classifier, load
from purenet.cli import main
from purenet.cli import train as train_command
from purenet.datasets import iris
from purenet.tables import learn

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
    refusal = "expected one of 'a', 'b', got 'yes'"
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


# -- judging -------------------------------------------------------------------------------------


def test_folds_are_shared_by_processes_and_no_more_than_there_are_folds(train, monkeypatch):
    asked = []

    def pool(workers, **_):
        asked.append(workers)
        return ThreadPoolExecutor(workers)

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", pool)
    options = ["--epochs", "5", "--cv", "3"]
    alone = train("iris", *options).out.splitlines()
    shared = train("iris", *options, "--jobs", "8").out.splitlines()
    assert asked == [3]
    assert alone[2:] == shared[2:]
    [line] = [line for line in alone if line.startswith("3-fold cross-validation: accuracy ")]
    document = json.loads(train("iris", *options, "--jobs", "2", "--json").out)
    assert f"{document['cv']['mean']:.2%} ± {document['cv']['deviation']:.2%}" in line
    assert len(document["cv"]["scores"]) == 3


def test_processes_train_the_folds(train):
    options = ["--epochs", "3", "--cv", "2", "--balanced", "-o"]
    alone = train("rare", *options, "one.json").out.splitlines()
    shared = train("rare", *options, "two.json", "--jobs", "2").out.splitlines()
    assert alone[-3] == shared[-3]
    assert Path("one.json").read_bytes() == Path("two.json").read_bytes()


def test_a_table_of_its_own_is_judged_by(train):
    lines = train("iris", "--test", "halves.csv", "--epochs", "20").out.splitlines()
    assert "halves.csv: 75 rows to judge by" in lines
    assert any(line.endswith(", 75 of another table to judge by") for line in lines)
    assert any(line.startswith("accuracy: ") and " of 75 rows " in line for line in lines)


def test_explain_says_which_columns_matter_and_draws_them(train):
    printed = train("town", "--epochs", "30", "--explain", "--explain-svg", "town.svg").out
    lines = printed.splitlines()
    start = lines.index(
        "drop in R² when a column is shuffled, mean ± standard deviation of 10 shuffles:"
    )
    rows = [line.split()[:4:2] for line in lines[start + 1 : start + 3]]
    assert {row[0] for row in rows} == {"town", "size"}
    assert "town.svg written" in lines
    picture = Path("town.svg").read_text(encoding="utf-8")
    assert "Which columns matter for y" in picture
    assert "drop in R² when the column is shuffled" in picture
    document = json.loads(train("town", "--epochs", "30", "--explain", "--json").out)
    assert [each["column"] for each in document["importance"]] == [row[0] for row in rows]
    drops = [each["drop"] for each in document["importance"]]
    assert drops == sorted(drops, reverse=True)


def test_the_picture_alone_needs_no_switch(train):
    printed = train("iris", "--epochs", "3", "--explain-svg", "iris.svg", "--quiet").out
    assert "drop in accuracy when a column is shuffled" in printed
    assert Path("iris.svg").exists()
    assert "written" not in printed


def test_without_rows_to_judge_by_folds_are_reported_alone(train):
    lines = train("iris", "--test", "0", "--cv", "2", "--epochs", "3").out.splitlines()
    at = lines.index("not judged: no rows are held out; give a higher --test")
    assert lines[at + 1].startswith("2-fold cross-validation: accuracy ")


def test_no_hidden_layer_is_a_linear_model(train):
    printed = train("iris", "--hidden", "0", "--epochs", "9").out
    assert "\n4-3 network: 9 epochs" in printed
    assert "a linear model" not in printed


def test_a_better_linear_model_comes_with_flags_to_try(train):
    found = [train("numbers", "--seed", str(seed)).out for seed in range(3)]
    better = [printed for printed in found if "better than the network" in printed]
    assert better
    for printed in better:
        assert "--weight-decay 0.1, or --hidden 0 to take it\n" in printed


# -- the time ------------------------------------------------------------------------------------


def test_a_training_whose_time_is_over_is_saved_and_resumed_to_the_same_bits(train):
    options = ["--epochs", "12"]
    train("iris", *options, "-o", "whole.json")
    first = train("iris", *options, "--checkpoint", "c", "--max-seconds", "1e-9")
    assert "stopped: the time (1e-09 s) was over after epoch 0" in first.out
    assert "--max-seconds: the time was over; the best so far is kept" in first.out
    assert first.err.startswith("purenet: 1 epoch saved in c; to resume, repeat the command ")
    train("iris", *options, "--resume", "c", "--max-seconds", "1e-9")
    last = train("iris", *options, "--resume", "c", "-o", "resumed.json")
    assert "stopped: all 12 epochs done" in last.out
    assert load("resumed.json").network_.weights == load("whole.json").network_.weights


def test_a_long_training_says_so_before(train, monkeypatch):
    options = ["iris", "--epochs", "50"]
    monkeypatch.setattr(train_command, "MEASURED", 0.0)
    assert train(*options).err == ""
    monkeypatch.setattr(train_command, "LONG", 0.0)
    said = train(*options).err
    assert re.fullmatch(
        r"purenet: 120 rows, 4 inputs: at most about \d+ seconds?; --max-seconds \d+ stops earlier "
        r"and keeps the best so far\n",
        said,
    )
    assert train(*options, "--quiet").err == ""
    assert train(*options, "--max-seconds", "50").err == ""


def test_the_estimate_counts_restarts_and_folds(tables):
    options = {"restarts": 2, "cv": 5, "jobs": 2, "quiet": False, "max_seconds": None}
    assert train_command._Estimate([[0.0]], options).trainings == 2 * (1 + 4 / 2)
    alone = {**options, "restarts": 1, "cv": None}
    assert train_command._Estimate([[0.0]], alone).trainings == 1


# -- the targets ---------------------------------------------------------------------------------


def test_a_repeated_target_is_a_list(train, monkeypatch):
    asked = []

    def learns(table, target, **options):
        asked.append(target)
        return learn(table, target[-1], **options)

    monkeypatch.setattr(train_command, "learn", learns)
    train("iris", "--target", "sepal_width", "--epochs", "1")
    assert asked == [["species", "sepal_width"]]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--cv", "1"], "--cv: expected a whole number of at least 2, got '1'"),
        (["--cv", "301"], "--cv: expected at most 300 folds, as each needs a row, got 301"),
        (["--max-seconds", "0"], "--max-seconds: expected a number above 0, got '0'"),
        (["--test", "1"], "--test: expected a number from 0 to below 1, or a file's name"),
        (["--test", "none.csv"], "No such file or directory: 'none.csv'"),
        (["--test", "xor.csv"], "xor.csv: 2 columns are missing: 'x', 'z'"),
        (["--explain", "--test", "0"], "--explain: no rows are held out; give a higher --test"),
        (["--explain-svg", "a.svg", "--test", "0"], "--explain: no rows are held out"),
        (["--explain-svg", "none/a.svg"], "No such file or directory: 'none/a.svg'"),
        (["--jobs", "2"], "--jobs: processes share restarts and folds"),
        (
            ["--jobs", "2", "--restarts", "2", "--max-seconds", "9"],
            "--max-seconds: restarts in other processes go on; leave out --jobs",
        ),
        (["--hidden", "0,3"], "--hidden: expected a whole number of at least 1, got '0'"),
    ],
)
def test_what_cannot_be_judged_is_one_sentence(refused, options, message):
    assert message in refused("numbers", *options)
