"""What the tests share: how hypothesis runs, the numbers it draws, and how answers are compared.

Every test runs the same examples each time (`ci`, the default). For new and more examples:

    python -m pytest --hypothesis-profile=long
"""

import math
import struct

from hypothesis import settings
from hypothesis import strategies as st

settings.register_profile("ci", derandomize=True, deadline=None, max_examples=100)
settings.register_profile("long", deadline=None, max_examples=5000)
settings.load_profile("ci")

ARTICLE_X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
ARTICLE_Y = [[0], [1], [1], [0]]

# Whatever a float can be: both zeros, subnormals, the largest, infinities and NaN.
any_float = st.floats() | st.sampled_from([0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308])
finite_float = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, -0.0, 5e-324, -5e-324, 1e308, -1e308]
)


def matrices(rows, columns, elements=any_float):
    """Draw matrices of this many rows and columns; each may be a strategy itself."""
    shapes = st.tuples(
        rows if isinstance(rows, st.SearchStrategy) else st.just(rows),
        columns if isinstance(columns, st.SearchStrategy) else st.just(columns),
    )
    return shapes.flatmap(
        lambda shape: st.lists(
            st.lists(elements, min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    )


def bits(matrix):
    """Return the bytes of every number, all NaNs alike: equal exactly where the bits are."""
    return [[struct.pack("<d", math.nan if math.isnan(a) else a) for a in row] for row in matrix]


def ulps_apart(a, b):
    """Return how many floats lie between two; 0 for equal ones, and for NaN and NaN."""
    if math.isnan(a) or math.isnan(b):
        return 0 if math.isnan(a) and math.isnan(b) else math.inf
    return abs(_rank(a) - _rank(b))


def _rank(a):
    """Return the place of a float in the row of all floats; both zeros have place 0."""
    (number,) = struct.unpack("<q", struct.pack("<d", a))
    return number if number >= 0 else -(number & 0x7FFFFFFFFFFFFFFF)
