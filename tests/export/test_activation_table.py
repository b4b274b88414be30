"""The table of activations has a row for each, with the formulas of the core, to the bit."""

import math

import pytest
from hypothesis import given
from support import finite_float

from purenet.activation_table import TABLE, name_of
from purenet.core.activations import ACTIVATIONS

ELEMENTWISE = [name for name in ACTIVATIONS if name != "softmax"]
LIBRARIES = ["sklearn", "torch", "onnx"]


def test_there_is_a_row_for_each_activation():
    assert list(TABLE) == list(ACTIVATIONS)


@given(z=finite_float.filter(lambda z: z > -700))
@pytest.mark.parametrize("name", ELEMENTWISE)
def test_the_formulas_give_the_bits_of_the_core(name, z):
    functions = {"exp": math.exp, "tanh": math.tanh}
    activation, spelling = ACTIVATIONS[name], TABLE[name]
    [[output]] = activation.forward([[z]])
    assert repr(eval(spelling.python.format(z=f"({z!r})"), functions)) == repr(output)
    low, high = spelling.range
    assert low <= output <= high
    slope = eval(spelling.slope.format(a=f"({output!r})"))
    assert repr(slope) == repr(activation.backward([[1.0]], [[output]])[0][0])


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_librarys_word_leads_back_to_the_activation(name, library):
    assert name_of(getattr(TABLE[name], library) or name, library) == name
