"""ES modules: PureNet's answers under Node.js, names as data, and errors that are sentences."""

import base64
import enum
import json
import math
import re
import shutil
import struct
import subprocess

import numpy as np
import pytest
from exported import by_whole_numbers
from hypothesis import given
from hypothesis import strategies as st
from support import (
    CHECKOUT,
    ROUNDING,
    Reference,
    Rounded,
    assert_within,
    bits,
    finite_float,
    matrices,
    networks,
    problems,
    thousandths,
)

from purenet import Classifier, Network, Regressor
from purenet.datasets import curved, iris
from purenet.export.folded import fold
from purenet.export.javascript import javascript_source
from purenet.formats.model import describe
from purenet.tables.columns import Column

# Loads a module, calls what it exports, and says what came: numbers as the bytes that they are.
NODE = """
import { createInterface } from "node:readline";

function written(value) {
  if (typeof value === "number") {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    return { number: bytes.toString("hex") };
  }
  if (typeof value === "bigint") return { whole: value.toString() };
  return Array.isArray(value) ? value.map(written) : value;
}

function answer(module, name, row) {
  try {
    return written(module[name](row));
  } catch (error) {
    return { error: error.constructor === Error ? error.message : String(error.stack) };
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  const { source, calls } = JSON.parse(line);
  const module = await import(`data:text/javascript;base64,${source}`);
  const answers = calls.map(([name, row]) =>
    name === "classes" ? written(module.classes) : answer(module, name, (0, eval)(row)),
  );
  console.log(JSON.stringify({ exports: Object.keys(module).sort(), answers }));
}
"""


class Node:
    """A Node.js that stays, as it takes longer to start than to answer."""

    def __init__(self, program):
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        command = [program, "--input-type=module", "--eval", NODE]
        self.process = subprocess.Popen(command, **pipes)

    def exports_and_answers(self, source, *calls):
        """Return a module's exports, and the result of each (name, row) in JavaScript."""
        encoded = base64.b64encode(source.encode("ascii")).decode()
        self.process.stdin.write(json.dumps({"source": encoded, "calls": calls}) + "\n")
        self.process.stdin.flush()
        reply = json.loads(self.process.stdout.readline())
        return reply["exports"], [_read(value) for value in reply["answers"]]

    def answers(self, source, *calls):
        return self.exports_and_answers(source, *calls)[1]

    def predict(self, model, X, name="predict"):
        """Return the results of a model's module for each row."""
        return self.answers(javascript_source(model), *((name, repr(row)) for row in X))


def _read(value):
    if isinstance(value, list):
        return [_read(item) for item in value]
    if isinstance(value, dict) and "number" in value:
        return struct.unpack("<d", bytes.fromhex(value["number"]))[0]
    return int(value["whole"]) if isinstance(value, dict) and "whole" in value else value


@pytest.fixture(scope="session")
def node(required):
    started = Node(required("node", shutil.which("node")))
    yield started
    started.process.communicate()


# -- the same answers --------------------------------------------------------------------------

ROUNDED_ALIKE = ["relu", "leaky_relu", "linear"]


@st.composite
def without_exp(draw):
    """Draw a network of any weights, whose activations take only what is rounded alike."""
    network = draw(networks([(name, "squared_error") for name in ROUNDED_ALIKE], width=6))
    hidden = len(network.sizes) - 2
    names = st.sampled_from(ROUNDED_ALIKE)
    network.activation = draw(st.lists(names, min_size=hidden, max_size=hidden))
    elements = draw(st.sampled_from([finite_float, thousandths]))
    pairs = list(zip(network.sizes, network.sizes[1:]))
    network.weights = [draw(matrices(m, n, elements)) for m, n in pairs]
    network.biases = [draw(matrices(1, len(row), elements))[0] for row in network.biases]
    return network, draw(matrices(st.integers(1, 4), network.sizes[0], elements))


