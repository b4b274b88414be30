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
        ({"version": 3}, "version: expected 1 or 2, got 3"),
        ({"weights": []}, "weights: expected at least one matrix, got none"),
        ({"weights": [[[1.0]]]}, "biases: "),
        ({"biases": None}, "biases: expected a list, got None"),
        ({"biases": [[1.0]]}, "biases: expected 2 rows for sizes [4, 3, 1], got 1"),
        (
            {"weights": [[[True, 2.0]]]},
            "weights[0]: row 0, column 0: expected a number, got True",
        ),
        ({"losses": ["x"]}, "losses: expected a number, got 'x' (str)"),
        ({"losses": [True]}, "losses: expected a number, got True (bool)"),
        ({"losses": []}, "validation_losses: expected one for each epoch or none, got 3 for 0"),
        ({"best_epoch": 3}, "best_epoch: expected a whole number from -1 to 2, got 3"),
        ({"best_epoch": 10**30}, "best_epoch: expected a whole number from -1 to 2, got 1000"),
        ({"best_epoch": 1.0}, "best_epoch: expected a whole number from -1 to 2, got 1.0"),
        ({"best_loss": "x"}, "best_loss: expected a number, got 'x' (str)"),
        ({"best_biases": [1]}, "best_biases: row 0: expected a list, got 1"),
        ({"best_weights": {}}, "best_weights: expected a list, got {} (dict)"),
        ({"stopped": ["x"]}, "stopped: expected text, got ['x'] (list)"),
        ({"stopped": None}, "stopped: expected text, got None"),
        ({"seed": -1}, "seed: expected a whole number from 0 to 4294967295, got -1"),
        (
            {"seed": 10**400},
            "expected integers of at most 100 digits, got 10000000000000000000... with 401",
        ),
        (
            {"init": "x" * 41},
            'init: expected "uniform", "glorot", "he" or "zeros", got \'xxx',
        ),
        ({"init": "random"}, 'init: expected "uniform", "glorot", "he" or "zeros", got \'random\''),
        (
            {"activation": ["tanh", "relu"]},
            "activation: expected 1 name, one for each hidden layer",
        ),
        ({"activation": [["tanh"]]}, 'activation: expected "leaky_relu", "linear"'),
        ({"weight_decay": "x"}, "weight_decay: expected a number of at least 0, got 'x' (str)"),
        ({"more": 1}, "unknown member 'more' (str)"),
        ({"of": 1}, "it belongs to a training with other data or other options"),
        ({"generator": None}, "generator: state: expected what get_state() returns"),
        ({"generator": ["MT19937", [10**99] * 624, 0, 0, 0.0]}, "generator: state: expected what"),
        ({"best_weights": [[[1.0]]]}, "best_weights and best_biases: expected the shapes of the"),
        (
            {"generator": ["MT19937", [1], 0, 0, 0.0]},
            'generator: state: expected "MT19937" and 624',
        ),
        ({"weight_decay": -1}, "weight_decay: expected a number of at least 0"),
        ({"l2": 1}, "unknown member 'l2' (str)"),
        ({"optimizer": {"kind": "lbfgs"}}, "optimizer: expected adam, rprop or sgd, got 'lbfgs'"),
        ({"optimizer": {"kind": "adam"}}, "optimizer: learning_rate is missing"),
        ({"optimizer": {"kind": ["adam"]}}, "optimizer: expected adam, rprop or sgd, got ['adam']"),
        ({"optimizer": "adam"}, "optimizer: expected adam, rprop or sgd, got None"),
        ({"activation": "softmax"}, "activation: "),
    ],
)
def test_what_is_no_checkpoint_is_refused_in_one_sentence(descent, path, change, message):
    save_checkpoint({**snapshot(descent, "data"), **change}, path)
    assert complaint(load_checkpoint, path, "data").startswith(f"{path}: {message}")


@pytest.mark.parametrize("name", ["best_loss", "best_epoch", "seed", "of"])
def test_an_integer_of_5000_digits_is_refused_in_one_sentence(descent, path, name):
    text = json.dumps({**snapshot(descent, "data"), name: "<here>"})
    Path(path).write_text(text.replace('"<here>"', "7" * 5000), encoding="ascii")
    message = (
        f"{path}: expected integers of at most 100 digits, got 77777777777777777777... with 5,000"
    )
    assert complaint(load_checkpoint, path, "data") == message


deep = pytest.param("[" * 100_000, id="deep")

