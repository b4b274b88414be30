"""The engines: the same bits as the plain loop, whatever the options; and source to be read."""

import ast
import copy
import io
import keyword
import math
import re
import shutil
import subprocess
import sys
import tokenize
from fractions import Fraction
from itertools import count
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    CHECKOUT,
    HIDDEN,
    OUTPUTS,
    any_float,
    bits,
    complaint,
    networks,
    problems,
    replace_everywhere,
    state_of,
)

from purenet import Diverged, Network, PureNetError
from purenet.core import ENGINES
from purenet.core.checks import one_hot
from purenet.core.mt19937 import MT19937
from purenet.core.optimizers import SGD, Adam, RProp
from purenet.core.training import learn
from purenet.core.work import Work
from purenet.engines import (
    choice,
    compile_predict,
    kernels,
    prediction,
    source,
    stretches,
    unrolled,  # to be there before a test replaces what it takes from `choice`
)
from purenet.engines.compiling import compiled


def article(**options):
    """Train the article's network for a while; return it and the history."""
    network = Network([3, 4, 1], seed=1)
    return network, network.train(ARTICLE_X, ARTICLE_Y, **{"epochs": 500, **options})


def digits_like(sizes, rows):
    """Return a network of these sizes and as many rows of normal inputs, each with a class."""
    generator = MT19937(7)
    X = [[generator.normal() for _ in range(sizes[0])] for _ in range(rows)]
    return Network(sizes, seed=1), X, one_hot([r % sizes[-1] for r in range(rows)])


@pytest.fixture
def without_plain_loop(monkeypatch):
    """Make the plain loop fail, so that a test sees who did the work."""
    replace_everywhere(monkeypatch, learn, lambda *_: pytest.fail("the plain loop ran"))


@pytest.fixture
def short_sums(monkeypatch):
    """Let the kernels divide sums and batches that are longer than two."""
    monkeypatch.setattr(kernels, "TERMS_A_LINE", 2)
    monkeypatch.setattr(kernels, "ROWS_A_BLOCK", 2)
    kernels.kernel_of.cache_clear()
    yield
    kernels.kernel_of.cache_clear()


def python(program, folder):
    """Return the output of a program in a separate process."""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=folder
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- the same bits -----------------------------------------------------------------------------

# Inputs and weights that may be folded away, or must not be, and some that make exp overflow.
telling = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 1000.0, -1000.0, 1e200, -1e200])
mostly_as_drawn = st.integers(0, 3).map(bool)


@st.composite
def trainings(draw):
    """Draw a network, data, an optimizer, and options of `train`."""
    network, X, y = draw(problems(networks(layers=4, width=5), most_rows=7))
    for row in [*X, *[row for matrix in network.weights for row in matrix]]:
        row[:] = [number if draw(mostly_as_drawn) else draw(telling) for number in row]
    if network.loss == "squared_error" and draw(st.booleans()):
        y = [[draw(telling) for _ in row] for row in y]
    rate = draw(st.sampled_from([1.0, 0.5, 0.01, 100.0, 1e-300]))
    kinds = [SGD(rate), SGD(rate), SGD(rate, momentum=0.5), Adam(rate), RProp(rate)]
    optimizer = draw(st.sampled_from(kinds))
    whole = isinstance(optimizer, RProp) or draw(st.booleans())
    options = {
        "batch_size": len(X) if whole else draw(st.integers(1, len(X))),
        "epochs": draw(st.integers(1, 6)),
        "every": draw(st.integers(1, 4)),
        "reduction": draw(st.sampled_from(["sum", "mean"])),
        "shuffle": draw(st.sampled_from([None, True, False])),
    }
    return network, X, y, optimizer, options


@st.composite
def plain_trainings(draw):
    """Draw such trainings as the engine has most tricks for: sigmoids, zeros and ones, descent."""
    network, X, y = draw(problems(networks([("sigmoid", "squared_error"), *OUTPUTS], layers=4)))
    network.activation = draw(st.sampled_from(["sigmoid", "sigmoid", "sigmoid", "tanh"]))
    bit, as_drawn = st.sampled_from([0.0, 1.0]), draw(st.sampled_from([0, 0, 50]))
    X = [[x if draw(st.integers(1, 100)) <= as_drawn else draw(bit) for x in row] for row in X]
    if network.loss == "squared_error":
        target = draw(st.sampled_from([bit, bit, telling]))
        y = [[draw(target) for _ in row] for row in y]
    if draw(st.booleans()):
        network.weights[0][0] = [draw(telling) for _ in network.weights[0][0]]
    rate = draw(st.sampled_from([1.0, 1.0, 0.5, 1000.0]))
    reduction = draw(st.sampled_from(["sum", "mean"]))
    options = {
        "batch_size": len(X),
        "epochs": 4,
        "every": 3,
        "reduction": reduction,
        "shuffle": False,
    }
    return network, X, y, SGD(rate), options


