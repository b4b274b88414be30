"""Files of NumPy's: both ways exactly, others' files, and what is refused and how it is said."""

import io
import json
import math
import random
import re
import struct
import subprocess
import sys
import warnings
import zipfile

import numpy as np
import pytest
from conftest import bits, complaint
from hypothesis import given
from hypothesis import strategies as st
from sklearn.neural_network import MLPClassifier, MLPRegressor
from test_formats import (
    ESTIMATORS,
    SECONDS_TO_REFUSE,
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

from purenet import History, Network, PureNetError
from purenet.core.matrix import all_finite
from purenet.core.network import check_parameters, parameters
from purenet.formats import load, load_history, save, tensors
from purenet.formats.npz import MOST_UNPACKED, decode, encode
from purenet.formats.tensors import MOST_ROWS


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


def arrays_of(data):
    """Return what NumPy reads in a file's bytes."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays}


# -- round trips -------------------------------------------------------------------------------


@given(network=any_networks(), history=st.none() | histories())
def test_what_was_saved_is_loaded_to_the_last_bit(tmp_path_factory, network, history):
    path = tmp_path_factory.getbasetemp() / "model.npz"
    save(network, path, history)
    assert parameters_of(load(path)) == parameters_of(network)
    assert repr(load_history(path)) == repr(history or History())
    written = path.read_bytes()
    save(load(path), path, history and load_history(path))
    assert path.read_bytes() == written


@given(network=any_networks(), history=st.none() | histories())
def test_numpy_reads_every_array_without_a_pickle(network, history):
    arrays = arrays_of(encode(network, history))
    layers = range(len(network.weights))
    biased = [f"intercepts_{k}" for k in layers if network.biases]
    assert set(arrays) == {"purenet", *(f"coefs_{k}" for k in layers), *biased}
    for k in layers:
        assert arrays[f"coefs_{k}"].shape == tuple(network.sizes[k : k + 2])
        assert bits(arrays[f"coefs_{k}"].tolist()) == bits(network.weights[k])
    assert bits([arrays[name].tolist() for name in biased]) == bits(network.biases)
    assert json.loads(arrays["purenet"].item())["sizes"] == network.sizes


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


def test_numbers_of_numpys_are_saved_as_pythons(path):
    network = Network([2, 1], bias=True)
    network.sizes, network.seed = np.array([2, 1]), np.uint32(7)
    network.weights, network.biases = [np.array([[1], [2]])], np.array([[3]])
    save(network, path)
    assert repr(load(path)).startswith("Network([2, 1], ")
    assert repr(load(path).weights + load(path).biases) == "[[[1.0], [2.0]], [3.0]]"


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
    loaded, _ = decode(encode(network, None, True))
    assert parameters_of(loaded) == parameters_of(rounded)
    kinds = {array.dtype.str for array in arrays_of(encode(network, None, True)).values()}
    assert {kind for kind in kinds if "U" not in kind} == {"<f4"}


def test_a_number_that_float32_cannot_hold_is_named(path):
    network = Network([1, 2], bias=True, init="zeros")
    network.biases[0][1] = -1e39
    assert complaint(save, network, path, float32=True) == (
        f"{path}: biases[0]: -1e+39 is too large for a float32"
    )


# -- files made by others ------------------------------------------------------------------------

KINDS = ["<f8", ">f8", "<f4", ">f4", "<f2", ">f2", "|b1", "|i1", "|u1"]
KINDS += [f"{order}{kind}" for order in "<>" for kind in ("i2", "i4", "i8", "u2", "u4", "u8")]


@st.composite
def foreign_arrays(draw):
    """Draw arrays of a network as others may keep them, and the order of each."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=4))
    arrays = {}
    for k, (m, n) in enumerate(zip(sizes, sizes[1:])):
        for name, shape in ((f"coefs_{k}", (m, n)), (f"intercepts_{k}", (n,))):
            kind = np.dtype(draw(st.sampled_from(KINDS)))
            numbers = np.frombuffer(draw(st.binary(min_size=8 * m * n, max_size=8 * m * n)), "u1")
            array = numbers.tobytes()[: math.prod(shape) * kind.itemsize]
            array = np.frombuffer(array, "?" if kind == "?" else kind).reshape(shape)
            array = np.array(array != 0) if kind == "?" else array
            array = np.where(np.isfinite(array), array, 1).astype(kind)
            if k == 0 or name.startswith("coefs") or draw(st.booleans()):
                arrays[name] = np.array(array, order=draw(st.sampled_from("CF")))
    return sizes, arrays


@given(
    network=foreign_arrays(),
    version=st.sampled_from([(1, 0), (2, 0), (3, 0)]),
    compression=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
)
def test_arrays_of_any_kind_order_and_version_are_read_as_numpy_reads_them(
    network, version, compression
):
    sizes, arrays = network
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, array in arrays.items():
            with archive.open(f"{name}.npy", "w") as member, warnings.catch_warnings():
                warnings.simplefilter("ignore", UserWarning)  # only NumPy from 1.9 on reads 2.0
                np.lib.format.write_array(member, array, version)
    loaded, history = decode(file.getvalue(), "tanh", "relu")
    assert (loaded.sizes, repr(history)) == (sizes, repr(History()))
    for k, n in enumerate(sizes[1:]):
        assert bits(loaded.weights[k]) == bits(arrays[f"coefs_{k}"].astype(float).tolist())
        bias = arrays.get(f"intercepts_{k}", np.zeros(n))
        assert bits([loaded.biases[k]]) == bits([bias.astype(float).tolist()])


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
@pytest.mark.parametrize("words", [("logistic", "identity"), ("sigmoid", "linear")])
def test_a_file_may_say_its_activations_in_scikit_learns_words_and_in_ours(path, write, words):
    activation, output_activation = words
    texts = {"activation": activation, "out_activation_": output_activation}
    write(path, coefs_0=[[1.0, 2.0]], coefs_1=[[3.0], [4.0]], **texts)
    network = load(path, output_activation="linear")
    assert (network.activation, network.output_activation) == ("sigmoid", "linear")
    assert (network.weights, network.biases) == ([[[1.0, 2.0]], [[3.0], [4.0]]], [])
    assert complaint(load, path, activation="relu") == (
        f"{path}: activation: the file says 'sigmoid', not 'relu'"
    )


def test_what_scikit_learn_has_trained_is_read_as_it_is(path):
    X = [[i * 0.5, -i % 3] for i in range(12)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # three steps are not enough, it says
        models = [
            MLPRegressor(hidden_layer_sizes=3, activation="tanh", max_iter=3, random_state=1).fit(
                X, range(12)
            ),
            MLPClassifier(hidden_layer_sizes=(2, 3), max_iter=3, random_state=1).fit(
                X, [0, 1, 2] * 4
            ),
            MLPClassifier(hidden_layer_sizes=2, activation="logistic", max_iter=3).fit(
                X, [0, 1] * 6
            ),
        ]
    for model in models:
        arrays = {f"coefs_{k}": W for k, W in enumerate(model.coefs_)}
        arrays.update({f"intercepts_{k}": b for k, b in enumerate(model.intercepts_)})
        texts = {name: getattr(model, name) for name in ("activation", "out_activation_")}
        np.savez(path, **arrays, **texts)
        network = load(path)
        assert [bits(W) for W in network.weights] == [bits(W) for W in model.coefs_]
        assert bits(network.biases) == bits(model.intercepts_)
        # Sums of a few numbers near 1 in another order.
        expected = model.predict_proba(X) if hasattr(model, "classes_") else model.predict(X)
        expected = np.reshape(expected, (12, -1))[:, -network.sizes[-1] :]
        assert abs(np.array(network.predict(X)) - expected).max() < 1e-13


def test_what_a_file_leaves_open_the_caller_says(path):
    np.savez(path, coefs_0=[[1.0]], coefs_1=[[2.0]])
    network = load(path, activation="identity", output_activation="tanh")
    assert (network.activation, network.output_activation) == ("linear", "tanh")
    assert complaint(load, path, output_activation="tanh") == (
        f"{path}: it does not say what the hidden layers are: say activation"
    )
    assert complaint(load, path, activation="tanh") == (
        f"{path}: it does not say what the last layer is: say output_activation"
    )
    assert complaint(load, path, activation=["tanh"]) == (
        f"{path}: activation: expected a name, got ['tanh'] (list)"
    )
    np.savez(path, coefs_0=[[1.0]])
    assert load(path, output_activation="softmax").activation == "softmax"


def test_of_purenets_own_files_the_activations_may_be_said_but_not_wrongly(path):
    save(Network([2, 3, 1], activation="tanh", output_activation="linear"), path)
    assert load(path, activation="tanh", output_activation="identity").activation == "tanh"
    assert complaint(load, path, activation="relu") == (
        f"{path}: activation: the file says 'tanh', not 'relu'"
    )
    assert complaint(load, path, output_activation="tanh") == (
        f"{path}: output_activation: the file says 'linear', not 'tanh'"
    )
    save(Network([2, 1]), path)
    assert load(path, activation="relu").activation == "sigmoid"  # of no layer
    save(estimator_of("text"), path)
    assert load(path, output_activation="softmax").classes_ == estimator_of("text").classes_
    assert "the file says 'softmax'" in complaint(load, path, output_activation="linear")


# -- what is refused -----------------------------------------------------------------------------


def npy(array, **changes):
    """Return an array in NumPy's format, with its header changed."""
    file = io.BytesIO()
    np.save(file, array)
    data = file.getvalue()
    start = 10 + struct.unpack("<H", data[8:10])[0]
    header = {
        "descr": repr(array.dtype.str),
        "fortran_order": "False",
        "shape": repr(array.shape),
        **changes,
    }
    header = ", ".join(f"{name!r}: {value}" for name, value in header.items() if value)
    return with_header(f"{{{header}}}\n", data[start:])


def with_header(header, content, version=b"\1\0"):
    header = header.encode("latin-1")
    length = struct.pack("<H" if version == b"\1\0" else "<I", len(header))
    return b"\x93NUMPY" + version + length + header + content


W0, W1 = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0], [6.0]])


