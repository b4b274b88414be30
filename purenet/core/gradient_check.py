"""Is backpropagation right? Measure each slope by trying, and compare."""

import math

from .network import Network, backward, forward, loss_of, parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Matrix, Row, Rows

NUDGE = 6e-6  # the cube root of a float's precision, where rounding and curvature err alike


def check_gradients(network: "Network", X: "Rows", y: "Rows") -> float:
    """Return the largest relative error of backpropagation's gradients, every weight and bias.

    Each parameter is nudged up and down a little, and the difference of the two losses, divided
    by the distance, is compared with `gradients`. Expect less than 1e-5; a mistake in the
    mathematics shows as 1e-2 or more. (So does the kink of relu, where there is no slope, and an
    output that is exactly 0 or 1, where cross-entropy cannot be measured.)

    >>> check_gradients(Network([3, 4, 1], seed=1), [[0, 0, 1], [1, 1, 1]], [[0], [1]]) < 1e-7
    True
    """
    X, y = network.check_data(X, y)
    twin = network.copy()
    gradients = backward(twin, forward(twin, X), y, "mean")
    # A difference of losses resolves a gradient to about 1e-16 · loss / NUDGE, so what is far
    # smaller than the loss is measured against this floor instead of against itself.
    floor = max(1e-4 * loss_of(twin, X, y), 1e-5)
    worst = 0.0
    for matrix, gradient in zip(parameters(twin), gradients):
        for row, exact_row in zip(matrix, gradient):
            for j, exact in enumerate(exact_row):
                measured = _downhill(twin, X, y, row, j)
                error = abs(measured - exact) / max(abs(measured), abs(exact), floor)
                worst = max(worst, math.inf if math.isnan(error) else error)
    return worst


def _downhill(network: "Network", X: "Matrix", y: "Matrix", row: "Row", j: int) -> float:
    """Return how the loss falls as row[j], one of the network's own parameters, rises."""
    kept = row[j]
    nudge = NUDGE * max(1.0, abs(kept))
    high, low = kept + nudge, kept - nudge
    row[j] = high
    loss_above = loss_of(network, X, y)
    row[j] = low
    loss_below = loss_of(network, X, y)
    row[j] = kept
    return (loss_below - loss_above) / (high - low)
