"""The bundle command: the core in one Python file, for hosts that take a single file."""

from __future__ import annotations

from ..export.bundle import bundle_source
from ..formats import load
from .options import MODEL_FILES
from .terminal import check_ending, deliver

SUMMARY = "write the core, and optionally a model, as one Python file"
EXAMPLE = "bundle net.json -o network.py"
TEXTS: dict[str, str] = {
    "model": f"file of a saved model to include: {MODEL_FILES} (default: none)",
    "out": "Python file to write, .py (default: standard output)",
}


def run(model: str | None = None, out: str | None = None, bare: bool = False) -> None:
    """Write the file, or print it."""
    check_ending(out, "Python source", ".py")
    source = bundle_source(None if model is None else load(model), bare=bare)
    deliver(source, out, f": {len(source):,} characters")
