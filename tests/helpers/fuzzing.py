"""Try files that `grammars` draws: each is a model that stays itself, or is refused in a sentence.

A file that is read has to be written again and read again to the same bits. One that is not has to
be refused by a PureNetError. Either takes no more memory than the file's size explains, as the
format's `most_memory` argues, and no more of a processor's time.
"""

import contextlib
import copy
import importlib
import random
import time
import tracemalloc
import warnings
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from models import everything, parameters_of, rows_for

from purenet import Network, PureNetError
from purenet.core.backpropagation import parameters
from purenet.core.checks import check_parameters
from purenet.core.matrix import all_finite
from purenet.formats import load, load_history, save

FORMATS = ("json", "npz", "safetensors", "onnx", "checkpoint", "csv")
MODULES = {"json": "json_model", "csv": "table"}

# A message has a name, a place and a value, each of which is cut off where it is long.
LONGEST_MESSAGE = 250

# To begin with anything at all takes part of a second where a module is loaded first, or where what
# others left behind is collected. tracemalloc makes each allocation three times slower.
LEAST_SECONDS, TRACED = 0.5, 3


class Outcome(NamedTuple):
    """What came of a file: whether it was loaded, what that took, and which part of its limit."""

    size: int
    loaded: bool
    seconds: float
    memory: int
    of_seconds: float
    of_memory: float


def grammar(name):
    """Return the module that draws files of a format."""
    return importlib.import_module(f"grammars.{MODULES.get(name, name)}")


def chance_of(name, seed, number):
    """Return the chance that draws a file, the same on every machine."""
    return random.Random(f"{name} {seed} {number}")


def tried(name, chance, folder, check=None):
    """Draw a file, try it, and return what came of it.

    `check(data, model)` is told what was read, or None. What fails has the file and the options it
    was read with as attributes.
    """
    form = grammar(name)
    data, options = form.draw(chance)
    path = Path(folder, f"drawn{form.ENDING}")
    path.write_bytes(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # BatchNorm's place, a fit that has not learned
            return _outcome(form, data, path, options, check)
    except BaseException as error:
        error.file, error.options = data, options
        raise


def _outcome(form, data, path, options, check):
    model, seconds, memory = measured(form, str(path), options)
    size = getattr(form, "bytes_read", len)(data)
    most = LEAST_SECONDS + TRACED * form.SECONDS_A_MEBIBYTE * size / 2**20
    of_seconds, of_memory = seconds / most, memory / form.most_memory(data)
    assert of_memory <= 1.0, f"{memory:,} bytes of memory for a file of {len(data):,}"
    assert of_seconds <= 1.0, f"{seconds:.2f} seconds for a file of {len(data):,} bytes"
    if model is not None:
        getattr(form, "check", stays_itself)(model, path, options)
    if check:
        check(data, model)
    return Outcome(len(data), model is not None, seconds, memory, of_seconds, of_memory)


def measured(form, path, options):
    """Return the model in a file, or None, and the seconds and bytes that reading it takes."""
    read, model = getattr(form, "read", load), None
    tracemalloc.start()
    try:
        start = time.process_time()
        try:
            model = read(path, **options)
        except PureNetError as error:
            check_message(str(error), (path, *getattr(form, "OPTIONS", ())))
        return model, time.process_time() - start, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def check_message(message, names, longest=LONGEST_MESSAGE):
    """Fail if a message does not begin with the file or an option, or is not a line to read."""
    assert message.startswith(names), message
    assert len(message) < len(names[0]) + longest, message
    assert message.isprintable(), message


# -- what is read ----------------------------------------------------------------------------------


def stays_itself(model, path, options):
    """Fail if a model is not a valid one, or if it is another when it is saved and loaded."""
    network = model if isinstance(model, Network) else model.network_
    check_parameters(network)
    assert all(map(all_finite, parameters(network)))
    assert all(type(x) is float for matrix in parameters(network) for row in matrix for x in row)
    history = load_history(path, **options) if not options else None
    X = rows_for(model)
    before = _answer(model, X)
    try:
        save(model, path, history if model is network else None)
    except PureNetError as error:  # an .onnx file without labels may have any in its text
        assert "expected labels that ONNX can hold" in str(error)
        save(model, path, probabilities_only=True)
    loaded = load(path)
    assert _answer(loaded, X) == before
    assert parameters_of(getattr(loaded, "network_", loaded)) == parameters_of(network)
    if history is not None:
        history.engine = history.engine if model is network else ""
        assert repr(load_history(path)) == repr(history)
    if model is not network:
        assert everything(loaded) == everything(model)
        with contextlib.suppress(PureNetError):  # a learning rate of 1e308 leads nowhere
            copy.deepcopy(model).partial_fit(X, model.predict(X))


def _answer(model, X):
    """Return a model's predictions, or, as weights may be of any size, that they are too large."""
    try:
        answers = model.predict(X)
    except PureNetError as error:
        assert "numbers too large to predict from" in str(error)
        return str(error)
    assert len(answers) == len(X)
    if hasattr(model, "classes_"):
        assert all(any(answer is label for label in model.classes_) for answer in answers)
        answers = [answers, model.predict_proba(X)]
        assert [len(row) for row in answers[1]] == [len(model.classes_)] * len(X)
    return repr(answers)


# -- many of them ----------------------------------------------------------------------------------


WORST = ("seconds", "memory", "of_seconds", "of_memory")


class Tally:
    """How many files were tried, loaded and failed, and the worst outcome by what each took."""

    def __init__(self):
        self.tried = self.loaded = self.failed = 0
        self.findings = []
        self.worst = dict.fromkeys(WORST, Outcome(0, False, 0.0, 0, 0.0, 0.0))

    def add(self, outcome):
        self.tried += 1
        self.loaded += outcome.loaded
        self._compare(dict.fromkeys(WORST, outcome))

    def join(self, other):
        self.tried += other.tried
        self.loaded += other.loaded
        self.failed += other.failed
        self.findings += other.findings
        self._compare(other.worst)

    def _compare(self, worst):
        for part, outcome in worst.items():
            self.worst[part] = max(self.worst[part], outcome, key=attrgetter(part))


def tally_of(name, seed, numbers, folder, check=None, found=None):
    """Try the files of these numbers.

    `found(number, error)` is told of each that fails; without it, the first ends the run.
    """
    tally = Tally()
    for number in numbers:
        try:
            tally.add(tried(name, chance_of(name, seed, number), folder, check))
        except BaseException as error:
            if found is None or isinstance(error, KeyboardInterrupt):
                again = f"tests/fuzz.py --format {name} --seed {seed} --first {number} --count 1"
                raise AssertionError(f"{error!r}: {again}") from error
            tally.tried += 1
            tally.failed += 1
            found(number, error)
    return tally
