"""safetensors: what others may write, and what is refused and how it is said."""

import json
import math
import random
import struct

import numpy as np
import pytest
from both_ways import both_ways
from hypothesis import given
from hypothesis import strategies as st
from models import (
    any_networks,
    histories,
)
from safetensors_files import (
    GOOD,
    SAYS,
    doubles,
    foreign_tensors,
    literally,
    numbers_of,
    own,
    place,
    with_header,
    written,
)
from support import bits, complaint

from purenet import History, Network
from purenet.formats import load, save
from purenet.formats.arrays import MOST_ROWS

encode, decode = both_ways("safetensors")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


# -- round trips -------------------------------------------------------------------------------


@given(network=any_networks(), history=st.none() | histories())
def test_layers_have_pytorchs_names_and_begin_where_a_processor_likes_them_to(network, history):
    data = encode(network, history)
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    layers = range(len(network.weights))
    biased = [f"{2 * k}.bias" for k in layers if network.biases]
    assert set(header) == {"__metadata__", *(f"{2 * k}.weight" for k in layers), *biased}
    assert end % 8 == 0


# -- files made by others ------------------------------------------------------------------------


@given(network=foreign_tensors())
def test_tensors_of_any_kind_are_read_as_they_are(network):
    sizes, tensors = network
    loaded, history = decode(written(tensors, __metadata__={"format": "pt"}), "tanh", "relu")
    assert (loaded.sizes, repr(history)) == (sizes, repr(History()))
    arrays = {
        name: numbers_of(kind, data).reshape(shape) for name, (kind, shape, data) in tensors.items()
    }
    for k, n in enumerate(sizes[1:]):
        assert bits(loaded.weights[k]) == bits(arrays[f"{k}.weight"].T.tolist())
        if loaded.biases or f"{k}.bias" in arrays:
            bias = arrays.get(f"{k}.bias", np.zeros(n))
            assert bits([loaded.biases[k]]) == bits([bias.tolist()])


@pytest.mark.parametrize(
    "prefixes",
    [
        ["2", "10"],
        ["layers.9.lin", "layers.10.lin"],
        ["fc1", "fc2", "fc10"],
        ["0", "00", "1"],
        ["x9.y1", "x10.y0", "x10.y1"],
        [f"b{'9' * 90}", f"b1{'0' * 90}"],
    ],
)
def test_layers_are_in_the_natural_order_of_their_names(path, prefixes):
    names = prefixes[:]
    random.Random(1).shuffle(names)
    tensors = {f"{name}.weight": ("F64", [1, 1], doubles(prefixes.index(name))) for name in names}
    tensors.update({f"{name}.bias": ("F64", [1], doubles(1)) for name in names[1:]})
    path.write_bytes(written(tensors))
    network = load(path, activation="relu", output_activation="linear")
    assert network.weights == [[[float(k)]] for k in range(len(prefixes))]
    without = prefixes.index(names[0])
    assert network.biases == [[float(k != without)] for k in range(len(prefixes))]


def layers_of(sizes, names):
    """Return the tensors of layers with these names, whose weights are their place."""
    return {
        f"{name}.weight": ("F64", [n, m], doubles(*[k] * (m * n)))
        for k, (name, m, n) in enumerate(zip(names, sizes, sizes[1:]))
    }


NAMED = ["input_layer", "hidden_layer", "output_layer"]


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ([4, 8, 2, 1], NAMED),
        ([4, 4, 8, 2], NAMED),  # the first comes before the one that leaves 4
        ([8, 4, 2, 3], ["z", "y", "x"]),
        ([8, 8, 8, 2], ["fc1", "fc2", "classify"]),
        ([9, 8, 7, 6, 5], ["encode.0", "encode.1", "decode.0", "decode.1"]),
        ([2, 3, 2, 4, 2, 5], ["a.0", "c", "a.1", "d", "b"]),
        ([*range(30, 0, -1)], [f"{chr(97 + k % 26)}{'x' * k}" for k in range(29)]),
    ],
)
def test_layers_whose_names_do_not_tell_are_in_the_one_order_that_fits(path, sizes, names):
    tensors = layers_of(sizes, names)
    path.write_bytes(written(dict(sorted(tensors.items()))))
    network = load(path, activation="relu", output_activation="linear")
    assert network.sizes == sizes
    assert [W[0][0] for W in network.weights] == [*range(len(names))]


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ([8, 8, 8, 8], NAMED),
        ([4, 8, 8, 8, 2], ["first", "second", "third", "last"]),
        ([8, 4, 8, 4, 8], ["encode.0", "encode.1", "decode.0", "decode.1"]),
        ([1, 1, 1], ["a", "b"]),
        ([1, 1, 1, 1], ["fc1", "fc2", "out"]),
        ([1] * 151, [f"{chr(97 + k // 26)}{chr(97 + k % 26)}" for k in range(150)]),
        ([2] * 60, ["x" * k for k in range(1, 60)]),
    ],
)
def test_layers_that_fit_in_several_orders_are_refused_unless_it_is_said(path, sizes, names):
    path.write_bytes(written(layers_of(sizes, names)))
    says = {"activation": "relu", "output_activation": "linear"}
    message = complaint(load, path, **says)
    assert message.startswith(f"{path}: layers: the names ['")
    assert message.endswith("do not show the order: expected this option to list them in order")
    network = load(path, layers=names, **says)
    assert [W[0][0] for W in network.weights] == [*range(len(names))]
    some = [names[1:], [*names, "x"], [names[0], *names[:-1]], names[0]]
    for wrong in [*some, 5, [], [*range(len(names))], [None, *names[1:]], [names]]:
        message = complaint(load, path, layers=wrong, **says)
        assert message.startswith(f"{path}: layers: expected the file's layers, ['")
        assert ", in their order, got " in message
    assert load(path, layers=iter(names), **says).weights == network.weights


