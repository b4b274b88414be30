"""Activations: each against NumPy's formula, each slope against the function that it belongs to."""

import math
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import (
    QUANTUM,
    ROUNDING,
    any_float,
    assert_touches_nothing,
    bits,
    complaint,
    finite_float,
    in_numpy,
    last_of_running_sums,
    matrices,
    of_one_shape,
    size,
    thousandths,
    ulps_apart,
)

from purenet.core.activations import (
    ACTIVATIONS,
    leaky_relu,
    linear,
    relu,
    sigmoid,
    sigmoid_slope,
    softmax,
    softmax_deltas,
)

# How far two functions of C libraries may lie apart, in units of the last place (ulps). NumPy's
# own tests hold its exp to 1 and its tanh to 2; no C library is known to miss exp by 1 or tanh by
# 3 (P. Zimmermann, "Accuracy of mathematical functions", HAL hal-03141101, 2021). An ulp is one
# to two ROUNDINGs of the number: k ROUNDINGs are at most k ulps, k ulps at most 2k ROUNDINGs.
EXP_ULPS = 1 + 1
TANH_ULPS = 2 + 3

number = st.floats(allow_nan=False)
row = st.lists(any_float, min_size=1, max_size=6)
finite_row = st.lists(finite_float, min_size=1, max_size=6)


# -- sigmoid -------------------------------------------------------------------------------------


@given(any_float)
def test_sigmoid_is_numpys_formula_within_the_rounding_of_exp(x):
    # An error of exp(-x) reaches 1 / (1 + exp(-x)) at most undiminished; the sum and the quotient
    # are rounded here and in NumPy.
    bound = 2 * EXP_ULPS + 2 * 2
    numpys = in_numpy(lambda x: 1.0 / (1.0 + np.exp(-x)), x)
    assert ulps_apart(sigmoid(x), numpys) <= bound


@given(number)
def test_sigmoid_lies_between_0_and_1(x):
    assert 0.0 <= sigmoid(x) <= 1.0


@given(number, number)
def test_sigmoid_never_falls(x, y):
    low, high = sorted([x, y])
    assert sigmoid(low) <= sigmoid(high)


@given(st.floats(-800.0, 50.0), st.integers(1, 4))
def test_sigmoid_never_falls_from_one_float_to_the_next(x, steps):
    higher = x
    for _ in range(steps):
        higher = math.nextafter(higher, math.inf)
    assert sigmoid(x) <= sigmoid(higher)


def test_sigmoid_of_nan_is_nan():
    assert math.isnan(sigmoid(math.nan))


def test_sigmoid_is_0_exactly_where_exp_overflows():
    last = math.log(sys.float_info.max)
    assert sigmoid(-last) == 1.0 / math.exp(last) > 0.0
    assert sigmoid(math.nextafter(-last, -math.inf)) == 0.0
    assert sigmoid(-math.inf) == sigmoid(-sys.float_info.max) == 0.0


def test_sigmoid_is_1_exactly_where_exp_is_half_the_step_from_1_to_the_next_float():
    # 1 + exp(-x) is rounded to 1 from exp(-x) = 2**-53 on, which is x = 53·log(2). Before that it
    # is at least one step of 2**-52 above 1, and so the quotient two steps of 2**-53 below.
    last = 53 * math.log(2)
    assert sigmoid(last) == 1.0 - 2.0**-52
    assert sigmoid(math.nextafter(last, math.inf)) == 1.0
    assert 36.73 < last < 36.74


@given(st.floats(min_value=36.74))
def test_sigmoid_is_exactly_1_from_36_74_on(x):
    assert sigmoid(x) == 1.0


@given(st.floats(0.0, 1.0))
def test_sigmoid_slope_is_at_most_a_quarter(output):
    assert 0.0 <= sigmoid_slope(output) <= 0.25 == sigmoid_slope(0.5)


# -- the others ----------------------------------------------------------------------------------


@given(any_float)
def test_tanh_is_numpys_within_the_rounding_of_both(x):
    [[ours]] = ACTIVATIONS["tanh"].forward([[x]])
    assert ulps_apart(ours, in_numpy(np.tanh, x)) <= TANH_ULPS


