"""The smallest exports need no more of MicroPython's heap than is promised."""

import pytest
from interpreters import find

from benchmarks import heap
from benchmarks.answers import BenchmarkError

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


@pytest.mark.parametrize("name", HEAPS)
def test_micropython_needs_no_more_heap_than_this(name, tmp_path, required):
    micropython = required("micropython", find("micropython"))
    expected = heap.prepared(tmp_path, *heap.PROGRAMS[name]())
    assert heap.is_enough(micropython, tmp_path, expected, HEAPS[name])
    # That a quarter less does not do shows that the heap is what is limited here.
    assert not heap.is_enough(micropython, tmp_path, expected, HEAPS[name] * 3 // 4)


def test_the_smallest_heap_is_found_by_bisection(monkeypatch, required):
    micropython = required("micropython", find("micropython"))
    program = "", "print([len(bytearray(100 * 1024)) / 3])"
    monkeypatch.setitem(heap.PROGRAMS, "an array", lambda: program)
    assert 100 < heap.heap_case("an array", 1, micropython)["heap"] < 110


def test_an_answer_of_micropython_is_checked(tmp_path, required):
    micropython = required("micropython", find("micropython"))
    heap.prepared(tmp_path, "", "print([2.0])")
    with pytest.raises(BenchmarkError, match=r"MicroPython answers \[2.0\], not \[3.0\]"):
        heap.is_enough(micropython, tmp_path, [3.0], 16)
    (tmp_path / "main.py").write_text("raise AttributeError('none here')", encoding="ascii")
    with pytest.raises(BenchmarkError, match="AttributeError"):
        heap.is_enough(micropython, tmp_path, [2.0], 16)
