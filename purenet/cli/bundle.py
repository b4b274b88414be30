"""The bundle command: the core in one Python file, for hosts that take a single file."""

from __future__ import annotations

from ..export.bundle import bundle_source
from ..formats import load
from .terminal import check_ending, deliver

SUMMARY = "write the core, and optionally a model, as one Python file"
EXAMPLE = "bundle net.json -o network.py"
TEXTS: dict[str, str] = {"out": "Python file to write, .py (default: standard output)"}


def run(perhaps_model: str | None = None, out: str | None = None, bare: bool = False) -> None:
    """Write the file, or print it."""
    check_ending(out, "Python source", ".py")
    source = bundle_source(None if perhaps_model is None else load(perhaps_model), bare=bare)
    deliver(source, out, f": {len(source):,} characters")
