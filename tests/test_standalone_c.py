"""Headers in C99: the bits of PureNet, compiled with every warning an error, and names as data."""

import ctypes
import ctypes.util
import math
import shutil
import struct
import subprocess
from pathlib import Path

import numpy as np
import pytest
from conftest import HIDDEN, bits, complaint, finite_float, matrices, networks, thousandths
from hypothesis import given, settings
from hypothesis import strategies as st

from purenet import Classifier, Network, Regressor
from purenet.core.network import Network as Core
from purenet.datasets import iris
from purenet.formats.standalone.c import c_source
from purenet.formats.standalone.folded import fold
from purenet.formats.standalone.quantised import quantise, weights_of

STRICT = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wconversion", "-Wdouble-promotion"]
C99 = ["-std=c99", *STRICT]

# A process takes longer than what it answers: so each example is a few models in one program.
few = settings(max_examples=20)
