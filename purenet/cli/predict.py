"""The predict command: a saved model's prediction for every row of a CSV file."""

from __future__ import annotations

import csv
import io
import sys
from typing import Any

from ..formats.writing import replace_file
from ..tables import Table
from ..tables.columns import encode
from .data_file import READING, as_flags, load_estimator, reading_of, say_notes, table_for
from .options import REQUIRED, STDIN, WrongUsage

SUMMARY = "predict a column for each row of a CSV file with a saved model"
EXAMPLE = "predict iris.json purenet/datasets/iris.csv"
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "csv": REQUIRED,
    "out": None,
    "keep": None,
    "probabilities": False,
    "exact": False,
    "strict": False,
    **READING,
}
TEXTS: dict[str, str] = {
    "csv": f"CSV file with the rows to predict ({STDIN})",
    "out": "CSV file to write the predictions to (default: standard output)",
}


def run(
    model: str,
    csv: str,
    out: str | None,
    keep: list[str] | None,
    probabilities: bool,
    exact: bool,
    strict: bool,
    **options: Any,
) -> None:
    """Write a CSV file with a row for each row, in the same order."""
    estimator = load_estimator(model)
    if probabilities and not hasattr(estimator, "classes_"):
        raise WrongUsage(f"--probabilities: only for a classifier, but {model} predicts numbers")
    if exact and not probabilities:
        raise WrongUsage("--exact: only for probabilities; give --probabilities, too")
    table = table_for(csv, estimator, reading_of(options))
    kept = _kept(table, keep or [])
    with as_flags():
        rows = encode(estimator.columns_, table, strict)
    say_notes(table)
    guesses = [[guess] for guess in estimator.predict(rows)]
    targets = estimator.target_
    if not isinstance(targets, str):
        guesses = [guess for (guess,) in guesses]
    names = [targets] if isinstance(targets, str) else targets
    header = [*kept, *(f"predicted {name}" if name in kept else name for name in names)]
    lines = [[*cells, *guess] for cells, guess in zip(_rows(table, kept), guesses)]
    if probabilities:
        header += [f"P({name})" for name in estimator.classes_]
        shares = estimator.predict_proba(rows)
        shares = shares if exact else [[round(share, 4) for share in row] for row in shares]
        lines = [[*a, *b] for a, b in zip(lines, shares)]
    text = _as_csv([header, *lines])
    if out is None:
        sys.stdout.write(text)
    else:
        replace_file(out, text.encode())
        print(f"{out} written")


def _kept(table: Table, keep: list[str]) -> list[str]:
    """Return the names of the columns to copy; "all" stands for all, unless a column is so called.

    Raises PureNetError for a column that is not there.
    """
    if keep == ["all"] and "all" not in table.names:
        return table.names
    for name in keep:
        table.index(name)
    return keep


def _rows(table: Table, names: list[str]) -> list[list[str]]:
    """Return the cells of some columns, for each row."""
    places = [table.index(name) for name in names]
    return [[row[j] for j in places] for row in table.rows]


def _as_csv(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
