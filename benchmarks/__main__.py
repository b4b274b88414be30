"""The command line: `python3 -m benchmarks engines`."""

import argparse
from pathlib import Path

from . import carry, engines, heap, parallel, quality

COMMANDS = {
    "carry": carry,
    "engines": engines,
    "heap": heap,
    "parallel": parallel,
    "quality": quality,
}
REPEATS = 21  # where a benchmark has no number of its own


def main() -> None:
    """Run the benchmark that the arguments name."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__import__(__package__).__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, module in COMMANDS.items():
        summary = module.__doc__.splitlines()[0]
        command = commands.add_parser(name, help=summary, description=summary)
        repeats = getattr(module, "REPEATS", REPEATS)
        often = f"how often (default: {repeats})"
        command.add_argument("--json", metavar="FILE", help="write all that was measured there")
        command.add_argument("--repeats", type=int, default=repeats, metavar="N", help=often)
        command.add_argument(
            "--only", default="", metavar="TEXT", help="only cases whose names have this in them"
        )
    options = parser.parse_args()
    if options.repeats < 1:
        parser.error(f"--repeats: expected a whole number of at least 1, got {options.repeats}")
    if options.json:
        try:
            Path(options.json).open("a").close()
        except OSError as error:  # now, and not when all has been measured
            parser.error(f"--json: {error}")
    COMMANDS[options.command].run(options.json, options.repeats, options.only)


if __name__ == "__main__":
    main()
