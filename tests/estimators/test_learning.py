"""Results of the defaults, warnings of a fit that has learned nothing, and the options for that."""

import copy
import math
import pickle
import random
import warnings
from itertools import compress

import numpy as np
import pytest
from estimator_data import KINDS, problem, quick, some_rows
from hypothesis import given
from hypothesis import strategies as st
from support import EPSILON, QUANTUM, bits, complaint, finite_float, state_of

import purenet
from purenet import Classifier, Network, NotLearnedWarning, Regressor, load, save
from purenet.core.losses import find_loss
from purenet.datasets import CURVED, curved, iris
from purenet.estimators.defaults import BATCH_SIZE, epochs_for, verdict
from purenet.estimators.descent import Data, Descent
from purenet.estimators.outcome import FEWEST_TO_JUDGE_BY, compare
from purenet.estimators.preparation import Standardizer
from purenet.export.folded import fold
from purenet.export.python import python_source
from purenet.tables.columns import Column

FORMATS = [".json", ".npz", ".safetensors", ".onnx"]
XOR = [[0, 0], [0, 1], [1, 0], [1, 1]], [0, 1, 1, 0]


def of_the_network(estimator):
    return state_of(estimator.network_)[1:3]


def fit_and_warnings(estimator, *data, **options):
    """Return the warnings of a fit."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator.fit(*data, **options)
    return [warning.message for warning in caught]


@pytest.fixture
def strictly():
    """Make each warning an error, those too that setup.cfg ignores."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture
def descents(monkeypatch):
    """Record each descent that runs, with its data and its schedule."""
    seen, run = [], Descent.run

    def recorded(self, data, schedule, *rest, **options):
        seen.append((self, data, schedule))
        return run(self, data, schedule, *rest, **options)

    monkeypatch.setattr(Descent, "run", recorded)
    return seen


# -- the defaults learn --------------------------------------------------------------------------


def exhaustive_but(few, values):
    """Mark all values as exhaustive but a few."""
    return [pytest.param(v, marks=() if v in few else pytest.mark.exhaustive) for v in values]


@pytest.mark.parametrize("seed", range(20))
def test_xor_is_learned_by_default(seed, strictly):
    X, y = XOR
    assert Classifier(random_state=seed).fit(X, y).predict(X) == y


@pytest.mark.parametrize("seed", exhaustive_but([0], range(20)))
def test_xor_of_forty_rows_is_learned_by_default(seed, strictly):
    X, y = XOR
    classifier = Classifier(random_state=seed).fit(X * 10, y * 10)
    assert classifier.predict(X) == y


@pytest.mark.parametrize("name", exhaustive_but(("square", "absolute", "spirals"), CURVED))
def test_each_curved_problem_is_learned_by_default_and_nothing_is_said(name, strictly):
    X, y = curved(name, 200)
    kind = Classifier if isinstance(y[0], int) else Regressor
    assert kind().fit(X, y).score(X, y) > 0.95


def test_iris_is_learned_by_default_and_nothing_is_said(strictly):
    X, species = iris()
    assert Classifier().fit(X, species).score(X, species) > 0.95


def test_a_stream_of_single_rows_ends_near_the_line(strictly):
    generator, regressor = random.Random(0), Regressor()
    for _ in range(3000):
        x = generator.uniform(1000.0, 2000.0)
        regressor.partial_fit([[x]], [3.0 * x + 7.0])
    for x in (1000.0, 1200.0, 1500.0, 1800.0, 2000.0):
        assert regressor.predict([[x]]) == pytest.approx([3.0 * x + 7.0], rel=0.02)


@pytest.mark.parametrize(
    ("rows", "batch_size", "epochs", "patience"),
    [(4, 4, 7200, 360), (33, 32, 3600, 180), (64, 32, 3600, 180), (3000, 1, 200, 20)],
)
def test_epochs_and_patience_are_chosen_by_the_number_of_updates(
    rows, batch_size, epochs, patience
):
    assert epochs_for(rows, batch_size) == (epochs, patience)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("count", "options"), [(20, {}), (50, {}), (50, {"batch_size": 8})])
def test_a_fit_is_planned_for_the_rows_that_it_learns(kind, count, options, descents):
    X, y = problem(kind, count)
    kind(2, callback=lambda descent: True, **options).fit(X, y)
    [(_, data, schedule)] = descents
    rows = len(data.X)
    assert (rows < count) == (count == 50)
    size = options.get("batch_size", BATCH_SIZE)
    assert (schedule.epochs, schedule.patience) == epochs_for(rows, size)
    assert schedule.batch_size == size


@pytest.mark.parametrize("kind", KINDS)
def test_epochs_and_patience_that_are_given_are_numbers_of_epochs(kind, descents):
    X, y = problem(kind)
    estimator = kind(2, epochs=3, patience=2).fit(X, y)
    [(_, _, schedule)] = descents
    assert (schedule.epochs, schedule.patience, estimator.n_iter_) == (3, 2, 3)


@pytest.mark.parametrize("kind", KINDS)
def test_rprop_learns_all_rows_at_once_by_itself(kind):
    X, y = problem(kind)
    auto = quick(kind, optimizer="rprop", learning_rate=None).fit(X, y)
    told = quick(kind, optimizer="rprop", learning_rate=None, batch_size=None).fit(X, y)
    assert of_the_network(auto) == of_the_network(told)
    message = complaint(auto.set_params(batch_size=16).fit, X, y)
    assert "rprop needs the full batch" in message


