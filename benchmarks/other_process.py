"""Train the article's network in a process of its own, for a benchmark in another interpreter.

Each line that comes in is a number of epochs; each that goes out is the seconds they took. The
first training is checked: after 20 epochs the weights must be those of the plain loop.
"""

import sys

from .engines import EPOCHS_TO_AGREE, check, problem, trainer
from .harness import timed


def main():
    """Serve until the input ends."""
    weights = {}
    for engine in ("lists", "unrolled"):
        network, X, y = problem([3, 4, 1], None)
        train = trainer(network, X, y, None, engine)
        train(EPOCHS_TO_AGREE)
        weights[engine] = network.weights
    check("the article on another interpreter", weights)
    for line in sys.stdin:
        print(timed(train, int(line)), flush=True)


if __name__ == "__main__":
    main()
