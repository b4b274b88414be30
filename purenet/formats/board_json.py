"""Read and write a network's JSON file with only the module `json`: for boards and the bundle.

The files are those that `json_model` describes. `purenet.load` reads what is saved here, and
`load` here reads what `purenet.save` writes, to the same bits if floats have 64 bits. An estimator
becomes a Network that takes and gives numbers on their own scale: see `folded`. Its other members
are ignored, and so is a history; `convert --bare` leaves that out, as it takes memory to read. True
and false count as 1 and 0, and if a member is there twice, one of the two is used.

This module runs on MicroPython without changes.
"""

import json
import math

from ..core import ENTROPY
from ..core.checks import PureNetError, as_matrix, check_that, shown, whole_number
from ..core.matrix import all_finite
from ..core.network import OPTIONS, Network

try:
    from os import urandom

    ENTROPY["os"] = urandom  # as `purenet` does it, for the bundle
except ImportError:  # a sandbox or a board may have none
    pass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..core._types import Matrix, Row

FORMAT, VERSION = "purenet", 2
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

    checked = checked_copy(network)
    beside = f"{path}.tmp"
    with open(beside, "w", encoding="utf-8") as file:
        for piece in _pieces(checked):
            file.write(piece)
        file.flush()
        if hasattr(os, "fsync"):  # else a power cut could leave an empty file of that name
            os.fsync(file.fileno())
    getattr(os, "replace", os.rename)(beside, path)  # MicroPython's rename replaces


def load(path: str) -> "Network":
    """Return the network in a JSON file; that of a classifier has its labels as `classes`.

    The outputs of a classifier are the probabilities of its `classes`, and those of a regressor the
    predicted numbers. Neither is an estimator any more, so `save` writes a network.

    Raises PureNetError if the file is not as `json_model` describes, and OSError.
    """
    with open(path, encoding="utf-8") as file:
        return _loaded(json.load, file)


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
    return "".join(_pieces(checked_copy(network)))


def loads(text: str) -> "Network":
    """Return the network that a text describes, as `load` does for a file.

    >>> loads(dumps(Network([2, 1], init="zeros", seed=1))).weights
    [[[0.0], [0.0]]]
    """
    return _loaded(json.loads, text)


def checked_copy(network: "Network") -> "Network":
    """Return a copy whose numbers are floats, so that nothing is saved that could not be loaded.

    Raises PureNetError for numbers that are not finite, and for weights that do not fit the sizes.

    >>> checked_copy(Network.of([[[1], [2]]])).weights
    [[[1.0], [2.0]]]
    """
    if not isinstance(network, Network):
        raise PureNetError(f"expected a Network, got {shown(network)}")
    document: "dict[str, Any]" = {name: getattr(network, name) for name in OPTIONS}
    for name in LISTS:
        document[name] = list(getattr(network, name))
    return _network_of(document)


def _pieces(network: "Network") -> "Iterator[str]":
    """Yield the text of a file, at most a row of weights at a time."""
    yield f'{{"format": "{FORMAT}", "version": {VERSION},\n'
    for name in ("sizes",) + OPTIONS:
        yield f'"{name}": {json.dumps(getattr(network, name))},\n'
    yield '"weights": ['
    for k, matrix in enumerate(network.weights):
        yield ",\n[" if k else "\n["
        for i, row in enumerate(matrix):
            yield (",\n" if i else "") + json.dumps(row)
        yield "]"
    yield f'],\n"biases": {json.dumps(network.biases)}}}\n'


def _loaded(parse: "Any", source: "Any") -> "Network":
    try:
        document = parse(source)
    except (ValueError, RuntimeError):  # RuntimeError for too many nested lists
        raise PureNetError("not valid JSON in UTF-8") from None
    _check_members(document)
    network = _network_of(document)
    estimator = document.get("estimator")
    if estimator is not None:
        _become(network, estimator)
    return network


def _network_of(document: "Any") -> "Network":
    """Return the network that a document describes, and reuse the document's lists for it."""
    weights, biases = document["weights"], document["biases"]
    for k in range(len(weights)):  # one at a time, because two copies of all are too much
        weights[k] = as_matrix(weights[k], f"weights[{k}]")
    for k in range(len(biases)):
        biases[k] = as_matrix([biases[k]], f"biases[{k}]")[0]
    return network_of(document, weights, biases)


