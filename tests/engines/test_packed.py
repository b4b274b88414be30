"""Packed integers: the stated bound, the same bits in either direction, and what does not fit."""

import copy
import math
import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import (
    ARTICLE_X,
    ARTICLE_Y,
    HIDDEN,
    OUTPUTS,
    any_float,
    bits,
    complaint,
    of_one_shape,
    replace_everywhere,
    seeds,
    state_of,
)

from purenet import Diverged, Network
from purenet.core.checks import one_hot
from purenet.core.matrix import argmax, scale
from purenet.core.optimizers import SGD, Adam, RProp
from purenet.core.training import learn
from purenet.core.work import Work, choose_engine
from purenet.datasets import digits
from purenet.engines import compile_predict, packed, stretches
from purenet.engines.compiling import compiled
from purenet.engines.packed import CUT, Fixed, Slots, Unfit, bits_for, measurer, product
from purenet.engines.steps import numbers_in, step, step_along

# -- the bound ---------------------------------------------------------------------------------


def bound(t, a, b, number):
    """Return the bound in the docstring of `packed`, for a sum of t products."""
    errors = Fraction(2) ** (1 - number) + Fraction(2) ** (13 - 2 * number)
    return t * Fraction(a) * Fraction(b) * errors


def numbers_of(generator, rows, columns, widest):
    """Return a matrix with numbers of up to 24 powers of ten, of either sign, and zeros."""

    def number():
        size = 10.0 ** generator.uniform(-12.0, widest)
        return generator.choice([size, -size, size, -size, 0.0, -0.0])

    return [[number() for _ in range(columns)] for _ in range(rows)]


def largest(A):
    return max(abs(a) for row in A for a in row)


def check_bound(A, B, number, places):
    """Check some numbers of A · B against exact arithmetic."""
    answer = numbers_in(product(Fixed.of(A, number), Fixed.of(B, number)))
    assert [len(row) for row in answer] == [len(B[0])] * len(A)
    allowed = bound(len(B), largest(A), largest(B), number)
    for i, j in places:
        exact = sum(Fraction(a) * Fraction(row[j]) for a, row in zip(A[i], B))
        assert abs(Fraction(answer[i][j]) - exact) <= allowed


sides = st.integers(1, 8) | st.integers(1, 300)


@given(sides, sides, sides, seeds, st.sampled_from([-12, -6, 0, 12]), st.integers(0, 600))
def test_every_number_is_as_right_as_the_docstring_says(m, t, p, seed, widest, longer):
    generator = random.Random(seed)
    A, B = numbers_of(generator, m, t, 12), numbers_of(generator, t, p, widest)
    places = [(generator.randrange(m), generator.randrange(p)) for _ in range(10)]
    check_bound(A, B, bits_for(t + longer), places)


@pytest.mark.parametrize("m, t, p", [(300, 300, 300), (1, 300, 1), (1, 1, 1), (2, 1023, 3)])
def test_the_bound_holds_for_large_matrices(m, t, p):
    generator = random.Random(7)
    A, B = numbers_of(generator, m, t, 0), numbers_of(generator, t, p, 0)
    check_bound(A, B, bits_for(t), [(i * 7 % m, i * 11 % p) for i in range(60)])


@pytest.mark.parametrize("terms", [1, 2, 3, 4, 31, 32, 63, 64, 127, 128, 300, 1023, 1024, 5000])
@pytest.mark.parametrize("edge", [1.0, 1.0 - 2.0**-53, 1.0 + 2.0**-52])
def test_no_sum_leaves_its_slot(terms, edge):
    # Every number is as large as it may be, and rows and columns of either sign are neighbors, so a
    # sum that left its slot would show in the next.
    A = [[edge * sign] * terms for sign in (1.0, -1.0, 0.0)]
    B = [[edge, -edge, 0.0, -edge, edge]] * terms
    for density in (1.0, 1e-9):  # in either direction
        left = Fixed.of(A, bits_for(terms), density=density)
        for row, sign in zip(numbers_in(product(left, Fixed.of(B, bits_for(terms)))), (1, -1, 0)):
            exact = [sign * other * terms for other in (1, -1, 0, -1, 1)]
            assert row == pytest.approx(exact, rel=2.0 ** (2 - bits_for(terms)))
            assert [x == 0.0 for x in row] == [x == 0 for x in exact]


