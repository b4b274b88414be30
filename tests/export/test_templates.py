"""The templates of exported files: each condition in them holds for some model."""

import pytest

from purenet import Classifier, Network, Regressor
from purenet.export.c import c_target
from purenet.export.javascript import JavaScript
from purenet.export.layout import CONDITION, parts_of
from purenet.export.python import python_target
from purenet.export.python_compact import PACKINGS
from purenet.formats.model import Model
from purenet.tables.columns import Column

X, LABELS, NUMBERS = [[0.0], [1.0]], ["no", "yes"], [[1.0, 2.0], [3.0, 5.0]]
TABLE = Model(Network([1, 1]), table=([Column("a", mean=0.5)], [Column("b")]))
WITHOUT_AN_EXAMPLE = Network.of(
    [[[1.7e308]], [[1.7e308]]], activation="linear", output_activation="linear"
)
MODELS = [
    Network([1, 2], bias=True),
    TABLE,
    Classifier(epochs=1).fit(X, LABELS),
    Regressor(epochs=1).fit(X, [1.0, 2.0]),
    Regressor(epochs=1).fit(X, NUMBERS),
]


def targets_in_python():
    yield python_target(WITHOUT_AN_EXAMPLE)
    for model in MODELS:
        yield from (python_target(model, trainable=trainable) for trainable in (False, True))
        yield PACKINGS["int8"](model)


def targets_in_c():
    yield c_target(WITHOUT_AN_EXAMPLE)
    for model in MODELS:
        yield from (c_target(model, trainable=trainable) for trainable in (False, True))


def targets_in_javascript():
    yield JavaScript(WITHOUT_AN_EXAMPLE)
    for model in MODELS:
        yield from (JavaScript(model, trainable=trainable) for trainable in (False, True))
        yield from (JavaScript(model, pack, script="net") for pack in ("int8", "float32"))


@pytest.mark.parametrize(
    ("template", "targets"),
    [
        ("template.py", targets_in_python),
        ("template.h", targets_in_c),
        ("template.js", targets_in_javascript),
    ],
)
def test_each_condition_of_a_template_holds_for_some_model_and_not_for_all(template, targets):
    facts = [target.facts() for target in targets()]
    parts = parts_of(template)
    lines = [line for part in parts.values() for line in part.splitlines()]
    of_lines = {found[1] for found in map(CONDITION.search, lines) if found} - {"the template"}
    of_parts = {name.partition(" for ")[2] for name in parts} - {"", "all"}
    assert of_lines
    assert of_lines | of_parts <= set().union(*facts)
    assert not (of_lines | of_parts) & set.intersection(*facts)
