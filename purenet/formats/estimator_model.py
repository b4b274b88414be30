"""What makes an estimator of a network, as a part of the file that `json_model` describes."""

from __future__ import annotations

import math
from typing import Any

from ..core.activations import ACTIVATIONS
from ..core.checks import PureNetError, check_flag, counted, shown, whole_number
from ..core.history import History
from ..core.network import Network
from ..estimators import Classifier, Regressor
from ..estimators.arrays import as_lists
from ..estimators.base import SHARED
from ..estimators.conventions import RENAMED
from ..estimators.descent import Descent
from ..estimators.preparation import Standardizer
from ..tables.columns import Column
from .json_members import finite, list_of, members_of, row_of, short_name, text, texts_of

MOST_ROWS = 2**53  # more cannot be counted in floats
MOST_CLASS_WEIGHTS = 10_000

KINDS: dict[str, Any] = {"classifier": Classifier, "regressor": Regressor}
NEEDED = ("kind", "options", "inputs", "names", "best_epoch", "best_loss")
OF_KIND = {"classifier": ("classes",), "regressor": ("output_scale", "several")}
# Options that came later are missing in older files, and then have the values that change nothing.
LATER = {"refit": False, "class_weight": None}
OPTIONS = tuple(name for name in Regressor().get_params() if name not in (*SHARED, *LATER))


# -- from an estimator to a document -------------------------------------------------------------


def estimator_document(estimator: Any) -> dict[str, Any]:
    """Return what the file says of an estimator, beside its network and its history.

    >>> estimator_document(Regressor(epochs=1).fit([[0], [2]], [5, 7]))["output_scale"]
    {'means': [6.0], 'deviations': [1.0]}
    """
    kinds = [name for name, kind in KINDS.items() if type(estimator) is kind]
    if not kinds:
        came = shown(estimator)
        raise PureNetError(f"expected a Network, a Classifier or a Regressor, got {came}")
    meaning, descent = estimator.fitted_state()
    document = {
        "kind": kinds[0],
        "options": _plain_options(estimator),
        "inputs": _scale_document(meaning["_inputs"]),
        "names": meaning["_names"],
        "best_epoch": descent.best_epoch,
        "best_loss": estimator.best_loss_ if math.isfinite(estimator.best_loss_) else None,
    }
    if kinds[0] == "classifier":
        document["classes"] = as_lists(meaning["classes_"], "classes")
    else:
        document["output_scale"] = _scale_document(meaning["_output_scale"])
        document["several"] = meaning["_several"]
    table = _table_document(estimator)
    return {**document, "table": table} if table else document


def _plain_options(estimator: Any) -> dict[str, Any]:
    """Return the options as what JSON can hold; those that came later only where they are set."""
    params = estimator.get_params()
    options = {name: as_lists(params[name], name) for name in OPTIONS}
    for name, usual in LATER.items():
        if params.get(name, usual) != usual:
            options[name] = params[name]
    if isinstance(options.get("class_weight"), dict):  # JSON has no keys but texts
        pairs = options["class_weight"].items()
        options["class_weight"] = [
            [as_lists(label, "class_weight"), as_lists(weight, "class_weight")]
            for label, weight in pairs
        ]
        _class_weights(options["class_weight"])  # what cannot be loaded is not saved
    if hasattr(options["random_state"], "randint"):
        options["random_state"] = None
    return options


def _scale_document(scale: Standardizer | None) -> dict[str, Any] | None:
    if scale is None:
        return None
    if scale.rows is None:
        return {"means": scale.means, "deviations": scale.deviations}
    return {"means": scale.means, "deviations": scale.spreads, "rows": scale.rows}


def _table_document(estimator: Any) -> dict[str, Any] | None:
    """Return what is known of the table, None where there is nothing."""
    columns, target = (getattr(estimator, name, None) for name in ("columns_", "target_"))
    if columns is None and target is None:
        return None
    if not isinstance(columns, (list, tuple)) or target is None:
        raise PureNetError("columns_ and target_: expected a list of Columns and a name, or none")
    for column in columns:
        if not isinstance(column, Column):
            raise PureNetError(f"columns_: expected a Column, got {shown(column)}")
    return {"target": target, "columns": [column._asdict() for column in columns]}


