"""The predict command: a saved model's prediction for every row of a CSV file."""

from __future__ import annotations

import csv
import io
import sys
from typing import Any

from ..formats.writing import replace_file
from ..tables import read
from ..tables.columns import encode
from .data_file import load_estimator
from .options import REQUIRED, STDIN, WrongUsage

SUMMARY = "predict a column for each row of a CSV file with a saved model"
EXAMPLE = "predict iris.json purenet/datasets/iris.csv"
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "csv": REQUIRED,
    "out": None,
    "probabilities": False,
    "delimiter": None,
    "no_header": False,
}
TEXTS: dict[str, str] = {
    "csv": f"CSV file with the rows to predict ({STDIN})",
    "out": "CSV file to write the predictions to (default: standard output)",
}


def run(
    model: str,
    csv: str,
    out: str | None,
    probabilities: bool,
    delimiter: str | None,
    no_header: bool,
) -> None:
    """Write a CSV file with a row for each row, in the same order."""
    estimator = load_estimator(model)
    if probabilities and not hasattr(estimator, "classes_"):
        raise WrongUsage(f"--probabilities: only for a classifier, but {model} predicts numbers")
    table = read(csv, delimiter, False if no_header else None)
    rows = encode(estimator.columns_, table)
    header, lines = [estimator.target_], [[guess] for guess in estimator.predict(rows)]
    if probabilities:
        header += [f"P({name})" for name in estimator.classes_]
        lines = [[*a, *b] for a, b in zip(lines, estimator.predict_proba(rows))]
    text = _as_csv([header, *lines])
    if out is None:
        sys.stdout.write(text)
    else:
        replace_file(out, text.encode())
        print(f"{out} written")


def _as_csv(rows: list[list[Any]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
