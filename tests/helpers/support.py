"""Helpers of all tests: numbers to draw, comparisons of answers, the formulas in NumPy."""

import binascii
import math
import struct
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume
from hypothesis import strategies as st

from purenet import Network, PureNetError

CHECKOUT = Path(__file__).parents[2]

ARTICLE_X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
ARTICLE_Y = [[0], [1], [1], [0]]

# Whatever a float can be: both zeros, subnormals, the largest, infinities and NaN.
any_float = st.floats() | st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308])
finite_float = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308]
)


def matrices(rows, columns, elements=any_float):
    """Draw matrices of this many rows and columns; each may be a strategy itself."""
    shapes = st.tuples(
        rows if isinstance(rows, st.SearchStrategy) else st.just(rows),
        columns if isinstance(columns, st.SearchStrategy) else st.just(columns),
    )
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(elements, min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )


size = st.integers(1, 5)


def of_one_shape(count, elements=any_float):
    """Draw that many matrices of the same shape, from (1 x 1) up."""
    return st.tuples(size, size).flatmap(
        lambda shape: st.tuples(*[matrices(*shape, elements)] * count)
    )


def in_numpy(function, *arguments):
    """Return a function's result for NumPy's arrays, as lists."""
    with np.errstate(all="ignore"):
        return function(*map(np.array, arguments)).tolist()


def last_of_running_sums(terms, axis=0):
    """Add up in NumPy from left to right: its sum() adds in pairs, its accumulate() may not."""
    return np.take(np.add.accumulate(terms, axis), -1, axis)


def bits(matrix):
    """Return the bytes of every number, all NaNs alike: equal exactly where the bits are."""
    return [[struct.pack("<d", math.nan if math.isnan(a) else a) for a in row] for row in matrix]


def numbers_in(text):
    """Return the float64s in a text in base64."""
    return [value for (value,) in struct.iter_unpack("<d", binascii.a2b_base64(text))]


def ulps_apart(a, b):
    """Return how many floats lie between two; 0 for equal ones, and for NaN and NaN."""
    if math.isnan(a) or math.isnan(b):
        return 0 if math.isnan(a) and math.isnan(b) else math.inf
    return abs(_rank(a) - _rank(b))


def _rank(a):
    """Return the place of a float in the row of all floats; both zeros have place 0."""
    (number,) = struct.unpack("<q", struct.pack("<d", a))
    return number if number >= 0 else -(number & 0x7FFFFFFFFFFFFFFF)


ROUNDING = 2.0**-53  # the largest relative error of one rounding


def complaint(function, *arguments, **options):
    """Return the message with which a function refuses what it is given."""
    with pytest.raises(PureNetError) as caught:
        function(*arguments, **options)
    return str(caught.value)


def replace_everywhere(monkeypatch, function, replacement):
    """Put another function in the place of one of PureNet's, wherever it is known.

    So a test need not say which module has it, and which take it from there.
    """
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "purenet":
            for known, value in list(vars(module).items()):
                if value is function:
                    monkeypatch.setattr(module, known, replacement)


def assert_touches_nothing(function, *arguments):
    """Fail if a function changes an argument, or returns a list that is part of one."""
    before = repr(arguments)
    answer = function(*arguments)
    assert repr(arguments) == before
    assert not _lists_in(answer) & _lists_in(arguments)


def _lists_in(value):
    if not isinstance(value, (list, tuple)):
        return set()
    itself = {id(value)} if isinstance(value, list) else set()
    return itself.union(*map(_lists_in, value))


# -- networks to compare with NumPy ------------------------------------------------------------

HIDDEN = ["sigmoid", "tanh", "relu", "leaky_relu", "linear"]
OUTPUTS = [(name, "squared_error") for name in [*HIDDEN, "softmax"]]
OUTPUTS += [("sigmoid", "cross_entropy"), ("softmax", "cross_entropy")]

# Thousandths: of the size of real data, and no product of a few of them underflows.
thousandths = st.integers(-2000, 2000).map(lambda n: n / 1000)
seeds = st.integers(0, 2**32 - 1)


