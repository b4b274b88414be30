"""`purenet.np` against NumPy, call for call: values, shapes, kinds, refusals, views and print."""

import copy
import inspect
import itertools
import math
import operator
import pickle
import pydoc
import re
import subprocess
import sys
from fractions import Fraction
from functools import partial

import numpy
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    CHECKOUT,
    QUANTUM,
    ROUNDING,
    any_float,
    complaint,
    last_of_running_sums,
    matrices,
    size,
    thousandths,
    ulps_apart,
)

import purenet.np as np
from purenet import Network, PureNetError

KINDS = {"f": float, "i": int, "b": bool}
REFUSALS = (ValueError, TypeError, IndexError, OverflowError)
LEAST, MOST = -(2**63), 2**63 - 1

any_integer = st.integers(-9, 9) | st.integers(LEAST, MOST) | st.sampled_from([LEAST, MOST])
tame_float = thousandths | st.floats(-1e150, 1e150)
elements_of = [any_float, any_integer, st.booleans(), thousandths, st.integers(-9, 9)]
any_elements = st.sampled_from(elements_of)


def vectors(length, elements):
    return matrices(1, length, elements).map(lambda rows: rows[0])


def values(elements, rows=size, columns=size):
    """Draw what array() takes: a list of numbers, or of rows of them."""
    return vectors(columns, elements) | matrices(rows, columns, elements)


any_values = any_elements.flatmap(values)


@st.composite
def two_operands(draw, elements=any_elements):
    """Draw two arrays, as lists, and numbers; many pairs fit together, and some do not."""
    lengths = st.sampled_from(draw(st.sampled_from([[1, 2], [2], [1, 3], [2, 3]])))
    pair = [draw(values(draw(elements), lengths, lengths)) for _ in range(2)]
    if draw(st.integers(0, 3)) == 0:
        pair[draw(st.integers(0, 1))] = draw(draw(elements))
    return pair


def pythons(answer):
    """Return an answer of either side as its kind, shape and numbers."""
    if isinstance(answer, np.ndarray):
        return answer.dtype, answer.shape, answer.tolist()
    if isinstance(answer, (numpy.ndarray, numpy.generic)):
        return KINDS[answer.dtype.kind], answer.shape, answer.tolist()
    kinds = [kind for kind in (bool, int, float) if isinstance(answer, kind)]
    return (kinds[0], (), kinds[0](answer)) if kinds else (type(answer), (), answer)


def flat(numbers):
    if not isinstance(numbers, list):
        return [numbers]
    return [number for part in numbers for number in flat(part)]


def assert_same(ours, numpys, ulps=None):
    """Fail unless both have one kind, one shape, the same numbers, and the same text.

    Without `ulps`, the same bits; else they may lie that many floats apart, and zeros have no sign.
    """
    kind, shape, numbers = pythons(ours)
    numpys_kind, numpys_shape, numpys_numbers = pythons(numpys)
    assert (kind, shape) == (numpys_kind, numpys_shape)
    assert {type(a) for a in flat(numbers)} <= {kind}
    if ulps is None:
        assert repr(numbers) == repr(numpys_numbers)
        if shape:
            assert (repr(ours), str(ours)) == (repr(numpys), str(numpys))
    else:
        pairs = zip(flat(numbers), flat(numpys_numbers))
        assert all(ulps_apart(float(a), float(b)) <= ulps for a, b in pairs)


def attempt(function, *arguments):
    """Return a function's result, or the refusal that it raises."""
    with numpy.errstate(all="ignore"):
        try:
            return function(*arguments)
        except REFUSALS as refusal:
            return refusal


def assert_same_outcome(ours, numpys, ulps=None):
    """Fail unless both answer the same, or both refuse, with the same class of exception."""
    if isinstance(ours, PureNetError) and "64 bits" in str(ours):
        assume(False)  # NumPy wraps around; tests of integers have their own reference
    if isinstance(numpys, Exception):
        assert isinstance(ours, PureNetError), ours
        families = [family for family in REFUSALS if isinstance(numpys, family)]
        assert isinstance(ours, tuple(families)), f"{ours!r} is not {numpys!r}"
    else:
        assert not isinstance(ours, Exception), ours
        assert_same(ours, numpys, ulps)


def on_both(function, *arguments, ulps=None):
    """Compare what a function of (module, *arrays) makes of the same lists here and in NumPy."""

    def arrays(module):
        return [module.array(a) if isinstance(a, list) else a for a in arguments]

    ours = attempt(function, np, *arrays(np))
    assert_same_outcome(ours, attempt(function, numpy, *arrays(numpy)), ulps)


# -- operators -----------------------------------------------------------------------------------

ARITHMETIC = [operator.add, operator.sub, operator.mul, operator.truediv]
COMPARISONS = [operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne]
IN_PLACE = [operator.iadd, operator.isub, operator.imul, operator.itruediv]


@pytest.mark.parametrize("operation", ARITHMETIC + COMPARISONS)
@given(two_operands())
def test_an_operator_has_numpys_bits_kind_shape_text_and_refusals(operation, pair):
    assume(any(isinstance(operand, list) for operand in pair))
    on_both(lambda _, a, b: operation(a, b), *pair)


@pytest.mark.parametrize("operation", [*ARITHMETIC, operator.pow, operator.lt, operator.eq])
@given(two_operands(st.just(st.integers(1, 9))))
def test_a_list_beside_an_operator_is_taken_as_an_array(operation, pair):
    assume(all(isinstance(operand, list) for operand in pair))
    on_both(lambda module, a, _: operation(pair[1], a), *pair)
    on_both(lambda module, a, _: operation(a, pair[1]), *pair)


@given(two_operands())
def test_a_power_is_within_the_ulps_that_the_two_libraries_are_right_to(pair):
    # The C library's pow is right to one ulp and NumPy's to four, but both take a square root
    # for the exponent 0.5. NumPy takes it in some layouts alone, which decides what -inf gives.
    assume(any(isinstance(operand, list) for operand in pair))
    assume(not isinstance(flat(pair[0])[0], bool))
    assume(not (0.5 in flat(pair[1]) and -math.inf in flat(pair[0])))
    on_both(lambda _, a, b: a**b, *pair, ulps=5)


@pytest.mark.parametrize("exponent", [0, 1, 2, 3, 2.0, 0.5, -1.0, -2.0, 0.0, 1.5])
@given(values(any_float) | values(st.integers(-9, 9)))
def test_a_number_as_exponent_raises_each_element(exponent, base):
    on_both(lambda _, a: a**exponent, base, ulps=5)


@pytest.mark.parametrize("a", [0.0, -0.0, 0.5, 1.0, -1.0, -2.0, -8.0, 1e200, -1e200, math.inf])
@pytest.mark.parametrize("b", [-3.0, -2.0, -1.0, -0.3, 0.0, 0.3, 1.0, 2.0, 3.0, 1e9, math.inf])
def test_the_corners_of_powers_have_numpys_signs_infinities_and_nans(a, b):
    ours = (np.array([a]) ** [b])[0]
    (numpys,) = attempt(operator.pow, numpy.array([a]), [b])
    assert ulps_apart(ours, numpys) <= 1
    assert math.isnan(ours) or math.copysign(1.0, ours) == math.copysign(1.0, numpys)


@pytest.mark.parametrize("exponent", [2.0, 0.5])
@given(values(any_float))
def test_squares_and_roots_as_powers_round_once(exponent, base):
    on_both(lambda _, a: a**exponent, base)


def test_an_integer_to_a_negative_power_is_refused_as_in_numpy():
    on_both(lambda _, a: a**-1, [2])
    message = "**: integers have no negative powers; make them floats first: array(x, dtype=float)"
    assert complaint(operator.pow, np.array([2]), -1) == message


@given(two_operands(st.just(any_integer)), st.sampled_from([*ARITHMETIC[:3], operator.pow]))
def test_integers_are_exact_or_refused(pair, operation):
    assume(any(isinstance(operand, list) for operand in pair))
    assume(operation is not operator.pow or all(0 <= b <= 200 for b in flat(pair[1])))
    exact = attempt(operation, *(numpy.array(a, dtype=object) for a in pair))
    assume(not isinstance(exact, Exception))  # shapes
    ours = attempt(operation, *(np.array(a) if isinstance(a, list) else a for a in pair))
    if all(LEAST <= number <= MOST for number in flat(exact.tolist())):
        assert ours.tolist() == exact.tolist()
    else:
        assert str(ours).endswith("does not fit into 64 bits")


