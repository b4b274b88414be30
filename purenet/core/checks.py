"""Checks of data and options as they come in, and helpers for error messages.

Everything is checked once, here; later only shapes are. A message says what was expected, what
came, and where.
"""

import math

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import AnyNetwork, Function, Labels, Matrix, Rows, Sequence


class PureNetError(ValueError):
    """The base class of the errors about data and options: what was expected, what came, where."""


def as_matrix(rows: "Rows", name: str = "matrix", columns: int = 0, because: str = "") -> "Matrix":
    """Return a caller's rows of real numbers as fresh lists of floats: the one door for data.

    Takes any sequence of rows: lists, tuples, ranges, `array.array`, and whatever has a
    `.tolist()`, as NumPy's arrays have. Booleans count as 0 and 1. `name` stands first in every
    message. With `columns`, each row must have that many values, and `because` says why.

    Raises PureNetError, with the row and the column, for ragged or empty rows, for a string,
    None, a complex number or anything else that is not a real number, for NaN and infinity, and
    for an integer that no float can hold.

    >>> as_matrix([(0, 1), range(2, 4)])
    [[0.0, 1.0], [2.0, 3.0]]
    >>> as_matrix([[0, 1], [2]], name="X")
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: X: row 1 has 1 value, but row 0 has 2
    """
    matrix: "Matrix" = []
    isfinite = math.isfinite
    for i, row in enumerate(elements(rows, name, "a sequence of rows")):
        values = elements(row, f"{name}: row {i}", "a row of numbers")
        floats = [
            value if type(value) is float and isfinite(value) else _as_float(value, name, i, j)
            for j, value in enumerate(values)
        ]
        if not floats or (columns and len(floats) != columns):
            needed = str(columns or "at least one")
            wanted = because or (f"row 0 has {columns:,}" if matrix else f"needs {needed}")
            raise PureNetError(f"{name}: row {i} has {counted(len(floats), 'value')}, but {wanted}")
        columns = len(floats)
        matrix.append(floats)
    if not matrix:
        raise PureNetError(f"{name}: expected at least one row, got none")
    return matrix


def elements(values: "Rows", name: str, wanted: str) -> "Rows":
    """Return an iterator over a sequence, or say that it is not one.

    >>> list(elements((3, 4, 1), "sizes", "a list such as [3, 4, 1]"))
    [3, 4, 1]
    """
    if hasattr(values, "tolist"):
        values = values.tolist()
    # These can be iterated over, too, but as text, as bytes, or in no order.
    if isinstance(values, (str, bytes, bytearray, dict, set, frozenset)):
        raise PureNetError(f"{name}: expected {wanted}, got {shown(values)}")
    try:
        return iter(values)
    except TypeError:
        raise PureNetError(f"{name}: expected {wanted}, got {shown(values)}") from None


def _as_float(value: "Rows", name: str, i: int, j: int) -> float:
    place = f"{name}: row {i}, column {j}"
    try:
        number = _real(value)
    except (TypeError, ValueError):
        raise PureNetError(f"{place}: expected a real number, got {shown(value)}") from None
    except OverflowError:
        raise PureNetError(f"{place}: {shown(value)} is too large for a float") from None
    if not math.isfinite(number):
        if isinstance(value, int):  # MicroPython's float() of such an integer is infinity
            raise PureNetError(f"{place}: {shown(value)} is too large for a float")
        raise PureNetError(f"{place}: expected a finite number, got {shown(value)}")
    return number


def _real(value: "Rows") -> float:
    """Return float(value), but not of text or bytes, nor the real half of a complex number."""
    # By the name: NumPy's kinds are not Python's, and not every MicroPython has complex numbers.
    kind = type(value).__name__
    is_complex = kind.startswith("complex") or kind == "clongdouble"
    if is_complex:
        raise TypeError(f"float() argument must be a string or a real number, not '{kind}'")
    if isinstance(value, (str, bytes, bytearray, memoryview)):
        raise TypeError
    return float(value)


def whole_number(value: "Rows", name: str, lowest: int, highest: "int | None" = None) -> int:
    """Return a caller's whole number, or say which numbers are allowed.

    >>> whole_number(3, "epochs", 1)
    3
    >>> whole_number(-1, "seed", 0, 9)
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: seed: expected a whole number from 0 to 9, got -1
    """
    try:
        number = int(value) if isinstance(value, int) else int(value.__index__())
    except (TypeError, AttributeError):
        number = lowest - 1
    if isinstance(value, bool) or number < lowest or (highest is not None and number > highest):
        limits = f"of at least {lowest}" if highest is None else f"from {lowest} to {highest}"
        raise PureNetError(f"{name}: expected a whole number {limits}, got {shown(value)}")
    return number


