"""Thousand-fold use: a short run of it, and that it notices what is not as it should be."""

import re

import pytest

import purenet
from benchmarks import __main__, long_run


@pytest.fixture
def short(monkeypatch):
    """Work in a few stretches."""
    monkeypatch.setattr(long_run, "STRETCHES", 5)
    monkeypatch.setattr(long_run, "WARM", 2)
    monkeypatch.setattr(long_run, "THREADS", 2)
    monkeypatch.setattr(long_run, "COMPARED", 1)


def run():
    __main__.main(["long", "--minutes", "0.01"])


def test_a_short_run_says_what_it_did_and_that_all_is_well(short, capsys):
    run()
    _, done, _, *table, _, verdict = capsys.readouterr().out.splitlines()
    numbers = [int(n.replace(",", "")) for n in re.findall("[0-9,]*[0-9]", done)]
    rounds, loads, fits, saves, predictions = numbers
    each_round_does_all = 5 * 4 * len(long_run.FILES)
    assert rounds == loads == fits == saves >= each_round_does_all
    assert predictions == 2 * rounds
    processes = [line.split()[:2] for line in table[::2]]
    assert processes == [["this", "process"], ["process", "1"], ["process", "2"]]
    assert verdict.startswith("Memory is flat, the files are whole, and all bits are those of")


@pytest.mark.exhaustive
def test_a_leak_is_noticed(short, monkeypatch, capsys):
    kept, fitted = [], long_run.fitted

    def leaking(kind):
        kept.append(b"x" * 500_000)
        return fitted(kind)

    monkeypatch.setattr(long_run, "fitted", leaking)
    with pytest.raises(SystemExit, match=r"^long: this process grew by [0-9,]+ bytes: its memory"):
        run()


def test_other_bits_are_noticed(short, monkeypatch, capsys):
    fitted, calls = long_run.fitted, []

    def other(kind):
        model = fitted(kind)
        calls.append(kind)
        if kind == "network" and len(calls) > 8:
            model.biases[0][0] += 2.0**-40
        return model

    monkeypatch.setattr(long_run, "fitted", other)
    with pytest.raises(SystemExit, match=r"^long: [cde]\.\w+: other bits than at first, after "):
        run()


@pytest.mark.exhaustive
def test_a_file_left_behind_is_noticed(short, monkeypatch, capsys):
    save = purenet.save

    def leaving(model, path):
        save(model, path)
        path.with_suffix(".tmp").write_bytes(b"")

    monkeypatch.setattr(purenet, "save", leaving)
    with pytest.raises(SystemExit, match=r"(?m)^long: c\.tmp was left behind$"):
        run()


def test_a_file_that_is_not_whole_is_noticed(short, monkeypatch, capsys):
    def halved(model, path):
        save(model, path)
        path.write_bytes(path.read_bytes()[:1000])

    save = purenet.save
    monkeypatch.setattr(purenet, "save", halved)
    with pytest.raises(SystemExit, match=r"^long: a file was not whole: .*\.json"):
        run()


@pytest.mark.parametrize("minutes", ["0", "-1", "nan", "inf"])
def test_a_time_that_is_none_is_refused(minutes):
    with pytest.raises(SystemExit, match=r"^long: --minutes: expected 0 to 10,000, got "):
        __main__.main(["long", f"--minutes={minutes}"])


def test_without_a_size_of_memory_nothing_is_run(monkeypatch):
    monkeypatch.setattr(long_run, "resident", lambda: None)
    with pytest.raises(SystemExit, match=r"^long: this system does not tell how much memory"):
        run()


def a_process(sizes, objects, rounds=100):
    stretches = len(sizes)
    return long_run.Growth([*map(long_run.Memory, [rounds] * stretches, sizes, objects)])


def test_noise_is_no_leak_and_what_goes_on_is_one():
    n, size = long_run.STRETCHES, 30_000_000
    calm = a_process([size + 1_000_000 * (k % 3) for k in range(n)], [20_000] * n)
    assert [*calm.leaks("it")] == []
    warming = a_process(
        [size * min(k, 3) + 1 for k in range(n)], [1000 * min(k, 4) for k in range(n)]
    )
    assert [*warming.leaks("it")] == []
    growing = a_process(
        [size + 10_000 * 100 * k for k in range(n)], [20_000 + 50 * k for k in range(n)]
    )
    assert [*growing.leaks("it")] == [
        "it grew by 13,000,000 bytes: its memory is not flat",
        "it grew by 650 objects: its memory is not flat",
    ]
    assert growing.seen == pytest.approx(4 * 2**20 / (100 * (n - long_run.WARM)))
