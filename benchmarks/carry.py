"""A trained network carried elsewhere: how exactly it answers there, how soon, and how fast.

The network is scikit-learn's MLPClassifier with 64-32-10 neurons, which has learned 1,797 digits;
without scikit-learn, it is one of purenet's own. It goes wherever a model can go: an exported
Python file, the one-file bundle, purenet's JSON, arrays for NumPy, ONNX, a pickle.

"The same answers": each form must give every image the probabilities that the origin gives, within
1e-12, and the same class. "Cold start": a process starts, loads the model and predicts a row; the
ratio is to an interpreter that does nothing. (Both leave out `site`, whose time grows with what is
installed.) The memory is that of one more process, as `processes` counts it. "One row": all
is loaded and warm; the ratio is how many times as fast as scikit-learn's predict_proba it is.
"""

import pickle
import sys
import warnings
from ast import literal_eval
from functools import partial
from pathlib import Path
from py_compile import compile as compile_file
from tempfile import TemporaryDirectory
from typing import Callable, NamedTuple

import purenet
from purenet import Classifier
from purenet.export import fold, python_source
from purenet.export.bundle import bundle_source
from purenet.formats import from_sklearn

from . import harness, plot, timing
from .benchmark import Benchmark, BenchmarkError, Table, machine_line, times_line
from .portable import repeated
from .processes import NOTHING, PEAK, output_of
from .workloads import digits

np, onnxruntime, sklearn = map(harness.module, ("numpy", "onnxruntime", "sklearn.neural_network"))

EPOCHS, HIDDEN = 50, 32
EXACT = 1e-12

PYTHON = [sys.executable, "-I", "-S", "-c"]
INSTALLED = [place for place in sys.path if "-packages" in place]
PLACES = [str(Path(purenet.__file__).parents[1]), *INSTALLED]

ALONE, EXPORTED, OURS = "an interpreter alone", "exported", "purenet's JSON"
ORIGIN = "scikit-learn's pickle"
SAME, COLD, WARM = "the same answers", "cold start", "one row"
TABLE = Table("<24", ">6", ">16")


class Carry(Benchmark):
    """One network in all its forms."""

    def installed(self):
        """Return the forms to measure."""
        versions = harness.versions(["NumPy", "scikit-learn", "onnxruntime"])
        return {"peers": [f"{name} {version}" for name, version in versions.items()]}

    def measured(self, names, repeats):
        """Go through the cases of a network in all forms that are installed, "same" first."""
        here = {name: form for name, form in FORMS.items() if form.library is not None}
        missing = ", ".join(name for name in FORMS if name not in here)
        X, origin, carried = trained()
        with TemporaryDirectory() as folder:
            if missing:
                print(f"left out, because a library is not installed: {missing}")
            forms = {name: Carried(form, folder, origin, carried) for name, form in here.items()}
            names = [SAME, *(name for name in names if name != SAME)]  # before anything is timed
            yield from super().measured(names, repeats, folder=folder, forms=forms, X=X)

    def heading(self, document, repeats):
        """Say what the numbers depend on, and what they are."""
        environment = document["environment"]
        yield machine_line(environment, *environment["peers"])
        yield times_line("Times", repeats)

    def lines(self, case, before, document):
        """Return a case as a table."""
        return LINES[case["name"]](case)

    def charts(self, cases, notes):
        """Draw cold starts, their memory, and warm predictions of one row."""
        charts, by_name = {}, {case["name"]: case for case in cases}
        if COLD in by_name:
            title, case = "Cold start: from nothing to the first answer", by_name[COLD]
            charts["cold-start"] = plot.times(title, {"": case}, notes)
            title = "Memory of a process that loads a model and answers"
            peaks = {who: kilobytes / 1024 for who, kilobytes in case["peak_kilobytes"].items()}
            charts["cold-start-memory"] = plot.memory(title, peaks, notes)
        if WARM in by_name:
            title = "One prediction, all loaded and warm"
            charts["one-row"] = plot.times(title, {"": by_name[WARM]}, notes)
        return charts


def trained():
    """Return the images, scikit-learn's network or None, and the same as a Classifier."""
    X, labels = digits()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged
        if sklearn is None:
            ours = Classifier([HIDDEN], activation="relu", standardize=False, epochs=1)
            return X, None, ours.fit(X, labels)
        origin = sklearn.MLPClassifier([HIDDEN], max_iter=EPOCHS, random_state=1)
        origin.fit(X, labels)
    return X, origin, from_sklearn(origin)


