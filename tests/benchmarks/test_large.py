"""The large network: its images, and what is checked before a time counts."""

import json

import pytest

from benchmarks import __main__, answers, large, page, timing


@pytest.fixture
def hasty(monkeypatch):
    """Take times that mean nothing, and soon, of a few images."""
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)
    monkeypatch.setattr(large, "IMAGES", 40)
    monkeypatch.setattr(large, "HELD_OUT", 10)


def test_the_images_are_the_same_each_time_and_hold_ink_from_0_to_1():
    first, again = (large.to_learn_and_held_out(20) for _ in range(2))
    assert first == again
    for X, labels in first:
        assert len(X) == len(labels)
        assert {len(image) for image in X} == {large.SIZES[0]}
        assert all(0.0 <= ink <= 1.0 for image in X for ink in image)


def test_an_image_keeps_its_ink_wherever_it_is_put_and_however_it_is_blurred():
    # At the border a pixel is its own neighbor, so what would leave the image stays in it.
    pixels = [1.0] * 64
    for seed in range(10):
        [image], _ = large.synthetic(([pixels], [0]), 1, seed)
        assert sum(image) == pytest.approx(9 * sum(pixels))


def test_no_image_held_out_shows_a_digit_to_learn_from(monkeypatch):
    shown = []
    monkeypatch.setattr(large, "synthetic", lambda originals, count, seed: shown.append(originals))
    large.to_learn_and_held_out(1)
    (early, _), (late, _) = shown
    assert len(early) + len(late) == 1797
    assert not {*map(tuple, early)} & {*map(tuple, late)}


@pytest.mark.exhaustive
def test_each_contender_is_measured_and_judged(hasty, tmp_path, capsys):
    file = tmp_path / "large.json"
    __main__.main(["large", "--repeats", "1", "--json", str(file)])
    [case] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    ours = [*large.OURS.values()]
    assert list(case["seconds"])[:3] == [*ours, "NumPy"]
    assert {*case["seconds"], *case["left_out"]} == {*ours, "NumPy", "PyTorch"}
    assert case["ratios"][ours[0]] == 1.0
    losses = [each["loss"] for each in case["learned"].values()]
    assert losses == pytest.approx([losses[0]] * len(losses), rel=large.FIXED_POINT)
    printed = capsys.readouterr().out
    assert "784-100-10, Adam, batches of 32, 40 images\n" in printed
    assert all(f"\n{who} " in printed for who in case["seconds"])


def test_a_library_that_is_not_installed_is_left_out_and_said(hasty, monkeypatch, capsys):
    def missing(work):
        raise ImportError("No module named 'torch'")

    monkeypatch.setattr(large, "torch", missing)
    __main__.main(["large", "--repeats", "1"])
    said = "left out: PyTorch: No module named 'torch': pip install -e '.[bench]'\n"
    assert said in capsys.readouterr().out


@pytest.mark.parametrize(
    "who, off",
    [
        ("NumPy", 2 * large.ROUNDED),
        ("purenet, packed", 2 * large.FIXED_POINT),
        ("NumPy", float("nan")),
    ],
)
def test_another_loss_stops_it_before_a_time_is_taken(who, off, hasty, monkeypatch):
    def judged(network, numbers, held_out):
        losses.append(1.0)
        return {"loss": 1.0 + off if names[len(losses) - 1] == who else 1.0, "accuracy": 0.5}

    losses, names = [], [*large.OURS.values(), "NumPy", "PyTorch"]
    monkeypatch.setattr(large, "judged", judged)
    monkeypatch.setattr(timing, "measure", lambda *_: pytest.fail("a time was taken"))
    with pytest.raises(answers.WrongAnswer, match=f"large: {who} has the loss"):
        large.measured("images", 1)


def test_rounding_passes():
    learned = {"purenet, unrolled": {"loss": 1.0}, "NumPy": {"loss": 1.0 + large.ROUNDED / 2}}
    large.check_losses({**learned, "purenet, packed": {"loss": 1.0 + large.FIXED_POINT / 2}})


def test_the_stored_run_has_learned():
    [case] = page.read_all()["large"]["cases"]
    assert all(each["accuracy"] > 0.7 for each in case["learned"].values())
