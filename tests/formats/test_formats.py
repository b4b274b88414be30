"""Models as JSON, and files of any format: what is refused, and nothing lost on the way."""

import copy
import errno
import gzip
import json
import math
import os
import re
import stat
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from json_files import (
    NULL,
    NUMBERS,
    TABLED,
    TEXT,
    changed,
    history_of,
    literally,
    text_of,
    without_history,
    written,
)
from models import (
    ESTIMATORS,
    LENGTHS,
    NAMES,
    SIDES,
    SOME,
    SPECIES,
    TABLE,
    Frame,
    answers,
    any_networks,
    any_text,
    estimator_of,
    everything,
    fitted,
    parameters_of,
    rows_for,
)
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    complaint,
    finite_float,
)

import purenet.formats
from purenet import Classifier, History, Network, Regressor
from purenet.core.checks import PureNetError
from purenet.formats import load, load_history, readers, save
from purenet.formats.model import describe
from purenet.formats.writing import replace_file
from purenet.tables.columns import Column


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.json"


# -- round trips -------------------------------------------------------------------------------


@given(network=any_networks())
def test_weights_are_plain_numbers_in_json(tmp_path_factory, network):
    path = tmp_path_factory.getbasetemp() / "model.json"
    save(network, path)
    assert json.loads(path.read_bytes())["weights"] == network.weights


@pytest.mark.parametrize("name", [str, Path, os.fsencode])
def test_a_file_may_be_named_in_any_way(path, name):
    save(Network([2, 1], seed=1), name(path))
    assert repr(load(name(path))) == repr(load(path))


def test_a_whole_training_is_kept_but_the_generators_state(path):
    network = Network([3, 4, 1], seed=1)
    data = (ARTICLE_X, ARTICLE_Y)
    history = network.train(*data, epochs=50, batch_size=2, validation_data=data)
    save(network, path, history)
    loaded = load(path)
    assert loaded.predict(ARTICLE_X) == network.predict(ARTICLE_X)
    assert repr(load_history(path)) == repr(history)
    assert loaded.generator.get_state() != network.generator.get_state()
    assert loaded.generator.get_state() == load(path).generator.get_state()
    # Training goes on to the same bits, if nothing random is involved.
    assert loaded.train(*data, epochs=9).loss == network.train(*data, epochs=9).loss
    assert parameters_of(loaded) == parameters_of(network)


def test_a_validation_loss_that_is_no_finite_number_does_not_keep_a_model_from_being_saved(path):
    history = History()
    history.epochs, history.loss = [0, 1, 2], [0.5, 0.5, 0.5]
    history.validation_loss = [math.inf, math.nan, 1.0]
    save(Network([2, 1]), path, history)
    assert repr(load_history(path).validation_loss) == "[nan, nan, 1.0]"


def test_weights_that_were_set_to_integers_tuples_or_arrays_are_loaded_as_floats(path):
    network = Network([2, 2, 1], bias=True)
    network.sizes = np.array(network.sizes)
    network.weights = [((1, 2), (3, True)), np.array([[1], [2]])]
    network.biases = [range(2), [-1]]
    save(network, path)
    loaded = load(path)
    assert repr(loaded.weights) == "[[[1.0, 2.0], [3.0, 1.0]], [[1.0], [2.0]]]"
    assert repr(loaded.biases) == "[[0.0, 1.0], [-1.0]]"
    assert loaded.sizes == [2, 2, 1]


def test_each_row_of_weights_has_a_line_of_its_own(path):
    network = Network([3, 2, 1], bias=True, seed=1)
    save(network, path, network.train(ARTICLE_X, ARTICLE_Y, epochs=20))
    lines = [line.strip(" ,") for line in path.read_text().splitlines()]
    rows = [json.dumps(row) for W in network.weights for row in W]
    assert all(row in lines for row in rows + [json.dumps(row) for row in network.biases])
    assert max(map(len, lines)) < 500
    assert len(lines) < 40


# -- round trips of estimators -------------------------------------------------------------------


@pytest.mark.parametrize("name", ESTIMATORS)
def test_the_history_of_an_estimator_is_what_it_says_of_its_training(path, name):
    estimator = estimator_of(name)
    save(estimator, path)
    history = load_history(path)
    assert history.epochs == list(range(estimator.n_iter_))
    assert history.loss == estimator.loss_curve_
    assert history.stopped == estimator.stopped_ != ""
    measured = len(estimator.validation_loss_curve_)
    assert history.validation_loss[:measured] == estimator.validation_loss_curve_
    assert len(history.validation_loss) == (len(history.loss) if measured else 0)
    assert all(map(math.isnan, history.validation_loss[measured:]))


@given(
    classes=st.sets(any_text, min_size=3, max_size=3)
    | st.sets(st.integers(-(2**80), 2**80) | st.booleans(), min_size=3, max_size=3),
    names=st.none() | st.lists(any_text, min_size=4, max_size=4),
    texts=st.sets(any_text, max_size=4),
    means=st.lists(st.none() | finite_float, min_size=4, max_size=4),
    column_names=st.sets(any_text, min_size=5, max_size=5),
    best=st.just(math.inf) | finite_float,
)
def test_names_and_labels_may_be_any_text(
    tmp_path_factory, classes, names, texts, means, column_names, best
):
    path = tmp_path_factory.getbasetemp() / "model.json"
    estimator = copy.deepcopy(estimator_of("text"))
    estimator.classes_ = sorted(classes)
    estimator._names, estimator.best_loss_ = names, best
    estimator._descent.best_loss = best
    if names is not None:
        estimator.feature_names_in_ = names
    *column_names, estimator.target_ = sorted(column_names, key=hash)
    estimator.targets_ = [Column(estimator.target_)]
    columns = [Column(column_names[0], tuple(texts))] if texts else []
    rest = zip(column_names[len(columns) :], means)
    columns += [Column(name, mean=mean) for name, mean in rest]
    estimator.columns_ = columns[: 4 - max(len(texts) - 1, 0)]
    save(estimator, path)
    assert everything(load(path)) == everything(estimator)


