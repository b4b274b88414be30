"""The same loop, faster: source that is generated for one network, and has the same bits.

`train` uses this room by itself. `compile_predict(network)` makes a function for single rows, and
`source(network, X, y)` returns what the engine runs, to be read.

`unrolled` is the engine: `choice` estimates which form of source is fastest, `stretches` runs it.
`expressions` writes arithmetic down; with it, `plan` and `straight` write a small network's
training, `kernels` a larger one's; `compiling` turns text into functions.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .prediction import compile_predict
    from .reading import source

__all__ = ["compile_predict", "source"]

_HOMES = {"compile_predict": "prediction", "source": "reading"}


def __getattr__(name: str) -> object:
    """Open a module when it is first asked for: training needs neither of these."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(__import__(f"{__name__}.{_HOMES[name]}", None, None, (name,)), name)
