"""The command line: `python3 -m benchmarks run`."""

import argparse

from . import (
    carry,
    compare,
    cost,
    engines,
    heap,
    interpreters,
    options,
    parallel,
    quality,
    recompute,
    suite,
)

COMMANDS = {
    "run": suite,
    "cost": cost,
    "interpreters": interpreters,
    "compare": compare,
    "answers": recompute,
    "carry": carry,
    "engines": engines,
    "heap": heap,
    "parallel": parallel,
    "quality": quality,
}
REPEATS = 21  # where a benchmark has no number of its own


def main(arguments=None):
    """Run the benchmark that the arguments name."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__import__(__package__).__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        if hasattr(module, "add_options"):
            module.add_options(command)
        else:
            options.add_measuring(command, getattr(module, "REPEATS", REPEATS))
    chosen = vars(parser.parse_args(arguments))
    COMMANDS[chosen.pop("command")].run(**chosen)


if __name__ == "__main__":
    main()