@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=9), st.integers(1, 30))
def test_numbers_are_rounded_half_to_even_on_the_way_in(row, number):
    halves = [round(x * 2.0**number) / 2.0**number + 2.0 ** -(number + 1) for x in row]
    inside = [x for x in [*row, *halves] if abs(x) <= 1.0]
    fixed = Fixed.of([inside], number, largest=1.0)
    whole = [round(Fraction(x) * 2**number) for x in inside]  # half to even, by Python's rule
    assert list(fixed.integers()[0]) == whole
    assert fixed.packed() == [sum(n << 64 * j for j, n in enumerate(whole))]
    assert fixed.packed(across=True) == whole
    assert fixed.integers(across=True) == [(n,) for n in whole]


sums = st.integers(-(2**62) + 2**CUT, 2**62 - 2**CUT)
ties = st.integers(-(2**51) + 1, 2**51 - 2).map(lambda n: (2 * n + 1) << CUT - 1)


@given(st.lists(sums | ties, min_size=1, max_size=9))
def test_sums_are_rounded_half_to_even_on_the_way_out(wholes):
    slots = Slots(len(wholes), 0)
    total = sum(n << 64 * j for j, n in enumerate(wholes))
    answer = [double - slots.rounder for double in slots.doubles(total + slots.lift)]
    assert answer == [round(Fraction(n, 2**CUT)) for n in wholes]


@given(sides, sides, sides, seeds)
def test_the_direction_in_which_a_product_is_computed_changes_no_bit(m, t, p, seed):
    generator = random.Random(seed)
    A, B = numbers_of(generator, m, t, 0), numbers_of(generator, t, p, 0)
    across = [list(column) for column in zip(*A)], [list(column) for column in zip(*B)]
    answers = []
    for density in (1.0, 0.5, 1e-9):
        for others in (1.0, 1e-9):
            left, right = (
                Fixed.of(M, bits_for(t), density=d) for M, d in [(A, density), (B, others)]
            )
            answers.append(numbers_in(product(left, right)))
    left, right = (Fixed.of(M, bits_for(t)) for M in across)
    answers.append(numbers_in(product(left, right, across_A=True, across_B=True)))
    assert all(bits(answer) == bits(answers[0]) for answer in answers)


# Powers of two and their neighbors, where the exponent changes, and what lies between.
near_powers = st.builds(
    lambda n, part, sign: sign * 2.0**n * part,
    st.integers(-3, 3),
    st.sampled_from([1.0, 1.0 - 2.0**-53, 1.0 + 2.0**-52, 1.0 - 2.0**-29, 1.004, 1.5, 0.996]),
    st.sampled_from([1.0, -1.0]),
)


@given(
    st.lists(st.lists(near_powers | st.just(0.0), min_size=3, max_size=3), min_size=1, max_size=3),
    st.sampled_from([0.0, 1e-9, 0.1, 0.25, 0.5, 0.75, 1.0, 2.0, 8.0, 1e30]),
    st.sampled_from([20, 26, 28, 30]),
)
def test_the_scale_does_not_depend_on_that_of_the_last_update(A, before, number):
    fixed, other = Fixed.of(A, number), Fixed.like(Fixed.of([[before]], number), A, number)
    assert fixed.exponent == other.exponent
    assert fixed.packed() == other.packed()
    assert Fixed.like(None, A, number).packed() == fixed.packed()