def result(network, X, y, optimizer, options, engine):
    """Train a copy twice over; return all that there is to see, to the last bit."""
    network, optimizer = network.copy(), copy.deepcopy(optimizer)
    seen = []
    for _ in range(2):
        try:
            history = network.train(X, y, optimizer=optimizer, engine=engine, **options)
        except Diverged as diverged:
            history = diverged.history
        seen.append((history.epochs, bits([history.loss]), history.stopped))
    return seen, state_of(network), repr(vars(optimizer))


@pytest.mark.usefixtures("short_sums")
@pytest.mark.parametrize("form", ["rows", "loop", "kernels"])
def test_the_bits_are_those_of_the_plain_loop_whatever_the_options(form, monkeypatch):
    @given(trainings() | plain_trainings())
    def compare(training):
        _, X, _, _, options = training
        whole = options["batch_size"] == len(X) and not options["shuffle"]
        fitting = "loop" if form == "rows" and not whole else form
        replace_everywhere(monkeypatch, choice.choose_form, lambda *_, **__: fitting)
        assert result(*training, "unrolled") == result(*training, "lists")

    compare()


@pytest.mark.usefixtures("without_plain_loop")
@pytest.mark.parametrize("form", ["rows", "loop", "kernels"])
@pytest.mark.parametrize("output, loss", OUTPUTS)
@pytest.mark.parametrize("optimizer", [SGD(0.1, momentum=0.5), Adam(), RProp(), SGD()])
def test_no_option_is_left_to_the_plain_loop(form, output, loss, optimizer, monkeypatch):
    replace_everywhere(monkeypatch, choice.choose_form, lambda *_, **__: form)
    for hidden, bias in [(name, bias) for name in HIDDEN for bias in (False, True)]:
        names = {"activation": hidden, "output_activation": output, "loss": loss}
        network = Network([3, 4, 2], seed=1, bias=bias, init="glorot", **names)
        for reduction in ("sum", "mean"):
            network.train(
                [[0.0, 0.25, 1.0], [1.0, -0.5, 0.0]],
                [[0.0, 1.0], [0.5, 0.5]],
                epochs=3,
                optimizer=copy.deepcopy(optimizer),
                reduction=reduction,
                engine="unrolled",
            )


@pytest.mark.parametrize("sizes, rows", [([60, 55, 3], 120), ([300, 2], 3), ([2, 2], 300)])
def test_the_bits_are_those_of_the_plain_loop_where_sums_are_long(sizes, rows):
    network, X, y = digits_like(sizes, rows)
    options = {"epochs": 2, "batch_size": 110, "learning_rate": 0.01}
    same = network.copy()
    network.train(X, y, engine="unrolled", **options)
    same.train(X, y, engine="lists", **options)
    assert state_of(network) == state_of(same)


@pytest.mark.parametrize("sizes", [[2, 1], [2, 2, 1], [2, 3, 5], [2, 2, 2, 1]])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("target", [1.0, 1e308])
def test_the_bits_are_those_of_the_plain_loop_where_a_row_is_all_zeros(sizes, bias, target):
    X = [[0, 0], [0, 1], [1, 0], [1, 1]]
    y = [[bit * target] * sizes[-1] for bit in (0, 1, 1, 0)]
    network = Network(sizes, bias=bias, seed=1)
    options = {"batch_size": 4, "epochs": 300, "every": 100}
    assert result(network, X, y, SGD(), options, "unrolled") == result(
        network, X, y, SGD(), options, "lists"
    )


