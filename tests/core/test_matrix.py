"""Matrices: every operation against NumPy, and the doors through which callers' numbers come."""

import array
import math
from decimal import Decimal
from fractions import Fraction

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
)

from purenet.core.checks import PureNetError, as_matrix, check_flag, number_within, whole_number
from purenet.core.matrix import (
    add,
    add_row,
    all_finite,
    apply,
    argmax,
    column_sums,
    dot,
    mean_absolute,
    multiply,
    scale,
    shape,
    subtract,
    transpose,
    zeros,
)

# Most sums of any floats are their largest term, in any order; sums of thousandths are not.
any_matrix = matrices(size, size)
matrix_to_add_up = any_matrix | matrices(size, size, thousandths)


def factors(elements):
    """Draw A (m x k) and B (k x n)."""
    return st.tuples(size, size, size).flatmap(
        lambda sizes: st.tuples(
            matrices(sizes[0], sizes[1], elements), matrices(sizes[1], sizes[2], elements)
        )
    )


# -- the operations against NumPy ----------------------------------------------------------------


@given(factors(any_float) | factors(thousandths))
def test_dot_adds_the_products_from_left_to_right_beginning_with_the_first(pair):
    # The order decides where a sum overflows, and so which results are infinite or NaN. BLAS takes
    # another one, so beyond the finite numbers this, and not NumPy's @, says what is right.
    def products_added(A, B):
        return last_of_running_sums(A[:, :, np.newaxis] * B[np.newaxis], axis=1)

    assert bits(dot(*pair)) == bits(in_numpy(products_added, *pair))


def test_dot_and_column_sums_keep_the_sign_of_zero():
    assert bits(dot([[-0.0, 0.0]], [[1.0], [-1.0]])) == bits([[-0.0]])
    assert bits([column_sums([[-0.0], [-0.0]])]) == bits([[-0.0]])


@given(factors(st.floats(-1e150, 1e150)))  # no product, and no sum of five, overflows
def test_dot_agrees_with_numpy_within_the_rounding_of_its_sums(pair):
    # An inner product of n terms, in any order, is within n·ROUNDING·Σ|a·b| of the exact one
    # (C.-P. Jeannerod and S. M. Rump, SIAM J. Matrix Anal. Appl. 34, 2013), and each product can
    # lose half a QUANTUM to underflow. Two such results are at most twice that apart.
    A, B = pair
    for row, ours, numpys in zip(A, dot(A, B), in_numpy(np.matmul, A, B)):
        for column, a, b in zip(zip(*B), ours, numpys):
            magnitude = sum(abs(Fraction(x) * Fraction(y)) for x, y in zip(row, column))
            bound = len(row) * (2 * Fraction(ROUNDING) * magnitude + Fraction(QUANTUM))
            assert abs(Fraction(a) - Fraction(b)) <= bound


@pytest.mark.parametrize(
    ("operation", "numpys"), [(add, np.add), (subtract, np.subtract), (multiply, np.multiply)]
)
@given(of_one_shape(2))
def test_elementwise_operations_have_the_bits_of_numpys(operation, numpys, pair):
    assert bits(operation(*pair)) == bits(in_numpy(numpys, *pair))


@given(any_matrix, any_float)
def test_scale_has_the_bits_of_numpys_product(A, factor):
    assert bits(scale(A, factor)) == bits(in_numpy(np.multiply, A, factor))


@pytest.mark.parametrize("function", [abs, lambda a, b: a - b, lambda a, b, c: a - b * c])
@given(st.data())
def test_apply_takes_the_same_place_of_each_matrix_in_order(function, data):
    count = 1 if function is abs else function.__code__.co_argcount
    arguments = data.draw(of_one_shape(count))
    assert bits(apply(function, *arguments)) == bits(in_numpy(function, *arguments))


@given(of_one_shape(2))
def test_add_row_adds_one_row_to_each_row(pair):
    A, (row, *_) = pair
    assert bits(add_row(A, row)) == bits(in_numpy(np.add, A, row))


@given(any_matrix)
def test_transpose_turns_rows_into_columns(A):
    turned = transpose(A)
    assert bits(turned) == bits(in_numpy(np.transpose, A))
    assert all(type(row) is list for row in turned)


