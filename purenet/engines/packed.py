"""The engine "packed": a whole row of numbers, smuggled through as one.

Python takes a fee for each operation, far more than the multiplication costs. But it charges by
the number, not by the size of the number, and its integers may be as long as we like. So put many
numbers into one: a clerk does it who adds two columns of figures at once, and leaves enough room
between them. Here is [2, 3, 5] times a matrix of two columns, with four decimal digits of room:

    2 ·  1 | 0004       two columns, and three multiplications instead of six
    3 ·  0 | 0002
    5 ·  7 | 0006
    --------------
        37 | 0044       = 2·1 + 3·0 + 5·7 | 2·4 + 3·2 + 5·6

>>> 2 * 1_0004 + 3 * 2 + 5 * 7_0006
370044

Nobody told the integer that it is two numbers. A negative one borrows from its neighbor: 37 | -4
is 369996. To read it, lift every slot by 5000 first, and lower what comes out:

>>> divmod(37_0000 - 4 + 5000_5000, 1_0000)
(5037, 4996)

That is all. The slots here have 64 bits, there may be hundreds of them, and the multiplication that
Python charges once for is a loop in C. (The trick is Kronecker's substitution, of 1882. He had no
interpreter, but he would have liked this one.)

**Fixed point.** Slots hold whole numbers, so a matrix is multiplied by a power of two, its scale,
and rounded, half to even. The largest magnitude in the matrix decides the scale: it comes to at
most 2**bits, and `bits_for` chooses the bits so that no sum of products can leave its slot.

**The bound.** With a and b the largest magnitudes in A and B, every number of A · B, a sum of t
products, is right to within

    t · a · b · (2**(1 - bits) + 2**(13 - 2 * bits))

because each of A's numbers is off by at most a · 2**-bits, each of B's by b · 2**-bits, and the sum
is rounded once more when it leaves, half to even, to a multiple of 2**11. For up to 63 terms `bits`
is 28, for 784 it is 26, and `bits_for` is asked once for all: for the longest sum in a training. As
the bound is relative to the largest number, inputs of very different sizes should be standardized.
Outputs of a sigmoid, tanh or softmax count as 1, even if the largest is smaller.

**The same bits everywhere.** Sums of integers are exact, so no order and no interpreter changes
them: CPython and PyPy agree. (MicroPython lacks what this package imports.) The exception is a
32-bit build that computes with the x87's 80 bits, where adding a number does not round to a double.
The bits are not those of `lists` and `unrolled`.

**No Python call for a number.** Adding a large power of two to a float rounds it, and leaves the
whole number in the low bits of the double. `struct` turns a row of such doubles into bytes, and
these are read as one integer, or as many. The way back is a shift, a mask, an exponent, and
`struct` again.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import compress
from operator import mul
from typing import Any

from ..core._types import Advance, AnyNetwork, Matrix, Row
from ..core.activations import softmax
from ..core.backpropagation import forward as core_forward
from ..core.backpropagation import parameters, set_parameters
from ..core.losses import loss_function
from ..core.matrix import add
from ..core.work import Work
from .compiling import kernel_of
from .expressions import ACTIVATIONS, delta
from .kernels import Exp
from .steps import Raw, numbers_in, step_along
from .stretches import Stretches, in_epochs
from .telling import warn_caller

Predict = Callable[[Sequence[float]], Row]

SLOT = 64  # bits, as in a double
SUM = 62  # sums lie between -2**62 and 2**62, so that one lifted by 2**62 is positive
CUT = 11  # the bits of a sum that do not fit into the 52 of a double's fraction

# In the double 1.5 * 2**52, its lowest bit counts 1.
FRACTION, BIAS = 52, 1023
FRACTION_MASK = (1 << FRACTION) - 1
EXPONENT_MASK = 0xFFF << FRACTION  # with the sign

# Between these no scale, and no product of two numbers with their scales, can overflow.
SMALLEST, LARGEST = 2.0**-400, 2.0**400

BOUNDED = ("sigmoid", "tanh", "softmax")  # at most 1, so that nobody has to look for the largest

# Larger batches are added up in blocks, because a longer sum leaves fewer bits to each number.
ROWS_A_BLOCK = 512

# The time to call an operation on an integer, and to move a number of the answer to its place, each
# as a number of slots multiplied in the same time. They change no bit.
CALL, MOVE = 20, 7

# Leaving out what is multiplied by 0 pays if at least a fifth is. It changes no bit either.
SPARSE = 0.8


UNFIT = "numbers beyond 1e±120, or not finite, do not fit into its integers"


class Unfit(ArithmeticError):
    """A matrix for which there is no scale: too large, too small, or not finite."""


def bits_for(terms: int) -> int:
    """Return the bits of a number, such that a sum of this many products stays in its slot.

    >>> bits_for(63), bits_for(784), (784 * 2**26 * 2**26) < 2**SUM
    (28, 26, True)
    """
    return min(30, (SUM - terms.bit_length()) // 2)  # 30: the largest digit of CPython's integers


def exponent_for(largest: float, bits: int) -> int:
    """Return the exponent of the largest power of two that scales a magnitude to at most 2**bits.

    >>> exponent_for(0.75, 10), exponent_for(1.0, 10), exponent_for(1.25, 10)
    (10, 10, 9)
    """
    if largest == 0.0:
        return 0
    if not SMALLEST <= largest <= LARGEST:
        raise Unfit
    fraction, exponent = math.frexp(largest)
    return bits - exponent + (fraction == 0.5)


class Slots:
    """A row of slots at one scale: floats become an integer, or several, and come back.

    >>> slots = Slots(2, exponent=1)
    >>> packed = slots.packed(slots.pack(slots.rounder + 3.5, slots.rounder - 1.0))
    >>> packed == 7 - 2 * 2**64
    True
    >>> [d - slots.rounder for d in slots.doubles((packed << CUT) + slots.lift)]
    [3.5, -1.0]
    """

    def __init__(self, count: int, exponent: int) -> None:
        each = ((1 << SLOT * count) - 1) // ((1 << SLOT) - 1)  # a 1 in each slot
        doubles = struct.Struct(f"<{count}d")
        self.pack, self.unpack, self.size = doubles.pack, doubles.unpack, doubles.size
        self.integers = struct.Struct("<" + "i4x" * count).unpack  # the low half of each double
        # Adding this leaves a float no bit below 2**-exponent: it is rounded, half to even, and the
        # low bits of the double are the whole number, in two's complement.
        self.rounder = 1.5 * 2.0 ** (FRACTION - exponent)
        self.exponents = each * (BIAS + FRACTION - exponent << FRACTION)
        self.rounders = self.exponents + (each << FRACTION - 1)
        self.each, self.exponent_mask = each, each * EXPONENT_MASK
        self.fraction_mask = each * FRACTION_MASK
        self.lift = each * ((1 << SUM) + (1 << CUT - 1) - 1)  # with almost half of what is cut

    def packed(self, data: bytes) -> int:
        """Return the integer of some rounded doubles; raise Unfit if one of them is not rounded."""
        bits = int.from_bytes(data, "little")
        if bits & self.exponent_mask != self.exponents:  # NaN, infinite or far too large
            raise Unfit
        return bits - self.rounders

    def doubles(self, lifted: int) -> Sequence[float]:
        """Return each sum of a lifted integer, without CUT bits, rounded half to even."""
        lifted += lifted >> CUT & self.each
        bits = lifted >> CUT & self.fraction_mask | self.exponents
        return self.unpack(bits.to_bytes(self.size, "little"))


slots_of = lru_cache(maxsize=128)(Slots)


class Fixed:
    """A matrix in fixed point. With `across`, its methods return columns instead of rows."""

    def __init__(self, rows: list[bytes], width: int, exponent: int, density: float = 1.0) -> None:
        self.shape, self.exponent = (len(rows), width), exponent
        self.density = density  # the part that is not 0: only the time depends on it
        self._data = rows
        self._packed: dict[bool, list[int]] = {}
        self._integers: dict[bool, list[Sequence[int]]] = {}

    @classmethod
    def of(cls, A: Matrix, bits: int, largest: float | None = None, density: float = 1.0) -> Fixed:
        """Return a matrix with numbers of this many bits; raise Unfit if no scale fits."""
        if largest is None:
            largest = max(max(map(max, A)), -min(map(min, A)))
        return cls._at(A, exponent_for(largest, bits), density)

    @classmethod
    def _at(cls, A: Matrix, exponent: int, density: float = 1.0) -> Fixed:
        slots = slots_of(len(A[0]), exponent)
        rounder, pack = slots.rounder, slots.pack
        rows = [pack(*[a + rounder for a in row]) for row in A]
        fixed = cls(rows, len(A[0]), exponent, density)
        fixed.packed()  # raises Unfit for NaN, which max may have missed
        return fixed

    @classmethod
    def like(cls, before: Fixed | None, A: Matrix, bits: int) -> Fixed:
        """Return the same as `of`, sooner if the exponent is that of another matrix."""
        if before is not None:
            with suppress(Unfit):
                fixed = cls._at(A, before.exponent)
                if fixed._surely_fills(bits):
                    return fixed
        return cls.of(A, bits)

    def _surely_fills(self, bits: int) -> bool:
        """Tell whether the largest whole number is surely between 2**(bits - 1) and 2**bits.

        Then the exponent is the one that `of` would find, and to ask so takes a sixth of the time.
        """
        each, packed, more, less = self._slots(False).each, self.packed(), 2**20 + 1, 2**20 - 1
        # Once a slot is lifted by 2**n, a mask tells if it was from -2**n to below 2**n. To ask
        # this of a little more and a little less than 2**20 times a number keeps a distance from
        # the limits, where what was rounded does not tell on which side it was.
        lift, beyond = each << bits + 20, each * (2**SLOT - 2 ** (bits + 21))
        half_lift, half_beyond = each << bits + 19, each * (2**SLOT - 2 ** (bits + 20))
        inside = not any(row * more + lift & beyond for row in packed)
        return inside and any(row * less + half_lift & half_beyond for row in packed)

    def packed(self, across: bool = False) -> list[int]:
        """Return each row as one integer."""
        if across not in self._packed:
            slots, data = self._slots(across), self._data
            if across:
                columns = zip(*map(self._slots(False).unpack, data))
                data = [slots.pack(*column) for column in columns]
            self._packed[across] = list(map(slots.packed, data))
        return self._packed[across]

    def integers(self, across: bool = False) -> list[Sequence[int]]:
        """Return each row as whole numbers."""
        if not self._integers:
            rows: list[Any] = list(map(self._slots(False).integers, self._data))
            self._integers = {False: rows, True: [*zip(*rows)]}
        return self._integers[across]

    def column_sums(self) -> Raw:
        """Return the sum of each column, which is exact, in one row."""
        slots = self._slots(False)
        total = sum(self.packed()) + slots.rounders
        return [slots.unpack(total.to_bytes(slots.size, "little"))], slots.rounder

    def _slots(self, across: bool) -> Slots:
        return slots_of(self.shape[not across], self.exponent)

    def some(self, numbers: list[int]) -> Fixed:
        """Return the rows of these numbers, without converting them again."""
        rows = [self._data[i] for i in numbers]
        some = Fixed(rows, self.shape[1], self.exponent, self.density)
        some._packed[False] = [self.packed()[i] for i in numbers]
        return some


def product(A: Fixed, B: Fixed, across_A: bool = False, across_B: bool = False) -> Raw:
    """Return A · B; a matrix that is `across` is transposed first.

    Either the rows of B are packed, or the columns of A, whichever takes less time.

    >>> A, B = Fixed.of([[2.0, 3.0]], 28), Fixed.of([[1.0], [-4.0]], 28)
    >>> numbers_in(product(A, B))
    [[-10.0]]
    """
    m, t, p = A.shape[across_A], A.shape[not across_A], B.shape[not across_B]
    plain, turned = A.density * m * t * (CALL + p), B.density * p * t * (CALL + m) + MOVE * m * p
    if turned < plain:  # A · B is the transpose of Bᵀ · Aᵀ
        A, B, across_A, across_B, p = B, A, not across_B, not across_A, m
    slots, packed = slots_of(p, A.exponent + B.exponent - CUT), B.packed(across_B)
    lift, add_up = slots.lift, sparse_sum if A.density < SPARSE else weighted_sum
    rows = [slots.doubles(add_up(row, packed, lift)) for row in A.integers(across_A)]
    return list(zip(*rows)) if turned < plain else rows, slots.rounder


def weighted_sum(integers: Sequence[int], packed: list[int], start: int) -> int:
    """Return a start plus the sum of the products: here is where all the time goes.

    >>> weighted_sum([2, 3, 5], [1_0004, 2, 7_0006], 0)
    370044
    """
    total: int = sum(map(mul, integers, packed), start)
    return total


def sparse_sum(integers: Sequence[int], packed: list[int], start: int) -> int:
    """Return the same, and leave out what is multiplied by 0.

    >>> sparse_sum([0, 3, 0], [1_0004, 2, 7_0006], 0)
    6
    """
    return weighted_sum(list(filter(None, integers)), list(compress(packed, integers)), start)


def activation_source(activation: str, biased: bool) -> str:
    """Return the source of activation(rows, rounder, biases, ...): a product's activations.

    >>> print(activation_source("tanh", False))
    def activation(rows, rounder, biases, exp, tanh, softmax):
        return [[tanh(d - rounder) for d in row] for row in rows]
    """
    formula = ACTIVATIONS["linear" if activation == "softmax" else activation]
    number = "d, b in zip(row, biases)" if biased else "d in row"
    z = "d - rounder + b" if biased else "d - rounder"
    if activation == "sigmoid":  # -z, so that exp(-z) needs no minus sign
        formula, z = ACTIVATIONS["negated_sigmoid"], "rounder - d - b" if biased else "rounder - d"
    elif formula.count("{z}") > 1:
        formula, number, z = formula.format(z="z"), f"{number} for z in [{z}]", ""
    row = f"[{formula.format(z=z)} for {number}]"
    row = f"softmax({row})" if activation == "softmax" else row
    head = "def activation(rows, rounder, biases, exp, tanh, softmax):"
    return f"{head}\n    return [{row} for row in rows]"


def deltas_source(activation: str, error: str) -> str:
    """Return the source of deltas(rows, rounder, outputs): errors times the slopes.

    >>> print(deltas_source("linear", "(d - rounder)"))
    def deltas(rows, rounder, outputs):
        return [[(d - rounder) for d, a in zip(*pair)] for pair in zip(rows, outputs)]
    """
    row = f"[{delta(activation, error, 'a')} for d, a in zip(*pair)]"
    head = "def deltas(rows, rounder, outputs):"
    return f"{head}\n    return [{row} for pair in zip(rows, outputs)]"


def activated(network: AnyNetwork, k: int, raw: Raw, exp: Exp) -> Matrix:
    """Return the outputs of layer k + 1 from the product with weights[k]."""
    biases = network.biases[k] if network.biases else []
    activation = kernel_of(activation_source, network.layer_activations[k], bool(biases))
    return activation(*raw, biases, exp, math.tanh, softmax)  # type: ignore[no-any-return]


def fixed_outputs(outputs: Matrix, activation: str, bits: int) -> Fixed:
    """Return a layer's outputs in fixed point."""
    largest = 1.0 if activation in BOUNDED else None
    return Fixed.of(outputs, bits, largest, 0.5 if activation == "relu" else 1.0)