def zipped(compression=zipfile.ZIP_STORED, **members):
    """Return an archive of a network with two layers, with some members changed, or left out."""
    members = {
        "coefs_0": npy(W0),
        "coefs_1": npy(W1),
        "activation": npy(np.array("tanh")),
        "out_activation_": npy(np.array("linear")),
        **members,
    }
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, data in members.items():
            if data is not None:
                archive.writestr(f"{name}.npy", data)
    return file.getvalue()


def numpys(**arrays):
    file = io.BytesIO()
    np.savez(file, **arrays)
    return file.getvalue()


DESCRIPTION = arrays_of(encode(Network([2, 2, 1], seed=1)))["purenet"]
NO_TEXTS = {"activation": None, "out_activation_": None}


def own(**changes):
    """Return one of PureNet's files with its description changed."""
    text = json.dumps({**json.loads(DESCRIPTION.item()), **changes})
    return zipped(purenet=npy(np.array(text)), **NO_TEXTS)


def twice(data):
    file = io.BytesIO(data)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("coefs_0.npy", npy(W0))
    return file.getvalue()


def flagged(data, bit):
    """Return an archive whose first member has a flag set, in both of its headers."""
    data = bytearray(data)
    data[6] |= bit
    data[data.index(b"PK\1\2") + 8] |= bit
    return bytes(data)