@given(matrix_to_add_up)
def test_column_sums_adds_from_the_first_row_down(A):
    assert bits([column_sums(A)]) == bits([in_numpy(last_of_running_sums, A)])


@given(matrix_to_add_up)
def test_mean_absolute_adds_row_by_row_from_left_to_right(A):
    def mean(A):
        return last_of_running_sums(abs(A).ravel()) / A.size

    assert bits([[mean_absolute(A)]]) == bits([[in_numpy(mean, A)]])


@given(matrices(size, size, st.floats(-1e300, 1e300)))
def test_mean_absolute_agrees_with_numpys_mean_within_the_rounding_of_its_sum(A):
    # No term is negative, so n - 1 additions and the division are off by at most n·ROUNDING of
    # the result; the division can also lose half a QUANTUM to underflow. Here and in NumPy.
    ours, numpys = mean_absolute(A), in_numpy(lambda A: abs(A).mean(), A)
    elements = len(A) * len(A[0])
    assert abs(ours - numpys) <= 2 * elements * ROUNDING * numpys + QUANTUM


@given(matrices(size, size, st.floats(allow_nan=False) | st.sampled_from([0.0, -0.0, 1.0])))
def test_argmax_finds_the_first_of_the_largest_in_each_row(A):
    assert argmax(A) == in_numpy(lambda A: A.argmax(axis=1), A)


@given(any_matrix | matrices(size, size, finite_float))
def test_all_finite_is_numpys_isfinite_of_all(A):
    assert all_finite(A) is in_numpy(lambda A: np.isfinite(A).all(), A)


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize(("i", "j"), [(0, 0), (0, 1), (1, 0), (1, 1)])
def test_all_finite_sees_a_single_number_that_is_not(number, i, j):
    A = [[1.0, 2.0], [3.0, 4.0]]
    A[i][j] = number
    assert not all_finite(A)


@given(any_matrix)
def test_shape_counts_rows_and_columns(A):
    assert shape(A) == np.shape(A)


@given(size, size)
def test_zeros_are_positive_and_no_two_rows_are_the_same_list(m, n):
    Z = zeros(m, n)
    assert bits(Z) == bits(np.zeros((m, n)).tolist())
    assert len({id(row) for row in Z}) == m


# -- what no operation does ----------------------------------------------------------------------


@given(of_one_shape(2))
def test_no_operation_changes_its_arguments_or_returns_their_lists(pair):
    A, B = pair
    turned = [list(column) for column in zip(*B)]
    for operation, *arguments in [
        (shape, A),
        (transpose, A),
        (dot, A, turned),
        (add, A, B),
        (subtract, A, B),
        (multiply, A, B),
        (scale, A, 2.0),
        (apply, min, A, B, A),
        (add_row, A, B[0]),
        (column_sums, A),
        (mean_absolute, A),
        (argmax, A),
        (all_finite, A),
    ]:
        assert_touches_nothing(operation, *arguments)


@given(matrices(size, size, finite_float))
def test_as_matrix_changes_nothing_and_returns_none_of_the_callers_lists(A):
    assert_touches_nothing(as_matrix, A)


EMPTY = "expected at least one row and one column, got ["
WHOLE = [[1.0, 2.0], [3.0, 4.0]]


