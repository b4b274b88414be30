"""The network: forward, backward and its checks against NumPy, and what it refuses and keeps."""

import copy
import math
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    Reference,
    assert_touches_nothing,
    assert_within,
    bits,
    complaint,
    networks,
    problems,
    replace_everywhere,
    seeds,
    state_of,
)

import purenet
from purenet import Network, PureNetError, check_gradients
from purenet.core.activations import ACTIVATIONS
from purenet.core.backpropagation import find_gradients, parameters, set_parameters
from purenet.core.matrix import transpose
from purenet.core.optimizers import SGD

reductions = st.sampled_from(["sum", "mean"])
layer_sizes = st.lists(st.integers(1, 8), min_size=2, max_size=5)


# -- against NumPy -----------------------------------------------------------------------------
# `assert_within` allows what a running error analysis (support's `Rounded`) finds rounding can
# do. At a kink of relu that includes both slopes, so no example is drawn to avoid one.


@given(problems(networks()))
def test_forward_gives_what_numpy_gives_for_every_layer(problem):
    network, X, _ = problem
    for layer, expected in zip(network.forward(X), Reference(network).forward(X)[1]):
        assert_within(layer, expected)


@given(problems(networks()))
def test_forward_begins_with_the_inputs_and_ends_with_what_predict_gives(problem):
    network, X, _ = problem
    layers = network.forward(X)
    assert [len(layer[0]) for layer in layers] == network.sizes
    assert layers[0] == X
    assert layers[-1] == network.predict(X)


@given(problems(networks()))
def test_a_row_is_predicted_alike_alone_and_among_others(problem):
    network, X, _ = problem
    together = bits(network.predict(X))
    assert [bits(network.predict([row])) for row in X] == [[row] for row in together]


@given(problems(networks()))
def test_the_loss_is_numpys(problem):
    network, X, y = problem
    assert_within([[network.loss_on(X, y)]], Reference(network).loss(X, y))


@given(problems(networks()), reductions)
def test_the_gradients_are_numpys(problem, reduction):
    network, X, y = problem
    gradients = network.gradients(X, y, reduction)
    expected = Reference(network).gradients(X, y, reduction)
    assert len(gradients) == len(expected)
    for gradient, near in zip(gradients, expected):
        assert_within(gradient, near)


def test_a_step_against_the_gradients_lets_the_loss_fall():
    network = Network([3, 4, 1], seed=1, bias=True)
    before = network.loss_on(ARTICLE_X, ARTICLE_Y)
    gradients = network.gradients(ARTICLE_X, ARTICLE_Y)
    set_parameters(network, SGD(0.1).step(parameters(network), gradients))
    assert network.loss_on(ARTICLE_X, ARTICLE_Y) < before


@pytest.mark.parametrize(("x", "y"), [(0.0, 0.0), (1.0, 0.5), (-0.0, 1.0), (-1.0, 0.5)])
def test_a_gradient_of_zero_is_never_minus_zero(x, y):
    gradients = Network([1, 1], init="zeros", bias=True).gradients([[x]], [[y]])
    for [[slope]] in gradients:
        assert slope != 0.0 or math.copysign(1.0, slope) == 1.0


def test_gradients_are_summed_unless_asked_otherwise():
    network = Network([3, 4, 1], seed=1)
    assert network.gradients(ARTICLE_X, ARTICLE_Y) == network.gradients(ARTICLE_X, ARTICLE_Y, "sum")


def test_the_bounds_of_a_usual_network_leave_eleven_digits():
    network = Network([8, 8, 8, 3], seed=1)
    chance = np.random.RandomState(2)
    X, y = chance.uniform(-2.0, 2.0, (16, 8)), chance.uniform(0.0, 1.0, (16, 3))
    for gradient in Reference(network).gradients(X, y):
        assert gradient.error.max() < 1e-11 * abs(gradient.value).max()


# -- check_gradients ---------------------------------------------------------------------------


