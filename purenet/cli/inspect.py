"""The inspect command: what there is in a saved model."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from ..core.history import History
from ..core.network import Network
from ..formats import load, load_history
from .options import REQUIRED

SUMMARY = "say what there is in a saved model"
DEFAULTS: dict[str, Any] = {"model": REQUIRED, "as_json": False}


def run(model: str, as_json: bool) -> None:
    """Print sizes, activations, parameters, inputs, classes, and how it was trained."""
    loaded = load(model)
    facts = _facts(loaded, load_history(model), Path(model).stat().st_size)
    if as_json:
        print(json.dumps(facts))
        return
    width = max(map(len, facts)) + 2
    for name, value in facts.items():
        print(f"{name + ':':<{width}}{_text(value)}")


def _facts(loaded: Any, history: History, size: int) -> dict[str, Any]:
    """Return what is worth knowing, by its name."""
    network: Network = loaded if isinstance(loaded, Network) else loaded.network_
    facts: dict[str, Any] = {
        "kind": type(loaded).__name__,
        "sizes": network.sizes,
        "activation": network.activation,
        "output activation": network.output_activation,
        "loss": network.loss,
        "parameters": _count(network),
        "file size": size,
        "seed": network.seed,
    }
    columns = getattr(loaded, "columns_", None)
    if columns is not None:
        facts["target"] = loaded.target_
        facts["inputs"] = [name for column in columns for name in column.inputs]
    if hasattr(loaded, "classes_"):
        facts["classes"] = list(loaded.classes_)
    if history.epochs:
        facts["epochs"] = history.epochs[-1] + 1
        facts["last loss"] = history.loss[-1]
        if history.validation_loss:
            facts["lowest loss held back"] = min(history.validation_loss)
        facts["stopped"] = history.stopped
    return facts


def _count(network: Network) -> int:
    weights = [len(W) * len(W[0]) for W in network.weights]
    return sum(weights) + sum(map(len, network.biases))


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:,}" if isinstance(value, int) else str(value)
