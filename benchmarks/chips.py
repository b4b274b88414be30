"""What a network takes on chips: flash, RAM and instructions of each form in C, and of peers.

The network is scikit-learn's MLPClassifier with 64-32-10 neurons, plain and behind a
StandardScaler, which has learned four of five digits. Inputs are pixels, whole numbers from 0 to
16. Everything is compiled with -Os and without what it does not call.

"Flash" and "RAM" are what a program with the network takes beyond the same program without it; RAM
includes the stack at its deepest, but not the row of inputs, which is the caller's. A chip is
emulated: qemu counts the instructions of a Cortex-M0 and of an M4F, simavr the cycles of an
ATmega328P, callgrind the instructions on this machine. Counts are the mean of a few rows.

Before anything is counted, the classes are checked: those of all held-out rows on this machine
against the model's own, and those of a few rows on each chip against this machine's.
"""

import os
import platform
import re
import shutil
import subprocess
import warnings
from contextlib import nullcontext
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Callable, NamedTuple

from purenet.export.c import c_source
from purenet.formats import from_sklearn

from . import harness
from .benchmark import Benchmark, BenchmarkError, Table
from .processes import output_of
from .workloads import BRIGHTEST, digits

sklearn, numpy = map(harness.module, ("sklearn", "numpy"))
# emlearn makes NumPy raise errors, even where a number becomes 0, for all that runs after it.
with numpy.errstate() if numpy else nullcontext():
    emlearn = harness.module("emlearn")

FOLDER = Path(__file__).parent / "chips_files"
PIXELS, HIDDEN = 64, 32
ROWS = 16  # on a chip
PACKAGES = (
    "gcc-arm-none-eabi libnewlib-arm-none-eabi qemu-system-arm gcc-avr avr-libc simavr valgrind"
)
SMALL = "-Os -ffunction-sections -fdata-sections -Wl,--gc-sections"
SECONDS = 120  # within which an emulated program ends
FEWEST_SAME = 0.95  # of the held-out rows


# -- the machines ----------------------------------------------------------------------------------


class Chip(NamedTuple):
    """A chip: its compiler, the file that makes it a board, its emulator and its room."""

    prefix: str
    options: str
    board: str
    emulator: str
    flash: int
    ram: int
    rounds: int = 1


def arm(machine, flash_at, flash, ram, options):
    """Return a Cortex-M as a machine of qemu has it."""
    memory = f"-Wl,--defsym=flash_at={flash_at},--defsym=ram_bytes={ram}"
    script = f"-nostartfiles --specs=nano.specs -T {FOLDER / 'arm.ld'} {memory}"
    devices = "-display none -serial none -monitor none -chardev stdio,id=host"
    host = "-semihosting-config enable=on,target=native,chardev=host"
    emulator = f"qemu-system-arm -M {machine} {devices} {host} -icount shift=0 -kernel"
    options = f"-mthumb {options} {script}"
    return Chip("arm-none-eabi-", options, "arm.c", emulator, flash, ram, 4)


M0, M4F, AVR, HERE = "Cortex-M0", "Cortex-M4F", "ATmega328P", "x86"
# So that what is too large can be linked, and measured.
ROOMY = "-Wl,--defsym=__DATA_REGION_LENGTH__=0xffa0,--defsym=__TEXT_REGION_LENGTH__=0x20000"
CHIPS = {
    M0: arm("microbit", 0, 2**18, 2**14, "-mcpu=cortex-m0"),
    M4F: arm(
        "netduinoplus2", 0x8000000, 2**20, 2**17,
        "-mcpu=cortex-m4 -mfloat-abi=hard -mfpu=fpv4-sp-d16",
    ),
    AVR: Chip(
        "avr-", f"-mmcu=atmega328p {ROOMY}", "avr.c", "simavr -m atmega328p -f 16000000",
        2**15, 2**11,
    ),
}  # fmt: skip

# Linked as it starts, so that the linker's instructions are not the network's.
DESKTOP = Chip("", "-Wl,-z,now", "", "", 0, 0)


def run_on_m0(files, options=()):
    """Return the output of a program in C or C++ on a Cortex-M0; `files` are texts by name."""
    return run_on(CHIPS[M0], files, options)


