"""The processes of `train --jobs`: how many there are, and that they end with their parent."""

import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import CHECKOUT

from purenet.cli.processes import processes

METHODS = multiprocessing.get_all_start_methods()
LONG = ("--epochs", "10000000", "--patience", "10000000", "--quiet")

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it needs /proc")


@pytest.fixture
def start():
    """A function that starts a training that would take days, in a session of its own."""
    started = []

    def begin(*options, method="fork"):
        program = f"""
import multiprocessing, sys
from purenet.cli import main
multiprocessing.set_start_method({method!r})
sys.exit(main(["train", "purenet/datasets/iris.csv", "--target", "species", *sys.argv[1:]]))
"""
        process = subprocess.Popen(
            [sys.executable, "-c", program, *options, *LONG],
            cwd=CHECKOUT,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # What a shell starts in the background ignores Ctrl-C, and so would what that starts.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        started.append(process)
        return process

    yield begin
    for process in started:
        for member in session(process):
            os.kill(member, signal.SIGKILL)
        process.wait()
        process.stderr.close()


def session(process, seconds=0.0):
    """Return the processes of a session that are alive and have worked for some seconds."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(") ")[2].split()
        except OSError:  # it has just ended
            continue
        worked = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        if fields[3] == str(process.pid) and fields[0] != "Z" and worked >= seconds:
            found.append(int(path.parent.name))
    return found


def workers(process):
    """Return the processes of a session that train, besides the first."""
    return [each for each in session(process, 0.5) if each != process.pid]


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.05)


@pytest.mark.parametrize("method", METHODS)
def test_they_end_within_seconds_when_their_parent_is_killed(start, method):
    process = start("--restarts", "4", "--jobs", "2", method=method)
    wait_for(lambda: len(workers(process)) == 2)
    process.kill()
    process.wait()
    wait_for(lambda: not session(process), seconds=10)


@pytest.mark.parametrize("everywhere", [True, False], ids=["of a terminal", "of the parent alone"])
def test_ctrl_c_ends_them_at_once_in_one_line(start, everywhere):
    process = start("--restarts", "5", "--jobs", "2")
    wait_for(lambda: len(workers(process)) == 2)
    if everywhere:
        os.killpg(process.pid, signal.SIGINT)
    else:
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert (process.returncode, said) == (130, "purenet: interrupted\n")
    assert not session(process)


@pytest.mark.parametrize("restarts, jobs, expected", [(3, 50, 3), (5, 2, 2)])
def test_there_are_no_more_than_restarts_and_no_more_than_jobs(start, restarts, jobs, expected):
    process = start("--restarts", str(restarts), "--jobs", str(jobs))
    wait_for(lambda: len(workers(process)) == expected)
    assert len(session(process)) == 1 + expected


def test_an_error_does_not_wait_for_what_is_still_running():
    begun = time.monotonic()
    with pytest.raises(ZeroDivisionError), processes(2) as executor:
        executor.submit(time.sleep, 600)
        1 / 0  # noqa: B018
    assert time.monotonic() - begun < 60
    assert not multiprocessing.active_children()


def test_one_process_is_this_one():
    with processes(1) as executor:
        assert executor is None


@pytest.mark.parametrize("threads", range(6))
def test_a_machine_without_room_for_threads_ends_the_command_in_one_line(threads):
    program = f"""
import sys, threading
from purenet.cli import main
name = "_start_joinable_thread" if sys.version_info >= (3, 13) else "_start_new_thread"
left, start = [{threads}], getattr(threading, name)
def start_some(*arguments, **keywords):
    left[0] -= 1
    if left[0] < 0:
        raise RuntimeError("can't start new thread")
    return start(*arguments, **keywords)
setattr(threading, name, start_some)
sys.exit(main("train purenet/datasets/iris.csv --target species --epochs 2 --quiet".split()
    + "--restarts 2 --jobs 2".split()))
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 1)
    if done.returncode:
        [line] = done.stderr.splitlines()
        assert "--jobs" in line or "executor" in line