def test_layers_that_fit_in_no_order_are_refused_soon(path):
    apart = ("F64", [3, 3], doubles(*range(9)))
    tensors = layers_of([2] * 60, ["x" * k for k in range(1, 60)])
    path.write_bytes(written({**tensors, "y.weight": apart}))
    assert "do not show the order" in complaint(load, path, **SAYS)
    path.write_bytes(written({"a.weight": GOOD["b.weight"], "b.weight": apart}))
    assert "b.weight: expected 1 input, one for each output before, got 3" in complaint(
        load, path, **SAYS
    )


def test_only_names_of_a_safetensors_files_layers_can_be_said(tmp_path):
    path = tmp_path / "model.json"
    save(Network([2, 1]), path)
    assert complaint(load, path, layers=["0"]) == (
        f"{path}: layers: only .safetensors files take this option"
    )


def test_what_a_file_leaves_open_the_caller_says_and_not_otherwise(path):
    save(Network([2, 3, 1], activation="tanh", output_activation="linear"), path)
    assert load(path, activation="tanh", output_activation="identity").activation == "tanh"
    assert complaint(load, path, activation="logistic") == (
        f"{path}: activation: expected 'tanh', as the file says, got 'sigmoid'"
    )
    path.write_bytes(written(GOOD))
    network = load(path, activation="logistic", output_activation="relu")
    assert (network.activation, network.output_activation) == ("sigmoid", "relu")
    assert complaint(load, path, output_activation="tanh") == (
        f"{path}: the activation of the hidden layers is unknown: give activation"
    )
    assert complaint(load, path, activation="tanh") == (
        f"{path}: the activation of the last layer is unknown: give output_activation"
    )
    assert complaint(load, path, output_activation=3) == (
        f"{path}: output_activation: expected a name, got 3"
    )


# -- what is refused -----------------------------------------------------------------------------


A_PLACE = "a.weight: data_offsets: expected a whole number of at least 0, got"
NO_HEADER = "not a safetensors file: no header after the first 8 bytes"
LENGTH = "header: expected a length or a position, got"

