"""Several modules as one: put one after the other, without the imports between them.

All their names then stand in one module. So no two of them may use a name for different things,
and none may take a builtin's, which another may be using. Places in a source are found in its
syntax tree; lines that are not cut out stay unchanged. What is to be bare is written anew from the
tree.
"""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator

from ..core.checks import PureNetError

Cut = tuple[int, int, list[str]]  # after which line, up to which, and what comes there instead

PACKAGE = "__init__"  # what "from . import" means

WIDTH = 98  # of the line above each module

# An example imports from a neighbor what is now in the same module.
IMPORT_IN_EXAMPLE = re.compile(r"^ *>>> from \.\w+ import .*\n", re.MULTILINE)


def join(sources: dict[str, str], bare: bool = False) -> str:
    r"""Return the source of one module for those of several that import from one another.

    Of "__init__", the package that they are in, there is only what they import from it. `bare`
    leaves out docstrings, comments, blank lines and annotations.

    Raises PureNetError where two bind the same name, or one a builtin's; and for an import between
    them of what is not there, or under another name.

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
    owners = dict.fromkeys(dir(builtins), "Python")
    for module, names in bound.items():
        for name in sorted(names):
            if name in owners:
                raise PureNetError(f"{module}: the name {name} is already one of {owners[name]}")
            owners[name] = module


def _check_imports(module: str, tree: ast.Module, bound: dict[str, set[str]]) -> None:
    for node in _between(tree):
        names = bound.get((node.module or PACKAGE).rpartition(".")[2], set())
        if any(alias.asname or alias.name not in names for alias in node.names):
            raise PureNetError(f"{module}: cannot be joined: {ast.unparse(node)}")


def _between(tree: ast.Module) -> Iterator[ast.ImportFrom]:
    """Go through a module's imports from its neighbors, those in functions too."""
    for statement in tree.body:
        if not _is_for_checkers(statement):
            for node in ast.walk(statement):
                if isinstance(node, ast.ImportFrom) and node.level:
                    yield node


def _is_for_checkers(statement: ast.stmt) -> bool:
    """Tell whether this is `TYPE_CHECKING = False`, or `if TYPE_CHECKING` with what is under it."""
    if isinstance(statement, ast.Assign):
        return ast.unparse(statement.targets[0]) == "TYPE_CHECKING"
    return isinstance(statement, ast.If) and ast.unparse(statement.test) == "TYPE_CHECKING"


# -- one module ----------------------------------------------------------------------------------


def _part(source: str, tree: ast.Module, bare: bool, wanted: set[str] | None) -> str:
    """Return what stays of a module; of the package, what is wanted."""
    if bare:
        kept: list[ast.stmt] = [node for node in tree.body if not _is_dropped(node, wanted)]
        lines = ast.unparse(_Bare().visit(ast.Module(kept, []))).splitlines()
        return "".join(f"{line}\n" for line in lines if line)
    lines = source.split("\n")
    for start, end, instead in sorted(_cuts(tree, wanted), reverse=True):
        lines[start:end] = instead
    return IMPORT_IN_EXAMPLE.sub("", "\n".join(lines).strip("\n") + "\n")


class _Bare(ast.NodeTransformer):
    """Takes away docstrings, annotations, and imports between neighbors."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Return a node without what a board does not need of it."""
        super().generic_visit(node)
        documented = isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef))
        if documented and ast.get_docstring(node) is not None:  # type: ignore[arg-type]
            node.body[:1] = [] if len(node.body) > 1 else [ast.Pass()]  # type: ignore[attr-defined]
        if isinstance(node, ast.FunctionDef):
            node.returns = None
        if isinstance(node, ast.arg):
            node.annotation = None
        if isinstance(node, ast.AnnAssign) and node.value:
            return ast.Assign([node.target], node.value, lineno=node.lineno)
        return node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        """Return nothing for an import from a neighbor."""
        return None if node.level else node


def _cuts(tree: ast.Module, wanted: set[str] | None) -> Iterator[Cut]:
    end = 0
    for statement in tree.body:
        start, end = end, statement.end_lineno or 0
        if _is_dropped(statement, wanted):
            yield start, end, []  # with the comment before it
        elif statement is tree.body[0] and ast.get_docstring(tree):
            lines = str(ast.get_docstring(tree)).splitlines()
            yield start, end, [f"# {line}".rstrip() for line in lines]
        else:
            for node in ast.walk(statement):
                if isinstance(node, ast.ImportFrom) and node.level:
                    yield node.lineno - 1, node.end_lineno or 0, []


def _is_dropped(statement: ast.stmt, wanted: set[str] | None) -> bool:
    if isinstance(statement, ast.ImportFrom):
        return statement.level > 0
    if isinstance(statement, ast.Import) or _is_for_checkers(statement):
        return True
    return wanted is not None and not wanted & _bound_by(statement)