# Each tells a condition of a trick: what would otherwise be lost is a constant that is not 0.5, or
# an infinite delta of a row of zeros.
half = 0.85e308
TELLING = {
    "tanh(0) is not 0.5": (
        [2, 3, 1],
        {"activation": "tanh", "output_activation": "sigmoid"},
        [[0, 0], [1, 0]],
        [[0], [1]],
        {},
    ),
    "enormous targets": ([2, 2, 1], {}, [[0, 0], [1, 0]], [[1e150], [0]], {1: [[1e200], [-1e200]]}),
    "many outputs": (
        [2, 2, 14],
        {},
        [[0, 0], [1, 0]],
        [[1] * 14, [0] * 14],
        {1: [[2 * half] * 14, [-2 * half] * 14]},
    ),
    "cross-entropy": (
        [2, 2, 4],
        {"loss": "cross_entropy"},
        [[0, 0], [1, 0]],
        [[1] * 4, [0] * 4],
        {1: [[2 * half] * 4, [-2 * half] * 4]},
    ),
    "more layers": (
        [2, 2, 2, 1],
        {},
        [[0, 0], [1, 0]],
        [[1], [0]],
        {1: [[1e3, -1e3], [-1e3, 1e3]], 2: [[2 * half], [-2 * half]]},
    ),
}


@pytest.mark.parametrize("sizes, names, X, y, weights", TELLING.values(), ids=TELLING)
@pytest.mark.parametrize("rate", [1.0, 1e-300])
def test_no_trick_is_played_where_it_would_show(sizes, names, X, y, weights, rate, monkeypatch):
    replace_everywhere(monkeypatch, choice.choose_form, lambda *_, **__: "rows")
    network = Network(sizes, seed=1, **names)
    for k, matrix in weights.items():
        network.weights[k] = matrix
    options = {"epochs": 1}
    assert result(network, X, y, SGD(rate), options, "unrolled") == result(
        network, X, y, SGD(rate), options, "lists"
    )


@pytest.mark.usefixtures("without_plain_loop")
@pytest.mark.parametrize("sizes", [[3, 4, 1], [3, 300, 1]])
def test_where_exp_overflows_the_engine_goes_on_with_a_guarded_one(sizes):
    network = Network(sizes, seed=1)
    network.weights[0][2] = [-1000.0] * sizes[1]
    answer = network.train(ARTICLE_X, ARTICLE_Y, epochs=3, engine="unrolled")
    assert answer.engine == "unrolled"
    assert [row[:2] for row in network.forward(ARTICLE_X)[1]] == [[0.0, 0.0]] * 4


@pytest.mark.parametrize("engine", ["lists", "unrolled"])
def test_a_training_that_diverges_keeps_the_last_finite_weights_and_names_the_epoch(engine):
    network = Network([1, 1], activation="linear", init="zeros")
    with pytest.raises(Diverged) as caught:
        network.train([[1.0]], [[1.0]], epochs=3000, learning_rate=10.0, engine=engine)
    # The error grows ninefold each time: 9**323 is 1.7e308 and squared errors end at 9**161.
    assert network.weights == [[[pytest.approx(1.0 - 81.0**81, rel=1e-12)]]]
    assert "diverged in epoch 162" in str(caught.value)


@pytest.mark.parametrize("engine", ["lists", "unrolled"])
def test_a_loss_that_is_infinite_for_one_epoch_among_others_ends_the_training(engine):
    def meddle(network, history):
        network.weights = [[[1e200]]]  # its square is infinite; one step later the error is zero

    network = Network([1, 1], activation="linear", init="zeros")
    with pytest.raises(Diverged, match="diverged in epoch 1"):
        network.train([[1.0]], [[1.0]], epochs=10, every=5, callback=meddle, engine=engine)


def test_callbacks_may_change_weights_and_learning_rate_between_stretches():
    def meddle(network, history):
        network.weights[0][0] = [-0.0, 0.5, 0.0, -0.5]
        optimizer.learning_rate = 1.0 / (1 + len(history.epochs) % 3)
        return len(history.epochs) == 7

    states = []
    for engine in ("lists", "unrolled"):
        optimizer = SGD()
        network, history = article(
            engine=engine,
            optimizer=optimizer,
            callback=meddle,
            every=3,
            validation_data=(ARTICLE_X, ARTICLE_Y),
        )
        assert history.engine == engine
        states.append((state_of(network), history.loss, history.validation_loss, history.stopped))
    assert states[0] == states[1]


