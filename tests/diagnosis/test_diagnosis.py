"""The diagnosis: each trouble that is planted is named, with NumPy's numbers, and no other."""

import copy
import math
import random
import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    OUTPUTS,
    complaint,
    finite_float,
    matrices,
    networks,
    problems,
    seeds,
    state_of,
    thousandths,
)

from purenet import Classifier, Network, Regressor, load, save
from purenet.cli import diagnose as command
from purenet.cli import main
from purenet.core.checks import one_hot
from purenet.core.losses import find_loss
from purenet.datasets import digits, iris
from purenet.diagnosis import diagnose


def only(sentences, start):
    """Return the one sentence that begins so."""
    (sentence,) = [sentence for sentence in sentences if sentence.startswith(start)]
    return sentence


def none(sentences, *parts):
    return not [sentence for sentence in sentences if any(part in sentence for part in parts)]


# Findings about the result of a training, and about rows that leave nothing to learn.
RESULTS = (
    "better than that of the trivial answer",
    "Learning has settled",
    "An output is on the wrong side",
    "The largest output is in the wrong column",
)
NOTHING_TO_TELL = "so there is nothing to tell apart"


def causes(*arguments, **options):
    """Return the findings of diagnose except on the result, which is bad before a training."""
    sentences = diagnose(*arguments, **options)
    return [each for each in sentences if none([each], *RESULTS, NOTHING_TO_TELL)]


def standardized(X):
    X = np.array(X)
    return ((X - X.mean(0)) / X.std(0)).tolist()


# -- without anything wrong --------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(1, 11))
def test_the_articles_network_is_well_before_while_and_after_it_learns(seed):
    network = Network([3, 4, 1], seed=seed)
    for epochs in [0, 1, 30, 300, 5000]:
        network.train(ARTICLE_X, ARTICLE_Y, epochs=epochs)
        assert causes(network, ARTICLE_X, ARTICLE_Y) == []
    assert diagnose(network, ARTICLE_X, ARTICLE_Y) == []


SANE_TARGETS = {
    "sigmoid": lambda chance, m, n: chance.randint(0, 2, (m, n)),
    "tanh": lambda chance, m, n: chance.choice([-1.0, 1.0], (m, n)),
    "relu": lambda chance, m, n: abs(chance.randn(m, n)),
    "leaky_relu": lambda chance, m, n: chance.randn(m, n),
    "linear": lambda chance, m, n: chance.randn(m, n),
    "softmax": lambda chance, m, n: np.eye(n)[chance.randint(0, n, m)],
}


@given(
    outputs=st.sampled_from(OUTPUTS),
    hidden=st.sampled_from(["sigmoid", "tanh", "relu", "leaky_relu", "linear"]),
    sizes=st.tuples(st.integers(1, 6), st.integers(2, 12), st.integers(2, 5)),
    seed=seeds,
)
def test_a_sane_problem_is_well_before_while_and_after_it_is_learned(outputs, hidden, sizes, seed):
    """Standardized inputs, weights drawn to suit them, and a rate that is not bold."""
    output, loss = outputs
    chance = np.random.RandomState(seed)
    network = Network(
        sizes,
        activation=hidden,
        output_activation=output,
        loss=loss,
        bias=True,
        init="glorot",
        seed=seed,
    )
    if output == "relu":  # 0 for every row, as chance may have it, would be dead indeed
        network.biases[-1] = [3.0] * sizes[-1]
    X = chance.randn(40, sizes[0]).tolist()
    y = SANE_TARGETS[output](chance, 40, sizes[-1]).tolist()
    options = {"learning_rate": 0.01, "reduction": "mean"}
    for epochs in [0, 50]:
        network.train(X, y, epochs=epochs, **options)
        sentences = causes(network, X, y, **options)
        # Of 40 random rows, one may be far out.
        assert [each for each in sentences if "sure and wrong" not in each] == []


@pytest.mark.parametrize("loss", ["cross_entropy", "squared_error"])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_iris_standardized_is_well(loss, seed):
    X, y = iris()
    X, y = standardized(X), one_hot(y)
    network = Network(
        [4, 8, 3],
        activation="tanh",
        output_activation="softmax",
        loss=loss,
        bias=True,
        init="glorot",
        seed=seed,
    )
    options = {"learning_rate": 0.5, "reduction": "mean"}
    for epochs in [0, 100]:
        network.train(X, y, epochs=epochs, **options)
        assert causes(network, X, y, **options) == []


def test_digits_are_well_though_the_pixels_at_their_edge_are_nearly_always_blank():
    X, y = digits()
    network = Network([64, 10], output_activation="softmax", loss="cross_entropy", seed=1)
    X, y = X[:500], one_hot(y[:500])
    assert causes(network, X, y, learning_rate=0.001, reduction="mean") == []


def test_a_network_that_has_learned_may_be_saturated_and_its_units_alike():
    X, y = [[-1], [1]], [[0], [1]]
    network = Network([1, 3, 1], activation="tanh", output_activation="sigmoid")
    network.weights = [[[50.0, 50.0, 50.0]], [[9.0], [9.0], [9.0]]]
    assert diagnose(network, X, y) == []
    assert len(causes(network, X, y[::-1])) == 3  # layers 1 and 2, and alike


def test_a_network_that_answers_contradictions_with_their_mean_is_not_called_saturated():
    network = Network([1, 2, 1], activation="tanh", output_activation="linear")
    network.weights = [[[20.0, 20.0]], [[0.5], [0.0]]]
    X, y = [[1], [1], [-1], [-1]], [[1], [0], [0], [-1]]
    (sentence,) = diagnose(network, X, y, learning_rate=0.01)
    assert sentence.startswith("Rows 0 and 1 ")


XOR_X, XOR_LABELS = [row[:2] for row in ARTICLE_X], [0, 1, 1, 0]
OPTIMIZERS = {"adam": {}, "rprop": {"optimizer": "rprop", "batch_size": None}}
OPTIMIZERS["rprop"]["learning_rate"] = None
LONG = {
    "hidden": 16,
    "activation": "tanh",
    "patience": 1000,
    "validation_fraction": 0.0,
    "weight_decay": 0.0,
}


