"""A BBC micro:bit of 2015, with the arguments of MicroPython's program: -X heapsize=8k main.py.

QEMU runs its firmware, which the package micropython-microbit-fs has: MicroPython for a Cortex-M0,
with floats of single precision and about 10 KiB of heap. A bytearray takes what is more than the
heap asked for. On the board are the Python files of the current folder.
"""

import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from micropython_microbit_fs import File, StorageFullError, add_files, get_bundled_hex

QEMU = "qemu-system-arm"
OPTIONS = "-machine microbit -display none -monitor none -serial stdio -device loader,file="
PROMPT = b"MicroPython v"  # what the board says once a program has ended
ERROR = re.compile(rb"\w+(Error|Exception|Interrupt)\b")
MOST_SECONDS = 60

FILLING = "import gc\nfilling = bytearray(max(0, gc.mem_alloc() + gc.mem_free() - {kept}))\n"


def run(arguments):
    """Run a program on the board, and return its exit code."""
    try:
        firmware = flashed(*arguments)
    except StorageFullError:
        print("MemoryError: the board's flash is too small for the files")
        return 1
    with TemporaryDirectory() as folder:
        file = Path(folder) / "firmware.hex"
        file.write_text(firmware, encoding="ascii")
        return printed(f"{OPTIONS}{file}".split())


def flashed(*arguments):
    """Return the firmware with the program and the files beside it."""
    *options, program = arguments
    name = "main.py"
    files = {path.name: path.read_text(encoding="ascii") for path in Path().glob("*.py")}
    files[name] = program if "-c" in options else files[program]
    for size in re.findall(r"heapsize=(\d+)k", " ".join(options)):
        files[name] = FILLING.format(kept=1024 * int(size)) + files[name]
    made = [File.from_text(*each) for each in files.items() if each[1]]
    return add_files(get_bundled_hex(1).content, made)


def printed(options):
    """Print what the board prints, and return 1 if that ends with an error."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE}
    with subprocess.Popen([QEMU, *options], **pipes) as board:
        timer = Timer(MOST_SECONDS, board.kill)
        timer.start()
        try:
            return passed_on(board.stdout)
        finally:
            timer.cancel()
            board.kill()


def passed_on(lines):
    """Print lines up to the board's prompt or an error; return the exit code."""
    for line in lines:
        text = line.strip(b"\0\r\n")
        if text.startswith(PROMPT):
            return 0
        print(text.decode("ascii", "replace"))
        if ERROR.match(text):
            return 1
    print("the board did not end the program")
    return 1


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
