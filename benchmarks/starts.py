"""Start processes, for a benchmark that is too large to do so itself.

Each line that comes in is JSON: a number of rounds, the folder to work in, and the command. Each
that goes out has the seconds that the rounds took, and the most memory that one of them had, in
kilobytes. A process inherits the peak of the one that started it; so this one imports little, and
its peak is about that of an interpreter which does nothing.
"""

import json
import os
import sys
from time import perf_counter


def main():
    """Serve until the input ends."""
    for line in sys.stdin:
        rounds, folder, command = json.loads(line)
        os.chdir(folder)
        quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
        peak, begin = 0, perf_counter()
        for _ in range(rounds):
            child = os.posix_spawn(command[0], command, os.environ, file_actions=quiet)
            _, status, usage = os.wait4(child, 0)
            peak = max(peak, usage.ru_maxrss)
            if status:
                sys.exit(f"{command}: status {status}")
        seconds = perf_counter() - begin
        print(json.dumps([seconds, peak // 1024 if sys.platform == "darwin" else peak]), flush=True)


if __name__ == "__main__":
    main()
