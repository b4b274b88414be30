"""A trained model as one Python file that needs nothing but `math`, for every Python there is.

The file is a frame around a body. The body defines `outputs(row)`, which returns what the last
layer puts out for a list of floats; there is one for each style. The frame is the same for all:
what the file is for, the check of a row, `predict`, and what makes the file a program.

A sandbox that runs other people's programs knows less of the language than Python does, so the text
keeps to what all have: functions, lists, `for`, `if` and `try`. No classes, no `a[i] += b`, no
names that begin with an underscore, no tuples taken apart, and of the built-in functions those
that RestrictedPython calls safe, which `max`, `zip` and `enumerate` are not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..core.checks import PureNetError, counted, shown
from ..engines.choice import LONGEST_SUM
from . import python_lists, python_trainable, python_unrolled
from .folded import Folded
from .python_text import OUTPUTS, filled, listed, literal, quoted

STYLES = ("auto", "lists", "unrolled")

# Unrolled takes about half the time, on CPython and MicroPython; beyond so many weights, its text
# takes long to compile. A board also has to hold what it compiles: MicroPython needs a heap of 20
# KiB for 16 weights (for lists 21), 72 for 320 (45) and 409 for 2,368 (217). There, say "lists", or
# pack the weights.
MOST_UNROLLED = 4000


def python_source(
    folded: Folded, *, style: str = "auto", trainable: bool = False, little: bool = False
) -> str:
    """Return a model as the source of a Python module.

    The style "lists" is loops over lists of weights, "unrolled" straight-line arithmetic with the
    weights in it, "auto" the faster of the two where that is no burden. `trainable` adds functions
    that go on learning, which is for a Network and needs lists. A `little` file is for another
    program, is none itself, and checks of a row only its length.

    Raises PureNetError for a style that there is not, and what cannot be trained.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> names = {}
    >>> exec(python_source(fold(Network([2, 1], init="zeros"))), names)
    >>> names["predict"]([1, 2])
    [0.5]
    """
    if style not in STYLES:
        raise PureNetError(f"style: expected one of {', '.join(STYLES)}, got {shown(style)}")
    if trainable and style == "unrolled":
        raise PureNetError("style: what is trainable has lists of weights, and cannot be unrolled")
    if style == "auto":
        style = "unrolled" if _is_small(folded) else "lists"
    bodies = {"lists": python_lists, "unrolled": python_unrolled}
    form = python_trainable if trainable else bodies[style]
    return python_module(folded, *form.body(folded), little=little)


def _is_small(folded: Folded) -> bool:
    weights = sum(len(matrix) * len(matrix[0]) for matrix in folded.weights)
    return weights <= MOST_UNROLLED and max(folded.sizes[:-1]) <= LONGEST_SUM


def python_module(
    folded: Folded, body: str, how: str, functions: Sequence[str] = (), *, little: bool = False
) -> str:
    r"""Return a module around a body, the source of `outputs(row)` and what it needs.

    `how` is ASCII for the docstring, paragraphs of it: what is to be seen in the body.
    `functions` are those that it takes from `math`. It may call what the frame defines: checked and
    finite. The other names of the frame are CLASSES, predict, predict_proba, predict_class, main,
    number_or_text, answer, show and is_program. A `little` frame, for a program that it is to be
    part of, is no program itself, checks of a row only its length, and has no checked and finite;
    there, `outputs`, which has to be the last function of the body, begins as OUTPUTS does.

    >>> from purenet import Network
    >>> from .folded import fold
    >>> module = python_module(fold(Network([2, 1])), "def outputs(row):\n    return [row[0]]", "")
    >>> names = {}
    >>> exec(module, names)
    >>> names["predict"]([3, 4])
    [3.0]
    """
    imports = [f"from math import {', '.join(sorted(functions))}"] if functions else []
    classes = [_classes(folded)] if folded.kind == "classifier" else []
    head = [_docstring(folded, how, little), *imports, *classes]
    also = [_CLASSIFYING] if folded.kind == "classifier" else []
    if little:
        parts = [_without_docstrings(part) for part in [_merged(folded, body), *also]]
    else:
        parts = [body.strip("\n"), _CHECKED, _predict(folded), *also, _program(folded)]
    return "\n\n".join(head) + "\n\n\n" + "\n\n\n".join(parts) + "\n"


def _merged(folded: Folded, body: str) -> str:
    """Return a body whose outputs(row) has become predict(row), as each function takes room."""
    before, _, lines = body.rpartition("\n".join(OUTPUTS))
    check = [
        f"    if len(row) != {folded.sizes[0]}:",
        f'        raise ValueError("row: expected a list of length {folded.sizes[0]}")',
    ]
    return before + "\n".join([*_predict_begins(folded), *check]) + lines + _taken(folded)


def _without_docstrings(source: str) -> str:
    """Return functions with comments instead: MicroPython needs 150 bytes to drop a docstring."""
    return re.sub(r'\n    """([^\n]*)"""\n', r"\n    # \1\n", source)


# -- what the file says of itself ------------------------------------------------------------------


def _docstring(folded: Folded, how: str, little: bool) -> str:
    name = {"network": "A neural network", "classifier": "A classifier", "regressor": "A regressor"}
    sizes = "-".join(map(str, folded.sizes))
    lines = [
        f'"""{name[folded.kind]} ({sizes}) as plain Python, which needs nothing but this file.',
        "",
        "Made with PureNet: python3 -m purenet export",
        "",
        *_goes_in(folded),
        "",
        *_comes_out(folded),
        *(line for text in how.split("\n\n") for line in ["", *filled(text.split())]),
        *(_FOR_A_PROGRAM if little else _AS_A_PROGRAM),
        '"""',
    ]
    return "\n".join(lines)