@given(st.integers(1, 4), st.integers(1, 4), st.data())
def test_a_number_for_which_there_is_no_scale_is_noticed_wherever_it_stands(m, n, data):
    A = [[0.5] * n for _ in range(m)]
    telling = [math.nan, math.inf, -math.inf, 1e300, -1e300, 2.0**400 * 1.5]
    A[data.draw(st.integers(0, m - 1))][data.draw(st.integers(0, n - 1))] = data.draw(
        st.sampled_from(telling)
    )
    with pytest.raises(Unfit):
        Fixed.of(A, 30)


def test_matrices_of_tiny_numbers_only_do_not_fit_and_zeros_do():
    with pytest.raises(Unfit):
        Fixed.of([[1e-200]], 30)
    assert numbers_in(product(Fixed.of([[-0.0]], 30), Fixed.of([[2.0]], 30))) == [[0.0]]


# -- training ----------------------------------------------------------------------------------


def problem(network, rows, seed=3):
    """Return ordinary inputs, and targets that every loss allows."""
    generator = random.Random(seed)
    X = [[generator.gauss(0.0, 1.0) for _ in range(network.sizes[0])] for _ in range(rows)]
    return X, one_hot([i % network.sizes[-1] for i in range(rows)])


def trained(network, X, y, engine, optimizer="sgd", **options):
    """Return a trained copy and the history."""
    network = network.copy()
    optimizer = copy.deepcopy(optimizer)
    return network, network.train(X, y, engine=engine, optimizer=optimizer, **options)


def assert_close(network, other, within):
    for mine, its in zip([*network.weights, network.biases], [*other.weights, other.biases]):
        for row, others in zip(mine, its):
            assert row == pytest.approx(others, rel=0.0, abs=within)


OPTIMIZERS = [SGD(0.01), SGD(0.01, momentum=0.5), Adam(0.01), RProp(0.01)]


@pytest.mark.parametrize("output, loss", OUTPUTS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: f"{type(o).__name__}{vars(o)}"[:30])
def test_every_option_trains_as_the_plain_loop_does(output, loss, optimizer, monkeypatch):
    generator = random.Random(1)
    for hidden, bias in [(name, bias) for name in HIDDEN for bias in (False, True)]:
        names = {"activation": hidden, "output_activation": output, "loss": loss}
        network = Network([6, 5, 7, 3], seed=1, bias=bias, init="glorot", **names)
        network.biases = [[generator.gauss(0.0, 0.1) for _ in row] for row in network.biases]
        X, y = problem(network, 11)
        for reduction in ("sum", "mean"):
            size = 11 if isinstance(optimizer, RProp) else 4
            options = {"epochs": 3, "batch_size": size, "reduction": reduction}
            plain, history = trained(network, X, y, "lists", optimizer, **options)
            with monkeypatch.context() as patch:
                replace_everywhere(patch, learn, lambda *_: pytest.fail("the plain loop ran"))
                ours, ours_history = trained(network, X, y, packed.packed, optimizer, **options)
            assert ours_history.engine == "packed"
            # A number has 30 bits here less the logarithm of 7 terms, and there are few steps.
            assert_close(ours, plain, 1e-6)
            assert ours_history.loss == pytest.approx(history.loss, rel=1e-6)


@pytest.mark.parametrize("shuffle", [False, True])
def test_large_batches_are_added_up_in_blocks(shuffle, monkeypatch):
    network = Network([3, 4, 2], seed=1, bias=True)
    X, y = problem(network, 23)
    options = {"epochs": 4, "batch_size": 20, "learning_rate": 0.1, "shuffle": shuffle}
    whole = trained(network, X, y, packed.packed, **options)[0]
    monkeypatch.setattr(packed, "ROWS_A_BLOCK", 6)
    blocks = trained(network, X, y, packed.packed, **options)[0]
    assert state_of(blocks) != state_of(whole)
    assert_close(blocks, whole, 1e-6)


