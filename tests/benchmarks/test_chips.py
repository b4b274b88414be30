"""The benchmark of chips where no tool for chips is installed."""

import shutil

import pytest

from benchmarks import __main__, chips


def test_a_missing_tool_is_named_with_debians_packages(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    said = rf"^chips: \S*gcc is not installed; on Debian: apt-get install {chips.PACKAGES}$"
    with pytest.raises(SystemExit, match=said):
        __main__.main(["chips"])


def test_forms_without_their_library_are_left_out_and_said(monkeypatch, capsys):
    monkeypatch.setattr(chips, "compiler_of", lambda chip: "a compiler")
    gone = {name: form._replace(library=None) for name, form in chips.FORMS.items()}
    monkeypatch.setattr(chips, "FORMS", gone)
    __main__.main(["chips", "--only", "int8"])
    printed = capsys.readouterr().out
    said = "left out, because a library is not installed: --pack int8, --pack int8, scaler\n"
    assert said in printed
