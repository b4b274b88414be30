"""The optimizers: each step against its source's formula, and what they remember and refuse."""

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import (
    ReferenceAdam,
    ReferenceRProp,
    ReferenceSGD,
    Rounded,
    assert_touches_nothing,
    complaint,
    matrices,
)

from purenet.core.optimizers import SGD, Adam, RProp, choose

# Far enough from both ends that no square overflows; gradients of exactly zero among them.
number = st.floats(-1e100, 1e100) | st.floats(-1.0, 1.0) | st.just(0.0)
rates = st.floats(1e-6, 10.0)


@st.composite
def walks(draw):
    """Draw parameters, and one to five gradients of their shapes."""
    shapes = draw(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 3)), min_size=1, max_size=3))
    shaped = st.tuples(*[matrices(*shape, number) for shape in shapes]).map(list)
    return draw(shaped), draw(st.lists(shaped, min_size=1, max_size=5))


def as_lists(expected):
    return [each.value.tolist() for each in expected]


def step_both(optimizer, reference, parameters, gradients):
    """Take one step from the same place with both; return both new places."""
    taken = reference.step([Rounded(W) for W in parameters], [Rounded(G) for G in gradients])
    return optimizer.step(parameters, gradients), as_lists(taken)


# -- against the formulas ----------------------------------------------------------------------
# Everything an optimizer does to a number (+, -, *, / and the square root) IEEE 754 rounds
# correctly, here and in NumPy. So in the formula's order both give the same floats: no tolerance.


@given(walks(), rates, st.just(0.0) | st.floats(0.0, 0.999))
def test_sgd_steps_as_its_formula_says(walk, rate, momentum):
    parameters, path = walk
    ours, formula = SGD(rate, momentum), ReferenceSGD(rate, momentum)
    for gradients in path:
        parameters, expected = step_both(ours, formula, parameters, gradients)
        assert parameters == expected
        assert ours.velocities == (as_lists(formula.velocities) if momentum else [])


@given(walks(), rates)
def test_rprop_steps_as_igel_and_huesken_say(walk, rate):
    parameters, path = walk
    ours, formula = RProp(rate), ReferenceRProp(rate)
    for gradients in path:
        parameters, expected = step_both(ours, formula, parameters, gradients)
        assert parameters == expected
        assert ours.signs == [signs.tolist() for signs in formula.signs]
        assert ours.sizes == [sizes.tolist() for sizes in formula.sizes]


@given(walks(), rates)
def test_adam_steps_as_algorithm_1_says(walk, rate):
    parameters, path = walk
    ours, formula = Adam(rate), ReferenceAdam(rate)
    for gradients in path:
        parameters, expected = step_both(ours, formula, parameters, gradients)
        assert parameters == expected
        assert ours.means == as_lists(formula.m)
        assert ours.squares == as_lists(formula.v)
        assert ours.steps == formula.t


# -- in numbers --------------------------------------------------------------------------------


def path_of(optimizer, gradients, weight=0.0):
    """Return the value of one weight after each step."""
    path = []
    for gradient in gradients:
        [[[weight]]] = optimizer.step([[[weight]]], [[[gradient]]])
        path.append(weight)
    return path


def test_plain_sgd_subtracts_a_part_of_the_gradient():
    assert path_of(SGD(0.5), [4.0, -2.0, 0.0]) == [-2.0, -1.0, -1.0]


def test_momentum_keeps_going_after_the_slope_has_ended():
    assert path_of(SGD(1.0, momentum=0.5), [8.0, 0.0, 0.0, 0.0]) == [-8.0, -12.0, -14.0, -15.0]


def test_rprop_grows_by_a_fifth_while_the_sign_stays():
    assert path_of(RProp(1.0), [7.0, 0.001]) == [-1.0, -1.0 - 1.2]


def test_rprop_halves_its_step_and_rests_where_the_sign_changes():
    optimizer = RProp(1.0)
    assert path_of(optimizer, [7.0, -7.0, -7.0]) == [-1.0, -1.0, -0.5]
    assert optimizer.sizes == [[[0.5]]]


