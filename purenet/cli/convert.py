"""The convert command: a model from one file format to another."""

from __future__ import annotations

from pathlib import Path

from ..core._types import Names
from ..core.checks import PureNetError
from ..formats.files import read_model, write_model
from ..formats.model import Asked
from .export import LANGUAGES
from .options import FOR_HIDDEN_LAYERS
from .terminal import say_written

SUMMARY = "write a saved model in another file format"
EXAMPLE = "convert iris.json iris.onnx"
TEXTS: dict[str, str] = {
    "activation": "activation of the hidden layers, for a file that does not name it: "
    f"{FOR_HIDDEN_LAYERS}",
    "bare": "leave out the history of the training, for boards",
}


def run(
    model: str,
    destination: str,
    float32: bool = False,
    bare: bool = False,
    probabilities_only: bool = False,
    activation: Names | None = None,
    output_activation: str | None = None,
    layer_names: list[str] | None = None,
) -> None:
    """Read the one file and write the other, whole or not at all."""
    if Path(destination).suffix.lower() in LANGUAGES:
        hint = f"to write source code: export {model} -o {destination}"
        raise PureNetError(f"{destination}: expected the name of a model's file; {hint}")
    asked = Asked(activation, output_activation, layer_names)
    described, left_out = read_model(model, asked), ""
    if bare:
        left_out = ", without its history" if described.history else ": it had no history"
        # The best epoch counts the history's.
        described = described._replace(history=None, best_epoch=-1, best_loss=None)
    write_model(described, destination, float32, probabilities_only)
    say_written(destination, left_out)
