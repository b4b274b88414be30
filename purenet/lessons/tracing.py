"""One training step written out: every matrix with its name, its shape and its numbers.

The numbers are those of `core` itself, in the order of computation; this module adds the equations.
The step is the article's: all rows at once, and the sums of their negative gradients are added to
the weights.
"""

from __future__ import annotations

from typing import Any

from .. import np
from ..core._types import Matrix, Rows
from ..core.backpropagation import (
    find_deltas,
    find_negative_gradients,
    forward,
    loss_of,
    parameters,
)
from ..core.checks import counted, number_within, whole_number
from ..core.history import History
from ..core.matrix import dot, mean_absolute, scale, subtract, transpose
from ..core.network import Network
from ..core.optimizers import SGD
from .cells import Expansion, Typed, expand, find_cell, known_as
from .formulas import Formula, formulas_of
from .story import Course, course_of, story_of

# Escape sequences that a terminal shows as bold for a name, dim for shapes, and plain again.
BOLD, DIM, PLAIN = "\033[1m", "\033[2m", "\033[0m"


def trace(
    network: Network,
    X: Rows,
    y: Rows,
    *,
    at: int = 0,
    learning_rate: float = 1.0,
    history: History | None = None,
) -> Trace:
    """Return the training step after `at` updates, written out; the network is unchanged.

    X is (m x n₀) and y (m x n_L). Iterations are counted from the network's present weights or,
    with `history`, from the beginning of the training that it records. The trace can be printed
    or shown in a notebook. Its method `cell` gives one number's arithmetic, and `follow` its
    course, or a weight's story.

    Raises PureNetError for data that does not fit, and Diverged if the training diverges.

    >>> from purenet import Network
    >>> step = trace(Network([1, 1], init="zeros"), [[3]], [[1]])
    >>> step["l1"], step["negative_gradients[0]"]
    ([[0.5]], [[0.375]])
    >>> print(step.cell("l1_delta[0][0]"))
    l1_delta[0][0] = l1_error[0][0] * (l1[0][0] * (1 - l1[0][0]))
                   = 0.5 * (0.5 * (1 - 0.5))
                   = 0.125
    """
    at = whole_number(at, "at", 0)
    rate = number_within(learning_rate, "learning_rate", lambda rate: rate > 0.0, "above 0")
    X, y = network.check_data(X, y)
    done = history.epochs[-1] + 1 if history and history.epochs else 0
    return Trace(network, X, y, done, rate).after(at)


