"""Files that a grammar draws, of each format: a model that stays itself, or refused in a sentence.

tests/fuzz.py tries any number of them.
"""

import random

import npz_files
import pytest
from fuzzing import FORMATS, grammar, tally_of, tried
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("tracemalloc", exc_type=ImportError)  # PyPy has none

CHECKS = {"npz": npz_files.as_numpy_reads_it}


def each_format(test):
    return pytest.mark.parametrize("name", FORMATS)(test)


@pytest.mark.parametrize("count", [100, pytest.param(3000, marks=pytest.mark.exhaustive)])
@each_format
def test_a_file_that_is_drawn_is_a_model_that_stays_itself_or_is_refused(name, count, tmp_path):
    tally = tally_of(name, 0, range(count), tmp_path, CHECKS.get(name))
    print(f"{name}: {tally.loaded:,} of {count:,} files are loaded, the others refused")
    # Of fewer or more the faults would be too wild, or too tame, to reach what reads a file.
    assert count / 5 < tally.loaded < count * 3 / 5


# As above, but if it fails, hypothesis makes the file smaller. A file may take many draws.
@settings(suppress_health_check=list(HealthCheck))
@each_format
@given(chance=st.randoms())
def test_a_file_that_hypothesis_draws_is_a_model_or_is_refused(name, chance, tmp_path_factory):
    tried(name, chance, tmp_path_factory.getbasetemp(), CHECKS.get(name))


@each_format
def test_a_number_draws_the_same_file_again(name):
    one, other = (grammar(name).draw(random.Random("1")) for _ in range(2))
    assert one == other
