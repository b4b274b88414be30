"""Other libraries that train networks, each used as its own documentation does.

A peer starts with the weights of a network of purenet's and trains on the same rows. `build` gives
a function that makes n updates (n passes, if it can only go row by row), and one that returns the
weights, then each layer's biases as one row, in purenet's order. It raises ImportError if the
library is not installed.

If a library averages over the rows, or doubles an error, the factor goes into its learning rate, so
that it makes the same updates without extra work. Nothing prints.
"""

import math
from functools import partial
from typing import Callable, NamedTuple

from purenet.core.matrix import transpose

from .answers import flat

SAME, CROSS_ENTROPY, ONLINE = "same", "cross-entropy", "online"


class Peer(NamedTuple):
    """A library: its package on PyPI, the work it can do, and a note about it."""

    distribution: str
    build: Callable
    pure: bool = True
    work: str = SAME
    note: str = ""


def numpy(loop, network, X, y):
    """Train by one of the loops of `numpy_loops`."""
    from . import numpy_loops

    return numpy_loops.contender(loop, network, X, y, None, {})


def torch(network, X, y):
    """Train with layers, a loss and an optimizer of PyTorch's, on one thread."""
    import torch
    from torch import nn

    double = partial(torch.tensor, dtype=torch.float64)
    torch.set_num_threads(1)
    weights = [double(transpose(W)) for W in network.weights]
    layers = layers_of(network, nn, "weight", weights, dtype=torch.float64)
    model = nn.Sequential(*layers)
    optimizer = torch.optim.SGD(model.parameters(), lr=rate_of(y))
    train = stepping(model, nn.MSELoss(), optimizer, double(X), double(y))
    return train, lambda: [transpose(layer.weight.tolist()) for layer in layers[::2]]


def torch_classifier(network, X, y, batch_size, options):
    """Train layers with biases, the loss of softmax and Adam, of PyTorch's, on one thread."""
    import torch
    from torch import nn

    double = partial(torch.tensor, dtype=torch.float64)
    torch.set_num_threads(1)
    layers = [nn.Linear(len(W), len(W[0]), dtype=torch.float64) for W in network.weights]
    for layer, W, biases in zip(layers, network.weights, network.biases):
        layer.weight.data, layer.bias.data = double(transpose(W)), double(biases)
    model, criterion = nn.Sequential(layers[0], nn.Sigmoid(), layers[1]), nn.CrossEntropyLoss()
    batches = list(zip(double(X).split(batch_size), double(y).split(batch_size)))

    def train(epochs):
        optimizer = torch.optim.Adam(model.parameters(), lr=options["learning_rate"])
        for _ in range(epochs):
            for batch in batches:
                stepping(model, criterion, optimizer, *batch)(1)

    def numbers():
        weights = [transpose(layer.weight.tolist()) for layer in layers]
        return weights + [layer.bias.tolist() for layer in layers]

    return train, numbers


def kerze(network, X, y):
    """Train with its layers, its loss and its optimizer."""
    from kerze import Array, Tensor, nn
    from kerze.optim import SGD

    def rows_of(array):
        rows, columns = array.shape
        return [[array.get(i, j) for j in range(columns)] for i in range(rows)]

    layers = layers_of(network, nn, "weight", [Array(transpose(W)) for W in network.weights])
    model = nn.Sequential(*layers)
    optimizer = SGD(model.parameters(), lr=rate_of(y))
    train = stepping(model, nn.MSELoss(), optimizer, Tensor(X), Tensor(y))
    return train, lambda: [rows_of(layer.weight.data.transpose()) for layer in layers[::2]]


