"""A training as its frames: the weights, activations and loss of some of its iterations."""

from __future__ import annotations

import binascii
import re
import struct
from typing import Any, NamedTuple

from ..core._types import Matrix
from ..core.backpropagation import forward, loss_of
from ..core.checks import PureNetError, counted
from ..core.history import Diverged, History
from ..core.network import Network
from ..diagnosis import diagnose
from ..lessons.formulas import in_full
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
    >>> data["iterations"], len(numbers_in(data["recorded"])) / 3
    ([0, 1, 2], 3.0)
    """
    network, notes = training.network.copy(), []
    frames, rows = _room_for(network, len(training.X))
    wanted = iterations(training.epochs, frames)
    if rows < len(training.X):
        kept = [n * len(training.X) // rows for n in range(rows)]
        training = training._replace(
            X=[training.X[n] for n in kept], y=[training.y[n] for n in kept]
        )
        notes.append(f"{training.title}: the page has {rows} of the rows, and trains on these")
    if training.options:
        notes.append(f"{training.title}: pulls and what-ifs are those of plain descent on all rows")
    done: list[int] = []
    numbers: list[float] = []
    troubles = Troubles()

    def add(iteration: int) -> None:
        numbers.extend(frame_of(network, training.X, training.y))
        options = training.options or {"learning_rate": training.learning_rate}
        troubles.add(diagnose(network, training.X, training.y, **options))
        done.append(iteration)

    add(0)
    try:
        _train(training, network, wanted[1:], add)
    except Diverged as error:
        notes.append(f"{training.title}: {error}")
    history = training.history
    last = Trace(network, training.X, training.y, done[-1], training.learning_rate)
    return {
        "title": training.title,
        "sizes": network.sizes,
        "activations": network.layer_activations,
        "loss": network.loss,
        "biased": bool(network.biases),
        "rate": training.learning_rate,
        "rateText": in_full(training.learning_rate),
        "formulas": [
            {"name": formula.name, "equation": formula.equation} for formula in last.formulas
        ],
        "X": training.X,
        "y": training.y,
        "inputNames": training.input_names or None,
        "outputNames": training.output_names or None,
        "iterations": done,
        "recorded": in_base64(numbers),
        "troubles": troubles.ended(len(done)),
        "history": [*zip(history.epochs, history.loss)] if history and history.epochs else None,
        "notes": notes,
        "last": last._repr_html_(),
    }


def _train(training: Training, network: Network, wanted: list[int], add: Any) -> None:
    """Train, and call `add` at each wanted iteration or just after it.

    Each call of `train` doubles the iterations, because it compiles the network once.
    """
    at = 0
    while wanted:
        epochs = min(max(at, FIRST), training.epochs - at)

        def see(network: Network, history: History, at: int = at) -> None:
            iteration = at + history.epochs[-1] + 1
            if wanted and iteration >= wanted[0]:
                wanted[:] = [later for later in wanted if later > iteration]
                add(iteration)

        network.train(
            training.X,
            training.y,
            epochs=epochs,
            learning_rate=training.learning_rate,
            every=max(1, at // SPACING),
            callback=see,
        )
        at += epochs


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


class Troubles:
    """What `diagnose` says, and from which frame to which."""

    def __init__(self) -> None:
        self.frame = 0
        self.now: dict[str, dict[str, Any]] = {}
        self.past: list[dict[str, Any]] = []

    def add(self, sentences: list[str]) -> None:
        """Add what is said of the next frame; one that differs by its numbers alone goes on."""
        kinds = {re.sub(r"[\d.,]+(e[-+]\d+)?", "#", text): text for text in sentences}
        for kind in [kind for kind in self.now if kind not in kinds]:
            self.past.append({**self.now.pop(kind), "to": self.frame})
        for kind, text in kinds.items():
            self.now.setdefault(kind, {"from": self.frame, "text": text})
        self.frame += 1

    def ended(self, frames: int) -> list[dict[str, Any]]:
        """Return all sentences, each with its first frame and the frame after its last."""
        return [*self.past, *({**trouble, "to": frames} for trouble in self.now.values())]


def in_base64(numbers: list[float]) -> str:
    """Return float64s as text, the lowest byte first.

    >>> in_base64([1.0])
    'AAAAAAAA8D8='
    """
    data = struct.pack(f"<{len(numbers)}d", *numbers)
    return binascii.b2a_base64(data, newline=False).decode()


def numbers_in(text: str) -> list[float]:
    """Return the float64s in a text.

    >>> numbers_in("AAAAAAAA8D8=")
    [1.0]
    """
    return [value for (value,) in struct.iter_unpack("<d", binascii.a2b_base64(text))]
