"""ONNX: both ways exactly, the official libraries beside it, what others write, what is refused."""

import contextlib
import importlib
import importlib.util
import io
import math
import struct
import warnings
from functools import cache

import conftest
import numpy as np
import onnx
import onnxruntime
import pytest
from conftest import Reference, assert_within, bits, complaint, networks, problems
from google.protobuf.message import DecodeError
from hypothesis import assume, given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler
from test_formats import (
    ESTIMATORS,
    answers,
    any_networks,
    estimator_of,
    everything,
    flip_bits,
    histories,
    move_bytes,
    parameters_of,
    rows_for,
)
from test_npz import damaged_and_loaded, peak_of_refusal, seconds_to_refuse

from purenet import Classifier, History, Network, Regressor
from purenet.core.matrix import all_finite
from purenet.core.network import parameters
from purenet.formats import load, load_history, protobuf, save
from purenet.formats.onnx import decode, encode
from purenet.formats.onnx_messages import ATTRIBUTE, GRAPH, MODEL, TENSOR, tensor_of
from purenet.formats.protobuf import read, write
from purenet.formats.tensors import MOST_ROWS

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
    """Let bounds of rounding errors be those of numbers of four bytes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(conftest, "EPSILON", 2.0**-22)
        patch.setattr(conftest, "QUANTUM", 2.0**-149)
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


# -- the wire format -----------------------------------------------------------------------------

lengths = st.lists(st.integers(0, 4), max_size=3)


@st.composite
def tensors(draw):
    """Draw a tensor of the official library's, its numbers in any of the places for them."""
    kind = draw(st.sampled_from([TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16]))
    shape = draw(lengths)
    size = math.prod(shape)
    numbers = draw(st.lists(st.floats(-1e4, 1e4, width=16), min_size=size, max_size=size))
    raw = draw(st.booleans())
    kinds = {TensorProto.FLOAT: "f4", TensorProto.DOUBLE: "f8", TensorProto.FLOAT16: "f2"}
    data = np.array(numbers, kinds[kind])
    return helper.make_tensor("T", kind, shape, data.tobytes() if raw else data.tolist(), raw)


@given(tensor=tensors())
def test_a_tensor_has_the_numbers_that_the_official_library_finds_in_it(tensor):
    ours = tensor_of(read(tensor.SerializeToString(), TENSOR), "T")
    assert ours.lengths == tuple(tensor.dims)
    assert ours.numbers() == numpy_helper.to_array(tensor).astype(float).ravel().tolist()


@given(
    integers=st.lists(st.integers(-(2**63), 2**63 - 1), max_size=9),
    texts=st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=3),
    number=st.floats(width=32, allow_nan=False),
)
def test_the_official_library_reads_what_is_written_and_the_other_way_round(
    integers, texts, number
):
    ours = {"name": "".join(texts), "f": number, "i": sum(integers[:1]), "ints": integers}
    ours["strings"] = texts
    theirs = onnx.AttributeProto.FromString(write(ours, ATTRIBUTE))
    assert (theirs.name, theirs.f, theirs.i) == (ours["name"], number, ours["i"])
    assert list(theirs.ints) == integers
    assert [text.decode() for text in theirs.strings] == texts
    back = read(theirs.SerializeToString(), ATTRIBUTE)
    assert back == {name: value for name, value in ours.items() if value != []}


def test_integers_may_be_packed_or_one_by_one():
    schema = {1: protobuf.Field("a", "int", True)}
    packed = bytes.fromhex("0a0403ac0201")
    assert read(packed, schema) == {"a": [3, 300, 1]}
    assert read(bytes.fromhex("080308ac020801"), schema) == {"a": [3, 300, 1]}
    assert read(packed + bytes.fromhex("0805"), schema) == {"a": [3, 300, 1, 5]}


def test_there_is_a_limit_to_fields_and_to_packed_integers(monkeypatch):
    monkeypatch.setattr(protobuf, "MOST_FIELDS", 3)
    monkeypatch.setattr(protobuf, "MOST_PACKED", 3)
    schema = {1: protobuf.Field("a", "int", True)}
    assert read(bytes.fromhex("0801" * 3), schema) == {"a": [1] * 3}
    assert read(bytes.fromhex("0a03010101"), schema) == {"a": [1] * 3}
    assert complaint(read, bytes.fromhex("0801" * 4), schema) == (
        "more than 3 fields: no dense network"
    )
    assert complaint(read, bytes.fromhex("0a0401010101"), schema) == (
        "a: more than 3 integers: no dense network"
    )


# -- graphs that others build --------------------------------------------------------------------

