"""The limits of floats: saturation, overflow, and the digits that may differ."""

from __future__ import annotations

import math
from collections.abc import Callable

from ...core.activations import sigmoid, sigmoid_slope
from ...core.backpropagation import parameters
from ...core.matrix import dot, subtract
from ...core.network import Network
from ...diagnosis import diagnose
from .example import X, Y, article_network, mean_error, refusal_of, told


def saturation() -> str:
    """Show where the sigmoid is flat in floats, and a network that is stuck there.

    >>> "From x = 36.7368 on" in saturation()
    True
    """
    lines = [
        f"{x:>5} {sigmoid(x)!r:>20} {sigmoid_slope(sigmoid(x))!r:>24}"
        for x in (0.0, 5.0, 10.0, 20.0, 36.0, 37.0)
    ]
    _, first = _border(0.0, 100.0, lambda x: sigmoid(x) == 1.0)
    network = Network([1, 1], init="zeros")
    network.weights = [[[50.0]]]
    [[output]], [[[gradient]]] = network.predict([[1]]), network.gradients([[1]], [[0]])
    trouble, *_ = diagnose(network, [[1]], [[0]])
    return told(
        "saturation", slopes=lines, first=first, output=output, gradient=gradient, trouble=trouble
    )


def overflow() -> str:
    """Find the largest number whose exp is a float, and show the sigmoid beyond it.

    >>> "sigmoid(-1000) = 0.0" in overflow()
    True
    """
    largest, _ = _border(700.0, 800.0, lambda x: refusal_of(math.exp, x) != "")
    beyond = largest + 1.0
    found = {"power": math.exp(largest), "refusal": refusal_of(math.exp, beyond)}
    return told("overflow", largest=largest, beyond=beyond, limit=sigmoid(-1000.0), **found)


def last_digits() -> str:
    """Add numbers in two orders, and show the effect on the article's training.

    >>> "0.1 + 0.2 + 0.3 = 0.6000000000000001" in last_digits()
    True
    """
    forth, back = article_network(), article_network()
    rows, done = [], 0
    for iterations in (1, 99, 9_900, 50_000):
        forth.train(X, Y, epochs=iterations)
        back.train(X[::-1], Y[::-1], epochs=iterations)
        done += iterations
        errors = f"{mean_error(forth)!r:>23} {mean_error(back)!r:>23}"
        rows.append(f"{done:>10,} {errors} {_difference(forth, back):>18.1e}")
    ones = [[1.0], [1.0], [1.0]]
    sums = (dot([row], ones)[0][0] for row in ([0.1, 0.2, 0.3], [0.3, 0.2, 0.1]))
    return told("last-digits", **dict(zip(("forth", "back"), sums)), errors=rows)


def _difference(one: Network, other: Network) -> float:
    """Return the largest difference between two networks' weights."""
    changes = [subtract(A, B) for A, B in zip(parameters(one), parameters(other))]
    return max(abs(change) for matrix in changes for row in matrix for change in row)


def _border(low: float, high: float, holds: Callable[[float], bool]) -> tuple[float, float]:
    """Return the last float at which something does not hold, and the next, at which it does.

    >>> _border(0.0, 10.0, lambda x: x > 2.0)
    (2.0, 2.0000000000000004)
    """
    while True:
        middle = low + (high - low) / 2.0
        if middle in (low, high):
            return low, high
        low, high = (low, middle) if holds(middle) else (middle, high)
