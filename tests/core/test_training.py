"""Training: every step against NumPy, the article's digits, and how it stops, fails and goes on."""

import copy
import math
import pickle
import sys
import types

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    OUTPUTS,
    Reference,
    ReferenceAdam,
    ReferenceRProp,
    ReferenceSGD,
    assert_touches_nothing,
    assert_within,
    complaint,
    finite_float,
    matrices,
    networks,
    problems,
    state_of,
)

from purenet import Diverged, Network, PureNetError
from purenet.core import ENGINES
from purenet.core.backpropagation import parameters
from purenet.core.matrix import all_finite, mean_absolute, subtract
from purenet.core.optimizers import SGD, Adam, RProp
from purenet.core.work import Work


def article(**options):
    return Network([3, 4, 1], **{"seed": 1, **options})


# -- against NumPy -----------------------------------------------------------------------------

# Arguments of `train`, and their formulas.
OPTIMIZERS = {
    "sgd": ({}, ReferenceSGD),
    "momentum": ({"momentum": 0.9}, lambda rate: ReferenceSGD(rate, 0.9)),
    "rprop": ({"optimizer": "rprop"}, ReferenceRProp),
    "adam": ({"optimizer": "adam"}, ReferenceAdam),
}


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(
    problem=problems(networks()),
    rate=st.sampled_from([0.001, 0.01, 0.03]),
    epochs=st.integers(1, 4),
    batch_size=st.integers(1, 16),
    shuffle=st.sampled_from([None, True, False]),
    reduction=st.sampled_from(["sum", "mean"]),
)
def test_whole_trainings_are_numpys(name, problem, rate, epochs, batch_size, shuffle, reduction):
    """Follow every step in NumPy, from the seed on, with all that rounding can do to it.

    Two things make a training jump where rounding tips them. The kink of relu is in the bounds:
    there they include both slopes. Signs (rprop) and quotients of as good as nothing (adam) are
    not: such examples are not counted, nor are those that magnify rounding to a millionth, or
    that grow without bound.
    """
    network, X, y = problem
    batch_size = len(X) if name == "rprop" else min(batch_size, len(X))
    options, reference = OPTIMIZERS[name]
    formulas = Reference(network)
    losses = formulas.train(
        X,
        y,
        reference(rate),
        epochs=epochs,
        batch_size=batch_size,
        shuffle=batch_size < len(X) if shuffle is None else shuffle,
        reduction=reduction,
    )
    history = network.train(
        X,
        y,
        epochs=epochs,
        learning_rate=rate,
        batch_size=batch_size,
        shuffle=shuffle,
        reduction=reduction,
        **options,
    )
    for matrix, expected in zip(parameters(network), formulas.parameters):
        assert_within(matrix, expected)
    for loss, expected in zip(history.loss, losses):
        assert_within([[loss]], expected)
    assert network.generator.random() == formulas.chance.random_sample()


# -- the article -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def article_errors():
    """Return the mean absolute error before iterations 0, 10000, ..., 50000, of 60,000."""
    network, errors = article(), []
    for _ in range(6):
        errors.append(mean_absolute(subtract(ARTICLE_Y, network.predict(ARTICLE_X))))
        network.train(ARTICLE_X, ARTICLE_Y, epochs=10_000)
    return errors


def test_the_article_comes_out_digit_for_digit(article_errors):
    assert [f"{error:.12g}" for error in article_errors] == [
        "0.496410031903",
        "0.00858452565325",
        "0.00578945986251",
        "0.00462917677677",
        "0.00395876528027",
        "0.00351012256786",
    ]


def test_the_articles_two_layers_come_out_digit_for_digit():
    network = Network([3, 1], seed=1)
    # The article prints what its 10,000th iteration put out, before the update.
    network.train(ARTICLE_X, [[0], [0], [1], [1]], epochs=10_000 - 1)
    outputs = [f"{output:.8f}" for [output] in network.predict(ARTICLE_X)]
    assert outputs == ["0.00966449", "0.00786506", "0.99358898", "0.99211957"]


# -- one training in two stretches -------------------------------------------------------------

