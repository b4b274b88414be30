"""The benchmarks: what they check before they count, and the arithmetic of their ratios."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import carry, engines, harness, parallel, quality

CHECKOUT = Path(__file__).parents[1]


def benchmarks(*arguments):
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )


def test_the_ratio_is_that_of_the_median_repeat_to_the_faster_of_the_others():
    ours, fast, slow = [1.0, 2.0, 1.0], [4.0, 6.0, 100.0], [9.0, 9.0, 9.0]
    assert harness.ratio([fast, slow], ours) == 4.0


def test_contenders_run_in_turn_and_times_are_for_one_round():
    turns = []

    def contender(name, seconds_a_round):
        def run(rounds):
            turns.append(name)
            return rounds * seconds_a_round

        return run

    seconds = harness.measure({"a": contender("a", 0.25), "b": contender("b", 1e-3)}, 3)
    assert turns[-6:] == ["a", "b"] * 3
    assert seconds == {"a": [0.25] * 3, "b": [pytest.approx(1e-3)] * 3}


@pytest.mark.parametrize(
    "weight, said", [(0.5 + 2**-52, "unrolled and lists differ"), (0.6, "unrolled and lists")]
)
def test_unrolled_must_have_the_bits_of_lists(weight, said):
    with pytest.raises(SystemExit, match=said):
        engines.check("a case", {"lists": [[0.5]], "unrolled": [[weight]]})


def test_numpy_may_differ_by_a_billionth_and_no_more():
    answers = {"lists": [[0.5]], "unrolled": [[0.5]]}
    engines.check("a case", {**answers, "np tuned": [[0.5 + 1e-10]]})
    with pytest.raises(SystemExit, match=r"np tuned has .* where lists has"):
        engines.check("a case", {**answers, "np tuned": [[0.50001]]})


def test_a_case_is_printed_with_its_times_and_written_to_a_file(tmp_path):
    file = tmp_path / "times.json"
    done = benchmarks("engines", "--only", "2-2-1", "--repeats", "2", "--json", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert "\nTraining\n" in done.stdout and "\n2-2-1, 4 rows" in done.stdout
    document = json.loads(file.read_text(encoding="utf-8"))
    [case] = document["cases"]
    assert list(case["seconds"]) == ["lists", "unrolled", "np written", "np tuned", "np prepared"]
    assert all(len(seconds) == 2 and min(seconds) > 0 for seconds in case["seconds"].values())
    assert document["environment"]["interpreter"].endswith(sys.version.split()[0])


def test_wrong_usage_is_refused():
    done = benchmarks("engines", "--repeats", "0")
    assert done.returncode == 2
    assert "--repeats: expected a whole number of at least 1, got 0" in done.stderr
    assert benchmarks().returncode == 2
    done = benchmarks("engines", "--json", "/nowhere/times.json")
    assert done.returncode == 2
    assert "--json: [Errno 2] No such file or directory: '/nowhere/times.json'" in done.stderr
    done = benchmarks("engines", "--only", "3-5-1")
    assert (done.returncode, done.stderr) == (1, "no case has '3-5-1' in its name\n")


# -- one process and two -------------------------------------------------------------------------


def test_two_processes_come_to_the_weights_of_one(monkeypatch, tmp_path, capsys):
    small = {"RESTART_EPOCHS": 2, "RESTART_ROWS": 40, "WIDE": [20, 5, 3], "BATCH_SIZE": 8}
    for name, value in small.items():
        monkeypatch.setattr(parallel, name, value)
    file = tmp_path / "times.json"
    parallel.run(str(file), 1, "")
    printed = capsys.readouterr().out
    document = json.loads(file.read_text(encoding="utf-8"))
    assert f"{document['environment']['cores']} cores; " in printed
    assert [case["name"] for case in document["cases"]] == ["restarts", "shards"]
    for case in document["cases"]:
        assert list(case["seconds"]) == ["here", "1 process", "2 processes"]
        assert all(min(seconds) > 0.0 for seconds in case["seconds"].values())
        assert f"\n{case['name']:10}{case['ratio']:6.2f}" in printed


def test_one_process_and_two_must_agree_to_the_bit():
    answers = {"here": [0.5], "1 process": [0.5], "2 processes": [0.5 + 2**-52]}
    with pytest.raises(SystemExit, match="restarts: 2 processes and here differ"):
        parallel.check("restarts", answers)


def test_parallel_refuses_a_case_that_it_does_not_have():
    done = benchmarks("parallel", "--only", "3-5-1")
    assert (done.returncode, done.stderr) == (1, "no case has '3-5-1' in its name\n")


# -- a network carried elsewhere -----------------------------------------------------------------


@pytest.fixture
def few_images(monkeypatch):
    images, labels = carry.digits()
    monkeypatch.setattr(carry, "digits", lambda: (images[:40], labels[:40]))


def test_a_network_is_the_same_wherever_it_is_carried(few_images, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(harness, "calibrated", lambda function: 1)  # scikit-learn's start is slow
    file = tmp_path / "times.json"
    carry.run(str(file), 1, "")
    printed = capsys.readouterr().out
    same, cold, warm = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert [case["name"] for case in (same, cold, warm)] == [
        "the same answers",
        "cold start",
        "one row",
    ]
    forms = list(carry.FORMS)
    assert list(same["largest_difference"]) == list(cold["model_bytes"]) == forms
    assert same["rows"] == 40 and same["largest_difference"][carry.ORIGIN] == 0.0
    assert max(same["largest_difference"].values()) <= carry.EXACT
    assert list(cold["seconds"]) == list(cold["peak_kilobytes"]) == [carry.ALONE, *forms]
    assert list(warm["seconds"]) == list(warm["ratios"]) == forms
    for case in (cold, warm):
        assert all(len(times) == 1 and times[0] > 0.0 for times in case["seconds"].values())
    assert cold["ratios"][carry.ALONE] == warm["ratios"][carry.ORIGIN] == 1.0
    assert cold["within_target"] is (cold["ratios"][carry.EXPORTED] <= carry.TARGET)
    for name in forms:
        assert printed.count(f"\n{name:24}") == (2 if name == carry.ORIGIN else 3)


def test_peers_that_are_not_installed_are_left_out_and_said(few_images, monkeypatch, capsys):
    for library in ("np", "sklearn"):
        monkeypatch.setattr(carry, library, None)
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    carry.run(None, 1, "one row")
    printed = capsys.readouterr().out
    missing = "NumPy's .npz, ONNX, scikit-learn's pickle"
    assert f"left out, as what it takes is not installed: {missing}\n" in printed
    assert "The same answers, those of purenet's JSON for 40 images\n" in printed
    assert re.search(r"\nexported +[\d.,]+/[\d.,]+\n", printed)  # and no ratio


@pytest.mark.parametrize(
    "answer, tolerance",
    [([0.5, 0.5 + 1e-11], 1e-12), ([0.5 + 1e-13, 0.5], 1e-12), ([0.5, float("nan")], 1e-12)],
)
def test_probabilities_must_be_the_same_and_so_must_the_class(answer, tolerance):
    with pytest.raises(SystemExit, match=r"a form: image 0: .* and not \[0.5, 0.5000000000001\]"):
        carry.difference("a form", [answer], [[0.5, 0.5 + 1e-13]], tolerance)
    assert carry.difference("a form", [[0.5, 0.75]], [[0.5, 0.75]], tolerance) == 0.0


def test_a_process_that_fails_stops_the_benchmark(tmp_path):
    starter = [sys.executable, str(CHECKOUT / "benchmarks" / "starts.py")]
    command = [sys.executable, "-c", "raise SystemExit(3)"]
    asked = json.dumps([1, str(tmp_path), command]) + "\n"
    done = subprocess.run(starter, input=asked, capture_output=True, text=True)
    assert done.returncode == 1 and "raise SystemExit(3)" in done.stderr


# -- beside scikit-learn ---------------------------------------------------------------------------


def test_scores_and_times_of_ours_and_of_each_peer_are_written_to_a_file(tmp_path, capsys):
    file = tmp_path / "scores.json"
    quality.run(str(file), 1, "iris")
    printed = capsys.readouterr().out
    [case] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert (case["name"], case["measure"], case["sizes"]) == ("iris", "accuracy", [4, 7, 3])
    assert list(case["scores"]) == list(case["seconds"]) == ["ours", "raw", "scaled", "patient"]
    assert all(len(scores) == 1 and 0.0 <= scores[0] <= 1.0 for scores in case["scores"].values())
    assert all(len(times) == 1 and times[0] > 0.0 for times in case["seconds"].values())
    assert case["no_worse"] is quality.no_worse(case["scores"])
    ours = f"{case['scores']['ours'][0]:.4f} ± 0.0000"
    assert re.search(rf"\niris +4-7-3 +{ours} .* {'yes' if case['no_worse'] else 'NO'}\n", printed)
