"""The article's three-layer network and its data, which most answers use."""

from __future__ import annotations

from ...core.matrix import mean_absolute, subtract
from ...core.network import Network
from ...datasets import xor

X, Y = xor()


def article_network() -> Network:
    """Return the article's network before training.

    >>> article_network().weights[0][0][0]
    -0.165955990594852
    """
    return Network([3, 4, 1], seed=1)


def mean_error(network: Network) -> float:
    """Return the mean |y - output|, the error that the article prints.

    >>> f"{mean_error(article_network()):.12g}"
    '0.496410031903'
    """
    return mean_absolute(subtract(Y, network.predict(X)))


def table(*lines: str) -> str:
    r"""Return lines as a block, indented by four columns.

    >>> table("a", "b")
    '    a\n    b'
    """
    return "\n".join(f"    {line}" for line in lines)
