"""The workloads: fixed pieces of work, each with a name, a size, and an answer that is known.

Nothing here depends on chance or on the machine, so the numbers that come out are the same in each
interpreter, and `answers` compares them with stored ones before any time counts. It runs on
MicroPython too.

A workload has

    shape            its network or matrices, in words
    whole, unit      the number of rounds that its time is given for, and their name in words
    products         how many products of two numbers a round adds up
    elementary       True if it calls no function of the C library, which may round otherwise
    checked          how many rounds lie before the answer
    engines()        the names of what can run it here, out of ENGINES
    contender(name)  two functions: one that runs n rounds, and one that returns the numbers that
                     they came to

`size` multiplies what is free: the hidden layer's width, or each side of a matrix.
"""

import purenet
from purenet.core import ENGINES as INSTALLED
from purenet.core.backpropagation import parameters
from purenet.core.checks import one_hot
from purenet.core.matrix import dot, scale
from purenet.core.mt19937 import MT19937
from purenet.core.network import Network

ENGINES = ["lists", "unrolled", "numpy"]

ARTICLE_X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
ARTICLE_Y = [[0], [1], [1], [0]]
ITERATIONS = 60_000

LEARNED = 1437  # of the 1,797 digits, four fifths
BRIGHTEST = 16.0  # the ink in a pixel
SOFTMAX = {"output_activation": "softmax", "loss": "cross_entropy"}
CLASSIFIER = dict(SOFTMAX, bias=True, init="glorot")  # MicroPython knows no {**SOFTMAX}
ADAM = {"optimizer": "adam", "learning_rate": 0.01, "reduction": "mean"}


class Workload:
    """The defaults that most workloads share: see the top of this module."""

    elementary, checked, whole, unit = False, 1, 1, "row"

    def engines(self):
        """Return the names of the engines that can run it here."""
        return engines_here()


class Training(Workload):
    """Epochs of a network with one hidden layer; the answer is all its weights and biases."""

    def __init__(self, network, X, y, batch_size, checked, unit, options, whole=1):
        self.network, self.X, self.y, self.batch_size = network, X, y, batch_size
        self.checked, self.unit, self.options, self.whole = checked, unit, options, whole
        self.products = training_products(network.sizes) * len(X)
        self.shape = shape_of(network)

    def contender(self, engine):
        """Return a function that trains a fresh network for n epochs, and one for its numbers."""
        X, y, network = self.X, self.y, self.network.copy()
        if engine == "packed":
            from purenet.engines.packed import packed as engine  # not on MicroPython
        elif engine not in ("lists", "unrolled"):
            from . import numpy_loops

            return numpy_loops.contender(engine, network, X, y, self.batch_size, self.options)
        options = dict(self.options, batch_size=self.batch_size, shuffle=False, engine=engine)

        def train(epochs):
            network.train(X, y, epochs=epochs, every=epochs, **options)

        return train, lambda: parameters(network)


class Prediction(Workload):
    """A prediction for one row; the answer is the network's outputs."""

    def __init__(self, network, row):
        self.network, self.row = network, row
        self.products = sum([m * n for m, n in zip(network.sizes, network.sizes[1:])])
        self.shape = shape_of(network)

    def contender(self, engine):
        """Return a function that predicts n times, and one for the outputs."""
        row, predict = self.row, self.network.predict
        if engine == "lists":
            return repeated(predict, [[row]]), lambda: predict([row])
        if engine in ("unrolled", "packed"):
            predict = purenet.engines.compile_predict(self.network, packed=engine == "packed")
            return repeated(predict, [row]), lambda: predict(row)
        from . import numpy_loops

        predict, row = numpy_loops.predicting(engine, self.network, row)
        return repeated(predict, [row]), lambda: predict(row).tolist()


class Product(Workload):
    """A product of two square matrices, which is the answer."""

    elementary, unit = True, "product"

    def __init__(self, n):
        generator = MT19937(3)
        self.A, self.B = rows_from(generator, n, n), rows_from(generator, n, n)
        self.products = n**3
        self.shape = f"{n} x {n}"

    def engines(self):
        """Return the names of the modules that can multiply matrices here."""
        return [engine for engine in engines_here() if engine != "unrolled"]

    def contender(self, engine):
        """Return a function that multiplies n times, and one for the product."""
        if engine == "lists":
            return repeated(dot, [self.A, self.B]), lambda: dot(self.A, self.B)
        from .numpy_loops import np

        A, B = np.array(self.A), np.array(self.B)
        return repeated(np.dot, [A, B]), lambda: A.dot(B).tolist()


def repeated(function, arguments):
    """Return a function that calls another n times."""

    def run(rounds):
        for _ in range(rounds):
            function(*arguments)

    return run


def engines_here():
    """Return the names of the engines that are installed, the fastest last."""
    names = ["lists", "unrolled"] if "unrolled" in INSTALLED else ["lists"]
    try:
        from . import numpy_loops  # noqa: F401
    except ImportError:
        return names
    return names + ["numpy"]  # noqa: RUF005 (MicroPython)


def shape_of(network):
    """Return a network's sizes in words.

    >>> shape_of(Network([3, 4, 1]))
    '3-4-1'
    """
    return "-".join([str(size) for size in network.sizes])


