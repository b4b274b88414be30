"""Files: exact round trips, what is refused and how it is said, and nothing lost on the way."""

import copy
import errno
import gzip
import json
import math
import os
import random
import re
import stat
from pathlib import Path

import pytest
from conftest import (
    ARTICLE_X,
    ARTICLE_Y,
    bits,
    complaint,
    finite_float,
    matrices,
    networks,
    state_of,
)
from hypothesis import given
from hypothesis import strategies as st

import purenet.formats
from purenet import History, Network, PureNetError
from purenet.core.matrix import all_finite
from purenet.core.network import check_parameters, parameters
from purenet.formats import json_model, load, load_history, save
from purenet.formats.writing import replace_file

# How many damaged files are tried; each number stands for the same file every time.
MUTATIONS = 20_000


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.json"


def parameters_of(network):
    return repr(network), *map(bits, parameters(network))


# -- round trips -------------------------------------------------------------------------------


@st.composite
def any_networks(draw):
    """Draw a network whose weights and biases may be any finite floats."""
    network = draw(networks(layers=4, width=4))
    network.init = draw(st.sampled_from(["uniform", "glorot", "he", "zeros"]))
    pairs = zip(network.sizes, network.sizes[1:])
    network.weights = [draw(matrices(m, n, finite_float)) for m, n in pairs]
    network.biases = [draw(matrices(1, len(row), finite_float))[0] for row in network.biases]
    return network


any_text = st.text(max_size=20) | st.just('\ud800 "quoted"\n{[')


@st.composite
def histories(draw):
    history = History()
    history.epochs = sorted(draw(st.sets(st.integers(0, 10**20), max_size=5)))
    count = len(history.epochs)
    history.loss = draw(st.lists(finite_float, min_size=count, max_size=count))
    if draw(st.booleans()):
        some = finite_float | st.just(math.nan)
        history.validation_loss = draw(st.lists(some, min_size=count, max_size=count))
    history.stopped, history.engine = draw(any_text), draw(any_text)
    return history


@given(network=any_networks(), history=st.none() | histories())
def test_what_was_saved_is_loaded_to_the_last_bit(tmp_path_factory, network, history):
    path = tmp_path_factory.getbasetemp() / "model.json"
    before = state_of(network), repr(history)
    save(network, path, history)
    assert (state_of(network), repr(history)) == before
    assert parameters_of(load(path)) == parameters_of(network)
    assert repr(load_history(path)) == repr(history or History())
    assert json.loads(path.read_bytes())["weights"] == network.weights


@given(network=any_networks(), history=st.none() | histories())
def test_a_model_is_always_written_in_the_same_way(tmp_path_factory, network, history):
    path = tmp_path_factory.getbasetemp() / "model.json"
    save(network, path, history)
    written = path.read_bytes()
    save(load(path), path, history and load_history(path))
    assert path.read_bytes() == written


@pytest.mark.parametrize("name", [str, Path, os.fsencode])
def test_a_file_may_be_named_in_any_way(path, name):
    save(Network([2, 1], seed=1), name(path))
    assert repr(load(name(path))) == repr(load(path))


def test_a_whole_training_is_kept_but_the_generators_state(path):
    network = Network([3, 4, 1], seed=1)
    data = (ARTICLE_X, ARTICLE_Y)
    history = network.train(*data, epochs=50, batch_size=2, validation=data)
    save(network, path, history)
    loaded = load(path)
    assert loaded.predict(ARTICLE_X) == network.predict(ARTICLE_X)
    assert repr(load_history(path)) == repr(history)
    assert loaded.generator.get_state() != network.generator.get_state()
    assert loaded.generator.get_state() == load(path).generator.get_state()
    # On to the same bits, where there is no chance in it.
    assert loaded.train(*data, epochs=9).loss == network.train(*data, epochs=9).loss
    assert parameters_of(loaded) == parameters_of(network)


def test_a_validation_loss_that_is_no_finite_number_does_not_keep_a_model_from_being_saved(path):
    history = History()
    history.epochs, history.loss = [0, 1, 2], [0.5, 0.5, 0.5]
    history.validation_loss = [math.inf, math.nan, 1.0]
    save(Network([2, 1]), path, history)
    assert repr(load_history(path).validation_loss) == "[nan, nan, 1.0]"


def test_weights_that_were_set_to_integers_tuples_or_arrays_are_loaded_as_floats(path):
    np = pytest.importorskip("numpy")
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


