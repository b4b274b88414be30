"""The engine "unrolled": source that is generated for one network, where it pays."""

from __future__ import annotations

from ..core._types import Advance, Matrix, Optimizer
from ..core.network import Network
from .choice import KINDS, choose_form, kind_of


def unrolled(
    network: Network,
    X: Matrix,
    y: Matrix,
    epochs: int,
    batch_size: int,
    shuffle: bool,
    reduction: str,
    optimizer: Optimizer,
    insisted: bool,
) -> Advance | None:
    """Return a function that trains for up to n epochs, or None where the plain loop has to.

    It returns how many epochs it did and the last one's loss. None is the answer where `compile`
    and `exec` are refused, and, unless it is `insisted` on, where generating would take longer
    than it saves.
    """
    if type(optimizer) not in KINDS or any(map(callable, vars(optimizer).values())):
        return None
    kind = kind_of(optimizer)
    form = choose_form(network.sizes, len(X), epochs, batch_size, shuffle, kind, insisted)
    if form == "lists":
        return None
    work = network, X, y, batch_size, shuffle, reduction, optimizer
    try:
        from .stretches import start  # it takes longer to load than a short training takes

        return start(form, *work)
    except Exception:  # a sandbox may refuse to load or to compile with any
        return None
