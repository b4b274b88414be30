"""A Python file with loops over lists of weights: the most readable style."""

from __future__ import annotations

from .folded import Layer
from .python_frame import Python, in_tuple


class Lists(Python):
    """Weights in lists: WEIGHTS[k][j] are the weights of neuron j in layer k + 1.

    >>> from purenet import Network
    >>> from .target import source_of
    >>> source = source_of(Lists(Network([1, 2], bias=True, init="zeros")))
    >>> print(source[source.index("WEIGHTS = ") : source.index("def")].rstrip())
    WEIGHTS = [
        (
            (0.0,),
            (0.0,),
        ),
    ]
    BIASES = [
        (0.0, 0.0),
    ]
    """

    style = "lists"

    def weights(self) -> str:
        """Return WEIGHTS and BIASES."""
        # Tuples, because MicroPython needs a fifth less memory to read them than lists.
        biases = [line for layer in self.layers for line in in_tuple(layer.biases, 4)]
        return "\n".join(["WEIGHTS = [", *self.constants, "]", "BIASES = [", *biases, "]", ""])

    def layer(self, layer: Layer) -> tuple[str, str]:
        """Return the weights, a tuple for each neuron, and the line that computes the layer."""
        lines = [line for column in zip(*layer.weights) for line in in_tuple(column, 8)]
        return "\n".join(["    (", *lines, "    ),"]), self.step(layer)

    def step(self, layer: Layer) -> str:
        """Return the line that computes a layer."""
        values = self.sums(layer)
        if layer.activation == "softmax":
            values = f"softmax({values})"
        elif layer.activation != "linear":
            values = f"[{layer.activation}(z) for z in {values}]"
        return f"    layer_{layer.k + 1} = {values}"

    def sums(self, layer: Layer) -> str:
        """Return the call that computes a layer's weighted sums."""
        return f"weighted_sums({self.inputs_of(layer)}, WEIGHTS[{layer.k}], BIASES[{layer.k}])"
