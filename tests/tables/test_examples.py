"""Small made-up tables, one for each rule of reading, beside what comes of them.

`examples/NAME.csv` (or .csv.gz, ...) is read with the options in `examples/NAME.json`, which has
the inputs, the first row and the targets that the table becomes, and the notes about it.
"""

import json
from pathlib import Path

import pytest

from purenet.tables.csv_table import read
from purenet.tables.notes import flagged
from purenet.tables.problem import problem_of

FOLDER = Path(__file__).parent / "examples"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))


def test_every_table_has_what_must_come_of_it():
    tables = sorted(path.name.split(".")[0] for path in FOLDER.iterdir() if path.suffix != ".json")
    assert tables == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_read_as_its_rule_says(name):
    expected = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
    (path,) = (path for path in FOLDER.glob(f"{name}.*") if path.suffix != ".json")
    target = expected["target"]
    wanted = [target] if isinstance(target, str) else target
    table = read(path, wanted=wanted, **expected["options"])
    table.source = "FILE"
    problem = problem_of(table, target, "auto", [], "mean")
    assert {
        "target": target,
        "options": expected["options"],
        "inputs": [name for column in problem.columns for name in column.inputs],
        "first row": problem.X[0],
        "targets": problem.y[:6],
        "notes": [flagged(note) for note in problem.table.notes],
    } == expected
