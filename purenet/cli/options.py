"""Every option of the command line: its flags, its help text, and how its value is read.

A command takes those that its `run` has parameters for, with their defaults, and those in its
`FURTHER`, which `run` takes together. It may give one another text (`TEXTS`), where it means
something else there.
"""

from __future__ import annotations

import argparse
import math
import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

from ..activation_table import TABLE
from ..core.checks import PureNetError, short
from ..core.losses import LOSSES
from ..core.optimizers import OPTIMIZERS
from ..estimators.conventions import nearest
from ..lessons.programs import LESSONS
from ..lessons.questions import QUESTIONS
from ..tables.problem import TASKS

ACTIVATIONS = tuple(TABLE)
HIDDEN_ACTIVATIONS = tuple(name for name in TABLE if name != "softmax")
KINDS = ("graph", "loss", "surface", "correlation", "slope")

# Parts of many help texts.
MODEL_FILES = ".json, .npz, .safetensors or .onnx"
STDIN = "- for standard input"
ROWS = f"{STDIN}, or a lesson's name or xor for the article's rows"


class WrongUsage(PureNetError):
    """Options that do not go together; the message is shown with the way to the help."""


class Option(NamedTuple):
    """One option; without flags, a positional argument.

    `name` is that of the parameter of `run`, and `label` what messages call the option.
    """

    name: str
    label: str
    flags: list[str]
    says: str
    settings: dict[str, Any]


def either(names: Iterable[str]) -> str:
    """Return names as a choice in a sentence.

    >>> either(["a", "b", "c"])
    'a, b or c'
    """
    *others, last = names
    return f"{', '.join(others)} or {last}"


def _number_within(
    kind: type[float], limits: str, test: Callable[[float], bool]
) -> Callable[[str], float]:
    """Make a converter from an option's text to a number that passes a test."""

    def convert(text: str) -> float:
        try:
            number = kind(text)
        except ValueError:
            number = math.nan
        if not test(number):
            raise _expected(f"a {'whole ' * (kind is int)}number {limits}", text)
        return number

    return convert


def _whole(lowest: int = 1, highest: int | None = None) -> Callable[[str], float]:
    """Make a converter from an option's text to a whole number within limits."""
    limits = f"of at least {lowest}" if highest is None else f"from {lowest} to {highest}"
    most = math.inf if highest is None else highest
    return _number_within(int, limits, lambda number: lowest <= number <= most)


_above_0 = _number_within(float, "above 0", lambda number: 0.0 < number < math.inf)
_not_negative = _number_within(float, "of at least 0", lambda number: 0.0 <= number < math.inf)
_part = _number_within(float, "from 0 to below 1, or a file's name", lambda part: 0 <= part < 1)
_at_most_half = _number_within(float, "from 0 to 0.5", lambda number: 0.0 <= number <= 0.5)


def _part_or_file(text: str) -> float | str:
    """Return a part of the rows, or the name of a file if the text is not a number."""
    with suppress(ValueError):
        float(text)
        return _part(text)
    return text


def _one_of(names: Sequence[str]) -> Callable[[str], str]:
    """Make a converter that takes one of the names only."""

    def convert(text: str) -> str:
        if text not in names:
            raise _expected(either(names), text, nearest(text, names))
        return text

    return convert


def _mark(text: str) -> str:
    mark = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(mark) != 1 or mark in '"\r\n':
        raise _expected("one character, or tab", text)
    return mark


def _list_of(kind: Callable[[str], Any]) -> Callable[[str], list[Any]]:
    """Make a converter from an option's text, with commas, to a list."""
    return lambda text: [kind(part) for part in text.split(",")]


_sizes = _list_of(_whole())


def _layers(text: str) -> list[int]:
    """Return the sizes of the hidden layers, an empty list for 0."""
    return [] if text == "0" else _sizes(text)


