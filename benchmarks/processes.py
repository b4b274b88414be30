"""Measurements in a separate process: the times of an import and a first answer, and the memory.

An interpreter that does nothing (`-c pass`) runs beside each, in turn.
"""

import json
import subprocess
import sys
from pathlib import Path

from . import answers
from .portable import ARTICLE_X, ARTICLE_Y, repeated

CHECKOUT = Path(__file__).parents[1]
IMPORT, COLD_START, MEMORY = NAMES = ["import", "cold-start", "memory"]
ANSWERS = dict.fromkeys([IMPORT, COLD_START], "predict-small")  # they have its sizes and answers
NOTHING = "pass"

NETWORK = """\
from purenet import Network
network = Network([3, {hidden}, 1], init={init!r}, seed=1)
"""
PREDICTING = NETWORK + "print(network.predict([[1, 0, 1]]))"
ROWS = f"X, y = {ARTICLE_X}, {ARTICLE_Y}\n"
TRAINING = """\
network.train(X, y, epochs=2000, every=2000, engine={engine!r}, learning_rate={rate})
print(network.weights)
"""
IN_NUMPY = """\
from benchmarks import numpy_loops
train, numbers = numpy_loops.contender("numpy", network, X, y, 4, {{"learning_rate": {rate}}})
train(2000)
print(numbers())
"""
# The kernel's own count, if it shows one, is of this process only. That of getrusage() starts with
# the parent's memory at the fork.
PEAK = """\
try:
    with open("/proc/self/status") as file:
        peak = 1024 * int(file.read().split("VmHWM:")[1].split()[0])
except OSError:
    import resource
    import sys
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    peak *= 1 if sys.platform == "darwin" else 1024
print(peak)
"""


class ProcessFailed(answers.BenchmarkError):
    """A process failed; the message is the last line that it printed."""


def possible():
    """Tell whether this system can start processes: a browser and Pyodide cannot."""
    return sys.platform not in ("emscripten", "wasi")


def output_of(command, folder=CHECKOUT):
    """Return the output of a command, or raise ProcessFailed with its last line."""
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8")
    if done.returncode:
        lines = (done.stderr + done.stdout).strip().splitlines()
        raise ProcessFailed(lines[-1] if lines else "the process failed and printed nothing")
    return done.stdout


def printed_by(command, program):
    """Return the output of a program that an interpreter runs."""
    return output_of([*command, "-c", program])


def start_contenders(command, name, size):
    """Return the contenders of "import" or "cold-start", after checking the first answer."""
    program = program_of(name, size)
    if name == COLD_START:
        check(name, size, "predict-small", json.loads(printed_by(command, program)))
    programs = {NOTHING: NOTHING, name: program}
    return {what: repeated(printed_by, [command, each]) for what, each in programs.items()}


def program_of(name, size):
    """Return the program of "import" or "cold-start"."""
    return PREDICTING.format(**parts_of(size)) if name == COLD_START else "import purenet"


def parts_of(size):
    """Return the values to fill into a program: its network is that of `workloads.small`."""
    init = "uniform" if size == 1 else "glorot"
    return {"hidden": 4 * size, "init": init, "rate": 1.0 / size}


def check(who, size, name, numbers):
    """Compare a process's answer with a stored one, to 12 digits, because it came as text."""
    expected = answers.stored()["answers"][name][str(size)]
    answers.agreement(answers.answer_of(numbers), expected, False, f"{who}, size {size}: ")


def training_program(engine, size):
    """Return a program that trains the article's network, prints its weights, and its peak."""
    program = NETWORK + ROWS + (IN_NUMPY if engine == "numpy" else TRAINING)
    return program.format(engine=engine, **parts_of(size)) + PEAK


def peak_of(command, engine, size):
    """Return the peak memory in bytes of a process that trains, or does nothing ("pass")."""
    if engine == NOTHING:
        return int(printed_by(command, PEAK))
    weights, peak = printed_by(command, training_program(engine, size)).splitlines()
    check(f"memory, {engine}", size, MEMORY, json.loads(weights))
    return int(peak)


def smallest_heap(is_enough, least, most):
    """Return the KiB of the smallest heap that is enough, found by bisection.

    >>> smallest_heap(lambda kibibytes: kibibytes >= 121, 16, 2**16)
    121
    """
    too_small, enough = least, most
    if not is_enough(enough):
        raise ProcessFailed(f"{enough:,} KiB of heap are not enough")
    while enough - too_small > 1:
        middle = (too_small + enough) // 2
        too_small, enough = (too_small, middle) if is_enough(middle) else (middle, enough)
    return enough


def fits(command, arguments, kibibytes, folder=CHECKOUT, check=None):
    """Tell whether MicroPython runs a program to its end in a heap of this size.

    `check` gets the output. Raises ProcessFailed if the program fails for another reason.
    """
    try:
        output = output_of([*command, "-X", f"heapsize={kibibytes}k", *arguments], folder)
    except ProcessFailed as failed:
        if "memory" not in str(failed).lower():
            raise
        return False
    if check:
        check(output)
    return True