def assume_no_kink(network, X):
    """Draw another example if a weighted input is within a thousandth of relu's kink.

    The check moves a parameter by some 1e-5, which with weights of about 1 moves no weighted
    input of so small a network by a thousandth.
    """
    if any("relu" in name for name in network.layer_activations):
        assume(min(abs(Z.value).min() for Z in Reference(network).forward(X)[0][1:]) > 1e-3)


small_problems = problems(networks(layers=4, width=3), most_rows=3)


@given(small_problems)
def test_the_measured_slopes_agree_with_every_gradient(problem):
    network, X, y = problem
    assume_no_kink(network, X)
    assert check_gradients(network, X, y) < 1e-6


@given(small_problems, st.sampled_from([0.0, 1e-7, 1e-5, 1e-3]))
def test_the_measured_slopes_agree_however_small_the_loss_is(problem, error):
    network, X, y = problem
    assume_no_kink(network, X)
    if network.loss == "squared_error":
        y = [[output + error for output in row] for row in network.predict(X)]
    assert check_gradients(network, X, y) < 1e-6


@given(small_problems)
def test_checking_gradients_changes_nothing(problem):
    network, X, y = problem
    before = state_of(network)
    check_gradients(network, X, y)
    assert state_of(network) == before


def test_a_check_that_is_interrupted_has_changed_nothing(monkeypatch):
    network = Network([3, 4, 1], seed=1)
    before = state_of(network)
    sigmoid, left = ACTIVATIONS["sigmoid"].function, iter(range(40))

    def interrupted(x):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return sigmoid(x)

    monkeypatch.setattr(ACTIVATIONS["sigmoid"], "function", interrupted)
    with pytest.raises(KeyboardInterrupt):
        check_gradients(network, ARTICLE_X, ARTICLE_Y)
    assert state_of(network) == before


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu", "leaky_relu", "linear"])
@pytest.mark.parametrize("place", ["activation", "output_activation"])
def test_a_wrong_slope_is_noticed(name, place, monkeypatch):
    right = ACTIVATIONS[name].slope
    network = Network([3, 4, 2], seed=1, bias=True, **{"activation": "tanh", place: name})
    X, y = [[0.5, -1.0, 2.0], [1.5, 0.5, 1.0]], [[0.3, -0.7], [0.9, 0.1]]
    assert check_gradients(network, X, y) < 1e-6
    monkeypatch.setattr(ACTIVATIONS[name], "slope", lambda output: 1.01 * right(output) + 0.01)
    assert check_gradients(network, X, y) > 1e-3


def untransposed(gradients):
    return [[list(row) for row in zip(*G)] if len(G) == len(G[0]) else G for G in gradients]


def without_biases(gradients):
    return [[[0.0] * len(row) for row in G] if len(G) == 1 else G for G in gradients]


def with_the_wrong_sign(gradients):
    return [[[-g for g in row] for row in G] for G in gradients]


def summed(gradients):
    return [[[2.0 * g for g in row] for row in G] for G in gradients]


def not_a_number(gradients):
    return [[[math.nan for _ in row] for row in G] for G in gradients]


@pytest.mark.parametrize(
    "mistake", [untransposed, without_biases, with_the_wrong_sign, summed, not_a_number]
)
def test_a_wrong_gradient_is_noticed(mistake, monkeypatch):
    network = Network([3, 3, 2], seed=1, bias=True)
    replace_everywhere(monkeypatch, find_gradients, lambda *all_: mistake(find_gradients(*all_)))
    assert check_gradients(network, [[0.5, -1.0, 2.0], [1.5, 0.5, 1.0]], [[1, 0], [0, 1]]) > 1e-3


@pytest.mark.parametrize("weight", [1.0, -1.0])
@pytest.mark.parametrize(("factor", "error"), [(0.5, 0.5), (2.0, 0.5), (-1.0, 2.0)])
def test_a_gradients_error_is_relative_to_the_larger_of_the_two(weight, factor, error, monkeypatch):
    # The loss ½ weight² has the slope weight. Rounding is off by 18 halves of an ulp of ½ over
    # 12 nudges of 3e-5, which is 3e-12.
    network = Network([1, 1], activation="linear")
    network.weights = [[[weight]]]
    replace_everywhere(monkeypatch, find_gradients, lambda *_: [[[weight * factor]]])
    assert check_gradients(network, [[1]], [[0]]) == pytest.approx(error, abs=1e-10)


