"""Models trained by scikit-learn, PyTorch and others give the same answers here, to 1e-12.

Sums of products are rounded in another order there, and exp and tanh are other libraries'. On
numbers of about 1, through a handful of layers, that comes to some 1e-15; promised is 1e-12. Where
a mean of about 10 and a deviation of about 0.1 are folded into weights, a hundred times as much is
rounded, which is still far within the promise.
"""

import importlib.util
import warnings
from functools import partial

import numpy as np
import pytest
from sklearn.compose import TransformedTargetRegressor
from sklearn.decomposition import PCA, FastICA, IncrementalPCA, TruncatedSVD
from sklearn.exceptions import ConvergenceWarning
from sklearn.feature_selection import SelectFromModel, SelectKBest, VarianceThreshold
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    FunctionTransformer,
    MaxAbsScaler,
    MinMaxScaler,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.random_projection import GaussianRandomProjection
from support import complaint

import purenet
from purenet import Classifier, Network, Regressor, from_arrays, from_sklearn, from_torch

pytest.importorskip("sklearn")

PROMISED = 1e-12
READABLE = "expected scalers, projections such as PCA or selections of columns beside the network"
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


def with_pipelines_inside(scaler):
    """Return the regressors in which a network, scaled inputs and scaled targets can be nested."""
    pipeline = make_pipeline(StandardScaler(), regressor())
    scaled = partial(TransformedTargetRegressor, transformer=scaler)
    return {
        "a pipeline in targets": scaled(pipeline),
        "targets in a pipeline": make_pipeline(StandardScaler(), scaled(regressor())),
        "targets in targets": scaled(scaled(pipeline)),
        "both ways": make_pipeline(MinMaxScaler(), PCA(2), scaled(pipeline)),
        "a search in a pipeline": make_pipeline(
            StandardScaler(),
            scaled(GridSearchCV(pipeline, {"mlpregressor__alpha": [0.1, 1.0]}, cv=2)),
        ),
    }


@pytest.mark.parametrize(
    "scaler",
    [
        StandardScaler(),
        MinMaxScaler((-3, 5)),
        make_pipeline(RobustScaler(), None, StandardScaler()),
        None,
    ],
    ids=["standard", "least and largest", "two", "none"],
)
@pytest.mark.parametrize("name", with_pipelines_inside(None))
def test_scaled_targets_and_pipelines_may_be_nested_either_way(scaler, name):
    theirs = fitted(with_pipelines_inside(scaler)[name], NUMBERS)
    ours = from_sklearn(theirs)
    assert isinstance(ours, Regressor)
    assert_answers_agree(ours.predict(ROWS), theirs.predict(ROWS))


AFFINE = {
    "two scalers": [MinMaxScaler(), StandardScaler()],
    "five scalers": [*SCALERS[:1], *SCALERS[4:8], None],
    "PCA": [PCA(2)],
    "PCA of scaled columns": [StandardScaler(), PCA()],
    "whitening PCA": [StandardScaler(), PCA(2, whiten=True), RobustScaler()],
    "incremental PCA": [IncrementalPCA(2, whiten=True)],
    "ICA": [StandardScaler(), FastICA(2, random_state=1)],
    "ICA without whitening": [StandardScaler(), FastICA(whiten=False, random_state=1)],
    "SVD": [MaxAbsScaler(), TruncatedSVD(2)],
    "a random projection": [StandardScaler(), GaussianRandomProjection(2, random_state=1)],
    "neighbors": [StandardScaler(), NeighborhoodComponentsAnalysis(2, random_state=1)],
    "the best columns": [SelectKBest(k=2)],
    "the best of scaled columns, scaled": [RobustScaler(), SelectKBest(k=2), MinMaxScaler()],
    "columns that vary": [VarianceThreshold(0.5), StandardScaler(), SelectKBest(k=1)],
    "the columns of a model": [
        StandardScaler(),
        SelectFromModel(LogisticRegression(), max_features=2, threshold=-np.inf),
        PCA(1),
    ],
    "no function": [FunctionTransformer(), StandardScaler(), "passthrough"],
    "a pipeline of scalers": [make_pipeline(StandardScaler(), MinMaxScaler()), PCA(2)],
}


@pytest.mark.parametrize("hidden", [(), (2,), (9,)])
@pytest.mark.parametrize("name", AFFINE)
def test_what_is_affine_before_the_network_becomes_part_of_it(name, hidden):
    theirs = fitted(make_pipeline(*AFFINE[name], classifier(hidden_layer_sizes=hidden)), CLASSES)
    ours = from_sklearn(theirs)
    assert isinstance(ours, Classifier)
    assert ours.network_.sizes[0] == 3
    assert_answers_agree(ours.predict_proba(ROWS), theirs.predict_proba(ROWS))
    assert list(ours.predict(ROWS)) == list(theirs.predict(ROWS))