# -- what a model is elsewhere -------------------------------------------------------------------


class Form(NamedTuple):
    """A form of a model: a file, its writer, and a program that defines predict(row).

    The program finds the file in `folder`. If it also defines prepare(row), predict gets its
    result. `library` is the one it needs, None if that is not installed.
    """

    file: str
    write: Callable
    program: str
    library: object = purenet


class Carried:
    """A form that was written, and its program run in this process."""

    def __init__(self, form, folder, origin, carried):
        path = Path(folder) / form.file
        form.write(path, origin, carried)
        self.files, self.program = [path], form.program
        if path.suffix == ".py":
            self.files.append(Path(compile_file(str(path), doraise=True)))
        names = {"folder": folder, "prepare": list}
        sys.path.insert(0, folder)
        exec(form.program, names)
        sys.path.remove(folder)
        sys.modules.pop(path.stem, None)  # the next run writes another file of this name
        self.prepare, self.predict = names["prepare"], names["predict"]

    def probabilities(self, row):
        """Return the probabilities of a row, as a list of floats."""
        return [float(p) for p in self.predict(self.prepare(row))]

    def answering(self, row):
        """Return a program that loads the model, predicts a row and prints the answer."""
        start = f"import sys; folder = '.'; prepare = list; sys.path = ['.', *sys.path, *{PLACES}]"
        answer = f"print([float(p) for p in predict(prepare({row}))])"
        return f"{start}\n{self.program}\n{answer}\n"


def exported(style, path, origin, carried):
    """Write a Python file that needs nothing."""
    path.write_text(python_source(fold(carried), style=style), encoding="utf-8")


def bundled(path, origin, carried):
    """Write the core with the model in it."""
    path.write_text(bundle_source(carried, bare=True), encoding="utf-8")


def saved(path, origin, carried):
    """Write a file of purenet's: JSON, or ONNX in doubles."""
    purenet.save(carried, path)


def in_arrays(path, origin, carried):
    """Write NumPy's arrays."""
    (W0, W1), (b0, b1) = carried.network_.weights, carried.network_.biases
    np.savez(path, W0=W0, b0=b0, W1=W1, b1=b1)


def in_a_pickle(path, origin, carried):
    """Write scikit-learn's network as a pickle."""
    path.write_bytes(pickle.dumps(origin))


FROM_AUTO, FROM_LISTS = "from digits_auto import predict", "from digits_lists import predict"
FROM_BUNDLE = """\
from purenet_core import network
predict = lambda row: network.predict([row])[0]
"""
FROM_JSON = """\
import purenet
model = purenet.load(folder + "/digits.json")
predict = lambda row: model.predict_proba([row])[0]
"""
FROM_ARRAYS = """\
import numpy as np
prepare, model = np.array, {**np.load(folder + "/digits.npz")}
def predict(row):
    hidden = np.maximum(row @ model["W0"] + model["b0"], 0.0)
    z = hidden @ model["W1"] + model["b1"]
    powers = np.exp(z - z.max())
    return powers / powers.sum()
"""
FROM_ONNX = """\
import numpy, onnxruntime
session = onnxruntime.InferenceSession(folder + "/digits.onnx")
prepare = lambda row: {"X": numpy.array([row])}
predict = lambda inputs: session.run(["probabilities"], inputs)[0][0]
"""
FROM_PICKLE = """\
import numpy, pickle
with open(folder + "/digits.pickle", "rb") as file:
    model = pickle.load(file)
prepare = lambda row: numpy.array([row])
predict = lambda row: model.predict_proba(row)[0]
"""
FORMS = {
    EXPORTED: Form("digits_auto.py", partial(exported, "auto"), FROM_AUTO),
    "exported, lists": Form("digits_lists.py", partial(exported, "lists"), FROM_LISTS),
    "one-file bundle": Form("purenet_core.py", bundled, FROM_BUNDLE),
    OURS: Form("digits.json", saved, FROM_JSON),
    "NumPy's .npz": Form("digits.npz", in_arrays, FROM_ARRAYS, np),
    "ONNX": Form("digits.onnx", saved, FROM_ONNX, onnxruntime),
    ORIGIN: Form("digits.pickle", in_a_pickle, FROM_PICKLE, sklearn),
}


