"""An optimizer's step as source: for one number, or in one pass for all numbers of a network.

`core.optimizers` makes a pass over all matrices for every operation, because that reads like the
formulas. Here a number, its gradient and its memory go by together. The operations and their order
are the same, and so are the bits.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from ..core._types import Matrix, Parameters, Row
from ..core.matrix import scale
from ..core.optimizers import Adam, check_pairs, state_like
from .choice import is_own, kind_of
from .compiling import kernel_of
from .expressions import FUNCTIONS, added, factor, indented, listed

# What an optimizer remembers for each parameter from one step to the next, by attribute.
MEMORY: dict[str, list[str]] = {
    "sgd": [],
    "momentum": ["velocities"],
    "rprop": ["sizes", "signs"],
    "adam": ["means", "squares"],
}

# What a generated function may take beside what its first parameters name; it takes only what its
# text uses. All but the first three are attributes of the optimizer.
SETTINGS = [
    *("X", "y", "rows", "learning_rate", "momentum"),
    *("GROW", "SHRINK", "LARGEST", "SMALLEST", "MEAN_DECAY", "SQUARE_DECAY", "EPSILON", "steps"),
]

# Once for all parameters. The means that Adam keeps start from zero, and dividing by these corrects
# for that.
BEGINS = {
    "adam": [
        "steps += 1",
        "mean_begun = 1.0 - MEAN_DECAY**steps",
        "square_begun = 1.0 - SQUARE_DECAY**steps",
    ]
}

# A product of matrices as it leaves the slots of `packed`: rows of doubles d, and the rounder r in
# all of them. The numbers are d - r, which is exact. Whoever uses them computes that on the way.
Raw = tuple[Any, float]


def update(
    kind: str, number: str, memory: list[str], terms: list[str], sign: str = "+"
) -> list[str]:
    """Return the lines that move a number along the terms of its scaled negative gradient.

    `memory` names what the optimizer remembers of it. Only plain descent takes the sign "-".

    >>> update("momentum", "weight", ["velocity"], ["a", "b"])
    ['velocity = velocity * momentum + (a + b)', 'weight += velocity']
    """
    if kind == "sgd":
        return [f"{number} {sign}= {added(terms)}"]
    if kind == "momentum":
        [velocity] = memory
        return [f"{velocity} = {velocity} * momentum + {factor(terms)}", f"{number} += {velocity}"]
    gradient = f"gradient = -{factor(terms, signed=True)}"
    # The expressions of core.optimizers, in their order of operations.
    if kind == "adam":
        mean, square = memory
        return [
            gradient,
            f"{mean} = MEAN_DECAY * {mean} + (1.0 - MEAN_DECAY) * gradient",
            f"{square} = SQUARE_DECAY * {square} + (1.0 - SQUARE_DECAY) * (gradient * gradient)",
            f"root = sqrt({square} / square_begun) + EPSILON",
            f"{number} -= learning_rate * ({mean} / mean_begun) / root",
        ]
    # A step grows if its direction stays, and shrinks if it turns. After a turn its sign is 0.0,
    # so that this step is left out, and the next one neither grows nor shrinks.
    size, way = memory
    return [
        gradient,
        f"turn = -{way} if gradient > 0.0 else {way} if gradient < 0.0 else 0.0",
        f"{way} = -1.0 if gradient > 0.0 else 1.0 if gradient < 0.0 else -gradient",
        "if turn > 0.0:",
        f"    {size} = min({size} * GROW, LARGEST)",
        "elif turn < 0.0:",
        f"    {size} = max({size} * SHRINK, SMALLEST)",
        f"    {way} = 0.0",
        f"{number} += {way} * {size}",
    ]


def function_source(name: str, given: list[str], body: list[str]) -> str:
    """Return the source of a function that takes what is given, and the settings that it uses.

    >>> print(function_source("root", ["x"], ["return sqrt(x)  # log"]))
    def root(x, sqrt):
        return sqrt(x)  # log
    """
    # Without the comments, which may name what the code does not use.
    words = {word for line in body for word in re.findall(r"\w+", line.partition("#")[0])}
    used = [word for word in (*SETTINGS, *FUNCTIONS) if word in words.difference(given)]
    return "\n".join([f"def {name}({', '.join([*given, *used])}):", *indented(body)])


def arguments(function: Callable[..., Any], given: dict[str, Any], optimizer: Any) -> list[Any]:
    """Return a generated function's arguments; its parameters' names tell which it takes."""
    names = function.__code__.co_varnames[: function.__code__.co_argcount]
    return [given[name] if name in given else getattr(optimizer, name) for name in names]


def memory_of(optimizer: Any, parameters: Parameters) -> dict[str, Parameters]:
    """Return an optimizer's memory, by attribute; before its first step, its first values.

    >>> from ..core.optimizers import SGD
    >>> memory_of(SGD(momentum=0.5), [[[1.0]]])
    {'velocities': [[[0.0]]]}
    """
    first = {"sizes": optimizer.learning_rate, "means": -0.0}
    return {
        name: state_like(parameters, getattr(optimizer, name), first.get(name, 0.0))
        for name in MEMORY[kind_of(optimizer)]
    }


def step_source(kind: str) -> str:
    """Return the source of step(parameters, gradients, share, ...), for larger networks.

    It goes along the gradients, each times a share, and returns for each row of each matrix the new
    row of parameters, and those of the memory.

    >>> print(step_source("momentum"))
    def step(parameters, gradients, share, velocities, learning_rate, momentum):
        answers = []
        for matrices in zip(parameters, gradients, velocities):
            answer = []
            for each in zip(*matrices):
                [parameters_i, velocities_i] = row = [[], []]
                for [parameters_j, gradient, velocities_j] in zip(*each):
                    velocities_j = velocities_j * momentum + gradient * share * learning_rate
                    parameters_j += velocities_j
                    parameters_i.append(parameters_j)
                    velocities_i.append(velocities_j)
                answer.append(row)
            answers.append(answer)
        return answers
    """
    memory = MEMORY[kind]
    news = [f"{what}_i" for what in ("parameters", *memory)]
    number, *kept = numbers = [f"{what}_j" for what in ("parameters", *memory)]
    scaled = "gradient * share" + " * learning_rate" * (kind in ("sgd", "momentum"))
    body = [
        *BEGINS.get(kind, []),
        "answers = []",
        f"for matrices in zip({', '.join(['parameters', 'gradients', *memory])}):",
        "    answer = []",
        "    for each in zip(*matrices):",
        f"        {listed(news)} = row = {listed(['[]'] * len(news))}",
        f"        for {listed([number, 'gradient', *kept])} in zip(*each):",
        *indented(update(kind, number, kept, [scaled]), 3),
        *[f"            {new}.append({number})" for new, number in zip(news, numbers)],
        "        answer.append(row)",
        "    answers.append(answer)",
        "return answers",
    ]
    return function_source("step", ["parameters", "gradients", "share", *memory], body)


def step(
    optimizer: Any, parameters: Parameters, gradients: Parameters, share: float = -1.0
) -> Parameters:
    """Return the parameters after `optimizer.step`, and leave the same memory.

    With a share, the gradients are negative ones, and each is multiplied by it first.

    >>> from ..core.optimizers import SGD
    >>> step(SGD(learning_rate=0.5), [[[1.0]]], [[[4.0]]])
    [[[-1.0]]]
    """
    if not is_own(optimizer):
        new: Parameters = optimizer.step(parameters, [scale(G, -share) for G in gradients])
        return new
    check_pairs(parameters, gradients)
    take = kernel_of(step_source, kind_of(optimizer))
    given = {"parameters": parameters, "gradients": gradients, "share": share}
    given.update(**FUNCTIONS, **memory_of(optimizer, gradients))
    return _remembered(optimizer, take(*arguments(take, given, optimizer)))


def _remembered(optimizer: Any, answers: list[list[list[Row]]]) -> Parameters:
    """Return the first row of each answer as parameters; the others are the optimizer's memory."""
    kind = kind_of(optimizer)
    names = ["parameters", *MEMORY[kind]]
    new = {name: [[rows[k] for rows in W] for W in answers] for k, name in enumerate(names)}
    parameters = new.pop("parameters")
    vars(optimizer).update(new)
    if kind == "adam":
        optimizer.steps += 1
    return parameters


