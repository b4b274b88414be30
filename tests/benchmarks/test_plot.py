"""Charts of measured values: nothing is left out, everything lies inside, and no name is markup."""

from __future__ import annotations

import math
import re

import pytest
from drawn import HOSTILE, found, parsed, points_of, reader, ticks, words_of
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from support import any_float, complaint

from benchmarks.plot import apart, bars, lines
from purenet.pictures.words import width_of

measured = st.floats(1e-300, 1e300)
names = st.text(max_size=40) | st.sampled_from(HOSTILE)
switch = st.booleans()


def frame_of(root):
    """Return left, top, bottom and right of the axes."""
    way = found(root, "path", "axis")[0].get("d")
    left, top, bottom, right = re.match(r"M([\d.]+) ([\d.]+)V([\d.]+)H([\d.]+)", way).groups()
    return float(left), float(top), float(bottom), float(right)


def bars_of(root):
    """Return (left, top, right) of each bar."""
    ways = [path.get("d") for path in found(root, "path", "bar")]
    return [
        tuple(map(float, re.match(r"M([\d.]+) ([\d.]+)H([\d.]+)v", way).groups())) for way in ways
    ]


def lies_inside(root):
    """Fail if words stand outside of the panel."""
    width, height = float(root.get("width")), float(root.get("height"))
    for each in found(root, "text"):
        x, y, wide = float(each.get("x")), float(each.get("y")), width_of(each.text or "", 11)
        before = {"start": 0.0, "middle": 0.5, "end": 1.0}[each.get("text-anchor", "start")]
        if not each.get("transform"):
            assert x - before * wide >= 0.0 and x + (1.0 - before) * wide <= width, each.text
        assert 0.0 < y < height


# -- lines ---------------------------------------------------------------------------------------


@given(
    st.dictionaries(
        names,
        st.lists(st.tuples(measured, measured), min_size=1, max_size=8),
        min_size=1,
        max_size=6,
    )
)
def test_every_point_lies_inside_the_frame(drawn) -> None:
    root = parsed(lines("T", drawn, "x", "y"))
    left, top, bottom, right = frame_of(root)
    ways = [path for path in found(root, "path", "line") if path.get("d") not in ("", "M0 0h28")]
    points = [point for way in ways for point in points_of(way)]
    assert points or all(len(each) == 1 for each in drawn.values())
    for x, y in points:
        assert left - 0.01 <= x <= right + 0.01 and top - 0.01 <= y <= bottom + 0.01
    assert "left out" not in words_of(root)
    lies_inside(root)


def test_a_chart_says_what_the_points_are() -> None:
    points = [(10.0**k, 2.0 * 10.0**-k) for k in range(5)]
    root = parsed(lines("T", {"a": points, "b": [(1, 2)]}, "x", "y"))
    read_x, read_y = (reader(ticks(root, side), log=True) for side in ("tick-x", "tick-y"))
    [way] = [p for p in found(root, "path", "line s0") if p.get("d").count("L") == 4]
    for (x, y), (wanted_x, wanted_y) in zip(points_of(way), points):
        assert read_x(x) == pytest.approx(wanted_x, rel=2e-3)
        assert read_y(y) == pytest.approx(wanted_y, rel=2e-3)
    assert [each for _, each in ticks(root, "tick-x")] == [1, 10, 100, 1000, 10000]


def test_each_name_stands_at_the_end_of_its_line_and_no_name_on_another() -> None:
    series = {f"engine {k}": [(1, 1), (2, 5 + k / 100)] for k in range(4)}
    series["low"] = [(1, 1), (2, 1)]
    root = parsed(lines("T", series, "x", "y"))
    *_, right = frame_of(root)
    at_the_end = [e for e in found(root, "text") if float(e.get("x")) == right + 10]
    heights = {e.text: float(e.get("y")) for e in at_the_end}
    assert list(heights) == list(series)
    in_order = sorted(heights.values())
    assert min(b - a for a, b in zip(in_order, in_order[1:])) >= 15
    assert heights["low"] == max(in_order) and heights["engine 3"] == min(in_order)


@given(st.lists(st.floats(0, 200), min_size=1, max_size=10))
def test_places_are_moved_apart_in_their_order(places) -> None:
    moved = apart(places, 15.0, 0.0, 200.0)
    order = sorted(range(len(places)), key=places.__getitem__)
    assert all(moved[b] - moved[a] >= 15.0 - 1e-9 for a, b in zip(order, order[1:]))
    assert min(moved) >= 0.0 and max(moved) <= 200.0
    spaced = sorted(places)
    if all(b - a >= 15.0 for a, b in zip(spaced, spaced[1:])):
        assert moved == places