def run_on_avr(files, options=()):
    """Return the output of a program in C or C++ on an ATmega328P; `files` are texts by name."""
    return run_on(CHIPS[AVR], files, options)


def run_on(chip, files, options=()):
    """Return the output of a program in C or C++ on a chip; `files` are texts by name."""
    with TemporaryDirectory() as folder:
        program = compiled(chip, folder, files, [FOLDER / chip.board], options)
        return printed_by([*command(chip.emulator), program])


def command(words):
    """Return the words of a command; raise BenchmarkError if its program is not installed."""
    program, *others = words.split()
    if not shutil.which(program):
        raise BenchmarkError(f"{program} is not installed; on Debian: apt-get install {PACKAGES}")
    return [program, *others]


def compiled(chip, folder, files, sources, options=()):
    """Write files into a folder and compile the C and C++ among them with more sources."""
    for name, text in files.items():
        (Path(folder) / name).write_text(text, encoding="ascii")
    program = str(Path(folder) / "program.elf")
    own = [Path(folder) / name for name in files if name.endswith((".c", ".cpp"))]
    standard = [] if any(place.suffix == ".cpp" for place in own) else ["-std=c99"]
    compiler = command(f"{chip.prefix}gcc {SMALL} {chip.options}")
    places = ["-I", folder, "-I", FOLDER]
    whole = [*compiler, *standard, *places, *options, *own, *sources, "-o", program, "-lm"]
    if subprocess.run(whole, cwd=folder).returncode:  # what it says is for the one who calls
        raise BenchmarkError(f"{compiler[0]} does not compile {', '.join(files)}")
    return program


def printed_by(emulating):
    """Return the output of an emulated program; raise BenchmarkError if it does not end well.

    simavr prints the serial line on standard error, green, with a dot for the end of a line.
    """
    program = {"capture_output": True, "encoding": "utf-8", "timeout": SECONDS}
    try:
        done = subprocess.run(emulating, **program)
    except subprocess.TimeoutExpired:
        raise BenchmarkError(f"{emulating[0]}: no end after {SECONDS} seconds") from None
    serial = re.findall(r"\x1b\[32m(.*)\.\n", done.stderr)
    if done.returncode or (done.stderr and not serial):
        raise BenchmarkError(f"{emulating[0]}: {done.stderr or done.stdout or 'failed'}")
    return "".join(f"{line}\n" for line in serial) or done.stdout


# -- what is measured of a network -----------------------------------------------------------------


class Network(NamedTuple):
    """A network in C: a header, a call that returns the class of `row`, the type of its numbers."""

    header: str
    call: str
    inputs: str
    places: tuple = ()

    def options(self, **defined):
        """Return the options for the compiler."""
        defined = {"CALL": self.call, "INPUT": self.inputs, "INPUTS": PIXELS, **defined}
        places = [word for place in self.places for word in ("-I", place)]
        return [*places, *(f"-D{name}={value}" for name, value in defined.items())]


def rows_text(rows):
    """Return rows of whole numbers as a constant in C.

    >>> rows_text([[0, 16], [3, 4]]).splitlines()[1:3]
    ['{0, 16},', '{3, 4},']
    """
    lines = "\n".join(f"{{{', '.join(map(str, row))}}}," for row in rows)
    return f"static const uint8_t rows[{len(rows)}][{len(rows[0])}] BOARD_ROM = {{\n{lines}\n}};\n"


def measured_on(chip, network, rows, expected):
    """Return the bytes and ticks that a network takes on a chip; None where it has no room."""
    flash, data = size_of(chip, network)
    if flash > chip.flash or data > chip.ram:
        return {"flash": flash, "ram": data, "count": None}
    files = {"net.h": network.header, "rows.h": rows_text(rows)}
    files["main.c"] = (FOLDER / "measure.c").read_text(encoding="ascii")
    printed = run_on(chip, files, network.options(ROWS=len(rows), ROUNDS=chip.rounds))
    classes = [int(line) for line in re.findall(r"^(-?\d+)$", printed, re.MULTILINE)]
    if classes != expected:
        raise BenchmarkError(f"expected the classes {expected}, got {classes}")
    found = {name: int(n) for name, n in re.findall(r"^(\w[\w ]*) (\d+)$", printed, re.MULTILINE)}
    if not (found["asked"] and found["known ticks"]):
        raise BenchmarkError("the clock has run over")
    ticks = (found["asked"] - found["not asked"]) / (len(rows) * chip.rounds)
    count = round(ticks * found["known"] / found["known ticks"])
    return {"flash": flash, "ram": data + found["stack"], "count": count}


