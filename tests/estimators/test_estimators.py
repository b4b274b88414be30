"""Classifier and Regressor: what they learn, arrays of every kind, and nothing lost."""

import array
import copy
import inspect
import math
import os
import pickle
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from estimator_data import (
    KINDS,
    LABELS,
    Frame,
    as_lists,
    assert_labels_come_back,
    assert_names_are_kept_and_compared,
    assert_numbers_go_as_rows_came,
    assert_probabilities_go_as_rows_came,
    everything,
    problem,
    quick,
    some_rows,
    some_targets,
    some_weights,
)
from hypothesis import assume, given
from hypothesis import strategies as st
from support import (
    CHECKOUT,
    ROUNDING,
    Rounded,
    assert_within,
    bits,
    complaint,
    matrices,
    state_of,
    thousandths,
    ulps_apart,
)

from purenet import Classifier, Diverged, PureNetError, Regressor
from purenet.estimators import arrays, conventions
from purenet.estimators.defaults import PROGRESS
from purenet.estimators.descent import Descent, mean_loss_on, trivial_loss_on
from purenet.estimators.estimator import FEWEST_TO_HOLD_BACK
from purenet.estimators.preparation import Standardizer
from purenet.estimators.regressor import explained_variance

FEW = 16  # rows, for tests in which the number does not matter


def run_python(program, **environment):
    """Return the output of a program in a separate process."""
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), **environment}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_one_elses_module_is_imported():
    program = """
import sys
before = set(sys.modules)
import purenet
classifier = purenet.Classifier(2, epochs=2).fit([[0], [1]], ["a", "b"])
classifier.predict([[0]]), classifier.predict_proba([[0]]), classifier.score([[0]], ["a"])
classifier.partial_fit([[0]], ["b"], sample_weight=[2]), classifier.get_params(), repr(classifier)
regressor = purenet.Regressor(2, epochs=2).fit([[0], [1]], [[1, 2], [3, 4]])
regressor.predict([[0]]), regressor.score([[0]], [[1, 2]]), regressor.partial_fit([[0]], [[1, 2]])
try:
    purenet.Regressor().predict([[0]])
except purenet.PureNetError as error:
    print(type(error).__name__, error)
new = {name.partition(".")[0] for name in set(sys.modules) - before} - {"purenet"}
print(sorted(new - sys.stdlib_module_names) if hasattr(sys, "stdlib_module_names") else [])
print(sorted(new & {"numpy", "scipy", "sklearn", "pandas", "inspect", "asyncio"}))
"""
    assert run_python(program).splitlines() == [
        "NotFittedError Regressor: it is not fitted yet: call fit first",
        "[]",
        "[]",
    ]


# -- columns on one scale ----------------------------------------------------------------------

weights_or_none = st.none() | st.lists(st.integers(1, 9).map(float), min_size=8, max_size=8)


@given(matrices(8, 2, thousandths), weights_or_none)
def test_means_and_deviations_are_numpys(rows, weights):
    """Rounding is followed step by step (see support.py), whatever the order of the sums."""
    standardizer = Standardizer.of(rows, weights)
    parts = Rounded([weights or [1.0] * 8]) / Rounded([[sum(weights or [1.0] * 8)]])
    means = parts @ Rounded(rows)
    apart = Rounded(rows) - means
    deviations = (parts @ (apart * apart)).through(lambda v: np.sqrt(np.maximum(v, 0.0)))
    constant = np.ptp(rows, 0) == 0.0
    # A constant column has no error at all, and the deviation 1.
    means = np.where(constant, rows[0], means.value), np.where(constant, 0.0, means.error)
    assert_within([standardizer.means], Rounded(*means))
    deviations = np.where(constant, 1.0, deviations.value), deviations.error * ~constant
    assert_within([standardizer.deviations], Rounded(*deviations))


@given(matrices(5, 3, thousandths))
def test_rows_on_one_scale_are_numpys_to_the_last_bit(rows):
    standardizer = Standardizer.of(rows)
    means, deviations = np.array(standardizer.means), np.array(standardizer.deviations)
    scaled = standardizer.apply(rows)
    assert bits(scaled) == bits(((np.array(rows) - means) / deviations).tolist())
    assert bits(standardizer.undo(rows)) == bits((np.array(rows) * deviations + means).tolist())
    for row, again in zip(rows, standardizer.undo(scaled)):
        for x, there_and_back, mean in zip(row, again, standardizer.means):
            # Four roundings, of x - mean, its quotient, its product, and the sum.
            assert abs(x - there_and_back) <= 5 * ROUNDING * (abs(x) + 2 * abs(mean))


@given(matrices(6, 2, thousandths), st.integers(-900, 900))
def test_a_power_of_two_in_the_unit_changes_no_digit(rows, exponent):
    """However large or small numbers are, no square of them over- or underflows."""
    twin = Standardizer.of(rows)
    standardizer = Standardizer.of([[math.ldexp(x, exponent) for x in row] for row in rows])
    assert standardizer.means == [math.ldexp(mean, exponent) for mean in twin.means]
    for column, deviation, before in zip(zip(*rows), standardizer.deviations, twin.deviations):
        constant = min(column) == max(column)
        assert deviation == (1.0 if constant else math.ldexp(before, exponent))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(2, 9), weights_or_none)
def test_a_constant_column_becomes_zeros_whatever_it_is(constant, count, weights):
    weights = weights and weights[:count]
    rows = [[constant]] * len(weights or range(count))
    standardizer = Standardizer.of(rows, weights)
    assert (standardizer.means, standardizer.deviations) == ([constant], [1.0])
    assert standardizer.apply(rows) == [[0.0]] * len(rows)


def test_numbers_at_the_edges_are_brought_to_one_scale():
    largest, smallest = 1.7e308, 5e-324
    rows = [[0.0, smallest, largest], [largest, 0.0, largest / 2], [largest / 3, 0.0, 0.0]]
    scaled = Standardizer.of(rows).apply(rows)
    assert all(-3.0 < x < 3.0 for row in scaled for x in row)
    for column in zip(*scaled):
        assert max(column) - min(column) > 0.9


def test_a_deviation_below_the_smallest_float_counts_as_none():
    assert Standardizer.of([[0.0]] * 9 + [[5e-324]]).deviations == [1.0]


def test_numbers_further_apart_than_any_float_are_refused():
    rows = [[0.0, -1.7e308], [0.0, -1.7e308], [0.0, 1.7e308]]  # whose mean is near the first
    message = complaint(Standardizer.of, rows, name="X")
    assert message == "X: column 1 has numbers too large to be standardized"


@given(st.lists(st.integers(0, 9), min_size=2, max_size=9), st.integers(-1074, 1000))
def test_only_the_ratios_of_weights_count_however_large_or_small(weights, exponent):
    assume(any(weights))
    scaled = [math.ldexp(weight, exponent) for weight in weights]
    found = arrays.weights_of(scaled, len(scaled))
    assert found == arrays.weights_of(weights, len(weights))
    assert 1.0 <= max(found) < 2.0
    assert [weight / max(found) for weight in found] == [w / max(weights) for w in weights]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("unit", [5e-324, 2.0**1020])
def test_weights_of_any_size_teach_the_same(kind, unit):
    X, y = problem(kind)
    weights = [1.0 + i % 3 for i in range(len(X))]
    plainly = quick(kind).fit(X, y, weights)
    scaled = quick(kind).fit(X, y, [unit * weight for weight in weights])
    assert everything(scaled) == everything(plainly)
    ones = [unit] * len(X)
    assert plainly.score(X, y, ones) == plainly.score(X, y)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_weigh_nothing_are_not_there(kind):
    X, y = problem(kind)
    weights = some_weights(len(X))
    extra = [[1e300] * 3] * 5
    without = quick(kind).fit(X, y, weights)
    within = quick(kind).fit(X + extra, y + y[:5], weights + [0.0] * 5)
    assert everything(within) == everything(without)
    first = quick(kind).partial_fit(X, y, sample_weight=weights)
    again = quick(kind).partial_fit(X + extra, y + y[:5], sample_weight=weights + [0.0] * 5)
    assert everything(first) == everything(again)


