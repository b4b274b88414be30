"""A workload as pyperf measures it, for `benchmarks/pyperformance`.

    pip install pyperf
    python3 benchmarks/pyperformance/bm_purenet/run_benchmark.py online --fast

starts the workload in many processes, with one engine after the other, and prints pyperf's
statistics. `pyperformance` runs all of them, or some:

    pip install pyperformance
    pyperformance run --manifest benchmarks/pyperformance/MANIFEST -b purenet_online -o times.json

(`memory` is not a time: ask pyperf for it, with `--track-memory`.)

It makes a virtual environment in a folder `venv`, which needs pyperf and psutil, and not purenet:
that is found beside the folder of benchmarks. (If environment variables tell pip where to look, add
`--inherit-environ` and their names.)

No time counts before the answer was compared with the stored one. The process that starts the
others does so for all of them, as the article's answer takes seconds to come to; with `--python`,
each of the others does so for itself. The unit is a round: of `article`, an update, not 60,000.
"""

import argparse
import sys
from functools import cache, partial
from pathlib import Path
from time import perf_counter

from . import answers, processes
from .workloads import WORKLOADS

ENGINES = ["lists", "unrolled"]
CHECKED = "--checked"


def name_of(workload):
    """Return the name of a workload for pyperf and pyperformance.

    >>> name_of("digits-epoch")
    'purenet_digits_epoch'
    """
    return "purenet_" + workload.replace("-", "_")


def main():
    """Measure a workload by pyperf: a process, or with each of the ENGINES that can run it."""
    import pyperf

    runner = pyperf.Runner(add_cmdline_args=hand_on)
    names = [*WORKLOADS, *processes.ANSWERS]  # but "memory", which is not a time
    runner.argparser.add_argument("workload", choices=names)
    runner.argparser.add_argument(CHECKED, action="store_true", help=argparse.SUPPRESS)
    options = runner.parse_args()
    name = options.workload
    runner.metadata["description"] = f"purenet's workload {name}"
    measure = measure_process if name in processes.NAMES else measure_engines
    try:
        measure(runner, options, name)
    except answers.WrongAnswer as wrong:
        sys.exit(str(wrong))


def measure_process(runner, options, name):
    """Measure "import" or "cold-start"."""
    statements = ["import sys", f"sys.path.insert(0, {str(processes.CHECKOUT)!r})"]
    statements += processes.program_of(name, 1).splitlines()  # pyperf wants it in one line
    if not options.worker:
        processes.start_contenders([options.python], name, 1)  # looks at the answer
    runner.bench_command(name_of(name), [sys.executable, "-c", "; ".join(statements)])


def measure_engines(runner, options, name):
    """Measure what runs in one process."""
    workload = answers.workload_of(name, 1)
    engines = [engine for engine in ENGINES if engine in workload.engines()]
    if not options.worker and not options.checked and runs_here(options):
        for engine in engines:
            answers.ready(workload, engine)
        options.checked = True
    for engine in engines:
        timer = timer_of(workload, engine, options.checked)
        runner.bench_time_func(f"{name_of(name)}_{engine}", timer)


def runs_here(options):
    """Tell whether the processes that measure will have this very interpreter."""
    return Path(options.python).resolve() == Path(sys.executable).resolve()


def hand_on(command, options):
    """Tell a process that measures its workload, and whether the answers have been checked."""
    command.append(options.workload)
    if options.checked:
        command.append(CHECKED)


def timer_of(workload, engine, checked):
    """Return a function that gives the seconds of n rounds; it gets ready when first called."""
    ready = workload.contender if checked else partial(answers.ready, workload)
    run = cache(lambda: ready(engine)[0])

    def seconds(rounds):
        function = run()
        start = perf_counter()
        function(rounds)
        return perf_counter() - start

    return seconds
