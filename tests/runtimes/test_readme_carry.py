"""The README carries a network of scikit-learn's to MicroPython."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ENV, FOLDER
from interpreters import find

import purenet as package
from purenet import Classifier

pytest.importorskip("sklearn")


def test_the_readme_carries_scikit_learns_network_to_micropython(tmp_path, required):
    micropython = required("micropython", find("micropython"))
    readme = (FOLDER.parents[1] / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index("## Carry it anywhere") : readme.index("### Models in and out")]
    [program] = re.findall(r"```python\n(.*?)```", section, re.DOTALL)
    subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=ENV, check=True)
    commands = re.findall(r"^    ((?:python3|micropython) .*)", section, re.MULTILINE)
    printed = ""
    for command in commands:
        python3 = command.replace("python3", sys.executable, 1)
        line = re.sub("^micropython", micropython, python3)
        printed += subprocess.run(
            line, shell=True, cwd=tmp_path, env=ENV, check=True, capture_output=True, text=True
        ).stdout
    shown = section[section.index("\nprint\n") :].split("\n\n")[1]
    assert printed == "".join(f"{line[4:]}\n" for line in shown.splitlines())
    model: Classifier = package.load(tmp_path / "flowers.json")
    assert list(model.predict([[5.9, 3.0, 5.1, 1.8]])) == ["virginica"]
    assert Path(tmp_path, "flowers.py").exists()
