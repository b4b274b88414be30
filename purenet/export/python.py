"""A model as one Python file that imports only `math`, for every Python."""

from __future__ import annotations

from typing import Any

from ..core.checks import PureNetError, shown
from ..engines.choice import LONGEST_SUM
from ..formats.model import Model, describe
from .python_bigint import Bigint
from .python_frame import Python
from .python_lists import Lists, Trainable
from .python_unrolled import Unrolled
from .target import source_of

STYLES: dict[str, type[Python]] = {"lists": Lists, "unrolled": Unrolled, "bigint": Bigint}

# A prediction of the style "unrolled" takes about half the time of "lists", on CPython and
# MicroPython. Beyond this number of weights, its text takes long to compile. A board also needs
# memory to compile, as the guide's table of heaps shows: there, use "lists", or pack the weights.
MOST_UNROLLED = 4000


def python_source(
    model: Any,
    *,
    style: str = "auto",
    bits: int | None = None,
    trainable: bool = False,
    module: bool = False,
) -> str:
    """Return a model as the source of a Python module.

    The style "lists" is loops over lists of weights, "unrolled" is straight-line arithmetic with
    the weights in it, and "auto" is one of these: "unrolled" unless the text gets too long. The
    style "bigint" computes with integers, in which a number has 64, 48 or 32 `bits`. `trainable`
    adds functions that continue the training; it needs lists. A `module` is for import alone: it
    leaves out what reads rows and prints their answers, which hosts such as Transcrypt cannot
    translate.

    Raises PureNetError for an unknown style, for layers that are too large for "unrolled", for
    `trainable` with another style than lists, and for `bits` without "bigint".

    >>> from purenet import Network
    >>> names = {}
    >>> exec(python_source(Network([2, 1], init="zeros")), names)
    >>> names["predict"]([1, 2])
    [0.5]
    """
    return source_of(python_target(model, style, bits, trainable, module))


def python_target(model: Any, style: str, bits: Any, trainable: bool, module: bool) -> Python:
    """Return the target that writes what `python_source` returns.

    >>> from purenet import Network
    >>> python_target(Network([3, 4, 1]), "auto", None, True, False).style
    'lists'
    """
    model, frame = describe(model), "module" if module else "program"
    if trainable and style not in ("auto", "lists"):
        wanted = 'expected "auto" or "lists" for a trainable file'
        raise PureNetError(f'style: {wanted}, got "{style}"')
    if bits is not None and style != "bigint":
        raise PureNetError('bits: only for the style "bigint"')
    form = style_for(model, style)
    if form is Bigint:
        return Bigint(model, frame, 64 if bits is None else bits)
    return (Trainable if trainable else form)(model, frame)


def style_for(model: Model, style: str) -> type[Python]:
    """Return the class that writes a style; "auto" is the fastest that is not too long.

    >>> from purenet import Network
    >>> style_for(Model(Network([64, 100, 1])), "auto").__name__
    'Lists'
    """
    if style not in ["auto", *STYLES]:
        known = ", ".join(["auto", *STYLES])
        raise PureNetError(f"style: expected one of {known}, got {shown(style)}")
    sizes = model.network.sizes
    longest = max(sizes[:-1])  # the last layer's outputs are in no sum
    if style == "auto":
        weights = sum(m * n for m, n in zip(sizes, sizes[1:]))
        return Unrolled if weights <= MOST_UNROLLED and longest <= LONGEST_SUM else Lists
    if style == "unrolled" and longest > LONGEST_SUM:
        most = f'"unrolled" takes at most {LONGEST_SUM} neurons in a layer, got {longest}'
        raise PureNetError(f'style: {most}; use "lists"')
    return STYLES[style]
