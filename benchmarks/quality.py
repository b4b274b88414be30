"""The estimators beside scikit-learn's networks, on rows that they never saw.

Ours has its defaults. The peer is scikit-learn's MLPClassifier or MLPRegressor: "raw" gets the rows
unchanged; "scaled" gets standardized inputs and targets, as ours does by itself; "patient" gets up
to 5,000 epochs besides, while the default is 200. Each seed starts every network anew.

*Real* data: each seed holds out a quarter of the rows to judge by. Each class, or each fifth of a
regression's targets by rank, has its share in both parts. The peer's hidden layer is
as large as ours. The criterion: our mean is at least each peer's mean minus one of its standard
deviations.

*Curved* data, from `purenet.datasets`: each seed draws rows to learn and others to judge by. The
peer has the hidden layer of its own default, 100 units. The criterion: our median is at least the
better peer's minus 0.02, and at most one seed is below 0.9 (accuracy) or 0.8 (R²) unless that peer
has such seeds too. XOR has four rows in all, and every seed has to get all of them right.

To try other settings on one case, from Python:

    curved_case("moons", range(5), partial(Classifier, hidden=16), peers=[])
"""

import warnings
from functools import partial
from statistics import mean, median, stdev
from time import perf_counter

from purenet import Classifier, Regressor
from purenet.datasets import CURVED, curved

from . import harness, options
from .benchmark import Benchmark, BenchmarkError, Table, machine_line

try:
    import numpy as np
    import sklearn
    from sklearn import compose, datasets, model_selection, neural_network, pipeline, preprocessing
except ImportError:
    sklearn = None

CLASSES, NUMBERS = "accuracy", "R²"
OURS = {CLASSES: Classifier, NUMBERS: Regressor}
PATIENT_EPOCHS = 5000

# The data sets of scikit-learn, and their targets.
REAL = {**dict.fromkeys(["iris", "wine", "breast_cancer", "digits"], CLASSES), "diabetes": NUMBERS}
HELD_OUT = 0.25

# By case: the name of the data, the number of rows to learn, and that of the rows to judge by.
CURVES = {
    "xor, 4 rows": ("xor", 4, 4),
    "xor, 40 rows": ("xor", 40, 4),
    **{name: (name, 200, 200) for name in CURVED if name != "xor"},
    "parity": ("parity", 200, 8),
}
JUDGES = 1000  # added to a seed, for the rows to judge by
MARKS = {CLASSES: 0.9, NUMBERS: 0.8}
TOLERANCE = 0.02

SEEDS = {"real": 5, "curved": 20}
PEERS = {"real": ["raw", "scaled", "patient"], "curved": ["scaled", "patient"]}


# Below each part's name in the table.
WORDS = {
    "real": "mean ± standard deviation of {} seeds; no worse: than each mean - its deviation",
    "curved": "median, worst and number of {} seeds below 0.9 (accuracy) or 0.8 (R²)",
}


class Quality(Benchmark):
    """The estimators beside scikit-learn's networks; a repeat is a seed."""

    def add_options(self, parser):
        """Add what every benchmark has, with a number of repeats for each part."""
        seeds = ", ".join(f"{part} {n}" for part, n in SEEDS.items())
        options.add_measuring(parser, seeds, self.only)

    def prepare(self, stack):
        """Look for scikit-learn."""
        if sklearn is None:
            raise BenchmarkError("scikit-learn is not installed; it has the data and the peers")
        return {}

    def installed(self):
        """Return scikit-learn."""
        return {"scikit-learn": f"scikit-learn {sklearn.__version__}"}

    def measure(self, name, repeats):
        """Measure the scores and times of ours and of the peers."""
        part, data = name.split(" ", 1)
        yield self.cases[name](data, range(repeats or SEEDS[part]))

    def heading(self, document, repeats):
        """Describe the environment of both tables' numbers."""
        environment = document["environment"]
        yield machine_line(environment, environment["scikit-learn"])
        yield "Accuracy or R², ours beside the peers; seconds a fit, best/median."

    def lines(self, case, before, document):
        """Return the line of a case; the first of a part has a heading."""
        part, scores = case["part"], case["scores"]
        ours, *peers = scores
        table = Table("<14", ">9", ">10", *[">17"] * len(scores), ">13", ">11", ">10")
        if part != before.get("part"):
            yield f"\n{part.capitalize()} data: {WORDS[part].format(len(scores[ours]))}.\n"
            titles = [ours, *(f"peer {peer}" for peer in peers), "ours s", "scaled s", "no worse"]
            yield table.row("", "measure", "network", *titles)
        words = in_the_mean if part == "real" else partial(in_the_median, case["measure"])
        fits = case["seconds"][ours], case["seconds"]["scaled"]
        times = [harness.best_and_median(seconds, "{:.2f}".format) for seconds in fits]
        cells = [*map(words, scores.values()), *times, "yes" if case["no_worse"] else "NO"]
        yield table.row(case["name"], case["measure"], "-".join(map(str, case["sizes"])), *cells)


def real_case(name, seeds, make=None, peers=PEERS["real"]):
    """Return the scores and times on real data of ours, of these peers, and the verdict."""
    rows, targets = getattr(datasets, f"load_{name}")(return_X_y=True)
    parts_of = partial(split, rows, targets, REAL[name])
    case = case_of("real", name, REAL[name], parts_of, seeds, make, peers)
    return {**case, "no_worse": no_worse(case["scores"])}


