"""Networks and estimators in and out of files.

`save(model, path)` writes a Network, a Classifier or a Regressor down, `load(path)` makes it again,
and `load_history(path)` tells how it was trained: see `files`. A file is data: loading one never
runs anything of it. Each format is described in a module of its own.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .files import load, load_history, save

__all__ = ["load", "load_history", "save"]


def __getattr__(name: str) -> object:
    """Open the module when one of its names is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(__import__(f"{__name__}.files", None, None, (name,)), name)
