"""The other libraries come to PureNet's weights, and pyperf takes no time of a wrong answer."""

import math
import subprocess
import sys
from importlib.util import find_spec

import pytest
from support import CHECKOUT

from benchmarks import answers, peers, portable, processes, suite, timing, with_pyperf, workloads
from benchmarks.peer_adapters import PEERS, SAME
from purenet import Network

FOLDER = CHECKOUT / "benchmarks" / "pyperformance"
MODULES = {
    "numpy": "numpy",
    "torch": "torch",
    "scikit-learn": "sklearn",
    "gradient-wave": "gradwave",
    "micrograd": "micrograd",
    "tinymlp": "tinymlp",
    "kerze": "kerze",
    "miniml-engine": "miniml",
}

# Sizes, inputs, targets. Each column of targets has both classes, as scikit-learn wants.
PROBLEMS = {
    "the article": ([3, 4, 1], portable.ARTICLE_X, portable.ARTICLE_Y),
    "1-2-1": ([1, 2, 1], [[0.5], [-0.25]], [[0], [1]]),
    "3 rows, 2 outputs": (
        [2, 3, 2],
        [[1.0, 0.5], [0.25, -1.0], [0.0, 2.0]],
        [[1, 0], [0, 1], [1, 0]],
    ),
}


# -- the answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.parametrize("who", PEERS)
def test_a_peer_comes_to_the_weights_of_purenet(who, problem, required, monkeypatch):
    peer = PEERS[who]
    required(
        f"{peer.distribution} (pip install -e '.[bench]')", find_spec(MODULES[peer.distribution])
    )
    monkeypatch.setitem(
        peers.NETWORKS,
        "small",
        lambda: (PROBLEMS[problem][0], "uniform", *PROBLEMS[problem][1:], 5),
    )
    monkeypatch.setattr(peers, "PEERS", {who: peer})
    monkeypatch.setattr(timing, "measure_beside_yardstick", one_second_each)
    case = peers.case_of("small", 1)
    assert who in case["ratios"] and case["works"][who] == peer.work and not case["left_out"]


def one_second_each(contenders, repeats):
    return {who: [1.0] * repeats for who in contenders}, [1.0] * repeats


def test_a_peer_begins_with_the_weights_it_is_given(required):
    for peer in PEERS.values():
        required(peer.distribution, find_spec(MODULES[peer.distribution]))
        network = Network([3, 4, 1], seed=1, bias=peer.work != SAME)
        _, numbers = peer.build(network, portable.ARTICLE_X, portable.ARTICLE_Y)
        weights = list(answers.flat(network.weights + network.biases))
        assert list(answers.flat(numbers())) == weights


# -- by pyperf and pyperformance -----------------------------------------------------------------

SLOW_TO_CHECK = {"article", "digits-epoch"}
MEASURED = [name for name in suite.BENCHMARK.cases if name != processes.MEMORY]  # not a time


@pytest.mark.parametrize("name", MEASURED)
def test_every_workload_runs_under_pyperf_wherever_it_is_started(name, required, tmp_path):
    required("pyperf (pip install -e '.[bench]')", find_spec("pyperf"))
    program = FOLDER / "bm_purenet" / "run_benchmark.py"
    file = tmp_path / "times.json"
    options = ["--debug-single-value", "--output", str(file)]
    options += [with_pyperf.CHECKED] if name in SLOW_TO_CHECK else []
    subprocess.run([sys.executable, str(program), name, *options], check=True, cwd=tmp_path)
    import pyperf

    measured = pyperf.BenchmarkSuite.load(str(file)).get_benchmark_names()
    whole, kinds = with_pyperf.name_of(name), [""]
    if name in workloads.WORKLOADS:
        engines = workloads.WORKLOADS[name](1).engines()
        kinds = [f"_{engine}" for engine in engines if engine != "numpy"]
    assert measured == [whole + kind for kind in kinds]


def test_pyperformance_finds_every_workload(required):
    required("pyperformance (pip install -e '.[bench]')", find_spec("pyperformance"))
    from pyperformance._manifest import load_manifest

    found = {bench.name: bench for bench in load_manifest(str(FOLDER / "MANIFEST")).benchmarks}
    assert {*found} == {with_pyperf.name_of(name) for name in MEASURED}
    for name in MEASURED:
        bench = found[with_pyperf.name_of(name)]
        assert bench.extra_opts == [name]
        assert bench.runscript == str(FOLDER / "bm_purenet" / "run_benchmark.py")


@pytest.mark.parametrize(
    "name, who",
    [("predict-small", "predict-small, size 1, lists"), ("cold-start", "cold-start, size 1")],
)
def test_pyperf_takes_no_time_of_a_wrong_answer(name, who, required, monkeypatch):
    required("pyperf (pip install -e '.[bench]')", find_spec("pyperf"))
    import pyperf

    monkeypatch.setattr(pyperf.Runner, "_created", set())  # it allows one a process
    monkeypatch.setattr(answers, "answer_of", lambda numbers: {"bits": 0, "digest": [math.nan]})
    monkeypatch.setattr(sys, "argv", ["run_benchmark.py", name, "--debug-single-value"])
    with pytest.raises(SystemExit, match=f"{who}: the answer has nan"):
        with_pyperf.main()