def test_scalers_stay_a_standardization_and_a_projection_is_merged_if_that_is_smaller():
    rows = np.hstack([ROWS, ROWS**2, ROWS**3])
    for hidden, sizes in ((2, [9, 2, 3]), (50, [9, 2, 50, 3])):
        steps = [StandardScaler(), SelectKBest(k=4), PCA(2)]
        network = classifier(hidden_layer_sizes=(hidden,))
        theirs = fitted(make_pipeline(*steps, network), CLASSES, rows)
        ours = from_sklearn(theirs)
        assert ours.network_.sizes == sizes
        assert ours.standardize
        assert_answers_agree(ours.predict_proba(rows), theirs.predict_proba(rows))


def test_of_a_search_the_best_model_is_taken():
    search = GridSearchCV(classifier(), {"hidden_layer_sizes": [(2,), (4,)]}, cv=2)
    theirs = fitted(search, CLASSES)
    assert_answers_agree(from_sklearn(theirs).predict_proba(ROWS), theirs.predict_proba(ROWS))


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("steps", [[], [StandardScaler()], [MinMaxScaler(), PCA(2)]], ids=str)
def test_several_labels_a_row_become_a_network_that_puts_out_their_probabilities(steps, count):
    labels = (ROWS[:, :count] > [0, 10, -3][:count]).astype(int)
    theirs = fitted(make_pipeline(*steps, classifier()), labels)
    said = f"^{count} labels per row: a Network, whose outputs are their probabilities$"
    with pytest.warns(UserWarning, match=said):
        ours = from_sklearn(theirs)
    assert isinstance(ours, Network)
    assert (ours.output_activation, ours.loss) == ("sigmoid", "cross_entropy")
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
            f"PolynomialFeatures cannot be folded into weights: {READABLE}",
        ),
        (
            fitted(make_pipeline(MinMaxScaler(clip=True), classifier()), CLASSES),
            "MinMaxScaler: expected clip=False, got clip=True",
        ),
        (
            fitted(classifier(), ["all"] * len(ROWS)),
            "classes: expected at least two labels, all different, in rising order",
        ),
        (
            Pipeline([("scaler", StandardScaler()), ("net", fitted(classifier(), CLASSES))]),
            "StandardScaler: expected a fitted one, got one without scale_",
        ),
        (
            fitted(make_pipeline(FunctionTransformer(np.tanh), classifier()), CLASSES),
            "FunctionTransformer: expected func=None, which changes nothing, got a function",
        ),
        (
            fitted(
                TransformedTargetRegressor(regressor(), func=np.log, inverse_func=np.exp), NUMBERS
            ),
            "FunctionTransformer: expected func=None, which changes nothing, got a function",
        ),
        (
            fitted(
                TransformedTargetRegressor(regressor(), transformer=PCA(2)),
                np.column_stack([NUMBERS, -NUMBERS]),
            ),
            "expected scalers of the targets, got a projection or a selection",
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


def normalized(torch, layers):
    """Return a Sequential whose BatchNorms have seen rows, in inference."""
    torch.manual_seed(3)
    module = torch.nn.Sequential(*layers).double()
    for _ in range(9):
        module(torch.tensor(ROWS))
    for layer in module:
        if isinstance(layer, torch.nn.BatchNorm1d) and layer.affine:
            layer.weight.data = torch.linspace(-1.0, 2.0, len(layer.weight)).double()
            torch.nn.init.normal_(layer.bias)
    return module.eval()


@pytest.mark.parametrize("affine", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_a_batch_norm_is_folded_into_the_weights_beside_it(torch, affine, bias):
    nn = torch.nn
    norm = partial(nn.BatchNorm1d, eps=0.01, affine=affine)
    layers = [norm(3), nn.Linear(3, 5, bias), norm(5), nn.ReLU(), nn.Linear(5, 4, bias), nn.Tanh()]
    layers += [norm(4), nn.Identity(), nn.Linear(4, 3, bias), norm(3), norm(3), nn.Sigmoid()]
    for count in (len(layers), len(layers) - 1):  # with an activation at the end, and without
        module = normalized(torch, layers[:count])
        ours = from_torch(module)
        assert ours.sizes == [3, 5, 4, 3]
        assert_answers_agree(ours.predict(ROWS), module(torch.tensor(ROWS)).detach().numpy())
    ours = from_torch(module, output_activation="softmax", classes=["a", "b", "c"])
    theirs = torch.softmax(module(torch.tensor(ROWS)), 1).detach().numpy()
    assert ours.standardize == (not affine)  # which a negative factor cannot be
    assert_answers_agree(ours.predict_proba(ROWS), theirs)


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
        "Sequential[2]: expected a layer's weights or biases before tanh": nn.Sequential(
            linear, nn.ReLU(), nn.Tanh()
        ),
        "Sequential[1]: expected the statistics of the training, got each batch's own": (
            nn.Sequential(linear, nn.BatchNorm1d(3, track_running_stats=False))
        ),
        "expected a layer after the last scaling or selection of columns": nn.Sequential(
            linear, nn.ReLU(), nn.BatchNorm1d(3)
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
