"""The article's programs, and how to watch each number of theirs arise.

`eleven_lines`, `two_layer` and `three_layer` are the article's programs on `purenet.np`;
`raw_lists` and `loops` are the last of them with less and less notation. Run them as files, or by
`python3 -m purenet lesson three-layer`. `trace` writes out one training step of any network.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .tracing import trace

__all__ = ["trace"]


def __getattr__(name: str) -> object:
    """Open a module when one of its names is first asked for (PEP 562)."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .tracing import trace

    globals()["trace"] = trace
    return trace
