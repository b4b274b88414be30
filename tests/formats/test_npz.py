"""Files of NumPy's: others' files, and what is refused and how it is said."""

import io
import json
import math
import struct
import warnings
import zipfile

import numpy as np
import pytest
from both_ways import both_ways
from hypothesis import given
from hypothesis import strategies as st
from models import (
    any_networks,
    estimator_of,
    histories,
)
from npz_files import (
    DESCRIPTION,
    NO_TEXTS,
    W0,
    W1,
    arrays_of,
    in_directory,
    npy,
    numpys,
    own,
    with_header,
    zipped,
)
from support import bits, complaint, networks

from purenet import History, Network
from purenet.formats import arrays, load, load_history, save
from purenet.formats.arrays import MOST_ROWS
from purenet.formats.npz import MOST_UNPACKED

encode, decode = both_ways("npz")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.npz"


# -- round trips -------------------------------------------------------------------------------


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


def test_numbers_of_numpys_are_saved_as_pythons(path):
    network = Network([2, 1], bias=True)
    network.sizes, network.seed = np.array([2, 1]), np.uint32(7)
    network.weights, network.biases = [np.array([[1], [2]])], np.array([[3]])
    save(network, path)
    assert repr(load(path)).startswith("Network([2, 1], ")
    assert repr(load(path).weights + load(path).biases) == "[[[1.0], [2.0]], [3.0]]"


@given(network=networks())
def test_with_float32_every_array_is_of_four_bytes(network):
    kinds = {array.dtype.str for array in arrays_of(encode(network, None, True)).values()}
    assert {kind for kind in kinds if "U" not in kind} == {"<f4"}


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
        f"{path}: activation: expected 'sigmoid', as the file says, got 'relu'"
    )


def test_what_a_file_leaves_open_the_caller_says(path):
    np.savez(path, coefs_0=[[1.0]], coefs_1=[[2.0]])
    network = load(path, activation="identity", output_activation="tanh")
    assert (network.activation, network.output_activation) == ("linear", "tanh")
    assert complaint(load, path, output_activation="tanh") == (
        f"{path}: the activation of the hidden layers is unknown: give activation"
    )
    assert complaint(load, path, activation="tanh") == (
        f"{path}: the activation of the last layer is unknown: give output_activation"
    )
    assert complaint(load, path, output_activation=["tanh"]) == (
        f"{path}: output_activation: expected a name, got ['tanh'] (list)"
    )
    np.savez(path, coefs_0=[[1.0]])
    assert load(path, output_activation="softmax").activation == "softmax"
    np.savez(path, coefs_0=[[1.0]], coefs_1=[[2.0]], coefs_2=[[3.0]])
    network = load(path, activation=["identity", "relu"], output_activation="tanh")
    assert network.layer_activations == ["linear", "relu", "tanh"]
    assert load(path, activation=("tanh", "tanh"), output_activation="tanh").activation == "tanh"
    assert complaint(load, path, activation=["relu"] * 3, output_activation="tanh") == (
        f"{path}: activation: expected 2 names, one for each hidden layer, "
        "got ['relu', 'relu', 'relu'] (list)"
    )


def test_of_purenets_own_files_the_activations_may_be_said_but_not_wrongly(path):
    save(Network([2, 3, 1], activation="tanh", output_activation="linear"), path)
    assert load(path, activation="tanh", output_activation="identity").activation == "tanh"
    assert complaint(load, path, activation="relu") == (
        f"{path}: activation: expected 'tanh', as the file says, got 'relu'"
    )
    assert complaint(load, path, output_activation="tanh") == (
        f"{path}: output_activation: expected 'linear', as the file says, got 'tanh'"
    )
    save(Network([2, 3, 3, 1], activation=["relu", "tanh"]), path)
    assert load(path, activation=["relu", "tanh"]).activation == ["relu", "tanh"]
    for other in ("relu", ["tanh", "relu"], ["relu"]):
        assert complaint(load, path, activation=other) == (
            f"{path}: activation: expected ['relu', 'tanh'], as the file says, got {other!r}"
        )
    save(Network([2, 1]), path)
    assert load(path, activation="relu").activation == "sigmoid"  # of no layer
    save(estimator_of("text"), path)
    assert load(path, output_activation="softmax").classes_ == estimator_of("text").classes_
    assert "expected 'softmax', as the file says" in complaint(
        load, path, output_activation="linear"
    )


