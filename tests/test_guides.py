"""README.md and the guides: what they show is what is printed, and what they name is there."""

import re
import shlex
from pathlib import Path

import pytest
from command_line import ENV
from command_line import purenet as purenet_command
from guides import BLOCK, NAMES, blocks_to_run, play, prose_of, section_of, text_of
from support import CHECKOUT

import purenet
from benchmarks.__main__ import COMMANDS as BENCHMARKS
from purenet.cli.commands import COMMANDS
from purenet.core import backpropagation

MOST_LINES, FIRST_SCREEN = 230, 45
PARTS = ["Read", "A table of your own", "Embed", "Compare", "Everything else", "Promises"]

# What has to be read twice, in English. ("There is no file" and "no longer" do not.)
HABITS = re.compile(
    r"\b[Ss]o (many|few)\b"
    r"|\b[Aa]s (it|they) (is|are|stands?)\b"
    r"|(?<!\b[Tt]here )\b(is|are|was|were) no(ne)?\b(?! (longer|better|worse|larger|more|less)\b)"
    r"|\bReturn what\b"
)
# An idiom, and what other words would change in the files that are exported, or in their tests.
ALLOWED = [
    "as they are quickest",
    "integers that are no halves",
    "So many had ONNX",
]
FILES = sorted(
    file
    for folder in ("purenet", "tests", "benchmarks")
    for file in (CHECKOUT / folder).rglob("*")
    if file.suffix in (".py", ".h", ".js", ".mjs")
    and not {"frozen", "node_modules"} & {*file.parts}
    and file != Path(__file__)
)


def commands_in_prose():
    """Return the commands in the guides' prose that need no file; lessons may take seconds."""
    prose = "\n".join(map(prose_of, NAMES))
    commands = set(re.findall(r"`python3 -m purenet ?([a-z][a-z0-9 -]*)?`", prose))
    lessons = {each for each in commands if each.startswith("lesson")}
    return [
        *(pytest.param(each) for each in sorted(commands - lessons)),
        *(pytest.param(each, marks=pytest.mark.exhaustive) for each in sorted(lessons)),
    ]


@pytest.mark.parametrize("name", [name for name in NAMES if blocks_to_run(name, "")])
def test_a_guide_shows_what_is_printed(name, tmp_path):
    play(name, "", tmp_path, ENV)


@pytest.mark.exhaustive
@pytest.mark.parametrize("name", [name for name in NAMES if blocks_to_run(name, "exhaustive")])
def test_a_guide_shows_what_takes_long(name, tmp_path):
    play(name, "exhaustive", tmp_path, ENV)


# -- README.md -----------------------------------------------------------------------------------


def test_the_readme_is_short_and_has_its_seven_parts():
    lines = text_of("README.md").splitlines()
    assert len(lines) <= MOST_LINES
    assert [line[3:] for line in lines if line.startswith("## ")] == PARTS
    assert lines.index("## Read") <= FIRST_SCREEN


def test_the_readme_has_every_command_and_every_public_name():
    rows = re.findall(r"^\| (`.*?) \|", section_of("README.md", "## Everything else"), re.MULTILINE)
    listed = [name for row in rows for name in re.findall(r"`([^`]+)`", row)]
    assert sorted(listed) == sorted([*COMMANDS, *(f"purenet.{name}" for name in purenet.__all__)])


def test_the_readme_has_seven_promises_each_with_a_test_that_exists():
    rows = re.findall(r"^\| .* \| `(tests.*)` \|$", text_of("README.md"), re.MULTILINE)
    assert len(rows) == 7
    assert all(re.fullmatch(r"tests[\w/.]*( tests[\w/.]*)*( -k \w+)?", row) for row in rows)


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
    for command in re.findall(r"-m purenet ([a-z][a-z-]*)", text):
        assert command in COMMANDS
    for command in re.findall(r"-m benchmarks ([a-z][a-z-]*)", text):
        assert command in BENCHMARKS


@pytest.mark.parametrize("command", commands_in_prose())
def test_a_command_that_a_guide_names_runs(command, tmp_path):
    done = purenet_command(*shlex.split(command), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout


@pytest.mark.parametrize("name", NAMES)
def test_the_options_that_a_guide_names_exist(name):
    known = {"--all", "--draw", "--hypothesis-profile", "--json", "--only", "--prefix"}  # of others
    for command in COMMANDS:
        known.update(re.findall(r"--[a-z0-9-]+", purenet_command(command, "--help").stdout))
    known.update(["--no-package-lock", "--no-save"])  # npm's
    known.update(["--minutes", "--plain"])  # of benchmarks
    known.update(["--count", "--first", "--format", "--jobs", "--seed"])  # of tests/fuzz.py
    named = re.findall(r"(?<![\w-])--[a-z][a-z0-9-]+", prose_of(name))
    assert sorted({*named} - known) == []


@pytest.mark.parametrize("name", NAMES)
def test_every_fence_opens_or_closes_a_block_that_the_tests_understand(name):
    text = text_of(name)
    assert len(BLOCK.findall(text)) * 2 == len(re.findall("^ *```", text, re.MULTILINE))


def test_the_guide_of_core_has_the_equations_of_backpropagation():
    equations = re.findall(r"^    (\S.* = .*)$", backpropagation.__doc__, re.MULTILINE)
    assert len(equations) == 6
    assert all(f"\n    {each}\n" in text_of("purenet/core/README.md") for each in equations)


@pytest.mark.parametrize("name", NAMES)
def test_a_guide_says_it_plainly(name):
    assert habits_in(prose_of(name)) == []


def test_docstrings_comments_and_messages_say_it_plainly():
    found = {
        str(file.relative_to(CHECKOUT)): habits_in(file.read_text(encoding="utf-8"))
        for file in FILES
    }
    assert {name: places for name, places in found.items() if places} == {}


def habits_in(text):
    """Return the places of a text that have a habit, each with some words around it."""
    text = re.sub(r"[\s\"#]+", " ", text)  # words of a sentence may be in two lines, or literals
    spans = [found.span() for found in HABITS.finditer(text)]
    places = [text[max(0, start - 40) : end + 40] for start, end in spans]
    return [place for place in places if not any(words in place for words in ALLOWED)]
