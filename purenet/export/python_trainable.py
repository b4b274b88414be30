"""A Python file that can continue the training: the article's loop, over lists.

It is plain gradient descent, with sums in the order of `core`. So the bits are those of
`Network.train(X, y, epochs=iterations, learning_rate=learning_rate)` with the full batch. The file
of an estimator standardizes as the estimator does, so X and y are then standardized ones.
"""

from __future__ import annotations

from typing import Any

from ..activation_table import TABLE
from .folded import Layer
from .layout import bracketed, filled_in, listed
from .python_lists import Lists

TARGET = 'checked(target, OUTPUTS, "targets")'  # as the template writes it

# The target of a row in words, and the expression for what its network learns.
TARGETS = {
    "a class": ("one of CLASSES", "one_hot(target)"),
    "a number": ("a number", TARGET.replace("target,", "[target],")),
    "numbers": ("a list of numbers", TARGET),
}


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

    def __init__(self, model: Any, frame: str = "compact") -> None:
        super().__init__(model, frame)
        also = "and BIASES." if self.model.network.biases else "only."
        words = {"TARGET": TARGETS[self.answer][0], "ALSO": also, "RATE": str(self.rate)}
        use = self.write(self.parts["use of training"], words).replace("# ", "")
        self.how = f"{Lists.how}\n\n{use}"

    def functions(self, steps: list[str]) -> list[str]:
        """Return the functions that predict and learn."""
        helper = {"classifier": "one_hot", "regressor": "scaled_back"}.get(self.model.kind, "")
        back = list(map(self._back, self.layers))
        return [
            self._layers(steps),
            *super().functions(steps),
            *filter(None, [self.parts.get(helper), self._learning()]),
            *dict.fromkeys(function for _, function in back),
            "\n".join(bracketed("BACK = [", listed([name for name, _ in back]), "]", "", " " * 4)),
        ]

    def _learning(self) -> str:
        """Return the functions that learn rows and targets as this model takes them."""
        source = self.parts["learning"].replace(TARGET, TARGETS[self.answer][1])
        part = self.write(source, {"learning_rate=1.0": f"learning_rate={self.rate}"})
        needs = {"biases": self.model.network.biases, "TARGET_": self.model.outputs}
        absent = [word for word, is_there in needs.items() if not is_there]
        lines = part.split("\n")
        return "\n".join(line for line in lines if not any(word in line for word in absent))

    def body(self, steps: list[str]) -> list[str]:
        """Return the line of predict(row)."""
        outputs = f"layers(row)[{len(self.layers)}]"
        outputs = f"scaled_back({outputs})" if self.model.outputs else outputs
        return [f"    return {outputs}"]

    def _layers(self, steps: list[str]) -> str:
        layers = ["row", *(f"layer_{k + 1}" for k in range(len(self.layers)))]
        end = bracketed("return [", listed(layers), "]", " " * 4, " " * 4)
        return self.write(self.parts["layers"], {"    return LAYERS": "\n".join([*steps, *end])})

    def _back(self, layer: Layer) -> tuple[str, str]:
        """Return the name and the source of the function from a layer's errors to its deltas."""
        name = "errors_alone" if layer.back == "linear" else f"{layer.back}_deltas"
        if name in self.parts:
            return name, self.parts[name]
        slope = str(TABLE[layer.back].slope).format(a="outputs[j]")
        return name, filled_in(self.parts["deltas"], {"linear_deltas": name, "SLOPE": slope})
