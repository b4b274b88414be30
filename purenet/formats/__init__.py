"""Networks and estimators in and out of files, and what other libraries have trained.

`save(model, path)` writes a Network, a Classifier or a Regressor down, `load(path)` makes it again,
and `load_history(path)` tells how it was trained: see `files`. `from_sklearn`, `from_torch` and
`from_arrays` take over what was trained elsewhere: see `libraries`. A file is data: loading one
never runs anything of it. Each format is described in a module of its own.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .files import load, load_history, save
    from .libraries import from_arrays, from_sklearn, from_torch

__all__ = ["from_arrays", "from_sklearn", "from_torch", "load", "load_history", "save"]


def __getattr__(name: str) -> object:
    """Open the module when one of its names is first asked for."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home = f"{__name__}.{'libraries' if name.startswith('from_') else 'files'}"
    return getattr(__import__(home, None, None, (name,)), name)
