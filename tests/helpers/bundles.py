"""The core in one file, and the programs that are run on it wherever there is a Python."""

import os
import re
import struct
import subprocess
import sys
from functools import cache

from support import (
    CHECKOUT,
    bits,
)

from purenet import Network
from purenet.core.backpropagation import parameters
from purenet.core.mt19937 import MT19937
from purenet.export.bundle import bundle_source


@cache
def bundle(bare):
    return bundle_source(bare=bare)


def on_the_bundle(program):
    """Return a program that uses the checkout's core as one that uses the bundle."""
    return re.sub(r"from purenet\.core\.\w+ import", "from purenet_core import", program)


# Trains with biases, tanh, softmax, adam and shuffled batches, and prints each bit.
BITS = on_the_bundle((CHECKOUT / "tests/bits.py").read_text(encoding="utf-8"))

# Loads a file, saves it again, and prints each bit.
FILES = """
import struct, sys
sys.path.insert(0, ".")
from purenet_core import dumps, load, loads, parameters, save
network = load("given.json")
save(network, "made.json")
save(load("made.json"), "made.json")
for matrix in parameters(loads(dumps(load("made.json")))):
    for row in matrix:
        print(" ".join(["".join(["%02x" % byte for byte in struct.pack(">d", w)]) for w in row]))
"""


def run(command, folder):
    """Run a program in a folder and return the lines that it printed."""
    done = subprocess.run(
        command,
        cwd=folder,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()


def isolated(name, path):
    """Return how to start an interpreter that looks for modules nowhere else."""
    return [path] if name == "micropython" else [path, "-I"]


def numbers(lines):
    return [struct.unpack(">d", bytes.fromhex(n))[0] for n in " ".join(lines).split()]


def everything(network):
    """Return all of a network but its generator, which starts anew in a loaded network."""
    return repr(network), *map(bits, parameters(network))


def floats_of(network):
    return [x for matrix in parameters(network) for row in matrix for x in row]


@cache
def optioned():
    """The results of tests/bits.py with the options, here and without the bundle."""
    return numbers(run([sys.executable, "tests/bits.py", "options"], CHECKOUT)[1:])


def all_kinds_of_floats():
    """Return a network with subnormal weights, and biases at the edges of what a float can be."""
    chance = MT19937(1)
    network = Network([40, 50], init="zeros", bias=True, seed=1)

    def number():
        while True:
            number = struct.unpack("<d", struct.pack("<Q", chance.below(2**32)))[0]
            if abs(number) < float("inf"):
                return number

    network.weights = [[[number() for _ in range(50)] for _ in range(40)]]
    edges = [0.0, -0.0, 5e-324, -5e-324, 2.0**-1022, sys.float_info.max, -1e308, 0.1, 1e16, 1e22]
    network.biases = [edges * 5]
    return network
