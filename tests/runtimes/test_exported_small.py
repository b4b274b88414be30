"""The smallest exports need no more of MicroPython's heap than is promised."""

import sys
from ast import literal_eval
from functools import partial

import pytest
from interpreters import find

from benchmarks import heap
from benchmarks.benchmark import BenchmarkError
from benchmarks.processes import ProcessFailed, output_of, smallest_heap

# KiB, and up to 1 more than `python -m benchmarks heap` finds, as that depends a little on the
# weights, and on the length of the folder's name.
HEAPS = {
    "3-4-1, unrolled": 21,
    "3-4-1, lists": 23,
    "3-4-1, limit": 9,
    "3-4-1, float32": 11,
    "3-4-1, int8": 10,
    "64-32-10, lists": 218,
    "64-32-10, float32": 23,
    "64-32-10, int8": 15,
    "XOR, trainable": 40,
}


def prepared(folder, source, program):
    """Write an exported file and a program that asks it; return what it answers here."""
    (folder / "net.py").write_text(source, encoding="ascii")
    (folder / "main.py").write_text(program, encoding="ascii")
    return literal_eval(output_of([sys.executable, "main.py"], folder))


@pytest.mark.parametrize("name", HEAPS)
def test_micropython_needs_no_more_heap_than_this(name, tmp_path, required):
    micropython = required("micropython", find("micropython"))
    expected = prepared(tmp_path, *heap.PROGRAMS[name]())
    assert heap.is_enough(micropython, tmp_path, expected, HEAPS[name])
    # That a quarter less does not do shows that the heap is what is limited here.
    assert not heap.is_enough(micropython, tmp_path, expected, HEAPS[name] * 3 // 4)


def test_the_smallest_heap_is_found_by_bisection_and_an_answer_is_checked(tmp_path, required):
    micropython = required("micropython", find("micropython"))
    expected = prepared(tmp_path, "", "print([len(bytearray(100 * 1024)) / 3])")
    enough = partial(heap.is_enough, micropython, tmp_path, expected)
    assert 100 < smallest_heap(enough, 0, heap.MOST) < 110
    prepared(tmp_path, "", "print([2.0])")
    with pytest.raises(BenchmarkError, match=r"MicroPython answers \[2.0\]\s*, not \[3.0\]"):
        heap.is_enough(micropython, tmp_path, [3.0], 16)
    prepared(tmp_path, "", "import math\nprint([math.nextafter(2.0, 2.0)])")
    with pytest.raises(ProcessFailed, match="AttributeError"):
        heap.is_enough(micropython, tmp_path, [2.0], 16)
