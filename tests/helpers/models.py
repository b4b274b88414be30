"""Models to save: networks of any weights, estimators of every kind; and how to compare two."""

import math
from functools import cache

from hypothesis import strategies as st
from support import bits, finite_float, matrices, networks

from purenet import Classifier, History, Network, Regressor
from purenet.core.backpropagation import parameters
from purenet.datasets import iris
from purenet.estimators.base import SHARED
from purenet.tables.columns import Column


def parameters_of(network):
    return repr(network), *map(bits, parameters(network))


# -- networks -------------------------------------------------------------------------------


@st.composite
def any_networks(draw):
    """Draw a network whose weights and biases may be any finite floats."""
    network = draw(networks(layers=4, width=4))
    network.init = draw(st.sampled_from(["uniform", "glorot", "he", "zeros"]))
    pairs = zip(network.sizes, network.sizes[1:])
    network.weights = [draw(matrices(m, n, finite_float)) for m, n in pairs]
    network.biases = [draw(matrices(1, len(row), finite_float))[0] for row in network.biases]
    return network


any_text = st.text(max_size=20) | st.just('\U0001f600 "quoted"\n{[')


@st.composite
def histories(draw):
    history = History()
    history.epochs = sorted(draw(st.sets(st.integers(0, 10**20), max_size=5)))
    count = len(history.epochs)
    history.loss = draw(st.lists(finite_float, min_size=count, max_size=count))
    if draw(st.booleans()):
        some = finite_float | st.just(math.nan)
        history.validation_loss = draw(st.lists(some, min_size=count, max_size=count))
    history.stopped, history.engine = draw(any_text), draw(any_text)
    return history


# -- estimators -------------------------------------------------------------------

FLOWERS, SPECIES = iris()
SOME = FLOWERS[::5]
LENGTHS = [[row[0], row[0] - row[3]] for row in SOME]
SIDES = [int(name == "setosa") for name in SPECIES[::5]]
NAMES = ["länge", "width", 'a "b" \U0001f600', "width"]  # names of data frames may be there twice
TABLE = [Column("color", ("red", "\U0001f600", "")), Column("size", mean=-0.5)]


class Frame(list):
    """Rows that have names of columns, as data frames have."""

    columns = NAMES


def fitted(kind, X, y, **options):
    return kind(**{"hidden": 3, "epochs": 4, **options}).fit(X, y)


def of_table(estimator):
    estimator.columns_, estimator.target_ = TABLE, "kïnd"
    estimator.targets_ = [Column("kïnd", style="1.234,5", unit="€", missing=("-9",))]
    return estimator


ESTIMATORS = {
    "text": lambda: fitted(Classifier, SOME, SPECIES[::5]),
    "any text": lambda: fitted(Classifier, SOME, [("", "\U0001f600")[side] for side in SIDES]),
    "integers": lambda: fitted(Classifier, SOME, [2**70 * side for side in SIDES]),
    "bools": lambda: fitted(Classifier, SOME, [bool(side) for side in SIDES]),
    "floats": lambda: fitted(Classifier, SOME, [side * -3.0 for side in SIDES]),
    "mixed": lambda: fitted(Classifier, SOME[:3], [True, 2, -1e300], validation_fraction=0),
    "named": lambda: fitted(Classifier, Frame(SOME), SIDES),
    "of a table": lambda: of_table(fitted(Classifier, SOME, SIDES)),
    "not standardized": lambda: fitted(Classifier, SOME, SIDES, standardize=False),
    "number": lambda: fitted(Regressor, SOME, [row[0] for row in LENGTHS]),
    "number of a table": lambda: of_table(fitted(Regressor, SOME, [row[0] for row in LENGTHS])),
    "numbers": lambda: fitted(Regressor, Frame(SOME), LENGTHS),
    "column": lambda: fitted(Regressor, SOME, [row[:1] for row in LENGTHS]),
    "options": lambda: fitted(
        Regressor,
        SOME,
        LENGTHS,
        hidden=[2, 3],
        activation="leaky_relu",
        optimizer="sgd",
        learning_rate=None,
        batch_size=None,
        weight_decay=0,
        validation_fraction=0.25,
        patience=1,
        restarts=2,
        shards=2,
        random_state=2**32 - 1,
    ),
    "without layers": lambda: fitted(Classifier, SOME, SIDES, hidden=[], activation="softmax"),
    "an activation for each layer": lambda: fitted(
        Classifier, SOME, SPECIES[::5], hidden=[3, 2, 2], activation=["relu", "tanh", "linear"]
    ),
    "of any seed": lambda: fitted(Classifier, SOME, SIDES, random_state=None),
    "few rows": lambda: Classifier(epochs=1).fit([[0], [1]], ["a", "b"]),
    "some more rows": lambda: fitted(Classifier, SOME, SIDES).partial_fit(SOME[:5], SIDES[:5]),
    "step by step": lambda: Regressor(2).partial_fit(SOME, LENGTHS).partial_fit(SOME, LENGTHS),
    "row by row": lambda: Regressor(2).partial_fit(SOME[:1], LENGTHS[:1]),
    "class by class": lambda: Classifier(2).partial_fit(SOME[:2], ["b", "a"], ["c", "b", "a"]),
    "indicators": lambda: fitted(Classifier, [[x > 1.0 for x in row] for row in SOME], SIDES),
    "balanced": lambda: fitted(Classifier, SOME, SIDES, class_weight="balanced", refit=True),
    "class weights": lambda: fitted(Classifier, SOME, SIDES, class_weight={1: 2.5, 0: 1.0}),
    "defaults": lambda: Regressor().fit(SOME[:3], LENGTHS[:3]),
}


@cache
def estimator_of(name):
    return ESTIMATORS[name]()


def rows_for(model, number=3):
    """Return rows of as many columns, and of the names, that a model was fitted with."""
    inputs = (model if isinstance(model, Network) else model.network_).sizes[0]
    rows = [[i - 0.75 * j for j in range(inputs)] for i in range(number)]
    if not hasattr(model, "feature_names_in_"):
        return rows
    frame = Frame(rows)
    frame.columns = model.feature_names_in_
    return frame


def everything(estimator):
    """Return all that a file has to keep, to the last bit."""
    kept = {name: value for name, value in vars(estimator).items() if name not in SHARED}
    descent, network = kept.pop("_descent"), kept.pop("network_")
    del kept["_fitted_names"]
    for name in ("_inputs", "_output_scale"):
        if kept.get(name) is not None:
            kept[name] = vars(kept[name])
    course = descent.losses, descent.validation_losses, descent.best_loss, descent.best_epoch
    assert descent.network is network
    return type(estimator), repr(sorted(kept.items())), repr(course), parameters_of(network)


def answers(estimator, X):
    ways = ("predict", "predict_proba") if hasattr(estimator, "classes_") else ("predict",)
    return [repr(getattr(estimator, way)(X)) for way in ways]
