"""A training in progress as a JSON file, with everything needed to resume it to the same bits.

The file is one JSON object:

    "format"         "purenet checkpoint"
    "version"        2: this description
    "of"             a digest of the data and the options, which must be the same to resume
    "activation", "output_activation", "loss", "init", "seed", "weights", "biases"
                     the network as in a model file, see `json_model`
    "generator"      the state of its Mersenne Twister, as `MT19937.get_state` gives it
    "optimizer"      its "kind", its "learning_rate", and what it remembers of each parameter
    "weight_decay"   how strongly weights are pulled towards 0
    "losses", "validation_losses"
                     a number for each epoch; the second may be empty
    "best_loss", "best_epoch", "best_weights", "best_biases"
                     the best epoch so far, with null and -1 before the first
    "stopped"        why the training ended, or "" if it has not

In version 1 "weight_decay" was "l2", and adam's means were of the negative gradients. A checkpoint
is checked as strictly as a model's file, because the same reader reads it.
"""

from __future__ import annotations

import json
import math
from typing import Any

from ..core._types import Parameters
from ..core.backpropagation import parameters
from ..core.checks import PureNetError, check_that, number_within, shape, whole_number
from ..core.network import Network
from ..core.optimizers import SGD, RProp
from ..estimators.descent import Descent
from . import readers
from .board_json import VERSION, network_of, version_of
from .files import read
from .json_model import OF_NETWORK, PARAMETERS, with_new_names
from .model import MOST_COUNTED
from .writing import FileName, replace_file

FORMAT = "purenet checkpoint"

OF_DESCENT = ("weight_decay", "best_epoch", "best_weights", "best_biases", "stopped")
LOSSES = ("losses", "validation_losses")

MODELS = 4  # the current weights, the best ones, and the two numbers adam remembers for each


def _momentum(value: Any, name: str) -> float:
    return SGD(momentum=value).momentum


def _weight_decay(value: Any, name: str) -> float:
    return number_within(value, name, lambda decay: decay >= 0.0, "of at least 0")


# What each optimizer remembers besides its learning rate: a matrix for each parameter, or none
# before the first step; and more.
MEMORIES: dict[str, readers.Readers] = {
    "adam": {
        **dict.fromkeys(("means", "squares"), readers.matrices_of),
        "steps": readers.whole(0, MOST_COUNTED),
    },
    "rprop": dict.fromkeys(("sizes", "signs"), readers.matrices_of),
    "sgd": {"velocities": readers.matrices_of, "momentum": _momentum},
}

# How to read each member.
CHECKPOINT: readers.Readers = {
    **dict.fromkeys(("format", "version", "of", "generator", "optimizer"), readers.anything),
    **OF_NETWORK,
    "weight_decay": _weight_decay,
    **PARAMETERS,
    **dict.fromkeys(LOSSES, readers.list_of(readers.finite)),
    "best_loss": readers.or_none(readers.finite),
    "best_epoch": readers.anything,
    "best_weights": readers.matrices_of,
    "best_biases": readers.matrix_of,
    "stopped": readers.text,
}


def snapshot(descent: Descent, of: str) -> dict[str, Any]:
    """Return the content of the file. It does not change while the descent goes on.

    No matrix is copied, because a training step makes new matrices and leaves the old ones
    unchanged.

    >>> descent = Descent(Network([1, 1], init="zeros", seed=1), "adam", 0.5, 0.0)
    >>> snapshot(descent, "data")["weights"]
    [[[0.0]]]
    """
    network, optimizer = descent.network, descent.optimizer
    return {
        "format": FORMAT,
        "version": VERSION,
        "of": of,
        **{name: getattr(network, name) for name in (*OF_NETWORK, *PARAMETERS)},
        "generator": network.generator.get_state(),
        "optimizer": {"kind": type(optimizer).__name__.lower(), **vars(optimizer)},
        **{name: getattr(descent, name) for name in OF_DESCENT},
        **{name: list(getattr(descent, name)) for name in LOSSES},
        "best_loss": descent.best_loss if math.isfinite(descent.best_loss) else None,
    }


