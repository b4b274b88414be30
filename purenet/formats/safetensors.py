"""A network or an estimator as a safetensors file, a common format for PyTorch's models.

Its tensors have the names of `torch.nn.Sequential(Linear, Sigmoid, Linear, ...)`, with an
activation after each layer. Their shapes have PyTorch's order, outputs first:

    "0.weight"  the weights from the inputs to the first layer (n₁ x n₀), "2.weight", ...
    "0.bias"    the biases of the first layer (n₁), "2.bias", ...

and `load_state_dict(safetensors.torch.load_file(path))` reads them. "__metadata__" has a text
"purenet" in JSON: the other members that `json_model` describes.

A file that another program wrote does not have this text, so the caller gives the activations. Each
tensor is called PREFIX.weight or PREFIX.bias, and each prefix is a layer, with or without a bias. A
layer has as many inputs as the one before has outputs. If prefixes differ only in a number, the
layers are in the order of these numbers: "layers.2" comes before "layers.10". Names such as
"input_layer" and "output_layer" have no order. Then the layers are in the only order in which they
fit one another. If there are several such orders, or too many to try, the caller gives the order.

A prefix with PREFIX.running_mean and PREFIX.running_var is a BatchNorm, which is folded into the
weights beside it. The file says neither its eps, for which PyTorch's default is taken, nor where it
is. If the layer before it is "2", then "3" is between that layer and its activation, and so is any
other name, but "4" is behind the activation. A warning says what was taken.

Numbers are F64, F32, F16 or BF16. Other types are refused, and so is what the official library
refuses: a tensor that overlaps another, bytes outside all tensors, a repeated name.

The format: https://huggingface.co/docs/safetensors/index. Its header is read with the limits of
`readers`, and is checked before any number is read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from ..core._types import Matrix, Row
from ..core.checks import PureNetError, check_that, counted, shown, whole_number
from ..engines.telling import warn_caller
from .arrays import BFLOAT16, Array, about, check_layers, model_from, pack
from .layers import OF_BATCH_NORM, Layers, batch_norm
from .model import Asked, Model, check_texts
from .readers import MOST_BYTES, anything, list_of, members_of, named, parse, text

METADATA = "__metadata__"
ALIGNMENT = 8  # of the data after the header

CODES = {"F64": "<d", "F32": "<f", "F16": "<e", "BF16": BFLOAT16}

COUNTER = "num_batches_tracked"  # of a BatchNorm; it counts batches, and is not needed
EPSILON = 1e-5

NAME = re.compile(rf"(.+)\.({'|'.join(OF_BATCH_NORM)}|{COUNTER})")
NUMBER = re.compile("[0-9]+")
LONGEST_NAME = 100

MOST_NAMED = 100  # layers whose names do not show their order
MOST_TRIED = 1000  # partial orders of these

Modules = dict[str, dict[str, Array]]  # the tensors of each prefix by the rest of their names
Shapes = dict[str, tuple[int, ...]]


# -- from a model to bytes -----------------------------------------------------------------------


def write(model: Model, float32: bool = False) -> bytes:
    """Return the bytes of a safetensors file with a model.

    With `float32`, its weights and biases are rounded to that. Raises PureNetError for numbers
    that are too large for it.

    >>> from purenet.core.network import Network
    >>> data = write(Model(Network([2, 1], init="zeros", seed=1)))
    >>> header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    >>> header["0.weight"]
    {'dtype': 'F64', 'shape': [1, 2], 'data_offsets': [0, 16]}
    """
    network = model.network
    header: dict[str, Any] = {METADATA: {"purenet": about(model)}}
    content, kind = bytearray(), "F32" if float32 else "F64"
    tensors = [
        (f"{2 * k}.weight", [len(W[0]), len(W)], pack(zip(*W), float32, f"weights[{k}]"))
        for k, W in enumerate(network.weights)
    ]
    tensors += [
        (f"{2 * k}.bias", [len(b)], pack([b], float32, f"biases[{k}]"))
        for k, b in enumerate(network.biases)
    ]
    for name, shape, numbers in tensors:
        offsets = [len(content), len(content) + len(numbers)]
        header[name] = {"dtype": kind, "shape": shape, "data_offsets": offsets}
        content += numbers
    start = json.dumps(header, separators=(",", ":")).encode()
    start += b" " * (-len(start) % ALIGNMENT)
    return len(start).to_bytes(8, "little") + start + content


# -- from bytes to a model -----------------------------------------------------------------------


def read(data: bytes | bytearray, asked: Asked) -> Model:
    """Return the model in the bytes of a safetensors file.

    Raises PureNetError if they are not as this module describes, if neither the file nor the caller
    gives an activation or an order of layers that is needed, or if the two differ.

    >>> from purenet.core.network import Network
    >>> read(write(Model(Network([2, 1], init="zeros", seed=1))), Asked()).network.weights
    [[[0.0], [0.0]]]
    """
    start, header = _header(data)
    said = _metadata(header.pop(METADATA, None)).get("purenet")
    modules = _in_order(_modules(header, memoryview(data)[start:]), asked.layers)
    return model_from(said, *_layers(modules), asked)


def _header(data: bytes | bytearray) -> tuple[int, dict[str, Any]]:
    """Return the position where the header ends, and the header's JSON object."""
    length, rest = int.from_bytes(data[:8], "little"), len(data) - 8
    if length == 0 or data[8:9] != b"{":
        raise PureNetError("not a safetensors file: no header after the first 8 bytes")
    if length > min(rest, MOST_BYTES):
        most = counted(min(rest, MOST_BYTES), "byte")
        raise PureNetError(f"header: expected at most {most}, got a length of {length:,}")
    with named("header"):
        return 8 + length, parse(data[8 : 8 + length], _size)


