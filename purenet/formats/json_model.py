"""A network as a JSON file that people, and programs in any language, can read.

The file is one JSON object in UTF-8 with these members, all of them needed but the last:

    "format"             "purenet"
    "version"            1: this description
    "sizes"              the number of neurons of each layer, inputs first: [n₀, n₁, ..., n_L]
    "activation"         of the hidden layers: "sigmoid", "tanh", "relu", "leaky_relu", "linear"
    "output_activation"  of the last layer: one of these, or "softmax"
    "loss"               "squared_error" or "cross_entropy"
    "init"               how the first weights were drawn: "uniform", "glorot", "he" or "zeros"
    "seed"               from which number: 0 to 2**32 - 1
    "weights"            a matrix for each layer but the inputs, a list of nₖ rows of nₖ₊₁ numbers
    "biases"             a list of nₖ₊₁ numbers for each layer but the inputs; [] without biases
    "history"            how it was trained: an object with the members of `purenet.History`;
                         null stands for a loss that was no finite number, and is read as NaN

With f as in `purenet.core.activations`, layer k+1 puts out f(activations[k] · weights[k] +
biases[k]). Numbers have as many digits as it takes to read the same float again, so a network
that was saved and loaded gives the same outputs to the last bit. The state of its generator is
not kept: loaded, it begins anew from the seed, so a training that shuffles goes on in another
order than it would have.

`load` believes nothing: it checks structure, names, sizes and numbers before it makes a network,
and takes no more memory than the file's own length calls for. A version that it does not know,
a member that is missing, unknown or there twice: each is an error, a sentence with the file's
name.
"""

from __future__ import annotations

import json
import math
import os
from pathlib import Path

from ..core.matrix import PureNetError, as_matrix, counted, shown, whole_number
from ..core.mt19937 import MT19937
from ..core.network import Network, check_parameters
from ..core.training import History
from .writing import replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from ..core._types import Matrix, Row
    from .writing import FileName

FORMAT, VERSION = "purenet", 1

# One and a half million weights, with all their digits. As lists, a file of as many short numbers
# takes up to 30 times its length. It is also an end to what has none, such as /dev/zero.
MOST_BYTES = 2**25
CHUNK = 2**16

# A whole number of more digits than this is no size, no seed and no weight; and Python before
# 3.11 takes minutes for one of a million digits.
MOST_DIGITS = 100

LONGEST_NAME = 40

NUMBERS = {float, int}  # and not bool: true and false are no numbers here

NAMES = ("activation", "output_activation", "loss", "init")
NEEDED = ("format", "version", "sizes", *NAMES, "seed", "weights", "biases")
OF_HISTORY = ("epochs", "loss", "validation_loss", "stopped", "engine")


def save(network: Network, path: FileName, history: History | None = None) -> None:
    """Write a network to a JSON file, with the History of its training if it is given.

    The file is there whole or not at all, and one that was there before is replaced.

    Raises PureNetError where the network could not be loaded again: numbers that are not finite,
    weights that do not fit the sizes; and OSError where the file cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "model.json")
    ...     save(Network([2, 1], init="zeros", seed=1), path)
    ...     print(path.read_text())
    {
     "format": "purenet",
     "version": 1,
     "sizes": [2, 1],
     "activation": "sigmoid",
     "output_activation": "sigmoid",
     "loss": "squared_error",
     "init": "zeros",
     "seed": 1,
     "weights": [
      [
       [0.0],
       [0.0]
      ]
     ],
     "biases": []
    }
    <BLANKLINE>
    """
    name = _file_name(path)
    try:
        document = _document(network, history)
        checked = _network(document)  # what could not be loaded is not saved
        document.update(sizes=checked.sizes, seed=checked.seed)  # whatever kind of integers came
        _history(document.get("history"))
        data = f"{_layout(document)}\n".encode("ascii")
        _check_length(len(data))
    except PureNetError as error:
        raise PureNetError(f"{name}: {error}") from None
    replace_file(name, data)


def load(path: FileName) -> Network:
    """Return the network that is in a JSON file.

    Raises PureNetError where the file is not as this module describes, and OSError where it
    cannot be read.

    >>> import tempfile
    >>> network = Network([3, 4, 1], seed=1)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "model.json")
    ...     save(network, path)
    ...     load(path).weights == network.weights
    True
    """
    return _load(path)[0]