@pytest.mark.parametrize("batch_size", ["all", "", "32"])
def test_a_batch_size_in_words_other_than_auto_is_refused(batch_size):
    message = complaint(Classifier(batch_size=batch_size).fit, *XOR)
    assert message == (f'batch_size: expected "auto", None or a number, got {batch_size!r} (str)')


# -- a fit that has learned nothing says so ------------------------------------------------------


def noise(kind, count=40):
    """Return rows and targets that have nothing to do with them."""
    generator = random.Random(9)
    y = [generator.gauss(0.0, 1.0) for _ in range(count)]
    return some_rows(count), y if kind is Regressor else [generator.choice("ab") for _ in y]


ADVICE = (
    ": try more epochs= or patience=, restarts=5, more units (hidden=), another learning_rate= or "
    "another activation="
)
STILL = {"epochs": 1, "learning_rate": 1e-12, "weight_decay": 0.0}  # stays where it starts


@pytest.mark.parametrize(
    ("count", "validation", "rows"),
    [
        (20, 0.15, "all 20 rows of the fit"),
        (198, 0.5, "all 198 rows of the fit"),
        (200, 0.5, "the 100 validation rows"),
        (200, 0.0, "all 200 rows of the fit"),
    ],
)
def test_a_regressor_that_is_no_better_than_the_mean_says_so(count, validation, rows, descents):
    assert FEWEST_TO_JUDGE_BY == 100
    X, y = noise(Regressor, count)
    regressor = Regressor(3, validation_fraction=validation, **STILL)
    [warning] = fit_and_warnings(regressor, X, y)
    [(_, data, _)] = descents
    judges = data.held_back if "validation" in rows else Data(*regressor.preprocess(X, y))
    mean = np.mean(data.y, 0).tolist()
    loss = regressor.network_.loss_on(judges.X, judges.y)
    trivial = find_loss("squared_error", "linear").total(judges.y, [mean] * len(judges.y)) / len(
        judges.y
    )
    assert warning.kind == "trivial"
    assert warning.finding == (
        f"the fit is no better than the mean of y: its loss on {rows} is {loss:.4g}, "
        f"that of the mean of y is {trivial:.4g}"
    )
    assert str(warning) == warning.finding + ADVICE


def test_a_classifier_that_is_no_better_than_the_class_frequencies_says_so(descents):
    X, y = noise(Classifier)
    classifier = Classifier(3, **STILL)
    [warning] = fit_and_warnings(classifier, X, y)
    inputs, targets = classifier.preprocess(X, y)
    [(_, data, _)] = descents
    frequencies = np.mean(data.y, 0)
    trivial = -np.mean(np.log(frequencies)[np.argmax(targets, 1)])
    loss = classifier.network_.loss_on(inputs, targets)
    assert len(set(classifier.predict(X))) > 1
    assert warning.kind == "trivial"
    assert str(warning) == (
        "the fit is no better than the class frequencies: its cross-entropy on all 40 rows of "
        f"the fit is {loss:.4g}, that of the class frequencies is {trivial:.4g}{ADVICE}"
    )


def test_one_that_is_hardly_better_says_so():
    # Of 400 signs, 214 are the input's: the best line explains 0.0049 of the variance.
    X = [[float(i % 2 * 2 - 1)] for i in range(400)]
    y = [x if i < 214 else -x for i, [x] in enumerate(X)]
    [warning] = fit_and_warnings(Regressor([], validation_fraction=0), X, y)
    assert warning.finding.startswith(
        "the fit is hardly better than the mean of y: its loss on all"
    )


def test_a_classifier_that_answers_one_class_everywhere_names_it_and_class_weight():
    X = some_rows(60)
    y = ["rare" if i % 15 == 7 else "often" for i in range(60)]
    classifier = Classifier(2, epochs=20)
    [warning] = fit_and_warnings(classifier, X, y)
    assert set(classifier.predict(X)) == {"often"}
    assert warning.kind == "one class"
    assert str(warning).startswith(
        "the fit answers 'often' for every row; its cross-entropy on all 60 rows of the fit is "
    )
    assert str(warning).endswith(
        f': try class_weight="balanced" if the other classes are rare;{ADVICE[1:]}'
    )


@pytest.mark.parametrize(
    ("y", "where"),
    [
        ([5.0] * 40, "y has"),
        ([[5.0]] * 40, "y has"),
        ([[5.0, 7.0]] * 40, "y: columns 0, 1 have"),
    ],
)
def test_of_a_constant_target_only_that_is_said(y, where):
    [warning] = fit_and_warnings(Regressor(2, epochs=3), some_rows(40), y)
    assert (warning.kind, warning.advice) == ("constant target", "")
    assert str(warning) == f"{where} one value only, so there is nothing to learn"


def test_where_one_target_of_two_is_constant_the_fit_is_judged_too():
    X, y = noise(Regressor)
    constant, trivial = fit_and_warnings(Regressor(2, **STILL), X, [[t, 5.0] for t in y])
    assert str(constant) == "y: column 1 has one value only, so there is nothing to learn"
    assert trivial.kind == "trivial"
    X, y = problem(Regressor)
    [constant] = fit_and_warnings(Regressor(), X, [[t, 5.0] for t in y])
    assert constant.kind == "constant target"


