"""Files of ONNX: a graph of nodes, in messages and bytes of all kinds, right ones and wrong ones.

A graph is a chain, as exporters write it. Faults are in the nodes and their names, which may then
make circles, in the messages, and in the bytes: numbers packed and not, varints that are too long,
lengths that are too large, wire types that do not fit, fields twice, unknown ones, and groups.
"""

import copy
import struct

from onnx_files import ANY_MODEL, SECONDS_A_MEBIBYTE, attribute, most_memory, node_of, value_info

from grammars.documents import COUNTS, TEXTS, bytes_of, damaged, with_faults
from grammars.models import HIDDEN, LABELS, biases, document, sizes, weights
from purenet.formats.onnx.protobuf import CODES, RUN, WIRE_TYPES, Field, varint

ENDING = ".onnx"

FLOAT, INT32, INT64, STRING, BOOL, FLOAT16, DOUBLE, BFLOAT = 1, 6, 7, 8, 9, 10, 11, 16
OPERATORS = {"sigmoid": "Sigmoid", "tanh": "Tanh", "relu": "Relu", "softmax": "Softmax"}
ODD_OPERATORS = ["Conv", "LSTM", "Loop", "If", "Exp", "Neg", "Pow", "Gelu", "", "gemm", "QGemm"]
ML = "ai.onnx.ml"

# What may be there many times, and the constants that each takes.
REPEATED = {"Relu": 0, "Identity": 0, "Dropout": 0, "MatMul": 1, "Mul": 1, "Add": 1, "Gather": 1}
REPEATED.update({"Reshape": 1, "Concat": 1, "Gemm": 2, "BatchNormalization": 4})

# PureNet's schemas, and what it does not read but looks for: data in other files, and graphs within
# attributes.
ENTRY = {1: Field("key", "text"), 2: Field("value", "text")}
TENSOR = {**ANY_MODEL[7].kind[5].kind, 13: Field("external_data", ENTRY, True)}
ATTRIBUTE = {**ANY_MODEL[7].kind[1].kind[5].kind, 5: Field("t", TENSOR)}
NODE = {**ANY_MODEL[7].kind[1].kind, 5: Field("attribute", ATTRIBUTE, True)}
GRAPH = {**ANY_MODEL[7].kind, 1: Field("node", NODE, True), 5: Field("initializer", TENSOR, True)}
MODEL = {**ANY_MODEL, 7: Field("graph", GRAPH)}


def draw(chance):
    """Return the bytes of a file, and no options."""
    model = Graph(chance).model()
    for _ in range(chance.choice([0, 0, 0, 1, 1, 2])):
        _fault(chance, model)
    data = bytearray()
    wire = Wire(chance, chance.random() < 0.15)
    wire.message(data, model, MODEL)
    data = bytes(data)
    return damaged(chance, data) if chance.random() < 0.06 else data, {}


# -- a graph -------------------------------------------------------------------------------------