MEANS, SIZES, SIGNS = {"means": [[[1], [1]]]}, {"sizes": [[[1], [1]]]}, {"signs": [[[1], [-1]]]}


@pytest.mark.parametrize(
    ("kind", "change", "message"),
    [
        ("adam", {"steps": 10**400}, "expected integers of at most 100 digits, got 1000"),
        ("adam", {"steps": 10**30}, "steps: expected a whole number from 0 to 9007199254740992"),
        ("adam", {"steps": -1}, "steps: expected a whole number from 0 to 9007199254740992, got"),
        ("adam", {"steps": 1.5}, "steps: expected a whole number from 0 to 9007199254740992, got"),
        (
            "adam",
            {"squares": [[[1], [-1]]], **MEANS},
            "squares: expected numbers from 0 to inf, got",
        ),
        (
            "adam",
            {"squares": [[[1.0]]], **MEANS},
            "squares: expected the shapes of the weights and",
        ),
        ("adam", {"squares": [[]], **MEANS}, "squares: expected at least one row and one column"),
        (
            "adam",
            {"squares": [[[1], [1]]]},
            "means: expected the shapes of the weights and biases,",
        ),
        ("adam", MEANS, "squares: expected the shapes of the weights and biases, got others"),
        ("adam", {"squares": 1}, "squares: expected a list, got 1"),
        (
            "adam",
            {"means": [[["x"], [1.0]]]},
            "means[0]: row 0, column 0: expected a number, got",
        ),
        ("adam", {"means": {}}, "means: expected a list, got {} (dict)"),
        ("adam", {"learning_rate": 0}, "learning_rate: expected a number above 0, got 0.0"),
        ("adam", {"learning_rate": None}, "learning_rate: expected a number, got None"),
        ("adam", {"velocities": []}, "optimizer: unknown member 'velocities' (str)"),
        (
            "rprop",
            {**SIGNS, "sizes": [[[-1], [1]]]},
            "sizes: expected numbers from 0 to 50, got -1",
        ),
        (
            "rprop",
            {**SIGNS, "sizes": [[[1], [51]]]},
            "sizes: expected numbers from 0 to 50, got 51",
        ),
        (
            "rprop",
            {**SIZES, "signs": [[[-2], [1]]]},
            "signs: expected numbers from -1 to 1, got -2",
        ),
        (
            "rprop",
            {**SIZES, "signs": [[[1], [1e9]]]},
            "signs: expected numbers from -1 to 1, got 1",
        ),
        ("rprop", SIZES, "signs: expected the shapes of the weights and biases, got others"),
        ("rprop", SIGNS, "sizes: expected the shapes of the weights and biases, got others"),
        (
            "sgd",
            {"velocities": [[[None], [1.0]]]},
            "velocities[0]: row 0, column 0: expected a number",
        ),
        ("sgd", {"momentum": 1.0}, "momentum: expected a number from 0 to below 1, got 1.0"),
        ("sgd", {"momentum": "x"}, "momentum: expected a number from 0 to below 1, got 'x' (str)"),
    ],
)
def test_what_an_optimizer_cannot_remember_is_refused_in_one_sentence(path, kind, change, message):
    state = snapshot(Descent(Network([2, 1], seed=1), kind, 0.01, 0.0), "data")
    changed = {**state, "optimizer": {**state["optimizer"], **change}}
    Path(path).write_text(json.dumps(changed), encoding="ascii")
    assert complaint(load_checkpoint, path, "data").startswith(f"{path}: {message}")


def test_a_checkpoint_of_version_1_has_another_name_and_adams_means_of_another_sign(descent, path):
    state = snapshot(descent, "data")
    state["l2"] = state.pop("weight_decay")
    save_checkpoint({**state, "version": 1}, path)
    loaded, means = load_checkpoint(path, "data"), descent.optimizer.means
    assert loaded.weight_decay == descent.weight_decay == 0.001
    assert loaded.optimizer.means == [[[-mean for mean in row] for row in M] for M in means]
    assert loaded.optimizer.squares == descent.optimizer.squares
    save_checkpoint({**state, "version": 1, "weight_decay": 0.5}, path)
    message = "'weight_decay' (str) is a name of version 2, and this is version 1"
    assert complaint(load_checkpoint, path, "data") == f"{path}: {message}"
    for hostile in (["x"], [[["x"]]], None):
        state["optimizer"]["means"] = hostile
        save_checkpoint({**state, "version": 1}, path)
        assert complaint(load_checkpoint, path, "data").startswith(f"{path}: means")
    save_checkpoint(state, path)
    assert complaint(load_checkpoint, path, "data") == f"{path}: weight_decay is missing"


