"""The trace command: one training step with every number, or one number with its arithmetic."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from ..core._types import Matrix
from ..formats.files import read_model
from ..formats.model import Model, build
from ..lessons import trace
from ..lessons.programs import LESSONS, training_of
from .data_file import READING, is_lesson, new_network, read_rows, reading_of
from .options import ACTIVATIONS, FOR_HIDDEN_LAYERS, WrongUsage, either
from .terminal import print_json

SUMMARY = "show one training step with all its matrices and numbers"
EXAMPLE = 'trace --cell "l1_delta[2][1]"'
OF_NEW: dict[str, Any] = {
    "seed": 1,
    "activation": "sigmoid",
    "output_activation": None,
    "loss": "squared_error",
    "bias": False,
}
FURTHER = {**OF_NEW, **READING}
TEXTS: dict[str, str] = {
    "seed": "NumPy's seed for the initial weights of a new network",
    "activation": f"activation of a new network's hidden layers: {FOR_HIDDEN_LAYERS}",
    "output_activation": "activation of a new network's output layer: "
    f"{either(ACTIVATIONS)} (default: that of the last hidden layer)",
}
STORY_LENGTH = 10_000  # iterations, by default


def run(
    what: str | None = None,
    at: int = 0,
    cell: str | None = None,
    follow: str | None = None,
    until: int | None = None,
    sizes: list[int] | None = None,
    data: str | None = None,
    learning_rate: float = 1.0,
    as_json: bool = False,
    **options: Any,
) -> None:
    """Print the step after `at` updates, one of its cells, or a number's course from there."""
    if cell is not None and follow is not None:
        raise WrongUsage("--cell and --follow: expected one of them, got both")
    if until is not None and follow is None:
        raise WrongUsage("--until: only with --follow; give --follow ADDRESS too")
    model, X, y = subject_of(what, sizes, data, options)
    history = model.history if model.kind == "network" else None
    step = trace(model.network, X, y, at=at, learning_rate=learning_rate, history=history)
    shown: Any = step
    if cell is not None:
        shown = step.cell(cell)
    elif follow is not None:
        last = at + STORY_LENGTH if until is None else until
        shown = step.follow(follow, step.iteration - at + last)
    if as_json:
        print_json(shown.as_data())
    elif shown is step:
        print(step.text(color=_color_is_welcome()))
    else:
        print(shown)


def subject_of(
    what: str | None, sizes: list[int] | None, data: str | None, options: dict[str, Any]
) -> tuple[Model, Matrix, Matrix]:
    """Return the model and the data that the options describe."""
    reading = reading_of(options)
    if sizes is None and options != OF_NEW:
        raise WrongUsage("--seed, --activation and so on: only for a new network; give --sizes too")
    if sizes is not None and what is not None:
        raise WrongUsage(f"--sizes: describes a new network; leave out {what}")
    if sizes is None and (what is None or is_lesson(what)):
        if data is not None:
            raise WrongUsage("--data: a lesson has its own rows; give --sizes or a saved model too")
        network, X, y, _ = training_of(what or "three-layer")
        return Model(network), X, y
    if sizes is None and not Path(str(what)).exists():
        raise WrongUsage(f"{what}: expected {', '.join(LESSONS)} or the name of an existing file")
    if data is None:
        raise WrongUsage("--data: expected a CSV file with the rows to train on, got nothing")
    model = read_model(str(what)) if sizes is None else Model(new_network(sizes, **options))
    return (model, *read_rows(str(data), build(model), str(what), reading))


def _color_is_welcome() -> bool:
    """Tell whether this is a terminal without NO_COLOR (https://no-color.org)."""
    environ = os.environ
    return sys.stdout.isatty() and not environ.get("NO_COLOR") and environ.get("TERM") != "dumb"
