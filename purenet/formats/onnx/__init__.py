"""A network or an estimator as an ONNX file, which onnxruntime and many other programs can run.

Its graph computes what `predict` computes. The input "X" has N rows of n₀ numbers. Its nodes are

    Sub, Div                  for an estimator that standardizes: (X - "means") / "deviations"
    Gemm                      for each layer, "weights_0" (n₀ x n₁) and "biases_0" (n₁), "weights_1"
                              and so on; MatMul if there are no biases
    Sigmoid, Tanh, Relu,      each layer's activation, and no node for "linear". A leaky relu in
    LeakyRelu, Softmax        double is the larger of x and 0.01 x, by Mul and Max
    Mul, Add                  for a regressor: "output_deviations", "output_means"
    ArgMax, Gather            for a classifier: the likeliest of "classes"

The output of a network or a regressor is "Y", N rows. A classifier has two: "label", N labels, and
"probabilities"; with `probabilities_only` it has the second alone, and neither ArgMax nor Gather,
which small runtimes lack. All numbers have eight bytes, or four with `float32`. The file's metadata
has a JSON text, "purenet", with the other members that `json_model` describes. The model is made of
the graph and this text. A file whose graph contradicts its text is refused.

Files of other programs contain all that `predict` needs: `operators` lists the operators. A graph
with classes is read as a Classifier. If it ends linearly, it is read as a Regressor if it scales
its inputs or outputs, or if skl2onnx made it. All others are read as a Network, with their scalings
in its weights.

The bytes: `protobuf`; their meaning: `messages`. The format: https://onnx.ai/onnx/repo-docs/IR.html
"""

from __future__ import annotations

import struct
from typing import Any

from ...activation_table import TABLE
from ...core._types import Matrix, Row
from ...core.activations import LEAK
from ...core.checks import PureNetError, shown
from ...core.network import Network
from ...estimators.preparation import Standardizer
from ..arrays import about, check_asked, model_from, pack, unpack
from ..layers import Layers
from ..model import Asked, Model
from ..readers import expect, named
from . import protobuf
from .layers import content_of
from .messages import BOOL, DOMAINS, DOUBLE, FLOAT, INT64, MODEL, OF_FLOAT, OF_INT, STRING

# Old enough for every runtime since 2020, and new enough for Softmax along the last axis.
IR_VERSION, OPERATOR_SET = 7, 13
OLDEST = 7  # the first operator set whose Gemm and Add broadcast by themselves

METADATA = "purenet"
SKL2ONNX = "skl2onnx"


# -- from a model to bytes -----------------------------------------------------------------------


def write(model: Model, float32: bool = False, probabilities_only: bool = False) -> bytes:
    """Return the bytes of an ONNX file with a model.

    With `float32`, its numbers are rounded to that, and so are the results of the graph. With
    `probabilities_only`, the graph of a classifier has no labels.

    Raises PureNetError for numbers that are too large or too small for it, and for labels that
    ONNX cannot hold.

    >>> data = write(Model(Network([2, 1], init="zeros", seed=1)))
    >>> [node["op_type"] for node in protobuf.read(data, MODEL)["graph"]["node"]]
    ['MatMul', 'Sigmoid']
    """
    graph = _Graph(float32)
    graph.model(model)
    if model.classes is not None and not probabilities_only:
        graph.label(model.classes)
    parts = {
        "ir_version": IR_VERSION,
        "producer_name": "purenet",
        "graph": {
            "name": "purenet",
            "node": graph.nodes,
            "initializer": graph.tensors,
            "input": [_value("X", graph.kind, {"dim_value": model.network.sizes[0]})],
            "output": graph.outputs,
        },
        "opset_import": [{"domain": "", "version": OPERATOR_SET}],
        "metadata_props": [{"key": METADATA, "value": about(model)}],
    }
    return protobuf.write(parts, MODEL)


