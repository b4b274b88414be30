"""The train command: learn a model from a CSV file, and report how good it is.

`purenet.tables.learn` does the work. Here are the options, the progress, and the checkpoints.
"""

from __future__ import annotations

import json
import sys
import warnings
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from ..core.checks import PureNetError, counted
from ..estimators import Classifier, NotLearnedWarning
from ..estimators.descent import Descent
from ..formats import save
from ..formats.checkpoint import load_checkpoint
from ..formats.files import check_destination
from ..formats.writing import check_writable
from ..tables import Learned, learn
from ..tables.notes import flagged
from .checkpoints import Checkpoint, digest_of
from .diagnose import explain, training_options
from .options import MODEL_FILES, REQUIRED, STDIN, WrongUsage
from .terminal import Progress, Stopwatch

SUMMARY = "learn from a CSV file and save the model"
EXAMPLE = "train purenet/datasets/iris.csv --target species -o iris.json"
# What some options are called in Python.
IN_PYTHON = {"layers": "hidden", "most_epochs": "epochs", "seed": "random_state"}
# The command's own options: `learn` gets the others.
OWN = ("balanced", "refit", "jobs", "no_header", "checkpoint", "resume", "quiet", "as_json")
_CLASSIFIER = Classifier()
DEFAULTS: dict[str, Any] = {
    "csv": REQUIRED,
    "target": None,
    "out": None,
    "task": "auto",
    "layers": None,
    "activation": _CLASSIFIER.activation,
    "optimizer": _CLASSIFIER.optimizer,
    "learning_rate": _CLASSIFIER.learning_rate,
    "batch_size": _CLASSIFIER.batch_size,
    "most_epochs": None,
    "patience": None,
    "weight_decay": _CLASSIFIER.weight_decay,
    "validation_fraction": None,  # the estimator's own, unless the option is given
    "restarts": _CLASSIFIER.restarts,
    "balanced": False,
    "refit": False,
    "seed": 0,
    "test": 0.2,
    "validation": None,
    "jobs": 1,
    "missing": "mean",
    "drop": None,
    "delimiter": None,
    "no_header": False,
    "checkpoint": None,
    "resume": None,
    "quiet": False,
    "as_json": False,
}
TEXTS: dict[str, str] = {
    "csv": f"CSV file to learn from ({STDIN})",
    "seed": "NumPy's seed for the initial weights and for the choice of rows held out",
    "out": f"file to save the model to: {MODEL_FILES} (default: not saved)",
    "quiet": "print only the scores: no notes, no progress, no closing line",
}
ADVICE = (
    "try other columns, more rows, more --epochs or --patience, --restarts 5, --hidden, "
    "--learning-rate or --activation relu"
)


def run(csv: str, target: str | None, out: str | None, **options: Any) -> None:
    """Read, train, save, judge; progress goes to standard error, results to standard output."""
    _check_usage(target, out, options)

    def say(sentence: str) -> None:
        if not (options["as_json"] or options["quiet"]):
            print(flagged(sentence))

    learned = _learned(csv, target, lambda learned: _train(learned, out, options, say), options)
    judgement = learned.judgement
    if options["as_json"]:
        document = learned.as_data()
        more = {"written": out, "refit": options["refit"], "warning": document.pop("warning")}
        print(json.dumps({**document, **more}))
    else:
        print(
            "\n".join(
                judgement.lines
                if judgement
                else ["not judged: no rows are held out; give a higher --test"]
            )
        )
    if learned.warning:
        _doubt(learned, learned.warning)
    if options["refit"]:
        learned.refit()
        say(learned.notes[-1])
        if out is not None:
            save(learned.estimator, out)
    say(f"{out} written" if out else "model not saved; -o FILE saves it")


def _check_usage(target: str | None, out: str | None, options: dict[str, Any]) -> None:
    """Refuse options that exclude each other, and files that could not be written in the end."""
    if target is None:
        raise WrongUsage("--target: expected the name of the column to predict, got nothing")
    if options["jobs"] > 1 and options["restarts"] == 1:
        raise WrongUsage("--jobs: the processes share the restarts; give --restarts 2 or more too")
    if options["validation"] and options["validation_fraction"] is not None:
        raise WrongUsage(
            "--validation-fraction: --validation brings its own rows; leave out one of the two"
        )
    if options["optimizer"] == "rprop" and options["batch_size"] != "auto":
        raise WrongUsage(
            "--batch-size: --optimizer rprop takes all rows at once; leave out --batch-size"
        )
    if options["restarts"] > 1 and (options["checkpoint"] or options["resume"]):
        raise WrongUsage("--checkpoint and --resume: only for one restart; leave out --restarts")
    if out is not None:
        check_destination(out)
    if options["checkpoint"] is not None:
        check_writable(options["checkpoint"])


