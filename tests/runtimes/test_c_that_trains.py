"""Headers that train: the bits of the network's own steps, and steps that change nothing."""

import ctypes
import ctypes.util
import shutil
import struct

import numpy as np
import pytest
from headers import C99, SIZES, Learning, compiled, output_of
from hypothesis import given, settings
from hypothesis import strategies as st
from support import CHECKOUT, finite_float, matrices, networks, problems, thousandths

from purenet import Classifier, Network, Regressor
from purenet.core.backpropagation import find_gradients, forward, parameters, set_parameters
from purenet.core.matrix import all_finite
from purenet.core.optimizers import SGD
from purenet.datasets import iris
from purenet.export.c import c_source
from purenet.formats.model import describe

few = settings(max_examples=8)
FLOWERS, SPECIES = iris()
XOR = ([[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]])

# Each step's number, and all weights and biases after it.
RUN = """
static void run_{name}(int steps)
{{
    {real} inputs[{NAME}_INPUTS], targets[{NAME}_OUTPUTS], rate;
    while (steps-- > 0) {{
        unsigned char code;
        if (fread(inputs, sizeof inputs, 1, stdin) != 1
            || fread(targets, sizeof targets, 1, stdin) != 1
            || fread(&rate, sizeof rate, 1, stdin) != 1) {{
            abort();
        }}
        code = (unsigned char){name}_train(inputs, {targets}, rate);
        fwrite(&code, 1, 1, stdout);
        {writes}
    }}
}}
"""


class Run:
    """Models that a program trains, each on steps: an input row, a row of targets, a rate."""

    def __init__(self, runs, number="double"):
        self.runs, self.number = runs, number

    def outcomes(self, gcc, folder, *flags):
        """Return for each step its number, and the bytes of the weights, and of the biases."""
        files, parts, calls, data = {}, [], [], b""
        for i, (model, steps) in enumerate(self.runs):
            name = f"net{i}"
            files[f"{name}.h"] = c_source(model, name=name, number=self.number, trainable=True)
            network = describe(model).network
            arrays = [f"{name}_weights_{k}" for k in range(len(network.weights))]
            arrays += [f"{name}_biases_{k}" for k in range(len(network.biases))]
            writes = "\n".join(f"fwrite({each}, sizeof {each}, 1, stdout);" for each in arrays)
            targets = "(int)targets[0]" if describe(model).classes else "targets"
            names = {"name": name, "NAME": name.upper(), "real": self.number}
            parts.append(RUN.format(**names, targets=targets, writes=writes))
            calls.append(f"run_{name}({len(steps)});\n")
            data += b"".join(self.packed([*x, *y, rate]) for x, y, rate in steps)
        includes = ["<stdio.h>", "<stdlib.h>", *(f'"{file}"' for file in files)]
        main = f"int main(void)\n{{\n{''.join(calls)}return 0;\n}}\n"
        files["main.c"] = "".join([*(f"#include {file}\n" for file in includes), *parts, main])
        output = output_of(compiled(gcc, folder, files, [*C99, *flags]), data)
        return list(self.cut(output))

    def packed(self, numbers):
        return b"".join(struct.pack(SIZES[self.number][0], x) for x in numbers)

    def cut(self, output):
        for model, steps in self.runs:
            network = describe(model).network
            count = sum(len(row) for matrix in parameters(network) for row in matrix)
            size = 1 + count * SIZES[self.number][1]
            for _ in steps:
                yield output[0], output[1:size]
                output = output[size:]
        assert not output


def stepped(network, row, targets, rate):
    """Take a step as the trainer does; return 0, or 1 and change nothing if it diverges."""
    gradients = find_gradients(network, forward(network, [row]), [targets], "sum")
    new = SGD(rate).step(parameters(network), gradients)
    if not all(map(all_finite, new)):
        return 1
    set_parameters(network, new)
    return 0


def flat(network):
    return [x for matrix in parameters(network) for row in matrix for x in row]


@st.composite
def trainings(draw):
    """Draw a few networks, with rows and targets, of any size, for a number of steps."""
    runs = []
    for _ in range(draw(st.integers(1, 6))):
        network, X, y = draw(problems(networks(layers=4, width=5), most_rows=4))
        rates = st.sampled_from([0.1, 1.0, 1e3, 1e30, 1e308])
        rows = st.sampled_from(list(zip(X, y)))
        if draw(st.booleans()) and network.loss == "squared_error":
            elements = finite_float | thousandths
            rows = st.tuples(
                matrices(1, network.sizes[0], elements).map(lambda rows: rows[0]),
                matrices(1, network.sizes[-1], elements).map(lambda rows: rows[0]),
            )
        steps = draw(st.lists(st.tuples(rows, rates), min_size=1, max_size=12))
        runs.append((network, [(x, t, rate) for (x, t), rate in steps]))
    return runs


