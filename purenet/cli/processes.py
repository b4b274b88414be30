"""The processes that share a command's work, and that end when it ends, in whatever way."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

ENDING = threading.Lock()


@contextmanager
def processes(jobs: int) -> Iterator[Any]:
    """Give an executor with this number of processes, None instead of a single one."""
    if jobs == 1:
        yield None
        return
    import multiprocessing  # they load much
    from concurrent.futures import ProcessPoolExecutor

    # An executor's own threads leave whoever waits for them waiting, if they fail.
    hook = threading.excepthook
    threading.excepthook = lambda failed: _end_at_once(failed.exc_value)
    executor = ProcessPoolExecutor(jobs, initializer=end_with_parent)
    try:
        yield executor
        executor.shutdown()
    except BaseException as error:  # nobody needs what they are still at
        # Before Python 3.12, the executor's thread fails when it tells futures that are cancelled.
        threading.excepthook = lambda failed: None
        for process in multiprocessing.active_children():
            process.terminate()
        if "start new thread" in str(error):  # an executor's own error, after which it would wait
            _end_at_once(error)
        with suppress(RuntimeError):  # there may be no thread to wait for
            executor.shutdown()
        raise
    finally:
        threading.excepthook = hook


def _end_at_once(error: BaseException | None) -> None:
    from .terminal import remark

    ENDING.acquire()  # for ever: who comes second must say nothing more
    remark(f"--jobs: the processes could not be started, try --jobs 1 ({error})")
    os._exit(1)


def end_with_parent() -> None:
    """Let this process end as soon as its parent does, even if that is killed.

    Else it would train on, and then wait for more work for ever. Ctrl-C is the parent's business:
    here it would end a piece of work, and another one would begin.
    """
    import multiprocessing

    def watch() -> None:
        parent: Any = multiprocessing.parent_process()
        parent.join()
        os._exit(1)

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=watch, daemon=True).start()