def of(estimator, X, y):
    """Diagnose an estimator's network on a caller's rows, as it was trained."""
    X, y = estimator.preprocess(X, y)
    return diagnose(estimator.network_, X, y, **command.training_options(estimator, y))


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_xor_that_was_learned_is_well(optimizer):
    options = {**LONG, **OPTIMIZERS[optimizer], "epochs": 400}
    for seed in range(5):
        estimator = Classifier(random_state=seed, **options).fit(XOR_X, XOR_LABELS)
        assert of(estimator, XOR_X, XOR_LABELS) == []


@pytest.mark.exhaustive
def test_iris_that_was_learned_to_the_last_row_is_well():
    X, y = iris()
    estimator = Classifier(random_state=1, epochs=1000, **LONG).fit(X, y)
    assert estimator.score(X, y) == 1.0
    assert of(estimator, X, y) == []


@pytest.mark.exhaustive
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_digits_that_were_learned_to_the_last_row_are_well(optimizer):
    X, y = (part[:300] for part in digits())
    estimator = Classifier(epochs=40, **OPTIMIZERS[optimizer]).fit(X, y)
    assert estimator.score(X, y) == 1.0
    assert of(estimator, X, y) == []


@pytest.mark.parametrize("optimizer", ["adam", pytest.param("rprop", marks=pytest.mark.exhaustive)])
def test_of_a_classifier_by_default_the_rows_that_it_gets_wrong_are_named(optimizer):
    X, y = iris()
    for seed in range(3):
        estimator = Classifier(random_state=seed, **OPTIMIZERS[optimizer]).fit(X, y)
        wrong = [i for i, label in enumerate(estimator.predict(X)) if label != y[i]]
        # A unit may be idle, and is then saturated.
        sentences = [each for each in of(estimator, X, y) if " saturated unit" not in each]
        expected = "The largest output is in the wrong column on "
        expected += f"{len(wrong)} of 150 rows ({listed(wrong)}): try "
        assert [each[: len(expected)] for each in sentences] == ([expected] if wrong else [])


# -- planted in the network --------------------------------------------------------------------


@st.composite
def planted(draw, activation):
    """Draw a network, positive inputs, targets, and some units of its first hidden layer."""
    sizes = [draw(st.integers(1, 4)), draw(st.integers(2, 12)), draw(st.integers(1, 3))]
    network = Network(
        sizes,
        activation=activation,
        output_activation="linear",
        init="glorot",
        bias=True,
        seed=draw(seeds),
    )
    chance = np.random.RandomState(draw(seeds))
    X = (chance.random_sample((30, sizes[0])) + 0.1).tolist()
    y = chance.randn(30, sizes[2]).tolist()
    units = draw(st.sets(st.integers(0, sizes[1] - 1), min_size=1))
    return network, X, y, sorted(units)


def listed(units):
    return ", ".join(map(str, units[:8])) + (", ..." if len(units) > 8 else "")


@given(planted("relu"))
def test_dead_units_are_named(problem):
    network, X, y, units = problem
    for row in network.weights[0]:
        for j in units:
            row[j] = -abs(row[j])
    hidden = np.maximum(np.array(X) @ np.array(network.weights[0]), 0.0)
    dead = np.flatnonzero(~hidden.any(0)).tolist()
    assert set(units) <= set(dead)
    kind = "dead relu unit" if len(dead) == 1 else "dead relu units"
    expected = f"Layer 1: {len(dead)} {kind} of {network.sizes[1]} ({listed(dead)}), 0 on all 30 "
    sentence = only(diagnose(network, X, y, learning_rate=1e-3), "Layer 1: ")
    assert sentence.startswith(expected)
    assert "leaky_relu" in sentence


@pytest.mark.parametrize(("target", "found"), [(0.0, 0), (2.0, 1)])
def test_an_output_that_is_0_is_dead_only_where_it_should_not_be(target, found):
    network = Network([1, 2], activation="relu")
    network.weights = [[[-1.0, 1.0]]]
    sentences = causes(network, [[1], [2]], [[target, 1], [0, 2]])
    assert len(sentences) == found
    assert all("1 dead relu unit of 2 (0), 0 on all 2 rows" in each for each in sentences)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh"])
@given(data=st.data(), factor=st.sampled_from([30.0, 100.0, 1000.0]))
def test_saturated_units_are_named(activation, data, factor):
    network, X, y, units = data.draw(planted(activation))
    for row in network.weights[0]:
        for j in units:
            row[j] = abs(row[j]) * factor
    hidden = np.array(X) @ np.array(network.weights[0])
    hidden = np.minimum(abs(hidden), 300.0) / (1.0 if activation == "tanh" else 2.0)
    slopes = (1.0 / np.cosh(hidden) ** 2).max(0)  # where the steepest is 1
    assume((abs(slopes - 0.01) > 1e-9).all())
    flat = np.flatnonzero(slopes < 0.01).tolist()
    sentences = causes(network, X, y, learning_rate=1e-6)
    sentences = [each for each in sentences if "sure and wrong" not in each]
    if not flat:
        assert sentences == []
        return
    (sentence,) = sentences
    counted = f"{len(flat)} saturated unit" + ("s" if len(flat) > 1 else "")
    assert sentence.startswith(f"Layer 1: {counted} of {network.sizes[1]} ({listed(flat)}), whose")
    said = re.search(r"on all 30 rows is at most (\S+) of .* off by (\S+):", sentence)
    assert float(said[1]) == pytest.approx(slopes[flat].max(), rel=0.06, abs=1e-15)
    errors = np.array(y) - np.array(network.predict(X))
    assert float(said[2]) == pytest.approx(np.sqrt((errors**2).mean(0)).max(), rel=0.06)


