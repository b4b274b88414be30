"""A benchmark: its cases, how each is measured, and what is printed, stored and drawn of it.

While a benchmark measures, it prints the lines that `show` prints later from its file, by the same
code. A file is a document in JSON: the command, the environment that the numbers depend on, the
cases, and for some commands more.
"""

import json
from contextlib import ExitStack
from importlib import import_module
from itertools import chain, repeat
from pathlib import Path

from . import harness, options
from .answers import BenchmarkError

# The module of each command: loaded on demand, because some import large libraries.
ALIKE = [
    "cost",
    "interpreters",
    "carry",
    "chips",
    "engines",
    "heap",
    "large",
    "parallel",
    "peers",
    "quality",
]
MODULES = {"run": "suite", "np": "notation", **{name: name for name in [*ALIKE, "tables"]}}


class Table:
    """Columns, each as wide as its format says; the last format is that of all that follow.

    >>> table = Table("<8", ">6")
    >>> table.row("lists", "best", "median")
    'lists     bestmedian'
    """

    def __init__(self, *formats):
        self.formats = formats

    def row(self, *cells):
        """Return one line of the table."""
        formats = chain(self.formats, repeat(self.formats[-1]))
        return "".join(f"{cell:{each}}" for cell, each in zip(cells, formats))


class LeftOut(Exception):
    """A case that cannot be measured here; the message says why."""


class Benchmark:
    """A command's measurements.

    `cases` are the functions that measure, by name. A subclass has the `lines` of a case. If it has
    `engines`, there is an option to choose from them, and likewise for a size. `only` is the text
    that names have by default.
    """

    engines, sized, only = None, False, ""

    def __init__(self, command, cases, repeats=21):
        self.command, self.cases, self.repeats = command, cases, repeats

    def add_options(self, parser):
        """Add the command's options."""
        options.add_measuring(parser, self.repeats, self.only)
        if self.engines:
            options.add_engines(parser, self.engines)
        if self.sized:
            options.add_size(parser)

    def prepare(self, stack, **settings):
        """Return the settings for `measure`; what has to be closed goes onto the stack."""
        return settings

    def document(self, **settings):
        """Return the document to store, still without cases."""
        environment = {**harness.environment(), **self.installed()}
        return {"command": self.command, "environment": environment}

    def installed(self):
        """Return further entries of the environment, by name."""
        return {}

    def measure(self, name, repeats, **settings):
        """Go through the cases of a name, each measured; raise LeftOut if it cannot be measured."""
        yield {"name": name, **self.cases[name](name, repeats, **settings)}

    def heading(self, document, repeats):
        """Return the lines above the table."""
        return []

    def lines(self, case, before, document):
        """Return the lines of a case; `before` is the case before it, {} at first."""
        return []

    def ending(self, cases):
        """Return the lines below the table."""
        return []

    def printed(self, document):
        """Return the lines that were printed while a document's cases were measured."""
        return list(self.tables({**document}, document["cases"], repeats_of(document["cases"])))

    def on_page(self, document):
        """Return the lines for the page of the benchmarks: all, unless there are too many."""
        return self.printed(document)

    def charts(self, cases, notes):
        """Return pictures of the cases, by name."""
        return {}

    def run(self, json_file=None, repeats=None, only="", **settings):
        """Print each case once it is measured; write all of them to a file."""
        names, repeats = self.chosen(only), repeats or self.repeats
        with ExitStack() as stack:
            settings = self.prepare(stack, **settings)
            document = self.document(**settings)
            measured = self.measured(names, repeats, **settings)
            for line in self.tables(document, measured, repeats):
                print(line, flush=True)
        if json_file:
            write(json_file, document)

    def chosen(self, only):
        """Return the names that contain a text; raise BenchmarkError if no name does."""
        names = [name for name in self.cases if only in name]
        if not names:
            raise BenchmarkError(f"no case has {only!r} in its name")
        return names

    def measured(self, names, repeats, **settings):
        """Go through the cases of these names; print the reason if one is left out."""
        for name in names:
            try:
                yield from self.measure(name, repeats, **settings)
            except LeftOut as reason:
                print(f"{name}: left out: {reason}")

    def tables(self, document, cases, repeats):
        """Go through all lines, a case's once it is measured; add the cases to a document."""
        yield from self.heading(document, repeats)
        document["cases"], before = [], {}
        for case in cases:
            document["cases"].append(case)
            yield from self.lines(case, before, document)
            before = case
        yield from self.ending(document["cases"])


def machine_line(environment, *libraries):
    """Return the interpreter, the libraries and the processor, for a heading."""
    return ", ".join([environment["interpreter"], *libraries, environment["processor"]])


def times_line(what, repeats):
    """Return the line above a table of times and ratios.

    >>> times_line("Seconds a run", 5)
    "Seconds a run, best/median of 5 repeats; the ratio is the median repeat's."
    """
    return f"{what}, best/median of {repeats} repeats; the ratio is the median repeat's."


def write(file, document):
    """Write a document to a file."""
    text = json.dumps(document, indent=1)
    Path(file).write_text(text + "\n", encoding="utf-8")


def read(file):
    """Return the document that a benchmark wrote to a file; refuse any other file."""
    try:
        document = json.loads(Path(file).read_text(encoding="utf-8"))
    except ValueError as error:
        raise BenchmarkError(f"{file}: {error}") from None
    if not has_cases(document):
        raise BenchmarkError(f"{file}: expected an environment and cases, as --json writes them")
    if document.get("command") not in MODULES:
        name = document.get("command")
        raise BenchmarkError(f"{file}: expected the command of a benchmark, got {name!r}")
    return document


def has_cases(document):
    """Tell whether a document has an environment and cases, as all benchmarks write them."""
    if not isinstance(document, dict) or not isinstance(document.get("environment"), dict):
        return False
    cases = document.get("cases")
    return isinstance(cases, list) and bool(cases) and all(isinstance(c, dict) for c in cases)


def benchmark_of(document):
    """Return the benchmark that wrote a document."""
    module = MODULES[document["command"]]
    return import_module(f".{module}", __package__).BENCHMARK


def repeats_of(cases):
    """Return how many times each contender was measured.

    >>> repeats_of([{"name": "the same answers"}, {"seconds": {"lists": [2.0, 1.0, 3.0]}}])
    3
    """
    amounts = [case.get("seconds") or case.get("bytes") or {} for case in cases]
    return max((len(values) for those in amounts for values in those.values()), default=1)
