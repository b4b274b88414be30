"""A training as its frames: the weights, activations and loss of some of its iterations."""

from __future__ import annotations

import re
import struct
from base64 import b64encode
from typing import Any, NamedTuple

from ..core._types import Matrix
from ..core.backpropagation import forward, loss_of
from ..core.checks import PureNetError, counted
from ..core.history import Diverged, History
from ..core.network import Network
from ..diagnosis import diagnose
from ..lessons.formulas import formulas_of, in_full
from ..lessons.tracing import Trace

FIRST = 20  # all of the first iterations are recorded
MOST_FRAMES, FEWEST_FRAMES = 150, 24
MOST_BYTES = 800_000  # of the frames in base64; the rest of a page is below 200,000
MOST_ROWS = 12  # of data that are too large
SPACING = 64  # of the iterations done so far, one in this many can be recorded


class Training(NamedTuple):
    """A network before its training, its data, and what to call it.

    The names are those of the inputs and outputs, if they have some. With no epochs there is one
    frame, `history` is the course of its loss, and `options` tell `diagnose` how it was trained.
    """

    title: str
    network: Network
    X: Matrix
    y: Matrix
    epochs: int
    learning_rate: float = 1.0
    input_names: list[str] | None = None
    output_names: list[str] | None = None
    history: History | None = None
    options: dict[str, Any] | None = None


