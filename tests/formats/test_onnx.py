"""ONNX: graphs that others build, the wire format, and what is refused and how it is said."""

import math

import numpy as np
import pytest
from both_ways import both_ways
from hypothesis import given
from models import ESTIMATORS, any_networks, estimator_of, everything, rows_for
from onnx_files import (
    B1,
    EXTRACT,
    FLOAT,
    FOLDED,
    GEMM,
    GRAPH,
    INT64,
    ML,
    ONE_LAYER,
    ROWS,
    SCALED,
    W1,
    W2,
    as_others,
    changed,
    dense,
    graph,
    labeled,
    node,
    node_of,
    of_graph,
    of_model,
    own,
    scaled,
    with_tensor,
)
from support import complaint

from purenet import Classifier, History, Network, Regressor
from purenet.core.backpropagation import parameters
from purenet.formats import load, save
from purenet.formats.onnx import protobuf
from purenet.formats.onnx.messages import MODEL
from purenet.formats.onnx.protobuf import read, write

encode, decode = both_ways("onnx")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


# -- what is written -----------------------------------------------------------------------------


def test_labels_that_no_tensor_can_hold_are_refused(path):
    for labels in (["a", "\ud800"], [2**70, 2**70 + 1]):
        estimator = Classifier(epochs=1).fit([[0], [1]], labels)
        said = complaint(save, estimator, path)
        assert said.startswith(f"{path}: classes: expected labels that ONNX can hold, got ")
        assert said.endswith("; probabilities_only leaves them out")
    save(estimator, path, probabilities_only=True)
    assert load(path).classes_ == estimator.classes_


def test_a_deviation_that_float32_cannot_hold_is_refused(path):
    estimator = Regressor(epochs=1).fit([[0], [1e-50]], [0, 1])
    save(estimator, path)
    message = complaint(save, estimator, path, float32=True)
    assert message == f"{path}: deviations: 5e-51 needs 64 bits: leave out float32"


@pytest.mark.parametrize("name", ESTIMATORS)
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


@pytest.mark.parametrize("name", ESTIMATORS)
def test_with_probabilities_only_a_classifier_has_one_output_and_is_the_same_model(path, name):
    estimator = estimator_of(name)
    save(estimator, path, probabilities_only=True)
    outputs = read(path.read_bytes(), MODEL)["graph"]["output"]
    operators = {node["op_type"] for node in read(path.read_bytes(), MODEL)["graph"]["node"]}
    assert len(outputs) == 1
    assert not {"ArgMax", "Gather"} & operators
    assert everything(load(path)) == everything(estimator)
    if isinstance(estimator, Classifier):
        assert outputs[0]["name"] == "probabilities"
        others, _ = decode(as_others(path.read_bytes()))
        assert isinstance(others, Network)


@given(network=any_networks())
def test_without_its_text_a_networks_graph_says_its_layers(network):
    loaded, _ = decode(as_others(encode(network)))
    assert parameters(loaded) == parameters(network)
    assert loaded.output_activation == network.output_activation
    if len(network.sizes) > 2:
        assert loaded.activation == network.activation


def test_each_hidden_layer_may_have_its_own_activation():
    layers = [node("Tanh", "z", "t"), node("MatMul", "t V", "u"), node("Relu", "u", "v")]
    loaded, _ = decode(dense([*layers, node("MatMul", "v U", "Y")], V=W2, U=[[1.0]]))
    assert loaded.layer_activations == ["tanh", "relu", "linear"]


def test_layers_may_share_a_small_tensor():
    nodes = [node("MatMul", "X V", "a"), node("MatMul", "a V", "b"), node("MatMul", "b V", "Y")]
    V = [[2.0, 0.0], [0.0, 3.0]]
    loaded, _ = decode(graph(nodes, V=V))
    assert loaded.weights == [V, V, V]
    assert loaded.weights[0] is not loaded.weights[1]