def load_history(path: FileName) -> History:
    """Return how the network in a JSON file was trained; an empty History if it does not say.

    Raises what `load` raises.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "model.json")
    ...     save(Network([2, 1]), path)
    ...     load_history(path)
    History(epochs=[], loss=[], validation_loss=[], stopped='', engine='lists')
    """
    return _load(path)[1]


def _load(path: FileName) -> tuple[Network, History]:
    name = _file_name(path)
    data = _read(name)
    try:
        document = _parse(data)
        return _network(document), _history(document.get("history"))
    except RecursionError:
        raise PureNetError(f"{name}: lists within lists, too deep for a network") from None
    except PureNetError as error:
        raise PureNetError(f"{name}: {error}") from None


# -- from a network to text --------------------------------------------------------------------


def _document(network: Network, history: History | None) -> dict[str, Any]:
    """Return what goes into the file. Its numbers may have been set to whatever counts as one."""
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION, "sizes": list(network.sizes)}
    document.update((name, getattr(network, name)) for name in (*NAMES, "seed"))
    document["weights"] = [as_matrix(W, f"weights[{k}]") for k, W in enumerate(network.weights)]
    document["biases"] = [as_matrix([b], f"biases[{k}]")[0] for k, b in enumerate(network.biases)]
    if history is not None:
        if not isinstance(history, History):
            raise PureNetError(f"history: expected a History, got {shown(history)}")
        document["history"] = {name: getattr(history, name) for name in OF_HISTORY}
        for name in ("loss", "validation_loss"):
            losses = document["history"][name]
            document["history"][name] = [x if math.isfinite(x) else None for x in losses]
    return document


def _layout(value: Any, indent: str = "") -> str:
    """Return JSON in which each list of numbers has a line of its own."""
    deeper = indent + " "
    if isinstance(value, dict):
        items = [f"{json.dumps(key)}: {_layout(of, deeper)}" for key, of in value.items()]
    elif isinstance(value, list) and value and isinstance(value[0], list):
        items = [_layout(item, deeper) for item in value]
    else:
        return json.dumps(value, allow_nan=False)
    begin, end = "{}" if isinstance(value, dict) else "[]"
    return f",\n{deeper}".join(items).join((f"{begin}\n{deeper}", f"\n{indent}{end}"))


# -- from a file to a document -----------------------------------------------------------------


def _file_name(path: FileName) -> str:
    try:
        return os.fsdecode(path)
    except TypeError:
        raise PureNetError(f"path: expected the name of a file, got {shown(path)}") from None


def _read(name: str) -> bytearray:
    """Return what is in a file, in pieces: before they are there, nothing tells how many."""
    data = bytearray()
    with Path(name).open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            if not chunk:
                return data
            data += chunk
            try:
                _check_length(len(data))
            except PureNetError as error:
                raise PureNetError(f"{name}: {error}") from None


def _check_length(length: int) -> None:
    if length > MOST_BYTES:
        raise PureNetError(f"more than {MOST_BYTES:,} bytes, which is the most for a JSON model")


def _parse(data: bytearray) -> dict[str, Any]:
    """Return the JSON object that bytes say, if it is a model of this version."""
    if not data:
        raise PureNetError("an empty file")
    if data[:2] == b"\x1f\x8b":
        raise PureNetError("compressed with gzip: unpack it first")
    try:
        text = data.decode("utf-8-sig")  # some editors put a mark before the text
        document = json.loads(
            text, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_object
        )
    except UnicodeDecodeError as error:
        raise PureNetError(f"not text in UTF-8, from byte {error.start} on") from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise PureNetError(f"not JSON: {error.msg}, {place}") from None
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PureNetError('not a model of PureNet: expected an object with "format": "purenet"')
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        raise PureNetError(f"version: expected {VERSION}, got {shown(version)}")
    _check_members(document, NEEDED, optional="history")
    return document


def _whole(digits: str) -> int:
    if len(digits) > MOST_DIGITS:
        raise PureNetError(f"not a number of a model: {digits[:20]}... has {len(digits):,} digits")
    return int(digits)


def _no_number(name: str) -> None:
    raise PureNetError(f"{name}: expected finite numbers")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise PureNetError(f"the member {shown(name)} is there twice")
        members[name] = value
    return members


# -- from a document to a network --------------------------------------------------------------


