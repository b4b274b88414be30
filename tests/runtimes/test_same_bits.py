"""Same seed, same data, same C library: the same last bit of every weight, on every Python.

The programs run from the unchanged checkout, so this also tests that `purenet.core` asks for no
more than MicroPython has. WebAssembly brings another C library, whose `exp` rounds some last bits
otherwise: its two Pythons must agree with each other, and with the rest to 12 digits.

Interpreters that are not on the machine are skipped, unless `--all` says that they
have to be there. PATH and pyenv's versions are searched for them.
"""

import os
import struct
import subprocess
import sys

import pytest
from interpreters import find
from support import CHECKOUT

from benchmarks import heap

CPYTHONS = ["python3.9", "python3.10", "python3.11", "python3.12", "python3.13"]
NATIVE = [*CPYTHONS, "pypy3", "micropython"]
WASM = ["pyodide", "micropython"]
PROGRAMS = ["article", "options"]

HEAP = "128k"  # little more than the smallest, which moves with every change to the core


@pytest.fixture(scope="module", params=PROGRAMS)
def program(request):
    return request.param


@pytest.fixture(scope="module")
def here(program):
    """This interpreter's results."""
    return weights(run([sys.executable, "tests/bits.py", program]))


@pytest.mark.parametrize("name", NATIVE)
def test_native_interpreters_give_the_same_bits(name, program, here, required):
    command = [required(name, find(name)), "tests/bits.py", program]
    assert weights(run(command)) == here


@pytest.mark.parametrize("name", [*CPYTHONS, "pypy3"])
def test_a_large_estimator_has_the_same_bits_everywhere(name, required):
    ours = weights(run([sys.executable, "tests/bits.py", "estimator"]))
    assert ours == weights(run([required(name, find(name)), "tests/bits.py", "estimator"]))


@pytest.mark.parametrize("name", [*CPYTHONS, "pypy3"])
def test_packed_integers_have_bits_of_their_own_that_are_the_same_everywhere(name, required):
    packed = weights(run([required(name, find(name)), "tests/bits.py", "packed"]))
    assert packed == weights(run([sys.executable, "tests/bits.py", "packed"]))
    plain = weights(run([sys.executable, "tests/bits.py", "options"]))
    assert packed != plain
    assert packed == pytest.approx(plain, abs=1e-4)


def test_the_pythons_on_webassembly_agree_with_each_other_and_to_12_digits_with_the_rest(
    program, here, on_wasm
):
    pyodide, micropython = (
        weights(run([*on_wasm(name), str(CHECKOUT), "tests/bits.py", program])) for name in WASM
    )
    assert pyodide == micropython
    assert [f"{weight:.12g}" for weight in pyodide] == [f"{weight:.12g}" for weight in here]


def test_a_small_heap_is_enough_to_import_and_train_the_articles_network(required):
    micropython = required("micropython", find("micropython"))
    run([micropython, "-X", f"heapsize={HEAP}", "tests/bits.py"])


def test_training_takes_at_most_104_kib_of_heap_on_32_bits(tmp_path, required):
    build = heap.BUILDS["32-bit"]
    for need in build.needs:
        required(need, heap.is_there(need) or None)
    assert heap.fitting(build, tmp_path, *heap.PROGRAMS["XOR, core"]())(104)


def run(command):
    """Run a program in the checkout and return what it printed."""
    done = subprocess.run(
        command,
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def weights(printed):
    """Return the numbers behind the first line, which names the interpreter."""
    numbers = " ".join(printed.splitlines()[1:]).split()
    assert numbers
    return [struct.unpack(">d", bytes.fromhex(number))[0] for number in numbers]