STRETCHED = {
    "sgd": lambda: {"learning_rate": 0.01},
    "SGD": lambda: {"optimizer": SGD(0.01)},
    "momentum": lambda: {"optimizer": SGD(0.01, momentum=0.9)},
    "RProp": lambda: {"optimizer": RProp()},
    "Adam": lambda: {"optimizer": Adam()},
}


@pytest.mark.parametrize("name", STRETCHED)
@given(
    problem=problems(networks(layers=3, width=3), most_rows=5),
    stretches=st.tuples(st.integers(0, 4), st.integers(0, 4)),
    batch_size=st.integers(1, 5),
)
def test_two_stretches_give_the_bits_of_one(name, problem, stretches, batch_size):
    network, X, y = problem
    twin = network.copy()
    batch_size = len(X) if name == "RProp" else batch_size
    one, two = STRETCHED[name](), STRETCHED[name]()
    whole = network.train(X, y, epochs=sum(stretches), batch_size=batch_size, **one)
    parts = [twin.train(X, y, epochs=part, batch_size=batch_size, **two) for part in stretches]
    assert state_of(twin) == state_of(network)
    assert parts[0].loss + parts[1].loss == whole.loss
    assert memory_of(two) == memory_of(one)


def memory_of(options):
    return repr([getattr(value, "__dict__", value) for value in options.values()])


@pytest.mark.parametrize("name", ["rprop", "adam"])
def test_a_name_begins_anew_at_each_call(name):
    network, twin = article(), article()
    for _ in range(2):
        network.train(ARTICLE_X, ARTICLE_Y, epochs=2, optimizer=name)
        fresh = {"rprop": RProp, "adam": Adam}[name]()
        twin.train(ARTICLE_X, ARTICLE_Y, epochs=2, optimizer=fresh)
    assert state_of(network) == state_of(twin)


# -- what the options say when nothing is said -------------------------------------------------


def trained(**options):
    """Return the state of the article's network after three epochs with these options."""
    network = article(bias=True)
    network.train(ARTICLE_X, ARTICLE_Y, **{"epochs": 3, **options})
    return state_of(network)


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ({}, {"learning_rate": 1.0, "momentum": 0.0, "optimizer": "sgd", "reduction": "sum"}),
        ({}, {"learning_rate": None, "batch_size": None, "shuffle": None, "validation_data": None}),
        ({}, {"batch_size": 4, "shuffle": False}),
        ({}, {"batch_size": 100}),
        ({}, {"validation_data": (ARTICLE_X, ARTICLE_Y), "every": 2, "callback": lambda *_: None}),
        ({"batch_size": 3}, {"batch_size": 3, "shuffle": True}),
        ({"optimizer": "rprop"}, {"optimizer": "rprop", "learning_rate": 0.1}),
        ({"optimizer": "adam"}, {"optimizer": "adam", "learning_rate": 0.001}),
        ({"momentum": 0.9}, {"optimizer": SGD(momentum=0.9)}),
    ],
)
def test_these_options_train_to_the_same_bits(shorter, longer):
    assert trained(**shorter) == trained(**longer)


def test_no_option_is_without_effect():
    options = [
        {},
        {"learning_rate": 0.5},
        {"momentum": 0.5},
        {"reduction": "mean"},
        {"batch_size": 2},
        {"batch_size": 2, "shuffle": False},
        {"shuffle": True},
        {"optimizer": "rprop"},
        {"optimizer": "adam"},
        {"epochs": 4},
    ]
    assert len({repr(trained(**each)) for each in options}) == len(options)


def test_whatever_has_a_step_can_be_the_optimizer():
    class Halving:
        __slots__ = ()

        def step(self, parameters, gradients):
            return [[[weight / 2 for weight in row] for row in matrix] for matrix in parameters]

    network = article(bias=True)
    network.weights = [[[8.0] * 4] * 3, [[16.0]] * 4]
    network.train(ARTICLE_X, ARTICLE_Y, epochs=3, optimizer=Halving())
    assert network.weights == [[[1.0] * 4] * 3, [[2.0]] * 4]
    assert network.biases == [[0.0] * 4, [0.0]]


