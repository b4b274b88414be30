"""The common part of Classifier and Regressor: from rows to a trained network, and to answers."""

from __future__ import annotations

import copy
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, TypeVar

from ..core._types import Matrix, Row, Rows
from ..core.backpropagation import forward
from ..core.checks import PureNetError, check_that, counted, cut, short, shown, whole_number
from ..core.matrix import all_finite, argmax
from ..core.mt19937 import MT19937
from ..core.network import Network
from ..engines.telling import warn_caller
from .arrays import as_lists, check_names, like, names_of, rows_of, weights_of
from .base import BaseEstimator
from .conventions import check_size, not_fitted
from .defaults import BATCH_SIZE, epochs_for, hidden_units
from .descent import ClassWeights, Data, Descent, Schedule
from .outcome import warn_if_not_learned
from .preparation import Standardizer, grouped, indicators, mean_of, split
from .sharding import run_all

Self = TypeVar("Self", bound="Estimator")

# The names of the fitted attributes that describe the network's inputs and outputs.
Attributes = dict[str, Any]

# With fewer rows than this none is held back: the loss on a few would be a matter of luck.
FEWEST_TO_HOLD_BACK = 30


class Estimator(BaseEstimator, ABC):
    """The base of Classifier and Regressor."""

    # The activation of the network's outputs, and the loss that goes with it.
    _answers: ClassVar[dict[str, str]]

    # Fitted attributes.
    network_: Network
    n_features_in_: int

    # -- learning --

    def fit(
        self: Self, X: Rows, y: Rows, sample_weight: Rows = None, *, validation_data: Any = None
    ) -> Self:
        """Learn from the inputs X (m x n) and a target for each row; return the estimator.

        With `sample_weight` (m), a row counts in proportion to its weight. `validation_data`, a
        pair (X, y), takes the place of the rows held back. A fit that is no better than the trivial
        answer gives a NotLearnedWarning. A fit that fails leaves the estimator unchanged. Raises
        PureNetError if the data or an option is wrong, and if an executor's worker fails.
        """
        return self.resume(X, y, None, sample_weight, validation_data=validation_data)

    def resume(
        self: Self,
        X: Rows,
        y: Rows,
        descent: Descent | None,
        sample_weight: Rows = None,
        *,
        validation_data: Any = None,
    ) -> Self:
        """Resume a fit from the descent that a callback was given; return the estimator.

        With the same data and options it ends in the same bits as an uninterrupted fit. With None
        it starts anew, as `fit` does.

        Raises PureNetError as `fit` does, and for a fit of several restarts.
        """
        self._check_options()
        all_rows, fitted, class_weights = self._prepare(X, y, sample_weight)
        if descent is not None:
            self._check_descent(descent, *all_rows.widths)
        seed = self._seed() if descent is None else descent.network.seed
        if validation_data is None:
            learned = self._split(all_rows, MT19937(seed), bool(self._labels(fitted)))
        else:
            held_back = self._validation_rows(validation_data, fitted, class_weights, all_rows)
            learned = all_rows._replace(held_back=held_back)
            all_rows = all_rows.joined(held_back)
        # A copy, because a callback may have kept the descent, to resume from it.
        best = copy.deepcopy(self._train(learned, len(all_rows.X), seed, descent))
        # Warn before anything is kept, because a fit fails if warnings are errors. And before a
        # refit on all rows, which leaves none to judge by.
        warn_if_not_learned(best.take_best(), learned, all_rows, self._labels(fitted))
        if self.refit and learned.held_back is not None:
            best = self._train_on_all(best, all_rows)
        return self._keep(fitted, best)

    def refit_on(self: Self, X: Rows, y: Rows, sample_weight: Rows = None) -> Self:
        """Learn all of these rows anew, for as many epochs as were best in `fit`; return self.

        What `fit` recorded of its losses stays: `loss_curve_`, `best_loss_`, `stopped_`.

        Raises PureNetError as `fit` does, for other columns or classes, and if no epoch is known
        to be best: after `partial_fit`, or for a network that was not trained here. Raises
        NotFittedError before the first fit.

        >>> from .regressor import Regressor
        >>> regressor = Regressor(epochs=2).fit([[0], [1], [2]], [1, 3, 5])
        >>> regressor.refit_on([[0], [1], [2], [3]], [1, 3, 5, 7]).n_iter_
        2
        """
        self._check_options()
        earlier, descent = self.fitted_state()
        all_rows, fitted, _ = self._prepare(X, y, sample_weight, earlier)
        given, known = self._labels(fitted), self._labels(earlier)
        check_that(given == known, "y", f"the classes {shown(known)} of fit", given)
        return self._keep(fitted, self._train_on_all(descent, all_rows))

    def _prepare(
        self, X: Rows, y: Rows, sample_weight: Rows, earlier: Attributes | None = None
    ) -> tuple[Data, Attributes, ClassWeights | None]:
        """Return the rows of a fit as the network gets them, the attributes, the class weights."""
        given = self._read(X, y, sample_weight, earlier)
        fitted = self._fitted_attributes(X, y, given)
        class_weights = self._class_weights(fitted, given)
        given = given.weighted(class_weights)
        if self.standardize:
            fitted["_inputs"] = Standardizer.of(given.X, given.weights).leaving(indicators(given.X))
        return self._preprocess(fitted, given), fitted, class_weights

    def _validation_rows(
        self, pair: Any, fitted: Attributes, class_weights: ClassWeights | None, learned: Data
    ) -> Data:
        """Return a caller's validation rows as the network gets them.

        Each weighs as much as a training row does on average, or as its class does.
        """
        is_pair = isinstance(pair, (tuple, list)) and len(pair) == 2
        check_that(is_pair, "validation_data", "a pair (X, y)", pair)
        try:
            given = self._read(pair[0], pair[1], None, fitted).weighted(class_weights)
            if given.weights is None and learned.weights is not None:
                given = given._replace(weights=[mean_of(learned.weights)] * len(given.X))
            return self._preprocess(fitted, given)
        except PureNetError as error:
            raise type(error)(f"validation_data: {error}") from None

    def _partial_fit(
        self: Self, X: Rows, y: Rows, sample_weight: Rows, classes: Rows = None
    ) -> Self:
        """Learn from some more rows, each shown once."""
        self._check_options()
        started = hasattr(self, "network_")
        if started:
            fitted, descent = self.fitted_state()
            descent = copy.deepcopy(descent)
            given = self._read(X, y, sample_weight, fitted)
        else:
            given = self._read(X, y, sample_weight)
            known = given.y if classes is None else self._targets_of(classes, None, "classes")
            source = y if classes is None else classes
            fitted = self._fitted_attributes(X, source, given._replace(y=known))
        class_weights = self._class_weights(fitted, given)
        given = given.weighted(class_weights)
        self._update_scales(fitted, given, started)
        data = self._preprocess(fitted, given)
        if not started:
            hidden = self._hidden_sizes(data, len(data.X))
            descent = self._new_descent(data, hidden, self._seed())
        schedule, factor = self._schedule(len(data.X)), given.importance(class_weights)
        descent.show_once(data, schedule, self.callback, self.executor, factor)
        return self._keep(fitted, descent if self.callback is None else copy.deepcopy(descent))

    def _update_scales(self, fitted: Attributes, given: Data, started: bool) -> None:
        """Let the standardization follow a stream of rows; that of a `fit` stays."""
        scale = fitted["_inputs"]
        if self.standardize and (not started or (scale is not None and scale.rows is not None)):
            more = Standardizer.of(given.X, given.weights)
            scale = (scale or more).joined(more, len(given.X))
            columns = getattr(self, "columns_", ())  # of a table; texts stay 0 and 1
            kinds = [bool(column.texts) for column in columns for _ in column.inputs]
            fitted["_inputs"] = scale.leaving(j for j, is_text in enumerate(kinds) if is_text)

    def _read(
        self, X: Rows, y: Rows, sample_weight: Rows, fitted: Attributes | None = None
    ) -> Data:
        """Return a caller's rows, targets and weights, without the rows of weight 0.

        With the attributes of a fit, the rows must have its columns.
        """
        rows = rows_of(X)
        if fitted is not None:
            self._check_columns(X, rows, fitted)
        given = Data(rows, self._targets_of(y, len(rows)), weights_of(sample_weight, len(rows)))
        if given.weights is None:
            return given
        return given.at([i for i, weight in enumerate(given.weights) if weight])

    def _fitted_attributes(self, X: Rows, y: Rows, given: Data) -> Attributes:
        """Return the attributes that describe the network's inputs and outputs."""
        names = names_of(X)
        fitted = self._target_attributes(y, given)
        fitted.update(_inputs=None, n_features_in_=len(given.X[0]), _names=names)
        if names is not None:
            fitted["feature_names_in_"] = like(names, X.columns, X.columns)
        return fitted

    def _preprocess(self, fitted: Attributes, given: Data) -> Data:
        """Return rows as the network gets them.

        Raises PureNetError for those so far from the ones of the fit that they overflow.
        """
        X, y = _scaled(fitted["_inputs"], given.X), self._encode(given.y, fitted)
        for name, matrix in (("X", X), ("y", y)):
            if not all_finite(matrix):
                i = [all_finite([row]) for row in matrix].index(False)
                raise PureNetError(f"{name}: row {i} has numbers too large to be standardized")
        return Data(X, y, given.weights)

    def _train(self, data: Data, rows: int, seed: int, descent: Descent | None) -> Descent:
        """Return the best of `restarts` trainings, each from a seed of its own."""
        schedule = self._schedule(len(data.X))
        if descent is not None:
            descents = [descent]
        else:
            hidden = self._hidden_sizes(data, rows)
            seeds = [(seed + k) % 2**32 for k in range(self.restarts)]
            descents = [self._new_descent(data, hidden, seed) for seed in seeds]
        # An executor's workers share the restarts or, with one restart, its shards.
        across, within = (self.executor, None) if self.restarts > 1 else (None, self.executor)
        if across is not None and self.callback is not None:
            raise PureNetError("callback: an executor cannot call it: leave out one of the two")
        work = [(each, data, schedule, self.callback, within) for each in descents]
        return min(run_all(across, Descent.run, work), key=lambda each: each.best_loss)

    def _train_on_all(self, best: Descent, data: Data) -> Descent:
        """Return the descent with a network trained on all rows, for the best number of epochs."""
        epochs = best.best_epoch + 1
        if not epochs:
            raise PureNetError("refit: no epoch is known to be best, so their number is unknown")
        again = self._new_descent(data, best.network.sizes[1:-1], best.network.seed)
        schedule = self._schedule(len(data.X))._replace(epochs=epochs, patience=epochs)
        again.run(data._replace(held_back=None), schedule, executor=self.executor)
        best = copy.copy(best)  # a fit that fails changes nothing
        best.network, best.optimizer = again.network, again.optimizer
        best.best_weights, best.best_biases = again.network.weights, again.network.biases
        return best

    def _schedule(self, rows: int) -> Schedule:
        """Return how to train on this number of rows."""
        size: Any = self.batch_size
        if size == "auto":
            size = None if self.optimizer == "rprop" else BATCH_SIZE
        # A larger batch counts as one of the usual size: its updates take as much longer.
        epochs, patience = epochs_for(rows, min(BATCH_SIZE, size or rows))
        epochs, patience = self.epochs or epochs, self.patience or patience  # neither is 0
        return Schedule(epochs, size and int(size), patience, self.shards, self.engine)

    def _new_descent(self, data: Data, hidden: list[int], seed: int) -> Descent:
        inputs, outputs = data.widths
        check_size(sizes := [inputs, *hidden, outputs])
        activation = as_lists(self.activation, "activation")
        if hidden and isinstance(activation, (str, list)) and "softmax" in activation:
            raise PureNetError("activation: softmax is only for the output layer of a Classifier")
        options = {"activation": activation, **self._answers}
        network = Network(sizes, bias=True, init="glorot", seed=seed, **options)
        return Descent(network, self.optimizer, self.learning_rate, self.weight_decay)

    def _hidden_sizes(self, data: Data, rows: int) -> list[int]:
        """Return the sizes of the hidden layers: as given, or one chosen from the data."""
        if self.hidden is None:
            return [hidden_units(*data.widths, rows)]
        hidden = as_lists(self.hidden, "hidden")
        sizes = hidden if isinstance(hidden, (list, tuple)) else [hidden]
        return [whole_number(size, "hidden", 1) for size in sizes]

    def _split(self, data: Data, generator: MT19937, is_classes: bool) -> Data:
        """Return the rows to learn, and those that are held back: of classes, a part of each."""
        if len(data.X) < FEWEST_TO_HOLD_BACK:
            return data
        groups = grouped(argmax(data.y) if is_classes else [0] * len(data.y))
        kept, apart = split(groups, self.validation_fraction, generator)
        return data.at(kept)._replace(held_back=data.at(apart)) if apart else data

    def _keep(self: Self, fitted: Attributes, descent: Descent) -> Self:
        """Keep the results of a fit, replacing earlier ones; return self."""
        kept = {**vars(self), **fitted, "_fitted_names": list(fitted), "_descent": descent}
        if "feature_names_in_" not in fitted:
            kept.pop("feature_names_in_", None)
        kept["network_"] = descent.take_best()
        kept["loss_curve_"] = list(descent.losses)
        kept["validation_loss_curve_"] = list(descent.validation_losses)
        kept["best_loss_"] = descent.best_loss
        kept["n_iter_"] = len(descent.losses)
        kept["stopped_"] = descent.stopped
        # All at once: neither Ctrl-C nor a prediction in another thread finds a part of two fits.
        self.__dict__ = kept
        return self

    def _kept(self) -> Attributes:
        """Return all attributes of a fit, which the next one replaces and does not change.

        Raises NotFittedError before the first fit.
        """
        kept = vars(self)
        if "network_" not in kept:
            raise not_fitted(f"{type(self).__name__}: it is not fitted yet: call fit first")
        return kept

    def fitted_state(self) -> tuple[Attributes, Descent]:
        """Return the state of a fit for a file: the attributes of inputs and outputs, the training.

        Raises NotFittedError before the first fit.
        """
        kept = self._kept()
        return {name: kept[name] for name in kept["_fitted_names"]}, kept["_descent"]

    def restore(self, fitted: Attributes, descent: Descent) -> None:
        """Become as fitted as the estimator whose `fitted_state` this is.

        Raises PureNetError for an option that is wrong, and for a network that an estimator of
        this kind cannot have.
        """
        self._check_options()
        given = {name: getattr(descent.network, name) for name in self._answers}
        if given != self._answers:
            wanted, got = " outputs and the loss ".join(self._answers.values()), given.values()
            raise PureNetError(f"{type(self).__name__}: expected {wanted}, got {' and '.join(got)}")
        names = fitted["_names"]
        fitted = {"feature_names_in_": names, **fitted} if names else fitted
        self._keep(fitted, copy.deepcopy(descent))

    # -- methods that each kind of estimator defines --

    @abstractmethod
    def _targets_of(self, y: Rows, rows: int | None, name: str = "y") -> list[Any]:
        """Return a caller's targets as a list, one for each row; with None, of any length."""

    @abstractmethod
    def _target_attributes(self, y: Rows, given: Data) -> Attributes:
        """Return the attributes that describe the network's outputs."""

    @abstractmethod
    def _encode(self, targets: list[Any], fitted: Attributes) -> Matrix:
        """Return targets as the outputs that the network should have."""

    def _class_weights(self, fitted: Attributes, given: Data) -> ClassWeights | None:
        """Return the weight of each class, None if all rows count alike."""
        return None

    def weights_by_class(self, y: Matrix) -> Row | None:
        """Return the weight of each row by `class_weight`, for targets as the network gets them."""
        return None

    def _labels(self, fitted: Attributes) -> list[Any]:
        """Return the labels of a classifier; a regressor has none."""
        return list(as_lists(fitted.get("classes_", ()), "classes"))

    # -- using it --

    def preprocess(self, X: Rows, y: Rows) -> tuple[Matrix, Matrix]:
        """Return inputs and targets as the network gets them, for `diagnose` and the like."""
        kept = self._kept()
        data = self._preprocess(kept, self._read(X, y, None, kept))
        return data.X, data.y

    def predict_rows(self, rows: Iterable[Mapping[str, Any]]) -> Any:
        """Predict for rows of a table: a dict each, with the cells by the names of their columns.

        Only a model that `purenet.tables.learn` or the command `train` made knows its columns. A
        cell is a number or a text as in a file; None and "" are missing. Raises PureNetError, with
        the row and the column, for a column that is not there and for a text among numbers. Warns
        of texts that did not occur in training.

        >>> import purenet
        >>> iris = purenet.__file__.replace("__init__.py", "datasets/iris.csv")
        >>> model = purenet.tables.learn(iris, "species", epochs=40).estimator
        >>> row = {"sepal_length": "5.1", "sepal_width": 3.5, "petal_length": 1.4}
        >>> model.predict_rows([{**row, "petal_width": 0.2}, {**row, "petal_width": None}])
        ['setosa', 'setosa']
        """
        model = copy.copy(self)  # another thread may fit this one
        columns = getattr(model, "columns_", None)
        if columns is None:
            lacks = "this model does not know the columns of a table"
            raise PureNetError(f"predict_rows: {lacks}; purenet.tables.learn makes one that does")
        inputs: Matrix = []
        for i, row in enumerate(rows):
            check_that(isinstance(row, Mapping), "rows", f"a dict for row {i}", row)
            inputs.append([])
            for column in columns:
                if column.name not in row:
                    came = cut(", ".join(map(repr, row)))
                    raise PureNetError(f"rows: row {i} has no {short(column.name)}; it has {came}")
                place = f"rows: row {i}, column {short(column.name)}"
                values, is_known = column.inputs_for(row[column.name], place)
                inputs[i] += values
                if not is_known:
                    found = f"{place}: {cut(repr(row[column.name]))} did not occur in training"
                    warn_caller(f"{found}; it counts as missing")
        return model.predict(inputs) if inputs else []

    @abstractmethod
    def predict(self, X: Rows) -> Any:
        """Return a prediction for each row of X (m x n)."""

    def _outputs(self, X: Rows, kept: Attributes) -> Matrix:
        """Return the network's outputs for a caller's rows, by the attributes of one fit."""
        rows = rows_of(X)
        self._check_columns(X, rows, kept)
        outputs = forward(kept["network_"], _scaled(kept["_inputs"], rows))[-1]
        scale = kept.get("_output_scale")  # of a regressor
        outputs = outputs if scale is None else scale.undo(outputs)
        for i, row in enumerate(outputs):
            if not all_finite([row]):
                raise PureNetError(f"X: row {i} has numbers too large to predict from")
        return outputs

    # -- checks --

    def _check_columns(self, X: Rows, rows: Matrix, fitted: Mapping[str, Any]) -> None:
        """Raise if a caller's rows have other columns than those of the fit."""
        kind, wanted = type(self).__name__, fitted["n_features_in_"]
        check_names(names_of(X), fitted["_names"], kind)
        if len(rows[0]) != wanted:  # in scikit-learn's words
            found = f"X has {len(rows[0])} features, but {kind} is expecting {wanted} features"
            raise PureNetError(f"{found} as input")

    def _check_descent(self, descent: Any, inputs: int, outputs: int) -> None:
        """Raise if a descent cannot be resumed."""
        check_that(isinstance(descent, Descent), "descent", "the Descent of a callback", descent)
        if self.restarts > 1:
            raise PureNetError("restarts: only a fit with restarts=1 can be resumed")
        sizes = descent.network.sizes
        if (sizes[0], sizes[-1]) != (inputs, outputs):
            has = f"{counted(sizes[0], 'input')} and {counted(sizes[-1], 'output')}"
            found = f"its network has {has}, but the data have {inputs} and {outputs}"
            raise PureNetError(f"descent: {found}")


def _scaled(standardizer: Standardizer | None, rows: Matrix) -> Matrix:
    return rows if standardizer is None else standardizer.apply(rows)
