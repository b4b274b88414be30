"""The benchmarks: the checks before they count, and the arithmetic of their ratios."""

import json
import math
import random
import re
import statistics
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import CHECKOUT

from benchmarks import (
    __main__,
    answers,
    carry,
    compare,
    engines,
    harness,
    inside,
    interpreters,
    parallel,
    portable,
    processes,
    suite,
    timing,
    workloads,
)


def benchmarks(*arguments):
    """Run the command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks", *arguments],
        capture_output=True,
        text=True,
        cwd=CHECKOUT,
    )


def run(*arguments):
    """Run the command in this process."""
    __main__.main(arguments)


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

    seconds = timing.measure({"a": contender("a", 0.25), "b": contender("b", 1e-3)}, 3)
    assert turns[-6:] == ["a", "b"] * 3
    assert seconds == {"a": [0.25] * 3, "b": [pytest.approx(1e-3)] * 3}


@pytest.mark.parametrize(
    "weight, said", [(0.5 + 2**-52, "unrolled and lists differ"), (0.6, "unrolled and lists")]
)
def test_unrolled_must_have_the_bits_of_lists(weight, said):
    with pytest.raises(answers.WrongAnswer, match=said):
        numbers = {"lists": [[0.5]], "unrolled": [[weight]]}
        answers.check_alike("a case", numbers, "lists", exact=["unrolled"])


def test_numpy_may_differ_by_a_billionth_and_no_more():
    def check(weight):
        numbers = {"lists": [[0.5]], "np tuned": [[weight]]}
        answers.check_alike("a case", numbers, "lists", [], engines.BILLIONTH)

    check(0.5 + 1e-10)
    with pytest.raises(answers.WrongAnswer, match=r"a case: np tuned has .* where lists has"):
        check(0.50001)


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


@pytest.mark.parametrize(
    "case",
    [
        pytest.param("packed, 16-16-8 x 32", marks=pytest.mark.exhaustive),
        "packed, 64-32-10, a row",
    ],
)
def test_packed_integers_are_compared_with_unrolled(case, tmp_path):
    file = tmp_path / "times.json"
    done = benchmarks("engines", "--only", case, "--repeats", "1", "--json", str(file))
    assert (done.returncode, done.stderr) == (0, "")
    assert re.search(rf"\n{case} +[\d.]+ .* ns a product\)\n", done.stdout)
    [measured] = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert list(measured["seconds"]) == ["packed", "unrolled", "lists", "np tuned"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["engines", "--repeats", "0"], "--repeats: expected a whole number of at least 1, got 0"),
        ([], "COMMAND"),
        (
            ["engines", "--json", "/nowhere/times.json"],
            "--json: [Errno 2] No such file or directory: '/nowhere/times.json'",
        ),
        *(
            (["run", "--engines", wrong], f"expected some of lists,unrolled,numpy, got {wrong}\n")
            for wrong in ("lists,rolled", "")
        ),
        *(
            (["run", f"--size={wrong}"], f"expected a whole number of at least 1, got {wrong}\n")
            for wrong in ("0", "-1", "1.5", "two", "²")
        ),
    ],
)
def test_wrong_usage_is_refused(arguments, message, capsys):
    with pytest.raises(SystemExit) as ended:
        __main__.main(arguments)
    assert ended.value.code == 2
    assert message in capsys.readouterr().err


# -- how a time is taken -------------------------------------------------------------------------

seconds = st.floats(1e-9, 1e3)


def contender(seconds_of_calls):
    """Return a contender whose calls take these seconds a round, and how many rounds each had."""
    had = []

    def run(rounds):
        had.append(rounds)
        return rounds * seconds_of_calls(len(had))

    return run, had


@given(st.lists(seconds, min_size=1))
def test_the_median_is_that_of_the_standard_library(values):
    assert timing.median(values) == statistics.median(values)


@given(st.integers(1, 200), st.sampled_from([0.5, 0.9, 0.95, 0.99, 0.995]))
def test_the_interval_cuts_off_as_many_as_tossed_coins_allow_and_no_more(n, confidence):
    low, high = timing.interval(range(n), confidence) or (-1, n)
    assert high == n - 1 - low
    outside = 2 * sum(math.comb(n, k) for k in range(low + 1)) / 2**n
    one_more = 2 * sum(math.comb(n, k) for k in range(low + 2)) / 2**n
    assert outside <= 1.0 - confidence < one_more


@given(st.lists(seconds, min_size=6))
def test_the_median_lies_within_its_interval_and_the_order_of_the_values_says_nothing(values):
    low, high = timing.interval(values)
    assert low <= timing.median(values) <= high
    assert timing.interval(values[::-1]) == (low, high)


def test_a_contender_is_warmed_up_until_it_gets_no_faster():
    run, had = contender(lambda call: 0.4 / call if call < 20 else 0.02)
    assert timing.measure({"warm": run}, 2) == {"warm": [0.02, 0.02]}
    assert len(had) == 20 + timing.CALM_REPEATS + 2


def test_what_a_compiler_has_made_faster_gets_more_rounds():
    run, had = contender(lambda call: 0.1 if call < 5 else 1e-4)
    timing.measure({"compiled": run}, 1)
    assert had[0] == 1 and timing.REPEAT_SECONDS / 2 <= had[-1] * 1e-4 <= timing.REPEAT_SECONDS


def test_the_warm_up_comes_to_an_end_where_a_contender_gets_faster_for_ever():
    run, had = contender(lambda call: 0.97**call + 0.03)
    timing.measure({"faster and faster": run}, 1)
    assert sum(0.97**call + 0.03 for call in range(1, len(had) - 1)) < timing.WARM_SECONDS


def test_a_slow_contender_is_run_once_to_warm_up():
    run, had = contender(lambda call: 60.0)
    timing.measure({"slow": run}, 2)
    assert had == [1, 1, 1]


def test_a_median_far_above_the_minimum_is_unstable():
    assert timing.summary([1.0, 1.09, 1.09])["stable"]
    assert not timing.summary([1.0, 1.11, 1.11])["stable"]


def test_the_environment_says_what_the_numbers_depend_on():
    environment = harness.environment()
    assert environment["interpreter"].endswith(sys.version.split()[0])
    assert environment["cores"] >= 1 and environment["processor"] and environment["jit"]
    assert environment["version"] == sys.version and "CONFIG_ARGS" in environment["build"]
    json.dumps(environment)


# -- workloads and their answers -----------------------------------------------------------------

# The work that a test can wait for, in products of the plain loop or of another engine.
FEW, MORE = 1_500_000, 10_000_000


SLOWER = ["article", "wide"]


@pytest.mark.parametrize(
    "name",
    [
        pytest.param(name, marks=pytest.mark.exhaustive if name in SLOWER else ())
        for name in workloads.WORKLOADS
    ],
)
def test_the_answers_of_a_workload_are_the_stored_ones(name):
    tried = set()
    for size in answers.sizes_of(name):
        workload = answers.workload_of(name, size) if size <= 16 else None
        for engine in workload.engines() if workload else []:
            if workload.products * workload.checked <= (FEW if engine == "lists" else MORE):
                _, agreed = answers.ready(workload, engine)
                assert agreed == "to the bit" or (engine, agreed) == ("numpy", "to 12 digits")
                tried.add(engine)
    slow = {"lists"} if name in ("article", "digits-epoch") else set()
    assert tried == {*workloads.ENGINES[:: 2 if "dot" in name else 1]} - slow


def test_every_workload_has_an_answer_at_size_1():
    assert {*answers.stored()["answers"]} == {*workloads.WORKLOADS, *workloads.IN_A_PROCESS}
    assert all(answers.sizes_of(name)[0] == 1 for name in answers.stored()["answers"])


def test_products_are_those_of_the_engines_own_estimate():
    from purenet.engines.choice import count_products

    for sizes in ([3, 4, 1], [64, 32, 10], [2, 3, 4, 5]):
        assert portable.training_products(sizes) == count_products(sizes)


@pytest.fixture
def tampered(monkeypatch):
    """Change a stored answer in the last bit of its checksum, and a number of its digest."""

    def tamper(name, change):
        document = answers.stored()
        known = document["answers"][name]["1"]
        known["bits"] ^= 1
        known["digest"][2] += change
        monkeypatch.setattr(answers, "stored", lambda: document)
        return document

    return tamper


def test_a_wrong_answer_stops_it_before_a_time_is_taken(tampered, monkeypatch, tmp_path):
    tampered("predict-small", 1e-11)
    monkeypatch.setattr(timing, "measure_beside_yardstick", None)
    file = tmp_path / "times.json"
    said = r"^run: predict-small, size 1, lists: the answer has .* stored"
    with pytest.raises(SystemExit, match=said):
        run("run", "--only", "predict-small", "--engines", "lists", "--json", str(file))
    assert file.read_text(encoding="utf-8") == ""


def test_an_engine_of_ours_must_have_the_last_bit_too(tampered):
    tampered("predict-small", 0.0)
    workload = answers.workload_of("predict-small", 1)
    for engine in ("lists", "unrolled"):
        with pytest.raises(answers.WrongAnswer, match="in some last bit"):
            answers.ready(workload, engine)
    assert answers.ready(workload, "numpy")[1] == "to 12 digits"


def test_with_another_c_library_twelve_digits_will_do_but_not_for_products(tampered):
    tampered("predict-small", 1e-13)["library"] += 1
    assert answers.ready(answers.workload_of("predict-small", 1), "lists")[1] == "to 12 digits"
    tampered("matrix-dot-4", 0.0)["library"] += 1
    with pytest.raises(answers.WrongAnswer, match="in some last bit"):
        answers.ready(answers.workload_of("matrix-dot-4", 1), "lists")


@pytest.mark.parametrize("place", range(8))
@pytest.mark.parametrize("off", [2e-12, -2e-12, math.nan, math.inf])
def test_each_number_of_a_digest_counts(place, off):
    answer, expected = (answers.answer_of([0.25, 0.5]) for _ in range(2))
    answer["digest"][place] += off
    answer["bits"] += 1
    with pytest.raises(answers.WrongAnswer, match="the answer has"):
        answers.agreement(answer, expected, exactly=False)


@given(st.lists(st.floats(-1.0, 1.0), min_size=1, max_size=40), st.data())
def test_a_change_of_the_last_bit_of_any_number_changes_the_checksum(numbers, data):
    k = data.draw(st.integers(0, len(numbers) - 1))
    other = [*numbers]
    other[k] = data.draw(st.sampled_from([-2.0, -numbers[k], numbers[k] + 2**-53]))
    same = repr(other) == repr(numbers)
    assert (answers.answer_of([other])["bits"] == answers.answer_of(numbers)["bits"]) is same


def test_stored_answers_can_be_computed_anew(monkeypatch, tmp_path, capsys):
    copy = tmp_path / "answers.json"
    monkeypatch.setattr(answers, "FILE", str(copy))
    before = (CHECKOUT / "benchmarks" / "answers.json").read_text(encoding="utf-8")
    document = json.loads(before)
    document["library"] = document["answers"]["matrix-dot-4"]["4"] = None
    copy.write_text(json.dumps(document), encoding="utf-8")
    run("answers", "--only", "matrix-dot-4", "--write")
    assert copy.read_text(encoding="utf-8") == before
    assert (
        "\nmatrix-dot-4, size 4: lists to the bit, numpy to 12 digits\n" in capsys.readouterr().out
    )


def test_answers_that_are_no_longer_the_stored_ones_are_said(tampered):
    tampered("matrix-dot-4", 1.0)
    with pytest.raises(SystemExit, match="matrix-dot-4, size 1, lists: the answer has"):
        run("answers", "--only", "matrix-dot-4")


# -- the suite -----------------------------------------------------------------------------------


@pytest.fixture
def hasty(monkeypatch):
    """Take times that mean nothing, and soon."""
    monkeypatch.setattr(timing, "calibrated", lambda function: 1)


def cases_of(file):
    """Return the cases of a file by name."""
    return {case["name"]: case for case in json.loads(file.read_text(encoding="utf-8"))["cases"]}


def test_a_run_writes_all_that_it_measured(tmp_path):
    file = tmp_path / "times.json"
    options = ["--only", "predict-", "--size", "4", "--repeats", "2", "--json", str(file)]
    done = benchmarks("run", *options)
    assert (done.returncode, done.stderr) == (0, "")
    assert "\npredict-small, size 4, 3-16-1, row\n" in done.stdout
    document = json.loads(file.read_text(encoding="utf-8"))
    assert document["environment"]["argv"] == ["run", *options[:-1], file.name]
    assert [case["name"] for case in document["cases"]] == ["predict-small", "predict-digits"]
    for case in document["cases"]:
        assert list(case["agrees"]) == list(case["seconds"]) == workloads.ENGINES
        assert len(case["yardstick"]) == 2 and case["products"] in (64, 9472)
        for engine, times in case["seconds"].items():
            summary = case["summary"][engine]
            assert len(times) == 2 and summary["minimum"] == min(times) > 0.0
            assert summary["median"] == sum(times) / 2
            nanoseconds = summary["nanoseconds_a_product"]
            assert nanoseconds == pytest.approx(1e9 * summary["median"] / case["products"])


@pytest.mark.exhaustive
def test_every_workload_runs_in_one_command(hasty, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(portable, "ITERATIONS", 600)  # 60,000 take the plain loop seconds
    monkeypatch.setattr(answers, "agreement", lambda *_, **__: "not at all")
    file = tmp_path / "times.json"
    run("run", "--only", "", "--repeats", "1", "--json", str(file))
    cases = cases_of(file)
    assert list(cases) == [*workloads.WORKLOADS, *processes.NAMES]
    printed = capsys.readouterr().out
    for name, case in cases.items():
        assert f"\n{name}, " in printed
        amounts = compare.amounts_of(case)
        assert all(len(values) == 1 and min(values) > 0 for values in amounts.values())
    assert list(cases["import"]["seconds"]) == ["pass", "import"]
    assert list(cases["memory"]["bytes"]) == ["pass", *workloads.ENGINES]
    peaks = cases["memory"]["summary"]
    assert 1e6 < peaks["pass"]["minimum"] < peaks["lists"]["minimum"] < peaks["numpy"]["minimum"]


def test_the_articles_time_is_that_of_60000_iterations(monkeypatch):
    measured = {"lists": [1e-6, 2e-6]}, [1.0, 1.0]
    monkeypatch.setattr(timing, "measure_beside_yardstick", lambda *_: measured)
    workload = answers.workload_of("article", 1)
    assert suite.beside_yardstick({"lists": None}, 2, workload)["seconds"] == {
        "lists": [0.06, 0.12]
    }
    assert (workload.unit, workload.checked) == ("60,000 iterations", 60_000)


def test_a_size_without_an_answer_is_left_out_and_said(capsys):
    run("run", "--only", "wide", "--repeats", "1", "--size", "3")
    printed = capsys.readouterr().out
    assert "wide: left out: no answer is stored for size 3; there are 1, 4, 16\n" in printed


def test_an_engine_that_a_workload_does_not_have_is_left_out_and_said(capsys):
    run("run", "--only", "matrix-dot-4", "--repeats", "1", "--engines", "unrolled")
    assert "matrix-dot-4: left out: it runs only with lists, numpy\n" in capsys.readouterr().out


def test_without_numpy_it_is_left_out(hasty, monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "benchmarks.numpy_loops", None)
    monkeypatch.delattr("benchmarks.numpy_loops")
    file = tmp_path / "times.json"
    run("run", "--only", "predict-small", "--repeats", "1", "--json", str(file))
    assert list(cases_of(file)["predict-small"]["seconds"]) == ["lists", "unrolled"]


def test_a_process_with_a_wrong_answer_or_none_stops_it(hasty, tampered, monkeypatch):
    tampered("predict-small", 1e-11)
    with pytest.raises(SystemExit, match="cold-start, size 1: the answer has"):
        run("run", "--only", "cold-start", "--repeats", "1", "--engines", "lists")
    tampered("memory", 1e-11)
    with pytest.raises(SystemExit, match="memory, lists, size 1: the answer has"):
        run("run", "--only", "memory", "--repeats", "1", "--engines", "lists")
    monkeypatch.setattr(processes, "PREDICTING", "raise ValueError('no network')")
    with pytest.raises(SystemExit, match="ValueError: no network"):
        run("run", "--only", "cold-start", "--repeats", "1", "--engines", "lists")


def test_where_there_are_no_processes_what_needs_them_is_left_out(monkeypatch, capsys):
    monkeypatch.setattr(sys, "platform", "emscripten")
    run("run", "--only", "import", "--repeats", "1", "--size", "1")
    assert "import: left out: there are no processes here\n" in capsys.readouterr().out


def test_cost_goes_through_all_sizes(hasty, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(answers, "sizes_of", lambda name: [1, 2, 4])
    file = tmp_path / "costs.json"
    __main__.main(["cost", "--engines", "lists,numpy", "--repeats", "1", "--json", str(file)])
    cases = json.loads(file.read_text(encoding="utf-8"))["cases"]
    assert [case["size"] for case in cases] == [1, 2, 4]
    assert [case["products"] for case in cases] == [20, 80, 320]
    assert [case["shape"] for case in cases] == ["2-2-2", "4-4-4", "8-8-8"]
    assert re.search(r"\n  8-8-8, update +320 +[\d.e+]+ +[\d.e+]+\n", capsys.readouterr().out)


def test_the_sizes_of_square_span_five_orders_of_magnitude():
    sizes = answers.sizes_of("square")
    least, most = (portable.training_products([2 * size] * 3) for size in (sizes[0], sizes[-1]))
    assert answers.workload_of("square", sizes[0]).products == least
    assert most >= 10**5 * least


def test_amounts_have_three_digits():
    amounts = [9.994e-10, 9.996e-9, 0.9994, 0.99951, 99.94, 99.96, 1234.0]
    said = ["1.00 ns", "10.0 ns", "999 ms", "1.00 s", "99.9 s", "100 s", "1234 s"]
    assert [harness.in_words(amount) for amount in amounts] == said


# -- which differences are noise -----------------------------------------------------------------


def document(times, yardstick=None, **different):
    """Return a file's content with one case."""
    case = {"name": "work", "size": 1, "unit": "round", "products": 9, "answer": {"bits": 1}}
    case.update({"seconds": {"lists": times}}, **different)
    if yardstick:
        case["yardstick"] = yardstick
    environment = {"interpreter": "CPython 3.11.7", "processor": "a processor", "load": 0.5}
    return {"command": "run", "environment": environment, "cases": [case]}


