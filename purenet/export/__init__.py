"""A trained model as source code without dependencies: Python, C, JavaScript.

`target` walks over a model's layers; each language has a Target that writes them. Each form suits a
different use:

    Python  lists          reading the file, and layers too large to unroll
            unrolled       the fastest Python; the default up to 4,000 weights
            bigint         large layers, faster than that, and nine, six or four digits
            trainable      continuing the training in the file
            --digits N     a shorter file that is still readable
            --pack float32 boards: a tenth of the memory of lists, and seven digits
            --pack int8    boards: a fifteenth of it, and two digits
            --limit N      bots with a limit of characters, even below six for a weight
    C       double         the bits of PureNet, for machines with a unit for doubles
            --float32      boards with a unit for floats
            --pack int8    boards with little flash: a byte a weight, computed in floats
            trainable      continuing the training on the board, one row at a time
    JS      .mjs           an ES module: browsers, Node.js
            .js            a script in ES5: QuickJS, Duktape, old browsers
            trainable      continuing the training in the file
            --digits N     a shorter file that is still readable
            --float32      a third of the text, and seven digits
            --pack int8    pages that load fast: a fifth of the text

The source describes itself in its first lines. All forms can test themselves on the machine they
run on, except Python with --pack or --limit.
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
