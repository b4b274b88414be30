"""A model as layers: standardization folded into the weights, and biases for every layer.

An estimator standardizes its inputs, and a regressor scales its outputs back. Both are linear, as a
layer's weighted sums are, so they can be folded into that layer. With z = Σ v_i·w_i + b and v_i =
(x_i - mean_i) / deviation_i:

    z = Σ x_i · (w_i / deviation_i)  +  (b - Σ mean_i · (w_i / deviation_i))

and at the other end  (Σ v_i·w_i + b) · deviation + mean  =  Σ v_i·(w_i·deviation) + (b·deviation +
mean). This changes the order of rounding, and so the last digits. A plain Network stays unchanged.
"""

from __future__ import annotations

import copy
from typing import Any, NamedTuple

from ..core._types import Matrix, Row
from ..core.network import Network
from ..formats.board_json import fold_scales
from ..formats.model import Model, describe


class Layer(NamedTuple):
    """The step from layer k to layer k + 1: activation(inputs · weights + biases).

    `weights` is (nₖ x nₖ₊₁), `biases` a row of nₖ₊₁. `back` is the activation whose slope takes the
    layer's errors back: it is "linear" where cross-entropy cancels the slope.
    """

    k: int
    weights: Matrix
    biases: Row
    activation: str
    is_last: bool
    back: str


def layers_of(network: Network) -> list[Layer]:
    """Return the layers of a network; a missing bias is -0.0, because x + -0.0 is x.

    >>> layers_of(Network([1, 1], init="zeros"))
    [Layer(k=0, weights=[[0.0]], biases=[-0.0], activation='sigmoid', is_last=True, back='sigmoid')]
    """
    biases = network.biases or [[-0.0] * n for n in network.sizes[1:]]
    activations, last = network.layer_activations, len(network.weights) - 1
    backs = list(activations)
    if network.loss == "cross_entropy":
        backs[last] = "linear"
    columns = zip(network.weights, biases, activations, backs)
    return [Layer(k, W, b, name, k == last, back) for k, (W, b, name, back) in enumerate(columns)]


def with_parameters(model: Model, weights: list[Matrix], biases: list[Row]) -> Model:
    """Return a model with other weights and biases of the same shapes.

    >>> with_parameters(Model(Network([1, 1])), [[[0.5]]], []).network.weights
    [[[0.5]]]
    """
    network = copy.copy(model.network)
    network.weights, network.biases = weights, biases
    return model._replace(network=network)


def fold(model: Any, inputs: bool = True) -> Model:
    """Return a model's description with the standardization in its weights.

    `model` is a Network, a Classifier, a Regressor, or a description of one. If `inputs` is false,
    only the outputs are folded, and the description keeps the standardization of inputs.

    Raises PureNetError for anything else, for numbers that are not finite, and if a folded weight
    is too large for a float.

    >>> from ..estimators import Regressor
    >>> regressor = Regressor(1, epochs=1).fit([[1], [3]], [10, 14])
    >>> folded = fold(regressor)
    >>> folded.network.weights[0][0][0] == regressor.network_.weights[0][0][0] / 1.0
    True
    >>> folded.inputs, folded.outputs
    (None, None)
    """
    model = describe(model)
    network = model.network
    folded = with_parameters(model, [list(W) for W in network.weights], list(network.biases))
    scales = (model.inputs if inputs else None, model.outputs)
    fold_scales(folded.network, *[scale and (scale.means, scale.deviations) for scale in scales])
    return folded._replace(inputs=None if inputs else model.inputs, outputs=None)


def answer_of(model: Model) -> str:
    """Return the kind of a model's answer for a row: "a class", "a number" or "numbers".

    >>> answer_of(Model(Network([2, 1]))), answer_of(Model(Network([2, 1]), "regressor"))
    ('numbers', 'a number')
    """
    if model.kind == "classifier":
        return "a class"
    return "a number" if model.kind == "regressor" and not model.several else "numbers"
