"""Checkpoints: the state of a training on the command line, saved now and then."""

from __future__ import annotations

import hashlib
import json
import time
from typing import Any

from ..core._types import Matrix
from ..core.checks import counted
from ..estimators.descent import Descent
from ..formats.checkpoint import save_checkpoint, snapshot
from .terminal import remark

# Saving takes at most this part of the time, so a short training is saved often.
PART_FOR_WRITING = 0.1


class Checkpoint:
    """The file that a training is saved to, if any, and the state to save."""

    def __init__(self, path: str | None, of: str) -> None:
        self.path, self.of = path, of
        self.state: dict[str, Any] | None = None
        self.next = 0.0

    def after_epoch(self, descent: Descent) -> None:
        """Keep the state after an epoch, and save it if it is time to."""
        if self.path is None:
            return
        self.state = snapshot(descent, self.of)
        start = time.monotonic()
        if start >= self.next:
            save_checkpoint(self.state, self.path)
            end = time.monotonic()
            self.next = end + (end - start) / PART_FOR_WRITING

    def interrupted(self) -> None:
        """Save the last state, and say how to resume from it."""
        if self.path is None or self.state is None:
            return
        save_checkpoint(self.state, self.path)
        epochs = len(self.state["losses"])
        resume = f"to resume, repeat the command with --resume {self.path}"
        remark(f"{counted(epochs, 'epoch')} saved in {self.path}; {resume}")


def digest_of(options: dict[str, Any], X: Matrix, y: list[Any], validation: Any = None) -> str:
    """Return a digest that differs wherever the options or the data do.

    `validation` is the data that tells when to stop, if it comes from another table.

    >>> digest_of({}, [[1.0]], ["a"]) == digest_of({}, [[1.0]], ["b"])
    False
    """
    kept = {name: value for name, value in options.items() if name not in ("executor", "callback")}
    return hashlib.sha256(json.dumps([kept, X, y, validation]).encode()).hexdigest()
