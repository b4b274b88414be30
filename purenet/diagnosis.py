"""What is wrong with this network on this data: each trouble in a sentence, with its number.

A training that goes badly says little more than that the loss does not fall. `diagnose` looks for
what is usually behind it: in the numbers on the way forward, in one step of learning, in the data.
It changes nothing.

An error counts here against the best that the data and the output layer allow: rows with the same
inputs can only get the mean of their targets, and a target out of reach only what is nearest to
it. So a network that has learned all there is to learn is not called saturated.
"""

from __future__ import annotations

import math

from .core.activations import sigmoid_slope, tanh_slope
from .core.losses import SUM_TOLERANCE, row_loss
from .core.matrix import (
    add,
    all_finite,
    column_sums,
    counted,
    mean_absolute,
    multiply,
    scale,
    subtract,
    transpose,
)
from .core.network import (
    backward,
    check_reduction,
    forward,
    loss_of,
    parameters,
    set_parameters,
)
from .core.optimizers import SGD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from .core._types import Matrix, Network, Row, Rows

    Trouble = tuple[int, str]

# How grave a trouble is: nothing can be learned, learning makes it worse, there is a limit to
# what can be learned, it takes longer than it need.
STUCK, WORSE, LIMITED, SLOW = range(4)

# A unit whose slope is less than this part of the steepest learns a hundred times more slowly
# than it could. For sigmoid that is a weighted input beyond ±6, for tanh beyond ±3.
FLAT = 0.01

# Saturation is how a network says yes and no, and only trouble while the answers are wrong: off,
# in the root of the mean square, by more than this part of the range of the targets.
LARGE_ERROR = 0.1

# Two columns whose ranges and deviations both differ by more than this factor: gradient descent
# takes about the square of it as many steps. (Ranges alone are stretched by one outlier,
# deviations alone are small where a column is nearly always 0, as at the edge of images.)
WILD_RATIO = 30.0

# A loss that rises by less than this part of itself may only have been rounded otherwise.
ROUNDING = 1e-9

# Numbers that differ by less than this part of the targets' range were meant to be the same.
SAME = 1e-6

# 2**-100 of a rate is smaller than any data need that can be trained on at all.
MOST_HALVINGS = 100

MOST_UNITS_SHOWN = 8

# What the outputs lie between, where not everything is possible.
REACH = {
    "sigmoid": (0.0, 1.0),
    "tanh": (-1.0, 1.0),
    "relu": (0.0, math.inf),
    "softmax": (0.0, 1.0),
}


def diagnose(
    network: Network, X: Rows, y: Rows, *, learning_rate: float = 1.0, reduction: str = "sum"
) -> list[str]:
    """Return what is wrong with a network on inputs X (m x n₀) and targets y (m x n_L).

    Each trouble is a sentence that says where it is, the number that shows it, and what to try;
    what stops all learning comes first. The list is empty where nothing is wrong. It knows:

    - numbers that are not finite, among the weights or on the way forward
    - relu units that are dead, that is 0 on every row
    - saturated units: their slope is next to nothing on every row, while the answers are wrong
    - hidden units that are all alike, and so will stay
    - a learning rate that makes the loss rise in one step of plain gradient descent on all rows,
      with this `learning_rate` and `reduction` (as `train` takes them)
    - targets outside what the output layer can reach
    - rows with the same inputs and different targets
    - input columns on wildly different scales

    Raises PureNetError, as `train` does, where the data or an option is wrong.

    >>> from .core.network import Network
    >>> network = Network([1, 1], activation="linear", init="zeros")
    >>> diagnose(network, [[1]], [[1]])
    []
    >>> diagnose(network, [[1]], [[1]], learning_rate=4)
    ['With learning_rate=4, one step makes the loss rise from 0.5 to 4.5: try learning_rate=1']
    """
    X, y = network.check_data(X, y)
    rate = SGD(learning_rate).learning_rate
    check_reduction(reduction)
    activations = forward(network, X)
    best = _best_outputs(network, X, y)
    troubles = list(_not_finite(network, activations, y))
    if not troubles:  # else nothing that follows from them means anything
        large = _large_errors(best, activations[-1])
        troubles += _dead(network, activations, y)
        troubles += _saturated(network, activations, large)
        troubles += _alike(network, large)
        troubles += _rising(network, X, y, activations, rate, reduction)
    troubles += _out_of_reach(network, y)
    troubles += _contradictions(network, X, y)
    troubles += _scales(X)
    return [sentence for _, sentence in sorted(troubles, key=lambda trouble: trouble[0])]


