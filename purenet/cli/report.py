"""The report command: a training as one HTML page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core._types import Matrix
from ..formats.files import history_of
from ..formats.model import Model, build
from ..page.document import LESSONS, lesson, page_of
from ..page.frames import Training
from . import trace
from .data_file import is_lesson
from .diagnose import training_options
from .options import STDIN
from .terminal import check_ending, deliver, remark

SUMMARY = "show a training as one HTML page, to go through and to play with"
EXAMPLE = "report -o report.html"
FURTHER = trace.FURTHER
TEXTS: dict[str, str] = {
    **trace.TEXTS,
    "what": "lesson or saved model to show: two-layer, three-layer, eleven-lines, or a file that "
    "ends in .json, .npz, .safetensors or .onnx (default: both lessons)",
    "data": f"CSV file with the rows to train on ({STDIN}; default: the lesson's rows)",
    "sizes": "neurons in each layer of a new network, from inputs to outputs, such as 3,4,1 "
    "(default: those of the lesson or the model)",
    "epochs": "number of iterations to record (default: the lesson's, 0 for a saved model, 10,000 "
    "for a new network)",
}
USUAL = 10_000  # iterations of a new network


def run(
    what: str | None = None,
    sizes: list[int] | None = None,
    data: str | None = None,
    learning_rate: float = 1.0,
    epochs: int | None = None,
    lang: str = "en",
    out: str | None = None,
    **options: Any,
) -> None:
    """Write the page of the article's trainings, or of another one."""
    check_ending(out, "a page", ".html", ".htm")
    model, X, y = trace.subject_of(what, sizes, data, options)
    if sizes is None and (what is None or is_lesson(what)):
        chosen = [what] if what else LESSONS
        trainings = [lesson(name, epochs, learning_rate) for name in chosen]
    else:
        network, known = model.network, {} if sizes is not None else _known_of(model, y)
        usual = 0 if known else USUAL
        epochs = usual if epochs is None else epochs
        X, y = network.check_data(X, y)
        title = Path(str(what or data)).name
        trainings = [Training(title, network, X, y, epochs, learning_rate, **known)]
    page = page_of(trainings, lang)
    for note in page.notes:
        remark(note)
    deliver(page.html, out)


def _known_of(model: Model, y: Matrix) -> dict[str, Any]:
    """Return the names, the history and the training options of a saved model."""
    outputs = list(map(str, model.classes or [])) or model.targets
    return {
        "input_names": model.input_names,
        "output_names": outputs if len(outputs) == len(y[0]) else [],
        "history": history_of(model),
        "options": training_options(build(model), y),
    }