# -- the history -------------------------------------------------------------------------------


@given(st.integers(0, 60), st.integers(1, 70))
def test_the_history_has_every_so_many_epochs_and_the_last(epochs, every):
    history = Network([1, 1]).train([[1]], [[0]], epochs=epochs, every=every)
    assert history.epochs == sorted({*range(0, epochs, every), *range(epochs)[-1:]})
    assert len(history.loss) == len(history.epochs)
    assert history.validation_loss == []


@pytest.mark.parametrize(
    ("epochs", "every"), [(0, 1), (1, 1), (1000, 1), (1001, 10), (1999, 19), (60_000, 600)]
)
def test_a_long_history_keeps_about_a_hundred_entries(epochs, every):
    history = Network([1, 1]).train([[1]], [[0]], epochs=epochs)
    assert history.epochs == sorted({*range(0, epochs, every), *range(epochs)[-1:]})


@given(problems(networks(layers=3, width=3)))
def test_the_loss_is_that_before_each_epoch_to_the_last_bit(problem):
    network, X, y = problem
    # The history multiplies a batch's mean by its rows, and divides by them again. With
    # q = fl(t/m), fl(q·m) lies within half an ulp of q·m, or is t; fl(fl(q·m)/m) is q both times.
    twin = network.copy()
    history = network.train(X, y, epochs=3, learning_rate=0.01)
    for loss in history.loss:
        assert loss == twin.loss_on(X, y)
        twin.train(X, y, epochs=1, learning_rate=0.01)


@given(problems(networks(layers=3, width=3)), st.integers(1, 3))
def test_the_validation_loss_is_that_after_each_entrys_epoch(problem, every):
    network, X, y = problem
    seen = []
    history = network.train(
        X,
        y,
        epochs=4,
        every=every,
        learning_rate=0.01,
        validation_data=(X[::-1], y),
        callback=lambda network, _: seen.append(network.loss_on(X[::-1], y)),
    )
    assert history.validation_loss == seen
    assert len(seen) == len(history.epochs)


def test_no_epochs_change_nothing():
    network = article()
    before = state_of(network)
    history = network.train(ARTICLE_X, ARTICLE_Y, epochs=0, validation_data=(ARTICLE_X, ARTICLE_Y))
    assert state_of(network) == before
    assert repr(history) == (
        "History(epochs=[], loss=[], validation_loss=[], stopped='0 epochs done', engine='lists')"
    )


def test_the_history_says_what_it_has_and_why_it_ended():
    line = Network([1, 1], activation="linear", init="zeros")
    history = line.train([[1]], [[1]], epochs=2, learning_rate=0.5, validation_data=([[2]], [[1]]))
    assert repr(history) == (
        "History(epochs=[0, 1], loss=[0.5, 0.125], validation_loss=[0.0, 0.125], "
        "stopped='all 2 epochs done', engine='lists')"
    )


# -- the callback ------------------------------------------------------------------------------


def test_the_callback_sees_the_network_and_the_history_after_each_entry():
    network, seen = article(), []

    def look(*arguments):
        seen.append((*arguments, list(arguments[1].epochs), state_of(arguments[0])))

    history = network.train(ARTICLE_X, ARTICLE_Y, epochs=4, every=2, callback=look)
    assert [(each[0], each[1]) for each in seen] == [(network, history)] * 3
    assert [each[2] for each in seen] == [[0], [0, 2], [0, 2, 3]]
    for epochs, (*_, state) in zip((1, 3, 4), seen):
        twin = article()
        twin.train(ARTICLE_X, ARTICLE_Y, epochs=epochs)
        assert state_of(twin) == state


def test_the_callback_is_not_called_without_an_epoch():
    article().train(ARTICLE_X, ARTICLE_Y, epochs=0, callback=lambda *_: pytest.fail("called"))


