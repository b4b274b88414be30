"""The same loop, faster: source that is generated for one network, and has the same bits.

`train` uses this room by itself. `compile_predict(network)` makes a function for single rows, and
`source(network, X, y)` returns what the engine runs, to be read.

`unrolled` is the engine: `choice` estimates which form of source is fastest, `stretches` runs it.
`expressions` writes arithmetic down; with it, `plan` and `straight` write a small network's
training, `kernels` a larger one's; `compiling` turns text into functions.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .prediction import compile_predict
    from .reading import source

__all__ = ["compile_predict", "source"]


__getattr__ = opener(__name__, {"compile_predict": "prediction", "source": "reading"})
