"""Reading and writing model files: the ending of the name selects the format, and its module."""

from __future__ import annotations

import copy
import math
import os
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from ..core._types import Names
from ..core.checks import PureNetError, check_that, counted
from ..core.history import History
from . import readers
from .model import Asked, Model, build, describe
from .writing import FileName, check_writable, replace_file

# Room for sixteen million weights, and a limit for endless streams.
MOST_BYTES = 2**27
CHUNK = 2**16

# The module of each format, and the limit on its bytes. A module has `write(model, float32)`, which
# returns the bytes of a Model, and `read(data, asked)`, which returns the Model.
FORMATS = {
    ".json": ("json_model", readers.MOST_BYTES),
    ".npz": ("npz", MOST_BYTES),
    ".safetensors": ("safetensors", MOST_BYTES),
    ".onnx": ("onnx", MOST_BYTES),
}

# Options that only one format takes: `asked.layers`, and a further argument of its `write`.
ONLY_FOR = {"layers": ".safetensors", "probabilities_only": ".onnx"}


def save(
    model: Any,
    path: FileName,
    history: History | None = None,
    *,
    float32: bool = False,
    probabilities_only: bool = False,
) -> None:
    """Write a Network, a fitted Classifier or Regressor, or a description of one, to a file.

    The name's ending is the format: .json (also without an ending), .npz, .safetensors, .onnx. The
    `history` of a network's training is stored if it is given; an estimator has its own. `float32`
    halves a file that is not JSON, and rounds the weights to seven digits. `probabilities_only`
    leaves the labels, and the operators that choose them, out of an .onnx file. The file is written
    completely or not at all, and replaces an existing one.

    Raises PureNetError if the model could not be loaded again, because numbers are not finite or
    weights do not fit the sizes, and OSError if the file cannot be written.

    >>> import tempfile
    >>> from purenet import Network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Network([2, 1]), folder + "/model.json")
    ...     os.listdir(folder)
    ['model.json']
    """
    name = file_name(path)
    form, _ = _format_of(name)
    with readers.named(name):
        described = describe(model, history)
        _check_option("probabilities_only", probabilities_only, name)
        options = {"probabilities_only": True} if probabilities_only else {}
        data = form.write(described, float32, **options)
        build(form.read(data, Asked()))  # refuse to save what could not be loaded
    replace_file(name, data)


def load(
    path: FileName,
    *,
    activation: Names | None = None,
    output_activation: str | None = None,
    layers: Sequence[str] | None = None,
) -> Any:
    """Return the model in a file: a Network, or a fitted Classifier or Regressor.

    The name's ending is the format, as in `save`. A file that another program wrote may not include
    its activations: then `activation` is that of the hidden layers, or a list of one for each, and
    `output_activation` that of the last. `layers` gives the names of a safetensors file's layers in
    order, if the names do not show it.

    Raises PureNetError if the file is not as its format's module describes, and OSError if it
    cannot be read.

    >>> import tempfile
    >>> from purenet import Classifier, Network
    >>> network = Network([3, 4, 1], seed=1)
    >>> classifier = Classifier(epochs=1).fit([[0], [1]], ["no", "yes"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(network, folder + "/network.json")
    ...     load(folder + "/network.json").weights == network.weights
    ...     save(classifier, folder + "/classifier.json")
    ...     load(folder + "/classifier.json")
    True
    Classifier(epochs=1)
    """
    return _read_and_built(path, Asked(activation, output_activation, layers))[1]


def load_history(path: FileName) -> History:
    """Return the history of the training of the model in a file, or an empty History.

    An epoch without a validation loss has NaN if earlier epochs have one.

    Raises what `load` raises.

    >>> import tempfile
    >>> from purenet import Network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = folder + "/model.json"
    ...     save(Network([2, 1]), path)
    ...     load_history(path)
    History(epochs=[], loss=[], validation_loss=[], stopped='', engine='lists')
    """
    return history_of(read_model(path))


def history_of(model: Model) -> History:
    """Return a model's history, with NaN for each epoch that has no validation loss.

    >>> from purenet import Network
    >>> history_of(Model(Network([2, 1]))).epochs
    []
    """
    history = copy.copy(model.history or History())
    if history.validation_loss:
        missing = len(history.epochs) - len(history.validation_loss)
        history.validation_loss = history.validation_loss + [math.nan] * missing
    return history


def read_model(path: FileName, asked: Asked | None = None) -> Model:
    """Return the description of the model in a file, from which `load` builds the model.

    Raises what `load` raises.

    >>> import tempfile
    >>> from purenet import Network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Network([2, 1]), folder + "/model.json")
    ...     read_model(folder + "/model.json").kind
    'network'
    """
    return _read_and_built(path, asked or Asked())[0]


def _read_and_built(path: FileName, asked: Asked) -> tuple[Model, Any]:
    name = file_name(path)
    form, most = _format_of(name)
    with readers.named(name):
        _check_option("layers", asked.layers is not None, name)
        model = form.read(read(name, most), asked)
        return model, build(model)


def _check_option(option: str, is_given: bool, name: str) -> None:
    if is_given and Path(name).suffix.lower() != ONLY_FOR[option]:
        raise PureNetError(f"{option}: only {ONLY_FOR[option]} files take this option")


def check_destination(path: FileName) -> None:
    """Raise what `save` would raise for a file of this name, without writing anything.

    >>> check_destination("net.pt")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: net.pt: expected a name that ends in .json, ... got .pt
    """
    name = file_name(path)
    _format_of(name)
    check_writable(name)


def _format_of(name: str) -> tuple[Any, int]:
    """Return the module of a file's format, and the limit on its bytes."""
    ending = Path(name).suffix.lower() or ".json"
    if Path(name).exists() and not Path(name).is_file():
        ending = ".json"  # a pipe, /dev/stdout
    if ending not in FORMATS:
        *first, last = FORMATS
        endings = f"{', '.join(first)} or {last}"
        raise PureNetError(f"{name}: expected a name that ends in {endings}, got {ending}")
    module, most = FORMATS[ending]
    return import_module(f"{__package__}.{module}"), most


def file_name(path: FileName) -> str:
    """Return the name of a file as text, or raise PureNetError.

    >>> file_name(b"model.json")
    'model.json'
    """
    try:
        name = os.fsdecode(path)
    except TypeError:
        name = ""
    check_that(name != "" and "\0" not in name, "path", "the name of a file", path)
    return name


def read(name: str, most: int = MOST_BYTES) -> bytearray:
    """Return the content of a file. It is read in pieces, because a pipe does not tell its length.

    Raises PureNetError if the file is too long, and OSError.
    """
    data = bytearray()
    with Path(name).open("rb") as file:
        for piece in iter(lambda: file.read(CHUNK), b""):
            data += piece
            if len(data) > most:
                raise PureNetError(f"expected at most {counted(most, 'byte')}, got more")
    return data
