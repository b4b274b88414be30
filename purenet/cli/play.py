"""The play command: a network that learns in a page."""

from __future__ import annotations

from ..page.playground import playground
from .terminal import check_ending, deliver

SUMMARY = "write an HTML page in which a network learns"
EXAMPLE = "play -o play.html"


def run(lang: str = "en", out: str | None = None) -> None:
    """Write the page."""
    check_ending(out, "a page", ".html", ".htm")
    deliver(playground(lang).html, out)