W1 = [[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]
B1 = [0.5, -0.25, 2.0]
W2 = [[2.0], [-1.0], [0.75]]
B2 = [0.125]
ROWS = [[1.0, 2.0], [-3.0, 0.5], [0.0, 0.0]]
FLOATS = {
    TensorProto.FLOAT: "f4",
    TensorProto.DOUBLE: "f8",
    TensorProto.FLOAT16: "f2",
}


def node(operator, inputs, outputs, **attributes):
    return helper.make_node(operator, inputs.split(), outputs.split(), **attributes)


def graph(nodes, columns=2, out="Y", kind=TensorProto.DOUBLE, opset=17, shape=None, **tensors):
    """Return a file of nodes; `tensors` are its initializers, arrays or TensorProtos."""
    initializers = [
        numpy_helper.from_array(np.array(value), name)
        if not isinstance(value, TensorProto)
        else value
        for name, value in tensors.items()
    ]
    of_inputs = [None, columns] if shape is None else shape
    inputs = [helper.make_tensor_value_info("X", kind, of_inputs)]
    outputs = [helper.make_tensor_value_info(name, kind, None) for name in out.split()]
    sets = [helper.make_opsetid("", opset), helper.make_opsetid("ai.onnx.ml", 3)]
    made = helper.make_graph(nodes, "g", inputs, outputs, initializers)
    return helper.make_model(made, opset_imports=sets, ir_version=8).SerializeToString()


def dense(nodes=(), last="tanh", **options):
    """Return a file of one layer of W1 and B1, and what follows it."""
    layer = [node("Gemm", "X W B", "z"), *nodes]
    return graph(layer, W=W1, B=B1, **options)


LAYER = Network([2, 3], output_activation="linear", seed=0)
LAYER.weights, LAYER.biases = [W1], [B1]
GEMM = node("Gemm", "X W B", "Y")
MATRIX = numpy_helper.from_array(np.array(W1), "")

# One and the same layer, as it can be written.
ONE_LAYER = {
    "Gemm": graph([GEMM], W=W1, B=B1),
    "Gemm, named by its domain": graph(
        [helper.make_node("Gemm", ["X", "W", "B"], ["Y"], domain="ai.onnx")], W=W1, B=B1
    ),
    "Gemm of rows as columns": graph(
        [node("Gemm", "X W B", "Y", transB=1)], W=np.transpose(W1).copy(), B=B1
    ),
    "Gemm with factors": graph(
        [node("Gemm", "X W B", "Y", alpha=0.5, beta=2.0)],
        W=np.multiply(W1, 2),
        B=np.divide(B1, 2),
    ),
    "Gemm and a matrix of one row": graph([GEMM], W=W1, B=[B1]),
    "Gemm without biases, then Add": graph(
        [node("Gemm", "X W", "z"), node("Add", "z B", "Y")], W=W1, B=B1
    ),
    "MatMul and Add": graph([node("MatMul", "X W", "z"), node("Add", "z B", "Y")], W=W1, B=B1),
    "Add the other way round": graph(
        [node("MatMul", "X W", "z"), node("Add", "B z", "Y")], W=W1, B=[B1]
    ),
    "Transpose": graph(
        [node("Transpose", "V", "W", perm=[1, 0]), GEMM], V=np.transpose(W1).copy(), B=B1
    ),
    "Transpose by itself": graph([node("Transpose", "V", "W"), GEMM], V=np.array(W1).T, B=B1),
    "Constant": graph([node("Constant", "", "W", value=MATRIX), GEMM], B=B1),
    "Constants": graph(
        [
            node("Constant", "", "B", value_floats=B1),
            node("Identity", "B", "C"),
            node("Gemm", "X W C", "Y"),
        ],
        W=W1,
    ),
    "Cast of a constant": graph(
        [node("Cast", "V", "W", to=TensorProto.DOUBLE), GEMM], V=np.float32(W1), B=B1
    ),
    "Identity, Cast, Dropout": graph(
        [
            node("Identity", "X", "a"),
            node("Cast", "a", "b", to=TensorProto.FLOAT),
            node("Dropout", "b", "c mask"),
            node("Gemm", "c W B", "d"),
            node("Identity", "d", "Y"),
        ],
        W=W1,
        B=B1,
    ),
    "Dropout that says it is no training": graph(
        [node("Gemm", "X W B", "a"), node("Dropout", "a r t", "Y")],
        W=W1,
        B=B1,
        r=np.float32(0.5),
        t=np.array(False),
    ),
    "Flatten": graph([node("Flatten", "X", "x"), node("Gemm", "x W B", "Y")], W=W1, B=B1),
    "Flatten of pictures": graph(
        [node("Flatten", "X", "x"), node("Gemm", "x W B", "Y")], shape=[None, 1, 2], W=W1, B=B1
    ),
    "Reshape": graph(
        [node("Reshape", "X s", "x"), node("Gemm", "x W B", "z"), node("Reshape", "z t", "Y")],
        shape=None,
        W=W1,
        B=B1,
        s=np.array([-1, 2]),
        t=np.array([0, -1]),
    ),
    "float_data": graph([GEMM], W=helper.make_tensor("W", 1, [2, 3], np.ravel(W1)), B=B1),
    "halves": graph([GEMM], W=np.float16(W1), B=np.float16(B1)),
    "halves as integers": graph([GEMM], W=helper.make_tensor("W", 10, [2, 3], np.ravel(W1)), B=B1),
    "bfloat16 as integers": graph(
        [GEMM], W=helper.make_tensor("W", 16, [2, 3], np.ravel(W1)), B=B1
    ),
    "bfloat16": graph(
        [GEMM],
        W=helper.make_tensor(
            "W", 16, [2, 3], (np.float32(W1).view("u4") >> 16).astype("u2").tobytes(), raw=True
        ),
        B=B1,
    ),
    "initializers that are inputs, too": onnx.helper.make_model(
        helper.make_graph(
            [GEMM],
            "g",
            [helper.make_tensor_value_info(name, 11, None) for name in "WXB"],
            [helper.make_tensor_value_info("Y", 11, None)],
            [numpy_helper.from_array(np.array(v), n) for n, v in (("W", W1), ("B", B1))],
        ),
        opset_imports=[helper.make_opsetid("", 7)],
    ).SerializeToString(),
}


@pytest.mark.parametrize("name", ONE_LAYER)
def test_one_and_the_same_layer_can_be_written_in_many_ways(name):
    loaded, history = decode(ONE_LAYER[name])
    assert parameters(loaded) == parameters(LAYER)
    assert loaded.output_activation == "linear"
    assert repr(history) == repr(History())


@pytest.mark.parametrize("bias", [0.5, [0.5], [[0.5]], [[0.5, 0.5, 0.5]]], ids=str)
def test_one_bias_may_stand_for_all(bias):
    loaded, _ = decode(graph([GEMM], W=W1, B=bias))
    assert loaded.biases == [[0.5, 0.5, 0.5]]


FUNCTIONS = {
    "sigmoid": [node("Sigmoid", "z", "Y")],
    "tanh": [node("Tanh", "z", "Y")],
    "relu": [node("Relu", "z", "Y")],
    "leaky_relu": [node("LeakyRelu", "z", "Y", alpha=0.01)],
    "softmax": [node("Softmax", "z", "Y", axis=1)],
}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_activation_is_read(name):
    loaded, _ = decode(graph([node("Gemm", "X W B", "z"), *FUNCTIONS[name]], W=W1, B=B1))
    assert loaded.output_activation == name


@pytest.mark.parametrize("leak", [0.01, np.float32(0.01)])
@pytest.mark.parametrize("inputs", ["z l", "l z"])
def test_a_leaky_relu_may_be_a_product_and_a_maximum(leak, inputs):
    nodes = [node("Gemm", "X W B", "z"), node("Mul", "z k", "l"), node("Max", inputs, "Y")]
    assert decode(graph(nodes, W=W1, B=B1, k=leak))[0].output_activation == "leaky_relu"


SCALED = [
    [("Sub", "m", [1.0, -2.0]), ("Div", "d", [2.0, 0.5])],
    [("Sub", "m", [[1.0, -2.0]]), ("Mul", "d", [0.5, 2.0])],
    [("Mul", "d", [[0.5, 2.0]]), ("Add", "m", [-0.5, 4.0])],
    [("Div", "d", [2.0, 0.5])],
    [("Add", "m", [3.0])],
    [("Mul", "d", 0.5), ("Sub", "m", 3.0), ("Div", "e", [4.0, 1.0]), ("Add", "n", [1.0, 2.0])],
]


@pytest.mark.parametrize("steps", SCALED, ids=lambda steps: " ".join(step[0] for step in steps))
def test_inputs_may_be_scaled_in_several_ways(steps):
    nodes, constants, now = [], {}, "X"
    for k, (operator, name, value) in enumerate(steps):
        nodes.append(node(operator, f"{now} {name}", f"x{k}"))
        constants[name], now = np.array(value), f"x{k}"
    data = graph([*nodes, node("Gemm", f"{now} W B", "Y")], W=W1, B=B1, **constants)
    loaded, _ = decode(data)
    assert isinstance(loaded, Regressor)
    # Powers of two and few digits: nothing is rounded, in whatever order.
    assert loaded.predict(ROWS) == run(data, ROWS)["Y"].tolist()


@pytest.mark.parametrize("classes", [["b", "d", "é"], [-1, 0, 7]])
@pytest.mark.parametrize("extract", ["Gather", "ArrayFeatureExtractor"])
def test_labels_and_probabilities_are_a_classifiers(classes, extract):
    domain = "" if extract == "Gather" else "ai.onnx.ml"
    inputs = ["c", "i"]
    nodes = [node("Softmax", "z", "p"), node("ArgMax", "p", "i", axis=-1)]
    nodes.append(helper.make_node(extract, inputs, ["l"], domain=domain))
    nodes.append(node("Reshape", "l s", "L"))
    labels = np.array(classes, object if isinstance(classes[0], str) else np.int64)
    data = dense(nodes, out="L p", c=labels, s=np.array([-1]))
    loaded, _ = decode(data)
    assert isinstance(loaded, Classifier)
    assert list(loaded.classes_) == classes
    outputs = run_raw(data, ROWS)
    assert outputs[0].tolist() == loaded.predict(ROWS)
    assert abs(outputs[1] - loaded.predict_proba(ROWS)).max() < 1e-15


def run_raw(data, X):
    model = onnx.load_from_string(data)
    for output in model.graph.output:  # whose types the helper leaves to be found out
        output.ClearField("type")
    return list(run(model.SerializeToString(), X).values())


def test_where_there_are_no_labels_classes_are_numbered():
    nodes = [node("Softmax", "z", "p"), node("ArgMax", "p", "i", axis=1)]
    loaded, _ = decode(dense(nodes, out="i"))
    assert loaded.classes_ == [0, 1, 2]


def test_a_tensor_may_have_more_digits_than_a_factor():
    data = graph([node("Gemm", "X W B", "Y", alpha=0.1)], W=W1, B=B1)
    factor = float(np.float32(0.1))
    assert decode(data)[0].weights == [[[w * factor for w in row] for row in W1]]


# -- scikit-learn through skl2onnx ---------------------------------------------------------------

chance = np.random.RandomState(7)
DATA = chance.normal([0, 10, -3], [1, 5, 0.1], (60, 3))
TEXTS = np.array(["high", "low", "middle"])[np.digitize(DATA[:, 1], [8, 12]) - 1]
TRUE = DATA[:, 1] > 10
NUMBERS = DATA @ [1.0, 0.2, 5.0] + 100.0
LITTLE = {"hidden_layer_sizes": (5,), "max_iter": 5, "random_state": 1}


@pytest.fixture(scope="module")
def to_onnx():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        skl2onnx = importlib.import_module("skl2onnx")

    def convert(model, X, **options):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return skl2onnx.to_onnx(model, X[:1], **options).SerializeToString()

    return convert


def learned(model, y):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(DATA, y)


def classifier(*scalers, **options):
    return make_pipeline(*scalers, MLPClassifier(**{**LITTLE, **options}))


CLASSIFIERS = {
    "texts": (lambda: classifier(), TEXTS),
    "two texts": (lambda: classifier(), np.where(TRUE, "yes", "no")),
    "two numbers": (lambda: classifier(activation="tanh"), TRUE * 10 - 3),
    "numbers": (
        lambda: classifier(activation="logistic", hidden_layer_sizes=(4, 3, 2)),
        np.digitize(DATA[:, 1], [8, 12]),
    ),
    "identity": (lambda: classifier(activation="identity", hidden_layer_sizes=(3, 2)), TEXTS),
    "standardised": (lambda: classifier(StandardScaler()), TEXTS),
    "two, standardised": (lambda: classifier(StandardScaler(), activation="tanh"), TRUE * 1),
    "not centred": (lambda: classifier(StandardScaler(with_mean=False)), TEXTS),
    "only centred": (lambda: classifier(StandardScaler(with_std=False)), TEXTS),
    "from 0 to 1": (lambda: classifier(MinMaxScaler()), TEXTS),
    "largest is 1": (lambda: classifier(MaxAbsScaler()), TEXTS),
    "robust": (lambda: classifier(RobustScaler()), TEXTS),
}


@pytest.mark.parametrize("maps", [False, True], ids=["arrays", "maps"])
@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_of_scikit_learns_is_read_from_doubles(to_onnx, name, maps):
    make, y = CLASSIFIERS[name]
    theirs = learned(make(), y)
    loaded, _ = decode(to_onnx(theirs, DATA, options={"zipmap": maps}))
    assert isinstance(loaded, Classifier)
    assert list(loaded.predict(DATA)) == list(theirs.predict(DATA))
    assert np.abs(loaded.predict_proba(DATA) - theirs.predict_proba(DATA)).max() < 1e-12


@pytest.mark.parametrize("name", CLASSIFIERS)
def test_a_classifier_of_scikit_learns_is_read_from_floats(to_onnx, name):
    """What is read is what is in the file: the numbers rounded once, and computed with in doubles.

    Every weight, mean and scale is off by 2**-24 of itself. Through the layers here, whose
    Σ |x w| is below 2**9, that comes to at most 3 layers * 2 * 2**9 * 2**-24 < 2e-4.
    """
    make, y = CLASSIFIERS[name]
    theirs = learned(make(), y)
    loaded, _ = decode(to_onnx(theirs, np.float32(DATA)))
    assert np.abs(loaded.predict_proba(DATA) - theirs.predict_proba(DATA)).max() < 2e-4
    for k, W in enumerate(loaded.network_.weights[:-1]):
        assert W == np.float32(theirs[-1].coefs_[k]).tolist()


@pytest.mark.parametrize("several", [False, True])
@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler((-3, 5)), None], ids=str)
def test_a_regressor_of_scikit_learns_is_read_from_doubles(to_onnx, scaler, several):
    y = np.column_stack([NUMBERS, -NUMBERS]) if several else NUMBERS
    scalers = [] if scaler is None else [scaler]
    theirs = learned(make_pipeline(*scalers, MLPRegressor(**LITTLE)), y)
    loaded, _ = decode(to_onnx(theirs, DATA))
    assert isinstance(loaded, Regressor)
    expected = theirs.predict(DATA)
    assert np.shape(loaded.predict(DATA)) == expected.shape
    assert np.abs(loaded.predict(DATA) - expected).max() < 1e-12 * (1 + np.abs(expected).max())