def history_of(estimator: Any) -> History:
    """Return how an estimator was trained.

    >>> history_of(Regressor(epochs=2).fit([[0], [2]], [5, 7])).epochs
    [0, 1]
    """
    history = History()
    history.epochs = list(range(estimator.n_iter_))
    history.loss = list(estimator.loss_curve_)
    history.validation_loss = list(estimator.validation_loss_curve_)
    history.stopped, history.engine = estimator.stopped_, ""
    return history


# -- from a document to an estimator -------------------------------------------------------------


def estimator_of(value: Any, network: Network, history: History) -> Any:
    """Return the fitted estimator that a document describes, or say what is wrong with it."""
    name = value.get("kind") if isinstance(value, dict) else ""
    kind = next((name_of for name_of in KINDS if name_of == name), None)
    if kind is None:
        raise PureNetError(f'estimator: expected "kind": {" or ".join(KINDS)}, got {shown(name)}')
    members = members_of(value, "estimator", (*NEEDED, *OF_KIND[kind]), ("table",))
    estimator: Any = KINDS[kind](**_options(members["options"], kind))
    meaning = {**_of_outputs(kind, members, network), **_of_inputs(members, network)}
    estimator.restore(meaning, _descent(estimator, members, network, history))
    if members.get("table") is not None:
        one_target = not meaning.get("_several", False)
        estimator.columns_, estimator.target_ = _table(members["table"], network, one_target)
    return estimator


def _options(value: Any, kind: str) -> dict[str, Any]:
    """Return the options, those checked whose value `restore` leaves for `fit` to check."""
    later = [name for name in LATER if name in KINDS[kind]().get_params()]
    if isinstance(value, dict):
        value = {RENAMED.get(name, name): value[name] for name in value}
    options = members_of(value, "options", OPTIONS, later)
    short_name(options["optimizer"], "optimizer")
    activation = short_name(options["activation"], "activation")
    if activation not in ACTIVATIONS:
        known = ", ".join(sorted(ACTIVATIONS))
        raise PureNetError(f"activation: expected one of {known}, got {activation!r}")
    hidden = options["hidden"]
    for size in hidden if isinstance(hidden, list) else [] if hidden is None else [hidden]:
        whole_number(size, "hidden", 1)
    if options["random_state"] is not None:
        whole_number(options["random_state"], "random_state", 0, 2**32 - 1)
    if isinstance(options["batch_size"], str):
        short_name(options["batch_size"], "batch_size")
    if isinstance(options.get("class_weight"), list):
        options["class_weight"] = _class_weights(options["class_weight"])
    return options


def _class_weights(pairs: list[Any]) -> dict[Any, float]:
    """Return class weights by label, if they are not too many.

    Integers can be chosen so that it takes hours to make a dict of many.
    """
    if len(pairs) > MOST_CLASS_WEIGHTS:
        raise PureNetError(f"class_weight: more than {MOST_CLASS_WEIGHTS:,} labels")
    weights: dict[Any, float] = {}
    for pair in pairs:
        label, weight = list_of(pair, "class_weight", 2, "expected a label and its weight")
        if not isinstance(label, (str, int, float)):
            raise PureNetError(f"class_weight: expected a label, got {shown(label)}")
        if label in weights:
            raise PureNetError(f"class_weight: {shown(label)} is there twice")
        weights[label] = finite(weight, f"class_weight[{shown(label)}]")
    return weights


def _of_inputs(members: dict[str, Any], network: Network) -> dict[str, Any]:
    """Return what the inputs mean, by the estimator's names for it."""
    inputs, names = network.sizes[0], members["names"]
    because = f"the network has {counted(inputs, 'input')}"
    if names is not None:
        names = texts_of(names, "names", inputs, because)
    scale = members["inputs"]
    meaning = {
        "_inputs": None if scale is None else _scale(scale, "inputs", inputs, because),
        "n_features_in_": inputs,
        "_names": names,
    }
    return meaning if names is None else {**meaning, "feature_names_in_": list(names)}


