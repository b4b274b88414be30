"""Pictures of a network, its training and what it has learned: SVG, written as plain text.

`network_graph(network)` draws the weights, `loss_curve(history)` the training,
`decision_surface(network, X, y)` the output over two inputs, `correlation_chart(network, X, y)` how
closely inputs and hidden units follow a target, `slope_curve(activation)` its slope at three
points, `image_tiles(title, images)` rows of numbers as small images, and
`bar_chart(title, bars, label)` numbers with their spread, such as how much each column of a table
matters. Each returns a `Picture`, which shows itself in a notebook and has a `save(path)`.

Color is never the only sign: dashes, shapes and numbers show the same, so a picture can be printed
in black and white. A picture brings its own background, light or dark as the reader's system asks,
and loads nothing.

Reading order: `words` measures text, `svg` writes elements and the page, `axes` finds ticks,
`marks` has the looks of series; `bars`, `curves`, `graph`, `tiles` and `surface` draw, the last
with `view`, `contours` and `regions`.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .bars import bar_chart as bar_chart
    from .bars import correlation_chart as correlation_chart
    from .curves import loss_curve as loss_curve
    from .curves import slope_curve as slope_curve
    from .graph import network_graph as network_graph
    from .surface import decision_surface as decision_surface
    from .svg import Picture as Picture
    from .tiles import image_tiles as image_tiles

_HOMES = {
    "Picture": "svg",
    "bar_chart": "bars",
    "correlation_chart": "bars",
    "decision_surface": "surface",
    "image_tiles": "tiles",
    "loss_curve": "curves",
    "network_graph": "graph",
    "slope_curve": "curves",
}
__all__ = list(_HOMES)
__getattr__ = opener(__name__, _HOMES)
