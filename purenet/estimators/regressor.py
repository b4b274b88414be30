"""A network that predicts numbers."""

from __future__ import annotations

from typing import Any, ClassVar, TypeVar

from ..core._types import Matrix, Row, Rows
from ..core.checks import PureNetError, counted
from ..core.matrix import inner_product, transpose
from .arrays import as_lists, column_of, like, rows_of, weights_of
from .descent import Data
from .estimator import Attributes, Estimator
from .preparation import Standardizer, mean_of, parts_of, unit_of

Self = TypeVar("Self", bound="Regressor")


class Regressor(Estimator):
    """A regressor by scikit-learn's conventions, for one number a row or several.

    The options are those of `Classifier` without `class_weight`. The network gets standardized
    targets, and its outputs are brought back to their scale.

    >>> X, y = [[0], [1], [2], [3]], [1, 3, 5, 7]
    >>> regressor = Regressor().fit(X, y)
    >>> [prediction] = regressor.predict([[1.5]])
    >>> round(prediction, 1)
    4.0
    """

    _estimator_type = "regressor"
    _answers: ClassVar = {"output_activation": "linear", "loss": "squared_error"}

    def partial_fit(self: Self, X: Rows, y: Rows, sample_weight: Rows = None) -> Self:
        """Learn from some more rows, each shown once; return the regressor.

        The first call decides the number of hidden units. Inputs and targets are standardized by
        all rows so far. After a `fit`, training continues with the fit's standardization. No rows
        are held back, and the last weights count, not the best. Fewer rows than a batch make
        smaller steps. The rows should come in mixed order. A `sample_weight` counts relative to
        the others of the call, so the weight of a single row has no effect.

        Raises PureNetError as `fit` does, and for another number of targets.

        >>> Regressor().partial_fit([[0], [1]], [1, 3]).partial_fit([[2]], [5]).n_iter_
        2
        """
        return self._partial_fit(X, y, sample_weight)

    def predict(self, X: Rows) -> Any:
        """Return a number for each row of X (m x n), or (m x k) for k columns of targets."""
        kept = self._kept()
        rows = self._outputs(X, kept)
        return like(rows if kept["_several"] else [row[0] for row in rows], X)

    def score(self, X: Rows, y: Rows, sample_weight: Rows = None) -> float:
        """Return R², the fraction of the targets' variance that is explained: 1.0 is all of it.

        Always answering the mean of y scores 0.0. For several columns, it is the mean of their R².
        """
        outputs = self._outputs(X, self._kept())
        targets = _of_width(len(outputs[0]), self._targets_of(y, len(outputs)))
        weights = weights_of(sample_weight, len(targets))
        pairs = list(zip(transpose(targets), transpose(outputs)))
        return mean_of([explained_variance(*pair, weights) for pair in pairs])

    def _targets_of(self, y: Rows, rows: int | None, name: str = "y") -> list[Any]:
        values = column_of(y, name, rows)
        return rows_of(values if _is_row(values[0]) else [[value] for value in values], name)

    def _target_attributes(self, y: Rows, given: Data) -> Attributes:
        several = _is_row(as_lists(next(iter(as_lists(y, "y"))), "y"))
        return {"_output_scale": Standardizer.of(given.y, given.weights, "y"), "_several": several}

    def _update_scales(self, fitted: Attributes, given: Data, started: bool) -> None:
        super()._update_scales(fitted, given, started)
        scale = fitted["_output_scale"]
        if not started or scale.rows is not None:
            more = Standardizer.of(_of_width(len(scale.means), given.y), given.weights, "y")
            fitted["_output_scale"] = scale.joined(more, len(given.y), "y")

    def _encode(self, targets: list[Any], fitted: Attributes) -> Matrix:
        scale: Standardizer = fitted["_output_scale"]
        return scale.apply(_of_width(len(scale.means), targets))


def _is_row(value: Any) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, (str, bytes))


def _of_width(columns: int, targets: Matrix) -> Matrix:
    """Return targets if each row has one for each output of the network."""
    if len(targets[0]) != columns:
        given, wanted = counted(len(targets[0]), "value"), counted(columns, "output")
        raise PureNetError(f"y: row 0 has {given}, but the network has {wanted}")
    return targets


def explained_variance(targets: Row, guesses: Row, weights: Row | None = None) -> float:
    """Return R² of guesses; for constant targets, 1.0 if all are right and 0.0 otherwise.

    >>> explained_variance([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    0.5
    """
    rows = [[*row] for row in zip(targets, guesses, parts_of(weights, len(targets))) if row[2]]
    targets, guesses, parts = transpose(rows)
    if min(targets) == max(targets):  # their mean might miss them by a rounding
        return 1.0 if guesses == targets else 0.0
    mean = inner_product(parts, targets)
    apart, missed = [t - mean for t in targets], [t - g for t, g in zip(targets, guesses)]
    unit = unit_of(apart)
    squares = [[(a / unit) * (a / unit) for a in each] for each in (missed, apart)]
    error, spread = (inner_product(parts, each) for each in squares)
    return 1.0 - error / spread
