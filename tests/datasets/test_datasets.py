"""The data that ships with the package: the right numbers, from anywhere, new on every call."""

from __future__ import annotations

import gzip
import pkgutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from purenet import datasets

FOLDER = Path(datasets.__file__).parent
PACKAGE = FOLDER.parent
EVERY = [datasets.xor, datasets.article_two_layer, datasets.iris, datasets.digits]
NAMES = [load.__name__ for load in EVERY]


def run_alone(code: str, path: Path) -> str:
    """Run code in a bare interpreter that finds purenet in `path` only; return what it prints."""
    # -I and -S hide PYTHONPATH, the current folder and site-packages; -B leaves no __pycache__.
    setup = f"import sys; sys.path.insert(0, {str(path)!r})\n"
    command = [sys.executable, "-I", "-S", "-B", "-c", setup + code]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


# -- the article's two problems ----------------------------------------------------------------


def test_xor_is_one_where_exactly_one_of_the_first_two_columns_is_one() -> None:
    X, y = datasets.xor()
    assert X == [[0, 0, 1], [0, 1, 1], [1, 0, 1], [1, 1, 1]]
    assert y == [[0], [1], [1], [0]]
    assert y == [[int(a) ^ int(b)] for a, b, _ in X]


def test_the_two_layer_target_is_the_first_column_of_the_same_inputs() -> None:
    X, y = datasets.article_two_layer()
    assert X == datasets.xor()[0]
    assert y == [[0], [0], [1], [1]]


@pytest.mark.parametrize("load", [datasets.xor, datasets.article_two_layer])
def test_the_article_comes_as_floats(load) -> None:
    X, y = load()
    assert {type(value) for row in X + y for value in row} == {float}


# -- iris --------------------------------------------------------------------------------------


def test_iris_has_fifty_flowers_of_each_species_within_the_published_ranges() -> None:
    X, y = datasets.iris()
    assert Counter(y) == {"setosa": 50, "versicolor": 50, "virginica": 50}
    assert {len(row) for row in X} == {4}
    assert {type(value) for row in X for value in row} == {float}
    assert {type(label) for label in y} == {str}
    columns = list(zip(*X))
    assert [min(column) for column in columns] == [4.3, 2.0, 1.0, 0.1]
    assert [max(column) for column in columns] == [7.9, 4.4, 6.9, 2.5]


def test_iris_has_fishers_rows_35_and_38_and_not_those_of_the_uci_file() -> None:
    X, _ = datasets.iris()
    assert X[35 - 1] == [4.9, 3.1, 1.5, 0.2]
    assert X[38 - 1] == [4.9, 3.6, 1.4, 0.1]


# -- digits ------------------------------------------------------------------------------------


def test_digits_are_1797_images_of_64_pixels_from_0_to_16() -> None:
    X, y = datasets.digits()
    assert len(X) == len(y) == 1797
    assert {len(row) for row in X} == {64}
    assert {type(value) for row in X for value in row} == {float}
    assert {value for row in X for value in row} == set(range(17))


def test_digits_have_the_class_counts_that_uci_states_for_the_test_set() -> None:
    stated = [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]
    _, y = datasets.digits()
    assert Counter(y) == dict(enumerate(stated))
    assert {type(label) for label in y} == {int}


# -- all four that are stored ------------------------------------------------------------------


@pytest.mark.parametrize("load", EVERY)
def test_a_caller_who_changes_what_came_changes_nothing_for_the_next(load) -> None:
    X, y = load()
    X[0][0] = y[0] = "changed"
    del X[1:], y[1:]
    again_X, again_y = load()
    assert len(again_X) == len(again_y) > 1
    assert again_X[0][0] != "changed" and again_y[0] != "changed"


@pytest.mark.parametrize("load", [datasets.xor, datasets.article_two_layer])
def test_the_cells_of_y_are_new_lists_too(load) -> None:
    load()[1][0][0] = 0.5
    assert load()[1][0][0] == 0.0


@pytest.mark.parametrize("load", EVERY)
def test_no_two_rows_are_the_same_list(load) -> None:
    X, _ = load()
    assert len({id(row) for row in X}) == len(X)


def test_all_four_are_public_and_so_are_the_curved_ones_and_nothing_else_is() -> None:
    assert sorted(datasets.__all__) == sorted(["CURVED", "curved", *NAMES])


# -- where the package lives -------------------------------------------------------------------


def test_the_data_can_be_read_when_the_package_is_inside_a_zip_file(tmp_path: Path) -> None:
    archive = tmp_path / "bundle.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as bundle:
        for path in sorted(PACKAGE.rglob("*")):
            if "__pycache__" not in path.parts:
                bundle.write(path, path.relative_to(PACKAGE.parent))
    code = f"""
from purenet import datasets
print(datasets.__file__)
for name in {NAMES}:
    X, y = getattr(datasets, name)()
    print(name, len(X), len(X[0]), len(y), X[-1], y[-1])
"""
    file, *lines = run_alone(code, archive).splitlines()
    assert file.startswith(str(archive))
    assert lines == [
        f"{name} {len(X)} {len(X[0])} {len(y)} {X[-1]} {y[-1]}"
        for name in NAMES
        for X, y in [getattr(datasets, name)()]
    ]


def test_importing_the_room_loads_no_module_that_only_reading_needs() -> None:
    code = """
before = set(sys.modules)
import purenet.datasets
print(sorted({"gzip", "importlib.resources", "pkgutil", "zlib"} & (set(sys.modules) - before)))
"""
    assert run_alone(code, PACKAGE.parent) == "[]\n"


@pytest.mark.parametrize("load", [datasets.iris, datasets.digits])
def test_an_importer_that_reads_no_data_is_named_as_the_reason(load, monkeypatch) -> None:
    monkeypatch.setattr(pkgutil, "get_data", lambda package, resource: None)
    with pytest.raises(FileNotFoundError, match=r": (iris|digits)\..* importer reads no files"):
        load()


# -- the files ---------------------------------------------------------------------------------


def test_each_data_file_and_the_docstring_name_source_and_license() -> None:
    iris = (FOLDER / "iris.csv").read_text(encoding="ascii")
    digits = gzip.decompress((FOLDER / "digits.txt.gz").read_bytes()).decode("ascii")
    for doi, text in [("10.24432/C56C76", iris), ("10.24432/C50P49", digits)]:
        assert doi in text and doi in datasets.__doc__
        assert "CC BY 4.0" in text


def test_the_compressed_file_carries_no_date_and_no_file_name() -> None:
    header = (FOLDER / "digits.txt.gz").read_bytes()[:8]
    flags, date = header[3], header[4:8]
    assert flags == 0 and date == bytes(4)
