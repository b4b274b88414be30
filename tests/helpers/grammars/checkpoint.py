"""Trainings in progress as JSON."""

import copy
import functools
import json

from grammars.documents import bytes_of, damaged, matrix, number, row, with_faults
from grammars.models import biases, network, sizes, weights
from purenet import PureNetError
from purenet.core.mt19937 import MT19937
from purenet.estimators.descent import Data, Schedule
from purenet.formats.checkpoint import load_checkpoint, save_checkpoint, snapshot

ENDING = ".json"
SECONDS_A_MEBIBYTE = 4.0  # as tests/formats/test_checkpoints.py has it


def most_memory(data):
    """Return the memory that reading may take: "[1]," becomes a matrix of one row."""
    return 2**18 + 60 * len(data)


def draw(chance):
    """Return the bytes of a file, and the digest of the data that it belongs to."""
    state = state_of(chance)
    if chance.random() < 0.7:
        state = with_faults(chance, state)
    data = bytes_of(chance, state)
    return damaged(chance, data) if chance.random() < 0.05 else data, {"of": "data"}


@functools.cache
def words():
    return MT19937(1).get_state()


def state_of(chance):
    widths = sizes(chance)
    about = network(chance, widths, "network")
    W, b = weights(chance, widths), biases(chance, widths)
    epochs, kind = chance.choice([0, 1, 3]), chance.choice(["adam", "rprop", "sgd"])
    version, old = chance.choice([(2, False), (2, False), (1, True)])
    memory = {
        "adam": {"means": (-1, 1), "squares": (0, 1)},
        "rprop": {"sizes": (0, 1), "signs": (-1, 1)},
        "sgd": {"velocities": (-1, 1)},
    }[kind]
    optimizer = {"kind": kind, "learning_rate": chance.choice([0.01, 1, 1e-300])}
    optimizer.update({"adam": {"steps": 5}, "sgd": {"momentum": 0.5}}.get(kind, {}))
    empty = chance.random() < 0.3
    for name, limits in memory.items():
        shapes = [(len(A), len(A[0])) for A in W] + [(1, len(r)) for r in b]
        optimizer[name] = [] if empty else [remembered(chance, m, n, limits) for m, n in shapes]
    return {
        "format": "purenet checkpoint",
        "version": version,
        "of": "data",
        **about,
        "weights": W,
        "biases": b,
        "generator": generator(chance),
        "optimizer": optimizer,
        "l2" if old else "weight_decay": chance.choice([0, 0.0, 0.03]),
        "losses": row(chance, epochs),
        "validation_losses": row(chance, epochs) if chance.random() < 0.5 else [],
        "best_loss": chance.choice([None, number(chance)]),
        "best_epoch": chance.choice([-1, epochs - 1]),
        "best_weights": [matrix(chance, len(A), len(A[0])) for A in W],
        "best_biases": [row(chance, len(r)) for r in b],
        "stopped": chance.choice(["", "all 3 epochs done", "x after epoch 1"]),
    }


def remembered(chance, rows, columns, limits):
    return [[chance.uniform(*limits) for _ in range(columns)] for _ in range(rows)]


def generator(chance):
    name, state, *rest = words()
    if chance.random() < 0.1:
        state = [0] * 623 + [chance.choice([1, 0, 2**32])]
    return [name, list(state), *rest]


def read(path, of):
    return load_checkpoint(path, of)


def check(descent, path, options):
    """Fail if a descent is another when it is saved and loaded, or goes on to other bits."""
    before = json.dumps(snapshot(descent, "data"))
    save_checkpoint(snapshot(descent, "data"), str(path))
    loaded = load_checkpoint(str(path), "data")
    assert json.dumps(snapshot(loaded, "data")) == before
    assert gone_on(loaded) == gone_on(copy.deepcopy(descent))


def gone_on(descent):
    """Return the weights and losses of a descent after one more epoch, or why it ended."""
    n, m = descent.network.sizes[0], descent.network.sizes[-1]
    data = Data([[0.5] * n, [-0.25] * n], [[1.0] * m, [0.0] * m])
    try:
        descent.run(data, Schedule(len(descent.losses) + 1, None, 9))
    except PureNetError as error:  # from weights of any size, numbers become too large
        return str(error)
    return json.dumps([descent.network.weights, repr(descent.losses)])
