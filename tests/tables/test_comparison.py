"""A linear model, cross-validation and permutation importance, counted by hand."""

import csv
import itertools
import random
import warnings
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from command_line import IRIS
from hypothesis import assume, given
from hypothesis import strategies as st
from support import complaint

from purenet import Classifier, NotLearnedWarning, PureNetError, Regressor
from purenet.core.mt19937 import MT19937
from purenet.tables import Learned, Table, comparison, learn, read
from purenet.tables.columns import Column
from purenet.tables.comparison import (
    CrossValidation,
    Trial,
    cross_validated,
    folds_of,
    importance,
    linear,
    score_of,
)
from purenet.tables.notes import flagged
from purenet.tables.problem import Problem

SHORT = {"epochs": 20}


def quietly(*arguments, **options):
    """Learn, whether the model comes to much or not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotLearnedWarning)
        return learn(*arguments, **options)


@pytest.fixture
def table(tmp_path, monkeypatch):
    """Write a table down whose target is a sum, plus noise."""
    draw = random.Random(5)
    rows = [[draw.random(), draw.random()] for _ in range(60)]
    with (tmp_path / "sum.csv").open("w", newline="") as file:
        targets = [3 * a - b + draw.gauss(0, 0.3) for a, b in rows]
        csv.writer(file).writerows([["a", "b", "y"], *[[*r, y] for r, y in zip(rows, targets)]])
    monkeypatch.chdir(tmp_path)
    return "sum.csv"


# -- a linear model ------------------------------------------------------------------------------


def test_the_linear_model_is_the_same_training_without_a_hidden_layer():
    learned = quietly(IRIS, "species", weight_decay=0.1, batch_size=16, **SHORT)
    X, y = learned.data(learned.rows)
    plain = Classifier((), epochs=20, weight_decay=0.1, batch_size=16).fit(X, y)
    assert plain.network_.sizes == [4, 3]
    assert learned.scores["linear"] == plain.score(*learned.data(learned.held_out))


def test_it_trains_for_no_more_epochs_and_once():
    estimator = Regressor([3, 2], activation=["relu", "tanh"], restarts=2, epochs=3)
    estimator.fit([[0.0], [1.0]], [0.0, 1.0])
    rows = [[0.0], [1.0]], [0.0, 1.0]
    alike = linear(Trial(estimator, rows, rows)).estimator
    assert repr(alike) == "Regressor(hidden=(), epochs=3)"


def test_it_ends_before_many_rows_take_long(monkeypatch):
    monkeypatch.setattr(comparison, "ENOUGH", 40)
    for rows, epochs in ((4, 10), (5, 8), (10, 5), (100, 5)):
        data = [[float(i)] for i in range(rows)], [float(i) for i in range(rows)]
        trial = Trial(Regressor(epochs=30).fit(*data), data, data)
        assert linear(trial).estimator.epochs == epochs


def test_a_better_linear_model_is_in_the_report(table):
    learned = quietly(table, "y", test=0.5, random_state=4)
    assert learned.scores["linear"] > learned.scores["r2"]
    assert "better than the network; try more rows, weight_decay=0.1" in str(learned)


def test_a_model_without_a_hidden_layer_is_not_compared_with_itself(table):
    assert "linear" not in quietly(table, "y", hidden=(), **SHORT).scores


def test_a_linear_model_that_fails_is_said_and_loses_nothing(monkeypatch):
    def fails(trial):
        raise PureNetError("it diverged")

    monkeypatch.setattr(comparison, "score_of", fails)
    learned = quietly(IRIS, "species", **SHORT)
    assert learned.results[1] == "no linear model to compare with: it diverged"
    assert "linear" not in learned.scores
    assert learned.scores["accuracy"] > 0


# -- cross-validation ----------------------------------------------------------------------------


@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=60), st.integers(2, 12))
def test_folds_are_of_equal_size_hold_each_row_once_and_part_of_each_class(y, k):
    often = [i for i, label in enumerate(y) if y.count(label) > 1]
    assume(k <= len(often))
    folds = folds_of(y, True, k, seed=len(y))
    assert sorted(itertools.chain(*folds)) == often
    sizes = [len(fold) for fold in folds]
    assert max(sizes) - min(sizes) <= 1
    for label in set(y):
        counts = [[y[i] for i in fold].count(label) for fold in folds]
        assert max(counts) - min(counts) <= 1
        assert max(counts) < y.count(label)  # some row of each class is always learned


@given(st.integers(2, 40), st.integers(2, 40))
def test_folds_of_numbers_are_rows_in_any_order(rows, k):
    y = [0.5] * rows
    if k > rows:
        message = f"expected at most {rows} folds, as each needs a row, got {k}"
        with pytest.raises(PureNetError) as caught:
            folds_of(y, False, k, 1)
        assert str(caught.value) == f"cv: {message}"
        assert flagged(caught.value.args[0]) == f"--cv: {message}"
    else:
        folds = folds_of(y, False, k, 1)
        assert (len(folds), sorted(itertools.chain(*folds))) == (k, [*range(rows)])


def test_each_fold_is_judged_by_a_model_of_the_other_rows():
    learned = quietly(IRIS, "species", cv=3, **SHORT)
    X, y = learned.problem.X, learned.problem.y
    folds = folds_of(y, True, 3, seed=0)
    for fold, score in zip(folds, learned.folds.scores):
        others = [i for i in range(150) if i not in fold]
        model = Classifier(epochs=20).fit([X[i] for i in others], [y[i] for i in others])
        assert score == model.score([X[i] for i in fold], [y[i] for i in fold])
    mean = sum(learned.folds.scores) / 3
    assert learned.as_data()["cv"]["mean"] == pytest.approx(mean)
    assert (
        str(learned).splitlines()[-1].startswith(f"3-fold cross-validation: accuracy {mean:.2%} ± ")
    )


def test_the_model_is_the_one_without_cross_validation(table):
    one, other = quietly(table, "y", cv=2, **SHORT), quietly(table, "y", **SHORT)
    assert one.estimator.network_.weights == other.estimator.network_.weights
    assert {**one.as_data(), "cv": None} == other.as_data()
    assert one.notes == other.notes


@pytest.mark.parametrize("pool", [ProcessPoolExecutor, ThreadPoolExecutor])
def test_workers_find_the_same_scores(table, pool):
    with pool(2) as executor:
        shared = quietly(table, "y", cv=3, executor=executor, refit=True, **SHORT)
    assert shared.folds == quietly(table, "y", cv=3, **SHORT).folds


def test_a_fold_with_few_rows_and_a_class_with_one_row_are_said():
    rows = [[0.0], [1.0], [2.0]], [0.0, 1.0, 2.0]
    found = cross_validated(Trial(Regressor(epochs=1), rows, rows), [[0], [1, 2]], None)
    assert found.lines[1:] == ["R² of fewer than 10 rows is mostly chance: a fold has 1"]
    for alone in (1, 2):
        y = [*"aabb", *"cd"[:alone]]
        rows = [[float(i)] for i in range(len(y))], y
        folds = folds_of(y, True, 2, 1)
        found = cross_validated(Trial(Classifier(epochs=1), rows, rows), folds, None)
        which = ["1 class has", "2 classes have"][alone - 1]
        said = "one row only, which is learned each time and never judged"
        assert found.lines[1:] == [f"{which} {said}"]


def test_the_spread_is_the_root_of_the_mean_square():
    found = CrossValidation("r2", [0.5, 0.7, 0.9], [])
    assert found.lines == ["3-fold cross-validation: R² 0.7000 ± 0.1633"]
    assert found.as_data()["deviation"] == pytest.approx((0.08 / 3) ** 0.5)


def test_another_table_tells_each_fold_when_to_stop(table, monkeypatch):
    seen = []
    monkeypatch.setattr(comparison, "score_of", lambda trial: seen.append(trial) or 0.5)
    learned = quietly(table, "y", cv=2, validation=table, max_seconds=60, **SHORT)
    assert [trial.validation for trial in seen] == [learned.validation] * 3  # and the linear one
    assert [trial.max_seconds for trial in seen] == [None, 60, 60]


# -- which columns matter ------------------------------------------------------------------------


class Echo:
    """An estimator that answers with its first input, and wants whole rows of the second column."""

    def score(self, X, y):
        assert all(sum(row[1:3]) == 1.0 for row in X)
        return len([1 for row, target in zip(X, y) if row[0] == target]) / len(y)


ECHOED = [Column("first"), Column("town", ("Bath", "York")), Column("last")]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20), st.integers(0, 99))
def test_the_drop_is_what_a_hand_would_count(values, seed):
    X = [[float(v), float(i % 2), 1.0 - i % 2, float(i)] for i, v in enumerate(values)]
    found = {e.column: e for e in importance(Echo(), ECHOED, (X, [row[0] for row in X]), 4, seed)}
    assert found["town"][1:] == found["last"][1:] == (0.0, 0.0)
    chance = MT19937(seed)
    chance.permutation(len(values))  # which rows are taken: all
    drops = []
    for _ in range(4):
        shuffled = [values[i] for i in chance.permutation(len(values))]
        drops.append(len([1 for a, b in zip(values, shuffled) if a != b]) / len(values))
    assert found["first"].drop == pytest.approx(sum(drops) / 4)
    assert found["first"].deviation == pytest.approx(
        (sum((drop - sum(drops) / 4) ** 2 for drop in drops) / 4) ** 0.5
    )


def test_the_most_important_is_first_and_equals_keep_their_order():
    X = [[float(i), 1.0, 0.0, 0.0] for i in range(20)]
    found = importance(Echo(), ECHOED, (X, [row[0] for row in X]), 5, 1)
    assert [each.column for each in found] == ["first", "town", "last"]
    assert 0.5 < found[0].drop <= 1.0


def test_of_many_rows_some_are_taken(monkeypatch):
    monkeypatch.setattr(comparison, "MOST_ROWS", 7)
    sizes = []
    counting = SimpleNamespace(score=lambda X, y: sizes.append((len(X), len(y))) or 1.0)
    importance(counting, [Column("x")], ([[0.0]] * 30, [0.0] * 30), 2, 1)
    assert sizes == [(7, 7)] * 3


def test_the_columns_of_a_table_matter_as_they_were_made(table):
    learned = quietly(table, "y", random_state=2)
    first, second = learned.importance()
    assert (first.column, second.column) == ("a", "b")
    assert first.drop > second.drop > 0.0
    assert learned.importance() == [first, second]  # seeded
    assert learned.importance(shuffles=3) != [first, second]


def test_after_a_refit_it_is_still_the_model_that_was_judged(table):
    again = quietly(table, "y", refit=True, **SHORT)
    assert again.importance() == quietly(table, "y", **SHORT).importance()
    assert again.estimator.columns_ == again.problem.columns


def test_without_rows_held_out_nothing_can_be_shuffled(table):
    learned = quietly(table, "y", test=0, **SHORT)
    assert complaint(learned.importance) == (
        "importance: no rows are held out to shuffle; give a higher test="
    )
    assert "shuffles: expected a whole number of at least 1, got 0" in complaint(
        learned.importance, 0
    )


# -- the time ------------------------------------------------------------------------------------


def test_a_training_ends_when_its_time_is_over(table):
    learned = quietly(table, "y", max_seconds=1e-9, cv=2)
    assert learned.estimator.n_iter_ == 1
    assert learned.estimator.stopped_ == "the time (1e-09 s) was over after epoch 0"
    assert "max_seconds: the time was over; the best so far is kept" in learned.notes
    assert len(learned.folds.scores) == 2
    assert learned.estimator.callback is None


def test_enough_time_changes_nothing(table):
    one, other = quietly(table, "y", max_seconds=60, **SHORT), quietly(table, "y", **SHORT)
    assert (one.as_data(), one.notes) == (other.as_data(), other.notes)


def test_each_restart_has_at_least_one_epoch(table):
    epochs = []
    quietly(table, "y", restarts=3, max_seconds=1e-9, callback=lambda d: epochs.append(d))
    assert [len(descent.losses) for descent in epochs[:3]] == [1, 1, 1]
    assert len({id(descent) for descent in epochs}) == 3


def test_a_training_whose_time_was_over_can_be_resumed_to_the_same_bits(table):
    whole, kept = quietly(table, "y", epochs=6), []
    quietly(table, "y", epochs=6, max_seconds=1e-9, callback=kept.append)
    again = quietly(table, "y", epochs=6, train=lambda learned: learned.fit(kept[-1]))
    assert len(kept) == 1
    assert again.estimator.network_.weights == whole.estimator.network_.weights
    assert again.estimator.stopped_ == "all 6 epochs done"


def test_restarts_that_others_train_cannot_be_stopped(table):
    with ThreadPoolExecutor(1) as executor:
        options = {"executor": executor, "restarts": 2, "max_seconds": 5}
        assert complaint(learn, table, "y", **options) == (
            "max_seconds: restarts on an executor go on; leave out executor="
        )


# -- other rows to judge by, and several targets -------------------------------------------------


def test_another_table_is_judged_by(table):
    learned = quietly(table, "y", test=turned(table), **SHORT)
    assert len(learned.rows) == 60
    assert learned.held_out == []
    assert learned.as_data()["rows_held_out"] == 20
    assert learned.notes[-1].endswith(", 20 of another table to judge by")
    assert "other.csv: 20 rows to judge by" in learned.notes
    X, y = learned.test
    assert learned.scores["r2"] == learned.estimator.score(X, y)
    assert learned.importance()[0].column == "a"
    again = quietly(table, "y", test=read("other.csv"), **SHORT)
    assert again.scores == learned.scores


def turned(path):
    """Write the first rows of a table down, with its columns in another order."""
    with Path(path).open(newline="") as file, Path("other.csv").open("w", newline="") as other:
        csv.writer(other).writerows([row[::-1] for row in list(csv.reader(file))[:21]])
    return "other.csv"


def test_one_target_in_a_list_is_one_target(table):
    one, other = quietly(table, ["y"], **SHORT), quietly(table, "y", **SHORT)
    assert one.as_data() == other.as_data()


def test_two_targets_are_judged_each():
    X = [[float(i), float(i % 3)] for i in range(40)]
    y = [[row[0], row[1]] for row in X]
    rows = [list(map(str, [*a, *b])) for a, b in zip(X, y)]
    table = Table("t", ["a", "b", "c", "d"], rows, [*range(40)])
    problem = Problem(table, [Column("c"), Column("d")], False, [Column("a"), Column("b")], X, y)
    learned = Learned(problem, Regressor(epochs=300), [*range(20)], [*range(20, 40)])
    learned.fit()
    learned.judge()
    assert [each["target"] for each in learned.scores["per_target"]] == ["c", "d"]
    assert [line[:5] for line in learned.results[1:3]] == ["c: R²", "d: R²"]
    assert {each.column for each in learned.importance()} == {"a", "b"}
    folds = folds_of(y, False, 2, 1)
    assert len(cross_validated(Trial(learned.estimator, (X, y), (X, y)), folds, None).scores) == 2
    assert score_of(Trial(learned.estimator, (X, y), (X, y))) > 0
