"""What the commands print in the same way: results, remarks, progress, and a closing line."""

from __future__ import annotations

import json
import platform
import sys
import time
from typing import Any

from ..core.checks import counted
from ..core.network import Network
from ..formats.writing import replace_file


class Progress:
    """One line on standard error that is overwritten, and wiped at the end.

    It is shown only on a terminal, and not if `quiet`.
    """

    def __init__(self, quiet: bool) -> None:
        self.visible = not quiet and sys.stderr.isatty()
        self.width = 0

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *error: object) -> None:
        self.wipe()

    def show(self, text: str) -> None:
        """Write a text over the last one."""
        if self.visible:
            sys.stderr.write("\r" + text.ljust(self.width))
            sys.stderr.flush()
            self.width = len(text)

    def wipe(self) -> None:
        """Clear the line for the next output."""
        if self.width:
            sys.stderr.write("\r" + " " * self.width + "\r")
            sys.stderr.flush()
            self.width = 0


class Stopwatch:
    """The time since it was made, and the closing line of a run.

    >>> Stopwatch().closing_line("2 epochs").startswith("2 epochs in 0.00 s on ")
    True
    """

    def __init__(self) -> None:
        self.start = time.perf_counter()

    def seconds(self) -> float:
        """Return the seconds since this was made."""
        return time.perf_counter() - self.start

    def left(self, done: int, of: int) -> str:
        """Return how long the rest takes at the speed so far, such as "12 s left"."""
        return f"{self.seconds() / done * (of - done):.0f} s left"

    def closing_line(self, work: str) -> str:
        """Return a line saying how long the work took and on which interpreter."""
        return f"{work} in {self.seconds():.2f} s on {_interpreter()}"

    def print_document(self, network: Network, epochs: int, **found: Any) -> None:
        """Print as JSON how a network was trained, what was found, and how long it took."""
        trained = {"sizes": network.sizes, "seed": network.seed, "epochs": epochs}
        machine = {"seconds": self.seconds(), "interpreter": _interpreter()}
        print(json.dumps({**trained, **found, **machine}))


def deliver(text: str, out: str | None, about: str = "") -> None:
    """Write a result to standard output, or to a file, and then say that it is written."""
    if out is None:
        sys.stdout.write(text)
    else:
        replace_file(out, text.encode())
        print(f"{out} written{about}")


def remark(sentence: str) -> None:
    """Print a sentence that is not a result to standard error."""
    print(f"purenet: {sentence}", file=sys.stderr)


def in_words(seconds: float) -> str:
    """Return a time in the unit that people would choose.

    >>> in_words(12.3), in_words(240), in_words(10_000)
    ('12 seconds', '4 minutes', '3 hours')
    """
    unit, size = ("second", 1) if seconds < 90 else ("minute", 60)
    unit, size = ("hour", 3600) if seconds >= 90 * 60 else (unit, size)
    return counted(round(seconds / size), unit)


def _interpreter() -> str:
    """Return the name and version of the interpreter, such as "CPython 3.11.7".

    >>> _interpreter().startswith(platform.python_implementation())
    True
    """
    return f"{platform.python_implementation()} {platform.python_version()}"
