"""safetensors: both ways exactly, the official library and PyTorch beside it, what is refused."""

import importlib
import importlib.util
import json
import math
import random
import re
import struct

import numpy as np
import pytest
import safetensors
import safetensors.numpy
from conftest import bits, complaint
from hypothesis import given
from hypothesis import strategies as st
from test_formats import (
    ESTIMATORS,
    answers,
    any_networks,
    estimator_of,
    everything,
    flip_bits,
    histories,
    move_bytes,
    parameters_of,
    rows_for,
)
from test_npz import damaged_and_loaded, peak_of_refusal, seconds_to_refuse

from purenet import History, Network
from purenet.core.matrix import all_finite
from purenet.core.network import parameters
from purenet.formats import load, load_history, save
from purenet.formats.safetensors import decode, encode
from purenet.formats.tensors import MOST_ROWS


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.safetensors"


# -- round trips -------------------------------------------------------------------------------


@given(network=any_networks(), history=st.none() | histories())
def test_what_was_saved_is_loaded_to_the_last_bit(tmp_path_factory, network, history):
    path = tmp_path_factory.getbasetemp() / "model.safetensors"
    save(network, path, history)
    assert parameters_of(load(path)) == parameters_of(network)
    assert repr(load_history(path)) == repr(history or History())
    written = path.read_bytes()
    save(load(path), path, history and load_history(path))
    assert path.read_bytes() == written


@given(network=any_networks(), history=st.none() | histories())
def test_the_official_library_reads_what_pytorch_would_have_written(network, history):
    data = encode(network, history)
    tensors = safetensors.numpy.load(data)
    layers = range(len(network.weights))
    biased = [f"{2 * k}.bias" for k in layers if network.biases]
    assert set(tensors) == {*(f"{2 * k}.weight" for k in layers), *biased}
    for k in layers:
        assert bits(tensors[f"{2 * k}.weight"].T.tolist()) == bits(network.weights[k])
    assert bits([tensors[name].tolist() for name in biased]) == bits(network.biases)
    # Numbers begin where a processor likes to have them.
    assert int.from_bytes(data[:8], "little") % 8 == 0


@pytest.mark.parametrize("float32", [False, True])
@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_estimator_that_was_saved_is_loaded_to_the_last_bit(path, name, float32):
    estimator = estimator_of(name)
    save(estimator, path, float32=float32)
    loaded = load(path)
    if float32:
        for matrix in parameters(loaded.network_):
            assert bits(matrix) == bits(np.float32(matrix).tolist())
    else:
        assert everything(loaded) == everything(estimator)
        assert answers(loaded, rows_for(estimator)) == answers(estimator, rows_for(estimator))
    written = path.read_bytes()
    save(loaded, path, float32=float32)
    assert path.read_bytes() == written


# -- four bytes a number -------------------------------------------------------------------------


@given(network=any_networks())
def test_with_float32_the_answers_are_those_of_the_rounded_weights(network):
    with np.errstate(over="ignore"):
        rounded = network.copy()
        rounded.weights = [np.float32(W).tolist() for W in network.weights]
        rounded.biases = [np.float32(b).tolist() for b in network.biases]
    if not all(map(all_finite, parameters(rounded))):
        assert "is too large for a float32" in complaint(encode, network, None, True)
        return
    data = encode(network, None, True)
    assert parameters_of(decode(data)[0]) == parameters_of(rounded)
    assert {tensor.dtype.str for tensor in safetensors.numpy.load(data).values()} == {"<f4"}


def test_a_number_that_float32_cannot_hold_is_named(path):
    network = Network([1, 2], init="zeros")
    network.weights[0][0][1] = 1e39
    assert complaint(save, network, path, float32=True) == (
        f"{path}: weights[0]: 1e+39 is too large for a float32"
    )


# -- files made by others ------------------------------------------------------------------------

KINDS = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2"}


def numbers_of(kind, data):
    """Return what bytes stand for; a bfloat16 is the first half of a float32."""
    if kind == "BF16":
        kind, data = "F32", (np.frombuffer(data, "<u2").astype("<u4") << 16).tobytes()
    return np.frombuffer(data, KINDS[kind]).astype(float)