@pytest.mark.parametrize(
    ("broken", "message"),
    [
        ([], EMPTY),
        ([[]], EMPTY),
        ([[], [1.0, 2.0]], EMPTY),
        ([[1.0, 2.0], []], "row 1 has 0 values, but row 0 has 2"),
        ([[1.0, 2.0, 3.0], [4.0, 5.0]], "row 1 has 2 values, but row 0 has 3"),
        ([[1.0], [2.0, 3.0]], "row 1 has 2 values, but row 0 has 1"),
        ([1.0, 2.0], "expected a list of rows, got [1.0, 2.0] (list)"),
        (None, "expected a list of rows, got None"),
    ],
)
@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        (shape, lambda M: [M]),
        (transpose, lambda M: [M]),
        (dot, lambda M: [M, WHOLE]),
        (dot, lambda M: [WHOLE, M]),
        (add, lambda M: [M, WHOLE]),
        (add, lambda M: [WHOLE, M]),
        (subtract, lambda M: [M, WHOLE]),
        (subtract, lambda M: [WHOLE, M]),
        (multiply, lambda M: [M, WHOLE]),
        (multiply, lambda M: [WHOLE, M]),
        (scale, lambda M: [M, 2.0]),
        (apply, lambda M: [abs, M]),
        (apply, lambda M: [min, WHOLE, M]),
        (apply, lambda M: [min, WHOLE, WHOLE, M]),
        (add_row, lambda M: [M, [1.0, 2.0]]),
        (column_sums, lambda M: [M]),
        (mean_absolute, lambda M: [M]),
        (argmax, lambda M: [M]),
    ],
)
def test_every_operation_refuses_an_empty_or_ragged_matrix(operation, arguments, broken, message):
    name = "matrix" if operation is shape else operation.__name__
    assert complaint(operation, *arguments(broken)).startswith(f"{name}: {message}")


def test_a_row_of_one_value_is_named_in_the_singular():
    assert complaint(shape, [[1.0, 2.0], [3.0]]) == "matrix: row 1 has 1 value, but row 0 has 2"


@pytest.mark.parametrize(
    ("operation", "arguments", "message"),
    [
        (dot, [zeros(4, 3), zeros(4, 1)], "dot: inner sizes differ: (4 x 3) · (4 x 1)"),
        (dot, [zeros(4, 3), zeros(2, 1)], "dot: inner sizes differ: (4 x 3) · (2 x 1)"),
        (add, [zeros(1, 2), zeros(2, 1)], "add: shapes differ: (1 x 2) + (2 x 1)"),
        (subtract, [zeros(1, 2), zeros(1, 3)], "subtract: shapes differ: (1 x 2) - (1 x 3)"),
        (multiply, [zeros(2, 2), zeros(1, 2)], "multiply: shapes differ: (2 x 2) * (1 x 2)"),
        (apply, [min, zeros(1, 1), zeros(1, 2)], "apply: shapes differ: (1 x 1) and (1 x 2)"),
        (
            apply,
            [min, zeros(1, 1), zeros(1, 1), zeros(3, 1)],
            "apply: shapes differ: (1 x 1) and (3 x 1)",
        ),
        (add_row, [zeros(2, 3), [1.0, 2.0]], "add_row: sizes differ: (2 x 3) + a row of 2"),
        (
            add_row,
            [zeros(2, 3), [1.0, 2.0, 3.0, 4.0]],
            "add_row: sizes differ: (2 x 3) + a row of 4",
        ),
        (zeros, [0, 1], "rows: expected a whole number of at least 1, got 0"),
        (zeros, [1, -1], "columns: expected a whole number of at least 1, got -1"),
    ],
)
def test_shapes_that_do_not_fit_are_named_with_the_operation(operation, arguments, message):
    assert complaint(operation, *arguments) == message


# -- as_matrix: what it takes --------------------------------------------------------------------


class HasToList:
    """Stand for the arrays of other libraries."""

    def tolist(self):
        return [[0, 1], [2, 3]]


@pytest.mark.parametrize(
    "rows",
    [
        [[0, 1], [2, 3]],
        ((0.0, 1.0), (2.0, 3.0)),
        [range(2), range(2, 4)],
        (row for row in [[0, 1], [2, 3]]),
        [(number for number in [0, 1]), iter([2, 3])],
        zip([0, 2], [1, 3]),
        [array.array("d", [0, 1]), array.array("b", [2, 3])],
        [memoryview(array.array("d", [0, 1])), [2, 3]],
        np.array([[0, 1], [2, 3]]),
        np.array([[0, 1], [2, 3]], dtype=np.float32),
        np.array([[0, 1], [2, 3]], dtype=np.uint8),
        np.array([[0, 1], [2, 3]], dtype=object),
        np.array([[0.0, 1.0], [2.0, 3.0]], order="F"),
        np.arange(0.0, 4.0, 0.5).reshape(2, 4)[:, ::2],
        [np.array([0, 1]), np.array([2.0, 3.0])],
        [[np.float32(0), np.int64(1)], [np.float64(2), np.uint8(3)]],
        [[Fraction(0), Fraction(1)], [Decimal(2), Decimal(3)]],
        HasToList(),
    ],
)
def test_as_matrix_makes_lists_of_floats_of_whatever_holds_rows_of_numbers(rows):
    matrix = as_matrix(rows)
    assert matrix == [[0.0, 1.0], [2.0, 3.0]]
    assert {type(value) for row in matrix for value in row} == {float}
    assert {type(row) for row in [matrix, *matrix]} == {list}


