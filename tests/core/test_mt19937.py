"""The generator: NumPy's legacy numbers, and the published ones, to the last bit."""

import hashlib
import importlib.util
import math
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import complaint, seeds

from purenet.core import mt19937
from purenet.core.mt19937 import MT19937, fresh_seed

LAST_SEED = 2**32 - 1
NUMPYS_NAMES = {"random": "random_sample", "normal": "standard_normal", "below": "randint"}

limit = st.floats(-1e300, 1e300)
below = st.integers(1, 9) | st.integers(1, 2**63) | st.sampled_from([2**31, 2**32, 2**32 + 1])
calls = st.lists(
    st.sampled_from([("random",), ("normal",)])
    | st.tuples(st.just("uniform"), limit, limit)
    | st.tuples(st.just("permutation"), st.integers(0, 40))
    | st.tuples(st.just("below"), below),
    max_size=30,
)


def ours(generator, calls):
    """Return the generator's numbers for these calls."""
    return [getattr(generator, name)(*arguments) for name, *arguments in calls]


def numpys(generator, calls):
    """Return the numbers of NumPy's RandomState for the same calls."""
    draws = [
        getattr(generator, NUMPYS_NAMES.get(name, name))(*arguments) for name, *arguments in calls
    ]
    return [np.asarray(drawn).tolist() for drawn in draws]


def state_of(generator):
    """Return NumPy's state with lists and numbers of Python's own."""
    name, words, *rest = generator.get_state()
    return (name, words.tolist(), *rest)


# -- NumPy ---------------------------------------------------------------------------------------


@given(seeds, calls)
def test_every_call_in_any_order_draws_what_numpy_draws(seed, calls):
    generator, numpys_generator = MT19937(seed), np.random.RandomState(seed)
    assert ours(generator, calls) == numpys(numpys_generator, calls)
    assert generator.get_state() == state_of(numpys_generator)


@pytest.mark.parametrize("seed", [0, 1, 2**31, LAST_SEED])
def test_a_long_stream_is_numpys_too(seed):
    calls = 1000 * [("random",), ("normal",), ("uniform", -1.0, 1.0)] + [("permutation", 1797)]
    assert ours(MT19937(seed), calls) == numpys(np.random.RandomState(seed), calls)


@given(seeds, calls, calls)
def test_numpy_goes_on_from_our_state(seed, before, after):
    generator, numpys_generator = MT19937(seed), np.random.RandomState()
    ours(generator, before)
    numpys_generator.set_state(generator.get_state())
    assert numpys(numpys_generator, after) == ours(generator, after)


@given(seeds, calls, calls)
def test_we_go_on_from_numpys_state(seed, before, after):
    generator, numpys_generator = MT19937(0), np.random.RandomState(seed)
    numpys(numpys_generator, before)
    generator.set_state(numpys_generator.get_state())
    assert ours(generator, after) == numpys(numpys_generator, after)


@given(seeds, calls, calls)
def test_a_state_that_is_set_again_gives_the_same_numbers_again(seed, before, after):
    generator = MT19937(seed)
    ours(generator, before)
    state = generator.get_state()
    first = ours(generator, after)
    generator.set_state(state)
    assert ours(generator, after) == first


@pytest.mark.parametrize(("waiting", "spare"), [(0, 0.5), (1, 0.5), (1, 0.0), (1, -0.0)])
def test_a_state_says_whether_a_normal_number_waits(waiting, spare):
    state = ("MT19937", MT19937(1).get_state()[1], 624, waiting, spare)
    generator, numpys_generator = MT19937(0), np.random.RandomState(0)
    generator.set_state(state)
    numpys_generator.set_state(state)
    calls = 3 * [("normal",)]
    assert ours(generator, calls) == numpys(numpys_generator, calls)


HALF = 0x80102204  # the word that comes out as 2**31, of which random() makes 0.5


@pytest.mark.parametrize("words", [[0, 0, HALF, 0], [HALF, 0, HALF, 0]], ids=["rim", "center"])
def test_a_point_on_the_rim_of_the_circle_or_in_its_center_is_drawn_again(words):
    """Begin with a point where Marsaglia's method has no number: (-1, 0) and (0, 0)."""
    state = ("MT19937", words + MT19937(1).get_state()[1][4:], 0, 0, 0.0)
    generator, numpys_generator = MT19937(0), np.random.RandomState(0)
    generator.set_state(state)
    numpys_generator.set_state(state)
    calls = 3 * [("normal",)]
    assert ours(generator, calls) == numpys(numpys_generator, calls)


def test_the_whole_range_of_64_bits_is_drawn_as_two_words_the_high_one_first():
    generator, words = MT19937(1), MT19937(1)
    drawn = [generator.below(2**64) for _ in range(100)]
    assert drawn == [words.below(2**32) << 32 | words.below(2**32) for _ in range(100)]


def test_a_state_shares_nothing_with_the_generator():
    generator = MT19937(1)
    state = generator.get_state()
    other = MT19937(2)
    other.set_state(state)
    expected = MT19937(1).random()
    state[1][:] = [0] * 624
    assert generator.random() == other.random() == expected


