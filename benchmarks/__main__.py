"""The command line: `python3 -m benchmarks run`."""

import argparse
import sys
from importlib import import_module

from . import __doc__ as package_doc
from . import options

# The module of each command: it is loaded when it is asked for, as some bring large libraries.
COMMANDS = {
    "run": "suite",
    "cost": "cost",
    "interpreters": "interpreters",
    "compare": "compare",
    "answers": "recompute",
    "carry": "carry",
    "engines": "engines",
    "heap": "heap",
    "parallel": "parallel",
    "peers": "peers",
    "quality": "quality",
    "show": "show",
    "chart": "chart",
    "page": "page",
}
REPEATS = 21  # where a benchmark has no number of its own


def main(arguments):
    """Run the benchmark that the arguments name."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=package_doc.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in [name for name in COMMANDS if name in arguments[:1]] or COMMANDS:
        module = import_module(f".{COMMANDS[name]}", __package__)
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        command.set_defaults(run=module.run)
        if hasattr(module, "add_options"):
            module.add_options(command)
        else:
            options.add_measuring(command, getattr(module, "REPEATS", REPEATS))
    chosen = vars(parser.parse_args(arguments))
    del chosen["command"]
    chosen.pop("run")(**chosen)


if __name__ == "__main__":
    main(sys.argv[1:])
