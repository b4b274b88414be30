"""Print a benchmark's output again, from the file that its --json wrote."""

from .benchmark import benchmark_of, read


def add_options(parser):
    """Add the file."""
    parser.add_argument("file", metavar="FILE", help="file that a benchmark's --json has written")


def run(file):
    """Print the file's tables."""
    document = read(file)
    print(*benchmark_of(document).printed(document), sep="\n")
