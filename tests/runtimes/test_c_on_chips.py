"""Headers on an AVR and a Cortex-M0, simulated: the network of the digits answers as in Python."""

import shutil
import struct

import numpy as np
import pytest
from headers import Learning

from benchmarks import chips
from purenet import Classifier, Network, Regressor
from purenet.datasets import digits, iris
from purenet.export.c import c_source, c_target
from purenet.export.c_header import C
from purenet.export.target import source_of

WARNINGS = ["-Wall", "-Wextra", "-Werror"]

# Each row is a number for each input; the answers are printed as the bits of floats.
MAIN = """#include <stdio.h>
#include <string.h>
#include "board.h"
#include "net.h"
static const INPUT rows[ROWS][NET_INPUTS] BOARD_ROM = {{{rows}}};
int main(void)
{{
    for (int r = 0; r < ROWS; r++) {{
        INPUT inputs[NET_INPUTS];
        REAL outputs[NET_OUTPUTS];
        for (unsigned i = 0; i < sizeof inputs; i++) {{
            ((uint8_t *)inputs)[i] = BOARD_BYTE((const uint8_t *)rows[r] + i);
        }}
        net_predict(inputs, outputs);
        for (int j = 0; j < NET_OUTPUTS; j++) {{
            uint32_t bits;
            memcpy(&bits, &outputs[j], 4);
            printf("%08lx\\n", (unsigned long)bits);
        }}
        {more}
    }}
    return 0;
}}
"""


RUN_ON = {chips.M0: chips.run_on_m0, chips.AVR: chips.run_on_avr}


@pytest.fixture(scope="module", params=RUN_ON)
def chip(request, required):
    simulators = {
        chips.AVR: ("avr-gcc", "simavr"),
        chips.M0: ("arm-none-eabi-gcc", "qemu-system-arm"),
    }
    for program in simulators[request.param]:
        required(program, shutil.which(program))
    return request.param


def said_by(chip, files):
    """Return the hexadecimal numbers that a program prints."""
    return [int(line, 16) for line in RUN_ON[chip](files, WARNINGS).split()]


@pytest.fixture(scope="module")
def of_digits():
    X, y = digits()
    return Classifier(32, epochs=10, random_state=0).fit(X, y), X[::120]


def main_of(rows, real="float", kind=None, more=""):
    """Return a program that answers for rows."""
    lines = ["{" + ", ".join(map(str, row)) + "}" for row in rows]
    main = MAIN.format(rows=",\n".join(lines), more=more).replace("ROWS", str(len(rows)))
    return main.replace("REAL", real).replace("INPUT ", f"{kind or real} ")


def floats_of(said, rows):
    answers = [struct.unpack("<f", struct.pack("<I", number))[0] for number in said]
    return np.array(answers).reshape(len(rows), -1)


def in_floats(model, rows):
    """Return a classifier's probabilities, and how far off those computed in floats may be.

    The layers are tanh and softmax. A sum of n products has n + 1 roundings, of the bias and, for
    bytes, of a scale two more, each of at most 2^-24 of the sum of sizes. The slope of tanh differs
    by less than the error nearby. A probability's relative error is at most twice the largest error
    of a sum. The chips' exp and tanh are taken to be right to eight units.
    """
    unit, values, error = 2.0**-24, np.array(rows), 0.0
    if model.inputs:
        means, deviations = np.array(model.inputs.means), np.array(model.inputs.deviations)
        values = values - means
        error = unit * (abs(means) + 3.0 * abs(values)) / deviations
        values = values / deviations
    for k, (W, b) in enumerate(zip(map(np.array, model.network.weights), model.network.biases)):
        sizes = abs(values) @ abs(W) + np.abs(b)
        error = error @ abs(W) if np.ndim(error) else 0.0
        error = error + unit * (len(W) + 3) * sizes
        values = values @ W + b
        if k == 0:
            values = np.tanh(values)
            error = error * (1.0 - values**2 + error) + 8.0 * unit
    powers = np.exp(values - values.max(1, keepdims=True))
    outputs = powers / powers.sum(1, keepdims=True)
    return outputs, outputs * (2.0 * error.max(1, keepdims=True) + 30.0 * unit)


@pytest.mark.parametrize("options", [{}, {"number": "float"}, {"pack": "int8"}])
def test_the_digits_network_answers_on_a_chip_as_in_python(chip, of_digits, options):
    classifier, rows = of_digits
    if chip == chips.M0 and not options:
        options = {"number": "float", "pack": "int8"}  # its doubles are not floats
    target = C(classifier, **options)
    files = {"net.h": source_of(target), "main.c": main_of(rows, target.real)}
    said = said_by(chip, files)
    expected, error = in_floats(target.rounded(), rows)
    assert error.max() < 1e-3  # small enough to tell
    assert (abs(floats_of(said, rows) - expected) <= error).all()
    if chip == chips.AVR:
        net = chips.Network(files["net.h"], "net_predict_class(row)", target.real)
        flash, ram = chips.size_of(chips.CHIPS[chip], net)
        assert flash < 32 * 1024 - len(rows) * 256 and ram < 200


@pytest.mark.parametrize("options", [{}, {"number": "float"}, {"pack": "int8"}])
def test_a_header_passes_its_own_test_on_a_chip(chip, options):
    """Doubles, too, which have only 4 bytes on an AVR."""
    source = source_of(C(Network([3, 4, 2], seed=1), **options))
    main = '#include <stdio.h>\n#define NET_SELFTEST\n#include "net.h"\n'
    main += 'int main(void) { printf("%d\\n", net_selftest()); return 0; }\n'
    assert RUN_ON[chip]({"net.h": source, "main.c": main}, []) == "0\n"


