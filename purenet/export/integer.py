"""A model in whole numbers, without a float between the inputs and the class.

The outputs a of a layer become whole numbers q of at most 15 bits, with one step for all of them. A
weight becomes a byte v, with one step for each neuron:

    a_i ≈ (q_i - zero) · step                 w_ij ≈ v_ij · step_j

    Σ a_i·w_ij + b_j  ≈  step · step_j · sum_j,      sum_j = bias_j + Σ q_i·v_ij
                                                     bias_j = b_j / (step · step_j) - zero · Σ v_ij

So a neuron is a sum of products in 32 bits, and one more product brings it to the steps of the next
layer. The method is that of B. Jacob and others, "Quantization and Training of Neural Networks for
Efficient Integer-Arithmetic-Only Inference" (2018). There, outputs are bytes, so their ranges have
to be known well, and the last product takes 64 bits. With 15 bits, a range may be guessed 16 times
too wide. The last product has a factor of 16 bits, so that it and its shift fit into 32.

Standardization is not folded into the weights, because it would leave those of large columns no
digits. It takes a product and a sum for each input, of whole numbers if the inputs are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from operator import mul
from typing import NamedTuple

from ..core._types import Matrix, Row
from ..core.activations import ACTIVATIONS, LEAK
from ..core.backpropagation import forward
from ..core.checks import PureNetError
from ..core.matrix import all_finite
from ..formats.model import Model
from .folded import Layer, layers_of
from .quantized import LARGEST, nearest_float32
from .target import ranges

BITS = range(15, 7, -1)  # of an output: as many as let no sum leave 32 bits
LARGEST_SUM = 2**31 - 1
LARGEST_BIAS = 2.0**29  # of that; a larger bias would leave the products no room

# A table of tanh from 0 to 8, where it is 1 to seven digits. Between two entries, 256 places are
# interpolated. Sigmoid is (1 + tanh(z / 2)) / 2.
END, ENTRIES, PLACES = 8.0, 128, 256
LAST_PLACE = ENTRIES * PLACES - 1
PLACE = END / (ENTRIES * PLACES)

# The slopes of the other activations below 0, as factors and shifts of `scaled`.
SLOPES = {"relu": (0, 0), "leaky_relu": (round(LEAK * 2**22), 6), "linear": (2**16, 0)}

SMALLEST = 2.0**-500  # step: the product of two is still a float

# The types of whole inputs in C, the smallest first.
LIMITS = {"uint8_t": "0 to 255", "int16_t": "-32,768 to 32,767"}

REACH = 16.0  # the largest input without rows to see, in standard deviations
ROOM = 2.0  # the ranges seen are widened by this factor


class Scale(NamedTuple):
    """What the whole numbers of a layer stand for: q for (q - zero) · step."""

    step: float
    zero: int


class WholeInputs(NamedTuple):
    """How an input x becomes q = x · factor + offset, without its fraction.

    `kind` is the type of whole inputs in C. Their factors and offsets are whole too, each in its
    unit of 2**-shift. For inputs that may have fractions, it is "".
    """

    kind: str
    factors: Sequence[float]
    offsets: Sequence[float]
    shifts: Sequence[int]


class WholeLayer(NamedTuple):
    """A layer in whole numbers, with a row of weights for each neuron.

    A sum times factor / 2**(16 + shift) is in the unit of the activation: a step of the outputs, or
    `stride` places of the table. `worth` is what a 1 in each sum stands for.
    """

    k: int
    activation: str
    weights: list[list[int]]
    biases: list[int]
    factors: list[int]
    shifts: list[int]
    scale: Scale
    stride: int
    worth: Row


class WholeNumbers:
    """A model in whole numbers: the reference, whose bits the C of `c_integer` repeats.

    The ranges of inputs and layers are those of the `rows` with as much room again. Without rows,
    inputs reach to 16 standard deviations, and layers to the bounds that follow from that. Inputs
    are whole if all of the rows are. Otherwise, they are floats of 32 bits, or doubles if `double`.

    Raises PureNetError if a neuron has too many inputs for a sum in 32 bits, and for numbers that
    are too large or too small for a scale.

    >>> from purenet import Network
    >>> whole = WholeNumbers(Model(Network.of([[[0.5], [-0.25]]], activation="linear")))
    >>> whole.layers[0].weights, whole.quantized([16.0, -17.0])
    ([[127, -64]], [32767, 0])
    >>> [round(output, 2) for output in whole.apply([[1.0, -2.0]])[0]]
    [1.0]
    """

    def __init__(self, model: Model, rows: Matrix | None = None, double: bool = False) -> None:
        self.model, self.rounded = model, (float if double else nearest_float32)
        layers, room = (_seen(model, rows), ROOM) if rows else (_possible(model), 1.0)
        try:
            spans = [_span(outputs, room) for outputs in layers]
            fits = any(self._fits(bits, spans, _kind(rows)) for bits in BITS)
        except (ArithmeticError, ValueError):  # a step is infinite, or its inverse is
            numbers = "numbers as large or small as in the model or the rows"
            raise PureNetError(f'pack: "integer" has no scale for {numbers}') from None
        if not fits:
            widest = max(model.network.sizes[:-1])
            raise PureNetError(f'pack: "integer" has no room for sums of {widest:,} products')
        self.table = [round(math.tanh(i * END / ENTRIES) * self.half) for i in range(ENTRIES + 1)]

    def _fits(self, bits: int, spans: list[tuple[float, float]], kind: str) -> bool:
        """Compute everything with outputs of that many bits; tell whether sums have room."""
        self.largest, self.half = (1 << bits) - 1, (1 << (bits - 1)) - 1
        scale = self.scale = self._scale(spans[0])
        self.inputs, self.layers = self._inputs(kind), list[WholeLayer]()
        for layer, span in zip(layers_of(self.model.network), [*spans[1:], None]):
            self.layers.append(self._layer(layer, scale, span))
            scale = self.layers[-1].scale
        return max(map(self._largest_sum, self.layers)) <= LARGEST_SUM

    def _scale(self, span: tuple[float, float]) -> Scale:
        low, high = min(span[0], 0.0), max(span[1], 0.0)
        step = max((high - low) / self.largest, SMALLEST) if low < high else 1.0
        return Scale(step, round(-low / step))

    def _inputs(self, kind: str) -> WholeInputs:
        middle = self.scale.zero + 0.5  # because the fraction is cut off
        pairs = [(mean, 1.0 / (d * self.scale.step)) for mean, d in ranges(self.model)]
        whole = [_whole_input(mean, factor, middle) for mean, factor in pairs] if kind else [None]
        if None not in whole:
            return WholeInputs(kind, *zip(*whole))
        factors = [self.rounded(factor) for _, factor in pairs]
        offsets = [self.rounded(middle - mean * f) for (mean, _), f in zip(pairs, factors)]
        if 0.0 in factors or not all_finite([factors, offsets]):
            raise OverflowError
        return WholeInputs("", factors, offsets, [0] * len(pairs))

    def _layer(self, layer: Layer, scale: Scale, span: tuple[float, float] | None) -> WholeLayer:
        """Return a layer whose inputs have a scale, and whose outputs lie within a span."""
        columns = list(zip(*layer.weights))
        steps = [_step(own, b / scale.step) for own, b in zip(columns, layer.biases)]
        weights = [[round(w / step) for w in own] for own, step in zip(columns, steps)]
        worth = [scale.step * step for step in steps]
        zeros = [scale.zero * sum(own) for own in weights]
        biases = [round(b / one) - zero for b, one, zero in zip(layer.biases, worth, zeros)]
        after, unit, stride = self._after(layer.activation, span, max(worth) * (1.0 + 2.0**-15))
        factors, shifts = map(list, zip(*(factor_and_shift(one / unit) for one in worth)))
        of_neurons = (weights, biases, factors, shifts)
        return WholeLayer(layer.k, layer.activation, *of_neurons, after, stride, worth)

    def _after(
        self, activation: str, span: tuple[float, float] | None, coarsest: float
    ) -> tuple[Scale, float, int]:
        """Return the scale of a layer's outputs, the unit of its activation, and the stride.

        No unit may be finer than the coarsest sum, because factors are less than 1.
        """
        if span is None:  # the last layer
            return Scale(coarsest, 0), coarsest, 1
        if activation in SLOPES:
            step = max(self._scale(span).step, coarsest)
            return Scale(step, round(-min(span[0], 0.0) / step)), step, 1
        place, scale = PLACE, Scale(1.0 / self.half, self.half)
        if activation == "sigmoid":
            place, scale = PLACE * 2.0, Scale(0.5 / self.half, 0)
        stride = min(LAST_PLACE, math.ceil(coarsest / place))
        return scale, place * stride, stride

    def _largest_sum(self, layer: WholeLayer) -> int:
        sums = [self.largest * sum(map(abs, own)) for own in layer.weights]
        return max(abs(bias) + products for bias, products in zip(layer.biases, sums))

    # -- what the C repeats ------------------------------------------------------------------------

    def quantized(self, row: Row) -> list[int]:
        """Return the whole numbers of the inputs."""
        kind, *each = self.inputs
        number = int if kind else self.rounded
        values = [(number(number(number(x) * f) + c), shift) for x, f, c, shift in zip(row, *each)]
        return [int(min(v, self.largest << shift)) >> shift if v > 0 else 0 for v, shift in values]

    def sums(self, row: Row) -> list[int]:
        """Return the sums of the last layer, those of a classifier in one unit."""
        values = self.quantized(row)
        for layer in self.layers:
            values = [
                bias + sum(map(mul, own, values)) for own, bias in zip(layer.weights, layer.biases)
            ]
            if layer is not self.layers[-1]:
                values = [self._activated(layer, value) for value in _scaled(layer, values)]
        return _scaled(layer, values) if self.model.kind == "classifier" else values

    def _activated(self, layer: WholeLayer, value: int) -> int:
        if layer.activation in SLOPES:
            moved = scaled(value, *SLOPES[layer.activation]) if value < 0 else value
            return min(max(layer.scale.zero + moved, 0), self.largest)
        place = min(abs(value), LAST_PLACE // layer.stride) * layer.stride
        low, high = self.table[place // PLACES : place // PLACES + 2]
        size = low + ((high - low) * (place % PLACES) + PLACES // 2) // PLACES
        return self.half + (-size if value < 0 else size)

    def worth(self) -> tuple[Row, Row]:
        """Return the factors and the terms that turn the sums into the last weighted inputs."""
        last, outputs = self.layers[-1], self.model.outputs
        worth = last.worth
        if self.model.kind == "classifier":
            worth = [last.scale.step] * len(worth)
        if outputs is None:
            return worth, [0.0] * len(worth)
        return [one * d for one, d in zip(worth, outputs.deviations)], outputs.means

    def apply(self, rows: Matrix) -> Matrix:
        """Return the outputs for these rows, as `Model.apply` does."""
        worth, means = self.worth()
        Z = [[v * one + mean for v, one, mean in zip(self.sums(row), worth, means)] for row in rows]
        return ACTIVATIONS[self.model.network.output_activation].forward(Z)


def factor_and_shift(ratio: float) -> tuple[int, int]:
    """Return the factor and the shift with which a ratio is nearly factor / 2**(16 + shift).

    A ratio of 1 or more has the largest factor.

    >>> factor_and_shift(0.75), factor_and_shift(2.0**-20), factor_and_shift(7.0)
    ((49152, 0), (2048, 15), (65535, 0))
    """
    shift = min(15, max(0, -math.frexp(ratio)[1]))
    return min(2**16 - 1, round(ratio * 2.0 ** (16 + shift))), shift


def _scaled(layer: WholeLayer, sums: list[int]) -> list[int]:
    return [scaled(*three) for three in zip(sums, layer.factors, layer.shifts)]


def scaled(value: int, factor: int, shift: int) -> int:
    """Return value · factor / 2**(16 + shift), rounded, by steps that fit into 32 bits.

    Nothing negative is shifted, which C99 leaves to each compiler.

    >>> scaled(-(2**31 - 1), 2**15, 3), scaled(12, 2**15, 2)
    (-134217728, 2)
    """
    size = abs(value)
    product = (size >> 16) * factor + ((size & 0xFFFF) * factor >> 16)
    rounded = (product + ((1 << shift) >> 1)) >> shift
    return -rounded if value < 0 else rounded


def _step(own: tuple[float, ...], bias: float) -> float:
    """Return the step of a neuron's weights, whose bias is given in steps of its inputs."""
    return max(max(map(abs, own)) / LARGEST, abs(bias) / LARGEST_BIAS, SMALLEST)


