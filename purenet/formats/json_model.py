"""A network or an estimator as a JSON file that people, and programs in any language, can read.

The file is one JSON object in UTF-8. These members describe the network, and all are needed:

    "format"             "purenet"
    "version"            2: this description
    "sizes"              the number of neurons of each layer, inputs first: [n₀, n₁, ..., n_L]
    "activation"         of the hidden layers: "sigmoid", "tanh", "relu", "leaky_relu", "linear",
                         or where they differ a list of one for each
    "output_activation"  of the last layer: one of these, or "softmax"
    "loss"               "squared_error" or "cross_entropy"
    "init"               how the first weights were drawn: "uniform", "glorot", "he" or "zeros"
    "seed"               the seed of that draw: 0 to 2**32 - 1
    "weights"            a matrix for each layer but the inputs, a list of nₖ rows of nₖ₊₁ numbers
    "biases"             a list of nₖ₊₁ numbers for each layer but the inputs; [] without biases

With f as in `purenet.core.activations`, layer k+1 puts out f(activations[k] · weights[k] +
biases[k]). The history of its training may follow:

    "history"            an object with the members of `purenet.History`:
        "epochs"           the number of each recorded epoch; in an estimator's file 0, 1, 2, ...
        "loss"             a number for each of these epochs
        "validation_loss"  a number for each epoch, or []; an estimator may have fewer, because
                           partial_fit adds none
        "stopped"          why the training ended, in words
        "engine"           the engine that ran; "" in an estimator's file

In both lists of losses, null stands for a loss that was not finite, and is read as NaN.

A fitted Classifier or Regressor has one more member, which describes the network's inputs and
outputs:

    "estimator"          an object:
        "kind"             "classifier" or "regressor"
        "options"          an object: all options by name but "executor" and "callback";
                           "class_weight" is a list of pairs if it has a weight for each label
        "inputs"           how to prepare inputs: null, or an object with "means" and "deviations",
                           n₀ numbers each: input j is (x - means[j]) / deviations[j].
                           If partial_fit began the training, "rows" is the number of rows so far,
                           and the deviation of a column that has been constant so far is 0
        "names"            the names of a data frame's n₀ columns, or null
        "best_epoch"       the epoch whose weights are kept: -1 if none was better than the start
        "best_loss"        its loss on the rows held back, or on all; null if it was not finite
        "classes"          (classifier) n_L different labels in rising order, all text or all
                           numbers, true and false among them: the likeliest is the prediction
        "output_scale"     (regressor) "means" and "deviations" like those of the inputs:
                           prediction j is output j * deviations[j] + means[j]
        "several"          (regressor) whether a prediction is a list of numbers
        "table"            the table that the inputs come from; may be missing. An object:
            "target"         the name of the column to predict
            "columns"        an object for each of the other columns, in the order of the inputs:
                             its "name", different from all others;
                             "texts": [] for a column of numbers, which is one input, else a list
                             of different texts. Each is an input: 1 for that text, else 0;
                             "mean": replaces a missing number; null if none may be missing

Numbers have enough digits to read the same float again, so a loaded model gives the same answers to
the last bit. Lists, tuples and arrays all come back as lists. The file does not keep:

- the state of a network's generator. It begins anew from the seed, so a training that shuffles
  continues in another order;
- what an estimator's optimizer remembers. `partial_fit` continues from the loaded weights with a
  fresh optimizer;
- a `random_state` that is a generator of NumPy's. It is written as null, which means another seed
  for each fit;
- labels that are bytes, because JSON has none. Saving them is refused, and so are subclasses.

`load` trusts nothing. Before it parses, it counts the bytes, and the characters that cost memory.
Before it makes a network, it checks structure, names, sizes and numbers. The memory that it takes
is limited by the file's length. An unknown version, and a member that is missing, unknown or
repeated, are errors: one sentence with the file's name.

Version 1 differs in the options only: "weight_decay" was "l2", "standardize" was "standardise",
"validation_fraction" was "validation", and "refit" and "class_weight" may be missing. It had one
activation for all hidden layers.
"""

from __future__ import annotations

from ..core.checks import PureNetError
from .document import document_of, model_of
from .json_text import layout, parse
from .model import Asked, Model


def write(model: Model, float32: bool = False) -> bytes:
    """Return the bytes of a JSON file with a model.

    Raises PureNetError for `float32`, as JSON keeps every digit.

    >>> from purenet.core.network import Network
    >>> print(write(Model(Network([2, 1], init="zeros", seed=1))).decode(), end="")
    {
     "format": "purenet",
     "version": 2,
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
        raise PureNetError("float32: JSON keeps every digit; use .npz, .safetensors or .onnx")
    network = model.network
    document = document_of(model, weights=network.weights, biases=network.biases)
    return f"{layout(document)}\n".encode("ascii")


def read(data: bytes | bytearray, asked: Asked) -> Model:
    """Return the model in the bytes of a JSON file.

    Raises PureNetError if they are not as this module describes, or if the caller gives an
    activation, because the file has its own.

    >>> from purenet.core.network import Network
    >>> read(write(Model(Network([2, 1], init="zeros", seed=1))), Asked()).network.weights
    [[[0.0], [0.0]]]
    """
    if asked != Asked():
        raise PureNetError("activation, output_activation: leave them out; a .json file has both")
    return model_of(parse(data))
