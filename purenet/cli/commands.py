"""Which commands there are, in groups, what `--help` says of them, and which one runs."""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from types import ModuleType

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

GROUPS: dict[str, tuple[ModuleType, ...]] = {
    "learn": (article, digits, train),
    "use": (predict, evaluate, inspect, diagnose),
    "carry": (convert, export, bundle),
    "read": (lesson, trace, why, source, picture),
}
COMMANDS = {
    module.__name__.rpartition(".")[2]: module for modules in GROUPS.values() for module in modules
}
EXAMPLES = ("", train.EXAMPLE, trace.EXAMPLE)  # without a command: the article


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
    """Build the parser of the command line, and that of each command."""
    parser = argparse.ArgumentParser(
        prog="purenet",
        usage="%(prog)s [COMMAND] [options]",
        description="A feed-forward neural network in pure Python, with no dependencies.\n"
        f"Without a command: {article.SUMMARY}.\n\n{_listing()}",
        epilog=f"examples:\n{_lines(EXAMPLES)}\n\n"
        "`purenet COMMAND --help` lists the options of a command and shows an example.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"purenet {__version__}")
    add_options(parser, article.DEFAULTS, article.TEXTS)
    commands = parser.add_subparsers(
        dest="command", metavar="COMMAND", help=argparse.SUPPRESS, prog=parser.prog
    )
    for name, module in COMMANDS.items():
        command = commands.add_parser(
            name,
            description=f"{module.SUMMARY[0].upper()}{module.SUMMARY[1:]}.",
            epilog=f"example:\n{_lines([module.EXAMPLE])}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add_options(command, module.DEFAULTS, module.TEXTS)
    return parser, commands.choices


def _listing() -> str:
    """Return the commands of each group with their summaries."""
    names = {module: name for name, module in COMMANDS.items()}
    groups = [
        f"{group}:\n" + "\n".join(f"  {names[m]:<10} {m.SUMMARY}" for m in modules)
        for group, modules in GROUPS.items()
    ]
    return "\n\n".join(groups)


def _lines(examples: Iterable[str]) -> str:
    return "\n".join(f"  python3 -m purenet {example}".rstrip() for example in examples)
