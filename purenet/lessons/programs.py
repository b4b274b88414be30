"""What the article's programs train: a network, on which data, and for how long."""

from __future__ import annotations

from ..core._types import Matrix
from ..core.network import Network
from ..datasets import article_two_layer, xor

LESSONS = ("eleven-lines", "two-layer", "three-layer", "raw-lists", "loops")


def training_of(lesson: str) -> tuple[Network, Matrix, Matrix, int]:
    """Return a lesson's untrained network, its inputs and targets, and the number of iterations.

    All lessons but one write the training of the three-layer network.

    >>> network, X, y, iterations = training_of("two-layer")
    >>> network.sizes, len(X), iterations
    ([3, 1], 4, 10000)
    """
    if lesson == "two-layer":
        return (Network([3, 1], seed=1), *article_two_layer(), 10_000)
    return (Network([3, 4, 1], seed=1), *xor(), 60_000)