@pytest.mark.parametrize(
    ("output", "other_input", "floor"),
    [
        (1.0, 1e-6, 1e-4 * 1.0),  # a part of the steepest slope, which is the output,
        (4.0, 1e-6, 1e-4 * 8.0),  # or of the loss, which is ½ output²
        (1e-5, 1e-3, 1e-7),
    ],
)
def test_the_error_of_a_slope_that_is_close_to_0_is_relative_to_a_floor(
    output, other_input, floor, monkeypatch
):
    network = Network([2, 1], activation="linear")
    network.weights = [[[output], [0.0]]]
    replace_everywhere(monkeypatch, find_gradients, lambda *_: [[[output], [0.0]]])
    # The second slope, output · other_input, is taken for 0. Rounding is off by 18 halves of an
    # ulp of the loss over 12 nudges of 3e-5, at most 5e-11 at a floor of 8e-4.
    error = output * other_input / floor
    assert check_gradients(network, [[1, other_input]], [[0]]) == pytest.approx(error, abs=1e-6)


@pytest.mark.parametrize("weight", [0.5, -0.5, 1000.0, -1000.0])
def test_a_kink_is_noticed_within_two_nudges_and_no_further(weight):
    two_nudges = 2 * 3e-5 * max(1.0, abs(weight))
    network = Network([2, 1], activation="relu")
    for distance, noticed in ((0.75 * two_nudges, True), (1.5 * two_nudges, False)):
        network.weights = [[[weight], [weight - distance]]]  # their difference goes into relu
        error = check_gradients(network, [[1, -1]], [[1]])
        assert error > 1e-3 if noticed else error < 1e-6


def test_errors_that_are_sent_back_through_the_wrong_weights_are_noticed(monkeypatch):
    network = Network([3, 3, 3], seed=1)
    X, y = [[0.5, -1.0, 2.0], [1.5, 0.5, 1.0]], [[1, 0, 0], [0, 1, 0]]
    replace_everywhere(
        monkeypatch, transpose, lambda A: A if A in network.weights else transpose(A)
    )
    assert check_gradients(network, X, y) > 1e-3


def test_gradients_that_cannot_be_measured_are_not_called_right():
    network = Network([1, 1], activation="linear")
    network.weights = [[[1e200]]]
    assert check_gradients(network, [[1]], [[0]]) == math.inf


# -- the first weights -------------------------------------------------------------------------


def drawn(sizes, numbers):
    """Return matrices for these layers, each from what `numbers(inputs, outputs)` draws."""
    return [numbers(*pair).tolist() for pair in zip(sizes, sizes[1:])]


@given(layer_sizes, seeds)
def test_uniform_weights_are_numpys_two_random_minus_one_bit_for_bit(sizes, seed):
    chance = np.random.RandomState(seed)
    expected = drawn(sizes, lambda *pair: 2 * chance.random_sample(pair) - 1)
    assert Network(sizes, seed=seed).weights == expected


@given(layer_sizes, seeds)
def test_glorot_weights_are_numpys_uniform_bit_for_bit(sizes, seed):
    chance = np.random.RandomState(seed)

    def numbers(m, n):
        limit = math.sqrt(6 / (m + n))
        return chance.uniform(-limit, limit, (m, n))

    assert Network(sizes, init="glorot", seed=seed).weights == drawn(sizes, numbers)


@given(layer_sizes, seeds)
def test_he_weights_are_numpys_normal_bit_for_bit(sizes, seed):
    chance = np.random.RandomState(seed)
    expected = drawn(sizes, lambda m, n: math.sqrt(2 / m) * chance.standard_normal((m, n)))
    assert Network(sizes, init="he", seed=seed).weights == expected


