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

Most are defined in `portable`; this module adds the engines that `purenet.core` has not, and the
workloads that need data.

`size` multiplies what is free: the hidden layer's width, or each side of a matrix.
"""

import purenet
from purenet.core import ENGINES as INSTALLED
from purenet.core.checks import one_hot
from purenet.core.matrix import scale
from purenet.core.network import Network

from .portable import (  # noqa: F401 (`heap` takes the rows from here)
    ARTICLE_X,
    ARTICLE_Y,
    KINDS,
    PORTABLE,
    PlainPrediction,
    PlainProduct,
    PlainTraining,
    on_the_article,
    repeated,
)

ENGINES = ["lists", "unrolled", "numpy"]

LEARNED = 1437  # of the 1,797 digits, four fifths
BRIGHTEST = 16.0  # the ink in a pixel
SOFTMAX = {"output_activation": "softmax", "loss": "cross_entropy"}
CLASSIFIER = dict(SOFTMAX, bias=True, init="glorot")  # MicroPython knows no {**SOFTMAX}
ADAM = {"optimizer": "adam", "learning_rate": 0.01, "reduction": "mean"}


class Training(PlainTraining):
    """A training with any engine, or in NumPy."""

    def engines(self):
        """Return the names of the engines that can run it here."""
        return engines_here()

    def contender(self, engine):
        """Return a function that trains a fresh network for n epochs, and one for its numbers."""
        if engine == "packed":
            from purenet.engines.packed import packed as engine  # not on MicroPython
        elif engine not in ("lists", "unrolled"):
            from . import numpy_loops

            work = self.network, self.X, self.y, self.batch_size, self.options
            return numpy_loops.contender(engine, *work)
        return super().contender(engine)


class Prediction(PlainPrediction):
    """A prediction with any engine, or in NumPy."""

    def engines(self):
        """Return the names of the engines that can run it here."""
        return engines_here()

    def contender(self, engine):
        """Return a function that predicts n times, and one for the outputs."""
        row = self.row
        if engine == "lists":
            return super().contender(engine)
        if engine in ("unrolled", "packed"):
            predict = purenet.engines.compile_predict(self.network, packed=engine == "packed")
            return repeated(predict, [row]), lambda: predict(row)
        from . import numpy_loops

        predict, row = numpy_loops.predicting(engine, self.network, row)
        return repeated(predict, [row]), lambda: predict(row).tolist()


class Product(PlainProduct):
    """A product on lists, or in NumPy."""

    def engines(self):
        """Return the names of the modules that can multiply matrices here."""
        return [engine for engine in engines_here() if engine != "unrolled"]

    def contender(self, engine):
        """Return a function that multiplies n times, and one for the product."""
        if engine == "lists":
            return super().contender(engine)
        from .numpy_loops import np

        A, B = np.array(self.A), np.array(self.B)
        return repeated(np.dot, [A, B]), lambda: A.dot(B).tolist()


KINDS.update({"training": Training, "prediction": Prediction, "product": Product})


def engines_here():
    """Return the names of the engines that are installed, the fastest last."""
    names = ["lists", "unrolled"] if "unrolled" in INSTALLED else ["lists"]
    try:
        from . import numpy_loops  # noqa: F401
    except ImportError:
        return names
    return names + ["numpy"]  # noqa: RUF005 (MicroPython)


# -- the workloads by name -----------------------------------------------------------------------


def digits_epoch(size):
    """Return an epoch of `python3 -m purenet digits`, with the images in the order of the file."""
    X, labels = digits(LEARNED)
    y = one_hot(labels, range(10))
    network = Network([64, 32 * size, 10], seed=1, **CLASSIFIER)
    return Training(network, X, y, batch_size=32, checked=1, unit="epoch", options=ADAM)


def memory(size):
    """Return a training of the article that is long enough to need all the memory it ever needs.

    It runs in a separate process, of which only the memory is of interest.
    """
    return on_the_article(size, 4, 2000, "2,000 iterations")


# In the order of the tables.
WORKLOADS = {
    "article": PORTABLE["article"],
    "online": PORTABLE["online"],
    "digits-epoch": digits_epoch,
}
WORKLOADS.update(PORTABLE)

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
