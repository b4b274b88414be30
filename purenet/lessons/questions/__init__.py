"""Questions of learners, answered with numbers that are computed on the spot.

`why("slope")` returns the answer as text, and `python3 -m purenet why slope` prints it. `QUESTIONS`
lists the topics. `gradients`, `floats`, `chance` and `learning` compute the numbers, and the texts
around them are in `answers.txt`. Paragraphs are wrapped, and indented tables are not.
"""

from __future__ import annotations

import re
import textwrap
from typing import Any

from ...core import opener
from ...core.checks import PureNetError, shown
from ...estimators.conventions import nearest
from .example import TEXTS

# Each part of `answers.txt` begins with its name, a topic's also with its module and its question.
_TOPICS = re.findall(r"^## (\S+) \((\w+)\) (.*)$", TEXTS, re.MULTILINE)
QUESTIONS = {topic: question for topic, _, question in _TOPICS}
_answerer = opener(__name__, {topic.replace("-", "_"): home for topic, home, _ in _TOPICS})

WIDTH = 88


class Answer(str):
    """A text that a prompt and a notebook show as it reads, in lines."""

    __slots__ = ()
    __repr__ = str.__str__


def why(topic: str | None = None, **options: Any) -> Answer:
    """Return the question of this topic and its answer, with numbers computed now.

    Without a topic, return all questions. "xor" has the options of `chance.xor`. Raises
    PureNetError for a topic that is not among QUESTIONS.

    >>> why("overflow").splitlines()[0]
    'What happens when exp overflows?'
    """
    if topic is None:
        return Answer("\n".join(f"{name:<12} {asks}" for name, asks in QUESTIONS.items()))
    if not isinstance(topic, str) or topic not in QUESTIONS:
        hint = nearest(str(topic), QUESTIONS) or f"; the topics are {', '.join(QUESTIONS)}"
        raise PureNetError(f"why: no topic is called {shown(topic)}{hint}")
    blocks = _answerer(topic.replace("-", "_"))(**options).split("\n\n")
    return Answer("\n\n".join([QUESTIONS[topic], *map(_laid_out, blocks)]))


def _laid_out(block: str) -> str:
    return block if block.startswith(" ") else textwrap.fill(block, WIDTH)
