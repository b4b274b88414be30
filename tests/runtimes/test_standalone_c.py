"""Headers in C99: the bits of PureNet, compiled with every warning an error, and names as data."""

import ctypes
import ctypes.util
import enum
import re
import shutil
import struct
import subprocess

import numpy as np
import pytest
from exported import by_whole_numbers
from headers import (
    C99,
    MISRA_LEFT,
    SELFTEST,
    SIZES,
    STRICT,
    InFloats,
    broken_rules,
    compiled,
    output_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CHECKOUT, HIDDEN, bits, finite_float, matrices, networks, thousandths

from purenet import Classifier, Network, Regressor
from purenet.datasets import curved, iris
from purenet.export.c import c_source
from purenet.export.c_header import C
from purenet.export.target import source_of
from purenet.formats.model import describe
from purenet.tables.columns import Column

# The last two may use what this machine has, also what fuses a product with a sum. GCC 12.2 does so
# against -ffp-contract=off where it turns neighboring statements into a vector: its bug 107647.
NATIVE = "-O3 -march=native -fno-tree-slp-vectorize"
BUILDS = [
    "-std=c99 -O0",
    "-std=c99 -O2",
    f"-std=c99 {NATIVE}",
    f"-std=gnu11 -ffp-contract=off {NATIVE}",
]

# Compiling takes longer than anything else here: an example is a few models in one program.
few = settings(max_examples=10)

# Each model's part of a program: row after row from stdin, the outputs to stdout.
RUN = """
static void run_{name}(int rows)
{{
    {real} inputs[{NAME}_INPUTS], outputs[{NAME}_OUTPUTS];
    while (rows-- > 0) {{
        if (fread(inputs, sizeof inputs, 1, stdin) != 1) {{
            abort();
        }}
        {name}_predict(inputs, outputs);
        fwrite(outputs, sizeof outputs, 1, stdout);
    }}
}}
"""


def program_of(models, **options):
    """Return the files of a program that answers for (network, rows) pairs, and what it reads."""
    number = options.get("number", "double")
    files, runs, calls, data = {}, [], [], b""
    for i, (network, X) in enumerate(models):
        name = f"net{i}"
        files[f"{name}.h"] = c_source(network, name=name, **options)
        runs.append(RUN.format(name=name, NAME=name.upper(), real=number))
        calls.append(f"    run_{name}({len(X)});\n")
        data += b"".join(struct.pack(SIZES[number][0], x) for row in X for x in row)
    includes = ["<stdio.h>", "<stdlib.h>", *(f'"{name}"' for name in files)]
    main = f"\nint main(void)\n{{\n{''.join(calls)}    return 0;\n}}\n"
    files["main.c"] = "".join([*(f"#include {file}\n" for file in includes), *runs, main])
    return files, data


def answers(output, models, number="double"):
    """Return the matrix of each model's answers."""
    code, _ = SIZES[number]
    values = [value for (value,) in struct.iter_unpack(code, output)]
    matrices = []
    for network, X in models:
        width = network.sizes[-1]
        rows = [[values.pop(0) for _ in range(width)] for _ in X]
        matrices.append(rows)
    assert not values
    return matrices


@st.composite
def models(draw, numbers=finite_float):
    """Draw a few networks of any weights, each with rows of any inputs."""
    pairs = []
    for _ in range(draw(st.integers(1, 8))):
        network = draw(networks(layers=5, width=6))
        elements = draw(st.sampled_from([numbers, thousandths]))
        sizes = list(zip(network.sizes, network.sizes[1:]))
        network.weights = [draw(matrices(m, n, elements)) for m, n in sizes]
        network.biases = [draw(matrices(1, len(row), elements))[0] for row in network.biases]
        pairs.append((network, draw(matrices(st.integers(1, 4), network.sizes[0], elements))))
    return pairs


# -- the same bits -----------------------------------------------------------------------------
#
# The numbers are the same, each sum runs in the same order, and exp and tanh are those of the same
# C library. So there is nothing to tolerate.


@few
@given(models=models())
@pytest.mark.parametrize("flags", BUILDS)
def test_a_header_in_doubles_gives_the_bits_of_the_network(gcc, folder, flags, models):
    files, data = program_of(models)
    output = output_of(compiled(gcc, folder, files, [*STRICT, *flags.split()]), data)
    expected = [bits(network.predict(X)) for network, X in models]
    assert [*map(bits, answers(output, models))] == expected


@few
@given(models=models())
def test_a_header_in_bytes_adds_up_whole_numbers_and_applies_the_scale_once(gcc, folder, models):
    files, data = program_of(models, pack="int8", number="double")
    output = output_of(compiled(gcc, folder, files, [*C99, "-O2"]), data)
    expected = [bits([by_whole_numbers(network, x) for x in X]) for network, X in models]
    assert [*map(bits, answers(output, models))] == expected


single = st.floats(width=32, allow_nan=False, allow_infinity=False)
rounded_to_single = st.floats(-3e38, 3e38) | st.sampled_from([0.0, -0.0, 5e-324, 1e-45, 3.4e38])


@few
@given(models=models(numbers=single | rounded_to_single))
@pytest.mark.parametrize("pack", [None, "int8"])
def test_a_header_in_floats_gives_the_bits_of_the_same_steps_in_floats(
    gcc, folder, required, pack, models
):
    library = required("the C library of mathematics", ctypes.util.find_library("m"))
    files, data = program_of(models, number="float", pack=pack)
    output = output_of(compiled(gcc, folder, files, [*C99, "-O2"]), data)
    steps = InFloats(ctypes.CDLL(library), pack)
    with np.errstate(all="ignore"):
        expected = [bits([steps.predict(network, x) for x in X]) for network, X in models]
    assert [*map(bits, answers(output, models, "float"))] == expected


def test_no_layer_writes_beyond_its_place(gcc, folder):
    sizes = [3, 1, 9, 2, 8, 7, 5]
    pairs = []
    for layers in range(1, len(sizes)):
        for activation in HIDDEN:
            options = {"activation": activation, "output_activation": "softmax", "seed": 1}
            pairs.append((Network(sizes[: layers + 1], **options), [[1.0, -2.0, 0.5]]))
    files, data = program_of(pairs)
    sanitized = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"]
    output = output_of(compiled(gcc, folder, files, [*C99, *sanitized]), data)
    assert [*map(bits, answers(output, pairs))] == [bits(net.predict(X)) for net, X in pairs]


def test_a_header_may_be_included_in_two_files_and_in_one_of_cpp(gcc, required, folder):
    cpp = required("g++", shutil.which("g++"))
    network = Network([3, 4, 1], seed=1)
    header = c_source(network, pack="int8", number="double")
    part = """#include "net.h"
#include "net.h"
void {name}(const double *row, double *outputs);
void {name}(const double *row, double *outputs) {{ net_predict(row, outputs); }}
"""
    main = r"""#include <cstdio>
#include "net.h"
extern "C" void one(const double *row, double *outputs);
extern "C" void two(const double *row, double *outputs);
int main()
{
    const double row[NET_INPUTS] = {1.0, 0.5, -1.0};
    double outputs[3][NET_OUTPUTS];
    one(row, outputs[0]);
    two(row, outputs[1]);
    net_predict(row, outputs[2]);
    std::printf("%a %a %a", outputs[0][0], outputs[1][0], outputs[2][0]);
    return 0;
}
"""
    (folder / "net.h").write_text(header)
    for name in ("one", "two"):
        (folder / f"{name}.c").write_text(part.format(name=name))
        subprocess.run([gcc, *C99, "-c", f"{name}.c"], cwd=folder, check=True)
    strict = ["-std=c++11", "-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion"]
    program = compiled(cpp, folder, {"main.cpp": main}, [*strict, "one.o", "two.o"])
    [expected] = by_whole_numbers(network, [1.0, 0.5, -1.0])
    assert [*map(float.fromhex, output_of(program).decode().split())] == [expected] * 3


# -- in several files --------------------------------------------------------------------------

OF_FOUR = """#include <stdio.h>
#include "net.h"
int main(void)
{
    const double row[NET_INPUTS] = {6.0, 3.0, 5.0, 1.5};
    double outputs[NET_OUTPUTS];
    net_predict(row, outputs);
    printf("%s %d", net_classes[net_predict_class(row)], net_selftest());
    return 0;
}
"""
THE_ONE = '#define NET_IMPLEMENTATION\n#include "net.h"\n'


def symbols_of(path):
    """Return the names of an object file's constants, functions and what it takes from others."""
    done = subprocess.run(["nm", path], capture_output=True, text=True, check=True)
    return {line.split()[-1]: line.split()[-2] for line in done.stdout.splitlines()}


@pytest.mark.parametrize("owner", ["one.c", "one.cpp"])
@pytest.mark.parametrize("user", ["main.c", "main.cpp"])
def test_of_several_files_one_can_hold_the_weights(gcc, required, folder, owner, user):
    required("g++", shutil.which("g++"))
    classifier = Classifier(3, epochs=20, random_state=0).fit(FLOWERS, SPECIES)
    files = {"net.h": c_source(classifier), owner: THE_ONE, user: f"#define NET_EXTERN\n{OF_FOUR}"}
    flags = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-DNET_SELFTEST", "-O1"]
    compiled(gcc, folder, files, [*flags, "-save-temps=obj", "-lm", "-lstdc++"])
    one, main = (symbols_of(folder / f"program-{name.split('.')[0]}.o") for name in (owner, user))
    assert output_of(folder / "program").decode() == f"{classifier.predict([[6, 3, 5, 1.5]])[0]} 0"
    public = ["net_classes", "net_predict", "net_predict_class", "net_selftest"]
    assert [main[name] for name in public] == ["U"] * 4
    assert [name for name, kind in one.items() if kind.isupper() and kind != "U"] == public
    assert not any("weights" in name for name in main)
    assert sum("weights" in name for name in one) == 2


# -- rules of MISRA ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options", [{}, {"number": "float"}, {"pack": "int8"}, {"trainable": True}]
)
def test_a_header_keeps_the_rules_of_misra_that_cppcheck_knows(required, tmp_path, options):
    cppcheck = required("cppcheck", shutil.which("cppcheck"))
    rows = [row[0] for row in FLOWERS]
    models = {
        "one": Network([3, 2, 1], activation="leaky_relu", seed=1),
        "two": Classifier([4, 3], epochs=1, activation=["relu", "sigmoid"]).fit(FLOWERS, SPECIES),
        "three": Regressor(2, epochs=1).fit(FLOWERS, rows),
    }
    headers = {name: c_source(model, name=name, **options) for name, model in models.items()}
    found = broken_rules(cppcheck, tmp_path, headers)
    assert "8.9" in found and found <= set(MISRA_LEFT)


