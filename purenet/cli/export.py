"""The export command: a model as source code that depends on nothing else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, counted
from ..export.c import c_target, name_for
from ..export.c_header import C, far_columns
from ..export.error import Error, error_of, random_rows
from ..export.integer import LIMITS
from ..export.javascript import JavaScript
from ..export.python import python_target
from ..export.python_compact import compact_source
from ..export.quantized import EXACT
from ..export.target import Target, source_of
from ..formats.files import FORMATS, read_model
from ..formats.model import Model, build
from .data_file import READING, inputs_in, reading_of
from .options import STDIN, WrongUsage, either
from .terminal import deliver, remark

SUMMARY = "write a saved model as source code in Python, C or JavaScript"
EXAMPLE = "export iris.json -o iris.py"
OF_LANGUAGE: dict[str, dict[str, Any]] = {
    "Python": {"style": "auto", "bits": None, "digits": None, "pack": None, "limit": None}
    | {"trainable": False, "module": False},
    "C": {"trainable": False, "pack": None, "float32": False},
    "JavaScript": {"trainable": False, "digits": None, "pack": None, "float32": False},
}
FURTHER = {name: value for each in (*OF_LANGUAGE.values(), READING) for name, value in each.items()}
TEXTS: dict[str, str] = {
    "out": "source file to write: .py, .h, .js or .mjs (default: Python, to standard output)",
    "float32": "use 32-bit floats, about seven digits (C and JavaScript)",
    "data": f"CSV file with rows to measure rounding errors on ({STDIN}; default: random rows)",
}
# Random rows to measure on: as many as take about a second, on a large network fewer.
FEWEST_ROWS, MOST_ROWS, MOST_PRODUCTS = 10, 1000, 2**23
IN_BYTES = ["float32", "int8"]
PACKINGS = {"Python": IN_BYTES, "C": ["int8", "integer"], "JavaScript": IN_BYTES}
# The options that make a file smaller: a file takes one of them, and then it cannot train.
SMALLER = {
    "Python": ("digits", "pack", "limit"),
    "C": ("pack",),
    "JavaScript": ("digits", "pack", "float32"),
}
Written = tuple[str, Target, str]  # the source, what wrote it, and a description of its numbers
Writer = Callable[..., Written]
LANGUAGES = {".py": "Python", ".h": "C", ".js": "JavaScript", ".mjs": "JavaScript"}
# Why rows get another class and what helps, by a word in the description of the numbers; the first
# that fits is used.
REMEDIES = {
    EXACT: "standardization in the weights costs digits where a mean is far from 0",
    "int8": "a byte has 127 steps up to the largest weight of a neuron, enough only for inputs of"
    " similar size; {other} has seven digits",
    "integer": "a byte has 127 steps up to a neuron's largest weight; {other} has seven digits",
    "float32": "a float has seven digits; without --float32, all digits are kept",
    "slots": "an input is rounded as the largest of its row allows; more --bits are closer",
    "digit": "more --digits are closer",
    "character": "a higher --limit has room for more",
}


def run(model: str, out: str | None = None, data: str | None = None, **options: Any) -> None:
    """Write the file or print it; where it is not exact, say by how much."""
    language, reading = _language(out, model), reading_of(options)
    _check_usage(language, options)
    given = {name: options[name] for name in OF_LANGUAGE[language]}
    described = read_model(model)
    rows = None if data is None else inputs_in(data, build(described), reading)
    source, target, what = WRITERS[language](described, Path(out or ""), rows, **given)
    error, cost = _error(described, target, rows)
    said = [f"{counted(len(source), 'character')}, {what}{cost}"]
    said.append(
        f"{counted(target.weight_bytes(), 'byte')} of weights,"
        f" {counted(target.ram_bytes(), 'byte')} of RAM for the numbers of a prediction"
    )
    deliver(source, out, ": " + "\n".join(said))
    kind = given["pack"] or target.numbers()
    remarks = [*_remedy(error, what if language == "Python" else kind, language), *_far(described)]
    for line in [*said, *remarks] if out is None else remarks:
        remark(line)


def _check_usage(language: str, options: dict[str, Any]) -> None:
    """Refuse options of another language, and options that exclude each other."""
    for name, value in options.items():
        if value != FURTHER[name] and name not in OF_LANGUAGE[language]:
            languages = " or ".join(each for each, names in OF_LANGUAGE.items() if name in names)
            raise WrongUsage(f"--{name}: only for {languages}, but the output is {language}")
    pack = options["pack"]
    if pack not in (None, *PACKINGS[language]):
        wanted = " or ".join(PACKINGS[language])
        hint = "; --float32 gives floats of 32 bits" if (language, pack) == ("C", "float32") else ""
        raise WrongUsage(f"--pack: expected {wanted} for {language}, got {pack}{hint}")
    given = [name for name in SMALLER[language] if options[name]]
    if len(given) > 1:
        names = either(f"--{name}" for name in SMALLER[language])
        raise WrongUsage(f"{names}: expected one of them, got {len(given)}")
    if given and options["trainable"]:
        raise WrongUsage(f"--trainable: training needs every digit; leave out --{given[0]}")
    if given and given != ["digits"] and options["style"] != "auto":
        raise WrongUsage(f"--style: --{given[0]} has one style only; leave out --style")
    if options["bits"] and options["style"] != "bigint":
        raise WrongUsage("--bits: only for --style bigint")


def _language(out: str | None, model: str) -> str:
    ending = ".py" if out is None else Path(out).suffix.lower()
    if ending not in LANGUAGES:
        hint = f"; to write a model's file: convert {model} {out}" if ending in FORMATS else ""
        raise PureNetError(f"{out}: expected a name that ends in .py, .h, .js or .mjs{hint}")
    return LANGUAGES[ending]


def _in_javascript(
    model: Model, out: Path, rows: object, float32: bool, pack: str | None, **options: Any
) -> Written:
    script = None if out.suffix.lower() == ".mjs" else out.stem
    target = JavaScript(model, "float32" if float32 else pack, script=script, **options)
    name = "" if script is None else f", sets module.exports or the global {target.name}"
    if script not in (None, "net") and target.name == "net":
        name += f", because {script} is not free"
    return source_of(target), target, target.numbers() + name


def _in_c(model: Model, out: Path, rows: Matrix | None, float32: bool, **options: Any) -> Written:
    stem, pack, number = out.stem, options["pack"], "float" if float32 else None
    name = name_for(stem)
    rows = rows if pack == "integer" else None  # another header does not depend on them
    target = c_target(model, number=number, name=name, rows=rows, **options)
    what = [f"{name}_predict {_types(target, rows)}"]
    what += [f"named net because C has no name like {stem}"] if name == "net" != stem else []
    what += [pack] if pack else []
    if pack == "integer" and rows is None:
        span = "beyond 16 standard deviations" if model.inputs else "below -16 and above 16"
        what.append(f"without --data, inputs {span} are cut off")
    elif target.is_single and pack != "integer":
        what.append("rounded weights alone")  # sums are too, but Python has no such floats
    return source_of(target), target, ", ".join(what)


def _types(target: C, rows: Matrix | None) -> str:
    """Return the types that a header takes and gives, with the reason in the rows."""
    inputs, gives = target.kind_of_inputs(), f"gives {target.real}s"
    if inputs in LIMITS:
        return f"takes {inputs} ({LIMITS[inputs]}), as all rows are such, and {gives}"
    takes = "takes and" if inputs == target.real else f"takes {inputs}s and"
    odd = [x % 1.0 != 0.0 for row in rows or [] for x in row]
    count = f" ({odd.count(True):,} of {len(odd):,} numbers in the rows are not whole)"
    return f"{takes} {gives}{count if rows else ''}"


def _in_python(
    model: Model, *_: object, style: str, bits: Any, trainable: bool, module: bool, **small: Any
) -> Written:
    if any(small.values()):
        return compact_source(model, style=style, module=module, **small)
    target = python_target(model, style, bits and int(bits), trainable, module)
    use = ", for import only (self_test() checks it)" if module else ""
    return source_of(target), target, target.numbers() + use


# Each takes the model, the name of the file, the rows to measure on and the language's options.
WRITERS: dict[str, Writer] = {"Python": _in_python, "C": _in_c, "JavaScript": _in_javascript}


def _error(model: Model, target: Target, rows: Matrix | None) -> tuple[Error | None, str]:
    """Return how far predictions are from the model's own, and a phrase if it matters."""
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
    """Return a line that says why rows change class and what helps, if more than 1 % do."""
    if error is None or not error.changes_classes:
        return []
    other = "--pack float32" if language == "Python" else "--float32"
    why = next(why for word, why in REMEDIES.items() if word in kind).format(other=other)
    return [f"{error.changed:,} of {counted(error.rows, 'row')} get another class: {why}"]


def _far(model: Model) -> list[str]:
    """Return a line for each column by which floats of 32 bits cannot tell rows apart."""
    return [
        f"{name}: its mean, {mean:.6g}, is too far from 0 for floats of 32 bits:"
        f" for a board that has no others, train and predict on it minus {round(mean)}"
        for name, mean in far_columns(model)
    ]