@pytest.mark.parametrize("truth", [True, 1, "enough"])
def test_something_true_from_the_callback_stops_the_training(truth):
    network, twin = article(), article()
    history = network.train(
        ARTICLE_X,
        ARTICLE_Y,
        epochs=9,
        callback=lambda _, history: history.epochs[-1] == 3 and truth,
    )
    twin.train(ARTICLE_X, ARTICLE_Y, epochs=4)
    assert state_of(network) == state_of(twin)
    assert history.epochs == [0, 1, 2, 3]
    assert history.stopped == "the callback stopped it after epoch 3"


@pytest.mark.parametrize("error", [RuntimeError("no"), PureNetError("no"), KeyboardInterrupt()])
def test_an_exception_from_the_callback_passes_and_leaves_what_was_learned(error):
    network, twin = article(), article()

    def fail(network, history):
        if history.epochs[-1] == 3:
            raise error

    with pytest.raises(type(error)) as caught:
        network.train(ARTICLE_X, ARTICLE_Y, epochs=9, batch_size=2, callback=fail)
    assert caught.value is error
    twin.train(ARTICLE_X, ARTICLE_Y, epochs=4, batch_size=2)
    assert state_of(network) == state_of(twin)


# -- divergence --------------------------------------------------------------------------------

ADVICE = (
    ": the loss or a weight is no longer a finite number; try a smaller learning_rate, "
    'reduction="mean", or inputs scaled to about 1'
)


def diverging(network, X=ARTICLE_X, y=ARTICLE_Y, **options):
    """Train until it diverges; return the error."""
    with pytest.raises(Diverged) as caught:
        network.train(X, y, **{"epochs": 1000, **options})
    return caught.value


@pytest.mark.parametrize(
    ("activation", "bias"),
    [("linear", False), ("linear", True), ("leaky_relu", False), ("relu", True)],
)
@pytest.mark.parametrize("options", [{}, {"batch_size": 3}, {"momentum": 0.9}])
def test_a_divergence_names_its_epoch_and_leaves_the_weights_before_it(activation, options, bias):
    network = article(activation=activation, output_activation="linear", bias=bias)
    twin = network.copy()
    error = diverging(network, learning_rate=10.0, **options)
    epoch = len(error.history.epochs)
    assert epoch > 0
    assert str(error) == error.history.stopped == f"diverged in epoch {epoch}{ADVICE}"
    assert isinstance(error, PureNetError)
    assert all(map(all_finite, parameters(network)))
    history = twin.train(ARTICLE_X, ARTICLE_Y, epochs=epoch, learning_rate=10.0, **options)
    assert history.loss == error.history.loss
    assert parameters(twin) == parameters(network)


@pytest.mark.parametrize("options", [{}, {"batch_size": 2}])
def test_a_divergence_between_two_entries_of_the_history_names_its_own_epoch(options):
    epoch = len(diverging(article(activation="linear"), learning_rate=10.0, **options).history.loss)
    network = article(activation="linear")
    error = diverging(network, learning_rate=10.0, every=epoch + 10, **options)
    assert str(error) == f"diverged in epoch {epoch}{ADVICE}"
    assert error.history.epochs == [0]


def test_a_divergence_leaves_the_chance_as_it_was_before_that_epoch():
    network = article(activation="linear")
    twin = network.copy()
    error = diverging(network, learning_rate=10.0, batch_size=2)
    twin.train(
        ARTICLE_X, ARTICLE_Y, epochs=len(error.history.epochs), learning_rate=10.0, batch_size=2
    )
    assert state_of(network) == state_of(twin)


@pytest.mark.parametrize("make", [lambda: SGD(10.0, momentum=0.9), lambda: Adam(1e306)])
def test_a_divergence_leaves_the_optimizer_as_it_was_before_that_epoch(make):
    network, one, two = article(activation="linear"), make(), make()
    twin = network.copy()
    error = diverging(network, optimizer=one)
    twin.train(ARTICLE_X, ARTICLE_Y, epochs=len(error.history.epochs), optimizer=two)
    assert memory_of({"optimizer": one}) == memory_of({"optimizer": two})


def test_weights_that_leave_the_numbers_are_seen_while_the_loss_is_still_finite():
    network = Network([1, 1], init="zeros")
    error = diverging(network, [[1e200]], [[1]], learning_rate=1e200)
    assert str(error) == f"diverged in epoch 0{ADVICE}"
    assert network.weights == [[[0.0]]]


