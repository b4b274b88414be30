"""The source command: the article's training as the plain arithmetic that the engine runs."""

from __future__ import annotations

from ..core.network import Network
from ..datasets import xor
from ..engines import source

SUMMARY = "print the source that trains the article's network"
DEFAULTS = {"hidden": 4, "tuned": False}


def run(hidden: int, tuned: bool) -> None:
    """Print the source for a network with so many hidden neurons."""
    X, y = xor()
    print(source(Network([len(X[0]), hidden, len(y[0])], init="zeros"), X, y, tuned=tuned))
