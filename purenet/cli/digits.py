"""The digits command: learn four fifths of the handwritten digits, and judge on the rest."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core._types import Row
from ..core.checks import counted, one_hot
from ..core.history import History
from ..core.matrix import argmax, scale, transpose
from ..core.mt19937 import MT19937
from ..core.network import Network
from ..datasets import digits
from ..formats import save as write
from ..formats.files import check_destination
from ..pictures import image_tiles
from .data_file import new_network
from .diagnose import explain
from .terminal import Progress, Stopwatch

SUMMARY = "learn 1,797 handwritten digits and report the accuracy"
EXAMPLE = "digits --epochs 5"
TEXTS: dict[str, str] = {
    "epochs": "number of passes over the 1,437 training images",
    "out": "folder for pictures of wrong answers and of hidden units (default: no pictures)",
}
SPLIT_SEED = 0  # not --seed: every run is judged on the same images
OF_CLASSES: dict[str, Any] = {"output_activation": "softmax", "loss": "cross_entropy"}
OPTIONS: dict[str, Any] = {"optimizer": "adam", "learning_rate": 0.01, "reduction": "mean"}
BADLY = 0.5  # of the images held out; a guess is right for a tenth
BRIGHTEST = 16.0  # a pixel counts the dark dots, up to 16, in a square of the scanned image


def run(
    seed: int = 1,
    epochs: int = 20,
    hidden: int = 32,
    engine: str = "auto",
    save: str | None = None,
    out: str | None = None,
    quiet: bool = False,
    as_json: bool = False,
) -> None:
    """Train with mini-batches and adam, and print the accuracy on the images held out."""
    if save is not None:
        check_destination(save)
    images, labels = digits()
    X, y = scale(images, 1.0 / BRIGHTEST), one_hot(labels)
    order = MT19937(SPLIT_SEED).permutation(len(X))
    learned, held_out = order[: len(X) * 4 // 5], order[len(X) * 4 // 5 :]
    rows = [X[i] for i in learned], [y[i] for i in learned]
    sizes = [len(X[0]), hidden, len(y[0])]
    network = new_network(sizes, bias=True, init="glorot", seed=seed, **OF_CLASSES)
    stopwatch = Stopwatch()
    with Progress(quiet) as progress:

        def show(_: Network, history: History) -> None:
            done, loss = history.epochs[-1] + 1, history.loss[-1]
            left = stopwatch.left(done, epochs)
            progress.show(f"epoch {done} of {epochs}, loss {loss:.4f}, {left}")

        history = network.train(
            *rows, epochs=epochs, batch_size=32, callback=show, engine=engine, **OPTIONS
        )
    if save is not None:
        write(network, save, history)
    guesses = argmax(network.predict([X[i] for i in held_out]))
    right = [guess == labels[i] for guess, i in zip(guesses, held_out)].count(True)
    accuracy = right / len(held_out)
    if out is not None:
        wrong = [(images[i], labels[i], guess) for i, guess in zip(held_out, guesses)]
        _draw(network, [each for each in wrong if each[1] != each[2]], Path(out))
    if as_json:
        counts = {"learned": len(learned), "held_out": len(held_out), "right": right}
        stopwatch.print_document(network, epochs, **counts, accuracy=accuracy)
        return
    print(f"accuracy: {accuracy:.2%}, {right} of {len(held_out)} images held out")
    if not quiet:
        work = f"{counted(epochs, 'epoch')} of {counted(len(learned), 'image')}"
        print(stopwatch.closing_line(work))
        if accuracy < BADLY:
            result = f"fewer than {BADLY:.0%} of the images held out are recognized"
            advice = "try more --epochs or more --hidden"
            explain(network, *rows, result, advice, **OPTIONS)


def _draw(network: Network, wrong: list[tuple[Row, int, int]], folder: Path) -> None:
    """Draw the images with a wrong answer, and each hidden unit's weights as an image."""
    folder.mkdir(parents=True, exist_ok=True)
    images = [(f"{label}, read as {guess}", image) for image, label, guess in wrong]
    image_tiles("Digits with a wrong answer", images).save(folder / "wrong.svg")
    units = [(f"unit {j}", row) for j, row in enumerate(transpose(network.weights[0]))]
    image_tiles("Weights of the hidden units: below 0 open", units).save(folder / "units.svg")
