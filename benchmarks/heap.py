"""The smallest heap in which MicroPython runs a program: predictions by exported files, training.

Bisection finds the heap to a KiB. The program imports the exported file as a program on a board
would, and prints a prediction, which must equal this Python's. Most of the heap is needed to
compile the text: a board with .mpy files needs less. The heap depends a little on the weights, and
on the length of the name of the program's folder.
"""

import math
import sys
from ast import literal_eval
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

from purenet import Network
from purenet.export import fold, python_source
from purenet.export.python_compact import compact_source

from .benchmark import Benchmark, BenchmarkError, Table
from .interpreters import path_of
from .processes import CHECKOUT, fits, output_of, printed_by, smallest_heap
from .workloads import ADAM, ARTICLE_X, ARTICLE_Y, BRIGHTEST, CLASSIFIER, digits, one_hot

MOST = 2048  # KiB
MARGIN = 1e-12  # relative: MicroPython may read a decimal to the float beside
VERSION = "import sys; print(sys.version.split('; ')[1])"
TABLE = Table("4", "<28", ">6")

XOR = f"{ARTICLE_X}, {ARTICLE_Y}"
STEPS = 2000
# Options of the compact form: a limit that any file fits, or how to pack the weights.
COMPACT = {"limit": {"limit": 100_000}, "float32": {"pack": "float32"}, "int8": {"pack": "int8"}}
WAYS = ["unrolled", "lists", *COMPACT]
CORE = f"""\
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
from purenet.core.network import Network
network = Network([3, 4, 1], seed=1)
"""
CORE_PREDICTS = "print(network.predict([[1, 0, 1]])[0])\n"


class Heap(Benchmark):
    """Programs in MicroPython's smallest heap."""

    def prepare(self, stack):
        """Find MicroPython beside this Python, where pip puts it, or on the PATH."""
        micropython = path_of("micropython")
        if not micropython:
            raise BenchmarkError("MicroPython is not installed beside this Python, nor on the PATH")
        return {"micropython": micropython}

    def document(self, micropython):
        """Return the environment, and what MicroPython says it is."""
        return {**super().document(), "micropython": printed_by([micropython], VERSION).strip()}

    def heading(self, document, repeats):
        """Say what is counted."""
        yield f"{document['micropython']}: KiB of heap\n"

    def lines(self, case, before, document):
        """Return the line of a program."""
        yield TABLE.row("", case["name"], case["heap"])


def heap_case(name, repeats, micropython):
    """Return the KiB of the smallest heap in which a program answers as it does here."""
    with TemporaryDirectory() as folder:
        return {"heap": smallest_heap(fitting(micropython, folder, *PROGRAMS[name]()), 0, MOST)}


def fitting(micropython, folder, source, program):
    """Write a program and the file that it imports; return a function that tells if it fits."""
    (Path(folder) / "net.py").write_text(source, encoding="ascii")
    (Path(folder) / "main.py").write_text(program, encoding="ascii")
    check = partial(check_answer, literal_eval(output_of([sys.executable, "main.py"], folder)))
    return partial(fits, [micropython], ["main.py"], folder=folder, check=check)


def check_answer(expected, answer):
    """Raise BenchmarkError if MicroPython's answer is not the expected one."""
    if not all(math.isclose(a, b, rel_tol=MARGIN) for a, b in zip(literal_eval(answer), expected)):
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
        source = python_source(folded, style=way)
    return source, f"import net\nprint(net.predict({row}))\n"


def trainable():
    """Return a file that can train, and a program that trains it."""
    source = python_source(fold(article()[0]), trainable=True)
    return source, f"import net\nnet.train({XOR}, {STEPS})\nprint(net.predict([1, 0, 1]))\n"


PROGRAMS = {
    **{
        f"{sizes}, {way}": partial(predicting, network, way)
        for sizes, network in (("3-4-1", article), ("64-32-10", handwriting))
        for way in WAYS
    },
    "3-4-1, core": lambda: ("", CORE + CORE_PREDICTS),
    "XOR, trainable": trainable,
    "XOR, core": lambda: ("", f"{CORE}network.train({XOR}, epochs={STEPS})\n{CORE_PREDICTS}"),
}
BENCHMARK = Heap("heap", dict.fromkeys(PROGRAMS, heap_case), repeats=1)  # it is the same each time
