"""Write a file beside its destination and move it there, so that there is no half-written file.

Whatever goes wrong, a full disk or Ctrl-C, the destination is as it was before.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import Union

FileName = Union[str, bytes, os.PathLike[str]]


def replace_file(path: FileName, data: bytes) -> None:
    """Make `data` the content of the file `path`, whole or not at all.

    A symbolic link stays, and the file that it leads to is replaced. A file that is there keeps
    its permissions; a new one gets the usual ones. What is no file, such as /dev/stdout, is
    written to as it is.

    Raises OSError, with the name of the destination, where it cannot be written.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder, "data")
    ...     replace_file(path, b"old")
    ...     replace_file(path, b"new")
    ...     path.read_bytes(), os.listdir(folder)
    (b'new', ['data'])
    """
    name = os.fsdecode(path)
    try:
        if Path(name).exists() and not Path(name).is_file():
            Path(name).write_bytes(data)
        else:
            _write_and_move(Path(os.path.realpath(name)), data)
    except OSError as error:  # it names the file beside, or none
        raise OSError(error.errno, error.strerror, name) from error


def _write_and_move(destination: Path, data: bytes) -> None:
    # Not tempfile: what it makes only its owner may read. Not the destination's name with an
    # ending either: that may be longer than a name can be.
    beside = destination.with_name(f".purenet-{os.urandom(8).hex()}.tmp")
    file = beside.open("xb")
    try:
        with file:
            if destination.exists():  # permissions first: what is private is never open to others
                beside.chmod(stat.S_IMODE(destination.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a power cut could leave the new name and no content
        beside.replace(destination)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def check_writable(path: FileName) -> None:
    """Raise OSError where a file could not be written later, and write nothing.

    >>> check_writable("/")
    Traceback (most recent call last):
        ...
    IsADirectoryError: [Errno 21] Is a directory: '/'
    """
    destination = Path(os.path.realpath(os.fsdecode(path)))
    if destination.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fsdecode(path))
    if not destination.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fsdecode(path))
    if not os.access(destination.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fsdecode(path))