# -- the network on the way forward ------------------------------------------------------------


def _not_finite(network: Network, activations: list[Matrix], y: Matrix) -> Iterator[Trouble]:
    """Find the first number that is NaN or infinite."""
    loss = row_loss(network.loss, network.output_activation)
    numbers = [(f"weights[{k}]", W) for k, W in enumerate(network.weights)]
    numbers += [(f"biases[{k}]", [row]) for k, row in enumerate(network.biases)]
    numbers += [(f"The output of layer {k}", A) for k, A in enumerate(activations)]
    numbers += [("The loss", [[loss(*rows)] for rows in zip(y, activations[-1])])]
    for name, A in numbers:
        if not all_finite(A):
            i, row = next((i, row) for i, row in enumerate(A) if not all_finite([row]))
            value = next(value for value in row if not math.isfinite(value))
            sentence = (
                f"{name}: row {i} has {value}, which is no finite number: try inputs and targets "
                "scaled to about 1, and begin again with a new network"
            )
            yield STUCK, sentence
            return


def _dead(network: Network, activations: list[Matrix], y: Matrix) -> Iterator[Trouble]:
    """Find relu units that are 0 on every row; at the output, where they should not be."""
    for k in range(1, len(activations)):
        if _activation(network, k) != "relu":
            continue
        silent = [not any(column) for column in transpose(activations[k])]
        if k == len(network.weights):
            wanted = [max(column) > 0.0 for column in transpose(y)]
            silent = [is_silent and is_wanted for is_silent, is_wanted in zip(silent, wanted)]
        units = [j for j, is_silent in enumerate(silent) if is_silent]
        if units:
            sentence = (
                f"Layer {k}: {_counted_units(units, 'dead relu unit', network.sizes[k])}, 0 on "
                f"{_every_row(y)}, so that no gradient comes through: "
                'try activation="leaky_relu", init="he" or a smaller learning_rate'
            )
            yield _gravity(units, network.sizes[k]), sentence


def _saturated(network: Network, activations: list[Matrix], large: Row) -> Iterator[Trouble]:
    """Find units that are nearly flat on every row while there are large errors.

    `large` has the error of each output, 0.0 where it is not large.
    """
    last = len(network.weights)
    for k in range(1, last + 1):
        if k == last and network.loss == "cross_entropy":
            continue  # its slope and that of the loss have cancelled
        steepest = [max(column) for column in transpose(_slopes(network, k, activations[k]))]
        errors = large if k == last else [max(large)] * len(steepest)
        units = [j for j, slope in enumerate(steepest) if slope < FLAT and errors[j]]
        if units:
            slope, error = max(steepest[j] for j in units), max(errors[j] for j in units)
            sentence = (
                f"Layer {k}: {_counted_units(units, 'saturated unit', network.sizes[k])}, whose "
                f"slope on {_every_row(activations[k])} is at most {slope:.2g} of the steepest, "
                f"while the outputs are off by {error:.2g}: "
                'try inputs scaled to about 1, or smaller weights (init="glorot")'
                + _or_cross_entropy(network, k)
            )
            yield _gravity(units, network.sizes[k]), sentence


def _slopes(network: Network, k: int, outputs: Matrix) -> Matrix:
    """Return a layer's slopes (m x nₖ) as parts of the steepest that its activation has."""
    name = _activation(network, k)
    if name == "sigmoid":
        return [[4.0 * sigmoid_slope(output) for output in row] for row in outputs]
    if name == "tanh":
        return [[tanh_slope(output) for output in row] for row in outputs]
    if name == "softmax":  # one output near 1 makes the whole row flat, a small one alone does not
        return [[1.0 - max(row)] * len(row) for row in outputs]
    return [[1.0] * len(row) for row in outputs]


def _or_cross_entropy(network: Network, k: int) -> str:
    may = k == len(network.weights) and network.output_activation in ("sigmoid", "softmax")
    return ', or loss="cross_entropy"' if may else ""


