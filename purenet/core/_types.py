"""Names for annotations. `core` itself never imports this at run time; the rooms above do.

MicroPython has no `typing` and never looks at annotations, so `core` writes these names in quotes
and imports them where only a type checker looks. A test sees that it stays so.
"""

from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from typing import Any, Protocol, Union

__all__ = ["Any", "Callable", "Iterable", "Iterator", "MutableSequence", "Sequence"]

Row = list[float]
Matrix = list[list[float]]
Parameters = list[Matrix]
Function = Callable[..., float]
RowLoss = Callable[[Row, Row], float]

# What a caller may bring: as_matrix is the door that tells good rows from bad.
Rows = Any
Sizes = Sequence[int]
Labels = Sequence[Any]

# One activation for all hidden layers, or one for each.
Names = Union[str, Sequence[str]]

Callback = Callable[[Any, Any], Any]  # of the Network and its History
Advance = Callable[[int], tuple[int, float]]
EngineChoice = Union[str, Callable[..., Advance]]
State = tuple[str, Sequence[int], int, int, float]


class AnyNetwork(Protocol):
    """A network as the modules below `network` see it: numbers, and the names of functions."""

    sizes: list[int]
    weights: list[Matrix]
    biases: Matrix
    loss: str
    output_activation: str
    generator: Any

    @property
    def layer_activations(self) -> list[str]:
        """The name of each layer's activation."""

    def check_data(self, X: Rows, y: Rows, of: str = "") -> tuple[Matrix, Matrix]:
        """Return data as new lists of floats."""


class Layerwise(Protocol):
    """An activation function of whole layers, forward and backward."""

    def forward(self, Z: Matrix) -> Matrix:
        """Return the outputs of the weighted inputs."""

    def backward(self, errors: Matrix, outputs: Matrix) -> Matrix:
        """Return the deltas."""


class Optimizer(Protocol):
    """Whatever can turn parameters and their gradients into new parameters."""

    def step(self, parameters: Parameters, gradients: Parameters) -> Parameters:
        """Return the parameters after one step."""


OptimizerChoice = Union[str, Optimizer]
