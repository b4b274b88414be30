"""Write into README.md what the files in results/ hold: the tables, the charts, and the figures.

A place for a table is a pair of lines, `<!-- run -->` and `<!-- end -->`, with the name of the
table. The text between them is printed from a file, so that no number is typed.
"""

import re
from pathlib import Path

from . import chart, harness, peers, show
from .benchmark import BenchmarkError, Table, read

FOLDER = Path(__file__).parent
RESULTS, CHARTS, PAGE = FOLDER / "results", FOLDER / "charts", FOLDER / "README.md"
PLACE = re.compile(r"<!-- (\S+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
FIGURES = "figures"
TABLE = Table("<72", ">8", ">8", "<11", "")


def add_options(parser):
    """Add no options: the page and its tables are fixed."""


def run():
    """Write the page and its charts; print the figures."""
    documents = read_all()
    page = filled(PAGE.read_text(encoding="utf-8"), documents)
    PAGE.write_text(page, encoding="utf-8")
    for document in documents.values():
        for name, picture in chart.charts_of(document).items():
            picture.save(CHARTS / f"{name}.svg")
    print(*figures_lines(documents), sep="\n")


def read_all():
    """Return the documents in results/, by the names of the commands that wrote them."""
    return {file.stem: read(file) for file in sorted(RESULTS.glob("*.json"))}


def filled(page, documents):
    """Return a page with what belongs between its marks."""

    def place(found):
        lines = "\n".join(shown(found[1], documents))
        return f"<!-- {found[1]} -->\n```text\n{lines}\n```\n<!-- end -->\n"

    return PLACE.sub(place, page)


def shown(name, documents):
    """Return the lines of a file's tables, the first with its date, or the figures of all."""
    if name == FIGURES:
        return figures_lines(documents)
    if name not in documents:
        raise BenchmarkError(f"there is no results/{name}.json")
    first, *others = show.tables_of(documents[name])
    return [f"{documents[name]['environment']['date']}; {first}", *others]


# -- the figures ---------------------------------------------------------------------------------


def figures_lines(documents):
    """Go through the ratios that are aimed at, each from one run, and whether it is reached."""
    yield TABLE.row("", "aim", "here", "", "measured by")
    for words, sign, aim, ratio, command in figures(documents):
        reached = ratio >= aim if sign == ">=" else ratio <= aim
        verdict = "  reached" if reached else "  missed"
        yield TABLE.row(words, f"{sign} {aim}", f"{ratio:.3g}", verdict, command)


def figures(documents):
    """Go through the figures: words, the sign and the number aimed at, the ratio, the command.

    If there are several loops in NumPy, or several peers, the one nearest to ours counts.
    """
    python = documents["run"]["environment"]["interpreter"]
    article = case_named(documents["run"], "article")["seconds"]
    ratio = harness.ratio([article["numpy"]], article["unrolled"])
    yield f"article on {python}: unrolled, beside NumPy", ">=", 3.5, ratio, "run"
    if "peers" in documents:
        case = case_named(documents["peers"], "peers, article")
        for words, aim, ratio in peers.targets_of(case):
            yield f"  beside {words}", ">=", aim, ratio, "peers"
    ratio = case_named(documents["engines"], "the article on PyPy")["ratio"]
    yield f"article: unrolled on PyPy, beside NumPy on {python}", ">=", 25, ratio, "engines"
    ratio = case_named(documents["run"], "import")["ratio"]
    yield "import purenet: beside a bare start, how many times as long", "<=", 1.5, ratio, "run"


def case_named(document, name):
    """Return a document's case of this name, or say that it is missing."""
    for case in document["cases"]:
        if case["name"] == name:
            return case
    raise BenchmarkError(f"there is no case {name!r} in results/")