def _size(digits: str) -> int:
    """Return a length or a position. The largest valid one has nineteen digits."""
    if digits.startswith("-") or len(digits) > 19:
        raise PureNetError(f"expected a length or a position, got {shown(digits)}")
    return int(digits)


def _metadata(value: Any) -> dict[str, str]:
    """Return texts by their names; null counts as no texts."""
    texts = {} if value is None else value
    check_that(isinstance(texts, dict), METADATA, "an object", texts)
    for name in texts:
        text(texts[name], f"{METADATA}: {shown(name)}")
    with named(METADATA):
        check_texts([*texts.items()])
    return texts


def _modules(header: dict[str, Any], numbers: memoryview) -> Modules:
    """Return each module's tensors, if each can belong to a layer and no two overlap."""
    modules: Modules = {}
    places: list[tuple[int, int, str]] = []
    for name, value in header.items():
        prefix, _, part = name.rpartition(".")
        is_norm = f"{prefix}.running_mean" in header
        tensor, (start, after) = _tensor(name, value, numbers, is_norm)
        modules.setdefault(prefix, {})[part] = tensor
        places.append((start, after, name))
    end = 0
    for start, after, name in sorted(places):
        if start != end:
            raise PureNetError(f"{name}: expected to begin at byte {end:,}, got byte {start:,}")
        end = after
    if end != len(numbers):
        came, needed = f"{len(numbers):,}", counted(end, "byte")
        raise PureNetError(f"expected {needed} of tensors after the header, got {came}")
    return modules


def _tensor(name: str, value: Any, numbers: memoryview, is_norm: bool) -> tuple[Array, list[int]]:
    """Return a tensor that a layer or a BatchNorm can have, with its start and end."""
    if not NAME.fullmatch(name) or not name.isprintable() or len(name) > LONGEST_NAME:
        raise PureNetError(f"expected PREFIX.weight or PREFIX.bias, got {shown(name)}")
    members = members_of(value, name, dict.fromkeys(("dtype", "shape", "data_offsets"), anything))
    codes, lengths = CODES, ["outputs"]
    if name.endswith(COUNTER):
        codes, lengths = {"I64": "<q"}, []
    elif name.endswith("weight") and not is_norm:
        lengths = ["outputs", "inputs"]
    kind = members["dtype"]
    check_that(kind in list(codes), f"{name}: dtype", " or ".join(codes), kind)
    shape = _whole_numbers(members["shape"], f"{name}: shape", lengths)
    start, end = _whole_numbers(members["data_offsets"], f"{name}: data_offsets", ["start", "end"])
    array = Array(name, tuple(shape[::-1]), codes[kind], numbers[start:end], by_columns=True)
    return array.with_checked_length(), [start, end]


def _whole_numbers(value: Any, name: str, meanings: list[str]) -> list[int]:
    numbers = list_of(anything)(value, name)
    check_that(len(numbers) == len(meanings), name, f"[{', '.join(meanings)}]", value)
    return [whole_number(number, name, 0) for number in numbers]


# -- the order of the layers ---------------------------------------------------------------------