@given(any_float | st.just(0) | st.just(10**400), switch)
def test_what_an_axis_has_no_place_for_is_refused(value, is_x) -> None:
    assume(not 1e-300 <= value <= 1e300)
    point = (value, 1.0) if is_x else (1.0, value)
    said = complaint(lines, "T", {"a": [(1, 1), point]}, "x", "y")
    limits = "1e-300 to 1e300, as the axis is a log axis"
    assert said.startswith(f"a, {'x' if is_x else 'y'} of point 1: expected a number from {limits}")
    assert said.count("\n") == 0


def test_nothing_to_draw_is_refused() -> None:
    assert complaint(lines, "T", {}, "x", "y") == "series: expected at least one, got none"
    assert complaint(lines, "T", {"a": []}, "x", "y") == "a: expected at least one point, got none"
    assert complaint(bars, "T", {}, "x") == "groups: expected at least one, got none"
    assert complaint(bars, "T", {"": {}}, "x") == "bars: expected at least one value, got none"
    assert complaint(bars, "T", {"g": {}}, "x") == "g: expected at least one value, got none"
    assert complaint(lines, "T", {"a": [("one", 1)]}, "x", "y") == (
        "a, x of point 0: expected a number from 1e-300 to 1e300, "
        "as the axis is a log axis, got 'one' (str)"
    )


# -- bars ----------------------------------------------------------------------------------------


def groups(values):
    group = st.dictionaries(names, values, min_size=1, max_size=5)
    return st.dictionaries(names, group, min_size=1, max_size=4)


@given(st.data(), switch)
def test_every_bar_lies_inside_and_a_larger_value_is_no_shorter(data, log) -> None:
    drawn = data.draw(groups(measured if log else st.floats(0.0, 1e300)))
    root = parsed(bars("T", drawn, "seconds", log=log))
    left, top, bottom, right = frame_of(root)
    found_bars = bars_of(root)
    values = [value for group in drawn.values() for value in group.values()]
    assert len(found_bars) == len(values)
    for start, y, end in found_bars:
        assert start == left <= end <= right + 0.01 and top < y and y + 14 < bottom
    ends = [end for _, end in sorted(zip(values, (end for *_, end in found_bars)))]
    assert ends == sorted(ends)
    if log:
        assert min(ends) > left  # the smallest is not nothing
    lies_inside(root)


def test_a_bar_ends_at_its_value_and_says_it() -> None:
    values = {"one": 1.0, "three": 3.0, "ten": 10.0}
    for log in (False, True):
        root = parsed(bars("T", {"": values}, "s", log=log, words="{:.2f} s".format))
        read = reader(ticks(root, "tick-x"), log=log)
        ends = [read(end) for *_, end in bars_of(root)]
        assert ends == pytest.approx(list(values.values()), rel=5e-3)
        words = words_of(root)
        assert "one 1.00 s three 3.00 s ten 10.00 s" in words
        assert ("s, log scale" in words) is log
    assert bars("T", {"g": values}, "s").svg.count("g: one 1; three 3; ten 10.") == 1


def test_bars_of_zero_and_of_one_length_can_be_drawn() -> None:
    assert all(a == b for a, _, b in bars_of(parsed(bars("T", {"": {"a": 0, "b": 0}}, "s"))))
    (one,) = bars_of(parsed(bars("T", {"": {"a": 7}}, "s", log=True)))
    assert one[2] > one[0]


@given(any_float | st.just(10**400), switch)
def test_a_bar_that_has_no_length_is_refused(value, log) -> None:
    assume(not (1e-300 if log else 0.0) <= value <= 1e300)
    said = complaint(bars, "T", {"start": {"a": value}}, "s", log=log)
    why = "1e-300 to 1e300, as the axis is a log axis" if log else "0 to 1e300, as bars begin at 0"
    assert said.startswith(f"start, a: expected a number from {why}, got ")
    assert said.count("\n") == 0
    assert complaint(bars, "T", {"": {"a": value}}, "s", log=log).startswith("a: expected")


# -- both ----------------------------------------------------------------------------------------


@given(names, names, names)
@settings(max_examples=50)
def test_names_never_become_markup(title, name, label) -> None:
    for picture in (
        lines(title, {name: [(1, 2), (3, 4)], "other": [(1, 1)]}, label, label, notes=[title]),
        bars(title, {name: {label: 2.0}}, label, words=lambda _: name, notes=[title]),
    ):
        kinds = [each.tag for each in parsed(picture).iter()]
        assert not any(kind.endswith(("script", "img")) for kind in kinds)


def test_the_same_values_give_the_same_text() -> None:
    for draw in (
        lambda: lines("T", {"b": [(1, math.pi)], "a": [(2, 3)]}, "x", "y"),
        lambda: bars("T", {"b": {"z": 2, "a": 3}}, "x"),
    ):
        assert draw().svg == draw().svg
