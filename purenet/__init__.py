"""A feed-forward neural network in pure Python, with no dependencies.

>>> import purenet
>>> network = purenet.Network([3, 4, 1], seed=1)

The rooms below are opened when a name of theirs is first used, so `import purenet` is quick.
"""

import sys

from ._version import __version__ as __version__
from .core import ENGINES, opener

if sys.implementation.name in ("cpython", "pypy"):  # a board has no room for another engine
    ENGINES["unrolled"] = f"{__name__}.engines.unrolled"

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import (
        core,
        datasets,
        diagnosis,
        engines,
        estimators,
        export,
        formats,
        lessons,
        np,
        pictures,
        tables,
    )
    from .core.checks import PureNetError
    from .core.gradient_check import check_gradients
    from .core.history import Diverged, History
    from .core.network import Network
    from .diagnosis import diagnose
    from .estimators import Classifier, NotLearnedWarning, Regressor
    from .formats import from_arrays, from_sklearn, from_torch, load, save

__all__ = [
    "Classifier",
    "Diverged",
    "History",
    "Network",
    "NotLearnedWarning",
    "PureNetError",
    "Regressor",
    "check_gradients",
    "core",
    "datasets",
    "diagnose",
    "diagnosis",
    "engines",
    "estimators",
    "export",
    "formats",
    "from_arrays",
    "from_sklearn",
    "from_torch",
    "lessons",
    "load",
    "np",
    "pictures",
    "save",
    "tables",
]

_ROOMS = (
    "core",
    "datasets",
    "diagnosis",
    "engines",
    "estimators",
    "export",
    "formats",
    "lessons",
    "np",
    "pictures",
    "tables",
)
_HOMES = {
    "Classifier": "estimators",
    "Diverged": "core.history",
    "History": "core.history",
    "Network": "core.network",
    "NotLearnedWarning": "estimators",
    "PureNetError": "core.checks",
    "Regressor": "estimators",
    "check_gradients": "core.gradient_check",
    "diagnose": "diagnosis",
    "from_arrays": "formats",
    "from_sklearn": "formats",
    "from_torch": "formats",
    "load": "formats",
    "save": "formats",
}


_HOMES.update({room: room for room in _ROOMS})
__getattr__ = opener(__name__, _HOMES)


def __dir__() -> "list[str]":
    return sorted(set(globals()) | set(__all__))