@given(any_values)
def test_unary_minus_and_abs_have_numpys_bits_kinds_and_refusals(a):
    on_both(lambda _, a: -a, a)
    on_both(lambda _, a: abs(a), a)
    on_both(lambda module, a: module.abs(a), a)
    on_both(lambda module, a: module.absolute(a), a)


@pytest.mark.parametrize("operation", [*IN_PLACE, operator.ipow])
@given(two_operands())
def test_in_place_changes_the_array_for_all_who_hold_it_or_leaves_it_as_it_was(operation, pair):
    assume(isinstance(pair[0], list))
    # NumPy's powers of bools have 8 bits, and its roots of -inf depend on the layout.
    assume(operation is not operator.ipow or not isinstance(flat(pair[0])[0], bool))
    assume(not (0.5 in flat(pair[1]) and -math.inf in flat(pair[0])))
    # Where both the kind and the shape are wrong, NumPy complains of the kind, this of the shape.
    sizes = (numpy.shape(a) for a in pair)
    assume(not isinstance(attempt(numpy.broadcast_shapes, *sizes), Exception))
    ulps = 5 if operation is operator.ipow else None

    def change(module, a, b):
        before, held = a.copy(), a
        result = attempt(operation, a, b)
        if isinstance(result, Exception):
            # NumPy refuses a negative power of an integer when it comes to it.
            assert repr(a) == repr(before) or module is numpy
            raise result
        assert result is held
        return held

    on_both(change, *pair, ulps=ulps)


def test_in_place_refuses_a_wider_kind_and_another_shape():
    whole = np.array([1, 2])
    message = "in place: float does not fit into int; write a = a + b"
    assert complaint(operator.iadd, whole, 0.5) == message
    assert complaint(operator.itruediv, whole, 1) == message
    message = "in place: (1 x 2) does not fit into (2)"
    assert complaint(operator.iadd, whole, [[1, 2]]) == message
    assert whole.tolist() == [1, 2]


@pytest.mark.parametrize(
    ("operation", "sign"), [(operator.add, "+"), (operator.lt, "<"), (np.maximum, "maximum")]
)
def test_shapes_that_do_not_fit_are_both_named(operation, sign):
    message = f"{sign}: shapes do not fit: (4 x 3) and (2)"
    assert complaint(operation, np.ones((4, 3)), np.ones(2)) == message
    message = f"{sign}: shapes do not fit: (2 x 3) and (3 x 3)"
    assert complaint(operation, np.ones((2, 3)), np.ones((3, 3))) == message


NO_NUMBERS = ["x", 2j, Fraction(1, 2), object(), {1: 2}]


@pytest.mark.parametrize(
    ("operation", "other"),
    [
        *itertools.product([operator.add, operator.lt, operator.matmul], [None, *NO_NUMBERS]),
        *itertools.product([operator.eq, operator.ne], NO_NUMBERS),
    ],
)
def test_an_operator_refuses_what_is_no_number_with_a_type_error(operation, other):
    with pytest.raises(TypeError, match="expected a float, an integer or a bool, got "):
        operation(np.array([1.0]), other)


@given(any_values)
def test_no_element_equals_none(a):
    on_both(lambda _, a: a == None, a)  # noqa: E711
    on_both(lambda _, a: a != None, a)  # noqa: E711


def test_what_numpy_gives_a_kind_of_its_own_for_bools_is_refused():
    bools = np.array([True, False])
    for name in ["exp", "log", "sqrt", "tanh"]:
        message = f"{name}: not for bools; make them floats first: array(x, dtype=float)"
        assert complaint(getattr(np, name), bools) == message
    message = "**: not for bools; make them integers first: array(x, dtype=int)"
    assert complaint(operator.pow, bools, bools) == message
    assert complaint(operator.pow, bools, 2) == message


@given(two_operands())
def test_maximum_is_numpys_but_for_the_sign_of_zero(pair):
    on_both(lambda module, a, b: module.maximum(a, b), *pair, ulps=0)


def test_zeros_divide_into_infinities_and_nan():
    numbers = [1.0, -1.0, 0.0, math.nan]
    on_both(lambda _, a: a / 0.0, numbers)
    on_both(lambda _, a: a / -0.0, numbers)
    on_both(lambda _, a: a / 0, [1, -1, 0])
    on_both(lambda _, a: 1 / a, [0.0, -0.0])


# -- functions of each element -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["exp", "log", "sqrt", "tanh"])
@given(values(any_float) | values(st.floats(-800, 800)) | values(any_integer) | any_float)
def test_a_function_is_within_the_ulps_that_the_two_libraries_are_right_to(name, x):
    # The C library's exp, log and tanh are right to one ulp, NumPy's to four; roots round once.
    ulps = 0 if name == "sqrt" else 5
    on_both(lambda module, x: getattr(module, name)(x), x, ulps=ulps)


def test_a_function_of_a_number_gives_one_of_pythons_own_numbers():
    assert isinstance(np.exp(0), float) and np.exp(0) == 1.0
    assert isinstance(np.abs(-2), int) and np.abs(-2) == 2
    assert isinstance(np.maximum(1, 2.0), float)
    assert type(np.array([True])[0]) is bool


@given(two_operands(), st.booleans())
def test_allclose_is_numpys(pair, equal_nan):
    on_both(lambda module, a, b: bool(module.allclose(a, b, equal_nan=equal_nan)), *pair)


@pytest.mark.parametrize("equal_nan", [False, True])
def test_allclose_is_numpys_for_infinities_and_nan(equal_nan):
    for a, b in itertools.product([0.0, 1.0, math.inf, -math.inf, math.nan], repeat=2):
        on_both(lambda module, a, b: bool(module.allclose(a, b, equal_nan=equal_nan)), [a], [b])


@given(matrices(size, size, tame_float), st.integers(-3, 3), st.sampled_from([1e-5, 0.0, 0.5]))
def test_allclose_is_numpys_near_its_tolerance(A, ulps, rtol):
    close = [[a + a * rtol * (1 + ulps * 2.0**-52) for a in row] for row in A]
    on_both(lambda module, a, b: bool(module.allclose(a, b, rtol, 0.0)), close, A)
    on_both(lambda module, a, b: bool(module.allclose(a, b, 0.0, rtol)), close, A)


# -- products ------------------------------------------------------------------------------------


@st.composite
def factors(draw, elements):
    """Draw two arrays of one or two axes whose inner sizes mostly fit."""
    m, k, n = draw(st.tuples(size, size, size))
    left = draw(values(draw(elements), m, k))
    k = draw(st.sampled_from([k, k, k, 2]))
    right = draw(vectors(k, draw(elements)) | matrices(k, n, draw(elements)))
    return left, right


def dots(module, a, b):
    return module.dot(a, b)


@pytest.mark.parametrize(
    "product", [dots, lambda _, a, b: a.dot(b), lambda _, a, b: a @ b], ids=["dot", ".dot", "@"]
)
@given(factors(st.sampled_from([st.integers(-9, 9), st.booleans(), st.just(0.5)])))
def test_dot_has_numpys_four_cases_kinds_and_refusals(product, pair):
    on_both(product, *pair)


@given(factors(st.just(any_float)) | factors(st.just(thousandths)))
def test_dot_adds_the_products_from_left_to_right(pair):
    A, B = (numpy.array(a) for a in pair)
    assume(A.shape[-1] == B.shape[0])
    with numpy.errstate(all="ignore"):
        terms = A.reshape(-1, A.shape[-1], 1) * B.reshape(1, B.shape[0], -1)
        sums = last_of_running_sums(terms, axis=1) + 0.0  # never -0.0
        expected = sums.reshape(A.shape[:-1] + B.shape[1:])
    assert_same(np.dot(*pair), expected if expected.shape else expected[()])


@given(factors(st.just(tame_float)))
def test_dot_agrees_with_numpy_within_the_rounding_of_its_sums(pair):
    # As in test_matrix: either is within n·ROUNDING·Σ|a·b| of the exact sum, and each product
    # can lose half a QUANTUM.
    A, B = (numpy.array(a) for a in pair)
    assume(A.shape[-1] == B.shape[0])
    terms = len(B)
    bound = terms * (2.1 * ROUNDING * (abs(A) @ abs(B)) + QUANTUM)
    off = numpy.array(pythons(np.dot(*pair))[2]) - A @ B
    assert (abs(off) <= bound).all()


