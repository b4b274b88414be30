"""Two files of measurements: which of their differences are more than noise.

    python3 -m benchmarks run --json before.json
    python3 -m benchmarks run --json after.json
    python3 -m benchmarks compare before.json after.json

Every case and contender that both files have is compared by its median. The ratio is how many
times as fast the second file is: above 1, it is ahead. (Of memory, how many times as little.)

When is a difference noise? Each median has an interval, from the order of its repeats alone, in
which it lies with a confidence of 97.5 % (see `timing.interval`). Both do with 95 % at least, and
then the ratio lies between the quotients of their opposite ends: where 1 does, the difference is
noise. But repeats that ran within one process, in one part of a second, know nothing of what
changes from process to process: where the memory lies, how strings hash, which core it is, what
else the machine does. Two runs of one program differ by that. So what is nearer to 1 than FLOOR is
noise as well, however narrow the intervals. Fewer than seven repeats have no such interval, and
decide nothing.
"""

import json
import sys
from pathlib import Path

from . import harness
from .timing import interval, median

CONFIDENCE = 0.975  # of each of the two intervals, so that both hold with 0.95
FLOOR = 0.05  # what two runs of the same program differ by
SAME = ["name", "size", "shape", "unit", "products", "answer"]  # or else it is other work
PASSING = ["argv", "load"]  # of the environment, what says nothing about the machine


class Incomparable(Exception):
    """Two files, or two cases, that do not have the same work in them; the message says which."""


def add_options(command):
    """Add the two files."""
    command.add_argument("before", help="a file that --json has written")
    command.add_argument("after", help="another one")


def run(before, after):
    """Print every ratio and whether it is noise; end with a sentence where the work differs."""
    try:
        documents = [document_of(path) for path in (before, after)]
        lines = list(comparison(*documents))
    except Incomparable as reason:
        sys.exit(f"compare: {reason}")
    print("\n".join(lines))


def document_of(path):
    """Return what a file says, or say that it says nothing of this kind."""
    try:
        document = json.loads(Path(path).read_text(encoding="utf-8"))
        cases = [(case["name"], amounts_of(case)) for case in document["cases"]]
    except OSError as error:
        raise Incomparable(str(error)) from None
    except (ValueError, KeyError, TypeError):
        raise Incomparable(f"{path}: expected what --json of a benchmark writes") from None
    if not cases:
        raise Incomparable(f"{path}: it has no case in it")
    return document


def comparison(before, after):
    """Go through the lines of the comparison of two documents."""
    yield from different_environments(before["environment"], after["environment"])
    first, second = ({key_of(case): case for case in d["cases"]} for d in (before, after))
    both = [key for key in first if key in second]
    if not both:
        raise Incomparable("the files have no case in common")
    for key in both:
        check_same_work(first[key], second[key])
    yield columns(["", "", "before", "after", "ratio", "between"])
    for key in both:
        yield from lines_of(first[key], second[key])
    for word, alone, other in (("before", first, second), ("after", second, first)):
        names = [", ".join(map(str, key)) for key in alone if key not in other]
        if names:
            yield f"only {word}: {'; '.join(names)}"


def key_of(case):
    """Return what tells a case from the others of its file."""
    return tuple(case[key] for key in ("name", "size") if key in case)


def amounts_of(case):
    """Return a case's amounts by contender."""
    return case["seconds"] if "seconds" in case else case["bytes"]


def different_environments(before, after):
    """Go through the lines that say in what the environments differ."""
    for key in {**before, **after}:
        values = before.get(key), after.get(key)
        if key not in PASSING and values[0] != values[1]:
            yield f"{key} differs: {values[0]!r} before, {values[1]!r} after"


def check_same_work(before, after):
    """Say where two cases of one name are not the same work, or do not have the same answer."""
    for key in SAME:
        values = before.get(key), after.get(key)
        if values[0] != values[1]:
            name = before["name"]
            raise Incomparable(f"{name}: {key} differs: {values[0]!r} and {values[1]!r}")


def lines_of(before, after):
    """Go through the contenders that both cases have, one on a line."""
    quantity = "seconds" if "seconds" in before else "bytes"
    label = ", ".join(map(str, key_of(before))) if before.get("size", 1) > 1 else before["name"]
    others = amounts_of(after)
    for who, amounts in amounts_of(before).items():
        if who in others:
            ratio, low, high, verdict = judged(amounts, others[who])
            medians = [harness.in_words(median(a), quantity) for a in (amounts, others[who])]
            between = "" if low is None else f"{low:.3f}-{high:.3f}"
            yield columns([label, who, *medians, f"{ratio:.3f}", between]) + f"  {verdict}"


def judged(before, after):
    """Return how many times as fast, between which ends with 95 % confidence, and the verdict.

    >>> judged([3.0] * 7, [1.5] * 7)
    (2.0, 2.0, 2.0, 'faster')
    >>> judged([3.0] * 7, [3.06] * 7)[3], judged([3.0] * 6, [1.5] * 6)[3]
    ('noise', 'too few repeats to tell')
    """
    ratio = median(before) / median(after)
    ours, theirs = interval(before, CONFIDENCE), interval(after, CONFIDENCE)
    if ours is None or theirs is None:
        return ratio, None, None, "too few repeats to tell"
    low, high = ours[0] / theirs[1], ours[1] / theirs[0]
    certain = not low <= 1.0 <= high
    large = not 1.0 / (1.0 + FLOOR) <= ratio <= 1.0 + FLOOR
    verdict = ("faster" if ratio > 1.0 else "slower") if certain and large else "noise"
    return ratio, low, high, verdict


def columns(texts):
    """Return one line of the table, in columns."""
    label, who, *numbers = texts
    return f"{label:24}{who:16}" + "".join(f"{number:>13}" for number in numbers)
