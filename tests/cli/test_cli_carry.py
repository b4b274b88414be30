"""The commands that carry a model elsewhere: convert, export and bundle."""

import re
import struct

import numpy as np
import pytest
from command_line import IRIS, IRIS_ROWS, purenet, said
from estimator_data import Frame
from safetensors_files import written

import purenet as package
from purenet import Classifier, Network, load
from purenet.export import c_source, javascript_source, python_source
from purenet.formats import load_history

FORMATS = [".json", ".npz", ".safetensors", ".onnx"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the article's network, and a model of the flowers."""
    folder = tmp_path_factory.mktemp("models")
    said("--save", "net.json", "--epochs", "600", "--quiet", cwd=folder)
    said("train", IRIS, "--target", "species", "-o", "iris.json", "-q", cwd=folder)
    return folder


# -- convert -------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["net", "iris"])
def test_convert_loses_nothing_on_its_way_through_every_format(folder, tmp_path, model):
    first = folder / f"{model}.json"
    ways = [first, *(tmp_path / f"m{ending}" for ending in FORMATS[1:])]
    for source, target in zip(ways, ways[1:]):
        assert said("convert", source, target) == f"{target} written\n"
    said("convert", target, tmp_path / "m.json")
    assert (tmp_path / "m.json").read_bytes() == first.read_bytes()


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("model", ["net", "iris"])
def test_convert_leaves_out_the_history_and_says_so(folder, tmp_path, model, ending):
    source, bare = folder / f"{model}.json", tmp_path / f"bare{ending}"
    printed = said("convert", source, bare, "--bare")
    assert printed == f"{bare} written, without its history\n"
    before, after = load(source), load(bare)
    assert load_history(source).epochs and not load_history(bare).epochs
    row = [0.1, 3.0, 5.1] if model == "net" else [5.9, 3.0, 5.1, 1.8]
    assert after.predict([row]) == before.predict([row])
    again = tmp_path / "again.npz"
    assert said("convert", bare, again, "--bare") == f"{again} written: it had no history\n"


@pytest.mark.parametrize("ending", FORMATS[1:])
def test_convert_to_32_bits_costs_digits_and_half_the_weights_bytes(folder, tmp_path, ending):
    target = tmp_path / f"m{ending}"
    said("convert", folder / "net.json", target, "--float32")
    exact, rounded = load(folder / "net.json").weights, load(target).weights
    assert rounded == [np.float32(W).tolist() for W in exact] != exact


def test_a_file_of_probabilities_only_is_the_same_model_without_labels(folder, tmp_path):
    model, again = tmp_path / "m.onnx", tmp_path / "m.json"
    said("convert", folder / "iris.json", model, "--probabilities-only")
    assert b"ArgMax" not in model.read_bytes()
    said("convert", model, again)
    assert again.read_bytes() == (folder / "iris.json").read_bytes()


@pytest.mark.filterwarnings("always")
def test_a_warning_is_a_line_on_standard_error(tmp_path):
    rows = {"weight": 2.0, "running_mean": 1.0, "running_var": 4.0}
    tensors = {f"1.{name}": ("F64", [1], struct.pack("<d", x)) for name, x in rows.items()}
    tensors["0.weight"] = ("F64", [1, 1], struct.pack("<d", 3.0))
    (tmp_path / "m.safetensors").write_bytes(written(tensors))
    options = ["m.safetensors", "m.json", "--output-activation", "linear"]
    done = purenet("convert", *options, cwd=tmp_path)
    guess = "taken as 1 before the activation of 0; eps=1e-05, as the file does not say"
    assert (done.stdout, done.stderr) == ("m.json written\n", f"purenet: BatchNorm: {guess}\n")


@pytest.mark.parametrize("ending", FORMATS)
def test_the_other_commands_take_every_format(folder, tmp_path, ending):
    model = tmp_path / f"iris{ending}"
    said("convert", folder / "iris.json", model)
    assert said("predict", model, IRIS) == said("predict", folder / "iris.json", IRIS)
    sizes = [line for line in said("inspect", model).splitlines() if line.startswith("sizes")]
    assert sizes == ["sizes:                 4, 16, 3"]


def test_a_file_of_numpy_needs_its_activations(tmp_path):
    arrays = {"coefs_0": [[1.0, -2.0]], "coefs_1": [[3.0], [4.0]]}
    np.savez(tmp_path / "m.npz", **arrays)
    done = purenet("convert", "m.npz", "m.json", cwd=tmp_path)
    message = "m.npz: the activation of the hidden layers is unknown: give activation"
    assert (done.returncode, done.stderr) == (1, f"purenet: {message}\n")
    options = ["--activation", "relu", "--output-activation", "linear"]
    said("convert", "m.npz", "m.json", *options, cwd=tmp_path)
    assert load(tmp_path / "m.json").predict([[2], [-2]]) == [[6.0], [16.0]]
    np.savez(tmp_path / "m.npz", **arrays, coefs_2=[[-1.0]])
    options[1] = "relu,linear"
    said("convert", "m.npz", "m.json", *options, cwd=tmp_path)
    assert load(tmp_path / "m.json").predict([[2], [-2]]) == [[-6.0], [-16.0]]


def test_a_file_of_pytorch_may_need_the_order_of_its_layers(folder, tmp_path):
    names = ["input_layer", "hidden_layer", "output_layer"]
    tensors = {
        f"{name}.weight": ("F64", [1, 1], struct.pack("<d", k)) for k, name in enumerate(names)
    }
    (tmp_path / "m.safetensors").write_bytes(written(tensors))
    options = ["m.safetensors", "m.json", "--activation", "tanh", "--output-activation", "linear"]
    done = purenet("convert", *options, cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "layers: the names ['" in done.stderr
    assert "do not show the order: expected this option to list them in order" in done.stderr
    said("convert", *options, "--layers", ",".join(names), cwd=tmp_path)
    assert load(tmp_path / "m.json").weights == [[[0.0]], [[1.0]], [[2.0]]]
    done = purenet("convert", *options, "--layers", "a,b", cwd=tmp_path)
    assert "m.safetensors: layers: expected the file's layers, ['" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (
            ["net.json", "m.txt"],
            "m.txt: expected a name that ends in .json, .npz, .safetensors or .onnx",
        ),
        (
            ["net.json", "m.py"],
            "m.py: expected the name of a model's file; to write source code: export net.json -o m",
        ),
        (["net.json", "m.json", "--float32"], "m.json: float32: JSON keeps every digit"),
        (
            ["iris.json", "m.npz", "--probabilities-only"],
            "m.npz: probabilities_only: only .onnx files take this option",
        ),
        (
            ["net.json", "m.npz", "--activation", "relu"],
            "net.json: activation, output_activation: leave them out",
        ),
        (["net.json", ""], "path: expected the name of a file, got ''"),
        (["none.npz", "m.json"], "No such file or directory: 'none.npz'"),
        (["net.json", "none/m.npz"], "No such file or directory: 'none/m.npz'"),
        (["wrong.onnx", "m.json"], "wrong.onnx: "),
        (["wrong.npz", "m.json"], "wrong.npz: "),
        (["wrong.safetensors", "m.json"], "wrong.safetensors: "),
    ],
)
def test_what_cannot_be_converted_is_one_sentence(folder, arguments, message):
    for ending in FORMATS[1:]:
        (folder / f"wrong{ending}").write_text("no model")
    done = purenet("convert", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (1, "")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


# -- export --------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["net.json", "iris.json"])
def test_export_writes_what_the_ending_says(folder, tmp_path, model):
    saved = load(folder / model)
    written = {
        "model.py": python_source(saved),
        "model.h": c_source(saved, name="model"),
        "my-net 2.h": c_source(saved, name="my_net_2"),
        "2nd.h": c_source(saved, name="net"),
        "the-model.js": javascript_source(saved, script="the-model"),
        "model.mjs": javascript_source(saved),
    }
    for name, source in written.items():
        out = tmp_path / name
        assert said("export", folder / model, "-o", out).startswith(f"{out} written: ")
        assert out.read_text(encoding="ascii") == source
    done = purenet("export", folder / model)
    assert done.stdout == written["model.py"]
    first, second = done.stderr.splitlines()
    assert first == f"purenet: {len(done.stdout):,} characters, every digit"
    assert re.fullmatch(r"purenet: [\d,]+ bytes of weights, \d+ bytes of RAM for .*", second)


@pytest.mark.parametrize("name", ["m.py", "m.h", "m.mjs"])
def test_export_says_what_stands_for_a_missing_cell(tmp_path, name):
    lines = ["color,size,price", "red,1,10", "green,,12", ",4,20", "red,2,14", "green,3,9"]
    (tmp_path / "t.csv").write_text("\n".join(lines))
    options = ["--target", "price", "--test", "0", "--epochs", "2", "-q", "-o", "m.json"]
    said("train", "t.csv", *options, cwd=tmp_path)
    said("export", "m.json", "-o", name, cwd=tmp_path)
    source = (tmp_path / name).read_text()
    assert "For a missing number, the mean of its column:" in source
    mean = load(tmp_path / "m.json").columns_[1].mean
    assert re.search(f'size"?: {mean!r}\n', source)
    if name == "m.py":
        names: dict = {}
        exec(source, names)
        answers = purenet("predict", "m.json", "t.csv", cwd=tmp_path).stdout.split()[1:]
        rows = [[0, 1, 1], [1, 0, mean], [0, 0, 4], [0, 1, 2], [1, 0, 3]]
        assert [names["predict"](row) for row in rows] == pytest.approx(list(map(float, answers)))


def test_export_of_fewer_digits_says_what_they_cost(folder, tmp_path):
    out = tmp_path / "iris.py"
    words = said("export", folder / "iris.json", "-o", out, "--digits", "3", "--data", IRIS)
    characters = f"{len(out.read_text()):,} characters"
    begin = f"{out} written: {characters}, 3 digits: outputs differ by at most "
    assert words.startswith(begin) and " on 150 rows, " in words
    largest = float(words[len(begin) :].split()[0])
    names: dict = {}
    exec(out.read_text(), names)
    X = [[float(value) for value in list(row.values())[:4]] for row in IRIS_ROWS]
    exact = load(folder / "iris.json").predict_proba(X)
    apart = np.abs(np.array([names["predict"](row) for row in X]) - exact).max()
    assert f"{apart:.2g}" == f"{largest:.2g}"
    random = said("export", folder / "iris.json", "-o", out, "--digits", "3")
    assert " on 1,000 random rows, " in random


def test_export_measures_on_columns_found_by_the_names_that_a_model_knows(tmp_path):
    X = [[0.0, 300.0], [1.0, 100.0], [2.0, 200.0]]
    frame = Frame(X, ["a", "b"])
    package.save(Classifier(epochs=5, random_state=0).fit(frame, [0, 1, 1]), tmp_path / "m.json")
    (tmp_path / "ab.csv").write_text("a,b\n" + "".join(f"{a},{b}\n" for a, b in X))
    rows = zip(X, ["no", "yes", "yes"])
    (tmp_path / "bay.csv").write_text("b,a,y\n" + "".join(f"{b},{a},{y}\n" for (a, b), y in rows))
    options = ["export", "m.json", "-o", "m.py", "--digits", "1", "--data"]
    by_name = {said(*options, f"{name}.csv", cwd=tmp_path) for name in ("ab", "bay")}
    assert len(by_name) == 1


@pytest.mark.parametrize(
    ("file", "options", "remedy"),
    [
        ("m.py", ["--digits", "1"], "more --digits are closer"),
        ("m.py", ["--pack", "int8"], "--pack float32 has seven digits"),
        ("m.h", ["--pack", "int8"], "--float32 has seven digits"),
        ("m.h", ["--pack", "integer"], "--float32 has seven digits"),
        ("m.mjs", ["--pack", "int8"], "--float32 has seven digits"),
        ("int8.js", ["--digits", "1"], "more --digits are closer"),
    ],
)
def test_export_says_why_rows_get_another_class_and_what_helps(tmp_path, file, options, remedy):
    # Classes hang on the second input, which is small, and which nothing standardizes.
    X = [[i / 10, 1e-5 * (i % 3)] for i in range(60)]
    network = Network([2, 3], output_activation="softmax", init="zeros")
    network.weights = [[[21.2, 21.2, 21.2001], [0.0, 9.4e4, -9.5e4]]]
    if "--pack" in options:
        network.weights = [[[2e3, 2e3, 2e3], [1.0, 2.0, -1.0]]]
    package.save(network, tmp_path / "m.json")
    (tmp_path / "rows.csv").write_text("".join(f"{a},{b}\n" for a, b in X))
    done = purenet("export", "m.json", "-o", file, *options, "--data", "rows.csv", cwd=tmp_path)
    assert re.search(r" (\d+) get another class\n", done.stdout)
    assert re.fullmatch(rf"purenet: \d+ of 60 rows get another class: .*{remedy}\n", done.stderr)


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--pack", "int8"], "int8: outputs differ by at most "),
        (["--pack", "float32"], "float32: outputs differ by at most "),
        (["--limit", "100000"], "every digit\n"),
        (["--limit", "3500"], ": outputs differ by at most "),
    ],
)
def test_export_says_how_the_weights_are_written(folder, tmp_path, options, what):
    done = purenet("export", folder / "iris.json", "-o", tmp_path / "iris.py", *options)
    assert what in done.stdout
    if "--limit" in options:
        assert len((tmp_path / "iris.py").read_text()) <= int(options[1])


