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
from ..core.optimizers import state_like
from ..core.training import run_epoch
from ..core.undo import finish_or_undo
from ..core.work import Work
from .choice import kind_of
from .compiling import compiled
from .kernels import guarded_exp, kernel_of, learn, negative_gradients_source
from .plan import MEMORY, Plan, kind_of_network, plan_of, state_of
from .straight import training_source

# In seconds. A stretch is done completely or not at all, so Ctrl-C loses at most this time.
SECONDS_A_STRETCH = 0.1


def start(form: str, work: Work) -> Advance:
    """Return advance(n), which trains for up to n epochs with source of this form.

    It returns the number of epochs done and the last one's loss.
    """
    training = Looped(work) if form == "kernels" else Straight(work, form == "rows")
    training.prepare()
    return Stretches(work, training.run).advance


class Stretches:
    """A training in stretches, each done completely or not at all."""

    def __init__(self, work: Work, run: Callable[[int, Callable[[float], float]], float]) -> None:
        self.work, self.run = work, run
        self.most = 1
        self.exp: Callable[[float], float] = math.exp

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


class Looped:
    """A larger network's training: the plain loop, with the products of `kernels`."""

    def __init__(self, work: Work) -> None:
        self.work = work

    def prepare(self) -> None:
        """Compile, to see whether that is allowed here."""
        kernel_of(negative_gradients_source, 1)

    def run(self, epochs: int, exp: Callable[[float], float]) -> float:
        """Train for n epochs; return the last loss, or the first that is not finite."""

        def learn_rows(work: Work, X: Matrix, y: Matrix) -> float:
            return learn(work, X, y, exp)

        loss = 0.0
        for _ in range(epochs):
            loss = run_epoch(self.work, learn_rows)
            if not math.isfinite(loss):
                break
        return loss


class Straight:
    """A small network's training, by the source of `straight`."""

    def __init__(self, work: Work, unrolled: bool) -> None:
        self.work, self.network, self.optimizer = work, work.network, work.optimizer
        self.rows = list(zip(work.X, work.y))
        self.base = plan_of(work, unrolled)
        self.trainers: dict[tuple[str, bool, bool], tuple[Plan, Callable[..., Any]]] = {}
        self.given: dict[str, Any] = {"X": work.X, "y": work.y, "rows": float(len(work.X))}
        self.given.update(log=math.log, sqrt=math.sqrt, tanh=math.tanh, max=max, min=min)

    def prepare(self) -> None:
        """Compile, to see whether that is allowed here."""
        self._trainer()

    def run(self, epochs: int, exp: Callable[[float], float]) -> float:
        """Train for n epochs; return the last loss, or the first that is not finite."""
        # A callback may have changed the parameters since the last stretch.
        check_parameters(self.network)
        if kind_of_network(self.network) != self.base[:4]:  # a callback has changed its kind
            return math.nan
        plan, train = self._trainer()
        self.given["exp"] = exp
        # Each source takes only the values that it uses, so its parameters tell what to pass.
        code = train.__code__
        arguments = code.co_varnames[1 : code.co_argcount]
        loss, *state = train(self._epochs(epochs), *[self._value(name) for name in arguments])
        for name, value in zip(state_of(plan), state):
            setattr(self.network if name in ("weights", "biases") else self.optimizer, name, value)
        return float(loss)

    def _trainer(self) -> tuple[Plan, Callable[..., Any]]:
        """Return the current plan and its function, generated once for each setting."""
        settings = self._settings()
        if settings not in self.trainers:
            plan = self.plan()
            self.trainers[settings] = plan, compiled_training(plan)
        return self.trainers[settings]

    def plan(self) -> Plan:
        """Return the plan for the current weights and optimizer."""
        kind, unit_rate, tuned = self._settings()
        return self.base._replace(
            optimizer=kind,
            unit_rate=unit_rate,
            without_zeros=tuned and self.base.without_zeros,
            tuned=tuned,
        )

    def _settings(self) -> tuple[str, bool, bool]:
        """Return the settings that a plan depends on and a callback may change."""
        optimizer: Any = self.optimizer
        kind = kind_of(optimizer)
        unit_rate = kind in ("sgd", "momentum") and optimizer.learning_rate == 1.0
        return kind, unit_rate, kind == "sgd" and self.base.tuned and not self._has_minus_zero()

    def _has_minus_zero(self) -> bool:
        rows = [row for W in parameters(self.network) for row in W]
        return any(math.copysign(1.0, w) < 0.0 for row in rows for w in row if w == 0.0)

    def _value(self, name: str) -> Any:
        """Return the value of the generated function's parameter with this name."""
        if name in self.given:
            return self.given[name]
        if name in ("weights", "biases"):
            return getattr(self.network, name)
        optimizer: Any = self.optimizer
        value = getattr(optimizer, name)
        # Before the first step an optimizer has no memory yet, but the source unpacks a number for
        # each parameter. These are the optimizers' own first values.
        if any(name in names for names in MEMORY.values()):
            first = {"sizes": optimizer.learning_rate, "means": -0.0}.get(name, 0.0)
            return state_like(parameters(self.network), value, first)
        return value

    def _epochs(self, epochs: int) -> Iterable[Any]:
        """Return the epochs for the generated function to iterate over."""
        if self.base.rows is not None:
            return repeat(None, epochs)
        if not self.work.shuffle:
            return repeat(self._batches(self.rows), epochs)
        orders = map(self.network.generator.permutation, repeat(len(self.rows), epochs))
        return (self._batches([self.rows[i] for i in order]) for order in orders)

    def _batches(self, rows: list[tuple[Row, Row]]) -> list[Any]:
        size = self.work.batch_size
        if self.base.row_by_row:
            return rows
        return [rows[start : start + size] for start in range(0, len(rows), size)]


@lru_cache(maxsize=64)
def compiled_training(plan: Plan) -> Callable[..., Any]:
    """Return the function of a plan's source; the same plan gives the same function."""
    return compiled(training_source(plan), "train")