def size_of(chip, network):
    """Return the bytes in flash and of data that a network adds to the smallest program."""
    alone = f"-DINPUT={network.inputs}", f"-DINPUTS={PIXELS}"
    (text, data, bss), (text_0, data_0, bss_0) = (
        sections(chip, files, options)
        for files, options in (({"net.h": network.header}, network.options()), ({}, alone))
    )
    return text + data - text_0 - data_0, data + bss - data_0 - bss_0


def sections(chip, files, options):
    """Return the bytes of text, data and bss of the smallest program."""
    with TemporaryDirectory() as folder:
        sources = [FOLDER / "size.c", FOLDER / chip.board]
        program = compiled(chip, folder, files, sources, options)
        printed = output_of([*command(f"{chip.prefix}size"), program], folder)
    return [int(n) for n in printed.splitlines()[1].split()[:3]]


def measured_here(network, rows, expected):
    """Return the classes of all rows on this machine, and the instructions for a few of them."""
    with TemporaryDirectory() as folder:

        def program(some):
            files = {"net.h": network.header, "rows.h": rows_text(some)}
            options = network.options(ROWS=len(some))
            return compiled(DESKTOP, folder, files, [FOLDER / "desktop.c"], options)

        classes = [int(line) for line in output_of([program(rows)], folder).split()]
        same = sum(a == b for a, b in zip(classes, expected))
        if same < FEWEST_SAME * len(rows):
            raise BenchmarkError(f"only {same} of {len(rows)} rows get the model's class")
        return classes, instructions(program(rows[:ROWS]), folder) // ROWS


def instructions(program, folder):
    """Return the instructions in the function `asked` of a program, with all that it calls."""
    tool = "valgrind -q --tool=callgrind --toggle-collect=asked --callgrind-out-file=counted"
    output_of([*command(tool), program], folder)
    counted = (Path(folder) / "counted").read_text(encoding="ascii")
    return int(re.search(r"^(?:totals|summary): (\d+)", counted, re.MULTILINE)[1])


# -- the networks ----------------------------------------------------------------------------------


class Form(NamedTuple):
    """A way to write a model as C, the library that it needs, and whether the model scales."""

    write: Callable
    library: object = sklearn
    scaled: bool = False


def exported(model, inputs="float", **options):
    """Return PureNet's header; inputs are whole where the rows that were learned are shown."""
    if inputs == "uint8_t":
        options["rows"] = split()[0]
    return Network(c_source(from_sklearn(model), **options), "net_predict_class(row)", inputs)


def by_emlearn(model):
    """Return emlearn's header, which leaves scaling to the caller.

    emlearn also compiles a program, in a folder of the current one. Its other way, inline and for
    fixed point too, fails on layers in 0.23.2.
    """
    here = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        try:
            header = emlearn.convert(model).save(name="net")
        finally:
            os.chdir(here)
    return Network(header, f"net_predict(row, {PIXELS})", "float", (emlearn.includedir,))


FORMS = {
    "doubles": Form(partial(exported, inputs="double")),
    "--float32": Form(partial(exported, number="float")),
    "--pack int8": Form(partial(exported, pack="int8")),
    "--pack integer": Form(partial(exported, pack="integer")),
    "  with --data": Form(partial(exported, inputs="uint8_t", pack="integer")),
    "emlearn": Form(by_emlearn, emlearn),
    "--float32, scaler": Form(partial(exported, number="float"), scaled=True),
    "--pack int8, scaler": Form(partial(exported, pack="int8"), scaled=True),
    "--pack integer, scaler": Form(partial(exported, pack="integer"), scaled=True),
    "  with --data, scaler": Form(partial(exported, inputs="uint8_t", pack="integer"), scaled=True),
}


