"""What several tests of other runtimes share: a compiler of C, and a folder for its programs."""

import shutil

import pytest


@pytest.fixture(scope="session")
def gcc(required):
    return required("gcc", shutil.which("gcc"))


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("c")