# -- estimators --------------------------------------------------------------------------------

FLOWERS, SPECIES = iris()

CLASSES = """
    {{
        int j;
        for (j = 0; j < {NAME}_OUTPUTS; j++) {{
            fwrite({name}_classes[j], 1, strlen({name}_classes[j]) + 1, stdout);
        }}
    }}
"""


def test_a_classifier_says_the_same_class_of_each_flower(gcc, folder):
    classifier = Classifier(epochs=20).fit(FLOWERS, SPECIES)
    main = """#include <stdio.h>
#include "iris.h"
int main(void)
{
    double row[IRIS_INPUTS];
    while (fread(row, sizeof row, 1, stdin) == 1) {
        puts(iris_classes[iris_predict_class(row)]);
    }
    return 0;
}
"""
    files = {"iris.h": c_source(classifier, name="iris"), "main.c": main}
    data = b"".join(struct.pack("<4d", *row) for row in FLOWERS)
    output = output_of(compiled(gcc, folder, files, C99), data)
    assert output.decode().split() == classifier.predict(FLOWERS)


def test_a_header_gives_the_bits_of_a_classifier_of_indicators(gcc, folder):
    """Nothing is folded into its weights, where other columns cost the last digits."""
    X, labels = curved("parity", 8)
    classifier = Classifier(3, epochs=20).fit(X, labels)
    files, data = program_of([(classifier, X)])
    output = output_of(compiled(gcc, folder, files, C99), data)
    [found] = answers(output, [(classifier.network_, X)])
    assert bits(found) == bits(classifier.predict_proba(X))


