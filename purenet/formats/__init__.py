"""Save and load networks and estimators, and convert models of other libraries.

`save(model, path)` writes a Network, a Classifier or a Regressor to a file, `load(path)` reads it,
and `load_history(path)` returns the history of its training: see `files`. `from_sklearn`,
`from_torch` and `from_arrays` convert models that were trained elsewhere: see `libraries`. A file
is data: loading one never runs code from it. Each format has a module that describes it, reads
bytes as a `model.Model`, and writes a Model as bytes.
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
