"""Sharding: whose gradients the sums are, the same bits on every executor, and workers that die."""

import math
import os
import pickle
import signal
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from time import monotonic, sleep

import numpy as np
import pytest
from conftest import (
    Reference,
    Rounded,
    assert_within,
    bits,
    complaint,
    networks,
    problems,
    state_of,
)
from hypothesis import given
from hypothesis import strategies as st

from purenet import Diverged, PureNetError
from purenet.core.matrix import add
from purenet.core.mt19937 import MT19937
from purenet.engines import kernels
from purenet.estimators import Classifier, Regressor
from purenet.estimators.sharding import cuts, engine_of, run_all, weighted_gradients

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
        weighted_gradients(network, X[a:b], y[a:b], [1.0] * (b - a))
        for a, b in cuts(len(X), shards)
    ]
    total, sums = parts[0]
    for loss, gradients in parts[1:]:
        total += loss
        sums = [add(G, M) for G, M in zip(sums, gradients)]
    assert bits([history.loss]) == bits([[total / len(X)]])
    assert list(map(bits, recorder.gradients)) == list(map(bits, sums))


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
    answer = weighted_gradients(network, X, y, weights)

    def refuse(*arguments):
        raise RuntimeError("no code may be generated here")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kernels, "forward", refuse)
        plain = weighted_gradients(network, X, y, weights)
    assert bits([[answer[0]]]) == bits([[plain[0]]])
    assert list(map(bits, answer[1])) == list(map(bits, plain[1]))


@given(st.integers(1, 100), st.integers(1, 120))
def test_shards_take_all_rows_in_order_and_nearly_as_many_each(rows, shards):
    pieces = [list(range(a, b)) for a, b in cuts(rows, shards)]
    assert [i for piece in pieces for i in piece] == list(range(rows))
    assert len(pieces) == min(rows, shards)
    assert max(map(len, pieces)) - min(map(len, pieces)) <= 1


# -- data, and what an estimator makes of it -----------------------------------------------------

chance = MT19937(3)
X = [[chance.normal() for _ in range(3)] for _ in range(60)]
LABELS = ["high" if a * b + c > 0.0 else "low" for a, b, c in X]
NUMBERS = [[a * b, c - a] for a, b, c in X]
WEIGHTS = [0.5 + i % 3 for i in range(60)]
KINDS = {"Classifier": (Classifier, LABELS), "Regressor": (Regressor, NUMBERS)}


def fitted(kind, sample_weight=None, **options):
    """Return an estimator that has learned, and what it has learned."""
    make, targets = KINDS[kind]
    estimator = make(4, **{"epochs": 3, "batch_size": 16, "random_state": 7, **options})
    estimator.fit(X, targets, sample_weight=sample_weight)
    return estimator, learned(estimator)


def learned(estimator):
    """Return what an estimator has learned, to the last bit."""
    curves = [estimator.loss_curve_, estimator.validation_loss_curve_]
    state = state_of(estimator.network_), bits(curves), estimator.stopped_, estimator.best_loss_
    return pickle.dumps(state)


def complaint_and_nothing_lost(executor, **options):
    """Return with which message a fit fails, having seen that the estimator is as it was."""
    estimator, before = fitted("Classifier")
    attributes = dict(estimator.__dict__)
    estimator.set_params(executor=executor, **options)
    message = complaint(estimator.fit, X, LABELS)
    estimator.set_params(**{name: attributes[name] for name in ["executor", *options]})
    assert estimator.__dict__ == attributes
    assert learned(estimator) == before
    return message


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
def client(tmp_path_factory):
    """Return the client of a cluster of two local workers, each a process."""
    try:
        from dask.distributed import Client, LocalCluster
    except ImportError:
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing("dask.distributed is not installed: pip install distributed")
    with (
        LocalCluster(
            n_workers=2,
            processes=True,
            threads_per_worker=1,
            dashboard_address=None,
            local_directory=str(tmp_path_factory.mktemp("dask")),
        ) as cluster,
        Client(cluster) as client,
    ):
        yield client


@pytest.fixture(scope="module")
def dask(client):
    return client.get_executor()


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
    """What becomes of a piece of work."""

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


EXECUTORS = ["fork", "spawn", "threads", "dask", "backwards"]


@pytest.fixture(scope="module", params=EXECUTORS)
def executor(request):
    return request.getfixturevalue(request.param)


# -- the same bits -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
def test_restarts_have_the_same_bits_on_every_executor(executor, kind, weights):
    options = {"sample_weight": weights, "restarts": 3, "shards": 2}
    assert fitted(kind, executor=executor, **options)[1] == fitted(kind, **options)[1]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
def test_shards_have_the_same_bits_on_every_executor(executor, kind, weights):
    answers = set()
    for shards in (1, 2, 3, 4):
        options = {"sample_weight": weights, "shards": shards}
        _, answer = fitted(kind, executor=executor, **options)
        assert answer == fitted(kind, **options)[1]
        answers.add(answer)
    assert len(answers) == 4  # each number of shards rounds in its own way


