"""The engines of purenet beside NumPy: training, single predictions, and where NumPy overtakes.

Every case runs "lists", "unrolled" and, where it is installed, NumPy in turn, and first checks that
they come to the same weights: "lists" and "unrolled" to the last bit, NumPy within a billionth.
The ratio is that of the faster of two loops in NumPy, the article's as it is written and one
tuned by hand, to "unrolled": above 1, purenet is ahead. Compiling is not part of the times.
"""

import shutil
import sys
from functools import partial

from purenet import Network
from purenet.core.checks import counted, one_hot
from purenet.core.mt19937 import MT19937
from purenet.datasets import xor
from purenet.engines import compile_predict

from . import by_hand, harness
from .interpreters import Interpreter

try:
    from . import numpy_loops
except ImportError:
    numpy_loops = None

EPOCHS_TO_AGREE = 20
LEGEND = "np: the article's loop as written, tuned by hand, and with all arrays prepared."

# name, sizes, rows (none: the article's data), batch size (none: all rows)
TRAININGS = [
    ("the article, 3-4-1", [3, 4, 1], None, None),
    ("2-2-1, 4 rows", [2, 2, 1], None, None),
    ("8-8-4, 16 rows", [8, 8, 4], 16, None),
    ("16-16-8, 32 rows", [16, 16, 8], 32, None),
    ("64-32-10, 32 rows", [64, 32, 10], 32, None),
    ("64-32-10, 256 rows", [64, 32, 10], 256, None),
    ("784-30-10, 10 rows", [784, 30, 10], 10, None),
    ("online, 3-4-1, 4 rows", [3, 4, 1], None, 1),
    ("online, 64-32-10, 32 rows", [64, 32, 10], 32, 1),
]
PREDICTIONS = [[3, 4, 1], [8, 8, 4], [64, 32, 10]]
CROSSOVER_ROWS = [1, 4, 16]


def run(json_file, repeats, only):
    """Print every case as it is done; write all times to a file."""
    environment = harness.environment()
    print_heading(environment, repeats)
    cases = []
    for title, measures in SECTIONS:
        chosen = {name: measure for name, measure in measures().items() if only in name}
        for name, measure in chosen.items():
            case = {"section": title, "name": name, **measure(name, repeats)}
            for line in lines_of(case, name == next(iter(chosen))):
                print(line, flush=True)
            cases.append(case)
    if not cases:
        sys.exit(f"no case has {only!r} in its name")
    harness.write(json_file, {"environment": environment, "cases": cases})


def print_heading(environment, repeats):
    """Print what stands above the tables."""
    print(environment["interpreter"], environment["numpy"], environment["processor"], sep=", ")
    print(
        f"Microseconds a round, best/median of {repeats} repeats; the ratio is the median repeat's."
    )
    if environment["numpy"] != harness.NO_NUMPY:
        print(LEGEND)


def lines_of(case, first):
    """Go through a case's lines of the table; the first of a section has a heading."""
    if first:
        yield f"\n{case['section']}\n{columns('', 'ratio', list(case['seconds']))}"
    ratio = ""
    if case["ratio"]:
        ratio = f"{case['ratio']:.2f}" if case["ratio"] >= 0.1 else f"{case['ratio']:.1g}"
    times = [harness.shown(seconds) for seconds in case["seconds"].values()]
    yield columns(case["name"], ratio, times) + case.get("note", "")


def columns(name, ratio, others):
    """Return one line of the table, in columns."""
    return f"{name:26}{ratio:>6}" + "".join(f"{other:>16}" for other in others)


# -- training ----------------------------------------------------------------------------------


def trainings():
    """Return a function for each training that measures it."""
    return {
        name: partial(training_case, sizes, rows, batch_size)
        for name, sizes, rows, batch_size in TRAININGS
    }


def problem(sizes, rows):
    """Return a fresh network, inputs and targets: the article's, or drawn from a seed."""
    network = Network(sizes, seed=1)
    if rows is None:
        X, y = xor()
        return network, [[int(x) for x in row[: sizes[0]]] for row in X], y
    generator = MT19937(2)
    X = [[generator.uniform(-1.0, 1.0) for _ in range(sizes[0])] for _ in range(rows)]
    classes = range(sizes[-1])
    return network, X, one_hot([r % sizes[-1] for r in range(rows)], classes)


def training_case(sizes, rows, batch_size, name, repeats):
    """Return one training measured with each engine and, where there is one, in NumPy."""
    network, X, y = problem(sizes, rows)
    contenders, weights = {}, {}
    for engine in ("lists", "unrolled"):
        trained = network.copy()
        contenders[engine] = trainer(trained, X, y, batch_size, engine)
        contenders[engine](EPOCHS_TO_AGREE)
        weights[engine] = trained.weights
    if numpy_loops:
        for loop, function in numpy_loops.LOOPS.items():
            contenders[f"np {loop}"], arrays = numpy_loops.trainer(
                function, network, X, y, batch_size or len(X)
            )
            contenders[f"np {loop}"](EPOCHS_TO_AGREE)
            weights[f"np {loop}"] = [W.tolist() for W in arrays]
    check(name, weights)
    return compared(harness.measure(contenders, repeats))


def trainer(network, X, y, batch_size, engine):
    """Return a function that trains for n epochs."""

    def train(epochs):
        network.train(
            X, y, epochs=epochs, every=epochs, batch_size=batch_size, shuffle=False, engine=engine
        )

    return train


