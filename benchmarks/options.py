"""The options that the commands share, each with what it refuses."""

from argparse import ArgumentTypeError
from pathlib import Path

from .workloads import ENGINES


def add_measuring(parser, repeats, only):
    """Add --json, --repeats and --only, which every benchmark has."""
    written = {"dest": "json_file", "type": destination, "metavar": "FILE"}
    often = f"number of repeats (default: {repeats})"
    parser.add_argument("--json", **written, help="write all measurements to FILE")
    parser.add_argument("--repeats", type=at_least_one, metavar="N", help=often)
    add_only(parser, "cases", only)


def add_only(parser, things, default=""):
    """Add --only."""
    words = f"only {things} whose names contain TEXT"
    parser.add_argument("--only", default=default, metavar="TEXT", help=words)


def add_engines(parser, names):
    """Add --engines."""
    words = f"engines to measure, where they are installed (default: {','.join(names)})"
    parser.add_argument("--engines", type=engines, default=names, metavar="NAMES", help=words)


def add_size(parser):
    """Add --size."""
    words = "multiply the number of hidden units, or the width of a matrix, by N (default: 1)"
    parser.add_argument("--size", type=at_least_one, default=1, metavar="N", help=words)


def at_least_one(text):
    """Return a whole number of at least 1.

    >>> at_least_one("2")
    2
    """
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise ArgumentTypeError(f"expected a whole number of at least 1, got {text}")
    return number


def destination(path):
    """Return a path; refuse one that cannot be written to, before anything is measured."""
    try:
        Path(path).open("a").close()
    except OSError as error:
        raise ArgumentTypeError(str(error)) from None
    return path


def engines(text):
    """Return the names of engines.

    >>> engines("lists,numpy")
    ['lists', 'numpy']
    """
    names = text.split(",")
    if not set(names) <= set(ENGINES):
        raise ArgumentTypeError(f"expected some of {','.join(ENGINES)}, got {text}")
    return names
