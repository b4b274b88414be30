"""A trained network carried elsewhere: how exactly it answers there, how soon, and how fast.

The network is scikit-learn's MLPClassifier with 64-32-10 neurons, which has learned 1,797 digits;
where there is no scikit-learn, one of purenet's own. It goes wherever a model can go: an exported
Python file, the one-file bundle, purenet's JSON, arrays for NumPy, ONNX, a pickle.

"The same answers": each form must give every image the probabilities that the origin gives, within
1e-12, and for ONNX, whose floats have 32 bits, within 1e-5; and the same class. "Cold start": a
process starts, loads the model and predicts a row; the ratio is to an interpreter that does
nothing. (Both leave out `site`, which takes the longer the more is installed.) "One row": all is
loaded and warm; the ratio is how many times as fast as scikit-learn's predict_proba it is.
"""

import json
import os
import pickle
import subprocess
import sys
import warnings
from ast import literal_eval
from contextlib import suppress
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from py_compile import compile as compile_file
from statistics import median
from tempfile import TemporaryDirectory
from typing import Callable, NamedTuple

import purenet
from purenet import Network
from purenet.core.checks import one_hot
from purenet.core.matrix import scale
from purenet.datasets import digits
from purenet.export.bundle import bundle_source
from purenet.export.folded import fold
from purenet.export.python import python_source
from purenet.formats import from_sklearn
from purenet.formats.model import build, classifier_from

from . import harness
from .engines import calling

try:
    import numpy as np
except ImportError:
    np = None
try:
    import sklearn
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier
except ImportError:
    sklearn = None

REPEATS = 11  # each takes seconds, most of them scikit-learn's start

EPOCHS, HIDDEN, BRIGHTEST = 50, 32, 16.0

EXACT = 1e-12

PYTHON = [sys.executable, "-I", "-S", "-c"]
INSTALLED = [place for place in sys.path if "-packages" in place]
PLACES = [str(Path(purenet.__file__).parents[1]), *INSTALLED]

ALONE, EXPORTED, OURS, ORIGIN = (
    "an interpreter alone",
    "exported",
    "purenet's JSON",
    "scikit-learn's pickle",
)
TARGET = 1.3  # the exported file's start, in starts of an interpreter alone


class Form(NamedTuple):
    """What a model is elsewhere: its files, a program that uses them, and a use of them here.

    The program makes an `answer`, a list of probabilities, for its `row`. So does, in this process,
    predict(prepare(row)). No probability may be further off than `EXACT`.
    """

    files: list
    program: str
    prepare: Callable
    predict: Callable


def run(json_file, repeats, only):
    """Print every case as it is done; write all that was measured to a file."""
    cases = {name: case for name, case in CASES.items() if only in name}
    if not cases and only not in FIRST:
        sys.exit(f"no case has {only!r} in its name")
    if not hasattr(os, "posix_spawn"):
        sys.exit("carry: it starts processes with os.posix_spawn, which this Python does not have")
    environment = {**harness.environment(), "peers": peers()}
    print_heading(environment, repeats)
    X, origin, carried = trained()
    with TemporaryDirectory() as folder:
        made = {name: make(Path(folder), origin, carried) for name, make in FORMS.items()}
        forms = {name: form for name, form in made.items() if form}
        missing = ", ".join(name for name in made if name not in forms)
        if missing:
            print(f"left out, as what it takes is not installed: {missing}")
        measured = [{"name": FIRST, **same_answers(forms, X)}]
        print_lines(measured[0])
        for name, case in cases.items():
            measured.append({"name": name, **case(Path(folder), forms, X[0], repeats)})
            print_lines(measured[-1])
    harness.write(json_file, {"environment": environment, "cases": measured})


def print_heading(environment, repeats):
    """Print what stands above the tables."""
    print(environment["interpreter"], *environment["peers"], environment["processor"], sep=", ")
    print(f"Times are best/median of {repeats} repeats; ratios are the median repeat's.")


def print_lines(case):
    """Print a case as a table."""
    for line in LINES[case["name"]](case):
        print(line, flush=True)


def peers():
    """Return the peers that are installed, with their versions."""
    found = []
    for name in ("NumPy", "scikit-learn", "onnxruntime"):
        with suppress(PackageNotFoundError):
            found.append(f"{name} {version(name)}")
    return found


