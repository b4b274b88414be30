"""A training as one HTML page, in which each number can be seen and touched.

`report()` records the article's two trainings, and `report(network, X, y, epochs=1000)` one of a
network of your own. The page is a single file that loads nothing. It holds the weights, the
activations and the loss of some iterations; its JavaScript computes all other numbers from them,
in the order of `core`, so that they have Python's bits.

The guide is README.md in this folder. Reading order: `frames` records, `document` joins the
template, the style, the scripts and the words. Of the scripts, `numbers.js` has every number of a
step, `trainer.js` an exported file's trainer, `pictures.js` draws, and `page.js` has the controls.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .document import Page, report

__all__ = ["Page", "report"]

__getattr__ = opener(__name__, {"Page": "document", "report": "document"})
