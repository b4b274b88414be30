"""The command line: `python3 -m benchmarks run`."""

import argparse
import sys
from importlib import import_module

from . import __doc__ as package_doc
from .benchmark import MODULES, BenchmarkError

OTHERS = {
    "compare": "compare",
    "answers": "recompute",
    "long": "long_run",
    "one-file": "one_file",
}
COMMANDS = {**MODULES, **OTHERS, **{name: name for name in ("show", "chart", "page")}}


def main(arguments):
    """Run the command that the arguments name; end with a sentence if it cannot be run."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=package_doc.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in [name for name in COMMANDS if name in arguments[:1]] or COMMANDS:
        module = import_module(f".{COMMANDS[name]}", __package__)
        summary = module.__doc__.splitlines()[0]
        subparser = commands.add_parser(name, help=summary, description=summary)
        command = getattr(module, "BENCHMARK", module)
        command.add_options(subparser)
        subparser.set_defaults(run=command.run)
    chosen = vars(parser.parse_args(arguments))
    name, run = chosen.pop("command"), chosen.pop("run")
    try:
        run(**chosen)
    except (BenchmarkError, OSError) as error:
        sys.exit(f"{name}: {error}")


if __name__ == "__main__":
    main(sys.argv[1:])