def verdict(before, after):
    """Return the last word on the one case of two documents."""
    return list(compare.comparison(before, after))[-1].split("  ")[-1].strip()


def noisy(generator, median=1.0, spread=0.3):
    """Draw the times of a machine that others use too."""
    return [median * generator.lognormvariate(0.0, spread) for _ in range(15)]


def test_what_comes_from_one_distribution_is_noise_but_for_one_in_a_hundred():
    generator = random.Random(1)
    pairs = [(noisy(generator), noisy(generator)) for _ in range(1000)]
    called = [compare.judged(*pair)[3] for pair in pairs]
    assert {*called} <= {"noise", "faster", "slower"} and called.count("noise") >= 990


def test_twice_as_fast_is_more_than_noise():
    generator = random.Random(2)
    for _ in range(100):
        before, after = noisy(generator, 2.0, 0.1), noisy(generator, 1.0, 0.1)
        assert compare.judged(before, after)[3] == "faster"
        assert compare.judged(after, before)[3] == "slower"


@given(st.lists(seconds, min_size=9, max_size=30))
def test_equal_times_are_noise(times):
    assert compare.judged(times, times[::-1])[3] == "noise"


@given(
    st.lists(seconds, min_size=9, max_size=30),
    st.lists(seconds, min_size=9, max_size=30),
)
def test_the_comparison_the_other_way_round_says_the_opposite(before, after):
    ratio, low, high, said = compare.judged(before, after)
    assert low <= ratio <= high
    back = compare.judged(after, before)
    assert back[:3] == (pytest.approx(1 / ratio), pytest.approx(1 / high), pytest.approx(1 / low))
    if abs(ratio - 1.05) > 1e-6 and abs(1 / ratio - 1.05) > 1e-6:  # the floor, but for rounding
        assert back[3] == {"faster": "slower", "slower": "faster"}.get(said, said)


