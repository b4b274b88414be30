"""Time contenders side by side: calibrated, in turn, several times over.

The times of one machine say little and those of a busy one less, so what counts are the ratios of
things that ran in turn within a fraction of a second: the median of such ratios over many short
repeats. Where the median of the times is far from the best, the machine was busy.
"""

import gc
import platform
import sys
from pathlib import Path
from statistics import median
from time import perf_counter

REPEAT_SECONDS = 0.04  # how long one repeat of a contender should take, if a round is not longer


def measure(contenders, repeats):
    """Return the seconds that one round of each contender took, in each repeat.

    `contenders` are functions by name: function(n) runs n rounds, and returns nothing, or the
    seconds that they took where it has measured them itself.
    """
    rounds = {name: calibrated(function) for name, function in contenders.items()}
    seconds = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, function in contenders.items():
            seconds[name].append(timed(function, rounds[name]) / rounds[name])
    return seconds


def calibrated(function):
    """Return how many rounds make a repeat, and warm the function up by finding out.

    Twice in a row it must have taken long enough: PyPy stops to compile at any time.
    """
    rounds = 1
    while min(timed(function, rounds), timed(function, rounds)) < REPEAT_SECONDS / 2:
        rounds *= 2
    return rounds


def timed(function, rounds):
    """Return the seconds that so many rounds take, with the garbage collector off."""
    gc.disable()
    try:
        start = perf_counter()
        measured = function(rounds)
        seconds = perf_counter() - start
    finally:
        gc.enable()
    return seconds if measured is None else measured


def ratio(others, ours):
    """Return how many times faster ours was than the fastest of others, in the median repeat."""
    fastest = min(others, key=median)
    return median(theirs / us for theirs, us in zip(fastest, ours))


def shown(seconds):
    """Return a contender's best and median in microseconds.

    >>> shown([2e-6, 4e-6, 1234e-6])
    '2.00/4.00'
    """
    return "/".join(
        f"{s * 1e6:,.{0 if s >= 1e-4 else 2}f}" for s in (min(seconds), median(seconds))
    )


def environment():
    """Return what the numbers depend on."""
    try:
        import numpy

        numpy_version = f"NumPy {numpy.__version__}"
    except ImportError:
        numpy_version = "no NumPy"
    return {
        "interpreter": f"{platform.python_implementation()} {platform.python_version()}",
        "compiler": platform.python_compiler(),
        "numpy": numpy_version,
        "platform": platform.platform(),
        "processor": processor(),
        "argv": sys.argv[1:],
    }


def processor():
    """Return the processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.split(":")[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
