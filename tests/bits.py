"""Print the last bit of every weight of a trained network, on any Python, from the checkout:

    python3 tests/bits.py            the article's network after its 60,000 iterations
    python3 tests/bits.py options    a network with biases, tanh, softmax, adam and shuffling
    python3 tests/bits.py packed     the same by the engine "packed", which rounds differently
    python3 tests/bits.py estimator  a classifier so large that it takes "packed" by itself

Each number is one weight, its eight bytes in hexadecimal. The first two run on MicroPython too.
"""

import struct
import sys

sys.path.insert(0, ".")

from purenet.core.network import Network  # first: the largest, while the heap is whole

# isort: split
from purenet.core.backpropagation import parameters
from purenet.core.checks import one_hot
from purenet.core.mt19937 import MT19937


def article():
    network = Network([3, 4, 1], seed=1)
    X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    network.train(X, [[0], [1], [1], [0]], epochs=60_000)
    return network


def options(engine="auto"):
    generator = MT19937(5)
    X = [[generator.normal() for _ in range(4)] for _ in range(40)]
    y = one_hot([int(row[0] > 0.0) + int(row[1] > row[2]) for row in X])
    network = Network(
        [4, 6, 5, 3],
        activation="tanh",
        output_activation="softmax",
        loss="cross_entropy",
        bias=True,
        init="he",
        seed=2,
    )
    network.train(X, y, epochs=100, batch_size=8, reduction="mean", optimizer="adam", engine=engine)
    return network


def packed():
    return options("packed")


def estimator(**options):
    from purenet.estimators import Classifier

    generator = MT19937(5)
    X = [[generator.normal() for _ in range(64)] for _ in range(90)]
    y = [int(row[0] > 0.0) + int(row[1] > row[2]) for row in X]
    return Classifier(64, epochs=6, **options).fit(X, y).network_


def print_bits(network):
    print(sys.implementation.name, sys.version.split()[0])
    for matrix in parameters(network):
        for row in matrix:
            print(" ".join([hexadecimal(struct.pack(">d", weight)) for weight in row]))


def hexadecimal(number):
    return "".join([f"{byte:02x}" for byte in number])


programs = {"article": article, "options": options, "packed": packed, "estimator": estimator}
print_bits(programs[sys.argv[1] if sys.argv[1:] else "article"]())