def test_a_machine_that_is_slower_as_a_whole_is_noise():
    before = document([1.0] * 9, yardstick=[0.5] * 9)
    slower = document([3.0] * 9, yardstick=[1.5] * 9)
    assert verdict(before, slower) == "noise"
    assert verdict(before, document([3.0] * 9, yardstick=[0.5] * 9)) == "slower"


def test_another_interpreter_has_another_yardstick():
    before, after = (document([2.0] * 9, yardstick=[length] * 9) for length in (1.0, 0.1))
    assert verdict(before, after) == "slower"
    after["environment"]["interpreter"] = "PyPy"
    assert verdict(before, after) == "noise"
    assert "interpreter differs: 'CPython 3.11.7' before, 'PyPy' after" in list(
        compare.comparison(before, after)
    )


def test_an_unstable_time_without_a_yardstick_decides_nothing():
    steady, unstable = document([1.0] * 9), document([2.0, *[3.0] * 8])
    assert verdict(steady, unstable) == "too unstable to tell"
    assert verdict(steady, document([3.0] * 9)) == "slower"


def test_too_few_repeats_decide_nothing():
    assert verdict(document([1.0] * 8), document([2.0] * 9)) == "too few repeats to tell"


@pytest.mark.parametrize(
    "different, said",
    [
        ({"products": 10}, "work: products differs: 9 and 10"),
        ({"answer": {"bits": 2}}, "work: answer differs: {'bits': 1} and {'bits': 2}"),
        ({"unit": "epoch"}, "work: unit differs: 'round' and 'epoch'"),
        ({"size": 2}, "the files have no timed case in common"),
    ],
)
def test_other_work_is_not_compared(different, said, tmp_path):
    files = [tmp_path / "before.json", tmp_path / "after.json"]
    for file, changes in zip(files, ({}, different)):
        file.write_text(json.dumps(document([1.0] * 9, **changes)), encoding="utf-8")
    with pytest.raises(SystemExit) as stopped:
        run("compare", *map(str, files))
    assert stopped.value.code == f"compare: {said}"


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"environment": {}}', "times", "\xff"])
def test_a_file_that_no_benchmark_wrote_is_refused(text, tmp_path):
    file = tmp_path / "other.json"
    file.write_text(text, encoding="latin-1")
    with pytest.raises(SystemExit) as stopped:
        run("compare", str(file), str(file))
    assert stopped.value.code.startswith(f"compare: {file}: ")


