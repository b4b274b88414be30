"""The engines of purenet beside NumPy: training, single predictions, and where NumPy overtakes.

Every case runs "lists", "unrolled" and, if it is installed, NumPy in turn, and first checks that
they come to the same weights: "lists" and "unrolled" to the last bit, NumPy within a billionth. The
ratio is that of the faster of two loops in NumPy, the article's own and one tuned by hand, to
"unrolled": above 1, purenet is ahead. Compiling is not part of the times. Packed integers have
sections of their own, where the ratio is that of "unrolled" to "packed": here, on PyPy, and against
the size of a layer.
"""

import json
import shutil
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from purenet import Classifier, Network
from purenet.datasets import digits, xor

from . import by_hand, harness, plot, timing
from .answers import checked
from .benchmark import Benchmark, BenchmarkError, Table, machine_line, times_line
from .cost import crossing, points, width_of
from .interpreters import Interpreter
from .portable import ARTICLE_X, random_rows
from .processes import output_of
from .suite import summed_up
from .workloads import Prediction, Training

numpy_loops = harness.module("benchmarks.numpy_loops")
EPOCHS_TO_AGREE = 20
BILLIONTH = 1e-9
FIXED_POINT = 1e-5  # packed integers round a number to 26 bits or more, in every step
LEGEND = "np: the article's loop as written, tuned by hand, and with all arrays prepared."
TABLE = Table("<26", ">6", ">16")
LOOPS = list(numpy_loops.LOOPS) if numpy_loops else []
YARDSTICKS = LOOPS[:2]  # as written, and tuned by hand
PYPY = shutil.which("pypy3") if numpy_loops else None

# sizes, rows (none: the article's data), batch size (none: all rows)
TRAININGS = {
    "the article, 3-4-1": ([3, 4, 1], None, None),
    "2-2-1, 4 rows": ([2, 2, 1], None, None),
    "8-8-4, 16 rows": ([8, 8, 4], 16, None),
    "16-16-8, 32 rows": ([16, 16, 8], 32, None),
    "64-32-10, 32 rows": ([64, 32, 10], 32, None),
    "64-32-10, 256 rows": ([64, 32, 10], 256, None),
    "784-30-10, 10 rows": ([784, 30, 10], 10, None),
    "online, 3-4-1, 4 rows": ([3, 4, 1], None, 1),
    "online, 64-32-10, 32 rows": ([64, 32, 10], 32, 1),
}
PREDICTIONS = {
    "one row, 3-4-1": [3, 4, 1],
    "one row, 8-8-4": [8, 8, 4],
    "one row, 64-32-10": [64, 32, 10],
}
# sizes, and the rows of a batch (none: a row is predicted)
PACKED = {
    "packed, 16-16-8 x 32": ([16, 16, 8], 32),
    "packed, 64-32-10 x 32": ([64, 32, 10], 32),
    "packed, 64-32-10 x 256": ([64, 32, 10], 256),
    "packed, 128-128-128 x 32": ([128, 128, 128], 32),
    "packed, 784-30-10 x 10": ([784, 30, 10], 10),
    "packed, 784-100-10 x 32": ([784, 100, 10], 32),
    "packed, 64-32-10, a row": ([64, 32, 10], None),
    "packed, 784-100-10, a row": ([784, 100, 10], None),
}
HELD_OUT = 360  # images
DEVIATION = 0.0045  # of the accuracy, over five seeds
ON_PYPY = ["64-32-10 x 32", "128-128-128 x 32", "784-100-10 x 32"]  # small, middle and large
WIDTHS, BATCH = [4, 8, 16, 32, 64, 128, 256], 32
AGAINST_SIZE = "Packed integers against the size of a layer"
CROSSOVERS = {"n-n-n, 1 row:": 1, "n-n-n, 4 rows:": 4, "n-n-n, 16 rows:": 16}


