"""What a file says of a model beside its numbers: an object of plain members, the same everywhere.

JSON has this object with the weights and biases in it; the formats of arrays have it as a text
beside their arrays. `json_model` describes each member.
"""

from __future__ import annotations

import math
from typing import Any

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, counted, shown, whole_number
from ..core.history import History
from ..core.mt19937 import MT19937
from ..core.network import Network, draw_weights
from ..estimators.conventions import RENAMED
from ..estimators.preparation import Standardizer
from ..tables.columns import Column
from .json_text import (
    finite,
    list_of,
    lists_of,
    losses_of,
    make_floats,
    members_of,
    names_of,
    row_of,
    short_name,
    text,
    texts_of,
)
from .model import KINDS, Model, check_shapes, options_of_kind

FORMAT, VERSION = "purenet", 2
VERSIONS = (1, 2)

NAMES = ("activation", "output_activation", "loss", "init")
NEEDED = ("format", "version", "sizes", *NAMES, "seed")
PARAMETERS = ("weights", "biases")
OF_HISTORY = ("epochs", "loss", "validation_loss", "stopped", "engine")

OF_ESTIMATOR = ("kind", "options", "inputs", "names", "best_epoch", "best_loss")
OF_KIND = {"classifier": ("classes",), "regressor": ("output_scale", "several")}
# Options that came later are missing in older files, and then have their defaults, which change
# nothing.
LATER = ("refit", "class_weight")

MOST_CLASS_WEIGHTS = 10_000


# -- from a model to a document ------------------------------------------------------------------


def document_of(model: Model, **parameters: Any) -> dict[str, Any]:
    """Return what a file says of a model; `parameters` are its weights and biases, if it has them.

    >>> document_of(Model(Network([1, 1], init="zeros", seed=1)))["sizes"]
    [1, 1]
    """
    network, history = model.network, model.history
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION, "sizes": network.sizes}
    document.update((name, getattr(network, name)) for name in (*NAMES, "seed"))
    document.update(parameters)
    if history is not None:
        document["history"] = {name: getattr(history, name) for name in OF_HISTORY}
        for name in ("loss", "validation_loss"):
            losses = [x if math.isfinite(x) else None for x in getattr(history, name)]
            document["history"][name] = losses
    if model.kind != "network":
        document["estimator"] = _estimator_document(model)
    return document


def _estimator_document(model: Model) -> dict[str, Any]:
    options = dict(model.options or {})
    if isinstance(options.get("class_weight"), dict):  # JSON has no keys but texts
        options["class_weight"] = [[*pair] for pair in options["class_weight"].items()]
        _class_weights(options["class_weight"])  # what cannot be loaded is not saved
    document = {
        "kind": model.kind,
        "options": options,
        "inputs": _scale_document(model.inputs),
        "names": model.names,
        "best_epoch": model.best[0],
        "best_loss": model.best[1],
    }
    if model.kind == "classifier":
        document["classes"] = model.classes
    else:
        document["output_scale"] = _scale_document(model.outputs)
        document["several"] = model.several
    if model.table is not None:
        columns, target = model.table
        described = [column._asdict() for column in columns]
        document["table"] = {"target": target, "columns": described}
    return document


def _scale_document(scale: Standardizer | None) -> dict[str, Any] | None:
    if scale is None:
        return None
    document = {"means": scale.means, "deviations": scale.spreads}
    return document if scale.rows is None else {**document, "rows": scale.rows}


# -- from a document to a model ------------------------------------------------------------------


def model_of(value: Any, parameters: tuple[list[Matrix], list[Row]] | None = None) -> Model:
    """Return the model that a document describes, or say what is wrong with it.

    `parameters` are the weights and biases, where the document itself has none.

    >>> document = document_of(Model(Network([1, 1], init="zeros", seed=1)))
    >>> model_of(document, ([[[0.5]]], [])).network.weights
    [[[0.5]]]
    """
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise PureNetError('not a model of PureNet: expected an object with "format": "purenet"')
    version = value.get("version")
    if type(version) is not int or version not in VERSIONS:
        raise PureNetError(f"version: expected 1 or 2, got {shown(version)}")
    for name in PARAMETERS:
        if parameters and name in value:
            raise PureNetError(f"{name} are there twice")
    needed = NEEDED if parameters else (*NEEDED, *PARAMETERS)
    members = members_of(value, "", needed, ("history", "estimator"))
    weights, biases = parameters or [lists_of(members[name], name) for name in PARAMETERS]
    network = _network(members, weights, biases)
    history = None if members.get("history") is None else _history(members["history"])
    described = members.get("estimator")
    if described is None:
        return Model(network, history=history)
    return _estimator(described, network, history, version)


def _network(members: dict[str, Any], weights: list[Matrix], biases: list[Row]) -> Network:
    sizes, layers = members["sizes"], len(weights)
    if not isinstance(sizes, list) or len(sizes) < 2:
        raise PureNetError(f"sizes: expected a list such as [3, 4, 1], got {shown(sizes)}")
    if len(sizes) != layers + 1:
        needed = counted(len(sizes) - 1, "layer")
        raise PureNetError(f"weights: {layers:,}, but the sizes need {needed} of them")
    sizes = [whole_number(size, f"sizes[{k}]", 1) for k, size in enumerate(sizes)]
    check_shapes(sizes, weights, biases)
    return network_of(members, weights, biases)