@pytest.mark.parametrize(
    ("activation", "loss", "y", "advice"),
    [
        ("sigmoid", "squared_error", [[0, 1], [0, 1]], ', or loss="cross_entropy"'),
        ("softmax", "squared_error", [[0, 1], [0, 1]], ', or loss="cross_entropy"'),
        ("tanh", "squared_error", [[-1, 1], [-1, 1]], 'init="glorot")'),
        ("sigmoid", "cross_entropy", [[0, 1], [0, 1]], None),
        ("softmax", "cross_entropy", [[0, 1], [0, 1]], None),
        ("linear", "squared_error", [[0, 1], [0, 1]], None),
    ],
)
def test_an_output_is_saturated_where_its_slope_is_in_the_way(activation, loss, y, advice):
    network = Network([1, 2], activation=activation, loss=loss)
    network.weights = [[[30.0, 0.0 if activation == "softmax" else 20.0]]]
    sentences = causes(network, [[1], [2]], y, learning_rate=1e-3)
    assert len(sentences) == (advice is not None)
    for sentence in sentences:
        # The second output is right; but softmax has one slope for all.
        units = "2 saturated units of 2 (0, 1)" if activation == "softmax" else "1 saturated unit "
        assert sentence.startswith(f"Layer 1: {units}")
        assert sentence.endswith(advice)


def test_a_wide_softmax_is_not_saturated_because_each_output_is_small():
    network = Network([1, 500], output_activation="softmax", init="zeros")
    y = [[float(j == 0) for j in range(500)]]
    assert causes(network, [[1]], y) == []


@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "linear"])
def test_units_that_are_all_alike_are_named(activation, bias):
    network = Network([3, 4, 4, 1], activation=activation, bias=bias, init="zeros")
    y = [[0.25], [0.75], [0.75], [0.25]]
    sentences = causes(network, ARTICLE_X, y, learning_rate=0.1)
    assert [sentence.split(",")[0] for sentence in sentences] == [
        "Layer 1: its 4 units have the same weights",
        "Layer 2: its 4 units have the same weights",
    ]


@pytest.mark.parametrize("bias", [False, True])
def test_units_that_differ_in_one_weight_are_not_alike(bias):
    places = [(0, 0), (1, 2)] + [("bias", 1)] * bias
    for k, j in places:
        network = Network([3, 4, 1], bias=bias, init="zeros")
        if k == "bias":
            network.biases[0][j] = 0.5
        elif k == 0:
            network.weights[0][1][j] = 0.5
        else:
            network.weights[1][j][0] = 0.5
        assert causes(network, ARTICLE_X, ARTICLE_Y) == []


def test_one_unit_alone_is_not_alike():
    assert causes(Network([3, 1, 1], init="zeros"), ARTICLE_X, ARTICLE_Y) == []


# -- sure and wrong ----------------------------------------------------------------------------

SLOWLY = {"learning_rate": 1e-3}


def saturating(loss="squared_error"):
    """Return a network and three rows, to which it answers a sure 0, 0.5, and a sure 1."""
    network = Network([1, 1], loss=loss, bias=True)
    network.weights, network.biases = [[[8.0]]], [[0.0]]
    return network, [[-1], [0], [1]]


def test_an_output_that_is_sure_and_wrong_on_a_row_is_named_with_the_row():
    network, X = saturating()
    slope = 4.0 / (1.0 + math.exp(-8.0)) / (1.0 + math.exp(8.0))
    (sentence,) = causes(network, X, [[0], [1], [0]], **SLOWLY)
    assert sentence == (
        "Layer 1: sure and wrong on 1 of 3 rows (2), saturated while the outputs are off by up to "
        f"1: its slopes there are at most {slope:.2g} of the steepest, so these rows hardly change "
        'the weights before it: try another seed, or smaller weights (init="glorot"), or '
        'loss="cross_entropy"'
    )
    assert causes(network, X, [[0], [1], [1]], **SLOWLY) == []
    # In cross-entropy the slope has canceled, so that the row is learned all the same.
    assert causes(saturating("cross_entropy")[0], X, [[0], [1], [0]], **SLOWLY) == []


def test_a_row_that_is_sure_and_half_right_is_not_wrong():
    network, X = saturating()
    # Rows 2 and 3 are the same row: the best that it can get is 0.6.
    X, y = [*X, [1], [1], [1], [1]], [[0], [1], [1], [1], [1], [0], [0]]
    assert none(causes(network, X, y, **SLOWLY), "sure and wrong")


def test_a_hidden_layer_that_is_saturated_on_a_wrong_row_is_named_if_all_its_units_are():
    network = Network([2, 2, 1], activation="tanh", output_activation="linear")
    network.weights = [[[5.0, 0.0], [0.0, 5.0]], [[0.5], [0.5]]]
    X, y = [[1, 1], [1, 0], [0, -1], [0, 0]], [[-1], [-1], [-0.5], [0]]
    (sentence,) = causes(network, X, y, **SLOWLY)
    slope = 1.0 / math.cosh(5.0) ** 2
    assert sentence.startswith(
        "Layer 1: sure and wrong on 1 of 4 rows (0), saturated while the outputs are off by up to "
        f"2: its slopes there are at most {slope:.2g} of the steepest, "
    )
    assert sentence.endswith('try another seed, or smaller weights (init="glorot")')


def test_units_that_are_saturated_on_every_row_are_not_named_once_more_by_row():
    network = Network([1, 2], bias=True)
    network.weights, network.biases = [[[0.0, 9.0]]], [[9.0, 0.0]]
    X, y = [[-1], [1], [0.1]], [[0, 0], [0, 0], [0, 1]]
    by_unit, by_row = causes(network, X, y, **SLOWLY)
    assert by_unit.startswith("Layer 1: 1 saturated unit of 2 (0), ")
    assert by_row.startswith("Layer 1: sure and wrong on 1 of 3 rows (1), ")


# -- the gradient on its way back --------------------------------------------------------------


def deep(activation, hidden_layers):
    sizes = [2, *[6] * hidden_layers, 1]
    return Network(sizes, activation=activation, bias=True, init="glorot", seed=1)


