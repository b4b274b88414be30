"""A model's file by its name: the ending says which format, and each format has a module."""

from __future__ import annotations

import contextlib
import copy
import math
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..core._types import Names
from ..core.checks import PureNetError, counted, shown
from ..core.history import History
from . import json_text
from .model import Asked, Model, build, describe
from .writing import FileName, check_writable, replace_file

# Each has `write(model, float32)`, which returns the bytes of a Model, and `read(data, asked)`,
# which returns the Model.
FORMATS = {
    ".json": "json_model",
    ".npz": "npz",
    ".safetensors": "safetensors",
    ".onnx": "onnx",
}

# Sixteen million weights, and an end to what has none. (JSON, whose numbers are longer, has less.)
MOST_BYTES = 2**27
CHUNK = 2**16


def save(
    model: Any, path: FileName, history: History | None = None, *, float32: bool = False
) -> None:
    """Write a Network, or a fitted Classifier or Regressor, to a file.

    The name's ending is the format: .json (also without an ending), .npz, .safetensors, .onnx.
    With a network goes the `history` of its training, if it is given; an estimator has its own.
    `float32` halves a file that is not JSON, and costs the weights all but seven digits. The file
    is there whole or not at all, and one that was there before is replaced.

    Raises PureNetError where the model could not be loaded again: numbers that are not finite,
    weights that do not fit the sizes; and OSError where the file cannot be written.

    >>> import tempfile
    >>> from purenet import Network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     save(Network([2, 1]), folder + "/model.json")
    ...     os.listdir(folder)
    ['model.json']
    """
    name = file_name(path)
    with _named(name):
        described = describe(model, history)
    write_model(described, name, float32)


def write_model(model: Model, path: FileName, float32: bool = False) -> None:
    """Write the description of a model to a file, as `save` writes the model itself.

    Raises what `save` raises.

    >>> import tempfile
    >>> from purenet import Network
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_model(Model(Network([2, 1])), folder + "/model.npz")
    ...     os.listdir(folder)
    ['model.npz']
    """
    name = file_name(path)
    form, _ = _format_of(name)
    with _named(name):
        data = form.write(model, float32)
        build(form.read(data, Asked()))  # what could not be loaded is not saved
    replace_file(name, data)


def load(
    path: FileName,
    *,
    activation: Names | None = None,
    output_activation: str | None = None,
    layers: Sequence[str] | None = None,
) -> Any:
    """Return the model that is in a file: a Network, or a fitted Classifier or Regressor.

    The name's ending is the format, as `save` has them. A file that another program wrote may not
    say which activations its layers have: then `activation` is that of the hidden layers, or a
    list of one for each, and `output_activation` that of the last. `layers` are the names of a
    safetensors file's layers in order, where the names do not tell.

    Raises PureNetError where the file is not as its format's module describes, and OSError where
    it cannot be read.

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
    """Return how the model in a file was trained; an empty History if it does not say.

    An epoch without a loss on rows held back, after others that have one, has NaN.

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
    """Return how a model was trained, with NaN where an epoch has no loss on rows held back.

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
    """Return the description of the model in a file, of which `load` makes the model itself.

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
    with _named(name):
        if asked.layers is not None and not form.__name__.endswith("safetensors"):
            raise PureNetError("layers: only those of a .safetensors file have to be named")
        model = form.read(read(name, most), asked)
        return model, build(model)


@contextlib.contextmanager
def _named(name: str) -> Iterator[None]:
    """Put the name of the file before whatever is wrong with it."""
    try:
        yield
    except PureNetError as error:
        raise PureNetError(f"{name}: {error}") from None


def check_destination(path: FileName) -> None:
    """Raise, as `save` would in the end, where a model cannot be saved to a file of this name.

    >>> check_destination("net.pt")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: net.pt: a model's file ends in .json, ... or .onnx, not .pt
    """
    name = file_name(path)
    _format_of(name)
    check_writable(name)


def _format_of(name: str) -> tuple[Any, int]:
    """Return the module of a file's format, and how many bytes it may have."""
    ending = Path(name).suffix.lower() or ".json"
    if Path(name).exists() and not Path(name).is_file():
        ending = ".json"  # a pipe, /dev/stdout
    if ending not in FORMATS:
        *first, last = FORMATS
        endings = f"{', '.join(first)} or {last}"
        raise PureNetError(f"{name}: a model's file ends in {endings}, not {ending}")
    module = FORMATS[ending]
    most = json_text.MOST_BYTES if ending == ".json" else MOST_BYTES
    return __import__(f"{__package__}.{module}", None, None, (module,)), most


def file_name(path: FileName) -> str:
    """Return the name of a file as text, or say that it is none.

    >>> file_name(b"model.json")
    'model.json'
    """
    try:
        name = os.fsdecode(path)
    except TypeError:
        name = ""
    if not name or "\0" in name:
        raise PureNetError(f"path: expected the name of a file, got {shown(path)}")
    return name


def read(name: str, most: int = MOST_BYTES) -> bytearray:
    """Return what is in a file, in pieces: before they are there, nothing tells how many.

    Raises PureNetError where there is too much, and OSError.
    """
    data = bytearray()
    with Path(name).open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            if not chunk:
                return data
            data += chunk
            if len(data) > most:
                raise PureNetError(f"more than {counted(most, 'byte')}, which is the most")
