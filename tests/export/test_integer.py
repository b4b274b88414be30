"""Whole-number inference in Python: against exact arithmetic, and within the types of C."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import HIDDEN, any_float, complaint, finite_float, matrices, thousandths
from whole_numbers import models

from purenet import Network, PureNetError, Regressor
from purenet.core.activations import LEAK
from purenet.estimators.preparation import Standardizer
from purenet.export.c import c_source
from purenet.export.integer import (
    END,
    ENTRIES,
    LAST_PLACE,
    PLACE,
    PLACES,
    SLOPES,
    WholeNumbers,
    factor_and_shift,
    scaled,
)
from purenet.formats.model import Model

INT32 = 2**31 - 1
sums = st.integers(-INT32, INT32) | st.sampled_from([0, 1, 2**16, INT32, -INT32])
factors, shifts = st.integers(0, 2**16), st.integers(0, 15)


def linear(weights, biases=None, **options):
    """Return a network of one linear layer."""
    network = Network([len(weights), len(weights[0])], output_activation="linear", seed=1)
    network.weights, network.biases = [weights], [biases] if biases else []
    return Model(network, **options)


# -- one product -------------------------------------------------------------------------------


@given(value=sums, factor=factors, shift=shifts)
def test_a_scaled_sum_is_that_of_fractions_but_for_its_rounding(value, factor, shift):
    """What is cut off is less than 1 before the shift, and the shift rounds, unless it is 0."""
    exact = Fraction(value * factor, 2 ** (16 + shift))
    error = abs(scaled(value, factor, shift) - exact)
    assert error < 1 if shift == 0 else error <= Fraction(1, 2) + Fraction(1, 2**shift)
    assert scaled(-value, factor, shift) == -scaled(value, factor, shift)


@given(value=sums, factor=factors, shift=shifts)
def test_a_sum_is_scaled_in_32_bits(value, factor, shift):
    """NumPy's wrap around as those of C do: the same result shows that nothing has."""
    size, low, by = np.uint32(abs(value)), np.uint32(0xFFFF), np.uint32(shift)
    with np.errstate(over="ignore"):
        product = (size >> np.uint32(16)) * np.uint32(factor)
        product = product + ((size & low) * np.uint32(factor) >> np.uint32(16))
        rounded = (product + ((np.uint32(1) << by) >> np.uint32(1))) >> by
    assert abs(scaled(value, factor, shift)) == int(rounded) <= INT32
    if factor < 2**16:  # then the zero of a line can be added
        assert int(rounded) + 2**15 - 1 <= INT32


@given(ratio=st.floats(0.0, 1.0, exclude_max=True))
def test_a_factor_and_its_shift_are_a_ratio_to_16_bits(ratio):
    """The factor has 16 digits, unless the shift ends at 15, where a unit is 2**-31."""
    factor, shift = factor_and_shift(ratio)
    assert 0 <= factor < 2**16 and 0 <= shift <= 15
    error = abs(Fraction(factor, 2 ** (16 + shift)) - Fraction(ratio))
    assert error <= max(Fraction(ratio) / 2**16, Fraction(1, 2**32))


# -- activations -------------------------------------------------------------------------------


def hidden(activation, **options):
    """Return whole numbers with one hidden neuron."""
    network = Network([1, 1, 1], activation=activation, output_activation="linear", seed=1)
    network.weights = [[[1.0]], [[1.0]]]
    return WholeNumbers(Model(network), **options)


STEEPEST_TURN = 4.0 / 3.0**1.5  # the largest |tanh''|, where tanh is 1/√3


@given(value=sums, stride=st.integers(1, LAST_PLACE) | st.integers(1, 40))
@pytest.mark.parametrize("activation", ["tanh", "sigmoid"])
def test_a_curve_is_within_a_unit_and_the_error_of_its_table(activation, value, stride):
    """Half a unit is lost in the entries, half in what lies between them.

    A line between entries h apart is off by h²/8 times the largest second derivative. Behind the
    last place, tanh is still to grow to 1.
    """
    whole = hidden(activation)
    layer = whole.layers[0]._replace(stride=stride)
    q = whole._activated(layer, value)
    most = LAST_PLACE // stride
    between = (END / ENTRIES) ** 2 / 8.0 * STEEPEST_TURN
    behind = 1.0 - math.tanh(PLACE * stride * most) if abs(value) > most else 0.0
    error = abs((q - whole.half) / whole.half - math.tanh(value * stride * PLACE))
    assert error <= 1.0 / whole.half + between + behind
    line = np.interp(min(abs(value), most) * stride / PLACES, range(ENTRIES + 1), whole.table)
    assert abs(abs(q - whole.half) - line) <= 0.5