def _whole_input(mean: float, factor: float, middle: float) -> tuple[int, int, int] | None:
    """Return a factor, an offset and the finest shift with which they leave the sum 32 bits."""
    for shift in range(24, -1, -1):
        whole = round(factor * 2.0**shift)
        offset = round(middle * 2.0**shift - mean * whole)
        if whole < 2**15 and abs(offset) < 2**30:
            return whole, offset, shift
    return None


def _kind(rows: Matrix | None) -> str:
    """Return the smallest type in C of whole numbers that holds all of the rows, or ""."""
    numbers = [x for row in rows or [] for x in row]
    if not numbers or any(x % 1.0 for x in numbers):
        return ""
    if 0 <= min(numbers) and max(numbers) < 2**8:
        return "uint8_t"
    return "int16_t" if -(2**15) <= min(numbers) and max(numbers) < 2**15 else ""


def _seen(model: Model, rows: Matrix) -> list[Matrix]:
    """Return the outputs of each layer but the last."""
    prepared = rows if model.inputs is None else model.inputs.apply(rows)
    return forward(model.network, prepared)[:-1]


def _possible(model: Model) -> list[Matrix]:
    """Return the bounds of each layer but the last, for any inputs within reach."""
    bounds = [[[sign * REACH] * model.network.sizes[0] for sign in (-1.0, 1.0)]]
    for layer in layers_of(model.network)[:-1]:
        terms = [
            [(low * w, high * w) for low, high, w in zip(*bounds[-1], own)]
            for own in zip(*layer.weights)
        ]
        ends = [
            [b + sum(map(end, own)) for b, own in zip(layer.biases, terms)] for end in (min, max)
        ]
        bounds.append(ACTIVATIONS[layer.activation].forward(ends))
    return bounds


def _span(outputs: Matrix, room: float) -> tuple[float, float]:
    """Return the smallest and the largest output, with room."""
    if not all_finite(outputs):
        raise OverflowError
    return room * min(map(min, outputs)), room * max(map(max, outputs))
