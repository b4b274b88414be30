"""Print a benchmark's output again, from the file that its --json wrote."""

from .benchmark import benchmark_of, read, repeats_of


def add_options(parser):
    """Add the file."""
    parser.add_argument("file", metavar="FILE", help="file that a benchmark's --json has written")


def run(file):
    """Print the file's tables."""
    print(*tables_of(read(file)), sep="\n")


def tables_of(document):
    """Return the lines of a document's tables."""
    cases = document["cases"]
    return list(benchmark_of(document).tables({**document}, cases, repeats_of(cases)))
