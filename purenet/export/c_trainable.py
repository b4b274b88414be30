"""A header in C99 that can continue the training: a row in a step, and no allocation.

It is plain gradient descent, with sums in the order of `core`. So in doubles the bits are those of
`Network.train([row], [targets], epochs=1, learning_rate=learning_rate)`. The header of an estimator
standardizes as the estimator does, so row and targets are then standardized ones.
"""

from __future__ import annotations

from .c_header import C
from .folded import Layer


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
        return arrays.replace("static const", "static").replace(self.named(" NET_FLASH"), ""), step

    def words(self) -> dict[str, str]:
        """Return the model's own words for those of the template."""
        return {
            **super().words(),
            "ROWS": "\n    ".join(map(self._row, self.layers)),
            "DEPTH": str(len(self.layers)),
            "COUNT": str(sum(self.model.network.sizes[1:])),
            "BIASED": str(len(self.model.network.biases[:1])),
        }

    def _row(self, layer: Layer) -> str:
        """Return a layer's row of the table."""
        k, m, n = layer.k, len(layer.weights), len(layer.biases)
        names = f"net_weights_{k}, net_biases_{k}, net_{layer.activation}, net_{layer.back}_slope"
        return self.named(f"{{{m}, {n}, {names}}},")