@given(layer_sizes, seeds)
def test_zeros_draws_nothing(sizes, seed):
    network = Network(sizes, init="zeros", seed=seed)
    assert network.weights == drawn(sizes, lambda *pair: np.zeros(pair))
    assert network.generator.random() == np.random.RandomState(seed).random_sample()


@given(layer_sizes, seeds)
def test_the_generator_goes_on_where_the_weights_end(sizes, seed):
    chance = np.random.RandomState(seed)
    drawn(sizes, lambda *pair: chance.random_sample(pair))
    generator = Network(sizes, seed=seed).generator
    assert [generator.random() for _ in range(3)] == chance.random_sample(3).tolist()


def test_the_articles_weights_are_numpys_seed_1():
    np.random.seed(1)
    syn0, syn1 = 2 * np.random.random((3, 4)) - 1, 2 * np.random.random((4, 1)) - 1
    assert Network([3, 4, 1], seed=1).weights == [syn0.tolist(), syn1.tolist()]


@pytest.mark.parametrize("init", ["uniform", "glorot", "he", "zeros"])
def test_biases_are_zero_at_first_and_take_no_chance(init):
    network = Network([3, 4, 1], bias=True, init=init, seed=1)
    assert network.biases == [[0.0] * 4, [0.0]]
    assert network.weights == Network([3, 4, 1], init=init, seed=1).weights


def test_without_biases_there_are_none():
    assert Network([3, 4, 1]).biases == []


def test_without_a_seed_each_network_is_another_and_says_its_seed():
    one, other, third = Network([3, 4, 1]), Network([3, 4, 1]), Network([3, 4, 1], seed=None)
    assert one.weights != other.weights != third.weights != one.weights
    assert Network([3, 4, 1], seed=one.seed).weights == one.weights


@pytest.mark.parametrize("seed", [0, 2**32 - 1, np.int64(7)])
def test_a_seed_may_be_whatever_numpy_takes(seed):
    network = Network([1, 1], seed=seed)
    assert network.weights[0][0][0] == 2 * np.random.RandomState(seed).random_sample() - 1
    assert type(network.seed) is int


# -- what it is made of ------------------------------------------------------------------------


def test_the_output_layer_has_the_hidden_activation_unless_another_is_named():
    assert Network([1, 1], activation="tanh").output_activation == "tanh"
    assert Network([1, 1], activation="tanh", output_activation="relu").activation == "tanh"


def test_each_hidden_layer_may_have_an_activation_of_its_own():
    network = Network([2, 3, 3, 1], activation=["tanh", "relu"], output_activation="linear")
    assert network.activation == ["tanh", "relu"]
    assert network.layer_activations == ["tanh", "relu", "linear"]
    assert network.copy().layer_activations == network.layer_activations


def test_the_last_of_several_activations_is_the_output_layers_too_unless_it_has_another():
    assert Network([2, 3, 3, 1], activation=("tanh", "relu")).output_activation == "relu"
    assert Network([2, 1], activation=[]).layer_activations == ["sigmoid"]


def test_equal_activations_are_one():
    assert Network([2, 3, 3, 1], activation=["tanh", "tanh"]).activation == "tanh"


def test_a_network_of_weights_keeps_them_and_has_their_sizes():
    weights, biases = [[[1.0, 2.0]], [[3.0], [4.0]]], [[5.0, 6.0], [7.0]]
    network = Network.of(weights, biases, activation="tanh", output_activation="linear", seed=3)
    assert network.weights is weights
    assert network.biases is biases
    assert (network.sizes, network.seed, network.init) == ([1, 2, 1], 3, "zeros")
    assert network.layer_activations == ["tanh", "linear"]
    assert Network.of([[[1.0]]]).biases == []


def test_a_network_of_weights_draws_a_seed_unless_it_is_given_one():
    assert Network.of([[[1.0]]]).seed != Network.of([[[1.0]]]).seed