@pytest.mark.parametrize(
    ("function", "formula"),
    [
        (relu, lambda x: np.where(x < 0.0, 0.0, x)),
        (leaky_relu, lambda x: np.where(x < 0.0, 0.01 * x, x)),
        (linear, lambda x: x),
    ],
)
@given(x=any_float)
def test_piecewise_straight_functions_have_the_bits_of_numpys_formula(function, formula, x):
    assert bits([[function(x)]]) == bits([[in_numpy(formula, x)]])


# -- slopes --------------------------------------------------------------------------------------

STEP = 2.0**-17
ELEMENTWISE = ["sigmoid", "tanh", "relu", "leaky_relu", "linear"]


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(steps=st.integers(-(2**20), 2**20).filter(bool))  # 0 is the kink; 2**20 steps are 8.0
def test_slopes_taken_from_the_output_are_the_derivatives_by_the_input(name, steps):
    # A centered difference errs by STEP²/6 times the third derivative, which is 2 at most (tanh
    # at 0). Outputs are up to 8 and right to 3 ulps, 8 * 6 ROUNDINGs, and of two of them the
    # difference is divided by 2 · STEP. The points are multiples of STEP, so they are exact.
    function, slope = ACTIVATIONS[name].function, ACTIVATIONS[name].slope
    x = steps * STEP
    difference = (function(x + STEP) - function(x - STEP)) / (2.0 * STEP)
    tolerance = 2.0 * STEP * STEP / 6.0 + 8.0 * 6.0 * ROUNDING / STEP
    assert abs(slope(function(x)) - difference) <= tolerance


@pytest.mark.parametrize("x", [0.0, -0.0])
def test_at_its_kink_relu_lets_nothing_back_and_leaky_relu_a_hundredth(x):
    assert ACTIVATIONS["relu"].slope(relu(x)) == 0.0
    assert ACTIVATIONS["leaky_relu"].slope(leaky_relu(x)) == 0.01


# -- softmax -------------------------------------------------------------------------------------


@given(row)
def test_softmax_is_numpys_formula_within_the_rounding_of_exp_and_sum(x):
    # Each power, and so their sum, is off by EXP_ULPS; the sum's n - 1 additions and the quotient
    # are rounded here and in NumPy.
    def formula(x):
        powers = np.exp(x - x.max())
        return powers / powers.sum()

    bound = 2 * (2 * EXP_ULPS) + 2 * len(x)
    assert all(ulps_apart(a, b) <= bound for a, b in zip(softmax(x), in_numpy(formula, x)))


@given(st.lists(thousandths, min_size=1, max_size=6))
def test_softmax_adds_the_powers_from_left_to_right(x):
    powers = [math.exp(a - max(x)) for a in x]
    assert softmax(x) == in_numpy(lambda powers: powers / last_of_running_sums(powers), powers)


@given(finite_row)
def test_softmax_adds_up_to_1(x):
    # n - 1 additions and n quotients rounded: each term is off by n·ROUNDING, and fsum by one.
    outputs = softmax(x)
    assert min(outputs) >= 0.0
    assert abs(math.fsum(outputs) - 1.0) <= 2 * len(x) * ROUNDING


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=6), st.integers(-(2**40), 2**40))
def test_softmax_stays_the_same_bit_for_bit_where_every_input_rises_as_much(x, rise):
    # For whole numbers below 2**53 the rise is exact, and so are the differences it leaves alone.
    assert softmax([float(a) for a in x]) == softmax([float(a + rise) for a in x])


@given(row, st.integers(0, 6))
def test_softmax_of_a_row_with_nan_is_all_nan(x, place):
    assert all(map(math.isnan, softmax([*x[:place], math.nan, *x[place:]])))


@st.composite
def errors_and_outputs(draw):
    """Draw errors, and outputs of softmax that are far from underflow."""
    n = draw(st.integers(1, 6))
    errors = draw(st.lists(st.floats(-1e3, 1e3), min_size=n, max_size=n))
    inputs = draw(st.lists(st.floats(-15.0, 15.0), min_size=n, max_size=n))
    return errors, softmax(inputs)


