"""The train command: a CSV file becomes a model, and a person learns how good it is."""

from __future__ import annotations

import contextlib
import json
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from ..core.matrix import counted
from ..estimators import Classifier, Regressor
from ..formats import save
from ..formats.csv_table import read_table
from ..formats.files import check_destination
from ..formats.writing import check_writable
from .checkpoints import Checkpoint, digest_of, resumed
from .diagnose import explain, training_options
from .options import REQUIRED, WrongUsage
from .problem import about, problem_of, split
from .report import judgement_of
from .terminal import Progress, Stopwatch

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor

    from ..estimators.descent import Descent
    from .problem import Problem
    from .report import Judgement

SUMMARY = "learn from a CSV file, and write the model down"
OF_THE_ESTIMATOR = (
    "activation",
    "optimizer",
    "learning_rate",
    "batch_size",
    "epochs",
    "patience",
    "restarts",
)
DEFAULTS: dict[str, Any] = {
    "csv": REQUIRED,
    "target": None,
    "out": None,
    "task": "auto",
    "layers": None,
    **{name: getattr(Classifier(), name) for name in OF_THE_ESTIMATOR},
    "seed": 0,
    "test": 0.2,
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


def run(csv: str, target: str | None, out: str | None, **options: Any) -> None:
    """Read, train, write, judge; progress goes to standard error, what is found out to output."""
    _check_usage(target, out, options)
    say = _silent if options["as_json"] or options["quiet"] else print
    table = read_table(csv, options["delimiter"], False if options["no_header"] else None)
    drop, missing = options["drop"] or [], options["missing"]
    problem = problem_of(table, str(target), options["task"], drop, missing)
    for line in about(problem, options["task"] != "auto"):
        say(line)
    learned, held_out = split(problem, options["test"], options["seed"])
    stopwatch = Stopwatch()
    estimator = _trained(problem, learned, options)
    estimator.columns_, estimator.target_ = problem.columns, target
    sizes, epochs = estimator.network_.sizes, counted(estimator.n_iter_, "epoch")
    rows = f"{counted(len(learned), 'row')} learned, {len(held_out):,} held out"
    say(f"{'-'.join(map(str, sizes))} network, {rows}: {stopwatch.closing_line(epochs)}")
    say(f"stopped: {estimator.stopped_}")
    if out is not None:
        save(estimator, out)
    judgement = judgement_of(estimator, problem, held_out)
    if options["as_json"]:
        print(json.dumps(_document(estimator, problem, judgement, out)))
        return
    print("\n".join(judgement.lines if judgement else ["no rows were held out to judge it on"]))
    say(f"{out} written" if out else "not written down: -o FILE does that")
    if judgement and judgement.score <= judgement.baseline:
        _doubt(estimator, problem, learned)


def _silent(_: str) -> None:
    """Say nothing."""


def _check_usage(target: str | None, out: str | None, options: dict[str, Any]) -> None:
    """Refuse what does not go together, and what could not be written after hours of training."""
    if target is None:
        raise WrongUsage("--target: give the name of the column to predict")
    if options["jobs"] > 1 and options["restarts"] == 1:
        raise WrongUsage("--jobs: processes share restarts; give --restarts too")
    if options["restarts"] > 1 and (options["checkpoint"] or options["resume"]):
        raise WrongUsage("--checkpoint and --resume: they go with one restart")
    if out is not None:
        check_destination(out)
    if options["checkpoint"] is not None:
        check_writable(options["checkpoint"])


def _document(
    estimator: Any, problem: Problem, judgement: Judgement | None, out: str | None
) -> dict[str, Any]:
    """Return what is found out as what JSON can hold."""
    return {
        "task": "classification" if problem.is_classes else "regression",
        "target": problem.target,
        "classes": problem.classes,
        "inputs": [name for column in problem.columns for name in column.inputs],
        "rows": len(problem.y),
        "sizes": estimator.network_.sizes,
        "epochs": estimator.n_iter_,
        "stopped": estimator.stopped_,
        "loss": estimator.loss_curve_,
        "validation_loss": estimator.validation_loss_curve_,
        "held_out": judgement.as_data() if judgement else None,
        "written": out,
    }


def _doubt(estimator: Any, problem: Problem, learned: list[int]) -> None:
    """Say on standard error why a model may be no better than the trivial answer."""
    X, y = estimator.as_learned([problem.X[i] for i in learned], [problem.y[i] for i in learned])
    result = "the model is no better than the trivial answer"
    advice = "try other columns, more rows, --hidden or --learning-rate"
    explain(estimator.network_, X, y, result, advice, **training_options(estimator))


def _trained(problem: Problem, learned: list[int], options: dict[str, Any]) -> Any:
    """Return the estimator, fitted to the rows that are to be learned."""
    kind = Classifier if problem.is_classes else Regressor
    estimator = kind(
        options["layers"],
        random_state=options["seed"],
        **{name: options[name] for name in OF_THE_ESTIMATOR},
    )
    X, y = [problem.X[i] for i in learned], [problem.y[i] for i in learned]
    identity = digest_of(estimator.get_params(), X, y)
    start = resumed(options["resume"], identity)
    stopwatch = Stopwatch()
    with Progress(options["quiet"]) as progress, _workers(options["jobs"]) as executor:
        checkpoint = Checkpoint(options["checkpoint"] or options["resume"], identity)

        def after_epoch(descent: Descent) -> None:
            checkpoint.after_epoch(descent)
            progress.show(_so_far(descent, options["epochs"], stopwatch))

        # Processes of their own cannot call back.
        callback = after_epoch if executor is None else None
        estimator.set_params(executor=executor, callback=callback)
        try:
            return estimator.resume(X, y, start)
        except KeyboardInterrupt:
            progress.wipe()
            checkpoint.interrupted()
            raise


@contextlib.contextmanager
def _workers(jobs: int) -> Iterator[Executor | None]:
    """Give so many processes to work with, None for one."""
    if jobs == 1:
        yield None
        return
    with ProcessPoolExecutor(jobs) as pool:
        yield pool


def _so_far(descent: Descent, epochs: int, stopwatch: Stopwatch) -> str:
    """Return the line of progress: how far, how good, how long still at most."""
    done = len(descent.losses)
    left = stopwatch.seconds() / done * (epochs - done)
    text = f"epoch {done:,} of at most {epochs:,}, loss {descent.losses[-1]:.4f}"
    if descent.validation_losses:
        text += f", held back {descent.validation_losses[-1]:.4f}"
    return f"{text}, {left:.0f} s left at most"
