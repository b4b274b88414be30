"""Three comparisons on rows that a model has not seen: what they say about the model and its table.

- A *linear model* is the same training without a hidden layer. Where it is as good, the hidden
  layer is of no use.
- *Cross-validation* trains the model K times. Each time another K-th of the rows is held out, so
  that every row is judged once. How much the K scores differ says how far one of them is chance.
- *Permutation importance* shuffles the values of one column among the rows, which keeps the values
  and breaks their connection with the target. The drop of the score says how much the model needs
  the column. Two columns that say the same may both drop little, as each stands in for the other.

Source of the last: L. Breiman, "Random Forests", Machine Learning 45, 2001.
"""

from __future__ import annotations

import math
import time
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, counted, whole_number
from ..core.mt19937 import MT19937
from ..estimators import Classifier, NotLearnedWarning
from ..estimators.descent import Descent
from ..estimators.preparation import grouped, mean_of
from ..estimators.sharding import run_all
from .columns import Column
from .notes import Note
from .scores import FEW_ROWS, FEWEST_ROWS, NAMES, in_words

# Inputs and targets.
Rows = tuple[Matrix, list[Any]]
Callback = Callable[[Descent], Any]

SHUFFLES = 10  # of each column
MOST_ROWS = 1000  # to shuffle: more would take long, and hardly say more
# Rows that a linear model sees, one epoch after the other. It loses 0.001 of R² by it at 12,000
# rows, and takes a tenth of the network's time instead of a third.
ENOUGH = 100_000


def spread(scores: Row) -> tuple[float, float]:
    """Return the mean of scores, and their standard deviation: the root of the mean squared error.

    >>> spread([1.0, 3.0])
    (2.0, 1.0)
    """
    middle = mean_of(scores)
    return middle, math.hypot(*[score - middle for score in scores]) / math.sqrt(len(scores))


def named(option: str, sentence: str) -> Note:
    """Return a sentence about an option, which is also spelled as a flag.

    >>> note = named("max_seconds", "the time was over")
    >>> note, note.flagged
    ('max_seconds: the time was over', '--max-seconds: the time was over')
    """
    return Note(f"{option}: {sentence}", flagged=f"--{option.replace('_', '-')}: {sentence}")


# -- other trainings --


class Trial(NamedTuple):
    """A training to judge by its score alone: with which options, on which rows, for how long."""

    estimator: Any
    learned: Rows
    test: Rows
    validation: Rows | None = None
    max_seconds: float | None = None


def score_of(trial: Trial) -> float:
    """Train an estimator with the trial's options on some rows; return its score on the others.

    >>> from ..estimators import Regressor
    >>> line = [[0.0], [1.0], [2.0], [3.0]], [1.0, 3.0, 5.0, 7.0]
    >>> round(score_of(Trial(Regressor(()), line, line)), 1)
    1.0
    """
    alike = trial.estimator.__sklearn_clone__()
    alike.set_params(executor=None, refit=False, callback=time_limit(trial.max_seconds))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotLearnedWarning)  # its score says it
        alike.fit(*trial.learned, validation_data=trial.validation)
    return float(alike.score(*trial.test))


