"""One walk over a model's layers for every language, and the interface of a language to it.

`source_of` walks. A `Target` writes comments, labels, layers and activations in its language, and
joins the parts. A new language needs a Target and a template of its fixed parts. Every file shows a
row with the model's own answer. A complete file, as all but the smallest Python files are, can test
itself with it on the machine it runs on.
"""

from __future__ import annotations

import math
import sys
from abc import ABC, abstractmethod
from textwrap import wrap
from typing import Any

from .._version import __version__
from ..activation_table import TABLE
from ..core._types import Row
from ..core.checks import PureNetError, counted
from ..formats.model import Model, describe
from ..tables.styles import DATES
from .folded import Layer, answer_of, fold, layers_of
from .layout import WIDTH, chosen, filled, filled_in, in_comment, is_met, listed, parts_of, unmarked
from .quantized import EXACT, MOST_DIGITS, is_finite, with_digits, with_float32, with_steps

GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0  # its multiples modulo 1 are spread evenly, in no order


class Target(ABC):
    """The writer of a model in one language.

    `described` is the description of the original model. `model` is the one that the file computes:
    standardization is folded into its weights, unless `keeps_inputs` says that the file does it.
    """

    language = ""
    classes = ""  # what a classifier's outputs are, in words
    shares_scale = False  # whether inputs are rounded as the largest of them allows
    trainable = False  # whether the file can continue the training, with the model's own weights
    pack: str | None = None  # "float32", or "int8" if each weight is a whole number in a byte
    digits = MOST_DIGITS  # of a weight
    largest = sys.float_info.max  # of the numbers that the language computes with
    bytes_of_number = 8
    bytes_of_input = 16  # if the file standardizes
    template = ""  # the file of its fixed parts

    def __init__(self, model: Any) -> None:
        self.described = describe(model)
        self.parts = parts_of(self.template)
        self.answer = answer_of(self.described)
        number, is_packed = self.bytes_of_number, self.pack == "int8"
        self.bytes_of_weight = 1 if is_packed else number
        self.bytes_of_neuron = 2 * number if is_packed else number  # a scale and a bias, or a bias
        self.rate = 1.0 if self.described.kind == "network" else 0.01  # of a training in the file
        self.model = self.own_model()
        self.layers = layers_of(with_digits(self.model, self.digits).network)
        self.example = self.find_example()

    def write_layers(self) -> None:
        """Write the constants and the step of each layer, and each activation that is used."""
        written = [self.layer(layer) for layer in self.layers]
        self.constants, self.steps = map(list, zip(*written))
        used = {layer.activation for layer in self.layers}
        activations = [self.activation(name) for name in TABLE if name in used]
        self.activations = list(filter(None, activations))

    def numbers(self) -> str:
        """Return the kind of the file's numbers in words."""
        digits = counted(self.digits, "digit")
        return self.pack or (EXACT if self.digits == MOST_DIGITS else digits)

    def check(self) -> None:
        """Raise PureNetError if a number becomes infinite when it is rounded."""
        if not is_finite(self.rounded()):
            raise PureNetError(f"{self.numbers()}: a weight becomes infinite")

    def own_model(self) -> Model:
        """Return the model that the file computes, before its numbers are rounded."""
        return self.described if self.trainable else fold(self.described, not self.keeps_inputs())

    def example_row(self) -> Row:
        """Return a row of short numbers, within a deviation of the mean if these are known.

        >>> from purenet import Network
        >>> from .c_header import C
        >>> C(Network([3, 1])).example_row()
        [0.2, -0.5, 0.7]
        """
        row = []
        for i, (mean, deviation) in enumerate(ranges(self.described)):
            part = 2.0 * (GOLDEN * (i + 1) % 1.0) - 1.0
            row.append(round(mean + deviation * part, _decimals(deviation)))
        return row

    def keeps_inputs(self) -> bool:
        """Tell whether the file standardizes its inputs, because they need to be of one size."""
        return (self.shares_scale or self.pack == "int8") and self.described.inputs is not None

    def rounded(self) -> Model:
        """Return the model with the file's numbers, which may be rounded."""
        if self.pack is None:
            return with_digits(self.model, self.digits)
        return with_float32(self.model) if self.pack == "float32" else with_steps(self.model)

    @abstractmethod
    def comment(self, lines: list[str]) -> str:
        """Return the comment on top of the file."""

    def words(self) -> dict[str, str]:
        """Return the model's own words and parts for those of the template."""
        first, *_, last = map(str, self.model.network.sizes)
        return {"SHOWN": "\n".join(example_lines(self)), "INPUTS": first, "OUTPUTS": last}

    def scales(self) -> dict[str, Row]:
        """Return the means and deviations by which the file standardizes, by their names."""
        inputs, outputs = self.model.inputs, self.model.outputs
        rows = {"means": inputs.means, "deviations": inputs.deviations} if inputs else {}
        if outputs:
            rows.update(target_means=outputs.means, target_deviations=outputs.deviations)
        return rows

    @abstractmethod
    def text(self, label: Any) -> str:
        """Return a class's label, a text or a number, as a constant."""

    @abstractmethod
    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return the constants of a layer, and the step that computes its outputs."""

    @abstractmethod
    def activation(self, name: str) -> str:
        """Return the function for an activation, or "" if none is needed."""

    def back(self, layer: Layer, slope: str) -> tuple[str, str]:
        """Return the name and the source of the function from a layer's errors to its deltas."""
        name = self.spelled("errors_alone" if layer.back == "linear" else f"{layer.back}_deltas")
        words = {self.spelled("activate_deltas"): name, "SLOPE": slope}
        return name, self.parts.get(name) or filled_in(self.parts["deltas"], words)

    def spelled(self, name: str) -> str:
        """Return a name as the language spells it."""
        return name

    @abstractmethod
    def module(self, comment: str, words: dict[str, str]) -> str:
        """Return the source with this comment on top, and these words."""

    def find_example(self) -> tuple[Row, Row] | None:
        """Return a typical row, and the answer that Python computes with the file's numbers.

        Return None if a number is too large.
        """
        row = self.example_row()
        [outputs] = self.rounded().apply([row])
        fits = all(abs(x) <= self.largest for x in [*row, *outputs])
        return (row, outputs) if fits else None

    def holds(self) -> dict[str, Any]:
        """Return the conditions of the template's parts and lines, and whether they hold."""
        model = self.model
        return {
            "inputs": model.inputs,
            "outputs": model.outputs,
            "scales": model.inputs or model.outputs,
            "biases": model.network.biases,
            "a pack": self.pack,
            "int8": self.pack == "int8",
            "a class": self.answer == "a class",
            "a network": model.kind == "network",
            "a self-test": self.example,
            "training": self.trainable,
        }

    def facts(self) -> set[str]:
        """Return the conditions that hold, with "no" before those that do not."""
        holds = self.holds().items()
        facts = {name if is_so else f"no {name.removeprefix('a ')}" for name, is_so in holds}
        return facts | {"all", self.answer, f"a {self.model.kind}", str(self.pack)}

    def fitted(self, source: str, words: dict[str, str]) -> str:
        """Return the lines of a part that are for this file, with the model's own words."""
        return filled_in(chosen(source, self.facts()), words)

    def used(self, kind: str, words: dict[str, str]) -> list[str]:
        """Return the parts of a kind that are for this file; the words may have its own for one."""
        texts, facts = [], self.facts()
        for name, part in self.parts.items():
            title, _, condition = name.partition(" for ")
            if title.startswith(kind) and is_met(condition, facts):
                texts.append(words[title] if title in words else self.fitted(part, words))
        return list(filter(None, texts))

    def weight_bytes(self) -> int:
        """Return the size of the constants in bytes, in the most compact form."""
        numbers = sum(
            len(layer.biases) * (len(layer.weights) * self.bytes_of_weight + self.bytes_of_neuron)
            for layer in self.layers
        )
        inputs = 0 if self.model.inputs is None else self.model.network.sizes[0]
        return numbers + inputs * self.bytes_of_input

    def ram_bytes(self) -> int:
        """Return the bytes of numbers that a prediction holds at once: a layer and the next."""
        sizes = self.model.network.sizes
        return 8 * max(m + n for m, n in zip(sizes, sizes[1:]))


