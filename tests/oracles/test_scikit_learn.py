"""Classifier and Regressor inside scikit-learn: its own checks, its scores, grids and pipelines."""

import json
import os
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from unittest import SkipTest

import numpy as np
import pytest
from estimator_data import KINDS, as_lists, everything, problem, quick, some_weights
from hypothesis import assume, given
from hypothesis import strategies as st
from support import (
    CHECKOUT,
    ROUNDING,
    complaint,
    matrices,
    thousandths,
    ulps_apart,
)

from purenet import Classifier, PureNetError, Regressor
from purenet.estimators import conventions, outcome
from purenet.estimators.regressor import explained_variance

pytest.importorskip("array_api_strict")
pytest.importorskip("pandas")
pytest.importorskip("sklearn")

import pandas as pd
from scikit_learn_checks import CANNOT_HOLD, WARN, sklearns_checks
from sklearn.base import clone, is_classifier, is_regressor
from sklearn.datasets import load_diabetes, load_iris
from sklearn.exceptions import DataConversionWarning
from sklearn.exceptions import NotFittedError as TheirNotFittedError
from sklearn.metrics import accuracy_score, r2_score
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import MinMaxScaler
from sklearn.utils.estimator_checks import check_sample_weight_equivalence_on_dense_data

# -- scikit-learn's own checks -----------------------------------------------------------------

NOT_ASKED = {"cupy", "dpnp", "torch"}  # two need a graphics card


def as_tests(kinds):
    """Make a test of each check; those of the array API need an environment of their own."""
    for kind in kinds:
        for name, full_name, check in sklearns_checks(kind):
            if not name.startswith("check_array_api"):
                yield pytest.param(kind, check, id=f"{kind.__name__}-{full_name}")


@pytest.mark.parametrize(("kind", "check"), list(as_tests(KINDS)))
def test_scikit_learns_check_passes_and_warns_only_where_there_is_reason(kind, check, monkeypatch):
    said = []  # whoever catches or ignores the warning
    monkeypatch.setattr(outcome, "warn_caller", said.append)
    try:
        check(kind())
    except SkipTest as reason:
        pytest.fail(f"it was skipped: {reason}")
    assert bool(said) == ((kind.__name__, check.func.__name__) in WARN), said


def test_the_checks_that_warn_are_among_scikit_learns():
    names = {(kind.__name__, name) for kind in KINDS for name, *_ in sklearns_checks(kind)}
    assert set(WARN) <= names


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "optimizer",
    [{"optimizer": "sgd", "learning_rate": 0.5}, {"optimizer": "adam"}, {"optimizer": "rprop"}],
)
def test_weights_are_repetitions_where_all_rows_are_learned_at_once(kind, optimizer):
    estimator = kind(4, batch_size=None, validation_fraction=0, epochs=30, **optimizer)
    check_sample_weight_equivalence_on_dense_data(kind.__name__, estimator)


# scipy reads SCIPY_ARRAY_API at its import, so this runs in another process.
CHECK_ARRAYS = """
import json, sys, warnings
from unittest import SkipTest

class WithoutTorch:  # its tensors know no __array_namespace__, and NumPy's arrays come back
    def find_spec(name, *_):
        if name == "torch":
            raise ModuleNotFoundError(name)

sys.meta_path.insert(0, WithoutTorch)
warnings.simplefilter("ignore")
from purenet import Classifier, Regressor
from scikit_learn_checks import sklearns_checks
for kind in (Classifier, Regressor):
    for name, full_name, check in sklearns_checks(kind):
        if name.startswith("check_array_api"):
            try:
                check(kind(epochs=3))
                outcome = ""
            except (SkipTest, Exception) as error:
                outcome = f"{type(error).__name__}: {error}"
            print(json.dumps([kind.__name__, name, full_name, outcome]))
"""


