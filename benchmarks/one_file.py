"""Write one file that measures the core workloads on any Python: a board, a browser, a sandbox.

    python3 -m benchmarks one-file -o bench.py

The file needs no purenet. It imports `math`, and `array`, `sys` and `time` where they exist. It
prints the interpreter, and for each workload its time, its check value, and how its answer agrees
with the stored one (see `answers`). A wrong answer is said, and ends the program with exit code 1.

With --plain it runs on Python 2 and in sandboxes too. Then the workloads are exported files, in the
style "lists", and their bits are the same.

Otherwise it is `purenet.core`, joined as `python3 -m purenet bundle` joins it, with `portable` and
`board` behind it. So the times are those of the engine "lists" in the other tables. The images of
digits are too large for a board, so "digits-epoch" is not among the workloads.
"""

import ast
import re
from pathlib import Path

from purenet import __version__
from purenet.export import python_source
from purenet.export.bundle import MODULES
from purenet.export.joining import join
from purenet.export.layout import text_of

from . import answers
from .benchmark import BenchmarkError
from .portable import ARTICLE_X, ARTICLE_Y, PORTABLE

FOLDER = Path(__file__).parent
NOT_NEEDED = ("gradient_check", "board_json")  # of the bundle
# The soonest done first, so that a slow board has something to show.
ORDER = ["predict-small", "matrix-dot-4", "predict-digits", "matrix-dot-16", "square", "online"]
ORDER += ["wide", "matrix-dot-64", "article"]
ABOUT = '''"""The core workloads of PureNet {version}, for any Python: run this file.

Made by `python3 -m benchmarks one-file`: change purenet, not this file.
License: MIT. Copyright (c) 2026 The PureNet authors.
"""

'''

# A workload of --plain: whether its file can train, a function that runs n rounds, and the answer.
# What the exported file calls x is x_article here.
TRAINED = "columns(WEIGHTS_{0})"
PLAIN = {
    "predict-small": (False, "lambda n: ask(predict_{0}, {1}, n)", "predict_{0}({1})"),
    "predict-digits": (False, "lambda n: ask(predict_{0}, {1}, n)", "predict_{0}({1})"),
    "online": (True, "lambda n: learn_in_turn(train_row_{0}, n)", TRAINED),
    "article": (True, "lambda n: train_{0}(X, Y, n)", TRAINED),
}
GLUE = f"""
X = {ARTICLE_X}
Y = {ARTICLE_Y}


def ask(predict, row, times):
    for turn in range(times):
        predict(row)


def learn_in_turn(train_row, epochs):
    for epoch in range(epochs):
        for r in range(len(X)):
            train_row(X[r], Y[r])


def columns(weights):
    return [[[own[i] for own in rows] for i in range(len(rows[0]))] for rows in weights]


PREPARED = {{}}


def prepare(name):
    return PREPARED[name]
"""


def add_options(parser):
    """Add the workloads, the form and the file."""
    where = {"dest": "file", "required": True, "metavar": "FILE"}
    parser.add_argument("-o", **where, help="file to write")
    words = "only workloads whose names contain TEXT; several may be joined by commas"
    parser.add_argument("--only", default="", metavar="TEXT", help=words)
    words = "exported files instead of the core: for Python 2, Skulpt and sandboxes"
    parser.add_argument("--plain", action="store_true", help=words)


def run(file, only, plain=False):
    """Write the file; print its size."""
    text = plain_source(chosen(only, PLAIN)) if plain else source(chosen(only, ORDER))
    Path(file).write_text(text, encoding="utf-8")
    print(f"{file} written: {len(text):,} characters")


def chosen(only, names):
    """Return the names of workloads that contain one of the texts between commas."""
    some = [name for name in names if any(part in name for part in only.split(","))]
    if not some:
        raise BenchmarkError(f"no workload has {only!r} in its name; there are {', '.join(names)}")
    return some


def source(names):
    """Return the file's text, for workloads of these names."""
    paths = {path.rpartition("/")[2].removesuffix(".py"): path for path in MODULES}
    core = {name: text_of(path) for name, path in paths.items() if name not in NOT_NEEDED}
    ours = {name: own(name) for name in ("portable", "board")}
    return joined({**core, **ours}, names)


def joined(sources, names):
    """Return a file of these sources, which ends with the call of its program."""
    start = f"main({works(names)!r}, prepare)\n"
    return ABOUT.format(version=__version__) + join({**sources, "start": start}, bare=True)


def plain_source(names):
    """Return the text of the plain file, for workloads of these names."""
    exported = {name: exported_source(name) for name in names}
    return joined({"board": own("board"), "glue": GLUE, **exported}, names)


def exported_source(name):
    """Return a workload's exported file, in which each name at the top has the workload's behind.

    >>> [line for line in exported_source("online").splitlines() if "def train_row" in line]
    ['def train_row_online(row, target, learning_rate=1.0):']
    """
    (trains, run, numbers), workload = PLAIN[name], PORTABLE[name](1)
    suffix = name.replace("-", "_")
    text = python_source(workload.network, style="lists", trainable=trains, module=True)
    top = {each for statement in ast.parse(text).body for each in bound_by(statement)}
    text = re.sub(r"\b(\w+)\b", lambda word: word[0] + f"_{suffix}" * (word[0] in top), text)
    row = "" if trains else workload.row
    functions = run.format(suffix, row), "lambda: " + numbers.format(suffix, row)
    about = workload.checked, workload.whole, f"{workload.shape}, {workload.unit}"
    entry = ", ".join([*functions, *map(repr, about)])
    return f"{text}\n\nPREPARED[{name!r}] = [{entry}]\n"


def bound_by(statement):
    """Return the names that a statement at the top of an exported file binds."""
    if isinstance(statement, ast.FunctionDef):
        return [statement.name]
    return [each.id for each in getattr(statement, "targets", []) if isinstance(each, ast.Name)]


def own(name):
    """Return the source of a module of this folder, as one that lies beside the core's."""
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    return re.sub(r"^from purenet\.core\.", "from .", text, flags=re.MULTILINE)


def works(names):
    """Return the name, the bits and the digest of the stored answers.

    >>> [name for name, bits, digest in works(["article"])]
    ['article']
    """
    stored = answers.stored()["answers"]
    known = {name: stored[name]["1"] for name in names}
    return [[name, answer["bits"], answer["digest"]] for name, answer in known.items()]
