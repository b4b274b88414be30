"""The evaluate command: how good a saved model is on the rows of a CSV file."""

from __future__ import annotations

import json
from typing import Any

from ..tables import read
from ..tables.columns import encode, targets_of
from ..tables.scores import judged
from .data_file import load_estimator
from .options import REQUIRED, STDIN

SUMMARY = "compare a saved model's predictions with the truth in a CSV file"
EXAMPLE = "evaluate iris.json purenet/datasets/iris.csv"
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "csv": REQUIRED,
    "delimiter": None,
    "no_header": False,
    "as_json": False,
}
TEXTS: dict[str, str] = {
    "csv": f"CSV file with the true values of the target ({STDIN})",
}


def run(model: str, csv: str, delimiter: str | None, no_header: bool, as_json: bool) -> None:
    """Print the accuracy and the confusion matrix, or R²."""
    estimator = load_estimator(model)
    table = read(csv, delimiter, False if no_header else None)
    rows = encode(estimator.columns_, table)
    truth = targets_of(table, estimator.target_, getattr(estimator, "classes_", None))
    judgement = judged(estimator, rows, truth)
    print(json.dumps(judgement.as_data()) if as_json else "\n".join(judgement.lines))
