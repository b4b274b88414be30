"""Damage to a model's file, and the memory and time that refusing a file takes."""

import contextlib
import copy
import random
import subprocess
import sys

import pytest
from models import everything, parameters_of, rows_for
from support import complaint

from purenet import Network, PureNetError
from purenet.core.backpropagation import parameters
from purenet.core.matrix import all_finite
from purenet.core.network import check_parameters
from purenet.formats import load, load_history, save

# -- hostile files -----------------------------------------------------------------------------


def peak_of_refusal(path):
    """Return how many bytes of memory it takes to refuse a file."""
    tracemalloc = pytest.importorskip("tracemalloc", exc_type=ImportError)  # PyPy has none
    complaint(load, path)  # whatever is made once and kept
    tracemalloc.start()
    try:
        complaint(load, path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# In a process of its own: what measures coverage makes each line slower.
SECONDS_TO_REFUSE = """
import sys, time
from purenet import PureNetError, load
start = time.process_time()
try:
    load(sys.argv[1])
except PureNetError:
    print(time.process_time() - start)
"""


def seconds_to_refuse(path):
    """Return how many seconds of a processor it takes to refuse a file."""
    command = [sys.executable, "-c", SECONDS_TO_REFUSE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


# -- damaged files -----------------------------------------------------------------------------


def flip_bits(chance, data):
    data = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def move_bytes(chance, data):
    """Move, copy or remove a piece, or change nothing."""
    start = chance.randrange(len(data))
    end = start + chance.randint(1, 30)
    to = chance.randrange(len(data))
    rest = chance.choice([data, data[:start] + data[end:]])
    return rest[:to] + chance.choice([data[start:end], b""]) + rest[to:]


def damaged_and_loaded(path, files, ways, mutations, check=None):
    """Return how many of the damaged files are loaded; fail if one is not a valid model.

    `check(data, network)` is told what came of each: a network, or None.
    """
    loaded = 0
    for number in range(mutations):
        chance = random.Random(number)
        data, says = chance.choice(files)
        data = ways[number % len(ways)](chance, data)
        path.write_bytes(data)
        try:
            network = _valid_network(path, says)
            if check:
                check(data, network)
        except BaseException as error:
            raise AssertionError(f"mutation {number}: {data!r}") from error
        loaded += network is not None
    return loaded


def _valid_network(path, says):
    """Return the network in a file, None if it is refused; fail if it is not a valid one."""
    try:
        model = load(path, **says)
    except PureNetError as error:
        assert str(error).startswith(f"{path}: ")
        assert len(str(error)) < len(str(path)) + 250
        assert str(error).isprintable()
        return None
    network = model if isinstance(model, Network) else model.network_
    check_parameters(network)
    assert all(map(all_finite, parameters(network)))
    assert all(type(x) is float for matrix in parameters(network) for row in matrix for x in row)
    found, history = copy.deepcopy(network), None if says else load_history(path)
    X = rows_for(model)
    before = _answer(model, X)
    save(model, path, history if model is network else None)
    loaded = load(path)
    assert _answer(loaded, X) == before
    assert parameters_of(getattr(loaded, "network_", loaded)) == parameters_of(network)
    if history is not None:
        history.engine = history.engine if model is network else ""
        assert repr(load_history(path)) == repr(history)
    if model is not network:
        assert everything(loaded) == everything(model)
        with contextlib.suppress(PureNetError):  # a learning rate of 1e308 leads nowhere
            model.partial_fit(X, model.predict(X))
    return found


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
