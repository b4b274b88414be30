"""Files of ONNX's: put together by hand, hostile, and as large as files can be.

No library is asked: a file is a message of messages, and `purenet.formats.onnx.protobuf` writes it.
tests/oracles/test_onnx.py has the official libraries read these files.
"""

import struct

import numpy as np
from both_ways import both_ways

from purenet import Network
from purenet.formats.arrays import MOST_ROWS
from purenet.formats.onnx import protobuf
from purenet.formats.onnx.messages import MODEL, SCHEMAS
from purenet.formats.onnx.protobuf import Field, read, write

encode, _ = both_ways("onnx")

ENDING = ".onnx"

# -- graphs that others build --------------------------------------------------------------------

# ONNX's numbers for what a tensor holds.
FLOAT, INT64, STRING, FLOAT16, DOUBLE, BFLOAT16 = 1, 7, 8, 10, 11, 16
KINDS = {"<f4": FLOAT, "<f8": DOUBLE, "<f2": FLOAT16, "<i8": INT64, "|b1": 9}

ATTRIBUTE, GRAPH, NODE, TENSOR = map(SCHEMAS.get, ("attribute", "graph", "node", "tensor"))

# PureNet's schemas, and the two kinds of attributes that it never reads.
ANY_ATTRIBUTE = {**ATTRIBUTE, 4: Field("s", "text"), 6: Field("g", "bytes")}
ANY_NODE = {**NODE, 5: Field("attribute", ANY_ATTRIBUTE, True)}
ANY_GRAPH = {**GRAPH, 1: Field("node", ANY_NODE, True)}
ANY_MODEL = {**MODEL, 7: Field("graph", ANY_GRAPH)}

W1 = [[1.0, -2.0, 0.5], [0.25, 3.0, -1.0]]
B1 = [0.5, -0.25, 2.0]
W2 = [[2.0], [-1.0], [0.75]]
B2 = [0.125]
ROWS = [[1.0, 2.0], [-3.0, 0.5], [0.0, 0.0]]


def tensor(name, value):
    """Return an array as a tensor with its bytes unchanged, or texts as a list."""
    array = np.asarray(value)
    message = {"name": name, "dims": list(array.shape)}
    if array.dtype.kind in "OU":
        return {**message, "data_type": STRING, "string_data": array.ravel().tolist()}
    return {**message, "data_type": KINDS[array.dtype.str], "raw_data": array.tobytes()}


def numbers_in(place, kind, numbers, shape=(2, 3)):
    """Return a tensor "W" whose numbers are in another place than "raw_data"."""
    return {"name": "W", "dims": list(shape), "data_type": kind, place: numbers}


def attribute(name, value):
    """Return an attribute of the type that its value has: see AttributeProto in onnx.proto."""
    if isinstance(value, dict):
        return {"name": name, "t": value, "type": 4}
    if isinstance(value, list):
        place, kind = ("floats", 6) if isinstance(value[0], float) else ("ints", 7)
        value = np.array(value, "<f4").tobytes() if kind == 6 else value
        return {"name": name, place: value, "type": kind}
    places = {float: ("f", 1), int: ("i", 2), str: ("s", 3), bytes: ("g", 5)}
    place, kind = places[type(value)]
    return {"name": name, place: value, "type": kind}


def node_of(operator, inputs, outputs, name=None, domain=None, **attributes):
    """Return a node, its inputs and outputs lists of names."""
    message = {"op_type": operator, "input": inputs, "output": outputs}
    message.update(name=name, domain=domain)
    message["attribute"] = [attribute(key, attributes[key]) for key in sorted(attributes)]
    return {key: value for key, value in message.items() if value}


def node(operator, inputs, outputs, **attributes):
    """Return a node, its inputs and outputs the words of a text."""
    return node_of(operator, inputs.split(), outputs.split(), **attributes)


def value_info(name, kind, lengths=None):
    """Return a graph's entry for an input or output; None for a length that may be any."""
    known = {"elem_type": kind}
    if lengths is not None:
        dimensions = [{} if length is None else {"dim_value": length} for length in lengths]
        known["shape"] = {"dim": dimensions}
    return {"name": name, "type": {"tensor_type": known}}