def test_arrays_and_tuples_come_back_as_lists(path):
    X, y = np.array(SOME), np.array(SPECIES[::5])
    options = {"hidden": np.array([3, 2]), "epochs": np.int64(2), "random_state": np.uint8(7)}
    classifier = Classifier(learning_rate=np.float64(0.5), **options).fit(X, y)
    save(classifier, path)
    loaded = load(path)
    assert repr(loaded.classes_) == "['setosa', 'versicolor', 'virginica']"
    assert repr(loaded) == (
        "Classifier(hidden=[3, 2], learning_rate=0.5, epochs=2, random_state=7)"
    )
    assert loaded.predict(X).tolist() == classifier.predict(X).tolist()
    classifier.set_params(hidden=(3, 2))
    save(classifier, path)
    assert load(path).hidden == [3, 2]


def test_names_of_columns_are_still_compared(path):
    regressor = fitted(Regressor, Frame(SOME), [row[0] for row in SOME])
    save(regressor, path)
    loaded = load(path)
    assert loaded.feature_names_in_ == NAMES
    assert loaded.predict(Frame(SOME)) == regressor.predict(Frame(SOME))
    turned = Frame(SOME)
    turned.columns = NAMES[::-1]
    assert "must be in the same order" in complaint(loaded.predict, turned)


def test_what_belongs_to_a_process_is_left_out_and_a_generator_of_numpys_is_any_seed(path):
    chance = np.random.RandomState(1)
    classifier = fitted(Classifier, SOME, SIDES, random_state=chance, callback=lambda _: None)
    save(classifier, path)
    loaded = load(path)
    assert loaded.random_state is loaded.callback is loaded.executor is None
    assert loaded.network_.seed == classifier.network_.seed
    assert answers(loaded, SOME) == answers(classifier, SOME)


@pytest.mark.parametrize("name", ["text", "named", "numbers", "step by step"])
def test_partial_fit_goes_on_from_the_loaded_weights_with_a_fresh_optimizer(path, name):
    estimator = copy.deepcopy(estimator_of(name)).set_params(optimizer="sgd", batch_size=100)
    save(estimator, path)
    loaded = load(path)
    X = rows_for(estimator, 10)
    y = estimator.predict(X)
    estimator._descent = load(path)._descent  # with an optimizer that remembers nothing
    assert estimator._descent.optimizer.velocities == []
    for each in (estimator, loaded):
        each.partial_fit(X, y)
    assert everything(loaded) == everything(estimator)
    assert loaded.n_iter_ == estimator_of(name).n_iter_ + 1
    assert parameters_of(loaded.network_) != parameters_of(estimator_of(name).network_)


@pytest.mark.parametrize("name", ["text", "numbers"])
def test_a_loaded_estimator_can_be_fitted_anew(path, name):
    save(estimator_of(name), path)
    loaded = load(path)
    X = Frame(SOME) if name == "numbers" else SOME
    loaded.fit(X, LENGTHS if name == "numbers" else SPECIES[::5])
    assert everything(loaded) == everything(estimator_of(name))


# -- files made by others ------------------------------------------------------------------------


