"""The version, in a file of its own: what is exported names it, and every room may import it."""

__version__ = "0.2.0"
