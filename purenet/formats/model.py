"""One description of a model, which every format's reader fills and every writer reads.

`describe` makes it from a Network, a Classifier or a Regressor. Only `describe` unpacks what an
estimator has learned. `build` makes the model again, and only `build` checks whether the parts fit
one another. A format only has to carry the parts.
"""

from __future__ import annotations

import copy
import math
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

from ..core._types import Matrix, Names, Row
from ..core.checks import PureNetError, check_that, counted, shown, whole_number
from ..core.history import History
from ..core.network import Network
from ..estimators import Classifier, Regressor
from ..estimators.arrays import as_lists
from ..estimators.base import SHARED
from ..estimators.descent import Descent
from ..estimators.preparation import Standardizer
from ..tables.columns import Column
from .board_json import checked_copy

KINDS: dict[str, Any] = {"classifier": Classifier, "regressor": Regressor}

MOST_COUNTED = 2**53  # the largest count that floats represent exactly


class Asked(NamedTuple):
    """What the caller adds if a file does not say it: see `files.load`."""

    activation: Names | None = None
    output_activation: str | None = None
    layers: Sequence[str] | None = None


class Model(NamedTuple):
    """A network, and the meaning of its inputs and outputs.

    `kind` is "network", "classifier" or "regressor". `inputs` standardizes the inputs, `outputs`
    brings a regressor's outputs back to the scale of its targets; either may be None. `classes` are
    a classifier's, in the order of the outputs. `several` tells whether a regressor predicts a list
    of numbers instead of one number. `names` are those of a data frame's columns, and `table` holds
    the columns of a table with those to predict. `options` are an estimator's, all but executor and
    callback. `best_epoch` is -1 if there was none, and `best_loss` its loss, None if that was not
    finite. `history` tells how the model was trained.
    """

    network: Network
    kind: str = "network"
    inputs: Standardizer | None = None
    outputs: Standardizer | None = None
    classes: list[Any] | None = None
    several: bool = False
    names: list[str] | None = None
    table: tuple[list[Column], list[Column]] | None = None
    options: dict[str, Any] | None = None
    best_epoch: int = -1
    best_loss: float | None = None
    history: History | None = None

    @property
    def targets(self) -> list[str]:
        """The names of the columns of a table that the model predicts; empty without a table."""
        return [column.name for column in self.table[1]] if self.table else []

    @property
    def input_names(self) -> list[str]:
        """Return the names of the network's inputs, or an empty list if they are not known.

        >>> Model(Network([2, 1]), names=["length", "width"]).input_names
        ['length', 'width']
        """
        if self.table is None:
            return list(self.names or [])
        return [name for column in self.table[0] for name in column.inputs]

    def apply(self, rows: Matrix) -> Matrix:
        """Return the outputs for unprepared rows, a regressor's on the scale of its targets.

        >>> model = describe(Regressor(1, epochs=1).fit([[1], [3]], [10, 14]))
        >>> model.apply([[1.0]]) == [build(model).predict([[1.0]])]
        True
        """
        inputs = rows if self.inputs is None else self.inputs.apply(rows)
        outputs = self.network.predict(inputs)
        return outputs if self.outputs is None else self.outputs.undo(outputs)


# -- from a network or an estimator --------------------------------------------------------------