BAD = {
    # Not a safetensors file.
    "empty": (b"", NO_HEADER),
    "eight bytes": (b"\1\0\0\0\0\0\0\0", NO_HEADER),
    "a zip archive": (b"PK\3\4" + bytes(100), NO_HEADER),
    "JSON": (b'{"format": "purenet"}', NO_HEADER),
    "no header": (bytes(8), NO_HEADER),
    "no header before a bracket": (bytes(8) + b"{}", NO_HEADER),
    "cut in its header": (
        written(GOOD)[:50],
        "header: expected at most 42 bytes, got a length of 213",
    ),
    "cut": (written(GOOD)[:-1], "b.bias: expected 8 bytes for its shape, got 7"),
    "longer": (written(GOOD) + b"\0", "expected 56 bytes of tensors after the header, got 57"),
    "a long header": (
        written(GOOD, length=2**64 - 1),
        "header: expected at most 269 bytes, got a length of 18,446,744,073,709,551,615",
    ),
    "a short header": (written(GOOD, length=20), "header: not JSON: "),
    "no tensors": (with_header("{}", b""), "expected at least one layer with weights, got none"),
    # Headers.
    "a mark": (with_header("\ufeff{}", b""), NO_HEADER),
    "blanks first": (with_header("  {}", b""), NO_HEADER),
    "no text": (
        struct.pack("<Q", 3) + b"{\xff}",
        "header: expected UTF-8, got something else at byte 1",
    ),
    "no JSON": (with_header("{a}", b""), "header: not JSON: Expecting property name"),
    "more than JSON": (with_header("{}\0", b""), "header: not JSON: Extra data"),
    "deep": (
        with_header('{"a":' * 10**4, b""),
        "header: expected a model, got lists that are nested too deeply",
    ),
    "NaN": (
        literally("[0, 32]", "[0, NaN]"),
        "header: not JSON: expected a finite number, got NaN: line",
    ),
    "twice": (
        literally('"b.weight"', '"a.weight"'),
        "header: the member 'a.weight' (str) occurs twice",
    ),
    "two kinds": (
        literally(
            '{"dtype": "F64", "shape": [2, 2]', '{"dtype": "F64", "dtype": "F64", "shape": [2, 2]'
        ),
        "header: the member 'dtype' (str) occurs twice",
    ),
    "minus": (literally("[0, 32]", "[-0, 32]"), f"{LENGTH} '-0' (str)"),
    "digits": (literally("[2, 2]", f"[2, {'9' * 10**6}]"), f"{LENGTH} '999"),
    "metadata": (written(GOOD, __metadata__=[]), "__metadata__: expected an object, got [] (list)"),
    "no text in metadata": (
        written(GOOD, __metadata__={"a": 1}),
        "__metadata__: 'a' (str): expected text, got 1",
    ),
    "half a character": (
        written(GOOD, __metadata__={"a": "\ud800"}),
        "__metadata__: expected whole characters, got '\\ud800' (str), half of one",
    ),
    "half a character in a name": (
        written(GOOD, __metadata__={"\udc00": ""}),
        "__metadata__: expected whole characters, got '\\udc00' (str), half of one",
    ),
    # Names.
    "no layer": (
        written({**GOOD, "mask": GOOD["b.bias"]}),
        "expected PREFIX.weight or PREFIX.bias, got 'mask' (str)",
    ),
    "no prefix": (
        written({"weight": GOOD["a.weight"]}),
        "expected PREFIX.weight or PREFIX.bias, got 'weight' (str)",
    ),
    "long name": (
        written({"x" * 94 + ".weight": GOOD["a.weight"]}),
        "expected PREFIX.weight or PREFIX.bias, got 'xxx",
    ),
    "lines": (
        written({"a\nb.weight": GOOD["a.weight"]}),
        "expected PREFIX.weight or PREFIX.bias, got 'a\\nb.weight' (str)",
    ),
    "surrogates": (
        written({"\ud800.weight": GOOD["a.weight"]}),
        "expected PREFIX.weight or PREFIX.bias, got '\\ud800.weight' (str)",
    ),
    "bias alone": (
        written({"a.weight": GOOD["a.weight"], "b.bias": GOOD["b.bias"]}),
        "b.bias: b.weight is missing",
    ),
    # The header's entry for a tensor.
    "no object": (written(GOOD, c=1), "expected PREFIX.weight or PREFIX.bias, got 'c' (str)"),
    "a number": (written(GOOD, **{"c.weight": 1}), "c.weight: expected an object, got 1"),
    "no kind": (
        literally('"dtype": "F64", "shape": [2, 2], ', '"shape": [2, 2], '),
        "a.weight: dtype is missing",
    ),
    "more": (literally("[2, 2]", '[2, 2], "x": 1'), "a.weight: unknown member 'x' (str)"),
    "whole numbers": (
        written({"a.weight": ("I64", [1, 1], bytes(8))}),
        "a.weight: dtype: expected F64 or F32 or F16 or BF16, got 'I64' (str)",
    ),
    "bytes": (
        written({"a.weight": ("F8_E4M3", [1, 1], bytes(1))}),
        "a.weight: dtype: expected F64 or F32 or F16 or BF16, got 'F8_E4M3' (str)",
    ),
    "a list for a kind": (
        written({"a.weight": (["F64"], [1, 1], bytes(8))}),
        "a.weight: dtype: expected F64 or F32 or F16 or BF16, got ['F64'] (list)",
    ),
    "no list": (literally("[2, 2]", "4"), "a.weight: shape: expected a list, got 4"),
    "a row": (
        literally("[2, 2]", "[4]"),
        "a.weight: shape: expected [outputs, inputs], got [4] (list)",
    ),
    "a convolution": (
        literally("[2, 2]", "[1, 1, 2, 2]"),
        "a.weight: shape: expected [outputs, inputs], got [1, 1, 2, 2] (list)",
    ),
    "a matrix of biases": (
        literally("[1], ", "[1, 1], "),
        "b.bias: shape: expected [outputs], got [1, 1] (list)",
    ),
    "halves": (
        literally("[2, 2]", "[2, 2.0]"),
        "a.weight: shape: expected a whole number of at least 0, got 2.0",
    ),
    "true": (
        literally("[2, 2]", "[2, true]"),
        "a.weight: shape: expected a whole number of at least 0, got True (bool)",
    ),
    "more rows": (
        literally("[2, 2]", "[3, 2]"),
        "a.weight: expected 48 bytes for its shape, got 32",
    ),
    "billions": (
        literally("[2, 2]", "[4294967296, 4294967296]"),
        "a.weight: expected 147,573,952,589,676,412,928 bytes for its shape, got 32",
    ),
    "one place": (
        literally("[0, 32]", "[32]"),
        "a.weight: data_offsets: expected [start, end], got [32] (list)",
    ),
    "a text for a place": (literally("[0, 32]", '[0, "32"]'), f"{A_PLACE} '32' (str)"),
    "backwards": (
        literally("[0, 32]", "[32, 0]"),
        "a.weight: expected 32 bytes for its shape, got 0",
    ),
    # Where tensors are.
    "overlap": (
        literally("[32, 48]", "[0, 16]"),
        "a.weight: expected to begin at byte 16, got byte 0",
    ),
    "hole": (
        literally("[48, 56]", "[56, 64]"),
        "b.bias: expected 8 bytes for its shape, got 0",
    ),
    "not from the start": (
        written(GOOD, **{"a.weight": place(8, 40)}),
        "a.weight: expected to begin at byte 0, got byte 8",
    ),
    "far away": (
        literally("[48, 56]", "[9223372036854775800, 9223372036854775808]"),
        "b.bias: expected 8 bytes for its shape, got 0",
    ),
    # Layers.
    "layers apart": (
        written({"b.weight": GOOD["a.weight"], "a.weight": ("F64", [3, 1], doubles(*range(3)))}),
        "b.weight: expected 3 inputs, one for each output before, got 2",
    ),
    "more biases": (
        written({**GOOD, "a.bias": ("F64", [3], doubles(1, 2, 3))}),
        "a.bias: 3 numbers, but a.weight has 2 outputs",
    ),
    "no inputs": (
        written({"a.weight": ("F64", [2, 0], b"")}),
        "a.weight: expected inputs and outputs, got (0 x 2)",
    ),
    "many neurons": (
        written({"a.weight": ("BF16", [1, MOST_ROWS + 1], bytes(2 * MOST_ROWS + 2))}),
        f"expected at most {MOST_ROWS:,} neurons, got {MOST_ROWS + 1:,}",
    ),
    # Numbers.
    "not a number": (
        written({"a.weight": ("F32", [1, 2], struct.pack("<2f", 0.0, math.nan))}),
        "a.weight: value 1: expected a finite number, got nan",
    ),
    "infinity": (
        written({"a.weight": ("BF16", [1, 1], b"\x80\xff")}),
        "a.weight: value 0: expected a finite number, got -inf",
    ),
    # PureNet's own.
    "no description": (
        written(GOOD, __metadata__={"purenet": "{"}),
        "not JSON: Expecting property name enclosed in double quotes: line 1, column 2",
    ),
    "a deep description": (
        written(GOOD, __metadata__={"purenet": "[" * 10**5}),
        "expected a model, got lists that are nested too deeply",
    ),
    "other sizes": (own(sizes=[2, 3, 1]), "weights[0]: (2 x 2), but the sizes need (2 x 3)"),
    "newer": (own(version=3), "version: expected 1 or 2, got 3"),
    "another activation": (
        own(activation="relu"),
        "activation: expected 'relu', as the file says, got 'tanh'",
    ),
}


def test_what_the_bad_files_were_made_of_is_good(path):
    path.write_bytes(written(GOOD))
    assert load(path, **SAYS).weights == [[[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]]
    path.write_bytes(literally('{"a', '{"__metadata__": null, "a'))
    assert load(path, **SAYS).biases == [[0.0, 0.0], [7.0]]
    path.write_bytes(own())
    assert load(path).sizes == [2, 2, 1]


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_model_is_refused_in_one_short_sentence(path, name):
    data, expected = BAD[name]
    path.write_bytes(data)
    message = complaint(load, path, **SAYS)
    assert message.startswith(f"{path}: {expected}")
    assert len(message) < len(str(path)) + 200
    assert message.isprintable()
