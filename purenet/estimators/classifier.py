"""A network that says which class a row belongs to, and how sure it is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from ..core._types import Matrix, Row, Rows
from ..core.checks import PureNetError, counted, number_within, one_hot, shown
from ..core.matrix import argmax, column_sums
from .arrays import column_of, like, plain, weights_of
from .conventions import warn_of_column
from .descent import Descent
from .estimator import Estimator
from .preparation import unit_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from concurrent.futures import Executor  # it loads much

Self = TypeVar("Self", bound="Classifier")

# Among what the ends of a network mean, what a row of each class counts: for one fit only.
BALANCE = "_balance"


class Classifier(Estimator):
    """A classifier by scikit-learn's conventions; labels may be text, integers or bools.

    - `hidden`: the size of the hidden layer, or a list of sizes; by default chosen from the data.
    - `activation`: of the hidden layers: "sigmoid", "tanh", "relu", "leaky_relu", "linear".
    - `optimizer`, `learning_rate`: as `Network.train` takes them.
    - `batch_size`: after how many rows the weights change; None is all rows, "auto" is 32, and all
      for "rprop".
    - `epochs`: how often every row is shown at most; by default chosen from the number of updates.
    - `weight_decay`: how strongly each weight is pulled towards 0 (weight decay).
    - `standardize`: whether each input is brought to mean 0 and standard deviation 1. A column that
      holds nothing but 0 and 1 is left unchanged.
    - `validation_fraction`: the part of the rows that is held back to tell when to stop; none if
      there are fewer than 30 rows.
    - `patience`: after how many epochs without progress to stop; by default chosen from the number
      of updates.
    - `refit`: whether to train once more on all rows, for the number of epochs that was best.
    - `class_weight`: how much a row of each class counts, as a dict; "balanced" makes all classes
      count alike.
    - `restarts`: how many networks are trained, each from other weights; the best is kept.
    - `shards`, `executor`: into how many parts each batch is cut, and a
      `concurrent.futures.Executor` whose workers do the restarts or, with one restart, the shards.
    - `random_state`: the seed; None for another one each time.
    - `callback`: called after each epoch with the `Descent`; ends it where it returns true.
      `resume` goes on from there. (Restarts on an executor's workers cannot call it.)

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
    _output_activation = "softmax"
    _loss = "cross_entropy"

    classes_: Any

    def __init__(  # all by name once more, as scikit-learn reads the options from here
        self,
        hidden: Any = None,
        *,
        activation: str = "tanh",
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
        random_state: Any = 0,
        callback: Callable[[Descent], Any] | None = None,
        **unknown: Any,
    ) -> None:
        super().__init__(
            hidden,
            activation=activation,
            optimizer=optimizer,
            learning_rate=learning_rate,
            batch_size=batch_size,
            epochs=epochs,
            weight_decay=weight_decay,
            standardize=standardize,
            validation_fraction=validation_fraction,
            patience=patience,
            refit=refit,
            restarts=restarts,
            shards=shards,
            executor=executor,
            random_state=random_state,
            callback=callback,
            **unknown,
        )
        self.class_weight: Any = class_weight

    def partial_fit(
        self: Self, X: Rows, y: Rows, classes: Rows = None, sample_weight: Rows = None
    ) -> Self:
        """Learn from some more rows, each shown once; return the classifier.

        The first call decides how many hidden units there are, and which `classes`: by default
        those of its rows. Inputs are standardized by all rows so far. After a `fit`, it goes on
        from there, with the standardization of that. No rows are held back, and the last weights
        count, not the best. Fewer rows than a batch make smaller steps. The rows should come in
        mixed order. A `sample_weight` counts by its ratio to the others of the call, so that of a
        single row counts for nothing; a `class_weight` counts there too.

        Raises PureNetError as `fit` does, for a label that is not among the classes, and for
        class_weight="balanced", which takes all rows at once.

        >>> classifier = Classifier().partial_fit([[0], [1]], ["a", "b"], ["a", "b", "c"])
        >>> classifier.partial_fit([[2]], ["c"]).n_iter_
        2
        """
        if classes is not None and hasattr(self, "network_"):
            came, known = self._targets_of(classes, None, "classes"), self._class_list(vars(self))
            if set(came) != set(known):
                raise PureNetError(f"classes: {shown(came)}, but they have been {shown(known)}")
        if isinstance(self.class_weight, str) and self.class_weight == "balanced":
            raise PureNetError('class_weight: "balanced" takes all rows at once: give a dict')
        return self._show_once(X, y, sample_weight, classes)

    def predict(self, X: Rows) -> Any:
        """Return the likeliest class of each row of X (m x n)."""
        best = argmax(self._outputs(X))
        classes = self._class_list(vars(self))
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

    def _class_list(self, meaning: dict[str, Any]) -> list[Any]:
        return list(plain(meaning["classes_"], "classes"))

    def _check_options(self) -> None:
        super()._check_options()
        is_text = isinstance(self.class_weight, str)
        is_known = self.class_weight is None or (is_text and self.class_weight == "balanced")
        if not is_known and not isinstance(self.class_weight, dict):
            came = shown(self.class_weight)
            raise PureNetError(f'class_weight: expected "balanced" or a dict, got {came}')

    def _with_class_weights(
        self, meaning: dict[str, Any], targets: list[Any], weights: Row | None
    ) -> Row | None:
        if self.class_weight is None:
            return weights
        weights = [1.0] * len(targets) if weights is None else weights
        if BALANCE not in meaning:  # those of the rows to learn, for all rows
            meaning[BALANCE] = self._class_weights(meaning, targets, weights)
        balance = meaning[BALANCE]
        # A label that is not among the classes is refused where it becomes a target.
        return [weight * balance.get(label, 1.0) for label, weight in zip(targets, weights)]

    def _importance(self, meaning: dict[str, Any], targets: list[Any]) -> float:
        if self.class_weight is None:
            return 1.0
        balance = meaning[BALANCE]
        if len({balance[label] for label in targets}) > 1:
            return 1.0  # then the ratios among these rows have their say
        mean = column_sums([[weight] for weight in balance.values()])[0] / len(balance)
        return float(balance[targets[0]] / mean)

    def weights_by_class(self, y: Matrix) -> Row | None:
        """Return what each row counts by `class_weight`, for targets as the network gets them."""
        meaning, known = dict(self.learned_parts()[0]), self._class_list(vars(self))
        return self._with_class_weights(meaning, [known[j] for j in argmax(y)], None)

    def _class_weights(
        self, meaning: dict[str, Any], targets: list[Any], weights: Row
    ) -> dict[Any, float]:
        """Return what a row of each class counts: as told, 1 where not told, or balanced."""
        known = self._class_list(meaning)
        if self.class_weight == "balanced":
            totals, of_all = dict.fromkeys(known, 0.0), 0.0
            for label, weight in zip(targets, weights):
                totals[label] += weight
                of_all += weight
            return {label: of_all / (len(known) * total) for label, total in totals.items()}
        for label, weight in self.class_weight.items():
            if label not in known:
                raise PureNetError(
                    f"class_weight: {shown(label)} is not among the classes {shown(known)}"
                )
            number_within(weight, f"class_weight[{label!r}]", lambda w: w > 0.0, "above 0")
        counts = [float(self.class_weight.get(label, 1.0)) for label in known]
        unit = unit_of(counts)  # only the ratios count, and no product overflows
        return {label: count / unit for label, count in zip(known, counts)}

    def _take(self: Self, meaning: dict[str, Any], descent: Descent) -> Self:
        return super()._take({n: v for n, v in meaning.items() if n != BALANCE}, descent)

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
