"""The picture command: a saved network as SVG files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from ..core.checks import PureNetError
from ..formats.files import history_of, read_model
from ..formats.model import Model, build
from ..pictures import Picture, decision_surface, loss_curve, network_graph
from .data_file import read_rows
from .options import REQUIRED, WrongUsage

SUMMARY = "draw a saved network: its graph, its loss, what it has learned"
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "out": None,
    "kind": "graph",
    "row": None,
    "data": None,
    "inputs": None,
}
KINDS = ("graph", "loss", "surface")


def run(
    model: str,
    out: str | None,
    kind: str,
    row: list[float] | None,
    data: str | None,
    inputs: list[int] | None,
) -> None:
    """Write one picture, or all that there can be into a folder, and say which."""
    saved = read_model(model)
    history = history_of(saved)

    def draw(kind: str) -> Picture:
        if kind == "graph":
            return network_graph(saved.network, row, **_names(saved))
        if kind == "surface":
            return _surface(saved, model, data, inputs)
        if not history.epochs:
            raise PureNetError(f"{model}: it does not say how the network was trained")
        return loss_curve(history)

    if out is None:
        print(draw(kind).svg, end="")
    elif not out.endswith(("/", os.sep)) and not Path(out).is_dir():
        draw(kind).save(out)
        print(f"{out} written")
    else:
        pictures = {kind: draw(kind) for kind in KINDS if kind != "loss" or history.epochs}
        Path(out).mkdir(parents=True, exist_ok=True)
        for name, picture in pictures.items():
            path = Path(out, f"{name}.svg")
            picture.save(path)
            print(f"{path} written")


def _surface(saved: Model, model: str, data: str | None, inputs: list[int] | None) -> Picture:
    if inputs is not None and len(inputs) != 2:
        raise WrongUsage("--inputs: expected two numbers of inputs such as 0,1")
    X, y = (None, None) if data is None else read_rows(data, build(saved), model)
    across, up = inputs or (0, 1)
    network = saved.network
    output = 0 if network.sizes[-1] == 1 else None
    return decision_surface(network, X, y, (across, up), output, **_names(saved))


def _names(saved: Model) -> dict[str, Any]:
    """Return what the inputs and outputs are called, where the train command has kept it.

    The network gets its inputs standardized, and so a picture shows them.
    """
    if saved.table is None:
        return {}
    note = "" if saved.inputs is None else " (standardized)"
    outputs = [saved.table[1]] if saved.classes is None else saved.classes
    return {"input_names": [name + note for name in saved.input_names], "output_names": outputs}
