"""The guides: README.md, those in the rooms, and the sessions that they show.

Blocks of code say by their first line what happens to them in the tests:

- ```` ```python ```` with `>>>` is a doctest, and without it a program that has to end well;
- ```` ```console ```` is a session: a command after `$ `, further lines of it after `> `, and what
  it prints; where nothing is shown, the command has only to end well;
- a word after the language, such as `exhaustive` or `runtimes`, says which tests run it;
- ```` ```sh ```` and ```` ```text ```` are not run.

A guide's blocks run one after another, from the first to the last, in a folder that holds only
`purenet/datasets`.
"""

import os
import re
import shutil
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

from support import CHECKOUT

README = CHECKOUT / "README.md"
GUIDES = sorted(
    [
        README,
        *(CHECKOUT / "purenet").rglob("README*.md"),
        *(CHECKOUT / folder / "README.md" for folder in ("tests", "benchmarks")),
    ]
)
NAMES = [str(guide.relative_to(CHECKOUT)) for guide in GUIDES]
BLOCK = re.compile(r"^```(\w+)(?: (\w+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)

# A block of code: its language, the word after it or "", and its text.
Block = namedtuple("Block", ["language", "word", "text"])


def text_of(name):
    """Return a guide by its path in the checkout."""
    return (CHECKOUT / name).read_text(encoding="utf-8")


def prose_of(name):
    """Return a guide without its blocks of code."""
    return BLOCK.sub("", text_of(name))


def section_of(name, heading):
    """Return the text below a heading, up to the next heading of its rank."""
    text = text_of(name)
    start = text.index(f"\n{heading}\n")
    return text[start:].split(f"\n{heading.split()[0]} ")[1]


def blocks_to_run(name, word):
    """Return a guide's sessions and programs that have this word, or none."""
    blocks = [Block(found[1], found[2] or "", found[3]) for found in BLOCK.finditer(text_of(name))]
    return [
        block
        for block in blocks
        if block.word == word
        and block.language in ("console", "python")
        and ">>>" not in block.text
    ]


def session(text):
    """Go through the commands of a session, each with the lines that it prints.

    >>> list(session("$ echo a |\\n>     cat\\na\\n$ true\\n"))
    [('echo a |\\n    cat', ['a']), ('true', [])]
    """
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        more = next((i for i, line in enumerate(lines[1:], 1) if line[:2] != "> "), len(lines))
        yield "\n".join([lines[0], *(line[2:] for line in lines[1:more])]), lines[more:]


def play(name, word, folder, environment):
    """Run a guide's blocks in a folder; each command has to print what the guide shows."""
    (folder / "purenet").mkdir()
    shutil.copytree(CHECKOUT / "purenet" / "datasets", folder / "purenet" / "datasets")
    path = f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}"
    environment = {**environment, "PATH": path}  # python3 is this Python
    for block in blocks_to_run(name, word):
        if block.language == "python":
            done = subprocess.run([sys.executable, "-c", block.text], cwd=folder, env=environment)
            assert done.returncode == 0, block.text
            continue
        for command, shown in session(block.text):
            done = subprocess.run(
                command,
                shell=True,
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                encoding="utf-8",
            )
            refused = bool(shown) and shown[-1].startswith("purenet: ")
            assert done.returncode == 0 or refused, done.stdout
            if shown:
                printed = done.stdout.splitlines()
                assert list(map(without_time, printed)) == list(map(without_time, shown)), command


def without_time(line):
    """Return a line without the seconds that it took, and without where.

    >>> without_time("4-16-3 network: 186 epochs in 0.44 s on CPython 3.11.7")
    '4-16-3 network: 186 epochs'
    """
    return re.sub(r" in [0-9.]+ s on .*", "", line).rstrip()