def spoilt(data, old, new):
    assert data.count(old) == 1
    return data.replace(old, new)


def in_directory(data, offset, value):
    """Return an archive whose first entry in the directory has other bytes there."""
    start = data.index(b"PK\1\2") + offset
    return data[:start] + value + data[start + len(value) :]


HEADER = "expected a header such as {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)}"
CUT = "the zip archive: cut, or its end is not as NumPy writes it"

BAD = {
    # What is no archive.
    "empty": (b"", "not a zip archive, which a .npz file is"),
    "an array": (npy(W0), "not a zip archive, which a .npz file is"),
    "JSON": (b'{"format": "purenet"}', "not a zip archive, which a .npz file is"),
    "two letters": (b"PK", CUT),
    "cut": (zipped()[:-1], CUT),
    "with a comment": (zipped()[:-2] + b"\1\0x", CUT),
    "of 64 bits": (
        zipped()[:-22] + b"PK\6\7" + bytes(16) + zipped()[-22:],
        CUT,
    ),
    "cut in between": (
        zipped()[:10] + zipped()[200:],
        "coefs_0: damaged: ",
    ),
    "no arrays": (zipped(coefs_0=None, coefs_1=None), "no layer with weights"),
    "nothing": (b"PK\5\6" + bytes(18), "no layer with weights"),
    "a far directory": (
        in_directory(zipped(), 42, b"\xff\xff\xff\x7f"),
        "coefs_0: damaged: ",
    ),
    "two names": (
        zipped().replace(b"coefs_1.npy", b"coefs_9.npy", 1),
        "coefs_1: damaged: File name in directory",
    ),
    "bits": (spoilt(zipped(), W0.tobytes(), (W0 + 1).tobytes()), "coefs_0: damaged: Bad CRC-32"),
    "bits of text": (
        spoilt(zipped(), "tanh".encode("utf-32-le"), "tank".encode("utf-32-le")),
        "activation: damaged: Bad CRC-32",
    ),
    "encrypted": (flagged(zipped(), 1), "coefs_0: it is encrypted"),
    "patches": (flagged(zipped(), 32), "coefs_0: damaged: compressed patched data"),
    "bzip2": (
        zipped(zipfile.ZIP_BZIP2),
        "coefs_0: compressed in a way that NumPy does not use",
    ),
    "LZMA": (zipped(zipfile.ZIP_LZMA), "coefs_0: compressed in a way that NumPy does not use"),
    "99": (
        in_directory(zipped(), 10, b"\x63\0"),
        "coefs_0: compressed in a way that NumPy does not use",
    ),
    "not compressed": (in_directory(zipped(), 10, b"\x08\0"), "coefs_0: damaged: "),
    "long": (
        in_directory(zipped(), 24, b"\xff\xff\xff\x7f"),
        f"2,147,483,899 bytes when unpacked, more than {MOST_UNPACKED:,}",
    ),
    "longer than it is": (
        in_directory(zipped(), 20, struct.pack("<II", 10**4, 10**4)),
        "coefs_0: damaged: ",
    ),
    "a long directory": (
        b"PK" + bytes(2**20) + b"PK\5\6" + bytes(8) + b"\1\0\x08\0" + bytes(6),
        "the zip archive: a directory of 524,289 bytes, more than 524,288",
    ),
    # Names.
    "unknown": (zipped(coefs=npy(W0)), "unknown array 'coefs.npy' (str)"),
    "long name": (zipped(**{"x" * 60_000: b""}), "unknown array 'xxxxxx"),
    "folder": (zipped(**{"a/coefs_0": npy(W0)}), "unknown array 'a/coefs_0.npy' (str)"),
    "zeros before": (zipped(coefs_00=npy(W0)), "unknown array 'coefs_00.npy' (str)"),
    "other digits": (zipped(coefs_٣=npy(W0)), "unknown array 'coefs_٣.npy' (str)"),
    "twice": (twice(zipped()), "coefs_0: it is there twice"),
    "gap": (zipped(coefs_1=None, coefs_2=npy(W1)), "coefs_2: one before it is missing"),
    "biases of no layer": (
        zipped(intercepts_2=npy(np.ones(1))),
        "intercepts_2: coefs_2 is missing",
    ),
    # Headers.
    "no array": (zipped(coefs_1=b"5.0 6.0"), "coefs_1: not an array of NumPy's"),
    "empty array": (zipped(coefs_1=b""), "coefs_1: not an array of NumPy's"),
    "version 4": (
        zipped(coefs_1=npy(W1).replace(b"NUMPY\1", b"NUMPY\4")),
        "coefs_1: not an array of NumPy's, as far as version 3.0",
    ),
    "version 1.1": (
        zipped(coefs_1=npy(W1).replace(b"NUMPY\1\0", b"NUMPY\1\1")),
        "coefs_1: not an array of NumPy's, as far as version 3.0",
    ),
    "cut header": (
        zipped(coefs_1=npy(W1)[:30]),
        "coefs_1: its header is said to end at byte",
    ),
    "cut before its length": (
        zipped(coefs_1=b"\x93NUMPY\3\0"),
        "coefs_1: its header is said to end at byte 12",
    ),
    "long header": (
        zipped(coefs_1=with_header(" " * 20_000, b"", b"\2\0")),
        "coefs_1: its header is said to end at byte 20,012",
    ),
    "huge header": (
        zipped(coefs_1=b"\x93NUMPY\2\0\xff\xff\xff\xff{"),
        "coefs_1: its header is said to end at byte 4,294,967,307",
    ),
    "code": (
        zipped(coefs_1=npy(W1, shape="__import__('os').abort()")),
        f"coefs_1: {HEADER}, got ",
    ),
    "sum": (zipped(coefs_1=npy(W1, shape="(1+1, 1)")), f"coefs_1: {HEADER}, got "),
    "brackets": (zipped(coefs_1=with_header("(" * 9_000, b"")), f"coefs_1: {HEADER}, got "),
    "signs": (
        zipped(coefs_1=npy(W1, shape=f"({'-' * 9_000}2, 1)")),
        f"coefs_1: {HEADER}, got ",
    ),
    "blanks": (zipped(coefs_1=with_header(" " * 9_900, b"")), f"coefs_1: {HEADER}, got b'  "),
    "blanks first": (
        zipped(coefs_1=npy(W1).replace(b"{", b" {")),
        f"coefs_1: {HEADER}, got b",
    ),
    "numbers": (
        zipped(coefs_1=npy(W1, shape=f"({'1, ' * 3_000}1)")),
        "coefs_1: expected the shape (inputs, outputs), got (1, 1, 1,",
    ),
    "digits": (zipped(coefs_1=npy(W1, shape=f"({'9' * 9_000}, 1)")), f"coefs_1: {HEADER}, got "),
    "no order": (zipped(coefs_1=npy(W1, fortran_order="")), f"coefs_1: {HEADER}, got "),
    "order 1": (zipped(coefs_1=npy(W1, fortran_order="1")), f"coefs_1: {HEADER}, got "),
    "order True": (zipped(coefs_1=npy(W1, fortran_order="'True'")), f"coefs_1: {HEADER}, got "),
    "shape twice": (
        zipped(coefs_1=npy(W1, fortran_order="", descr="'<f8', 'shape': (2, 1)")),
        f"coefs_1: {HEADER}, got ",
    ),
    "more": (zipped(coefs_1=npy(W1, more="1")), f"coefs_1: {HEADER}, got "),
    "structured": (
        zipped(coefs_1=npy(W1, descr="[('a', '<f8')]")),
        f"coefs_1: {HEADER}, got ",
    ),
    "negative": (zipped(coefs_1=npy(W1, shape="(-2, 1)")), f"coefs_1: {HEADER}, got "),
    "a number for a shape": (zipped(coefs_1=npy(W1, shape="(2)")), f"coefs_1: {HEADER}, got "),
    # Kinds.
    "objects": (
        numpys(coefs_0=np.array([[{}]], object), out_activation_="relu"),
        "coefs_0: expected numbers, such as '<f8', got '|O' (str)",
    ),
    "complex": (
        zipped(coefs_1=npy(W1 * 1j)),
        "coefs_1: expected numbers, such as '<f8', got '<c16' (str)",
    ),
    "long floats": (
        zipped(coefs_1=npy(W1, descr="'<f16'")),
        "coefs_1: expected numbers, such as '<f8', got '<f16' (str)",
    ),
    "dates": (
        zipped(coefs_1=npy(np.array([["2020"]], "M8[D]"))),
        "coefs_1: expected numbers, such as '<f8', got '<M8[D]' (str)",
    ),
    "text": (
        zipped(coefs_1=npy(np.array([["5"], ["6"]]))),
        "coefs_1: expected numbers, such as '<f8', got '<U1' (str)",
    ),
    "no kind": (
        zipped(coefs_1=npy(W1, descr="''")),
        "coefs_1: expected numbers, such as '<f8', got '' (str)",
    ),
    "no order of bytes": (
        zipped(coefs_1=npy(W1, descr="'|f8'")),
        "coefs_1: expected numbers, such as '<f8', got '|f8' (str)",
    ),
    "a number for a text": (
        zipped(activation=npy(np.array(1.0))),
        "activation: expected text, such as '<U4', got '<f8' (str)",
    ),
    "bytes for a text": (
        zipped(activation=npy(np.array(b"tanh"))),
        "activation: expected text, such as '<U4', got '|S4' (str)",
    ),
    "texts": (
        zipped(activation=npy(np.array(["tanh"]))),
        "activation: expected the shape (), got (1,)",
    ),
    "half a character": (
        zipped(activation=npy(np.array("x")).replace(b"x\0\0\0", b"\0\xd8\0\0")),
        "activation: not text in UTF-32",
    ),
    "step": (
        zipped(activation=npy(np.array("step"))),
        "activation: expected one of leaky_relu, linear, relu, sigmoid, softmax, tanh, got 'step'",
    ),
    "long word": (
        zipped(out_activation_=npy(np.array("x" * 1000))),
        "output_activation: expected a name, got 'xxx",
    ),
    # Shapes.
    "a row": (
        zipped(coefs_1=npy(W1[0])),
        "coefs_1: expected the shape (inputs, outputs), got (1,) (tuple)",
    ),
    "a matrix of biases": (
        zipped(intercepts_1=npy(W1)),
        "intercepts_1: expected the shape (outputs), got (2, 1) (tuple)",
    ),
    "no inputs": (
        zipped(coefs_0=npy(np.ones((0, 2)))),
        "coefs_0: expected at least one input and output, got 0",
    ),
    "no outputs": (
        zipped(coefs_1=npy(np.ones((2, 0)))),
        "coefs_1: expected at least one input and output, got 0",
    ),
    "more rows": (
        zipped(coefs_1=npy(W1, shape="(3, 1)")),
        "coefs_1: 16 bytes, but its header needs 24",
    ),
    "fewer rows": (
        zipped(coefs_1=npy(W1, shape="(1, 1)")),
        "coefs_1: 16 bytes, but its header needs 8",
    ),
    "billions": (
        zipped(coefs_1=npy(W1, shape="(1000000000, 9999999999999999999)")),
        "coefs_1: 16 bytes, but its header needs 79,999,999,999,999,999,992,000,000,000",
    ),
    "layers apart": (
        zipped(coefs_1=npy(np.ones((3, 1)))),
        "coefs_1: it has 3 inputs, but the layer before has 2 outputs",
    ),
    "more biases": (
        zipped(intercepts_0=npy(np.ones(3))),
        "intercepts_0: 3 numbers, but coefs_0 has 2 outputs",
    ),
    "many neurons": (
        zipped(
            coefs_0=npy(np.ones((MOST_ROWS, 2), "i1")),
            activation=npy(np.array("tanh")),
        ),
        f"{MOST_ROWS + 2:,} neurons, but a model has at most {MOST_ROWS:,}",
    ),
    # Numbers.
    "NaN": (
        zipped(coefs_1=npy(np.array([[0.0], [math.nan]]))),
        "coefs_1: number 1: expected a finite one, got nan",
    ),
    "infinity": (
        zipped(intercepts_0=npy(np.array([-math.inf, 0.0], "f2"))),
        "intercepts_0: number 0: expected a finite one, got -inf",
    ),
    # PureNet's own.
    "no JSON": (
        zipped(purenet=npy(np.array("{"))),
        "not JSON: Expecting property name enclosed in double quotes, line 1, column 2",
    ),
    "deep": (
        zipped(purenet=npy(np.array("[" * 10**5)), out_activation_=None),
        "lists within lists, too deep for a network",
    ),
    "other sizes": (
        own(sizes=[2, 3, 1]),
        "weights[0]: (2 x 2), but the sizes need (2 x 3)",
    ),
    "newer": (own(version=2), "version: expected 1, got 2"),
    "half the biases": (
        zipped(purenet=npy(DESCRIPTION), intercepts_0=npy(np.ones(2)), **NO_TEXTS),
        "biases: 1, but the sizes need 2 layers of them",
    ),
    "two activations": (
        zipped(purenet=npy(DESCRIPTION), out_activation_=None),
        "activation: the file says 'sigmoid', not 'tanh'",
    ),
}


