"""Programs as courses and books have them: with only the import changed, they print the same."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import numpy
import pytest

import purenet.np as np

PROGRAMS = {file.stem: file for file in sorted((Path(__file__).parent / "programs").glob("*.py"))}


def printed_by(name, module):
    source = PROGRAMS[name].read_text(encoding="utf-8")
    assert source.count("import numpy as np\n") == 1
    changed = source.replace("import numpy as np\n", f"import {module.__name__} as np\n")
    with redirect_stdout(io.StringIO()) as output:
        exec(compile(changed, str(PROGRAMS[name]), "exec"), {"__name__": "__main__"})
    return output.getvalue()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_prints_with_only_its_import_changed_what_it_prints_with_numpy(name):
    shown = printed_by(name, numpy)
    assert len(shown) > 50
    assert printed_by(name, np) == shown


def test_there_are_at_least_twelve_such_programs():
    assert len(PROGRAMS) >= 12
