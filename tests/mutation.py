"""Change `core` in one place, and see whether its quick tests notice; then in another place.

    .venv/bin/python tests/mutation.py                  200 changes, spread over all files
    .venv/bin/python tests/mutation.py --count 20 --draw "$(git rev-parse HEAD)"
    .venv/bin/python tests/mutation.py --all

A changed file is a mutant. The tests kill it if one of them fails; the mutant that passes them all
survives, and shows what no test looks at. Each survivor needs a test that kills it, or an entry in
mutation_equivalents.txt that says why no test can.

mutmut 3.8 and cosmic-ray 8.7 do not fit: mutmut's copy fails these tests before anything is
changed, and it needs Python 3.10; cosmic-ray changes the checkout's own files; neither draws a
sample.
"""

import argparse
import ast
import hashlib
import os
import queue
import shutil
import subprocess
import sys
import tempfile
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORE = Path("purenet", "core")
NO_TESTS = 5  # pytest's exit code if a file has no examples in its docstrings
NEEDED = ["purenet", "tests/core", "tests/helpers", "tests/conftest.py", "setup.cfg"]

# Each operator's text, and what takes its place.
OPERATORS = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
    ast.Mult: ("*", "/"),
    ast.Div: ("/", "*"),
    ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "*"),
    ast.Pow: ("**", "*"),
    ast.LShift: ("<<", ">>"),
    ast.RShift: (">>", "<<"),
    ast.BitAnd: ("&", "|"),
    ast.BitOr: ("|", "&"),
    ast.BitXor: ("^", "|"),
    ast.And: ("and", "or"),
    ast.Or: ("or", "and"),
}
OTHER_FUNCTIONS = {"min": "max", "max": "min", "any": "all", "all": "any"}
LEFT_OUT = {"list", "dict", "abs"}  # their argument alone takes the place of the call
OPPOSITE_IS_TRIED_ANYWAY = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot, ast.In, ast.NotIn)


class Mutant(namedtuple("Mutant", "path place line before after source")):
    """One change of one file: its line before and after it, and the whole file after it.

    `place` is the function, with its class.
    """

    def key(self):
        """Return a key of this mutant that does not depend on its function's place."""
        return self.place, self.before.strip(), self.after.strip()

    def __str__(self):
        return f"{self.path}:{self.line}, in {self.place}\n- {self.before}\n+ {self.after}"