class Graph:
    """A chain of nodes that begins with the input, as one exporter or another writes it."""

    def __init__(self, chance):
        self.chance = chance
        self.kind = chance.choice([DOUBLE, DOUBLE, FLOAT])
        self.nodes, self.tensors, self.outputs, self.now, self.count = [], [], [], "X", 0

    def model(self):
        chance = self.chance
        about = document(chance)
        own = chance.random() < 0.35
        kind = about.get("estimator", {}).get("kind", "network") if own else "network"
        if not own and chance.random() < 0.3:
            kind = "classifier"
        widths = about["sizes"] if own else sizes(chance)
        if own:
            self.own(about, widths)
        else:
            self.foreign(widths, kind)
        model = {
            "ir_version": chance.choice([3, 7, 8, 10]),
            "producer_name": chance.choice(["", "skl2onnx", "pytorch"]),
            "graph": self.graph(widths),
            "opset_import": [{"domain": chance.choice(["", "ai.onnx"]), "version": 13}],
        }
        if own:
            if chance.random() < 0.2:
                about = with_faults(chance, about)
            text = bytes_of(chance, about).decode("utf-8", "replace")
            model["metadata_props"] = [{"key": "purenet", "value": text}]
        if chance.random() < 0.3:
            model["opset_import"].append({"domain": ML, "version": 3})
        return model

    def graph(self, widths):
        chance = self.chance
        batch = chance.choice([{"dim_param": "N"}, {}, {"dim_value": 1}])
        inputs = [value_info("X", self.kind, [None, widths[0]])]
        inputs[0]["type"]["tensor_type"]["shape"]["dim"][0] = batch
        if chance.random() < 0.1:  # as older exporters do
            inputs += [value_info(each["name"], self.kind) for each in self.tensors]
        outputs = self.outputs or [self.now]
        return {
            "node": self.nodes,
            "name": "g",
            "initializer": self.tensors,
            "input": inputs,
            "output": [value_info(name, self.kind) for name in outputs],
        }

    def own(self, about, widths):
        """Write the model of a document, as PureNet does."""
        chance, estimator = self.chance, about.get("estimator", {})
        scale = estimator.get("inputs")
        if scale:
            self.follow("Sub", self.tensor(scale["means"], [widths[0]], True))
            self.follow("Div", self.tensor(scale["deviations"], [widths[0]], True))
        rows, hidden = biases(chance, widths), about["activation"]
        names = hidden if isinstance(hidden, list) else [hidden] * (len(widths) - 2)
        for k, W in enumerate(weights(chance, widths)):
            self.layer(W, rows[k] if rows else None)
            self.activate([*names, about["output_activation"]][k])
        scale = estimator.get("output_scale")
        if scale:
            self.follow("Mul", self.tensor(scale["deviations"], [widths[-1]], True))
            self.follow("Add", self.tensor(scale["means"], [widths[-1]], True))
        if "classes" in estimator and chance.random() < 0.8:
            self.label(estimator["classes"])

    def foreign(self, widths, kind):
        """Write a network in other programs' words."""
        chance, rows = self.chance, None
        for step in range(chance.choice([0, 0, 0, 1, 2])):
            self.scale(widths[0], step)
        for k, W in enumerate(weights(chance, widths)):
            rows = biases(chance, widths)
            self.layer(W, rows[k] if rows else None)
            if chance.random() < 0.1:
                self.scale(widths[k + 1], 0)
            is_last = k == len(widths) - 2
            self.activate("softmax" if is_last and kind == "classifier" else chance.choice(HIDDEN))
            if chance.random() < 0.2:
                self.nothing(widths[k + 1])
        if kind == "classifier" and widths[-1] > 1:
            self.label(chance.choice(LABELS)[: widths[-1]])

    def name(self, letter="v"):
        self.count += 1
        return f"{letter}{self.count}"

    def follow(self, operator, *others, first=True, **options):
        output, domain = self.name(), options.pop("domain", None)
        inputs = [self.now, *others] if first else [*others, self.now]
        self.nodes.append(node_of(operator, inputs, [output], domain=domain, **options))
        self.now = output

    def layer(self, W, row):
        chance, shape = self.chance, [len(W), len(W[0])]
        numbers = [value for each in W for value in each]
        if chance.random() < 0.25:
            turned = [value for each in zip(*W) for value in each]
            others = [self.tensor(turned, shape[::-1])]
            others += [self.tensor(row, [shape[1]])] if row else []
            self.follow(
                "Gemm", *others, transB=1, **chance.choice([{}, {"alpha": 0.5, "beta": 2.0}])
            )
        elif row and chance.random() < 0.6:
            self.follow("Gemm", self.tensor(numbers, shape), self.tensor(row, [shape[1]]))
        else:
            self.follow("MatMul", self.tensor(numbers, shape))
            if row:
                lengths = chance.choice([[shape[1]], [1, shape[1]]])
                self.follow("Add", self.tensor(row, lengths), first=chance.random() < 0.7)

    def activate(self, name):
        chance = self.chance
        if name == "leaky_relu" and self.kind == DOUBLE:
            before = self.now
            self.follow("Mul", self.tensor([0.01], [], True))
            self.follow("Max", before, first=chance.random() < 0.7)
        elif name == "leaky_relu":
            self.follow("LeakyRelu", alpha=0.01)
        elif name == "softmax":
            self.follow("Softmax", axis=chance.choice([-1, -1, 1]))
        elif name != "linear":
            self.follow(OPERATORS[name])

    def scale(self, width, step):
        chance, numbers = self.chance, [self.chance.uniform(0.5, 2.0) for _ in range(width)]
        operator = chance.choice(["Sub", "Div", "Mul", "Add", "BatchNormalization", "Scaler"])
        if operator == "Scaler":
            self.follow(operator, offset=numbers, scale=numbers, domain=ML)
        elif operator == "BatchNormalization":
            self.follow(operator, *(self.tensor(numbers, [width]) for _ in "sbmv"), epsilon=1e-5)
        else:
            shape = chance.choice([[width], [1, width]])
            self.follow(operator, self.tensor(numbers, shape))

    def nothing(self, width):
        chance = self.chance
        operator = chance.choice(["Identity", "Cast", "Dropout", "Flatten", "Reshape"])
        if operator == "Reshape":
            self.follow(operator, self.integers([-1, width]))
        else:
            options = {"Cast": {"to": self.kind}, "Flatten": {"axis": 1}}
            self.follow(operator, **options.get(operator, {}))

    def label(self, classes):
        chance, likely, best = self.chance, self.now, self.name()
        classes = list(classes)  # the document's may get faults of their own
        if all(isinstance(each, str) for each in classes):
            data = {"data_type": STRING, "string_data": classes}
        elif all(type(each) is int and abs(each) < 2**63 for each in classes):
            data = {"data_type": INT64, "int64_data": classes}
        elif all(type(each) is bool for each in classes):
            data = {"data_type": BOOL, "raw_data": bytes(classes)}
        else:
            numbers = [float(each) for each in classes]
            data = {"data_type": DOUBLE, "raw_data": struct.pack(f"<{len(numbers)}d", *numbers)}
        self.tensors.append({"name": "classes", "dims": [len(classes)], **data})
        self.nodes.append(node_of("ArgMax", [likely], [best], axis=1, keepdims=0))
        operator, domain = chance.choice([("Gather", None), ("ArrayFeatureExtractor", ML)])
        options = {"axis": 0} if operator == "Gather" else {}
        self.nodes.append(node_of(operator, ["classes", best], ["label"], domain=domain, **options))
        if isinstance(classes[0], str) and chance.random() < 0.2:
            message = node_of("ZipMap", [likely], ["pairs"], domain=ML)
            label = {"name": "classlabels_strings", "strings": classes, "type": 8}
            self.nodes.append({**message, "attribute": [label]})
            likely = "pairs"
        self.outputs = ["label", likely]

    # -- tensors -----------------------------------------------------------------------------

    def tensor(self, numbers, lengths, exact=False):
        """Add a tensor, its numbers in one of the fields for them, and return its name."""
        chance = self.chance
        kind = self.kind if exact else chance.choice([self.kind, self.kind, FLOAT16, BFLOAT])
        message = tensor_of(chance, kind, numbers, lengths)
        message["name"] = self.name("t")
        if chance.random() < 0.1:
            value = {key: message[key] for key in message if key != "name"}
            constant = node_of("Constant", [], [message["name"]], value=value)
            self.nodes.append(constant)
        else:
            self.tensors.append(message)
        return message["name"]

    def integers(self, numbers):
        message = {"name": self.name("t"), "data_type": INT64, "dims": [len(numbers)]}
        self.tensors.append({**message, "int64_data": numbers})
        return message["name"]