def test_export_of_a_module_or_of_what_trains_on_is_exact(folder, tmp_path):
    for options in ["--trainable"], ["--trainable", "--module"], ["--module", "--digits", "17"]:
        out = tmp_path / "iris.py"
        words = said("export", folder / "iris.json", "-o", out, *options)
        source = out.read_text()
        assert words.startswith(f"{out} written: {len(source):,} characters, every digit")
        assert ("def train(" in source) == ("--trainable" in options)
        assert ("stdin" in source) == ("--module" not in options)


def test_export_says_where_folding_the_standardization_costs_digits(tmp_path):
    rows = [[1.7e9 + i / 1000] for i in range(20)]  # seconds since 1970, say
    classifier = Classifier(2, epochs=5).fit(rows, ["early"] * 10 + ["late"] * 10)
    package.save(classifier, tmp_path / "m.json")
    done = purenet("export", "m.json", "-o", "m.py", cwd=tmp_path)
    assert "every digit: outputs differ by at most " in done.stdout
    assert done.stderr == (
        "purenet: input 0: its mean, 1.7e+09, is too far from 0 for floats of 32 bits: for a board"
        " that has no others, train and predict on it minus 1700000000\n"
    )
    (tmp_path / "rows.csv").write_text("".join(f"{x!r}\n" for [x] in rows))
    words = purenet("export", "m.json", "-o", "m.py", "--data", "rows.csv", cwd=tmp_path).stdout
    names: dict = {}
    exec((tmp_path / "m.py").read_text(), names)
    exact = np.array(classifier.predict_proba(rows))
    largest = np.abs(np.array([names["predict"](row) for row in rows]) - exact).max()
    assert f"outputs differ by at most {largest:.2g} on 20 rows" in words


