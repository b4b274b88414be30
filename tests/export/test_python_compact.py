"""A model as a small Python file: the values of its weights, their errors, and where it runs.

That every Python gives the same bits is asked with the other files, in test_python.
"""

import ast
import math
import struct
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from exported import by_whole_numbers
from hypothesis import assume, given
from hypothesis import strategies as st
from support import (
    EPSILON,
    Reference,
    Rounded,
    assert_within,
    bits,
    complaint,
    finite_float,
    matrices,
    networks,
    problems,
    size,
)

from purenet import Classifier, Network, Regressor
from purenet.cli import digits as digits_command
from purenet.core.matrix import all_finite
from purenet.core.mt19937 import MT19937
from purenet.datasets import digits, iris
from purenet.export.error import Error, error_of, random_rows
from purenet.export.python import python_source
from purenet.export.python_compact import Base92, Compact, compact_source, encodings, most_steps
from purenet.export.target import source_of
from purenet.formats import load
from purenet.formats.model import describe

PACKS = ["float32", "int8"]
CHARACTERS = range(1, 9)


def executed(source):
    """Return the names of a module, executed but not as a program."""
    names = {"__name__": "exported"}
    exec(source, names)
    return names


def as_network(small):
    """Return a network with the weights that a small file's numbers stand for."""
    return small.model.network


def with_weights(*numbers):
    """Return a network of one neuron with these weights."""
    return Network.of([[[number] for number in numbers]], activation="linear")


def in_characters(network, characters):
    """Return the encoding with this number of characters a weight."""
    target = Base92(network, characters)
    return Compact(source_of(target), target, str(characters))


# -- the file computes what its weights stand for --------------------------------------------------


@given(problems(networks()))
def test_float32_predicts_with_the_bits_of_a_network_of_such_weights(problem):
    network, X, _ = problem
    small = compact_source(network, pack="float32")
    predict = executed(small.source)["predict"]
    assert bits(map(predict, X)) == bits(as_network(small).predict(X))


@given(problems(networks()), st.integers(1, 17), st.sampled_from(["lists", "unrolled"]))
def test_digits_predict_with_the_bits_of_a_network_of_such_weights(problem, count, style):
    network, X, _ = problem
    small = compact_source(network, digits=count, style=style)
    predict = executed(small.source)["predict"]
    assert bits(map(predict, X)) == bits(as_network(small).predict(X))
    assert small.source == python_source(small.model, style=style)


@given(problems(networks()), st.sampled_from(CHARACTERS))
def test_characters_predict_with_the_bits_of_a_network_of_such_weights(problem, characters):
    network, X, _ = problem
    small = in_characters(network, characters)
    predict = executed(small.source)["predict"]
    assert bits(map(predict, X)) == bits(as_network(small).predict(X))


def seven_digits(number):
    return float(f"{number:.6e}")


@given(problems(networks()))
def test_int8_adds_up_whole_numbers_and_applies_the_scale_once(problem):
    network, X, _ = problem
    predict = executed(compact_source(network, pack="int8").source)["predict"]
    assert list(map(predict, X)) == [by_whole_numbers(network, row, seven_digits) for row in X]


@given(problems(networks()))
def test_int8_is_within_rounding_of_a_network_of_such_weights(problem):
    # Its sums are those of the network with weights q · scale, in other words: rounding comes
    # after the scale instead of before. A weight itself is a rounded product.
    network, X, _ = problem
    small = compact_source(network, pack="int8")
    reference = Reference(network)
    reference.parameters = [
        Rounded(W, EPSILON * abs(np.array(W))) for W in small.model.network.weights
    ] + [Rounded([row]) for row in small.model.network.biases]
    answer = list(map(executed(small.source)["predict"], X))
    assert_within(answer, reference.forward(X)[1][-1])


@given(st.data(), size, size, st.sampled_from(PACKS))
def test_whatever_weights_are_the_file_has_them(data, rows, columns, pack):
    # Read one by one, with a row that is 1 in one place.
    network = Network([rows, columns], activation="linear", bias=True)
    elements = st.floats(width=32, allow_nan=False, allow_infinity=False)
    network.weights = [data.draw(matrices(rows, columns, elements))]
    network.biases = data.draw(matrices(1, columns, st.just(0.0)))
    small = compact_source(network, pack=pack)
    predict = executed(small.source)["predict"]
    read = [predict([float(i == j) for j in range(rows)]) for i in range(rows)]
    assert read == small.model.network.weights[0]
    if pack == "float32":
        assert read == network.weights[0]