@few
@given(runs=trainings())
@pytest.mark.parametrize("flags", ["-O0", "-O2"])
def test_each_step_in_doubles_gives_the_bits_of_the_network(gcc, folder, flags, runs):
    run = Run(runs)
    expected = []
    for network, steps in runs:
        network = network.copy()
        for x, t, rate in steps:
            expected.append((stepped(network, x, t, rate), run.packed(flat(network))))
    assert run.outcomes(gcc, folder, flags) == expected


@pytest.mark.parametrize("options", [{}, {"bias": True, "activation": "tanh"}])
def test_many_steps_give_the_bits_of_network_train(gcc, folder, options):
    network = Network([2, 4, 1], seed=1, **options)
    pairs = list(zip(*XOR)) * 500
    [*_, (code, weights)] = Run([(network, [(x, t, 0.5) for x, t in pairs])]).outcomes(gcc, folder)
    for x, t in pairs:
        network.train([x], [t], epochs=1, learning_rate=0.5)
    assert (code, weights) == (0, Run([]).packed(flat(network)))


# -- estimators --------------------------------------------------------------------------------


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("several", [True, False])
def test_a_regressor_learns_standardized_rows_and_targets(gcc, folder, standardize, several):
    targets = [[10 * row[0], row[1] - 300][: 1 + several] for row in FLOWERS]
    y = targets if several else [target for [target] in targets]
    regressor = Regressor(3, epochs=2, random_state=0, standardize=standardize).fit(FLOWERS, y)
    model = describe(regressor)
    network = model.network
    run = Run([(regressor, [(x, t, 0.01) for x, t in zip(FLOWERS, targets)])])
    expected = []
    for x, t in zip(FLOWERS, targets):
        [row] = model.inputs.apply([x]) if model.inputs else [x]
        code = stepped(network, row, model.outputs.apply([t])[0], 0.01)
        expected.append((code, run.packed(flat(network))))
    assert run.outcomes(gcc, folder) == expected


@pytest.mark.parametrize("standardize", [True, False])
@pytest.mark.parametrize("count", [2, 3])
def test_a_classifier_learns_the_index_of_a_class(gcc, folder, standardize, count):
    flowers, species = FLOWERS[: 50 * count], SPECIES[: 50 * count]
    classifier = Classifier(3, epochs=2, random_state=0, standardize=standardize)
    model = describe(classifier.fit(flowers, species))
    network = model.network
    steps = [(x, model.classes.index(label)) for x, label in zip(flowers, species)]
    padding = [0.0] * (count - 1)
    run = Run([(classifier, [(x, [index, *padding], 0.01) for x, index in steps])])
    expected = []
    for x, index in steps:
        [row] = model.inputs.apply([x]) if model.inputs else [x]
        code = stepped(network, row, [float(j == index) for j in range(count)], 0.01)
        expected.append((code, run.packed(flat(network))))
    assert run.outcomes(gcc, folder) == expected


def test_a_class_that_is_none_changes_nothing(gcc, folder):
    classifier = Classifier(3, epochs=2, random_state=0).fit(FLOWERS, SPECIES)
    run = Run([(classifier, [(FLOWERS[0], [index, 0.0, 0.0], 0.1) for index in (-1, 3)])])
    before = run.packed(flat(describe(classifier).network))
    assert run.outcomes(gcc, folder) == [(1, before)] * 2


PREDICTS = """#include <stdio.h>
#include "net.h"
int main(void)
{
    REAL row[NET_INPUTS], outputs[NET_OUTPUTS];
    while (fread(row, sizeof row, 1, stdin) == 1) {
        net_predict(row, outputs);
        fwrite(outputs, sizeof outputs, 1, stdout);
    }
    return net_selftest();
}
"""