def test_what_the_graph_says_a_caller_may_say_but_not_otherwise(path):
    save(Network([2, 3, 1], activation="tanh", output_activation="linear"), path)
    for data in (path.read_bytes(), as_others(path.read_bytes())):
        path.write_bytes(data)
        load(path, activation="tanh", output_activation="identity")
        assert complaint(load, path, activation="relu") == (
            f"{path}: activation: expected 'tanh', as the file says, got 'relu'"
        )
        assert complaint(load, path, output_activation="sigmoid") == (
            f"{path}: output_activation: expected 'linear', as the file says, got 'sigmoid'"
        )


# -- the wire format -----------------------------------------------------------------------------


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
        "expected at most 3 fields, got more"
    )
    assert complaint(read, bytes.fromhex("0a0401010101"), schema) == (
        "a: expected at most 3 integers, got more"
    )


# -- graphs that others build --------------------------------------------------------------------

LAYER = Network([2, 3], output_activation="linear", seed=0)
LAYER.weights, LAYER.biases = [W1], [B1]


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


OPERATIONS = {"Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": np.divide}


@pytest.mark.parametrize("steps", SCALED, ids=lambda steps: " ".join(step[0] for step in steps))
def test_inputs_may_be_scaled_in_several_ways(steps):
    loaded, _ = decode(scaled(steps))
    assert isinstance(loaded, Regressor)
    X = np.array(ROWS)
    for operator, _, value in steps:
        X = OPERATIONS[operator](X, value)
    # Powers of two and few digits: nothing is rounded, in whatever order.
    assert loaded.predict(ROWS) == (X @ W1 + B1).tolist()


@pytest.mark.parametrize("name", FOLDED)
def test_what_is_affine_between_layers_is_folded_into_their_weights(name):
    data, expected = FOLDED[name]
    X = np.array(ROWS)
    loaded, _ = decode(data)
    answers = np.reshape(loaded.predict(ROWS), (len(X), -1))
    assert answers.tolist() == expected(X, X @ W1 + B1).tolist()


@pytest.mark.parametrize("classes", [["b", "d", "é"], [-1, 0, 7]])
@pytest.mark.parametrize("extract", ["Gather", "ArrayFeatureExtractor"])
def test_labels_and_probabilities_are_a_classifiers(classes, extract):
    loaded, _ = decode(labeled(classes, extract))
    assert isinstance(loaded, Classifier)
    assert list(loaded.classes_) == classes
    powers = np.exp(np.array(ROWS) @ W1 + B1)
    probabilities = powers / powers.sum(1, keepdims=True)
    assert loaded.predict(ROWS) == [classes[j] for j in probabilities.argmax(1)]
    assert abs(probabilities - loaded.predict_proba(ROWS)).max() < 1e-15


def test_where_there_are_no_labels_classes_are_numbered():
    nodes = [node("Softmax", "z", "p"), node("ArgMax", "p", "i", axis=1)]
    loaded, _ = decode(dense(nodes, out="i"))
    assert loaded.classes_ == [0, 1, 2]


def test_a_tensor_may_have_more_digits_than_a_factor():
    data = graph([node("Gemm", "X W B", "Y", alpha=0.1)], W=W1, B=B1)
    factor = float(np.float32(0.1))
    assert decode(data)[0].weights == [[[w * factor for w in row] for row in W1]]


# -- what is refused -----------------------------------------------------------------------------


def twice(data):
    return lambda messages: messages.append(messages[0])


IF = node_of("If", ["c"], ["Y"], then_branch=write({"name": "g"}, GRAPH))
CLASSES = np.array([1, 2, 3])
LIKELY = [node("Softmax", "z", "p"), node("ArgMax", "p", "i", axis=1)]