def model_of(nodes, inputs, outputs, initializers, sets, ir_version=8):
    graph = {"node": nodes, "name": "g", "initializer": initializers}
    graph.update(input=inputs, output=outputs)
    return write({"ir_version": ir_version, "graph": graph, "opset_import": sets}, ANY_MODEL)


def graph(nodes, columns=2, out="Y", kind=DOUBLE, opset=17, shape=None, **tensors):
    """Return a file of nodes; `tensors` are its initializers, arrays or tensors."""
    initializers = [
        value if isinstance(value, dict) else tensor(name, value) for name, value in tensors.items()
    ]
    inputs = [value_info("X", kind, [None, columns] if shape is None else shape)]
    outputs = [value_info(name, kind) for name in out.split()]
    sets = [{"domain": "", "version": opset}, {"domain": "ai.onnx.ml", "version": 3}]
    return model_of(nodes, inputs, outputs, initializers, sets)


def dense(nodes=(), last="tanh", **options):
    """Return a file of one layer of W1 and B1, and what follows it."""
    layer = [node("Gemm", "X W B", "z"), *nodes]
    return graph(layer, W=W1, B=B1, **options)


GEMM = node("Gemm", "X W B", "Y")
MATRIX = tensor("", W1)
HALVES = np.float16(W1).ravel().view("u2").tolist()
BRAIN_FLOATS = (np.float32(W1).ravel().view("u4") >> 16).astype("u2")

# One and the same layer, as it can be written.
ONE_LAYER = {
    "Gemm": graph([GEMM], W=W1, B=B1),
    "Gemm, named by its domain": graph(
        [node_of("Gemm", ["X", "W", "B"], ["Y"], domain="ai.onnx")], W=W1, B=B1
    ),
    "Gemm of rows as columns": graph(
        [node("Gemm", "X W B", "Y", transB=1)], W=np.transpose(W1).copy(), B=B1
    ),
    "Gemm with factors": graph(
        [node("Gemm", "X W B", "Y", alpha=0.5, beta=2.0)],
        W=np.multiply(W1, 2),
        B=np.divide(B1, 2),
    ),
    "Gemm and a matrix of one row": graph([GEMM], W=W1, B=[B1]),
    "Gemm without biases, then Add": graph(
        [node("Gemm", "X W", "z"), node("Add", "z B", "Y")], W=W1, B=B1
    ),
    "MatMul and Add": graph([node("MatMul", "X W", "z"), node("Add", "z B", "Y")], W=W1, B=B1),
    "Add the other way round": graph(
        [node("MatMul", "X W", "z"), node("Add", "B z", "Y")], W=W1, B=[B1]
    ),
    "Transpose": graph(
        [node("Transpose", "V", "W", perm=[1, 0]), GEMM], V=np.transpose(W1).copy(), B=B1
    ),
    "Transpose by itself": graph([node("Transpose", "V", "W"), GEMM], V=np.array(W1).T, B=B1),
    "Constant": graph([node("Constant", "", "W", value=MATRIX), GEMM], B=B1),
    "Constants": graph(
        [
            node("Constant", "", "B", value_floats=B1),
            node("Identity", "B", "C"),
            node("Gemm", "X W C", "Y"),
        ],
        W=W1,
    ),
    "Cast of a constant": graph([node("Cast", "V", "W", to=DOUBLE), GEMM], V=np.float32(W1), B=B1),
    "Identity, Cast, Dropout": graph(
        [
            node("Identity", "X", "a"),
            node("Cast", "a", "b", to=FLOAT),
            node("Dropout", "b", "c mask"),
            node("Gemm", "c W B", "d"),
            node("Identity", "d", "Y"),
        ],
        W=W1,
        B=B1,
    ),
    "Dropout that says it is not training": graph(
        [node("Gemm", "X W B", "a"), node("Dropout", "a r t", "Y")],
        W=W1,
        B=B1,
        r=np.float32(0.5),
        t=np.array(False),
    ),
    "Flatten": graph([node("Flatten", "X", "x"), node("Gemm", "x W B", "Y")], W=W1, B=B1),
    "Flatten of pictures": graph(
        [node("Flatten", "X", "x"), node("Gemm", "x W B", "Y")], shape=[None, 1, 2], W=W1, B=B1
    ),
    "Reshape": graph(
        [node("Reshape", "X s", "x"), node("Gemm", "x W B", "z"), node("Reshape", "z t", "Y")],
        shape=None,
        W=W1,
        B=B1,
        s=np.array([-1, 2]),
        t=np.array([0, -1]),
    ),
    "float_data": graph([GEMM], W=numbers_in("float_data", FLOAT, np.float32(W1).tobytes()), B=B1),
    "halves": graph([GEMM], W=np.float16(W1), B=np.float16(B1)),
    "halves as integers": graph([GEMM], W=numbers_in("int32_data", FLOAT16, HALVES), B=B1),
    "bfloat16 as integers": graph(
        [GEMM], W=numbers_in("int32_data", BFLOAT16, BRAIN_FLOATS.tolist()), B=B1
    ),
    "bfloat16": graph([GEMM], W=numbers_in("raw_data", BFLOAT16, BRAIN_FLOATS.tobytes()), B=B1),
    "initializers that are inputs, too": model_of(
        [GEMM],
        [value_info(name, DOUBLE) for name in "WXB"],
        [value_info("Y", DOUBLE)],
        [tensor("W", W1), tensor("B", B1)],
        [{"domain": "", "version": 7}],
    ),
}


