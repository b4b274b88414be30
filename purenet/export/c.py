"""A model as one header in C99: weights that are constants, and functions that allocate nothing.

A compiler reads the numbers as they were, and every sum runs from left to right as in `core`. So
with the same C library a header in doubles gives the bits that PureNet gives, and one in bytes
those of a network with the weights that `quantized.weights_of` makes of them.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from string import Template
from typing import Any, NamedTuple

from ..core._types import Row
from ..core.activations import LEAK
from ..core.checks import PureNetError, counted, shown
from .folded import Folded
from .quantized import quantize
from .text import filled, introduction, number_text

# With what follows it, not longer than the 63 characters by which C99 tells names apart.
NAME = re.compile("[A-Za-z][A-Za-z0-9_]{0,39}")

# The longest string that C99 asks of a compiler, in bytes.
LONGEST_STRING = 4095

# -- the functions; $f is the suffix of what is a float, and $real is double or float --------------

USAGE = """
    $real outputs[${NAME}_OUTPUTS];
    ${name}_predict(inputs, outputs);
"""

USAGE_OF_CLASSES = """
    $real probabilities[${NAME}_OUTPUTS];
    ${name}_predict(inputs, probabilities);
    puts(${name}_classes[${name}_predict_class(inputs)]);
"""

NOTES = """
Outputs may not overlap inputs. Where a compiler fuses a product with the sum it goes into, last
digits differ; with -std=c99, or with -ffp-contract=off, it does not."""

# Each product is a statement of its own: within one, clang may fuse it with the sum.
LAYER = """
/* outputs[j] = the sum of inputs[i] * weights[i][j], from left to right$and_bias. */
static inline void ${name}_layer(
    const $real *inputs, int m, $real *outputs, int n,
    $parameters)
{
    for (int j = 0; j < n; j++) {
        outputs[j] = -0.0$f; /* adding to it changes nothing, not even the sign of -0.0 */
    }
    for (int i = 0; i < m; i++) {
        for (int j = 0; j < n; j++) {
            const $real product = inputs[i] * $weight;
            outputs[j] += product;
        }
    }
$add_biases}
"""

ADD_BIASES = """\
    for (int j = 0; j < n; j++) {
        outputs[j] += biases[j];
    }
