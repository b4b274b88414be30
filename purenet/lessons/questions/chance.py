"""Answers that depend on the first weights: networks without a bias, and failures on XOR."""

from __future__ import annotations

from collections.abc import Callable

from ...core._types import Matrix
from ...core.network import Network
from .example import X, Y, article_network, mean_error, told

Progress = Callable[[str], None]


def kinds_on(rows: Matrix) -> list[tuple[str, Matrix, bool]]:
    """Return the name of each kind of network, its inputs, and whether it has biases.

    >>> kinds_on([[0.0]])[1:]
    [('a column of ones', [[0.0, 1.0]], False), ('bias=True', [[0.0]], True)]
    """
    ones = [[*row, 1.0] for row in rows]
    return [("no bias", rows, False), ("a column of ones", ones, False), ("bias=True", rows, True)]


KINDS = kinds_on([row[:2] for row in X])


def bias() -> str:
    """Train a network of one weight to answer 1 for 0 and 0 for 1, with and without a bias.

    >>> "no bias               0.50000000     0.00717342" in bias()
    True
    """
    lines = []
    for name, inputs, biased in kinds_on([[0.0], [1.0]]):
        network = Network([len(inputs[0]), 1], bias=biased, seed=1)
        network.train(inputs, [[1.0], [0.0]], epochs=10_000)
        [zero], [one] = network.predict(inputs)
        lines.append(f"{name:<20} {zero:>11.8f} {one:>14.8f}")
    hidden = Network([2, 4, 1], seed=1).forward([[0, 0]])[1][0]
    return told("bias", answers=lines, hidden=", ".join(map(str, hidden)))


def random() -> str:
    """Train the article's network from other first weights: equal, all above 0, and large.

    >>> "all 0                                1         0.50000000" in random()
    True
    """
    lines = []
    for low, high in ((0.0, 0.0), (0.5, 0.5), (0.0, 1.0), (-1.0, 1.0), (-100.0, 100.0)):
        network = article_network()
        middle, half = (low + high) / 2.0, (high - low) / 2.0
        network.weights = [[[middle + half * w for w in row] for row in W] for W in network.weights]
        network.train(X, Y, epochs=10_000)
        units = len(set(zip(*network.weights[0])))
        name = f"from {low:g} to {high:g}" if low < high else f"all {low:g}"
        lines.append(f"{name:<20} {units:>17} {mean_error(network):>18.8f}")
    return told("random", errors=lines)


def xor(seeds: int = 100, progress: Progress = lambda _: None) -> str:
    """Count the seeds from which XOR is not learned, for six kinds of network.

    `progress` is called with a line of text before each training.

    >>> "no bias                       7 of 10            0 of 10" in xor(seeds=10)
    True
    """
    lines, stuck = [], []
    for name, inputs, biased in KINDS:
        line = f"{name:<18}"
        for hidden in (2, 4):
            failed = failing_seeds(hidden, inputs, biased, seeds, progress)
            line += f" {f'{len(failed):,} of {seeds:,}':>18}"
            stuck += [(hidden, name, inputs, biased, seed) for seed in failed[:1]]
        lines.append(line)
    example = _stuck(*stuck[-1]) if stuck else ""
    return told("xor", failures=lines, last=seeds - 1, stuck=example)


def _stuck(hidden: int, name: str, inputs: Matrix, biased: bool, seed: int) -> str:
    """Return a table of the outputs of a network that fails, now and after more training."""
    network = trained(hidden, inputs, biased, seed)
    soon = network.predict(inputs)
    network.train(inputs, Y, epochs=50_000)
    lines = []
    for row, [target], [first], [last] in zip(inputs, Y, soon, network.predict(inputs)):
        lines.append(f"{list(map(int, row))!s:<12} {target:>6g} {first:>18.4f} {last:>18.4f}")
    return told("stuck", name=name, hidden=hidden, seed=seed, outputs=lines)


def trained(hidden: int, inputs: Matrix, biased: bool, seed: int) -> Network:
    """Return a network after 10,000 iterations on XOR.

    >>> [[output]] = trained(4, X, False, 1).predict([[0, 1, 1]])
    >>> f"{1.0 - output:.4f}"
    '0.0090'
    """
    network = Network([len(inputs[0]), hidden, 1], bias=biased, seed=seed)
    network.train(inputs, Y, epochs=10_000)
    return network


def failing_seeds(
    hidden: int, inputs: Matrix, biased: bool, seeds: int, progress: Progress = lambda _: None
) -> list[int]:
    """Return the seeds, counted from 0, from which XOR is not learned.

    >>> failing_seeds(2, [row[:2] for row in X], True, 10)
    [3, 7, 8]
    """
    failed = []
    for seed in range(seeds):
        progress(f"{hidden} hidden units, seed {seed:,} of {seeds:,}")
        outputs = trained(hidden, inputs, biased, seed).predict(inputs)
        if any((output > 0.5) != (target > 0.5) for [output], [target] in zip(outputs, Y)):
            failed.append(seed)
    return failed
