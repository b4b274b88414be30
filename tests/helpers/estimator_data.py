"""Small data to learn, quick estimators, how two are compared, and the answers to arrays."""

import math
import random

import numpy as np
import pytest
from support import ROUNDING, bits, complaint, state_of

from purenet import Classifier, Regressor
from purenet.estimators import arrays
from purenet.estimators.preparation import Standardizer

KINDS = [Classifier, Regressor]


# -- data to learn, and what was learned -------------------------------------------------------


def some_rows(count, columns=3, seed=0):
    generator = random.Random(seed)
    return [[generator.uniform(-1.0, 1.0) for _ in range(columns)] for _ in range(count)]


def some_targets(kind, X):
    """Return something that can be learned from rows."""
    if kind is Regressor:
        return [2.0 * x + y + z * z for x, y, z in X]
    return ["high" if x > 0.4 else "low" if x < -0.2 else "middle" for x, *_ in X]


def some_weights(count, seed=1):
    return [random.Random(seed + i).choice([0.5, 1.0, 2.0]) for i in range(count)]


def problem(kind, count=40, seed=0):
    X = some_rows(count, seed=seed)
    return X, some_targets(kind, X)


def quick(kind, **options):
    return kind(**{"hidden": 3, "epochs": 6, **options})


def everything(estimator):
    """Return all that a fit has learned, to the last bit."""
    options = estimator.get_params()
    found = {name: value for name, value in vars(estimator).items() if name not in options}
    network, descent = found.pop("network_"), found.pop("_descent")
    assert descent.network is network
    for name, value in found.items():
        if isinstance(value, Standardizer):
            found[name] = bits([value.means, value.deviations])
    memory = {**vars(descent), "network": None, "optimizer": vars(descent.optimizer)}
    found["_fitted_names"] = sorted(found["_fitted_names"])
    return repr(sorted(found.items())), repr(memory), state_of(network)


# -- arrays in, arrays out ---------------------------------------------------------------------


def as_lists(answer):
    return arrays.as_lists(answer, "answer")


class Frame:
    """The parts of a data frame that PureNet looks at: an array, and the names of its columns."""

    def __init__(self, X, columns=("length", "width", "height")):
        self.values, self.columns = np.array(X), list(columns)

    def to_numpy(self):
        return self.values

    def __getitem__(self, columns):
        return Frame(self.values[:, [self.columns.index(name) for name in columns]], columns)


def assert_probabilities_go_as_rows_came(convert, kind, library=np):
    """Fail if converted rows do not teach the same, or probabilities are not a `kind`."""
    X, y = problem(Classifier)
    expected = quick(Classifier).fit(X, y)
    classifier = quick(Classifier).fit(convert(X), y)
    found = classifier.predict_proba(convert(X))
    assert type(found) is kind
    assert as_lists(found) == expected.predict_proba(X)
    assert as_lists(classifier.predict(convert(X))) == expected.predict(X)
    assert classifier.score(convert(X), y) == expected.score(X, y)
    if kind is not list:
        assert found.dtype == library.float64
        assert found.device == getattr(convert(X), "device", "cpu")
    for total in map(math.fsum, as_lists(found)):
        assert abs(total - 1.0) <= 4 * ROUNDING


def assert_numbers_go_as_rows_came(columns, convert, kind, library=np):
    """Fail if converted rows do not teach the same, or numbers are not a `kind`."""
    X, y = problem(Regressor)
    if columns:
        y = [[target * (j + 1.0) for j in range(columns)] for target in y]
    expected = quick(Regressor).fit(X, y)
    regressor = quick(Regressor).fit(convert(X), np.array(y))
    found = regressor.predict(convert(X))
    assert type(found) is kind
    assert as_lists(found) == expected.predict(X)
    if kind is not list:
        assert found.shape == np.array(y).shape
        assert found.dtype == library.float64


LABELS = {
    "text": ["low", "high", "middle"],
    "integers": [7, -3, 2**40],
    "bools": [True, False],
    "bytes": [b"b", b"a"],
    "floats": [2.0, -1.0, 1e300],
}


def assert_labels_come_back(labels, as_y, as_X):
    """Fail if predicted labels are not of their original types."""
    labels = LABELS[labels]
    X = [[float(i % len(labels))] for i in range(12)]
    y = as_y([labels[i % len(labels)] for i in range(12)])
    classifier = quick(Classifier, epochs=200, learning_rate=0.1, validation_fraction=0).fit(
        as_X(X), y
    )
    assert as_lists(classifier.classes_) == sorted(labels)
    assert type(classifier.classes_) is (list if as_y in (list, tuple) else np.ndarray)
    found = classifier.predict(as_X(X))
    assert type(found) is (np.ndarray if as_X is np.array else list)
    assert as_lists(found) == list(y)
    assert [type(label) for label in as_lists(found)] == [type(labels[0])] * 12
    assert classifier.score(as_X(X), y) == 1.0
    if as_y is np.array:
        assert classifier.classes_.dtype == y.dtype
        assert as_X is list or found.dtype == y.dtype


def assert_names_are_kept_and_compared(columns_named, as_y):
    """Fail if the names of a frame's columns are lost, or others are not noticed."""
    X, y = problem(Regressor)
    regressor = quick(Regressor).fit(columns_named(X), as_y(y))
    assert list(regressor.feature_names_in_) == ["length", "width", "height"]
    assert everything(regressor)[1:] == everything(quick(Regressor).fit(X, y))[1:]
    with pytest.warns(UserWarning, match="X does not have valid feature names") as caught:
        regressor.predict(X)
    assert caught[0].filename == __file__
    other = columns_named(X)[["width", "length", "height"]]
    assert "in the same order" in complaint(regressor.predict, other)
    with pytest.warns(UserWarning, match="X does not have valid feature names"):
        regressor.partial_fit(X, y)
    assert list(regressor.feature_names_in_) == ["length", "width", "height"]
    regressor.fit(X, y)
    assert not hasattr(regressor, "feature_names_in_")
    with pytest.warns(UserWarning, match="was fitted without feature names"):
        regressor.predict(columns_named(X))