@given(any_elements.flatmap(values), st.sampled_from([2, 0.5, True]))
def test_dot_with_a_number_multiplies_and_matmul_refuses_it(a, number):
    # NumPy adds the products to zeros, which takes the sign from a product of -0.0.
    on_both(lambda module, a: module.dot(number, a), a, ulps=0)
    on_both(lambda module, a: module.dot(a, number), a, ulps=0)
    on_both(lambda module, a: a @ number, a)
    on_both(lambda module, a: number @ a, a)


@given(factors(st.just(any_integer)))
def test_a_product_of_integers_is_exact_or_refused(pair):
    A, B = (numpy.array(a, dtype=object) for a in pair)
    assume(A.shape[-1] == B.shape[0])
    exact = A.dot(B)
    exact = exact.tolist() if isinstance(exact, numpy.ndarray) else exact
    ours = attempt(np.dot, *pair)
    if all(LEAST <= number <= MOST for number in flat(exact)):
        assert pythons(ours)[2] == exact
    else:
        assert str(ours).endswith("does not fit into 64 bits")


def test_dot_names_both_shapes():
    message = "dot: inner sizes differ: (4 x 3) · (4 x 1)"
    assert complaint(np.dot, np.ones((4, 3)), np.ones((4, 1))) == message
    assert complaint(np.dot, [1, 2], [1, 2, 3]) == "dot: inner sizes differ: (2) · (3)"
    message = "@: inner sizes differ: (2 x 2) · (3)"
    assert complaint(operator.matmul, np.ones((2, 2)), [1, 2, 3]) == message
    message = "@: expected two arrays; a number multiplies with *"
    assert complaint(operator.matmul, np.ones(2), 2) == message


@given(factors(st.just(st.integers(-9, 9))))
def test_in_place_matmul_puts_the_product_into_the_array(pair):
    on_both(lambda _, a, b: operator.imatmul(a, b), *pair)


@given(factors(st.just(st.integers(-9, 9))))
def test_a_list_left_of_matmul_is_taken_as_an_array(pair):
    on_both(lambda _, b: pair[0] @ b, pair[1])


# -- along an axis -------------------------------------------------------------------------------

any_axis = st.sampled_from([None, 0, 1, -1, -2, 2, -3])


@pytest.mark.parametrize("name", ["max", "min"])
@given(any_values, any_axis, st.booleans())
def test_the_extremes_are_numpys_but_for_the_sign_of_zero(name, a, axis, keepdims):
    on_both(lambda module, a: getattr(module, name)(a, axis, keepdims=keepdims), a, ulps=0)
    on_both(lambda _, a: getattr(a, name)(axis, keepdims=keepdims), a, ulps=0)


@given(any_values | values(st.sampled_from([0.0, 1.0, math.nan])), any_axis)
def test_argmax_is_numpys(a, axis):
    on_both(lambda module, a: module.argmax(a, axis), a)
    on_both(lambda _, a: a.argmax(axis), a)


@pytest.mark.parametrize("name", ["sum", "mean"])
@given(values(st.integers(-9, 9)) | values(st.booleans()), any_axis, st.booleans())
def test_sums_and_means_of_small_integers_are_numpys(name, a, axis, keepdims):
    on_both(lambda module, a: getattr(module, name)(a, axis, keepdims=keepdims), a)
    on_both(lambda _, a: getattr(a, name)(axis, keepdims=keepdims), a)


@given(values(any_float) | values(thousandths), any_axis)
def test_sums_are_added_from_left_to_right_or_from_the_first_row_down(a, axis):
    A = numpy.array(a)
    assume(axis is None or -A.ndim <= axis < A.ndim)
    with numpy.errstate(all="ignore"):
        total = last_of_running_sums(A.ravel() if axis is None else A, axis or 0) + 0.0
        count = A.size if axis is None else A.shape[axis]
        mean = total / count
    assert_same(np.sum(a, axis), total)
    assert_same(np.mean(a, axis), mean)


@given(values(tame_float), any_axis)
def test_sums_agree_with_numpys_within_their_rounding(a, axis):
    # In any order, n - 1 additions of floats are off by at most (n - 1)·ROUNDING·Σ|a| each.
    A = numpy.array(a)
    assume(axis is None or -A.ndim <= axis < A.ndim)
    bound = 2 * A.size * ROUNDING * abs(A).sum(axis)
    assert (abs(numpy.array(pythons(np.sum(a, axis))[2]) - A.sum(axis)) <= bound).all()
    bound = 2 * (A.size + 1) * ROUNDING * abs(A).mean(axis) + QUANTUM
    assert (abs(numpy.array(pythons(np.mean(a, axis))[2]) - A.mean(axis)) <= bound).all()


@given(vectors(size, any_integer))
def test_a_sum_of_integers_is_exact_or_refused(numbers):
    ours, exact = attempt(np.sum, numbers), sum(numbers)
    if LEAST <= exact <= MOST:
        assert ours == exact
    else:
        assert str(ours).endswith("does not fit into 64 bits")


@pytest.mark.parametrize("name", ["sum", "max", "min", "argmax"])
@pytest.mark.parametrize("axis", [None, 0, -1, 1])
def test_a_number_counts_as_a_vector_along_an_axis(name, axis):
    on_both(lambda module: getattr(module, name)(5, axis))
    assert complaint(np.sum, 5, 1) == "axis: expected a whole number from -1 to 0, got 1"


# -- indices and views ---------------------------------------------------------------------------

one_index = st.integers(-4, 4) | st.builds(
    slice,
    st.none() | st.integers(-4, 4),
    st.none() | st.integers(-4, 4),
    st.none() | st.sampled_from([1, 2, -1, -2]),
)
any_index = one_index | st.tuples() | st.tuples(one_index) | st.tuples(one_index, one_index)


def leaves_nothing(part):
    return isinstance(part, numpy.ndarray) and not part.size


@given(any_values, st.lists(any_index, min_size=1, max_size=3), st.lists(st.booleans()))
def test_an_index_of_an_index_gives_what_it_gives_in_numpy(a, keys, turns):
    ours, numpys = np.array(a), numpy.array(a)
    for key, turn in itertools.zip_longest(keys, turns[:3]):
        if turn:
            ours, numpys = ours.T, numpys.T
        if key is not None:
            ours, numpys = attempt(operator.getitem, ours, key), attempt(numpys.__getitem__, key)
        assert_same_outcome(ours, numpys)
        if not isinstance(numpys, numpy.ndarray):
            return


@given(
    st.sampled_from([thousandths, st.integers(-9, 9), st.booleans()]).flatmap(values),
    st.lists(any_index, max_size=2),
    st.booleans(),
    any_index,
    st.data(),
)
def test_what_is_put_into_a_view_is_seen_in_the_array_it_came_from(a, keys, turn, key, data):
    ours, numpys = np.array(a), numpy.array(a)
    base, numpys_base = ours, numpys
    for step in keys:
        ours, numpys = attempt(operator.getitem, ours, step), attempt(numpys.__getitem__, step)
        assume(isinstance(numpys, numpy.ndarray) and numpys.size)
    ours, numpys = (ours.T, numpys.T) if turn else (ours, numpys)
    target = attempt(numpys.__getitem__, key)
    assume(not leaves_nothing(target))
    shapes = [1, 2, 3, *(target.shape if isinstance(target, numpy.ndarray) else [])]
    lengths = st.sampled_from(shapes)
    value = data.draw(values(data.draw(any_elements), lengths, lengths) | thousandths)
    # A place for one bool takes any array in NumPy: it asks whether that is true.
    assume(pythons(target)[:2] != (bool, ()) or not isinstance(value, list))
    # NumPy makes some integer of a float that is too large for one.
    assume(pythons(numpys)[0] is not int or all(abs(float(b)) < 1e9 for b in flat(value)))
    answer, numpys_answer = (
        attempt(operator.setitem, ours, key, value),
        attempt(operator.setitem, numpys, key, numpy.array(value)),
    )
    assert isinstance(answer, Exception) is isinstance(numpys_answer, Exception)
    assert_same(base, numpys_base)
    assert_same(ours, numpys)


