"""Compute the workloads' answers anew, with every engine, at every size.

Each is compared with the stored one. With --write those of "lists" are stored instead, as long as
"unrolled" has the same bits, and NumPy 12 digits: that is what a change of a workload needs. (A
size more is a line `"8": null` more in answers.json.)
"""

import json
import sys
from pathlib import Path

from . import answers


def add_options(command):
    """Add what this command can be told."""
    command.add_argument(
        "--only", default="", metavar="TEXT", help="only workloads whose names have this in them"
    )
    command.add_argument("--write", action="store_true", help="store them")


def run(only, write):
    """Print every workload and size when all its engines agree."""
    document = answers.stored()
    if write:
        document["library"] = answers.library()
    for name, known in document["answers"].items():
        for size in sorted(map(int, known)) if only in name else []:
            workload = answers.workload_of(name, size)
            if write:
                known[str(size)] = workload.answer = answer_of(workload)
            try:
                agreed = {
                    engine: answers.ready(workload, engine)[1] for engine in workload.engines()
                }
            except answers.WrongAnswer as wrong:
                sys.exit(str(wrong))
            print(f"{name}, size {size}: " + ", ".join(f"{e} {a}" for e, a in agreed.items()))
    if write:
        text = json.dumps(document, indent=1)
        Path(answers.FILE).write_text(text + "\n", encoding="utf-8")


def answer_of(workload):
    """Return what the plain loop comes to."""
    train, numbers = workload.contender("lists")
    train(workload.checked)
    return answers.answer_of(numbers())
