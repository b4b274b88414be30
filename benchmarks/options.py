"""The options that the commands share, each with what it refuses."""

from argparse import ArgumentTypeError
from pathlib import Path

from .workloads import ENGINES


def add_measuring(command, repeats):
    """Add --json, --repeats and --only, which every benchmark has."""
    often = f"how often (default: {repeats})"
    command.add_argument(
        "--json",
        dest="json_file",
        type=destination,
        metavar="FILE",
        help="write all that was measured there",
    )
    command.add_argument("--repeats", type=at_least_one, default=repeats, metavar="N", help=often)
    command.add_argument(
        "--only", default="", metavar="TEXT", help="only cases whose names have this in them"
    )


def add_engines(command, names):
    """Add --engines."""
    default = ",".join(names)
    command.add_argument(
        "--engines",
        type=engines,
        default=names,
        metavar="NAMES",
        help=f"with these where they are installed (default: {default})",
    )


def add_size(command):
    """Add --size."""
    command.add_argument(
        "--size",
        type=at_least_one,
        default=1,
        metavar="N",
        help="so many times as many hidden units, or as wide a matrix (default: 1)",
    )


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
    """Return a path that can be written to: found out now, and not when all has been measured."""
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
    for name in names:
        if name not in ENGINES:
            raise ArgumentTypeError(f"expected some of {','.join(ENGINES)}, got {text}")
    return names
