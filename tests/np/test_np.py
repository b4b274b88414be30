"""`purenet.np` against NumPy, call for call: values, shapes, kinds, refusals, views and print."""

import copy
import inspect
import itertools
import math
import operator
import pickle
import pydoc
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
    seeds,
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
    assert {type(a) for a in flat(numbers)} == {kind}
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


@pytest.mark.parametrize("other", [None, "x", 2j, Fraction(1, 2), object(), {1: 2}])
@pytest.mark.parametrize("operation", [operator.add, operator.lt, operator.eq, operator.matmul])
def test_an_operator_refuses_what_is_no_number_with_a_type_error(operation, other):
    with pytest.raises(TypeError, match="expected a float, an integer or a bool, got "):
        operation(np.array([1.0]), other)


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


def test_a_function_of_a_number_gives_pythons_own_number():
    assert type(np.exp(0)) is float and np.exp(0) == 1.0
    assert type(np.abs(-2)) is int and np.abs(-2) == 2
    assert type(np.maximum(1, 2.0)) is float
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
        expected = last_of_running_sums(terms, axis=1).reshape(A.shape[:-1] + B.shape[1:])
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
        total = last_of_running_sums(A.ravel() if axis is None else A, axis or 0)
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
        if leaves_nothing(numpys):
            assert "selects none of" in str(ours)
            return
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


@pytest.mark.parametrize(
    ("key", "message"),
    [
        (2, "index: expected a number from -2 to 1, got 2"),
        ((0, -4), "index: expected a number from -3 to 2, got -4"),
        (slice(2, 2), "index: slice(2, 2, None) (slice) selects none of 2"),
        ((0, 0, 0), "index: expected at most 2 for the shape (2 x 3), got 3"),
        (1.0, "index: expected whole numbers and slices, got 1.0"),
        (True, "index: expected whole numbers and slices, got True (bool)"),
        ([0, 1], "index: expected whole numbers and slices, got [0, 1] (list)"),
        (None, "index: expected whole numbers and slices, got None"),
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


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], "array: expected a list of numbers or of rows, got [] (list)"),
        ([[]], "array: expected at least one row and one column, got [[]] (list)"),
        ([[1], [1, 2]], "array: row 1 has 2 values, but row 0 has 1"),
        ([[1, 2], 3], "array: element 0 is a row, but element 1 is not"),
        ([1, 2, [3]], "array: element 2 is a row, but element 0 is not"),
        (5, "array: expected a list of numbers or of rows, got 5"),
        ("12", "array: expected a list of numbers or of rows, got '12' (str)"),
        (None, "array: expected a list of numbers or of rows, got None"),
        ({1, 2}, "array: expected a list of numbers or of rows, got {1, 2} (set)"),
        (
            [1, "2"],
            "array: row 0, column 1: expected a float, an integer or a bool, got '2' (str)",
        ),
        ([[1], [None]], "array: row 1, column 0: expected a float, an integer or a bool, got None"),
        ([2j], "array: row 0, column 0: expected a float, an integer or a bool, got 2j (complex)"),
        (
            [[[1]]],
            "array: row 0, column 0: expected a float, an integer or a bool, got [1] (list)",
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


@pytest.mark.parametrize("make", [np.zeros, np.ones, np.random.random])
@pytest.mark.parametrize("shape", [(), (1, 2, 3), 0, (2, 0), -1, 2.0, "2", (1, "2"), True])
def test_shapes_without_elements_or_with_three_axes_are_refused(make, shape):
    assert complaint(make, shape).startswith("shape: expected ")


# -- random numbers ------------------------------------------------------------------------------

any_shape = st.none() | size | st.tuples(size) | st.tuples(size, size)


@given(seeds, st.lists(any_shape, min_size=1, max_size=4))
def test_random_numbers_are_numpys_to_the_bit(seed, shapes):
    theirs = numpy.random.RandomState(seed)
    np.random.seed(seed)
    for shape in shapes:
        assert_same(np.random.random(shape), theirs.random_sample(shape))
        assert_same(np.random.uniform(-2, 0.5, shape), theirs.uniform(-2, 0.5, shape))
        assert_same(np.random.uniform(size=shape), theirs.uniform(size=shape))
        lengths = shape if isinstance(shape, tuple) else ()
        assert_same(np.random.rand(*lengths), theirs.rand(*lengths))
        assert_same(np.random.randn(*lengths), theirs.randn(*lengths))


def test_ten_thousand_normal_numbers_are_numpys_to_the_bit():
    np.random.seed(1)
    assert_same(np.random.randn(10_000), numpy.random.RandomState(1).randn(10_000))


def test_no_seed_gives_other_numbers_each_time():
    def first():
        np.random.seed()
        return np.random.random()

    assert len({first() for _ in range(5)}) == 5


def test_random_numbers_need_no_seed(monkeypatch):
    monkeypatch.setattr(np.random, "_generator", None)
    assert 0.0 <= np.random.random() < 1.0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("x", 1), "uniform: low: expected a number that is finite, got 'x' (str)"),
        ((0, math.inf), "uniform: high: expected a number that is finite, got inf"),
        ((-1e308, 1e308), "uniform: high - low: expected a number that is finite, got inf"),
    ],
)
def test_uniform_refuses_ends_between_which_there_is_no_float(arguments, message):
    assert complaint(np.random.uniform, *arguments) == message


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", True])
def test_a_seed_that_numpys_legacy_seed_refuses_is_refused(seed):
    assert complaint(np.random.seed, seed).startswith("seed: expected a whole number from 0 to ")


# -- what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owner", "called"),
    [
        (np, "purenet.np"),
        (np.random, "purenet.np.random"),
        (np.ones(2), "an array of purenet.np"),
        (np.ones((2, 2)).T, "an array of purenet.np"),
    ],
)
@pytest.mark.parametrize("name", ["einsum", "reshape", "math", "_rows_"])
def test_a_name_that_is_not_there_is_refused_with_one_sentence(owner, called, name):
    with pytest.raises(AttributeError) as caught:
        getattr(owner, name)
    assert str(caught.value) == (
        f"{called} has no '{name}': it has the names of the article's programs; "
        "help(purenet.np) lists them"
    )
    assert not hasattr(owner, "__array_interface__")


@pytest.mark.parametrize("module", [np, np.random])
def test_all_names_every_public_name_and_each_has_a_docstring(module):
    # pytest may leave names in a module that are not identifiers, such as "@py_builtins".
    public = {name for name in vars(module) if name.isidentifier() and not name.startswith("_")}
    assert public - {"annotations", "TYPE_CHECKING"} == set(module.__all__)
    assert all(inspect.getdoc(getattr(module, name)) for name in module.__all__)


def test_dir_lists_the_names_and_the_modules_behind_them():
    assert dir(np) == sorted([*np.__all__, "_array", "_numbers", "_printing"])
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