class _Graph:
    """A graph under construction: a chain of nodes that begins with X."""

    def __init__(self, float32: bool) -> None:
        self.float32, self.kind = float32, FLOAT if float32 else DOUBLE
        self.nodes: list[dict[str, Any]] = []
        self.tensors: list[dict[str, Any]] = []
        self.outputs: list[dict[str, Any]] = []
        self.now = "X"

    def tensor(self, name: str, rows: Matrix, *lengths: int) -> str:
        data = {"dims": lengths, "raw_data": pack(rows, self.float32, name)}
        self.tensors.append({"name": name, "data_type": self.kind, **data})
        return name

    def row(self, name: str, row: Row) -> str:
        return self.tensor(name, [row], len(row))

    def deviations(self, name: str, row: Row) -> str:
        if not any(pack([[min(row)]], self.float32, name)):  # all bytes of 0.0 are 0
            raise PureNetError(f"{name}: {min(row)} needs 64 bits: leave out float32")
        return self.row(name, row)

    def node(self, operator: str, inputs: list[str], output: str, **attributes: float) -> None:
        described = []
        for name, value in attributes.items():
            kind, field = (OF_FLOAT, "f") if isinstance(value, float) else (OF_INT, "i")
            described.append({"name": name, "type": kind, field: value})
        name = f"{len(self.nodes)}_{operator}"
        parts = {"op_type": operator, "name": name, "input": inputs, "output": [output]}
        self.nodes.append({**parts, "attribute": described})
        self.now = output

    def follow(self, operator: str, *others: str, **attributes: float) -> None:
        """Add a node that takes the last one's output."""
        self.node(operator, [self.now, *others], f"{len(self.nodes)}_out", **attributes)

    def model(self, model: Model) -> None:
        """Add the scaling of inputs, the network, and the scaling of outputs."""
        if model.inputs is not None:
            self.follow("Sub", self.row("means", model.inputs.means))
            self.follow("Div", self.deviations("deviations", model.inputs.deviations))
        self.layers(model.network)
        if model.outputs is not None:
            self.follow("Mul", self.deviations("output_deviations", model.outputs.deviations))
            self.follow("Add", self.row("output_means", model.outputs.means))
        self.now = "Y" if model.classes is None else "probabilities"
        self.nodes[-1]["output"] = [self.now]
        self.outputs.append(_value(self.now, self.kind, {"dim_value": model.network.sizes[-1]}))

    def layers(self, network: Network) -> None:
        biases = network.biases
        for k, (W, activation) in enumerate(zip(network.weights, network.layer_activations)):
            names = [self.tensor(f"weights_{k}", W, len(W), len(W[0]))]
            names += [self.row(f"biases_{k}", biases[k])] if biases else []
            self.follow("Gemm" if biases else "MatMul", *names)
            self.activate(activation)

    def activate(self, activation: str) -> None:
        if activation == "leaky_relu" and not self.float32:
            # The larger of x and 0.01 x, because onnxruntime's LeakyRelu does not take doubles.
            x = self.now
            self.follow("Mul", self.tensor(f"leak_{len(self.nodes)}", [[LEAK]]))
            self.follow("Max", x)
        elif activation != "linear":
            options: dict[str, Any] = {"softmax": {"axis": -1}, "leaky_relu": {"alpha": LEAK}}
            self.follow(TABLE[activation].onnx, **options.get(activation, {}))

    def label(self, classes: list[Any]) -> None:
        kind, data = _labels(classes)
        data.update(name="classes", data_type=kind, dims=[len(classes)])
        self.tensors.append(data)
        self.node("ArgMax", [self.now], "best", axis=1, keepdims=0)
        self.node("Gather", ["classes", "best"], "label", axis=0)
        self.outputs.insert(0, _value("label", kind))


def _value(name: str, kind: int, *columns: dict[str, Any]) -> dict[str, Any]:
    shape = {"dim": [{"dim_param": "N"}, *columns]}
    return {"name": name, "type": {"tensor_type": {"elem_type": kind, "shape": shape}}}


