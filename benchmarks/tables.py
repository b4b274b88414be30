"""Tables: CSV files that others ship, each learned at the first command.

The files are all those in the installed packages of three libraries, many of them results of tests.
The last column is the target. Ours is `purenet.tables.learn` with its defaults, but of a long table
it learns at most 2,000 rows, evenly spread. Beside it are two models of scikit-learn on the same
encoded inputs, the same rows to learn and the same rows held out: a linear one, and its network
with its defaults. For both, the inputs are standardized, and so are targets that are numbers.

A table has nothing to learn if it has one column, or if its target has one value or none. Scores
within 0.01 are even.
"""

import warnings
from functools import partial
from importlib.util import find_spec
from math import ceil
from pathlib import Path
from textwrap import shorten

from purenet import PureNetError
from purenet.tables import csv_table, learn, read

from . import harness
from .benchmark import Benchmark, BenchmarkError, LeftOut, Table, machine_line
from .quality import CLASSES, NUMBERS, peer_of, scaled

linear_model = harness.module("sklearn.linear_model")

# Each library that ships tables, and its package.
LIBRARIES = {"scikit-learn": "sklearn", **{name: name for name in ("statsmodels", "vega_datasets")}}
MOST_ROWS = 2000  # to learn
FEWEST_JUDGES = 10  # fewer rows held out tell little
TIE = 0.01
MOST_WORDS = 120  # characters of a reason
NETWORK, LINEAR = "scikit-learn's network", "linear model"

TABLE = Table("<10", ">8", ">10", ">8", ">8", "")


class Tables(Benchmark):
    """The tables that libraries ship."""

    def prepare(self, stack):
        """Look for scikit-learn."""
        if linear_model is None:
            raise BenchmarkError("scikit-learn is not installed; it has the peers")
        return {}

    def installed(self):
        """Return the versions of the libraries."""
        versions = harness.versions(LIBRARIES)
        return {"libraries": [" ".join(each) for each in versions.items()]}

    def heading(self, document, repeats):
        """Say what was learned, and how."""
        environment = document["environment"]
        yield machine_line(environment, *environment["libraries"])
        yield f"The last column is the target; at most {MOST_ROWS:,} rows of a table are learned."
        yield "Accuracy or R² on the rows held out, a fifth of the table."

    def lines(self, case, before, document):
        """Return the line of a table: its scores, or why it does not train."""
        if not before:
            names = "held out", "purenet", "linear", "network", "   table"
            yield "\n" + TABLE.row("measure", *names)
        where, reason = f"   {case['name']}", case.get("refused")
        if reason:
            yield TABLE.row("refused", *[""] * 4, f"{where}: {reason}")
        else:
            scores = [f"{score:.3f}" for score in case["scores"].values()] or [""] * 3
            yield TABLE.row(case["measure"], case["held_out"], *scores, where)

    def ending(self, cases):
        """Return how many tables train, and how the scores compare."""
        trained = [case for case in cases if not case.get("refused")]
        share, others = len(trained) / max(len(cases), 1), len(cases) - len(trained)
        yield f"\n{len(trained)} of {len(cases)} files train at the first command, {share:.0%}."
        empty = sum(case.get("nothing", False) for case in cases)
        yield f"Of the other {others}, {empty} have nothing to learn."
        trivial = sum(case["trivial"] for case in trained)
        yield f"Of the models, {trivial} are said to be no better than the trivial answer."
        judged = [c["scores"] for c in trained if c["scores"] and c["held_out"] >= FEWEST_JUDGES]
        yield f"\nWith at least {FEWEST_JUDGES} rows held out: {len(judged)} tables"
        table = Table("<32", ">8")
        yield table.row("  purenet beside", "better", "even", "worse")
        for peer in (NETWORK, LINEAR):
            yield table.row(f"  {peer}", *verdicts([(each["ours"], each[peer]) for each in judged]))

    def on_page(self, document):
        """Return the lines above and below the rows, which are too many for a page."""
        return [*self.heading(document, 1), *self.ending(document["cases"])]


def verdicts(pairs):
    """Return in how many pairs the first score is better, even and worse.

    >>> verdicts([(0.9, 0.8), (0.9, 0.895), (0.5, 0.9), (0.4, 0.9)])
    [1, 1, 2]
    """
    gaps = [ours - theirs for ours, theirs in pairs]
    better, worse = (sum(sign * gap > TIE for gap in gaps) for sign in (1, -1))
    return [better, len(gaps) - better - worse, worse]


def table_case(path, name, repeats):
    """Return the scores on a table, or why it cannot be learned."""
    table = None
    try:
        table = read(path)
        learned = quietly(learn, path, table.names[-1], train=fit)
    except PureNetError as error:
        reason = shorten(str(error).replace(f"{path}: ", ""), MOST_WORDS, placeholder=" ...")
        return {"refused": reason, "nothing": table is not None and has_nothing(table)}
    return {**scores_of(learned), "trivial": learned.warning is not None}


def quietly(function, *arguments, **options):
    """Call a function that may warn that a training came to nothing, or did not converge."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return function(*arguments, **options)


def fit(learned):
    """Train, on some of the rows if there are many."""
    learned.rows = learned.rows[:: ceil(len(learned.rows) / MOST_ROWS)]
    learned.fit()


def has_nothing(table):
    """Tell whether a table has one column, or one value or none in the last.

    >>> rows = [["1", "0"], ["2", "NA"]]
    >>> has_nothing(csv_table.Table("", ["a", "b"], rows, [2, 3]))
    True
    """
    return len(table.names) == 1 or len({*table.column(table.names[-1])} - csv_table.MISSING) < 2


def scores_of(learned):
    """Return the scores of ours and of the peers, if rows were held out."""
    measure = CLASSES if learned.problem.is_classes else NUMBERS
    scores = {}
    if learned.held_out:
        kept, judges = learned.data(learned.rows), learned.data(learned.held_out)
        scores["ours"] = learned.scores["accuracy" if measure == CLASSES else "r2"]
        for who, peer in peers_for(measure).items():
            scores[who] = float(quietly(peer.fit, *kept).score(*judges))
    scores = {who: round(score, 4) for who, score in scores.items()}
    return {"measure": measure, "held_out": len(learned.held_out), "scores": scores}


def peers_for(measure):
    """Return the models of scikit-learn for a measure, by name."""
    linear = linear_model.LinearRegression()
    if measure == CLASSES:
        linear = linear_model.LogisticRegression(max_iter=1000)
    network = peer_of("scaled", measure, random_state=0)
    return {LINEAR: scaled(linear, measure), NETWORK: network}


def missing(name, repeats):
    """Leave out a library."""
    raise LeftOut("it is not installed")


def cases():
    """Go through the names of the files, and the libraries that are missing, with what to do."""
    for library, package in LIBRARIES.items():
        found = find_spec(package)
        if found is None:
            yield library, missing
        else:
            folder = Path(found.origin).parent
            for path in sorted([*folder.rglob("*.csv"), *folder.rglob("*.csv.gz")]):
                yield path.relative_to(folder.parent).as_posix(), partial(table_case, str(path))


BENCHMARK = Tables("tables", dict(cases()), repeats=1)  # it is the same each time
