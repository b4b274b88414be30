"""The article command, the default: train the article's network, print the article's numbers."""

from __future__ import annotations

from typing import Any

from ..core._types import Matrix
from ..core.checks import all_done, counted
from ..core.history import History
from ..core.matrix import mean_absolute, subtract
from ..core.network import Network
from ..datasets import xor
from ..formats import save as write
from ..formats.files import check_destination
from .data_file import new_network
from .diagnose import explain
from .terminal import Progress, Stopwatch

SUMMARY = "train the article's three-layer network and print its errors"
EXAMPLE = "article --save net.json"
TEXTS: dict[str, str] = {"epochs": "number of training iterations, each over all four rows"}
ENTRIES = 6  # the article prints six errors, a sixth of its 60,000 iterations apart


def run(
    seed: int = 1,
    epochs: int = 60_000,
    hidden: int = 4,
    learning_rate: float = 1.0,
    save: str | None = None,
    quiet: bool = False,
    as_json: bool = False,
) -> None:
    """Train, print the error before each sixth of the iterations, and then the predictions."""
    if save is not None:
        check_destination(save)
    X, y = xor()
    network = new_network([len(X[0]), hidden, len(y[0])], seed=seed)
    stopwatch = Stopwatch()
    history, errors = _train(network, X, y, epochs, learning_rate, quiet, as_json)
    if save is not None:
        write(network, save, history)
    outputs = network.predict(X)
    if as_json:
        found = {"inputs": X, "targets": y, "outputs": outputs, "weights": network.weights}
        stopwatch.print_document(network, epochs, errors=errors, **found)
        return
    for row, [target], [output] in zip(X, y, outputs):
        print(f"{[int(x) for x in row]} -> {output:.8f}, target {target:.0f}")
    if not quiet:
        print(stopwatch.closing_line(counted(epochs, "iteration")))
        _doubt(network, X, y, outputs, learning_rate)


def _train(
    network: Network,
    X: Matrix,
    y: Matrix,
    epochs: int,
    learning_rate: float,
    quiet: bool,
    as_json: bool,
) -> tuple[History, list[dict[str, Any]]]:
    """Train, and record the loss as a single training would; return the errors too."""
    history, errors = History(), list[dict[str, Any]]()
    shown = {k * epochs // ENTRIES for k in range(ENTRIES)}  # of few iterations, fewer
    starts = sorted(shown | {n for n in (10, 100, 1000) if n < epochs})  # history for a log axis
    with Progress(quiet) as progress:

        def show(_: Network, part: History) -> None:
            progress.show(f"iteration {start + part.epochs[-1]:,} of {epochs:,}")

        for start, end in zip(starts, [*starts[1:], epochs]):
            if start in shown:
                error = mean_absolute(subtract(y, network.predict(X)))
                errors.append({"iteration": start, "error": error})
                if not as_json:
                    progress.wipe()
                    print(f"Error:{error:.12g}", flush=True)
            epochs_now, every = end - start, min(1 + (end - start) // 20, 1000)
            part = network.train(
                X, y, epochs=epochs_now, learning_rate=learning_rate, callback=show, every=every
            )
            history.epochs += [start + epoch for epoch in part.epochs]
            history.loss += part.loss
    history.engine, history.stopped = part.engine, all_done(epochs)
    return history, errors


def _doubt(network: Network, X: Matrix, y: Matrix, outputs: Matrix, learning_rate: float) -> None:
    """Say what may be wrong if an output is on the wrong side of 0.5."""
    wrong = [(output > 0.5) != (target > 0.5) for [output], [target] in zip(outputs, y)]
    if any(wrong):
        rows = f"{wrong.count(True)} of {counted(len(y), 'answer')} are on the wrong side of 0.5"
        advice = "try more --epochs, more --hidden or another --seed; see `purenet why xor`"
        explain(network, X, y, rows, advice, learning_rate=learning_rate)
