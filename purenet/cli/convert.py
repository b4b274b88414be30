"""The convert command: a model from one file format to another."""

from __future__ import annotations

from typing import Any

from ..core.network import Network
from ..formats import save
from ..formats.files import load_with_history
from .options import REQUIRED

SUMMARY = "write a saved model in another format: .json, .npz, .safetensors, .onnx"
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "destination": REQUIRED,
    "float32": False,
    "activation": None,
    "output_activation": None,
}


def run(
    model: str,
    destination: str,
    float32: bool,
    activation: str | None,
    output_activation: str | None,
) -> None:
    """Read the one file and write the other, whole or not at all."""
    loaded, history = load_with_history(model, activation, output_activation)
    of_network = history if isinstance(loaded, Network) and history.epochs else None
    save(loaded, destination, of_network, float32=float32)
    print(f"{destination} written")
