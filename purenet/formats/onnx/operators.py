"""The nodes of an ONNX graph as steps that act on the input rows, one after another.

A value in the graph is either a constant tensor, or the result of a chain of steps that begins with
the input. Each node that a dense network can have adds a step to a chain, or nothing: a Cast from
one float type to another adds nothing, because numbers here are doubles, and neither does a new
shape of the same rows. Two chains may meet in two cases only: the larger of x and 0.01·x is a leaky
relu, and 1 - p beside p are the probabilities of two classes. Everything else is refused, with the
node's number and name.

Source: https://onnx.ai/onnx/operators/, from operator set 7 on.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple, Union

from ...activation_table import TABLE
from ...core.activations import ACTIVATIONS, LEAK
from ...core.checks import PureNetError, counted, short, shown
from ..arrays import BFLOAT16, Array
from ..readers import expect, named
from .messages import DOMAINS, FLOATING, INTEGERS, MOST_DIMENSIONS, TYPES, tensor_of, values_of

Value = Union[Array, "Step"]

# What is left of the leak in a file of float32.
SINGLE_LEAK = struct.unpack("<f", struct.pack("<f", LEAK))[0]

NO_ROWS = ("column", "pair", "zipmap", "labels")  # after these, no layer may follow

Operator = Callable[["Node"], Value]


class Step(NamedTuple):
    """What a node does to the result of the steps before it.

    `operation` is "input", one of `formats.layers`, "complement", "pair", "column", "zipmap" or
    "labels". `place` names the node in messages, and `before` is the step before it. `value` is its
    constant: of "input", the lengths, and of "labels", the classes, or None if they are numbered.
    `width` is the number of columns after it, 0 if that is not known yet, and `among` that before
    columns were selected.
    """

    operation: str
    place: str
    width: int
    value: Any = None
    before: Step | None = None
    among: int = 0

    def then(self, operation: str, node: Node, value: Any = None) -> Step:
        """Return the step that a node adds."""
        return Step(operation, node.place, self.width, value, self, self.among)


class Node(NamedTuple):
    """A node of the graph, with its input values instead of their names, None for a missing one."""

    place: str
    inputs: list[Value | None]
    attributes: dict[str, Any]

    def get(self, k: int) -> Value | None:
        """Return an input, or None if it is missing."""
        return self.inputs[k] if k < len(self.inputs) else None

    def input(self, k: int) -> Value:
        """Return an input that is needed."""
        value = self.get(k)
        if value is None:
            raise PureNetError(f"input {k} is missing")
        return value

    def rows(self, k: int = 0, *ends: str) -> Step:
        """Return an input that a layer could take, or one of these ends of a graph."""
        step = self.input(k)
        if not isinstance(step, Step):
            raise PureNetError(f"input {k}: expected a layer's output, got constant {step.name}")
        if step.operation in NO_ROWS and step.operation not in ends:
            raise PureNetError(f"input {k}: expected the graph to end before this node")
        return step

    def tensor(self, k: int) -> Array:
        """Return an input that is a constant."""
        value = self.input(k)
        if isinstance(value, Step):
            raise PureNetError(f"input {k}: expected a constant, got a result of the input")
        return value


# -- what each operator does -----------------------------------------------------------------------


def _cast(node: Node) -> Value:
    value, to = node.input(0), node.attributes["to"]
    code, *_ = TYPES.get(to, ("",))
    if isinstance(value, Step):
        # Numbers in a chain stay doubles, so only the type is checked.
        kept = INTEGERS if value.operation == "labels" else FLOATING
        expect(code in kept, "floats, or integers for labels", f"type {shown(to)}")
        return value
    # A constant may be widened. Narrowing would round it, and PureNet would not.
    wider = {"<f": ["<d"], "<e": ["<f", "<d"], BFLOAT16: ["<f", "<d"]}
    keeps = code == value.code or code in wider.get(value.code, [])
    expect(keeps, f"a type with all digits of {value.name}", f"type {shown(to)}")
    return value


def _dropout(node: Node) -> Value:
    # The third input says whether Dropout is in training. If not, it changes nothing.
    is_inference = node.get(2) is None or _single(node.tensor(2)) == 0
    expect(is_inference, "inference", "training, which is random")
    return node.rows(0, *NO_ROWS)


def _single(tensor: Array) -> Any:
    """Return the value in a tensor of one, or None if it has more, of which none is unpacked."""
    return values_of(tensor)[0] if tensor.size == 1 else None


def _transpose(node: Node) -> Value:
    # Only constants are transposed, because rows of the input must stay rows.
    tensor, order = node.tensor(0), node.attributes["perm"]
    expect(len(tensor.shape) == 2 and order in ([], [1, 0]), "the transpose of a matrix")
    return tensor.turned()


def _constant(node: Node) -> Value:
    given = {name: each for name, each in node.attributes.items() if each is not None}
    expect(len(given) == 1, "one value", counted(len(given), "attribute"))
    [(name, attribute)] = given.items()
    if name == "value":
        return tensor_of(attribute.get("t", {}), node.place)
    is_list = name.endswith("s")
    if name.startswith("value_float"):
        data = attribute.get("floats", b"") if is_list else struct.pack("<f", attribute.get("f", 0))
        tensor = _row(node, data, "<f")
    else:
        integers = attribute.get("ints", []) if is_list else [attribute.get("i", 0)]
        tensor = _row(node, struct.pack(f"<{len(integers)}q", *integers), "<q")
    return tensor if is_list else tensor._replace(shape=())  # a single value has no lengths


def _row(node: Node, data: bytes, code: str) -> Array:
    return Array(
        node.place, (len(data) // struct.calcsize(code),), code, data
    ).with_checked_length()


def _gemm(node: Node) -> Value:
    # alpha and beta become factors of the tensors, so no scaling step is needed.
    weights = node.tensor(1).turned() if node.attributes["transB"] else node.tensor(1)
    step = _by_matrix(node, weights._replace(factor=node.attributes["alpha"]))
    if node.get(2) is None:
        return step
    return step.then("add", node, node.tensor(2)._replace(factor=node.attributes["beta"]))


def _by_matrix(node: Node, W: Array) -> Step:
    step = node.rows()
    expect(len(W.shape) == 2, "a matrix", dimensions(W.shape))
    rows, columns = W.shape
    expect(step.width in (0, rows), f"a matrix of {counted(step.width, 'row')}", f"{rows:,}")
    return step.then("matrix", node, W)._replace(width=columns, among=0)


def _scaling(operation: str, node: Node) -> Value:
    """Return a scaling by a constant, which may come first in a sum or a product."""
    results = [value for value in node.inputs if isinstance(value, Step)]
    expect(len(results) < 2, "one constant", "two results, as in a skip connection")
    k = 0 if operation in ("subtract", "divide") or isinstance(node.input(0), Step) else 1
    return node.rows(k).then(operation, node, node.tensor(1 - k))


def _subtract(node: Node) -> Value:
    # In the other order only 1 - p is needed, for the probability of a class.
    first = node.input(0)
    if isinstance(first, Step):
        return _scaling("subtract", node)
    expect(_single(first) == 1.0, "x - a constant, or 1 - x")
    return node.rows(1).then("complement", node)


def _leaky_relu(node: Node) -> Value:
    alpha = node.attributes["alpha"]
    expect(alpha == SINGLE_LEAK, f"alpha={LEAK}", alpha)
    return _alone("leaky_relu", node)


def _max(node: Node) -> Value:
    """Return a leaky relu if the node is the larger of x and 0.01·x."""
    # Max takes its inputs in any order, and the factor may be a float32 or a double.
    for x, leak in ((0, 1), (1, 0)):
        step = node.get(leak) if len(node.inputs) == 2 else None
        if isinstance(step, Step) and step.operation == "multiply":
            factor = _single(step.value)
            if step.before is node.input(x) and factor in (LEAK, SINGLE_LEAK):
                return step.before.then("leaky_relu", node)
    raise PureNetError(f"expected the larger of x and {LEAK} x")


def _reshape(node: Node) -> Value:
    step, shape = node.rows(0, "labels"), node.tensor(1)
    is_list = shape.code in INTEGERS and len(shape.shape) < 2 and shape.size <= MOST_DIMENSIONS
    expect(is_list, f"a list of at most {MOST_DIMENSIONS} integers as input 1")
    lengths = values_of(shape)
    expect(0 not in lengths or not node.attributes["allowzero"], "no 0, as allowzero=1")
    # Some programs reshape labels to one column or one row, which keeps one label per row.
    if step.operation == "labels":
        expect(set(lengths) <= {-1, 1}, "one label per row", dimensions(lengths))
        return step
    return _of_shape(node, step, lengths)


def _of_shape(node: Node, step: Step, lengths: list[int]) -> Step:
    """Return the step to rows of a new shape, which has to be (rows x columns)."""
    if lengths == [-1, 1] and step.width > 1 and step.operation not in ACTIVATIONS:
        # skl2onnx writes a regressor's outputs as one column, even if there are several. The
        # numbers are the same.
        return step.then("column", node)
    # In a Reshape, 0 keeps a length and -1 stands for the rest.
    rows, columns = lengths if len(lengths) == 2 else (1, 1)
    keeps_rows = (rows, columns) == (0, -1) or (rows in (0, -1) and columns > 0)
    expect(keeps_rows, "(rows x columns)", dimensions(lengths))
    fits = columns < 0 or step.width in (0, columns)
    expect(fits, counted(step.width, "column"), dimensions(lengths))
    return _flat(step)._replace(width=step.width or max(columns, 0))


def _flat(step: Step) -> Step:
    """Return a step whose rows are flat: images become rows if they are the input."""
    if step.operation != "input":
        return step
    width = max(0, math.prod(step.value[1:]))
    return step._replace(width=width, value=[0, width])


def _concat(node: Node) -> Value:
    # skl2onnx writes the probabilities of two classes like this.
    other, step = node.rows(0), node.rows(1)
    is_pair = other.operation == "complement" and other.before is step and len(node.inputs) == 2
    expect(is_pair, "1 - p and the same p")
    return step.then("pair", node)


def _extract(node: Node) -> Value:
    if isinstance(node.input(0), Step):  # as skl2onnx selects columns
        before, indexes = node.rows(), node.tensor(1)
        expect(indexes.code in INTEGERS, "integers as input 1")
        selected = before.then("select", node, indexes)
        return selected._replace(width=indexes.size, among=before.among or before.width)
    classes, step = node.tensor(0), node.rows(1, "labels")
    # ONNX's own Gather takes (n,), skl2onnx's extractor (1 x n) or (n x 1): any shape with all
    # classes along one axis.
    in_a_row = 0 < classes.size == max(classes.shape, default=0)
    are_labels = step.operation == "labels" and step.value is None
    expect(in_a_row and are_labels, "a row of classes, and indexes from ArgMax")
    return step._replace(place=node.place, value=classes)


def _scaler(node: Node) -> Value:
    """Return (x - offset) * scale, whose constants are float32 and are not rounded again."""
    offset, scale = (_row(node, node.attributes[name], "<f") for name in ("offset", "scale"))
    return node.rows().then("subtract", node, offset).then("multiply", node, scale)


def _batch_normalization(node: Node) -> Value:
    deviations = node.tensor(4).under_root(node.attributes["epsilon"])
    step = node.rows().then("subtract", node, node.tensor(3)).then("divide", node, deviations)
    return step.then("multiply", node, node.tensor(1)).then("add", node, node.tensor(2))


def _zipmap(node: Node) -> Value:
    texts, integers = (node.attributes[f"classlabels_{kind}"] for kind in ("strings", "int64s"))
    return node.rows(0, "pair").then("zipmap", node, texts or integers)


def _alone(operation: str, node: Node) -> Value:
    return node.rows().then(operation, node)


# Each operator: its function, and its attributes with their defaults. The value of a Constant has
# many types, and its function reads it itself.
ML = "ai.onnx.ml"
CONSTANTS = ("value", "value_float", "value_floats", "value_int", "value_ints")
KEPT = {"keepdims": 1, "select_last_index": 0}
NORMALIZATION = {"epsilon": 1e-5, "momentum": 0.9, "spatial": 1, "training_mode": 0}
OPERATORS: dict[str, tuple[Operator, dict[str, Any]]] = {
    **{TABLE[name].onnx: (partial(_alone, name), {}) for name in ("relu", "sigmoid", "tanh")},
    "Add": (partial(_scaling, "add"), {}),
    "ArgMax": (lambda node: node.rows(0, "pair").then("labels", node), {"axis": 0, **KEPT}),
    "BatchNormalization": (_batch_normalization, NORMALIZATION),
    "Cast": (_cast, {"to": 0, "saturate": 1}),
    "Concat": (_concat, {"axis": 0}),
    "Constant": (_constant, dict.fromkeys(CONSTANTS)),
    "Div": (partial(_scaling, "divide"), {}),
    "Dropout": (_dropout, {"ratio": 0.5, "seed": 0}),
    "Flatten": (lambda node: _flat(node.rows()), {"axis": 1}),
    "Gather": (_extract, {"axis": 0}),
    "Gemm": (_gemm, {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}),
    "Identity": (lambda node: node.input(0), {}),
    "LeakyRelu": (_leaky_relu, {"alpha": SINGLE_LEAK}),
    "MatMul": (lambda node: _by_matrix(node, node.tensor(1)), {}),
    "Max": (_max, {}),
    "Mul": (partial(_scaling, "multiply"), {}),
    "Reshape": (_reshape, {"allowzero": 0}),
    "Softmax": (partial(_alone, "softmax"), {"axis": -1}),
    "Sqrt": (lambda node: node.tensor(0).under_root(), {}),
    "Sub": (_subtract, {}),
    "Transpose": (_transpose, {"perm": []}),
    f"{ML}.ArrayFeatureExtractor": (_extract, {}),
    f"{ML}.Scaler": (_scaler, {"offset": b"", "scale": b""}),
    f"{ML}.ZipMap": (_zipmap, {"classlabels_strings": [], "classlabels_int64s": []}),
}

# The valid axes where they differ from the usual ones, 1 and the last.
AXES = {"Flatten": (1,), "Gather": (0,)}

# Attributes that have to be 0, and why.
ZERO = {
    "select_last_index": "the first if tied",
    "training_mode": "as training normalizes each batch by itself",
    "transA": "as rows have to stay rows",
}

# The field with an attribute's value, by the type of the default.
PLACES: dict[type, str] = {int: "i", float: "f", bytes: "floats"}


# -- from nodes to steps ---------------------------------------------------------------------------


def dimensions(lengths: Any) -> str:
    """Return lengths for a message.

    >>> dimensions([2, 3])
    '(2 x 3)'
    """
    return f"({' x '.join(map(str, lengths))})"[:60]


def outputs_of(graph: dict[str, Any]) -> list[Step]:
    """Return the last step to each of a graph's outputs.

    Raises PureNetError for anything that a dense network cannot have.
    """
    known: dict[str, Value] = {}
    for tensor in graph.get("initializer", []):
        name = tensor.get("name", "")
        _name(known, name, tensor_of(tensor, short(name)))
    # Older files list their initializers among the inputs. They are constants here.
    inputs = [value for value in graph.get("input", []) if value.get("name", "") not in known]
    expect(len(inputs) == 1, "one input", f"{len(inputs):,}")
    _name(known, inputs[0].get("name", ""), _input(inputs[0]))
    for k, message in enumerate(graph.get("node", [])):
        name = message.get("name")
        _follow(message, known, f"node {k} {short(name)}" if name else f"node {k}")
    return [_output(value, known) for value in graph.get("output", [])]


def _input(value: dict[str, Any]) -> Step:
    """Return the first step; its value is the shape of the input, with 0 for unknown lengths."""
    shape = value.get("type", {}).get("tensor_type", {}).get("shape", {})
    lengths = [each.get("dim_value", 0) for each in shape.get("dim", [])] if shape else [0, 0]
    few = len(lengths) <= MOST_DIMENSIONS
    expect(few, f"at most {MOST_DIMENSIONS} dimensions of the input", len(lengths))
    width = max(0, lengths[-1]) if lengths[1:] else 0
    return Step("input", "the input", width, lengths)


def _name(known: dict[str, Value], name: str, value: Value) -> None:
    expect(name != "", "a name for each value", "none")
    expect(name not in known, "a name of its own for each value", short(name))
    known[name] = value


def _follow(message: dict[str, Any], known: dict[str, Value], place: str) -> None:
    """Add a node's outputs to the known values."""
    domain, operator = message.get("domain", ""), message.get("op_type", "")
    name = operator if domain in DOMAINS else f"{domain}.{operator}"
    if name not in OPERATORS or "." in operator:
        raise PureNetError(f"{place}: operator {short(name)} is not supported")
    function, defaults = OPERATORS[name]
    with named(f"{place}: {operator}"):
        node = Node(place, [], _attributes(message, defaults))
        for name in message.get("input", []):
            expect(not name or name in known, "inputs from the nodes before", short(name))
            node.inputs.append(known.get(name))
        # Along any other axis the operator would mix rows.
        axis, axes = node.attributes.get("axis", 1), AXES.get(operator, (1, -1))
        expect("axis" not in defaults or axis in axes, f"the axis {axes[-1]}", axis)
        # Other outputs, such as Dropout's mask, get no value, so a node that uses one is refused.
        expect(bool(message.get("output")), "an output", "none")
        output, *_ = message["output"]
        _name(known, output, function(node))


def _attributes(message: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """Return a node's attributes by name, with defaults for missing ones."""
    given: dict[str, Any] = {}
    for attribute in message.get("attribute", []):
        name = attribute.get("name", "")
        if name in given or name not in defaults:
            raise PureNetError(f"attribute {short(name)} is unknown or occurs twice")
        given[name] = _value(attribute, defaults[name])
        expect(name not in ZERO or given[name] == 0, f"{name}=0, {ZERO.get(name)}", given[name])
    return {**defaults, **given}


def _value(attribute: dict[str, Any], default: Any) -> Any:
    """Return an attribute's value; some programs omit zeros and empty lists."""
    if default is None:
        return attribute
    if isinstance(default, list):
        return attribute.get("strings") or attribute.get("ints") or []
    return attribute.get(PLACES[type(default)], type(default)())


def _output(value: dict[str, Any], known: dict[str, Value]) -> Step:
    name = value.get("name", "")
    step = known.get(name)
    if not isinstance(step, Step):
        raise PureNetError(f"output {short(name)} does not depend on the input")
    return step
