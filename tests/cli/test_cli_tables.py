"""The commands for tables as a person meets them: train, predict, evaluate, inspect."""

import csv
import gzip
import io
import json
import math
import os
import pty
import random
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ENV, IRIS, IRIS_LINES, IRIS_ROWS, process, purenet, said

import purenet as package
from purenet import Classifier, Regressor, load
from purenet.formats.writing import check_writable
from purenet.lessons import trace
from purenet.tables.csv_table import Table
from purenet.tables.problem import problem_of, split_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with a model of the flowers, and a table of houses with a model of their prices."""
    folder = tmp_path_factory.mktemp("models")
    said("train", IRIS, "--target", "species", "-o", folder / "iris.json")
    chance = random.Random(1)
    with (folder / "houses.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["area", "town", "garden", "price"])
        for _ in range(200):
            area, town = chance.uniform(50, 200), chance.choice(["York", "Bath"])
            garden = chance.choice(["yes", "no", ""])
            price = 3 * area + (100 if town == "Bath" else 0) + chance.gauss(0, 5)
            writer.writerow(["" if chance.random() < 0.05 else f"{area:.1f}", town, garden, price])
    said("train", folder / "houses.csv", "--target", "price", "-o", folder / "houses.json")
    return folder


# -- train ---------------------------------------------------------------------------------------


def test_train_says_what_it_found_how_it_went_and_how_good_it_is(tmp_path):
    lines = said("train", IRIS, "--target", "species", "-o", tmp_path / "m.json").splitlines()
    assert lines[0] == f"{IRIS}: 150 rows, 5 columns; species: classification, 3 classes"
    assert lines[1].startswith("4-16-3 network: ")
    assert lines[2] == (
        "rows: 102 learned (68% of the table), 18 held back to tell when to stop, "
        "30 held out to judge by"
    )
    assert lines[3].startswith("stopped: ")
    assert lines[4].startswith("accuracy: ")
    assert " of 30 rows (always 'setosa': 33.33%); balanced accuracy: " in lines[4]
    assert lines[-1] == f"{tmp_path / 'm.json'} written"
    assert lines[5].startswith("a linear model: ")
    confusion = [line.split() for line in lines[8:11]]
    assert [row[0] for row in confusion] == ["setosa", "versicolor", "virginica"]
    counts = [int(count) for row in confusion for count in row[1:]]
    assert len(counts) == 9
    assert sum(counts) == 30
    assert f"accuracy: {sum(counts[::4]) / 30:.2%}" in lines[4]
    classes = [line.split() for line in lines[13:16]]
    assert [row[2] for row in classes] == [f"{counts[k] / 10:.2f}" for k in (0, 4, 8)]
    assert [row[-1] for row in classes] == ["10"] * 3


def test_train_says_how_texts_and_missing_cells_were_taken(folder):
    done = purenet("train", folder / "houses.csv", "--target", "price", "--epochs", "1")
    lines = done.stdout.splitlines()
    assert lines[0].startswith(f"{folder / 'houses.csv'}: 200 rows, 4 columns; price: regression")
    assert "column town: 2 texts, each an input" in lines
    assert any(line.startswith("column garden: 2 texts, each an input, ") for line in lines)
    assert any(
        line.startswith("column area: ") and " missing, filled with " in line for line in lines
    )
    assert lines[-1] == "model not saved; -o FILE saves it"


def test_train_learns_what_is_there_to_learn(folder):
    document = json.loads(said("train", folder / "houses.csv", "--target", "price", "--json"))
    assert document["held_out"]["r2"] > 0.9
    assert document["inputs"] == ["area", "town=Bath", "town=York", "garden=no", "garden=yes"]
    document = json.loads(said("train", IRIS, "--target", "species", "--json"))
    assert document["held_out"]["accuracy"] > 0.9
    assert document["classes"] == ["setosa", "versicolor", "virginica"]
    assert len(document["loss"]) == document["epochs"]


def test_the_model_is_the_estimators_own_with_the_options_given(folder, tmp_path):
    options = ["--hidden", "5,3", "--epochs", "7", "--seed", "3", "--activation", "tanh"]
    more = ["--learning-rate", "0.02", "--batch-size", "8", "--test", "0"]
    said("train", IRIS, "--target", "species", *options, *more, "-o", tmp_path / "m.json")
    rows = list(csv.reader(IRIS_LINES))[1:]
    classifier = Classifier(
        [5, 3], epochs=7, random_state=3, activation="tanh", learning_rate=0.02, batch_size=8
    )
    classifier.fit([list(map(float, row[:4])) for row in rows], [row[4] for row in rows])
    model = load(tmp_path / "m.json")
    assert model.network_.weights == classifier.network_.weights
    assert model.network_.biases == classifier.network_.biases


def test_the_same_command_gives_the_same_file(tmp_path):
    for name in ("a.json", "b.json"):
        said("train", IRIS, "--target", "species", "--epochs", "5", "-o", tmp_path / name)
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_two_jobs_train_what_one_does(tmp_path):
    for jobs in ("1", "2"):
        options = ["--epochs", "5", "--restarts", "3", "--jobs", jobs]
        said("train", IRIS, "--target", "species", *options, "-o", tmp_path / f"{jobs}.json")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_the_task_is_told_from_the_target_unless_it_is_told(tmp_path):
    rows = "".join(f"{i % 7},{i % 2}\n" for i in range(60))
    (tmp_path / "d.csv").write_text(f"a,b\n{rows}")
    guess = ["train", "d.csv", "--target", "b", "--epochs", "2"]
    first = purenet(*guess, cwd=tmp_path).stdout.splitlines()[0]
    other = "(--task regression would read it otherwise)"
    assert first == f"d.csv: 60 rows, 2 columns; b: classification, 2 classes {other}"
    first = purenet(*guess, "--task", "regression", cwd=tmp_path).stdout.splitlines()[0]
    assert first == "d.csv: 60 rows, 2 columns; b: regression"


def test_train_reads_standard_input_gzip_and_files_without_a_header(tmp_path):
    text = "".join(IRIS_LINES[1:])
    end = said("train", IRIS, "--target", "species", "--quiet", "--epochs", "3")
    options = ["--target", "5", "--quiet", "--epochs", "3"]
    assert said("train", "-", *options, input=text) == end
    (tmp_path / "iris.csv.gz").write_bytes(gzip.compress(text.replace(",", "\t").encode()))
    assert said("train", tmp_path / "iris.csv.gz", *options) == end
    assert (
        said(
            "train",
            "-",
            *options,
            "--no-header",
            "--delimiter",
            "tab",
            input=text.replace(",", "\t"),
        )
        == end
    )


def test_dropped_columns_are_not_learned_from():
    out = said(
        "train",
        IRIS,
        "--target",
        "species",
        "--drop",
        "sepal_length",
        "--drop",
        "sepal_width",
        "--epochs",
        "1",
        "--json",
    )
    assert json.loads(out)["inputs"] == ["petal_length", "petal_width"]


def test_progress_is_shown_on_a_terminal_and_wiped_at_the_end():
    terminal, end = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "purenet",
        "train",
        IRIS,
        "--target",
        "species",
        "--epochs",
        "3",
    ]
    subprocess.run(command, stdout=subprocess.DEVNULL, stderr=end, env=ENV, check=True)
    os.close(end)
    shown = os.read(terminal, 8192).decode()
    os.close(terminal)
    assert "epoch 3 of at most 3, loss " in shown
    assert ", held back " in shown
    assert "s left at most" in shown
    assert shown.endswith("\r")


def test_a_model_no_better_than_the_trivial_answer_says_so(tmp_path):
    chance = random.Random(0)
    rows = "".join(f"{chance.random()},{chance.choice('ab')}\n" for _ in range(40))
    (tmp_path / "noise.csv").write_text(f"x,label\n{rows}")
    done = purenet("train", tmp_path / "noise.csv", "--target", "label", "--epochs", "1")
    assert done.returncode == 0
    assert done.stderr.startswith(
        "purenet: on the rows held out, the model is no better than the trivial answer: accuracy "
    )


# -- predict, evaluate, inspect --------------------------------------------------------------------


def test_predict_answers_each_row_in_its_order(folder, tmp_path):
    answers = said("predict", folder / "iris.json", IRIS).splitlines()
    model = load(folder / "iris.json")
    inputs = [[float(row[column.name]) for column in model.columns_] for row in IRIS_ROWS]
    assert answers == ["species", *model.predict(inputs)]
    said("predict", folder / "iris.json", IRIS, "-o", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().splitlines() == answers


def test_predict_gives_probabilities_that_add_up_to_one(folder):
    text = said("predict", folder / "iris.json", IRIS, "--probabilities", "--exact")
    rows = list(csv.DictReader(io.StringIO(text)))
    rounded = said("predict", folder / "iris.json", IRIS, "--probabilities")
    for row, short in zip(rows, csv.DictReader(io.StringIO(rounded))):
        assert [round(float(row[name]), 4) for name in row if name != "species"] == [
            float(short[name]) for name in row if name != "species"
        ]
    names = ["P(setosa)", "P(versicolor)", "P(virginica)"]
    assert list(rows[0]) == ["species", *names]
    for row in rows:
        chances = [float(row[name]) for name in names]
        assert math.isclose(sum(chances), 1.0, rel_tol=1e-12)
        assert row["species"] == names[chances.index(max(chances))][2:-1]


def test_predict_copies_columns_beside_its_answers(folder):
    text = "id,town,area,price,garden\n7,Bath,100,5,no\n8,York,90,6,yes\n"
    model = folder / "houses.json"
    answers = said("predict", model, "-", input=text).splitlines()[1:]
    lines = said("predict", model, "-", "--keep", "id,town", input=text).splitlines()
    assert lines == ["id,town,price", f"7,Bath,{answers[0]}", f"8,York,{answers[1]}"]
    first, *rest = said("predict", model, "-", "--keep", "all", input=text).splitlines()
    assert first == "id,town,area,price,garden,predicted price"
    assert rest[0] == f"7,Bath,100,5,no,{answers[0]}"
    numbered = ",town,area,garden\n7,Bath,100,no\n9,York,90,yes\n"
    lines = said("predict", model, "-", "--keep", "1", input=numbered).splitlines()
    assert [line.split(",")[0] for line in lines] == ["1", "7", "9"]
    done = purenet("predict", model, "-", "--keep", "idd", input=text)
    assert done.stderr.startswith("purenet: standard input: no column is called 'idd'; ")


def test_predict_counts_the_rows_in_which_every_cell_is_missing(folder):
    text = "town,garden,area\nBath,,\n,NA,?\n,,\n"
    done = purenet("predict", folder / "houses.json", "-", "--no-header", input=text[17:])
    assert done.returncode == 1
    done = purenet("predict", folder / "houses.json", "-", input=text)
    found = "purenet: standard input: every cell is missing in 2 rows, from line 3 on"
    assert done.stderr.splitlines()[-1] == found


def test_a_model_of_two_targets_predicts_and_is_judged_by_both(tmp_path):
    rows = "".join(f"{i},{i * 7 % 11},{2 * i},{3 * i + i * 7 % 11}\n" for i in range(60))
    (tmp_path / "t.csv").write_text(f"a,b,y,z\n{rows}")
    options = ["--target", "y", "--target", "z", "--epochs", "50", "-o", "m.json"]
    out = purenet("train", "t.csv", *options, cwd=tmp_path).stdout
    assert out.splitlines()[0] == "t.csv: 60 rows, 4 columns; y, z: regression"
    lines = purenet("predict", "m.json", "t.csv", cwd=tmp_path).stdout.splitlines()
    assert lines[0] == "y,z"
    assert [len(line.split(",")) for line in lines] == [2] * 61
    model = load(tmp_path / "m.json")
    assert model.target_ == ["y", "z"]
    assert lines[1] == ",".join(map(str, model.predict([[0.0, 0.0]])[0]))
    judged = purenet("evaluate", "m.json", "t.csv", "--json", cwd=tmp_path).stdout
    assert len(json.loads(judged)["per_target"]) == 2
    for name in ("m.py", "m.h", "m.mjs"):
        assert purenet("export", "m.json", "-o", name, cwd=tmp_path).returncode == 0
    assert "y, z" in said("inspect", "m.json", cwd=tmp_path)


def test_evaluate_reads_targets_as_they_were_written_in_training(tmp_path):
    def write(name, prices):
        rows = "".join(f"{i};{price}\n" for i, price in enumerate(prices))
        (tmp_path / name).write_text(f"x;price\n{rows}")

    write("t.csv", [f"{i}.{i * 37 % 900 + 100}" if i else "0,5" for i in range(60)])
    write("part.csv", [f"{i}.{i * 37 % 900 + 100}" for i in range(1, 40)])
    purenet("train", "t.csv", "--target", "price", "--epochs", "3", "-o", "m.json", cwd=tmp_path)
    judged = json.loads(purenet("evaluate", "m.json", "part.csv", "--json", cwd=tmp_path).stdout)
    assert 1000 < judged["mae"] < 100_000
    assert load(tmp_path / "m.json").targets_[0].style == "1.234,5"


def test_a_model_without_names_predicts_each_row_of_a_table_without_a_header(tmp_path):
    rows = "".join(f"{i % 7},{i % 3},{'ab'[i % 2]}\n" for i in range(40))
    (tmp_path / "t.csv").write_text(rows)
    purenet("train", "t.csv", "--target", "3", "--epochs", "3", "-o", "m.json", cwd=tmp_path)
    for text, answers in (("2,1,a\n5,3,b\n7,1,b\n", 3), ("1,2,a\n", 1), ("3,1\n", 1)):
        done = purenet("predict", "m.json", "-", cwd=tmp_path, input=text)
        assert len(done.stdout.splitlines()) == 1 + answers


def test_a_class_whose_name_means_a_missing_cell_elsewhere_is_a_class(tmp_path):
    rows = "".join(f"{i % 7},{['none', 'mild', 'severe'][i % 3]}\n" for i in range(60))
    (tmp_path / "t.csv").write_text(f"x,y\n{rows}")
    out = purenet("train", "t.csv", "--target", "y", "--epochs", "3", "-o", "m.json", cwd=tmp_path)
    assert "none is taken as a text among the texts of column y " in out.stdout
    (tmp_path / "n.csv").write_text("x,y\n1,none\n2,none\n")
    assert " of 2 rows " in said("evaluate", "m.json", "n.csv", cwd=tmp_path)


def test_predict_finds_columns_by_name_in_any_order(folder):
    turned = io.StringIO()
    writer = csv.DictWriter(
        turned,
        ["petal_width", "petal_length", "sepal_width", "sepal_length"],
        extrasaction="ignore",
    )
    writer.writeheader()
    writer.writerows(IRIS_ROWS)
    answers = said("predict", folder / "iris.json", "-", input=turned.getvalue())
    assert answers == said("predict", folder / "iris.json", IRIS)


def test_predict_fills_what_is_missing_as_training_did(folder):
    text = "town,garden,area\nBath,,\n"
    model = load(folder / "houses.json")
    mean = model.columns_[0].mean
    [answer] = model.predict([[mean, 1.0, 0.0, 0.0, 0.0]])
    done = purenet("predict", folder / "houses.json", "-", input=text)
    assert done.stdout == f"price\n{answer}\n"
    assert done.stderr.splitlines() == [
        f"purenet: standard input: column area: 1 missing, filled with {mean:.6g}",
        "purenet: standard input: column garden: 1 missing, all inputs 0",
    ]


def test_evaluate_compares_with_the_table(folder):
    model = load(folder / "iris.json")
    out = said("evaluate", folder / "iris.json", IRIS)
    guesses = said("predict", folder / "iris.json", IRIS).splitlines()[1:]
    right = [row["species"] == guess for row, guess in zip(IRIS_ROWS, guesses)].count(True)
    assert out.startswith(f"accuracy: {right / 150:.2%}, {right} of 150 rows")
    document = json.loads(said("evaluate", folder / "iris.json", IRIS, "--json"))
    assert (document["accuracy"], document["baseline"]) == (right / 150, 1 / 3)
    recalls = [each["recall"] for each in document["per_class"]]
    assert math.isclose(document["balanced_accuracy"], sum(recalls) / 3)
    assert [each["rows"] for each in document["per_class"]] == [50] * 3
    assert list(model.classes_) == ["setosa", "versicolor", "virginica"]


def test_evaluate_of_numbers_gives_r_squared(folder):
    done = purenet("evaluate", folder / "houses.json", folder / "houses.csv")
    out = done.stdout
    assert "column area: 9 missing, filled with " in done.stderr
    assert out.startswith("R²: 0.9")
    assert out.splitlines()[1].startswith("RMSE: ")
    arguments = ("evaluate", folder / "houses.json", folder / "houses.csv", "--json")
    document = json.loads(purenet(*arguments).stdout)
    assert list(document) == ["r2", "baseline", "rmse", "mae"]


def test_inspect_says_what_there_is_in_a_model(folder):
    facts = dict(line.split(":", 1) for line in said("inspect", folder / "iris.json").splitlines())
    facts = {name: value.strip() for name, value in facts.items()}
    assert facts["kind"] == "Classifier"
    assert facts["sizes"] == "4, 16, 3"
    assert facts["parameters"] == str(4 * 16 + 16 + 16 * 3 + 3)
    assert facts["target"] == "species"
    assert facts["inputs"] == "sepal_length, sepal_width, petal_length, petal_width"
    assert facts["classes"] == "setosa, versicolor, virginica"
    assert int(facts["file size"].replace(",", "")) == (folder / "iris.json").stat().st_size
    document = json.loads(said("inspect", folder / "houses.json", "--json"))
    assert document["kind"] == "Regressor"
    assert isinstance(load(folder / "houses.json"), Regressor)


def test_inspect_writes_json_whatever_the_losses_are(folder, tmp_path):
    document = json.loads((folder / "iris.json").read_text())
    history = document["history"]
    history["loss"][-1] = None
    for validation, lowest in ([2.0, None, 1.0], 1.0), ([None], None):
        history["validation_loss"] = validation
        (tmp_path / "iris.json").write_text(json.dumps(document))
        text = said("inspect", tmp_path / "iris.json", "--json")
        facts = json.loads(text, parse_constant=pytest.fail)
        assert (facts["last loss"], facts["lowest loss held back"]) == (None, lowest)
    lines = said("inspect", tmp_path / "iris.json").splitlines()
    assert [line.split(":")[0] for line in lines if line.endswith(" not a finite number")] == [
        "last loss",
        "lowest loss held back",
    ]


def test_inspect_takes_a_plain_network(tmp_path):
    said("--quiet", "--save", tmp_path / "net.json")
    assert "kind:" in said("inspect", tmp_path / "net.json")


def test_the_readers_commands_take_what_train_has_written(folder, tmp_path):
    for name, table in (("iris", IRIS), ("houses", folder / "houses.csv")):
        model = folder / f"{name}.json"
        assert "weights[0]" in purenet("trace", model, "--data", table).stdout
        assert purenet("diagnose", model, "--data", table).stdout != ""
        out = f"{tmp_path / name}/"
        assert purenet("picture", model, "-o", out, "--data", table).returncode == 0
        assert [path.name for path in sorted(Path(out).iterdir())] == [
            "correlation.svg",
            "graph.svg",
            "loss.svg",
            "slope.svg",
            "surface.svg",
        ]
    graph = (tmp_path / "iris" / "graph.svg").read_text(encoding="utf-8")
    assert "petal_length" in graph
    assert "virginica" in graph


def test_trace_of_an_estimator_shows_the_rows_as_its_network_gets_them(folder):
    model = load(folder / "iris.json")
    X = [[float(row[column.name]) for column in model.columns_] for row in IRIS_ROWS]
    X, y = model.preprocess(X, [row["species"] for row in IRIS_ROWS])
    step = trace(model.network_, X, y)
    assert said("trace", folder / "iris.json", "--data", IRIS) == f"{step}\n"


def test_a_model_that_does_not_know_its_table_is_refused_by_the_readers_commands(tmp_path):
    classifier = Classifier(2, epochs=1).fit([[0], [1]], ["a", "b"])
    package.save(classifier, tmp_path / "m.json")
    for command in ("trace", "diagnose"):
        done = purenet(command, "m.json", "--data", IRIS, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        message = "expected a model that knows its columns, as `train` saves it"
        assert done.stderr == f"purenet: m.json: {message}\n"


# -- what is refused -----------------------------------------------------------------------------

ROWS = "".join(f"{i},{i % 3},{'abc'[i % 3]}\n" for i in range(30))
GOOD = f"x,z,label\n{ROWS}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "d.csv: expected a table, got an empty file"),
        ("x,z,label\n", "d.csv: expected rows after the header, got none"),
        (f"{GOOD}1,2\n", "d.csv: line 32 has 2 values, but most lines have 3"),
        ("x,z,label\n" + "1,2,a\n" * 9, "d.csv: column 'label' has one class only, 'a'"),
        ("x,z,label\n1,2,a\n2,3,b\n", "d.csv: column 'label' has 2 classes in 2 rows"),
        ("x,z,lable\n1,2,a\n", "d.csv: no column is called 'label'; is it 'lable'?"),
        ("x,z,label\n5,5,a\n5,5,b\n5,5,a\n5,5,b\n", "d.csv: no column can be learned from: "),
        ("label\na\nb\n", "d.csv: expected columns to learn from besides the target, got none"),
        (GOOD.replace("\n5,", "\n5\0,"), "d.csv: line 7 has a NUL byte"),
        (GOOD.replace("\n5,", "\n,"), ""),
    ],
)
def test_a_bad_table_is_one_sentence_with_file_line_and_column(tmp_path, text, message):
    (tmp_path / "d.csv").write_text(text)
    done = purenet("train", "d.csv", "--target", "label", "--epochs", "1", cwd=tmp_path)
    if not message:
        assert done.returncode == 0
        done = purenet("train", "d.csv", "--target", "label", "--missing", "refuse", cwd=tmp_path)
        message = "d.csv: line 7, column 'x': the cell is missing (--missing mean allows it)"
    assert done.returncode == 1
    assert done.stderr.startswith(f"purenet: {message}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["train", "none.csv", "--target", "a"], 1, "No such file or directory: 'none.csv'"),
        (["train", "."], 2, "--target: expected the name of the column to predict"),
        (["train", ".", "--target", "a"], 1, "Is a directory: '.'"),
        (["train", "d.csv", "--target", "label", "-o", "."], 1, "Is a directory: '.'"),
        (
            ["train", "d.csv", "--target", "label", "-o", "no/m.json"],
            1,
            "No such file or directory",
        ),
        (
            ["train", "d.csv", "--target", "label", "--drop", "labl"],
            1,
            "no column is called 'labl'; is it 'label'?",
        ),
        (
            ["train", "d.csv", "--target", "label", "--test", "1"],
            2,
            "expected a number from 0 to below 1, or a file's name",
        ),
        (
            ["train", "d.csv", "--target", "label", "--hidden", "4,0"],
            2,
            "whole number of at least 1",
        ),
        (["train", "d.csv", "--target", "label", "--delimiter", "ab"], 2, "expected one character"),
        (
            ["train", "d.csv", "--target", "label", "--restarts", "2", "--checkpoint", "c"],
            2,
            "one restart",
        ),
        (["train", "d.csv", "--target", "label", "--jobs", "2"], 2, "--jobs: processes share"),
        (["predict", "d.csv", "d.csv"], 1, "d.csv: expected a name that ends in .json, "),
        (["predict", "m.json", "none.csv"], 1, "No such file or directory: 'none.csv'"),
        (["evaluate", "m.json", "d.csv"], 1, "d.csv: 5 columns are missing: 'sepal_length', "),
        (
            ["predict", "h.json", "d.csv", "--probabilities"],
            2,
            "only for a classifier, but h.json predicts numbers",
        ),
        (["predict", "n.json", "d.csv"], 1, "n.json: expected a model that knows its columns"),
        (["inspect", "none.json"], 1, "No such file or directory: 'none.json'"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(folder, tmp_path, arguments, code, message):
    (tmp_path / "d.csv").write_text(GOOD)
    (tmp_path / "m.json").write_bytes((folder / "iris.json").read_bytes())
    (tmp_path / "h.json").write_bytes((folder / "houses.json").read_bytes())
    package.save(package.Network([2, 1], seed=1), tmp_path / "n.json")
    done = purenet(*arguments, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (code, "")
    sentence, *way_to_help = done.stderr.splitlines()
    assert message in sentence
    assert len(way_to_help) == (code == 2)
    assert "Traceback" not in done.stderr


def test_what_is_no_checkpoint_is_refused_before_training(tmp_path):
    (tmp_path / "d.csv").write_text(GOOD)
    done = purenet("train", "d.csv", "--target", "label", "--resume", "d.csv", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("purenet: d.csv: not JSON")


def test_new_texts_and_unknown_classes_are_refused_by_name(folder):
    text = "area,town,garden,price\n100,Rome,no,5\n"
    done = purenet("predict", folder / "houses.json", "-", input=text)
    found = "column town: 1 cell unknown in training taken as missing: 'Rome'"
    assert done.stderr == f"purenet: standard input: {found}\n"
    done = purenet("predict", folder / "houses.json", "-", "--strict", input=text)
    message = "line 2, column 'town': 'Rome' did not occur in training, only 'Bath', 'York'"
    assert done.stderr == f"purenet: standard input: {message}\n"
    text = "sepal_length,sepal_width,petal_length,petal_width,species\n1,2,3,4,rose\n"
    done = purenet("evaluate", folder / "iris.json", "-", input=text)
    classes = "'setosa', 'versicolor', 'virginica'"
    message = f"line 2, column 'species': expected one of {classes}, got 'rose'"
    assert done.stderr == f"purenet: standard input: {message}\n"


def test_no_permission_is_said_before_training(monkeypatch):
    monkeypatch.setattr(os, "access", lambda path, mode: False)  # root may write anywhere
    with pytest.raises(PermissionError, match="Permission denied"):
        check_writable("m.json")


def test_a_full_disk_while_saving_leaves_the_old_model(tmp_path):
    model = tmp_path / "m.json"
    model.write_text("the old one")

    def no_room():  # a file may not be larger than this
        resource.setrlimit(resource.RLIMIT_FSIZE, (500, 500))

    done = process(
        "train", IRIS, "--target", "species", "--epochs", "1", "-o", model, preexec_fn=no_room
    )
    assert done.returncode == 1
    assert "File too large" in done.stderr
    assert model.read_text() == "the old one"
    assert [path.name for path in tmp_path.iterdir()] == ["m.json"]


# -- the parts -----------------------------------------------------------------------------------


def test_a_part_of_each_class_is_held_out_and_at_least_one_row_learned():
    rows = [[str(i), label] for i, label in enumerate("a" * 50 + "b" * 10 + "cc")]
    problem = problem_of(Table("t", ["x", "y"], rows, [*range(62)]), "y", "auto", [], "mean")
    learned, held_out = split_of(problem, 0.2, 1)
    assert sorted(learned + held_out) == [*range(62)]
    assert [[problem.y[i] for i in held_out].count(label) for label in "abc"] == [10, 2, 0]
    learned, _ = split_of(problem, 0.999, 1)
    assert {problem.y[i] for i in learned} == {"a", "b", "c"}