def test_a_sketch_in_cpp_keeps_the_weights_in_flash_once(required, of_digits):
    for program in ("avr-gcc", "simavr"):
        required(program, shutil.which(program))
    classifier, rows = of_digits
    target = C(classifier, number="float")
    files = {
        "net.h": source_of(target),
        "net.cpp": '#define NET_IMPLEMENTATION\n#include "net.h"\n',
    }
    net = chips.Network("", "net_predict_class(row)", "float")
    text, data, bss = chips.sections(
        chips.CHIPS[chips.AVR], files, [*net.options(), "-DNET_EXTERN", *WARNINGS]
    )
    assert 4 * (64 * 32 + 32 * 10) < text + data < 16 * 1024 and data + bss < 500
    files["main.cpp"] = "#define NET_EXTERN\n" + main_of(rows[:1])
    said = said_by(chips.AVR, files)
    expected, error = in_floats(target.rounded(), rows[:1])
    assert (abs(floats_of(said, rows[:1]) - expected) <= error).all()


SUMS = """int32_t sums[NET_OUTPUTS];
        net_sums(inputs, sums);
        for (int j = 0; j < NET_OUTPUTS; j++) {
            printf("%08lx\\n", (unsigned long)sums[j]);
        }"""

FLOWERS, SPECIES = iris()
SIDES = [[row[0], 100.0 * row[3]] for row in FLOWERS]
TENTHS = [[round(10.0 * x) for x in row] for row in FLOWERS]
WHOLE = {
    "relu and sigmoid": (Classifier([5, 4], activation=["relu", "sigmoid"]), FLOWERS, SPECIES),
    "leaky": (Regressor(4, activation="leaky_relu"), FLOWERS, SIDES),
    "linear, of bytes": (Regressor(4, activation="linear"), TENTHS, SIDES),
    "of integers": (Classifier(4), [[row[0] - 200, *row[1:]] for row in TENTHS], SPECIES),
}


def assert_sums_of_the_reference(chip, target, rows):
    real, kind = target.real, target.kind_of_inputs()
    files = {"net.h": source_of(target), "main.c": main_of(rows, real, kind, SUMS)}
    width = target.model.network.sizes[-1]
    said = np.array(said_by(chip, files), np.uint32).reshape(len(rows), 2, width)
    expected = target.whole.apply(rows)
    assert said[:, 1].view(np.int32).tolist() == [target.whole.sums(row) for row in rows]
    # Outputs are floats, of a rounding or a few and, of probabilities, of the chip's exp.
    assert np.allclose(said[:, 0].view(np.float32), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("name", WHOLE)
def test_sums_in_whole_numbers_are_the_same_on_a_chip(chip, name, known):
    estimator, X, y = WHOLE[name]
    target = c_target(
        estimator.set_params(epochs=20, random_state=0).fit(X, y),
        pack="integer",
        rows=X if known else None,
    )
    kinds = {"linear, of bytes": "uint8_t", "of integers": "int16_t"}
    assert target.kind_of_inputs() == (kinds.get(name, "float") if known else "float")
    assert_sums_of_the_reference(chip, target, X[::20])


@pytest.mark.parametrize("known", [True, False])
def test_the_digits_in_whole_numbers_are_small_and_quick_on_a_chip(chip, known):
    X, y = digits()
    X = [list(map(round, row)) for row in X]
    classifier = Classifier(32, epochs=10, random_state=0, standardize=False)
    target = c_target(classifier.fit(X, y), pack="integer", rows=X if known else None)
    assert_sums_of_the_reference(chip, target, X[::300])
    few = X[: chips.ROWS]
    net = chips.Network(source_of(target), "net_predict_class(row)", target.kind_of_inputs())
    classes = [each.index(max(each)) for each in map(target.whole.sums, few)]
    found = chips.measured_on(chips.CHIPS[chip], net, few, classes)
    flash, ram, count = LIMITS[chip, known]
    assert found["flash"] <= flash and found["ram"] <= ram and found["count"] <= count


LIMITS = {  # bytes of flash, bytes of RAM with the stack, instructions or cycles
    (chips.M0, True): (4000, 340, 20_000),
    (chips.M0, False): (7000, 340, 42_000),
    (chips.AVR, True): (5200, 310, 175_000),
    (chips.AVR, False): (6000, 310, 200_000),
}


LEARNS = """#include <stdio.h>
#include <string.h>
#include "net.h"
static void say(const float *numbers, int count)
{
    for (int i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &numbers[i], 4);
        printf("%08lx\\n", (unsigned long)bits);
    }
}
int main(void)
{
    static const float rows[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    static const float targets[4][1] = {{0}, {1}, {1}, {0}};
    for (int step = 0; step < 40; step++) {
        net_train(rows[step % 4], targets[step % 4], 0.1f);
    }
    say(net_weights_0, 2 * 4);
    say(net_weights_1, 4 * 1);
    say(net_biases_0, 4);
    say(net_biases_1, 1);
    return 0;
}
"""


def test_a_network_learns_on_a_chip_to_the_bits(chip):
    """It has no exp and no tanh, in which the chips' libraries differ."""
    options = {"activation": "leaky_relu", "output_activation": "linear"}
    network = Network([2, 4, 1], bias=True, seed=1, **options)
    files = {"net.h": c_source(network, number="float", trainable=True), "main.c": LEARNS}
    said = said_by(chip, files)
    learning = Learning(None, network)
    for step in range(40):
        i, j = divmod(step % 4, 2)
        assert learning.step([i, j], [i ^ j], 0.1) == 0
    expected = np.concatenate([each.ravel() for each in learning.parameters])
    assert said == expected.view(np.uint32).tolist()