def _alike(network: Network, large: Row) -> Iterator[Trouble]:
    """Find hidden layers whose units all have the same weights to and from them.

    Then they put out the same, get the same gradients, and stay the same.
    """
    for k in range(1, len(network.weights)):
        units = {*zip(*network.weights[k - 1], *network.biases[k - 1 : k])}
        further = {tuple(row) for row in network.weights[k]}
        if network.sizes[k] > 1 and len(units) == len(further) == 1 and any(large):
            sentence = (
                f"Layer {k}: its {network.sizes[k]} units have the same weights, so they learn the "
                'same and count as one: try weights drawn at random (init="glorot")'
            )
            yield STUCK, sentence


def _activation(network: Network, k: int) -> str:
    return network.output_activation if k == len(network.weights) else network.activation


def _gravity(units: list[int], of: int) -> int:
    """Return how grave it is that some units do not learn: all of them let nothing through."""
    return STUCK if len(units) == of else LIMITED


def _counted_units(units: list[int], kind: str, of: int) -> str:
    more = ", ..." if len(units) > MOST_UNITS_SHOWN else ""
    listed = ", ".join(map(str, units[:MOST_UNITS_SHOWN]))
    return f"{counted(len(units), kind)} of {of} ({listed}{more})"


def _every_row(A: Matrix) -> str:
    return f"all {len(A):,} rows" if len(A) > 1 else "the one row"


# -- one step of learning ----------------------------------------------------------------------


def _rising(
    network: Network,
    X: Matrix,
    y: Matrix,
    activations: list[Matrix],
    learning_rate: float,
    reduction: str,
) -> Iterator[Trouble]:
    """Try a step on a copy; where the loss rises, halve the rate until it falls."""
    twin, gradients = network.copy(), backward(network, activations, y, reduction)

    def loss_after(rate: float) -> float:
        pairs = zip(parameters(network), gradients)
        set_parameters(twin, [add(W, scale(G, rate)) for W, G in pairs])
        return loss_of(twin, X, y)

    before, after = loss_of(network, X, y), loss_after(learning_rate)
    unseen = SAME * _range(y)
    if after <= before + ROUNDING * before + unseen * unseen:
        return
    rates = [learning_rate / 2.0**n for n in range(1, MOST_HALVINGS + 1)]
    falling = next((rate for rate in rates if loss_after(rate) < before), None)
    digits = 4 if f"{before:.4g}" != f"{after:.4g}" else 12
    advice = "inputs scaled to about 1" if falling is None else f"learning_rate={falling:.4g}"
    sentence = (
        f"With learning_rate={learning_rate:.4g}, one step makes the loss rise from "
        f"{before:.{digits}g} to {after:.{digits}g}: try {advice}"
    )
    yield WORSE, sentence


# -- the data ----------------------------------------------------------------------------------


def _out_of_reach(network: Network, y: Matrix) -> Iterator[Trouble]:
    """Find targets that the output layer can not even come near to."""
    name = network.output_activation
    low, high = REACH.get(name, (-math.inf, math.inf))
    outside = [
        (i, j)
        for i, row in enumerate(y)
        for j, target in enumerate(row)
        if not low - SUM_TOLERANCE <= target <= high + SUM_TOLERANCE
    ]
    if outside:
        i, j = outside[0]
        reach = f"from {low:g} to {high:g}" if high < math.inf else f"{low:g} and above"
        sentence = (
            f"y: row {i}, column {j} is {y[i][j]}, but {name} only reaches {reach} (outside: "
            f"{len(outside):,} of {counted(len(y) * len(y[0]), 'target')}): "
            'try targets scaled into that, or output_activation="linear"'
        )
        yield LIMITED, sentence
    elif name == "softmax":
        yield from _not_whole(y)


def _not_whole(y: Matrix) -> Iterator[Trouble]:
    """Find rows of targets that do not add up to 1, as those of softmax do."""
    sums = column_sums(transpose(y))
    rows = [i for i, total in enumerate(sums) if abs(total - 1.0) > SUM_TOLERANCE]
    if rows:
        sentence = (
            f"y: row {rows[0]} adds up to {sums[rows[0]]}, but the outputs of softmax to 1 (other "
            f"sums: {len(rows):,} of {counted(len(y), 'row')}): "
            'try each row divided by its sum, or output_activation="sigmoid"'
        )
        yield LIMITED, sentence


