"""Join several modules into one, without the imports between them.

All their names end up in one module. So no two of them may bind the same name, and none may bind
the name of a builtin, which another may be using. The cuts are found in each source's syntax tree,
and the rest of its text stays unchanged.
"""

from __future__ import annotations

import ast
import builtins
import io
import re
import tokenize
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from ..core.checks import PureNetError

Cut = tuple[int, int, str]  # the first byte cut, the first byte kept after it, the replacement

PACKAGE = "__init__"  # the source of "from . import"

WIDTH = 98  # of the line above each module

# An import in a docstring's example, which is not needed in the same module.
IMPORT_IN_EXAMPLE = re.compile(r"^ *>>> from \.\w+ import .*\n", re.MULTILINE)

LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.DEDENT, tokenize.ENDMARKER}


def join(sources: dict[str, str], bare: bool = False) -> str:
    r"""Return the source of one module made from several that import from one another.

    Only the names that the modules import from "__init__", their package, are taken from it. `bare`
    leaves out docstrings, comments, blank lines and annotations.

    Raises PureNetError if two bind the same name, if one binds a builtin's name, and if an import
    between them renames a name, or asks for one that is not there.

    >>> sources = {"a": "import math\nx = 1\n", "b": "from .a import x\ny = x + 1  # 2\n"}
    >>> print(join(sources, bare=True), end="")
    import math
    x = 1
    y = x + 1
    """
    trees = {name: ast.parse(source) for name, source in sources.items()}
    asked = [node for tree in trees.values() for node in _between(tree) if not node.module]
    wanted = {alias.name for node in asked for alias in node.names}
    parts = {
        name: _part(source, trees[name], bare, wanted if name == PACKAGE else None)
        for name, source in sources.items()
    }
    top = (statement for tree in trees.values() for statement in tree.body)
    imports = "".join(sorted({f"{ast.unparse(s)}\n" for s in top if isinstance(s, ast.Import)}))
    bound = {name: names_of(part) for name, part in parts.items()}
    _check_names({"import": names_of(imports), **bound})
    for name, tree in trees.items():
        _check_imports(name, tree, bound)
    if bare:
        return imports + "".join(parts.values())
    lines = {name: f"# -- {name} ".ljust(WIDTH, "-") for name in parts}
    return imports + "".join(f"\n\n{lines[name]}\n\n{part}" for name, part in parts.items())


def names_of(source: str) -> set[str]:
    r"""Return the names that the statements of a module bind.

    >>> sorted(names_of("import math\ndef f(x):\n    return x\na, b = 1, 2"))
    ['a', 'b', 'f', 'math']
    """
    return {name for statement in ast.parse(source).body for name in _bound_by(statement)}


def _bound_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        return {statement.name}
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return {alias.asname or alias.name for alias in statement.names}
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


def _check_names(bound: dict[str, set[str]]) -> None:
    # An interactive Python keeps its last answer among the builtins, as `_`.
    owners = dict.fromkeys({*dir(builtins)} - {"_"}, "Python")
    for module, names in bound.items():
        for name in sorted(names):
            if name in owners:
                raise PureNetError(f"{module}: the name {name} is already used by {owners[name]}")
            owners[name] = module


def _check_imports(module: str, tree: ast.Module, bound: dict[str, set[str]]) -> None:
    for node in _between(tree):
        names = bound.get((node.module or PACKAGE).rpartition(".")[2], set())
        if any(alias.asname or alias.name not in names for alias in node.names):
            raise PureNetError(f"{module}: cannot be joined: {ast.unparse(node)}")


def _between(tree: ast.Module) -> Iterator[ast.ImportFrom]:
    """Yield a module's imports from its neighbors, including those in functions."""
    for statement in tree.body:
        if not _is_for_checkers(statement):
            for node in ast.walk(statement):
                if isinstance(node, ast.ImportFrom) and node.level:
                    yield node


def _is_for_checkers(statement: ast.stmt) -> bool:
    """Tell whether this is `TYPE_CHECKING = False`, or an `if TYPE_CHECKING` block."""
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0]) == "TYPE_CHECKING"
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


