"""A Python file that can continue the training: the article's loop, over lists.

It is plain gradient descent, with sums in the order of `core`. So the bits are those of
`Network.train(X, y, epochs=iterations, learning_rate=learning_rate)` with the full batch.
"""

from __future__ import annotations

from typing import Any

from ..activation_table import TABLE
from ..core.checks import PureNetError
from .folded import Layer
from .layout import bracketed, listed
from .python_lists import Lists

LEARNS = """

train(rows, targets, iterations) learns a list of targets for each row. train_row(row, targets)
learns those of one row, in one step. Both also take a learning_rate, by default 1, and
change WEIGHTS
"""


class Trainable(Lists):
    """Lists of weights, and of biases if the network has them, which train() changes.

    Raises PureNetError for an estimator, because its training standardizes inputs and outputs, and
    the exported weights have that folded in.

    >>> from purenet import Network
    >>> from .target import source_of
    >>> names = {}
    >>> exec(source_of(Trainable(Network([2, 1], init="zeros"), False)), names)
    >>> names["train"]([[0, 1]], [[1]], 1)
    >>> names["WEIGHTS"]
    [[[0.0, 0.125]]]
    """

    def __init__(self, model: Any, compact: bool = False) -> None:
        super().__init__(model, compact)
        kind = self.model.kind
        if kind != "network":
            raise PureNetError(
                f"trainable: expected a Network, got a {kind}, whose standardization would be"
                " folded into the weights"
            )
        self.has_biases = bool(self.model.network.biases)
        learned = "and BIASES." if self.has_biases else "only."
        self.how = f"{Lists.how}{LEARNS}{learned}"

    def functions(self, steps: list[str]) -> list[str]:
        """Return the functions that predict and learn."""
        names = ["learning", *["learning of biases"] * self.has_biases, "step", "find_deltas"]
        inputs, *_, last = self.model.network.sizes
        parts = [self.parts[name] for name in names]
        parts = [part.replace("INPUTS", str(inputs)) for part in parts]
        parts = [part.replace("OUTPUTS", str(last)) for part in parts]
        if not self.has_biases:
            parts = [_without_biases(part) for part in parts]
        back = list(map(self._back, self.layers))
        return [
            self._layers(steps),
            *super().functions(steps),
            *parts,
            *dict.fromkeys(function for _, function in back),
            "\n".join(bracketed("BACK = [", listed([name for name, _ in back]), "]", "", " " * 4)),
        ]

    def body(self, steps: list[str]) -> list[str]:
        """Return the line of predict(row)."""
        return ["    return layers(row)[-1]"]

    def _layers(self, steps: list[str]) -> str:
        layers = ["row", *(f"layer_{k + 1}" for k in range(len(steps)))]
        lines = [
            "def layers(row):",
            '    """Return the row, and the outputs of each layer after it."""',
            *steps,
            *bracketed("return [", listed(layers), "]", " " * 4, " " * 4),
        ]
        return "\n".join(lines)

    def _back(self, layer: Layer) -> tuple[str, str]:
        """Return the name and the source of the function from a layer's errors to its deltas."""
        name = layer.activation
        canceled = layer.is_last and self.model.network.loss == "cross_entropy"
        if name == "linear" or canceled:
            return "errors_alone", self.parts["errors"]
        if name == "softmax":
            return "softmax_deltas", self.parts["softmax_deltas"]
        slope = str(TABLE[name].slope).format(a="outputs[j]")
        part = self.parts["deltas"].replace("linear_deltas", f"{name}_deltas")
        return f"{name}_deltas", part.replace("SLOPE", slope)


def _without_biases(part: str) -> str:
    return "\n".join(line for line in part.split("\n") if "bias" not in line.lower())
