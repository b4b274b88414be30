"""From a table to a model that has been judged on rows that it has not seen.

`learn` reads the table, tells what the problem is, holds out a part of the rows, trains on the
others, and compares the model's answers on the rows held out with the trivial answer (always the
most frequent class, or always the mean) and with those of a linear model.
"""

from __future__ import annotations

import copy
import time
import warnings
from collections.abc import Callable, Iterable, Sequence
from os import PathLike
from typing import Any

from ..core.checks import PureNetError, check_flag, counted, number_within, shown, whole_number
from ..core.mt19937 import fresh_seed
from ..engines.telling import warn_caller
from ..estimators import Classifier, NotLearnedWarning, Regressor
from ..estimators.descent import Descent
from ..estimators.outcome import ADVICE
from . import comparison
from .columns import known_rows
from .comparison import SHUFFLES, CrossValidation, Importance, Rows, Trial, named, time_limit
from .csv_table import Table, names_in, read
from .problem import Problem, problem_of, split_of
from .scores import Judgement, judged

READING = {*read.__annotations__} - {"path", "wanted", "return"}  # the options of `read`
TRIVIAL = "on the rows held out, the model is no better than the trivial answer"


class Learned:
    """A model learned from a table, its scores and its notes.

    - `estimator`: the Classifier or Regressor, ready for `purenet.save`. It remembers its columns
      and its target (`columns_`, `target_`).
    - `scores`: a dict with the "accuracy" or "r2" on the rows held out, the "baseline", which is
      that of the trivial answer, that of a "linear" model, and more; empty if no rows were held
      out.
    - `judgement`: the same in words (`judgement.lines`), or None if no rows were held out.
    - `folds`: the result of a cross-validation, or None.
    - `warning`: a NotLearnedWarning if the model is no better than the trivial answer, or None.
    - `notes`: a sentence for whatever was guessed, filled in, held back or left out.
    - `problem`: the table's rows as inputs X and targets y, and what they mean.
    - `rows`, `held_out`: which rows were to be learned, and which were held out.
    - `validation`: the inputs and targets of another table that told when to stop, or None.
    - `test`: the inputs and targets that were not learned, to judge by, or None.
    - `max_seconds`: the time after which a training stops, or None.
    """

    judgement: Judgement | None = None
    folds: CrossValidation | None = None
    warning: NotLearnedWarning | None = None
    validation: Rows | None = None
    max_seconds: float | None = None

    def __init__(self, problem: Problem, estimator: Any, rows: list[int], apart: list[int]) -> None:
        self.problem, self.estimator = problem, estimator
        self.rows, self.held_out = rows, apart
        self.test = self.data(apart) if apart else None
        self.notes = list(problem.table.notes)
        estimator.columns_, estimator.target_ = problem.columns, problem.target
        estimator.targets_ = problem.targets

    def __str__(self) -> str:
        """Return the notes and the results, a line each."""
        return "\n".join([*self.notes, *self.results])

    @property
    def results(self) -> list[str]:
        """The lines of the judgement and of the cross-validation, with a blank line between."""
        found = [each.lines for each in (self.judgement, self.folds) if each]
        return [line for lines in found for line in ["", *lines]][1:]

    @property
    def scores(self) -> dict[str, Any]:
        """The scores on the rows held out, and those of the trivial answer and a linear model."""
        return self.judgement.as_data() if self.judgement else {}

    def data(self, rows: list[int]) -> Rows:
        """Return the inputs and the targets of some rows."""
        return [self.problem.X[i] for i in rows], [self.problem.y[i] for i in rows]

    def rows_of(self, given: Any, option: str, reading: dict[str, Any], purpose: str) -> Rows:
        """Return the rows of another table or file, whose columns are found by their names."""
        problem = self.problem
        names = [column.name for column in (*problem.targets, *problem.columns)]
        table = _table_of(given, option, names, reading)
        X, y, table = known_rows(problem.columns, problem.targets, problem.classes, table)
        self.notes.append(f"{table.source}: {counted(len(y), 'row')} {purpose}")
        self.notes += table.notes
        return X, y

    def fit(self, start: Descent | None = None) -> None:
        """Train on the rows to learn, from the beginning or from a saved descent."""
        estimator, begun, callback = self.estimator, time.monotonic(), self.estimator.callback
        estimator.set_params(callback=time_limit(self.max_seconds, callback))
        try:
            with warnings.catch_warnings(record=True) as caught:
                warnings.simplefilter("always", NotLearnedWarning)
                estimator.resume(*self.data(self.rows), start, validation_data=self.validation)
        finally:
            estimator.set_params(callback=callback)
        for each in caught:
            if isinstance(each.message, NotLearnedWarning):
                self.warning = self.warning or each.message
            else:
                warnings.warn(each.message, stacklevel=1)
        if self.max_seconds is not None and time.monotonic() - begun >= self.max_seconds:
            self.notes.append(named("max_seconds", "the time was over; the best so far is kept"))
        self.notes.append(self._rows_note())

    def judge(self) -> None:
        """Compare the model's answers with the truth that it has not seen, if there is any."""
        if self.test is None:
            return
        self._judged = self.estimator
        self.judgement = found = judged(self.estimator, *self.test)
        if len(self.estimator.network_.sizes) > 2:
            trial = Trial(self.estimator, self.data(self.rows), self.test, self.validation)
            try:
                found.linear = comparison.score_of(comparison.linear(trial))
            except PureNetError as error:
                found.head.append(f"no linear model to compare with: {error}")
        # If classes are weighted, training did not aim at the share of right answers.
        is_weighted = getattr(self.estimator, "class_weight", None) is not None
        if not self.warning and not is_weighted and found.is_trivial:
            beside = f"{found.score:.4f}, the trivial answer {found.baseline:.4f}"
            self.warning = NotLearnedWarning("trivial", f"{TRIVIAL}: {found.name} {beside}", ADVICE)

    def importance(self, shuffles: int = SHUFFLES) -> list[Importance]:
        """Return how much each column matters to the model that was judged, the most first.

        A column's drop is that of the accuracy or R² on the rows held out when its values are
        shuffled among them; the mean and the standard deviation of several shuffles are returned.
        Raises PureNetError if no rows are held out.

        >>> import purenet
        >>> folder = purenet.__file__.replace("__init__.py", "datasets/")
        >>> learned = learn(folder + "iris.csv", "species", epochs=40)
        >>> [each.column for each in learned.importance()][:2]
        ['petal_width', 'petal_length']
        """
        whole_number(shuffles, "shuffles", 1)
        if self.test is None or self.judgement is None:
            raise PureNetError("importance: no rows are held out to shuffle; give a higher test=")
        seed = self.estimator.random_state
        return comparison.importance(self._judged, self.problem.columns, self.test, shuffles, seed)

    def refit(self) -> None:
        """Train once more on all rows, including those held back and held out."""
        X, y = self.validation or ([], [])
        self.estimator = copy.copy(self.estimator)  # the judged one stays unchanged
        self.estimator.refit_on(self.problem.X + X, self.problem.y + y)
        rows = counted(len(self.problem.y) + len(y), "row")
        epochs = counted(self.estimator.fitted_state()[1].best_epoch + 1, "epoch")
        self.notes.append(f"trained once more on all {rows}, for {epochs}")

    def as_data(self) -> dict[str, Any]:
        """Return the results as a dict for JSON."""
        problem, estimator = self.problem, self.estimator
        learned, held_back, held_out = self._counts()
        return {
            "task": "classification" if problem.is_classes else "regression",
            "target": problem.target,
            "classes": problem.classes,
            "inputs": [name for column in problem.columns for name in column.inputs],
            "rows": len(problem.y),
            "rows_learned": learned,
            "rows_to_validate_by": held_back,
            "rows_held_out": held_out,
            "sizes": estimator.network_.sizes,
            "epochs": estimator.n_iter_,
            "stopped": estimator.stopped_,
            "loss": estimator.loss_curve_,
            "validation_loss": estimator.validation_loss_curve_,
            "held_out": self.scores or None,
            "cv": self.folds and self.folds.as_data(),
            "warning": self.warning and self.warning.finding,
        }

    def _counts(self) -> tuple[int, int, int]:
        """Return how many rows were learned, told when to stop, and are there to judge by."""
        held_back = self.estimator.fitted_state()[1].n_held_back
        learned = len(self.rows) - (0 if self.validation else held_back)
        return learned, held_back, len(self.test[1]) if self.test else 0

    def _rows_note(self) -> str:
        """Return the note on how many rows were learned, and what the others were for."""
        learned, held_back, held_out = self._counts()
        to_stop = "of another table tell" if self.validation else "held back to tell"
        to_judge = "of another table" if self.test and not self.held_out else "held out"
        part = f"{learned / len(self.problem.y):.0%} of the table"
        others = f"{held_back:,} {to_stop} when to stop, {held_out:,} {to_judge} to judge by"
        return f"rows: {learned:,} learned ({part}), {others}"


