"""A training that has not ended, as a JSON file: all that it takes to go on to the same bits.

The file is one JSON object:

    "format"         "purenet checkpoint"
    "version"        2: this description
    "of"             a digest of the data and the options, which must be the same to go on
    "activation", "output_activation", "loss", "init", "seed", "weights", "biases"
                     the network as in a model file, see `json_model`
    "generator"      the state of its Mersenne Twister, as `MT19937.get_state` gives it
    "optimizer"      its "kind", its "learning_rate", and what it remembers of each parameter
    "weight_decay"   how strongly weights are pulled towards 0
    "losses", "validation_losses"
                     a number for each epoch; the second may be empty
    "best_loss", "best_epoch", "best_weights", "best_biases"
                     the best epoch so far, with null and -1 before the first
    "stopped"        why the training ended, "" where it has not

In version 1 "weight_decay" was "l2", and adam's means were those of minus the gradients. What a
model's file is refused for, a checkpoint is refused for, too: the same reader takes it.
"""

from __future__ import annotations

import json
import math
from typing import Any

from ..core._types import Parameters
from ..core.backpropagation import parameters
from ..core.checks import PureNetError, number_within, shape, shown, whole_number
from ..core.network import Network
from ..core.optimizers import SGD, Adam, RProp
from ..estimators.descent import Descent
from .document import NAMES, PARAMETERS, network_of
from .files import read
from .json_text import (
    MOST_BYTES,
    finite,
    lists_of,
    make_floats,
    members_of,
    parse,
    row_of,
    text,
)
from .model import MOST_ROWS
from .writing import FileName, replace_file

FORMAT, VERSION = "purenet checkpoint", 2

# Each optimizer: its class, and what it remembers of each parameter, with the least that it can be.
KINDS: dict[str, tuple[Any, dict[str, float]]] = {
    "adam": (Adam, {"means": -math.inf, "squares": 0.0}),
    "rprop": (RProp, {"sizes": 0.0, "signs": -1.0}),
    "sgd": (SGD, {"velocities": -math.inf}),
}
BESIDE = {"adam": ("steps",), "rprop": (), "sgd": ("momentum",)}  # other members

OF_THE_NETWORK = (*NAMES, "seed")
NEEDED = (
    *("format", "version", "of", *OF_THE_NETWORK, *PARAMETERS, "generator", "optimizer"),
    *("weight_decay", "losses", "validation_losses", "best_loss", "best_epoch"),
    *("best_weights", "best_biases", "stopped"),
)

MODELS = 4  # the weights now, the best ones, and two numbers that adam remembers of each


def snapshot(descent: Descent, of: str) -> dict[str, Any]:
    """Return what goes into the file. It stays as it is while the descent goes on.

    No matrix is copied: a step of learning makes new ones and leaves the old as they are.

    >>> descent = Descent(Network([1, 1], init="zeros", seed=1), "adam", 0.5, 0.0)
    >>> snapshot(descent, "data")["weights"]
    [[[0.0]]]
    """
    network, optimizer = descent.network, descent.optimizer
    [kind] = [name for name, (its_class, _) in KINDS.items() if type(optimizer) is its_class]
    return {
        "format": FORMAT,
        "version": VERSION,
        "of": of,
        **{name: getattr(network, name) for name in OF_THE_NETWORK},
        "weights": network.weights,
        "biases": network.biases,
        "generator": network.generator.get_state(),
        "optimizer": {"kind": kind, **vars(optimizer)},
        "weight_decay": descent.weight_decay,
        "losses": list(descent.losses),
        "validation_losses": list(descent.validation_losses),
        "best_loss": descent.best_loss if math.isfinite(descent.best_loss) else None,
        "best_epoch": descent.best_epoch,
        "best_weights": descent.best_weights,
        "best_biases": descent.best_biases,
        "stopped": descent.stopped,
    }


def save_checkpoint(state: dict[str, Any], path: FileName) -> None:
    """Write a snapshot to a file, whole or not at all; raises OSError where it cannot."""
    replace_file(path, f"{json.dumps(state, allow_nan=False)}\n".encode("ascii"))


def load_checkpoint(path: str, of: str) -> Descent:
    """Return the descent in a checkpoint that was made of the same data and options.

    Raises PureNetError, with the file's name, for a file that is not a checkpoint, and OSError.

    >>> import tempfile
    >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(snapshot(descent, "data"), folder + "/file")
    ...     load_checkpoint(folder + "/file", "data").network.weights == descent.network.weights
    True
    """
    try:
        state = _checked(parse(read(path, MODELS * MOST_BYTES), models=MODELS))
        if state["of"] != of:
            raise PureNetError("it belongs to a training with other data or other options")
        return _descent(state)
    except PureNetError as error:
        raise PureNetError(f"{path}: {error}") from None


