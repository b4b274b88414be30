"""Weights as arrays, as Keras returns them, are a network or a classifier."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import complaint, matrices, seeds, thousandths

from purenet import from_arrays

PROMISED = 1e-12


def assert_answers_agree(ours, theirs):
    assert np.shape(ours) == np.shape(theirs)
    assert np.abs(np.array(ours) - np.array(theirs)).max() <= PROMISED * (1 + np.abs(theirs).max())


@settings(max_examples=50)
@given(seeds, st.lists(st.integers(1, 6), min_size=2, max_size=4), st.data())
def test_arrays_as_keras_returns_them_give_the_same_outputs(seed, sizes, data):
    chance = np.random.RandomState(seed)
    arrays, layers = [], []
    for m, n in zip(sizes, sizes[1:]):
        W, b = chance.normal(size=(m, n)), chance.normal(size=n)
        biased = data.draw(st.booleans())
        arrays += [W, b] if biased else [W]
        layers.append((W, b * biased))
    X = np.array(data.draw(matrices(3, sizes[0], thousandths)))
    *hidden, (W, b) = layers
    values = X
    for V, c in hidden:
        values = np.maximum(values @ V + c, 0)
    network = from_arrays(arrays, activation="relu", output_activation="linear")
    assert_answers_agree(network.predict(X), values @ W + b)


def test_with_classes_arrays_are_a_classifier():
    arrays = [[[1.0, -1.0]], [0.0, 0.5]]
    ours = from_arrays(arrays, output_activation="softmax", classes=[10, 20])
    assert ours.predict([[1], [-1]]) == [10, 20]
    ours = from_arrays(arrays, output_activation="softmax", classes=np.array([10, 20]))
    assert list(map(type, ours.classes_)) == [int, int]


def test_each_layer_of_arrays_may_have_its_own_activation():
    arrays = [[[1.0]], [[-2.0]], [[3.0]]]
    ours = from_arrays(arrays, activation=["linear", "relu"], output_activation="linear")
    assert ours.layer_activations == ["linear", "relu", "linear"]
    assert ours.predict([[1.0], [-1.0]]) == [[0.0], [6.0]]
    assert (
        complaint(from_arrays, arrays, activation=["relu"], output_activation="linear")
        == "activation: expected 2 names, one for each hidden layer, got ['relu'] (list)"
    )


@pytest.mark.parametrize(
    ("arrays", "options", "message"),
    [
        ([], {}, "weights: expected at least one matrix, got none"),
        ([[1.0]], {}, "arrays[0]: expected a matrix of weights, got [1.0] (list)"),
        (None, {}, "arrays: expected a list, got None"),
        ([1.0], {}, "arrays[0]: expected a list, got 1.0"),
        (
            [[[1.0, 2.0]]],
            {"output_activation": "softmax", "classes": 2},
            "classes: expected a list, got 2",
        ),
        (
            [[[1.0]], [1.0], [1.0]],
            {},
            "arrays[2]: expected a matrix of weights, got [1.0] (list)",
        ),
        ([[[1.0]], [1.0, 2.0]], {}, "biases[0]: 2 values, but the sizes need 1"),
        (
            [[[1.0, 2.0]], [[1.0]]],
            {"activation": "tanh"},
            "weights[0]: (1 x 2), but the sizes need (1 x 1)",
        ),
        (
            [[[1.0]], [[1.0]]],
            {},
            "the activation of the hidden layers is unknown: give activation",
        ),
        ([[[1.0], [1.0, 2.0]]], {}, "arrays[0]: row 1 has 2 values, but row 0 has 1"),
        ([[[float("nan")]]], {}, "arrays[0]: row 0, column 0: expected a finite number, got nan"),
        (
            [[[1.0]]],
            {"classes": ["a"]},
            "classes: expected the output activation softmax, got linear",
        ),
        (
            [[[1.0, 2.0]]],
            {"output_activation": "softmax", "classes": ["a", "b", "c"]},
            "classes: 3 values, but the network has 2 outputs",
        ),
    ],
    ids=str,
)
def test_arrays_that_do_not_fit_are_refused(arrays, options, message):
    assert complaint(from_arrays, arrays, **{"output_activation": "linear", **options}) == message
