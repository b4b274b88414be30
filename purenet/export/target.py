"""One walk over a model's layers for every language, and what a language has to know for it.

`source_of` walks. A `Target` says how its language writes a comment, a number, a text, an array, a
layer and an activation, and puts the parts together. A new language is one more Target, and a
template of its fixed parts. Every file carries a row with the model's own answer, by which it can
test itself where it runs.
"""

from __future__ import annotations

import math
from textwrap import wrap
from typing import Any, NamedTuple

from .._version import __version__
from ..activation_table import TABLE
from ..core._types import Row
from ..core.checks import counted
from ..core.matrix import all_finite
from ..formats.model import Model, describe
from .folded import Layer, fold, layers_of
from .layout import WIDTH, filled, in_comment, listed

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0  # its multiples lie evenly, but in no order, modulo 1


class Parts(NamedTuple):
    """What the walk over a model collects, in the order in which a target puts it together."""

    comment: str
    constants: list[str]  # of each layer
    activations: list[str]  # a function for each that occurs
    steps: list[str]  # of each layer


class Example(NamedTuple):
    """A row, and what a file's numbers make of it in Python's floats."""

    row: Row
    outputs: Row


class Target:
    """How a language writes a model.

    `model` is what the file computes: standardization is in its weights, but where `keeps_inputs`
    says that the file standardizes. `described` is the model's description.
    """

    language = ""
    classes = ""  # what comes out of a classifier, in words
    bytes_of_weight = 8

    def __init__(self, model: Any) -> None:
        self.described = model if isinstance(model, Model) else describe(model)
        self.model = fold(self.described, inputs=not self.keeps_inputs())
        self.layers = layers_of(self.model.network)
        self.example = self.find_example()

    def keeps_inputs(self) -> bool:
        """Tell whether the file standardizes rows itself, before weights that are as learned."""
        return False

    def rounded(self) -> Model:
        """Return the model that the file's numbers make, where they are not the model's own."""
        return self.model

    def comment(self, lines: list[str]) -> str:
        """Return lines as the comment on top of the file."""
        raise NotImplementedError

    def notes(self) -> list[str]:
        """Return the lines on top that say how to use the file."""
        return []

    def number(self, value: float, place: str = "") -> str:
        """Return a float as the language reads it to the same bits."""
        return repr(value)

    def text(self, label: Any) -> str:
        """Return the label of a class, a text or a number."""
        raise NotImplementedError

    def array(self, name: str, rows: list[list[str]]) -> str:
        """Return numbers, written already, as a constant."""
        raise NotImplementedError

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return the constants of a layer, and the step that computes its outputs."""
        raise NotImplementedError

    def activation(self, name: str) -> str:
        """Return the function for an activation."""
        raise NotImplementedError

    def module(self, parts: Parts) -> str:
        """Return the source that has these parts."""
        raise NotImplementedError

    def find_example(self) -> Example | None:
        """Return a row like the model's with its answer; None where that is no finite number."""
        row = example_row(self.described)
        outputs = self.rounded().apply([row])
        return Example(row, outputs[0]) if all_finite(outputs) else None

    def weight_bytes(self) -> int:
        """Return how many bytes the constants take where they are as compact as they can be."""
        numbers = sum(
            len(layer.weights) * len(layer.biases) * self.bytes_of_weight + 8 * len(layer.biases)
            for layer in self.layers
        )
        return numbers + 16 * self.model.network.sizes[0] * (self.model.inputs is not None)

    def ram_bytes(self) -> int:
        """Return how many bytes of numbers a prediction holds at once: a layer, and the next."""
        sizes = self.model.network.sizes
        return 8 * max(m + n for m, n in zip(sizes, sizes[1:]))


def source_of(target: Target) -> str:
    """Walk the layers of a target's model and return its source.

    >>> from purenet import Network
    >>> from .javascript import JavaScript
    >>> source_of(JavaScript(Network([2, 1]))).startswith("/**")
    True
    """
    written = [target.layer(layer) for layer in target.layers]
    used = {layer.activation for layer in target.layers}
    parts = Parts(
        target.comment(introduction(target)),
        [constants for constants, _ in written],
        [target.activation(name) for name in TABLE if name in used],
        [step for _, step in written],
    )
    return target.module(parts)


