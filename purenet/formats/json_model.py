"""A network or an estimator as a JSON file that people, and programs in any language, can read.

The file is one JSON object in UTF-8. These members describe the network, and all are needed:

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

With f as in `purenet.core.activations`, layer k+1 puts out f(activations[k] · weights[k] +
biases[k]). How it was trained may follow, and has to where there is an estimator:

    "history"            an object with the members of `purenet.History`:
        "epochs"           the number of each epoch that is written down, in an estimator's file
                           0, 1, 2, ...
        "loss"             a number for each of these
        "validation_loss"  as many, or []; in an estimator's file perhaps fewer: partial_fit has
                           none
        "stopped"          why the training ended, in words
        "engine"           which engine was chosen; "" in an estimator's file

In both lists null stands for a loss that was no finite number, and is read as NaN.

A fitted Classifier or Regressor has one more member, which says what the network's inputs and
outputs mean:

    "estimator"          an object:
        "kind"             "classifier" or "regressor"
        "options"          an object: each option by its name, but not "executor" and "callback";
                           "refit" and "class_weight" (a list of pairs) only where they are set
        "inputs"           how to prepare inputs: null, or an object with "means" and "deviations",
                           n₀ numbers each: input j is (x - means[j]) / deviations[j];
                           "rows" counts those seen so far where partial_fit began, and then 0
                           stands for a deviation of a column that has been constant so far
        "names"            the names of a data frame's n₀ columns, or null
        "best_epoch"       from which epoch the weights are: -1 if none was better than the start
        "best_loss"        its loss on the rows held back, or on all; null if it was not finite
        "classes"          (classifier) n_L different labels in rising order, all text or all
                           numbers, true and false among them: the likeliest is the prediction
        "output_scale"     (regressor) "means" and "deviations" like those of the inputs:
                           prediction j is output j * deviations[j] + means[j]
        "several"          (regressor) whether a prediction is a list of numbers, or a number
        "table"            of which table the inputs are; it may be missing. An object:
            "target"         the name of the column to predict
            "columns"        an object for each of the other columns, in the order of the inputs:
                             its "name", different from all others;
                             "texts": [] for numbers, which are one input, else a list of different
                             texts, which are an input each: 1 where that text stands, else 0;
                             "mean": what a missing number is replaced by; null: none may be missing

Numbers have as many digits as it takes to read the same float again, so what was saved and loaded
gives the same answers to the last bit. Lists come back as lists, tuples and arrays too. Not kept
are:

- the state of a network's generator: it begins anew from the seed, so a training that shuffles
  goes on in another order than it would have;
- what an estimator's optimizer remembers: `partial_fit` goes on from the loaded weights with a
  fresh optimizer, made by the options;
- a `random_state` that is a generator of NumPy's: it is written as null, another seed for each
  fit, as that is the closest to what it did;
- bytes as labels: JSON has none, and saving them is refused. Neither is a subclass saved.

`load` believes nothing: it counts the file's bytes and the marks in it, and checks structure,
names, sizes and numbers before it makes a network, and takes no more memory than the file's own
length calls for. Names are data and nothing else. A version that it does not know, a member that
is missing, unknown or there twice: each is an error, a sentence with the file's name.
"""

from __future__ import annotations

import math
from typing import Any, Union

from ..core.checks import PureNetError, as_matrix, counted, shown, whole_number
from ..core.history import History
from ..core.mt19937 import MT19937
from ..core.network import Network, check_parameters
from ..estimators import Classifier, Regressor
from .json_members import list_of, lists_of, losses_of, make_floats, members_of, short_name, text
from .json_text import layout, parse

Model = Union[Network, Classifier, Regressor]

FORMAT, VERSION = "purenet", 1

NAMES = ("activation", "output_activation", "loss", "init")
NEEDED = ("format", "version", "sizes", *NAMES, "seed", "weights", "biases")
OF_HISTORY = ("epochs", "loss", "validation_loss", "stopped", "engine")


def encode(model: Any, history: History | None = None, float32: bool = False) -> bytes:
    """Return the bytes of a JSON file with a Network, or a fitted Classifier or Regressor.

    Raises PureNetError where the model could not be made again: numbers that are not finite,
    weights that do not fit the sizes; and for `float32`, as JSON keeps every digit.

    >>> print(encode(Network([2, 1], init="zeros", seed=1)).decode(), end="")
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
    """
    if float32:
        raise PureNetError("float32: JSON keeps every digit; .npz, .safetensors and .onnx need not")
    return f"{layout(document_of(model, history))}\n".encode("ascii")


def decode(
    data: bytes | bytearray, activation: str | None = None, output_activation: str | None = None
) -> tuple[Model, History]:
    """Return the model in the bytes of a JSON file, and how it was trained.

    Raises PureNetError where they are not as this module describes; and for an activation, as the
    file says it.

    >>> decode(encode(Network([2, 1], init="zeros", seed=1)))[0].weights
    [[[0.0], [0.0]]]
    """
    if activation is not None or output_activation is not None:
        raise PureNetError("activation: a JSON model says it itself")
    return model_of(parse(data))