def written(tensors, length=None, **changes):
    """Return a file of tensors, each a kind, a shape and bytes; `changes` are of its header."""
    header, start = {}, 0
    for name, (kind, shape, data) in tensors.items():
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": [start, start + len(data)]}
        start += len(data)
    content = b"".join(data for _, _, data in tensors.values())
    return with_header(json.dumps({**header, **changes}), content, length)


def with_header(header, content, length=None):
    header = header.encode()
    return struct.pack("<Q", len(header) if length is None else length) + header + content


@st.composite
def foreign_tensors(draw):
    """Draw tensors of a network of any kinds, and any bits in them that are finite numbers."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    tensors = {}
    for k, (m, n) in enumerate(zip(sizes, sizes[1:])):
        for name, shape in ((f"{k}.weight", [n, m]), (f"{k}.bias", [n])):
            kind = draw(st.sampled_from([*KINDS]))
            size = math.prod(shape) * np.dtype(KINDS[kind]).itemsize
            data = draw(st.binary(min_size=size, max_size=size))
            numbers = np.frombuffer(data, KINDS[kind])
            data = np.where(np.isfinite(numbers_of(kind, data)), numbers, numbers.dtype.type(1))
            if name.endswith("weight") or draw(st.booleans()):
                tensors[name] = (kind, shape, data.tobytes())
    return sizes, tensors


@given(network=foreign_tensors())
def test_tensors_of_any_kind_are_read_as_they_are(network):
    sizes, tensors = network
    data = written(tensors, __metadata__={"format": "pt"})
    official = dict(safetensors.deserialize(data))
    loaded, history = decode(data, "tanh", "relu")
    assert (loaded.sizes, repr(history)) == (sizes, repr(History()))
    arrays = {
        name: numbers_of(tensor["dtype"], tensor["data"]).reshape(tensor["shape"])
        for name, tensor in official.items()
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
        ["a", "b"],
        ["fc1", "fc2", "fc10", "out"],
        ["0", "00", "1"],
        ["x9.y1", "x10.y0", "x10.y1"],
        ["²", "³"],
        [f"b{'9' * 90}", f"b1{'0' * 90}"],
    ],
)
def test_layers_are_in_the_natural_order_of_their_names(path, prefixes):
    names = prefixes[:]
    random.Random(1).shuffle(names)
    tensors = {f"{name}.weight": np.full((1, 1), float(prefixes.index(name))) for name in names}
    tensors.update({f"{name}.bias": np.full(1, 1.0) for name in names[1:]})
    safetensors.numpy.save_file(tensors, path)
    network = load(path, activation="relu", output_activation="linear")
    assert network.weights == [[[float(k)]] for k in range(len(prefixes))]
    without = prefixes.index(names[0])
    assert network.biases == [[float(k != without)] for k in range(len(prefixes))]


def test_what_a_file_leaves_open_the_caller_says_and_not_otherwise(path):
    save(Network([2, 3, 1], activation="tanh", output_activation="linear"), path)
    assert load(path, activation="tanh", output_activation="identity").activation == "tanh"
    assert complaint(load, path, activation="logistic") == (
        f"{path}: activation: the file says 'tanh', not 'sigmoid'"
    )
    safetensors.numpy.save_file(safetensors.numpy.load_file(path), path)
    network = load(path, activation="logistic", output_activation="relu")
    assert (network.activation, network.output_activation) == ("sigmoid", "relu")
    assert complaint(load, path, output_activation="tanh") == (
        f"{path}: it does not say what the hidden layers are: say activation"
    )
    assert complaint(load, path, activation="tanh") == (
        f"{path}: it does not say what the last layer is: say output_activation"
    )
    assert complaint(load, path, output_activation=3) == (
        f"{path}: output_activation: expected a name, got 3"
    )


@pytest.fixture
def torch(required):
    required("PyTorch", importlib.util.find_spec("torch"))
    return importlib.import_module("torch")


@pytest.mark.parametrize("bias", [False, True])
def test_pytorch_goes_on_with_what_was_saved_and_the_other_way_round(path, torch, bias):
    import safetensors.torch  # where there is no PyTorch, it cannot be imported

    network = Network([3, 4, 2], activation="tanh", output_activation="sigmoid", bias=bias, seed=1)
    X = [[0.5, -1.0, 2.0], [0.0, 1.0, -0.25]]
    save(network, path)
    modules = [torch.nn.Linear(3, 4, bias=bias), torch.nn.Tanh()]
    modules += [torch.nn.Linear(4, 2, bias=bias), torch.nn.Sigmoid()]
    sequence = torch.nn.Sequential(*modules).double()
    sequence.load_state_dict(safetensors.torch.load_file(path))
    # Sums of four numbers near 1 in another order, and another exp().
    answers = sequence(torch.tensor(X, dtype=torch.float64)).tolist()
    assert abs(np.array(answers) - network.predict(X)).max() < 1e-14
    safetensors.torch.save_file(sequence.bfloat16().state_dict(), path)
    loaded = load(path, activation="tanh", output_activation="sigmoid")
    assert loaded.sizes == network.sizes
    for module, W in zip(sequence[::2], loaded.weights):
        assert bits(W) == bits(module.weight.T.tolist())
    assert loaded.biases == ([module.bias.tolist() for module in sequence[::2]] if bias else [])


# -- what is refused -----------------------------------------------------------------------------

SAYS = {"activation": "tanh", "output_activation": "linear"}


def doubles(*numbers):
    return struct.pack(f"<{len(numbers)}d", *numbers)


GOOD = {
    "a.weight": ("F64", [2, 2], doubles(1, 3, 2, 4)),
    "b.weight": ("F64", [1, 2], doubles(5, 6)),
    "b.bias": ("F64", [1], doubles(7)),
}


def place(start, end, kind="F64", shape=(2, 2)):
    return {"dtype": kind, "shape": shape, "data_offsets": [start, end]}


def literally(old, new, data=None):
    """Return a file whose header has another text in one place."""
    data = written(GOOD) if data is None else data
    end = 8 + int.from_bytes(data[:8], "little")
    header = data[8:end].decode()
    assert header.count(old) == 1
    return with_header(header.replace(old, new), data[end:])


def own(**changes):
    """Return one of PureNet's files with its description changed."""
    data = encode(Network([2, 2, 1], seed=1, **SAYS))
    end = 8 + int.from_bytes(data[:8], "little")
    header = json.loads(data[8:end])
    about = json.loads(header["__metadata__"]["purenet"])
    header["__metadata__"]["purenet"] = json.dumps({**about, **changes})
    return with_header(json.dumps(header), data[end:])