@cache
def trained(scaled):
    """Return a trained network; it takes pixels."""
    from sklearn.neural_network import MLPClassifier
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    X, labels, _, _ = split()
    model = MLPClassifier([HIDDEN], max_iter=200, random_state=1)
    model = make_pipeline(StandardScaler(), model) if scaled else model
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has not converged
        return model.fit(X, labels)


@cache
def split():
    """Return pixels and labels of four of five images to learn, and of the fifth held out."""
    images, labels = digits()
    X = [[round(BRIGHTEST * x) for x in image] for image in images]
    held_out = X[::5], labels[::5]
    del X[::5], labels[::5]
    return X, labels, *held_out


# -- the benchmark ---------------------------------------------------------------------------------


class Chips(Benchmark):
    """One network in C, on chips."""

    def installed(self):
        """Return the versions of libraries and compilers, and what this machine is."""
        versions = harness.versions(["scikit-learn", "emlearn"])
        return {
            "machine": platform.machine(),
            "peers": [f"{name} {version}" for name, version in versions.items()],
            "tools": sorted({compiler_of(chip) for chip in [*CHIPS.values(), DESKTOP]}),
        }

    def measured(self, names, repeats):
        """Go through the forms whose libraries are installed; say which are left out."""
        missing = [name for name in names if FORMS[name].library is None]
        if missing:
            print(f"left out, because a library is not installed: {', '.join(missing)}")
        yield from super().measured([name for name in names if name not in missing], repeats)

    def heading(self, document, repeats):
        """Say with what it was measured, and what the columns are."""
        environment = document["environment"]
        yield ", ".join([*environment["peers"], *environment["tools"]])
        yield "Bytes of flash and RAM; instructions of a row (of the ATmega328P: cycles); the share"
        yield "of rows that are right, and the rows that get another class than the model gives.\n"
        yield TABLE.row("", "", M0, "", "", M4F, "", AVR, "", environment["machine"])
        columns = [*COLUMNS, "flash", "instr.", *COLUMNS[:2], "cycles", "instr."]
        yield TABLE.row("", *columns, "right", "other")

    def lines(self, case, before, document):
        """Return the line of a form."""
        m0, m4f, avr = (case["chips"][name] for name in CHIPS)
        counts = [*m0.values(), m4f["flash"], m4f["count"], *avr.values(), case["here"]]
        cells = ["-" if count is None else f"{count:,}" for count in counts]
        yield TABLE.row(case["name"], *cells, f"{case['right']:.4f}", case["other"])

    def ending(self, cases):
        """Say how good the models are, and what a dash means."""
        if cases:
            models = {case["model"]: case["model_right"] for case in cases}
            yield ""
            yield from (f"{name}: {right:.4f} right" for name, right in models.items())
        if any(chip["count"] is None for case in cases for chip in case["chips"].values()):
            yield "-: the constants and variables alone are more than the chip's memory."


COLUMNS = ["flash", "RAM", "instr."]
TABLE = Table("<26", ">7", ">7", ">10", ">9", ">9", ">9", ">7", ">10", ">9", ">8", ">7")


def compiler_of(chip):
    """Return the name and version of a chip's compiler."""
    name = f"{chip.prefix}gcc"
    return f"{name} {output_of(command(f'{name} -dumpfullversion -dumpversion')).strip()}"


def form_case(name, repeats):
    """Return the measurements of a form on each machine, and how well it answers."""
    form = FORMS[name]
    model, (_, _, rows, labels) = trained(form.scaled), split()
    network, expected = form.write(model), [int(label) for label in model.predict(rows)]
    classes, here = measured_here(network, rows, expected)
    few, theirs = rows[:ROWS], classes[:ROWS]
    return {
        "chips": {who: measured_on(chip, network, few, theirs) for who, chip in CHIPS.items()},
        "here": here,
        "right": share(classes, labels),
        "other": sum(a != b for a, b in zip(classes, expected)),
        "model": "the model behind a StandardScaler" if form.scaled else "the model itself",
        "model_right": share(expected, labels),
    }


def share(classes, labels):
    """Return the share of classes that are right.

    >>> share([1, 2, 3, 4], [1, 2, 3, 0])
    0.75
    """
    return sum(a == b for a, b in zip(classes, labels)) / len(labels)


BENCHMARK = Chips("chips", dict.fromkeys(FORMS, form_case), repeats=1)  # it is the same each time
