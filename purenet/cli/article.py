"""The main job: the article's three-layer network learns, and prints the article's numbers."""

from __future__ import annotations

import json

from ..core.matrix import counted, mean_absolute, subtract
from ..core.network import Network
from ..datasets import xor
from .terminal import Progress, Stopwatch, interpreter

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ..core.training import History

SUMMARY = "train the article's three-layer network and print its errors"
DEFAULTS = {"seed": 1, "epochs": 60_000, "hidden": 4, "quiet": False, "as_json": False}
ENTRIES = 6  # the article prints six errors, a sixth of its 60,000 iterations apart


def run(seed: int, epochs: int, hidden: int, quiet: bool, as_json: bool) -> None:
    """Train, print the error before each sixth of the iterations, and then the predictions."""
    X, y = xor()
    network = Network([len(X[0]), hidden, len(y[0])], seed=seed)
    stopwatch = Stopwatch()
    errors = []
    with Progress(quiet) as progress:
        for start, end in _stretches(epochs):
            error = mean_absolute(subtract(y, network.predict(X)))
            errors.append({"iteration": start, "error": error})
            if not as_json:
                progress.wipe()
                print(f"Error:{error:.12g}", flush=True)
            _train(network, X, y, start, end, epochs, progress)
    outputs = network.predict(X)
    if as_json:
        document = {
            "sizes": network.sizes,
            "seed": seed,
            "epochs": epochs,
            "errors": errors,
            "inputs": X,
            "targets": y,
            "outputs": outputs,
            "weights": network.weights,
            "seconds": stopwatch.seconds(),
            "interpreter": interpreter(),
        }
        print(json.dumps(document))
        return
    for row, [target], [output] in zip(X, y, outputs):
        print(f"{[int(x) for x in row]} -> {output:.8f}, target {target:.0f}")
    if not quiet:
        print(stopwatch.closing_line(counted(epochs, "iteration")))


def _stretches(epochs: int) -> list[tuple[int, int]]:
    """Return where each sixth of the iterations begins and ends; fewer than six make fewer."""
    starts = sorted({k * epochs // ENTRIES for k in range(ENTRIES)})
    return list(zip(starts, [*starts[1:], epochs]))


def _train(
    network: Network,
    X: list[list[float]],
    y: list[list[float]],
    start: int,
    end: int,
    epochs: int,
    progress: Progress,
) -> None:
    def show(_: Network, history: History) -> None:
        progress.show(f"iteration {start + history.epochs[-1]:,} of {epochs:,}")

    network.train(X, y, epochs=end - start, callback=show, every=min(1 + (end - start) // 20, 1000))