SCALED = [
    [("Sub", "m", [1.0, -2.0]), ("Div", "d", [2.0, 0.5])],
    [("Sub", "m", [[1.0, -2.0]]), ("Mul", "d", [0.5, 2.0])],
    [("Mul", "d", [[0.5, 2.0]]), ("Add", "m", [-0.5, 4.0])],
    [("Div", "d", [2.0, 0.5])],
    [("Add", "m", [3.0])],
    [("Mul", "d", 0.5), ("Sub", "m", 3.0), ("Div", "e", [4.0, 1.0]), ("Add", "n", [1.0, 2.0])],
]


def scaled(steps):
    """Return a file of one layer behind some operators that scale its inputs."""
    nodes, constants, now = [], {}, "X"
    for k, (operator, name, value) in enumerate(steps):
        nodes.append(node(operator, f"{now} {name}", f"x{k}"))
        constants[name], now = np.array(value), f"x{k}"
    return graph([*nodes, node("Gemm", f"{now} W B", "Y")], W=W1, B=B1, **constants)


ML = "ai.onnx.ml"
EXTRACT = node_of("ArrayFeatureExtractor", ["X", "s"], ["x"], domain=ML)
F, C = [2.0, -0.5, 4.0], [1.0, 0.0, -3.0]
NORMALIZE = node("BatchNormalization", "z F C m v", "y", epsilon=0.0)
MOMENTS = {"m": [3.0, 0.5, 0.0], "v": [4.0, 0.25, 1.0]}

