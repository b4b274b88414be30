"""Sharding: whose gradients the sums are, the same bits on every executor, and workers that die."""

import os
import pickle
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sharded import (
    KINDS,
    LABELS,
    WEIGHTS,
    X,
    assert_an_error_arrives_as_itself,
    assert_any_other_error_is_told_in_a_sentence,
    assert_one_that_was_shut_down_is_refused,
    assert_partial_fit_has_the_same_bits,
    assert_restarts_have_the_same_bits,
    assert_shards_have_the_same_bits,
    complaint_and_nothing_lost,
    fitted,
    learned,
)
from support import (
    Reference,
    Rounded,
    assert_within,
    bits,
    networks,
    problems,
    state_of,
)

from purenet import Diverged, PureNetError
from purenet.core.matrix import add, scale
from purenet.engines import kernels
from purenet.estimators.sharding import cuts, engine_of, run_all, weighted_negative_gradients

# Python warns of forks beside threads, and NumPy has some; the workers do not touch NumPy.
pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)

# -- the sums ------------------------------------------------------------------------------------

rows_weights = st.lists(st.integers(0, 3000).map(lambda n: n / 1000), min_size=16, max_size=16)


class Recorder:
    """An optimizer that keeps the gradients, and changes nothing."""

    def step(self, parameters, gradients):
        self.gradients = gradients
        return parameters


@given(
    problem=problems(networks()),
    weights=rows_weights,
    shards=st.integers(1, 20),
    reduction=st.sampled_from(["sum", "mean"]),
)
def test_weighted_gradients_in_shards_are_numpys(problem, weights, shards, reduction):
    """Take each row's gradients in NumPy times its weight, with all that rounding can do to them.

    purenet multiplies a row's deltas by its weight, and NumPy here the product that they go into:
    two roundings either way, so the bounds hold for both. Those of the sum hold for any order, and
    no term goes through more additions in shards than in one row of terms.
    """
    network, X, y = problem
    weights = [*weights[1 : len(X)], 1.0]
    recorder = Recorder()
    history = network.train(
        X,
        y,
        epochs=1,
        reduction=reduction,
        optimizer=recorder,
        engine=engine_of(weights, shards),
    )
    parts = Rounded([[w] for w in weights]) / max(weights)
    scaled = parts / (parts.sum(0) / len(X))
    reference, divisor = Reference(network), len(X) if reduction == "mean" else 1
    of_rows = [reference.gradients([x], [t]) for x, t in zip(X, y)]
    for gradients, terms in zip(recorder.gradients, zip(*of_rows)):
        assert_within(gradients, weighted_sum(scaled, terms) / divisor)
    losses = [reference.loss([x], [t]) for x, t in zip(X, y)]
    assert_within([[history.loss[0]]], weighted_sum(scaled, losses) / len(X))


def weighted_sum(weights, terms):
    """Return the sum of matrices, each times its weight."""
    column = Rounded(weights.value.reshape(-1, 1, 1), weights.error.reshape(-1, 1, 1))
    stack = Rounded([term.value for term in terms], np.array([term.error for term in terms]))
    total = (stack * column).sum(0)
    return Rounded(total.value[0], total.error[0])


@given(problems(networks()), st.integers(2, 20))
def test_shards_are_added_in_their_order(problem, shards):
    network, X, y = problem
    recorder = Recorder()
    history = network.train(X, y, epochs=1, optimizer=recorder, engine=engine_of(shards=shards))
    parts = [
        weighted_negative_gradients(network, X[a:b], y[a:b], [1.0] * (b - a))
        for a, b in cuts(len(X), shards)
    ]
    total, sums = parts[0]
    for loss, negative_gradients in parts[1:]:
        total += loss
        sums = [add(G, M) for G, M in zip(sums, negative_gradients)]
    assert bits([history.loss]) == bits([[total / len(X)]])
    negative = [scale(G, -1.0) for G in sums]
    assert list(map(bits, recorder.gradients)) == list(map(bits, negative))


