"""`purenet.np.random` against numpy.random, call for call: the same numbers from the same seed."""

import math
import subprocess
import sys
from functools import partial

import numpy
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from support import CHECKOUT, complaint, matrices, seeds, size

import purenet.np as np
from purenet import PureNetError
from purenet.np._generator import _layers

DRAWS = 10_000
LEAST, MOST = -(2**63), 2**63 - 1

shape = st.none() | size | st.tuples(size) | st.tuples(size, size)
number = st.floats(-1e100, 1e100) | st.integers(-9, 9)
bound = st.integers(-9, 9) | st.integers(LEAST, MOST + 1) | st.sampled_from([2**31, 2**32, 2**40])


def chances_of(n):
    """Draw n chances that add up to 1, some of them 0."""
    parts = st.lists(st.integers(0, 9), min_size=n, max_size=n).filter(any)
    return parts.map(lambda parts: [part / sum(parts) for part in parts])


@st.composite
def choices(draw):
    """Draw arguments of choice(); some are refused."""
    n = draw(size)
    a = draw(st.just(n) | st.lists(number, min_size=n, max_size=n))
    p = draw(st.none() | chances_of(n) | chances_of(draw(size)))
    return a, draw(shape), draw(st.booleans()), p


count = st.integers(0, 20) | st.integers(0, 2**40)
chance = st.floats(0.0, 1.0) | st.sampled_from([0.0, 0.5, 1.0, 1e-17, 1 - 2.0**-53])
some = size | st.lists(number, min_size=1, max_size=5) | matrices(size, size, number)
COMMON = [
    st.tuples(st.just("random"), shape),
    st.tuples(st.just("uniform"), number, number, shape),
    st.tuples(st.just("uniform")),
    st.tuples(st.just("standard_normal"), shape),
    st.tuples(st.just("normal"), number, number, shape),
    st.tuples(st.just("normal")),
    st.tuples(st.just("binomial"), count, chance, shape),
    st.tuples(st.just("permutation"), some),
    choices().map(lambda arguments: ("choice", *arguments)),
]
legacy_calls = st.one_of(
    *COMMON,
    st.tuples(st.just("random_sample"), shape),
    st.tuples(st.just("rand")),
    st.tuples(st.sampled_from(["rand", "randn"]), size, size),
    st.tuples(st.sampled_from(["rand", "randn"]), size),
    st.tuples(st.just("randint"), bound, st.none() | bound, shape),
    st.tuples(st.just("randint"), st.floats(-9, 9), st.none() | st.floats(-9, 9)),
)
newer_calls = st.one_of(
    *COMMON,
    st.tuples(st.just("integers"), bound, st.none() | bound, shape),
    st.tuples(
        st.just("integers"), bound, bound, shape, st.sampled_from(["int", "int64"]), st.booleans()
    ),
)


def plain(answer):
    """Return an answer of either side as its shape and numbers."""
    is_array = isinstance(answer, (np.ndarray, numpy.ndarray))
    numbers = answer.tolist() if hasattr(answer, "tolist") else answer
    return answer.shape if is_array else (), repr(numbers)


def answer(generator, name, *arguments):
    """Return the numbers of a call, or None if it is refused."""
    try:
        return plain(getattr(generator, name)(*arguments))
    except (ValueError, TypeError, IndexError, OverflowError) as refusal:
        assert isinstance(refusal, PureNetError) or "numpy" in type(generator).__module__, refusal
        return None


def is_numpys_alone(generator, name, *arguments):
    """Tell whether only NumPy draws this: documented differences."""
    if name == "binomial":
        n, p = arguments[:2]
        return n * min(p, 1.0 - p) > 30.0
    return False


def is_ours_alone(generator, name, *arguments):
    """Tell whether only PureNet draws this."""
    backwards = name == "uniform" and len(arguments) > 1 and arguments[0] > arguments[1]
    signed = name == "normal" and len(arguments) > 1 and str(arguments[1]) == "-0.0"
    return signed or (backwards and isinstance(generator, np.random.Generator))


