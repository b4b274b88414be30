"""A model as one Python file: its own answers, learning that goes on, names that are text."""

import ast
import os
import pty
import re
import subprocess
import sys
from enum import Enum
from functools import cache

import pytest
from exported import (
    NASTY,
    ROWS,
    ROWS_WITH_AN_EMPTY_CELL,
    STYLES,
    SURROGATE,
    answered_here,
    assert_an_empty_cell_is_not_passed_over,
    assert_letters_arrive,
    assert_rows_are_answered_and_a_bad_one_is_named,
    assert_same_bits,
    executed,
    exported_to,
    model_of_table,
    named,
    of_table,
)
from hypothesis import given, reject
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    CHECKOUT,
    bits,
    complaint,
    finite_float,
    matrices,
    networks,
    problems,
    thousandths,
)

from purenet import Classifier, Network, Regressor
from purenet.core.history import Diverged
from purenet.datasets import iris
from purenet.estimators.preparation import Standardizer
from purenet.export.bundle import bundle_source
from purenet.export.layout import in_comment
from purenet.export.python import MOST_UNROLLED, python_source
from purenet.export.python_compact import compact_source
from purenet.formats.model import Model, build, classifier_from, describe, network_from
from purenet.tables.columns import Column


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return exported_to(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def here(folder):
    return answered_here(folder)


# -- in a process of its own ---------------------------------------------------------------------


def test_this_interpreter_gives_the_same_bits(folder, here):
    assert_same_bits([sys.executable], folder, here)


def test_as_a_program_it_answers_rows_and_names_the_line_of_a_bad_one(folder, here):
    assert_rows_are_answered_and_a_bad_one_is_named([sys.executable], folder, here)


@pytest.mark.parametrize("row", ROWS_WITH_AN_EMPTY_CELL)
def test_an_empty_cell_is_not_passed_over(row, folder):
    assert_an_empty_cell_is_not_passed_over([sys.executable], row, folder)


def test_the_letters_of_a_class_arrive_in_a_pipe_and_a_terminal_that_lacks_them_gets_escapes(
    tmp_path,
):
    assert_letters_arrive([sys.executable], tmp_path)
    terminal, end = pty.openpty()
    with subprocess.Popen(
        [sys.executable, tmp_path / "named.py"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        stdin=subprocess.PIPE,
        stdout=end,
    ) as running:
        running.communicate(b"1 2\n")
        os.close(end)
        assert os.read(terminal, 4096).startswith(rb"\xe9t\xe9,0.")
    os.close(terminal)


@pytest.mark.parametrize("trainable", [False, True])
@pytest.mark.parametrize(
    ("redirections", "code", "complaint"),
    [
        ("< rows.csv | head -n 1", 0, ""),
        ("< rows.csv >&-", 0, ""),
        ("< rows.csv 2>&- >/dev/null", 0, ""),
        ("<&-", 1, "expected rows on standard input, which is closed\n"),
        ("< bad.csv | cat", 0, "line 1: row: expected a list of length 2, got [1.0]\n"),
    ],
)
def test_a_program_is_quiet_about_its_streams(redirections, code, complaint, trainable, tmp_path):
    source = python_source(Network([2, 1], seed=1), trainable=trainable)
    (tmp_path / "net.py").write_text(source)
    (tmp_path / "rows.csv").write_text("1 2\n" * 20_000)
    (tmp_path / "bad.csv").write_text("1\n")
    done = subprocess.run(
        f"{sys.executable} -W error -X dev net.py {redirections}",
        shell=True,
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert (done.returncode, done.stderr) == (code, complaint)


# -- the model's own answers -----------------------------------------------------------------------


@given(problems(networks()), st.sampled_from(STYLES))
def test_a_network_predicts_with_the_same_bits(problem, style):
    network, X, _ = problem
    predict = executed(python_source(network, style=style))["predict"]
    assert bits(map(predict, X)) == bits(network.predict(X))


@given(networks(), st.data(), st.sampled_from(STYLES))
def test_whatever_is_finite_gives_the_same_bits_also_where_sums_overflow(network, data, style):
    [row] = data.draw(matrices(1, network.sizes[0], finite_float))
    predict = executed(python_source(network, style=style))["predict"]
    assert bits([predict(row)]) == bits(network.predict([row]))


@given(networks(), st.data(), st.sampled_from(STYLES))
def test_whatever_weights_are_their_bits_arrive(network, data, style):
    network.weights = [
        data.draw(matrices(m, n, finite_float)) for m, n in zip(network.sizes, network.sizes[1:])
    ]
    row = [0.5] * network.sizes[0]
    predict = executed(python_source(network, style=style))["predict"]
    assert bits([predict(row)]) == bits(network.predict([row]))


# The change from folding standardization into the weights: it adds two roundings to each product of
# the first layer, and inputs and weights here are of the size of 1 to 100.
FOLDING = 1e-12


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("standardize", [True, False])
def test_a_classifier_gives_the_same_probabilities_and_classes(style, standardize):
    X, species = iris()
    classifier = Classifier(epochs=20, random_state=1, standardize=standardize).fit(X, species)
    names = executed(python_source(classifier, style=style))
    for row, probabilities in zip(X, classifier.predict_proba(X)):
        assert names["predict_proba"](row) == names["predict"](row)
        assert names["predict"](row) == pytest.approx(probabilities, rel=0, abs=FOLDING)
    assert list(map(names["predict_class"], X)) == classifier.predict(X)


def test_of_equally_probable_classes_the_first_is_predicted():
    network = Network([1, 3], output_activation="softmax", init="zeros")
    model = Model(network, kind="classifier", classes=["c", "a", "b"])
    assert executed(python_source(model))["predict_class"]([1]) == "c"


@pytest.mark.parametrize("style", STYLES)
def test_a_regressor_gives_a_number_or_with_several_targets_a_list(style):
    X = [[float(i), i % 7 - 3.0] for i in range(40)]
    y = [3.0 * a - 2.0 * b for a, b in X]
    one = Regressor(4, epochs=20, random_state=1).fit(X, y)
    predict = executed(python_source(one, style=style))["predict"]
    largest = max(map(abs, y))
    assert list(map(predict, X)) == pytest.approx(one.predict(X), rel=0, abs=FOLDING * largest)
    several = Regressor(4, epochs=20, random_state=1).fit(X, [[target, -target] for target in y])
    predict = executed(python_source(several, style=style))["predict"]
    for row, outputs in zip(X, several.predict(X)):
        assert predict(row) == pytest.approx(outputs, rel=0, abs=FOLDING * largest)


def test_a_classifier_without_biases_gets_some_where_standardization_is_folded():
    network = network_from([[[1.0, -1.0], [0.5, 2.0]]], [None], None, "softmax")
    model = classifier_from(network, ["a", "b"], Standardizer([3.0, -1.0], [2.0, 0.5]))
    [expected] = build(model).predict_proba([[1.0, 2.0]])
    assert executed(python_source(model))["predict"]([1, 2]) == pytest.approx(expected)


@given(networks(), st.sampled_from(STYLES))
def test_a_network_of_one_output_is_no_number(network, style):
    outputs = executed(python_source(network, style=style))["predict"]([1] * network.sizes[0])
    assert isinstance(outputs, list)


# -- learning goes on ------------------------------------------------------------------------------


def parameters(names):
    """Return the weights (nₖ x nₖ₊₁) and the biases of a trainable file."""
    weights = [[list(row) for row in zip(*matrix)] for matrix in names["WEIGHTS"]]
    biases = list(map(list, names["BIASES"]))
    return weights, biases if "BIASES" in names["learn"].__code__.co_names else []


@pytest.mark.parametrize("epochs", [600, pytest.param(60_000, marks=pytest.mark.exhaustive)])
def test_the_articles_network_learns_in_its_file_to_the_same_bits(epochs):
    network = Network([3, 4, 1], seed=1)
    names = executed(python_source(network, trainable=True))
    network.train(ARTICLE_X, ARTICLE_Y, epochs=epochs)
    names["train"](ARTICLE_X, ARTICLE_Y, epochs)
    assert parameters(names) == (network.weights, [])
    outputs = [f"{names['predict'](row)[0]:.8f}" for row in ARTICLE_X]
    assert epochs < 60_000 or outputs == ["0.00260570", "0.99672212", "0.99701713", "0.00386756"]


@given(problems(networks(), most_rows=4), st.sampled_from([1.0, 0.125]))
def test_every_network_learns_to_the_same_bits_all_rows_at_once_or_one_by_one(problem, rate):
    network, X, y = problem
    names = executed(python_source(network, trainable=True))
    options = {"learning_rate": rate, "engine": "lists"}
    try:
        network.train(X, y, epochs=3, **options)
        network.train(X, y, epochs=1, batch_size=1, shuffle=False, **options)
    except Diverged:  # the example is too steep for this rate, which is another test
        reject()
    names["train"](X, y, 3, rate)
    for row, targets in zip(X, y):
        names["train_row"](row, targets, rate)
    weights, biases = parameters(names)
    assert list(map(bits, weights)) == list(map(bits, network.weights))
    assert bits(biases) == bits(network.biases)


@given(problems(networks(), most_rows=3), st.data())
def test_a_zero_keeps_its_sign_while_it_learns(problem, data):
    network, X, y = problem
    zeros = st.sampled_from([0.0, -0.0])
    pairs = list(zip(network.sizes, network.sizes[1:]))
    network.weights = [data.draw(matrices(m, n, zeros)) for m, n in pairs]
    network.biases = [data.draw(matrices(1, len(row), zeros))[0] for row in network.biases]
    names = executed(python_source(network, trainable=True))
    network.train(X, y, epochs=1, engine="lists")
    names["train"](X, y, 1)
    weights, biases = parameters(names)
    assert list(map(bits, weights)) == list(map(bits, network.weights))
    assert bits(biases) == bits(network.biases)


@st.composite
def estimators(draw):
    """Draw an estimator, rows with targets as it takes them, and both as its network gets them."""
    is_classifier = draw(st.booleans())
    last = ("softmax", "cross_entropy") if is_classifier else ("linear", "squared_error")
    network, X, y = draw(problems(networks([last], layers=4, width=4), most_rows=4))

    def scale(columns):
        deviations = st.integers(500, 4000).map(lambda n: n / 1000)
        return Standardizer(*(draw(matrices(1, columns, e))[0] for e in (thousandths, deviations)))

    inputs, n = draw(st.sampled_from([scale, lambda _: None]))(network.sizes[0]), network.sizes[-1]
    Z = X if inputs is None else inputs.apply(X)
    if is_classifier:
        classes = draw(st.sampled_from([["a", "b", "c", "d"], [-1, 0, 7, 10**30]]))[:n]
        labels = draw(st.lists(st.sampled_from(classes), min_size=len(X), max_size=len(X)))
        encoded = [[float(label == each) for each in classes] for label in labels]
        return Model(network, "classifier", inputs, classes=classes), X, labels, Z, encoded
    outputs, several = scale(n), n > 1 or draw(st.booleans())
    targets = y if several else [target for [target] in y]
    model = Model(network, "regressor", inputs, outputs, several=several)
    return model, X, targets, Z, outputs.apply(y)


@given(estimators())
def test_an_estimator_learns_to_the_bits_of_its_network_on_standardized_rows(drawn):
    model, X, targets, Z, encoded = drawn
    names, network = executed(python_source(model, trainable=True)), model.network
    is_number = model.kind == "regressor" and not model.several
    for learned in False, True:
        if learned:
            options = {"engine": "lists", "shuffle": False}
            try:
                network.train(Z, encoded, epochs=2, learning_rate=0.125, **options)
                network.train(Z, encoded, epochs=1, batch_size=1, learning_rate=0.01, **options)
            except Diverged:  # as above
                reject()
            names["train"](X, targets, 2, 0.125)
            for row, target in zip(X, targets):
                names["train_row"](row, target)
        answers = [[answer] if is_number else answer for answer in map(names["predict"], X)]
        assert bits(answers) == bits(model.apply(X))
    weights, biases = parameters(names)
    assert list(map(bits, weights)) == list(map(bits, network.weights))
    assert bits(biases) == bits(network.biases)


def test_a_classifier_without_a_scaler_learns_and_refuses_what_is_no_class():
    network = network_from([[[1.0], [0.5]]], [[0.25]], None, "sigmoid")
    source = python_source(classifier_from(network, ["no", "yes"]), trainable=True)
    names = executed(source)
    names["train"]([[1, 2], [2, 1]], ["no", "yes"], 2000)
    assert list(map(names["predict_class"], [[1, 2], [2, 1]])) == ["no", "yes"]
    for label in "maybe", 1, ["no"]:
        with pytest.raises(ValueError) as caught:
            names["train_row"]([1, 2], label)
        assert str(caught.value) == f"targets: expected one of CLASSES, got {label!r}"
    assert "learns one of CLASSES for each row" in comment_on_top(source)
    assert "They also take a learning_rate, by default 0.01; " in comment_on_top(source)
    assert "Both functions change WEIGHTS and BIASES. " in comment_on_top(source)


def test_an_estimator_of_a_table_learns_its_rows():
    names = executed(python_source(model_of_table(), trainable=True))
    encoded = list(map(names["encode"], ROWS))
    others = executed(python_source(model_of_table(), trainable=True))
    for each, rows in (names, ROWS), (others, encoded):
        each["train"](rows, ["no", "yes", "yes", "no"], 5)
    assert names["WEIGHTS"] == others["WEIGHTS"] != executed(of_table())["WEIGHTS"]


@pytest.mark.parametrize(
    "rows, targets, rate, message",
    [
        ([[1, 1], [2]], [[1, 0]], 1.0, "row: expected a list of length 2, got [2]"),
        ([[1, 1]], [[1]], 1.0, "targets: expected a list of length 2, got [1]"),
        ([[1, 1]], [], 1.0, "targets: expected one for each row, 1, got 0"),
        ([[1, 1]], [[1, 0]], None, "learning_rate: expected finite numbers, got None"),
        (
            [[1e308, 1]],
            [[1, 0]],
            1e308,
            "train: a weight is no longer finite; try a smaller learning_rate",
        ),
    ],
)
def test_bad_data_and_a_step_out_of_the_floats_change_nothing(rows, targets, rate, message):
    network = Network([2, 2, 2], activation="linear", bias=True, seed=1)
    names = executed(python_source(network, trainable=True))
    with pytest.raises(ValueError) as caught:
        names["train"](rows, targets, 1, rate)
    assert str(caught.value) == message
    assert parameters(names) == (network.weights, network.biases)


def test_what_is_unrolled_is_not_trainable():
    message = complaint(python_source, Network([1, 1]), trainable=True, style="unrolled")
    assert message == 'style: expected "auto" or "lists" for a trainable file, got "unrolled"'


# -- the file tests itself -------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["lists", "unrolled", "trainable"])
@pytest.mark.parametrize("bias", ["-0.0", "9.0"])
def test_a_file_tests_itself(tmp_path, form, bias):
    network = Network([20, 3, 12], bias=True, seed=1)
    options = {"trainable": True} if form == "trainable" else {"style": form}
    source = python_source(network, **options)
    weight = repr(network.weights[0][0][0])
    assert source.count(weight) == 1
    (tmp_path / "net.py").write_text(source if bias == "-0.0" else source.replace(weight, bias))
    command = [sys.executable, "net.py", "--self-test"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode == 0) == (bias == "-0.0")
    assert done.stdout == ("self-test passed\n" if bias == "-0.0" else "")
    assert bias == "-0.0" or "ValueError: self-test failed" in done.stderr


def test_the_self_test_of_a_regressor_knows_that_its_answer_is_a_number():
    X = [[float(i), i % 7 - 3.0] for i in range(40)]
    regressor = Regressor(4, epochs=5, random_state=1).fit(X, [1000.0 * a for a, _ in X])
    executed(python_source(regressor))["self_test"]()


def test_an_answer_that_is_infinite_is_no_test():
    source = python_source(Network.of([[[1e308]], [[1e308]]], activation="linear"))
    assert "self_test" not in executed(source) and "--self-test" not in source
    assert "# A typical row or its answer is too large for an example and a self-test.\n" in source


@pytest.mark.parametrize("trainable", [False, True])
def test_a_module_is_the_program_without_what_reads_and_prints_rows(trainable):
    for model in (Network([2, 3, 1], seed=1), model_of_table()):
        options = {"trainable": trainable}
        program, module = (
            ast.parse(python_source(model, module=module, **options)) for module in (False, True)
        )
        kept, all_of_it = list(map(ast.dump, module.body)), list(map(ast.dump, program.body))
        assert [each for each in all_of_it if each in kept] == kept
        left_out = {
            getattr(each, "name", type(each).__name__)
            for each in program.body
            if ast.dump(each) not in kept
        }
        reading = {"row_of", "cut", "Assign"} if model.__class__ is Model else {"number_or_text"}
        assert left_out == {"main", "show", "Try", "If", *reading}
        names = executed(python_source(model, module=True, **options))
        names["self_test"]()


def test_a_module_of_fewer_digits_is_no_program_either():
    model = model_of_table()
    source = compact_source(model, digits=3, module=True).source
    assert "stdin" not in source and executed(source)["predict_class"](ROWS[0]) in ["no", "yes"]


def test_without_arguments_not_even_its_own_name_it_does_not_wait_for_rows(monkeypatch):
    monkeypatch.setattr(sys, "argv", [])
    names = {"__name__": "__main__", "__file__": "<stdin>.py", "open": None}
    exec(python_source(Network([2, 1])), names)
    assert names["predict"]


def test_the_template_runs_as_it_is():
    names = executed((CHECKOUT / "purenet/export/template.py").read_text())
    names["self_test"]()
    names["train_row"]([1.0, 2.0], [0.5, 0.5])


# -- what a model calls things is never code -------------------------------------------------------

texts = st.text(max_size=30) | st.sampled_from([*NASTY, SURROGATE, "a" + SURROGATE + "\udc00"])


class Size(int, Enum):
    SMALL = 1
    LARGE = 2


class Color(str, Enum):
    RED = "r\u00f6t"
    BLUE = "blue"


@pytest.mark.parametrize("kind", [Size, Color])
def test_members_of_an_enumeration_are_written_as_their_values(kind):
    classifier = Classifier(epochs=1).fit([[0], [1]], list(kind))
    values = sorted(member.value for member in kind)
    assert executed(python_source(classifier))["CLASSES"] == values
    assert executed(bundle_source(classifier, bare=True))["classes"] == values


def test_every_nasty_text_is_a_class_by_itself():
    assert executed(named([*NASTY, SURROGATE]))["CLASSES"] == [*NASTY, SURROGATE]


@given(
    st.lists(texts, min_size=2, max_size=4),
    st.lists(texts, min_size=1, max_size=4),
    texts,
    st.sampled_from(STYLES),
)
def test_names_are_text_wherever_they_stand(classes, inputs, target, style):
    source = named(classes, inputs, target, style)
    assert source.isascii() and "\r" not in source and "\x00" not in source
    assert "</" not in source and "<!" not in source
    assert executed(source)["CLASSES"] == classes
    assert without_texts(source) == tame_program(len(classes), len(inputs), style)


@cache
def tame_program(classes, inputs, style):
    return without_texts(named(["a"] * classes, ["b"] * inputs, "c", style))


def without_texts(source):
    """Return a program as a tree, with all literals of text alike."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value, node.kind = "", None
    return ast.dump(tree)


@given(st.lists(st.integers() | st.booleans() | finite_float, min_size=2, max_size=5))
def test_classes_that_are_numbers_stay_what_they_are(classes):
    assert repr(executed(named(classes))["CLASSES"]) == repr(classes)


# -- the file as a program, and as text ------------------------------------------------------------


def test_pasted_into_a_notebook_it_does_not_wait_for_rows():
    exec(named(["a", "b"]), {"__name__": "__main__", "open": None})


@pytest.mark.parametrize(
    "row, message",
    [
        ([1], "row: expected a list of length 2, got [1]"),
        ([1, 2, 3], "row: expected a list of length 2, got [1, 2, 3]"),
        (None, "row: expected a list of length 2, got None"),
        (7, "row: expected a list of length 2, got 7"),
        ([1, "2"], "row: expected finite numbers, got '2'"),
        ("12", "row: expected finite numbers, got '1'"),
        ([1, None], "row: expected finite numbers, got None"),
        ([1, [2]], "row: expected finite numbers, got [2]"),
        ([1, 1j], "row: expected finite numbers, got 1j"),
        ([float("nan"), 1], "row: expected finite numbers, got nan"),
        ([1, float("-inf")], "row: expected finite numbers, got -inf"),
        ([1, 10**400], f"row: expected finite numbers, got 1{'0' * 59}"),
    ],
)
def test_a_wrong_row_gets_one_sentence(row, message):
    predict = executed(python_source(Network([2, 1])))["predict"]
    with pytest.raises(ValueError) as caught:
        predict(row)
    assert str(caught.value) == message


@given(networks(), st.sampled_from(["auto", "trainable", *STYLES]))
def test_the_text_is_ascii_within_100_columns_and_imports_little(network, style):
    trainable = style == "trainable"
    style = "auto" if trainable else style
    source = python_source(network, style=style, trainable=trainable)
    assert source.isascii()
    assert max(map(len, source.splitlines())) <= 100
    tree = ast.parse(source)
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert {node.module for node in imports} <= {"math", "sys", "signal"}
    names = [name.name for node in imports for name in node.names]
    names += [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert set(names) - used <= {"predict", "train_row"}


def comment_on_top(source):
    return " ".join(source.partition("\n\n")[0].replace("#\n", "\n").replace("\n# ", " ").split())


def test_the_comment_on_top_says_what_goes_in_and_what_comes_out():
    X, species = iris()
    columns = [Column("long"), Column("wide"), Column("hue", ("red", "blue"))]
    model = describe(Classifier(epochs=1).fit(X, species))._replace(
        table=(columns, [Column("species")])
    )
    text = comment_on_top(python_source(model))
    assert "4-16-3 (tanh, then softmax), in plain Python, made by PureNet" in text
    assert 'In: 4 numbers, in this order: "long", "wide", "hue=red", "hue=blue"' in text
    assert 'Out: "species": predict_class(row) is one of these classes, ' in text
    assert 'the probability of each: "setosa", "versicolor", "virginica"' in text


def test_the_comment_on_top_is_ascii_that_says_what_a_nasty_name_is():
    source = named(NASTY, [*NASTY, SURROGATE], "\u00e9")
    text = comment_on_top(source)
    assert text.isascii() and text.isprintable()
    assert 'Out: "\\u00e9": predict_class' in text
    for name in [*NASTY, SURROGATE]:
        assert " ".join(in_comment(name).split()) in text


def test_the_same_model_gives_the_same_text_in_another_process():
    program = (
        "from purenet import Network;"
        "from purenet.export.python import python_source;"
        "network = Network([2, 9, 9, 2], output_activation='softmax', bias=True, seed=1);"
        "print(python_source(network, trainable=True))"
    )
    texts = set()
    for seed in "1", "2":
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        texts.add(subprocess.check_output([sys.executable, "-c", program], env=environment))
    assert len(texts) == 1


def test_auto_unrolls_networks_that_are_small_and_narrow():
    assert MOST_UNROLLED == 4000
    for sizes in ([64, 32, 10], [39, 100, 1], [250, 1], [2, 3, 251]):
        network = Network(sizes, seed=1)
        assert python_source(network) == python_source(network, style="unrolled")
    for sizes in ([40, 100, 1], [251, 1]):
        network = Network(sizes, seed=1)
        assert python_source(network) == python_source(network, style="lists")


def test_a_style_that_there_is_not_and_a_sum_too_long_to_unroll_are_refused():
    network = Network([251, 1])
    assert "expected one of auto, lists, unrolled" in complaint(python_source, network, style="c")
    message = complaint(python_source, network, style="unrolled")
    assert message == 'style: "unrolled" takes at most 250 neurons in a layer, got 251; use "lists"'
    assert executed(python_source(network))["predict"]([0] * 251) == [0.5]


@pytest.mark.parametrize("iterations", [-1, 1.5, None])
def test_iterations_that_are_no_count_are_refused(iterations):
    names = executed(python_source(Network([1, 1]), trainable=True))
    said = f"iterations: expected a whole number of at least 0, got {iterations}"
    with pytest.raises(ValueError, match=re.escape(said)):
        names["train"]([[1]], [[1]], iterations)