def test_a_loss_that_is_not_a_number_is_no_better():
    assert verdict(math.nan, 1.0) == "no better"


def test_each_row_counts_as_much_as_its_weight_says_when_a_fit_is_judged():
    """Two rows of weight 1 and 3 are as good as four rows."""
    network = Network([1, 1], activation="linear", seed=1)
    weighted = Data([[0.5], [2.0]], [[1.0], [3.0]], [1.0, 3.0])
    repeated = Data([[0.5], *[[2.0]] * 3], [[1.0], *[[3.0]] * 3])
    one, other = compare(network, weighted, weighted), compare(network, repeated, repeated)
    assert one[:2] == pytest.approx(other[:2], rel=1e-15)


def test_the_warning_points_to_the_callers_line():
    X, y = noise(Regressor)
    for learn in (Regressor(2, **STILL).fit, lambda X, y: Regressor(2, **STILL).resume(X, y, None)):
        with pytest.warns(NotLearnedWarning) as caught:
            learn(X, y)
        assert caught[0].filename == __file__


def test_the_warning_can_be_had_by_its_name_and_goes_through_a_pickle():
    assert purenet.NotLearnedWarning is purenet.estimators.NotLearnedWarning is NotLearnedWarning
    assert issubclass(NotLearnedWarning, UserWarning)
    warning = NotLearnedWarning("trivial", "no better", "try restarts=5")
    for again in (pickle.loads(pickle.dumps(warning)), copy.copy(warning)):
        assert type(again) is NotLearnedWarning
        assert str(again) == "no better: try restarts=5"
        assert vars(again) == vars(warning)


@pytest.mark.parametrize("kind", KINDS)
def test_where_the_warning_is_an_error_the_estimator_stays_as_it_was(kind, strictly):
    X, y = noise(kind)
    fresh = kind(2, **STILL)
    with pytest.raises(NotLearnedWarning):
        fresh.fit(X, y)
    assert vars(fresh) == fresh.get_params()
    fitted = kind(random_state=1).fit(*problem(kind)).set_params(hidden=2, **STILL)
    before = pickle.dumps(fitted)
    with pytest.raises(NotLearnedWarning):
        fitted.fit(X, y)
    assert pickle.dumps(fitted) == before


def test_a_fit_is_judged_before_all_rows_are_learned():
    """With refit=True no row is left to judge by: what is said is of the honest network."""
    X, y = noise(Regressor, 200)
    options = {"hidden": 3, "validation_fraction": 0.5, **STILL}
    [honest] = fit_and_warnings(Regressor(**options), X, y)
    [refitted] = fit_and_warnings(Regressor(refit=True, **options), X, y)
    assert str(refitted) == str(honest)


# -- indicators stay 0 and 1 ---------------------------------------------------------------------


def with_indicators(count=40, seed=3):
    """Return rows of an indicator, a number, an indicator and a constant 1, and targets."""
    generator = random.Random(seed)
    X = [[i % 2, generator.uniform(-9.0, 9.0), int(i % 10 == 3), 1] for i in range(count)]
    return [list(map(float, row)) for row in X], [row[1] + 5.0 * row[2] for row in X]


def columns(X, *places):
    return [[row[j] for j in places] for row in X]


def test_a_column_of_0_and_1_is_left_and_others_are_standardized():
    X, y = with_indicators()
    inputs, _ = quick(Regressor).fit(X, y).preprocess(X, y)
    assert columns(inputs, 0, 2, 3) == columns(X, 0, 2, 3)
    assert columns(inputs, 1) == Standardizer.of(columns(X, 1)).apply(columns(X, 1))


def test_what_a_column_holds_is_told_from_rows_that_weigh_something():
    X, y = with_indicators()
    X.append([0.5, 0.0, 7.0, 1.0])
    y.append(0.0)
    by_weight = quick(Regressor).fit(X, y, [1.0] * 40 + [0.0])
    assert columns(by_weight.preprocess(X, y)[0], 0, 2) == columns(X, 0, 2)
    inputs, _ = quick(Regressor).fit(X, y).preprocess(X, y)
    assert columns(inputs, 0, 2) == Standardizer.of(columns(X, 0, 2)).apply(columns(X, 0, 2))


@pytest.mark.parametrize("targets", [[0.0, 1.0], [1.0, 0.0]])
def test_targets_of_0_and_1_are_standardized(targets):
    X = some_rows(40)
    y = [targets[i % 2] for i in range(40)]
    found = {t for [t] in quick(Regressor).fit(X, y).preprocess(X, y)[1]}
    assert sorted(found) == pytest.approx([-1.0, 1.0], rel=1e-15)


@pytest.mark.parametrize("kind", KINDS)
def test_partial_fit_cannot_tell_an_indicator_but_for_the_texts_of_a_table(kind):
    X, y = with_indicators()
    y = y if kind is Regressor else [target > 0.0 for target in y]
    estimator = quick(kind).partial_fit(X[:20], y[:20]).partial_fit(X[20:], y[20:])
    inputs, _ = estimator.preprocess(X, y)
    assert columns(inputs, 0) != columns(X, 0)
    estimator = quick(kind)
    estimator.columns_ = [Column("a"), Column("b"), Column("c", ("x", "y"))]
    estimator.target_ = "t"
    estimator.partial_fit(X[:20], y[:20]).partial_fit(X[20:], y[20:])
    left = estimator.preprocess(X, y)[0]
    assert columns(left, 2, 3) == columns(X, 2, 3)
    assert columns(left, 0, 1) == columns(inputs, 0, 1)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", FORMATS)
