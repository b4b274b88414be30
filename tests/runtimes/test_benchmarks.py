"""The benchmarks on other interpreters: the same bits, and what is too large is said."""

import json
import re
import shutil
import subprocess
import sys

import pytest
from interpreters import find
from support import CHECKOUT

from benchmarks import (
    __main__,
    answers,
    processes,
    timing,
    workloads,
)


def benchmarks(*arguments):
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )


# -- workloads and their answers -----------------------------------------------------------------


def test_the_digits_can_be_read_without_gzip_too(monkeypatch, tmp_path, required):
    micropython = required("micropython", find("micropython"))
    program = "from benchmarks import workloads; X, y = workloads.digits(); print(X[1796], y)"
    done = subprocess.run([micropython, "-X", "heapsize=16m", "-c", program], cwd=CHECKOUT,
                          capture_output=True, text=True)  # fmt: skip
    X, y = workloads.digits()
    assert done.stdout == f"{X[1796]} {y}\n"


# -- the suite -----------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch):
    """Take times that mean nothing, and soon."""
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)


def cases_of(file):
    """Return the cases of a file by name."""
    return {case["name"]: case for case in json.loads(file.read_text(encoding="utf-8"))["cases"]}


def document(times, yardstick=None, **different):
    """Return a file's content with one case."""
    case = {"name": "work", "size": 1, "unit": "round", "products": 9, "answer": {"bits": 1}}
    case.update({"seconds": {"lists": times}}, **different)
    if yardstick:
        case["yardstick"] = yardstick
    environment = {"interpreter": "CPython 3.11.7", "processor": "a processor", "load": 0.5}
    return {"environment": environment, "cases": [case]}


# -- in one interpreter after another ------------------------------------------------------------


@pytest.mark.parametrize("name", ["pypy3", "micropython"])
def test_interpreters_run_the_same_work_to_the_same_bits(name, hasty, required, tmp_path, capsys):
    other = required(name, find(name))
    file = tmp_path / "times.json"
    options = ["--only", "predict-small", "--repeats", "1", "--json", str(file)]
    __main__.main(["interpreters", sys.executable, other, *options])
    document = json.loads(file.read_text(encoding="utf-8"))
    this, that = document["interpreters"]
    assert this.endswith(sys.version.split()[0]) and that.startswith(("PyPy", "MicroPython"))
    cases = {case["name"]: case for case in document["cases"]}
    assert list(cases) == ["predict-small, lists", "predict-small, unrolled"]
    assert cases["predict-small, lists"]["agrees"] == {this: "to the bit", that: "to the bit"}
    assert list(cases["predict-small, lists"]["seconds"]) == [this, that]
    have_unrolled = [this] if name == "micropython" else [this, that]
    assert list(cases["predict-small, unrolled"]["seconds"]) == have_unrolled
    printed = capsys.readouterr().out.splitlines()
    [line] = [line for line in printed if line.startswith("predict-small, lists")]
    assert re.search(r"predict-small, lists +[\d.]+ .s \(1.00\) +[\d.]+ .s \([\d.]+\)$", line)


def test_processes_of_interpreters_are_measured_too(hasty, required, monkeypatch, tmp_path):
    micropython = required("micropython", find("micropython"))
    monkeypatch.setattr(processes, "TRAINING", processes.TRAINING.replace("2000", "2"))
    monkeypatch.setattr(answers, "agreement", lambda *_, **__: "not at all")
    file = tmp_path / "times.json"
    for name in processes.NAMES:
        options = ["--only", name, "--engines", "lists", "--repeats", "1", "--json", str(file)]
        __main__.main(["interpreters", sys.executable, micropython, *options])
        cases = cases_of(file)
        if name == "memory":
            peak, heap = cases["memory, lists"]["bytes"].values()
            assert peak[0] > 5e6 and 5e4 < heap[0] < 2e5 and heap[0] % 1024 == 0
        else:
            assert list(cases) == [f"{name}, pass", name]
            assert all(len(case["seconds"]) == 2 for case in cases.values())


def test_a_workload_for_which_the_heap_is_too_small_is_left_out_and_said(required):
    micropython = f"{required('micropython', find('micropython'))} -X heapsize=512k"
    done = benchmarks("interpreters", micropython, "--only", "wide", "--repeats", "1")
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search("MicroPython .*: left out of wide, lists: MemoryError", done.stdout)


def test_micropython_measures_alone(required):
    micropython = required("micropython", find("micropython"))
    done = subprocess.run(
        [micropython, "-X", "heapsize=16m", "-m", "benchmarks.inside", "predict-small"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
    )
    [line] = map(json.loads, done.stdout.splitlines())
    assert 0.0 < line["minimum"] <= line["median"] and line["engine"] == "lists"


def test_packed_integers_are_measured_on_pypy_too(required, tmp_path):
    required("pypy3", shutil.which("pypy3"))
    file = tmp_path / "times.json"
    case = "on PyPy, 64-32-10 x 32"
    done = benchmarks("engines", "--only", case, "--repeats", "1", "--json", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    measured = cases_of(file)[case]
    assert {"packed", "unrolled", "lists"} <= {*measured["seconds"]}
    assert f"\n{case} " in done.stdout


def test_the_suite_runs_on_webassembly(on_wasm):
    module = ["-m", "benchmarks", "run", "--only", "mem", "--repeats", "1"]
    done = subprocess.run(
        [*on_wasm("pyodide"), str(CHECKOUT), *module],
        cwd=CHECKOUT, capture_output=True, text=True,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nmemory: left out: there are no processes here\n" in done.stdout