def describe(model: Any, history: History | None = None) -> Model:
    """Return the description of a Network, or of a fitted Classifier or Regressor.

    The network is a copy whose numbers are floats. `history` is that of a Network's training; an
    estimator has its own. A description is returned unchanged.

    Raises PureNetError for anything else, for weights that do not fit the sizes, and for numbers
    that are not finite.

    >>> describe(Regressor(1, epochs=1).fit([[1], [3]], [10, 14])).outputs.means
    [12.0]
    """
    check_that(history is None or isinstance(history, History), "history", "a History", history)
    if isinstance(model, Network):
        return Model(checked_copy(model), history=history)
    if history is not None:
        raise PureNetError("history: only a Network takes one; an estimator has its own")
    if isinstance(model, Model):
        return model
    kind = next((name for name, each in KINDS.items() if type(model) is each), None)
    if kind is None:
        raise PureNetError(f"expected a Network, a Classifier or a Regressor, got {shown(model)}")
    model = copy.copy(model)  # another thread may fit the caller's
    meaning, descent = model.fitted_state()
    return Model(
        checked_copy(model.network_),
        kind,
        inputs=meaning["_inputs"],
        outputs=meaning.get("_output_scale"),
        classes=as_lists(meaning.get("classes_"), "classes"),
        several=meaning.get("_several", False),
        names=meaning["_names"] and list(meaning["_names"]),
        table=_table_of(model),
        options=options_of(model),
        best_epoch=descent.best_epoch,
        best_loss=model.best_loss_ if math.isfinite(model.best_loss_) else None,
        history=history_from(model.loss_curve_, model.validation_loss_curve_, model.stopped_),
    )


def options_of(estimator: Any) -> dict[str, Any]:
    """Return the options that belong to the model rather than to the process, without arrays.

    >>> "class_weight" in options_of(Classifier()), "executor" in options_of(Classifier())
    (True, False)
    """
    params = estimator.get_params()
    options = {name: as_lists(params[name], name) for name in params if name not in SHARED}
    weights = options.get("class_weight")
    if isinstance(weights, dict):
        of = "class_weight"
        options[of] = {as_lists(label, of): as_lists(weights[label], of) for label in weights}
    if hasattr(options["random_state"], "randint"):  # a generator of NumPy's
        options["random_state"] = None
    return options


def _table_of(estimator: Any) -> tuple[list[Column], list[Column]] | None:
    """Return the columns of the table that an estimator was fitted to, and its targets."""
    columns, target = (getattr(estimator, name, None) or [] for name in ("columns_", "target_"))
    names = [target] if isinstance(target, str) else target
    targets = getattr(estimator, "targets_", None) or [Column(name) for name in names]
    check_that(bool(columns) == bool(targets), "columns_, targets_", "both or neither", columns)
    for column in [*columns, *targets]:
        check_that(isinstance(column, Column), "columns_, targets_", "Columns", column)
    return (list(columns), list(targets)) if columns or targets else None


# -- from what other programs have trained -------------------------------------------------------


def history_from(losses: Row, validation_losses: Row, stopped: str, engine: str = "") -> History:
    """Return the history of a training with these losses, from the first epoch on.

    >>> history_from([0.5, 0.25], [], "all 2 epochs done").epochs
    [0, 1]
    """
    history = History()
    history.epochs = list(range(len(losses)))
    history.loss, history.validation_loss = list(losses), list(validation_losses)
    history.stopped, history.engine = stopped, engine
    return history


def network_from(
    weights: list[Matrix],
    biases: list[Row | None],
    activation: Names | None,
    output_activation: str | None,
) -> Network:
    """Return the network that has these weights, (nₖ x nₖ₊₁) each, and these biases.

    None among the biases stands for a layer without biases. If all are None, the network has no
    biases. `activation` is that of the hidden layers, or a list of one for each; without hidden
    layers, it is ignored.

    Raises PureNetError if layers do not fit one another, or if an activation is needed and is None.

    >>> network_from([[[1.0], [2.0]]], [[3.0]], None, "linear").predict([[1, 1]])
    [[6.0]]
    """
    hidden = activation if len(weights) > 1 else output_activation or "linear"
    if hidden is None:
        raise PureNetError("the activation of the hidden layers is unknown: give activation")
    if output_activation is None:
        raise PureNetError("the activation of the last layer is unknown: give output_activation")
    rows = [row or [0.0] * len(W[0]) for W, row in zip(weights, biases)]
    return Network.of(
        weights,
        rows if any(biases) else None,
        activation=hidden,
        output_activation=output_activation,
        loss="cross_entropy" if output_activation == "softmax" else "squared_error",
        seed=0,
    )


