"""The train command: a CSV file becomes a model, and a person learns how good it is."""

from __future__ import annotations

import contextlib
import json
import sys
import warnings
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from typing import Any

from ..core._types import Matrix
from ..core.checks import counted
from ..estimators import Classifier, Regressor
from ..estimators.descent import Descent
from ..estimators.outcome import NotLearnedWarning
from ..formats import save
from ..formats.files import check_destination
from ..formats.writing import check_writable
from ..tables.columns import encode, numbers_of
from ..tables.csv_table import Table, read_table
from ..tables.problem import Problem, about, filled_lines, problem_of, split
from ..tables.scores import Judgement, judgement_of
from .checkpoints import Checkpoint, digest_of, resumed
from .data_file import labels_among
from .diagnose import explain, training_options
from .options import REQUIRED, WrongUsage
from .terminal import Progress, Stopwatch

SUMMARY = "learn from a CSV file, and write the model down"
# What the options of the command are called in Python.
OF_THE_ESTIMATOR = {
    "layers": "hidden",
    "activation": "activation",
    "optimizer": "optimizer",
    "learning_rate": "learning_rate",
    "batch_size": "batch_size",
    "most_epochs": "epochs",
    "patience": "patience",
    "weight_decay": "weight_decay",
    "validation_fraction": "validation_fraction",
    "restarts": "restarts",
}
DEFAULTS: dict[str, Any] = {
    "csv": REQUIRED,
    "target": None,
    "out": None,
    "task": "auto",
    **{name: getattr(Classifier(), theirs) for name, theirs in OF_THE_ESTIMATOR.items()},
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
ADVICE = (
    "try other columns, more rows, more --epochs or --patience, --restarts 5, --hidden, "
    "--learning-rate or --activation relu"
)


def run(csv: str, target: str | None, out: str | None, **options: Any) -> None:
    """Read, train, write, judge; progress goes to standard error, what is found out to output."""
    _check_usage(target, out, options)
    say = _silent if options["as_json"] or options["quiet"] else print
    table = _table(csv, options)
    drop, missing = options["drop"] or [], options["missing"]
    problem = problem_of(table, str(target), options["task"], drop, missing)
    balanced = options["balanced"]
    if balanced and not problem.is_classes:
        raise WrongUsage("--balanced: it is for classes, and the target is a number")
    for line in about(problem, options["task"] != "auto"):
        say(line)
    learned, held_out = split(problem, options["test"], options["seed"])
    validation = _validation(problem, options, say)
    stopwatch = Stopwatch()
    estimator, failure = _trained(problem, learned, validation, options)
    estimator.columns_, estimator.target_ = problem.columns, target
    sizes = "-".join(map(str, estimator.network_.sizes))
    say(f"{sizes} network: {stopwatch.closing_line(counted(estimator.n_iter_, 'epoch'))}")
    say(_rows_line(estimator, len(learned), len(held_out), validation))
    say(f"stopped: {estimator.stopped_}")
    if out is not None:
        save(estimator, out)
    judgement = judgement_of(estimator, problem, held_out)
    # Where classes count alike, the share of right answers is not what was learned.
    if not failure and judgement and judgement.score <= judgement.baseline and not balanced:
        failure = NotLearnedWarning("trivial", judgement.failure)
    if options["as_json"]:
        document = _document(estimator, problem, len(learned), bool(validation), judgement)
        document.update(written=out, refit=options["refit"], warning=failure and failure.finding)
        print(json.dumps(document))
    else:
        print("\n".join(judgement.lines if judgement else ["no rows were held out to judge it on"]))
    if failure:
        _doubt(estimator, problem, learned, failure)
    if options["refit"]:
        _refit(estimator, problem, validation, say)
        if out is not None:
            save(estimator, out)
    say(f"{out} written" if out else "not written down: -o FILE does that")


def _table(path: str, options: dict[str, Any]) -> Table:
    return read_table(path, options["delimiter"], False if options["no_header"] else None)


def _validation(
    problem: Problem, options: dict[str, Any], say: Callable[[str], None]
) -> tuple[Matrix, list[Any]] | None:
    """Return the inputs and targets of the table that tells when to stop, None where there is none.

    Its columns are found by name, and mean what they mean in the table to learn.
    """
    if options["validation"] is None:
        return None
    table = _table(options["validation"], options)
    X = encode(problem.columns, table)
    say(f"{table.source}: {counted(len(table.rows), 'row')} to tell when to stop")
    for line in filled_lines(problem.columns, table):
        say(line)
    if problem.is_classes:
        where = "the classes of the table to learn"
        return X, labels_among(table, problem.target, problem.classes, where)
    return X, list(numbers_of(table, problem.target))


def _rows_line(
    estimator: Any, rows: int, held_out: int, validation: tuple[Matrix, list[Any]] | None
) -> str:
    """Return how many rows were learned, and what the others were for."""
    if validation is None:
        held_back = estimator.fitted_state()[1].n_held_back
        when_to_stop = f"{held_back:,} held back to tell when to stop"
        learned = rows - held_back
    else:
        learned, when_to_stop = rows, f"{len(validation[1]):,} of another table tell when to stop"
    part = f"{learned / (rows + held_out):.0%} of the table"
    return f"rows: {learned:,} learned ({part}), {when_to_stop}, {held_out:,} held out to judge by"


def _silent(_: str) -> None:
    """Say nothing."""


def _refit(
    estimator: Any,
    problem: Problem,
    validation: tuple[Matrix, list[Any]] | None,
    say: Callable[[str], None],
) -> None:
    """Learn all rows anew, those too that told when to stop and how good the model is."""
    X, y = validation or ([], [])
    estimator.refit_on(problem.X + X, problem.y + y)
    epochs = counted(estimator.fitted_state()[1].best_epoch + 1, "epoch")
    say(f"trained once more on all {counted(len(problem.y) + len(y), 'row')}, for {epochs}")


def _check_usage(target: str | None, out: str | None, options: dict[str, Any]) -> None:
    """Refuse what does not go together, and what could not be written after hours of training."""
    if target is None:
        raise WrongUsage("--target: give the name of the column to predict")
    if options["jobs"] > 1 and options["restarts"] == 1:
        raise WrongUsage("--jobs: processes share restarts; give --restarts too")
    if options["validation"] and options["validation_fraction"] != DEFAULTS["validation_fraction"]:
        raise WrongUsage("--validation-fraction: with --validation no rows are held back")
    if options["optimizer"] == "rprop" and options["batch_size"] != "auto":
        raise WrongUsage("--batch-size: rprop takes all rows at once; leave it out")
    if options["restarts"] > 1 and (options["checkpoint"] or options["resume"]):
        raise WrongUsage("--checkpoint and --resume: they go with one restart")
    if out is not None:
        check_destination(out)
    if options["checkpoint"] is not None:
        check_writable(options["checkpoint"])


def _document(
    estimator: Any,
    problem: Problem,
    rows: int,
    has_validation: bool,
    judgement: Judgement | None,
) -> dict[str, Any]:
    """Return what is found out, with this many rows not held out, as what JSON can hold."""
    held_back = estimator.fitted_state()[1].n_held_back
    return {
        "task": "classification" if problem.is_classes else "regression",
        "target": problem.target,
        "classes": problem.classes,
        "inputs": [name for column in problem.columns for name in column.inputs],
        "rows": len(problem.y),
        "rows_learned": rows - (0 if has_validation else held_back),
        "rows_to_validate_by": held_back,
        "rows_held_out": len(problem.y) - rows,
        "sizes": estimator.network_.sizes,
        "epochs": estimator.n_iter_,
        "stopped": estimator.stopped_,
        "loss": estimator.loss_curve_,
        "validation_loss": estimator.validation_loss_curve_,
        "held_out": judgement.as_data() if judgement else None,
    }


def _doubt(
    estimator: Any, problem: Problem, learned: list[int], failure: NotLearnedWarning
) -> None:
    """Say on standard error that a model is no better than the trivial answer, and perhaps why."""
    if failure.kind == "constant target":
        print(f"purenet: column {problem.target!r} has one value only", file=sys.stderr)
        return
    X, y = estimator.preprocess([problem.X[i] for i in learned], [problem.y[i] for i in learned])
    advice = ADVICE
    if failure.kind == "one class":
        advice = f"try --balanced if the other classes are rare; {ADVICE}"
    options = training_options(estimator, y)
    explain(estimator.network_, X, y, failure.finding, advice, **options)


def _trained(
    problem: Problem,
    learned: list[int],
    validation: tuple[Matrix, list[Any]] | None,
    options: dict[str, Any],
) -> tuple[Any, NotLearnedWarning | None]:
    """Return the estimator, fitted to the rows to learn, and the warning that the fit gave."""
    kind = Classifier if problem.is_classes else Regressor
    estimator: Any = kind(
        random_state=options["seed"],
        **{theirs: options[name] for name, theirs in OF_THE_ESTIMATOR.items()},
    )
    if options["balanced"]:
        estimator.set_params(class_weight="balanced")
    X, y = [problem.X[i] for i in learned], [problem.y[i] for i in learned]
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", NotLearnedWarning)
        _fit(estimator, X, y, validation, options)
    found = [each.message for each in caught if isinstance(each.message, NotLearnedWarning)]
    for each in caught:
        if each.message not in found:
            warnings.warn(each.message, stacklevel=1)
    return estimator, found[0] if found else None


def _fit(
    estimator: Any,
    X: Matrix,
    y: list[Any],
    validation: tuple[Matrix, list[Any]] | None,
    options: dict[str, Any],
) -> None:
    """Fit an estimator with what keeps a training from being lost, and a line of progress."""
    identity = digest_of(estimator.get_params(), X, y, validation)
    start = resumed(options["resume"], identity)
    stopwatch = Stopwatch()
    with Progress(options["quiet"]) as progress, _workers(options["jobs"]) as executor:
        checkpoint = Checkpoint(options["checkpoint"] or options["resume"], identity)

        def after_epoch(descent: Descent) -> None:
            checkpoint.after_epoch(descent)
            progress.show(_so_far(descent, stopwatch))

        # Processes of their own cannot call back.
        callback = after_epoch if executor is None else None
        estimator.set_params(executor=executor, callback=callback)
        try:
            estimator.resume(X, y, start, validation_data=validation)
        except KeyboardInterrupt:
            progress.wipe()
            checkpoint.interrupted()
            raise
        finally:  # the processes end here
            estimator.set_params(executor=None, callback=None)


@contextlib.contextmanager
def _workers(jobs: int) -> Iterator[Executor | None]:
    """Give so many processes to work with, None for one."""
    if jobs == 1:
        yield None
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield pool


def _so_far(descent: Descent, stopwatch: Stopwatch) -> str:
    """Return the line of progress: how far, how good, how long still at most."""
    done, epochs = len(descent.losses), descent.schedule.epochs
    left = stopwatch.seconds() / done * (epochs - done)
    text = f"epoch {done:,} of at most {epochs:,}, loss {descent.losses[-1]:.4f}"
    if descent.validation_losses:
        text += f", held back {descent.validation_losses[-1]:.4f}"
    return f"{text}, {left:.0f} s left at most"