@pytest.mark.parametrize(
    "rows", [[[False, True]], np.array([[False, True]]), [[np.bool_(False), np.bool_(True)]]]
)
def test_as_matrix_counts_booleans_as_0_and_1(rows):
    assert bits(as_matrix(rows)) == bits([[0.0, 1.0]])


@pytest.mark.parametrize("wrap", [tuple, np.array, lambda A: (iter(row) for row in A)])
@given(A=matrices(size, size, finite_float))
def test_as_matrix_keeps_every_bit(wrap, A):
    assert bits(as_matrix(wrap(A))) == bits(A)


def test_as_matrix_rounds_what_is_no_float_to_the_nearest_one():
    rows = [[Fraction(1, 3), Decimal("0.1"), 2**53 + 1, np.float32(0.1)]]
    assert as_matrix(rows) == [[1 / 3, 0.1, 2.0**53, 0.10000000149011612]]


def test_as_matrix_takes_the_number_of_columns_it_was_told():
    assert as_matrix([[1, 2]], columns=2, because="the network has 2 inputs") == [[1.0, 2.0]]


# -- as_matrix: what it refuses ------------------------------------------------------------------


class NotANumber:
    def __float__(self):
        raise ValueError("not today")

    def __repr__(self):
        return "<not a number>"


class BoardInteger(int):
    """An integer too large for a float, as MicroPython has it: float() makes it infinite."""

    def __float__(self):
        return math.inf


