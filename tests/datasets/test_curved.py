"""The curved problems: the right numbers, the same for the same seed, and balanced classes."""

from __future__ import annotations

import math

import pytest

from purenet import PureNetError
from purenet.datasets import CURVED, curved

TARGETS = {
    "square": lambda x: x * x,
    "hypot": math.hypot,
    "product": lambda x1, x2: x1 * x2,
    "sine": lambda x: math.sin(3 * x),
    "absolute": abs,
    "step": lambda x: float(x > 0),
    "checkerboard": lambda x1, x2: int(x1 * x2 < 0),
}
BITS = {"xor": 2, "parity": 3}
NOISY = ["moons", "circles", "spirals"]


def test_every_problem_is_tested_here() -> None:
    assert sorted(CURVED) == sorted([*TARGETS, *BITS, *NOISY])


@pytest.mark.parametrize("name", CURVED)
def test_rows_are_lists_of_floats_and_targets_are_floats_or_the_classes_0_and_1(name) -> None:
    X, y = curved(name)
    assert len(X) == len(y) == 200
    assert {type(x) for row in X for x in row} == {float}
    kinds = {type(target) for target in y}
    assert kinds == {float} or (kinds == {int} and set(y) == {0, 1})


@pytest.mark.parametrize("name", CURVED)
def test_the_same_seed_gives_the_same_bits_and_fewer_rows_are_the_first_of_more(name) -> None:
    X, y = curved(name, 50, seed=7)
    more_X, more_y = curved(name, 60, seed=7)
    assert (X, y) == curved(name, 50, seed=7) == (more_X[:50], more_y[:50])
    assert name in BITS or X != curved(name, 50, seed=8)[0]


@pytest.mark.parametrize("name", TARGETS)
def test_targets_are_the_function_of_inputs_that_fill_the_square_from_minus_1_to_1(name) -> None:
    X, y = curved(name)
    assert all(-1.0 <= x < 1.0 for row in X for x in row)
    assert all(min(column) < -0.9 and max(column) > 0.9 for column in zip(*X))
    assert y == pytest.approx([TARGETS[name](*row) for row in X], rel=1e-15)


@pytest.mark.parametrize("name", BITS)
def test_each_row_of_bits_comes_once_and_then_again(name) -> None:
    n = BITS[name]
    X, y = curved(name, 2 * 2**n)
    assert X == 2 * sorted(X[: 2**n]) and len(set(map(tuple, X))) == 2**n
    assert y == [int(sum(row)) % 2 for row in X]


@pytest.mark.parametrize("name", ["xor", "parity", *NOISY])
def test_both_classes_have_the_same_number_of_rows(name) -> None:
    assert sum(curved(name)[1]) == 100


@pytest.mark.parametrize("seed", range(5))
def test_the_checkerboard_has_between_two_and_three_fifths_in_a_class(seed) -> None:
    assert 80 <= sum(curved("checkerboard", seed=seed)[1]) <= 120


@pytest.mark.parametrize(("label", "radius"), [(0, 1.0), (1, 0.5)])
def test_a_circle_has_its_radius_but_for_the_noise(label, radius) -> None:
    X, y = curved("circles", 1000)
    radii = [math.hypot(*row) for row, target in zip(X, y) if target == label]
    assert sum(radii) / 500 == pytest.approx(radius, abs=0.02)
    assert math.sqrt(sum((r - radius) ** 2 for r in radii) / 500) == pytest.approx(0.1, abs=0.01)


def test_the_moons_are_half_circles_around_the_centers_that_scikit_learn_gives_them() -> None:
    X, y = curved("moons", 1000)
    for label, center in [(0, (0.0, 0.0)), (1, (1.0, 0.5))]:
        radii = [math.dist(row, center) for row, target in zip(X, y) if target == label]
        assert sum(radii) / 500 == pytest.approx(1.0, abs=0.05)
    up, down = ([row[1] for row, target in zip(X, y) if target == label] for label in (0, 1))
    assert sum(up) / 500 == pytest.approx(2 / math.pi, abs=0.05)
    assert sum(down) / 500 == pytest.approx(0.5 - 2 / math.pi, abs=0.05)


def test_the_second_spiral_is_the_first_turned_by_half_a_turn() -> None:
    X, y = curved("spirals", 1000)
    for (x1, x2), label in zip(X, y):
        sign = -1 if label else 1
        radius, angle = math.hypot(x1, x2), math.atan2(sign * x2, sign * x1)
        # Across the cut of atan2, where an arm starts and ends.
        angle += 2 * math.pi if angle < -math.pi / 2 else 0
        assert abs(radius - (0.1 + 0.9 * angle / math.pi)) < 0.2


def test_an_unknown_name_is_refused_with_those_that_there_are() -> None:
    with pytest.raises(PureNetError, match=r"^curved: expected one of xor, .*; got 'cube' \(str\)"):
        curved("cube")
    with pytest.raises(PureNetError, match="got \\['xor'\\]"):
        curved(["xor"])


@pytest.mark.parametrize(
    ("options", "message"), [({"rows": 0}, "rows: expected"), ({"seed": -1}, "seed: expected")]
)
def test_rows_and_seeds_out_of_range_are_refused(options, message) -> None:
    with pytest.raises(PureNetError, match=message):
        curved("xor", **options)
