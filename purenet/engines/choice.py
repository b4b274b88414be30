"""Choose the form of source with the least estimated time, including the time to compile it.

The forms are "rows" (straight-line, each row spelled out), "loop" (straight-line, in a loop over
the rows), "kernels" (loops, with each sum spelled out), and "lists", the plain loop of `core`.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

from ..core.optimizers import SGD, Adam, RProp

# The optimizers whose steps can be written as source. Subclasses may override anything, so they are
# not accepted.
KINDS = {SGD: "sgd", RProp: "rprop", Adam: "adam"}

# The costs of each form in microseconds: of generating and compiling one product in the source, of
# one batch, of one product in the updates of a batch, and of one product of a row. They were fitted
# to timings of networks from 2-2-1 to 128-64-10, with batches of 1 to 32 rows, on one machine. Only
# the ratios matter, and only roughly. Compiling costs more on PyPy, which compiles the source a
# second time while running it.
COSTS = {
    "cpython": {
        "lists": (0.0, 35.0, 0.14, 0.048),
        "kernels": (0.0, 25.0, 0.064, 0.022),
        "loop": (40.0, 0.5, 0.005, 0.024),
        "rows": (14.0, 0.3, 0.0, 0.021),
    },
    "pypy": {
        "lists": (0.0, 10.0, 0.04, 0.004),
        "kernels": (0.0, 6.0, 0.0125, 0.0025),
        "loop": (120.0, 0.25, 0.0, 0.0014),
        "rows": (120.0, 0.05, 0.0, 0.0019),
    },
}

# In microseconds: to load the generators, and to compile what does not grow with the network.
START = {"lists": 0.0, "kernels": 8000.0, "loop": 8000.0, "rows": 8000.0}

# The factor by which the text grows if an update needs several lines for each weight.
LENGTH = {"sgd": 1.0, "momentum": 1.5, "rprop": 4.0, "adam": 4.0}

# A text of this number of products takes about a second to compile on CPython. PyPy's compiler
# gives up on a much shorter one.
MOST_PRODUCTS = {"cpython": 20_000, "pypy": 1000}

# More epochs than this do not change the choice, and a very large integer would overflow a float.
FOR_EVER = 10**9

# Compilers recurse over a sum. Longer sums are left to the kernels, which divide them.
LONGEST_SUM = 250


def choose_form(
    sizes: Sequence[int],
    rows: int,
    epochs: int,
    batch_size: int,
    shuffle: bool = False,
    optimizer: str = "sgd",
    always: bool = False,
) -> str:
    """Return the form that trains fastest, for an optimizer of this kind.

    `always` excludes the plain loop: the form is not "lists", and the time to compile is ignored.

    >>> choose_form([3, 4, 1], 4, 1, 4)
    'lists'
    >>> choose_form([3, 4, 1], 4, 60_000, 4) in ("rows", "loop")  # PyPy prefers the second
    True
    >>> choose_form([784, 30, 10], 32, 1000, 32)
    'kernels'
    """
    costs = COSTS.get(sys.implementation.name, COSTS["cpython"])
    forms = ["kernels"] if always else ["lists", "kernels"]
    if fits(sizes, 1, optimizer):
        forms.append("loop")
    if fits(sizes, rows, optimizer) and batch_size == rows and not shuffle:
        forms.append("rows")
    products, batches = count_products(sizes), -(-rows // batch_size)
    # Only the text of these forms grows with the products. A kernel's grows with a layer's width.
    texts = {"loop": products, "rows": products * rows}

    def microseconds(form: str) -> float:
        text, batch, update, product = costs[form]
        epoch = batches * (batch + update * products) + rows * products * product
        start = START[form] + text * texts.get(form, 0) * LENGTH[optimizer]
        return (0.0 if always else start) + min(epochs, FOR_EVER) * epoch

    return min(forms, key=microseconds)


def packed_pays(sizes: Sequence[int], batch_size: int) -> bool:
    """Tell whether a batch with "packed" takes at most two thirds of the time of "unrolled".

    These costs are fitted to CPython 3.11 and 3.13, with Adam and tanh, to networks from 4-16-1 to
    784-128-10 and batches of 4 to 128 rows:

        nanoseconds             "unrolled"  "packed"   "unrolled" - 1.5 · "packed"
        for a product                   20         5        12.5
        for a weight                   230       290      -205
        for a neuron's output          200       500      -550
        for a batch                 50,000   250,000  -325,000

    The last column, divided by 12.5, gives the numbers below, but for the rounding of these costs.
    The interpreter has no say, so that an estimator's bits are the same on each.

    >>> packed_pays([64, 32, 10], 32), packed_pays([64, 32, 10], 8), packed_pays([30, 32, 2], 32)
    (True, False, False)
    """
    weights, outputs = sum([m * n for m, n in zip(sizes, sizes[1:])]), sum(sizes[1:])
    packing = 17 * weights + batch_size * 46 * outputs + 25_000
    return batch_size * count_products(sizes) >= packing


def fits(sizes: Sequence[int], rows: int, optimizer: str = "sgd") -> bool:
    """Tell whether a source that spells out this number of rows is short enough.

    >>> fits([3, 4, 1], 4), fits([784, 30, 10], 1)
    (True, False)
    """
    most = MOST_PRODUCTS.get(sys.implementation.name, MOST_PRODUCTS["cpython"])
    products = count_products(sizes) * rows * LENGTH[optimizer]
    return max(*sizes, rows) <= LONGEST_SUM and products <= most


def count_products(sizes: Sequence[int]) -> int:
    """Return the number of products of two numbers per row: forward, backward, gradients.

    >>> count_products([3, 4, 1])
    36
    """
    products = sizes[0] * sizes[1] * 2
    for m, n in zip(sizes[1:], sizes[2:]):
        products += m * n * 3
    return products


def is_own(optimizer: Any) -> bool:
    """Tell whether an optimizer is one of purenet's, and none of its methods was replaced.

    >>> is_own(Adam()), is_own(object)
    (True, False)
    """
    return type(optimizer) in KINDS and not any(map(callable, vars(optimizer).values()))


def kind_of(optimizer: Any) -> str:
    """Return the name of an optimizer's steps: a key of LENGTH.

    >>> kind_of(SGD()), kind_of(SGD(momentum=0.9))
    ('sgd', 'momentum')
    """
    return "momentum" if getattr(optimizer, "momentum", 0.0) else KINDS[type(optimizer)]
