"""A model as one Python file gives the model's own answers on every Python and in two sandboxes.

Compilers and a Python in JavaScript get it too: mypyc, Cython, Transcrypt and Skulpt.
"""

import ast
import json
import os
import shutil
import struct
import subprocess
import sys
import warnings
from importlib.util import find_spec

import pytest
from exported import (
    FILES,
    QUESTIONS,
    ROWS_WITH_AN_EMPTY_CELL,
    SMALL,
    SURROGATE,
    answered_here,
    asked,
    assert_a_table_is_read,
    assert_an_empty_cell_is_not_passed_over,
    assert_letters_arrive,
    assert_rows_are_answered_and_a_bad_one_is_named,
    assert_same_bits,
    exported_to,
    named,
    run,
    told,
)
from interpreters import find

OLD = ["python2.7", "python3.6", "python3.7", "python3.8"]
NATIVE = [*OLD, "python3.9", "python3.10", "python3.11", "python3.12", "python3.13"]
NATIVE += ["pypy3", "micropython"]
WASM = ["pyodide", "pyodide-next", "micropython"]


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
def test_the_pythons_on_webassembly_agree_to_12_digits(name, folder, here, on_wasm):
    code, printed, complaints = run([*on_wasm(name), str(folder), "ask.py"], folder)
    assert (code, complaints) == (0, "")
    expected = [told(answer) for answers in here.values() for answer in answers]
    assert list(map(rounded, printed.splitlines())) == list(map(rounded, expected))


def test_skulpt_agrees_to_12_digits_and_does_not_wait_for_rows(folder, here, on_wasm):
    skulpt = [*on_wasm("skulpt"), str(folder)]
    lines = []  # it has no module `struct`
    for name in here:
        lines += [f"import {name}", *(f"print(repr({name}.{each}))" for each in QUESTIONS[name])]
    (folder / "repr.py").write_text("\n".join(lines))
    code, printed, complaints = run([*skulpt, "repr.py"], folder)
    assert (code, complaints) == (0, "")
    answers = list(map(ast.literal_eval, printed.strip("\n").split("\n")))
    expected = [answer for answers in here.values() for answer in answers]
    assert with_12_digits(answers) == with_12_digits(expected)
    for program in "iris_lists.py", "table.py":
        assert run([*skulpt, program], folder) == (0, "", "")


def with_12_digits(value):
    if isinstance(value, list):
        return list(map(with_12_digits, value))
    return f"{value:.12g}" if type(value) in (int, float) else value


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


# -- compiled ahead --------------------------------------------------------------------------------

# One of each form, as compiling takes long.
COMPILED = ["iris_unrolled", "options", "learner", "table", "table_learner"]
COMPILED += [f"article_{form}" for form in ("lists", "unrolled", *SMALL)]
COMPILERS = {"mypyc": ["mypyc"], "Cython": ["Cython.Build.Cythonize", "-3", "-i"]}
AS_FAST_AS_POSSIBLE = {"CFLAGS": "-O0", "MYPYC_OPT_LEVEL": "0"}  # to compile, not to run


@pytest.mark.exhaustive
@pytest.mark.parametrize("compiler", COMPILERS)
def test_compiled_ahead_it_gives_the_same_bits(compiler, here, tmp_path, required):
    required(compiler, find_spec(compiler))
    required("gcc", shutil.which("gcc"))
    exported_to(tmp_path, COMPILED)
    files = [f"{name}.py" for name in COMPILED]
    command = [sys.executable, "-m", *COMPILERS[compiler], *files]
    environment = {**os.environ, **AS_FAST_AS_POSSIBLE}
    subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, check=True)
    for file in files:  # so that only what was compiled is left to import
        (tmp_path / file).unlink()
    assert_same_bits([sys.executable], tmp_path, {name: here[name] for name in COMPILED})


TRANSLATED = ["article_lists", "article_unrolled", "iris_lists", "unlearned", "learner"]


@pytest.mark.exhaustive
def test_modules_that_transcrypt_translates_to_javascript_agree_to_12_digits(
    here, tmp_path, required
):
    required("transcrypt", find_spec("transcrypt"))
    node, program = required("node", shutil.which("node")), tmp_path / "ask.mjs"
    for name in TRANSLATED:
        (tmp_path / f"{name}.py").write_text(FILES[name](module=True))
        command = [sys.executable, "-m", "transcrypt", "--nomin", f"{name}.py"]
        subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
        (tmp_path / "__target__/package.json").write_text('{"type": "module"}')
        asked_for = ", ".join(f"m.{question}" for question in QUESTIONS[name])
        program.write_text(
            f'import * as m from "./__target__/{name}.js";'
            f"console.log(JSON.stringify([{asked_for}].map((answer) => answer ?? null)))"
        )
        code, printed, complaints = run([node, "ask.mjs"], tmp_path)
        assert (code, complaints) == (0, "")
        assert with_12_digits(json.loads(printed)) == with_12_digits(here[name])


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


@pytest.mark.parametrize(
    ("name", "letters"), [("python2.7", r"\xe9t\xe9"), ("python3.13", "\u00e9t\u00e9")]
)
def test_the_letters_of_a_class_arrive_in_a_pipe(name, letters, tmp_path, required):
    assert_letters_arrive([required(name, find(name))], tmp_path, letters)