def test_inputs_that_are_mostly_zero_are_learned_from_in_the_same_way():
    network = Network([40, 9, 3], seed=1, activation="relu")
    X, y = problem(network, 30)
    X = [[x if (i + j) % 5 == 0 else 0.0 for j, x in enumerate(row)] for i, row in enumerate(X)]
    options = {"epochs": 3, "batch_size": 10, "learning_rate": 0.1, "reduction": "mean"}
    ours, plain = (trained(network, X, y, e, **options)[0] for e in (packed.packed, "lists"))
    assert_close(ours, plain, 1e-6)


def test_an_optimizer_of_your_own_takes_its_own_steps():
    class Halved(SGD):
        def step(self, parameters, gradients):
            return super().step(parameters, [scale(G, 0.5) for G in gradients])

    network = Network([3, 4, 1], seed=1)
    ours = trained(network, ARTICLE_X, ARTICLE_Y, packed.packed, Halved(1.0), epochs=5)[0]
    same = trained(network, ARTICLE_X, ARTICLE_Y, packed.packed, SGD(0.5), epochs=5)[0]
    assert_close(ours, same, 1e-12)


UNFIT = {
    "inputs": (lambda network, X: X[1].__setitem__(0, 1e200), "lists"),
    "tiny inputs": (
        lambda network, X: X.__setitem__(slice(None), [[1e-200, 0.0, 0.0]] * 4),
        "lists",
    ),
    "weights": (
        lambda network, X: network.weights[1][0].__setitem__(0, -1e150),
        "packed and lists",
    ),
}


@pytest.mark.parametrize("change, engine", UNFIT.values(), ids=UNFIT)
def test_what_does_not_fit_is_left_to_the_plain_loop_and_that_is_said_once(change, engine):
    network, X = Network([3, 4, 1], seed=1), [list(map(float, row)) for row in ARTICLE_X]
    change(network, X)
    plain, _ = trained(network, X, ARTICLE_Y, "lists", epochs=3)
    with pytest.warns(UserWarning) as caught:
        ours, history = trained(network, X, ARTICLE_Y, "packed", epochs=3)
    [told] = caught
    assert str(told.message) == f'engine: "lists" trains where "packed" cannot: {packed.UNFIT}'
    assert told.filename == __file__  # the line that called train
    assert history.engine == engine
    assert state_of(ours) == state_of(plain)


def test_the_clock_has_no_say_in_which_epochs_the_plain_loop_does(monkeypatch):
    states = []
    for seconds in (0.0, 1e9):  # stretches of one epoch, and of as many as there are
        monkeypatch.setattr(stretches, "SECONDS_A_STRETCH", seconds)
        network = Network([1, 1], activation="linear", init="zeros")
        options = {"epochs": 3000, "every": 700, "learning_rate": 10.0}
        with pytest.raises(Diverged) as caught, pytest.warns(UserWarning, match="do not fit"):
            # The error grows twentyfold each time, so that some day the weight does not fit.
            network.train([[1.5]], [[1.0]], engine=packed.packed, **options)
        states.append((bits(network.weights[0]), str(caught.value)))
        assert abs(network.weights[0][0][0]) > 2.0**400
    assert states[0] == states[1]


def test_a_sigmoid_whose_exp_overflows_is_0():
    network = Network([1, 1], init="zeros")
    network.weights = [[[-1000.0]]]
    history = network.train([[1.0]], [[0.0]], epochs=2, engine=packed.packed)
    assert history.loss == [0.0, 0.0]


def test_a_callback_may_change_the_network_between_epochs():
    def meddle(network, history):
        network.activation = "tanh"
        network.biases = [[0.25] * 4, [0.5]]

    network = Network([3, 4, 1], seed=1)
    options = {"epochs": 4, "callback": meddle}
    ours, plain = (
        trained(network, ARTICLE_X, ARTICLE_Y, engine, **options)[0]
        for engine in (packed.packed, "lists")
    )
    assert_close(ours, plain, 1e-6)


def test_it_is_never_chosen_unasked():
    for sizes in ([3, 4, 1], [64, 32, 10], [784, 100, 10]):
        X, y = problem(Network(sizes), 10)
        assert choose_engine(Work(Network(sizes), X, y, epochs=10**6))[0] == "unrolled"


