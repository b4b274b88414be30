"""A network, its training and what it has learned, as pictures: SVG, made of text alone.

`network_graph(network)` draws the weights, `loss_curve(history)` the training, and
`decision_surface(network, X, y)` the output over two inputs. Each returns a `Picture`, which
shows itself in a notebook and has a `save(path)`.

Colour never stands alone: dashes, shapes and numbers say the same, so that a picture can be
printed in black and white. A picture brings its own panel, light or dark as the reader's system
is, and loads nothing from anywhere.

Reading order: `svg` writes elements, `axes` finds ticks, `marks` has what series look like;
`curves`, `graph` and `surface` draw, the last with `view`, `contours` and `regions`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .curves import loss_curve
    from .graph import network_graph
    from .surface import decision_surface
    from .svg import Picture

__all__ = ["Picture", "decision_surface", "loss_curve", "network_graph"]

_HOMES = {
    "Picture": "svg",
    "decision_surface": "surface",
    "loss_curve": "curves",
    "network_graph": "graph",
}


def __getattr__(name: str) -> object:
    """Open a module when it is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(__import__(f"{__name__}.{_HOMES[name]}", None, None, (name,)), name)
