"""A training step on nested lists, written by hand, with each matrix product that was tried.

What is asked of a product is that each sum runs from left to right, one rounding a step: then all
give the same bits. `sum(map(mul, ...))` does so up to Python 3.11; later versions correct its
rounding errors.
"""

from collections import deque
from functools import reduce
from itertools import accumulate
from math import exp
from operator import add, mul


def a_loop(rows, columns):
    """Add in a loop: the plain way."""
    product = []
    for row in rows:
        sums = []
        for column in columns:
            total = -0.0
            for a, b in zip(row, column):
                total += a * b
            sums.append(total)
        product.append(sums)
    return product


def sum_of_map(rows, columns):
    """Let sum() add what map() multiplies."""
    return [[sum(map(mul, row, column), -0.0) for column in columns] for row in rows]


def reduced(rows, columns):
    """Let functools.reduce add."""
    return [[reduce(add, map(mul, row, column)) for column in columns] for row in rows]


def accumulated(rows, columns):
    """Let itertools.accumulate add, and keep the last of its sums."""
    return [
        [deque(accumulate(map(mul, row, column)), maxlen=1)[0] for column in columns]
        for row in rows
    ]


def eight_at_a_time(rows, columns):
    """Add multiples of eight rows of the other matrix at a time, to all columns at once."""
    others = list(zip(*columns))
    return [_eight_at_a_time(row, others) for row in rows]


def _eight_at_a_time(row, others):
    sums, start = [-0.0] * len(others[0]), 0
    while start + 8 <= len(row):
        a, b, c, d, e, f, g, h = row[start : start + 8]
        sums = [
            total + a * p + b * q + c * r + d * s + e * t + f * u + g * v + h * w
            for total, p, q, r, s, t, u, v, w in zip(sums, *others[start : start + 8])
        ]
        start += 8
    for a, other in zip(row[start:], others[start:]):
        sums = [total + a * p for total, p in zip(sums, other)]
    return sums


PRODUCTS = {
    "a loop": a_loop,
    "sum(map)": sum_of_map,
    "reduce": reduced,
    "accumulate": accumulated,
    "eight at a time": eight_at_a_time,
}


def trainer(product, network, X, y):
    """Return a function that trains for n epochs, and one that returns the weights."""
    syn0, syn1 = network.weights
    X = [[float(x) for x in row] for row in X]

    def train(epochs):
        nonlocal syn0, syn1
        for _ in range(epochs):
            syn0, syn1 = step(product, X, y, syn0, syn1)

    return train, lambda: [syn0, syn1]


def step(product, X, y, syn0, syn1):
    """Return the weights after one step of the article's loop."""
    l1 = [[1.0 / (1.0 + exp(-z)) for z in row] for row in product(X, list(zip(*syn0)))]
    l2 = [[1.0 / (1.0 + exp(-z)) for z in row] for row in product(l1, list(zip(*syn1)))]
    l2_delta = [[(t - o) * (o * (1.0 - o)) for t, o in zip(*pair)] for pair in zip(y, l2)]
    l1_error = product(l2_delta, syn1)
    l1_delta = [[e * (o * (1.0 - o)) for e, o in zip(*pair)] for pair in zip(l1_error, l1)]
    step1 = product(list(zip(*l1)), list(zip(*l2_delta)))
    step0 = product(list(zip(*X)), list(zip(*l1_delta)))
    syn1 = [[w + s for w, s in zip(*pair)] for pair in zip(syn1, step1)]
    syn0 = [[w + s for w, s in zip(*pair)] for pair in zip(syn0, step0)]
    return syn0, syn1
