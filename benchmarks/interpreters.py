"""The same workloads in one interpreter after another, round by round, in one table.

Each interpreter is a process that lives as long as this one and answers over a pipe (`inside`), so
that all are measured in turn, and by the one harness. Without arguments it takes what it finds:
this interpreter, pyenv's, and CPythons, PyPy and MicroPython beside this one or on the PATH. An
argument may have options of its own: "python3.14 -X gil=0", "micropython -X heapsize=512m".

(The MicroPython that pip installs lives in a process of CPython, whose start is part of its own.)
"""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from functools import partial
from pathlib import Path

from . import answers, harness, plot, processes, timing
from .answers import WrongAnswer
from .benchmark import Table
from .processes import ProcessFailed
from .suite import Suite, beside_yardstick, by_workload, check_size, quantity_of, summed_up

HEAP = ["-X", "heapsize=256m"]  # for a MicroPython whose command does not set a heap
HEAPS = 16, 2**16  # KiB: the range in which the smallest heap is searched
OLDEST = (3, 9)
NAMES = [*(f"python3.{minor}" for minor in range(9, 16)), "pypy3", "micropython"]
IN_A_CHART = ("article, ", "digits-epoch, ", "predict-small, ")
# Which Python it is, and where: the same one may have many names.
WHICH = """\
import sys
print(sys.implementation.name, sys.version_info[0], sys.version_info[1])
print(getattr(sys, "executable", ""))
"""


class Interpreters(Suite):
    """The workloads in one interpreter after another."""

    engines = "lists", "unrolled"

    def add_options(self, parser):
        """Add this command's options."""
        words = "its path or name (default: all found)"
        parser.add_argument("commands", nargs="*", metavar="INTERPRETER", help=words)
        super().add_options(parser)

    def prepare(self, stack, commands, **settings):
        """Start the interpreters."""
        commands = [command_of(text) for text in commands] or found()
        interpreters = [stack.enter_context(Interpreter(command)) for command in commands]
        name_apart(interpreters)
        for each in interpreters:
            print(f"{each.name}: {shlex.join(each.command)}")
        return {**settings, "interpreters": interpreters}

    def document(self, interpreters, **settings):
        """Return the environments of all of them, too."""
        environments = {each.name: each.environment for each in interpreters}
        return {**super().document(), "interpreters": environments}

    def measure(self, name, repeats, size, **settings):
        """Measure a workload in each interpreter."""
        check_size(name, size)
        return self.cases[name](name, repeats, size, **settings)

    def heading(self, document, repeats):
        """Return the names of the interpreters."""
        yield f"Medians of {repeats} repeats, and how many times as fast as the first.\n"
        names = list(document["interpreters"])
        yield table_of(names).row("", *names)

    def lines(self, case, before, document):
        """Return a line with gaps for interpreters that do not have the case."""
        names = list(document["interpreters"])
        yield table_of(names).row(case["name"], *cells_of(case, names))

    def charts(self, cases, notes):
        """Draw a few workloads in each interpreter."""
        timed = {f"{case['name']}: {case['unit']}": case for case in cases if "products" in case}
        few = {title: case for title, case in timed.items() if title.startswith(IN_A_CHART)}
        title = "The same workload in one interpreter after another"
        return {"interpreters": plot.times(title, few or timed, notes)} if timed else {}


# -- which interpreters --------------------------------------------------------------------------


def command_of(text):
    """Return the words of a command; raise ProcessFailed if it starts no interpreter."""
    words = [text] if Path(text).is_file() else shlex.split(text)
    program = path_of(words[0]) if words else None
    if program is None:
        raise ProcessFailed(f"interpreter {text!r} not found")
    command = [program, *words[1:]]
    kind(command)
    return command


def path_of(name):
    """Return where a program is: under this path, beside this interpreter, or on the PATH."""
    if os.sep in name:  # in full, because it will be started from elsewhere
        return str(Path(name).absolute()) if Path(name).exists() else None
    beside = Path(sys.executable).with_name(name)  # where pip puts the programs of packages
    return str(beside) if beside.exists() else shutil.which(name)


def kind(command):
    """Return an interpreter's kind and its real path; raise ProcessFailed if it is too old."""
    try:
        implementation, path = processes.printed_by(command, WHICH).splitlines()
    except (OSError, ValueError, ProcessFailed):
        implementation, path = "none 0 0", ""
    name, *version = implementation.split()
    if name != "micropython" and tuple(map(int, version)) < OLDEST:
        raise ProcessFailed(f"{shlex.join(command)} is not Python 3.9 or newer")
    return name, os.path.realpath(path or command[0])