class Engines(Benchmark):
    """The engines beside NumPy, in sections of a table."""

    def measure(self, name, repeats):
        """Measure a case, and name its section."""
        [section] = [title for title, cases in SECTIONS.items() if name in cases]
        for case in super().measure(name, repeats):
            yield {"section": section, **case}

    def heading(self, document, repeats):
        """Say what the times are."""
        environment = document["environment"]
        yield machine_line(environment, environment["numpy"])
        yield times_line("Microseconds a round", repeats)
        if environment["numpy"] != harness.NO_NUMPY:
            yield LEGEND

    def lines(self, case, before, document):
        """Return the line of a case; the first of a section has a heading."""
        if case["section"] != before.get("section"):
            yield f"\n{case['section']}\n{TABLE.row('', 'ratio', *case['seconds'])}"
        ratio = ""
        if case["ratio"]:
            ratio = f"{case['ratio']:.2f}" if case["ratio"] >= 0.1 else f"{case['ratio']:.2g}"
        times = [f" {harness.best_and_median(seconds)}" for seconds in case["seconds"].values()]
        yield TABLE.row(case["name"], ratio, *times) + case.get("note", "")

    def ending(self, cases):
        """Say between which sizes of a layer one contender overtakes another."""
        sizes = [case for case in cases if case["section"] == AGAINST_SIZE]
        if sizes:
            yield ""
            yield from crossings(sizes)

    def charts(self, cases, notes):
        """Draw how many times as fast as NumPy "unrolled" is, and times against the size."""
        groups = {}
        for case in cases:
            if case["ratio"] and "np tuned" in case["seconds"] and "packed" not in case["seconds"]:
                groups.setdefault(case["section"], {})[case["name"]] = case["ratio"]
        sizes = [case for case in cases if case["section"] == AGAINST_SIZE]
        if not groups and not sizes:
            raise BenchmarkError("there is nothing of NumPy in this file")
        label, words = "times as fast as NumPy", ["At 1, both are as fast.", *notes]
        title = "Unrolled beside NumPy"
        drawn = {}
        if groups:
            drawn["engines"] = plot.bars(title, groups, label, "{:.3g}".format, words, log=True)
        if sizes:
            drawn["crossover-packed"] = size_chart(sizes, notes)
        return drawn


def crossings(cases):
    """Go through sentences: where packed integers overtake "unrolled", and NumPy each of them."""
    pairs = [("unrolled", "packed"), ("unrolled", "np tuned"), ("packed", "np tuned")]
    for slower, faster in pairs:
        if faster in cases[0]["seconds"]:
            yield crossing(slower, cases, faster)


def size_chart(cases, notes):
    """Draw the time of an epoch against the size of a layer."""
    title = f"An epoch of {BATCH} rows, n-n-n"
    drawn, notes = points(cases, width_of, lambda case: 1e6), [*crossings(cases), *notes]
    return plot.lines(title, drawn, "neurons in a layer", "microseconds, one epoch", notes)


def training(sizes, rows=None, batch_size=None):
    """Return the training of a network on the article's rows, or on random ones."""
    if rows is None:
        X, y = [row[: sizes[0]] for row in ARTICLE_X], xor()[1]
    else:
        X, y = random_rows(sizes[0], sizes[-1], rows)
    options = {"learning_rate": 1.0}
    return Training(Network(sizes, seed=1), X, y, batch_size, EPOCHS_TO_AGREE, "epoch", options)


def training_case(sizes, rows, batch_size, name, repeats):
    """Return one training measured with each engine and, if it is installed, in NumPy."""
    return compared(name, training(sizes, rows, batch_size), LOOPS, repeats)


def prediction_case(sizes, name, repeats):
    """Return the prediction of one row of floats, measured."""
    [row], _ = random_rows(sizes[0], sizes[-1], 1)
    return compared(name, Prediction(Network(sizes, seed=1), row), YARDSTICKS, repeats)


def compared(name, workload, loops, repeats):
    """Return the times of a workload with each engine and these loops in NumPy."""
    built = {engine: workload.contender(engine) for engine in ("lists", "unrolled", *loops)}
    contenders = checked(name, built, workload.checked, "lists", ["unrolled"], BILLIONTH)
    return with_ratio(timing.measure(contenders, repeats))


def with_ratio(seconds):
    """Return the times of a case, and how many times faster unrolled is than the yardsticks."""
    others = [seconds[loop] for loop in YARDSTICKS if loop in seconds]
    ratio = harness.ratio(others, seconds["unrolled"]) if others else None
    return {"ratio": ratio, "seconds": seconds}


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
    return {**ahead, "name": f"{name} n = {size}", "n": size, "rows": rows}


def by_hand_case(name, repeats):
    """Compare a step with the best that lists can do by hand; check which run left to right."""
    workload = training([64, 32, 10], 32)
    contenders, note = {}, ""
    contenders["unrolled"], numbers = workload.contender("unrolled")
    contenders["unrolled"](EPOCHS_TO_AGREE)
    for product_name, product in by_hand.PRODUCTS.items():
        train, weights = by_hand.trainer(product, workload.network, workload.X, workload.y)
        train(EPOCHS_TO_AGREE)
        if weights() == numbers():
            contenders[product_name] = train
        else:
            note += f"  ({product_name} does not)"
    seconds = timing.measure(contenders, repeats)
    ours, *others = seconds.values()
    return {"ratio": harness.ratio(others, ours), "seconds": seconds, "note": note}


def at_length(train):
    """Return a contender that trains ten times as long, so that the start does not count."""

    def run(epochs):
        start = timing.now()
        train(10 * epochs)
        return timing.since(start) / 10

    return run


