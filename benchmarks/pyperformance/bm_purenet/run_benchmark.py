"""A workload of `benchmarks/suite.py`, named on the command line, as pyperf measures it."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))  # the checkout, which needs no install

from benchmarks.with_pyperf import main

if __name__ == "__main__":
    main()