def test_a_file_that_is_not_there_is_refused():
    done = benchmarks("compare", "no-such-file.json", "nor-this.json")
    said = "compare: [Errno 2] No such file or directory: 'no-such-file.json'\n"
    assert (done.returncode, done.stderr) == (1, said)


def test_cases_that_only_one_file_has_are_said():
    before, after = document([1.0] * 9), document([1.0] * 9)
    after["cases"] += document([1.0] * 9, name="new", size=4)["cases"]
    assert list(compare.comparison(before, after))[-1] == "only after: new, 4"
    assert list(compare.comparison(after, before))[-1] == "only before: new, 4"


def test_two_runs_can_be_compared(hasty, tmp_path, capsys):
    files = [str(tmp_path / "before.json"), str(tmp_path / "after.json")]
    for file in files:
        __main__.main(["run", "--only", "predict-small", "--repeats", "9", "--json", file])
    capsys.readouterr()
    __main__.main(["compare", *files])
    heading, *lines = capsys.readouterr().out.splitlines()
    assert heading.split() == ["before", "after", "ratio", "between"]
    assert [line.split()[:2] for line in lines] == [["predict-small", e] for e in workloads.ENGINES]
    assert all(re.search("  (noise|faster|slower)$", line) for line in lines)


def test_memory_is_compared_too(capsys):
    before, after = ({"lists": [n] * 9} for n in (2048, 1024))
    cases = [
        {"environment": {}, "cases": [{"name": "memory", "size": 1, "bytes": amounts}]}
        for amounts in (before, after)
    ]
    *_, line = compare.comparison(*cases)
    assert line.split("  ")[-1].strip() == "faster" and " 2.000-2.000" in line


