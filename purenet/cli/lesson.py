"""The lesson command: one of the article's programs, each a file of its own."""

from __future__ import annotations

import re
import runpy
from importlib.util import find_spec
from typing import Any

from .. import lessons
from .options import LESSONS

SUMMARY = "run one of the article's programs and say where to look in it"
EXAMPLE = "lesson two-layer"
TEXTS: dict[str, str] = {"quiet": "print only the program's own output, without the places to look"}


def run(lesson: str | None = None, source: bool = False, quiet: bool = False) -> None:
    """Run a lesson and print its places to look, or print its source; without one, list all."""
    if lesson is None:
        for name in LESSONS:
            first_line = _source(_module(name)).partition("\n")[0].strip('"')
            print(f"{name:<14} {first_line}")
        return
    module = _module(lesson)
    if source:
        print(_source(module), end="")
        return
    runpy.run_module(module)
    if not quiet:
        places = _source(module).partition("\n# Places to look\n")[2]
        print("\nPlaces to look\n" + re.sub("^# ?", "", places, flags=re.MULTILINE), end="")


def _module(lesson: str) -> str:
    return f"{lessons.__name__}.{lesson.replace('-', '_')}"


def _source(module: str) -> str:
    loader: Any = getattr(find_spec(module), "loader", None)
    return str(loader.get_source(module))