# -- the same answers ----------------------------------------------------------------------------


def same_answers(name, repeats, folder, forms, X):
    """Return how far each form's probabilities are from the origin's; stop if it is too far."""
    answers = {who: [form.probabilities(row) for row in X] for who, form in forms.items()}
    origin = ORIGIN if ORIGIN in forms else OURS
    differences = {who: difference(who, answers[who], answers[origin], EXACT) for who in forms}
    return {"origin": origin, "rows": len(X), "largest_difference": differences}


def same_lines(case):
    """Go through the lines that say how far the probabilities are from the origin's."""
    yield f"\nThe same answers, those of {case['origin']} for {case['rows']:,} images"
    for name, largest in case["largest_difference"].items():
        if name != case["origin"]:
            yield f"{name:24}all classes; no probability off by more than {largest:.1g}"


def difference(name, answers, expected, tolerance):
    """Return the largest difference of two lists of probabilities; stop if it is too large.

    >>> difference("a form", [[0.25, 0.75]], [[0.0, 1.0]], 0.5)
    0.25
    """
    largest = 0.0
    for i, (answer, wanted) in enumerate(zip(answers, expected)):
        off = max(abs(p - q) for p, q in zip(answer, wanted))
        if not off <= tolerance or answer.index(max(answer)) != wanted.index(max(wanted)):
            raise BenchmarkError(f"{name}: image {i}: expected {wanted}, got {answer}")
        largest = max(largest, off)
    return largest


# -- cold start ----------------------------------------------------------------------------------


def cold_start(name, repeats, folder, forms, X):
    """Return how long a process takes from its start to an answer, and how much memory."""
    programs = {who: form.answering(X[0]) for who, form in forms.items()}
    peaks = {ALONE: int(output_of([*PYTHON, PEAK])) // 1024}
    for who, form in forms.items():
        answer, peak = output_of([*PYTHON, programs[who] + PEAK], folder).splitlines()
        difference(f"{who}, cold", [literal_eval(answer)], [form.probabilities(X[0])], EXACT)
        peaks[who] = int(peak) // 1024
    contenders = {
        who: repeated(output_of, [[*PYTHON, program], folder])
        for who, program in {ALONE: NOTHING, **programs}.items()
    }
    seconds = timing.measure(contenders, repeats)
    ratios = {who: harness.ratio([times], seconds[ALONE]) for who, times in seconds.items()}
    sizes = {who: sum(file.stat().st_size for file in form.files) for who, form in forms.items()}
    return {"seconds": seconds, "ratios": ratios, "peak_kilobytes": peaks, "model_bytes": sizes}


def cold_lines(case):
    """Go through the lines of the table of cold starts."""
    yield "\n" + TABLE.row("Cold start", "ratio", "milliseconds", "peak MB", "model kB")
    for name, seconds in case["seconds"].items():
        times = harness.best_and_median(seconds, lambda s: f"{s * 1e3:.1f}")
        cells = [times, f"{case['peak_kilobytes'][name] / 1024:.1f}"]
        if name in case["model_bytes"]:
            cells.append(f"{case['model_bytes'][name] / 1e3:.1f}")
        yield TABLE.row(name, f"{case['ratios'][name]:.2f}", *cells)


# -- one row -------------------------------------------------------------------------------------


def one_row(name, repeats, folder, forms, X):
    """Return how long one prediction takes after everything is loaded."""
    contenders = {who: repeated(f.predict, [f.prepare(X[0])]) for who, f in forms.items()}
    seconds = timing.measure(contenders, repeats)
    peer = seconds.get(ORIGIN)
    ratios = {who: harness.ratio([peer], seconds[who]) for who in seconds} if peer else {}
    return {"seconds": seconds, "ratios": ratios}


def row_lines(case):
    """Go through the lines of the table of single predictions."""
    yield "\n" + TABLE.row("One row", "ratio", "microseconds")
    for name, seconds in case["seconds"].items():
        ratio = f"{case['ratios'][name]:.2f}" if case["ratios"] else ""
        yield TABLE.row(name, ratio, harness.best_and_median(seconds))


LINES = {SAME: same_lines, COLD: cold_lines, WARM: row_lines}
CASES = {SAME: same_answers, COLD: cold_start, WARM: one_row}
BENCHMARK = Carry("carry", CASES, repeats=11)  # each takes seconds, most of them scikit-learn's
