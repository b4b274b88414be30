"""How each activation is called and written elsewhere: one row for each, which other rooms read.

A formula is text with {z} where a layer's weighted input stands, and a slope one with {a} where
its output stands. They are those of `core.activations`, operation by operation. Softmax takes a
whole layer, so it has no formula of one number; "linear" leaves its input unchanged.

    name        scikit-learn  PyTorch    Keras       ONNX       outputs from  to
    sigmoid     logistic      Sigmoid    sigmoid     Sigmoid    0             1
    tanh        tanh          Tanh       tanh        Tanh       -1            1
    relu        relu          ReLU       relu        Relu       0             infinity
    leaky_relu  -             LeakyReLU  leaky_relu  LeakyRelu  -infinity     infinity
    linear      identity      Identity   linear      Identity   -infinity     infinity
    softmax     softmax       Softmax    softmax     Softmax    0             1
"""

from __future__ import annotations

import re
from typing import NamedTuple

from .core.activations import LEAK

INFINITY = float("inf")


class Spelling(NamedTuple):
    """How one activation is called and written, and what its outputs lie between.

    `sklearn` is None where scikit-learn has no such activation. Keras has PureNet's own names.
    `python` and `javascript` are formulas, `slope` is Python's; all three are None for softmax.
    Below 0, leaky_relu's slope is PyTorch's 0.01: Keras's default is 0.2, and ONNX has it in the
    attribute alpha.
    """

    sklearn: str | None
    torch: str
    onnx: str
    range: tuple[float, float]
    python: str | None = None
    slope: str | None = None
    javascript: str | None = None

    @property
    def c(self) -> str:
        """The formula as C writes it.

        >>> TABLE["relu"].c
        '({z} < 0.0) ? 0.0 : {z}'
        """
        return _in_c(self.python)

    @property
    def slope_in_c(self) -> str:
        """The slope as C and JavaScript write it.

        >>> TABLE["relu"].slope_in_c
        '({a} > 0.0) ? 1.0 : 0.0'
        """
        return _in_c(self.slope)


def _in_c(formula: str | None) -> str:
    return re.sub("(.+) if (.+) else (.+)", r"(\2) ? \1 : \3", str(formula))


TABLE = {
    "sigmoid": Spelling(
        sklearn="logistic",
        torch="Sigmoid",
        onnx="Sigmoid",
        range=(0.0, 1.0),
        python="1.0 / (1.0 + exp(-{z}))",
        slope="{a} * (1.0 - {a})",
        javascript="1 / (1 + Math.exp(-{z}))",
    ),
    "tanh": Spelling(
        sklearn="tanh",
        torch="Tanh",
        onnx="Tanh",
        range=(-1.0, 1.0),
        python="tanh({z})",
        slope="1.0 - ({a} * {a})",
        javascript="Math.tanh({z})",
    ),
    "relu": Spelling(
        sklearn="relu",
        torch="ReLU",
        onnx="Relu",
        range=(0.0, INFINITY),
        python="0.0 if {z} < 0.0 else {z}",
        slope="1.0 if {a} > 0.0 else 0.0",
        javascript="{z} < 0 ? 0 : {z}",
    ),
    "leaky_relu": Spelling(
        sklearn=None,
        torch="LeakyReLU",
        onnx="LeakyRelu",
        range=(-INFINITY, INFINITY),
        python=f"({LEAK!r} * {{z}}) if {{z}} < 0.0 else {{z}}",
        slope=f"1.0 if {{a}} > 0.0 else {LEAK!r}",
        javascript=f"{{z}} < 0 ? {LEAK!r} * {{z}} : {{z}}",
    ),
    "linear": Spelling(
        sklearn="identity",
        torch="Identity",
        onnx="Identity",
        range=(-INFINITY, INFINITY),
        python="{z}",
        slope="1.0",
        javascript="{z}",
    ),
    "softmax": Spelling(sklearn="softmax", torch="Softmax", onnx="Softmax", range=(0.0, 1.0)),
}


def name_of(word: str, library: str) -> str:
    """Return the activation that a library calls by a word; a word it does not know stays.

    >>> name_of("logistic", "sklearn"), name_of("ReLU", "torch"), name_of("tanh", "sklearn")
    ('sigmoid', 'relu', 'tanh')
    """
    for name, spelling in TABLE.items():
        if word == getattr(spelling, library):
            return name
    return word