# -- files made by others ----------------------------------------------------------------------


def written(**changes):
    """Return a model as JSON data, with some members changed, and those that are None left out."""
    members = {
        "format": "purenet",
        "version": 1,
        "sizes": [2, 2, 1],
        "activation": "tanh",
        "output_activation": "sigmoid",
        "loss": "squared_error",
        "init": "glorot",
        "seed": 7,
        "weights": [[[1.0, 2.0], [3.0, 4.0]], [[5.0], [6.0]]],
        "biases": [],
        **changes,
    }
    members = {name: value for name, value in members.items() if value is not None}
    return json.dumps(members).encode()


def literally(**changes):
    """Return a model in which members are text that json.dumps would not write."""
    data = written(**dict.fromkeys(changes, "<here>"))
    for text in changes.values():
        data = data.replace(b'"<here>"', text.encode(), 1)
    return data


def history_of(**changes):
    members = {"epochs": [0], "loss": [1.0], "validation_loss": [], "stopped": "", "engine": "x"}
    members.update(changes)
    return {name: value for name, value in members.items() if value is not None}


GOOD = {
    "as it is": written(),
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
DEEP = "lists within lists, too deep for a network"
SEED = "seed: expected a whole number from 0 to 4294967295, got"
KNOWN = "expected one of leaky_relu, linear, relu, sigmoid, softmax, tanh, got"

BAD = {
    # What is no JSON.
    "empty": (b"", "an empty file"),
    "blank": (b" \n ", "not JSON: Expecting value, line 2, column 2"),
    "cut": (written()[:40], "not JSON: Unterminated string starting at, line 1, column 37"),
    "two": (written() * 2, "not JSON: Extra data, line 1, column 233"),
    "gzip": (gzip.compress(written()), "compressed with gzip: unpack it first"),
    "latin": (b'{"format": "\xe9"}', "not text in UTF-8, from byte 12 on"),
    "utf-16": (written().decode().encode("utf-16"), "not text in UTF-8, from byte 0 on"),
    "control": (b'{"\n": 1}', "not JSON: Invalid control character"),
    "pickle": (b"\x80\x04N.", "not text in UTF-8, from byte 0 on"),
    # What is JSON, and no model.
    "number": (b"3", NO_MODEL),
    "list": (b"[1, 2]", NO_MODEL),
    "null": (b"null", NO_MODEL),
    "other": (b'{"a": 1}', NO_MODEL),
    "no format": (written(format=None), NO_MODEL),
    "wrong format": (written(format=["purenet"]), NO_MODEL),
    "no version": (written(version=None), "version: expected 1, got None"),
    "newer": (written(version=2, biases=None), "version: expected 1, got 2"),
    "true": (written(version=True), "version: expected 1, got True (bool)"),
    "float": (written(version=1.0), "version: expected 1, got 1.0"),
    "missing": (written(loss=None), "loss is missing"),
    "unknown": (written(weight=1), "unknown member 'weight' (str)"),
    "twice": (literally(seed='1, "seed": 2'), "the member 'seed' (str) is there twice"),
    "thrice": (
        literally(seed='1, "a": 2, "seed": 3, "seed": 4'),
        "the member 'seed' (str) is there twice",
    ),
    # Structure that is too much, or not a model's.
    "deep": (b"[" * 10**5, DEEP),
    "deep objects": (b'{"a":' * 10**5, DEEP),
    "deep weights": (literally(weights="[" * 10**5), DEEP),
    "object": (literally(weights="{}"), "weights: expected a list, got {} (dict)"),
    # Sizes.
    "no sizes": (literally(sizes="null"), "sizes: expected a list such as [3, 4, 1], got None"),
    "one size": (written(sizes=[2]), "sizes: expected a list such as [3, 4, 1], got [2] (list)"),
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
    "more layers": (written(sizes=[1] * 10**5), "weights: 2, but the sizes need 99,999 layers"),
    "fewer layers": (written(sizes=[2, 2]), "weights: 2, but the sizes need 1 layer of them"),
    "digits": (
        literally(sizes=f"[{NINES}, 2, 1]"),
        "not a number of a model: 99999999999999999999... has 1,000,000 digits",
    ),
    # Names and seed.
    "activation": (written(activation="step"), f"activation: {KNOWN} 'step'"),
    "no activation": (
        literally(output_activation="null"),
        "output_activation: expected a name, got None",
    ),
    "long name": (
        written(init="x" * 10**6),
        f"init: expected a name, got '{'x' * 36}... (str)",
    ),
    "softmax": (
        written(activation="softmax"),
        "activation: softmax is for the output layer: say output_activation",
    ),
    "loss": (
        written(loss="hinge"),
        'loss: expected "squared_error" or "cross_entropy", got \'hinge\'',
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
        "weights[0]: expected a list of rows, got [1, 2] (list)",
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
        "NaN: expected finite numbers",
    ),
    "infinity": (literally(biases="[-Infinity]"), "-Infinity: expected finite numbers"),
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
        "not a number of a model: -9999999999999999999... has 1,000,001 digits",
    ),
    "biases": (written(biases=[[1.0, 2.0]]), "biases: 1, but the sizes need 2 layers of them"),
    "no biases": (written(biases=None), "biases is missing"),
    "bias": (written(biases=[[1.0, 2.0], 3.0]), "biases[1]: expected a list, got 3.0"),
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
        "history: stopped: expected a str, got 1",
    ),
    "loss true": (
        written(history=history_of(loss=[True])),
        "history: loss: expected finite numbers, got True (bool)",
    ),
    "loss infinite": (
        literally(history=json.dumps(history_of()).replace("1.0", "1e999")),
        "history: loss: expected finite numbers, got inf",
    ),
    "losses": (
        written(history=history_of(loss=[1.0, 2.0])),
        "history: loss: 2 values, but 1 epoch",
    ),
    "validation losses": (
        written(history=history_of(validation_loss=[1.0, 2.0])),
        "history: validation_loss: 2 values, but 1 epoch",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_model_is_refused_in_one_short_sentence(path, name):
    data, expected = BAD[name]
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
        "/dev/zero: more than 33,554,432 bytes, which is the most for a JSON model"
    )