# -- in one interpreter after another ------------------------------------------------------------


@given(st.integers(1, 2000))
def test_a_heap_is_the_smallest_that_will_do(needed):
    asked = []

    def is_enough(kibibytes):
        asked.append(kibibytes)
        return kibibytes >= needed

    assert processes.smallest_heap(is_enough, 0, 2000) == needed
    assert needed in asked and (needed == 1 or needed - 1 in asked) and len(asked) <= 12
    with pytest.raises(processes.ProcessFailed, match="2,000 KiB of heap are not enough"):
        processes.smallest_heap(lambda kibibytes: False, 0, 2000)


def test_two_of_a_name_are_told_apart(hasty, capsys):
    run(
        "interpreters",
        *[sys.executable] * 2,
        *["--repeats", "1", "--only", "predict-small", "--engines", "lists"],
    )
    name = f"CPython {sys.version.split()[0]}"
    assert (
        f"{name} (1): {sys.executable}\n{name} (2): {sys.executable}\n" in capsys.readouterr().out
    )


def test_this_interpreter_is_found_first_and_each_but_once():
    commands = interpreters.found()
    assert commands[0] == [sys.executable]
    places = [interpreters.kind(command)[1] for command in commands]
    assert len({*places}) == len(places)


def test_options_of_an_interpreter_stand_in_its_command():
    command = interpreters.command_of(f"{sys.executable} -X dev")
    assert command == [sys.executable, "-X", "dev"]


