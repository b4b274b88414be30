"""Questions of learners, answered with numbers that are computed on the spot.

`answer("slope")` returns the answer as text, and `python3 -m purenet why slope` prints it;
`QUESTIONS` lists the topics. `gradients`, `floats` and `chance` compute the numbers, and the texts
around them are in `answers.txt`. Paragraphs are wrapped, and indented tables are not.
"""

from __future__ import annotations

import textwrap

from ...core.checks import PureNetError, shown
from ...estimators.conventions import nearest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

QUESTIONS = {
    "slope": "Why does the slope take the output and not the input?",
    "plus": "Why do we add to the weights, while other books subtract?",
    "transpose": "Why the transpose?",
    "sum": "Sum or mean: what does it have to do with the learning rate?",
    "bias": "What happens without a bias, and why is the article's third input always 1?",
    "xor": "Why does XOR sometimes fail, and how often?",
    "saturation": "Why does a network that is far off sometimes not learn at all?",
    "overflow": "What happens when exp overflows?",
    "last-digits": "Why could the last digits differ between machines?",
}

_HOMES = {
    "gradients": ("slope", "plus", "transpose", "sum"),
    "chance": ("bias", "xor"),
    "floats": ("saturation", "overflow", "last-digits"),
}

WIDTH = 88


def answer(topic: str, **options: Any) -> str:
    """Return the question of this topic and its answer, with numbers computed now.

    "xor" has the options of `chance.xor`. Raises PureNetError for a topic that is not among
    QUESTIONS.

    >>> print(answer("overflow").splitlines()[0])
    What happens when exp overflows?
    """
    if not isinstance(topic, str) or topic not in QUESTIONS:
        hint = nearest(str(topic), QUESTIONS) or f"; the topics are {', '.join(QUESTIONS)}"
        raise PureNetError(f"why: no topic is called {shown(topic)}{hint}")
    name = topic.replace("-", "_")
    home = next(home for home, topics in _HOMES.items() if topic in topics)
    module = __import__(f"{__name__}.{home}", None, None, (name,))
    blocks = getattr(module, name)(**options).split("\n\n")
    return "\n\n".join([QUESTIONS[topic], *map(_laid_out, blocks)])


def _laid_out(block: str) -> str:
    return block if block.startswith(" ") else textwrap.fill(block, WIDTH)
