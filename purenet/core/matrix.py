"""Matrices as lists of rows of floats, and the operations on them.

Every function returns new lists and leaves its arguments unchanged. Every sum runs from left to
right and is rounded at each step, so that each interpreter gives the same bits. The builtin sum()
is not used, because Python 3.12 and newer correct its rounding errors and 3.11 does not.
"""

import math

from .checks import PureNetError, check_same_shape, shape, whole_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Function, Matrix, Row, Sequence


def zeros(rows: int, columns: int) -> "Matrix":
    """Return a matrix of zeros.

    >>> zeros(1, 2)
    [[0.0, 0.0]]
    """
    rows, columns = whole_number(rows, "rows", 1), whole_number(columns, "columns", 1)
    return [[0.0] * columns for _ in range(rows)]


def transpose(A: "Matrix") -> "Matrix":
    """Return A with its rows as columns: (m x n) becomes (n x m).

    >>> transpose([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    [[1.0, 4.0], [2.0, 5.0], [3.0, 6.0]]
    """
    shape(A, "transpose")
    return [list(column) for column in zip(*A)]


def dot(A: "Matrix", B: "Matrix") -> "Matrix":
    """Return the matrix product A · B: (m x k) · (k x n) = (m x n).

    Element (i, j) is row i of A times column j of B, pair by pair, added from left to right.
    Raises PureNetError unless A has as many columns as B has rows.

    >>> dot([[1.0, 2.0]], [[3.0], [4.0]])
    [[11.0]]
    """
    (m, k), (rows, n) = shape(A, "dot"), shape(B, "dot")
    if k != rows:
        raise PureNetError(f"dot: inner sizes differ: ({m} x {k}) · ({rows} x {n})")
    columns = list(zip(*B))
    return [[inner_product(row, column) for column in columns] for row in A]


def inner_product(row: "Sequence[float]", column: "Sequence[float]") -> float:
    """Return the sum of the products of two rows of numbers, pair by pair, from left to right.

    >>> inner_product([1.0, 2.0], [3.0, 4.0])
    11.0
    """
    # -0.0 is the float that changes nothing when added; 0.0 would turn a sum of -0.0 into 0.0.
    total = -0.0
    for a, b in zip(row, column):
        total += a * b
    return total


def add(A: "Matrix", B: "Matrix") -> "Matrix":
    """Return A + B, element by element; both (m x n).

    >>> add([[1.0, 2.0]], [[10.0, 20.0]])
    [[11.0, 22.0]]
    """
    check_same_shape("add", "+", A, B)
    return [[a + b for a, b in zip(row_a, row_b)] for row_a, row_b in zip(A, B)]


def subtract(A: "Matrix", B: "Matrix") -> "Matrix":
    """Return A - B, element by element; both (m x n).

    >>> subtract([[1.0, 2.0]], [[10.0, 20.0]])
    [[-9.0, -18.0]]
    """
    check_same_shape("subtract", "-", A, B)
    return [[a - b for a, b in zip(row_a, row_b)] for row_a, row_b in zip(A, B)]


def multiply(A: "Matrix", B: "Matrix") -> "Matrix":
    """Return A * B, element by element (`dot` is the matrix product); both (m x n).

    >>> multiply([[1.0, 2.0]], [[10.0, 20.0]])
    [[10.0, 40.0]]
    """
    check_same_shape("multiply", "*", A, B)
    return [[a * b for a, b in zip(row_a, row_b)] for row_a, row_b in zip(A, B)]


def scale(A: "Matrix", factor: float) -> "Matrix":
    """Return A with every element multiplied by one number.

    >>> scale([[1.0, 2.0]], 10.0)
    [[10.0, 20.0]]
    """
    shape(A, "scale")
    return [[a * factor for a in row] for row in A]


def apply(function: "Function", A: "Matrix", *others: "Matrix") -> "Matrix":
    """Apply a function to each element of A, or to matching elements of several matrices.

    >>> apply(abs, [[-1.0, 2.0]])
    [[1.0, 2.0]]
    >>> apply(max, [[-1.0, 2.0]], [[3.0, 0.0]])
    [[3.0, 2.0]]
    """
    shape(A, "apply")
    for B in others:
        check_same_shape("apply", "and", A, B)
    return [list(map(function, *rows)) for rows in zip(A, *others)]


def add_row(A: "Matrix", row: "Row") -> "Matrix":
    """Return A with one row added to each of its rows, as biases are: (m x n) + (n).

    >>> add_row([[1.0, 2.0], [3.0, 4.0]], [10.0, 20.0])
    [[11.0, 22.0], [13.0, 24.0]]
    """
    m, n = shape(A, "add_row")
    if len(row) != n:
        raise PureNetError(f"add_row: sizes differ: ({m} x {n}) + a row of {len(row)}")
    return [[a + b for a, b in zip(row_a, row)] for row_a in A]


def column_sums(A: "Matrix") -> "Row":
    """Return the sum of each column, added from the first row down: (m x n) gives (n).

    >>> column_sums([[1.0, 2.0], [3.0, 4.0]])
    [4.0, 6.0]
    """
    shape(A, "column_sums")
    totals = list(A[0])
    for row in A[1:]:
        totals = [total + a for total, a in zip(totals, row)]
    return totals


def mean_absolute(A: "Matrix") -> float:
    """Return the mean of the absolute values of all elements (the article's "Error:").

    >>> mean_absolute([[1.0, -2.0], [3.0, 0.0]])
    1.5
    """
    m, n = shape(A, "mean_absolute")
    total = 0.0
    for size in [abs(a) for row in A for a in row]:
        total += size
    return total / (m * n)


def argmax(A: "Matrix") -> "list[int]":
    """Return the column index of each row's largest element, the first if tied.

    >>> argmax([[0.1, 0.9], [0.5, 0.5]])
    [1, 0]
    """
    shape(A, "argmax")
    return [row.index(max(row)) for row in A]


def all_finite(A: "Matrix") -> bool:
    """Tell whether A is free of NaN and infinity.

    >>> all_finite([[1.0, 2.0]]), all_finite([[1.0, float("nan")]])
    (True, False)
    """
    return all(all(map(math.isfinite, row)) for row in A)
