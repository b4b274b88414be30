"""Headers in whole numbers: the sums and classes of the reference, bit by bit."""

import re
import shutil
import struct
import subprocess
from collections import Counter

import numpy as np
import pytest
from headers import C99, MISRA_LEFT, SELFTEST, STRICT, broken_rules, compiled, output_of
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CHECKOUT, HIDDEN, any_float, matrices
from whole_numbers import cases, models

from purenet import Classifier, Network, Regressor
from purenet.datasets import iris
from purenet.estimators.preparation import Standardizer
from purenet.export.c import c_source, c_target
from purenet.export.target import source_of
from purenet.formats.model import Model, describe

FLOWERS, SPECIES = iris()
CODES = {"float": "f", "double": "d", "uint8_t": "B", "int16_t": "h"}
UNITS = {"float": 2.0**-24, "double": 2.0**-53}
SANITIZED = ["-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"]
BUILDS = {"C99": [*C99, "-O2"], "sanitized": [*C99, *SANITIZED], "C11": ["-std=gnu11", *STRICT]}

# Compiling takes longer than anything else here: an example is a few models in one program.
few = settings(max_examples=10)

# Each model's part of a program: row after row from stdin; the sums and the outputs to stdout.
RUN = """
static void run_{name}(int rows)
{{
    {input} inputs[{NAME}_INPUTS];
    {real} outputs[{NAME}_OUTPUTS];
    int32_t sums[{NAME}_OUTPUTS];
    int32_t index = 0;
    while (rows-- > 0) {{
        if (fread(inputs, sizeof inputs, 1, stdin) != 1) {{
            abort();
        }}
        {name}_sums(inputs, sums);
        {name}_predict(inputs, outputs);
        {classify}
        fwrite(sums, sizeof sums, 1, stdout);
        fwrite(&index, sizeof index, 1, stdout);
        fwrite(outputs, sizeof outputs, 1, stdout);
    }}
}}
"""


def program_of(targets, asked):
    """Return the files of a program that answers for each target, and what it reads."""
    files, runs, calls, data = {}, [], [], b""
    for target, rows in zip(targets, asked):
        name, kind = target.name, target.kind_of_inputs()
        files[f"{name}.h"] = source_of(target)
        classify = f"index = {name}_predict_class(inputs);" * (target.model.kind == "classifier")
        words = {"name": name, "NAME": name.upper(), "input": kind, "real": target.real}
        runs.append(RUN.format(classify=classify, **words))
        calls.append(f"    run_{name}({len(rows)});\n")
        number = int if kind.endswith("_t") else float
        data += b"".join(struct.pack(f"<{CODES[kind]}", number(x)) for row in rows for x in row)
    includes = ["<stdio.h>", "<stdlib.h>", *(f'"{name}"' for name in files)]
    main = f"\nint main(void)\n{{\n{''.join(calls)}    return 0;\n}}\n"
    files["main.c"] = "".join([*(f"#include {file}\n" for file in includes), *runs, main])
    return files, data


def answers(output, targets, asked):
    """Return each target's sums, classes and outputs."""
    place, found = 0, []
    for target, rows in zip(targets, asked):
        n = target.model.network.sizes[-1]
        form = f"<{n}ii{n}{CODES[target.real]}"
        size = struct.calcsize(form)
        each = [struct.unpack_from(form, output, place + size * i) for i in range(len(rows))]
        place += size * len(rows)
        found.append([(list(all_of[:n]), all_of[n], all_of[n + 1 :]) for all_of in each])
    assert place == len(output)
    return found


def assert_same(target, rows, found):
    """Fail if a header differs in a bit of a sum, in a class, or too much in an output."""
    whole, unit = target.whole, UNITS[target.real]
    worth, terms = map(np.array, whole.worth())
    for row, (sums, index, outputs) in zip(rows, found):
        assert sums == whole.sums(row)
        if target.model.kind == "classifier":
            assert index == sums.index(max(sums))
        # A factor, a term, a sum's number, a product and a sum are rounded to a unit each.
        error = (4.0 * unit * (abs(np.array(sums) * worth) + abs(terms))).max()
        [expected] = whole.apply([row])
        # No activation is steeper than 1. exp of a difference off by 2e is off by a factor e^2e;
        # library functions are taken to be right to eight units.
        softmax = target.model.network.output_activation == "softmax"
        limit = np.expm1(2.0 * error) if softmax else error
        room = 32.0 * unit * (1.0 + abs(np.array(expected)))
        assert (abs(np.array(outputs) - expected) <= limit + room).all()


single = st.floats(width=32)


