"""The core in one file: what is in it, and the files that it knows.

The bundle runs without anything else: in an empty folder, on an interpreter that is told to look
nowhere but there.
"""

import ast
import builtins
import json
import re
import symtable
import sys
from functools import cache
from pkgutil import iter_modules

import pytest
from bundles import (
    BITS,
    FILES,
    all_kinds_of_floats,
    bundle,
    everything,
    floats_of,
    isolated,
    numbers,
    optioned,
    run,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from models import ESTIMATORS, Frame, estimator_of
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    CHECKOUT,
    bits,
    complaint,
    finite_float,
    matrices,
    networks,
    state_of,
)

import purenet
from purenet import Classifier, Network, PureNetError, Regressor, core
from purenet.cli import main
from purenet.datasets import iris
from purenet.export import fold
from purenet.export.bundle import MODULES, bundle_source
from purenet.export.joining import join
from purenet.formats import board_json


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "purenet_core.py").write_text(bundle(True), encoding="utf-8")
    return tmp_path


# -- on this Python ----------------------------------------------------------------------------


@pytest.mark.parametrize("bare", [False, True])
def test_the_bundle_trains_to_the_same_bits_in_an_empty_folder(folder, bare):
    (folder / "purenet_core.py").write_text(bundle(bare), encoding="utf-8")
    (folder / "program.py").write_text(BITS, encoding="utf-8")
    trained = run([*isolated("python", sys.executable), "program.py", "options"], folder)[1:]
    assert numbers(trained) == optioned()


def test_files_go_from_here_to_the_bundle_and_back_to_the_last_bit(folder):
    network = all_kinds_of_floats()
    purenet.save(network, folder / "given.json")
    (folder / "program.py").write_text(FILES, encoding="utf-8")
    printed = numbers(run([*isolated("python", sys.executable), "program.py"], folder))
    assert bits([printed]) == bits([floats_of(network)])
    assert state_of(purenet.load(folder / "made.json")) == state_of(network)
    assert not (folder / "made.json.tmp").exists()


@pytest.mark.parametrize("name", ["core.c", "core.js", "core.TXT", "core.onnx"])
def test_the_command_refuses_a_name_that_is_not_of_python(folder, monkeypatch, capsys, name):
    monkeypatch.chdir(folder)
    assert main(["bundle", "-o", name]) == 1
    wanted = "expected a name for Python source, which ends in .py"
    assert capsys.readouterr().err == f"purenet: {name}: {wanted}\n"
    assert [path.name for path in folder.iterdir()] == ["purenet_core.py"]


# -- what is in it -----------------------------------------------------------------------------


def test_the_whole_core_is_in_the_bundle():
    modules = {module.name for module in iter_modules(core.__path__)} - {"_types"}
    assert {f"core/{name}.py" for name in modules} <= set(MODULES)
    names = {}
    exec(bundle(True), names)
    assert {"Network", "train", "check_gradients", "save", "load", "dumps", "loads"} <= set(names)


def test_the_examples_in_the_bundle_hold(folder):
    (folder / "purenet_core.py").write_text(bundle(False), encoding="utf-8")
    # An error's name has its module before it, which is another one here.
    doctest = [sys.executable, "-I", "-m", "doctest", "-o", "IGNORE_EXCEPTION_DETAIL"]
    assert run([*doctest, "-v", "purenet_core.py"], folder)[-1] == "Test passed."


def test_an_engine_of_another_name_gives_way_to_lists():
    names = {}
    exec(bundle(True), names)
    weights = []
    for engine in ("auto", "unrolled", "lists"):
        network = names["Network"]([3, 4, 1], seed=1)
        history = network.train(ARTICLE_X, ARTICLE_Y, epochs=3, engine=engine)
        assert history.engine == "lists"
        weights.append(network.weights)
    trained = Network([3, 4, 1], seed=1)
    trained.train(ARTICLE_X, ARTICLE_Y, epochs=3)
    assert weights == [trained.weights] * 3


@pytest.mark.parametrize("bare", [False, True])
def test_every_name_that_is_used_is_bound(bare):
    table = symtable.symtable(bundle(bare), "bundle", "exec")
    bound = {s.get_name() for s in table.get_symbols() if s.is_assigned() or s.is_imported()}
    assert used_in(table) - bound <= set(dir(builtins))


