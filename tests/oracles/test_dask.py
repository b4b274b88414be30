"""Dask: restarts and shards on a cluster, whose workers may be killed, come to the same bits."""

import os
import signal
from concurrent.futures import Executor
from time import monotonic, sleep

import pytest
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
    fitted,
    learned,
)

from purenet import PureNetError

pytest.importorskip("dask.distributed")

from dask.distributed import Client, LocalCluster

# Python warns of forks beside threads, and NumPy has some; the workers do not touch NumPy.
pytestmark = pytest.mark.filterwarnings(
    "ignore:This process .* is multi-threaded:DeprecationWarning"
)


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    """Return the client of a cluster of two local workers, each a process."""
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
def executor(client):
    return client.get_executor()


# -- the same bits -------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
def test_restarts_have_the_same_bits_on_every_executor(executor, kind, weights):
    assert_restarts_have_the_same_bits(executor, kind, weights)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["", "weighted"])
def test_shards_have_the_same_bits_on_every_executor(executor, kind, weights):
    assert_shards_have_the_same_bits(executor, kind, weights)


def test_partial_fit_runs_its_shards_on_an_executor(executor):
    assert_partial_fit_has_the_same_bits(executor)


# -- errors --------------------------------------------------------------------------------------


@pytest.mark.parametrize("parts", [{"restarts": 3}, {"shards": 2}], ids=str)
def test_an_error_of_a_network_arrives_as_itself(executor, parts):
    assert_an_error_arrives_as_itself(executor, parts)


def test_any_other_error_of_a_worker_is_told_in_a_sentence(executor):
    assert_any_other_error_is_told_in_a_sentence(executor)


@pytest.mark.parametrize("options", [{"restarts": 2}, {"shards": 2}], ids=str)
def test_an_executor_that_was_shut_down_is_refused_in_one_sentence(client, options):
    assert_one_that_was_shut_down_is_refused(client.get_executor(), options)


# -- workers that die ----------------------------------------------------------------------------


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
