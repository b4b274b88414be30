"""The diagnose command, and what a training that went badly says of itself."""

from __future__ import annotations

import sys
from typing import Any

from ..diagnosis import diagnose
from ..formats import load
from .data_file import network_of, read_rows
from .options import REQUIRED, WrongUsage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core._types import Matrix, Network

SUMMARY = "say what is wrong with a saved network on its data"
DEFAULTS: dict[str, Any] = {"model": REQUIRED, "data": None, "learning_rate": 1.0}


def run(model: str, data: str | None, learning_rate: float) -> None:
    """Print a sentence for each trouble."""
    if data is None:
        raise WrongUsage("--data: give the rows that the network is to be judged on")
    saved = load(model)
    X, y = read_rows(data, saved, model)
    troubles = diagnose(network_of(saved), X, y, learning_rate=learning_rate)
    print("\n".join(troubles) or "nothing found")


def explain(
    network: Network, X: Matrix, y: Matrix, result: str, advice: str, **options: Any
) -> None:
    """Say on standard error how badly a training went, and why, or else give this advice."""
    print(f"purenet: {result}", file=sys.stderr)
    for sentence in diagnose(network, X, y, **options) or [advice]:
        print(f"purenet: {sentence}", file=sys.stderr)
