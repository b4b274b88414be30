"""Models trained by scikit-learn, PyTorch and others give the same answers here, to 1e-12.

Sums of products are rounded in another order there, and exp and tanh are other libraries'. On
numbers of about 1, through a handful of layers, that comes to some 1e-15; promised is 1e-12.
"""

import importlib.util
import warnings
from functools import partial

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from support import complaint

import purenet
from purenet import Classifier, Network, Regressor, from_arrays, from_sklearn, from_torch

pytest.importorskip("sklearn")

PROMISED = 1e-12
SKLEARN_ACTIVATIONS = ["identity", "logistic", "tanh", "relu"]

chance = np.random.RandomState(7)
ROWS = chance.normal([0, 10, -3], [1, 5, 0.1], (60, 3))
CLASSES = np.array(["high", "low", "middle"])[np.digitize(ROWS[:, 1], [8, 12]) - 1]
NUMBERS = ROWS @ [1.0, 0.2, 5.0] + 100.0


def fitted(model, y, X=ROWS):
    """Return a model after a short training; that it ends early does not matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(X, y)


def classifier(**options):
    return MLPClassifier(
        **{"hidden_layer_sizes": (5,), "max_iter": 5, "random_state": 1, **options}
    )


def regressor(**options):
    return MLPRegressor(**{"hidden_layer_sizes": (5,), "max_iter": 5, "random_state": 1, **options})


def assert_answers_agree(ours, theirs):
    assert np.shape(ours) == np.shape(theirs)
    assert np.abs(np.array(ours) - np.array(theirs)).max() <= PROMISED * (1 + np.abs(theirs).max())


# -- scikit-learn --------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", SKLEARN_ACTIVATIONS)
@pytest.mark.parametrize("hidden", [(5,), (4, 3, 2)])
def test_a_classifier_gives_the_same_classes_and_probabilities(activation, hidden):
    theirs = fitted(classifier(activation=activation, hidden_layer_sizes=hidden), CLASSES)
    ours = from_sklearn(theirs)
    assert isinstance(ours, Classifier)
    assert list(ours.predict(ROWS)) == list(theirs.predict(ROWS))
    assert_answers_agree(ours.predict_proba(ROWS), theirs.predict_proba(ROWS))


@pytest.mark.parametrize(
    "labels", [["no", "yes"], [0, 1], [-7, 3], [False, True]], ids=["text", "0/1", "ints", "bools"]
)
def test_a_classifier_of_two_classes_gives_the_same_classes_and_probabilities(labels):
    theirs = fitted(classifier(), np.array(labels)[(ROWS[:, 1] > 10).astype(int)])
    ours = from_sklearn(theirs)
    assert list(ours.predict(ROWS)) == list(theirs.predict(ROWS))
    assert_answers_agree(ours.predict_proba(ROWS), theirs.predict_proba(ROWS))


@pytest.mark.parametrize("activation", SKLEARN_ACTIVATIONS)
def test_a_regressor_gives_the_same_numbers(activation):
    theirs = fitted(regressor(activation=activation), NUMBERS)
    ours = from_sklearn(theirs)
    assert isinstance(ours, Regressor)
    assert_answers_agree(ours.predict(ROWS), theirs.predict(ROWS))


def test_a_regressor_of_several_numbers_gives_the_same_rows():
    theirs = fitted(regressor(), np.column_stack([NUMBERS, -NUMBERS]))
    assert_answers_agree(from_sklearn(theirs).predict(ROWS), theirs.predict(ROWS))


SCALERS = [
    StandardScaler(),
    StandardScaler(with_mean=False),
    StandardScaler(with_std=False),
    MinMaxScaler(),
    MinMaxScaler((-3, 5)),
    MaxAbsScaler(),
    RobustScaler(),
    RobustScaler(with_centering=False),
    RobustScaler(with_scaling=False),
    None,
    "passthrough",
]


@pytest.mark.parametrize("scaler", SCALERS, ids=str)
def test_a_scaler_before_the_network_comes_with_it(scaler):
    theirs = fitted(make_pipeline(scaler, classifier()), CLASSES)
    ours = from_sklearn(theirs)
    assert_answers_agree(ours.predict_proba(ROWS), theirs.predict_proba(ROWS))


@pytest.mark.parametrize("scaler", [StandardScaler(), MinMaxScaler()], ids=str)
def test_targets_that_were_scaled_come_back_to_their_scale(scaler):
    pipeline = make_pipeline(StandardScaler(), regressor())
    for y in (NUMBERS, np.column_stack([NUMBERS, -NUMBERS])):
        theirs = fitted(TransformedTargetRegressor(pipeline, transformer=scaler), y)
        assert_answers_agree(from_sklearn(theirs).predict(ROWS), theirs.predict(ROWS))


def test_of_a_search_the_best_model_is_taken():
    search = GridSearchCV(classifier(), {"hidden_layer_sizes": [(2,), (4,)]}, cv=2)
    theirs = fitted(search, CLASSES)
    assert_answers_agree(from_sklearn(theirs).predict_proba(ROWS), theirs.predict_proba(ROWS))


def test_several_labels_a_row_become_a_network_that_puts_out_their_probabilities():
    theirs = fitted(classifier(), (ROWS > 0).astype(int))
    ours = from_sklearn(theirs)
    assert isinstance(ours, Network)
    assert_answers_agree(ours.predict(ROWS), theirs.predict_proba(ROWS))


def test_the_names_of_a_data_frames_columns_and_the_losses_come_along():
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(ROWS, columns=["a", "b", "c"])
    theirs = fitted(make_pipeline(StandardScaler(), classifier()), CLASSES, frame)
    ours = from_sklearn(theirs)
    assert list(ours.feature_names_in_) == ["a", "b", "c"]
    assert ours.loss_curve_ == theirs[-1].loss_curve_
    assert ours.stopped_ == "trained by scikit-learn"
    assert_answers_agree(ours.predict_proba(frame), theirs.predict_proba(frame))


def test_a_solver_without_losses_comes_too():
    theirs = fitted(classifier(solver="lbfgs"), CLASSES)
    assert_answers_agree(from_sklearn(theirs).predict_proba(ROWS), theirs.predict_proba(ROWS))


def test_what_came_from_scikit_learn_can_be_saved_and_learn_on(tmp_path):
    ours = from_sklearn(fitted(make_pipeline(StandardScaler(), classifier()), CLASSES))
    purenet.save(ours, tmp_path / "m.json")
    again = purenet.load(tmp_path / "m.json")
    assert (again.predict_proba(ROWS) == ours.predict_proba(ROWS)).all()
    before = ours.score(ROWS, CLASSES)
    for _ in range(50):
        ours.partial_fit(ROWS, CLASSES)
    assert ours.score(ROWS, CLASSES) > before


@pytest.mark.parametrize(
    ("model", "message"),
    [
        (None, "expected a fitted MLPClassifier or MLPRegressor, got NoneType"),
        (MLPClassifier(), "expected a fitted MLPClassifier or MLPRegressor, got MLPClassifier"),
        (
            LogisticRegression().fit(ROWS, CLASSES),
            "expected a fitted MLPClassifier or MLPRegressor, got LogisticRegression",
        ),
        (
            fitted(make_pipeline(PolynomialFeatures(), classifier()), CLASSES),
            "expected a fitted scaler beside the network, got PolynomialFeatures",
        ),
        (
            fitted(make_pipeline(MinMaxScaler(clip=True), classifier()), CLASSES),
            "MinMaxScaler: expected clip=False, got clip=True",
        ),
        (
            fitted(classifier(), ["all"] * len(ROWS)),
            "classes: expected at least two, got one",
        ),
        (
            fitted(make_pipeline(MinMaxScaler(), StandardScaler(), classifier()), CLASSES),
            "pipeline: expected at most one step before the network, got 2",
        ),
        (
            fitted(make_pipeline(StandardScaler(), classifier()), (ROWS > 0).astype(int)),
            "several labels per row: expected no scaler in the pipeline",
        ),
    ],
    ids=str,
)
def test_what_scikit_learn_has_and_purenet_has_not_is_refused(model, message):
    assert complaint(from_sklearn, model) == message


# -- PyTorch -------------------------------------------------------------------------------------


@pytest.fixture
def torch(required):
    required("torch", importlib.util.find_spec("torch"))
    return pytest.importorskip("torch")


TORCH_ACTIVATIONS = ["Sigmoid", "Tanh", "ReLU", "LeakyReLU", "Identity"]


@pytest.mark.parametrize("kind", TORCH_ACTIVATIONS)
@pytest.mark.parametrize("bias", [False, True])
def test_a_sequential_gives_the_same_outputs(torch, kind, bias):
    nn = torch.nn
    torch.manual_seed(3)
    activation = getattr(nn, kind)
    layers = [nn.Linear(3, 5, bias), activation(), nn.Dropout(), nn.Linear(5, 4), activation()]
    module = nn.Sequential(nn.Flatten(), nn.Sequential(*layers), nn.Linear(4, 2, bias)).double()
    ours = from_torch(module.eval())
    assert ours.sizes == [3, 5, 4, 2]
    theirs = module(torch.tensor(ROWS)).detach().numpy()
    assert_answers_agree(ours.predict(ROWS), theirs)


@pytest.mark.parametrize("bias", [False, True])
def test_each_layer_of_a_sequential_may_have_its_own_activation(torch, bias):
    nn = torch.nn
    torch.manual_seed(3)
    layers = [nn.Linear(3, 5, bias), nn.ReLU(), nn.Linear(5, 4, bias), nn.Linear(4, 4, bias)]
    module = nn.Sequential(*layers, nn.Tanh(), nn.Linear(4, 2, bias), nn.Sigmoid()).double()
    ours = from_torch(module)
    assert ours.layer_activations == ["relu", "linear", "tanh", "sigmoid"]
    assert_answers_agree(ours.predict(ROWS), module(torch.tensor(ROWS)).detach().numpy())
    module = nn.Sequential(*layers, nn.Tanh(), nn.Linear(4, 2, bias)).double()
    ours = from_torch(module, output_activation="softmax", classes=["a", "b"])
    theirs = torch.softmax(module(torch.tensor(ROWS)), 1).detach().numpy()
    assert_answers_agree(ours.predict_proba(ROWS), theirs)
    assert ours.activation == ["relu", "linear", "tanh"]


@pytest.mark.parametrize(
    ("output_activation", "loss"),
    [("sigmoid", "squared_error"), ("sigmoid", "cross_entropy"), ("softmax", "cross_entropy")],
)
def test_gradients_are_those_of_torch(torch, output_activation, loss):
    """torch's weights are (outputs x inputs), so its .grad is transposed; its sign is ours."""
    options = {"output_activation": output_activation, "loss": loss}
    network = Network([3, 4, 2], activation="tanh", bias=True, seed=1, **options)
    X = [[0.0, 0.5, 1.0], [0.0, 1.0, -1.0], [1.0, 0.0, 0.25], [1.0, 1.0, 1.0]]
    y = [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0], [1.0, 0.0]]
    tensor = partial(torch.tensor, dtype=torch.float64)
    weights = [tensor(W).T.clone().requires_grad_() for W in network.weights]
    biases = [tensor(b).requires_grad_() for b in network.biases]
    hidden = torch.tanh(torch.nn.functional.linear(tensor(X), weights[0], biases[0]))
    sums = torch.nn.functional.linear(hidden, weights[1], biases[1])
    if loss == "squared_error":
        total = 0.5 * ((tensor(y) - torch.sigmoid(sums)) ** 2).sum()
    elif output_activation == "sigmoid":
        total = torch.nn.functional.binary_cross_entropy(
            torch.sigmoid(sums), tensor(y), reduction="sum"
        )
    else:
        total = torch.nn.functional.cross_entropy(sums, tensor(y), reduction="sum")
    total.backward()
    theirs = [W.grad.T.numpy() for W in weights] + [b.grad.numpy()[None] for b in biases]
    for ours, gradient in zip(network.gradients(X, y), theirs):
        # Both add some ten terms of about 1, in another order.
        assert np.allclose(ours, gradient, rtol=0, atol=64 * 2.0**-52)