@st.composite
def targets(draw, **options):
    """Draw a few models as targets, each with rows of its type of inputs."""
    pairs = []
    for i in range(draw(st.integers(1, 8))):
        model, known, rows = draw(cases())
        if draw(st.integers(0, 4)) == 0:  # a column far from 0, whose type is double
            means = [1.7e9] * len(rows[0])
            model = model._replace(inputs=Standardizer(means, [3600.0] * len(means)))
            rows, known = [[x + 1.7e9 for x in row] for row in rows], None
        target = c_target(model, pack="integer", name=f"net{i}", rows=known, **options)
        kind, columns = target.kind_of_inputs(), len(rows[0])
        if not kind.endswith("_t"):
            # float32's own numbers, because the row in Python is the same as that in C
            rows = [[struct.unpack("<f", struct.pack("<f", x))[0] for x in row] for row in rows]
            rows += draw(matrices(2, columns, single if kind == "float" else any_float))
        pairs.append((target, rows))
    return pairs


def assert_answers(compiler, folder, flags, pairs):
    drawn, asked = zip(*pairs)
    files, data = program_of(drawn, asked)
    output = output_of(compiled(compiler, folder, files, flags), data)
    for target, rows, found in zip(drawn, asked, answers(output, drawn, asked)):
        assert_same(target, rows, found)


@few
@given(pairs=targets())
@pytest.mark.parametrize("flags", BUILDS)
def test_a_header_gives_the_sums_and_classes_of_the_reference(gcc, folder, flags, pairs):
    assert_answers(gcc, folder, BUILDS[flags], pairs)


@few
@given(pairs=targets(number="double"))
def test_so_does_one_that_takes_doubles(gcc, folder, pairs):
    assert_answers(gcc, folder, [*C99, "-O2"], pairs)


def test_all_types_of_inputs_are_drawn():
    kinds = Counter()

    @settings(max_examples=40, database=None)
    @given(targets())
    def draw(pairs):
        kinds.update(target.kind_of_inputs() for target, _ in pairs)

    draw()
    assert set(kinds) == set(CODES)


def test_inputs_far_from_0_become_the_same_whole_numbers(gcc, folder):
    """Where a float is coarse, each rounding shows: of factor, offset, product and sum."""
    network = Network([3, 1], output_activation="linear", seed=1)
    network.weights = [[[1.0], [-0.5], [0.25]]]
    inputs = Standardizer([12345.6, -3000.7, 0.1], [0.7, 0.3, 0.9])
    target = c_target(Model(network, inputs=inputs), pack="integer")
    assert target.kind_of_inputs() == "float"
    drawn = np.random.default_rng(0).normal(inputs.means, inputs.deviations, (500, 3))
    rows = drawn.astype(np.float32).astype(float).tolist()
    assert_answers(gcc, folder, [*C99, "-O2"], [(target, rows)])


def wide(outputs, **options):
    """Return a network wide enough that its outputs have fewer bits."""
    return Network([900, 3, outputs], bias=True, init="glorot", seed=1, **options)


@pytest.mark.parametrize("activation", HIDDEN)
def test_every_activation_and_fewer_bits_give_the_bits_too(gcc, folder, activation):
    models = [wide(3, activation=activation, output_activation=name) for name in HIDDEN]
    for network in models:
        network.weights[0] = [[1.0, -1.0, 0.5]] * 900
    rows = [[i % 7 - 3.0 for i in range(900)], [20.0] * 900, [-20.0] * 900]
    names = [f"net{i}" for i in range(len(models))]
    all_of = [c_target(net, pack="integer", name=name) for net, name in zip(models, names)]
    assert {target.whole.largest for target in all_of} == {2**13 - 1}
    assert_answers(gcc, folder, [*C99, *SANITIZED], [(target, rows) for target in all_of])


# -- in C++, in several files, by MISRA ----------------------------------------------------------


def test_a_header_may_be_included_in_c_and_in_cpp(gcc, required, folder):
    required("g++", shutil.which("g++"))
    classifier = Classifier(3, epochs=20, random_state=0).fit(FLOWERS, SPECIES)
    main = """#include <stdio.h>
#define NET_EXTERN
#include "net.h"
int main()
{
    const float row[NET_INPUTS] = {6.0f, 3.0f, 5.0f, 1.5f};
    printf("%s %d", net_classes[net_predict_class(row)], net_selftest());
    return 0;
}
"""
    owner = '#define NET_IMPLEMENTATION\n#include "net.h"\n#include "net.h"\n'
    files = {"net.h": c_source(classifier, pack="integer"), "one.c": owner, "main.cpp": main}
    flags = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-DNET_SELFTEST", "-O1"]
    program = compiled(gcc, folder, files, [*flags, "-lstdc++"])
    assert output_of(program).decode() == f"{classifier.predict([[6, 3, 5, 1.5]])[0]} 0"


