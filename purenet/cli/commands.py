"""Which commands there are, in groups, what `--help` says of them, and which one runs."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import Any, NoReturn

from .._version import __version__
from ..core.checks import cut, short
from ..estimators.conventions import nearest
from .options import WrongUsage, add_options, further_of, refuse_overwriting
from .terminal import remark

GROUPS = {
    "learn": ("article", "digits", "train"),
    "use": ("predict", "evaluate", "inspect", "diagnose"),
    "carry": ("convert", "export", "bundle"),
    "read": ("lesson", "trace", "why", "source", "picture", "report", "play"),
}
COMMANDS = tuple(name for names in GROUPS.values() for name in names)
PREFIX = "  python3 -m purenet"


class Parser(argparse.ArgumentParser):
    """A parser that says in a sentence what is wrong, and how to see the help."""

    def __init__(self, prog: str, **settings: Any) -> None:
        style = argparse.RawDescriptionHelpFormatter
        super().__init__(prog, formatter_class=style, allow_abbrev=False, **settings)

    def error(self, message: str) -> NoReturn:
        """Print a sentence to standard error, and end the process with exit code 2."""
        there = "options" if self.command else "commands and options"
        sentence = message.removeprefix("argument ")
        remark(f"{sentence}\npurenet: `{self.prog} --help` lists the {there}")
        self.exit(2)

    @property
    def command(self) -> str:
        """The name of the command, empty for what stands before one."""
        return self.prog.partition(" ")[2]

    def options_in(self, arguments: list[str]) -> dict[str, Any]:
        """Return the options that the arguments give; an unknown one is wrong usage."""
        options, unknown = self.parse_known_args(arguments)
        for given in unknown:
            if not given.startswith("-"):
                self.error(f"{self.command} takes no more arguments, but got {short(given)}")
            flag, flags = given.partition("=")[0], self._option_string_actions
            has = f"{self.command} has" if self.command else "there is"
            self.error(f"{has} no option {cut(flag)}{nearest(flag, flags)}")
        return vars(options)


def run(arguments: list[str] | None) -> None:
    """Run one command; wrong usage ends the process with exit code 2."""
    arguments = sys.argv[1:] if arguments is None else arguments
    name, rest = (arguments or [""])[0], arguments[1:]
    if name not in COMMANDS:  # nothing, or options before the name
        parser = command_line()
        given = parser.options_in(arguments)
        if given["help"]:
            print(help_page(parser), end="")
            return
        words = given["command"]
        name = words[0] if words else "article"
        if name not in COMMANDS:
            parser.error(f"there is no command {cut(name)}{nearest(name, COMMANDS)}")
        rest = arguments[: len(arguments) - len(words)] + words[1:]
    module, parser = _module(name), parser_of(name)
    try:
        given = parser.options_in(rest)
        refuse_overwriting(given)
        module.run(**{**further_of(module), **given})
    except WrongUsage as error:
        parser.error(str(error))


def command_line() -> Parser:
    """Return the parser of what stands before the name of a command: the article's options."""
    parser = Parser("purenet", usage="%(prog)s [COMMAND] [options]", add_help=False)
    says = "show this help message and exit"
    parser.add_argument("-h", "--help", action="store_true", help=says)
    parser.add_argument("--version", action="version", version=f"purenet {__version__}")
    add_options(parser, _module("article"))
    parser.add_argument("command", nargs=argparse.REMAINDER, help=argparse.SUPPRESS)
    return parser


def parser_of(name: str) -> Parser:
    """Return the parser of a command's arguments."""
    module = _module(name)
    parser = Parser(
        f"purenet {name}",
        description=f"{module.SUMMARY[0].upper()}{module.SUMMARY[1:]}.",
        epilog=f"example:\n{PREFIX} {module.EXAMPLE}",
    )
    add_options(parser, module)
    return parser


def help_page(parser: Parser) -> str:
    """Return the help of the command line: each group of commands with their summaries."""
    groups = [
        f"{group}:\n" + "\n".join(f"  {name:<10} {_module(name).SUMMARY}" for name in names)
        for group, names in GROUPS.items()
    ]
    opening = "A feed-forward neural network in pure Python, with no dependencies."
    without = f"Without a command: {_module('article').SUMMARY}."
    parser.description = "\n\n".join([f"{opening}\n{without}", *groups])
    examples = [f"{PREFIX} {_module(name).EXAMPLE}" for name in ("train", "trace")]
    closing = "`purenet COMMAND --help` lists the options of a command and shows an example."
    parser.epilog = "\n".join(["examples:", PREFIX, *examples, "", closing])
    return parser.format_help()


def _module(name: str) -> Any:
    return import_module(f".{name}", __package__)