def _of_outputs(kind: str, members: dict[str, Any], network: Network) -> dict[str, Any]:
    """Return what the outputs mean, by the estimator's names for it."""
    outputs = network.sizes[-1]
    because = f"the network has {counted(outputs, 'output')}"
    if kind == "classifier":
        labels = list_of(members["classes"], "classes", outputs, because)
        return {"classes_": _labels(labels)}
    several = check_flag(members["several"], "several")
    if not several and outputs > 1:
        raise PureNetError(f"several: expected True, as {because}")
    scale = _scale(members["output_scale"], "output_scale", outputs, because)
    return {"_output_scale": scale, "_several": several}


def _labels(labels: list[Any]) -> list[Any]:
    """Return the labels of classes, at least two, if they are in order and of one kind."""
    for label in labels:
        whole = label.is_integer() if isinstance(label, float) else isinstance(label, (str, int))
        if not whole:
            raise PureNetError(f"classes: expected text or whole numbers, got {shown(label)}")
    try:  # not a set: integers can be chosen so that it takes hours to make one
        in_order = all(a < b for a, b in zip(labels, labels[1:]))
    except TypeError:
        raise PureNetError("classes: expected text or numbers, got both") from None
    if len(labels) < 2 or not in_order:
        raise PureNetError("classes: expected at least two labels, all different, in rising order")
    return labels


def _scale(value: Any, name: str, count: int, because: str) -> Standardizer:
    """Return a standardizer; where more rows may come, a deviation may be 0 so far."""
    members = members_of(value, name, ("means", "deviations"), ("rows",))
    means = row_of(members["means"], f"{name}: means", count, because)
    deviations = row_of(members["deviations"], f"{name}: deviations", count, because)
    rows = members.get("rows")
    if rows is not None:
        rows = whole_number(rows, f"{name}: rows", 1, MOST_ROWS)
    for deviation in deviations:
        if deviation < 0.0 or (deviation == 0.0 and rows is None):
            raise PureNetError(f"{name}: deviations: expected numbers above 0, got {deviation}")
    return Standardizer(means, deviations, rows)


def _descent(
    estimator: Any, members: dict[str, Any], network: Network, history: History
) -> Descent:
    """Return the training at its end, with a fresh optimizer."""
    epochs = len(history.epochs)
    if history.epochs != list(range(epochs)):
        raise PureNetError("history: epochs: an estimator counts them all: 0, 1, 2, ...")
    descent = Descent(network, estimator.optimizer, estimator.learning_rate, estimator.weight_decay)
    descent.losses, descent.validation_losses = history.loss, history.validation_loss
    descent.best_epoch = whole_number(members["best_epoch"], "best_epoch", -1, epochs - 1)
    if members["best_loss"] is not None:
        descent.best_loss = finite(members["best_loss"], "best_loss")
    descent.stopped = history.stopped
    return descent


def _table(value: Any, network: Network, one_target: bool) -> tuple[list[Column], str]:
    """Return the columns of a table that are the inputs, and the name of the one to predict."""
    members = members_of(value, "table", ("target", "columns"))
    if not one_target:
        raise PureNetError("table: it has one target, but the regressor has several")
    columns = [_column(column) for column in list_of(members["columns"], "table: columns")]
    target = text(members["target"], "table: target")
    _check_different([column.name for column in columns] + [target], "table: columns and target")
    inputs = 0
    for column in columns:
        inputs += len(column.texts) or 1
    if inputs != network.sizes[0]:
        came, needed = counted(inputs, "input"), counted(network.sizes[0], "input")
        raise PureNetError(f"table: columns: {came}, but the network has {needed}")
    return columns, target


def _column(value: Any) -> Column:
    members = members_of(value, "table: column", Column._fields)
    name = text(members["name"], "table: column: name")
    texts = texts_of(members["texts"], "table: column: texts")
    _check_different(texts, "table: column: texts")
    mean = members["mean"]
    if texts and mean is not None:
        raise PureNetError("table: column: mean: expected null, as there are texts")
    return Column(name, tuple(texts), mean if mean is None else finite(mean, "table: column: mean"))


def _check_different(names: list[str], of: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise PureNetError(f"{of}: {shown(name)} is there twice")
        seen.add(name)
