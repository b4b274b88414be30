"""The page of the benchmarks: what stands there was printed from the files that are stored."""

import json
import re
import sys
from pathlib import Path

import pytest
from drawn import parsed, words_of

from benchmarks import (
    __main__,
    answers,
    benchmark,
    chart,
    cost,
    engines,
    page,
    peers,
    timing,
)


@pytest.fixture
def hasty(monkeypatch):
    """Take times that mean nothing, and soon."""
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)


# -- what is stored ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def documents():
    return page.read_all()


def test_the_page_has_what_the_stored_files_print(documents):
    texts = [path.read_text(encoding="utf-8") for path in (page.PAGE, page.EXPORT)]
    assert [page.filled(text, documents) for text in texts] == texts
    here, there = ([found[1] for found in page.PLACE.finditer(text)] for text in texts)
    assert there == ["heap", "chips"]
    assert sorted([*here, *there]) == sorted([page.FIGURES, *documents])
    assert all("```text\n" in found[2] for text in texts for found in page.PLACE.finditer(text))


def test_the_readme_has_the_same_figures(documents):
    text = page.README.read_text(encoding="utf-8")
    assert page.filled(text, documents) == text
    places = [found[1] for found in page.PLACE.finditer(text)]
    assert places == [*page.OF_README]
    assert len(list(page.compare_lines(documents))) == 2 + 6


def test_the_charts_are_those_of_the_stored_files_and_stand_in_the_page(documents):
    text = page.PAGE.read_text(encoding="utf-8")
    drawn = {}
    for document in documents.values():
        charts = chart.charts_of(document)
        assert not drawn.keys() & charts.keys()
        drawn.update(charts)
    assert {file.stem for file in page.CHARTS.iterdir()} == {*drawn}
    for name, picture in drawn.items():
        assert (page.CHARTS / f"{name}.svg").read_text(encoding="utf-8") == picture.svg
        assert text.count(f"](charts/{name}.svg)") == 1
        parsed(picture)


def test_what_is_stored_is_small_and_names_no_place_of_a_machine(documents):
    for file in page.RESULTS.iterdir():
        text = file.read_text(encoding="utf-8")
        assert len(text) < 100_000 and file.stem in documents
        assert not re.search(r"(?<![\w.])/\w", text), file.name


def test_each_file_is_of_the_command_that_it_is_named_after(documents):
    assert all(benchmark.benchmark_of(each).command == name for name, each in documents.items())
    assert all(document["environment"]["argv"][0] == name for name, document in documents.items())


def test_the_prose_has_no_number_with_a_unit_of_time(documents):
    prose = page.PLACE.sub("", page.PAGE.read_text(encoding="utf-8"))
    assert not re.search(r"\d\s*(ns|µs|ms|s|seconds|times|KiB|MiB|%)\b", prose)


def test_the_page_can_be_made_anew(monkeypatch, tmp_path, capsys):
    for name in ("PAGE", "CHARTS", "README", "EXPORT"):
        monkeypatch.setattr(page, name, tmp_path / name)
    page.CHARTS.mkdir()
    page.EXPORT.write_text("<!-- heap -->\n<!-- end -->\n", encoding="utf-8")
    page.README.write_text("<!-- limit -->\nold\n<!-- end -->\n", encoding="utf-8")
    before = "# A page\n\n<!-- figures -->\nold\n<!-- end -->\n\nand <!-- no place -->\n"
    page.PAGE.write_text(before, encoding="utf-8")
    __main__.main(["page"])
    printed = capsys.readouterr().out
    page_now = page.PAGE.read_text(encoding="utf-8")
    assert page_now == before.replace("old\n", f"```text\n{printed}```\n")
    assert "NumPy is faster" in page.README.read_text(encoding="utf-8")
    assert "KiB of heap" in page.EXPORT.read_text(encoding="utf-8")
    assert {file.suffix for file in page.CHARTS.iterdir()} == {".svg"}


