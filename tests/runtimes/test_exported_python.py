"""A model as one Python file gives the model's own answers on every Python and in two sandboxes."""

import shutil
import struct
import warnings
from importlib.util import find_spec

import pytest
from exported import (
    QUESTIONS,
    ROWS_WITH_AN_EMPTY_CELL,
    SURROGATE,
    answered_here,
    asked,
    assert_a_table_is_read,
    assert_an_empty_cell_is_not_passed_over,
    assert_letters_are_escaped,
    assert_rows_are_answered_and_a_bad_one_is_named,
    assert_same_bits,
    exported_to,
    named,
    run,
    told,
)
from interpreters import find
from support import (
    CHECKOUT,
)

OLD = ["python2.7", "python3.6", "python3.7", "python3.8"]
NATIVE = [*OLD, "python3.9", "python3.10", "python3.11", "python3.12", "python3.13"]
NATIVE += ["pypy3", "micropython"]
WASM = ["pyodide", "pyodide-next", "micropython"]
RUNNER = CHECKOUT / "tests/runtimes/wasm/run.mjs"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return exported_to(tmp_path_factory.mktemp("exported"))


@pytest.fixture(scope="module")
def here(folder):
    return answered_here(folder)


# -- the same answers everywhere -----------------------------------------------------------------


@pytest.mark.parametrize("name", NATIVE)
def test_native_interpreters_give_the_same_bits(name, folder, here, required):
    assert_same_bits([required(name, find(name))], folder, here)


@pytest.mark.parametrize("name", WASM)
def test_the_pythons_on_webassembly_agree_to_12_digits(name, folder, here, required):
    node = required("node", shutil.which("node"))
    package = {"micropython": "@micropython"}.get(name, name)
    path = RUNNER.parent / "node_modules" / package
    required("npm install --prefix tests/runtimes/wasm", path if path.is_dir() else None)
    code, printed, complaints = run([node, str(RUNNER), name, str(folder), "ask.py"], folder)
    assert (code, complaints) == (0, "")
    expected = [told(answer) for answers in here.values() for answer in answers]
    assert list(map(rounded, printed.splitlines())) == list(map(rounded, expected))


def rounded(line):
    """Return a line of answers with 12 digits of each float."""
    words = line.replace("[", " ").replace("]", " ").split()
    return [
        f"{struct.unpack('>d', bytes.fromhex(word))[0]:.12g}" if len(word) == 16 else word
        for word in words
    ]


def test_the_sandbox_monty_gives_the_same_bits(folder, here, required):
    found = find_spec("pydantic_monty")
    required("pydantic-monty", found)
    from pydantic_monty import Monty

    with Monty() as pool:
        for name, expected in here.items():
            with pool.checkout() as session:
                session.feed_run((folder / f"{name}.py").read_text())
                answers = [session.feed_run(question) for question in QUESTIONS[name]]
            assert told(answers) == told(expected)


def test_restricted_python_gives_the_same_bits(folder, here, required):
    required("RestrictedPython", find_spec("RestrictedPython"))
    for name, expected in here.items():
        names = restricted((folder / f"{name}.py").read_text())
        assert told(asked(names, name)) == told(expected)


def restricted(source):
    """Execute a file as RestrictedPython's manual has it, with `math` to import, and no more."""
    from RestrictedPython import compile_restricted, safe_globals
    from RestrictedPython.Eval import default_guarded_getitem, default_guarded_getiter
    from RestrictedPython.Guards import full_write_guard

    with warnings.catch_warnings():
        # A host may collect what is printed; that this one does not is all it warns of.
        warnings.filterwarnings("ignore", r".*Prints, but never reads 'printed'", SyntaxWarning)
        code = compile_restricted(source, "exported.py", "exec")
    builtins = {**safe_globals["__builtins__"], "__import__": only_math}
    names = {
        "__builtins__": builtins,
        "_getiter_": default_guarded_getiter,
        "_getitem_": default_guarded_getitem,
        "_write_": full_write_guard,
    }
    exec(code, names)
    return names


def only_math(name, *others):
    assert name == "math"
    return __import__(name, *others)


# -- what a model calls things is never code -------------------------------------------------------


@pytest.mark.parametrize("name", ["python2.7", "python3.6", "micropython"])
def test_half_characters_are_text_on_other_pythons_too(name, tmp_path, required):
    source = named(["a", SURROGATE])
    (tmp_path / "half.py").write_text(source + '\nprint(CLASSES == ["a", u"\\ud800"])\n')
    assert run([required(name, find(name)), "half.py"], tmp_path) == (0, "True\n", "")


# -- the file as a program, and as text ------------------------------------------------------------


@pytest.mark.parametrize("name", NATIVE)
def test_as_a_program_it_answers_rows_and_names_the_line_of_a_bad_one(name, folder, here, required):
    assert_rows_are_answered_and_a_bad_one_is_named([required(name, find(name))], folder, here)


@pytest.mark.parametrize("name", NATIVE)
def test_as_a_program_it_reads_the_table(name, folder, required):
    assert_a_table_is_read([required(name, find(name))], folder)


@pytest.mark.parametrize("name", ["python2.7", "python3.13", "micropython"])
@pytest.mark.parametrize("row", ROWS_WITH_AN_EMPTY_CELL)
def test_an_empty_cell_is_not_passed_over(name, row, folder, required):
    assert_an_empty_cell_is_not_passed_over([required(name, find(name))], row, folder)


@pytest.mark.parametrize("name", ["python2.7", "python3.13"])
def test_a_terminal_without_a_classs_letters_shows_escapes(name, tmp_path, required):
    assert_letters_are_escaped([required(name, find(name))], tmp_path)