def test_a_file_of_every_format_leaves_the_same_columns(kind, ending, tmp_path):
    X, y = with_indicators()
    y = y if kind is Regressor else [target > 0.0 for target in y]
    estimator = quick(kind).fit(X, y)
    save(estimator, tmp_path / f"model{ending}")
    loaded = load(tmp_path / f"model{ending}")
    assert bits(loaded.preprocess(X, y)[0]) == bits(estimator.preprocess(X, y)[0])
    assert loaded.predict(X) == estimator.predict(X)


@pytest.mark.parametrize("style", ["lists", "unrolled"])
def test_an_exported_file_gives_the_bits_of_a_classifier_of_indicators(style):
    """Nothing is folded into its weights, where other columns cost the last digits."""
    X, labels = curved("parity", 40)
    classifier = quick(Classifier).fit(X, labels)
    names = {}
    exec(python_source(fold(classifier), style=style), names)
    assert bits(map(names["predict"], X)) == bits(classifier.predict_proba(X))
    assert list(map(names["predict_class"], X)) == classifier.predict(X)


# -- class_weight --------------------------------------------------------------------------------


def unbalanced(count=60):
    X = some_rows(count)
    return X, ["rare" if x > 0.75 else "often" for x, *_ in X]


@pytest.mark.parametrize("weights", [None, [0.5, 1.0, 2.0] * 20])
def test_balanced_classes_are_rows_of_the_weights_that_balance_them(weights):
    X, y = unbalanced()
    of_rows = weights or [1.0] * len(y)
    totals = {label: sum(compress(of_rows, map(label.__eq__, y))) for label in set(y)}
    assert len(totals) == 2 and max(totals.values()) > 3.0 * min(totals.values())
    balance = {label: sum(of_rows) / (2 * total) for label, total in totals.items()}
    balanced = quick(Classifier, class_weight="balanced").fit(X, y, weights)
    by_hand = quick(Classifier).fit(X, y, [w * balance[label] for w, label in zip(of_rows, y)])
    assert (
        of_the_network(balanced)
        == of_the_network(by_hand)
        != of_the_network(quick(Classifier).fit(X, y, weights))
    )
    assert balanced.validation_loss_curve_ == by_hand.validation_loss_curve_
    # Once more: nothing of a fit is in the way of the next.
    assert of_the_network(balanced.fit(X, y, weights)) == of_the_network(by_hand)


def test_a_class_counts_as_much_as_a_dict_says_and_1_where_it_says_nothing():
    X, y = unbalanced()
    told = quick(Classifier, class_weight={"rare": 3}).fit(X, y)
    by_hand = quick(Classifier).fit(X, y, [3.0 if label == "rare" else 1.0 for label in y])
    assert of_the_network(told) == of_the_network(by_hand)
    assert told.loss_curve_ == by_hand.loss_curve_
    told, by_hand = quick(Classifier, class_weight={"rare": 3}), quick(Classifier)
    told.partial_fit(X, y)
    by_hand.partial_fit(X, y, sample_weight=[3.0 if label == "rare" else 1.0 for label in y])
    assert of_the_network(told) == of_the_network(by_hand)


def test_class_weights_count_in_a_stream_of_single_rows():
    """A row of the rare class moves the weights further than the same row does as the other."""
    X, y = unbalanced()
    told, usual = quick(Classifier, class_weight={"rare": 3}), quick(Classifier)
    for estimator in (told, usual):
        for row, label in zip(X[:30], y[:30]):
            estimator.partial_fit([row], [label], ["often", "rare"])
    [[_, more]], [[_, less]] = told.predict_proba(X[:1]), usual.predict_proba(X[:1])
    assert more > less


def test_only_the_ratios_of_class_weights_count_however_large_or_small():
    X, y = unbalanced()
    expected = of_the_network(quick(Classifier, class_weight={"rare": 3, "often": 1}).fit(X, y))
    for unit in (2.0**1021, 2.0**-1070):
        weights = {"rare": 3 * unit, "often": unit}
        scaled = quick(Classifier, class_weight=weights).fit(X, y)
        assert of_the_network(scaled) == expected


def test_a_rare_class_is_found_where_classes_count_alike():
    """If nine of ten rows are of one class whatever the input, the others are never answered."""
    generator = random.Random(1)
    X = [[generator.gauss(0.0, 1.0)] for _ in range(400)]
    y = ["rare" if generator.random() < (0.25 if x > 0.0 else 0.02) else "often" for [x] in X]
    usual, balanced = Classifier().fit(X, y), Classifier(class_weight="balanced").fit(X, y)
    rare = [x for x, label in zip(X, y) if label == "rare"]
    assert usual.predict(rare).count("rare") == 0
    assert balanced.predict(rare).count("rare") > 0.8 * len(rare)


