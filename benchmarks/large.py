"""A large network, 784-100-10, on synthetic images: seconds an epoch, and how well it learns.

The images have 28 x 28 pixels. Each is a digit that ships with purenet, three times as large, put
down somewhere near the middle and blurred once or twice. Chance has a seed, so they are the same
everywhere. Those held out come from digits that no image to learn from shows.

purenet's engines, NumPy and PyTorch start with the same weights and take the same batches, in the
same order, by Adam. A program that does not come to the same loss stops the benchmark before any
time is taken. The loss and the accuracy are those of the weights that each came to, on the images
held out, and one function computes them for all.

How near is the same loss? Sums in another order change a gradient by about 1e-16 of it. Adam
divides by a gradient's size, or by 1e-8 if that is larger, so that an update changes by 1e-8 of a
step at most, and only where a weight hardly counts. ROUNDED, a billionth of the loss, is far more
than that comes to. Packed integers are off by about 1e-8 of a matrix's largest number in each of
the 63 updates of an epoch. If none of these errors made up for another, the loss would be off by
63e-8: FIXED_POINT is a millionth.
"""

import math
from itertools import starmap

from purenet import Network
from purenet.core.checks import counted
from purenet.core.losses import loss_function
from purenet.core.mt19937 import MT19937
from purenet.engines import compile_predict

from . import harness, plot, timing
from .answers import WrongAnswer
from .benchmark import Benchmark, Table, machine_line
from .suite import summed_up
from .workloads import ADAM, CLASSIFIER, LEARNED, Training, digits, one_hot

SIZES, SIDE, SHIFTS = [784, 100, 10], 28, 5
IMAGES, HELD_OUT, BATCH_SIZE = 2000, 400, 32
OURS = {"unrolled": "purenet, unrolled", "packed": "purenet, packed"}
EXTRA = "pip install -e '.[bench]'"
ROUNDED, FIXED_POINT = 1e-9, 1e-6  # how far a loss may be off: see above
TABLE = Table("<20", ">10", ">10", ">8", ">8", ">16", ">10")


# -- the images ------------------------------------------------------------------------------------


def synthetic(originals, count, seed):
    """Return images made from others, and their labels.

    >>> X, labels = synthetic(([[1.0] * 64], [7]), 2, seed=1)
    >>> len(X), len(X[0]), labels, round(max(X[0]), 3)
    (2, 784, [7, 7], 1.0)
    """
    generator, (X, labels) = MT19937(seed), originals
    chosen = [generator.below(len(X)) for _ in range(count)]
    return [drawn(X[i], generator) for i in chosen], [labels[i] for i in chosen]


def drawn(pixels, generator):
    """Return an image of 8 x 8 pixels three times as large, shifted and blurred."""
    down, right = generator.below(SHIFTS), generator.below(SHIFTS)
    blank, left, beside = [0.0] * SIDE, [0.0] * right, [0.0] * (SHIFTS - 1 - right)
    rows = [blank] * down
    for start in range(0, 64, 8):
        wide = [ink for ink in pixels[start : start + 8] for _ in range(3)]
        rows += [left + wide + beside] * 3
    rows += [blank] * (SIDE - len(rows))
    for _ in range(1 + generator.below(2)):
        rows = list(zip(*blurred(list(zip(*blurred(rows))))))
    return [ink for row in rows for ink in row]


def blurred(rows):
    """Return rows in which each is mixed with its neighbors above and below.

    >>> blurred([[0.0], [4.0], [0.0]])
    [[1.0], [2.0], [1.0]]
    """
    above, below = rows[:1] + rows[:-1], rows[1:] + rows[-1:]
    return [list(starmap(mixed, zip(*three))) for three in zip(above, rows, below)]


def mixed(a, b, c):
    """Return a mean of three in which the middle one counts twice."""
    return 0.25 * a + 0.5 * b + 0.25 * c


def to_learn_and_held_out(count):
    """Return images to learn from, and images of other originals: each with their labels."""
    X, labels = digits()
    early, late = (X[:LEARNED], labels[:LEARNED]), (X[LEARNED:], labels[LEARNED:])
    return synthetic(early, count, seed=1), synthetic(late, HELD_OUT, seed=2)


# -- the contenders --------------------------------------------------------------------------------


def workload():
    """Return the training, and the images held out with their labels."""
    (X, labels), held_out = to_learn_and_held_out(IMAGES)
    network = Network(SIZES, seed=1, **CLASSIFIER)
    y = one_hot(labels, range(10))
    return Training(network, X, y, BATCH_SIZE, 1, "epoch", ADAM), held_out


