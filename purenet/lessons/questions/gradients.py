"""Where the slopes, signs and transposes of backpropagation come from, shown by measurements."""

from __future__ import annotations

from ...core.activations import sigmoid, sigmoid_slope
from ...core.matrix import dot
from ...core.network import Network
from ..tracing import trace
from .example import X, Y, article_network, mean_error, refusal_of, told

NUDGE = 1e-4  # small enough for eight digits of a slope, and large enough to avoid rounding


def slope() -> str:
    """Compare the slope from the output with the measured one, and with the classic mistake.

    >>> "  0.0   0.50000000     0.25000000     0.25000000     0.00000000" in slope()
    True
    """
    lines = []
    for x in (-4.0, -1.0, 0.0, 0.5, 1.0, 4.0):
        s = sigmoid(x)
        measured = (sigmoid(x + NUDGE) - sigmoid(x - NUDGE)) / (2.0 * NUDGE)
        numbers = (sigmoid_slope(s), measured, sigmoid_slope(x))
        lines.append(f"{x:>5} {s:>12.8f}" + "".join(f" {number:>14.8f}" for number in numbers))
    return told("slope", slopes=lines)


def plus() -> str:
    """Measure how the loss changes with one weight, and step in both directions.

    >>> "negative_gradients[1][0][0], which is added  -0.00451385" in plus()
    True
    """
    network = article_network()
    gradient = network.gradients(X, Y)[1][0][0]
    measured = (_loss_with(network, NUDGE) - _loss_with(network, -NUDGE)) / (2.0 * NUDGE)
    return told(
        "plus",
        weight=network.weights[1][0][0],
        measured=measured,
        gradient=gradient,
        negative=-gradient,
        before=_loss_with(network, 0.0),
        descended=_loss_with(network, -gradient),
        ascended=_loss_with(network, gradient),
    )


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
    return told(
        "transpose",
        forward=step.cell("l2[2][0]").lines,
        backward=step.cell("l1_error[2][1]").lines,
        refusal=[refusal_of(dot, step["l2_delta"], step["weights[1]"])],
        gradient=step.cell("negative_gradients[1][1][0]").lines,
    )


def sum() -> str:  # noqa: A001 (the topic's name)
    """Train with sums and with means, on the four rows and on each of them a hundred times.

    >>> "sum,  learning rate 1     0.04298465         0.12731446" in sum()
    True
    """
    lines = []
    for reduction, rate in (("sum", 1.0), ("mean", 1.0), ("mean", 4.0)):
        few, many = (_error_after(reduction, rate, times) for times in (1, 100))
        lines.append(f"{reduction + ',':<5} learning rate {rate:g} {few:>14.8f} {many:>18.8f}")
    return told("sum", errors=lines)


def _error_after(reduction: str, rate: float, times: int) -> float:
    network = article_network()
    network.train(X * times, Y * times, epochs=1_000, reduction=reduction, learning_rate=rate)
    return mean_error(network)