def _contradictions(network: Network, X: Matrix, y: Matrix) -> Iterator[Trouble]:
    """Find rows that have the same inputs and different targets."""
    limit = SAME * _range(y)
    pairs, rows = [], 0
    for group in _same_inputs(X):
        i = group[0]
        others = [j for j in group if max(map(abs, subtract([y[i]], [y[j]])[0])) > limit]
        pairs += [(i, others[0])] if others else []
        rows += len(group) if others else 0
    if pairs:
        i, j = pairs[0]
        sentence = (
            f"Rows {i} and {j} have the same inputs, but different targets (such rows: {rows:,} of "
            f"{len(y):,}), so the loss cannot fall below {_least_loss(network, X, y):.4g}: try to "
            "correct the targets, or an input more that tells such rows apart"
        )
        yield LIMITED, sentence


def _least_loss(network: Network, X: Matrix, y: Matrix) -> float:
    """Return the loss where each row gets the mean of the targets that share its inputs.

    The mean is best for the squared error and for cross-entropy alike.
    """
    loss, total = row_loss(network.loss, network.output_activation), 0.0
    for targets, mean in zip(y, _means(X, y)):
        total += loss(targets, mean)
    return total / len(y)


def _scales(X: Matrix) -> Iterator[Trouble]:
    """Compare the input columns of the widest and of the narrowest range, leaving out constants."""
    columns = transpose(X)
    ranges = [(max(column) - min(column), j) for j, column in enumerate(columns)]
    ranges = sorted(pair for pair in ranges if pair[0] > 0.0)
    if not ranges:
        return
    (low, narrow), (high, wide) = ranges[0], ranges[-1]
    if high <= WILD_RATIO * low:
        return
    if _deviation(columns[wide]) > WILD_RATIO * _deviation(columns[narrow]):
        sentence = (
            f"X: column {wide} has a range of {high:.4g}, column {narrow} one of {low:.4g}, "
            f"{high / low:.4g} times less: try columns standardised, each to mean 0 and deviation 1"
        )
        yield SLOW, sentence


def _deviation(column: Row) -> float:
    """Return how far the values are from their mean on average; no squares, that may overflow."""
    mean = column_sums([[value / len(column)] for value in column])[0]
    return mean_absolute([[value - mean for value in column]])


# -- the best that can be reached --------------------------------------------------------------


def _best_outputs(network: Network, X: Matrix, y: Matrix) -> Matrix:
    """Return what a perfect network with this output layer would put out (m x n_L)."""
    low, high = REACH.get(network.output_activation, (-math.inf, math.inf))
    return [[min(max(target, low), high) for target in row] for row in _means(X, y)]


def _means(X: Matrix, y: Matrix) -> Matrix:
    """Return for each row the mean of the targets of all rows with its inputs (m x n_L)."""
    means = list(y)
    for group in _same_inputs(X):
        totals = column_sums([y[i] for i in group])
        for i in group:
            means[i] = [total / len(group) for total in totals]
    return means


def _same_inputs(X: Matrix) -> list[list[int]]:
    """Return the numbers of rows that have the same inputs, a list for each two or more."""
    groups: dict[tuple[float, ...], list[int]] = {}
    for i, row in enumerate(X):
        groups.setdefault(tuple(row), []).append(i)
    return [group for group in groups.values() if len(group) > 1]


def _large_errors(best: Matrix, outputs: Matrix) -> Row:
    """Return the root of each output's mean square error (n_L), 0.0 where that is not large."""
    errors, limit = subtract(best, outputs), LARGE_ERROR * _range(best)
    means = [total / len(best) for total in column_sums(multiply(errors, errors))]
    return [math.sqrt(mean) if math.sqrt(mean) > limit else 0.0 for mean in means]


def _range(y: Matrix) -> float:
    """Return how far the targets lie apart; where all are equal, how large they are, or 1."""
    low, high = min(map(min, y)), max(map(max, y))
    return (high - low) or abs(high) or 1.0