# -- what was published --------------------------------------------------------------------------


def words_from_key(key):
    """Return the words that Matsumoto and Nishimura's init_by_array makes of a key.

    Only for keys of fewer than 624 words.
    """
    words = MT19937(19650218).get_state()[1]
    i, bits32 = 1, 2**32 - 1

    def move_on():
        if i < 623:
            return i + 1
        words[0] = words[623]
        return 1

    for step in range(624):
        mixed = words[i] ^ (words[i - 1] ^ words[i - 1] >> 30) * 1664525
        words[i] = mixed + key[step % len(key)] + step % len(key) & bits32
        i = move_on()
    for _ in range(623):
        mixed = words[i] ^ (words[i - 1] ^ words[i - 1] >> 30) * 1566083941
        words[i] = mixed - i & bits32
        i = move_on()
    return [2**31, *words[1:]]


def in_rows_of_five(numbers):
    """Lay numbers out as mt19937ar.c does: a space after each, a new line after each fifth."""
    rows = [numbers[i : i + 5] for i in range(0, len(numbers), 5)]
    return "".join("".join(number + " " for number in row) + "\n" for row in rows)


def test_the_whole_of_mt19937ar_out_comes_out():
    generator = MT19937(0)
    words = words_from_key([0x123, 0x234, 0x345, 0x456])
    generator.set_state(("MT19937", words, 624, 0, 0.0))
    # Only the private method gives the 32 bits as they come: random() joins two of them.
    integers = [generator._next() for _ in range(1000)]
    reals = [generator._next() / 2**32 for _ in range(1000)]
    text = "1000 outputs of genrand_int32()\n"
    text += in_rows_of_five([f"{number:10d}" for number in integers])
    text += "\n1000 outputs of genrand_real2()\n"
    text += in_rows_of_five([f"{number:10.8f}" for number in reals])
    assert integers[:5] == [1067595299, 955945823, 477289528, 4107218783, 4228976476]
    assert len(text) == 22465
    assert hashlib.md5(text.encode()).hexdigest() == "cb33e6acc162cbe20f7fcac26adddd02"


def test_the_10000th_number_of_seed_5489_is_that_of_the_cpp_standard():
    generator = MT19937(5489)  # [rand.predef] of the C++ standard
    for _ in range(9999):
        generator._next()
    assert generator._next() == 4123659995


# -- what is refused -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seed", "shown"),
    [
        (-1, "-1"),
        (LAST_SEED + 1, "4294967296"),
        (1.0, "1.0"),
        (True, "True (bool)"),
        ("1", "'1' (str)"),
        (None, "None"),
    ],
)
def test_a_seed_is_a_whole_number_of_32_bits(seed, shown):
    message = f"seed: expected a whole number from 0 to 4294967295, got {shown}"
    assert complaint(MT19937, seed) == message


WORDS = list(range(624))


NO_STATE = 'state: expected "MT19937" and 624 words that are not all 0'


@pytest.mark.parametrize(
    ("state", "message"),
    [
        (None, "state: expected what get_state() returns"),
        (5, "state: expected what get_state() returns"),
        ((), "state: expected what get_state() returns"),
        (("MT19937", WORDS, 624), "state: expected what get_state() returns"),
        (np.random.RandomState(1).get_state(legacy=False), "state: expected what get_state() retu"),
        (("MT19937", None, 624, 0, 0.0), "state: expected what get_state() returns"),
        (("MT19937", WORDS, 624, 0, None), "state: expected what get_state() returns"),
        (
            ("MT19937", WORDS, 624, np.array([0, 1]), 0.0),
            "state: expected what get_state() returns",
        ),
        (("MT19937", WORDS, 624, 1, 10**400), "state: expected what get_state() returns"),
        (("MT19937", WORDS, 624, 1, math.nan), "state: expected "),
        (("MT19937", WORDS, 624, 1, math.inf), "state: expected "),
        (("MT19937", WORDS, 625, 0, 0.0), "state: expected what get_state() returns"),
        (("MT19937", WORDS, -1, 0, 0.0), "state: expected what get_state() returns"),
        (("MT19937", [*WORDS[1:], 2**32], 624, 0, 0.0), "state: expected what get_state() returns"),
        (("MT19937", [*WORDS[1:], -1], 624, 0, 0.0), "state: expected what get_state() returns"),
        (("MT19937", [*WORDS[1:], 0.5], 624, 0, 0.0), "state: expected what get_state() returns"),
        (("MT19937", WORDS[1:], 624, 0, 0.0), NO_STATE),
        (("MT19937", [*WORDS, 1], 624, 0, 0.0), NO_STATE),
        (("PCG64", WORDS, 624, 0, 0.0), NO_STATE),
        (("MT19937", [0] * 624, 624, 0, 0.0), NO_STATE),
    ],
)
def test_a_state_that_is_none_is_refused_and_leaves_the_generator_as_it_was(state, message):
    generator = MT19937(1)
    ours(generator, [("random",), ("normal",)])
    before = generator.get_state()
    assert complaint(generator.set_state, state).startswith(message)
    assert generator.get_state() == before


# -- what is left alone --------------------------------------------------------------------------


