"""The workloads, with each engine: how long they take here, how steadily, and how much memory.

An answer that differs from the stored one (see `answers`) ends the run before any time is taken.
"""

import sys
from functools import partial

from . import answers, harness, plot, processes, timing
from .benchmark import Benchmark, LeftOut, Table, machine_line
from .workloads import ENGINES, WORKLOADS, engines_here

CONFIDENT = "the median is at most so far off, with 95 % confidence"
UNSURE = "no repeat is farther off the median"  # too few of them for more
BUSY = "the machine was busy, or the interpreter had a compiler or a collector at work"
WORK = ["name", "size", "shape", "unit", "products", "answer"]  # describe a case's workload
TABLE = Table("<2", "<24", ">12")


class Suite(Benchmark):
    """The workloads here, in this process or in processes of their own."""

    engines, sized = ENGINES, True

    def measure(self, name, repeats, size, engines):
        """Measure a workload."""
        check_size(name, size)
        return super().measure(name, repeats, size=size, engines=engines)

    def heading(self, document, repeats):
        """Say what the numbers depend on most, and what they are."""
        yield from legend(document["environment"], repeats)
        yield TABLE.row("", "", "best", "median", "±", "ns")

    def lines(self, case, before, document):
        """Return a line for each contender, below one for the case."""
        quantity = quantity_of(case)
        title = [case[key] for key in ("name", "shape", "unit") if key in case]
        if case["size"] > 1:
            title.insert(1, f"size {case['size']}")
        ratio = f" ({case['ratio']:.2f} times as long)" if "ratio" in case else ""
        yield ", ".join(title) + ratio
        for who, summary in case["summary"].items():
            amounts = [harness.in_words(summary[key], quantity) for key in ("minimum", "median")]
            nanoseconds = summary.get("nanoseconds_a_product")
            each = "" if nanoseconds is None else f"{nanoseconds:.3g}"
            unstable = "" if summary["stable"] else "  unstable"
            yield TABLE.row("", who, *amounts, f"{summary['spread']:.1%}", each) + unstable

    def ending(self, cases):
        """Warn if a median is far from the minimum."""
        stable = [summary["stable"] for case in cases for summary in case["summary"].values()]
        if not all(stable):
            yield f"\n{stable.count(False)} of {len(stable)} are unstable, their medians more than"
            yield f"{timing.UNSTABLE - 1:.0%} above their minimums: {BUSY}."

    def charts(self, cases, notes):
        """Draw the workloads' times with each engine, and the memory of a process."""
        timed = {f"{case['name']}, {case['unit']}": case for case in cases if "seconds" in case}
        title = "The workloads, with each engine"
        charts = {"workloads": plot.times(title, timed, notes)} if timed else {}
        for case in cases:
            if "bytes" in case:
                peaks = {who: b / 2**20 for who, b in plot.medians(case["bytes"]).items()}
                charts["memory"] = plot.memory("Memory of a process that trains", peaks, notes)
        return charts


def legend(environment, repeats):
    """Go through the lines that say what the numbers depend on most, and what they are."""
    yield machine_line(environment, environment["numpy"])
    yield f"Best and median of {repeats} repeats; ns: a product of two numbers, in the median."
    yield f"±: {CONFIDENT if timing.interval(range(repeats)) else UNSURE}.\n"


def quantity_of(case):
    """Return the quantity that was measured: "seconds" or "bytes"."""
    return "seconds" if "seconds" in case else "bytes"


# -- how each is measured --------------------------------------------------------------------------


def by_workload(timed, start, memory):
    """Return functions that measure a workload in a process, its start, and its memory."""
    starts = dict.fromkeys(processes.ANSWERS, start)
    return {**dict.fromkeys(WORKLOADS, timed), **starts, processes.MEMORY: memory}


def check_size(name, size):
    """Raise LeftOut if a workload cannot be measured here at this size."""
    if name in processes.NAMES and not processes.possible():
        raise LeftOut("there are no processes here")
    known = answers.sizes_of(processes.ANSWERS.get(name, name))
    if size not in known:
        sizes = ", ".join(map(str, known))
        raise LeftOut(f"no answer is stored for size {size}; there are {sizes}")


def timed_case(name, repeats, size, engines):
    """Return a workload's seconds, in this process, with each of the engines that are here."""
    workload = answers.workload_of(name, size)
    contenders, agrees = {}, {}
    for engine in here(engines, workload.engines()):
        contenders[engine], agrees[engine] = answers.ready(workload, engine)
    case = {**beside_yardstick(contenders, repeats, workload), "agrees": agrees}
    for summary in case["summary"].values():
        summary["nanoseconds_a_product"] = summary["median"] / case["products"] * 1e9
    return case


def beside_yardstick(contenders, repeats, workload):
    """Return contenders' seconds for all of a workload, what it is, and the yardstick's seconds."""
    seconds, yardstick = timing.measure_beside_yardstick(contenders, repeats)
    whole = {who: [workload.whole * s for s in times] for who, times in seconds.items()}
    work = {key: getattr(workload, key) for key in WORK}
    work["products"] *= workload.whole
    return {**work, **summed_up(whole), "yardstick": yardstick}


def here(engines, available):
    """Return those of the engines that are available; raise LeftOut if none is."""
    both = [engine for engine in engines if engine in available]
    if not both:
        raise LeftOut(f"it runs only with {', '.join(available)}")
    return both


def summed_up(amounts, quantity="seconds"):
    """Return the amounts of each contender, and their summaries: every case has these."""
    summaries = {who: timing.summary(values) for who, values in amounts.items()}
    return {quantity: amounts, "summary": summaries}


def start_case(name, repeats, size, engines):
    """Return the seconds of "import" or "cold-start", and of an interpreter that does nothing."""
    contenders = processes.start_contenders([sys.executable], name, size)
    seconds = timing.measure(contenders, repeats)
    idle, ours = seconds.values()
    case = {"size": size, "unit": "process", "ratio": harness.ratio([ours], idle)}
    return {**case, **summed_up(seconds), "yardstick": idle}


def memory_case(name, repeats, size, engines):
    """Return the peak memory of processes that train with each of the engines."""
    contenders = [processes.NOTHING, *here(engines, engines_here())]
    peak = partial(processes.peak_of, [sys.executable])
    peaks = {who: [peak(who, size) for _ in range(repeats)] for who in contenders}
    unit = "peak of a process, 2,000 iterations of the article"
    return {"size": size, "unit": unit, **summed_up(peaks, "bytes")}


BENCHMARK = Suite("run", by_workload(timed_case, start_case, memory_case), repeats=15)