def linear(trial: Trial) -> Trial:
    """Return the same training without a hidden layer, which needs less time.

    It takes no more epochs than the estimator's, and no more than 100,000 rows or five epochs need.

    >>> from ..estimators import Regressor
    >>> rows = [[0.0], [1.0]], [1.0, 3.0]
    >>> linear(Trial(Regressor(epochs=5).fit(*rows), rows, rows)).estimator
    Regressor(hidden=(), epochs=5)
    """
    epochs = min(trial.estimator.n_iter_, max(5, -(-ENOUGH // len(trial.learned[1]))))
    options = {"hidden": (), "activation": "tanh", "restarts": 1, "epochs": epochs}
    return trial._replace(estimator=trial.estimator.__sklearn_clone__().set_params(**options))


def time_limit(seconds: float | None, callback: Callback | None = None) -> Callback | None:
    """Return a callback that also ends a training once this time is over.

    >>> limit = time_limit(1e-9)
    >>> limit(None)
    'the time (1e-09 s) was over'
    """
    if seconds is None:
        return callback
    end = time.monotonic() + seconds

    def after_epoch(descent: Descent) -> Any:
        ended = callback(descent) if callback is not None else None
        return ended or (time.monotonic() >= end and f"the time ({seconds:g} s) was over")

    return after_epoch


# -- cross-validation --


class CrossValidation(NamedTuple):
    """The scores of the folds, and a sentence for what limits what they say.

    >>> print(*CrossValidation("accuracy", [0.75, 1.0], []).lines)
    2-fold cross-validation: accuracy 87.50% ± 12.50%
    """

    name: str
    scores: Row
    notes: list[str]

    @property
    def lines(self) -> list[str]:
        """The mean and the standard deviation in a line, then the notes."""
        middle, deviation = (in_words(self.name, value) for value in spread(self.scores))
        what = f"{len(self.scores)}-fold cross-validation: {NAMES[self.name]}"
        return [f"{what} {middle} ± {deviation}", *self.notes]

    def as_data(self) -> dict[str, Any]:
        """Return the scores as a dict for JSON."""
        middle, deviation = spread(self.scores)
        return {"mean": middle, "deviation": deviation, "scores": self.scores}


def folds_of(y: Sequence[Any], is_classes: bool, k: int, seed: int) -> list[list[int]]:
    """Deal the rows into k folds, those of each class evenly; return the rows of each.

    The only row of a class is in no fold, because it has to be learned each time. Raises
    PureNetError if there are fewer rows than folds.

    >>> [[y for i in fold for y in "aaaabbc"[i]] for fold in folds_of("aaaabbc", True, 2, seed=1)]
    [['a', 'a', 'b'], ['a', 'a', 'b']]
    """
    whole_number(k, "cv", 2)
    chance, dealt = MT19937(seed), []
    for group in grouped(y if is_classes else [None] * len(y)):
        if len(group) > 1 or not is_classes:
            dealt += [group[i] for i in chance.permutation(len(group))]
    if k > len(dealt):
        most = f"expected at most {counted(len(dealt), 'fold')}, as each needs a row, got {k}"
        raise PureNetError(named("cv", most))
    return [sorted(dealt[start::k]) for start in range(k)]


def cross_validated(trial: Trial, folds: list[list[int]], executor: Any) -> CrossValidation:
    """Return the scores on each fold of the trial's rows, after a training on all others.

    The workers of an executor, if there is one, share the folds.

    >>> from ..estimators import Regressor
    >>> rows = [[float(i)] for i in range(40)], [float(i) for i in range(40)]
    >>> folds = folds_of(rows[1], False, 2, seed=1)
    >>> min(cross_validated(Trial(Regressor(), rows, rows), folds, None).scores) > 0.9
    True
    """
    X, y = trial.learned
    work = []
    for fold in folds:
        others = sorted({*range(len(y))}.difference(fold))
        parts = [([X[i] for i in part], [y[i] for i in part]) for part in (others, fold)]
        work.append((trial._replace(learned=parts[0], test=parts[1]),))
    with warnings.catch_warnings():  # workers that are threads may undo each other's
        scores = list(run_all(executor, score_of, work))
    smallest, alone = min(map(len, folds)), len(y) - sum(map(len, folds))
    name, notes = "accuracy" if isinstance(trial.estimator, Classifier) else "r2", []
    if name == "r2" and smallest < FEWEST_ROWS:
        notes.append(f"{FEW_ROWS}: a fold has {smallest}")
    if alone:
        which = "1 class has" if alone == 1 else f"{alone} classes have"
        notes.append(f"{which} one row only, which is learned each time and never judged")
    return CrossValidation(name, scores, notes)


# -- which columns matter --


class Importance(NamedTuple):
    """How much the score drops when a column's values are shuffled: mean and deviation."""

    column: str
    drop: float
    deviation: float


def importance(
    estimator: Any, columns: Sequence[Column], test: Rows, shuffles: int, seed: int
) -> list[Importance]:
    """Return how much each column matters to an estimator, the most important first.

    All inputs that a column becomes are shuffled together. Of more than 1,000 rows, a random 1,000
    are taken. Equally important columns keep their order.

    >>> from ..estimators import Regressor
    >>> X = [[float(i), float(i % 2)] for i in range(8)]
    >>> y = [row[0] for row in X]
    >>> columns = [Column("useless"), Column("useful")]
    >>> found = importance(
    ...     Regressor().fit(X, y), [Column("useful"), Column("useless")], (X, y), 5, seed=1
    ... )
    >>> [each.column for each in found], found[0].drop > 0.5 > found[1].drop
    (['useful', 'useless'], True)
    """
    chance = MT19937(seed)
    chosen = sorted(chance.permutation(len(test[1]))[:MOST_ROWS])
    X, y = ([part[i] for i in chosen] for part in test)
    whole = estimator.score(X, y)
    found, start = [], 0
    for column in columns:
        end, drops = start + len(column.inputs), []
        for _ in range(shuffles):
            pairs = zip(X, chance.permutation(len(X)))
            shuffled = [[*row[:start], *X[i][start:end], *row[end:]] for row, i in pairs]
            drops.append(whole - estimator.score(shuffled, y))
        found.append(Importance(column.name, *spread(drops)))
        start = end
    return sorted(found, key=lambda each: -each.drop)


def importance_lines(found: list[Importance], name: str, shuffles: int) -> list[str]:
    """Return a table of how much each column matters.

    >>> for line in importance_lines([Importance("a", 0.5, 0.1)], "r2", 10):
    ...     print(line)
    drop in R² when a column is shuffled, mean ± standard deviation of 10 shuffles:
    a  0.5000 ± 0.1000
    """
    left = max(len(each.column) for each in found) + 2
    times = f"mean ± standard deviation of {counted(shuffles, 'shuffle')}"
    lines = [f"{each.column:<{left}}{each.drop:.4f} ± {each.deviation:.4f}" for each in found]
    return [f"drop in {NAMES[name]} when a column is shuffled, {times}:", *lines]