def test_activations_may_be_set_as_any_sequence_and_are_kept_as_a_list():
    network = Network([2, 3, 3, 1], activation=("tanh", "relu"), output_activation="linear")
    assert network.activation == ["tanh", "relu"]
    network.activation = ("relu", "tanh")
    assert network.layer_activations == ["relu", "tanh", "linear"]


def test_weights_that_make_no_network_are_refused():
    message = complaint(Network.of, [[[1.0], [1.0, 2.0]]])
    assert message == "weights[0]: row 1 has 2 values, but row 0 has 1"
    assert complaint(Network.of, []) == "weights: expected at least one matrix, got none"
    assert complaint(Network.of, [[[1.0]], [[1.0], [2.0]]]) == (
        "weights[1]: 2 rows, but weights[0] has 1 column"
    )
    assert complaint(Network.of, [[[1.0]]], [[1.0], [2.0]]).startswith("biases: ")


def test_a_network_of_weights_refuses_an_init_that_does_not_exist():
    assert complaint(Network.of, [[[1.0]]], init="xavier").startswith('init: expected "uniform", ')


def test_an_option_by_its_old_name_is_refused_with_the_new_one():
    network, data = Network([1, 1]), ([[1]], [[1]])
    with pytest.raises(PureNetError, match="validation: this option is now called validation_data"):
        network.train(*data, epochs=1, validation=data)
    with pytest.raises(TypeError, match="epoch: there is no such option"):
        network.train(*data, epochs=1, epoch=1)


def test_softmax_may_be_the_activation_of_the_only_layer():
    assert Network([1, 2], activation="softmax", init="zeros").predict([[1]]) == [[0.5, 0.5]]


def test_sizes_may_be_numpys_integers_and_a_tuple():
    network = Network((np.int64(3), 1), seed=1)
    assert network.sizes == [3, 1]
    assert type(network.sizes[0]) is int


def test_the_repr_says_how_to_make_the_network_again():
    network = Network([2, 3], output_activation="softmax", loss="cross_entropy", seed=5, bias=True)
    assert repr(network) == (
        "Network([2, 3], activation='sigmoid', output_activation='softmax', "
        "loss='cross_entropy', bias=True, init='uniform', seed=5)"
    )
    assert state_of(eval(repr(network))) == state_of(network)


# -- copies ------------------------------------------------------------------------------------


def pickled(network):
    return pickle.loads(pickle.dumps(network))


each_way_to_copy = pytest.mark.parametrize("copied", [Network.copy, copy.deepcopy, pickled])


@each_way_to_copy
@given(network=networks())
def test_a_copy_is_equal_and_goes_on_with_the_same_chance(copied, network):
    network.generator.normal()  # so that one waits
    twin = copied(network)
    assert state_of(twin) == state_of(network)
    assert [twin.generator.normal() for _ in range(3)] == [
        network.generator.normal() for _ in range(3)
    ]


@each_way_to_copy
def test_a_copy_shares_nothing(copied):
    network = Network([3, 4, 1], bias=True, seed=1)
    before = state_of(network)
    twin = copied(network)
    twin.sizes[0] = 7
    twin.weights[0][0][0] = twin.biases[0][0] = 7.0
    twin.generator.permutation(700)
    assert state_of(network) == before


@each_way_to_copy
def test_a_copy_trains_to_the_same_bits(copied):
    network = Network([3, 4, 1], bias=True, seed=1)
    twin = copied(network)
    for each in (network, twin):
        each.train(ARTICLE_X, ARTICLE_Y, epochs=3, batch_size=2)
    assert state_of(twin) == state_of(network)


# -- what belongs to the caller stays the caller's ---------------------------------------------


@pytest.mark.parametrize(
    "method", [Network.forward, Network.predict, Network.check_inputs], ids=lambda f: f.__name__
)
def test_inputs_are_neither_changed_nor_shared(method):
    network = Network([3, 4, 1], bias=True, activation="linear", seed=1)
    assert_touches_nothing(lambda X: method(network, X), ARTICLE_X)


