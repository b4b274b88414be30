"""Headers in C99 as text: names and labels that C cannot hold, and how weights are laid out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import complaint, networks

from purenet import Classifier, Network
from purenet.export.c import c_source, name_for
from purenet.export.layout import in_comment
from purenet.formats.model import describe

# -- names are data ----------------------------------------------------------------------------

PIECES = ['"', "'", "\\", "\n", "\r", "*/", "/*", "//", "??/", "??", "?", "%s", "%", "{", "}", ";"]
PIECES += ["\u2028", "\u2029", "</script>", "<!--", "ä", "\U0001f600", "\x7f", "\t", "0", "7", "$"]
PIECES += ["#include", "${name}", "@", "`", "=", "a", " ", "*", "/", "\x1b", "\x85"]
nasty = st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=12).map("".join)
halves = nasty | st.sampled_from(["\ud800", "\udfff*/", "\0", "a\0*/"])


OF_THREE = Classifier(1, epochs=1).fit([[0, 0], [1, 1], [2, 2]], ["a", "b", "c"])


@given(name=halves | st.text())
def test_a_name_in_a_comment_is_one_line_that_ends_nothing(name):
    written = in_comment(name)
    assert written.isascii() and written.isprintable()
    assert not any(pair in written for pair in ("*/", "/*", "??", "</", "<!"))
    assert written[0] == written[-1] == '"'


# -- what is refused -----------------------------------------------------------------------------


def test_a_label_of_too_many_digits_is_refused():
    model = describe(OF_THREE)._replace(classes=[1, 2, 10**5000])
    # Python 3.11 and newer do not even print it.
    assert complaint(c_source, model) in (
        "classes: expected text or numbers that can be printed, got an integer of 16610 bits",
        f"classes: '1{'0' * 35}... (str) has 5,001 bytes, but C99 guarantees only 4,095",
    )


@pytest.mark.parametrize(
    ("label", "message"),
    [
        ("a\0b", "classes: 'a\\x00b' (str) contains a NUL, which ends a C string"),
        ("\ud800", "expected whole characters, got '\\ud800' (str), half of one"),
        (
            "ä" * 2048,
            f"classes: '{'ä' * 36}... (str) has 4,096 bytes, but C99 guarantees only 4,095",
        ),
        (b"a", "classes: expected text or numbers that can be printed, got b'a' (bytes)"),
        (None, "classes: expected text or numbers that can be printed, got None"),
    ],
)
def test_a_label_that_c_cannot_hold_is_refused(label, message):
    classifier = Classifier(1, epochs=1).fit([[0], [1]], [0, 1])
    model = describe(classifier)._replace(classes=["x", label])
    assert complaint(c_source, model) == message


@pytest.mark.parametrize(
    "name", ["", "1net", "_net", "a b", "a-b", "nët", "net\n", "a" * 41, "a;", None, 5, b"net"]
)
def test_a_name_that_is_no_identifier_is_refused(name):
    said = complaint(c_source, Network([1, 1]), name=name)
    assert said.startswith("name: expected a letter and at most 39 letters, digits and underscores")


@given(stem=st.text(max_size=60) | st.text("aZ_-. 1", max_size=60))
def test_any_file_gives_a_name_and_says_as_much_of_the_file_as_c_can(stem):
    name = name_for(stem)
    assert re.fullmatch("[A-Za-z][A-Za-z0-9_]{0,39}", name)
    c_source(Network([1, 1], init="zeros"), name=name)
    if stem.isascii() and stem[:1].isalpha():
        assert all(a == b or b == "_" for a, b in zip(stem[:40], name))
        assert len(name) == min(len(stem), 40)
    else:
        assert name == "net"


@pytest.mark.parametrize("pack", ["int8", "integer"])
def test_a_header_of_rounded_weights_does_not_train(pack):
    said = complaint(c_source, Network([1, 1]), pack=pack, trainable=True)
    assert said == "trainable: training needs every digit; leave out pack"


def test_other_numbers_and_packs_are_refused():
    network = Network([1, 1])
    assert complaint(c_source, network, number="int") == (
        'number: expected "double" or "float", got \'int\' (str)'
    )
    assert complaint(c_source, network, pack="int4") == (
        'pack: expected None, "int8" or "integer", got \'int4\' (str)'
    )


@pytest.mark.parametrize("value", [1e39, -1e308, 3.4028235677973366e38])
def test_a_number_too_large_for_a_float_is_refused_with_its_place(value):
    network = Network([1, 1, 2], bias=True, seed=1)
    network.weights[1][0][1] = value
    said = f"{value!r} is more than a float32 holds, 3.4e38"
    assert complaint(c_source, network, number="float") == f"weights[1]: {said}"
    network.weights[1][0][1] = 1.0
    network.biases[0][0] = value
    assert complaint(c_source, network, number="float") == f"biases[0]: {said}"


def test_a_scale_too_large_for_a_float_is_refused_with_its_place():
    network = Network([1, 1], seed=1)
    network.weights[0][0][0] = 127 * 2.0**1000
    said = complaint(c_source, network, number="float", pack="int8")
    assert (
        said
        == "weights[0]: the scale: 1.0715086071862673e+301 is more than a float32 holds, 3.4e38"
    )
    network.weights[0][0][0] = 1e39  # it is the scale that has to fit
    assert "127," in c_source(network, number="float", pack="int8")


def test_a_header_named_like_the_templates_has_its_name_once_and_labels_keep_theirs():
    model = describe(OF_THREE)._replace(classes=["net_a", "NET_b", "double c = 1.0"])
    source = c_source(model, name="net_v2", pack="int8")
    assert '"net_a", "NET_b", "double c = 1.0",' in source
    assert set(re.findall(r"\b(?:net|NET)_\w+", source)) >= {"net_v2_layer_of_bytes", "NET_V2_H"}
    assert not re.search(r"(?i)net_v2_v2", source)


# -- how it looks ------------------------------------------------------------------------------


@given(
    network=networks(),
    number=st.sampled_from(["double", "float"]),
    pack=st.sampled_from([None, "int8"]),
)
def test_a_header_is_always_the_same_ascii_in_lines_of_a_hundred(network, number, pack):
    source = c_source(network, number=number, pack=pack)
    assert source == c_source(network.copy(), number=number, pack=pack)
    assert source.isascii() and "\t" not in source and source.endswith("_H */\n")
    assert all(line == line.rstrip() and len(line) <= 100 for line in source.split("\n"))
    assert ("double" in source) == (number == "double")


def test_the_weights_stand_in_rows():
    network = Network([2, 3, 1], seed=1)
    network.weights = [[[1.0, -0.0, 0.1], [5e-324, -1e308, 2.0]], [[1.0], [2.0], [3.0]]]
    assert "{\n    1.0, -0.0, 0.1,\n    5e-324, -1e+308, 2.0,\n};\n" in c_source(network)
    network.weights[0][1][1] = -254.0
    assert "{\n    1.0f, -0.0f, 0.100000001f,\n    0.0f, -254.0f, 2.0f,\n};\n" in c_source(
        network, number="float"
    )
    assert "{\n    127, 0, 6,\n    0, -127, 127,\n};\n" in c_source(network, pack="int8")