def network_of(members: "dict[str, Any]", weights: "list[Matrix]", biases: "Matrix") -> "Network":
    """Return the network with these weights and biases, and with the other members of its file.

    >>> members = {"activation": "tanh", "output_activation": "linear", "loss": "squared_error"}
    >>> members.update(init="zeros", seed=1)
    >>> network_of(members, [[[2.0]]], [[3.0]]).predict([[4]])
    [[11.0]]
    """
    options = {name: members[name] for name in OPTIONS}
    whole_number(options["seed"], "seed", 0, 2**32 - 1)  # for None, another one would be drawn
    return Network.of(weights, biases, sizes=members.get("sizes"), **options)


def _become(network: "Any", estimator: "Any") -> None:
    """Make a network answer as the estimator it belongs to, and know its classes."""
    first, last = network.sizes[0], network.sizes[-1]
    inputs, outputs = _member(estimator, "inputs"), _member(estimator, "output_scale")
    fold_scales(network, _scale(inputs, "inputs", first), _scale(outputs, "output_scale", last))
    classes = _member(estimator, "classes")
    is_list = isinstance(classes, list) and len(classes) == last
    check_that(is_list or classes is None, "classes", f"a list of {last}", classes)
    network.classes = classes


def _scale(value: "Any", name: str, n: int) -> "tuple[Row, Row] | None":
    """Return the n means and the n deviations of inputs or outputs, or None."""
    if value is None:
        return None
    rows = [_member(value, "means"), _member(value, "deviations")]
    means, deviations = as_matrix(rows, name, n)
    return means, [deviation or 1.0 for deviation in deviations]


def _member(value: "Any", name: str) -> "Any":
    if not isinstance(value, dict):
        raise PureNetError(f"expected an object with {name}, got {shown(value)}")
    return value.get(name)


def fold_scales(
    network: "Network", inputs: "tuple[Row, Row] | None", outputs: "tuple[Row, Row] | None"
) -> None:
    """Put the standardization of inputs and outputs into a network, as `folded` says.

    Each is a row of means and a row of deviations, or None. The network's lists of rows change, but
    no row does. Raises PureNetError if a weight becomes too large for a float.

    >>> network = Network.of([[[3.0]]], [], output_activation="linear")
    >>> fold_scales(network, ([1.0], [2.0]), ([10.0], [4.0]))
    >>> network.predict([[1.0], [3.0]])
    [[10.0], [22.0]]
    """
    if inputs or outputs:
        network.biases = network.biases or [[-0.0] * n for n in network.sizes[1:]]  # x + -0.0 is x
    weights, biases = network.weights, network.biases
    if inputs:
        biases[0] = _fold_before(inputs, weights[0], biases[0])
    if outputs:
        biases[-1] = _fold_behind(outputs, weights[-1], biases[-1])
    if not all(map(all_finite, weights + [biases])):
        raise PureNetError("standardization makes a weight too large for a float")


def _fold_before(scale: "tuple[Row, Row]", W: "Matrix", b: "Row") -> "Row":
    means, deviations = scale
    for i, deviation in enumerate(deviations):  # one at a time, as two copies of W are too much
        W[i] = [w / deviation for w in W[i]]
    terms = ([v] + [-mean * row[j] for mean, row in zip(means, W)] for j, v in enumerate(b))
    return [_exact_sum(row) for row in terms]


def _fold_behind(scale: "tuple[Row, Row]", W: "Matrix", b: "Row") -> "Row":
    means, deviations = scale
    for i, row in enumerate(W):
        W[i] = [w * deviation for w, deviation in zip(row, deviations)]
    return [v * deviation + mean for v, mean, deviation in zip(b, means, deviations)]


def _exact_sum(terms: "Row") -> float:
    """Return an exact sum, because large terms may cancel; MicroPython has only the rounded one."""
    try:
        return getattr(math, "fsum", sum)(terms)
    except (OverflowError, ValueError):
        return math.inf


def _check_members(document: "Any") -> None:
    version_of(document)  # the first had one activation for all layers
    for name in MEMBERS:
        if name not in document:
            raise PureNetError(f"{name} is missing")
    for name in document:
        if name not in MEMBERS and name not in ("history", "estimator"):
            raise PureNetError(f"unknown member {shown(name)}")
    for name in LISTS:
        check_that(isinstance(document[name], list), name, "a list", document[name])


def version_of(document: "Any", kind: str = "model of PureNet", form: str = FORMAT) -> int:
    """Return the version of the description that a file of this kind and format follows.

    Raises PureNetError for a file of another kind, and for a version that cannot be read.

    >>> version_of({"format": "purenet", "version": 2})
    2
    """
    if not isinstance(document, dict) or document.get("format") != form:
        raise PureNetError(f'not a {kind}: expected an object with "format": "{form}"')
    version = document.get("version")
    if type(version) is not int or version not in (1, VERSION):
        raise PureNetError(f"version: expected 1 or {VERSION}, got {shown(version)}")
    return version
