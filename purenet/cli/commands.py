"""Which commands there are, and how their options are read."""

from __future__ import annotations

import argparse

from .. import __version__
from . import article, digits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = {"article": article, "digits": digits}


def run(arguments: list[str] | None) -> None:
    """Run one command; argparse ends the process, with exit code 2, where the usage is wrong."""
    options = vars(_parser().parse_args(arguments))
    command = COMMANDS[options.pop("command") or "article"]
    command.run(**{"quiet": False, "as_json": False, **command.DEFAULTS, **options})


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="purenet",
        usage="%(prog)s [COMMAND] [options]",
        description=f"A neural network in pure Python. Without a command: {article.SUMMARY}.",
    )
    parser.add_argument("--version", action="version", version=f"purenet {__version__}")
    _add_options(parser, article.DEFAULTS)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog=parser.prog
    )
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.SUMMARY, description=f"{module.SUMMARY}.")
        _add_options(command, module.DEFAULTS)
    return parser


def _add_options(parser: argparse.ArgumentParser, defaults: dict[str, int]) -> None:
    def add_number(name: str, what: str, lowest: int, highest: int | None = None) -> None:
        parser.add_argument(
            f"--{name}",
            type=_whole(lowest, highest),
            # Not argparse's own default: a command's would overwrite what stands before its name.
            default=argparse.SUPPRESS,
            metavar="N",
            help=f"{what} (default: {defaults[name]:,})",
        )

    add_number("seed", "NumPy's seed, for the first weights", 0, 2**32 - 1)
    add_number("epochs", "how often every example is shown", 1)
    add_number("hidden", "neurons in the hidden layer", 1)
    quiet = "the results alone: no progress and no closing line"
    for flags, name, what in (
        (("-q", "--quiet"), "quiet", quiet),
        (("--json",), "as_json", "one JSON document instead of text"),
    ):
        parser.add_argument(
            *flags, dest=name, action="store_true", default=argparse.SUPPRESS, help=what
        )


def _whole(lowest: int, highest: int | None) -> Callable[[str], int]:
    """Return a converter of an option's text to a whole number within limits."""
    limits = f"of at least {lowest}" if highest is None else f"from {lowest} to {highest}"

    def convert(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = lowest - 1
        if number < lowest or (highest is not None and number > highest):
            came = text if len(text) <= 40 else text[:37] + "..."
            raise argparse.ArgumentTypeError(f"expected a whole number {limits}, got {came!r}")
        return number

    return convert
