"""Saved models for the commands, and the rows of a CSV file as their networks take them."""

from __future__ import annotations

from typing import Any

from ..core._types import Matrix
from ..core.checks import PureNetError, counted
from ..core.matrix import transpose
from ..core.network import Network
from ..formats import load
from ..tables import Table, read
from ..tables.columns import encode, numbers_of, targets_of


def load_estimator(path: str) -> Any:
    """Load an estimator from a file that the train command has written."""
    return with_columns(load(path), path)


def with_columns(model: Any, path: str) -> Any:
    """Return the model if it knows the columns of its table, or raise PureNetError."""
    if not hasattr(model, "columns_"):
        raise PureNetError(
            f"{path}: expected a model that knows the columns of its table, as `train` saves it"
        )
    return model


def network_of(model: Any) -> Network:
    """Return the network of a saved model, which may itself be a network."""
    network: Network = model if isinstance(model, Network) else model.network_
    return network


def read_rows(path: str, model: Any, source: str = "the model") -> tuple[Matrix, Matrix]:
    """Read the inputs X and targets y from a CSV file; the path "-" is standard input.

    For a plain network each line has the inputs, then the targets. For an estimator the columns are
    found by name, and prepared as in its training. Raises PureNetError, with the line, for a cell
    that is not a number, and for columns that do not fit; `source` is the model's file.
    """
    table = read(path)
    if isinstance(model, Network):
        return _numbers(table, model)
    columns, target = with_columns(model, source).columns_, model.target_
    truth = targets_of(table, target, getattr(model, "classes_", None))
    X, y = model.preprocess(encode(columns, table), truth)
    return X, y


def inputs_in(path: str, model: Any) -> Matrix:
    """Read a saved model's inputs from a CSV file, which may have targets too.

    If the model knows the names of its inputs and the file has them all, they are found by name.

    Raises PureNetError as `read_rows` does.
    """
    table = read(path)
    if hasattr(model, "columns_"):
        return encode(model.columns_, table)
    network = network_of(model)
    names = getattr(model, "feature_names_in_", None)
    if names is None or not set(names) <= set(table.names):
        names = table.names
    inputs, targets = network.sizes[0], network.sizes[-1]
    if len(names) not in (inputs, inputs + targets):
        has = counted(len(names), "column")
        needs = f"{counted(inputs, 'input')}: give these alone, or a header with their names"
        raise PureNetError(f"{table.source}: {has}, but the model has {needs}")
    return transpose([numbers_of(table, name) for name in names[:inputs]])


def _numbers(table: Table, network: Network) -> tuple[Matrix, Matrix]:
    """Split the columns of a table into the inputs and the targets of a plain network."""
    n, m = network.sizes[0], network.sizes[-1]
    if len(table.names) != n + m:
        has = counted(len(table.names), "column")
        needs = f"{counted(n, 'input')} and {counted(m, 'output')}"
        raise PureNetError(f"{table.source}: {has}, but the network has {needs}")
    rows = transpose([numbers_of(table, name) for name in table.names])
    return [row[:n] for row in rows], [row[n:] for row in rows]
