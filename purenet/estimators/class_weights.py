"""How much the rows of each class count: the option `class_weight`, on top of `sample_weight`."""

from __future__ import annotations

from typing import Any

from ..core._types import Row
from ..core.checks import PureNetError, cut, number_within, shown
from .preparation import mean_of, row_weights, unit_of

ClassWeights = dict[Any, float]


def balanced(classes: list[Any], labels: list[Any], weights: Row | None) -> ClassWeights:
    """Return the weight of each class that makes all classes count alike, given these rows.

    >>> balanced(["a", "b"], ["a", "b", "b", "b"], None)
    {'a': 2.0, 'b': 0.6666666666666666}
    """
    totals, of_all = dict.fromkeys(classes, 0.0), 0.0
    for label, weight in zip(labels, row_weights(weights, len(labels))):
        totals[label] += weight
        of_all += weight
    return {label: of_all / (len(classes) * total) for label, total in totals.items()}


def scaled(classes: list[Any], given: ClassWeights) -> ClassWeights:
    """Return a caller's weight of each class, 1 if it is not given, all on one scale.

    Only the ratios count. A power of two divides them, so that no product overflows.

    >>> scaled(["a", "b"], {"b": 3})
    {'a': 0.5, 'b': 1.5}
    """
    for label, weight in given.items():
        if label not in classes:
            raise PureNetError(f"class_weight: {shown(label)} is not among {shown(classes)}")
        number_within(weight, f"class_weight[{cut(repr(label))}]", lambda w: w > 0.0, "above 0")
    weights = [float(given.get(label, 1.0)) for label in classes]
    unit = unit_of(weights)
    return {label: weight / unit for label, weight in zip(classes, weights)}


def importance(by_class: ClassWeights | None, labels: list[Any]) -> float:
    """Return how much rows of one class count on average, compared with rows of other calls.

    It is 1 if the classes of these rows have several weights: then their ratios count.

    >>> importance({"a": 0.5, "b": 1.5}, ["b", "b"]), importance({"a": 0.5, "b": 1.5}, ["a", "b"])
    (1.5, 1.0)
    """
    if by_class is None or len({by_class[label] for label in labels}) > 1:
        return 1.0
    return by_class[labels[0]] / mean_of(by_class.values())