def curved_case(name, seeds, make=None, peers=PEERS["curved"]):
    """Return the scores and times on curved data of ours, of these peers, and the verdict."""
    _, (target,) = curved(CURVES[name][0], rows=1)
    measure = CLASSES if isinstance(target, int) else NUMBERS
    case = case_of("curved", name, measure, partial(drawn, name), seeds, make, peers)
    mark = 1.0 if name.startswith("xor") else MARKS[measure]
    return {**case, "no_worse": no_worse_in_median(case["scores"], mark)}


def case_of(part, name, measure, parts_of, seeds, make, peers):
    """Return the scores and times of ours, which `make` makes, and of each peer, seed by seed."""
    case = {"part": part, "name": name, "measure": measure, "scores": {}, "seconds": {}}
    for seed in seeds:
        parts = parts_of(seed)
        ours = (make or OURS[measure])(random_state=seed)
        write_down(case, "ours", ours, parts)
        case["sizes"] = ours.network_.sizes
        size = {"hidden_layer_sizes": case["sizes"][1:-1]} if part == "real" else {}
        for peer in peers:
            write_down(case, peer, peer_of(peer, measure, random_state=seed, **size), parts)
    return case


def split(rows, targets, measure, seed):
    """Return the inputs to learn and those to judge by, and the targets of both."""
    strata = targets
    if measure == NUMBERS:
        strata = np.digitize(targets, np.quantile(targets, [0.2, 0.4, 0.6, 0.8]))
    both, how = (rows, targets), {"test_size": HELD_OUT, "stratify": strata, "random_state": seed}
    return model_selection.train_test_split(*both, **how)


def drawn(name, seed):
    """Draw curved data, and return it in the order of `split`.

    >>> drawn("xor, 4 rows", 0)[2:]
    ([0, 1, 1, 0], [0, 1, 1, 0])
    """
    data, rows, judges = CURVES[name]
    learned, held_out = curved(data, rows, seed), curved(data, judges, seed + JUDGES)
    return learned[0], held_out[0], learned[1], held_out[1]


def peer_of(name, measure, **settings):
    """Return a network of scikit-learn's: raw, scaled or patient."""
    if name == "patient":
        settings["max_iter"] = PATIENT_EPOCHS
    kinds = {CLASSES: neural_network.MLPClassifier, NUMBERS: neural_network.MLPRegressor}
    network = kinds[measure](**settings)
    return network if name == "raw" else scaled(network, measure)


def scaled(network, measure):
    """Return a network whose inputs are standardized, and the numbers that it is to predict."""
    model = pipeline.make_pipeline(preprocessing.StandardScaler(), network)
    if measure == NUMBERS:
        return compose.TransformedTargetRegressor(model, transformer=preprocessing.StandardScaler())
    return model


def write_down(case, who, model, parts):
    """Fit a model; add its score on the rows held out and the seconds that the fit took."""
    learned, held_out, learned_targets, held_out_targets = parts
    start = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(learned, learned_targets)
    case["seconds"].setdefault(who, []).append(perf_counter() - start)
    case["scores"].setdefault(who, []).append(float(model.score(held_out, held_out_targets)))


# -- the verdicts ----------------------------------------------------------------------------------


def no_worse(scores):
    """Tell whether ours is no worse than each peer's mean minus one of its standard deviations.

    >>> no_worse({"ours": [0.5, 0.5], "raw": [0.5, 0.75]}), no_worse({"ours": [0.5], "raw": [0.75]})
    (True, False)
    """
    return all(mean(scores["ours"]) >= mean(p) - deviation(p) for p in peers_in(scores))


def no_worse_in_median(scores, mark):
    """Tell whether our median is near the better peer's, and nearly all of ours reach the mark.

    All of ours have to reach a mark of 1. Without peers, ours is compared with a perfect one.

    >>> no_worse_in_median({"ours": [0.98, 0.98, 0.7], "patient": [1.0, 1.0, 1.0]}, 0.9)
    True
    >>> no_worse_in_median({"ours": [0.98, 0.7, 0.7], "patient": [0.6, 0.6, 0.9]}, 0.9)
    True
    >>> no_worse_in_median({"ours": [1.0, 1.0, 0.75]}, 1.0)
    False
    """
    ours, best = scores["ours"], max(peers_in(scores), key=median, default=[1.0])
    if mark == 1.0:
        return below(mark, ours) == 0
    near = median(ours) >= median(best) - TOLERANCE
    return near and (below(mark, ours) <= 1 or below(mark, best) > 0)


def peers_in(scores):
    """Return the scores of all but ours."""
    return [values for who, values in scores.items() if who != "ours"]


def below(mark, values):
    """Return how many values are below a mark."""
    return len([value for value in values if value < mark])


def deviation(values):
    """Return the standard deviation of a sample, 0 if it has one value."""
    return stdev(values) if len(values) > 1 else 0.0


def in_the_mean(scores):
    """Return the text of scores on real data."""
    return f"{mean(scores):.4f} ± {deviation(scores):.4f}"


def in_the_median(measure, scores):
    """Return the text of scores on curved data.

    >>> in_the_median(CLASSES, [0.5, 1.0, 0.95])
    '0.950  0.500  1'
    """
    return f"{median(scores):.3f} {min(scores):6.3f} {below(MARKS[measure], scores):2}"


CASES = {f"real {name}": real_case for name in REAL}
CASES.update({f"curved {name}": curved_case for name in CURVES})
BENCHMARK = Quality("quality", CASES, repeats=None)  # each part has its own
