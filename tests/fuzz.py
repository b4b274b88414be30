"""Draw files that are nearly valid, read each, and see that it is a model or refused in a sentence.

    .venv/bin/python tests/fuzz.py                             3,000 files of each format
    .venv/bin/python tests/fuzz.py --count 1000000 --seed 7 --jobs 2
    .venv/bin/python tests/fuzz.py --format onnx --first 1291 --count 1

`helpers/grammars` draws the files, and `helpers/fuzzing.py` says what has to come of each. A file
that fails is kept, with its traceback beside it, in the folder that `--findings` names, and the
command fails. A file depends on the format, the seed and its number alone.

Printed are the files that were tried, loaded and refused; the longest that reading one has taken,
in seconds of a processor; and the most memory, as tracemalloc counts it: what Python has allocated,
to the byte. That is what a reader decides; the resident size depends on what was read before.
Behind each stands the most that was needed of what the file's size allows.
"""

import argparse
import os
import resource
import signal
import sys
import tempfile
import time
import traceback
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE / "helpers")]

from fuzzing import FORMATS, Tally, grammar, tally_of  # noqa: E402

PIECE = 250  # files that a process tries before it reports
MEMORY = os.path.isdir("/dev/shm") and "/dev/shm"  # noqa: PTH112 - where a file takes no time
MOST_BYTES, MOST_SECONDS = 4 * 2**30, 60  # of a process, and for one file: then it hangs


def piece(name, seed, numbers, findings):
    """Try some files, and keep what fails; return the tally."""
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    kept = []

    def keep(number, error):
        kept.append(kept_at(findings, name, seed, number, error))

    with tempfile.TemporaryDirectory(dir=MEMORY or None) as folder:
        tally = tally_of(name, seed, watched(numbers), folder, found=keep)
    tally.findings = kept
    return tally


def watched(numbers):
    """Go through numbers, and raise Hang where one takes too long."""
    signal.signal(signal.SIGALRM, hang)
    for number in numbers:
        signal.alarm(MOST_SECONDS)
        yield number
    signal.alarm(0)


class Hang(BaseException):
    """One file takes longer than any may; no reader catches this."""


def hang(_signal, _frame):
    raise Hang(f"nothing after {MOST_SECONDS} seconds")


def kept_at(findings, name, seed, number, error):
    """Write a file that fails, and its traceback beside it; return the first one's name."""
    Path(findings).mkdir(parents=True, exist_ok=True)
    path = Path(findings, f"{name}-{seed}-{number}{grammar(name).ENDING}")
    path.write_bytes(getattr(error, "file", b""))
    again = f".venv/bin/python tests/fuzz.py --format {name} --seed {seed}"
    said = "".join(traceback.format_exception(type(error), error, error.__traceback__))
    options = getattr(error, "options", {})
    text = f"{again} --first {number} --count 1\nread with {options!r}\n\n{said}"
    path.with_suffix(".txt").write_text(text, encoding="utf-8", errors="backslashreplace")
    return path.name


def tally(pool, name, options):
    """Try the files of a format in all processes, and show how far it is."""
    whole = Tally()
    numbers = range(options.first, options.first + options.count)
    pieces = [numbers[k : k + PIECE] for k in range(0, options.count, PIECE)]
    begun = [pool.submit(piece, name, options.seed, each, options.findings) for each in pieces]
    for future in begun:
        whole.join(future.result())
        for each in whole.findings:
            print(f"{name}: found {Path(options.findings, each)}", flush=True)
        whole.findings.clear()
    return whole


def line(name, tally, seconds):
    """Return a line of the table."""
    worst = tally.worst
    share = f"{tally.loaded / tally.tried:.0%}"
    took = f"{worst['seconds'].seconds:8.2f} s {worst['of_seconds'].of_seconds:5.0%}"
    memory = f"{worst['memory'].memory / 2**20:8.1f} MiB {worst['of_memory'].of_memory:5.0%}"
    refused = tally.tried - tally.loaded - tally.failed
    counts = f"{tally.tried:>9,} {tally.loaded:>9,} {share:>4} {refused:>9,} {tally.failed:>6,}"
    return f"{name:<12} {counts} {took} {memory} {seconds:8.0f} s"


def main():
    """Try files of one format or of all, and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=3000, help="how many files of each format")
    parser.add_argument("--format", choices=FORMATS, action="append", help="only this format")
    parser.add_argument("--seed", type=int, default=0, help="another number, other files")
    parser.add_argument("--first", type=int, default=0, help="the number of the first file")
    parser.add_argument("--jobs", type=int, default=2, help="how many processes")
    parser.add_argument("--findings", default="fuzz-findings", help="the folder of what fails")
    options = parser.parse_args()
    if min(options.count, options.jobs) < 1:
        parser.error("--count and --jobs: expected a number from 1 on")
    failed = 0
    print(f"{'format':<12} {'tried':>9} {'loaded':>9} {'':4} {'refused':>9} {'failed':>6}", end=" ")
    print(f"{'worst time':>10} {'limit':>5} {'worst memory':>12} {'limit':>5} {'all took':>10}")
    with ProcessPoolExecutor(options.jobs) as pool:
        for name in options.format or FORMATS:
            start = time.monotonic()
            whole = tally(pool, name, options)
            print(line(name, whole, time.monotonic() - start), flush=True)
            failed += whole.failed
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