@pytest.mark.parametrize(
    "method",
    [Network.gradients, Network.loss_on, Network.check_data, check_gradients],
    ids=lambda f: f.__name__,
)
def test_inputs_and_targets_are_neither_changed_nor_shared(method):
    network = Network([3, 4, 1], bias=True, seed=1)
    assert_touches_nothing(lambda X, y: method(network, X, y), ARTICLE_X, ARTICLE_Y)


def test_the_answers_share_nothing_with_the_network():
    network = Network([3, 4, 1], bias=True, activation="linear", seed=1)
    inside = [network.sizes, network.weights, network.biases]
    assert_touches_nothing(lambda _: network.forward(ARTICLE_X), inside)
    assert_touches_nothing(lambda _: network.gradients(ARTICLE_X, ARTICLE_Y), inside)


def test_sizes_are_not_shared():
    sizes = [3, 4, 1]
    network = Network(sizes, seed=1)
    sizes[1] = 7
    assert network.sizes == [3, 4, 1]


def test_looking_at_a_network_changes_nothing():
    network = Network([3, 4, 1], bias=True, seed=1)
    before = state_of(network)
    network.forward(ARTICLE_X)
    network.predict(ARTICLE_X)
    network.loss_on(ARTICLE_X, ARTICLE_Y)
    network.gradients(ARTICLE_X, ARTICLE_Y)
    network.copy()
    assert state_of(network) == before


# -- what it refuses ---------------------------------------------------------------------------

TOO_FEW = "sizes: expected at least two layers, got "
NO_LIST = "sizes: expected a list such as [3, 4, 1], got "
HIDDEN = '"leaky_relu", "linear", "relu", "sigmoid" or "tanh"'
KNOWN = '"leaky_relu", "linear", "relu", "sigmoid", "softmax" or "tanh"'
LOSSES = 'loss: expected "squared_error" or "cross_entropy", got '
UNFIT = 'loss: "cross_entropy" needs a sigmoid or softmax output layer, not '
INITS = 'init: expected "uniform", "glorot", "he" or "zeros", got '
SEEDS = "seed: expected a whole number from 0 to 4294967295, got "


@pytest.mark.parametrize(
    ("sizes", "message"),
    [
        ([], TOO_FEW + "[] (list)"),
        ([3], TOO_FEW + "[3] (list)"),
        (3, NO_LIST + "3"),
        ("34", NO_LIST + "'34' (str)"),
        (None, NO_LIST + "None"),
        ([3, 0], "sizes[1]: expected a whole number of at least 1, got 0"),
        ([-1, 3], "sizes[0]: expected a whole number of at least 1, got -1"),
        ([3, 2.0, 1], "sizes[1]: expected a whole number of at least 1, got 2.0"),
        ([3, "4", 1], "sizes[1]: expected a whole number of at least 1, got '4' (str)"),
        ([3, True], "sizes[1]: expected a whole number of at least 1, got True (bool)"),
        ([3, 4, None], "sizes[2]: expected a whole number of at least 1, got None"),
    ],
)
def test_sizes_that_make_no_network_are_refused(sizes, message):
    assert complaint(Network, sizes) == message


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"activation": "Relu"}, f"activation: expected {HIDDEN}, got 'Relu'"),
        ({"activation": None}, "activation: expected a name or a list of names, got None"),
        (
            {"activation": ["relu", "tanh"]},
            "activation: expected 1 name, one for each hidden layer, got ['relu', 'tanh'] (list)",
        ),
        (
            {"output_activation": ["relu"]},
            f"output_activation: expected {KNOWN}, got ['relu']",
        ),
        ({"activation": ["Relu"]}, f"activation: expected {HIDDEN}, got 'Relu'"),
        (
            {"activation": ["softmax"]},
            "activation: softmax is only for the output layer (output_activation)",
        ),
        ({"output_activation": "max"}, f"output_activation: expected {KNOWN}, got 'max'"),
        ({"activation": "x" * 10**6}, f"activation: expected {HIDDEN}, got '{'x' * 36}..."),
        ({"output_activation": 1}, f"output_activation: expected {KNOWN}, got 1"),
        (
            {"activation": "softmax"},
            "activation: softmax is only for the output layer (output_activation)",
        ),
        (
            {"activation": "softmax", "output_activation": "linear"},
            "activation: softmax is only for the output layer (output_activation)",
        ),
        ({"loss": "mse"}, LOSSES + "'mse' (str)"),
        ({"loss": None}, LOSSES + "None"),
        ({"loss": ["cross_entropy"]}, LOSSES + "['cross_entropy'] (list)"),
        ({"loss": "cross_entropy", "activation": "tanh"}, UNFIT + "tanh"),
        ({"loss": "cross_entropy", "output_activation": "relu"}, UNFIT + "relu"),
        ({"loss": "cross_entropy", "output_activation": "leaky_relu"}, UNFIT + "leaky_relu"),
        ({"loss": "cross_entropy", "output_activation": "linear"}, UNFIT + "linear"),
        ({"init": "normal"}, INITS + "'normal'"),
        ({"init": "x" * 10**6}, INITS + f"'{'x' * 36}..."),
        ({"init": None}, INITS + "None"),
        ({"init": ["he"]}, INITS + "['he']"),
        ({"seed": -1}, SEEDS + "-1"),
        ({"seed": 2**32}, SEEDS + "4294967296"),
        ({"seed": 1.0}, SEEDS + "1.0"),
        ({"seed": "1"}, SEEDS + "'1' (str)"),
        ({"seed": True}, SEEDS + "True (bool)"),
    ],
)
def test_options_that_make_no_network_are_refused(options, message):
    assert complaint(Network, [3, 4, 1], **options) == message


