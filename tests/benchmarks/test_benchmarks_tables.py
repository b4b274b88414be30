"""The benchmark of tables: what is learned, what is refused and why, and how it is counted."""

import json

import pytest

from benchmarks import __main__, tables

ROWS = [f"{i},{i % 3},{2 * i + i % 3}" for i in range(60)]


class Peer:
    """A model that scores 0.5, and remembers how many rows it was given."""

    def fit(self, X, y):
        self.learned = len(X)
        return self

    def score(self, X, y):
        self.judged = len(X)
        return 0.5


@pytest.fixture
def peers(monkeypatch):
    """Put models in place of scikit-learn's, which need not be installed."""
    made = {tables.LINEAR: Peer(), tables.NETWORK: Peer()}
    monkeypatch.setattr(tables, "linear_model", object())
    monkeypatch.setattr(tables, "peers_for", lambda measure: made)
    return made


def stored(folder, **texts):
    """Write tables, and return the cases of the benchmark for them."""
    cases = {}
    for name, lines in texts.items():
        path = folder / f"{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        cases[name] = tables.partial(tables.table_case, str(path))
    return cases


def test_tables_are_learned_or_refused_in_a_sentence(peers, monkeypatch, tmp_path, capsys):
    cases = stored(
        tmp_path,
        sums=["a,b,sum", *ROWS],
        alone=["a", "1", "2"],
        constant=["a,b", "1,7", "2,7", "3,7"],
        ragged=["a,b", "1,2", "3,4", "5"],
    )
    cases["gone"] = tables.missing
    monkeypatch.setattr(tables.BENCHMARK, "cases", cases)
    monkeypatch.setattr(tables, "MOST_ROWS", 20)
    file = tmp_path / "tables.json"
    __main__.main(["tables", "--json", str(file)])
    printed = capsys.readouterr().out
    sums, *refused = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert (sums["measure"], sums["held_out"], sums["trivial"]) == ("R²", 12, False)
    assert sums["scores"]["ours"] > 0.5 == sums["scores"][tables.LINEAR]
    assert {(peer.learned, peer.judged) for peer in peers.values()} == {(16, 12)}
    assert [(case["name"], case["nothing"]) for case in refused] == [
        ("alone", True),
        ("constant", True),
        ("ragged", False),
    ]
    assert not any(str(tmp_path) in case["refused"] for case in refused)
    assert "ragged: line 4 has 1 value, but most lines have 2\n" in printed
    assert "\n1 of 4 files train at the first command, 25%.\n" in printed
    assert "\nOf the other 3, 2 have nothing to learn.\n" in printed
    assert "gone: left out: it is not installed\n" in printed
    __main__.main(["show", str(file)])
    shown = capsys.readouterr().out
    assert printed.replace("gone: left out: it is not installed\n", "") == shown


def test_a_table_too_small_to_hold_rows_out_has_no_scores(peers, tmp_path):
    (case,) = stored(tmp_path, pairs=["a,b", "1,x", "2,x", "3,y", "4,y"]).values()
    assert case("pairs", 1)["scores"] == {}


def test_a_long_reason_is_cut(peers, tmp_path):
    header = ",".join(f"c{j}" for j in range(99))
    (case,) = stored(
        tmp_path, wide=[header, ",".join("1" * 99), ",".join("1" * 98) + ",2"]
    ).values()
    assert len(case("wide", 1)["refused"]) <= tables.MOST_WORDS


def test_without_scikit_learn_it_says_so(monkeypatch):
    monkeypatch.setattr(tables, "linear_model", None)
    with pytest.raises(SystemExit, match=r"^tables: scikit-learn is not installed"):
        __main__.main(["tables"])


def test_a_library_that_is_not_installed_is_left_out(peers, monkeypatch, capsys):
    monkeypatch.setattr(tables, "LIBRARIES", {"gone": "no_such_package"})
    monkeypatch.setattr(tables.BENCHMARK, "cases", dict(tables.cases()))
    __main__.main(["tables"])
    printed = capsys.readouterr().out
    assert "gone: left out: it is not installed\n" in printed
    assert "\n0 of 0 files train at the first command, 0%.\n" in printed
