"""The error of an exported file: how far its answers are from the model's own, on given rows."""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..core._types import Matrix, Rows
from ..core.checks import as_matrix, counted
from ..core.matrix import argmax
from ..core.mt19937 import MT19937
from ..formats.model import describe
from .target import ranges

# Folding a standardization into weights costs about 1e-15 of an output, unless a column's mean is
# so much larger than its deviation that large terms cancel.
ROUNDING = 1e-9


class Error(NamedTuple):
    """The number of rows measured, the largest error of an output, and how many rows change class.

    `changed` is None if the outputs are not class probabilities. `unit` is the largest size of the
    model's own outputs, and at least 1.
    """

    rows: int
    largest: float
    changed: int | None
    unit: float = 1.0

    @property
    def is_rounding(self) -> bool:
        """Whether the differences are small enough to come from rounding alone.

        >>> Error(360, 3.14e-05, 0).is_rounding
        False
        """
        return self.largest <= ROUNDING * self.unit

    @property
    def changes_classes(self) -> bool:
        """Whether more than one row in a hundred gets another class.

        >>> Error(360, 0.1, 3).changes_classes, Error(360, 0.1, 4).changes_classes
        (False, True)
        """
        return self.changed is not None and 100 * self.changed > self.rows

    def sentence(self, thing: str = "row") -> str:
        """Return the error in words.

        >>> Error(360, 3.14e-05, 0).sentence()
        'outputs differ by at most 3.1e-05 on 360 rows, none gets another class'
        >>> Error(1, 0.5, None).sentence("random row")
        'outputs differ by at most 0.5 on 1 random row'
        """
        words = f"outputs differ by at most {self.largest:.2g} on {counted(self.rows, thing)}"
        if self.changed is None:
            return words
        change = {0: "none gets", 1: "1 gets"}.get(self.changed, f"{self.changed:,} get")
        return f"{words}, {change} another class"


def error_of(model: Any, small: Any, rows: Rows) -> Error:
    """Return how far a model with rounded weights is from the model itself, on these rows.

    `model` is a Network, an estimator, or a description of one; `small.apply(rows)` gives outputs.

    Raises PureNetError for rows that do not fit the network.

    >>> from purenet import Network
    >>> from ..formats.model import Model
    >>> network = Network.of([[[0.0]]], activation="linear")
    >>> error_of(network, Model(Network.of([[[0.25]]], activation="linear")), [[1], [2], [-3]])
    Error(rows=3, largest=0.75, changed=None, unit=1.0)
    """
    model = describe(model)
    rows = as_matrix(rows, "rows", model.network.sizes[0])
    here, there = model.apply(rows), small.apply(rows)
    pairs = [pair for both in zip(here, there) for pair in zip(*both)]
    differences = [0.0 if a == b else abs(a - b) for a, b in pairs]  # infinities may be equal
    largest = math.inf if any(map(math.isnan, differences)) else max(differences)
    changed = None
    if model.kind == "classifier" or model.network.output_activation == "softmax":
        changed = [a == b for a, b in zip(argmax(here), argmax(there))].count(False)
    unit = max(1.0, *(abs(output) for row in here for output in row))
    return Error(len(rows), largest, changed, unit)


def random_rows(model: Any, count: int = 1000, seed: int = 0) -> Matrix:
    """Return random rows of a plausible scale, for a measurement without real rows.

    Standardized inputs are uniform within two standard deviations of their mean. Other inputs are
    uniform from -1 to 1, because their scale is not known.

    >>> from purenet import Network
    >>> random_rows(Network([2, 1]), count=1)
    [[0.0976270078546495, 0.43037873274483895]]
    """
    model = describe(model)
    reach = 0.5 if model.inputs is None else 1.0
    columns = [(mean, reach * deviation) for mean, deviation in ranges(model)]
    uniform = MT19937(seed).uniform
    return [[mean + reach * uniform(-2.0, 2.0) for mean, reach in columns] for _ in range(count)]
