"""The answers to what learners ask: their numbers are NumPy's, or counted a second way."""

import math
import re
import sys
from functools import cache

import numpy as np
import pytest
from command_line import said
from hypothesis import given
from hypothesis import strategies as st
from support import ARTICLE_X, ARTICLE_Y, complaint

from purenet import Network, diagnose, lessons
from purenet.lessons.questions import (
    QUESTIONS,
    WIDTH,
    chance,
    example,
    floats,
    gradients,
    learning,
    why,
)

X, Y = np.array(ARTICLE_X, dtype=float), np.array(ARTICLE_Y, dtype=float)


def sigmoid(x):
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-x))


def numbers(text):
    """Return every number that a text has, in its order."""
    return [
        float(word.replace(",", "")) for word in re.findall(r"-?\d[\d,]*\.?\d*(?:e-?\d+)?", text)
    ]


def rows(text):
    """Return the numbers of each line of the first table."""
    table = next(block for block in text.split("\n\n") if block.startswith("    "))
    return [numbers(line) for line in table.splitlines()]


@cache
def answered(topic):
    """Return the command's output, computed once: `why sum` takes seconds."""
    return said("why", topic, *(["--seeds", "5"] if topic == "xor" else [])).removesuffix("\n")


SLOW = pytest.param("sum", marks=pytest.mark.exhaustive)


@pytest.mark.parametrize("topic", [*[t for t in QUESTIONS if t not in ("sum", "xor")], SLOW])
def test_the_command_prints_the_answer(topic):
    assert answered(topic) == why(topic)


@pytest.mark.parametrize("topic", [*[t for t in QUESTIONS if t != "sum"], SLOW])
def test_an_answer_begins_with_its_question_and_fits_a_page(topic):
    text = answered(topic)
    lines = text.splitlines()
    assert lines[0] == QUESTIONS[topic]
    assert max(map(len, lines)) <= WIDTH
    assert not text.endswith("\n")


def test_a_prompt_shows_an_answer_as_it_reads():
    assert lessons.why is why
    assert repr(lessons.why("overflow")) == str(why("overflow")) == answered("overflow")
    assert repr(lessons.why()) == said("why").removesuffix("\n")


def test_an_unknown_topic_is_refused_with_the_nearest():
    assert complaint(why, "slop") == "why: no topic is called 'slop' (str); is it slope?"
    assert complaint(why, ["slope"]).startswith("why: no topic is called ")


def test_the_example_is_the_articles():
    assert (example.X, example.Y) == (ARTICLE_X, ARTICLE_Y)
    assert example.article_network().weights == Network([3, 4, 1], seed=1).weights


def test_slope_from_the_output_is_the_measured_one_and_that_of_the_input_is_not():
    for x, s, from_output, measured, mistake in rows(gradients.slope())[1:]:
        assert s == round(float(sigmoid(x)), 8)
        assert from_output == measured == round(math.exp(-x) / (1 + math.exp(-x)) ** 2, 8)
        assert mistake == x * (1 - x)


def test_plus_measures_what_numpy_computes():
    W0, W1 = (np.array(W) for W in Network([3, 4, 1], seed=1).weights)
    hidden = sigmoid(X @ W0)

    def loss(step):
        moved = W1.copy()
        moved[0, 0] += step
        return 0.5 * ((Y - sigmoid(hidden @ moved)) ** 2).sum()

    output = sigmoid(hidden @ W1)
    gradient = (hidden.T @ ((Y - output) * output * (1 - output)))[0, 0]
    text = gradients.plus()
    assert f"{W1[0, 0]:.8f}:" in text
    assert rows(text)[0] == [round(-gradient, 8)]
    assert numbers(rows_after(text, "before")) == [
        round(loss(step), 8) for step in (0.0, gradient, -gradient)
    ]


def rows_after(text, word):
    """Return the part of a text from a word on."""
    return text[text.index(f"    {word}") :]


def test_transpose_shows_one_weight_in_both_directions():
    text = gradients.transpose()
    assert "l1[2][1] * weights[1][1][0] = " in text
    assert "l1_error[2][1] = l2_delta[2][0] * weights[1][1][0]" in text
    assert "dot: inner sizes differ: (4 x 1) · (4 x 1)" in text