def test_an_estimator_that_was_read_goes_on_learning_and_is_saved(to_onnx, path):
    theirs = learned(classifier(StandardScaler()), TEXTS)
    path.write_bytes(to_onnx(theirs, DATA))
    loaded = load(path)
    loaded.partial_fit(DATA.tolist(), TEXTS.tolist())
    save(loaded, path)
    assert everything(load(path)) == everything(loaded)


def test_probabilities_in_an_output_each_are_refused(to_onnx):
    theirs = learned(classifier(), TEXTS)
    data = to_onnx(theirs, DATA, options={"zipmap": "columns"})
    assert "operator Slice is not one of a dense network's" in complaint(decode, data)


# -- PyTorch and Keras -----------------------------------------------------------------------------


def module_of(required, *names):
    for name in names:
        required(name, importlib.util.find_spec(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(names[0])


@cache
def from_torch(dynamo, kind):
    """Return, for layers of a kind, a file of PyTorch's exporter, rows, and PyTorch's answers."""
    import torch

    torch.manual_seed(1)
    between = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "leaky_relu": torch.nn.LeakyReLU}
    layers = [torch.nn.Flatten(), torch.nn.Linear(3, 5), between[kind](), torch.nn.Dropout(0.5)]
    layers += [torch.nn.Linear(5, 4, bias=False), between[kind](), torch.nn.Linear(4, 2)]
    if kind == "tanh":
        layers.append(torch.nn.Sigmoid())
    if kind == "relu":
        layers.append(torch.nn.Softmax(-1))
    net = torch.nn.Sequential(*layers).eval()
    X = torch.randn(7, 3)
    options = {"verbose": False} if dynamo else {"dynamic_axes": {"x": {0: "N"}}}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        file = io.BytesIO()
        torch.onnx.export(net, (X,), file, dynamo=dynamo, input_names=["x"], **options)
    answers = net.double()(X.double()).tolist()
    matrices = [layer.weight.T.tolist() for layer in layers if isinstance(layer, torch.nn.Linear)]
    return file.getvalue(), X.tolist(), answers, matrices


@pytest.mark.parametrize("kind", ["tanh", "relu", "leaky_relu"])
@pytest.mark.parametrize("dynamo", [False, True], ids=["TorchScript", "torch.export"])
def test_what_pytorch_exports_gives_the_same_answers(required, dynamo, kind):
    module_of(required, "torch", "onnxscript")
    data, X, answers, matrices = from_torch(dynamo, kind)
    loaded, _ = decode(data)
    assert isinstance(loaded, Network)
    assert loaded.activation == kind
    assert loaded.weights == matrices  # these very floats
    assert abs(np.array(loaded.predict(X)) - answers).max() < 1e-14


def test_what_keras_exports_gives_the_same_answers(required, monkeypatch, tmp_path):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = module_of(required, "keras", "torch", "onnxscript")
    keras.utils.set_random_seed(1)
    dense_layer = keras.layers.Dense
    layers = [keras.Input((3,)), dense_layer(5, activation="relu"), keras.layers.Dropout(0.2)]
    layers += [dense_layer(4, activation="relu", use_bias=False), dense_layer(2, "softmax")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = keras.Sequential(layers)
        model(np.zeros((1, 3), "float32"))
        model.export(str(tmp_path / "keras.onnx"), format="onnx", verbose=False)
        arrays = model.get_weights()
    loaded = load(tmp_path / "keras.onnx")
    assert (loaded.activation, loaded.output_activation) == ("relu", "softmax")
    assert loaded.weights == [arrays[k].tolist() for k in (0, 2, 3)]
    theirs = run((tmp_path / "keras.onnx").read_bytes(), ROWS_OF_3)
    # Sums of five numbers near 1 in float32, through three layers.
    [answers] = theirs.values()
    assert abs(answers - loaded.predict(ROWS_OF_3)).max() < 100 * 2.0**-24


ROWS_OF_3 = [[1.0, -0.5, 2.0], [0.0, 0.25, -1.0]]


# -- the ONNX project's own tests of operators -----------------------------------------------------

LAYER_OPERATORS = ["Gemm", "LeakyRelu", "MatMul", "Relu", "Sigmoid", "Softmax", "Tanh"]

# What cannot be a dense layer, and how it is refused.
NO_LAYERS = {
    "test_gemm_transposeA": "transA: the rows that go in would be columns",
    "test_gemm_all_attributes": "transA: the rows that go in would be columns",
    "test_gemm_default_matrix_bias": "(3 x 4), but there are 4 columns",  # a bias for each row
    "test_leakyrelu": "alpha 0.10000000149011612: here it is always 0.01",
    "test_leakyrelu_example": "alpha 0.10000000149011612: here it is always 0.01",
    "test_matmul_3d": "expected a matrix, got (2 x 4 x 3)",
    "test_matmul_4d": "expected a matrix, got (1 x 2 x 4 x 3)",
    "test_matmul_bcast": "expected a matrix, got (1 x 2 x 4 x 2)",
    "test_matmul_1d_1d": "expected a matrix, got (3)",
    "test_matmul_1d_3d": "expected a matrix, got (2 x 4 x 1)",
    "test_matmul_4d_1d": "expected a matrix, got (3)",
    # Sums over other numbers than those of a row, which there are not where rows have two lengths.
    "test_softmax_axis_0": "expected the axis -1, got 0",
    "test_softmax_axis_1": "the input: expected rows of 5 numbers, got (3 x 4 x 5)",
    "test_softmax_axis_2": "expected the axis -1, got 2",
}


@pytest.fixture(scope="module")
def official_cases():
    """Return the official cases of one node that is an operator of a layer, by their names."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        node_tests = importlib.import_module("onnx.backend.test.case.node")
        collected = node_tests.collect_testcases(None)
    return {
        case.name: case
        for case in collected
        if len(case.model.graph.node) == 1
        and case.model.graph.node[0].op_type in LAYER_OPERATORS
        and not case.model.graph.node[0].domain
    }


def as_layer(case):
    """Return a file of the case's node as a layer, the rows that go in, and what has to come out.

    Other inputs than the first become initializers. An activation gets the identity before it. It
    does the same to each number, or softmax to each row, so that rows of rows may be rows.
    """
    model = onnx.ModelProto.FromString(case.model.SerializeToString())
    [(arrays, [expected])] = case.data_sets
    X, columns = arrays[0], arrays[0].shape[-1]
    [only] = model.graph.node
    for value, array in zip(list(model.graph.input)[1:], arrays[1:]):
        model.graph.initializer.append(numpy_helper.from_array(array, value.name))
        model.graph.input.remove(value)
    if only.op_type not in ("Gemm", "MatMul"):
        identity = numpy_helper.from_array(np.eye(columns, dtype=X.dtype), "identity")
        model.graph.initializer.append(identity)
        before = node("MatMul", f"{only.input[0]} identity", "before")
        only.input[0] = "before"
        model.graph.node.insert(0, before)
        if not any(attribute.name == "axis" and attribute.i >= 0 for attribute in only.attribute):
            X, expected = X.reshape(-1, columns), expected.reshape(-1, columns)
            model.graph.input[0].type.tensor_type.shape.CopyFrom(
                helper.make_tensor_type_proto(1, X.shape).tensor_type.shape
            )
    return model.SerializeToString(), X, expected


def test_the_official_cases_are_layers_with_the_same_answers_or_refused(official_cases):
    refused = set(NO_LAYERS) & set(official_cases)
    # So many had ONNX 1.19, the last for Python 3.9; newer ones have more.
    assert len(refused) >= 10
    assert len(official_cases) - len(refused) >= 19
    for name, case in official_cases.items():
        data, X, expected = as_layer(case)
        if name in NO_LAYERS:
            assert NO_LAYERS[name] in complaint(decode, data), name
            continue
        answers = np.array(decode(data)[0].predict(X.tolist()))
        # The case's own tolerance, for numbers of four bytes.
        assert np.allclose(answers, expected, case.rtol, case.atol), name


# -- what is refused -----------------------------------------------------------------------------


def own(model=None, **changes):
    """Return a file of PureNet's of which the graph's parts are changed by functions."""
    file = read(encode(model or Network([2, 3, 1], bias=True, seed=1)), MODEL)
    for name, change in changes.items():
        change(file if name == "file" else file["graph"][name])
    return write(file, MODEL)


def changed(**members):
    """Return a function that changes members of the first message in a list."""
    return lambda messages: messages[0].update(members)


def with_tensor(**members):
    """Return a file whose matrix has other members."""
    message = {"name": "W", "data_type": 11, "dims": [2, 3], "raw_data": np.array(W1).tobytes()}
    message = {k: v for k, v in {**message, **members}.items() if v is not None}
    file = read(graph([GEMM], B=B1), MODEL)
    file["graph"]["initializer"].append(message)
    return write(file, MODEL)


def of_graph(**members):
    file = read(graph([GEMM], W=W1, B=B1), MODEL)
    file["graph"].update(members)
    return write(file, MODEL)


def of_model(**members):
    return write({**read(graph([GEMM], W=W1, B=B1), MODEL), **members}, MODEL)


def twice(data):
    return lambda messages: messages.append(messages[0])


IF = helper.make_node("If", ["c"], ["Y"], then_branch=onnx.GraphProto(name="g"))
CLASSES = np.array([1, 2, 3])
LIKELY = [node("Softmax", "z", "p"), node("ArgMax", "p", "i", axis=1)]
OWN_CLASSIFIER = ["text", "bools"]

BAD = {
    # No ONNX.
    "nothing": (b"", "not an ONNX file: there is no graph in it"),
    "text": (b'{"format": "purenet"}', "not a message: field "),
    "JSON": (b"[1, 2]", "not a message: field 11 has wire type 3"),
    "half a file": (graph([GEMM], W=W1, B=B1)[:-40], "field 7 is said to have "),
    "a group": (b"\x0b", "not a message: field 1 has wire type 3"),
    "field 0": (b"\x00\x00", "not a message: a field's number is 0"),
    "a number without end": (b"\x08" + b"\xff" * 20, "not a message: a number does not end"),
    "a number cut off": (b"\x08\x80", "not a message: a number does not end"),
    "a text for a number": (b"\x0a\x00", "ir_version: expected wire type 0, got 2"),
    "a number for a graph": (b"\x38\x01", "graph: expected wire type 2, got 0"),
    "two graphs": (b"\x3a\x00\x3a\x00", "graph: it is there twice"),
    "no UTF-8": (b"\x12\x01\xff", "producer_name: not text in UTF-8"),
    "an empty graph": (b"\x3a\x00", "expected one set of ONNX's operators, got 0"),
    "training": (of_model(training_info=[b""]), "training_info: a dense network has none"),
    "functions": (of_model(functions=[b""]), "functions: a dense network has none"),
    "old": (graph([GEMM], W=W1, B=B1, opset=6), "operator set 6: expected 7 or newer"),
    "two operator sets": (
        of_model(opset_import=[{"version": 13}, {"domain": "ai.onnx", "version": 14}]),
        "expected one set of ONNX's operators, got 2",
    ),
    # Inputs, outputs, names.
    "no input": (of_graph(input=[]), "expected one input, got 0"),
    "two inputs": (of_graph(input=[{"name": "X"}, {"name": "Z"}]), "expected one input, got 2"),
    "an input without a name": (of_graph(input=[{}]), "a value without a name"),
    "no output": (of_graph(output=[]), "expected one output, or a classifier's labels and "),
    "two outputs": (
        dense([node("Tanh", "z", "Y")], out="Y z"),
        "expected one output, or a classifier's labels and probabilities, got 2",
    ),
    "an output that is none": (of_graph(output=[{"name": "y"}]), "output 'y' does not depend on"),
    "a constant as output": (of_graph(output=[{"name": "W"}]), "output 'W' does not depend on"),
    "sparse weights": (of_graph(sparse_initializer=[b""]), "sparse_initializer: a dense network"),
    "quantised": (of_graph(quantization_annotation=[b""]), "quantization_annotation: a dense "),
    "two of a name": (
        graph([node("Tanh", "X", "W"), GEMM], W=W1, B=B1),
        "two values have the name 'W'",
    ),
    "out of order": (
        graph([node("Tanh", "z", "Y"), node("Gemm", "X W B", "z")], W=W1, B=B1),
        "node 0: Tanh: 'z' goes in, but comes out of nothing before",
    ),
    "a circle": (
        graph([node("Tanh", "Y", "Y")], W=W1),
        "node 0: Tanh: 'Y' goes in, but comes out of nothing before",
    ),
    "pictures": (
        graph([GEMM], W=W1, B=B1, shape=[1, 4, 2]),
        "the input: expected rows of 2 numbers, got (1 x 4 x 2)",
    ),
    "other columns": (
        graph([GEMM], W=W1, B=B1, columns=3),
        "the input: expected rows of 2 numbers, got (0 x 3)",
    ),
    # Operators.
    "Conv": (
        graph([helper.make_node("Conv", ["X", "W"], ["Y"], "conv1")], W=W1),
        "node 0 'conv1': operator Conv is not one of a dense network's",
    ),
    "a subgraph": (graph([IF], c=True), "node 0: operator If is not one of a dense network's"),
    "another domain": (
        graph([helper.make_node("Gemm", ["X", "W"], ["Y"], domain="com.microsoft")], W=W1),
        "node 0: operator com.microsoft.Gemm is not one of a dense network's",
    ),
    "an operator with a long name": (
        graph([helper.make_node("C" * 10**4, ["X"], ["Y"], "n" * 10**4)]),
        f"node 0 '{'n' * 30}...': operator {'C' * 60} is not one",
    ),
    "an unknown attribute": (
        graph([node("Gemm", "X W B", "Y", gamma=1.0)], W=W1, B=B1),
        "node 0: Gemm: unknown attribute 'gamma', or known already",
    ),
    "nothing out": (graph([node("Gemm", "X W B", "")], W=W1, B=B1), "node 0: Gemm: it puts "),
    "nothing in": (graph([node("Gemm", "", "Y")]), "node 0: Gemm: input 1 is missing"),
    "transA": (
        graph([node("Gemm", "X W B", "Y", transA=1)], W=W1, B=B1),
        "node 0: Gemm: transA: the rows that go in would be columns",
    ),
    "a matrix before the rows": (
        graph([node("MatMul", "W X", "Y")], W=W1),
        "node 0: MatMul: input 0 is 'W', and not what the layer before does",
    ),
    "a product of the input with itself": (
        graph([node("MatMul", "X X", "Y")]),
        "node 0: MatMul: input 1 depends on the network's input: expected numbers",
    ),
    "a connection that skips a layer": (
        graph([node("MatMul", "X W", "z"), node("Add", "z X", "Y")], W=np.eye(2)),
        "node 1: Add: both inputs depend on the network's, as where a connection skips",
    ),
    "alpha": (
        dense([node("LeakyRelu", "z", "Y", alpha=0.2)]),
        "node 1: LeakyRelu: alpha 0.20000000298023224: here it is always 0.01",
    ),
    "another leak": (
        dense([node("Mul", "z k", "l"), node("Max", "z l", "Y")], k=0.3),
        "node 2: Max: expected the larger of x and 0.01 x",
    ),
    "a leak of something else": (
        dense([node("Tanh", "z", "t"), node("Mul", "z k", "l"), node("Max", "t l", "Y")], k=0.01),
        "node 3: Max: expected the larger of x and 0.01 x",
    ),
    "softmax of columns": (
        dense([node("Softmax", "z", "Y", axis=0)]),
        "node 1: Softmax: expected the axis -1, got 0",
    ),
    "softmax within": (
        dense([node("Softmax", "z", "p"), node("MatMul", "p V", "Y")], V=W2),
        "activation: softmax is for the output layer: say output_activation",
    ),
    "training's Dropout": (
        dense([node("Dropout", "z r t", "Y")], r=np.float32(0.5), t=np.array(True)),
        "node 1: Dropout: it is in training, where outcomes are left to chance",
    ),
    "Dropout's mask": (
        dense([node("Dropout", "z", "d m"), node("Tanh", "m", "Y")]),
        "node 2: Tanh: 'm' goes in, but comes out of nothing before",
    ),
    "to integers": (
        dense([node("Cast", "z", "Y", to=TensorProto.INT64)]),
        "node 1: Cast: to type 7: expected floats of floats, integers of labels",
    ),
    "a constant that loses digits": (
        graph([node("Cast", "V", "W", to=TensorProto.FLOAT), GEMM], V=W1, B=B1),
        "node 0: Cast: 'V' to type 1: it may lose digits",
    ),
    # Layers.
    "no layer": (graph([node("Identity", "X", "Y")]), "no layer with weights"),
    "an activation before": (
        graph([node("Tanh", "X", "x"), node("Gemm", "x W B", "Y")], W=W1, B=B1),
        "node 0: tanh does not follow a layer's weights",
    ),
    "two activations": (
        dense([node("Tanh", "z", "t"), node("Relu", "t", "Y")]),
        "node 2: relu does not follow a layer's weights",
    ),
    "activations of two kinds": (
        dense(
            [
                node("Tanh", "z", "t"),
                node("MatMul", "t V", "u"),
                node("Relu", "u", "v"),
                node("MatMul", "v U", "Y"),
            ],
            V=W2,
            U=[[1.0]],
        ),
        "hidden layers of several kinds: tanh and relu",
    ),
    "a layer that does not fit": (
        dense([node("Tanh", "z", "t"), node("MatMul", "t W", "Y")]),
        "node 2: a matrix of 2 rows, but 3 values go in",
    ),
    "a scaling between": (
        dense([node("Tanh", "z", "t"), node("Mul", "t B", "u"), node("MatMul", "u V", "Y")], V=W2),
        "node 2: after an activation, it is no dense network's",
    ),
    "a scaling after the weights": (
        dense([node("Mul", "z B", "u"), node("MatMul", "u V", "Y")], V=W2),
        "node 1: between layers, it is no dense network's",
    ),
    "many scalings": (
        dense([node("Mul", f"{'z' if k == 0 else k} B", f"{k + 1}") for k in range(5)], out="5"),
        "node 5: more than 4 scalings in a row",
    ),
    "a scale of 0": (
        dense([node("Div", "z o", "Y")], o=0.0),
        "node 1: a scale is 0",
    ),
    "a negative scale": (
        dense([node("Mul", "z o", "Y")], o=-1.0),
        "output_scale: deviations: expected numbers above 0, got -1.0",
    ),
    "scales too large": (
        dense([node("Mul", "z o", "y"), node("Mul", "y o", "Y")], o=1e200),
        "scalings: together they are too large for a float",
    ),
    "scaled inputs of a sigmoid": (
        graph(
            [node("Mul", "X k", "x"), node("Gemm", "x W B", "z"), node("Sigmoid", "z", "Y")],
            W=W1,
            B=B1,
            k=2.0,
        ),
        "inputs are scaled, for which there have to be labels or linear outputs",
    ),
    "a bias for each row": (
        graph([GEMM], W=W1, B=np.ones((3, 1))),
        "'B': (3 x 1), but there are 3 columns",
    ),
    "too few biases": (graph([GEMM], W=W1, B=[1.0, 2.0]), "'B': (2), but there are 3 columns"),
    "another shape": (
        dense([node("Reshape", "z s", "Y")], s=np.array([3, -1])),
        "node 1: expected (rows x columns), got (3 x -1)",
    ),
    "other columns than there are": (
        dense([node("Reshape", "z s", "Y")], s=np.array([-1, 2])),
        "node 1: expected 3 columns, got (-1 x 2)",
    ),
    "no rows": (
        dense([node("Reshape", "z s", "Y", allowzero=1)], s=np.array([0, 3])),
        "node 1: Reshape: allowzero: there would be no rows",
    ),
    "probabilities in a column": (
        dense([node("Softmax", "z", "p"), node("Reshape", "p s", "Y")], s=np.array([-1, 1])),
        "node 2: expected 3 columns, got (-1 x 1)",
    ),
    "rows that are parts of rows": (
        graph(
            [node("Reshape", "X s", "x"), node("Gemm", "x W B", "Y")],
            columns=4,
            s=np.array([-1, 2]),
            W=W1,
            B=B1,
        ),
        "the input: expected rows of 2 numbers, got (0 x 4)",
    ),
    "something after a column": (
        dense([node("Reshape", "z s", "r"), node("Tanh", "r", "Y")], s=np.array([-1, 1])),
        "node 2: a dense network ends before it",
    ),
    # Labels.
    "the least likely": (
        dense([LIKELY[0], node("ArgMax", "p", "i", axis=0)], out="i"),
        "node 2: ArgMax: expected the axis -1, got 0",
    ),
    "labels of linear outputs": (
        dense([node("ArgMax", "z", "i", axis=1)], out="i"),
        "classes: expected softmax outputs, got linear ones",
    ),
    "labels of one probability": (
        dense([node("Sigmoid", "z", "p"), node("ArgMax", "p", "i", axis=1)], out="i"),
        "labels: expected the probabilities 1 - p and p, or softmax",
    ),
    "fewer labels": (
        dense([*LIKELY, node("Gather", "c i", "l")], out="l p", c=CLASSES[:2]),
        "classes: 2 labels, but there are 3 outputs",
    ),
    "labels out of order": (
        dense([*LIKELY, node("Gather", "c i", "l")], out="l p", c=CLASSES[::-1].copy()),
        "classes: expected at least two labels, all different, in rising order",
    ),
    "labels of other outputs": (
        dense([*LIKELY, node("Gather", "c i", "l")], out="l z", c=CLASSES),
        "node 3: expected the labels to be those of the outputs",
    ),
    "other labels of probabilities": (
        dense(
            [
                *LIKELY,
                node("Gather", "c i", "l"),
                helper.make_node(
                    "ZipMap", ["p"], ["m"], domain="ai.onnx.ml", classlabels_int64s=[7]
                ),
            ],
            out="l m",
            c=CLASSES,
        ),
        "ZipMap: expected the labels [1, 2, 3] (list)",
    ),
    "1 - p of others": (
        dense(
            [
                node("Sigmoid", "z", "p"),
                node("Sub", "o p", "q"),
                node("Concat", "q z", "Y", axis=1),
            ],
            o=1.0,
        ),
        "node 3: Concat: expected 1 - p and the same p",
    ),
    "2 - p": (
        dense([node("Sub", "o z", "Y")], o=2.0),
        "node 1: Sub: expected x - a constant, or 1 - x",
    ),
    "the last of equals": (
        dense([LIKELY[0], node("ArgMax", "p", "i", axis=1, select_last_index=1)], out="i"),
        "node 2: ArgMax: select_last_index: of equals it is always the first here",
    ),
    "a label that goes on": (
        dense([*LIKELY, node("Tanh", "i", "Y")]),
        "node 3: Tanh: input 0 is a label or a map",
    ),
    "labels of several rows": (
        dense([*LIKELY, node("Reshape", "i s", "Y")], s=np.array([2, -1])),
        "node 3: Reshape: labels to [2, -1] (list): expected one a row",
    ),
    "labels chosen by no label": (
        dense([node("Gather", "c z", "Y")], c=CLASSES),
        "node 1: Gather: expected a row of classes, and which of them each row is",
    ),
    "labels that are a matrix": (
        dense([*LIKELY, node("Gather", "W i", "Y")]),
        "node 3: Gather: expected a row of classes, and which of them each row is",
    ),
    "1 - p and p without labels": (
        graph(
            [
                node("Gemm", "X V", "z"),
                node("Sigmoid", "z", "p"),
                node("Sub", "o p", "q"),
                node("Concat", "q p", "Y", axis=1),
            ],
            V=[[1.0], [2.0]],
            o=1.0,
        ),
        "probabilities of classes: expected the classes as an output, too",
    ),
    "p and 1 - p": (
        dense(
            [
                node("Sigmoid", "z", "p"),
                node("Sub", "o p", "q"),
                node("Concat", "p q", "Y", axis=1),
            ],
            o=1.0,
        ),
        "node 3: Concat: expected 1 - p and p",
    ),
    "a shape of floats": (
        dense([node("Reshape", "z B", "Y")]),
        "node 1: Reshape: input 1: expected a few integers",
    ),
    "a transposed row": (
        graph([node("Transpose", "V", "W", perm=[0, 1]), GEMM], V=W1, B=B1),
        "node 0: Transpose: expected a matrix whose rows become its columns",
    ),
    "a constant of two values": (
        graph([node("Constant", "", "W", value_int=1, value_float=1.0), GEMM], B=B1),
        "node 0: Constant: expected one value, got 2 attributes",
    ),
    "an integer as weights": (
        graph([node("Constant", "", "W", value_int=1), GEMM], B=B1),
        "node 1: expected a matrix, got ()",
    ),
    "a text as weights": (
        graph([node("Constant", "", "W", value_string="1"), GEMM], B=B1),
        "node 0: Constant: unknown attribute 'value_string'",
    ),
    "1 - p": (dense([node("Sub", "o z", "Y")], o=1.0), "node 1: complement: a dense network"),
    # Tensors.
    "in another file": (
        with_tensor(raw_data=None, data_location=1),
        "'W': its numbers are in another file",
    ),
    "a part": (with_tensor(segment=[b""]), "'W': it is a part of a tensor"),
    "strings": (
        with_tensor(data_type=8, raw_data=None, string_data=["1"] * 6),
        "'W': expected numbers with a point",
    ),
    "integers": (with_tensor(data_type=7), "'W': expected numbers with a point"),
    "complex numbers": (with_tensor(data_type=14), "'W': data of type 14 are not read"),
    "fewer numbers": (with_tensor(dims=[2, 4]), "'W': 48 bytes, but its lengths need 64"),
    "no end of numbers": (
        with_tensor(dims=[2**62, 2**62]),
        "'W': more than 16,777,216 numbers: no dense network",
    ),
    "negative lengths": (with_tensor(dims=[-2, -3]), "'W': lengths [-2, -3] (list)"),
    "many lengths": (with_tensor(dims=[1] * 9), "'W': lengths [1, 1, 1, 1, 1, 1, 1, 1, 1] (list)"),
    "numbers twice": (
        with_tensor(double_data=np.array(W1).tobytes()),
        "'W': expected double_data or raw_data, got double_data and raw_data",
    ),
    "numbers elsewhere": (
        with_tensor(raw_data=None, float_data=np.float32(W1).tobytes()),
        "'W': expected double_data or raw_data, got float_data",
    ),
    "not a number": (
        with_tensor(raw_data=np.full(6, math.nan).tobytes()),
        "'W': number 0: expected a finite one, got nan",
    ),
    "integers that are no halves": (
        with_tensor(data_type=10, raw_data=None, int32_data=[70000] * 6),
        "'W': an integer in int32_data is too large",
    ),
    "no inputs": (
        with_tensor(dims=[0, 3], raw_data=b""),
        "'W': expected at least one input and output, got 0",
    ),
    # PureNet's own.
    "no description": (
        of_model(metadata_props=[{"key": "purenet", "value": "{"}]),
        "not JSON: Expecting property name enclosed in double quotes, line 1, column 2",
    ),
    "two descriptions": (
        own(file=lambda file: file["metadata_props"].append({"key": "purenet"})),
        "metadata: 'purenet' is there 2 times",
    ),
    "another activation": (
        own(node=lambda nodes: nodes[1].update(op_type="Tanh")),
        "activations: the graph has ['tanh', 'sigmoid'] (list), but the text beside it says ['sig",
    ),
    "fewer biases": (
        own(node=lambda nodes: nodes[0].update(input=nodes[0]["input"][:2])),
        "biases: 1, but the sizes need 2 layers of them",
    ),
    "other classes": (
        own(
            estimator_of("bools"),
            initializer=lambda tensors: tensors[-1].update(raw_data=b"\1\1"),
        ),
        "classes: the graph has [True, True] (list), but the text beside it says [False, True]",
    ),
    "other means": (
        own(estimator_of("number"), initializer=changed(raw_data=bytes(32))),
        "inputs: the graph has ([0.0, 0.0, 0.0, 0.0], [",
    ),
    "other scales": (
        own(
            estimator_of("number"),
            initializer=lambda tensors: tensors[-1].update(raw_data=bytes(8)),
        ),
        "outputs: the graph has ([0.0], [",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_model_is_refused_in_one_short_sentence(path, name):
    data, expected = BAD[name]
    path.write_bytes(data)
    message = complaint(load, path)
    assert message.startswith(f"{path}: {expected}")
    assert len(message) < len(str(path)) + 250
    assert message.isprintable()


def test_what_the_bad_files_were_made_of_is_good():
    for data in (with_tensor(), of_graph(), of_model(), own(), dense([node("Tanh", "z", "Y")])):
        decode(data)


# -- hostile files -----------------------------------------------------------------------------


def refused_late(kind, inputs, outputs, size):
    """Return a network of one layer, and say of the last number that it is none."""
    data = bytes(size * inputs * outputs - 2) + b"\xff\x7f"
    tensor = {"name": "W", "data_type": kind, "dims": [inputs, outputs], "raw_data": data}
    return of_graph(
        initializer=[tensor], node=[{"op_type": "Gemm", "input": ["X", "W"], "output": ["Y"]}]
    )


def as_integers(count):
    """Return a network of halves of which each is an integer of one byte, but for the last."""
    tensor = {"name": "W", "data_type": 10, "dims": [count, 1]}
    numbers = protobuf.varint(5 * 8 + 2) + protobuf.varint(count + 2) + bytes(count - 1)
    numbers += protobuf.varint(0x7FFF)
    file = read(of_graph(initializer=[]), MODEL)
    content = write(tensor, TENSOR) + numbers
    added = protobuf.varint(5 * 8 + 2) + protobuf.varint(len(content)) + content
    nodes = [{"op_type": "Gemm", "input": ["X", "W"], "output": ["Y"]}]
    content = write({**file.pop("graph"), "node": nodes}, GRAPH) + added
    return write(file, MODEL) + protobuf.varint(7 * 8 + 2) + protobuf.varint(len(content)) + content


def chain(count):
    """Return a graph of many nodes, of which the last is not one of a dense network's."""
    nodes = [{"op_type": "Identity", "input": ["X"], "output": ["0"]}]
    for k in range(1, count):
        nodes.append({"op_type": "Identity", "input": [str(k - 1)], "output": [str(k)]})
    return of_graph(node=[*nodes, {"op_type": "Conv"}])


def many_layers(count):
    nodes = []
    for k in range(count):
        names = ["X" if k == 0 else str(k), "W"]
        nodes.append({"op_type": "MatMul", "input": names, "output": [str(k + 1)]})
    data = struct.pack("<e", 1.0)
    tensor = {"name": "W", "data_type": 10, "dims": [1, 1], "raw_data": data}
    return of_graph(node=nodes, initializer=[tensor], output=[{"name": str(count)}, {"name": "Z"}])


HOSTILE = {
    "doubles": lambda n: refused_late(11, n // 8, 1, 8),
    "halves": lambda n: refused_late(10, 1, n // 2, 2),
    "a column of halves": lambda n: refused_late(10, n // 2, 1, 2),
    "a column of halves as integers": as_integers,
    "nodes": lambda n: chain(n // 30),
    "layers": lambda n: many_layers(n // 30),
    "empty nodes": lambda n: of_graph(node=[{}] * (n // 2)),
    "empty tensors": lambda n: of_graph(initializer=[{}] * (n // 2)),
    "outputs": lambda n: of_graph(output=[{}] * (n // 2)),
    "functions": lambda n: of_model(functions=[b""] * (n // 3)),
    "unknown fields": lambda n: bytes.fromhex("f80101") * (n // 3),
    "lengths": lambda n: with_tensor(dims=[1] * (n // 2)),
    "attributes": lambda n: of_graph(node=[{"op_type": "Gemm", "attribute": [{}] * (n // 2)}]),
    "texts": lambda n: of_graph(node=[{"op_type": "Gemm", "input": [""] * (n // 2)}]),
    "a description": lambda n: of_model(
        metadata_props=[{"key": "purenet", "value": "[" + "[]," * (n // 3) + "1]"}]
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_more_memory_than_its_length_explains(path, name):
    """A half in one byte is the most that a byte can ask for, where it has a row of its own.

    Such rows are as few as `MOST_ROWS`: 96 bytes of memory each, and the number as it is read.
    """
    data = HOSTILE[name](60_000)
    path.write_bytes(data)
    assert peak_of_refusal(path) < 2**18 + 130 * len(data)


LARGEST = {
    "halves": lambda: refused_late(16, 63, MOST_ROWS - 1, 2),
    "too many halves": lambda: refused_late(10, 2**13, 2**12, 2),
    "integers": lambda: as_integers(2**21),
    "layers": lambda: HOSTILE["layers"](2**20),
    "nodes": lambda: HOSTILE["nodes"](2**20),
    "empty nodes": lambda: HOSTILE["empty nodes"](2**21),
    "unknown fields": lambda: HOSTILE["unknown fields"](2**21),
    "lengths": lambda: HOSTILE["lengths"](2**21),
    "zeros": lambda: bytes(2**27),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_hostile_file_is_refused_soon(path, name):
    path.write_bytes(LARGEST[name]())
    assert seconds_to_refuse(path) < 15.0  # as in test_npz.py


# -- damaged files -----------------------------------------------------------------------------


def _valid_files():
    trained = Network([3, 4, 1], seed=1, bias=True, activation="relu")
    leaky = Network([2, 3, 2], seed=1, activation="leaky_relu", output_activation="softmax")
    files = [encode(Network([2, 1], seed=3)), encode(trained, History(), True), encode(leaky)]
    files += [encode(estimator_of(name)) for name in ("text", "numbers", "of a table")]
    files += [as_others(data) for data in files]
    names = ["Gemm with factors", "MatMul and Add", "Constants", "halves as integers", "Reshape"]
    return [(data, {}) for data in (*files, *(ONE_LAYER[name] for name in names))]


NUMBERS_TO_TRY = [0, 1, 2, 3, 4, 7, 8, 10, 11, 16, -1, 2**31, 2**63 - 1]
TEXTS_TO_TRY = ["", "X", "Y", "weights_0", "Gemm", "MatMul", "Add", "Tanh", "Softmax", "purenet"]


def change_messages(chance, data):
    """Change a file as one who knows what it means."""
    file = read(data, MODEL)
    for _ in range(chance.randint(1, 2)):
        _change_message(chance, file)
    return write(file, MODEL)


def _change_message(chance, message):
    """Walk down to some member of something, and change it."""
    name = chance.choice(list(message))
    value = message[name]
    inner = [each for each in (value if isinstance(value, list) else [value]) if each]
    inner = [each for each in inner if isinstance(each, dict)]
    if inner and chance.random() < 0.9:
        _change_message(chance, chance.choice(inner))
    elif isinstance(value, list) and value:
        i = chance.randrange(len(value))
        other = chance.choice([value[i : i + 1] * 2, [], [chance.choice(value)]])
        message[name] = value[:i] + other + value[i + 1 :]
    elif isinstance(value, int):
        message[name] = chance.choice(NUMBERS_TO_TRY)
    elif isinstance(value, str) and len(value) < 100:
        message[name] = chance.choice(TEXTS_TO_TRY)
    else:
        del message[name]


WAYS = [flip_bits, move_bytes, change_messages]


def test_a_damaged_file_is_a_valid_model_or_refused_and_nothing_else(tmp_path, pytestconfig):
    mutations = pytestconfig.getoption("--mutations") // 10
    loaded = damaged_and_loaded(
        tmp_path / "damaged.onnx", _valid_files(), WAYS, mutations, as_officially_read
    )
    assert mutations / 50 < loaded < mutations / 2  # else the mutations are too wild, or too tame


def as_officially_read(data, network):
    """Fail where the official library refuses what was read, or reads other numbers."""
    if network is None:
        return
    try:
        model = onnx.load_from_string(data)
    except DecodeError:  # by damage in a part that is not read here, such as a map as an output
        model = onnx.load_from_string(write(read(data, MODEL), MODEL))
    if any(entry.key == "purenet" for entry in model.metadata_props):
        arrays = {tensor.name: tensor for tensor in model.graph.initializer}
        nodes = [node for node in model.graph.node if node.op_type in ("Gemm", "MatMul")]
        for node_of_layer, W in zip(nodes, network.weights):
            theirs = numpy_helper.to_array(arrays[node_of_layer.input[1]]).astype(float)
            assert bits(theirs.tolist()) == bits(W)
