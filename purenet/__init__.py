"""A feed-forward neural network in pure Python, with no dependencies.

The article's network, three inputs, four hidden neurons and one output, learns XOR:

>>> import purenet
>>> X = [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
>>> y = [[0], [1], [1], [0]]
>>> network = purenet.Network([3, 4, 1], seed=1)
>>> history = network.train(X, y, epochs=2000)
>>> [round(output) for [output] in network.predict(X)]
[0, 1, 1, 0]

Read:

    purenet/core/backpropagation.py             the heart, ten minutes
    python3 -m purenet lesson                   the lessons: the article's programs, runnable
    python3 -m purenet trace                    one training step, every number
    python3 -m purenet why                      what learners ask, answered with numbers

Use, on real data:

    Classifier, Regressor                       estimators by scikit-learn's conventions
    tables.learn("data.csv", target="y")        from a CSV file to a judged model
    datasets                                    iris, digits, XOR and curved data
    diagnose(network, X, y)                     a diagnosis: what is wrong, in sentences
    check_gradients(network, X, y)              backpropagation against differences
    pictures                                    graph, loss and surface as SVG
    report()                                    a training as one HTML page to play with

Carry:

    save(model, path), load(path)               the formats .json, .npz, .safetensors or .onnx
    from_sklearn, from_torch, from_arrays       models of other libraries
    export                                      Python, C or JavaScript source

Underneath:

    core                                        the math, to copy elsewhere
    engines                                     the same loop, faster
    np                                          NumPy's notation on top of core

Errors are PureNetError (Diverged where training has failed). A model no better than the trivial
answer gives a NotLearnedWarning. A History is the record of a training run.

`python3 -m purenet --help` lists the commands. The rooms above are opened when first used, so
`import purenet` is quick.
"""

import sys

from ._version import __version__ as __version__
from .core import ENGINES, ENTROPY, opener

if sys.implementation.name in ("cpython", "pypy"):  # a board has no room for another engine
    ENGINES["unrolled"] = f"{__name__}.engines.unrolled"
    ENGINES["packed"] = f"{__name__}.engines.packed"

try:
    from os import urandom

    ENTROPY["os"] = urandom
except ImportError:  # a board may have none
    pass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from . import core as core
    from . import datasets as datasets
    from . import diagnosis as diagnosis
    from . import engines as engines
    from . import estimators as estimators
    from . import export as export
    from . import formats as formats
    from . import lessons as lessons
    from . import np as np
    from . import pictures as pictures
    from . import tables as tables
    from .core.checks import PureNetError as PureNetError
    from .core.gradient_check import check_gradients as check_gradients
    from .core.history import Diverged as Diverged
    from .core.history import History as History
    from .core.network import Network as Network
    from .diagnosis import diagnose as diagnose
    from .estimators import Classifier as Classifier
    from .estimators import NotLearnedWarning as NotLearnedWarning
    from .estimators import Regressor as Regressor
    from .formats import from_arrays as from_arrays
    from .formats import from_sklearn as from_sklearn
    from .formats import from_torch as from_torch
    from .formats import load as load
    from .formats import save as save
    from .page import report as report

_ROOMS = "core datasets diagnosis engines estimators export formats lessons np pictures tables"
_NAMES = {
    "core.checks": ("PureNetError",),
    "core.gradient_check": ("check_gradients",),
    "core.history": ("Diverged", "History"),
    "core.network": ("Network",),
    "diagnosis": ("diagnose",),
    "estimators": ("Classifier", "NotLearnedWarning", "Regressor"),
    "formats": ("from_arrays", "from_sklearn", "from_torch", "load", "save"),
    "page": ("report",),
}
_HOMES = {room: room for room in _ROOMS.split()}
_HOMES.update({name: home for home, names in _NAMES.items() for name in names})
__all__ = sorted(_HOMES)
__getattr__ = opener(__name__, _HOMES)


def __dir__() -> "list[str]":
    return sorted(set(globals()) | set(__all__))