@pytest.mark.skipif(
    sys.version_info < (3, 11),
    reason="the newest scikit-learn needs Python 3.11; older ones check arrays with more packages",
)
def test_scikit_learns_checks_of_the_array_api_pass():
    found = run_python(CHECK_ARRAYS, SCIPY_ARRAY_API="1")
    passed = {}
    for kind, name, full_name, result in map(json.loads, found.splitlines()):
        if not result:
            passed.setdefault(kind, set()).add(full_name)
        elif name in CANNOT_HOLD:
            assert result.startswith("AssertionError"), (full_name, result)
        else:
            missing = result.removeprefix("SkipTest: ").split(" is not installed")[0]
            assert missing in NOT_ASKED, (full_name, result)
    for kind in KINDS:
        libraries = ("numpy", "array_api_strict-device_name=CPU", "array_api_strict-device_name=d")
        for library in libraries:
            start = f"check_array_api_input-array_namespace={library}"
            assert any(name.startswith(start) for name in passed[kind.__name__]), library


def run_python(program, **environment):
    """Return the output of a program in a separate process."""
    environment["PYTHONPATH"] = os.pathsep.join([str(CHECKOUT), str(CHECKOUT / "tests/helpers")])
    environment = {**os.environ, **environment}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- inside scikit-learn -----------------------------------------------------------------------


def test_scikit_learn_knows_what_they_are():
    assert is_classifier(Classifier()) and not is_regressor(Classifier())
    assert is_regressor(Regressor()) and not is_classifier(Regressor())


@pytest.mark.parametrize(
    ("kind", "data", "least"), [(Classifier, load_iris, 0.9), (Regressor, load_diabetes, 0.4)]
)
def test_they_learn_real_data_in_cross_validation(kind, data, least):
    X, y = data(return_X_y=True)
    scores = cross_val_score(kind(), X, y, cv=3)
    assert scores.mean() > least
    assert scores.tolist() == cross_val_score(kind(), X, y, cv=3).tolist()


def test_text_as_labels_goes_through_a_pipeline_and_a_grid():
    X, y = load_iris(return_X_y=True)
    names = np.array(["setosa", "versicolor", "virginica"])[y]
    pipeline = make_pipeline(MinMaxScaler(), Classifier(epochs=30))
    grid = GridSearchCV(
        pipeline,
        {"classifier__hidden": [[], 4], "classifier__standardize": [True, False]},
        cv=2,
        n_jobs=None,
        error_score="raise",
    )
    grid.fit(X, names)
    assert grid.best_score_ > 0.85
    assert grid.best_estimator_[-1].get_params()["hidden"] in ([], 4)
    assert grid.predict(X[:2]).tolist() == ["setosa"] * 2
    assert grid.predict_proba(X[:2]).shape == (2, 3)
    assert "Classifier" in repr(grid) and "Classifier" in grid._repr_html_()
    weights = grid.fit(X, names, classifier__sample_weight=np.arange(150)).best_score_
    assert 0.5 < weights <= 1.0


def test_a_grid_searches_the_options_of_a_regressor():
    X, y = load_diabetes(return_X_y=True)
    grid = GridSearchCV(
        Regressor(epochs=20), {"weight_decay": [0.0, 1.0]}, cv=2, error_score="raise"
    )
    assert grid.fit(X, y).best_score_ > 0.3
    assert set(grid.best_params_) == {"weight_decay"}


weights_or_none = st.none() | st.lists(st.integers(1, 9).map(float), min_size=8, max_size=8)


# -- scores ------------------------------------------------------------------------------------


@given(matrices(8, 2, thousandths), weights_or_none)
def test_explained_variance_is_scikit_learns_r2_score(pairs, weights):
    targets, guesses = map(list, zip(*pairs))
    assume(np.std(targets) > 1e-3)
    expected = r2_score(targets, guesses, sample_weight=weights)
    # Both of the two sums are right to a few roundings for each of their eight terms.
    error = 50 * ROUNDING * (1.0 + abs(1.0 - expected)) * np.ptp(targets + guesses) ** 2
    found = explained_variance(targets, guesses, weights or [1.0] * 8)
    assert abs(found - expected) <= error / np.var(targets)


