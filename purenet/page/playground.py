"""The page with nothing recorded: data to choose from, and what its networks need.

The data are stored in the page, since sin and cos round differently in browsers. So are the
equations, which depend on the number of layers, their activation and whether there are biases.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from ..core.network import Network
from ..datasets import curved, xor
from ..lessons.formulas import formulas_of
from .document import Page, checks_of, filled

ACTIVATIONS = ("sigmoid", "tanh", "relu", "leaky_relu")
USUAL = {"data": "article", "layers": "4", "activation": "sigmoid", "rate": "1", "seed": "1"}
ROWS = {"xor": 4, "circles": 60, "moons": 60, "spirals": 80}


def playground(lang: str = "en") -> Page:
    """Return a page in which a network learns; `lang` is "en" or "ru".

    >>> playground().notes
    []
    """
    # The article's data have a column of ones, which is what biases do.
    X, y = xor()
    problems: dict[str, Any] = {"article": {"X": X, "y": y, "biased": False}}
    for name, rows in ROWS.items():
        X, targets = curved(name, rows)
        y = [[float(target)] for target in targets]
        problems[name] = {"X": X, "y": y, "biased": True}
    cases = product((0, 1, 2), ACTIVATIONS, (False, True))
    data = {
        "trainings": [],
        "checks": checks_of({"sigmoid", "tanh"}),
        "problems": problems,
        "formulas": {
            f"{layers} {name} {'true' if biased else 'false'}": _formulas(layers, name, biased)
            for layers, name, biased in cases
        },
        "choices": ACTIVATIONS,
        "usual": USUAL,
    }
    return Page(filled(data, lang), [])


def _formulas(layers: int, activation: str, biased: bool) -> list[dict[str, str]]:
    sizes = [1] * (layers + 2)
    network = Network(sizes, activation=activation, output_activation="sigmoid", bias=biased)
    return [{"name": each.name, "equation": each.equation} for each in formulas_of(network, 1.0)]
