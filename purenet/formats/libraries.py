"""Convert models trained elsewhere: scikit-learn's, PyTorch's and Keras's objects, and arrays.

Those libraries are not imported. An object is recognized by its attributes, because scikit-learn's
conventions, and the names of PyTorch's modules and Keras's layers, have been the same for years.
Weights are copied unchanged, so answers differ only by the rounding of sums in another order, and
of what `layers` folds into weights.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from ..activation_table import TABLE, name_of
from ..core._types import Matrix, Names, Row
from ..core.activations import ACTIVATIONS, LEAK
from ..core.checks import PureNetError, as_matrix, short, shown
from ..core.matrix import transpose
from ..engines.telling import warn_caller
from .layers import OF_BATCH_NORM, Layers, batch_norm, inverse
from .model import build, classifier_from, history_from, network_from
from .readers import expect, named

# What a step of a model does, as `Layers.take` takes it.
Steps = Iterator[tuple[str, Any]]

OF_TORCH = {spelling.torch: name for name, spelling in TABLE.items() if name != "linear"}
# Modules that do nothing to rows when a network predicts.
SILENT = ("AlphaDropout", "Dropout", "Flatten", "Identity")

# scikit-learn's affine steps: what `transform` does, and the attributes with the numbers.
CENTERED = (("subtract", "mean_"), ("matrix", "components_"))
AFFINE: dict[str, tuple[tuple[str, str], ...]] = {
    "StandardScaler": (("subtract", "mean_"), ("divide", "scale_")),
    "MinMaxScaler": (("multiply", "scale_"), ("add", "min_")),
    "MaxAbsScaler": (("divide", "scale_"),),
    "RobustScaler": (("subtract", "center_"), ("divide", "scale_")),
    **dict.fromkeys(("PCA", "IncrementalPCA", "FastICA"), CENTERED),
    "TruncatedSVD": CENTERED[1:],
    "GaussianRandomProjection": CENTERED[1:],
    "NeighborhoodComponentsAnalysis": CENTERED[1:],
    "FunctionTransformer": (),
}
LEAST_DEVIATION = 2.0**-52  # that PCA divides by


# -- scikit-learn --------------------------------------------------------------------------------


def from_sklearn(model: Any) -> Any:
    """Return a fitted MLPClassifier as a Classifier, an MLPRegressor as a Regressor.

    Either may be the last step of a Pipeline, after scalers, PCA and the like, and selections of
    columns. It may be inside a TransformedTargetRegressor or a search, whose best model is taken.
    An MLPClassifier with several labels per row becomes a Network whose outputs are their
    probabilities, with a warning that says so.

    Raises PureNetError for anything else, and for a model that is not fitted.

    >>> class Fitted:  # the attributes of an MLPRegressor
    ...     coefs_, intercepts_ = [[[2.0], [3.0]]], [[1.0]]
    ...     activation, out_activation_ = "relu", "identity"
    >>> from_sklearn(Fitted()).predict([[10, 100]])
    [321.0]
    """
    names, whole, model = getattr(model, "feature_names_in_", None), model, _last_of(model)
    is_fitted = hasattr(model, "coefs_") and hasattr(model, "out_activation_")
    expect(is_fitted, "a fitted MLPClassifier or MLPRegressor", type(model).__name__)
    layers = Layers(merges=True)
    for operation, value in _steps(whole):
        layers.take(operation, value)
    classes = model.classes_.tolist() if hasattr(model, "classes_") else None
    outputs = len(layers.weights[-1][0])
    labels = classes is not None and outputs > 1 and layers.activations[-1] == "sigmoid"
    described = layers.model(None if labels else classes, is_regressor=classes is None)
    if labels:  # each label is independent, but a Classifier's classes exclude one another
        described.network.loss = "cross_entropy"
        warn_caller(f"{outputs} labels per row: a Network, whose outputs are their probabilities")
        return described.network
    names = None if names is None else list(names)
    losses = [float(loss) for loss in getattr(model, "loss_curve_", [])]
    history = history_from(losses, [], "trained by scikit-learn", "lists")
    return build(described._replace(names=names, history=history))


def _last_of(model: Any) -> Any:
    """Return the network that is inside pipelines, searches and the like."""
    inner = getattr(model, "best_estimator_", getattr(model, "regressor_", None))
    if inner is None and hasattr(model, "steps"):
        inner = model.steps[-1][1]
    return model if inner is None else _last_of(inner)


def _steps(model: Any) -> Steps:
    """Yield what a model, or a step of a pipeline, does to a row."""
    kinds = [kind.__name__ for kind in type(model).__mro__]
    kind = next((kind for kind in kinds if kind in AFFINE), kinds[0])
    if hasattr(model, "best_estimator_"):
        yield from _steps(model.best_estimator_)
    elif hasattr(model, "steps"):
        for _, step in model.steps:
            yield from _steps(step)
    elif hasattr(model, "regressor_"):
        yield from _steps(model.regressor_)
        yield from inverse(_steps(getattr(model, "transformer_", None)))
    elif hasattr(model, "get_support"):
        kept = list(model.get_support())
        yield "select", ([j for j, is_kept in enumerate(kept) if is_kept], len(kept))
    elif kind in AFFINE:
        with named(kind):
            yield from _affine(model, kind)
    elif hasattr(model, "coefs_"):
        yield from _sklearn_layers(model)
    elif model not in (None, "passthrough"):
        expected = "scalers, projections such as PCA or selections of columns beside the network"
        raise PureNetError(f"{kind} cannot be folded into weights: expected {expected}")


def _affine(step: Any, kind: str) -> Steps:
    expect(not getattr(step, "clip", False), "clip=False", "clip=True")
    changes_nothing = getattr(step, "func", None) is None
    expect(changes_nothing, "func=None, which changes nothing", "a function")
    for operation, name in AFFINE[kind]:
        is_fitted = operation == "subtract" or hasattr(step, name)
        expect(is_fitted, "a fitted one", f"one without {name}")
        numbers = getattr(step, name, None)
        if operation == "matrix":
            yield operation, transpose(as_matrix(numbers, name))
        elif numbers is not None and (name != "mean_" or getattr(step, "with_mean", True)):
            yield operation, _row(numbers, name)
    if getattr(step, "whiten", False) and hasattr(step, "explained_variance_"):
        variances = _row(step.explained_variance_, "explained_variance_")
        yield "divide", [max(math.sqrt(variance), LEAST_DEVIATION) for variance in variances]


def _sklearn_layers(model: Any) -> Steps:
    last = name_of(model.out_activation_, "sklearn")
    if last not in ACTIVATIONS:
        raise PureNetError(f"output activation {short(last)} is not supported")
    names = [model.activation] * (len(model.coefs_) - 1) + [last]
    for k, (W, b, name) in enumerate(zip(model.coefs_, model.intercepts_, names)):
        yield "matrix", as_matrix(W, f"coefs_[{k}]")
        yield "add", _row(b, f"intercepts_[{k}]")
        yield name_of(name, "sklearn"), None


# -- PyTorch -------------------------------------------------------------------------------------


def from_torch(
    module: Any,
    *,
    output_activation: str | None = None,
    classes: Sequence[Any] | None = None,
) -> Any:
    """Return a Sequential of Linear layers, or one of these, as a Network.

    Sigmoid, Tanh, ReLU, LeakyReLU and Identity may follow a layer, and Softmax the last one.
    BatchNorm1d may stand before a layer, behind it or behind its activation, and is folded into
    weights as it predicts. Dropout and Flatten do nothing to a row and may be anywhere.
    `output_activation` is for a module whose last layer has none: "softmax" if the loss was
    CrossEntropyLoss. With `classes`, one for each output in rising order, the result is a
    Classifier.

    Raises PureNetError for any other module.

    >>> class Linear:  # the attributes of PyTorch's
    ...     weight, bias = [[2.0, 3.0]], [1.0]
    >>> from_torch(Linear()).predict([[10, 100]])
    [[321.0]]
    """
    layers = Layers()
    for place, kind, layer in _modules(module, type(module).__name__):
        with named(place):
            for operation, value in _torch_steps(kind, layer):
                layers.take(operation, value)
    expect(len(layers.weights) > 0, "a Sequential of Linear layers", type(module).__name__)
    if layers.is_open:
        layers.take(output_activation or "linear", None)
    elif output_activation is not None:
        last = layers.activations[-1]
        raise PureNetError(f"output_activation: expected None, as the module ends with {last}")
    return build(layers.model(None if classes is None else _listed(classes, "classes")))


def _modules(module: Any, place: str) -> Iterator[tuple[str, str, Any]]:
    """Yield each module within Sequentials, with its place and the name of its type."""
    kind = type(module).__name__
    if kind != "Sequential":
        yield place, kind, module
        return
    for k, inner in enumerate(module):
        yield from _modules(inner, f"{place}[{k}]")


def _torch_steps(kind: str, layer: Any) -> Steps:
    if kind == "Linear":
        yield "matrix", transpose(as_matrix(layer.weight, "weight"))
        if layer.bias is not None:
            yield "add", _row(layer.bias, "bias")
    elif kind in ("BatchNorm1d", "SyncBatchNorm"):
        is_known = layer.running_mean is not None
        expect(is_known, "the statistics of the training", "each batch's own")
        rows = {name: getattr(layer, name) for name in OF_BATCH_NORM}
        known = {name: _row(row, name) for name, row in rows.items() if row is not None}
        yield from batch_norm(known, layer.eps)
    elif kind in OF_TORCH:
        slope, dim = getattr(layer, "negative_slope", LEAK), getattr(layer, "dim", None)
        expect(slope == LEAK, f"negative_slope={LEAK}", slope)
        expect(dim in (None, 1, -1), "a Softmax over each row", f"dim={dim}")
        yield OF_TORCH[kind], None
    else:
        expect(kind in SILENT, "Linear layers with an activation each", kind)


# -- lists of arrays -----------------------------------------------------------------------------


def from_arrays(
    arrays: Sequence[Any],
    *,
    activation: Names | None = None,
    output_activation: str,
    classes: Sequence[Any] | None = None,
) -> Any:
    """Return the Network of a list of arrays, as Keras's `get_weights()` returns it.

    Each layer has a matrix of weights (nₖ x nₖ₊₁) and then, if it has them, a row of nₖ₊₁ biases.
    `activation` is that of the hidden layers, or a list of one for each. With `classes`, one for
    each output in rising order, the result is a Classifier.

    Raises PureNetError if the arrays do not fit one another.

    >>> network = from_arrays([[[2.0], [3.0]], [1.0]], output_activation="linear")
    >>> network.predict([[10, 100]])
    [[321.0]]
    """
    weights: list[Matrix] = []
    biases: list[Row | None] = []
    for k, array in enumerate(_listed(arrays, "arrays")):
        name = f"arrays[{k}]"
        values = _listed(array, name)
        if values and isinstance(values[0], (list, tuple)):
            weights.append(as_matrix(values, name))
            biases.append(None)
        elif weights and biases[-1] is None:
            biases[-1] = _row(values, name)
        else:
            raise PureNetError(f"{name}: expected a matrix of weights, got {shown(values)}")
    network = network_from(weights, biases, activation, output_activation)
    if classes is None:
        return network
    return build(classifier_from(network, _listed(classes, "classes")))


def _listed(values: Any, name: str) -> list[Any]:
    """Return an array or another sequence as a list of Python numbers."""
    values = values.tolist() if hasattr(values, "tolist") else values
    try:
        return list(values)
    except TypeError:
        raise PureNetError(f"{name}: expected a list, got {shown(values)}") from None


def _row(values: Any, name: str) -> Row:
    """Return numbers as a row of floats."""
    return as_matrix([values], name)[0]