@st.composite
def networks(draw, outputs=OUTPUTS, layers=5, width=8):
    """Draw a network fresh from its seed; its biases, if it has some, are not all zero."""
    output, loss = draw(st.sampled_from(outputs))
    sizes = draw(st.lists(st.integers(1, width), min_size=2, max_size=layers))
    names, hidden = st.sampled_from(HIDDEN), len(sizes) - 2
    network = Network(
        sizes,
        activation=draw(names | st.lists(names, min_size=hidden, max_size=hidden)),
        output_activation=output,
        loss=loss,
        bias=draw(st.booleans()),
        seed=draw(seeds),
    )
    network.biases = [draw(matrices(1, len(row), thousandths))[0] for row in network.biases]
    return network


@st.composite
def problems(draw, network, most_rows=16):
    """Draw a network with inputs X and targets y that its loss allows."""
    network = draw(network)
    rows, columns = draw(st.integers(1, most_rows)), network.sizes[-1]
    X = draw(matrices(rows, network.sizes[0], thousandths))
    if (network.output_activation, network.loss) == ("softmax", "cross_entropy"):
        one_hot = st.integers(0, columns - 1).map(lambda j: np.eye(columns)[j])
        row = st.tuples(one_hot, one_hot).map(lambda pair: ((pair[0] + pair[1]) / 2).tolist())
        y = draw(st.lists(row, min_size=rows, max_size=rows))
    else:
        targets = thousandths if network.loss == "squared_error" else thousandths.map(_part)
        y = draw(matrices(rows, columns, targets))
    return network, X, y


def _part(number):
    return abs(number) / 2


# -- the formulas in NumPy, with what rounding can do to them ------------------------------------

# One real number rounded twice (here and in purenet) gives two floats that lie at most 2**-52 of
# it apart. Twice that pays for the rounding of the bounds themselves.
EPSILON = 2.0**-51
QUANTUM = 2.0**-1074  # what a product or quotient can lose to underflow


class Rounded:
    """An array, and how far off another evaluation of the same formula may be (`error`).

    A running error analysis: each operation hands on the errors of its operands, and adds that
    of its own rounding, whatever the order in which it adds up. So where nothing was computed
    the error is 0.0, and the product with such a zero is exactly zero.
    """

    def __init__(self, value, error=0.0):
        self.value = np.array(value, dtype=float)
        self.error = np.broadcast_to(error, self.value.shape)

    def __add__(self, other):
        other = _as_rounded(other)
        return _after_rounding(self.value + other.value, self.error + other.error)

    def __sub__(self, other):
        return self + _as_rounded(other) * -1.0

    def __mul__(self, other):
        other = _as_rounded(other)
        error = self.error * other.largest + abs(self.value) * other.error
        error = error + QUANTUM * (self.may_differ_from_zero * other.may_differ_from_zero)
        return _after_rounding(self.value * other.value, error)

    def __truediv__(self, other):
        other = _as_rounded(other)
        assume((abs(other.value) > other.error).all())
        value = self.value / other.value
        error = (self.error + abs(value) * other.error) / (abs(other.value) - other.error)
        return _after_rounding(value, error + QUANTUM * self.may_differ_from_zero)

    def __matmul__(self, other):
        terms = len(other.value)  # the most roundings of each product
        error = self.error @ other.largest + abs(self.value) @ other.error
        error = error + terms * EPSILON * (self.largest @ other.largest)
        error = error + QUANTUM * (self.may_differ_from_zero @ other.may_differ_from_zero)
        return Rounded(self.value @ other.value, error)

    def sum(self, axis):
        terms = self.value.shape[axis]
        error = self.error.sum(axis, keepdims=True)
        error = error + terms * EPSILON * self.largest.sum(axis, keepdims=True)
        return Rounded(self.value.sum(axis, keepdims=True), error)

    def through(self, function):
        """Return a rising function's value for this, if it is right to 8 units of the last place.

        (The C library's exp, tanh and log are right to one, NumPy's to four.) What lies within
        the error is tried at both ends: at twice the error, as its ends are rounded too.
        """
        with np.errstate(over="ignore"):
            low, value, high = (function(self.value + k * self.error) for k in (-2.0, 0.0, 2.0))
        error = np.maximum(high - value, value - low) + QUANTUM * (high != 0.0)
        return Rounded(value, error + 8.0 * EPSILON * abs(value))

    def sign(self):
        """Return the signs; an example where rounding decides one is not counted."""
        assume(not ((abs(self.value) <= self.error) & (self.error > 0.0)).any())
        return np.sign(self.value)

    def is_positive(self):
        """Return 1.0 where this is positive, else 0.0; either, where rounding decides."""
        return Rounded(self.value > 0.0, (abs(self.value) <= self.error) & (self.error > 0.0))

    def transposed(self):
        return Rounded(self.value.T, self.error.T)

    @property
    def largest(self):
        return abs(self.value) + self.error

    @property
    def may_differ_from_zero(self):
        return (self.largest > 0.0).astype(float)