CHANGES = {
    "biases": lambda network: setattr(network, "biases", [[0.1] * 4, [0.2]]),
    "activation": lambda network: setattr(network, "activation", "tanh"),
    "loss": lambda network: setattr(network, "loss", "cross_entropy"),
    "sizes": lambda network: vars(network).update(vars(Network([3, 2, 1], seed=1))),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("form", ["rows", "loop", "kernels"])
def test_a_callback_may_make_it_another_network(change, form, monkeypatch):
    replace_everywhere(monkeypatch, choice.choose_form, lambda *_, **__: form)

    def meddle(network, history):
        change(network)

    networks = [article(engine=e, callback=meddle, every=5)[0] for e in ("lists", "unrolled")]
    assert state_of(networks[0]) == state_of(networks[1])


@pytest.mark.parametrize("form", ["rows", "loop", "kernels"])
def test_a_loss_that_a_callback_makes_impossible_is_refused_by_every_engine(form, monkeypatch):
    replace_everywhere(monkeypatch, choice.choose_form, lambda *_, **__: form)

    def meddle(network, history):
        network.output_activation, network.loss = "linear", "cross_entropy"

    for engine in ("lists", "unrolled"):
        with pytest.raises(PureNetError) as caught:
            article(engine=engine, callback=meddle, every=5)
        needed = "needs a sigmoid or softmax output layer, not linear"
        assert str(caught.value) == f'loss: "cross_entropy" {needed}'


MEDDLING = {
    "learning rate": lambda network, optimizer: setattr(optimizer, "learning_rate", 0.25),
    "momentum": lambda network, optimizer: setattr(optimizer, "momentum", 0.5),
    "activation": lambda network, optimizer: setattr(network, "activation", "tanh"),
    "-0.0": lambda network, optimizer: setattr(network, "weights", [[[-0.0] * 4] * 3, [[0.5]] * 4]),
}


@pytest.mark.parametrize("meddle", MEDDLING.values(), ids=MEDDLING)
@pytest.mark.parametrize("form", ["rows", "loop", "kernels"])
def test_an_engine_around_another_may_change_what_it_trains(meddle, form, monkeypatch):
    replace_everywhere(monkeypatch, choice.choose_form, lambda *_, **__: form)
    states = []
    for inner in (unrolled.unrolled, lambda work: lambda epochs: (0, 0.0)):
        optimizer, calls = SGD(1.0), []

        def wrapped(work, inner=inner, optimizer=optimizer, calls=calls):
            advance = inner(work)

            def run(epochs):
                calls.append(epochs)
                if len(calls) == 3:
                    meddle(work.network, optimizer)
                return advance(epochs)

            return run

        network, history = article(engine=wrapped, optimizer=optimizer, every=1, epochs=20)
        states.append((state_of(network), history.loss))
    assert states[0] == states[1]


@pytest.mark.parametrize("engine", ["lists", "unrolled"])
def test_weights_of_a_wrong_shape_are_refused_in_the_words_of_the_plain_loop(engine):
    def meddle(network, history):
        network.weights[0].append([0.5] * 4)

    with pytest.raises(PureNetError) as caught:
        article(engine=engine, callback=meddle)
    assert str(caught.value) == "dot: inner sizes differ: (4 x 3) · (4 x 4)"


def test_ctrl_c_leaves_the_network_as_it_was_between_two_stretches(monkeypatch):
    calls = iter(range(20 * 75))

    def exp(x):
        if next(calls, None) is None:
            raise KeyboardInterrupt
        return math.exp(x)

    clock = count(0.0, 0.125)  # an eighth of a second for each stretch: so the next is longer
    monkeypatch.setattr(stretches, "SECONDS_A_STRETCH", 1.0)
    monkeypatch.setattr(stretches, "perf_counter", lambda: next(clock))
    monkeypatch.setattr(stretches, "math", SimpleNamespace(**{**vars(math), "exp": exp}))
    network = Network([3, 4, 1], seed=1)
    with pytest.raises(KeyboardInterrupt):
        network.train(ARTICLE_X, ARTICLE_Y, epochs=500, every=500, engine="unrolled")
    assert state_of(network) == state_of(article(epochs=1 + 8 + 64, engine="lists")[0])


def test_a_stretch_takes_about_a_tenth_of_a_second(monkeypatch):
    clock, lengths = [0.0], []

    def run(epochs, exp):
        lengths.append(epochs)
        clock[0] += 0.03 * epochs
        return 0.5

    monkeypatch.setattr(stretches, "perf_counter", lambda: clock[0])
    slow = stretches.Stretches(Work(Network([1, 1]), [[1]], [[1]], epochs=12), run)
    assert slow.advance(12) == (12, 0.5)
    assert lengths == [1, 3, 3, 3, 2]


# -- which engine runs -------------------------------------------------------------------------


@pytest.mark.usefixtures("without_plain_loop")
@pytest.mark.parametrize(
    "sizes, rows, options",
    [
        ([3, 4, 1], 4, {"epochs": 2000}),
        ([64, 32, 10], 32, {"epochs": 50}),
        ([4, 8, 3], 40, {"epochs": 200, "batch_size": 8, "optimizer": "adam"}),
    ],
)
def test_auto_unrolls_where_it_pays(sizes, rows, options):
    network, X, y = digits_like(sizes, rows) if sizes[-1] > 1 else (None, ARTICLE_X, ARTICLE_Y)
    network = network or Network(sizes, seed=1)
    assert network.train(X, y, **options).engine == "unrolled"


def test_auto_keeps_the_plain_loop_for_a_short_training():
    assert article(epochs=3)[1].engine == "lists"


def test_an_unknown_engine_is_refused():
    network = Network([3, 4, 1])
    assert complaint(network.train, ARTICLE_X, ARTICLE_Y, epochs=1, engine="numpy") == (
        'engine: expected "auto", "lists", "unrolled" or "packed", got \'numpy\''
    )


class Halved(SGD):
    def step(self, parameters, gradients):
        return super().step(parameters, [[[g / 2 for g in row] for row in G] for G in gradients])


def halved():
    optimizer = SGD()
    optimizer.step = Halved().step
    return optimizer


@pytest.mark.parametrize("optimizer", [Halved(), halved()])
def test_an_optimizer_that_is_not_purenets_own_is_left_to_the_plain_loop(optimizer):
    network, history = article(optimizer=optimizer, engine="unrolled")
    assert history.engine == "lists"
    assert network.weights == article(learning_rate=0.5, engine="lists")[0].weights


def test_epochs_without_end_can_be_stopped():
    history = article(epochs=10**400, callback=lambda *_: True)[1]
    assert history.stopped == "the callback stopped it after epoch 0"


REFUSALS = {
    "exec is gone": """
import builtins, purenet.engines.stretches, purenet.engines.unrolled
del builtins.exec, builtins.compile
""",
    "an audit hook refuses": """
def refuse(event, _):
    if event in ("compile", "exec"):
        raise RuntimeError("not here")
sys.addaudithook(refuse)
""",
}


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize(("engine", "epochs"), [("auto", 20_000), ("unrolled", 200)])
def test_where_exec_is_refused_training_and_prediction_do_without_it(refusal, engine, epochs):
    program = f"""
import sys
from purenet import Network
from purenet.core import training
from purenet.engines import compile_predict
network = Network([2, 2, 1], seed=1)
{refusal}
history = network.train([[0, 1]], [[1]], epochs={epochs}, engine="{engine}")
assert history.engine == "lists", history.engine
assert compile_predict(network)([0, 1]) == network.predict([[0, 1]])[0]
"""
    assert python(program, CHECKOUT) == ""


def test_source_that_does_not_compile_is_no_reason_to_stop(monkeypatch):
    def refuse(*_):
        raise MemoryError

    replace_everywhere(monkeypatch, compiled, refuse)
    stretches.compiled_training.cache_clear()
    network, history = article(engine="unrolled")
    assert history.engine == "lists"
    assert compile_predict(network)([1, 0, 1]) == network.predict([[1, 0, 1]])[0]


def test_an_engine_that_is_not_there_is_done_without(monkeypatch):
    monkeypatch.setitem(ENGINES, "unrolled", "purenet.engines.left_out")
    assert article(engine="unrolled")[1].engine == "lists"


def test_core_alone_trains_whatever_engine_is_named(tmp_path):
    shutil.copytree(CHECKOUT / "purenet" / "core", tmp_path / "heart")
    program = """
from heart.network import Network
for engine in ("auto", "lists", "unrolled"):
    network = Network([2, 1], seed=1)
    print(network.train([[0, 1]], [[1]], epochs=5000, engine=engine).engine)
"""
    assert python(program, tmp_path).split() == ["lists"] * 3


@pytest.mark.parametrize(
    "interpreter, form", [("cpython", "loop"), ("pypy", "kernels"), ("another", "loop")]
)
def test_pypy_gets_no_long_texts(interpreter, form, monkeypatch):
    implementation = SimpleNamespace(name=interpreter)
    monkeypatch.setattr(choice, "sys", SimpleNamespace(implementation=implementation))
    assert choice.choose_form([24, 24, 12], 1000, 1000, 1) == form


@given(
    st.lists(st.integers(1, 1000), min_size=2, max_size=4),
    st.integers(1, 1000),
    st.integers(1, 10**400),
    st.integers(1, 1000),
    st.booleans(),
    st.sampled_from(["sgd", "momentum", "rprop", "adam"]),
    st.booleans(),
)
def test_a_text_is_never_too_long(sizes, rows, epochs, batch_size, shuffle, kind, always):
    size = min(rows, batch_size)
    form = choice.choose_form(sizes, rows, epochs, size, shuffle, kind, always)
    assert form in ("rows", "loop", "kernels") or (form == "lists" and not always)
    if form in ("rows", "loop"):
        spelled_out = rows if form == "rows" else 1
        assert choice.count_products(sizes) * spelled_out <= 20_000
        assert max(*sizes, spelled_out) <= choice.LONGEST_SUM
    if form == "rows":
        assert size == rows and not shuffle


# -- single predictions ------------------------------------------------------------------------


@pytest.mark.usefixtures("short_sums")
@pytest.mark.parametrize("most_weights", [0, 4000])
def test_a_compiled_prediction_has_the_bits_of_predict(most_weights, monkeypatch):
    monkeypatch.setattr(prediction, "MOST_WEIGHTS", most_weights)

    @given(problems(networks(), most_rows=4), st.data())
    def compare(problem, data):
        network, X, _ = problem
        for matrix in network.weights:
            for row in matrix:
                row[:] = [w if data.draw(mostly_as_drawn) else data.draw(telling) for w in row]
        predict = compile_predict(network)
        for row in X:
            row[:] = [x if data.draw(mostly_as_drawn) else data.draw(telling) for x in row]
            assert bits([predict(row)]) == bits(network.predict([row]))

    compare()


@pytest.mark.parametrize("most_weights", [0, 4000])
@pytest.mark.parametrize("output", [*HIDDEN, "softmax"])
def test_a_compiled_prediction_does_without_predict(most_weights, output, monkeypatch):
    monkeypatch.setattr(prediction, "MOST_WEIGHTS", most_weights)
    for hidden, bias in [(name, bias) for name in HIDDEN for bias in (False, True)]:
        network = Network([3, 4, 2], activation=hidden, output_activation=output, bias=bias, seed=1)
        expected = network.predict([[0.5, 0.0, 1.0]])[0]
        with monkeypatch.context() as patch:
            patch.setattr(Network, "predict", lambda *_: pytest.fail("predict was called"))
            assert compile_predict(network)([0.5, 0.0, 1.0]) == expected


@pytest.mark.parametrize("most_weights", [0, 4000])
@pytest.mark.parametrize(
    "row",
    [
        *([2, 3], [True, 0.5], (1.0, 2.0), range(2), [2**53, 1], [Fraction(1, 3), 1.0]),
        *(np.array([0.1, 0.2], np.float32), np.array([1, 2]), [np.float64(0.1), 2.0]),
        *([10**400, 2], ["a", "b"], "ab", b"ab", {5.0, 2.0}, {1.0: 2, 3.0: 4}, [None, 1.0]),
        *([1j, 2.0], [[7.0], 2.0], [1.0], [], [1.0] * 3, None, np.zeros((2, 2)), 5),
    ],
    ids=lambda row: repr(row)[:30],
)
def test_a_compiled_prediction_takes_and_refuses_what_predict_does(most_weights, row, monkeypatch):
    monkeypatch.setattr(prediction, "MOST_WEIGHTS", most_weights)
    network = Network([2, 1], activation="linear")
    network.weights = [[[1.0], [1.0]]]
    predict = compile_predict(network)
    try:
        [expected] = network.predict([row])
    except PureNetError as refused:
        assert complaint(predict, row) == str(refused)
    else:
        assert bits([predict(row)]) == bits([expected])
        assert type(predict(row)[0]) is float


def test_a_compiled_prediction_of_a_row_that_can_be_read_once_survives_an_overflow():
    network = Network([2, 1], seed=1)
    network.weights = [[[-1000.0], [1.0]]]
    assert compile_predict(network)(map(float, ["1", "2"])) == [0.0]


@pytest.mark.parametrize("most_weights", [0, 4000])
def test_a_compiled_prediction_takes_any_row_of_numbers_and_refuses_others(
    most_weights, monkeypatch
):
    monkeypatch.setattr(prediction, "MOST_WEIGHTS", most_weights)
    network = Network([2, 2, 1], seed=1)
    predict = compile_predict(network)
    assert predict([1, True]) == predict((1.0, 1.0)) == network.predict([[1, 1]])[0]
    assert complaint(predict, [1]) == "X: row 0 has 1 value, but the network has 2 inputs"
    assert complaint(predict, [1, 2, 3]) == "X: row 0 has 3 values, but the network has 2 inputs"
    assert complaint(predict, ["1", 2]) == (
        "X: row 0, column 0: expected a real number, got '1' (str)"
    )
    assert complaint(predict, [10**400, 2]).endswith("is too large for a float")
    assert complaint(predict, None).startswith("X: row 0: expected a row of numbers")


def test_a_compiled_prediction_keeps_the_weights_of_its_time():
    network = Network([2, 1], init="zeros")
    predict = compile_predict(network)
    network.weights[0][0][0] = 5.0
    assert predict([1, 1]) == [0.5]


@pytest.mark.parametrize("weight", [math.nan, math.inf, "0.5", None])
def test_a_compiled_prediction_of_weights_that_are_no_finite_numbers_is_refused(weight):
    network = Network([2, 1])
    network.weights[0][1][0] = weight
    assert complaint(compile_predict, network).startswith("weights[0]: row 1, column 0: expected")


# -- the source --------------------------------------------------------------------------------


def functions_of(text):
    """Execute a source; return its definitions."""
    namespace = {}
    exec(text, namespace)
    return namespace


@pytest.mark.parametrize("tuned", [False, True])
def test_the_articles_source_is_a_program_that_trains_to_the_same_bits(tuned):
    network = Network([3, 4, 1], seed=1)
    train = functions_of(source(network, ARTICLE_X, ARTICLE_Y, tuned=tuned))["train"]
    data = [] if tuned else [ARTICLE_X, ARTICLE_Y]  # in the text of the tuned source
    loss, weights = train(range(500), network.weights, *data, math.exp)
    same, history = article(engine="lists")
    assert (loss, weights) == (history.loss[-1], same.weights)


def test_the_articles_source_reads_as_the_derivation_does():
    text = source(Network([3, 4, 1]), ARTICLE_X, ARTICLE_Y)
    for line in [
        "# activations[1] = sigmoid(activations[0] · weights[0])    (4 x 3) · (3 x 4)",
        "activations_1_3_0 = (1.0 / (1.0 + exp(-(X_3_0 * weights_0_0_0 + X_3_1 * weights_0_1_0",
        "# activations[2] = sigmoid(activations[1] · weights[1])    (4 x 4) · (4 x 1)",
        "# deltas[2] = (y - activations[2]) * slope(activations[2])    (4 x 1)",
        "# deltas[1] = (deltas[2] · weights[1]ᵀ) * slope(activations[1])    (4 x 1) · (1 x 4)",
        (
            "deltas_1_0_3 = deltas_2_0_0 * weights_1_3_0 * (activations_1_0_3 * "
            "(1.0 - activations_1_0_3))"
        ),
        "# weights[0] += activations[0]ᵀ · deltas[1]    (3 x 4) · (4 x 4)",
        "weights_0_2_3 += (X_0_2 * deltas_1_0_3 + X_1_2 * deltas_1_1_3 + X_2_2 * deltas_1_2_3",
    ]:
        assert f"        {line}\n" in text
    headings = re.findall("# -- (.*) --", text)
    assert headings == ["forward", "deltas", "updates"]


def multiplications(text):
    """Return how many multiplications a program's loop over the epochs writes out."""
    loops = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.For)]
    return [type(node) for node in ast.walk(loops[0])].count(ast.Mult)


