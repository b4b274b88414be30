"""Write a file beside its destination and move it there, so that no half-written file is left.

Whatever goes wrong, a full disk or Ctrl-C, the destination is unchanged.
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
    """Make `data` the content of the file `path`, completely or not at all.

    A symbolic link stays, and the file that it points to is replaced. An existing file keeps its
    permissions; a new one gets the usual ones. A path that is not a regular file, such as
    /dev/stdout, is written to directly.

    Raises OSError, with the name of the destination, if it cannot be written.

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
    except OSError as error:  # it names the temporary file, or no file
        raise OSError(error.errno, error.strerror, name) from error


def _write_and_move(destination: Path, data: bytes) -> None:
    # Not tempfile, whose files only their owner may read. Not the destination's name with an ending
    # either, which may be too long for a name.
    beside = destination.with_name(f".purenet-{os.urandom(8).hex()}.tmp")
    file = beside.open("xb")
    try:
        with file:
            if destination.exists():  # permissions before content: others never read a private file
                beside.chmod(stat.S_IMODE(destination.stat().st_mode))
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a power cut could leave an empty file of that name
        beside.replace(destination)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise


def check_writable(path: FileName) -> None:
    """Raise OSError if a file could not be written later, without writing anything.

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