def number_within(value: "Rows", name: str, test: "Function", limits: str) -> float:
    """Return a caller's number as a float if it passes the test, or say what the limits are.

    >>> number_within(0.5, "momentum", lambda part: 0.0 <= part < 1.0, "from 0 to below 1")
    0.5
    """
    try:
        number = _real(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not math.isfinite(number) or not test(number):
        raise PureNetError(f"{name}: expected a number {limits}, got {shown(value)}")
    return number


def check_that(is_so: bool, name: str, wanted: str, value: "Rows") -> None:
    """Raise PureNetError unless something is so: what was wanted under a name, and what came.

    >>> check_that(False, "classes", "a list", "abc")
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: classes: expected a list, got 'abc' (str)
    """
    if not is_so:
        raise PureNetError(f"{name}: expected {wanted}, got {shown(value)}")


def check_flag(value: "Rows", name: str) -> bool:
    """Return the value if it is True or False, or say that it is neither.

    >>> check_flag(True, "bias")
    True
    """
    if not isinstance(value, bool):
        raise PureNetError(f"{name}: expected True or False, got {shown(value)}")
    return value


def one_of(value: "Rows", name: str, choices: "Sequence[str]") -> "Rows":
    """Return the value if it is one of the choices, or say which they are.

    >>> one_of("max", "reduction", ("sum", "mean"))
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: reduction: expected "sum" or "mean", got 'max'
    """
    if value not in choices:
        quoted = [f'"{choice}"' for choice in choices]
        wanted = f"{', '.join(quoted[:-1])} or {quoted[-1]}"
        raise PureNetError(f"{name}: expected {wanted}, got {cut(repr(value))}")
    return value


def counted(n: int, thing: str) -> str:
    """Return a number of things in words.

    >>> counted(1, "row"), counted(60_000, "row")
    ('1 row', '60,000 rows')
    """
    return f"{n:,} {thing}" if n == 1 else f"{n:,} {thing}s"


def all_done(epochs: int) -> str:
    """Return why a training ended that has done all its epochs.

    >>> all_done(500), all_done(1)
    ('all 500 epochs done', '1 epoch done')
    """
    return f"{'all ' if epochs > 1 else ''}{counted(epochs, 'epoch')} done"


def shown(value: "Rows") -> str:
    """Return a value as a message quotes it: as much of it as fits, and its type.

    >>> shown(None), shown(2), shown("two")
    ('None', '2', "'two' (str)")
    """
    kind = type(value).__name__
    try:
        text = repr(value)
    except ValueError:  # Python 3.11 and newer print no integer of more than 4,300 digits
        if kind == "int":
            return f"an integer of {value.bit_length()} bits"
        return f"a {kind} too long to print"
    return cut(text) if value is None or kind in ("int", "float") else f"{cut(text)} ({kind})"


def short(text: str) -> str:
    """Return a text in quotes, cut if it is long.

    >>> short("petal"), len(short("petal" * 100))
    ("'petal'", 42)
    """
    return repr(cut(text))


def cut(text: str) -> str:
    """Return a text, or the beginning of a long one, as long as a message has room for.

    >>> cut("petal"), len(cut("petal" * 100))
    ('petal', 40)
    """
    return text if len(text) <= 40 else text[:37] + "..."


def refuse_unknown(options: "dict[str, Rows]", renamed: "dict[str, str]") -> None:
    """Raise for options that do not exist: PureNetError where one only has a new name.

    >>> refuse_unknown({"validation": 0.2}, {"validation": "validation_data"})
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: validation: this option is now called validation_data
    """
    for name in options:
        if name in renamed:
            raise PureNetError(f"{name}: this option is now called {renamed[name]}")
        raise TypeError(f"{name}: there is no such option")


def shape(A: "Matrix", name: str = "matrix") -> "tuple[int, int]":
    """Return the numbers of rows and columns of A.

    Raises PureNetError, with `name` before the message, if A is not a list of rows, has no rows
    or no columns, or if a row is longer or shorter than the first.

    >>> shape([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    (2, 3)
    """
    rows = columns = 0
    try:
        for row in A:
            if not rows:
                columns = len(row)
            elif len(row) != columns and columns:
                values = counted(len(row), "value")
                raise PureNetError(f"{name}: row {rows} has {values}, but row 0 has {columns:,}")
            rows += 1
    except TypeError:
        raise PureNetError(f"{name}: expected a list of rows, got {shown(A)}") from None
    if not columns:
        raise PureNetError(f"{name}: expected at least one row and one column, got {shown(A)}")
    return rows, columns


def check_same_shape(operation: str, sign: str, A: "Matrix", B: "Matrix") -> None:
    """Raise PureNetError, with both shapes, if those of A and B differ.

    >>> check_same_shape("add", "+", [[1.0]], [[1.0, 2.0]])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: add: shapes differ: (1 x 1) + (1 x 2)
    """
    (m, n), (rows, columns) = shape(A, operation), shape(B, operation)
    if (m, n) != (rows, columns):
        raise PureNetError(f"{operation}: shapes differ: ({m} x {n}) {sign} ({rows} x {columns})")


def check_parameters(network: "AnyNetwork") -> None:
    """Raise PureNetError if weights or biases that were set do not fit the network's sizes.

    >>> from .network import Network
    >>> network = Network([2, 1])
    >>> network.weights[0] = [[1.0], [2.0], [3.0]]
    >>> check_parameters(network)
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: weights[0]: (3 x 1), but the sizes need (2 x 1)
    """
    pairs = list(zip(network.sizes, network.sizes[1:]))
    for name, values in (("weights", network.weights), ("biases", network.biases)):
        if len(values) != len(pairs) and not (name == "biases" and not values):
            needed = f"{len(pairs)} {'matrix' if len(pairs) == 1 else 'matrices'}"
            if name == "biases":
                needed = counted(len(pairs), "row")
            sizes = cut(str(network.sizes))  # a file may name thousands
            raise PureNetError(f"{name}: expected {needed} for sizes {sizes}, got {len(values)}")
    for k, (m, n) in enumerate(pairs):
        rows, columns = shape(network.weights[k], f"weights[{k}]")
        if (rows, columns) != (m, n):
            found = f"({rows} x {columns})"
            raise PureNetError(f"weights[{k}]: {found}, but the sizes need ({m} x {n})")
    for k, row in enumerate(network.biases):
        if len(row) != network.sizes[k + 1]:
            found = counted(len(row), "value")
            raise PureNetError(f"biases[{k}]: {found}, but the sizes need {network.sizes[k + 1]}")


REDUCTIONS = ("sum", "mean")

# Rows of probabilities that were rounded (to six digits in a file, say) still count as whole.
SUM_TOLERANCE = 1e-6


def check_targets(loss: str, activation: str, y: "Matrix", name: str = "y") -> None:
    """Raise PureNetError if the loss is cross-entropy and a target is not a probability.

    >>> check_targets("cross_entropy", "sigmoid", [[1.0], [2.0]])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: y: row 1 has 2.0, but cross_entropy needs values from 0 to 1
    """
    if loss != "cross_entropy":
        return
    for i, row in enumerate(y):
        total = 0.0
        for value in row:
            total += value
            if not 0.0 <= value <= 1.0:
                raise PureNetError(
                    f"{name}: row {i} has {value}, but cross_entropy needs values from 0 to 1"
                )
        if activation == "softmax" and abs(total - 1.0) > SUM_TOLERANCE:
            raise PureNetError(
                f"{name}: row {i} adds up to {total}, but softmax needs rows that add up to 1"
            )


def one_hot(labels: "Labels", classes: "Labels" = ()) -> "Matrix":
    """Return targets for a list of labels: a row each, 1.0 in the column of its class, else 0.0.

    The columns stand for `classes`, in their order; by default for all labels that occur, sorted.
    Raises PureNetError for no labels, for one that is not among the classes, and for a class
    that occurs twice.

    >>> one_hot(["pear", "apple", "pear"])
    [[0.0, 1.0], [1.0, 0.0], [0.0, 1.0]]
    >>> one_hot([2], classes=[1, 2, 3])
    [[0.0, 1.0, 0.0]]
    """
    labels, columns = list(labels), list(classes)
    try:
        columns = columns or sorted(set(labels))
        distinct = len(set(columns))
    except TypeError:
        raise PureNetError("labels: expected only text or only numbers") from None
    if not labels:
        raise PureNetError("labels: expected at least one label, got none")
    if distinct < len(columns):
        raise PureNetError(f"classes: expected each class once, got {shown(columns)}")
    for i, label in enumerate(labels):
        if not any(label == column for column in columns):
            raise PureNetError(f"labels: row {i} is {shown(label)}, which is not among the classes")
    return [[1.0 if label == column else 0.0 for column in columns] for label in labels]