class Finder(ast.NodeVisitor):
    """Collect the mutants of one file, always in the same order.

    >>> [mutant.after for mutant in Finder("file.py", b"a < 1").mutants]
    ['a <= 1', 'a < 2', 'a < 0']
    """

    def __init__(self, path, source):
        self.path, self.source = path, source
        self.starts = [0]
        for line in source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.names, self.mutants = [], []
        self.visit(ast.parse(source))

    # -- writing down a change ---------------------------------------------------------------------

    def span(self, node):
        start = self.starts[node.lineno - 1] + node.col_offset
        return start, self.starts[node.end_lineno - 1] + node.end_col_offset

    def text(self, node):
        start, end = self.span(node)
        return self.source[start:end].decode()

    def replace(self, start, end, text):
        changed = self.source[:start] + text.encode() + self.source[end:]
        ast.parse(changed)  # a mutant that cannot be compiled would be killed by nothing
        line = self.source.count(b"\n", 0, start)
        before, after = (each.decode().splitlines()[line] for each in (self.source, changed))
        place = ".".join(self.names) or "the module"
        self.mutants.append(Mutant(self.path, place, line + 1, before, after, changed))

    def replace_node(self, node, text):
        self.replace(*self.span(node), text)

    def replace_between(self, left, operator, right):
        """Put another operator in the place of the one between two operands."""
        start, end = self.span(left)[1], self.span(right)[0]
        text, other = OPERATORS[type(operator)]
        start += self.source[start:end].index(text.encode())
        self.replace(start, start + len(text), other)

    def negate(self, test):
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return
        if isinstance(test, ast.Compare) and isinstance(test.ops[0], OPPOSITE_IS_TRIED_ANYWAY):
            return
        self.replace_node(test, f"not ({self.text(test)})")

    # -- what is changed ---------------------------------------------------------------------------

    def visit_FunctionDef(self, node):
        self.names.append(node.name)
        for default in [*node.args.defaults, *filter(None, node.args.kw_defaults)]:
            if isinstance(default, ast.Constant) and default.value is None:
                self.replace_node(default, "0")
            self.visit(default)
        for statement in node.body:  # and no annotation
            self.visit(statement)
        self.names.pop()

    def visit_ClassDef(self, node):
        self.names.append(node.name)
        self.generic_visit(node)
        self.names.pop()

    def visit_If(self, node):
        if not (isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"):
            self.visit_IfExp(node)

    def visit_IfExp(self, node):
        self.negate(node.test)
        self.generic_visit(node)

    def visit_While(self, node):
        self.visit_IfExp(node)

    def visit_comprehension(self, node):
        for test in node.ifs:
            self.negate(test)
        self.generic_visit(node)

    def visit_For(self, node):
        self.replace_node(node.iter, "()")
        self.generic_visit(node)

    def visit_Expr(self, node):
        if not isinstance(node.value, ast.Constant):  # a docstring
            self.remove(node)

    def visit_Assign(self, node):
        if self.text(node) != "TYPE_CHECKING = False":
            self.remove(node)

    def visit_AnnAssign(self, node):
        if node.value is not None:
            self.visit(node.value)

    def remove(self, node):
        if self.names:  # what a module defines is missed by all that use it
            self.replace_node(node, "pass")
        self.generic_visit(node)

    def visit_Raise(self, node):
        self.remove(node)

    def visit_Continue(self, node):
        self.remove(node)

    def visit_AugAssign(self, node):
        self.replace_between(node.target, node.op, node.value)
        self.remove(node)

    def visit_Return(self, node):
        if node.value is not None and self.text(node.value) != "None":
            self.replace_node(node.value, "None")
        self.generic_visit(node)

    def visit_Compare(self, node):
        operands = [node.left, *node.comparators]
        for left, operator, right in zip(operands, node.ops, operands[1:]):
            self.replace_between(left, operator, right)
        self.generic_visit(node)

    def visit_BinOp(self, node):
        self.replace_between(node.left, node.op, node.right)
        self.generic_visit(node)

    def visit_BoolOp(self, node):
        for left, right in zip(node.values, node.values[1:]):
            self.replace_between(left, node.op, right)
        self.generic_visit(node)

    def visit_UnaryOp(self, node):
        self.replace_node(node, self.text(node.operand))
        self.generic_visit(node)

    def visit_Call(self, node):
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name in OTHER_FUNCTIONS:
            self.replace_node(node.func, OTHER_FUNCTIONS[name])
        if name in LEFT_OUT and node.args:
            self.replace_node(node, f"({self.text(node.args[0])})")
        self.generic_visit(node)

    def visit_Constant(self, node):
        value = node.value
        if isinstance(value, bool):
            self.replace_node(node, str(not value))
        elif isinstance(value, int):
            self.replace_node(node, str(value + 1))
            self.replace_node(node, str(value - 1))
        elif isinstance(value, float):
            self.replace_node(node, repr(2.0 * value or 1.0))
        elif isinstance(value, str):
            self.replace_node(node, '""' if value else '"?"')

    def visit_JoinedStr(self, node):
        self.replace_node(node, '""')  # Python 3.11 and older do not say where its parts stand


def all_mutants(checkout):
    """Return the mutants of every file of `core`, always in the same order."""
    mutants = []
    for file in sorted((checkout / CORE).glob("**/*.py")):
        if file.name == "_types.py":  # names for type checkers, which no program runs
            continue
        mutants += Finder(file.relative_to(checkout), file.read_bytes()).mutants
    return mutants


def drawn(mutants, count, seed):
    """Return that many mutants, at even distances, so that every file has its share.

    >>> drawn("abcdefgh", 2, seed="x"), drawn("abcdefgh", 9, seed="y")
    (['a', 'e'], ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])
    """
    count = min(count, len(mutants))
    first = int(hashlib.sha256(seed.encode()).hexdigest(), 16) / 2**256
    return [mutants[int((first + i) * len(mutants) / count)] for i in range(count)]


def read_equivalents(path):
    """Return the reason of each equivalent mutant by its key."""
    reasons = {}
    for entry in path.read_text(encoding="utf-8").split("\n\n"):
        if not entry.startswith("#"):
            place, before, after, *reason = entry.strip().split("\n")
            key = place.removeprefix("in "), before[1:].strip(), after[1:].strip()
            reasons[key] = " ".join(map(str.strip, reason))
    return reasons


# -- running the tests ---------------------------------------------------------------------------

# Tests without drawn examples come first, as they are quickest. Shrinking a failing example takes
# long, and one failure is all that is asked for. An endless loop is killed by the processor time
# that a test takes, as the machine may be busy; the slowest test takes 4 seconds of it where a
# mutant has lost the faster engine.
RUNNER = """
import resource, signal, sys
import pytest
from hypothesis import Phase, settings

class Hasty:
    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items):
        items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))

    def pytest_runtest_logstart(self):
        signal.setitimer(signal.ITIMER_PROF, 10)

signal.setitimer(signal.ITIMER_PROF, 10)
resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))
phases = [Phase.explicit, Phase.generate]
settings.register_profile(
    "mutation", derandomize=True, deadline=None, max_examples=20, phases=phases
)
options = ["-x", "-q", "--assert=plain", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
sys.exit(pytest.main([*options, "--hypothesis-profile=mutation", *sys.argv[1:]], [Hasty()]))
"""


def one_fails(copy, files):
    """Run these files of tests in a copy; return whether one fails, and what pytest printed."""
    env = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONPATH": str(copy)}
    command = [sys.executable, "-B", "-c", RUNNER, *map(str, files)]
    # A test that starts Python may have compiled another mutant of the same size and second.
    shutil.rmtree(copy / CORE / "__pycache__", ignore_errors=True)
    try:
        done = subprocess.run(
            command,
            cwd=copy,
            env=env,
            timeout=600,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
    except subprocess.TimeoutExpired:
        return True, b"it took ten minutes"
    return done.returncode not in (0, NO_TESTS), done.stdout


def files_of_tests(copy):
    return sorted(path.relative_to(copy) for path in (copy / "tests" / "core").glob("test_*.py"))


def survives(mutant, copy):
    """Tell whether a mutant passes all tests: first its own file's, then the others."""
    file = copy / mutant.path
    original = file.read_bytes()
    file.write_bytes(mutant.source)
    try:
        others = files_of_tests(copy)
        own = [path for path in others if path.name == f"test_{mutant.path.name}"]
        others = [path for path in others if path not in own]
        return not any(one_fails(copy, files)[0] for files in ([mutant.path, *own], others))
    finally:
        file.write_bytes(original)


def make_copy(folder):
    """Copy what the tests of `core` need from the checkout to a new folder."""
    for name in NEEDED:
        source, target = HERE.parent / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


def outcomes(mutants, jobs):
    """Go through the mutants, and say of each whether it survives; a few are tried at a time."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        first, *others = [make_copy(Path(folder, str(i))) for i in range(jobs)]
        failed, printed = one_fails(first, [CORE, *files_of_tests(first)])
        if failed:
            sys.exit(f"{printed.decode()}\nthe tests fail before anything is changed")
        idle = queue.SimpleQueue()
        for copy in (first, *others):
            idle.put(copy)

        def try_one(mutant):
            copy = idle.get()
            survived = survives(mutant, copy)
            idle.put(copy)
            return survived

        yield from zip(mutants, pool.map(try_one, mutants))


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--count", type=int, default=200, help="how many mutants to try")
    parser.add_argument("--draw", default="", metavar="TEXT", help="another text, other mutants")
    parser.add_argument("--all", action="store_true", help="try every mutant")
    parser.add_argument("--only", default="", metavar="NAME", help="mutants of these files alone")
    parser.add_argument("--jobs", type=int, default=2, help="how many to try at the same time")
    options = parser.parse_args()

    everything = all_mutants(HERE.parent)
    mutants = [mutant for mutant in everything if options.only in mutant.path.name]
    if not options.all:
        mutants = drawn(mutants, options.count, options.draw)
    reasons = read_equivalents(HERE / "mutation_equivalents.txt")

    killed, equivalent, wrong = 0, 0, 0
    for key in reasons.keys() - {mutant.key() for mutant in everything}:
        wrong += 1
        print("named as equivalent, but no mutant of core:", *key, sep="\n  ")
    for mutant, survived in outcomes(mutants, options.jobs):
        named = mutant.key() in reasons
        killed += not survived
        equivalent += survived and named
        if survived != named:
            wrong += 1
            said = "survives" if survived else "named as equivalent, but killed"
            print(f"{said}: {mutant}", flush=True)
    print(f"{killed} of {len(mutants)} mutants killed, {equivalent} equivalent, {wrong} to look at")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
