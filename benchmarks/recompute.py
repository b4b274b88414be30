"""Compute the workloads' answers anew, with every engine, at every size.

Each is compared with the stored one. With --write those of "lists" are stored instead, as long as
"unrolled" has the same bits, and NumPy 12 digits: a change of a workload needs this. (To add a
size, add a line such as `"8": null` to answers.json.)
"""

from . import answers, options
from .benchmark import write as write_document


def add_options(parser):
    """Add this command's options."""
    options.add_only(parser, "workloads")
    parser.add_argument("--write", action="store_true", help="store the answers")


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
            agreed = {engine: answers.ready(workload, engine)[1] for engine in workload.engines()}
            print(f"{name}, size {size}: " + ", ".join(f"{e} {a}" for e, a in agreed.items()))
    if write:
        write_document(answers.FILE, document)


def answer_of(workload):
    """Return the answer of the plain loop."""
    train, numbers = workload.contender("lists")
    train(workload.checked)
    return answers.answer_of(numbers())