# Files, and what they compute of rows X and of X·W1 + B1. Powers of two and few digits: nothing
# is rounded, in whatever order.
FOLDED = {
    "a scaling after the weights": (
        dense([node("Mul", "z F", "y"), node("MatMul", "y V", "Y")], F=F, V=W2),
        lambda X, z: z * F @ W2,
    ),
    "scalings after an activation": (
        dense(
            [
                node("Relu", "z", "r"),
                node("Mul", "r F", "t"),
                node("Sub", "t C", "y"),
                node("MatMul", "y V", "u"),
                node("Add", "u E", "Y"),
            ],
            F=F,
            C=C,
            V=W2,
            E=[0.5],
        ),
        lambda X, z: (np.maximum(z, 0) * F - C) @ W2 + 0.5,
    ),
    "BatchNorm, then an activation": (
        dense([NORMALIZE, node("Relu", "y", "Y")], F=F, C=C, **MOMENTS),
        lambda X, z: np.maximum((z - MOMENTS["m"]) / np.sqrt(MOMENTS["v"]) * F + C, 0),
    ),
    "a scaling of inputs before a bounded output": (
        graph(
            [node("Mul", "X k", "x"), node("Gemm", "x W B", "z"), node("Relu", "z", "Y")],
            W=W1,
            B=B1,
            k=[2.0, -0.5],
        ),
        lambda X, z: np.maximum(X * [2.0, -0.5] @ W1 + B1, 0),
    ),
    "a negative factor of the outputs": (
        dense([node("Mul", "z F", "Y")], F=F),
        lambda X, z: z * F,
    ),
    "a factor 0 of the inputs": (
        graph([node("Mul", "X k", "x"), node("Gemm", "x W B", "Y")], W=W1, B=B1, k=[0.0, 2.0]),
        lambda X, z: X * [0.0, 2.0] @ W1 + B1,
    ),
    "a selection of columns among scalings": (
        graph(
            [
                node("Add", "X a", "t"),
                node_of("ArrayFeatureExtractor", ["t", "s"], ["u"], domain=ML),
                node("Div", "u d", "x"),
                node("Gemm", "x W B", "Y"),
            ],
            columns=2,
            a=[1.0, -2.0],
            s=np.array([1]),
            d=[4.0],
            W=W1[:1],
            B=B1,
        ),
        lambda X, z: (X[:, 1:] - 2) / 4 @ W1[:1] + B1,
    ),
    "a selection of a layer's outputs": (
        dense(
            [
                node("Relu", "z", "r"),
                node_of("ArrayFeatureExtractor", ["r", "s"], ["u"], domain=ML),
                node("Mul", "u d", "x"),
                node("MatMul", "x V", "Y"),
            ],
            s=np.array([2, 0]),
            d=[4.0, -0.5],
            V=W2[:2],
        ),
        lambda X, z: np.maximum(z, 0)[:, [2, 0]] * [4.0, -0.5] @ W2[:2],
    ),
    "a divisor that is a root": (
        dense([node("Sqrt", "v", "d"), node("Div", "z d", "Y")], v=MOMENTS["v"]),
        lambda X, z: z / np.sqrt(MOMENTS["v"]),
    ),
}


def labeled(classes, extract):
    """Return a file of a classifier that takes its labels by one of two operators."""
    domain = None if extract == "Gather" else "ai.onnx.ml"
    nodes = [node("Softmax", "z", "p"), node("ArgMax", "p", "i", axis=-1)]
    nodes.append(node_of(extract, ["c", "i"], ["l"], domain=domain))
    nodes.append(node("Reshape", "l s", "L"))
    labels = np.array(classes, object if isinstance(classes[0], str) else np.int64)
    return dense(nodes, out="L p", c=labels, s=np.array([-1]))


def as_others(data):
    """Return a file of PureNet's as if another program had written it: without its text."""
    file = read(data, MODEL)
    del file["metadata_props"], file["producer_name"]
    return write(file, MODEL)


def own(model=None, **changes):
    """Return a file of PureNet's of which the graph's parts are changed by functions."""
    file = read(encode(model or Network([2, 3, 1], bias=True, seed=1)), MODEL)
    for name, change in changes.items():
        change(file if name == "file" else file["graph"][name])
    return write(file, MODEL)


def changed(**members):
    """Return a function that changes members of the first message in a list."""
    return lambda messages: messages[0].update(members)


def with_tensor(**members):
    """Return a file whose matrix has other members."""
    message = {"name": "W", "data_type": 11, "dims": [2, 3], "raw_data": np.array(W1).tobytes()}
    message = {k: v for k, v in {**message, **members}.items() if v is not None}
    file = read(graph([GEMM], B=B1), MODEL)
    file["graph"]["initializer"].append(message)
    return write(file, MODEL)


def of_graph(**members):
    file = read(graph([GEMM], W=W1, B=B1), MODEL)
    file["graph"].update(members)
    return write(file, MODEL)


def of_model(**members):
    return write({**read(graph([GEMM], W=W1, B=B1), MODEL), **members}, MODEL)


# -- hostile files -----------------------------------------------------------------------------


def refused_late(kind, inputs, outputs, size):
    """Return a network of one layer whose last number is NaN."""
    data = bytes(size * inputs * outputs - 2) + b"\xff\x7f"
    tensor = {"name": "W", "data_type": kind, "dims": [inputs, outputs], "raw_data": data}
    return of_graph(
        initializer=[tensor],
        node=[{"op_type": "Gemm", "input": ["X", "W"], "output": ["Y"]}],
        input=[{"name": "X"}],
    )


