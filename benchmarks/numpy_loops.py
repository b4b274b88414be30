"""The yardsticks in NumPy: the article's own loop, and one tuned by hand.

All train a network with one hidden layer by the same updates. `as_written` is the article's own
loop without its print. `tuned` has floats for inputs, and functions bound to local names.
`prepared` goes further than most people would: no calls of its own, and each result is written
into an array made beforehand.

`classifying` is for digits: biases, softmax, cross-entropy and adam.
"""

from itertools import chain, repeat

import numpy as np


def nonlin(x, deriv=False):
    """Return the sigmoid, or its slope from its output: the article's function."""
    if deriv:
        return x * (1 - x)
    return 1 / (1 + np.exp(-x))


def as_written(steps, syn0, syn1):
    """Train by the article's loop."""
    for X, y in steps:
        l0 = X
        l1 = nonlin(np.dot(l0, syn0))
        l2 = nonlin(np.dot(l1, syn1))
        l2_error = y - l2
        l2_delta = l2_error * nonlin(l2, deriv=True)
        l1_error = l2_delta.dot(syn1.T)
        l1_delta = l1_error * nonlin(l1, deriv=True)
        syn1 += l1.T.dot(l2_delta)
        syn0 += l0.T.dot(l1_delta)


def tuned(steps, syn0, syn1, rate=1.0):
    """Train by the article's loop, with floats, local names, and a learning rate."""
    dot, exp = np.dot, np.exp

    def nonlin(x, deriv=False):
        if deriv:
            return x * (1.0 - x)
        return 1.0 / (1.0 + exp(-x))

    for X, y in steps:
        l1 = nonlin(dot(X, syn0))
        l2 = nonlin(dot(l1, syn1))
        l2_delta = (y - l2) * nonlin(l2, True)
        if rate != 1.0:
            l2_delta *= rate
        l1_delta = dot(l2_delta, syn1.T) * nonlin(l1, True)
        syn1 += dot(l1.T, l2_delta)
        syn0 += dot(X.T, l1_delta)


def prepared(steps, syn0, syn1):
    """Train with no arrays made on the way."""
    first = X, y = next(steps)
    l1, slope1, l1_delta = (np.empty((len(X), syn0.shape[1])) for _ in range(3))
    l2, slope2, l2_delta = (np.empty((len(X), syn1.shape[1])) for _ in range(3))
    step0, step1 = np.empty_like(syn0), np.empty_like(syn1)
    l1_T, syn1_T, one = l1.T, syn1.T, np.array(1.0)
    dot, exp, negative, add = np.dot, np.exp, np.negative, np.add
    divide, subtract, multiply = np.divide, np.subtract, np.multiply
    for X, y in chain([first], steps):
        for inputs, weights, layer in ((X, syn0, l1), (l1, syn1, l2)):
            dot(inputs, weights, layer)
            negative(layer, layer)
            exp(layer, layer)
            add(layer, one, layer)
            divide(one, layer, layer)
        subtract(one, l2, slope2)
        multiply(slope2, l2, slope2)
        subtract(y, l2, l2_delta)
        multiply(l2_delta, slope2, l2_delta)
        dot(l2_delta, syn1_T, l1_delta)
        subtract(one, l1, slope1)
        multiply(slope1, l1, slope1)
        multiply(l1_delta, slope1, l1_delta)
        dot(l1_T, l2_delta, step1)
        add(syn1, step1, syn1)
        dot(X.T, l1_delta, step0)
        add(syn0, step0, syn0)


def classifying(steps, syn0, syn1, bias0, bias1, rate):
    """Train a network of biases and a softmax output by adam, from the start of what it keeps."""
    parameters = syn0, syn1, bias0, bias1
    dot, exp, sqrt = np.dot, np.exp, np.sqrt
    moments = [(np.zeros_like(array), np.zeros_like(array)) for array in parameters]
    for t, (X, y) in enumerate(steps, 1):
        l1 = 1.0 / (1.0 + exp(-(dot(X, syn0) + bias0)))
        z = dot(l1, syn1) + bias1
        powers = exp(z - z.max(1, keepdims=True))
        l2_delta = (y - powers / powers.sum(1, keepdims=True)) / len(X)
        l1_delta = dot(l2_delta, syn1.T) * (l1 * (1.0 - l1))
        gradients = dot(X.T, l1_delta), dot(l1.T, l2_delta), l1_delta.sum(0), l2_delta.sum(0)
        for array, gradient, (mean, square) in zip(parameters, gradients, moments):
            mean += 0.1 * (gradient - mean)
            square += 0.001 * (gradient * gradient - square)
            root = sqrt(square / (1.0 - 0.999**t)) + 1e-8
            array += rate / (1.0 - 0.9**t) * mean / root


LOOPS = {"np written": as_written, "np tuned": tuned, "np prepared": prepared}


def contender(name, network, X, y, batch_size, options):
    """Return a function that trains for n epochs, and one for the numbers that it comes to.

    `name` is one of LOOPS, or "numpy": then `options` are a learning rate for the tuned loop, or
    all those of a classifier of digits. The batch size is None if all rows are a batch.
    """
    loop = LOOPS.get(name) or (classifying if "optimizer" in options else tuned)
    rate = {} if name in LOOPS else {"rate": options["learning_rate"]}
    X, y = np.array(X), np.array(y)
    if loop is not as_written:  # the article's inputs are whole numbers
        X, y = X.astype(float), y.astype(float)
    size = batch_size or len(X)
    batches = [(X[i : i + size], y[i : i + size]) for i in range(0, len(X), size)]
    arrays = [np.array(parameter) for parameter in network.weights + network.biases]

    def train(epochs):
        loop(chain.from_iterable(repeat(batches, epochs)), *arrays, **rate)

    return train, lambda: [array.tolist() for array in arrays]


def predicting(name, network, row):
    """Return the article's forward pass, as written or else tuned, and its argument."""
    dot, exp = np.dot, np.exp
    syn0, syn1 = (np.array(W) for W in network.weights)

    def as_written(l0):
        return nonlin(np.dot(nonlin(np.dot(l0, syn0)), syn1))

    def tuned(row):
        return 1.0 / (1.0 + exp(-dot(1.0 / (1.0 + exp(-dot(row, syn0))), syn1)))

    if name == "np written":
        return as_written, np.array([row])
    return tuned, np.array(row)