def assert_same_draws(ours, numpys, calls):
    for call in calls:
        if is_numpys_alone(ours, *call):
            assert answer(ours, *call) is None
        elif not is_ours_alone(ours, *call):
            assert answer(ours, *call) == answer(numpys, *call), call


# -- both generators, call by call ---------------------------------------------------------------


@given(seeds, st.lists(legacy_calls, max_size=6))
def test_random_state_draws_what_numpys_draws_in_any_order(seed, calls):
    ours, numpys = np.random.RandomState(seed), numpy.random.RandomState(seed)
    assert_same_draws(ours, numpys, calls)
    name, words, *rest = numpys.get_state()
    assert ours.get_state()[1].tolist() == words.tolist()
    assert [ours.get_state()[0], *ours.get_state()[2:]] == [name, *rest]


any_seed = seeds | st.integers(0, 2**300) | st.sampled_from([0, 2**32, 2**64, 2**128, 2**160 - 1])


@given(any_seed, st.lists(newer_calls, max_size=6))
def test_default_rng_draws_what_numpys_draws_in_any_order(seed, calls):
    ours, numpys = np.random.default_rng(seed), numpy.random.default_rng(seed)
    assert_same_draws(ours, numpys, calls)
    assert ours.integers(2**32) == numpys.integers(2**32)
    assert ours.random() == numpys.random()


@given(seeds, st.lists(legacy_calls, max_size=4))
def test_the_functions_of_the_module_share_one_random_state(seed, calls):
    np.random.seed(seed)
    ours = np.random.RandomState(seed)
    for call in calls:
        assert answer(np.random, *call) == answer(ours, *call)
    assert np.random.sample() == np.random.RandomState.random_sample(ours)
    assert np.random.ranf(2).tolist() == ours.random_sample(2).tolist()
    assert repr(np.random.get_state()) == repr(ours.get_state())


# -- ten thousand draws of each ------------------------------------------------------------------

