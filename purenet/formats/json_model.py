"""A network or an estimator as a JSON file that people, and programs in any language, can read.

The array formats store the same object, without its numbers, as text beside their arrays.

The file is one JSON object in UTF-8. These members describe the network, and all are needed:

    "format"             "purenet"
    "version"            2: this description
    "sizes"              the number of neurons of each layer, inputs first: [n₀, n₁, ..., n_L]
    "activation"         of the hidden layers: "sigmoid", "tanh", "relu", "leaky_relu", "linear",
                         or where they differ a list of one for each
    "output_activation"  of the last layer: one of these, or "softmax"
    "loss"               "squared_error" or "cross_entropy"
    "init"               how the first weights were drawn: "uniform", "glorot", "he" or "zeros"
    "seed"               the seed of that draw: 0 to 2**32 - 1
    "weights"            a matrix for each layer but the inputs, a list of nₖ rows of nₖ₊₁ numbers
    "biases"             a list of nₖ₊₁ numbers for each layer but the inputs; [] without biases

With f as in `purenet.core.activations`, layer k+1 puts out f(activations[k] · weights[k] +
biases[k]). The history of its training may follow:

    "history"            an object with the members of `purenet.History`:
        "epochs"           the number of each recorded epoch; in an estimator's file 0, 1, 2, ...
        "loss"             a number for each of these epochs
        "validation_loss"  a number for each epoch, or []; an estimator may have fewer, because
                           partial_fit adds none
        "stopped"          why the training ended, in words
        "engine"           the engine that ran; "" in an estimator's file

In both lists of losses, null stands for a loss that was not finite, and is read as NaN.

A fitted Classifier or Regressor has one more member, which describes the network's inputs and
outputs:

    "estimator"          an object:
        "kind"             "classifier" or "regressor"
        "options"          an object: all options by name but "executor" and "callback";
                           "class_weight" is a list of pairs if it has a weight for each label
        "inputs"           how to prepare inputs: null, or an object with "means" and "deviations",
                           n₀ numbers each: input j is (x - means[j]) / deviations[j].
                           If partial_fit began the training, "rows" is the number of rows so far,
                           and the deviation of a column that has been constant so far is 0
        "names"            the names of a data frame's n₀ columns, or null
        "best_epoch"       the epoch whose weights are kept: -1 if none was better than the start
        "best_loss"        its loss on the rows held back, or on all; null if it was not finite
        "classes"          (classifier) n_L different labels in rising order, all text or all
                           numbers, true and false among them: the likeliest is the prediction
        "output_scale"     (regressor) "means" and "deviations" like those of the inputs:
                           prediction j is output j * deviations[j] + means[j]
        "several"          (regressor) whether a prediction is a list of numbers
        "table"            the table that the inputs come from; may be missing. An object:
            "target"         the name of the column to predict
            "columns"        an object for each of the other columns, in the order of the inputs:
                             its "name", different from all others;
                             "texts": [] for a column of numbers, which is one input, else a list
                             of different texts. Each is an input: 1 for that text, else 0;
                             "mean": replaces a missing number; null if none may be missing

Numbers have enough digits to read the same float again, so a loaded model gives the same answers to
the last bit. Lists, tuples and arrays all come back as lists. The file does not keep:

- the state of a network's generator. It begins anew from the seed, so a training that shuffles
  continues in another order;
- what an estimator's optimizer remembers. `partial_fit` continues from the loaded weights with a
  fresh optimizer;
- a `random_state` that is a generator of NumPy's. It is written as null, which means another seed
  for each fit;
- labels that are bytes, because JSON has none. Saving them is refused, and so are subclasses.

`load` trusts nothing. Before it parses, it counts the bytes, and the characters that cost memory.
Before it makes a network, it checks structure, names, sizes and numbers. The memory that it takes
is limited by the file's length. An unknown version, and a member that is missing, unknown or
repeated, are errors: one sentence with the file's name.

Version 1 differs in the options only: "weight_decay" was "l2", "standardize" was "standardise",
"validation_fraction" was "validation", and "refit" and "class_weight" may be missing. It had one
activation for all hidden layers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Sequence
from typing import Any

from ..core._types import Matrix, Row
from ..core.activations import ACTIVATIONS
from ..core.checks import PureNetError, check_flag, check_that, shown
from ..core.history import History
from ..core.network import OPTIONS
from ..estimators.conventions import RENAMED
from ..estimators.preparation import Standardizer
from ..tables.columns import Column
from ..tables.styles import DATES, NUMBERS
from . import readers
from .board_json import FORMAT, VERSION, network_of, version_of
from .model import KINDS, MOST_COUNTED, Asked, Model, options_of

PARAMETERS: readers.Readers = {"weights": readers.matrices_of, "biases": readers.matrix_of}

# Older files lack options that were added later. Those get their defaults.
LATER = ("refit", "class_weight", "engine")

MOST_CLASS_WEIGHTS = 10_000


# -- a file ----------------------------------------------------------------------------------------


def write(model: Model, float32: bool = False) -> bytes:
    """Return the bytes of a JSON file with a model.

    Raises PureNetError for `float32`, as JSON keeps every digit.

    >>> from purenet.core.network import Network
    >>> print(write(Model(Network([2, 1], init="zeros", seed=1))).decode(), end="")
    {
     "format": "purenet",
     "version": 2,
     "sizes": [2, 1],
     "activation": "sigmoid",
     "output_activation": "sigmoid",
     "loss": "squared_error",
     "init": "zeros",
     "seed": 1,
     "weights": [
      [
       [0.0],
       [0.0]
      ]
     ],
     "biases": []
    }
    """
    if float32:
        raise PureNetError("float32: JSON keeps every digit; use .npz, .safetensors or .onnx")
    return f"{layout(document_of(model, PARAMETERS))}\n".encode("ascii")


def read(data: bytes | bytearray, asked: Asked) -> Model:
    """Return the model in the bytes of a JSON file.

    Raises PureNetError if they are not as this module describes, or if the caller gives an
    activation, because the file has its own.

    >>> from purenet.core.network import Network
    >>> read(write(Model(Network([2, 1], init="zeros", seed=1))), Asked()).network.weights
    [[[0.0], [0.0]]]
    """
    if asked != Asked():
        raise PureNetError("activation, output_activation: leave them out; a .json file has both")
    return model_of(readers.parse(data))


def layout(value: Any, indent: str = "") -> str:
    """Return JSON in which each list of numbers, and each object in a list, has its own line.

    NaN is written as NaN, which is not JSON, and `parse` refuses it.

    >>> print(layout({"sizes": [2, 1], "weights": [[0.5], [1.5]]}))
    {
     "sizes": [2, 1],
     "weights": [
      [0.5],
      [1.5]
     ]
    }
    """
    deeper = indent + " "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {layout(of, deeper)}" for key, of in value.items()]
    elif isinstance(value, list) and value and isinstance(value[0], (list, dict)):
        items = [layout(of, deeper) if isinstance(of, list) else in_a_line(of) for of in value]
    else:
        return in_a_line(value)
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return f",\n{deeper}".join(items).join((f"{begin}\n{deeper}", f"\n{indent}{end}"))


def in_a_line(value: Any) -> str:
    """Return JSON in one line of ASCII; integers may be of any type.

    >>> in_a_line({"a": [1, 2]})
    '{"a": [1, 2]}'
    """
    return json.dumps(value, default=_as_integer)


def _as_integer(value: Any) -> int:
    """Return an integer of another type, such as NumPy's, as a Python int."""
    try:
        return int(value.__index__())
    except AttributeError:
        raise PureNetError(f"expected a value that JSON can hold, got {shown(value)}") from None


