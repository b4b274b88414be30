"""Models as Python files: the files, the questions they get, and checks of their answers."""

import os
import re
import subprocess
from functools import partial

from support import (
    ARTICLE_X,
    ARTICLE_Y,
)

from purenet import Classifier, Network, Regressor
from purenet.core.activations import ACTIVATIONS
from purenet.datasets import digits, iris
from purenet.export.python import python_source
from purenet.export.python_compact import PACKINGS, compact_source, encodings
from purenet.export.quantized import quantize
from purenet.formats.model import Model
from purenet.tables.columns import Column

# Texts that end a literal, a comment, a docstring or a script in some language, or are unusual.
NASTY = [
    *('say "yes"', "it's", "a\nb\r\tc", "{0} %s", "\\", "\\u0041\\N{DASH}\\x4", "*/ /* //"),
    *("</script><!--", '"""', "'''", "# coding: cp500", "\u2028\u2029\x85", "\x00\x7f", "<=50K"),
    *("\u00e9t\u00e9", "\u65e5\u672c", "\U0001f600", '"] + [1]; raise SystemExit #', ""),
]
SURROGATE = "\ud800"  # half a character, which no UTF-8 and so no Monty can hold
STYLES = ["lists", "unrolled"]


def many_options():
    """Return a network that has biases, and an activation of each kind that needs `math`."""
    return Network(
        [2, 3, 3, 2],
        activation="tanh",
        output_activation="softmax",
        loss="cross_entropy",
        bias=True,
        init="glorot",
        seed=5,
    )


def named(classes, inputs=("a", "b"), target="t", style="lists"):
    """Return a classifier's source with these names for what it knows."""
    network = Network([len(inputs), len(classes)], output_activation="softmax", seed=1)
    table = ([Column(name) for name in inputs], [Column(target)])
    model = Model(network, kind="classifier", classes=list(classes), table=table)
    return python_source(model, style=style)


NUMBERS = [0.5, -1.25]
TABLE = [
    Column("age", (), 27.5, missing=("-9", "low")),
    Column("sex", ("female", "male")),
    Column("fare", (), 8.25, "1,234.5", "$"),
    Column("when", (), 15000.5, "day/month/year"),
    Column("port", ("C", "Q", "S"), has_other=True),
]
TABLE_CSV = """\ufeff# a comment
note;port;when;fare;sex;age
"a; ""b"" c";S;31/12/2011;$7.25;male;22
x; C ;1/2/12 12:30:30.5 pm;"$1,071.28";Female;38

x;;29/02/2000T23:59+02:30;-$5;;
;;;;;
x;X;28.2.1900;(5.5 $);other;-9
"""
ROWS = [
    {"age": 22, "sex": "male", "fare": 7.25, "when": "31/12/2011", "port": "S"},
    {"age": "38", "sex": "Female", "fare": "$1,071.28", "when": "1/2/12 12:30:30.5", "port": "C"},
    {"age": None, "sex": None, "fare": "-$5", "when": "29/02/2000 21:29", "port": None},
    {"age": "NA", "sex": "other", "fare": "-5.5$", "when": "28/2/1900", "port": "X"},
]


def model_of_table(columns=TABLE):
    """Return a classifier that knows the columns of a table."""
    inputs = sum(len(column.inputs) for column in columns)
    network = Network([inputs, 2], output_activation="softmax", seed=1)
    table = (list(columns), [Column("survived")])
    return Model(network, kind="classifier", classes=["no", "yes"], table=table)


def of_table(columns=TABLE):
    """Return its source."""
    return python_source(model_of_table(columns), style="lists")


def by_whole_numbers(network, row, rounded=float):
    """Return int8's sums as documented: whole numbers first, then the scale once, then the bias."""
    for k, matrix in enumerate(network.weights):
        numbers, scales = quantize(matrix)
        sums = []
        for j, scale in enumerate(scales):
            total = -0.0
            for x, steps in zip(row, numbers):
                total += x * steps[j]
            z = total * rounded(scale)
            sums.append(z + rounded(network.biases[k][j]) if network.biases else z)
        row = ACTIVATIONS[network.layer_activations[k]].forward([sums])[0]
    return row


def executed(source):
    """Return the names of a module, executed but not as a program."""
    names = {"__name__": "exported"}
    exec(source, names)
    return names


