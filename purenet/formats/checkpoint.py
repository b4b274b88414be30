"""A training that has not ended, as a JSON file: all that it takes to go on to the same bits.

The file is one JSON object:

    "format"         "purenet checkpoint"
    "version"        1: this description
    "of"             a digest of the data and the options, which must be the same to go on
    "activation", "output_activation", "loss", "init", "seed", "weights", "biases"
                     the network as in a model file, see `json_model`
    "generator"      the state of its Mersenne Twister, as `MT19937.get_state` gives it
    "optimizer"      its "kind", its "learning_rate", and what it remembers of each parameter
    "weight_decay"             how strongly weights are pulled towards 0
    "losses", "validation_losses"
                     a number for each epoch; the second may be empty
    "best_loss", "best_epoch", "best_weights", "best_biases"
                     the best epoch so far, with null and -1 before the first
    "stopped"        why the training ended, "" where it has not
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from ..core._types import Matrix, Parameters
from ..core.backpropagation import parameters
from ..core.checks import PureNetError, as_matrix, number_within, shown, whole_number
from ..core.network import Network, check_parameters
from ..core.optimizers import SGD, Adam, RProp
from ..estimators.descent import Descent
from .writing import FileName, replace_file

FORMAT, VERSION = "purenet checkpoint", 1
KINDS = {
    "adam": (Adam, ("means", "squares")),
    "rprop": (RProp, ("sizes", "signs")),
    "sgd": (SGD, ("velocities",)),
}
OF_THE_NETWORK = ("activation", "output_activation", "loss", "init", "seed")
MOST_BYTES = 2**28


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

    Raises PureNetError, with the file's name, for a file that is none, and OSError.

    >>> import tempfile
    >>> descent = Descent(Network([1, 1], seed=1), "adam", 0.5, 0.0)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save_checkpoint(snapshot(descent, "data"), folder + "/file")
    ...     load_checkpoint(folder + "/file", "data").network.weights == descent.network.weights
    True
    """
    try:
        state = _parsed(path)
        if state["of"] != of:
            raise PureNetError("it belongs to a training with other data or other options")
        return _descent(state)
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        what = f"{error} is missing" if isinstance(error, KeyError) else "its parts do not fit"
        raise PureNetError(f"{path}: not a checkpoint of PureNet: {what}") from None
    except PureNetError as error:
        raise PureNetError(f"{path}: {error}") from None


def _parsed(path: str) -> dict[str, Any]:
    """Return the object in a file, if it says that it is a checkpoint."""
    with Path(path).open("rb") as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise PureNetError(f"more than {MOST_BYTES:,} bytes, which is the most for a checkpoint")
    try:
        state = json.loads(data, parse_constant=_no_number)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise PureNetError(f"not JSON: {error}") from None
    if not isinstance(state, dict) or state.get("format") != FORMAT:
        raise PureNetError(f'not a checkpoint: expected an object with "format": "{FORMAT}"')
    if state.get("version") != VERSION:
        raise PureNetError(f"version: expected {VERSION}, got {shown(state.get('version'))}")
    if "l2" in state:  # as version 0.1 called it
        state["weight_decay"] = state.pop("l2")
        if state["optimizer"]["kind"] == "adam":  # means of what was added, not of the gradient
            means = state["optimizer"]["means"]
            state["optimizer"]["means"] = [[[-m for m in row] for row in M] for M in means]
    return state


def _no_number(name: str) -> None:
    raise PureNetError(f"{name}: expected finite numbers")


def _descent(state: dict[str, Any]) -> Descent:
    network, memory = _network(state), state["optimizer"]
    if memory["kind"] not in KINDS:
        raise PureNetError(f"optimizer: expected adam, rprop or sgd, got {shown(memory['kind'])}")
    decay = number_within(
        state["weight_decay"], "weight_decay", lambda decay: decay >= 0.0, "of at least 0"
    )
    descent = Descent(network, memory["kind"], memory["learning_rate"], decay)
    shapes = parameters(network)
    for name in KINDS[memory["kind"]][1]:
        setattr(descent.optimizer, name, _like(memory[name], shapes, name) if memory[name] else [])
    if memory["kind"] == "adam":
        descent.optimizer.steps = whole_number(memory["steps"], "steps", 0)
    descent.losses = _numbers(state["losses"], "losses")
    descent.validation_losses = _numbers(state["validation_losses"], "validation_losses")
    if state["best_loss"] is not None:
        [descent.best_loss] = _numbers([state["best_loss"]], "best_loss")
    descent.best_epoch = whole_number(state["best_epoch"], "best_epoch", -1)
    best = [*state["best_weights"], *[[row] for row in state["best_biases"]]]
    best = _like(best, shapes, "best_weights")
    layers = len(network.weights)
    descent.best_weights, descent.best_biases = best[:layers], [row for [row] in best[layers:]]
    descent.stopped = str(state["stopped"])
    return descent


def _network(state: dict[str, Any]) -> Network:
    """Return the network in a checkpoint, its generator where it was."""
    weights = [as_matrix(W, f"weights[{k}]") for k, W in enumerate(state["weights"])]
    biases = [as_matrix([row], f"biases[{k}]")[0] for k, row in enumerate(state["biases"])]
    if not weights:
        raise PureNetError("weights: expected at least one matrix, got none")
    options = {name: state[name] for name in OF_THE_NETWORK if name != "init"}
    network = Network([1, *[1] * min(len(weights), 2)], init=state["init"], **options)
    network.sizes = [len(weights[0]), *[len(W[0]) for W in weights]]
    network.weights, network.biases = weights, biases
    check_parameters(network)
    network.generator.set_state(state["generator"])
    return network


def _like(value: Any, models: Parameters, name: str) -> Parameters:
    """Return matrices of finite numbers, if they have the shapes of these."""
    matrices = [as_matrix(A, name) for A in value]
    if list(map(_shape, matrices)) != list(map(_shape, models)):
        raise PureNetError(f"{name}: the shapes are not those of the weights")
    return matrices


def _shape(A: Matrix) -> tuple[int, int]:
    return len(A), len(A[0])


def _numbers(values: Any, name: str) -> list[float]:
    return as_matrix([values], name)[0] if values else []
