"""Backpropagation: forward through the layers, back with the error, and a gradient per weight.

Read this file first. The symbols:

    m                rows of data, one example each
    nₖ               neurons in layer k; layer 0 is the inputs, layer L the outputs
    X, y             inputs (m x n₀) and targets (m x n_L)
    weights[k]       from layer k to layer k+1 (nₖ x nₖ₊₁)
    activations[k]   the outputs of layer k (m x nₖ)
    Z                the weighted inputs of a layer, before its activation function
    f, slope         a layer's activation function, and its slope, computed from its output
    deltas[k]        minus the slope of the loss by the weighted inputs of layer k (m x nₖ)
    ·, *, ᵀ, Σ       matrix product, elementwise product, transpose, sum over the rows

Forward, a layer's outputs are the next layer's inputs:

    activations[0] = X
    activations[k+1] = f(activations[k] · weights[k] + biases[k])

Backward, the four equations of backpropagation, numbered as Michael Nielsen numbers them
("Neural Networks and Deep Learning", chapter 2). His deltas are slopes of the loss; these are minus
the slopes, so they point downhill:

    (BP1)  deltas[L] = (y - activations[L]) * slope(activations[L])      for the squared error
    (BP2)  deltas[k] = (deltas[k+1] · weights[k]ᵀ) * slope(activations[k])
    (BP3)  negative_bias_gradients[k] = Σ deltas[k+1]
    (BP4)  negative_gradients[k] = activations[k]ᵀ · deltas[k+1]

(BP1) asks each output to move towards its target, as far as its slope lets it. (BP2) sends the
deltas back through the weights that carried the signal forward: a neuron's error is the sum of the
next layer's deltas, each times the weight that leads to it. (BP4) joins the two ends of a weight:
the input at one end times the delta at the other, summed over the rows. A bias is the weight of an
input that is always 1, so (BP3) is (BP4) with inputs of 1.

The article adds `negative_gradients` to its weights, because y - activations[L] already points
downhill. The field's gradients are slopes of the loss: minus `negative_gradients`, and an optimizer
subtracts them.
"""

from .activations import ACTIVATIONS
from .checks import PureNetError
from .losses import loss_function
from .matrix import add_row, column_sums, dot, scale, transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import AnyNetwork, Matrix, Parameters


def forward(network: "AnyNetwork", X: "Matrix") -> "list[Matrix]":
    """Return every layer's outputs for inputs X (m x n₀) that have been checked.

    >>> from .network import Network
    >>> forward(Network([1, 2, 1], init="zeros"), [[3.0]])
    [[[3.0]], [[0.5, 0.5]], [[0.5]]]
    """
    activations = [X]                                       # (m x n₀)
    for k, name in enumerate(network.layer_activations):    # the name of f in layer k + 1
        Z = dot(activations[k], network.weights[k])         # (m x nₖ) · (nₖ x nₖ₊₁) = (m x nₖ₊₁)
        if network.biases:
            Z = add_row(Z, network.biases[k])               # (m x nₖ₊₁) + (nₖ₊₁) = (m x nₖ₊₁)
        activations.append(ACTIVATIONS[name].forward(Z))    # (m x nₖ₊₁)
    return activations


def find_deltas(
    network: "AnyNetwork", activations: "list[Matrix]", y: "Matrix"
) -> "dict[int, Matrix]":
    """Return the deltas as a dict from the layer's number, last layer first: (BP1), (BP2).

    >>> from .network import Network
    >>> network = Network([1, 1, 1], init="zeros")
    >>> find_deltas(network, forward(network, [[3.0]]), [[1.0]])
    {2: [[0.125]], 1: [[0.0]]}
    """
    names, loss = network.layer_activations, loss_function(network)
    last = len(network.weights)
    deltas = {last: loss.backward(y, activations[last])}    # (m x n_L)
    for k in range(last - 1, 0, -1):
        W, f = network.weights[k], ACTIVATIONS[names[k - 1]]
        errors = dot(deltas[k + 1], transpose(W))           # (m x nₖ₊₁) · (nₖ₊₁ x nₖ) = (m x nₖ)
        deltas[k] = f.backward(errors, activations[k])      # (m x nₖ)
    return deltas


def find_negative_gradients(
    network: "AnyNetwork", activations: "list[Matrix]", deltas: "dict[int, Matrix]"
) -> "Parameters":
    """Return the negative gradients, summed over the rows, weights first: (BP4), (BP3).

    >>> from .network import Network
    >>> find_negative_gradients(Network([1, 1], bias=True), [[[3.0]], [[0.5]]], {1: [[0.125]]})
    [[[0.375]], [[0.125]]]
    """
    negative_gradients: "Parameters" = []
    negative_bias_gradients: "Parameters" = []
    for k in range(len(network.weights)):
        G = dot(transpose(activations[k]), deltas[k + 1])   # (nₖ x m) · (m x nₖ₊₁) = (nₖ x nₖ₊₁)
        negative_gradients.append(G)
        if network.biases:
            row = column_sums(deltas[k + 1])                # (nₖ₊₁)
            negative_bias_gradients.append([row])           # (1 x nₖ₊₁)
    return negative_gradients + negative_bias_gradients


def find_gradients(
    network: "AnyNetwork", activations: "list[Matrix]", y: "Matrix", reduction: str
) -> "Parameters":
    """Return the field's gradients, the slopes of the loss, in the order of `parameters`.

    >>> from .network import Network
    >>> network = Network([1, 1], init="zeros", bias=True)
    >>> find_gradients(network, forward(network, [[3.0]]), [[1.0]], "sum")
    [[[-0.375]], [[-0.125]]]
    """
    deltas = find_deltas(network, activations, y)
    negative_gradients = find_negative_gradients(network, activations, deltas)
    return gradients_from(negative_gradients, len(y), reduction)


def gradients_from(negative_gradients: "Parameters", rows: int, reduction: str) -> "Parameters":
    """Return gradients, with the reduction "mean" divided by the number of rows.

    >>> gradients_from([[[0.5]]], 2, "mean")
    [[[-0.25]]]
    """
    share = 1.0 / rows if reduction == "mean" else 1.0
    return [scale(G, -share) for G in negative_gradients]


def parameters(network: "AnyNetwork") -> "Parameters":
    """Return the weights, then each layer's biases as a matrix of one row; not copies.

    >>> from .network import Network
    >>> parameters(Network([2, 1], init="zeros", bias=True))
    [[[0.0], [0.0]], [[0.0]]]
    """
    return list(network.weights) + [[row] for row in network.biases]


def set_parameters(network: "AnyNetwork", new: "Parameters") -> None:
    """Give the network other weights and biases, in the order of `parameters`.

    >>> from .network import Network
    >>> network = Network([1, 1], bias=True)
    >>> set_parameters(network, [[[2.0]], [[3.0]]])
    >>> network.weights, network.biases
    ([[[2.0]]], [[3.0]])
    """
    layers, expected = len(network.weights), len(network.weights) + len(network.biases)
    if len(new) != expected:
        raise PureNetError(f"optimizer: expected {expected} matrices from its step, got {len(new)}")
    network.weights, network.biases = new[:layers], [row for [row] in new[layers:]]


def loss_of(network: "AnyNetwork", X: "Matrix", y: "Matrix") -> float:
    """Return the loss on data that has been checked, the mean over the rows.

    >>> from .network import Network
    >>> loss_of(Network([2, 1], init="zeros"), [[1.0, 2.0]], [[1.0]])
    0.125
    """
    return loss_function(network).total(y, forward(network, X)[-1]) / len(y)
