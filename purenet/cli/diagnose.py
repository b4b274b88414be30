"""The diagnose command, and what a training that went badly says of itself."""

from __future__ import annotations

import sys
from typing import Any

from ..core._types import Matrix
from ..core.network import Network
from ..core.optimizers import choose
from ..diagnosis import diagnose
from ..formats import load
from .data_file import network_of, read_rows
from .options import REQUIRED, WrongUsage

SUMMARY = "say what is wrong with a saved network on its data"
DEFAULTS: dict[str, Any] = {"model": REQUIRED, "data": None, "learning_rate": None}


def run(model: str, data: str | None, learning_rate: float | None) -> None:
    """Print a sentence for each trouble."""
    if data is None:
        raise WrongUsage("--data: give the rows that the network is to be judged on")
    saved = load(model)
    X, y = read_rows(data, saved, model)
    options = training_options(saved, y)
    if learning_rate is not None:
        options["learning_rate"] = learning_rate
    print("\n".join(diagnose(network_of(saved), X, y, **options)) or "nothing found")


def training_options(model: Any, y: Matrix) -> dict[str, Any]:
    """Return the options of `diagnose` that say how a model was trained, for targets y (m x n_L).

    Of a plain network no file says so: there they are `train`'s defaults, which are the article's.
    """
    if isinstance(model, Network):
        return {}
    optimizer: Any = choose(model.optimizer, model.learning_rate, 0.0)  # knows its default rate
    return {
        "optimizer": model.optimizer,
        "learning_rate": optimizer.learning_rate,
        "reduction": "mean",
        "weights": model.weights_by_class(y),
        "target": getattr(model, "target_", None),
    }


def explain(
    network: Network, X: Matrix, y: Matrix, result: str, advice: str, **options: Any
) -> None:
    """Say on standard error how badly a training went, what `diagnose` finds, and this advice.

    The options are those of `diagnose`: how the network was trained.
    """
    for sentence in [result, *diagnose(network, X, y, **options), advice]:
        print(f"purenet: {sentence}", file=sys.stderr)
