"""The inspect command: what a saved model contains."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from ..core.backpropagation import parameters
from ..formats.files import read_model
from ..formats.model import Model
from ..tables.notes import printable
from .terminal import print_json, say

SUMMARY = "show the sizes, inputs, classes and training of a saved model"
EXAMPLE = "inspect iris.json"


def run(model: str, as_json: bool = False) -> None:
    """Print sizes, activations, parameters, inputs, classes, and how it was trained."""
    size = Path(model).stat().st_size if Path(model).is_file() else None  # a pipe does not tell it
    facts = _facts(read_model(model), size)
    if as_json:
        print_json(facts)
        return
    width = max(map(len, facts)) + 2
    for name, value in facts.items():
        say(f"{name + ':':<{width}}{_text(value)}")


def _facts(model: Model, size: int | None) -> dict[str, Any]:
    """Return the facts to print, by their names."""
    network, history = model.network, model.history
    facts: dict[str, Any] = {
        "kind": model.kind.capitalize(),
        "sizes": network.sizes,
        "activation": network.activation,
        "output activation": network.output_activation,
        "loss": network.loss,
        "parameters": sum(len(A) * len(A[0]) for A in parameters(network)),
        **({} if size is None else {"file size": size}),
        "seed": network.seed,
    }
    if model.table is not None:
        facts["target"] = ", ".join(model.targets)
        facts["inputs"] = model.input_names
    if model.classes is not None:
        facts["classes"] = model.classes
    if history is not None and history.epochs:
        facts["epochs"] = history.epochs[-1] + 1
        facts["last loss"] = history.loss[-1] if math.isfinite(history.loss[-1]) else None
        if history.validation_loss:
            losses = filter(math.isfinite, history.validation_loss)
            facts["lowest loss held back"] = min(losses, default=None)
        facts["stopped"] = history.stopped
    return facts


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(printable(str(each)) for each in value)
    if value is None:
        return "not a finite number"
    return f"{value:,}" if isinstance(value, int) else printable(str(value))
