"""purenet beside other libraries: the same updates, of the same network, on the same rows.

    pip install -e '.[bench]'
    python3 -m benchmarks peers

brings the others, and measures all in turn. What is not installed is left out, and said so.

A peer first makes a few updates and comes to purenet's weights, to 12 digits, or it stops the
benchmark: its time would mean nothing. (All compute with 64-bit floats, whose sums may be added
up in another order, with an exp() that rounds otherwise. A training this short does not magnify
that: they agree to 14 digits.) A peer that cannot do the article's work, which has no biases, all
rows in one update, and squared error after a sigmoid, does what is nearest to it, and is compared
with purenet on just that work.

The garbage collector is off while a time is taken. That favors the libraries which leave cycles
behind: all that record what they compute in order to differentiate it.
"""

import sys
from contextlib import redirect_stderr, redirect_stdout
from importlib import metadata
from io import StringIO

from purenet.core.checks import one_hot
from purenet.core.matrix import scale
from purenet.core.network import Network

from . import harness, options, suite
from .answers import DIGITS, WrongAnswer, flat
from .peer_adapters import CROSS_ENTROPY, ONLINE, PEERS, SAME
from .workloads import ARTICLE_X, ARTICLE_Y, BRIGHTEST, Training, digits, shape_of

REPEATS = 21
ENGINES = ["unrolled", "lists"]
IMAGES = 4

# What a work asks of a network, how many rows an update has (none: all), and what it is.
WORKS = {
    SAME: ({}, None, "no biases, all rows in one update, squared error"),
    CROSS_ENTROPY: (
        {"bias": True, "loss": "cross_entropy"},
        None,
        "biases, all rows in one update, cross-entropy",
    ),
    ONLINE: ({"bias": True}, 1, "biases, an update after each row, squared error"),
}
# How many times as fast unrolled has to be, on the article, as the fastest of some peers.
TARGETS = {
    ("the faster loop in NumPy", 3.5): ["NumPy, as written", "NumPy, tuned"],
    ("the fastest pure-Python peer", 10): [
        who for who, peer in PEERS.items() if peer.pure and peer.work == SAME
    ],
    ("micrograd", 60): ["micrograd"],
}


def add_options(command):
    """Add what this command can be told."""
    options.add_measuring(command, REPEATS)


def run(json_file, repeats, only):
    """Print every case when it is done; write all that was measured to a file."""
    names = suite.chosen(CASES, only)
    environment = {**harness.environment(), "peers": versions()}
    print_heading(environment, repeats)
    cases = []
    for name in names:
        try:
            cases.append(case_of(name, repeats))
        except WrongAnswer as wrong:
            sys.exit(f"{name}: {wrong}")
        print("\n" + "\n".join(lines_of(cases[-1])), flush=True)
    print_targets(cases)
    harness.write(json_file, {"environment": environment, "cases": cases})


def print_heading(environment, repeats):
    """Print what stands above the tables."""
    print(", ".join(environment[key] for key in ("interpreter", "processor")))
    here = ", ".join(f"{name} {version}" for name, version in environment["peers"].items())
    print(here or "none of the others is installed")
    print(f"An update, or a pass of them: best and median of {repeats} repeats; how many times as")
    print("fast unrolled, and lists, are on the same work: in the median repeat.")


def versions():
    """Return the versions of the peers that are installed, by the names of their packages."""
    found = {}
    for package in dict.fromkeys(peer.distribution for peer in PEERS.values()):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return found


def article():
    """Return the article's sizes, where its weights come from, its rows, and updates to check."""
    return [3, 4, 1], "uniform", ARTICLE_X, ARTICLE_Y, 300


def few_digits():
    """Return the same of a few digits."""
    images, labels = digits()
    X = scale(images[:IMAGES], 1.0 / BRIGHTEST)
    return [64, 32, 10], "glorot", X, one_hot(labels[:IMAGES], range(10)), 3


CASES = {"article": article, "digits": few_digits}


def case_of(name, repeats):
    """Return a case measured, after all have come to the same numbers."""
    sizes, init, X, y, updates = CASES[name]()
    contenders, works, left_out = {}, {}, {}
    for work, (asked, batch_size, _) in WORKS.items():
        network = Network(sizes, init=init, seed=1, **asked)
        ours = Training(network, X, y, batch_size, updates, "update", {"learning_rate": 1.0})
        peers = {who: peer for who, peer in PEERS.items() if peer.work == work}
        built = built_of(peers, network, X, y, left_out)
        if built or work == SAME:
            built = {**{engine_of(e, work): ours.contender(e) for e in ENGINES}, **built}
        check(built, updates, engine_of("unrolled", work))
        contenders.update({who: train for who, (train, _) in built.items()})
        works.update(dict.fromkeys(built, work))
    seconds, yardstick = harness.measure_beside_yardstick(contenders, repeats)
    return {
        "name": f"peers, {name}",
        "shape": f"{shape_of(network)}, {len(X)} rows",
        "unit": "update",
        **suite.measured(seconds),
        "yardstick": yardstick,
        "works": works,
        "ratios": {who: ratios_of(seconds, who, works[who]) for who in seconds},
        "left_out": left_out,
    }