def iterations(epochs: int, frames: int) -> list[int]:
    """Return which iterations are recorded: the first, then evenly on a logarithmic scale.

    >>> iterations(1000, 30)[15:]
    [20, 26, 35, 46, 61, 80, 106, 141, 186, 247, 326, 432, 571, 756, 1000]
    """
    few = min(FIRST, frames // 2, epochs)
    rest = frames - few
    spread = {round(few * (epochs / few) ** (n / rest)) for n in range(1, rest + 1)} if few else {0}
    return sorted({*range(few), *spread, epochs})


def record(training: Training) -> dict[str, Any]:
    """Return a training as the page's script reads it; the network is unchanged.

    >>> data = record(Training("one", Network([1, 1], init="zeros"), [[3.0]], [[1.0]], epochs=2))
    >>> data["iterations"], len(data["recorded"]) * 6 // 64  # characters of 6 bits, floats of 64
    ([0, 1, 2], 9)
    """
    frames, rows = _room_for(training.network, len(training.X))
    training, notes = _with_rows(training, rows)
    recording = Recording(training)
    try:
        recording.train(iterations(training.epochs, frames))
    except Diverged as error:
        notes.append(f"{training.title}: {error}")
    return {**recording.as_data(), "notes": notes}


def _with_rows(training: Training, rows: int) -> tuple[Training, list[str]]:
    """Return a training on this number of its rows, and notes on what is left out."""
    notes = []
    if training.options:
        notes.append(f"{training.title}: pulls and what-ifs are those of plain descent on all rows")
    if rows < len(training.X):
        kept = [n * len(training.X) // rows for n in range(rows)]
        X, y = [training.X[n] for n in kept], [training.y[n] for n in kept]
        training = training._replace(X=X, y=y, options=None)
        notes.append(f"{training.title}: the page has {rows} of the rows, and trains on these")
    return training, notes


class Recording:
    """The frames of a training, of which the first is its beginning."""

    def __init__(self, training: Training) -> None:
        self.training, self.network = training, training.network.copy()
        self.iterations: list[int] = []
        self.numbers: list[float] = []
        self.troubles: list[list[str]] = []
        self.options = training.options or {"learning_rate": training.learning_rate}
        self._add(0)

    def _add(self, iteration: int) -> None:
        X, y = self.training.X, self.training.y
        self.iterations.append(iteration)
        self.numbers += frame_of(self.network, X, y)
        self.troubles.append(diagnose(self.network, X, y, **self.options))

    def train(self, wanted: list[int]) -> None:
        """Train, and add each wanted iteration, or the next one where not all can be seen.

        Each call of the network's `train` doubles the iterations, as it compiles the network once.
        """
        _, _, X, y, epochs, rate = self.training[:6]
        at = 0
        while at < epochs:
            every, further = max(1, at // SPACING), min(max(at, FIRST), epochs - at)

            def see(_: Network, history: History, at: int = at) -> None:
                iteration = at + history.epochs[-1] + 1
                due = next(later for later in wanted if later > self.iterations[-1])
                if iteration >= due:
                    self._add(iteration)

            self.network.train(X, y, epochs=further, learning_rate=rate, every=every, callback=see)
            at += further

    def as_data(self) -> dict[str, Any]:
        """Return the training and its frames as JSON values, and the last frame as a table.

        The table is for a page without scripts.
        """
        title, _, X, y, _, rate, input_names, output_names, history, _ = self.training
        network, formulas = self.network, formulas_of(self.network, rate)
        return {
            "title": title,
            "sizes": network.sizes,
            "activations": network.layer_activations,
            "loss": network.loss,
            "biased": bool(network.biases),
            "rate": rate,
            "rateText": in_full(rate),
            "formulas": [{"name": each.name, "equation": each.equation} for each in formulas],
            "X": X,
            "y": y,
            "inputNames": input_names or None,
            "outputNames": output_names or None,
            "history": [*zip(history.epochs, history.loss)] if history and history.epochs else None,
            "iterations": self.iterations,
            "recorded": in_base64(self.numbers),
            "troubles": stretches_of(self.troubles),
            "last": Trace(network, X, y, self.iterations[-1], rate)._repr_html_(),
        }


def frame_of(network: Network, X: Matrix, y: Matrix) -> list[float]:
    """Return the numbers of a frame: weights, biases, activations after X, and the loss.

    >>> frame_of(Network([1, 1], init="zeros"), [[3.0]], [[1.0]])
    [0.0, 0.5, 0.125]
    """
    matrices = [*network.weights, network.biases, *forward(network, X)[1:]]
    return [
        *(value for matrix in matrices for row in matrix for value in row),
        loss_of(network, X, y),
    ]


def _room_for(network: Network, rows: int) -> tuple[int, int]:
    """Return how many frames of how many rows a page has room for."""
    weights = sum((m + 1) * n for m, n in zip(network.sizes, network.sizes[1:]))

    def frames(rows: int) -> int:
        values = weights + 1 + rows * sum(network.sizes[1:])
        data = 2 * rows * (network.sizes[0] + network.sizes[-1])  # numbers as text
        return int((MOST_BYTES * 6 / 64 - data) / values)

    fits = frames(rows) >= FEWEST_FRAMES
    shown = rows if fits else min(rows, MOST_ROWS)
    if frames(shown) < 2:
        has = counted(weights, "parameter")
        raise PureNetError(f"report: expected a network that fits on a page, got {has}")
    return min(MOST_FRAMES, frames(shown)), shown


def stretches_of(troubles: list[list[str]]) -> list[dict[str, Any]]:
    """Return the sentences said of frames, each with its first frame and the frame after its last.

    One that differs by its numbers alone goes on.

    >>> stretches_of([["1 is wrong"], ["2 is wrong"], []])
    [{'from': 0, 'text': '1 is wrong', 'to': 2}]
    """
    now: dict[str, dict[str, Any]] = {}
    past = []
    for frame, sentences in enumerate([*troubles, []]):  # after the last frame, all end
        kinds = {re.sub(r"[\d.,]+(e[-+]\d+)?", "#", text): text for text in sentences}
        past += [{**now.pop(kind), "to": frame} for kind in [*now] if kind not in kinds]
        for kind, text in kinds.items():
            now.setdefault(kind, {"from": frame, "text": text})
    return past


def in_base64(numbers: list[float]) -> str:
    """Return float64s as text, the lowest byte first.

    >>> in_base64([1.0])
    'AAAAAAAA8D8='
    """
    return b64encode(struct.pack(f"<{len(numbers)}d", *numbers)).decode()
