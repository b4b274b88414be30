"""The checks that scikit-learn has of every estimator, by their names."""

import warnings

from sklearn.utils.estimator_checks import estimator_checks_generator

CANNOT_HOLD = {
    "check_sample_weight_equivalence_on_dense_data": (
        "a row that is there twice can be in two mini-batches, and be held back once: so it is "
        "the same as one of twice the weight only where there are neither (see the test below)"
    ),
    "check_array_api_same_namespace": (
        "it wants an error where there is an answer: whatever rows come as, the network gets "
        "lists of floats, so predict takes other arrays than fit did"
    ),
}


def sklearns_checks(kind):
    """Return scikit-learn's checks of an estimator by their names."""
    with warnings.catch_warnings():
        # That it does not inherit from BaseEstimator is the point: it needs no scikit-learn.
        warnings.filterwarnings("ignore", ".*does not inherit from `sklearn.base.BaseEstimator`")
        pairs = list(estimator_checks_generator(kind()))
    for _, check in pairs:
        options = "-".join(f"{name}={value}" for name, value in check.keywords.items())
        yield check.func.__name__, f"{check.func.__name__}-{options}".rstrip("-"), check
