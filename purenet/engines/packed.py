"""The engine "packed": a whole row of numbers in one integer.

Python multiplies floats one at a time, with a fee for each. But its integers may be as long as you
like, and multiplying a long one by a short one is a loop in C. So this engine writes a row of numbers
side by side into one long integer, as on squared paper, and multiplies the row in one go.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, compress, repeat
from operator import mul
from struct import Struct
from struct import error as StructError
from typing import Any

from ..core._types import Advance, AnyNetwork, Matrix, Parameters, Row
from ..core.activations import softmax
from ..core.backpropagation import parameters, set_parameters
from ..core.losses import loss_function
from ..core.matrix import add, column_sums
from ..core.network import check_parameters
from ..core.training import run_epoch
from ..core.work import Work
from .expressions import ACTIVATIONS, delta
from .choice import kind_of
from .kernels import kernel_of
from .steps import step
from .stretches import Stretches

SLOT = 64  # bits: the size of a double, so that a row of doubles is a row of slots
SUM = 62  # a sum of products lies strictly between -2**62 and 2**62
CUT = 11  # bits of a sum that a double's 52 have no room for

# Adding this to a float leaves no bit for anything below 1: the sum is rounded to a whole number,
# half to even, and the low bits of the double are that number in two's complement.
ROUNDER = 1.5 * 2.0**52
ROUNDER_BITS = 0x4338 << 48
EXPONENT_BITS = 0x433 << 52  # sign and exponent of every double from 2**52 to 2**53
TOP_BITS = 0xFFF << 52

# Numbers beyond these are left to another engine; between them, no scale can overflow.
SMALLEST, LARGEST = 2.0**-400, 2.0**400

# The outputs of these are at most 1, so that nobody has to look for the largest.
BOUNDED = ("sigmoid", "tanh", "softmax")

# What a call costs, and to turn a number over, in products of a slot; only the time depends on them.
CALL, TURN = 20, 7

# Batches of more rows are added up in blocks, because a longer sum leaves fewer bits to a number.
ROWS_A_BLOCK = 512


# The sums of a product of matrices as `Slots.doubles` returns them, and the factor of the sums.
Predict = Callable[[Sequence[float]], Row]
Raw = tuple[list[Sequence[float]], float]


class Unfit(ArithmeticError):
    """A matrix that fits into no scale: it is too large, too small, or not finite."""


class Slots:
    """A number of slots: how a row of floats becomes one integer, and an integer a row of floats."""

    def __init__(self, count: int) -> None:
        each = ((1 << SLOT * count) - 1) // ((1 << SLOT) - 1)  # a 1 in every slot
        doubles = Struct(f"<{count}d")
        self.pack, self.unpack = doubles.pack, doubles.unpack
        self.unpack_integers = Struct("<" + "i4x" * count).unpack
        self.count, self.size, self.each = count, doubles.size, each
        self.rounder, self.tops, self.exponents = ROUNDER_BITS * each, TOP_BITS * each, EXPONENT_BITS * each
        self.lift, self.halves, self.mantissas = each << SUM, each * ((1 << CUT - 1) - 1), each * ((1 << 52) - 1)

    def packed(self, data: bytes) -> int:
        """Return the integer of a row of doubles that were rounded; raise Unfit if one was not."""
        raw = int.from_bytes(data, "little")
        if raw & self.tops != self.exponents:
            raise Unfit
        return raw - self.rounder

    def doubles(self, total: int) -> Row:
        """Return the sums in an integer, rounded half to even, each as CENTER + sum / 2**CUT."""
        total += self.halves + (total >> CUT & self.each)
        bits = total >> CUT & self.mantissas | self.exponents
        return self.unpack(bits.to_bytes(self.size, "little"))


slots_of = lru_cache(maxsize=256)(Slots)


def exponent_for(largest: float, bits: int) -> int:
    """Return the exponent of the scale that makes the largest magnitude at most 2**bits."""
    if largest == 0.0:
        return 0
    if not SMALLEST <= largest <= LARGEST:
        raise Unfit
    fraction, exponent = math.frexp(largest)
    return bits - exponent + (fraction == 0.5)


def bits_for(terms: int) -> int:
    """Return how many bits a number may have, so that no sum of so many products leaves its slot."""
    return min(30, (SUM - terms.bit_length()) // 2)


class Fixed:
    """A matrix in fixed point; each row, or each column, as one integer or as several."""

    def __init__(self, rows: list[bytes], width: int, exponent: int) -> None:
        self.shape, self.exponent = (len(rows), width), exponent
        self.density = 1.0  # the part of the numbers that is not 0
        # By whether it goes across the rows: False for rows, True for columns.
        self.data = {False: rows}
        self.packed_rows: dict[bool, list[int]] = {}
        self.integer_rows: dict[bool, list[Sequence[int]]] = {}

    @classmethod
    def of(cls, matrix: Matrix, bits: int, largest: float | None = None) -> Fixed:
        """Return a matrix with numbers of this many bits; raise Unfit if no scale fits."""
        if largest is None:
            largest = max(max(map(max, matrix)), -min(map(min, matrix)))
        exponent, width = exponent_for(largest, bits), len(matrix[0])
        factor, rounder, pack = 2.0**exponent, ROUNDER, slots_of(width).pack
        fixed = cls([pack(*[x * factor + rounder for x in row]) for row in matrix], width, exponent)
        fixed.packed(False)  # which finds a number that is not finite
        return fixed

    def packed(self, across: bool) -> list[int]:
        """Return each row as one integer, or, `across` the rows, each column."""
        if across not in self.packed_rows:
            pack = slots_of(self.shape[not across]).packed
            self.packed_rows[across] = list(map(pack, self._bytes(across)))
        return self.packed_rows[across]

    def integers(self, across: bool) -> list[Sequence[int]]:
        """Return the whole numbers of each row, or, `across` the rows, of each column."""
        if across not in self.integer_rows:
            unpack = slots_of(self.shape[not across]).unpack_integers
            self.integer_rows[across] = list(map(unpack, self._bytes(across)))
        return self.integer_rows[across]

    def _bytes(self, across: bool) -> list[bytes]:
        if across not in self.data:
            rows, columns = map(slots_of, reversed(self.shape))
            doubles = map(rows.unpack, self.data[False])
            self.data[True] = [columns.pack(*column) for column in zip(*doubles)]
        return self.data[across]

    def some(self, numbers: list[int]) -> Fixed:
        """Return some rows, which are not converted again."""
        fixed = Fixed([self.data[False][i] for i in numbers], self.shape[1], self.exponent)
        fixed.density = self.density
        for mine, its in ((self.packed(False), fixed.packed_rows), (self.integers(False), fixed.integer_rows)):
            its[False] = [mine[i] for i in numbers]
        return fixed


def product(A: Fixed, across_A: bool, B: Fixed, across_B: bool) -> Raw:
    """Return A · B, each transposed if its flag says so."""
    m, t, p = A.shape[across_A], A.shape[not across_A], B.shape[not across_B]
    turned = B.density * p * t * (CALL + m) + TURN * m * p < A.density * m * t * (CALL + p)
    if turned:  # (A · B)ᵀ = Bᵀ · Aᵀ has the longer rows, so that fewer integers are multiplied
        A, across_A, B, across_B = B, not across_B, A, not across_A
    slots, packed = slots_of(B.shape[not across_B]), B.packed(across_B)
    summed, lift = weighted_sum if A.density == 1.0 else sparse_sum, slots.lift
    rows = [slots.doubles(summed(row, packed, lift)) for row in A.integers(across_A)]
    return list(zip(*rows)) if turned else rows, 2.0 ** (CUT - A.exponent - B.exponent)


def weighted_sum(integers: Sequence[int], packed: list[int], first: int) -> int:
    """Return first, plus the sum of the products."""
    return sum(map(mul, integers, packed), first)


def sparse_sum(integers: Sequence[int], packed: list[int], first: int) -> int:
    """Return first, plus the sum of the products; those with 0 are left out."""
    return sum(map(mul, filter(None, integers), compress(packed, integers)), first)


def activation_source(activation: str, biased: bool) -> str:
    """Return the source of activation(rows, unit, biases, ...): a layer's outputs.

    >>> print(activation_source("sigmoid", True))
    """
    formula = ACTIVATIONS["linear" if activation == "softmax" else activation].format(z="z")
    loop = "v, b in zip(row, biases)" if biased else "v in row"
    row = f"[{formula} for {loop} for z in [(v - center) * unit{' + b' * biased}]]"
    row = f"softmax({row})" if activation == "softmax" else row
    return f"""def activation(rows, unit, biases, exp, tanh, softmax, center={ROUNDER!r}):
    return [{row} for row in rows]"""


def deltas_source(activation: str) -> str:
    formula = delta(activation, "((v - center) * unit)", "a")
    return f"""def deltas(rows, unit, outputs, center={ROUNDER!r}):
    return [[{formula} for v, a in zip(*pair)] for pair in zip(rows, outputs)]"""


def output_deltas_source(activation: str) -> str:
    return f"""def output_deltas(y, outputs):
    return [[{delta(activation, '(t - a)', 'a')} for t, a in zip(*pair)] for pair in zip(y, outputs)]"""


def scaled(raw: Raw, factor: float) -> Matrix:
    rows, unit = raw
    center, factor = ROUNDER, unit * factor
    return [[(v - center) * factor for v in row] for row in rows]


def moved(W: Matrix, raw: Raw, factor: float) -> Matrix:
    rows, unit = raw
    center, factor = ROUNDER, unit * factor
    return [[w + (v - center) * factor for w, v in zip(*pair)] for pair in zip(W, rows)]


class Packed:
    """A training with packed integers."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.bits = bits_for(max(*work.network.sizes, min(work.batch_size, ROWS_A_BLOCK)))
        self.inputs = Fixed.of(work.X, self.bits)
        filled = sum(map(len, map(list, map(filter, repeat(None), work.X))))
        self.inputs.density = filled / (len(work.X) * len(work.X[0]))
        self.numbers = {id(row): i for i, row in enumerate(work.X)}
        self.kept: dict[tuple[int, int], Fixed] = {}

    def run(self, epochs: int, exp: Callable[[float], float]) -> float:
        """Train for n epochs; return the last loss, or the first that is not finite."""

        def learn_rows(work: Work, X: Matrix, y: Matrix) -> float:
            return self.learn(X, y, exp)

        check_parameters(self.work.network)
        loss = 0.0
        for _ in range(epochs):
            loss = run_epoch(self.work, learn_rows)
            if not math.isfinite(loss):
                break
        return loss

    def learn(self, X: Matrix, y: Matrix, exp: Callable[[float], float]) -> float:
        network, optimizer, loss = self.work.network, self.work.optimizer, 0.0
        weights = [Fixed.of(W, self.bits) for W in network.weights]
        share = 1.0 / len(y) if self.work.reduction == "mean" else 1.0
        if len(X) <= ROWS_A_BLOCK and kind_of(optimizer) == "sgd":
            loss, raw, bias_sums = self.block(weights, X, y, exp)
            rate = optimizer.learning_rate * share
            network.weights = [moved(W, G, rate) for W, G in zip(network.weights, raw)]
            network.biases = [[b + g * rate for b, g in zip(*pair)] for pair in zip(network.biases, bias_sums)]
            return loss
        sums = []
        for start in range(0, len(X), ROWS_A_BLOCK):
            rows = slice(start, start + ROWS_A_BLOCK)
            part, raw, bias_sums = self.block(weights, X[rows], y[rows], exp)
            more = [scaled(G, -share) for G in raw] + [[[-share * g for g in row]] for row in bias_sums]
            loss, sums = loss + part, [add(G, M) for G, M in zip(sums, more)] if sums else more
        set_parameters(network, step(optimizer, parameters(network), sums))
        return loss

    def block(self, weights: list[Fixed], X: Matrix, y: Matrix, exp: Any) -> tuple[float, list[Raw], Matrix]:
        network, bits = self.work.network, self.bits
        names, last = network.layer_activations, len(weights)
        activations, fixed = [X], [self.batch(X)]
        for k, name in enumerate(names):
            Z = product(fixed[k], False, weights[k], False)
            biases = network.biases[k] if network.biases else []
            activate = kernel_of(activation_source, name, bool(biases))
            activations.append(activate(*Z, biases, exp, math.tanh, softmax))
            if k + 1 < last:
                fixed.append(Fixed.of(activations[-1], bits, 1.0 if name in BOUNDED else None))
                fixed[-1].density = 0.5 if name == "relu" else 1.0
        loss = loss_function(network)
        total = loss.total(y, activations[-1])
        deltas = self.output_deltas(loss, y, activations[-1])
        gradients, biases = [], []
        for k in range(last - 1, -1, -1):
            D = Fixed.of(deltas, bits)
            gradients.append(product(fixed[k], True, D, False))
            if network.biases:
                biases.append(column_sums(deltas))
            if k:
                errors = product(D, False, weights[k], True)
                deltas = kernel_of(deltas_source, names[k - 1])(*errors, activations[k])
        return total, gradients[::-1], biases[::-1]

    def output_deltas(self, loss, y, outputs):
        name = self.work.network.output_activation if loss.activation else "linear"
        if name == "softmax":
            return loss.backward(y, outputs)
        return kernel_of(output_deltas_source, name)(y, outputs)

    def batch(self, X: Matrix) -> Fixed:
        """Return these rows of the inputs in fixed point."""
        if self.work.shuffle:
            return self.inputs.some([self.numbers[id(row)] for row in X])
        key = id(X[0]), len(X)
        if key not in self.kept:
            self.kept[key] = self.inputs.some([self.numbers[id(row)] for row in X])
        return self.kept[key]