@pytest.mark.parametrize(
    ("class_weight", "message"),
    [
        ("equal", "class_weight: expected \"balanced\" or a dict, got 'equal' (str)"),
        (3, 'class_weight: expected "balanced" or a dict, got 3'),
        ([1, 2], 'class_weight: expected "balanced" or a dict, got [1, 2] (list)'),
        (
            {"seldom": 2},
            "class_weight: 'seldom' (str) is not among ['often', 'rare'] (list)",
        ),
        ({"rare": 0}, "class_weight['rare']: expected a number above 0, got 0"),
        ({"rare": -1.5}, "class_weight['rare']: expected a number above 0, got -1.5"),
        ({"rare": math.nan}, "class_weight['rare']: expected a number above 0, got nan"),
        ({"rare": "much"}, "class_weight['rare']: expected a number above 0, got 'much' (str)"),
    ],
)
def test_a_class_weight_that_is_wrong_is_refused_and_nothing_changes(class_weight, message):
    X, y = unbalanced()
    classifier = quick(Classifier).fit(X, y).set_params(class_weight=class_weight)
    before = pickle.dumps(classifier)
    assert complaint(classifier.fit, X, y) == message
    assert complaint(classifier.partial_fit, X, y) == message
    assert pickle.dumps(classifier) == before


def test_partial_fit_refuses_to_balance_what_it_has_not_seen():
    classifier = quick(Classifier, class_weight="balanced")
    message = complaint(classifier.partial_fit, *unbalanced())
    assert (
        message
        == 'class_weight: "balanced" needs all rows at once, and partial_fit has some: give a dict'
    )
    assert vars(classifier) == classifier.get_params()


def test_a_regressor_has_no_class_weight():
    assert "class_weight" not in Regressor().get_params()
    with pytest.raises(TypeError, match="class_weight"):
        Regressor(class_weight="balanced")


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize(
    ("labels", "class_weight", "loaded"),
    [
        (["often", "rare"], "balanced", "balanced"),
        (["often", "rare"], {"rare": 2.5, "often": 1}, {"rare": 2.5, "often": 1.0}),
        ([False, True], {True: 3}, {True: 3.0}),
        ([1, 2], {np.int64(2): np.float32(0.5)}, {2: 0.5}),
    ],
)
def test_a_class_weight_is_saved_and_loaded(labels, class_weight, loaded, ending, tmp_path):
    X, y = unbalanced()
    y = [labels[label == "rare"] for label in y]
    classifier = quick(Classifier, class_weight=class_weight, refit=True).fit(X, y)
    save(classifier, tmp_path / f"model{ending}")
    again = load(tmp_path / f"model{ending}")
    assert repr(again.class_weight) == repr(loaded)
    assert again.refit is True
    assert again.predict(X) == classifier.predict(X)
    assert of_the_network(again.fit(X, y)) == of_the_network(classifier.fit(X, y))


# -- validation_data -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("pair", [tuple, list])
def test_rows_to_validate_by_take_the_place_of_those_held_back(kind, pair, descents):
    X, y = problem(kind)
    X_val, y_val = problem(kind, 10, seed=1)
    estimator = quick(kind).fit(X, y, validation_data=pair([X_val, y_val]))
    [(_, data, _)] = descents
    assert (data.X, data.y) == estimator.preprocess(X, y)
    assert (data.held_back.X, data.held_back.y) == estimator.preprocess(X_val, y_val)
    assert estimator.best_loss_ == min(estimator.validation_loss_curve_)
    assert estimator.best_loss_ == estimator.network_.loss_on(*estimator.preprocess(X_val, y_val))
    # The result is the same as with nothing held back, up to that point.
    alone = quick(kind, validation_fraction=0).fit(X, y)
    assert estimator.loss_curve_ == alone.loss_curve_
    held_back = [each.fitted_state()[1].n_held_back for each in (estimator, alone)]
    assert held_back == [10, 0]


def test_a_fit_with_rows_to_validate_by_goes_on_from_any_epoch():
    X, y = problem(Regressor)
    pair, seen = problem(Regressor, 10, seed=1), []
    whole = quick(Regressor, callback=lambda descent: seen.append(copy.deepcopy(descent)))
    whole.fit(X, y, validation_data=pair)
    for descent in seen:
        resumed = quick(Regressor).resume(X, y, descent, validation_data=pair)
        assert of_the_network(resumed) == of_the_network(whole)


def test_few_rows_may_be_validated_by_and_all_are_judged(descents):
    X, y = noise(Regressor, 20)
    pair = noise(Regressor, 10)
    [warning] = fit_and_warnings(Regressor(3, **STILL), X, y, validation_data=pair)
    assert "on all 30 rows of the fit" in str(warning)
    pair = noise(Regressor, 100)
    [warning] = fit_and_warnings(Regressor(3, **STILL), X, y, validation_data=pair)
    assert "on the 100 validation rows" in str(warning)


def test_class_weights_count_in_rows_to_validate_by_as_in_those_learned(descents):
    X, y = unbalanced()
    quick(Classifier, class_weight="balanced").fit(X, y, validation_data=(X[:10], y[:10]))
    [(_, data, _)] = descents
    assert data.held_back.weights == data.weights[:10]


def test_a_row_to_validate_by_weighs_as_much_as_one_to_learn_does_on_average(descents):
    X, y = problem(Regressor)
    pair = problem(Regressor, 10, seed=1)
    for unit in (1.0, 1.9):
        quick(Regressor, refit=True).fit(X, y, [unit] * len(y), validation_data=pair)
    (_, one, _), _, (_, other, _), _ = descents
    for data in (one, other):
        assert data.held_back.weights == pytest.approx([data.weights[0]] * 10, rel=1e-14)