# -- one module ----------------------------------------------------------------------------------


def _part(source: str, tree: ast.Module, bare: bool, wanted: set[str] | None) -> str:
    """Return a module without its cuts; of the package, only the wanted names."""
    places = _Places(source)
    data = places.data
    for start, end, text in sorted(_cuts(tree, places, bare, wanted), reverse=True):
        data = data[:start] + text.encode() + data[end:]
    part = data.decode().strip("\n") + "\n"
    return _without_comments(part) if bare else IMPORT_IN_EXAMPLE.sub("", part)


class _Places:
    """Positions in a source, counted in bytes of UTF-8 as syntax trees do."""

    def __init__(self, source: str) -> None:
        self.data = source.encode()
        self.starts = [0, *accumulate(map(len, self.data.splitlines(keepends=True)))]

    def start(self, node: Any) -> int:
        return int(self.starts[node.lineno - 1] + node.col_offset)

    def end(self, node: Any) -> int:
        return int(self.starts[node.end_lineno - 1] + node.end_col_offset)

    def lines(self, node: Any) -> tuple[int, int]:
        """Return the start of a statement's first line and the end of its last one."""
        return self.starts[node.lineno - 1], self.starts[node.end_lineno]


def _cuts(tree: ast.Module, places: _Places, bare: bool, wanted: set[str] | None) -> Iterator[Cut]:
    end = 0
    for statement in tree.body:
        start, end = end, places.lines(statement)[1]
        if _is_dropped(statement, wanted):
            yield start, end, ""  # with the comment before it
            continue
        if statement is tree.body[0] and ast.get_docstring(tree):
            lines = str(ast.get_docstring(tree)).splitlines()
            yield start, end, "".join(f"# {line}".rstrip() + "\n" for line in lines)
        for node in ast.walk(statement):
            if isinstance(node, ast.ImportFrom) and node.level:
                yield (*places.lines(node), "")
            elif bare:
                yield from _bare_cuts(node, places)


def _is_dropped(statement: ast.stmt, wanted: set[str] | None) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return statement.level > 0
    if isinstance(statement, ast.Import) or _is_for_checkers(statement):
        return True
    return wanted is not None and not wanted & _bound_by(statement)


# -- what `bare` leaves out -----------------------------------------------------------------------


def _bare_cuts(node: ast.AST, places: _Places) -> Iterator[Cut]:
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
        yield _docstring(node, places)
    if isinstance(node, ast.FunctionDef) and node.returns:
        end = places.start(node.returns)
        arrow = places.data.rindex(b" ->", places.start(node), end)
        yield arrow, places.end(node.returns), ""
    if isinstance(node, ast.arg) and node.annotation:
        yield _annotation(node, node.annotation, places)
    if isinstance(node, ast.AnnAssign) and node.value:
        yield places.end(node.target), places.end(node.annotation), ""


def _docstring(node: ast.ClassDef | ast.FunctionDef, places: _Places) -> Cut:
    docstring = node.body[0]
    if len(node.body) == 1:
        return places.start(docstring), places.end(docstring), "pass"
    return (*places.lines(docstring), "")


def _annotation(node: ast.arg, annotation: ast.expr, places: _Places) -> Cut:
    start, end = places.start(node) + len(node.arg.encode()), places.end(annotation)
    # "x: int = 1" becomes "x=1", because spaces around "=" belong to an annotation.
    has_default = places.data.startswith(b" = ", end)
    return (start, end + len(" = "), "=") if has_default else (start, end, "")


def _without_comments(source: str) -> str:
    r"""Return a source without comments and blank lines.

    >>> _without_comments("# one\n\nx = '#'  # two\n")
    "x = '#'\n"
    """
    lines = source.split("\n")
    filled: set[int] = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in LAYOUT:
            filled.update(range(token.start[0], token.end[0] + 1))
        elif token.type == tokenize.COMMENT:
            row, column = token.start
            lines[row - 1] = lines[row - 1][:column].rstrip()
    return "".join(f"{lines[row - 1]}\n" for row in sorted(filled))