@pytest.mark.parametrize("hidden_layers", [3, 5])
def test_a_gradient_that_vanishes_is_named_with_its_first_and_last_size(hidden_layers):
    network = deep("sigmoid", hidden_layers)
    activations = [np.array(A) for A in network.forward(XOR_X)]
    delta = (np.array(ARTICLE_Y) - activations[-1]) * activations[-1] * (1.0 - activations[-1])
    last = abs(delta).mean()
    for W, A in zip(network.weights[:0:-1], activations[-2:0:-1]):
        delta = delta @ np.array(W).T * A * (1.0 - A)
    first = abs(delta).mean()
    (sentence,) = causes(network, XOR_X, ARTICLE_Y)
    assert sentence == (
        f"The gradient vanishes on its way back: the mean |delta| is {last:.2g} in layer "
        f"{hidden_layers + 1} and {first:.2g} in layer 1, {first / last:.2g} of it: try fewer "
        'layers, activation="tanh" with init="glorot", or "relu" with "he"'
    )


def test_a_gradient_that_comes_through_or_has_nothing_to_do_is_not_said_to_vanish():
    assert causes(deep("tanh", 5), XOR_X, ARTICLE_Y, **SLOWLY) == []
    assert causes(deep("sigmoid", 2), XOR_X, ARTICLE_Y, **SLOWLY) == []
    network = deep("sigmoid", 5)
    assert diagnose(network, XOR_X, network.predict(XOR_X)) == []


# -- what the network is worth -----------------------------------------------------------------


@given(problem=problems(networks(layers=3)))
def test_a_network_that_is_no_better_than_the_trivial_answer_never_passes_in_silence(problem):
    network, X, y = problem
    loss, targets = network.loss_on(X, y), [list(map(float, row)) for row in y]
    means = [[sum(column) / len(y) for column in zip(*targets)]] * len(y)
    trivial = find_loss(network.loss, network.output_activation).total(targets, means)
    trivial /= len(targets)
    assume(abs(loss - 0.99 * trivial) > 1e-9 * trivial and abs(loss - trivial) > 1e-9 * trivial)
    sentences = diagnose(network, X, y)
    found = [each for each in sentences if RESULTS[0] in each]
    if all(row == y[0] for row in y):
        assert found == []
        assert not none(sentences, NOTHING_TO_TELL) or network.output_activation == "softmax"
    elif loss < 0.99 * trivial:
        assert found == []
    else:
        better = "no" if loss > trivial else "hardly"
        (sentence,) = found
        assert sentence.startswith(
            f"The loss, {loss:.4g}, is {better} better than that of the trivial answer (always "
            f"the mean of the targets), {trivial:.4g}: try "
        )


# Two hidden units without a bias, with the article's column of ones, or with biases.
STUCK = [(2, False, 3), (2, False, 5), (3, False, 1), (3, False, 2), (3, False, 3), (2, True, 3)]


@pytest.mark.parametrize(("inputs", "bias", "seed"), STUCK)
def test_a_training_that_has_settled_in_a_local_minimum_is_named_with_its_rows(inputs, bias, seed):
    network = Network([inputs, 2, 1], bias=bias, seed=seed)
    X = [row[:inputs] for row in ARTICLE_X]
    network.train(X, ARTICLE_Y, epochs=10_000)
    errors = abs(np.array(ARTICLE_Y) - np.array(network.predict(X)))[:, 0]
    rows = np.flatnonzero(errors >= errors.max() / 2.0).tolist()
    size = sum(np.abs(G).sum() for G in network.gradients(X, ARTICLE_Y)) / 4.0
    assert only(diagnose(network, X, ARTICLE_Y), "Learning has settled") == (
        "Learning has settled, or crosses a plateau: the loss is "
        f"{network.loss_on(X, ARTICLE_Y):.4g} (the trivial answer's is 0.125), but the gradients "
        f"of all weights add up to {size:.2g}; the outputs are off by up to {errors.max():.2g} "
        f"on {len(rows)} of 4 rows ({listed(rows)}): try another seed, more hidden units or many "
        "more epochs"
    )


def test_what_has_settled_as_well_as_the_data_allow_or_for_a_graver_cause_is_not_said_to_settle():
    X, y = [[1], [1], [0]], [[0], [1], [1]]  # the best is 0.5 for the first two
    network = Network([1, 1], output_activation="linear", bias=True)
    network.weights, network.biases = [[[-0.5]]], [[1.0]]
    assert none(diagnose(network, X, y), "settled")
    network = Network([3, 4, 1], init="zeros")
    sentences = diagnose(network, ARTICLE_X, ARTICLE_Y)
    assert sentences[0].startswith("Layer 1: its 4 units have the same weights")
    assert none(sentences, "settled")


@pytest.mark.parametrize("output", ["sigmoid", "linear"])
@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (0.25, 0.75)])
@given(data=st.data(), seed=seeds)
def test_answers_on_the_wrong_side_are_counted_and_named(output, low, high, data, seed):
    y = data.draw(matrices(12, 2, st.sampled_from([low, high])))
    X = [[i / 12.0, 1.0] for i in range(12)]
    network = Network([2, 3, 2], output_activation=output, seed=seed)
    wrong = ((np.array(network.predict(X)) > 0.5) != (np.array(y) > 0.5)).any(1)
    rows = np.flatnonzero(wrong).tolist()
    sentences = diagnose(network, X, y)
    if len({value for row in y for value in row}) == 1 or not rows:
        assert none(sentences, "wrong side")
        return
    assert only(sentences, "An output is on").startswith(
        f"An output is on the wrong side of 0.5 on {len(rows)} of 12 rows ({listed(rows)}): try "
    )


def test_an_answer_in_the_middle_is_on_no_right_side():
    network = Network([1, 1], init="zeros")
    assert only(diagnose(network, [[1], [2]], [[0], [1]]), "An output is on").startswith(
        "An output is on the wrong side of 0.5 on 2 of 2 rows (0, 1): "
    )
    network = Network([1, 2], output_activation="softmax", init="zeros")
    assert only(diagnose(network, [[1], [2]], [[1, 0], [0, 1]]), "The largest").startswith(
        "The largest output is in the wrong column on 2 of 2 rows (0, 1): "
    )