# -- what weights stand for ------------------------------------------------------------------------


@given(st.data(), size, size)
def test_float32_rounds_as_numpy_does(data, rows, columns):
    weights = data.draw(matrices(rows, columns, st.floats(-3.4e38, 3.4e38)))
    network = Network([rows, columns])
    network.weights = [weights]
    small = compact_source(network, pack="float32")
    assert bits(small.model.network.weights[0]) == bits(np.float32(weights).astype(float).tolist())


@given(finite_float, st.integers(1, 17))
def test_digits_are_the_nearest_decimals(weight, count):
    assume(abs(weight) < 1e308)  # above, the nearest may be no float
    [[few]] = compact_source(with_weights(weight), digits=count).model.network.weights[0]
    if weight == 0.0:
        assert few == 0.0
        return
    unit = Decimal(1).scaleb(Decimal(weight).adjusted() - count + 1)
    # That the decimal is read as a float adds at most half a distance between floats.
    reading = Decimal(math.ulp(weight)) / 2
    assert abs(Decimal(few) - Decimal(weight)) <= unit / 2 + reading
    assert compact_source(with_weights(few), digits=count).model.network.weights[0] == [[few]]


normal_float = st.floats(-1e300, 1e300).filter(lambda a: a == 0.0 or abs(a) > 1e-280)


@given(st.lists(normal_float, min_size=1, max_size=8), st.sampled_from([0, *CHARACTERS]))
def test_a_weight_is_off_by_half_a_step_at_most(weights, characters):
    """0 characters stand for int8. A step is exact up to a rounding of the largest weight."""
    network = with_weights(*weights)
    small = (
        in_characters(network, characters) if characters else compact_source(network, pack="int8")
    )
    most = most_steps(characters) if characters else 127
    largest = Fraction(max(map(abs, weights)))
    # Two roundings of the scale and the product, each 2**-53 of the largest; int8's scale has
    # seven digits, and is off by half a unit of the last.
    slack = largest * (Fraction(4, 2**53) + (0 if characters else Fraction(5, 10**7)))
    for weight, [stands] in zip(weights, small.model.network.weights[0]):
        assert abs(Fraction(stands) - Fraction(weight)) <= largest / (2 * most) + slack


def test_a_network_of_zeros_stays_one():
    network = Network([2, 3, 1], bias=True, init="zeros")
    smalls = [compact_source(network, pack=pack) for pack in PACKS]
    for small in [*smalls, *encodings(network)]:
        assert small.model.network.weights == network.weights
        assert executed(small.source)["predict"]([1.0, -1.0]) == [0.5]


@pytest.mark.parametrize(
    "weight, options, message",
    [
        (
            3.5e38,
            {"pack": "float32"},
            "weights[0]: 3.5e+38 is more than a float32 holds, 3.4e38",
        ),
        (1.7976931e308, {"digits": 2}, "2 digits: a weight becomes infinite"),
        (1.0, {"digits": 0}, "digits: expected a whole number from 1 to 17, got 0"),
        (1.0, {"digits": 2.5}, "digits: expected a whole number from 1 to 17, got 2.5"),
        (1.0, {"pack": "int4"}, "pack: expected one of float32, int8, got 'int4' (str)"),
        (1.0, {"pack": []}, "pack: expected one of float32, int8, got [] (list)"),
        (1.0, {"limit": 0}, "limit: expected a whole number of at least 1, got 0"),
        (1.0, {}, "expected one of digits, pack and limit, got 0"),
        (1.0, {"digits": 2, "pack": "int8"}, "expected one of digits, pack and limit, got 2"),
    ],
)
def test_what_cannot_be_written_is_refused_in_one_sentence(weight, options, message):
    assert complaint(compact_source, with_weights(weight), **options) == message


@pytest.mark.parametrize("largest", [1.7976931348623157e308, 5e-324])
def test_the_largest_and_the_smallest_floats_fit_some_limit(largest):
    small = compact_source(with_weights(largest, -largest), limit=10_000)
    assert small.model.network.weights == [[[largest], [-largest]]]
    for other in encodings(with_weights(largest, -largest)):
        assert all_finite(other.model.network.weights[0])


# -- the file as text ------------------------------------------------------------------------------