def test_the_global_generators_of_python_and_numpy_are_never_touched():
    before = random.getstate(), str(np.random.get_state())
    generator = MT19937(fresh_seed())
    ours(generator, [("random",), ("normal",), ("uniform", 0.0, 1.0), ("permutation", 9)])
    generator.set_state(generator.get_state())
    assert (random.getstate(), str(np.random.get_state())) == before


# -- fresh seeds ---------------------------------------------------------------------------------


@pytest.fixture
def alone(monkeypatch):
    """Core without `purenet`, which brings it random bytes."""
    monkeypatch.setattr(mt19937, "ENTROPY", {})


def test_fresh_seeds_are_seeds_and_all_different(alone):
    drawn = [fresh_seed() for _ in range(1000)]
    assert len(set(drawn)) == 1000
    assert all(0 <= seed <= LAST_SEED for seed in drawn)
    # A step that is odd comes back to the first seed after 2**32 calls, and not before.
    assert {(after - before) % 2 for before, after in zip(drawn, drawn[1:])} == {1}


def test_fresh_seeds_differ_from_one_process_to_the_next():
    # -I: a PYTHONHASHSEED of the surroundings would forbid it. By chance alone, two processes
    # agree once in four thousand million times. The addresses differ too, but not everywhere: the
    # salted hash has to be enough.
    code = (
        "from purenet.core import mt19937; mt19937.id = lambda _: 0; mt19937.ENTROPY.clear()\n"
        "print(mt19937.fresh_seed())"
    )
    one, other = (printed_by(code, "-I") for _ in range(2))
    assert one != other


def printed_by(code, *options):
    code = f"import sys; sys.path.insert(0, {str(Path(mt19937.__file__).parents[2])!r})\n{code}"
    return subprocess.check_output([sys.executable, *options, "-c", code], text=True)


def test_four_random_bytes_are_added_to_a_fresh_seed(monkeypatch):
    def drawn(**entropy):
        monkeypatch.setattr(mt19937, "_networks", 7)
        monkeypatch.setattr(mt19937, "ENTROPY", entropy)
        return fresh_seed()

    plain = drawn()
    four = b"\x90\x00\x00\x01"
    assert drawn(chip={4: four}.__getitem__) == plain + 0x90000001 & LAST_SEED
    mixed = drawn(chip=lambda _: four, noise=lambda _: b"\x00\x00\x01\x00")
    assert mixed == plain + 0x90000101 & LAST_SEED


ALIKE = """
import purenet
from purenet.core import mt19937
for _ in range(100):
    mt19937._networks = 7  # as for threads that read the same count
    print(mt19937.fresh_seed())
"""
THREADS = """
import sys, purenet
from concurrent.futures import ThreadPoolExecutor
sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(8) as pool:
    for weights in pool.map(lambda _: purenet.Network([1, 1]).weights, range(100)):
        print(weights)
"""


@pytest.mark.parametrize("code", [ALIKE, THREADS], ids=["alike", "threads"])
def test_the_systems_random_bytes_make_equal_starts_differ(code):
    # In a process of its own, as pytest may import `core` once more. By chance alone, two of a
    # hundred seeds agree once in 800,000 times.
    assert len(set(printed_by(code).splitlines())) == 100


UNSEEDED = {
    "a network": "purenet.Network([2, 1]).weights",
    "a copied estimator": "estimator.__sklearn_clone__().fit(*data).network_.weights",
    "a table's model": "purenet.tables.learn(csv, 'y', random_state=None, **options).estimator."
    "network_.weights",
    "NumPy's generator": "purenet.np.random.default_rng().random()",
    "NumPy's legacy generator": "purenet.np.random.RandomState().random()",
    "NumPy's shared generator": "purenet.np.random.seed() or purenet.np.random.random()",
}
FORKS = """
import os, purenet
data = [[0], [1]], [1, 3]
options = {{"hidden": 1, "epochs": 1}}
csv = purenet.__file__.replace("__init__.py", "datasets/iris.csv")
estimator = purenet.Regressor(random_state=None, **options)
purenet.np.random, purenet.tables
for _ in range(3):
    if not os.fork():
        print({0}, flush=True)
        os._exit(0)
    os.wait()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.parametrize("what", UNSEEDED)
def test_forked_processes_draw_different_numbers(what):
    code = FORKS.format(UNSEEDED[what]).replace("csv, 'y'", "csv, 'petal_width', test=0")
    lines = printed_by(code, "-W", "ignore").splitlines()
    assert len(lines) == len(set(lines)) == 3


def test_the_words_are_kept_in_an_array():
    assert type(MT19937(1)._words).__name__ == "array"


def test_where_there_are_no_arrays_the_words_are_a_list_of_its_own(monkeypatch):
    monkeypatch.setitem(sys.modules, "array", None)  # so that the import fails
    spec = importlib.util.spec_from_file_location("purenet.core.without", mt19937.__file__)
    without = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(without)
    generator, state = without.MT19937(1), MT19937(2).get_state()
    assert generator.random() == 0.417022004702574
    words = list(state[1])
    generator.set_state((state[0], words, *state[2:]))
    generator.random()
    assert words == state[1]