def _check_members(
    members: dict[str, Any], names: tuple[str, ...], of: str = "", optional: str = ""
) -> None:
    for name in names:
        if name not in members:
            raise PureNetError(f"{of}{name} is missing")
    for name in members:
        if name not in names and name != optional:
            raise PureNetError(f"{of}unknown member {shown(name)}")


def _network(document: dict[str, Any]) -> Network:
    """Return the network that a document describes, or say what is wrong with it."""
    weights, biases = _lists(document["weights"], "weights"), _lists(document["biases"], "biases")
    sizes = _sizes(document["sizes"], len(weights) + 1)
    seed = whole_number(document["seed"], "seed", 0, 2**32 - 1)
    names: dict[str, Any] = {name: _name(document[name], name) for name in NAMES}
    # As small as can be, so that nothing large is made before the numbers are known to be there.
    network = Network([1] * min(len(sizes), 3), seed=seed, **names)
    network.generator = MT19937(seed)
    network.sizes, network.weights, network.biases = sizes, weights, biases
    check_parameters(network)
    for k, matrix in enumerate(weights):
        _make_floats(matrix, f"weights[{k}]")
    _make_floats(biases, "biases")
    return network


def _sizes(value: Any, layers: int) -> list[int]:
    if not isinstance(value, list) or len(value) < 2:
        raise PureNetError(f"sizes: expected a list such as [3, 4, 1], got {shown(value)}")
    if len(value) != layers:
        needed = counted(len(value) - 1, "layer")
        raise PureNetError(f"weights: {layers - 1:,}, but the sizes need {needed} of them")
    return [whole_number(size, f"sizes[{k}]", 1) for k, size in enumerate(value)]


def _name(value: Any, member: str) -> str:
    if not isinstance(value, str) or len(value) > LONGEST_NAME:
        raise PureNetError(f"{member}: expected a name, got {shown(value)}")
    return value


def _lists(value: Any, name: str) -> list[Any]:
    if not isinstance(value, list):
        raise PureNetError(f"{name}: expected a list, got {shown(value)}")
    for k, item in enumerate(value):
        if not isinstance(item, list):
            raise PureNetError(f"{name}[{k}]: expected a list, got {shown(item)}")
    return value


def _make_floats(matrix: Matrix, name: str) -> None:
    """Turn the numbers of a matrix into floats where it is, which is no second one in memory."""
    for i, row in enumerate(matrix):
        if not isinstance(row, list):
            raise PureNetError(f"{name}: row {i}: expected a list, got {shown(row)}")
        kinds = {*map(type, row)}
        if not kinds <= NUMBERS:
            j = [type(value) in NUMBERS for value in row].index(False)
            raise PureNetError(
                f"{name}: row {i}, column {j}: expected a number, got {shown(row[j])}"
            )
        if int in kinds:
            row[:] = map(float, row)
        if not all(map(math.isfinite, row)):
            j = [math.isfinite(value) for value in row].index(False)
            raise PureNetError(f"{name}: row {i}, column {j}: too large for a float")


def _history(value: Any) -> History:
    """Return the History that a document describes, an empty one for None."""
    history = History()
    if value is None:
        return history
    if not isinstance(value, dict):
        raise PureNetError(f"history: expected an object, got {shown(value)}")
    _check_members(value, OF_HISTORY, "history: ")
    for name, member in value.items():
        kind = type(getattr(history, name))
        if type(member) is not kind:
            raise PureNetError(f"history: {name}: expected a {kind.__name__}, got {shown(member)}")
        setattr(history, name, member)
    history.epochs = [whole_number(n, "history: epochs", 0) for n in history.epochs]
    epochs = len(history.epochs)
    for name, lengths in (("loss", (epochs,)), ("validation_loss", (0, epochs))):
        losses = _losses(getattr(history, name), name)
        if len(losses) not in lengths:
            came = counted(len(losses), "value")
            raise PureNetError(f"history: {name}: {came}, but {counted(epochs, 'epoch')}")
        setattr(history, name, losses)
    return history


def _losses(values: list[Any], name: str) -> Row:
    for value in values:
        if value is not None and (type(value) not in NUMBERS or not math.isfinite(value)):
            raise PureNetError(f"history: {name}: expected finite numbers, got {shown(value)}")
    return [math.nan if value is None else float(value) for value in values]
