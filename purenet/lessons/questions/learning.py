"""What decides how well a network learns: the size of a step, the depth, and when to stop."""

from __future__ import annotations

from ...core.network import Network
from ...datasets import curved
from .example import X, Y, article_network, mean_error, told


def rate() -> str:
    """Train the article's network with learning rates from 0.01 to 1,000.

    >>> "1                    0.45793237        0.04298465        0.00858453" in rate()
    True
    """
    lines = []
    for size in (0.01, 0.1, 1.0, 10.0, 100.0, 1000.0):
        network, errors = article_network(), []
        for epochs in (100, 900, 9_000):
            network.train(X, Y, epochs=epochs, learning_rate=size)
            errors.append(mean_error(network))
        lines.append(f"{size:<13,g}" + "".join(f"{error:>18.8f}" for error in errors))
    return told("rate", errors=lines)


def vanishing() -> str:
    """Compare the gradients of the layers of a deep network.

    >>> "weights[0]       0.00023526       0.09684553" in vanishing()
    True
    """
    networks = [
        Network([3, 4, 4, 4, 4, 1], activation=name, output_activation="sigmoid", seed=1)
        for name in ("sigmoid", "tanh")
    ]
    largest = [
        [max(abs(slope) for row in matrix for slope in row) for matrix in network.gradients(X, Y)]
        for network in networks
    ]
    lines = [f"weights[{k}] {a:>16.8f} {b:>16.8f}" for k, (a, b) in enumerate(zip(*largest))]
    return told("vanishing", gradients=lines)


def overfitting() -> str:
    """Learn rows of which some have a wrong target, and measure the loss on other rows too.

    >>> "1,000     0.02997616     0.13442215" in overfitting()
    True
    """
    inputs, classes = curved("moons", 40)
    others, right = curved("moons", 400, seed=1)
    targets = [[1.0 - target if i % 5 == 0 else target] for i, target in enumerate(classes)]
    network = Network([2, 16, 1], bias=True, seed=1)
    lines, done = [], 0
    for epochs in (10, 20, 70, 200, 700):
        network.train(inputs, targets, epochs=epochs, learning_rate=1.0)
        losses = network.loss_on(inputs, targets), network.loss_on(others, [[y] for y in right])
        done += epochs
        lines.append(f"{done:>10,} {losses[0]:>14.8f} {losses[1]:>14.8f}")
    return told("overfitting", losses=lines)
