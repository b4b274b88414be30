"""The export command: a model as source code that needs nothing but itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ..core.checks import PureNetError, counted
from ..core.network import Network
from ..export import c_source, fold, javascript_source, python_source
from ..export.c import NAME
from ..export.error import cost_of, random_rows
from ..export.folded import Folded
from ..export.packed import PACKINGS
from ..export.python_small import EXACT, small_source
from ..export.quantized import quantize, weights_of
from ..formats import load
from ..formats.writing import replace_file
from .data_file import inputs_in
from .options import REQUIRED, WrongUsage

SUMMARY = "write a saved model as source code: Python, C or JavaScript"
OF_LANGUAGE: dict[str, dict[str, Any]] = {
    "Python": {"style": "auto", "trainable": False, "digits": None, "pack": None, "limit": None},
    "C": {"pack": None, "float32": False},
    "JavaScript": {},
}
DEFAULTS: dict[str, Any] = {
    "model": REQUIRED,
    "out": None,
    **{name: value for options in OF_LANGUAGE.values() for name, value in options.items()},
    "data": None,
}
# Random rows to measure on: as many as take about a second, on a large network fewer.
FEWEST_ROWS, MOST_ROWS, MOST_PRODUCTS = 10, 1000, 2**23
LANGUAGES = {".py": "Python", ".h": "C", ".js": "JavaScript", ".mjs": "JavaScript"}


def run(model: str, out: str | None, data: str | None, **options: Any) -> None:
    """Write the file, or print it; where it is not exact, say what that costs."""
    language = _language(out)
    for name, value in options.items():
        if value != DEFAULTS[name] and name not in OF_LANGUAGE[language]:
            raise WrongUsage(f"--{name}: a file in {language} has no such option")
    given = {name: options[name] for name in OF_LANGUAGE[language]}
    saved = load(model)
    folded = fold(saved)
    source, small, what = _written(language, folded, out, given)
    cost = _cost(saved, small, data, small is folded)
    words = f"{counted(len(source), 'character')}, {what}{cost}"
    if out is None:
        sys.stdout.write(source)
        print(f"purenet: {words}", file=sys.stderr)
    else:
        replace_file(out, source.encode())
        print(f"{out} written: {words}")


def _language(out: str | None) -> str:
    ending = ".py" if out is None else Path(out).suffix.lower()
    if ending not in LANGUAGES:
        raise PureNetError(f"{out}: a source file ends in .py, .h, .js or .mjs")
    return LANGUAGES[ending]


def _written(
    language: str, folded: Folded, out: str | None, options: dict[str, Any]
) -> tuple[str, Folded, str]:
    """Return the source, the network that its numbers make, and in words what they are."""
    if language == "JavaScript":
        return javascript_source(folded), folded, EXACT
    if language == "C":
        return _in_c(folded, Path(str(out)).stem, **options)
    return _in_python(folded, **options)


def _in_c(folded: Folded, stem: str, pack: str | None, float32: bool) -> tuple[str, Folded, str]:
    if pack == "float32":
        raise WrongUsage("--pack: in C it is int8; --float32 has numbers of 32 bits")
    name = stem if NAME.fullmatch(stem) else "net"
    number = "float" if float32 else "double"
    source = c_source(folded, number=number, pack=pack, name=name)
    what = f"{name}_predict takes and gives {number}s"
    if pack is not None:
        what += f", {pack}"
        folded = folded._replace(weights=[weights_of(quantize(W)) for W in folded.weights])
    if float32:  # the sums are rounded too, but Python has no such arithmetic
        what += ", rounded weights alone"
        folded, _ = PACKINGS["float32"](folded)
    return source, folded, what


def _in_python(
    folded: Folded, style: str, trainable: bool, **small: Any
) -> tuple[str, Folded, str]:
    given = [name for name, value in small.items() if value is not None]
    if not given:
        return python_source(folded, style=style, trainable=trainable), folded, EXACT
    if len(given) > 1:
        raise WrongUsage("--digits, --pack and --limit: one at a time")
    if trainable:
        raise WrongUsage(f"--trainable: what goes on learning needs every digit, not --{given[0]}")
    if style != "auto" and given != ["digits"]:
        raise WrongUsage(f"--style: it does not go with --{given[0]}")
    return small_source(folded, style=style, **small)


def _cost(saved: Any, small: Folded, data: str | None, is_exact: bool) -> str:
    """Return in words how far the answers are from the model's own, where that is worth saying."""
    if is_exact and data is None and isinstance(saved, Network):
        return ""  # it has no standardization that was folded
    if data is None:
        weights = sum(len(matrix) * len(matrix[0]) for matrix in small.weights)
        count = max(FEWEST_ROWS, min(MOST_ROWS, MOST_PRODUCTS // weights))
        rows, thing = random_rows(saved, count), "random row"
    else:
        rows, thing = inputs_in(data, saved), "row"
    cost = cost_of(saved, small, rows)
    if is_exact and data is None and cost.is_rounding:
        return ""
    return f": {cost.sentence(thing)}"
