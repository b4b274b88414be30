"""A model as one header in C99, for every compiler of C and C++."""

from __future__ import annotations

import re
from typing import Any

from ..core._types import Rows
from ..core.checks import PureNetError, shown
from .c_header import NAME, C, Trainable
from .c_integer import WholeC
from .target import source_of


def c_source(
    model: Any,
    *,
    number: str | None = None,
    pack: str | None = None,
    name: str = "net",
    rows: Rows | None = None,
    trainable: bool = False,
) -> str:
    """Return a header in C99, in ASCII, that predicts as the model does.

    It needs <math.h>, allocates nothing, and may be included in any number of files, in C++ too.
    Each has a copy of its own, unless one file defines NET_IMPLEMENTATION before the #include and
    the others define NET_EXTERN. On an AVR, the numbers stay in flash, and labels are in memory.
    Each name in it begins with `name`: NET_INPUTS and NET_OUTPUTS are the numbers of inputs and
    outputs of net_predict(inputs, outputs). A classifier also has net_predict_class(inputs), which
    returns an index into net_classes: the labels, numbers too, as strings in UTF-8.
    `number` is "double" or "float". `pack="int8"` stores each weight in a byte, and then floats are
    the default. `pack="integer"` also computes in whole numbers, from the inputs to the class, with
    the ranges of the `rows`; if all rows are whole, so are inputs. With NET_SELFTEST defined,
    net_selftest() compares the answer for a row with the model's own.

    `trainable` adds net_train(inputs, targets, learning_rate), which learns a row in one step, by
    plain gradient descent; a classifier's target is an index into net_classes. It returns 0; or 1,
    and changes nothing, if a weight would not be finite, or if there is no such class. The weights
    are then in memory.

    Raises PureNetError for an invalid name, number or pack, for `trainable` with a pack, for a
    weight that is too large for a float, and for a label that a C string cannot hold: one that
    contains a NUL or half of a surrogate pair.

    >>> from purenet import Network
    >>> source = c_source(Network([2, 1], init="zeros"))
    >>> print(source[source.index("static const") : source.index("static const double net_biases")])
    static const double net_weights_0[2 * 1] NET_FLASH = {
        0.0,
        0.0,
    };
    <BLANKLINE>
    """
    options = {"number": number, "pack": pack, "name": name, "rows": rows}
    return source_of(c_target(model, trainable=trainable, **options))


def c_target(model: Any, *, trainable: bool = False, **options: Any) -> C:
    """Return the target that writes what `c_source` returns for these options.

    >>> from purenet import Network
    >>> c_target(Network([2, 1]), number="float").real
    'float'
    """
    rows, pack = options.pop("rows", None), options.get("pack")
    if pack not in (None, "int8", "integer"):
        raise PureNetError(f'pack: expected None, "int8" or "integer", got {shown(pack)}')
    if trainable and pack is not None:
        raise PureNetError("trainable: training needs every digit; leave out pack")
    if pack == "integer":
        return WholeC(model, rows=rows, **{**options, "pack": None})
    if rows is not None:
        raise PureNetError('rows: only for pack="integer"')
    return Trainable(model, **options) if trainable else C(model, **options)


def name_for(stem: str) -> str:
    """Return the name for a header with this file name; "net" if no name in C is like it.

    >>> name_for("my-net"), name_for("2nd")
    ('my_net', 'net')
    """
    match = NAME.match(re.sub("[^A-Za-z0-9_]", "_", stem)) if stem.isascii() else None
    return match[0] if match else "net"