def network_of(members: dict[str, Any], weights: list[Matrix], biases: list[Row]) -> Network:
    """Return the network of lists that a file has, and of the members that describe it.

    >>> options = {"activation": "tanh", "output_activation": "linear", "loss": "squared_error"}
    >>> network_of({**options, "init": "zeros", "seed": 1}, [[[2]]], [[3]]).predict([[4]])
    [[11.0]]
    """
    init = short_name(members["init"], "init")
    draw_weights(init, 1, 1, MT19937(0))  # refuses a name that does not exist
    network = Network.of(
        weights,
        biases,
        activation=names_of(members["activation"], "activation"),
        output_activation=short_name(members["output_activation"], "output_activation"),
        loss=short_name(members["loss"], "loss"),
        init=init,
        seed=whole_number(members["seed"], "seed", 0, 2**32 - 1),
    )
    for k, matrix in enumerate(weights):
        make_floats(matrix, f"weights[{k}]")
    make_floats(biases, "biases")
    return network


def _history(value: Any) -> History:
    members, history = members_of(value, "history", OF_HISTORY), History()
    epochs = list_of(members["epochs"], "history: epochs")
    history.epochs = [whole_number(n, "history: epochs", 0) for n in epochs]
    history.loss = losses_of(members["loss"], "history: loss")
    history.validation_loss = losses_of(members["validation_loss"], "history: validation_loss")
    history.stopped = text(members["stopped"], "history: stopped")
    history.engine = text(members["engine"], "history: engine")
    return history


def _estimator(value: Any, network: Network, history: History | None, version: int) -> Model:
    name = value.get("kind") if isinstance(value, dict) else ""
    kind = next((kind for kind in KINDS if kind == name), None)
    if kind is None:
        raise PureNetError(f'estimator: expected "kind": {" or ".join(KINDS)}, got {shown(name)}')
    members = members_of(value, "estimator", (*OF_ESTIMATOR, *OF_KIND[kind]), ("table",))
    loss, names, table = (members.get(name) for name in ("best_loss", "names", "table"))
    outputs = members.get("output_scale")
    return Model(
        network,
        kind,
        inputs=None if members["inputs"] is None else _scale(members["inputs"], "inputs"),
        outputs=_scale(outputs, "output_scale") if kind == "regressor" else None,
        classes=list_of(members["classes"], "classes") if kind == "classifier" else None,
        several=members.get("several", False),
        names=None if names is None else texts_of(names, "names"),
        table=None if table is None else _table(table),
        options=_options(members["options"], kind, version),
        best=(members["best_epoch"], None if loss is None else finite(loss, "best_loss")),
        history=history,
    )


def _scale(value: Any, name: str) -> Standardizer:
    members = members_of(value, name, ("means", "deviations"), ("rows",))
    return Standardizer(
        row_of(members["means"], f"{name}: means"),
        row_of(members["deviations"], f"{name}: deviations"),
        members.get("rows"),
    )


def _options(value: Any, kind: str, version: int) -> dict[str, Any]:
    """Return an estimator's options by their names today; version 1 calls three otherwise."""
    names = options_of_kind(KINDS[kind]())
    older = {new: old for old, new in RENAMED.items()} if version == 1 else {}
    in_file = {older.get(name, name): name for name in names}
    later = [name for name in LATER if name in names]
    needed = [name for name in in_file if name not in later]
    members = members_of(value, "options", needed, later)
    options = {in_file[name]: member for name, member in members.items()}
    short_name(options["optimizer"], "optimizer")
    names_of(options["activation"], "activation")
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
        if len(list_of(pair, "class_weight")) != 2:
            came = counted(len(pair), "value")
            raise PureNetError(f"class_weight: {came}, but expected a label and its weight")
        label, weight = pair
        if not isinstance(label, (str, int, float)):
            raise PureNetError(f"class_weight: expected a label, got {shown(label)}")
        if label in weights:
            raise PureNetError(f"class_weight: {shown(label)} is there twice")
        weights[label] = finite(weight, f"class_weight[{shown(label)}]")
    return weights


def _table(value: Any) -> tuple[list[Column], str]:
    members = members_of(value, "table", ("target", "columns"))
    columns = [_column(column) for column in list_of(members["columns"], "table: columns")]
    return columns, text(members["target"], "table: target")


def _column(value: Any) -> Column:
    members = members_of(value, "table: column", Column._fields)
    name = text(members["name"], "table: column: name")
    texts = tuple(texts_of(members["texts"], "table: column: texts"))
    mean = members["mean"]
    if texts and mean is not None:
        raise PureNetError("table: column: mean: expected null, as there are texts")
    return Column(name, texts, mean if mean is None else finite(mean, "table: column: mean"))