def save_checkpoint(state: dict[str, Any], path: FileName) -> None:
    """Write a snapshot to a file, completely or not at all; raises OSError if that fails."""
    replace_file(path, f"{json.dumps(state, allow_nan=False)}\n".encode("ascii"))


def load_checkpoint(path: str, of: str) -> Descent:
    """Return the descent in a checkpoint that was made with the same data and options.

    Raises PureNetError, with the file's name, for a file that is not a checkpoint, and OSError.

    >>> import tempfile
    >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(snapshot(descent, "data"), folder + "/file")
    ...     load_checkpoint(folder + "/file", "data").network.weights == descent.network.weights
    True
    """
    with readers.named(path):
        state = _checked(readers.parse(read(path), models=MODELS))
        if state["of"] != of:
            raise PureNetError("it belongs to a training with other data or other options")
        return _descent(state)


def _checked(state: Any) -> dict[str, Any]:
    """Return the members of a checkpoint as those of version 2."""
    version = version_of(state, "checkpoint", FORMAT)
    members = readers.members_of(with_new_names(state, version), "", CHECKPOINT)
    memory = members["optimizer"]
    kind: Any = memory.get("kind") if isinstance(memory, dict) else None
    check_that(kind in list(MEMORIES), "optimizer", "adam, rprop or sgd", kind)
    needed = {"kind": readers.anything, "learning_rate": readers.finite, **MEMORIES[kind]}
    memory = members["optimizer"] = readers.members_of(memory, "optimizer", needed, inside="")
    if version == 1 and kind == "adam":  # its means were of the negative gradients
        memory["means"] = [[[-mean for mean in row] for row in M] for M in memory["means"]]
    return members


def _descent(state: dict[str, Any]) -> Descent:
    network, memory = network_of(state, state["weights"], state["biases"]), state["optimizer"]
    with readers.named("generator"):
        network.generator.set_state(state["generator"])
    kind = memory.pop("kind")
    descent = Descent(network, kind, memory["learning_rate"], state["weight_decay"])
    names = [name for name, read in MEMORIES[kind].items() if read is readers.matrices_of]
    if any(memory[name] for name in names):  # one without the other would not be a memory
        for name in names:
            _check_memory(memory[name], name, descent)
    vars(descent.optimizer).update(memory)
    _take_course(descent, state)
    return descent


def _check_memory(matrices: Parameters, name: str, descent: Descent) -> None:
    """Raise PureNetError for a shape or a number that an optimizer cannot have come to."""
    _check_shapes(matrices, descent.network, name)
    limits = {
        "squares": (0.0, math.inf),
        "sizes": (0.0, max(descent.optimizer.learning_rate, RProp.LARGEST)),
        "signs": (-1.0, 1.0),
    }
    least, most = limits.get(name, (-math.inf, math.inf))
    rows = [row for matrix in matrices for row in matrix]
    for number in (min(map(min, rows)), max(map(max, rows))):
        check_that(least <= number <= most, name, f"numbers from {least:g} to {most:g}", number)


def _check_shapes(matrices: Parameters, network: Network, name: str) -> None:
    if [shape(A, name) for A in matrices] != [shape(A) for A in parameters(network)]:
        raise PureNetError(f"{name}: expected the shapes of the weights and biases, got others")


def _take_course(descent: Descent, state: dict[str, Any]) -> None:
    """Restore a descent's losses so far and its best weights."""
    epochs, validated = len(state["losses"]), len(state["validation_losses"])
    if validated not in (0, epochs):
        came = f"{validated:,} for {epochs:,} epochs"
        raise PureNetError(f"validation_losses: expected one for each epoch or none, got {came}")
    best = state["best_weights"] + [[row] for row in state["best_biases"]]
    _check_shapes(best, descent.network, "best_weights and best_biases")
    whole_number(state["best_epoch"], "best_epoch", -1, epochs - 1)
    vars(descent).update({name: state[name] for name in (*OF_DESCENT, *LOSSES)})
    descent.best_loss = math.inf if state["best_loss"] is None else state["best_loss"]
