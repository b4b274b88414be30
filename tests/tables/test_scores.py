"""Scores: what can be counted by hand, and what must be so for any answers."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from purenet.tables.notes import flagged
from purenet.tables.scores import judged, judged_classes, judged_numbers

CLASSES = ["ham", "egg", "spam"]
labels = st.lists(st.tuples(st.sampled_from(CLASSES), st.sampled_from(CLASSES)), min_size=1)
numbers = st.floats(-1e150, 1e150)


def test_a_judgement_is_what_can_be_counted_by_hand():
    judgement = judged_classes(["a", "a", "b", "b", "b"], ["a", "b", "b", "b", "a"], ["a", "b"])
    assert (judgement.score, judgement.baseline) == (0.6, 0.6)
    assert [line.split() for line in judgement.lines[3:5]] == [["a", "1", "1"], ["b", "1", "2"]]
    assert [line.split() for line in judgement.lines[7:]] == [
        ["a", "0.50", "0.50", "0.50", "2"],
        ["b", "0.67", "0.67", "0.67", "3"],
    ]
    assert judgement.as_data()["balanced_accuracy"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    judgement = judged_numbers([1.0, 2.0, 3.0], [1.0, 2.0, 2.0])
    assert judgement.score == 0.5
    assert judgement.lines[1] == "RMSE: 0.5774, MAE: 0.3333 (always the mean: 0.8165, 0.6667)"
    assert judgement.as_data() == {
        "r2": 0.5,
        "baseline": 0.0,
        "rmse": pytest.approx(math.sqrt(1 / 3)),
        "mae": pytest.approx(1 / 3),
    }


@given(labels)
def test_counts_of_any_answers_are_those_counted_one_by_one(pairs):
    true, guesses = [list(each) for each in zip(*pairs)]
    data = judged_classes(true, guesses, CLASSES).as_data()
    assert data["accuracy"] == len([1 for a, b in pairs if a == b]) / len(pairs)
    for each in data["per_class"]:
        name = each["class"]
        hits = pairs.count((name, name))
        assert each["rows"] == true.count(name)
        assert each["recall"] == (hits / true.count(name) if name in true else None)
        assert each["precision"] == (hits / guesses.count(name) if name in guesses else None)
        if each["precision"] and each["recall"]:
            mean = 2 / (1 / each["precision"] + 1 / each["recall"])
            assert math.isclose(each["f1"], mean)
    json.dumps(data, allow_nan=False)


@given(st.lists(st.tuples(numbers, numbers), min_size=1))
def test_scores_of_any_numbers_are_numbers(pairs):
    true, guesses = [list(each) for each in zip(*pairs)]
    data = judged_numbers(true, guesses).as_data()
    assert 0.0 <= data["mae"] <= data["rmse"] * (1 + 1e-9)
    assert data["rmse"] <= data["mae"] * math.sqrt(len(true)) * (1 + 1e-9)
    json.dumps(data, allow_nan=False)


@given(st.lists(st.tuples(numbers, numbers, numbers, numbers), min_size=1))
def test_several_targets_are_judged_one_by_one(rows):
    true, guesses = [list(row[:2]) for row in rows], [list(row[2:]) for row in rows]
    several = judged_numbers(true, guesses, ["a", "b"])
    alone = [judged_numbers([r[j] for r in true], [r[j] for r in guesses]) for j in (0, 1)]
    for target, one in zip(several.as_data()["per_target"], alone):
        assert {**target, "baseline": 0.0} == {"target": target["target"], **one.as_data()}
    assert several.score == pytest.approx((alone[0].score + alone[1].score) / 2)
    assert several.lines[0].endswith(", the mean of 2 targets (always the mean: 0)")
    for name, line, one in zip("ab", several.lines[1:], alone):
        assert line == f"{name}: R² {one.score:.4f}, {one.lines[1]}"


def test_a_class_without_rows_or_guesses_has_no_score_there():
    data = judged_classes(["a", "b"], ["a", "a"], ["a", "b", "c"]).as_data()
    assert data["per_class"][1] == {
        "class": "b", "precision": None, "recall": 0.0, "f1": 0.0, "rows": 1,
    }  # fmt: skip
    assert data["per_class"][2] == {
        "class": "c", "precision": None, "recall": None, "f1": None, "rows": 0,
    }  # fmt: skip
    assert data["balanced_accuracy"] == 0.5
    lines = judged_classes(["a", "b"], ["a", "a"], ["a", "b", "c"]).lines
    assert lines[-1].split() == ["c", "-", "-", "-", "0"]


def test_r_squared_of_few_rows_says_that_it_is_chance():
    few, enough = ([float(i) for i in range(n)] for n in (9, 10))
    assert judged_numbers(few, few).lines[-1] == (
        "R² of fewer than 10 rows is mostly chance: judge by more rows"
    )
    assert len(judged_numbers(enough, enough).lines) == 2


def test_many_classes_have_no_table_and_a_line_that_says_so():
    many = [str(i) for i in range(30)]
    assert judged_classes(many, many, many).lines[1:] == [
        "the scores of each of 30 classes are in `scores` and --json"
    ]


def test_counting_takes_no_longer_for_many_classes():
    """Twenty thousand rows of 100 classes, which took a minute when each pair was counted."""
    many = [f"{i % 100}" for i in range(20_000)]
    assert judged_classes(many, many, sorted(set(many))).score == 1.0


def test_long_and_blank_names_of_classes_fit_into_a_line():
    judgement = judged_classes(["a\nb", ""], ["a\nb", ""], ["", "a\nb", "x" * 50])
    assert [line.split()[0] for line in judgement.lines[3:6]] == ["(blank)", "a", "xxxxxxxxxxx…"]


def test_a_linear_model_that_is_better_comes_with_what_to_try():
    judgement = judged_classes(["a", "b"], ["a", "a"], ["a", "b"])
    judgement.linear = 0.5
    assert judgement.lines[1] == "a linear model: 50.00%"
    judgement.linear = 1.0
    said = "a linear model: 100.00%, better than the network; try more rows,"
    assert judgement.lines[1] == f"{said} weight_decay=0.1, or hidden=() to take it"
    assert flagged(judgement.lines[1]) == f"{said} --weight-decay 0.1, or --hidden 0 to take it"
    assert judgement.as_data()["linear"] == 1.0


def test_an_estimator_is_judged_by_what_it_predicts():
    class Twice:
        target_ = ("a", "b")

        def predict(self, X):
            return [[row[0], 2 * row[0]] for row in X]

    rows = [[float(i)] for i in range(12)]
    assert judged(Twice(), rows, [[x, 2 * x] for [x] in rows]).score == 1.0