_AS_A_PROGRAM = [
    "",
    "As a program, it takes rows from its input, a row a line, and prints an answer for each:",
    "",
    "    python3 this_file.py < rows.csv",
]
_FOR_A_PROGRAM = ["", "It is for a program to use, and checks of a row only how long it is."]


def _goes_in(folded: Folded) -> list[str]:
    numbers = counted(folded.sizes[0], "number")
    if not folded.inputs:
        return [f"A row is a list of {numbers}."]
    names = listed([quoted(name) for name in folded.inputs])
    lines = [f"A row is a list of {numbers}:", "", *filled(names, "    ", "    ")]
    if any("=" in name for name in folded.inputs):
        lines += ["", "where column=text is 1 if the column has that text, and 0 if it has not."]
    if folded.means:
        means = listed([f"{quoted(name)}: {mean!r}" for name, mean in folded.means.items()])
        lines += ["", "For a missing number, the mean of its column:", ""]
        lines += filled(means, "    ", "    ")
    return lines


def _comes_out(folded: Folded) -> list[str]:
    of = [f"What it predicts is {quoted(folded.target)}."] if folded.target else []
    if folded.kind == "classifier":
        classes = listed([quoted(str(label)) for label in folded.classes])
        return [
            *of,
            "predict_class(row) returns the most probable class, predict(row) the probability of",
            "each, in this order:",
            "",
            *filled(classes, "    ", "    "),
        ]
    if folded.single:
        return [*of, "predict(row) returns a number."]
    return [*of, f"predict(row) returns a list of {counted(folded.sizes[-1], 'number')}."]


def _classes(folded: Folded) -> str:
    pieces = listed([literal(label) for label in folded.classes])
    return "\n".join(filled(pieces, "CLASSES = [", "    ")) + "]"


# -- what the file does ----------------------------------------------------------------------------


_CHECKED = '''\
def checked(numbers, count, name):
    """Return a list of so many numbers as floats, or raise ValueError that says what it is."""
    try:
        came = len(numbers)
    except TypeError:
        came = -1
    if came != count:
        wanted = name + ": expected a list of length " + str(count)
        raise ValueError(wanted + ", got " + repr(numbers)[:60])
    return [finite(number, name) for number in numbers]


def finite(number, name):
    """Return a number as a float, or raise ValueError where it is none, NaN or infinite."""
    try:
        value = float(number - 0)  # text has no minus
    except (TypeError, ValueError, ArithmeticError):
        value = float("nan")
    if value - value != 0.0:
        raise ValueError(name + ": expected finite numbers, got " + repr(number)[:60])
    return value'''


def _predict(folded: Folded) -> str:
    checked = f'checked(row, {folded.sizes[0]}, "row")'
    lines = [*_predict_begins(folded), f"    return outputs({checked})" + _taken(folded)]
    return "\n".join(lines)


def _predict_begins(folded: Folded) -> list[str]:
    sentence = "the predicted number" if folded.single else "the list of outputs"
    if folded.kind == "classifier":
        sentence = "the probability of each class, in the order of CLASSES"
    return ["def predict(row):", f'    """Return {sentence}."""']


def _taken(folded: Folded) -> str:
    return "[0]" * folded.single


_CLASSIFYING = '''\
def predict_proba(row):
    """Return what predict(row) does, by the name that scikit-learn has for it."""
    return predict(row)


def predict_class(row):
    """Return the most probable class, the first of equals."""
    probabilities = predict(row)
    best = 0
    for j in range(len(CLASSES)):
        if probabilities[j] > probabilities[best]:
            best = j
    return CLASSES[best]'''


def _program(folded: Folded) -> str:
    cells = "[repr(output) for output in predict(row)]"
    if folded.kind == "classifier":
        cells = f'["%s" % predict_class(row)] + {cells}'
    elif folded.single:
        cells = "[repr(predict(row))]"
    return _PROGRAM.replace("CELLS", cells)


# Only `open` reads a program's input on all Pythons: MicroPython's `input` does not end with it,
# and Python 2's executes it. Whoever pastes the text into a notebook or a web page is `__main__`
# too, but there is no file then. `__name__` as a name is what sandboxes refuse.
_PROGRAM = '''\
def main():
    """Print an answer for each row of the input: numbers with commas, semicolons or spaces."""
    try:
        lines = open(0)
    except TypeError:  # Python 2
        lines = open("/dev/stdin")
    number = 0
    for line in lines:
        number = number + 1
        text = line.strip(" \\r\\n").replace(";", ",").replace("\\t", ",")
        words = text.split(",") if "," in text else text.split()
        if words:
            try:
                show(answer([number_or_text(word) for word in words]))
            except ValueError as error:
                raise SystemExit("line " + str(number) + ": " + str(error))


def number_or_text(word):
    """Return the number that a word is, or the word."""
    try:
        return float(word)
    except ValueError:
        return word


def answer(row):
    """Return what is printed for a row."""
    return ",".join(CELLS)


def show(text):
    """Print a text, with escapes where the terminal has not its letters."""
    try:
        print(text)
    except UnicodeError:
        print(text.encode("ascii", "backslashreplace").decode("ascii"))


def is_program():
    """Tell whether Python was started with this file; a sandbox has no globals()."""
    try:
        names = globals()
    except NameError:
        return False
    return names.get("__name__") == "__main__" and "__file__" in names


# Leave this out where the rest goes into a program of your own.
if is_program():
    main()'''
