"""The memory and time that refusing a file takes."""

import subprocess
import sys

import pytest
from support import complaint

from purenet.formats import load


def peak_of_refusal(path):
    """Return how many bytes of memory it takes to refuse a file."""
    tracemalloc = pytest.importorskip("tracemalloc", exc_type=ImportError)  # PyPy has none
    complaint(load, path)  # whatever is made once and kept
    tracemalloc.start()
    try:
        complaint(load, path)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


# In a process of its own: what measures coverage makes each line slower.
SECONDS_TO_REFUSE = """
import sys, time
from purenet import PureNetError, load
start = time.process_time()
try:
    load(sys.argv[1])
except PureNetError:
    print(time.process_time() - start)
"""


def seconds_to_refuse(path):
    """Return how many seconds of a processor it takes to refuse a file."""
    command = [sys.executable, "-c", SECONDS_TO_REFUSE, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return float(done.stdout)
