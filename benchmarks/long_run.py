"""Thousand-fold use: one process loads, fits, predicts and saves for minutes on end.

    python3 -m benchmarks long --minutes 10

Some threads, and some processes beside them, go round and round. In each round one loads a model
from a file, predicts with it, fits a fresh one, and saves that to the same file, which all others
read and replace meanwhile. Three things have to be so; what is not ends the command with exit
code 1:

- **Files are whole.** Every load succeeds and gives the one model that was ever saved there, and
  in the end the folder has these files and no other.
- **The bits are the same.** Each fit has the same seed and data as the first, and each prediction
  the same rows, so all numbers equal those of the first round, to the last bit.
- **Memory is flat.** The run is cut into stretches. Between two of them everybody rests, collects
  garbage, and looks at its resident size and its number of Python objects. The first stretches
  warm up. The median of the three after them is compared with the median of the last three.

What growth is a leak? A leak goes on with each round. Noise does not: an allocator takes memory in
pieces (CPython's arenas have up to 1 MiB), and takes one more when several threads happen to need
most at once. So four such pieces may be added in all, however long it runs, and 100 objects, or an
object in ten rounds. The longer it runs, the smaller a leak is found: the last column says how many
bytes a round that is.
"""

import gc
import os
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import cache
from itertools import cycle, islice
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import NamedTuple

import purenet
from purenet import Classifier, Network, PureNetError, Regressor
from purenet.core.backpropagation import parameters
from purenet.datasets import curved, iris

from . import harness
from .answers import BenchmarkError, answer_of
from .benchmark import Table
from .timing import median
from .workloads import ADAM, CLASSIFIER, digits, one_hot

THREADS, PROCESSES = 4, 2
STRETCHES, WARM, COMPARED = 20, 4, 3
MINUTES = 10.0
ALLOWED_BYTES, ALLOWED_OBJECTS, OBJECTS_A_ROUND = 4 * 2**20, 100, 0.1
TABLE = Table("<14", ">8", ">14", ">14", ">20", ">9")


def add_options(parser):
    """Add the minutes."""
    words = f"how long it runs (default: {MINUTES:g})"
    parser.add_argument("--minutes", type=float, default=MINUTES, metavar="M", help=words)


# -- what is done in a round -----------------------------------------------------------------------


@cache
def rows_of(kind):
    """Return the data of a kind of model."""
    if kind == "classifier":
        return iris()
    if kind == "regressor":
        return curved("sine", rows=100)
    X, labels = digits(64)
    return X, one_hot(labels, range(10))


def fitted(kind):
    """Return a model that has learned a little: always the same."""
    X, y = rows_of(kind)
    if kind == "network":
        model = Network([64, 32, 10], seed=1, **CLASSIFIER)
        model.train(X, y, epochs=1, batch_size=32, engine="packed", **ADAM)
        return model
    return (Classifier if kind == "classifier" else Regressor)(4, epochs=5, random_state=1).fit(
        X, y
    )


def bits_of(kind, model):
    """Return checksums of a model's weights, and of what it predicts."""
    X, _ = rows_of(kind)
    ask = model.predict_proba if kind == "classifier" else model.predict
    network = getattr(model, "network_", model)
    return [answer_of(numbers)["bits"] for numbers in (parameters(network), ask(X[:20]))]


FILES = {"a.json": "classifier", "b.json": "regressor"}
FILES.update(dict.fromkeys(["c.json", "d.npz", "e.safetensors"], "network"))


def work(folder, seconds, expected, start):
    """Go round for some seconds, from this file on; return how many of each were done."""
    warnings.simplefilter("ignore")  # that so short a fit has not learned all there is
    end, files = monotonic() + seconds, islice(cycle(FILES.items()), start, None)
    rounds = 0
    while rounds < len(FILES) or monotonic() < end:  # so that each stretch does all there is to do
        name, kind = next(files)
        for model in (purenet.load(folder / name), fitted(kind)):
            if bits_of(kind, model) != expected[kind]:
                raise BenchmarkError(f"{name}: other bits than at first, after {rounds} rounds")
        purenet.save(model, folder / name)
        rounds += 1
    done = {"rounds": rounds, "loads": rounds, "fits": rounds, "saves": rounds}
    return Counter(done, predictions=2 * rounds)


def work_apart(*arguments):
    """Do the same in a process of its own; return its number and its memory, too."""
    done = work(*arguments)
    return done, os.getpid(), Memory.now(done["rounds"])


# -- memory ----------------------------------------------------------------------------------------


class Memory(NamedTuple):
    """A process after a stretch: its rounds, its resident bytes, its number of objects."""

    rounds: int
    bytes: int
    objects: int

    @classmethod
    def now(cls, rounds):
        """Return the memory of this process, without garbage."""
        gc.collect()
        return cls(rounds, resident(), len(gc.get_objects()))