def training_products(sizes):
    """Return how many products a row takes: forward, back to the hidden layer, gradients.

    >>> training_products([3, 4, 1])
    36
    """
    pairs = list(zip(sizes, sizes[1:]))
    return 3 * sum([m * n for m, n in pairs]) - pairs[0][0] * pairs[0][1]


def rows_from(generator, rows, columns):
    """Return a matrix drawn from [-1, 1)."""
    return [[generator.uniform(-1.0, 1.0) for _ in range(columns)] for _ in range(rows)]


def random_rows(inputs, classes, rows):
    """Return random inputs, and targets that go through the classes in turn."""
    X = rows_from(MT19937(2), rows, inputs)
    return X, one_hot([r % classes for r in range(rows)], range(classes))


def small(size):
    """Return the article's network, or a wider one, whose weights must not add up to more.

    With the article's weights and learning rate a wide network would be saturated, at once or
    after an update, and then there is nothing left to check.
    """
    return Network([3, 4 * size, 1], init="uniform" if size == 1 else "glorot", seed=1)


# -- the workloads by name -----------------------------------------------------------------------


def article(size):
    """Return the article's training, 3-4-1: 60,000 iterations.

    Its time is that of calibrated stretches of it. (A stretch takes no longer at the end of the
    training than at its start.) A wider network goes through fewer before its answer is compared.
    """
    return on_the_article(size, 4, max(1, ITERATIONS // size), "60,000 iterations", ITERATIONS)


def online(size):
    """Return the article's network and data, with an update after each row."""
    return on_the_article(size, 1, max(1, 1000 // size), "4 updates")


def memory(size):
    """Return a training of the article that is long enough to need all the memory it ever needs.

    It runs in a separate process, of which only the memory is of interest.
    """
    return on_the_article(size, 4, 2000, "2,000 iterations")


def on_the_article(size, batch_size, checked, unit, whole=1):
    """Return a training of the article's network, or of a wider one, on the article's rows."""
    options = {"learning_rate": 1.0 / size}
    network = small(size)
    return Training(network, ARTICLE_X, ARTICLE_Y, batch_size, checked, unit, options, whole)


def digits_epoch(size):
    """Return an epoch of `python3 -m purenet digits`, with the images in the order of the file."""
    X, labels = digits(LEARNED)
    y = one_hot(labels, range(10))
    network = Network([64, 32 * size, 10], seed=1, **CLASSIFIER)
    return Training(network, X, y, batch_size=32, checked=1, unit="epoch", options=ADAM)


def predict_small(size):
    """Return the article's network, asked about one row."""
    return Prediction(small(size), [1.0, 0.0, 1.0])


def predict_digits(size):
    """Return a network for digits, asked about one row."""
    network = Network([64, 32 * size, 10], init="glorot", seed=1)
    return Prediction(network, rows_from(MT19937(2), 1, 64)[0])


def wide(size):
    """Return an update of a network as wide as for larger images, 784-30-10, from ten rows."""
    return update([784, 30 * size, 10], rows=10, checked=3, learning_rate=1.0 / (64 * size))


def square(size):
    """Return an update of a network of n inputs, units and outputs from one row, n twice the size.

    Its sizes span five orders of magnitude of work: `cost` goes through them.
    """
    return update([2 * size] * 3, rows=1, checked=3, learning_rate=1.0 / size)


def update(sizes, rows, checked, learning_rate):
    """Return a training on one batch of random inputs, whose targets are the classes in turn."""
    X, y = random_rows(sizes[0], sizes[-1], rows)
    network = Network(sizes, init="glorot", seed=1)
    return Training(network, X, y, rows, checked, "update", {"learning_rate": learning_rate})


def matrix_dot(n):
    """Return a function from a size to the product of matrices n times as wide."""
    return lambda size: Product(n * size)


WORKLOADS = {
    "article": article,
    "online": online,
    "digits-epoch": digits_epoch,
    "predict-small": predict_small,
    "predict-digits": predict_digits,
    "wide": wide,
    "matrix-dot-4": matrix_dot(4),
    "matrix-dot-16": matrix_dot(16),
    "matrix-dot-64": matrix_dot(64),
    "square": square,
}


IN_A_PROCESS = {"memory": memory}


def digits(count=None):
    """Return the first images of purenet.datasets.digits, as ink from 0 to 1, and their labels."""
    try:
        from purenet import datasets

        images, labels = datasets.digits()
    except ImportError:  # MicroPython has no gzip, but can inflate
        path = purenet.__file__.replace("__init__.py", "datasets/digits.txt.gz")
        images, labels = digits_inflated(path)
    return scale(images[:count], 1.0 / BRIGHTEST), labels[:count]


def digits_inflated(path):
    """Return the images and labels of a file: a digit, a space, a figure of base 17 a pixel."""
    import deflate

    with open(path, "rb") as file:  # noqa: PTH123 (MicroPython has no Path)
        text = deflate.DeflateIO(file, deflate.GZIP).read().decode()
    lines = [line.split(" ") for line in text.split("\n") if line and line[0] != "#"]
    images = [[float(int(c, 17)) for c in line[1]] for line in lines]
    return images, [int(line[0]) for line in lines]