@given(
    problem=problems(networks()),
    steepness=st.sampled_from([1.0, 1e3, 1e6]),  # where exp overflows, too
    weight=st.sampled_from([None, 1.0, 0.1, 3.0, 5e-324, 1e308]),
    epochs=st.integers(1, 3),
    batch_size=st.integers(1, 16),
    optimizer=st.sampled_from(["sgd", "adam"]),
    reduction=st.sampled_from(["sum", "mean"]),
)
def test_one_shard_and_equal_weights_have_the_bits_of_the_plain_loop(
    problem, steepness, weight, epochs, batch_size, optimizer, reduction
):
    network, X, y = problem
    network.weights = [[[w * steepness for w in row] for row in W] for W in network.weights]
    options = {"epochs": epochs, "batch_size": batch_size, "reduction": reduction}
    options.update(optimizer=optimizer, learning_rate=0.01)

    def trained(engine):
        twin = network.copy()
        try:
            history = twin.train(X, y, engine=engine, **options)
        except Diverged as error:
            return str(error), bits([error.history.loss]), state_of(twin)
        return history.stopped, bits([history.loss]), state_of(twin)

    weights = None if weight is None else [weight] * len(X)
    assert trained(engine_of(weights)) == trained("lists")


@given(problems(networks()), rows_weights)
def test_without_compiling_the_bits_are_the_same(problem, weights):
    network, X, y = problem
    answer = weighted_negative_gradients(network, X, y, weights)

    def refuse(*arguments):
        raise RuntimeError("no code may be generated here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "forward", refuse)
        from_lists = weighted_negative_gradients(network, X, y, weights)
    assert bits([[answer[0]]]) == bits([[from_lists[0]]])
    assert list(map(bits, answer[1])) == list(map(bits, from_lists[1]))


@given(st.integers(1, 100), st.integers(1, 120))
def test_shards_take_all_rows_in_order_and_nearly_as_many_each(rows, shards):
    pieces = [list(range(a, b)) for a, b in cuts(rows, shards)]
    assert [i for piece in pieces for i in piece] == list(range(rows))
    assert len(pieces) == min(rows, shards)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1


# -- executors -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def fork():
    if os.name == "nt":
        pytest.skip("Windows has no fork")
    with ProcessPoolExecutor(2, get_context("fork")) as pool:
        yield pool


@pytest.fixture(scope="module")
def spawn():
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        yield pool


@pytest.fixture(scope="module")
def threads():
    with ThreadPoolExecutor(2) as pool:
        yield pool


@pytest.fixture(scope="module")
def backwards():
    return Backwards()


class Backwards:
    """No more than purenet asks of an executor; begins when it has to, with the last piece."""

    def __init__(self):
        self.waiting = []

    def submit(self, function, *arguments):
        self.waiting.append(Later(self, function, arguments))
        return self.waiting[-1]

    def finish(self):
        while self.waiting:
            self.waiting.pop().run()


class Later:
    """The future of a piece of work."""

    def __init__(self, executor, function, arguments):
        self.executor, self.function, self.arguments = executor, function, arguments
        self.error = None

    def run(self):
        try:
            self.answer = self.function(*self.arguments)
        except PureNetError as error:
            self.error = error

    def result(self):
        self.executor.finish()
        if self.error is not None:
            raise self.error
        return self.answer

    def cancel(self):
        return False


EXECUTORS = ["fork", "spawn", "threads", "backwards"]


@pytest.fixture(scope="module", params=EXECUTORS)
def executor(request):
    return request.getfixturevalue(request.param)


# -- the same bits -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
def test_restarts_have_the_same_bits_on_every_executor(executor, kind, weights):
    assert_restarts_have_the_same_bits(executor, kind, weights)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
def test_shards_have_the_same_bits_on_every_executor(executor, kind, weights):
    assert_shards_have_the_same_bits(executor, kind, weights)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
def test_with_an_activation_for_each_layer_too(threads, kind, weights):
    layers = {"hidden": [4, 3], "activation": ["tanh", "relu"]}
    assert_restarts_have_the_same_bits(threads, kind, weights, **layers)
    assert_shards_have_the_same_bits(threads, kind, weights, **layers)


def test_more_shards_than_rows_are_one_row_each(threads):
    _, one_row_each = fitted("Regressor", shards=16)
    assert fitted("Regressor", shards=1000, executor=threads)[1] == one_row_each
    assert fitted("Regressor", shards=10**30, executor=threads)[1] == one_row_each


def test_partial_fit_runs_its_shards_on_an_executor(executor):
    assert_partial_fit_has_the_same_bits(executor)


def test_restarts_on_an_executor_call_no_callback_and_say_so(threads):
    """Workers may be elsewhere, where no callback can be called."""
    options = {"restarts": 2, "callback": lambda descent: None}
    assert complaint_and_nothing_lost(threads, **options).startswith("callback: ")
    fitted("Classifier", executor=threads, **{**options, "restarts": 1})


# -- what a worker gets --------------------------------------------------------------------------


class Postal(Backwards):
    """Keeps the bytes that it is given."""

    def __init__(self):
        super().__init__()
        self.pieces = []

    def submit(self, function, *arguments):
        self.pieces.append(arguments[1])
        return super().submit(function, *arguments)


def test_a_shard_travels_without_the_generator():
    postal = Postal()
    estimator, _ = fitted("Classifier", shards=2, executor=postal)
    generator = pickle.dumps(estimator.network_.generator)
    assert postal.pieces and max(map(len, postal.pieces)) < len(generator) < 4000


def test_what_a_worker_does_to_its_piece_is_not_seen_here(threads):
    """So a piece that is done once more, because a worker has died, begins as it was sent."""
    piece = [1, 2]
    assert list(run_all(threads, list.pop, [(piece,), (piece,)])) == [2, 2]
    assert piece == [1, 2]


# -- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [{"restarts": 3}, {"shards": 2}], ids=str)
def test_an_error_of_a_network_arrives_as_itself(executor, parts):
    assert_an_error_arrives_as_itself(executor, parts)


@pytest.mark.parametrize("name", ["fork", "spawn", "threads"])
def test_any_other_error_of_a_worker_is_told_in_a_sentence(request, name):
    assert_any_other_error_is_told_in_a_sentence(request.getfixturevalue(name))


def test_an_error_without_words_is_told_by_its_name():
    class Full(Executor):
        def submit(self, *arguments):
            raise MemoryError

    message = complaint_and_nothing_lost(Full(), restarts=2)
    assert message == "executor: it could not do the work: MemoryError"


@pytest.mark.parametrize("options", [{"restarts": 2}, {"shards": 2}], ids=str)
@pytest.mark.parametrize("kind", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_an_executor_that_was_shut_down_is_refused_in_one_sentence(kind, options):
    assert_one_that_was_shut_down_is_refused(kind(1), options)


class Pending(Executor):
    """Begins nothing; what its future says comes from outside."""

    def __init__(self, error, most=10):
        self.futures, self.error, self.most = [], error, most

    def submit(self, *arguments):
        if len(self.futures) == self.most:
            raise self.error
        future = Future()
        future.result = self.fail
        self.futures.append(future)
        return future

    def fail(self):
        raise self.error


@pytest.mark.parametrize("options", [{"restarts": 3}, {"shards": 3}], ids=str)
@pytest.mark.parametrize(
    "error", [KeyboardInterrupt(), PureNetError("no"), OSError("no")], ids=repr
)
@pytest.mark.parametrize("most", [2, 3], ids=["submitting", "waiting"])
def test_whatever_ends_the_waiting_cancels_what_has_not_begun(options, error, most):
    executor = Pending(error, most)
    estimator, before = fitted("Classifier")
    estimator.set_params(executor=executor, **options)
    expected = PureNetError if isinstance(error, Exception) else KeyboardInterrupt
    with pytest.raises(expected, match="no" if isinstance(error, Exception) else None):
        estimator.fit(X, LABELS)
    assert learned(estimator) == before
    assert [future.cancelled() for future in executor.futures] == [True] * most


# -- workers that die ----------------------------------------------------------------------------


class Sabotaged(Executor):
    """Lets the worker that gets the second piece die of it."""

    def __init__(self, pool):
        self.pool, self.submitted = pool, 0

    def submit(self, *work):
        self.submitted += 1
        return self.pool.submit(*((os._exit, 1) if self.submitted == 2 else work))


@pytest.mark.parametrize("options", [{"restarts": 3}, {"shards": 3}], ids=str)
def test_a_pools_worker_that_dies_fails_the_fit_and_loses_nothing(options):
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        for executor in (Sabotaged(pool), pool):  # while it works, and when the pool is broken
            message = complaint_and_nothing_lost(executor, **options)
            assert message.startswith("executor: it could not do the work: BrokenProcessPool: ")
            assert "\n" not in message
