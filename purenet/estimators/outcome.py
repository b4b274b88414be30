"""How good a fit is, compared with the trivial answer, and the warning if it is no better.

The trivial answer is the same for every row: the mean of the learned targets, which for classes is
their frequencies. A network that is no better has learned nothing.
"""

from __future__ import annotations

from typing import Any

from ..core.checks import counted, cut
from ..core.matrix import argmax
from ..core.network import Network
from ..engines.telling import warn_caller
from .defaults import verdict
from .descent import Data, mean_loss_on, outputs_of, trivial_loss_on
from .preparation import constant_columns

# The loss on fewer rows than this is a matter of luck, so all rows of the fit are used instead.
FEWEST_TO_JUDGE_BY = 100

ADVICE = (
    "try more epochs= or patience=, restarts=5, more units (hidden=), another learning_rate= or "
    "another activation="
)
ADVICE_ON_CLASSES = 'try class_weight="balanced" if the other classes are rare; '


class NotLearnedWarning(UserWarning):
    """Warn that a fit is no better, or hardly better, than the trivial answer.

    `finding` is the message without the options that may help; `kind` is "constant target", "one
    class" or "trivial".

    >>> str(NotLearnedWarning("trivial", "no better", "try restarts=5"))
    'no better: try restarts=5'
    """

    def __init__(self, kind: str, finding: str, advice: str = "") -> None:
        super().__init__(f"{finding}: {advice}" if advice else finding)
        self.kind, self.finding, self.advice = kind, finding, advice

    def __reduce__(self) -> tuple[Any, tuple[str, str, str]]:
        return NotLearnedWarning, (self.kind, self.finding, self.advice)


def compare(network: Network, learned: Data, all_rows: Data) -> tuple[float, float, str]:
    """Return the losses of a network and of the trivial answer, and the rows that they are for.

    These are the rows held back or, if those are few, all rows.

    >>> from ..core.network import Network
    >>> from .descent import Data
    >>> data = Data([[0.0], [1.0]], [[0.0], [1.0]])
    >>> compare(Network([1, 1], activation="linear", init="zeros"), data, data)
    (0.25, 0.125, 'all 2 rows of the fit')
    """
    rows, which = all_rows, f"all {counted(len(all_rows.X), 'row')} of the fit"
    held_back = learned.held_back
    if held_back is not None and len(held_back.X) >= FEWEST_TO_JUDGE_BY:
        rows, which = held_back, f"the {counted(len(held_back.X), 'validation row')}"
    return mean_loss_on(network, rows), trivial_loss_on(network, learned, rows), which


def warn_if_not_learned(
    network: Network, learned: Data, all_rows: Data, classes: list[Any]
) -> None:
    """Warn if a fit is no better than the trivial answer, in the words of its kind.

    `classes` are the labels of a classifier; a regressor has none.
    """
    constant = constant_columns(all_rows.y)
    if constant and not classes:
        where = f"y: {_counted_columns(constant)}" if len(all_rows.y[0]) > 1 else "y has"
        finding = f"{where} one value only, so there is nothing to learn"
        warn_caller(NotLearnedWarning("constant target", finding))
        if len(constant) == len(all_rows.y[0]):
            return
    loss, trivial_loss, rows = compare(network, learned, all_rows)
    name, trivial, answers = "loss", "mean of y", []
    if classes:
        name = "cross-entropy"
        trivial = "class frequencies" if all_rows.weights is None else "weighted class frequencies"
        answers = [classes[j] for j in {*argmax(outputs_of(network, all_rows.X))}]
    losses = f"its {name} on {rows} is {loss:.4g}, that of the {trivial} is {trivial_loss:.4g}"
    how = verdict(loss, trivial_loss)
    if len(answers) == 1:
        finding = f"the fit answers {cut(repr(answers[0]))} for every row; {losses}"
        warn_caller(NotLearnedWarning("one class", finding, ADVICE_ON_CLASSES + ADVICE))
    elif how:
        finding = f"the fit is {how} than the {trivial}: {losses}"
        warn_caller(NotLearnedWarning("trivial", finding, ADVICE))


def _counted_columns(columns: list[int]) -> str:
    """Return the numbers of columns with the verb that follows.

    >>> _counted_columns([1]), _counted_columns([0, 2])
    ('column 1 has', 'columns 0, 2 have')
    """
    listed = ", ".join(map(str, columns))
    return f"column {listed} has" if len(columns) == 1 else f"columns {listed} have"
