"""The descriptions of models, which every format has: networks, estimators, histories, tables."""

import copy
import functools
from itertools import chain, count

from grammars.documents import matrix, number, row
from purenet import Classifier, Regressor
from purenet.formats.model import options_of

HIDDEN = ["sigmoid", "tanh", "relu", "leaky_relu", "linear"]
LAST = [*HIDDEN, "softmax"]
INITS = ["uniform", "glorot", "he", "zeros"]
NAMES = ["a", "b", "länge", 'a "b"', "", "\U0001f600", "x y", "1", "c"]
LABELS = [["no", "yes", "zz", "zzz", "é"], ["", "\0", "\n", "a" * 300, "é"]]
LABELS += [[-(2**70), -1, 0, 2**53 + 1, 10**30], [False, True, 2, 3.0, 4]]
LABELS += [[-2.0, -1.0, 0.0, 1e15, 1e300]]


def sizes(chance):
    """Return a network's sizes: small ones, but for a few that have thousands of weights."""
    if chance.random() < 0.02:
        return chance.choice([[30, 30], [100, 100], [1, 1000], [1000, 1]])
    return [chance.randint(1, 4) for _ in range(chance.choice([2, 3, 3, 4]))]


def weights(chance, sizes):
    return [matrix(chance, m, n) for m, n in zip(sizes, sizes[1:])]


def biases(chance, sizes):
    return [row(chance, n) for n in sizes[1:]] if chance.random() < 0.7 else []


def document(chance):
    """Return a valid document without weights and biases."""
    kind = chance.choice(["network", "network", "classifier", "regressor"])
    widths = sizes(chance)
    if kind == "classifier":
        widths[-1] = chance.randint(2, 4)
    about = {"format": "purenet", "version": 2, "sizes": widths, **network(chance, widths, kind)}
    if chance.random() < 0.3:
        about["version"] = chance.choice([2, 2, 1])
    epochs = chance.choice([0, 0, 1, 3])
    if chance.random() < 0.6:
        about["history"] = history(chance, epochs)
    else:
        epochs = 0
    if kind != "network":
        about["estimator"] = estimator(chance, about, kind, epochs)
    return about


def network(chance, widths, kind):
    hidden = chance.choice(HIDDEN)
    if chance.random() < 0.2:
        hidden = [chance.choice(HIDDEN) for _ in widths[1:-1]]
    last = chance.choice(LAST)
    if kind != "network":
        last = "softmax" if kind == "classifier" else "linear"
    crosses = last == "softmax" or (last == "sigmoid" and chance.random() < 0.3)
    return {
        "activation": hidden,
        "output_activation": last,
        "loss": "cross_entropy" if crosses else "squared_error",
        "init": chance.choice(INITS),
        "seed": chance.choice([0, 1, 7, 2**32 - 1]),
    }


def history(chance, epochs):
    def losses():
        return [chance.choice([number(chance), None]) for _ in range(epochs)]

    return {
        "epochs": list(range(epochs)),
        "loss": losses(),
        "validation_loss": chance.choice([losses, list])(),
        "stopped": chance.choice(["", "all 3 epochs done", "é"]),
        "engine": "",
    }


@functools.cache
def defaults(kind):
    one = {"classifier": Classifier, "regressor": Regressor}[kind]()
    return options_of(one)


def estimator(chance, about, kind, epochs):
    widths = about["sizes"]
    options = copy.deepcopy(defaults(kind))
    options["hidden"] = chance.choice([widths[1:-1], 3, None])
    options["activation"] = about["activation"] if len(widths) > 2 else "tanh"
    options["optimizer"] = chance.choice(["adam", "sgd", "rprop"])
    options["epochs"] = chance.choice([1, 5, 40])
    options["learning_rate"] = chance.choice([None, 0.01, 1e-9, 1])
    options["random_state"] = chance.choice([None, 0, 2**32 - 1])
    members = {
        "kind": kind,
        "options": options,
        "inputs": scale(chance, widths[0]) if chance.random() < 0.7 else None,
        "names": chance.choice([None, [chance.choice(NAMES) for _ in range(widths[0])]]),
        "best_epoch": chance.choice([-1, epochs - 1]),
        "best_loss": chance.choice([None, number(chance)]),
    }
    if kind == "classifier":
        labels = chance.choice(LABELS)[: widths[-1]]
        members["classes"] = sorted(labels) if isinstance(labels[0], str) else labels
        if chance.random() < 0.2:
            options["class_weight"] = [[label, chance.uniform(0.5, 2)] for label in labels]
    else:
        members["output_scale"] = scale(chance, widths[-1], False)
        members["several"] = widths[-1] > 1 or chance.random() < 0.3
    if chance.random() < 0.3:
        members["table"] = table(chance, widths[0], widths[-1] if members.get("several") else 1)
    if about["version"] == 1:
        for new, old in (("weight_decay", "l2"), ("standardize", "standardise")):
            options[old] = options.pop(new)
        options["validation"] = options.pop("validation_fraction")
    return members


def scale(chance, count, may_have_rows=True):
    spreads = [abs(number(chance)) or 1.0 for _ in range(count)]
    members = {"means": row(chance, count), "deviations": spreads}
    if may_have_rows and chance.random() < 0.2:
        members["rows"] = chance.randint(1, 9)
        spreads[0] = 0
    return members


def table(chance, inputs, targets):
    columns, names = [], chain(chance.sample(NAMES, len(NAMES)), map(str, count(2)))
    while inputs:
        texts = chance.randint(0, inputs)
        other = texts > 1 and chance.random() < 0.3
        column = {"name": next(names), "texts": [f"t{k}" for k in range(texts - other)]}
        column["mean"] = None if texts else chance.choice([None, number(chance)])
        if other:
            column["has_other"] = True
        if not texts and chance.random() < 0.3:
            column["style"] = chance.choice(["1,234.5", "1.234,5", "year-month-day"])
            column["unit"] = chance.choice(["", "€", "kg"])
            column["missing"] = ["-9"]
        columns.append(column)
        inputs -= max(texts, 1)
    target = [next(names) for _ in range(targets)]
    return {"target": target if targets > 1 else target[0], "columns": columns}