@given(problem=without_exp())
def test_a_module_without_exp_and_tanh_gives_the_bits_of_the_network(node, problem):
    network, X = problem
    assert bits(node.predict(network, X)) == bits(network.predict(X))


@given(problem=problems(networks()))
def test_a_module_is_as_near_to_the_formulas_as_rounding_lets_it_be(node, problem):
    network, X, _ = problem
    assert_within(node.predict(network, X), Reference(network).forward(X)[1][-1])


@given(
    activation=st.sampled_from(["sigmoid", "tanh"]),
    rows=matrices(st.integers(1, 9), 1),
)
def test_a_neuron_is_as_near_to_cpythons_as_two_libraries_can_be(node, activation, rows):
    # Each library's exp is within one unit of the last place, and its tanh within two: so they are
    # 2 or 4 units apart, at most 8 roundings. After exp, sigmoid rounds twice on either side.
    network = Network([1, 1], activation=activation)
    network.weights = [[[1.0]]]
    X = [[x] for [x] in rows if math.isfinite(x)] or [[0.0]]
    for [ours], [theirs] in zip(network.predict(X), node.predict(network, X)):
        assert abs(ours - theirs) <= 8 * ROUNDING * abs(ours) + 2 * 5e-324


@given(row=st.lists(finite_float, min_size=1, max_size=6))
def test_softmax_neither_overflows_nor_loses_its_sum(node, row):
    network = Network([1, len(row)], activation="softmax", loss="cross_entropy", bias=True)
    network.weights, network.biases = [[[0.0] * len(row)]], [row]
    [ours], [theirs] = network.predict([[1.0]]), node.predict(network, [[1.0]])
    # Two powers, 2 units apart each, are 8 roundings; then on either side up to five for the sum
    # and one for the quotient. What is subnormal is off by a few of the smallest number.
    for a, b in zip(ours, theirs):
        assert abs(a - b) <= 20 * ROUNDING * a + 4 * 5e-324


# -- estimators --------------------------------------------------------------------------------

FLOWERS, SPECIES = iris()
CLASSIFIER = Classifier(3, epochs=20).fit(FLOWERS, SPECIES)


def test_a_network_predicts_a_list_and_a_regressor_a_number_or_a_list(node):
    X = [row[:3] for row in FLOWERS[:5]]
    widths = [row[3] for row in FLOWERS[:5]]
    network = Network([3, 1], activation="relu", seed=1)
    assert bits(node.predict(network, X)) == bits(network.predict(X))
    for targets in (widths, [[width] for width in widths], [[1.0, width] for width in widths]):
        regressor = Regressor(2, activation="relu", epochs=5).fit(X, targets)
        answers = node.predict(regressor, X)
        assert np.shape(answers) == np.shape(targets)
        rows = [row if isinstance(row, list) else [row] for row in answers]
        assert bits(rows) == bits(fold(regressor).network.predict(X))


def test_a_module_gives_the_bits_of_a_regressor_of_indicators(node):
    """Nothing is folded into its weights: targets of -1 and 1 have the mean 0 and deviation 1."""
    X, labels = curved("parity", 8)
    targets = [2.0 * label - 1.0 for label in labels]
    regressor = Regressor(3, activation="relu", epochs=20).fit(X, targets)
    assert bits([node.predict(regressor, X)]) == bits([regressor.predict(X)])


def test_a_classifier_predicts_probabilities_and_a_class(node):
    folded = fold(CLASSIFIER)
    calls = [(name, repr(row)) for row in FLOWERS for name in ("predictProba", "predictClass")]
    exports, answers = node.exports_and_answers(javascript_source(folded), ("classes", "0"), *calls)
    assert exports == ["classes", "predict", "predictClass", "predictProba", "selfTest"]
    assert answers[0] == CLASSIFIER.classes_ == ["setosa", "versicolor", "virginica"]
    assert answers[2::2] == CLASSIFIER.predict(FLOWERS)
    assert answers[1::2] == node.predict(CLASSIFIER, FLOWERS)