def test_a_place_without_a_file_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(page, "PAGE", tmp_path / "README.md")
    page.PAGE.write_text("<!-- nothing -->\n<!-- end -->\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"^page: there is no results/nothing.json$"):
        __main__.main(["page"])


# -- the figures ---------------------------------------------------------------------------------


def of_results(unrolled, start, pypy, peers_cases=()):
    """Return documents whose ratios are these, with NumPy at 7 seconds."""
    timed = {"numpy": [7.0, 7.0, 7.0], "unrolled": [7.0 / unrolled] * 3}
    run = [{"name": "article", "seconds": timed}, {"name": "import", "ratio": start}]
    documents = {
        "run": {"environment": {"interpreter": "CPython 3.11.7"}, "cases": run},
        "engines": {"cases": [{"name": "the article on PyPy", "ratio": pypy}]},
    }
    if peers_cases:
        documents["peers"] = {"cases": peers_cases}
    return documents


def verdicts(documents):
    _, *lines = page.figures_lines(documents)
    return [line.split()[-2] for line in lines]


def test_figures_say_whether_they_are_reached():
    assert verdicts(of_results(3.5, 1.5, 25)) == ["reached"] * 3
    assert verdicts(of_results(3.4, 1.51, 24.9)) == ["missed"] * 3
    lines = page.figures_lines(of_results(3.4, 1.51, 24.9))
    assert re.search(r"on CPython 3.11.7: .* NumPy +>= 3.5 +3.4  missed +run\n", "\n".join(lines))


def test_the_figures_of_the_peers_are_the_targets_of_the_peers():
    ratios = {"NumPy, tuned": 3.6, "NumPy, as written": 4.0, "kerze": 9.0, "micrograd": 61.0}
    case = {"name": "peers, article", "ratios": {who: {"unrolled": r} for who, r in ratios.items()}}
    printed = "\n".join(page.figures_lines(of_results(4.0, 1.0, 30.0, [case])))
    assert re.search(r"beside the fastest pure-Python peer \(kerze\) .* 9  missed", printed)
    for who, wanted, ratio in peers.targets_of(case):
        assert re.search(rf"  beside {re.escape(who)} +>= {wanted} +{ratio:.3g} ", printed)


def test_the_figures_of_packed_integers_are_those_that_were_measured():
    documents = of_results(4.0, 1.0, 30.0)
    for name, ratio, nanoseconds in [("64-32-10 x 32", 1.9, 12.0), ("784-100-10 x 32", 3.4, 8.1)]:
        case = {"name": f"packed, {name}", "ratio": ratio, "nanoseconds": nanoseconds}
        documents["engines"]["cases"].append(case)
    assert verdicts(documents) == ["reached", "reached", "reached", "missed", "missed", "reached"]
    printed = "\n".join(page.figures_lines(documents))
    assert re.search(r"packed, 64-32-10 x 32: beside unrolled +>= 1.8 +1.9  reached", printed)
    assert re.search(r"784-100-10 x 32: nanoseconds a product +<= 8 +8.1  missed", printed)


def test_a_figure_that_was_not_measured_is_missed():
    documents = of_results(4.0, 1.0, 30.0)
    del documents["run"]["cases"][1]
    with pytest.raises(answers.BenchmarkError, match="there is no case 'import' in results/"):
        list(page.figures_lines(documents))


# -- show ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [
        ["run", "--only", "m"],
        ["run", "--only", "import"],
        ["cost", "--only", "matrix-dot-"],
        ["engines", "--only", "one row"],
        ["engines", "--only", "3-4-1"],
        ["peers", "--only", "article"],
        ["interpreters", sys.executable, "--only", "predict-"],
    ],
)
@pytest.mark.parametrize("repeats", ["1", pytest.param("7", marks=pytest.mark.exhaustive)])
def test_a_file_is_shown_as_it_was_printed(command, repeats, hasty, monkeypatch, tmp_path, capsys):
    kept = {who: peers.PEERS[who] for who in ("NumPy, tuned", "scikit-learn")}
    monkeypatch.setattr(peers, "PEERS", kept)
    monkeypatch.setattr(sys, "argv", ["benchmarks", *command])
    file = tmp_path / "times.json"
    __main__.main([*command, "--repeats", repeats, "--json", str(file)])
    printed = capsys.readouterr().out
    __main__.main(["show", str(file)])
    shown = capsys.readouterr().out
    if command[0] == "interpreters":  # which says first where each of them is
        where, printed = printed.split("\n", 1)
        assert where.endswith(f": {sys.executable}")
    assert shown == printed
    __main__.main(["chart", str(file), "-o", str(tmp_path / "charts")])
    paths = capsys.readouterr().out.splitlines()
    assert paths == [str(path) for path in map(Path, paths) if path.is_file()] and paths
    assert benchmark.benchmark_of(benchmark.read(file)).command == command[0]


