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
    from typing import TypeVar

    from ..core._types import Matrix, Row, Rows

    Self = TypeVar("Self", bound="Classifier")


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
      `resume` goes on from there. (Restarts on an executor's workers cannot call it.)

    After `fit`: `classes_`, `network_`, `n_features_in_`, `feature_names_in_` (of a data frame),
    `loss_curve_`, `validation_loss_curve_`, `best_loss_`, `n_iter_`, `stopped_`.

    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> classifier = Classifier(4, validation=0).fit(X, ["same", "other", "other", "same"])
    >>> classifier.predict([[1, 0], [1, 1]])
    ['other', 'same']
    >>> classifier.score(X, ["same", "other", "other", "same"])
    1.0
    """

    _estimator_type = "classifier"
    _output_activation = "softmax"
    _loss = "cross_entropy"

    classes_: Any

    def partial_fit(
        self: Self, X: Rows, y: Rows, classes: Rows = None, sample_weight: Rows = None
    ) -> Self:
        """Learn from some more rows, each shown once; return the classifier.

        The first call decides, by its rows, how inputs are standardised and how many hidden units
        there are; and which `classes`, by default those of its rows. After a `fit`, it goes on
        from there. No rows are held back, and the last weights count, not the best.

        Raises PureNetError as `fit` does, and for a label that is not among the classes.

        >>> classifier = Classifier().partial_fit([[0], [1]], ["a", "b"], ["a", "b", "c"])
        >>> classifier.partial_fit([[2]], ["c"]).n_iter_
        2
        """
        if classes is not None and hasattr(self, "network_"):
            came, known = self._targets_of(classes, None, "classes"), self._class_list()
            if set(came) != set(known):
                raise PureNetError(f"classes: {shown(came)}, but they have been {shown(known)}")
        return self._show_once(X, y, sample_weight, classes)

    def predict(self, X: Rows) -> Any:
        """Return the likeliest class of each row of X (m x n)."""
        best = argmax(self._outputs(X))
        classes = self._class_list()
        return like([classes[j] for j in best], X, self.classes_)

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

    def _targets_of(self, y: Rows, rows: int | None, name: str = "y") -> list[Any]:
        labels = column_of(y, name, rows)
        nested = [isinstance(label, (list, tuple)) for label in labels]
        if any(nested):
            if not all(nested) or any(len(label) != 1 for label in labels):
                raise PureNetError(
                    f"{name}: Unknown label type: several columns; give one label a row"
                )
            warn_of_column()
            labels = [label for [label] in labels]
        for i, label in enumerate(labels):
            if isinstance(label, float) and not label.is_integer():
                raise PureNetError(
                    f"{name}: row {i} has {label}: Unknown label type: continuous "
                    "(NaN or inf included)"
                )
            if not isinstance(label, (str, bytes, int, float)):
                raise PureNetError(f"{name}: row {i}: Unknown label type: {shown(label)}")
        return labels

    def _meaning_of_outputs(
        self, targets: list[Any], weights: Row | None, y: Rows
    ) -> dict[str, Any]:
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
        return {"classes_": like(classes, y, y)}

    def _encoded(self, targets: list[Any], meaning: dict[str, Any]) -> Matrix:
        return one_hot(targets, plain(meaning["classes_"], "classes"))

    def _strata(self, y: Matrix) -> list[list[int]]:
        strata: dict[int, list[int]] = {}
        for i, j in enumerate(argmax(y)):
            strata.setdefault(j, []).append(i)
        return list(strata.values())