def test_export_to_c_takes_kinds_of_numbers(folder, tmp_path):
    model, out = folder / "iris.json", tmp_path / "net.h"
    words = said("export", model, "-o", out, "--float32")
    assert "net_predict takes and gives floats, rounded weights alone: outputs differ by " in words
    assert out.read_text() == c_source(load(model), number="float")
    words = said("export", model, "-o", out, "--pack", "int8")
    assert "gives floats, int8, rounded weights alone: outputs differ by" in words
    assert out.read_text() == c_source(load(model), pack="int8")


@pytest.mark.parametrize(
    ("options", "parameters", "what"),
    [
        (["--digits", "3"], {"digits": 3}, "3 digits"),
        (["--float32"], {"pack": "float32"}, "float32"),
        (["--pack", "float32"], {"pack": "float32"}, "float32"),
        (["--pack", "int8"], {"pack": "int8"}, "int8"),
        (["--trainable"], {"trainable": True}, "every digit"),
    ],
)
def test_export_to_javascript_takes_every_option_in_both_forms(
    folder, tmp_path, options, parameters, what
):
    model = load(folder / "iris.json")
    for name, script in (("net.mjs", None), ("my-net.js", "my-net")):
        words = said("export", folder / "iris.json", "-o", name, *options, cwd=tmp_path)
        source = javascript_source(model, **parameters, script=script)
        assert (tmp_path / name).read_text() == source
        global_name = ", sets module.exports or the global my_net" if script else ""
        ending = "\n" if what == "every digit" else ": outputs differ by at most "
        assert f" characters, {what}{global_name}{ending}" in words


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["net.json", "-o", "m.rs"], 1, "m.rs: expected a name that ends in .py, .h, .js or .mjs"),
        (
            ["net.json", "-o", "m.onnx"],
            1,
            ".mjs; to write a model's file: convert net.json m.onnx",
        ),
        (
            ["net.json", "-o", "m.h", "--digits", "3"],
            2,
            "--digits: only for Python or JavaScript, but the output is C",
        ),
        (
            ["net.json", "-o", "m.mjs", "--pack", "integer"],
            2,
            "--pack: expected float32 or int8 for JavaScript, got integer",
        ),
        (
            ["net.json", "-o", "m.h", "--pack", "float32"],
            2,
            "--pack: expected int8 or integer for C, got float32; --float32 ",
        ),
        (
            ["net.json", "-o", "m.mjs", "--pack", "int8", "--float32"],
            2,
            "--digits, --pack or --float32: expected one of them, got 2",
        ),
        (
            ["net.json", "-o", "m.js", "--trainable", "--float32"],
            2,
            "--trainable: training needs every digit; leave out --float32",
        ),
        (
            ["net.json", "-o", "m.py", "--float32"],
            2,
            "--float32: only for C or JavaScript, but the output is Python",
        ),
        (
            ["net.json", "--digits", "3", "--limit", "9"],
            2,
            "--digits, --pack or --limit: expected one of ",
        ),
        (["net.json", "--digits", "18"], 2, "--digits: expected a whole number from 1 to 17"),
        (
            ["net.json", "--trainable", "--digits", "3"],
            2,
            "--trainable: training needs every digit",
        ),
        (
            ["net.json", "-o", "m.h", "--trainable", "--pack", "int8"],
            2,
            "--trainable: training needs every digit; leave out --pack",
        ),
        (
            ["net.json", "--style", "lists", "--pack", "int8"],
            2,
            "--style: --pack has one style only",
        ),
        (["net.json", "--data", IRIS], 1, "iris.csv: 5 columns, but the model has 3 inputs: give "),
        (["net.json", "--limit", "100"], 1, "limit: the smallest file there is has "),
        (["net.json", "-o", "none/m.py"], 1, "No such file or directory: 'none/m.py'"),
    ],
)
def test_what_cannot_be_exported_is_one_sentence(folder, arguments, code, message):
    done = purenet("export", *arguments, cwd=folder)
    assert (done.returncode, done.stdout) == (code, "")
    sentence, *way_to_help = done.stderr.splitlines()
    assert message in sentence
    assert len(way_to_help) == (code == 2)


