"""Forward through the layers, and the way back that the error takes."""

from .activations import ACTIVATIONS
from .checks import PureNetError
from .losses import mean_loss, output_deltas, row_loss
from .matrix import add_row, column_sums, dot, scale, transpose

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Layerwise, Matrix, Network, Parameters


def forward(network: "Network", X: "Matrix") -> "list[Matrix]":
    """Return every layer's activations for inputs that have been checked.

    >>> from .network import Network
    >>> forward(Network([1, 2, 1], init="zeros"), [[3.0]])
    [[[3.0]], [[0.5, 0.5]], [[0.5]]]
    """
    activations = [X]  #                                                  (m x n₀)
    for k, weights in enumerate(network.weights):
        Z = dot(activations[k], weights)  #                               (m x nₖ) · (nₖ x nₖ₊₁)
        if network.biases:
            Z = add_row(Z, network.biases[k])  #                          (m x nₖ₊₁) + (nₖ₊₁)
        activations.append(activation_of(network, k + 1).forward(Z))  #   (m x nₖ₊₁)
    return activations


def loss_of(network: "Network", X: "Matrix", y: "Matrix") -> float:
    """Return the loss on data that has been checked, the mean of the rows.

    >>> from .network import Network
    >>> loss_of(Network([2, 1], init="zeros"), [[1.0, 2.0]], [[1.0]])
    0.125
    """
    return mean_loss(row_loss(network.loss, network.output_activation), y, forward(network, X)[-1])


def find_deltas(
    network: "Network", activations: "list[Matrix]", y: "Matrix"
) -> "dict[int, Matrix]":
    """Return the deltas of each layer by its number, the last layer's first.

    >>> from .network import Network
    >>> network = Network([1, 1, 1], init="zeros")
    >>> find_deltas(network, forward(network, [[3.0]]), [[1.0]])
    {2: [[0.125]], 1: [[0.0]]}
    """
    last = len(network.weights)
    outputs = activations[last]  #                                        (m x n_L)
    deltas = {last: output_deltas(network.loss, network.output_activation, y, outputs)}
    for k in range(last - 1, 0, -1):
        errors = dot(deltas[k + 1], transpose(network.weights[k]))  #     (m x nₖ₊₁) · (nₖ₊₁ x nₖ)
        deltas[k] = activation_of(network, k).backward(errors, activations[k])  #  (m x nₖ)
    return deltas


def backward(
    network: "Network", activations: "list[Matrix]", y: "Matrix", reduction: str
) -> "Parameters":
    """Return the gradients: those of the weights, then, with biases, each bias's as one row.

    >>> from .network import Network
    >>> network = Network([1, 1], init="zeros", bias=True)
    >>> backward(network, forward(network, [[3.0]]), [[1.0]], "sum")
    [[[0.375]], [[0.125]]]
    """
    gradients = find_gradients(network, activations, find_deltas(network, activations, y))
    return [scale(G, 1.0 / len(y)) for G in gradients] if reduction == "mean" else gradients


def find_gradients(
    network: "Network", activations: "list[Matrix]", deltas: "dict[int, Matrix]"
) -> "Parameters":
    """Return the gradients, summed over the rows, in the order of `backward`.

    >>> from .network import Network
    >>> find_gradients(Network([1, 1], bias=True), [[[3.0]], [[0.5]]], {1: [[0.125]]})
    [[[0.375]], [[0.125]]]
    """
    layers = range(len(network.weights))
    gradients = [dot(transpose(activations[k]), deltas[k + 1]) for k in layers]  #  (nₖ x nₖ₊₁)
    if network.biases:
        gradients += [[column_sums(deltas[k + 1])] for k in layers]  #    (1 x nₖ₊₁)
    return gradients


def parameters(network: "Network") -> "Parameters":
    """Return the weights, then each layer's biases as a matrix of one row; not copies.

    >>> from .network import Network
    >>> parameters(Network([2, 1], init="zeros", bias=True))
    [[[0.0], [0.0]], [[0.0]]]
    """
    return list(network.weights) + [[row] for row in network.biases]


def set_parameters(network: "Network", new: "Parameters") -> None:
    """Give the network other weights and biases, in the order of `parameters`.

    >>> from .network import Network
    >>> network = Network([1, 1], bias=True)
    >>> set_parameters(network, [[[2.0]], [[3.0]]])
    >>> network.weights, network.biases
    ([[[2.0]]], [[3.0]])
    """
    layers = len(network.weights)
    network.weights, network.biases = new[:layers], [row for [row] in new[layers:]]


def activation_of(network: "Network", k: int) -> "Layerwise":
    """Return the activation of layer k, where layer 0 is the inputs and has none.

    >>> from .network import Network
    >>> activation_of(Network([2, 1]), 1) is ACTIVATIONS["sigmoid"]
    True
    """
    return ACTIVATIONS[network.layer_activations[k - 1]]


def check_reduction(reduction: str) -> str:
    """Return the reduction, "sum" or "mean", or say that it is neither.

    >>> check_reduction("sum")
    'sum'
    """
    if reduction not in ("sum", "mean"):
        raise PureNetError(f'reduction: expected "sum" or "mean", got {reduction!r}')
    return reduction