@pytest.mark.exhaustive
def test_sum_compares_trainings_that_numpy_confirms():
    def error(rate, times):
        W0, W1 = (np.array(W) for W in Network([3, 4, 1], seed=1).weights)
        for _ in range(1_000):
            hidden = sigmoid(X @ W0)
            output = sigmoid(hidden @ W1)
            delta = (Y - output) * output * (1 - output)
            back = delta @ W1.T * hidden * (1 - hidden)
            W1 += rate * times * (hidden.T @ delta)
            W0 += rate * times * (X.T @ back)
        return round(float(abs(Y - sigmoid(sigmoid(X @ W0) @ W1)).mean()), 8)

    usual, slow, wild = error(1.0, 1), error(0.25, 1), error(1.0, 100)
    assert [row[-2:] for row in rows(answered("sum"))[1:]] == [
        [usual, wild],
        [slow, slow],
        [usual, usual],
    ]


def test_bias_a_network_without_one_says_half_for_zeros():
    without, ones, biased = (row[-2:] for row in rows(chance.bias())[1:])
    assert without[0] == 0.5
    assert ones[0] > 0.98
    assert biased[0] > 0.98
    assert max(without[1], ones[1], biased[1]) < 0.02
    assert "0.5, 0.5, 0.5, 0.5" in chance.bias()


@pytest.mark.parametrize("seeds", [8, pytest.param(30, marks=pytest.mark.exhaustive)])
@pytest.mark.parametrize("hidden", [2, 4])
@pytest.mark.parametrize(("name", "inputs", "biased"), chance.KINDS)
def test_xor_fails_from_the_seeds_from_which_it_fails_in_numpy(name, inputs, biased, hidden, seeds):
    failing = chance.failing_seeds(hidden, inputs, biased, seeds)
    assert failing == failing_in_numpy(hidden, np.array(inputs), biased, seeds)


def failing_in_numpy(hidden, inputs, biased, seeds):
    """Train all networks side by side, each a layer of three-dimensional arrays."""
    chances = [np.random.RandomState(seed) for seed in range(seeds)]
    W0 = np.array([each.uniform(-1, 1, (len(inputs[0]), hidden)) for each in chances])
    W1 = np.array([each.uniform(-1, 1, (hidden, 1)) for each in chances])
    b0, b1 = np.zeros((seeds, 1, hidden)), np.zeros((seeds, 1, 1))
    for _ in range(10_000):
        middle = sigmoid(inputs @ W0 + b0)
        output = sigmoid(middle @ W1 + b1)
        delta = (Y - output) * output * (1 - output)
        back = delta @ W1.swapaxes(1, 2) * middle * (1 - middle)
        W1 += middle.swapaxes(1, 2) @ delta
        W0 += inputs.T @ back
        if biased:
            b0 += back.sum(axis=1, keepdims=True)
            b1 += delta.sum(axis=1, keepdims=True)
    output = sigmoid(sigmoid(inputs @ W0 + b0) @ W1 + b1)
    return np.flatnonzero(((output > 0.5) != (Y > 0.5)).any(axis=(1, 2))).tolist()


def test_xor_counts_the_seeds_that_fail_and_shows_one():
    text = answered("xor")
    counts = [row[-4:] for row in rows(text)[1:]]
    for (_, inputs, biased), (few, of, many, _) in zip(chance.KINDS, counts):
        assert (few, many) == tuple(
            len(chance.failing_seeds(hidden, inputs, biased, 5)) for hidden in (2, 4)
        )
        assert of == 5
    network = chance.trained(2, chance.KINDS[-1][1], True, 3)
    stuck = text[text.index("seed 3.") :]
    for [output] in network.predict(chance.KINDS[-1][1]):
        assert f" {output:.4f} " in stuck


def descended(W0, W1, rate, iterations):
    """Train the article's network in NumPy; return its mean error and its first weights."""
    W0, W1 = W0.copy(), W1.copy()
    for _ in range(iterations):
        hidden = sigmoid(X @ W0)
        output = sigmoid(hidden @ W1)
        delta = (Y - output) * output * (1 - output)
        back = delta @ W1.T * hidden * (1 - hidden)
        W1 += rate * (hidden.T @ delta)
        W0 += rate * (X.T @ back)
    return float(abs(Y - sigmoid(sigmoid(X @ W0) @ W1)).mean()), W0


def test_random_equal_units_stay_equal_and_far_from_0_nothing_is_learned():
    first = [np.array(W) for W in Network([3, 4, 1], seed=1).weights]
    starts = [
        [W * 0 for W in first],
        [W * 0 + 0.5 for W in first],
        [(W + 1) / 2 for W in first],
        first,
        [W * 100 for W in first],
    ]
    table = rows(chance.random())[1:]
    for (W0, W1), row in zip(starts, table):
        error, after = descended(W0, W1, 1.0, 10_000)
        assert row[-2:] == [np.unique(after.round(12), axis=1).shape[1], pytest.approx(error, 1e-6)]
    units, errors = zip(*(row[-2:] for row in table))
    assert units == (1, 1, 4, 4, 4)
    assert min(errors) == errors[3] and max(errors[2:4]) < 0.02 and errors[4] > 0.3


