"""Names for annotations. `core` itself never imports this at run time; the rooms above do.

MicroPython has no `typing` and never looks at annotations, so `core` writes these names in quotes
and imports them where only a type checker looks.
"""

from collections.abc import Callable, Iterable, Iterator, MutableSequence, Sequence
from typing import Any, Protocol, Union

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .activations import Activation, Softmax
    from .history import History
    from .network import Network
    from .work import Work

__all__ = [
    "Any",
    "Callable",
    "History",
    "Iterable",
    "Iterator",
    "MutableSequence",
    "Network",
    "Sequence",
    "Work",
]

Row = list[float]
Matrix = list[list[float]]
Parameters = list[Matrix]
Layerwise = Union["Activation", "Softmax"]
Function = Callable[..., float]
RowLoss = Callable[[Row, Row], float]

# What a caller may bring: as_matrix is the door that tells good rows from bad.
Rows = Any
Sizes = Sequence[int]
Labels = Sequence[Any]

# One activation for all hidden layers, or one for each.
Names = Union[str, Sequence[str]]

Callback = Callable[["Network", "History"], Any]
Advance = Callable[[int], tuple[int, float]]
EngineChoice = Union[str, Callable[..., Advance]]
State = tuple[str, Sequence[int], int, int, float]


class Optimizer(Protocol):
    """Whatever can turn parameters and their gradients into new parameters."""

    def step(self, parameters: Parameters, gradients: Parameters) -> Parameters: ...


OptimizerChoice = Union[str, Optimizer]
