"""The engines: the same bits as the plain loop, whatever the options; and source to read."""

import copy

import pytest
from conftest import (
    bits,
    networks,
    problems,
    state_of,
)
from hypothesis import given
from hypothesis import strategies as st

from purenet import Diverged
from purenet.core.optimizers import SGD, Adam, RProp
from purenet.engines import unrolled

# Numbers that are folded away or must not be, and such as overflow.
telling = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 3.0, 1000.0, -1000.0, 1e200, -1e200])


@st.composite
def trainings(draw):
    """Draw a network, data, and options of `train`."""
    network, X, y = draw(problems(networks(layers=4, width=5), most_rows=7))
    for row in X:
        for i in range(len(row)):
            row[i] = draw(st.just(row[i]) | telling)
    for matrix in network.weights:
        for row in matrix:
            for j in range(len(row)):
                row[j] = draw(st.just(row[j]) | st.just(row[j]) | telling)
    if network.loss == "squared_error" and draw(st.booleans()):
        y = [[draw(telling) for _ in row] for row in y]
    rate = draw(st.sampled_from([1.0, 0.5, 0.01, 100.0, 1e-300]))
    optimizer = draw(
        st.sampled_from([SGD(rate), SGD(rate, 0.5), Adam(rate), RProp(rate), SGD(rate)])
    )
    size = len(X) if isinstance(optimizer, RProp) else draw(st.integers(1, len(X)))
    options = {
        "batch_size": size,
        "epochs": draw(st.integers(1, 6)),
        "every": draw(st.integers(1, 4)),
        "reduction": draw(st.sampled_from(["sum", "mean"])),
        "shuffle": draw(st.sampled_from([None, True, False])),
    }
    return network, X, y, copy.deepcopy(optimizer), options


def result(network, X, y, optimizer, options, engine):
    """Train a copy twice; return all that there is to see, to the last bit."""
    network, optimizer = network.copy(), copy.deepcopy(optimizer)
    seen = []
    for _ in range(2):
        try:
            history = network.train(X, y, optimizer=optimizer, engine=engine, **options)
        except Diverged as diverged:
            history = diverged.history
        seen.append((history.epochs, bits([history.loss]), history.stopped))
    return seen, state_of(network), repr(vars(optimizer))


@pytest.mark.parametrize("form", ["rows", "loop", "kernels"])
def test_the_bits_are_those_of_the_plain_loop_whatever_the_options(form, monkeypatch):
    @given(trainings())
    def compare(training):
        _, X, _, _, options = training
        whole = options["batch_size"] == len(X) and not options["shuffle"]
        fitting = "loop" if form == "rows" and not whole else form
        monkeypatch.setattr(unrolled, "choose_form", lambda *_: fitting)
        assert result(*training, "unrolled") == result(*training, "lists")

    compare()