def miniml_tensors(network, X, y):
    """Train with the tensors, layers, loss and optimizer of miniml-engine."""
    from miniml.autograd import layers as nn
    from miniml.autograd.optim import SGD
    from miniml.autograd.tensor import Tensor

    layers = layers_of(network, nn, "weights", [[[*row] for row in W] for W in network.weights])
    model, rate = nn.Sequential(layers), rate_of(y)
    X, y = Tensor(X), Tensor(y)

    def train(epochs):
        # It keeps every velocity that it ever had, so a fresh one each time takes less memory.
        optimizer = SGD(model.parameters(), lr=rate)
        stepping(model, nn.MSELoss(), optimizer, X, y)(epochs)

    return train, lambda: [layer.weights.data for layer in layers[::2]]


def layers_of(network, nn, called, weights, **options):
    """Return linear layers and sigmoids in turn; the attribute `called` gets the weights."""
    layers = []
    for W, data in zip(network.weights, weights):
        linear = nn.Linear(len(W), len(W[0]), bias=False, **options)
        getattr(linear, called).data = data
        layers += [linear, nn.Sigmoid()]
    return layers


def rate_of(y):
    """Return the learning rate that undoes the mean over all outputs, and the 2 of a square."""
    return len(list(flat(y))) / 2


def stepping(model, criterion, optimizer, X, y):
    """Return a function that trains for n epochs, as PyTorch's pages and those of its kin do."""

    def train(epochs):
        for _ in range(epochs):
            loss = criterion(model(X), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    return train


def scikit_learn(network, X, y):
    """Train MLPClassifier, all rows a batch; its own loop repeats that, so that it checks once."""
    import warnings

    import numpy as np
    from sklearn.neural_network import MLPClassifier

    X, y = np.array(X, dtype=float), np.array(y, dtype=int)
    y = y.ravel() if y.shape[1] == 1 else y
    plain = {"activation": "logistic", "solver": "sgd", "alpha": 0.0, "shuffle": False}
    still = {"momentum": 0.0, "nesterovs_momentum": False}
    endless = {"max_iter": 1, "warm_start": True, "tol": 0.0, "n_iter_no_change": np.inf}
    batch = {"batch_size": len(X), "learning_rate_init": len(X)}
    model = MLPClassifier(network.sizes[1:-1], **plain, **still, **endless, **batch)

    def train(epochs):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # that it has not converged
            model.set_params(max_iter=epochs).fit(X, y)

    train(1)  # makes the arrays, which then get other numbers
    for array, numbers in zip(model.coefs_ + model.intercepts_, network.weights + network.biases):
        array[:] = numbers
    biases = model.intercepts_
    return train, lambda: [W.tolist() for W in model.coefs_] + [[row.tolist()] for row in biases]


def gradient_wave(network, X, y):
    """Train with its own loop, which shuffles; gradients of biases are clipped to nothing."""
    from gradwave import NeuralNetwork

    inputs, *hidden, outputs = network.sizes
    model = NeuralNetwork(hidden, input_size=inputs, output_size=outputs)
    layers = [*model.hidden_layers, model.output_layer]
    for layer, W in zip(layers, network.weights):
        for neuron, column in zip(layer, transpose(W)):
            neuron.set_weights(column)
    data = list(zip(X, y))
    plain = {"optimizer": "sgd", "momentum": 0.0, "print_rate": 0, "batch_size": len(X)}
    clipped = {"weight_clip_value": None, "bias_clip_value": 0.0}
    options = {"initial_learning_rate": len(X), **plain, **clipped}

    def train(epochs):
        model.train(data, epochs=epochs, **options)

    return train, lambda: [transpose([neuron.weights for neuron in layer]) for layer in layers]


def micrograd(network, X, y):
    """Train with its Value and its layers, and a sigmoid written as its own functions are."""
    from micrograd.engine import Value
    from micrograd.nn import Layer

    def sigmoid(x):
        out = Value(1.0 / (1.0 + math.exp(-x.data)), (x,), "sigmoid")

        def _backward():
            x.grad += out.data * (1.0 - out.data) * out.grad

        out._backward = _backward
        return out

    def model(x):
        for layer in layers:
            x = [sigmoid(neuron(x)) for neuron in layer.neurons]
        return x

    layers = [Layer(len(W), len(W[0]), nonlin=False) for W in network.weights]
    weights = set_scalars(layers, network)

    def train(epochs):
        for _ in range(epochs):
            pairs = [pair for row, targets in zip(X, y) for pair in zip(model(row), targets)]
            loss = sum((output - target) ** 2 for output, target in pairs)
            for weight in weights:
                weight.grad = 0.0
            loss.backward()
            for weight in weights:
                weight.data -= 0.5 * weight.grad

    return train, lambda: scalars_of(layers)


def tinymlp(network, X, y):
    """Train with its MLP, its loss and its optimizer, as its page does."""
    import tinymlp as library

    inputs, *rest = network.sizes
    model = library.MLP(inputs, rest, activations="sigmoid")
    optimizer = library.SGD(set_scalars(model.layers, network), lr=rate_of(y))
    outputs = lambda X: list(flat([model(row) for row in X]))  # noqa: E731
    train = stepping(outputs, library.mse_loss, optimizer, X, list(flat(y)))
    return train, lambda: scalars_of(model.layers)


def set_scalars(layers, network):
    """Give layers of neurons of scalars a network's weights; return those scalars."""
    for layer, W in zip(layers, network.weights):
        for neuron, column in zip(layer.neurons, transpose(W)):
            for scalar, weight in zip(neuron.w, column):
                scalar.data = weight
    return [scalar for layer in layers for neuron in layer.neurons for scalar in neuron.w]


def scalars_of(layers):
    """Return the weights of layers of neurons of scalars."""
    return [transpose([[w.data for w in neuron.w] for neuron in layer.neurons]) for layer in layers]


def miniml_network(network, X, y):
    """Train the MiniNeuralNetwork of miniml-engine with its own loop."""
    from miniml import MiniNeuralNetwork

    model = MiniNeuralNetwork(*network.sizes, learning_rate=1.0)
    model.W1, model.W2 = (transpose(W) for W in network.weights)
    data = [[*row, targets] for row, targets in zip(X, y)]

    def train(epochs):
        model.epochs = epochs
        model.fit(data)

    return train, lambda: [*map(transpose, (model.W1, model.W2, model.B1, model.B2))]


BIASES = "biases cannot be switched off"
KEPT_AT_0 = f"{BIASES}: they take part, and stay 0"
SHUFFLES = f"{KEPT_AT_0} (their gradients are clipped to 0); it shuffles the rows"
ONE_LOSS = f"{BIASES}; after a sigmoid it has cross-entropy alone"
ROW_BY_ROW = f"{BIASES}; it updates after each row, and in no other way"
IN_PLACE = "no array is made during the training"
PEERS = {
    "NumPy, as written": Peer("numpy", partial(numpy, "np written"), pure=False),
    "NumPy, tuned": Peer("numpy", partial(numpy, "np tuned"), pure=False),
    "NumPy, prepared": Peer("numpy", partial(numpy, "np prepared"), False, note=IN_PLACE),
    "PyTorch": Peer("torch", torch, pure=False, note="64-bit floats, one thread"),
    "scikit-learn": Peer("scikit-learn", scikit_learn, False, CROSS_ENTROPY, ONE_LOSS),
    "gradient-wave": Peer("gradient-wave", gradient_wave, note=SHUFFLES),
    "micrograd": Peer("micrograd", micrograd, note=f"the sigmoid is ours; {KEPT_AT_0}"),
    "tinymlp": Peer("tinymlp", tinymlp, note=KEPT_AT_0),
    "kerze": Peer("kerze", kerze),
    "miniml-engine, tensors": Peer("miniml-engine", miniml_tensors),
    "miniml-engine, network": Peer("miniml-engine", miniml_network, work=ONLINE, note=ROW_BY_ROW),
}