def test_biases_that_leave_the_numbers_are_seen_while_the_weights_are_still_finite():
    network = Network([1, 1], init="zeros", bias=True)
    error = diverging(network, [[0]], [[1e3]], learning_rate=1e308)
    assert str(error) == f"diverged in epoch 0{ADVICE}"
    assert network.biases == [[0.0]]


def test_a_loss_that_leaves_the_numbers_is_seen_while_the_weights_are_still_finite():
    network = Network([1, 1], activation="linear", init="zeros")
    error = diverging(network, [[1e-200]], [[1e200]])
    assert str(error) == f"diverged in epoch 0{ADVICE}"
    assert network.weights == [[[0.0]]]


@pytest.mark.parametrize("optimizer", ["sgd", "rprop", "adam"])
def test_a_gradient_that_is_no_number_is_seen_while_the_loss_is_still_finite(optimizer):
    network = Network([1, 1], activation="linear", init="zeros")
    X, y = [[1e200], [1e200]], [[1e150], [-1e150]]  # 1e350 - 1e350
    assert math.isfinite(network.loss_on(X, y))
    diverging(network, X, y, optimizer=optimizer)
    assert network.weights == [[[0.0]]]


FOR_ANY_TARGETS = [pair for pair in OUTPUTS if pair[1] == "squared_error"]


@given(
    network=networks(FOR_ANY_TARGETS, layers=3, width=3),
    optimizer=st.sampled_from(["sgd", "rprop", "adam"]),
    numbers=st.data(),
)
def test_whatever_the_numbers_training_ends_well_or_diverges(network, optimizer, numbers):
    m, n = network.sizes[0], network.sizes[-1]
    X, y = numbers.draw(matrices(2, m, finite_float)), numbers.draw(matrices(2, n, finite_float))
    before = state_of(network)
    try:
        history = network.train(X, y, epochs=2, optimizer=optimizer)
    except Diverged as error:
        assert error.history.epochs or state_of(network) == before
    else:
        assert all_finite([history.loss])
    assert all(map(all_finite, parameters(network)))


def test_a_divergence_can_be_pickled_as_it_comes_from_other_processes():
    error = diverging(article(activation="linear"), learning_rate=10.0)
    again = pickle.loads(pickle.dumps(error))
    assert str(again) == str(error)
    assert repr(again.history) == repr(error.history)


# -- what belongs to the caller stays the caller's ---------------------------------------------


def test_data_are_neither_changed_nor_shared():
    network = article(bias=True, activation="linear")
    assert_touches_nothing(
        lambda X, y: (
            network.train(X, y, epochs=2, batch_size=3, learning_rate=0.1, validation_data=(X, y)),
            network.weights,
            network.biases,
        ),
        ARTICLE_X,
        ARTICLE_Y,
    )


def test_data_that_change_during_the_training_change_nothing():
    X, y = copy.deepcopy(ARTICLE_X), copy.deepcopy(ARTICLE_Y)

    def spoil(*_):
        X[0][0] = y[0][0] = 7
        X.pop()

    network, twin = article(), article()
    options = {"epochs": 3, "batch_size": 2}
    validation_data = (ARTICLE_X, ARTICLE_Y)
    expected = twin.train(ARTICLE_X, ARTICLE_Y, validation_data=validation_data, **options)
    history = network.train(X, y, validation_data=(X, y), callback=spoil, **options)
    assert state_of(network) == state_of(twin)
    assert repr(history) == repr(expected)


# -- what it refuses ---------------------------------------------------------------------------


def used(optimizer):
    """Return an optimizer that remembers a network of another size."""
    optimizer.step([[[1.0]]], [[[1.0]]])
    return optimizer


WHOLE = "expected a whole number of at least"
STRANGER = "optimizer: its state fits other sizes: create a new optimizer"

