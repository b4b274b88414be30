"""ONNX: the official libraries read what is written, and what others write is read."""

import contextlib
import importlib
import importlib.util
import io
import math
import warnings
from functools import cache

import numpy as np
import pytest
import support
from both_ways import both_ways
from fuzzing import tally_of
from hypothesis import assume, given
from hypothesis import strategies as st
from models import (
    ESTIMATORS,
    any_networks,
    estimator_of,
    everything,
    histories,
    parameters_of,
    rows_for,
)
from onnx_files import (
    ATTRIBUTE,
    B1,
    FOLDED,
    ONE_LAYER,
    ROWS,
    SCALED,
    TENSOR,
    W1,
    labeled,
    scaled,
)
from support import Reference, assert_within, bits, complaint, networks, problems

from purenet import Classifier, Network, Regressor
from purenet.core.backpropagation import parameters
from purenet.formats import load, save
from purenet.formats.onnx.messages import MODEL, tensor_of
from purenet.formats.onnx.protobuf import read, write

encode, decode = both_ways("onnx")

pytest.importorskip("onnx")
pytest.importorskip("onnxruntime")
pytest.importorskip("skl2onnx")
pytest.importorskip("sklearn")

import onnx
import onnxruntime
from google.protobuf.message import DecodeError
from onnx import TensorProto, helper, numpy_helper
from sklearn.decomposition import PCA, TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_selection import SelectKBest
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.onnx"


