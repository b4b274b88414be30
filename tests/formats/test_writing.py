"""What the disk goes through when a file is written: the flushes, the leftovers, the owner."""

import errno
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from purenet import Network, save
from purenet.formats import writing
from purenet.formats.writing import check_writable, replace_file

DAY = 24 * 60 * 60

pytestmark = pytest.mark.skipif(os.name != "posix", reason="owners, links and processes of Unix")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "model.json"


# -- the flushes ---------------------------------------------------------------------------------


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """The calls that matter to the disk in their order, each with what it was about."""
    made, fsync, replace = [], os.fsync, Path.replace

    def traced_fsync(descriptor):
        is_folder = stat.S_ISDIR(os.fstat(descriptor).st_mode)
        about = "folder" if is_folder else f"file of {os.fstat(descriptor).st_size} bytes"
        made.append(("fsync", about, names_in(tmp_path)))
        fsync(descriptor)

    def traced_replace(source, destination):
        made.append(("replace", destination.name, names_in(tmp_path)))
        return replace(source, destination)

    monkeypatch.setattr(os, "fsync", traced_fsync)
    monkeypatch.setattr(Path, "replace", traced_replace)
    return made


def names_in(folder):
    names = [path.name for path in folder.iterdir()]
    return sorted("beside" if name.startswith(".purenet-") else name for name in names)


@pytest.mark.parametrize("exists", [True, False])
def test_the_file_is_flushed_before_the_move_and_the_folder_after_it(path, calls, exists):
    old = ["model.json"] if exists else []
    if exists:
        path.write_bytes(b"old")
    replace_file(path, b"newer")
    assert calls == [
        ("fsync", "file of 5 bytes", ["beside", *old]),
        ("replace", "model.json", ["beside", *old]),
        ("fsync", "folder", ["model.json"]),
    ]


def test_a_folder_that_cannot_be_opened_or_flushed_is_left_to_the_system(path, monkeypatch):
    failing = [(os, "open", PermissionError(errno.EACCES, "Windows opens no folder"))]
    failing += [(os, "fsync", OSError(number, "no")) for number in (errno.EINVAL, errno.EBADF)]
    for k, (module, name, error) in enumerate(failing):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, raising_for_folders(getattr(module, name), error))
            replace_file(path, b"%d" % k)
        assert path.read_bytes() == b"%d" % k


def test_a_disk_that_breaks_while_the_folder_is_flushed_is_an_error(path, monkeypatch):
    error = OSError(errno.EIO, "broken")
    monkeypatch.setattr(os, "fsync", raising_for_folders(os.fsync, error))
    with pytest.raises(OSError, match=r"broken: .*model\.json"):
        replace_file(path, b"new")
    assert names_in(path.parent) == ["model.json"]


def raising(error):
    def fail(*_):
        raise error

    return fail


def raising_for_folders(function, error):
    def called(about, *rest):
        found = os.fstat(about) if isinstance(about, int) else about.stat()
        if stat.S_ISDIR(found.st_mode):
            raise error
        return function(about, *rest)

    return called


# -- the leftovers -------------------------------------------------------------------------------


@pytest.fixture
def dead():
    """The number of a process that has ended."""
    child = subprocess.Popen([sys.executable, "-I", "-c", ""])
    child.wait()
    return child.pid


def leftover(folder, process, age=DAY + 60, name=".purenet-{}-0123456789abcdef.tmp"):
    path = folder / name.format(process)
    path.write_bytes(b"half")
    aged(path, age)
    return path


def aged(path, age):
    now = path.lstat().st_mtime
    os.utime(path, (now - age, now - age), follow_symlinks=False)


def test_what_a_killed_process_left_is_removed_by_the_next_write(path, dead):
    # A process that is killed while it waits for the disk.
    code = (
        "import os, signal; os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from purenet.formats.writing import replace_file\n"
        f"replace_file({str(path)!r}, b'half')"
    )
    folder = Path(writing.__file__).parents[2]
    killed = subprocess.run([sys.executable, "-c", code], cwd=folder, check=False)
    assert killed.returncode == -9
    [left] = path.parent.iterdir()
    replace_file(path, b"new")  # it is not old yet
    assert left.exists()
    aged(left, DAY - 60)
    replace_file(path, b"new")
    assert left.exists()
    aged(left, DAY + 60)
    replace_file(path, b"newer")
    assert names_in(path.parent) == ["model.json"]


def test_a_leftover_goes_before_the_content_is_written_as_its_room_may_be_needed(
    path, dead, monkeypatch
):
    left, fsync = leftover(path.parent, dead), os.fsync
    monkeypatch.setattr(os, "fsync", lambda file: fsync(file) if not left.exists() else 1 / 0)
    replace_file(path, b"new")
    assert not left.exists()


def test_a_file_of_a_process_that_is_alive_stays(path):
    left = leftover(path.parent, os.getpid())
    replace_file(path, b"new")
    assert left.exists()


