"""The one file of the benchmarks: what it holds, and that a wrong answer is said."""

import ast
import binascii
import math
import re
import struct
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import __main__, board, one_file, portable

FORMS = {"core": [], "plain": ["--plain"]}


@pytest.fixture(scope="module", params=FORMS)
def text(request, tmp_path_factory):
    """The file with the predictions, in both forms."""
    file = tmp_path_factory.mktemp("one_file") / "bench.py"
    arguments = ["one-file", "-o", str(file), "--only", "predict", *FORMS[request.param]]
    __main__.main(arguments)
    return file.read_text(encoding="utf-8")


def run(text, folder, before=""):
    """Run a file; return its exit code, and what it prints."""
    (folder / "bench.py").write_text(before + text, encoding="utf-8")
    command = [sys.executable, "-I", "bench.py"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.stderr == ""
    return done.returncode, done.stdout.splitlines()


def test_each_workload_of_the_core_alone_has_its_place():
    assert sorted(one_file.ORDER) == sorted(portable.PORTABLE)


def test_it_imports_math_and_what_it_can_do_without(text):
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    # In `array` the core keeps the twister's state, where there is one.
    assert imported - {"array"} == {"math", "sys", "time"}


def test_no_name_is_bound_twice(text):
    bound = [name for statement in ast.parse(text).body for name in bound_by(statement)]
    assert {name for name in bound if bound.count(name) > 1} <= {"exp"}


def bound_by(statement):
    if isinstance(statement, (ast.ClassDef, ast.FunctionDef)):
        return [statement.name]
    if isinstance(statement, ast.ImportFrom):
        return [alias.name for alias in statement.names]
    targets = getattr(statement, "targets", [])
    names = [n for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)]
    return [name.id for name in names if isinstance(name.ctx, ast.Store)]


def test_the_plain_file_is_ascii_for_python_2():
    assert one_file.plain_source([*one_file.PLAIN]).isascii()


def test_it_prints_time_check_value_and_agreement(text, tmp_path):
    code, (about, *lines, verdict) = run(text, tmp_path)
    assert about.startswith(f"{sys.platform}, {sys.implementation.name} {sys.version.split()[0]}")
    assert (code, verdict) == (0, "no answer is wrong")
    for line, (name, bits, _) in zip(lines, one_file.works(["predict-small", "predict-digits"])):
        expected = rf"{name} +[\d.]+ (us|ms) +\S+, row +{bits:08x}  to the bit"
        assert re.fullmatch(expected, line)


def test_a_wrong_answer_is_said_and_ends_it_with_exit_code_1(text, tmp_path):
    [(_, bits, digest)] = one_file.works(["predict-digits"])
    other = text.replace(str(bits), "1").replace(repr(digest[0]), repr(digest[0] + 1e-6))
    code, (_, right, wrong, verdict) = run(other, tmp_path)
    assert right.endswith("to the bit")
    said = f"WRONG: {digest[0]!r} where {digest[0] + 1e-6!r} is stored"
    assert wrong.endswith(f"{bits:08x}  {said}")
    assert (code, verdict) == (1, "WRONG: 1 of 2 answers")


def test_an_answer_that_differs_in_its_last_bits_is_no_wrong_one(text, tmp_path):
    [(_, bits, digest)] = one_file.works(["predict-digits"])
    other = text.replace(str(bits), "1").replace(repr(digest[0]), repr(digest[0] + 1e-15))
    code, (*_, digits, verdict) = run(other, tmp_path)
    assert digits.endswith(f"{bits:08x}  to 12 digits")
    assert (code, verdict) == (0, "no answer is wrong")


def test_without_a_clock_it_checks_alone(text, tmp_path):
    code, (_, *lines, _) = run(text, tmp_path, "import sys\nsys.modules['time'] = None\n")
    assert code == 0
    assert all(re.search(r" no clock .* to the bit$", line) for line in lines)


@pytest.mark.parametrize("form", FORMS)
def test_a_workload_that_is_not_there_is_refused(form, tmp_path):
    arguments = ["one-file", "-o", str(tmp_path / "bench.py"), "--only", "digits-epoch"]
    with pytest.raises(
        SystemExit, match=r"^one-file: no workload has 'digits-epoch' in its name; "
    ):
        __main__.main([*arguments, *FORMS[form]])
    assert not [*tmp_path.iterdir()]


# -- the program -----------------------------------------------------------------------------------


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False)))
def test_the_check_value_is_the_crc_of_the_doubles(numbers):
    data = struct.pack(f"<{len(numbers)}d", *numbers)
    assert board.checksum(numbers) == binascii.crc32(data)


@pytest.mark.parametrize("number", [math.nan, math.inf])
def test_an_answer_that_is_not_finite_is_a_wrong_one(number):
    prepared = (lambda rounds: None), (lambda: [number]), 1, 1, "a case"
    line = board.measured(["case", 1, [1.0]], prepared)
    assert "WRONG" in line


def test_a_clock_of_milliseconds_will_do(monkeypatch):
    class Clock:
        milliseconds = 0.0

        def ticks_ms(self):
            return int(self.milliseconds)

        def ticks_diff(self, end, start):
            return end - start

    def run(rounds):
        clock.milliseconds += 0.03 * rounds

    clock = Clock()
    monkeypatch.setattr(board, "time", clock)
    first = board.timed(run, 1)
    assert board.best(run, 1, first) == pytest.approx(3e-5, rel=0.01)


def test_a_clock_that_stands_still_ends_too(monkeypatch):
    monkeypatch.setattr(board, "now", lambda: 1.0)
    assert board.best(lambda rounds: None, 1, 0.0) == 0.0


def test_nothing_prints_as_a_time_that_it_is_not():
    assert [board.in_words(s) for s in (0.0, 5e-9, 1.0)] == ["0.0 ns", "5.0 ns", "1.0 s"]
