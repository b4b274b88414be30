"""The lesson command: one of the article's programs, each a file of its own."""

from __future__ import annotations

import io
import re
import runpy
from collections.abc import Iterable
from contextlib import redirect_stdout, suppress
from pathlib import Path
from typing import Any

from .. import lessons
from ..core.checks import PureNetError
from ..export.layout import text_of
from ..lessons.checking import difference
from ..lessons.programs import LESSONS
from .options import WrongUsage
from .terminal import Progress, deliver, say

SUMMARY = "run one of the article's programs and say where to look in it"
EXAMPLE = "lesson two-layer"
TEXTS: dict[str, str] = {"quiet": "print only the program's own output, without the places to look"}
HOME = str(Path(lessons.__file__).parents[2])  # the folder that purenet is imported from
LONG = 10_000  # iterations that a terminal shows the progress of


def run(
    lesson: str | None = None, source: bool = False, check: str | None = None, quiet: bool = False
) -> None:
    """Run a lesson and print its places to look, or print its source; without one, list all."""
    if lesson is None:
        if check is not None:
            raise WrongUsage("--check: expected the lesson to compare with, got none")
        for name in LESSONS:
            first_line = _source(name).partition("\n")[0].strip('"')
            print(f"{name:<14} {first_line}")
        return
    if source:
        # A copy of the file finds purenet too.
        deliver(_source(lesson).replace('f"{sys.path[0]}/../.."', repr(HOME)))
        return
    if check is not None:
        say(_checked(check, lesson, quiet))
        return
    with Progress(quiet) as progress:
        runpy.run_module(f"{lessons.__name__}.{lesson.replace('-', '_')}", _showing(progress))
    if not quiet:
        places = _source(lesson).partition("\n# Places to look\n")[2]
        print("\nPlaces to look\n" + re.sub("^# ?", "", places, flags=re.MULTILINE), end="")


def _showing(progress: Progress) -> dict[str, Any]:
    """Return a `range` and a `print` for a program that show its progress on a terminal."""

    def counting(*limits: int) -> Iterable[int]:
        numbers = range(*limits)
        return numbers if len(numbers) < LONG else counted(numbers)

    def counted(numbers: range) -> Iterable[int]:
        for number in numbers:
            if number % 500 == 250:  # not where a lesson prints an error
                progress.show(f"iteration {number:,} of {len(numbers):,}")
            yield number

    def say(*words: object, **how: Any) -> None:
        progress.wipe()
        print(*words, **how)

    return {"range": counting, "print": say} if progress.visible else {}


def _checked(path: str, lesson: str, quiet: bool) -> str:
    """Run a learner's program, and say that it prints the lesson's numbers."""
    printed = io.StringIO()
    try:
        with Progress(quiet) as progress, redirect_stdout(printed), suppress(SystemExit):
            runpy.run_path(path, _showing(progress), "__main__")
    except Exception as error:
        raise PureNetError(f"{path}: ended with {type(error).__name__}: {error}") from error
    found = difference(printed.getvalue(), lesson)
    if found:
        raise PureNetError(f"{path}: {found}")
    return f"{path}: prints the numbers of {lesson}"


def _source(lesson: str) -> str:
    return text_of(f"lessons/{lesson.replace('-', '_')}.py")
