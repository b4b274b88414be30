"""The diagnose command, and what is said of a training that went badly."""

from __future__ import annotations

from typing import Any

from ..core._types import Matrix
from ..core.network import Network
from ..diagnosis import diagnose
from ..formats import load
from .data_file import READING, read_rows, reading_of
from .options import ROWS, WrongUsage
from .terminal import remark, say

SUMMARY = "say what is wrong with a saved network on its data"
EXAMPLE = "diagnose iris.json --data purenet/datasets/iris.csv"
FURTHER = READING
TEXTS: dict[str, str] = {
    "data": f"CSV file with the rows to diagnose the network on ({ROWS}; required)",
    "learning_rate": "step size to judge (default: the model's own, or 1 for a plain network)",
}


def run(
    model: str, data: str | None = None, learning_rate: float | None = None, **reading: Any
) -> None:
    """Print a sentence for each trouble."""
    if data is None:
        raise WrongUsage("--data: expected a CSV file with rows to diagnose on, got nothing")
    saved = load(model)
    X, y = read_rows(data, saved, model, reading_of(reading))
    options = training_options(saved, y)
    if learning_rate is not None:
        options["learning_rate"] = learning_rate
    network = getattr(saved, "network_", saved)
    say(*(diagnose(network, X, y, **options) or ["no trouble found"]))


def training_options(model: Any, y: Matrix) -> dict[str, Any]:
    """Return how a model was trained, as options of `diagnose`, for targets y (m x n_L).

    The file of a plain network does not say how: then they are `train`'s defaults, the article's.
    """
    if isinstance(model, Network):
        return {}
    target = getattr(model, "target_", None)
    return {
        "optimizer": model.optimizer,
        "learning_rate": model.learning_rate,
        "reduction": "mean",
        "weights": model.weights_by_class(y),
        "target": target if isinstance(target, str) else None,
    }


def explain(
    network: Network, X: Matrix, y: Matrix, result: str, advice: str, **options: Any
) -> None:
    """Print to standard error a bad result, what `diagnose` finds, and the advice.

    The options are those of `diagnose`: how the network was trained.
    """
    for sentence in [result, *diagnose(network, X, y, **options), advice]:
        remark(sentence)