THIRD = [1 / 3, 1 / 6, 1 / 2, 0.0]
LONG = [
    ("random", DRAWS),
    ("uniform", -1e3, 7, DRAWS),
    ("standard_normal", (DRAWS // 2, 2)),
    ("normal", 5, 0.3, DRAWS),
    ("choice", 7, DRAWS),
    ("choice", [0.5, 2, 3, 7], (DRAWS // 4, 4), True, THIRD),
    ("choice", DRAWS, DRAWS // 2, False),
    ("choice", DRAWS + 1, 200, False),
    ("choice", DRAWS + 1, 201, False),
    ("choice", DRAWS + 1, DRAWS + 1, False),
    ("choice", 300, 200, False, [i / 44850 for i in range(300)]),
    ("permutation", DRAWS),
    ("permutation", [[i, -i] for i in range(DRAWS)]),
    ("binomial", 1, 0.5, DRAWS),
    ("binomial", 60, 0.5, DRAWS),
    ("binomial", 100, 0.2, DRAWS),
    ("binomial", 100, 0.9, DRAWS),
    ("binomial", 20, 1.0, DRAWS),
]
if numpy.lib.NumpyVersion(numpy.__version__) >= "2.4.0":  # before, log(1 - p) was 0 there
    LONG += [("binomial", 10**18, 1e-17, DRAWS)]
RANGES = [
    (1,),
    (2,),
    (10,),
    (-5, 60_000),
    (2**31,),
    (2**32 - 1,),
    (2**32,),
    (2**32 + 1,),
    (3 * 2**30,),
    (0, 3 * 2**61),
    (LEAST, MOST + 1),
    (LEAST, MOST),
]


@pytest.mark.parametrize("call", LONG, ids=str)
def test_ten_thousand_draws_are_numpys(call):
    assert_same_draws(np.random.RandomState(1), numpy.random.RandomState(1), [call, ("random",)])
    assert_same_draws(np.random.default_rng(1), numpy.random.default_rng(1), [call, ("random",)])


@pytest.mark.parametrize("ends", RANGES, ids=str)
def test_ten_thousand_integers_of_any_range_are_numpys(ends):
    ends = ends if len(ends) == 2 else (0, *ends)
    calls = [("randint", *ends, DRAWS), ("random",)]
    assert_same_draws(np.random.RandomState(2), numpy.random.RandomState(2), calls)
    calls = [("integers", *ends, DRAWS), ("integers", 0, 9), ("random",), ("integers", 0, 9, 3)]
    assert_same_draws(np.random.default_rng(2), numpy.random.default_rng(2), calls)
    low, high = ends
    calls = [("integers", low, high - 1, DRAWS, "int", True), ("random",)]
    assert_same_draws(np.random.default_rng(2), numpy.random.default_rng(2), calls)


def test_the_ziggurats_tail_and_steps_are_numpys():
    ours, numpys = np.random.default_rng(3), numpy.random.default_rng(3)
    numbers = ours.standard_normal(200_000).tolist()
    assert numbers == numpys.standard_normal(200_000).tolist()
    edge = _layers()[255][1] * 2**52
    assert min(numbers) < -edge and max(numbers) > edge  # the tail was drawn, on both sides


# -- in place ------------------------------------------------------------------------------------

GENERATORS = [
    (np.random.RandomState, numpy.random.RandomState),
    (np.random.default_rng, numpy.random.default_rng),
]


@pytest.mark.parametrize(("ours", "numpys"), GENERATORS, ids=["legacy", "newer"])
@given(seeds, some.filter(lambda values: isinstance(values, list)), st.booleans())
@example(1, list(range(DRAWS)), True)
def test_shuffle_puts_lists_and_arrays_in_numpys_order(ours, numpys, seed, values, as_arrays):
    ours, numpys = ours(seed), numpys(seed)
    kept = list(values)
    own, theirs = (np.array(values), numpy.array(values)) if as_arrays else (values, kept)
    assert ours.shuffle(own) is numpys.shuffle(theirs) is None
    assert plain(own) == plain(theirs)
    assert ours.random() == numpys.random()


def test_shuffle_moves_the_rows_of_a_view_and_the_objects_of_a_list():
    A, B = np.array([[i, i] for i in range(9)]), numpy.array([[i, i] for i in range(9)])
    np.random.RandomState(1).shuffle(A[2:8])
    numpy.random.RandomState(1).shuffle(B[2:8])
    assert A.tolist() == B.tolist()
    objects = [object() for _ in range(5)]
    moved = list(objects)
    np.random.RandomState(1).shuffle(moved)
    assert [objects.index(each) for each in moved] == [2, 1, 4, 0, 3]
    assert np.random.shuffle([]) is None


@pytest.mark.parametrize("x", [(1, 2), 5, "abc", {1, 2}, range(3), None, {0: 1, 1: 2}])
def test_shuffle_refuses_what_cannot_be_changed_in_place(x):
    with pytest.raises(TypeError, match="shuffle: expected a list or an array, got "):
        np.random.shuffle(x)


# -- the rest ------------------------------------------------------------------------------------


def test_choice_draws_one_text_and_takes_the_chances_of_an_array():
    words = ["one", "two", "three"]
    ours, numpys = np.random.RandomState(5), numpy.random.RandomState(5)
    drawn = [ours.choice(words) for _ in range(50)]
    assert drawn == [str(numpys.choice(words)) for _ in range(50)]
    p = np.array([0.2, 0.3, 0.5])
    assert ours.choice(words, p=p) == numpys.choice(words, p=p.tolist())
    assert ours.choice(range(3), p=p) == numpys.choice(range(3), p=p.tolist())
    assert p.tolist() == [0.2, 0.3, 0.5]


def test_binomial_of_arrays_is_numpys_and_of_a_list_of_matrices_a_list_of_them():
    ours, numpys = np.random.RandomState(1), numpy.random.RandomState(1)
    for n in ([3, 0, 5], [[1, 2], [3, 4], [5, 6]]):
        assert plain(ours.binomial(n, 0.4)) == plain(numpys.binomial(n, 0.4))
        assert plain(ours.binomial(np.array(n), 0.4)) == plain(numpys.binomial(n, 0.4))
    (mask,) = ours.binomial([np.ones((4, 3))], 1 - 0.2)
    assert plain(mask) == plain(numpys.binomial([numpy.ones((4, 3))], 1 - 0.2)[0])


@given(seeds, st.lists(legacy_calls, max_size=3), st.lists(legacy_calls, max_size=3))
def test_a_state_goes_to_numpy_and_back(seed, before, after):
    ours, numpys = np.random.RandomState(seed), numpy.random.RandomState()
    for call in before:
        answer(ours, *call)
    name, words, *rest = ours.get_state()
    numpys.set_state((name, words.tolist(), *rest))
    again = np.random.RandomState(0)
    again.set_state(numpys.get_state())
    assert_same_draws(again, numpys, after)
    np.random.set_state(ours.get_state())
    assert np.random.random() == ours.random()


@pytest.mark.parametrize("make", [np.random.RandomState, np.random.default_rng, np.random.seed])
def test_no_seed_gives_other_numbers_each_time(make):
    drawn = {(make() or np.random).random() for _ in range(5)}
    assert len(drawn) == 5


def test_random_numbers_need_no_seed():
    program = "import purenet.np as np; print(np.random.random(), np.random.default_rng().random())"
    run = partial(subprocess.check_output, [sys.executable, "-c", program], cwd=CHECKOUT)
    one, other = run(), run()
    assert one != other


@pytest.mark.parametrize("seed", [-1, 2**32, 1.5, "1", True])
def test_a_seed_that_numpys_legacy_seed_refuses_is_refused(seed):
    for refuse in (np.random.seed, np.random.RandomState):
        assert complaint(refuse, seed).startswith("seed: expected a whole number from 0 to ")


@pytest.mark.parametrize("seed", [-1, 1.5, "1", True])
def test_default_rng_takes_any_whole_number_from_0(seed):
    message = complaint(np.random.default_rng, seed)
    assert message.startswith("seed: expected a whole number of at least 0, got ")


# -- what is refused -----------------------------------------------------------------------------

WHOLE = "expected a whole number"
REFUSALS = [
    ("uniform", ("x", 1), "uniform: low: expected a number that is finite, got 'x' (str)"),
    ("uniform", (0, math.inf), "uniform: high: expected a number that is finite, got inf"),
    ("uniform", (-1e308, 1e308), "uniform: high - low: expected a number that is finite, got inf"),
    ("normal", (0, -1), "normal: scale: expected a number of at least 0, got -1"),
    ("normal", ([0, 1],), "normal: loc: expected a number that is finite, got [0, 1] (list)"),
    ("binomial", (1, 1.5), "binomial: p: expected a number from 0 to 1, got 1.5"),
    ("binomial", (-1, 0.5), f"binomial: n: {WHOLE} from 0 to {MOST}, got -1"),
    ("binomial", ([1], 0.5, 3), f"binomial: n: {WHOLE} from 0 to {MOST}, got [1] (list)"),
    (
        "binomial",
        (100, 0.5),
        "binomial: expected n * p or n * (1 - p) of at most 30, got 50.0 and 50.0",
    ),
    ("permutation", (0,), f"permutation: {WHOLE} of at least 1, got 0"),
    ("permutation", (3.0,), f"permutation: {WHOLE} of at least 1, got 3.0"),
    ("choice", (0,), f"choice: a: {WHOLE} of at least 1, got 0"),
    ("choice", ([[1, 2]],), "choice: a: expected a vector, got [[1, 2]] (list)"),
    ("choice", (3, 4, False), "choice: size: expected at most 3 without replacement, got 4"),
    (
        "choice",
        (2, 2, False, [1, 0]),
        "choice: size: expected at most 1 without replacement, got 2",
    ),
    (
        "choice",
        (3, None, True, [0.5, 0.5]),
        "choice: p: expected 3 numbers of at least 0 that add up to 1, got [0.5, 0.5] (list)",
    ),
]


@pytest.mark.parametrize(("name", "arguments", "message"), REFUSALS)
def test_what_is_refused_is_said_by_both_generators(name, arguments, message):
    assert complaint(getattr(np.random, name), *arguments) == message
    assert complaint(getattr(np.random.default_rng(1), name), *arguments) == message


@pytest.mark.parametrize(
    "p",
    [[0.5, 0.6], [1.5, -0.5], [math.nan, 1.0], [1.0, math.nan], [1e308, 1e308], [1.0, math.inf]],
)
def test_chances_that_are_none_are_refused(p):
    message = "choice: p: expected 2 numbers of at least 0 that add up to 1, got "
    assert complaint(np.random.choice, 2, p=p).startswith(message)
    assert answer(numpy.random.RandomState(), "choice", 2, None, True, p) is None


@given(st.floats(-3e-8, 3e-8))
def test_chances_may_be_off_by_as_much_as_in_numpy(off):
    assume(abs(abs(off) - 2.0**-26) > 1e-15)
    calls = [("choice", 2, 3, True, [0.25, 0.75 + off])]
    assert_same_draws(np.random.RandomState(1), numpy.random.RandomState(1), calls)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0,), f"high: {WHOLE} from 1 to {MOST + 1}, got 0"),
        ((5, 2), f"high: {WHOLE} from 6 to {MOST + 1}, got 2"),
        ((MOST + 2,), f"high: {WHOLE} from 1 to {MOST + 1}, got {MOST + 2}"),
        ((LEAST - 1, 0), f"low: {WHOLE} from {LEAST} to {MOST}, got {LEAST - 1}"),
        ((math.nan,), f"high: {WHOLE} from 1 to {MOST + 1}, got nan"),
        ((2, None, 3, float), "dtype: expected int, got <class 'float'> (type)"),
        ((2, None, 3, "uint8"), "dtype: expected int, got 'uint8' (str)"),
    ],
)
def test_integers_outside_of_64_bits_or_of_another_dtype_are_refused(arguments, message):
    assert complaint(np.random.randint, *arguments) == message
    assert complaint(np.random.default_rng(1).integers, *arguments) == message


@pytest.mark.parametrize("shape", [(1, 2, 3), 0, (2, 0), -1, 2.0, "2", True])
def test_shapes_without_elements_or_with_three_axes_are_refused(shape):
    for name, arguments in {"random": (), "normal": (0, 1), "randint": (0, 5)}.items():
        message = complaint(getattr(np.random, name), *arguments, size=shape)
        assert message.startswith("shape: expected ")
    assert complaint(np.random.rand, 2, 3, 4).startswith("shape: expected ")


# -- what is not there ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("rnd", "rand or randn"),
        ("random_integers", "randint or random_sample"),
        ("RandomStat", "RandomState or random"),
    ],
)
def test_a_name_that_is_not_there_is_refused_with_the_nearest(name, nearest):
    with pytest.raises(AttributeError) as caught:
        getattr(np.random, name)
    assert str(caught.value) == f"purenet.np.random has no '{name}': the nearest is {nearest}"


def test_the_interpreter_adds_no_suggestion_of_its_own():
    program = "import purenet.np as np; np.random.rnd(3)"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=CHECKOUT, capture_output=True, text=True
    )
    assert done.stderr.endswith("has no 'rnd': the nearest is rand or randn\n")
