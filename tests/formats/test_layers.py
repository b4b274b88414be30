"""Layers made of steps: they compute what the steps compute, whatever is folded where."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import complaint

from purenet.formats.layers import MOST_SCALINGS, Layers, batch_norm, inverse

# Numbers with which nothing under- or overflows, and by which one can divide.
numbers = st.floats(0.125, 8.0).flatmap(lambda x: st.sampled_from([x, -x]))
SCALINGS = {"add": np.add, "subtract": np.subtract, "multiply": np.multiply, "divide": np.divide}


@st.composite
def steps_of_a_network(draw):
    """Return the number of inputs, and steps that make a network with at least one layer."""
    width = inputs = draw(st.integers(1, 4))
    steps = []

    def scale():
        for operation in draw(st.lists(st.sampled_from(sorted(SCALINGS)), max_size=4)):
            steps.append((operation, draw(st.lists(numbers, min_size=width, max_size=width))))

    for is_last in [False] * draw(st.integers(0, 2)) + [True]:
        scale()
        if width > 1 and draw(st.booleans()):
            columns = draw(st.permutations(range(width)))[: draw(st.integers(1, width))]
            steps.append(("select", (columns, width)))
            width = len(columns)
            scale()
        before, width = width, draw(st.integers(1, 4))
        row = st.lists(numbers, min_size=width, max_size=width)
        steps.append(("matrix", draw(st.lists(row, min_size=before, max_size=before))))
        scale()
        if is_last or draw(st.booleans()):
            steps.append((draw(st.sampled_from(["tanh", "relu", "linear"])), None))
        if steps[-1][0] == "linear":
            scale()
    return inputs, steps


def computed(steps, rows):
    """Return the results of the steps for rows, and the largest sum of absolute terms."""
    x, largest = np.array(rows), np.abs(rows)
    for operation, value in steps:
        if operation == "matrix":
            x, largest = x @ value, largest @ np.abs(value)
        elif operation == "select":
            x, largest = x[:, value[0]], largest[:, value[0]]
        elif operation in SCALINGS:
            x, change = SCALINGS[operation](x, value), {"subtract": np.add}
            function = change.get(operation, SCALINGS[operation])
            largest = function(largest, np.abs(value))
        else:
            x = {"tanh": np.tanh, "relu": lambda z: np.maximum(z, 0), "linear": lambda z: z}[
                operation
            ](x)
    return x, largest.max()


@pytest.mark.parametrize("merges", [False, True])
@pytest.mark.parametrize("for_estimator", [False, True])
@given(case=steps_of_a_network(), data=st.data())
def test_folded_steps_compute_what_the_steps_compute(merges, for_estimator, case, data):
    inputs, steps = case
    row = st.lists(numbers, min_size=inputs, max_size=inputs)
    rows = data.draw(st.lists(row, min_size=1, max_size=3))
    layers = Layers(merges)
    for step in steps:
        layers.take(*step)
    layers.close(for_estimator)
    network = layers.network()
    answers = network.predict(rows if layers.inputs is None else layers.inputs.apply(rows))
    if layers.outputs is not None:
        answers = layers.outputs.undo(answers)
    expected, largest = computed(steps, rows)
    # A number on the way is rounded by each of some hundred operations, and tanh makes no
    # difference larger: 256 units in the last place of the largest sum of absolute terms.
    assert np.abs(np.array(answers) - expected).max() <= 256 * 2.0**-52 * largest


def test_an_estimator_keeps_outer_scalings_and_a_network_has_none():
    def made(for_estimator):
        layers = Layers()
        for step in [
            ("subtract", [1.0]),
            ("divide", [4.0]),
            ("matrix", [[2.0]]),
            ("add", [0.5]),
            ("multiply", [8.0]),
            ("add", [3.0]),
        ]:
            layers.take(*step)
        layers.close(for_estimator)
        return layers

    kept, folded = made(True), made(False)
    assert (kept.inputs.means, kept.inputs.deviations) == ([1.0], [4.0])
    assert (kept.outputs.means, kept.outputs.deviations) == ([3.0], [8.0])
    assert (kept.weights, kept.biases) == ([[[2.0]]], [[0.5]])
    assert (folded.weights, folded.biases, folded.activations) == ([[[4.0]]], [[3.0]], ["linear"])
    assert (folded.inputs, folded.outputs) == (None, None)


@pytest.mark.parametrize("factor", [0.0, -2.0])
def test_what_no_standardizer_does_is_folded_for_an_estimator_too(factor):
    layers = Layers()
    layers.take("multiply", [factor])
    layers.take("matrix", [[3.0]])
    layers.take("multiply", [factor])
    layers.close(True)
    assert (layers.inputs, layers.outputs) == (None, None)
    assert layers.weights == [[[3.0 * factor * factor]]]


@pytest.mark.parametrize(
    ("after", "layers_made"), [(1, 1), (2, 1), (3, 2)], ids=["fewer", "as many", "more"]
)
def test_matrices_are_merged_where_their_product_has_no_more_numbers(after, layers_made):
    layers = Layers(merges=True)
    layers.take("matrix", [[1.0], [2.0]])  # 2 numbers, and as many as `after` in the next
    layers.take("add", [0.5])
    layers.take("matrix", [[4.0] * after])
    layers.close(False)
    assert len(layers.weights) == layers_made
    if layers_made == 1:
        assert layers.weights == [[[4.0] * after, [8.0] * after]]
        assert layers.biases == [[2.0] * after]


def test_a_wrong_number_of_numbers_and_too_many_scalings_are_refused():
    layers = Layers()
    layers.take("matrix", [[1.0, 2.0]])
    assert complaint(layers.take, "add", [1.0]) == (
        "expected a number for each of 2 columns, got 1"
    )
    for _ in range(MOST_SCALINGS):
        layers.take("multiply", [1.0, 1.0])
    assert complaint(layers.take, "multiply", [1.0, 1.0]) == (
        "expected at most 12 scalings in a row"
    )


@pytest.mark.parametrize(
    "steps",
    [
        [("matrix", [[1e200]]), ("multiply", [1e200])],
        [("multiply", [1e200]), ("matrix", [[1e200]])],
        [("add", [1e200]), ("matrix", [[1e200]])],
        [("matrix", [[1.0]]), ("add", [1e200]), ("multiply", [1e200])],
        [("matrix", [[1e200]]), ("matrix", [[1e200]])],
        [("matrix", [[1.0]]), ("multiply", [1e200]), ("divide", [1e-200])],
        [("add", [1e308]), ("matrix", [[1.0]]), ("add", [1e308])],
        [("matrix", [[1.0]]), ("add", [1e308]), ("matrix", [[1e10]])],
        [("matrix", [[1.0]]), ("add", [1e308]), ("matrix", [[1.0]]), ("add", [1e308])],
    ],
    ids=lambda steps: " ".join(operation for operation, _ in steps),
)
def test_numbers_that_are_too_large_together_are_refused(steps):
    def fold():
        layers = Layers(merges=True)
        for step in steps:
            layers.take(*step)
        layers.close(False)

    assert complaint(fold) == "scalings: expected finite numbers when combined, got infinity"


def test_only_scalings_can_be_undone():
    assert inverse(batch_norm({"running_mean": [1.0], "running_var": [4.0]}, 0.0)) == [
        ("multiply", [2.0]),
        ("add", [1.0]),
    ]
    assert complaint(inverse, [("matrix", [[1.0]])]) == (
        "expected scalers of the targets, got a projection or a selection"
    )
