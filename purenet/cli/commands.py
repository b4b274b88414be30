"""Which commands there are, and which of them runs."""

from __future__ import annotations

import argparse

from .._version import __version__
from . import (
    article,
    bundle,
    convert,
    diagnose,
    digits,
    evaluate,
    export,
    inspect,
    lesson,
    picture,
    predict,
    source,
    trace,
    train,
    why,
)
from .options import WrongUsage, add_options, misplaced

COMMANDS = {
    "article": article,
    "digits": digits,
    "train": train,
    "predict": predict,
    "evaluate": evaluate,
    "inspect": inspect,
    "convert": convert,
    "export": export,
    "bundle": bundle,
    "lesson": lesson,
    "trace": trace,
    "why": why,
    "source": source,
    "picture": picture,
    "diagnose": diagnose,
}


def run(arguments: list[str] | None) -> None:
    """Run one command; argparse ends the process, with exit code 2, where the usage is wrong."""
    parser, parsers = _parsers()
    options = vars(parser.parse_args(arguments))
    name = options.pop("command") or "article"
    command = COMMANDS[name]
    for flag in misplaced(options, command.DEFAULTS):
        parser.error(f"{name} has no option {flag}")
    try:
        command.run(**{**command.DEFAULTS, **options})
    except WrongUsage as error:
        parsers[name].error(str(error))


def _parsers() -> tuple[argparse.ArgumentParser, dict[str, argparse.ArgumentParser]]:
    """Return the parser of the command line, and that of each command."""
    parser = argparse.ArgumentParser(
        prog="purenet",
        usage="%(prog)s [COMMAND] [options]",
        description=f"A neural network in pure Python. Without a command: {article.SUMMARY}.",
    )
    parser.add_argument("--version", action="version", version=f"purenet {__version__}")
    add_options(parser, article.DEFAULTS)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", title="commands", prog=parser.prog
    )
    for name, module in COMMANDS.items():
        command = commands.add_parser(name, help=module.SUMMARY, description=f"{module.SUMMARY}.")
        add_options(command, module.DEFAULTS)
    return parser, commands.choices
