"""A trained model as source code that needs nothing: Python, C, JavaScript.

`target` walks over a model's layers; a Target for each language says how it writes them. Which
form is for whom:

    Python  lists          who reads the file, and layers too large to unroll
            unrolled       the fastest Python; to 4,000 weights the default
            trainable      who wants to go on learning in the file
            --digits N     who wants less text that is still to be read
            --pack float32 boards: a tenth of the memory of lists, and seven digits
            --pack int8    boards: a fifteenth of it, and two digits
            --limit N      bots with a limit of characters: the only form below six a weight
    C       double         the bits of PureNet, where doubles cost nothing
            --float32      boards with a unit for floats
            --pack int8    boards with little flash: a byte a weight, computed in floats
    JS      double         browsers, Node.js
            --pack int8    pages that load fast: a fourth of the text

What the source does, it says in its first lines, and it can test itself where it runs.
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