# -- what is refused -----------------------------------------------------------------------------


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


HEADER = "expected a header such as {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4)}"
CUT = "zip archive: the end is missing, or is not as NumPy writes it"

BAD = {
    # Not an archive.
    "empty": (b"", "expected a .npz file, which is a zip archive, got something else"),
    "an array": (npy(W0), "expected a .npz file, which is a zip archive, got something else"),
    "JSON": (
        b'{"format": "purenet"}',
        "expected a .npz file, which is a zip archive, got something else",
    ),
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
    "no arrays": (
        zipped(coefs_0=None, coefs_1=None),
        "expected at least one layer with weights, got none",
    ),
    "nothing": (b"PK\5\6" + bytes(18), "expected at least one layer with weights, got none"),
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
    "encrypted": (flagged(zipped(), 1), "coefs_0: expected an array that is not encrypted"),
    "patches": (flagged(zipped(), 32), "coefs_0: damaged: compressed patched data"),
    "bzip2": (
        zipped(zipfile.ZIP_BZIP2),
        "coefs_0: compressed by a method that NumPy does not use",
    ),
    "LZMA": (zipped(zipfile.ZIP_LZMA), "coefs_0: compressed by a method that NumPy does not use"),
    "99": (
        in_directory(zipped(), 10, b"\x63\0"),
        "coefs_0: compressed by a method that NumPy does not use",
    ),
    "not compressed": (in_directory(zipped(), 10, b"\x08\0"), "coefs_0: damaged: "),
    "long": (
        in_directory(zipped(), 24, b"\xff\xff\xff\x7f"),
        f"expected at most {MOST_UNPACKED:,} bytes when unpacked, got 2,147,483,899",
    ),
    "longer than it is": (
        in_directory(zipped(), 20, struct.pack("<II", 10**4, 10**4)),
        "coefs_0: damaged: ",
    ),
    "a long directory": (
        b"PK" + bytes(2**20) + b"PK\5\6" + bytes(8) + b"\1\0\x08\0" + bytes(6),
        "zip archive: expected a directory of at most 524,288 bytes, got 524,289",
    ),
    # Names.
    "unknown": (zipped(coefs=npy(W0)), "expected arrays such as coefs_0, got 'coefs.npy' (str)"),
    "long name": (
        zipped(**{"x" * 60_000: b""}),
        "expected arrays such as coefs_0, got 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx... (str)",
    ),
    "folder": (
        zipped(**{"a/coefs_0": npy(W0)}),
        "expected arrays such as coefs_0, got 'a/coefs_0.npy' (str)",
    ),
    "zeros before": (
        zipped(coefs_00=npy(W0)),
        "expected arrays such as coefs_0, got 'coefs_00.npy' (str)",
    ),
    "other digits": (
        zipped(coefs_٣=npy(W0)),
        "expected arrays such as coefs_0, got 'coefs_٣.npy' (str)",
    ),
    "twice": (twice(zipped()), "coefs_0: occurs twice"),
    "gap": (zipped(coefs_1=None, coefs_2=npy(W1)), "coefs_1 is missing, but there is coefs_2"),
    "biases of no layer": (
        zipped(intercepts_2=npy(np.ones(1))),
        "coefs_2 is missing, but there is intercepts_2",
    ),
    # Headers.
    "no array": (
        zipped(coefs_1=b"5.0 6.0"),
        "coefs_1: expected NumPy's format for an array, version 1.0 to 3.0",
    ),
    "empty array": (
        zipped(coefs_1=b""),
        "coefs_1: expected NumPy's format for an array, version 1.0 to 3.0",
    ),
    "version 4": (
        zipped(coefs_1=npy(W1).replace(b"NUMPY\1", b"NUMPY\4")),
        "coefs_1: expected NumPy's format for an array, version 1.0 to 3.0",
    ),
    "version 1.1": (
        zipped(coefs_1=npy(W1).replace(b"NUMPY\1\0", b"NUMPY\1\1")),
        "coefs_1: expected NumPy's format for an array, version 1.0 to 3.0",
    ),
    "cut header": (
        zipped(coefs_1=npy(W1)[:30]),
        "coefs_1: the header ends at byte 68, but expected at most 30",
    ),
    "cut before its length": (
        zipped(coefs_1=b"\x93NUMPY\3\0"),
        "coefs_1: the header ends at byte 12, but expected at most 8",
    ),
    "long header": (
        zipped(coefs_1=with_header(" " * 20_000, b"", b"\2\0")),
        "coefs_1: the header ends at byte 20,012, but expected at most 10,000",
    ),
    "huge header": (
        zipped(coefs_1=b"\x93NUMPY\2\0\xff\xff\xff\xff{"),
        "coefs_1: the header ends at byte 4,294,967,307, but expected at most 13",
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
        'activation: expected "leaky_relu", "linear", "relu", "sigmoid" or "tanh", got \'step\'',
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
        "coefs_0: expected inputs and outputs, got (0 x 2)",
    ),
    "no outputs": (
        zipped(coefs_1=npy(np.ones((2, 0)))),
        "coefs_1: expected inputs and outputs, got (2 x 0)",
    ),
    "more rows": (
        zipped(coefs_1=npy(W1, shape="(3, 1)")),
        "coefs_1: expected 24 bytes for its shape, got 16",
    ),
    "fewer rows": (
        zipped(coefs_1=npy(W1, shape="(1, 1)")),
        "coefs_1: expected 8 bytes for its shape, got 16",
    ),
    "billions": (
        zipped(coefs_1=npy(W1, shape="(1000000000, 9999999999999999999)")),
        "coefs_1: expected 79,999,999,999,999,999,992,000,000,000 bytes for its shape, got 16",
    ),
    "layers apart": (
        zipped(coefs_1=npy(np.ones((3, 1)))),
        "coefs_1: expected 2 inputs, one for each output before, got 3",
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
        f"expected at most {MOST_ROWS:,} neurons, got {MOST_ROWS + 2:,}",
    ),
    # Numbers.
    "NaN": (
        zipped(coefs_1=npy(np.array([[0.0], [math.nan]]))),
        "coefs_1: value 1: expected a finite number, got nan",
    ),
    "infinity": (
        zipped(intercepts_0=npy(np.array([-math.inf, 0.0], "f2"))),
        "intercepts_0: value 0: expected a finite number, got -inf",
    ),
    # PureNet's own.
    "no JSON": (
        zipped(purenet=npy(np.array("{"))),
        "not JSON: Expecting property name enclosed in double quotes: line 1, column 2",
    ),
    "deep": (
        zipped(purenet=npy(np.array("[" * 10**5)), out_activation_=None),
        "expected a model, got lists that are nested too deeply",
    ),
    "other sizes": (
        own(sizes=[2, 3, 1]),
        "weights[0]: (2 x 2), but the sizes need (2 x 3)",
    ),
    "newer": (own(version=3), "version: expected 1 or 2, got 3"),
    "half the biases": (
        zipped(purenet=npy(DESCRIPTION), intercepts_0=npy(np.ones(2)), **NO_TEXTS),
        "biases: expected 2 rows for sizes [2, 2, 1], got 1",
    ),
    "two activations": (
        zipped(purenet=npy(DESCRIPTION), out_activation_=None),
        "activation: expected 'sigmoid', as the file says, got 'tanh'",
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
    monkeypatch.setattr(arrays, "MOST_NUMBERS", 5)
    save(Network([2, 1], bias=True), path)
    written = path.read_bytes()
    message = "expected at most 5 numbers, got 6"
    assert complaint(save, Network([2, 2], bias=True), path) == f"{path}: {message}"
    assert path.read_bytes() == written