@pytest.mark.parametrize("hidden", [[], 3])
def test_of_equally_likely_classes_the_first_is_chosen(gcc, folder, hidden):
    classifier = Classifier(hidden, epochs=1).fit([[0], [1], [2]], ["a", "b", "c"])
    model = describe(classifier)
    for matrix in (*model.network.weights, model.network.biases):
        for row in matrix:
            row[:] = [0.0] * len(row)
    main = """#include "net.h"
int main(void)
{
    const double row[1] = {5.0};
    return net_predict_class(row);
}
"""
    output_of(compiled(gcc, folder, {"net.h": c_source(model), "main.c": main}, C99))
    model.network.biases[-1][1:] = [1.0, 1.0]
    files = {"net.h": c_source(model), "main.c": main}
    program = compiled(gcc, folder, files, C99)
    assert subprocess.run([program]).returncode == 1


@pytest.mark.parametrize("number", ["double", "float"])
@pytest.mark.parametrize("classifies", [True, False])
def test_the_comment_on_top_shows_how_to_call_it(gcc, folder, number, classifies):
    model = Classifier if classifies else Regressor
    header = c_source(model(3, epochs=1).fit([[0], [1]], [0, 1]), number=number)
    calls = re.findall(r"^ \* (    \S.*)", header, re.MULTILINE)
    assert len(calls) == (3 if classifies else 2)
    inputs = f"    const {number} inputs[NET_INPUTS] = {{0}};"
    lines = ["#include <stdio.h>", '#include "net.h"', "int main(void)", "{", inputs, *calls]
    program = compiled(
        gcc, folder, {"net.h": header, "main.c": "\n".join([*lines, "    return 0;", "}", ""])}, C99
    )
    assert output_of(program) in ((b"0\n", b"1\n") if classifies else (b"",))