def packed_case(sizes, rows, name, repeats):
    """Return the times of packed integers, of the other engines and of NumPy."""
    workload = training(sizes, rows or 1)
    if rows is None:
        workload = Prediction(workload.network, workload.X[0])
    return packed_beside(["unrolled", "lists", *YARDSTICKS[1:]], workload, name, repeats)


def size_case(n, name, repeats):
    """Return the times of an update of a network of n inputs, units and outputs."""
    workload = training([n, n, n], BATCH)
    case = packed_beside(["unrolled", *YARDSTICKS[1:]], workload, name, repeats)
    return {**case, **summed_up(case["seconds"]), "shape": workload.shape}


def packed_beside(others, workload, name, repeats):
    """Return the times of "packed" and of others, and how many times "unrolled" takes as long."""
    built = {who: workload.contender(who) for who in ("packed", *others)}
    contenders = checked(name, built, workload.checked, "unrolled", [], FIXED_POINT)
    if isinstance(workload, Training):
        # The others have nothing to start with.
        contenders.update({who: at_length(contenders[who]) for who in ("packed", "unrolled")})
    seconds = timing.measure(contenders, repeats)
    nanoseconds = min(seconds["packed"]) / workload.products * 1e9
    ratio = harness.ratio([seconds["unrolled"]], seconds["packed"])
    note = f"  ({nanoseconds:.1f} ns a product)"
    return {"ratio": ratio, "seconds": seconds, "nanoseconds": nanoseconds, "note": note}


def fit_case(name, repeats):
    """Return the times of default fits, with the engine that Classifier chooses and "unrolled"."""
    images, labels = digits()
    models = {}

    def fit(who, engine, rounds):
        for _ in range(rounds):
            model = Classifier(random_state=1, engine=engine)
            models[who] = model.fit(images[:-HELD_OUT], labels[:-HELD_OUT])

    engines = {"packed": "auto", "unrolled": "unrolled"}
    contenders = {who: partial(fit, who, engine) for who, engine in engines.items()}
    seconds = timing.measure(contenders, repeats)
    scores = {who: m.score(images[-HELD_OUT:], labels[-HELD_OUT:]) for who, m in models.items()}
    if abs(scores["packed"] - scores["unrolled"]) > DEVIATION:
        raise BenchmarkError(f"{name}: the accuracies are {scores}")
    note = f"  (accuracy {scores['packed']:.1%} and {scores['unrolled']:.1%})"
    ratio = harness.ratio([seconds["unrolled"]], seconds["packed"])
    return {"ratio": ratio, "seconds": seconds, "note": note}


def packed_on_pypy(shape, name, repeats):
    """Return PyPy's measurements of packed integers."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "times.json"
        options = ["--only", f"packed, {shape}", "--repeats", str(repeats), "--json", str(file)]
        output_of([PYPY, "-m", "benchmarks", "engines", *options])
        [case] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    return {key: case[key] for key in ("ratio", "seconds", "note")}


def pypy_case(name, repeats):
    """Compare the article's network, unrolled on PyPy, with NumPy on this Python."""
    workload = training([3, 4, 1])
    with Interpreter([PYPY]) as process:
        work = "article", 1, "unrolled"
        process.prepare(*work)
        # Ten times as many, so that the start of a training does not count.
        contenders = {"unrolled": lambda epochs: process.seconds(*work, 10 * epochs) / 10}
        for loop in LOOPS:
            contenders[loop], _ = workload.contender(loop)
        return with_ratio(timing.measure(contenders, repeats))


SECTIONS = {
    "Training": {name: partial(training_case, *what) for name, what in TRAININGS.items()},
    "Predicting": {name: partial(prediction_case, sizes) for name, sizes in PREDICTIONS.items()},
    "The largest network n-n-n at which purenet is ahead of NumPy": {
        name: partial(crossover_case, rows) for name, rows in CROSSOVERS.items() if numpy_loops
    },
    "Unrolled beside steps on lists written by hand, whose sums run from left to right": {
        "64-32-10, 32 rows, by hand": by_hand_case
    },
    "Packed integers beside unrolled": {
        name: partial(packed_case, *what) for name, what in PACKED.items()
    },
    "A default fit of Classifier on the digits": {"packed, Classifier": fit_case},
    AGAINST_SIZE: {f"{n}-{n}-{n} x {BATCH}": partial(size_case, n) for n in WIDTHS},
    "Packed integers beside unrolled, on PyPy": {
        f"on PyPy, {shape}": partial(packed_on_pypy, shape) for shape in ON_PYPY if PYPY
    },
    "PyPy against NumPy on this Python": {"the article on PyPy": pypy_case} if PYPY else {},
}
CASES = {name: case for cases in SECTIONS.values() for name, case in cases.items()}
BENCHMARK = Engines("engines", CASES)