GOOD = {
    "unchanged": written(),
    "in one line": written().replace(b" ", b""),
    "with a byte order mark": b"\xef\xbb\xbf" + written(),
    "with Windows' line ends": json.dumps(json.loads(written()), indent=2)
    .replace("\n", "\r\n")
    .encode(),
    "in another order": json.dumps(dict(list(json.loads(written()).items())[::-1])).encode(),
    "with whole numbers": written(weights=[[[1, 2], [3, 4]], [[5], [6]]]),
    "without a history": literally(history="null"),
    "with more digits than a float has": literally(
        weights=f"[[[1.{'0' * 10**6}, 2.0], [3e0, 4.0E+0]], [[0.5e1], [60e-1]]]"
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_a_model_may_be_written_otherwise(path, name):
    path.write_bytes(GOOD[name])
    network = load(path)
    assert repr(network) == (
        "Network([2, 2, 1], activation='tanh', output_activation='sigmoid', "
        "loss='squared_error', bias=False, init='glorot', seed=7)"
    )
    assert repr(network.weights) == "[[[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]]"
    assert repr(load_history(path)) == repr(History())


NINES = "9" * 10**6
NO_MODEL = 'not a model of PureNet: expected an object with "format": "purenet"'
DEEP = "expected a model, got lists that are nested too deeply"
SEED = "seed: expected a whole number from 0 to 4294967295, got"
KNOWN = 'expected "leaky_relu", "linear", "relu", "sigmoid" or "tanh", got'
OF_FILES = "expected one of leaky_relu, linear, relu, sigmoid, softmax, tanh, got"

BAD = {
    # Not JSON.
    "empty": (b"", "expected JSON, got an empty file"),
    "blank": (b" \n ", "not JSON: Expecting value: line 2, column 2"),
    "cut": (written()[:40], "not JSON: Unterminated string starting at: line 1, column 37"),
    "two": (written() * 2, "not JSON: Extra data: line 1, column 233"),
    "gzip": (gzip.compress(written()), "expected JSON, got a gzip file: unpack it first"),
    "latin": (b'{"format": "\xe9"}', "expected UTF-8, got something else at byte 12"),
    "utf-16": (
        written().decode().encode("utf-16"),
        "expected UTF-8, got something else at byte 0",
    ),
    "control": (b'{"\n": 1}', "not JSON: Invalid control character"),
    "NaN in quotes": (
        b'{"NaN\\" -Infinity": "NaN",\n "x": [NaN, -Infinity]}',
        "not JSON: expected a finite number, got NaN: line 2, column 8",
    ),
    "pickle": (b"\x80\x04N.", "expected UTF-8, got something else at byte 0"),
    # JSON, but not a model.
    "number": (b"3", NO_MODEL),
    "list": (b"[1, 2]", NO_MODEL),
    "null": (b"null", NO_MODEL),
    "other": (b'{"a": 1}', NO_MODEL),
    "no format": (written(format=None), NO_MODEL),
    "wrong format": (written(format=["purenet"]), NO_MODEL),
    "no version": (written(version=None), "version: expected 1 or 2, got None"),
    "newer": (written(version=3, biases=None), "version: expected 1 or 2, got 3"),
    "true": (written(version=True), "version: expected 1 or 2, got True (bool)"),
    "float": (written(version=1.0), "version: expected 1 or 2, got 1.0"),
    "missing": (written(loss=None), "loss is missing"),
    "unknown": (written(weight=1), "unknown member 'weight' (str)"),
    "twice": (literally(seed='1, "seed": 2'), "the member 'seed' (str) occurs twice"),
    "thrice": (
        literally(seed='1, "a": 2, "seed": 3, "seed": 4'),
        "the member 'seed' (str) occurs twice",
    ),
    # Structure that is too much, or not a model's.
    "deep": (b"[" * 10**5, DEEP),
    "deep objects": (b'{"a":' * 10**4, DEEP),
    "deep weights": (literally(weights="[" * 10**5), DEEP),
    "object": (literally(weights="{}"), "weights: expected a list, got {} (dict)"),
    # Sizes.
    "no sizes": (literally(sizes="null"), "sizes: expected a list, got None"),
    "one size": (written(sizes=[2]), "sizes: expected at least two layers, got [2] (list)"),
    "size 0": (
        written(sizes=[2, 0, 1]),
        "sizes[1]: expected a whole number of at least 1, got 0",
    ),
    "size true": (
        written(sizes=[2, 2, True]),
        "sizes[2]: expected a whole number of at least 1, got True (bool)",
    ),
    "size 2.0": (
        written(sizes=[2.0, 2, 1]),
        "sizes[0]: expected a whole number of at least 1, got 2.0",
    ),
    "size text": (
        written(sizes=["2", 2, 1]),
        "sizes[0]: expected a whole number of at least 1, got '2' (str)",
    ),
    "huge": (
        written(sizes=[10**9, 10**9, 10**9]),
        "weights[0]: (2 x 2), but the sizes need (1000000000 x 1000000000)",
    ),
    "more layers": (written(sizes=[1] * 10**5), "weights: expected 99999 matrices for"),
    "fewer layers": (written(sizes=[2, 2]), "weights: expected 1 matrix for sizes [2, 2], got 2"),
    "digits": (
        literally(sizes=f"[{NINES}, 2, 1]"),
        "expected integers of at most 100 digits, got 99999999999999999999... with 1,000,000",
    ),
    # Names and seed.
    "activation": (written(activation="step"), f"activation: {KNOWN} 'step'"),
    "no activation": (
        literally(output_activation="null"),
        "output_activation: expected a name, got None",
    ),
    "long name": (
        written(init="x" * 10**6),
        'init: expected "uniform", "glorot", "he" or "zeros", got \'xxx',
    ),
    "softmax": (
        written(activation="softmax"),
        "activation: softmax is only for the output layer (output_activation)",
    ),
    "loss": (
        written(loss="hinge"),
        'loss: expected "squared_error" or "cross_entropy", got \'hinge\' (str)',
    ),
    "loss of tanh": (
        written(loss="cross_entropy", output_activation="tanh"),
        'loss: "cross_entropy" needs a sigmoid or softmax output layer, not tanh',
    ),
    "init": (
        written(init="ones"),
        'init: expected "uniform", "glorot", "he" or "zeros", got \'ones\'',
    ),
    "seed": (written(seed=-1), f"{SEED} -1"),
    "large seed": (written(seed=2**32), f"{SEED} 4294967296"),
    "no seed": (literally(seed="null"), f"{SEED} None"),
    "half a seed": (written(seed=0.5), f"{SEED} 0.5"),
    # Weights and biases.
    "no list": (written(weights="abc"), "weights: expected a list, got 'abc' (str)"),
    "no matrix": (written(weights=[1, 2]), "weights[0]: expected a list, got 1"),
    "no rows": (
        written(weights=[[1, 2], [[5], [6]]]),
        "weights[0]: row 0: expected a list, got 1",
    ),
    "empty matrix": (
        written(weights=[[], [[5], [6]]]),
        "weights[0]: expected at least one row and one column, got [] (list)",
    ),
    "ragged": (
        written(weights=[[[1.0, 2.0], [3.0]], [[5.0], [6.0]]]),
        "weights[0]: row 1 has 1 value, but row 0 has 2",
    ),
    "transposed": (
        written(weights=[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]),
        "weights[1]: (1 x 2), but the sizes need (2 x 1)",
    ),
    "text for a row": (
        written(weights=[[[1.0, 2.0], "34"], [[5.0], [6.0]]]),
        "weights[0]: row 1: expected a list, got '34' (str)",
    ),
    "object for a row": (
        written(weights=[[[1.0, 2.0], {"a": 1, "b": 2}], [[5.0], [6.0]]]),
        "weights[0]: row 1: expected a list, got {'a': 1, 'b': 2} (dict)",
    ),
    "weight true": (
        written(weights=[[[1.0, 2.0], [3.0, True]], [[5.0], [6.0]]]),
        "weights[0]: row 1, column 1: expected a number, got True (bool)",
    ),
    "weight null": (
        written(weights=[[[1.0, 2.0], [3.0, 4.0]], [[None], [6.0]]]),
        "weights[1]: row 0, column 0: expected a number, got None",
    ),
    "weight list": (
        written(weights=[[[1.0, 2.0], [3.0, 4.0]], [[[5.0]], [6.0]]]),
        "weights[1]: row 0, column 0: expected a number, got [5.0] (list)",
    ),
    "NaN": (
        literally(weights="[[[1, 2], [3, 4]], [[NaN], [6]]]"),
        "not JSON: expected a finite number, got NaN: line 1, column 197",
    ),
    "infinity": (
        literally(biases="[-Infinity]"),
        "not JSON: expected a finite number, got -Infinity: line",
    ),
    "too large": (
        literally(weights="[[[1, 2], [3, 4]], [[5], [1e309]]]"),
        "weights[1]: row 1, column 0: too large for a float",
    ),
    "long exponent": (
        literally(weights=f"[[[1, 2], [-1e{NINES}, 4]], [[5], [6]]]"),
        "weights[0]: row 1, column 0: too large for a float",
    ),
    "long weight": (
        literally(weights=f"[[[1, 2], [-{NINES}, 4]], [[5], [6]]]"),
        "expected integers of at most 100 digits, got -9999999999999999999... with 1,000,001",
    ),
    "biases": (
        written(biases=[[1.0, 2.0]]),
        "biases: expected 2 rows for sizes [2, 2, 1], got 1",
    ),
    "no biases": (written(biases=None), "biases is missing"),
    "bias": (written(biases=[[1.0, 2.0], 3.0]), "biases: row 1: expected a list, got 3.0"),
    "more biases": (
        written(sizes=[1] * 1001, weights=[[[1.0]]] * 1000, biases=[[1.0]]),
        "biases: expected 1,000 rows for sizes [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, ..., got 1",
    ),
    "long bias": (written(biases=[[1.0, 2.0], [3.0, 4.0]]), "biases[1]: 2 values, but the sizes"),
    "bias true": (
        written(biases=[[1.0, 2.0], [True]]),
        "biases: row 1, column 0: expected a number, got True (bool)",
    ),
    # How it was trained.
    "history": (written(history=[1]), "history: expected an object, got [1] (list)"),
    "half a history": (written(history=history_of(loss=None)), "history: loss is missing"),
    "more history": (
        written(history=history_of(time=1)),
        "history: unknown member 'time' (str)",
    ),
    "epochs": (
        written(history=history_of(epochs=1)),
        "history: epochs: expected a list, got 1",
    ),
    "epoch": (
        written(history=history_of(epochs=[True])),
        "history: epochs: expected a whole number of at least 0, got True (bool)",
    ),
    "stopped": (
        written(history=history_of(stopped=1)),
        "history: stopped: expected text, got 1",
    ),
    "loss true": (
        written(history=history_of(loss=[True])),
        "history: loss: expected a number, got True (bool)",
    ),
    "loss infinite": (
        literally(history=json.dumps(history_of()).replace("1.0", "1e999")),
        "history: loss: too large for a float",
    ),
    "losses": (
        written(history=history_of(loss=[1.0, 2.0])),
        "history: loss: expected a value for each of 1 epoch, got 2",
    ),
    "validation losses": (
        written(history=history_of(validation_loss=[1.0, 2.0])),
        "history: validation_loss: expected a value for each of 1 epoch, got 2",
    ),
}
ORDER = "classes: expected at least two labels, all different, in rising order"


def column(*keys, to=None):
    return lambda: changed(TABLED, "table", "columns", *keys, to=to)


def option(name, to=None):
    return lambda: changed(TEXT, "options", name, to=to)


BAD_ESTIMATORS = {
    "no object": (
        lambda: literally(estimator="[1]"),
        'estimator: expected "kind": classifier or regressor, got',
    ),
    "no kind": (
        lambda: changed(TEXT, "kind"),
        'estimator: expected "kind": classifier or regressor, got None',
    ),
    "other kind": (
        lambda: changed(TEXT, "kind", to="os.system"),
        "estimator: expected \"kind\": classifier or regressor, got 'os.system' (str)",
    ),
    "list of kinds": (
        lambda: changed(TEXT, "kind", to=["classifier"]),
        'estimator: expected "kind": classifier or regressor, got',
    ),
    "wrong kind": (
        lambda: changed(TEXT, "kind", to="regressor"),
        "estimator: output_scale is missing",
    ),
    "unknown": (lambda: changed(TEXT, "code", to="x"), "estimator: unknown member 'code' (str)"),
    "of another kind": (
        lambda: text_of(TEXT).replace(b'"softmax"', b'"sigmoid"'),
        "Classifier: expected softmax outputs and the loss cross_entropy, got sigmoid and",
    ),
    "no names": (lambda: changed(TEXT, "names"), "estimator: names is missing"),
    "no inputs": (lambda: changed(TEXT, "inputs"), "estimator: inputs is missing"),
    "no history": (
        lambda: without_history(TEXT),
        "best_epoch: expected a whole number from -1 to -1, got 3",
    ),
    # Options.
    "options": (
        lambda: changed(TEXT, "options", to=[]),
        "options: expected an object, got [] (list)",
    ),
    "fewer": (option("epochs"), "options: epochs is missing"),
    "more": (option("executor", NULL), "options: unknown member 'executor' (str)"),
    "hidden": (option("hidden", "9"), "hidden: expected a whole number of at least 1, got '9'"),
    "hidden layers": (
        option("hidden", [3, True]),
        "hidden: expected a whole number of at least 1, got True (bool)",
    ),
    "nested": (option("hidden", [[3]]), "hidden: expected a whole number of at least 1, got [3]"),
    "step": (option("activation", "step"), f"activation: {OF_FILES} 'step'"),
    "no activation": (option("activation", 1), f"activation: {OF_FILES} 1"),
    "optimizer": (option("optimizer", "lbfgs"), "optimizer: expected"),
    "long optimizer": (
        option("optimizer", "x" * 10**6),
        'optimizer: expected "sgd", "rprop" or "adam", got \'xxx',
    ),
    "rate": (option("learning_rate", 0), "learning_rate: expected a number above 0, got 0"),
    "batch": (option("batch_size", 0.5), "batch_size: expected a whole number of at least 1"),
    "batch in words": (
        option("batch_size", "all"),
        "batch_size: expected \"auto\", None or a number, got 'all' (str)",
    ),
    "epochs": (option("epochs", 0), "epochs: expected a whole number of at least 1, got 0"),
    "patience": (option("patience", "1"), "patience: expected a whole number of at least 1, got"),
    "refit": (option("refit", 1), "refit: expected True or False, got 1"),
    "class weight": (
        option("class_weight", "equal"),
        "class_weight: expected \"balanced\" or a list of pairs, got 'equal' (str)",
    ),
    "class weight of a number": (
        lambda: changed("number", "options", "class_weight", to="balanced"),
        "options: unknown member 'class_weight' (str)",
    ),
    "a number as class weight": (
        option("class_weight", 1),
        'class_weight: expected "balanced" or a list of pairs, got 1',
    ),
    "half a class weight": (
        option("class_weight", [["setosa"]]),
        "class_weight: expected a label and its weight, got ['setosa'] (list)",
    ),
    "class weight of a list": (
        option("class_weight", [[["setosa"], 1]]),
        "class_weight: expected a label and its weight, got [['setosa'], 1] (list)",
    ),
    "text as class weight": (
        option("class_weight", [["setosa", "1"]]),
        "class_weight['setosa' (str)]: expected a number, got '1' (str)",
    ),
    "two class weights": (
        option("class_weight", [["setosa", 1], ["setosa", 2]]),
        "class_weight: 'setosa' (str) occurs twice",
    ),
    "weight_decay": (
        option("weight_decay", -1e-9),
        "weight_decay: expected a number of at least 0, got -1e-09",
    ),
    "standardize": (option("standardize", 1), "standardize: expected True or False, got 1"),
    "validation_fraction": (
        option("validation_fraction", [0.1]),
        "validation_fraction: expected a number from 0 to 0.5",
    ),
    "seed": (option("random_state", -1), "random_state: expected a whole number from 0 to 4294"),
    "text seed": (option("random_state", "0"), "random_state: expected a whole number from 0 to"),
    # The meaning of inputs and outputs.
    "name": (
        lambda: changed("named", "names", 0, to=1),
        "names: expected text, got 1",
    ),
    "fewer names": (
        lambda: changed("named", "names", 0),
        "names: 3 values, but the network has 4 inputs",
    ),
    "scale": (
        lambda: changed(TEXT, "inputs", to=[]),
        "inputs: expected an object, got [] (list)",
    ),
    "half a scale": (
        lambda: changed(TEXT, "inputs", "means"),
        "inputs: means is missing",
    ),
    "fewer means": (
        lambda: changed(TEXT, "inputs", "means", 0),
        "inputs: means: 3 values, but the network has 4 inputs",
    ),
    "mean true": (
        lambda: changed(TEXT, "inputs", "means", 0, to=True),
        "inputs: means: expected a number, got True (bool)",
    ),
    "mean too large": (
        lambda: changed(TEXT, "inputs", "means", 0, to="<>").replace(b'"<>"', b"1e999"),
        "inputs: means: too large for a float",
    ),
    "deviation 0": (
        lambda: changed(TEXT, "inputs", "deviations", 1, to=0),
        "inputs: deviations: expected numbers above 0, got 0.0",
    ),
    "deviation -1": (
        lambda: changed(NUMBERS, "output_scale", "deviations", 1, to=-1.0),
        "output_scale: deviations: expected numbers above 0, got -1.0",
    ),
    "rows 0": (
        lambda: changed("row by row", "inputs", "rows", to=0),
        "inputs: rows: expected a whole number from 1 to 9007199254740992, got 0",
    ),
    "deviation -1 of a stream": (
        lambda: changed("row by row", "inputs", "deviations", 0, to=-1),
        "inputs: deviations: expected numbers above 0, got -1.0",
    ),
    "more deviations": (
        lambda: changed(NUMBERS, "output_scale", "deviations", to=[1, 1, 1]),
        "output_scale: deviations: 3 values, but the network has 2 outputs",
    ),
    "no scale": (
        lambda: changed(NUMBERS, "output_scale", to=NULL),
        "output_scale: expected an object, got None",
    ),
    "several": (lambda: changed(NUMBERS, "several", to=1), "several: expected True or False, got"),
    "one": (
        lambda: changed(NUMBERS, "several", to=False),
        "several: expected True, as the network has 2 outputs",
    ),
    "classes": (
        lambda: changed(TEXT, "classes", to="abc"),
        "classes: expected a list, got 'abc' (str)",
    ),
    "fewer classes": (
        lambda: changed(TEXT, "classes", 0),
        "classes: 2 values, but the network has 3 outputs",
    ),
    "no class": (
        lambda: changed(TEXT, "classes", 0, to=NULL),
        "classes: expected text or whole numbers, got None",
    ),
    "class list": (
        lambda: changed(TEXT, "classes", 0, to=["a"]),
        "classes: expected text or whole numbers, got ['a'] (list)",
    ),
    "class 0.5": (
        lambda: changed("integers", "classes", 0, to=0.5),
        "classes: expected text or whole numbers, got 0.5",
    ),
    "class inf": (
        lambda: changed("integers", "classes", 1, to="<>").replace(b'"<>"', b"1e999"),
        "classes: expected text or whole numbers, got inf",
    ),
    "classes of two kinds": (
        lambda: changed(TEXT, "classes", 1, to=1),
        "classes: expected text or numbers, got both",
    ),
    "same classes": (lambda: changed("bools", "classes", 0, to=1), ORDER),
    "falling classes": (lambda: changed(TEXT, "classes", to=["b", "c", "a"]), ORDER),
    # How it was trained.
    "epochs left out": (
        lambda: text_of(TEXT).replace(b"[0, 1, 2, 3]", b"[0, 1, 2, 4]"),
        "history: epochs: expected 0, 1, 2 and so on, got [0, 1, 2, 4] (list)",
    ),
    "more losses held back": (
        lambda: text_of(TEXT).replace(b'"validation_loss": [', b'"validation_loss": [1.0, '),
        "history: validation_loss: expected a value for each of 4 epochs, got 5",
    ),
    "best epoch": (
        lambda: changed(TEXT, "best_epoch", to=4),
        "best_epoch: expected a whole number from -1 to 3, got 4",
    ),
    "best loss": (
        lambda: changed(TEXT, "best_loss", to="low"),
        "best_loss: expected a number, got 'low' (str)",
    ),
    # The table.
    "table": (lambda: changed(TEXT, "table", to=1), "table: expected an object, got 1"),
    "no target": (
        lambda: changed(TABLED, "table", "target"),
        "table: target is missing",
    ),
    "target 1": (
        lambda: changed(TABLED, "table", "target", to=1),
        "table: target: expected text, got 1",
    ),
    "several targets": (
        lambda: changed(NUMBERS, "table", to=json.loads(text_of(TABLED))["estimator"]["table"]),
        "table: 1 target, but the network has 2 outputs",
    ),
    "columns": (
        lambda: changed(TABLED, "table", "columns", to={}),
        "table: columns: expected a list, got {} (dict)",
    ),
    "fewer columns": (column(1), "table: columns: 3 inputs, but the network has 4 inputs"),
    "column": (column(0, to="color"), "table: columns: expected an object, got 'color' (str)"),
    "half a column": (column(0, "mean"), "table: columns: mean is missing"),
    "column 1": (column(0, "name", to=1), "table: columns: name: expected text, got 1"),
    "two columns": (
        column(1, "name", to="color"),
        "table: columns and target: 'color' (str) occurs twice",
    ),
    "target among them": (
        column(1, "name", to="kïnd"),
        "table: columns and target: 'kïnd' (str) occurs twice",
    ),
    "texts": (column(0, "texts", to="abc"), "table: columns: texts: expected a list, got 'abc'"),
    "text 1": (column(0, "texts", 0, to=1), "table: columns: texts: expected text, got 1"),
    "two texts": (
        column(0, "texts", to=["a", "b", "a"]),
        "table: columns: texts: 'a' (str) occurs twice",
    ),
    "mean of texts": (
        column(0, "mean", to=1.0),
        "table: columns: mean: expected null beside texts, got 1.0",
    ),
    "mean": (
        column(1, "mean", to="1"),
        "table: columns: mean: expected a number, got '1' (str)",
    ),
}


@pytest.mark.parametrize("name", [*BAD, *[f"estimator: {name}" for name in BAD_ESTIMATORS]])
def test_a_file_that_is_no_model_is_refused_in_one_short_sentence(path, name):
    data, expected = BAD.get(name) or BAD_ESTIMATORS[name[len("estimator: ") :]]
    data = data if isinstance(data, bytes) else data()
    path.write_bytes(data)
    message = complaint(load, path)
    assert message.startswith(f"{path}: {expected}")
    assert len(message) < len(str(path)) + 130
    assert "\n" not in message
    assert complaint(load_history, path) == message


@pytest.mark.parametrize("function", [load, load_history, lambda path: save(Network([1, 1]), path)])
@pytest.mark.parametrize("path", [5, None, ["model.json"]])
def test_what_cannot_name_a_file_is_refused(function, path):
    assert complaint(function, path).startswith("path: expected the name of a file, got ")


def test_what_cannot_be_read_is_the_systems_error(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"missing\.json"):
        load(tmp_path / "missing.json")
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):  # on Windows, PermissionError
        load(tmp_path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no /dev/zero")
def test_a_file_without_an_end_is_refused():
    assert complaint(load, "/dev/zero") == (
        "/dev/zero: expected at most 33,554,432 bytes, got more"
    )


def test_names_that_do_not_exist_are_no_names_of_the_room():
    with pytest.raises(AttributeError, match="has no attribute 'pickle'"):
        purenet.formats.pickle  # noqa: B018


# -- what is not saved -------------------------------------------------------------------------


def spoilt(**attributes):
    network = Network([2, 2, 1], seed=1)
    for name, value in attributes.items():
        setattr(network, name, value)
    return network


def spoilt_history(**attributes):
    history = History()
    for name, value in attributes.items():
        setattr(history, name, value)
    return history


UNSAVED = [
    (
        spoilt(weights=[[[1.0, 2.0], [math.nan, 4.0]], [[5.0], [6.0]]]),
        None,
        "weights[0]: row 1, column 0: expected a finite number, got nan",
    ),
    (
        spoilt(biases=[[1.0, -math.inf], [2.0]]),
        None,
        "biases[0]: row 0, column 1: expected a finite number, got -inf",
    ),
    (
        spoilt(weights=[[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0]]]),
        None,
        "weights[1]: (1 x 2), but the sizes need (2 x 1)",
    ),
    (spoilt(activation="step"), None, f"activation: {KNOWN} 'step'"),
    (spoilt(seed=None), None, f"{SEED} None"),
    (spoilt(), 5, "history: expected a History, got 5"),
    (
        spoilt(),
        spoilt_history(epochs=[1], loss=[1.0, 2.0]),
        "history: loss: expected a value for each of 1 epoch, got 2",
    ),
]


@pytest.mark.parametrize(("network", "history", "message"), UNSAVED)
def test_what_could_not_be_loaded_is_not_saved_and_the_old_file_stays(
    path, network, history, message
):
    path.write_bytes(b"old")
    assert complaint(save, network, path, history) == f"{path}: {message}"
    assert_only(path, b"old")


def test_a_model_that_is_too_long_to_be_loaded_is_not_saved(path, monkeypatch):
    save(Network([2, 1]), path)
    old = path.read_bytes()
    monkeypatch.setattr(readers, "MOST_BYTES", len(old))
    save(Network([2, 1], init="zeros"), path)
    message = complaint(save, Network([20, 20]), path)
    assert message.startswith(f"{path}: expected at most {len(old)} bytes")
    assert load(path).weights == [[[0.0], [0.0]]]


class Special(Classifier):
    """A classifier that does something else; what, no file can say."""


def changed_estimator(name, **attributes):
    estimator = copy.deepcopy(estimator_of(name))
    for attribute, value in attributes.items():
        setattr(estimator, attribute, value)
    return estimator


EXPECTED = "expected a Network, a Classifier or a Regressor, got"

UNSAVED_ESTIMATORS = {
    "not fitted": (Classifier, "Classifier: it is not fitted yet: call fit first"),
    "of a subclass": (lambda: Special(epochs=1).fit([[0], [1]], [0, 1]), f"{EXPECTED} Special("),
    "a class": (lambda: Classifier, f"{EXPECTED} <class "),
    "a text": (lambda: "model", f"{EXPECTED} 'model' (str)"),
    "bytes": (
        lambda: fitted(Classifier, SOME, [b"%d" % side for side in SIDES]),
        "expected a value that JSON can hold, got b'0' (bytes)",
    ),
    "an option that fit would refuse": (
        lambda: changed_estimator("text", epochs=0),
        "epochs: expected a whole number of at least 1, got 0",
    ),
    "an option that JSON cannot hold": (
        lambda: changed_estimator("text", hidden={3}),
        "expected a value that JSON can hold, got {3} (set)",
    ),
    "no number": (
        lambda: changed_estimator("text", weight_decay=math.nan),
        "not JSON: expected a finite number, got NaN: line 43, column 20",
    ),
    "too many digits": (
        lambda: changed_estimator("text", batch_size=10**100),
        "expected integers of at most 100 digits, got 10000000000000000000... with 101",
    ),
    "a class weight that JSON cannot hold": (
        lambda: changed_estimator("text", class_weight={"setosa": {3}}),
        "class_weight['setosa' (str)]: expected a number, got {3} (set)",
    ),
    "a class weight that is not a number": (
        lambda: changed_estimator("text", class_weight={"setosa": math.nan}),
        "class_weight['setosa' (str)]: expected a number, got nan",
    ),
    "a class weight of a tuple": (
        lambda: changed_estimator("text", class_weight={("setosa",): 1}),
        "class_weight: expected a label and its weight, got [('setosa',), 1] (list)",
    ),
    "columns without a target": (
        lambda: changed_estimator("text", columns_=TABLE),
        "columns_, targets_: expected both or neither",
    ),
    "a target without columns": (
        lambda: changed_estimator("text", targets_=[Column("kind")]),
        "columns_, targets_: expected both or neither",
    ),
    "no columns": (
        lambda: changed_estimator("text", columns_=["a", "b", "c", "d"], target_="kind"),
        "columns_, targets_: expected Columns, got 'a' (str)",
    ),
    "columns of others": (
        lambda: changed_estimator("text", columns_=TABLE[:1], targets_=[Column("kind")]),
        "table: columns: 3 inputs, but the network has 4 inputs",
    ),
    "another network": (
        lambda: changed_estimator("text", network_=Network([4, 3], seed=1)),
        "Classifier: expected softmax outputs",
    ),
}


def test_the_name_of_a_target_is_enough_beside_the_columns(path):
    save(changed_estimator("text", columns_=TABLE, target_="kind"), path)
    assert load(path).target_ == "kind"


@pytest.mark.parametrize("name", UNSAVED_ESTIMATORS)
def test_an_estimator_that_could_not_be_loaded_is_not_saved(path, name):
    make, message = UNSAVED_ESTIMATORS[name]
    path.write_bytes(b"old")
    assert complaint(save, make(), path).startswith(f"{path}: {message}")
    assert_only(path, b"old")


def test_an_estimator_has_a_history_of_its_own(path):
    assert complaint(save, estimator_of("text"), path, History()) == (
        f"{path}: history: only a Network takes one; an estimator has its own"
    )


# -- writing -----------------------------------------------------------------------------------


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def assert_only(path, content):
    """Fail if the file does not have this content, or another is beside it."""
    assert path.read_bytes() == content
    assert names_in(path.parent) == [path.name]


@pytest.mark.parametrize("content", [b"", b"new", bytes(10**6)])
def test_a_file_is_made_or_replaced(path, content):
    for _ in range(2):
        replace_file(path, content)
        assert_only(path, content)


def test_a_file_in_the_working_directory_has_no_folder_in_its_name(path, monkeypatch):
    monkeypatch.chdir(path.parent)
    replace_file("model.json", b"new")
    assert_only(path, b"new")


def test_a_name_may_be_as_long_as_names_can_be(tmp_path):
    path = tmp_path / ("x" * 255)
    replace_file(path, b"new")
    assert_only(path, b"new")


@pytest.mark.parametrize("error", [OSError(errno.EIO, "broken"), KeyboardInterrupt()])
def test_where_the_move_fails_the_old_file_stays_and_nothing_is_left_behind(
    path, monkeypatch, error
):
    def fail(*_):
        raise error

    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(type(error)) as caught:
        replace_file(path, b"new")
    assert_only(path, b"old")
    if isinstance(error, OSError):
        assert str(caught.value) == f"[Errno {errno.EIO}] broken: {str(path)!r}"


def test_where_even_the_tidying_up_fails_the_first_error_is_told(path, monkeypatch):
    def fail(*_):
        raise OSError(errno.EIO, "broken")

    monkeypatch.setattr(Path, "replace", fail)
    monkeypatch.setattr(
        Path, "unlink", lambda *_: (_ for _ in ()).throw(OSError(errno.EPERM, "no"))
    )
    with pytest.raises(OSError, match="broken"):
        replace_file(path, b"new")


@pytest.mark.parametrize("size", [100, 10**6])  # it fails when it is flushed, and at once
def test_where_the_disk_is_full_the_old_file_stays_and_nothing_is_left_behind(path, size):
    resource = pytest.importorskip("resource")
    path.write_bytes(b"old")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(OSError, match=re.escape(repr(str(path)))) as caught:
            replace_file(path, bytes(size))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert caught.value.errno == errno.EFBIG
    assert_only(path, b"old")


def test_a_folder_that_is_not_there_is_an_error_with_the_files_name(tmp_path):
    path = tmp_path / "none" / "model.json"
    with pytest.raises(FileNotFoundError) as caught:
        replace_file(path, b"new")
    assert caught.value.filename == str(path)
    assert names_in(tmp_path) == []


def test_a_folder_is_not_replaced(tmp_path):
    with pytest.raises(OSError, match=re.escape(str(tmp_path))):
        replace_file(tmp_path, b"new")
    assert names_in(tmp_path) == []


posix = pytest.mark.skipif(os.name != "posix", reason="permissions and links as on Unix")


@posix
def test_a_new_file_has_the_usual_permissions_and_an_old_one_keeps_its_own(path):
    umask = os.umask(0o027)
    try:
        replace_file(path, b"new")
        assert stat.S_IMODE(path.stat().st_mode) == 0o640
        path.chmod(0o604)
        replace_file(path, b"newer")
        assert stat.S_IMODE(path.stat().st_mode) == 0o604
    finally:
        os.umask(umask)
    assert_only(path, b"newer")


@posix
@pytest.mark.parametrize("exists", [True, False])
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path, exists):
    (tmp_path / "there").mkdir()
    target, link = tmp_path / "there" / "model.json", tmp_path / "link"
    if exists:
        target.write_bytes(b"old")
    link.symlink_to(Path("there", "model.json"))
    replace_file(link, b"new")
    assert link.is_symlink()
    assert_only(target, b"new")


