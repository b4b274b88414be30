"""Every option of the command line: its flags, what it says of itself, and how it is read."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from ..activation_table import TABLE
from ..core.checks import PureNetError
from ..lessons.questions import QUESTIONS
from ..tables.problem import TASKS

LESSONS = ("eleven-lines", "two-layer", "three-layer", "raw-lists", "loops")
ACTIVATIONS = tuple(TABLE)
STYLES = ("auto", "lists", "unrolled")
PACKINGS = ("float32", "int8")
REQUIRED = "required"  # stands as the default of an argument that has to be given


class WrongUsage(PureNetError):
    """Say which options do not go together; the usage is shown with it."""


class Option(NamedTuple):
    """One option; without flags, an argument that is known by its place."""

    flags: tuple[str, ...]
    says: str
    settings: dict[str, Any]


def _number(flag: str, lowest: int, highest: int | None, says: str) -> Option:
    return Option((flag,), says, {"type": _whole(lowest, highest), "metavar": "N"})


def _text(flags: str, metavar: str, says: str, **settings: Any) -> Option:
    return Option(tuple(flags.split()), says, {"metavar": metavar, **settings})


def _switch(flags: str, says: str) -> Option:
    return Option(tuple(flags.split()), says, {"action": "store_true"})


def _whole(lowest: int, highest: int | None) -> Callable[[str], int]:
    """Return a converter of an option's text to a whole number within limits."""
    limits = f"of at least {lowest}" if highest is None else f"from {lowest} to {highest}"

    def convert(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if number < lowest or (highest is not None and number > highest):
            raise _expected(f"a whole number {limits}", text)
        return number

    return convert


def _rate(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0.0 < number < float("inf"):
        raise _expected("a number above 0", text)
    return number


def _part(text: str) -> float:
    try:
        part = float(text)
    except ValueError:
        part = -1.0
    if not 0.0 <= part < 1.0:
        raise _expected("a part from 0 to below 1", text)
    return part


def _at_most_half(text: str) -> float:
    part = _part(text)
    if part > 0.5:
        raise _expected("a part from 0 to 0.5", text)
    return part


def _not_negative(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0.0 <= number < float("inf"):
        raise _expected("a number of at least 0", text)
    return number


def _mark(text: str) -> str:
    mark = {"tab": "\t", "\\t": "\t"}.get(text, text)
    if len(mark) != 1 or mark in '"\r\n':
        raise _expected("one character, or tab", text)
    return mark


def _list_of(kind: Callable[[str], Any], what: str, example: str) -> Callable[[str], list[Any]]:
    """Return a converter of an option's text, with commas, to a list."""

    def convert(text: str) -> list[Any]:
        try:
            return [kind(part) for part in text.split(",")]
        except ValueError:
            raise _expected(f"{what} such as {example}", text) from None

    return convert


def _activations(text: str) -> str | list[str]:
    """Return one activation for all hidden layers, or a list of one for each."""
    names = text.split(",")
    if not set(names) <= set(ACTIVATIONS):
        raise _expected(f"{', '.join(ACTIVATIONS)}, or one for each layer such as tanh,relu", text)
    return names[0] if len(names) == 1 else names


def _expected(what: str, text: str) -> argparse.ArgumentTypeError:
    given = text if len(text) <= 40 else text[:37] + "..."
    return argparse.ArgumentTypeError(f"expected {what}, got {given!r}")


OPTIONS = {
    # What a command is about.
    "lesson": _text("", "LESSON", f"one of {', '.join(LESSONS)}", choices=LESSONS),
    "topic": _text("", "TOPIC", f"one of {', '.join(QUESTIONS)}", choices=QUESTIONS),
    "model": _text("", "MODEL", "a saved model: .json, .npz, .safetensors, .onnx"),
    "perhaps_model": _text("", "MODEL", "a saved model, if it is to have one"),
    "destination": _text("", "OUT", "the file to write; its ending is the format"),
    "what": _text("", "WHAT", "two-layer, three-layer, eleven-lines, or a network's JSON file"),
    "csv": _text("", "CSV", "a table, one row a line; - is standard input"),
    # The network and its training.
    "seed": _number("--seed", 0, 2**32 - 1, "NumPy's seed, for the first weights"),
    "epochs": _number("--epochs", 1, None, "how often every example is shown"),
    "hidden": _number("--hidden", 1, None, "neurons in the hidden layer"),
    "learning_rate": _text("--learning-rate", "RATE", "step size of each update", type=_rate),
    "sizes": _text(
        "--sizes",
        "N,N,...",
        "a new network with so many neurons in each layer",
        type=_list_of(_whole(1, None), "sizes", "2,3,1"),
    ),
    "activation": _text(
        "--activation",
        "NAME",
        f"activation of the hidden layers: {', '.join(ACTIVATIONS[:-1])}; or one for each of them, "
        "such as tanh,relu",
        type=_activations,
    ),
    "output_activation": _text(
        "--output-activation", "NAME", "activation of the last layer", choices=ACTIVATIONS
    ),
    "layer_names": _text(
        "--layers",
        "NAME,NAME,...",
        "the names of a safetensors file's layers, in order",
        type=_list_of(str, "names", "first,second"),
    ),
    "loss": _text("--loss", "NAME", "or cross_entropy", choices=("squared_error", "cross_entropy")),
    "bias": _switch("--bias", "give the neurons biases"),
    "layers": _text(
        "--hidden",
        "N,N,...",
        "neurons in each hidden layer; by default one layer, sized from the data",
        type=_list_of(_whole(1, None), "sizes", "32,16"),
    ),
    "optimizer": _text(
        "--optimizer",
        "NAME",
        "adam, sgd, or rprop, which takes all rows at once",
        choices=("adam", "sgd", "rprop"),
    ),
    "batch_size": _number(
        "--batch-size", 1, None, "rows between two updates; auto is 32, and all rows for rprop"
    ),
    "most_epochs": _number(
        "--epochs", 1, None, "most epochs to train; by default chosen from the number of rows"
    ),
    "patience": _number(
        "--patience",
        1,
        None,
        "epochs without progress until training stops; by default chosen from the number of rows",
    ),
    "weight_decay": _text(
        "--weight-decay", "X", "how strongly weights are pulled towards 0", type=_not_negative
    ),
    "validation_fraction": _text(
        "--validation-fraction",
        "PART",
        "part of the rows to learn that is held back to tell when to stop (default: 0.15)",
        type=_at_most_half,
    ),
    "validation": _text(
        "--validation", "FILE", "a table of its own to tell when to stop; no rows are held back"
    ),
    "balanced": _switch("--balanced", "let all classes count alike, however rare"),
    "refit": _switch(
        "--refit", "train once more on all rows of the table, for the best number of epochs"
    ),
    "restarts": _number("--restarts", 1, None, "networks to train, of which the best is kept"),
    "jobs": _number("--jobs", 1, None, "processes that share the restarts"),
    # The table and what is to be learned from it.
    "target": _text("--target", "NAME", "the column to predict"),
    "task": _text(
        "--task",
        "TASK",
        "classification or regression; auto tells by the target",
        choices=("auto", *TASKS),
    ),
    "test": _text("--test", "PART", "the part of the rows to hold out and judge by", type=_part),
    "drop": _text("--drop", "NAME", "a column to leave out; may be given again", action="append"),
    "missing": _text(
        "--missing", "HOW", "or refuse: what to do with missing cells", choices=("mean", "refuse")
    ),
    "delimiter": _text("--delimiter", "CHARACTER", "between cells; by default found", type=_mark),
    "no_header": _switch("--no-header", "the first line is a row: columns are called 1, 2, ..."),
    "probabilities": _switch("--probabilities", "the probability of each class too"),
    # Where to look.
    "at": _number("--at", 0, None, "after so many updates"),
    "cell": _text("--cell", "ADDRESS", 'one number\'s arithmetic, such as "l1_delta[2][1]"'),
    "follow": _text("--follow", "WEIGHT", 'one weight\'s story, such as "weights[0][0][1]"'),
    "until": _number("--until", 0, None, "how far to follow it; by default 10,000 updates more"),
    "seeds": _number("--seeds", 1, None, "for xor: how many seeds to try; by default 100"),
    "kind": _text("--kind", "KIND", "or loss, or surface", choices=("graph", "loss", "surface")),
    "row": _text(
        "--row",
        "X,X,...",
        "inputs whose values the graph's nodes show",
        type=_list_of(float, "numbers", "0,1,1"),
    ),
    "inputs": _text(
        "--inputs",
        "I,J",
        "the two inputs that the surface is drawn over",
        type=_list_of(_whole(0, None), "two numbers of inputs", "0,1"),
    ),
    # Files.
    "data": _text("--data", "FILE", "rows as CSV, inputs and perhaps targets; - is the input"),
    "checkpoint": _text("--checkpoint", "FILE", "save the progress of a training to FILE"),
    "resume": _text("--resume", "FILE", "resume a training from FILE, with the same options"),
    "save": _text("--save", "FILE", "write the trained network to a JSON file"),
    "out": _text("-o --out", "PATH", "the file to write; for `picture`, a folder takes all"),
    "style": _text(
        "--style",
        "STYLE",
        "of Python: or lists, or unrolled",
        choices=STYLES,
    ),
    "trainable": _switch("--trainable", "Python that can go on learning"),
    "digits": _number("--digits", 1, 17, "how many each number has"),
    "pack": _text("--pack", "HOW", "weights in bytes: float32 or int8", choices=PACKINGS),
    "limit": _number("--limit", 1, None, "characters: the most exact Python that fits"),
    "bare": _switch("--bare", "without docstrings, comments and annotations, for boards"),
    "float32": _switch("--float32", "numbers of 32 bits, of seven digits"),
    # What is printed.
    "source": _switch("--source", "print the program instead of running it"),
    "tuned": _switch("--tuned", "as the engine runs it, with all that saves time"),
    "quiet": _switch("-q --quiet", "the results alone: no progress and no closing line"),
    "as_json": _switch("--json", "one JSON document instead of text"),
}


def add_options(parser: argparse.ArgumentParser, defaults: dict[str, Any]) -> None:
    """Add the options that a command has a default for."""
    for name, default in defaults.items():
        flags, says, settings = OPTIONS[name]
        if not flags:
            by_place = {} if default == REQUIRED else {"nargs": "?", "default": default}
            parser.add_argument(name, help=says, **by_place, **settings)
            continue
        if default is not None and default is not False:
            says += (
                f" (default: {default:,})" if isinstance(default, int) else f" (default: {default})"
            )
        # Not argparse's own default: a command's would overwrite what stands before it.
        parser.add_argument(*flags, dest=name, default=argparse.SUPPRESS, help=says, **settings)


def misplaced(given: dict[str, Any], defaults: dict[str, Any]) -> Sequence[str]:
    """Return the flags of options that were given before the name of a command without them."""
    return [OPTIONS[name].flags[-1] for name in given if name not in defaults]
