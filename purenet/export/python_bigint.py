"""A Python file that predicts by big integers: a layer's weights of one input are one integer.

Python takes a fee for each operation, but hardly more for a longer integer. So a row of weights is
packed into one integer, in slots of 64, 48 or 32 bits, and one multiplication serves all neurons of
a layer; `engines.packed` explains the trick. Slots hold whole numbers. The largest input of a row
becomes at most 2**A, and the largest weight of a neuron at most 2**B, by factors that are powers of
two, and all are rounded, half to even. With t inputs, A + B is the bits of a slot, less one for the
sign and those of t, so that no sum of products can leave its slot:

    bits    64 inputs, A = B    784 inputs: A, B
    64      28                  26, 27
    48      20                  18, 19
    32      12                  10, 11

**The bound.** With a the largest magnitude in the row, and b that of the neuron's weights, a sum is
right to within

    t * a * b * (2**(1 - A) + 2**(1 - 2 * A))

because inputs are off by at most a * 2**-A and weights by at most b * 2**-B. Then come the rounding
to a float, and that of adding the bias. This holds for inputs and weights from 1e-140 to 1e150. All
are rounded to multiples of 2**-500, and a larger input or sum of a hidden layer raises ValueError.
As the bound is relative to the largest input, the file standardizes its inputs if the model does.

Sums of integers are exact, so all Pythons with floats of 64 bits get the same ones. The file needs
Python 3, and also `max`, `min` and `zip`, which some sandboxes lack.
"""

from __future__ import annotations

from math import frexp, ldexp
from typing import Any

from ..core._types import Matrix, Row
from ..core.activations import ACTIVATIONS
from ..core.checks import PureNetError, shown
from . import template
from .folded import Layer
from .python_frame import literal
from .python_lists import Lists

BITS = (64, 48, 32)

slot_sums: Any = template.slot_sums


class Slots:
    """A layer's weights in whole numbers.

    >>> slots = Slots(Layer(0, [[1.5, -3.0]], [0.5, 0.0], "linear", True, "linear"), 32)
    >>> slots.room, slots.shifts, slots.sums([2.0])
    (15, [14, 13], [3.5, -6.0])
    """

    def __init__(self, layer: Layer, bits: int) -> None:
        room, self.biases = bits - 1 - len(layer.weights).bit_length(), layer.biases
        self.room, self.size = room // 2, bits // 8
        columns = [max(map(abs, column)) for column in zip(*layer.weights)]
        # As inputs in the template: the products of such numbers and of their inverses are floats.
        if max(*columns, *map(abs, layer.biases)) >= 1e150:
            raise PureNetError('style: "bigint" takes weights below 1e150; use "lists"')
        # As the template for inputs, it counts no weight in steps of less than 2**-500.
        self.shifts = [min(room - self.room - frexp(b)[1], 500) for b in columns]
        numbers = [[round(ldexp(w, n)) for w, n in zip(row, self.shifts)] for row in layer.weights]
        start = [1 << bits - 1] * len(columns)  # makes each sum positive
        packed = [sum(v << bits * j for j, v in enumerate(row)) for row in [*numbers, start]]
        self.rows = [row % (1 << bits * len(columns)) for row in packed]

    def sums(self, row: Row) -> Row:
        """Return the layer's weighted sums, computed as the file does."""
        try:
            return list(slot_sums(row, self.room, self.size, self.rows, self.shifts, self.biases))
        except ValueError as error:
            raise PureNetError(f'{error}; use the style "lists"') from None


class Bigint(Lists):
    """Weights in integers, which predictions multiply as a whole.

    >>> from purenet import Network
    >>> target = Bigint(Network.of([[[0.5], [-1.5]]], activation="linear"))
    >>> target.rounded().apply([[1.0, 0.1]])
    [[0.35000000055879354]]
    """

    style, shares_scale = "bigint", True

    def __init__(self, model: Any, frame: str = "compact", bits: int = 64) -> None:
        if bits not in BITS or not isinstance(bits, int):
            raise PureNetError(f"bits: expected 64, 48 or 32, got {shown(bits)}")
        self.bits = bits
        super().__init__(model, frame)
        self.bytes_of_weight, self.bytes_of_neuron = bits // 8, bits // 8 + 16

    def numbers(self) -> str:
        """Return the kind of the file's numbers in words."""
        return f"slots of {self.bits} bits"

    def rounded(self) -> Any:
        """Return this target, whose `apply` computes with the integers of the file."""
        self.slots = [Slots(layer, self.bits) for layer in self.layers]
        return self

    def apply(self, rows: Matrix) -> Matrix:
        """Return the outputs for these rows, as `Model.apply` does."""
        outputs = rows if self.model.inputs is None else self.model.inputs.apply(rows)
        for layer, slots in zip(self.layers, self.slots):
            sums = [slots.sums(row) for row in outputs]
            outputs = ACTIVATIONS[layer.activation].forward(sums)
        return outputs

    def weights(self) -> str:
        """Return WEIGHTS, SHIFTS and BIASES."""
        shifts = [f"    {slots.shifts}," for slots in self.slots]
        return super().weights() + "\n".join(["SHIFTS = [", *shifts, "]", ""])

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return the bytes of a layer's integers, and the line that computes the layer."""
        size = self.bits // 8 * len(layer.biases)
        data = b"".join(row.to_bytes(size, "little") for row in self.slots[layer.k].rows)
        return "\n".join([f"    rows_of({size},", *literal(data), "    ),"]), self.step(layer)

    def sums(self, layer: Layer) -> str:
        """Return the call that computes a layer's weighted sums."""
        slots, k = self.slots[layer.k], layer.k
        numbers = f"WEIGHTS[{k}], SHIFTS[{k}], BIASES[{k}]"
        return f"slot_sums({self.inputs_of(layer)}, {slots.room}, {slots.size}, {numbers})"
