"""Networks and estimators in and out of files, and what other libraries have trained.

`save(model, path)` writes a Network, a Classifier or a Regressor down, `load(path)` makes it again,
and `load_history(path)` tells how it was trained: see `files`. `from_sklearn`, `from_torch` and
`from_arrays` take over what was trained elsewhere: see `libraries`. A file is data: loading one
never runs anything of it. Each format is described in a module of its own; it reads bytes as a
`model.Model`, and writes one as bytes.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .files import load, load_history, save
    from .libraries import from_arrays, from_sklearn, from_torch

__all__ = ["from_arrays", "from_sklearn", "from_torch", "load", "load_history", "save"]

__getattr__ = opener(
    __name__, {name: "libraries" if name.startswith("from_") else "files" for name in __all__}
)
