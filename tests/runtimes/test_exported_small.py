"""The smallest exports need no more of MicroPython's heap than the export guide says."""

from functools import partial

import pytest
from interpreters import find

from benchmarks import heap, page
from benchmarks.benchmark import BenchmarkError, read
from benchmarks.processes import ProcessFailed, fits, smallest_heap

# What `core` needs changes with every line of it: test_same_bits limits that.
HEAPS = {
    case["name"]: case["heap"]
    for case in read(page.RESULTS / "heap.json")["cases"]
    if "core" not in case["name"]
}
MARGIN = 1  # KiB, as the heap depends a little on the weights and on the folder's name


@pytest.mark.parametrize("name", HEAPS)
def test_micropython_needs_no_more_heap_than_is_stored(name, tmp_path, required):
    micropython = required("micropython", find("micropython"))
    fitting = heap.fitting(micropython, tmp_path, *heap.PROGRAMS[name]())
    limit = HEAPS[name] + MARGIN
    assert fitting(limit)
    # That a quarter less does not do shows that the heap is what is limited here.
    assert not fitting(limit * 3 // 4)


def test_the_smallest_heap_is_found_by_bisection_and_an_answer_is_checked(tmp_path, required):
    micropython = required("micropython", find("micropython"))
    enough = heap.fitting(micropython, tmp_path, "", "print([len(bytearray(100 * 1024)) / 3])")
    assert 100 < smallest_heap(enough, 0, heap.MOST) < 110
    heap.fitting(micropython, tmp_path, "", "print([2.0])")
    check = partial(heap.check_answer, [3.0])
    with pytest.raises(BenchmarkError, match=r"MicroPython answers \[2.0\], not \[3.0\]"):
        fits([micropython], ["main.py"], 16, tmp_path, check)
    fitting = heap.fitting(
        micropython, tmp_path, "", "import math\nprint([math.nextafter(2.0, 2.0)])"
    )
    with pytest.raises(ProcessFailed, match="AttributeError"):
        fitting(16)