def test_a_sigmoid_is_tanh_of_the_half_from_0_to_1():
    tanh, sigmoid = hidden("tanh"), hidden("sigmoid")
    for x in (-16.0, -2.0, -0.1, 0.0, 3.0, 16.0):
        z = (sigmoid.quantized([x])[0] - sigmoid.scale.zero) * sigmoid.scale.step
        [[a]], [[half]] = sigmoid.apply([[x]]), tanh.apply([[x / 2.0]])
        assert a == pytest.approx(1.0 / (1.0 + math.exp(-z)), abs=5e-4)
        assert a == pytest.approx((1.0 + half) / 2.0, abs=1e-3)


@given(value=sums.filter(lambda n: abs(n) <= INT32 - 2**15))
@pytest.mark.parametrize("activation", list(SLOPES))
def test_a_line_is_its_slope_below_0_and_ends_where_its_numbers_do(activation, value):
    whole = hidden(activation, rows=[[-300.0], [1.0]])
    layer = whole.layers[0]
    slope = {"relu": 0.0, "leaky_relu": LEAK, "linear": 1.0}[activation]
    exact = layer.scale.zero + (value * slope if value < 0 else value)
    # A slope of 16 digits is off by 2**-17 of it; that is less than half a number.
    assert abs(whole._activated(layer, value) - min(max(exact, 0), whole.largest)) <= 1.0
    assert activation == "relu" or layer.scale.zero > 0


def test_a_leaky_layer_reaches_far_below_0():
    """Its outputs there are a hundredth of the sums, which reach further than its range."""
    network = Network([1, 1, 1], activation="leaky_relu", output_activation="linear", seed=1)
    network.weights = [[[1.0]], [[1.0]]]
    rows = [[1.0], [-100.0], [-200.0]]
    whole = WholeNumbers(Model(network), rows)
    assert np.allclose(whole.apply(rows), [[1.0], [-1.0], [-2.0]], atol=0.01)


# -- one layer ---------------------------------------------------------------------------------

shape = st.tuples(st.integers(1, 6), st.integers(1, 4))


@given(
    shape.flatmap(
        lambda s: st.tuples(
            matrices(*s, thousandths),
            matrices(1, s[1], thousandths),
            matrices(3, s[0], st.floats(-16.0, 16.0)),
        )
    )
)
def test_a_linear_layer_is_off_by_half_steps_of_inputs_weights_and_bias(drawn):
    weights, [biases], rows = drawn
    whole = WholeNumbers(linear(weights, biases), double=True)
    step, [layer] = whole.scale.step, whole.layers
    for row, outputs in zip(rows, whole.apply(rows)):
        x = np.array(row)
        exact = x @ np.array(weights) + biases
        # A weight's step is worth / step; inputs are off by half a step where weights are rounded.
        of_weights = (abs(x) + step / 2.0).sum() * np.array(layer.worth) / step / 2.0
        bound = abs(np.array(weights)).sum(0) * step / 2.0 + of_weights + np.array(layer.worth) / 2
        assert (abs(np.array(outputs) - exact) <= bound * (1.0 + 1e-9) + 1e-12).all()


@given(matrices(4, 3, st.floats(-1e6, 1e6)), thousandths)
def test_outputs_of_a_regressor_are_those_of_its_targets(targets, x):
    model = linear([[1.0, -0.5, 0.0]], [0.0, 1.0, 2.0], kind="regressor", several=True)
    model = model._replace(outputs=Standardizer.of(targets))
    [outputs], [exact] = WholeNumbers(model).apply([[x]]), model.apply([[x]])
    # Half a step of 32 / 32767 of the input, and of 1 / 127 of 1 in each weight, of which two are
    # multiples of it but for -0.5: at most 0.5 / 127 · |x|; and a bias of half a unit.
    bound = (5e-4 + 0.5 / 127 * (abs(x) + 5e-4) + 1e-5) * np.array(model.outputs.deviations)
    assert (abs(np.array(outputs) - exact) <= bound * 1.001 + 1e-9).all()


# -- inputs ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "kind"),
    [
        ([0, 255], "uint8_t"),
        ([-0.0, 1.0], "uint8_t"),
        ([0, 256], "int16_t"),
        ([-1, 0], "int16_t"),
        ([-(2**15), 2**15 - 1], "int16_t"),
        ([0, 2**15], ""),
        ([0, -(2**15) - 1], ""),
        ([0.5, 1.0], ""),
        ([1e30, -1e30], ""),
    ],
)
def test_inputs_are_whole_if_all_rows_are(numbers, kind):
    assert WholeNumbers(linear([[1.0]]), [[x] for x in numbers]).inputs.kind == kind