def used_in(table):
    """Return the names that are looked up in the module; annotations in quotes are not."""
    names = {s.get_name() for s in table.get_symbols() if s.is_global()}
    return names.union(*map(used_in, table.get_children()))


class Bare(ast.NodeTransformer):
    """The effect of `bare`, on a syntax tree."""

    def visit(self, node):
        self.generic_visit(node)
        documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if documented and ast.get_docstring(node) is not None:
            is_empty = len(node.body) == 1 and not isinstance(node, ast.Module)
            node.body[:1] = [ast.Pass()] if is_empty else []
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign) and node.value is not None:
            return ast.Assign([node.target], node.value)
        return node


def program_of(source, visitor=None):
    """Return a program as text, equal where two do the same; modules are imported anywhere."""
    tree = ast.parse(source)
    tree.body = [statement for statement in tree.body if not isinstance(statement, ast.Import)]
    return ast.dump(visitor.visit(tree) if visitor else tree)


def test_a_bare_bundle_is_the_same_program_without_docstrings_and_annotations():
    about, _, rest = bundle(True).partition('\n"""\n\n')
    assert about == bundle(False).partition('\n"""\n\n')[0]
    assert program_of(rest) == program_of(bundle(False), Bare())
    assert '"""' not in rest and "#" not in rest and "\n\n" not in rest


SOURCES = sorted(path for path in CHECKOUT.glob("tests/**/*.py") if "wasm" not in path.parts)
FEW = [path for path in SOURCES if path.parent.name in ("core", "helpers")]
MORE = [pytest.param(path, marks=pytest.mark.exhaustive) for path in SOURCES if path not in FEW]


@pytest.mark.parametrize("path", [*FEW, *MORE], ids=lambda path: path.name)
def test_any_module_comes_out_bare(path):
    source = path.read_text(encoding="utf-8")
    assert program_of(join({"a": source}, bare=True)) == program_of(source, Bare())


BARE = {
    "a comment that is text": ("x = '# y'  # z\n", "x = '# y'\n"),
    "lines of a text": ('x = """a \n\n# b\n"""\n\ny = 1\n', 'x = """a \n\n# b\n"""\ny = 1\n'),
    "a docstring alone": ('class A:\n    """B."""\n', "class A:\n    pass\n"),
    "a default": (
        "def f(a: int = 1, *b: int) -> 'c':\n    return a\n",
        "def f(a=1, *b):\n    return a\n",
    ),
    "letters of several bytes": (
        "def f(ä: 'Ä', b: 'ö' = 'ü') -> 'Ö':\n    return ä\n",
        "def f(ä, b='ü'):\n    return ä\n",
    ),
    "a name with a kind": ("a: int = 1\n", "a = 1\n"),
    "an import of a neighbor": (
        "def f():\n    from .b import c\n\n    return c\n",
        "def f():\n    return c\n",
    ),
}


@pytest.mark.parametrize("name", BARE)
def test_what_a_board_does_without_is_left_out(name):
    source, bare = BARE[name]
    assert join({"b": "c = 1\n", "a": source}, bare=True) == f"c = 1\n{bare}"


def test_of_the_package_there_is_what_is_imported_from_it():
    package = (
        '"""About."""\n\n# The first.\nA = 1\n\n# The second.\nB = 2\n\n\ndef c():\n    """C."""\n'
    )
    joined = join({"__init__": package, "a": "from . import B\n\nprint(B)\n"})
    assert re.sub("-{9,}", "---", joined) == (
        "\n\n# -- __init__ ---\n\n# The second.\nB = 2\n\n\n# -- a ---\n\nprint(B)\n"
    )


def test_no_two_modules_bind_the_same_name_or_that_of_a_builtin():
    # An interactive Python keeps its last answer among the builtins, as `_`.
    owners = dict.fromkeys({*dir(builtins)} - {"_"}, "Python")
    model = Classifier(epochs=1).fit(Frame([[0], [1]]), ["no", "yes"])
    imports, *parts = re.split(r"^# -- (\w+) -+\n", bundle_source(model), flags=re.MULTILINE)
    for module, part in [("the imports", imports), *zip(parts[::2], parts[1::2])]:
        symbols = symtable.symtable(part, module, "exec").get_symbols()
        for name in [s.get_name() for s in symbols if s.is_assigned() or s.is_imported()]:
            assert owners.setdefault(name, module) == module, name
    assert {owners[name] for name in ("network", "classes", "inputs")} == {"model"}
    assert len(parts) == 2 * len([*MODULES, "model"])