def test_names_that_do_not_exist_are_no_names_of_the_room():
    with pytest.raises(AttributeError, match="has no attribute 'pickle'"):
        purenet.formats.pickle  # noqa: B018


# -- hostile files -----------------------------------------------------------------------------

MANY = 10**5

HOSTILE = {
    "digits": literally(seed="9" * 10 * MANY),
    "brackets": b"[" * 10 * MANY,
    "empty lists": literally(weights=f"[[[{'[],' * MANY}[]]]]"),
    "empty objects": literally(weights=f"[[[{'{},' * MANY}" + "{}]]]"),
    "objects": literally(weights="[" + ",".join(['{"":1}'] * MANY) + "]"),
    "short numbers": literally(weights=f"[[[{'1,' * MANY}1]]]"),
    "short sizes": literally(sizes=f"[{'1,' * MANY}1]"),
    "a list for a size": literally(sizes=f"[2, 2, [{'1,' * MANY}1]]"),
    "short rows": literally(sizes=f"[{MANY}, 1]", weights=f"[[{'[1],' * (MANY - 1)}[true]]]"),
    "layers": literally(sizes=f"[{'1,' * MANY}1]", weights=f"[{'[[1]],' * (MANY - 1)}[[true]]]"),
    "members": ("{" + ",".join(f'"{i}": 1' for i in range(MANY)) + ', "0": 1}').encode(),
    "text": literally(loss='"' + "\\u0001" * MANY + '"'),
    "history": literally(history=f"[{'[],' * MANY}[]]"),
    "billions": written(sizes=[10**9, 10**9, 10**9]) + b" " * MANY,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_takes_no_more_memory_than_its_length_explains(path, name):
    """A list of one short number, "[1],", is the most that one byte can ask for."""
    tracemalloc = pytest.importorskip("tracemalloc", exc_type=ImportError)  # PyPy has none
    path.write_bytes(HOSTILE[name])
    complaint(load, path)  # whatever is made once and kept
    tracemalloc.start()
    try:
        complaint(load, path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2**18 + 45 * len(HOSTILE[name])


# -- damaged files -----------------------------------------------------------------------------


def _valid_files():
    trained = Network([3, 4, 1], seed=1, bias=True, activation="relu")
    history = trained.train(
        ARTICLE_X, ARTICLE_Y, epochs=5, learning_rate=0.1, validation=(ARTICLE_X, ARTICLE_Y)
    )
    deep = Network([2, 1, 2, 3], seed=2, output_activation="softmax", loss="cross_entropy")
    return [(Network([2, 1], seed=3), None), (trained, history), (deep, History())]


TOKENS = [
    *("{", "}", "[", "]", ",", ":", '"', "\\", "null", "true", "false", "NaN", "-Infinity", "-"),
    *(
        "0",
        "-0",
        "-0.0",
        "1",
        "2",
        "1.0",
        "1e308",
        "1e309",
        "-1e400",
        "5e-324",
        "1e-999",
        "9" * 101,
    ),
    *("[]", "{}", "[[1]]", '""', '"\\ud800"', "\ufeff", "\x00", "4294967296", "1" + "0" * 99),
    *(f'"{name}"' for name in ("format", "sizes", "history", "loss", "softmax", "tanh", "linear")),
]
VALUES = [None, True, 0, -1, 1, 2, 1.5, -0.0, 10**30, "", "relu", "purenet", [], [1], [[1]], {}]


def flip_bits(chance, data):
    data = bytearray(data)
    for _ in range(chance.randint(1, 3)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def move_bytes(chance, data):
    """Take a piece out, and put it, or what it was, somewhere else, or nowhere."""
    start = chance.randrange(len(data))
    end = start + chance.randint(1, 30)
    to = chance.randrange(len(data))
    rest = chance.choice([data, data[:start] + data[end:]])
    return rest[:to] + chance.choice([data[start:end], b""]) + rest[to:]


def change_tokens(chance, data):
    tokens = re.findall(r'"[^"]*"|[\w.+-]+|\s+|.', data.decode())
    for _ in range(chance.randint(1, 3)):
        i = chance.randrange(len(tokens))
        other = chance.choice([chance.choice(tokens), chance.choice(TOKENS)])
        tokens[i : i + chance.randint(0, 2)] = [other]
    return "".join(tokens).encode()


def change_structure(chance, data):
    document = json.loads(data)
    for _ in range(chance.randint(1, 2)):
        value = document
        while True:  # walk down to some member of something
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            key = chance.choice(keys) if keys else None
            if key is None or not isinstance(value[key], (dict, list)) or chance.random() < 0.3:
                break
            value = value[key]
        _change_member(chance, value, key)
    return json.dumps(document).encode()


def _change_member(chance, value, key):
    new = copy.deepcopy(chance.choice(VALUES))
    if key is None:
        value.update(new=new) if isinstance(value, dict) else value.append(new)
    elif chance.random() < 0.3:
        del value[key]
    elif chance.random() < 0.3 and isinstance(value, list):
        value.insert(key, copy.deepcopy(chance.choice(value)))
    else:
        value[key] = new


WAYS = [flip_bits, move_bytes, change_tokens, change_structure]


def test_a_damaged_file_is_a_valid_model_or_refused_and_nothing_else(tmp_path):
    files = []
    for i, (network, history) in enumerate(_valid_files()):
        save(network, tmp_path / f"{i}.json", history)
        files.append((tmp_path / f"{i}.json").read_bytes())
    path, loaded = tmp_path / "damaged.json", 0
    for number in range(MUTATIONS):
        chance = random.Random(number)
        data = WAYS[number % len(WAYS)](chance, chance.choice(files))
        path.write_bytes(data)
        try:
            network, history = load(path), load_history(path)
        except PureNetError as error:
            assert str(error).startswith(f"{path}: "), number
            continue
        except BaseException as error:
            raise AssertionError(f"mutation {number}: {data!r}") from error
        loaded += 1
        _check_valid(network, history, path)
    assert MUTATIONS / 50 < loaded < MUTATIONS / 2  # else the mutations are too wild, or too tame


def _check_valid(network, history, path):
    check_parameters(network)
    assert all(map(all_finite, parameters(network)))
    assert all(type(x) is float for matrix in parameters(network) for row in matrix for x in row)
    save(network, path, history)
    assert parameters_of(load(path)) == parameters_of(network)
    assert repr(load_history(path)) == repr(history)


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
        "history: loss: 2 values, but 1 epoch",
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
    monkeypatch.setattr(json_model, "MOST_BYTES", len(old))
    save(Network([2, 1], init="zeros"), path)
    message = complaint(save, Network([20, 20]), path)
    assert message.startswith(f"{path}: more than {len(old)} bytes")
    assert load(path).weights == [[[0.0], [0.0]]]


# -- writing -----------------------------------------------------------------------------------


def names_in(folder):
    return [path.name for path in folder.iterdir()]


def assert_only(path, content):
    """Fail where the file has not this content, or where another lies beside it."""
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