def learn(
    table: Table | str | PathLike[str],
    target: str | Sequence[str],
    *,
    task: str = "auto",
    drop: str | Iterable[str] = (),
    missing: str = "mean",
    test: float | Table | str | PathLike[str] = 0.2,
    cv: int | None = None,
    max_seconds: float | None = None,
    validation: Table | str | PathLike[str] | None = None,
    refit: bool = False,
    random_state: int | None = 0,
    train: Callable[[Learned], None] = Learned.fit,
    **options: Any,
) -> Learned:
    """Learn to predict one column of a table, or of a CSV file, from the others.

    - `target`: the name of the column to predict, or of several columns of numbers.
    - `task`: "classification" or "regression"; by default told from the target.
    - `drop`: names of columns to leave out.
    - `missing`: "mean" fills missing numbers, and "refuse" refuses missing cells.
    - `test`: the part of the rows to hold out and judge by, or another table to judge by.
    - `cv`: the number of folds of a cross-validation; each trains a model of its own.
    - `max_seconds`: the time after which a training stops, and keeps the best so far.
    - `validation`: another table that tells when to stop, in place of rows that are held back.
    - `refit`: whether to train once more on all rows after the model has been judged.
    - `random_state`: the seed of the first weights, and of which rows are held out.
    - `train`: called in place of `Learned.fit`, to show progress, or to save checkpoints or the
      model before it is judged.

    All other options are those of `read` (`delimiter`, `header`, `skip`, ...), and those of
    `Classifier` and `Regressor`. The workers of an `executor` share the folds too.

    Warns with NotLearnedWarning if the model is no better than the trivial answer. Raises
    PureNetError for a wrong table or option, and OSError if a file cannot be read.

    >>> import purenet
    >>> folder = purenet.__file__.replace("__init__.py", "datasets/")
    >>> learned = learn(folder + "iris.csv", "species", epochs=40)
    >>> learned.scores["accuracy"] > 0.9 > learned.scores["baseline"]
    True
    >>> learned.estimator.predict([[5.1, 3.5, 1.4, 0.2]])
    ['setosa']
    >>> print(learned.notes[-1])
    rows: 102 learned (68% of the table), 18 held back to tell when to stop, 30 held out to judge by
    """
    is_part = not isinstance(test, (Table, str, PathLike))
    limits = "from 0 to below 1, or a file's name"
    part = number_within(test if is_part else 0, "test", lambda part: 0.0 <= part < 1.0, limits)
    check_flag(refit, "refit")
    if max_seconds is not None:
        number_within(max_seconds, "max_seconds", lambda seconds: seconds > 0.0, "above 0")
    random_state = fresh_seed() if random_state is None else random_state
    seed = whole_number(random_state, "random_state", 0, 2**32 - 1)
    if validation is not None and "validation_fraction" in options:
        raise PureNetError("validation_fraction: validation= brings its own rows; leave out one")
    reading = {name: options.pop(name) for name in READING & {*options}}
    given = Classifier(**options)  # refuses an unknown option before anything is read
    if max_seconds is not None and given.executor is not None and given.restarts != 1:
        raise PureNetError("max_seconds: restarts on an executor go on; leave out executor=")

    wanted = names_in(target, "target")
    rows = _table_of(table, "table", wanted, reading)
    problem = problem_of(rows, wanted, task, drop, missing)
    folds = comparison.folds_of(problem.y, problem.is_classes, cv, seed) if cv is not None else []
    learned = Learned(problem, _estimator(problem, seed, options), *split_of(problem, part, seed))
    if validation is not None:
        purpose = "to tell when to stop"
        learned.validation = learned.rows_of(validation, "validation", reading, purpose)
    if not is_part:
        learned.test = learned.rows_of(test, "test", reading, "to judge by")
    learned.max_seconds = max_seconds
    train(learned)
    learned.judge()
    if folds:
        every = problem.X, problem.y
        trial = Trial(learned.estimator, every, every, learned.validation, max_seconds)
        learned.folds = comparison.cross_validated(trial, folds, given.executor)
    if learned.warning:
        warn_caller(learned.warning)
    if refit:
        learned.refit()
    return learned


def _table_of(given: Any, option: str, wanted: list[str], reading: dict[str, Any]) -> Table:
    if isinstance(given, Table):
        if reading:
            which = f"{', '.join(sorted(reading))}: only for a file, but {option} is a Table"
            raise PureNetError(f"{which}; give it to purenet.tables.read")
        return given
    if not isinstance(given, (str, PathLike)):
        raise PureNetError(f"{option}: expected a file's name or a Table, got {shown(given)}")
    return read(given, wanted=wanted, **reading)


def _estimator(problem: Problem, seed: int, options: dict[str, Any]) -> Any:
    if problem.is_classes:
        return Classifier(random_state=seed, **options)
    if options.pop("class_weight", None) is not None:
        raise PureNetError("class_weight: only for classification, but the target is a number")
    return Regressor(random_state=seed, **options)