# -- scores ------------------------------------------------------------------------------------


def numpys_r2(targets, guesses, weights=None):
    """Return 1 - Σw(t - g)² / Σw(t - mean)², the mean over the outputs."""
    targets, guesses = (np.reshape(each, (len(each), -1)) for each in (targets, guesses))
    means = np.average(targets, 0, weights)
    missed = np.average((targets - guesses) ** 2, 0, weights)
    return float((1.0 - missed / np.average((targets - means) ** 2, 0, weights)).mean())


@given(matrices(8, 2, thousandths), weights_or_none)
def test_explained_variance_is_the_part_that_is_not_missed(pairs, weights):
    targets, guesses = map(list, zip(*pairs))
    assume(np.std(targets) > 1e-3)
    expected = numpys_r2(targets, guesses, weights)
    # Both of the two sums are right to a few roundings for each of their eight terms.
    error = 50 * ROUNDING * (1.0 + abs(1.0 - expected)) * np.ptp(targets + guesses) ** 2
    found = explained_variance(targets, guesses, weights or [1.0] * 8)
    assert abs(found - expected) <= error / np.var(targets)


@given(matrices(6, 2, thousandths), st.integers(-900, 900))
def test_explained_variance_does_not_depend_on_the_unit(pairs, exponent):
    targets, guesses = map(list, zip(*pairs))
    scaled = [[math.ldexp(x, exponent) for x in column] for column in (targets, guesses)]
    ones = [1.0] * 6
    assert explained_variance(*scaled, ones) == explained_variance(targets, guesses, ones)


def test_explained_variance_of_what_does_not_vary():
    tenths = [0.1, 0.1, 0.1]  # whose computed mean is not 0.1
    assert explained_variance(tenths, tenths, [1.0] * 3) == 1.0
    assert explained_variance(tenths, [0.1, 0.1, 0.2], [1.0] * 3) == 0.0
    assert explained_variance([0.1, 0.1, 5.0], [0.1, 0.1, 0.1], [1.0, 1.0, 0.0]) == 1.0
    assert explained_variance([0.1, 0.1, 5.0], [0.2, 0.1, 0.1], [1.0, 1.0, 0.0]) == 0.0


@pytest.mark.parametrize("weights", [None, some_weights(40)])
def test_the_score_of_a_classifier_is_the_weight_of_what_is_right(weights):
    X, y = problem(Classifier)
    classifier = quick(Classifier, learning_rate=0.1).fit(X, y)
    right = [guess == label for guess, label in zip(classifier.predict(X), y)]
    expected = np.average(right, weights=weights)
    assert 0.3 < expected < 1.0
    assert ulps_apart(classifier.score(X, y, weights), expected) <= 4
    assert classifier.score(np.array(X), np.array(y), weights) == classifier.score(X, y, weights)


@pytest.mark.parametrize("columns", [1, 2, 3])
@pytest.mark.parametrize("weights", [None, some_weights(40)])
def test_the_score_of_a_regressor_is_the_explained_variance(columns, weights):
    X, y = problem(Regressor)
    y = [[y * (j + 1) - x[j] for j in range(columns)] for x, y in zip(X, y)]
    regressor = quick(Regressor, learning_rate=0.1, epochs=30).fit(X, y)
    expected = numpys_r2(y, regressor.predict(X), weights)
    assert 0.1 < expected < 1.0
    assert ulps_apart(regressor.score(X, y, weights), expected) <= 100
    assert regressor.score(np.array(X), np.array(y), weights) == regressor.score(X, y, weights)


# -- learning ----------------------------------------------------------------------------------


@pytest.fixture
def descents(monkeypatch):
    """Record each descent that runs, with its data and its schedule."""
    seen, run = [], Descent.run

    def recorded(self, data, schedule, *rest):
        seen.append((self, data, schedule))
        return run(self, data, schedule, *rest)

    monkeypatch.setattr(Descent, "run", recorded)
    return seen


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_gives_the_same_bits_and_another_seed_others(kind):
    X, y = problem(kind)
    once, again = quick(kind, random_state=7).fit(X, y), quick(kind, random_state=7)
    again.fit(some_rows(20), some_targets(kind, some_rows(20)))  # the state before does not matter
    assert everything(again.fit(X, y)) == everything(once)
    assert once.network_.seed == 7
    other = quick(kind, random_state=8).fit(X, y)
    assert other.network_.weights != once.network_.weights


def test_without_a_seed_each_fit_draws_one():
    X, y = problem(Classifier)
    first, second = (quick(Classifier, random_state=None).fit(X, y) for _ in range(2))
    assert first.network_.seed != second.network_.seed
    again = quick(Classifier, random_state=first.network_.seed).fit(X, y)
    assert everything(again) == everything(first)


def test_a_generator_of_numpy_is_a_source_of_seeds():
    X, y = problem(Classifier)
    generator = np.random.RandomState(3)
    classifier = quick(Classifier, random_state=generator)
    seeds = [classifier.fit(X, y).network_.seed for _ in range(2)]
    assert seeds == [np.random.RandomState(3).randint(2**31), seeds[1]] and seeds[0] != seeds[1]


@pytest.mark.parametrize("kind", KINDS)
def test_of_several_restarts_the_best_is_kept(kind):
    X, y = problem(kind)
    places = set()
    for first in (0, 10, 2**32 - 2):  # after the largest seed comes 0
        seeds = [(first + k) % 2**32 for k in range(4)]
        each = [quick(kind, validation_fraction=0, random_state=seed).fit(X, y) for seed in seeds]
        losses = [estimator.best_loss_ for estimator in each]
        best = losses.index(min(losses))
        restarted = quick(kind, validation_fraction=0, random_state=first, restarts=4).fit(X, y)
        assert everything(restarted) == everything(each[best])
        places.add(best)
    assert len(places) > 1


@pytest.mark.parametrize("kind", KINDS)
def test_restarts_by_workers_are_those_without(kind):
    X, y = problem(kind)
    alone = quick(kind, restarts=3).fit(X, y)
    with ThreadPoolExecutor(2) as executor:
        together = quick(kind, restarts=3, executor=executor).fit(X, y)
        assert everything(together) == everything(alone)
        together.set_params(callback=print)
        message = "callback: an executor cannot call it: leave out one of the two"
        assert_refused(together, message, X, y)


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_the_weights_that_did_best_on_the_rows_held_back_are_kept(kind, weighted, descents):
    X, y = problem(kind)
    weights = some_weights(len(X)) if weighted else None
    generator = random.Random(0)
    y = [generator.choice(y) for _ in y]  # nothing to learn: soon it gets worse
    estimator = quick(kind, epochs=500, patience=4, learning_rate=0.1).fit(X, y, weights)
    [(descent, data, _)] = descents
    assert mean_loss_on(estimator.network_, data.held_back) == estimator.best_loss_
    assert estimator.best_loss_ in estimator.validation_loss_curve_
    curve = estimator.validation_loss_curve_
    assert curve[descent.best_epoch] == estimator.best_loss_ == min(curve)
    margin = PROGRESS * trivial_loss_on(descent.network, data, data)
    last = 0
    for epoch, loss in enumerate(curve):
        last = epoch if loss < curve[last] - margin else last
    assert estimator.stopped_ == (f"the validation loss has hardly improved since epoch {last}")
    assert len(curve) == len(estimator.loss_curve_) == estimator.n_iter_ == last + 4 + 1 < 500


