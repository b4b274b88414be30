"""The convert command: a model from one file format to another."""

from __future__ import annotations

from typing import Any

from ..core._types import Names
from ..formats.files import read_model, write_model
from ..formats.model import Asked
from .options import REQUIRED

SUMMARY = "write a saved model in another format: .json, .npz, .safetensors, .onnx"
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "destination": REQUIRED,
    "float32": False,
    "activation": None,
    "output_activation": None,
    "layer_names": None,
}


def run(
    model: str,
    destination: str,
    float32: bool,
    activation: Names | None,
    output_activation: str | None,
    layer_names: list[str] | None,
) -> None:
    """Read the one file and write the other, whole or not at all."""
    asked = Asked(activation, output_activation, layer_names)
    write_model(read_model(model, asked), destination, float32)
    print(f"{destination} written")
