"""All of an epoch or nothing: what failed halfway is taken back.

An update makes new lists and leaves the old ones unchanged, so to remember a state it is enough to
keep references to it.
"""

import math

from .backpropagation import parameters
from .matrix import all_finite

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Callable
    from .work import Work


def finish_or_undo(work: "Work", run: "Callable[[], float]") -> float:
    """Return the loss that run() computes; undo what it did if it fails.

    It also fails, and the answer is NaN, if that loss or a weight is not finite. Then the network,
    its generator and the optimizer are as they were before.

    >>> from .network import Network
    >>> from .work import Work
    >>> network = Network([1, 1], init="zeros")
    >>> def run():
    ...     network.weights = [[[float("inf")]]]
    ...     return 0.125
    >>> finish_or_undo(Work(network, [[1]], [[1]], epochs=1), run), network.weights
    (nan, [[[0.0]]])
    """
    network, optimizer = work.network, work.optimizer
    weights, biases = network.weights, network.biases
    drawn = network.generator.get_state() if work.shuffle else None
    memory = dict(getattr(optimizer, "__dict__", ()))
    loss = math.nan
    try:
        found = run()
        if math.isfinite(found) and all(all_finite(W) for W in parameters(network)):
            loss = found
    finally:
        if math.isnan(loss):
            network.weights, network.biases = weights, biases
            if drawn is not None:
                network.generator.set_state(drawn)
            for name in memory:
                setattr(optimizer, name, memory[name])
    return loss