def test_the_source_multiplies_as_often_as_the_lesson_in_loops_and_the_tuned_one_less():
    forward, deltas, changes = 4 * (12 + 4), 4 * (2 + 4 * 3), 4 * (4 + 12)  # of 4 rows in loops.py
    network = Network([3, 4, 1])
    assert multiplications(source(network, ARTICLE_X, ARTICLE_Y)) == forward + deltas + changes
    tuned = multiplications(source(network, ARTICLE_X, ARTICLE_Y, tuned=True))
    in_first_layer = 2 * 4 * 12  # all of these have an input of 0 or 1
    assert tuned == forward + deltas + changes - in_first_layer


def test_a_source_without_data_has_its_rows_in_a_loop():
    text = source(Network([3, 4, 1]), momentum=0.5, reduction="mean", learning_rate=0.1)
    assert "for [X_0, X_1, X_2], [y_0] in batch:" in text
    step = "negative_gradients[0] * share * learning_rate"
    assert f"# velocities[0] = velocities[0] * momentum + {step}" in text


@pytest.mark.parametrize("batch_size", [None, 1, 2, 8])
def test_a_source_without_data_takes_any_batch_for_the_full_one(batch_size):
    text = source(Network([2, 1]), optimizer="rprop", batch_size=batch_size)
    assert "a step of rprop" in text


