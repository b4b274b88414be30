"""The smallest exports need no more of MicroPython's heap than the export guide says."""

import pytest

from benchmarks import heap, page
from benchmarks.benchmark import BenchmarkError, read
from benchmarks.processes import ProcessFailed, smallest_heap

# What `core` needs changes with every line of it: test_same_bits limits that. Text for boards with
# more memory is tried on one build only, as it takes long.
HEAPS = [
    (case["name"], build, heap)
    for case in read(page.RESULTS / "heap.json")["cases"]
    for build, heap in case["heap"].items()
    if heap is not None and "core" not in case["name"] and (heap < 30 or build == "64-bit")
]
MARGIN = 1  # KiB, as the heap depends a little on the weights and on the folder's name


@pytest.mark.parametrize(("name", "build", "stored"), HEAPS)
def test_micropython_needs_no_more_heap_than_is_stored(name, build, stored, tmp_path, required):
    build = there(build, required)
    fitting = heap.fitting(build, tmp_path, *heap.PROGRAMS[name]())
    limit = stored + MARGIN
    assert fitting(limit)
    # That half of it does not do shows that the heap is what is limited here.
    assert not fitting(limit // 2)


def there(name, required):
    """Return a build of MicroPython if all that it needs is there."""
    build = heap.BUILDS[name]
    for need in build.needs:
        required(need, heap.is_there(need) or None)
    return build


def test_a_compiled_file_is_imported_without_its_text(tmp_path, required):
    build = there("32-bit .mpy", required)
    assert heap.fitting(build, tmp_path, {"net.py": "X = 2.5"}, "import net\nprint([net.X])")(64)
    assert sorted(file.name for file in tmp_path.iterdir()) == ["main.py", "net.mpy"]


def test_the_micro_bit_computes_in_single_precision_and_tells_what_goes_wrong(tmp_path, required):
    build = there("micro:bit", required)
    assert heap.fitting(build._replace(margin=1e-5), tmp_path, {}, "print([1.0 / 3.0])")(8)
    exact = heap.fitting(build._replace(margin=1e-9), tmp_path, {}, "print([1.0 / 3.0])")
    with pytest.raises(BenchmarkError, match=r"MicroPython answers \[0.333333\], not"):
        exact(8)
    wrong = heap.fitting(build, tmp_path, {}, "import math\nprint([math.fsum([1.0])])")
    with pytest.raises(ProcessFailed, match="AttributeError"):
        wrong(8)
    large = {"net.py": f"TEXT = {'x' * 100_000!r}"}
    assert heap.heap_of(build, large, "import net\nprint([1.0])") is None
    assert heap.heap_of(build, {"core/net.py": ""}, "print([1.0])") is None


def test_the_collector_on_32_bits_finds_all_that_is_in_use(tmp_path, required):
    build = there("32-bit", required)
    text = "print([float(len([str(i) + 'x' * (i % 99) for i in range(2000)][-900:]))])"
    assert 100 < heap.heap_of(build, {}, text) < 400


def test_the_smallest_heap_is_found_by_bisection_and_an_answer_is_checked(tmp_path, required):
    build = there("64-bit", required)
    enough = heap.fitting(build, tmp_path, {}, "print([len(bytearray(100 * 1024)) / 3])")
    assert 100 < smallest_heap(enough, 0, heap.MOST) < 110
    fitting = heap.fitting(build, tmp_path, {}, "import math\nprint([math.nextafter(2.0, 2.0)])")
    with pytest.raises(ProcessFailed, match="AttributeError"):
        fitting(16)
    with pytest.raises(BenchmarkError, match=r"MicroPython answers \[2.0\], not \[3.0\]"):
        heap.check_answer([3.0], heap.EXACT, "[2.0]\n")
