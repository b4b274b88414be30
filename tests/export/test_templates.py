"""The templates of exported files: each condition in them holds for some model."""

import pytest

from purenet import Classifier, Network, Regressor
from purenet.export.c import c_target
from purenet.export.javascript import JavaScript
from purenet.export.layout import CONDITION, parts_of
from purenet.export.python import python_target
from purenet.export.python_compact import PACKINGS, Base92
from purenet.formats.model import Model
from purenet.tables.columns import Column

X, LABELS, NUMBERS = [[0.0], [1.0]], ["no", "yes"], [[1.0, 2.0], [3.0, 5.0]]
COLUMNS = [
    Column("a", mean=0.5),
    Column("b", mean=0.5, style="1,234.5", unit="$"),
    Column("c", mean=0.5, style="day/month/year"),
    Column("d", ("x", "y")),
]
TABLE = Model(Network([5, 1]), table=(COLUMNS, [Column("e")]))
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
    yield python_target(WITHOUT_AN_EXAMPLE, "auto", None, False, False)
    for model in MODELS:
        yield from (
            python_target(model, "auto", None, trainable, False) for trainable in (False, True)
        )
        yield python_target(model, "bigint", None, False, True)
        yield from (packed(model) for packed in PACKINGS.values())
        yield Base92(model, 2)


def targets_in_c():
    yield c_target(WITHOUT_AN_EXAMPLE)
    yield c_target(Regressor(epochs=1).fit([[1e9], [1e9 + 1.0]], [1.0, 2.0]), number="float")
    yield c_target(MODELS[0], pack="integer", rows=X)
    for model in MODELS:
        yield c_target(model, pack="int8")
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
    of_lines = [found[1] for found in map(CONDITION.search, lines) if found]
    conditions = {*of_lines, *(name.partition(" for ")[2] for name in parts)}
    asked = {fact for condition in conditions for fact in condition.split(" and ")}
    asked -= {"", "all", "the template"}
    assert of_lines
    assert asked <= set().union(*facts)
    assert not asked & set.intersection(*facts)