def test_a_row_held_back_counts_as_much_as_its_weight_says(descents):
    X, y = problem(Regressor)
    quick(Regressor).fit(X, y, some_weights(len(X)))
    [(descent, data, _)] = descents
    held_back = data.held_back
    least = min(held_back.weights)
    rows = [
        (x, target)
        for x, target, weight in zip(held_back.X, held_back.y, held_back.weights)
        for _ in range(round(weight / least))
    ]
    expected = descent.network.loss_on(*zip(*rows))
    found = mean_loss_on(descent.network, held_back)
    # A handful of roundings for each of some twenty rows, all of them positive.
    assert len(set(held_back.weights)) > 1 and len(rows) > len(held_back.X)
    assert abs(found - expected) <= 100 * ROUNDING * expected


def test_without_rows_held_back_the_loss_of_those_learned_says_when_to_stop():
    X, y = some_rows(FEW), ["ab"[i % 2] for i in range(FEW)]
    classifier = Classifier(2, validation_fraction=0, patience=3, epochs=10_000, learning_rate=1e-9)
    classifier.fit(X, y)
    assert classifier.stopped_ == "the training loss has hardly improved since epoch 0"
    assert classifier.n_iter_ == 4
    assert classifier.best_loss_ == min(classifier.loss_curve_)
    assert classifier.validation_loss_curve_ == []


def test_all_epochs_are_done_where_it_goes_on_getting_better():
    X, y = problem(Regressor)
    regressor = quick(Regressor, epochs=3).fit(X, y)
    assert (regressor.n_iter_, regressor.stopped_) == (3, "all 3 epochs done")


@pytest.mark.parametrize(
    ("count", "validation", "held_back"),
    [(29, 0.5, 0), (30, 0.5, 15), (30, 0, 0), (30, 0.01, 0), (30, 0.05, 2), (100, 0.15, 15)],
)
def test_the_number_of_rows_held_back(count, validation, held_back, descents):
    X, y = problem(Regressor, count)
    quick(Regressor, validation_fraction=validation, standardize=False).fit(X, y)
    [(_, data, _)] = descents
    if held_back:
        assert len(data.held_back.X) == held_back
        assert sorted(data.X + data.held_back.X) == sorted(X)
    else:
        assert (data.held_back, data.X) == (None, X)
    assert FEWEST_TO_HOLD_BACK == 30


def test_a_part_of_each_class_is_held_back(descents):
    X = [[float(i)] for i in range(63)]
    y = ["often"] * 40 + ["less"] * 20 + ["rare"] * 3
    quick(Classifier, validation_fraction=0.2, standardize=False).fit(X[::-1], y[::-1])
    [(_, data, _)] = descents
    apart = [int(x) for [x] in data.held_back.X]
    assert sorted(apart + [int(x) for [x] in data.X]) == list(range(63))
    assert [y[i] for i in sorted(apart)] == ["often"] * 8 + ["less"] * 4 + ["rare"] * 1
    for [x], target in zip(data.held_back.X, data.held_back.y):
        assert target == [float(y[int(x)] == name) for name in ("less", "often", "rare")]


@pytest.mark.parametrize("kind", KINDS)
def test_the_hidden_layers_are_as_given_or_sized_from_the_data(kind):
    X, y = problem(kind)
    outputs = 3 if kind is Classifier else 1
    for hidden, sizes in [([], []), (5, [5]), ((2, 3), [2, 3]), (np.array([4, 2]), [4, 2])]:
        estimator = quick(kind, hidden=hidden, epochs=1).fit(X, y)
        assert estimator.network_.sizes == [3, *sizes, outputs]
    [hidden] = kind(epochs=1).fit(X, y).network_.sizes[1:-1]
    assert hidden >= 2


# -- an activation for each layer ----------------------------------------------------------------

TWO_LAYERS = {"hidden": [4, 3], "activation": ["tanh", "relu"]}


@pytest.mark.parametrize("names", [["tanh", "relu"], ("tanh", "relu"), np.array(["tanh", "relu"])])
@pytest.mark.parametrize("kind", KINDS)
def test_each_hidden_layer_has_its_activation(kind, names):
    X, y = problem(kind)
    estimator = quick(kind, hidden=[4, 3], activation=names)
    assert estimator.get_params()["activation"] is names
    last = "softmax" if kind is Classifier else "linear"
    assert estimator.fit(X, y).network_.layer_activations == ["tanh", "relu", last]
    other = quick(kind, hidden=[4, 3], activation=["relu", "tanh"]).fit(X, y)
    assert other.network_.weights != estimator.network_.weights
    assert estimator.get_params()["activation"] is names