def classifier_from(
    network: Network, classes: list[Any], inputs: Standardizer | None = None
) -> Model:
    """Return the description of a classifier whose network puts out a probability for each class.

    If the network has one sigmoid output, the probability of the second of two classes, it gets two
    outputs: sigmoid(z) is the second of softmax([0, z]).

    Raises PureNetError if the network's outputs are not such probabilities.

    >>> network = network_from([[[2.0]]], [[0.0]], None, "sigmoid")
    >>> build(classifier_from(network, ["no", "yes"])).predict([[-1], [1]])
    ['no', 'yes']
    """
    if network.output_activation == "sigmoid" and network.sizes[-1] == 1:
        network = _with_two_outputs(network)
    if network.output_activation != "softmax":
        came = network.output_activation
        raise PureNetError(f"classes: expected the output activation softmax, got {came}")
    options = _options_for("classifier", network, inputs)
    return Model(network, "classifier", inputs, classes=classes, options=options)


def regressor_from(
    network: Network, outputs: Standardizer | None = None, inputs: Standardizer | None = None
) -> Model:
    """Return the description of a regressor that predicts all of a network's linear outputs.

    `outputs` brings them back to the scale of the targets.

    >>> network = network_from([[[2.0]]], [[0.0]], None, "linear")
    >>> build(regressor_from(network, Standardizer([10.0], [1.0]))).predict([[1]])
    [12.0]
    """
    n = network.sizes[-1]
    options = _options_for("regressor", network, inputs)
    outputs = outputs or Standardizer([0.0] * n, [1.0] * n)
    return Model(network, "regressor", inputs, outputs, several=n > 1, options=options)


def _with_two_outputs(network: Network) -> Network:
    W = [[0.0, w] for [w] in network.weights[-1]]
    biases = network.biases and [*network.biases[:-1], [0.0, *network.biases[-1]]]
    return network_from([*network.weights[:-1], W], [*biases], network.activation, "softmax")


def _options_for(kind: str, network: Network, inputs: Standardizer | None) -> dict[str, Any]:
    return {
        **options_of(KINDS[kind]()),
        "hidden": network.sizes[1:-1],
        "activation": network.activation if len(network.sizes) > 2 else "sigmoid",
        "standardize": inputs is not None,
    }


# -- to a network or an estimator ----------------------------------------------------------------


def build(model: Model) -> Any:
    """Return the Network, Classifier or Regressor of a description.

    Raises PureNetError if its parts do not fit one another.

    >>> build(Model(Network([1, 1]), "classifier", classes=["a", "b"], options={}))
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: classes: 2 values, but the network has 1 output
    """
    network, history = model.network, model.history or History()
    weights = (model.options or {}).get("class_weight")
    check_texts([model.classes, model.names, model.table, history.stopped, list(weights or ())])
    _check_lengths(history, model.kind != "network")
    if model.kind == "network":
        return network
    estimator = KINDS[model.kind](**(model.options or {}))
    estimator.restore(_meaning(model), _descent(estimator, model, history))
    if model.table is not None:
        _check_table(model, *model.table)
        estimator.columns_, estimator.targets_ = model.table
        names = model.targets
        estimator.target_ = names[0] if len(names) == 1 else names
    return estimator


def check_texts(value: Any) -> None:
    r"""Raise PureNetError if a text has half a character, which no file of text can hold.

    >>> check_texts(["a", "\ud800"])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: expected whole characters, got '\ud800' (str), half of one
    """
    if isinstance(value, (list, tuple)):
        for each in value:
            check_texts(each)
    elif isinstance(value, str) and value != value.encode("utf-8", "replace").decode():
        raise PureNetError(f"expected whole characters, got {shown(value)}, half of one")


