"""What `--help` says: each option in a phrase, the commands in groups, and examples that run."""

import argparse
import inspect
import re
import shlex
from pathlib import Path

import pytest
from command_line import FOLDER, process, purenet, said

import purenet as package
from purenet.cli import commands
from purenet.cli.commands import COMMANDS, GROUPS

COMMAND_LINE, PARSERS = (
    commands.command_line(),
    {name: commands.parser_of(name) for name in COMMANDS},
)
PREFIX = "  python3 -m purenet"

# A command, the commands whose examples write what its own reads, and what it writes.
RUNS = [
    ("article", [], "net.json"),
    ("digits", [], None),
    ("train", [], "iris.json"),
    ("predict", ["train"], None),
    ("evaluate", ["train"], None),
    ("inspect", ["train"], None),
    ("diagnose", ["train"], None),
    ("convert", ["train"], "iris.onnx"),
    ("export", ["train"], "iris.py"),
    ("bundle", ["article"], "network.py"),
    ("lesson", [], None),
    ("trace", [], None),
    ("why", [], None),
    ("source", [], None),
    ("picture", ["article"], "net.svg"),
    ("report", [], "report.html"),
    ("play", [], "play.html"),
]


def actions():
    """Return each option and argument of each command, with a name for it."""
    for command, parser in [("", COMMAND_LINE), *PARSERS.items()]:
        for action in parser._actions:
            hidden = action.help is argparse.SUPPRESS
            if not hidden and not isinstance(action, argparse._HelpAction):
                name = action.option_strings[-1] if action.option_strings else action.metavar
                yield pytest.param(action, id=f"{command} {name}".strip())


def examples_in(text):
    """Return the arguments of each example at the end of a help text."""
    _, _, listed = text.rpartition("\nexample")
    lines = [line for line in listed.splitlines() if line.startswith(PREFIX)]
    return [shlex.split(line[len(PREFIX) :]) for line in lines]


@pytest.mark.parametrize("action", list(actions()))
def test_every_option_is_a_phrase_that_names_its_choices(action):
    assert len(action.help.split()) >= 4
    choices = [str(choice) for choice in action.choices or []]
    assert [choice for choice in choices if choice not in action.help] == []
    others = [name for name in COMMANDS if f"`{name}`" in action.help]
    assert others == []


def test_an_option_that_takes_a_value_says_its_default_or_is_explained_without_one():
    without = {
        f"{command} {action.option_strings[-1]}"
        for command, parser in PARSERS.items()
        for action in parser._actions
        if action.option_strings and action.nargs != 0
        if "default: " not in action.help and "required" not in action.help
    }
    assert without == {
        "train --resume",
        "convert --activation",
        "convert --output-activation",
        "export --digits",
        "export --pack",
        "export --limit",
        "lesson --check",
        "trace --cell",
        "trace --follow",
        "trace --sizes",
        "picture --row",
    }


def test_help_lists_the_commands_in_groups_and_three_examples():
    text = said("--help")
    headings = [line[:-1] for line in text.splitlines() if line[:-1] in GROUPS]
    assert headings == ["learn", "use", "carry", "read"] == list(GROUPS)
    for heading, names in GROUPS.items():
        block = text[text.index(f"\n{heading}:\n") :].split("\n\n")[0].splitlines()[2:]
        assert tuple(line.split()[0] for line in block) == names
    listing = re.split("\n(?:options|optional arguments):\n", text)[0]  # as Python 3.9 says
    assert max(map(len, listing.splitlines())) <= 80
    assert len(examples_in(text)) == 3
    for example in filter(None, examples_in(text)):
        PARSERS[example[0]].parse_args(example[1:])


@pytest.mark.parametrize("command", list(COMMANDS))
def test_every_command_ends_with_an_example_of_itself(command):
    text = said(command, "--help")
    assert text.split("\n\n")[-1].startswith("example:\n")
    [example] = examples_in(text)
    assert example[0] == command
    PARSERS[command].parse_args(example[1:])


def test_every_example_is_run():
    assert [command for command, _, _ in RUNS] == list(COMMANDS)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Return a function that runs a command's example once, in a folder with the data sets."""
    folder = tmp_path_factory.mktemp("examples")
    (folder / "purenet").mkdir()
    (folder / "purenet" / "datasets").symlink_to(FOLDER)
    done = {}

    def run(command):
        if command not in done:
            [example] = examples_in(said(command, "--help"))
            done[command] = purenet(*example, cwd=folder)
        return done[command], folder

    return run


@pytest.mark.parametrize(
    ("command", "needs", "writes"),
    RUNS,
    ids=list(COMMANDS),
)
def test_the_examples_run(ran, command, needs, writes):
    for other in needs:
        ran(other)
    done, folder = ran(command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout
    assert writes is None or (folder / writes).stat().st_size > 0


def test_an_example_runs_as_a_process_too(tmp_path):
    [example] = examples_in(said("source", "--help"))
    assert process(*example, cwd=tmp_path).stdout == said(*example)


# -- help(purenet) -------------------------------------------------------------------------------


def test_the_packages_own_help_is_a_page_that_opens_with_the_network_and_the_lessons():
    page = inspect.getdoc(package)
    assert len(page.splitlines()) <= 60
    assert max(map(len, page.splitlines())) <= 100
    places = [page.index(words) for words in ("purenet.Network(", " lesson ", "Classifier")]
    assert places == sorted(places)
    named = {"Network", *(name for name in package.__all__ if name in page)}
    assert set(package.__all__) - named == set()
    path = page[page.index("purenet/core") :].split()[0]
    assert (Path(package.__file__).parents[1] / path).is_file()
