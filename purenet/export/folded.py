"""A model reduced to what it takes to predict: weights, biases, and what goes in and comes out.

An estimator standardizes its inputs, and a regressor brings its outputs back to their scale. Both
are straight lines before and after a layer's own, so they fold into that layer. With z = Σ v_i·w_i
+ b and v_i = (x_i - mean_i) / deviation_i:

    z = Σ x_i · (w_i / deviation_i)  +  (b - Σ mean_i · (w_i / deviation_i))

and at the other end  (Σ v_i·w_i + b) · deviation + mean  =  Σ v_i·(w_i·deviation) + (b·deviation +
mean). That changes where rounding happens, and so the last digits; a plain Network stays as it is.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, as_matrix
from ..core.matrix import all_finite
from ..core.network import Network, check_parameters
from ..estimators import Classifier, Regressor
from ..estimators.arrays import as_lists


class Folded(NamedTuple):
    """What an exported file has to know.

    `kind` is "network", "classifier" or "regressor"; `weights[k]` is (nₖ x nₖ₊₁), and `biases` has
    a row of nₖ₊₁ for each layer or is empty. `classes` are a classifier's, in the order of the
    outputs, else empty. `single` is true where the answer is one number, a regressor's, and not a
    list. `inputs` and `target` are the names of a table's columns, where they are known, and
    `means` what stands for a missing number, by the column's name. `loss` is what its training
    measured.
    """

    kind: str
    sizes: list[int]
    activation: str
    output_activation: str
    weights: list[Matrix]
    biases: list[Row]
    classes: list[Any]
    single: bool
    inputs: list[str]
    target: str
    loss: str
    means: dict[str, float]

    def activation_of(self, k: int) -> str:
        """Return the activation that follows `weights[k]`.

        >>> fold(Network([2, 3, 1], activation="relu", output_activation="linear")).activation_of(0)
        'relu'
        """
        return self.output_activation if k == len(self.weights) - 1 else self.activation


def fold(model: Any) -> Folded:
    """Return what it takes to predict as a Network, a Classifier or a Regressor does.

    Raises PureNetError for what is no fitted model, for numbers that are not finite, and where a
    folded weight is too large for a float.

    >>> regressor = Regressor(1, epochs=1).fit([[1], [3]], [10, 14])
    >>> folded = fold(regressor)
    >>> folded.kind, folded.sizes, folded.single
    ('regressor', [1, 1, 1], True)
    >>> folded.weights[0][0][0] == regressor.network_.weights[0][0][0] / 1.0
    True
    """
    if isinstance(model, Network):
        return _plain(model, "network")
    if not isinstance(model, (Classifier, Regressor)):
        raise PureNetError(f"expected a Network, a Classifier or a Regressor, got {model!r:.60}")
    meaning, _ = model.fitted_state()
    classifies = isinstance(model, Classifier)
    folded = _plain(model.network_, "classifier" if classifies else "regressor")
    if meaning["_inputs"] is not None:
        scale = meaning["_inputs"]
        _fold_inputs(folded, scale.means, scale.deviations)
    if classifies:
        folded.classes.extend(as_lists(meaning["classes_"], "classes"))
    else:
        scale = meaning["_output_scale"]
        _fold_outputs(folded, scale.means, scale.deviations)
    columns = getattr(model, "columns_", None)
    names = [name for column in columns for name in column.inputs] if columns else meaning["_names"]
    means = {column.name: column.mean for column in columns or [] if column.mean is not None}
    for matrix in (*folded.weights, folded.biases):
        if not all_finite(matrix):
            raise PureNetError("standardization makes a weight too large for a float")
    return folded._replace(
        single=not classifies and not meaning["_several"],
        inputs=list(names or []),
        target=getattr(model, "target_", ""),
        means=means,
    )


def _plain(network: Network, kind: str) -> Folded:
    check_parameters(network)
    return Folded(
        kind,
        list(network.sizes),
        network.activation,
        network.output_activation,
        [as_matrix(W, f"weights[{k}]") for k, W in enumerate(network.weights)],
        [as_matrix([b], f"biases[{k}]")[0] for k, b in enumerate(network.biases)],
        [],
        False,
        [],
        "",
        network.loss,
        {},
    )


def _fold_inputs(folded: Folded, means: Row, deviations: Row) -> None:
    W, b = folded.weights[0], folded.biases[0]
    W[:] = [[w / deviation for w in row] for row, deviation in zip(W, deviations)]
    for j, column in enumerate(zip(*W)):
        b[j] = _exact_sum([b[j], *(-mean * w for mean, w in zip(means, column))])


def _exact_sum(terms: Row) -> float:
    """Return a sum whose terms may be large and cancel; it is made once, and in no training."""
    try:
        return math.fsum(terms)
    except (OverflowError, ValueError):
        return math.inf


def _fold_outputs(folded: Folded, means: Row, deviations: Row) -> None:
    W, b = folded.weights[-1], folded.biases[-1]
    W[:] = [[w * deviation for w, deviation in zip(row, deviations)] for row in W]
    b[:] = [v * deviation + mean for v, mean, deviation in zip(b, means, deviations)]
