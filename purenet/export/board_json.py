"""Read and write a network's JSON file with only the module `json`: for boards and the bundle.

The files are those that `json_model` describes. `purenet.load` reads what is saved here, and
`load` here reads what `purenet.save` writes, to the same bits if floats have 64 bits. The file of
an estimator is refused, because its network alone would not scale inputs and outputs. A history is
ignored, true and false count as 1 and 0, and if a member is there twice, one of the two is used.

This module runs on MicroPython without changes.
"""

import json

from ..core.checks import PureNetError, as_matrix, shown, whole_number
from ..core.mt19937 import MT19937
from ..core.network import Network, check_parameters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

OPTIONS = ("activation", "output_activation", "loss", "init", "seed")
LISTS = ("sizes", "weights", "biases")
MEMBERS = ("format", "version") + LISTS + OPTIONS


def save(network: "Network", path: str) -> None:
    """Write a network to a JSON file.

    The file is first written beside its destination, with ".tmp" added to its name, so that an
    existing file stays until the new one is complete.

    Raises PureNetError if the network could not be loaded again, and OSError.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Network([2, 1], init="zeros", seed=1), folder + "/model.json")
    ...     load(folder + "/model.json").weights
    [[[0.0], [0.0]]]
    """
    import os  # not above, so that a sandbox without it can predict

    checked = _checked(network)
    beside = f"{path}.tmp"
    with open(beside, "w", encoding="utf-8") as file:
        for piece in _pieces(checked):
            file.write(piece)
    getattr(os, "replace", os.rename)(beside, path)  # MicroPython's rename replaces


def load(path: str) -> "Network":
    """Return the network in a JSON file.

    Raises PureNetError if the file is not as `json_model` describes, and OSError.
    """
    with open(path, encoding="utf-8") as file:
        return _network_of(_parsed(json.load, file))


def dumps(network: "Network") -> str:
    """Return the text that `save` writes.

    >>> print(dumps(Network([2, 1], init="zeros", seed=1)), end="")
    {"format": "purenet", "version": 2,
    "sizes": [2, 1],
    "activation": "sigmoid",
    "output_activation": "sigmoid",
    "loss": "squared_error",
    "init": "zeros",
    "seed": 1,
    "weights": [
    [[0.0],
    [0.0]]],
    "biases": []}
    """
    return "".join(_pieces(_checked(network)))


def loads(text: str) -> "Network":
    """Return the network that a text describes, as `load` does for a file.

    >>> loads(dumps(Network([2, 1], init="zeros", seed=1))).weights
    [[[0.0], [0.0]]]
    """
    return _network_of(_parsed(json.loads, text))


def _checked(network: "Network") -> "Network":
    """Return a checked copy, so that nothing is saved that could not be loaded."""
    if not isinstance(network, Network):
        raise PureNetError(f"expected a Network, got {shown(network)}")
    document: "dict[str, Any]" = {"format": "purenet", "version": 2}
    for name in OPTIONS:
        document[name] = getattr(network, name)
    for name in LISTS:
        document[name] = list(getattr(network, name))
    return _network_of(document)


def _pieces(network: "Network") -> "Iterator[str]":
    """Yield the text of a file, at most a row of weights at a time."""
    yield '{"format": "purenet", "version": 2,\n'
    for name in ("sizes",) + OPTIONS:
        yield f'"{name}": {json.dumps(getattr(network, name))},\n'
    yield '"weights": ['
    for k, matrix in enumerate(network.weights):
        yield ",\n[" if k else "\n["
        for i, row in enumerate(matrix):
            yield (",\n" if i else "") + json.dumps(row)
        yield "]"
    yield f'],\n"biases": {json.dumps(network.biases)}}}\n'


def _parsed(parse: "Any", source: "Any") -> "Any":
    try:
        return parse(source)
    except (ValueError, RuntimeError):  # RuntimeError for too many nested lists
        raise PureNetError("not valid JSON in UTF-8") from None


def _network_of(document: "Any") -> "Network":
    """Return the network that a document describes, and reuse the document's lists for it."""
    _check_members(document)
    sizes, weights, biases = [document[name] for name in LISTS]
    sizes = [whole_number(size, f"sizes[{k}]", 1) for k, size in enumerate(sizes)]
    if len(sizes) < 2:
        raise PureNetError(f"sizes: expected at least two layers, got {shown(sizes)}")
    # A network of one neuron a layer, so that sizes alone cannot make a file's reader run out of
    # memory.
    network = Network([1] * len(sizes), **{name: document[name] for name in OPTIONS})
    network.generator = MT19937(network.seed)
    for k in range(len(weights)):  # one at a time, because two copies of all are too much
        weights[k] = as_matrix(weights[k], f"weights[{k}]")
    for k in range(len(biases)):
        biases[k] = as_matrix([biases[k]], f"biases[{k}]")[0]
    network.sizes, network.weights, network.biases = sizes, weights, biases
    check_parameters(network)
    return network


def _check_members(document: "Any") -> None:
    if not isinstance(document, dict) or document.get("format") != "purenet":
        raise PureNetError('not a model of PureNet: expected an object with "format": "purenet"')
    if document.get("version") not in (1, 2):  # the first had one activation for all layers
        raise PureNetError(f"version: expected 1 or 2, got {shown(document.get('version'))}")
    if document.get("estimator") is not None:
        raise PureNetError("expected a network, got an estimator; `purenet bundle` converts it")
    for name in MEMBERS:
        if name not in document:
            raise PureNetError(f"{name} is missing")
    for name in document:
        if name not in MEMBERS and name not in ("history", "estimator"):
            raise PureNetError(f"unknown member {shown(name)}")
    for name in LISTS:
        if not isinstance(document[name], list):
            raise PureNetError(f"{name}: expected a list, got {shown(document[name])}")
