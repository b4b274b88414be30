"""Draw what a benchmark measured, from the file that its --json wrote, as SVG.

Which charts there are depends on what the file holds. Each says in its caption when and where it
was measured; what it shows are medians.
"""

from pathlib import Path

from .benchmark import BenchmarkError, benchmark_of, read, repeats_of


def add_options(parser):
    """Add the file and the folder."""
    parser.add_argument("file", metavar="FILE", help="file that a benchmark's --json has written")
    where = {"dest": "folder", "default": ".", "metavar": "FOLDER"}
    parser.add_argument("-o", **where, help="folder to write to (default: the current one)")


def run(file, folder):
    """Write the charts of a file to a folder; print their paths."""
    charts = charts_of(read(file))
    if not charts:
        raise BenchmarkError(f"{file}: this benchmark has no charts")
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name, picture in charts.items():
        path = Path(folder) / f"{name}.svg"
        picture.save(path)
        print(path)


def charts_of(document):
    """Return the pictures of what was measured, by name."""
    return benchmark_of(document).charts(document["cases"], [caption(document)])


def caption(document):
    """Return when and where it was measured.

    >>> caption({"environment": {"date": "2026-01-02", "interpreter": "CPython 3.11.7",
    ...          "numpy": "no NumPy", "processor": "a processor", "cores": 2, "load": 0.5},
    ...          "cases": [{"seconds": {"lists": [1.0, 1.0, 1.0]}}]})
    'Medians of 3 repeats, 2026-01-02; CPython 3.11.7, no NumPy; a processor, 2 cores, load 0.5.'
    """
    environment = document["environment"]
    who = f"{environment['interpreter']}, {environment['numpy']}"
    if "interpreters" in document:
        who = "each of the interpreters"
    where = f"{environment['processor']}, {environment['cores']} cores, load {environment['load']}"
    repeats = f"Medians of {repeats_of(document['cases'])} repeats"
    return f"{repeats}, {environment['date']}; {who}; {where}."
