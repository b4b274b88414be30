"""What is wrong with this network on this data: a sentence with a number for each trouble.

A training that goes badly shows little more than a loss that does not fall. `diagnose` looks for
the usual causes: in the numbers on the way forward and back, in a step of learning, in the data.
Then it judges the network: one that is no better than the trivial answer, always the mean of the
targets, is always reported. It changes nothing.

Errors are measured from the best outputs that the data and the output layer allow: for rows with
the same inputs the mean of their targets, for a target out of reach the nearest value in reach. So
a network that has learned all that can be learned is not called saturated.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Any

from .activation_table import TABLE
from .core._types import Matrix, Row, Rows
from .core.activations import sigmoid_slope, tanh_slope
from .core.backpropagation import find_deltas, forward, gradients_from, parameters, set_parameters
from .core.checks import REDUCTIONS, SUM_TOLERANCE, counted, one_of, short
from .core.losses import loss_function
from .core.matrix import all_finite, argmax, dot, inner_product, mean_absolute, subtract, transpose
from .core.network import Network
from .core.optimizers import choose
from .estimators.defaults import verdict
from .estimators.preparation import constant_columns, grouped, parts_of, total_of
from .estimators.sharding import weighted_loss, weighted_negative_gradients

Trouble = tuple[int, str]

# How grave a trouble is: nothing can be learned, learning makes it worse, there is a limit to
# what can be learned, learning takes longer than necessary. Last comes the judgement of the
# network, which says that there is trouble but not why.
STUCK, WORSE, LIMITED, SLOW, RESULT = range(5)

# A unit whose slope is less than this part of the steepest learns a hundred times more slowly
# than it could. For sigmoid that is a weighted input beyond ±6, for tanh beyond ±3.
FLAT = 0.01

# A network says yes and no by saturation, which is trouble only while the answers are wrong: while
# the root of their mean square error is more than this part of the range of the targets.
LARGE_ERROR = 0.1

# An answer that is off by more than this part of the range of the targets is wrong. If saturated
# units block its error, it is sure and wrong.
WRONG = 0.5

# The gradient vanishes where the first layer gets less than this part of what the last one gets.
# As drawn, networks of two hidden sigmoid layers are at 0.03, of three at 0.006, of four at 0.001.
# The last two do not get away from the trivial answer on iris in 60 epochs; six tanh layers, which
# are at 0.2, learn it in this time. One hidden layer is too shallow for a gradient to vanish.
VANISHED = 0.01
FEWEST_LAYERS = 3

# Losses are far apart where they differ by more than this part of the trivial answer's loss. A
# classifier that is right on 97 % of iris is nearer to 0 than that.
FAR = 0.1

# The gradients are nearly 0 where moving every weight by 1, each the way that helps, would lower
# the loss by less than this part of it, to first order. Of 125 small networks trained on XOR, 44
# get stuck, and 42 of these are below 0.03 after 3,000 iterations; those that succeed are above
# 0.15 once they have left the first plateau.
NEARLY_0 = 0.03

# One step of gradient descent with a suitable rate lowers the loss. The first step of adam or rprop
# is as large as the rate, however small the gradient: where little is left to gain, it raises the
# loss even at a suitable rate, and the next steps lead back. So their rate counts as too large only
# where none of this many steps ends below both the loss before them and that of the trivial answer.
STEPS = 10

# Two columns whose ranges and deviations both differ by more than this factor: gradient descent
# takes about the square of it as many steps. (Ranges alone are stretched by one outlier,
# deviations alone are small where a column is nearly always 0, as at the edge of images.)
WILD_RATIO = 30.0

# A loss that rises by less than this part of itself may only be rounded differently.
ROUNDING = 1e-9

# Numbers that differ by less than this part of the targets' range count as the same.
SAME = 1e-6

# Data that need a rate below 2**-100 of the given one cannot be trained on.
MOST_HALVINGS = 100

# The slopes at a row of outputs, as parts of the steepest, for the activations that saturate. One
# output of softmax near 1 makes the whole row flat; a small one alone does not.
SLOPES: dict[str, Callable[[Row], Row]] = {
    "sigmoid": lambda row: [4.0 * sigmoid_slope(output) for output in row],
    "tanh": lambda row: [tanh_slope(output) for output in row],
    "softmax": lambda row: [1.0 - max(row)] * len(row),
}

MOST_SHOWN = 8  # units or rows


class Case:
    """A network on its data, and what is computed from them once; all numbers are finite."""

    def __init__(
        self, network: Network, X: Matrix, y: Matrix, activations: list[Matrix], weights: Row
    ) -> None:
        self.network, self.X, self.y, self.activations = network, X, y, activations
        self.weights = weights  # of the rows; their mean is 1
        low, high = TABLE[network.output_activation].range
        means = _means(X, y, weights)
        best = [[min(max(target, low), high) for target in row] for row in means]
        # How far the outputs are from the best possible (m x n_L), and the range of these.
        self.errors, self.spread = subtract(best, activations[-1]), _range(best)
        # The root of each output's mean square error (n_L), 0.0 where that is not large.
        roots = [math.sqrt(inner_product(e, e) / len(y)) for e in transpose(self.errors)]
        self.large = [root if root > LARGE_ERROR * self.spread else 0.0 for root in roots]
        self.deltas = find_deltas(network, activations, y)
        total, self.negative_gradients = weighted_negative_gradients(network, X, y, weights)
        self.loss = total / len(y)
        # The losses where every output is the mean of the targets that share its inputs, or of all.
        self.least = weighted_loss(network, y, means, weights) / len(y)
        of_all = _means([[]] * len(y), y, weights)
        self.trivial = weighted_loss(network, y, of_all, weights) / len(y)


def diagnose(
    network: Network,
    X: Rows,
    y: Rows,
    *,
    learning_rate: float | None = None,
    reduction: str = "sum",
    optimizer: str = "sgd",
    weights: Row | None = None,
    target: str | None = None,
) -> list[str]:
    """Diagnose a network on inputs X (m x n₀) and targets y (m x n_L): return its troubles.

    Each trouble is a sentence that says where it is, the number that shows it, and what to try.
    The gravest come first. The list is empty if no trouble is found. `diagnose` knows:

    - numbers that are not finite, among the weights or on the way forward
    - relu units that are dead, that is 0 on every row
    - saturated units: their slope is nearly 0 on every row, while the answers are wrong
    - rows that are sure and wrong: saturated units block the way from their error to the weights
    - hidden units that are all alike, and so stay alike
    - a gradient that vanishes on its way back through several layers
    - a learning rate that makes the loss rise, with this `learning_rate`, `reduction` and
      `optimizer` (as `train` takes them) on all rows
    - targets that have one value only, and targets outside what the output layer can reach
    - rows with the same inputs and different targets
    - input columns on wildly different scales
    - a training that has settled: the loss is far from 0, and the gradients are nearly 0
    - a loss that is no better than that of the trivial answer, always the mean of the targets
    - answers on the wrong side, where the targets have two values, or in the wrong class

    `weights` (m) are the rows' weights in the loss and the gradients, as in the training. `target`
    is the name of the targets in messages, if they are one column of a table.

    Raises PureNetError, as `train` does, if the data or an option is wrong.

    >>> from .core.network import Network
    >>> network = Network([1, 1], activation="linear", init="zeros")
    >>> network.weights = [[[0.8]]]
    >>> X, y = [[-1], [1], [2]], [[-1], [1], [2]]
    >>> diagnose(network, X, y, learning_rate=0.1)
    []
    >>> diagnose(network, X, y)
    ['With learning_rate=1, one step makes the loss rise from 0.04 to 1: try learning_rate=0.25']
    """
    X, y = network.check_data(X, y)
    one_of(reduction, "reduction", REDUCTIONS)
    chosen: Any = choose(optimizer, learning_rate, 0.0)
    activations = forward(network, X)
    weights = [part * len(y) for part in parts_of(weights, len(y))]
    troubles = list(_not_finite(network, activations, y))
    if not troubles:  # otherwise all further numbers are meaningless
        case = Case(network, X, y, activations, weights)
        for finder in (_dead, _saturated, _alike):
            troubles += finder(case)
        is_stuck = any(gravity == STUCK for gravity, _ in troubles)
        is_constant = y == y[:1] * len(y)  # then the trivial answer is perfect
        if not is_stuck:
            troubles += _vanishing(case)
        if not is_constant or optimizer == "sgd":
            troubles += _rising(case, chosen.learning_rate, reduction, optimizer)
        if not is_constant:
            troubles += _no_better(case)
            troubles += [] if is_stuck else _settled(case)
            troubles += _on_the_wrong_side(case)
    troubles += _constant(network, y, target)
    troubles += _out_of_reach(network, y)
    troubles += _contradictions(network, X, y, weights)
    troubles += _scales(X)
    return [sentence for _, sentence in sorted(troubles, key=lambda trouble: trouble[0])]


# -- the network on the way forward ------------------------------------------------------------


def _not_finite(network: Network, activations: list[Matrix], y: Matrix) -> Iterator[Trouble]:
    """Find the first number that is NaN or infinite."""
    loss = loss_function(network).of_row
    numbers = [(f"weights[{k}]", W) for k, W in enumerate(network.weights)]
    numbers += [(f"biases[{k}]", [row]) for k, row in enumerate(network.biases)]
    numbers += [(f"The output of layer {k}", A) for k, A in enumerate(activations)]
    numbers += [("The loss", [[loss(*rows)] for rows in zip(y, activations[-1])])]
    for name, A in numbers:
        if not all_finite(A):
            i, row = next((i, row) for i, row in enumerate(A) if not all_finite([row]))
            value = next(value for value in row if not math.isfinite(value))
            advice = "try inputs and targets scaled to about 1, and begin again with a new network"
            yield STUCK, f"{name}: row {i} has {value}, which is not a finite number: {advice}"
            return


def _dead(case: Case) -> Iterator[Trouble]:
    """Find relu units that are 0 on every row; at the output, only if a target is not 0."""
    network = case.network
    relus = [k for k, name in enumerate(network.layer_activations, 1) if name == "relu"]
    for k in relus:
        units = [j for j, column in enumerate(transpose(case.activations[k])) if not any(column)]
        if k == len(network.weights):
            units = [j for j in units if any(row[j] > 0.0 for row in case.y)]
        if units:
            found = f"0 on {_every_row(case.y)}, so that no gradient comes through"
            advice = 'try activation="leaky_relu", init="he" or a smaller learning_rate'
            yield _of_units(network, k, units, "dead relu unit", f"{found}: {advice}")


def _saturated(case: Case) -> Iterator[Trouble]:
    """Find units that are nearly flat while there are large errors: on every row, or on some."""
    network, last = case.network, len(case.network.weights)
    for k, name in enumerate(network.layer_activations, 1):
        if name not in SLOPES or (k == last and network.loss == "cross_entropy"):
            continue  # in cross-entropy the slope and that of the loss have canceled
        slopes = [SLOPES[name](row) for row in case.activations[k]]  # (m x nₖ)
        steepest = [max(column) for column in transpose(slopes)]
        errors = case.large if k == last else [max(case.large)] * len(steepest)
        units = [j for j, slope in enumerate(steepest) if slope < FLAT and errors[j]]
        if units:
            slope, error = max(steepest[j] for j in units), max(errors[j] for j in units)
            flat = f"whose slope on {_every_row(slopes)} is at most {slope:.2g} of the steepest"
            found = f"{flat}, while the outputs are off by {error:.2g}"
            advice = f"try inputs scaled to about 1, or {_smaller_weights(network, k)}"
            yield _of_units(network, k, units, "saturated unit", f"{found}: {advice}")
        yield from _sure_and_wrong(case, k, slopes, units)


def _sure_and_wrong(case: Case, k: int, slopes: Matrix, known: list[int]) -> Iterator[Trouble]:
    """Find rows that are wrong and change almost nothing, because layer k is saturated on them.

    In a hidden layer all units must be flat, since the others still carry the error back. At the
    output, only those that are wrong. Units `known` to be flat on all rows do not count.
    """
    limit, is_last = WRONG * case.spread, k == len(case.network.weights)
    rows, worst, steepest = [], 0.0, 0.0
    for i, (row, errors) in enumerate(zip(slopes, case.errors)):
        sizes = [abs(error) for error in errors]
        off = sizes if is_last else [max(sizes)] * len(row)
        carriers = [j for j, size in enumerate(off) if size > limit and j not in known]
        if carriers and max(row[j] for j in carriers) < FLAT:
            rows.append(i)
            worst = max(worst, *(off[j] for j in carriers))
            steepest = max(steepest, *(row[j] for j in carriers))
    if rows:
        wrong = f"saturated while the outputs are off by up to {worst:.2g}"
        found = f"Layer {k}: sure and wrong on {_counted_rows(rows, slopes)}, {wrong}"
        flat = f"its slopes there are at most {steepest:.2g} of the steepest"
        why = f"{flat}, so these rows hardly change the weights before it"
        advice = f"try another seed, or {_smaller_weights(case.network, k)}"
        yield LIMITED, f"{found}: {why}: {advice}"


def _smaller_weights(network: Network, k: int) -> str:
    """Return the advice for saturated units in layer k."""
    may = k == len(network.weights) and network.output_activation in ("sigmoid", "softmax")
    return 'smaller weights (init="glorot")' + ', or loss="cross_entropy"' * may


def _alike(case: Case) -> Iterator[Trouble]:
    """Find hidden layers whose units all have the same weights to and from them.

    Such units have the same outputs and the same gradients, and stay the same.
    """
    network = case.network
    for k in range(1, len(network.weights)):
        units = {*zip(*network.weights[k - 1], *network.biases[k - 1 : k])}
        further = {tuple(row) for row in network.weights[k]}
        if network.sizes[k] > 1 and len(units) == len(further) == 1 and any(case.large):
            found = "have the same weights, so they learn the same and count as one"
            advice = 'try weights drawn at random (init="glorot")'
            yield STUCK, f"Layer {k}: its {network.sizes[k]} units {found}: {advice}"


def _of_units(network: Network, k: int, units: list[int], kind: str, found: str) -> Trouble:
    """Return the trouble of units that do not learn: if all of them, nothing gets through."""
    of = network.sizes[k]
    sentence = f"Layer {k}: {counted(len(units), kind)} of {of} ({_listed(units)}), {found}"
    return STUCK if len(units) == of else LIMITED, sentence


def _counted_rows(rows: list[int], of: Matrix) -> str:
    return f"{len(rows):,} of {counted(len(of), 'row')} ({_listed(rows)})"


def _listed(numbers: list[int]) -> str:
    more = ", ..." if len(numbers) > MOST_SHOWN else ""
    return ", ".join(map(str, numbers[:MOST_SHOWN])) + more


def _every_row(A: Matrix) -> str:
    return f"all {len(A):,} rows" if len(A) > 1 else "the one row"


# -- the way back, and a step of learning ------------------------------------------------------


def _vanishing(case: Case) -> Iterator[Trouble]:
    """Compare the mean |delta| of the first layer with that of the last."""
    last = len(case.network.weights)
    if last < FEWEST_LAYERS or not any(case.large):
        return
    first_mean, last_mean = mean_absolute(case.deltas[1]), mean_absolute(case.deltas[last])
    if first_mean < VANISHED * last_mean:
        found = f"the mean |delta| is {last_mean:.2g} in layer {last} and {first_mean:.2g} in "
        found += f"layer 1, {first_mean / last_mean:.2g} of it"
        advice = 'try fewer layers, activation="tanh" with init="glorot", or "relu" with "he"'
        yield LIMITED, f"The gradient vanishes on its way back: {found}: {advice}"


def _rising(case: Case, rate: float, reduction: str, optimizer: str) -> Iterator[Trouble]:
    """Try a few steps on a copy; if the loss rises, halve the rate until it falls."""
    network, X, y, before = case.network, case.X, case.y, case.loss
    steps, bound, slack = 1, before, ROUNDING * before + (SAME * _range(y)) ** 2
    options, makes = f"learning_rate={rate:.4g}", "one step makes"
    if optimizer != "sgd":
        steps, bound, slack = STEPS, max(before, case.trivial), FAR * case.trivial
        options, makes = f'optimizer="{optimizer}" and {options}', f"{STEPS} steps make"

    def loss_after(rate: float) -> float:
        twin, chosen = network.copy(), choose(optimizer, rate, 0.0)
        negative = case.negative_gradients
        for _ in range(steps):
            gradients = gradients_from(negative, len(y), reduction)
            set_parameters(twin, chosen.step(parameters(twin), gradients))
            total, negative = weighted_negative_gradients(twin, X, y, case.weights)
            if total / len(y) < bound:
                break
        return total / len(y)

    after = loss_after(rate)
    if after <= bound + slack:
        return
    rates = [rate / 2.0**n for n in range(1, MOST_HALVINGS + 1)]
    falling = next((lower for lower in rates if loss_after(lower) < bound), None)
    digits = 4 if f"{before:.4g}" != f"{after:.4g}" else 12
    advice = "inputs scaled to about 1" if falling is None else f"learning_rate={falling:.4g}"
    rise = f"the loss rise from {before:.{digits}g} to {after:.{digits}g}"
    yield WORSE, f"With {options}, {makes} {rise}: try {advice}"


# -- the data ----------------------------------------------------------------------------------


def _constant(network: Network, y: Matrix, target: str | None) -> Iterator[Trouble]:
    """Find targets that are the same in every row; for softmax, a single class."""
    advice = "so there is nothing to tell apart: try rows with other targets too"
    if len(y) == 1:
        yield LIMITED, f"There is one row only, {advice}"
    elif network.output_activation != "softmax":
        for j in constant_columns(y):
            value = f"y: column {j} has one value only, {y[0][j]:g}"
            value = value if target is None else f"column {short(target)} has one value only"
            yield LIMITED, f"{value}, {advice}"
    elif y == y[:1] * len(y):
        yield LIMITED, f"y: every row is of one class only, column {argmax(y)[0]}, {advice}"


def _out_of_reach(network: Network, y: Matrix) -> Iterator[Trouble]:
    """Find targets outside the range of the output layer."""
    name = network.output_activation
    low, high = TABLE[name].range
    outside = [
        (i, j)
        for i, row in enumerate(y)
        for j, target in enumerate(row)
        if not low - SUM_TOLERANCE <= target <= high + SUM_TOLERANCE
    ]
    if outside:
        i, j = outside[0]
        reach = f"from {low:g} to {high:g}" if high < math.inf else f"{low:g} and above"
        count = f"outside: {len(outside):,} of {counted(len(y) * len(y[0]), 'target')}"
        found = f"is {y[i][j]}, but {name} only reaches {reach} ({count})"
        advice = 'try targets scaled into that range, or output_activation="linear"'
        yield LIMITED, f"y: row {i}, column {j} {found}: {advice}"
    elif name == "softmax":
        yield from _not_whole(y)


def _not_whole(y: Matrix) -> Iterator[Trouble]:
    """Find rows of targets that do not add up to 1, as the outputs of softmax do."""
    sums = list(map(total_of, y))
    rows = [i for i, total in enumerate(sums) if abs(total - 1.0) > SUM_TOLERANCE]
    if rows:
        count = f"other sums: {len(rows):,} of {counted(len(y), 'row')}"
        found = f"adds up to {sums[rows[0]]}, but the outputs of softmax add up to 1 ({count})"
        advice = 'try each row divided by its sum, or output_activation="sigmoid"'
        yield LIMITED, f"y: row {rows[0]} {found}: {advice}"


def _contradictions(network: Network, X: Matrix, y: Matrix, weights: Row) -> Iterator[Trouble]:
    """Find rows that have the same inputs and different targets; those of weight 0 do not count.

    The mean of these is the best output, for the squared error and for cross-entropy alike.
    """
    limit = SAME * _range(y)
    pairs, rows = [], 0
    keys = (tuple(row) if weight else i for i, (row, weight) in enumerate(zip(X, weights)))
    for i, *more in grouped(keys):
        others = [j for j in more if max(map(abs, subtract([y[i]], [y[j]])[0])) > limit]
        if others:
            pairs.append((i, others[0]))
            rows += 1 + len(more)
    if pairs:
        i, j = pairs[0]
        least = weighted_loss(network, y, _means(X, y, weights), weights) / len(y)
        found = f"the same inputs, but different targets (such rows: {rows:,} of {len(y):,})"
        limited = f"so the loss cannot fall below {least:.4g}"
        advice = "try to correct the targets, or one more input that tells such rows apart"
        yield LIMITED, f"Rows {i} and {j} have {found}, {limited}: {advice}"


def _scales(X: Matrix) -> Iterator[Trouble]:
    """Compare the input columns of the widest and of the narrowest range, leaving out constants."""
    columns = transpose(X)
    ranges = sorted((max(c) - min(c), j) for j, c in enumerate(columns) if max(c) > min(c))
    if not ranges:
        return
    (low, narrow), (high, wide) = ranges[0], ranges[-1]
    far, near = _deviation(columns[wide]), _deviation(columns[narrow])
    if high > WILD_RATIO * low and far > WILD_RATIO * near:
        found = f"column {wide} has a range of {high:.4g}, column {narrow} one of {low:.4g}"
        advice = "try standardized columns, each with mean 0 and deviation 1"
        yield SLOW, f"X: {found}, {high / low:.4g} times less: {advice}"


def _deviation(column: Row) -> float:
    """Return the mean distance of the values from their mean; squares could overflow."""
    mean = total_of(value / len(column) for value in column)
    return mean_absolute([[value - mean for value in column]])


# -- what the network is worth -----------------------------------------------------------------


def _no_better(case: Case) -> Iterator[Trouble]:
    """Compare the loss with that of the trivial answer, always the mean of the targets."""
    better = verdict(case.loss, case.trivial)
    if better:
        trivial = f"the trivial answer (always the mean of the targets), {case.trivial:.4g}"
        advice = "try more epochs, another learning_rate, another seed or more hidden units"
        yield RESULT, f"The loss, {case.loss:.4g}, is {better} than that of {trivial}: {advice}"


def _settled(case: Case) -> Iterator[Trouble]:
    """Find a loss that is far from the least possible while the gradients are nearly 0."""
    excess = case.loss - case.least
    gradients = gradients_from(case.negative_gradients, len(case.y), "mean")
    total = sum(abs(g) for G in gradients for row in G for g in row)
    if not (excess > FAR * case.trivial and total < NEARLY_0 * excess):
        return
    off = [max(map(abs, row)) for row in case.errors]
    worst = max(off)
    rows = [i for i, error in enumerate(off) if error >= worst / 2.0]
    losses = f"the loss is {case.loss:.4g} (the trivial answer's is {case.trivial:.4g})"
    found = f"{losses}, but the gradients of all weights add up to {total:.2g}"
    wrong = f"the outputs are off by up to {worst:.2g} on {_counted_rows(rows, case.y)}"
    advice = "try another seed, more hidden units or many more epochs"
    yield RESULT, f"Learning has settled, or crosses a plateau: {found}; {wrong}: {advice}"


def _on_the_wrong_side(case: Case) -> Iterator[Trouble]:
    """Find wrong answers if the targets have exactly two values, yes and no."""
    values = {target for row in case.y for target in row}
    if len(values) != 2:
        return
    low, high = sorted(values)
    outputs, middle = case.activations[-1], low + (high - low) / 2.0
    if case.network.output_activation == "softmax":
        pairs = zip(argmax(case.y), outputs)
        right = [row.count(max(row)) == 1 and row[j] == max(row) for j, row in pairs]
        what = "The largest output is in the wrong column"
    else:
        right = [
            all((output - middle) * (target - middle) > 0.0 for output, target in zip(*rows))
            for rows in zip(outputs, case.y)
        ]
        what = f"An output is on the wrong side of {middle:.4g}"
    wrong = [i for i, is_right in enumerate(right) if not is_right]
    if wrong:
        advice = "try more epochs or more hidden units, and check the targets of these rows"
        yield RESULT, f"{what} on {_counted_rows(wrong, case.y)}: {advice}"


# -- the best that can be reached --------------------------------------------------------------


def _means(X: Matrix, y: Matrix, weights: Row) -> Matrix:
    """Return the mean target of all rows with the same inputs, for each row (m x n_L).

    Each row counts by its weight.
    """
    means = list(y)
    for group in grouped(map(tuple, X)):
        parts = [weights[i] for i in group]
        if len(group) > 1 and any(parts):
            [totals], weight = dot([parts], [y[i] for i in group]), total_of(parts)
            mean = [total / weight for total in totals]
            for i in group:
                means[i] = mean
    return means


def _range(y: Matrix) -> float:
    """Return the range of the targets; if all are equal, their size, or 1."""
    low, high = min(map(min, y)), max(map(max, y))
    return (high - low) or abs(high) or 1.0