def found():
    """Return the commands of all interpreters on this machine, each once, this one first."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    paths = [sys.executable, *map(str, sorted(pyenv.glob("*/bin/python"), key=in_order))]
    commands = {}
    for path in [*paths, *filter(None, map(path_of, NAMES))]:
        with suppress(ProcessFailed):
            commands.setdefault(kind([path])[1], [path])
    return list(commands.values())


def in_order(path):
    """Return the numbers in the name of pyenv's folder, to sort by.

    >>> in_order(Path("versions/3.13.0/bin/python"))
    [3, 13, 0]
    """
    return [int(number) for number in re.findall(r"\d+", path.parts[-3])]


class Interpreter:
    """A process in which workloads run when they are asked for."""

    def __init__(self, command):
        self.command, self.is_micropython = command, kind(command)[0] == "micropython"
        heap = HEAP if self.is_micropython and "heapsize" not in shlex.join(command) else []
        serving = [*command, *heap, "-m", "benchmarks.inside"]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "encoding": "utf-8"}
        self.process = subprocess.Popen(serving, cwd=processes.CHECKOUT, **pipes)

    def __enter__(self):
        self.environment = self.ask("environment")
        self.name = self.environment["interpreter"]
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def ask(self, *question):
        """Return the answer to a question, which the first word names."""
        try:
            self.process.stdin.write(json.dumps(question) + "\n")
            self.process.stdin.flush()
            answer = self.process.stdout.readline()
        except OSError:
            answer = ""
        if not answer:
            with suppress(OSError):  # else what it has not read is written at the end, and fails
                self.process.stdin.close()
            who = shlex.join(self.command)
            raise ProcessFailed(f"{who} ended instead of answering {question[0]!r}")
        return json.loads(answer)

    def prepare(self, name, size, engine):
        """Return in words how closely a workload's answer agreed, or None if it cannot run."""
        answer = self.ask("prepare", name, size, engine)
        if "wrong" in answer:
            raise WrongAnswer(f"{self.name}: {answer['wrong']}")
        if "failed" in answer:
            print(f"{self.name}: left out of {name}, {engine}: {answer['failed']}")
        return answer.get("agrees")

    def seconds(self, name, size, engine, rounds):
        """Return the seconds that n rounds take there."""
        answer = self.ask("run", name, size, engine, rounds)
        if "failed" in answer:
            raise ProcessFailed(f"{self.name}: {name}, {engine}: {answer['failed']}")
        return answer["seconds"]


def name_apart(interpreters):
    """Add numbers to the names that several interpreters have."""
    names = [each.name for each in interpreters]
    for k, each in enumerate(interpreters):
        if names.count(each.name) > 1:
            each.name += f" ({names[: k + 1].count(each.name)})"


# -- how each is measured --------------------------------------------------------------------------


def timed_cases(name, repeats, size, interpreters, engines):
    """Go through a workload's engines, each measured in all interpreters that have it."""
    workload = answers.workload_of(name, size)
    for engine in engines:
        agrees = {each: each.prepare(name, size, engine) for each in interpreters}
        ready = [each for each in interpreters if agrees[each]]
        contenders = {each.name: partial(each.seconds, name, size, engine) for each in ready}
        if contenders:
            case = beside_yardstick(contenders, repeats, workload)
            agrees = {each.name: agrees[each] for each in ready}
            yield {**case, "name": f"{name}, {engine}", "agrees": agrees}
    for each in interpreters:
        each.ask("forget")


def start_cases(name, repeats, size, interpreters, engines):
    """Go through an interpreter that does nothing, and "import" or "cold-start"."""
    contenders = {
        (each.name, what): start
        for each in interpreters
        for what, start in processes.start_contenders(each.command, name, size).items()
    }
    seconds, yardstick = timing.measure_beside_yardstick(contenders, repeats)
    for what in (processes.NOTHING, name):
        of_this = {each.name: seconds[each.name, what] for each in interpreters}
        row = {"name": name if what == name else f"{name}, {what}", "size": size}
        yield {**row, "unit": "process", **summed_up(of_this), "yardstick": yardstick}


def memory_cases(name, repeats, size, interpreters, engines):
    """Go through the engines, with the memory that each interpreter needs."""
    unit = "peak of a process; MicroPython: the smallest heap"
    for engine in engines:
        having = [each for each in interpreters if engine in each.ask("engines")["engines"]]
        peaks = {each.name: memory_of(each, engine, size, repeats) for each in having}
        if peaks:
            row = {"name": f"{name}, {engine}", "size": size, "unit": unit}
            yield {**row, **summed_up(peaks, "bytes")}


def memory_of(interpreter, engine, size, repeats):
    """Return the bytes that a training needs: the peaks of processes, or the smallest heap."""
    if interpreter.is_micropython:
        program = ["-c", processes.training_program(engine, size)]
        fits = partial(processes.fits, interpreter.command, program)
        return [1024 * processes.smallest_heap(fits, *HEAPS)]
    return [processes.peak_of(interpreter.command, engine, size) for _ in range(repeats)]


# -- the table -------------------------------------------------------------------------------------


def table_of(names):
    """Return a table with columns as wide as the interpreters' names."""
    return Table("<24", *(f">{max(len(name), 16) + 2}" for name in names))


def cells_of(case, names):
    """Go through a case's medians, and how many times as fast as the first each is."""
    quantity, first = quantity_of(case), names[0]
    amounts = case[quantity]
    for name in names:
        cell = ""
        if name in amounts:
            cell = harness.in_words(case["summary"][name]["median"], quantity)
            if quantity == "seconds" and first in amounts:
                cell += f" ({harness.ratio([amounts[first]], amounts[name]):.2f})"
        yield cell


CASES = by_workload(timed_cases, start_cases, memory_cases)
BENCHMARK = Interpreters("interpreters", CASES, repeats=9)