# -- chart ---------------------------------------------------------------------------------------


def stored(tmp_path, content):
    file = tmp_path / "times.json"
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "content, said",
    [
        ("{", "Expecting property name"),
        ("[]", "expected an environment and cases, as --json writes them"),
        ('{"environment": {}, "cases": []}', "expected an environment and cases"),
        ('{"environment": {}, "cases": [1]}', "expected an environment and cases"),
        ('{"cases": [{}]}', "expected an environment and cases"),
        ('{"environment": {}, "cases": [{}]}', "expected the command of a benchmark, got None"),
    ],
)
@pytest.mark.parametrize("command", ["show", "chart"])
def test_another_file_is_refused_in_a_sentence(command, content, said, tmp_path):
    file = stored(tmp_path, content)
    with pytest.raises(SystemExit) as stopped:
        __main__.main([command, str(file)])
    assert stopped.value.code.startswith(f"{command}: {file}: ") and said in stopped.value.code
    with pytest.raises(SystemExit, match="No such file"):
        __main__.main([command, str(tmp_path / "none.json")])


def test_a_chart_says_when_and_where_it_was_measured(documents):
    for document in documents.values():
        for picture in chart.charts_of(document).values():
            words = words_of(parsed(picture))
            environment = document["environment"]
            for key in ("date", "processor"):
                assert environment[key] in words
            named = [environment["interpreter"], *document.get("interpreters", [])]
            assert any(name in words for name in named)


def test_the_crossing_is_where_the_lines_cross():
    def case(n, ours, numpy):
        summary = {"lists": {"median": ours}, "numpy": {"median": numpy}}
        return {"shape": f"{n}-{n}-{n}", "summary": summary}

    cases = [case(2, 1.0, 3.0), case(4, 2.0, 3.0), case(8, 4.0, 3.0)]
    assert cost.crossings(cases) == ["NumPy overtakes lists between 4-4-4 and 8-8-8."]
    assert cost.crossings(cases[:2]) == ["NumPy is behind lists up to 4-4-4."]
    assert cost.crossings(cases[2:]) == ["NumPy is ahead of lists from 8-8-8 on."]
    without = [{"shape": "2-2-2", "summary": {"lists": {"median": 1.0}}}]
    assert cost.crossings(without) == []


def test_the_sizes_at_which_packed_overtakes_are_said_and_drawn(hasty, monkeypatch, capsys):
    monkeypatch.setattr(timing, "measure", lambda contenders, repeats: {
        who: [SECONDS[who](contenders["n"])] for who in SECONDS
    })  # fmt: skip
    numpy = {"np tuned"} & {*engines.YARDSTICKS}
    SECONDS = {"packed": lambda n: 10.0 + n, "unrolled": lambda n: n * n / 2}
    SECONDS.update(dict.fromkeys(numpy, lambda n: 20.0))
    monkeypatch.setattr(engines, "checked", lambda name, *_: dict.fromkeys(
        ["n", "packed", "unrolled"], int(name.split("-")[0])
    ))  # fmt: skip
    monkeypatch.setattr(engines, "at_length", lambda run: run)
    cases = []
    for n in (4, 8, 16):
        case = engines.size_case(n, f"{n}-{n}-{n} x 32", 1)
        cases.append({"section": engines.AGAINST_SIZE, "name": f"{n}", **case})
    assert [*engines.BENCHMARK.ending(cases)][:2] == [
        "",
        "packed overtakes unrolled between 4-4-4 and 8-8-8.",
    ]
    [(name, picture)] = engines.BENCHMARK.charts(cases, ["a note"]).items()
    assert name == "crossover-packed"
    assert "packed overtakes unrolled between 4-4-4 and 8-8-8." in words_of(parsed(picture))


def test_a_file_of_engines_without_numpy_has_no_chart(tmp_path):
    case = {"section": "Training", "name": "a", "ratio": None, "seconds": {"lists": [1.0]}}
    environment = {
        "date": "",
        "interpreter": "",
        "numpy": "",
        "processor": "",
        "cores": 1,
        "load": 0,
    }
    file = stored(
        tmp_path, json.dumps({"command": "engines", "environment": environment, "cases": [case]})
    )
    with pytest.raises(SystemExit, match=r"^chart: there is nothing of NumPy in this file$"):
        __main__.main(["chart", str(file), "-o", str(tmp_path)])