def test_a_pack_of_bytes_is_bytes(gcc, folder):
    classifier = Classifier(5, epochs=1).fit(FLOWERS, SPECIES)
    main = """#include <stdio.h>
#include "net.h"
int main(void)
{
    printf("%d %d", (int)sizeof net_weights_0, (int)sizeof net_weights_1);
    return 0;
}
"""
    files = {"net.h": c_source(classifier, pack="int8"), "main.c": main}
    assert output_of(compiled(gcc, folder, files, C99)) == b"20 15"


# -- columns far from 0 ------------------------------------------------------------------------


@pytest.mark.parametrize("pack", [None, "int8"])
def test_a_column_of_seconds_since_1970_is_taken_in_doubles(gcc, folder, pack):
    """A float of 1.7e9 knows no less than 128 seconds."""
    rows = [[1.7e9 + i, i % 3] for i in range(60)]
    labels = ["early"] * 30 + ["late"] * 30
    classifier = Classifier(4, epochs=200, random_state=0).fit(rows, labels)
    header = c_source(classifier, number="float", pack=pack)
    assert "But inputs are doubles" in header and '"' not in header.split("input 0")[0][-40:]
    main = """#include <stdio.h>
#include "net.h"
int main(void)
{
    double row[NET_INPUTS];
    while (fread(row, sizeof row, 1, stdin) == 1) {
        puts(net_classes[net_predict_class(row)]);
    }
    return net_selftest();
}
"""
    data = b"".join(struct.pack("<2d", *row) for row in rows)
    files = {"net.h": header, "main.c": main}
    program = compiled(gcc, folder, files, [*C99, "-DNET_SELFTEST"])
    assert output_of(program, data).decode().split() == list(classifier.predict(rows))


def test_other_columns_are_taken_in_floats(gcc, folder):
    header = c_source(Classifier(4, epochs=5).fit(FLOWERS, SPECIES), pack="int8")
    assert "double" not in header and "It computes in single precision." in header


# -- what a header says of itself --------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"number": "float"}, {"pack": "int8"}])
@pytest.mark.parametrize("kind", [Classifier, Regressor])
def test_a_header_tests_itself(gcc, folder, options, kind):
    targets = SPECIES if kind is Classifier else [[row[0], 100 * row[1]] for row in FLOWERS]
    header = c_source(kind(5, epochs=20, random_state=0).fit(FLOWERS, targets), **options)
    for files, code in (
        ({"net.h": header, "main.c": SELFTEST}, 0),
        ({"net.h": broken(header), "main.c": SELFTEST}, 1),
    ):
        program = compiled(gcc, folder, files, [*C99, "-O2", "-DNET_SELFTEST"])
        assert subprocess.run([program]).returncode == code


def broken(header):
    """Return a header whose last layer has another first bias."""
    return re.sub(r"(_biases_1\[\d\] NET_FLASH = {\n    )[^,]*", r"\g<1>9", header)


@pytest.mark.parametrize("options", [{}, {"number": "float"}, {"pack": "int8"}])
@pytest.mark.parametrize("far", [0.0, 1.7e9])
def test_the_bytes_that_export_tells_are_those_of_the_compiler(gcc, folder, options, far):
    rows = [[row[0] + far, *row[1:]] for row in FLOWERS]
    target = C(Classifier([7, 5], epochs=1).fit(rows, SPECIES), **options)
    header = source_of(target)
    arrays = re.findall(r"(net_(?:weights|scales|biases|input_\w+)\w*)\[", header)
    buffers = re.findall(r"    (?:float|double) (?:odd|even)\[(\d+)\];", header)
    total = " + ".join(f"sizeof {name}" for name in dict.fromkeys(arrays))
    main = f"""#include <stdio.h>
#include "net.h"
int main(void)
{{
    printf("%d", (int)({total}));
    return 0;
}}
"""
    program = compiled(gcc, folder, {"net.h": header, "main.c": main}, C99)
    assert int(output_of(program)) == target.weight_bytes()
    numbers = sum(map(int, buffers)) + 3
    assert target.ram_bytes() == numbers * (4 if target.real == "float" else 8)