BAD_OPTIONS = [
    ({"epochs": -1}, f"epochs: {WHOLE} 0, got -1"),
    ({"epochs": 1.5}, f"epochs: {WHOLE} 0, got 1.5"),
    ({"epochs": "3"}, f"epochs: {WHOLE} 0, got '3' (str)"),
    ({"epochs": None}, f"epochs: {WHOLE} 0, got None"),
    ({"epochs": True}, f"epochs: {WHOLE} 0, got True (bool)"),
    ({"batch_size": 0}, f"batch_size: {WHOLE} 1, got 0"),
    ({"batch_size": -2}, f"batch_size: {WHOLE} 1, got -2"),
    ({"batch_size": 2.0}, f"batch_size: {WHOLE} 1, got 2.0"),
    ({"every": 0}, f"every: {WHOLE} 1, got 0"),
    ({"every": "1"}, f"every: {WHOLE} 1, got '1' (str)"),
    ({"learning_rate": 0}, "learning_rate: expected a number above 0, got 0"),
    ({"learning_rate": -0.5}, "learning_rate: expected a number above 0, got -0.5"),
    ({"learning_rate": math.nan}, "learning_rate: expected a number above 0, got nan"),
    ({"learning_rate": "0.1"}, "learning_rate: expected a number above 0, got '0.1' (str)"),
    ({"momentum": 1.0}, "momentum: expected a number from 0 to below 1, got 1.0"),
    ({"momentum": -0.1}, "momentum: expected a number from 0 to below 1, got -0.1"),
    ({"momentum": None}, "momentum: expected a number from 0 to below 1, got None"),
    ({"momentum": 0.9, "optimizer": "adam"}, "momentum: only sgd takes it, not adam"),
    ({"reduction": "max"}, 'reduction: expected "sum" or "mean", got \'max\''),
    ({"reduction": None}, 'reduction: expected "sum" or "mean", got None'),
    ({"optimizer": "SGD"}, 'optimizer: expected "sgd", "rprop" or "adam", got \'SGD\''),
    ({"optimizer": None}, 'optimizer: expected "sgd", "rprop" or "adam", got None'),
    (
        {"optimizer": Adam(), "learning_rate": 0.1},
        "learning_rate and momentum: set them when you create the optimizer",
    ),
    ({"optimizer": used(Adam())}, STRANGER),
    ({"optimizer": used(SGD(momentum=0.9))}, STRANGER),
    ({"optimizer": used(RProp()), "batch_size": None}, STRANGER),
    (
        {"optimizer": "rprop", "batch_size": 2},
        "batch_size: rprop needs the full batch, 4 rows, not 2",
    ),
    (
        {"optimizer": RProp(), "batch_size": 3},
        "batch_size: rprop needs the full batch, 4 rows, not 3",
    ),
    ({"validation_data": 5}, "validation_data: expected a pair (X, y), got 5"),
    ({"validation_data": "Xy"}, "validation_data: expected a pair (X, y), got 'Xy' (str)"),
    (
        {"validation_data": ([[1]],)},
        "validation_data: expected a pair (X, y), got ([[1]],) (tuple)",
    ),
    (
        {"engine": "numpy"},
        'engine: expected "auto", "lists", "unrolled" or "packed", got \'numpy\'',
    ),
    ({"shuffle": "no"}, "shuffle: expected True or False, got 'no' (str)"),
    ({"callback": 5}, "callback: expected a function, got 5"),
    (
        {"validation_data": ([[1, 2]], [[1]])},
        "validation_data X: row 0 has 2 values, but the network has 3 inputs",
    ),
    (
        {"validation_data": (ARTICLE_X, [[1, 2]])},
        "validation_data y: row 0 has 2 values, but the network has 1 output",
    ),
    (
        {"validation_data": (ARTICLE_X, [[1]])},
        "validation_data y: 1 row, but validation_data X has 4 rows",
    ),
    (
        {"validation_data": (ARTICLE_X, [[1], [0], [2], [0]])},
        "validation_data y: row 2 has 2.0, but cross_entropy needs values from 0 to 1",
    ),
]