def test_targets_of_three_values_have_no_sides():
    network = Network([1, 1], output_activation="linear", seed=1)
    assert none(diagnose(network, [[1], [2], [3]], [[0], [1], [2]]), "wrong side")


# -- numbers that are not finite ---------------------------------------------------------------


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_weight_that_is_no_number_is_named_and_nothing_is_said_of_what_follows(value):
    network = Network([2, 2, 1], bias=True, seed=1)
    network.weights[1][1][0] = value
    (sentence,) = diagnose(network, [[1, 2], [2, 1]], [[1], [0]])
    assert sentence.startswith(f"weights[1]: row 1 has {value}, which is not a finite number: try ")
    network = Network([2, 2, 1], bias=True, seed=1)
    network.biases[0][1] = value
    (sentence,) = diagnose(network, [[1, 2], [2, 1]], [[1], [0]])
    assert sentence.startswith(f"biases[0]: row 0 has {value}, ")


def test_numbers_that_overflow_on_the_way_forward_are_named():
    network = Network([1, 1, 1], activation="linear", init="zeros")
    network.weights = [[[1e200]], [[1e200]]]
    (sentence,) = diagnose(network, [[1], [2]], [[1], [2]])
    assert sentence.startswith("The output of layer 2: row 0 has inf, ")
    network.weights = [[[1e200]], [[1.0]]]
    (sentence,) = diagnose(network, [[1e-200], [2]], [[1], [2]])
    assert sentence.startswith("The loss: row 1 has inf, which is not a finite number: try ")


# -- planted in the learning rate --------------------------------------------------------------

RISE = re.compile(
    r"With learning_rate=(\S+), one step makes the loss rise from (\S+) to (\S+): (.*)"
)


@given(
    problem=problems(networks(layers=4)),
    rate=st.sampled_from([0.01, 1.0, 10.0, 1000.0]),
    reduction=st.sampled_from(["sum", "mean"]),
)
def test_a_rate_that_makes_the_loss_rise_is_named_with_one_that_does_not(problem, rate, reduction):
    network, X, y = problem

    def after(rate):
        twin = network.copy()
        twin.train(X, y, epochs=1, learning_rate=rate, reduction=reduction)
        return twin.loss_on(X, y)

    before = network.loss_on(X, y)
    try:
        risen = after(rate) > before * (1.0 + 1e-9) + 1e-11
    except ValueError:
        risen = True  # so far that training refuses to go on
    sentences = diagnose(network, X, y, learning_rate=rate, reduction=reduction)
    found = [RISE.fullmatch(sentence) for sentence in sentences if "one step" in sentence]
    assert len(found) >= risen
    for said in found:
        assert float(said[1]) == rate
        assert float(said[2]) == pytest.approx(before, rel=1e-3)
        assert float(said[2]) < float(said[3]) or math.isnan(float(said[3]))
        advised = float(re.fullmatch(r"try learning_rate=(\S+)", said[4])[1])
        halvings = round(math.log2(rate / advised))
        assert after(rate / 2.0**halvings) < before
        assert halvings == 1 or not after(rate / 2.0 ** (halvings - 1)) < before


@given(
    X=matrices(5, 2, thousandths),
    y=matrices(5, 1, thousandths),
    rate=st.sampled_from([0.1, 0.5, 2.0, 10.0]),
)
def test_the_rise_of_a_straight_line_is_numpys(X, y, rate):
    network = Network([2, 1], activation="linear", init="zeros")

    def loss(rate):
        weights = rate * np.array(X).T @ np.array(y)
        return 0.5 * ((np.array(y) - np.array(X) @ weights) ** 2).mean()

    before, after = loss(0.0), loss(rate)
    assume(abs(after - before) > 1e-6)
    sentences = diagnose(network, X, y, learning_rate=rate)
    if after < before:
        assert none(sentences, "one step")
        return
    while loss(rate) >= before:
        rate /= 2.0
    said = RISE.fullmatch(only(sentences, "With"))
    assert float(said[2]) == pytest.approx(before, rel=1e-3)
    assert float(said[3]) == pytest.approx(after, rel=1e-3)
    assert said[4] == f"try learning_rate={rate:.4g}"


def test_a_rise_in_a_late_digit_is_told_with_that_digit():
    network = Network([1, 1], activation="linear")
    network.weights = [[[0.0]]]
    # The loss is a parabola: a step of just over twice the way to its middle comes out higher.
    (sentence,) = causes(network, [[1]], [[1]], learning_rate=2.00001)
    assert sentence == (
        "With learning_rate=2, one step makes the loss rise from 0.5 to 0.50001000005: "
        "try learning_rate=1"
    )


def test_where_no_rate_helps_the_advice_is_another():
    network = Network([1, 1], activation="linear", init="zeros")
    (sentence,) = causes(network, [[1e100]], [[1e20]])
    assert RISE.fullmatch(sentence)[4] == "try inputs scaled to about 1"


FLOWERS = standardized(iris()[0])


def flower_network():
    """A network as Classifier has it, before it learns iris."""
    return Network(
        [4, 8, 3],
        activation="tanh",
        output_activation="softmax",
        loss="cross_entropy",
        bias=True,
        init="glorot",
        seed=1,
    )


@pytest.mark.parametrize("optimizer", ["adam", "rprop"])
def test_a_rate_of_adam_or_rprop_is_too_large_where_several_steps_lead_to_worse(optimizer):
    network, y = flower_network(), one_hot(iris()[1])
    options = {"optimizer": optimizer, "reduction": "mean"}
    (sentence,) = causes(network, FLOWERS, y, learning_rate=100, **options)
    said = re.fullmatch(
        f'With optimizer="{optimizer}" and learning_rate=100, 10 steps make the loss rise from '
        r"(\S+) to (\S+): try learning_rate=(\S+)",
        sentence,
    )
    before, after, rate = map(float, said.groups())

    assert before == pytest.approx(network.loss_on(FLOWERS, y), rel=1e-3)
    twin = network.copy()
    history = twin.train(FLOWERS, y, epochs=10, learning_rate=100, every=1, **options)
    assert min(history.loss[1:]) > before
    assert after == pytest.approx(twin.loss_on(FLOWERS, y), rel=1e-3)
    twin = network.copy()
    history = twin.train(FLOWERS, y, epochs=10, learning_rate=rate, every=1, **options)
    assert min(*history.loss[1:], twin.loss_on(FLOWERS, y)) < before
    assert causes(network, FLOWERS, y, learning_rate=0.01, **options) == []