def test_what_the_bad_files_were_made_of_is_good(path):
    for data in (zipped(), zipped(zipfile.ZIP_DEFLATED), own()):
        path.write_bytes(data)
        assert load(path).weights == [W0.tolist(), W1.tolist()]


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_model_is_refused_in_one_short_sentence(path, name):
    data, expected = BAD[name]
    path.write_bytes(data)
    message = complaint(load, path)
    assert message.startswith(f"{path}: {expected}")
    assert len(message) < len(str(path)) + 200
    assert "\n" not in message
    assert complaint(load_history, path) == message


def test_a_model_that_is_too_large_to_be_loaded_is_not_saved(path, monkeypatch):
    monkeypatch.setattr(tensors, "MOST_NUMBERS", 5)
    save(Network([2, 1], bias=True), path)
    written = path.read_bytes()
    message = "6 numbers, but a model has at most 5"
    assert complaint(save, Network([2, 2], bias=True), path) == f"{path}: {message}"
    assert path.read_bytes() == written


# -- hostile files -----------------------------------------------------------------------------


def refused_late(W, compression=zipfile.ZIP_STORED):
    """Return a network of one layer whose last word is wrong: all else has been read by then."""
    return zipped(
        compression,
        coefs_0=npy(W),
        coefs_1=None,
        activation=None,
        out_activation_=npy(np.array("step")),
    )


