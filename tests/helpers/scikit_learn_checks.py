"""The checks that scikit-learn has of every estimator, by their names."""

import warnings

from sklearn.utils.estimator_checks import estimator_checks_generator

CANNOT_HOLD = {
    "check_array_api_same_namespace": (
        "it wants an error where there is an answer: whatever rows come as, the network gets "
        "lists of floats, so predict takes other arrays than fit did"
    ),
}

# The checks in which a fit warns that it has learned nothing, rightly.
WARN = {
    ("Classifier", "check_class_weight_classifiers"): (
        "it gives one class of noisy blobs nearly all of the weight, to see it answered everywhere"
    ),
    ("Regressor", "check_dtype_object"): "its targets have nothing to do with its rows",
    ("Regressor", "check_fit2d_1sample"): "one row has one target",
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
