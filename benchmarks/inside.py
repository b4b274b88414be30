"""The workloads inside one interpreter, MicroPython too: alone, or at the other end of a pipe.

    micropython -X heapsize=64m -m benchmarks.inside article predict-small

measures these workloads and prints a line of JSON for each. Without arguments it serves
`interpreters`: it reads a list in JSON from each line, and answers with an object in a line,

    ["environment"]                         what the numbers depend on
    ["engines"]                             {"engines": [...]}, those that are here
    ["prepare", WORKLOAD, SIZE, ENGINE]     {"agrees": ...}, {"wrong": ...}, {"absent": ...} or
                                            {"failed": ...}
    ["run", WORKLOAD, SIZE, ENGINE, n]      {"seconds": ...}, those that n rounds took
    ["forget"]                              {}, and all that was prepared is gone
"""

import gc
import json
import sys

from . import timing
from .answers import WrongAnswer, ready, workload_of
from .workloads import WORKLOADS, engines_here

REPEATS = 15


class Server:
    """The prepared workload, and the answers to questions about it."""

    def __init__(self):
        self.workload, self.prepared = None, {}

    def environment(self):
        """Return the interpreter and all else that the numbers depend on."""
        try:
            from .harness import environment
        except ImportError:  # MicroPython has little of what that asks
            name = "MicroPython " + ".".join([str(part) for part in sys.implementation[1][:3]])
            about = {"interpreter": name, "version": sys.version, "platform": sys.platform}
            return dict(about, build=str(sys.implementation))
        return environment()

    def engines(self):
        """Return the names of the engines that are here."""
        return {"engines": engines_here()}

    def prepare(self, name, size, engine):
        """Build a workload and compare its answer with the stored one."""
        if self.workload is None or (self.workload.name, self.workload.size) != (name, size):
            self.workload = workload_of(name, size)
        if engine not in self.workload.engines():
            return {"absent": engine}
        self.prepared[(name, size, engine)], agrees = ready(self.workload, engine)
        return {"agrees": agrees}

    def run(self, name, size, engine, rounds):
        """Return the seconds that n rounds take."""
        return {"seconds": timing.timed(self.prepared[(name, size, engine)], rounds)}

    def forget(self):
        """Make room for the next workload."""
        self.workload, self.prepared = None, {}
        gc.collect()
        return {}


def serve():
    """Answer until the input ends."""
    server = Server()
    for line in sys.stdin:
        method, *arguments = json.loads(line)
        try:
            answer = getattr(server, method)(*arguments)
        except WrongAnswer as wrong:
            answer = {"wrong": str(wrong)}
        except Exception as error:  # most often, a heap that is too small
            answer = {"failed": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer))
        if hasattr(sys.stdout, "flush"):
            sys.stdout.flush()


def main(names):
    """Measure these workloads with each engine there is, and print them."""
    for name in names:
        if name not in WORKLOADS:
            print(f"there is no workload {name}; there are {', '.join(WORKLOADS)}")
            sys.exit(1)
    for name in names:
        workload = workload_of(name, 1)
        runs = {engine: ready(workload, engine)[0] for engine in workload.engines()}
        for engine, seconds in timing.measure(runs, REPEATS).items():
            case = timing.summary([workload.whole * s for s in seconds])
            case.update({"name": name, "engine": engine, "unit": workload.unit})
            print(json.dumps(case))


if __name__ == "__main__":
    main(sys.argv[1:]) if sys.argv[1:] else serve()
