"""The workloads that need `purenet.core` alone, and their plain contender.

`workloads` adds engines to them, and more workloads. `one_file` joins this module with the core,
so it imports nothing else, and runs on MicroPython too. `workloads` says what a workload has.
"""

from purenet.core.backpropagation import parameters
from purenet.core.checks import one_hot
from purenet.core.matrix import dot
from purenet.core.mt19937 import MT19937
from purenet.core.network import Network

ARTICLE_X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
ARTICLE_Y = [[0], [1], [1], [0]]
ITERATIONS = 60_000

# The class of each kind of workload, once it is defined. `workloads` puts in those that have more
# engines.
KINDS = {}


class PlainWorkload:
    """The defaults that most workloads share."""

    elementary, checked, whole, unit = False, 1, 1, "row"

    def engines(self):
        """Return the names of the engines that can run it here."""
        return ["lists"]


class PlainTraining(PlainWorkload):
    """Epochs of a network with one hidden layer; the answer is all its weights and biases."""

    def __init__(self, network, X, y, batch_size, checked, unit, options, whole=1):
        self.network, self.X, self.y, self.batch_size = network, X, y, batch_size
        self.checked, self.unit, self.options, self.whole = checked, unit, options, whole
        self.products = training_products(network.sizes) * len(X)
        self.shape = shape_of(network)

    def contender(self, engine):
        """Return a function that trains a fresh network for n epochs, and one for its numbers."""
        X, y, network = self.X, self.y, self.network.copy()
        options = dict(self.options, batch_size=self.batch_size, shuffle=False, engine=engine)

        def train(epochs):
            network.train(X, y, epochs=epochs, every=epochs, **options)

        return train, lambda: parameters(network)


class PlainPrediction(PlainWorkload):
    """A prediction for one row; the answer is the network's outputs."""

    def __init__(self, network, row):
        self.network, self.row = network, row
        self.products = sum([m * n for m, n in zip(network.sizes, network.sizes[1:])])
        self.shape = shape_of(network)

    def contender(self, engine):
        """Return a function that predicts n times, and one for the outputs."""
        row, predict = self.row, self.network.predict
        return repeated(predict, [[row]]), lambda: predict([row])


class PlainProduct(PlainWorkload):
    """A product of two square matrices, which is the answer."""

    elementary, unit = True, "product"

    def __init__(self, n):
        generator = MT19937(3)
        self.A, self.B = rows_from(generator, n, n), rows_from(generator, n, n)
        self.products = n**3
        self.shape = f"{n} x {n}"

    def contender(self, engine):
        """Return a function that multiplies n times, and one for the product."""
        return repeated(dot, [self.A, self.B]), lambda: dot(self.A, self.B)


KINDS.update({"training": PlainTraining, "prediction": PlainPrediction, "product": PlainProduct})


def repeated(function, arguments):
    """Return a function that calls another n times."""

    def run(rounds):
        for _ in range(rounds):
            function(*arguments)

    return run


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


def on_the_article(size, batch_size, checked, unit, whole=1):
    """Return a training of the article's network, or of a wider one, on the article's rows."""
    options = {"learning_rate": 1.0 / size}
    network = small(size)
    return KINDS["training"](
        network, ARTICLE_X, ARTICLE_Y, batch_size, checked, unit, options, whole
    )


def predict_small(size):
    """Return the article's network, asked about one row."""
    return KINDS["prediction"](small(size), [1.0, 0.0, 1.0])


def predict_digits(size):
    """Return a network for digits, asked about one row."""
    network = Network([64, 32 * size, 10], init="glorot", seed=1)
    return KINDS["prediction"](network, rows_from(MT19937(2), 1, 64)[0])


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
    return KINDS["training"](
        network, X, y, rows, checked, "update", {"learning_rate": learning_rate}
    )


def matrix_dot(n):
    """Return a function from a size to the product of matrices n times as wide."""
    return lambda size: KINDS["product"](n * size)


PORTABLE = {
    "article": article,
    "online": online,
    "predict-small": predict_small,
    "predict-digits": predict_digits,
    "wide": wide,
    "matrix-dot-4": matrix_dot(4),
    "matrix-dot-16": matrix_dot(16),
    "matrix-dot-64": matrix_dot(64),
    "square": square,
}


def prepare(name):
    """Return the parts of a workload that `board` measures."""
    workload = PORTABLE[name](1)
    run, numbers = workload.contender("lists")
    words = workload.shape + ", " + workload.unit
    return [run, numbers, workload.checked, workload.whole, words]