BAD_PAIRS = [
    (3, "expected a pair (X, y), got 3"),
    ("Xy", "expected a pair (X, y), got 'Xy' (str)"),
    (([[0.0] * 3],), "expected a pair (X, y), got ([[0.0, 0.0, 0.0]],) (tuple)"),
    (([[0.0] * 3], ["low"], [1.0]), None),
    (([], []), "X: 0 sample(s) (shape=(0, 0)) while a minimum of 1 is required."),
    (([[0.0] * 2], ["low"]), "X has 2 features, but Classifier is expecting 3 features as input"),
    (([[0.0]], ["low"]), "X has 1 features, but Classifier is expecting 3 features as input"),
    (([[0.0] * 3], ["low", "low"]), "y: 2 values, but X has 1 row"),
    (([[0.0] * 3], ["tall"]), "labels: row 0 is 'tall' (str), which is not among the classes"),
    (([[0.0, 1.0, None]], ["low"]), None),
    (([[1e308, 1e308, 1e308]], ["low"]), "X: row 0 has numbers too large to be standardized"),
]


@pytest.mark.parametrize(("pair", "message"), BAD_PAIRS)
def test_what_is_no_pair_to_validate_by_is_refused_and_nothing_changes(pair, message):
    X, y = problem(Classifier)
    classifier = quick(Classifier).fit(X, y)
    before = pickle.dumps(classifier)
    found = complaint(classifier.fit, X, y, validation_data=pair)
    assert found.startswith("validation_data: ") and "\n" not in found
    assert message is None or found == f"validation_data: {message}"
    assert pickle.dumps(classifier) == before


def test_targets_to_validate_by_are_as_many_as_those_to_learn():
    X, y = problem(Regressor)
    message = complaint(quick(Regressor).fit, X, y, validation_data=(X, [[t, t] for t in y]))
    assert message == "validation_data: y: row 0 has 2 values, but the network has 1 output"


# -- refit ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("kind", KINDS)
def test_all_rows_are_learned_again_for_as_many_epochs_as_were_best(kind, weighted):
    X, y = problem(kind)
    weights = [0.5, 1.0, 2.0, 1.0] * 10 if weighted else None
    options = {"epochs": 60, "learning_rate": 0.1, "patience": 9}
    seen = []
    honest = quick(kind, callback=seen.append, **options).fit(X, y, weights)
    best = seen[-1].best_epoch
    assert 0 < best < honest.n_iter_ - 1
    refitted = quick(kind, refit=True, **options).fit(X, y, weights)
    last = []
    options = {**options, "epochs": best + 1, "patience": 99, "validation_fraction": 0}
    quick(kind, callback=last.append, **options).fit(X, y, weights)
    assert state_of(refitted.network_)[1:3] == state_of(last[-1].network)[1:3]
    assert of_the_network(refitted) != of_the_network(honest)
    for name in ("loss_curve_", "validation_loss_curve_", "best_loss_", "n_iter_", "stopped_"):
        assert getattr(refitted, name) == getattr(honest, name)
    by_hand = honest.refit_on(X, y, weights)
    assert by_hand is honest
    assert of_the_network(by_hand) == of_the_network(refitted)
    assert by_hand.loss_curve_ == refitted.loss_curve_


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_is_held_back_there_is_nothing_to_refit(kind, descents):
    X, y = problem(kind, 20)
    refitted = quick(kind, refit=True).fit(X, y)
    assert len(descents) == 1
    assert of_the_network(refitted) == of_the_network(quick(kind).fit(X, y))


def test_rows_to_validate_by_are_learned_too():
    X, y = problem(Regressor)
    X_val, y_val = problem(Regressor, 10, seed=1)
    refitted = quick(Regressor, refit=True, standardize=False).fit(
        X, y, validation_data=(X_val, y_val)
    )
    honest = quick(Regressor, standardize=False).fit(X, y, validation_data=(X_val, y_val))
    honest._output_scale = refitted._output_scale
    assert of_the_network(refitted) != of_the_network(honest)
    assert refitted.fitted_state()[1].n_held_back == 10


@pytest.mark.parametrize("epoch", [0, 3])
def test_a_fit_with_refit_that_was_stopped_goes_on_to_the_same_bits(epoch):
    """The callback has kept the honest descent, and not that of all rows."""
    X, y = problem(Regressor)
    seen = []

    def stop(descent):
        seen.append(descent)
        return len(descent.losses) > epoch

    quick(Regressor, refit=True, callback=stop).fit(X, y)
    resumed = quick(Regressor, refit=True).resume(X, y, seen[-1])
    whole = quick(Regressor, refit=True).fit(X, y)
    assert of_the_network(resumed) == of_the_network(whole)
    assert resumed.validation_loss_curve_ == whole.validation_loss_curve_


@pytest.mark.parametrize("kind", KINDS)
def test_more_rows_can_be_learned_as_long_as_was_best(kind):
    X, y = problem(kind)
    more_X, more_y = problem(kind, 60, seed=2)
    estimator = quick(kind).fit(X, y)
    curve = list(estimator.loss_curve_)
    estimator.refit_on(more_X, more_y)
    assert estimator.loss_curve_ == curve
    inputs = estimator.preprocess(more_X, more_y)[0]
    assert inputs == Standardizer.of(more_X).apply(more_X)