@pytest.mark.parametrize("optimizer", ["adam", "rprop"])
def test_a_first_step_of_adam_or_rprop_away_from_a_minimum_is_no_trouble(optimizer):
    X, y = [[i / 10.0 - 1.0] for i in range(21)], [[(i / 10.0 - 1.0) ** 2] for i in range(21)]
    network = Network([1, 8, 1], activation="tanh", output_activation="linear", bias=True, seed=1)
    network.train(X, y, epochs=2000, optimizer="adam", learning_rate=0.01)
    twin, options = network.copy(), {"optimizer": optimizer, "learning_rate": 0.01}
    twin.train(X, y, epochs=1, **options)
    assert twin.loss_on(X, y) > network.loss_on(X, y)
    assert diagnose(network, X, y, **options) == []
    assert causes(network, X, [[0.5]] * 21, **options) == []  # all the same: nothing to compare


def test_a_rate_that_is_not_given_is_the_optimizers_own():
    network = Network([1, 1], activation="linear", init="zeros")
    X, y = [[1], [3]], [[1], [3]]
    assert diagnose(network, X, y) == diagnose(network, X, y, learning_rate=1.0)
    assert only(diagnose(network, X, y), "With learning_rate=1, one step")
    assert causes(network, X, y, optimizer="adam") == []


# -- planted in the data -----------------------------------------------------------------------


def test_targets_of_one_value_are_named_by_column():
    X, network = [[0], [1], [2]], Network([1, 2], seed=1)
    sentence = (
        "y: column 1 has one value only, 0.5, so there is nothing to tell apart: "
        "try rows with other targets too"
    )
    assert sentence in diagnose(network, X, [[0, 0.5], [1, 0.5], [0.5, 0.5]])
    both = diagnose(network, X, [[0.25, 0.5]] * 3)
    assert both == [sentence.replace("column 1", "column 0").replace("0.5", "0.25"), sentence]


def test_of_a_constant_target_nothing_is_said_but_that():
    for seed in range(5):
        network = Network([2, 2, 1], seed=seed)
        (sentence,) = diagnose(network, XOR_X, [[1]] * 4, optimizer="adam")
        assert sentence.startswith("y: column 0 has one value only, 1, so there is nothing ")


def test_for_softmax_one_class_is_constant_and_a_class_that_is_absent_is_not():
    network = Network([1, 3], output_activation="softmax", init="zeros")
    network.weights = [[[0.0, 9.0, 0.0]]]
    (sentence,) = diagnose(network, [[1], [2]], [[0, 1, 0], [0, 1, 0]])
    assert sentence.startswith("y: every row is of one class only, column 1, so there is nothing ")
    network.weights = [[[-9.0, 9.0, 0.0]]]
    assert diagnose(network, [[-1], [2]], [[1, 0, 0], [0, 1, 0]]) == []


def test_one_row_alone_is_said_to_be_one():
    assert diagnose(Network([1, 1], seed=1), [[1]], [[1]]) == [
        "There is one row only, so there is nothing to tell apart: try rows with other targets too"
    ]


@pytest.mark.parametrize(
    ("activation", "low", "high", "reach"),
    [
        ("sigmoid", 0, 1, "from 0 to 1"),
        ("tanh", -1, 1, "from -1 to 1"),
        ("relu", 0, math.inf, "0 and above"),
        ("softmax", 0, 1, "from 0 to 1"),
        ("linear", -math.inf, math.inf, None),
        ("leaky_relu", -math.inf, math.inf, None),
    ],
)
@given(data=st.data())
def test_targets_out_of_reach_are_counted_and_the_first_is_named(
    activation, low, high, reach, data
):
    rows, columns = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 3))
    y = data.draw(matrices(rows, columns, thousandths | st.sampled_from([-1.0, 0.0, 1.0])))
    network = Network([1, columns], output_activation=activation, seed=1)
    sentences = causes(network, [[i] for i in range(rows)], y, learning_rate=1e-6)
    outside = [tuple(at) for at in np.argwhere((np.array(y) < low) | (np.array(y) > high))]
    if not outside:
        assert none(sentences, "reaches")
        return
    i, j = outside[0]
    total = f"{rows * columns} target" + ("s" if rows * columns > 1 else "")
    assert only(sentences, "y: ").startswith(
        f"y: row {i}, column {j} is {y[i][j]}, but {activation} only reaches {reach} "
        f"(outside: {len(outside)} of {total}): try "
    )


def test_rows_that_do_not_add_up_to_1_are_named_for_softmax_alone():
    X, y = [[1], [2], [3]], [[0.5, 0.5], [0.25, 0.5], [1.0, 1.0]]
    sentences = causes(Network([1, 2], output_activation="softmax", seed=1), X, y)
    assert only(sentences, "y: ") == (
        "y: row 1 adds up to 0.75, but the outputs of softmax add up to 1 "
        "(other sums: 2 of 3 rows): "
        'try each row divided by its sum, or output_activation="sigmoid"'
    )
    assert causes(Network([1, 2], seed=1), X, y, learning_rate=0.1) == []