@given(any_elements.flatmap(partial(matrices, size, size)), any_index)
def test_in_place_on_a_view_changes_the_array(a, key):
    def change(module, a):
        part = a.T[key] if not isinstance(key, int) else a[key]
        part *= part
        a[0] *= a[-1]
        a.T[:] *= a.T
        return a

    target = attempt(numpy.array(a).T.__getitem__, key)
    assume(isinstance(target, numpy.ndarray) and target.size)
    on_both(change, a)


def test_rows_of_a_loop_are_views_and_a_copy_is_not():
    A = np.array([[1, 2], [3, 4]])
    for row in A:
        row += 10
    copied = A.copy()
    copied += 1
    row = A[0].copy()
    row[:] = 0
    assert A.tolist() == [[11, 12], [13, 14]]


def test_an_array_can_be_put_into_itself_turned():
    def program(module, a):
        a[:] = a.T
        a[0:2] = a[1::-1]
        a += a.T
        return a

    on_both(program, [[1, 2, 3], [4, 5, 6], [7, 8, 9]])


@given(any_values)
def test_length_iteration_attributes_and_lists_are_numpys(a):
    on_both(lambda _, a: len(a), a)
    on_both(lambda _, a: a.T, a)
    on_both(lambda _, a: a.copy(), a)
    ours, numpys = np.array(a), numpy.array(a)
    for part, numpys_part in zip(ours, numpys):
        assert_same(part, numpys_part)
    assert (ours.shape, ours.ndim, ours.size) == (numpys.shape, numpys.ndim, numpys.size)
    assert repr(ours.tolist()) == repr(numpys.tolist())
    on_both(lambda _, a: flat(a.tolist())[0] in a, a)
    on_both(lambda _, a: 12345 in a, a)


@given(any_values)
def test_an_array_is_true_or_false_as_in_numpy(a):
    on_both(lambda _, a: bool(a), a)


INDICES = "whole numbers, slices, masks, lists of places, None or ..."


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (2, "index: expected a number from -2 to 1, got 2"),
        ((0, -4), "index: expected a number from -3 to 2, got -4"),
        ((0, 0, 0), "index: expected at most 2 for the shape (2 x 3), got 3"),
        (1.0, f"index: expected {INDICES}, got 1.0"),
        (True, f"index: expected {INDICES}, got True (bool)"),
        ((..., ...), f"index: expected {INDICES}, got Ellipsis (ellipsis)"),
        ([0, 2], "index: expected a number from -2 to 1, got 2"),
        ([0.5], "index: expected whole numbers or bools in an array, got floats"),
        ([True, False, True], "index: a mask of (3) does not fit to (2 x 3)"),
    ],
)
def test_an_index_that_leads_nowhere_is_refused_with_an_index_error(key, message):
    A = np.ones((2, 3))
    for function, arguments in [(operator.getitem, [A, key]), (operator.setitem, [A, key, 0])]:
        with pytest.raises(IndexError) as caught:
            function(*arguments)
        assert str(caught.value) == message


def test_what_does_not_fit_into_a_place_is_refused():
    A = np.ones((2, 3))
    assert complaint(operator.setitem, A, 0, [1, 2]) == "=: shapes do not fit: (3) and (2)"
    assert complaint(operator.setitem, A, (0, 0), [1]) == "=: (1) does not fit into a number"
    message = "=: (2 x 3) does not fit into (1 x 3)"
    assert complaint(operator.setitem, A, slice(0, 1), A) == message
    message = "int: expected a finite number, got nan"
    assert complaint(operator.setitem, np.array([1]), 0, math.nan) == message


# -- print ---------------------------------------------------------------------------------------

# The layout turns at 1e8, 1e-4 and a ratio of 1000, and on digits that are cut at the eighth.
printed_float = (
    any_float
    | thousandths
    | st.floats(-1, 1)
    | st.integers(-(10**9), 10**9).map(lambda n: n / 10**8)
    | st.integers(-60, 60).map(lambda n: 2.0**n)
    | st.sampled_from([1e8, 99999999.9, 99999999.99999999, 1e-4, 9.99999999e-5, 0.999999999])
)


def assert_printed_alike(a):
    assert (str(np.array(a)), repr(np.array(a))) == (str(numpy.array(a)), repr(numpy.array(a)))


@given(
    st.sampled_from([printed_float, thousandths, st.floats(-1e9, 1e9), any_integer]).flatmap(
        lambda elements: values(elements, size, st.integers(1, 30))
    )
)
def test_an_array_is_printed_as_numpy_prints_it(a):
    assert_printed_alike(a)


def test_every_power_of_two_is_printed_as_numpy_prints_it():
    for exponent in range(-1074, 1024):
        assert_printed_alike([2.0**exponent])
        assert_printed_alike([1.0, -(2.0**exponent)])
        assert_printed_alike([0.7, 3 * 2.0 ** (exponent - 2)])


HAS_SHAPE = "shape=" in repr(numpy.zeros(1001))  # since NumPy 2.2


@pytest.mark.parametrize(
    "shape",
    [(1000,), (1001,), (2000,), (1, 1001), (1001, 1), (6, 200), (200, 6), (7, 200), (200, 7)],
)
@pytest.mark.parametrize("element", [1.0, -0.001, 7, -123456789, True, 123456.789])
def test_of_more_than_a_thousand_elements_the_edges_are_printed(shape, element):
    numpys = numpy.arange(math.prod(shape)).reshape(shape) * element
    numpys = numpys > 3 if element is True else numpys
    ours = np.array(numpys)
    assert str(ours) == str(numpys)
    if HAS_SHAPE:
        assert repr(ours) == repr(numpys)


# -- arrays from lists, and from nothing ---------------------------------------------------------


class HasToList:
    """Stand for the arrays of other libraries."""

    def tolist(self):
        return [[0, 1], [2, 3]]


class Count(int):
    pass


@pytest.mark.parametrize(
    "rows",
    [
        [[0, 1], [2, 3]],
        ((0, 1), (2, 3)),
        [range(2), range(2, 4)],
        [(Count(0), 1), [2, Count(3)]],
        numpy.array([[0, 1], [2, 3]]),
        [numpy.array([0, 1]), numpy.array([2, 3])],
        [[numpy.int64(0), numpy.uint8(1)], [2, 3]],
        np.array([[0, 1], [2, 3]]),
        [np.array([0, 1]), np.array([2, 3])],
        HasToList(),
    ],
)
def test_array_takes_whatever_holds_rows_of_numbers(rows):
    assert_same(np.array(rows), numpy.array([[0, 1], [2, 3]]))


mixed = st.lists(st.booleans() | st.integers(-9, 9) | thousandths, min_size=1, max_size=4)


@given(mixed, st.sampled_from([None, float, int, bool, "float64", "int64", "bool", "float", "int"]))
def test_array_has_numpys_kind_for_mixed_numbers_and_a_dtype(numbers, dtype):
    assert_same(np.array(numbers, dtype=dtype), numpy.array(numbers, dtype=dtype))
    assert_same(np.asarray(numbers, dtype), numpy.asarray(numbers, dtype))
    ours, numpys = np.array(numbers), numpy.array(numbers)
    assert_same(np.array(ours, dtype), numpy.array(numpys, dtype))


@given(any_values)
def test_array_copies_and_asarray_does_not(a):
    ours = np.array(a)
    assert np.asarray(ours) is ours
    assert np.asarray(ours, ours.dtype) is ours
    copied = np.array(ours)
    copied[:] = 0
    assert_same(ours, numpy.array(a))


@pytest.mark.parametrize("shape", [1, 3, (2,), (1, 1), (2, 3), [3, 2], numpy.int64(2)])
@pytest.mark.parametrize("dtype", [float, int, bool])
def test_zeros_and_ones_are_numpys(shape, dtype):
    assert_same(np.zeros(shape), numpy.zeros(shape))
    assert_same(np.zeros(shape, dtype), numpy.zeros(shape, dtype))
    assert_same(np.ones(shape), numpy.ones(shape))
    assert_same(np.ones(shape, dtype=dtype), numpy.ones(shape, dtype=dtype))


@given(size, st.none() | size, st.integers(-6, 6), st.sampled_from([float, int, bool]))
def test_eye_is_numpys(n, m, k, dtype):
    assert_same(np.eye(n, m, k, dtype), numpy.eye(n, m, k, dtype))


