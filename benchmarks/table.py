"""A table of text: what its columns look like stands in one place."""

from itertools import chain, repeat


class Table:
    """Columns, each as wide as its format says; the last format is that of all that follow.

    >>> table = Table("<8", ">6")
    >>> table.row("lists", "best", "median")
    'lists     bestmedian'
    """

    def __init__(self, *formats):
        self.formats = formats

    def row(self, *cells):
        """Return one line of the table."""
        formats = chain(self.formats, repeat(self.formats[-1]))
        return "".join(f"{cell:{each}}" for cell, each in zip(cells, formats))
