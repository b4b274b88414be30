"""A network, its training and what it has learned, as pictures: SVG, made of text alone.

`network_graph(network)` draws the weights, `loss_curve(history)` the training, and
`decision_surface(network, X, y)` the output over two inputs. Each returns a `Picture`, which
shows itself in a notebook and has a `save(path)`.

Color never stands alone: dashes, shapes and numbers say the same, so that a picture can be
printed in black and white. A picture brings its own panel, light or dark as the reader's system
is, and loads nothing from anywhere.

Reading order: `svg` writes elements, `axes` finds ticks, `marks` has what series look like;
`curves`, `graph` and `surface` draw, the last with `view`, `contours` and `regions`.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .curves import loss_curve
    from .graph import network_graph
    from .surface import decision_surface
    from .svg import Picture

__all__ = ["Picture", "decision_surface", "loss_curve", "network_graph"]


__getattr__ = opener(
    __name__,
    {
        "Picture": "svg",
        "decision_surface": "surface",
        "loss_curve": "curves",
        "network_graph": "graph",
    },
)