@pytest.mark.parametrize("weights", [None, some_weights(40)])
def test_the_score_of_a_classifier_is_scikit_learns_accuracy(weights):
    X, y = problem(Classifier)
    classifier = quick(Classifier, learning_rate=0.1).fit(X, y)
    expected = accuracy_score(y, classifier.predict(X), sample_weight=weights)
    assert 0.3 < expected < 1.0
    assert ulps_apart(classifier.score(X, y, weights), expected) <= 4
    assert classifier.score(np.array(X), np.array(y), weights) == classifier.score(X, y, weights)


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("weights", [None, some_weights(40)])
def test_the_score_of_a_regressor_is_scikit_learns_r2(columns, weights):
    X, y = problem(Regressor)
    y = [[y * (j + 1) - x[j] for j in range(columns)] for x, y in zip(X, y)]
    regressor = quick(Regressor, learning_rate=0.1, epochs=30).fit(X, y)
    expected = r2_score(y, regressor.predict(X), sample_weight=weights)
    assert 0.1 < expected < 1.0
    assert ulps_apart(regressor.score(X, y, weights), expected) <= 100
    assert regressor.score(np.array(X), np.array(y), weights) == regressor.score(X, y, weights)


# -- warnings ---------------------------------------------------------------------


def test_labels_as_a_column_are_taken_with_a_warning():
    X, y = problem(Classifier)
    expected = everything(quick(Classifier).fit(X, y))
    for column in ([[label] for label in y], np.array(y).reshape(-1, 1), pd.DataFrame({"y": y})):
        with pytest.warns(DataConversionWarning, match="column-vector y was passed") as caught:
            classifier = quick(Classifier).fit(X, column)
        assert caught[0].filename == __file__
        classifier.classes_ = as_lists(classifier.classes_)
        assert everything(classifier) == expected


def test_the_warning_is_of_this_package_where_scikit_learn_is_not_there(monkeypatch):
    monkeypatch.delitem(sys.modules, "sklearn.exceptions")
    with pytest.warns(conventions.ColumnVectorWarning, match="column-vector y was passed"):
        quick(Classifier).fit([[0.0], [1.0]], [["a"], ["b"]])
    with pytest.raises(conventions.NotFittedError) as caught:
        Classifier().predict([[0.0]])
    assert not isinstance(caught.value, TheirNotFittedError)


# -- clones ---------------------------------------------------------------


def test_a_kind_of_ones_own_has_its_own_options():
    class Shallow(Regressor):
        def __init__(self, epochs=3, random_state=0):
            super().__init__([], epochs=epochs, random_state=random_state)

    shallow = Shallow(epochs=4)
    assert shallow.get_params() == {"epochs": 4, "random_state": 0}
    assert repr(clone(shallow)) == "Shallow(epochs=4)"
    assert clone(shallow).fit([[0.0], [1.0]], [1, 2]).network_.sizes == [1, 1]


@pytest.mark.parametrize("kind", KINDS)
def test_an_activation_for_each_layer_goes_through_clone_and_grid(kind):
    estimator = quick(kind, hidden=[4, 3], activation=["tanh", "relu"])
    twin = clone(estimator)
    assert twin.get_params() == estimator.get_params()
    assert repr(twin) == repr(estimator)
    choices = [["tanh", "relu"], ["relu", "tanh"], "sigmoid"]
    search = GridSearchCV(estimator, {"activation": choices}, cv=2, error_score="raise")
    assert search.fit(*problem(kind)).best_params_["activation"] in choices


@pytest.mark.parametrize("kind", KINDS)
def test_a_clone_has_the_options_and_has_learned_nothing(kind):
    X, y = problem(kind)
    hidden, callback = [2, 3], lambda _: False
    with ThreadPoolExecutor(1) as executor:
        original = quick(kind, hidden=hidden, executor=executor, callback=callback).fit(X, y)
        twin = clone(original)
        assert vars(twin) == original.get_params()
        assert twin.executor is executor and twin.callback is callback
        assert twin.hidden == hidden and twin.hidden is not hidden
        assert everything(twin.fit(X, y)) == everything(original)


def test_that_nothing_has_been_learned_is_said_in_scikit_learns_class_too():
    for answer in (Classifier().predict, Classifier().predict_proba, Regressor().predict):
        with pytest.raises(TheirNotFittedError) as caught:
            answer([[0.0]])
        assert isinstance(caught.value, (PureNetError, AttributeError))
    name = "Classifier: it is not fitted yet: call fit first"
    for method in (Classifier().score, Classifier().preprocess):
        assert complaint(method, [[0.0]], ["a"]) == name
    assert complaint(Classifier().fitted_state) == name
    again = pickle.loads(pickle.dumps(caught.value))
    assert isinstance(again, TheirNotFittedError) and str(again) == str(caught.value)
