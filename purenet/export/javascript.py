"""A model as one ES module of JavaScript, for a browser, Node.js or a worker, that imports nothing.

JavaScript's numbers are Python's floats, and every sum runs from left to right as in `core`. Only
Math.exp and Math.tanh may differ from those of a C library in their last bits.
"""

from __future__ import annotations

import json
from string import Template
from typing import Any

from ..core._types import Row
from ..core.activations import LEAK
from ..core.checks import counted
from .folded import Folded
from .text import WIDTH, filled, introduction, number_text

# Beyond it, a number of JavaScript stands for several whole numbers.
LARGEST_EXACT = 2**53 - 1

USAGE = """\
    import { predict } from "./net.mjs";"""

CLASSIFIER_USAGE = """\
    import { classes, predict, predictClass } from "./net.mjs";"""

NETWORK = """\
/** Return the outputs for one row of numbers. */
export function predict(row) {
  return outputsFor(row);
}
"""

REGRESSOR = """\
/** Return the prediction for one row of numbers. */
export function predict(row) {
  return outputsFor(row)[0];
}
"""

CLASSIFIER = """\
/** Return the probability of each class for one row of numbers, in the order of `classes`. */
export function predict(row) {
  return outputsFor(row);
}

/** Return what predict(row) does, by the name that scikit-learn has for it. */
export function predictProba(row) {
  return predict(row);
}

/** Return the likeliest class of one row of numbers, of equals the first. */
export function predictClass(row) {
  const outputs = outputsFor(row);
  let best = 0;
  for (let j = 1; j < outputs.length; j++) {
    if (outputs[j] > outputs[best]) best = j;
  }
  return classes[best];
}
"""

FORWARD = """
function outputsFor(row) {
  check(row);
  let values = Array.from(row);
  for (const { weights$biases, activation } of layers) {
    values = activation(weightedSums(values, weights$biases));
  }
  return values;
}

function check(row) {
  if (!Array.isArray(row) && !ArrayBuffer.isView(row)) {
    throw new Error(`row: expected an array of $numbers, got $${typeof row}`);
  }
  if (row.length !== $count) {
    throw new Error(`row: expected $numbers, got $${row.length}`);
  }
  for (let i = 0; i < row.length; i++) {
    if (!Number.isFinite(row[i])) {
      const got = typeof row[i] === "number" ? row[i] : typeof row[i];
      throw new Error(`row[$${i}]: expected a finite number, got $${got}`);
    }
  }
}

/** One sum for each column of the weights, from left to right$and_bias. */
function weightedSums(values, weights$biases) {
  return weights[0].map((_, j) => {
    let sum = -0; // adding to it changes nothing, not even the sign of -0
    for (let i = 0; i < values.length; i++) {
      sum += values[i] * weights[i][j];
    }
    return $result;
  });
}
"""

ACTIVATIONS = {
    "sigmoid": """
function sigmoid(values) {
  return values.map((x) => 1 / (1 + Math.exp(-x)));
}
""",
    "tanh": """
function tanh(values) {
  return values.map((x) => Math.tanh(x));
}
""",
    "relu": """
function relu(values) {
  return values.map((x) => (x < 0 ? 0 : x));
}
""",
    "leaky_relu": f"""
function leakyRelu(values) {{
  return values.map((x) => (x < 0 ? {LEAK} * x : x));
}}
""",
    "linear": """
function linear(values) {
  return values;
}
""",
    "softmax": """
function softmax(values) {
  const largest = values.reduce((a, b) => (b > a ? b : a));
  const powers = values.map((x) => Math.exp(x - largest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((power) => power / total);
}
""",
}


def javascript_source(folded: Folded) -> str:
    r"""Return an ES module, in ASCII, that predicts as the model does.

    It exports `predict(row)`, which returns the list of outputs for one row of numbers, or the one
    number of a regressor. That of a classifier exports `classes`, `predictProba(row)`, which is
    `predict` by another name, and `predictClass(row)`, which returns one of the classes. What is no
    row of as many finite numbers is refused with an Error. Labels are strings, numbers or booleans,
    and BigInts where a number of JavaScript is not exact.

    Raises PureNetError for a label that is neither text nor a number.

    >>> from ..core.network import Network
    >>> from .folded import fold
    >>> source = javascript_source(fold(Network([2, 1], init="zeros")))
    >>> print(source[source.index("const layers") :].split("\n\n")[0])
    const layers = [
      {
        weights: [
          [0],
          [0],
        ],
        activation: sigmoid,
      },
    ];
    """
    activations = dict.fromkeys(map(folded.activation_of, range(len(folded.weights))))
    parts = [
        _comment(folded),
        _classes(folded) if folded.classes else "",
        _predict(folded),
        _layers(folded),
        _forward(folded),
        *(ACTIVATIONS[name] for name in activations),
    ]
    return "".join(parts)


def _comment(folded: Folded) -> str:
    of_classes = "the probability of each of `classes`, in their order, or one of these"
    lines = introduction(folded, "JavaScript (an ES module)", of_classes)
    lines += ["", *(CLASSIFIER_USAGE if folded.classes else USAGE).split("\n")]
    return "/**\n" + "".join(f" * {line}".rstrip() + "\n" for line in lines) + " */\n\n"


def _classes(folded: Folded) -> str:
    lines = ["export const classes = [", *filled(map(_label, folded.classes), "  "), "];\n\n"]
    return "\n".join(lines)


def _label(label: Any) -> str:
    if isinstance(label, str):
        return json.dumps(label).replace("<", "\\u003c")  # in a page, </script> would be its end
    if isinstance(label, bool):
        return "true" if label else "false"
    text = number_text(label)
    if isinstance(label, int):
        return text if abs(label) <= LARGEST_EXACT else f"{text}n"
    return _literal(label)


def _predict(folded: Folded) -> str:
    if folded.classes:
        return CLASSIFIER
    return REGRESSOR if folded.single else NETWORK


def _layers(folded: Folded) -> str:
    lines = ["", "const layers = ["]
    for k, weights in enumerate(folded.weights):
        lines += ["  {", "    weights: ["]
        lines += [line for row in weights for line in _row(row, "      ")]
        lines.append("    ],")
        if folded.biases:
            lines += _row(folded.biases[k], "    ", "biases: ")
        lines += [f"    activation: {_function(folded.activation_of(k))},", "  },"]
    return "\n".join([*lines, "];\n"])


def _row(row: Row, indent: str, name: str = "") -> list[str]:
    """Return a row in brackets on a line of its own, or on several where one is too short."""
    literals = list(map(_literal, row))
    line = f"{indent}{name}[{', '.join(literals)}],"
    if len(line) <= WIDTH:
        return [line]
    return [f"{indent}{name}[", *filled(literals, f"{indent}  "), f"{indent}],"]


def _literal(value: float) -> str:
    return float.__repr__(value).removesuffix(".0")


def _forward(folded: Folded) -> str:
    inputs = folded.sizes[0]
    return Template(FORWARD).substitute(
        count=inputs,
        numbers=counted(inputs, "number"),
        biases=", biases" if folded.biases else "",
        result="sum + biases[j]" if folded.biases else "sum",
        and_bias=", and its bias" if folded.biases else "",
    )


def _function(activation: str) -> str:
    return "leakyRelu" if activation == "leaky_relu" else activation