@given(row=st.sampled_from(FLOWERS))
def test_the_probabilities_are_as_near_as_rounding_lets_them_be(node, row):
    network = fold(CLASSIFIER).network
    reference = Reference(network)
    reference.parameters = [Rounded(W) for W in network.weights]
    reference.parameters += [Rounded([biases]) for biases in network.biases]
    probabilities = node.predict(CLASSIFIER, [row], "predictProba")
    assert_within(probabilities, reference.forward([row])[1][-1])


def test_of_equally_likely_classes_the_first_is_chosen(node):
    model = describe(Classifier([], epochs=1).fit([[0], [1], [2]], ["a", "b", "c"]))
    model.network.weights[0][0][:] = [0.0, 0.0, 0.0]
    for biases, best in (([0.0, 0.0, 0.0], "a"), ([0.0, 1.0, 1.0], "b"), ([0.0, 1.0, 2.0], "c")):
        model.network.biases[0][:] = biases
        assert node.answers(javascript_source(model), ("predictClass", "[5]")) == [best]


# -- names are data ----------------------------------------------------------------------------

PIECES = ['"', "'", "`", "\\", "\n", "\r", "*/", "/*", "//", "${", "{", "}", ";", "\0", "\ud800"]
PIECES += ["\u2028", "\u2029", "</script>", "<!--", "-->", "ä", "\U0001f600", "\x7f", "$", "\\u"]
PIECES += ["export", "@type", "=", "a", "*", "/", "__proto__"]
nasty = st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=12).map("".join)


@given(
    classes=st.lists(nasty, min_size=3, max_size=3),
    inputs=st.lists(nasty, min_size=4, max_size=4),
    target=nasty,
)
def test_names_and_labels_never_become_code(node, classes, inputs, target):
    table = ([Column(name) for name in inputs], [Column(target)])
    model = describe(CLASSIFIER)._replace(classes=classes, table=table)
    source = javascript_source(model)
    row = repr(FLOWERS[0])
    exports, [labels, best] = node.exports_and_answers(
        source, ("classes", "0"), ("predictClass", row)
    )
    assert exports == ["classes", "predict", "predictClass", "predictProba", "selfTest"]
    assert (labels, best) == (classes, classes[0])
    assert source.isascii() and source.replace("\n", "").isprintable()
    assert source.count("*/") == javascript_source(CLASSIFIER).count("*/") + sum(
        label.count("*/") for label in classes
    )
    assert "</" not in source and "<!" not in source


class Color(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("label", "written"),
    [
        (0, "0"),
        (-7, "-7"),
        (2**53 - 1, "9007199254740991"),
        (2**53 + 1, "9007199254740993n"),
        (-(2**70), "-1180591620717411303424n"),
        (True, "true"),
        (False, "false"),
        (2.0, "2"),
        (-0.0, "-0"),
        (-1e300, "-1e+300"),
        (np.float64(2.0), "2"),
        (Color.RED, "1"),
        ("1", '"1"'),
        ("<b>", r'"\u003cb>"'),
    ],
)
def test_labels_keep_their_kind(node, label, written):
    classifier = Classifier(1, epochs=1).fit([[0], [1]], [0, 1])
    source = javascript_source(describe(classifier)._replace(classes=[label, "x"]))
    assert f'export const classes = [\n  {written}, "x",\n];\n' in source
    [[answer, _]] = node.answers(source, ("classes", "0"))
    assert answer == label and isinstance(answer, bool) == isinstance(label, bool)


