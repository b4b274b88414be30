"""A trained model as source code that needs nothing: Python, C, JavaScript.

`folded` reduces a model to what it takes to predict; `python`, `c` and `javascript` write that
down. What the source does, it says in its first lines.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .c import c_source
    from .folded import fold
    from .javascript import javascript_source
    from .python import python_source

_HOMES = {
    "c_source": "c",
    "fold": "folded",
    "javascript_source": "javascript",
    "python_source": "python",
}

__all__ = ["c_source", "fold", "javascript_source", "python_source"]


def __getattr__(name: str) -> object:
    """Open the module when its name is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(__import__(f"{__name__}.{_HOMES[name]}", None, None, (name,)), name)