@given(
    rows=matrices(st.integers(2, 6), 3, st.integers(-(2**15), 2**15 - 1).map(float)), data=st.data()
)
def test_a_whole_input_is_standardized_to_half_a_step_whatever_the_other_columns(rows, data):
    """The second column is of bits, whose deviation is ten thousands of times as small.

    Half a step is cut off; a factor of at least 2**13 is off by half, an offset by half a unit.
    """
    rows = [[x, data.draw(st.sampled_from([0.0, 1.0])), y] for x, _, y in rows]
    model = linear([[1.0], [1.0], [1.0]], inputs=Standardizer.of(rows))
    whole = WholeNumbers(model, rows)
    assert whole.inputs.kind
    for row, prepared in zip(rows, model.inputs.apply(rows)):
        for i, q in enumerate(whole.quantized(row)):
            exact = prepared[i] / whole.scale.step + whole.scale.zero
            unit = 2.0 ** -whole.inputs.shifts[i]
            error = 0.5 + (abs(row[i] - model.inputs.means[i]) / 2.0 + 0.5) * unit
            assert abs(q - min(max(exact, 0), whole.largest)) <= error + 1e-6
            assert error < 1.5 or whole.inputs.factors[i] >= 2**13


@given(mean=st.integers(2**14, 2**15).map(float), power=st.floats(-3.0, 5.0))
def test_a_whole_input_far_from_0_leaves_no_32_bits(mean, power):
    """The product and the offset nearly cancel; neither may be more than half of the room."""
    for sign in (-1.0, 1.0):
        scale = Standardizer([sign * (mean - 1.0)], [10.0**power])
        whole = WholeNumbers(linear([[1.0]], inputs=scale), [[-300.0], [sign * (mean - 1.0)]])
        assert_fits(whole)
        if whole.inputs.kind:
            _, [factor], [offset], _ = whole.inputs
            for x in (-(2**15), 2**15 - 1):
                assert abs(x * factor + offset) <= INT32


@given(row=matrices(1, 2, any_float))
def test_any_float_is_an_input_and_nan_is_the_smallest(row):
    whole = WholeNumbers(linear([[1.0], [1.0]], inputs=Standardizer([1.0, -2.0], [3.0, 0.01])))
    for x, q in zip(row[0], whole.quantized(row[0])):
        assert 0 <= q <= whole.largest
        if math.isnan(x):
            assert q == 0
        elif abs(x) > 100:
            assert q == (whole.largest if x > 0 else 0)


# -- within the types of C ---------------------------------------------------------------------

tenfold = st.floats(-308.0, 308.0).map(lambda power: 10.0**power)
any_size = thousandths | tenfold | tenfold.map(float.__neg__) | finite_float


def assert_fits(whole):
    """Fail if a number in a header, or a sum up to anywhere, may leave its type."""
    kind, *inputs = whole.inputs
    for factor, offset, shift in zip(*inputs):
        if kind:
            assert 0 <= factor < 2**15 and abs(offset) < 2**30 and 0 <= shift <= 24
        else:
            assert math.isfinite(factor) and math.isfinite(offset) and shift == 0
    assert whole.table == sorted(whole.table) and whole.table[0] == 0
    assert whole.table[-1] == whole.half == whole.largest // 2
    for layer in whole.layers:
        assert 0 <= layer.scale.zero <= whole.largest
        assert 1 <= layer.stride <= LAST_PLACE
        assert all(0 <= factor < 2**16 for factor in layer.factors)
        assert all(0 <= shift <= 15 for shift in layer.shifts)
        assert all(0.0 < worth < math.inf for worth in layer.worth)
        for own, bias in zip(layer.weights, layer.biases):
            assert max(map(abs, own)) <= 127
            for sign in (-1, 1):  # all that moves the sum to one side comes first
                one_sided = whole.largest * sum(v for v in own if v * sign > 0)
                assert abs(bias + one_sided) <= INT32