@pytest.mark.parametrize(("batch_size", "rows"), [(None, 50), (1, 1), (32, 32), (10**9, 50)])
def test_a_large_networks_source_without_data_sums_over_the_rows_of_a_batch(batch_size, rows):
    text = source(Network([300, 40, 10], init="zeros"), batch_size=batch_size)
    product = text.partition("def negative_gradients(")[2]
    assert max(map(int, re.findall(r"\ba_(\d+)", product))) == rows - 1


def test_a_large_networks_source_is_its_kernels():
    kernel_names = functions_of(source(Network([300, 40, 10], init="zeros", bias=True))).keys()
    assert {"forward", "backward", "negative_gradients"} <= kernel_names


@pytest.mark.parametrize(
    "options, said",
    [
        ({"X": [[1, 2]], "y": [[1]]}, "X: row 0 has 2 values, but the network has 3 inputs"),
        ({"batch_size": 0}, "batch_size: expected a whole number of at least 1, got 0"),
        ({"reduction": "max"}, 'reduction: expected "sum" or "mean", got \'max\''),
        ({"optimizer": Halved()}, "optimizer: expected one of purenet's own, got <"),
    ],
)
def test_a_source_of_wrong_data_or_options_is_refused(options, said):
    assert complaint(source, Network([3, 4, 1]), **options).startswith(said)