@given(errors_and_outputs())
def test_softmax_deltas_are_numpys_jacobian_times_the_errors(pair):
    # With E the largest error, and Σ o = 1: here the mean of n terms is off by n·E ROUNDINGs, the
    # difference by 2·E more, the product by 2·E·o; together (n + 4)·E·o. In NumPy the matrix is
    # off by 2·o on its diagonal and o off it, and its product with the errors by 2·n·E·o. The
    # products can also lose to underflow, n + 1 of them here and 2·n there.
    errors, outputs = pair
    jacobian_product = in_numpy(lambda e, o: (np.diag(o) - np.outer(o, o)) @ e, errors, outputs)
    n, largest = len(errors), max(map(abs, errors))
    for delta, numpys, output in zip(softmax_deltas(errors, outputs), jacobian_product, outputs):
        bound = (3 * n + 7) * ROUNDING * largest * output + (3 * n + 1) * QUANTUM
        assert abs(delta - numpys) <= bound


@given(of_one_shape(2) | of_one_shape(2, thousandths))
def test_softmax_deltas_add_the_products_from_left_to_right_beginning_with_the_first(pair):
    def formula(errors, outputs):
        return outputs * (errors - last_of_running_sums(errors * outputs))

    (errors, *_), (outputs, *_) = pair
    assert bits([softmax_deltas(errors, outputs)]) == bits([in_numpy(formula, errors, outputs)])


# -- a whole layer -------------------------------------------------------------------------------

SLOPES = {
    "sigmoid": lambda o: o * (1.0 - o),
    "tanh": lambda o: 1.0 - o * o,
    "relu": lambda o: np.where(o > 0.0, 1.0, 0.0),
    "leaky_relu": lambda o: np.where(o > 0.0, 1.0, 0.01),
    "linear": np.ones_like,
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(Z=matrices(size, size))
def test_forward_is_the_function_of_each_element(name, Z):
    activation = ACTIVATIONS[name]
    assert bits(activation.forward(Z)) == bits([[activation.function(z) for z in row] for row in Z])


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(pair=of_one_shape(2))
def test_backward_is_the_errors_times_numpys_slopes_bit_for_bit(name, pair):
    numpys = in_numpy(lambda errors, outputs: errors * SLOPES[name](outputs), *pair)
    assert bits(ACTIVATIONS[name].backward(*pair)) == bits(numpys)


@given(matrices(size, size))
def test_softmax_goes_forward_row_by_row(Z):
    assert bits(ACTIVATIONS["softmax"].forward(Z)) == bits(map(softmax, Z))


@given(of_one_shape(2))
def test_softmax_goes_backward_row_by_row(pair):
    deltas = ACTIVATIONS["softmax"].backward(*pair)
    assert bits(deltas) == bits(map(softmax_deltas, *pair))


@given(of_one_shape(2))
def test_no_activation_changes_its_arguments_or_returns_their_lists(pair):
    for activation in ACTIVATIONS.values():
        assert_touches_nothing(activation.forward, pair[0])
        assert_touches_nothing(activation.backward, *pair)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("Z", [[], [[]], [[1.0, 2.0], [3.0, 4.0, 5.0]]])
def test_no_activation_goes_forward_with_an_empty_or_ragged_matrix(name, Z):
    assert complaint(ACTIVATIONS[name].forward, Z)


@pytest.mark.parametrize("name", ACTIVATIONS)
@pytest.mark.parametrize("outputs", [[[0.5, 0.5]], [[1.0], [1.0]], [[0.5, 0.5], [1.0]]])
def test_no_activation_goes_backward_with_errors_of_another_shape(name, outputs):
    assert complaint(ACTIVATIONS[name].backward, [[1.0, 2.0], [3.0, 4.0]], outputs)


def test_softmax_says_what_is_wrong_with_a_matrix():
    softmax = ACTIVATIONS["softmax"]
    ragged, row = [[1.0], [1.0, 2.0]], [[1.0, 2.0]]
    assert complaint(softmax.forward, ragged) == "softmax: row 1 has 2 values, but row 0 has 1"
    message = complaint(softmax.backward, [[1.0]], row)
    assert message == "softmax: shapes differ: (1 x 1) and (1 x 2)"