def _learned(csv: str, target: Any, train: Callable[[Learned], None], options: Any) -> Learned:
    """Call `learn` with the options; spell them as flags in its errors."""
    given = {
        IN_PYTHON.get(name, name): value
        for name, value in options.items()
        if name not in OWN and value is not None
    }
    header = False if options["no_header"] else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotLearnedWarning)  # `_doubt` says it
        try:
            return learn(csv, target, header=header, train=train, **given)
        except PureNetError as error:
            error.args = (flagged(error.args[0]),)
            raise


def _train(
    learned: Learned, out: str | None, options: dict[str, Any], say: Callable[[str], None]
) -> None:
    """Train and save, and say how the table was understood and how the training went."""
    estimator = learned.estimator
    if options["balanced"]:
        if not learned.problem.is_classes:
            raise WrongUsage("--balanced: only for classification, but the target is a number")
        estimator.set_params(class_weight="balanced")
    for note in learned.notes:
        say(note)
    stopwatch, told = Stopwatch(), len(learned.notes)
    _fit(learned, options)
    sizes = "-".join(map(str, estimator.network_.sizes))
    say(f"{sizes} network: {stopwatch.closing_line(counted(estimator.n_iter_, 'epoch'))}")
    for note in [*learned.notes[told:], f"stopped: {estimator.stopped_}"]:
        say(note)
    if out is not None:  # before anything else can fail
        save(estimator, out)


def _fit(learned: Learned, options: dict[str, Any]) -> None:
    """Fit the estimator, with checkpoints and a line of progress."""
    estimator = learned.estimator
    X, y = learned.data(learned.rows)
    identity = digest_of(estimator.get_params(), X, y, learned.validation)
    resume = options["resume"]
    start = None if resume is None else load_checkpoint(resume, identity)
    stopwatch, jobs = Stopwatch(), options["jobs"]
    pool: Any = nullcontext()
    if jobs > 1:
        from concurrent.futures import ProcessPoolExecutor  # it loads much

        pool = ProcessPoolExecutor(jobs)
    with Progress(options["quiet"]) as progress, pool as executor:
        checkpoint = Checkpoint(options["checkpoint"] or options["resume"], identity)

        def after_epoch(descent: Descent) -> None:
            checkpoint.after_epoch(descent)
            progress.show(_so_far(descent, stopwatch))

        # Processes of their own cannot call back.
        callback = after_epoch if executor is None else None
        estimator.set_params(executor=executor, callback=callback)
        try:
            learned.fit(start)
        except KeyboardInterrupt:
            progress.wipe()
            checkpoint.interrupted()
            raise
        finally:  # the processes end here
            estimator.set_params(executor=None, callback=None)


def _so_far(descent: Descent, stopwatch: Stopwatch) -> str:
    """Return the line of progress: epochs done, losses, time left."""
    done, epochs = len(descent.losses), descent.schedule.epochs
    text = f"epoch {done:,} of at most {epochs:,}, loss {descent.losses[-1]:.4f}"
    if descent.validation_losses:
        text += f", held back {descent.validation_losses[-1]:.4f}"
    return f"{text}, {stopwatch.left(done, epochs)} at most"


def _doubt(learned: Learned, failure: NotLearnedWarning) -> None:
    """Say on standard error that the model is no better than the trivial answer, and why."""
    estimator = learned.estimator
    if failure.kind == "constant target":
        print(f"purenet: column {estimator.target_!r} has one value only", file=sys.stderr)
        return
    X, y = estimator.preprocess(*learned.data(learned.rows))
    first = "try --balanced if the other classes are rare; " if failure.kind == "one class" else ""
    options = training_options(estimator, y)
    explain(estimator.network_, X, y, failure.finding, first + ADVICE, **options)
