"""The source that trains a network, laid out for reading."""

from __future__ import annotations

import re
import textwrap

from ..core._types import OptimizerChoice, Rows
from ..core.checks import PureNetError, shown
from ..core.network import Network
from ..core.work import Work
from .choice import FOR_EVER, KINDS, choose_form, fits, kind_of
from .kernels import ROWS_A_BLOCK, backward_source, forward_source, negative_gradients_source
from .plan import Constants, constants_of, plan_of
from .straight import train_source

WIDTH = 100
_GLUE = "\0"


def source(
    network: Network,
    X: Rows = None,
    y: Rows = None,
    *,
    batch_size: int | None = None,
    learning_rate: float | None = None,
    momentum: float = 0.0,
    reduction: str = "sum",
    optimizer: OptimizerChoice = "sgd",
    tuned: bool = False,
) -> str:
    """Return source that trains this network, every operation written out; options as in `train`.

    weights_0_2_1 stands for weights[0][2][1], and activations_1_3_0 for activations[1][3][0], the
    output of neuron 0 in layer 1 for row 3. With inputs X and targets y, the source has the form
    that is fastest on this Python in a long training. If few rows make up one batch, each row is
    spelled out. Otherwise, and without data, the source loops over the rows. For a large network it
    has loops over the neurons too, and only the sums are spelled out.

    `tuned` shows the source as the engine "unrolled" runs it, which gives the same bits in less
    time. Inputs and targets of 0.0 and 1.0 are numbers in the text: products with 1.0 are left out,
    and those with 0.0 too if that changes no bit. Of sigmoid layers it keeps the negated weights,
    because exp(-z) then needs no minus sign.

    Raises PureNetError if the data or an option is wrong.

    >>> from ..core.network import Network
    >>> print(source(Network([2, 1], activation="linear"), [[0, 1]], [[2]]))
    def train(epochs, weights, X, y):
        [weights_0_0_0] = weights[0][0]
        [weights_0_1_0] = weights[0][1]
        [X_0_0, X_0_1] = X[0]
        [y_0_0] = y[0]
        for _ in epochs:
            # -- forward --
            # activations[1] = linear(activations[0] · weights[0])    (1 x 2) · (2 x 1)
            activations_1_0_0 = X_0_0 * weights_0_0_0 + X_0_1 * weights_0_1_0
    <BLANKLINE>
            # -- deltas --
            # deltas[1] = y - activations[1]    (1 x 1)
            deltas_1_0_0 = y_0_0 - activations_1_0_0
    <BLANKLINE>
            # -- updates --
            # weights[0] += activations[0]ᵀ · deltas[1]    (2 x 1) · (1 x 1)
            weights_0_0_0 += X_0_0 * deltas_1_0_0
            weights_0_1_0 += X_0_1 * deltas_1_0_0
            loss = (0.5 * ((y_0_0 - activations_1_0_0) * (y_0_0 - activations_1_0_0))) / 1.0
            if loss - loss != 0.0:  # infinite, or NaN
                break
        weights = [
            [
                [weights_0_0_0],
                [weights_0_1_0],
            ],
        ]
        return loss, weights
    """
    given = X is not None or y is not None
    if not given:  # rows only set the size of a batch: the source shows none of their numbers
        rows = ROWS_A_BLOCK
        if batch_size is not None and batch_size in range(1, rows):
            rows = batch_size
        X = [[0.0] * network.sizes[0]] * rows
        y = [[1.0] + [0.0] * (network.sizes[-1] - 1)] * rows
    work = Work(
        network,
        X,
        y,
        epochs=FOR_EVER,
        learning_rate=learning_rate,
        momentum=momentum,
        batch_size=batch_size,
        reduction=reduction,
        shuffle=False,
        optimizer=optimizer,
    )
    if type(work.optimizer) not in KINDS:
        raise PureNetError(f"optimizer: expected one of purenet's own, got {shown(optimizer)}")
    kind, size = kind_of(work.optimizer), work.batch_size
    if given:
        form = choose_form(network.sizes, len(work.X), FOR_EVER, size, False, kind, always=True)
    else:
        form = "loop" if fits(network.sizes, 1, kind) else "kernels"
    if form == "kernels":
        return _laid_out(_kernels(network, size))
    constants: Constants | None = None
    if form == "rows":
        named = ("",) * network.sizes[0], ("",) * network.sizes[-1]
        constants = constants_of(work) if tuned else (named,) * len(work.X)
    return _laid_out(train_source(plan_of(work, constants, tuned)))


def _kernels(network: Network, rows: int) -> str:
    """Return the sources of all kernels used in a large network's training."""
    sizes, biased = network.sizes, bool(network.biases)
    activations = network.layer_activations
    texts = [forward_source(n, name, biased) for n, name in zip(sizes, activations)]
    texts += [backward_source(n, name) for n, name in zip(sizes[2:], activations)]
    texts.append(negative_gradients_source(min(rows, ROWS_A_BLOCK)))
    return "\n\n\n".join(dict.fromkeys(texts))


def _laid_out(text: str) -> str:
    return "\n".join(piece for line in text.split("\n") for piece in _wrapped(line))


def _wrapped(line: str) -> list[str]:
    """Return a line in pieces of at most the page's width, broken inside brackets.

    >>> for piece in _wrapped("    total = " + " + ".join(["one * two"] * 9)):
    ...     print(piece)
        total = (one * two + one * two + one * two + one * two + one * two + one * two + one * two
            + one * two + one * two)
    """
    if len(line) <= WIDTH or line.lstrip().startswith("#"):
        return [line]
    assignment = re.match(r"( *\w+ [-+]?= )([^[].*)", line)
    text = _glued(f"{assignment[1]}({assignment[2]})" if assignment else line)
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    pieces = textwrap.wrap(text, WIDTH, subsequent_indent=indent, break_long_words=False)
    return [piece.replace(_GLUE, " ") for piece in pieces] if len(pieces) > 1 else [line]


def _glued(line: str) -> str:
    """Return a line with glue in place of the spaces at which it must not be broken."""
    depth, glued = 0, ""
    for character in line:
        depth += (character in "([") - (character in ")]")
        glued += _GLUE if character == " " and depth == 0 else character
    for sign in "*/-":
        glued = glued.replace(f" {sign} ", f"{_GLUE}{sign}{_GLUE}")
    return glued.replace(" + ", f" +{_GLUE}")
