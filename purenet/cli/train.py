"""The train command: learn a model from a CSV file, and report how good it is.

`purenet.tables.learn` does the work. Here are the options, the progress, and the checkpoints.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, counted, short
from ..estimators import Classifier, NotLearnedWarning
from ..estimators.descent import BY_CALLBACK, Descent
from ..formats import save
from ..formats.checkpoint import load_checkpoint
from ..formats.files import check_destination
from ..formats.writing import check_writable
from ..pictures import bar_chart
from ..tables import Learned, learn
from ..tables.comparison import SHUFFLES, Importance, importance_lines
from ..tables.scores import NAMES
from .checkpoints import Checkpoint, digest_of
from .data_file import READING, reading_of
from .diagnose import explain, training_options
from .options import MODEL_FILES, WrongUsage
from .processes import processes
from .terminal import Progress, Stopwatch, check_ending, in_words, print_json, remark, say

SUMMARY = "learn from a CSV file and save the model"
EXAMPLE = "train purenet/datasets/iris.csv --target species -o iris.json"
# What some options are called in Python.
IN_PYTHON = {"layers": "hidden", "seed": "random_state"}
# The command's own options: `learn` gets the others.
OWN = (
    *("balanced", "refit", "jobs", "checkpoint", "resume", "explain", "explain_svg", "quiet"),
    "as_json",
)
# The options that `run` takes together, in the order of `--help`.
_NAMES = (
    *("task", "layers", "activation", "optimizer", "learning_rate", "batch_size", "epochs"),
    *("patience", "weight_decay", "engine", "validation_fraction", "restarts", "balanced"),
    *("refit", "seed", "max_seconds", "test", "cv", "explain", "explain_svg", "validation"),
    *("jobs", "missing", "drop", "text", "ignore_case", *READING),
    *("checkpoint", "resume", "quiet", "as_json"),
)
_DEFAULTS = {**Classifier().get_params(), **(learn.__kwdefaults__ or {}), **READING, "jobs": 1}
# None where the option is not given: `learn` and the estimator have defaults of their own.
_DEFAULTS.update(drop=None, validation_fraction=None)
FURTHER = {name: _DEFAULTS.get(IN_PYTHON.get(name, name)) for name in _NAMES}
TEXTS: dict[str, str] = {
    "seed": "NumPy's seed for the initial weights and for the choice of rows held out",
    "out": f"file to save the model to: {MODEL_FILES} (default: not saved)",
    "quiet": "print only the scores: no notes, no progress, no closing line",
}
NOT_HELD_OUT = "no rows are held out; give a higher --test"
LONG, MEASURED = 60.0, 1.0  # seconds: of a training that says so before, and of the time till then
ADVICE = (
    "try other columns, more rows, more --epochs or --patience, --restarts 5, --hidden, "
    "--learning-rate or --activation relu"
)


def run(csv: str, target: list[str] | None = None, out: str | None = None, **options: Any) -> None:
    """Read, train, save, judge; progress goes to standard error, results to standard output."""
    _check_usage(target, out, options)

    def note(sentence: str) -> None:
        if not (options["as_json"] or options["quiet"]):
            say(sentence)

    learned = _learned(csv, target, lambda learned: _train(learned, out, options, note), options)
    found = learned.importance() if options["explain"] or options["explain_svg"] else []
    if options["as_json"]:
        document = learned.as_data()
        more = {"written": out, "refit": options["refit"], "warning": document.pop("warning")}
        drops = [each._asdict() for each in found] or None
        print_json({**document, "importance": drops, **more})
    else:
        say(*_results(learned, found))
    if options["explain_svg"]:
        _draw(learned, found, options["explain_svg"])
        note(f"{options['explain_svg']} written")
    if learned.warning:
        _doubt(learned, learned.warning)
    if options["refit"]:
        learned.refit()
        if out is not None:  # before anything else can fail
            save(learned.estimator, out)
        note(learned.notes[-1])
    note(f"{out} written" if out else "model not saved; -o FILE saves it")


def _results(learned: Learned, found: list[Importance]) -> list[str]:
    """Return the lines of the judgement, and how much each column matters."""
    lines = [*([] if learned.judgement else [f"not judged: {NOT_HELD_OUT}"]), *learned.results]
    if found and learned.judgement:
        lines += ["", *importance_lines(found, learned.judgement.name, SHUFFLES)]
    return lines


def _draw(learned: Learned, found: list[Importance], path: str) -> None:
    """Draw how much each column matters as a bar chart."""
    name = NAMES[learned.judgement.name] if learned.judgement else ""
    how = f"Mean and standard deviation of {SHUFFLES} shuffles of the column on rows held out."
    target: Any = learned.problem.target
    what = target if isinstance(target, str) else " and ".join(target)
    label = f"drop in {name} when the column is shuffled"
    bar_chart(f"Which columns matter for {what}", found, label, [how]).save(path)


def _check_usage(target: list[str] | None, out: str | None, options: dict[str, Any]) -> None:
    """Refuse options that exclude each other, and files that could not be written in the end."""
    if target is None:
        raise WrongUsage("--target: expected the name of the column to predict, got nothing")
    restarts, jobs, folds = options["restarts"], options["jobs"], options["cv"] or 1
    if jobs > 1 and restarts == folds == 1:
        raise WrongUsage("--jobs: processes share restarts and folds; give --restarts or --cv too")
    if jobs > 1 and restarts > 1 and options["max_seconds"]:
        raise WrongUsage("--max-seconds: restarts in other processes go on; leave out --jobs")
    if options["validation"] and options["validation_fraction"] is not None:
        raise WrongUsage("--validation-fraction: --validation brings its own rows; leave out one")
    if options["optimizer"] == "rprop" and options["batch_size"] != "auto":
        raise WrongUsage("--batch-size: --optimizer rprop takes all rows at once; leave it out")
    if options["restarts"] > 1 and (options["checkpoint"] or options["resume"]):
        raise WrongUsage("--checkpoint and --resume: only for one restart; leave out --restarts")
    if out is not None:
        check_destination(out)
    check_ending(options["explain_svg"], "a picture", ".svg")
    for path in (options["checkpoint"], options["explain_svg"]):
        if path is not None:
            check_writable(path)


def _learned(csv: str, target: Any, train: Callable[[Learned], None], options: Any) -> Learned:
    """Call `learn` with the options."""
    given = {name: value for name, value in options.items() if name not in OWN}
    given.update(reading_of(given))
    given = {IN_PYTHON.get(name, name): given[name] for name in given if given[name] is not None}
    jobs = min(options["jobs"], max(options["restarts"], options["cv"] or 1))
    with warnings.catch_warnings(), processes(jobs) as executor:
        warnings.simplefilter("ignore", NotLearnedWarning)  # `_doubt` says it
        return learn(csv, target, train=train, executor=executor, **given)


def _train(
    learned: Learned, out: str | None, options: dict[str, Any], note: Callable[[str], None]
) -> None:
    """Train and save, and say how the table was understood and how the training went."""
    estimator = learned.estimator
    if options["balanced"]:
        if not learned.problem.is_classes:
            raise WrongUsage("--balanced: only for classification, but the target is a number")
        estimator.set_params(class_weight="balanced")
    if learned.test is None and (options["explain"] or options["explain_svg"]):
        raise PureNetError(f"--explain: {NOT_HELD_OUT}")
    for sentence in learned.notes:
        note(sentence)
    stopwatch, told = Stopwatch(), len(learned.notes)
    _fit(learned, options)
    closing_line = stopwatch.closing_line(counted(estimator.n_iter_, "epoch"))
    if out is not None:  # before anything else can fail
        save(estimator, out)
    note(f"{'-'.join(map(str, estimator.network_.sizes))} network: {closing_line}")
    for sentence in [*learned.notes[told:], f"stopped: {estimator.stopped_}"]:
        note(sentence)


def _fit(learned: Learned, options: dict[str, Any]) -> None:
    """Fit the estimator, with checkpoints and a line of progress."""
    estimator = learned.estimator
    X, y = learned.data(learned.rows)
    identity = digest_of(estimator.get_params(), X, y, learned.validation)
    resume = options["resume"]
    start = None if resume is None else load_checkpoint(resume, identity)
    stopwatch, estimate = Stopwatch(), _Estimate(X, options)
    # Processes of their own cannot call back.
    executor = estimator.executor if options["restarts"] > 1 else None
    with Progress(options["quiet"]) as progress:
        checkpoint = Checkpoint(options["checkpoint"] or options["resume"], identity)

        def after_epoch(descent: Descent) -> None:
            checkpoint.after_epoch(descent)
            estimate.after_epoch(descent, progress)
            progress.show(_so_far(descent, stopwatch))

        callback = after_epoch if executor is None else None
        estimator.set_params(executor=executor, callback=callback)
        try:
            learned.fit(start)
        except KeyboardInterrupt:
            progress.wipe()
            checkpoint.interrupted()
            raise
        finally:
            estimator.set_params(executor=None, callback=None)
    if BY_CALLBACK in estimator.stopped_:  # the time was over
        checkpoint.interrupted()


class _Estimate:
    """The time that a long training takes at most, said once on standard error."""

    def __init__(self, X: Matrix, options: dict[str, Any]) -> None:
        self.table = f"{counted(len(X), 'row')}, {counted(len(X[0]), 'input')}"
        folds, jobs = options["cv"] or 1, options["jobs"]
        # The folds together learn each row once less than there are folds.
        self.trainings = options["restarts"] * (1 + (folds - 1) / min(jobs, folds))
        self.is_due = not options["quiet"] and options["max_seconds"] is None
        self.stopwatch, self.epochs = Stopwatch(), 0

    def after_epoch(self, descent: Descent, progress: Progress) -> None:
        """Say how long all takes if it is long, once some epochs were measured."""
        self.epochs += 1
        if not self.is_due or self.stopwatch.seconds() < MEASURED:
            return
        self.is_due = False
        per_epoch = self.stopwatch.seconds() / self.epochs
        left = descent.schedule.epochs - len(descent.losses)
        seconds = per_epoch * (left + (self.trainings - 1) * descent.schedule.epochs)
        if seconds >= LONG:
            progress.wipe()
            sooner = 60 if seconds > 120 else int(seconds / 2)
            advice = f"--max-seconds {sooner} stops earlier and keeps the best so far"
            time = f"at most about {in_words(seconds)}"
            remark(f"{self.table}: {time}; {advice}")


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
    if failure.kind == "constant target" and isinstance(estimator.target_, str):
        remark(f"column {short(estimator.target_)} has one value only")
        return
    X, y = estimator.preprocess(*learned.data(learned.rows))
    first = "try --balanced if the other classes are rare; " if failure.kind == "one class" else ""
    options = training_options(estimator, y)
    explain(estimator.network_, X, y, failure.finding, first + ADVICE, **options)
