"""What the commands print in the same way: results, remarks, progress, and a closing line."""

from __future__ import annotations

import json
import os
import platform
import re
import sys
import time
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import Any

from ..core.checks import PureNetError, counted
from ..core.network import Network
from ..formats.writing import replace_file
from ..tables.notes import flagged

# What a terminal obeys instead of showing it, or shows in another order, and halves of characters.
OBEYED = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


class Progress(AbstractContextManager["Progress"]):
    """One line on standard error that is overwritten, and wiped at the end.

    It is shown only on a terminal, and not if `quiet`.
    """

    def __init__(self, quiet: bool) -> None:
        self.visible = not quiet and sys.stderr.isatty()
        self.width = 0

    def __exit__(self, *error: object) -> None:
        self.wipe()

    def show(self, text: str) -> None:
        """Write a text over the last one."""
        if self.visible:
            to_stderr("\r" + text.ljust(self.width))
            self.width = len(text)

    def wipe(self) -> None:
        """Clear the line for the next output."""
        if self.width:
            to_stderr("\r" + " " * self.width + "\r")
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
        print_json({**trained, **found, **machine})


def deliver(text: str, out: str | None = None, about: str = "") -> None:
    """Write a result in UTF-8 to standard output, or to a file, and then say that it is written.

    The encoding of standard output is that of a terminal, so only a terminal gets it.
    """
    data = text.encode("utf-8", "backslashreplace")
    if out is not None:
        replace_file(out, data)
        say_written(out, about)
    elif sys.stdout.isatty() or not hasattr(sys.stdout, "buffer"):
        say(text, end="")
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)


def say_written(out: str, about: str = "") -> None:
    """Say that a file is written, but not on the standard output that may be that file."""
    if Path(out).is_file():
        say(f"{out} written{about}")


def check_ending(out: str | None, what: str, *endings: str) -> None:
    """Raise PureNetError if the name of a file to write promises another kind of file.

    >>> check_ending("net.png", "a picture", ".svg")
    Traceback (most recent call last):
        ...
    purenet.core.checks.PureNetError: net.png: expected a name for a picture, which ends in .svg
    """
    if Path(out or "").suffix.lower() not in ("", *endings):
        name = f"a name for {what}, which ends in {' or '.join(endings)}"
        raise PureNetError(f"{out}: expected {name}")


def print_json(document: dict[str, Any]) -> None:
    """Print JSON, in which null stands for a number that is not finite."""
    finite = json.loads(json.dumps(document), parse_constant=lambda name: None)
    print(json.dumps(finite))


def say(*lines: str, end: str = "\n") -> None:
    """Print lines for people to standard output, with options spelled as flags."""
    for line in lines:
        print(visible(flagged(line)), end=end)


def remark(sentence: str) -> None:
    """Print a sentence that is not a result to standard error, with options spelled as flags."""
    to_stderr(visible(f"purenet: {flagged(sentence)}\n"))


def visible(text: str) -> str:
    r"""Return a text in which escapes stand for what would make a terminal do something.

    >>> print(visible("a\x1b[2Jb"))
    a\x1b[2Jb
    """
    return OBEYED.sub(lambda found: repr(found[0])[1:-1], text)


def to_stderr(text: str) -> None:
    """Write to standard error; where nobody can read it, the work goes on."""
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        give_up(sys.stderr)


def give_up(stream: Any) -> None:
    """Lead a stream that takes nothing to the null device, or Python's flush at exit would fail."""
    with suppress(OSError):  # it has no number
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


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
