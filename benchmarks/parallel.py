"""One process and two: restarts of an estimator, and batches of a wide network cut into shards.

Every case runs in this process alone ("here"), on a pool of one process and on a pool of two, in
turn, and checks that all three compute the same weights, to the last bit. The ratio tells how many
times as fast the pool of two is as the faster of the others: 2 would be perfect. The pools start
before any time is taken, and the garbage collector is off in all processes. The ratio means little
on a machine with fewer than two free cores.
"""

import gc
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from purenet import Classifier, Network
from purenet.estimators.sharding import engine_of

from . import harness, timing
from .answers import check_alike
from .benchmark import Benchmark, Table, machine_line, times_line
from .portable import random_rows

# A restart is an even piece of work: as many epochs for each, and no row held back.
RESTARTS, RESTART_EPOCHS, RESTART_ROWS = 4, 60, 400

# Inputs, hidden units and outputs as for images of handwritten digits.
WIDE, BATCH_SIZE, BATCHES, SHARDS = [784, 64, 10], 512, 2, 2

TABLE = Table("<10", ">6", ">14")


class Parallel(Benchmark):
    """Trainings in one process and in two."""

    def prepare(self, stack):
        """Make the pools, each of which starts when it is calibrated."""
        one, two = (stack.enter_context(pool(processes)) for processes in (1, 2))
        return {"executors": {"here": None, "1 process": one, "2 processes": two}}

    def heading(self, document, repeats):
        """Say what the times are, and how busy the machine was."""
        environment = document["environment"]
        yield machine_line(environment)
        cores, load = environment["cores"], environment["load"]
        yield f"{cores} cores; {load} programs at work before this one"
        yield times_line("Seconds a run", repeats) + "\n"
        yield TABLE.row("", "ratio", "here", "1 process", "2 processes")

    def lines(self, case, before, document):
        """Return the line of a case."""
        times = [harness.best_and_median(s, "{:.2f}".format) for s in case["seconds"].values()]
        yield TABLE.row(case["name"], f"{case['ratio']:.2f}", *times)


def pool(processes):
    """Return a pool that starts in the same way on every system, its garbage collector off."""
    return ProcessPoolExecutor(processes, get_context("spawn"), initializer=gc.disable)


def compared(train, name, repeats, executors):
    """Return the times of a training with each executor, and how much faster the last one was.

    `train(executor)` returns the weights. What calibrates a contender also starts its pool.
    """
    weights = {}

    def repeat(who, rounds):
        for _ in range(rounds):
            weights[who] = train(executors[who])

    seconds = timing.measure({who: partial(repeat, who) for who in executors}, repeats)
    check_alike(name, weights, "here", exact=weights)
    *others, last = seconds.values()
    return {"ratio": harness.ratio(others, last), "seconds": seconds}


def restarts(name, repeats, executors):
    """Measure an estimator that is trained several times over."""
    X, y = random_rows(16, 4, RESTART_ROWS)
    labels = [row.index(1.0) for row in y]
    options = {"epochs": RESTART_EPOCHS, "patience": RESTART_EPOCHS, "validation_fraction": 0}

    def train(executor):
        classifier = Classifier(16, restarts=RESTARTS, executor=executor, **options)
        return classifier.fit(X, labels).network_.weights

    return compared(train, name, repeats, executors)


def shards(name, repeats, executors):
    """Measure an epoch of a wide network, in batches cut into shards."""
    X, y = random_rows(WIDE[0], WIDE[-1], BATCHES * BATCH_SIZE)

    def train(executor):
        network = Network(WIDE, seed=1)
        engine = engine_of(shards=SHARDS, executor=executor)
        network.train(X, y, epochs=1, batch_size=BATCH_SIZE, reduction="mean", engine=engine)
        return network.weights

    return compared(train, name, repeats, executors)


CASES = {"restarts": restarts, "shards": shards}
BENCHMARK = Parallel("parallel", CASES, repeats=5)  # each takes seconds
