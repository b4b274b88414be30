"""Estimators fitted in restarts and shards, and checks that hold on every executor."""

import math
import pickle

import pytest
from support import (
    bits,
    complaint,
    state_of,
)

from purenet import Diverged
from purenet.core.mt19937 import MT19937
from purenet.estimators import Classifier, Regressor
from purenet.estimators.sharding import run_all

# -- data, and what an estimator makes of it -----------------------------------------------------

generator = MT19937(3)
X = [[generator.normal() for _ in range(3)] for _ in range(60)]
LABELS = ["high" if a * b + c > 0.0 else "low" for a, b, c in X]
NUMBERS = [[a * b, c - a] for a, b, c in X]
WEIGHTS = [0.5 + i % 3 for i in range(60)]
KINDS = {"Classifier": (Classifier, LABELS), "Regressor": (Regressor, NUMBERS)}


def fitted(kind, sample_weight=None, **options):
    """Return an estimator that has learned, and what it has learned."""
    make, targets = KINDS[kind]
    quickly = {"hidden": 4, "epochs": 3, "batch_size": 16, "random_state": 7}
    estimator = make(**{**quickly, **options})
    estimator.fit(X, targets, sample_weight=sample_weight)
    return estimator, learned(estimator)


def learned(estimator):
    """Return an estimator's learned state, to the last bit."""
    curves = [estimator.loss_curve_, estimator.validation_loss_curve_]
    state = state_of(estimator.network_), bits(curves), estimator.stopped_, estimator.best_loss_
    return pickle.dumps(state)


def complaint_and_nothing_lost(executor, **options):
    """Return the message of a fit that fails, having seen that the estimator is unchanged."""
    estimator, before = fitted("Classifier")
    attributes = dict(estimator.__dict__)
    estimator.set_params(executor=executor, **options)
    message = complaint(estimator.fit, X, LABELS)
    estimator.set_params(**{name: attributes[name] for name in ["executor", *options]})
    assert estimator.__dict__ == attributes
    assert learned(estimator) == before
    return message


# -- executors -----------------------------------------------------------------------------------


def assert_restarts_have_the_same_bits(executor, kind, weights, **options):
    """Fail if restarts on an executor come to other bits than here."""
    options.update(sample_weight=weights, restarts=3, shards=2)
    assert fitted(kind, executor=executor, **options)[1] == fitted(kind, **options)[1]


def assert_shards_have_the_same_bits(executor, kind, weights, **options):
    """Fail if shards on an executor come to other bits than here."""
    answers = set()
    for shards in (1, 2, 3, 4):
        options.update(sample_weight=weights, shards=shards)
        _, answer = fitted(kind, executor=executor, **options)
        assert answer == fitted(kind, **options)[1]
        answers.add(answer)
    assert len(answers) == 4  # each number of shards rounds in its own way


def assert_partial_fit_has_the_same_bits(executor):
    """Fail if the shards of partial_fit on an executor come to other bits than here."""

    def shown_twice(executor):
        classifier = Classifier(4, shards=3, executor=executor)
        for _ in range(2):
            classifier.partial_fit(X, LABELS)
        return learned(classifier)

    assert shown_twice(executor) == shown_twice(None)


def assert_an_error_arrives_as_itself(executor, parts):
    """Each restart diverges in another epoch; the first one's error counts, and not the earliest.

    It comes from a worker unchanged, with its history.
    """
    options = {
        "optimizer": "sgd",
        "learning_rate": 100.0,
        "epochs": 30,
        "weight_decay": 0.0,
        **parts,
    }
    told = set()
    for where in (executor, None):
        with pytest.raises(Diverged) as error:
            fitted("Regressor", executor=where, **options)
        told.add((str(error.value), repr(error.value.history)))
    assert len(told) == 1


def assert_any_other_error_is_told_in_a_sentence(executor):
    """Fail if an error that is not a PureNetError is not reported."""
    message = complaint(run_all, executor, math.sqrt, [(1.0,), (-1.0,)])
    assert message.startswith("executor: it could not do the work: ValueError: ")


def assert_one_that_was_shut_down_is_refused(executor, options):
    """Fail if an executor that takes no more work is not reported in one sentence."""
    executor.shutdown()
    message = complaint_and_nothing_lost(executor, **options)
    assert message == (
        "executor: it could not do the work: RuntimeError: "
        "cannot schedule new futures after shutdown"
    )