def test_a_header_says_how_it_is_named_and_trains_if_it_should(folder, tmp_path):
    words = said("export", folder / "net.json", "-o", tmp_path / "my-net.h", "--trainable")
    assert "my_net_predict takes and gives doubles" in words and "named" not in words
    source = (tmp_path / "my-net.h").read_text()
    assert source == c_source(load(folder / "net.json"), name="my_net", trainable=True)
    words = said("export", folder / "net.json", "-o", tmp_path / "2nd.h")
    assert "named net because C has no name like 2nd" in words


# -- bundle --------------------------------------------------------------------------------------


def test_bundle_writes_the_core_and_perhaps_a_model(folder, tmp_path):
    out = tmp_path / "core.py"
    words = said("bundle", "-o", out)
    assert words == f"{out} written: {len(out.read_text()):,} characters\n"
    assert said("bundle") == out.read_text()
    said("bundle", folder / "net.json", "-o", out, "--bare")
    names: dict = {"__name__": "core"}
    exec(out.read_text(), names)
    network: Network = load(folder / "net.json")
    assert names["network"].weights == network.weights


def test_a_bundle_does_not_take_the_place_of_a_models_file(folder):
    before = (folder / "net.json").read_bytes()
    done = purenet("bundle", "net.json", "-o", "net.json", cwd=folder)
    assert (done.returncode, done.stdout) == (2, "")
    message = "--out: expected another file than for MODEL, got net.json"
    assert done.stderr.startswith(f"purenet: {message}\n")
    assert (folder / "net.json").read_bytes() == before