def test_the_digits_are_learned_to_the_same_accuracy():
    images, labels = digits()
    X, y = scale(images, 1 / 16), one_hot(labels)
    names = {"output_activation": "softmax", "loss": "cross_entropy"}
    network = Network([64, 32, 10], seed=1, init="glorot", bias=True, **names)
    options = {"epochs": 3, "batch_size": 32, "reduction": "mean", "optimizer": Adam(0.01)}
    right = []
    for engine in (packed.packed, "unrolled"):
        guesses = argmax(
            trained(network, X[:1000], y[:1000], engine, **options)[0].predict(X[1000:])
        )
        right.append([guess == label for guess, label in zip(guesses, labels[1000:])].count(True))
    assert right[0] == right[1] > 0.85 * 797


# -- single rows -------------------------------------------------------------------------------


@pytest.mark.parametrize("output, loss", OUTPUTS)
@pytest.mark.parametrize("bias", [False, True])
def test_a_single_row_is_predicted_as_the_network_does(output, loss, bias):
    for hidden in HIDDEN:
        names = {"activation": hidden, "output_activation": output, "loss": loss}
        network = Network([9, 30, 8, 5], seed=1, init="glorot", bias=bias, **names)
        network.biases = [[0.1 * (j % 3) for j in range(len(row))] for row in network.biases]
        X, _ = problem(network, 6)
        X[0][2], X[1] = 0.0, [0.0] * 9
        predict = compile_predict(network, packed=True)
        for row, outputs in zip(X, network.predict(X)):
            assert predict(row) == pytest.approx(outputs, rel=0.0, abs=1e-6)
            assert predict(tuple(row)) == predict(row)
        assert predict([1, 0, True] * 3) == predict([1.0, 0.0, 1.0] * 3)


WRONG = [[0.5], [0.5] * 3, ["a", 0.5], [None, 0.5], [1j, 0.5], "ab", None, [10**400, 0.5]]


@pytest.mark.parametrize("row", WRONG, ids=lambda row: repr(row)[:20])
def test_a_row_that_is_none_is_refused_in_the_same_words(row):
    network = Network([2, 3, 1], seed=1)
    assert complaint(compile_predict(network, packed=True), row) == complaint(
        compile_predict(network), row
    )


@given(st.lists(any_float, min_size=2, max_size=2))
def test_a_row_that_does_not_fit_is_predicted_by_the_other_engine(row):
    network = Network([2, 3, 1], seed=1, activation="tanh")
    fits = all(x == 0.0 or 2.0**-400 <= abs(x) <= 2.0**400 for x in row)
    ours, other = (bits([compile_predict(network, packed=p)(row)]) for p in (True, False))
    assert fits or max(map(abs, row)) >= 2.0**-400 or ours == other
    if not all(map(math.isfinite, row)):
        assert ours == other


def test_rows_whose_exp_overflows_are_predicted_all_the_same():
    network = Network([1, 1], init="zeros")
    network.weights = [[[-1000.0]]]
    assert compile_predict(network, packed=True)([1.0]) == [0.0]


def test_weights_that_do_not_fit_are_left_to_the_other_engine():
    network = Network([2, 1])
    network.weights = [[[1e300], [1e-300]]]
    assert compile_predict(network, packed=True)([0.0, 1.0]) == network.predict([[0.0, 1.0]])[0]