@pytest.mark.parametrize("kind", [Classifier, Regressor])
def test_before_it_learns_a_header_gives_the_bits_of_the_estimator(gcc, folder, kind):
    """Nothing is folded into its weights."""
    targets = SPECIES if kind is Classifier else [[row[0], 100 * row[1]] for row in FLOWERS]
    estimator = kind(3, epochs=5, random_state=0).fit(FLOWERS, targets)
    files = {"net.h": c_source(estimator, trainable=True), "main.c": PREDICTS}
    files["main.c"] = files["main.c"].replace("REAL", "double")
    program = compiled(gcc, folder, files, [*C99, "-DNET_SELFTEST"])
    output = output_of(program, b"".join(struct.pack("<4d", *row) for row in FLOWERS))
    expected = describe(estimator).apply(FLOWERS)
    assert output == b"".join(struct.pack(f"<{len(row)}d", *row) for row in expected)


def test_a_column_of_seconds_since_1970_is_learned_in_doubles(gcc, folder):
    """The rows differ by less than a float of 1.7e9 can tell."""
    rows = [[1.7e9 + i] for i in range(60)]
    regressor = Regressor(2, epochs=1, random_state=0).fit(rows, list(range(60)))
    main = """#include "net.h"
int main(void)
{
    const double early[1] = {1.7e9}, late[1] = {1.7e9 + 59};
    const float wanted[2][1] = {{0.0f}, {59.0f}};
    float first[1], last[1];
    for (int step = 0; step < 1000; step++) {
        if (net_train(early, wanted[0], 0.05f) || net_train(late, wanted[1], 0.05f)) {
            return 1;
        }
    }
    net_predict(early, first);
    net_predict(late, last);
    return first[0] < 5.0f && last[0] > 54.0f ? 0 : 2;
}
"""
    files = {"net.h": c_source(regressor, number="float", trainable=True), "main.c": main}
    output_of(compiled(gcc, folder, files, C99))


# -- floats ------------------------------------------------------------------------------------


@few
@given(runs=trainings())
def test_each_step_in_floats_gives_the_bits_of_the_same_steps(gcc, folder, required, runs):
    library = ctypes.CDLL(required("the C library of mathematics", ctypes.util.find_library("m")))
    fits = [
        (n, [s for s in steps if max(map(abs, [*s[0], *s[1], s[2]])) < 3e38]) for n, steps in runs
    ]
    run, expected = Run(fits, "float"), []
    with np.errstate(all="ignore"):
        for network, steps in fits:
            learning = Learning(library, network)
            for x, t, rate in steps:
                code = learning.step(x, t, rate)
                expected.append((code, b"".join(each.tobytes() for each in learning.parameters)))
    assert run.outcomes(gcc, folder, "-O2") == expected


# -- what holds for all of them ------------------------------------------------------------------


def test_no_step_writes_beyond_its_place(gcc, folder):
    runs = []
    for sizes in ([3, 1], [1, 9, 2], [2, 8, 7, 5]):
        network = Network(sizes, output_activation="softmax", bias=True, seed=1)
        runs.append((network, [([0.5] * sizes[0], [0.1] * sizes[-1], 0.5)] * 3))
    sanitized = ["-g", "-fsanitize=address,undefined", "-fno-sanitize-recover"]
    assert [code for code, _ in Run(runs).outcomes(gcc, folder, *sanitized)] == [0] * 9


def test_a_file_that_declares_trains_the_weights_of_the_other(gcc, required, folder):
    cpp = required("g++", shutil.which("g++"))
    main = """#define NET_EXTERN
#include "net.h"
int main()
{
    const double row[2] = {0.0, 1.0}, target[1] = {1.0};
    double before[1], after[1];
    net_predict(row, before);
    const int failed = net_train(row, target, 0.5);
    net_predict(row, after);
    return failed == 0 && after[0] > before[0] ? 0 : 1;
}
"""
    files = {
        "net.h": c_source(Network([2, 3, 1], seed=1), trainable=True),
        "one.c": '#define NET_IMPLEMENTATION\n#include "net.h"\n',
        "main.cpp": main,
    }
    flags = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-lstdc++"]
    output_of(compiled(gcc, folder, files, flags))
    files["one.cpp"] = files.pop("one.c")
    output_of(compiled(cpp, folder, files, flags))


@pytest.mark.parametrize("kind", [1, 2])
def test_the_template_compiles_as_it_is_for_each_kind_of_model(gcc, folder, kind):
    template = (CHECKOUT / "purenet/export/template.h").read_text()
    target = "1" if kind == 1 else "row"
    main = f"""#include "net.h"
int main(void)
{{
    const double row[2] = {{1.0, 2.0}};
    return net_train(row, {target}, 0.5);
}}
"""
    output_of(compiled(gcc, folder, {"net.h": template, "main.c": main}, [*C99, f"-DKIND={kind}"]))
