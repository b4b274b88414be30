"""The estimators beside scikit-learn's networks of the same size, on rows that they never saw.

Each seed splits the rows, keeps a quarter for the judgement, and starts every network anew: each
class has its share in both parts, and of a number to be predicted each fifth of its range by rank.
Ours has its defaults. The peer is scikit-learn's MLPClassifier or MLPRegressor, with a hidden layer
as large as ours and otherwise its own defaults: "raw" gets the rows as they are; "scaled" gets
inputs and numbers to be predicted that are standardised, as ours does by itself; "patient" has time
to settle besides, up to 5,000 epochs where the default is 200. The criterion: ours is, in the mean,
no worse than the mean of each peer minus one of its standard deviations.
"""

import sys
import warnings
from functools import partial
from statistics import mean, median, stdev
from time import perf_counter

from purenet import Classifier, Regressor

from . import harness

try:
    import numpy as np
    import sklearn
    from sklearn import datasets
    from sklearn.compose import TransformedTargetRegressor
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.model_selection import train_test_split
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
except ImportError:
    sklearn = None

REPEATS = 5
HELD_OUT = 0.25

# The data that scikit-learn brings along, and what is predicted of it.
CLASSES, NUMBERS = "accuracy", "R²"
DATA = {
    "iris": CLASSES,
    "wine": CLASSES,
    "breast_cancer": CLASSES,
    "digits": CLASSES,
    "diabetes": NUMBERS,
}

PATIENT_EPOCHS = 5000


def run(json_file, repeats, only):
    """Print every data set as it is done; write all scores and times to a file."""
    if sklearn is None:
        sys.exit("quality: it needs scikit-learn, for the data and as the peer: install it first")
    names = [name for name in DATA if only in name]
    if not names:
        sys.exit(f"no case has {only!r} in its name")
    environment = {**harness.environment(), "scikit-learn": f"scikit-learn {sklearn.__version__}"}
    print(*(environment[key] for key in ("interpreter", "scikit-learn", "processor")), sep=", ")
    print(f"Accuracy, or R² of diabetes: mean ± standard deviation of {repeats} seeds.")
    print("Seconds a fit, best/median; no worse: than each peer's mean - its standard deviation.\n")
    peers = [f"peer {name}" for name in peers_of(CLASSES, [1], 0)]
    print(columns(["", "network", "ours", *peers, "ours s", "scaled s", "no worse"]))
    cases = []
    for name in names:
        cases.append(case_of(name, repeats))
        print(line_of(cases[-1]), flush=True)
    harness.write(json_file, {"environment": environment, "cases": cases})


def case_of(name, repeats):
    """Return the scores and times of ours and of each peer on one data set, seed by seed."""
    measure = DATA[name]
    rows, targets = getattr(datasets, f"load_{name}")(return_X_y=True)
    case = {"name": name, "measure": measure, "sizes": [], "scores": {}, "seconds": {}}
    for seed in range(repeats):
        parts = split(rows, targets, measure, seed)
        ours = (Classifier if measure == CLASSES else Regressor)(random_state=seed)
        write_down(case, "ours", ours, parts)
        case["sizes"] = ours.network_.sizes
        for peer, model in peers_of(measure, case["sizes"][1:-1], seed).items():
            write_down(case, peer, model, parts)
    return {**case, "no_worse": no_worse(case["scores"])}


def split(rows, targets, measure, seed):
    """Return the inputs to learn and those to judge by, and the targets of both."""
    strata = targets
    if measure == NUMBERS:
        strata = np.digitize(targets, np.quantile(targets, [0.2, 0.4, 0.6, 0.8]))
    return train_test_split(rows, targets, test_size=HELD_OUT, stratify=strata, random_state=seed)


def peers_of(measure, hidden, seed):
    """Return scikit-learn's networks by name."""
    kind = MLPClassifier if measure == CLASSES else MLPRegressor
    network = partial(kind, hidden_layer_sizes=hidden, random_state=seed)
    return {
        "raw": network(),
        "scaled": scaled(network(), measure),
        "patient": scaled(network(max_iter=PATIENT_EPOCHS), measure),
    }


def scaled(network, measure):
    """Return a network whose inputs are standardised, and the numbers that it is to predict."""
    model = make_pipeline(StandardScaler(), network)
    if measure == NUMBERS:
        return TransformedTargetRegressor(model, transformer=StandardScaler())
    return model


def write_down(case, who, model, parts):
    """Fit a model; add its score on the rows held out and the seconds that the fit took."""
    learned, held_out, learned_targets, held_out_targets = parts
    start = perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(learned, learned_targets)
    case["seconds"].setdefault(who, []).append(perf_counter() - start)
    case["scores"].setdefault(who, []).append(float(model.score(held_out, held_out_targets)))


def no_worse(scores):
    """Tell whether ours is no worse than each peer's mean minus one of its standard deviations.

    >>> no_worse({"ours": [0.5, 0.5], "raw": [0.5, 0.75]}), no_worse({"ours": [0.5], "raw": [0.75]})
    (True, False)
    """
    peers = [values for who, values in scores.items() if who != "ours"]
    return all(mean(scores["ours"]) >= mean(values) - deviation(values) for values in peers)


def deviation(values):
    """Return the standard deviation of a sample, 0 where it has one value."""
    return stdev(values) if len(values) > 1 else 0.0


def line_of(case):
    """Return a case as a line of the table."""
    scores = [f"{mean(values):.4f} ± {deviation(values):.4f}" for values in case["scores"].values()]
    times = [case["seconds"][who] for who in ("ours", "scaled")]
    seconds = [f"{min(values):.2f}/{median(values):.2f}" for values in times]
    network = "-".join(map(str, case["sizes"]))
    return columns([case["name"], network, *scores, *seconds, "yes" if case["no_worse"] else "NO"])


def columns(texts):
    """Return one line of the table, in columns."""
    widths = [-14, 9, 17, 17, 17, 17, 13, 11, 10]
    return "".join(
        f"{text:<{-width}}" if width < 0 else f"{text:>{width}}"
        for text, width in zip(texts, widths)
    )