def _checked(state: Any) -> dict[str, Any]:
    """Return the members of a checkpoint of version 2."""
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise PureNetError(f'not a checkpoint: expected an object with "format": "{FORMAT}"')
    version = state.get("version")
    if type(version) is not int or version not in (1, VERSION):
        raise PureNetError(f"version: expected 1 or 2, got {shown(version)}")
    return members_of(_of_version_1(state) if version == 1 else state, "", NEEDED)


def _of_version_1(state: dict[str, Any]) -> dict[str, Any]:
    """Return what a checkpoint of version 1 is in version 2."""
    state["weight_decay"] = state.pop("l2", None)
    state["optimizer"] = _of_slopes(state.get("optimizer"))
    return state


def _of_slopes(memory: Any) -> Any:
    """Return what an optimizer remembers with adam's means of slopes, which were of minus these."""
    if not isinstance(memory, dict) or memory.get("kind") != "adam" or "means" not in memory:
        return memory
    means = lists_of(memory["means"], "means")
    for k, matrix in enumerate(means):
        make_floats(matrix, f"means[{k}]")
    return {**memory, "means": [[[-mean for mean in row] for row in M] for M in means]}


def _descent(state: dict[str, Any]) -> Descent:
    network = network_of(state, *(lists_of(state[name], name) for name in PARAMETERS))
    network.generator.set_state(state["generator"])
    memory = state["optimizer"]
    kind = memory.get("kind") if isinstance(memory, dict) else None
    if kind not in list(KINDS):
        raise PureNetError(f"optimizer: expected adam, rprop or sgd, got {shown(kind)}")
    decay = number_within(
        state["weight_decay"], "weight_decay", lambda decay: decay >= 0.0, "of at least 0"
    )
    remembered = KINDS[kind][1]
    members_of(memory, "optimizer", ("kind", "learning_rate", *remembered, *BESIDE[kind]))
    descent = Descent(network, kind, finite(memory["learning_rate"], "learning_rate"), decay)
    if kind == "sgd":
        descent.optimizer = SGD(descent.optimizer.learning_rate, memory["momentum"])
    for name, least in remembered.items():
        setattr(descent.optimizer, name, _remembered(memory[name], network, name, least))
    if kind == "adam":
        descent.optimizer.steps = whole_number(memory["steps"], "steps", 0, MOST_ROWS)
    _take_course(descent, state)
    return descent


def _take_course(descent: Descent, state: dict[str, Any]) -> None:
    """Give a descent the losses so far, and the best weights."""
    network, layers = descent.network, len(descent.network.weights)
    descent.losses = row_of(state["losses"], "losses")
    descent.validation_losses = row_of(state["validation_losses"], "validation_losses")
    epochs = len(descent.losses)
    if len(descent.validation_losses) not in (0, epochs):
        came = f"{len(descent.validation_losses):,} for {epochs:,} epochs"
        raise PureNetError(f"validation_losses: expected one for each epoch or none, got {came}")
    descent.best_epoch = whole_number(state["best_epoch"], "best_epoch", -1, epochs - 1)
    if state["best_loss"] is not None:
        descent.best_loss = finite(state["best_loss"], "best_loss")
    best = lists_of(state["best_weights"], "best_weights")
    best = best + [[row] for row in lists_of(state["best_biases"], "best_biases")]
    best = _like(best, network, "best_weights")
    descent.best_weights, descent.best_biases = best[:layers], [row for [row] in best[layers:]]
    descent.stopped = text(state["stopped"], "stopped")


def _remembered(value: Any, network: Network, name: str, least: float) -> Parameters:
    """Return what an optimizer remembers of each parameter; nothing before its first step."""
    if value == []:
        return []
    matrices = _like(value, network, name)
    for matrix in matrices:
        lowest = min(map(min, matrix))
        if lowest < least:
            raise PureNetError(f"{name}: expected numbers of at least {least:g}, got {lowest}")
    return matrices


def _like(value: Any, network: Network, name: str) -> Parameters:
    """Return matrices of finite numbers, if they have the shapes of a network's parameters."""
    matrices = lists_of(value, name)
    for k, matrix in enumerate(matrices):
        make_floats(matrix, f"{name}[{k}]")
    if [shape(A, name) for A in matrices] != [shape(A) for A in parameters(network)]:
        raise PureNetError(f"{name}: the shapes are not those of the weights")
    return matrices
