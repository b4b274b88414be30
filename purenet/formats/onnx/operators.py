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
from typing import Any, NamedTuple, Union

from ...activation_table import TABLE
from ...core.activations import ACTIVATIONS, LEAK
from ...core.checks import PureNetError, counted, short, shown
from ..arrays import BFLOAT16, Array
from ..readers import named
from .messages import CODES, FLOATING, INT64, INTEGERS, MOST_DIMENSIONS, tensor_of, values_of

Value = Union[Array, "Step"]

# What is left of the leak in a file of float32.
SINGLE_LEAK = struct.unpack("<f", struct.pack("<f", LEAK))[0]

LABELS = ("argmax", "classes")
NO_ROWS = ("column", "pair", "zipmap", *LABELS)  # after these, no layer may follow

Operator = Callable[["Node"], Value]


class Step(NamedTuple):
    """What a node does to the result of the steps before it.

    `operation` is "input", "flat" for an input of images as rows, one of `formats.layers`,
    "complement", "pair", "column", "zipmap", "argmax" or "classes". `place` names the node in
    messages, `value` is its constant, and `before` is the step before it. `width` is the number of
    columns after it, 0 if that is not known yet, and `among` that before columns were selected.
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

    def input(self, k: int) -> Value:
        """Return an input, or raise PureNetError if it is missing."""
        value = self.inputs[k] if k < len(self.inputs) else None
        if value is None:
            raise PureNetError(f"input {k} is missing")
        return value

    def step(self, k: int = 0) -> Step:
        """Return an input that depends on the network's."""
        value = self.input(k)
        if not isinstance(value, Step):
            raise PureNetError(
                f"input {k}: expected a layer's output, got the constant {value.name}"
            )
        return value

    def numbers(self, k: int = 0, or_pair: bool = False) -> Step:
        """Return an input that depends on the network's, and that a layer could take."""
        step = self.step(k)
        if step.operation in NO_ROWS and not (or_pair and step.operation == "pair"):
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
    code = CODES.get(to, "")
    if isinstance(value, Step):
        # Numbers in a chain stay doubles, so only the type is checked: numbers must stay floats,
        # and labels integers.
        if code not in (INTEGERS if value.operation in LABELS else FLOATING):
            raise PureNetError(f"expected floats, or integers for labels, got type {shown(to)}")
        return value
    # A constant may be widened. Narrowing would round it, and PureNet would not.
    wider = {"<f": ["<d"], "<e": ["<f", "<d"], BFLOAT16: ["<f", "<d"]}
    if code != value.code and code not in wider.get(value.code, []):
        raise PureNetError(f"{value.name} would lose digits in type {shown(to)}")
    return value


def _dropout(node: Node) -> Value:
    # The third input says whether Dropout is in training. If not, it changes nothing.
    if len(node.inputs) > 2 and node.inputs[2] is not None:
        training = node.tensor(2)
        if training.size != 1 or any(values_of(training)):
            raise PureNetError("expected inference, got training, which is random")
    return node.step()


def _transpose(node: Node) -> Value:
    # Only constants are transposed, because rows of the input must stay rows.
    tensor, order = node.tensor(0), node.attributes["perm"]
    if len(tensor.shape) != 2 or order not in ([], [1, 0]):
        raise PureNetError("expected the transpose of a matrix")
    return tensor.turned()


def _constant(node: Node) -> Value:
    given = {name: each for name, each in node.attributes.items() if each is not None}
    if len(given) != 1:
        raise PureNetError(f"expected one value, got {counted(len(given), 'attribute')}")
    # Each kind of value becomes the message of a tensor, which `tensor_of` checks.
    [(name, attribute)] = given.items()
    if name == "value":
        return tensor_of(attribute.get("t", {}), node.place)
    if name == "value_float":  # a single value has no lengths, unlike a list of one
        return _floats(struct.pack("<f", attribute.get("f", 0.0)), node.place)._replace(shape=())
    if name == "value_floats":
        return _floats(attribute.get("floats", b""), node.place)
    integers = [attribute.get("i", 0)] if name == "value_int" else attribute.get("ints", [])
    lengths = [] if name == "value_int" else [len(integers)]
    return tensor_of({"data_type": INT64, "int64_data": integers, "dims": lengths}, node.place)


