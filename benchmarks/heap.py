"""The smallest heap in which MicroPython runs a program: predictions by exported files, training.

Each program is run with more or less heap, by bisection, to a KiB. It imports the exported file as
a program on a board would, and prints a prediction, which must be that of this Python. That the
text is compiled is most of what it takes: a board that is given .mpy files needs less. The heap
depends a little on the weights, and on how long the name of the program's folder is.
"""

import ast
import math
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from purenet import Network
from purenet.core.checks import one_hot
from purenet.core.matrix import scale
from purenet.datasets import digits
from purenet.export.folded import fold
from purenet.export.python import python_source
from purenet.export.python_small import small_source

from . import harness

REPEATS = 1  # a heap is enough or not
CHECKOUT = Path(__file__).parents[1]
MOST = 2048  # KiB
MARGIN = 1e-12  # relative: MicroPython may read a decimal to the float beside

XOR = "[[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]], [[0], [1], [1], [0]]"
STEPS = 2000
WAYS = ["unrolled", "lists", "limit", "float32", "int8"]
CORE = f"""\
import sys
sys.path.insert(0, {str(CHECKOUT)!r})
from purenet.core.network import Network
network = Network([3, 4, 1], seed=1)
"""


def run(json_file, repeats, only):
    """Print the smallest heap of every case; write them to a file."""
    micropython = interpreter()
    chosen = [case for case in cases() if only in case[0]]
    if not chosen:
        sys.exit(f"no case has {only!r} in its name")
    print(f"{version(micropython)}: KiB of heap\n")
    smallest = {}
    for name, source, program in chosen:
        smallest[name] = smallest_heap(micropython, source, program)
        print(f"    {name:28} {smallest[name]:5}", flush=True)
    harness.write(json_file, {"environment": harness.environment(), "heaps": smallest})


def interpreter():
    """Return MicroPython's path: beside this Python, where pip puts it, or on the PATH."""
    beside = shutil.which("micropython", path=Path(sys.executable).parent)
    return beside or shutil.which("micropython") or sys.exit("micropython is not on this machine")


def version(micropython):
    """Return what MicroPython says it is."""
    command = [micropython, "-c", "import sys; print(sys.version.split('; ')[1])"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def cases():
    """Return names, exported files and programs."""
    image = bytes(map(int, digits()[0][0]))  # which take less room in the program than numbers
    rows = {"3-4-1": "[1, 0, 1]", "64-32-10": f"[x / 16 for x in {image!r}]"}
    networks = {"3-4-1": article(), "64-32-10": handwriting()}
    predictions = [
        (f"{sizes}, {way}", exported(fold(network), way), predicting(rows[sizes]))
        for sizes, network in networks.items()
        for way in WAYS
    ]
    trainable = python_source(fold(Network([3, 4, 1], seed=1)), trainable=True)
    learning = f"import net\nnet.train({XOR}, {STEPS})\nprint(net.predict([1, 0, 1]))\n"
    core = f"{CORE}network.train({XOR}, epochs={STEPS})\nprint(network.predict([[1, 0, 1]])[0])\n"
    return [
        *predictions,
        ("3-4-1, core", "", f"{CORE}print(network.predict([[1, 0, 1]])[0])\n"),
        ("XOR, trainable", trainable, learning),
        ("XOR, core", "", core),
    ]


def article():
    """Return the article's network."""
    return Network([3, 4, 1], seed=1)


def handwriting():
    """Return a network like that of `python3 -m purenet digits`, after a few epochs."""
    images, labels = digits()
    network = Network(
        [64, 32, 10],
        output_activation="softmax",
        loss="cross_entropy",
        bias=True,
        init="glorot",
        seed=1,
    )
    options = {"reduction": "mean", "optimizer": "adam", "learning_rate": 0.01}
    network.train(scale(images, 1 / 16), one_hot(labels), epochs=3, batch_size=32, **options)
    return network


def exported(folded, way):
    """Return a file in a style, in a packing, or as it is where a limit is no hindrance."""
    if way in ("float32", "int8"):
        return small_source(folded, pack=way).source
    if way == "limit":
        return small_source(folded, limit=100_000).source
    return python_source(folded, style=way)


def predicting(row):
    """Return a program that asks the exported file."""
    return f"import net\nprint(net.predict({row}))\n"


def smallest_heap(micropython, source, program):
    """Return the KiB of heap with which a program gives the answer that it gives here."""
    with tempfile.TemporaryDirectory() as folder:
        expected = prepared(folder, source, program)
        low, high = 0, MOST
        while high - low > 1:
            middle = (low + high) // 2
            if is_enough(micropython, middle, folder, expected):
                high = middle
            else:
                low = middle
    if high == MOST:
        sys.exit(f"{MOST} KiB are not enough")
    return high


def prepared(folder, source, program):
    """Write an exported file and a program into a folder; return what the program answers here."""
    (Path(folder) / "net.py").write_text(source, encoding="ascii")
    (Path(folder) / "main.py").write_text(program, encoding="ascii")
    return answer([sys.executable, "main.py"], folder)


def is_enough(micropython, kib, folder, expected):
    """Tell whether a program comes to its end with such a heap, and check what it answers."""
    came = answer([micropython, "-X", f"heapsize={kib}k", "main.py"], folder)
    if came is None:
        return False
    if not all(math.isclose(a, b, rel_tol=MARGIN) for a, b in zip(came, expected)):
        sys.exit(f"MicroPython answers {came}, not {expected}")
    return True


def answer(command, folder):
    """Return the list that a program prints, or None where memory is short."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    complaints = done.stdout + done.stderr
    if done.returncode and "memory" not in complaints.lower():
        sys.exit(complaints)
    return None if done.returncode else ast.literal_eval(done.stdout)