def test_bare_is_true_or_false():
    assert complaint(bundle_source, bare=1) == "bare: expected True or False, got 1"


# -- a model in it -----------------------------------------------------------------------------


@cache
def names_of_the_core():
    names = {}
    exec(bundle(True), names)
    return names


def built(model, bare=True):
    """Return the names bound by the part of a bundle with its model, run with the core's names."""
    rest = bundle_source(model, bare=bare).partition("\nnetwork = loads(")
    names = dict(names_of_the_core())
    exec(rest[1] + rest[2], names)
    return names


@st.composite
def any_networks(draw):
    """Draw a network whose weights and biases may be any finite floats."""
    network = draw(networks(layers=4, width=4))
    pairs = zip(network.sizes, network.sizes[1:])
    network.weights = [draw(matrices(m, n, finite_float)) for m, n in pairs]
    network.biases = [draw(matrices(1, len(row), finite_float))[0] for row in network.biases]
    return network


@settings(max_examples=min(20, settings().max_examples // 4))  # each runs a whole bundle
@given(network=any_networks())
def test_a_network_in_the_bundle_is_the_network_to_the_last_bit(network):
    assert everything(built(network)["network"]) == everything(network)


def test_a_classifier_in_the_bundle_takes_inputs_as_they_are_and_has_its_classes():
    X, species = iris()
    classifier = Classifier(4, epochs=20).fit(X, species)
    names = built(classifier)
    # Standardization folds into the first layer, which rounds otherwise; 4 inputs are few.
    assert names["network"].predict(X) == [
        pytest.approx(row, rel=1e-12) for row in classifier.predict_proba(X)
    ]
    assert names["classes"] == ["setosa", "versicolor", "virginica"]
    assert "inputs" not in names


def test_a_regressor_in_the_bundle_gives_outputs_on_their_scale_and_can_learn_on():
    X = [[i, 1000 - i * i] for i in range(20)]
    y = [500.0 + 3 * a + b for a, b in X]
    regressor = Regressor(3, epochs=20).fit(X, y)
    names = built(regressor)
    network = names["network"]
    # An output of about 1000 is a sum of terms of that size.
    assert [output for [output] in network.predict(X)] == pytest.approx(
        regressor.predict(X), rel=1e-12
    )
    assert "classes" not in names
    assert network.loss_on(X, [[a] for a in y]) > network.loss_on(X, network.predict(X)) == 0.0


def test_a_tables_columns_are_named_in_the_bundle(tmp_path):
    from purenet.cli import main

    table, model = tmp_path / "table.csv", tmp_path / "model.json"
    table.write_text("a,ß,y\n" + "1,u,no\n2,v,yes\n" * 10, encoding="utf-8")
    assert main(["train", str(table), "--target", "y", "-o", str(model), "--epochs", "1"]) == 0
    names = built(purenet.load(model))
    assert names["inputs"] == ["a", "ß=u", "ß=v"]
    assert names["classes"] == ["no", "yes"]


def test_a_bundle_says_which_names_its_model_has():
    first = "    from purenet_core import Network, load, save"
    assert bundle_source().splitlines()[2] == first
    assert bundle_source(Network([1, 1])).splitlines()[2] == f"{first}, network"
    classifier = Classifier(epochs=1).fit([[0], [1]], ["no", "yes"])
    assert bundle_source(classifier).splitlines()[2] == f"{first}, network, classes"


def test_what_is_no_model_is_refused():
    assert complaint(bundle_source, 1) == "expected a Network, a Classifier or a Regressor, got 1"
    network = Network([1, 1])
    network.weights = [[[float("nan")]]]
    assert "weights[0]: row 0, column 0: expected a finite number" in complaint(
        bundle_source, network
    )


# -- its JSON ----------------------------------------------------------------------------------


@given(network=any_networks())
def test_boards_and_purenet_read_each_others_files_to_the_last_bit(tmp_path_factory, network):
    path, before = tmp_path_factory.getbasetemp() / "model.json", state_of(network)
    board_json.save(network, path)
    assert path.read_text(encoding="utf-8") == board_json.dumps(network)
    loaded = purenet.load(path)
    assert everything(loaded) == everything(network)
    purenet.save(network, path)
    assert state_of(board_json.load(path)) == state_of(loaded)
    assert state_of(board_json.loads(board_json.dumps(network))) == state_of(loaded)
    assert state_of(network) == before


def test_a_history_is_passed_over(tmp_path):
    network = Network([3, 4, 1], seed=1)
    history = network.train(ARTICLE_X, ARTICLE_Y, epochs=3)
    purenet.save(network, tmp_path / "net.json", history)
    assert board_json.load(tmp_path / "net.json").weights == network.weights


@pytest.mark.parametrize("name", ESTIMATORS)
def test_an_estimators_file_gives_the_folded_network_to_the_last_bit_and_its_classes(
    name, tmp_path
):
    estimator = estimator_of(name)
    purenet.save(estimator, tmp_path / "net.json")
    network = board_json.load(tmp_path / "net.json")
    folded = fold(estimator)
    assert everything(network) == everything(folded.network)
    assert repr(network.classes) == repr(folded.classes)
    board_json.save(network, tmp_path / "net.json")
    assert everything(purenet.load(tmp_path / "net.json")) == everything(folded.network)


@pytest.mark.parametrize("kind", [list, tuple])
def test_weights_that_were_set_to_integers_are_saved_as_floats_and_stay_what_they_are(kind):
    network = Network([2, 1], bias=True, seed=1)
    network.weights, network.biases = kind([((1,), (2,))]), kind([range(3, 4)])
    before = repr((network.weights, network.biases))
    loaded = board_json.loads(board_json.dumps(network))
    assert (loaded.weights, loaded.biases) == ([[[1.0], [2.0]]], [[3.0]])
    assert repr((network.weights, network.biases)) == before


def written(**changes):
    """Return a network's JSON with some members changed, and those that are None left out."""
    members = {**json.loads(board_json.dumps(Network([2, 2, 1], bias=True, seed=7))), **changes}
    return json.dumps({name: value for name, value in members.items() if value is not None})


REFUSED = {
    "": "not valid JSON in UTF-8",
    written()[:-1]: "not valid JSON in UTF-8",
    "[" * 100_000: "not valid JSON in UTF-8",
    "[]": 'not a model of PureNet: expected an object with "format": "purenet"',
    written(format="other"): 'not a model of PureNet: expected an object with "format": "purenet"',
    written(version=3): "version: expected 1 or 2, got 3",
    written(estimator="one"): "expected an object with inputs, got 'one' (str)",
    written(estimator={"inputs": [1, 2]}): "expected an object with means, got [1, 2] (list)",
    written(
        estimator={"inputs": {"means": [1, 2]}}
    ): "inputs: row 1: expected a row of numbers, got None",
    written(
        estimator={"inputs": {"means": [1], "deviations": [1]}}
    ): "inputs: row 0 has 1 value, but needs 2",
    written(
        estimator={"output_scale": {"means": [0], "deviations": ["1"]}}
    ): "output_scale: row 1, column 0: expected a real number, got '1' (str)",
    written(
        estimator={"inputs": {"means": [0, 0], "deviations": [1e-309, 1]}}
    ): "standardization makes a weight too large for a float",
    written(
        estimator={"classes": ["a", "b"]}
    ): "classes: expected a list of 1, got ['a', 'b'] (list)",
    written(seed=None): "seed is missing",
    written(note=1): "unknown member 'note' (str)",
    written(weights={}): "weights: expected a list, got {} (dict)",
    written(weights=[1, 2]): "weights[0]: expected a sequence of rows, got 1",
    written(weights=[[[1, 2]], [[1], [2]]]): "weights[0]: (1 x 2), but the sizes need (2 x 2)",
    written(
        weights=[[[1, 2], [3, "4"]], [[1], [2]]]
    ): "weights[0]: row 1, column 1: expected a real number, got '4' (str)",
    written(
        weights=[[[1, 2], [3, 1e999]], [[1], [2]]]
    ): "weights[0]: row 1, column 1: expected a finite number, got inf",
    written(
        weights=[[[1, 2], [3, 10**400]], [[1], [2]]]
    ): f"weights[0]: row 1, column 1: 1{'0' * 36}... is too large for a float",
    written(biases=[[1, 2]]): "biases: expected 2 rows for sizes [2, 2, 1], got 1",
    written(biases=[[1, 2], 3]): "biases[1]: row 0: expected a row of numbers, got 3",
    written(sizes=[2]): "sizes: expected at least two layers, got [2] (list)",
    written(sizes=[2, 2.0, 1]): "sizes[1]: expected a whole number of at least 1, got 2.0",
    written(
        sizes=[10**9, 10**9, 1]
    ): "weights[0]: (2 x 2), but the sizes need (1000000000 x 1000000000)",
    written(
        activation="sine"
    ): 'activation: expected "leaky_relu", "linear", "relu", "sigmoid" or "tanh", got \'sine\'',
    written(
        loss="cross_entropy", output_activation="tanh"
    ): 'loss: "cross_entropy" needs a sigmoid or softmax output layer, not tanh',
    written(init=[]): 'init: expected "uniform", "glorot", "he" or "zeros", got []',
    written(seed=-1): "seed: expected a whole number from 0 to 4294967295, got -1",
}


@pytest.mark.parametrize("text", REFUSED, ids=list(REFUSED.values()))
def test_a_file_that_is_no_network_is_refused(text, tmp_path):
    assert complaint(board_json.loads, text) == REFUSED[text]
    (tmp_path / "net.json").write_text(text, encoding="utf-8")
    assert complaint(board_json.load, tmp_path / "net.json") == REFUSED[text]
    with pytest.raises(PureNetError):
        purenet.load(tmp_path / "net.json")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    (tmp_path / "net.json").write_bytes(b'{"format": "\xff"}')
    assert complaint(board_json.load, tmp_path / "net.json") == "not valid JSON in UTF-8"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=5,
)


@given(data=st.data())
def test_a_damaged_file_is_a_network_or_refused_and_purenets_networks_are_the_same(
    tmp_path_factory, data
):
    path = tmp_path_factory.getbasetemp() / "damaged.json"
    document = json.loads(written())
    place, value = document, document
    while (
        isinstance(value, (dict, list)) and value and (place is value or data.draw(st.booleans()))
    ):
        place = value
        key = data.draw(
            st.sampled_from(sorted(place) if isinstance(place, dict) else range(len(place)))
        )
        value = place[key]
    place[key] = data.draw(json_values)
    path.write_text(json.dumps(document), encoding="utf-8")
    try:
        network = board_json.load(path)
    except PureNetError:
        network = None
    try:
        expected = purenet.load(path)
    except PureNetError:
        expected = None
    assert expected is None or state_of(network) == state_of(expected)
    assert network is None or state_of(board_json.loads(board_json.dumps(network))) == state_of(
        network
    )


SPOILT = {
    "a NaN": ("weights", [[[float("nan")]]]),
    "weights of another shape": ("weights", [[[1.0, 2.0]]]),
    "an unknown activation": ("activation", "sine"),
    "a loss that does not fit": ("loss", "cross_entropy"),
    "a negative seed": ("seed", -1),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_could_not_be_loaded_is_not_saved_and_the_old_file_stays(tmp_path, name):
    network = Network([1, 1], activation="tanh")
    setattr(network, *SPOILT[name])
    (tmp_path / "net.json").write_text("old")
    said = complaint(board_json.save, network, tmp_path / "net.json")
    assert said == complaint(board_json.dumps, network)
    assert [path.name for path in tmp_path.iterdir()] == ["net.json"]
    assert (tmp_path / "net.json").read_text() == "old"


def test_what_is_no_network_is_not_saved(tmp_path):
    assert complaint(board_json.save, None, tmp_path / "net.json") == "expected a Network, got None"
    assert not list(tmp_path.iterdir())


def test_a_file_that_was_there_before_stays_until_the_new_one_is_whole(tmp_path, monkeypatch):
    path = tmp_path / "net.json"
    path.write_text("old")
    monkeypatch.setattr(board_json.json, "dumps", lambda value: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        board_json.save(Network([2, 1]), path)
    assert path.read_text() == "old"
