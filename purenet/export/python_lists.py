"""A Python file with loops over lists of weights: the most readable style."""

from __future__ import annotations

from .python_frame import Python


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

    how = "WEIGHTS[k][j] are the weights of neuron j in layer k + 1, where layer 0 is the row."
    uses = ("weighted_sums",)

    def constants(self, layers: list[str]) -> list[str]:
        """Return WEIGHTS and BIASES."""
        biases = [list(map(self.number, layer.biases)) for layer in self.layers]
        return ["\n".join(["WEIGHTS = [", *layers, "]", self.array("BIASES", biases)])]

    def body(self, steps: list[str]) -> list[str]:
        """Return the lines of predict(row)."""
        return [*steps, f"    return layer_{len(steps)}"]