@given(model=models(any_size, any_size), data=st.data())
def test_a_model_of_any_numbers_fits_the_types_or_is_refused(model, data):
    columns = model.network.sizes[0]
    rows = data.draw(st.none() | matrices(st.integers(1, 3), columns, any_size))
    try:
        whole = WholeNumbers(model, rows)
    except PureNetError as error:
        assert str(error).startswith('pack: "integer" has no scale for numbers')
        return
    assert_fits(whole)
    number = data.draw(
        matrices(1, columns, st.integers(0, 255) if whole.inputs.kind else any_float)
    )
    assert all(abs(total) <= INT32 for total in whole.sums(number[0]))


@given(model=models(), data=st.data())
def test_a_model_of_usual_numbers_always_fits(model, data):
    columns = model.network.sizes[0]
    rows = data.draw(st.none() | matrices(st.integers(1, 3), columns, thousandths))
    whole = WholeNumbers(model, rows)
    assert_fits(whole)
    assert whole.largest == 2**15 - 1
    # None is cut to the largest, and so less exact than the others.
    assert all(factor < 2**16 - 1 for layer in whole.layers for factor in layer.factors)


@pytest.mark.parametrize("activation", HIDDEN)
def test_of_hidden_layers_that_only_give_0_the_bias_is_left(activation):
    """Constant columns, weights of 0, and rows all alike leave ranges of no width."""
    network = Network([2, 3, 1], activation=activation, output_activation="linear", bias=True)
    network.weights = [[[0.0] * 3] * 2, [[0.0]] * 3]
    network.biases = [[0.0] * 3, [2.5]]
    for rows in (None, [[0.0, 0.0]], [[7.0, -3.5]] * 3):
        whole = WholeNumbers(Model(network, inputs=Standardizer([7.0, 0.0], [0.0, 0.0])), rows)
        assert_fits(whole)
        assert whole.apply([[7.0, 0.0]])[0] == pytest.approx([2.5])


@pytest.mark.parametrize(("inputs", "bits"), [(100, 15), (900, 13), (20_000, 9)])
def test_outputs_get_fewer_bits_where_sums_need_the_room(inputs, bits):
    """With all weights alike, a sum is half of what may be plus a zero point of as much."""
    model = linear([[1.0 / inputs]] * inputs)
    whole = WholeNumbers(model)
    assert_fits(whole)
    assert whole.largest == 2**bits - 1
    # Half a step of the mean of the inputs, which is that of each.
    assert whole.apply([[3.0] * inputs])[0][0] == pytest.approx(3.0, abs=whole.scale.step)


# -- what is refused ---------------------------------------------------------------------------


def test_sums_without_room_are_refused():
    said = 'pack: "integer" has no room for sums of 60,000 products'
    assert complaint(WholeNumbers, linear([[1.0]] * 60_000)) == said


@pytest.mark.parametrize("weight, bias", [(1e200, 0.0), (1e308, -1e308), (1.0, 1e308)])
@pytest.mark.parametrize("activation", HIDDEN)
def test_numbers_without_a_scale_are_refused(weight, bias, activation):
    network = Network([2, 2, 1], activation=activation, output_activation="linear", bias=True)
    network.weights = [[[weight] * 2, [-weight] * 2], [[weight]] * 2]
    network.biases = [[bias] * 2, [bias]]
    said = "numbers as large or small as in the model or the rows"
    for rows in (None, [[1.0, 2.0]], [[1e200, 0.5]]):
        message = complaint(c_source, network, pack="integer", rows=rows)
        assert said in message or "is more than a float32 holds" in message


def test_rows_of_no_or_other_columns_are_refused():
    network = Network([2, 1], seed=1)
    assert "rows" in complaint(c_source, network, pack="integer", rows=[])
    assert complaint(c_source, network, pack="integer", rows=[[1.0]]).startswith("rows: ")
    assert complaint(c_source, network, rows=[[1.0, 2.0]]) == 'rows: only for pack="integer"'
    assert "rows" in complaint(c_source, network, pack="integer", rows=[[1.0, math.nan]])


def test_a_column_too_large_for_a_float_is_refused_unless_inputs_are_doubles():
    model = linear([[1.0]], inputs=Standardizer([0.0], [1e60]))
    said = complaint(c_source, model, pack="integer")
    assert said.endswith("no scale for numbers as large or small as in the model or the rows")
    [[output]] = WholeNumbers(model, double=True).apply([[3e60]])
    assert output == pytest.approx(3.0, abs=1e-3)


def test_a_target_too_large_for_a_float_is_named():
    regressor = Regressor(1, epochs=1).fit([[0], [1]], [0.0, 1e60])
    said = complaint(c_source, regressor, pack="integer")
    assert said.startswith("the step of an output: ") and "float32" in said
    c_source(regressor, pack="integer", number="double")
