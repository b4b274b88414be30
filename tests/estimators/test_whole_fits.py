"""A fit is there as a whole or not at all, for Ctrl-C and for threads that predict meanwhile."""

import copy
import pickle
import sys
import threading
import time
from contextlib import contextmanager, suppress
from itertools import count

import pytest
from estimator_data import everything

from purenet import Classifier, PureNetError, Regressor
from purenet.formats import json_model
from purenet.formats.model import describe

X = [[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]
WIDE = [[9.0, 1.0, 5.0], [1.0, 7.0, 2.0], [3.0, 2.0, 8.0], [4.0, 4.0, 4.0]]
# Models of the same width could answer for one another; others fail where they are mixed.
DATA = {
    Classifier: ((X, [1, 2, 1, 2]), (X, ["a", "b", "c", "a"]), (WIDE, [5, 6, 7, 8])),
    Regressor: (
        (X, [1.0, 2.0, 1.0, 2.0]),
        (X, [[80.0, 1.0], [90.0, 2.0], [70.0, 3.0], [80.0, 4.0]]),
        (WIDE, [-5e5, -6e5, -7e5, -8e5]),
    ),
}
PAIRS = [(kind, other) for kind in DATA for other in (1, 2)]

pytestmark = pytest.mark.filterwarnings("ignore::purenet.NotLearnedWarning")


def fitted(kind, which):
    return kind(2, epochs=1).fit(*DATA[kind][which])


def as_json(estimator):
    return json_model.write(describe(estimator))


ASKED = {
    "predict": lambda estimator: estimator.predict(X),
    "predict_proba": lambda estimator: estimator.predict_proba(X),
    "score": lambda estimator: estimator.score(*DATA[type(estimator)][0]),
    "preprocess": lambda estimator: estimator.preprocess(*DATA[type(estimator)][0]),
    "as_json": as_json,
    "fitted_state": lambda estimator: sorted(estimator.fitted_state()[0]),
    "pickle": lambda estimator: everything(pickle.loads(pickle.dumps(estimator))),
    "copy": lambda estimator: everything(copy.copy(estimator)),
    "deepcopy": lambda estimator: everything(copy.deepcopy(estimator)),
}
BY_OPCODE = ("predict", "predict_proba", "score", "preprocess")  # the others take longer
QUESTIONS = [
    (kind, other, name)
    for kind, other in PAIRS
    for name in ASKED
    if name != "predict_proba" or kind is Classifier
]


def answer(name, estimator):
    """Return an answer, or the sentence with which it is refused."""
    try:
        return repr(ASKED[name](estimator))
    except PureNetError as error:
        return str(error)


# -- other threads -------------------------------------------------------------------------------

FILES = (
    *("estimators/base.py", "estimators/estimator.py", "estimators/classifier.py"),
    *("estimators/regressor.py", "formats/model.py"),
)


@contextmanager
def at_step(step, act, opcodes=False):
    """Call `act` before a step of the code of estimators: of its lines, or also inside of them."""
    seen, earlier = [0], sys.gettrace()

    def trace(frame, event, _):
        if not frame.f_code.co_filename.endswith(FILES):
            return None
        frame.f_trace_opcodes = opcodes
        if event in ("line", "opcode"):
            seen[0] += 1
            if seen[0] == step:
                act()
        return trace

    sys.settrace(trace)
    try:
        yield seen
    finally:
        sys.settrace(earlier)


@pytest.mark.parametrize("kind, other, name", QUESTIONS)
def test_whenever_another_model_is_fitted_the_answer_is_that_of_one_of_the_two(kind, other, name):
    models = fitted(kind, 0), fitted(kind, other)
    states = [model.fitted_state() for model in models]
    expected = [answer(name, model) for model in models]
    estimator, found = copy.copy(models[0]), []
    for step in count(1):
        estimator.restore(*states[0])
        with at_step(step, lambda: estimator.restore(*states[1]), name in BY_OPCODE) as seen:
            found.append(answer(name, estimator))
        assert found[-1] in expected, step
        if seen[0] < step:  # it was over before
            break
    # Python 3.12 runs a comprehension in the frame around it, so it has fewer lines of its own.
    assert len(found) >= (10 if sys.version_info >= (3, 12) else 11)
    assert found[-1] == expected[0]


@pytest.fixture
def swift():
    """Threads that take turns as often as they can."""
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


@pytest.mark.parametrize("kind, other", PAIRS)
def test_threads_that_ask_while_another_fits_get_whole_models(kind, other, swift):
    names = [name for k, j, name in QUESTIONS if (k, j) == (kind, other)]
    models = fitted(kind, 0), fitted(kind, other)
    expected = {name: [answer(name, model) for model in models] for name in names}
    estimator, wrong, asked = fitted(kind, 0), [], []
    end = time.monotonic() + 0.5

    def ask():
        while time.monotonic() < end and not wrong:
            for name in names:
                given = answer(name, estimator)
                asked.append(name)
                if given not in expected[name]:
                    wrong.append((name, given))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    fits = 0
    while any(thread.is_alive() for thread in threads):
        fits += 1
        estimator.fit(*DATA[kind][other if fits % 2 else 0])
    assert not wrong
    assert fits > 1 < len(asked)


# -- Ctrl-C --------------------------------------------------------------------------------------


def learned(estimator):
    """Return all that an estimator has learned, None before the first fit."""
    return everything(estimator) if len(vars(estimator)) > len(estimator.get_params()) else None


FITS = {
    "fit": lambda estimator, data: estimator.fit(*data),
    "partial_fit": lambda estimator, data: estimator.partial_fit(*data),
    "refit_on": lambda estimator, data: estimator.refit_on(*data),
}
BEGUN = [("fit", False), ("partial_fit", False), *[(way, True) for way in FITS]]


@pytest.mark.parametrize("way, begun", BEGUN)
@pytest.mark.parametrize("kind", DATA)
def test_a_fit_that_is_interrupted_leaves_the_old_model_or_the_new(kind, way, begun):
    X, y = DATA[kind][0]
    before = kind(2, epochs=1)
    if begun:
        before.fit(X[::-1], y)
    after = FITS[way](copy.deepcopy(before), (X, y))
    expected, found = [learned(before), learned(after)], []
    for step in count(1):
        estimator = copy.deepcopy(before)
        with at_step(step, interrupt) as seen, suppress(KeyboardInterrupt):
            FITS[way](estimator, (X, y))
        found.append(learned(estimator))
        assert found[-1] in expected, step
        if seen[0] < step:
            break
    assert found[-1] == expected[1] != expected[0]
    assert found.count(expected[0]) > 50


def interrupt():
    raise KeyboardInterrupt
