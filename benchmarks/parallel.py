"""One process and two: restarts of an estimator, and batches of a wide network cut into shards.

Every case runs in this process alone ("here"), on a pool of one process and on a pool of two, in
turn, and checks that all come to the same weights, to the last bit. The ratio is that of the faster
of the first two to the pool of two: 2 would be perfect. The pools are started before the clock, and
have the garbage collector off, as it is here. With fewer than two cores to itself it says little.
"""

import gc
import sys
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from statistics import median

from purenet import Classifier, Network
from purenet.core.checks import one_hot
from purenet.core.mt19937 import MT19937
from purenet.estimators.sharding import engine_of

from . import harness

REPEATS = 5  # each takes seconds

# A restart is an even piece of work: as many epochs for each, and no row held back.
RESTARTS, RESTART_EPOCHS, RESTART_ROWS = 4, 60, 400

# Inputs, hidden units and outputs as for images of handwritten digits.
WIDE, BATCH_SIZE, BATCHES, SHARDS = [784, 64, 10], 512, 2, 2


def run(json_file, repeats, only):
    """Print every case as it is done; write all times to a file."""
    chosen = {name: case for name, case in CASES.items() if only in name}
    if not chosen:
        sys.exit(f"no case has {only!r} in its name")
    environment = harness.environment()
    print(environment["interpreter"], environment["processor"], sep=", ")
    print(f"{environment['cores']} cores; {environment['load']} programs at work before this one")
    print(f"Seconds a run, best/median of {repeats} repeats; the ratio is the median repeat's.\n")
    print(columns("", "ratio", ["here", "1 process", "2 processes"]))
    cases = []
    with pool(1) as one, pool(2) as two:
        for name, case in chosen.items():
            contenders = {"here": None, "1 process": one, "2 processes": two}
            cases.append({"name": name, **compared(name, case(), contenders, repeats)})
            print(line_of(cases[-1]), flush=True)
    harness.write(json_file, {"environment": environment, "cases": cases})


def pool(processes):
    """Return a pool that starts the same way on every system, and collects no garbage."""
    return ProcessPoolExecutor(processes, get_context("spawn"), initializer=gc.disable)


def compared(name, train, executors, repeats):
    """Return the times of a training with each executor, and how much faster the last one was.

    `train(executor)` returns the weights. What calibrates a contender also starts its pool.
    """
    weights = {}

    def repeat(who, rounds):
        for _ in range(rounds):
            weights[who] = train(executors[who])

    seconds = harness.measure({who: partial(repeat, who) for who in executors}, repeats)
    check(name, weights)
    *others, last = seconds.values()
    return {"ratio": harness.ratio(others, last), "seconds": seconds}


def check(name, answers):
    """Stop with a sentence where answers differ in a bit."""
    first, *others = answers
    for other in others:
        if answers[other] != answers[first]:
            sys.exit(f"{name}: {other} and {first} differ")


def restarts():
    """Return a function that trains an estimator several times over."""
    X, y = problem(16, 4, RESTART_ROWS)
    labels = [row.index(1.0) for row in y]
    options = {"epochs": RESTART_EPOCHS, "patience": RESTART_EPOCHS, "validation_fraction": 0}

    def train(executor):
        classifier = Classifier(16, restarts=RESTARTS, executor=executor, **options)
        return classifier.fit(X, labels).network_.weights

    return train


def shards():
    """Return a function that trains a wide network for an epoch, in batches cut into shards."""
    X, y = problem(WIDE[0], WIDE[-1], BATCHES * BATCH_SIZE)

    def train(executor):
        network = Network(WIDE, seed=1)
        engine = engine_of(shards=SHARDS, executor=executor)
        network.train(X, y, epochs=1, batch_size=BATCH_SIZE, reduction="mean", engine=engine)
        return network.weights

    return train


CASES = {"restarts": restarts, "shards": shards}


def problem(inputs, outputs, rows):
    """Return random inputs, and targets that go through the classes in turn."""
    generator = MT19937(2)
    X = [[generator.uniform(-1.0, 1.0) for _ in range(inputs)] for _ in range(rows)]
    return X, one_hot([r % outputs for r in range(rows)])


def line_of(case):
    """Return a case as a line of the table."""
    times = [f"{min(seconds):.2f}/{median(seconds):.2f}" for seconds in case["seconds"].values()]
    return columns(case["name"], f"{case['ratio']:.2f}", times)


def columns(name, ratio, others):
    """Return one line of the table, in columns."""
    return f"{name:10}{ratio:>6}" + "".join(f"{other:>14}" for other in others)