@given(X=matrices(8, 2, st.integers(0, 2)), y=matrices(8, 2, st.sampled_from([0.0, 0.5, 1.0])))
def test_rows_that_contradict_are_counted_and_the_first_pair_is_named(X, y):
    network = Network([2, 2], seed=1)
    pairs = [(i, j) for i in range(8) for j in range(i + 1, 8) if X[i] == X[j] and y[i] != y[j]]
    sentences = diagnose(network, X, y, learning_rate=1e-6)
    if not pairs:
        assert none(sentences, "same inputs")
        return
    inputs, targets = np.array(X), np.array(y)
    groups = [(inputs == row).all(1) for row in inputs]
    rows = sum(np.ptp(targets[group], 0).any() for group in groups)
    means = np.array([targets[group].mean(0) for group in groups])
    least = 0.5 * ((targets - means) ** 2).sum(1).mean()
    (i, j) = min(pairs)
    said = only(sentences, "Rows ")
    assert said.startswith(
        f"Rows {i} and {j} have the same inputs, but different targets (such rows: {rows} of 8), "
    )
    assert float(re.search(r"fall below (\S+):", said)[1]) == pytest.approx(least, rel=1e-3)


@pytest.mark.parametrize(
    ("output", "y", "least"),
    [
        ("sigmoid", [[1], [0], [0.5]], math.log(2.0)),
        ("softmax", [[1, 0], [0, 1], [1, 0]], math.log(2.0) * 2 / 3),
    ],
)
def test_the_least_cross_entropy_of_contradictions_is_that_of_their_mean(output, y, least):
    network = Network([1, len(y[0])], output_activation=output, loss="cross_entropy", seed=1)
    said = only(diagnose(network, [[1], [1], [2]], y, learning_rate=0.1), "Rows 0 and 1 ")
    assert f"cannot fall below {least:.4g}: " in said


def test_the_least_loss_of_contradictions_counts_the_rows_by_their_weights():
    network = Network([1, 1], seed=1)
    X, y = [[1], [1], [2]], [[1], [0], [0.5]]
    said = diagnose(network, X, y, learning_rate=0.1, weights=[3.0, 1.0, 4.0])
    # The best output is 0.75 for the first two rows: (3 * 0.25² + 1 * 0.75²) / 2 / 8.
    assert "the loss cannot fall below 0.04688: " in only(said, "Rows 0 and 1 ")
    assert none(diagnose(network, X, y, weights=[1.0, 0.0, 1.0]), "same inputs")


def test_a_row_of_next_to_no_weight_makes_no_loss_rise():
    """Its own loss is 4,950, and its weight is a millionth of the other row's."""
    network = Network([1, 1], activation="linear", init="zeros")
    network.weights = [[[0.5]]]
    X, y = [[1.0], [1e-3]], [[100.0], [0.0]]
    for optimizer in ("sgd", "adam"):
        options = {"learning_rate": 0.01, "optimizer": optimizer, "weights": [1e-6, 1.0]}
        assert none(diagnose(network, X, y, **options), "loss rise")


def test_both_zeros_are_the_same_input_and_targets_that_rounding_parts_are_the_same_target():
    network = Network([1, 1], seed=1)
    assert only(diagnose(network, [[0.0], [-0.0]], [[0], [1]]), "Rows 0 and 1 ")
    assert causes(network, [[1], [1], [2]], [[0.1 + 0.2], [0.3], [0.9]]) == []


@given(
    exponents=st.lists(st.integers(0, 4), min_size=2, max_size=5),
    constant=st.booleans(),
    seed=seeds,
)
def test_columns_on_wildly_different_scales_are_named(exponents, constant, seed):
    X = np.random.RandomState(seed).randn(20, len(exponents)) * 10.0 ** np.array(exponents)
    if constant:
        X = np.hstack([X, np.full((20, 1), 1e9)])
    network = Network([X.shape[1], 1], init="zeros")
    y = [[i % 2] for i in range(20)]
    ranges, deviations = np.ptp(X, 0)[: len(exponents)], X.std(0)
    wide, narrow = ranges.argmax(), ranges.argmin()
    ratio = ranges[wide] / ranges[narrow]
    assume(not 15 < min(ratio, deviations[wide] / deviations[narrow]) < 60)
    sentences = causes(network, X, y, learning_rate=1e-30)
    if ratio < 30:
        assert sentences == []
        return
    assert only(sentences, "X: ") == (
        f"X: column {wide} has a range of {ranges[wide]:.4g}, column {narrow} one of "
        f"{ranges[narrow]:.4g}, {ratio:.4g} times less: try standardized columns, each with mean 0 "
        "and deviation 1"
    )


def test_one_outlier_is_not_another_scale():
    X = [[math.sin(i), math.cos(i)] for i in range(1000)]
    X[0][0] = 70.0
    y = [[i % 2] for i in range(1000)]
    assert causes(Network([2, 1], init="zeros"), X, y, learning_rate=1e-6) == []


# -- what it leaves, and in which order --------------------------------------------------------


def test_what_makes_learning_impossible_comes_first():
    network = Network([2, 2, 2, 1], activation="relu", output_activation="sigmoid", init="zeros")
    network.weights[0] = [[-1.0, 1.0], [-1.0, 1.0]]
    network.weights[1] = [[0.0, 0.0], [-1.0, -1.0]]
    network.weights[2] = [[1.0], [2.0]]
    X, y = [[1, 0], [1, 0], [2, 1000]], [[0], [1], [2]]
    starts = ["Layer 2: 2 dead", "Layer 1: 1 dead", "y: row 2", "Rows 0 and 1", "X: column 1"]
    assert all(map(str.startswith, diagnose(network, X, y), starts))
    assert len(causes(network, X, y)) == len(starts)
    network = Network([2, 1], activation="linear", seed=1)
    starts = ["With learning_rate=1,", "Rows 0 and 1", "X: column 1"]
    assert all(map(str.startswith, diagnose(network, X, y), starts))
    assert len(causes(network, X, y)) == len(starts)


@given(
    network=networks(
        [("linear", "squared_error"), ("softmax", "squared_error")], layers=3, width=3
    ),
    numbers=st.data(),
)
def test_whatever_the_numbers_it_says_something_and_changes_nothing(network, numbers):
    m, n = network.sizes[0], network.sizes[-1]
    X, y = numbers.draw(matrices(3, m, finite_float)), numbers.draw(matrices(3, n, finite_float))
    network.weights[0] = numbers.draw(matrices(m, network.sizes[1], finite_float))
    before, data = state_of(network), copy.deepcopy((X, y))
    sentences = diagnose(network, X, y)
    assert state_of(network) == before
    assert repr((X, y)) == repr(data)
    for sentence in sentences:
        assert "try " in sentence
        assert "\n" not in sentence
    assert diagnose(network, np.array(X), tuple(map(tuple, y))) == sentences