def tensor_of(chance, kind, numbers, lengths):
    most = {DOUBLE: 1e308, FLOAT16: 65000.0}.get(kind, 3e38)
    numbers = [min(max(float(number), -most), most) for number in numbers]
    code = {DOUBLE: "d", FLOAT: "f", FLOAT16: "e", BFLOAT: "f"}[kind]
    data = struct.pack(f"<{len(numbers)}{code}", *numbers)
    if kind == BFLOAT:
        data = b"".join(data[i + 2 : i + 4] for i in range(0, len(data), 4))
    message = {"data_type": kind, "dims": lengths}
    if chance.random() < 0.6:
        return {**message, "raw_data": data}
    if kind in (DOUBLE, FLOAT):
        return {**message, "double_data" if kind == DOUBLE else "float_data": data}
    return {**message, "int32_data": list(struct.unpack(f"<{len(numbers)}H", data))}


# -- faults in messages --------------------------------------------------------------------------


def _fault(chance, model):
    graph, kind = model.get("graph", {}), chance.randrange(16)
    nodes, tensors = graph.get("node") or [{}], graph.get("initializer") or [{}]
    node, tensor = chance.choice(nodes), chance.choice(tensors)
    names = [name for each in nodes for name in each.get("output", [])]
    names += [each.get("name", "") for each in tensors]
    if kind == 0:  # perhaps a circle
        node["input"] = [chance.choice([*names, ""]) for _ in node.get("input", ["x"])]
    elif kind == 1:
        node["output"] = chance.choice([[], names[:2], ["X"], [chance.choice(names or [""])]])
    elif kind == 2:
        node["op_type"] = chance.choice(
            [*ODD_OPERATORS, *(each.get("op_type", "") for each in nodes)]
        )
    elif kind == 3:
        nodes.insert(chance.randrange(len(nodes)), copy.deepcopy(node))
    elif kind == 4:
        chance.shuffle(nodes)
    elif kind == 5:
        tensor["dims"] = chance.choice(
            [[], [0], [-1, 2], [2**62, 4], [1] * 99, [2**31] * 2, [3, 2]]
        )
    elif kind == 6:
        tensor["data_type"] = chance.choice([0, 2, 3, 5, 12, 14, 17, 99, -1, *range(1, 17)])
    elif kind == 7:
        where = {"key": "location", "value": chance.choice(["w.bin", "/etc/passwd", "../../x"])}
        tensor["external_data"] = [where, {"key": "offset", "value": "99999999999999999999"}]
        tensor["data_location"] = 1
        if chance.random() < 0.5:
            tensor.pop("raw_data", None)
    elif kind == 8:
        place = chance.choice(
            ["raw_data", "float_data", "double_data", "string_data", "int64_data"]
        )
        tensor[place] = [1] * 9 if place.startswith("int") else b"\xff" * chance.choice([0, 8, 48])
        tensor[place] = ["x"] if place == "string_data" else tensor[place]
    elif kind == 9:
        name = chance.choice(
            ["axis", "alpha", "beta", "transA", "perm", "to", "training_mode", "x"]
        )
        value = chance.choice([0, 1, -1, 2**62, 0.0, float("nan"), float("inf"), [1, 0], [0.5]])
        node.setdefault("attribute", []).append(attribute(name, value))
    elif kind == 10:
        _change_member(chance, model)
    elif kind == 11:
        many = chance.choice([2, 100, 1000])
        place, empty = chance.choice(
            [("node", {}), ("initializer", {}), ("output", {}), ("input", {})]
        )
        graph.setdefault(place, []).extend([copy.deepcopy(empty)] * many)
    elif kind == 12:
        graph.setdefault("node", []).extend(repeated(chance, graph))
    elif kind == 13:
        sets = [[], [{"version": 13}] * 2, [{"version": chance.choice([6, -1, 2**62])}]]
        model["opset_import"] = chance.choice(sets)
    elif kind == 14:
        model[chance.choice(["training_info", "functions"])] = [b""]
    else:
        for each in graph.get("input", [])[:1]:
            each["name"] = chance.choice(["X", "", *names])
            dims = [
                {"dim_value": chance.choice(COUNTS[:12])}
                for _ in range(chance.choice([0, 1, 2, 4]))
            ]
            each["type"] = {"tensor_type": {"elem_type": FLOAT, "shape": {"dim": dims}}}


