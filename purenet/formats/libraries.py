"""Convert models trained elsewhere: scikit-learn's and PyTorch's objects, and lists of arrays.

Those libraries are not imported. An object is recognized by its attributes, because scikit-learn's
conventions and PyTorch's module names have been the same for years. Weights are copied unchanged,
so answers differ only by the rounding of sums in another order.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..activation_table import TABLE, name_of
from ..core._types import Matrix, Names, Row
from ..core.activations import ACTIVATIONS
from ..core.checks import PureNetError, as_matrix, shown
from ..core.history import History
from ..core.network import Network
from ..estimators.preparation import Standardizer
from .model import build, classifier_from, network_from, regressor_from

OF_TORCH = {spelling.torch: name for name, spelling in TABLE.items()}
SILENT = ("Dropout", "Flatten")  # modules that do nothing to rows when a network predicts


# -- scikit-learn --------------------------------------------------------------------------------


def from_sklearn(model: Any) -> Any:
    """Return a fitted MLPClassifier as a Classifier, an MLPRegressor as a Regressor.

    Either may be the last step of a Pipeline, after a StandardScaler, MinMaxScaler, MaxAbsScaler or
    RobustScaler, and may be inside a TransformedTargetRegressor or a search, whose best model is
    taken. An MLPClassifier with several labels per row becomes a Network whose outputs are their
    probabilities.

    Raises PureNetError for anything else, and for a model that is not fitted.

    >>> class Fitted:  # the attributes of an MLPRegressor
    ...     coefs_, intercepts_ = [[[2.0], [3.0]]], [[1.0]]
    ...     activation, out_activation_ = "relu", "identity"
    >>> from_sklearn(Fitted()).predict([[10, 100]])
    [321.0]
    """
    if hasattr(model, "best_estimator_"):
        return from_sklearn(model.best_estimator_)
    outputs = None
    names = getattr(model, "feature_names_in_", None)
    if hasattr(model, "regressor_"):
        if getattr(model, "transformer_", None) is not None:
            outputs = _line_of(model.transformer_)
        model = model.regressor_
    inputs = None
    if hasattr(model, "steps"):
        inputs, model = _scaled(model)
    network = _sklearn_network(model)
    scale = _standardizer(inputs, network.sizes[0])
    kept: dict[str, Any] = {
        "names": None if names is None else list(names),
        "history": _history(model),
    }
    if not hasattr(model, "classes_"):
        back = _standardizer(outputs, network.sizes[-1])
        return build(regressor_from(network, back, scale)._replace(**kept))
    if network.output_activation == "sigmoid" and network.sizes[-1] > 1:
        if scale is not None:
            raise PureNetError("several labels per row: expected no scaler in the pipeline")
        return network
    classes = model.classes_.tolist()
    if len(classes) < 2:
        raise PureNetError("classes: expected at least two, got one")
    return build(classifier_from(network, classes, scale)._replace(**kept))


def _scaled(pipeline: Any) -> tuple[Any, Any]:
    """Return the linear map that a pipeline applies to its inputs, and its last step."""
    *before, (_, last) = [step for step in pipeline.steps if step[1] not in (None, "passthrough")]
    if len(before) > 1:
        came = len(before)
        raise PureNetError(f"pipeline: expected at most one step before the network, got {came}")
    return (_line_of(before[0][1]) if before else None), last


def _line_of(step: Any) -> Any:
    """Return the means and deviations of a scaler, which computes (x - mean) / deviation."""
    kind = type(step).__name__
    if not hasattr(step, "scale_"):
        raise PureNetError(f"expected a fitted scaler beside the network, got {kind}")
    if getattr(step, "clip", False):
        raise PureNetError(f"{kind}: expected clip=False, got clip=True")
    if hasattr(step, "min_"):  # MinMaxScaler: x * scale + min
        deviations = [1.0 / scale for scale in _row(step.scale_, "scale_")]
        return [-low * d for low, d in zip(_row(step.min_, "min_"), deviations)], deviations
    means = getattr(step, "center_", None)
    if getattr(step, "with_mean", False):
        means = step.mean_
    return means, step.scale_


def _standardizer(line: Any, count: int) -> Standardizer | None:
    """Return the same linear map as a Standardizer for `count` columns; None means no change."""
    if line is None:
        return None
    means, deviations = line
    return Standardizer(
        [0.0] * count if means is None else _row(means, "means"),
        [1.0] * count if deviations is None else _row(deviations, "deviations"),
    )


def _sklearn_network(model: Any) -> Network:
    if not hasattr(model, "coefs_") or not hasattr(model, "out_activation_"):
        kind = type(model).__name__
        raise PureNetError(f"expected a fitted MLPClassifier or MLPRegressor, got {kind}")
    names = model.activation, model.out_activation_
    hidden, last = (name_of(name, "sklearn") for name in names)
    if last not in ACTIVATIONS:
        raise PureNetError(f"output activation {last!r} is not supported")
    weights = [as_matrix(W, f"coefs_[{k}]") for k, W in enumerate(model.coefs_)]
    biases: list[Row | None] = [
        _row(b, f"intercepts_[{k}]") for k, b in enumerate(model.intercepts_)
    ]
    return network_from(weights, biases, hidden, last)


def _history(model: Any) -> History:
    history = History()
    history.loss = [float(loss) for loss in getattr(model, "loss_curve_", [])]
    history.epochs = list(range(len(history.loss)))
    history.stopped = "trained by scikit-learn"
    return history


# -- PyTorch -------------------------------------------------------------------------------------


def from_torch(
    module: Any,
    *,
    output_activation: str | None = None,
    classes: Sequence[Any] | None = None,
) -> Any:
    """Return a Sequential of Linear layers, or one of these, as a Network.

    Sigmoid, Tanh, ReLU, LeakyReLU and Identity may follow a layer, and Softmax the last one.
    Dropout and Flatten do nothing to a row and may be anywhere. `output_activation` is for a module
    whose last layer has none: "softmax" if the loss was CrossEntropyLoss. With `classes`, one for
    each output in rising order, the result is a Classifier.

    Raises PureNetError for any other module.

    >>> class Linear:  # the attributes of PyTorch's
    ...     weight, bias = [[2.0, 3.0]], [1.0]
    >>> from_torch(Linear()).predict([[10, 100]])
    [[321.0]]
    """
    weights: list[Matrix] = []
    biases: list[Row | None] = []
    activations: list[str] = []  # of the layers so far; "" if no activation has followed yet
    for place, kind, layer in _modules(module, type(module).__name__):
        if kind == "Linear":
            weights.append(list(map(list, zip(*as_matrix(layer.weight, f"{place}.weight")))))
            biases.append(None if layer.bias is None else _row(layer.bias, f"{place}.bias"))
            activations.append("")
        elif kind in OF_TORCH and activations and not activations[-1]:
            activations[-1] = _torch_activation(place, kind, layer)
        elif kind not in SILENT:
            raise PureNetError(
                f"{place}: expected Linear layers with an activation each, got {kind}"
            )
    if not weights:
        raise PureNetError(f"expected a Sequential of Linear layers, got {type(module).__name__}")
    *hidden, last = activations
    if last and output_activation is not None:
        raise PureNetError(f"output_activation: expected None, as the module ends with {last}")
    kinds = [name or "linear" for name in hidden]
    network = network_from(weights, biases, kinds, last or output_activation or "linear")
    return _with_classes(network, classes)


def _modules(module: Any, place: str) -> Iterator[tuple[str, str, Any]]:
    """Yield each module within Sequentials, with its place and the name of its type."""
    kind = type(module).__name__
    if kind != "Sequential":
        yield place, kind, module
        return
    for k, inner in enumerate(module):
        yield from _modules(inner, f"{place}[{k}]")


def _torch_activation(place: str, kind: str, layer: Any) -> str:
    if kind == "LeakyReLU" and layer.negative_slope != 0.01:
        raise PureNetError(f"{place}: expected negative_slope=0.01, got {layer.negative_slope}")
    if kind == "Softmax" and layer.dim not in (None, 1, -1):
        raise PureNetError(f"{place}: expected a Softmax over each row, got dim={layer.dim}")
    return OF_TORCH[kind]


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
        values = _listed(array, f"arrays[{k}]")
        if values and isinstance(values[0], (list, tuple)):
            weights.append(as_matrix(values, f"arrays[{k}]"))
            biases.append(None)
        elif weights and biases[-1] is None:
            biases[-1] = _row(values, f"arrays[{k}]")
        else:
            raise PureNetError(f"arrays[{k}]: expected a matrix of weights, got {shown(values)}")
    network = network_from(weights, biases, activation, output_activation)
    return _with_classes(network, classes)


def _with_classes(network: Network, classes: Sequence[Any] | None) -> Any:
    """Return the network, or a classifier if classes are given."""
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
