"""The answers of the workloads, and how near a result must come to the stored one.

`answers.json` holds for each workload, at each size that it can have, a checksum over the bits of
all numbers in its answer, and a digest: a few numbers that change if any other does.

Most operations of purenet are those of IEEE 754 in a fixed order, which determines every bit. The
rest are exp() and powers, which C libraries round differently. So a checksum over thousands of
their values is stored too: if the library here gives the same checksum, the answer must be the same
to the bit. If it does not (WebAssembly; a processor without fused multiplication), and for NumPy,
which has its own order of sums and its own exp(), 12 digits of the digest must agree: these
trainings do not magnify a rounding.
"""

import json
import math
import struct
from binascii import crc32

from .board import digest_of
from .workloads import IN_A_PROCESS, WORKLOADS

FILE = __file__[: -len("answers.py")] + "answers.json"
DIGITS = 12


class BenchmarkError(Exception):
    """Something that cannot be measured, read or shown; the message says what, and why."""


class WrongAnswer(BenchmarkError):
    """A workload's answer differs from the stored one, so its time means nothing."""


def stored():
    """Return the file's content: "library", and "answers" by workload and size."""
    with open(FILE) as file:  # noqa: PTH123 (MicroPython has no Path)
        return json.load(file)


def sizes_of(name):
    """Return the sizes at which a workload's answer is known, in order."""
    return sorted([int(size) for size in stored()["answers"][name]])


def workload_of(name, size):
    """Return a workload that knows its name, its size and its answer."""
    workload = (WORKLOADS.get(name) or IN_A_PROCESS[name])(size)
    workload.name, workload.size = name, size
    workload.answer = stored()["answers"][name][str(size)]
    return workload


def ready(workload, engine):
    """Return a function that runs n rounds of a workload, and in words how its answer agreed.

    Raises WrongAnswer if it did not.
    """
    run, numbers = workload.contender(engine)
    run(workload.checked)
    exactly = engine != "numpy" and (workload.elementary or library() == stored()["library"])
    who = f"{workload.name}, size {workload.size}, {engine}: "
    return run, agreement(answer_of(numbers()), workload.answer, exactly, who)


def agreement(answer, expected, exactly, who=""):
    """Return in words how closely an answer agrees with the expected one, or raise WrongAnswer.

    >>> one, other = answer_of([1.0]), answer_of([1.0 + 2**-52])
    >>> agreement(one, one, True), agreement(other, one, False)
    ('to the bit', 'to 12 digits')
    """
    if answer["bits"] == expected["bits"]:
        return "to the bit"
    for a, b in zip(answer["digest"], expected["digest"]):
        if not abs(a - b) <= 10.0**-DIGITS * max(1.0, abs(b)):
            raise WrongAnswer(f"{who}the answer has {a!r}, the stored one {b!r}")
    if exactly:
        raise WrongAnswer(f"{who}the answer differs from the stored one in some last bit")
    return f"to {DIGITS} digits"


def check_alike(name, answers, expected, exact, tolerance=10.0**-DIGITS):
    """Raise WrongAnswer if a contender's numbers differ from those of the one named `expected`.

    Contenders in `exact` must have the same bits, the others be within the tolerance.

    >>> check_alike("a case", {"numpy": [1.0 + 2**-52], "lists": [1.0]}, "lists", exact=[])
    """
    wanted = list(flat(answers[expected]))
    for who in answers:
        answer, many = list(flat(answers[who])), len(wanted)
        if len(answer) != many:
            raise WrongAnswer(f"{name}: {who} has {len(answer)} numbers, and {expected} {many}")
        if who in exact and answer != wanted:
            raise WrongAnswer(f"{name}: {who} and {expected} differ in some last bit")
        for a, b in zip(answer, wanted):
            if not abs(a - b) <= tolerance * max(1.0, abs(b)):
                raise WrongAnswer(f"{name}: {who} has {a!r} where {expected} has {b!r}")


def checked(name, built, rounds, expected, exact, tolerance=10.0**-DIGITS):
    """Run each contender for some rounds; return them if their numbers agree (see `check_alike`).

    `built` has two functions for each contender, as a workload gives them: run and numbers.
    """
    for run, _ in built.values():
        run(rounds)
    answers = {who: numbers() for who, (_, numbers) in built.items()}
    check_alike(name, answers, expected, exact, tolerance)
    return {who: run for who, (run, _) in built.items()}


def answer_of(nested):
    """Return the checksum of an answer's bits, and its digest, as answers.json holds them.

    >>> answer_of([[1.0, 2.0], [3.0]])["digest"]
    [6.0, 14.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    """
    numbers, checksum = list(flat(nested)), 0
    for number in numbers:
        checksum = crc32(struct.pack("<d", number), checksum)
    return {"bits": checksum, "digest": digest_of(numbers)}


def flat(nested):
    """Go through the numbers of nested lists.

    >>> list(flat([[1.0, [2.0]], 3.0]))
    [1.0, 2.0, 3.0]
    """
    for item in nested:
        if isinstance(item, list):
            yield from flat(item)
        else:
            yield item


def library():
    """Return a checksum of the C library's results for arguments as a training has them."""
    checksum = 0
    for k in range(4096):
        for value in (math.exp((k - 2048) / 97.0), 0.9**k, 0.999**k):
            checksum = crc32(struct.pack("<d", value), checksum)
    return checksum