def _floats(data: Any, name: str) -> Array:
    return Array(name, (len(data) // 4,), "<f", data).with_checked_length()


def _gemm(node: Node) -> Value:
    # alpha and beta become factors of the tensors, so no scaling step is needed.
    if node.attributes["transA"]:
        raise PureNetError("transA: expected 0, as rows have to stay rows")
    weights = node.tensor(1).turned() if node.attributes["transB"] else node.tensor(1)
    step = _by_matrix(node, weights._replace(factor=node.attributes["alpha"]))
    if len(node.inputs) < 3 or node.inputs[2] is None:
        return step
    return step.then("add", node, node.tensor(2)._replace(factor=node.attributes["beta"]))


def _by_matrix(node: Node, W: Array) -> Step:
    step = node.numbers(0)
    if len(W.shape) != 2:
        raise PureNetError(f"expected a matrix, got {dimensions(W.shape)}")
    rows, columns = W.shape
    if step.width not in (0, rows):
        came, needed = counted(rows, "row"), counted(step.width, "column")
        raise PureNetError(f"a matrix of {came}, but its input has {needed}")
    return step.then("matrix", node, W)._replace(width=columns, among=0)


def _with_a_constant(operation: str) -> Operator:
    """Return an operator of the chain and a constant, in either order for "add" and "multiply"."""

    def operator(node: Node) -> Value:
        k = 0 if isinstance(node.input(0), Step) or operation == "divide" else 1
        if isinstance(node.input(1 - k), Step):
            raise PureNetError("expected one constant, got two results, as in a skip connection")
        return node.numbers(k).then(operation, node, node.tensor(1 - k))

    return operator


def _subtract(node: Node) -> Value:
    # In the other order only 1 - p is needed, for the probability of a class.
    if isinstance(node.input(0), Step):
        return node.numbers(0).then("subtract", node, node.tensor(1))
    if node.tensor(0).size != 1 or values_of(node.tensor(0)) != [1.0]:
        raise PureNetError("expected x - a constant, or 1 - x")
    return node.numbers(1).then("complement", node)


def _leaky_relu(node: Node) -> Value:
    if node.attributes["alpha"] != SINGLE_LEAK:
        raise PureNetError(f"alpha: expected {LEAK}, got {node.attributes['alpha']}")
    return node.numbers(0).then("leaky_relu", node)


def _max(node: Node) -> Value:
    """Return a leaky relu if the node is the larger of x and 0.01·x."""
    # Max takes its inputs in any order, and the factor may be a float32 or a double.
    for x, leak in ((0, 1), (1, 0)):
        step = node.inputs[leak] if len(node.inputs) == 2 else None
        if isinstance(step, Step) and step.operation == "multiply":
            factors = values_of(step.value) if step.value.size == 1 else []
            if step.before is node.input(x) and factors in ([LEAK], [SINGLE_LEAK]):
                return step.before.then("leaky_relu", node)
    raise PureNetError(f"expected the larger of x and {LEAK} x")


def _reshape(node: Node) -> Value:
    step, shape = node.step(), node.tensor(1)
    if shape.code not in INTEGERS or len(shape.shape) > 1 or shape.size > MOST_DIMENSIONS:
        raise PureNetError(f"input 1: expected a list of at most {MOST_DIMENSIONS} integers")
    lengths = values_of(shape)
    if node.attributes["allowzero"] and 0 in lengths:
        raise PureNetError("allowzero: expected a shape without 0")
    # Some programs reshape labels to one column or one row, which keeps one label per row.
    if step.operation in LABELS:
        if not set(lengths) <= {-1, 1}:
            raise PureNetError(f"expected one label per row, got the shape {shown(lengths)}")
        return step
    return _of_shape(node, node.numbers(0), lengths)


def _of_shape(node: Node, step: Step, lengths: list[int]) -> Step:
    """Return the step to rows of a new shape, which has to be (rows x columns)."""
    if lengths == [-1, 1] and step.width > 1 and step.operation not in ACTIVATIONS:
        # skl2onnx writes a regressor's outputs as one column, even if there are several. The
        # numbers are the same.
        return step.then("column", node)
    # In a Reshape, 0 keeps a length and -1 stands for the rest.
    rows, columns = lengths if len(lengths) == 2 else (1, 1)
    if (rows, columns) != (0, -1) and not (rows in (0, -1) and columns > 0):
        raise PureNetError(f"expected (rows x columns), got {dimensions(lengths)}")
    if columns > 0 and step.width not in (0, columns):
        raise PureNetError(f"expected {counted(step.width, 'column')}, got {dimensions(lengths)}")
    return _flat(step)._replace(width=step.width or max(columns, 0))


def _flat(step: Step) -> Step:
    if step.operation != "input":
        return step
    return step._replace(operation="flat", width=max(0, math.prod(step.value[1:])))


def _concat(node: Node) -> Value:
    # skl2onnx writes the probabilities of two classes like this.
    other = node.step(0)
    if len(node.inputs) != 2 or other.operation != "complement" or other.before is not node.step(1):
        raise PureNetError("expected 1 - p and the same p")
    return node.step(1).then("pair", node)


def _argmax(node: Node) -> Value:
    # `predict` takes the first of equal outputs.
    if node.attributes["select_last_index"]:
        raise PureNetError("select_last_index: expected 0, the first if tied")
    return node.numbers(0, or_pair=True).then("argmax", node)


def _extract(node: Node) -> Value:
    if isinstance(node.input(0), Step):  # as skl2onnx selects columns
        return _selected(node, node.numbers(0), node.tensor(1))
    classes, step = node.tensor(0), node.step(1)
    # ONNX's own Gather takes (n,), skl2onnx's extractor (1 x n) or (n x 1): any shape with all
    # classes along one axis.
    in_a_row = classes.size and classes.size == max(classes.shape, default=0)
    if step.operation != "argmax" or not in_a_row:
        raise PureNetError("expected a row of classes, and indexes from ArgMax")
    return step.then("classes", node, classes)


def _selected(node: Node, step: Step, indexes: Array) -> Step:
    if indexes.code not in INTEGERS or not 0 < indexes.size <= step.width:
        needed = f"at most {step.width:,} integers, one for each column"
        raise PureNetError(f"input 1: expected {needed}, got {indexes.size:,} values")
    selected = step.then("select", node, indexes)
    return selected._replace(width=indexes.size, among=step.among or step.width)


def _scaler(node: Node) -> Value:
    """Return (x - offset) * scale, whose constants are float32 and are not rounded again."""
    step = node.numbers(0)
    for operation, name in (("subtract", "offset"), ("multiply", "scale")):
        step = step.then(operation, node, _floats(node.attributes[name], node.place))
    return step


def _batch_normalization(node: Node) -> Value:
    if node.attributes["training_mode"]:
        raise PureNetError(
            "expected inference, got training, which normalizes each batch by itself"
        )
    deviations = node.tensor(4).under_root(node.attributes["epsilon"])
    step = node.numbers(0).then("subtract", node, node.tensor(3)).then("divide", node, deviations)
    return step.then("multiply", node, node.tensor(1)).then("add", node, node.tensor(2))


def _zipmap(node: Node) -> Value:
    texts, integers = (node.attributes[f"classlabels_{kind}"] for kind in ("strings", "int64s"))
    return node.numbers(0, or_pair=True).then("zipmap", node, texts or integers)


def _alone(operation: str) -> Operator:
    return lambda node: node.numbers(0).then(operation, node)


# Each operator: its function, and its attributes with their defaults. The value of a Constant has
# many types, and its function reads it itself.
ML = "ai.onnx.ml"
CONSTANTS = ("value", "value_float", "value_floats", "value_int", "value_ints")
OPERATORS: dict[tuple[str, str], tuple[Operator, dict[str, Any]]] = {
    **{("", TABLE[name].onnx): (_alone(name), {}) for name in ("relu", "sigmoid", "tanh")},
    ("", "Add"): (_with_a_constant("add"), {}),
    ("", "ArgMax"): (_argmax, {"axis": 0, "keepdims": 1, "select_last_index": 0}),
    ("", "BatchNormalization"): (
        _batch_normalization,
        {"epsilon": 1e-5, "momentum": 0.9, "spatial": 1, "training_mode": 0},
    ),
    ("", "Cast"): (_cast, {"to": 0, "saturate": 1}),
    ("", "Concat"): (_concat, {"axis": 0}),
    ("", "Constant"): (_constant, dict.fromkeys(CONSTANTS)),
    ("", "Div"): (_with_a_constant("divide"), {}),
    ("", "Dropout"): (_dropout, {"ratio": 0.5, "seed": 0}),
    ("", "Flatten"): (lambda node: _flat(node.numbers(0)), {"axis": 1}),
    ("", "Gather"): (_extract, {"axis": 0}),
    ("", "Gemm"): (_gemm, {"alpha": 1.0, "beta": 1.0, "transA": 0, "transB": 0}),
    ("", "Identity"): (lambda node: node.input(0), {}),
    ("", "LeakyRelu"): (_leaky_relu, {"alpha": SINGLE_LEAK}),
    ("", "MatMul"): (lambda node: _by_matrix(node, node.tensor(1)), {}),
    ("", "Max"): (_max, {}),
    ("", "Mul"): (_with_a_constant("multiply"), {}),
    ("", "Reshape"): (_reshape, {"allowzero": 0}),
    ("", "Softmax"): (_alone("softmax"), {"axis": -1}),
    ("", "Sqrt"): (lambda node: node.tensor(0).under_root(), {}),
    ("", "Sub"): (_subtract, {}),
    ("", "Transpose"): (_transpose, {"perm": []}),
    (ML, "ArrayFeatureExtractor"): (_extract, {}),
    (ML, "Scaler"): (_scaler, {"offset": b"", "scale": b""}),
    (ML, "ZipMap"): (_zipmap, {"classlabels_strings": [], "classlabels_int64s": []}),
}

# The valid axes where they differ from the usual ones, 1 and the last.
AXES = {"Flatten": (1,), "Gather": (0,)}

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
    for name in ("sparse_initializer", "quantization_annotation"):
        if name in graph:
            raise PureNetError(f"{name} is not supported: expected a dense network")
    known: dict[str, Value] = {}
    for tensor in graph.get("initializer", []):
        name = tensor.get("name", "")
        _name(known, name, tensor_of(tensor, short(name)))
    # Older files list their initializers among the inputs. They are constants here.
    inputs = [value for value in graph.get("input", []) if value.get("name", "") not in known]
    if len(inputs) != 1:
        raise PureNetError(f"expected one input, got {len(inputs):,}")
    _name(known, inputs[0].get("name", ""), _input(inputs[0]))
    for k, message in enumerate(graph.get("node", [])):
        name = message.get("name")
        _follow(message, known, f"node {k} {short(name)}" if name else f"node {k}")
    return [_output(value, known) for value in graph.get("output", [])]


def _input(value: dict[str, Any]) -> Step:
    """Return the first step; its value is the shape of the input, with 0 for unknown lengths."""
    shape = value.get("type", {}).get("tensor_type", {}).get("shape", {})
    lengths = [each.get("dim_value", 0) for each in shape.get("dim", [])]
    if len(lengths) > MOST_DIMENSIONS:
        raise PureNetError(f"the input: expected at most {MOST_DIMENSIONS} dimensions, got more")
    width = max(0, lengths[-1]) if lengths[1:] else 0
    return Step("input" if shape else "flat", "the input", width, lengths)


def _name(known: dict[str, Value], name: str, value: Value) -> None:
    if not name or name in known:
        raise PureNetError(
            f"two values have the name {short(name)}" if name else "a value without a name"
        )
    known[name] = value


def _follow(message: dict[str, Any], known: dict[str, Value], place: str) -> None:
    """Add a node's outputs to the known values."""
    domain, operator = message.get("domain", ""), message.get("op_type", "")
    domain = "" if domain == "ai.onnx" else domain
    if (domain, operator) not in OPERATORS:
        name = short(f"{domain}.{operator}" if domain else operator)
        raise PureNetError(f"{place}: operator {name} is not supported")
    function, defaults = OPERATORS[domain, operator]
    with named(f"{place}: {operator}"):
        node = Node(place, [], _attributes(message, defaults))
        for name in message.get("input", []):
            if name and name not in known:
                raise PureNetError(f"expected inputs from the nodes before, got {short(name)}")
            node.inputs.append(known[name] if name else None)
        # Along any other axis the operator would mix rows.
        axis, axes = node.attributes.get("axis", 1), AXES.get(operator, (1, -1))
        if "axis" in defaults and axis not in axes:
            raise PureNetError(f"expected the axis {axes[-1]}, got {axis}")
        value = function(node)
    outputs = message.get("output", [])
    if not outputs:
        raise PureNetError(f"{place}: {operator}: expected an output, got none")
    # Other outputs, such as Dropout's mask, get no value, so a node that uses one is refused.
    _name(known, outputs[0], value)


def _attributes(message: dict[str, Any], defaults: dict[str, Any]) -> dict[str, Any]:
    """Return a node's attributes by name, with defaults for missing ones."""
    given: dict[str, Any] = {}
    for attribute in message.get("attribute", []):
        name = attribute.get("name", "")
        if name in given or name not in defaults:
            raise PureNetError(f"attribute {short(name)} is unknown or occurs twice")
        given[name] = _value(attribute, defaults[name])
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