@pytest.mark.parametrize("rows", [None, FLOWERS, [[5, 3, 2, 1], [300, 0, 0, 0]]])
def test_a_header_in_whole_numbers_keeps_the_same_rules_of_misra(required, tmp_path, rows):
    cppcheck = required("cppcheck", shutil.which("cppcheck"))
    models = {
        "one": Network([4, 2, 1], activation="leaky_relu", seed=1),
        "two": Classifier([4, 3], epochs=1, activation=["relu", "sigmoid"]).fit(FLOWERS, SPECIES),
        "three": Regressor(2, epochs=1).fit(FLOWERS, [row[0] for row in FLOWERS]),
    }
    options = {"pack": "integer", "rows": rows}
    headers = {name: c_source(model, name=name, **options) for name, model in models.items()}
    found = broken_rules(cppcheck, tmp_path, headers)
    assert "8.9" in found and found <= set(MISRA_LEFT)


def test_the_template_of_whole_numbers_compiles_as_it_is(gcc, folder):
    text = (CHECKOUT / "purenet/export/template_integer.h").read_text()
    first, _, rest = text.partition("/* Standardize the inputs to whole numbers;")
    assert rest  # the second of two functions of one name
    second = rest.replace("net_quantize", "net_quantize_floats", 1)
    main = """#include "net.h"
int main(void)
{
    const uint8_t row[2] = {1u, 2u};
    float outputs[2];
    uint16_t whole[2];
    net_predict(row, outputs);
    net_quantize(row, whole);
    net_quantize_floats(row, whole);
    return net_ramp(3) + net_line(3, 0, 0u, 0u) + net_curve(0, 1u, 1u) + net_predict_class(row);
}
"""
    loose = ["-std=c99", "-Wall", "-Wextra", "-pedantic", "-Werror", "-Wno-unused"]
    files = {"net.h": f"{first}/* {second}", "main.c": main}
    assert compiled(gcc, folder, files, loose)


# -- a header about itself -----------------------------------------------------------------------


@few
@given(all_of=st.lists(models(), min_size=1, max_size=8))
def test_a_header_in_whole_numbers_tests_itself(gcc, folder, all_of):
    names = [f"net{i}" for i in range(len(all_of))]
    files = {f"{name}.h": c_source(m, pack="integer", name=name) for m, name in zip(all_of, names)}
    flags = [f"-D{name.upper()}_SELFTEST" for name in names]
    includes = "".join(f'#include "{name}.h"\n' for name in names)
    tests = " | ".join(f"{name}_selftest()" for name in names)
    files["main.c"] = f"{includes}int main(void)\n{{\n    return {tests};\n}}\n"
    assert output_of(compiled(gcc, folder, files, [*C99, *flags])) == b""


@pytest.mark.parametrize("rows", [None, [[float(i), float(3 * i)] for i in range(9)]])
def test_a_header_with_another_bias_fails_its_own_test(gcc, folder, rows):
    model = Model(Network([2, 3, 1], seed=1, output_activation="linear", bias=True))
    header = c_source(model, pack="integer", rows=rows)
    broken = re.sub(r"(_biases_1\[1\] NET_FLASH = {\n    )[^,]*", r"\g<1>900000000", header)
    assert broken != header
    for text, code in ((header, 0), (broken, 1)):
        files = {"net.h": text, "main.c": SELFTEST}
        program = compiled(gcc, folder, files, [*C99, "-DNET_SELFTEST"])
        assert subprocess.run([program]).returncode == code


def test_a_header_in_whole_numbers_says_what_inputs_it_takes():
    classifier = Classifier(3, epochs=1, random_state=0).fit(FLOWERS, SPECIES)
    for rows, said in ((None, "-16 to 16 standard deviations"), (FLOWERS, "standard deviations")):
        header = c_source(classifier, pack="integer", rows=rows)
        assert "computes in whole numbers of 32 bits" in re.sub(r"\s\*?\s*", " ", header)
        assert said in re.sub(r"\s\*?\s*", " ", header)


def test_the_first_of_equal_classes_is_chosen(gcc, folder):
    classifier = Classifier([], epochs=1).fit([[0], [1], [2]], ["a", "b", "c"])
    model = describe(classifier)
    model.network.weights = [[[0.0] * 3]]
    model.network.biases = [[0.0, 1.0, 1.0]]
    target = c_target(model, pack="integer", name="net")
    assert_answers(gcc, folder, C99, [(target, [[5.0], [-1.0]])])
    assert target.whole.sums([5.0])[1:] == [max(target.whole.sums([5.0]))] * 2
