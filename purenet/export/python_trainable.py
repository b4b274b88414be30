"""A network's body for a Python file that can go on learning: the article's loop, over lists.

It is plain gradient descent, with the sums of `core.network` in their order, so the bits are those
of `Network.train(X, y, epochs=iterations, learning_rate=learning_rate)` with the full batch.
"""

from __future__ import annotations

from ..core.checks import PureNetError
from ..engines.expressions import SLOPES
from .folded import Folded
from .python_activations import functions_of, imported
from .python_lists import HOW, constants, forward, sums
from .python_text import fitted, listed

LEARNS = """\
train(rows, targets, iterations) learns a list of targets for each row, and train_row(row, targets)
one row's, in one step. Both take a learning_rate besides, which is 1 by itself, and change WEIGHTS
"""


def body(folded: Folded) -> tuple[str, str, list[str]]:
    r"""Return the body, what is to be seen in it, and the functions that it takes from `math`.

    Raises PureNetError for an estimator: its training standardizes inputs and outputs, of which
    nothing is left but what they have made of the weights.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> source, _, functions = body(fold(Network([2, 1], activation="linear", init="zeros")))
    >>> print(source.partition("\n\n")[0], functions)
    WEIGHTS = [
        (
            (0.0, 0.0),
        ),
    ] []
    """
    if folded.kind != "network":
        raise PureNetError(
            f"trainable: expected a Network, got a {folded.kind}: its training standardizes, and"
            " the weights of a file no longer do"
        )
    activations = {folded.activation_of(k) for k in range(len(folded.weights))}
    parts = [
        constants(folded),
        sums(folded),
        *functions_of(activations),
        _layers(folded),
        _OUTPUTS,
        _TRAIN.replace("INPUTS", str(folded.sizes[0])).replace("OUTPUTS", str(folded.sizes[-1])),
        *(_LEARN_WITH_BIASES if folded.biases else _LEARN),
        _find_deltas(folded),
        *([_SENT_BACK] if len(folded.weights) > 1 else []),
        *(_slope(name) for name in sorted(_sloping(folded))),
    ]
    how = f"{HOW}\n\n{LEARNS}{'and BIASES.' if folded.biases else 'alone.'}"
    return "\n\n\n".join(parts), how, imported(activations)


def _layers(folded: Folded) -> str:
    layers = ["row", *(f"layer_{k + 1}" for k in range(len(folded.weights)))]
    lines = [
        "def layers(row):",
        '    """Return the row, and what each layer after it puts out."""',
        *forward(folded),
        *fitted("return [", listed(layers), "]"),
    ]
    return "\n".join(lines)


def _find_deltas(folded: Folded) -> str:
    last = len(folded.weights)
    lines = [
        "def find_deltas(activations, targets):",
        '    """Return, for each layer after the row, how its sums have to move to fit."""',
        f"    errors = [targets[j] - activations[{last}][j] for j in range(len(targets))]",
    ]
    for k in range(last, 0, -1):
        if k < last:
            lines.append(f"    errors = sent_back(deltas_{k + 1}, WEIGHTS[{k}])")
        name = folded.activation_of(k - 1)
        if name not in _sloping(folded) or (k == last and folded.loss == "cross_entropy"):
            deltas = "errors"
        elif name == "softmax":
            deltas = f"softmax_deltas(errors, activations[{k}])"
        else:
            deltas = f"[errors[j] * {name}_slope(activations[{k}][j]) for j in range(len(errors))]"
        lines.append(f"    deltas_{k} = {deltas}")
    deltas_of_all = [f"deltas_{k + 1}" for k in range(last)]
    return "\n".join([*lines, *fitted("return [", listed(deltas_of_all), "]")])


def _sloping(folded: Folded) -> set[str]:
    """Return the activations whose slope is needed: neither 1, nor canceled by the loss's."""
    last = len(folded.weights) - (folded.loss == "cross_entropy")
    return {folded.activation_of(k) for k in range(last)} - {"linear"}