# Prints floats as their eight bytes, text as the numbers of its characters (Python 2 may have two
# for one), and whatever else as Python writes it (Python 2 with an L behind long integers).
PROGRAM = """
import struct
import sys
sys.path.insert(0, ".")

def told(value):
    if isinstance(value, list):
        return "[" + " ".join([told(part) for part in value]) + "]"
    if isinstance(value, float):
        return "".join(["%02x" % byte for byte in bytearray(struct.pack(">d", value))])
    if hasattr(value, "encode"):
        return "-".join(["%x" % ord(c) for c in value if ord(c) < 0xd800])
    return repr(value).rstrip("L")
"""


def told(value):
    """Return the program's text for a value."""
    names = {}
    exec(PROGRAM, names)
    return names["told"](value)


def article(**options):
    return python_source(articles_network(), **options)


def flowers(**options):
    X, species = iris()
    return python_source(Classifier(epochs=10, random_state=1).fit(X, species), **options)


def handwriting(**options):
    X, labels = digits()
    classifier = Classifier(32, epochs=1, random_state=1).fit(X[:200], labels[:200])
    return python_source(classifier, **options)


def unlearned(**options):
    return python_source(Network([3, 4, 1], seed=1), trainable=True, **options)


def learner(**options):
    X = [[float(i), i % 7 - 3.0] for i in range(40)]
    y = [[3.0 * a - 2.0 * b, a * b] for a, b in X]
    regressor = Regressor(3, epochs=20, random_state=1).fit(X, y)
    return python_source(regressor, trainable=True, **options)


def articles_network():
    network = Network([3, 4, 1], seed=1)
    network.train(ARTICLE_X, ARTICLE_Y, epochs=500)
    return network


SMALL = {"float32": "float32", "int8": "int8", "characters": "3 characters a weight"}


def small(network, way):
    """Return a network in bytes, or in an encoding as `compact_source` calls it."""
    if way in PACKINGS:
        return compact_source(network(), pack=way).source
    return next(small.source for small in encodings(network()) if small.what == way)


FAR = [[1e4, -1e4, 1e4], [-1e4, 1e4, -1e4]]  # exp overflows for one or the other
FLOWER, IMAGE = [5.1, 3.5, 1.4, 0.2], [float(j % 17) for j in range(64)]
FILES = {
    "article_lists": partial(article, style="lists"),
    "article_unrolled": partial(article, style="unrolled"),
    "iris_lists": partial(flowers, style="lists"),
    "iris_unrolled": partial(flowers, style="unrolled"),
    "digits_lists": partial(handwriting, style="lists"),
    "digits_unrolled": partial(handwriting, style="unrolled"),
    "unlearned": unlearned,
    "options": lambda: python_source(many_options(), trainable=True),
    "learner": partial(learner, module=True),
    "nasty": lambda: named(NASTY, NASTY[:2], NASTY[8]),
    "bools": lambda: named([False, True], style="unrolled"),
    "integers": lambda: named([-1, 2.0, 10**30]),
    "table": of_table,
    "table_learner": lambda: python_source(model_of_table(), trainable=True, module=True),
    **{f"article_{name}": partial(small, articles_network, way) for name, way in SMALL.items()},
    **{f"options_{name}": partial(small, many_options, way) for name, way in SMALL.items()},
}
# For each file, expressions; each gives the name in front of it, or nothing to print.
QUESTIONS = {
    **{f"article_{style}": [f"predict({row})" for row in ARTICLE_X + FAR] for style in STYLES},
    **{
        f"iris_{style}": [f"predict_proba({FLOWER})", f"predict_class({FLOWER})"]
        for style in STYLES
    },
    **{f"digits_{style}": [f"predict({IMAGE})", f"predict_class({IMAGE})"] for style in STYLES},
    "unlearned": [f"train({ARTICLE_X}, {ARTICLE_Y}, 500)", "WEIGHTS"],
    "options": [
        f"train([{NUMBERS}, [1, -1]], [[1, 0], [0.5, 0.5]], 20, 0.5)",
        f"train_row({NUMBERS}, [0, 1])",
        "WEIGHTS",
        "BIASES",
    ],
    "learner": [
        "train([[1, -2], [30, 3]], [[7, -2], [84, 90]], 20)",
        "train_row([5, 2], [11, 10], 0.1)",
        "predict([4, 1])",
    ],
    "nasty": ["CLASSES", f"predict_class({NUMBERS})"],
    "bools": ["CLASSES", f"predict({[10**6, 1]})"],
    "integers": ["CLASSES", f"predict({[-1000, 0.25]})"],
    "table": [*(f"encode({row})" for row in ROWS), f"predict_class({ROWS[1]})"],
    "table_learner": [f"train({ROWS[:2]}, ['no', 'yes'], 9)", f"predict({ROWS[1]})"],
    **{f"article_{name}": [f"predict({row})" for row in ARTICLE_X + FAR] for name in SMALL},
    **{f"options_{name}": [f"predict({NUMBERS})"] for name in SMALL},
}


