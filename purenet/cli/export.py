"""The export command: a model as source code that needs nothing but itself."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, counted
from ..export.c import NAME, C, column_name, far_columns
from ..export.error import Error, error_of, random_rows
from ..export.javascript import JavaScript
from ..export.python import python_target
from ..export.python_compact import EXACT, compact_source
from ..export.target import Target, ranges, source_of
from ..formats import load
from ..formats.model import Model, describe
from ..formats.writing import replace_file
from .data_file import inputs_in
from .options import REQUIRED, WrongUsage

SUMMARY = "write a saved model as source code: Python, C or JavaScript"
OF_LANGUAGE: dict[str, dict[str, Any]] = {
    "Python": {"style": "auto", "trainable": False, "digits": None, "pack": None, "limit": None},
    "C": {"pack": None, "float32": False},
    "JavaScript": {"pack": None},
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
# Why rows get another class and what helps, by a word of what the numbers are; the first counts.
REMEDIES = {
    EXACT: "the standardization in the weights costs digits where a mean is far from 0",
    "int8": "a byte has 127 steps for the largest weight of a neuron, which is enough for inputs of"
    " one size; {other} has seven digits",
    "float32": "a float has seven digits; without --float32, all are kept",
    "digit": "more --digits are closer",
    "character": "a higher --limit has room for more",
}


def run(model: str, out: str | None, data: str | None, **options: Any) -> None:
    """Write the file, or print it; where it is not exact, say what that costs."""
    language = _language(out)
    for name, value in options.items():
        if value != DEFAULTS[name] and name not in OF_LANGUAGE[language]:
            raise WrongUsage(f"--{name}: a file in {language} has no such option")
    given = {name: options[name] for name in OF_LANGUAGE[language]}
    saved = load(model)
    described = describe(saved)
    source, target, what = _written(language, described, out, given)
    error, cost = _error(described, target, None if data is None else inputs_in(data, saved))
    said = [f"{counted(len(source), 'character')}, {what}{cost}"]
    said.append(
        f"{counted(target.weight_bytes(), 'byte')} of weights,"
        f" {counted(target.ram_bytes(), 'byte')} of RAM for the numbers of a prediction"
    )
    if out is None:
        sys.stdout.write(source)
        print("\n".join(f"purenet: {line}" for line in said), file=sys.stderr)
    else:
        replace_file(out, source.encode())
        print(f"{out} written: " + "\n".join(said))
    kind = what if language == "Python" else given["pack"] or "float32" * bool(given.get("float32"))
    for line in [*_remedy(error, kind or EXACT, language), *_far(described)]:
        print(f"purenet: {line}", file=sys.stderr)


def _language(out: str | None) -> str:
    ending = ".py" if out is None else Path(out).suffix.lower()
    if ending not in LANGUAGES:
        raise PureNetError(f"{out}: a source file ends in .py, .h, .js or .mjs")
    return LANGUAGES[ending]


def _written(
    language: str, model: Model, out: str | None, options: dict[str, Any]
) -> tuple[str, Target, str]:
    """Return the source, the target that wrote it, and in words what its numbers are."""
    if language == "Python":
        return _in_python(model, **options)
    if options["pack"] == "float32":
        others = {"C": "; --float32 has numbers of 32 bits"}
        raise WrongUsage(f"--pack: in {language} it is int8{others.get(language, '')}")
    if language == "C":
        target, what = _in_c(model, Path(str(out)).stem, **options)
    else:
        target, what = JavaScript(model, **options), options["pack"] or EXACT
    return source_of(target), target, what


def _in_c(model: Model, stem: str, pack: str | None, float32: bool) -> tuple[Target, str]:
    name = stem if NAME.fullmatch(stem) else "net"
    target = C(model, number="float" if float32 else None, pack=pack, name=name)
    inputs, outputs = f"{target.kind_of_inputs()}s", f"{target.real}s"
    takes = "takes and gives" if inputs == outputs else f"takes {inputs} and gives"
    what = [f"{name}_predict {takes} {outputs}"]
    what += [pack] if pack else []
    if target.is_single:  # the sums are rounded too, but Python has no such arithmetic
        what.append("rounded weights alone")
    return target, ", ".join(what)


def _in_python(model: Model, style: str, trainable: bool, **small: Any) -> tuple[str, Target, str]:
    given = [name for name, value in small.items() if value is not None]
    if len(given) > 1:
        raise WrongUsage("--digits, --pack and --limit: one at a time")
    if given and trainable:
        raise WrongUsage(f"--trainable: what goes on learning needs every digit, not --{given[0]}")
    if given and style != "auto" and given != ["digits"]:
        raise WrongUsage(f"--style: it does not go with --{given[0]}")
    if given:
        return compact_source(model, style=style, **small)
    target = python_target(model, style=style, trainable=trainable)
    return source_of(target), target, EXACT


def _error(model: Model, target: Target, rows: Matrix | None) -> tuple[Error | None, str]:
    """Return how far answers are from the model's own, in words too where that is worth saying."""
    is_exact = target.rounded() is target.model
    if is_exact and rows is None and model.inputs is model.outputs is None:
        return None, ""  # nothing was folded
    is_random, thing = rows is None, "row"
    if rows is None:
        weights = sum(len(layer.weights) * len(layer.biases) for layer in target.layers)
        count = max(FEWEST_ROWS, min(MOST_ROWS, MOST_PRODUCTS // weights))
        rows, thing = random_rows(model, count), "random row"
    error = error_of(model, target.rounded(), rows)
    if is_exact and is_random and error.is_rounding:
        return error, ""
    return error, f": {error.sentence(thing)}"


def _remedy(error: Error | None, kind: str, language: str) -> list[str]:
    """Return a line that says why rows change class, and what helps, if more than 1 % do."""
    if error is None or not error.changes_classes:
        return []
    other = {"Python": "--pack float32", "C": "--float32"}.get(language, "a file without --pack")
    why = next(why for word, why in REMEDIES.items() if word in kind).format(other=other)
    return [f"{error.changed:,} of {counted(error.rows, 'row')} get another class: {why}"]


def _far(model: Model) -> list[str]:
    """Return a line for each column by which floats of 32 bits cannot tell rows apart."""
    return [
        f"{column_name(model, i)}: its mean is {mean:.6g}, too far from 0 for floats of 32 bits:"
        f" for a board with these, train on it minus {round(mean)}, and pass it so"
        for i, (mean, _) in enumerate(ranges(model))
        if i in far_columns(model)
    ]