def repeated(chance, graph):
    """Return many nodes, one after another, that share their constants and widen the result."""
    names = [each.get("name", "") for each in graph.get("initializer", [])] or ["t"]
    last = graph["node"][-1].get("output", [""]) if graph.get("node") else ["X"]
    now, nodes = (last or [""])[0], []
    operator = chance.choice([*REPEATED, "ArrayFeatureExtractor"])
    constants = [chance.choice(names)] * REPEATED.get(operator, 1)
    domain = ML if operator == "ArrayFeatureExtractor" else ""
    for k in range(chance.choice([3, 30, 300])):
        message = {"op_type": operator, "input": [now, *constants], "output": [f"r{k}"]}
        now = f"r{k}"
        nodes.append({**message, "domain": domain} if domain else message)
    graph["output"] = [{"name": now}]
    return nodes


def _change_member(chance, message):
    """Walk down to some member of something, and change it."""
    if not message:
        return
    name = chance.choice(list(message))
    value = message[name]
    inner = [each for each in (value if isinstance(value, list) else [value]) if each]
    inner = [each for each in inner if isinstance(each, dict)]
    if inner and chance.random() < 0.9:
        _change_member(chance, chance.choice(inner))
    elif isinstance(value, list) and value:
        i = chance.randrange(len(value))
        other = chance.choice([value[i : i + 1] * 2, [], [chance.choice(value)]])
        message[name] = value[:i] + other + value[i + 1 :]
    elif isinstance(value, int):
        message[name] = chance.choice([n for n in COUNTS if isinstance(n, int)])
    elif isinstance(value, str) and len(value) < 100:
        message[name] = chance.choice([each for each in TEXTS if each.isascii()])
    else:
        del message[name]


