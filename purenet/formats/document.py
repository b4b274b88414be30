"""A model's description without its numbers: an object of plain members, the same in every format.

A JSON file is this object with the weights and biases in it. The array formats store it as text
beside their arrays. `json_model` describes each member.
"""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, check_flag, shown, whole_number
from ..core.history import History
from ..core.network import Network, check_parameters
from ..estimators.conventions import RENAMED
from ..estimators.preparation import Standardizer
from ..tables.columns import Column
from ..tables.styles import DATES, NUMBERS
from . import readers
from .model import KINDS, Model, options_of_kind

FORMAT, VERSION = "purenet", 2

PARAMETERS: readers.Readers = {"weights": readers.matrices_of, "biases": readers.matrix_of}

# Older files lack options that were added later. Those get their defaults.
LATER = ("refit", "class_weight", "engine")

MOST_CLASS_WEIGHTS = 10_000


# -- from a model to a document ------------------------------------------------------------------


def document_of(model: Model, **parameters: Any) -> dict[str, Any]:
    """Return a model's document; `parameters` are its weights and biases, if they belong in it.

    >>> document_of(Model(Network([1, 1], init="zeros", seed=1)))["sizes"]
    [1, 1]
    """
    network, history = model.network, model.history
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION, "sizes": network.sizes}
    document.update((name, getattr(network, name)) for name in OF_NETWORK)
    document.update(parameters)
    if history is not None:
        document["history"] = {name: getattr(history, name) for name in HISTORY}
        for name in ("loss", "validation_loss"):
            losses = [x if math.isfinite(x) else None for x in getattr(history, name)]
            document["history"][name] = losses
    if model.kind != "network":
        document["estimator"] = _estimator_document(model)
    return document


def _estimator_document(model: Model) -> dict[str, Any]:
    options = dict(model.options or {})
    if isinstance(options.get("class_weight"), dict):  # keys in JSON can only be text
        options["class_weight"] = [[*pair] for pair in options["class_weight"].items()]
        _class_weights(options["class_weight"])  # refuse to save what could not be loaded
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
        columns, targets = ([*map(_column_document, each)] for each in model.table)
        names = [each if len(each) > len(PLAIN) else each["name"] for each in targets]
        document["table"] = {
            "target": names[0] if len(names) == 1 else names,
            "columns": columns,
        }
    return document


def _column_document(column: Column) -> dict[str, Any]:
    """Return a column's members; those that say how it was written only if they say something."""
    members = column._asdict()
    return {name: value for name, value in members.items() if value or name not in WRITTEN}


def _scale_document(scale: Standardizer | None) -> dict[str, Any] | None:
    if scale is None:
        return None
    document = {"means": scale.means, "deviations": scale.spreads}
    return document if scale.rows is None else {**document, "rows": scale.rows}


# -- from a document to a model ------------------------------------------------------------------


def model_of(value: Any, parameters: tuple[list[Matrix], list[Row]] | None = None) -> Model:
    """Return the model that a document describes, or raise PureNetError.

    `parameters` are the weights and biases if the document itself has none.

    >>> document = document_of(Model(Network([1, 1], init="zeros", seed=1)))
    >>> model_of(document, ([[[0.5]]], [])).network.weights
    [[[0.5]]]
    """
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        raise PureNetError('not a model of PureNet: expected an object with "format": "purenet"')
    version = check_version(value)
    needed = {**DOCUMENT, **PARAMETERS} if parameters is None else DOCUMENT
    members = readers.members_of(value, "", needed, ("history", "estimator"))
    weights, biases = parameters or (members["weights"], members["biases"])
    # `Network.of` takes the sizes from the weights, so those of the file are compared here.
    parts: Any = SimpleNamespace(sizes=members["sizes"], weights=weights, biases=biases)
    check_parameters(parts)
    network = network_of(members, weights, biases)
    model = Model(network, history=members.get("history"))
    described = members.get("estimator")
    return model if described is None else _with_estimator(model, described, version)


def check_version(value: dict[str, Any]) -> int:
    """Return the version of a description if that version can be read.

    >>> check_version({"version": 2})
    2
    """
    version = value.get("version")
    if type(version) is not int or version not in (1, VERSION):
        raise PureNetError(f"version: expected 1 or 2, got {shown(version)}")
    return version


def network_of(members: dict[str, Any], weights: list[Matrix], biases: list[Row]) -> Network:
    """Return the network that these members describe.

    >>> options = {"activation": "tanh", "output_activation": "linear", "loss": "squared_error"}
    >>> network_of({**options, "init": "zeros", "seed": 1}, [[[2.0]]], [[3.0]]).predict([[4]])
    [[11.0]]
    """
    return Network.of(weights, biases, **{name: members[name] for name in OF_NETWORK})


def _sizes(value: Any, name: str) -> list[int]:
    if not isinstance(value, list) or len(value) < 2:
        raise PureNetError(f"{name}: expected a list such as [3, 4, 1], got {shown(value)}")
    return [whole_number(size, f"{name}[{k}]", 1) for k, size in enumerate(value)]


def _loss(value: Any, name: str) -> float:
    return math.nan if value is None else readers.finite(value, name)


def _history(value: Any, name: str) -> History:
    history = History()
    vars(history).update(readers.members_of(value, name, HISTORY))
    return history


def _scale(value: Any, name: str) -> Standardizer:
    members = readers.members_of(value, name, SCALE, ["rows"])
    return Standardizer(members["means"], members["deviations"], members.get("rows"))


