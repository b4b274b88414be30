"""`python -m purenet`: the command line, see `purenet.cli`."""

from .cli import program

program()
