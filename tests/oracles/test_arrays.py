"""Arrays of pandas and of the array API: what goes in as one comes out as one."""

import copy
import pickle

import numpy as np
import pytest
from estimator_data import (
    KINDS,
    LABELS,
    as_lists,
    assert_labels_come_back,
    assert_names_are_kept_and_compared,
    assert_numbers_go_as_rows_came,
    assert_probabilities_go_as_rows_came,
    everything,
    problem,
    quick,
)
from support import (
    complaint,
)

from purenet import Classifier, Regressor
from purenet.formats import load, save

pytest.importorskip("array_api_strict")
pytest.importorskip("pandas")

import array_api_strict
import pandas as pd

STRICT = array_api_strict


def columns_named(X):
    return pd.DataFrame(X, columns=["length", "width", "height"])


# How rows can come, the array that goes back, and whose it is.
AS_ROWS = {
    "pandas": (columns_named, np.ndarray),
    "array_api_strict": (STRICT.asarray, STRICT._array_object.Array, STRICT),
    "array_api_strict, another device": (
        lambda X: STRICT.asarray(X, device=STRICT.Device("device1")),
        STRICT._array_object.Array,
        STRICT,
    ),
}


@pytest.mark.parametrize("way", AS_ROWS)
def test_rows_come_and_probabilities_go_as_every_kind_of_array(way):
    assert_probabilities_go_as_rows_came(*AS_ROWS[way])


@pytest.mark.parametrize("columns", [0, 1, 2])
@pytest.mark.parametrize("way", AS_ROWS)
def test_rows_come_and_numbers_go_as_every_kind_of_array(way, columns):
    assert_numbers_go_as_rows_came(columns, *AS_ROWS[way])


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("as_y", [pd.Series, pd.Index])
@pytest.mark.parametrize("as_X", [list, np.array])
def test_labels_come_back_as_what_they_were(labels, as_y, as_X):
    assert_labels_come_back(labels, as_y, as_X)


def test_the_names_of_columns_are_kept_and_compared():
    assert_names_are_kept_and_compared(columns_named, pd.Series)
    X, y = problem(Regressor)
    assert quick(Regressor).fit(columns_named(X), y).feature_names_in_.dtype == object


@pytest.mark.parametrize("way", ["pickle", "copy", "deepcopy"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_of_what_learned_a_data_frame_knows_the_same(kind, way):
    X, y = problem(kind)
    original = quick(kind).fit(columns_named(X), columns_named(X).assign(y=y)["y"])
    twin = pickle.loads(pickle.dumps(original)) if way == "pickle" else getattr(copy, way)(original)
    assert everything(twin) == everything(original)
    before = everything(original)
    twin.partial_fit(columns_named(X), y)
    assert everything(original) == before != everything(twin)


def test_what_was_learned_of_a_data_frame_can_be_handed_to_another():
    X, y = problem(Classifier)
    classifier = quick(Classifier).fit(columns_named(X), y)
    twin = quick(Classifier)
    twin.restore(*classifier.fitted_state())
    assert everything(twin) == everything(classifier)


def test_complex_numbers_and_missing_ones_are_refused():
    message = "X: Complex data not supported"
    assert complaint(quick(Classifier).fit, STRICT.asarray([[1j]]), ["a"]) == message
    with pytest.raises(TypeError, match="X: row 0, column 1: expected a real number, got "):
        quick(Classifier).fit([[0.0, pd.NA]], ["a"])


@pytest.mark.parametrize(
    "X", [STRICT.asarray([[True, False], [False, True]]), STRICT.asarray([[1, 0], [0, 1]])]
)
def test_arrays_of_the_standard_may_hold_integers_and_bools(X):
    regressor = quick(Regressor).fit(X, STRICT.asarray([1.5, 2.5]))
    expected = quick(Regressor).fit([[1, 0], [0, 1]], [1.5, 2.5])
    assert everything(regressor) == everything(expected)
    assert regressor.predict(X).dtype == STRICT.float64


def test_labels_of_other_libraries_go_with_rows_of_any():
    X = [[0.0], [1.0], [2.0], [3.0]]
    strict = STRICT.asarray(X), STRICT.asarray([5, 6, 5, 6])
    classifier = quick(Classifier).fit(*strict)
    assert classifier.classes_.dtype == STRICT.int64 == classifier.predict(strict[0]).dtype
    assert classifier.predict(X) == as_lists(classifier.predict(strict[0]))
    assert type(classifier.predict(np.array(X))) is np.ndarray
    by_numpy = quick(Classifier).fit(strict[0], np.array([5, 6, 5, 6], dtype=np.int8))
    assert by_numpy.predict(strict[0]).dtype == STRICT.int64
    assert by_numpy.predict(np.array(X)).dtype == np.int8


def test_text_stays_in_lists_where_a_library_has_none():
    X = STRICT.asarray([[0.0], [1.0]])
    classifier = quick(Classifier).fit(X, ["a", "b"])
    assert type(classifier.predict(X)) is list
    assert type(classifier.predict_proba(X)) is not list


@pytest.mark.parametrize("kind", ["category", "string", "object"])
def test_text_of_pandas_of_every_kind(kind):
    y = pd.Series(["a", "b", "a", "b"], dtype=kind)
    frame = pd.DataFrame({"x": [0, 1, 0, 1]})
    classifier = quick(Classifier).fit(frame, y)
    assert classifier.classes_.tolist() == ["a", "b"]
    assert set(classifier.predict(frame)) <= {"a", "b"}


def test_columns_that_have_come_or_gone_are_named():
    frame = pd.DataFrame([[0.0] * 7], columns=list("abcdefg"))
    regressor = quick(Regressor).fit(frame, [1.0])
    message = complaint(regressor.predict, frame.rename(columns=str.upper))
    for words in ("unseen at fit time:\n- A\n- B\n- C\n- D\n- E\n- ...", "now missing:\n- a\n- b"):
        assert words in message


def test_names_that_are_no_text_are_no_names():
    regressor = quick(Regressor).fit(pd.DataFrame([[0.0, 1.0]]), [1.0])
    assert not hasattr(regressor, "feature_names_in_")
    message = complaint(regressor.fit, pd.DataFrame([[0.0, 1.0]], columns=["a", 1]), [1.0])
    assert message == "X: some column names are text and some are not: make them all text"


def test_names_of_a_data_frame_are_still_compared_after_saving(tmp_path):
    path = tmp_path / "model.json"
    frame = pd.DataFrame({"a": [0.0, 1.0, 2.0], "b": [1.0, 0.0, 2.0]})
    regressor = Regressor(2, epochs=1).fit(frame, [1, 2, 3])
    save(regressor, path)
    loaded = load(path)
    assert loaded.feature_names_in_ == ["a", "b"]
    assert loaded.predict(frame).tolist() == regressor.predict(frame).tolist()
    assert "must be in the same order" in complaint(loaded.predict, frame[["b", "a"]])