def test_the_template_compiles_as_it_is(gcc, folder):
    template = (CHECKOUT / "purenet/export/template.h").read_text()
    main = """#include "net.h"
int main(void)
{
    double row[2] = {1.0, 2.0}, outputs[2];
    const int8_t bytes[4] = {1, 2, 3, 4};
    net_layer(row, 2, outputs, 2, net_weights_0, net_biases_0);
    net_layer_of_bytes(row, 2, outputs, 2, bytes, net_input_deviations, net_biases_0);
    net_activation(outputs, 2);
    net_softmax(outputs, 2);
    return net_predict_class(row) + net_selftest();
}
"""
    program = compiled(gcc, folder, {"net.h": template, "main.c": main}, C99)
    assert subprocess.run([program]).returncode == 1  # its first output is not the example's


# -- names are data ----------------------------------------------------------------------------

PIECES = ['"', "'", "\\", "\n", "\r", "*/", "/*", "//", "??/", "??", "?", "%s", "%", "{", "}", ";"]
PIECES += ["\u2028", "\u2029", "</script>", "<!--", "ä", "\U0001f600", "\x7f", "\t", "0", "7", "$"]
PIECES += ["#include", "${name}", "@", "`", "=", "a", " ", "*", "/", "\x1b", "\x85"]
nasty = st.lists(st.sampled_from(PIECES) | st.text(max_size=2), max_size=12).map("".join)
of_c = nasty.map(lambda text: text.replace("\0", ""))
halves = nasty | st.sampled_from(["\ud800", "\udfff*/", "\0", "a\0*/"])


OF_THREE = Classifier(1, epochs=1).fit([[0, 0], [1, 1], [2, 2]], ["a", "b", "c"])


@st.composite
def named(draw):
    """Draw what it takes to predict, with names and labels that look like code."""
    columns = [Column(name) for name in draw(st.lists(halves, min_size=2, max_size=2))]
    return describe(OF_THREE)._replace(
        classes=draw(st.lists(of_c, min_size=3, max_size=3)),
        table=(columns, [Column(draw(halves))]),
    )


@few
@given(models=st.lists(named(), min_size=1, max_size=10))
def test_names_and_labels_never_become_code(gcc, folder, models):
    files = {
        f"net{i}.h": c_source(model, name=f"net{i}", pack="int8") for i, model in enumerate(models)
    }
    includes = "".join(f"#include {name}\n" for name in ("<stdio.h>", "<string.h>"))
    includes += "".join(f'#include "{name}"\n' for name in files)
    loops = [CLASSES.format(name=f"net{i}", NAME=f"NET{i}") for i in range(len(models))]
    main = f"{includes}\nint main(void)\n{{\n{''.join(loops)}    return 0;\n}}\n"
    output = output_of(compiled(gcc, folder, {**files, "main.c": main}, C99))
    expected = [label.encode() for model in models for label in model.classes]
    assert output.split(b"\0") == [*expected, b""]


class Color(enum.IntEnum):
    RED = 1


@pytest.mark.parametrize(
    ("label", "text"),
    [
        (2**70, b"1180591620717411303424"),
        (-3, b"-3"),
        (True, b"True"),
        (-1e300, b"-1e+300"),
        (2.0, b"2.0"),
        (np.float64(2.0), b"2.0"),
        (Color.RED, b"1"),
        ("\U0001f600 1", "\U0001f600 1".encode()),
        ("\x01" + "1", b"\x01" + b"1"),
        ("ß" * 2047 + "!", "ß".encode() * 2047 + b"!"),
    ],
)
def test_labels_are_strings_in_utf_8(gcc, folder, label, text):
    classifier = Classifier(1, epochs=1).fit([[0], [1]], [0, 1])
    model = describe(classifier)._replace(classes=[label, ""])
    main = (
        f'#include <stdio.h>\n#include <string.h>\n#include "net.h"\nint main(void)\n{{{{{CLASSES}'
    )
    main = main.format(name="net", NAME="NET") + "    return 0;\n}\n"
    program = compiled(gcc, folder, {"net.h": c_source(model), "main.c": main}, C99)
    assert output_of(program) == text + b"\0\0"


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["n", "int", "NET", "a" * 40, "Net_2"])
def test_a_name_that_is_one_is_at_the_beginning_of_all_others(gcc, folder, name):
    header = c_source(Network([1, 2, 1], seed=1), name=name)
    main = f'#include "net.h"\nint main(void) {{ return sizeof {name}_weights_0 == 16 ? 0 : 1; }}\n'
    output_of(compiled(gcc, folder, {"net.h": header, "main.c": main}, C99))
