"""What a product of two numbers costs, against the size of the network, with each engine.

Every size at which a workload's answer is stored is measured: by default of "square", an update of
n inputs, n units and n outputs from one row, from 8 products a row forward to two million.
"""

from . import answers, harness, options, suite
from .workloads import ENGINES, WORKLOADS

REPEATS = 11
DEFAULT = "square"


def add_options(command):
    """Add what this command can be told."""
    options.add_measuring(command, REPEATS)
    options.add_engines(command, ENGINES)
    command.set_defaults(only=DEFAULT)


def run(json_file, repeats, only, engines):
    """Print a line for each size; write all that was measured to a file."""
    names = suite.chosen(WORKLOADS, only)
    environment = harness.environment()
    suite.print_environment(environment, repeats)
    cases = []
    for name in names:
        print(heading_of(name, engines))
        for size in answers.sizes_of(name):
            cases.append(suite.case_of(name, size, engines, repeats))
            print(line_of(cases[-1], engines), flush=True)
    suite.print_unstable(cases)
    harness.write(json_file, {"environment": environment, "engines": engines, "cases": cases})


def heading_of(name, engines):
    """Return the line above a workload's sizes."""
    return columns(f"{name}: ns a product", ["products", *engines])


def line_of(case, engines):
    """Return a case as a line of the table, with a gap for an engine that it does not have."""
    costs = [case["summary"].get(e, {}).get("nanoseconds_a_product") for e in engines]
    numbers = ["" if c is None else f"{c:.3g}" for c in costs]
    return columns(f"  {case['shape']}, {case['unit']}", [f"{case['products']:,}", *numbers])


def columns(start, texts):
    """Return one line of the table, in columns."""
    return f"{start:34}" + "".join(f"{text:>16}" for text in texts)