def run(data, X):
    """Return onnxruntime's outputs for rows, by name."""
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    [taken] = session.get_inputs()
    kind = {"tensor(double)": float, "tensor(float)": np.float32}[taken.type]
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, {taken.name: np.array(X, kind)})))


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
@pytest.mark.parametrize("name", ESTIMATORS)
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

    onnxruntime's sigmoid of these is 0.5 + p(x) / q(x), with two polynomials. So its rounding
    errors are those of numbers near 0.5, however small the sum: one of 2**-25 in the sum, and three
    in p, in q, and in their quotient.
    """

    def sigmoid(Z):
        rounded = usual(Z)
        return support.Rounded(rounded.value, rounded.error + 4 * 2.0**-25)

    usual, slope = support._ACTIVATIONS["sigmoid"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(support._ACTIVATIONS, "sigmoid", (sigmoid, slope))
        patch.setattr(support, "EPSILON", 2.0**-22)
        patch.setattr(support, "QUANTUM", 2.0**-149)
        yield


@given(problem=problems(networks()))
def test_with_float32_onnxruntimes_answers_are_within_the_bounds_of_rounding(problem):
    network, X, _ = problem
    data, X = encode(network, None, True), np.float32(X).tolist()
    with rounding_to_float32():
        reference = Reference(network)
        rounded = parameters(decode(data)[0])
        reference.parameters = [support.Rounded(matrix) for matrix in rounded]
        expected = reference.forward(X)[1][-1]
    assume((expected.error < 1e-3).all())
    assert (abs(run(data, X)["Y"] - expected.value) <= expected.error).all()


@pytest.mark.parametrize("name", ESTIMATORS)
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
    assert ours.shape == tuple(tensor.dims)
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


# -- graphs that others build --------------------------------------------------------------------


@pytest.mark.parametrize("name", ONE_LAYER)
def test_the_official_library_takes_every_way_to_write_a_layer(name):
    again, _ = decode(onnx.load_from_string(ONE_LAYER[name]).SerializeToString())
    assert parameters(again) == parameters(decode(ONE_LAYER[name])[0]) == [W1, [B1]]


@pytest.mark.parametrize("steps", SCALED, ids=lambda steps: " ".join(step[0] for step in steps))
def test_inputs_may_be_scaled_in_several_ways(steps):
    data = scaled(steps)
    # Powers of two and few digits: nothing is rounded, in whatever order.
    assert decode(data)[0].predict(ROWS) == run(data, ROWS)["Y"].tolist()


@pytest.mark.parametrize("name", FOLDED)
def test_onnxruntime_computes_what_is_folded_here(name):
    data, _ = FOLDED[name]
    [answers] = run(data, ROWS).values()
    assert np.reshape(decode(data)[0].predict(ROWS), answers.shape).tolist() == answers.tolist()


@pytest.mark.parametrize("classes", [["b", "d", "é"], [-1, 0, 7]])
@pytest.mark.parametrize("extract", ["Gather", "ArrayFeatureExtractor"])
def test_labels_and_probabilities_are_a_classifiers(classes, extract):
    data = labeled(classes, extract)
    loaded, _ = decode(data)
    outputs = run_raw(data, ROWS)
    assert outputs[0].tolist() == loaded.predict(ROWS)
    assert abs(outputs[1] - loaded.predict_proba(ROWS)).max() < 1e-15


def run_raw(data, X):
    model = onnx.load_from_string(data)
    for output in model.graph.output:  # whose types the helper leaves to be found out
        output.ClearField("type")
    return list(run(model.SerializeToString(), X).values())


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
    "standardized": (lambda: classifier(StandardScaler()), TEXTS),
    "two, standardized": (lambda: classifier(StandardScaler(), activation="tanh"), TRUE * 1),
    "not centered": (lambda: classifier(StandardScaler(with_mean=False)), TEXTS),
    "only centered": (lambda: classifier(StandardScaler(with_std=False)), TEXTS),
    "from 0 to 1": (lambda: classifier(MinMaxScaler()), TEXTS),
    "largest is 1": (lambda: classifier(MaxAbsScaler()), TEXTS),
    "robust": (lambda: classifier(RobustScaler()), TEXTS),
    "scaled twice": (lambda: classifier(MinMaxScaler(), StandardScaler()), TEXTS),
    "PCA": (lambda: classifier(StandardScaler(), PCA(2, whiten=True)), TEXTS),
    "SVD": (lambda: classifier(MinMaxScaler(), TruncatedSVD(2)), TRUE * 1),
    "best columns": (lambda: classifier(RobustScaler(), SelectKBest(k=2), MinMaxScaler()), TEXTS),
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
    """A network has the numbers in its file: they are rounded once, and computed with in doubles.

    Every weight, mean and scale is off by 2**-24 of itself. Through the layers here, whose
    Σ |x w| is below 2**9, that comes to at most 3 layers * 2 * 2**9 * 2**-24 < 2e-4.
    """
    make, y = CLASSIFIERS[name]
    theirs = learned(make(), y)
    loaded, _ = decode(to_onnx(theirs, np.float32(DATA)))
    assert np.abs(loaded.predict_proba(DATA) - theirs.predict_proba(DATA)).max() < 2e-4
    if name not in ("PCA", "SVD", "best columns"):  # which change the first matrix, or add one
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
    assert "operator 'Slice' is not supported" in complaint(decode, data)


# -- PyTorch and Keras -----------------------------------------------------------------------------


def module_of(required, *names):
    for name in names:
        required(name, importlib.util.find_spec(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return importlib.import_module(names[0])


@cache
def from_torch(dynamo, kind, normed=False):
    """Return, for layers of a kind, a file of PyTorch's exporter, rows, and PyTorch's answers."""
    import torch

    torch.manual_seed(1)
    between = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU, "leaky_relu": torch.nn.LeakyReLU}
    layers = [torch.nn.Flatten(), torch.nn.Linear(3, 5), between[kind](), torch.nn.Dropout(0.5)]
    layers += [torch.nn.Linear(5, 4, bias=False), between[kind](), torch.nn.Linear(4, 2)]
    if normed:
        for place, width in ((6, 4), (2, 5), (1, 3)):  # behind, within and before layers
            layers.insert(place, torch.nn.BatchNorm1d(width, eps=0.1))
    if kind == "tanh":
        layers.append(torch.nn.Sigmoid())
    if kind == "relu":
        layers.append(torch.nn.Softmax(-1))
    net = torch.nn.Sequential(*layers)
    for _ in range(9 * normed):
        net(3.0 * torch.randn(7, 3) + 1.0)
    net.eval()
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


@pytest.mark.parametrize("kind", ["tanh", "relu", "leaky_relu"])
@pytest.mark.parametrize("dynamo", [False, True], ids=["TorchScript", "torch.export"])
def test_what_pytorch_exports_with_batch_norms_gives_the_same_answers(required, dynamo, kind):
    module_of(required, "torch", "onnxscript")
    data, X, answers, _ = from_torch(dynamo, kind, True)
    loaded, _ = decode(data)
    # Without a bounded output, what scales its inputs is a regressor.
    assert isinstance(loaded, Regressor if kind == "leaky_relu" else Network)
    # The exporter may have folded one of them itself, in float32.
    assert abs(np.array(loaded.predict(X)) - answers).max() < 100 * 2.0**-24


def test_what_keras_exports_with_normalizations_gives_the_same_answers(
    required, monkeypatch, tmp_path
):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    keras = module_of(required, "keras", "torch", "onnxscript")
    keras.utils.set_random_seed(1)
    make = keras.layers
    first, second = make.Normalization(), make.Normalization(mean=[0.5] * 3, variance=[2.0] * 3)
    first.adapt(np.float32(DATA))
    layers = [keras.Input((3,)), first, make.Rescaling(0.5, 1.0), second, make.Dense(5)]
    layers += [make.BatchNormalization(), make.Activation("relu"), make.Dense(4, "tanh")]
    layers += [make.BatchNormalization(scale=False), make.Dense(2, "softmax")]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = keras.Sequential(layers)
        for _ in range(9):
            model(np.float32(DATA), training=True)
        model.export(str(tmp_path / "keras.onnx"), format="onnx", verbose=False)
        theirs = model.predict(np.float32(DATA), verbose=0)
    loaded = load(tmp_path / "keras.onnx")
    assert isinstance(loaded, Network)
    assert (loaded.sizes, loaded.layer_activations) == ([3, 5, 4, 2], ["relu", "tanh", "softmax"])
    # Keras computes in float32, and so did the exporter as it put numbers together.
    assert abs(theirs - loaded.predict(np.float32(DATA).tolist())).max() < 100 * 2.0**-24


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

# Nodes that cannot be a dense layer, and their refusals.
NO_LAYERS = {
    "test_gemm_transposeA": "expected transA=0, as rows have to stay rows",
    "test_gemm_all_attributes": "expected transA=0, as rows have to stay rows",
    "test_gemm_default_matrix_bias": "expected one number or 4, got (3 x 4)",  # a bias for each row
    "test_leakyrelu": "expected alpha=0.01, got 0.10000000149011612",
    "test_leakyrelu_example": "expected alpha=0.01, got 0.10000000149011612",
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
        before = helper.make_node("MatMul", [only.input[0], "identity"], ["before"])
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


# -- files that are drawn ----------------------------------------------------------------------


def test_a_file_that_is_loaded_is_read_by_the_official_library_as_the_same(tmp_path):
    tally = tally_of("onnx", 1, range(2000), tmp_path, as_officially_read)
    assert tally.loaded > 400


def as_officially_read(data, model):
    """Fail if the official library refuses what was read, or reads other numbers."""
    if model is None:
        return
    network = getattr(model, "network_", model)
    try:
        model = onnx.load_from_string(data)
    except DecodeError:  # by damage in a part that is not read here, such as a map as an output
        model = onnx.load_from_string(write(read(data, MODEL), MODEL))
    if any(entry.key == "purenet" for entry in model.metadata_props):
        arrays = {tensor.name: tensor for tensor in model.graph.initializer}
        nodes = [node for node in model.graph.node if node.op_type in ("Gemm", "MatMul")]
        for node_of_layer, W in zip(nodes, network.weights):
            if node_of_layer.attribute or node_of_layer.input[1] not in arrays:
                continue  # weights that are turned, multiplied, or another node's
            theirs = numpy_helper.to_array(arrays[node_of_layer.input[1]]).astype(float)
            assert bits(theirs.tolist()) == bits(W)