def test_rprop_rests_where_there_is_no_slope_and_keeps_its_step():
    assert path_of(RProp(1.0), [7.0, 0.0, -7.0]) == [-1.0, -1.0, 0.0]


def test_rprop_keeps_its_steps_between_a_millionth_and_fifty():
    growing, shrinking = RProp(40.0), RProp(1.5e-6)
    path_of(growing, [1.0] * 5)
    path_of(shrinking, [1.0, -1.0] * 5)
    assert growing.sizes == [[[50.0]]]
    assert shrinking.sizes[0][0][0] in (1e-6, 1.2e-6)


def test_rprop_does_not_take_what_is_no_number_for_a_slope():
    assert math.isnan(path_of(RProp(1.0), [math.nan])[0])


@pytest.mark.parametrize("gradient", [1e-3, 1.0, 1e3])
def test_adams_steps_are_as_long_as_its_rate_whatever_the_slope(gradient):
    # Corrected, the means of a constant slope g are g and g². So a step is rate · g / (g + 1e-8),
    # which is shorter by less than 1e-8 / 1e-3; rounding (of 1 - 0.999, mostly) takes 1e-13.
    path = path_of(Adam(0.5), [gradient] * 4)
    assert path == pytest.approx([-0.5, -1.0, -1.5, -2.0], rel=1e-5)


def test_adam_stands_still_where_there_never_was_a_slope():
    assert path_of(Adam(0.5), [0.0, 0.0]) == [0.0, 0.0]


def test_adams_constants_are_the_papers():
    assert (Adam.MEAN_DECAY, Adam.SQUARE_DECAY, Adam.EPSILON) == (0.9, 0.999, 1e-8)
    assert Adam().learning_rate == 0.001


# -- what they keep ----------------------------------------------------------------------------

each_optimizer = pytest.mark.parametrize(
    "make", [SGD, lambda: SGD(momentum=0.9), RProp, Adam], ids=["sgd", "momentum", "rprop", "adam"]
)
W, G = [[[1.0, 2.0]], [[3.0]]], [[[0.1, -0.2]], [[0.3]]]


@each_optimizer
def test_a_step_changes_and_keeps_nothing_of_what_it_is_given(make):
    optimizer = make()
    for _ in range(2):
        assert_touches_nothing(optimizer.step, W, G)
    assert_touches_nothing(lambda *_: list(vars(optimizer).values()), W, G)


@each_optimizer
@pytest.mark.parametrize("copied", [copy.deepcopy, lambda one: pickle.loads(pickle.dumps(one))])
def test_a_saved_optimizer_goes_on_where_it_was(make, copied):
    optimizer = make()
    optimizer.step(W, G)
    other = copied(optimizer)
    for _ in range(3):
        assert other.step(W, G) == optimizer.step(W, G)


@each_optimizer
def test_what_it_remembers_is_never_changed_in_place(make):
    optimizer = make()
    optimizer.step(W, G)
    kept = dict(vars(optimizer))
    before = repr(kept)
    optimizer.step(W, G)
    assert repr(kept) == before


@pytest.mark.parametrize("make", [lambda: SGD(momentum=0.9), RProp, Adam])
@pytest.mark.parametrize("others", [G[:1], [*G, [[1.0]]], [[[0.1], [-0.2]], [[0.3]]], G[::-1]])
def test_another_networks_gradients_are_refused_and_nothing_is_forgotten(make, others):
    optimizer = make()
    optimizer.step(W, G)
    before = repr(vars(optimizer))
    message = complaint(optimizer.step, others, others)
    assert message == "optimizer: its state fits other sizes: create a new optimizer"
    assert repr(vars(optimizer)) == before


@each_optimizer
@pytest.mark.parametrize("zero", [0.0, -0.0])
def test_minus_zero_becomes_zero_where_the_negative_gradient_is_zero(make, zero):
    """As the article's addition makes it: -0.0 + 0.0 is 0.0, and -0.0 + -0.0 is -0.0."""
    [[[weight]]] = make().step([[[-0.0]]], [[[-zero]]])
    momentum = getattr(make(), "momentum", 0.0)  # a velocity begins at 0.0
    assert math.copysign(1.0, weight) == math.copysign(1.0, 0.0 if momentum else zero)