def engine_of(engine, work):
    """Return the name of ours in the table.

    >>> engine_of("lists", SAME), engine_of("lists", ONLINE)
    ('purenet, lists', 'purenet, lists, online')
    """
    return f"purenet, {engine}" + ("" if work == SAME else f", {work}")


def built_of(peers, network, X, y, left_out):
    """Return what the installed peers give; say in `left_out` why the others are not here."""
    built = {}
    for who, peer in peers.items():
        try:
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):  # what an import says
                built[who] = peer.build(network, X, y)
        except ImportError as reason:
            left_out[who] = f"{reason}: pip install {peer.distribution}"
    return built


def check(built, updates, unrolled):
    """Let all make so many updates; raise WrongAnswer where they come to other numbers.

    The plain loops on lists are the measure. `unrolled` must have their bits.
    """
    answers = {}
    for who, (train, numbers) in built.items():
        train(updates)
        answers[who] = list(flat(numbers()))
    for who, answer in answers.items():
        expected = answers[unrolled.replace("unrolled", "lists")]
        if who == unrolled and answer != expected:
            raise WrongAnswer(f"{who} and lists differ in some last bit")
        if len(answer) != len(expected):
            raise WrongAnswer(f"{who} has {len(answer)} numbers, and lists {len(expected)}")
        for a, b in zip(answer, expected):
            if not abs(a - b) <= 10.0**-DIGITS * max(1.0, abs(b)):
                raise WrongAnswer(f"{who} has {a!r} where lists has {b!r}")


def ratios_of(seconds, who, work):
    """Return how many times as fast as this one each engine is, on the same work."""
    return {e: harness.ratio([seconds[who]], seconds[engine_of(e, work)]) for e in ENGINES}


def lines_of(case):
    """Go through the lines of a case's table: one for each contender, and what is to be said."""
    notes = []
    yield columns([f"{case['name']}: {case['shape']}", "best", "median", "±", *ENGINES])
    for work, (_, _, words) in WORKS.items():
        group = [who for who, its in case["works"].items() if its == work]
        if group:
            yield words
        for who in group:
            note = PEERS[who].note if who in PEERS else ""
            notes += [f"{who}: {note}"] if note else []
            yield row_of(case, who) + (f"  [{len(notes)}]" if note else "")
    yield from (f"[{n}] {note}" for n, note in enumerate(notes, 1))
    yield from (f"left out: {who}: {reason}" for who, reason in case["left_out"].items())


def row_of(case, who):
    """Return a contender's line."""
    summary = case["summary"][who]
    times = [harness.in_words(summary[key]) for key in ("minimum", "median")]
    ratios = [f"{ratio:.3g} x" for ratio in case["ratios"][who].values()]
    return columns([f"  {who}", *times, f"{summary['spread']:.0%}", *ratios])


def columns(texts):
    """Return one line of the table, in columns."""
    who, *others = texts
    return f"{who:38}" + "".join(f"{other:>11}" for other in others)


def print_targets(cases):
    """Print how far unrolled is ahead on the article's training, and whether that was wanted."""
    for case in [case for case in cases if case["name"] == "peers, article"]:
        for who, wanted, ratio in targets_of(case):
            verdict = "reached" if ratio >= wanted else "missed"
            print(f"unrolled is {ratio:.3g} times as fast as {who}; wanted {wanted}: {verdict}")
        for who, work in case["works"].items():
            if who in PEERS and PEERS[who].pure and work != SAME:
                ratio = case["ratios"][who]["unrolled"]
                print(f"(with {WORKS[work][2]}: {ratio:.3g} times as fast as {who})")


def targets_of(case):
    """Go through the targets: the peer that comes nearest to ours, what is wanted, the ratio."""
    for (words, wanted), group in TARGETS.items():
        here = [who for who in group if who in case["ratios"]]
        if here:
            ratio, nearest = min((case["ratios"][who]["unrolled"], who) for who in here)
            yield words if words == nearest else f"{words} ({nearest})", wanted, ratio