def _as_rounded(number):
    return number if isinstance(number, Rounded) else Rounded(number)


def _after_rounding(value, error):
    return Rounded(value, error + EPSILON * (abs(value) + error))


def assert_within(answer, expected):
    """Fail if an answer is further off than rounding explains.

    An example that rounding itself may throw off by a millionth says nothing, and is not counted.
    """
    answer = np.array(answer)
    assert answer.shape == expected.value.shape
    assume((expected.error <= 1e-6 * (1.0 + abs(expected.value))).all())
    off = abs(answer - expected.value)
    assert (off <= expected.error).all(), f"{off} is more than {expected.error}"


def state_of(network):
    """Return everything that a call can change in a network, to the last bit."""
    weights = [bits(matrix) for matrix in network.weights]
    return repr(network), weights, bits(network.biases), network.generator.get_state()


def _sigmoid(Z):
    return Z.through(lambda z: 1.0 / (1.0 + np.exp(-z)))


def _softmax(Z):
    largest = Rounded(Z.value.max(1, keepdims=True), Z.error.max(1, keepdims=True))
    powers = (Z - largest).through(np.exp)
    return powers / powers.sum(1)


def _log(P, smallest=2.0**-1074):
    return P.through(lambda p: np.log(np.maximum(p, smallest)))


# Each activation f(z) = a, and its slope from z and a.
_ACTIVATIONS = {
    "sigmoid": (_sigmoid, lambda Z, A: A * (Rounded(1.0) - A)),
    "tanh": (lambda Z: Z.through(np.tanh), lambda Z, A: Rounded(1.0) - A * A),
    "relu": (lambda Z: Z.through(lambda z: np.maximum(z, 0.0)), lambda Z, A: Z.is_positive()),
    "leaky_relu": (
        lambda Z: Z.through(lambda z: np.where(z > 0.0, z, 0.01 * z)),
        lambda Z, A: Z.is_positive() * 0.99 + 0.01,
    ),
    "linear": (lambda Z: Z, lambda Z, A: Rounded(np.ones_like(Z.value))),
    "softmax": (_softmax, None),
}