def resident():
    """Return the bytes of this process that lie in memory, or None if the system does not tell."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return None
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def before_and_after(values):
    """Return the median after the warm-up, and that of the end.

    >>> before_and_after([1, 2, 3, 4, 10, 11, 12, 5, 20, 22, 21])
    (11, 21)
    """
    return median(values[WARM : WARM + COMPARED]), median(values[-COMPARED:])


class Growth:
    """How a process grew: medians after the warm-up and at the end, and the rounds between."""

    def __init__(self, stretches):
        rounds, sizes, objects = zip(*stretches)
        self.bytes, self.objects = before_and_after(sizes), before_and_after(objects)
        self.rounds, between = sum(rounds), sum(rounds[WARM:])
        self.seen = ALLOWED_BYTES / between
        self.allowed = {
            "bytes": ALLOWED_BYTES,
            "objects": max(ALLOWED_OBJECTS, OBJECTS_A_ROUND * between),
        }

    def lines(self, who):
        """Go through the lines of the table."""
        yield TABLE.row(who, f"{self.rounds:,}", *grown(self.bytes), f"{self.seen:,.0f}")
        yield TABLE.row("  objects", "", *grown(self.objects))

    def leaks(self, who):
        """Go through the sentences about what has grown by more than noise."""
        for what, allowed in self.allowed.items():
            before, after = getattr(self, what)
            if after - before > allowed:
                yield f"{who} grew by {after - before:,.0f} {what}: its memory is not flat"


def grown(pair):
    """Return two numbers and the growth from one to the other, in words.

    >>> grown((2000, 2010))
    ('2,000', '2,010', '+10 (+0.5%)')
    """
    before, after = map(int, pair)
    growth = after - before
    return f"{before:,}", f"{after:,}", f"{growth:+,} ({growth / before:+.1%})"


# -- the command -----------------------------------------------------------------------------------


def run(minutes):
    """Print what was done, and how memory went; raise BenchmarkError if something is not so."""
    if not 0.0 < minutes < 10_000.0:
        raise BenchmarkError(f"--minutes: expected 0 to 10,000, got {minutes:g}")
    if resident() is None:
        raise BenchmarkError("this system does not tell how much memory a process has (no /proc)")
    with TemporaryDirectory() as folder:
        expected = first_round(Path(folder))
        print(
            f"{harness.environment()['interpreter']}, {THREADS} threads and {PROCESSES} processes"
        )
        try:
            done, sizes = stretches(Path(folder), minutes * 60.0 / STRETCHES, expected)
            files = files_whole(Path(folder), expected)
        except PureNetError as error:
            raise BenchmarkError(f"a file was not whole: {error}") from None
    print("done: " + ", ".join(f"{n:,} {what}" for what, n in done.items()))
    print(TABLE.row("", "rounds", "bytes: warm", "end", "growth", "a round"))
    problems = [*files]
    for who, growth in {who: Growth(each) for who, each in sizes.items()}.items():
        print(*growth.lines(who), sep="\n")
        problems += growth.leaks(who)
    print("a round: the smallest leak, in bytes a round, that would be seen")
    if problems:
        raise BenchmarkError("\nlong: ".join(problems))
    print("Memory is flat, the files are whole, and all bits are those of the first round.")


def first_round(folder):
    """Write each file; return the bits to expect of each kind."""
    warnings.simplefilter("ignore")
    expected = {}
    for name, kind in FILES.items():
        model = fitted(kind)
        purenet.save(model, folder / name)
        expected[kind] = bits_of(kind, model)
    return expected


def stretches(folder, seconds, expected):
    """Work for some stretches; return how many of each were done, and the memory after each."""
    done, sizes = Counter(), {}
    context = get_context("spawn")
    with ThreadPoolExecutor(THREADS) as here, ProcessPoolExecutor(PROCESSES, context) as apart:
        for _ in range(STRETCHES):
            jobs = [
                apart.submit(work_apart, folder, seconds, expected, k) for k in range(PROCESSES)
            ]
            threads = [here.submit(work, folder, seconds, expected, k) for k in range(THREADS)]
            counts = sum((thread.result() for thread in threads), Counter())
            done += counts
            for others, process, memory in [job.result() for job in jobs]:
                done += others
                sizes.setdefault(process, []).append(memory)
            sizes.setdefault(os.getpid(), []).append(Memory.now(counts["rounds"]))
    return done, named(sizes)


def named(sizes):
    """Return the memory of each process by a name for people, this one's first."""
    here = sizes.pop(os.getpid())
    others = [each for each in sizes.values() if len(each) == STRETCHES]
    if len(others) < PROCESSES:
        raise BenchmarkError("a process did the work of another, which then has no memory to show")
    return {"this process": here, **{f"process {k}": each for k, each in enumerate(others, 1)}}


def files_whole(folder, expected):
    """Go through the sentences about files that are not as they should be."""
    names = sorted(path.name for path in folder.iterdir())
    sentences = [f"{name} was left behind" for name in names if name not in FILES]
    for name, kind in FILES.items():
        if bits_of(kind, purenet.load(folder / name)) != expected[kind]:
            sentences.append(f"{name}: other bits than at first")
    return sentences
