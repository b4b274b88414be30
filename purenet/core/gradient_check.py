"""Is backpropagation right? Measure each slope by trying, and compare."""

import math

from .backpropagation import find_gradients, forward, loss_of, parameters
from .network import Network

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Matrix, Row, Rows

# How far a parameter is moved. The formula errs by about NUDGE**4, rounding by 1e-16 / NUDGE. A
# longer nudge would have a smaller total error, but would carry more networks over a kink of relu.
NUDGE = 3e-5


def check_gradients(network: "Network", X: "Rows", y: "Rows") -> float:
    """Return the largest relative error of backpropagation's gradients, every weight and bias.

    Each parameter is nudged up and down a little, and the slope that the losses there have, by
    centered differences, is compared with `gradients`. Expect less than 1e-6; a mistake in the
    mathematics shows as 1e-2 or more. (So does the kink of relu, where there is no slope, and an
    output within about 1e-7 of 0 or 1, where cross-entropy cannot be measured.)

    >>> check_gradients(Network([3, 4, 1], seed=1), [[0, 0, 1], [1, 1, 1]], [[0], [1]]) < 1e-7
    True
    """
    X, y = network.check_data(X, y)
    twin = network.copy()
    gradients = find_gradients(twin, forward(twin, X), y, "mean")
    # A difference of losses resolves a gradient to some 1e-12 of the loss, or of the steepest slope
    # (through the rounding of the outputs). What is far smaller is measured against this floor.
    steepest = max(abs(slope) for gradient in gradients for row in gradient for slope in row)
    floor = max(1e-4 * max(loss_of(twin, X, y), steepest), 1e-7)
    worst = 0.0
    for matrix, gradient in zip(parameters(twin), gradients):
        for row, exact_row in zip(matrix, gradient):
            for j, exact in enumerate(exact_row):
                measured = _slope(twin, X, y, row, j)
                error = abs(measured - exact) / max(abs(measured), abs(exact), floor)
                worst = max(worst, math.inf if math.isnan(error) else error)
    return worst


def _slope(network: "Network", X: "Matrix", y: "Matrix", row: "Row", j: int) -> float:
    """Return the slope of the loss by row[j], one of the network's own parameters.

    The centered difference of four points: (f(-2h) - 8·f(-h) + 8·f(h) - f(2h)) / 12h is the slope
    but for a term of h⁴ (Abramowitz and Stegun, table 25.2).
    """
    kept, losses = row[j], []
    nudge = NUDGE * max(1.0, abs(kept))
    for steps in (-2.0, -1.0, 1.0, 2.0):
        row[j] = kept + steps * nudge
        losses.append(loss_of(network, X, y))
    row[j] = kept
    far_below, below, above, far_above = losses
    return (8.0 * (above - below) - (far_above - far_below)) / (12.0 * nudge)
