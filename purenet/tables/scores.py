"""How good a model is on rows that it has not seen, in words and numbers."""

from __future__ import annotations

from typing import Any

from ..core._types import Matrix, Row
from ..core.checks import counted
from ..core.matrix import column_sums
from ..estimators.regressor import explained_variance

MOST_CLASSES = 20  # a larger confusion matrix is not printed
WIDEST = 12  # letters of a class's name


class Judgement:
    """A score with its name, the score of the trivial answer, and the lines to print.

    >>> judged = judged_classes(["a", "b", "b"], ["a", "b", "a"], ["a", "b"])
    >>> round(judged.score, 4), round(judged.baseline, 4)
    (0.6667, 0.6667)
    """

    def __init__(self, name: str, score: float, baseline: float, lines: list[str]) -> None:
        self.name, self.score, self.baseline, self.lines = name, score, baseline, lines

    @property
    def is_trivial(self) -> bool:
        """Tell whether the trivial answer is as good."""
        return self.score <= self.baseline

    @property
    def failure(self) -> str:
        """The sentence that the model is no better than the trivial answer."""
        return (
            f"on the rows held out, the model is no better than the trivial answer: {self.name} "
            f"{self.score:.4f}, the trivial answer {self.baseline:.4f}"
        )

    def as_data(self) -> dict[str, Any]:
        """Return the scores as a dict for JSON."""
        return {self.name: self.score, "baseline": self.baseline}


def judged_classes(labels: list[Any], guesses: list[Any], classes: list[Any]) -> Judgement:
    """Judge guesses by accuracy, beside that of always saying the most frequent class."""
    right = [label == guess for label, guess in zip(labels, guesses)].count(True)
    frequent = max(classes, key=labels.count)
    accuracy, baseline = right / len(labels), labels.count(frequent) / len(labels)
    first = (
        f"accuracy: {accuracy:.2%}, {right:,} of {counted(len(labels), 'row')} "
        f"(always {str(frequent)!r}: {baseline:.2%})"
    )
    table = _confusion(labels, guesses, classes) if len(classes) <= MOST_CLASSES else []
    return Judgement("accuracy", accuracy, baseline, [first, *table])


def _confusion(labels: list[Any], guesses: list[Any], classes: list[Any]) -> list[str]:
    """Return the confusion matrix: a line for each true class, a column for each guess."""
    names = [_cut(str(name)) for name in classes]
    width = max(map(len, [*names, f"{len(labels):,}"])) + 2
    left = max(map(len, names)) + 2
    lines = ["", f"{'':<{left}}" + "".join(f"{name:>{width}}" for name in names) + "  <- predicted"]
    pairs = list(zip(labels, guesses))
    for label, name in zip(classes, names):
        counts = [pairs.count((label, guess)) for guess in classes]
        lines.append(f"{name:<{left}}" + "".join(f"{count:>{width},}" for count in counts))
    return lines


def _cut(name: str) -> str:
    name = " ".join(name.split()) or "(blank)"
    return name if len(name) <= WIDEST else name[: WIDEST - 1] + "…"


def judged_numbers(targets: Row, guesses: Row) -> Judgement:
    """Judge guesses by R² and mean absolute error, beside always saying the mean.

    >>> judged_numbers([1.0, 3.0], [1.0, 3.0]).score
    1.0
    """
    ones = [1.0] * len(targets)
    score = explained_variance(targets, guesses, ones)
    mean = column_sums([[target / len(targets)] for target in targets])[0]
    off = _mean_absolute(targets, guesses)
    off_of_mean = _mean_absolute(targets, [mean] * len(targets))
    line = (
        f"R²: {score:.4f} on {counted(len(targets), 'row')} (always the mean: 0); "
        f"off by {off:.4g} on average (the mean: {off_of_mean:.4g})"
    )
    return Judgement("r2", score, 0.0, [line])


def _mean_absolute(targets: Row, guesses: Row) -> float:
    total = column_sums([[abs(target - guess)] for target, guess in zip(targets, guesses)])[0]
    return total / len(targets)


def judged(estimator: Any, X: Matrix, y: list[Any]) -> Judgement:
    """Judge an estimator's answers for the inputs X by the truth y."""
    guesses = estimator.predict(X)
    if hasattr(estimator, "classes_"):
        return judged_classes(y, guesses, list(estimator.classes_))
    return judged_numbers(y, guesses)
