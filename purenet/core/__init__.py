"""The mathematics, with nothing but `math` and `array`: copy this folder anywhere, under any name.

Reading order: `backpropagation` first, then `matrix`, `activations`, `losses`, `training` and
`optimizers`. `from core.network import Network` is all that a program needs.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from ._types import Any, Callable

# Loops that train faster than `training` does, by name, and the module where each is to be found.
# `purenet` fills this in; where this folder stands alone, it stays empty.
ENGINES: "dict[str, str]" = {}

# Functions that return a number of unpredictable bytes, by their names; filled in likewise.
ENTROPY: "dict[str, Callable[[int], bytes]]" = {}


def opener(package: str, homes: "dict[str, str]") -> "Callable[[str], Any]":
    """Return a package's `__getattr__` (PEP 562), which opens a module when a name needs it.

    `homes` says which module of the package has each name; a module can be asked for by its own.
    So a board loads only what it uses, and `import purenet` is quick.
    """

    def find(name: str) -> object:
        """Import the object of this name."""
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = __import__(f"{package}.{homes[name]}", None, None, ("*",))
        return module if homes[name] == name else getattr(module, name)

    return find


# Each module comes after those whose names it uses while it is imported.
_MATH = ("checks", "matrix", "activations", "losses", "mt19937", "backpropagation")
_TRAINING = ("network", "optimizers", "history", "undo", "work", "training", "gradient_check")
MODULES = _MATH + _TRAINING

__getattr__ = opener(__name__, {name: name for name in MODULES})