def test_rprops_steps_may_be_as_large_as_its_first_one(path):
    descent = Descent(Network([2, 1], seed=1), "rprop", 100.0, 0.0)
    descent.optimizer.sizes, descent.optimizer.signs = [[[100.0], [50.0]]], [[[1.0], [-1.0]]]
    save_checkpoint(snapshot(descent, "data"), path)
    assert same(load_checkpoint(path, "data"), descent)


@pytest.mark.parametrize("text", ["", "{", "[]", "1", '{"a": NaN}', "\xff", deep])
def test_what_is_not_even_json_is_refused(path, text):
    Path(path).write_text(text, encoding="latin-1")
    assert complaint(load_checkpoint, path, "data").startswith(f"{path}: ")


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no /dev/zero")
def test_a_file_without_end_is_refused():
    message = complaint(load_checkpoint, "/dev/zero", "data")
    assert message == "/dev/zero: expected at most 134,217,728 bytes, got more"


# Each asks for as much as it can: lists of one number where matrices are, short numbers, lists in
# lists, and objects.
HOSTILE = {
    "empty lists": lambda many: ("means", "[" + "[]," * many + "[]]"),
    "rows of a matrix": lambda many: ("means", "[[" + "[1]," * many + "[1]]]"),
    "matrices": lambda many: ("squares", "[" + "[[1]]," * (many // 2) + "[[1]]]"),
    "weights": lambda many: ("weights", "[" + "[[1]]," * (many // 2) + "[[true]]]"),
    "words of the generator": lambda many: ("generator", f'["MT19937", [{"1," * many}1], 0, 0, 0]'),
    "losses": lambda many: ("losses", f"[{'1.5,' * many}null]"),
    "best biases": lambda many: ("best_biases", "[" + "[1]," * many + "[1]]"),
    "lists for a number": lambda many: ("steps", "[" + "[]," * many + "[]]"),
    "objects": lambda many: ("optimizer", "[" + "{}," * (many // 4) + "{}]"),
    "deep lists": lambda many: ("stopped", f"[{('[' * 500 + ']' * 500 + ',') * (many // 500)}1]"),
}


@pytest.mark.parametrize("many", [10_000, pytest.param(2**20, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_checkpoint_takes_no_more_than_its_length_explains(path, name, many):
    member, text = HOSTILE[name](many)
    state = snapshot(Descent(Network([2, 1], bias=True, seed=1), "adam", 0.01, 0.0), "data")
    state["optimizer"].update(means=[], squares=[])
    (state if member in state else state["optimizer"])[member] = "<here>"
    data = json.dumps(state).replace('"<here>"', text).encode()
    Path(path).write_bytes(data)
    start = time.process_time()
    complaint(load_checkpoint, path, "data")
    seconds = time.process_time() - start
    tracemalloc = pytest.importorskip("tracemalloc", exc_type=ImportError)  # PyPy has none
    tracemalloc.start()
    try:
        complaint(load_checkpoint, path, "data")
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    print(f"{name}: {seconds / len(data) * 2**20:.3f} s a MiB, {peak / len(data):.1f} bytes a byte")
    # Biases are the most that bytes can ask for: "[1],", a list of one short number, which becomes
    # a matrix of one row.
    assert peak < 2**18 + 60 * len(data)
    assert seconds < 0.5 + 4.0 * len(data) / 2**20


def test_a_checkpoint_of_lists_and_nothing_else_is_refused_before_they_are_made(path):
    Path(path).write_bytes(b"[" + b"[]," * 3 * 2**20 + b"[]]")
    message = complaint(load_checkpoint, path, "data")
    assert message == f"{path}: expected [ at most 1,048,576 times"


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
    epochs, saved = first.removeprefix("purenet: ").split(" saved in ")
    assert epochs == "1 epoch" or epochs.endswith(" epochs")  # one on a slow machine
    assert saved.startswith(f"{checkpoint}; to resume, repeat the command with --resume")
    assert last == "purenet: interrupted"
    resumed = command(table, "--resume", str(checkpoint), "-o", str(model))
    assert subprocess.run(resumed, capture_output=True).returncode == 0
    assert model.read_bytes() == uninterrupted
