"""Headers on an AVR and a Cortex-M0, simulated: the network of the digits answers as in Python."""

import shutil
import struct

import numpy as np
import pytest
from chips import on_avr, on_cortex_m0
from headers import Learning

from purenet import Classifier, Network
from purenet.datasets import digits
from purenet.export.c import c_source
from purenet.export.c_header import C
from purenet.export.target import source_of

WARNINGS = ["-Wall", "-Wextra", "-Werror"]

# Each row is a float for each input; the answers are said as the bits of floats.
MAIN = """#include <string.h>
#include "board.h"
#include "net.h"
static const REAL rows[ROWS][NET_INPUTS] NET_FLASH = {{{rows}}};
int main(void)
{{
    board_begin();
    for (int r = 0; r < ROWS; r++) {{
        REAL inputs[NET_INPUTS];
        REAL outputs[NET_OUTPUTS];
        for (int i = 0; i < NET_INPUTS; i++) {{
            inputs[i] = NET_READ(&rows[r][i]);
        }}
        net_predict(inputs, outputs);
        for (int j = 0; j < NET_OUTPUTS; j++) {{
            uint32_t bits;
            memcpy(&bits, &outputs[j], 4);
            board_say(bits);
        }}
    }}
    board_end();
    return 0;
}}
"""


@pytest.fixture(scope="module", params=[on_avr, on_cortex_m0])
def chip(request, required):
    simulators = {
        on_avr: ("avr-gcc", "simavr"),
        on_cortex_m0: ("arm-none-eabi-gcc", "qemu-system-arm"),
    }
    for program in simulators[request.param]:
        required(program, shutil.which(program))
    return request.param


@pytest.fixture(scope="module")
def of_digits():
    X, y = digits()
    return Classifier(32, epochs=10, random_state=0).fit(X, y), X[::120]


def main_of(rows, real="float"):
    """Return a program that answers for rows."""
    lines = ["{" + ", ".join(map(str, row)) + "}" for row in rows]
    return MAIN.format(rows=",\n".join(lines)).replace("ROWS", str(len(rows))).replace("REAL", real)


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
def test_the_digits_network_answers_on_a_chip_as_in_python(chip, of_digits, tmp_path, options):
    classifier, rows = of_digits
    if chip is on_cortex_m0 and not options:
        options = {"number": "float", "pack": "int8"}  # its doubles are not floats
    target = C(classifier, **options)
    files = {"net.h": source_of(target), "main.c": main_of(rows, target.real)}
    said, (flash, ram) = chip(tmp_path, files, "-std=c99", *WARNINGS)
    expected, error = in_floats(target.rounded(), rows)
    assert error.max() < 1e-3  # small enough to tell
    assert (abs(floats_of(said, rows) - expected) <= error).all()
    if chip is on_avr:
        assert flash < 32 * 1024 - len(rows) * 256 and ram < 200


def test_a_sketch_in_cpp_keeps_the_weights_in_flash_once(required, of_digits, tmp_path):
    for program in ("avr-gcc", "simavr"):
        required(program, shutil.which(program))
    classifier, rows = of_digits
    target = C(classifier, number="float")
    main = "#define NET_EXTERN\n" + main_of(rows[:1]).replace("NET_FLASH", "").replace(
        "NET_READ", "*"
    )
    files = {
        "net.h": source_of(target),
        "net.cpp": '#define NET_IMPLEMENTATION\n#include "net.h"\n',
        "main.cpp": main,
    }
    said, (flash, ram) = on_avr(tmp_path, files, *WARNINGS)
    expected, error = in_floats(target.rounded(), rows[:1])
    assert (abs(floats_of(said, rows[:1]) - expected) <= error).all()
    assert 4 * (64 * 32 + 32 * 10) < flash < 16 * 1024 and ram < 500


LEARNS = """#include <string.h>
#include "board.h"
#include "net.h"
static void say(const float *numbers, int count)
{
    for (int i = 0; i < count; i++) {
        uint32_t bits;
        memcpy(&bits, &numbers[i], 4);
        board_say(bits);
    }
}
int main(void)
{
    static const float rows[4][2] = {{0, 0}, {0, 1}, {1, 0}, {1, 1}};
    static const float targets[4][1] = {{0}, {1}, {1}, {0}};
    board_begin();
    for (int step = 0; step < 40; step++) {
        net_train(rows[step % 4], targets[step % 4], 0.1f);
    }
    say(net_weights_0, 2 * 4);
    say(net_weights_1, 4 * 1);
    say(net_biases_0, 4);
    say(net_biases_1, 1);
    board_end();
    return 0;
}
"""


def test_a_network_learns_on_a_chip_to_the_bits(chip, tmp_path):
    """It has no exp and no tanh, in which the chips' libraries differ."""
    options = {"activation": "leaky_relu", "output_activation": "linear"}
    network = Network([2, 4, 1], bias=True, seed=1, **options)
    files = {"net.h": c_source(network, number="float", trainable=True), "main.c": LEARNS}
    said, _ = chip(tmp_path, files, "-std=c99", *WARNINGS)
    learning = Learning(None, network)
    for step in range(40):
        i, j = divmod(step % 4, 2)
        assert learning.step([i, j], [i ^ j], 0.1) == 0
    expected = np.concatenate([each.ravel() for each in learning.parameters])
    assert said == expected.view(np.uint32).tolist()
