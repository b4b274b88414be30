"""Find the other interpreters: beside this one, among pyenv's versions, or on the PATH.

`python tests/helpers/interpreters.py python3.9` prints the path of one, or fails.
"""

import os
import shutil
import sys
from pathlib import Path


def find(name):
    """Return the path of an interpreter such as python3.9, or None."""
    beside = Path(sys.executable).with_name(name)  # where pip puts the programs of packages
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    installed = sorted(pyenv.glob(f"{name.removeprefix('python')}.*/bin/python"))
    found = [str(path) for path in [beside, *installed] if path.exists()]
    return found[-1] if found else shutil.which(name)


if __name__ == "__main__":
    print(find(sys.argv[1]) or sys.exit(f"{sys.argv[1]} is not on this machine"))
