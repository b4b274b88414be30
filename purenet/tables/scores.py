"""How good a model is on rows that it has not seen, in words and numbers.

The words of classes: of the rows that the model calls `c`, *precision* is the part that is `c`; of
the rows that are `c`, *recall* is the part that it finds; *F1* is the harmonic mean of the two.
*Balanced accuracy* is the mean of the recalls, so that rare classes count as much as frequent ones.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from itertools import chain
from typing import Any, Union

from ..core._types import Matrix, Row
from ..core.checks import counted, short
from ..core.matrix import transpose
from ..estimators.preparation import mean_of
from ..estimators.regressor import explained_variance
from .notes import Note

NAMES = {"accuracy": "accuracy", "r2": "R²"}  # what is printed for a score
MOST_CLASSES = 20  # more are not printed class by class
WIDEST = 12  # letters of a class's name
FEWEST_ROWS = 10
FEW_ROWS = f"R² of fewer than {FEWEST_ROWS} rows is mostly chance"

Targets = Sequence[Union[float, Row]]


class Judgement:
    """A score with its name, the score of the trivial answer, and the lines to print.

    `linear` is the score of a linear model on the same rows, if there is one to compare with;
    `head` has the lines before it.

    >>> judged = judged_classes(["a", "b", "b"], ["a", "b", "a"], ["a", "b"])
    >>> round(judged.score, 4), round(judged.baseline, 4)
    (0.6667, 0.6667)
    """

    linear: float | None = None

    def __init__(self, name: str, score: float, baseline: float, *parts: Any) -> None:
        self.name, self.score, self.baseline = name, score, baseline
        self.head, self._table, self._more = parts

    @property
    def lines(self) -> list[str]:
        """The scores, a line each, and a table if there are classes."""
        return [*self.head, *self._beside_linear(), *self._table]

    @property
    def is_trivial(self) -> bool:
        """Tell whether the trivial answer is as good."""
        return self.score <= self.baseline

    def as_data(self) -> dict[str, Any]:
        """Return the scores as a dict for JSON."""
        linear = {} if self.linear is None else {"linear": self.linear}
        return {self.name: self.score, "baseline": self.baseline, **linear, **self._more}

    def _beside_linear(self) -> list[str]:
        """Return the line on the linear model: its score, and what to try if it is the better."""
        if self.linear is None:
            return []
        line = f"a linear model: {in_words(self.name, self.linear)}"
        if self.linear <= max(self.score, self.baseline):
            return [line]
        line += ", better than the network; try more rows, {}, or {} to take it"
        with_flags = line.format("--weight-decay 0.1", "--hidden 0")
        return [Note(line.format("weight_decay=0.1", "hidden=()"), flagged=with_flags)]


def in_words(name: str, score: float) -> str:
    """Return the text of a score.

    >>> in_words("accuracy", 0.5), in_words("r2", 0.5)
    ('50.00%', '0.5000')
    """
    return f"{score:.2%}" if name == "accuracy" else f"{score:.4f}"


def judged(estimator: Any, X: Matrix, y: list[Any]) -> Judgement:
    """Judge an estimator's answers for the inputs X by the truth y."""
    guesses = estimator.predict(X)
    if hasattr(estimator, "classes_"):
        return judged_classes(y, guesses, list(estimator.classes_))
    return judged_numbers(y, guesses, getattr(estimator, "target_", ""))


# -- classes --


def judged_classes(labels: list[Any], guesses: list[Any], classes: list[Any]) -> Judgement:
    """Judge guesses by accuracy, beside that of always saying the most frequent class.

    >>> judged = judged_classes(["a", "b", "b", "b"], ["a", "b", "b", "a"], ["a", "b"])
    >>> print(*judged.lines, sep=chr(10))
    accuracy: 75.00%, 3 of 4 rows (always 'b': 75.00%); balanced accuracy: 83.33%
    <BLANKLINE>
         a  b  <- predicted
    a    1  0
    b    1  2
    <BLANKLINE>
         precision     recall         F1       rows
    a         0.50       1.00       0.67          1
    b         1.00       0.67       0.80          3
    """
    pairs, true, guessed = Counter(zip(labels, guesses)), Counter(labels), Counter(guesses)
    each = [_of_class(c, pairs[c, c], guessed[c], true[c]) for c in classes]
    rows, right = len(labels), sum(pairs[c, c] for c in classes)
    frequent = max(classes, key=lambda c: true[c])
    accuracy, baseline = right / rows, true[frequent] / rows
    balanced = mean_of([one["recall"] for one in each if one["rows"]])
    trivial = f"always {short(str(frequent))}: {baseline:.2%}"
    share = f"accuracy: {accuracy:.2%}, {right:,} of {counted(rows, 'row')} ({trivial})"
    head = [f"{share}; balanced accuracy: {balanced:.2%}"]
    table = [f"the scores of each of {len(classes)} classes are in `scores` and --json"]
    if len(classes) <= MOST_CLASSES:
        names = [_cut(str(c)) for c in classes]
        confusion = _table(names, names, [[f"{pairs[c, g]:,}" for g in classes] for c in classes])
        confusion[0] += "  <- predicted"
        cells = [[_cell(value) for value in list(one.values())[1:]] for one in each]
        table = ["", *confusion, "", *_table(names, ["precision", "recall", "F1", "rows"], cells)]
    more = {"balanced_accuracy": balanced, "per_class": each}
    return Judgement("accuracy", accuracy, baseline, head, table, more)


