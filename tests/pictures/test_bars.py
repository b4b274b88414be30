"""Bars: as long as their numbers, with a line as long as their spread, whatever the names."""

import math

import numpy as np
import pytest
from drawn import HOSTILE, found, parsed, words_of
from hypothesis import given
from hypothesis import strategies as st
from support import any_float, complaint

from purenet import Network, datasets
from purenet.pictures import bar_chart, correlation_chart
from purenet.pictures.bars import MOST_BARS
from purenet.pictures.curves import WIDTH
from purenet.pictures.words import digits

MINUS = "\u2212"
BARS = [("red", 4.0, 1.0), ("green", -2.0, 0.5), ("blue", 0.0, 0.0)]


def length(path):
    """Return where the line of a spread starts and ends."""
    start, rest = path.get("d")[1:].split(" ", 1)
    return float(start), float(rest.split("H")[1].split("m")[0])


def test_bars_are_as_long_as_their_numbers_and_lines_as_their_spread():
    root = parsed(bar_chart("Apples", BARS, "number"))
    widths = [float(bar.get("width")) for bar in found(root, "rect", "bar")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.02)
    assert widths[2] == 0.0
    left = [float(bar.get("x")) for bar in found(root, "rect", "bar")]
    assert left[0] == pytest.approx(left[1] + widths[1], abs=0.02)  # both begin at 0
    unit = widths[0] / 4.0
    lines = [length(path) for path in found(root, "path", "under")]
    assert len(lines) == 2  # the third varies by nothing
    for (start, end), (_, value, spread) in zip(lines, BARS):
        assert end - start == pytest.approx(2 * spread * unit, abs=0.03)
        assert (start + end) / 2 == pytest.approx(left[0] + value * unit, abs=0.03)


def test_names_numbers_and_what_they_are_can_be_read():
    picture = bar_chart("Apples", BARS, "number in a basket", ["One note."])
    words = words_of(parsed(picture))
    for each in ("Apples", "red", "4 ± 1", f"{MINUS}2 ± 0.5", "0 ± 0", "One note."):
        assert each in words
    about = f"number in a basket. red: 4 ± 1; green: {MINUS}2 ± 0.5; blue: 0 ± 0."
    assert about in picture.svg


@given(st.lists(st.tuples(st.text() | st.sampled_from(HOSTILE), any_float, any_float), min_size=1))
def test_any_bars_are_a_picture_or_a_sentence(bars):
    drawn = [bar for bar in bars if all(abs(value) <= 1e300 for value in bar[1:])]
    if not drawn:
        assert complaint(bar_chart, "", bars, "").startswith("bars: expected at least one to draw")
        return
    root = parsed(bar_chart("", bars, ""))
    assert len(found(root, "rect", "bar")) == min(len(drawn), MOST_BARS)
    for bar in found(root, "rect", "bar"):
        x, width = float(bar.get("x")), float(bar.get("width"))
        assert 0.0 <= x <= x + width <= WIDTH


@pytest.mark.parametrize("text", HOSTILE)
def test_a_picture_shows_any_words_as_words(text):
    parsed(bar_chart(text, [(text, 1.0, 0.1)], text, [text]))


def test_what_is_left_out_is_said():
    bars = [("nan", math.nan, 0.0), *[(str(i), float(i), 1.0) for i in range(MOST_BARS + 2)]]
    svg = bar_chart("Many", bars, "n").svg
    assert "1 bar left out (NaN or infinite)." in svg
    assert f"2 bars left out (after the first {MOST_BARS})." in svg
    assert "left out" not in bar_chart("Few", BARS, "n").svg
    assert (
        complaint(bar_chart, "None", [], "n") == "bars: expected at least one to draw, got 0 bars"
    )


# -- correlations --------------------------------------------------------------------------------


def test_correlations_are_numpys_for_each_input_and_each_hidden_unit():
    network = Network([3, 4, 2, 1], seed=1)
    X, y = datasets.xor()
    network.train(X, y, epochs=1000)
    picture = correlation_chart(network, X, y)
    layers = network.forward(X)[:-1]
    with np.errstate(invalid="ignore"):
        correlations = [np.corrcoef(np.array(layer).T, [t for [t] in y])[-1] for layer in layers]
    names = ["input 0", "input 1", "input 2"]
    names += [f"unit {j} of layer {k}" for k, size in ((1, 4), (2, 2)) for j in range(size)]
    expected = [r for row in correlations for r in row[:-1]]
    about = "; ".join(
        f"{name}: {digits(r if abs(r) > 1e-15 else 0.0)}"
        for name, r in zip(names, expected)
        if not math.isnan(r)
    )
    assert f"correlation. {about}." in picture.svg
    assert "A column that never changes has no correlation. 1 bar left out" in picture.svg
    assert "±" not in picture.svg and not found(parsed(picture), "path", "under")


def test_the_articles_first_column_correlates_perfectly_and_another_output_can_be_chosen():
    X, [*y] = datasets.article_two_layer()
    assert "input 0: 1; input 1: 0." in correlation_chart(Network([3, 1]), X, y).svg
    both = [[1.0 - t, t] for [t] in y]
    picture = correlation_chart(Network([3, 2]), X, both, output=0)
    assert f"input 0: {MINUS}1" in picture.svg and picture.title == "Correlation with target 0"
    assert complaint(correlation_chart, Network([3, 1]), X, y, output=1).startswith("output: ")
    assert complaint(correlation_chart, Network([2, 1]), X, y).startswith("X: row 0 has 3 values")
