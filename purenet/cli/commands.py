"""Which commands there are, and how their options are read."""

from __future__ import annotations

import argparse

from .. import __version__
from . import article, digits, source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

COMMANDS = {"article": article, "digits": digits, "source": source}


def run(arguments: list[str] | None) -> None:
    """Run one command; argparse ends the process, with exit code 2, where the usage is wrong."""
    parser = _parser()
    options = vars(parser.parse_args(arguments))
    name = options.pop("command") or "article"
    command = COMMANDS[name]
    for option in options.keys() - command.DEFAULTS.keys():  # it stood before the command's name
        parser.error(f"{name} has no option {_FLAGS[option][-1]}")
    command.run(**{**command.DEFAULTS, **options})


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


_NUMBERS = {
    "seed": ("NumPy's seed, for the first weights", 0, 2**32 - 1),
    "epochs": ("how often every example is shown", 1, None),
    "hidden": ("neurons in the hidden layer", 1, None),
}
_SWITCHES = {
    "quiet": "the results alone: no progress and no closing line",
    "as_json": "one JSON document instead of text",
    "tuned": "as the engine runs it, with all that saves time",
}
_FLAGS = {
    **{name: (f"--{name}",) for name in (*_NUMBERS, "tuned")},
    "quiet": ("-q", "--quiet"),
    "as_json": ("--json",),
}


def _add_options(parser: argparse.ArgumentParser, defaults: dict[str, int]) -> None:
    """Add the options that a command has a default for."""
    for name, (what, lowest, highest) in _NUMBERS.items():
        if name in defaults:
            parser.add_argument(
                *_FLAGS[name],
                type=_whole(lowest, highest),
                # Not argparse's own default: a command's would overwrite what stands before it.
                default=argparse.SUPPRESS,
                metavar="N",
                help=f"{what} (default: {defaults[name]:,})",
            )
    for name, what in _SWITCHES.items():
        if name in defaults:
            parser.add_argument(
                *_FLAGS[name],
                dest=name,
                action="store_true",
                default=argparse.SUPPRESS,
                help=what,
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
