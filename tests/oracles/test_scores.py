"""The scores of a table's model are scikit-learn's."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from purenet import Classifier, Regressor
from purenet.datasets import iris
from purenet.tables.columns import Column
from purenet.tables.comparison import importance
from purenet.tables.scores import judged_classes, judged_numbers

pytest.importorskip("sklearn")

from sklearn.inspection import permutation_importance
from sklearn.metrics import (
    balanced_accuracy_score,
    confusion_matrix,
    mean_absolute_error,
    mean_squared_error,
    precision_recall_fscore_support,
    r2_score,
)

CLASSES = ["ham", "egg", "spam", "toast"]
some = st.sampled_from(CLASSES)
number = st.floats(-1e6, 1e6).map(lambda x: round(x, 3))


@given(st.lists(st.tuples(some, some), min_size=1))
def test_classes_have_the_scores_of_scikit_learn(pairs):
    true, guesses = [list(each) for each in zip(*pairs)]
    judgement = judged_classes(true, guesses, CLASSES)
    data = judgement.as_data()
    theirs = precision_recall_fscore_support(true, guesses, labels=CLASSES, zero_division=np.nan)
    for name, values in zip(["precision", "recall", "f1", "rows"], theirs):
        for each, value in zip(data["per_class"], values):
            assert math.isnan(value) if each[name] is None else math.isclose(each[name], value)
    recalls = dict(zip(CLASSES, theirs[1]))
    assert math.isclose(
        data["balanced_accuracy"], sum(recalls[c] for c in set(true)) / len(set(true))
    )
    if set(guesses) <= set(true) != {true[0]}:  # they warn otherwise
        assert math.isclose(data["balanced_accuracy"], balanced_accuracy_score(true, guesses))
    printed = [line.split()[1:] for line in judgement.lines[3:7]]
    assert [list(map(int, row)) for row in printed] == confusion_matrix(
        true, guesses, labels=CLASSES
    ).tolist()


@given(st.lists(st.tuples(number, number), min_size=2))
def test_numbers_have_the_scores_of_scikit_learn(pairs):
    true, guesses = [list(each) for each in zip(*pairs)]
    data = judged_numbers(true, guesses).as_data()
    assert math.isclose(data["rmse"], math.sqrt(mean_squared_error(true, guesses)), rel_tol=1e-9)
    assert math.isclose(data["mae"], mean_absolute_error(true, guesses), rel_tol=1e-9)
    theirs = r2_score(true, guesses)
    assert math.isclose(data["r2"], theirs, rel_tol=1e-9, abs_tol=1e-9)


@given(st.lists(st.tuples(*[number] * 4), min_size=2))
def test_several_targets_have_the_scores_of_scikit_learn(rows):
    true, guesses = [list(row[:2]) for row in rows], [list(row[2:]) for row in rows]
    data = judged_numbers(true, guesses, ["a", "b"]).as_data()
    theirs = r2_score(true, guesses, multioutput="raw_values")
    errors = mean_squared_error(true, guesses, multioutput="raw_values")
    for each, r2, error in zip(data["per_target"], theirs, errors):
        assert math.isclose(each["r2"], r2, rel_tol=1e-9, abs_tol=1e-9)
        assert math.isclose(each["rmse"], math.sqrt(error), rel_tol=1e-9)
    assert math.isclose(data["r2"], r2_score(true, guesses), rel_tol=1e-9, abs_tol=1e-9)


@pytest.mark.parametrize("kind", [Classifier, Regressor])
def test_permutation_importance_is_that_of_scikit_learn_but_for_chance(kind):
    X, names = iris()
    y = names if kind is Classifier else [row[3] for row in X]
    X = X if kind is Classifier else [row[:3] for row in X]
    model = kind(epochs=60).fit(X, y)
    columns = [Column(str(j)) for j in range(len(X[0]))]
    ours = {each.column: each for each in importance(model, columns, (X, y), 40, 1)}
    theirs = permutation_importance(model, np.array(X), np.array(y), n_repeats=40, random_state=1)
    for j, (mean, deviation) in enumerate(zip(theirs.importances_mean, theirs.importances_std)):
        assert abs(ours[str(j)].drop - mean) < deviation + 1e-9
        assert ours[str(j)].deviation == pytest.approx(deviation, rel=0.5)
