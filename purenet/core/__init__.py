"""The mathematics, with nothing but `math`: copy this folder anywhere, under any name.

Reading order: `matrix`, `activations`, `losses`, `network`, `training`, and then `optimizers` and
`mt19937`, which stand apart. `from core.network import Network` is all that a program needs.
"""

# Loops that train faster than `training` does, by name, and the module where each is to be found.
# `purenet` fills this in; where this folder stands alone, it stays empty.
ENGINES: "dict[str, str]" = {}

_MODULES = (
    "activations",
    "backpropagation",
    "checks",
    "gradient_check",
    "losses",
    "matrix",
    "mt19937",
    "network",
    "optimizers",
    "training",
)


def __getattr__(name: str) -> object:
    """Open a module when it is first asked for, so that a board loads only what it uses."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return __import__(f"{__name__}.{name}", None, None, ("*",))