@pytest.mark.parametrize(("options", "message"), BAD_OPTIONS)
def test_a_refused_training_leaves_everything_as_it_was(options, message):
    network = article(bias=True, loss="cross_entropy")
    options = {"epochs": 1, "batch_size": 2, "shuffle": True, **options}
    before, memory = state_of(network), memory_of(options)
    X, y = copy.deepcopy(ARTICLE_X), copy.deepcopy(ARTICLE_Y)
    assert complaint(network.train, X, y, **options) == message
    assert state_of(network) == before
    assert memory_of(options) == memory
    assert (X, y) == (ARTICLE_X, ARTICLE_Y)


@pytest.mark.parametrize("steps", [0, 1, 3, 7])
def test_an_epoch_that_is_interrupted_is_undone_and_training_goes_on_to_the_same_bits(steps):
    class Interrupted(Adam):
        def step(self, *arguments):
            if self.steps == steps:
                raise KeyboardInterrupt
            return super().step(*arguments)

    options = {"batch_size": 1, "shuffle": True}  # an epoch has four steps
    network, optimizer = article(), Interrupted()
    with pytest.raises(KeyboardInterrupt):
        network.train(ARTICLE_X, ARTICLE_Y, epochs=3, optimizer=optimizer, **options)
    assert optimizer.steps == steps // 4 * 4
    resumed = Adam()
    resumed.__dict__.update(optimizer.__dict__)
    network.train(ARTICLE_X, ARTICLE_Y, epochs=3 - steps // 4, optimizer=resumed, **options)

    whole = article()
    whole.train(ARTICLE_X, ARTICLE_Y, epochs=3, optimizer="adam", **options)
    assert state_of(network) == state_of(whole)


def test_a_callback_is_called_after_every_epoch_however_many():
    calls = []
    article().train(ARTICLE_X, ARTICLE_Y, epochs=1500, callback=lambda *_: calls.append(None))
    assert len(calls) == 1500


def test_weights_that_are_no_numbers_before_the_training_are_not_its_fault():
    network = article()
    network.weights[0][0][0] = math.nan
    message = complaint(network.train, ARTICLE_X, ARTICLE_Y, epochs=1)
    assert message == "weights: one is NaN or infinite before the training has begun"


# -- an engine of the caller's own, and those in the registry ------------------------------------


def own_engine(does=lambda n: n, loss=0.5):
    """Return an engine that does a part of the epochs it is asked for, and what it was asked."""
    asked = []

    def engine(work):
        asked.append(work)

        def advance(n):
            asked.append(n)
            return does(n), loss

        return advance

    return engine, asked


def test_an_engine_of_the_callers_own_gets_the_work_and_then_each_stretch_of_epochs():
    engine, asked = own_engine()
    network, optimizer = article(), SGD(0.5)
    options = {"batch_size": 3, "reduction": "mean", "shuffle": False, "every": 4}
    before = state_of(network)
    history = network.train(
        ARTICLE_X, ARTICLE_Y, epochs=10, optimizer=optimizer, engine=engine, **options
    )
    work = asked[0]
    assert work.network is network
    assert work.optimizer is optimizer
    assert (work.X, work.y) == (ARTICLE_X, ARTICLE_Y)
    assert (work.epochs, work.batch_size, work.shuffle, work.reduction) == (10, 3, False, "mean")
    assert asked[1:] == [1, 4, 4, 1]  # up to the epochs 0, 4, 8, and to the last
    assert history.epochs == [0, 4, 8, 9]
    assert history.loss == [0.5] * 4
    assert history.engine == "engine"
    assert state_of(network) == before


class Dropping:
    """An optimizer whose step forgets the biases."""

    def step(self, parameters, gradients):
        return parameters[:1]


def test_an_optimizer_that_drops_a_matrix_is_refused_and_nothing_is_lost():
    network = Network([3, 1], bias=True, seed=1)
    before = state_of(network)
    options = {"epochs": 1, "optimizer": Dropping(), "engine": "lists"}
    message = complaint(network.train, ARTICLE_X, ARTICLE_Y, **options)
    assert message == "optimizer: expected 2 matrices from its step, got 1"
    assert state_of(network) == before


def test_a_work_of_its_own_asks_for_no_engine_by_name():
    assert Work(article(), ARTICLE_X, ARTICLE_Y, epochs=1).engine == "auto"


def test_an_engine_without_a_name_is_called_own():
    class Engine:
        def __call__(self, work):
            return lambda n: (n, 0.5)

    history = article().train(ARTICLE_X, ARTICLE_Y, epochs=1, engine=Engine())
    assert history.engine == "own"


@pytest.mark.parametrize("part", [0, 1, 2])
def test_the_plain_loop_does_the_epochs_that_an_engine_leaves(part):
    """An engine that does nothing in the epochs it counts: as many are missing in the end."""
    engine, asked = own_engine(lambda n: min(n, part))
    network, twin = article(), article()
    history = network.train(ARTICLE_X, ARTICLE_Y, epochs=7, every=3, engine=engine)
    assert asked[1:] == [1, 3, 3]
    twin.train(ARTICLE_X, ARTICLE_Y, epochs=7 - sum(min(n, part) for n in asked[1:]))
    assert state_of(network) == state_of(twin)
    assert history.epochs == [0, 3, 6]
    assert history.engine == "engine and lists"


@pytest.mark.parametrize("loss", [math.nan, math.inf])
@pytest.mark.parametrize(("fails_at", "epoch"), [(1, 0), (5, 5)])
def test_a_divergence_in_an_engine_of_the_callers_own_names_its_last_epoch(loss, fails_at, epoch):
    def engine(work):  # it is asked for 1 epoch first, then for 5 at a time
        return lambda n: (n, loss if n == fails_at else 0.5)

    error = diverging(article(), engine=engine, every=5, epochs=20)
    assert str(error) == f"diverged in epoch {epoch}{ADVICE}"
    assert error.history.epochs == list(range(0, epoch, 5))


def registered(monkeypatch, engine):
    """Put an engine in the place of "unrolled", as `purenet` does it."""
    module = types.ModuleType("an_engine_of_the_tests")
    module.unrolled = engine
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setitem(ENGINES, "unrolled", module.__name__)


@pytest.mark.parametrize("name", ["auto", "unrolled"])
def test_an_engine_in_the_registry_is_told_by_which_name_it_was_asked_for(monkeypatch, name):
    engine, asked = own_engine()
    registered(monkeypatch, engine)
    network = article()
    history = network.train(ARTICLE_X, ARTICLE_Y, epochs=2, engine=name)
    assert history.engine == "unrolled"
    assert asked[0].network is network
    assert asked[0].engine == name
    assert asked[1:] == [1, 1]


def test_packed_is_missed_where_it_is_not_there_because_no_other_engine_has_its_bits(monkeypatch):
    network = article()
    before, options = state_of(network), {"epochs": 3, "engine": "packed"}
    message = 'engine: "packed" cannot be loaded here; take "auto"'
    monkeypatch.setitem(ENGINES, "packed", "purenet.no_such_module")
    assert complaint(network.train, ARTICLE_X, ARTICLE_Y, **options) == message
    monkeypatch.delitem(ENGINES, "packed")  # as where `core` stands alone
    assert complaint(network.train, ARTICLE_X, ARTICLE_Y, **options) == message
    assert state_of(network) == before


def test_lists_asks_no_engine(monkeypatch):
    registered(monkeypatch, lambda *_: pytest.fail("asked"))
    history = article().train(ARTICLE_X, ARTICLE_Y, epochs=1, engine="lists")
    assert history.engine == "lists"


@pytest.mark.parametrize("name", ["auto", "unrolled"])
def test_the_plain_loop_trains_where_an_engine_refuses_or_is_not_there(monkeypatch, name):
    network, without, twin = article(), article(), article()
    twin.train(ARTICLE_X, ARTICLE_Y, epochs=3, engine="lists")
    registered(monkeypatch, lambda *_: None)
    assert network.train(ARTICLE_X, ARTICLE_Y, epochs=3, engine=name).engine == "lists"
    monkeypatch.setitem(ENGINES, "unrolled", "purenet.no_such_module")
    assert without.train(ARTICLE_X, ARTICLE_Y, epochs=3, engine=name).engine == "lists"
    assert state_of(network) == state_of(without) == state_of(twin)
