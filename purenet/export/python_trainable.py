"""A Python file that can go on learning: the article's loop, over lists.

It is plain gradient descent, with the sums of `core` in their order, so the bits are those of
`Network.train(X, y, epochs=iterations, learning_rate=learning_rate)` with the full batch.
"""

from __future__ import annotations

from typing import Any

from ..activation_table import TABLE
from ..core.checks import PureNetError
from .layout import bracketed, listed
from .python_lists import Lists

LEARNS = """

train(rows, targets, iterations) learns a list of targets for each row, and train_row(row, targets)
one row's, in one step. Both take a learning_rate besides, by default 1, and change WEIGHTS
"""


class Trainable(Lists):
    """Lists of weights that train() changes, and biases too, if the network has some.

    Raises PureNetError for an estimator: its training standardizes inputs and outputs, of which
    nothing is left but what they have made of the weights.

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
                f"trainable: expected a Network, got a {kind}: its training standardizes, and"
                " the weights of a file no longer do"
            )
        self.has_biases = bool(self.model.network.biases)
        learned = "and BIASES." if self.has_biases else "alone."
        self.how = f"{Lists.how}{LEARNS}{learned}"

    def functions(self, steps: list[str]) -> list[str]:
        """Return the functions that predict and learn."""
        names = ["learning"]
        names += ["learning of biases"] * self.has_biases
        names += ["step"] + ["sent_back"] * (len(self.layers) > 1)
        inputs, *_, last = self.model.network.sizes
        parts = [
            self.parts[name]
            .rstrip("\n")
            .replace("INPUTS", str(inputs))
            .replace("OUTPUTS", str(last))
            for name in names
        ]
        if not self.has_biases:
            parts = [_without_biases(part) for part in parts]
        slopes = [self._slope(name) for name in sorted(self._sloping())]
        return [
            self._layers(steps),
            *super().functions(steps),
            *parts,
            self._find_deltas(),
            *slopes,
        ]

    def body(self, steps: list[str]) -> list[str]:
        """Return the line of predict(row)."""
        return ["    return layers(row)[-1]"]

    def _layers(self, steps: list[str]) -> str:
        layers = ["row", *(f"layer_{k + 1}" for k in range(len(steps)))]
        lines = [
            "def layers(row):",
            '    """Return the row, and what each layer after it puts out."""',
            *steps,
            *bracketed("return [", listed(layers), "]", " " * 4, " " * 4),
        ]
        return "\n".join(lines)

    def _find_deltas(self) -> str:
        count = len(self.layers)
        lines = [
            "def find_deltas(activations, targets):",
            '    """Return, for each layer after the row, how its sums have to move to fit."""',
            f"    errors = [targets[j] - activations[{count}][j] for j in range(len(targets))]",
        ]
        for layer in reversed(self.layers):
            k = layer.k + 1
            if not layer.is_last:
                lines.append(f"    errors = sent_back(deltas_{k + 1}, WEIGHTS[{k}])")
            lines.append(f"    deltas_{k} = {self._deltas(k, layer.activation)}")
        deltas_of_all = [f"deltas_{k + 1}" for k in range(count)]
        return "\n".join(
            [*lines, *bracketed("return [", listed(deltas_of_all), "]", " " * 4, " " * 4)]
        )

    def _deltas(self, k: int, name: str) -> str:
        canceled = k == len(self.layers) and self.model.network.loss == "cross_entropy"
        if name == "linear" or canceled:
            return "errors"
        if name == "softmax":
            return f"softmax_deltas(errors, activations[{k}])"
        return f"[errors[j] * {name}_slope(activations[{k}][j]) for j in range(len(errors))]"

    def _sloping(self) -> set[str]:
        """Return the activations whose slope is needed: neither 1, nor canceled by the loss's."""
        last = len(self.layers) - (self.model.network.loss == "cross_entropy")
        return {layer.activation for layer in self.layers[:last]} - {"linear"}

    def _slope(self, name: str) -> str:
        if name == "softmax":
            return self.part("softmax_deltas")
        lines = [
            f"def {name}_slope(output):",
            f'    """Return the slope of {name} where it has put this out."""',
            f"    return {str(TABLE[name].slope).format(a='output')}",
        ]
        return "\n".join(lines)


def _without_biases(part: str) -> str:
    return "\n".join(line for line in part.split("\n") if "bias" not in line.lower())
