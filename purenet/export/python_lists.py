"""A Python file with loops over lists of weights: the most readable style, which can also learn.

A training in the file is the article's loop, over lists. It is plain gradient descent, with sums in
the order of `core`. So the bits are those of `Network.train(X, y, epochs=iterations,
learning_rate=learning_rate)` with the full batch. The file of an estimator standardizes as the
estimator does, so X and y are then standardized ones.
"""

from __future__ import annotations

from ..activation_table import TABLE
from .folded import Layer
from .layout import bracketed, listed
from .python_frame import Python, in_tuple

TARGET = 'checked(target, OUTPUTS, "targets")'  # as the template writes it

# The target of a row in words, and the expression for what its network learns.
TARGETS = {
    "a class": ("one of CLASSES", "one_hot(target)"),
    "a number": ("a number", TARGET.replace("target,", "[target],")),
    "numbers": ("a list of numbers", TARGET),
}


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


class Trainable(Lists):
    """Lists of weights, and of biases if the model has them, which train() changes.

    >>> from purenet import Network
    >>> from .target import source_of
    >>> names = {}
    >>> exec(source_of(Trainable(Network([2, 1], init="zeros"), "program")), names)
    >>> names["train"]([[0, 1]], [[1]], 1)
    >>> names["WEIGHTS"]
    [[[0.0, 0.125]]]
    """

    trainable = True

    def words(self) -> dict[str, str]:
        """Return the model's own words and parts for those of the template."""
        slopes = [str(TABLE[layer.back].slope).format(a="outputs[j]") for layer in self.layers]
        words, back = super().words(), list(map(self.back, self.layers, slopes))
        names = bracketed("BACK = [", listed([name for name, _ in back]), "]", "", " " * 4)
        layers = ["row", *(f"layer_{k + 1}" for k in range(len(self.layers)))]
        end = bracketed("return [", listed(layers), "]", " " * 4, " " * 4)
        return {
            **words,
            "TARGET": TARGETS[self.answer][0],
            "RATE": str(self.rate),
            "code of deltas": "\n\n".join(dict(back).values()),
            "code of back": "\n".join([*names, ""]),
            "    return LAYERS": "\n".join([*self.steps, *end]),
            TARGET: TARGETS[self.answer][1].replace("OUTPUTS", words["OUTPUTS"]),
            "learning_rate=1.0": f"learning_rate={self.rate}",
        }

    def body(self) -> list[str]:
        """Return the line of predict(row)."""
        outputs = f"layers(row)[{len(self.layers)}]"
        outputs = f"scaled_back({outputs})" if self.model.outputs else outputs
        return [f"    return {outputs}"]
