"""Modules in JavaScript as text: labels that it cannot hold, and how weights are laid out."""

import pytest
from hypothesis import given
from support import (
    complaint,
    networks,
)

from purenet import Classifier, Network
from purenet.datasets import iris
from purenet.export.javascript import JavaScript, javascript_source
from purenet.formats.model import describe

# -- estimators --------------------------------------------------------------------------------

FLOWERS, SPECIES = iris()
CLASSIFIER = Classifier(3, epochs=20).fit(FLOWERS, SPECIES)


# -- names are data ----------------------------------------------------------------------------


@pytest.mark.parametrize("label", [b"a", None, ("a",)])
def test_a_label_that_is_neither_text_nor_a_number_is_refused(label):
    model = describe(CLASSIFIER)._replace(classes=["a", "b", label])
    said = complaint(javascript_source, model)
    assert said.startswith("classes: expected text or numbers that can be printed, got ")


# -- how it looks ------------------------------------------------------------------------------


@given(network=networks())
def test_a_module_is_always_the_same_ascii_in_lines_of_a_hundred(network):
    source = javascript_source(network)
    assert source == javascript_source(network.copy())
    assert source.isascii() and source.endswith("}\n") and "\t" not in source
    assert all(line == line.rstrip() and len(line) <= 100 for line in source.split("\n"))
    assert "import " not in source.split("*/", 1)[1]


def test_each_row_of_weights_has_a_line_of_its_own():
    network = Network([2, 3, 1], seed=1)
    network.weights = [[[1.0, -0.0, 0.1], [5e-324, -1e308, 2.0]], [[1.0], [2.0], [3.0]]]
    lines = [line.strip() for line in javascript_source(network).split("\n")]
    start = lines.index("weights: [")
    assert lines[start + 1 : start + 4] == ["[1, -0, 0.1],", "[5e-324, -1e+308, 2],", "],"]


def test_an_input_named_like_a_word_of_the_template_keeps_its_name():
    names = ["NAME", "EXPORTS", "COUNT"]
    model = describe(Network([3, 1], seed=1))._replace(names=names)
    for script in (None, "net"):
        lines = javascript_source(model, script=script).split("\n")
        assert ' *           "NAME", "EXPORTS", "COUNT"' in lines


@pytest.mark.parametrize(
    ("file", "name"),
    [("page", "page"), ("of", "of"), ("No", "No"), ("Array", "net"), ("print", "net")],
)
def test_a_scripts_global_is_named_after_its_file_unless_an_engine_has_that_name(file, name):
    assert JavaScript(Network([1, 1]), script=file).name == name
