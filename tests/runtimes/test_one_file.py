"""The one file of the benchmarks comes to the stored answers on every Python, and in sandboxes."""

import subprocess
import sys
import warnings
from importlib.util import find_spec

import pytest
from bundles import isolated, run
from interpreters import find

from benchmarks import heap, one_file

CPYTHONS = [f"python3.{minor}" for minor in range(6, 14)]
NATIVE = [*CPYTHONS, "pypy3", "micropython"]
WASM = ["pyodide", "pyodide-next", "micropython"]
# All but those that take seconds.
SOON = "predict,dot-4,dot-16,square,online"
PLAIN = "predict,online"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one_file")
    one_file.run(folder / "core.py", SOON)
    one_file.run(folder / "plain.py", PLAIN, plain=True)
    return folder


def stored(only, names):
    """Return how each workload's line ends where the answer is the stored one."""
    works = one_file.works(one_file.chosen(only, names))
    return {name: f"{bits:08x}  to the bit" for name, bits, _ in works}


CORE_ANSWERS = stored(SOON, one_file.ORDER)
PLAIN_ANSWERS = stored(PLAIN, one_file.PLAIN)
ANSWERS = {"core.py": CORE_ANSWERS, "plain.py": PLAIN_ANSWERS}


def assert_answers(printed, file, interpreter):
    """Check all lines that a file printed: to the bit."""
    about, *lines, verdict = printed
    assert interpreter in about
    assert verdict == "no answer is wrong"
    assert [line.split()[0] for line in lines] == [*ANSWERS[file]]
    for line, expected in zip(lines, ANSWERS[file].values()):
        assert line.endswith(expected)


@pytest.mark.parametrize("name", NATIVE)
def test_native_interpreters_come_to_the_stored_bits(name, folder, required):
    python = [*isolated(name, required(name, find(name))), "core.py"]
    kind = {"pypy3": "pypy 3", "micropython": "MicroPython"}.get(name, f"cpython {name[6:]}.")
    assert_answers(run(python, folder), "core.py", kind)


@pytest.mark.parametrize("name", ["python2.7", "python3.6", "python3.13", "pypy3", "micropython"])
def test_the_plain_file_comes_to_the_stored_bits_on_python_2_too(name, folder, required):
    kind = {"pypy3": "pypy 3", "micropython": "MicroPython", "python2.7": "Python 2.7"}
    python = required(name, find(name))
    assert_answers(run([python, "plain.py"], folder), "plain.py", kind.get(name, "cpython 3."))


@pytest.mark.parametrize("file", ANSWERS)
@pytest.mark.parametrize("name", WASM)
def test_the_pythons_on_webassembly_come_to_the_stored_answers(name, file, folder, on_wasm):
    printed = run([*on_wasm(name), str(folder), file], folder)
    assert_agreement(printed, file)


def test_skulpt_comes_to_the_stored_answers(folder, on_wasm):
    assert_agreement(run([*on_wasm("skulpt"), str(folder), "plain.py"], folder), "plain.py")


def assert_agreement(printed, file):
    """Check all lines that a file printed where exp() may round otherwise."""
    _, *lines, verdict = [line for line in printed if line]
    assert verdict == "no answer is wrong"
    assert [line.split()[0] for line in lines] == [*ANSWERS[file]]
    assert all(line.endswith(("to the bit", "to 12 digits")) for line in lines)
    for line, expected in zip(lines, ANSWERS[file].values()):
        assert ("to the bit" in line) == line.endswith(expected)


def test_a_board_of_32_bits_comes_to_the_stored_answers(folder, required):
    build = heap.BUILDS["32-bit"]
    for need in build.needs:
        required(need, heap.is_there(need) or None)
    command = [*heap.command_of(build), "-X", "heapsize=1024k", "plain.py"]
    assert_agreement(run(command, folder), "plain.py")


def test_monty_comes_to_the_stored_bits(folder, required):
    required("pydantic-monty", find_spec("pydantic_monty"))
    program = (
        "import sys\nfrom pydantic_monty import Monty\n"
        "with Monty() as pool, pool.checkout() as session:\n"
        "    session.feed_run(open(sys.argv[1]).read())\n"
    )
    assert_answers(run([sys.executable, "-c", program, "plain.py"], folder), "plain.py", "monty")


def test_restricted_python_without_a_clock_comes_to_the_stored_bits(folder, required):
    required("RestrictedPython", find_spec("RestrictedPython"))
    printed = restricted((folder / "plain.py").read_text(encoding="utf-8"))
    assert_answers(printed, "plain.py", "a Python without the module sys")
    assert all(line.split(maxsplit=1)[1].startswith("no clock ") for line in printed[1:-1])


def restricted(source):
    """Execute a file as RestrictedPython's manual has it; return what it prints."""
    from RestrictedPython import compile_restricted, safe_globals
    from RestrictedPython.Eval import default_guarded_getitem, default_guarded_getiter
    from RestrictedPython.Guards import full_write_guard, safer_getattr

    printed = []

    class Printer:
        def __init__(self, getattr_):
            pass

        def _call_print(self, line):
            printed.append(line)

    with warnings.catch_warnings():
        # A host may collect what is printed; that this one does it otherwise is all it warns of.
        warnings.filterwarnings("ignore", r".*Prints, but never reads 'printed'", SyntaxWarning)
        code = compile_restricted(source, "plain.py", "exec")
    names = {
        "__builtins__": {**safe_globals["__builtins__"], "__import__": math_alone},
        "_getattr_": safer_getattr,
        "_getitem_": default_guarded_getitem,
        "_getiter_": default_guarded_getiter,
        "_print_": Printer,
        "_write_": full_write_guard,
    }
    exec(code, names)
    return printed


def math_alone(name, *others):
    if name != "math":
        raise ImportError(name)
    return __import__(name, *others)


def test_a_heap_that_is_too_small_for_a_workload_is_said(tmp_path, required):
    micropython = required("micropython", find("micropython"))
    one_file.run(tmp_path / "core.py", "predict-small,wide")
    done = subprocess.run([micropython, "-X", "heapsize=1m", "core.py"], cwd=tmp_path,
                          capture_output=True, text=True)  # fmt: skip
    _, small, wide, verdict = done.stdout.splitlines()
    assert small.endswith("to the bit") and verdict == "no answer is wrong"
    assert wide.split(maxsplit=1) == ["wide", "left out: not enough memory"]