def test_rate_the_errors_are_those_of_numpy_and_1000_is_stuck():
    W0, W1 = (np.array(W) for W in Network([3, 4, 1], seed=1).weights)
    table = rows(learning.rate())[1:]
    assert [row[0] for row in table] == [0.01, 0.1, 1, 10, 100, 1000]
    for rate, *errors in table:
        for n, error in zip((100, 1_000, 10_000), errors):
            if rate <= 10:  # beyond, a difference in the last bit grows
                assert error == pytest.approx(descended(W0, W1, rate, n)[0], rel=1e-6, abs=1e-8)
    assert table[-1][-1] == 0.5
    assert min(table, key=lambda row: row[-1])[0] == 10


def test_vanishing_the_gradients_are_those_of_differences():
    for name, column in [("sigmoid", 0), ("tanh", 1)]:
        network = Network([3, 4, 4, 4, 4, 1], activation=name, output_activation="sigmoid", seed=1)
        for k, row in enumerate(rows(learning.vanishing())[1:]):
            slopes = [
                (moved(network, k, i, j, 1e-5) - moved(network, k, i, j, -1e-5)) / 2e-5
                for i, j in np.ndindex(*np.shape(network.weights[k]))
            ]
            assert row[1 + column] == pytest.approx(max(map(abs, slopes)), abs=2e-8, rel=1e-5)


def moved(network, k, i, j, step):
    """Return the loss over all rows with one weight moved."""
    network = network.copy()
    network.weights[k][i][j] += step
    return 4 * network.loss_on(ARTICLE_X, ARTICLE_Y)


def test_overfitting_the_loss_falls_to_the_end_on_the_rows_learned_alone():
    table = rows(learning.overfitting())[1:]
    learned, others = ([row[k] for row in table] for k in (1, 2))
    assert learned == sorted(learned, reverse=True)
    assert min(others) == others[2] < 0.6 * others[-1]
    assert learned[2] > others[2]  # the wrong rows are not learned yet


def test_xor_says_before_each_training_how_far_it_is():
    said = []
    chance.xor(seeds=2, progress=said.append)
    assert len(said) == 2 * 2 * 3
    assert said[0] == "2 hidden units, seed 0 of 2"


def test_xor_without_a_failure_shows_none():
    assert "A network that fails" not in chance.xor(seeds=1)


def test_saturation_begins_where_the_slope_is_zero():
    before, first = floats._border(0.0, 100.0, lambda x: sigmoid(np.float64(x)) == 1.0)
    assert float(sigmoid(before)) < 1.0 == float(sigmoid(first))
    text = floats.saturation()
    assert f"From x = {first:.4f} on" in text
    network = Network([1, 1], init="zeros")
    network.weights = [[[50.0]]]
    assert text.rstrip("\n").endswith(diagnose(network, [[1]], [[0]])[0])
    for x, s, slope in rows(text)[1:]:
        assert s == 1.0 / (1.0 + math.exp(-x))
        assert slope == s * (1.0 - s)


def test_overflow_begins_at_the_logarithm_of_the_largest_float():
    text = floats.overflow()
    assert f"is {math.log(sys.float_info.max):.4f}." in text
    assert "OverflowError" in text
    assert "sigmoid(-1000) = 0.0" in text


def test_last_digits_differ_by_order_and_the_first_twelve_do_not():
    text = floats.last_digits()
    assert "0.1 + 0.2 + 0.3 = 0.6000000000000001\n    0.3 + 0.2 + 0.1 = 0.6\n" in text
    found = re.findall(r"^ +([\d,]+) +(0\.\d+) +(0\.\d+) +(\d\.\de-\d+)$", text, re.M)
    assert [row[0] for row in found] == ["1", "100", "10,000", "60,000"]
    for _, forth, back, difference in found:
        assert f"{float(forth):.12g}" == f"{float(back):.12g}"
        assert 0.0 < float(difference) < 1e-12


@given(st.floats(0.0, 1e6), st.floats(0.0, 1e6))
def test_a_border_is_two_neighboring_floats(low, high):
    border = (low + high) / 2.0
    if low < border <= high:
        before, first = floats._border(low, high, lambda x: x >= border)
        assert first == border
        assert before == np.nextafter(border, -1.0)
