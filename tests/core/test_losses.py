"""Losses: each against NumPy's formula, and the step back from it against finite differences."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import (
    QUANTUM,
    ROUNDING,
    assert_touches_nothing,
    complaint,
    finite_float,
    in_numpy,
    last_of_running_sums,
    matrices,
    of_one_shape,
    size,
    thousandths,
)

from purenet.core.activations import ACTIVATIONS
from purenet.core.checks import check_targets, one_hot
from purenet.core.losses import (
    SMALLEST_OUTPUT,
    SMALLEST_REST,
    Loss,
    binary_cross_entropy,
    categorical_cross_entropy,
    find_loss,
    squared_error,
)
from purenet.core.matrix import argmax

LOSSES = [squared_error, binary_cross_entropy, categorical_cross_entropy]
PAIRS = [("squared_error", name) for name in ACTIVATIONS]
PAIRS += [("cross_entropy", "sigmoid"), ("cross_entropy", "softmax")]

# NumPy's tests hold its log to one unit of the last place, and no C library is worse; one unit
# is at most two ROUNDINGs.
LOG_ROUNDINGS = 2 + 2

probability = st.floats(0.0, 1.0) | st.sampled_from([0.0, 5e-324, 1.0 - 2.0**-53, 1.0])


def rows(elements):
    """Draw targets and outputs of one row."""
    return size.flatmap(lambda n: st.tuples(*[st.lists(elements, min_size=n, max_size=n)] * 2))


# -- one row -------------------------------------------------------------------------------------


@given(rows(finite_float) | rows(thousandths))
def test_squared_error_has_the_bits_of_numpys_formula_added_from_left_to_right(pair):
    def formula(y, o):
        return 0.5 * last_of_running_sums((y - o) * (y - o))

    assert squared_error(*pair) == in_numpy(formula, *pair)


def log(probabilities, smallest=5e-324):
    return np.log(np.maximum(probabilities, smallest))


@pytest.mark.parametrize(
    ("loss", "formula"),
    [
        (
            binary_cross_entropy,
            lambda y, o: -(y * log(o) + (1.0 - y) * log(1.0 - o, 2.0**-53)).sum(),
        ),
        (categorical_cross_entropy, lambda y, o: -(y * log(o)).sum()),
    ],
)
@given(pair=rows(probability))
def test_cross_entropy_is_numpys_formula_within_the_rounding_of_log_and_sum(loss, formula, pair):
    # No term is negative, so nothing cancels: each is off by its log, and by its product and the
    # inner sum rounded here and in NumPy; then come n additions. A product can lose half a
    # QUANTUM to underflow: two in each of n terms, here and in NumPy.
    numpys, n = formula(*map(np.array, pair)), len(pair[0])
    bound = (LOG_ROUNDINGS + 2 * 2 + 2 * n) * ROUNDING * numpys + 2 * n * QUANTUM
    assert abs(loss(*pair) - numpys) <= bound


@pytest.mark.parametrize("loss", LOSSES)
@given(pair=rows(st.integers(0, 1000).map(lambda n: n / 1000)))
def test_the_loss_of_a_row_is_that_of_its_elements_added_from_left_to_right(loss, pair):
    elements = [loss([target], [output]) for target, output in zip(*pair)]
    assert loss(*pair) == last_of_running_sums(elements)


@pytest.mark.parametrize("loss", [binary_cross_entropy, categorical_cross_entropy])
@given(pair=rows(probability))
def test_cross_entropy_is_finite_for_every_probability_even_0_and_1(loss, pair):
    assert 0.0 <= loss(*pair) <= 2 * len(pair[0]) * 1075 * math.log(2)


def test_a_probability_of_zero_counts_as_the_smallest_above_it():
    assert (SMALLEST_OUTPUT, SMALLEST_REST) == (5e-324, 1.0 - math.nextafter(1.0, 0.0))
    for loss in (categorical_cross_entropy, binary_cross_entropy):
        assert loss([1.0], [0.0]) == loss([1.0], [5e-324]) == -math.log(5e-324)
        assert loss([1.0], [1e-100]) == -math.log(1e-100)
    assert binary_cross_entropy([0.0], [1.0]) == -math.log(2.0**-53)


@pytest.mark.parametrize("loss", LOSSES)
def test_what_is_certain_and_right_costs_nothing(loss):
    assert loss([1.0, 0.0], [1.0, 0.0]) == 0.0


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("target", [0.0, 1.0])
def test_an_output_of_nan_shows_in_the_loss(loss, target):
    assert math.isnan(loss([0.0, target, 1.0], [0.5, math.nan, 0.5]))


# -- several rows --------------------------------------------------------------------------------


@given(of_one_shape(2, thousandths))
def test_the_total_is_that_of_the_rows_added_from_the_first_down(pair):
    losses = [squared_error(*row) for row in zip(*pair)]
    assert Loss(squared_error).total(*pair) == last_of_running_sums(losses)


@pytest.mark.parametrize("outputs", [[[1.0, 0.0]], [[1.0], [0.0]], []])
def test_a_total_refuses_outputs_of_another_shape(outputs):
    assert complaint(Loss(squared_error).total, [[1.0, 0.0], [0.0, 1.0]], outputs)


def test_a_loss_says_which_shapes_differ():
    message = complaint(Loss(squared_error).total, [[1.0]], [[1.0, 2.0]])
    assert message == "loss: shapes differ: (1 x 1) and (1 x 2)"


# -- the way back --------------------------------------------------------------------------------

STEP = 2.0**-15


def loss_of_inputs(loss, activation, targets, inputs):
    """Return the loss of one row from the weighted inputs of the output layer."""
    return find_loss(loss, activation).of_row(targets, ACTIVATIONS[activation].forward([inputs])[0])


@pytest.mark.parametrize(("loss", "activation"), PAIRS)
@given(data=st.data())
def test_the_first_step_back_says_how_the_loss_falls_as_the_weighted_input_rises(
    loss, activation, data
):
    # A centered difference errs by STEP²/6 times the third derivative of the loss, which is below
    # 10 for every pair (tanh: 3·f'·f'' + (y - f)·f''' is below 7). For inputs up to 4, and three
    # outputs, a loss is off by less than 640 ROUNDINGs: it is below 40, at 16 ROUNDINGs a term;
    # and where 1 - o is as small as 1/56, log(1 - o) is off by 56 times the 3 ROUNDINGs of o. The
    # difference of two losses is divided by 2 · STEP. Inputs are multiples of STEP, so exact.
    # Cross-entropy after softmax asks for targets that add up to 1.
    n = data.draw(st.integers(1, 3))
    steps = st.integers(-(2**17), 2**17).filter(bool)  # 0 is a kink; 2**17 steps are 4.0
    inputs = [STEP * i for i in data.draw(st.lists(steps, min_size=n, max_size=n))]
    if (loss, activation) == ("cross_entropy", "softmax"):
        targets = one_hot([data.draw(st.integers(0, n - 1))], range(n))[0]
    else:
        targets = data.draw(st.lists(st.floats(0.0, 1.0), min_size=n, max_size=n))
    outputs = ACTIVATIONS[activation].forward([inputs])
    tolerance = 10.0 * STEP * STEP / 6.0 + 640.0 * ROUNDING / STEP
    for j, delta in enumerate(find_loss(loss, activation).backward([targets], outputs)[0]):
        above, below = (
            loss_of_inputs(loss, activation, targets, [*inputs[:j], moved, *inputs[j + 1 :]])
            for moved in (inputs[j] + STEP, inputs[j] - STEP)
        )
        assert abs(delta - (below - above) / (2.0 * STEP)) <= tolerance


@given(of_one_shape(2))
def test_the_first_step_back_changes_no_argument_and_returns_none_of_its_lists(pair):
    for loss, activation in PAIRS:
        assert_touches_nothing(find_loss(loss, activation).backward, *pair)


@pytest.mark.parametrize(("loss", "activation"), PAIRS)
def test_the_first_step_back_refuses_outputs_of_another_shape(loss, activation):
    message = complaint(find_loss(loss, activation).backward, [[1.0], [0.0]], [[1.0]])
    assert message == "subtract: shapes differ: (2 x 1) - (1 x 1)"


@given(rows(finite_float))
def test_no_loss_changes_its_arguments(pair):
    targets, outputs = pair
    for loss in LOSSES:
        assert_touches_nothing(loss, targets, outputs)
        assert_touches_nothing(Loss(loss).total, [targets], [outputs])


# -- names and targets ---------------------------------------------------------------------------


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_squared_error_goes_with_every_activation(activation):
    assert find_loss("squared_error", activation).of_row is squared_error


def test_cross_entropy_is_that_of_its_activation():
    assert find_loss("cross_entropy", "sigmoid").of_row is binary_cross_entropy
    assert find_loss("cross_entropy", "softmax").of_row is categorical_cross_entropy


@pytest.mark.parametrize(
    ("loss", "activation", "message"),
    [
        ("mse", "sigmoid", 'loss: expected "squared_error" or "cross_entropy", got \'mse\' (str)'),
        (None, "sigmoid", 'loss: expected "squared_error" or "cross_entropy", got None'),
        (
            "cross_entropy",
            "tanh",
            'loss: "cross_entropy" needs a sigmoid or softmax output layer, not tanh',
        ),
    ],
)
def test_a_loss_that_does_not_exist_or_fit_is_named(loss, activation, message):
    assert complaint(find_loss, loss, activation) == message


@pytest.mark.parametrize(
    ("activation", "y", "message"),
    [
        ("sigmoid", [[1.0], [2.0]], "y: row 1 has 2.0, but cross_entropy needs values from 0 to 1"),
        ("sigmoid", [[-0.5]], "y: row 0 has -0.5, but cross_entropy needs values from 0 to 1"),
        ("sigmoid", [[math.nan]], "y: row 0 has nan, but cross_entropy needs values from 0 to 1"),
        (
            "softmax",
            [[2.0, -1.0]],
            "y: row 0 has 2.0, but cross_entropy needs values from 0 to 1",
        ),
        (
            "softmax",
            [[0.0, 1.0], [0.5, 0.25]],
            "y: row 1 adds up to 0.75, but softmax needs rows that add up to 1",
        ),
    ],
)
def test_check_targets_names_the_row_that_is_no_probability(activation, y, message):
    assert complaint(check_targets, "cross_entropy", activation, y) == message


def test_check_targets_calls_the_targets_as_the_caller_does():
    message = complaint(check_targets, "cross_entropy", "sigmoid", [[2.0]], "validation y")
    assert message.startswith("validation y: row 0 has 2.0, ")


@pytest.mark.parametrize("total", [1.0 - 9e-7, 1.0, 1.0 + 9e-7])
def test_check_targets_takes_rows_that_add_up_to_1_within_six_digits(total):
    check_targets("cross_entropy", "softmax", [[0.5, total - 0.5]])


@pytest.mark.parametrize("total", [1.0 - 2e-6, 1.0 + 2e-6])
def test_check_targets_refuses_rows_that_miss_1_by_more(total):
    assert complaint(check_targets, "cross_entropy", "softmax", [[0.5, total - 0.5]])


@given(matrices(size, size, probability))
def test_check_targets_takes_all_probabilities_for_a_sigmoid(y):
    check_targets("cross_entropy", "sigmoid", y)


@given(matrices(size, size))
def test_check_targets_takes_everything_for_squared_error(y):
    check_targets("squared_error", "sigmoid", y)


# -- one_hot -------------------------------------------------------------------------------------


@given(st.lists(st.integers(-3, 3), min_size=1) | st.lists(st.text("abc", max_size=2), min_size=1))
def test_one_hot_has_a_single_1_in_the_column_of_the_label_among_all_sorted(labels):
    classes = sorted(set(labels))
    targets = one_hot(labels)
    assert [classes[j] for j in argmax(targets)] == labels
    assert all(sorted(row) == [0.0] * (len(classes) - 1) + [1.0] for row in targets)


@given(st.permutations([1, 2, 3]), st.lists(st.integers(1, 3), min_size=1))
def test_one_hot_keeps_the_order_of_the_classes_it_is_given(classes, labels):
    columns = [classes.index(label) for label in labels]
    assert one_hot(labels, classes) == np.eye(3)[columns].tolist()


def test_one_hot_takes_numpys_labels_and_classes():
    assert one_hot(np.array([2, 1])) == [[0.0, 1.0], [1.0, 0.0]]
    assert one_hot(np.array(["b"]), np.array(["a", "b"])) == [[0.0, 1.0]]


def test_one_hot_makes_a_list_of_its_own_for_every_row():
    assert len({id(row) for row in one_hot([1, 1, 1])}) == 3


@pytest.mark.parametrize(
    ("labels", "classes", "message"),
    [
        ([], [], "labels: expected at least one label, got none"),
        ([1], [1, 1], "classes: expected each class once, got [1, 1] (list)"),
        ([1, "a"], [], "labels: expected only text or only numbers"),
        ([[1]], [], "labels: expected only text or only numbers"),
        ([[1]], [[1]], "labels: expected only text or only numbers"),
        ([math.nan], [], "labels: row 0 is nan, which is not among the classes"),
    ],
)
def test_one_hot_refuses_labels_that_make_no_classes(labels, classes, message):
    assert complaint(one_hot, labels, classes) == message


def test_one_hot_takes_labels_that_can_be_gone_through_only_once():
    assert one_hot(label for label in "ba") == [[0.0, 1.0], [1.0, 0.0]]


def test_one_hot_names_the_first_label_that_is_no_class():
    message = complaint(one_hot, ["apple", "fig", "kiwi"], ["apple", "pear"])
    assert message == "labels: row 1 is 'fig' (str), which is not among the classes"


def test_one_hot_changes_neither_labels_nor_classes():
    assert_touches_nothing(one_hot, ["b", "a"], ["b", "a"])