@pytest.mark.parametrize(
    "text, said",
    [
        ("python9.99", "interpreter 'python9.99' not found"),
        ("./no/python", "interpreter './no/python' not found"),
        ("", "interpreter '' not found"),
        ("cat", "is not Python 3.9 or newer"),
    ],
)
def test_what_is_no_interpreter_is_refused(text, said):
    done = benchmarks("interpreters", text, "--only", "predict-small")
    assert done.returncode == 1 and done.stderr.startswith("interpreters: ")
    assert done.stderr.count("\n") == 1 and said in done.stderr


@pytest.mark.parametrize("kind", ["cpython 3 8", "cpython 2 7", "jython 2 7"])
def test_an_old_python_is_refused(kind, tmp_path):
    old = tmp_path / "old"
    old.write_text(f"#!/bin/sh\necho {kind}\necho {old}\n")
    old.chmod(0o755)
    with pytest.raises(processes.ProcessFailed, match=r"old is not Python 3.9 or newer"):
        interpreters.command_of(str(old))


def test_an_interpreter_that_ends_is_said(tmp_path):
    ends = tmp_path / "ends"
    ends.write_text(f'#!/bin/sh\ntest $1 = -c && exec {sys.executable} "$@"\n')
    ends.chmod(0o755)
    done = benchmarks("interpreters", str(ends), "--only", "predict-small")
    assert (done.returncode, done.stderr) == (
        1,
        f"interpreters: {ends} ended instead of answering 'environment'\n",
    )