def _labels(classes: list[Any]) -> tuple[int, dict[str, Any]]:
    """Return the kind of tensor that holds labels, and its data."""
    kinds = {*map(type, classes)}
    try:
        if kinds == {str}:
            return STRING, {"string_data": [str(label.encode(), "utf-8") for label in classes]}
        if kinds == {bool}:
            return BOOL, {"raw_data": bytes(classes)}
        if kinds == {int} and all(-(2**63) <= label < 2**63 for label in classes):
            return INT64, {"raw_data": struct.pack(f"<{len(classes)}q", *classes)}
        numbers = [float(label) for label in classes]
    except (UnicodeEncodeError, OverflowError):
        numbers = []
    if numbers != classes:
        came = f"got {shown(classes)}; probabilities_only leaves them out"
        raise PureNetError(f"classes: expected labels that ONNX can hold, {came}")
    return DOUBLE, {"raw_data": pack([numbers], False, "classes")}


# -- from bytes to a model -----------------------------------------------------------------------


def read(data: bytes | bytearray, asked: Asked) -> Model:
    """Return the model in the bytes of an ONNX file.

    Raises PureNetError if they are not a dense network, or if the caller's activations are not
    those of the graph, which always contains them.

    >>> read(write(Model(Network([2, 1], init="zeros", seed=1))), Asked()).network.weights
    [[[0.0], [0.0]]]
    """
    file = protobuf.read(data, MODEL)
    graph = file.get("graph")
    if graph is None:
        raise PureNetError("expected an ONNX file, got one without a graph")
    for name in ("training_info", "functions", "sparse_initializer", "quantization_annotation"):
        expect(name not in file and name not in graph, "a dense network", name)
    _check_operator_set(file)
    layers, classes = content_of(graph, len(data))
    said = _about(file)
    # A graph with labels is a classifier. One that ends linearly is a regressor if it scales.
    scales = bool(layers.before or layers.scalings)
    is_regressor = layers.is_open and (scales or file.get("producer_name") == SKL2ONNX)
    if said is None:
        model = layers.model(classes, is_regressor)
    else:
        layers.close(for_estimator=True)
        model = model_from(said, layers.weights, layers.biases, Asked())
        single = any(each.get("data_type") == FLOAT for each in graph.get("initializer", []))
        _check_agreement(model, layers, classes, single)
    check_asked(layers.activations, asked)
    return model


def _check_operator_set(file: dict[str, Any]) -> None:
    """Check the operators' version; those of other domains have not changed."""
    sets = file.get("opset_import", [])
    versions = [each.get("version", 0) for each in sets if each.get("domain", "") in DOMAINS]
    expect(len(versions) == 1, "one set of operators", f"{len(versions):,}")
    expect(versions[0] >= OLDEST, f"operator set {OLDEST} or newer", versions[0])


def _about(file: dict[str, Any]) -> str | None:
    """Return the JSON text that PureNet stores with its own models."""
    entries = file.get("metadata_props", [])
    texts = [entry.get("value", "") for entry in entries if entry.get("key") == METADATA]
    expect(len(texts) < 2, f"one text {METADATA!r} as metadata", f"{len(texts):,}")
    return texts[0] if texts else None


def _check_agreement(model: Model, layers: Layers, classes: list[Any] | None, single: bool) -> None:
    """Raise PureNetError if a graph contradicts the model in the metadata."""
    pairs = {
        "activations": (layers.activations, model.network.layer_activations),
        "inputs": (_numbers(layers.inputs), _numbers(model.inputs, single)),
        "outputs": (_numbers(layers.outputs), _numbers(model.outputs, single)),
        "classes": (classes or model.classes, model.classes),  # labels may be left out
    }
    for name, (came, expected) in pairs.items():
        with named(name):
            needed = f"{shown(expected)} as in the metadata"
            expect(came == expected, needed, f"{shown(came)} in the graph")


def _numbers(scale: Standardizer | None, float32: bool = False) -> Row | None:
    """Return means and then deviations, rounded as in the file."""
    if scale is None:
        return None
    data = pack([scale.means, scale.deviations], float32, "scale")
    return unpack(data, "<f" if float32 else "<d", "scale")
