"""The activations as Python functions of their own, each with its slope, taken from the output.

The formulas are those of `core.activations`, operation by operation. `max` is not among the
functions that a sandbox has, so softmax looks for the largest itself.
"""

from __future__ import annotations

from ..core.activations import LEAK

FUNCTIONS = {
    "sigmoid": '''\
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), which is 0 where exp(-z) is too large for a float."""
    try:
        return 1.0 / (1.0 + exp(-z))
    except (OverflowError, ValueError):  # the second on MicroPython
        return 0.0''',
    "relu": '''\
def relu(z):
    """Return z, or 0 where z is negative."""
    return 0.0 if z < 0.0 else z''',
    "leaky_relu": f'''\
def leaky_relu(z):
    """Return z, or a hundredth of it where z is negative."""
    return {LEAK!r} * z if z < 0.0 else z''',
    "softmax": '''\
def softmax(sums):
    """Return positive numbers that add up to 1: exp(z) of each sum, divided by their total."""
    largest = sums[0]
    for z in sums:
        if z > largest:
            largest = z
    powers = [exp(z - largest) for z in sums]  # without the largest, exp could overflow
    total = 0.0
    for power in powers:
        total = total + power
    return [power / total for power in powers]''',
}

# What each takes from `math`; tanh itself is there.
FROM_MATH = {"sigmoid": "exp", "softmax": "exp", "tanh": "tanh"}


def functions_of(activations: set[str]) -> list[str]:
    """Return the functions that these activations need, each as source, in a fixed order.

    >>> functions_of({"linear", "tanh"})
    []
    """
    return [source for name, source in FUNCTIONS.items() if name in activations]


def imported(activations: set[str]) -> list[str]:
    """Return what these activations need from `math`.

    >>> imported({"sigmoid", "softmax", "tanh", "relu"})
    ['exp', 'tanh']
    """
    return sorted({FROM_MATH[name] for name in activations if name in FROM_MATH})
