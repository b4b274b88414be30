"""How a training on the command line is kept from being lost: written down now and then."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from typing import Any

from ..core._types import Matrix
from ..estimators.descent import Descent
from ..formats.checkpoint import load_checkpoint, save_checkpoint, snapshot

# Writing may take up this part of the time, at most; so a short training is written down often.
PART_FOR_WRITING = 0.1


class Checkpoint:
    """The file to which a training is written, if there is one, and what it would write now."""

    def __init__(self, path: str | None, of: str) -> None:
        self.path, self.of = path, of
        self.state: dict[str, Any] | None = None
        self.next = 0.0

    def after_epoch(self, descent: Descent) -> None:
        """Keep the state after an epoch, and write it down if it is time for that."""
        if self.path is None:
            return
        self.state = snapshot(descent, self.of)
        if time.monotonic() >= self.next:
            self._write()

    def _write(self) -> None:
        if self.path is not None and self.state is not None:
            start = time.monotonic()
            save_checkpoint(self.state, self.path)
            end = time.monotonic()
            self.next = end + (end - start) / PART_FOR_WRITING

    def interrupted(self) -> None:
        """Write the last state down, and say how to go on from it."""
        if self.state is None:
            return
        self._write()
        epochs = len(self.state["losses"])
        print(
            f"purenet: {epochs:,} epochs are kept in {self.path}; to go on, give the same command "
            f"with --resume {self.path}",
            file=sys.stderr,
        )


def digest_of(options: dict[str, Any], X: Matrix, y: list[Any], validation: Any = None) -> str:
    """Return a text that is the same for the same options and data, and else another.

    `validation` is the data that tells when to stop, where that is not a part of the rows.

    >>> digest_of({}, [[1.0]], ["a"]) == digest_of({}, [[1.0]], ["b"])
    False
    """
    kept = {name: value for name, value in options.items() if name not in ("executor", "callback")}
    return hashlib.sha256(json.dumps([kept, X, y, validation]).encode()).hexdigest()


def resumed(path: str | None, of: str) -> Descent | None:
    """Return the descent in a checkpoint, None where there is none to go on from."""
    return None if path is None else load_checkpoint(path, of)
