"""The core as one Python file, for boards, bots and sandboxes that take a single one.

It joins the modules of `purenet.core`, `board_json` for model files, and optionally a model: see
`joining`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .. import core
from .._version import __version__
from ..core.checks import check_flag
from ..formats.board_json import dumps
from .joining import join
from .layout import filled_in, number_text, parts_of, text_of, unmarked

if TYPE_CHECKING:
    from ..formats.model import Model

MODULES = (*(f"core/{name}.py" for name in ("__init__", *core.MODULES)), "formats/board_json.py")


def bundle_source(model: Any = None, *, bare: bool = False) -> str:
    """Return `purenet.core` as the source of one module, with a model in it if one is given.

    A Network, or a fitted Classifier or Regressor, becomes the Network `network`, which `fold`
    makes, so its inputs and outputs need no scaling. `classes` are a classifier's, in the order of
    the outputs, and `inputs` the names of the inputs, if they are known. `bare` leaves out
    docstrings, comments and annotations, which a board does not need. The same version and model
    give the same source.

    Raises PureNetError for anything but a fitted model, and for numbers that are not finite.

    >>> names = {}
    >>> exec(bundle_source(bare=True), names)
    >>> names["Network"]([2, 1], init="zeros").predict([[1, 2]])
    [[0.5]]
    """
    sources = {path.rpartition("/")[2].removesuffix(".py"): text_of(path) for path in MODULES}
    names = ""
    if model is not None:
        from .folded import fold  # imported here, because it needs the estimators

        folded = fold(model)
        sources["model"] = _model_source(folded)
        names = ", network" + ", classes" * bool(folded.classes)
        names += ", inputs" * bool(folded.input_names)
    words = {"VERSION": __version__, "NAMES": "load, save" + names}
    about = unmarked(filled_in(parts_of("template.py")["about the core"], words))
    return f"{about}\n{join(sources, check_flag(bare, 'bare'))}"


def _model_source(model: Model) -> str:
    """Return statements that make the network and name its classes and its inputs."""
    lines = [f"network = loads('''{dumps(model.network)}''')"]
    if model.classes:
        # A slice is plain text, and no member of an enumeration.
        texts = [ascii(x[:]) if isinstance(x, str) else number_text(x) for x in model.classes]
        lines.append(f"classes = [{', '.join(texts)}]")
    lines += [f"inputs = {model.input_names!a}"] if model.input_names else []
    return "\n".join(lines) + "\n"
