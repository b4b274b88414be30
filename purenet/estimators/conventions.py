"""Requirements of scikit-learn on an estimator besides its methods.

Nothing here imports scikit-learn. If the caller has loaded it, errors and warnings are of its
classes too. Its tags are made when it asks for them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

from ..core.checks import PureNetError, counted
from ..engines.telling import warn_caller

# The names of three options in version 0.1.
RENAMED = {
    "l2": "weight_decay",
    "standardise": "standardize",
    "validation": "validation_fraction",
}


def nearest(word: str, names: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name, empty if it is like no other.

    >>> nearest("--targt", ["--task", "--target"]), nearest("x", ["--task", "--target"])
    ('; is it --target?', '')
    """
    from difflib import get_close_matches  # needed only where something is wrong

    bare = {name.lstrip("-"): name for name in names}  # all options are alike in their dashes
    return "".join(f"; is it {bare[n]}?" for n in get_close_matches(word.lstrip("-"), bare, 1))


# The size of the largest network in a file, too: sixteen million numbers of forty bytes each.
MOST_NUMBERS = 2**24


def check_size(sizes: list[int]) -> None:
    """Raise PureNetError for a network too large to be kept in a file, before it takes memory.

    >>> check_size([2, 50_000_000, 1])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: sizes: expected at most 16,777,216 numbers, got 200,000,001
    """
    numbers = sum((m + 1) * n for m, n in zip(sizes, sizes[1:]))
    if numbers > MOST_NUMBERS:
        most = counted(MOST_NUMBERS, "number")
        came = f"{numbers:,}" if numbers < 10**30 else "far more"  # Python refuses to write it out
        raise PureNetError(f"sizes: expected at most {most}, got {came}")


class NotFittedError(PureNetError, AttributeError):
    """Say that an estimator was used before it has learned anything.

    >>> issubclass(NotFittedError, ValueError)
    True
    """

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        """Let a pickle choose the classes anew, as scikit-learn may not be loaded there."""
        return not_fitted, (str(self),)


class ColumnVectorWarning(UserWarning):
    """Warn that labels were given as a column of a matrix."""


def not_fitted(message: str) -> PureNetError:
    """Return the error of an estimator that is not fitted, scikit-learn's too if that is loaded.

    >>> str(not_fitted("call fit first"))
    'call fit first'
    """
    theirs = _of_sklearn("NotFittedError")
    if theirs is None:
        return NotFittedError(message)
    both: type[PureNetError] = type("NotFittedError", (NotFittedError, theirs), {})
    return both(message)


def warn_of_column() -> None:
    """Warn that y was given as a column, where one label for each row was expected."""
    message = "A column-vector y was passed when a 1d array was expected: y.ravel()"
    warn_caller(message, _of_sklearn("DataConversionWarning") or ColumnVectorWarning)


def _of_sklearn(name: str) -> Any:
    return getattr(sys.modules.get("sklearn.exceptions"), name, None)


class OptionsOnly:
    """The signature of a class without `**unknown`, as scikit-learn tries every name in it.

    >>> from .regressor import Regressor
    >>> "unknown" in Regressor.__signature__.parameters
    False
    """

    def __get__(self, instance: Any, owner: Any) -> Any:
        import inspect  # it loads much

        signature = inspect.signature(owner.__init__)
        options = [signature.parameters[name] for name in owner._option_names()]
        return signature.replace(parameters=options)


def tags(kind: str) -> Any:
    """Return scikit-learn's description of a "classifier" or "regressor"; only it calls this."""
    utils: Any = sys.modules["sklearn.utils"]
    return utils.Tags(
        estimator_type=kind,
        target_tags=utils.TargetTags(required=True, multi_output=kind == "regressor"),
        classifier_tags=utils.ClassifierTags() if kind == "classifier" else None,
        regressor_tags=utils.RegressorTags() if kind == "regressor" else None,
        array_api_support=True,
    )