def check(name, answers):
    """Stop with a sentence where answers differ: to the bit, or NumPy's by over a billionth."""
    if answers["unrolled"] != answers["lists"]:
        sys.exit(f"{name}: unrolled and lists differ")
    expected = list(numbers_in(answers["lists"]))
    for contender, answer in answers.items():
        for a, b in zip(numbers_in(answer), expected):
            if abs(a - b) > 1e-9 * max(1.0, abs(b)):
                sys.exit(f"{name}: {contender} has {a!r} where lists has {b!r}")


def numbers_in(nested):
    """Go through the numbers of nested lists."""
    for item in nested:
        if isinstance(item, list):
            yield from numbers_in(item)
        else:
            yield item


def compared(seconds):
    """Return the times of a case, and how many times faster unrolled is than the yardsticks."""
    yardsticks = [t for n, t in seconds.items() if n in ("np written", "np tuned")]
    ratio = harness.ratio(yardsticks, seconds["unrolled"]) if yardsticks else None
    return {"ratio": ratio, "seconds": seconds}


# -- single predictions ------------------------------------------------------------------------


def predictions():
    """Return a function for each prediction that measures it."""
    return {
        f"one row, {'-'.join(map(str, sizes))}": partial(prediction_case, sizes)
        for sizes in PREDICTIONS
    }


def prediction_case(sizes, name, repeats):
    """Return the prediction of one row of floats, measured."""
    network, [row], _ = problem(sizes, 1)
    functions = {
        "lists": (lambda row: network.predict([row])[0], row),
        "unrolled": (compile_predict(network), row),
    }
    if numpy_loops:
        array = numpy_loops.np.array(row)
        written, tuned = numpy_loops.predicting_as_written, numpy_loops.predicting_tuned
        functions["np written"] = (written(network), array.reshape(1, -1))
        functions["np tuned"] = (tuned(network), array)
    check(name, {who: list_of(f(argument)) for who, (f, argument) in functions.items()})
    contenders = {who: calling(*call) for who, call in functions.items()}
    return compared(harness.measure(contenders, repeats))


def list_of(outputs):
    """Return the outputs of one row as a list, also where they came as an array."""
    return outputs if isinstance(outputs, list) else outputs.ravel().tolist()


def calling(function, argument):
    """Return a function that calls another n times."""

    def run(rounds):
        for _ in range(rounds):
            function(argument)

    return run


# -- where NumPy overtakes ---------------------------------------------------------------------


def crossovers():
    """Return a function for each number of rows that finds where NumPy overtakes."""
    rows = CROSSOVER_ROWS if numpy_loops else []
    return {f"n-n-n, {counted(m, 'row')}:": partial(crossover_case, m) for m in rows}


def crossover_case(rows, name, repeats):
    """Return the largest network n-n-n at which purenet is ahead, measured."""

    def square(size):
        return training_case([size, size, size], rows, None, name, repeats)

    ahead, size, too_large = square(1), 1, None
    while too_large is None or too_large - size > 1:
        tried = 2 * size if too_large is None else (size + too_large) // 2
        case = square(tried)
        if case["ratio"] > 1.0:
            ahead, size = case, tried
        else:
            too_large = tried
    return {**ahead, "name": f"{name} n = {size}", "n": size}


# -- sums from left to right -------------------------------------------------------------------


def steps_by_hand():
    """Return the one comparison with steps written by hand."""
    return {"64-32-10, 32 rows, by hand": by_hand_case}


def by_hand_case(name, repeats):
    """Compare a step with the best that lists can do by hand; check which run left to right."""
    network, X, y = problem([64, 32, 10], 32)
    trained = network.copy()
    contenders = {"unrolled": trainer(trained, X, y, None, "unrolled")}
    contenders["unrolled"](EPOCHS_TO_AGREE)
    note = ""
    for product_name, product in by_hand.PRODUCTS.items():
        train, weights = by_hand.trainer(product, network, X, y)
        train(EPOCHS_TO_AGREE)
        if weights() == trained.weights:
            contenders[product_name] = train
        else:
            note += f"  ({product_name} does not)"
    seconds = harness.measure(contenders, repeats)
    others = [t for contender, t in seconds.items() if contender != "unrolled"]
    ratio = harness.ratio(others, seconds["unrolled"])
    return {"ratio": ratio, "seconds": seconds, "note": note}


# -- PyPy --------------------------------------------------------------------------------------


def on_pypy():
    """Return the one comparison with PyPy, where it is on the PATH and NumPy is here."""
    pypy = shutil.which("pypy3")
    if pypy is None or numpy_loops is None:
        return {}
    return {"the article on PyPy": partial(pypy_case, pypy)}


def pypy_case(pypy, name, repeats):
    """Compare the article's network, unrolled on PyPy, with NumPy on this Python."""
    network, X, y = problem([3, 4, 1], None)
    with Interpreter([pypy]) as process:
        work = "article", 1, "unrolled"
        process.prepare(*work)
        # Ten times as many: a steady state, of which the start of a training is no part.
        contenders = {"unrolled": lambda epochs: process.seconds(*work, 10 * epochs) / 10}
        for loop, function in numpy_loops.LOOPS.items():
            contenders[f"np {loop}"], _ = numpy_loops.trainer(function, network, X, y, len(X))
        seconds = harness.measure(contenders, repeats)
    return compared(seconds)


SECTIONS = [
    ("Training", trainings),
    ("Predicting", predictions),
    ("The largest network n-n-n at which purenet is ahead of NumPy", crossovers),
    (
        "Unrolled beside steps on lists written by hand, whose sums run from left to right",
        steps_by_hand,
    ),
    ("PyPy against NumPy on this Python", on_pypy),
]