def test_a_refit_has_the_sizes_of_the_network_that_was_judged():
    X, y = [[float(i + j) for j in range(40)] for i in range(72)], [float(i) for i in range(72)]
    regressor = Regressor(epochs=2).fit(X, y)
    sizes = regressor.network_.sizes
    regressor.refit_on(X + X, y + y)
    assert regressor.network_.sizes == sizes == [40, 18, 1]


def test_a_refit_of_other_columns_or_classes_or_after_a_stream_is_refused():
    X, y = problem(Classifier)
    classifier = quick(Classifier).fit(X, y)
    before = pickle.dumps(classifier)
    assert complaint(classifier.refit_on, [row[1:] for row in X], y).startswith("X has 2 features")
    others = ["other" if i % 2 else "new" for i in range(len(y))]
    known = "['high', 'low', 'middle'] (list)"
    assert complaint(classifier.refit_on, X, others) == (
        f"y: expected the classes {known} of fit, got ['new', 'other'] (list)"
    )
    assert pickle.dumps(classifier) == before
    classifier.partial_fit(X[:5], y[:5])
    assert complaint(classifier.refit_on, X, y).startswith("refit: no epoch")


def test_what_cannot_be_refitted_is_refused_and_nothing_changes():
    X, y = problem(Classifier)
    message = complaint(Classifier().refit_on, X, y)
    assert message == "Classifier: it is not fitted yet: call fit first"
    classifier = quick(Classifier).fit(X, y)
    before = pickle.dumps(classifier)
    assert complaint(classifier.refit_on, X, y[1:]) == "y: 39 values, but X has 40 rows"
    assert pickle.dumps(classifier) == before
    message = complaint(quick(Classifier, refit=1).fit, X, y)
    assert message == "refit: expected True or False, got 1"


NO_EPOCH = "refit: no epoch is known to be best, so their number is unknown"


def test_where_no_epoch_was_best_nothing_is_refitted():
    X, y = problem(Regressor)
    regressor = quick(Regressor).fit(X, y)
    fitted, descent = regressor.fitted_state()
    of_others = quick(Regressor)
    of_others.restore(fitted, Descent(descent.network, "adam", 0.01, 0.0))
    before = pickle.dumps(of_others)
    assert complaint(of_others.refit_on, X, y) == NO_EPOCH
    assert pickle.dumps(of_others) == before
    far = X[:1], [1e300]  # whose loss is infinite, in every epoch
    assert complaint(quick(Regressor, refit=True).fit, X, y, validation_data=far) == NO_EPOCH


def test_a_model_from_a_file_can_be_refitted(tmp_path):
    X, y = problem(Regressor)
    regressor = quick(Regressor).fit(X, y)
    save(regressor, tmp_path / "model.json")
    loaded = load(tmp_path / "model.json")
    assert of_the_network(loaded.refit_on(X, y)) == of_the_network(regressor.refit_on(X, y))


# -- a stream ------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("rows", [1, 2, 7])
def test_a_stream_goes_on_from_a_file_as_in_memory(kind, ending, rows, tmp_path):
    """The steps too are the same bits, of an optimizer that remembers nothing."""
    X, y = problem(kind)
    labels = [sorted(set(y))] if kind is Classifier else []
    estimator = quick(kind, optimizer="sgd")
    estimator.partial_fit(X[:1], y[:1], *labels)
    if rows > 1:
        estimator.partial_fit(X[1:rows], y[1:rows])
    save(estimator, tmp_path / f"model{ending}")
    loaded = load(tmp_path / f"model{ending}")
    assert loaded.predict(X) == estimator.predict(X)
    for i in range(rows, rows + 9):
        estimator.partial_fit(X[i : i + 1], y[i : i + 1])
        loaded.partial_fit(X[i : i + 1], y[i : i + 1])
    assert vars(loaded._inputs) == vars(estimator._inputs)
    assert loaded._inputs.rows == rows + 9
    assert of_the_network(loaded) == of_the_network(estimator)
    assert loaded.predict(X) == estimator.predict(X)


@pytest.mark.parametrize("kind", KINDS)
def test_a_stream_is_standardized_by_all_its_rows_and_after_a_fit_by_those_of_the_fit(kind):
    X, y = problem(kind)
    whole = Standardizer.of(X)
    stream = quick(kind).partial_fit(X[:30], y[:30]).partial_fit(X[30:], y[30:])
    assert stream._inputs.means == pytest.approx(whole.means, rel=1e-12)
    assert stream._inputs.deviations == pytest.approx(whole.deviations, rel=1e-12)
    fitted = quick(kind).fit(X[:30], y[:30])
    before = vars(fitted._inputs)
    assert vars(fitted.partial_fit(X[30:], y[30:])._inputs) == before


def test_without_standardization_a_stream_has_none_of_its_inputs():
    X, y = problem(Regressor)
    stream = quick(Regressor, standardize=False).partial_fit(X, y).partial_fit(X, y)
    assert stream.preprocess(X, y)[0] == X


