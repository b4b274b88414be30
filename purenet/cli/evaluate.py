"""The evaluate command: how good a saved model is on the rows of a CSV file."""

from __future__ import annotations

from typing import Any

from ..formats import load
from ..tables.scores import judged
from .data_file import READING, judgeable, reading_of, table_for, with_columns
from .options import STDIN
from .terminal import print_json, say

SUMMARY = "compare a saved model's predictions with the truth in a CSV file"
EXAMPLE = "evaluate iris.json purenet/datasets/iris.csv"
FURTHER = READING
TEXTS: dict[str, str] = {"csv": f"CSV file with the true values of the target ({STDIN})"}


def run(model: str, csv: str, strict: bool = False, as_json: bool = False, **options: Any) -> None:
    """Print the accuracy and the confusion matrix, or R²."""
    estimator = with_columns(load(model), model)
    table = table_for(csv, estimator, reading_of(options))
    judgement = judged(estimator, *judgeable(table, estimator, strict))
    if as_json:
        print_json(judgement.as_data())
    else:
        say(*judgement.lines)
