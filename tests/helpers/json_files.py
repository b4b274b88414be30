"""Models as JSON: made by hand, hostile, and as large as files can be."""

import json
import tempfile
from functools import cache
from pathlib import Path

from models import estimator_of

from purenet.formats import readers, save
from purenet.formats.json_model import MOST_CLASS_WEIGHTS

ENDING = ".json"


def written(**changes):
    """Return a model as JSON data, with some members changed, and those that are None left out."""
    members = {
        "format": "purenet",
        "version": 2,
        "sizes": [2, 2, 1],
        "activation": "tanh",
        "output_activation": "sigmoid",
        "loss": "squared_error",
        "init": "glorot",
        "seed": 7,
        "weights": [[[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]],
        "biases": [],
        **changes,
    }
    members = {name: value for name, value in members.items() if value is not None}
    return json.dumps(members).encode()


def literally(**changes):
    """Return a model in which members are text that json.dumps would not write."""
    data = written(**dict.fromkeys(changes, "<here>"))
    for text in changes.values():
        data = data.replace(b'"<here>"', text.encode(), 1)
    return data


def history_of(**changes):
    members = {"epochs": [0], "loss": [1.0], "validation_loss": [], "stopped": "", "engine": "x"}
    members.update(changes)
    return {name: value for name, value in members.items() if value is not None}


def saved(model, history=None):
    """Return the bytes of a model's file."""
    with tempfile.TemporaryDirectory() as folder:
        save(model, folder + "/model.json", history)
        return Path(folder, "model.json").read_bytes()


@cache
def text_of(name):
    """Return the file of an estimator."""
    return saved(estimator_of(name))


def changed(name, *keys, to=None):
    """Return the file of an estimator in which one value is another, or is not there."""
    document = json.loads(text_of(name))
    value = document["estimator"]
    for key in keys[:-1]:
        value = value[key]
    if to is None:
        del value[keys[-1]]
    else:
        value[keys[-1]] = None if to is NULL else to
    return json.dumps(document).encode()


NULL = object()
NUMBER, NUMBERS, TEXT, TABLED = "number", "numbers", "text", "of a table"


def without_history(name):
    document = json.loads(text_of(name))
    del document["history"]
    return json.dumps(document).encode()


# -- hostile files -----------------------------------------------------------------------------

HOSTILE = {
    "digits": lambda many: literally(seed="9" * 10 * many),
    "brackets": lambda many: b"[" * 10 * many,
    "empty lists": lambda many: literally(weights=f"[[[{'[],' * many}[]]]]"),
    "empty objects": lambda many: literally(weights=f"[[[{'{},' * (many * 3 // 5)}" + "{}]]]"),
    "objects": lambda many: literally(weights="[" + ",".join(['{"":1}'] * (many * 3 // 5)) + "]"),
    "short numbers": lambda many: literally(weights=f"[[[{'1,' * many}1]]]"),
    "short sizes": lambda many: literally(sizes=f"[{'1,' * many}1]"),
    "a list for a size": lambda many: literally(sizes=f"[2, 2, [{'1,' * many}1]]"),
    "short rows": lambda many: literally(
        sizes=f"[{many}, 1]", weights=f"[[{'[1],' * (many - 1)}[true]]]"
    ),
    "layers": lambda many: literally(
        sizes=f"[{'1,' * many}1]", weights=f"[{'[[1]],' * (many - 1)}[[true]]]"
    ),
    "members": lambda many: (
        "{" + ",".join(f'"{i}": 1' for i in range(many)) + ', "0": 1}'
    ).encode(),
    "text": lambda many: literally(loss='"' + "\\u0001" * many + '"'),
    "history": lambda many: literally(history=f"[{'[],' * many}[]]"),
    "billions": lambda many: written(sizes=[10**9, 10**9, 10**9]) + b" " * many,
    "trillions": lambda many: written(sizes=[10**12, 10**12], weights=[[[1.0]]]),
}


def with_values(name, *keys, values):
    return changed(name, *keys, to="<here>").replace(b'"<here>"', f"[{values}]".encode())


HOSTILE_ESTIMATORS = {
    "classes": lambda many: with_values(TEXT, "classes", values="1," * many + "1"),
    "names": lambda many: with_values(TEXT, "names", values='"",' * many + '""'),
    "means": lambda many: with_values(TEXT, "inputs", "means", values="1," * many + "1"),
    "hidden": lambda many: with_values(TEXT, "options", "hidden", values="1," * many + "0"),
    "class weights": lambda many: with_values(
        TEXT, "options", "class_weight", values="[0,1]," * min(many, 2**17) + "[0,1]"
    ),
    "a list for an option": lambda many: with_values(
        TEXT, "options", "weight_decay", values="[]," * many + "[]"
    ),
    "columns": lambda many: with_values(
        TABLED,
        "table",
        "columns",
        values=",".join(f'{{"name":"{i:x}","texts":[],"mean":1}}' for i in range(min(many, 2**15))),
    ),
    "texts": lambda many: with_values(
        TABLED,
        "table",
        "columns",
        0,
        "texts",
        values=",".join(f'"{i:x}"' for i in range(min(many, 2**17 - 200))),
    ),
}


HOSTILE.update({f"estimator: {name}": HOSTILE_ESTIMATORS[name] for name in HOSTILE_ESTIMATORS})


def hostile(name, part=1.0):
    """Return a file that asks for as much memory as it can, or a part of that."""
    return HOSTILE[name](round(100_000 * part))


def most_memory(data):
    """Return the memory that refusing a file may take; nested lists of two bytes each take most."""
    return 2**18 + 50 * len(data)


# A list of one number, "[1],", takes longest; of class weights whose labels all have one hash there
# are ten thousand at most.
SECONDS_A_MEBIBYTE, MOST_SECONDS = 20.0, 5.0

LISTS, COMMAS, BYTES = (readers.MOST_MARKS[b"["], readers.MOST_MARKS[b","], 2**25 - 1000)

# As large as files can be, each in its way.
LARGEST = {
    "brackets": lambda: b"[" * BYTES,
    "too many numbers": lambda: literally(weights=f"[[[{'1,' * 10**7}1]]]"),
    "numbers": lambda: literally(weights=f"[[[{'1.125,' * (COMMAS - 50)}true]]]"),
    "integers": lambda: literally(weights=f"[[[{'1,' * (COMMAS - 50)}true]]]"),
    "sizes": lambda: literally(sizes=f"[{'1,' * (COMMAS - 50)}1]"),
    "epochs": lambda: literally(
        history=json.dumps(history_of(loss=[], epochs="<here>")).replace(
            '"<here>"', f"[{'1,' * (COMMAS - 50)}1]"
        )
    ),
    "rows": lambda: literally(
        sizes=f"[{LISTS - 50}, 1]", weights=f"[[{'[1],' * (LISTS - 51)}[true]]]"
    ),
    "layers": lambda: literally(
        sizes=f"[{'1,' * (LISTS // 2 - 50)}1]",
        weights=f"[{'[[1]],' * (LISTS // 2 - 51)}[[true]]]",
    ),
    "deep lists": lambda: literally(
        weights=f"[{('[' * 500 + ']' * 500 + ',') * (LISTS // 500 - 1)}1]"
    ),
    "members": lambda: ("{" + ",".join(f'"{i}": 1' for i in range(2**17 - 50)) + "}").encode(),
    "digits": lambda: literally(seed="9" * BYTES),
    "exponent": lambda: literally(seed="1e" + "9" * BYTES),
    "escapes": lambda: literally(loss='"' + "\\u4e00" * (2**20 - 50) + '"'),
    "blanks": lambda: b" " * BYTES,
    "text": lambda: literally(loss='"' + "x" * BYTES + '"'),
    "classes": lambda: HOSTILE_ESTIMATORS["classes"](COMMAS - 1000),
    "hidden": lambda: HOSTILE_ESTIMATORS["hidden"](COMMAS - 1000),
    "columns": lambda: HOSTILE_ESTIMATORS["columns"](COMMAS - 1000),
    "texts": lambda: HOSTILE_ESTIMATORS["texts"](COMMAS - 1000),
    "class weights": lambda: HOSTILE_ESTIMATORS["class weights"](COMMAS - 1000),
    "class weights of one hash": lambda: with_values(
        TEXT,
        "options",
        "class_weight",
        values=",".join(f"[{i * (2**61 - 1)},1]" for i in range(MOST_CLASS_WEIGHTS - 1)) + ",[0,1]",
    ),
    "labels of one hash": lambda: labels_of_one_hash(10**5),
}


def labels_of_one_hash(count):
    """Return a classifier's file whose labels would take a set minutes."""
    labels = ",".join(str(i * (2**61 - 1)) for i in range(count))
    data = with_values("few rows", "classes", values=labels + ",0")
    document = json.loads(text_of("few rows"))
    hidden = document["sizes"][1]
    data = json.loads(data)
    data["sizes"][2] = count + 1
    data["weights"][1] = [[0] * (count + 1)] * hidden
    data["biases"][1] = [0] * (count + 1)
    return json.dumps(data).encode()
