"""Convert a caller's rows to lists of floats, and answers back to the same kind of array.

Lists, tuples, whatever has a `.tolist()` (NumPy's arrays) or a `.to_numpy()` (data frames): all are
accepted, and nothing is imported for it. Arrays of the array API standard, which have an
`__array_namespace__`, get answers of their own kind, and everything else gets lists.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..core._types import Matrix, Row, Rows
from ..core.checks import PureNetError, as_matrix, check_that, counted
from ..engines.telling import warn_caller
from .preparation import unit_of


class InputTypeError(PureNetError, TypeError):
    """The error of a value of a type that cannot be a number, or a row of numbers."""


# -- what comes in -------------------------------------------------------------------------------


def rows_of(X: Rows, name: str = "X") -> Matrix:
    """Return a caller's inputs (m x n) as fresh lists of floats, or say what is wrong with them.

    >>> rows_of([[1, 2], [3, 4]])
    [[1.0, 2.0], [3.0, 4.0]]
    """
    values = as_lists(X, name)
    if isinstance(values, (list, tuple)):
        first = as_lists(values[0], name) if len(values) else []
        if not hasattr(first, "__len__"):
            raise PureNetError(
                f"{name}: expected rows of numbers, got one row. Reshape your data: "
                "[[x] for x in X] if it is one input of many examples, [X] if it is one example"
            )
        if not len(first):  # in scikit-learn's words, which its users search for
            what = "feature" if len(values) else "sample"
            shape = tuple(getattr(X, "shape", (len(values), 0)))
            found = f"0 {what}(s) (shape={shape})"
            raise PureNetError(f"{name}: {found} while a minimum of 1 is required.")
    try:
        return as_matrix(values, name)
    except PureNetError as error:
        raise _with_advice(error) from None


def _with_advice(error: PureNetError) -> PureNetError:
    """Return an error with advice for a person with real data."""
    if "expected a finite number" in str(error):
        return PureNetError(f"{error}: fill in or leave out NaN and infinity first")
    reason = error.__context__  # what float() said; nothing of text, which it may take
    if "expected a real number" in str(error) and isinstance(reason, TypeError) and reason.args:
        return InputTypeError(f"{error} ({reason})")
    return error


def as_lists(value: Any, name: str) -> Any:
    """Return an array of any kind as lists, and anything else unchanged.

    >>> as_lists([1, 2], "X")
    [1, 2]
    """
    if hasattr(value, "tocsr") or hasattr(value, "tocoo"):
        raise InputTypeError(f"{name}: sparse data was passed, but dense is needed: X.toarray()")
    if getattr(getattr(value, "dtype", None), "kind", "") == "c":
        raise PureNetError(f"{name}: Complex data not supported")
    if hasattr(value, "tolist"):
        return value.tolist()
    if hasattr(value, "__array_namespace__"):
        return _element_by_element(value, name)
    for way in ("to_numpy", "__array__"):
        if hasattr(value, way):
            return getattr(value, way)().tolist()
    return value


def _element_by_element(array: Any, name: str) -> Any:
    """Return an array as lists by the array API standard alone."""
    is_of = array.__array_namespace__().isdtype
    for kind, number in (("bool", bool), ("integral", int), ("real floating", float)):
        if is_of(array.dtype, kind):
            return _nested(array, number)
    raise PureNetError(f"{name}: Complex data not supported")


def _nested(array: Any, number: Callable[[Any], Any]) -> Any:
    if not array.shape:
        return number(array)
    return [_nested(array[i, ...], number) for i in range(array.shape[0])]


def column_of(values: Rows, name: str, rows: int | None) -> list[Any]:
    """Return a caller's labels, weights or targets; with `rows`, as many as there are rows.

    >>> column_of(("a", "b"), "y", 2)
    ['a', 'b']
    """
    if values is None:
        raise PureNetError(f"{name}: it requires y to be passed, but the target y is None")
    values = as_lists(values, name)
    # These are iterable and have a length too, but are text, bytes, or unordered.
    odd = isinstance(values, (str, bytes, bytearray, dict, set, frozenset))
    is_right = not odd and hasattr(values, "__len__") and hasattr(values, "__iter__")
    check_that(is_right, name, "one value for each row", values)
    if rows is not None and len(values) != rows:
        given, wanted = counted(len(values), "value"), counted(rows, "row")
        raise PureNetError(f"{name}: {given}, but X has {wanted}")
    return [as_lists(value, name) for value in values]


def weights_of(sample_weight: Rows, rows: int) -> Row | None:
    """Return a caller's weights of rows, None if none were given.

    Only their ratios count, so a power of two divides them, which rounds nothing. Then no sum of
    them overflows, and none is lost if all are tiny.

    >>> weights_of([1, 3], 2)
    [0.5, 1.5]
    """
    if sample_weight is None:
        return None
    values = column_of(sample_weight, "sample_weight", rows)
    weights = [weight for [weight] in as_matrix([[value] for value in values], "sample_weight")]
    for i, weight in enumerate(weights):
        if weight < 0.0:
            raise PureNetError(f"sample_weight: row {i} has {weight}, which is below 0")
    if not any(weights):
        raise PureNetError("sample_weight: all weights are zero, so there is nothing to learn")
    unit = unit_of(weights)
    return [weight / unit for weight in weights]


# -- names of columns ----------------------------------------------------------------------------


def names_of(X: Rows) -> list[str] | None:
    """Return the names of a data frame's columns, None if they are not text.

    >>> names_of([[1]])
    """
    columns = getattr(X, "columns", None)
    if columns is None or callable(columns):
        return None
    names = list(columns)
    text = [isinstance(name, str) for name in names]
    if any(text) and not all(text):
        raise InputTypeError("X: some column names are text and some are not: make them all text")
    return names if any(text) else None


def check_names(names: list[str] | None, fitted: list[str] | None, estimator: str) -> None:
    """Compare names of columns with those of the fit, in scikit-learn's words.

    >>> check_names(["a", "b"], ["a", "b"], "Classifier")
    """
    if names == fitted:
        return
    if names is not None and fitted is not None:
        raise PureNetError(_mismatch(names, fitted))
    has, how = ("does not have valid", "with") if names is None else ("has", "without")
    warn_caller(f"X {has} feature names, but {estimator} was fitted {how} feature names")


def _mismatch(names: list[str], fitted: list[str]) -> str:
    lines = ["X: The feature names should match those that were passed during fit."]
    for found, what in (
        ({*names} - {*fitted}, "unseen at fit time"),
        ({*fitted} - {*names}, "seen at fit time, yet now missing"),
    ):
        if found:
            lines += [f"Feature names {what}:", *[f"- {name}" for name in sorted(found)[:5]]]
            lines += ["- ..."] * (len(found) > 5)
    if len(lines) == 1:
        lines.append("Feature names must be in the same order as they were in fit.")
    return "\n".join([*lines, ""])


# -- what goes out -------------------------------------------------------------------------------


def like(values: list[Any], model: Any, kind: Any = None) -> Any:
    """Return values as the kind of array that `model` is, or unchanged if it is not an array.

    If `kind` is an array of the same library, they get its type of elements. Values that a library
    cannot hold, such as text, stay in lists.

    >>> like([1.0, 2.0], [[0]])
    [1.0, 2.0]
    """
    model, kind = _array_of(model), _array_of(kind)
    if model is None:
        return values
    namespace = model.__array_namespace__()
    same = kind is not None and kind.__array_namespace__() is namespace
    try:
        return namespace.asarray(values, dtype=kind.dtype if same else None, device=model.device)
    except (TypeError, ValueError, OverflowError):
        return values


def _array_of(value: Any) -> Any:
    """Return the array that a value or a data frame holds, or None."""
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    return value if hasattr(value, "__array_namespace__") else None
