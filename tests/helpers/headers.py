"""Headers in C99: compiled with every warning an error, and their steps in floats of NumPy."""

import ctypes
import ctypes.util
import re
import subprocess

import numpy as np

from purenet.core.backpropagation import parameters
from purenet.export.quantized import quantize

# Where a compiler finds out that the argument of tanh is a constant (behind a relu that gives 0.0),
# it computes the value itself, rounds it correctly, and so differs from the library in a last bit.
STRICT = [
    "-fno-builtin",
    "-Wall",
    "-Wextra",
    "-Werror",
    "-pedantic",
    "-Wconversion",
    "-Wdouble-promotion",
]
C99 = ["-std=c99", *STRICT]
SIZES = {"double": ("<d", 8), "float": ("<f", 4)}

SELFTEST = """#include "net.h"
int main(void)
{
    return net_selftest();
}
"""

# Why a header breaks these, all of them advice or a guess of cppcheck.
MISRA_LEFT = {
    "8.9": "weights stand at the top instead of in the one function that takes them",
    "2.2": "the shape of a layer with one neuron, 4 * 1, is a multiplication by 1",
}


def compiled(compiler, folder, files, flags):
    """Return the path of the program made of these files, which must give no warning."""
    for name, text in files.items():
        (folder / name).write_bytes(text.encode("ascii"))
    sources = [name for name in files if not name.endswith(".h")]
    command = [compiler, *flags, *sources, "-o", "program", "-lm"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "program"


def output_of(program, data=b""):
    done = subprocess.run([program], input=data, capture_output=True)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def broken_rules(cppcheck, folder, headers):
    """Return the rules of MISRA that headers, given by their names, break."""
    for name, text in headers.items():
        (folder / f"{name}.h").write_text(text)
        calls = f"void use_{name}(void);\nvoid use_{name}(void) {{ (void){name}_selftest(); }}\n"
        (folder / f"{name}.c").write_text(
            f'#define {name.upper()}_SELFTEST\n#include "{name}.h"\n{calls}'
        )
    command = [cppcheck, "--addon=misra", "--enable=style", "--template={file} {id}", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return set(re.findall(r"\.h misra-c2012-(\S+)", done.stderr))


class InFloats:
    """The way forward in NumPy's floats of four bytes, operation by operation."""

    def __init__(self, library, pack):
        self.pack = pack
        names = ("exp", "tanh") if library else ()
        self.functions = {name: getattr(library, f"{name}f") for name in names}
        for function in self.functions.values():
            function.restype, function.argtypes = ctypes.c_float, [ctypes.c_float]

    def each(self, name, values):
        return np.array([self.functions[name](value) for value in values], np.float32)

    def weights(self, W):
        """Return the factors of the inputs, and those of the sums."""
        if not self.pack:
            return np.array(W).astype(np.float32), np.float32(1.0)
        numbers, scales = quantize(W)
        return np.array(numbers, np.float32), np.array(scales).astype(np.float32)

    def predict(self, network, row):
        values = np.array(row).astype(np.float32)
        for k, W in enumerate(network.weights):
            sums = np.full(len(W[0]), -0.0, np.float32)
            matrix, scales = self.weights(W)
            for value, weights in zip(values, matrix):
                sums = sums + value * weights
            sums = sums * scales
            if network.biases:
                sums = sums + np.array(network.biases[k]).astype(np.float32)
            values = self.activated(network.layer_activations[k], sums)
        return values.tolist()

    def activated(self, name, sums):
        one, zero, leak = np.float32([1.0, 0.0, 0.01])
        if name == "sigmoid":
            return one / (one + self.each("exp", -sums))
        if name == "tanh":
            return self.each("tanh", sums)
        if name == "softmax":
            powers = self.each("exp", sums - max(sums))
            total = zero
            for power in powers:
                total = total + power
            return powers / total
        below = {"relu": zero * np.ones_like(sums), "leaky_relu": leak * sums, "linear": sums}
        return np.where(sums < zero, below[name], sums)


class Learning(InFloats):
    """A step in NumPy's floats of four bytes, operation by operation."""

    def __init__(self, library, network):
        super().__init__(library, None)
        self.network = network
        self.parameters = [np.array(matrix).astype(np.float32) for matrix in parameters(network)]

    def step(self, row, targets, rate):
        network, layers = self.network, len(self.network.weights)
        names, rate = network.layer_activations, np.float32(rate)
        values = [np.array(row).astype(np.float32)]
        for k, name in enumerate(names):
            sums = self.running(self.parameters[k] * values[k][:, None])
            if network.biases:
                sums = sums + self.parameters[layers + k][0]
            values.append(self.activated(name, sums))
        errors = np.array(targets).astype(np.float32) - values[-1]
        deltas = {}
        for k in range(layers, 0, -1):
            canceled = k == layers and network.loss == "cross_entropy"
            deltas[k] = errors if canceled else self.back(names[k - 1], errors, values[k])
            errors = self.running((self.parameters[k - 1] * deltas[k]).T)
        steps = [values[k][:, None] * deltas[k + 1] for k in range(layers)]
        steps += [deltas[k + 1][None, :] for k in range(layers)] if network.biases else []
        new = [matrix + step * rate for matrix, step in zip(self.parameters, steps)]
        if not all(np.isfinite(matrix).all() for matrix in new):
            return 1
        self.parameters = new
        return 0

    def running(self, products):
        """Return the sums of columns, added from the first row down."""
        total = np.full(products.shape[1], -0.0, np.float32)
        for row in products:
            total = total + row
        return total

    def back(self, name, errors, outputs):
        one, zero, leak = np.float32([1.0, 0.0, 0.01])
        if name == "softmax":
            return outputs * (errors - self.running((errors * outputs)[:, None])[0])
        slopes = {
            "sigmoid": outputs * (one - outputs),
            "tanh": one - outputs * outputs,
            "relu": np.where(outputs > zero, one, zero),
            "leaky_relu": np.where(outputs > zero, one, leak),
            "linear": one,
        }
        return errors * slopes[name]