def layers(count):
    bad = npy(np.array([[math.nan]]))
    good = {f"coefs_{k}": npy(np.ones((1, 1))) for k in range(count - 1)}
    return zipped(**good, **{f"coefs_{count - 1}": bad})


def same_header(count, header):
    """Return an archive of many arrays with the same header."""
    data = with_header(header, b"")
    return zipped(**{f"coefs_{k}": data for k in range(count)})


def extras(length):
    """Return an archive whose directory has little but empty extras."""
    entry = bytearray(zipped()[zipped().index(b"PK\1\2") :][:57])
    entry[30:32] = b"\xfc\xff"
    directory = bytes(entry + b"xx\0\0" * (0xFFFC // 4)) * (length // 65_600)
    return b"PK" + directory + struct.pack("<4s8xLLH", b"PK\5\6", len(directory), 2, 0)


def mostly_zeros(shape):
    """Return an array that packs to a twentieth."""
    chance = np.random.RandomState(1)
    return chance.random_sample(shape) * (chance.random_sample(shape) < 0.03)


def description(text):
    return zipped(purenet=npy(np.array(text)), **NO_TEXTS)


LONG_HEADER = f"{{'descr': '<f8',{' ' * 9_900} 'fortran_order': False, 'shape': (0, 1)}}"

HOSTILE = {
    "a column": lambda: refused_late(np.ones((10**5, 1))),
    "a column of halves": lambda: refused_late(np.ones((10**5, 1), "f2")),
    "a column of booleans": lambda: refused_late(np.ones((10**5, 1), "?")),
    "a row of bytes": lambda: refused_late(np.ones((1, 10**6), "i1")),
    "by columns": lambda: refused_late(np.ones((500, 500), "f4", "F")),
    "a text": lambda: zipped(activation=npy(np.array("x" * 10**5))),
    "a description": lambda: description("[" + "[]," * 10**5 + "1]"),
    "layers": lambda: layers(1_000),
    "names": lambda: same_header(8_000, ""),
    "extras": lambda: extras(2**19),
    "headers": lambda: same_header(800, LONG_HEADER),
    "zeros": lambda: refused_late(np.zeros((1, 10**6)), zipfile.ZIP_DEFLATED),
    "fewer zeros": lambda: refused_late(np.zeros((1000, 1000), "?"), zipfile.ZIP_DEFLATED),
    "a text of zeros": lambda: zipped(zipfile.ZIP_DEFLATED, activation=npy(np.array("x" * 10**5))),
    "a lie": lambda: in_directory(zipped(), 24, struct.pack("<I", MOST_UNPACKED - 2000)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_more_memory_than_its_length_explains(path, name):
    """A row of one boolean is the most that one byte can ask for."""
    data = HOSTILE[name]()
    path.write_bytes(data)
    unpacked = len(data) if data[8:10] == b"\0\0" else MOST_UNPACKED
    assert peak_of_refusal(path) < 2**18 + 120 * unpacked


def peak_of_refusal(path):
    """Return how many bytes of memory it takes to refuse a file."""
    tracemalloc = pytest.importorskip("tracemalloc", exc_type=ImportError)  # PyPy has none
    complaint(load, path)  # whatever is made once and kept
    tracemalloc.start()
    try:
        complaint(load, path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# As large as files can be, each in its way.
LARGEST = {
    "numbers": lambda: refused_late(np.ones((4095, 4096))),
    "too many bytes": lambda: refused_late(np.ones((2**13, 2**14 - 1), "u1")),
    "headers": lambda: same_header(8_000, LONG_HEADER),
    "directory": lambda: b"PK" + b"PK\1\2" * 2**25,
    "extras": HOSTILE["extras"],
    "packed numbers": lambda: refused_late(mostly_zeros((1500, 1000)), zipfile.ZIP_DEFLATED),
    "packed zeros": lambda: refused_late(np.zeros((1000, 1000)), zipfile.ZIP_DEFLATED),
    "description": lambda: description("[" + "[]," * 2**22 + "1]"),
}


@pytest.mark.parametrize("name", LARGEST)
def test_the_largest_hostile_file_is_refused_soon(path, name):
    path.write_bytes(LARGEST[name]())
    # Three on the machine of 2026 that this was written on, for sixteen million numbers.
    assert seconds_to_refuse(path) < 15.0


def seconds_to_refuse(path):
    command = [sys.executable, "-c", SECONDS_TO_REFUSE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)


# -- damaged files -----------------------------------------------------------------------------


def _valid_files():
    """Return files of PureNet's and of others, and what a caller has to say of each."""
    trained = Network([3, 4, 1], seed=1, bias=True, activation="relu")
    files = [encode(Network([2, 1], seed=3)), encode(trained, History(), True)]
    files += [encode(estimator_of(name)) for name in ("text", "numbers", "of a table")]
    says = {"activation": "relu", "output_activation": "linear"}
    others = []
    for write in (np.savez, np.savez_compressed):
        for order, kind in (("C", "f8"), ("F", ">f4"), ("C", "f2"), ("F", "i2")):
            file = io.BytesIO()
            names = {"coefs_0": (3, 2), "coefs_1": (2, 2), "intercepts_1": (2,)}
            arrays = {
                name: np.arange(2.0, 2.0 + math.prod(shape)).reshape(shape)
                for name, shape in names.items()
            }
            write(file, **{name: np.array(A, kind, order=order) for name, A in arrays.items()})
            others.append((file.getvalue(), says))
    return [(data, {}) for data in (*files, zipped())] + others


TOKENS = [
    *(
        "{",
        "}",
        "(",
        ")",
        ",",
        ":",
        "'",
        " ",
        "\n",
        "-",
        "0",
        "1",
        "2",
        "3",
        "()",
        "(1,)",
        "(2, 3)",
    ),
    *("True", "False", "None", "'<f8'", "'>f8'", "'<f4'", "'<f2'", "'|b1'", "'|O'", "'<U4'", "8"),
    *("'descr'", "'shape'", "'fortran_order'", "9" * 20, "(" * 50, "[('a', '<f8')]", "1L", "01"),
]


def change_header(chance, array):
    """Change what an array's header says; its length mostly stays right."""
    end = array.index(b"}") + 1
    tokens = re.findall(r"'[^']*'|\w+|\s|.", array[10:end].decode("latin-1"))
    for _ in range(chance.randint(1, 2)):
        i = chance.randrange(len(tokens))
        other = chance.choice([chance.choice(tokens), chance.choice(TOKENS)])
        tokens[i : i + chance.randint(0, 2)] = [other]
    header = "".join(tokens).encode("latin-1")
    if chance.random() < 0.1:
        return array[:10] + header + array[end:]
    start = 10 + struct.unpack("<H", array[8:10])[0]
    return array[:8] + struct.pack("<H", len(header)) + header + array[start:]


def change_content(chance, array):
    return chance.choice([flip_bits, move_bytes])(chance, array)


def change_array(chance, data):
    """Change an archive as one who knows how to write archives."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
        compression = archive.infolist()[0].compress_type
    i, other = chance.randrange(len(members)), chance.choice(members)
    name, array = members[i]
    change = chance.randrange(6)
    if change < 2:
        members[i] = (name, change_header(chance, array))
    elif change == 2:
        members[i] = (name, change_content(chance, array))
    elif change == 3:
        members[i] = (other[0], array) if chance.random() < 0.5 else (name, other[1])
    elif change == 4:
        members.insert(i, other)
    else:
        del members[i]
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", compression) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a name that is there twice
        for name, array in members:
            archive.writestr(name, array)
    return file.getvalue()


WAYS = [flip_bits, move_bytes, change_array, change_array]


def test_a_damaged_file_is_a_valid_model_or_refused_and_nothing_else(tmp_path, pytestconfig):
    mutations = pytestconfig.getoption("--mutations") // 5
    loaded = damaged_and_loaded(
        tmp_path / "damaged.npz", _valid_files(), WAYS, mutations, as_numpy_reads_it
    )
    assert mutations / 50 < loaded < mutations / 2  # else the mutations are too wild, or too tame


def damaged_and_loaded(path, files, ways, mutations, check):
    """Return how many of so many damaged files are loaded; fail where one is no valid model.

    `check(data, network)` is told what came of each: a network, or None.
    """
    loaded = 0
    for number in range(mutations):
        chance = random.Random(number)
        data, says = chance.choice(files)
        data = ways[number % len(ways)](chance, data)
        path.write_bytes(data)
        try:
            network = _valid_network(path, says)
            check(data, network)
        except BaseException as error:
            raise AssertionError(f"mutation {number}: {data!r}") from error
        loaded += network is not None
    return loaded


def _valid_network(path, says):
    """Return the network in a file, None where it is refused; fail where it is no valid one."""
    try:
        model = load(path, **says)
    except PureNetError as error:
        assert str(error).startswith(f"{path}: ")
        assert len(str(error)) < len(str(path)) + 250
        assert str(error).isprintable()
        return None
    network = getattr(model, "network_", model)
    check_parameters(network)
    assert all(map(all_finite, parameters(network)))
    assert all(type(x) is float for matrix in parameters(network) for row in matrix for x in row)
    history = load_history(path) if not says and model is network else None
    save(model, path, history)
    again = load(path)
    assert parameters_of(getattr(again, "network_", again)) == parameters_of(network)
    assert model is network or everything(again) == everything(model)
    return network


def as_numpy_reads_it(data, network):
    """Fail where NumPy does not read the numbers that are in a network."""
    if network is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # of blanks at odd places
            arrays = arrays_of(data)
        for k, W in enumerate(network.weights):
            assert bits(arrays[f"coefs_{k}"].astype(float).tolist()) == bits(W)
            if f"intercepts_{k}" in arrays:
                row = arrays[f"intercepts_{k}"].astype(float).tolist()
                assert bits([row]) == bits([network.biases[k]])
