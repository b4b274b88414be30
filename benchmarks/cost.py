"""The cost of a product of two numbers, against the size of the network, with each engine.

Every size at which a workload's answer is stored is measured: by default of "square", an update of
n inputs, n units and n outputs from one row, from 8 products a row forward to two million.
"""

import re
from operator import itemgetter

from . import answers, plot
from .benchmark import Table
from .suite import WORKLOADS, Suite, legend, timed_case

TABLE = Table("<34", ">16")


class Cost(Suite):
    """Workloads at all their sizes."""

    only, sized = "square", False

    def document(self, engines):
        """Return the environment and the columns of the table."""
        return {**super().document(), "engines": engines}

    def measure(self, name, repeats, engines):
        """Measure a workload at each of its sizes."""
        for size in answers.sizes_of(name):
            yield timed_case(name, repeats, size, engines)

    def heading(self, document, repeats):
        """Say what the numbers depend on most, and what they are."""
        return legend(document["environment"], repeats)

    def lines(self, case, before, document):
        """Return a line with a gap for an engine that the case does not have."""
        engines = document["engines"]
        if case["name"] != before.get("name"):
            yield TABLE.row(f"{case['name']}: ns a product", "products", *engines)
        costs = [case["summary"].get(e, {}).get("nanoseconds_a_product") for e in engines]
        numbers = ["" if cost is None else f"{cost:.3g}" for cost in costs]
        title = f"  {case['shape']}, {case['unit']}"
        yield TABLE.row(title, f"{case['products']:,}", *numbers)

    def charts(self, cases, notes):
        """Draw for each workload the time of a round, and that of a product, against its size."""
        charts = {}
        for name in dict.fromkeys(case["name"] for case in cases):
            sizes = [case for case in cases if case["name"] == name]
            charts[f"crossover-{name}"] = crossover_chart(name, sizes, notes)
            charts[f"cost-{name}"] = cost_chart(name, sizes, notes)
        return charts


def crossover_chart(name, cases, notes):
    """Draw the time of a round against its size."""
    unit = cases[0]["unit"]
    title = f"One {unit} of {name}, and where NumPy overtakes"
    width = "columns" if " x " in cases[0]["shape"] else "hidden units"
    drawn, notes = points(cases, width_of, lambda case: 1e6), [*crossings(cases), *notes]
    return plot.lines(title, drawn, width, f"microseconds, one {unit}", notes)


def cost_chart(name, cases, notes):
    """Draw the time of a product against the size of a round."""
    products = f"products in one {cases[0]['unit']}"
    drawn = points(cases, itemgetter("products"), lambda case: 1e9 / case["products"])
    title = f"What a product costs in {name}"
    return plot.lines(title, drawn, products, "nanoseconds, one product", notes)


def points(cases, x, factor):
    """Return points (x(case), median times factor(case)) for each engine, by name."""
    series = {}
    for case in cases:
        for engine, summary in case["summary"].items():
            point = x(case), factor(case) * summary["median"]
            series.setdefault(plot.NAMES.get(engine, engine), []).append(point)
    return series


def width_of(case):
    """Return the second number of a shape: hidden units, or columns.

    >>> width_of({"shape": "2-4-2"}), width_of({"shape": "16 x 16"})
    (4, 16)
    """
    return int(re.findall(r"\d+", case["shape"])[1])


def crossings(cases):
    """Say for each other engine between which sizes NumPy overtakes it, if it does.

    >>> case = lambda shape, ours, numpy: {"shape": shape, "summary": {
    ...     "lists": {"median": ours}, "numpy": {"median": numpy}}}
    >>> crossings([case("2-2-2", 1.0, 3.0), case("4-4-4", 4.0, 3.0)])
    ['NumPy overtakes lists between 2-2-2 and 4-4-4.']
    >>> crossings([case("2-2-2", 5.0, 3.0), case("4-4-4", 4.0, 3.0)])
    ['NumPy is ahead of lists from 2-2-2 on.']
    """
    engines = list(cases[0]["summary"])
    if "numpy" not in engines:
        return []
    return [crossing(engine, cases) for engine in engines if engine != "numpy"]


def crossing(engine, cases, other="numpy"):
    """Return where NumPy, or another contender, overtakes one engine, in a sentence."""
    summaries = [case["summary"] for case in cases]
    ahead = [each[engine]["median"] < each[other]["median"] for each in summaries]
    other = plot.NAMES.get(other, other)
    if all(ahead):
        return f"{other} is behind {engine} up to {cases[-1]['shape']}."
    k = ahead.index(False)
    if k == 0:
        return f"{other} is ahead of {engine} from {cases[0]['shape']} on."
    return f"{other} overtakes {engine} between {cases[k - 1]['shape']} and {cases[k]['shape']}."


BENCHMARK = Cost("cost", WORKLOADS, repeats=11)