def test_a_wrong_answer_in_another_interpreter_stops_it(monkeypatch):
    real = interpreters.Interpreter.ask

    def ask(self, *question):
        return {"wrong": "another number"} if question[0] == "prepare" else real(self, *question)

    monkeypatch.setattr(interpreters.Interpreter, "ask", ask)
    with pytest.raises(SystemExit, match=r"interpreters: CPython .*: another number"):
        run("interpreters", sys.executable, "--only", "predict-small", "--engines", "lists")


def test_a_server_goes_on_after_a_question_that_it_cannot_answer():
    questions = [
        ["prepare", "no such workload", 1, "lists"],
        ["prepare", "predict-small", 1, "lists"],
        ["run", "predict-small", 1, "lists", 10],
        ["forget"],
        ["run", "predict-small", 1, "lists", 10],
    ]
    text = "".join(json.dumps(question) + "\n" for question in questions)
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.inside"],
        input=text, cwd=CHECKOUT, capture_output=True, text=True,
    )  # fmt: skip
    unknown, agrees, times, empty, forgotten = map(json.loads, done.stdout.splitlines())
    assert unknown["failed"].startswith("KeyError")
    assert (agrees, empty) == ({"agrees": "to the bit"}, {})
    assert times["seconds"] > 0.0 and forgotten["failed"].startswith("KeyError")


