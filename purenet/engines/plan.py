"""A plan is all that the source of a small training depends on: equal plans, equal sources."""

from __future__ import annotations

from typing import Any, NamedTuple

from ..core._types import AnyNetwork, Matrix, Row
from ..core.backpropagation import parameters
from ..core.losses import loss_function
from ..core.work import Work
from .choice import kind_of

# For each row its inputs and its targets: "0.0", "1.0", or "" for any other number, because only
# products with 0 and 1 get shorter.
Constants = tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]


class Plan(NamedTuple):
    """All that the source of a training depends on."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]  # of each layer
    loss: str
    biased: bool
    optimizer: str  # a key of `steps.MEMORY`
    mean: bool = False  # whether gradients are divided by the number of rows
    unit_rate: bool = False  # the learning rate is 1.0 and is left out
    rows: Constants | None = None  # None means that the source loops over the rows
    row_by_row: bool = False  # a batch is one row
    # Two tricks save time in plain descent. Both need weights without -0.0, because then the sign
    # of a zero never reaches a weight. The first leaves out products with inputs of 0.0, if the
    # first layer is a sigmoid. The second keeps the negated weights of sigmoid layers, because
    # exp(-z) then needs no minus sign. Rounding treats x and -x alike, so the bits stay the same,
    # but the source is harder to read. So only a `tuned` plan has them.
    without_zeros: bool = False
    tuned: bool = False


def plan_of(work: Work, rows: Constants | None = None, tuned: bool = True) -> Plan:
    """Return the plan for the present network and optimizer.

    `rows` are their constants if they are part of the text.

    >>> from ..core.network import Network
    >>> work = Work(Network([2, 1]), [[0.0, 0.5]], [[1.0]], epochs=1)
    >>> plan = plan_of(work, constants_of(work))
    >>> plan.rows, plan.without_zeros, plan.tuned
    (((('0.0', ''), ('1.0',)),), True, True)
    """
    network = work.network
    loss_function(network)  # refuses a loss that does not go with the outputs
    optimizer: Any = work.optimizer
    kind, activations = kind_of(optimizer), tuple(network.layer_activations)
    tuned = tuned and kind == "sgd" and "sigmoid" in activations and not _has_minus_zero(network)
    leaves_zeros_out = tuned and rows is not None and activations[0] == "sigmoid"
    return Plan(
        tuple(network.sizes),
        activations,
        network.loss,
        bool(network.biases),
        kind,
        mean=work.reduction == "mean",
        unit_rate=kind in ("sgd", "momentum") and optimizer.learning_rate == 1.0,
        rows=rows,
        row_by_row=work.batch_size == 1,
        without_zeros=leaves_zeros_out and _zeros_may_go(network, work.X, work.y),
        tuned=tuned,
    )


def constants_of(work: Work) -> Constants:
    """Return the numbers of the data that become part of the text."""
    return tuple(zip(map(_constants, work.X), map(_constants, work.y)))


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
    if network.biases or all(map(any, X)) or len(network.sizes) == 2:
        return True
    quarters = (network.output_activation, network.loss) == ("sigmoid", "squared_error")
    few = len(network.sizes) == 3 and network.sizes[-1] <= 4
    return quarters and few and all(0.0 <= target <= 1.0 for row in y for target in row)


def _has_minus_zero(network: AnyNetwork) -> bool:
    return any("-0.0" in map(repr, row) for W in parameters(network) for row in W if 0.0 in row)
