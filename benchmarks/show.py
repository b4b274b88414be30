"""Print again what a benchmark printed, from the file that its --json wrote."""

import json
import sys
from pathlib import Path

from . import suite


class Unknown(Exception):
    """A file that no benchmark wrote; the message says what is missing."""


def add_options(command):
    """Add what this command can be told."""
    command.add_argument("file", metavar="FILE", help="what a benchmark's --json wrote")


def run(file):
    """Print the file's tables."""
    try:
        show(read(file))
    except Unknown as error:
        sys.exit(f"show: {error}")


def read(file):
    """Return what a benchmark wrote to a file, or say why it cannot be read."""
    try:
        document = json.loads(Path(file).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Unknown(f"{file}: {error}") from None
    if not has_cases(document):
        raise Unknown(f"{file}: expected an environment and cases, as a benchmark writes them")
    try:
        kind_of(document)
    except Unknown as reason:
        raise Unknown(f"{file}: {reason}") from None
    return document


def has_cases(document):
    """Tell whether a document has the two parts that all benchmarks write."""
    if not isinstance(document, dict) or not isinstance(document.get("environment"), dict):
        return False
    cases = document.get("cases")
    return isinstance(cases, list) and bool(cases) and all(isinstance(c, dict) for c in cases)


def kind_of(document):
    """Return the name of the command that wrote a document, found by what is in it.

    >>> kind_of({"cases": [{"name": "square", "size": n, "summary": {}} for n in (1, 2)]})
    'cost'
    """
    cases = document["cases"]
    marks = {
        "interpreters": "interpreters" in document,
        "engines": "section" in cases[0],
        "peers": "works" in cases[0],
        "carry": "largest_difference" in cases[0],
        "quality": "no_worse" in cases[0],
        "cost": len({case.get("size") for case in cases}) > 1,
        "run": "summary" in cases[0],
    }
    for kind, found in marks.items():
        if found:
            return kind
    raise Unknown("this is of a benchmark that has no table to print again")


def show(document):
    """Print the tables of what was measured."""
    TABLES[kind_of(document)](document["environment"], document["cases"], document)


def show_run(environment, cases, document):
    """Print what `run` does."""
    suite.print_heading(environment, repeats_of(cases))
    for case in cases:
        print(*suite.lines_of(case), sep="\n")
    suite.print_unstable(cases)


def show_cost(environment, cases, document):
    """Print what `cost` does."""
    from . import cost

    suite.print_environment(environment, repeats_of(cases))
    engines = document["engines"]
    for before, case in zip([{"name": None}, *cases], cases):
        if case["name"] != before["name"]:
            print(cost.heading_of(case["name"], engines))
        print(cost.line_of(case, engines))
    suite.print_unstable(cases)


def show_interpreters(environment, cases, document):
    """Print what `interpreters` does, but for where they are."""
    from . import interpreters

    names = list(document["interpreters"])
    interpreters.print_heading(names, repeats_of(cases))
    for case in cases:
        print(interpreters.line_of(case, names))
    suite.print_unstable(cases)


def show_carry(environment, cases, document):
    """Print what `carry` does."""
    from . import carry

    carry.print_heading(environment, repeats_of(cases))
    for case in cases:
        carry.print_lines(case)


def show_engines(environment, cases, document):
    """Print what `engines` does."""
    from . import engines

    engines.print_heading(environment, repeats_of(cases))
    for before, case in zip([{"section": None}, *cases], cases):
        print(*engines.lines_of(case, case["section"] != before["section"]), sep="\n")


def show_peers(environment, cases, document):
    """Print what `peers` does."""
    from . import peers

    peers.print_heading(environment, repeats_of(cases))
    for case in cases:
        print("\n" + "\n".join(peers.lines_of(case)))
    peers.print_targets(cases)


def show_quality(environment, cases, document):
    """Print what `quality` does."""
    from . import quality

    quality.print_heading(environment)
    for before, case in zip([{"part": None}, *cases], cases):
        print(*quality.lines_of(case, case["part"] != before["part"]), sep="\n")


def repeats_of(cases):
    """Return how often each was measured.

    >>> repeats_of([{"name": "the same answers"}, {"seconds": {"lists": [2.0, 1.0, 3.0]}}])
    3
    """
    amounts = [case.get("seconds") or case.get("bytes") or {} for case in cases]
    return max(len(values) for those in amounts for values in those.values())


TABLES = {
    "run": show_run,
    "cost": show_cost,
    "interpreters": show_interpreters,
    "carry": show_carry,
    "engines": show_engines,
    "peers": show_peers,
    "quality": show_quality,
}