@posix
def test_what_is_no_file_is_written_to_and_stays_what_it_is():
    replace_file("/dev/null", b"new")
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize("ending", [".json", ".npz", ".safetensors", ".onnx"])
@pytest.mark.parametrize("place", ["class", "name", "column", "text"])
def test_half_a_character_is_refused_where_a_model_is_written_or_read(place, ending, tmp_path):
    half = {name: "\ud800" if name == place else "x" for name in ("name", "column", "text")}
    classes = ["x", "\ud800" if place == "class" else "y"]
    table = [Column(half["column"], (half["text"],))], [Column("t")]
    fitted = describe(Classifier(epochs=1).fit([[0], [1]], ["x", "y"]))
    model = fitted._replace(classes=classes, names=[half["name"]], table=table)
    path = tmp_path / f"model{ending}"
    with pytest.raises(
        PureNetError, match=r"expected (whole characters|labels that ONNX can hold), got .*ud800'"
    ):
        save(model, path)
    assert not path.exists()
    whole = model._replace(classes=["x", "y"], names=["x"], table=([Column("x", ("x",))], table[1]))
    save(whole, path.with_suffix(".json"))
    text = path.with_suffix(".json").read_text().replace('"x"', '"\\ud800"')
    path.with_suffix(".json").write_text(text)
    with pytest.raises(PureNetError, match=r"expected whole characters, got '.*ud800'"):
        load(path.with_suffix(".json"))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_device_that_is_full_is_an_error():
    with pytest.raises(OSError, match="/dev/full") as caught:
        save(Network([1, 1]), "/dev/full")
    assert caught.value.errno == errno.ENOSPC


@posix
def test_a_model_can_go_through_a_pipe(tmp_path):
    ends = os.pipe()
    network = Network([3, 4, 1], seed=1)
    try:
        save(network, f"/dev/fd/{ends[1]}")
        os.close(ends[1])
        assert parameters_of(load(f"/dev/fd/{ends[0]}")) == parameters_of(network)
    finally:
        os.close(ends[0])