TWO = "purenet.np has no arrays of three dimensions"
A_LIST = "array: expected a list of numbers or of rows, got"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[]], "array: expected at least one row and one column, got [[]] (list)"),
        ([[1], [1, 2]], "array: row 1 has 2 values, but row 0 has 1"),
        ([[1, 2], 3], f"{A_LIST} both"),
        ([1, 2, [3]], f"{A_LIST} both"),
        ("12", "array: expected a float, an integer or a bool, got '12' (str)"),
        (None, "array: expected a float, an integer or a bool, got None"),
        ({1, 2}, "array: expected a float, an integer or a bool, got {1, 2} (set)"),
        (
            [1, "2"],
            "array: row 0, column 1: expected a float, an integer or a bool, got '2' (str)",
        ),
        ([[1], [None]], "array: row 1, column 0: expected a float, an integer or a bool, got None"),
        ([2j], "array: row 0, column 0: expected a float, an integer or a bool, got 2j (complex)"),
        (
            [[[1]]],
            f"array: row 0, column 0: a list in a list in a list: {TWO}",
        ),
        ([2**63], "int: 9223372036854775808 does not fit into 64 bits"),
        ([-(2**63) - 1], "int: -9223372036854775809 does not fit into 64 bits"),
    ],
)
def test_array_refuses_with_one_sentence(values, message):
    assert complaint(np.array, values) == message


@pytest.mark.parametrize("dtype", [complex, "float32", "int8", str, None, object(), [], 1])
def test_other_dtypes_are_refused_with_a_type_error(dtype):
    if dtype is not None:
        with pytest.raises(TypeError, match="dtype: expected float, int or bool, got "):
            np.array([1], dtype=dtype)
    with pytest.raises(TypeError, match="dtype: expected float, int or bool, got "):
        np.zeros(1, dtype=dtype)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e19])
def test_what_is_no_integer_cannot_be_made_one(number):
    with pytest.raises(PureNetError, match="int: "):
        np.array([number], dtype=int)
    assert np.array([number], dtype=bool).tolist() == [True]


@pytest.mark.parametrize("make", [np.zeros, np.ones])
@pytest.mark.parametrize("shape", [(), (1, 2, 3), 0, (2, 0), -1, 2.0, "2", (1, "2"), True])
def test_shapes_without_elements_or_with_three_axes_are_refused(make, shape):
    assert complaint(make, shape).startswith("shape: expected ")


# -- what is not there ---------------------------------------------------------------------------


UNKNOWN = "the guide of purenet.np lists the names"


