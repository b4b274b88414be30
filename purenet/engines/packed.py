"""The engine "packed": a whole row of numbers in one integer.

Python multiplies floats one at a time, with a fee for each. But its integers may be as long as you
like, and multiplying a long one by a short one is a loop in C. So this engine writes a row of numbers
side by side into one long integer, as on squared paper, and multiplies the row in one go.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import chain, compress
from operator import mul
from struct import Struct
from typing import Any

from ..core._types import Advance, AnyNetwork, Matrix, Parameters, Row
from ..core.activations import softmax
from ..core.backpropagation import gradients_from, parameters, set_parameters
from ..core.losses import loss_function
from ..core.matrix import add, column_sums
from ..core.network import check_parameters
from ..core.training import run_epoch
from ..core.work import Work
from .expressions import ACTIVATIONS, delta
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

# Batches of more rows are added up in blocks, because a longer sum leaves fewer bits to a number.
ROWS_A_BLOCK = 512


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

    def numbers(self, total: int, unit: float) -> Row:
        """Return the numbers in an integer, rounded half to even to 52 bits, times a unit."""
        total += self.lift  # every slot is now above 0, so that none borrows from the next
        total += self.halves + (total >> CUT & self.each)
        data = (total >> CUT & self.mantissas | self.exponents).to_bytes(self.size, "little")
        return [(double - ROUNDER) * unit for double in self.unpack(data)]


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
        # By whether it goes across the rows: False for rows, True for columns.
        self.data = {False: rows}
        self.packed_rows: dict[bool, list[int]] = {}
        self.integer_rows: dict[bool, list[Sequence[int]]] = {}

    @classmethod
    def of(cls, matrix: Matrix, bits: int, largest: float | None = None) -> Fixed:
        """Return a matrix with numbers of this many bits; raise Unfit if no scale fits."""
        if largest is None:
            largest = max(map(abs, chain.from_iterable(matrix)))
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
        for mine, its in ((self.packed(False), fixed.packed_rows), (self.integers(False), fixed.integer_rows)):
            its[False] = [mine[i] for i in numbers]
        return fixed


def product(A: Fixed, across_A: bool, B: Fixed, across_B: bool) -> Any:
    """Return A · B, each transposed if its flag says so."""
    m, p = A.shape[across_A], B.shape[not across_B]
    if m > p:  # (A · B)ᵀ = Bᵀ · Aᵀ has the longer rows, so that fewer integers are multiplied
        return list(zip(*product(B, not across_B, A, not across_A)))
    numbers, unit = slots_of(p).numbers, 2.0 ** (CUT - A.exponent - B.exponent)
    packed = B.packed(across_B)
    return [numbers(weighted_sum(row, packed), unit) for row in A.integers(across_A)]


def weighted_sum(integers: Sequence[int], packed: list[int]) -> int:
    """Return the sum of the products; those with 0 are left out."""
    if 0 in integers:
        return sum(map(mul, filter(None, integers), compress(packed, integers)))
    return sum(map(mul, integers, packed))


def activation_source(activation: str, biased: bool) -> str:
    formula = ACTIVATIONS["linear" if activation == "softmax" else activation].format(z="z")
    zs = "map(add, row, biases)" if biased else "row"
    row = f"[{formula} for z in {zs}]"
    if activation == "softmax":
        row = f"softmax({row})"
    return f"""def activation(rows, biases, exp, tanh, softmax, add):
    return [{row} for row in rows]"""


def deltas_source(activation: str, error: str) -> str:
    return f"""def deltas(errors, outputs):
    return [[{delta(activation, error, 'a')} for e, a in zip(*rows)] for rows in zip(errors, outputs)]"""


class Packed:
    """A training with packed integers."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.bits = bits_for(max(*work.network.sizes, min(work.batch_size, ROWS_A_BLOCK)))
        self.inputs = Fixed.of(work.X, self.bits)
        self.numbers = {id(row): i for i, row in enumerate(work.X)}
        self.kept: dict[tuple[int, int], Fixed] = {}

    def run(self, epochs: int, exp: Callable[[float], float]) -> float:
        """Train for n epochs; return the last loss, or the first that is not finite."""

        def learn_rows(work: Work, X: Matrix, y: Matrix) -> float:
            return self.learn(X, y, exp)

        loss = 0.0
        for _ in range(epochs):
            loss = run_epoch(self.work, learn_rows)
            if not math.isfinite(loss):
                break
        return loss

    def learn(self, X: Matrix, y: Matrix, exp: Callable[[float], float]) -> float:
        network, loss, sums = self.work.network, 0.0, []
        check_parameters(network)
        weights = [Fixed.of(W, self.bits) for W in network.weights]
        for start in range(0, len(X), ROWS_A_BLOCK):
            rows = slice(start, start + ROWS_A_BLOCK)
            part, more = self.block(weights, X[rows], y[rows], exp)
            loss, sums = loss + part, [add(G, M) for G, M in zip(sums, more)] if sums else more
        gradients = gradients_from(sums, len(y), self.work.reduction)
        set_parameters(network, step(self.work.optimizer, parameters(network), gradients))
        return loss

    def block(self, weights: list[Fixed], X: Matrix, y: Matrix, exp: Any) -> tuple[float, Parameters]:
        network, bits = self.work.network, self.bits
        names, last = network.layer_activations, len(weights)
        activations, fixed = [X], [self.batch(X)]
        for k, name in enumerate(names):
            Z = product(fixed[k], False, weights[k], False)
            biases = network.biases[k] if network.biases else []
            activate = kernel_of(activation_source, name, bool(biases))
            activations.append(activate(Z, biases, exp, math.tanh, softmax, operator.add))
            if k + 1 < last:
                fixed.append(Fixed.of(activations[-1], bits, 1.0 if name in BOUNDED else None))
        loss = loss_function(network)
        total = loss.total(y, activations[-1])
        deltas = self.output_deltas(loss, y, activations[-1])
        gradients, biases = [], []
        for k in range(last - 1, -1, -1):
            D = Fixed.of(deltas, bits)
            gradients.append(product(fixed[k], True, D, False))
            if network.biases:
                biases.append([column_sums(deltas)])
            if k:
                errors = product(D, False, weights[k], True)
                deltas = kernel_of(deltas_source, names[k - 1], "e")(errors, activations[k])
        return total, gradients[::-1] + biases[::-1]

    def output_deltas(self, loss, y, outputs):
        if loss.activation is None:
            name = "linear"
        else:
            name = self.work.network.output_activation
            if name == "softmax":
                return loss.backward(y, outputs)
        return kernel_of(deltas_source, name, "(e - a)")(y, outputs)

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
