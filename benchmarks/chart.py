"""Draw what a benchmark measured, from the file that its --json wrote, as SVG.

Which charts there are depends on what the file holds. Each says in its caption when and where it
was measured; what it shows are medians.
"""

import re
import sys
from pathlib import Path

from purenet.pictures.charts import bars, lines

from . import harness, show
from .timing import median

IN_A_CHART = ["article, ", "digits-epoch, ", "predict-small, "]  # of what interpreters ran
NAMES = {"numpy": "NumPy"}


def add_options(command):
    """Add what this command can be told."""
    command.add_argument("file", metavar="FILE", help="what a benchmark's --json wrote")
    command.add_argument(
        "-o", dest="folder", default=".", metavar="FOLDER", help="where to (default: here)"
    )


def run(file, folder):
    """Write each chart of a file to a folder; print their paths."""
    try:
        charts = charts_of(show.read(file))
        if not charts:
            raise show.Unknown(f"{file}: this is of a benchmark that has no chart")
        Path(folder).mkdir(parents=True, exist_ok=True)
        for name, picture in charts.items():
            path = Path(folder) / f"{name}.svg"
            picture.save(path)
            print(path)
    except (OSError, show.Unknown) as error:
        sys.exit(f"chart: {error}")


def charts_of(document):
    """Return the pictures of what was measured, by name."""
    cases, notes = document["cases"], [caption(document)]
    return CHARTS[show.kind_of(document)](cases, notes)


def caption(document):
    """Return when and where it was measured.

    >>> caption({"environment": {"date": "2026-01-02", "interpreter": "CPython 3.11.7",
    ...          "numpy": "no NumPy", "processor": "a processor", "cores": 2, "load": 0.5},
    ...          "cases": [{"seconds": {"lists": [1.0, 1.0, 1.0]}}]})
    'Medians of 3 repeats, 2026-01-02; CPython 3.11.7, no NumPy; a processor, 2 cores, load 0.5.'
    """
    environment = document["environment"]
    who = [environment["interpreter"], environment["numpy"]]
    if "interpreters" in document:
        who = ["each of the interpreters"]
    where = f"{environment['processor']}, {environment['cores']} cores, load {environment['load']}"
    repeats = f"Medians of {show.repeats_of(document['cases'])} repeats"
    return f"{repeats}, {environment['date']}; {', '.join(who)}; {where}."


# -- what each command measured ------------------------------------------------------------------


def of_cost(cases, notes):
    """Draw for each workload the time of a round, and that of a product, against its size."""
    charts = {}
    for name in dict.fromkeys(case["name"] for case in cases):
        sizes = [case for case in cases if case["name"] == name]
        axes = {"log_x": True, "log_y": True}
        charts[f"crossover-{name}"] = lines(
            f"One {sizes[0]['unit']} of {name}, and where NumPy overtakes",
            points(sizes, width_of, lambda case, median: 1e6 * median),
            "columns" if " x " in sizes[0]["shape"] else "hidden units",
            f"microseconds, one {sizes[0]['unit']}",
            **axes,
            notes=[*crossings(sizes), *notes],
        )
        charts[f"cost-{name}"] = lines(
            f"What a product costs in {name}",
            points(
                sizes,
                lambda case: case["products"],
                lambda case, median: 1e9 * median / case["products"],
            ),
            f"products in one {sizes[0]['unit']}",
            "nanoseconds, one product",
            **axes,
            notes=notes,
        )
    return charts


def points(cases, x, y):
    """Return points (x(case), y(case, median)) for each engine, by name."""
    engines = dict.fromkeys(engine for case in cases for engine in case["summary"])
    return {
        NAMES.get(engine, engine): [
            (x(case), y(case, case["summary"][engine]["median"]))
            for case in cases
            if engine in case["summary"]
        ]
        for engine in engines
    }


def width_of(case):
    """Return the second number of a shape: hidden units, or columns.

    >>> width_of({"shape": "2-4-2"}), width_of({"shape": "16 x 16"})
    (4, 16)
    """
    return int(re.findall(r"\d+", case["shape"])[1])