class Trace(Typed):
    """One training step: `formulas` and `matrices`, in the order of computation.

    `step[name]` is a matrix by its name, such as "l1_delta" or "weights[0]", which is "syn0" too.
    """

    def __init__(
        self, network: Network, X: Matrix, y: Matrix, iteration: int, learning_rate: float
    ) -> None:
        self.network, self.X, self.y = network, X, y
        self.iteration, self.learning_rate = iteration, learning_rate
        self.formulas: list[Formula] = formulas_of(network, learning_rate)
        matrices = matrices_of(network, X, y, learning_rate)
        self.matrices = {formula.name: matrices[formula.name] for formula in self.formulas}

    def __getitem__(self, name: str) -> Matrix:
        return self.matrices[known_as(name)]

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return f"<Trace of iteration {self.iteration} of {self.network!r}>"

    def text(self, color: bool = False) -> str:
        """Return the whole step as text, with a terminal's colors if `color` is true.

        >>> from purenet import Network
        >>> print(trace(Network([1, 1], init="zeros"), [[3]], [[1]]))
        1-1 network, 1 row, iteration 0: mean loss 0.125, mean |y - l1| 0.5
        <BLANKLINE>
        X   (1 x 1)
        [[3.]]
        <BLANKLINE>
        y   (1 x 1)
        [[1.]]
        <BLANKLINE>
        weights[0]   (1 x 1)
        [[0.]]
        <BLANKLINE>
        l1 = sigmoid(X · weights[0])   (1 x 1) · (1 x 1) = (1 x 1)
        [[0.5]]
        <BLANKLINE>
        l1_error = y - l1   (1 x 1) - (1 x 1) = (1 x 1)
        [[0.5]]
        <BLANKLINE>
        l1_delta = l1_error * (l1 * (1 - l1))   (1 x 1) * (1 x 1) = (1 x 1)
        [[0.125]]
        <BLANKLINE>
        negative_gradients[0] = Xᵀ · l1_delta   (1 x 1) · (1 x 1) = (1 x 1)
        [[0.375]]
        <BLANKLINE>
        new_weights[0] = weights[0] + negative_gradients[0]   (1 x 1) + (1 x 1) = (1 x 1)
        [[0.375]]
        """
        bold, dim, plain = (BOLD, DIM, PLAIN) if color else ("", "", "")
        blocks = [self.headline()]
        for formula in self.formulas:
            equation = f" = {formula.equation}" if formula.equation else ""
            title = f"{bold}{formula.name}{plain}{equation}   {dim}{self._shapes(formula)}{plain}"
            blocks.append(f"{title}\n{np.array(self[formula.name])}")
        return "\n\n".join(blocks)

    def headline(self) -> str:
        """Return one line: the network, the number of rows, the iteration, and the errors."""
        sizes = "-".join(map(str, self.network.sizes))
        loss = loss_of(self.network, self.X, self.y)
        last = f"l{len(self.network.weights)}"
        error = mean_absolute(self[f"{last}_error"])
        rows = counted(len(self.X), "row")
        errors = f"mean loss {loss:.8g}, mean |y - {last}| {error:.12g}"
        return f"{sizes} network, {rows}, iteration {self.iteration:,}: {errors}"

    def after(self, updates: int) -> Trace:
        """Return the training step this number of updates after this one.

        >>> from purenet import Network
        >>> trace(Network([1, 1], init="zeros"), [[3]], [[1]]).after(1)["weights[0]"]
        [[0.375]]
        """
        updates = whole_number(updates, "updates", 0)
        network = self.network.copy()
        if updates:
            network.train(self.X, self.y, epochs=updates, learning_rate=self.learning_rate)
        return Trace(network, self.X, self.y, self.iteration + updates, self.learning_rate)

    def cell(self, address: str) -> Expansion:
        """Return one number's arithmetic, term by term.

        Raises PureNetError if there is no such number.

        >>> from purenet import Network
        >>> print(trace(Network([2, 1], init="zeros"), [[3, 4]], [[1]]).cell("l1[0][0]"))
        l1[0][0] = sigmoid of the sum of
            X[0][0] * weights[0][0][0] = 3 * 0 = 0
            X[0][1] * weights[0][1][0] = 4 * 0 = 0
                 = sigmoid(0)
                 = 1 / (1 + exp(0))
                 = 0.5
        """
        return expand(find_cell(address, self.matrices), self.formulas, self.matrices)

    def follow(self, address: str, until: int = 0) -> Course:
        """Return the values of one number from this iteration to `until`.

        For a weight or bias it is a Story, which also has the pulls of the rows. Raises
        PureNetError if there is no such number.

        >>> from purenet import Network
        >>> step = trace(Network([1, 1], init="zeros"), [[3], [1]], [[1], [0]])
        >>> step.follow("weights[0][0][0]").pulls
        [0.375, -0.125]
        >>> step.follow("l1_error[0][0]", until=1).values
        [(0, 0.5), (1, 0.320821300824607)]
        """
        cell = find_cell(address, self.matrices)
        find = story_of if cell.name.startswith(("weights", "biases")) else course_of
        return find(self, cell, whole_number(until, "until", 0))

    def as_data(self) -> dict[str, Any]:
        """Return the step as JSON values, every number in full."""
        return {
            "sizes": self.network.sizes,
            "iteration": self.iteration,
            "learning_rate": self.learning_rate,
            "loss": loss_of(self.network, self.X, self.y),
            "steps": [
                {
                    "name": formula.name,
                    "equation": formula.equation,
                    "shapes": self._shapes(formula),
                    "matrix": self[formula.name],
                }
                for formula in self.formulas
            ],
        }

    def _shapes(self, formula: Formula) -> str:
        """Return the shapes of a matrix's operands and of the matrix: (1 x 2) + ... = ..."""
        own = _shape(self[formula.name])
        if not formula.operands:
            return own
        operands = [
            self[name] if name in self.matrices else transpose(self[name.rstrip("ᵀ")])
            for name in formula.operands
        ]
        return f" {formula.sign} ".join(map(_shape, operands)) + f" = {own}"


def _shape(A: Matrix) -> str:
    return f"({len(A)} x {len(A[0])})"


def matrices_of(network: Network, X: Matrix, y: Matrix, learning_rate: float) -> dict[str, Matrix]:
    """Return every matrix of one training step by its name.

    >>> from purenet import Network
    >>> matrices_of(Network([1, 1], init="zeros"), [[3.0]], [[1.0]], 1.0)["new_weights[0]"]
    [[0.375]]
    """
    activations = forward(network, X)
    deltas = find_deltas(network, activations, y)
    negative_gradients = find_negative_gradients(network, activations, deltas)
    before = parameters(network)
    after = SGD(learning_rate).step(before, [scale(G, -1.0) for G in negative_gradients])
    layers = len(network.weights)
    matrices = {"X": X, "y": y, f"l{layers}_error": subtract(y, activations[-1])}
    for k in range(1, layers):
        matrices[f"l{k}_error"] = dot(deltas[k + 1], transpose(network.weights[k]))
    for k in range(1, layers + 1):
        matrices[f"l{k}"], matrices[f"l{k}_delta"] = activations[k], deltas[k]
    for *names, found in (
        ("weights", "biases", before),
        ("new_weights", "new_biases", after),
        ("negative_gradients", "negative_bias_gradients", negative_gradients),
    ):
        for k, matrix in enumerate(found):  # the weights of all layers, and then the biases
            matrices[f"{names[k // layers]}[{k % layers}]"] = matrix
    return matrices
