"""The workloads, with each engine: how long they take here, how steadily, and how much memory.

An answer that is not the stored one (see `answers`) ends it all before any of its times is taken.
"""

import sys

from . import answers, harness, options, processes
from .timing import UNSTABLE, interval
from .workloads import ENGINES, WORKLOADS, engines_here

REPEATS = 15
CONFIDENT = "the median is at most so far off, with 95 % confidence"
UNSURE = "no repeat is farther off the median"  # too few of them for more
BUSY = "the machine was busy, or the interpreter had a compiler or a collector at work"


class LeftOut(Exception):
    """A workload that cannot be run here; the message says why."""


def add_options(command):
    """Add what this command can be told."""
    options.add_measuring(command, REPEATS)
    options.add_engines(command, ENGINES)
    options.add_size(command)


def run(json_file, repeats, only, engines, size):
    """Print every workload when it is done; write all that was measured to a file."""
    names = chosen(MEASURES, only)
    environment = harness.environment()
    print_heading(environment, repeats)
    cases = []
    for name in names:
        try:
            cases.append(case_of(name, size, engines, repeats))
        except LeftOut as reason:
            print(f"{name}: left out: {reason}")
            continue
        for line in lines_of(cases[-1]):
            print(line, flush=True)
    print_unstable(cases)
    harness.write(json_file, {"environment": environment, "cases": cases})


def chosen(names, only):
    """Return the names that have a text in them, or end with a sentence where none has."""
    names = [name for name in names if only in name]
    if not names:
        sys.exit(f"no case has {only!r} in its name")
    return names


def print_environment(environment, repeats):
    """Print what the numbers depend on most, and what they are."""
    print(", ".join(environment[key] for key in ("interpreter", "numpy", "processor")))
    print(f"Best and median of {repeats} repeats; ns: a product of two numbers, in the median.")
    print(f"±: {CONFIDENT if interval(range(repeats)) else UNSURE}.\n")


def print_heading(environment, repeats):
    """Print what stands above the table."""
    print_environment(environment, repeats)
    print(columns(["", "", "best", "median", "±", "ns"]))


def case_of(name, size, engines, repeats):
    """Return a workload measured; end with a sentence where an answer is wrong."""
    check_size(name, size)
    try:
        return MEASURES[name](name, size, engines, repeats)
    except (answers.WrongAnswer, processes.Failed) as error:
        sys.exit(str(error))


def check_size(name, size):
    """Say why a workload cannot be measured here at this size, where it cannot."""
    if name in processes.NAMES and not processes.possible():
        raise LeftOut("there are no processes here")
    known = answers.sizes_of(processes.ANSWERS.get(name, name))
    if size not in known:
        raise LeftOut(f"no answer is stored for size {size}, but for {', '.join(map(str, known))}")


def timed_case(name, size, engines, repeats):
    """Return a workload's seconds, in this process, with each of the engines that are here."""
    workload = answers.workload_of(name, size)
    contenders, agrees = {}, {}
    for engine in here(engines, workload.engines()):
        contenders[engine], agrees[engine] = answers.ready(workload, engine)
    seconds, yardstick = harness.measure_beside_yardstick(contenders, repeats)
    seconds = of_the_whole(workload, seconds)
    case = {**described(workload), "agrees": agrees, **measured(seconds), "yardstick": yardstick}
    for summary in case["summary"].values():
        summary["nanoseconds_a_product"] = summary["median"] / case["products"] * 1e9
    return case


def of_the_whole(workload, seconds):
    """Return the seconds of all of a workload, from those of its rounds."""
    return {who: [workload.whole * s for s in times] for who, times in seconds.items()}


def described(workload):
    """Return what a case says of its workload."""
    return {
        "name": workload.name,
        "size": workload.size,
        "shape": workload.shape,
        "unit": workload.unit,
        "products": workload.whole * workload.products,
        "answer": workload.answer,
    }


def here(engines, available):
    """Return those of the engines that are available, or say that none is."""
    both = [engine for engine in engines if engine in available]
    if not both:
        raise LeftOut(f"it runs with {', '.join(available)}")
    return both


def measured(amounts, quantity="seconds"):
    """Return what every case has: the amounts of each contender, and what sums them up."""
    return {
        quantity: amounts,
        "summary": {who: harness.summary(values) for who, values in amounts.items()},
    }


def start_case(name, size, engines, repeats):
    """Return the seconds of "import" or "cold-start", and of an interpreter that does nothing."""
    contenders = processes.start_contenders([sys.executable], name, size)
    seconds = harness.measure(contenders, repeats)
    idle, ours = seconds.values()
    return {
        "name": name,
        "size": size,
        "unit": "process",
        "ratio": harness.ratio([ours], idle),
        **measured(seconds),
        "yardstick": idle,
    }


def memory_case(name, size, engines, repeats):
    """Return the bytes that processes had at most, which train with each of the engines."""
    contenders = [processes.NOTHING, *here(engines, engines_here(unrolled=True))]
    peaks = {who: [] for who in contenders}
    for _ in range(repeats):
        for who in contenders:
            peaks[who].append(processes.peak_of([sys.executable], who, size))
    unit = "peak of a process, 2,000 iterations of the article"
    return {"name": name, "size": size, "unit": unit, **measured(peaks, "bytes")}


MEASURES = {
    **dict.fromkeys(WORKLOADS, timed_case),
    processes.IMPORT: start_case,
    processes.COLD_START: start_case,
    processes.MEMORY: memory_case,
}


def lines_of(case):
    """Go through a case's lines of the table, a heading first."""
    quantity = "seconds" if "seconds" in case else "bytes"
    heading = [case[key] for key in ("name", "shape", "unit") if key in case]
    if case["size"] > 1:
        heading.insert(1, f"size {case['size']}")
    ratio = f" ({case['ratio']:.2f} times as long)" if "ratio" in case else ""
    yield ", ".join(heading) + ratio
    for who, summary in case["summary"].items():
        amounts = [harness.in_words(summary[key], quantity) for key in ("minimum", "median")]
        nanoseconds = summary.get("nanoseconds_a_product")
        each = "" if nanoseconds is None else f"{nanoseconds:.3g}"
        unstable = "" if summary["stable"] else "  unstable"
        yield columns(["", who, *amounts, f"{summary['spread']:.1%}", each]) + unstable


def columns(texts):
    """Return one line of the table, in columns."""
    start, who, *numbers = texts
    return f"{start:2}{who:24}" + "".join(f"{number:>12}" for number in numbers)


def print_unstable(cases):
    """Warn where a median is far from the minimum."""
    stable = [summary["stable"] for case in cases for summary in case["summary"].values()]
    if not all(stable):
        print(f"\n{stable.count(False)} of {len(stable)} are unstable, their medians more than")
        print(f"{UNSTABLE - 1:.0%} above their minimums: {BUSY}.")
