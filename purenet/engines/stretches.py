"""Training in stretches, with source that is generated and compiled once for a network.

The bits are those of the plain loop. If a number stops being finite in a stretch, the stretch is
undone, and the plain loop in `core.training` repeats it and raises the error.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import repeat
from time import perf_counter
from typing import Any

from ..core._types import Advance, Matrix, Row
from ..core.backpropagation import parameters
from ..core.checks import check_parameters
from ..core.training import run_epoch
from ..core.undo import finish_or_undo
from ..core.work import Work
from .compiling import compiled, kernel_of
from .expressions import FUNCTIONS
from .kernels import Exp, guarded_exp, learn, negative_gradients_source
from .plan import Plan, constants_of, plan_of
from .steps import arguments, memory_of
from .straight import state_of, train_source

Run = Callable[[int, Exp], float]

# In seconds. A stretch is done completely or not at all, so Ctrl-C loses at most this time.
SECONDS_A_STRETCH = 0.1


def start(form: str, work: Work) -> Advance:
    """Return advance(n), which trains for up to n epochs with source of this form.

    It returns the number of epochs done and the last one's loss.
    """
    if form != "kernels":
        return Stretches(work, straight(work, form == "rows")).advance
    kernel_of(negative_gradients_source, 1)  # to see whether compiling is allowed here
    return Stretches(work, in_epochs(work, learn)).advance


class Stretches:
    """A training in stretches, each done completely or not at all."""

    def __init__(self, work: Work, run: Run) -> None:
        self.work, self.run = work, run
        self.most = 1
        self.exp: Exp = math.exp

    def advance(self, epochs: int) -> tuple[int, float]:
        """Train for up to n epochs; return the number done and the last one's loss."""
        done, loss = 0, 0.0
        while done < epochs:
            stretch = min(epochs - done, self.most)
            start = perf_counter()
            reached = self._attempt(stretch)
            if not math.isfinite(reached) and stretch == 1:
                break
            if not math.isfinite(reached):
                # One by one, so that the clock has no say in which epochs the plain loop does.
                self.most = 1
                continue
            done, loss = done + stretch, reached
            seconds = max(perf_counter() - start, 1e-6)
            self.most = max(self.most, int(stretch * SECONDS_A_STRETCH / seconds))
        return done, loss

    def _attempt(self, epochs: int) -> float:
        """Return the loss after this number of epochs, or NaN if they were undone."""
        try:
            return finish_or_undo(self.work, lambda: self.run(epochs, self.exp))
        except Exception as error:
            if isinstance(error, OverflowError) and self.exp is not guarded_exp:
                self.exp = guarded_exp  # permanently, because exp is likely to overflow again
                return self._attempt(epochs)
            return math.nan  # the plain loop raises the proper error


def in_epochs(work: Work, learn: Callable[[Work, Matrix, Matrix, Exp], float]) -> Run:
    """Return run(n, exp), which trains for n epochs by learn(work, X, y, exp) for each batch.

    It returns the last loss, or the first that is not finite.
    """

    def run(epochs: int, exp: Exp) -> float:
        check_parameters(work.network)  # a callback may have changed them since the last stretch
        loss = 0.0
        for _ in range(epochs):
            loss = run_epoch(work, lambda work, X, y: learn(work, X, y, exp))
            if not math.isfinite(loss):
                break
        return loss

    return run


def straight(work: Work, unrolled: bool) -> Run:
    """Return run(n, exp), which trains for n epochs by the source of `straight`.

    It returns the last loss, or the first that is not finite.
    """
    network, optimizer = work.network, work.optimizer
    constants = constants_of(work) if unrolled else None
    given: dict[str, Any] = {"X": work.X, "y": work.y, "rows": float(len(work.X)), **FUNCTIONS}
    kind, plan = plan_of(work), plan_of(work, constants)
    train = compiled_training(plan)

    def run(epochs: int, exp: Exp) -> float:
        nonlocal kind, plan, train
        # A callback or an engine around this one may have changed anything since the last stretch.
        check_parameters(network)
        before, kind = kind, plan_of(work)
        if kind.sizes != plan.sizes:
            return math.nan
        if kind != before:
            plan = plan_of(work, constants)
            train = compiled_training(plan)
        given["epochs"] = repeat(None, epochs) if unrolled else batches_of(work, epochs)
        given["weights"], given["biases"], given["exp"] = network.weights, network.biases, exp
        given.update(memory_of(optimizer, parameters(network)))
        loss, *state = train(*arguments(train, given, optimizer))
        for name, value in zip(state_of(plan), state):
            setattr(network if name in ("weights", "biases") else optimizer, name, value)
        return float(loss)

    return run


@lru_cache(maxsize=64)  # a plan may hold all of the data's zeros and ones
def compiled_training(plan: Plan) -> Callable[..., Any]:
    """Return the function of a plan's source; the same plan gives the same function."""
    return compiled(train_source(plan), "train")


def batches_of(work: Work, epochs: int) -> Iterable[list[Any]]:
    """Return each epoch's batches of pairs of rows; if a batch is one row, each epoch's pairs."""
    pairs, size = list(zip(work.X, work.y)), work.batch_size

    def batches(pairs: list[tuple[Row, Row]]) -> list[Any]:
        if size == 1:
            return pairs
        return [pairs[start : start + size] for start in range(0, len(pairs), size)]

    if not work.shuffle:
        return repeat(batches(pairs), epochs)
    orders = map(work.network.generator.permutation, repeat(len(pairs), epochs))
    return (batches([pairs[i] for i in order]) for order in orders)
