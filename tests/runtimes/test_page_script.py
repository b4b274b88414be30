"""The page's script before it runs: ESLint finds nothing, and its trainer is that of exports."""

import re
import shutil
import subprocess

import pytest
from support import CHECKOUT

from purenet import Network
from purenet.export.javascript import javascript_source
from purenet.page.document import script_of

FOLDER = CHECKOUT / "tests" / "runtimes"
ESLINT = FOLDER / "wasm" / "node_modules" / "eslint" / "bin" / "eslint.js"


def lint(source, required):
    """Run ESLint on a script; return its output and its exit code."""
    node = required("node", shutil.which("node"))
    eslint = required("ESLint", ESLINT if ESLINT.exists() else None)
    command = [node, eslint, "--config", FOLDER / "eslint.config.mjs", "--stdin"]
    result = subprocess.run(
        command, input=source, capture_output=True, text=True, encoding="utf-8", check=False
    )
    return result.stdout + result.stderr, result.returncode


def test_eslint_finds_nothing_in_the_script(required):
    assert lint(script_of(), required) == ("", 0)


def test_eslint_would_find_a_misspelled_name_and_markup(required):
    wrong = script_of() + "\nbegun();\nat('live').innerHTML = page.row;\n"
    said, code = lint(wrong, required)
    assert code == 1 and "'begun' is not defined" in said and "innerHTML" in said


def functions_in(source):
    """Return the texts of all functions by their names, without indents."""
    lines = re.sub(r"^ +", "", source.replace("export function", "function"), flags=re.MULTILINE)
    return {
        text.split("(")[0].split()[1]: text
        for text in re.split(r"^(?=function )", lines, flags=re.MULTILINE)[1:]
    }


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "leaky_relu", "linear"])
def test_the_trainer_is_the_text_of_exported_trainers(activation):
    options = {"activation": activation, "output_activation": "softmax", "bias": True, "seed": 1}
    exported = javascript_source(Network([2, 3, 2], **options), trainable=True)
    script = "".join(script_of().split())
    # Only these have a model's own counts in them, or whether it has biases.
    own_to_a_model = ("predict", "inputsFor", "train", "targetsFor", "selfTest", "changedLayer")
    for name, function in functions_in(exported).items():
        own = function[: function.index("\n}\n")]
        if name not in own_to_a_model:
            assert "".join(own.split()) in script, name
