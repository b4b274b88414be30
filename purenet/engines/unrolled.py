"""The engine "unrolled": source generated for one network, if that saves time."""

from __future__ import annotations

from ..core._types import Advance
from ..core.work import Work
from .choice import choose_form, is_own, kind_of


def unrolled(work: Work) -> Advance | None:
    """Return a function that trains for up to n epochs, or None if the plain loop has to.

    The function returns the number of epochs done and the last one's loss. The answer is None if
    the optimizer has no source, if `compile` and `exec` are refused, or if generating
    the source would take longer than it saves, unless the caller asked for this engine by name.
    """
    optimizer = work.optimizer
    if not is_own(optimizer):
        return None
    form = choose_form(
        work.network.sizes,
        len(work.X),
        work.epochs,
        work.batch_size,
        work.shuffle,
        kind_of(optimizer),
        always=work.engine == "unrolled",
    )
    if form == "lists":
        return None
    try:
        from .stretches import start  # loading takes longer than a short training

        return start(form, work)
    except Exception:  # a sandbox may refuse either with any exception
        return None
