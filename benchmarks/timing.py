"""Taking times: in calibrated loops, warm, in turn, several times; and their summary.

This is the core of every benchmark here, and runs on MicroPython unchanged: it needs only a clock
and a garbage collector. `harness` adds what only a desktop needs.

A contender is a function(n) that runs n rounds. First it is calibrated and warmed up in one: it
runs for longer and longer until a repeat takes REPEAT_SECONDS, and on until it has stopped getting
faster. (A compiler that works while the program runs, such as PyPy's, may take seconds to come to
an end.) Then the contenders run in turn, so that what disturbs the machine for a while disturbs
all of them alike.

The minimum is the time that was disturbed least, the median what one can expect, and the interval
of the median how far the repeats tell it. All three come from order alone: the times on a busy
machine have a long tail to one side, and neither a mean nor a standard deviation means much there.
"""

import gc
import sys
import time

REPEAT_SECONDS = 0.04  # how long one repeat of a contender should take, if a round is not longer
WARM_SECONDS = 3.0  # after this time a contender counts as warm
CALM_REPEATS = 5  # after this number of repeats without a better time, it is warm
BETTER = 0.98  # a better time is less than this part of the best before
UNSTABLE = 1.1  # a median more than this many times the minimum shows a busy machine

# CPython frees most memory by counting references and can do without its collector for a while.
# MicroPython has nothing else, so there it belongs to the time.
COLLECTOR_CAN_REST = sys.implementation.name != "micropython"

# MicroPython's clock counts microseconds, and begins anew when it is full.
CLOCK_HAS_SECONDS = hasattr(time, "perf_counter")
now = time.perf_counter if CLOCK_HAS_SECONDS else time.ticks_us


def since(start):
    """Return the seconds that have passed since a moment that now() gave."""
    end = now()
    return end - start if CLOCK_HAS_SECONDS else time.ticks_diff(end, start) / 1e6


def measure(contenders, repeats):
    """Return the seconds that one round of each contender took, in each repeat.

    `contenders` are functions by name: function(n) runs n rounds, and returns nothing, or the
    seconds that they took if it has measured them itself.
    """
    rounds = {name: calibrated(function) for name, function in contenders.items()}
    seconds = {name: [] for name in contenders}
    for _ in range(repeats):
        for name, function in contenders.items():
            seconds[name].append(timed(function, rounds[name]) / rounds[name])
    return seconds


def measure_beside_yardstick(contenders, repeats):
    """Return the seconds of each contender, and of the yardstick that ran in turn with them.

    To compare two measurements at different times, divide each by its yardstick first: a slow
    machine slowed both.
    """
    seconds = measure(dict(contenders, yardstick=yardstick), repeats)
    of_the_yardstick = seconds.pop("yardstick")
    return seconds, of_the_yardstick


def yardstick(rounds):
    """Do a fixed piece of work n times, which no change of purenet makes any faster."""
    for _ in range(rounds):
        total = 0.0
        for x in range(1000):
            total += x * 0.5


def calibrated(function):
    """Return how many rounds make a repeat, and warm the function up by finding out.

    Whenever a repeat is too short there will be more rounds in it: PyPy stops to compile at any
    time, and what it has compiled is faster.
    """
    rounds, spent, best, calm = 1, 0.0, None, 0
    while calm < CALM_REPEATS and spent < WARM_SECONDS:
        seconds = timed(function, rounds)
        spent += seconds
        if seconds < REPEAT_SECONDS / 2:
            rounds, best, calm = rounds * 2, None, 0
        elif best is None or seconds < BETTER * best:
            best, calm = seconds, 0
        else:
            calm += 1
    return rounds


def timed(function, rounds):
    """Return the seconds that n rounds take, with the garbage collector off if possible."""
    if COLLECTOR_CAN_REST:
        gc.disable()
    else:
        gc.collect()  # garbage from earlier code
    try:
        start = now()
        measured = function(rounds)
        seconds = since(start)
    finally:
        gc.enable()
    return seconds if measured is None else measured


def median(values):
    """Return the middle one of the values in order, or the mean of the two in the middle.

    >>> median([3.0, 1.0, 2.0]), median([4.0, 1.0, 2.0, 3.0])
    (2.0, 2.5)
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def interval(values, confidence=0.95):
    """Return two of the values, between which the median lies with this confidence at least.

    Of n independent values, each is as likely to lie below the true median as above it, so how many
    lie below is as if n coins were tossed, whatever the distribution of the values. The k lowest
    and the k highest are cut off as long as this few heads, or tails, are unlikely enough. With
    fewer than six values, not even the lowest and the highest reach 0.95: then the answer is None.

    >>> interval([5.0, 1.0, 4.0, 2.0, 3.0, 6.0]), interval([1.0, 2.0, 3.0, 4.0, 5.0])
    ((1.0, 6.0), None)
    >>> interval(range(20))
    (5, 14)
    """
    n, ordered = len(values), sorted(values)
    cut_off, ways, of_one = 0, 0, 1  # of_one: the ways to choose `cut_off` of n
    while 2 * (ways + of_one) <= (1.0 - confidence) * 2**n:
        ways += of_one
        of_one = of_one * (n - cut_off) // (cut_off + 1)
        cut_off += 1
    return (ordered[cut_off - 1], ordered[n - cut_off]) if cut_off else None


def summary(values):
    """Return the minimum, the median, its spread and whether that is stable, by name.

    The spread is how far the median's interval, or else the range of all values, reaches from
    it, as a part of it.

    >>> summary([1.0, 1.0, 1.5])
    {'minimum': 1.0, 'median': 1.0, 'spread': 0.5, 'stable': True}
    """
    lowest, middle = min(values), median(values)
    low, high = interval(values) or (lowest, max(values))
    return {
        "minimum": lowest,
        "median": middle,
        "spread": max(high - middle, middle - low) / middle,
        "stable": middle <= UNSTABLE * lowest,
    }