# -- from a model to a document ------------------------------------------------------------------


def document_of(model: Model, parameters: Iterable[str] = ()) -> dict[str, Any]:
    """Return a model's document; `parameters` names its weights and biases, if they belong in it.

    >>> from purenet.core.network import Network
    >>> document_of(Model(Network([1, 1], init="zeros", seed=1)))["sizes"]
    [1, 1]
    """
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION}
    document.update(_members(model.network, ("sizes", *OF_NETWORK, *parameters)))
    if model.history is not None:
        members = document["history"] = _members(model.history, HISTORY)
        for name in ("loss", "validation_loss"):
            members[name] = [x if math.isfinite(x) else None for x in members[name]]
    if model.kind != "network":
        document["estimator"] = _estimator_document(model)
    return document


def _members(part: Any, names: Iterable[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """Return attributes of a part of a model by name; optional ones only if they say something."""
    members = {name: getattr(part, name) for name in names}
    return {name: value for name, value in members.items() if value or name not in optional}


def _estimator_document(model: Model) -> dict[str, Any]:
    """Return an estimator's members: the fields of its Model, as JSON can hold them."""
    members = (*ESTIMATOR, *OF_KIND[model.kind])
    document = {name: getattr(model, FIELDS.get(name, name)) for name in members}
    for name in ("inputs", "output_scale"):
        scale = document.get(name)
        if scale is not None:
            deviations = scale.spreads if scale.rows else scale.deviations
            document[name] = {**_members(scale, SCALE, ["rows"]), "deviations": deviations}
    document["options"] = options = dict(model.options or {})
    if isinstance(options.get("class_weight"), dict):  # keys in JSON can only be text
        options["class_weight"] = pairs = [[*pair] for pair in options["class_weight"].items()]
        _class_weights(pairs, "class_weight")  # refuse to save what could not be loaded
    if model.table is not None:
        columns, targets = ([_members(c, COLUMN, WRITTEN) for c in each] for each in model.table)
        names = [each if len(each) > len(PLAIN) else each["name"] for each in targets]
        document["table"] = {"target": names[0] if len(names) == 1 else names, "columns": columns}
    return document


# -- from a document to a model ------------------------------------------------------------------


def model_of(value: Any, parameters: tuple[list[Matrix], list[Row]] | None = None) -> Model:
    """Return the model that a document describes, or raise PureNetError.

    `parameters` are the weights and biases if the document itself has none.

    >>> from purenet.core.network import Network
    >>> document = document_of(Model(Network([1, 1], init="zeros", seed=1)))
    >>> model_of(document, ([[[0.5]]], [])).network.weights
    [[[0.5]]]
    """
    version = version_of(value)
    needed = {**DOCUMENT, **PARAMETERS} if parameters is None else DOCUMENT
    members = readers.members_of(value, "", needed, ("history", "estimator"))
    weights, biases = parameters or (members["weights"], members["biases"])
    model = Model(network_of(members, weights, biases), history=members.get("history"))
    described = members.get("estimator")
    return model if described is None else _with_estimator(model, described, version)


def _loss(value: Any, name: str) -> float:
    return math.nan if value is None else readers.finite(value, name)


def _history(value: Any, name: str) -> History:
    history = History()
    vars(history).update(readers.members_of(value, name, HISTORY))
    return history


def _scale(value: Any, name: str) -> Standardizer:
    scale = Standardizer(**readers.members_of(value, name, SCALE, ["rows"]))
    for deviation in scale.spreads:
        if deviation < 0.0 or (deviation == 0.0 and scale.rows is None):  # more rows may follow
            raise PureNetError(f"{name}: deviations: expected numbers above 0, got {deviation}")
    return scale


def _column(value: Any, name: str) -> Column:
    column = Column(**readers.members_of(value, name, COLUMN, WRITTEN))
    if column.texts:
        check_that(column.mean is None, f"{name}: mean", "null beside texts", column.mean)
    else:
        check_that(not column.has_other, f"{name}: has_other", "false without texts", True)
    return column


def _texts(value: Any, name: str) -> tuple[str, ...]:
    return tuple(readers.list_of(readers.text)(value, name))


def _target(value: Any, name: str) -> Column:
    """Return a target: a column that says how it was written, or only its name."""
    return _column(value, name) if isinstance(value, dict) else Column(readers.text(value, name))


def _table(value: Any, name: str) -> tuple[list[Column], list[Column]]:
    members = readers.members_of(value, "table", TABLE)
    target = members["target"]
    return members["columns"], target if isinstance(target, list) else [target]


OF_NETWORK: readers.Readers = {
    **dict.fromkeys(OPTIONS, readers.anything),  # `network_of` checks them
    "output_activation": readers.short_name,  # for None, that of the hidden layers would be taken
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
    "sizes": readers.list_of(readers.anything),
    **OF_NETWORK,
    "history": readers.or_none(_history),
}
SCALE: readers.Readers = {
    "means": readers.list_of(readers.finite),
    "deviations": readers.list_of(readers.finite),
    "rows": readers.whole(1, MOST_COUNTED),
}
COLUMN: readers.Readers = {
    "name": readers.text,
    "texts": _texts,
    "mean": readers.or_none(readers.finite),
    "style": readers.one_of(*NUMBERS, *DATES),
    "unit": readers.text,
    "has_other": check_flag,
    "missing": _texts,
}
TABLE = {"target": readers.one_or_list(_target), "columns": readers.list_of(_column)}
WRITTEN = ["style", "unit", "has_other", "missing"]  # may be missing
PLAIN = [name for name in COLUMN if name not in WRITTEN]
ESTIMATOR: readers.Readers = {
    "kind": readers.anything,
    "options": readers.anything,
    "inputs": readers.or_none(_scale),
    "names": readers.or_none(readers.list_of(readers.text)),
    "best_epoch": readers.anything,
    "best_loss": readers.or_none(readers.finite),
}
OF_KIND: dict[str, readers.Readers] = {
    "classifier": {"classes": readers.list_of(readers.anything)},
    "regressor": {"output_scale": _scale, "several": check_flag},
}
FIELDS = {"output_scale": "outputs"}  # the members that a Model calls otherwise


def _with_estimator(model: Model, value: Any, version: int) -> Model:
    kind: Any = value.get("kind") if isinstance(value, dict) else None
    check_that(kind in list(KINDS), "estimator", f'"kind": {" or ".join(KINDS)}', kind)
    needed = {**ESTIMATOR, **OF_KIND[kind], "table": readers.or_none(_table)}
    members = readers.members_of(value, "estimator", needed, ["table"], "")
    members["options"] = _options(members["options"], kind, version)
    return model._replace(**{FIELDS.get(name, name): each for name, each in members.items()})


def _options(value: Any, kind: str, version: int) -> dict[str, Any]:
    names = options_of(KINDS[kind]())
    needed = {name: OF_ESTIMATOR.get(name, readers.anything) for name in names}
    return readers.members_of(with_new_names(value, version), "options", needed, LATER, "")


def with_new_names(members: Any, version: int) -> Any:
    """Return an object with the current names of its members; version 1 had others for three.

    >>> with_new_names({"l2": 0.1}, 1)
    {'weight_decay': 0.1}
    """
    if version != 1 or not isinstance(members, dict):
        return members
    new = [name for name in members if name in RENAMED.values()]
    if new:
        raise PureNetError(f"{shown(new[0])} is a name of version 2, and this is version 1")
    return {RENAMED.get(name, name): member for name, member in members.items()}


def _class_weights(value: Any, name: str) -> Any:
    """Return class weights by label, if there are not too many; "balanced" or null unchanged.

    An attacker can choose integers whose hashes collide, so that making a dict of many takes hours.
    """
    if not isinstance(value, list):
        is_known = value is None or value == "balanced"
        check_that(is_known, name, '"balanced" or a list of pairs', value)
        return value
    if len(value) > MOST_CLASS_WEIGHTS:
        raise PureNetError(f"{name}: expected at most {MOST_CLASS_WEIGHTS:,} labels")
    weights: dict[Any, float] = {}
    for pair in readers.list_of(readers.list_of(readers.anything))(value, name):
        is_pair = len(pair) == 2 and isinstance(pair[0], (str, int, float))
        check_that(is_pair, name, "a label and its weight", pair)
        label, weight = pair
        if label in weights:
            raise PureNetError(f"{name}: {shown(label)} occurs twice")
        weights[label] = readers.finite(weight, f"{name}[{shown(label)}]")
    return weights


# Those that `build` does not check. An estimator checks them only when it is fitted.
OF_ESTIMATOR: readers.Readers = {
    "hidden": readers.or_none(readers.one_or_list(readers.whole(1))),
    "activation": readers.one_or_list(readers.one_of(*sorted(ACTIVATIONS))),
    "random_state": readers.or_none(readers.whole(0, 2**32 - 1)),
    "class_weight": _class_weights,
}
