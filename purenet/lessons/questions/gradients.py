"""Where the slopes, signs and transposes of backpropagation come from, shown by measurements."""

from __future__ import annotations

from ...core.activations import sigmoid, sigmoid_slope
from ...core.checks import PureNetError
from ...core.matrix import dot
from ...core.network import Network
from ..tracing import trace
from .example import X, Y, article_network, mean_error, table

NUDGE = 1e-4  # small enough for eight digits of a slope, and large enough to avoid rounding


def slope() -> str:
    """Compare the slope from the output with the measured one, and with the classic mistake.

    >>> "  0.0   0.50000000     0.25000000     0.25000000     0.00000000" in slope()
    True
    """
    lines = [f"{'x':>5} {'s':>12} {'s * (1 - s)':>14} {'measured':>14} {'x * (1 - x)':>14}"]
    for x in (-4.0, -1.0, 0.0, 0.5, 1.0, 4.0):
        s = sigmoid(x)
        measured = (sigmoid(x + NUDGE) - sigmoid(x - NUDGE)) / (2.0 * NUDGE)
        numbers = (sigmoid_slope(s), measured, sigmoid_slope(x))
        lines.append(f"{x:>5} {s:>12.8f}" + "".join(f" {number:>14.8f}" for number in numbers))
    return f"""
With s = sigmoid(x), the slope at x is s * (1 - s). The forward pass has just computed s, the
output, so x is not needed again. The slope can also be measured, a little left and right of x:

{table(*lines)}

The last column is the classic mistake: the input in place of the output. A sigmoid never falls, so
none of its slopes is negative. None is above 0.25, the slope at x = 0, where the output is 0.5. The
article's nonlin(l1, True) is right: l1 is an output.
"""


def plus() -> str:
    """Measure how the loss changes with one weight, and step in both directions.

    >>> "negative_gradients[1][0][0], which is added  -0.00451385" in plus()
    True
    """
    network = article_network()
    gradient = network.gradients(X, Y)[1][0][0]
    measured = (_loss_with(network, NUDGE) - _loss_with(network, -NUDGE)) / (2.0 * NUDGE)
    slopes = table(
        f"{'slope of the loss, measured':<42} {measured:>13.8f}",
        f"{'gradients(X, y)[1][0][0], computed':<42} {gradient:>13.8f}",
        f"{'negative_gradients[1][0][0], which is added':<42} {-gradient:>12.8f}",
    )
    losses = table(
        f"{'before':<42} {_loss_with(network, 0.0):>13.8f}",
        f"{'the negative gradient added':<42} {_loss_with(network, -gradient):>13.8f}",
        f"{'the gradient added':<42} {_loss_with(network, gradient):>13.8f}",
    )
    return f"""
Because the minus is already in the error. The article's error is y - l2, while the slope of the
loss, ½ Σ (y - l2)², contains l2 - y. Books compute that slope, call it the gradient, and subtract
it. In the article's first iteration, weights[1][0][0] is {network.weights[1][0][0]:.8f}:

{slopes}

The gradient is the measured slope, and the article adds the negative of it. The loss after one step
of this weight alone:

{losses}
"""


def _loss_with(network: Network, step: float) -> float:
    """Return the loss, summed over the rows, with weights[1][0][0] moved by a step."""
    moved = network.copy()
    moved.weights[1][0][0] += step
    return len(Y) * moved.loss_on(X, Y)


def transpose() -> str:
    """Show that one weight carries a value forward and the error for it back.

    >>> "dot: inner sizes differ: (4 x 1) · (4 x 1)" in transpose()
    True
    """
    step = trace(article_network(), X, Y)

    def arithmetic(address: str) -> str:
        return table(*str(step.cell(address)).splitlines())

    return f"""
weights[1][1][0] leads from hidden unit 1 to output 0. Forward, it carries l1[2][1] to l2[2][0].
Backward, the same number carries the blame from l2[2][0] to l1[2][1]:

{arithmetic("l2[2][0]")}

{arithmetic("l1_error[2][1]")}

Forward, a row of l1 is multiplied by a column of weights[1]. Backward, a row of l2_delta has to be
multiplied by a row of weights[1]. The transpose turns rows into columns. Without it, not even the
sizes would fit:

{table(_refusal_of_dot(step["l2_delta"], step["weights[1]"]))}

The other transpose, in l1ᵀ · l2_delta, makes the product a sum over the rows of the data: each
weight gets a term from every row, for the two units that it joins.

{arithmetic("negative_gradients[1][1][0]")}
"""


def _refusal_of_dot(A: list[list[float]], B: list[list[float]]) -> str:
    try:
        return str(dot(A, B))
    except PureNetError as error:
        return str(error)


def sum() -> str:  # noqa: A001 (the topic's name)
    """Train with sums and with means, on the four rows and on each of them a hundred times.

    >>> "sum,  learning rate 1     0.04298465         0.12731446" in sum()
    True
    """
    lines = [f"{'':<21} {'the four rows':>14} {'each 100 times':>18}"]
    for reduction, rate in (("sum", 1.0), ("mean", 1.0), ("mean", 4.0)):
        few, many = (_error_after(reduction, rate, times) for times in (1, 100))
        lines.append(f"{reduction + ',':<5} learning rate {rate:g} {few:>14.8f} {many:>18.8f}")
    return f"""
A sum over m rows is m times their mean, so the article's sum over four rows at learning rate 1 is
the mean at learning rate 4. But a sum grows with the data: with each row a hundred times, which
adds no information, every step is a hundred times as large. The mean error after 1,000 iterations:

{table(*lines)}

With reduction="mean", a good learning rate stays good when rows are added. The sum is the default
of `train` because it is the article's.
"""


def _error_after(reduction: str, learning_rate: float, times: int) -> float:
    network = article_network()
    network.train(
        X * times, Y * times, epochs=1_000, reduction=reduction, learning_rate=learning_rate
    )
    return mean_error(network)
