"""Two files of measurements: which of their differences are more than noise.

    python3 -m benchmarks run --json before.json
    python3 -m benchmarks run --json after.json
    python3 -m benchmarks compare before.json after.json

Every case and contender that both files have is compared by its median. The ratio is how many times
as fast the second file is: above 1, it is ahead. (For memory, it is how many times as little.)

When is a difference noise? Other programs, or heat, slow a machine down for a second or for an
hour, and change a time by more than most changes of a program do. So every repeat has a yardstick
beside it, a fixed loop that ran in turn; if interpreter and processor are the same, each time is
divided by its yardstick's, and the medians of those quotients are compared. Without a yardstick, a
time whose median is far above its minimum decides nothing, because the machine was busy.

Each median has an interval, from the order of its repeats alone, in which it lies with a confidence
of 99.5 % (see `timing.interval`). Both medians lie in theirs with at least 99 %, and then the ratio
lies between the quotients of opposite ends. If 1 lies there too, the difference is noise. (At 95 %,
one difference in twenty would be a false alarm.) But repeats in one process cannot show what
differs from process to process, such as places in memory and hashes of strings. So a ratio nearer
to 1 than FLOOR is noise as well, however narrow the intervals. Fewer than nine repeats have no such
interval, and decide nothing.
"""

from . import harness
from .benchmark import BenchmarkError, Table, read
from .suite import WORK, quantity_of
from .timing import interval, median, summary

CONFIDENCE = 0.995  # of each of the two intervals, so that both hold with 0.99
FLOOR = 0.05  # the difference between two runs of the same program
PASSING = ["argv", "date", "load"]  # entries of the environment that say nothing about the machine
YARDSTICK = ["interpreter", "version", "build", "jit", "processor"]  # it depends on these
TABLE = Table("<24", "<16", ">13")


def add_options(parser):
    """Add the two files."""
    parser.add_argument("before", help="the earlier file that --json has written")
    parser.add_argument("after", help="the later one")


def run(before, after):
    """Print every ratio and whether it is noise; raise BenchmarkError if the work differs."""
    print(*list(comparison(read(before), read(after))), sep="\n")


def comparison(before, after):
    """Go through the lines of the comparison of two documents."""
    environments = before["environment"], after["environment"]
    for key, *values in differing(*environments, {**environments[0], **environments[1]}):
        if key not in PASSING:
            yield f"{key} differs: {values[0]!r} before, {values[1]!r} after"
    first, second = (
        {key_of(case): case for case in document["cases"] if "seconds" in case or "bytes" in case}
        for document in (before, after)
    )
    both = [key for key in first if key in second]
    if not both:
        raise BenchmarkError("the files have no timed case in common")
    for key in both:
        check_same_work(first[key], second[key])
    same_yardstick = not list(differing(*environments, YARDSTICK))
    yield TABLE.row("", "", "before", "after", "ratio", "between")
    for key in both:
        yield from lines_of(first[key], second[key], same_yardstick)
    for word, alone, other in (("before", first, second), ("after", second, first)):
        names = [", ".join(map(str, key)) for key in alone if key not in other]
        if names:
            yield f"only {word}: {'; '.join(names)}"


def key_of(case):
    """Return the name and size, which identify a case in its file."""
    return tuple(case[key] for key in ("name", "size") if key in case)


def amounts_of(case):
    """Return a case's amounts by contender."""
    return case[quantity_of(case)]


def differing(before, after, keys):
    """Go through the keys at which two dictionaries differ, with both values."""
    for key in keys:
        if before.get(key) != after.get(key):
            yield key, before.get(key), after.get(key)


def check_same_work(before, after):
    """Raise BenchmarkError if two cases of one name differ in their work or their answer."""
    for key, *values in differing(before, after, WORK):
        name = before["name"]
        raise BenchmarkError(f"{name}: {key} differs: {values[0]!r} and {values[1]!r}")


def lines_of(before, after, same_yardstick):
    """Go through the contenders that both cases have, one on a line."""
    quantity = quantity_of(before)
    label = ", ".join(map(str, key_of(before))) if before.get("size", 1) > 1 else before["name"]
    for who, amounts in amounts_of(before).items():
        if who in amounts_of(after) and amounts != before.get("yardstick"):
            both = [amounts_of(case)[who] for case in (before, after)]
            words = [harness.in_words(median(amounts), quantity) for amounts in both]
            divided = same_yardstick and "yardstick" in before and "yardstick" in after
            if divided:
                both = [quotients(*pair) for pair in zip(both, (before, after))]
            steady = divided or all(summary(amounts)["stable"] for amounts in both)
            ratio, low, high, verdict = judged(*both, steady)
            between = "" if low is None else f"{low:.3f}-{high:.3f}"
            yield TABLE.row(label, who, *words, f"{ratio:.3f}", between) + f"  {verdict}"


def quotients(amounts, case):
    """Return each amount divided by the yardstick that ran beside it."""
    return [amount / beside for amount, beside in zip(amounts, case["yardstick"])]


def judged(before, after, steady=True):
    """Return how many times as fast, between which ends with 99 % confidence, and the verdict.

    >>> judged([3.0] * 9, [1.5] * 9)
    (2.0, 2.0, 2.0, 'faster')
    >>> judged([3.0] * 9, [3.06] * 9)[3], judged([3.0] * 8, [1.5] * 8)[3]
    ('noise', 'too few repeats to tell')
    """
    ratio = median(before) / median(after)
    ours, theirs = interval(before, CONFIDENCE), interval(after, CONFIDENCE)
    if ours is None or theirs is None:
        return ratio, None, None, "too few repeats to tell"
    low, high = ours[0] / theirs[1], ours[1] / theirs[0]
    if not steady:
        return ratio, low, high, "too unstable to tell"
    certain = not low <= 1.0 <= high
    large = not 1.0 / (1.0 + FLOOR) <= ratio <= 1.0 + FLOOR
    verdict = ("faster" if ratio > 1.0 else "slower") if certain and large else "noise"
    return ratio, low, high, verdict
