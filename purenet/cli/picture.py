"""The picture command: a saved network as SVG files."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from .. import pictures
from ..core._types import Matrix
from ..core.checks import PureNetError
from ..formats.files import history_of, read_model
from ..formats.model import Model, build
from ..lessons.programs import training_of
from .data_file import READING, is_lesson, read_rows, reading_of
from .options import KINDS, MODEL_FILES, ROWS, WrongUsage, refuse_overwriting
from .terminal import check_ending, deliver

SUMMARY = "draw a network: graph, loss, decision surface and more"
EXAMPLE = "picture two-layer -o net.svg"
FURTHER = READING
TEXTS: dict[str, str] = {
    "model": f"lesson, whose trained network is drawn, or file of a saved model: {MODEL_FILES}",
    "out": "file to write, .svg, or a folder for all pictures (default: standard output)",
    "data": f"CSV file with rows to show on the surface ({ROWS}; default: a lesson's rows)",
}


def run(
    model: str,
    out: str | None = None,
    kind: str = "graph",
    row: list[float] | None = None,
    data: str | None = None,
    inputs: list[int] | None = None,
    **reading: Any,
) -> None:
    """Write one picture, or all that the file allows into a folder, and name each file."""
    saved = _trained(model) if is_lesson(model) else read_model(model)
    data = model if data is None and is_lesson(model) else data
    history, how = history_of(saved), reading_of(reading)

    def draw(kind: str) -> pictures.Picture:
        if kind == "graph":
            return pictures.network_graph(saved.network, row, **_names(saved))
        if kind == "slope":
            return pictures.slope_curve(saved.network.layer_activations[0])
        if kind in ("surface", "correlation"):
            rows = None if data is None else read_rows(data, build(saved), model, how)
            if kind == "surface":
                return _surface(saved, rows, inputs)
            if rows is None:
                raise WrongUsage("--data: expected rows to correlate, got nothing")
            return pictures.correlation_chart(saved.network, *rows)
        if not history.epochs:
            raise PureNetError(f"{model}: expected a training history for the loss curve, got none")
        return pictures.loss_curve(history)

    if not out or not (out.endswith(("/", os.sep)) or Path(out).is_dir()):
        check_ending(out, "a picture", ".svg")
        deliver(draw(kind).svg, out)
    else:
        possible = {"loss": history.epochs, "correlation": data}
        drawn = {kind: draw(kind) for kind in KINDS if possible.get(kind, True)}
        Path(out).mkdir(parents=True, exist_ok=True)
        for name in drawn:
            refuse_overwriting({"model": model, "data": data, "out": f"{Path(out, name)}.svg"})
        for name, picture in drawn.items():
            deliver(picture.svg, str(Path(out, f"{name}.svg")))


def _trained(name: str) -> Model:
    """Return a lesson's network after its training."""
    network, X, y, epochs = training_of(name)
    return Model(network, history=network.train(X, y, epochs=epochs, every=1))


def _surface(
    saved: Model, rows: tuple[Matrix, Matrix] | None, inputs: list[int] | None
) -> pictures.Picture:
    if inputs is not None and len(inputs) != 2:
        raise WrongUsage(f"--inputs: expected two indices such as 0,1, got {len(inputs)}")
    X, y = rows or (None, None)
    across, up = inputs or (0, 1)
    output = 0 if saved.network.sizes[-1] == 1 else None
    return pictures.decision_surface(saved.network, X, y, (across, up), output, **_names(saved))


def _names(saved: Model) -> dict[str, Any]:
    """Return the names of the inputs and outputs, if the file has them.

    The network's inputs are standardized, and a picture shows these values.
    """
    if saved.table is None:
        return {}
    note = "" if saved.inputs is None else " (standardized)"
    outputs = saved.targets if saved.classes is None else saved.classes
    return {"input_names": [name + note for name in saved.input_names], "output_names": outputs}
