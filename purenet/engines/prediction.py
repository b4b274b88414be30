"""A trained network as one function from a row of numbers to the list of outputs.

`predict` takes many rows and checks them, which is most of its time for a single row. The function
made here has the weights in its source and gives the same bits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from ..core._types import Row
from ..core.activations import softmax
from ..core.checks import as_matrix
from ..core.network import Network
from .choice import LONGEST_SUM
from .compiling import compiled, kernel_of
from .expressions import activate, added, indented, listed, names
from .kernels import forward_source

Predict = Callable[[Sequence[float]], Row]

# Up to this number of weights are spelled out. For more, the kernels are as fast on CPython and
# compile faster, and PyPy's compiler gives up on a source much longer than this.
MOST_WEIGHTS = 4000


def compile_predict(network: Network, *, packed: bool = False) -> Predict:
    """Return a function from one row of inputs to the list of outputs, for the current weights.

    Its answer has the bits of `network.predict([row])[0]`, and a row that does not fit raises the
    same PureNetError, except that NaN and infinities may pass through. It is fastest for a list of
    floats; other sequences are converted first. `packed` makes larger networks faster with packed
    integers (see `packed`), which round differently: a row's answer depends on that row alone.

    Raises PureNetError if a weight is not a finite number.

    >>> from ..core.network import Network
    >>> predict = compile_predict(Network([2, 1], init="zeros"))
    >>> predict([1, 2])
    [0.5]
    """
    network = network.copy()
    # Floats, which repr writes exactly.
    network.weights = [as_matrix(W, f"weights[{k}]") for k, W in enumerate(network.weights)]
    rows = enumerate(network.biases)
    network.biases = [as_matrix([row], f"biases[{k}]")[0] for k, row in rows]

    def floats(row: Sequence[float]) -> Row:
        if row.__class__ is list and {*map(type, row)} <= {int, bool, float}:
            try:
                return list(map(float, row))
            except OverflowError:  # the slow way names the number
                pass
        return network.check_inputs([row])[0]

    def carefully(row: Sequence[float]) -> Row:
        return network.predict([row])[0]

    sizes = network.sizes
    count = sum([m * n for m, n in zip(sizes, sizes[1:])])
    try:
        if packed:
            from .packed import Unfit, predictor

            looping = _looping(network, floats, carefully)
            with suppress(Unfit):
                return predictor(network, floats, looping)
            return looping
        if count > MOST_WEIGHTS or max(sizes) > LONGEST_SUM:
            return _looping(network, floats, carefully)
        making = compiled(predict_source(network), "making")
        return making(math.exp, math.tanh, floats, carefully)  # type: ignore[no-any-return]
    except Exception:  # a sandbox may refuse with any
        return carefully


def predict_source(network: Network) -> str:
    """Return the source of compile_predict's function, nested in one that takes what it calls.

    The weights are floats.

    >>> from ..core.network import Network
    >>> network = Network([2, 1])
    >>> network.weights = [[[0.5], [-1.5]]]
    >>> print(predict_source(network))
    def making(exp, tanh, floats, carefully):
        def predict(row):
            if row.__class__ is not list:
                row = floats(row)
            try:
                [X_0, X_1] = row
                z = X_0 * -0.5 + X_1 * 1.5
                if z.__class__ is not float:
                    return predict(floats(row))
                activations_1_0 = 1.0 / (1.0 + exp(z))
                return [activations_1_0]
            except (TypeError, ValueError, OverflowError):
                return carefully(row)
        return predict
    """
    inputs = names("X", count=network.sizes[0])
    lines = [f"{listed(inputs)} = row"]
    for k, matrix in enumerate(network.weights):
        activation = network.layer_activations[k]
        turned = activation == "sigmoid"  # compute -z, so that exp(-z) needs no minus sign
        sign = -1.0 if turned else 1.0
        sums = [[f"{x} * {sign * w!r}" for x, w in zip(inputs, column)] for column in zip(*matrix)]
        for terms, bias in zip(sums, network.biases[k] if network.biases else ()):
            terms.append(repr(sign * bias))
        if k == 0:
            # One check of the first sum covers all inputs. A float times an input is a float, or of
            # the input's own type, such as one of NumPy's; then so is the sum.
            lines += [f"z = {added(sums[0])}", "if z.__class__ is not float:"]
            lines += ["    return predict(floats(row))"]
            sums[0] = ["z"]
        inputs = names("activations", k + 1, count=network.sizes[k + 1])
        assignments = activate("negated_sigmoid" if turned else activation, inputs, sums)
        if network.sizes[k + 2 :] == [1] and len(assignments) == len(inputs):
            # Each activation is used once, by the only output, so it is written where it is used.
            inputs = [f"({line.partition(' = ')[2]})" for line in assignments]
        else:
            lines += assignments
    return "\n".join(
        [
            "def making(exp, tanh, floats, carefully):",
            "    def predict(row):",
            "        if row.__class__ is not list:",
            "            row = floats(row)",
            "        try:",
            *indented([*lines, f"return {listed(inputs)}"], 3),
            "        except (TypeError, ValueError, OverflowError):",
            "            return carefully(row)",
            "    return predict",
        ]
    )


def _looping(network: Network, floats: Predict, carefully: Predict) -> Predict:
    biased, layers = bool(network.biases), []
    for k, name in enumerate(network.layer_activations):
        kernel = kernel_of(forward_source, network.sizes[k], name, biased)
        columns = list(zip(*network.weights[k]))
        layers.append((kernel, columns, network.biases[k] if biased else []))
    exp, tanh = math.exp, math.tanh

    def predict(row: Sequence[float]) -> Row:
        if row.__class__ is not list or {*map(type, row)} != {float}:
            row = floats(row)
        rows: Any = [row]
        try:
            for kernel, columns, biases in layers:
                rows = kernel(rows, columns, biases, exp, tanh, softmax)
        except (ValueError, OverflowError):
            return carefully(row)
        return rows[0]  # type: ignore[no-any-return]

    return predict