def trained():
    """Return the images, scikit-learn's network or None, and the same as a Classifier."""
    images, labels = digits()
    X = scale(images, 1.0 / BRIGHTEST)
    if sklearn is None:
        options = {"activation": "relu", "output_activation": "softmax", "loss": "cross_entropy"}
        network = Network([len(X[0]), HIDDEN, 10], bias=True, init="glorot", seed=1, **options)
        network.train(X, one_hot(labels), epochs=1, batch_size=32, optimizer="adam")
        return X, None, build(classifier_from(network, list(range(10))))
    origin = MLPClassifier([HIDDEN], max_iter=EPOCHS, random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        origin.fit(X, labels)
    return X, origin, from_sklearn(origin)


# -- what a model is elsewhere -------------------------------------------------------------------


def exported(style, folder, origin, carried):
    """Write a Python file that needs nothing, and its bytecode."""
    name = f"digits_{style}"
    files = written(folder / f"{name}.py", python_source(fold(carried), style=style))
    spec = spec_from_file_location(name, files[0])
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    program = f"from {name} import predict; answer = predict(row)"
    return Form(files, program, list, module.predict)


def bundled(folder, origin, carried):
    """Write the core with the model in it, and its bytecode."""
    source = bundle_source(carried, bare=True)
    files = written(folder / "purenet_core.py", source)
    names = {}
    exec(source, names)
    program = "from purenet_core import network; answer = network.predict([row])[0]"
    return Form(files, program, list, lambda row: names["network"].predict([row])[0])


def written(path, source):
    """Write a module and its bytecode; return both files."""
    path.write_text(source, encoding="utf-8")
    return [path, Path(compile_file(str(path), doraise=True))]


def in_json(folder, origin, carried):
    """Write purenet's own file."""
    path = folder / "digits.json"
    purenet.save(carried, path)
    loaded = purenet.load(path)
    program = "import purenet; answer = purenet.load('digits.json').predict_proba([row])[0]"
    return Form([path], program, list, lambda row: loaded.predict_proba([row])[0])


def in_arrays(folder, origin, carried):
    """Write NumPy's arrays."""
    if np is None:
        return None
    path, network = folder / "digits.npz", carried.network_
    (W0, W1), (b0, b1) = network.weights, network.biases
    np.savez(path, W0=W0, b0=b0, W1=W1, b1=b1)
    model = {**np.load(path)}
    program = (
        "import numpy as np; model = np.load('digits.npz'); "
        "hidden = np.maximum(row @ model['W0'] + model['b0'], 0.0); "
        "z = hidden @ model['W1'] + model['b1']; powers = np.exp(z - z.max()); "
        "answer = (powers / powers.sum()).tolist()"
    )

    def predict(row):
        hidden = np.maximum(row @ model["W0"] + model["b0"], 0.0)
        z = hidden @ model["W1"] + model["b1"]
        powers = np.exp(z - z.max())
        return powers / powers.sum()

    return Form([path], program, np.array, predict)


def in_onnx(folder, origin, carried):
    """Write purenet's ONNX file, in doubles, for onnxruntime."""
    try:
        import onnxruntime
    except ImportError:
        return None
    path = folder / "digits.onnx"
    purenet.save(carried, path)
    session = onnxruntime.InferenceSession(path)
    program = (
        "import numpy, onnxruntime; session = onnxruntime.InferenceSession('digits.onnx'); "
        "inputs = {'X': numpy.array([row])}; "
        "answer = session.run(['probabilities'], inputs)[0][0].tolist()"
    )
    return Form(
        [path],
        program,
        lambda row: {"X": np.array([row])},
        lambda inputs: session.run(["probabilities"], inputs)[0][0],
    )


def in_a_pickle(folder, origin, carried):
    """Write scikit-learn's network as it keeps it."""
    if origin is None:
        return None
    path = folder / "digits.pickle"
    path.write_bytes(pickle.dumps(origin))
    program = (
        "import pickle; model = pickle.load(open('digits.pickle', 'rb')); "
        "answer = model.predict_proba([row])[0].tolist()"
    )
    return Form(
        [path], program, lambda row: np.array([row]), lambda row: origin.predict_proba(row)[0]
    )


FORMS = {
    EXPORTED: partial(exported, "auto"),
    "exported, lists": partial(exported, "lists"),
    "one-file bundle": bundled,
    OURS: in_json,
    "NumPy's .npz": in_arrays,
    "ONNX": in_onnx,
    ORIGIN: in_a_pickle,
}


# -- the same answers ----------------------------------------------------------------------------


def same_answers(forms, X):
    """Return how far each form's probabilities are from the origin's; stop where it is too far."""
    answers = {name: [probabilities(form, row) for row in X] for name, form in forms.items()}
    origin = ORIGIN if ORIGIN in forms else OURS
    differences = {name: difference(name, answers[name], answers[origin], EXACT) for name in forms}
    return {"origin": origin, "rows": len(X), "largest_difference": differences}


def same_lines(case):
    """Go through the lines that say how far the probabilities are from the origin's."""
    yield f"\nThe same answers, those of {case['origin']} for {case['rows']:,} images"
    for name, largest in case["largest_difference"].items():
        if name != case["origin"]:
            yield f"{name:24}all classes; no probability off by more than {largest:.1g}"


def probabilities(form, row):
    """Return the probabilities of a row, as a list of floats."""
    return [float(p) for p in form.predict(form.prepare(row))]


def difference(name, answers, expected, tolerance):
    """Return the largest difference of two lists of probabilities; stop where it is too large.

    >>> difference("a form", [[0.25, 0.75]], [[0.0, 1.0]], 0.5)
    0.25
    """
    largest = 0.0
    for i, (answer, wanted) in enumerate(zip(answers, expected)):
        off = max(abs(p - q) for p, q in zip(answer, wanted))
        if not off <= tolerance or answer.index(max(answer)) != wanted.index(max(wanted)):
            sys.exit(f"{name}: image {i}: {answer}, and not {wanted}")
        largest = max(largest, off)
    return largest


# -- cold start ----------------------------------------------------------------------------------


def cold_start(folder, forms, row, repeats):
    """Return how long a process takes from its start to an answer, and how much memory."""
    commands = {ALONE: [*PYTHON, "pass"]}
    for name, form in forms.items():
        commands[name] = [*PYTHON, program_of(form, row)]
        answer = literal_eval(subprocess.check_output(commands[name], cwd=folder, text=True))
        difference(f"{name}, cold", [answer], [probabilities(form, row)], EXACT)
    peaks = dict.fromkeys(commands, 0)
    starter = [sys.executable, "-I", "-S", str(Path(__file__).with_name("starts.py"))]
    with subprocess.Popen(
        starter, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def start(name, rounds):
            process.stdin.write(json.dumps([rounds, str(folder), commands[name]]) + "\n")
            process.stdin.flush()
            seconds, peak = json.loads(process.stdout.readline())
            peaks[name] = max(peaks[name], peak)
            return seconds

        seconds = harness.measure({name: partial(start, name) for name in commands}, repeats)
        process.stdin.close()
    ratios = {name: harness.ratio([seconds[name]], seconds[ALONE]) for name in commands}
    sizes = {name: sum(file.stat().st_size for file in form.files) for name, form in forms.items()}
    return {
        "seconds": seconds,
        "ratios": ratios,
        "peak_kilobytes": peaks,
        "model_bytes": sizes,
        "within_target": ratios[EXPORTED] <= TARGET,
    }


def cold_lines(case):
    """Go through the lines of the table of cold starts."""
    yield f"\n{columns('Cold start', 'ratio', ['milliseconds', 'peak MB', 'model kB'])}"
    sizes = case["model_bytes"]
    for name, seconds in case["seconds"].items():
        times = f"{min(seconds) * 1e3:.1f}/{median(seconds) * 1e3:.1f}"
        peak, size = case["peak_kilobytes"][name], sizes.get(name)
        others = [times, f"{peak / 1024:.1f}", f"{size / 1e3:.1f}" if size else ""]
        yield columns(name, f"{case['ratios'][name]:.2f}", others)


def program_of(form, row):
    """Return a program that loads a model, predicts a row and prints the answer."""
    places = f"import sys; sys.path.insert(0, '.'); sys.path += {PLACES}"
    return f"{places}; row = {row}; {form.program}; print(answer)"


# -- one row -------------------------------------------------------------------------------------


def one_row(folder, forms, row, repeats):
    """Return how long one prediction takes where everything is loaded."""
    contenders = {name: calling(form.predict, form.prepare(row)) for name, form in forms.items()}
    seconds = harness.measure(contenders, repeats)
    peer = seconds.get(ORIGIN)
    ratios = {name: harness.ratio([peer], seconds[name]) for name in seconds} if peer else {}
    return {"seconds": seconds, "ratios": ratios}


def row_lines(case):
    """Go through the lines of the table of single predictions."""
    yield f"\n{columns('One row', 'ratio', ['microseconds'])}"
    for name, seconds in case["seconds"].items():
        ratio = f"{case['ratios'][name]:.2f}" if case["ratios"] else ""
        yield columns(name, ratio, [harness.shown(seconds)])


CASES = {"cold start": cold_start, "one row": one_row}
FIRST = "the same answers"  # before anything is timed
LINES = {FIRST: same_lines, "cold start": cold_lines, "one row": row_lines}


def columns(name, ratio, others):
    """Return one line of a table, in columns."""
    return f"{name:24}{ratio:>6}{''.join(f'{other:>16}' for other in others)}".rstrip()
