"""The evaluate command: how good a saved model is on the rows of a CSV file."""

from __future__ import annotations

import json
from typing import Any

from ..core.matrix import PureNetError
from ..formats.columns import encode, numbers_of, texts_of
from ..formats.csv_table import read_table
from .options import REQUIRED
from .predict import load_estimator
from .report import judged_classes, judged_numbers

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
    target = estimator.target_
    rows = encode(estimator.columns_, table)
    if hasattr(estimator, "classes_"):
        labels = texts_of(table, target)
        for i, label in enumerate(labels):
            if label not in estimator.classes_:
                raise PureNetError(f"{table.place(i, target)}: the model knows no class {label!r}")
        judgement = judged_classes(labels, estimator.predict(rows), list(estimator.classes_))
    else:
        judgement = judged_numbers(numbers_of(table, target), estimator.predict(rows))
    print(json.dumps(judgement.as_data()) if as_json else "\n".join(judgement.lines))
