"""purenet beside other libraries: the same updates, of the same network, on the same rows.

    pip install -e '.[bench]'
    python3 -m benchmarks peers

installs the others, and measures all in turn. A library that is not installed is left out, with a
note.

A peer first makes a few updates and comes to purenet's weights, to 12 digits, or it stops the
benchmark: its time would mean nothing. (All compute with 64-bit floats, whose sums may be added up
in another order, with an exp() that rounds otherwise. A training this short does not magnify that.)

A peer that cannot do the article's work, which has no biases, all rows in one update, and squared
error after a sigmoid, does the nearest work that it can, and is compared with purenet on that.

The garbage collector is off while a time is taken. That favors libraries that leave cycles behind:
all those that record a computation in order to differentiate it.
"""

from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

from purenet import Network

from . import harness, plot, timing
from .answers import checked
from .benchmark import Benchmark, Table, machine_line
from .peer_adapters import CROSS_ENTROPY, ONLINE, PEERS, SAME
from .portable import ARTICLE_X, ARTICLE_Y, shape_of
from .suite import summed_up
from .workloads import Training, digits, one_hot

ENGINES = ["unrolled", "lists"]
IMAGES = 4
TABLE = Table("<38", ">11")

LOSS = {"bias": True, "loss": "cross_entropy"}
# The requirements of a work on a network, the number of rows in an update (none: all), and a
# description.
WORKS = {
    SAME: ({}, None, "no biases, all rows in one update, squared error"),
    CROSS_ENTROPY: (LOSS, None, "biases, all rows in one update, cross-entropy"),
    ONLINE: ({"bias": True}, 1, "biases, an update after each row, squared error"),
}
# How many times as fast unrolled has to be, on the article, as the fastest of some peers.
PURE = [who for who, peer in PEERS.items() if peer.pure and peer.work == SAME]
TARGETS = {
    ("the faster loop in NumPy", 3.5): ["NumPy, as written", "NumPy, tuned"],
    ("the fastest pure-Python peer", 10): PURE,
    ("micrograd", 60): ["micrograd"],
}


class Peers(Benchmark):
    """purenet beside other libraries."""

    def installed(self):
        """Return the peers."""
        return {"peers": harness.versions(peer.distribution for peer in PEERS.values())}

    def heading(self, document, repeats):
        """Say which libraries are here, and explain the numbers."""
        environment = document["environment"]
        yield machine_line(environment)
        here = ", ".join(f"{name} {version}" for name, version in environment["peers"].items())
        yield here or "no other library is installed"
        yield f"An update, or a pass of them: best and median of {repeats} repeats; how many times"
        yield "as fast unrolled, and lists, are on the same work: in the median repeat."

    def lines(self, case, before, document):
        """Return a line for each contender of a case, and notes about them."""
        notes = []
        title = f"{case['name']}: {case['shape']}"
        yield "\n" + TABLE.row(title, "best", "median", "±", *ENGINES)
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

    def ending(self, cases):
        """Say how far unrolled is ahead on the article's training, and whether that was wanted."""
        for case in [case for case in cases if case["name"] == "peers, article"]:
            for who, wanted, ratio in targets_of(case):
                verdict = "reached" if ratio >= wanted else "missed"
                yield f"unrolled is {ratio:.3g} times as fast as {who}; wanted {wanted}: {verdict}"
            for who, work in case["works"].items():
                if who in PEERS and PEERS[who].pure and work != SAME:
                    ratio = case["ratios"][who]["unrolled"]
                    yield f"(with {WORKS[work][2]}: {ratio:.3g} times as fast as {who})"

    def charts(self, cases, notes):
        """Draw the time that each library takes for an update."""
        titled = {f"{case['name']}: {case['shape']}": case for case in cases}
        label = f"seconds, one {cases[0]['unit']}"
        return {"peers": plot.times("The same update in other libraries", titled, notes, label)}


def article():
    """Return the article's sizes, the source of its weights, its rows, and updates to check."""
    return [3, 4, 1], "uniform", ARTICLE_X, ARTICLE_Y, 300


def few_digits():
    """Return the same of a few digits."""
    X, labels = digits(IMAGES)
    return [64, 32, 10], "glorot", X, one_hot(labels, range(10)), 3


NETWORKS = {"article": article, "digits": few_digits}


def case_of(name, repeats):
    """Return a case measured, after all have come to the same numbers."""
    sizes, init, X, y, updates = NETWORKS[name]()
    contenders, works, left_out = {}, {}, {}
    for work, (asked, batch_size, _) in WORKS.items():
        network = Network(sizes, init=init, seed=1, **asked)
        ours = Training(network, X, y, batch_size, updates, "update", {"learning_rate": 1.0})
        peers = {who: peer for who, peer in PEERS.items() if peer.work == work}
        built = built_of(peers, network, X, y, left_out)
        if built or work == SAME:
            built = {**{engine_of(e, work): ours.contender(e) for e in ENGINES}, **built}
            lists, unrolled = engine_of("lists", work), engine_of("unrolled", work)
            contenders.update(checked(name, built, updates, lists, exact=[unrolled]))
        works.update(dict.fromkeys(built, work))
    seconds, yardstick = timing.measure_beside_yardstick(contenders, repeats)
    shape = f"{shape_of(network)}, {len(X)} rows"
    case = {"name": f"peers, {name}", "shape": shape, "unit": "update", **summed_up(seconds)}
    ratios = {who: ratios_of(seconds, who, works[who]) for who in seconds}
    return {**case, "yardstick": yardstick, "works": works, "ratios": ratios, "left_out": left_out}


def engine_of(engine, work):
    """Return the name of ours in the table.

    >>> engine_of("lists", SAME), engine_of("lists", ONLINE)
    ('purenet, lists', 'purenet, lists, online')
    """
    return f"purenet, {engine}" + ("" if work == SAME else f", {work}")


def built_of(peers, network, X, y, left_out):
    """Build the peers that are installed; say in `left_out` why the others are not."""
    built = {}
    for who, peer in peers.items():
        try:
            with redirect_stdout(StringIO()), redirect_stderr(StringIO()):  # what an import says
                built[who] = peer.build(network, X, y)
        except ImportError as reason:
            left_out[who] = f"{reason}: pip install {peer.distribution}"
    return built


def ratios_of(seconds, who, work):
    """Return how many times as fast as this one each engine is, on the same work."""
    return {e: harness.ratio([seconds[who]], seconds[engine_of(e, work)]) for e in ENGINES}


def row_of(case, who):
    """Return a contender's line."""
    summary = case["summary"][who]
    times = [harness.in_words(summary[key]) for key in ("minimum", "median")]
    ratios = [f"{ratio:.3g} x" for ratio in case["ratios"][who].values()]
    return TABLE.row(f"  {who}", *times, f"{summary['spread']:.0%}", *ratios)


def targets_of(case):
    """Go through the targets: the peer that comes nearest to ours, what is wanted, the ratio."""
    for (words, wanted), group in TARGETS.items():
        here = [who for who in group if who in case["ratios"]]
        if here:
            ratio, nearest = min((case["ratios"][who]["unrolled"], who) for who in here)
            yield words if words == nearest else f"{words} ({nearest})", wanted, ratio


BENCHMARK = Peers("peers", dict.fromkeys(NETWORKS, case_of))
