"""Join several modules into one, without the imports between them.

All their names end up in one module. So no two of them may bind the same name, and none may bind
the name of a builtin, which another may be using. The cuts are whole lines, found in each source's
syntax tree, and the rest of its text stays unchanged. So each statement has to begin a line.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from typing import Any

Cut = tuple[int, int, str]  # the first line cut, the first line kept after it, the replacement

PACKAGE = "__init__"  # the source of "from . import"

WIDTH = 98  # of the line above each module

# An import in a docstring's example, which is not needed in the same module.
IMPORT_IN_EXAMPLE = re.compile(r"^ *>>> from \.\w+ import .*\n", re.MULTILINE)

LAYOUT = {tokenize.COMMENT, tokenize.NL, tokenize.DEDENT, tokenize.ENDMARKER}


def join(sources: dict[str, str], bare: bool = False) -> str:
    r"""Return the source of one module made from several that import from one another.

    Only the names that the modules import from "__init__", their package, are taken from it. `bare`
    leaves out docstrings, comments, blank lines and annotations.

    >>> sources = {"a": "import math\nx = 1\n", "b": "from .a import x\ny = x + 1  # 2\n"}
    >>> print(join(sources, bare=True), end="")
    import math
    x = 1
    y = x + 1
    """
    trees = {name: ast.parse(source) for name, source in sources.items()}
    nodes: Any = (node for tree in trees.values() for node in ast.walk(tree))
    asked = (node.names for node in nodes if _is_between(node) and not node.module)
    wanted = {alias.name for aliases in asked for alias in aliases}
    parts = {
        name: _part(source, trees[name], bare, wanted if name == PACKAGE else None)
        for name, source in sources.items()
    }
    top = (statement for tree in trees.values() for statement in tree.body)
    imports = "".join(sorted({f"{ast.unparse(s)}\n" for s in top if isinstance(s, ast.Import)}))
    if bare:
        return imports + "".join(parts.values())
    lines = {name: f"# -- {name} ".ljust(WIDTH, "-") for name in parts}
    return imports + "".join(f"\n\n{lines[name]}\n\n{part}" for name, part in parts.items())


def _is_between(node: Any) -> bool:
    return isinstance(node, ast.ImportFrom) and node.level > 0


# -- one module ----------------------------------------------------------------------------------


def _part(source: str, tree: ast.Module, bare: bool, wanted: set[str] | None) -> str:
    """Return a module without its cuts; of the package, only the wanted names."""
    lines = source.split("\n")
    for start, end, text in sorted(_cuts(source, tree, bare, wanted), reverse=True):
        lines[start:end] = text.splitlines()
    part = "\n".join(lines).strip("\n") + "\n"
    return _without_comments(part) if bare else IMPORT_IN_EXAMPLE.sub("", part)


def _cuts(source: str, tree: ast.Module, bare: bool, wanted: set[str] | None) -> Iterator[Cut]:
    about = ast.get_docstring(tree)
    end = 0
    for statement in tree.body:
        start, end = end, statement.end_lineno or 0
        if _is_dropped(statement, wanted):
            yield start, end, ""  # with the comment before it
        elif about and statement is tree.body[0]:
            yield start, end, "\n".join(f"# {line}".rstrip() for line in about.splitlines())
        else:
            for node in ast.walk(statement):
                if _is_between(node):
                    yield *_lines(node), ""
                elif bare:
                    yield from _bare_cuts(source, node)


def _lines(node: Any) -> tuple[int, int]:
    return node.lineno - 1, node.end_lineno


def _is_dropped(statement: ast.stmt, wanted: set[str] | None) -> bool:
    if isinstance(statement, ast.Import) or _is_between(statement):
        return True
    return _is_for_checkers(statement) or (wanted is not None and not wanted & _bound_by(statement))


def _is_for_checkers(statement: ast.stmt) -> bool:
    """Tell whether this is `TYPE_CHECKING = False`, or an `if TYPE_CHECKING` block."""
    if isinstance(statement, ast.If):
        return ast.unparse(statement.test) == "TYPE_CHECKING"
    return _bound_by(statement) == {"TYPE_CHECKING"}


def _bound_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        return {statement.name}
    names = (node for node in ast.walk(statement) if isinstance(node, ast.Name))
    return {name.id for name in names if isinstance(name.ctx, ast.Store)}


# -- what `bare` leaves out -----------------------------------------------------------------------


def _bare_cuts(source: str, node: ast.AST) -> Iterator[Cut]:
    indent = " " * getattr(node, "col_offset", 0)
    if isinstance(node, (ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
        yield *_lines(node.body[0]), f"{indent}    pass" * (len(node.body) == 1)
    if isinstance(node, ast.FunctionDef):
        names = ast.unparse(_without_annotations(node.args))
        yield node.lineno - 1, _first_line(node.body[0]), f"{indent}def {node.name}({names}):"
    if isinstance(node, ast.AnnAssign) and node.value:
        value = ast.get_source_segment(source, node.value)
        yield *_lines(node), f"{indent}{ast.unparse(node.target)} = {value}"


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min(_lines(node)[0] for node in [*decorators, statement])


def _without_annotations(arguments: ast.arguments) -> ast.arguments:
    for node in ast.walk(arguments):
        if isinstance(node, ast.arg):
            node.annotation = None
    return arguments


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
