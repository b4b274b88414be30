"""The program in the file that `one_file` makes: it prints times and check values.

It runs where there is little: without `struct`, without a clock, or in a sandbox. So it is written
as the exported files are: functions only, no name that begins with an underscore, no unpacking, and
no built-in function that RestrictedPython refuses.
"""

import math

try:
    import sys
except ImportError:  # in a sandbox
    sys = None
try:
    import time
except ImportError:
    time = None

SECONDS = 0.2  # how long a repeat should take
CALM = 3  # after this number of repeats without a better time, a workload is warm
WARM = 5.0  # or after these seconds
BETTER = 0.98
MOST_ROUNDS = 10**6  # for a clock that stands still
DIGITS = 1e-12  # how far an answer may be off, where a C library rounds otherwise
SINGLE = 1e-2  # or where floats have 24 bits or fewer
SAMPLES = 6  # of an answer, in its digest
POLYNOMIAL = 0xEDB88320  # of CRC-32


def main(works, prepare):
    """Print each workload's time and check value, and whether all answers are right.

    A work has its name and the stored answer's bits and digest. `prepare(name)` returns a function
    that runs n rounds, one for the answer, the rounds before the answer, those that the time is
    for, and in words what they are.
    """
    print(interpreter())
    wrong = 0
    for work in works:
        try:
            line = measured(work, prepare(work[0]))
        except MemoryError:
            line = "left out: not enough memory"
        wrong = wrong + ("WRONG" in line)
        print(padded(work[0], 16) + line)
    if wrong:
        print("WRONG: " + str(wrong) + " of " + str(len(works)) + " answers")
        if sys is not None:
            sys.exit(1)
    else:
        print("no answer is wrong")


def interpreter():
    """Return the name and version of the interpreter, as far as it tells them."""
    if sys is None:
        return "a Python without the module sys"
    about = "Python "
    if hasattr(sys, "platform"):  # Skulpt has none, and stumbles over `implementation`
        if hasattr(sys, "implementation"):  # Python 2 has none
            about = sys.implementation.name + " "
        about = sys.platform + ", " + about
    return about + str(sys.version).replace("\n", " ")


def measured(work, prepared):
    """Return a line about a workload: its time, its check value, and how its answer agrees."""
    run = prepared[0]
    checked = prepared[2]
    seconds = timed(run, checked) / checked
    numbers = flat(prepared[1]())
    try:
        check = checksum(numbers)
    except (ValueError, OverflowError):  # NaN and infinities, which are wrong
        check = 0
    agrees = agreement(numbers, check, work)
    if time is not None:
        seconds = best(run, checked, seconds)
    spent = "no clock" if time is None else in_words(seconds * prepared[3])
    return padded(spent, 12) + padded(prepared[4], 26) + padded(hexadecimal(check), 10) + agrees


def best(run, rounds, seconds):
    """Return the seconds of a round, at best, where the first n took this long each."""
    while rounds * seconds < SECONDS / 2 and rounds < MOST_ROUNDS:
        rounds = rounds * 4  # too short for a clock of milliseconds
        seconds = timed(run, rounds) / rounds
    if rounds * seconds > SECONDS:
        rounds = max(1, int(SECONDS / seconds))
    calm = 0
    spent = 0.0
    while calm < CALM and spent < WARM:  # a compiler may still be at work
        again = timed(run, rounds) / rounds
        spent = spent + again * rounds
        calm = 0 if again < BETTER * seconds else calm + 1
        seconds = min(seconds, again)
    return seconds


# -- the time --------------------------------------------------------------------------------------


def now():
    """Return the clock's reading: MicroPython's begins anew when it is full, after days."""
    try:
        return time.ticks_ms()
    except AttributeError:
        pass
    try:
        return time.perf_counter()
    except AttributeError:
        return time.time()


def timed(run, rounds):
    """Return the seconds that n rounds take; 0.0 without a clock."""
    if time is None:
        run(rounds)
        return 0.0
    start = now()
    run(rounds)
    end = now()
    try:
        return time.ticks_diff(end, start) / 1000.0
    except AttributeError:
        return end - start


