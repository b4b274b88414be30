"""Write a file beside its destination and move it there, so that no half-written file is left.

Whatever goes wrong, a full disk, Ctrl-C or a power cut, the destination has the old content or the
new, whole. What a process that was killed has left beside it, a later write removes.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
from pathlib import Path
from typing import Union

FileName = Union[str, bytes, os.PathLike[str]]

# The name of a file that is being written has the number of the process that writes it.
BESIDE = re.compile(r"\.purenet-(\d{1,9})-[0-9a-f]{16}\.tmp")
DAY = 86400.0  # seconds


def replace_file(path: FileName, data: bytes) -> None:
    """Make `data` the content of the file `path`, completely or not at all.

    A symbolic link stays, and the file that it points to is replaced. An existing file keeps its
    permissions and, where permitted, its owner; a new one gets the usual ones. A path that is not a
    regular file, such as /dev/stdout, is written to directly.

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
            _write_and_move(_destination(name), data)
    except OSError as error:  # it names the temporary file, or no file
        raise OSError(error.errno, error.strerror, name) from error


def _destination(name: str) -> Path:
    """Return the path that a name leads to through its links, if it leads anywhere."""
    destination = Path(os.path.realpath(name))
    if destination.is_symlink():  # links that lead to one another
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), name)
    return destination


def _write_and_move(destination: Path, data: bytes) -> None:
    # Not tempfile, whose files only their owner may read. Not the destination's name with an ending
    # either, which may be too long for a name.
    beside = destination.with_name(f".purenet-{os.getpid()}-{os.urandom(8).hex()}.tmp")
    file = beside.open("xb")
    try:
        with file:
            _remove_leftovers(destination.parent, os.fstat(file.fileno()))  # it may need the room
            if destination.exists():  # permissions before content: others never read a private file
                _take_after(destination.stat(), beside)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())  # else a power cut could leave an empty file of that name
        beside.replace(destination)
    except BaseException:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise
    # The folder after the move, else a power cut could bring the old file back although the caller
    # went on. Before the move there is nothing in the folder that could be lost.
    _flush_folder(destination.parent)


def _remove_leftovers(folder: Path, own: os.stat_result) -> None:
    """Remove what processes of the same owner have left when they were killed.

    A file is there for seconds. Its age, by the file system's clock, protects those of other
    machines, and its process those of one that was stopped here. Whatever fails is left alone.
    """
    with contextlib.suppress(OSError):  # a folder that may be written to may be unreadable
        for path in folder.iterdir():
            name = BESIDE.fullmatch(path.name)
            if name is not None and not _is_alive(int(name[1])):
                with contextlib.suppress(OSError):
                    left = path.lstat()
                    if left.st_uid == own.st_uid and own.st_mtime - left.st_mtime > DAY:
                        path.unlink()


def _is_alive(process: int) -> bool:
    if os.name != "posix":  # there kill() kills, and a file that is open cannot be removed
        return False
    try:
        os.kill(process, 0)
    except OSError:  # it has ended, or is another user's, who did not write a file of ours
        return False
    return True


def _take_after(old: os.stat_result, beside: Path) -> None:
    """Give a file the owner and the permissions of an old one, as far as permitted."""
    for owner in ((-1, old.st_gid), (old.st_uid, -1)):  # a member may give to a group
        with contextlib.suppress(OSError, AttributeError):  # not everywhere are there owners
            os.chown(beside, *owner)
    mode = stat.S_IMODE(old.st_mode)
    if beside.stat().st_gid != old.st_gid:  # what one group may read is not for another
        mode &= ~stat.S_IRWXG
    with contextlib.suppress(PermissionError):  # not every file system has permissions
        beside.chmod(mode)  # after chown, which takes some away


def _flush_folder(folder: Path) -> None:
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens none, and nobody one that is unreadable
        return
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EBADF, errno.EINVAL):  # some flush files only
            raise
    finally:
        os.close(descriptor)


def check_writable(path: FileName) -> None:
    """Raise OSError if a file could not be written later, without writing anything.

    >>> check_writable("/")
    Traceback (most recent call last):
        ...
    IsADirectoryError: [Errno 21] Is a directory: '/'
    """
    destination = _destination(os.fsdecode(path))
    if destination.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), os.fsdecode(path))
    if not destination.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), os.fsdecode(path))
    if not os.access(destination.parent, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), os.fsdecode(path))