def contenders(work):
    """Return the contenders that are here, and the words of those that are not."""
    built = {who: work.contender(engine) for engine, who in OURS.items()}
    others, left_out = {"NumPy": numpy, "PyTorch": torch}, {}
    for who, build in others.items():
        try:
            built[who] = build(work)
        except ImportError as reason:
            left_out[who] = f"{reason}: {EXTRA}"
    return built, left_out


def numpy(work):
    """Return NumPy's loop for classifiers."""
    from . import numpy_loops  # noqa: F401 (only to know whether NumPy is installed)

    return work.contender("numpy")


def torch(work):
    """Return PyTorch's layers, loss and optimizer."""
    from .peer_adapters import torch_classifier

    return torch_classifier(work.network, work.X, work.y, work.batch_size, work.options)


def judged(network, numbers, held_out):
    """Return the loss and the accuracy on the images held out, of a contender's numbers."""
    twin, layers = network.copy(), len(network.weights)
    twin.weights = numbers[:layers]
    twin.biases = [row[0] if isinstance(row[0], list) else row for row in numbers[layers:]]
    X, labels = held_out
    outputs = [*map(compile_predict(twin), X)]
    right = sum(row.index(max(row)) == label for row, label in zip(outputs, labels))
    loss = loss_function(twin).total(one_hot(labels, range(10)), outputs) / len(X)
    return {"loss": loss, "accuracy": right / len(X)}


def check_losses(learned):
    """Raise WrongAnswer if a contender's loss is not that of unrolled, within its tolerance."""
    expected = learned[OURS["unrolled"]]["loss"]
    for who, each in learned.items():
        tolerance = FIXED_POINT if who == OURS["packed"] else ROUNDED
        if not math.isclose(each["loss"], expected, rel_tol=tolerance):
            word = f"{who} has the loss {each['loss']!r} where unrolled has {expected!r}"
            raise WrongAnswer(f"large: {word}")


# -- the benchmark ---------------------------------------------------------------------------------


class Large(Benchmark):
    """An epoch of a large network."""

    def installed(self):
        """Return the other libraries."""
        return {"peers": harness.versions(["numpy", "torch"])}

    def heading(self, document, repeats):
        """Say what the numbers are."""
        environment = document["environment"]
        here = [f"{name} {version}" for name, version in environment["peers"].items()]
        yield machine_line(environment, *here)
        epochs = counted(repeats, "epoch")
        yield f"Best and median of {epochs}; how many times as fast as unrolled; ns: a product of"
        yield "two numbers; loss and accuracy after one epoch, on the images held out."

    def lines(self, case, before, document):
        """Return a line for each contender, below one for the work."""
        work = f"Adam, batches of {BATCH_SIZE}, {case['rows']:,} images"
        yield f"\n{case['shape']}, {work}"
        yield TABLE.row("", "best", "median", "fast", "ns", "loss", "accuracy")
        for who, summary in case["summary"].items():
            times = [harness.in_words(summary[key]) for key in ("minimum", "median")]
            each = summary["median"] / case["products"] * 1e9
            learned = case["learned"][who]
            cells = f"{case['ratios'][who]:.3g}", f"{each:.3g}", f"{learned['loss']:.12f}"
            yield TABLE.row(who, *times, *cells, f"{learned['accuracy']:.1%}")
        yield from (f"left out: {who}: {reason}" for who, reason in case["left_out"].items())

    def charts(self, cases, notes):
        """Draw the seconds of an epoch."""
        titled = {case["shape"]: case for case in cases}
        label = "seconds, one epoch"
        return {"large": plot.times("A large network in each", titled, notes, label)}


def measured(name, repeats):
    """Return the times of an epoch with each contender, and what it learned in its first."""
    work, held_out = workload()
    built, left_out = contenders(work)
    learned = {}
    for who, (train, numbers) in built.items():
        train(1)
        learned[who] = judged(work.network, numbers(), held_out)
    check_losses(learned)
    seconds = timing.measure({who: train for who, (train, _) in built.items()}, repeats)
    yardstick = seconds[OURS["unrolled"]]
    ratios = {who: harness.ratio([yardstick], each) for who, each in seconds.items()}
    case = {"shape": work.shape, "unit": "epoch", "rows": len(work.X), "products": work.products}
    case.update(summed_up(seconds), ratios=ratios, learned=learned, left_out=left_out)
    return case


BENCHMARK = Large("large", {"images": measured}, repeats=5)