VIEW = memoryview(b"3")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        # Ragged and empty.
        ([[1], [1, 2]], "X: row 1 has 2 values, but row 0 has 1"),
        ([[1, 2], [3, 4], [1]], "X: row 2 has 1 value, but row 0 has 2"),
        ([[1], []], "X: row 1 has 0 values, but row 0 has 1"),
        ([[]], "X: row 0 has 0 values, but needs at least one"),
        ([[], [1]], "X: row 0 has 0 values, but needs at least one"),
        (np.zeros((3, 0)), "X: row 0 has 0 values, but needs at least one"),
        ([], "X: expected at least one row, got none"),
        ((), "X: expected at least one row, got none"),
        (iter([]), "X: expected at least one row, got none"),
        (np.zeros((0, 3)), "X: expected at least one row, got none"),
        # The whole is not a sequence of rows.
        ("12", "X: expected a sequence of rows, got '12' (str)"),
        ("", "X: expected a sequence of rows, got '' (str)"),
        (b"12", "X: expected a sequence of rows, got b'12' (bytes)"),
        (bytearray(b"12"), "X: expected a sequence of rows, got bytearray(b'12') (bytearray)"),
        (None, "X: expected a sequence of rows, got None"),
        (5, "X: expected a sequence of rows, got 5"),
        (True, "X: expected a sequence of rows, got True (bool)"),
        (np.array(5.0), "X: expected a sequence of rows, got 5.0"),
        ({0: [1]}, "X: expected a sequence of rows, got {0: [1]} (dict)"),
        ({1}, "X: expected a sequence of rows, got {1} (set)"),
        (frozenset([1]), "X: expected a sequence of rows, got frozenset({1}) (frozenset)"),
        # A row is not a sequence.
        ([1, 2, 3], "X: row 0: expected a row of numbers, got 1"),
        (range(3), "X: row 0: expected a row of numbers, got 0"),
        (np.array([1.0, 2.0]), "X: row 0: expected a row of numbers, got 1.0"),
        (memoryview(b"12"), "X: row 0: expected a row of numbers, got 49"),
        ([[1], "2"], "X: row 1: expected a row of numbers, got '2' (str)"),
        ([[1], b"2"], "X: row 1: expected a row of numbers, got b'2' (bytes)"),
        ([bytearray(b"2")], "X: row 0: expected a row of numbers, got bytearray(b'2') (bytearray)"),
        ([[1], None], "X: row 1: expected a row of numbers, got None"),
        ([[1], {2: 3}], "X: row 1: expected a row of numbers, got {2: 3} (dict)"),
        ([[1], {2}], "X: row 1: expected a row of numbers, got {2} (set)"),
        ([[1], 2j], "X: row 1: expected a row of numbers, got 2j (complex)"),
        # An element is not a number.
        ([[1, "3"]], "X: row 0, column 1: expected a real number, got '3' (str)"),
        ([[1, b"3"]], "X: row 0, column 1: expected a real number, got b'3' (bytes)"),
        (
            [[bytearray(b"3")]],
            "X: row 0, column 0: expected a real number, got bytearray(b'3') (bytearray)",
        ),
        ([[VIEW]], f"X: row 0, column 0: expected a real number, got {VIEW} (memoryview)"),
        (np.array([["3"]]), "X: row 0, column 0: expected a real number, got '3' (str)"),
        (
            [["3" * 38]],
            f"X: row 0, column 0: expected a real number, got '{'3' * 38}' (str)",
        ),
        (
            [["3" * 39]],
            f"X: row 0, column 0: expected a real number, got '{'3' * 36}... (str)",
        ),
        ([[1, 2], [3, None]], "X: row 1, column 1: expected a real number, got None"),
        ([[1, 2j]], "X: row 0, column 1: expected a real number, got 2j (complex)"),
        (np.array([[2j]]), "X: row 0, column 0: expected a real number, got 2j (complex)"),
        ([[[1]]], "X: row 0, column 0: expected a real number, got [1] (list)"),
        (np.ones((1, 1, 2)), "X: row 0, column 0: expected a real number, got [1.0, 1.0] (list)"),
        ([[{1: 2}]], "X: row 0, column 0: expected a real number, got {1: 2} (dict)"),
        ([[{1}]], "X: row 0, column 0: expected a real number, got {1} (set)"),
        (
            [[NotANumber()]],
            "X: row 0, column 0: expected a real number, got <not a number> (NotANumber)",
        ),
        # A number is not a finite float.
        ([[1], [math.nan]], "X: row 1, column 0: expected a finite number, got nan"),
        ([[1], [math.inf]], "X: row 1, column 0: expected a finite number, got inf"),
        ([[1], [-math.inf]], "X: row 1, column 0: expected a finite number, got -inf"),
        (np.array([[math.nan]]), "X: row 0, column 0: expected a finite number, got nan"),
        (
            [[Decimal("NaN")]],
            "X: row 0, column 0: expected a finite number, got Decimal('NaN') (Decimal)",
        ),
        (
            [[Decimal("1e400")]],
            "X: row 0, column 0: expected a finite number, got Decimal('1E+400') (Decimal)",
        ),
        (
            [[1, 10**400]],
            f"X: row 0, column 1: 1{'0' * 36}... is too large for a float",
        ),
        ([[-(10**5000)]], "X: row 0, column 0: an integer of 16610 bits is too large for a float"),
        (
            [[BoardInteger(7)]],
            "X: row 0, column 0: 7 (BoardInteger) is too large for a float",
        ),
    ],
)
def test_as_matrix_says_where_and_what_came(rows, message):
    assert complaint(as_matrix, rows, "X") == message


@pytest.mark.parametrize(
    "number", [np.complex64(2j), np.complex128(2j), np.clongdouble(2j), np.array(2j)]
)
def test_as_matrix_does_not_drop_the_imaginary_part_of_a_numpy_number(number):
    message = complaint(as_matrix, [[number]], "X")
    assert message.startswith("X: row 0, column 0: expected a real number, got ")