BAD = {
    # No ONNX.
    "nothing": (b"", "expected an ONNX file, got one without a graph"),
    "text": (b'{"format": "purenet"}', "not ONNX: field 15 has wire type 3"),
    "JSON": (b"[1, 2]", "not ONNX: field 11 has wire type 3"),
    "half a file": (
        graph([GEMM], W=W1, B=B1)[:-40],
        "not ONNX: field 7 has a length of 149 bytes, but 131 follow",
    ),
    "a group": (b"\x0b", "not ONNX: field 1 has wire type 3"),
    "field 0": (b"\x00\x00", "not ONNX: a field has the number 0"),
    "a number without end": (b"\x08" + b"\xff" * 20, "not ONNX: a number does not end"),
    "a number cut off": (b"\x08\x80", "not ONNX: a number does not end"),
    "a text for a number": (b"\x0a\x00", "ir_version: expected wire type 0, got 2"),
    "a number for a graph": (b"\x38\x01", "graph: expected wire type 2, got 0"),
    "two graphs": (b"\x3a\x00\x3a\x00", "graph: occurs twice"),
    "no UTF-8": (b"\x12\x01\xff", "producer_name: not text in UTF-8"),
    "an empty graph": (
        b"\x3a\x00",
        "expected one set of operators, got 0",
    ),
    "training": (
        of_model(training_info=[b""]),
        "expected a dense network, got training_info",
    ),
    "functions": (
        of_model(functions=[b""]),
        "expected a dense network, got functions",
    ),
    "old": (graph([GEMM], W=W1, B=B1, opset=6), "expected operator set 7 or newer, got 6"),
    "two operator sets": (
        of_model(opset_import=[{"version": 13}, {"domain": "ai.onnx", "version": 14}]),
        "expected one set of operators, got 2",
    ),
    # Inputs, outputs, names.
    "no input": (of_graph(input=[]), "expected one input, got 0"),
    "two inputs": (of_graph(input=[{"name": "X"}, {"name": "Z"}]), "expected one input, got 2"),
    "an input without a name": (of_graph(input=[{}]), "expected a name for each value, got none"),
    "no output": (
        of_graph(output=[]),
        "expected one output, or labels and probabilities, got 0 outputs",
    ),
    "two outputs": (
        dense([node("Tanh", "z", "Y")], out="Y z"),
        "expected one output, or labels and probabilities, got 2 outputs",
    ),
    "an output of nothing": (of_graph(output=[{"name": "y"}]), "output 'y' does not depend on"),
    "a constant as output": (of_graph(output=[{"name": "W"}]), "output 'W' does not depend on"),
    "sparse weights": (
        of_graph(sparse_initializer=[b""]),
        "expected a dense network, got sparse_initializer",
    ),
    "quantized": (
        of_graph(quantization_annotation=[b""]),
        "expected a dense network, got quantization_annotation",
    ),
    "two of a name": (
        graph([node("Tanh", "X", "W"), GEMM], W=W1, B=B1),
        "node 0: Tanh: expected a name of its own for each value, got 'W'",
    ),
    "out of order": (
        graph([node("Tanh", "z", "Y"), node("Gemm", "X W B", "z")], W=W1, B=B1),
        "node 0: Tanh: expected inputs from the nodes before, got 'z'",
    ),
    "a circle": (
        graph([node("Tanh", "Y", "Y")], W=W1),
        "node 0: Tanh: expected inputs from the nodes before, got 'Y'",
    ),
    "pictures": (
        graph([GEMM], W=W1, B=B1, shape=[1, 4, 2]),
        "the input: expected rows of 2 numbers, got (1 x 4 x 2)",
    ),
    "pictures as rows": (
        graph([node("Flatten", "X", "x"), node("Gemm", "x W B", "Y")], W=W1, B=B1, shape=[1, 4, 2]),
        "node 1: Gemm: expected a matrix of 8 rows, got 2",
    ),
    "other columns": (
        graph([GEMM], W=W1, B=B1, columns=3),
        "node 0: Gemm: expected a matrix of 3 rows, got 2",
    ),
    # Operators.
    "Conv": (
        graph([node_of("Conv", ["X", "W"], ["Y"], "conv1")], W=W1),
        "node 0 'conv1': operator 'Conv' is not supported",
    ),
    "a subgraph": (graph([IF], c=True), "node 0: operator 'If' is not supported"),
    "another domain": (
        graph([node_of("Gemm", ["X", "W"], ["Y"], domain="com.microsoft")], W=W1),
        "node 0: operator 'com.microsoft.Gemm' is not supported",
    ),
    "an operator with a long name": (
        graph([node_of("C" * 10**4, ["X"], ["Y"], "n" * 10**4)]),
        f"node 0 '{'n' * 37}...': operator '{'C' * 37}...' is not",
    ),
    "an unknown attribute": (
        graph([node("Gemm", "X W B", "Y", gamma=1.0)], W=W1, B=B1),
        "node 0: Gemm: attribute 'gamma' is unknown or occurs twice",
    ),
    "an attribute of another operator": (
        graph([node("Gemm", "X W B", "Y", momentum=0.5)], W=W1, B=B1),
        "node 0: Gemm: attribute 'momentum' is unknown or occurs twice",
    ),
    "a constant without a value": (
        graph([node("Constant", "", "W", keepdims=1), GEMM], B=B1),
        "node 0: Constant: attribute 'keepdims' is unknown or occurs twice",
    ),
    "an operator with a domain in its name": (
        graph([node("ai.onnx.ml.Scaler", "X", "Y")]),
        "node 0: operator 'ai.onnx.ml.Scaler' is not supported",
    ),
    "nothing out": (
        graph([node("Gemm", "X W B", "")], W=W1, B=B1),
        "node 0: Gemm: expected an output, got none",
    ),
    "nothing in": (graph([node("Gemm", "", "Y")]), "node 0: Gemm: input 1 is missing"),
    "transA": (
        graph([node("Gemm", "X W B", "Y", transA=1)], W=W1, B=B1),
        "node 0: Gemm: expected transA=0, as rows have to stay rows, got 1",
    ),
    "a product that overflows": (
        graph([node("Gemm", "X W B", "Y", alpha=1e38)], W=[[1e300, 1.0, 1.0]] * 2, B=B1),
        "'W': value 0: expected a finite number, got inf",
    ),
    "a matrix before the rows": (
        graph([node("MatMul", "W X", "Y")], W=W1),
        "node 0: MatMul: input 1: expected a constant, got a result of the input",
    ),
    "a product of the input with itself": (
        graph([node("MatMul", "X X", "Y")]),
        "node 0: MatMul: input 1: expected a constant, got a result of the input",
    ),
    "a connection that skips a layer": (
        graph([node("MatMul", "X W", "z"), node("Add", "z X", "Y")], W=np.eye(2)),
        "node 1: Add: expected one constant, got two results, as in a skip connection",
    ),
    "alpha": (
        dense([node("LeakyRelu", "z", "Y", alpha=0.2)]),
        "node 1: LeakyRelu: expected alpha=0.01, got 0.20000000298023224",
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
        "activation: softmax is only for the output layer (output_activation)",
    ),
    "training's Dropout": (
        dense([node("Dropout", "z r t", "Y")], r=np.float32(0.5), t=np.array(True)),
        "node 1: Dropout: expected inference, got training, which is random",
    ),
    "Dropout's mask": (
        dense([node("Dropout", "z", "d m"), node("Tanh", "m", "Y")]),
        "node 2: Tanh: expected inputs from the nodes before, got 'm'",
    ),
    "to integers": (
        dense([node("Cast", "z", "Y", to=INT64)]),
        "node 1: Cast: expected floats, or integers for labels, got type 7",
    ),
    "a constant that loses digits": (
        graph([node("Cast", "V", "W", to=FLOAT), GEMM], V=W1, B=B1),
        "node 0: Cast: expected a type with all digits of 'V', got type 1",
    ),
    # Layers.
    "no layer": (
        graph([node("Identity", "X", "Y")]),
        "expected at least one layer with weights, got none",
    ),
    "an activation before": (
        graph([node("Tanh", "X", "x"), node("Gemm", "x W B", "Y")], W=W1, B=B1),
        "node 0: expected a layer's weights or biases before tanh",
    ),
    "two activations": (
        dense([node("Tanh", "z", "t"), node("Relu", "t", "Y")]),
        "node 2: expected a layer's weights or biases before relu",
    ),
    "a layer that does not fit": (
        dense([node("Tanh", "z", "t"), node("MatMul", "t W", "Y")]),
        "node 2: MatMul: expected a matrix of 3 rows, got 2",
    ),
    "many scalings": (
        dense([node("Mul", f"{k or 'z'} B", f"{k + 1}") for k in range(13)], out="13"),
        "node 13: expected at most 12 scalings in a row",
    ),
    "a scale of 0": (
        dense([node("Div", "z o", "Y")], o=0.0),
        "scalings: expected a divisor other than 0",
    ),
    "scales too large": (
        dense([node("Mul", "z o", "y"), node("Mul", "y o", "Y")], o=1e200),
        "scalings: expected finite numbers when combined, got infinity",
    ),
    "a scaling of probabilities": (
        dense([node("Sigmoid", "z", "p"), node("Mul", "p k", "Y")], k=10.0),
        "expected a layer after the last scaling or selection of columns",
    ),
    "a column that is not there": (
        graph([EXTRACT, node("Gemm", "x W B", "Y")], W=W1, B=B1, s=np.array([0, 3]), columns=3),
        "node 0: expected different columns from 0 to below 3, got [0, 3] (list)",
    ),
    "a column twice": (
        graph([EXTRACT, node("Gemm", "x W B", "Y")], W=W1, B=B1, s=np.array([1, 1]), columns=3),
        "node 0: expected different columns from 0 to below 3, got [1, 1] (list)",
    ),
    "more columns than there are": (
        graph([EXTRACT, node("Gemm", "x W B", "Y")], W=W1, B=B1, s=np.arange(9), columns=3),
        "node 1: Gemm: expected a matrix of 9 rows, got 2",
    ),
    "columns of an unknown number": (
        graph([EXTRACT, node("Gemm", "x W B", "Y")], W=W1, B=B1, s=np.array([0, 1]), columns=None),
        "node 0: expected an input of known width, got one without",
    ),
    "columns chosen by fractions": (
        graph([EXTRACT, node("Gemm", "x W B", "Y")], W=W1, B=B1, s=np.array([0.0, 1.0])),
        "node 0: ArrayFeatureExtractor: expected integers as input 1",
    ),
    "columns at the end": (
        dense([node_of("ArrayFeatureExtractor", ["z", "s"], ["Y"], domain=ML)], s=np.array([0, 2])),
        "expected a layer after the last scaling or selection of columns",
    ),
    "an activation of some columns": (
        dense(
            [
                node_of("ArrayFeatureExtractor", ["z", "s"], ["x"], domain=ML),
                node("Tanh", "x", "Y"),
            ],
            s=np.array([0, 2]),
        ),
        "node 2: expected a layer's weights or biases before tanh",
    ),
    "a BatchNorm in training": (
        dense([node("BatchNormalization", "z B B B B", "Y", training_mode=1)]),
        "node 1: BatchNormalization: expected training_mode=0, as training normalizes each",
    ),
    "a negative variance": (
        dense([node("BatchNormalization", "z B B B B", "Y")]),
        "'B': expected numbers with a square root, got -0.25",
    ),
    "a root of a root": (
        graph([node("Sqrt", "V", "U"), node("Sqrt", "U", "W"), GEMM], V=np.abs(W1), B=B1),
        "node 1: Sqrt: 'V': expected one square root, got two",
    ),
    "a bias for each row": (
        graph([GEMM], W=W1, B=np.ones((3, 1))),
        "'B': expected one number or 3, got (3 x 1)",
    ),
    "too few biases": (graph([GEMM], W=W1, B=[1.0, 2.0]), "'B': expected one number or 3, got (2)"),
    "another shape": (
        dense([node("Reshape", "z s", "Y")], s=np.array([3, -1])),
        "node 1: Reshape: expected (rows x columns), got (3 x -1)",
    ),
    "other columns than there are": (
        dense([node("Reshape", "z s", "Y")], s=np.array([-1, 2])),
        "node 1: Reshape: expected 3 columns, got (-1 x 2)",
    ),
    "no rows": (
        dense([node("Reshape", "z s", "Y", allowzero=1)], s=np.array([0, 3])),
        "node 1: Reshape: expected no 0, as allowzero=1",
    ),
    "probabilities in a column": (
        dense([node("Softmax", "z", "p"), node("Reshape", "p s", "Y")], s=np.array([-1, 1])),
        "node 2: Reshape: expected 3 columns, got (-1 x 1)",
    ),
    "rows that are parts of rows": (
        graph(
            [node("Reshape", "X s", "x"), node("Gemm", "x W B", "Y")],
            columns=4,
            s=np.array([-1, 2]),
            W=W1,
            B=B1,
        ),
        "node 0: Reshape: expected 4 columns, got (-1 x 2)",
    ),
    "something after a column": (
        dense([node("Reshape", "z s", "r"), node("Tanh", "r", "Y")], s=np.array([-1, 1])),
        "node 2: Tanh: input 0: expected the graph to end before this node",
    ),
    # Labels.
    "the least likely": (
        dense([LIKELY[0], node("ArgMax", "p", "i", axis=0)], out="i"),
        "node 2: ArgMax: expected the axis -1, got 0",
    ),
    "labels of linear outputs": (
        dense([node("ArgMax", "z", "i", axis=1)], out="i"),
        "classes: expected the output activation softmax, got linear",
    ),
    "labels of one probability": (
        dense([node("Sigmoid", "z", "p"), node("ArgMax", "p", "i", axis=1)], out="i"),
        "labels: expected softmax outputs, or 1 - p and p from a sigmoid",
    ),
    "fewer labels": (
        dense([*LIKELY, node("Gather", "c i", "l")], out="l p", c=CLASSES[:2]),
        "classes: 2 labels, but the network has 3 outputs",
    ),
    "labels out of order": (
        dense([*LIKELY, node("Gather", "c i", "l")], out="l p", c=CLASSES[::-1].copy()),
        "classes: expected at least two labels, all different, in rising order",
    ),
    "labels of other outputs": (
        dense([*LIKELY, node("Gather", "c i", "l")], out="l z", c=CLASSES),
        "node 3: expected labels made from the probabilities",
    ),
    "other labels of probabilities": (
        dense(
            [
                *LIKELY,
                node("Gather", "c i", "l"),
                node_of("ZipMap", ["p"], ["m"], domain="ai.onnx.ml", classlabels_int64s=[7]),
            ],
            out="l m",
            c=CLASSES,
        ),
        "ZipMap: expected labels [1, 2, 3] (list), got [7] (list)",
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
        "node 2: ArgMax: expected select_last_index=0, the first if tied, got 1",
    ),
    "a label that goes on": (
        dense([*LIKELY, node("Tanh", "i", "Y")]),
        "node 3: Tanh: input 0: expected the graph to end before this node",
    ),
    "labels of several rows": (
        dense([*LIKELY, node("Reshape", "i s", "Y")], s=np.array([2, -1])),
        "node 3: Reshape: expected one label per row, got (2 x -1)",
    ),
    "labels chosen by no label": (
        dense([node("Gather", "c z", "Y")], c=CLASSES),
        "node 1: Gather: expected a row of classes, and indexes from ArgMax",
    ),
    "labels that are a matrix": (
        dense([*LIKELY, node("Gather", "W i", "Y")]),
        "node 3: Gather: expected a row of classes, and indexes from ArgMax",
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
        "expected the labels as an output beside the probabilities of classes",
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
        "node 3: Concat: expected 1 - p and the same p",
    ),
    "a shape of floats": (
        dense([node("Reshape", "z B", "Y")]),
        "node 1: Reshape: expected a list of at most 8 integers as input 1",
    ),
    "a transposed row": (
        graph([node("Transpose", "V", "W", perm=[0, 1]), GEMM], V=W1, B=B1),
        "node 0: Transpose: expected the transpose of a matrix",
    ),
    "a constant of two values": (
        graph([node("Constant", "", "W", value_int=1, value_float=1.0), GEMM], B=B1),
        "node 0: Constant: expected one value, got 2 attributes",
    ),
    "an integer as weights": (
        graph([node("Constant", "", "W", value_int=1), GEMM], B=B1),
        "node 1: Gemm: expected a matrix, got ()",
    ),
    "a text as weights": (
        graph([node("Constant", "", "W", value_string="1"), GEMM], B=B1),
        "node 0: Constant: attribute 'value_string' is unknown or occurs twice",
    ),
    "1 - p": (
        dense([node("Sub", "o z", "Y")], o=1.0),
        "node 1: expected a layer or a scaling, got 1 - x",
    ),
    # Tensors.
    "in another file": (
        with_tensor(raw_data=None, data_location=1),
        "'W': expected numbers in this file, got those of another",
    ),
    "a part": (with_tensor(segment=[b""]), "'W': expected a whole tensor, got a segment"),
    "strings": (
        with_tensor(data_type=8, raw_data=None, string_data=["1"] * 6),
        "'W': expected floats, got integers or text",
    ),
    "integers": (with_tensor(data_type=7), "'W': expected floats, got integers or text"),
    "complex numbers": (
        with_tensor(data_type=14),
        "'W': data type 14 is not supported",
    ),
    "fewer numbers": (with_tensor(dims=[2, 4]), "'W': expected 64 bytes for its shape, got 48"),
    "no end of numbers": (
        with_tensor(dims=[2**62, 2**62]),
        "'W': expected 170,141,183,460,469,231,731,687,303,715,884,105,728 bytes for its shape",
    ),
    "negative lengths": (
        with_tensor(dims=[-2, -3]),
        "'W': expected at most 8 dimensions from 0 on, got [-2, -3] (list)",
    ),
    "many lengths": (
        with_tensor(dims=[1] * 9),
        "'W': expected at most 8 dimensions from 0 on, got [1, 1, 1, 1, 1, 1, 1, 1, 1] (list)",
    ),
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
        "'W': value 0: expected a finite number, got nan",
    ),
    "integers that are no halves": (
        with_tensor(data_type=10, raw_data=None, int32_data=[70000] * 6),
        "'W': an integer in int32_data is too large",
    ),
    "no inputs": (
        with_tensor(dims=[2, 0], raw_data=b""),
        "'W': expected inputs and outputs, got (2 x 0)",
    ),
    # PureNet's own.
    "no description": (
        of_model(metadata_props=[{"key": "purenet", "value": "{"}]),
        "not JSON: Expecting property name enclosed in double quotes: line 1, column 2",
    ),
    "two descriptions": (
        own(file=lambda file: file["metadata_props"].append({"key": "purenet"})),
        "expected one text 'purenet' as metadata, got 2",
    ),
    "another activation": (
        own(node=lambda nodes: nodes[1].update(op_type="Tanh")),
        "activations: expected ['sigmoid', 'sigmoid'] (list) as in the metadata, got ['ta",
    ),
    "fewer biases": (
        own(node=lambda nodes: nodes[0].update(input=nodes[0]["input"][:2])),
        "biases: expected 2 rows for sizes [2, 3, 1], got 1",
    ),
    "other classes": (
        own(
            estimator_of("bools"),
            initializer=lambda tensors: tensors[-1].update(raw_data=b"\1\1"),
        ),
        "classes: expected [False, True] (list) as in the metadata, got [True, True] (lis",
    ),
    "other means": (
        own(estimator_of("number"), initializer=changed(raw_data=bytes(32))),
        "inputs: expected [6.020000000000001, 3.146666666666666... (list) as in the metada",
    ),
    "other scales": (
        own(
            estimator_of("number"),
            initializer=lambda tensors: tensors[-1].update(raw_data=bytes(8)),
        ),
        "outputs: expected [6.020000000000001, 0.8665640964945023] (list) as in the metada",
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
