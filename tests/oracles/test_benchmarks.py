"""The benchmarks beside scikit-learn and onnxruntime: scores, times, and the same answers."""

import json
import re

import pytest

from benchmarks import (
    carry,
    chart,
    quality,
    show,
    timing,
)

pytest.importorskip("onnxruntime")
pytest.importorskip("sklearn")


# -- a network carried elsewhere -----------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch):
    """Take times that mean nothing, and soon."""
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)


@pytest.fixture
def few_images(monkeypatch):
    images, labels = carry.digits()
    monkeypatch.setattr(carry, "digits", lambda: (images[:40], labels[:40]))


def test_a_network_is_the_same_wherever_it_is_carried(few_images, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)  # scikit-learn's start is slow
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


def test_what_was_carried_is_shown_as_it_was_printed(hasty, monkeypatch, tmp_path, capsys):
    images, labels = carry.digits()
    monkeypatch.setattr(carry, "digits", lambda: (images[:40], labels[:40]))
    file = tmp_path / "times.json"
    carry.run(str(file), 1, "")
    printed = capsys.readouterr().out
    show.run(str(file))
    assert capsys.readouterr().out == printed
    charts = chart.charts_of(show.read(file))
    assert list(charts) == ["cold-start", "cold-start-memory", "one-row"]