def step_along(optimizer: Any, parameters: Parameters, raw: list[Raw], share: float) -> Parameters:
    """Return the parameters after a step along raw negative gradients, each times a share.

    The factors of plain steps and of Adam's are multiplied first, because here no bit has to be
    that of `optimizer.step`.

    >>> from ..core.optimizers import SGD
    >>> step_along(SGD(learning_rate=0.5), [[[1.0]]], [([[6.0]], 2.0)], 1.0)
    [[[3.0]]]
    """
    kind = kind_of(optimizer) if is_own(optimizer) else ""
    if kind == "adam":
        return _adapt_along(optimizer, parameters, raw, share)
    if kind == "sgd":
        rate = optimizer.learning_rate * share
        return [
            [[w + (d - rounder) * rate for w, d in zip(*pair)] for pair in zip(W, rows)]
            for W, (rows, rounder) in zip(parameters, raw)
        ]
    return step(optimizer, parameters, [numbers_in(each, -share) for each in raw])


def numbers_in(raw: Raw, factor: float = 1.0) -> Matrix:
    """Return the numbers of a product, times a factor."""
    rows, rounder = raw
    return [[(d - rounder) * factor for d in row] for row in rows]


def _adapt_along(
    optimizer: Adam, parameters: Parameters, raw: list[Raw], share: float
) -> Parameters:
    keep, keep_square, sqrt = optimizer.MEAN_DECAY, optimizer.SQUARE_DECAY, math.sqrt
    steps = optimizer.steps + 1
    # The mean of squares is divided by this, and the mean is multiplied by its root.
    begun = math.sqrt(1.0 - keep_square**steps)
    rate = optimizer.learning_rate / (1.0 - keep**steps) * begun
    epsilon, take = optimizer.EPSILON * begun, share * (keep - 1.0)
    take_square = (1.0 - keep_square) / (1.0 - keep) ** 2

    def of_rows(rows: Any, rounder: float) -> Matrix:
        row: Row = []
        means: Row = []
        squares: Row = []
        for w, d, mean, square in zip(*rows):
            taken = (d - rounder) * take
            mean = keep * mean + taken
            square = keep_square * square + take_square * (taken * taken)
            means.append(mean)
            squares.append(square)
            row.append(w - rate * mean / (sqrt(square) + epsilon))
        return [row, means, squares]

    matrices = zip(parameters, raw, *memory_of(optimizer, parameters).values())
    answers = [
        [of_rows(r, rounder) for r in zip(W, rows, M, S)] for W, (rows, rounder), M, S in matrices
    ]
    return _remembered(optimizer, answers)
