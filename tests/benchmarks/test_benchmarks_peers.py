"""The other libraries: their answers count before their times; and the workloads by pyperf."""

import json
import math
import re
import subprocess
import sys

import pytest
from support import CHECKOUT

from benchmarks import answers, peers, processes, suite, timing, with_pyperf, workloads
from benchmarks.peer_adapters import ONLINE, PEERS, SAME, Peer

FOLDER = CHECKOUT / "benchmarks" / "pyperformance"


@pytest.fixture
def hasty(monkeypatch):
    """Take times that mean nothing, and soon."""
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)


@pytest.fixture
def only(monkeypatch):
    """Return a function that leaves some of the peers, or puts others in their place."""

    def leave(*names, **others):
        left = {**{name: PEERS[name] for name in names}, **others}
        monkeypatch.setattr(peers, "PEERS", left)

    return leave


def off_by(amount, work=SAME):
    """Return a peer that comes to the numbers of lists, but for the last of them."""

    def build(network, X, y):
        asked = workloads.Training(network, X, y, None, 1, "update", {"learning_rate": 1.0})
        train, numbers = asked.contender("lists")
        return train, lambda: [*list(answers.flat(numbers()))[:-1], last_of(numbers()) + amount]

    return Peer("numpy", build, work=work)


def last_of(nested):
    *_, last = answers.flat(nested)
    return last


# -- the answers ---------------------------------------------------------------------------------


def one_second_each(contenders, repeats):
    return {who: [1.0] * repeats for who in contenders}, [1.0] * repeats


@pytest.mark.parametrize("amount", [1e-11, -0.5, math.nan, math.inf])
def test_a_wrong_answer_stops_it_before_a_time_is_taken(amount, only, monkeypatch, tmp_path):
    monkeypatch.setattr(timing, "measure_beside_yardstick", None)
    only(other=off_by(amount))
    with pytest.raises(
        answers.WrongAnswer, match=r"article: other has .* where purenet, lists has"
    ):
        peers.BENCHMARK.run(only="article", repeats=1)


def test_rounding_passes(only, monkeypatch):
    monkeypatch.setattr(timing, "measure_beside_yardstick", one_second_each)
    only(other=off_by(1e-13))
    assert "other" in peers.case_of("article", 1)["ratios"]


def test_a_peer_must_have_as_many_numbers(only):
    short = Peer("numpy", lambda network, X, y: (lambda epochs: None, lambda: [0.5]))
    only(other=short)
    with pytest.raises(
        answers.WrongAnswer, match="article: other has 1 numbers, and purenet, lists 16"
    ):
        peers.BENCHMARK.run(only="article", repeats=1)


def test_unrolled_must_have_the_bits_of_lists():
    built = {
        "purenet, unrolled": (lambda epochs: None, lambda: [0.5 + 2**-52]),
        "purenet, lists": (lambda epochs: None, lambda: [0.5]),
    }
    with pytest.raises(
        answers.WrongAnswer, match="unrolled and purenet, lists differ in some last bit"
    ):
        answers.checked("article", built, 1, "purenet, lists", ["purenet, unrolled"])


# -- the table -----------------------------------------------------------------------------------


def test_a_peer_that_is_not_installed_is_left_out_and_said(hasty, only, monkeypatch, capsys):
    only("NumPy, tuned", "PyTorch", "miniml-engine, network")
    for module in ("torch", "miniml"):
        monkeypatch.setitem(sys.modules, module, None)
    peers.BENCHMARK.run(only="article", repeats=1)
    printed = capsys.readouterr().out
    assert re.search(r"\nleft out: PyTorch: .*: pip install torch\n", printed)
    assert re.search(
        r"\nleft out: miniml-engine, network: .*: pip install miniml-engine\n", printed
    )
    assert peers.WORKS[SAME][2] in printed and peers.WORKS[ONLINE][2] not in printed
    assert "\nunrolled is " in printed and "micrograd" not in printed


