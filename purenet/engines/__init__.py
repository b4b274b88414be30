"""The same training loop, faster: source generated for one network, which gives the same bits.

`train` uses this package by itself. `compile_predict(network)` makes a function for single rows,
and `source(network, X, y)` returns the source that the engine runs, laid out for reading.

`unrolled` is the engine: `choice` estimates which form of source is fastest, `stretches` runs it.
`expressions` writes arithmetic as text. `plan` and `straight` use it to write a small network's
training, and `kernels` a larger one's. `compiling` turns text into functions.

`packed` is an engine that rounds differently, and is faster on large networks. `steps` writes an
optimizer's step for all of them.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .prediction import compile_predict
    from .reading import source

__all__ = ["compile_predict", "source"]


__getattr__ = opener(__name__, {"compile_predict": "prediction", "source": "reading"})
