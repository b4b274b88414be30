"""A trained model as source code that needs nothing: Python, C, JavaScript.

`folded` reduces a model to what it takes to predict; `python`, `c` and `javascript` write that
down. What the source does, it says in its first lines.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .c import c_source
    from .folded import fold
    from .javascript import javascript_source
    from .python import python_source


__all__ = ["c_source", "fold", "javascript_source", "python_source"]

__getattr__ = opener(
    __name__,
    {
        "c_source": "c",
        "fold": "folded",
        "javascript_source": "javascript",
        "python_source": "python",
    },
)