def test_where_source_does_not_compile_prediction_and_training_do_without_it(monkeypatch):
    def refuse(*_):
        raise MemoryError

    replace_everywhere(monkeypatch, compiled, refuse)
    packed.kernel_of.cache_clear()
    network = Network([3, 4, 1], seed=1)
    assert compile_predict(network, packed=True)([1, 0, 1]) == network.predict([[1, 0, 1]])[0]
    plain, _ = trained(network, ARTICLE_X, ARTICLE_Y, "lists", epochs=3)
    with pytest.warns(UserWarning) as caught:
        ours, history = trained(network, ARTICLE_X, ARTICLE_Y, "packed", epochs=3)
    wanted = 'engine: "lists" trains where "packed" cannot: MemoryError()'
    assert [str(each.message) for each in caught] == [wanted]
    assert history.engine == "lists"
    assert state_of(ours) == state_of(plain)
    assert measurer(network, [[1.0, 0.0, 1.0]])() == network.predict([[1, 0, 1]])


# -- measuring ---------------------------------------------------------------------------------


def test_rows_are_measured_with_the_present_weights_in_blocks_of_any_size(monkeypatch):
    network = Network([5, 7, 3], seed=1, bias=True, output_activation="softmax")
    X, _ = problem(network, 20)
    outputs = measurer(network, X)
    for seed in (2, 3):
        network.weights = Network([5, 7, 3], seed=seed).weights
        network.biases[0][0] += 0.5
        for mine, its in zip(outputs(), network.predict(X)):
            assert mine == pytest.approx(its, rel=0.0, abs=1e-6)
    monkeypatch.setattr(packed, "ROWS_A_BLOCK", 6)
    assert len(measurer(network, X)()) == 20


@pytest.mark.parametrize("weight", [1e300, -1000.0])
def test_what_does_not_fit_is_measured_with_floats(weight):
    network = Network([1, 1], init="zeros")
    network.weights = [[[weight]]]
    assert measurer(network, [[1.0], [-1.0]])() == network.predict([[1.0], [-1.0]])


# -- steps -------------------------------------------------------------------------------------

rates = st.sampled_from([1.0, 0.5, 1e-3, 1e300])


@given(
    st.lists(st.one_of(of_one_shape(3)), min_size=1, max_size=3),
    rates.flatmap(lambda r: st.sampled_from([SGD(r), SGD(r, momentum=0.5), Adam(r), RProp(r)])),
)
def test_a_step_in_one_pass_has_the_bits_of_the_optimizers_own(matrices, optimizer):
    weights, first, second = (list(some) for some in zip(*matrices))
    ours, own = copy.deepcopy(optimizer), copy.deepcopy(optimizer)
    for gradients in (first, second, first):
        stepped, expected = step(ours, weights, gradients), own.step(weights, gradients)
        assert [*map(bits, stepped)] == [*map(bits, expected)]
        for mine, its in zip(vars(ours).values(), vars(own).values()):
            assert mine == its or [*map(bits, mine)] == [*map(bits, its)]


@given(
    st.lists(of_one_shape(3), min_size=1, max_size=3),
    st.sampled_from([SGD(0.5), SGD(0.5, momentum=0.5), Adam(0.01), RProp(0.5)]),
    st.sampled_from([1.0, 0.25]),
)
def test_a_step_along_raw_sums_is_the_optimizers_own_but_for_rounding(shapes, optimizer, share):
    generator = random.Random(len(shapes))

    def like(rows):
        return [[generator.uniform(-1.0, 1.0) for _ in row] for row in rows]

    weights = expected = [like(rows) for rows, *_ in shapes]
    ours, own = copy.deepcopy(optimizer), copy.deepcopy(optimizer)
    for _ in range(3):
        raw = [([[d + 4.0 for d in row] for row in like(rows)], 4.0) for rows, *_ in shapes]
        weights = step_along(ours, weights, raw, share)
        expected = own.step(expected, [numbers_in(each, -share) for each in raw])
        # Adam divides a mean by a root, and both may have lost a few bits.
        for mine, its in zip(weights, expected):
            for row, others in zip(mine, its):
                assert row == pytest.approx(others, rel=1e-12, abs=1e-12)
    assert vars(ours).keys() == vars(own).keys()


def test_a_step_needs_a_gradient_for_each_matrix():
    assert complaint(step, SGD(), [[[1.0]]], []) == complaint(SGD().step, [[[1.0]]], [])