class Reference:
    """A network's formulas in NumPy, on weights drawn by NumPy from the network's seed."""

    def __init__(self, network):
        self.network = network
        self.chance = np.random.RandomState(network.seed)
        pairs = zip(network.sizes, network.sizes[1:])
        self.parameters = [Rounded(2.0 * self.chance.random_sample(pair) - 1.0) for pair in pairs]
        self.layers = len(self.parameters)
        self.parameters += [Rounded([row]) for row in network.biases]

    def forward(self, X):
        """Return each layer's weighted inputs, and each layer's outputs."""
        inputs, outputs = [None], [Rounded(X)]
        for k in range(self.layers):
            Z = outputs[k] @ self.parameters[k]
            if self.network.biases:
                Z = Z + self.parameters[self.layers + k]
            inputs.append(Z)
            outputs.append(_ACTIVATIONS[self._activation(k + 1)][0](Z))
        return inputs, outputs

    def loss(self, X, y):
        output, y = self.forward(X)[1][-1], Rounded(y)
        if self.network.loss == "squared_error":
            rows = ((y - output) * (y - output)).sum(1) * 0.5
        elif self.network.output_activation == "sigmoid":
            one = Rounded(1.0)
            rows = (y * _log(output) + (one - y) * _log(one - output, 2.0**-53)).sum(1) * -1.0
        else:
            rows = (y * _log(output)).sum(1) * -1.0
        return rows.sum(0) / len(rows.value)

    def gradients(self, X, y, reduction="sum"):
        inputs, outputs = self.forward(X)
        errors = outputs[-1] - Rounded(y)
        weights, biases = [], []
        for k in range(self.layers, 0, -1):
            deltas = self._deltas(k, errors, inputs[k], outputs[k])
            weights.insert(0, outputs[k - 1].transposed() @ deltas)
            biases.insert(0, deltas.sum(0))
            errors = deltas @ self.parameters[k - 1].transposed()
        gradients = weights + biases if self.network.biases else weights
        return [G / len(X) for G in gradients] if reduction == "mean" else gradients

    def train(self, X, y, optimizer, *, epochs, batch_size, shuffle, reduction):
        """Return the loss of each epoch."""
        X, y, losses = np.array(X), np.array(y), []
        for _ in range(epochs):
            order = self.chance.permutation(len(X)) if shuffle else np.arange(len(X))
            total = Rounded([[0.0]])
            for start in range(0, len(X), batch_size):
                rows = order[start : start + batch_size]
                total = total + self.loss(X[rows], y[rows]) * len(rows)
                gradients = self.gradients(X[rows], y[rows], reduction)
                self.parameters = optimizer.step(self.parameters, gradients)
                # What grows like this overflows soon; that is for the tests of divergence.
                assume(all((P.largest < 1e12).all() for P in self.parameters))
            losses.append(total / len(X))
        return losses

    def _activation(self, k):
        hidden = self.network.activation
        if k == self.layers:
            return self.network.output_activation
        return hidden if isinstance(hidden, str) else hidden[k - 1]

    def _deltas(self, k, errors, Z, A):
        if k == self.layers and self.network.loss == "cross_entropy":
            return errors
        if self._activation(k) == "softmax":
            return A * (errors - (errors * A).sum(1))
        return errors * _ACTIVATIONS[self._activation(k)][1](Z, A)


class ReferenceSGD:
    """v = momentum · v - rate · g; w = w + v."""

    def __init__(self, learning_rate, momentum=0.0):
        self.learning_rate, self.momentum = learning_rate, momentum
        self.velocities = None

    def step(self, parameters, gradients):
        before = self.velocities or [G * 0.0 for G in gradients]
        self.velocities = [
            V * self.momentum - G * self.learning_rate for V, G in zip(before, gradients)
        ]
        return [W + V for W, V in zip(parameters, self.velocities)]


class ReferenceRProp:
    """iRPROP-, as Igel and Hüsken print it: a change of sign halves the step and skips it."""

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate
        self.signs = None

    def step(self, parameters, gradients):
        signs = [-G.sign() for G in gradients]
        if self.signs is None:
            self.signs = [S * 0.0 for S in signs]
            self.sizes = [np.full(S.shape, self.learning_rate) for S in signs]
        turns = [S * before for S, before in zip(signs, self.signs)]
        self.sizes = [
            np.select([T > 0, T < 0], [np.minimum(D * 1.2, 50.0), np.maximum(D * 0.5, 1e-6)], D)
            for D, T in zip(self.sizes, turns)
        ]
        self.signs = [np.where(T < 0, 0.0, S) for S, T in zip(signs, turns)]
        return [W + S * D for W, S, D in zip(parameters, self.signs, self.sizes)]


class ReferenceAdam:
    """Algorithm 1 of Kingma and Ba."""

    def __init__(self, learning_rate):
        self.learning_rate = learning_rate
        self.t, self.m, self.v = 0, None, None

    def step(self, parameters, gradients):
        if not self.t:
            self.m = self.v = [G * 0.0 for G in gradients]
        self.t += 1
        self.m = [m * 0.9 + G * (1.0 - 0.9) for m, G in zip(self.m, gradients)]
        self.v = [v * 0.999 + G * G * (1.0 - 0.999) for v, G in zip(self.v, gradients)]
        return [self._stepped(*each) for each in zip(parameters, self.m, self.v)]

    def _stepped(self, W, m, v):
        mean, square = m / (1.0 - 0.9**self.t), v / (1.0 - 0.999**self.t)
        root = square.through(lambda s: np.sqrt(np.maximum(s, 0.0))) + 1e-8
        return W - mean * self.learning_rate / root
