"""Which engine trains an estimator: the shape decides, a name overrides, and the bits stay."""

import copy
import pickle
import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from support import bits, complaint, replace_everywhere

from purenet import Network
from purenet.core import training
from purenet.core.optimizers import Adam
from purenet.engines import kernels, packed
from purenet.engines.compiling import compiled
from purenet.estimators import Classifier, Regressor
from purenet.formats import load, save

LARGE = {"hidden": 64, "epochs": 3, "patience": 9}
generator = random.Random(3)
X = [[generator.gauss(0.0, 1.0) for _ in range(64)] for _ in range(70)]
y = [int(row[0] > 0.0) + int(row[1] > row[2]) for row in X]


def fitted(**options):
    return Classifier(**{**LARGE, **options}).fit(X, y)


def of_the_network(estimator):
    network, losses = estimator.network_, [estimator.loss_curve_, estimator.validation_loss_curve_]
    return [bits(W) for W in [*network.weights, network.biases[:1], network.biases[1:], losses]]


@pytest.fixture
def engines(monkeypatch):
    """Record which engine each training was asked for, and which ran."""
    seen = []

    def train(work):
        history = original(work)
        seen.append((work.engine, history.engine))
        return history

    original = training.train
    monkeypatch.setattr(training, "train", train)
    return seen


@pytest.mark.parametrize("rows", [10, 70])
@pytest.mark.parametrize("epochs", [1, 4])
def test_a_large_shape_takes_packed_whatever_the_rows_and_the_epochs(rows, epochs, engines):
    Classifier(64, epochs=epochs).fit(X[:rows], y[:rows])
    Classifier(64, epochs=epochs, batch_size=None).fit(X[:rows], y[:rows])
    Regressor(64, epochs=epochs).fit(X[:rows], X[:rows])
    assert engines == [("packed", "packed")] * 3


def test_a_small_shape_or_a_small_batch_does_not(engines):
    Classifier(8, epochs=2).fit(X, y)
    fitted(batch_size=4)
    assert [asked for asked, _ in engines] == ["auto", "auto"]


@pytest.mark.parametrize("name", ["lists", "unrolled", "packed"])
def test_an_engine_that_is_named_trains(name, engines):
    fitted(engine=name)
    Classifier(8, epochs=2, engine=name).fit(X, y)
    assert engines == [(name, name)] * 2


def test_the_other_engines_agree_to_the_bit_and_packed_up_to_its_rounding():
    packed, lists, unrolled = (fitted(engine=name) for name in ("auto", "lists", "unrolled"))
    assert of_the_network(lists) == of_the_network(unrolled) != of_the_network(packed)
    for mine, its in zip(packed.network_.weights, lists.network_.weights):
        for row, others in zip(mine, its):
            # Adam may turn the last bits of a slope of nearly 0 into a step of its own.
            assert row == pytest.approx(others, rel=0.0, abs=1e-3)
    for name in ("loss_curve_", "validation_loss_curve_"):
        assert getattr(packed, name) == pytest.approx(getattr(lists, name), rel=1e-4)


def test_an_engine_that_is_none_is_refused():
    message = 'engine: expected "auto", "lists", "unrolled" or "packed", got \'numpy\''
    assert complaint(fitted, engine="numpy") == message


@pytest.mark.parametrize("until", [1, 2])
def test_a_packed_fit_is_resumed_to_the_same_bits(until):
    seen = []
    whole = fitted()
    fitted(callback=lambda descent: len(descent.losses) == until and seen.append(descent) is None)
    assert of_the_network(Classifier(**LARGE).resume(X, y, seen[0])) == of_the_network(whole)


def test_a_packed_training_in_parts_ends_in_the_same_bits():
    targets = [[row[0]] for row in X]
    whole = Network([64, 32, 1], seed=1, activation="tanh", bias=True)
    parts, optimizers = whole.copy(), (Adam(0.01), Adam(0.01))
    options = {"batch_size": 16, "reduction": "mean", "engine": "packed"}
    whole.train(X, targets, epochs=5, optimizer=optimizers[0], **options)
    for epochs in (2, 3):
        parts.train(X, targets, epochs=epochs, optimizer=optimizers[1], **options)
        optimizers = optimizers[0], copy.deepcopy(optimizers[1])
    assert [*map(bits, whole.weights)] == [*map(bits, parts.weights)]


def test_a_copy_of_a_packed_estimator_continues_to_the_same_bits_and_a_file_keeps_the_engine(
    tmp_path,
):
    first = fitted(engine="packed")
    save(first, tmp_path / "model.json")
    assert load(tmp_path / "model.json").engine == "packed"
    second = pickle.loads(pickle.dumps(first))
    for estimator in (first, second):
        estimator.partial_fit(X[:20], y[:20])
    assert of_the_network(first) == of_the_network(second)


def test_restarts_of_packed_fits_have_the_same_bits_on_workers():
    with ThreadPoolExecutor(2) as pool:
        there = fitted(restarts=2, executor=pool)
    assert of_the_network(there) == of_the_network(fitted(restarts=2))


@pytest.mark.parametrize("shards", [2, 3])
def test_shards_are_summed_in_floats_with_or_without_workers(shards, engines):
    with ThreadPoolExecutor(2) as pool:
        there = fitted(shards=shards, executor=pool)
    assert of_the_network(there) == of_the_network(fitted(shards=shards))
    assert {ran for _, ran in engines} == {"sharded"}


def test_weights_of_rows_are_summed_in_floats_as_the_plain_loop_does():
    alike = Classifier(**LARGE).fit(X, y, [1.0] * len(X))
    assert alike.network_.weights == fitted(engine="lists").network_.weights


@pytest.mark.parametrize("options", [{"shards": 2}, {"class_weight": "balanced"}], ids=str)
def test_packed_that_is_named_for_shards_or_weights_is_not_ignored_in_silence(options):
    for engine in ("packed", "unrolled"):
        with pytest.warns(UserWarning, match=f'"{engine}" cannot use (shards|row weights)'):
            named = fitted(engine=engine, **options)
        assert of_the_network(named) == of_the_network(fitted(**options))


def test_where_source_does_not_compile_a_fit_has_the_bits_of_the_plain_loop(monkeypatch):
    def refuse(*_):
        raise MemoryError

    expected = of_the_network(fitted(engine="lists"))
    for kept in (kernels.kernel_of, packed.kernel_of):
        kept.cache_clear()
    replace_everywhere(monkeypatch, compiled, refuse)
    with pytest.warns(UserWarning, match="MemoryError"):
        assert of_the_network(fitted()) == expected
