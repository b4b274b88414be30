"""What a gradient does to a weight: three answers, from the plainest to the most patient.

An optimizer's `step` takes the parameters (the matrices of weights, then each layer's biases as a
matrix of one row) and the gradients, which have the same shapes, and returns new parameters. A
gradient is the slope of the loss: it points uphill, so a step subtracts it. What an optimizer
remembers between steps is kept in plain attributes, so that it can be saved and continued.

Each matrix in a step is (nₖ x nₖ₊₁) for the weights, and (1 x nₖ₊₁) for biases.
"""

import math

from .checks import PureNetError, number_within, one_of, shape
from .matrix import add, apply, scale, subtract

OPTIMIZERS = ("sgd", "rprop", "adam")

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Optimizer, OptimizerChoice, Parameters


class SGD:
    """Gradient descent: a step against the gradient, with momentum if asked for.

    Plain: weight -= learning_rate · gradient. This is the article's update.
    With momentum: velocity = momentum · velocity - learning_rate · gradient; weight += velocity
    (B. T. Polyak, 1964).

    >>> SGD(learning_rate=0.5).step([[[1.0]]], [[[4.0]]])
    [[[-1.0]]]
    """

    def __init__(self, learning_rate: float = 1.0, momentum: float = 0.0) -> None:
        self.learning_rate = number_within(learning_rate, "learning_rate", _positive, "above 0")
        self.momentum = number_within(momentum, "momentum", _below_1, "from 0 to below 1")
        self.velocities: "Parameters" = []

    def step(self, parameters: "Parameters", gradients: "Parameters") -> "Parameters":
        """Return the parameters after one step."""
        check_pairs(parameters, gradients)
        steps = [scale(G, self.learning_rate) for G in gradients]
        if not self.momentum:
            return [subtract(W, S) for W, S in zip(parameters, steps)]
        kept = [scale(V, self.momentum) for V in state_like(gradients, self.velocities)]
        self.velocities = [subtract(V, S) for V, S in zip(kept, steps)]
        return [add(W, V) for W, V in zip(parameters, self.velocities)]


class RProp:
    """Resilient backpropagation, iRPROP-: each weight has a step of its own.

    Only the gradient's sign counts, not its size. Same sign as last time: the step grows by a
    fifth. Another sign: the weight has jumped over the valley, so its step is halved, and it is not
    moved this time. For full batches: signs that change with each mini-batch would say nothing.
    `sizes` are the lengths of the weights' steps, `signs` their directions: 1.0 is up.

    Source: C. Igel and M. Hüsken, "Empirical evaluation of the improved Rprop learning
    algorithms", Neurocomputing 50 (2003); the constants are those of M. Riedmiller and
    H. Braun's RPROP (1993).

    >>> RProp(learning_rate=0.5).step([[[1.0]]], [[[4.0]]])
    [[[0.5]]]
    """

    GROW, SHRINK = 1.2, 0.5
    LARGEST, SMALLEST = 50.0, 1e-6

    def __init__(self, learning_rate: float = 0.1) -> None:
        self.learning_rate = number_within(learning_rate, "learning_rate", _positive, "above 0")
        self.sizes: "Parameters" = []
        self.signs: "Parameters" = []

    def step(self, parameters: "Parameters", gradients: "Parameters") -> "Parameters":
        """Return the parameters after one step; `learning_rate` is the size of the first."""
        check_pairs(parameters, gradients)
        signs = state_like(gradients, self.signs)
        turns = [apply(_agreement, S, G) for S, G in zip(signs, gradients)]
        sizes = state_like(gradients, self.sizes, self.learning_rate)
        self.sizes = [apply(self._resized, D, T) for D, T in zip(sizes, turns)]
        self.signs = [apply(_downhill, G, T) for G, T in zip(gradients, turns)]
        moves = zip(parameters, self.signs, self.sizes)
        return [apply(lambda w, s, size: w + s * size, *move) for move in moves]

    def _resized(self, size: float, turn: float) -> float:
        if turn > 0.0:
            return min(size * self.GROW, self.LARGEST)
        return max(size * self.SHRINK, self.SMALLEST) if turn < 0.0 else size


