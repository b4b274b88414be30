"""The smallest exports need no more of MicroPython's heap than is promised."""

import pytest
from interpreters import find

from benchmarks import heap

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


@pytest.fixture(scope="module")
def programs():
    return {name: case for name, *case in heap.cases()}


@pytest.mark.parametrize("name", HEAPS)
def test_micropython_needs_no_more_heap_than_this(name, programs, tmp_path, required):
    micropython = required("micropython", find("micropython"))
    expected = heap.prepared(tmp_path, *programs[name])
    assert heap.is_enough(micropython, HEAPS[name], tmp_path, expected)
    # That a quarter less does not do shows that the heap is what is limited here.
    assert not heap.is_enough(micropython, HEAPS[name] * 3 // 4, tmp_path, expected)


def test_the_smallest_heap_is_found_by_bisection_and_an_answer_is_checked(tmp_path, required):
    micropython = required("micropython", find("micropython"))
    found = heap.smallest_heap(micropython, "", "print([len(bytearray(100 * 1024)) / 3])")
    assert 100 < found < 110
    heap.prepared(tmp_path, "", "print([2.0])")
    with pytest.raises(SystemExit, match=r"MicroPython answers \[2.0\], not \[3.0\]"):
        heap.is_enough(micropython, 16, tmp_path, [3.0])
    heap.prepared(tmp_path, "", "import math\nprint([math.nextafter(2.0, 2.0)])")
    with pytest.raises(SystemExit, match="AttributeError"):
        heap.is_enough(micropython, 16, tmp_path, [2.0])
