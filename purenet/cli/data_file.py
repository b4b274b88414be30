"""Saved models for the commands, and the rows of a CSV file as their networks take them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, counted
from ..core.network import Network
from ..estimators.conventions import check_size
from ..lessons.programs import LESSONS, training_of
from ..tables import Table, read
from ..tables.columns import Column, encode, known_rows
from ..tables.notes import flagged
from .options import WrongUsage
from .terminal import remark

# The options of the commands that read a table: two switches for its header, and those of `read`.
_DEFAULTS = read.__kwdefaults__ or {}
_OF_READ = ("skip", "encoding", "decimal", "missing_values", "max_cells")
READING: dict[str, Any] = {"delimiter": None, "header": False, "no_header": False}
READING.update({name: _DEFAULTS[name] for name in _OF_READ})


def is_lesson(name: str) -> bool:
    """Tell whether a name is a lesson's, or xor; a file of the same name comes first."""
    return name in (*LESSONS, "xor") and not Path(name).exists()


def new_network(sizes: list[int], **options: Any) -> Network:
    """Return a new network; raise PureNetError for one that is too large."""
    check_size(sizes)
    return Network(sizes, **options)


def reading_of(options: dict[str, Any]) -> dict[str, Any]:
    """Take a command's options of reading a table, and return them as `read` takes them."""
    given = {name: options.pop(name) for name in READING}
    if given["header"] and given["no_header"]:
        raise WrongUsage("--header and --no-header: expected one of them, got both")
    no_header = given.pop("no_header")
    given["header"] = True if given["header"] else False if no_header else None
    return given


def table_for(path: str, model: Any, reading: dict[str, Any]) -> Table:
    """Read the table in a CSV file for a model that knows its columns."""
    columns = [*model.columns_, *model.targets_] if hasattr(model, "columns_") else []
    return read(path, wanted=[column.name for column in columns], **reading)


def _say_notes(table: Table) -> None:
    """Say on standard error what was guessed and left out in a table."""
    for note in table.notes:
        remark(f"{table.source}: {flagged(note)}")


def with_columns(model: Any, path: str) -> Any:
    """Return the model if it knows the columns of its table, or raise PureNetError."""
    if not hasattr(model, "columns_"):
        raise PureNetError(f"{path}: expected a model that knows its columns, as `train` saves it")
    return model


def read_rows(path: str, model: Any, source: str, reading: dict[str, Any]) -> tuple[Matrix, Matrix]:
    """Read the inputs X and targets y from a CSV file; the path "-" is standard input.

    For a plain network each line has the inputs, then the targets, and the path may be the name of
    a lesson with its rows. For an estimator the columns are found by name, and prepared as in its
    training. Raises PureNetError, with the line, for a cell that is not a number, and for columns
    that do not fit; `source` is the model's file.
    """
    if isinstance(model, Network) and is_lesson(path):
        return model.check_data(*training_of(path)[1:3])
    table = table_for(path, model, reading)
    if isinstance(model, Network):
        return _numbers(table, model)
    X, y = model.preprocess(*judgeable(table, with_columns(model, source)))
    return X, y


def judgeable(table: Table, estimator: Any, strict: bool = False) -> tuple[Matrix, list[Any]]:
    """Return an estimator's inputs and targets in the rows whose targets it knows."""
    columns, targets = estimator.columns_, estimator.targets_
    classes = getattr(estimator, "classes_", ())
    rows, truth, table = known_rows(columns, targets, classes, table, strict=strict)
    _say_notes(table)
    return rows, truth


def encoded(table: Table, estimator: Any, strict: bool = False) -> Matrix:
    """Return an estimator's inputs in all rows of a table."""
    rows = encode(estimator.columns_, table, strict)
    _say_notes(table)
    return rows


def inputs_in(path: str, model: Any, reading: dict[str, Any]) -> Matrix:
    """Read a saved model's inputs from a CSV file, which may have targets too.

    If the model knows the names of its inputs and the file has them all, they are found by name.

    Raises PureNetError as `read_rows` does.
    """
    table = table_for(path, model, reading)
    if hasattr(model, "columns_"):
        return encoded(table, model)
    names = getattr(model, "feature_names_in_", None)
    if names is None or not set(names) <= set(table.names):
        names = table.names
    inputs, *_, targets = getattr(model, "network_", model).sizes
    if len(names) not in (inputs, inputs + targets):
        has = counted(len(names), "column")
        needs = f"{counted(inputs, 'input')}: give these alone, or a header with their names"
        raise PureNetError(f"{table.source}: {has}, but the model has {needs}")
    return encode([Column(name) for name in names[:inputs]], table, strict=True)


def _numbers(table: Table, network: Network) -> tuple[Matrix, Matrix]:
    """Split the columns of a table into the inputs and the targets of a plain network."""
    n, m = network.sizes[0], network.sizes[-1]
    if len(table.names) != n + m:
        has = counted(len(table.names), "column")
        needs = f"{counted(n, 'input')} and {counted(m, 'output')}"
        raise PureNetError(f"{table.source}: {has}, but the network has {needs}")
    rows = encode([Column(name) for name in table.names], table, strict=True)
    return [row[:n] for row in rows], [row[n:] for row in rows]
