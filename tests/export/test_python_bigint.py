"""A Python file that computes with big integers: its bound, its numbers, and what it refuses."""

import math
from fractions import Fraction

import pytest
from exported import TABLE_CSV, executed, model_of_table
from hypothesis import given
from hypothesis import strategies as st
from support import bits as bits_of
from support import complaint

from purenet import Classifier, Network, Regressor, load, save
from purenet.cli import main
from purenet.datasets import iris
from purenet.export.folded import Layer
from purenet.export.python import python_source, python_target
from purenet.export.python_bigint import BITS, Slots
from purenet.export.python_compact import compact_source


def target_of(model, bits=64):
    return python_target(model, "bigint", bits, False, False)


@st.composite
def layers(draw):
    """Draw the weights and biases of a layer and a row, with magnitudes from 1e-12 to 1e12."""
    size = st.floats(-1.0, 1.0) | st.sampled_from([0.0, -0.0, 1.0, -1.0])
    magnitude = st.integers(-12, 12).map(lambda exponent: 10.0**exponent)
    t, n = draw(st.integers(1, 40)), draw(st.integers(1, 6))
    columns = []
    for _ in range(n):
        scale = draw(magnitude)
        columns.append([draw(size) * scale for _ in range(t)])
    scale = draw(magnitude)
    row = [draw(size) * scale for _ in range(t)]
    return [list(weights) for weights in zip(*columns)], [draw(size) for _ in range(n)], row


def bound(t, a, b, room):
    """Return the bound that the module's docstring states."""
    return t * a * b * (Fraction(2, 2**room) + Fraction(2, 4**room))


def assert_within_the_bound(weights, biases, row, bits):
    slots = Slots(Layer(0, weights, biases, "linear", True, "linear"), bits)
    for z, column, bias in zip(slots.sums(row), zip(*weights), biases):
        exact = sum(Fraction(x) * Fraction(w) for x, w in zip(row, column))
        a, b = max(map(abs, map(Fraction, row))), max(map(abs, map(Fraction, column)))
        # The sum is rounded to a float, and so is that with the bias.
        rounding = (abs(exact) + bound(len(row), a, b, slots.room)) * Fraction(1, 2**53)
        rounding += abs(Fraction(z)) * Fraction(1, 2**53)
        error = abs(Fraction(z) - exact - Fraction(bias))
        assert error <= bound(len(row), a, b, slots.room) + rounding


@given(layers(), st.sampled_from(BITS))
def test_no_sum_is_further_from_the_exact_one_than_the_bound(layer, bits):
    assert_within_the_bound(*layer, bits)


@pytest.mark.parametrize("bits", BITS)
@pytest.mark.parametrize("t", [1, 2, 63, 64, 127, 784, 1000])
def test_the_largest_numbers_of_all_signs_stay_in_their_slots(t, bits):
    below = math.nextafter(1.0, 0.0) if hasattr(math, "nextafter") else 1.0 - 2.0**-53
    for x in (1.0, -1.0, below):
        weights = [[1.0, -1.0, below, -below, 0.0] for _ in range(t)]
        assert_within_the_bound(weights, [0.0, -0.0, 1.0, 0.5, -0.5], [x] * t, bits)


def test_the_rooms_are_those_of_the_docstring():
    rooms = []
    for t in (64, 784):
        layer = Layer(0, [[1.0]] * t, [0.0], "linear", True, "linear")
        rooms.append([Slots(layer, bits).room for bits in (64, 48, 32)])
    assert rooms == [[28, 20, 12], [26, 18, 10]]


def test_numbers_are_rounded_half_to_even():
    layer = Layer(0, [[2.0**-12]], [0.0], "linear", True, "linear")
    # The inputs count in steps of 2**-14, as the largest is almost 2**1.
    [room] = {Slots(layer._replace(weights=[[1.0]] * 2), 32).room}
    step = 2.0 ** (1 - room)
    slots = Slots(layer._replace(weights=[[0.0], [1.0]]), 32)
    odd, even = 2.5 * step, 3.5 * step
    assert [slots.sums([1.5, x])[0] / step for x in (odd, even)] == [2.0, 4.0]


@pytest.mark.parametrize("bits", BITS)
def test_the_file_answers_as_the_target_says(bits):
    X, species = iris()
    for model in (
        Classifier(5, epochs=3, random_state=1).fit(X, species),
        Network([4, 5, 3, 2], activation=["relu", "leaky_relu"], bias=True, seed=1),
        Network([4, 3], activation="linear", output_activation="linear", seed=1),
    ):
        target = target_of(model, bits)
        names = executed(python_source(model, style="bigint", bits=bits))
        answers = [names["predict"](row) for row in X]
        assert bits_of(answers) == bits_of(target.rounded().apply(X))
        names["self_test"]()


