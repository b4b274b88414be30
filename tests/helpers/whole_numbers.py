"""Models for `pack="integer"`: of any size and kind, with rows of whole numbers or fractions."""

from hypothesis import strategies as st
from support import HIDDEN, matrices, networks, thousandths

from purenet.estimators.preparation import Standardizer
from purenet.formats.model import Model

deviations = st.integers(1, 5000).map(lambda n: n / 1000)
pixels, readings = st.integers(0, 255).map(float), st.integers(-(2**15), 2**15 - 1).map(float)
KINDS = {"": thousandths, "uint8_t": pixels, "int16_t": readings}
CLASSIFIER = [("softmax", "cross_entropy")]
REGRESSOR = [("linear", "squared_error")]
OTHERS = [(name, "squared_error") for name in HIDDEN]


def standardizers(columns, means=thousandths):
    of_all = st.tuples(matrices(1, columns, means), matrices(1, columns, deviations))
    return of_all.map(lambda pair: Standardizer(pair[0][0], pair[1][0]))


@st.composite
def models(draw, weights=thousandths, means=thousandths):
    """Draw a model of any kind, whose weights and biases are drawn anew."""
    kind = draw(st.sampled_from(["network", "classifier", "regressor"]))
    outputs = {"network": OTHERS, "classifier": CLASSIFIER, "regressor": REGRESSOR}[kind]
    network = draw(networks(outputs, layers=4, width=6))
    sizes = list(zip(network.sizes, network.sizes[1:]))
    network.weights = [draw(matrices(m, n, weights)) for m, n in sizes]
    network.biases = [draw(matrices(1, len(row), weights))[0] for row in network.biases]
    first, last = network.sizes[0], network.sizes[-1]
    return Model(
        network,
        kind,
        inputs=draw(st.none() | standardizers(first, means)),
        outputs=draw(standardizers(last)) if kind == "regressor" else None,
        classes=[f"class {j}" for j in range(last)] if kind == "classifier" else None,
        several=last > 1,
    )


@st.composite
def cases(draw, kinds=tuple(KINDS)):
    """Draw a model, rows that it may have seen (or None), and rows to ask about."""
    model, kind = draw(models()), draw(st.sampled_from(kinds))
    rows = draw(matrices(st.integers(1, 4), model.network.sizes[0], KINDS[kind]))
    known = st.just(rows) if kind else st.none() | st.just(rows)
    return model, draw(known), rows