CLASSES = {"output_activation": "softmax", "loss": "cross_entropy"}

BAD_INPUTS = [
    ([2, 1], [[0, 0]] * 17 + [[1, 2, 3]], "X: row 17 has 3 values, but the network has 2 inputs"),
    ([2, 1], [[1]], "X: row 0 has 1 value, but the network has 2 inputs"),
    ([1, 1], [[1, 2]], "X: row 0 has 2 values, but the network has 1 input"),
    ([2, 1], [[]], "X: row 0 has 0 values, but the network has 2 inputs"),
    ([2, 1], [], "X: expected at least one row, got none"),
    ([2, 1], None, "X: expected a sequence of rows, got None"),
    ([2, 1], [1, 2], "X: row 0: expected a row of numbers, got 1"),
    ([2, 1], [[1, math.nan]], "X: row 0, column 1: expected a finite number, got nan"),
    ([2, 1], [[1, "2"]], "X: row 0, column 1: expected a real number, got '2' (str)"),
]

BAD_TARGETS = [
    ({}, [[1, 2]], "y: row 0 has 2 values, but the network has 1 output"),
    ({"sizes": [2, 3]}, [[1]], "y: row 0 has 1 value, but the network has 3 outputs"),
    ({}, [[1], [2]], "y: 2 rows, but X has 1 row"),
    ({"X": [[1, 2], [3, 4]]}, [[1]], "y: 1 row, but X has 2 rows"),
    ({}, [], "y: expected at least one row, got none"),
    ({}, [1], "y: row 0: expected a row of numbers, got 1"),
    ({}, [[math.inf]], "y: row 0, column 0: expected a finite number, got inf"),
    (
        {"loss": "cross_entropy"},
        [[1.5]],
        "y: row 0 has 1.5, but cross_entropy needs values from 0 to 1",
    ),
    (
        {"loss": "cross_entropy", "X": [[1, 2], [3, 4]]},
        [[1], [-1]],
        "y: row 1 has -1.0, but cross_entropy needs values from 0 to 1",
    ),
    (
        {"sizes": [2, 2], **CLASSES},
        [[0.25, 0.5]],
        "y: row 0 adds up to 0.75, but softmax needs rows that add up to 1",
    ),
]