# -- what a module refuses -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("undefined", "row: expected an array of 2 numbers, got undefined"),
        ("null", "row: expected an array of 2 numbers, got object"),
        ("5", "row: expected an array of 2 numbers, got number"),
        ("'12'", "row: expected an array of 2 numbers, got string"),
        ("({ length: 2, 0: 1, 1: 2 })", "row: expected an array of 2 numbers, got object"),
        ("[]", "row: expected 2 numbers, got 0"),
        ("[1, 2, 3]", "row: expected 2 numbers, got 3"),
        ("new DataView(new ArrayBuffer(16))", "row: expected 2 numbers, got undefined"),
        ("[1, NaN]", "row[1]: expected a finite number, got NaN"),
        ("[-Infinity, 1]", "row[0]: expected a finite number, got -Infinity"),
        ("['1', 2]", "row[0]: expected a finite number, got string"),
        ("[1, , ]", "row[1]: expected a finite number, got undefined"),
        ("[1, true]", "row[1]: expected a finite number, got boolean"),
        ("[1n, 2n]", "row[0]: expected a finite number, got bigint"),
        ("new BigInt64Array(2)", "row[0]: expected a finite number, got bigint"),
        ("[Symbol(), 1]", "row[0]: expected a finite number, got symbol"),
        ("[[1, 2]]", "row: expected 2 numbers, got 1"),
        ("[Object.create(null), 2]", "row[0]: expected a finite number, got object"),
    ],
)
def test_what_is_no_row_of_numbers_is_refused_with_a_sentence(node, row, message):
    source = javascript_source(Network([2, 1], seed=1))
    assert node.answers(source, ("predict", row)) == [{"error": message}]


def test_one_input_is_one_number(node):
    source = javascript_source(Network([1, 1], seed=1))
    said = {"error": "row: expected 1 number, got 2"}
    assert node.answers(source, ("predict", "[1, 2]")) == [said]


@pytest.mark.parametrize("kind", ["Array.of", "Float32Array.of", "Float64Array.of", "Int8Array.of"])
def test_rows_may_be_typed_arrays_and_stay_as_they_were(node, kind):
    network = Network([2, 3, 1], activation="relu", seed=1)
    source = javascript_source(network)
    rows = [f"globalThis.row = {kind}(1, -2)", "globalThis.row"]
    answers = node.answers(source, *(("predict", row) for row in rows))
    assert answers == network.predict([[1, -2]]) * 2


# -- bytes, and what a module says of itself -----------------------------------------------------


@given(problem=without_exp())
def test_bytes_add_up_whole_numbers_and_apply_the_scale_once(node, problem):
    network, X = problem
    source = javascript_source(network, pack="int8")
    answers = node.answers(source, *(("predict", repr(row)) for row in X))
    assert bits(answers) == bits([by_whole_numbers(network, row) for row in X])


@pytest.mark.parametrize("pack", [None, "int8"])
@pytest.mark.parametrize("kind", [Classifier, Regressor])
def test_a_module_tests_itself(node, tmp_path, pack, kind):
    targets = SPECIES if kind is Classifier else [row[0] for row in FLOWERS]
    model = kind(5, epochs=20, random_state=0).fit(FLOWERS, targets)
    source = javascript_source(model, pack=pack)
    program = tmp_path / "a net.mjs"
    for text, code in ((source, 0), (re.sub(r"biases: \[", "biases: [9 + ", source), 1)):
        program.write_text(text)
        done = subprocess.run(["node", program, "--self-test"], capture_output=True, text=True)
        assert done.returncode == code
        assert ("self-test passed: " in done.stdout) == (code == 0)
        assert ("Error: self-test: expected " in done.stderr) == (code == 1)
    answer = node.answers(source, ("selfTest", "0"))
    assert len(answer[0]) == (3 if kind is Classifier else 1)


def test_a_program_of_another_name_tests_only_itself(node, tmp_path):
    (tmp_path / "net.mjs").write_text(javascript_source(Network([1, 1], seed=1)))
    (tmp_path / "main.mjs").write_text('import "./net.mjs";')
    command = ["node", "main.mjs", "--self-test"]
    assert subprocess.check_output(command, cwd=tmp_path) == b""


def test_the_template_runs_as_it_is(node):
    source = (CHECKOUT / "purenet/export/template.js").read_text()
    answers = node.answers(source, ("predictProba", "[1, 2]"), ("selfTest", "0"))
    assert len(answers[0]) == 2
    assert answers[1] == [0.5, 0.5]
