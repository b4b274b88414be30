"""Write the tables, the charts and the figures of the files in results/ into the guides.

A place for a table is a pair of lines, `<!-- run -->` and `<!-- end -->`, with the name of the
table. The text between them is printed from a file, so that no number is typed. Most places are in
the README of this folder, the table of heaps is in the guide of the exports, and the README of the
whole project has the sentences and the table of OF_README.
"""

import re
from pathlib import Path

from purenet.core.checks import counted

from . import chart, harness, peers
from .benchmark import BenchmarkError, Table, benchmark_of, read

FOLDER = Path(__file__).parent
RESULTS, CHARTS, PAGE = FOLDER / "results", FOLDER / "charts", FOLDER / "README.md"
README, EXPORT = (FOLDER.parent / path for path in ("README.md", "purenet/export/README.md"))
PLACE = re.compile(r"<!-- (\S+) -->\n(.*?)<!-- end -->\n", re.DOTALL)
END = "<!-- end -->\n"
FIGURES = "figures"
PICKLE = "scikit-learn's pickle"
TABLE = Table("<72", ">8", ">8", "<11", "")
NANOSECONDS = ("nanoseconds a product", "<=", 8)
PACKED_AIMS = {
    "packed, 64-32-10 x 32": [("beside unrolled", ">=", 1.8)],
    "packed, 128-128-128 x 32": [("beside unrolled", ">=", 3), NANOSECONDS],
    "packed, 784-100-10 x 32": [("beside unrolled", ">=", 3.5), NANOSECONDS],
    "packed, 64-32-10, a row": [("beside unrolled", ">=", 1.7)],
    "packed, 784-100-10, a row": [("beside unrolled", ">=", 5)],
    "packed, Classifier": [("a fit of the digits, beside unrolled", ">=", 1.7)],
}


def add_options(parser):
    """Add no options: the page and its tables are fixed."""


def run():
    """Write the pages and the charts; print the figures."""
    documents = read_all()
    for path in (PAGE, README, EXPORT):
        page = filled(path.read_text(encoding="utf-8"), documents)
        path.write_text(page, encoding="utf-8")
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
        if found[1] in OF_README:
            return "\n".join([f"<!-- {found[1]} -->", *OF_README[found[1]](documents), END])
        lines = "\n".join(shown(found[1], documents))
        return f"<!-- {found[1]} -->\n```text\n{lines}\n```\n{END}"

    return PLACE.sub(place, page)


def shown(name, documents):
    """Return the lines of a file's tables, the first with its date, or the figures of all."""
    if name == FIGURES:
        return figures_lines(documents)
    if name not in documents:
        raise BenchmarkError(f"there is no results/{name}.json")
    first, *others = benchmark_of(documents[name]).on_page(documents[name])
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
    yield from packed_figures(documents["engines"])
    ratio = case_named(documents["run"], "import")["ratio"]
    yield "import purenet: beside a bare start, how many times as long", "<=", 1.5, ratio, "run"


def packed_figures(document):
    """Go through the figures of packed integers that were measured."""
    for case in document["cases"]:
        for words, sign, aim in PACKED_AIMS.get(case["name"], []):
            here = case["ratio" if sign == ">=" else "nanoseconds"]
            yield f"{case['name']}: {words}", sign, aim, here, "engines"


def case_named(document, name):
    """Return a document's case of this name, or say that it is missing."""
    for case in document["cases"]:
        if case["name"] == name:
            return case
    raise BenchmarkError(f"there is no case {name!r} in results/")


# -- the README of the project -------------------------------------------------------------------


def limit_lines(documents):
    """Go through the lines that say where NumPy is faster, and by how much."""
    engines = documents["engines"]
    ratio = case_named(engines, "64-32-10, 32 rows")["ratio"]
    (rows, n), *_, (more_rows, fewer) = ahead(engines)
    beyond = f"beyond {n} neurons a layer with {rows} of data, beyond {fewer} with {more_rows}"
    yield f"- NumPy is faster {beyond}."
    faster = f"{1 / ratio:.0f} times as fast"
    yield f"  It trains a 64-32-10 network on 32 rows {faster} (`python3 -m benchmarks engines`)."


def ahead(engines):
    """Return, for each number of rows, the largest size of a layer at which purenet is ahead."""
    return [(counted(case["rows"], "row"), case["n"]) for case in engines["cases"] if "n" in case]


def heaps_lines(documents):
    """Go through the lines that say in which heaps the smallest exports predict and train."""
    small, digits = (least_heap(documents["heap"], "micro:bit", n) for n in ("3-4-1", "64-32-10"))
    training = least_heap(documents["heap"], "64-bit", "XOR")
    heaps = f"a heap of {small} KiB (3-4-1) or {digits} KiB (64-32-10)"
    yield f"On a micro:bit, an exported network predicts in {heaps}."
    yield f"On 64-bit MicroPython, one learns XOR in {training} KiB (`python3 -m benchmarks heap`)."


def least_heap(document, build, start):
    """Return the KiB of the smallest heap of the cases whose names start with a text."""
    heaps = [case["heap"][build] for case in document["cases"] if case["name"].startswith(start)]
    return min(heap for heap in heaps if heap is not None)


def compare_lines(documents):
    """Go through the rows of a table: a question, its answer, and the command that prints it."""
    yield "| question | answer | command |"
    yield "|---|---|---|"
    for question, answer, command in answers_of(documents):
        yield f"| {question} | {answer} | `{command}` |"


def answers_of(documents):
    """Go through the questions, their answers, and the commands; ratios are those of `figures`."""
    numpy = f"NumPy on {documents['run']['environment']['interpreter']}"
    ratios = {words.strip(): ratio for words, _, _, ratio, _ in figures(documents)}
    alone, on_pypy = (ratio for words, ratio in ratios.items() if words.startswith("article"))
    yield "How fast is the article's training?", f"{alone:.3g} times as fast as {numpy}", "run"
    yield "How fast is it on PyPy?", f"{on_pypy:.3g} times as fast as {numpy}", "engines"
    sizes = ", ".join(f"{n} with {rows}" for rows, n in ahead(documents["engines"]))
    yield "Up to how many neurons a layer does it beat NumPy?", sizes, "engines"
    beside = [words for words in ratios if words.startswith("beside") and "NumPy" not in words]
    others = [f"{ratios[words]:.3g} times as fast as {words[7:]}" for words in beside]
    yield "How fast is it on CPython beside other libraries?", ", ".join(others), "peers"
    answer = in_interpreters(documents["interpreters"])
    yield "How fast is the plain loop in other interpreters?", answer, "interpreters"
    starts = case_named(documents["carry"], "cold start")["ratios"]
    bare = f"{starts['exported']:.3g} times as long as Python alone"
    answer = f"exported: {bare}; as scikit-learn's pickle: {starts[PICKLE]:.3g} times"
    yield "How long do a start and a prediction by 64-32-10 take?", answer, "carry"


def in_interpreters(document):
    """Return how many times as fast as the first the plain loop is in PyPy and MicroPython."""
    seconds = case_named(document, "article, lists")["seconds"]
    first, *others = seconds
    others = [name for name in others if "CPython" not in name]
    ratios = [(name, harness.ratio([seconds[first]], seconds[name])) for name in others]
    answers = [f"{name}: {ratio:.3g} times" for name, ratio in ratios]
    return "; ".join([f"{answers[0]} as fast as {first}", *answers[1:]])


OF_README = {"limit": limit_lines, "heaps": heaps_lines, "compare": compare_lines}
