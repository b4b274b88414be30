"""The article's programs, and a view of each number that they compute.

`eleven_lines`, `two_layer` and `three_layer` are the article's programs on `purenet.np`.
`raw_lists` and `loops` are `three_layer` with less and less notation. Run them as files, or with
`python3 -m purenet lesson three-layer`; `programs` says what each trains. `trace` writes out one
training step of any network, and `why` answers questions.
"""

from ..core import opener

TYPE_CHECKING = False
if TYPE_CHECKING:
    from .questions import why
    from .tracing import trace

__all__ = ["trace", "why"]

__getattr__ = opener(__name__, {"trace": "tracing", "why": "questions"})
