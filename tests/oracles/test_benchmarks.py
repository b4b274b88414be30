"""The benchmarks beside scikit-learn and onnxruntime: scores, times, and the same answers."""

import json
import re
from functools import partial

import pytest

from benchmarks import (
    __main__,
    benchmark,
    carry,
    chart,
    quality,
    timing,
)
from purenet import Classifier, Regressor

pytest.importorskip("onnxruntime")
pytest.importorskip("sklearn")


# -- a network carried elsewhere -----------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch):
    """Take times that mean nothing, and soon."""
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)


@pytest.fixture
def few_images(monkeypatch):
    few = carry.digits(40)
    monkeypatch.setattr(carry, "digits", lambda: few)


def test_a_network_is_the_same_wherever_it_is_carried(few_images, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)  # scikit-learn's start is slow
    file = tmp_path / "times.json"
    __main__.main(["carry", "--repeats", "1", "--json", str(file)])
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
    for name in forms:
        assert printed.count(f"\n{name:24}") == (2 if name == carry.ORIGIN else 3)


# -- beside scikit-learn ---------------------------------------------------------------------------


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """Return a file with the scores of one seed on iris, circles and spirals."""
    file = tmp_path_factory.mktemp("quality") / "scores.json"
    __main__.main(["quality", "--only", "ir", "--repeats", "1", "--json", str(file)])
    return file


@pytest.mark.parametrize(
    "i, part, name, peers",
    [
        (0, "real", "iris", ["raw", "scaled", "patient"]),
        (1, "curved", "circles", ["scaled", "patient"]),
    ],
)
def test_scores_and_times_of_ours_and_of_each_peer_are_written(scores, i, part, name, peers):
    case = json.loads(scores.read_text(encoding="utf-8"))["cases"][i]
    assert (case["part"], case["name"], case["measure"]) == (part, name, "accuracy")
    assert list(case["scores"]) == list(case["seconds"]) == ["ours", *peers]
    assert all(len(values) == 1 and 0.0 <= values[0] <= 1.0 for values in case["scores"].values())
    assert all(len(times) == 1 and times[0] > 0.0 for times in case["seconds"].values())


def test_scores_are_shown_in_a_table_for_each_part_and_have_no_chart(scores, tmp_path, capsys):
    __main__.main(["show", str(scores)])
    printed = capsys.readouterr().out
    iris, circles, _ = json.loads(scores.read_text(encoding="utf-8"))["cases"]
    for case, ours in [(iris, "{:.4f} ± 0.0000 "), (circles, "{0:.3f}  {0:.3f}  [01] ")]:
        start = f"{case['name']} +accuracy +{'-'.join(map(str, case['sizes']))} +"
        verdict = "yes" if case["no_worse"] else "NO"
        pattern = f"\n{start}{ours.format(*case['scores']['ours'])}.* {verdict}\n"
        assert re.search(pattern, printed)
    assert "Real data: mean ± standard deviation of 1 seeds" in printed
    assert "Curved data: median, worst and number of 1 seeds below" in printed
    with pytest.raises(SystemExit, match="this benchmark has no charts"):
        __main__.main(["chart", str(scores), "-o", str(tmp_path)])


def test_what_quality_prints_can_be_shown_again(tmp_path, capsys):
    file = tmp_path / "scores.json"
    __main__.main(["quality", "--only", "curved xor, 4 ", "--json", str(file)])
    printed = capsys.readouterr().out
    assert "of 20 seeds" in printed and "iris" not in printed
    __main__.main(["show", str(file)])
    assert capsys.readouterr().out == printed


def test_other_settings_can_be_tried_on_one_case():
    make = partial(Classifier, hidden=5, epochs=1)
    case = quality.curved_case("xor, 40 rows", [3, 4], make, peers=[])
    assert list(case["scores"]) == ["ours"] and len(case["scores"]["ours"]) == 2
    assert case["sizes"] == [2, 5, 2] and case["no_worse"] is False
    case = quality.curved_case("square", [3], partial(Regressor, hidden=5, epochs=1), peers=[])
    assert (case["measure"], case["sizes"]) == ("R²", [1, 5, 1])


def test_curved_rows_to_judge_by_are_not_those_to_learn_unless_there_are_no_others():
    learned, held_out, _, targets = quality.drawn("moons", 0)
    assert len(learned) == len(held_out) == len(targets) == 200
    assert not any(row in learned for row in held_out)
    assert [len(part) for part in quality.drawn("xor, 40 rows", 0)] == [40, 4, 40, 4]
    assert len(quality.drawn("parity", 0)[1]) == 8


def test_a_name_that_no_case_has_is_refused():
    with pytest.raises(SystemExit, match="no case has 'cube' in its name"):
        __main__.main(["quality", "--only", "cube"])


def test_what_was_carried_is_shown_as_it_was_printed(hasty, monkeypatch, tmp_path, capsys):
    few = carry.digits(40)
    monkeypatch.setattr(carry, "digits", lambda: few)
    file = tmp_path / "times.json"
    __main__.main(["carry", "--repeats", "1", "--json", str(file)])
    printed = capsys.readouterr().out
    __main__.main(["show", str(file)])
    assert capsys.readouterr().out == printed
    charts = chart.charts_of(benchmark.read(file))
    assert list(charts) == ["cold-start", "cold-start-memory", "one-row"]
