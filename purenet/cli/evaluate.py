"""The evaluate command: how good a saved model is on the rows of a CSV file."""

from __future__ import annotations

import json
from typing import Any

from ..tables.columns import encode
from ..tables.csv_table import read_table
from ..tables.scores import judged_classes, judged_numbers
from .data_file import known_targets, load_estimator
from .options import REQUIRED

SUMMARY = "compare a saved model's answers with those in a CSV file"
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "csv": REQUIRED,
    "delimiter": None,
    "no_header": False,
    "as_json": False,
}


def run(model: str, csv: str, delimiter: str | None, no_header: bool, as_json: bool) -> None:
    """Print the accuracy and the confusion matrix, or R²."""
    estimator = load_estimator(model)
    table = read_table(csv, delimiter, False if no_header else None)
    rows = encode(estimator.columns_, table)
    truth = known_targets(table, estimator, estimator.target_)
    guesses = estimator.predict(rows)
    if hasattr(estimator, "classes_"):
        judgement = judged_classes(truth, guesses, list(estimator.classes_))
    else:
        judgement = judged_numbers(truth, guesses)
    print(json.dumps(judgement.as_data()) if as_json else "\n".join(judgement.lines))