@pytest.mark.parametrize(
    ("far", "name"), [(([[1.7e308]], [0.0]), "X"), (([[0.0]], [1.7e308]), "y")]
)
def test_rows_further_apart_than_any_float_are_refused_in_a_stream_too(far, name):
    stream = quick(Regressor).partial_fit([[-1.7e308], [-1.6e308]], [-1.7e308, -1.6e308])
    before = pickle.dumps(stream)
    message = complaint(stream.partial_fit, *far)
    assert message == f"{name}: row 0 has numbers too large to be standardized"
    assert pickle.dumps(stream) == before


@pytest.mark.parametrize("kind", KINDS)
def test_weights_count_by_their_ratios_among_the_rows_of_one_call(kind):
    X, y = problem(kind)
    labels = [sorted(set(y))] if kind is Classifier else []
    one, other = (quick(kind).partial_fit(X[:2], y[:2], *labels) for _ in range(2))
    one.partial_fit(X[2:3], y[2:3], sample_weight=[5.0])
    other.partial_fit(X[2:3], y[2:3])
    assert of_the_network(one) == of_the_network(other)
    one.partial_fit(X[3:5], y[3:5], sample_weight=[5.0, 1.0])
    other.partial_fit(X[3:5], y[3:5])
    assert of_the_network(one) != of_the_network(other)


@pytest.mark.parametrize(("rows", "part"), [(1, 1 / 32), (8, 8 / 32), (32, 1.0), (40, 1.0)])
def test_fewer_rows_than_a_batch_make_smaller_steps(rows, part):
    X, y = problem(Regressor)
    options = {"optimizer": "sgd", "weight_decay": 0.0, "standardize": False}
    scaled = quick(Regressor, learning_rate=0.1, **options).partial_fit(X[:rows], y[:rows])
    rate = 0.1 * math.sqrt(part)
    by_hand = quick(Regressor, learning_rate=rate, batch_size=min(rows, 32), **options)
    by_hand.partial_fit(X[:rows], y[:rows])
    assert of_the_network(scaled) == of_the_network(by_hand)
    assert scaled._descent.optimizer.learning_rate == 0.1


# A join does a dozen operations on numbers that are no larger than the largest of the column, and
# what was off before counts less with each. A deviation is the length of a vector, so it is off by
# no more than its parts. So for each row, both are off by that number of roundings of the largest
# number.
ROUNDINGS = 12

halves_of_the_largest = st.sampled_from([8.9e307, -8.9e307])
numbers = (
    st.floats(-8.9e307, 8.9e307) | st.sampled_from([0.0, -0.0, 5e-324]) | halves_of_the_largest
)
small = st.integers(-9, 9).map(float)


@given(
    st.sampled_from([numbers, small]).flatmap(
        lambda elements: st.lists(
            st.lists(elements, min_size=1, max_size=5), min_size=1, max_size=9
        )
    )
)
def test_the_mean_and_the_deviation_of_a_stream_are_those_of_all_its_rows(stream):
    scale = None
    for part in stream:
        more = Standardizer.of([[x] for x in part])
        scale = (scale or more).joined(more, len(part))
    values = [x for part in stream for x in part]
    assert scale.rows == len(values)
    largest = max(map(abs, values)) or 1.0
    parts = np.array(values) / largest  # no square of these overflows
    error = ROUNDINGS * len(values) * (EPSILON + QUANTUM / largest)
    whole = Standardizer.of([[x] for x in values])
    for found, exact, at_once in (
        (scale.means[0], parts.mean(), whole.means[0]),
        (scale.spreads[0], parts.std(), whole.spreads[0]),
    ):
        assert abs(found / largest - exact) <= error
        assert abs(found / largest - at_once / largest) <= error


@given(finite_float, st.lists(st.integers(1, 5), min_size=1, max_size=50))
def test_a_constant_column_of_a_stream_has_that_mean_and_no_deviation(constant, sizes):
    scale = Standardizer([constant], [0.0], sizes[0])
    for size in sizes[1:]:
        scale = scale.joined(Standardizer.of([[constant]] * size), size)
    assert (scale.means, scale.spreads, scale.deviations) == ([constant], [0.0], [1.0])
    assert scale.apply([[constant]]) == [[0.0]]


def test_numbers_at_the_edges_are_updated():
    one, other = Standardizer([1e308], [0.0], 1), Standardizer([-1e308], [0.0])
    both = one.joined(other, 1)
    assert (both.means, both.spreads) == ([0.0], [1e308])
    message = complaint(
        Standardizer([1.7e308], [0.0], 1).joined, Standardizer([-1.7e308], [0.0]), 5
    )
    assert message == "X: column 0 has numbers too large to be standardized"


def test_a_copy_of_a_descent_shares_no_list_with_it():
    descents = []
    Regressor(epochs=2, callback=descents.append).fit([[0], [1], [2]], [0, 1, 4])
    twin = copy.deepcopy(descents[0])

    def lists_in(value):
        if isinstance(value, list):
            return {id(value)}.union(*map(lists_in, value))
        return (
            set().union(*map(lists_in, vars(value).values()))
            if hasattr(value, "__dict__")
            else set()
        )

    assert not lists_in(twin) & lists_in(descents[0])
    assert repr(twin.network.weights) == repr(descents[0].network.weights)
    assert twin.network.generator.get_state() == descents[0].network.generator.get_state()
    assert repr(vars(twin.optimizer)) == repr(vars(descents[0].optimizer))
