"""What needs a desktop, beside `timing`: ratios, words for times, and the environment.

The times of one machine say little and those of a busy one less. So the result is a ratio of things
that ran in turn within a fraction of a second: the median of such ratios over many short repeats.
If the median of the times is far from the best, the machine was busy.
"""

import os
import platform
import shlex
import sys
import sysconfig
from contextlib import suppress
from datetime import datetime, timezone
from importlib import import_module, metadata
from pathlib import Path
from statistics import median

import purenet

NO_NUMPY = "no NumPy"
BUILD_FLAGS = ["CONFIG_ARGS", "OPT", "PY_CFLAGS", "Py_DEBUG", "Py_GIL_DISABLED"]


def ratio(others, ours):
    """Return how many times as fast as the fastest of others ours was, in the median repeat."""
    fastest = min(others, key=median)
    return median(theirs / us for theirs, us in zip(fastest, ours))


def microseconds(seconds):
    """Return a time in microseconds.

    >>> microseconds(2e-6), microseconds(1234e-6)
    ('2.00', '1,234')
    """
    return f"{seconds * 1e6:,.{0 if seconds >= 1e-4 else 2}f}"


def best_and_median(seconds, words=microseconds):
    """Return a contender's best and median, each as `words` writes it.

    >>> best_and_median([2e-6, 4e-6, 1234e-6]), best_and_median([2.0, 3.0], "{:.2f}".format)
    ('2.00/4.00', '2.00/2.50')
    """
    return f"{words(min(seconds))}/{words(median(seconds))}"


def in_words(amount, quantity="seconds"):
    """Return an amount of seconds, or of bytes, with three digits.

    >>> in_words(2.641e-6), in_words(0.9999), in_words(75.04), in_words(8_765_432, "bytes")
    ('2.64 µs', '1.00 s', '75.0 s', '8,560 KiB')
    """
    if quantity == "bytes":
        return f"{amount / 1024:,.0f} KiB"
    units = ["s", "ms", "µs", "ns"]
    while amount < 0.9995 and len(units) > 1:
        amount, units = 1000.0 * amount, units[1:]
    return f"{amount:.{2 if amount < 9.995 else 1 if amount < 99.95 else 0}f} {units[0]}"


def environment():
    """Return the interpreter, the machine and all else that the numbers depend on."""
    return {
        "date": datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC"),
        "interpreter": f"{platform.python_implementation()} {version()}",
        "version": sys.version,
        "compiler": platform.python_compiler(),
        "build": build(),
        "jit": jit(),
        "numpy": numpy_version(),
        "purenet": f"purenet {purenet.__version__}",
        "platform": platform.platform(),
        "processor": processor(),
        "cores": cores(),
        "load": load(),
        "argv": [Path(word).name if Path(word).is_absolute() else word for word in sys.argv[1:]],
    }


def build():
    """Return the flags that the interpreter was built with, without paths."""
    flags = {k: v for k, v in sysconfig.get_config_vars().items() if k in BUILD_FLAGS}
    return {k: without_places(v) if isinstance(v, str) else v for k, v in flags.items()}


def without_places(words):
    """Return the words that have no path in them.

    >>> without_places("'--prefix=/opt' '--with-lto' 'LIBS=-L/opt/lib -lm' -O3")
    '--with-lto -O3'
    """
    return " ".join(word for word in shlex.split(words) if "/" not in word)


def version():
    """Return the interpreter's version; for PyPy, its own and that of its Python."""
    if hasattr(sys, "pypy_version_info"):
        return f"{'.'.join(map(str, sys.pypy_version_info[:3]))}, {platform.python_version()}"
    return platform.python_version()


def jit():
    """Return in words whether a JIT compiler is at work.

    Up to Python 3.13 nothing tells whether the interpreter has switched on what it was built with.
    """
    if sys.implementation.name == "pypy":
        return "PyPy's"
    if hasattr(sys, "_jit"):
        return "on" if sys._jit.is_enabled() else "off" if sys._jit.is_available() else "none"
    built = "experimental-jit" in (sysconfig.get_config_var("CONFIG_ARGS") or "")
    return f"built in, PYTHON_JIT={os.environ.get('PYTHON_JIT', '')}" if built else "none"


def numpy_version():
    """Return NumPy's name and version, or NO_NUMPY if it is not installed."""
    installed = versions(["NumPy"])
    return f"NumPy {installed['NumPy']}" if installed else NO_NUMPY


def versions(packages):
    """Return the versions of the packages that are installed, by name."""
    found = {}
    for package in packages:
        with suppress(metadata.PackageNotFoundError):
            found[package] = metadata.version(package)
    return found


def module(name):
    """Return a module, or None if it is not installed."""
    with suppress(ImportError):
        return import_module(name)


def processor():
    """Return the processor's name, or its kind if the system does not tell the name."""
    with suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":")[1].strip()
    return platform.processor() or platform.machine()


def cores():
    """Return how many cores this process may use."""
    here = getattr(os, "sched_getaffinity", None)
    return len(here(0)) if here else os.cpu_count()


def load():
    """Return how many programs wanted a core in the last minute, or None if unknown."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None
