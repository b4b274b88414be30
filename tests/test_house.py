"""The plan of the house, held against the code: imports point downhill, and the heart is short."""

import ast
import configparser
import io
import os
import re
import sys
import tokenize
from collections import defaultdict
from pathlib import Path

import pytest
from support import CHECKOUT

PACKAGE = CHECKOUT / "purenet"

# From the ground up: a room imports only from rooms before it.
ROOMS = [
    "core",
    "activation_table",
    "datasets",
    "engines",
    "np",
    "estimators",
    "diagnosis",
    "tables",
    "formats",
    "export",
    "lessons",
    "pictures",
    "page",
    "cli",
]

# The code that shows how a network learns, with only the article's own part of `optimizers`.
READING_PATH = ["matrix", "activations", "losses", "backpropagation", "training"]
MOST_LINES = 300


def modules():
    """Return the source files of the package by their dotted names."""
    paths = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(CHECKOUT).with_suffix("").parts
        paths[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return paths


# What is quoted with !r in an error, because it is short: a number, or a name of our own.
SHORT = {"number", "METADATA", "package", "name"}


def test_a_message_shortens_what_it_quotes():
    quoted = {
        (name, ast.unparse(part.value))
        for name, path in modules().items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise)
        for part in ast.walk(node)
        if isinstance(part, ast.FormattedValue) and part.conversion == ord("r")
    }
    assert {each for each in quoted if each[1] not in SHORT} == set()


def imports_of(name, path, names):
    """Go through the modules that a module imports, also inside functions and for type checkers."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from {alias.name for alias in node.names} & names.keys() - {"purenet"}
        if not isinstance(node, ast.ImportFrom):
            continue
        base = node.module or ""
        if node.level:
            parents = package.split(".")
            base = ".".join([*parents[: len(parents) - node.level + 1], *filter(None, [base])])
        for alias in node.names:
            whole = f"{base}.{alias.name}"
            assert base != "purenet" or whole in names, f"{name}: import {alias.name} from its room"
            if whole in names or base in names:
                yield whole if whole in names else base


@pytest.fixture(scope="module")
def arrows():
    """Return which modules each module imports."""
    paths = modules()
    return {name: set(imports_of(name, path, paths)) - {name} for name, path in paths.items()}


def room_of(name):
    return name.split(".")[1] if "." in name else ""


def test_every_room_has_its_place_in_the_plan():
    assert {room_of(name) for name in modules()} - {"", "__main__", "_version"} == set(ROOMS)


def test_no_arrow_runs_upward(arrows):
    upward = [
        f"{name} imports {other}"
        for name, others in arrows.items()
        for other in others
        if room_of(name) in ROOMS
        and room_of(other) in ROOMS
        and ROOMS.index(room_of(other)) > ROOMS.index(room_of(name))
    ]
    assert upward == []


def test_no_files_import_each_other_in_a_circle(arrows):
    inner = {name: {o for o in others if room_of(o)} for name, others in arrows.items()}
    reached = defaultdict(set)
    for name in inner:
        ahead = list(inner[name])
        while ahead:
            other = ahead.pop()
            if other not in reached[name]:
                reached[name].add(other)
                ahead += inner[other]
    assert [name for name in reached if name in reached[name]] == []


def test_the_package_imports_the_standard_library_alone():
    library = Path(os.__file__).parent
    files = [*library.glob("*"), *library.glob("lib-dynload/*")]
    known = {*(file.name.split(".")[0] for file in files), *sys.builtin_module_names, "purenet"}
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                named = [node.module]
            assert {each.split(".")[0] for each in named} <= known, name


def test_every_file_that_the_code_reads_ships_with_it():
    config = configparser.ConfigParser()
    config.read(CHECKOUT / "setup.cfg")
    shipped = {
        path
        for package, names in config["options.package_data"].items()
        for name in names.split()
        if not name.startswith("#")
        for path in CHECKOUT.joinpath(*package.split(".")).glob(name)
    }
    files = {path for path in PACKAGE.rglob("*") if path.is_file()}
    assert shipped == {path for path in files if path.suffix not in (".py", ".pyc", ".md")}


def test_core_imports_math_and_array_and_never_the_names_for_type_checkers():
    for path in (PACKAGE / "core").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        blocks = [n for n in tree.body if ast.unparse(getattr(n, "test", n)) == "TYPE_CHECKING"]
        unseen = {id(node) for block in blocks for node in ast.walk(block)}
        for node in ast.walk(tree):
            if id(node) in unseen or path.name == "_types.py":
                continue
            if isinstance(node, ast.Import):
                assert [alias.name for alias in node.names] == ["math"], path.name
            if isinstance(node, ast.ImportFrom):
                assert node.module != "_types" if node.level else node.module == "array", path.name


def code_lines(tree, source):
    """Return the numbers of the lines that hold code: no docstrings, comments or blank lines."""
    layout = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT}
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in layout and token.string:
            lines.update(range(token.start[0], token.end[0] + 1))
    for node in ast.walk(tree):
        documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if documented and ast.get_docstring(node):
            lines -= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    return lines


def reading_path():
    """Return how many lines of code each part of the reading path has."""
    counts = {}
    for name in [*READING_PATH, "optimizers"]:
        source = (PACKAGE / "core" / f"{name}.py").read_text(encoding="utf-8")
        tree = ast.parse(source)
        lines = code_lines(tree, source)
        if name == "optimizers":
            [sgd] = [node for node in tree.body if getattr(node, "name", "") == "SGD"]
            lines &= set(range(sgd.lineno, sgd.end_lineno + 1))
        counts[name] = len(lines)
    return counts


def test_the_reading_path_is_short_and_the_readme_says_how_short():
    total = sum(reading_path().values())
    assert total <= MOST_LINES
    readme = (CHECKOUT / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"(\d+) lines of code", readme) == [str(total)]


def test_the_guide_of_core_says_how_long_each_file_is():
    guide = (PACKAGE / "core" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| \[`(\w+)\.py`\]\(\1\.py\) \| (\d+) \|", guide, re.MULTILINE)
    assert {name: int(lines) for name, lines in rows} == reading_path()


def test_backpropagation_is_at_most_60_lines_of_code():
    assert reading_path()["backpropagation"] <= 60