def _slope(name: str) -> str:
    if name == "softmax":
        return _SOFTMAX_DELTAS
    lines = [
        f"def {name}_slope(output):",
        f'    """Return the slope of {name} where it has put this out."""',
        f"    return {SLOPES[name].format(a='output')}",
    ]
    return "\n".join(lines)


_OUTPUTS = '''\
def outputs(row):
    """Return what the last layer puts out for a list of floats."""
    return layers(row)[-1]'''

_TRAIN = '''\
def train(rows, targets, iterations, learning_rate=1.0):
    """Learn the targets, a list of outputs for each row, in so many steps, each for all rows.

    A step after which a weight would not be finite is not taken: then it raises ValueError.
    """
    rows = [checked(row, INPUTS, "row") for row in rows]
    targets = [checked(target, OUTPUTS, "targets") for target in targets]
    learning_rate = finite(learning_rate, "learning_rate")
    if len(rows) != len(targets):
        wanted = "targets: expected one list for each row, " + str(len(rows))
        raise ValueError(wanted + ", got " + str(len(targets)))
    for iteration in range(iterations):
        learn(rows, targets, learning_rate)


def train_row(row, targets, learning_rate=1.0):
    """Learn the targets of one row, in one step."""
    train([row], [targets], 1, learning_rate)'''

_LEARN_WITH_BIASES = [
    '''\
def learn(rows, targets, learning_rate):
    """Take one step: add to each weight its gradient times the learning rate."""
    activations = [layers(row) for row in rows]
    deltas = [find_deltas(activations[r], targets[r]) for r in range(len(rows))]
    weights = []
    biases = []
    for k in range(len(WEIGHTS)):
        inputs = [of_row[k] for of_row in activations]
        behind = [of_row[k] for of_row in deltas]
        weights.append(changed_weights(WEIGHTS[k], inputs, behind, learning_rate))
        biases.append(changed_biases(BIASES[k], behind, learning_rate))
    for k in range(len(WEIGHTS)):
        WEIGHTS[k] = weights[k]
        BIASES[k] = biases[k]''',
    '''\
def changed_weights(weights, inputs, deltas, learning_rate):
    """Return a layer's weights after a step; a gradient adds up inputs times deltas."""
    changed = []
    for j in range(len(weights)):
        own = []
        for i in range(len(weights[j])):
            gradient = -0.0
            for r in range(len(deltas)):
                gradient = gradient + inputs[r][i] * deltas[r][j]
            own.append(moved(weights[j][i], gradient * learning_rate))
        changed.append(own)
    return changed''',
    '''\
def changed_biases(biases, deltas, learning_rate):
    """Return a layer's biases after a step; a gradient adds up deltas."""
    changed = []
    for j in range(len(biases)):
        gradient = -0.0
        for r in range(len(deltas)):
            gradient = gradient + deltas[r][j]
        changed.append(moved(biases[j], gradient * learning_rate))
    return changed''',
    '''\
def moved(weight, step):
    """Return weight + step, or raise ValueError where that is not finite."""
    weight = weight + step
    if weight - weight != 0.0:
        raise ValueError("train: a weight is no longer finite; try a smaller learning_rate")
    return weight''',
]

# The same, but for all that is about biases.
_LEARN = [
    "\n".join(line for line in part.split("\n") if "bias" not in line.lower())
    for part in _LEARN_WITH_BIASES
    if "def changed_biases" not in part
]

_SENT_BACK = '''\
def sent_back(deltas, weights):
    """Return the errors of the layer before these weights: the deltas after them, times them."""
    errors = []
    for i in range(len(weights[0])):
        error = -0.0
        for j in range(len(weights)):
            error = error + deltas[j] * weights[j][i]
        errors.append(error)
    return errors'''

_SOFTMAX_DELTAS = '''\
def softmax_deltas(errors, outputs):
    """Return what softmax passes back of the errors: each of its outputs hangs on every sum."""
    mean = -0.0
    for j in range(len(outputs)):
        mean = mean + errors[j] * outputs[j]
    return [outputs[j] * (errors[j] - mean) for j in range(len(outputs))]'''