def _check_lengths(history: History, of_estimator: bool) -> None:
    """Raise PureNetError if a history does not have a loss for each of its epochs.

    An estimator's epochs by partial_fit have no validation loss.
    """
    epochs = len(history.epochs)
    possible = {"loss": (epochs,), "validation_loss": range(epochs) if of_estimator else (0,)}
    needed = f"a value for each of {counted(epochs, 'epoch')}"
    for name, counts in possible.items():
        count = len(getattr(history, name))
        check_that(count == epochs or count in counts, f"history: {name}", needed, count)


def _meaning(model: Model) -> dict[str, Any]:
    """Return the estimator's attributes that describe its inputs and outputs."""
    inputs, outputs, names = model.network.sizes[0], model.network.sizes[-1], model.names
    _check_scale(model.inputs, "inputs", inputs, "input")
    if names is not None:
        _check_count("names", len(names), "value", inputs, "input")
    meaning = {"_inputs": model.inputs, "n_features_in_": inputs, "_names": names}
    if model.kind == "classifier":
        classes = model.classes or []
        _check_classes(classes)
        _check_count("classes", len(classes), "value", outputs, "output")
        return {"classes_": classes, **meaning}
    if not model.several and outputs > 1:
        raise PureNetError(f"several: expected True, as the network has {outputs:,} outputs")
    _check_scale(model.outputs, "output_scale", outputs, "output")
    return {"_output_scale": model.outputs, "_several": model.several, **meaning}


def _check_count(name: str, count: int, thing: str, needed: int, of: str) -> None:
    """Raise PureNetError unless there are as many things as the network has inputs or outputs."""
    if count != needed:
        has = f"the network has {counted(needed, of)}"
        raise PureNetError(f"{name}: {counted(count, thing)}, but {has}")


def _check_classes(labels: list[Any]) -> None:
    """Raise PureNetError unless there are two or more labels, in order and of one kind."""
    for label in labels:
        whole = label.is_integer() if isinstance(label, float) else isinstance(label, (str, int))
        check_that(whole, "classes", "text or whole numbers", label)
    try:  # not a set: with integers chosen to collide, making one takes hours
        in_order = all(a < b for a, b in zip(labels, labels[1:]))
    except TypeError:
        raise PureNetError("classes: expected text or numbers, got both") from None
    if len(labels) < 2 or not in_order:
        raise PureNetError("classes: expected at least two labels, all different, in rising order")


def _check_scale(scale: Standardizer | None, name: str, count: int, of: str) -> None:
    """Raise PureNetError for a wrong number of columns."""
    if scale is not None:
        _check_count(f"{name}: means", len(scale.means), "value", count, of)
        _check_count(f"{name}: deviations", len(scale.spreads), "value", count, of)


def _descent(estimator: Any, model: Model, history: History) -> Descent:
    """Return the finished training, with a fresh optimizer."""
    epochs = len(history.epochs)
    in_order = history.epochs == list(range(epochs))
    check_that(in_order, "history: epochs", "0, 1, 2 and so on", history.epochs)
    descent = Descent(
        model.network, estimator.optimizer, estimator.learning_rate, estimator.weight_decay
    )
    descent.losses, descent.validation_losses = history.loss, history.validation_loss
    descent.best_epoch = whole_number(model.best_epoch, "best_epoch", -1, epochs - 1)
    descent.best_loss = math.inf if model.best_loss is None else model.best_loss
    descent.stopped = history.stopped
    return descent


def _check_table(model: Model, columns: list[Column], targets: list[Column]) -> None:
    """Raise PureNetError if a table's columns do not match the network's inputs and outputs."""
    outputs = model.network.sizes[-1] if model.several else 1
    _check_count("table", len(targets), "target", outputs, "output")
    _check_different([column.name for column in columns + targets], "table: columns and target")
    for column in columns:
        _check_different(column.texts, "table: columns: texts")
    inputs = len(model.input_names)
    _check_count("table: columns", inputs, "input", model.network.sizes[0], "input")


def _check_different(names: Sequence[str], of: str) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise PureNetError(f"{of}: {shown(name)} occurs twice")