def test_with_classes_a_sequential_is_a_classifier(torch):
    nn = torch.nn
    torch.manual_seed(3)
    module = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 3)).double()
    ours = from_torch(module, output_activation="softmax", classes=["a", "b", "c"])
    theirs = torch.softmax(module(torch.tensor(ROWS)), 1).detach().numpy()
    assert_answers_agree(ours.predict_proba(ROWS), theirs)
    assert list(ours.predict(ROWS)) == ["abc"[j] for j in theirs.argmax(1)]


def test_weights_of_32_bits_come_exactly(torch):
    module = torch.nn.Linear(3, 2)
    network = from_torch(module)
    assert network.weights[0] == module.weight.T.tolist()
    assert network.biases[0] == module.bias.tolist()


def test_modules_that_are_no_dense_network_are_refused(torch):
    nn = torch.nn
    linear = nn.Linear(3, 3)
    refused = {
        "Conv2d: expected Linear layers with an activation each, got Conv2d": nn.Conv2d(1, 1, 3),
        "Sequential[1]: expected Linear layers with an activation each, got ReLU6": nn.Sequential(
            linear, nn.ReLU6()
        ),
        "Sequential[2]: expected Linear layers with an activation each, got Tanh": nn.Sequential(
            linear, nn.ReLU(), nn.Tanh()
        ),
        "Sequential[1]: expected negative_slope=0.01, got 0.2": nn.Sequential(
            linear, nn.LeakyReLU(0.2)
        ),
        "Sequential[1]: expected a Softmax over each row, got dim=0": nn.Sequential(
            linear, nn.Softmax(0)
        ),
        "expected a Sequential of Linear layers, got Sequential": nn.Sequential(),
    }
    for message, module in refused.items():
        assert complaint(from_torch, module) == message
    softmax = nn.Sequential(linear, nn.Softmax(1))
    assert complaint(from_torch, softmax, output_activation="linear") == (
        "output_activation: expected None, as the module ends with softmax"
    )


# -- lists of arrays -----------------------------------------------------------------------------


def test_a_network_of_keras_gives_the_same_outputs_by_its_weights(required, monkeypatch):
    monkeypatch.setenv("KERAS_BACKEND", "torch")
    for name in ("torch", "keras"):
        required(name, importlib.util.find_spec(name))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what it warns of while it starts is its own concern
        import keras

        keras.utils.set_random_seed(1)
        layers = [keras.layers.Dense(5, "tanh"), keras.layers.Dense(4, "tanh")]
        layers.append(keras.layers.Dense(3, "softmax", use_bias=False))
        model = keras.Sequential([keras.Input((3,)), *layers])
        X = np.float32(ROWS / np.abs(ROWS).max())
        theirs, arrays = model.predict(X, verbose=0), model.get_weights()
    ours = from_arrays(arrays, activation="tanh", output_activation="softmax")
    assert ours.weights == [arrays[k].tolist() for k in (0, 2, 4)]  # these very floats
    assert ours.biases[:2] == [arrays[k].tolist() for k in (1, 3)]
    # Keras computes in 32 bits, even if it is told 64: sums of up to five numbers below 1, through
    # three layers.
    assert np.abs(np.array(ours.predict(X)) - theirs).max() < 100 * 2.0**-24