def test_more_shards_than_rows_are_one_row_each(threads):
    _, single = fitted("Regressor", shards=16)
    assert fitted("Regressor", shards=1000, executor=threads)[1] == single
    assert fitted("Regressor", shards=10**30, executor=threads)[1] == single


def test_partial_fit_runs_its_shards_on_an_executor(executor):
    def shown_twice(executor):
        classifier = Classifier(4, shards=3, executor=executor)
        for _ in range(2):
            classifier.partial_fit(X, LABELS)
        return learned(classifier)

    assert shown_twice(executor) == shown_twice(None)


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
    assert list(run_all(threads, list.pop, [piece, piece])) == [2, 2]
    assert piece == [1, 2]


# -- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [{"restarts": 3}, {"shards": 2}], ids=str)
def test_an_error_of_a_network_arrives_as_itself(executor, parts):
    """Each restart diverges in another epoch; the first one's error counts, and not the earliest.

    It comes from a worker as it is raised here, with its history.
    """
    options = {"optimizer": "sgd", "learning_rate": 100.0, "epochs": 30, "l2": 0.0, **parts}
    told = set()
    for where in (executor, None):
        with pytest.raises(Diverged) as error:
            fitted("Regressor", executor=where, **options)
        told.add((str(error.value), repr(error.value.history)))
    assert len(told) == 1


@pytest.mark.parametrize("name", ["fork", "spawn", "threads", "dask"])
def test_any_other_error_of_a_worker_is_told_in_a_sentence(request, name):
    executor = request.getfixturevalue(name)
    message = complaint(run_all, executor, math.sqrt, [1.0, -1.0])
    assert message.startswith("executor: it could not do the work: ValueError: ")


def test_an_error_without_words_is_told_by_its_name():
    class Full(Executor):
        def submit(self, *arguments):
            raise MemoryError

    message = complaint_and_nothing_lost(Full(), restarts=2)
    assert message == "executor: it could not do the work: MemoryError"


@pytest.mark.parametrize("options", [{"restarts": 2}, {"shards": 2}], ids=str)
@pytest.mark.parametrize("name", ["threads", "spawn", "dask"])
def test_an_executor_that_was_shut_down_is_refused_in_one_sentence(request, name, options):
    if name == "dask":
        executor = request.getfixturevalue("client").get_executor()
    else:
        executor = (ThreadPoolExecutor if name == "threads" else ProcessPoolExecutor)(1)
    executor.shutdown()
    message = complaint_and_nothing_lost(executor, **options)
    assert message == (
        "executor: it could not do the work: RuntimeError: "
        "cannot schedule new futures after shutdown"
    )


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


class Killing(Executor):
    """Kills a worker of a cluster in the middle of its work, once all has been submitted."""

    def __init__(self, client, pieces):
        self.client, self.pieces, self.killed = client, pieces, None
        self.executor = client.get_executor()

    def submit(self, *work):
        future = self.executor.submit(*work)
        self.pieces -= 1
        if self.pieces == 0:
            pids = self.client.run(os.getpid)
            self.killed = pids[self.busy_worker()]
            os.kill(self.killed, signal.SIGKILL)
        return future

    def busy_worker(self):
        """Return the address of a worker that is at work, and has told it."""
        end = monotonic() + 30.0
        while monotonic() < end:
            busy = [address for address, calls in self.client.call_stack().items() if calls]
            if busy:
                return busy[0]
            sleep(0.01)
        raise AssertionError("no worker has begun")


# Long enough, with two restarts, to be found at it.
LONG = {"epochs": 1000, "patience": 1000, "batch_size": 4}


def test_what_a_clusters_killed_worker_did_is_done_again_to_the_same_bits(client):
    client.wait_for_workers(2)
    killing = Killing(client, pieces=2)
    _, answer = fitted("Classifier", restarts=2, executor=killing, **LONG)
    assert answer == fitted("Classifier", restarts=2, **LONG)[1]
    client.wait_for_workers(2)
    assert killing.killed not in client.run(os.getpid).values()


def test_a_cluster_that_gives_up_fails_the_fit_and_that_one_alone(client, monkeypatch):
    """Dask remembers a failure as long as a traceback does, and a notebook keeps the last one."""
    client.wait_for_workers(2)
    restarts = {"restarts": 2, **LONG}
    with monkeypatch.context() as patch:
        patch.setattr(client.cluster.scheduler, "allowed_failures", 0)
        estimator, before = fitted("Classifier")
        estimator.set_params(executor=Killing(client, pieces=2), **restarts)
        with pytest.raises(PureNetError, match=r"^executor: .* KilledWorker: ") as kept:
            estimator.fit(X, LABELS)
        assert learned(estimator) == before
    client.wait_for_workers(2)
    again = fitted("Classifier", executor=client.get_executor(), **restarts)[1]
    assert again == fitted("Classifier", **restarts)[1], kept