@pytest.mark.parametrize(
    "name",
    [
        ".purenet-{}-0123456789abcde.tmp",
        ".purenet-{}-0123456789abcdef.tmp2",
        "x.purenet-{}-0123456789abcdef.tmp",
        ".purenet-{}9999999999-0123456789abcdef.tmp",  # no system has processes of such numbers
        ".purenet-0123456789abcdef.tmp",
        ".purenet-notes.tmp",
    ],
)
def test_a_file_of_another_name_stays(path, dead, name):
    left = leftover(path.parent, dead, name=name)
    replace_file(path, b"new")
    assert left.read_bytes() == b"half"


def test_a_file_of_another_owner_stays(path, dead, monkeypatch):
    left, lstat = leftover(path.parent, dead), Path.lstat
    theirs = list(left.lstat())
    theirs[stat.ST_UID] += 1
    monkeypatch.setattr(
        Path, "lstat", lambda at: os.stat_result(theirs) if at == left else lstat(at)
    )
    replace_file(path, b"new")
    assert left.exists()


def test_a_link_of_that_name_is_removed_and_what_it_leads_to_stays(path, tmp_path, dead):
    (tmp_path / "data").write_bytes(b"precious")
    aged(tmp_path / "data", DAY + 60)
    link = tmp_path / f".purenet-{dead}-0123456789abcdef.tmp"
    link.symlink_to(tmp_path / "data")
    aged(link, DAY + 60)
    replace_file(path, b"new")
    assert names_in(tmp_path) == ["data", "model.json"]


def test_a_leftover_that_cannot_be_removed_is_no_error(path, dead):
    folder = path.parent / f".purenet-{dead}-0123456789abcdef.tmp"
    folder.mkdir()
    aged(folder, DAY + 60)
    left = leftover(path.parent, dead, name=".purenet-{}-1123456789abcdef.tmp")
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert folder.exists()
    assert not left.exists()


def test_a_folder_that_cannot_be_listed_is_written_to(path, monkeypatch):
    monkeypatch.setattr(Path, "iterdir", raising(PermissionError(errno.EACCES, "no")))
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


def test_a_process_of_another_user_did_not_write_a_file_of_ours(path, dead, monkeypatch):
    left = leftover(path.parent, dead)  # the system gave its number to another one
    monkeypatch.setattr(os, "kill", raising(PermissionError(errno.EPERM, "no")))
    replace_file(path, b"new")
    assert not left.exists()


def test_on_windows_no_process_is_sent_a_signal(dead, monkeypatch):
    with monkeypatch.context() as windows:
        windows.setattr(os, "kill", raising(AssertionError("it would have ended")))
        windows.setattr(os, "name", "nt")
        alive = writing._is_alive(dead)
    assert not alive


# -- owner, permissions, links -------------------------------------------------------------------


def test_the_owner_is_kept_and_then_the_permissions(path, monkeypatch):
    path.write_bytes(b"old")
    path.chmod(0o4640)
    made, chmod = [], Path.chmod
    old = path.stat()

    def traced(at, *owner):
        made.append(owner)
        chmod(at, path.stat().st_mode & 0o777)  # as the system does when a file changes hands

    monkeypatch.setattr(os, "chown", traced)
    replace_file(path, b"new")
    assert made == [(-1, old.st_gid), (old.st_uid, -1)]
    assert stat.S_IMODE(path.stat().st_mode) == 0o4640


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_root_leaves_a_file_to_its_owner(path):
    path.write_bytes(b"old")
    path.chmod(0o4660)
    os.chown(path, 12345, 54321)
    path.chmod(0o4660)
    replace_file(path, b"new")
    found = path.stat()
    assert (found.st_uid, found.st_gid) == (12345, 54321)
    assert stat.S_IMODE(found.st_mode) == 0o4660


@pytest.mark.parametrize("error", [PermissionError(errno.EPERM, "no"), AttributeError("chown")])
def test_where_files_cannot_be_given_away_they_are_written_all_the_same(path, monkeypatch, error):
    path.write_bytes(b"old")
    path.chmod(0o604)
    monkeypatch.setattr(os, "chown", raising(error))
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root gives files away")
def test_what_one_group_might_read_is_not_for_the_writers_group(path, monkeypatch):
    path.write_bytes(b"old")
    os.chown(path, -1, 54321)
    path.chmod(0o664)
    monkeypatch.setattr(os, "chown", raising(PermissionError()))
    replace_file(path, b"new")
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_a_file_system_without_permissions_is_written_to(path, monkeypatch):
    path.write_bytes(b"old")
    monkeypatch.setattr(Path, "chmod", raising(PermissionError()))
    replace_file(path, b"new")
    assert path.read_bytes() == b"new"


@pytest.mark.parametrize("write", [check_writable, lambda path: save(Network([1, 1]), path)])
def test_links_that_lead_to_one_another_are_refused_and_stay(tmp_path, write):
    one, other = tmp_path / "one.json", tmp_path / "other.json"
    one.symlink_to(other)
    other.symlink_to(one)
    with pytest.raises(OSError) as caught:
        write(one)
    assert str(caught.value) == f"[Errno {errno.ELOOP}] {os.strerror(errno.ELOOP)}: {str(one)!r}"
    assert one.is_symlink()
    assert other.is_symlink()
    assert names_in(tmp_path) == ["one.json", "other.json"]


def test_a_folder_in_a_loop_of_links_is_refused(tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        replace_file(tmp_path / "loop" / "model.json", b"new")
    assert names_in(tmp_path) == ["loop"]