# -- from a model to a document ------------------------------------------------------------------


def document_of(model: Any, history: History | None) -> dict[str, Any]:
    """Return what goes into the file. Its numbers may have been set to whatever counts as one.

    Raises PureNetError for what is no model, and a history that is none.

    >>> document_of(Network([1, 1], init="zeros", seed=1), None)["weights"]
    [[[0.0]]]
    """
    if history is not None and not isinstance(history, History):
        raise PureNetError(f"history: expected a History, got {shown(history)}")
    if isinstance(model, Network):
        return _of_network(model, history)
    from .estimator_model import estimator_document, history_of  # a network needs none of it

    if history is not None:
        raise PureNetError("history: it goes with a Network; an estimator has its own")
    described = estimator_document(model)
    return {**_of_network(model.network_, history_of(model)), "estimator": described}


def _of_network(network: Network, history: History | None) -> dict[str, Any]:
    document: dict[str, Any] = {"format": FORMAT, "version": VERSION, "sizes": list(network.sizes)}
    document.update((name, getattr(network, name)) for name in (*NAMES, "seed"))
    document["weights"] = [as_matrix(W, f"weights[{k}]") for k, W in enumerate(network.weights)]
    document["biases"] = [as_matrix([b], f"biases[{k}]")[0] for k, b in enumerate(network.biases)]
    if history is not None:
        document["history"] = {name: getattr(history, name) for name in OF_HISTORY}
        for name in ("loss", "validation_loss"):
            losses = document["history"][name]
            document["history"][name] = [x if math.isfinite(x) else None for x in losses]
    return document


# -- from a document to a model ------------------------------------------------------------------


def model_of(document: Any) -> tuple[Model, History]:
    """Return the model that a document describes and its history, or say what is wrong with it.

    >>> document = document_of(Network([1, 1], init="zeros", seed=1), None)
    >>> model_of(document)[0].weights
    [[[0.0]]]
    """
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PureNetError('not a model of PureNet: expected an object with "format": "purenet"')
    version = document.get("version")
    if type(version) is not int or version != VERSION:
        raise PureNetError(f"version: expected {VERSION}, got {shown(version)}")
    members_of(document, "", NEEDED, ("history", "estimator"))
    network = _network(document)
    described, history = document.get("estimator"), _history(document.get("history"))
    if described is None:
        _check_lengths(history, (0, len(history.epochs)))
        return network, history
    from .estimator_model import estimator_of  # a network needs none of it

    _check_lengths(history, range(len(history.epochs) + 1))
    estimator = estimator_of(described, network, history)
    missing = len(history.epochs) - len(history.validation_loss)
    if history.validation_loss:
        history.validation_loss = history.validation_loss + [math.nan] * missing
    return estimator, history


def _network(document: dict[str, Any]) -> Network:
    weights = lists_of(document["weights"], "weights")
    biases = lists_of(document["biases"], "biases")
    sizes = _sizes(document["sizes"], len(weights) + 1)
    seed = whole_number(document["seed"], "seed", 0, 2**32 - 1)
    names: dict[str, Any] = {name: short_name(document[name], name) for name in NAMES}
    # As small as can be, so that nothing large is made before the numbers are known to be there.
    network = Network([1] * min(len(sizes), 3), seed=seed, **names)
    network.generator = MT19937(seed)
    network.sizes, network.weights, network.biases = sizes, weights, biases
    check_parameters(network)
    for k, matrix in enumerate(weights):
        make_floats(matrix, f"weights[{k}]")
    make_floats(biases, "biases")
    return network


def _sizes(value: Any, layers: int) -> list[int]:
    if not isinstance(value, list) or len(value) < 2:
        raise PureNetError(f"sizes: expected a list such as [3, 4, 1], got {shown(value)}")
    if len(value) != layers:
        needed = counted(len(value) - 1, "layer")
        raise PureNetError(f"weights: {layers - 1:,}, but the sizes need {needed} of them")
    return [whole_number(size, f"sizes[{k}]", 1) for k, size in enumerate(value)]


def _history(value: Any) -> History:
    """Return the History that a document describes, an empty one for None."""
    history = History()
    if value is None:
        return history
    members = members_of(value, "history", OF_HISTORY)
    epochs = list_of(members["epochs"], "history: epochs")
    history.epochs = [whole_number(n, "history: epochs", 0) for n in epochs]
    history.loss = losses_of(members["loss"], "history: loss")
    history.validation_loss = losses_of(members["validation_loss"], "history: validation_loss")
    history.stopped = text(members["stopped"], "history: stopped")
    history.engine = text(members["engine"], "history: engine")
    return history


def _check_lengths(history: History, of_validation: tuple[int, ...] | range) -> None:
    """Raise PureNetError where a history has not a loss for each of its epochs."""
    epochs = len(history.epochs)
    for name, lengths in (("loss", (epochs,)), ("validation_loss", of_validation)):
        count = len(getattr(history, name))
        if count not in lengths:
            came = counted(count, "value")
            raise PureNetError(f"history: {name}: {came}, but {counted(epochs, 'epoch')}")
