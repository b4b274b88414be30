"""From a table to a model that has been judged on rows that it has not seen.

`learn` reads the table, tells what the problem is, holds out a part of the rows, trains on the
others, and compares the model's answers on the rows held out with the trivial answer: always the
most frequent class, or always the mean.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from os import PathLike
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, check_flag, counted, number_within, shown, whole_number
from ..core.mt19937 import fresh_seed
from ..estimators import Classifier, NotLearnedWarning, Regressor
from ..estimators.conventions import warn_caller
from ..estimators.descent import Descent
from ..estimators.outcome import ADVICE
from .columns import encode, targets_of
from .csv_table import Table, read
from .problem import Problem, about, filled_lines, problem_of, split
from .scores import Judgement, judged


class Learned:
    """A model learned from a table, its scores and its notes.

    - `estimator`: the Classifier or Regressor, ready for `purenet.save`. It remembers its columns
      and its target (`columns_`, `target_`).
    - `scores`: a dict with the "accuracy" or "r2" on the rows held out, and the "baseline", which
      is that of the trivial answer; empty if no rows were held out.
    - `judgement`: the same in words (`judgement.lines`), or None if no rows were held out.
    - `warning`: a NotLearnedWarning if the model is no better than the trivial answer, or None.
    - `notes`: a sentence for whatever was guessed, filled in, held back or left out.
    - `problem`: the table's rows as inputs X and targets y, and what they mean.
    - `rows`, `held_out`: which rows were to be learned, and which were held out.
    - `validation`: the inputs and targets of another table that told when to stop, or None.
    """

    judgement: Judgement | None = None
    warning: NotLearnedWarning | None = None
    validation: tuple[Matrix, list[Any]] | None = None

    def __init__(
        self, problem: Problem, estimator: Any, rows: list[int], held_out: list[int]
    ) -> None:
        self.problem, self.estimator = problem, estimator
        self.rows, self.held_out = rows, held_out
        self.notes: list[str] = []
        estimator.columns_, estimator.target_ = problem.columns, problem.target

    def __str__(self) -> str:
        """Return the notes and the judgement, a line each."""
        return "\n".join([*self.notes, *(self.judgement.lines if self.judgement else [])])

    @property
    def scores(self) -> dict[str, float]:
        """The score on the rows held out, and that of the trivial answer."""
        return self.judgement.as_data() if self.judgement else {}

    def data(self, rows: list[int]) -> tuple[Matrix, list[Any]]:
        """Return the inputs and the targets of some rows."""
        return [self.problem.X[i] for i in rows], [self.problem.y[i] for i in rows]

    def validate_by(self, table: Table) -> None:
        """Let another table tell when to stop: its columns are found by their names."""
        X = encode(self.problem.columns, table)
        where = "the table to learn"
        y = targets_of(table, self.problem.target, self.problem.classes or None, where)
        self.validation = X, y
        self.notes.append(f"{table.source}: {counted(len(y), 'row')} to tell when to stop")
        self.notes += filled_lines(self.problem.columns, table)

    def fit(self, start: Descent | None = None) -> None:
        """Train on the rows to learn, from the beginning or from a saved descent."""
        X, y = self.data(self.rows)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", NotLearnedWarning)
            self.estimator.resume(X, y, start, validation_data=self.validation)
        for each in caught:
            if isinstance(each.message, NotLearnedWarning):
                self.warning = self.warning or each.message
            else:
                warnings.warn(each.message, stacklevel=1)
        self.notes.append(self._rows_note())

    def judge(self) -> None:
        """Compare the model's answers on the rows held out, if there are any, with the truth."""
        if not self.held_out:
            return
        self.judgement = judged(self.estimator, *self.data(self.held_out))
        # If classes are weighted, training did not aim at the share of right answers.
        is_weighted = getattr(self.estimator, "class_weight", None) is not None
        if not self.warning and not is_weighted and self.judgement.is_trivial:
            self.warning = NotLearnedWarning("trivial", self.judgement.failure, ADVICE)

    def refit(self) -> None:
        """Train once more on all rows, including those held back and held out."""
        X, y = self.validation or ([], [])
        self.estimator.refit_on(self.problem.X + X, self.problem.y + y)
        rows = counted(len(self.problem.y) + len(y), "row")
        epochs = counted(self.estimator.fitted_state()[1].best_epoch + 1, "epoch")
        self.notes.append(f"trained once more on all {rows}, for {epochs}")

    def as_data(self) -> dict[str, Any]:
        """Return the results as a dict for JSON."""
        problem, estimator = self.problem, self.estimator
        learned, held_back = self._counts()
        return {
            "task": "classification" if problem.is_classes else "regression",
            "target": problem.target,
            "classes": problem.classes,
            "inputs": [name for column in problem.columns for name in column.inputs],
            "rows": len(problem.y),
            "rows_learned": learned,
            "rows_to_validate_by": held_back,
            "rows_held_out": len(self.held_out),
            "sizes": estimator.network_.sizes,
            "epochs": estimator.n_iter_,
            "stopped": estimator.stopped_,
            "loss": estimator.loss_curve_,
            "validation_loss": estimator.validation_loss_curve_,
            "held_out": self.scores or None,
            "warning": self.warning and self.warning.finding,
        }

    def _counts(self) -> tuple[int, int]:
        """Return how many rows were learned, and how many of any table told when to stop."""
        held_back = self.estimator.fitted_state()[1].n_held_back
        return len(self.rows) - (0 if self.validation else held_back), held_back

    def _rows_note(self) -> str:
        """Return the note on how many rows were learned, and what the others were for."""
        learned, held_back = self._counts()
        what = "of another table tell" if self.validation else "held back to tell"
        when_to_stop = f"{held_back:,} {what} when to stop"
        part = f"{learned / len(self.problem.y):.0%} of the table"
        held_out = f"{len(self.held_out):,} held out to judge by"
        return f"rows: {learned:,} learned ({part}), {when_to_stop}, {held_out}"