def _column(value: Any, name: str) -> Column:
    members = readers.members_of(value, "table: column", COLUMN, WRITTEN)
    column = Column(**members)._replace(texts=tuple(members["texts"]))
    if column.texts and column.mean is not None:
        came = shown(members["mean"])
        raise PureNetError(f"table: column: mean: expected null beside texts, got {came}")
    if column.has_other and not column.texts:
        raise PureNetError("table: column: has_other: expected false without texts, got true")
    return column._replace(missing=tuple(column.missing))


def _style(value: Any, name: str) -> str:
    if value not in NUMBERS and value not in list(DATES):
        known = ", ".join((*NUMBERS, *DATES))
        raise PureNetError(f"{name}: expected one of {known}, got {shown(value)}")
    return str(value)


def _target(value: Any, name: str) -> list[Column]:
    """Return the targets: a name, or a column that says how it was written, or a list of these."""
    given = value if isinstance(value, list) else [value]
    return [
        _column(each, name) if isinstance(each, dict) else Column(readers.text(each, name))
        for each in given
    ]


def _table(value: Any, name: str) -> tuple[list[Column], list[Column]]:
    members = readers.members_of(value, "table", TABLE)
    return members["columns"], members["target"]


OF_NETWORK: readers.Readers = {
    "activation": readers.names_of,
    "output_activation": readers.short_name,
    "loss": readers.short_name,
    "init": readers.short_name,
    "seed": readers.whole(0, 2**32 - 1),
}
HISTORY: readers.Readers = {
    "epochs": readers.list_of(readers.whole(0)),
    "loss": readers.list_of(_loss),
    "validation_loss": readers.list_of(_loss),
    "stopped": readers.text,
    "engine": readers.text,
}
DOCUMENT: readers.Readers = {
    **dict.fromkeys(("format", "version", "estimator"), readers.anything),
    "sizes": _sizes,
    **OF_NETWORK,
    "history": readers.or_none(_history),
}
SCALE: readers.Readers = {
    "means": readers.list_of(readers.finite),
    "deviations": readers.list_of(readers.finite),
    "rows": readers.anything,
}
COLUMN: readers.Readers = {
    "name": readers.text,
    "texts": readers.list_of(readers.text),
    "mean": readers.or_none(readers.finite),
    "style": _style,
    "unit": readers.text,
    "has_other": check_flag,
    "missing": readers.list_of(readers.text),
}
TABLE: readers.Readers = {
    "target": _target,
    "columns": readers.list_of(_column),
}
WRITTEN = ["style", "unit", "has_other", "missing"]  # may be missing
PLAIN = [name for name in COLUMN if name not in WRITTEN]
ESTIMATOR: readers.Readers = {
    **dict.fromkeys(("kind", "options", "best_epoch"), readers.anything),
    "inputs": readers.or_none(_scale),
    "names": readers.or_none(readers.list_of(readers.text)),
    "best_loss": readers.or_none(readers.finite),
    "table": readers.or_none(_table),
}
OF_KIND: dict[str, readers.Readers] = {
    "classifier": {"classes": readers.list_of(readers.anything)},
    "regressor": {"output_scale": _scale, "several": readers.anything},
}


# The members that are fields of a Model unchanged.
FIELDS = {name: name for name in ("inputs", "classes", "several", "names", "table")}
FIELDS["output_scale"] = "outputs"


def _with_estimator(model: Model, value: Any, version: int) -> Model:
    name = value.get("kind") if isinstance(value, dict) else ""
    kind = next((kind for kind in KINDS if kind == name), None)
    if kind is None:
        raise PureNetError(f'estimator: expected "kind": {" or ".join(KINDS)}, got {shown(name)}')
    members = readers.members_of(value, "estimator", {**ESTIMATOR, **OF_KIND[kind]}, ["table"], "")
    return model._replace(
        kind=kind,
        options=_options(members["options"], kind, version),
        best=(members["best_epoch"], members["best_loss"]),
        **{field: members[name] for name, field in FIELDS.items() if name in members},
    )


def _options(value: Any, kind: str, version: int) -> dict[str, Any]:
    """Return an estimator's options by their current names; version 1 had other names for three."""
    names = options_of_kind(KINDS[kind]())
    older = {new: old for old, new in RENAMED.items()} if version == 1 else {}
    in_file = {older.get(name, name): name for name in names}
    members = readers.members_of(value, "options", dict.fromkeys(in_file, readers.anything), LATER)
    options = {in_file[name]: member for name, member in members.items()}
    readers.short_name(options["optimizer"], "optimizer")
    readers.short_name(options.get("engine", ""), "engine")
    readers.names_of(options["activation"], "activation")
    if isinstance(options["batch_size"], str):
        readers.short_name(options["batch_size"], "batch_size")
    if isinstance(options.get("class_weight"), list):
        options["class_weight"] = _class_weights(options["class_weight"])
    return options


def _class_weights(pairs: list[Any]) -> dict[Any, float]:
    """Return class weights by label, if there are not too many.

    An attacker can choose integers whose hashes collide, so that making a dict of many takes hours.
    """
    if len(pairs) > MOST_CLASS_WEIGHTS:
        raise PureNetError(f"class_weight: expected at most {MOST_CLASS_WEIGHTS:,} labels")
    weights: dict[Any, float] = {}
    for pair in readers.list_of(readers.list_of(readers.anything))(pairs, "class_weight"):
        if len(pair) != 2:
            raise PureNetError(f"class_weight: expected a label and its weight, got {shown(pair)}")
        label, weight = pair
        if not isinstance(label, (str, int, float)):
            raise PureNetError(f"class_weight: expected a label, got {shown(label)}")
        if label in weights:
            raise PureNetError(f"class_weight: {shown(label)} occurs twice")
        weights[label] = readers.finite(weight, f"class_weight[{shown(label)}]")
    return weights