def _of_class(c: Any, hits: int, guessed: int, true: int) -> dict[str, Any]:
    shares = {"precision": _share(hits, guessed), "recall": _share(hits, true)}
    return {"class": c, **shares, "f1": _share(2 * hits, true + guessed), "rows": true}


def _share(part: int, whole: int) -> float | None:
    """Return part / whole; of nothing there is no part."""
    return part / whole if whole else None


def _cell(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,}" if isinstance(value, int) else f"{value:.2f}"


def _table(names: list[str], columns: list[str], cells: list[list[str]]) -> list[str]:
    """Return a table as lines: one with the columns' names, and one for each row."""
    left = max(map(len, names)) + 2
    width = max(map(len, [*columns, *chain(*cells)])) + 2
    rows = zip(["", *names], [columns, *cells])
    return [name.ljust(left) + "".join(cell.rjust(width) for cell in row) for name, row in rows]


def _cut(name: str) -> str:
    name = " ".join(name.split()) or "(blank)"
    return name if len(name) <= WIDEST else name[: WIDEST - 1] + "…"


# -- numbers --


def judged_numbers(targets: Targets, guesses: Targets, names: Sequence[str] = ()) -> Judgement:
    """Judge guesses by R² and by how far they are off, beside those of always saying the mean.

    A row may hold several targets, with these names: their R² is the mean of the columns'.

    >>> judged = judged_numbers([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    >>> print(*judged.lines, sep=chr(10))
    R²: 0.5000 on 3 rows (always the mean: 0)
    RMSE: 0.5774, MAE: 0.3333 (always the mean: 0.8165, 0.6667)
    R² of fewer than 10 rows is mostly chance: judge by more rows
    >>> judged_numbers([[1.0, 5.0], [3.0, 6.0]], [[1.0, 5.5], [3.0, 5.5]], ["a", "b"]).score
    0.5
    """
    pairs = list(zip(_columns(targets), _columns(guesses)))
    each = [_of_column(*pair) for pair in pairs]
    score = mean_of([one["r2"] for one in each])
    off = [
        f"RMSE: {one['rmse']:.4g}, MAE: {one['mae']:.4g} (always the mean: "
        + "{rmse:.4g}, {mae:.4g})".format(**_of_column(t, [mean_of(t)] * len(t)))
        for one, (t, _) in zip(each, pairs)
    ]
    more: dict[str, Any] = {"rmse": each[0]["rmse"], "mae": each[0]["mae"]}
    of = f"on {counted(len(targets), 'row')}"
    if len(each) > 1:
        of += f", the mean of {len(each)} targets"
        off = [f"{n}: R² {one['r2']:.4f}, {line}" for n, one, line in zip(names, each, off)]
        more = {"per_target": [{"target": n, **one} for n, one in zip(names, each)]}
    head = [f"R²: {score:.4f} {of} (always the mean: 0)", *off]
    if len(targets) < FEWEST_ROWS:
        head.append(f"{FEW_ROWS}: judge by more rows")
    return Judgement("r2", score, 0.0, head, [], more)


def _columns(targets: Targets) -> Matrix:
    return transpose([row if isinstance(row, list) else [row] for row in targets])


def _of_column(targets: Row, guesses: Row) -> dict[str, float]:
    missed = [target - guess for target, guess in zip(targets, guesses)]
    return {
        "r2": explained_variance(targets, guesses),
        "rmse": math.hypot(*missed) / math.sqrt(len(missed)),  # no square overflows
        "mae": mean_of([abs(each) for each in missed]),
    }
