"""What several formats share: a model's parameters in one place, what is said of it in another.

A format for arrays (`npz`, `safetensors`, `onnx`) keeps the numbers in its own way, and the rest of
what `json_model` describes as a text beside them. Where another program wrote the file that text is
missing, and what the layers are has to come from the format or from the caller.
"""

from __future__ import annotations

from typing import Any

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, shape
from ..core.history import History
from ..core.network import Network, check_parameters
from .json_members import make_floats
from .json_model import document_of, model_of
from .json_text import in_a_line, parse

# scikit-learn's words for activations, where they are others than ours.
OF_SKLEARN = {"identity": "linear", "logistic": "sigmoid"}


def parted(model: Any, history: History | None) -> tuple[str, list[Matrix], list[Row]]:
    """Return what is said of a model as JSON in ASCII, its weights, and its biases ([] for none).

    Raises PureNetError for what is no model.

    >>> about, weights, biases = parted(Network([2, 1], init="zeros", seed=1), None)
    >>> about[:38], weights, biases
    ('{"format": "purenet", "version": 1, "s', [[[0.0], [0.0]]], [])
    """
    document = document_of(model, history)
    weights, biases = document.pop("weights"), document.pop("biases")
    return in_a_line(document), weights, biases


def joined(about: str, weights: list[Matrix], biases: list[Row]) -> tuple[Any, History]:
    """Return the model and the history of which `parted` has given the parts.

    Raises PureNetError where they are not as `json_model` describes.

    >>> joined(*parted(Network([2, 1], init="zeros", seed=1), None))[0].sizes
    [2, 1]
    """
    document = parse(about.encode())
    if isinstance(document, dict):
        for name, parameters in (("weights", weights), ("biases", biases)):
            if name in document:
                raise PureNetError(f"{name} are there twice")
            document[name] = parameters
    return model_of(document)


def plain_network(
    weights: list[Matrix],
    biases: list[Row | None],
    activation: str | None,
    output_activation: str | None,
) -> Network:
    """Return the network that has these weights, (nₖ x nₖ₊₁) each, and these biases.

    None among the biases stands for a layer that has none; without any, the network has none.
    `activation` is that of the hidden layers; where there are none, it does not count.

    Raises PureNetError where layers do not fit one another, where a number is not finite, and where
    an activation is needed and None.

    >>> plain_network([[[1.0], [2.0]]], [[3.0]], None, "linear").predict([[1, 1]])
    [[6.0]]
    """
    sizes = [shape(weights[0], "weights[0]")[0]] if weights else []
    sizes += [shape(W, f"weights[{k}]")[1] for k, W in enumerate(weights)]
    if len(sizes) < 2:
        raise PureNetError("no layer with weights")
    if len(sizes) > 2 and activation is None:
        raise PureNetError("it does not say what the hidden layers are: say activation")
    if output_activation is None:
        raise PureNetError("it does not say what the last layer is: say output_activation")
    network = Network(
        [1] * min(len(sizes), 3),
        activation=activation if len(sizes) > 2 and activation is not None else output_activation,
        output_activation=output_activation,
        loss="cross_entropy" if output_activation == "softmax" else "squared_error",
        init="zeros",
        seed=0,
    )
    network.sizes, network.weights = sizes, weights
    if any(row is not None for row in biases):
        rows = [[0.0] * n if row is None else row for row, n in zip(biases, sizes[1:])]
        network.biases = rows
    else:
        network.biases = []
    check_parameters(network)
    for k, matrix in enumerate(network.weights):
        make_floats(matrix, f"weights[{k}]")
    make_floats(network.biases, "biases")
    return network


def as_classifier(
    network: Network,
    classes: list[Any],
    inputs: tuple[Row, Row] | None = None,
    names: list[str] | None = None,
    history: History | None = None,
) -> Any:
    """Return the Classifier of a network that puts out a probability for each class.

    `inputs` are the means and deviations by which inputs are standardized, `names` those of a data
    frame's columns. A network with one sigmoid output, the probability of the second of two
    classes, is made into one with two outputs: sigmoid(z) is the second of softmax([0, z]).

    Raises PureNetError where the network's outputs are no such probabilities.

    >>> network = plain_network([[[2.0]]], [[0.0]], None, "sigmoid")
    >>> as_classifier(network, ["no", "yes"]).predict([[-1], [1]])
    ['no', 'yes']
    """
    if network.output_activation == "sigmoid" and network.sizes[-1] == 1:
        network = _with_two_outputs(network)
    if network.output_activation != "softmax":
        raise PureNetError(
            f"classes: expected softmax outputs, got {network.output_activation} ones"
        )
    network.loss = "cross_entropy"
    members = {"classes": classes}
    return _estimator("classifier", network, members, inputs, names, history)


def as_regressor(
    network: Network,
    outputs: tuple[Row, Row] | None = None,
    several: bool = False,
    inputs: tuple[Row, Row] | None = None,
    names: list[str] | None = None,
    history: History | None = None,
) -> Any:
    """Return the Regressor of a network with linear outputs.

    `outputs` are the means and deviations of the targets, to bring outputs back to their scale.

    Raises PureNetError where the network's outputs are not linear.

    >>> network = plain_network([[[2.0]]], [[0.0]], None, "linear")
    >>> as_regressor(network, ([10.0], [1.0])).predict([[1]])
    [12.0]
    """
    n = network.sizes[-1]
    members = {"output_scale": _scale(outputs or ([0.0] * n, [1.0] * n)), "several": several}
    network.loss = "squared_error"
    return _estimator("regressor", network, members, inputs, names, history)


def _with_two_outputs(network: Network) -> Network:
    twin = network.copy()
    twin.sizes[-1] = 2
    twin.weights[-1] = [[0.0, w] for [w] in twin.weights[-1]]
    if twin.biases:
        twin.biases[-1] = [0.0, *twin.biases[-1]]
    twin.output_activation = "softmax"
    if len(twin.sizes) == 2:
        twin.activation = "softmax"
    return twin


def _estimator(
    kind: str,
    network: Network,
    members: dict[str, Any],
    inputs: tuple[Row, Row] | None,
    names: list[str] | None,
    history: History | None,
) -> Any:
    """Return an estimator as if its file had been read, which checks all that there is to check."""
    from .estimator_model import KINDS, OPTIONS, estimator_of  # a network needs none of it

    defaults = KINDS[kind]().get_params()
    options = {name: defaults[name] for name in OPTIONS}
    options.update(
        hidden=network.sizes[1:-1],
        activation=network.activation if len(network.sizes) > 2 else "sigmoid",
        standardize=inputs is not None,
    )
    document = {
        "kind": kind,
        "options": options,
        "inputs": None if inputs is None else _scale(inputs),
        "names": names,
        "best_epoch": -1,
        "best_loss": None,
        **members,
    }
    return estimator_of(document, network, history or History())


def _scale(pair: tuple[Row, Row]) -> dict[str, Row]:
    return dict(zip(("means", "deviations"), pair))
