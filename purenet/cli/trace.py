"""The trace command: one training step with every number, or one number with its arithmetic."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from ..core._types import Matrix
from ..core.network import Network
from ..datasets import article_two_layer, xor
from ..formats import load
from ..lessons import trace
from .data_file import network_of, read_rows
from .options import WrongUsage

SUMMARY = "write out one training step, every matrix with its numbers"
OF_A_NEW_NETWORK: dict[str, Any] = {
    "seed": 1,
    "activation": "sigmoid",
    "output_activation": None,
    "loss": "squared_error",
    "bias": False,
}
DEFAULTS: dict[str, Any] = {
    "what": None,
    "at": 0,
    "cell": None,
    "follow": None,
    "until": None,
    "sizes": None,
    "data": None,
    "learning_rate": 1.0,
    **OF_A_NEW_NETWORK,
    "as_json": False,
}
TRACED = ("two-layer", "three-layer", "eleven-lines")
STORY_LENGTH = 10_000  # iterations, by default


def run(
    what: str | None,
    at: int,
    cell: str | None,
    follow: str | None,
    until: int | None,
    sizes: list[int] | None,
    data: str | None,
    learning_rate: float,
    as_json: bool,
    **of_a_new_network: Any,
) -> None:
    """Print the step after `at` updates, or one of its cells, or a weight's story from there."""
    if cell is not None and follow is not None:
        raise WrongUsage("--cell and --follow: one at a time")
    if until is not None and follow is None:
        raise WrongUsage("--until: it goes with --follow")
    network, X, y = _subject(what, sizes, data, of_a_new_network)
    step = trace(network, X, y, at=at, learning_rate=learning_rate)
    shown: Any = step
    if cell is not None:
        shown = step.cell(cell)
    elif follow is not None:
        shown = step.follow(follow, at + STORY_LENGTH if until is None else until)
    if as_json:
        print(json.dumps(shown.as_data()))
    elif shown is step:
        print(step.text(color=_color_is_welcome()))
    else:
        print(shown)


def _subject(
    what: str | None, sizes: list[int] | None, data: str | None, options: dict[str, Any]
) -> tuple[Network, Matrix, Matrix]:
    """Return the network and the data that the options describe."""
    lesson = None if sizes is not None else _lesson(what)
    if lesson is None and sizes is None and not Path(str(what)).exists():
        raise WrongUsage(f"{what}: expected {', '.join(TRACED)}, or the name of a file")
    if lesson is None and data is None:
        raise WrongUsage("--data: give the rows to train on; only the lessons bring their own")
    if lesson is not None and data is not None:
        raise WrongUsage("--data: the lessons bring their own; it goes with --sizes or a model")
    if sizes is None and options != OF_A_NEW_NETWORK:
        raise WrongUsage("--seed, --activation and the like describe a new network: add --sizes")
    if sizes is not None and what is not None:
        raise WrongUsage(f"--sizes: it describes a new network, but there is {what} already")
    if lesson is not None:
        return lesson
    model = load(str(what)) if sizes is None else Network(sizes, **options)
    return (network_of(model), *read_rows(str(data), model, str(what)))


def _lesson(what: str | None) -> tuple[Network, Matrix, Matrix] | None:
    """Return a lesson's network as it begins, and its data."""
    if what is not None and what not in TRACED:
        return None
    if what == "two-layer":
        return (Network([3, 1], seed=1), *article_two_layer())
    return (Network([3, 4, 1], seed=1), *xor())


def _color_is_welcome() -> bool:
    """Tell whether this is a terminal, and nobody said NO_COLOR (https://no-color.org)."""
    on_a_terminal = sys.stdout is not None and sys.stdout.isatty()
    return on_a_terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