def _numbers(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise _expected("numbers such as 0,1,1", text) from None


FOR_HIDDEN_LAYERS = f"{either(HIDDEN_ACTIVATIONS)}, or one for each layer, such as tanh,relu"


def _activations(text: str) -> str | list[str]:
    """Return one activation for all hidden layers, or a list of one for each."""
    names = text.split(",")
    if "softmax" in names:
        raise _expected(FOR_HIDDEN_LAYERS, text, "; softmax is for the output layer")
    for name in names:
        if name not in HIDDEN_ACTIVATIONS:
            raise _expected(FOR_HIDDEN_LAYERS, text, nearest(name, HIDDEN_ACTIVATIONS))
    return names[0] if len(names) == 1 else names


def _expected(what: str, text: str, hint: str = "") -> argparse.ArgumentTypeError:
    return argparse.ArgumentTypeError(f"expected {what}, got {short(text)}{hint}")


# What `--help` says of each option. Each key is an option as `--help` shows it: its flags and the
# name of its value. Without a flag it is a positional argument, and without a value a switch. The
# values to choose from stand for {}.
_SAYS = {
    # What a command is about.
    "LESSON": "program to run: {} (default: list them)",
    "TOPIC": "question to answer: {} (default: list them)",
    "MODEL": f"file of a saved model: {MODEL_FILES}",
    "OUT": f"file to write, in the format of its ending: {MODEL_FILES}",
    "WHAT": f"lesson or saved model to trace: {', '.join(LESSONS)}, or a file that ends in "
    f"{MODEL_FILES} (default: three-layer)",
    "CSV": f"CSV file to learn from ({STDIN})",
    # The network and its training.
    "--seed N": "NumPy's seed for the initial weights",
    "--hidden N": "number of neurons in the hidden layer",
    "--engine NAME": "loop that trains: {}; packed rounds differently",
    "--learning-rate RATE": "step size of each update",
    "--sizes N,N,...": "neurons in each layer of a new network, from inputs to outputs, such as "
    "3,4,1",
    "--activation NAME": f"activation of the hidden layers: {FOR_HIDDEN_LAYERS}",
    "--output-activation NAME": "activation of the output layer, for a file that does not name it: "
    "{}",
    "--layers NAME,NAME,...": "names of the layers in a .safetensors file, in order, such as "
    "fc1,fc2 (default: told from the names and sizes)",
    "--loss NAME": "loss of a new network: {}",
    "--bias": "give every layer of a new network biases (default: no biases)",
    "--hidden N,N,...": "number of neurons in each hidden layer, such as 32,16; 0 for no hidden "
    "layer, which is a linear model (default: one layer, sized from the data)",
    "--optimizer NAME": "how gradients change the weights: {}; rprop takes the full batch only",
    "--batch-size N": "number of rows in each update; auto is 32, or all rows for rprop",
    "--epochs N": "largest number of passes over the training rows (default: chosen from the "
    "number of rows)",
    "--patience N": "number of epochs without progress after which training stops (default: chosen "
    "from the number of rows)",
    "--weight-decay X": "how strongly weights are pulled towards 0, a number of at least 0",
    "--validation-fraction PART": "part of the training rows, from 0 to 0.5, held back to tell "
    "when to stop (default: 0.15)",
    "--validation FILE": "CSV file with separate rows that tell when to stop (default: a part of "
    "the table)",
    "--balanced": "give every class the same weight (default: every row the same)",
    "--refit": "train once more on all rows of the table, for the best number of epochs",
    "--restarts N": "number of networks to train from different seeds; the best is kept",
    "--jobs N": "number of processes that share the restarts and the folds",
    "--max-seconds S": "seconds after which a training stops and keeps the best so far (default: "
    "no limit)",
    # The table and what is to be learned from it.
    "--target NAME": "name of the column to predict; may be repeated for columns of numbers "
    "(required)",
    "--task TASK": f"kind of problem: {either(TASKS)}; auto tells it from the target",
    "--test X": "part of the rows, from 0 to below 1, held out to judge by, or a CSV file to judge "
    "by",
    "--cv N": "number of folds to cross-validate with (default: no cross-validation)",
    "--explain": "say how much each column matters on the rows held out",
    "--explain-svg FILE": "draw how much each column matters to FILE, as an SVG bar chart "
    "(default: not drawn)",
    "--drop NAME": "name of a column to leave out; may be repeated (default: leave out none)",
    "--missing HOW": "missing cells: mean fills in the column's mean, refuse ends with an error",
    "--delimiter CHARACTER": "character between cells, or the word tab (default: told from the "
    "first lines)",
    "--header": "read the first line as the names of the columns",
    "--no-header": "read the first line as a row and call the columns 1, 2, ... (default: told "
    "from the first line)",
    "--skip N": "number of lines above the table to leave out",
    "--encoding NAME": "encoding of the file, such as cp1252 (default: UTF-8, or as its first "
    "bytes tell)",
    "--decimal POINT": "decimal point of the numbers: . or , (default: told from the numbers)",
    "--missing-values TEXT,TEXT,...": "texts that mean a missing cell, such as NA,-9999 (default: "
    "NA, null and the like, unless they look like the other texts of a column)",
    "--max-cells N": "largest number of cells to read from a file",
    "--text NAME": "name of a column to read as texts and keep, whatever it holds; may be repeated "
    "(default: told from the cells)",
    "--ignore-case": "take texts that differ by case or composed accents alone as one",
    "--strict": "refuse texts that did not occur in training",
    "--probabilities": "add a column with the probability of each class",
    "--exact": "write all digits of the probabilities (default: four digits)",
    "--keep NAME,NAME,...": "columns of the CSV file to copy beside the predictions, or all "
    "(default: none)",
    # Where to look.
    "--at N": "number of updates to make before the step that is shown",
    "--cell ADDRESS": 'one number to show with its arithmetic, such as "l1_delta[2][1]"',
    "--follow ADDRESS": 'one number to follow through training, such as "syn0[0][1]"',
    "--until N": "number of updates after which --follow ends (default: 10,000 more than --at)",
    "--seeds N": "number of seeds to try for xor (default: 100)",
    "--kind KIND": "what to draw: {}",
    "--row X,X,...": "inputs of one example, whose activations the graph shows, such as 0,1,1",
    "--inputs I,J": "indices of the two inputs on the axes of the surface (default: 0,1)",
    # Files.
    "--data FILE": f"CSV file with the rows to train on ({ROWS}; default: the lesson's rows)",
    "--checkpoint FILE": "save the progress of a training to FILE (default: not saved)",
    "--resume FILE": "resume a training from FILE, with the same options",
    "--save FILE": f"save the trained network to FILE: {MODEL_FILES} (default: not saved)",
    "-o --out FILE": "file to write (default: standard output)",
    "--lang LANGUAGE": "language of the page: {}",
    "--style STYLE": "form of the Python source: lists (loops over lists), unrolled (one "
    "expression for each neuron), auto (one of these, by the network's size) or bigint (big "
    "integers: fast for large layers, rounded)",
    "--bits N": "bits of a number in --style bigint: {} (default: 64)",
    "--trainable": "write source that can continue training",
    "--module": "write Python source for import alone, without reading of rows",
    "--digits N": "number of digits in each weight (not for C)",
    "--pack HOW": "weights as packed bytes: float32 (not for C), int8, or integer, which also "
    "computes in whole numbers (C only)",
    "--limit N": "most characters of the Python source; weights are rounded to fit",
    "--bare": "leave out docstrings, comments and annotations, for small boards",
    "--float32": "round the weights to 32 bits, about seven digits; not for .json",
    "--probabilities-only": "leave the labels out of an .onnx file, and with them ArgMax and "
    "Gather, which small runtimes lack",
    # What is printed.
    "--source": "print the program instead of running it",
    "--check FILE": "run a program of your own, and name the first line without the lesson's "
    "number",
    "--tuned": "print the faster version that the engine runs",
    "-q --quiet": "print only the results: no progress, no closing line",
    "--json": "print one JSON document instead of text",
}

# What converts the text of a value, or the values to choose from: those of one option, or of all
# whose value has this name. Any other value is a text.
_KINDS: dict[str, Any] = {
    "LESSON": LESSONS,
    "TOPIC": tuple(QUESTIONS),
    "N": _whole(),
    "N,N,...": _sizes,
    "RATE": _above_0,
    "S": _above_0,
    "PART": _at_most_half,
    "TASK": ("auto", *TASKS),
    "CHARACTER": _mark,
    "POINT": (".", ","),
    "KIND": KINDS,
    "X,X,...": _numbers,
    "I,J": _list_of(_whole(0)),
    **dict.fromkeys(("NAME,NAME,...", "TEXT,TEXT,..."), _list_of(str)),
    "LANGUAGE": ("en", "ru"),
    "STYLE": ("auto", "lists", "unrolled", "bigint"),
    "--seed N": _whole(0, 2**32 - 1),
    "--engine NAME": ("auto", "lists", "unrolled", "packed"),
    "--activation NAME": _activations,
    "--output-activation NAME": ACTIVATIONS,
    "--loss NAME": tuple(LOSSES),
    "--hidden N,N,...": _layers,
    "--optimizer NAME": OPTIMIZERS,
    "--weight-decay X": _not_negative,
    "--test X": _part_or_file,
    "--cv N": _whole(2),
    "--missing HOW": ("mean", "refuse"),
    **dict.fromkeys(("--skip N", "--at N", "--until N"), _whole(0)),
    "--bits N": ("64", "48", "32"),
    "--digits N": _whole(1, 17),
    "--pack HOW": ("float32", "int8", "integer"),
}
_REPEATED = ("--target NAME", "--drop NAME", "--text NAME")

# The parameters of `run` that are not called as the last flag or as the value.
_PARAMETERS = {
    "OUT": "destination",
    "--layers NAME,NAME,...": "layer_names",
    "--hidden N,N,...": "layers",
    "--json": "as_json",
}


def _option(usage: str, says: str) -> Option:
    """Return an option from its row in each of the tables."""
    flags = [word for word in usage.split() if word.startswith("-")]
    value = usage.split()[-1]
    label = [value, *flags][-1]
    name = _PARAMETERS.get(usage) or label.lstrip("-").replace("-", "_").lower()
    if value in flags:
        return Option(name, label, flags, says, {"action": "store_true"})
    settings: dict[str, Any] = {"action": "append"} if usage in _REPEATED else {}
    kind = _KINDS.get(usage, _KINDS.get(value))
    if isinstance(kind, Sequence):
        says, settings["choices"], kind = says.format(either(kind)), kind, _one_of(kind)
    return Option(name, label, flags, says, {**settings, "metavar": value, "type": kind})


OPTIONS = {option.name: option for option in map(_option, _SAYS, _SAYS.values())}

# The options that name files which are read or written.
READ = ("model", "what", "csv", "data", "validation", "test", "resume", "check")
WRITTEN = ("destination", "out", "save", "checkpoint", "explain_svg")
REPLACED = {("model", "destination"), ("resume", "checkpoint")}  # by what was made of the file


def refuse_overwriting(given: dict[str, Any]) -> None:
    """Raise WrongUsage if a file that is written is also read, or written twice, or is called "-".

    >>> refuse_overwriting({"model": "net.json", "out": "./net.json"})
    Traceback (most recent call last):
        ...
    purenet.cli.options.WrongUsage: --out: expected another file than for MODEL, got ./net.json
    """
    paths = {name: given[name] for name in (*READ, *WRITTEN) if isinstance(given.get(name), str)}
    for name in WRITTEN:
        if paths.get(name) == "-":
            advice = "; without --out, a command that writes text prints it" * (name == "out")
            raise WrongUsage(f"{OPTIONS[name].label}: expected another name than -{advice}")
    for one, other in combinations(paths, 2):
        path = paths[other]
        if other in WRITTEN and (one, other) not in REPLACED and _are_same(paths[one], path):
            than = f"expected another file than for {OPTIONS[one].label}"
            raise WrongUsage(f"{OPTIONS[other].label}: {than}, got {path}")


def _are_same(one: str, other: str) -> bool:
    """Tell whether two paths lead to one file, by links too; "-" is standard input."""
    one = "/dev/stdin" if one == "-" else one
    with suppress(OSError):  # one is not there yet
        return Path(one).samefile(other) and Path(other).is_file()  # a terminal may be both
    return os.path.realpath(one) == os.path.realpath(other)


def further_of(module: Any) -> dict[str, Any]:
    """Return the defaults of the options that a command's `run` takes together."""
    return getattr(module, "FURTHER", {})


def add_options(parser: argparse.ArgumentParser, module: Any) -> None:
    """Add the options that a command's `run` takes, some with help of the command's own."""
    run = module.run
    names = run.__code__.co_varnames[: run.__code__.co_argcount]  # `inspect` would load much
    values = run.__defaults__ or ()
    defaults = dict(zip(names[len(names) - len(values) :], values))
    defaults.update(further_of(module))
    for name in dict.fromkeys([*names, *defaults]):
        _, _, flags, says, settings = OPTIONS[name]
        says = getattr(module, "TEXTS", {}).get(name, says)
        if not flags:
            number: dict[str, Any] = {"nargs": "?"} if name in defaults else {}
            parser.add_argument(name, help=says, **number, **settings)
            continue
        default = defaults[name]
        if default is not None and default is not False:
            shown = f"{default:,}" if isinstance(default, int) else default
            says += f" (default: {shown})"
        # The command itself has the default, and sees which options were given.
        parser.add_argument(*flags, dest=name, default=argparse.SUPPRESS, help=says, **settings)
