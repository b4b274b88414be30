"""Every format: exact round trips, hostile files refused cheaply."""

import json_files
import npz_files
import numpy as np
import onnx_files
import pytest
import safetensors_files
from hypothesis import given
from hypothesis import strategies as st
from models import (
    ESTIMATORS,
    answers,
    any_networks,
    estimator_of,
    everything,
    histories,
    parameters_of,
    rows_for,
)
from refusal import peak_of_refusal, seconds_to_refuse
from support import bits, complaint, state_of

from purenet import History, Network, Regressor
from purenet.core.backpropagation import parameters
from purenet.core.matrix import all_finite
from purenet.formats import load, load_history, save
from purenet.formats.model import build, describe

FORMATS = {
    "json": json_files,
    "npz": npz_files,
    "safetensors": safetensors_files,
    "onnx": onnx_files,
}
# JSON has every digit, and no `float32`.
WITH_FLOAT32 = {name: files for name, files in FORMATS.items() if name != "json"}


def each(formats=FORMATS):
    return pytest.mark.parametrize("files", formats.values(), ids=formats)


def each_of(collection):
    """Parametrize a test over the formats, and over what each of them has under a name."""
    pairs = [(files, key) for files in FORMATS.values() for key in getattr(files, collection)]
    names = [f"{name}, {key}" for name in FORMATS for key in getattr(FORMATS[name], collection)]
    return pytest.mark.parametrize(("files", "name"), pairs, ids=names)


@pytest.fixture
def path(files, tmp_path):
    return tmp_path / f"model{files.ENDING}"


# -- round trips -------------------------------------------------------------------------------


@each()
@given(network=any_networks(), history=st.none() | histories())
def test_what_was_saved_is_loaded_to_the_last_bit(tmp_path_factory, files, network, history):
    path = tmp_path_factory.getbasetemp() / f"model{files.ENDING}"
    before = state_of(network), repr(history)
    save(network, path, history)
    assert (state_of(network), repr(history)) == before
    assert parameters_of(load(path)) == parameters_of(network)
    assert repr(load_history(path)) == repr(history or History())


@each()
@given(network=any_networks(), history=st.none() | histories())
def test_a_model_is_always_written_in_the_same_way(tmp_path_factory, files, network, history):
    path = tmp_path_factory.getbasetemp() / f"model{files.ENDING}"
    save(network, path, history)
    written = path.read_bytes()
    save(load(path), path, history and load_history(path))
    assert path.read_bytes() == written


@pytest.mark.parametrize("name", ESTIMATORS)
@each()
def test_an_estimator_that_was_saved_is_loaded_to_the_last_bit(path, files, name):
    estimator = estimator_of(name)
    before = everything(estimator)
    save(estimator, path)
    written = path.read_bytes()
    loaded = load(path)
    assert everything(loaded) == before == everything(estimator)
    X = rows_for(estimator, 20)
    assert answers(loaded, X) == answers(estimator, X)
    y = estimator.predict(X)[::-1]
    assert repr(loaded.score(X, y)) == repr(estimator.score(X, y))
    save(loaded, path)
    assert path.read_bytes() == written


@each()
def test_a_column_and_a_target_that_are_constant_are_kept(path, files):
    regressor = Regressor(epochs=1).fit([[1.5, 0.5], [1.5, 2.0]], [3, 3])
    save(regressor, path)
    assert load(path).predict([[2, 2.0]]) == regressor.predict([[2, 2.0]])
    loaded = build(describe(regressor))
    assert loaded.predict([[2, 2.0]]) == regressor.predict([[2, 2.0]])


# -- four bytes a number -------------------------------------------------------------------------


@each(WITH_FLOAT32)
@given(network=any_networks())
def test_with_float32_the_weights_are_the_rounded_ones(tmp_path_factory, files, network):
    path = tmp_path_factory.getbasetemp() / f"model{files.ENDING}"
    with np.errstate(over="ignore"):
        rounded = network.copy()
        rounded.weights = [np.float32(W).tolist() for W in network.weights]
        rounded.biases = [np.float32(b).tolist() for b in network.biases]
    if not all(map(all_finite, parameters(rounded))):
        assert "needs 64 bits: leave out float32" in complaint(save, network, path, float32=True)
        return
    save(network, path, float32=True)
    assert parameters_of(load(path)) == parameters_of(rounded)


@pytest.mark.parametrize("name", ESTIMATORS)
@each(WITH_FLOAT32)
def test_with_float32_an_estimator_has_the_rounded_weights_and_keeps_them(path, files, name):
    save(estimator_of(name), path, float32=True)
    loaded, written = load(path), path.read_bytes()
    for matrix, exact in zip(parameters(loaded.network_), parameters(estimator_of(name).network_)):
        assert bits(matrix) == bits(np.float32(exact).tolist())
    save(loaded, path, float32=True)
    assert path.read_bytes() == written


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (
            {"weights": [[[0.0, 1e39]]]},
            "weights{}: 1e+39 needs 64 bits: leave out float32",
        ),
        (
            {"biases": [[0.0, -1e39]]},
            "biases{}: -1e+39 needs 64 bits: leave out float32",
        ),
    ],
    ids=["weights", "biases"],
)
@each(WITH_FLOAT32)
def test_a_number_that_float32_cannot_hold_is_named(path, files, parts, message):
    network = Network([1, 2], bias=True, init="zeros")
    vars(network).update(parts)
    message = message.format("_0" if files is onnx_files else "[0]")
    assert complaint(save, network, path, float32=True) == f"{path}: {message}"


# -- hostile files -----------------------------------------------------------------------------


@pytest.mark.parametrize("part", [0.1, pytest.param(1.0, marks=pytest.mark.exhaustive)])
@each_of("HOSTILE")
def test_a_hostile_file_takes_no_more_memory_than_its_length_explains(path, files, name, part):
    data = files.hostile(name, part)
    path.write_bytes(data)
    peak = peak_of_refusal(path)
    print(f"{files.ENDING}, {name}: {peak / len(data):.1f} bytes of memory for each of the file")
    assert peak < files.most_memory(data)


@pytest.mark.exhaustive
@each_of("LARGEST")
def test_the_largest_hostile_file_is_refused_soon_and_in_memory_that_it_explains(path, files, name):
    data = files.LARGEST[name]()
    path.write_bytes(data)
    seconds, mebibytes = seconds_to_refuse(path), len(data) / 2**20
    # Memory is measured unless that takes a minute: for all but the files that contain only
    # numbers.
    peak = peak_of_refusal(path) if mebibytes < 9 else 0
    print(
        f"{files.ENDING}, {name}: {mebibytes:.1f} MiB, {seconds / mebibytes:.3f} seconds a MiB, "
        f"{peak / len(data):.1f} bytes of memory for each of the file"
    )
    assert peak < files.most_memory(data)
    # Five times what it takes on the machine of 2026 that this was written on, for a slow one, and
    # the half second that it takes to begin.
    assert seconds < min(0.5 + files.SECONDS_A_MEBIBYTE * mebibytes, files.MOST_SECONDS)
