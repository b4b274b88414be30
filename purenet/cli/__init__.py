"""The command line: `python -m purenet`, or `purenet` once installed.

Thin: each command's module lists its options and calls the rooms above. Data goes to
standard output, messages and progress to standard error. Exit codes: 0 done, 1 an error in the
data, the model or the machine, 2 wrong usage, 130 interrupted with Ctrl-C.

To carry it as one file: `python3 -m zipapp FOLDER -m purenet.cli:program`, with the package in the
folder.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from typing import NoReturn

from ..core.checks import PureNetError


def main(arguments: list[str] | None = None) -> int:
    """Run the command in the arguments, by default those of the process; return its exit code.

    Wrong usage ends the process at once, as argparse does it.
    """
    try:
        _open_closed_streams()
        from .commands import run  # here, so that Ctrl-C while it loads ends in one line too
        from .terminal import give_up, remark

        if hasattr(sys.stdout, "reconfigure"):  # a terminal may lack the ᵀ of a transpose
            sys.stdout.reconfigure(errors="backslashreplace")
        with warnings.catch_warnings():
            warnings.showwarning = lambda message, *_, **__: remark(str(message))
            try:
                run(arguments)
            finally:  # also where argparse ends the process
                sys.stdout.flush()
    except KeyboardInterrupt:
        return _ended("interrupted", 130)
    except BrokenPipeError:  # whoever read the output has gone (`| head`)
        give_up(sys.stdout)
        return 1
    except MemoryError:
        return _ended("not enough memory", 1)
    except (PureNetError, OSError) as error:
        try:
            sys.stdout.flush()
        except OSError:
            give_up(sys.stdout)
        if isinstance(error, OSError):
            return _ended(re.sub(r"^\[\w+ \d+\] ", "", str(error)), 1)  # without [Errno 2]
        return _ended(error.args[0], 1)  # the sentence, which may be a Note
    return 0


def program() -> NoReturn:
    """Run the command of this process, and end it: the main function of a zipapp."""
    sys.exit(main())


def _open_closed_streams() -> None:
    """Open the null device for each standard stream that the caller has closed.

    In the order of their numbers, so that each gets its own, and no file that is opened later does.
    """
    for name, mode in {"stdin": "r", "stdout": "w", "stderr": "w"}.items():
        if getattr(sys, name) is None:
            number = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))


def _ended(message: str, code: int) -> int:
    from .terminal import remark

    remark(message)
    return code