def learn(
    table: Table | str | PathLike[str],
    target: str,
    *,
    task: str = "auto",
    drop: str | Iterable[str] = (),
    missing: str = "mean",
    test: float = 0.2,
    validation: Table | str | PathLike[str] | None = None,
    refit: bool = False,
    random_state: int | None = 0,
    delimiter: str | None = None,
    header: bool | None = None,
    train: Callable[[Learned], None] = Learned.fit,
    **options: Any,
) -> Learned:
    """Learn to predict one column of a table, or of a CSV file, from the others.

    - `target`: the name of the column to predict.
    - `task`: "classification" or "regression"; by default told from the target.
    - `drop`: names of columns to leave out.
    - `missing`: "mean" fills missing numbers, and "refuse" refuses missing cells.
    - `test`: the part of the rows to hold out and judge by.
    - `validation`: another table that tells when to stop, in place of rows that are held back.
    - `refit`: whether to train once more on all rows after the model has been judged.
    - `random_state`: the seed of the first weights, and of which rows are held out.
    - `delimiter`, `header`: as `read` takes them.
    - `train`: called in place of `Learned.fit`, to show progress, or to save checkpoints or the
      model before it is judged.

    All other options are those of `Classifier` and `Regressor`.

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
    part = number_within(test, "test", lambda part: 0.0 <= part < 1.0, "from 0 to below 1")
    check_flag(refit, "refit")
    random_state = fresh_seed() if random_state is None else random_state
    seed = whole_number(random_state, "random_state", 0, 2**32 - 1)
    if validation is not None and "validation_fraction" in options:
        raise PureNetError(
            "validation_fraction: validation= brings its own rows; leave out one of the two"
        )
    Classifier(**options)  # refuses an unknown option before anything is read

    names = [drop] if isinstance(drop, str) else list(drop)
    rows = _table_of(table, "table", delimiter, header)
    problem = problem_of(rows, target, task, names, missing)
    learned = Learned(problem, _estimator(problem, seed, options), *split(problem, part, seed))
    learned.notes += about(problem, task != "auto")
    if validation is not None:
        learned.validate_by(_table_of(validation, "validation", delimiter, header))
    train(learned)
    learned.judge()
    if learned.warning:
        warn_caller(learned.warning)
    if refit:
        learned.refit()
    return learned


def _table_of(given: Any, option: str, delimiter: str | None, header: bool | None) -> Table:
    if isinstance(given, Table):
        return given
    if not isinstance(given, (str, PathLike)):
        raise PureNetError(f"{option}: expected a file's name or a Table, got {shown(given)}")
    return read(given, delimiter, header)


def _estimator(problem: Problem, seed: int, options: dict[str, Any]) -> Any:
    if problem.is_classes:
        return Classifier(random_state=seed, **options)
    if options.pop("class_weight", None) is not None:
        raise PureNetError("class_weight: only for classification, but the target is a number")
    return Regressor(random_state=seed, **options)
