"""A network that says which class a row belongs to, and how sure it is."""

from __future__ import annotations

from typing import Any

from ..core.losses import one_hot
from ..core.matrix import PureNetError, argmax, counted, shown
from .arrays import column_of, like, plain, weights_of
from .conventions import warn_of_column
from .estimator import Estimator

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Matrix, Row, Rows


class Classifier(Estimator):
    """A classifier by scikit-learn's conventions; labels may be text, integers or bools.

    - `hidden`: the size of the hidden layer, or a list of sizes; by default sized from the data.
    - `activation`: of the hidden layers: "sigmoid", "tanh", "relu", "leaky_relu", "linear".
    - `optimizer`, `learning_rate`, `batch_size`: as `Network.train` takes them.
    - `epochs`: how often every row is shown, at most.
    - `l2`: how strongly each weight is pulled towards 0 (weight decay).
    - `standardise`: whether each input is brought to mean 0 and standard deviation 1.
    - `validation`: which part of the rows is held back to tell when to stop; none if there are
      fewer than 30 rows.
    - `patience`: after how many epochs without a better loss to stop.
    - `restarts`: how many networks are trained, each from other weights; the best is kept.
    - `shards`, `executor`: into how many parts each batch is cut, and a
      `concurrent.futures.Executor` whose workers do the restarts or, with one restart, the shards.
    - `random_state`: the seed; None for another one each time.
    - `callback`: called after each epoch with the `Descent`; ends it where it returns true.

    After `fit`: `classes_`, `network_`, `n_features_in_`, `feature_names_in_` (of a data frame),
    `loss_curve_`, `validation_loss_curve_`, `best_loss_`, `n_iter_`, `stopped_`.

    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> classifier = Classifier(4, validation=0).fit(X, ["same", "other", "other", "same"])
    >>> classifier.predict([[1, 0], [1, 1]])
    ['other', 'same']
    >>> classifier.score(X, ["same", "other", "other", "same"])
    1.0
    """

    _kind = "classifier"
    _output_activation = "softmax"
    _loss = "cross_entropy"

    classes_: Any

    def predict(self, X: Rows) -> Any:
        """Return the likeliest class of each row of X (m x n)."""
        classes = self._class_list() if hasattr(self, "network_") else []
        best = argmax(self._outputs(X))
        return like([classes[j] for j in best], X, getattr(self.classes_, "dtype", None))

    def predict_proba(self, X: Rows) -> Any:
        """Return the probability of each class (m x k) for each row, in the order of `classes_`."""
        return like(self._outputs(X), X)

    def score(self, X: Rows, y: Rows, sample_weight: Rows = None) -> float:
        """Return the accuracy: which part of the rows is classified rightly."""
        guesses = plain(self.predict(X), "X")
        labels = self._targets_of(y, len(guesses))
        weights = weights_of(sample_weight, len(labels)) or [1.0] * len(labels)
        right = total = 0.0
        for guess, label, weight in zip(guesses, labels, weights):
            right, total = right + weight * (guess == label), total + weight
        return right / total

    def _class_list(self) -> list[Any]:
        return list(plain(self.classes_, "classes"))

    def _targets_of(self, y: Rows, rows: int) -> list[Any]:
        labels = column_of(y, "y", rows)
        if any(isinstance(label, (list, tuple)) for label in labels):
            if any(len(label) != 1 for label in labels):
                raise PureNetError("y: Unknown label type: several columns; give one label a row")
            warn_of_column("y")
            labels = [label for [label] in labels]
        for i, label in enumerate(labels):
            if isinstance(label, float) and label != int(label if label - label == 0.0 else 0.5):
                raise PureNetError(
                    f"y: row {i} has {label}: Unknown label type: continuous (NaN or inf included)"
                )
            if not isinstance(label, (str, bytes, int, float)):
                raise PureNetError(f"y: row {i}: Unknown label type: {shown(label)}")
        return labels

    def _meaning(self, targets: list[Any], weights: Row | None, like_y: Rows) -> dict[str, Any]:
        try:
            classes = sorted(set(targets))
        except TypeError:
            raise PureNetError(
                "y: the labels are of several types, such as text and numbers"
            ) from None
        if len(classes) < 2:
            raise PureNetError(
                f"y: {counted(len(classes), 'class')}, but there must be at least two"
            )
        return {"classes_": like(classes, like_y, getattr(like_y, "dtype", None))}

    def _encoded(self, targets: list[Any], meaning: dict[str, Any]) -> Matrix:
        classes = list(plain(meaning["classes_"], "classes"))
        return one_hot(targets, classes)

    def _strata(self, y: Matrix) -> list[list[int]]:
        strata: dict[int, list[int]] = {}
        for i, j in enumerate(argmax(y)):
            strata.setdefault(j, []).append(i)
        return list(strata.values())
