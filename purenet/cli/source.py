"""The source command: the article's training as plain arithmetic, whole or as the engine has it."""

from __future__ import annotations

from ..datasets import xor
from ..engines import source
from .data_file import new_network
from .terminal import deliver

SUMMARY = "print the Python source that trains the article's network"
EXAMPLE = "source --hidden 2"


def run(hidden: int = 4, tuned: bool = False) -> None:
    """Print the source for a network with this number of hidden neurons."""
    X, y = xor()
    network = new_network([len(X[0]), hidden, len(y[0])], init="zeros")
    deliver(source(network, X, y, tuned=tuned) + "\n")