A_PLACE = "a.weight: data_offsets: expected a whole number of at least 0, got"
NO_HEADER = "not a safetensors file: no header after the first 8 bytes"
LENGTH = "header: expected a length or a place, got"

BAD = {
    # What is no safetensors file.
    "empty": (b"", NO_HEADER),
    "eight bytes": (b"\1\0\0\0\0\0\0\0", NO_HEADER),
    "a zip archive": (b"PK\3\4" + bytes(100), NO_HEADER),
    "JSON": (b'{"format": "purenet"}', NO_HEADER),
    "no header": (bytes(8), NO_HEADER),
    "no header before a bracket": (bytes(8) + b"{}", NO_HEADER),
    "cut in its header": (written(GOOD)[:50], "the header is said to have"),
    "cut": (written(GOOD)[:-1], "the tensors need 56 bytes, but 55 bytes follow"),
    "longer": (written(GOOD) + b"\0", "the tensors need 56 bytes, but 57 bytes follow"),
    "a long header": (
        written(GOOD, length=2**64 - 1),
        "the header is said to have 18,446,744,073,709,551,615 bytes, but",
    ),
    "a short header": (written(GOOD, length=20), "header: not JSON: "),
    "no tensors": (with_header("{}", b""), "no layer with weights"),
    # Headers.
    "a mark": (with_header("\ufeff{}", b""), NO_HEADER),
    "blanks first": (with_header("  {}", b""), NO_HEADER),
    "no text": (struct.pack("<Q", 3) + b"{\xff}", "header: not text in UTF-8, from byte 1 on"),
    "no JSON": (with_header("{a}", b""), "header: not JSON: Expecting property name"),
    "more than JSON": (with_header("{}\0", b""), "header: not JSON: Extra data"),
    "deep": (with_header('{"a":' * 10**4, b""), "header: lists within lists, too deep"),
    "NaN": (literally("[0, 32]", "[0, NaN]"), "header: NaN: expected finite numbers"),
    "twice": (
        literally('"b.weight"', '"a.weight"'),
        "header: the member 'a.weight' (str) is there twice",
    ),
    "two kinds": (
        literally(
            '{"dtype": "F64", "shape": [2, 2]', '{"dtype": "F64", "dtype": "F64", "shape": [2, 2]'
        ),
        "header: the member 'dtype' (str) is there twice",
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
        "__metadata__: not Unicode: '\\ud800' (str)",
    ),
    "half a character in a name": (
        written(GOOD, __metadata__={"\udc00": ""}),
        "__metadata__: not Unicode: '\\udc00' (str)",
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
    # What the header says of a tensor.
    "no object": (written(GOOD, c=1), "expected PREFIX.weight or PREFIX.bias, got 'c' (str)"),
    "a number": (written(GOOD, **{"c.weight": 1}), "c.weight: expected an object, got 1"),
    "no kind": (
        literally('"dtype": "F64", "shape": [2, 2], ', '"shape": [2, 2], '),
        "a.weight: dtype is missing",
    ),
    "more": (literally("[2, 2]", '[2, 2], "x": 1'), "a.weight: unknown member 'x' (str)"),
    "whole numbers": (
        written({"a.weight": ("I64", [1, 1], bytes(8))}),
        "a.weight: expected one of F64, F32, F16, BF16, got 'I64' (str)",
    ),
    "bytes": (
        written({"a.weight": ("F8_E4M3", [1, 1], bytes(1))}),
        "a.weight: expected one of F64, F32, F16, BF16, got 'F8_E4M3' (str)",
    ),
    "a list for a kind": (
        written({"a.weight": (["F64"], [1, 1], bytes(8))}),
        "a.weight: expected one of F64, F32, F16, BF16, got ['F64'] (list)",
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
    "more rows": (literally("[2, 2]", "[3, 2]"), "a.weight: 32 bytes, but its shape needs 48"),
    "billions": (
        literally("[2, 2]", "[4294967296, 4294967296]"),
        "a.weight: 32 bytes, but its shape needs 147,573,952,589,676,412,928",
    ),
    "one place": (
        literally("[0, 32]", "[32]"),
        "a.weight: data_offsets: expected [start, end], got [32] (list)",
    ),
    "a text for a place": (literally("[0, 32]", '[0, "32"]'), f"{A_PLACE} '32' (str)"),
    "backwards": (literally("[0, 32]", "[32, 0]"), "a.weight: -32 bytes, but its shape needs 32"),
    # Where tensors are.
    "overlap": (
        literally("[32, 48]", "[0, 16]"),
        "a.weight: it begins at byte 0, but the next is 16",
    ),
    "hole": (
        literally("[48, 56]", "[56, 64]"),
        "b.bias: it begins at byte 56, but the next is 48",
    ),
    "not from the start": (
        written(GOOD, **{"a.weight": place(8, 40)}),
        "a.weight: it begins at byte 8, but the next is 0",
    ),
    "far away": (
        literally("[48, 56]", "[9223372036854775800, 9223372036854775808]"),
        "b.bias: it begins at byte 9,223,372,036,854,775,800, but the next is 48",
    ),
    # Layers.
    "layers apart": (
        written({"b.weight": GOOD["a.weight"], "a.weight": ("F64", [3, 2], doubles(*range(6)))}),
        "b.weight: it has 2 inputs, but the layer before has 3 outputs",
    ),
    "more biases": (
        written({**GOOD, "a.bias": ("F64", [3], doubles(1, 2, 3))}),
        "a.bias: 3 numbers, but a.weight has 2 outputs",
    ),
    "no inputs": (
        written({"a.weight": ("F64", [2, 0], b"")}),
        "a.weight: expected at least one input and output, got 0",
    ),
    "many neurons": (
        written({"a.weight": ("BF16", [1, MOST_ROWS + 1], bytes(2 * MOST_ROWS + 2))}),
        f"{MOST_ROWS + 1:,} neurons, but a model has at most {MOST_ROWS:,}",
    ),
    # Numbers.
    "not a number": (
        written({"a.weight": ("F32", [1, 2], struct.pack("<2f", 0.0, math.nan))}),
        "a.weight: number 1: expected a finite one, got nan",
    ),
    "infinity": (
        written({"a.weight": ("BF16", [1, 1], b"\x80\xff")}),
        "a.weight: number 0: expected a finite one, got -inf",
    ),
    # PureNet's own.
    "no description": (
        written(GOOD, __metadata__={"purenet": "{"}),
        "not JSON: Expecting property name enclosed in double quotes, line 1, column 2",
    ),
    "a deep description": (
        written(GOOD, __metadata__={"purenet": "[" * 10**5}),
        "lists within lists, too deep for a network",
    ),
    "other sizes": (own(sizes=[2, 3, 1]), "weights[0]: (2 x 2), but the sizes need (2 x 3)"),
    "newer": (own(version=2), "version: expected 1, got 2"),
    "another activation": (own(activation="relu"), "activation: the file says 'relu', not 'tanh'"),
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


# -- hostile files -----------------------------------------------------------------------------


def refused_late(kind, shape, size):
    """Return a network of one layer, and say of the last number that it is none."""
    return written({"a.weight": (kind, shape, bytes(size - 2) + b"\xff\x7f")})


def many(count):
    """Return a file of many layers of which the last is no number."""
    tensors = {f"{k}.weight": ("F16", [1, 1], b"\0\0") for k in range(count)}
    return written({**tensors, f"{count}.weight": ("F16", [1, 1], b"\xff\x7f")})


HOSTILE = {
    "a column": lambda n: refused_late("F64", [1, n // 8], n),
    "a column of halves": lambda n: refused_late("BF16", [1, n // 2], n),
    "a row of halves": lambda n: refused_late("F16", [n // 2, 1], n),
    "layers": lambda n: many(n // 100),
    "names": lambda n: written({}, **{f"{k}.weight": [] for k in range(n // 20)}),
    "lengths": lambda n: written(GOOD, **{"a.weight": place(0, 32, shape=[1] * (n // 3))}),
    "lists": lambda n: with_header(f'{{"a.weight":[{"[]," * (n // 3)}1]}}', b""),
    "metadata": lambda n: written({}, __metadata__={**{f"{k}": "" for k in range(n // 20)}, "": 0}),
    "a description": lambda n: written(
        GOOD, __metadata__={"purenet": "[" + "[]," * (n // 3) + "1]"}
    ),
    "a description of escapes": lambda n: written(GOOD, __metadata__={"purenet": "\n" * (n // 2)}),
    "blanks": lambda n: with_header(f"{{{' ' * n}", b""),
    "digits": lambda n: literally("[2, 2]", f"[{'9' * n}]"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_more_memory_than_its_length_explains(path, name):
    """A column of halves is the most that a byte can ask for: a list of one number each."""
    data = HOSTILE[name](200_000)
    path.write_bytes(data)
    assert peak_of_refusal(path) < 2**18 + 60 * len(data)


LARGEST = {
    "halves": lambda: refused_late("BF16", [63, MOST_ROWS - 1], 63 * (MOST_ROWS - 1) * 2),
    "too many halves": lambda: refused_late("F16", [2**13, 2**12], 2**26),
    "layers": lambda: many(50_000),
    "lengths": lambda: HOSTILE["lengths"](2**22),
    "names": lambda: HOSTILE["names"](2**22),
    "metadata": lambda: HOSTILE["metadata"](2**21),
    "a description": lambda: HOSTILE["a description"](2**18 * 3 - 100),
    "blanks": lambda: HOSTILE["blanks"](2**25 - 10),
    "digits": lambda: HOSTILE["digits"](2**25 - 1000),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_hostile_file_is_refused_soon(path, name):
    path.write_bytes(LARGEST[name]())
    assert seconds_to_refuse(path) < 15.0  # as in test_npz.py


# -- damaged files -----------------------------------------------------------------------------


def _valid_files():
    """Return files of PureNet's and of others, and what a caller has to say of each."""
    trained = Network([3, 4, 1], seed=1, bias=True, activation="relu")
    files = [encode(Network([2, 1], seed=3)), encode(trained, History(), True)]
    files += [encode(estimator_of(name)) for name in ("text", "numbers", "of a table")]
    other = {"fc2.weight": ("F32", [2, 2], struct.pack("<4f", 1, 2, 3, 4))}
    other["fc10.weight"] = ("BF16", [3, 2], struct.pack("<6H", *[0x3F80] * 6))
    other["fc10.bias"] = ("F16", [3], struct.pack("<3e", -1, 0, 0.5))
    others = [written(GOOD), written(other, __metadata__={"format": "pt"})]
    return [(data, {}) for data in files] + [(data, SAYS) for data in others * 3]


TOKENS = [
    *("{", "}", "[", "]", ",", ":", '"', "\\", "-", "0", "-0", "1", "2", "8", "16", "1.0", "1e0"),
    *("null", "true", "NaN", "[]", "{}", '"\\ud800"', "\ufeff", "\x00", "\t", "9" * 20, "2" * 19),
    *('"F64"', '"F32"', '"F16"', '"BF16"', '"I64"', '"dtype"', '"shape"', '"data_offsets"'),
    *('"a.weight"', '"fc2.weight"', '"0.bias"', '"__metadata__"', '"purenet"', "[" * 200),
]


def change_header(chance, data):
    """Change what the header says; its length stays right."""
    end = 8 + int.from_bytes(data[:8], "little")
    tokens = re.findall(r'"(?:[^"\\]|\\.)*"|[\w.+-]+|\s+|.', data[8:end].decode())
    for _ in range(chance.randint(1, 2)):
        i = chance.randrange(len(tokens))
        other = chance.choice([chance.choice(tokens), chance.choice(TOKENS)])
        tokens[i : i + chance.randint(0, 2)] = [other]
    return with_header("".join(tokens), data[end:])


def change_tensors(chance, data):
    """Change the header as one who knows what it means."""
    end = 8 + int.from_bytes(data[:8], "little")
    header, content = json.loads(data[8:end]), data[end:]
    name, other = (chance.choice([name for name in header if name[0] != "_"]) for _ in range(2))
    change = chance.randrange(7)
    if change == 0:
        header[name]["shape"] = header[name]["shape"][::-1]
    elif change == 1:
        header[name]["dtype"] = chance.choice(["F64", "F32", "F16", "BF16", "I16", "U8", "BOOL"])
    elif change == 2:
        header[name], header[other] = header[other], header[name]
    elif change == 3:
        header[chance.choice(["x", "x.weight", "x.bias", "9.bias"])] = header.pop(name)
    elif change == 4:
        header[name]["data_offsets"][chance.randrange(2)] += chance.choice([-8, -1, 1, 8])
    elif change == 5:
        del header[name]
    else:
        header[name]["shape"].insert(0, chance.choice([0, 1, 2]))
    content = chance.choice([content, content, content[:-8], content + bytes(8)])
    items = list(header.items())
    chance.shuffle(items)
    return with_header(json.dumps(dict(items)), content)


WAYS = [flip_bits, move_bytes, change_header, change_tensors]


def test_a_damaged_file_is_a_valid_model_or_refused_and_nothing_else(tmp_path, pytestconfig):
    mutations = pytestconfig.getoption("--mutations") // 5
    loaded = damaged_and_loaded(
        tmp_path / "damaged.safetensors", _valid_files(), WAYS, mutations, as_officially_read
    )
    assert mutations / 50 < loaded < mutations / 2  # else the mutations are too wild, or too tame


def as_officially_read(data, network):
    """Fail where the official library refuses what was loaded, or reads other numbers."""
    if network is None:
        return
    theirs = [
        bits(numbers_of(tensor["dtype"], tensor["data"]).reshape(tensor["shape"]).T.tolist())
        for name, tensor in safetensors.deserialize(data)
        if name.endswith(".weight")
    ]
    assert sorted(theirs) == sorted(bits(W) for W in network.weights)