NAMES = re.compile(
    r"((minus_)?(weights|biases)|X|y|activations|deltas|negative_(bias_)?gradients|velocities|sizes|signs|means"
    r"|squares)(_\d+)+"
)
WORDS = """
    train epochs weights biases velocities sizes signs means squares steps X y rows learning_rate
    momentum GROW SHRINK LARGEST SMALLEST MEAN_DECAY SQUARE_DECAY EPSILON exp log max min sqrt tanh
    _ batches batch batch_loss loss share len mean largest total number gradient turn root
    mean_begun square_begun one rest
"""


@given(trainings())
def test_a_source_holds_nothing_but_generated_names_and_numbers(training):
    network, X, y, optimizer, options = training
    network.init, network.seed = "import os", "import sys"  # as a file might set them
    options = {name: options[name] for name in ("batch_size", "reduction")}
    for data in ((X, y), ()):
        text = source(network, *data, optimizer=optimizer, **options)
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                assert NAMES.fullmatch(token.string) or token.string in WORDS.split()
            assert token.type != tokenize.STRING


@given(any_float)
def test_numbers_of_a_prediction_are_written_so_that_they_come_back(weight):
    network = Network([1, 1], activation="linear")
    network.weights = [[[weight]]]
    if math.isfinite(weight):
        assert bits([compile_predict(network)([1.0])]) == bits([[weight]])
    else:
        with pytest.raises(PureNetError):
            compile_predict(network)


def test_a_name_that_no_activation_has_never_reaches_a_source():
    network = Network([3, 4, 1], seed=1)
    network.activation = "tanh({z}) or print"
    with pytest.raises(KeyError):
        network.train(ARTICLE_X, ARTICLE_Y, epochs=500, engine="unrolled")
    assert complaint(compile_predict, network).startswith('activation: expected "leaky_relu", ')


def test_trainings_alike_are_compiled_once(monkeypatch):
    sources = []

    def counting(text, name):
        sources.append(text)
        return compiled(text, name)

    replace_everywhere(monkeypatch, compiled, counting)
    stretches.compiled_training.cache_clear()
    for seed in (1, 2):
        network = Network([3, 4, 1], seed=seed)
        network.train(ARTICLE_X, ARTICLE_Y, epochs=9, every=2, engine="unrolled")
    assert len(sources) == 1
