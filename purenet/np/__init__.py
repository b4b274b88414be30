"""NumPy's notation without NumPy: `import purenet.np as np`, and small programs run.

Vectors and matrices of floats, integers or bools, with the operators, indices, functions and
methods that programs of the kind "a neural network from scratch" use. The guide lists them all.

>>> import purenet.np as np
>>> np.random.seed(1)
>>> print(2 * np.random.random((3, 1)) - 1)
[[-0.16595599]
 [ 0.44064899]
 [-0.99977125]]

Indices, slices and `A.T` are views, as in NumPy: `row = A[0]; row += 1` changes A. The differences:

- There are at most two dimensions. A single number that comes out is one of Python's own, with the
  attributes of an array.
- Sums, also those of `dot` and `mean`, are added from left to right: NumPy adds in pairs or
  blocks, and may differ in the last digits. So may exp, log, tanh and powers, which come from the
  C library.
- Overflow, 0/0 and log(0) give inf, nan and -inf, as in NumPy, but without its RuntimeWarning:
  a warning would mean checking each result of + and *.
- Integers have 64 bits; a result that would wrap around in NumPy is refused.
- `dtype` is `float`, `int` or `bool` itself. `"int32"`, `"int64"` and `"uint8"` mean `int`, which
  does not wrap around; `"float32"`, complex numbers and text are refused.
"""

from __future__ import annotations

# Imports have names with underscores; else np.math would exist.
import math as _math

from . import _array
from . import linalg as linalg
from . import random as random
from ._functions import *  # noqa: F403
from ._numbers import KindError as KindError
from ._numbers import PlaceError as PlaceError

inf, nan, pi, e, newaxis = _math.inf, _math.nan, _math.pi, _math.e, None
float64 = float
int_ = int32 = int64 = uint8 = int
bool_ = bool

# The functions that are methods as well.
_METHODS = """all any argmax argmin argsort clip copy cumsum dot max mean min nonzero prod ravel
repeat reshape round squeeze std sum take trace transpose var"""
for _name in _METHODS.split():
    setattr(ndarray, _name, vars()[_name])  # noqa: F405


def _sort(a: ndarray, axis: int = -1) -> None:  # noqa: F405
    """Put the elements in order, along the last axis or another."""
    a._become(sort(a, axis))  # noqa: F405


setattr(ndarray, "sort", _sort)  # noqa: B010, F405

__all__, __getattr__, __dir__ = _array.surface(__name__, vars())