@pytest.mark.parametrize(("sizes", "X", "message"), BAD_INPUTS)
@pytest.mark.parametrize("method", [Network.forward, Network.predict], ids=lambda f: f.__name__)
def test_inputs_that_do_not_fit_are_refused(method, sizes, X, message):
    network = Network(sizes, seed=1)
    before = state_of(network)
    assert complaint(method, network, X) == message
    assert state_of(network) == before


def train_once(network, X, y):
    return network.train(X, y, epochs=1, batch_size=1)


each_use_of_data = pytest.mark.parametrize(
    "use",
    [Network.loss_on, Network.gradients, train_once, check_gradients],
    ids=lambda f: f.__name__,
)


@each_use_of_data
@pytest.mark.parametrize(("sizes", "X", "message"), BAD_INPUTS)
def test_inputs_with_targets_that_do_not_fit_are_refused(use, sizes, X, message):
    network = Network(sizes, seed=1)
    before = state_of(network)
    assert complaint(use, network, X, [[1]]) == message
    assert state_of(network) == before


@each_use_of_data
@pytest.mark.parametrize(("options", "y", "message"), BAD_TARGETS)
def test_targets_that_do_not_fit_are_refused(use, options, y, message):
    options = {"sizes": [2, 1], "X": [[1, 2]], "seed": 1, **options}
    X = options.pop("X")
    network = Network(**options)
    before = state_of(network)
    assert complaint(use, network, X, y) == message
    assert state_of(network) == before


@pytest.mark.parametrize("reduction", ["max", "", None, 1, ["sum"]])
def test_a_reduction_that_does_not_exist_is_refused(reduction):
    message = complaint(Network([3, 1]).gradients, ARTICLE_X, ARTICLE_Y, reduction)
    assert message == f'reduction: expected "sum" or "mean", got {reduction!r}'


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda n: n.weights.pop(), "weights: expected 2 matrices for sizes [3, 4, 1], got 1"),
        (
            lambda n: n.weights.append([[1.0]]),
            "weights: expected 2 matrices for sizes [3, 4, 1], got 3",
        ),
        (lambda n: n.biases.pop(), "biases: expected 2 rows for sizes [3, 4, 1], got 1"),
        (lambda n: n.weights[0].pop(), "weights[0]: (2 x 4), but the sizes need (3 x 4)"),
        (lambda n: n.weights[1][2].clear(), "weights[1]: row 2 has 0 values, but row 0 has 1"),
        (lambda n: n.biases[0].pop(), "biases[0]: 3 values, but the sizes need 4"),
    ],
)
def test_weights_that_were_set_must_fit_the_sizes(change, message):
    network = Network([3, 4, 1], bias=True, seed=1)
    change(network)
    assert complaint(network.predict, ARTICLE_X) == message
    assert complaint(network.train, ARTICLE_X, ARTICLE_Y, epochs=1) == message


@pytest.mark.parametrize("sizes", [(3, 4, 1), np.array([3, 4, 1])])
def test_sizes_may_be_any_list_of_whole_numbers(sizes):
    assert Network(sizes).sizes == [3, 4, 1]
    assert Network(range(1, 4)).sizes == [1, 2, 3]


def test_weights_may_be_set_as_a_tuple_of_matrices():
    network, twin = Network([3, 4, 1], seed=1), Network([3, 4, 1], seed=1)
    network.weights = tuple(network.weights)
    for each in (network, twin):
        each.train(ARTICLE_X, ARTICLE_Y, epochs=2)
    assert state_of(network) == state_of(twin)


def test_bias_is_true_or_false():
    assert complaint(Network, [1, 1], bias="yes") == "bias: expected True or False, got 'yes' (str)"


def test_every_module_of_the_core_is_there_after_import_purenet():
    program = "import purenet; print(purenet.core.training.train, purenet.core.network.Network)"
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
    for file in Path(purenet.core.__file__).parent.glob("[!_]*.py"):
        module = purenet.core.__getattr__(file.stem)
        assert module is sys.modules[f"purenet.core.{file.stem}"]
    with pytest.raises(AttributeError, match="no attribute 'tensors'"):
        purenet.core.tensors  # noqa: B018