@pytest.mark.parametrize(("bits", "most"), [(64, 1e-7), (48, 1e-4), (32, 2e-2)])
def test_fewer_bits_cost_digits(bits, most):
    X, species = iris()
    model = Classifier(8, epochs=30, random_state=1).fit(X, species)
    predict = executed(python_source(model, style="bigint", bits=bits))["predict"]
    pairs = zip(model.predict_proba(X), map(predict, X))
    assert 0.0 < max(abs(a - b) for pair in pairs for a, b in zip(*pair)) < most


def test_columns_of_very_different_sizes_are_standardized_in_the_file():
    X = [[1e9 + i, 1e-9 * (i * i % 7)] for i in range(50)]
    y = [[1e6 * (i % 5), 1e-6 * (i * i % 7)] for i in range(50)]
    model = Regressor(6, epochs=20, random_state=1).fit(X, y)
    predict = executed(python_source(model, style="bigint"))["predict"]
    for outputs, answer in zip(model.predict(X), map(predict, X)):
        for a, b, unit in zip(outputs, answer, (1e6, 1e-6)):
            assert abs(a - b) < 1e-6 * unit


def test_a_table_is_read_by_the_program_and_a_module_is_for_import(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    model = model_of_table()
    names = executed(python_source(model, style="bigint", module=True))
    exact = executed(python_source(model, style="lists", module=True))
    row = {"age": 22, "sex": "male", "fare": 7.25, "when": "31/12/2011", "port": "S"}
    assert names["predict"](row) == pytest.approx(exact["predict"](row), abs=1e-6)
    assert "main" not in names and "row_of" not in names
    assert "def row_of" in python_source(model, style="bigint") and TABLE_CSV


@pytest.mark.parametrize("number", [math.nan, math.inf, "x", None])
def test_a_row_that_is_not_of_finite_numbers_is_refused_as_everywhere(number):
    predict = executed(python_source(Network([2, 1], seed=1), style="bigint"))["predict"]
    with pytest.raises(ValueError, match="row: expected finite numbers, got "):
        predict([1.0, number])


def test_inputs_and_sums_that_are_too_large_are_refused_and_the_smallest_count_as_0():
    network = Network.of([[[1e100]], [[1.0]]], activation="linear")
    predict = executed(python_source(network, style="bigint"))["predict"]
    for x in (1e150, -1e150, 1e60):
        with pytest.raises(
            ValueError, match="row: expected numbers, and sums of a layer, below 1e"
        ):
            predict([x])
    assert predict([0.0]) == predict([5e-324]) == [0.0]


def test_what_does_not_go_together_is_refused():
    network = Network([2, 1], seed=1)
    assert complaint(python_source, network, bits=32) == 'bits: only for the style "bigint"'
    for bits in (40, 0, "64", 64.0, True):
        wanted = complaint(python_source, network, style="bigint", bits=bits)
        assert wanted.startswith("bits: expected 64, 48 or 32, got ")
    assert complaint(python_source, network, style="bigint", trainable=True) == (
        'style: expected "auto" or "lists" for a trainable file, got "bigint"'
    )
    assert complaint(compact_source, network, style="bigint", digits=3) == (
        'digits: the style "bigint" keeps bits; leave out digits'
    )
    large = Network.of([[[1e150]]])
    assert complaint(python_source, large, style="bigint") == (
        'style: "bigint" takes weights below 1e150; use "lists"'
    )
    larger = Network.of([[[1e149] * 2] * 64, [[1.0]] * 2], activation="linear")
    assert complaint(lambda: target_of(larger).rounded().apply([[1e10] * 64])) == (
        'row: expected numbers, and sums of a layer, below 1e150; use the style "lists"'
    )


def test_the_command_writes_it_says_what_it_costs_and_refuses_what_does_not_fit(
    tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    save(Network([2, 3, 1], seed=1), "net.json")
    assert main(["export", "net.json", "-o", "net.py", "--style", "bigint", "--bits", "32"]) == 0
    said = "".join(capsys.readouterr())
    assert "slots of 32 bits: outputs differ by at most " in said
    predict = executed((tmp_path / "net.py").read_text())["predict"]
    [[expected]] = load("net.json").predict([[0.5, -1.0]])
    assert predict([0.5, -1.0]) == pytest.approx([expected], abs=1e-3)
    for options, message in {
        "--style bigint --digits 3": 'digits: the style "bigint" keeps bits',
        "--style bigint --trainable": 'style: expected "auto" or "lists" for a trainable file',
    }.items():
        assert main(["export", "net.json", *options.split()]) == 1
        assert message in capsys.readouterr().err
    for options, message in {
        "--style bigint --bits 40": "--bits: expected 64, 48 or 32, got '40'",
        "--bits 48": "--bits: only for --style bigint",
        "--style bigint --pack int8": "--style: --pack has one style only",
        "--style bigint --limit 9999": "--style: --limit has one style only",
        "-o net.h --style bigint": "--style: only for Python, but the output is C",
        "-o net.mjs --bits 64": "--bits: only for Python, but the output is JavaScript",
    }.items():
        with pytest.raises(SystemExit):
            main(["export", "net.json", *options.split()])
        assert message in capsys.readouterr().err