def _in_order(modules: Modules, layers: Sequence[str] | None) -> Modules:
    """Return the modules in their order."""
    shapes: Shapes = {}
    for prefix, tensors in modules.items():
        main = "running_var" if "running_mean" in tensors else "weight"
        if main not in tensors:
            raise PureNetError(f"{prefix}.{next(iter(tensors))}: {prefix}.{main} is missing")
        shapes[prefix] = tensors[main].shape  # (n,) of a BatchNorm with n inputs and outputs
    if layers is None:
        in_order = _ordered(shapes)
    else:
        is_list = isinstance(layers, Iterable) and not isinstance(layers, str)
        in_order = list(layers) if is_list else []
        needed = f"the file's layers, {shown(sorted(modules))}, in their order"
        check_that(sorted(in_order, key=str) == sorted(modules), "layers", needed, layers)
    return {prefix: modules[prefix] for prefix in in_order}


def _layers(modules: Modules) -> tuple[list[Matrix], list[Row | None]]:
    """Return the weights and biases of modules in order, with each BatchNorm folded into them."""
    linear = [tensors for tensors in modules.values() if "running_mean" not in tensors]
    check_layers([each["weight"] for each in linear], [each.get("bias") for each in linear])
    layers, before, places = Layers(), "", []
    for prefix, tensors in modules.items():
        is_norm = "running_mean" in tensors
        if layers.is_open and not (is_norm and _is_next(before, prefix)):
            layers.take("activation", None)  # which one, the caller knows
        if is_norm:
            place = "before" if layers.is_open else "behind"
            places.append(f"{prefix} {place} the activation of {before}" if before else prefix)
            rows = {name: tensors[name].numbers() for name in OF_BATCH_NORM if name in tensors}
            for operation, row in batch_norm(rows, EPSILON):
                layers.take(operation, row)
        else:
            before = prefix
            layers.take("matrix", tensors["weight"].matrix())
            if "bias" in tensors:
                layers.take("add", tensors["bias"].numbers())
    if places:
        guess = f"{', '.join(places)}; eps={EPSILON}"
        warn_caller(f"BatchNorm: taken as {guess}, as the file does not say")
    layers.close(for_estimator=False)
    return layers.weights, layers.biases


def _is_next(before: str, prefix: str) -> bool:
    """Tell whether a BatchNorm stands between a layer and its activation, by their names."""
    if NUMBER.split(before) != NUMBER.split(prefix):
        return True
    return int(NUMBER.findall(prefix)[-1]) == int(NUMBER.findall(before)[-1]) + 1


def _ordered(shapes: Shapes) -> list[str]:
    """Return the prefixes in order: the order of their numbers, or the only one that fits."""
    natural = sorted(shapes, key=_natural)
    series: dict[tuple[str, ...], list[str]] = {}
    for prefix in natural:  # those that differ only in numbers
        series.setdefault(tuple(NUMBER.split(prefix)), []).append(prefix)
    if len(series) < 2:
        return natural
    orders = _fitting_orders(list(series.values()), shapes)
    if len(orders) > 1:
        names = f"the names {shown(natural)} do not show the order"
        raise PureNetError(f"layers: {names}: expected this option to list them in order")
    return orders[0] if orders else natural  # if none fits, `check_layers` says why


def _fitting_orders(series: list[list[str]], shapes: Shapes) -> list[list[str]]:
    """Return the orders in which each layer has as many inputs as the one before has outputs.

    Each series stays in order. Two orders are enough to know that the order is ambiguous, so no
    more are returned. Two are also returned, empty ones, if the search would take too long.
    """
    found: list[list[str]] = []
    begun: list[tuple[list[str], list[list[str]]]] = [([], series)]
    for _ in range(MOST_TRIED if len(shapes) <= MOST_NAMED else 0):
        if not begun or len(found) > 1:
            return found
        order, left = begun.pop()
        width = shapes[order[-1]][-1] if order else 0
        if not any(left):
            found.append(order)
        for k, names in enumerate(left):
            if names and width in (0, shapes[names[0]][0]):
                rest = [*left[:k], names[1:], *left[k + 1 :]]
                begun.append(([*order, names[0]], rest))
    return [[], []]


def _natural(prefix: str) -> tuple[list[Any], str]:
    """Return a sort key that compares numbers in names as numbers, and keeps "1" and "01" apart."""
    parts: list[Any] = re.split("([0-9]+)", prefix)
    parts[1::2] = map(int, parts[1::2])
    return parts, prefix