def example_row(model: Model) -> Row:
    """Return a row of few digits within a standard deviation of the mean, if inputs have those.

    >>> from purenet import Network
    >>> example_row(Model(Network([3, 1])))
    [0.2, -0.5, 0.7]
    """
    return [
        round(mean + deviation * (2.0 * (GOLDEN * (i + 1) % 1.0) - 1.0), _decimals(deviation))
        for i, (mean, deviation) in enumerate(ranges(model))
    ]


def _decimals(deviation: float) -> int:
    """Return how many decimals show two digits of a deviation."""
    return max(-15, min(15, 1 - math.floor(math.log10(min(deviation, 1.0)))))


def ranges(model: Model) -> list[tuple[float, float]]:
    """Return the mean and the deviation of each input; 0 and 1 where nothing is known of it.

    >>> from purenet import Network
    >>> ranges(Model(Network([2, 1])))
    [(0.0, 1.0), (0.0, 1.0)]
    """
    if model.inputs is None:
        return [(0.0, 1.0)] * model.network.sizes[0]
    return list(zip(model.inputs.means, model.inputs.deviations))


# -- what a file says of itself --------------------------------------------------------------------


def introduction(target: Target) -> list[str]:
    """Return lines that say what this is, what goes in, what comes out, and how it is used.

    >>> from purenet import Network
    >>> from .c import C
    >>> lines = introduction(C(Network([3, 4, 1])))
    >>> lines[0][:65]
    'A network, 3-4-1 (sigmoid, then sigmoid), in C99, made by PureNet'
    >>> lines[2:4]
    ['In:   3 numbers', 'Out:  1 number']
    """
    model = target.model
    sizes = "-".join(map(str, model.network.sizes))
    *hidden, last = model.network.layer_activations
    hidden = hidden[:1] if len(set(hidden)) == 1 else hidden
    functions = f"({', '.join(hidden)}, then {last})" if hidden else f"({last})"
    what = f"A {model.kind}, {sizes} {functions}, in {target.language}, made by PureNet"
    numbers = counted(model.network.sizes[0], "number")
    return [
        *wrap(f"{what} {__version__}.", WIDTH),
        "",
        f"In:   {numbers}{', in this order:' if model.input_names else ''}",
        *_names(model),
        *_means(model),
        *_outputs(target),
        "",
        *target.notes(),
    ]


def _indented(items: list[str]) -> list[str]:
    return filled(listed(items), " " * 10, " " * 10)


def _names(model: Model) -> list[str]:
    if not model.input_names:
        return []
    lines = _indented(list(map(in_comment, model.input_names)))
    if any("=" in name for name in model.input_names):
        lines.append("      (For a column of texts, column=text is 1 for that text, and else 0.)")
    return lines


def _means(model: Model) -> list[str]:
    columns = model.table[0] if model.table else []
    items = [f"{in_comment(c.name)}: {c.mean!r}" for c in columns if c.mean is not None]
    if not items:
        return []
    return ["      For a missing number, the mean of its column:", *_indented(items)]


def _outputs(target: Target) -> list[str]:
    model = target.model
    of = f"{in_comment(model.table[1])}: " if model.table else ""
    if model.kind != "classifier":
        return [f"Out:  {of}{counted(model.network.sizes[-1], 'number')}"]
    labels = [
        in_comment(str(label)) if isinstance(label, str) else target.text(label)
        for label in model.classes or []
    ]
    return [f"Out:  {of}{target.classes}:", *_indented(labels)]


def example_lines(target: Target) -> list[str]:
    """Return lines with a row and the model's own answer for it, none where that is not finite.

    >>> from purenet import Network
    >>> from .c import C
    >>> example_lines(C(Network([1, 1], init="zeros")))
    ['For example, 0.2 gives 0.5.']
    """
    if target.example is None:
        return []
    row = ", ".join(f"{x:.15g}" for x in target.example.row)
    outputs = ", ".join(f"{output:.6g}" for output in target.example.outputs)
    return wrap(f"For example, {row} gives {outputs}.", WIDTH)
