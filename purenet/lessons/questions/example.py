"""What the answers share: their texts, and the article's three-layer network and its data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...core.checks import PureNetError
from ...core.matrix import mean_absolute, subtract
from ...core.network import Network
from ...datasets import xor
from ...export.layout import text_of

X, Y = xor()
TEXTS = text_of("lessons/questions/answers.txt")


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


def refusal_of(function: Callable[..., object], *arguments: object) -> str:
    """Return the message of the error that a call raises, empty if it raises none.

    >>> from math import exp
    >>> refusal_of(exp, 1.0), refusal_of(exp, 1000.0)
    ('', 'math range error')
    """
    try:
        function(*arguments)
    except (OverflowError, PureNetError) as error:
        return str(error)
    return ""


def told(topic: str, **values: Any) -> str:
    """Return a text of `answers.txt` with these values in it; a list of lines is a table.

    >>> told("stuck", name="no bias", hidden=2, seed=1, outputs=["a", "b"]).splitlines()[-2:]
    ['    a', '    b']
    """
    text = TEXTS.partition(f"## {topic}")[2].partition("\n## ")[0].partition("\n")[2]
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = "\n".join(f"    {line}" for line in value)
    return text.format(**values).strip("\n")