def source_of(target: Target) -> str:
    """Walk the layers of a target's model and return its source.

    >>> from purenet import Network
    >>> from .javascript import JavaScript
    >>> source_of(JavaScript(Network([2, 1]))).startswith("/**")
    True
    """
    target.write_layers()
    words = target.words()
    return target.module(target.comment(introduction(target, words)), words)


def _decimals(deviation: float) -> int:
    """Return the number of decimals that show two digits of a deviation."""
    return max(-15, min(15, 1 - math.floor(math.log10(min(deviation, 1.0)))))


def ranges(model: Model) -> list[tuple[float, float]]:
    """Return the mean and the deviation of each input, 0 and 1 if they are not known.

    >>> from purenet import Network
    >>> ranges(Model(Network([2, 1])))
    [(0.0, 1.0), (0.0, 1.0)]
    """
    if model.inputs is None:
        return [(0.0, 1.0)] * model.network.sizes[0]
    return list(zip(model.inputs.means, model.inputs.deviations))


# -- what a file says of itself --------------------------------------------------------------------

INDICATORS = "(column=text is 1 for that text, otherwise 0; column=(other) for all others.)"


def introduction(target: Target, words: dict[str, str]) -> list[str]:
    """Return the lines about the model, its inputs, its outputs, and the use of the file.

    >>> from purenet import Network
    >>> from .c_header import C
    >>> lines = introduction(C(Network([3, 4, 1])), {})
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
    notes = "".join(target.used("note", words))
    return [
        *wrap(f"{what} {__version__}.", WIDTH),
        "",
        *_inputs(model),
        *_outputs(target),
        "",
        *unmarked(notes).splitlines(),
    ]


def _indented(items: list[str]) -> list[str]:
    return filled(listed(items), " " * 10, " " * 10) if items else []


def _inputs(model: Model) -> list[str]:
    names = list(map(in_comment, model.input_names))
    count = counted(model.network.sizes[0], "number")
    lines = [f"In:   {count}{', in this order:' if names else ''}", *_indented(names)]
    if any("=" in name for name in names):
        lines.append(f"      {INDICATORS}")
    columns = [(in_comment(c.name), c) for c in (model.table[0] if model.table else [])]
    means = [f"{name}: {c.mean!r}" for name, c in columns if c.mean is not None]
    units = [f"{name}: {in_comment(c.unit)}" for name, c in columns if c.unit]
    heads = {"For a missing number, the mean of its column:": means, "In a unit:": units}
    heads["In days since 1970-01-01:"] = [name for name, c in columns if c.style in DATES]
    for head, items in heads.items():
        lines += [f"      {head}", *_indented(items)] if items else []
    return lines


def _outputs(target: Target) -> list[str]:
    model = target.model
    of = f"{in_comment(', '.join(model.targets))}: " if model.table else ""
    if model.kind != "classifier":
        return [f"Out:  {of}{counted(model.network.sizes[-1], 'number')}"]
    labels = []
    for label in model.classes or []:
        labels.append(in_comment(label) if isinstance(label, str) else target.text(label))
    return [f"Out:  {of}{target.classes}:", *_indented(labels)]


def example_lines(target: Target) -> list[str]:
    """Return lines with a row and the model's own answer, or why they are left out.

    >>> from purenet import Network
    >>> from .c_header import C
    >>> example_lines(C(Network([1, 1], init="zeros")))
    ['For example, 0.2 gives 0.5.']
    """
    if target.example is None:
        return ["A typical row or its answer is too large for an example and a self-test."]
    row, outputs = target.example
    inputs = ", ".join(f"{x:.15g}" for x in row)
    answer = ", ".join(f"{output:.6g}" for output in outputs)
    return wrap(f"For example, {inputs} gives {answer}.", WIDTH)
