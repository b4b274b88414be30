"""README.md and the guides: what they show is what is printed, and what they name is there."""

import re

import pytest
from command_line import ENV
from guides import NAMES, blocks_to_run, play, prose_of, text_of
from support import CHECKOUT

from benchmarks.__main__ import COMMANDS as BENCHMARKS
from purenet.cli.commands import COMMANDS

# What has to be read twice, in English.
HABITS = [
    "so many",
    "as it stands",
    "as they stand",
    "as they are",
    "as it is",
    "is none",
    "are none",
]


@pytest.mark.parametrize("name", [name for name in NAMES if blocks_to_run(name, "")])
def test_a_guide_shows_what_is_printed(name, tmp_path):
    play(name, "", tmp_path, ENV)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", [name for name in NAMES if blocks_to_run(name, "exhaustive")])
def test_a_guide_shows_what_takes_long(name, tmp_path):
    play(name, "exhaustive", tmp_path, ENV)


# -- all of them ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_what_a_guide_links_to_exists(name):
    prose = prose_of(name)
    targets = re.findall(r"\]\(([^)\s]+)\)|^\[\w+\]: (\S+)$", prose, re.MULTILINE)
    for target in [first or second for first, second in targets]:
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        file = (CHECKOUT / name).parent / path if path else CHECKOUT / name
        assert file.exists(), target
        if anchor:
            headings = re.findall(r"^#+ (.*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
            assert anchor in [re.sub(r"[^\w -]", "", h).lower().replace(" ", "-") for h in headings]


@pytest.mark.parametrize("name", NAMES)
def test_the_tests_and_commands_that_a_guide_names_exist(name):
    text = text_of(name)
    for path in re.findall(r"(?<![\w/.])(?:tests|benchmarks|purenet)/[\w/.-]*\w", text):
        assert (CHECKOUT / path).exists(), path
    for command in re.findall(r"-m purenet ([a-z]+)", text):
        assert command in COMMANDS
    for command in re.findall(r"-m benchmarks ([a-z]+)", text):
        assert command in BENCHMARKS


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_says_it_plainly(name):
    prose = re.sub(r"\s+", " ", prose_of(name))
    assert [habit for habit in HABITS if re.search(rf"\b{habit}\b", prose)] == []
