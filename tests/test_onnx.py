"""ONNX: both ways exactly, the official libraries beside it, what others write, what is refused."""

import contextlib

import conftest
import numpy as np
import onnx
import onnxruntime
import pytest
from conftest import Reference, assert_within, bits, complaint, networks, problems
from hypothesis import assume, given
from hypothesis import strategies as st
from onnx import numpy_helper
from test_formats import (
    ESTIMATORS,
    answers,
    any_networks,
    estimator_of,
    everything,
    histories,
    parameters_of,
    rows_for,
)

from purenet import Classifier, History, Network, Regressor
from purenet.core.matrix import all_finite
from purenet.core.network import parameters
from purenet.formats import load, load_history, save
from purenet.formats.onnx import decode, encode
from purenet.formats.onnx_messages import MODEL
from purenet.formats.protobuf import read, write

# Labels that no tensor can hold: half a character.
WITHOUT_LABELS = {"any text"}
WRITABLE = [name for name in ESTIMATORS if name not in WITHOUT_LABELS]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


def run(data, X):
    """Return what onnxruntime puts out for rows, by the names of the outputs."""
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    [taken] = session.get_inputs()
    kind = {"tensor(double)": float, "tensor(float)": np.float32}[taken.type]
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {taken.name: np.array(X, kind)})))


def as_others(data):
    """Return a file of PureNet's as if another program had written it: without its text."""
    file = read(data, MODEL)
    del file["metadata_props"], file["producer_name"]
    return write(file, MODEL)


# -- round trips -------------------------------------------------------------------------------


@given(network=any_networks(), history=st.none() | histories())
def test_what_was_saved_is_loaded_to_the_last_bit(tmp_path_factory, network, history):
    path = tmp_path_factory.getbasetemp() / "model.onnx"
    save(network, path, history)
    assert parameters_of(load(path)) == parameters_of(network)
    assert repr(load_history(path)) == repr(history or History())
    written = path.read_bytes()
    save(load(path), path, history and load_history(path))
    assert path.read_bytes() == written


@pytest.mark.parametrize("float32", [False, True])
@pytest.mark.parametrize("name", WRITABLE)
def test_an_estimator_that_was_saved_is_loaded_to_the_last_bit(path, name, float32):
    estimator = estimator_of(name)
    save(estimator, path, float32=float32)
    loaded = load(path)
    if float32:
        for matrix in parameters(loaded.network_):
            assert bits(matrix) == bits(np.float32(matrix).tolist())
    else:
        assert everything(loaded) == everything(estimator)
        assert answers(loaded, rows_for(estimator)) == answers(estimator, rows_for(estimator))
    written = path.read_bytes()
    save(loaded, path, float32=float32)
    assert path.read_bytes() == written


@given(network=any_networks())
def test_with_float32_the_weights_are_the_rounded_ones(network):
    with np.errstate(over="ignore"):
        rounded = network.copy()
        rounded.weights = [np.float32(W).tolist() for W in network.weights]
        rounded.biases = [np.float32(b).tolist() for b in network.biases]
    if not all(map(all_finite, parameters(rounded))):
        assert "is too large for a float32" in complaint(encode, network, None, True)
        return
    assert parameters_of(decode(encode(network, None, True))[0]) == parameters_of(rounded)


def test_labels_that_no_tensor_can_hold_are_refused(path):
    for name in WITHOUT_LABELS:
        assert complaint(save, estimator_of(name), path).startswith(
            f"{path}: classes: ONNX cannot hold all of these labels: "
        )
    estimator = Classifier(epochs=1).fit([[0], [1]], [2**70, 2**70 + 1])
    assert "classes: ONNX cannot hold" in complaint(save, estimator, path)


def test_a_deviation_that_float32_cannot_hold_is_refused(path):
    estimator = Regressor(epochs=1).fit([[0], [1e-50]], [0, 1])
    save(estimator, path)
    message = complaint(save, estimator, path, float32=True)
    assert message == f"{path}: deviations: 5e-51 is too small for a float32"


# -- the official libraries ----------------------------------------------------------------------


@given(network=any_networks(), history=st.none() | histories())
def test_the_official_checker_finds_nothing_to_complain_of(network, history):
    model = onnx.load_from_string(encode(network, history))
    onnx.checker.check_model(model, full_check=True)
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in model.graph.initializer}
    for k, W in enumerate(network.weights):
        assert bits(tensors[f"weights_{k}"].tolist()) == bits(W)
    for k, b in enumerate(network.biases):
        assert bits([tensors[f"biases_{k}"].tolist()]) == bits([b])


