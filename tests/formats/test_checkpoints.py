"""A training that is stopped, however rudely, goes on to the bits that it would have reached."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import complaint

from purenet import Network, PureNetError
from purenet.datasets import iris
from purenet.estimators import Classifier, Regressor
from purenet.estimators.descent import Data, Descent, Schedule
from purenet.formats import checkpoint
from purenet.formats.checkpoint import FORMAT, load_checkpoint, save_checkpoint, snapshot

X, LABELS = iris()


def same(one, other):
    """Tell whether two descents have the same bits, all of them."""
    return json.dumps(snapshot(one, "")) == json.dumps(snapshot(other, ""))


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "checkpoint.json")


@pytest.fixture
def descent():
    """A descent that has done three epochs in mini-batches, with some rows held back."""
    descent = Descent(Network([4, 3, 1], bias=True, seed=1), "adam", 0.01, 0.001)
    descent.run(some_data(), Schedule(3, 16, 10))
    descent.stopped = ""
    return descent


def some_data():
    y = [[float(label == "setosa")] for label in LABELS]
    return Data(X[::2], y[::2], None, Data(X[1::2], y[1::2]))


def test_a_checkpoint_is_read_as_it_was_written(descent, path):
    save_checkpoint(snapshot(descent, "data"), path)
    assert same(load_checkpoint(path, "data"), descent)


def test_a_snapshot_stays_as_it_is_while_the_descent_goes_on(descent):
    before = json.dumps(snapshot(descent, ""))
    kept = snapshot(descent, "")
    descent.run(some_data(), Schedule(6, 16, 10))
    assert json.dumps(kept) == before != json.dumps(snapshot(descent, ""))


@pytest.mark.parametrize(
    ("optimizer", "batch_size"),
    [("adam", 16), ("adam", None), ("sgd", 16), ("sgd", None), ("rprop", "auto")],
)
@pytest.mark.parametrize("kind", [Classifier, Regressor])
def test_from_any_epoch_it_goes_on_to_the_same_bits(path, kind, optimizer, batch_size):
    y = LABELS if kind is Classifier else [row[3] for row in X]
    states = []

    def keep(descent):
        states.append(json.dumps(snapshot(descent, "")))

    options = {"optimizer": optimizer, "epochs": 12, "batch_size": batch_size}
    whole = kind(3, callback=keep, **options).fit(X, y)
    for state in states[::3]:
        save_checkpoint(json.loads(state), path)
        resumed = kind(3, **options).resume(X, y, load_checkpoint(path, ""))
        assert resumed.network_.weights == whole.network_.weights
        assert resumed.network_.biases == whole.network_.biases
        assert resumed.loss_curve_ == whole.loss_curve_
        assert resumed.stopped_ == whole.stopped_


def test_other_data_or_options_are_refused(descent, path):
    save_checkpoint(snapshot(descent, "data"), path)
    message = f"{path}: it belongs to a training with other data or other options"
    assert complaint(load_checkpoint, path, "other") == message


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "purenet"}, f'not a checkpoint: expected an object with "format": "{FORMAT}"'),
        ({"version": 2}, "version: expected 1, got 2"),
        ({"weights": []}, "weights: expected at least one matrix, got none"),
        ({"weights": [[[1.0]]]}, "biases: "),
        ({"biases": None}, "not a checkpoint of PureNet: its parts do not fit"),
        ({"losses": ["x"]}, "losses: row 0, column 0: expected a real number"),
        ({"best_weights": [[[1.0]]]}, "best_weights: the shapes are not those of the weights"),
        ({"generator": ["MT19937", [1], 0, 0, 0.0]}, 'state: expected "MT19937" and 624 words'),
        ({"l2": -1}, "weight_decay: expected a number of at least 0"),
        ({"optimizer": {"kind": "lbfgs"}}, "optimizer: expected adam, rprop or sgd, got 'lbfgs'"),
        ({"optimizer": {"kind": "adam"}}, "not a checkpoint of PureNet: 'learning_rate' is miss"),
        ({"activation": "softmax"}, "activation: "),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_one_sentence(descent, path, change, message):
    save_checkpoint({**snapshot(descent, "data"), **change}, path)
    assert complaint(load_checkpoint, path, "data").startswith(f"{path}: {message}")


deep = pytest.param("[" * 100_000, id="deep")


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"a": NaN}', "\xff", deep])
def test_what_is_not_even_json_is_refused(path, text):
    Path(path).write_text(text, encoding="latin-1")
    assert complaint(load_checkpoint, path, "data").startswith(f"{path}: ")


def test_a_file_without_end_is_refused(path, monkeypatch):
    monkeypatch.setattr(checkpoint, "MOST_BYTES", 9)
    Path(path).write_bytes(b" " * 10)
    message = complaint(load_checkpoint, path, "data")
    assert message == f"{path}: more than 9 bytes, which is the most for a checkpoint"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=5,
)


@given(st.data())
def test_whatever_stands_in_a_member_it_is_a_descent_or_refused(tmp_path_factory, data):
    path = str(tmp_path_factory.getbasetemp() / "any.json")
    state = snapshot(Descent(Network([1, 1], bias=True, seed=1), "adam", 0.01, 0.0), "data")
    name = data.draw(st.sampled_from(sorted(state)))
    save_checkpoint({**state, name: data.draw(json_values)}, path)
    try:
        assert isinstance(load_checkpoint(path, "data"), Descent)
    except PureNetError as error:
        assert str(error).startswith(path)


# -- on the command line -------------------------------------------------------------------------


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "iris.csv"
    lines = [",".join(map(str, [*row, label])) for row, label in zip(X, LABELS)]
    path.write_text("a,b,c,d,species\n" + "".join(f"{line}\n" for line in lines))
    return str(path)


def command(table, *arguments):
    """Return a command that trains long enough to be stopped."""
    options = ["--target", "species", "--epochs", "2000", "--patience", "2000", "--hidden", "4"]
    return [sys.executable, "-m", "purenet", "train", table, *options, *arguments]


@pytest.fixture(scope="module")
def uninterrupted(table, tmp_path_factory):
    """The bytes of the model that a training without interruption ends with."""
    path = tmp_path_factory.mktemp("whole") / "model.json"
    subprocess.run(command(table, "-o", str(path)), check=True, capture_output=True)
    return path.read_bytes()


@pytest.mark.parametrize("times", [2, pytest.param(50, marks=pytest.mark.exhaustive)])
def test_killed_many_times_it_ends_in_the_same_bits(table, uninterrupted, tmp_path, times):
    checkpoint, model = tmp_path / "checkpoint.json", tmp_path / "model.json"
    chance, kills = random.Random(0), 0
    while kills < times:
        resume = ["--resume", str(checkpoint)] if checkpoint.exists() else []
        process = subprocess.Popen(
            command(table, "--checkpoint", str(checkpoint), *resume, "-o", str(model)),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        try:
            process.wait(timeout=chance.uniform(0.1, 0.5))
        except subprocess.TimeoutExpired:
            process.kill()
            kills += 1
            process.communicate()
        else:
            said = process.communicate()[1]
            assert (process.returncode, said) == (0, b"")
            assert model.read_bytes() == uninterrupted
            checkpoint.unlink()  # it was through: begin anew
    resume = ["--resume", str(checkpoint)] if checkpoint.exists() else []
    subprocess.run(command(table, *resume, "-o", str(model)), check=True, capture_output=True)
    assert model.read_bytes() == uninterrupted


def test_ctrl_c_keeps_what_was_learned_and_says_how_to_go_on(table, uninterrupted, tmp_path):
    checkpoint, model = tmp_path / "checkpoint.json", tmp_path / "model.json"
    process = subprocess.Popen(
        command(table, "--checkpoint", str(checkpoint)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not checkpoint.exists() and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    assert process.returncode == 130
    first, last = said.splitlines()
    assert (
        f"epochs are kept in {checkpoint}; to go on, give the same command with --resume" in first
    )
    assert last == "purenet: interrupted"
    resumed = command(table, "--resume", str(checkpoint), "-o", str(model))
    assert subprocess.run(resumed, capture_output=True).returncode == 0
    assert model.read_bytes() == uninterrupted