"""

ACTIVATION = """
static inline void ${name}_$activation($real *values, int n)
{
    for (int j = 0; j < n; j++) {
        values[j] = $formula;
    }
}
"""

FORMULAS = {
    "sigmoid": "1.0$f / (1.0$f + exp$f(-values[j]))",
    "tanh": "tanh$f(values[j])",
    "relu": "values[j] < 0.0$f ? 0.0$f : values[j]",
    "leaky_relu": f"values[j] < 0.0$f ? {LEAK}$f * values[j] : values[j]",
}

SOFTMAX = """
static inline void ${name}_softmax($real *values, int n)
{
    $real largest = values[0], total = 0.0$f;
    for (int j = 1; j < n; j++) {
        largest = values[j] > largest ? values[j] : largest;
    }
    for (int j = 0; j < n; j++) {
        values[j] = exp$f(values[j] - largest);
        total += values[j];
    }
    for (int j = 0; j < n; j++) {
        values[j] /= total;
    }
}
"""

PREDICT = """
static inline void ${name}_predict(const $real *inputs, $real *outputs)
{
    $steps
}
"""

PREDICT_CLASS = """
/* Return the likeliest class, the first of equals: its place in ${name}_classes. */
static inline int ${name}_predict_class(const $real *inputs)
{
    $real outputs[${NAME}_OUTPUTS];
    int best = 0;
    ${name}_predict(inputs, outputs);
    for (int j = 1; j < ${NAME}_OUTPUTS; j++) {
        best = outputs[j] > outputs[best] ? j : best;
    }
    return best;
}
"""


def c_source(
    folded: Folded, *, number: str = "double", pack: str | None = None, name: str = "net"
) -> str:
    """Return a header in C99, in ASCII, that predicts as the model does.

    It needs <math.h>, allocates nothing, and may be included in any number of files, of C++ too.
    Each name in it begins with `name`: NET_INPUTS and NET_OUTPUTS say how many numbers go in and
    come out of net_predict(inputs, outputs). A classifier has net_predict_class(inputs) too, which
    returns a place in net_classes: the labels as strings in UTF-8, also where they are numbers.
    `number` is "double" or "float", and `pack="int8"` keeps each weight in a byte.

    Raises PureNetError for a name, number or pack that does not exist, for a weight that is too
    large for a float, and for a label that no string of C can hold: one with a NUL or with half of
    a surrogate pair in it.

    >>> from ..core.network import Network
    >>> from .folded import fold
    >>> source = c_source(fold(Network([2, 1], init="zeros")))
    >>> print(source[source.index("static const") : source.index("/* outputs")].rstrip())
    static const double net_weights_0[2 * 1] = {
        0.0,
        0.0,
    };
    """
    if not isinstance(name, str) or not NAME.fullmatch(name):
        wanted = "a letter, and up to 39 letters, digits and underscores after it"
        raise PureNetError(f"name: expected {wanted}, got {shown(name)}")
    if number not in ("double", "float"):
        raise PureNetError(f'number: expected "double" or "float", got {shown(number)}')
    if pack not in (None, "int8"):
        raise PureNetError(f'pack: expected None or "int8", got {shown(pack)}')
    return _header(folded, _Form(name, number, pack is not None))


class _Form(NamedTuple):
    """How a header is written: what its names begin with, its numbers, and how weights are kept."""

    name: str
    real: str
    packed: bool

    def write(self, template: str, **more: str) -> str:
        suffix = "" if self.real == "double" else "f"
        known = {"name": self.name, "NAME": self.name.upper(), "real": self.real, "f": suffix}
        return Template(template).substitute(known, **more)

    def array(self, kind: str, name: str, size: str, rows: Iterable[Iterable[str]]) -> str:
        """Return a constant array, a line or a few for each row."""
        lines = [line for row in rows for line in filled(row, "    ", "    ")]
        head = f"static const {kind} {self.name}_{name}[{size}] = {{"
        return "\n".join([head, *lines, "};\n"])


def _header(folded: Folded, form: _Form) -> str:
    layers = range(len(folded.weights))
    activations = sorted({folded.activation_of(k) for k in layers} - {"linear"})
    parts = [
        _comment(folded, form),
        _directives(folded, form),
        _classes(folded, form) if folded.classes else "",
        *(_parameters(folded, form, k) for k in layers),
        _layer(folded, form),
        *(_activation(form, activation) for activation in activations),
        form.write(PREDICT, steps="\n    ".join(_steps(folded, form))),
    ]
    if folded.classes:
        parts.append(form.write(PREDICT_CLASS))
    return "".join([*parts, form.write("\n#endif /* ${NAME}_H */\n")])


def _comment(folded: Folded, form: _Form) -> str:
    of_classes = f"the probability of each class, in the order of {form.name}_classes"
    lines = introduction(folded, "C99", of_classes)
    lines += form.write((USAGE_OF_CLASSES if folded.classes else USAGE) + NOTES).split("\n")
    if form.packed:
        lines += ["", "Each weight is a whole number times the scale of its neuron."]
    return "/* " + "\n".join(f" * {line}".rstrip() for line in lines)[3:] + "\n */\n"


def _directives(folded: Folded, form: _Form) -> str:
    include = "#include <math.h>\n" + ("#include <stdint.h>\n" if form.packed else "")
    first, last = folded.sizes[0], folded.sizes[-1]
    return form.write(
        f"#ifndef ${{NAME}}_H\n#define ${{NAME}}_H\n\n{include}\n"
        f"#define ${{NAME}}_INPUTS {first}\n#define ${{NAME}}_OUTPUTS {last}\n"
    )


# -- the constants -------------------------------------------------------------------------------


def _classes(folded: Folded, form: _Form) -> str:
    size = form.write("${NAME}_OUTPUTS")
    return "\n" + form.array("char *const", "classes", size, [map(_string, folded.classes)])


def _string(label: Any) -> str:
    """Return a label as a string of C, in which all but plain characters are in octal.

    A hexadecimal escape would take in digits that follow it.
    """
    text = label if isinstance(label, str) else number_text(label)
    if "\0" in text:
        raise PureNetError(f"classes: {shown(text)} has a NUL in it, where a string of C ends")
    try:
        data = text.encode()
    except UnicodeEncodeError:
        raise PureNetError(f"classes: {shown(text)} is not Unicode, so C cannot have it") from None
    if len(data) > LONGEST_STRING:
        came = f"{shown(text)} has {counted(len(data), 'byte')}"
        raise PureNetError(f"classes: {came}, but C99 has room for {LONGEST_STRING:,}")
    return f'"{"".join(map(_character, data))}"'


def _character(byte: int) -> str:
    # A question mark is none of them: two make a trigraph with what follows.
    plain = 32 <= byte < 127 and chr(byte) not in '"\\?'
    return chr(byte) if plain else f"\\{byte:03o}"


def _parameters(folded: Folded, form: _Form, k: int) -> str:
    """Return the constants of the layer that `weights[k]` lead to."""
    weights, real = folded.weights[k], form.real
    m, n = len(weights), len(weights[0])
    parts = [f"\n/* Layer {k + 1}, {m} x {n}: a row for each input, a column for each neuron. */\n"]
    if form.packed:
        numbers, scales = quantize(weights)
        rows = [list(map(str, row)) for row in numbers]
        parts.append(form.array("int8_t", f"weights_{k}", f"{m} * {n}", rows))
        row = _literals(scales, form, f"weights[{k}]: the scale")
        parts.append(form.array(real, f"scales_{k}", f"{n}", [row]))
    else:
        rows = [_literals(row, form, f"weights[{k}]") for row in weights]
        parts.append(form.array(real, f"weights_{k}", f"{m} * {n}", rows))
    if folded.biases:
        row = _literals(folded.biases[k], form, f"biases[{k}]")
        parts.append(form.array(real, f"biases_{k}", f"{n}", [row]))
    return "".join(parts)


def _literals(row: Row, form: _Form, place: str) -> list[str]:
    if form.real == "double":
        return [repr(value) for value in row]
    return [_float_literal(value, place) for value in row]


def _float_literal(value: float, place: str) -> str:
    try:
        [rounded] = struct.unpack("<f", struct.pack("<f", value))
    except OverflowError:
        raise PureNetError(f"{place}: {value!r} is too large for a float of C") from None
    text = f"{rounded:.9g}"  # nine digits tell all floats of four bytes apart
    return f"{text}f" if "." in text or "e" in text else f"{text}.0f"


# -- the functions -------------------------------------------------------------------------------


def _kinds(folded: Folded, form: _Form) -> dict[str, str]:
    """Return of what type the constants of a layer are, by their names."""
    kinds = {"weights": "int8_t", "scales": form.real} if form.packed else {"weights": form.real}
    return {**kinds, "biases": form.real} if folded.biases else kinds


def _layer(folded: Folded, form: _Form) -> str:
    parameters = [f"const {kind} *{name}" for name, kind in _kinds(folded, form).items()]
    return form.write(
        LAYER,
        parameters=", ".join(parameters),
        weight=f"(({form.real})*weights++ * scales[j])" if form.packed else "*weights++",
        and_bias=", and its bias" if folded.biases else "",
        add_biases=ADD_BIASES if folded.biases else "",
    )


def _activation(form: _Form, name: str) -> str:
    if name == "softmax":
        return form.write(SOFTMAX)
    return form.write(ACTIVATION, activation=name, formula=form.write(FORMULAS[name]))


def _steps(folded: Folded, form: _Form) -> list[str]:
    """Return what predicting takes: a layer's outputs lie in one of two places, by turns."""
    last = len(folded.weights) - 1
    steps = []
    for place, hidden in (("odd", folded.sizes[1:-1:2]), ("even", folded.sizes[2:-1:2])):
        if hidden:
            steps.append(f"{form.real} {place}[{max(hidden)}];")
    source = "inputs"
    for k in range(last + 1):
        m, n = folded.sizes[k : k + 2]
        target = "outputs" if k == last else ("odd", "even")[k % 2]
        constants = ", ".join(f"{form.name}_{name}_{k}" for name in _kinds(folded, form))
        steps.append(f"{form.name}_layer({source}, {m}, {target}, {n}, {constants});")
        if folded.activation_of(k) != "linear":
            steps.append(f"{form.name}_{folded.activation_of(k)}({target}, {n});")
        source = target
    return steps
