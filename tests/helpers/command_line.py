"""The command line, called as a function: what it prints, and with which code it ends."""

import csv
import io
import os
import subprocess
import sys
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import pytest
from support import CHECKOUT

from purenet.cli import main

# Commands that run as processes in another folder find the package here.
ENV = {**os.environ, "PYTHONPATH": str(CHECKOUT)}

FOLDER = CHECKOUT / "purenet" / "datasets"
IRIS = str(FOLDER / "iris.csv")
# The table without the comments before it.
IRIS_LINES = [
    line for line in Path(IRIS).read_text(encoding="ascii").splitlines(True) if line[0] != "#"
]
IRIS_ROWS = list(csv.DictReader(IRIS_LINES))


def purenet(*arguments, cwd=None, input=""):  # noqa: A002
    """Run a command to its end in this process; return its exit code and what it printed."""
    given = input.encode() if isinstance(input, str) else input
    out, errors = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with ExitStack() as stack:
        stack.enter_context(pytest.MonkeyPatch.context()).setattr(
            sys, "stdin", io.TextIOWrapper(io.BufferedReader(io.BytesIO(given)), "utf-8")
        )
        stack.enter_context(redirect_stdout(out))
        stack.enter_context(redirect_stderr(errors))
        stack.enter_context(_inside(cwd))
        try:
            code = main([str(argument) for argument in arguments])
        except SystemExit as end:  # wrong usage, or the end of --help
            code = end.code
    return SimpleNamespace(returncode=code, stdout=_text(out), stderr=_text(errors))


@contextmanager
def _inside(folder):
    before = Path.cwd()
    if folder is not None:
        os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _text(stream):
    stream.flush()
    return stream.buffer.getvalue().decode()


def said(*arguments, **options):
    """Run a command that must work, and return what it printed."""
    done = purenet(*arguments, **options)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def process(*arguments, **options):
    """Run the command to its end, in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "purenet", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
        **{"env": ENV, **options},
    )