def asked(names, file):
    return [eval(question, names) for question in QUESTIONS[file]]


def run(command, folder, rows=""):
    """Run a program in a folder; return its exit code, its output and its errors."""
    done = subprocess.run(
        command,
        cwd=folder,
        input=rows,
        encoding="utf-8",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    return done.returncode, done.stdout, done.stderr


def exported_to(folder, names=tuple(FILES)):
    """Fill a folder with exported files, and a program that asks them all; return the folder."""
    lines = [PROGRAM]
    for name in names:
        (folder / f"{name}.py").write_bytes(FILES[name]().encode("ascii"))
        lines.append(f"import {name}")
        lines += [f"print(told({name}.{question}))" for question in QUESTIONS[name]]
    (folder / "ask.py").write_text("\n".join(lines))
    return folder


def answered_here(folder):
    """Return this interpreter's answers, by file."""
    return {name: asked(executed((folder / f"{name}.py").read_text()), name) for name in FILES}


def assert_same_bits(command, folder, here):
    """Fail if an interpreter answers otherwise than this one."""
    code, printed, complaints = run([*command, "ask.py"], folder)
    assert (code, complaints) == (0, "")
    expected = [told(answer) for answers in here.values() for answer in answers]
    assert printed.splitlines() == expected


def assert_rows_are_answered_and_a_bad_one_is_named(command, folder, here):
    """Fail if an exported file is not a program that answers rows of text."""
    rows = "\n5.1,3.5,1.4,0.2\n\n 5.1; 3.5 ;1.4\t0.2\r\n"
    code, printed, complaints = run([*command, "iris_unrolled.py"], folder, rows)
    assert (code, complaints) == (0, "")
    [probabilities, species] = here["iris_unrolled"]
    for line in printed.splitlines():
        label, *numbers = line.split(",")
        assert label == species
        assert list(map(float, numbers)) == probabilities
    assert len(printed.splitlines()) == 2
    code, printed, complaints = run(
        [*command, "iris_lists.py"], folder, rows + "1,2,3,x\n1,2,3,4\n"
    )
    assert code == 1
    assert len(printed.splitlines()) == 2
    assert complaints == "line 5: row: expected finite numbers, got 'x'\n"


ROWS_WITH_AN_EMPTY_CELL = ["5.1,,1.4,0.2,1", "5.1;3.5;1.4;;1", "5.1\t\t1.4\t0.2\t1", ",1,2,3,4"]


def assert_an_empty_cell_is_not_passed_over(command, row, folder):
    """Fail if a row with an empty cell is taken for a shorter one."""
    code, printed, complaints = run([*command, "iris_unrolled.py"], folder, f"{row}\n")
    assert (code, printed) == (1, "")
    assert complaints.startswith("line 1: row: expected a list of length 4, got [")


def assert_a_table_is_read(command, folder):
    """Fail if a file that knows the columns of a table does not answer the table's rows."""
    code, printed, complaints = run([*command, "table.py"], folder, TABLE_CSV)
    assert (code, complaints) == (0, "")
    names = executed((folder / "table.py").read_text())
    lines = []
    for row in ROWS:
        lines.append(",".join([names["predict_class"](row), *map(repr, names["predict"](row))]))
    assert printed.splitlines() == lines
    code, printed, complaints = run([*command, "table.py"], folder, TABLE_CSV + "x;S;;5 cm;male;1")
    assert (code, printed.splitlines()) == (1, lines)
    assert re.fullmatch(
        "line 9: column 'fare': expected finite numbers, got u?'5 cm'\n", complaints
    )


def assert_letters_arrive(command, folder, letters="\u00e9t\u00e9"):
    """Fail if the letters of a class do not arrive in a pipe, though a terminal lacks them."""
    (folder / "named.py").write_text(named(["\u00e9t\u00e9", "\u00e9t\u00e9"]))
    code, printed, complaints = run([*command, "named.py"], folder, "1 2\n")
    assert (code, complaints) == (0, "")
    assert printed.startswith(f"{letters},0.")