def test_a_case_is_printed_with_notes_and_written_to_a_file(hasty, only, tmp_path, capsys):
    noted, same = (off_by(0.0)._replace(note=note) for note in ("it rests", ""))
    only(one=noted, other=same)
    file = tmp_path / "times.json"
    peers.BENCHMARK.run(str(file), 2, "article")
    printed = capsys.readouterr().out
    [case] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert list(case["seconds"]) == ["purenet, unrolled", "purenet, lists", "one", "other"]
    assert all(len(times) == 2 and min(times) > 0.0 for times in case["seconds"].values())
    assert case["ratios"]["purenet, unrolled"]["unrolled"] == 1.0
    assert re.search(r"\n  one .* x +[\d.]+ x  \[1\]\n  other .* x\n\[1\] one: it rests\n", printed)


def test_a_peer_is_compared_with_ours_on_its_own_work():
    seconds = {"purenet, unrolled": [1.0], "purenet, lists": [2.0], "a": [6.0], "b": [6.0]}
    seconds.update({"purenet, unrolled, online": [3.0], "purenet, lists, online": [12.0]})
    assert peers.ratios_of(seconds, "a", SAME) == {"unrolled": 6.0, "lists": 3.0}
    assert peers.ratios_of(seconds, "b", ONLINE) == {"unrolled": 2.0, "lists": 0.5}


def test_a_target_is_reached_by_the_nearest_of_its_peers_or_said_to_be_missed():
    ratios = {"NumPy, as written": 9.0, "NumPy, tuned": 3.5, "NumPy, prepared": 1.0}
    ratios.update({"kerze": 20.0, "gradient-wave": 9.9, "miniml-engine, network": 7.0})
    case = {
        "name": "peers, article",
        "ratios": {who: {"unrolled": ratio} for who, ratio in ratios.items()},
        "works": {who: PEERS[who].work for who in ratios},
    }
    lines = "\n".join(peers.BENCHMARK.ending([case]))
    assert (
        lines + "\n"
        == """\
unrolled is 3.5 times as fast as the faster loop in NumPy (NumPy, tuned); wanted 3.5: reached
unrolled is 9.9 times as fast as the fastest pure-Python peer (gradient-wave); wanted 10: missed
(with biases, an update after each row, squared error: 7 times as fast as miniml-engine, network)
"""
    )


def test_a_case_that_is_not_there_is_refused():
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", "peers", "--only", "3-5-1"],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )
    assert (done.returncode, done.stderr) == (1, "peers: no case has '3-5-1' in its name\n")


# -- by pyperf and pyperformance -----------------------------------------------------------------
MEASURED = [name for name in suite.BENCHMARK.cases if name != processes.MEMORY]  # not a time


def test_the_manifest_lists_a_variant_for_every_workload():
    lines = (FOLDER / "MANIFEST").read_text(encoding="utf-8").splitlines()
    begin = lines.index("name\tmetafile")
    assert "[benchmarks]" in lines[:begin]
    names = {with_pyperf.name_of(name): name for name in MEASURED}
    assert sorted(lines[begin + 1 :]) == sorted(f"{name}\t<local:purenet>" for name in names)
    files = {path.stem: path for path in (FOLDER / "bm_purenet").glob("bm_*.toml")}
    assert {*files} == {f"bm_{name}" for name in names}
    for name, workload in names.items():
        variant = files[f"bm_{name}"].read_text(encoding="utf-8")
        assert variant == (f'[tool.pyperformance]\nname = "{name}"\nextra_opts = ["{workload}"]\n')


@pytest.mark.parametrize("checked", [True, False])
def test_a_process_of_pyperf_checks_for_itself_what_nobody_has_checked(checked, monkeypatch):
    workload, asked, ready = answers.workload_of("predict-small", 1), [], answers.ready
    monkeypatch.setattr(answers, "ready", lambda *which: [asked.append(which), *ready(*which)][1:])
    seconds = with_pyperf.timer_of(workload, "lists", checked)
    assert asked == [] and seconds(1) > 0.0 and seconds(2) > 0.0
    assert asked == ([] if checked else [(workload, "lists")])
