"""A header in C99 that can continue the training: a row in a step, and no allocation.

It is plain gradient descent, with sums in the order of `core`. So in doubles the bits are those of
`Network.train([row], [targets], epochs=1, learning_rate=learning_rate)`. The header of an estimator
standardizes as the estimator does, so row and targets are then standardized ones.
"""

from __future__ import annotations

from .c_header import C
from .folded import Layer
from .target import Parts


class Trainable(C):
    """Weights in memory, and net_train, which changes them.

    >>> from purenet import Network
    >>> from .target import source_of
    >>> "static double net_weights_0[2 * 1] = {" in source_of(Trainable(Network([2, 1])))
    True
    """

    trainable = True

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return a layer's arrays, which are not constant, and the call that computes it."""
        arrays, step = super().layer(layer)
        return arrays.replace("static const", "static").replace(self._own(" NET_FLASH"), ""), step

    def body(self, parts: Parts) -> list[str]:
        """Return the parts between "begin" and the self-test."""
        model, depth = self.model, str(len(self.layers))
        rows = "\n    ".join(map(self._row, self.layers))
        count, biased = str(sum(model.network.sizes[1:])), str(len(model.network.biases[:1]))
        return [
            *super().body(parts),
            self.write("linear"),
            self.write("train", ROWS=rows, DEPTH=depth, COUNT=count, BIASED=biased),
            "" if model.inputs or model.kind == "network" else self.write("copy"),
            self.write(f"train a {model.kind}"),
        ]

    def _row(self, layer: Layer) -> str:
        """Return a layer's row of the table."""
        k, m, n = layer.k, len(layer.weights), len(layer.biases)
        names = f"net_weights_{k}, net_biases_{k}, net_{layer.activation}, net_{layer.back}_slope"
        return self._own(f"{{{m}, {n}, {names}}},")