def crossings(cases):
    """Say for each other engine between which sizes NumPy overtakes it, where it does.

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


def crossing(engine, cases):
    """Return where NumPy overtakes one engine, in a sentence."""
    summaries = [case["summary"] for case in cases]
    ahead = [each[engine]["median"] < each["numpy"]["median"] for each in summaries]
    if all(ahead):
        return f"NumPy is behind {engine} up to {cases[-1]['shape']}."
    k = ahead.index(False)
    if k == 0:
        return f"NumPy is ahead of {engine} from {cases[0]['shape']} on."
    return f"NumPy overtakes {engine} between {cases[k - 1]['shape']} and {cases[k]['shape']}."


def of_run(cases, notes):
    """Draw the workloads' times with each engine, and the memory of a process."""
    timed = {f"{case['name']}, {case['unit']}": case for case in cases if "seconds" in case}
    charts = {}
    if timed:
        charts["workloads"] = bars(
            "The workloads, with each engine",
            {title: medians(case["seconds"]) for title, case in timed.items()},
            "seconds",
            log=True,
            words=harness.in_words,
            notes=notes,
        )
    for case in cases:
        if "bytes" in case:
            charts["memory"] = bars(
                "Memory of a process that trains",
                {"": {who: b / 2**20 for who, b in medians(case["bytes"]).items()}},
                "peak, MiB",
                words=tenths,
                notes=notes,
            )
    return charts


def tenths(amount):
    """Return an amount as the tables have it.

    >>> tenths(9.875)
    '9.9'
    """
    return f"{amount:.1f}"


def medians(amounts):
    """Return the median of each contender, by a name for people."""
    return {
        {"pass": "an interpreter alone"}.get(who, NAMES.get(who, who)): median(values)
        for who, values in amounts.items()
    }


def of_interpreters(cases, notes):
    """Draw a few workloads in each interpreter."""
    timed = {f"{case['name']}: {case['unit']}": case for case in cases if "products" in case}
    few = {
        title: case for title, case in timed.items() if title.startswith(tuple(IN_A_CHART))
    } or timed
    return {
        "interpreters": bars(
            "The same workload in one interpreter after another",
            {title: medians(case["seconds"]) for title, case in few.items()},
            "seconds",
            log=True,
            words=harness.in_words,
            notes=notes,
        )
    }


def of_carry(cases, notes):
    """Draw cold starts, their memory, and warm predictions of one row."""
    charts = {}
    for case in cases:
        if case["name"] == "cold start":
            charts["cold-start"] = bars(
                "Cold start: from nothing to the first answer",
                {"": medians(case["seconds"])},
                "seconds",
                log=True,
                words=harness.in_words,
                notes=notes,
            )
            charts["cold-start-memory"] = bars(
                "Memory of a process that loads a model and answers",
                {"": {who: kb / 1024 for who, kb in case["peak_kilobytes"].items()}},
                "peak, MiB",
                words=tenths,
                notes=notes,
            )
        if case["name"] == "one row":
            charts["one-row"] = bars(
                "One prediction, all loaded and warm",
                {"": medians(case["seconds"])},
                "seconds",
                log=True,
                words=harness.in_words,
                notes=notes,
            )
    return charts


def of_engines(cases, notes):
    """Draw for each section how many times as fast as NumPy "unrolled" is."""
    groups = {}
    for case in cases:
        if case["ratio"] and "np tuned" in case["seconds"]:
            groups.setdefault(case["section"], {})[case["name"]] = case["ratio"]
    if not groups:
        raise show.Unknown("there is nothing of NumPy in this file")
    picture = bars(
        "Unrolled beside NumPy",
        groups,
        "times as fast as NumPy",
        log=True,
        words="{:.3g}".format,
        notes=["At 1, both are as fast.", *notes],
    )
    return {"engines": picture}


def of_peers(cases, notes):
    """Draw the time that each library takes for an update."""
    return {
        "peers": bars(
            "The same update in other libraries",
            {f"{case['name']}: {case['shape']}": medians(case["seconds"]) for case in cases},
            f"seconds, one {cases[0]['unit']}",
            log=True,
            words=harness.in_words,
            notes=notes,
        )
    }


CHARTS = {
    "run": of_run,
    "cost": of_cost,
    "interpreters": of_interpreters,
    "carry": of_carry,
    "engines": of_engines,
    "peers": of_peers,
    "quality": lambda cases, notes: {},  # scores are for a table
}
