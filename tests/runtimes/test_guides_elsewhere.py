"""The sessions of README.md and of the guides that need other runtimes and libraries."""

import shutil

import pytest
from command_line import ENV
from guides import play
from interpreters import find

import purenet as package


def test_the_readme_carries_scikit_learns_network_to_micropython(tmp_path, required):
    pytest.importorskip("sklearn")
    required("micropython", find("micropython"))
    play("README.md", "runtimes", tmp_path, ENV)
    model = package.load(tmp_path / "flowers.json")
    assert list(model.predict([[5.9, 3.0, 5.1, 1.8]])) == ["virginica"]


def test_the_guide_of_exports_runs_in_c_and_in_javascript(tmp_path, required):
    for program in ("gcc", "node"):
        required(program, shutil.which(program))
    play("purenet/export/README.md", "runtimes", tmp_path, ENV)
