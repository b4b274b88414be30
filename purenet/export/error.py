"""What smaller weights cost: how far the answers move, measured on rows."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..core._types import Matrix, Rows
from ..core.checks import as_matrix, counted
from ..core.matrix import argmax
from ..core.mt19937 import MT19937
from ..core.network import Network
from .folded import Folded

# What folding a standardization into weights costs is about 1e-15 of an output, unless a column's
# mean is so much larger than its deviation that large terms cancel.
ROUNDING = 1e-9


class Cost(NamedTuple):
    """On how many rows it was measured, how far an output is off at most, how many change class.

    `changed` is None where the outputs are no classes' probabilities. `unit` is the largest of the
    outputs that are meant, and at least 1.
    """

    rows: int
    largest: float
    changed: int | None
    unit: float = 1.0

    @property
    def is_rounding(self) -> bool:
        """Whether outputs differ by no more than another order of operations explains.

        >>> Cost(360, 3.14e-05, 0).is_rounding
        False
        """
        return self.largest <= ROUNDING * self.unit

    def sentence(self, thing: str = "row") -> str:
        """Return it in words.

        >>> Cost(360, 3.14e-05, 0).sentence()
        'outputs differ by at most 3.1e-05 on 360 rows, none gets another class'
        >>> Cost(1, 0.5, None).sentence("random row")
        'outputs differ by at most 0.5 on 1 random row'
        """
        words = f"outputs differ by at most {self.largest:.2g} on {counted(self.rows, thing)}"
        if self.changed is None:
            return words
        change = {0: "none gets", 1: "1 gets"}.get(self.changed, f"{self.changed:,} get")
        return f"{words}, {change} another class"


def cost_of(model: Any, small: Folded, rows: Rows) -> Cost:
    """Return what it costs to have a small network's weights in place of a model's own.

    The model is a Network or an estimator, which standardizes as it does, or what `fold` has made
    of one.

    Raises PureNetError for rows that do not fit the network.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> network = Network([1, 1], activation="linear", init="zeros")
    >>> cost_of(network, fold(network)._replace(weights=[[[0.25]]]), [[1], [2], [-3]])
    Cost(rows=3, largest=0.75, changed=None, unit=1.0)
    """
    rows = as_matrix(rows, "rows", small.sizes[0])
    here, there = _outputs_of(model, rows), _outputs(small, rows)
    differences = [
        _apart(a, b) for before, after in zip(here, there) for a, b in zip(before, after)
    ]
    changed = None
    if small.kind == "classifier" or small.output_activation == "softmax":
        changed = [a == b for a, b in zip(argmax(here), argmax(there))].count(False)
    unit = max(1.0, *(abs(output) for row in here for output in row))
    return Cost(len(rows), max(differences), changed, unit)


def _outputs_of(model: Any, rows: Matrix) -> Matrix:
    if isinstance(model, Network):
        return model.predict(rows)
    if not hasattr(model, "fitted_state"):
        return _outputs(model, rows)
    meaning, _ = model.fitted_state()
    before, after = meaning["_inputs"], meaning.get("_output_scale")
    outputs: Matrix = model.network_.predict(rows if before is None else before.apply(rows))
    return outputs if after is None else after.undo(outputs)


def _outputs(folded: Folded, rows: Matrix) -> Matrix:
    network = Network(
        folded.sizes,
        activation=folded.activation,
        output_activation=folded.output_activation,
        loss=folded.loss,
        bias=bool(folded.biases),
        init="zeros",
    )
    network.weights, network.biases = folded.weights, folded.biases
    return network.predict(rows)


def _apart(a: float, b: float) -> float:
    difference = 0.0 if a == b else abs(a - b)
    return math.inf if math.isnan(difference) else difference


def random_rows(model: Any, count: int = 1000, seed: int = 0) -> Matrix:
    """Return rows like those a model may be asked about, for where there are none of its own.

    Where inputs have been standardized, they lie evenly within two standard deviations of their
    mean. Of others nothing is known, and they lie evenly from -1 to 1.

    >>> from purenet import Network
    >>> random_rows(Network([2, 1]), count=1)
    [[0.0976270078546495, 0.43037873274483895]]
    """
    generator = MT19937(seed)
    network, scale = model, None
    if not isinstance(model, Network):
        network, scale = model.network_, model.fitted_state()[0]["_inputs"]
    ranges = [(0.0, 0.5)] * network.sizes[0]
    if scale is not None:
        ranges = list(zip(scale.means, scale.deviations))
    return [
        [mean + deviation * generator.uniform(-2.0, 2.0) for mean, deviation in ranges]
        for _ in range(count)
    ]
