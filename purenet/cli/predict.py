"""The predict command: a saved model's prediction for every row of a CSV file."""

from __future__ import annotations

import io
from csv import writer
from typing import Any

from ..formats import load
from .data_file import READING, encoded, reading_of, table_for, with_columns
from .options import STDIN, WrongUsage
from .terminal import deliver

SUMMARY = "predict a column for each row of a CSV file with a saved model"
EXAMPLE = "predict iris.json purenet/datasets/iris.csv"
FURTHER = READING
TEXTS: dict[str, str] = {
    "csv": f"CSV file with the rows to predict ({STDIN})",
    "out": "CSV file to write the predictions to (default: standard output)",
}


def run(
    model: str,
    csv: str,
    out: str | None = None,
    keep: list[str] | None = None,
    probabilities: bool = False,
    exact: bool = False,
    strict: bool = False,
    **options: Any,
) -> None:
    """Write a CSV file with a row for each row, in the same order."""
    estimator = with_columns(load(model), model)
    if probabilities and not hasattr(estimator, "classes_"):
        raise WrongUsage(f"--probabilities: only for a classifier, but {model} predicts numbers")
    if exact and not probabilities:
        raise WrongUsage("--exact: only for probabilities; give --probabilities, too")
    reading = {**reading_of(options), "text": keep or ()}  # what is kept is not left out
    table = table_for(csv, estimator, reading)
    # "all" stands for all columns, unless one is so called.
    kept = table.names if keep == ["all"] and "all" not in table.names else keep or []
    copied = [table.column(name) for name in kept]  # before the notes: a name may be wrong
    rows = encoded(table, estimator, strict)
    names, guesses = estimator.target_, estimator.predict(rows)
    if isinstance(names, str):
        names, guesses = [names], [[guess] for guess in guesses]
    header = [*kept, *(f"predicted {name}" if name in kept else name for name in names)]
    lines = [[*(cells[i] for cells in copied), *guess] for i, guess in enumerate(guesses)]
    if probabilities:
        header += [f"P({name})" for name in estimator.classes_]
        shares = estimator.predict_proba(rows)
        shares = shares if exact else [[round(share, 4) for share in row] for row in shares]
        lines = [[*a, *b] for a, b in zip(lines, shares)]
    text = io.StringIO()
    writer(text, lineterminator="\n").writerows([header, *lines])
    deliver(text.getvalue(), out)
