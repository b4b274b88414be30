"""A network that predicts numbers."""

from __future__ import annotations

from typing import Any

from ..core.matrix import column_sums, transpose
from .arrays import column_of, like, plain, rows_of, weights_of
from .estimator import Estimator
from .preparation import Standardiser

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Matrix, Row, Rows


class Regressor(Estimator):
    """A regressor by scikit-learn's conventions, for one number a row or several.

    The options are those of `Classifier`. The targets are standardised for the network, and its
    outputs brought back to their scale.

    >>> X, y = [[0], [1], [2], [3]], [1, 3, 5, 7]
    >>> regressor = Regressor(4, epochs=500, validation=0, l2=0).fit(X, y)
    >>> [prediction] = regressor.predict([[1.5]])
    >>> round(prediction, 1)
    4.0
    """

    _kind = "regressor"
    _output_activation = "linear"
    _loss = "squared_error"

    _output_scale: Standardiser
    _several: bool

    def predict(self, X: Rows) -> Any:
        """Return a number for each row of X (m x n), or (m x k) where there were columns in fit."""
        outputs = self._outputs(X)
        rows = self._output_scale.undo(outputs)
        return like(rows if self._several else [row[0] for row in rows], X)

    def score(self, X: Rows, y: Rows, sample_weight: Rows = None) -> float:
        """Return R², the part of the targets' variance that is explained: 1.0 is all of it.

        Always to say the mean of y would be 0.0. Of several columns it is the mean.
        """
        outputs = self._outputs(X)
        outputs = self._output_scale.undo(outputs)
        targets = self._targets_of(y, len(outputs))
        weights = weights_of(sample_weight, len(targets)) or [1.0] * len(targets)
        pairs = list(zip(transpose(targets), transpose(outputs)))
        scores = [explained_variance(column, guesses, weights) for column, guesses in pairs]
        return column_sums([[score] for score in scores])[0] / len(scores)

    def _targets_of(self, y: Rows, rows: int) -> list[Any]:
        values = column_of(y, "y", rows)
        return rows_of(
            values if hasattr(values[0], "__len__") else [[value] for value in values], "y"
        )

    def _meaning(self, targets: list[Any], weights: Row | None, like_y: Rows) -> dict[str, Any]:
        several = hasattr(plain(like_y, "y")[0], "__len__")
        return {"_output_scale": Standardiser.of(targets, weights, "y"), "_several": several}

    def _encoded(self, targets: list[Any], meaning: dict[str, Any]) -> Matrix:
        scale: Standardiser = meaning["_output_scale"]
        return scale.apply(targets)


def explained_variance(targets: Row, guesses: Row, weights: Row) -> float:
    """Return R² of guesses; of targets that do not vary, 1.0 if all are right and else 0.0.

    >>> explained_variance([1.0, 2.0, 3.0], [1.0, 2.0, 2.0], [1.0, 1.0, 1.0])
    0.5
    """
    total = column_sums([[weight] for weight in weights])[0]
    mean = column_sums([[w / total * t] for t, w in zip(targets, weights)])[0]
    missed = column_sums([[w * (t - g) * (t - g)] for t, g, w in zip(targets, guesses, weights)])[0]
    spread = column_sums([[w * (t - mean) * (t - mean)] for t, w in zip(targets, weights)])[0]
    if spread == 0.0:
        return 1.0 if missed == 0.0 else 0.0
    return 1.0 - missed / spread