@pytest.mark.parametrize("way", ["fit", "partial_fit"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_equal_activations_is_one_for_all(kind, way):
    X, y = problem(kind)
    one = quick(kind, hidden=[4, 3], activation="relu")
    each = quick(kind, hidden=[4, 3], activation=["relu", "relu"])
    for estimator in (one, each):
        getattr(estimator, way)(X, y)
    assert everything(each) == everything(one)


@pytest.mark.parametrize("kind", KINDS)
def test_a_list_of_one_activation_is_for_the_hidden_layer_that_is_chosen(kind):
    X, y = problem(kind)
    one, listed = (kind(epochs=2, activation=names).fit(X, y) for names in ("relu", ["relu"]))
    assert everything(listed) == everything(one)
    assert kind([], epochs=2, activation=[]).fit(X, y).network_.sizes[0] == 3


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_with_an_activation_for_each_layer_a_fit_can_be_resumed(kind, weighted):
    X, y = problem(kind)
    weights = some_weights(len(X)) if weighted else None
    seen = []
    whole = quick(kind, callback=lambda descent: seen.append(copy.deepcopy(descent)), **TWO_LAYERS)
    expected = everything(whole.fit(X, y, weights))
    for descent in seen:
        assert everything(quick(kind, **TWO_LAYERS).resume(X, y, descent, weights)) == expected


@pytest.mark.parametrize("kind", KINDS)
def test_with_an_activation_for_each_layer_some_rows_at_a_time_are_a_fit(kind):
    X, y = problem(kind)
    options = {"validation_fraction": 0, **TWO_LAYERS}
    estimator, last = quick(kind, **options), []
    for _ in range(4):
        estimator.partial_fit(X, y)
    quick(kind, epochs=4, callback=last.append, **options).fit(X, y)
    assert state_of(last[-1].network) == state_of(estimator.network_)


@pytest.mark.parametrize("kind", KINDS)
def test_an_activation_for_each_layer_is_refitted_copied_and_shown(kind):
    X, y = problem(kind)
    estimator = quick(kind, refit=True, **TWO_LAYERS).fit(X, y)
    assert estimator.network_.activation == ["tanh", "relu"]
    again = pickle.loads(pickle.dumps(estimator))
    assert everything(again.partial_fit(X, y)) == everything(estimator.partial_fit(X, y))
    text = f"{kind.__name__}(hidden=[4, 3], activation=['tanh', 'relu'])"
    twin = eval(text).set_params(**TWO_LAYERS)
    assert repr(twin) == text
    clone = twin.__sklearn_clone__()
    assert clone.get_params() == twin.get_params()
    assert clone.activation is not twin.activation
    assert kind(**clone.get_params()).set_params(activation="tanh").activation == "tanh"


@pytest.mark.parametrize("hidden", [[4, 3], [], None])
@pytest.mark.parametrize("kind", KINDS)
def test_as_many_activations_as_hidden_layers_are_needed(kind, hidden):
    X, y = problem(kind)
    fitted = quick(kind).fit(X, y)
    count = "1 name" if hidden is None else f"{len(hidden)} names"
    names = ["tanh", "relu", "tanh"]
    message = f"activation: expected {count}, one for each hidden layer, got {names!r} (list)"
    assert_refused(fitted.set_params(hidden=hidden, activation=names), message, X, y)
    assert complaint(kind(hidden, activation=names).partial_fit, X, y) == message


@pytest.mark.parametrize("kind", KINDS)
def test_weight_decay_pulls_the_weights_but_no_biases_towards_0(kind):
    X, y = problem(kind)
    biases, norms = [], []
    for weight_decay in (0.0, 1.0, 1e6):
        network = (
            quick(kind, validation_fraction=0, epochs=1, weight_decay=weight_decay)
            .partial_fit(X, y)
            .network_
        )
        norms.append(max(abs(w) for W in network.weights for row in W for w in row))
        biases.append(network.biases)
    assert norms[0] > norms[1] > norms[2] == 0.0
    assert biases[0] == biases[1] == biases[2] != [[0.0] * 3, [0.0] * len(biases[0][1])]


@pytest.mark.parametrize(("batch_size", "steps"), [(None, 1), (40, 1), (39, 2), (16, 3), (8, 5)])
def test_weight_decay_pulls_after_an_epoch_as_far_as_its_steps_would(batch_size, steps):
    X, y = problem(Regressor)
    options = {"optimizer": "sgd", "learning_rate": 0.25, "batch_size": batch_size}
    before, after = (
        quick(Regressor, weight_decay=weight_decay, **options).partial_fit(X, y).network_
        for weight_decay in (0.0, 0.5)
    )
    kept = (1.0 - 0.25 * 0.5) ** steps
    assert after.weights == [[[w * kept for w in row] for row in W] for W in before.weights]


# -- the callback, and going on ----------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_callback_sees_each_epoch_and_can_stop(kind):
    X, y = problem(kind)
    lengths = []

    def look(descent):
        lengths.append(len(descent.losses))
        return len(descent.losses) == 4

    estimator = quick(kind, callback=look).fit(X, y)
    assert lengths == [1, 2, 3, 4]
    assert estimator.stopped_ == "the callback stopped it after epoch 3"
    assert estimator.n_iter_ == 4
    shorter = quick(kind, epochs=4).fit(X, y)
    assert everything(shorter)[2] == everything(estimator)[2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_callback_may_say_why_it_stops_and_the_fit_can_be_resumed(kind):
    X, y = problem(kind)
    seen = []

    def enough(descent):
        seen.append(descent)
        return len(descent.losses) == 3 and "it was late"

    assert quick(kind, callback=enough).fit(X, y).stopped_ == "it was late after epoch 2"
    assert seen[-1].stopped == "it was late after epoch 2"
    again = quick(kind).resume(X, y, seen[-1])
    assert again.stopped_ == "all 6 epochs done"
    assert everything(again)[2] == everything(quick(kind).fit(X, y))[2]


def test_a_callback_that_stops_at_the_end_is_not_why_it_ended():
    X, y = problem(Classifier)
    classifier = quick(Classifier, callback=lambda descent: len(descent.losses) == 6).fit(X, y)
    assert classifier.stopped_ == "all 6 epochs done"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("error", [RuntimeError("no"), KeyboardInterrupt()])
def test_an_exception_from_the_callback_passes_and_leaves_the_estimator_as_it_was(kind, error):
    X, y = problem(kind)
    estimator = quick(kind, random_state=5).fit(X, y)
    before = everything(estimator)

    def fail(descent):
        if len(descent.losses) == 2:
            raise error

    estimator.set_params(callback=fail, random_state=6)
    with pytest.raises(type(error)) as caught:
        estimator.fit(X, y)
    assert caught.value is error
    assert everything(estimator) == before


OPTIMIZERS = {
    "adam": {},
    "sgd": {"optimizer": "sgd", "learning_rate": 0.3},
    "rprop": {"optimizer": "rprop", "batch_size": None, "learning_rate": None},
}


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("validation", [0, 0.2])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_fit_goes_on_from_any_epoch_to_the_same_bits(kind, optimizer, validation, weighted):
    X, y = problem(kind)
    weights = some_weights(len(X)) if weighted else None
    options = {"batch_size": 16, "validation_fraction": validation, **OPTIMIZERS[optimizer]}
    seen = []
    whole = quick(kind, callback=lambda descent: seen.append(copy.deepcopy(descent)), **options)
    whole.fit(X, y, weights)
    expected = everything(whole)
    assert len(seen) == 6
    for descent in seen:
        resumed = quick(kind, **options).resume(X, y, descent, weights)
        assert everything(resumed) == expected


@pytest.mark.parametrize("epoch", range(6))
def test_a_fit_goes_on_from_where_the_callback_stopped_it(epoch):
    """From the very descent that it saw, even if the estimator has taken the best weights."""
    X, y = problem(Regressor)
    seen = []

    def stop(descent):
        seen.append(descent)
        return len(descent.losses) > epoch

    options = {"learning_rate": 0.5, "batch_size": 8, "random_state": None}
    stopped = quick(Regressor, callback=stop, **options).fit(X, y)
    assert len(seen) == epoch + 1 == stopped.n_iter_
    whole = quick(Regressor, **{**options, "random_state": stopped.network_.seed}).fit(X, y)
    resumed = quick(Regressor, **options).resume(X, y, seen[-1])
    assert everything(resumed) == everything(whole)


def test_a_fit_that_has_lost_its_patience_does_not_go_on():
    X, y = some_rows(FEW), ["ab"[i % 2] for i in range(FEW)]
    seen = []
    options = {"hidden": 2, "patience": 3, "learning_rate": 1e-9}
    whole = Classifier(callback=seen.append, **options).fit(X, y)
    assert everything(Classifier(**options).resume(X, y, seen[-1])) == everything(whole)


def test_what_cannot_be_resumed_is_refused():
    X, y = problem(Classifier)
    seen = []
    classifier = quick(Classifier, restarts=2, callback=seen.append).fit(X, y)
    before = everything(classifier)
    message = "restarts: only a fit with restarts=1 can be resumed"
    assert complaint(classifier.resume, X, y, seen[0]) == message
    message = "descent: expected the Descent of a callback, got 5"
    assert complaint(classifier.resume, X, y, 5) == message
    classifier.set_params(restarts=1)
    message = complaint(classifier.resume, [x[:2] for x in X], y, seen[0])
    assert message == ("descent: its network has 3 inputs and 3 outputs, but the data have 2 and 3")
    assert everything(classifier) == before


# -- some rows at a time -----------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_come_again_and_again_are_a_fit(kind, optimizer, weighted):
    """Each call goes on where the one before ended: with the optimizer, and the generator."""
    X, y = problem(kind)
    weights = some_weights(len(X)) if weighted else None
    options = {"batch_size": 16, "validation_fraction": 0, **OPTIMIZERS[optimizer]}
    estimator, states = quick(kind, **options), []
    for epoch in range(4):
        assert estimator.partial_fit(X, y, sample_weight=weights) is estimator
        assert estimator.n_iter_ == epoch + 1
        assert estimator.stopped_ == (f"all {epoch + 1} epochs done" if epoch else "1 epoch done")
        assert estimator.best_loss_ == estimator.loss_curve_[-1]
        states.append(bits(estimator.network_.weights[0]))
    last = []
    whole = quick(kind, epochs=4, callback=last.append, **options).fit(X, y, weights)
    assert whole.loss_curve_ == estimator.loss_curve_
    assert state_of(last[-1].network) == state_of(estimator.network_)
    assert vars(last[-1].optimizer) == vars(estimator._descent.optimizer)
    assert len({repr(state) for state in states}) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_come_need_no_trivial_answer(kind, monkeypatch):
    monkeypatch.setattr("purenet.estimators.descent.trivial_loss_on", None)
    assert quick(kind).partial_fit(*problem(kind)).n_iter_ == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_descent_that_a_callback_keeps_shares_nothing_with_the_estimator(kind):
    kept = []
    estimator = quick(kind, callback=kept.append).partial_fit(*problem(kind))
    assert kept[0].network is not estimator.network_
    assert kept[0].network.weights is not estimator.network_.weights


@pytest.mark.parametrize("kind", KINDS)
def test_rows_that_come_do_not_stop_as_others_were_learned_better(kind):
    X, y = problem(kind)
    estimator = quick(kind, learning_rate=0.1, epochs=100, patience=1).fit(X, y)
    before = estimator.n_iter_
    for epoch in range(before, before + 3):
        estimator.partial_fit(X[:8], y[::-1][:8])
        assert estimator.best_loss_ == estimator.loss_curve_[epoch] > min(estimator.loss_curve_)
        assert estimator.stopped_ == f"all {epoch + 1} epochs done"


@pytest.mark.parametrize("kind", KINDS)
def test_a_fitted_estimator_learns_some_more(kind):
    X, y = problem(kind)
    estimator = quick(kind, learning_rate=0.1).fit(X, y)
    network, generator = estimator.network_.copy(), estimator.network_.generator.get_state()
    loss = network.loss_on(*estimator.preprocess(X[:8], y[:8]))
    scale = estimator._inputs
    estimator.partial_fit(X[:8], y[:8])
    assert estimator.loss_curve_[-1] == loss  # one batch, seen by the weights that did best
    assert estimator.n_iter_ == 7
    assert estimator._inputs is scale
    assert estimator.network_.generator.get_state() == generator
    assert estimator.network_.weights != network.weights


@pytest.mark.parametrize("kind", KINDS)
def test_an_estimator_that_went_through_a_pickle_learns_on_to_the_same_bits(kind):
    X, y = problem(kind)
    estimator = quick(kind).fit(X, y)
    again = pickle.loads(pickle.dumps(estimator))
    assert everything(again.partial_fit(X, y)) == everything(estimator.partial_fit(X, y))


def test_the_first_call_says_which_classes_there_are():
    classifier = quick(Classifier).partial_fit([[0.0], [1.0]], ["b", "b"], ["c", "a", "b"])
    assert classifier.classes_ == ["a", "b", "c"]
    assert classifier.predict_proba([[0.0]])[0] != [0.0] * 3
    classifier.partial_fit([[2.0]], ["c"], classes=("a", "b", "c"))
    before = everything(classifier)
    message = complaint(classifier.partial_fit, [[2.0]], ["d"])
    assert message == "labels: row 0 is 'd' (str), which is not among the classes"
    message = complaint(classifier.partial_fit, [[2.0]], ["a"], ["a", "b"])
    assert message == "classes: expected ['a', 'b', 'c'] (list) again, got ['a', 'b'] (list)"
    assert everything(classifier) == before


def test_without_classes_the_first_rows_say_which_there_are():
    classifier = quick(Classifier).partial_fit([[0.0], [1.0]], [3, 1])
    assert classifier.classes_ == [1, 3]
    one = quick(Classifier)
    message = complaint(one.partial_fit, [[0.0], [1.0]], [3, 3])
    assert message == "y: 1 class, but at least two are needed"
    assert vars(one) == vars(quick(Classifier))


def test_classes_are_of_the_kind_that_they_are_given_as():
    classes = np.array([2, 1])
    classifier = quick(Classifier).partial_fit([[0.0]], [1], classes)
    assert isinstance(classifier.classes_, np.ndarray)
    assert classifier.classes_.tolist() == [1, 2]
    message = complaint(quick(Classifier).partial_fit, [[0.0]], [1], [[1], [2, 3]])
    assert message == "classes: Unknown label type: columns; give one label a row"
    message = complaint(quick(Classifier).partial_fit, [[0.0]], [1], 3)
    assert message == "classes: expected one value for each row, got 3"


def test_more_rows_must_have_the_same_columns():
    estimator = quick(Regressor).partial_fit([[0.0, 1.0]], [3.0])
    before = everything(estimator)
    message = complaint(estimator.partial_fit, [[0.0]], [3.0])
    assert message == "X has 1 features, but Regressor is expecting 2 features as input"
    message = complaint(estimator.partial_fit, [[0.0, 1.0]], [[3.0, 4.0]])
    assert message == "y: row 0 has 2 values, but the network has 1 output"
    assert everything(estimator) == before


# -- arrays in, arrays out ---------------------------------------------------------------------

# How rows can come, and how the answers for them go back.
AS_ROWS = {
    "lists": (list, list),
    "tuples": (lambda X: tuple(map(tuple, X)), list),
    "rows as array.array": (lambda X: [array.array("d", x) for x in X], list),
    "an iterator": (iter, list),
    "numpy": (np.array, np.ndarray),
    "rows as numpy": (lambda X: list(map(np.array, X)), list),
    "numpy by columns": (lambda X: np.asfortranarray(X), np.ndarray),
    "numpy, read only": (lambda X: np.broadcast_to(np.array(X), (len(X), 3)), np.ndarray),
    "a frame": (Frame, np.ndarray),
}


@pytest.mark.parametrize("way", AS_ROWS)
def test_rows_come_and_probabilities_go_as_every_kind_of_array(way):
    assert_probabilities_go_as_rows_came(*AS_ROWS[way])


@pytest.mark.parametrize("columns", [0, 1, 2])
@pytest.mark.parametrize("way", AS_ROWS)
def test_rows_come_and_numbers_go_as_every_kind_of_array(way, columns):
    assert_numbers_go_as_rows_came(columns, *AS_ROWS[way])


@pytest.mark.parametrize("dtype", [np.int8, np.uint64, np.bool_, np.float16, np.float32, object])
def test_whatever_the_numbers_of_an_array_answers_are_floats(dtype):
    X = np.array([[0, 1], [1, 1], [1, 0], [0, 0]], dtype=dtype)
    regressor = quick(Regressor).fit(X, np.array([1, 2, 3, 4], dtype=np.int32))
    assert regressor.predict(X).dtype == np.float64
    expected = quick(Regressor).fit(X.astype(float).tolist(), [1, 2, 3, 4])
    assert everything(regressor) == everything(expected)


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("as_y", [list, tuple, np.array])
@pytest.mark.parametrize("as_X", [list, np.array])
def test_labels_come_back_as_what_they_were(labels, as_y, as_X):
    assert_labels_come_back(labels, as_y, as_X)


@pytest.mark.parametrize("as_scalar", [np.int64, np.int8, np.bool_, np.str_, np.float32, np.array])
def test_labels_and_targets_may_be_numpys_one_by_one(as_scalar):
    X = [[0.0], [1.0], [2.0], [3.0]]
    y = [as_scalar(i % 2) for i in range(4)]
    classifier = quick(Classifier).fit(X, y)
    assert classifier.classes_ == [y[0].item(), y[1].item()]
    assert type(classifier.predict(X)[0]) is type(y[0].item())
    if as_scalar is not np.str_:
        regressor = quick(Regressor).fit(X, y)
        assert regressor.predict(X) == quick(Regressor).fit(X, [0, 1, 0, 1]).predict(X)


def test_the_names_of_columns_are_kept_and_compared():
    assert_names_are_kept_and_compared(Frame, np.array)


def test_columns_that_have_come_or_gone_are_named():
    regressor = quick(Regressor).fit(Frame([[0.0] * 7], "abcdefg"), [1.0])
    message = complaint(regressor.predict, Frame([[0.0] * 7], "ABCDEFG"))
    for words in ("unseen at fit time:\n- A\n- B\n- C\n- D\n- E\n- ...", "now missing:\n- a\n- b"):
        assert words in message


def test_names_that_are_no_text_are_no_names():
    regressor = quick(Regressor).fit(Frame([[0.0, 1.0]], [0, 1]), [1.0])
    assert not hasattr(regressor, "feature_names_in_")
    message = complaint(regressor.fit, Frame([[0.0, 1.0]], ["a", 1]), [1.0])
    assert message == "X: some column names are text and some are not: make them all text"


class Table:
    """A data frame of a library that knows no NumPy: lists, and names in a list."""

    columns = ("a", "b")

    def __init__(self, rows):
        self.rows = rows

    def tolist(self):
        return self.rows


def test_a_data_frame_need_not_be_of_pandas():
    regressor = quick(Regressor).fit(Table([[0.0, 1.0], [1.0, 1.0]]), [1.0, 2.0])
    assert regressor.feature_names_in_ == ["a", "b"]
    assert type(regressor.predict(Table([[0.0, 1.0]]))) is list


def test_what_has_only_an_array_in_it_is_read():
    class Wrapped:
        def __init__(self, values):
            self.values = np.array(values)

        def __array__(self, dtype=None, copy=None):
            return self.values

    regressor = quick(Regressor).fit(Wrapped([[0.0], [1.0]]), Wrapped([1.0, 2.0]))
    assert everything(regressor) == everything(quick(Regressor).fit([[0], [1]], [1, 2]))


def test_labels_as_a_column_are_taken_with_a_warning(monkeypatch):
    monkeypatch.delitem(sys.modules, "sklearn.exceptions", raising=False)
    X, y = problem(Classifier)
    expected = everything(quick(Classifier).fit(X, y))
    for column in ([[label] for label in y], np.array(y).reshape(-1, 1)):
        with pytest.warns(conventions.ColumnVectorWarning, match="column-vector y was") as caught:
            classifier = quick(Classifier).fit(X, column)
        assert caught[0].filename == __file__
        classifier.classes_ = as_lists(classifier.classes_)
        assert everything(classifier) == expected


def test_data_are_neither_changed_nor_kept():
    X, y = problem(Regressor)
    y = [[target] for target in y]
    weights = some_weights(len(X))
    before = copy.deepcopy((X, y, weights))
    regressor = quick(Regressor).fit(X, y, weights)
    regressor.predict(X), regressor.score(X, y, weights)
    assert (X, y, weights) == before
    state = everything(regressor)
    for values in (*X, *y, weights):
        values[0] = 7.0
    assert everything(regressor) == state


# -- options, copies and pickles ---------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_options_are_kept_as_they_are_given(kind):
    given = {name: object() for name in kind().get_params()}
    estimator = kind(given["hidden"], **{n: v for n, v in given.items() if n != "hidden"})
    assert estimator.get_params() == given == estimator.get_params(deep=False)
    assert vars(estimator) == given


def test_options_are_set_all_or_none():
    classifier = Classifier()
    assert classifier.set_params(hidden=3, epochs=5) is classifier
    assert (classifier.hidden, classifier.epochs) == (3, 5)
    message = complaint(classifier.set_params, hidden=4, momentum=0.9)
    assert message.startswith("momentum: there is no such option of Classifier; it has hidden, ac")
    message = complaint(classifier.set_params, hidden=4, epoch=9)
    assert message == "epoch: there is no such option of Classifier; is it epochs?"
    assert classifier.hidden == 3
    assert classifier.set_params().get_params() == classifier.get_params()


OLD_NAMES = {
    "l2": "weight_decay",
    "standardise": "standardize",
    "validation": "validation_fraction",
}


@pytest.mark.parametrize("old", OLD_NAMES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_old_name_of_an_option_is_refused_with_the_new_one(kind, old):
    message = f"{old}: this option is now called {OLD_NAMES[old]}"
    assert complaint(kind, **{old: 0.5}) == message
    estimator = kind(hidden=3)
    before = estimator.get_params()
    assert complaint(estimator.set_params, hidden=4, **{old: 0.5}) == message
    assert estimator.get_params() == before == vars(estimator)


@pytest.mark.parametrize("kind", KINDS)
def test_an_option_that_never_existed_is_refused_as_python_does(kind):
    with pytest.raises(TypeError, match="momentum: there is no such option"):
        kind(momentum=0.9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_signature_has_every_option_and_nothing_else(kind):
    parameters = inspect.signature(kind).parameters
    assert {name: p.default for name, p in parameters.items()} == kind().get_params()


def test_a_kind_of_ones_own_has_its_own_options():
    class Shallow(Regressor):
        def __init__(self, epochs=3, random_state=0):
            super().__init__([], epochs=epochs, random_state=random_state)

    shallow = Shallow(epochs=4)
    assert shallow.get_params() == {"epochs": 4, "random_state": 0}
    assert repr(shallow) == "Shallow(epochs=4)"
    assert Shallow(**shallow.get_params()).fit([[0.0], [1.0]], [1, 2]).network_.sizes == [1, 1]


def test_an_estimator_that_is_not_fitted_says_so(monkeypatch):
    monkeypatch.delitem(sys.modules, "sklearn.exceptions", raising=False)
    message = "{}: it is not fitted yet: call fit first"
    for answer in (Classifier().predict, Classifier().predict_proba, Regressor().predict):
        with pytest.raises(conventions.NotFittedError) as caught:
            answer([[0.0]])
        assert isinstance(caught.value, (PureNetError, AttributeError))
    assert str(caught.value) == message.format("Regressor")
    again = pickle.loads(pickle.dumps(caught.value))
    assert type(again) is type(caught.value) and str(again) == str(caught.value)
    for method in (Classifier().score, Classifier().preprocess):
        assert complaint(method, [[0.0]], ["a"]) == message.format("Classifier")
    assert complaint(Classifier().fitted_state) == message.format("Classifier")


def test_the_text_shows_what_is_not_the_default():
    assert repr(Classifier()) == "Classifier()"
    options = {"hidden": [3, 4], "weight_decay": 0.25, "random_state": None}
    assert (
        repr(Regressor(**options))
        == "Regressor(hidden=[3, 4], weight_decay=0.25, random_state=None)"
    )
    assert eval(repr(Regressor(**options))).get_params() == Regressor(**options).get_params()


WAYS = {
    "pickle": lambda estimator: pickle.loads(pickle.dumps(estimator)),
    "copy": copy.copy,
    "deepcopy": copy.deepcopy,
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_copy_knows_the_same_and_learns_on_by_itself(kind, way):
    X, y = problem(kind)
    y = np.array(y)
    with ThreadPoolExecutor(1) as executor:
        original = quick(kind, executor=executor, callback=lambda _: False)
        original.fit(Frame(X), y)
        twin = WAYS[way](original)
        assert everything(twin) == everything(original)
        options = original.get_params()
        if way == "pickle":
            options.update(executor=None, callback=None)
        assert twin.get_params() == options
        before = everything(original)
        twin.partial_fit(Frame(X), y)
        assert everything(original) == before != everything(twin)


def test_what_was_learned_can_be_handed_to_another():
    X, y = problem(Classifier)
    frame = Frame(X)
    classifier = quick(Classifier).fit(frame, y)
    fitted, descent = classifier.fitted_state()
    twin = quick(Classifier)
    twin.restore(fitted, descent)
    assert everything(twin) == everything(classifier)
    assert twin.network_ is not classifier.network_
    fitted.pop("feature_names_in_")  # as a file has it, which knows no arrays
    twin.restore(fitted, descent)
    assert twin.feature_names_in_ == ["length", "width", "height"]
    message = complaint(Regressor().restore, fitted, descent)
    assert message == (
        "Regressor: expected linear outputs and the loss squared_error, "
        "got softmax and cross_entropy"
    )
    message = complaint(Classifier(epochs=0).restore, fitted, descent)
    assert message == "epochs: expected a whole number of at least 1, got 0"


@pytest.mark.parametrize("kind", KINDS)
def test_rows_are_seen_as_the_network_sees_them(kind):
    X, y = problem(kind)
    estimator = quick(kind).fit(X, y)
    inputs, targets = estimator.preprocess(X, y)
    assert inputs == Standardizer.of(X).apply(X)
    if kind is Regressor:
        assert targets == Standardizer.of([[t] for t in y]).apply([[t] for t in y])
        guesses = estimator._output_scale.undo(estimator.network_.predict(inputs))
        assert [guess for [guess] in guesses] == estimator.predict(X)
    else:
        assert targets == [[float(t == label) for label in estimator.classes_] for t in y]
        assert estimator.network_.predict(inputs) == estimator.predict_proba(X)
    raw = quick(kind, standardize=False).fit(X, y)
    assert raw.preprocess(X, y) == (X, targets)


# -- what is refused, and nothing lost ---------------------------------------------------------

WHOLE = "expected a whole number of at least 1, got"
BAD_OPTIONS = [
    ({"hidden": 0}, f"hidden: {WHOLE} 0"),
    ({"hidden": [3, 1.5]}, f"hidden: {WHOLE} 1.5"),
    ({"hidden": "3"}, f"hidden: {WHOLE} '3' (str)"),
    (
        {"activation": "step"},
        'activation: expected "leaky_relu", "linear", "relu", "sigmoid" or "tanh", got \'step\'',
    ),
    (
        {"activation": "softmax"},
        "activation: softmax is only for the output layer of a Classifier",
    ),
    ({"optimizer": "lbfgs"}, 'optimizer: expected "sgd", "rprop" or "adam", got \'lbfgs\''),
    ({"optimizer": None}, "optimizer: expected a name, got None"),
    ({"learning_rate": 0}, "learning_rate: expected a number above 0, got 0"),
    ({"learning_rate": "fast"}, "learning_rate: expected a number above 0, got 'fast' (str)"),
    ({"batch_size": 0}, f"batch_size: {WHOLE} 0"),
    (
        {"optimizer": "rprop", "batch_size": 32, "validation_fraction": 0},
        "batch_size: rprop needs the full batch, 40 rows, not 32",
    ),
    ({"epochs": 0}, f"epochs: {WHOLE} 0"),
    ({"epochs": True}, f"epochs: {WHOLE} True (bool)"),
    ({"weight_decay": -0.1}, "weight_decay: expected a number of at least 0, got -0.1"),
    ({"weight_decay": math.nan}, "weight_decay: expected a number of at least 0, got nan"),
    ({"standardize": 1}, "standardize: expected True or False, got 1"),
    ({"validation_fraction": 0.6}, "validation_fraction: expected a number from 0 to 0.5, got 0.6"),
    (
        {"validation_fraction": None},
        "validation_fraction: expected a number from 0 to 0.5, got None",
    ),
    ({"patience": 0}, f"patience: {WHOLE} 0"),
    ({"restarts": 0}, f"restarts: {WHOLE} 0"),
    ({"shards": 0}, f"shards: {WHOLE} 0"),
    ({"executor": 3}, "executor: expected one with submit(), got 3"),
    ({"callback": 3}, "callback: expected a function, got 3"),
    (
        {"random_state": -1},
        "random_state: expected a whole number from 0 to 4294967295, got -1",
    ),
    (
        {"random_state": "now"},
        "random_state: expected a whole number from 0 to 4294967295, got 'now' (str)",
    ),
]


def assert_refused(estimator, message, *arguments):
    """Fail if a fit does not refuse this in these words, or changes the estimator."""
    before, options = everything(estimator), estimator.get_params()
    assert complaint(estimator.fit, *arguments) == message
    assert everything(estimator) == before
    assert estimator.get_params() == options


@pytest.mark.parametrize(("options", "message"), BAD_OPTIONS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_option_that_is_wrong_is_refused(kind, options, message):
    X, y = problem(kind)
    assert_refused(quick(kind).fit(X, y).set_params(**options), message, X, y)
    fresh = quick(kind, **options)
    complaint(fresh.fit, X, y)
    assert vars(fresh) == fresh.get_params()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("hidden", [99999999999, [5000, 5000]])
def test_a_network_of_more_numbers_than_a_file_holds_is_refused(kind, hidden):
    X, y = problem(kind)
    message = complaint(quick(kind, hidden=hidden).fit, X, y)
    assert message.startswith("sizes: expected at most 16,777,216 numbers, got ")


GOOD = [[0.0, 1.0], [1.0, 0.0], [2.0, 2.0]]
NONE = "expected one value for each row, got"
ADVICE = ": fill in or leave out NaN and infinity first"
BAD_ROWS = [
    ([], "X: 0 sample(s) (shape=(0, 0)) while a minimum of 1 is required."),
    ([[]], "X: 0 feature(s) (shape=(1, 0)) while a minimum of 1 is required."),
    (np.ones((0, 2)), "X: 0 sample(s) (shape=(0, 2)) while a minimum of 1 is required."),
    (None, "X: expected a sequence of rows, got None"),
    ("rows", "X: expected a sequence of rows, got 'rows' (str)"),
    ({1: 2}, "X: expected a sequence of rows, got {1: 2} (dict)"),
    (
        [1.0, 2.0, 3.0],
        (
            "X: expected rows of numbers, got one row. Reshape your data: [[x] for x in X] if it "
            "is one input of many examples, [X] if it is one example"
        ),
    ),
    ([[0.0, 1.0], [1.0], [2.0, 2.0]], "X: row 1 has 1 value, but row 0 has 2"),
    (
        [[0.0, 1.0], [1.0, math.nan]],
        f"X: row 1, column 1: expected a finite number, got nan{ADVICE}",
    ),
    (
        np.array([[0.0, math.inf]]),
        f"X: row 0, column 1: expected a finite number, got inf{ADVICE}",
    ),
    ([[0.0, "1"]], "X: row 0, column 1: expected a real number, got '1' (str)"),
    ([[0.0, 10**400]], "X: row 0, column 1: 1" + "0" * 36 + "... is too large for a float"),
    (np.array([[1j]]), "X: Complex data not supported"),
    (
        [[0.0, -1.7e308], [0.0, -1.7e308], [0.0, 1.7e308]],
        "X: column 1 has numbers too large to be standardized",
    ),
]


@pytest.mark.parametrize(("X", "message"), BAD_ROWS)
@pytest.mark.parametrize("kind", KINDS)
def test_bad_rows_are_refused(kind, X, message):
    y = [0, 1, 0][: len(X)] if hasattr(X, "__len__") else [0, 1, 0]
    assert_refused(quick(kind).fit(GOOD, [0, 1, 0]), message, X, y)


def test_what_is_no_number_at_all_is_a_type_error_too():
    for X in ([[0.0, None]], [[0.0, {}]]):
        with pytest.raises(TypeError) as caught:
            quick(Classifier).fit(X, ["a"])
        assert isinstance(caught.value, PureNetError)
        assert str(caught.value).startswith("X: row 0, column 1: expected a real number, got ")
    with pytest.raises(TypeError, match="y: row 1, column 0: expected a real number, got "):
        quick(Regressor).fit(GOOD, [1.0, [2.0], 3.0])
    with pytest.raises(TypeError, match="X: sparse data was passed, but dense is needed"):
        quick(Classifier).fit(Sparse(), ["a"])


class Sparse:
    """As much of a sparse matrix as it takes to know one."""

    def tocsr(self):
        return self


BAD_LABELS = [
    (None, "y: it requires y to be passed, but the target y is None"),
    ("aba", f"y: {NONE} 'aba' (str)"),
    (7, f"y: {NONE} 7"),
    ({"a", "b", "c"}, None),
    (["a", "b"], "y: 2 values, but X has 3 rows"),
    (["a"] * 4, "y: 4 values, but X has 3 rows"),
    (["a"] * 3, "y: 1 class, but at least two are needed"),
    ([0.0, 0.5, 1.0], "y: row 1 has 0.5: Unknown label type: continuous (NaN or inf included)"),
    (
        np.array([0.0, 1.0, math.nan]),
        "y: row 2 has nan: Unknown label type: continuous (NaN or inf included)",
    ),
    ([0, 1, math.inf], "y: row 2 has inf: Unknown label type: continuous (NaN or inf included)"),
    (["a", "b", None], "y: row 2: Unknown label type: None"),
    ([1j, 0, 1], "y: row 0: Unknown label type: 1j (complex)"),
    (["a", 1, "b"], "y: expected labels of one type, got several types"),
    (
        [[1, 0], [0, 1], [1, 1]],
        "y: Unknown label type: columns; give one label a row",
    ),
    ([["a"], "b", "c"], "y: Unknown label type: columns; give one label a row"),
    (
        np.array([[1, 0], [0, 1], [1, 1]]),
        "y: Unknown label type: columns; give one label a row",
    ),
]


@pytest.mark.parametrize(("y", "message"), BAD_LABELS)
def test_bad_labels_are_refused(y, message):
    message = message or f"y: {NONE} {y!r} (set)"
    assert_refused(quick(Classifier).fit(GOOD, [0, 1, 0]), message, GOOD, y)


BAD_TARGETS = [
    (None, "y: it requires y to be passed, but the target y is None"),
    ({0.0: 1.0}, f"y: {NONE} {{0.0: 1.0}} (dict)"),
    ([1.0, 2.0], "y: 2 values, but X has 3 rows"),
    ([1.0, 2.0, "3"], "y: row 2, column 0: expected a real number, got '3' (str)"),
    (["1", "2", "3"], "y: row 0, column 0: expected a real number, got '1' (str)"),
    ([1.0, math.nan, 2.0], f"y: row 1, column 0: expected a finite number, got nan{ADVICE}"),
    ([[1.0], [2.0, 3.0], [4.0]], "y: row 1 has 2 values, but row 0 has 1"),
    ([[], [], []], "y: 0 feature(s) (shape=(3, 0)) while a minimum of 1 is required."),
    ([-1.7e308, -1.7e308, 1.7e308], "y: column 0 has numbers too large to be standardized"),
]


@pytest.mark.parametrize(("y", "message"), BAD_TARGETS)
def test_bad_targets_are_refused(y, message):
    assert_refused(quick(Regressor).fit(GOOD, [0, 1, 0]), message, GOOD, y)


BAD_WEIGHTS = [
    ([1.0, 2.0], "sample_weight: 2 values, but X has 3 rows"),
    ([1.0, -2.0, 1.0], "sample_weight: row 1 has -2.0, which is below 0"),
    ([0, 0, 0], "sample_weight: all weights are zero, so there is nothing to learn"),
    (2.0, f"sample_weight: {NONE} 2.0"),
    ([1.0, math.nan, 1.0], "sample_weight: row 1, column 0: expected a finite number, got nan"),
    (["1", 2, 3], "sample_weight: row 0, column 0: expected a real number, got '1' (str)"),
    ([[1.0]] * 3, "sample_weight: row 0, column 0: expected a real number, got [1.0] (list)"),
]


@pytest.mark.parametrize(("weights", "message"), BAD_WEIGHTS)
@pytest.mark.parametrize("kind", KINDS)
def test_bad_weights_are_refused(kind, weights, message):
    estimator = quick(kind).fit(GOOD, [0, 1, 0])
    assert_refused(estimator, message, GOOD, [0, 1, 0], weights)
    assert complaint(estimator.score, GOOD, [0, 1, 0], weights) == message
    before = everything(estimator)
    assert complaint(estimator.partial_fit, GOOD, [0, 1, 0], sample_weight=weights) == message
    assert everything(estimator) == before


def test_the_rows_that_weigh_something_must_be_of_two_classes():
    message = "y: 1 class, but at least two are needed"
    assert complaint(quick(Classifier).fit, GOOD, [0, 1, 0], [1.0, 0.0, 1.0]) == message


def test_a_training_that_diverges_leaves_the_estimator_as_it_was():
    X, y = problem(Regressor)
    options = {"activation": "linear", "optimizer": "sgd", "batch_size": 4, "patience": 99}
    regressor = quick(Regressor, epochs=99, **options).fit(X, y).set_params(learning_rate=1e3)
    before = everything(regressor)
    with pytest.raises(Diverged, match="diverged in epoch"):
        regressor.fit(X, y)
    assert everything(regressor) == before


def test_rows_of_other_columns_get_no_answer():
    X, y = problem(Classifier)
    classifier = quick(Classifier).fit(X, y)
    message = "X has 2 features, but Classifier is expecting 3 features as input"
    for answer in (classifier.predict, classifier.predict_proba):
        assert complaint(answer, [[0.0, 1.0]]) == message
    regressor = quick(Regressor).fit(X, [[1.0, 2.0]] * 40)
    message = complaint(regressor.score, X, [1.0] * 40)
    assert message == "y: row 0 has 1 value, but the network has 2 outputs"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("unit", [5e-324, 1e-310, 1e-300, 1e300])
def test_inputs_of_any_size_are_learned_as_others_are(kind, unit):
    X = [[float(i % 4), float(i // 4)] for i in range(16)]
    y = ["ab"[i % 4 > 1] for i in range(16)] if kind is Classifier else [i % 4 for i in range(16)]
    scaled = [[unit * x, unit * z] for x, z in X]
    estimator = quick(kind, epochs=300, validation_fraction=0, learning_rate=0.1).fit(scaled, y)
    assert estimator.score(scaled, y) > 0.98


@pytest.mark.parametrize("unit", [5e-324, 1e-310, 1e-300, 1e300])
def test_targets_of_any_size_are_learned_as_others_are(unit):
    X = [[float(i % 4), float(i // 4)] for i in range(16)]
    y = [100 * unit * (i % 4) for i in range(16)]
    regressor = quick(Regressor, epochs=300, validation_fraction=0, learning_rate=0.1).fit(X, y)
    assert regressor.score(X, y) > 0.98


def test_rows_far_from_those_of_fit_get_an_answer_or_are_refused():
    X, y = problem(Classifier)
    far = [[1e308, -1e308, 5e-324]]
    [probabilities] = quick(Classifier).fit(X, y).predict_proba(far)
    assert all(0.0 <= p <= 1.0 for p in probabilities)
    regressor = quick(Regressor, activation="linear").fit(X, some_targets(Regressor, X))
    message = "X: row 1 has numbers too large to predict from"
    assert complaint(regressor.predict, X[:1] + far) == message
    assert complaint(regressor.score, X[:1] + far, [1.0, 2.0]) == message