class Adam:
    """Adaptive moments: steps of about `learning_rate`, whatever the gradient's scale.

    It keeps a fading mean of each gradient and of its square, and steps by their quotient
    mean / sqrt(mean square), both corrected for having begun at zero (the means at -0.0,
    which changes nothing when it is added, not even the sign of a zero).

    Source: D. P. Kingma and J. Ba, "Adam: a method for stochastic optimization", ICLR 2015,
    algorithm 1, with its constants.

    >>> [[[weight]]] = Adam(learning_rate=0.5).step([[[1.0]]], [[[4.0]]])
    >>> round(weight, 6)
    0.5
    """

    MEAN_DECAY, SQUARE_DECAY = 0.9, 0.999
    EPSILON = 1e-8

    def __init__(self, learning_rate: float = 0.001) -> None:
        self.learning_rate = number_within(learning_rate, "learning_rate", _positive, "above 0")
        self.steps = 0
        self.means: "Parameters" = []
        self.squares: "Parameters" = []

    def step(self, parameters: "Parameters", gradients: "Parameters") -> "Parameters":
        """Return the parameters after one step."""
        check_pairs(parameters, gradients)
        means = state_like(gradients, self.means, -0.0)
        squares = state_like(gradients, self.squares)
        self.means = [apply(self._mean, M, G) for M, G in zip(means, gradients)]
        self.squares = [apply(self._square, S, G) for S, G in zip(squares, gradients)]
        self.steps += 1
        mean_begun = 1.0 - self.MEAN_DECAY**self.steps
        square_begun = 1.0 - self.SQUARE_DECAY**self.steps

        def stepped(weight: float, mean: float, square: float) -> float:
            root = math.sqrt(square / square_begun) + self.EPSILON
            return weight - self.learning_rate * (mean / mean_begun) / root

        moves = zip(parameters, self.means, self.squares)
        return [apply(stepped, *move) for move in moves]

    def _mean(self, mean: float, gradient: float) -> float:
        return self.MEAN_DECAY * mean + (1.0 - self.MEAN_DECAY) * gradient

    def _square(self, square: float, gradient: float) -> float:
        return self.SQUARE_DECAY * square + (1.0 - self.SQUARE_DECAY) * (gradient * gradient)


def check_pairs(parameters: "Parameters", gradients: "Parameters") -> None:
    """Raise PureNetError unless there is a gradient for each matrix of parameters.

    >>> check_pairs([[[1.0]]], [])
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: gradients: expected 1, one for each parameter, got 0
    """
    if len(gradients) != len(parameters):
        wanted = f"{len(parameters)}, one for each parameter"
        raise PureNetError(f"gradients: expected {wanted}, got {len(gradients)}")


def state_like(gradients: "Parameters", state: "Parameters", first: float = 0.0) -> "Parameters":
    """Return an optimizer's state, a number for each parameter: at its first step, `first`.

    >>> state_like([[[4.0, 5.0]]], [], 0.1)
    [[[0.1, 0.1]]]
    """
    if not state:
        return [apply(lambda _: first, G) for G in gradients]
    if [shape(S) for S in state] != [shape(G) for G in gradients]:
        raise PureNetError("optimizer: its state fits other sizes: create a new optimizer")
    return state


def _positive(rate: float) -> bool:
    return rate > 0.0


def _below_1(part: float) -> bool:
    return 0.0 <= part < 1.0


def _agreement(sign: float, gradient: float) -> float:
    """Return 1.0 if the last step's direction still leads downhill, -1.0 if it has to turn."""
    return -sign if gradient > 0.0 else sign if gradient < 0.0 else 0.0


def _downhill(gradient: float, turn: float) -> float:
    """Return the direction of a step, 0.0 after a turn."""
    if turn < 0.0:
        return 0.0
    return -1.0 if gradient > 0.0 else 1.0 if gradient < 0.0 else -gradient  # 0 or NaN


def choose(
    optimizer: "OptimizerChoice", learning_rate: "float | None", momentum: float
) -> "Optimizer":
    """Return the optimizer of this name, or the one that was given, to go on with its state.

    Raises PureNetError for an unknown name, and for a setting that the optimizer does not have.

    >>> choose("sgd", None, 0.9).momentum
    0.9
    """
    if hasattr(optimizer, "step") and not isinstance(optimizer, type):
        if learning_rate is not None or momentum:
            raise PureNetError("learning_rate and momentum: set them when you create the optimizer")
        return optimizer
    one_of(optimizer, "optimizer", OPTIMIZERS)
    rate = {} if learning_rate is None else {"learning_rate": learning_rate}
    if optimizer == "sgd":
        return SGD(momentum=momentum, **rate)
    if momentum:
        raise PureNetError(f"momentum: only sgd takes it, not {optimizer}")
    return (RProp if optimizer == "rprop" else Adam)(**rate)