@given(problem=problems(networks(layers=4)), rate=st.sampled_from([0.01, 1.0, 1e6]))
def test_neither_the_network_nor_its_generator_is_changed(problem, rate):
    network, X, y = problem
    before = state_of(network)
    diagnose(network, X, y, learning_rate=rate)
    assert state_of(network) == before


@pytest.mark.parametrize(
    ("arguments", "options", "message"),
    [
        (([[1]], [[1]]), {}, "X: row 0 has 1 value, but the network has 2 inputs"),
        (([[1, 2]], [[1, 2]]), {}, "y: row 0 has 2 values, but the network has 1 output"),
        (([[1, 2]], [[1], [0]]), {}, "y: 2 rows, but X has 1 row"),
        (
            ([[1, math.nan]], [[1]]),
            {},
            "X: row 0, column 1: expected a finite number, got nan",
        ),
        (
            ([[1, 2]], [[1]]),
            {"learning_rate": 0},
            "learning_rate: expected a number above 0, got 0",
        ),
        (
            ([[1, 2]], [[1]]),
            {"reduction": "max"},
            'reduction: expected "sum" or "mean", got \'max\'',
        ),
    ],
)
def test_what_training_refuses_it_refuses_in_the_same_words(arguments, options, message):
    assert complaint(diagnose, Network([2, 1]), *arguments, **options) == message


# -- the command -------------------------------------------------------------------------------


@pytest.fixture
def options_of(monkeypatch, tmp_path):
    """Return a function that runs the command, and returns the options that it diagnoses with."""
    seen = []

    def note(network, X, y, **options):
        seen.append(options)
        return []

    monkeypatch.setattr(command, "diagnose", note)
    data = tmp_path / "xor.csv"
    data.write_text("a,b,y\n" + "".join(f"{a},{b},{a ^ b}\n" for a in (0, 1) for b in (0, 1)))

    def run(model, *arguments):
        path = str(tmp_path / "model.json")
        if isinstance(model, list):
            assert main(["train", str(data), "--target", "y", "-o", path, "-q", *model]) == 0
        else:
            save(model, path)
        assert main(["diagnose", path, "--data", str(data), *arguments]) == 0
        options = seen.pop()
        told = options.pop("weights", None), options.pop("target", "y")
        assert told == (None, "y")
        return options, load(path)

    return run


def test_the_command_takes_optimizer_and_rate_from_the_model_file(options_of):
    few = ["--epochs", "2", "--test", "0"]
    options, model = options_of(few)
    rate = model.fitted_state()[1].optimizer.learning_rate
    assert options == {"optimizer": "adam", "learning_rate": rate, "reduction": "mean"}
    options, _ = options_of([*few, "--optimizer", "sgd", "--learning-rate", "0.5"])
    assert options == {"optimizer": "sgd", "learning_rate": 0.5, "reduction": "mean"}


def test_the_rate_that_the_command_is_given_wins(options_of):
    options, _ = options_of(["--epochs", "2", "--test", "0"], "--learning-rate", "3")
    assert options == {"optimizer": "adam", "learning_rate": 3.0, "reduction": "mean"}
    network = Network([2, 2, 1], seed=1)
    assert options_of(network)[0] == {}
    assert options_of(network, "--learning-rate", "3")[0] == {"learning_rate": 3.0}


def test_the_options_of_an_estimator_in_memory_are_those_it_was_trained_with():
    regressor = Regressor(epochs=1, optimizer="rprop", learning_rate=None, batch_size=None)
    regressor.fit([[0], [1]], [0, 1])
    assert command.training_options(regressor, [[0.0], [1.0]]) == {
        "optimizer": "rprop",
        "learning_rate": None,  # the optimizer's own, in the training as in `diagnose`
        "reduction": "mean",
        "weights": None,
        "target": None,
    }


def test_a_balanced_model_is_judged_as_it_was_trained(tmp_path, capsys):
    """One row in twenty is rare: by plain loss, always to say the other class would be better."""
    chance = random.Random(4)
    lines = ["x,y"]
    for i in range(400):
        lines.append(
            f"{chance.gauss(1.5 * (i % 20 == 0), 1.0)},{'rare' if i % 20 == 0 else 'often'}"
        )
    (tmp_path / "rare.csv").write_text("\n".join(lines))
    table, model = str(tmp_path / "rare.csv"), str(tmp_path / "model.json")
    assert main(["train", table, "--target", "y", "--balanced", "-o", model]) == 0
    assert capsys.readouterr().err == ""
    assert main(["diagnose", model, "--data", table]) == 0
    assert "trivial answer" not in capsys.readouterr().out
    estimator = load(model)
    X, y = estimator.preprocess(
        [[float(line.split(",")[0])] for line in lines[1:]],
        [line.split(",")[1] for line in lines[1:]],
    )
    weighted = diagnose(estimator.network_, X, y, **command.training_options(estimator, y))
    plain = diagnose(estimator.network_, X, y, optimizer="adam", learning_rate=0.01)
    assert "trivial answer" in " ".join(plain)
    assert "trivial answer" not in " ".join(weighted)


def test_a_constant_target_of_a_table_is_named(tmp_path, capsys):
    table, model = tmp_path / "constant.csv", str(tmp_path / "model.json")
    table.write_text("x,price\n1,5\n2,5\n3,5\n4,5\n")
    options = ["--target", "price", "--task", "regression", "-o", model, "-q", "--epochs", "1"]
    assert main(["train", str(table), *options]) == 0
    assert main(["diagnose", model, "--data", str(table)]) == 0
    assert "column 'price' has one value only, so there is nothing" in capsys.readouterr().out