def forward(
    network: AnyNetwork, X: Fixed, weights: list[Fixed], bits: int, exp: Exp
) -> tuple[list[Fixed], list[Matrix]]:
    """Return the inputs and the outputs of every layer."""
    inputs: list[Fixed] = []
    outputs: list[Matrix] = []
    for k, name in enumerate(["", *network.layer_activations[:-1]]):
        inputs.append(fixed_outputs(outputs[-1], name, bits) if outputs else X)     # (m x nₖ)
        outputs.append(activated(network, k, product(inputs[k], weights[k]), exp))  # (m x nₖ₊₁)
    return inputs, outputs


class Packed:
    """A training with packed integers."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.bits = bits_for(max(*work.network.sizes, min(work.batch_size, ROWS_A_BLOCK)))
        zeros = sum([row.count(0.0) for row in work.X])
        density = 1.0 - zeros / (len(work.X) * len(work.X[0]))
        self.inputs = Fixed.of(work.X, self.bits, density=density)  # once for all epochs
        self.numbers = {id(row): i for i, row in enumerate(work.X)}
        self.blocks: dict[tuple[int, int], Fixed] = {}
        self.weights: list[Any] = [None] * len(work.network.weights)  # those of the last update
        kernel_of(activation_source, "linear", False)  # to see whether compiling is allowed here

    def learn(self, work: Work, X: Matrix, y: Matrix, exp: Exp) -> float:
        """Update the network once; return the sum of the rows' losses before that.

        A number that is not finite raises Unfit.
        """
        network = work.network
        pairs = zip(self.weights, network.weights)
        self.weights = weights = [Fixed.like(before, W, self.bits) for before, W in pairs]
        total = 0.0
        raw: list[Raw] = []
        for start in range(0, len(X), ROWS_A_BLOCK):
            rows = slice(start, start + ROWS_A_BLOCK)
            loss, more = self.backpropagate(weights, X[rows], y[rows], exp)
            total += loss
            both = [map(numbers_in, pair) for pair in zip(raw, more)]
            raw = [(add(*pair), 0.0) for pair in both] if raw else more
        share = 1.0 / len(y) if work.reduction == "mean" else 1.0
        set_parameters(network, step_along(work.optimizer, parameters(network), raw, share))
        return total

    def backpropagate(
        self, weights: list[Fixed], X: Matrix, y: Matrix, exp: Exp
    ) -> tuple[float, list[Raw]]:
        """Return the loss of some rows, and the negative gradients of weights and biases."""
        network, names = self.work.network, self.work.network.layer_activations
        inputs, outputs = forward(network, self.block(X), weights, self.bits, exp)
        raw: list[Raw] = []
        bias_raw: list[Raw] = []
        loss, deltas = loss_function(network), self.output_deltas(y, outputs[-1])
        for k in range(len(weights) - 1, -1, -1):
            D = Fixed.of(deltas, self.bits)                                     # (m x nₖ₊₁)
            raw.append(product(inputs[k], D, across_A=True))                    # (nₖ x nₖ₊₁)
            bias_raw += [D.column_sums()] if network.biases else []             # (1 x nₖ₊₁)
            if k:
                backward = kernel_of(deltas_source, names[k - 1], "(d - rounder)")
                errors = product(D, weights[k], across_B=True)                  # (m x nₖ)
                deltas = backward(*errors, outputs[k - 1])                      # (m x nₖ)
        return loss.total(y, outputs[-1]), raw[::-1] + bias_raw[::-1]

    def output_deltas(self, y: Matrix, outputs: Matrix) -> Matrix:
        """Return the deltas of the output layer."""
        network, loss = self.work.network, loss_function(self.work.network)
        if loss.activation is not None and network.output_activation == "softmax":
            return loss.backward(y, outputs)
        name = "linear" if loss.activation is None else network.output_activation
        backward = kernel_of(deltas_source, name, "(d - a)")  # each d is a target
        return backward(y, None, outputs)  # type: ignore[no-any-return]

    def block(self, X: Matrix) -> Fixed:
        """Return some rows of the inputs in fixed point."""
        key = id(X[0]), len(X)
        if key in self.blocks:
            return self.blocks[key]
        block = self.inputs.some([self.numbers[id(row)] for row in X])
        if not self.work.shuffle:
            self.blocks[key] = block
        return block


def packed(work: Work) -> Advance | None:
    """Return a function that trains for up to n epochs, or None if the plain loop has to.

    The function returns the number of epochs done and the last one's loss. If numbers do not fit
    into fixed point, it leaves the epochs up to the history's next entry to the plain loop, and
    warns the first time. Where nothing can be done, because the inputs do not fit or because
    `compile` and `exec` are refused, the answer is None, with a warning.
    """
    try:
        train = in_epochs(work, Packed(work).learn)
    except Exception as error:  # a sandbox may refuse to compile with any
        warn_caller(_why(error))
        return None
    why, is_told = _why(Unfit()), False

    def run(epochs: int, exp: Exp) -> float:
        nonlocal why
        try:
            return train(epochs, exp)
        except Exception as error:
            why = _why(error)
            raise

    attempt = Stretches(work, run).advance

    def advance(epochs: int) -> tuple[int, float]:
        nonlocal is_told
        done, loss = attempt(epochs)
        if done < epochs and not is_told:
            is_told = True
            warn_caller(why)
        return done, loss

    return advance


def _why(error: Exception) -> str:
    """Return in words why the plain loop trains where packed integers cannot."""
    is_unfit = isinstance(error, (Unfit, OverflowError))
    return f'engine: "lists" trains where "packed" cannot: {UNFIT if is_unfit else repr(error)}'


def measurer(network: AnyNetwork, X: Matrix) -> Callable[[], Matrix]:
    """Return a function that returns the network's present outputs for the same rows each time.

    Their conversion is needed only once. If numbers do not fit, the function computes with floats.

    >>> from ..core.network import Network
    >>> network = Network([2, 1], activation="linear", init="zeros")
    >>> outputs = measurer(network, [[3.0, 4.0]])
    >>> network.weights = [[[1.0], [0.5]]]
    >>> outputs()
    [[5.0]]
    """
    bits = bits_for(max(network.sizes))
    blocks: list[Fixed] = []

    def outputs() -> Matrix:
        try:
            if not blocks:
                starts = range(0, len(X), ROWS_A_BLOCK)
                blocks.extend([Fixed.of(X[start : start + ROWS_A_BLOCK], bits) for start in starts])
            weights = [Fixed.of(W, bits) for W in network.weights]
            parts = [forward(network, block, weights, bits, math.exp)[1] for block in blocks]
        except Exception:  # Unfit, exp overflows, or a sandbox refuses to compile
            return core_forward(network, X)[-1]
        return [row for part in parts for row in part[-1]]

    return outputs


def predictor(network: AnyNetwork, floats: Predict, otherwise: Predict) -> Predict:
    """Return a function from one row to the outputs; a row that does not fit goes `otherwise`.

    `floats` turns any other sequence into a list. Raises Unfit if the weights do not fit.
    """
    layers: list[Any] = []
    before = ""
    for k, name in enumerate(network.layer_activations):
        bits, biases = bits_for(network.sizes[k]), network.biases[k] if network.biases else []
        W = Fixed.of(network.weights[k], bits)
        (n, p), exponent = W.shape, W.exponent - CUT
        slots = (slots_of(n, bits), slots_of(p, exponent + bits)) if before in BOUNDED else None
        activation = kernel_of(activation_source, name, bool(biases))
        layers.append((slots, n, p, bits, exponent, W.packed(), activation, biases))
        before = name
    exp, tanh = math.exp, math.tanh

    def predict(row: Sequence[float]) -> Row:
        if row.__class__ is not list:
            row = floats(row)
        values: Any = row
        try:
            for slots, n, p, bits, exponent, packed, activation, biases in layers:
                add_up = weighted_sum
                if slots:
                    ins, outs = slots
                else:
                    scale = exponent_for(max(max(values), -min(values)), bits)
                    ins, outs = slots_of(n, scale), slots_of(p, exponent + scale)
                rounder = ins.rounder
                data = ins.pack(*[x + rounder for x in values])
                if not slots:
                    ins.packed(data)  # raises Unfit for NaN, which max may have missed
                    add_up = weighted_sum if all(values) else sparse_sum
                raw = outs.doubles(add_up(ins.integers(data), packed, outs.lift))
                [values] = activation([raw], outs.rounder, biases, exp, tanh, softmax)
        except (ArithmeticError, TypeError, struct.error):
            return otherwise(row)
        return values  # type: ignore[no-any-return]

    return predict