def packed(work: Work) -> Advance:
    training = Packed(work)
    return Stretches(work, training.run).advance


def predictor(network: AnyNetwork, floats: Predict, otherwise: Predict) -> Predict:
    """Return a function for single rows; those that do not fit it leaves to another."""
    layers, known = [], None
    for k, name in enumerate(network.layer_activations):
        n, p = network.sizes[k : k + 2]
        biases = network.biases[k] if network.biases else []
        bits = bits_for(n)
        W = Fixed.of(network.weights[k], bits)
        known = bits if k and network.layer_activations[k - 1] in BOUNDED else None
        factor, unit = 2.0 ** (known or 0), 2.0 ** (CUT - W.exponent - (known or 0))
        activate = kernel_of(activation_source, name, bool(biases))
        layers.append((slots_of(n), slots_of(p), W.packed(False), bits, known, factor, unit, activate, biases))
    exp, tanh, rounder, from_bytes = math.exp, math.tanh, ROUNDER, int.from_bytes

    def predict(row: Sequence[float]) -> Row:
        if row.__class__ is not list:
            row = floats(row)
        values = row
        try:
            for ins, outs, packed, bits, known, factor, unit, activate, biases in layers:
                if known is None:
                    scale = exponent_for(max(max(values), -min(values)), bits)
                    factor, unit = 2.0**scale, unit * 2.0**-scale
                data = ins.pack(*[x * factor + rounder for x in values])
                if known is None and from_bytes(data, "little") & ins.tops != ins.exponents:
                    raise Unfit
                integers = ins.unpack_integers(data)
                if known is not None or all(integers):
                    total = sum(map(mul, integers, packed), outs.lift)
                else:
                    total = sparse_sum(integers, packed, outs.lift)
                [values] = activate([outs.doubles(total)], unit, biases, exp, tanh, softmax)
        except (ArithmeticError, TypeError, StructError):
            return otherwise(row)
        return values

    return predict
