"""A plan is all that the source of a small training depends on: equal plans, equal sources."""

from __future__ import annotations

from typing import NamedTuple

from ..core._types import AnyNetwork, Matrix, Row
from ..core.work import Work

# What an optimizer remembers for each parameter from one step to the next, by attribute.
MEMORY: dict[str, tuple[str, ...]] = {
    "sgd": (),
    "momentum": ("velocities",),
    "rprop": ("sizes", "signs"),
    "adam": ("means", "squares"),
}


class Plan(NamedTuple):
    """All that the source of a training depends on."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]  # of each layer
    loss: str
    biased: bool
    optimizer: str  # a key of MEMORY
    mean: bool = False  # whether gradients are divided by the number of rows
    unit_rate: bool = False  # the learning rate is 1.0 and is left out
    # For each row its inputs and its targets: "0.0", "1.0", or "" for any other number, because
    # only products with 0 and 1 get shorter. None means that the source loops over the rows.
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] | None = None
    row_by_row: bool = False  # a batch is one row
    # Two tricks save time in plain descent. Both need weights without -0.0, because then the sign
    # of a zero never reaches a weight. The first leaves out products with inputs of 0.0, if the
    # first layer is a sigmoid. The second keeps the negated weights of sigmoid layers, because
    # exp(-z) then needs no minus sign. Rounding treats x and -x alike, so the bits stay the same,
    # but the source is harder to read. So only a `tuned` plan has the second trick, and the smaller
    # ones that `reading.source` names.
    without_zeros: bool = False
    tuned: bool = False


def plan_of(work: Work, unrolled: bool) -> Plan:
    """Return the plan for plain descent; `unrolled` says whether the rows are part of the text.

    It assumes a learning rate of 1.0, and that no weight is -0.0.

    >>> from ..core.network import Network
    >>> from ..core.work import Work
    >>> plan = plan_of(Work(Network([2, 1]), [[0.0, 0.5]], [[1.0]], epochs=1), unrolled=True)
    >>> plan.rows, plan.without_zeros, plan.tuned
    (((('0.0', ''), ('1.0',)),), True, True)
    """
    network, X, y = work.network, work.X, work.y
    first = network.layer_activations[0]
    return Plan(
        *kind_of_network(network),
        "sgd",
        mean=work.reduction == "mean",
        unit_rate=True,
        rows=tuple(zip(map(_constants, X), map(_constants, y))) if unrolled else None,
        row_by_row=work.batch_size == 1,
        without_zeros=unrolled and first == "sigmoid" and _zeros_may_go(network, X, y),
        tuned="sigmoid" in network.layer_activations,
    )


def kind_of_network(network: AnyNetwork) -> tuple[tuple[int, ...], tuple[str, ...], str, bool]:
    """Return the first four parts of a plan, which depend only on the network.

    >>> from ..core.network import Network
    >>> kind_of_network(Network([2, 1]))
    ((2, 1), ('sigmoid',), 'squared_error', False)
    """
    activations = tuple(network.layer_activations)
    return tuple(network.sizes), activations, network.loss, bool(network.biases)


def _constants(row: Row) -> tuple[str, ...]:
    # By repr, because -0.0 equals 0.0 but has another sign.
    return tuple(repr(x) if repr(x) in ("0.0", "1.0") else "" for x in row)


def _zeros_may_go(network: AnyNetwork, X: Matrix, y: Matrix) -> bool:
    """Tell whether products with inputs of 0.0 can be left out without hiding a divergence.

    The plain loop stops if a delta of the first layer is infinite, because 0.0 * infinity is NaN.
    Without that product, an infinite delta still shows if the row has another input, whose weights
    become infinite, or if there are biases, which do too. So only a row of zeros without biases
    needs deltas that are always finite. The deltas of an output layer are, because they are
    differences. Those of a hidden layer are if there are at most 4 output deltas: each is at most
    1/4 for targets from 0 to 1, so their weighted sum is at most the largest weight.
    """
    if network.biases or all(any(row) for row in X) or len(network.sizes) == 2:
        return True
    quarters = (network.output_activation, network.loss) == ("sigmoid", "squared_error")
    few = len(network.sizes) == 3 and network.sizes[-1] <= 4
    return quarters and few and all(0.0 <= target <= 1.0 for row in y for target in row)


def state_of(plan: Plan) -> list[str]:
    """Return the names of the state, which a source takes after the epochs and returns at the end.

    >>> state_of(Plan((3, 1), ("sigmoid",), "squared_error", True, "adam"))
    ['weights', 'biases', 'means', 'squares', 'steps']
    """
    state = ["weights", *(["biases"] if plan.biased else []), *MEMORY[plan.optimizer]]
    return [*state, "steps"] if plan.optimizer == "adam" else state