@pytest.mark.parametrize("holder", [Fraction(10**5000), [10**5000]])
def test_as_matrix_refuses_what_holds_an_integer_too_long_to_print(holder):
    assert complaint(as_matrix, [[holder]], "X").startswith("X: row 0, column 0: ")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, 2]], "X: row 0 has 2 values, but the network has 3 inputs"),
        ([[1, 2, 3], [4]], "X: row 1 has 1 value, but the network has 3 inputs"),
        ([[]], "X: row 0 has 0 values, but the network has 3 inputs"),
    ],
)
def test_as_matrix_says_why_so_many_columns_are_needed(rows, message):
    assert complaint(as_matrix, rows, "X", 3, "the network has 3 inputs") == message


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([[1, 2]], "X: row 0 has 2 values, but needs 3"),
        ([[]], "X: row 0 has 0 values, but needs 3"),
        ([[1, 2, 3], [4]], "X: row 1 has 1 value, but row 0 has 3"),
    ],
)
def test_as_matrix_without_a_reason_still_says_how_many_columns_are_needed(rows, message):
    assert complaint(as_matrix, rows, "X", 3) == message


def test_as_matrix_calls_nameless_data_matrix():
    assert complaint(as_matrix, []) == "matrix: expected at least one row, got none"


def test_an_exception_on_the_way_through_the_callers_rows_is_the_callers():
    def rows():
        yield [1]
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        as_matrix(rows())


# -- whole_number and number_within --------------------------------------------------------------


@given(value=st.integers(-9, 9), lowest=st.integers(-9, 9), highest=st.integers(-9, 9))
def test_whole_number_takes_the_lowest_the_highest_and_what_lies_between(value, lowest, highest):
    if lowest <= value <= highest:
        assert whole_number(value, "n", lowest, highest) == value
    else:
        message = f"n: expected a whole number from {lowest} to {highest}, got {value}"
        assert complaint(whole_number, value, "n", lowest, highest) == message


@pytest.mark.parametrize("value", [3, np.int64(3), np.uint8(3), np.array(3)])
def test_whole_number_makes_an_int_of_every_kind_of_integer(value):
    number = whole_number(value, "epochs", 1)
    assert number == 3 and type(number) is int


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"),
        pytest.param(-(10**5000), "an integer of 16610 bits", id="too long to print"),
        pytest.param(Fraction(10**5000), "a Fraction too long to print", id="its repr too"),
        (True, "True (bool)"),
        (3.0, "3.0"),
        ("3", "'3' (str)"),
        (None, "None"),
        (math.nan, "nan"),
        (Fraction(3), "Fraction(3, 1) (Fraction)"),
        ([3], "[3] (list)"),
        (np.array([3]), "array([3]) (ndarray)"),
        (np.array([3, 4]), "array([3, 4]) (ndarray)"),
    ],
)
def test_whole_number_quotes_what_it_refuses(value, shown):
    message = f"epochs: expected a whole number of at least 1, got {shown}"
    assert complaint(whole_number, value, "epochs", 1) == message


def momentum(value):
    return number_within(value, "momentum", lambda part: 0.0 <= part < 1.0, "from 0 to below 1")


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), Fraction(1, 2), Decimal("0.5")])
def test_number_within_makes_a_float_of_every_kind_of_number(value):
    assert momentum(value) == 0.5 and type(momentum(value)) is float


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1, "1"),
        (-0.5, "-0.5"),
        ("0.5", "'0.5' (str)"),
        (b"0.5", "b'0.5' (bytes)"),
        (bytearray(b"0.5"), "bytearray(b'0.5') (bytearray)"),
        (None, "None"),
        ([0.5], "[0.5] (list)"),
        (0.5j, "0.5j (complex)"),
        (math.nan, "nan"),
        (math.inf, "inf"),
        (10**400, f"1{'0' * 36}..."),
    ],
)
def test_number_within_quotes_what_it_refuses(value, shown):
    assert (
        complaint(momentum, value) == f"momentum: expected a number from 0 to below 1, got {shown}"
    )


def test_number_within_does_not_drop_the_imaginary_part_of_a_numpy_number():
    message = complaint(momentum, np.complex128(0.5 + 2j))
    assert message.startswith("momentum: expected a number from 0 to below 1, got ")


def test_check_flag_takes_true_and_false_alone():
    assert check_flag(True, "bias") is True
    assert check_flag(False, "bias") is False
    assert complaint(check_flag, 1, "bias") == "bias: expected True or False, got 1"
    assert complaint(check_flag, "no", "bias") == "bias: expected True or False, got 'no' (str)"


def test_every_refusal_is_a_value_error():
    assert issubclass(PureNetError, ValueError)
