"""A network that predicts the class of a row, and how probable each class is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from ..core._types import Matrix, Names, Row, Rows
from ..core.checks import PureNetError, check_that, counted, cut, number_within, one_hot, shown
from ..core.matrix import argmax, inner_product
from .arrays import as_lists, column_of, like, weights_of
from .conventions import warn_of_column
from .descent import ClassWeights, Data, Descent
from .estimator import Attributes, Estimator
from .preparation import row_weights, total_of, unit_of
from .sharding import Executor

Self = TypeVar("Self", bound="Classifier")


class Classifier(Estimator):
    """A classifier by scikit-learn's conventions; labels may be text, integers or bools.

    - `hidden`: the size of the hidden layer, or a list of sizes; by default chosen from the data.
    - `activation`: of the hidden layers: "sigmoid", "tanh", "relu", "leaky_relu", "linear"; or a
      list of names, one for each hidden layer.
    - `optimizer`, `learning_rate`: as `Network.train` takes them.
    - `batch_size`: the number of rows before each update; None is all rows, "auto" is 32, or all
      for "rprop".
    - `epochs`: the maximum number of passes over the rows; by default chosen from the number of
      updates.
    - `weight_decay`: how strongly each weight is pulled towards 0.
    - `standardize`: whether each input is brought to mean 0 and standard deviation 1. A column that
      holds only 0 and 1 is left unchanged.
    - `validation_fraction`: the fraction of the rows that is held back to tell when to stop; with
      fewer than 30 rows, none are.
    - `patience`: the number of epochs without progress after which to stop; by default chosen from
      the number of updates.
    - `refit`: whether to train once more on all rows, for the number of epochs that was best.
    - `class_weight`: the weight of a row of each class, as a dict; "balanced" makes all classes
      count alike.
    - `restarts`: the number of networks trained from different weights; the best is kept.
    - `shards`, `executor`: the number of parts that each batch is cut into, and a
      `concurrent.futures.Executor` whose workers do the restarts or, with one restart, the shards.
    - `engine`: the loop that trains. "auto" takes "packed" where that pays on CPython, which only
      the layers' sizes and the batch size decide, so that every interpreter gets the same bits; and
      else what `Network.train` takes. On PyPy, "lists" is often faster. Rows with weights, and
      shards, have a loop of their own, which computes as "lists" does.
    - `random_state`: the seed; None for a different one each time.
    - `callback`: called after each epoch with the `Descent`; ends the training if it returns a true
      value, such as the reason as a text. `resume` continues from there. (Restarts on an executor's
      workers cannot call it.)

    After `fit`: `classes_`, `network_`, `n_features_in_`, `feature_names_in_` (of a data frame),
    `loss_curve_`, `validation_loss_curve_`, `best_loss_`, `n_iter_`, `stopped_`.

    >>> X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    >>> classifier = Classifier().fit(X, ["same", "other", "other", "same"])
    >>> classifier.predict([[1, 0], [1, 1]])
    ['other', 'same']
    >>> classifier.score(X, ["same", "other", "other", "same"])
    1.0
    """

    _estimator_type = "classifier"
    _answers: ClassVar = {"output_activation": "softmax", "loss": "cross_entropy"}

    classes_: Any

    def __init__(  # every option again, as scikit-learn reads them from this signature
        self,
        hidden: Any = None,
        *,
        activation: Names = "tanh",
        optimizer: str = "adam",
        learning_rate: float | None = 0.01,
        batch_size: int | str | None = "auto",
        epochs: int | None = None,
        weight_decay: float = 0.03,
        standardize: bool = True,
        validation_fraction: float = 0.15,
        patience: int | None = None,
        refit: bool = False,
        class_weight: dict[Any, float] | str | None = None,
        restarts: int = 1,
        shards: int = 1,
        executor: Executor | None = None,
        engine: str = "auto",
        random_state: Any = 0,
        callback: Callable[[Descent], Any] | None = None,
        **unknown: Any,
    ) -> None:
        given = locals()
        shared = {name: given[name] for name in Estimator._option_names()}
        super().__init__(**shared, **unknown)
        self.class_weight: Any = class_weight

    def partial_fit(
        self: Self, X: Rows, y: Rows, classes: Rows = None, sample_weight: Rows = None
    ) -> Self:
        """Learn from some more rows, each shown once; return the classifier.

        The first call decides the number of hidden units and the `classes`: by default those of
        its rows. Inputs are standardized by all rows so far. After a `fit`, training continues
        with the fit's standardization. No rows are held back, and the last weights count, not the
        best. Fewer rows than a batch make smaller steps. The rows should come in mixed order. A
        `sample_weight` counts relative to the others of the call, so the weight of a single row
        has no effect; a `class_weight` has one there too.

        Raises PureNetError as `fit` does, for a label that is not among the classes, and for
        class_weight="balanced", which needs all rows at once.

        >>> classifier = Classifier().partial_fit([[0], [1]], ["a", "b"], ["a", "b", "c"])
        >>> classifier.partial_fit([[2]], ["c"]).n_iter_
        2
        """
        if classes is not None and hasattr(self, "network_"):
            given, known = self._targets_of(classes, None, "classes"), self._labels(vars(self))
            check_that(set(given) == set(known), "classes", f"{shown(known)} again", given)
        if self._is_balanced():
            needs = "needs all rows at once, and partial_fit has some: give a dict"
            raise PureNetError(f'class_weight: "balanced" {needs}')
        return self._partial_fit(X, y, sample_weight, classes)

    def predict(self, X: Rows) -> Any:
        """Return the most probable class of each row of X (m x n)."""
        kept = self._kept()
        best, classes = argmax(self._outputs(X, kept)), self._labels(kept)
        return like([classes[j] for j in best], X, kept["classes_"])

    def predict_proba(self, X: Rows) -> Any:
        """Return the probability of each class (m x k) for each row, in the order of `classes_`."""
        return like(self._outputs(X, self._kept()), X)

    def score(self, X: Rows, y: Rows, sample_weight: Rows = None) -> float:
        """Return the accuracy: the fraction of the rows that are classified correctly."""
        guesses = as_lists(self.predict(X), "X")
        labels = self._targets_of(y, len(guesses))
        weights = row_weights(weights_of(sample_weight, len(labels)), len(labels))
        are_right = [float(guess == label) for guess, label in zip(guesses, labels)]
        return inner_product(weights, are_right) / total_of(weights)

    def _is_balanced(self) -> bool:
        # Compared as text alone: an array would be compared element by element.
        return isinstance(self.class_weight, str) and self.class_weight == "balanced"

    def _check_options(self) -> None:
        super()._check_options()
        given = self.class_weight
        is_right = given is None or self._is_balanced() or isinstance(given, dict)
        check_that(is_right, "class_weight", '"balanced" or a dict', given)

    def weights_by_class(self, y: Matrix) -> Row | None:
        """Return the weight of each row by `class_weight`, for targets as the network gets them."""
        fitted = self.fitted_state()[0]
        classes = self._labels(fitted)
        given = Data([], [classes[j] for j in argmax(y)])
        return given.weighted(self._class_weights(fitted, given)).weights

    def _class_weights(self, fitted: Attributes, given: Data) -> ClassWeights | None:
        if self.class_weight is None:
            return None
        classes = self._labels(fitted)
        if self._is_balanced():
            return balanced(classes, given.y, given.weights)
        return scaled(classes, self.class_weight)

    def _targets_of(self, y: Rows, rows: int | None, name: str = "y") -> list[Any]:
        labels = column_of(y, name, rows)
        nested = [isinstance(label, (list, tuple)) for label in labels]
        if any(nested):
            if not all(nested) or any(len(label) != 1 for label in labels):
                raise PureNetError(f"{name}: Unknown label type: columns; give one label a row")
            warn_of_column()
            labels = [label for [label] in labels]
        for i, label in enumerate(labels):
            if isinstance(label, float) and not label.is_integer():
                kind = "continuous (NaN or inf included)"
                raise PureNetError(f"{name}: row {i} has {label}: Unknown label type: {kind}")
            if not isinstance(label, (str, bytes, int, float)):
                raise PureNetError(f"{name}: row {i}: Unknown label type: {shown(label)}")
        return labels

    def _target_attributes(self, y: Rows, given: Data) -> Attributes:
        try:
            classes = sorted(set(given.y))
        except TypeError:
            raise PureNetError("y: expected labels of one type, got several types") from None
        if len(classes) < 2:
            raise PureNetError(f"y: {counted(len(classes), 'class')}, but at least two are needed")
        return {"classes_": like(classes, y, y)}

    def _encode(self, targets: list[Any], fitted: Attributes) -> Matrix:
        return one_hot(targets, self._labels(fitted))


def balanced(classes: list[Any], labels: list[Any], weights: Row | None) -> ClassWeights:
    """Return the weight of each class that makes all classes count alike, given these rows.

    >>> balanced(["a", "b"], ["a", "b", "b", "b"], None)
    {'a': 2.0, 'b': 0.6666666666666666}
    """
    totals, of_all = dict.fromkeys(classes, 0.0), 0.0
    for label, weight in zip(labels, row_weights(weights, len(labels))):
        totals[label] += weight
        of_all += weight
    return {label: of_all / (len(classes) * total) for label, total in totals.items()}


def scaled(classes: list[Any], given: ClassWeights) -> ClassWeights:
    """Return a caller's weight of each class, 1 if it is not given, all on one scale.

    Only the ratios count. A power of two divides them, so that no product overflows.

    >>> scaled(["a", "b"], {"b": 3})
    {'a': 0.5, 'b': 1.5}
    """
    for label, weight in given.items():
        if label not in classes:
            raise PureNetError(f"class_weight: {shown(label)} is not among {shown(classes)}")
        number_within(weight, f"class_weight[{cut(repr(label))}]", lambda w: w > 0.0, "above 0")
    weights = [float(given.get(label, 1.0)) for label in classes]
    unit = unit_of(weights)
    return {label: weight / unit for label, weight in zip(classes, weights)}
