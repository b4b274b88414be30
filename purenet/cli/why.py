"""The why command: what learners ask, answered on real numbers."""

from __future__ import annotations

from ..lessons.questions import why
from .options import WrongUsage
from .terminal import Progress

SUMMARY = "answer what learners ask, with numbers computed on the spot"
EXAMPLE = "why slope"


def run(topic: str | None = None, seeds: int | None = None) -> None:
    """Print the answer to the question of a topic; without a topic, list all questions."""
    if seeds is not None and topic != "xor":
        raise WrongUsage("--seeds: only for the topic xor; leave it out, or ask why xor")
    with Progress(quiet=False) as progress:
        options = {"seeds": seeds or 100, "progress": progress.show} if topic == "xor" else {}
        text = why(topic, **options)
    print(text)
