"""NumPy's notation, `purenet.np`, beside the engine that goes through lists, and beside NumPy.

Every case is the article's program, with its import alone changed, on one network and its rows. It
first comes to the same weights as "lists", in `purenet.np` to the last bit and in NumPy within a
billionth. The ratio is that of "lists" to "purenet.np": above 1, the notation is ahead.

To compare two states of `purenet.np`, store the times of both with --json, and `compare` the files.
"""

from functools import partial

import purenet.np

from . import harness, timing
from .answers import checked
from .benchmark import Benchmark, Table, machine_line, times_line
from .engines import BILLIONTH, EPOCHS_TO_AGREE, TRAININGS, training

NUMPY = harness.module("numpy")
TABLE = Table("<26", ">6", ">18")
NAMES = ["the article, 3-4-1", "8-8-4, 16 rows", "64-32-10, 32 rows"]


class Notation(Benchmark):
    """The article's program in NumPy's notation."""

    def heading(self, document, repeats):
        """Say what the times are."""
        environment = document["environment"]
        yield machine_line(environment, environment["numpy"])
        yield times_line("Microseconds an iteration", repeats)

    def lines(self, case, before, document):
        """Return the line of a case; above the first, a heading."""
        if not before:
            yield TABLE.row("", "ratio", *case["seconds"])
        times = [harness.best_and_median(seconds) for seconds in case["seconds"].values()]
        yield TABLE.row(case["name"], f"{case['ratio']:.2f}", *times)


def program(np, X, y, syn0, syn1):
    """Return the article's loop on NumPy or on what stands for it, and a function for its weights.

    >>> run, weights = program(purenet.np, [[1, 0]], [[1]], [[0.0], [0.0]], [[2.0]])
    >>> run(1)
    >>> weights()[0]
    [[0.026438546392133357], [0.0]]
    """
    X, y, syn0, syn1 = map(np.array, (X, y, syn0, syn1))

    def nonlin(x, deriv=False):
        if deriv:
            return x * (1 - x)
        return 1 / (1 + np.exp(-x))

    def run(iterations):
        nonlocal syn0, syn1
        for _ in range(iterations):
            l0 = X
            l1 = nonlin(np.dot(l0, syn0))
            l2 = nonlin(np.dot(l1, syn1))
            l2_error = y - l2
            l2_delta = l2_error * nonlin(l2, deriv=True)
            l1_error = l2_delta.dot(syn1.T)
            l1_delta = l1_error * nonlin(l1, deriv=True)
            syn1 += l1.T.dot(l2_delta)
            syn0 += l0.T.dot(l1_delta)

    return run, lambda: [syn0.tolist(), syn1.tolist()]


def case_of(what, name, repeats):
    """Return the times of a training on lists, in `purenet.np` and, if it is there, in NumPy."""
    workload = training(*what)
    built = {"lists": workload.contender("lists")}
    for word, module in (("purenet.np", purenet.np), ("NumPy", NUMPY)):
        if module:
            built[word] = program(module, workload.X, workload.y, *workload.network.weights)
    contenders = checked(name, built, EPOCHS_TO_AGREE, "lists", ["purenet.np"], BILLIONTH)
    seconds = timing.measure(contenders, repeats)
    return {"ratio": harness.ratio([seconds["lists"]], seconds["purenet.np"]), "seconds": seconds}


BENCHMARK = Notation("np", {name: partial(case_of, TRAININGS[name][:2]) for name in NAMES})