def as_integers(count):
    """Return a network of halves of which each is an integer of one byte, but for the last."""
    tensor = {"name": "W", "data_type": 10, "dims": [count, 1]}
    numbers = protobuf.varint(5 * 8 + 2) + protobuf.varint(count + 2) + bytes(count - 1)
    numbers += protobuf.varint(0x7FFF)
    file = read(of_graph(initializer=[], input=[{"name": "X"}]), MODEL)
    content = write(tensor, TENSOR) + numbers
    added = protobuf.varint(5 * 8 + 2) + protobuf.varint(len(content)) + content
    nodes = [{"op_type": "Gemm", "input": ["X", "W"], "output": ["Y"]}]
    content = write({**file.pop("graph"), "node": nodes}, GRAPH) + added
    return write(file, MODEL) + protobuf.varint(7 * 8 + 2) + protobuf.varint(len(content)) + content


def chain(count):
    """Return a graph of many nodes, of which the last is not one of a dense network's."""
    nodes = [{"op_type": "Identity", "input": ["X"], "output": ["0"]}]
    for k in range(1, count):
        nodes.append({"op_type": "Identity", "input": [str(k - 1)], "output": [str(k)]})
    return of_graph(node=[*nodes, {"op_type": "Conv"}])


def many_layers(count):
    nodes = []
    for k in range(count):
        names = ["X" if k == 0 else str(k), "W"]
        nodes.append({"op_type": "MatMul", "input": names, "output": [str(k + 1)]})
    data = struct.pack("<e", 1.0)
    tensor = {"name": "W", "data_type": 10, "dims": [1, 1], "raw_data": data}
    return of_graph(node=nodes, initializer=[tensor], output=[{"name": str(count)}, {"name": "Z"}])


