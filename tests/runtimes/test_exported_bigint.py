"""A file that computes with big integers gives the same bits on every Python 3 with doubles."""

import pytest
from exported import PROGRAM, executed, run, told
from interpreters import find

from purenet import Classifier, Network
from purenet.datasets import digits, iris
from purenet.export.python import python_source
from purenet.export.python_bigint import BITS

NATIVE = ["python3.6", "python3.7", "python3.8", "python3.9", "python3.10", "python3.11"]
NATIVE += ["python3.12", "python3.13", "pypy3", "micropython"]
WASM = ["pyodide", "pyodide-next", "micropython"]
ROWS = [[0.0] * 64, [-0.0, *range(63)], [(-1.5) ** i for i in range(64)], [5e-324] * 64]


def models():
    """Return a network of rational operations alone, and classifiers, each with rows."""
    rational = Network([64, 9, 5, 3], activation=["relu", "leaky_relu"], bias=True, seed=3)
    rational = Network.of(rational.weights, activation="relu", output_activation="linear")
    X, species = iris()
    images, labels = digits()
    return {
        "rational": (rational, [*ROWS, *images[:40]]),
        "iris": (Classifier(5, epochs=3, random_state=1).fit(X, species), X[::10]),
        "digits": (
            Classifier(32, epochs=1, random_state=1).fit(images[:200], labels[:200]),
            images[:20],
        ),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Return a folder with files of all bits, and a program that prints their answers' bytes."""
    folder = tmp_path_factory.mktemp("bigint")
    lines = [PROGRAM]
    expected = []
    for name, (model, rows) in models().items():
        for bits in BITS:
            source = python_source(model, style="bigint", bits=bits, module=bits == 48)
            (folder / f"{name}{bits}.py").write_text(source)
            lines += [f"import {name}{bits}", f"{name}{bits}.self_test()"]
            lines += [f"for row in {rows}:", f"    print(told({name}{bits}.predict(row)))"]
            expected += [told(executed(source)["predict"](row)) for row in rows]
    (folder / "ask.py").write_text("\n".join(lines))
    (folder / "expected").write_text("\n".join(expected))
    return folder


@pytest.mark.parametrize("name", NATIVE)
def test_native_interpreters_give_the_same_bits(name, folder, required):
    code, printed, complaints = run([required(name, find(name)), "ask.py"], folder)
    assert (code, complaints) == (0, "")
    assert printed.splitlines() == (folder / "expected").read_text().splitlines()


@pytest.mark.parametrize("name", WASM)
def test_on_webassembly_all_but_exp_and_tanh_have_the_same_bits(name, folder, on_wasm):
    code, printed, complaints = run([*on_wasm(name), str(folder), "ask.py"], folder)
    assert (code, complaints) == (0, "")
    expected = (folder / "expected").read_text().splitlines()
    rational = len(BITS) * len(models()["rational"][1])
    assert printed.splitlines()[:rational] == expected[:rational]
    assert len(printed.splitlines()) == len(expected)
