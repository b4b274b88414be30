"""The engine "unrolled": source that is generated for one network, where it pays."""

from __future__ import annotations

from ..core._types import Advance
from ..core.work import Work
from .choice import KINDS, choose_form, kind_of


def unrolled(work: Work) -> Advance | None:
    """Return a function that trains for up to n epochs, or None if the plain loop has to.

    It returns how many epochs it did and the last one's loss. The answer is None if `compile` and
    `exec` are refused, and, unless this engine was asked for by name, if generating the source
    would take longer than it saves.
    """
    optimizer = work.optimizer
    if type(optimizer) not in KINDS or any(map(callable, vars(optimizer).values())):
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
        from .stretches import start  # it takes longer to load than a short training takes

        return start(form, work)
    except Exception:  # a sandbox may refuse to load or to compile with any
        return None