@given(networks(), st.sampled_from([*PACKS, *CHARACTERS]))
def test_the_text_is_ascii_that_imports_but_math_and_uses_all_it_defines(network, way):
    packed = way in PACKS
    small = compact_source(network, pack=way) if packed else in_characters(network, way)
    assert small.source.isascii() and "</" not in small.source and "<!" not in small.source
    tree = ast.parse(small.source)
    imports = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert {node.module for node in imports} <= {"math"}
    names = [name.name for node in imports for name in node.names]
    names += [node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    assert set(names) - used == {"predict"}
    if packed:
        assert max(map(len, small.source.splitlines())) <= 100


@given(st.binary(min_size=64, max_size=64))
def test_every_byte_is_read_as_it_was_written(data):
    # As float32, leaving out everything that is not a number.
    numbers = [number for number in struct.unpack("<16f", data) if math.isfinite(number)]
    assume(numbers)
    source = compact_source(with_weights(*numbers), pack="float32").source
    [[block]] = executed(source)["WEIGHTS"]
    assert block == struct.pack(f"<{len(numbers) + 1}f", -0.0, *numbers)  # the bias first


@pytest.mark.parametrize("options", [{"pack": "int8"}, {"pack": "float32"}, {"limit": 100_000}])
def test_a_file_for_another_program_neither_prints_nor_waits_for_rows(options):
    small = compact_source(Network([2, 1], seed=1), **options)
    exec(small.source, {"__name__": "__main__", "__file__": "bot.py", "open": None, "print": None})
    assert small.what.startswith("for import only (no --self-test), ")


def test_a_file_of_fewer_digits_is_a_program_that_tests_itself():
    small = compact_source(Network([2, 1], seed=1), digits=3)
    executed(small.source)["self_test"]()
    assert (small.what, "--self-test" in small.source) == ("3 digits", True)


@pytest.mark.parametrize("options", [{"pack": "int8"}, {"pack": "float32"}, {"limit": 100_000}])
def test_a_row_of_another_length_is_refused(options):
    predict = executed(compact_source(Network([2, 1]), **options).source)["predict"]
    for row in [], [1.0], [1.0, 2.0, 3.0]:
        with pytest.raises(ValueError) as caught:
            predict(row)
        assert str(caught.value) == "row: expected a list of length 2"


@pytest.mark.parametrize("options", [{"pack": "int8"}, {"pack": "float32"}, {"limit": 3000}])
def test_a_classifier_names_classes_and_a_regressor_gives_a_number(options):
    X, species = iris()
    names = executed(compact_source(Classifier(4, epochs=20).fit(X, species), **options).source)
    probabilities = names["predict_proba"](X[0])
    assert math.isclose(sum(probabilities), 1.0)
    assert names["predict_class"](X[0]) == names["CLASSES"][np.argmax(probabilities)]
    regressor = Regressor(4, epochs=2).fit(X, [row[0] for row in X])
    assert isinstance(executed(compact_source(regressor, **options).source)["predict"](X[0]), float)


# -- the most exact that fits ----------------------------------------------------------------------


@pytest.fixture(scope="module")
def handwriting(tmp_path_factory):
    """The network that `python3 -m purenet digits` trains, and the images held out."""
    path = str(tmp_path_factory.mktemp("digits") / "net.json")
    digits_command.run(epochs=5, quiet=True, save=path)  # it is as large, and almost as good
    images, _ = digits()
    order = MT19937(digits_command.SPLIT_SEED).permutation(len(images))
    held_out = order[len(images) * 4 // 5 :]
    return load(path), [[pixel / 16 for pixel in images[i]] for i in held_out]


def test_the_limit_gets_the_first_encoding_that_fits():
    network = Network([4, 8, 5], bias=True, seed=1)
    smalls = list(encodings(network))
    lengths = [len(small.source) for small in smalls]
    for limit in {length + step for length in lengths for step in (-1, 0)}:
        fitting = [small for small in smalls if len(small.source) <= limit]
        if fitting:
            assert compact_source(network, limit=limit).source == fitting[0].source
        else:
            message = (
                f"limit: the smallest file there is has {min(lengths):,} characters, more than "
            )
            assert complaint(compact_source, network, limit=limit) == message + f"{limit:,}"
    assert {small.what for small in smalls} == {
        "every digit",
        *(f"{n} digits" for n in range(2, 17)),
        "1 digit",
        *(f"{n} characters a weight" for n in range(2, 9)),
        "1 character a weight",
    }


@pytest.mark.exhaustive
def test_what_fits_a_larger_limit_is_more_exact(handwriting):
    network, rows = handwriting
    rows = rows[:50]
    costs = []
    for limit in 8_000, 10_400, 13_000, 15_200, 18_000, 20_000, 23_000, 25_000, 60_000:
        costs.append(error_of(network, compact_source(network, limit=limit).model, rows).largest)
    assert costs == sorted(costs, reverse=True) and costs[-1] == 0.0
    # Each character more makes steps a 92nd of what they were.
    for before, after in zip(costs[:6], costs[1:7]):
        assert after < before / 30


def test_codingames_limit_has_room_for_every_digit(handwriting):
    small = compact_source(handwriting[0], limit=100_000)
    assert small.what == "for import only (no --self-test), every digit"
    assert small.model.network.weights == handwriting[0].weights


# -- what it costs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, most, changed",
    [
        ({"digits": 4}, 1e-3, 0),
        ({"pack": "float32"}, 1e-6, 0),
        ({"pack": "int8"}, 0.05, 1),
    ],
)
def test_the_digits_networks_cost_is_measured(handwriting, options, most, changed):
    network, rows = handwriting
    small = compact_source(network, **options)
    predict, of_small = (
        executed(python_source(each))["predict"] for each in (network, small.model)
    )
    pairs = [(predict(row), of_small(row)) for row in rows]
    cost = error_of(network, small.model, rows)
    assert cost.rows == 360
    assert cost.largest == max(abs(a - b) for pair in pairs for a, b in zip(*pair)) <= most
    assert cost.changed == [np.argmax(a) == np.argmax(b) for a, b in pairs].count(False) <= changed


@given(problems(networks()), st.sampled_from([*PACKS, *CHARACTERS]))
def test_the_cost_is_the_largest_difference_and_the_classes_that_change(problem, way):
    network, X, _ = problem
    small = compact_source(network, pack=way) if way in PACKS else in_characters(network, way)
    here = np.array(network.predict(X))
    there = np.array(as_network(small).predict(X))
    cost = error_of(network, small.model, X)
    assert (cost.rows, cost.largest) == (len(X), abs(here - there).max())
    if network.output_activation == "softmax":
        assert cost.changed == (here.argmax(1) != there.argmax(1)).sum()
    else:
        assert cost.changed is None


def test_a_difference_that_is_no_number_counts_as_infinite():
    network = with_weights(1e308, 1e308)
    small = describe(with_weights(1e308, -1e308))
    assert error_of(network, describe(network), [[10, 10]]).largest == 0.0
    assert error_of(network, small, [[10, 10]]).largest == math.inf


def test_rows_that_do_not_fit_are_refused():
    model = describe(with_weights(1.0, 2.0))
    assert "rows: row 1 has 1 value" in complaint(error_of, model, model, [[1, 2], [3]])


@pytest.mark.parametrize(
    "cost, sentence",
    [
        (Error(2, 0.0, None), "outputs differ by at most 0 on 2 rows"),
        (
            Error(1000, 0.25, 1),
            "outputs differ by at most 0.25 on 1,000 rows, 1 gets another class",
        ),
        (Error(9, 0.25, 7), "outputs differ by at most 0.25 on 9 rows, 7 get another class"),
    ],
)
def test_a_cost_is_a_sentence(cost, sentence):
    assert cost.sentence() == sentence


def test_random_rows_lie_where_a_models_inputs_did():
    X, species = iris()
    classifier = Classifier(epochs=1).fit(X, species)
    means, deviations = np.mean(X, 0), np.std(X, 0)
    rows = np.array(random_rows(classifier))
    assert rows.shape == (1000, 4)
    # Even within two deviations; the tenth of a deviation is for validation rows, left out of both.
    apart = abs(rows - means) / deviations
    assert (apart < 2.5).all() and (apart.max(0) > 1.5).all()
    assert random_rows(classifier) == random_rows(classifier) != random_rows(classifier, seed=1)
    for plain in Network([3, 1]), Classifier(epochs=1, standardize=False).fit(X, species):
        rows = np.array(random_rows(plain, count=500))
        assert (abs(rows) < 1.0).all() and (abs(rows).max(0) > 0.9).all()
