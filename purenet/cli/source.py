"""The source command: the article's training as plain arithmetic, whole or as the engine has it."""

from __future__ import annotations

from ..core.network import Network
from ..datasets import xor
from ..engines import source

SUMMARY = "print the Python source that trains the article's network"
EXAMPLE = "source --hidden 2"


def run(hidden: int = 4, tuned: bool = False) -> None:
    """Print the source for a network with this number of hidden neurons."""
    X, y = xor()
    print(source(Network([len(X[0]), hidden, len(y[0])], init="zeros"), X, y, tuned=tuned))