@each_optimizer
@pytest.mark.parametrize("gradients", [[], G[:1], [*G, [[1.0]]]])
def test_a_step_needs_a_gradient_for_each_parameter(make, gradients):
    message = f"gradients: expected 2, one for each parameter, got {len(gradients)}"
    assert complaint(make().step, W, gradients) == message


def test_plain_sgd_remembers_nothing_so_it_serves_any_network():
    optimizer = SGD()
    optimizer.step(W, G)
    assert optimizer.step(G[:1], G[:1]) == [[[0.0, 0.0]]]


# -- what they refuse --------------------------------------------------------------------------

BAD_RATES = [
    (0, "0"),
    (-0.1, "-0.1"),
    (math.nan, "nan"),
    (math.inf, "inf"),
    ("0.1", "'0.1' (str)"),
    (b"1", "b'1' (bytes)"),
    (None, "None"),
    ([0.1], "[0.1] (list)"),
]


@pytest.mark.parametrize("optimizer", [SGD, RProp, Adam])
@pytest.mark.parametrize(("rate", "shown"), BAD_RATES)
def test_a_rate_that_leads_nowhere_is_refused(optimizer, rate, shown):
    message = f"learning_rate: expected a number above 0, got {shown}"
    assert complaint(optimizer, rate) == message


@pytest.mark.parametrize(
    ("momentum", "shown"),
    [
        (1, "1"),
        (1.0, "1.0"),
        (-0.1, "-0.1"),
        (math.nan, "nan"),
        ("0.9", "'0.9' (str)"),
        (None, "None"),
    ],
)
def test_a_momentum_that_never_fades_is_refused(momentum, shown):
    message = f"momentum: expected a number from 0 to below 1, got {shown}"
    assert complaint(SGD, 1.0, momentum) == message


# -- choosing ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kind", "rate"), [("sgd", SGD, 1.0), ("rprop", RProp, 0.1), ("adam", Adam, 0.001)]
)
def test_a_name_stands_for_its_optimizer_with_its_own_rate(name, kind, rate):
    optimizer = choose(name, None, 0.0)
    assert type(optimizer) is kind
    assert optimizer.learning_rate == rate == kind().learning_rate
    assert choose(name, 0.25, 0.0).learning_rate == 0.25


def test_momentum_reaches_sgd():
    assert choose("sgd", np.float64(0.5), 0.9).momentum == 0.9


def test_an_optimizer_that_is_given_is_taken_as_it_is():
    optimizer = Adam()
    assert choose(optimizer, None, 0.0) is optimizer


NAMES = 'optimizer: expected "sgd", "rprop" or "adam", got '


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("SGD", None, 0.0), NAMES + "'SGD'"),
        ((None, None, 0.0), NAMES + "None"),
        (([], None, 0.0), NAMES + "[]"),
        ((Adam, None, 0.0), NAMES + repr(Adam)),
        (("adam", None, 0.9), "momentum: only sgd takes it, not adam"),
        (("rprop", None, 0.9), "momentum: only sgd takes it, not rprop"),
        ((Adam(), 0.1, 0.0), "learning_rate and momentum: set them when you create the optimizer"),
        ((SGD(), None, 0.9), "learning_rate and momentum: set them when you create the optimizer"),
        (("sgd", 0, 0.0), "learning_rate: expected a number above 0, got 0"),
        (("rprop", -1, 0.0), "learning_rate: expected a number above 0, got -1"),
        (("adam", "1", 0.0), "learning_rate: expected a number above 0, got '1' (str)"),
        (("sgd", None, 1.0), "momentum: expected a number from 0 to below 1, got 1.0"),
    ],
)
def test_what_cannot_be_chosen_is_refused(arguments, message):
    assert complaint(choose, *arguments) == message