def in_words(seconds):
    """Return a time with three digits or more.

    >>> in_words(2.3456), in_words(2.34567e-5)
    ('2.346 s', '23.457 us')
    """
    for unit in ["s", "ms", "us"]:
        if seconds >= 1.0:
            return str(round(seconds, 3)) + " " + unit
        seconds = seconds * 1000.0
    return str(round(seconds, 1)) + " ns"


# -- the check value -------------------------------------------------------------------------------


def agreement(numbers, check, work):
    """Return in words how closely an answer agrees with the stored one.

    >>> agreement([1.0], 0, ["", 0, []]), agreement([1.0], 1, ["", 0, [1.0]])
    ('to the bit', 'to 12 digits')
    >>> agreement([2.0], 1, ["", 0, [1.0]])
    'WRONG: 2.0 where 1.0 is stored'
    """
    if check == work[1]:
        return "to the bit"
    digest = digest_of(numbers)
    single = 1.0 + 1e-9 == 1.0
    for i in range(len(work[2])):
        one, other = digest[i], work[2][i]
        if not abs(one - other) <= (SINGLE if single else DIGITS) * (1.0 + abs(other)):
            return "WRONG: " + repr(one) + " where " + repr(other) + " is stored"
    return "to 2 digits, as floats are of single precision" if single else "to 12 digits"


def digest_of(numbers):
    """Return the digest of an answer: its sum, its sum of squares, and numbers spread over it.

    >>> digest_of([1.0, 2.0, 3.0])
    [6.0, 14.0, 1.0, 1.0, 2.0, 2.0, 3.0, 3.0]
    """
    total = squares = 0.0
    for number in numbers:
        total = total + number
        squares = squares + number * number
    spread = [numbers[len(numbers) * k // SAMPLES] for k in range(SAMPLES)]
    return [total, squares] + spread  # noqa: RUF005 (MicroPython)


def checksum(numbers):
    """Return the CRC-32 of the bytes of doubles, which binascii has where there is one.

    >>> hexadecimal(checksum([1.0, -2.5]))
    'f277cf7b'
    """
    table = []
    for i in range(16):
        for bit in range(4):  # noqa: B007 (RestrictedPython)
            i = i >> 1 ^ (POLYNOMIAL if i & 1 else 0)
        table.append(i)
    value = 0xFFFFFFFF
    for number in numbers:
        for byte in bytes_of(number):
            value = value >> 4 ^ table[(value ^ byte) & 15]
            value = value >> 4 ^ table[(value ^ byte >> 4) & 15]
    return value ^ 0xFFFFFFFF


def bytes_of(number):
    """Return the eight bytes of a double, the lowest first, without a large integer.

    >>> bytes_of(-2.5)
    [0, 0, 0, 0, 0, 0, 4, 192]
    """
    parts = math.frexp(abs(number))
    exponent = parts[1] + 1022
    fraction = parts[0] * 2.0 - 1.0
    if exponent < 1 or number == 0.0:  # subnormal
        fraction = parts[0] * 2.0 * 0.5 ** (1 - exponent)
        exponent = 0
    negative = str(number)[:1] == "-"
    fraction = fraction * 16.0
    high = [int(fraction) + exponent % 16 * 16, exponent // 16 + (128 if negative else 0)]
    low = []
    for place in range(6):  # noqa: B007 (RestrictedPython)
        fraction = (fraction - int(fraction)) * 256.0
        low = [int(fraction)] + low  # noqa: RUF005 (MicroPython)
    return low + high


def hexadecimal(number):
    """Return the eight figures of a checksum.

    >>> hexadecimal(255)
    '000000ff'
    """
    figures = ""
    for place in range(8):
        figures = "0123456789abcdef"[(number >> 4 * place) & 15] + figures
    return figures


def flat(nested):
    """Return the numbers of nested lists.

    >>> flat([[1.0, [2.0]], 3.0])
    [1.0, 2.0, 3.0]
    """
    numbers = []
    for item in nested:
        for number in [item] if isinstance(item, float) else flat(item):
            numbers.append(number)
    return numbers


def padded(text, width):
    """Return a text with spaces behind it.

    >>> padded("a", 3)
    'a  '
    """
    return text + " " * (width - len(text))
