"""The benchmark of tables, on files that scikit-learn ships."""

import json

import pytest

from benchmarks import __main__, tables

pytest.importorskip("sklearn")


def test_small_tables_of_scikit_learn_train_beside_its_models(tmp_path):
    file = tmp_path / "tables.json"
    for only, measure, least in [("data/iris", "accuracy", 0.8), ("diabetes_data", "R²", -1)]:
        __main__.main(["tables", "--only", only, "--json", str(file)])
        case = json.loads(file.read_text(encoding="utf-8"))["cases"][0]
        assert case["measure"] == measure and [*case["scores"]] == [
            "ours",
            tables.LINEAR,
            tables.NETWORK,
        ]
        assert all(score > least for score in case["scores"].values())