@pytest.mark.parametrize("float32", [False, True])
@pytest.mark.parametrize("name", WRITABLE)
def test_the_official_checker_finds_nothing_to_complain_of_in_an_estimator(name, float32):
    model = onnx.load_from_string(encode(estimator_of(name), None, float32))
    onnx.checker.check_model(model, full_check=True)


@given(network=any_networks())
def test_a_file_that_the_official_library_has_written_anew_is_the_same_model(network):
    again = onnx.load_from_string(encode(network)).SerializeToString()
    assert parameters_of(decode(again)[0]) == parameters_of(network)


@given(problem=problems(networks()))
def test_onnxruntime_gives_the_same_answers_as_far_as_rounding_lets_it(problem):
    network, X, _ = problem
    assert_within(run(encode(network), X)["Y"], Reference(network).forward(X)[1][-1])


@contextlib.contextmanager
def rounding_to_float32():
    """Let bounds of rounding errors be those of numbers of four bytes.

    onnxruntime's sigmoid and tanh of four bytes are quotients of polynomials, right to a few units
    in the last place of 1, however small they are: what else underflow loses.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conftest, "EPSILON", 2.0**-22)
        patch.setattr(conftest, "QUANTUM", 2.0**-22)
        yield


@given(problem=problems(networks()))
def test_with_float32_onnxruntimes_answers_are_within_the_bounds_of_rounding(problem):
    network, X, _ = problem
    data, X = encode(network, None, True), np.float32(X).tolist()
    with rounding_to_float32():
        reference = Reference(network)
        rounded = parameters(decode(data)[0])
        reference.parameters = [conftest.Rounded(matrix) for matrix in rounded]
        expected = reference.forward(X)[1][-1]
    assume((expected.error < 1e-3).all())
    assert (abs(run(data, X)["Y"] - expected.value) <= expected.error).all()


@pytest.mark.parametrize("name", WRITABLE)
def test_onnxruntime_gives_the_same_answers_as_an_estimator(name):
    estimator = estimator_of(name)
    X = rows_for(estimator, 20)
    outputs = run(encode(estimator), X)
    if isinstance(estimator, Classifier):
        assert list(outputs) == ["label", "probabilities"]
        assert outputs["label"].tolist() == estimator.predict(X)
        # Sums of a handful of numbers near 1, as large as the inputs at most, through one layer.
        assert abs(outputs["probabilities"] - estimator.predict_proba(X)).max() < 1e-13
    else:
        ours = np.array(estimator.predict(X)).reshape(20, -1)
        assert outputs["Y"].shape == ours.shape
        assert abs(outputs["Y"] - ours).max() < 1e-13 * (1 + abs(ours).max())


@pytest.mark.parametrize("name", WRITABLE)
def test_without_its_text_an_estimators_graph_says_all_that_it_takes_to_predict(name):
    estimator = estimator_of(name)
    loaded, history = decode(as_others(encode(estimator)))
    X = rows_for(estimator, 20)
    plain_X = [list(row) for row in X]
    assert isinstance(loaded, type(estimator))
    if isinstance(estimator, Classifier):
        assert loaded.predict(plain_X) == estimator.predict(X)
        assert repr(loaded.predict_proba(plain_X)) == repr(estimator.predict_proba(X))
    else:
        assert np.ravel(loaded.predict(plain_X)).tolist() == np.ravel(estimator.predict(X)).tolist()
    assert repr(history) == repr(History())


@given(network=any_networks())
def test_without_its_text_a_networks_graph_says_its_layers(network):
    loaded, _ = decode(as_others(encode(network)))
    assert parameters(loaded) == parameters(network)
    assert loaded.output_activation == network.output_activation
    if len(network.sizes) > 2:
        assert loaded.activation == network.activation


def test_what_the_graph_says_a_caller_may_say_but_not_otherwise(path):
    save(Network([2, 3, 1], activation="tanh", output_activation="linear"), path)
    for data in (path.read_bytes(), as_others(path.read_bytes())):
        path.write_bytes(data)
        load(path, activation="tanh", output_activation="identity")
        assert complaint(load, path, activation="relu") == (
            f"{path}: activation: the file says 'tanh', not 'relu'"
        )
        assert complaint(load, path, output_activation="sigmoid") == (
            f"{path}: output_activation: the file says 'linear', not 'sigmoid'"
        )