# -- bytes -----------------------------------------------------------------------------------------


class Wire:
    """What writes messages, in any of the ways that are allowed, and if `faulty` in others too."""

    def __init__(self, chance, faulty):
        self.chance, self.faulty = chance, faulty
        self.shuffles = chance.random() < 0.3
        self.unpacks = chance.random() < 0.3

    def message(self, data, message, schema):
        items = [item for item in schema.items() if message.get(item[1].name) is not None]
        if self.shuffles:
            self.chance.shuffle(items)
        for number, field in items:
            value = message[field.name]
            for each in self.pieces(field, value):
                self.field(data, number, field, each)
        if self.chance.random() < (0.05 if self.faulty else 0.01):
            data += self.unknown()

    def pieces(self, field, value):
        """Return the values of a field, one for each time that it is written."""
        if not field.repeated:
            return [value]
        if field.kind == "int":
            if self.unpacks:
                return list(value)
            return [b"".join(varint(each) for each in value)]
        if field.is_run and self.unpacks:
            width = struct.calcsize(CODES[field.kind])
            return [value[i : i + width] for i in range(0, len(value), width)]
        return [value] if field.is_run else value

    def field(self, data, number, field, value):
        if isinstance(field.kind, dict):
            inner = bytearray()
            self.message(inner, value, field.kind)
            value, wire = bytes(inner), RUN
        elif isinstance(value, str):
            value, wire = value.encode("utf-8", "surrogatepass"), RUN
        elif field.kind == "int" and not isinstance(value, bytes):
            value, wire = self.varint(int(value)), 0
        elif field.kind in CODES and not field.repeated:
            value, wire = struct.pack(CODES[field.kind], value), WIRE_TYPES[field.kind]
        elif field.is_run and self.unpacks:
            wire = WIRE_TYPES[field.kind]
        else:
            wire = RUN
        if self.faulty and self.chance.random() < 0.02:
            number, wire, value = self.wrong(number, wire, value)
        data += self.varint(number * 8 + wire)
        data += self.varint(len(value)) + value if wire == RUN else value

    def varint(self, number):
        written = varint(number)
        if self.faulty and self.chance.random() < 0.01:  # longer than it need be
            more = self.chance.choice([1, 2, 9 - len(written), 12])
            last = bytes([written[-1] | 0x80])
            written = written[:-1] + last + b"\x80" * (more - 1) + b"\0" if more > 0 else written
        return written

    def wrong(self, number, wire, value):
        kind = self.chance.randrange(5)
        if kind == 0:
            return number, self.chance.choice([0, 1, 2, 3, 4, 5, 6, 7]), value
        if kind == 1:
            return self.chance.choice([0, 1, 19000, 2**29 - 1, 2**29, 2**60]), wire, value
        if kind == 2:
            return number, wire, value + self.chance.choice([b"\0", b"\xff" * 11, b"\x0b\x0c"])
        if kind == 3:
            return number, wire, value[:-1]
        return number, wire, b""

    def unknown(self):
        """Return fields that no schema knows, and those that end groups."""
        some = [b"\xf8\x01\x01", b"\xfa\x01\x02ab", b"\xfd\x01abcd", b"\xf9\x01abcdefgh"]
        some += [b"\xf8\x01\x01" * 2000]
        some += [b"\xfb\x01\xfc\x01", b"\xfa\x01\xff\xff\xff\xff\x0f"] if self.faulty else []
        return self.chance.choice(some)


__all__ = ["ENDING", "SECONDS_A_MEBIBYTE", "draw", "most_memory"]
