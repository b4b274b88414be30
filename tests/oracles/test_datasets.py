"""The data that come with PureNet are scikit-learn's, value for value."""

from __future__ import annotations

import pytest

from purenet import datasets

pytest.importorskip("sklearn")

from sklearn.datasets import load_digits, load_iris

# -- iris --------------------------------------------------------------------------------------


def test_iris_equals_scikit_learn_value_for_value() -> None:
    X, y = datasets.iris()
    oracle = load_iris()
    assert X == oracle.data.tolist()
    assert y == oracle.target_names[oracle.target].tolist()


# -- digits ------------------------------------------------------------------------------------


def test_digits_equal_scikit_learn_value_for_value() -> None:
    X, y = datasets.digits()
    oracle = load_digits()
    assert X == oracle.data.tolist()
    assert y == oracle.target.tolist()