@pytest.mark.parametrize(
    ("owner", "name", "message"),
    [
        (np, "einsum", "purenet.np has no 'einsum': the nearest is dot"),
        (np, "float32", "purenet.np has no 'float32': the nearest is float64"),
        (np, "math", "purenet.np has no 'math': the nearest is matmul or max"),
        (np, "qqq", f"purenet.np has no 'qqq': {UNKNOWN}"),
        (np.linalg, "norms", "purenet.np.linalg has no 'norms': the nearest is norm"),
        (np.ones(2), "shap", "ndarray has no 'shap': the nearest is shape or reshape"),
        (np.ones((2, 2)).T, "qqq", f"ndarray has no 'qqq': {UNKNOWN}"),
        (np.ones(2).sum(), "summ", "ndarray has no 'summ': the nearest is sum or cumsum"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest(owner, name, message):
    with pytest.raises(AttributeError) as caught:
        getattr(owner, name)
    assert str(caught.value) == message
    assert isinstance(caught.value, PureNetError)
    assert not hasattr(owner, "__array_interface__")


@pytest.mark.parametrize("name", ["np.random.randnn", "np.zeross", "np.ones(2).sun", "np.Array"])
def test_python_adds_no_suggestion_of_its_own(name):
    program = f"import purenet.np as np\n{name}"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert f" has no '{name.rpartition('.')[2]}': the nearest " in done.stderr
    assert "Did you mean" not in done.stderr


@pytest.mark.parametrize("module", [np, np.random])
def test_all_names_every_public_name_and_each_has_a_docstring(module):
    # pytest may leave names in a module that are not identifiers, such as "@py_builtins".
    public = {name for name in vars(module) if name.isidentifier() and not name.startswith("_")}
    assert public - {"annotations", "TYPE_CHECKING"} == set(module.__all__)
    assert all(inspect.getdoc(getattr(module, name)) for name in {*module.__all__} - {"newaxis"})


def test_dir_lists_the_names():
    assert dir(np) == sorted(np.__all__)
    assert dir(np.random) == sorted(np.random.__all__)


def test_help_lists_every_function():
    text = pydoc.plain(pydoc.render_doc(np))
    functions = [name for name in np.__all__ if inspect.isfunction(getattr(np, name))]
    assert len(functions) > 15
    assert all(f"\n    {name}(" in text or f"\n    {name} = " in text for name in functions)
    assert "random" in text.partition("PACKAGE CONTENTS")[2].partition("CLASSES")[0].split()


FIRST_OF_SEED_1 = 0.417022004702574
SPELLINGS = {
    "import purenet.np as np": "np.random.seed(1); first = np.random.random()",
    "from purenet import np": "np.random.seed(1); first = np.random.random()",
    "import purenet": "purenet.np.random.seed(1); first = purenet.np.random.random()",
    "import purenet.np": "purenet.np.random.seed(1); first = purenet.np.random.random()",
    "import purenet.np.random": "purenet.np.random.seed(1); first = purenet.np.random.random()",
    "import purenet.np.random as random": "random.seed(1); first = random.random()",
    "from purenet.np import random": "random.seed(1); first = random.random()",
    "from purenet.np import *": "random.seed(1); first = float(array([random.random()])[0])",
    "from purenet.np.random import *": "seed(1); first = random()",
    "from purenet.np.random import seed, random": "seed(1); first = random()",
    "from purenet.np.random import rand, seed, uniform": "seed(1); first = rand(); uniform()",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_of_the_import_finds_the_same_random_numbers(spelling):
    program = f"{spelling}\n{SPELLINGS[spelling]}\nprint(repr(first))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == (f"{FIRST_OF_SEED_1}\n", "")


def test_the_reshaped_transpose_of_a_square_is_a_copy_and_of_nothing_is_nothing():
    for module in (np, numpy):
        a = module.array([[1, 2], [3, 4]])
        a.T.reshape(-1)[0] = 9
        assert a.tolist() == [[1, 2], [3, 4]]
        assert module.array([1, 2])[:0].reshape(-1).tolist() == []


# -- among others --------------------------------------------------------------------------------


@given(any_values)
def test_an_array_can_be_pickled_and_copied(a):
    for ours in (np.array(a), np.array(a).T, np.array(a)[:]):
        for again in (pickle.loads(pickle.dumps(ours)), copy.copy(ours), copy.deepcopy(ours)):
            assert repr(again) == repr(ours)
            again[:] = 0
        assert repr(np.array(a)) == repr(numpy.array(a))


def test_an_array_cannot_be_hashed():
    with pytest.raises(TypeError, match="unhashable"):
        hash(np.ones(2))


@given(any_values)
def test_numpy_takes_an_array_for_a_sequence(a):
    assert_same(np.array(numpy.array(np.array(a))), numpy.array(a))


@given(values(thousandths))
def test_beside_a_numpy_array_the_left_one_decides_whose_the_result_is(a):
    ours, numpys = np.array(a), numpy.array(a)
    assert_same(ours + numpys, numpys + numpys)
    assert isinstance(ours + numpys, np.ndarray)
    assert isinstance(numpys + ours, numpy.ndarray)
    assert_same(np.array(numpys + ours), numpys + numpys)


def test_a_network_trains_on_arrays_as_on_lists():
    X, y = np.array(ARTICLE_X), np.array([[0, 1, 1, 0]]).T
    ours, lists = (Network([3, 4, 1], seed=1) for _ in range(2))
    ours.train(X, y, epochs=10)
    lists.train(ARTICLE_X, ARTICLE_Y, epochs=10)
    assert ours.weights == lists.weights


def test_the_articles_program_has_the_bits_of_the_network():
    def nonlin(x, deriv=False):
        if deriv:
            return x * (1 - x)
        return 1 / (1 + np.exp(-x))

    X, y = np.array(ARTICLE_X), np.array(ARTICLE_Y)
    np.random.seed(1)
    syn0 = 2 * np.random.random((3, 4)) - 1
    syn1 = 2 * np.random.random((4, 1)) - 1
    for _ in range(200):
        l1 = nonlin(np.dot(X, syn0))
        l2 = nonlin(np.dot(l1, syn1))
        l2_delta = (y - l2) * nonlin(l2, deriv=True)
        l1_delta = l2_delta.dot(syn1.T) * nonlin(l1, deriv=True)
        syn1 += l1.T.dot(l2_delta)
        syn0 += X.T.dot(l1_delta)
    network = Network([3, 4, 1], seed=1)
    network.train(ARTICLE_X, ARTICLE_Y, epochs=200)
    assert [syn0.tolist(), syn1.tolist()] == network.weights


# -- the other names, call for call --------------------------------------------------------------

THERE = {"float64", "int64", "bool"}  # NumPy's kinds that are here too


def on_both_or_refused(function, *arguments, ulps=None):
    """Compare as `on_both` does; what has no place here, in kind or shape, has to be refused."""

    def arrays(module):
        return [module.array(a) if isinstance(a, list) else a for a in arguments]

    ours = attempt(function, np, *arrays(np))
    numpys = attempt(function, numpy, *arrays(numpy))
    if isinstance(ours, PureNetError) and getattr(numpys, "size", 1) == 0:
        return
    parts = numpys if isinstance(numpys, tuple) else (numpys,)
    if any(
        getattr(part, "ndim", 0) > 2 or (hasattr(part, "dtype") and part.dtype.name not in THERE)
        for part in parts
    ):
        assert isinstance(ours, PureNetError), ours
        return
    assert isinstance(ours, tuple) is isinstance(numpys, tuple)
    for our, part in zip(ours if isinstance(ours, tuple) else (ours,), parts):
        assert_same_outcome(our, part, ulps)


any_array = any_values | any_elements.flatmap(lambda elements: elements)
small = st.sampled_from([thousandths, st.integers(-9, 9), st.booleans()])
small_values = small.flatmap(values)
small_integers = values(st.integers(-9, 9))


@pytest.mark.parametrize("name", ["log2", "log1p", "expm1", "sin", "cos"])
@given(values(st.floats(-800, 800)) | small_values)
def test_other_functions_are_within_the_ulps_that_the_two_libraries_are_right_to(name, a):
    on_both_or_refused(lambda module, a: getattr(module, name)(a), a, ulps=5)


@pytest.mark.parametrize("number", [0.0, -1.0, -2.0, 1e308, -1e308, math.inf, -math.inf, math.nan])
@pytest.mark.parametrize(
    "name", ["exp", "expm1", "log", "log1p", "log2", "sqrt", "sin", "cos", "tanh", "isnan", "sign"]
)
def test_functions_have_numpys_infinities_and_nans(name, number):
    on_both_or_refused(lambda module, a: getattr(module, name)(a), [1.0, number], ulps=5)


NUMPY = numpy.lib.NumpyVersion(numpy.__version__)


@pytest.mark.parametrize(
    "name", ["square", "negative", "sign", "floor", "ceil", "isnan", "logical_not", "abs"]
)
@given(any_array)
def test_exact_functions_have_numpys_bits(name, a):
    kind = pythons(numpy.array(a))[0]
    assume(name not in ("floor", "ceil", "isnan") or kind is not bool)
    # Before NumPy 2.1, the floor of an integer was a float.
    assume(name not in ("floor", "ceil") or kind is not int or NUMPY >= "2.1.0")
    on_both_or_refused(lambda module, a: getattr(module, name)(a), a)


@given(values(thousandths) | values(any_float) | small_values, st.integers(-2, 4))
def test_round_has_numpys_bits(a, decimals):
    assume(decimals >= 0 or all(abs(x) < 1e300 for x in flat(a)))
    assume(all(abs(x) < 1e300 or not math.isfinite(x) for x in flat(a)))
    on_both_or_refused(lambda module, a: module.round(a, decimals), a)
    on_both_or_refused(lambda module, a: a.round(decimals), a)


PAIRS = ["add", "subtract", "multiply", "divide", "floor_divide", "mod", "power", "minimum"]
PAIRS += ["maximum", "equal", "not_equal", "less", "less_equal", "greater", "greater_equal"]
PAIRS += ["logical_and", "logical_or"]


@pytest.mark.parametrize(
    "name",
    PAIRS,
)
@given(two_operands(small), st.booleans())
def test_a_function_of_pairs_is_numpys(name, pair, swap):
    # NumPy has roots for some layouts alone, and the integer 0 to a negative power is refused.
    if name == "power":
        pair = [[abs(x) + 0.5 for x in flat(a)][:1] for a in pair]
    on_both_or_refused(lambda module, a, b: getattr(module, name)(a, b), *pair, ulps=5)


@pytest.mark.parametrize("operation", [operator.floordiv, operator.mod])
@given(two_operands(st.sampled_from([thousandths, any_float, st.integers(-9, 9)])))
def test_quotients_and_remainders_are_numpys(operation, pair):
    assume(any(isinstance(operand, list) for operand in pair))
    on_both_or_refused(lambda _, a, b: operation(a, b), *pair)


@pytest.mark.parametrize("operation", [operator.and_, operator.or_, operator.xor])
@given(two_operands(small))
def test_bits_are_combined_as_in_numpy(operation, pair):
    sizes = (numpy.shape(a) for a in pair)
    assume(not isinstance(attempt(numpy.broadcast_shapes, *sizes), Exception))
    assume(any(isinstance(operand, list) for operand in pair))
    on_both_or_refused(lambda _, a, b: operation(a, b), *pair)
    on_both_or_refused(lambda _, a: ~a, pair[0] if isinstance(pair[0], list) else pair[1])


@given(small_values, thousandths | st.integers(-3, 3), thousandths | st.integers(-3, 3))
def test_clip_is_numpys(a, low, high):
    assume(not isinstance(flat(a)[0], bool))
    on_both_or_refused(lambda module, a: module.clip(a, low, high), a)
    on_both_or_refused(lambda module, a: a.clip(low, None), a)

    def into(module, a):
        b = a * 1.0
        assert module.clip(b, low, high, out=b) is b
        return b

    on_both_or_refused(into, a)


def test_out_takes_the_result():
    def program(module, a):
        b = module.zeros_like(a)
        module.exp(a, out=b)
        module.multiply(b, 2.0, out=b)
        return b

    on_both(program, [[0.0, 1.0]], ulps=1)


@given(any_values)
def test_nan_to_num_is_numpys(a):
    on_both_or_refused(lambda module, a: module.nan_to_num(a), a)


@given(two_operands(small))
def test_array_equal_and_isclose_are_numpys(pair):
    on_both_or_refused(lambda module, a, b: bool(module.array_equal(a, b)), *pair)
    on_both_or_refused(lambda module, a: bool(module.array_equal(a, a)), pair[0])
    on_both_or_refused(lambda module, a, b: module.isclose(a, b), *pair)


@pytest.mark.parametrize("name", ["argmin", "any", "all", "prod", "amax", "amin", "count_nonzero"])
@given(small_values, any_axis, st.booleans())
def test_other_reductions_are_numpys(name, a, axis, keepdims):
    numbers = flat(a)
    assume(name != "prod" or not isinstance(numbers[0], float))
    on_both_or_refused(lambda module, a: getattr(module, name)(a, axis), a)
    on_both_or_refused(lambda module, a: getattr(module, name)(a, axis, keepdims=keepdims), a)
    if name not in ("amax", "amin", "count_nonzero"):
        on_both_or_refused(lambda _, a: getattr(a, name)(axis, keepdims=keepdims), a)


@pytest.mark.parametrize("name", ["std", "var"])
@given(values(thousandths) | small_integers, any_axis, st.integers(0, 2), st.booleans())
def test_deviations_are_numpys_within_their_rounding(name, a, axis, ddof, keepdims):
    count = numpy.size(a) if axis is None else min(numpy.shape(a))
    assume(ddof < count)

    def reduced(module, a):
        answer = getattr(module, name)(a, axis, ddof=ddof, keepdims=keepdims)
        return module.round(answer, 9)

    on_both_or_refused(reduced, a, ulps=1 << 20)
    on_both_or_refused(lambda module, a: module.round(getattr(a, name)(axis), 9), a, ulps=1 << 20)


@given(values(thousandths) | small_integers, any_axis, st.sampled_from([0, 10, 25, 50, 77.5, 100]))
def test_medians_and_percentiles_are_numpys(a, axis, q):
    on_both_or_refused(lambda module, a: module.median(a, axis), a, ulps=1)
    on_both_or_refused(lambda module, a: module.percentile(a, q, axis), a, ulps=0)


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_a_nan_is_the_median_and_every_percentile(number):
    on_both_or_refused(lambda module, a: module.median(a), [1.0, number, 2.0])
    on_both_or_refused(lambda module, a: module.percentile(a, 25), [1.0, number, 2.0])


@given(small_values, any_axis)
def test_running_sums_and_orders_are_numpys(a, axis):
    on_both_or_refused(lambda module, a: module.cumsum(a, axis), a)
    on_both_or_refused(lambda module, a: module.sort(a, axis), a)
    on_both_or_refused(lambda module, a: module.argsort(a, axis, **STABLE[module]), a)

    def sorted_in_place(module, a):
        a.sort(*([] if axis is None else [axis]))
        return a

    on_both_or_refused(sorted_in_place, a)


STABLE = {np: {}, numpy: {"kind": "stable"}}


@given(vectors(size, any_float))
def test_nans_are_last_in_order(a):
    on_both_or_refused(lambda module, a: module.sort(a), a, ulps=0)


@given(small_values, any_axis)
def test_apply_along_axis_is_numpys(a, axis):
    assume(axis is not None)
    on_both_or_refused(lambda module, a: module.apply_along_axis(module.max, axis, a), a)
    on_both_or_refused(lambda module, a: module.apply_along_axis(lambda x: x * 2, axis, a), a)


@given(values(st.integers(-9, 9)) | values(st.booleans()), st.sampled_from([None, 0, 1]))
def test_norms_are_numpys(a, axis):
    on_both_or_refused(lambda module, a: module.linalg.norm(a * 1.0, axis=axis), a, ulps=2)
    on_both_or_refused(lambda module, a: module.linalg.norm(a * 1.0, 1, axis=0), a, ulps=2)


@given(small_values, small_values)
def test_outer_products_traces_and_matmul_are_numpys(a, b):
    on_both_or_refused(lambda module, a, b: module.outer(a, b), a, b)
    on_both_or_refused(lambda module, a: module.trace(a * 2), a)
    whole = [[int(x) for x in flat(a)]]
    on_both_or_refused(lambda module, a: module.matmul(a, a.T), whole)


# -- made and shaped -----------------------------------------------------------------------------

any_dtype = st.sampled_from([None, float, int, bool, "int32", "float64", "uint8"])
TO_NUMPY = {"int32": "int64", "uint8": "int64"}


@given(small_values, any_dtype, st.integers(-3, 3))
def test_arrays_like_others_are_numpys(a, dtype, number):
    for name in ["zeros_like", "ones_like"]:
        ours = getattr(np, name)(np.array(a), dtype)
        assert_same(ours, getattr(numpy, name)(numpy.array(a), TO_NUMPY.get(dtype, dtype)))
    on_both_or_refused(lambda module, a: module.full_like(a, number), a)
    assert np.empty_like(a).shape == np.empty(numpy.shape(a)).shape == numpy.shape(a)
    on_both_or_refused(lambda module: module.full(numpy.shape(a), number))
    on_both_or_refused(lambda module: module.full(numpy.shape(a), number, dtype=float))


numbers = st.integers(-5, 5) | thousandths


@given(numbers, numbers, st.integers(1, 4) | st.sampled_from([0.1, 0.3, -0.7, -2]))
def test_ranges_are_numpys(start, stop, step):
    on_both_or_refused(lambda module: module.arange(start))
    on_both_or_refused(lambda module: module.arange(start, stop))
    on_both_or_refused(lambda module: module.arange(start, stop, step))
    on_both_or_refused(lambda module: module.arange(start, stop, step, dtype=float))


@given(numbers, numbers, st.integers(1, 9), st.booleans())
def test_linspace_is_numpys(start, stop, num, endpoint):
    on_both_or_refused(lambda module: module.linspace(start, stop, num, endpoint))


any_length = st.sampled_from([-1, 1, 2, 3, 4, 6])


@given(small_values, any_length | st.lists(any_length, max_size=3).map(tuple))
def test_reshape_is_numpys(a, shape):
    on_both_or_refused(lambda module, a: module.reshape(a, shape), a)
    on_both_or_refused(lambda module, a: a.reshape(shape), a)
    on_both_or_refused(lambda module, a: a.T.reshape(shape), a)
    if isinstance(shape, tuple) and shape:
        on_both_or_refused(lambda module, a: a.reshape(*shape), a)


@given(small_values, st.sampled_from([(-1,), (-1, 1), (1, -1)]), st.booleans())
def test_a_reshaped_array_is_a_view(a, shape, part):
    def program(module, a):
        b = (a[0] if part and a.ndim == 2 else a).reshape(shape)
        b += b
        a.flat[0] = 5
        a.ravel()[-1] = 7
        return a

    assume(not isinstance(flat(a)[0], bool))
    on_both_or_refused(program, a)


@given(small_values, st.sampled_from([None, 0, 1, -1, 2]))
def test_axes_come_and_go_as_in_numpy(a, axis):
    for name in ["squeeze", "flip"]:
        on_both_or_refused(lambda module, a, name=name: getattr(module, name)(a, axis), a)
    if axis is not None:
        on_both_or_refused(lambda module, a: module.expand_dims(a, axis), a)
    for name in ["ravel", "transpose", "atleast_1d", "atleast_2d", "copy", "asarray", "squeeze"]:
        on_both_or_refused(lambda module, a, name=name: getattr(module, name)(a), a)
    for name in ["ravel", "transpose", "squeeze", "flatten"]:
        on_both_or_refused(lambda module, a, name=name: getattr(a, name)(), a)
    assert (np.shape(a), np.size(a)) == (numpy.shape(a), numpy.size(a))


@given(small_values, any_dtype)
def test_astype_and_the_options_of_array_are_numpys(a, dtype):
    assume(dtype is not None)
    theirs = numpy.array(a)
    assert_same(np.array(a).astype(dtype), theirs.astype(TO_NUMPY.get(dtype, dtype)))
    on_both_or_refused(lambda module, a: module.array(a, ndmin=2), a)
    on_both_or_refused(lambda module, a: module.array(a, copy=True), a)


@given(small_values, st.integers(1, 3), st.sampled_from([None, 0, 1]))
def test_tiles_and_repeats_are_numpys(a, times, axis):
    on_both_or_refused(lambda module, a: module.tile(a, times), a)
    on_both_or_refused(lambda module, a: module.tile(a, (times, 2)), a)
    on_both_or_refused(lambda module, a: module.repeat(a, times, axis), a)
    on_both_or_refused(lambda module, a: a.repeat(times, axis=axis), a)
    on_both_or_refused(lambda module, a: module.take(a, [0, -1], axis), a)


@given(small_values, st.integers(-2, 2))
def test_diagonals_are_numpys(a, k):
    on_both_or_refused(lambda module, a: module.diag(a, k), a)


@given(st.lists(small_values, min_size=1, max_size=3), st.sampled_from([None, 0, 1, -1]))
def test_joined_arrays_are_numpys(parts, axis):
    on_both_or_refused(lambda module, *parts: module.concatenate(parts, axis), *parts)
    on_both_or_refused(lambda module, *parts: module.stack(parts, axis or 0), *parts)
    for name in ["vstack", "hstack", "column_stack"]:
        on_both_or_refused(lambda module, *parts, name=name: getattr(module, name)(parts), *parts)
    on_both_or_refused(lambda module, *parts: module.c_[parts], *parts)


@given(st.lists(matrices(2, 2, st.integers(-9, 9)), min_size=1, max_size=3), st.integers(0, 1))
def test_joined_matrices_are_numpys(parts, axis):
    on_both_or_refused(lambda module, *parts: module.concatenate(parts, axis=axis), *parts)
    on_both_or_refused(lambda module, *parts: module.hstack(parts), *parts)
    on_both_or_refused(lambda module, *parts: module.vstack(parts), *parts)


@given(two_operands(small), st.data())
def test_where_is_numpys(pair, data):
    condition = data.draw(values(st.booleans(), st.sampled_from([1, 2]), st.sampled_from([1, 2])))
    on_both_or_refused(lambda module, c, a, b: module.where(c, a, b), condition, *pair)
    on_both_or_refused(lambda module, c: module.where(c), condition)
    on_both_or_refused(lambda module, c: module.nonzero(c), condition)
    on_both_or_refused(lambda module, c: c.nonzero(), condition)


@given(small_values)
def test_unique_is_numpys(a):
    on_both_or_refused(lambda module, a: module.unique(a), a)
    on_both_or_refused(lambda module, a: module.unique(a, return_counts=True), a)
    on_both_or_refused(lambda module, a: module.unique(a, return_inverse=True), a)


# -- lists, masks, None and ... as indices -------------------------------------------------------

places = st.lists(st.integers(-3, 3), min_size=1, max_size=4)
index_part = (
    one_index
    | places
    | st.just(None)
    | st.just(...)
    | st.lists(st.booleans(), min_size=1, max_size=3)
    | matrices(2, 2, st.integers(-2, 1))
)
any_key = index_part | st.lists(index_part, max_size=3).map(tuple)


def key_for(module, key):
    if isinstance(key, tuple):
        return tuple(key_for(module, part) for part in key)
    return module.array(key) if isinstance(key, list) else key


@given(small_values, any_key, st.booleans(), st.booleans())
def test_an_index_of_any_kind_is_numpys(a, key, turn, as_lists):
    def program(module, a):
        return (a.T if turn else a)[key if as_lists else key_for(module, key)]

    on_both_or_refused(program, a)


@given(small_values, any_key, st.booleans(), numbers)
def test_a_number_put_at_an_index_of_any_kind_is_numpys(a, key, turn, number):
    def program(module, a):
        (a.T if turn else a)[key_for(module, key)] = number
        return a

    selected = attempt(lambda: numpy.array(a)[key_for(numpy, key)])
    assume(getattr(selected, "ndim", 0) <= 2)
    on_both_or_refused(program, a)


@given(matrices(3, 2, thousandths), matrices(3, 2, st.booleans()), places, numbers)
def test_masks_and_places_change_an_array_as_in_numpy(a, mask, rows, number):
    def program(module, a, mask):
        a[mask] *= 2
        a[a > number] = number
        a[[i % 3 for i in rows]] += 1
        a[module.arange(3), [0, 1, 0]] -= 1
        a[:, [1, 0]] = a
        a[a < a.mean(axis=0)] = 0
        return a

    on_both_or_refused(program, a, mask)


@pytest.mark.parametrize("part", [slice(5, 9), [False] * 3])
def test_what_selects_nothing_gives_an_array_without_elements(part):
    def vector(module, a):
        return (a * 1.0)[module.array(part) if isinstance(part, list) else part]

    on_both(vector, [1, 2, 3])
    on_both(lambda module, a: vector(module, a) * 2 + a[:1], [1, 2, 3])
    for reduction in ("sum", "prod", "any", "all", "max"):
        on_both(lambda module, a, name=reduction: getattr(vector(module, a), name)(), [1, 2, 3])
    on_both(lambda module, a: module.dot(vector(module, a), vector(module, a)), [1, 2, 3])
    assert math.isnan(vector(np, np.array([1, 2, 3])).mean())
    rows = [[1.0, 2.0]] * 3
    on_both(lambda module, a: a[part], rows)
    on_both(lambda module, a: a[part] + a[0], rows)
    on_both(lambda module, a: a[part].dot(a.T), rows)
    assert complaint(np.sum, np.array(rows)[part], 0) == "axis: the array has no rows"
    on_both(lambda module, a: a[:, 2:9], rows)
    on_both(lambda module, a: a[part].T, rows)


@given(small_integers, st.integers(1, 9))
def test_one_hot_rows_are_numpys(a, n):
    on_both_or_refused(lambda module, a: module.eye(n)[a % n], a)


# -- numbers that come out -----------------------------------------------------------------------


@given(numbers, numbers)
def test_numbers_have_the_attributes_of_an_array_and_keep_them(x, y):
    def program(module, a):
        b, sum_ = a[0], a.sum()
        answers = [b + y, y - b, b * y, -b, abs(b), b / 2, b * sum_, b**2, b // 2.0, b % 3.0]
        return module.array([answer.astype(float) for answer in answers])

    on_both(program, [x, y], ulps=5)
    total = np.array([x, y]).sum()
    assert (total.shape, total.ndim, total.size) == ((), 0, 1)
    assert total.dtype is type(total.item()) is type(total + 0 if x == 9 else total.tolist())
    assert total.T == total.copy() == total.reshape(1)[0] == total.mean() == total


@given(numbers)
def test_a_number_that_comes_out_divides_as_numpy_does(x):
    on_both(lambda _, a: a[0] / 0, [x])
    on_both(lambda _, a: 0.0 / a[0], [float(x)])
    on_both(lambda _, a: a[0] + a, [x])
    on_both(lambda _, a: a - a[0], [x])


def test_arrays_of_one_element_are_numbers_where_python_wants_one():
    assert float(np.array([[2.5]])) == 2.5
    assert int(np.array([3])) == 3
    assert np.array([[2.5]]).item() == 2.5
    assert np.array([[1, 2]]).item(0, 1) == 2
    assert complaint(float, np.ones(2)) == "float: expected one element, got 2"


def test_names_of_kinds_are_pythons_kinds():
    assert np.float64 is float and np.int32 is np.int64 is np.uint8 is np.int_ is int
    assert np.array([1.0]).dtype == np.float64
    assert np.array([300], dtype=np.uint8)[0] == 300  # it does not wrap around
    assert (np.pi, np.e, np.inf, np.newaxis) == (math.pi, math.e, math.inf, None)


def test_an_option_that_is_not_there_is_refused_by_its_name():
    assert complaint(np.sum, [1.0], dtype=float) == "sum: there is no option dtype here"
    assert complaint(np.ones(2).mean, ddof=1) == "mean: there is no option ddof here"


# -- the table of the guide ----------------------------------------------------------------------

GUIDE = (CHECKOUT / "purenet" / "np" / "README.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `(\w+)(.*?)` \| (.*?) \|$", GUIDE, re.MULTILINE)
NOWHERE = {"order", "subok", "device", "like", "signature", "casting"}
OTHERWISE = {  # what NumPy calls a parameter that is called otherwise here
    **dict.fromkeys([("empty_like", "prototype"), ("reshape", "shape"), ("transpose", "axes")], ""),
    **dict.fromkeys(
        [("arange", "start_or_stop"), ("atleast_1d", "arys"), ("atleast_2d", "arys")], ""
    ),
    **dict.fromkeys([("reshape", "newshape"), ("clip", "min"), ("clip", "max")], ""),
}


def parameters_of(function):
    try:
        return {*inspect.signature(function).parameters}
    except ValueError:  # some functions of NumPy tell none
        return set()


def test_the_guide_has_each_name_once():
    names = [name for name, _, _ in ROWS]
    assert sorted(names) == sorted({*np.__all__} - {"random", "linalg"})
    others = re.findall(r"`(?:random|linalg)\.(\w+)`", GUIDE)
    assert sorted(others) == sorted([*np.random.__all__, *np.linalg.__all__])


@pytest.mark.parametrize(("name", "call", "lacking"), ROWS)
def test_the_guide_says_of_each_function_what_it_takes_and_what_of_numpys_it_does_not(
    name, call, lacking
):
    ours = getattr(np, name)
    if not inspect.isfunction(ours):
        assert call == ""
        return
    parameters = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in inspect.signature(ours).parameters.values()
        if parameter.name != "options"
    ]
    assert call == str(inspect.Signature(parameters)).replace("<class 'float'>", "float")
    options = {"ddof"} if name in ("std", "var") else set()
    given = {*(parameter.name for parameter in parameters), *options}
    left_out = parameters_of(getattr(numpy, name)) - given - NOWHERE - {"args", "kwargs"}
    left_out -= {parameter for of, parameter in OTHERWISE if of == name}
    left_out -= {"interpolation"}  # the old name of `method`
    assert left_out <= {*re.findall(r"`(\w+)`", lacking)}


def test_the_guide_has_every_attribute_and_method_of_an_array():
    [sentence] = re.findall(r"^An array has (.*?)\.$", GUIDE, re.MULTILINE | re.DOTALL)
    names = {name for name in dir(np.ndarray) if not name.startswith("_")}
    assert sorted(re.findall(r"`(\w+)`", sentence)) == sorted(names)