def test_a_board_measures_alone(hasty, capsys):
    inside.main(["predict-small"])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["engine"] for line in lines] == workloads.ENGINES
    assert all(line["minimum"] > 0.0 and line["unit"] == "row" for line in lines)


def test_a_workload_that_a_board_does_not_have_is_said(capsys):
    with pytest.raises(SystemExit):
        inside.main(["predict-small", "predict-large"])
    printed = capsys.readouterr().out
    assert printed.startswith("there is no workload predict-large; there are article, ")


# -- one process and two -------------------------------------------------------------------------


@pytest.mark.exhaustive
def test_two_processes_come_to_the_weights_of_one(monkeypatch, tmp_path, capsys):
    small = {"RESTART_EPOCHS": 2, "RESTART_ROWS": 40, "WIDE": [20, 5, 3], "BATCH_SIZE": 8}
    for name, value in small.items():
        monkeypatch.setattr(parallel, name, value)
    file = tmp_path / "times.json"
    run("parallel", "--repeats", "1", "--json", str(file))
    printed = capsys.readouterr().out
    document = json.loads(file.read_text(encoding="utf-8"))
    assert f"{document['environment']['cores']} cores; " in printed
    assert [case["name"] for case in document["cases"]] == ["restarts", "shards"]
    for case in document["cases"]:
        assert list(case["seconds"]) == ["here", "1 process", "2 processes"]
        assert all(min(seconds) > 0.0 for seconds in case["seconds"].values())
        assert f"\n{case['name']:10}{case['ratio']:6.2f}" in printed


def test_one_process_and_two_must_agree_to_the_bit(hasty):
    weights = {None: [0.5], 1: [0.5], 2: [0.5 + 2**-52]}
    executors = {"here": None, "1 process": 1, "2 processes": 2}
    with pytest.raises(answers.WrongAnswer, match="restarts: 2 processes and here differ"):
        parallel.compared(weights.get, "restarts", 1, executors)


def test_parallel_refuses_a_case_that_it_does_not_have():
    done = benchmarks("parallel", "--only", "3-5-1")
    assert (done.returncode, done.stderr) == (1, "parallel: no case has '3-5-1' in its name\n")


# -- a network carried elsewhere -----------------------------------------------------------------


@pytest.fixture
def few_images(monkeypatch):
    few = carry.digits(40)
    monkeypatch.setattr(carry, "digits", lambda: few)


def test_peers_that_are_not_installed_are_left_out_and_said(few_images, monkeypatch, capsys):
    monkeypatch.setattr(carry, "sklearn", None)
    missing = dict.fromkeys(["NumPy's .npz", "ONNX", carry.ORIGIN])
    gone = {name: carry.FORMS[name]._replace(library=None) for name in missing}
    monkeypatch.setattr(carry, "FORMS", {**carry.FORMS, **gone})
    run("carry", "--repeats", "1", "--only", "one row")
    printed = capsys.readouterr().out
    missing = "NumPy's .npz, ONNX, scikit-learn's pickle"
    assert f"left out, because a library is not installed: {missing}\n" in printed
    assert "The same answers, those of purenet's JSON for 40 images\n" in printed
    assert re.search(r"\nexported +[\d.,]+/[\d.,]+\n", printed)  # and no ratio


@pytest.mark.parametrize(
    "answer, tolerance",
    [([0.5, 0.5 + 1e-11], 1e-12), ([0.5 + 1e-13, 0.5], 1e-12), ([0.5, float("nan")], 1e-12)],
)
def test_probabilities_must_be_the_same_and_so_must_the_class(answer, tolerance):
    with pytest.raises(
        answers.BenchmarkError, match=r"a form: image 0: expected \[0.5, 0.5000000000001\], got "
    ):
        carry.difference("a form", [answer], [[0.5, 0.5 + 1e-13]], tolerance)
    assert carry.difference("a form", [[0.5, 0.75]], [[0.5, 0.75]], tolerance) == 0.0


def test_a_process_that_fails_stops_the_benchmark(tmp_path):
    command = [sys.executable, "-c", "raise SystemExit('no memory')"]
    with pytest.raises(processes.ProcessFailed, match="no memory"):
        processes.output_of(command, tmp_path)