def gathers(length, operator="Gather"):
    """Return a graph that takes labels from a long row of classes time and again."""
    axis = {"name": "axis", "type": 2, "i": -1}
    nodes = [{"op_type": "ArgMax", "input": ["X"], "output": ["i"], "attribute": [axis]}]
    domain = "" if operator == "Gather" else "ai.onnx.ml"
    for k in range(length // 60):
        names = {"input": ["c", "i"], "output": [f"l{k}"], "domain": domain}
        nodes.append({"op_type": operator, **names})
    classes = {"name": "c", "data_type": 9, "dims": [length // 2], "raw_data": bytes(length // 2)}
    return of_graph(node=[*nodes, {"op_type": "Conv"}], initializer=[classes])


def dropouts(length):
    """Return a graph of many Dropouts that all have the same long flag."""
    names = {"input": ["X", "", "t"]}
    nodes = [{"op_type": "Dropout", **names, "output": [f"{k}"]} for k in range(length // 60)]
    flag = {"name": "t", "data_type": 9, "dims": [length // 2], "raw_data": bytes(length // 2)}
    return of_graph(node=[*nodes, {"op_type": "Conv"}], initializer=[flag])


def repeated(length, operator):
    """Return a network behind many nodes with one long constant, whose last weight is NaN."""
    width = length // 16
    numbers = np.arange(width) if operator == "ArrayFeatureExtractor" else np.ones(width)
    constants = {"Mul": ["r"], "BatchNormalization": ["c"] * 4}.get(operator, ["c"])
    domain = ML if operator == "ArrayFeatureExtractor" else None
    nodes = [node("Sqrt", "c", "r"), node("Identity", "X", "0")]
    for k in range(length // 80):
        nodes.append(node_of(operator, [f"{k}", *constants], [f"{k + 1}"], domain=domain))
    nodes.append(node("MatMul", f"{length // 80} W", "Y"))
    data = bytes(2 * width - 2) + b"\xff\x7f"
    halves = {"name": "W", "data_type": FLOAT16, "dims": [width, 1], "raw_data": data}
    return graph(nodes, columns=width, c=numbers, W=halves)


def shared(length):
    """Return a network whose layers are one square of halves."""
    width, nodes = round((length / 2) ** 0.5), []
    for k in range(16):
        names = ["X" if k == 0 else str(k), "W"]
        nodes.append({"op_type": "MatMul", "input": names, "output": [str(k + 1)]})
    data = bytes(2 * width * width)
    tensor = {"name": "W", "data_type": 10, "dims": [width, width], "raw_data": data}
    return of_graph(node=nodes, initializer=[tensor], output=[{"name": "16"}])


def input_of_many_lengths(length):
    dimensions = [{"dim_value": 2**62}] * (length // 12)
    kind = {"tensor_type": {"elem_type": 1, "shape": {"dim": dimensions}}}
    return of_graph(input=[{"name": "X", "type": kind}])


HOSTILE = {
    "gathers": gathers,
    "extractors": lambda n: gathers(n, "ArrayFeatureExtractor"),
    "dropouts": dropouts,
    "a shared tensor": shared,
    "selections": lambda n: repeated(n, "ArrayFeatureExtractor"),
    "scalings": lambda n: repeated(n, "Mul"),
    "batch norms": lambda n: repeated(n, "BatchNormalization"),
    "one of very many columns": lambda n: graph(
        [EXTRACT, node("MatMul", "x W", "Y")], columns=2**60, s=np.array([n]), W=np.ones((1, 1))
    ),
    "lengths of the input": input_of_many_lengths,
    "doubles": lambda n: refused_late(11, n // 8, 1, 8),
    "halves": lambda n: refused_late(10, 1, n // 2, 2),
    "a column of halves": lambda n: refused_late(10, n // 2, 1, 2),
    "a column of halves as integers": as_integers,
    "nodes": lambda n: chain(n // 30),
    "layers": lambda n: many_layers(n // 30),
    "empty nodes": lambda n: of_graph(node=[{}] * (n // 2)),
    "empty tensors": lambda n: of_graph(initializer=[{}] * (n // 2)),
    "outputs": lambda n: of_graph(output=[{}] * (n // 2)),
    "functions": lambda n: of_model(functions=[b""] * (n // 3)),
    "unknown fields": lambda n: bytes.fromhex("f80101") * (n // 3),
    "lengths": lambda n: with_tensor(dims=[1] * (n // 2)),
    "attributes": lambda n: of_graph(node=[{"op_type": "Gemm", "attribute": [{}] * (n // 2)}]),
    "texts": lambda n: of_graph(node=[{"op_type": "Gemm", "input": [""] * (n // 2)}]),
    "a description": lambda n: of_model(
        metadata_props=[{"key": "purenet", "value": "[" + "[]," * (n // 3) + "1]"}]
    ),
}


def hostile(name, part=1.0):
    """Return a file that asks for as much memory as it can, or a part of that."""
    return HOSTILE[name](round(60_000 * part))


def most_memory(data):
    """Return the memory that refusing a file may take.

    A half in one byte takes the most memory per byte, if it has a row of its own. There are at most
    `MOST_ROWS` such rows, with 96 bytes of memory each, and the number that is read.
    """
    return 2**18 + 130 * len(data)


SECONDS_A_MEBIBYTE, MOST_SECONDS = 10.0, 15.0  # empty fields of two bytes take longest

LARGEST = {
    "gathers": lambda: gathers(2**22),
    "extractors": lambda: gathers(2**22, "ArrayFeatureExtractor"),
    "dropouts": lambda: dropouts(2**22),
    "a shared tensor": lambda: shared(2**21),
    "selections": lambda: HOSTILE["selections"](2**21),
    "scalings": lambda: HOSTILE["scalings"](2**21),
    "batch norms": lambda: HOSTILE["batch norms"](2**21),
    "lengths of the input": lambda: input_of_many_lengths(2**20),
    "halves": lambda: refused_late(16, 63, MOST_ROWS - 1, 2),
    "too many halves": lambda: refused_late(10, 2**13, 2**12, 2),
    "integers": lambda: as_integers(2**21),
    "layers": lambda: HOSTILE["layers"](2**20),
    "nodes": lambda: HOSTILE["nodes"](2**20),
    "empty nodes": lambda: HOSTILE["empty nodes"](2**21),
    "unknown fields": lambda: HOSTILE["unknown fields"](2**21),
    "lengths": lambda: HOSTILE["lengths"](2**21),
    "zeros": lambda: bytes(2**27),
}
